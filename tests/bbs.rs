//! The cryptography against an independent implementation: same verdict on valid, tampered and
//! random proofs.

#[path = "support/signer.rs"]
mod signer;

use proptest::prelude::*;
use result_vp::internal::{derived_proof_verifies, signature_verifies};
use signer::{header, Signer};

const NONCE: &[u8] = b"urn:trinsic:idvsession:417";

struct Proven {
    signer: Signer,
    value: Vec<u8>,
    count: usize,
    revealed: Vec<(usize, String)>,
}

impl Proven {
    /// A proof over `count` messages that shows those whose bit is set in `mask`.
    fn new(count: usize, mask: u32) -> Proven {
        let signer = Signer::new("an issuer");
        let messages: Vec<String> = (0..count).map(|index| format!("message {index}")).collect();
        let revealed: Vec<usize> =
            (0..count).filter(|index| mask >> (index % 32) & 1 == 1).collect();
        let value = signer.derive(&signer.sign(&messages), &messages, &revealed, NONCE);
        let revealed = revealed.into_iter().map(|index| (index, messages[index].clone())).collect();
        Proven { signer, value, count, revealed }
    }

    fn ours(&self, value: &[u8], nonce: &[u8]) -> bool {
        let texts: Vec<String> = self.revealed.iter().map(|(_, text)| text.clone()).collect();
        derived_proof_verifies(&self.signer.public_key(), value, &texts, nonce)
    }

    fn oracle(&self, value: &[u8], nonce: &[u8]) -> bool {
        // The header is ours to read; the oracle is told what the honest one says.
        let indices: Vec<usize> = self.revealed.iter().map(|(index, _)| *index).collect();
        value.starts_with(&header(self.count, &indices))
            && self.signer.oracle(value, self.count, &self.revealed, nonce)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn honest_proofs_verify(count in 1_usize..40, mask in any::<u32>()) {
        let proven = Proven::new(count, mask);
        prop_assert!(proven.oracle(&proven.value, NONCE));
        prop_assert!(proven.ours(&proven.value, NONCE));
        prop_assert!(!proven.ours(&proven.value, b"another nonce"));
    }

    #[test]
    fn tampered_proofs_get_the_verdict_of_the_oracle(
        count in 1_usize..12,
        mask in any::<u32>(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
    ) {
        let proven = Proven::new(count, mask);
        for (index, byte) in changes {
            let mut value = proven.value.clone();
            let index = index.index(value.len());
            value[index] = byte;
            prop_assert_eq!(proven.ours(&value, NONCE), proven.oracle(&value, NONCE));
        }
    }

    #[test]
    fn random_proofs_are_refused(count in 1_usize..12, seed in proptest::collection::vec(any::<u8>(), 900)) {
        let proven = Proven::new(count, u32::MAX);
        let start = header(count, &(0..count).collect::<Vec<_>>()).len();
        let mut value = proven.value.clone();
        value[start..].iter_mut().zip(seed).for_each(|(to, from)| *to = from);
        prop_assert!(!proven.ours(&value, NONCE));
        prop_assert!(!proven.oracle(&value, NONCE));
    }

    #[test]
    fn signatures_verify_and_tampered_ones_do_not(count in 1_usize..20, at in 0_usize..112, flip in 1_u8..) {
        let signer = Signer::new("an issuer");
        let mut messages: Vec<String> = (0..count).map(|index| format!("message {index}")).collect();
        let mut signature = signer.sign(&messages).to_bytes_compressed_form().to_vec();
        let key = signer.public_key();
        prop_assert!(signature_verifies(&key, &signature, &messages));
        messages[count - 1].push('!');
        prop_assert!(!signature_verifies(&key, &signature, &messages));
        messages[count - 1].pop();
        signature[at] ^= flip;
        prop_assert!(!signature_verifies(&key, &signature, &messages));
    }
}

/// A proof of one issuer is none of another, whatever it shows.
#[test]
fn another_key_refuses() {
    let proven = Proven::new(6, 0b101101);
    let other = Signer::new("another issuer");
    let texts: Vec<String> = proven.revealed.iter().map(|(_, text)| text.clone()).collect();
    assert!(proven.ours(&proven.value, NONCE));
    assert!(!derived_proof_verifies(&other.public_key(), &proven.value, &texts, NONCE));
}
