//! The JSON answer: one object, versioned.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use clap::ValueEnum;
use result_vp::{signed_claims, Check, GovernmentId, Outcome, Report, Session};
use result_vp_rows::{claims, instant, ClaimAnswer, CredentialSummary, VerificationSummary};
use serde::Serialize;

use crate::terminal::is_unseen;
use crate::{catalog, Exit};

/// How an answer is printed.
#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Human,
    /// One JSON object, versioned
    Json,
}

/// The text of a document, and a line's end. Documents hold texts and numbers alone, so it is never
/// empty.
///
/// What a terminal would not show, or would obey, is escaped: a program reads the same text.
pub(crate) fn json(document: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    if text.contains(|it| it != '\n' && is_unseen(it)) {
        let mut escaped = String::with_capacity(text.len());
        for character in text.chars() {
            match character != '\n' && is_unseen(character) {
                false => escaped.push(character),
                true => {
                    let units = character.encode_utf16(&mut [0; 2]).to_vec();
                    escaped.extend(units.iter().map(|unit| format!("\\u{unit:04x}")));
                }
            }
        }
        text = escaped;
    }
    text.push('\n');
    text
}

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

    /// The answer when nothing was verified: wrong usage, or a file that cannot be read.
    pub(crate) fn stopped(input: &str, message: String) -> Document {
        Document::new(vec![Answer { is_stop: true, ..Answer::unreadable(input, 0, message, "") }])
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.results.iter().any(|answer| answer.is_stop)
    }
}

/// What was found about one session or presentation.
#[derive(Serialize)]
pub(crate) struct Answer {
    pub(crate) input: String,
    pub(crate) record: usize,
    pub(crate) verdict: &'static str,
    pub(crate) error: Option<String>,
    #[serde(skip)]
    pub(crate) advice: &'static str,
    #[serde(skip)]
    is_stop: bool,
    pub(crate) session: Option<SessionAnswer>,
    pub(crate) credentials: Vec<CredentialAnswer>,
    pub(crate) warnings: Vec<WarningAnswer>,
}

#[derive(Serialize)]
pub(crate) struct SessionAnswer {
    pub(crate) id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id_from: Option<&'static str>,
    pub(crate) state: String,
    pub(crate) fail_code: Option<String>,
    pub(crate) created: Option<String>,
    pub(crate) updated: Option<String>,
    pub(crate) retryable: bool,
    pub(crate) verifications: Vec<VerificationSummary>,
    pub(crate) unsigned: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) checks: Vec<CheckAnswer>,
}

#[derive(Serialize)]
pub(crate) struct CredentialAnswer {
    #[serde(flatten)]
    pub(crate) summary: CredentialSummary,
    pub(crate) checks: Vec<CheckAnswer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vocabulary: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) claims: Option<BTreeMap<&'static str, ClaimAnswer>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) signed_claims: Option<BTreeMap<String, Vec<String>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) unaccepted_claims: Option<UnacceptedClaims>,
}

/// The claims of a credential that was not accepted, asked for by name.
#[derive(Serialize)]
pub(crate) struct UnacceptedClaims {
    warning: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) claims: Option<BTreeMap<&'static str, ClaimAnswer>>,
    pub(crate) signed_claims: BTreeMap<String, Vec<String>>,
}

/// What is shown beside the checks.
#[derive(Clone, Copy)]
pub(crate) struct Show {
    pub(crate) images: bool,
    pub(crate) claims_anyway: bool,
}

#[derive(Serialize)]
pub(crate) struct CheckAnswer {
    pub(crate) check: &'static str,
    pub(crate) outcome: &'static str,
    pub(crate) code: Option<&'static str>,
    pub(crate) detail: Option<String>,
    #[serde(skip)]
    pub(crate) holds: &'static str,
    #[serde(skip)]
    pub(crate) meaning: &'static str,
    #[serde(skip)]
    pub(crate) remedy: &'static str,
}

#[derive(Serialize)]
pub(crate) struct WarningAnswer {
    pub(crate) code: &'static str,
    pub(crate) detail: Option<String>,
}

impl Answer {
    pub(crate) fn unreadable(
        input: &str,
        record: usize,
        error: String,
        advice: &'static str,
    ) -> Answer {
        Answer {
            input: input.to_owned(),
            record,
            verdict: "error",
            error: Some(error),
            advice,
            is_stop: false,
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
        show: Show,
    ) -> Answer {
        let verdict = report.verdict().code();
        let session = session.map(|(session, id_from_caller)| {
            let checks = report.session_checks();
            SessionAnswer::new(session, Some(id_from_caller), checks)
        });
        let mut credentials: Vec<CredentialAnswer> = (report.credentials().iter())
            .map(|credential| CredentialAnswer {
                summary: CredentialSummary::of(credential),
                checks: checks(credential.checks()),
                vocabulary: None,
                claims: None,
                signed_claims: None,
                unaccepted_claims: None,
            })
            .collect();
        let warnings = (report.warnings().iter())
            .map(|warning| WarningAnswer {
                code: warning.code(),
                detail: warning.detail().map(str::to_owned),
            })
            .collect();
        match report.into_verified() {
            Ok(verified) => {
                for (answer, credential) in credentials.iter_mut().zip(verified.credentials()) {
                    let id = GovernmentId::from_credential(credential);
                    answer.vocabulary = id.as_ref().map(GovernmentId::vocabulary);
                    answer.claims = id.map(|id| claims(&id, show.images));
                    answer.signed_claims = Some(signed_claims(credential).into_iter().collect());
                }
            }
            Err(rejected) if show.claims_anyway => {
                let report = rejected.into_report();
                for (answer, credential) in credentials.iter_mut().zip(report.credentials()) {
                    let id = GovernmentId::insecure_from_unaccepted(credential);
                    answer.unaccepted_claims = Some(UnacceptedClaims {
                        warning: "not accepted: anybody may have written these claims",
                        claims: id.map(|id| claims(&id, show.images)),
                        signed_claims: credential
                            .insecure_unaccepted_claims()
                            .into_iter()
                            .collect(),
                    });
                }
            }
            Err(_) => {}
        }
        Answer {
            input: input.to_owned(),
            record,
            verdict,
            error: None,
            advice: "",
            is_stop: false,
            session,
            credentials,
            warnings,
        }
    }

    pub(crate) fn exit(&self) -> Exit {
        Exit::of(self.verdict)
    }
}

impl SessionAnswer {
    pub(crate) fn new(
        session: &Session,
        id_from_caller: Option<bool>,
        session_checks: Vec<(Check, &Outcome)>,
    ) -> SessionAnswer {
        let time = |time: Option<DateTime<Utc>>| time.map(instant);
        let mut checks = checks(session_checks);
        if id_from_caller == Some(false) {
            for check in checks.iter_mut().filter(|check| check.check == Check::SessionId.code()) {
                check.holds = "says nothing here: the id came with the input";
            }
        }
        SessionAnswer {
            id: session.id().to_owned(),
            id_from: id_from_caller.map(|caller| if caller { "caller" } else { "input" }),
            state: session.state().name().to_string(),
            fail_code: session.fail_code().map(|code| code.name().to_string()),
            created: time(session.created()),
            updated: time(session.updated()),
            retryable: session.status() == result_vp::session::SessionStatus::Retryable,
            verifications: VerificationSummary::all(session),
            unsigned: true,
            checks,
        }
    }
}

fn checks(checks: Vec<(Check, &Outcome)>) -> Vec<CheckAnswer> {
    let answer = |(check, outcome): (Check, &Outcome)| CheckAnswer {
        check: check.code(),
        holds: catalog::holds(check),
        outcome: outcome.code(),
        code: outcome.reason().map(|reason| reason.code().code()),
        detail: outcome.reason().and_then(|reason| reason.detail()).map(str::to_owned),
        meaning: outcome.reason().map_or("", |reason| reason.code().meaning()),
        remedy: outcome.reason().map_or("", |reason| catalog::remedy(reason.code())),
    };
    checks.into_iter().map(answer).collect()
}
