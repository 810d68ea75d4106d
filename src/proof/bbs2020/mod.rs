//! The cryptography of `BbsBlsSignature2020` and `BbsBlsSignatureProof2020`.
//!
//! Messages are texts and are hashed here. No function takes a message that is a scalar already: the
//! challenge of a derived proof does not cover the revealed messages, so whoever could choose a
//! scalar freely could forge one (`docs/soundness.md`).

mod curve;
mod encoding;
mod key;

pub(crate) use encoding::{DerivedProof, ProofProblem, Signature};
pub(crate) use key::{KeyProblem, PreparedKey};

use blake2::digest::consts::U48;
use blake2::{Blake2b, Digest};
use curve::{pairings_agree, Scalar, G1, G2};

impl DerivedProof {
    /// Verifies the proof: the revealed messages, in order of their indices, are messages of one
    /// signature of the key, and the proof was made for the nonce.
    pub(crate) fn verify<M: AsRef<[u8]>>(
        &self,
        key: &PreparedKey,
        messages: &[M],
        nonce: &[u8],
    ) -> Result<(), ProofProblem> {
        if messages.len() != self.revealed().len() {
            return Err(ProofProblem::StatementCount);
        }
        if nonce.is_empty() {
            return Err(ProofProblem::EmptyNonce);
        }
        let points = self.points()?;
        let generators = key.generators(self.message_count());
        let hidden = || {
            let is_hidden = |index: &usize| self.revealed().binary_search(index).is_err();
            let indices = (0..self.message_count()).filter(is_hidden);
            indices.filter_map(|index| generators.messages.get(index).copied())
        };
        let h0 = generators.blinding;

        let mut transcript = Blake2b::<U48>::new();
        for point in [points.a_bar, points.a_prime, h0, points.t1, points.d, h0] {
            transcript.update(point.to_uncompressed());
        }
        hidden().for_each(|generator| transcript.update(generator.to_uncompressed()));
        transcript.update(points.t2.to_uncompressed());
        transcript.update(hash(nonce).to_bytes());
        let challenge = Scalar::reduce(&transcript.finalize().into());
        let negated = challenge.negated();

        // z1_0·A' + z1_1·h0 + c·(Abar - D) = T1
        let first = [
            (points.a_prime, points.z1[0]),
            (h0, points.z1[1]),
            (points.a_bar, challenge),
            (points.d, negated),
        ];
        // z2_0·D + z2_1·h0 + Σ z_j·h_j (hidden) - c·(g1 + Σ m_i·h_i (revealed)) = T2
        let mut second = vec![(points.d, points.z2[0]), (h0, points.z2[1])];
        second.extend(hidden().zip(points.hidden.iter().copied()));
        second.push((G1::generator(), negated));
        let revealed = self.revealed().iter().filter_map(|&index| generators.messages.get(index));
        second.extend(
            revealed.zip(messages).map(|(h, message)| (*h, hash(message.as_ref()).times(negated))),
        );
        let holds = points.t1.is_sum(&first)
            && points.t2.is_sum(&second)
            && pairings_agree((&points.a_prime, key.point()), (&points.a_bar, &G2::generator()));
        holds.then_some(()).ok_or(ProofProblem::Equation)
    }
}

impl Signature {
    /// Verifies the signature over the messages: e(A, w) = e(g1 + s·h0 + Σ m_k·h_k - e·A, g2).
    pub(crate) fn verify<M: AsRef<[u8]>>(
        &self,
        key: &PreparedKey,
        messages: &[M],
    ) -> Result<(), ProofProblem> {
        if !(1..=MAX_MESSAGES).contains(&messages.len()) {
            return Err(ProofProblem::MessageCount);
        }
        let (a, e, s) = self.parts()?;
        let generators = key.generators(messages.len());
        let mut terms =
            vec![(G1::generator(), Scalar::one()), (generators.blinding, s), (a, e.negated())];
        let hashed = messages.iter().map(|message| hash(message.as_ref()));
        terms.extend(generators.messages.iter().copied().zip(hashed));
        let holds = G1::sum(&terms)
            .is_some_and(|b| pairings_agree((&a, key.point()), (&b, &G2::generator())));
        holds.then_some(()).ok_or(ProofProblem::Equation)
    }
}

/// H of the suite: a 48-byte BLAKE2b digest as a big-endian number, modulo the group order.
fn hash(bytes: &[u8]) -> Scalar {
    Scalar::reduce(&Blake2b::<U48>::digest(bytes).into())
}

/// A Trinsic result has 29; a generator costs about a tenth of a millisecond.
const MAX_MESSAGES: usize = 1024;
