//! Doors for this repository's tests and fuzz targets; no part of the API, free to change.

use crate::claims::{self, Field};
use crate::credential::{Token, UnverifiedCredential};
use crate::error::Error;
use crate::government_id;
use crate::json;
use crate::key;
use crate::limits::Limits;
use crate::proof::bbs::{self, BbsProof};
use crate::proof::bbs2020::{self, DerivedProof, PreparedKey, Signature};
use crate::proof::{proof_statements, PlainProof};
use crate::signature::{self, KeyProblem};
use crate::statements::{self, Contexts, Lines};
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
        .map(|statements| owned(statements.lines()))
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
    Signature::shape(signature)
        .is_ok_and(|signature| signature.verify(&key, messages.iter()).is_ok())
}

/// Whether a `BbsBlsSignatureProof2020` value verifies over revealed messages and a nonce.
#[must_use]
pub fn derived_proof_verifies(key: &[u8], proof: &[u8], revealed: &[String], nonce: &[u8]) -> bool {
    WarmKey::new(key).is_some_and(|key| key.verifies(proof, revealed, nonce))
}

/// Whether a proof of `bbs-2023`'s signature scheme verifies over messages at their indexes.
#[must_use]
pub fn bbs_proof_verifies(
    key: &[u8],
    proof: &[u8],
    header: &[u8],
    presentation_header: &[u8],
    shown: &[(usize, &[u8])],
) -> bool {
    let Ok(key) = PreparedKey::from_compressed(key) else { return false };
    let verified = BbsProof::from_octets(proof)
        .and_then(|proof| proof.verify(&key, header, presentation_header, shown));
    verified.is_ok()
}

/// The first generators of that scheme, compressed.
#[must_use]
pub fn bbs_generators(count: usize) -> Vec<[u8; 48]> {
    bbs::generators(count)
}

/// What that scheme hashes bytes to, as a big-endian number.
#[must_use]
pub fn bbs_scalar(message: &[u8], domain: &[u8]) -> [u8; 32] {
    bbs::scalar_octets(message, domain)
}

/// Whether a signature verifies by a key given as a JWK; `None` if it is no key of Ed25519, P-256 or
/// P-384.
///
/// # Errors
///
/// If the key is no JSON.
pub fn jwk_verifies(jwk: &[u8], message: &[u8], signature: &[u8]) -> Result<Option<bool>, Error> {
    let jwk = json::parse(jwk, &Limits::STANDARD)?;
    let public = jwk.as_object().and_then(|jwk| key::from_jwk(jwk).ok());
    let Some(public) = public else { return Ok(None) };
    let verifies = |key: signature::Key| {
        let mut algorithms = public.algorithms().iter();
        algorithms.any(|algorithm| key.verify(*algorithm, message, signature).is_ok())
    };
    Ok(signature::Key::new(&public).ok().map(verifies))
}

/// Whether a JWS in its compact form is by the key of a JWK. The inner error says why nobody can tell: `no_key` that is
/// read, or an algorithm that is `not_built`.
///
/// # Errors
///
/// If the key is no JSON.
pub fn jws_verifies(jwk: &[u8], jws: &str) -> Result<Result<bool, &'static str>, Error> {
    let jwk = json::parse(jwk, &Limits::STANDARD)?;
    let public = match jwk.as_object().map(key::from_jwk) {
        Some(Ok(public)) if !public.algorithms().is_empty() => public,
        _ => return Ok(Err("no_key")),
    };
    let Some(token) = Token::of_compact(jws, &Limits::STANDARD) else { return Ok(Ok(false)) };
    let proof = PlainProof::of_jws(&token);
    Ok(match signature::Key::new(&public) {
        _ if !proof.admits(&public) => Ok(false),
        Err(KeyProblem::NotBuilt) => Err("not_built"),
        key => Ok(key.is_ok_and(|key| proof.verify(&key).is_ok())),
    })
}

/// An issuer's key with what was derived from it, as a verifier keeps it.
pub struct WarmKey(PreparedKey);

impl WarmKey {
    /// `None` if the bytes are no key.
    #[must_use]
    pub fn new(key: &[u8]) -> Option<WarmKey> {
        PreparedKey::from_compressed(key).ok().map(WarmKey)
    }

    /// Whether a `BbsBlsSignatureProof2020` value verifies: points, messages and equations, and
    /// nothing else.
    #[must_use]
    pub fn verifies(&self, proof: &[u8], revealed: &[String], nonce: &[u8]) -> bool {
        let decoded = DerivedProof::shape(proof).and_then(DerivedProof::decode);
        let Ok(decoded) = decoded else { return false };
        let verdict = decoded.claim(&self.0, revealed.iter(), nonce);
        verdict.is_ok_and(|claimed| claimed.verify().is_ok())
    }
}

/// A derived proof as it comes: key, value, revealed messages and nonce.
#[derive(Clone, Debug)]
pub struct DerivedProofItem {
    /// The compressed G2 point.
    pub key: Vec<u8>,
    /// The value of the proof.
    pub proof: Vec<u8>,
    /// The messages shown, in order of their indices.
    pub revealed: Vec<String>,
    /// The nonce.
    pub nonce: Vec<u8>,
}

/// Why each derived proof fails (`None`: it verifies), in one batch or one after another, with keys
/// that are prepared once.
#[must_use]
pub fn derived_proof_problems(items: &[DerivedProofItem], together: bool) -> Vec<Option<String>> {
    let mut keys: Vec<(&[u8], PreparedKey)> = Vec::new();
    for item in items {
        if !keys.iter().any(|(bytes, _)| *bytes == item.key) {
            keys.extend(PreparedKey::from_compressed(&item.key).ok().map(|key| (&*item.key, key)));
        }
    }
    let key = |item: &DerivedProofItem| keys.iter().find(|(bytes, _)| *bytes == item.key);
    let decoded: Vec<_> = (items.iter())
        .map(|item| DerivedProof::shape(&item.proof).and_then(DerivedProof::decode))
        .collect();
    let mut claimed = Vec::new();
    let mut problems: Vec<Option<String>> = Vec::new();
    for (item, decoded) in items.iter().zip(&decoded) {
        let Some((_, key)) = key(item) else {
            problems.push(Some("Key".to_owned()));
            continue;
        };
        let claim = decoded.as_ref().map_err(|problem| *problem);
        match claim.and_then(|it| it.claim(key, item.revealed.iter(), &item.nonce)) {
            Ok(claim) => {
                claimed.push(claim);
                problems.push(None);
            }
            Err(problem) => problems.push(Some(format!("{problem:?}"))),
        }
    }
    let results = match together {
        true => bbs2020::verify_all(&claimed),
        false => claimed.iter().map(|claimed| claimed.verify()).collect(),
    };
    let mut results = results.into_iter();
    for problem in problems.iter_mut().filter(|problem| problem.is_none()) {
        *problem = results.next().and_then(|it| it.err().map(|it| format!("{it:?}")));
    }
    problems
}

fn read(credential: &[u8], contexts: &Contexts) -> Result<UnverifiedCredential, Error> {
    let value = json::parse(credential, contexts.limits())?;
    let problem = Error::Presentation { member: "credential", problem: "is no JSON object" };
    Ok(UnverifiedCredential::read(value.as_object().ok_or(problem)?, contexts))
}

/// The vocabularies of government IDs.
#[must_use]
pub fn vocabularies() -> Vec<VocabularyTable> {
    let tables = claims::VOCABULARIES.into_iter().map(|vocabulary| {
        let (types, base) = vocabulary.types();
        let claim =
            |field: &Field| Some((government_id::name(*field), vocabulary.source(&base, *field)?));
        let claims = claims::FIELDS.iter().filter_map(claim).collect();
        VocabularyTable { name: vocabulary.name, types, claims }
    });
    tables.collect()
}

/// What the table of a vocabulary says.
pub struct VocabularyTable {
    /// Its stable name.
    pub name: &'static str,
    /// The types that choose it, or the member, with dots between the steps to it; `…` stands for what differs.
    pub types: Vec<String>,
    /// Each claim, and the predicates that lead to it.
    pub claims: Vec<(&'static str, Vec<String>)>,
}

/// How many entries an `encodedList` has, and which of them are set.
#[must_use]
pub fn status_list(
    encoded: &str,
    multibase: bool,
    order: BitOrder,
    limits: &Limits,
) -> Option<(usize, Vec<usize>)> {
    let list = StatusList::decode(encoded, multibase, limits).ok()?;
    let set = (0..list.len()).filter(|&index| list.bit(index, order) == Some(true)).collect();
    Some((list.len(), set))
}

/// Whether the JSON entry accepts a text.
///
/// # Errors
///
/// What it says of the text.
pub fn json(text: &[u8]) -> Result<(), Error> {
    json::parse(text, &Limits::STANDARD).map(drop)
}

/// A quad: subject, predicate, a literal with its datatype or a node, and the graph unless it is the
/// default one.
pub type Quad<'t> =
    (&'t str, &'t str, Result<(&'t str, Option<&'t str>), &'t str>, Option<&'t str>);

/// The canonical lines (RDFC-1.0) of quads; `_:x` is a blank node. `Err` has the rule that refuses.
pub fn canonical_lines(quads: &[Quad<'_>]) -> Result<Vec<String>, String> {
    statements::canonical_lines(quads)
        .map(|lines| owned(&lines))
        .map_err(|refusal| refusal.rule.code().to_owned())
}

/// The canonical lines of a document with the credentials and proofs in it, each a graph of its own.
///
/// # Errors
///
/// The outer one if the text is no JSON object; the inner one is the rule that refuses, and where.
pub fn dataset(document: &[u8], contexts: &Contexts) -> Result<Result<Vec<String>, String>, Error> {
    let value = json::parse(document, contexts.limits())?;
    let problem = Error::Presentation { member: "document", problem: "is no JSON object" };
    let read = statements::dataset(value.as_object().ok_or(problem)?, contexts);
    Ok(read
        .map(|statements| owned(&statements.escaped_lines()))
        .map_err(|refusal| format!("{} at {}", refusal.rule.code(), refusal.place)))
}

fn owned(lines: &Lines) -> Vec<String> {
    lines.iter().map(str::to_owned).collect()
}
