//! The checks of a session.

use super::normalized;
use crate::government_id::GovernmentId;
use crate::policy::{ExpectedSession, Policy, Unknown};
use crate::report::{CredentialReport, Outcome, Reason, ReasonCode, SessionOutcomes};
use crate::session::{
    Contradiction, Session, SessionStatus, Verification, VerificationState, VerificationType,
};
use crate::statements::Lines;

/// What the facts of a session may be held against; `None` of a credential that is no government ID.
pub(super) fn government_ids(credentials: &[CredentialReport]) -> Vec<Option<GovernmentId>> {
    let statements = credentials.iter().map(|credential| credential.statements.as_ref());
    statements.map(|signed| GovernmentId::of_signed(signed?)).collect()
}

pub(super) fn outcomes(
    policy: &Policy,
    session: &Session,
    expected: ExpectedSession<'_>,
    credentials: &[CredentialReport],
    ids: &[Option<GovernmentId>],
) -> SessionOutcomes {
    let state = state(session.status());
    let (credential_count, normalized_data) = match state {
        Outcome::Pass => (
            credential_count(policy, session, credentials, ids),
            normalized_data(policy, session, ids),
        ),
        _ => (Outcome::NotApplicable, Outcome::NotApplicable),
    };
    let facts = facts(&session.contradictions());
    SessionOutcomes { state, facts, id: id(session, expected), credential_count, normalized_data }
}

/// Those that a credential must stand for.
pub(super) fn successes(session: &Session) -> impl Iterator<Item = &Verification> {
    let succeeded = |it: &&Verification| *it.state() == VerificationState::Success;
    session.verifications().iter().filter(succeeded)
}

fn state(status: SessionStatus) -> Outcome {
    let reason = match status {
        SessionStatus::Success => return Outcome::Pass,
        SessionStatus::Failed => ReasonCode::Failed,
        SessionStatus::NoResult => ReasonCode::NoResult,
        SessionStatus::Redacted => ReasonCode::Redacted,
        SessionStatus::Retryable => ReasonCode::UnfinishedRetryable,
        SessionStatus::Unfinished => ReasonCode::Unfinished,
        SessionStatus::UnknownState => ReasonCode::UnknownState,
    };
    Outcome::Fail(reason.into())
}

/// Fails by the first contradiction; the detail names the others.
fn facts(contradictions: &[Contradiction]) -> Outcome {
    let Some((first, others)) = contradictions.split_first() else { return Outcome::Pass };
    let code = match first {
        Contradiction::FailCodeWithoutFailure => ReasonCode::FailCodeWithoutFailure,
        Contradiction::MapKeyDiffers => ReasonCode::MapKeyDiffers,
        Contradiction::ResultWithoutSuccess => ReasonCode::ResultWithoutSuccess,
        Contradiction::SuccessWithFailCode => ReasonCode::SuccessWithFailCode,
    };
    let mut others: Vec<_> = others.iter().filter(|it| *it != first).map(|it| it.code()).collect();
    others.sort_unstable();
    others.dedup();
    Outcome::Fail(match others.is_empty() {
        true => code.into(),
        false => Reason::with(code, format!("also {}", others.join(", "))),
    })
}

fn id(session: &Session, expected: ExpectedSession<'_>) -> Outcome {
    match expected {
        ExpectedSession::Id(id) if id.as_str() == session.id() => Outcome::Pass,
        ExpectedSession::Id(_) => Outcome::Fail(ReasonCode::SessionIdDiffers.into()),
        ExpectedSession::InsecureAny => Outcome::Waived(ReasonCode::AnySession.into()),
    }
}

fn normalized_data(policy: &Policy, session: &Session, ids: &[Option<GovernmentId>]) -> Outcome {
    let copies: Vec<_> = successes(session).filter_map(Verification::normalized).collect();
    match (policy.normalized_data, normalized::agrees(&copies, ids)) {
        (Unknown::Skip, _) => Outcome::Waived(ReasonCode::Skipped.into()),
        (Unknown::Require, Outcome::NotApplicable) => {
            Outcome::Indeterminate(ReasonCode::NormalizedMissing.into())
        }
        (_, outcome) => outcome,
    }
}

/// One credential of its own for each successful verification, and of the kind that was verified.
fn credential_count(
    policy: &Policy,
    session: &Session,
    credentials: &[CredentialReport],
    ids: &[Option<GovernmentId>],
) -> Outcome {
    let (successes, count) = (successes(session).count(), credentials.len());
    if successes.saturating_mul(policy.credentials_per_verification) != count {
        return Outcome::Fail(Reason::with(
            ReasonCode::CredentialCountDiffers,
            format!("{successes} verifications, {count} credentials"),
        ));
    }
    let lines = credentials.iter().map(|it| Some(it.statements.as_ref()?.statements.lines()));
    let lines: Vec<Option<&Lines>> = lines.collect();
    let repeats = |(index, it): (usize, &Option<&Lines>)| {
        it.is_some() && lines.iter().skip(index.saturating_add(1)).any(|other| it == other)
    };
    if lines.iter().enumerate().any(repeats) {
        return Outcome::Fail(ReasonCode::CredentialRepeated.into());
    }
    let asks_for_ids =
        (self::successes(session)).all(|it| *it.kind() == VerificationType::GovernmentId);
    // One whose statements cannot be read fails by checks of its own.
    let is_other = |(credential, id): (&CredentialReport, &Option<GovernmentId>)| {
        credential.statements.is_some() && id.is_none()
    };
    match policy.credentials_per_verification == 1
        && asks_for_ids
        && credentials.iter().zip(ids).any(is_other)
    {
        true => Outcome::Fail(ReasonCode::NoGovernmentId.into()),
        false => Outcome::Pass,
    }
}
