//! The server's unsigned copy of the claims, held against the signed ones.

use crate::government_id::{CivilDate, Claim, GovernmentId};
use crate::report::{Outcome, Reason, ReasonCode};
use crate::session::{NormalizedGovernmentIdData, Session};
use crate::time;

/// Passes if each copy agrees with some credential in every field that both show.
pub(super) fn agrees(session: &Session, claims: &[GovernmentId]) -> Outcome {
    let mut copies = session.verifications().iter().filter_map(|it| it.normalized()).peekable();
    if copies.peek().is_none() || claims.is_empty() {
        return Outcome::NotApplicable;
    }
    for copy in copies {
        let differences = claims.iter().map(|claims| first_difference(copy, claims));
        // `None` among them: one credential agrees with the copy.
        let all_differ: Option<Vec<_>> = differences.collect();
        if let Some(field) = all_differ.and_then(|fields| fields.first().copied()) {
            return Outcome::Fail(Reason::with(ReasonCode::NormalizedContradicts, field));
        }
    }
    Outcome::Pass
}

/// The first field in which the two differ; what only one of them shows is not comparable.
fn first_difference(
    copy: &NormalizedGovernmentIdData,
    claims: &GovernmentId,
) -> Option<&'static str> {
    let text = |copy: Option<&str>, claim: &Claim<String>| matches!((copy, claim.disclosed()), (Some(copy), Some(claim)) if !copy.is_empty() && folded(copy) != folded(claim));
    let date = |copy: Option<&str>, claim: &Claim<CivilDate>| matches!((copy, claim.disclosed()), (Some(copy), Some(claim)) if !copy.is_empty() && differs(copy, claim));
    let address = match (copy.address(), claims.street_address.disclosed()) {
        (Some(copy), Some(street)) if !copy.is_empty() => {
            let parts = [&claims.city, &claims.state, &claims.postal_code];
            let joined = parts
                .iter()
                .filter_map(|part| part.disclosed())
                .fold(street.clone(), |line, part| line + " " + part);
            letters(copy) != letters(street) && letters(copy) != letters(&joined)
        }
        _ => false,
    };
    let differences = [
        ("id_number", text(copy.id_number(), &claims.document_number)),
        ("given_name", text(copy.given_name(), &claims.given_name)),
        ("family_name", text(copy.family_name(), &claims.family_name)),
        ("address", address),
        ("date_of_birth", date(copy.date_of_birth(), &claims.date_of_birth)),
        ("issue_date", date(copy.issue_date(), &claims.issue_date)),
        ("expiration_date", date(copy.expiration_date(), &claims.expiry_date)),
    ];
    differences.into_iter().find(|(_, differs)| *differs).map(|(field, _)| field)
}

/// Letter case and white space do not make a difference.
fn folded(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// In an address, punctuation does not make one either.
fn letters(text: &str) -> String {
    text.to_lowercase().chars().filter(|character| character.is_alphanumeric()).collect()
}

fn differs(copy: &str, claim: &CivilDate) -> bool {
    let day = |text: &str| text.get(..10).map(str::to_owned);
    match (time::civil_date(copy), claim.date()) {
        (Some((copy, _)), Some(claim)) => copy != claim,
        // A copy that is an instant names the civil date it begins with.
        _ => day(copy) != day(claim.raw()),
    }
}
