//! One row of an audit: the schema of every output.

use std::borrow::Cow;
use std::fmt;

use result_vp::{Check, Outcome};
use serde::{Deserialize, Serialize};

/// One credential of a record, or a record without any.
///
/// The order of the members is the order of the columns. New members are added behind the last one.
#[derive(Clone, Default, Deserialize, PartialEq, Serialize)]
#[expect(missing_docs, reason = "docs/audit.md says what each column is")]
pub struct Row<'r> {
    /// The input as the arguments name it, and the record's number in it, counted from 1.
    #[serde(borrow)]
    pub input: Cow<'r, str>,
    pub record: u64,
    /// Which of the sessions that the record holds, and which of its credentials, both from 0.
    pub item: u64,
    pub credential: Option<u64>,
    /// Why there is no verdict: `unreadable` or `input_failed`, and in words.
    pub error_code: Option<Cow<'r, str>>,
    pub error: Option<Cow<'r, str>>,
    pub session_id: Option<Cow<'r, str>>,
    /// What the service says of the session; not signed.
    pub session_state: Option<Cow<'r, str>>,
    pub session_fail_code: Option<Cow<'r, str>>,
    pub session_created: Option<Cow<'r, str>>,
    pub session_updated: Option<Cow<'r, str>>,
    pub verifications: Vec<VerificationCell<'r>>,
    /// Of the text of the presentation.
    pub vp_sha256: Option<Cow<'r, str>>,
    /// Of the record, as of the issuance of its last credential, and as of `now`.
    pub verdict_at_issuance: Option<Cow<'r, str>>,
    pub verdict_now: Option<Cow<'r, str>>,
    pub now: Option<Cow<'r, str>>,
    /// Every check of the session and of the credential.
    pub checks_at_issuance: Vec<CheckCell<'r>>,
    pub checks_now: Vec<CheckCell<'r>>,
    pub issuer: Option<Cow<'r, str>>,
    pub verification_method: Option<Cow<'r, str>>,
    pub suite: Option<Cow<'r, str>>,
    pub issuance_date: Option<Cow<'r, str>>,
    pub hidden_statements: Option<u64>,
    /// At `now`, in seconds; null where nobody knows when it was fetched.
    pub did_document_age: Option<i64>,
    pub status_list_age: Option<i64>,
    /// What changes no verdict and a person should look at.
    pub discrepancies: Vec<Cow<'r, str>>,
    pub policy_sha256: Cow<'r, str>,
    pub evidence_sha256: Cow<'r, str>,
    pub library_version: Cow<'r, str>,
    #[serde(flatten, borrow)]
    pub claims: Claims<'r>,
    /// Of an accepted credential, whether or not claims are asked for: it is of no person.
    pub vocabulary: Option<Cow<'r, str>>,
}

/// The signed claims of an accepted credential, as the caller asked for them; null otherwise.
#[derive(Clone, Default, Deserialize, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the claims of `GovernmentId`, by its names")]
pub struct Claims<'r> {
    #[serde(borrow)]
    pub given_name: Option<Cow<'r, str>>,
    pub family_name: Option<Cow<'r, str>>,
    pub date_of_birth: Option<Cow<'r, str>>,
    pub date_of_birth_precision: Option<Cow<'r, str>>,
    pub document_number: Option<Cow<'r, str>>,
    pub document_class: Option<Cow<'r, str>>,
    pub issuing_authority: Option<Cow<'r, str>>,
    pub issue_date: Option<Cow<'r, str>>,
    pub expiry_date: Option<Cow<'r, str>>,
    pub street_address: Option<Cow<'r, str>>,
    pub city: Option<Cow<'r, str>>,
    pub state: Option<Cow<'r, str>>,
    pub postal_code: Option<Cow<'r, str>>,
    pub portrait_sha256: Option<Cow<'r, str>>,
    pub signature_sha256: Option<Cow<'r, str>>,
    pub personal_id: Option<Cow<'r, str>>,
    pub issuing_country: Option<Cow<'r, str>>,
    pub issuing_jurisdiction: Option<Cow<'r, str>>,
    pub address: Option<Cow<'r, str>>,
    pub residence_country: Option<Cow<'r, str>>,
    pub sex: Option<Cow<'r, str>>,
    pub nationalities: Option<Cow<'r, str>>,
    pub birth_place: Option<Cow<'r, str>>,
    pub birth_country: Option<Cow<'r, str>>,
}

/// What the service says of a verification; not signed.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[expect(missing_docs, reason = "docs/audit.md says what each column is")]
pub struct VerificationCell<'r> {
    #[serde(borrow)]
    pub id: Cow<'r, str>,
    pub state: Cow<'r, str>,
    pub fail_code: Option<Cow<'r, str>>,
    pub reused: Option<bool>,
    pub begun: Option<Cow<'r, str>>,
    pub updated: Option<Cow<'r, str>>,
}

/// One check, its outcome and the reason.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[expect(missing_docs, reason = "docs/audit.md says what each column is")]
pub struct CheckCell<'r> {
    #[serde(borrow)]
    pub check: Cow<'r, str>,
    pub outcome: Cow<'r, str>,
    pub code: Option<Cow<'r, str>>,
    pub detail: Option<Cow<'r, str>>,
}

/// Where it is of and its verdicts; nothing of a person.
impl fmt::Debug for Row<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        (formatter.debug_struct("Row"))
            .field("record", &self.record)
            .field("item", &self.item)
            .field("credential", &self.credential)
            .field("verdict_at_issuance", &self.verdict_at_issuance)
            .field("verdict_now", &self.verdict_now)
            .finish_non_exhaustive()
    }
}

impl CheckCell<'_> {
    /// What a report says of a check.
    #[must_use]
    pub fn new((check, outcome): (Check, &Outcome)) -> CheckCell<'static> {
        let reason = outcome.reason();
        CheckCell {
            check: check.code().into(),
            outcome: outcome.code().into(),
            code: reason.map(|reason| reason.code().code().into()),
            detail: reason.and_then(|it| it.detail()).map(|detail| detail.to_owned().into()),
        }
    }

    /// `proof=pass`, `session=fail:nonce_differs`.
    pub fn text(&self) -> String {
        match &self.code {
            None => format!("{}={}", self.check, self.outcome),
            Some(code) => format!("{}={}:{code}", self.check, self.outcome),
        }
    }
}

impl Row<'_> {
    /// Adds the row as one line of JSON.
    pub fn write(&self, lines: &mut Vec<u8>) {
        // Texts, numbers and lists of them: nothing that could not be written.
        let _ = serde_json::to_writer(&mut *lines, self);
        lines.push(b'\n');
    }

    /// The verdict that was asked for: as of now, or else as of issuance.
    pub fn verdict(&self) -> &str {
        let verdict = self.verdict_now.as_deref().or(self.verdict_at_issuance.as_deref());
        // Nobody knows when it was issued.
        verdict.unwrap_or("unknown")
    }

    /// Makes the row say that its proof stands there again: under another session, or under its own.
    pub fn repeat(&mut self, is_replayed: bool, stands_twice: bool) {
        if is_replayed {
            self.replayed();
        }
        if stands_twice {
            self.discrepancies.push("session_repeated".into());
        }
    }

    fn replayed(&mut self) {
        for (checks, verdict) in [
            (&mut self.checks_now, &mut self.verdict_now),
            (&mut self.checks_at_issuance, &mut self.verdict_at_issuance),
        ] {
            for check in checks.iter_mut().filter(|it| it.check == Check::Replay.code()) {
                check.outcome = "fail".into();
                check.code = Some(result_vp::ReasonCode::ProofSeen.code().into());
                check.detail = None;
            }
            if verdict.is_some() {
                *verdict = Some("rejected".into());
            }
        }
        // What is not accepted has no claims.
        self.claims = Claims::default();
        self.vocabulary = None;
    }
}
