//! The server's unsigned copy of the claims, held against the signed ones.

use chrono::Datelike;

use super::session::Claims;
use crate::government_id::{CivilDate, Claim, GovernmentId};
use crate::report::{Outcome, Reason, ReasonCode};
use crate::session::NormalizedGovernmentIdData;
use crate::time::{self, DatePrecision};

/// Passes if each copy agrees with a credential of its own in every field that both show.
///
/// Nothing says which credential belongs to which copy, so a copy may take any: as a whole, and none
/// that another copy needs.
pub(super) fn agrees(copies: &[&NormalizedGovernmentIdData], claims: &[Option<Claims>]) -> Outcome {
    let comparisons: Vec<Vec<_>> = (copies.iter())
        .map(|copy| claims.iter().map(|claims| compare(copy, claims.as_ref())).collect())
        .collect();
    let mut all = comparisons.iter().flatten().flatten();
    if !all.any(|(_, it)| matches!(it, Comparison::Differs | Comparison::Equal)) {
        return Outcome::NotApplicable;
    }
    let differing: Vec<Vec<Vec<&str>>> = (comparisons.iter())
        .map(|row| row.iter().map(|fields| differing(fields)).collect())
        .collect();
    let mut owners = vec![None; claims.len()];
    let without = (0..differing.len()).find(|copy| {
        !finds_a_credential(*copy, &differing, &mut owners, &mut vec![false; claims.len()])
    });
    let Some(row) = without.and_then(|copy| differing.get(copy)) else { return Outcome::Pass };
    // The credential it was most likely meant for.
    let fields = row.iter().filter(|fields| !fields.is_empty()).min_by_key(|fields| fields.len());
    Outcome::Fail(match fields {
        Some(fields) => Reason::with(ReasonCode::NormalizedContradicts, fields.join(", ")),
        None => ReasonCode::NormalizedContradicts.into(),
    })
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Comparison {
    Differs,
    Equal,
    /// One of the two does not show the field.
    NotComparable,
}

impl From<bool> for Comparison {
    fn from(equal: bool) -> Comparison {
        match equal {
            true => Comparison::Equal,
            false => Comparison::Differs,
        }
    }
}

/// Field by field; a credential of another kind has no field that could differ.
fn compare(
    copy: &NormalizedGovernmentIdData,
    claims: Option<&Claims>,
) -> Vec<(&'static str, Comparison)> {
    let Some(Claims { id, country }) = claims else { return Vec::new() };
    let same_country = |copy: &str, country: &String| match copy.len() == country.len() {
        true => (folded(copy) == folded(country)).into(),
        // Two letters and three letters are two codes of one country.
        false => Comparison::NotComparable,
    };
    let same_text = |copy: &str, claim: &String| (folded(copy) == folded(claim)).into();
    let same_date = |copy: &str, claim: &CivilDate| same_date(copy, claim).into();
    vec![
        ("id_number", field(copy.id_number(), &id.document_number, same_text)),
        ("given_name", field(copy.given_name(), &id.given_name, same_text)),
        ("family_name", field(copy.family_name(), &id.family_name, same_text)),
        ("address", address(copy, id)),
        ("date_of_birth", field(copy.date_of_birth(), &id.date_of_birth, same_date)),
        ("country", field(copy.country(), country, same_country)),
        ("issue_date", field(copy.issue_date(), &id.issue_date, same_date)),
        ("expiration_date", field(copy.expiration_date(), &id.expiry_date, same_date)),
    ]
}

fn field<T>(
    copy: Option<&str>,
    claim: &Claim<T>,
    same: impl Fn(&str, &T) -> Comparison,
) -> Comparison {
    match (copy.filter(|copy| !copy.is_empty()), claim) {
        (Some(copy), Claim::Disclosed(claim)) => same(copy, claim),
        // It is signed that the document has no such field.
        (Some(_), Claim::Empty) => Comparison::Differs,
        _ => Comparison::NotComparable,
    }
}

/// The copy is one line. The signed street may be the whole line too, or one of its parts.
fn address(copy: &NormalizedGovernmentIdData, id: &GovernmentId) -> Comparison {
    let Some(line) = copy.address().filter(|line| !line.is_empty()) else {
        return Comparison::NotComparable;
    };
    let parts = [&id.street_address, &id.city, &id.state, &id.postal_code];
    let shown: Vec<&str> =
        parts.iter().filter_map(|it| it.disclosed()).map(String::as_str).collect();
    let is_unread = |it: &&Claim<String>| matches!(it, Claim::Ambiguous | Claim::NotDisclosed);
    if shown.is_empty() {
        let is_signed_as_empty = parts.contains(&&Claim::Empty) && !parts.iter().any(is_unread);
        return match is_signed_as_empty {
            true => Comparison::Differs,
            false => Comparison::NotComparable,
        };
    }
    // With a part unread it can only be said that the line has the others.
    if parts.iter().any(is_unread) {
        return shown.iter().all(|part| letters(line).contains(&letters(part))).into();
    }
    let joined = shown.join(" ");
    let with_country = format!("{joined} {}", copy.country().unwrap_or_default());
    let street = id.street_address.disclosed().map_or(joined.as_str(), String::as_str);
    let is_line =
        |other: &&str| letters(line) == letters(other) || sorted_words(line) == sorted_words(other);
    [street, &joined, &with_country].iter().any(is_line).into()
}

/// Civil dates have no zone: an instant counts as the day it is written with. Where one of the two
/// says less, only that much is compared.
fn same_date(copy: &str, claim: &CivilDate) -> bool {
    let written_day = time::instant(copy).and(copy.get(..10));
    let copied = time::civil_date(written_day.unwrap_or(copy));
    let (Some(date), Some(precision)) = (claim.date(), claim.precision()) else {
        return folded(copy) == folded(claim.raw());
    };
    let Some((copied, copied_precision)) = copied else {
        return numbers(copy) == numbers(&date.to_string());
    };
    let precisions = [precision, copied_precision];
    copied.year() == date.year()
        && (precisions.contains(&DatePrecision::Year) || copied.month() == date.month())
        && (precisions != [DatePrecision::Day; 2] || copied.day() == date.day())
}

/// Day, month and year in whatever order a form of another country has them.
fn numbers(date: &str) -> Vec<u32> {
    let groups = date.split(|character: char| !character.is_ascii_digit());
    let mut numbers: Vec<u32> = groups.filter_map(|digits| digits.parse().ok()).collect();
    numbers.sort_unstable();
    numbers
}

/// Letter case and white space do not make a difference.
fn folded(text: &str) -> String {
    text.to_uppercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// In an address, punctuation does not make one either.
fn letters(text: &str) -> String {
    text.to_uppercase().chars().filter(|character| character.is_alphanumeric()).collect()
}

/// Nor does the order of its parts.
fn sorted_words(text: &str) -> Vec<String> {
    let text = text.to_uppercase();
    let words = text.split(|character: char| !character.is_alphanumeric());
    let mut words: Vec<String> = words.filter(|word| !word.is_empty()).map(str::to_owned).collect();
    words.sort_unstable();
    words
}

fn differing(fields: &[(&'static str, Comparison)]) -> Vec<&'static str> {
    let differing = fields.iter().filter(|(_, it)| *it == Comparison::Differs);
    differing.map(|(name, _)| *name).collect()
}

/// Whether the copy finds a credential, moving others to another one where they have a choice
/// (augmenting paths: both are few, see `Limit::MAX_CREDENTIALS`).
fn finds_a_credential(
    copy: usize,
    differing: &[Vec<Vec<&str>>],
    owners: &mut Vec<Option<usize>>,
    tried: &mut Vec<bool>,
) -> bool {
    for credential in 0..owners.len() {
        let differs = differing.get(copy).and_then(|row| row.get(credential));
        let was_tried = tried.get_mut(credential).map(|tried| std::mem::replace(tried, true));
        if differs.is_none_or(|fields| !fields.is_empty()) || was_tried != Some(false) {
            continue;
        }
        let owner = owners.get(credential).copied().flatten();
        if owner.is_none_or(|owner| finds_a_credential(owner, differing, owners, tried)) {
            if let Some(owner) = owners.get_mut(credential) {
                *owner = Some(copy);
            }
            return true;
        }
    }
    false
}
