//! Claims as they are printed.

use std::collections::BTreeMap;

use anstyle::Style;
use result_vp::{CivilDate, Claim, DatePrecision, GovernmentId, Image};
use serde::Serialize;

use crate::terminal::{printable, short, BOLD, QUIET};

#[derive(Default, Serialize)]
pub(crate) struct ClaimAnswer {
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    precision: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    media_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
}

/// The claims of a government ID by name, with images only if somebody asked for them.
pub(crate) fn claims(id: &GovernmentId, images: bool) -> BTreeMap<&'static str, ClaimAnswer> {
    let mut claims = BTreeMap::new();
    for (name, claim) in [
        ("given_name", &id.given_name),
        ("family_name", &id.family_name),
        ("document_number", &id.document_number),
        ("document_class", &id.document_class),
        ("issuing_authority", &id.issuing_authority),
        ("street_address", &id.street_address),
        ("city", &id.city),
        ("state", &id.state),
        ("postal_code", &id.postal_code),
    ] {
        let text = claim.disclosed().cloned();
        let state = claim.state();
        let raw = text.clone();
        claims.insert(name, ClaimAnswer { state, value: text, raw, ..ClaimAnswer::default() });
    }
    for (name, claim) in [
        ("date_of_birth", &id.date_of_birth),
        ("issue_date", &id.issue_date),
        ("expiry_date", &id.expiry_date),
    ] {
        let date = claim.disclosed();
        let precision = date.and_then(precision);
        let answer = ClaimAnswer {
            state: claim.state(),
            value: date.and_then(|date| date.date()).map(|date| date.to_string()),
            raw: date.map(|date| date.raw().to_owned()),
            precision,
            ..ClaimAnswer::default()
        };
        claims.insert(name, answer);
    }
    for (name, claim) in [("portrait", &id.portrait), ("signature", &id.signature)] {
        claims.insert(name, image(claim, images));
    }
    claims
}

/// How much of a date its text says, by name.
pub(crate) fn precision(date: &CivilDate) -> Option<&'static str> {
    Some(match date.precision()? {
        DatePrecision::Day => "day",
        DatePrecision::Month => "month",
        _ => "year",
    })
}

fn image(claim: &Claim<Image>, images: bool) -> ClaimAnswer {
    let image = claim.disclosed();
    let bytes = image.and_then(Image::bytes);
    ClaimAnswer {
        state: claim.state(),
        raw: image.filter(|_| images).map(|image| image.raw().to_owned()),
        media_type: image.map(Image::media_type),
        bytes: bytes.map(<[u8]>::len),
        sha256: bytes.map(hex_sha256),
        ..ClaimAnswer::default()
    }
}

pub(crate) fn hex_sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    hex::encode(Sha256::digest(bytes))
}

/// All claims as lines for a person: those of a government ID in the order of a document, then those
/// without a value together by their state, then whatever else is stated.
pub(crate) fn lines(
    typed: Option<&BTreeMap<&'static str, ClaimAnswer>>,
    signed: &BTreeMap<String, Vec<String>>,
) -> Vec<(String, String, Style)> {
    let mut lines = Vec::new();
    let mut without_value: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let claims = ORDER.iter().filter_map(|(name, _)| Some((*name, typed?.get(name)?)));
    for (name, claim) in claims {
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
        let name = property.strip_prefix(VOCABULARY);
        typed.is_some() && ORDER.iter().any(|(_, known)| Some(*known) == name)
    };
    // A name that looks like a typed claim's is given in full.
    let name = |property: &str| match ORDER.iter().any(|(name, _)| *name == short(property)) {
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
        (None, Some(raw), _) => format!("{} (no date)", printable(raw)),
        (None, None, None) => return None,
    })
}

const VOCABULARY: &str = "https://trinsic.cloud/idv/";

/// What a person would not read: an image, say.
const LONG: usize = 400;

/// Each claim, and the property it is read from.
const ORDER: [(&str, &str); 14] = [
    ("given_name", "givenName"),
    ("family_name", "familyName"),
    ("date_of_birth", "dateOfBirth"),
    ("document_number", "number"),
    ("document_class", "class"),
    ("issuing_authority", "issuer"),
    ("issue_date", "issueDate"),
    ("expiry_date", "expiryDate"),
    ("street_address", "streetAddress"),
    ("city", "city"),
    ("state", "state"),
    ("postal_code", "postalCode"),
    ("portrait", "portrait"),
    ("signature", "signature"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_typed_claim_is_shown_and_never_under_the_name_of_one() {
        let text = |value: &str| Some(value.to_owned());
        let answer = |state, value| ClaimAnswer { state, value, ..ClaimAnswer::default() };
        let typed = BTreeMap::from([
            ("given_name", answer("disclosed", text("A"))),
            ("city", answer("absent", None)),
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
