//! Plain signatures over bytes: Ed25519 (RFC 8032), ECDSA over P-256 and P-384 (FIPS 186-5), and through
//! crate ssi ECDSA over secp256k1 (RFC 8812) and RSA (RFC 8017).
//!
//! The algorithm follows from the key, never from what was signed or from what came with it. An RSA key does
//! not say which of the two paddings it signs with, so there the suite or the header of a JWS chooses between
//! these two; both are over the same hash, and a signature of one is none of the other.

use ed25519_dalek::VerifyingKey;
#[cfg(feature = "ssi")]
use ssi::{claims::jws, jwk::Algorithm as JwsAlgorithm};

use crate::key::{Algorithm, PublicKey};

/// A key of such an algorithm, decoded and checked once.
#[derive(Clone)]
pub(crate) struct Key {
    algorithms: &'static [Algorithm],
    decoded: Decoded,
}

#[derive(Clone)]
enum Decoded {
    Ed25519(VerifyingKey),
    #[cfg(feature = "ecdsa")]
    P256(p256::ecdsa::VerifyingKey),
    #[cfg(feature = "ecdsa")]
    P384(p384::ecdsa::VerifyingKey),
    #[cfg(feature = "ssi")]
    Rsa {
        modulus: Box<[u8]>,
        jwk: Box<ssi::jwk::JWK>,
    },
    #[cfg(feature = "ssi")]
    Secp256k1(Box<ssi::jwk::JWK>),
}

/// Why a public key is no key of these algorithms.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum KeyProblem {
    /// It is of another algorithm.
    Algorithm,
    /// This build lacks the algorithm.
    #[cfg_attr(all(feature = "ecdsa", feature = "ssi"), allow(dead_code))]
    NotBuilt,
    /// It is no point of the curve, or one of small order.
    Point,
}

/// Why a signature does not verify.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Problem {
    /// It is not of the algorithm's one length.
    Length,
    /// It is by another key, or over other bytes.
    Mismatch,
}

/// What nobody can write otherwise of a signature without its key: of ECDSA r alone, for with n - s in place
/// of s anybody makes another one of it.
pub(crate) fn fixed_part(algorithm: Algorithm, signature: &[u8]) -> &[u8] {
    match algorithm.is_ecdsa() {
        true => signature.get(..signature.len() / 2).unwrap_or_default(),
        false => signature,
    }
}

impl Key {
    pub(crate) fn new(key: &PublicKey) -> Result<Key, KeyProblem> {
        let decoded = match key {
            PublicKey::Ed25519(bytes) => {
                let key = VerifyingKey::from_bytes(bytes).map_err(|_| KeyProblem::Point)?;
                // For such a key anybody finds signatures.
                (!key.is_weak()).then_some(Decoded::Ed25519(key)).ok_or(KeyProblem::Point)
            }
            #[cfg(feature = "ecdsa")]
            PublicKey::P256(point) => {
                let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(point);
                key.map(Decoded::P256).map_err(|_| KeyProblem::Point)
            }
            #[cfg(feature = "ecdsa")]
            PublicKey::P384(point) => {
                let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(point);
                key.map(Decoded::P384).map_err(|_| KeyProblem::Point)
            }
            #[cfg(not(feature = "ecdsa"))]
            PublicKey::P256(_) | PublicKey::P384(_) => Err(KeyProblem::NotBuilt),
            #[cfg(feature = "ssi")]
            PublicKey::Rsa(key) => {
                let params = ssi::jwk::RSAParams::new_public(&EXPONENT, &key.modulus);
                let jwk = Box::new(ssi::jwk::Params::RSA(params).into());
                Ok(Decoded::Rsa { modulus: key.modulus.clone(), jwk })
            }
            #[cfg(feature = "ssi")]
            PublicKey::Secp256k1(point) => {
                let jwk = ssi::jwk::secp256k1_parse(point).map_err(|_| KeyProblem::Point)?;
                Ok(Decoded::Secp256k1(Box::new(jwk)))
            }
            #[cfg(not(feature = "ssi"))]
            PublicKey::Rsa(_) | PublicKey::Secp256k1(_) => Err(KeyProblem::NotBuilt),
            PublicKey::Bls12381G2(_) | PublicKey::Other => Err(KeyProblem::Algorithm),
        };
        decoded.map(|decoded| Key { algorithms: key.algorithms(), decoded })
    }

    pub(crate) fn signs_with(&self, algorithm: Algorithm) -> bool {
        self.algorithms.contains(&algorithm)
    }

    /// Verifies a signature over the message, of an algorithm that the key signs with; for ECDSA the numbers r
    /// and s side by side.
    ///
    /// Of an ECDSA signature the same with n - s is one too: no standard that is read here asks for the lower
    /// of the two (RFC 8812, section 3.2, for secp256k1), and half of what honest signers make has the higher.
    pub(crate) fn verify(
        &self,
        algorithm: Algorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), Problem> {
        if !self.signs_with(algorithm) {
            return Err(Problem::Mismatch);
        }
        let verified = match &self.decoded {
            Decoded::Ed25519(key) => {
                let signature = ed25519_dalek::Signature::from_slice(signature);
                // Strict: one verdict for a signature, alone and in a batch, whoever verifies.
                key.verify_strict(message, &signature.map_err(|_| Problem::Length)?).is_ok()
            }
            #[cfg(feature = "ecdsa")]
            Decoded::P256(key) => {
                use p256::ecdsa::signature::Verifier as _;
                let is_of_length = signature.len() == 64;
                let signature = p256::ecdsa::Signature::from_slice(signature);
                // Of the length and none: r or s is 0, or not below the order.
                let signature = is_of_length.then_some(signature).ok_or(Problem::Length)?;
                signature.is_ok_and(|signature| key.verify(message, &signature).is_ok())
            }
            #[cfg(feature = "ecdsa")]
            Decoded::P384(key) => {
                use p384::ecdsa::signature::Verifier as _;
                let is_of_length = signature.len() == 96;
                let signature = p384::ecdsa::Signature::from_slice(signature);
                // Of the length and none: r or s is 0, or not below the order.
                let signature = is_of_length.then_some(signature).ok_or(Problem::Length)?;
                signature.is_ok_and(|signature| key.verify(message, &signature).is_ok())
            }
            #[cfg(feature = "ssi")]
            Decoded::Rsa { modulus, jwk } => {
                if signature.len() != modulus.len() {
                    return Err(Problem::Length);
                }
                // RFC 8017, section 5.2.2, step 1: a number beyond the modulus is no signature.
                let is_below = *signature < **modulus;
                let pss = algorithm == Algorithm::RsaPss;
                let name = if pss { JwsAlgorithm::PS256 } else { JwsAlgorithm::RS256 };
                is_below && jws::verify_bytes(name, message, jwk, signature).is_ok()
            }
            #[cfg(feature = "ssi")]
            Decoded::Secp256k1(jwk) => {
                let is_of_length = signature.len() == 64;
                is_of_length.then_some(()).ok_or(Problem::Length)?;
                jws::verify_bytes(JwsAlgorithm::ES256K, message, jwk, signature).is_ok()
            }
        };
        verified.then_some(()).ok_or(Problem::Mismatch)
    }
}

/// Of every RSA key that is accepted: 65537.
#[cfg(feature = "ssi")]
const EXPONENT: [u8; 3] = [1, 0, 1];

#[cfg(test)]
mod tests {
    use super::*;

    /// A feature adds an ability: without it nothing is said, and never that a key is none.
    #[test]
    fn ecdsa_is_built_or_named_as_what_is_not() {
        let mut generator = [0; 33];
        generator.copy_from_slice(&P256_GENERATOR);
        let key = Key::new(&PublicKey::P256(Box::new(generator)));
        let expected = match cfg!(feature = "ecdsa") {
            true => Ok(true),
            false => Err(KeyProblem::NotBuilt),
        };
        assert_eq!(key.map(|key| key.signs_with(Algorithm::P256)), expected);
    }

    /// The neutral element, and a point of order 8.
    #[test]
    fn keys_of_small_order_are_none() {
        let mut neutral = [0; 32];
        neutral[0] = 1;
        for bytes in [neutral, [0; 32]] {
            assert_eq!(Key::new(&PublicKey::Ed25519(bytes)).err(), Some(KeyProblem::Point));
        }
        assert_eq!(Key::new(&PublicKey::Other).err(), Some(KeyProblem::Algorithm));
    }

    const P256_GENERATOR: [u8; 33] = [
        0x03, 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4,
        0x40, 0xf2, 0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8,
        0x98, 0xc2, 0x96,
    ];
}
