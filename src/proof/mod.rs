//! Proofs over statements: one match over the suites that are built.

pub(crate) mod bbs2020;

use base64::engine::general_purpose::STANDARD;
use base64::Engine as _;
use sha2::{Digest, Sha256};

use crate::credential::{Proof, Suite};
use crate::did::DidUrl;
use crate::statements::{EscapeForm, Statements};
use crate::time;
use bbs2020::{DerivedProof, PreparedKey, ProofProblem, Signature};

/// A proof whose shape fits the statements: everything that can be said of it without a key.
pub(crate) struct ExaminedProof {
    value: Value,
    /// The value as canonical base64.
    text: String,
    /// The four proof statements, always the first messages and always shown.
    options: [String; 4],
    layout: Layout,
    /// The document's lines in the other orders and escape forms that signers are known to use.
    alternatives: Vec<Vec<String>>,
}

enum Value {
    Signature(Signature),
    Derived { proof: Box<DerivedProof>, nonce: Vec<u8> },
}

/// Why a proof fails, key or no key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ProofFailure {
    /// `proofValue` or `nonce` is not canonical base64 (RFC 4648, section 4).
    Base64,
    /// `created` is no date and time.
    Created,
    /// `verificationMethod` is no DID URL with a fragment.
    VerificationMethod,
    /// A derived proof without a nonce.
    NonceMissing,
    /// One of the four proof statements is hidden.
    OptionsHidden,
    /// What the suite's cryptography says.
    Bbs(ProofProblem),
}

impl From<ProofProblem> for ProofFailure {
    fn from(problem: ProofProblem) -> Self {
        ProofFailure::Bbs(problem)
    }
}

impl ExaminedProof {
    /// Checks everything that needs no key: encodings, counts, and that the points are points.
    pub(crate) fn new(proof: &Proof, statements: &Statements) -> Result<Self, ProofFailure> {
        let bytes = decode(&proof.value)?;
        let options = proof_statements(proof)?;
        let mut orders = line_orders(statements).into_iter();
        let lines = orders.next().unwrap_or_default();
        let shown = options.len() + lines.len();
        let (value, revealed, message_count) = match proof.suite {
            Suite::BbsBlsSignature2020 => {
                let signature = Signature::shape(&bytes)?;
                (Value::Signature(signature), (0..shown).collect(), shown)
            }
            Suite::BbsBlsSignatureProof2020 => {
                let nonce = decode(proof.nonce.as_deref().ok_or(ProofFailure::NonceMissing)?)?;
                if nonce.is_empty() {
                    return Err(ProofProblem::EmptyNonce.into());
                }
                let derived = DerivedProof::shape(&bytes)?;
                let (revealed, count) = (derived.revealed().to_vec(), derived.message_count());
                if revealed.len() != shown {
                    return Err(ProofProblem::StatementCount.into());
                }
                if !revealed.starts_with(&[0, 1, 2, 3]) {
                    return Err(ProofFailure::OptionsHidden);
                }
                derived.check_points()?;
                (Value::Derived { proof: Box::new(derived), nonce }, revealed, count)
            }
        };
        let indices = revealed.into_iter().skip(options.len()).collect();
        let layout = Layout { lines, indices, message_count };
        let text = proof.value.clone();
        Ok(ExaminedProof { value, text, options, layout, alternatives: orders.collect() })
    }

    /// Verifies the proof over the statements with the issuer's key.
    ///
    /// Each order of the lines is a full verification of its own; a forgery in one of them would be
    /// a forgery of the suite, for the text of a line is never the text of another line in another
    /// escape form (a lone backslash is written by neither).
    pub(crate) fn verify(&self, key: &PreparedKey) -> Result<(), ProofFailure> {
        let first = self.verify_lines(key, &self.layout.lines);
        let equation = Err(ProofFailure::Bbs(ProofProblem::Equation));
        if first != equation {
            return first;
        }
        match self.alternatives.iter().any(|lines| self.verify_lines(key, lines).is_ok()) {
            true => Ok(()),
            false => equation,
        }
    }

    fn verify_lines(&self, key: &PreparedKey, lines: &[String]) -> Result<(), ProofFailure> {
        let messages: Vec<&str> = self.options.iter().chain(lines).map(String::as_str).collect();
        let verified = match &self.value {
            Value::Signature(signature) => signature.verify(key, &messages),
            Value::Derived { proof, nonce } => proof.verify(key, &messages, nonce),
        };
        verified.map_err(ProofFailure::from)
    }

    /// How many messages were signed, the four proof statements among them.
    pub(crate) fn message_count(&self) -> usize {
        self.layout.message_count
    }

    pub(crate) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Hashes of the nonce and of the proof value: proofs that share one were seen before.
    pub(crate) fn marks(&self) -> Vec<[u8; 32]> {
        let hash = |kind: &[u8], bytes: &[u8]| Sha256::new().chain_update(kind).chain_update(bytes);
        let nonce = self.nonce().map(|nonce| hash(b"nonce", nonce).finalize().into());
        let value = hash(b"value", self.text.as_bytes()).finalize().into();
        nonce.into_iter().chain([value]).collect()
    }

    /// The decoded nonce; a raw signature has none.
    pub(crate) fn nonce(&self) -> Option<&[u8]> {
        match &self.value {
            Value::Signature(_) => None,
            Value::Derived { nonce, .. } => Some(nonce),
        }
    }
}

/// Which of the signed statements are shown, and so where hidden ones can lie.
#[derive(Clone)]
pub(crate) struct Layout {
    /// The document's statements in the order of signing.
    lines: Vec<String>,
    /// The index among all signed messages of each of them; ascending.
    indices: Vec<usize>,
    message_count: usize,
}

impl Layout {
    /// How many signed statements are not shown.
    pub(crate) fn hidden_count(&self) -> usize {
        self.message_count.saturating_sub(OPTION_COUNT + self.lines.len())
    }

    /// Whether a statement whose line begins with `prefix` may be hidden.
    ///
    /// The signed statements are sorted, so a hidden one lies between the neighbours it sorts
    /// between: if their indices are adjacent, there is none.
    pub(crate) fn may_hide(&self, prefix: &str) -> bool {
        // Signers differ in the order of what is not ASCII, so neighbours prove nothing there.
        if !prefix.is_ascii() {
            return self.hidden_count() > 0;
        }
        // A shown line with the prefix is a neighbour too: another value may be hidden beside it.
        let mut previous_index = OPTION_COUNT - 1;
        let mut previous_may_precede = true;
        for (line, &index) in self.lines.iter().zip(&self.indices) {
            let precedes = line.as_str() < prefix || line.starts_with(prefix);
            let follows = line.as_str() > prefix;
            if previous_may_precede && follows && index > previous_index + 1 {
                return true;
            }
            previous_index = index;
            previous_may_precede = precedes;
        }
        previous_may_precede && self.message_count > previous_index + 1
    }
}

/// The order of signing first; then, only if they differ, the other forms that signers are known to
/// use: RDFC-1.0 escapes, and the UTF-16 order of the reference signer.
fn line_orders(statements: &Statements) -> Vec<Vec<String>> {
    let mut orders: Vec<Vec<String>> = Vec::new();
    for form in [EscapeForm::Urdna2015, EscapeForm::Rdfc10] {
        let lines = statements.lines(form);
        let mut utf16 = lines.clone();
        utf16.sort_by(|a, b| a.encode_utf16().cmp(b.encode_utf16()));
        for order in [lines, utf16] {
            if !orders.contains(&order) {
                orders.push(order);
            }
        }
    }
    orders
}

/// The four statements every proof signs about itself; they need no JSON-LD.
///
/// Only texts are let through that need no escaping in N-Quads.
pub(crate) fn proof_statements(proof: &Proof) -> Result<[String; 4], ProofFailure> {
    let (created, method) = (&proof.created, &proof.verification_method);
    time::earliest_instant(created).ok_or(ProofFailure::Created)?;
    DidUrl::parse(method).ok_or(ProofFailure::VerificationMethod)?;
    Ok([
        format!("_:c14n0 <http://purl.org/dc/terms/created> \"{created}\"^^<http://www.w3.org/2001/XMLSchema#dateTime> ."),
        // A derived proof is one over the original statements, so it states the original type.
        "_:c14n0 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/security#BbsBlsSignature2020> .".to_owned(),
        "_:c14n0 <https://w3id.org/security#proofPurpose> <https://w3id.org/security#assertionMethod> .".to_owned(),
        format!("_:c14n0 <https://w3id.org/security#verificationMethod> <{method}> ."),
    ])
}

/// Strict: the alphabet, the padding and the unused bits are checked, so each value has one text.
fn decode(text: &str) -> Result<Vec<u8>, ProofFailure> {
    STANDARD.decode(text).map_err(|_| ProofFailure::Base64)
}

const OPTION_COUNT: usize = 4;
