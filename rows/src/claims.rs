//! Claims as they are printed.

use std::collections::BTreeMap;

use result_vp::{CivilDate, Claim, GovernmentId, Image};
use serde::Serialize;

use crate::{hex_sha256, precision};

/// A claim as an answer has it; what does not apply is left out of the JSON.
#[derive(Default, Serialize)]
pub struct ClaimAnswer {
    /// `disclosed`, `empty`, `not_disclosed`, `absent`, `ambiguous` or `undefined`.
    pub state: &'static str,
    /// In one form, however it is written: dates as dates, countries and sex by their codes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// As it was signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
    /// Of a claim that may have several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// How much of a date it says: `day`, `month` or `year`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub precision: Option<&'static str>,
    /// Of an image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<&'static str>,
    /// The length of an image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<usize>,
    /// Of an image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// The predicates that lead to it from the credential, separated by spaces.
    pub source: String,
    /// Where it stands in a document.
    #[serde(skip)]
    pub order: usize,
    /// Whether its text should be a date.
    #[serde(skip)]
    pub is_date: bool,
}

/// The claims of a government ID by name, with images only if somebody asked for them.
#[must_use]
pub fn claims(id: &GovernmentId, images: bool) -> BTreeMap<&'static str, ClaimAnswer> {
    let mut claims = BTreeMap::new();
    for (order, (name, claim)) in id.claims().into_iter().enumerate() {
        let texts = claim.disclosed().map(Vec::as_slice).unwrap_or_default();
        let raw = match texts {
            [text] => Some((*text).to_owned()),
            _ => None,
        };
        let code = |code: fn(&str) -> Option<&'static str>| {
            raw.as_deref().and_then(code).map(str::to_owned)
        };
        let is_list = matches!(name, "address" | "nationalities");
        let plain = ClaimAnswer {
            state: claim.state(),
            value: raw.clone(),
            values: texts.iter().filter(|_| is_list).map(|it| (*it).to_owned()).collect(),
            source: id.source(name).unwrap_or_default().join(" "),
            order,
            ..ClaimAnswer::default()
        };
        let answer = match name {
            "date_of_birth" => date(plain, &id.date_of_birth),
            "issue_date" => date(plain, &id.issue_date),
            "expiry_date" => date(plain, &id.expiry_date),
            "verification_time" => date(plain, &id.verification_time),
            "portrait" => image(plain, &id.portrait),
            "signature" => image(plain, &id.signature),
            "sex" => ClaimAnswer { value: id.sex_name().map(str::to_owned), ..plain },
            "birth_country" | "issuing_country" | "nationalities" | "residence_country" => {
                ClaimAnswer { value: code(GovernmentId::alpha_3), ..plain }
            }
            _ => plain,
        };
        let raw = if answer.media_type.is_some() && !images { None } else { raw };
        claims.insert(name, ClaimAnswer { raw, ..answer });
    }
    claims
}

fn date(answer: ClaimAnswer, claim: &Claim<CivilDate>) -> ClaimAnswer {
    let date = claim.disclosed();
    ClaimAnswer {
        value: date.and_then(|date| date.date()).map(|date| date.to_string()),
        precision: date.and_then(precision),
        is_date: true,
        ..answer
    }
}

fn image(answer: ClaimAnswer, claim: &Claim<Image>) -> ClaimAnswer {
    let image = claim.disclosed();
    let bytes = image.and_then(Image::bytes);
    ClaimAnswer {
        value: None,
        media_type: image.map(Image::media_type),
        bytes: bytes.map(<[u8]>::len),
        sha256: bytes.map(hex_sha256),
        ..answer
    }
}
