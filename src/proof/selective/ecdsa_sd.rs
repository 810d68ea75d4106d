//! `ecdsa-sd-2023`: one signature of the issuer over the options, the mandatory statements and a key
//! made for this credential alone, and one by that key for each other statement.

use super::cbor::Reader;
use super::{Covered, Labels};
use crate::key::{Algorithm, PublicKey};
use crate::proof::ProofFailure;
use crate::signature::{Key, Problem};

/// The components of a derived proof (VC Data Integrity ECDSA, section 3.5.7).
pub(super) struct Signatures {
    /// By the issuer.
    base: [u8; 64],
    /// The key of this credential, with the prefix of its type (section 2.1.1).
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

    pub(super) fn count(&self) -> usize {
        self.each.len()
    }

    /// Section 3.6.7. Each signature costs as much as the first: they stop at one that does not hold.
    pub(super) fn verify(&self, issuer: &Key, covered: &Covered) -> Result<(), ProofFailure> {
        if issuer.algorithm() != Algorithm::P256 {
            return Err(ProofFailure::KeyType);
        }
        let signed = [&covered.options[..], &self.key, &covered.mandatory].concat();
        issuer.verify(&signed, &self.base).map_err(ProofFailure::Signature)?;
        let Some((&P256_PREFIX, point)) = self.key.split_first_chunk() else {
            return Err(ProofFailure::EphemeralKey);
        };
        let key = Key::new(&PublicKey::P256(point.into()));
        let key = key.map_err(|_| ProofFailure::EphemeralKey)?;
        if covered.others.len() != self.each.len() {
            return Err(ProofFailure::Signature(Problem::Mismatch));
        }
        let mut pairs = covered.others.iter().zip(&self.each);
        pairs
            .try_for_each(|(line, signature)| key.verify(line.as_bytes(), signature))
            .map_err(ProofFailure::Signature)
    }
}

/// The multicodec of a compressed point of P-256.
const P256_PREFIX: [u8; 2] = [0x80, 0x24];
