//! One row of an audit: the schema of every output.

use std::borrow::Cow;

use result_vp::{Check, Outcome};
use serde::{Deserialize, Serialize};

/// One credential of a record, or a record without any.
///
/// The order of the members is the order of the columns. New members are added behind the last one.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub(crate) struct Row<'r> {
    /// The input as the arguments name it, and the record's number in it, counted from 1.
    #[serde(borrow)]
    pub(crate) input: Cow<'r, str>,
    pub(crate) record: u64,
    /// Which of the sessions that the record holds, and which of its credentials, both from 0.
    pub(crate) item: u64,
    pub(crate) credential: Option<u64>,
    /// Why there is no verdict: `unreadable` or `input_failed`, and in words.
    pub(crate) error_code: Option<Cow<'r, str>>,
    pub(crate) error: Option<Cow<'r, str>>,
    pub(crate) session_id: Option<Cow<'r, str>>,
    /// What the service says of the session; not signed.
    pub(crate) session_state: Option<Cow<'r, str>>,
    pub(crate) session_fail_code: Option<Cow<'r, str>>,
    pub(crate) session_created: Option<Cow<'r, str>>,
    pub(crate) session_updated: Option<Cow<'r, str>>,
    pub(crate) verifications: Vec<VerificationCell<'r>>,
    /// Of the text of the presentation.
    pub(crate) vp_sha256: Option<Cow<'r, str>>,
    /// Of the record, as of the issuance of its last credential, and as of `now`.
    pub(crate) verdict_at_issuance: Option<Cow<'r, str>>,
    pub(crate) verdict_now: Option<Cow<'r, str>>,
    pub(crate) now: Option<Cow<'r, str>>,
    /// Every check of the session and of the credential.
    pub(crate) checks_at_issuance: Vec<CheckCell<'r>>,
    pub(crate) checks_now: Vec<CheckCell<'r>>,
    pub(crate) issuer: Option<Cow<'r, str>>,
    pub(crate) verification_method: Option<Cow<'r, str>>,
    pub(crate) suite: Option<Cow<'r, str>>,
    pub(crate) issuance_date: Option<Cow<'r, str>>,
    pub(crate) hidden_statements: Option<u64>,
    /// At `now`, in seconds; null where nobody knows when it was fetched.
    pub(crate) did_document_age: Option<i64>,
    pub(crate) status_list_age: Option<i64>,
    /// What changes no verdict and a person should look at.
    pub(crate) discrepancies: Vec<Cow<'r, str>>,
    pub(crate) policy_sha256: Cow<'r, str>,
    pub(crate) evidence_sha256: Cow<'r, str>,
    pub(crate) library_version: Cow<'r, str>,
    #[serde(flatten, borrow)]
    pub(crate) claims: Claims<'r>,
    /// Of an accepted credential, whether or not claims are asked for: it is of no person.
    pub(crate) vocabulary: Option<Cow<'r, str>>,
}

/// The signed claims of an accepted credential, as the caller asked for them; null otherwise.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub(crate) struct Claims<'r> {
    #[serde(borrow)]
    pub(crate) given_name: Option<Cow<'r, str>>,
    pub(crate) family_name: Option<Cow<'r, str>>,
    pub(crate) date_of_birth: Option<Cow<'r, str>>,
    pub(crate) date_of_birth_precision: Option<Cow<'r, str>>,
    pub(crate) document_number: Option<Cow<'r, str>>,
    pub(crate) document_class: Option<Cow<'r, str>>,
    pub(crate) issuing_authority: Option<Cow<'r, str>>,
    pub(crate) issue_date: Option<Cow<'r, str>>,
    pub(crate) expiry_date: Option<Cow<'r, str>>,
    pub(crate) street_address: Option<Cow<'r, str>>,
    pub(crate) city: Option<Cow<'r, str>>,
    pub(crate) state: Option<Cow<'r, str>>,
    pub(crate) postal_code: Option<Cow<'r, str>>,
    pub(crate) portrait_sha256: Option<Cow<'r, str>>,
    pub(crate) signature_sha256: Option<Cow<'r, str>>,
    pub(crate) personal_id: Option<Cow<'r, str>>,
    pub(crate) issuing_country: Option<Cow<'r, str>>,
    pub(crate) issuing_jurisdiction: Option<Cow<'r, str>>,
    pub(crate) address: Option<Cow<'r, str>>,
    pub(crate) residence_country: Option<Cow<'r, str>>,
    pub(crate) sex: Option<Cow<'r, str>>,
    pub(crate) nationalities: Option<Cow<'r, str>>,
    pub(crate) birth_place: Option<Cow<'r, str>>,
    pub(crate) birth_country: Option<Cow<'r, str>>,
}

/// What the service says of a verification; not signed.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub(crate) struct VerificationCell<'r> {
    #[serde(borrow)]
    pub(crate) id: Cow<'r, str>,
    pub(crate) state: Cow<'r, str>,
    pub(crate) fail_code: Option<Cow<'r, str>>,
    pub(crate) reused: Option<bool>,
    pub(crate) begun: Option<Cow<'r, str>>,
    pub(crate) updated: Option<Cow<'r, str>>,
}

/// One check, its outcome and the reason.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub(crate) struct CheckCell<'r> {
    #[serde(borrow)]
    pub(crate) check: Cow<'r, str>,
    pub(crate) outcome: Cow<'r, str>,
    pub(crate) code: Option<Cow<'r, str>>,
    pub(crate) detail: Option<Cow<'r, str>>,
}

impl CheckCell<'_> {
    pub(crate) fn new((check, outcome): (Check, &Outcome)) -> CheckCell<'static> {
        let reason = outcome.reason();
        CheckCell {
            check: check.code().into(),
            outcome: outcome.code().into(),
            code: reason.map(|reason| reason.code().code().into()),
            detail: reason.and_then(|it| it.detail()).map(|detail| detail.to_owned().into()),
        }
    }

    /// `proof=pass`, `session=fail:nonce_differs`.
    pub(crate) fn text(&self) -> String {
        match &self.code {
            None => format!("{}={}", self.check, self.outcome),
            Some(code) => format!("{}={}:{code}", self.check, self.outcome),
        }
    }
}

impl Row<'_> {
    /// Adds the row as one line of JSON.
    pub(crate) fn write(&self, lines: &mut Vec<u8>) {
        // Texts, numbers and lists of them: nothing that could not be written.
        let _ = serde_json::to_writer(&mut *lines, self);
        lines.push(b'\n');
    }

    /// The verdict that was asked for: as of now, or else as of issuance.
    pub(crate) fn verdict(&self) -> &str {
        let verdict = self.verdict_now.as_deref().or(self.verdict_at_issuance.as_deref());
        // Nobody knows when it was issued.
        verdict.unwrap_or("unknown")
    }

    /// Makes the row say that its proof stands under another session as well.
    pub(crate) fn replayed(&mut self) {
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
