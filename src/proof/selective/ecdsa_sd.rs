//! `ecdsa-sd-2023`: one signature of the issuer over the options, the mandatory statements and a key
//! made for this credential alone, and one by that key for each other statement.

use super::cbor::Reader;
use super::{Covered, Labels};
use crate::key::{Algorithm, PublicKey};
use crate::proof::ProofFailure;
use crate::signature::{self, Key, Problem};

/// The components of a derived proof (`parseDerivedProofValue`).
pub(super) struct Signatures {
    /// By the issuer.
    base: [u8; 64],
    /// The key of this credential, with the prefix of its type (Multikey).
    key: [u8; 35],
    /// By that key, for each shown statement that is not mandatory.
    each: Vec<[u8; 64]>,
}

impl Signatures {
    /// Reads them, with the labels of blank nodes and the indexes of the mandatory statements.
    pub(super) fn read(mut reader: Reader<'_>) -> Option<(Signatures, Labels, Vec<u64>)> {
        reader.list_of(5)?;
        let (base, key) = (reader.array()?, reader.array()?);
        let each = reader.list(Reader::array)?;
        let labels = reader.map(Reader::array::<32>)?;
        let mandatory = reader.list(Reader::unsigned)?;
        reader.end()?;
        Some((Signatures { base, key, each }, Labels::of_hmac(labels), mandatory))
    }

    /// Of the issuer's signature: the others are of whatever is shown.
    pub(super) fn mark(&self) -> &[u8] {
        signature::fixed_part(Algorithm::P256, &self.base)
    }

    pub(super) fn count(&self) -> usize {
        self.each.len()
    }

    /// "Verify Derived Proof": first the issuer's signature, so that what it did not sign costs no more.
    pub(super) fn verify(&self, issuer: &Key, covered: &Covered) -> Result<(), ProofFailure> {
        if !issuer.signs_with(Algorithm::P256) {
            return Err(ProofFailure::KeyType);
        }
        let signed = [&covered.options[..], &self.key, &covered.mandatory].concat();
        issuer.verify(Algorithm::P256, &signed, &self.base).map_err(ProofFailure::Signature)?;
        // The multicodec of P-256, and the sign of a compressed point (SEC 1, section 2.3.3).
        let point = match &self.key {
            [0x80, 0x24, point @ ..] if matches!(point, [2 | 3, ..]) => point,
            _ => return Err(ProofFailure::EphemeralKey),
        };
        let key = Key::new(&PublicKey::P256(point.as_slice().into()));
        let key = key.map_err(|_| ProofFailure::EphemeralKey)?;
        if covered.others.len() != self.each.len() {
            return Err(ProofFailure::Signature(Problem::Mismatch));
        }
        let mut pairs = covered.others.iter().zip(&self.each);
        pairs
            .try_for_each(|(line, signature)| {
                key.verify(Algorithm::P256, line.as_bytes(), signature)
            })
            .map_err(ProofFailure::Signature)
    }
}
