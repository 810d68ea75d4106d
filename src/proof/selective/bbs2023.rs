//! `bbs-2023` without its optional features: a BBS proof of a signature whose header is the options and
//! the mandatory statements, and whose messages are the other statements.

use super::cbor::Reader;
use super::{is_ascending, Covered, Labels};
use crate::proof::bbs::BbsProof;
use crate::proof::bbs2020::{PreparedKey, ProofProblem};
use crate::proof::ProofFailure;

/// The components of a derived proof (`parseDerivedProofValue`).
pub(super) struct Disclosure {
    proof: BbsProof,
    octets: Vec<u8>,
    /// Of the shown statements that are not mandatory, among all that were signed as messages.
    indexes: Vec<u64>,
    presentation_header: Vec<u8>,
}

/// The components as they are written: the proof is not decoded.
pub(super) struct Encoded<'b> {
    proof: &'b [u8],
    indexes: Vec<u64>,
    presentation_header: &'b [u8],
}

impl<'b> Encoded<'b> {
    /// Reads them, with the labels of blank nodes and the indexes of the mandatory statements.
    pub(super) fn read(mut reader: Reader<'b>) -> Option<(Encoded<'b>, Labels, Vec<u64>)> {
        reader.list_of(5)?;
        let proof = reader.bytes()?;
        let labels = reader.map(Reader::unsigned)?;
        let (mandatory, indexes) = (reader.list(Reader::unsigned)?, reader.list(Reader::unsigned)?);
        let presentation_header = reader.bytes()?;
        reader.end()?;
        let encoded = Encoded { proof, indexes, presentation_header };
        Some((encoded, Labels::shuffled(labels), mandatory))
    }

    pub(super) fn count(&self) -> usize {
        self.indexes.len()
    }

    pub(super) fn decode(self) -> Result<Disclosure, ProofFailure> {
        let proof = BbsProof::from_octets(self.proof)?;
        let count = self.indexes.len().saturating_add(proof.hidden_count());
        if !is_ascending(&self.indexes, count) {
            return Err(ProofFailure::Shape("selective_indexes"));
        }
        let (indexes, octets) = (self.indexes, self.proof.to_vec());
        let presentation_header = self.presentation_header.to_vec();
        Ok(Disclosure { proof, octets, indexes, presentation_header })
    }
}

impl Disclosure {
    /// The proof alone, which has one form.
    pub(super) fn mark(&self) -> &[u8] {
        &self.octets
    }

    pub(super) fn hidden_count(&self) -> usize {
        self.proof.hidden_count()
    }

    /// "Verify Derived Proof".
    pub(super) fn verify(&self, key: &PreparedKey, covered: &Covered) -> Result<(), ProofFailure> {
        let header = [covered.options, covered.mandatory].concat();
        let shown: Option<Vec<(usize, &[u8])>> = (self.indexes.iter())
            .zip(&covered.others)
            .map(|(index, line)| Some((usize::try_from(*index).ok()?, line.as_bytes())))
            .collect();
        let shown = shown.filter(|shown| shown.len() == covered.others.len());
        let shown = shown.ok_or(ProofProblem::StatementCount)?;
        Ok(self.proof.verify(key, &header, &self.presentation_header, &shown)?)
    }
}
