//! The verdict on a proof is that of an independent implementation, whatever was done to it.

#[path = "../../tests/support/signer.rs"]
mod signer;

use std::sync::LazyLock;

use arbitrary::{Arbitrary, Result, Unstructured};
use result_vp::internal::derived_proof_verifies;
use signer::{header, Signer};

/// Panics where the property does not hold.
pub fn check(data: &[u8]) {
    let _too_short = run(&mut Unstructured::new(data));
}

fn run(from: &mut Unstructured<'_>) -> Result<()> {
    let proofs = &*PROOFS;
    let honest = from.choose(proofs)?;
    let mut changed = honest.clone();
    for _ in 0..from.int_in_range(0..=4)? {
        change(&mut changed, honest, from)?;
    }
    let texts: Vec<String> = changed.revealed.iter().map(|(_, text)| text.clone()).collect();
    let ours = derived_proof_verifies(&KEY.public_key(), &changed.value, &texts, &changed.nonce);
    // The header is ours to read; the other implementation is told what it says.
    let indices: Vec<usize> = changed.revealed.iter().map(|(index, _)| *index).collect();
    let header = header(honest.count, &indices);
    let theirs = changed.value.starts_with(&header) && !changed.nonce.is_empty() && {
        let (value, revealed) = (&changed.value, &changed.revealed);
        silently(|| KEY.oracle(value, honest.count, revealed, &changed.nonce))
    };
    // It lets identities through (a point that is `c0` and zeros), and whatever follows a proof.
    let has_identity = changed.value.windows(48).any(|it| it[0] == 0xc0 && it[1..] == [0; 47]);
    let is_longer = changed.value.len() > honest.value.len();
    let is_laxer = theirs && (has_identity || is_longer);
    assert!(ours == theirs || is_laxer, "ours {ours}, theirs {theirs}");
    assert!(!ours || changed.says_what(honest), "a forgery");
    Ok(())
}

fn change(proof: &mut Proof, honest: &Proof, from: &mut Unstructured<'_>) -> Result<()> {
    let at = |from: &mut Unstructured<'_>, length: usize| from.choose_index(length.max(1));
    match from.int_in_range(0..=7)? {
        0 => {
            let at = at(from, proof.value.len())?;
            if let Some(byte) = proof.value.get_mut(at) {
                *byte ^= 1 << from.int_in_range(0..=7)?;
            }
        }
        1 => {
            let at = at(from, proof.value.len())?;
            if let Some(byte) = proof.value.get_mut(at) {
                *byte = u8::arbitrary(from)?;
            }
        }
        2 => proof.value.truncate(at(from, honest.value.len())?),
        3 => proof.value.extend(<[u8; 3]>::arbitrary(from)?),
        // A part of another proof, or of this one elsewhere.
        4 => {
            let other = from.choose(&PROOFS)?;
            let (to, length) = (at(from, proof.value.len())?, *from.choose(&[1, 32, 48])?);
            let start = at(from, other.value.len())?;
            let part = other.value.iter().skip(start).take(length);
            proof.value.iter_mut().skip(to).zip(part).for_each(|(to, from)| *to = *from);
        }
        5 => {
            let at = at(from, proof.revealed.len())?;
            if let Some((_, text)) = proof.revealed.get_mut(at) {
                text.push_str(<&str>::arbitrary(from)?);
            }
        }
        6 => {
            let at = at(from, proof.revealed.len())?;
            if at < proof.revealed.len() {
                drop(proof.revealed.remove(at));
            }
        }
        _ => proof.nonce = Vec::arbitrary(from)?,
    }
    Ok(())
}

#[derive(Clone)]
struct Proof {
    value: Vec<u8>,
    count: usize,
    revealed: Vec<(usize, String)>,
    nonce: Vec<u8>,
}

impl Proof {
    fn new(count: usize, shown: impl Fn(usize) -> bool) -> Proof {
        let messages: Vec<String> = (0..count).map(|index| format!("message {index}")).collect();
        let revealed: Vec<usize> = (0..count).filter(|index| shown(*index)).collect();
        let nonce = b"a nonce".to_vec();
        let value = KEY.derive(&KEY.sign(&messages), &messages, &revealed, &nonce);
        let revealed = revealed.into_iter().map(|index| (index, messages[index].clone()));
        Proof { value, count, revealed: revealed.collect(), nonce }
    }

    /// Whether it shows messages of the signature at their places, for the same nonce.
    fn says_what(&self, honest: &Proof) -> bool {
        self.nonce == honest.nonce && self.revealed == honest.revealed
    }
}

static KEY: LazyLock<Signer> = LazyLock::new(|| Signer::new("an issuer"));
static PROOFS: LazyLock<Vec<Proof>> = LazyLock::new(|| {
    vec![
        Proof::new(1, |_| true),
        Proof::new(5, |_| true),
        Proof::new(5, |index| index != 2),
        Proof::new(9, |index| index % 2 == 0),
        Proof::new(4, |_| false),
    ]
});

/// The other implementation panics on some encodings; that is a refusal, and no finding.
fn silently<T>(run: impl FnOnce() -> T) -> T {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| ()));
    let result = run();
    std::panic::set_hook(hook);
    result
}
