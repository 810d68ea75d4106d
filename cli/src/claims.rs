//! Claims as they are printed for a person.

use std::collections::BTreeMap;

use anstyle::Style;
use result_vp_rows::ClaimAnswer;

use crate::terminal::{printable, short, BOLD, QUIET};

/// All claims as lines for a person: those of a government ID in the order of a document, then those
/// without a value together by their state, then whatever else is stated.
pub(crate) fn lines(
    typed: Option<&BTreeMap<&'static str, ClaimAnswer>>,
    signed: &BTreeMap<String, Vec<String>>,
) -> Vec<(String, String, Style)> {
    let mut lines = Vec::new();
    let mut without_value: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut claims: Vec<(&str, &ClaimAnswer)> =
        typed.into_iter().flatten().map(|(name, claim)| (*name, claim)).collect();
    claims.sort_unstable_by_key(|(_, claim)| claim.order);
    for &(name, claim) in &claims {
        match value(claim) {
            Some(value) => lines.push((name.to_owned(), value, BOLD)),
            None => without_value.entry(claim.state).or_default().push(name),
        }
    }
    lines.extend(
        without_value.into_iter().map(|(state, names)| {
            (format!("({})", state.replace('_', " ")), names.join(", "), QUIET)
        }),
    );
    let is_typed = |property: &str| {
        let of_subject = |claim: &ClaimAnswer| claim.source.strip_prefix(SUBJECT) == Some(property);
        claims.iter().any(|(_, claim)| of_subject(claim))
    };
    // A name that looks like a typed claim's is given in full.
    let name = |property: &str| match claims.iter().any(|(name, _)| *name == short(property)) {
        true => printable(property),
        false => printable(short(property)),
    };
    for (property, values) in signed.iter().filter(|(property, _)| !is_typed(property)) {
        for value in values {
            let text = match value.chars().count() {
                length @ LONG.. => format!("({length} characters)"),
                _ => printable(value),
            };
            lines.push((name(property), text, BOLD));
        }
    }
    lines
}

fn value(claim: &ClaimAnswer) -> Option<String> {
    let part = |date: &str, length| printable(date.get(..length).unwrap_or(date));
    Some(match (&claim.value, &claim.raw, claim.media_type) {
        (_, _, Some(kind)) => match claim.bytes {
            Some(bytes) => format!("{kind}, {bytes} bytes"),
            None => "no image: not base64".to_owned(),
        },
        (Some(date), ..) if claim.precision == Some("year") => part(date, 4),
        (Some(date), ..) if claim.precision == Some("month") => part(date, 7),
        (Some(value), ..) => printable(value),
        (None, Some(raw), _) if claim.is_date => format!("{} (no date)", printable(raw)),
        (None, Some(raw), _) => printable(raw),
        (None, None, None) if claim.values.is_empty() => return None,
        (None, None, None) => printable(&claim.values.join("; ")),
    })
}

/// How the source of a claim begins that is a statement about the subject.
const SUBJECT: &str = "https://www.w3.org/2018/credentials#credentialSubject ";

/// What a person would not read: an image, say.
const LONG: usize = 400;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_typed_claim_is_shown_and_never_under_the_name_of_one() {
        let text = |value: &str| Some(value.to_owned());
        let answer = |state, value, name: &str| {
            let source = format!("{SUBJECT}https://trinsic.cloud/idv/{name}");
            ClaimAnswer { state, value, source, ..ClaimAnswer::default() }
        };
        let typed = BTreeMap::from([
            ("given_name", answer("disclosed", text("A"), "givenName")),
            ("city", answer("absent", None, "city")),
        ]);
        let signed = [
            ("https://trinsic.cloud/idv/givenName", "A"),
            ("https://trinsic.cloud/idv/given_name", "B"),
            ("https://other.example/city", "C"),
            ("https://trinsic.cloud/idv/eyes", "D"),
        ];
        let signed = signed.map(|(name, value)| (name.to_owned(), vec![value.to_owned()]));
        let signed = BTreeMap::from(signed);
        let shown = |typed| -> Vec<(String, String)> {
            lines(typed, &signed).into_iter().map(|(name, value, _)| (name, value)).collect()
        };
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let expected = [
            pair("given_name", "A"),
            pair("(absent)", "city"),
            pair("https://other.example/city", "C"),
            pair("eyes", "D"),
            pair("https://trinsic.cloud/idv/given_name", "B"),
        ];
        assert_eq!(shown(Some(&typed)), expected);
        assert_eq!(shown(None).len(), 4, "nothing is left out of what is no government ID");
    }
}
