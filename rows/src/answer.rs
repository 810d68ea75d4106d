//! What is said of one credential and of one verification, wherever it is said as JSON.

use result_vp::{CredentialReport, Session};
use serde::Serialize;

use crate::instant;

/// What a report says of a credential beside its checks and claims, in the names of [`CredentialReport`].
#[derive(Serialize)]
#[allow(missing_docs)]
pub struct CredentialSummary {
    pub verdict: &'static str,
    pub id: Option<String>,
    pub types: Vec<String>,
    pub issuer: Option<String>,
    pub verification_method: Option<String>,
    pub suite: Option<&'static str>,
    pub issuance_date: Option<String>,
    pub hidden_statements: Option<usize>,
}

impl CredentialSummary {
    /// Of one credential of a report.
    #[must_use]
    pub fn of(credential: &CredentialReport) -> CredentialSummary {
        CredentialSummary {
            verdict: credential.verdict().code(),
            id: credential.id().map(str::to_owned),
            types: credential.types().to_vec(),
            issuer: credential.issuer().map(ToString::to_string),
            verification_method: credential.verification_method().map(str::to_owned),
            suite: credential.suite(),
            issuance_date: credential.issuance_date().map(str::to_owned),
            hidden_statements: credential.hidden_statements(),
        }
    }
}

/// What the server says of one verification of a session; no proof covers it.
#[derive(Serialize)]
#[allow(missing_docs)]
pub struct VerificationSummary {
    pub id: String,
    pub r#type: String,
    pub state: String,
    pub fail_code: Option<String>,
    pub reused: Option<bool>,
    /// As RFC 3339 writes it.
    pub begun: Option<String>,
    /// As RFC 3339 writes it.
    pub updated: Option<String>,
}

impl VerificationSummary {
    /// Of all verifications of a session.
    #[must_use]
    pub fn all(session: &Session) -> Vec<VerificationSummary> {
        let of = |it: &result_vp::session::Verification| VerificationSummary {
            id: it.id().to_owned(),
            r#type: it.kind().name().to_string(),
            state: it.state().name().to_string(),
            fail_code: it.fail_code().map(|code| code.name().to_string()),
            reused: it.reused(),
            begun: it.begun().map(instant),
            updated: it.updated().map(instant),
        };
        session.verifications().iter().map(of).collect()
    }
}
