//! Doors for this repository's tests and fuzz targets; no part of the API, free to change.

use crate::credential::UnverifiedCredential;
use crate::error::Error;
use crate::json;
use crate::proof::bbs2020::{DerivedProof, PreparedKey, Signature};
use crate::proof::proof_statements;
use crate::statements::{Contexts, EscapeForm};
use crate::status::{BitOrder, StatusList};

/// The lines of a credential's document in the order of signing, or the rule it breaks and where.
///
/// # Errors
///
/// The outer one if the text is no JSON object.
pub fn statements(
    credential: &[u8],
    contexts: &Contexts,
) -> Result<Result<Vec<String>, String>, Error> {
    Ok(read(credential, contexts)?
        .statements
        .map(|statements| statements.lines(EscapeForm::Urdna2015))
        .map_err(|refusal| format!("{} at {}", refusal.rule.code(), refusal.place)))
}

/// The four statements of a credential's proof; `None` if the proof cannot be read.
///
/// # Errors
///
/// If the text is no JSON object.
pub fn proof_lines(credential: &[u8]) -> Result<Option<[String; 4]>, Error> {
    let credential = read(credential, &Contexts::bundled())?;
    Ok(credential.proof.ok().and_then(|proof| proof_statements(&proof).ok()))
}

/// Whether a `BbsBlsSignature2020` value verifies over messages.
#[must_use]
pub fn signature_verifies(key: &[u8], signature: &[u8], messages: &[String]) -> bool {
    let Ok(key) = PreparedKey::from_compressed(key) else { return false };
    Signature::shape(signature).is_ok_and(|signature| signature.verify(&key, messages).is_ok())
}

/// Whether a `BbsBlsSignatureProof2020` value verifies over revealed messages and a nonce.
#[must_use]
pub fn derived_proof_verifies(key: &[u8], proof: &[u8], revealed: &[String], nonce: &[u8]) -> bool {
    let Ok(key) = PreparedKey::from_compressed(key) else { return false };
    DerivedProof::shape(proof).is_ok_and(|proof| proof.verify(&key, revealed, nonce).is_ok())
}

fn read(credential: &[u8], contexts: &Contexts) -> Result<UnverifiedCredential, Error> {
    let value = json::parse(credential)?;
    let problem = Error::Presentation { member: "credential", problem: "is no JSON object" };
    Ok(UnverifiedCredential::read(value.as_object().ok_or(problem)?, contexts))
}

/// How many entries an `encodedList` has, and which of them are set.
#[must_use]
pub fn status_list(encoded: &str, multibase: bool, order: BitOrder) -> Option<(usize, Vec<usize>)> {
    let list = StatusList::decode(encoded, multibase).ok()?;
    let set = (0..list.len()).filter(|&index| list.bit(index, order) == Some(true)).collect();
    Some((list.len(), set))
}
