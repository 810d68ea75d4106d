//! Issuer keys and the generators that follow from them.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use blake2::{Blake2b512, Digest};

use super::curve::{NoPoint, G1, G2};

/// A public key that was decoded and checked once, with the generators it was asked for.
///
/// Clones share them.
#[derive(Clone)]
pub(crate) struct PreparedKey(Arc<Prepared>);

struct Prepared {
    point: G2,
    /// By message count; the least recently used first.
    generators: Mutex<Vec<(usize, Arc<Generators>)>>,
}

/// Why bytes are no key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum KeyProblem {
    Identity,
    Length,
    NotInSubgroup,
    NotOnCurve,
}

impl KeyProblem {
    /// The stable name of the problem.
    pub(crate) fn code(self) -> &'static str {
        match self {
            KeyProblem::Identity => "identity",
            KeyProblem::Length => "length",
            KeyProblem::NotInSubgroup => "not_in_subgroup",
            KeyProblem::NotOnCurve => "not_on_curve",
        }
    }
}

/// The bases of the commitment for one key and one number of messages.
pub(super) struct Generators {
    /// h0.
    pub(super) blinding: G1,
    /// h1 … hn; message k belongs to h(k+1).
    pub(super) messages: Vec<G1>,
}

impl PreparedKey {
    /// Decodes a compressed G2 point: on the curve, in the prime-order group, not the identity.
    pub(crate) fn from_compressed(bytes: &[u8]) -> Result<PreparedKey, KeyProblem> {
        let bytes = bytes.try_into().map_err(|_| KeyProblem::Length)?;
        let point = G2::from_compressed(bytes).map_err(|problem| match problem {
            NoPoint::Encoding => KeyProblem::NotOnCurve,
            NoPoint::Subgroup => KeyProblem::NotInSubgroup,
            NoPoint::Identity => KeyProblem::Identity,
        })?;
        Ok(PreparedKey(Arc::new(Prepared { point, generators: Mutex::new(Vec::new()) })))
    }

    pub(super) fn point(&self) -> &G2 {
        &self.0.point
    }

    /// How many generators a proof over `count` messages would have to derive first.
    pub(crate) fn missing_generators(&self, count: usize) -> usize {
        let generators = self.0.generators.lock().unwrap_or_else(PoisonError::into_inner);
        match generators.iter().any(|(known, _)| *known == count) {
            true => 0,
            false => count + 1,
        }
    }

    /// The generators for `count` messages, at most [`MAX_MESSAGES`](super::MAX_MESSAGES).
    pub(super) fn generators(&self, count: usize) -> Arc<Generators> {
        let cache = || self.0.generators.lock().unwrap_or_else(PoisonError::into_inner);
        {
            let mut cache = cache();
            if let Some(found) = cache.iter().position(|(known, _)| *known == count) {
                let entry = cache.remove(found);
                let generators = Arc::clone(&entry.1);
                cache.push(entry);
                return generators;
            }
        }
        let generators = Arc::new(Generators::derive(&self.0.point, count));
        let mut cache = cache();
        if cache.len() >= MAX_COUNTS {
            cache.remove(0);
        }
        cache.push((count, Arc::clone(&generators)));
        generators
    }
}

impl fmt::Debug for PreparedKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("PreparedKey").finish_non_exhaustive()
    }
}

impl Generators {
    fn derive(key: &G2, count: usize) -> Generators {
        let key = key.to_uncompressed();
        let count_bytes = u32::try_from(count).unwrap_or(u32::MAX).to_be_bytes();
        let generator = |index: u32| {
            let mut input = Vec::with_capacity(202);
            input.extend_from_slice(&key);
            input.push(0);
            input.extend_from_slice(&index.to_be_bytes());
            input.push(0);
            input.extend_from_slice(&count_bytes);
            hash_to_g1(&input)
        };
        let messages = (1..).map(generator).take(count).collect();
        Generators { blinding: generator(0), messages }
    }
}

/// `hash_to_curve` of the suite: `expand_message_xmd` of RFC 9380, section 5.3.1, with BLAKE2b-512,
/// and the map under the old rule for signs (see [`G1::map`]).
fn hash_to_g1(message: &[u8]) -> G1 {
    let block = |parts: &[&[u8]]| -> [u8; 64] {
        let mut hash = Blake2b512::new();
        parts.iter().for_each(|part| hash.update(part));
        hash.update(DOMAIN);
        hash.update([DOMAIN.len() as u8]);
        hash.finalize().into()
    };
    let b0 = block(&[&[0; 128], message, &128_u16.to_be_bytes(), &[0]]);
    let b1 = block(&[&b0, &[1]]);
    let mixed: Vec<u8> = b0.iter().zip(b1).map(|(a, b)| a ^ b).collect();
    let b2 = block(&[&mixed, &[2]]);
    // Nobody can find a message that maps to the identity; the generator keeps the type total.
    G1::map([&b1, &b2]).unwrap_or_else(G1::generator)
}

const DOMAIN: &[u8] = b"BLS12381G1_XMD:BLAKE2B_SSWU_RO_BBS+_SIGNATURES:1_0_0";

/// A relying party meets one or two counts for an issuer; 1024 generators are about 100 kB.
const MAX_COUNTS: usize = 8;
