//! A batch says of each proof what single verification says, whatever is together in it.

#[path = "../../tests/support/signer.rs"]
mod signer;

use std::sync::LazyLock;

use arbitrary::{Result, Unstructured};
use result_vp::internal::{derived_proof_problems, DerivedProofItem};
use signer::Signer;

/// Panics where the property does not hold.
pub fn check(data: &[u8]) {
    if let Ok(items) = items(&mut Unstructured::new(data)) {
        let together = derived_proof_problems(&items, true);
        assert_eq!(together, derived_proof_problems(&items, false));
    }
}

/// Honest proofs of several issuers and sizes, some of them changed.
fn items(from: &mut Unstructured<'_>) -> Result<Vec<DerivedProofItem>> {
    let mut items = Vec::new();
    for _ in 0..from.int_in_range(1..=20)? {
        let mut item = from.choose(&ITEMS)?.clone();
        match from.int_in_range(0..=15)? {
            0 => {
                let at = from.choose_index(item.proof.len())?;
                item.proof[at] ^= 1 << from.int_in_range(0..=7)?;
            }
            1 => item.nonce.push(b'!'),
            2 => drop(item.revealed.pop()),
            3 => item.revealed.iter_mut().take(1).for_each(|it| it.push('!')),
            4 => item.key = from.choose(&ITEMS)?.key.clone(),
            // One point in the place of another: both are of the group.
            5 => {
                let points = item.proof.len().saturating_sub(OTHERS);
                let other = from.choose(&ITEMS)?;
                let start = other.proof.len().saturating_sub(OTHERS);
                let part = other.proof.iter().skip(start).take(48);
                item.proof.iter_mut().skip(points).zip(part).for_each(|(to, from)| *to = *from);
            }
            6 => item.proof.truncate(from.choose_index(item.proof.len())?),
            _ => {}
        }
        items.push(item);
    }
    Ok(items)
}

/// From the end of a proof without hidden messages to the beginning of its points.
const OTHERS: usize = 3 * 48 + 4 + 48 + 4 + 64 + 48 + 4 + 64;

static ITEMS: LazyLock<Vec<DerivedProofItem>> = LazyLock::new(|| {
    let signers = ["one issuer", "another issuer", "a third"].map(Signer::new);
    let mut items = Vec::new();
    for (signer, counts) in signers.iter().zip([[1, 6], [6, 7], [29, 6]]) {
        for count in counts {
            for hidden in [None, Some(0)] {
                items.push(item(signer, count, hidden));
            }
        }
    }
    items
});

fn item(signer: &Signer, count: usize, hidden: Option<usize>) -> DerivedProofItem {
    let messages: Vec<String> = (0..count).map(|index| format!("message {index}")).collect();
    let shown: Vec<usize> = (0..count).filter(|index| Some(*index) != hidden).collect();
    let nonce = b"a nonce".to_vec();
    let proof = signer.derive(&signer.sign(&messages), &messages, &shown, &nonce);
    let revealed = shown.iter().map(|index| messages[*index].clone()).collect();
    DerivedProofItem { key: signer.public_key(), proof, revealed, nonce }
}
