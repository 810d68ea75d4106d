//! Batches, and the same credentials as of several times.

use std::cell::Cell;

use chrono::{DateTime, Utc};

use super::{no_credentials, session, warnings, Begun, BegunProof, Decided, Question, Verifier};
use super::{ISSUANCE_DATE, VALID_FROM};
use crate::credential::UnverifiedCredential;
use crate::error::Error;
use crate::evidence::Evidence;
use crate::policy::{AsOf, ExpectedSession};
use crate::presentation::UnverifiedPresentation;
use crate::proof::{self, Answer};
use crate::report::{Report, SessionOutcomes, Warning};
use crate::session::{Session, SessionStatus};
use crate::statements::Graph;
use crate::time;

impl Verifier {
    /// Verifies many presentations as of several times: for each presentation one report for each
    /// time, in order. Each is the report of [`verify`](Self::verify) with that time as `now`; a
    /// proof is worked on once, unless its signer had another key at another time.
    ///
    /// `None` for [`AsOf::Issuance`] where a credential does not say when it was issued.
    pub fn verify_batch_as_of(
        &self,
        presentations: &[(&UnverifiedPresentation, ExpectedSession<'_>)],
        evidence: &Evidence,
        times: &[AsOf],
    ) -> Vec<Vec<Option<Report>>> {
        let mut asked: Vec<Vec<Asked<'_>>> = (presentations.iter())
            .map(|(presentation, session)| {
                let mut asked: Vec<Asked<'_>> = Vec::with_capacity(times.len());
                for time in times {
                    let question = time.of(presentation).map(|now| Question {
                        verifier: self,
                        session: *session,
                        evidence,
                        now,
                        work_left: Cell::new(evidence.contexts().limits().work),
                        is_of_evidence: false,
                    });
                    let before = asked.iter().find(|it| it.question.is_some());
                    let before = before.map_or(&[][..], |it| &it.begun);
                    let begun = question.as_ref().map_or(Vec::new(), |question| {
                        let mut before = before.iter();
                        (presentation.credentials.iter())
                            .map(|credential| question.begin_after(credential, before.next()))
                            .collect()
                    });
                    asked.push(Asked { question, begun });
                }
                asked
            })
            .collect();
        let proofs = asked.iter_mut().flatten().flat_map(|asked| &mut asked.begun);
        let proofs = proofs.filter_map(|begun| begun.proof.take_verifiable()).collect();
        let mut answers = proof::verify_all(proofs).into_iter();
        (presentations.iter().zip(asked))
            .map(|((presentation, _), asked)| {
                let mut reports: Vec<Option<Report>> = Vec::with_capacity(asked.len());
                let mut decided = Vec::new();
                for Asked { question, begun } in asked {
                    let before = reports.iter().flatten().next();
                    let report = question.map(|question| {
                        question.report(presentation, begun, &mut answers, before, &mut decided)
                    });
                    reports.push(report);
                }
                reports
            })
            .collect()
    }

    /// Verifies many sessions as of several times, as [`verify_batch_as_of`](Self::verify_batch_as_of)
    /// does; each is the report of [`verify_session`](Self::verify_session) with that time as `now`.
    ///
    /// # Errors
    ///
    /// For each session as [`verify_session`](Self::verify_session).
    pub fn verify_session_batch_as_of(
        &self,
        sessions: &[(&Session, ExpectedSession<'_>)],
        evidence: &Evidence,
        times: &[AsOf],
    ) -> Vec<Result<Vec<Option<Report>>, Error>> {
        let read: Vec<Result<Option<UnverifiedPresentation>, Error>> = (sessions.iter())
            .map(|(session, _)| {
                let succeeded = session.status() == SessionStatus::Success;
                let result = session.result_vp().filter(|_| succeeded);
                let contexts = evidence.contexts();
                result
                    .map(|it| UnverifiedPresentation::from_json_with(it.as_bytes(), contexts))
                    .transpose()
            })
            .collect();
        let presentations: Vec<(&UnverifiedPresentation, ExpectedSession<'_>)> = (read.iter())
            .zip(sessions)
            .filter_map(|(read, (_, expected))| Some((read.as_ref().ok()?.as_ref()?, *expected)))
            .collect();
        let mut all = self.verify_batch_as_of(&presentations, evidence, times).into_iter();
        drop(presentations);
        (read.into_iter().zip(sessions))
            .map(|(read, (session, expected))| {
                let reports = read?.and_then(|_| all.next());
                // Without a credential it is the same at any time.
                let without = || times.iter().map(|_| Some(no_credentials())).collect();
                let mut reports = reports.unwrap_or_else(without);
                // What a session says does not depend on the time of the question.
                let credentials = reports.iter().flatten().next().map(|it| &it.credentials[..]);
                let credentials = credentials.unwrap_or_default();
                let ids = session::government_ids(credentials);
                let policy = &self.policy;
                let outcomes = session::outcomes(policy, session, *expected, credentials, &ids);
                let warnings = warnings::requested_fields(session, &ids);
                for report in reports.iter_mut().flatten() {
                    report.session = outcomes.clone();
                    report.warnings.extend_from_slice(&warnings);
                }
                Ok(reports)
            })
            .collect()
    }
}

/// A question about a presentation, if there is a time to ask it at, and its credentials.
struct Asked<'q> {
    question: Option<Question<'q>>,
    begun: Vec<Begun>,
}

impl AsOf {
    fn of(self, presentation: &UnverifiedPresentation) -> Option<DateTime<Utc>> {
        match self {
            AsOf::Time(time) => Some(time),
            AsOf::Issuance => {
                let issued = presentation.credentials.iter().map(|credential| {
                    let graph = Graph::root(credential.statements.as_ref().ok()?);
                    let text = graph.literal(ISSUANCE_DATE).or_else(|| graph.literal(VALID_FROM));
                    time::instant(text?)
                });
                issued.collect::<Option<Vec<_>>>()?.into_iter().max()
            }
        }
    }
}

impl Question<'_> {
    /// Everything before the proof's equations; what was begun `before` at another time is not done
    /// again, and charged as if it were.
    fn begin_after(&self, credential: &UnverifiedCredential, before: Option<&Begun>) -> Begun {
        let Some(before) = before else { return self.begin(credential) };
        let signer = self.signer(credential);
        // The keys of the others may have changed as well.
        let is_alone = credential.further_proofs.is_empty();
        let is_same = is_alone
            && match (&before.signer, &signer) {
                (Ok(before), Ok(signer)) => {
                    before.method().map(|it| &it.key) == signer.method().map(|it| &it.key)
                }
                (Err(before), Err(reason)) => before == reason,
                _ => false,
            };
        match (is_same, self.work_left.get().checked_sub(before.work)) {
            (true, Some(left)) => {
                self.work_left.set(left);
                Begun { signer, proof: BegunProof::AsBefore, further: None, work: before.work }
            }
            _ => self.begin_signed(credential, signer),
        }
    }

    /// The report on all credentials. `before` is the first one, of another time; `decided` is what was
    /// found of the proofs then, or will be found now.
    fn report(
        &self,
        presentation: &UnverifiedPresentation,
        begun: Vec<Begun>,
        answers: &mut impl Iterator<Item = Answer>,
        before: Option<&Report>,
        decided: &mut Vec<Decided>,
    ) -> Report {
        let presented = self.presented(presentation);
        let mut credentials = Vec::with_capacity(begun.len());
        for (place, (credential, begun)) in presentation.credentials.iter().zip(begun).enumerate() {
            let earlier = before
                .filter(|_| matches!(begun.proof, BegunProof::AsBefore))
                .and_then(|before| before.credentials.get(place).zip(decided.get(place)));
            let (earlier, signer, proof) = match earlier {
                Some((earlier, proof)) => (Some(earlier), begun.signer, proof.clone()),
                None => {
                    let (signer, proof) = begun.decided(answers);
                    (None, signer, proof)
                }
            };
            if before.is_none() {
                decided.push(proof.clone());
            }
            credentials.push(self.finish(credential, signer, proof, &presented, earlier));
        }
        let warnings = match before {
            // They are about the text.
            Some(before) => before.warnings.clone(),
            None => {
                let unknown = presentation.has_unknown_members && presentation.proof.is_none();
                let unknown = unknown.then_some(Warning::UnsignedPresentationMembers);
                unknown.into_iter().chain(warnings::invisible_characters(&credentials)).collect()
            }
        };
        Report { session: SessionOutcomes::not_applicable(), credentials, warnings }
    }
}
