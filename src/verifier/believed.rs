//! Evidence that is itself a credential: a status list, a schema. It counts only as far as its own
//! checks go.

use std::sync::Arc;

use crate::credential::UnverifiedCredential;
use crate::did::Did;
use crate::evidence::SignedEvidence;
use crate::key::PublicKey;
use crate::policy::ExpectedSession;
use crate::proof::{self, Answer, ExaminedProof, Key, Layout};
use crate::report::{Check, Outcome, Reason, ReasonCode};
use crate::statements::names::ISSUER;
use crate::statements::Graph;

use super::{equations, Begun, BegunProof, Question, Verifier};

/// Why such a credential is not believed; the details are codes.
pub(super) enum Doubt {
    Rejected(String),
    Undecided(String),
    /// It is of nobody who may say this.
    Issuer,
}

/// A credential whose proof holds: a fact of its fingerprint and the key, whatever the question.
#[derive(Clone)]
pub(super) struct Proven {
    fingerprint: [u8; 32],
    key: [u8; 96],
    examined: Arc<ExaminedProof>,
    /// What the proof cost, and costs every question again: verdicts do not depend on the past.
    work: usize,
}

/// What is found of such a credential.
struct Asked {
    outcomes: [(Check, Outcome); 4],
    hidden: Option<usize>,
    issuer: Option<Did>,
}

fn detail(check: Check, reason: &Reason) -> String {
    format!("{}: {}", check.code(), reason.code().code())
}

impl Question<'_> {
    /// Verifies the evidence's own credential by the checks of every credential that concern it. It
    /// must be of the issuer, or of one of the others.
    pub(super) fn believe(
        &self,
        evidence: &SignedEvidence,
        issuer: &Did,
        others: &[Did],
    ) -> Result<(), Doubt> {
        let question = Question {
            verifier: self.verifier,
            session: ExpectedSession::InsecureAny,
            evidence: self.evidence,
            now: self.now,
            work_left: self.work_left.clone(),
            is_of_evidence: true,
        };
        let asked = question.ask_evidence(evidence);
        self.work_left.set(question.work_left.get());
        let Asked { outcomes, hidden, issuer: named } = asked?;
        let mut undecided = None;
        for (check, outcome) in &outcomes {
            match outcome {
                Outcome::Fail(reason) => return Err(Doubt::Rejected(detail(*check, reason))),
                Outcome::Indeterminate(reason) | Outcome::Waived(reason) => {
                    undecided.get_or_insert_with(|| detail(*check, reason));
                }
                Outcome::Pass | Outcome::NotApplicable => {}
            }
        }
        // It is nobody's to derive, so nothing of it may be hidden.
        if hidden != Some(0) {
            undecided.get_or_insert_with(|| {
                detail(Check::Disclosure, &ReasonCode::HiddenStatements.into())
            });
        }
        if let Some(detail) = undecided {
            return Err(Doubt::Undecided(detail));
        }
        match named {
            Some(it) if it == *issuer || others.contains(&it) => Ok(()),
            _ => Err(Doubt::Issuer),
        }
    }

    /// Asks the checks that concern it; its proof is worked on once for each key.
    fn ask_evidence(&self, evidence: &SignedEvidence) -> Result<Asked, Doubt> {
        let credential = &evidence.credential;
        let statements = credential.statements.as_ref().map_err(|refusal| {
            let check = match refusal.rule.is_context() {
                true => Check::Context,
                false => Check::UnsignedContent,
            };
            Doubt::Rejected(detail(check, &refusal.into()))
        })?;
        let mut begun = match self.proven(credential, &evidence.fingerprint) {
            Some(begun) => begun,
            None => self.begin(credential),
        };
        let verifiable = begun.proof.take_verifiable();
        let key = verifiable.as_ref().and_then(|(key, proof)| match key {
            Key::Bbs(key) => Some((*key.encoded(), equations(proof))),
            Key::Plain(_) => None,
        });
        let answers = proof::verify_all(verifiable.into_iter().collect());
        if let (Some((key, work)), [Answer::Examined(examined, Ok(()))]) = (key, &answers[..]) {
            let (fingerprint, examined) = (evidence.fingerprint, Arc::clone(examined));
            self.verifier.remember(Proven { fingerprint, key, examined, work });
        }
        let (signer, (examined, proof)) = begun.decided(&mut answers.into_iter());
        let graph = Graph::root(statements);
        let issuer = graph.iri(ISSUER).and_then(Did::parse);
        let layout = examined.as_deref().map(ExaminedProof::layout);
        let outcomes = [
            (Check::Proof, proof),
            (Check::Disclosure, self.disclosure(graph, examined.as_deref())),
            (Check::IssuerIsSigner, self.issuer_is_signer(issuer.as_ref(), signer.as_ref())),
            (Check::ValidityPeriod, self.validity_period(graph, credential, layout)),
        ];
        Ok(Asked { outcomes, hidden: layout.and_then(Layout::hidden_count), issuer })
    }

    /// The credential as one whose proof held before, if it did by the key that it names now.
    fn proven(&self, credential: &UnverifiedCredential, fingerprint: &[u8; 32]) -> Option<Begun> {
        if !credential.further_proofs.is_empty() {
            return None;
        }
        let signer = self.signer(credential).ok()?;
        let Ok(PublicKey::Bls12381G2(key)) = &signer.method()?.key else { return None };
        let proven = self.verifier.proven(fingerprint, key)?;
        self.work_left.set(self.work_left.get().checked_sub(proven.work)?);
        let proof = BegunProof::Decided(proven.examined, Outcome::Pass);
        Some(Begun { signer: Ok(signer), proof, further: None, work: proven.work })
    }
}

impl Verifier {
    fn proven(&self, fingerprint: &[u8; 32], key: &[u8; 96]) -> Option<Proven> {
        self.proven.find(|it| it.fingerprint == *fingerprint && it.key == *key)
    }

    fn remember(&self, proven: Proven) {
        if proven.examined.layout().bytes() <= MAX_TEXT {
            self.proven.keep(proven);
        }
    }
}

/// 16 MiB at the most; a list of 131,072 entries has 20 kB.
pub(super) const MAX_PROVEN: usize = 64;
const MAX_TEXT: usize = 256 << 10;
