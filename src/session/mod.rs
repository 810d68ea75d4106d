//! Sessions of Trinsic Connect (`IDVSession`), as JSON in every spelling and as binary protobuf.
//!
//! Everything here is an unsigned fact of the server: it tells what happened, never who the person
//! is.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::error::Error;

mod enums;
mod json;
mod protobuf;
mod verification;
mod wire;

pub use enums::{FailCode, State, VerificationFailCode, VerificationState, VerificationType};
pub(crate) use json::looks_like_session;
pub(crate) use verification::FIELDS;
pub use verification::{NormalizedGovernmentIdData, RequestedFields, Verification};

/// What a session means for the relying party.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum SessionStatus {
    /// It failed, for good.
    Failed,
    /// It succeeded, but carries no `result_vp`.
    NoResult,
    /// It succeeded; its result was removed later.
    Redacted,
    /// It is not finished: an image was unusable, nothing else failed, and the user may retry.
    Retryable,
    /// It succeeded and carries a result.
    Success,
    /// It is not finished.
    Unfinished,
    /// Its state is one of a newer server.
    UnknownState,
}

/// Two facts of a session that cannot both be true.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Contradiction {
    /// A fail code in a session that has not failed.
    FailCodeWithoutFailure,
    /// A verification listed under another id than its own.
    MapKeyDiffers,
    /// A result in a session that has not succeeded.
    ResultWithoutSuccess,
    /// A verification that succeeded with a fail code.
    SuccessWithFailCode,
}

impl Contradiction {
    /// The stable name of the contradiction.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Contradiction::FailCodeWithoutFailure => "fail_code_without_failure",
            Contradiction::MapKeyDiffers => "map_key_differs",
            Contradiction::ResultWithoutSuccess => "result_without_success",
            Contradiction::SuccessWithFailCode => "success_with_fail_code",
        }
    }
}

/// A session as the server tells it (`IDVSession`); nothing of it is signed.
#[derive(Clone)]
pub struct Session {
    id: String,
    client_token: String,
    state: State,
    verifications: Vec<Verification>,
    fail_code: Option<FailCode>,
    result_vp: Option<String>,
    created: u64,
    updated: u64,
    redacted: Option<bool>,
    unknown_members: Vec<String>,
    /// The message itself, if it was read from protobuf.
    received: Option<Vec<u8>>,
}

impl Session {
    /// The id that the server tells.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The state.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// What the session means.
    #[must_use]
    pub fn status(&self) -> SessionStatus {
        match (&self.state, &self.result_vp) {
            (State::Failed, _) => SessionStatus::Failed,
            (State::Unknown(_), _) => SessionStatus::UnknownState,
            (State::Success, Some(_)) if self.redacted != Some(true) => SessionStatus::Success,
            (State::Success, _) if self.redacted == Some(true) => SessionStatus::Redacted,
            (State::Success, _) => SessionStatus::NoResult,
            _ if self.verifications.iter().any(Verification::is_final) => SessionStatus::Unfinished,
            _ if self.verifications.iter().any(Verification::may_be_retried) => {
                SessionStatus::Retryable
            }
            _ => SessionStatus::Unfinished,
        }
    }

    /// Facts that cannot be true together, in the order of the message.
    #[must_use]
    pub fn contradictions(&self) -> Vec<Contradiction> {
        let mut found = Vec::new();
        let says_failed = !matches!(self.fail_code, None | Some(FailCode::None));
        if says_failed && self.state != State::Failed {
            found.push(Contradiction::FailCodeWithoutFailure);
        }
        if self.result_vp.is_some() && self.state != State::Success {
            found.push(Contradiction::ResultWithoutSuccess);
        }
        for verification in &self.verifications {
            if verification.key != verification.id {
                found.push(Contradiction::MapKeyDiffers);
            }
            let says_failed =
                !matches!(verification.fail_code, None | Some(VerificationFailCode::None));
            if says_failed && verification.state == VerificationState::Success {
                found.push(Contradiction::SuccessWithFailCode);
            }
        }
        found
    }

    /// The verifications in the order in which they were received.
    #[must_use]
    pub fn verifications(&self) -> &[Verification] {
        &self.verifications
    }

    /// Why the session failed.
    #[must_use]
    pub fn fail_code(&self) -> Option<&FailCode> {
        self.fail_code.as_ref()
    }

    /// The presentation as text. Do not read claims from it: verify it.
    #[must_use]
    pub fn result_vp(&self) -> Option<&str> {
        self.result_vp.as_deref()
    }

    /// When the session was created; `None` for 0 and for seconds no calendar reaches.
    #[must_use]
    pub fn created(&self) -> Option<DateTime<Utc>> {
        instant(self.created)
    }

    /// When the session last changed, as [`created`](Self::created).
    #[must_use]
    pub fn updated(&self) -> Option<DateTime<Utc>> {
        instant(self.updated)
    }

    /// Whether the result was removed; older servers do not say.
    #[must_use]
    pub fn redacted(&self) -> Option<bool> {
        self.redacted
    }

    /// The members this version does not know: their names, or their numbers as `#17`.
    ///
    /// Those of verifications follow as `verifications.*.name`, each once.
    #[must_use]
    pub fn unknown_members(&self) -> &[String] {
        &self.unknown_members
    }
}

/// Equal facts; how they were spelled, and what this version does not know, makes no difference.
impl PartialEq for Session {
    fn eq(&self, other: &Session) -> bool {
        let facts = |it: &Session| (it.state.clone(), it.fail_code.clone(), it.redacted);
        let times = |it: &Session| (it.created, it.updated);
        (&self.id, &self.client_token, &self.result_vp)
            == (&other.id, &other.client_token, &other.result_vp)
            && facts(self) == facts(other)
            && times(self) == times(other)
            && self.verifications == other.verifications
    }
}

impl Eq for Session {}

impl fmt::Debug for Session {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = formatter.debug_struct("Session");
        debug.field("id", &self.id).field("state", &self.state);
        debug.field("verifications", &self.verifications).finish_non_exhaustive()
    }
}

fn instant(seconds: u64) -> Option<DateTime<Utc>> {
    match seconds {
        0 => None,
        _ => DateTime::from_timestamp(i64::try_from(seconds).ok()?, 0),
    }
}

fn problem(member: &'static str, problem: &'static str) -> Error {
    Error::Session { member, problem }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(members: &str) -> Session {
        Session::from_json(format!(r#"{{"id":"s"{members}}}"#).as_bytes()).unwrap()
    }

    fn verification(members: &str) -> Verification {
        let session = session(&format!(r#","verifications":{{"v":{{"id":"v"{members}}}}}"#));
        session.verifications()[0].clone()
    }

    #[test]
    fn reused_says_something_only_on_success() {
        assert_eq!(verification(r#","reused":true,"state":0"#).reused(), None);
        assert_eq!(verification(r#","reused":true,"state":3"#).reused(), Some(true));
        assert_eq!(verification(r#","state":"VERIFICATION_SUCCESS""#).reused(), Some(false));
    }

    #[test]
    fn zero_is_not_begun_and_never_1970() {
        let zero = verification(r#","begun":0,"updated":"0""#);
        assert_eq!((zero.begun(), zero.updated()), (None, None));
        let begun = verification(r#","begun":"1694201905""#).begun().unwrap();
        assert_eq!(begun.timestamp(), 1_694_201_905);
        assert_eq!(session(r#","created":"18446744073709551615""#).created(), None);
    }

    #[test]
    fn fail_reason_is_another_spelling_of_fail_code() {
        for spelling in ["fail_code", "failCode", "fail_reason", "failReason"] {
            let it = verification(&format!(r#","{spelling}":"VERIFICATION_FAIL_INAUTHENTIC""#));
            assert_eq!(it.fail_code(), Some(&VerificationFailCode::Inauthentic), "{spelling}");
        }
        let text = br#"{"id":"s","verifications":{"v":{"fail_code":1,"failReason":3}}}"#;
        assert_eq!(
            Session::from_json(text).err(),
            Some(problem("fail_code", "has two spellings that disagree"))
        );
    }

    #[test]
    fn a_fail_code_belongs_to_a_failed_session() {
        let found = session(r#","state":"IDV_SUCCESS","failCode":"SESSION_FAIL_EXPIRED""#);
        assert_eq!(found.contradictions(), [Contradiction::FailCodeWithoutFailure]);
        let none = session(r#","state":5,"failCode":4"#);
        assert_eq!(none.contradictions(), []);
        assert_eq!(none.status(), SessionStatus::Failed);
    }

    #[test]
    fn only_an_invalid_image_in_an_unfinished_session_may_be_retried() {
        let unfinished = |code| {
            session(&format!(
                r#","state":3,"verifications":{{"v":{{"id":"v","state":4,"failCode":{code}}}}}"#
            ))
            .status()
        };
        assert_eq!(unfinished(2), SessionStatus::Retryable);
        for code in [0, 1, 3, 4, 99] {
            assert_eq!(unfinished(code), SessionStatus::Unfinished, "{code}");
        }
    }

    #[test]
    fn a_final_fail_code_beside_an_invalid_image_ends_the_retries() {
        let both = |first: u8, second: u8| {
            let verification = |id: &str, code: u8| {
                format!(r#""{id}":{{"id":"{id}","state":4,"failCode":{code}}}"#)
            };
            let (first, second) = (verification("v", first), verification("w", second));
            session(&format!(r#","state":3,"verifications":{{{first},{second}}}"#)).status()
        };
        for code in [1, 3, 4, 99] {
            assert_eq!(both(2, code), SessionStatus::Unfinished, "{code}");
            assert_eq!(both(code, 2), SessionStatus::Unfinished, "{code}");
        }
        assert_eq!(both(2, 0), SessionStatus::Retryable);
        assert_eq!(both(2, 2), SessionStatus::Retryable);
    }

    #[test]
    fn contradictions_are_found() {
        let key = session(r#","verifications":{"a":{"id":"b"}}"#);
        assert_eq!(key.contradictions(), [Contradiction::MapKeyDiffers]);
        let code = session(r#","verifications":{"v":{"id":"v","state":3,"fail_code":1}}"#);
        assert_eq!(code.contradictions(), [Contradiction::SuccessWithFailCode]);
        let result = session(r#","state":3,"resultVp":"x""#);
        assert_eq!(result.contradictions(), [Contradiction::ResultWithoutSuccess]);
    }

    #[test]
    fn unknown_values_are_kept_and_never_success() {
        let name = session(r#","state":"IDV_UNDER_REVIEW","resultVp":"x","riskSignals":[1]"#);
        assert_eq!(name.state().name(), "IDV_UNDER_REVIEW");
        assert_eq!(name.status(), SessionStatus::UnknownState);
        assert_eq!(name.unknown_members(), ["riskSignals"]);
        let inner = session(
            r#","new":1,"verifications":{"a":{"id":"a","failReason":0,"later":1},"b":{"later":2}}"#,
        );
        assert_eq!(inner.unknown_members(), ["new", "verifications.*.later"]);
        for state in ["42", "\"42\"", "-1", "4294967300"] {
            let status = session(&format!(r#","state":{state},"resultVp":"x""#)).status();
            assert_eq!(status, SessionStatus::UnknownState, "{state}");
        }
    }

    #[test]
    fn spellings_are_alike() {
        let camel =
            session(r#","state":"IDV_SUCCESS","resultVp":"x","created":"5","redacted":null"#);
        let snake = session(r#","state":4,"result_vp":"x","created":5"#);
        let numeric = session(r#","state":"4","result_vp":"x","resultVp":"x","created":5"#);
        for it in [&camel, &snake, &numeric] {
            assert_eq!((it.status(), it.created, it.redacted), (SessionStatus::Success, 5, None));
        }
        assert_eq!(session("").state(), &State::Created);
        assert_eq!(session(r#","state":4"#).status(), SessionStatus::NoResult);
        assert_eq!(session(r#","state":4,"redacted":true"#).status(), SessionStatus::Redacted);
    }

    #[test]
    fn members_of_the_wrong_type_are_refused_by_name() {
        for (members, member) in [
            (r#""id":7"#, "id"),
            (r#""id":"""#, "id"),
            (r#""id":"s","resultVp":{}"#, "result_vp"),
            (r#""id":"s","resultVp":"a","result_vp":"b""#, "result_vp"),
            (r#""id":"s","created":1.5"#, "created"),
            (r#""id":"s","created":-1"#, "created"),
            (r#""id":"s","verifications":[]"#, "verifications"),
            (r#""id":"s","redacted":"false""#, "redacted"),
            (r#""id":"s","state":true"#, "state"),
        ] {
            match Session::from_json(format!("{{{members}}}").as_bytes()) {
                Err(Error::Session { member: named, .. }) => assert_eq!(named, member, "{members}"),
                other => panic!("{members}: {:?}", other.map(|_| ())),
            }
        }
    }

    #[test]
    fn debug_shows_no_result_token_or_claim() {
        let shown = format!(
            "{:?}",
            session(
                r#","clientToken":"SECRET","resultVp":"SECRET","verifications":{"v":{"id":"v","normalizedGovernmentIdData":{"givenName":"SECRET"}}}"#
            )
        );
        assert!(!shown.contains("SECRET"), "{shown}");
    }
}
