//! Many derived proofs at once.

use std::sync::Arc;

use blake2b_simd::State;

use super::key::generator_lines;
use super::{Claimed, ProofProblem};
use crate::proof::curve::{all_in_group, multi_sum, product_is_one, Affine, OnCurve, Scalar, Sum};
use crate::proof::curve::{to_affine, Lines};

/// Verifies proofs of any keys and counts: for each what [`Claimed::verify`] says, up to an error of
/// 2^-126 for the whole.
///
/// Proofs that hold together hold each by itself. Where they do not, the halves are asked, and a few
/// that are left each by itself, so a refusal is always single verification's.
pub(crate) fn verify_all(proofs: &[Claimed<'_>]) -> Vec<Result<(), ProofProblem>> {
    if proofs.len() < FEW {
        return proofs.iter().map(Claimed::verify).collect();
    }
    match hold_together(proofs) {
        true => accepted(proofs),
        false => verify_halves(proofs),
    }
}

/// As [`verify_all`], of proofs that do not hold together.
fn verify_halves(proofs: &[Claimed<'_>]) -> Vec<Result<(), ProofProblem>> {
    let (left, right) = proofs.split_at(proofs.len() / 2);
    if left.len() < FEW {
        return proofs.iter().map(Claimed::verify).collect();
    }
    let mut results;
    if hold_together(left) {
        // Then it is the right half that does not: it is not asked as a whole.
        results = accepted(left);
        results.extend(verify_halves(right));
    } else {
        results = verify_halves(left);
        results.extend(verify_all(right));
    }
    results
}

fn accepted(proofs: &[Claimed<'_>]) -> Vec<Result<(), ProofProblem>> {
    for proof in proofs.iter().take(LESSONS) {
        proof.key.proved(&proof.generators, &proof.shown);
    }
    vec![Ok(()); proofs.len()]
}

/// Whether all points are of the group, and random combinations of all equations hold.
///
/// With all points in the group, the equations of a proof say that two sums X and Y are the identity
/// of G1, and that a quotient Z of pairings is one. Over all proofs,
///
/// ```text
/// Σ a·X + b·Y = 0     and     Π Z^d = 1
/// ```
///
/// for weights a, b and d of 128 bits each. If some X, Y or Z is not the identity, then, whatever the
/// other weights are, at most one value of its own weight modulo the group order makes the sum or
/// the product the identity: a chance of 2^-128, and of 2^-133 for membership (see `all_in_group`).
///
/// The weights are a hash of all that the equations depend on: keys, proofs, messages and challenges
/// (and so nonces). Whoever chooses those therefore chooses them before the weights are known; to
/// try again is to hash another batch, so a forger needs about 2^127 batches.
fn hold_together(proofs: &[Claimed<'_>]) -> bool {
    let seed = seed(proofs);
    let points: Vec<OnCurve> = proofs.iter().flat_map(|it| it.proof.points.all()).collect();
    all_in_group(&points, &seed) && equations_hold(proofs, &seed)
}

fn seed(proofs: &[Claimed<'_>]) -> [u8; 64] {
    let mut hash = State::new();
    hash.update(b"result-vp batch");
    for proof in proofs {
        // The value begins with the number of messages and the bits of those shown, from which its
        // own length and the number of scalars follow.
        hash.update(proof.key.encoded());
        hash.update(&proof.proof.encoded);
        for (_, scalar) in &proof.shown {
            hash.update(&scalar.to_bytes());
        }
        hash.update(&proof.challenge.to_bytes());
    }
    *hash.finalize().as_array()
}

/// Three weights for the proof at a place in the batch.
fn weights(seed: &[u8; 64], place: u64) -> [Scalar; 3] {
    let mut hash = State::new();
    hash.update(b"result-vp equation weights");
    hash.update(seed);
    hash.update(&place.to_le_bytes());
    let block = *hash.finalize().as_array();
    let mut numbers = block.chunks_exact(16).map(|bytes| {
        let number = bytes.iter().fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
        Scalar::from_u128(number)
    });
    std::array::from_fn(|_| numbers.next().unwrap_or(Scalar::from_u128(1)))
}

/// The scalars of h0, h1 … hn and g1 for one key and one count.
struct Fixed<'p> {
    proof: &'p Claimed<'p>,
    scalars: Vec<Scalar>,
}

/// The points that are paired with one key.
struct Paired<'p> {
    proof: &'p Claimed<'p>,
    terms: Vec<(Affine, Scalar)>,
}

fn equations_hold(proofs: &[Claimed<'_>], seed: &[u8; 64]) -> bool {
    let (mut fixed, mut paired): (Vec<Fixed<'_>>, Vec<Paired<'_>>) = (Vec::new(), Vec::new());
    let mut long = Vec::with_capacity(proofs.len().saturating_mul(3));
    let mut short = Vec::with_capacity(proofs.len().saturating_mul(2));
    let mut generator_terms = Vec::with_capacity(proofs.len());
    for (place, proof) in (0_u64..).zip(proofs) {
        let [a, b, d] = weights(seed, place);
        let points = &proof.proof.points;
        let [a_prime, a_bar, big_d, t1, t2] = points.all().map(OnCurve::affine);
        let ([z1_0, z1_1], [z2_0, z2_1]) = (points.z1, points.z2);
        let challenged = a.times(proof.challenge);
        long.push((a_prime, a.times(z1_0)));
        long.push((a_bar, challenged));
        long.push((big_d, b.times(z2_0).plus(challenged.negated())));
        short.push((t1.negated(), a));
        short.push((t2.negated(), b));

        let of_group = |it: &Fixed<'_>| Arc::ptr_eq(&it.proof.generators, &proof.generators);
        let group = match fixed.iter().position(of_group) {
            Some(found) => fixed.get_mut(found),
            None => {
                let scalars =
                    vec![Scalar::from_u128(0); proof.proof.message_count().saturating_add(2)];
                fixed.push(Fixed { proof, scalars });
                fixed.last_mut()
            }
        };
        if let Some(group) = group {
            proof.weigh(&mut group.scalars, a.times(z1_1).plus(b.times(z2_1)), b);
        }

        match paired.iter_mut().find(|it| it.proof.key.is_same(proof.key)) {
            Some(pair) => pair.terms.push((a_prime, d)),
            None => paired.push(Paired { proof, terms: vec![(a_prime, d)] }),
        }
        generator_terms.push((a_bar.negated(), d));
    }

    let mut sum = multi_sum(&long, 255);
    sum.add_sum(&multi_sum(&short, WEIGHT_BITS));
    for group in fixed {
        let bases = group.proof.generators.bases();
        let [blinding, messages @ .., generator] = group.scalars.as_slice() else { return false };
        let mut terms: Vec<_> =
            bases.blinding().map(|row| row.times(*blinding)).into_iter().collect();
        terms.extend(bases.generator().map(|row| row.times(*generator)));
        let messages = bases.messages().zip(messages);
        let of_messages = messages.map(|(row, scalar)| row.times(*scalar)).collect();
        let [part] = bases.sums([terms], of_messages);
        sum.add_sum(&part);
    }
    if !sum.is_identity() {
        return false;
    }
    let mut lines: Vec<&Lines> = paired.iter().map(|pair| pair.proof.key.lines()).collect();
    lines.push(generator_lines());
    let mut points: Vec<Sum> =
        paired.iter().map(|pair| multi_sum(&pair.terms, WEIGHT_BITS)).collect();
    points.push(multi_sum(&generator_terms, WEIGHT_BITS));
    let pairs: Vec<(&Lines, Affine)> = lines.into_iter().zip(to_affine(&points)).collect();
    product_is_one(&pairs)
}

impl Claimed<'_> {
    /// Adds what the second equation, times `b`, says of the generators, and `blinding` for h0.
    fn weigh(&self, scalars: &mut [Scalar], blinding: Scalar, b: Scalar) {
        let negated = b.times(self.challenge).negated();
        let mut hidden = self.proof.points.hidden.iter();
        let mut shown = self.shown.iter().peekable();
        let last = scalars.len().saturating_sub(1);
        for (place, sum) in scalars.iter_mut().enumerate() {
            let scalar = match place.checked_sub(1) {
                None => Some(blinding),
                Some(_) if place == last => Some(negated),
                Some(index) => match shown.next_if(|(known, _)| *known == index) {
                    Some((_, message)) => Some(message.times(negated)),
                    None => hidden.next().map(|response| response.times(b)),
                },
            };
            if let Some(scalar) = scalar {
                *sum = sum.plus(scalar);
            }
        }
    }
}

const WEIGHT_BITS: usize = 128;
/// Fewer cost less one by one.
const FEW: usize = 3;
/// How many proofs of a batch teach what an issuer repeats.
const LESSONS: usize = 8;

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::STANDARD;
    use base64::Engine as _;

    use super::super::{DecodedProof, DerivedProof, PreparedKey};
    use super::*;
    use crate::presentation::UnverifiedPresentation;
    use crate::proof::proof_statements;

    const FULL: &str = include_str!("../../../fixtures/presentations/full.json");
    const SELECTIVE: &str = include_str!("../../../fixtures/presentations/selective.json");

    fn text(json: &str, place: &str) -> String {
        let value: serde_json::Value = serde_json::from_str(json).unwrap();
        value.pointer(place).unwrap().as_str().unwrap().to_owned()
    }

    fn decoded(json: &str) -> DecodedProof {
        let value = STANDARD.decode(text(json, "/verifiableCredential/0/proof/proofValue"));
        DerivedProof::shape(&value.unwrap()).unwrap().decode().unwrap()
    }

    /// Of the issuer of both.
    fn key() -> PreparedKey {
        let issuer = include_str!("../../../fixtures/did/issuer.json");
        let key = text(issuer, "/verificationMethod/0/publicKeyBase58");
        PreparedKey::from_compressed(&bs58::decode(key).into_vec().unwrap()).unwrap()
    }

    /// Otherwise each would be verified by itself, which nobody could tell from the answers.
    #[test]
    fn proofs_that_hold_hold_together() {
        let (key, presentations) = (key(), [FULL, SELECTIVE]);
        let proofs = presentations.map(decoded);
        let claims = presentations.iter().zip(&proofs).map(|(json, proof)| {
            let presentation = UnverifiedPresentation::from_json(json.as_bytes()).unwrap();
            let credential = &presentation.credentials[0];
            let own = credential.proof.as_ref().unwrap();
            let nonce = STANDARD.decode(own.nonce.as_deref().unwrap()).unwrap();
            let lines = credential.statements.as_ref().unwrap().lines().iter().map(str::to_owned);
            let messages: Vec<String> =
                proof_statements(own).unwrap().into_iter().chain(lines).collect();
            proof.claim(&key, messages.into_iter(), &nonce).unwrap()
        });
        let mut claims: Vec<Claimed<'_>> = claims.collect();
        assert!(proofs[1].points.hidden.len() > 1);
        assert!(hold_together(&claims));
        claims[1].challenge = claims[0].challenge;
        assert!(!hold_together(&claims));
    }

    /// Whoever could know the weights before the proofs could make errors that cancel out.
    #[test]
    fn the_weights_depend_on_all_that_is_proven() {
        let (proof, key) = (decoded(FULL), key());
        let texts = |last: &str| {
            let mut texts = vec!["text"; proof.revealed().len()];
            *texts.last_mut().unwrap() = last;
            texts.into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        let seed_of = |nonce: &[u8], last: &str| {
            seed(&[proof.claim(&key, texts(last).into_iter(), nonce).unwrap()])
        };
        let one = seed_of(b"nonce", "text");
        assert_eq!(one, seed_of(b"nonce", "text"));
        let others = [seed_of(b"other", "text"), seed_of(b"nonce", "other"), seed(&[])];
        assert!(others.iter().all(|other| *other != one));
        assert_ne!(others[0], others[1]);
    }

    #[test]
    fn each_proof_has_weights_of_128_bits_of_its_own() {
        let mut all = Vec::new();
        for (seed, place) in [([0; 64], 0), ([0; 64], 1), ([1; 64], 0)] {
            let mut hash = State::new();
            hash.update(b"result-vp equation weights")
                .update(&seed)
                .update(&u64::to_le_bytes(place));
            let block = hash.finalize();
            let chunks = block.as_bytes().chunks_exact(16).take(3);
            let numbers = chunks.map(|it| u128::from_be_bytes(it.try_into().unwrap()));
            let expected: Vec<_> = numbers.map(|it| Scalar::from_u128(it).to_bytes()).collect();
            let found = weights(&seed, place).map(Scalar::to_bytes);
            assert_eq!(found.to_vec(), expected);
            all.extend(expected);
        }
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 9);
    }
}
