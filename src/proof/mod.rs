//! Proofs over statements: one match over the suites that are built.

pub(crate) mod bbs;
pub(crate) mod bbs2020;
mod curve;
mod plain;
mod selective;

use std::borrow::Cow;
use std::sync::Arc;

use base64::engine::general_purpose::STANDARD;
use base64::Engine as _;
use sha2::{Digest, Sha256};

use crate::credential::{BindingFault, Proof, Suite};
use crate::did::DidUrl;
use crate::key::PublicKey;
use crate::signature;
use crate::statements::{Graph, HiddenPlace, Lines, Statements};
use crate::time;
use bbs2020::{Claimed, DerivedProof, PreparedKey, ProofProblem, Signature};
pub(crate) use plain::PlainProof;
use selective::SelectiveProof;

/// A proof whose shape fits the statements, and whose points are points of the curve.
///
/// That they are of the prime-order group is not known yet: verification can show it for less.
pub(crate) struct DecodedProof {
    value: Value,
    /// The value as canonical base64.
    text: String,
    /// The four proof statements, always the first messages and always shown; none where the suite
    /// signs no messages.
    options: Vec<String>,
    layout: Layout,
    /// The document's lines in the other orders and escape forms that signers are known to use.
    alternatives: Alternatives,
}

/// A proof of which everything was checked that can be said of it without a key.
pub(crate) struct ExaminedProof(DecodedProof);

enum Value {
    Signature(Signature),
    Derived { proof: Box<bbs2020::DecodedProof>, nonce: Vec<u8> },
    Plain(Box<PlainProof>),
    Selective(Box<SelectiveProof>),
}

/// A key that verifies proofs.
#[derive(Clone)]
pub(crate) enum Key {
    Bbs(PreparedKey),
    Plain(signature::Key),
}

/// Why a proof fails, key or no key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ProofFailure {
    /// It is the holder's, to derive others from.
    BaseProof,
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
    /// The key that an issuer made for one credential is no point of the curve.
    EphemeralKey,
    /// It uses an optional feature of its suite that is not built.
    Feature(&'static str),
    /// A part of the proof value is not what its suite has there.
    Shape(&'static str),
    /// `proofValue` is no multibase text, or `jws` no detached JWS.
    Encoding,
    /// The holder's key is none, or has not signed what is presented.
    KeyBinding(BindingFault),
    /// The key is of an algorithm that the suite does not sign with.
    KeyType,
    /// This build lacks an algorithm that the proof needs.
    NotBuilt,
    /// What the suite's cryptography says.
    Bbs(ProofProblem),
    Signature(signature::Problem),
}

impl From<ProofProblem> for ProofFailure {
    fn from(problem: ProofProblem) -> Self {
        ProofFailure::Bbs(problem)
    }
}

impl DecodedProof {
    /// Checks everything that needs no key, but for the points' membership in the group.
    pub(crate) fn new(proof: &Proof, statements: &Statements) -> Result<Self, ProofFailure> {
        match proof.suite {
            suite if suite.is_bbs2020() => DecodedProof::bbs2020(proof, statements),
            suite if suite.is_selective() => DecodedProof::selective(proof, statements),
            _ => DecodedProof::plain(proof, statements),
        }
    }

    fn bbs2020(proof: &Proof, statements: &Statements) -> Result<Self, ProofFailure> {
        let bytes = decode(&proof.value)?;
        let options = Vec::from(proof_statements(proof)?);
        let alternatives = Alternatives::of(statements);
        let shown = statements.lines().len().saturating_add(options.len());
        let (value, revealed, message_count) = match proof.suite == Suite::BbsBlsSignature2020 {
            true => {
                let signature = Signature::shape(&bytes)?;
                (Value::Signature(signature), (0..shown).collect(), shown)
            }
            false => {
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
                (Value::Derived { proof: Box::new(derived.decode()?), nonce }, revealed, count)
            }
        };
        let indices = Some(revealed.into_iter().skip(options.len()).collect());
        let message_count = Some(message_count);
        let layout =
            Layout { statements: statements.clone(), indices, message_count, places: None };
        let text = proof.value.clone();
        Ok(DecodedProof { value, text, options, layout, alternatives })
    }

    /// Of a suite whose hidden statements lie nobody knows where, for the labels of blank nodes order
    /// them.
    fn selective(proof: &Proof, statements: &Statements) -> Result<Self, ProofFailure> {
        let selective = SelectiveProof::new(proof, statements)?;
        let shown = statements.lines().len().saturating_add(OPTION_COUNT);
        let message_count = selective.hidden_count().map(|hidden| shown.saturating_add(hidden));
        let layout =
            Layout { statements: statements.clone(), indices: None, message_count, places: None };
        let value = Value::Selective(Box::new(selective));
        let (text, options) = (proof.value.clone(), Vec::new());
        Ok(DecodedProof { value, text, options, layout, alternatives: Alternatives::default() })
    }

    /// Of a suite that signs everything at once; only an SD-JWT lets something be hidden.
    fn plain(proof: &Proof, statements: &Statements) -> Result<Self, ProofFailure> {
        let value = Value::Plain(Box::new(PlainProof::new(proof, statements)?));
        let shown = statements.lines().len().saturating_add(OPTION_COUNT);
        let indices = Some((OPTION_COUNT..shown).collect());
        let hidden = proof.token.as_ref().and_then(|token| token.hidden.as_ref());
        let message_count = Some(shown.saturating_add(hidden.map_or(0, |(count, _)| *count)));
        let places = hidden.map(|(_, places)| places.as_slice().into());
        let layout = Layout { statements: statements.clone(), indices, message_count, places };
        let (text, options) = (proof.value.clone(), Vec::new());
        Ok(DecodedProof { value, text, options, layout, alternatives: Alternatives::default() })
    }

    /// Checks the membership too, for a proof that no key is at hand for.
    pub(crate) fn examine(self) -> Result<ExaminedProof, ProofFailure> {
        if let Value::Derived { proof, .. } = &self.value {
            proof.check_membership()?;
        }
        Ok(ExaminedProof(self))
    }

    /// How many messages an equation is over, the four proof statements among them; what is no such
    /// message counts as as many as it costs.
    pub(crate) fn message_count(&self) -> usize {
        match &self.value {
            Value::Selective(proof) => proof.message_count(),
            _ => self.layout.message_count.unwrap_or_default(),
        }
    }

    /// How many equations its verification can take: one for each order of the lines.
    pub(crate) fn equations(&self) -> usize {
        match &self.value {
            Value::Plain(proof) => proof.equations(),
            Value::Selective(_) => 1,
            Value::Signature(_) | Value::Derived { .. } => {
                self.alternatives.orders.len().saturating_add(1)
            }
        }
    }

    /// How many generators its verification by the key would have to derive first.
    pub(crate) fn missing_generators(&self, key: &Key) -> usize {
        match (&self.value, key) {
            (Value::Selective(proof), _) => proof.missing_generators(),
            (_, Key::Bbs(key)) => key.missing_generators(self.message_count()),
            (_, Key::Plain(_)) => 0,
        }
    }

    /// The key, which holds the generators for this proof from now on if they are its own.
    pub(crate) fn holding_generators(&self, key: Key) -> Key {
        match (&self.value, key) {
            (Value::Signature(_) | Value::Derived { .. }, Key::Bbs(key)) => {
                Key::Bbs(key.holding_generators(self.message_count()))
            }
            (_, key) => key,
        }
    }

    /// Whether the suite can be verified by such a key at all.
    pub(crate) fn fits(&self, key: &Key) -> bool {
        match &self.value {
            Value::Plain(_) => matches!(key, Key::Plain(_)),
            Value::Selective(proof) => proof.fits(key),
            Value::Signature(_) | Value::Derived { .. } => matches!(key, Key::Bbs(_)),
        }
    }

    /// Whether the proof can be by a key at all, in a build that has the key's algorithm.
    pub(crate) fn admits(&self, key: &PublicKey) -> bool {
        match &self.value {
            Value::Plain(proof) => proof.admits(key),
            Value::Selective(proof) => proof.admits(key),
            Value::Signature(_) | Value::Derived { .. } => matches!(key, PublicKey::Bls12381G2(_)),
        }
    }

    /// Verifies the proof over the statements with the issuer's key.
    ///
    /// Each order of the lines is a full verification of its own; a forgery in one of them would be
    /// a forgery of the suite, for the text of a line is never the text of another line in another
    /// escape form (a lone backslash is written by neither).
    fn verify(&self, key: &Key) -> Result<(), ProofFailure> {
        match (&self.value, key) {
            (Value::Plain(proof), Key::Plain(key)) => proof.verify(key),
            (Value::Selective(proof), key) => proof.verify(key),
            (Value::Signature(_) | Value::Derived { .. }, Key::Bbs(key)) => {
                self.or_alternatives(key, self.verify_lines(key, self.messages()))
            }
            _ => Err(ProofFailure::KeyType),
        }
    }

    /// The result, unless it is that the equation does not hold and does for other lines.
    fn or_alternatives(
        &self,
        key: &PreparedKey,
        first: Result<(), ProofFailure>,
    ) -> Result<(), ProofFailure> {
        if first != Err(ProofFailure::Bbs(ProofProblem::Equation)) {
            return first;
        }
        let holds = |order| self.verify_lines(key, self.messages_in(order)).is_ok();
        match self.alternatives.orders.iter().any(holds) {
            true => Ok(()),
            false => first,
        }
    }

    fn verify_lines(&self, key: &PreparedKey, messages: Vec<&str>) -> Result<(), ProofFailure> {
        let verified = match &self.value {
            Value::Signature(signature) => signature.verify(key, messages.into_iter()),
            Value::Derived { proof, nonce } => {
                proof.claim(key, messages.into_iter(), nonce).and_then(|claimed| claimed.verify())
            }
            Value::Plain(_) | Value::Selective(_) => return Err(ProofFailure::KeyType),
        };
        verified.map_err(ProofFailure::from)
    }

    fn is_derived(&self) -> bool {
        matches!(self.value, Value::Derived { .. })
    }

    /// All messages in the order of signing.
    fn messages(&self) -> Vec<&str> {
        self.options.iter().map(String::as_str).chain(self.layout.lines().iter()).collect()
    }

    fn messages_in(&self, order: &Order) -> Vec<&str> {
        let lines = match order.is_escaped {
            true => &self.alternatives.escaped,
            false => self.layout.lines(),
        };
        let options = self.options.iter().map(String::as_str);
        match &order.positions {
            None => options.chain(lines.iter()).collect(),
            Some(positions) => {
                options.chain(positions.iter().filter_map(|it| lines.get(*it))).collect()
            }
        }
    }
}

/// What verification says of a proof.
pub(crate) enum Answer {
    /// [`DecodedProof::examine`] would fail, with this.
    Unfit(ProofFailure),
    /// The proof is fit, and this is the verdict.
    Examined(Arc<ExaminedProof>, Result<(), ProofFailure>),
}

/// Verifies proofs with their issuers' keys.
///
/// Derived proofs are verified together; every answer is that of single verification.
pub(crate) fn verify_all(proofs: Vec<(Key, DecodedProof)>) -> Vec<Answer> {
    let claims = proofs.iter().map(|(key, proof)| match (&proof.value, key) {
        (Value::Derived { proof: derived, nonce }, Key::Bbs(key)) => {
            let messages = proof.messages();
            Some((key, derived.claim(key, messages.into_iter(), nonce)))
        }
        _ => None,
    });
    let claims: Vec<Option<(&PreparedKey, Result<Claimed<'_>, ProofProblem>)>> = claims.collect();
    let mut claimed = Vec::new();
    let pending: Vec<Option<(&PreparedKey, Result<(), ProofProblem>)>> = claims
        .into_iter()
        .map(|claim| claim.map(|(key, claim)| (key, claim.map(|claim| claimed.push(claim)))))
        .collect();
    let mut together = bbs2020::verify_all(&claimed).into_iter();
    drop(claimed);
    let results = proofs.iter().zip(pending).map(|((key, proof), pending)| match pending {
        None => proof.verify(key),
        Some((bbs, claim)) => {
            let first = claim.and_then(|()| together.next().unwrap_or(Err(ProofProblem::Equation)));
            proof.or_alternatives(bbs, first.map_err(ProofFailure::from))
        }
    });
    let results: Vec<Result<(), ProofFailure>> = results.collect();
    (proofs.into_iter().zip(results))
        .map(|((_, proof), result)| match result {
            Err(failure @ ProofFailure::Bbs(ProofProblem::PointNotInSubgroup))
                if proof.is_derived() =>
            {
                Answer::Unfit(failure)
            }
            // Anything else is said only once the membership is known.
            result => Answer::Examined(Arc::new(ExaminedProof(proof)), result),
        })
        .collect()
}

impl ExaminedProof {
    pub(crate) fn layout(&self) -> &Layout {
        &self.0.layout
    }

    /// Hashes of the nonce and of the proof value: proofs that share one were seen before.
    pub(crate) fn marks(&self) -> Vec<[u8; 32]> {
        marks(
            self.nonce(),
            match &self.0.value {
                Value::Plain(proof) => proof.mark(),
                Value::Selective(proof) => proof.mark(),
                _ => self.0.text.as_bytes(),
            },
        )
    }

    /// Whether the issuer named a key of the holder, and that key has signed nothing.
    pub(crate) fn lacks_binding(&self) -> bool {
        matches!(&self.0.value, Value::Plain(proof) if proof.lacks_binding())
    }

    /// Whether the nonce is one that the holder's key signed.
    pub(crate) fn binds_key(&self) -> bool {
        matches!(&self.0.value, Value::Plain(proof) if proof.nonce().is_some())
    }

    /// The decoded nonce; a raw signature has none.
    pub(crate) fn nonce(&self) -> Option<&[u8]> {
        match &self.0.value {
            Value::Signature(_) | Value::Selective(_) => None,
            Value::Plain(proof) => proof.nonce(),
            Value::Derived { nonce, .. } => Some(nonce),
        }
    }
}

/// The same of a presentation's proof, whose challenge is its nonce.
pub(crate) fn marks_of(proof: &Proof, decoded: &PlainProof) -> Vec<[u8; 32]> {
    marks(proof.challenge.as_ref().map(|it| it.as_bytes()), decoded.mark())
}

fn marks(nonce: Option<&[u8]>, value: &[u8]) -> Vec<[u8; 32]> {
    // A session has several names, and each of them counts as all.
    let nonce = nonce.map(|nonce| {
        let id = NONCE_PREFIXES.iter().find_map(|it| nonce.strip_prefix(it.as_bytes()));
        id.unwrap_or(nonce)
    });
    let mark = |kind: &[u8], bytes: &[u8]| -> [u8; 32] {
        Sha256::new().chain_update(kind).chain_update(bytes).finalize().into()
    };
    nonce.map(|nonce| mark(NONCE, nonce)).into_iter().chain([mark(VALUE, value)]).collect()
}

/// Which of the signed statements are shown, and so where hidden ones can lie.
#[derive(Clone)]
pub(crate) struct Layout {
    /// The document's statements; their lines are in the order of signing.
    statements: Statements,
    /// The index among all signed messages of each of them, ascending; `None` if it tells nothing.
    indices: Option<Arc<[usize]>>,
    /// How many were signed, four proof statements among them; `None` if nobody but the issuer and the
    /// holder knows.
    message_count: Option<usize>,
    /// Of a suite that signs digests: where the hidden statements can lie.
    places: Option<Arc<[HiddenPlace]>>,
}

impl Layout {
    /// How long the shown statements are together.
    pub(crate) fn bytes(&self) -> usize {
        self.lines().bytes()
    }

    fn lines(&self) -> &Lines {
        self.statements.lines()
    }

    /// How many signed statements are not shown; `None` if the proof does not tell.
    pub(crate) fn hidden_count(&self) -> Option<usize> {
        let shown = self.lines().len().saturating_add(OPTION_COUNT);
        self.message_count.map(|count| count.saturating_sub(shown))
    }

    /// Whether any statement may be hidden.
    pub(crate) fn hides(&self) -> bool {
        self.hidden_count() != Some(0)
    }

    /// Whether a statement about the node under the predicate may be hidden.
    pub(crate) fn may_hide(&self, graph: Graph<'_>, predicate: &str) -> bool {
        match &self.places {
            Some(places) => places.iter().any(|it| it.holds(graph, predicate)),
            None => self.hides() && self.may_hide_line(&graph.prefix(predicate)),
        }
    }

    /// Whether a statement whose line begins with `prefix` may be hidden.
    ///
    /// The signed statements are sorted, so a hidden one lies between the neighbours it sorts
    /// between: if their indices are adjacent, there is none.
    fn may_hide_line(&self, prefix: &str) -> bool {
        let (Some(indices), Some(message_count)) = (&self.indices, self.message_count) else {
            return true;
        };
        // Signers differ in the order of what is not ASCII, so neighbours prove nothing there.
        if !prefix.is_ascii() {
            return true;
        }
        // A shown line with the prefix is a neighbour too: another value may be hidden beside it.
        let mut previous_index = OPTION_COUNT - 1;
        let mut previous_may_precede = true;
        for (line, &index) in self.lines().iter().zip(indices.iter()) {
            let precedes = line < prefix || line.starts_with(prefix);
            let follows = line > prefix;
            if previous_may_precede && follows && index.saturating_sub(previous_index) > 1 {
                return true;
            }
            previous_index = index;
            previous_may_precede = precedes;
        }
        previous_may_precede && message_count.saturating_sub(previous_index) > 1
    }
}

/// The other forms that signers are known to use, where they differ from the order of signing:
/// RDFC-1.0 escapes, and the UTF-16 order of the reference signer.
#[derive(Default)]
struct Alternatives {
    /// The lines in RDFC-1.0 escapes, in code point order; empty if they are the same.
    escaped: Lines,
    orders: Vec<Order>,
}

struct Order {
    is_escaped: bool,
    /// Positions in code point order; `None` for that order itself.
    positions: Option<Vec<usize>>,
}

impl Alternatives {
    fn of(statements: &Statements) -> Alternatives {
        let lines = statements.lines();
        // Without control characters the escapes are the same. Without U+E000 and above, in UTF-8 bytes
        // of EE and above, the orders are.
        let is_plain_byte = |byte| matches!(byte, 0x20..=0x7e | 0x80..=0xed);
        let is_plain =
            |line: &str| line.bytes().fold(true, |plain, byte| plain & is_plain_byte(byte));
        if lines.iter().all(is_plain) {
            return Alternatives::default();
        }
        let escaped = match statements.escaped_lines() {
            Cow::Borrowed(_) => Lines::default(),
            Cow::Owned(escaped) => escaped,
        };
        let utf16 = |lines: &Lines, is_escaped| {
            let mut positions: Vec<(usize, &str)> = lines.iter().enumerate().collect();
            positions.sort_by(|(_, a), (_, b)| a.encode_utf16().cmp(b.encode_utf16()));
            let positions: Vec<usize> = positions.into_iter().map(|(it, _)| it).collect();
            let differs = !positions.is_sorted();
            differs.then_some(Order { is_escaped, positions: Some(positions) })
        };
        let same_order =
            (!escaped.is_empty()).then_some(Order { is_escaped: true, positions: None });
        let orders = [utf16(lines, false), same_order, utf16(&escaped, true)];
        let orders = orders.into_iter().flatten().collect();
        Alternatives { escaped, orders }
    }
}

/// The four statements every proof signs about itself; they need no JSON-LD.
///
/// Only texts are let through that need no escaping in N-Quads.
pub(crate) fn proof_statements(proof: &Proof) -> Result<[String; 4], ProofFailure> {
    let method = &proof.verification_method;
    let created = proof.created.as_deref().ok_or(ProofFailure::Created)?;
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
const NONCE: &[u8] = b"nonce";
/// Before the id of a session: as documented, and as in the published sample.
pub(crate) const NONCE_PREFIXES: [&str; 2] = ["urn:trinsic:idvsession:", "qrn:trinsic:idvsession:"];
const VALUE: &[u8] = b"value";

#[cfg(test)]
mod exhaustive;
