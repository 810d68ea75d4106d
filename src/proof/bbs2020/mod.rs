//! The cryptography of `BbsBlsSignature2020` and `BbsBlsSignatureProof2020`.
//!
//! Messages are texts and are hashed here. No function takes a message that is a scalar already: the
//! challenge of a derived proof does not cover the revealed messages, so whoever could choose a
//! scalar freely could forge one (`docs/soundness.md`).

mod batch;
mod encoding;
mod key;

pub(crate) use batch::verify_all;
pub(crate) use encoding::{DecodedProof, DerivedProof, ProofProblem, Signature};
pub(in crate::proof) use key::generator_lines;
pub(crate) use key::{KeyProblem, PreparedKey};

use std::sync::Arc;

use blake2b_simd::many::{hash_many, HashManyJob};
use blake2b_simd::Params;

use crate::proof::curve::{product_is_one, to_affine, Scalar, Sum, Table, G1};
use key::Generators;

/// A derived proof and what it is said to prove: messages of a signature of the key, for a nonce.
pub(crate) struct Claimed<'p> {
    proof: &'p DecodedProof,
    key: &'p PreparedKey,
    generators: Arc<Generators>,
    /// The revealed messages at their indices, ascending.
    shown: Vec<(usize, Scalar)>,
    challenge: Scalar,
}

impl DecodedProof {
    /// Says that the revealed messages, in order of their indices, are messages of one signature of
    /// the key, and that the proof was made for the nonce.
    pub(crate) fn claim<'p, M: AsRef<[u8]>>(
        &'p self,
        key: &'p PreparedKey,
        messages: impl ExactSizeIterator<Item = M>,
        nonce: &[u8],
    ) -> Result<Claimed<'p>, ProofProblem> {
        if messages.len() != self.revealed().len() {
            return Err(ProofProblem::StatementCount);
        }
        if nonce.is_empty() {
            return Err(ProofProblem::EmptyNonce);
        }
        let generators = key.generators(self.message_count());
        let shown: Vec<(usize, Scalar)> =
            (self.revealed().iter().copied()).zip(hash_all(messages)).collect();
        let mut claimed =
            Claimed { proof: self, key, generators, shown, challenge: Scalar::from_u128(0) };
        claimed.challenge = claimed.hash(nonce);
        Ok(claimed)
    }
}

impl Claimed<'_> {
    /// The challenge: what the proof commits to, and the nonce.
    fn hash(&self, nonce: &[u8]) -> Scalar {
        let points = &self.proof.points;
        let h0 = self.generators.blinding.to_uncompressed();
        let mut transcript = digest().to_state();
        for point in [points.a_bar, points.a_prime] {
            transcript.update(&point.to_uncompressed());
        }
        transcript.update(&h0);
        for point in [points.t1, points.d] {
            transcript.update(&point.to_uncompressed());
        }
        transcript.update(&h0);
        for index in self.hidden() {
            if let Some(generator) = self.generators.messages().get(index) {
                transcript.update(&generator.to_uncompressed());
            }
        }
        transcript.update(&points.t2.to_uncompressed());
        transcript.update(&to_scalar(&digest().hash(nonce)).to_bytes());
        to_scalar(&transcript.finalize())
    }

    /// The indices of the hidden messages, ascending.
    fn hidden(&self) -> impl Iterator<Item = usize> + '_ {
        let mut revealed = self.proof.revealed().iter().copied().peekable();
        (0..self.proof.message_count()).filter(move |index| revealed.next_if_eq(index).is_none())
    }

    /// Verifies the proof.
    ///
    /// T1 and T2 are computed and compared. All that they are computed from is in the group, so
    /// where they are equal they are in the group too; only where they are not is it asked, because
    /// the problem has another name then.
    pub(crate) fn verify(&self) -> Result<(), ProofProblem> {
        let points = &self.proof.points;
        let a_prime = points.a_prime.in_group()?;
        let a_bar = points.a_bar.in_group()?;
        let d = points.d.in_group()?;
        let [first, second] = self.commitments(a_prime, a_bar, d);
        if !(first.is(&points.t1.affine()) && second.is(&points.t2.affine())) {
            points.t1.in_group()?;
            points.t2.in_group()?;
            return Err(ProofProblem::Equation);
        }
        // e(A', w) = e(Abar, g2)
        let pairs =
            [(self.key.lines(), a_prime.affine()), (generator_lines(), a_bar.affine().negated())];
        if !product_is_one(&pairs) {
            return Err(ProofProblem::Equation);
        }
        self.key.proved(&self.generators, &self.shown);
        Ok(())
    }

    /// What T1 and T2 must be.
    fn commitments(&self, a_prime: G1, a_bar: G1, d: G1) -> [Sum; 2] {
        let points = &self.proof.points;
        let negated = self.challenge.negated();
        let bases = self.generators.bases();
        let mut rows = bases.messages();
        let mut difference = Sum::identity();
        difference.add(&a_bar.affine());
        difference.add(&d.affine().negated());
        let difference = to_affine(&[difference]);
        let mut variable = vec![a_prime.affine(), d.affine()];
        variable.extend(difference);
        let variable = Table::new(&variable, VARIABLE_WIDTH);
        let mut variable = variable.rows();

        let (mut first, mut second, mut messages) = (Vec::new(), Vec::new(), Vec::new());
        let ([z1_0, z1_1], [z2_0, z2_1]) = (points.z1, points.z2);
        // z1_0·A' + z1_1·h0 + c·(Abar - D) = T1
        first.extend(variable.next().map(|a_prime| a_prime.times(z1_0)));
        second.extend(variable.next().map(|d| d.times(z2_0)));
        first.extend(variable.next().map(|difference| difference.times(self.challenge)));
        if let Some(h0) = bases.blinding() {
            first.push(h0.times(z1_1));
            second.push(h0.times(z2_1));
        }
        // z2_0·D + z2_1·h0 + Σ z_j·h_j (hidden) - c·(g1 + Σ m_i·h_i (revealed)) = T2
        let known = self.generators.known().filter(|known| {
            known.scalars.iter().all(|(index, scalar)| self.shown_at(*index) == Some(scalar))
        });
        let mut constants =
            known.iter().flat_map(|known| &known.scalars).map(|(index, _)| *index).peekable();
        let mut hidden = points.hidden.iter();
        let mut shown = self.shown.iter().peekable();
        for index in 0..self.proof.message_count() {
            let Some(row) = rows.next() else { break };
            match shown.next_if(|(known, _)| *known == index) {
                None => messages.extend(hidden.next().map(|response| row.times(*response))),
                Some(_) if constants.next_if_eq(&index).is_some() => {}
                Some((_, message)) => messages.push(row.times(message.times(negated))),
            }
        }
        // g1 alone, or with the statements whose sum is known.
        let rest = match &known {
            Some(known) => known.table.rows().next(),
            None => bases.generator(),
        };
        second.extend(rest.map(|rest| rest.times(negated)));
        bases.sums([first, second], messages)
    }

    fn shown_at(&self, index: usize) -> Option<&Scalar> {
        let found = self.shown.binary_search_by_key(&index, |(shown, _)| *shown).ok()?;
        self.shown.get(found).map(|(_, scalar)| scalar)
    }
}

impl Signature {
    /// Verifies the signature over the messages: e(A, w) = e(g1 + s·h0 + Σ m_k·h_k - e·A, g2).
    pub(crate) fn verify<M: AsRef<[u8]>>(
        &self,
        key: &PreparedKey,
        messages: impl ExactSizeIterator<Item = M>,
    ) -> Result<(), ProofProblem> {
        if !(1..=MAX_MESSAGES).contains(&messages.len()) {
            return Err(ProofProblem::MessageCount);
        }
        let (a, e, s) = self.parts()?;
        let generators = key.generators(messages.len());
        let bases = generators.bases();
        let variable = Table::new(&[a.affine()], VARIABLE_WIDTH);
        let shown: Vec<(usize, Scalar)> = (0..).zip(hash_all(messages)).collect();
        let rows = bases.messages().zip(&shown);
        let of_messages = rows.map(|(row, (_, message))| row.times(*message)).collect();
        let mut terms: Vec<_> = variable.rows().map(|a| a.times(e.negated())).collect();
        terms.extend(bases.blinding().map(|h0| h0.times(s)));
        let [mut sum] = bases.sums([terms], of_messages);
        sum.add(&G1::generator().affine());
        if sum.is_identity() {
            return Err(ProofProblem::Equation);
        }
        let mut pairs = vec![(key.lines(), a.affine())];
        pairs.extend(to_affine(&[sum]).into_iter().map(|b| (generator_lines(), b.negated())));
        match product_is_one(&pairs) {
            true => {
                key.proved(&generators, &shown);
                Ok(())
            }
            false => Err(ProofProblem::Equation),
        }
    }
}

/// H of the suite for many messages: they are hashed side by side.
fn hash_all<M: AsRef<[u8]>>(messages: impl Iterator<Item = M>) -> Vec<Scalar> {
    let (digest, messages) = (digest(), messages.collect::<Vec<M>>());
    let bytes = messages.iter().map(AsRef::as_ref);
    let mut jobs: Vec<HashManyJob<'_>> =
        bytes.map(|bytes| HashManyJob::new(&digest, bytes)).collect();
    hash_many(&mut jobs);
    jobs.iter().map(|job| to_scalar(&job.to_hash())).collect()
}

/// A BLAKE2b digest of 48 bytes.
fn digest() -> Params {
    let mut digest = Params::new();
    digest.hash_length(48);
    digest
}

/// A digest as a big-endian number, modulo the group order.
fn to_scalar(digest: &blake2b_simd::Hash) -> Scalar {
    let mut bytes = [0; 48];
    bytes.iter_mut().zip(digest.as_bytes()).for_each(|(to, from)| *to = *from);
    Scalar::reduce(&bytes)
}

/// A Trinsic result has 29; a generator costs about a twentieth of a millisecond.
pub(in crate::proof) const MAX_MESSAGES: usize = 1024;
/// Of tables that are built for one proof.
const VARIABLE_WIDTH: usize = 4;
