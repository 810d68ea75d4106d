//! Claims as they are printed.

use std::collections::BTreeMap;

use anstyle::Style;
use result_vp::{Claim, DatePrecision, GovernmentId, Image};
use serde::Serialize;

use crate::terminal::{printable, BOLD, QUIET};

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
        let precision = date.and_then(|date| date.precision()).map(|precision| match precision {
            DatePrecision::Day => "day",
            DatePrecision::Month => "month",
            _ => "year",
        });
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

fn hex_sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Claims in the order in which a document is read; those without a value together by their state.
pub(crate) fn in_order(
    claims: &BTreeMap<&'static str, ClaimAnswer>,
) -> Vec<(String, String, Style)> {
    let place = |name: &str| ORDER.iter().position(|known| *known == name).unwrap_or(ORDER.len());
    let mut claims: Vec<_> = claims.iter().collect();
    claims.sort_by_key(|(name, _)| place(name));
    let mut lines = Vec::new();
    let mut without_value: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, claim) in claims {
        match value(claim) {
            Some(value) => lines.push(((*name).to_owned(), value, BOLD)),
            None => without_value.entry(claim.state).or_default().push(name),
        }
    }
    lines.extend(
        without_value.into_iter().map(|(state, names)| {
            (format!("({})", state.replace('_', " ")), names.join(", "), QUIET)
        }),
    );
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

const ORDER: [&str; 14] = [
    "given_name",
    "family_name",
    "date_of_birth",
    "document_number",
    "document_class",
    "issuing_authority",
    "issue_date",
    "expiry_date",
    "street_address",
    "city",
    "state",
    "postal_code",
    "portrait",
    "signature",
];
