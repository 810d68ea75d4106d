//! A report as JSON, in the names of `result-vp verify --format json`.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use result_vp::session::SessionStatus;
use result_vp::{signed_claims, GovernmentId, Report, Session};
use result_vp_rows::{
    claims, instant, CheckCell, ClaimAnswer, CredentialSummary, VerificationSummary,
};
use serde::Serialize;

#[derive(Serialize)]
pub(crate) struct Answer<'r> {
    verdict: &'static str,
    session: Option<SessionAnswer<'r>>,
    checks: Vec<CheckCell<'static>>,
    credentials: Vec<CredentialAnswer>,
    warnings: Vec<(&'static str, Option<String>)>,
}

#[derive(Serialize)]
struct SessionAnswer<'r> {
    id: &'r str,
    state: String,
    fail_code: Option<String>,
    created: Option<String>,
    updated: Option<String>,
    retryable: bool,
    verifications: Vec<VerificationSummary>,
}

#[derive(Serialize)]
struct CredentialAnswer {
    #[serde(flatten)]
    summary: CredentialSummary,
    checks: Vec<CheckCell<'static>>,
    vocabulary: Option<&'static str>,
    claims: Option<BTreeMap<&'static str, ClaimAnswer>>,
    signed_claims: Option<BTreeMap<String, Vec<String>>>,
}

impl<'r> Answer<'r> {
    /// What is said of one session or presentation; claims only of what is accepted.
    pub(crate) fn new(session: Option<&'r Session>, report: Report, images: bool) -> Answer<'r> {
        let verdict = report.verdict().code();
        let checks = report.session_checks().into_iter().map(CheckCell::new).collect();
        let warnings = (report.warnings().iter())
            .map(|warning| (warning.code(), warning.detail().map(str::to_owned)))
            .collect();
        let mut credentials: Vec<CredentialAnswer> = (report.credentials().iter())
            .map(|credential| CredentialAnswer {
                summary: CredentialSummary::of(credential),
                checks: credential.checks().into_iter().map(CheckCell::new).collect(),
                vocabulary: None,
                claims: None,
                signed_claims: None,
            })
            .collect();
        let verified = report.into_verified().ok();
        let verified = verified.iter().flat_map(|verified| verified.credentials());
        for (answer, credential) in credentials.iter_mut().zip(verified) {
            let id = GovernmentId::from_credential(credential);
            answer.vocabulary = id.as_ref().map(GovernmentId::vocabulary);
            answer.claims = id.map(|id| claims(&id, images));
            answer.signed_claims = Some(signed_claims(credential).into_iter().collect());
        }
        let session = session.map(SessionAnswer::new);
        Answer { verdict, session, checks, credentials, warnings }
    }
}

impl SessionAnswer<'_> {
    fn new(session: &Session) -> SessionAnswer<'_> {
        let time = |time: Option<DateTime<Utc>>| time.map(instant);
        SessionAnswer {
            id: session.id(),
            state: session.state().name().to_string(),
            fail_code: session.fail_code().map(|code| code.name().to_string()),
            created: time(session.created()),
            updated: time(session.updated()),
            retryable: session.status() == SessionStatus::Retryable,
            verifications: VerificationSummary::all(session),
        }
    }
}
