//! The JSON answer: one object, versioned.

use std::collections::BTreeMap;

use result_vp::{
    signed_claims, Check, Claim, DatePrecision, GovernmentId, Image, Outcome, Report, Session,
    Verdict, VerifiedCredential,
};
use serde::Serialize;

use crate::Exit;

#[derive(Serialize)]
pub(crate) struct Document {
    schema: u32,
    pub(crate) verdict: &'static str,
    pub(crate) results: Vec<Answer>,
}

impl Document {
    pub(crate) fn new(results: Vec<Answer>) -> Document {
        let verdict = match Exit::worst(results.iter().map(Answer::exit)) {
            Exit::Accepted => "accepted",
            Exit::Rejected => "rejected",
            Exit::Indeterminate => "indeterminate",
            _ => "error",
        };
        Document { schema: 1, verdict, results }
    }
}

/// What was found about one session or presentation.
#[derive(Serialize)]
pub(crate) struct Answer {
    pub(crate) input: String,
    pub(crate) record: usize,
    pub(crate) verdict: &'static str,
    pub(crate) error: Option<String>,
    pub(crate) session: Option<SessionAnswer>,
    pub(crate) credentials: Vec<CredentialAnswer>,
    pub(crate) warnings: Vec<WarningAnswer>,
}

#[derive(Serialize)]
pub(crate) struct SessionAnswer {
    pub(crate) id: String,
    pub(crate) id_from: &'static str,
    pub(crate) state: String,
    pub(crate) fail_code: Option<String>,
    pub(crate) created: Option<String>,
    pub(crate) updated: Option<String>,
    pub(crate) retryable: bool,
    pub(crate) verifications: Vec<VerificationAnswer>,
    pub(crate) unsigned: bool,
    pub(crate) checks: Vec<CheckAnswer>,
}

#[derive(Serialize)]
pub(crate) struct VerificationAnswer {
    id: String,
    r#type: String,
    pub(crate) state: String,
    pub(crate) fail_code: Option<String>,
    reused: Option<bool>,
    begun: Option<String>,
    updated: Option<String>,
}

#[derive(Serialize)]
pub(crate) struct CredentialAnswer {
    pub(crate) verdict: &'static str,
    id: Option<String>,
    pub(crate) types: Vec<String>,
    pub(crate) issuer: Option<String>,
    verification_method: Option<String>,
    suite: Option<&'static str>,
    issuance_date: Option<String>,
    pub(crate) hidden_statements: Option<usize>,
    pub(crate) checks: Vec<CheckAnswer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) claims: Option<BTreeMap<&'static str, ClaimAnswer>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signed_claims: Option<BTreeMap<String, Vec<String>>>,
}

#[derive(Serialize)]
pub(crate) struct CheckAnswer {
    pub(crate) check: &'static str,
    pub(crate) outcome: &'static str,
    pub(crate) code: Option<&'static str>,
    pub(crate) detail: Option<String>,
    #[serde(skip)]
    pub(crate) meaning: &'static str,
}

#[derive(Default, Serialize)]
pub(crate) struct ClaimAnswer {
    pub(crate) state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    precision: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) media_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) bytes: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
}

#[derive(Serialize)]
pub(crate) struct WarningAnswer {
    pub(crate) code: &'static str,
    pub(crate) detail: Option<String>,
}

impl Answer {
    pub(crate) fn unreadable(input: &str, record: usize, error: String) -> Answer {
        Answer {
            input: input.to_owned(),
            record,
            verdict: "error",
            error: Some(error),
            session: None,
            credentials: Vec::new(),
            warnings: Vec::new(),
        }
    }

    pub(crate) fn new(
        input: &str,
        record: usize,
        session: Option<(&Session, bool)>,
        report: Report,
        images: bool,
    ) -> Answer {
        let verdict = report.verdict().code();
        let session = session.map(|(session, id_from_caller)| {
            SessionAnswer::new(session, id_from_caller, report.session_checks())
        });
        let mut credentials: Vec<CredentialAnswer> = (report.credentials().iter())
            .map(|credential| CredentialAnswer {
                verdict: credential.verdict().code(),
                id: credential.id().map(str::to_owned),
                types: credential.types().to_vec(),
                issuer: credential.issuer().map(ToString::to_string),
                verification_method: credential.verification_method().map(str::to_owned),
                suite: credential.suite(),
                issuance_date: credential.issuance_date().map(str::to_owned),
                hidden_statements: credential.hidden_statements(),
                checks: checks(credential.checks()),
                claims: None,
                signed_claims: None,
            })
            .collect();
        let warnings = (report.warnings().iter())
            .map(|warning| WarningAnswer {
                code: warning.code(),
                detail: warning.detail().map(str::to_owned),
            })
            .collect();
        if let Ok(verified) = report.into_verified() {
            for (answer, credential) in credentials.iter_mut().zip(verified.credentials()) {
                answer.claims = claims(credential, images);
                answer.signed_claims = Some(signed_claims(credential).into_iter().collect());
            }
        }
        Answer {
            input: input.to_owned(),
            record,
            verdict,
            error: None,
            session,
            credentials,
            warnings,
        }
    }

    pub(crate) fn exit(&self) -> Exit {
        match self.verdict {
            verdict if verdict == Verdict::Accepted.code() => Exit::Accepted,
            verdict if verdict == Verdict::Rejected.code() => Exit::Rejected,
            verdict if verdict == Verdict::Indeterminate.code() => Exit::Indeterminate,
            _ => Exit::Unreadable,
        }
    }
}

impl SessionAnswer {
    fn new(
        session: &Session,
        id_from_caller: bool,
        session_checks: Vec<(Check, &Outcome)>,
    ) -> SessionAnswer {
        let time = |time: Option<chrono::DateTime<chrono::Utc>>| {
            time.map(|time| time.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
        };
        let verifications = session.verifications().iter().map(|verification| VerificationAnswer {
            id: verification.id().to_owned(),
            r#type: verification.kind().name().to_string(),
            state: verification.state().name().to_string(),
            fail_code: verification.fail_code().map(|code| code.name().to_string()),
            reused: verification.reused(),
            begun: time(verification.begun()),
            updated: time(verification.updated()),
        });
        SessionAnswer {
            id: session.id().to_owned(),
            id_from: if id_from_caller { "caller" } else { "input" },
            state: session.state().name().to_string(),
            fail_code: session.fail_code().map(|code| code.name().to_string()),
            created: time(session.created()),
            updated: time(session.updated()),
            retryable: session.status() == result_vp::SessionStatus::Retryable,
            verifications: verifications.collect(),
            unsigned: true,
            checks: checks(session_checks),
        }
    }
}

fn checks(checks: Vec<(Check, &Outcome)>) -> Vec<CheckAnswer> {
    let answer = |(check, outcome): (Check, &Outcome)| CheckAnswer {
        check: check.code(),
        outcome: outcome.code(),
        code: outcome.reason().map(|reason| reason.code().code()),
        detail: outcome.reason().and_then(|reason| reason.detail()).map(str::to_owned),
        meaning: outcome.reason().map_or("", |reason| reason.code().meaning()),
    };
    checks.into_iter().map(answer).collect()
}

fn claims(
    credential: &VerifiedCredential,
    images: bool,
) -> Option<BTreeMap<&'static str, ClaimAnswer>> {
    let id = GovernmentId::from_credential(credential)?;
    let mut claims = BTreeMap::new();
    for (name, claim) in [
        ("given_name", &id.given_name),
        ("family_name", &id.family_name),
        ("document_number", &id.document_number),
        ("document_class", &id.document_class),
        ("issuing_authority", &id.issuing_authority),
        ("street_address", &id.street_address),
        ("city", &id.city),
        ("state", &id.state),
        ("postal_code", &id.postal_code),
    ] {
        let text = claim.disclosed().cloned();
        let state = claim.state();
        let raw = text.clone();
        claims.insert(name, ClaimAnswer { state, value: text, raw, ..ClaimAnswer::default() });
    }
    for (name, claim) in [
        ("date_of_birth", &id.date_of_birth),
        ("issue_date", &id.issue_date),
        ("expiry_date", &id.expiry_date),
    ] {
        let date = claim.disclosed();
        let precision = date.and_then(|date| date.precision()).map(|precision| match precision {
            DatePrecision::Day => "day",
            DatePrecision::Month => "month",
            _ => "year",
        });
        let answer = ClaimAnswer {
            state: claim.state(),
            value: date.and_then(|date| date.date()).map(|date| date.to_string()),
            raw: date.map(|date| date.raw().to_owned()),
            precision,
            ..ClaimAnswer::default()
        };
        claims.insert(name, answer);
    }
    for (name, claim) in [("portrait", &id.portrait), ("signature", &id.signature)] {
        claims.insert(name, image(claim, images));
    }
    Some(claims)
}

fn image(claim: &Claim<Image>, images: bool) -> ClaimAnswer {
    let image = claim.disclosed();
    let bytes = image.and_then(Image::bytes);
    ClaimAnswer {
        state: claim.state(),
        raw: image.filter(|_| images).map(|image| image.raw().to_owned()),
        media_type: image.map(Image::media_type),
        bytes: bytes.map(<[u8]>::len),
        sha256: bytes.map(hex_sha256),
        ..ClaimAnswer::default()
    }
}

fn hex_sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
