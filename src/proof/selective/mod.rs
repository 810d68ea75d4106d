//! Derived proofs of the suites that sign some statements together and the others one by one:
//! `ecdsa-sd-2023` (VC Data Integrity ECDSA 1.0) and `bbs-2023` (VC Data Integrity BBS 1.0). Operations
//! have the names of those documents beside them.
//!
//! The issuer chose statements that every derived proof must show, the mandatory ones, and signed
//! their hash; of the others the holder shows some. Each shown statement is one or the other, so each
//! was signed.

mod bbs2023;
mod cbor;
mod ecdsa_sd;

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine as _;
use sha2::{Digest, Sha256};

use super::bbs2020::ProofProblem;
use super::{bbs, plain, Key, ProofFailure};
use crate::credential::{Proof, Suite};
use crate::key::PublicKey;
use crate::statements::Statements;
use bbs2023::{Disclosure, Encoded};
use cbor::Reader;
use ecdsa_sd::Signatures;

/// A derived proof, with everything that it covers.
pub(super) struct SelectiveProof {
    covered: Covered,
    components: Components,
}

enum Components {
    Signatures(Box<Signatures>),
    Disclosure(Box<Disclosure>),
}

/// What the signatures are over.
struct Covered {
    /// The hash of the canonical options of the proof.
    options: [u8; 32],
    /// The hash of the mandatory statements.
    mandatory: [u8; 32],
    /// The lines of the others, each with its line feed, in the order of signing.
    others: Vec<String>,
}

impl SelectiveProof {
    /// Checks everything that needs no key: that each statement is covered, once.
    pub(super) fn new(
        proof: &Proof,
        statements: &Statements,
    ) -> Result<SelectiveProof, ProofFailure> {
        let text = proof.value.strip_prefix('u').ok_or(ProofFailure::Encoding)?;
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| ProofFailure::Encoding)?;
        let (kind, rest) = match bytes.as_slice() {
            [0xd9, 0x5d, kind, rest @ ..] => (*kind, rest),
            _ => return Err(ProofFailure::Shape("header")),
        };
        plain::check_texts(proof)?;
        let options = plain::options(proof)?.sha256;
        let reader = Reader(rest);
        match (proof.suite, kind) {
            (Suite::EcdsaSd2023, 0x01) => {
                let read = Signatures::read(reader).ok_or(ProofFailure::Shape("cbor"))?;
                let (signatures, labels, mandatory) = read;
                let covered =
                    Covered::new(options, statements, &labels, &mandatory, signatures.count())?;
                let components = Components::Signatures(Box::new(signatures));
                Ok(SelectiveProof { covered, components })
            }
            (Suite::Bbs2023, 0x03) => {
                let read = Encoded::read(reader).ok_or(ProofFailure::Shape("cbor"))?;
                let (encoded, labels, mandatory) = read;
                let covered =
                    Covered::new(options, statements, &labels, &mandatory, encoded.count())?;
                let components = Components::Disclosure(Box::new(encoded.decode()?));
                Ok(SelectiveProof { covered, components })
            }
            (Suite::EcdsaSd2023, 0x00) | (Suite::Bbs2023, 0x02 | 0x04 | 0x06 | 0x08) => {
                Err(ProofFailure::BaseProof)
            }
            // "Optional Features".
            (Suite::Bbs2023, 0x05) => Err(ProofFailure::Feature("anonymous_holder_binding")),
            (Suite::Bbs2023, 0x07) => Err(ProofFailure::Feature("pseudonym")),
            (Suite::Bbs2023, 0x09) => Err(ProofFailure::Feature("holder_binding_pseudonym")),
            _ => Err(ProofFailure::Shape("header")),
        }
    }

    /// How many signed statements are not shown, if the proof tells.
    pub(super) fn hidden_count(&self) -> Option<usize> {
        match &self.components {
            Components::Signatures(_) => None,
            Components::Disclosure(disclosure) => Some(disclosure.hidden_count()),
        }
    }

    /// What nobody but who made it can write otherwise: of a signature of P-256 r alone, and of no map.
    pub(super) fn mark(&self) -> &[u8] {
        match &self.components {
            Components::Signatures(it) => it.mark(),
            Components::Disclosure(it) => it.mark(),
        }
    }

    /// How many messages its equation is over, or as how many its signatures count.
    pub(super) fn message_count(&self) -> usize {
        match &self.components {
            Components::Signatures(it) => it.count().saturating_add(1).saturating_mul(SIGNATURE),
            Components::Disclosure(it) => {
                self.covered.others.len().saturating_add(it.hidden_count())
            }
        }
    }

    /// How many generators would have to be derived first.
    pub(super) fn missing_generators(&self) -> usize {
        match &self.components {
            Components::Signatures(_) => 0,
            Components::Disclosure(_) => bbs::missing_generators(self.message_count()),
        }
    }

    /// Whether the suite can be verified by such a key at all.
    pub(super) fn fits(&self, key: &Key) -> bool {
        matches!(
            (&self.components, key),
            (Components::Signatures(_), Key::Plain(_)) | (Components::Disclosure(_), Key::Bbs(_))
        )
    }

    /// Whether a key can be the issuer's at all, in a build that has its algorithm.
    pub(super) fn admits(&self, key: &PublicKey) -> bool {
        match &self.components {
            Components::Signatures(_) => matches!(key, PublicKey::P256(_)),
            Components::Disclosure(_) => matches!(key, PublicKey::Bls12381G2(_)),
        }
    }

    pub(super) fn verify(&self, key: &Key) -> Result<(), ProofFailure> {
        match (&self.components, key) {
            (Components::Signatures(it), Key::Plain(key)) => it.verify(key, &self.covered),
            (Components::Disclosure(it), Key::Bbs(key)) => it.verify(key, &self.covered),
            _ => Err(ProofFailure::KeyType),
        }
    }
}

impl Covered {
    /// Splits the statements, under the issuer's labels, into the mandatory ones and as many `others` as
    /// the proof says that there are.
    fn new(
        options: [u8; 32],
        statements: &Statements,
        labels: &Labels,
        mandatory: &[u64],
        others: usize,
    ) -> Result<Covered, ProofFailure> {
        let lines = labels.lines(statements).ok_or(ProofFailure::Shape("label_map"))?;
        if mandatory.len().saturating_add(others) != lines.len() {
            return Err(ProofProblem::StatementCount.into());
        }
        if !is_ascending(mandatory, lines.len()) {
            return Err(ProofFailure::Shape("mandatory_indexes"));
        }
        let (mut hash, mut rest) = (Sha256::new(), Vec::with_capacity(others));
        let mut mandatory = mandatory.iter().peekable();
        for (index, line) in (0..).zip(lines) {
            match mandatory.next_if_eq(&&index) {
                Some(_) => hash.update(line),
                None => rest.push(line),
            }
        }
        Ok(Covered { options, mandatory: hash.finalize().into(), others: rest })
    }
}

/// The labels that the issuer signed blank nodes under, by the numbers of their canonical ones.
struct Labels(Vec<(u64, String)>);

impl Labels {
    /// An HMAC of each canonical label (`decompressLabelMap` of `ecdsa-sd-2023`).
    fn of_hmac(labels: Vec<(u64, [u8; 32])>) -> Labels {
        let label = |(number, hmac)| (number, format!("u{}", URL_SAFE_NO_PAD.encode(hmac)));
        Labels(labels.into_iter().map(label).collect())
    }

    /// A number of each (`decompressLabelMap` of `bbs-2023`).
    fn shuffled(labels: Vec<(u64, u64)>) -> Labels {
        Labels(labels.into_iter().map(|(number, place)| (number, format!("b{place}"))).collect())
    }

    /// The document's lines under these labels, each with its line feed, in code point order.
    ///
    /// `None` unless each blank node of the document has a label, each its own, and no other has one: two
    /// nodes under one label would be one node to the signer.
    fn lines(&self, statements: &Statements) -> Option<Vec<String>> {
        let mut labels: Vec<(u64, &str)> =
            self.0.iter().map(|(number, label)| (*number, label.as_str())).collect();
        labels.sort_unstable();
        let numbers = labels.iter().map(|(number, _)| *number);
        let mut distinct: Vec<&str> = labels.iter().map(|(_, label)| *label).collect();
        distinct.sort_unstable();
        distinct.dedup();
        let is_complete = numbers.eq(statements.blank_nodes().into_iter().map(u64::from));
        if !is_complete || distinct.len() != labels.len() {
            return None;
        }
        let label = |number: u32| {
            let found = labels.binary_search_by_key(&u64::from(number), |(number, _)| *number);
            found.ok().and_then(|found| labels.get(found)).map_or("", |(_, label)| label)
        };
        Some(statements.lines_labelled(label))
    }
}

/// Whether they ascend, none twice, and all are below the end.
fn is_ascending(indexes: &[u64], end: usize) -> bool {
    indexes.windows(2).all(|pair| matches!(pair, [a, b] if a < b))
        && indexes.last().is_none_or(|last| usize::try_from(*last).is_ok_and(|last| last < end))
}

/// What one signature of P-256 costs, in messages of a proof: some tenths of a millisecond, so that a
/// question asks about a hundred of them.
const SIGNATURE: usize = 60;
