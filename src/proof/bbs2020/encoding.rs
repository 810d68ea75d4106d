//! The bytes of a proof value: every length and count is checked before any curve work.

use super::MAX_MESSAGES;
use crate::proof::curve::{NoPoint, OnCurve, Scalar, G1};

/// Why a proof value fails.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ProofProblem {
    EmptyNonce,
    Equation,
    InnerLength,
    Length,
    MessageCount,
    PointIdentity,
    PointNotInSubgroup,
    PointNotOnCurve,
    ResponseCount,
    Scalar,
    StatementCount,
    UnusedBits,
}

impl ProofProblem {
    /// The stable name of the problem.
    pub(crate) fn code(self) -> &'static str {
        match self {
            ProofProblem::EmptyNonce => "empty_nonce",
            ProofProblem::Equation => "equation",
            ProofProblem::InnerLength => "inner_length",
            ProofProblem::Length => "length",
            ProofProblem::MessageCount => "message_count",
            ProofProblem::PointIdentity => "point_identity",
            ProofProblem::PointNotInSubgroup => "point_not_in_subgroup",
            ProofProblem::PointNotOnCurve => "point_not_on_curve",
            ProofProblem::ResponseCount => "response_count",
            ProofProblem::Scalar => "scalar",
            ProofProblem::StatementCount => "statement_count",
            ProofProblem::UnusedBits => "unused_bits",
        }
    }
}

impl From<NoPoint> for ProofProblem {
    fn from(problem: NoPoint) -> Self {
        match problem {
            NoPoint::Encoding => ProofProblem::PointNotOnCurve,
            NoPoint::Subgroup => ProofProblem::PointNotInSubgroup,
            NoPoint::Identity => ProofProblem::PointIdentity,
        }
    }
}

/// A `BbsBlsSignatureProof2020` value whose lengths and counts agree.
pub(crate) struct DerivedProof {
    /// The value itself, from its first byte.
    encoded: Vec<u8>,
    message_count: usize,
    revealed: Vec<usize>,
    body: Body,
}

/// The parts of the value, still encoded.
struct Body {
    /// A', Abar, D, T1, T2.
    points: [[u8; 48]; 5],
    z1: [[u8; 32]; 2],
    z2: [[u8; 32]; 2],
    hidden: Vec<[u8; 32]>,
}

/// A derived proof whose points are on the curve and not the identity, and whose scalars are below
/// the group order. That the points are of the group is not known yet.
pub(crate) struct DecodedProof {
    pub(super) encoded: Vec<u8>,
    message_count: usize,
    revealed: Vec<usize>,
    pub(super) points: Points,
}

/// The decoded parts of a derived proof.
pub(super) struct Points {
    pub(super) a_prime: OnCurve,
    pub(super) a_bar: OnCurve,
    pub(super) d: OnCurve,
    pub(super) t1: OnCurve,
    pub(super) t2: OnCurve,
    pub(super) z1: [Scalar; 2],
    pub(super) z2: [Scalar; 2],
    pub(super) hidden: Vec<Scalar>,
}

impl DerivedProof {
    /// Reads the value: count, bit vector, lengths. No curve work is done.
    #[expect(clippy::arithmetic_side_effects, reason = "there are at most MAX_MESSAGES")]
    pub(crate) fn shape(bytes: &[u8]) -> Result<DerivedProof, ProofProblem> {
        let mut reader = Reader(bytes);
        let message_count = usize::from(u16::from_be_bytes(reader.array()?));
        if !(1..=MAX_MESSAGES).contains(&message_count) {
            return Err(ProofProblem::MessageCount);
        }
        // Integer division: a count of 16 has three bytes. The last byte holds the first indices.
        let bits = reader.take(message_count / 8 + 1)?;
        let mut revealed = Vec::new();
        for (position, byte) in bits.iter().rev().enumerate() {
            let set = (0..8).filter(|bit| byte >> bit & 1 == 1);
            revealed.extend(set.map(|bit| position * 8 + bit));
        }
        if revealed.last().is_some_and(|&last| last >= message_count) {
            return Err(ProofProblem::UnusedBits);
        }
        let hidden_count = message_count - revealed.len();
        let rest = 3 * 48 + 4 + FIRST_LENGTH + 48 + 4 + 32 * (2 + hidden_count);
        if reader.0.len() != rest {
            return Err(ProofProblem::Length);
        }
        let (a_prime, a_bar, d) = (reader.array()?, reader.array()?, reader.array()?);
        if reader.count()? != FIRST_LENGTH {
            return Err(ProofProblem::InnerLength);
        }
        let t1 = reader.array()?;
        if reader.count()? != 2 {
            return Err(ProofProblem::ResponseCount);
        }
        let z1 = [reader.array()?, reader.array()?];
        let t2 = reader.array()?;
        if reader.count()? != 2 + hidden_count {
            return Err(ProofProblem::ResponseCount);
        }
        let z2 = [reader.array()?, reader.array()?];
        let hidden = (0..hidden_count).map(|_| reader.array()).collect::<Result<_, _>>()?;
        let body = Body { points: [a_prime, a_bar, d, t1, t2], z1, z2, hidden };
        Ok(DerivedProof { encoded: bytes.to_vec(), message_count, revealed, body })
    }

    /// How many messages were signed.
    pub(crate) fn message_count(&self) -> usize {
        self.message_count
    }

    /// The indices of the revealed messages, ascending.
    pub(crate) fn revealed(&self) -> &[usize] {
        &self.revealed
    }

    /// Decodes every point and scalar.
    ///
    /// # Errors
    ///
    /// The first problem in the order of the value, points before scalars, and being of the group
    /// is asked of each point before the next: as if every point were checked in full at once.
    pub(crate) fn decode(self) -> Result<DecodedProof, ProofProblem> {
        match self.body.decode() {
            Ok(points) => Ok(DecodedProof {
                encoded: self.encoded,
                message_count: self.message_count,
                revealed: self.revealed,
                points,
            }),
            Err(problem) => {
                for bytes in &self.body.points {
                    OnCurve::from_compressed(bytes)?.in_group()?;
                }
                Err(problem)
            }
        }
    }
}

impl Body {
    fn decode(&self) -> Result<Points, ProofProblem> {
        let scalar = |bytes| Scalar::from_canonical(bytes).ok_or(ProofProblem::Scalar);
        let [a_prime, a_bar, d, t1, t2] = &self.points;
        let [z1_0, z1_1] = &self.z1;
        let [z2_0, z2_1] = &self.z2;
        Ok(Points {
            a_prime: OnCurve::from_compressed(a_prime)?,
            a_bar: OnCurve::from_compressed(a_bar)?,
            d: OnCurve::from_compressed(d)?,
            t1: OnCurve::from_compressed(t1)?,
            t2: OnCurve::from_compressed(t2)?,
            z1: [scalar(z1_0)?, scalar(z1_1)?],
            z2: [scalar(z2_0)?, scalar(z2_1)?],
            hidden: self.hidden.iter().map(scalar).collect::<Result<_, _>>()?,
        })
    }
}

impl DecodedProof {
    /// How many messages were signed.
    pub(crate) fn message_count(&self) -> usize {
        self.message_count
    }

    /// The indices of the revealed messages, ascending.
    pub(crate) fn revealed(&self) -> &[usize] {
        &self.revealed
    }

    /// Whether every point is of the group, each asked by itself.
    pub(crate) fn check_membership(&self) -> Result<(), ProofProblem> {
        for point in self.points.all() {
            point.in_group()?;
        }
        Ok(())
    }
}

impl Points {
    /// In the order of the value.
    pub(super) fn all(&self) -> [OnCurve; 5] {
        [self.a_prime, self.a_bar, self.d, self.t1, self.t2]
    }
}

/// A `BbsBlsSignature2020` value: A, e and s.
pub(crate) struct Signature([u8; 112]);

impl Signature {
    /// Reads the value: its length is its only shape.
    pub(crate) fn shape(bytes: &[u8]) -> Result<Signature, ProofProblem> {
        bytes.try_into().map(Signature).map_err(|_| ProofProblem::Length)
    }

    pub(super) fn parts(&self) -> Result<(G1, Scalar, Scalar), ProofProblem> {
        let mut reader = Reader(&self.0);
        let a = OnCurve::from_compressed(&reader.array()?)?.in_group()?;
        let mut scalar = || -> Result<Scalar, ProofProblem> {
            Scalar::from_canonical(&reader.array()?).ok_or(ProofProblem::Scalar)
        };
        Ok((a, scalar()?, scalar()?))
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], ProofProblem> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(ProofProblem::Length)?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ProofProblem> {
        self.take(N)?.try_into().map_err(|_| ProofProblem::Length)
    }

    fn count(&mut self) -> Result<usize, ProofProblem> {
        usize::try_from(u32::from_be_bytes(self.array()?)).map_err(|_| ProofProblem::Length)
    }
}

/// T1, the number 2 and two responses.
const FIRST_LENGTH: usize = 48 + 4 + 2 * 32;

#[cfg(test)]
mod exhaustive;
