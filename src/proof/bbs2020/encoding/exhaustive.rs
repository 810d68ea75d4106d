//! Every short header of a proof value, and every bit vector of few messages.

use super::{DerivedProof, ProofProblem};
use crate::proof::bbs2020::MAX_MESSAGES;

#[test]
#[cfg_attr(miri, ignore = "takes hours")]
fn three_bytes_are_never_a_proof_and_the_first_problem_is_told() {
    let problem = |bytes: &[u8]| DerivedProof::shape(bytes).err();
    assert_eq!(problem(&[]), Some(ProofProblem::Length));
    for first in 0..=255 {
        assert_eq!(problem(&[first]), Some(ProofProblem::Length));
        for second in 0..=255 {
            let count = usize::from(first) * 256 + usize::from(second);
            let counted = count > 0 && count <= MAX_MESSAGES;
            let expected = if counted { ProofProblem::Length } else { ProofProblem::MessageCount };
            assert_eq!(problem(&[first, second]), Some(expected));
            for third in 0..=255_u8 {
                // Fewer than eight messages have one byte of bits.
                let unused = counted && count < 8 && usize::from(third) >= 1 << count;
                let expected = if unused { ProofProblem::UnusedBits } else { expected };
                assert_eq!(problem(&[first, second, third]), Some(expected), "{count} {third}");
            }
        }
    }
}

#[test]
#[cfg_attr(miri, ignore = "takes hours")]
fn the_bits_say_which_messages_are_shown() {
    // Every vector of up to ten messages.
    for count in 1..=10_usize {
        let length = count / 8 + 1;
        for bits in 0..1_u32 << (8 * length) {
            agrees(count, &bits.to_be_bytes()[4 - length..]);
        }
    }
    // Some vectors of every count that is allowed, from a generator with a fixed beginning.
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for count in (1..=MAX_MESSAGES).step_by(7) {
        let bits: Vec<u8> = std::iter::repeat_with(|| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()[0]
        })
        .take(count / 8 + 1)
        .collect();
        agrees(count, &bits);
        let mut used = bits;
        used[0] &= (1_u16 << (count % 8)).wrapping_sub(1) as u8;
        agrees(count, &used);
    }
}

#[test]
fn a_length_or_an_inner_count_that_does_not_agree_is_refused() {
    for (count, bits) in [(1, 0), (1, 1), (5, 0b10110), (7, 0x7f)] {
        let hidden = count - u8::count_ones(bits) as usize;
        let good = value(count, &[bits], hidden);
        assert!(DerivedProof::shape(&good).is_ok());
        for length in 3..good.len() {
            assert_eq!(DerivedProof::shape(&good[..length]).err(), Some(ProofProblem::Length));
        }
        let longer = [&good[..], &[0]].concat();
        assert_eq!(DerivedProof::shape(&longer).err(), Some(ProofProblem::Length));
        let first = 3 + 3 * 48;
        for (at, problem) in [
            (first, ProofProblem::InnerLength),
            (first + 4 + 48, ProofProblem::ResponseCount),
            (first + 4 + 48 + 4 + 64 + 48, ProofProblem::ResponseCount),
        ] {
            for byte in at..at + 4 {
                for bit in 0..8 {
                    let mut changed = good.clone();
                    changed[byte] ^= 1 << bit;
                    assert_eq!(DerivedProof::shape(&changed).err(), Some(problem));
                }
            }
        }
    }
}

/// What is read of a value with these bits is what the bits say, read as one number.
fn agrees(count: usize, bits: &[u8]) {
    let set = |index: usize| bits[bits.len() - 1 - index / 8] & 1 << (index % 8) != 0;
    let shown: Vec<usize> = (0..8 * bits.len()).filter(|it| set(*it)).collect();
    let unused = shown.iter().any(|it| *it >= count);
    let read = DerivedProof::shape(&value(count, bits, count.saturating_sub(shown.len())));
    match read {
        Ok(proof) => {
            assert!(!unused);
            assert_eq!((proof.message_count(), proof.revealed()), (count, &shown[..]));
        }
        Err(problem) => assert_eq!((problem, unused), (ProofProblem::UnusedBits, true)),
    }
}

/// A value whose points and responses are zeros: the shape does not look at them.
fn value(count: usize, bits: &[u8], hidden: usize) -> Vec<u8> {
    let mut value = u16::try_from(count).unwrap().to_be_bytes().to_vec();
    value.extend(bits);
    value.extend([0; 3 * 48]);
    value.extend(116_u32.to_be_bytes());
    value.extend([0; 48]);
    value.extend(2_u32.to_be_bytes());
    value.extend([0; 64 + 48]);
    value.extend(u32::try_from(2 + hidden).unwrap().to_be_bytes());
    value.resize(value.len() + 32 * (2 + hidden), 0);
    value
}
