//! The proof of a presentation itself: who presents the credentials, to whom and for what.

use super::{names_session, worse, Question, ASKED_PREFIXES, EQUATION_WORK};
use crate::credential::Proof;
use crate::did::{Did, Purpose};
use crate::policy::{ExpectedSession, HolderBinding};
use crate::presentation::{PresentationProof, UnverifiedPresentation};
use crate::proof::{self, Key, PlainProof, ProofFailure};
use crate::report::{Outcome, ReasonCode};
use crate::statements::{Graph, Node};

/// What is known of whoever made a presentation.
pub(super) struct Presented {
    pub(super) outcome: Outcome,
    /// The signer, if there is a proof and it holds.
    by: Option<Did>,
    /// Whether that proof names the expected session.
    names_session: bool,
    /// What tells that proof from every other; none without one that holds.
    marks: Vec<[u8; 32]>,
}

impl Question<'_> {
    /// Verifies the proof of the presentation, if it has one.
    pub(super) fn presented(&self, presentation: &UnverifiedPresentation) -> Presented {
        let nobody =
            |outcome| Presented { outcome, by: None, names_session: false, marks: Vec::new() };
        let Some(own) = &presentation.proof else { return nobody(Outcome::NotApplicable) };
        let proof = match &own.proof {
            Ok(Ok(proof)) => proof,
            Ok(Err(fault)) => return nobody(Outcome::Fail((*fault).into())),
            Err(refusal) => return nobody(Outcome::Fail(refusal.into())),
        };
        match self.signer_of_presentation(own, proof) {
            Err(outcome) => nobody(outcome),
            Ok((by, marks)) => {
                let (session, domain) = (self.challenge(proof), self.domain(proof));
                let names_session = session == Outcome::Pass;
                let outcome = worse(session, domain);
                Presented { outcome, by: Some(by), names_session, marks }
            }
        }
    }

    /// Who signed it, by a key for this purpose, at a time that fits the question; and the marks of that.
    fn signer_of_presentation(
        &self,
        own: &PresentationProof,
        proof: &Proof,
    ) -> Result<(Did, Vec<[u8; 32]>), Outcome> {
        let fail = |failure: ProofFailure| Outcome::Fail(failure.into());
        let decoded = PlainProof::of_presentation(proof).map_err(fail)?;
        let signer = self.signer_of(proof).map_err(Outcome::Indeterminate)?;
        let method = signer.method().ok_or(ReasonCode::VerificationMethodUnknown);
        let method = method.map_err(|code| Outcome::Fail(code.into()))?;
        // Anybody names such a key: it must not take the room of an issuer's, nor be worked on.
        if method.key.as_ref().is_ok_and(|key| !decoded.admits(key)) {
            return Err(fail(ProofFailure::KeyType));
        }
        let key = self.key_of(method).map_err(|reason| match reason.code() {
            ReasonCode::NotBuilt => Outcome::Indeterminate(reason),
            _ => Outcome::Fail(reason),
        })?;
        let Key::Plain(key) = key else { return Err(fail(ProofFailure::KeyType)) };
        let work = decoded.equations().saturating_mul(EQUATION_WORK);
        let left = self.work_left.get().checked_sub(work);
        let left = left.ok_or_else(|| Outcome::Indeterminate(ReasonCode::WorkLimit.into()))?;
        self.work_left.set(left);
        decoded.verify(&key).map_err(fail)?;
        if let Some(code) = self.unfit(&signer, method, Purpose::Authentication) {
            return Err(Outcome::Fail(code.into()));
        }
        self.time_of_proof(proof).map_err(Outcome::Fail)?;
        // What names nobody that is known names another.
        let is_signer = |holder: &String| Did::parse(holder).as_ref() == Some(&signer.did);
        match own.holders.iter().all(is_signer) {
            true => Ok((signer.did, proof::marks_of(proof, &decoded))),
            false => Err(Outcome::Fail(ReasonCode::HolderDiffers.into())),
        }
    }

    /// Its challenge must name the expected session, exactly.
    fn challenge(&self, proof: &Proof) -> Outcome {
        let expected = match self.session {
            ExpectedSession::Id(id) => id.as_str(),
            ExpectedSession::InsecureAny => return Outcome::Waived(ReasonCode::AnySession.into()),
        };
        let Some(challenge) = &proof.challenge else {
            return Outcome::Fail(ReasonCode::NonceMissing.into());
        };
        match names_session(challenge.as_bytes(), expected, &ASKED_PREFIXES) {
            true => Outcome::Pass,
            false => Outcome::Fail(ReasonCode::NonceDiffers.into()),
        }
    }

    /// It is made for the policy's domain, and for no other one alone.
    pub(super) fn domain(&self, proof: &Proof) -> Outcome {
        match &self.verifier.policy.domain {
            Some(domain) if proof.domains.contains(domain) => Outcome::Pass,
            Some(_) => Outcome::Fail(ReasonCode::DomainDiffers.into()),
            None if proof.domains.is_empty() => Outcome::Pass,
            None => Outcome::Waived(ReasonCode::DomainNotCompared.into()),
        }
    }
}

impl Presented {
    /// Whether it binds credentials to the expected session that no proof of their own does.
    pub(super) fn session(&self) -> Outcome {
        match &self.outcome {
            _ if self.names_session => Outcome::Pass,
            Outcome::NotApplicable => Outcome::Fail(ReasonCode::NonceMissing.into()),
            // Why is told once.
            _ => Outcome::Indeterminate(ReasonCode::PresentationUnproven.into()),
        }
    }

    /// What tells one showing of a credential from another, where that is not its own proof: the issuer
    /// made it once, and the holder shows it often.
    pub(super) fn marks(&self) -> &[[u8; 32]] {
        &self.marks
    }

    /// Whether the subject of the credential presents it, if the policy asks.
    pub(super) fn holder(&self, binding: HolderBinding, graph: Graph<'_>) -> Outcome {
        if binding == HolderBinding::Any {
            return Outcome::NotApplicable;
        }
        let Some(by) = &self.by else {
            return match self.outcome {
                Outcome::NotApplicable => Outcome::Fail(ReasonCode::HolderUnproven.into()),
                _ => Outcome::Indeterminate(ReasonCode::PresentationUnproven.into()),
            };
        };
        let subject = graph.subject().and_then(|subject| match subject.node() {
            Node::Iri(iri) => Did::parse(iri),
            Node::Blank(_) => None,
        });
        match subject.as_ref() == Some(by) {
            true => Outcome::Pass,
            false => Outcome::Fail(ReasonCode::HolderDiffers.into()),
        }
    }
}
