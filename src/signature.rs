//! Plain signatures over bytes: Ed25519 (RFC 8032) and ECDSA over P-256 and P-384 (FIPS 186-5).
//!
//! The algorithm follows from the key, never from what was signed or from what came with it.

use ed25519_dalek::VerifyingKey;

use crate::key::{Algorithm, PublicKey};

/// A key of such an algorithm, decoded and checked once.
#[derive(Clone)]
pub(crate) enum Key {
    Ed25519(VerifyingKey),
    #[cfg(feature = "ecdsa")]
    P256(p256::ecdsa::VerifyingKey),
    #[cfg(feature = "ecdsa")]
    P384(p384::ecdsa::VerifyingKey),
}

/// Why a public key is no key of these algorithms.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum KeyProblem {
    /// It is of another algorithm.
    Algorithm,
    /// This build lacks the algorithm.
    #[cfg_attr(feature = "ecdsa", allow(dead_code))]
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

impl Key {
    pub(crate) fn new(key: &PublicKey) -> Result<Key, KeyProblem> {
        match key {
            PublicKey::Ed25519(bytes) => {
                let key = VerifyingKey::from_bytes(bytes).map_err(|_| KeyProblem::Point)?;
                // For such a key anybody finds signatures.
                (!key.is_weak()).then_some(Key::Ed25519(key)).ok_or(KeyProblem::Point)
            }
            #[cfg(feature = "ecdsa")]
            PublicKey::P256(point) => {
                let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(point);
                key.map(Key::P256).map_err(|_| KeyProblem::Point)
            }
            #[cfg(feature = "ecdsa")]
            PublicKey::P384(point) => {
                let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(point);
                key.map(Key::P384).map_err(|_| KeyProblem::Point)
            }
            #[cfg(not(feature = "ecdsa"))]
            PublicKey::P256(_) | PublicKey::P384(_) => Err(KeyProblem::NotBuilt),
            _ => Err(KeyProblem::Algorithm),
        }
    }

    pub(crate) fn algorithm(&self) -> Algorithm {
        match self {
            Key::Ed25519(_) => Algorithm::Ed25519,
            #[cfg(feature = "ecdsa")]
            Key::P256(_) => Algorithm::P256,
            #[cfg(feature = "ecdsa")]
            Key::P384(_) => Algorithm::P384,
        }
    }

    /// Verifies a signature over the message; for ECDSA the numbers r and s side by side.
    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), Problem> {
        let verified = match self {
            Key::Ed25519(key) => {
                let signature = ed25519_dalek::Signature::from_slice(signature);
                // Strict: one verdict for a signature, alone and in a batch, whoever verifies.
                key.verify_strict(message, &signature.map_err(|_| Problem::Length)?).is_ok()
            }
            #[cfg(feature = "ecdsa")]
            Key::P256(key) => {
                use p256::ecdsa::signature::Verifier as _;
                let is_of_length = signature.len() == 64;
                let signature = p256::ecdsa::Signature::from_slice(signature);
                // Of the length and none: r or s is 0, or not below the order.
                let signature = is_of_length.then_some(signature).ok_or(Problem::Length)?;
                signature.is_ok_and(|signature| key.verify(message, &signature).is_ok())
            }
            #[cfg(feature = "ecdsa")]
            Key::P384(key) => {
                use p384::ecdsa::signature::Verifier as _;
                let is_of_length = signature.len() == 96;
                let signature = p384::ecdsa::Signature::from_slice(signature);
                // Of the length and none: r or s is 0, or not below the order.
                let signature = is_of_length.then_some(signature).ok_or(Problem::Length)?;
                signature.is_ok_and(|signature| key.verify(message, &signature).is_ok())
            }
        };
        verified.then_some(()).ok_or(Problem::Mismatch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A feature adds an ability: without it nothing is said, and never that a key is none.
    #[test]
    fn ecdsa_is_built_or_named_as_what_is_not() {
        let mut generator = [0; 33];
        generator.copy_from_slice(&P256_GENERATOR);
        let key = Key::new(&PublicKey::P256(Box::new(generator))).map(|key| key.algorithm());
        let expected = match cfg!(feature = "ecdsa") {
            true => Ok(Algorithm::P256),
            false => Err(KeyProblem::NotBuilt),
        };
        assert_eq!(key, expected);
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
