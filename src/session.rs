//! Sessions of Trinsic Connect (`IDVSession`), in every JSON spelling.
//!
//! Everything here is an unsigned fact of the server: it tells what happened, never who the person
//! is.

use std::borrow::Cow;
use std::fmt;

use chrono::{DateTime, Utc};

use crate::error::{Error, Limit};
use crate::json::{self, Json, Number, Object};

macro_rules! message_enum {
    ($(#[$doc:meta])* $name:ident { $($number:literal $variant:ident $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Eq, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = concat!("`", $text, "` (", $number, ").")] $variant,)*
            /// A value of a newer server: its name or number; never read as success.
            Unknown(String),
        }

        impl $name {
            /// The name in the message definition; of an unknown value the name or number.
            #[must_use]
            pub fn name(&self) -> &str {
                match self {
                    $($name::$variant => $text,)*
                    $name::Unknown(value) => value,
                }
            }

            fn read(value: Enumeration<'_>) -> $name {
                match value {
                    $(Enumeration::Number($number) => $name::$variant,)*
                    Enumeration::Number(number) => $name::Unknown(number.to_string()),
                    Enumeration::Name(name) => match name {
                        $($text => $name::$variant,)*
                        _ => $name::Unknown(printable(name)),
                    },
                }
            }
        }
    };
}

message_enum! {
    /// The state of a session (`IDVSessionState`).
    State {
        0 Created "IDV_CREATED",
        1 Initiated "IDV_INITIATED",
        2 Authenticating "IDV_AUTHENTICATING",
        3 InProgress "IDV_IN_PROGRESS",
        4 Success "IDV_SUCCESS",
        5 Failed "IDV_FAILED",
    }
}

message_enum! {
    /// What kind of verification was asked for (`VerificationType`).
    VerificationType {
        0 GovernmentId "GOVERNMENT_ID",
    }
}

message_enum! {
    /// The state of a verification (`VerificationState`).
    VerificationState {
        0 Pending "VERIFICATION_PENDING",
        1 PendingReuse "VERIFICATION_PENDING_REUSE",
        2 Started "VERIFICATION_STARTED",
        3 Success "VERIFICATION_SUCCESS",
        4 Failed "VERIFICATION_FAILED",
    }
}

message_enum! {
    /// Why a session failed (`SessionFailCode`).
    FailCode {
        0 None "SESSION_FAIL_NONE",
        1 Internal "SESSION_FAIL_INTERNAL",
        2 VerificationFailed "SESSION_FAIL_VERIFICATION_FAILED",
        3 Authentication "SESSION_FAIL_AUTHENTICATION",
        4 Expired "SESSION_FAIL_EXPIRED",
        5 UserCanceled "SESSION_FAIL_USER_CANCELED",
        6 RpCanceled "SESSION_FAIL_RP_CANCELED",
    }
}

message_enum! {
    /// Why a verification failed (`VerificationFailCode`).
    VerificationFailCode {
        0 None "VERIFICATION_FAIL_NONE",
        1 Internal "VERIFICATION_FAIL_INTERNAL",
        2 InvalidImage "VERIFICATION_FAIL_INVALID_IMAGE",
        3 Inauthentic "VERIFICATION_FAIL_INAUTHENTIC",
        4 UnsupportedDocument "VERIFICATION_FAIL_UNSUPPORTED_DOCUMENT",
    }
}

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
    /// It is not finished: an image was unusable, and the user may retry.
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
    state: State,
    verifications: Vec<Verification>,
    fail_code: Option<FailCode>,
    result_vp: Option<String>,
    created: u64,
    updated: u64,
    redacted: Option<bool>,
    unknown_members: Vec<String>,
}

impl Session {
    /// Reads one session, or a response that wraps one.
    ///
    /// # Errors
    ///
    /// [`Error::Json`] and [`Error::LimitReached`] for the text; [`Error::Session`] if a member is
    /// missing, of another type, or spelled twice with different values.
    pub fn from_json(text: &[u8]) -> Result<Session, Error> {
        let mut sessions = Session::all_from_json(text)?.into_iter();
        match (sessions.next(), sessions.next()) {
            (Some(session), None) => Ok(session),
            _ => Err(problem("sessions", "is not exactly one session")),
        }
    }

    /// Reads one session, a response that wraps one or several, or an array; possibly none.
    ///
    /// # Errors
    ///
    /// As [`from_json`](Self::from_json).
    pub fn all_from_json(text: &[u8]) -> Result<Vec<Session>, Error> {
        let value = json::parse(text)?;
        let sessions = match &value {
            Json::Array(sessions) => sessions.as_slice(),
            Json::Object(object) => match (object.get("sessions"), object.get("session")) {
                (Some(Json::Array(sessions)), None) => sessions,
                (None, Some(session @ Json::Object(_))) => std::slice::from_ref(session),
                (None, None) => std::slice::from_ref(&value),
                _ => return Err(problem("sessions", "is not a list of sessions")),
            },
            _ => return Err(problem("session", "is not an object")),
        };
        if sessions.len() > Limit::MAX_SESSIONS {
            return Err(Error::LimitReached { limit: Limit::Sessions });
        }
        sessions
            .iter()
            .map(|session| {
                let session = session.as_object().ok_or(problem("session", "is not an object"))?;
                Session::read(&Message(session))
            })
            .collect()
    }

    fn read(message: &Message<'_, '_>) -> Result<Session, Error> {
        let mut verifications = Vec::new();
        match message.member("verifications")? {
            None => {}
            Some(Json::Object(map)) if map.len() > Limit::MAX_VERIFICATIONS => {
                return Err(Error::LimitReached { limit: Limit::Verifications });
            }
            Some(Json::Object(map)) => {
                for (key, verification) in map.iter() {
                    let verification = verification
                        .as_object()
                        .ok_or(problem("verifications", "holds something that is no object"))?;
                    verifications.push(Verification::read(key, &Message(verification))?);
                }
            }
            Some(_) => return Err(problem("verifications", "is not an object")),
        }
        Ok(Session {
            id: match message.text("id")? {
                Some(id) if !id.is_empty() => id,
                _ => return Err(problem("id", "is missing")),
            },
            state: State::read(message.enumeration("state")?.unwrap_or(Enumeration::Number(0))),
            verifications,
            fail_code: message.enumeration("fail_code")?.map(FailCode::read),
            result_vp: message.text("result_vp")?,
            created: message.seconds("created")?,
            updated: message.seconds("updated")?,
            redacted: message.boolean("redacted")?,
            unknown_members: message.unknown_members(),
        })
    }

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

    /// The verifications in the order of the text.
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

    /// The names of members this version does not know.
    #[must_use]
    pub fn unknown_members(&self) -> &[String] {
        &self.unknown_members
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = formatter.debug_struct("Session");
        debug.field("id", &self.id).field("state", &self.state);
        debug.field("verifications", &self.verifications).finish_non_exhaustive()
    }
}

/// One verification of a session (`Verification`); nothing of it is signed.
#[derive(Clone)]
pub struct Verification {
    key: String,
    id: String,
    kind: VerificationType,
    state: VerificationState,
    fail_code: Option<VerificationFailCode>,
    reused: Option<bool>,
    begun: u64,
    updated: u64,
    requested_fields: Option<RequestedFields>,
    normalized: Option<NormalizedGovernmentIdData>,
}

impl Verification {
    fn read(key: &str, message: &Message<'_, '_>) -> Result<Verification, Error> {
        let fail_code =
            match (message.enumeration("fail_code")?, message.enumeration("fail_reason")?) {
                (Some(code), Some(reason)) if code != reason => {
                    return Err(problem("fail_code", "has two spellings that disagree"));
                }
                (code, reason) => code.or(reason),
            };
        let options = message.message("government_id_options")?;
        let fields = match &options {
            Some(options) => options.message("fields")?,
            None => None,
        };
        Ok(Verification {
            key: key.to_owned(),
            id: message.text("id")?.unwrap_or_default(),
            kind: VerificationType::read(
                message.enumeration("type")?.unwrap_or(Enumeration::Number(0)),
            ),
            state: VerificationState::read(
                message.enumeration("state")?.unwrap_or(Enumeration::Number(0)),
            ),
            fail_code: fail_code.map(VerificationFailCode::read),
            reused: message.boolean("reused")?,
            begun: message.seconds("begun")?,
            updated: message.seconds("updated")?,
            requested_fields: fields.map(|fields| RequestedFields::read(&fields)).transpose()?,
            normalized: message
                .message("normalized_government_id_data")?
                .map(|copy| NormalizedGovernmentIdData::read(&copy))
                .transpose()?,
        })
    }

    /// A bad image is no end; every other fail code is.
    fn may_be_retried(&self) -> bool {
        self.fail_code == Some(VerificationFailCode::InvalidImage)
    }

    /// The id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What was asked for.
    #[must_use]
    pub fn kind(&self) -> &VerificationType {
        &self.kind
    }

    /// The state.
    #[must_use]
    pub fn state(&self) -> &VerificationState {
        &self.state
    }

    /// Why it failed.
    #[must_use]
    pub fn fail_code(&self) -> Option<&VerificationFailCode> {
        self.fail_code.as_ref()
    }

    /// Whether an earlier verification was reused; before success that says nothing.
    #[must_use]
    pub fn reused(&self) -> Option<bool> {
        let succeeded = self.state == VerificationState::Success;
        succeeded.then(|| self.reused.unwrap_or(false))
    }

    /// When it began; `None` if it has not, or if the server does not say.
    #[must_use]
    pub fn begun(&self) -> Option<DateTime<Utc>> {
        instant(self.begun)
    }

    /// When it last changed; `None` if it has not begun.
    #[must_use]
    pub fn updated(&self) -> Option<DateTime<Utc>> {
        instant(self.updated)
    }

    /// Which fields were asked for; `None` means all.
    #[must_use]
    pub fn requested_fields(&self) -> Option<&RequestedFields> {
        self.requested_fields.as_ref()
    }

    /// The unsigned copy of the claims. Do not rely on it: it is compared, never returned.
    #[must_use]
    pub fn normalized(&self) -> Option<&NormalizedGovernmentIdData> {
        self.normalized.as_ref()
    }
}

impl fmt::Debug for Verification {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = formatter.debug_struct("Verification");
        debug.field("id", &self.id).field("state", &self.state);
        debug.field("fail_code", &self.fail_code).finish_non_exhaustive()
    }
}

/// The fields a relying party asked for (`GovernmentIDFields`).
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct RequestedFields {
    /// The number of the document.
    pub id_number: bool,
    /// The given name.
    pub given_name: bool,
    /// The family name.
    pub family_name: bool,
    /// The address, in one line.
    pub address: bool,
    /// The date of birth.
    pub date_of_birth: bool,
    /// The country that issued the document.
    pub country: bool,
    /// The day on which the document was issued.
    pub issue_date: bool,
    /// The day on which the document expires.
    pub expiration_date: bool,
}

impl RequestedFields {
    fn read(message: &Message<'_, '_>) -> Result<RequestedFields, Error> {
        let asked = |name| message.boolean(name).map(|asked| asked.unwrap_or(false));
        Ok(RequestedFields {
            id_number: asked("id_number")?,
            given_name: asked("given_name")?,
            family_name: asked("family_name")?,
            address: asked("address")?,
            date_of_birth: asked("date_of_birth")?,
            country: asked("country")?,
            issue_date: asked("issue_date")?,
            expiration_date: asked("expiration_date")?,
        })
    }
}

/// The server's unsigned copy of the claims (`NormalizedGovernmentIdData`).
#[derive(Clone, Default, Eq, PartialEq)]
pub struct NormalizedGovernmentIdData {
    fields: [Option<String>; 8],
}

macro_rules! normalized {
    ($($index:literal $name:ident,)*) => {
        impl NormalizedGovernmentIdData {
            fn read(message: &Message<'_, '_>) -> Result<NormalizedGovernmentIdData, Error> {
                Ok(NormalizedGovernmentIdData { fields: [$(message.text(stringify!($name))?),*] })
            }

            $(
                #[doc = concat!("`", stringify!($name), "`, as the server tells it.")]
                #[must_use]
                pub fn $name(&self) -> Option<&str> {
                    self.fields.get($index).and_then(Option::as_deref)
                }
            )*
        }
    };
}

normalized! {
    0 id_number,
    1 given_name,
    2 family_name,
    3 address,
    4 date_of_birth,
    5 country,
    6 issue_date,
    7 expiration_date,
}

impl fmt::Debug for NormalizedGovernmentIdData {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("NormalizedGovernmentIdData").finish_non_exhaustive()
    }
}

/// Whether an object has a member that only sessions and their responses have.
pub(crate) fn looks_like_session(object: &Object<'_>) -> bool {
    let names = [
        "state",
        "verifications",
        "clientToken",
        "client_token",
        "resultVp",
        "result_vp",
        "session",
        "sessions",
    ];
    names.iter().any(|name| object.get(name).is_some())
}

/// The value of an enum member: its number, or its name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Enumeration<'a> {
    Number(i128),
    Name(&'a str),
}

/// A message as JSON: members in `snake_case` or in `camelCase`, null for absent.
struct Message<'m, 'a>(&'m Object<'a>);

impl<'m, 'a> Message<'m, 'a> {
    fn member(&self, name: &'static str) -> Result<Option<&'m Json<'a>>, Error> {
        let present = |name: &str| self.0.get(name).filter(|value| **value != Json::Null);
        let camel = camel_case(name);
        let other = (camel != name).then(|| present(&camel)).flatten();
        match (present(name), other) {
            (Some(value), Some(other)) if value != other => {
                Err(problem(name, "has two spellings that disagree"))
            }
            (value, other) => Ok(value.or(other)),
        }
    }

    fn text(&self, name: &'static str) -> Result<Option<String>, Error> {
        match self.member(name)? {
            None => Ok(None),
            Some(Json::String(text)) => Ok(Some(text.clone().into_owned())),
            Some(_) => Err(problem(name, "is not a string")),
        }
    }

    fn boolean(&self, name: &'static str) -> Result<Option<bool>, Error> {
        match self.member(name)? {
            None => Ok(None),
            Some(Json::Bool(value)) => Ok(Some(*value)),
            Some(_) => Err(problem(name, "is not true or false")),
        }
    }

    /// Unix seconds (fixed64): a number, or a number in a string.
    fn seconds(&self, name: &'static str) -> Result<u64, Error> {
        let seconds = match self.member(name)? {
            None => return Ok(0),
            Some(Json::Number(Number::Integer(seconds))) => u64::try_from(*seconds).ok(),
            Some(Json::String(text)) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
                text.parse().ok()
            }
            Some(_) => None,
        };
        seconds.ok_or(problem(name, "is not a number of seconds"))
    }

    fn enumeration(&self, name: &'static str) -> Result<Option<Enumeration<'m>>, Error> {
        match self.member(name)? {
            None => Ok(None),
            Some(Json::Number(Number::Integer(number))) => Ok(Some(Enumeration::Number(*number))),
            Some(Json::String(text)) => match text.parse::<i32>() {
                Ok(number) => Ok(Some(Enumeration::Number(number.into()))),
                Err(_) => Ok(Some(Enumeration::Name(text))),
            },
            Some(_) => Err(problem(name, "is not a name or number")),
        }
    }

    fn message(&self, name: &'static str) -> Result<Option<Message<'m, 'a>>, Error> {
        match self.member(name)? {
            None => Ok(None),
            Some(Json::Object(message)) => Ok(Some(Message(message))),
            Some(_) => Err(problem(name, "is not an object")),
        }
    }

    fn unknown_members(&self) -> Vec<String> {
        let known = |name: &str| {
            SESSION_MEMBERS.iter().any(|known| *known == name || camel_case(known) == name)
        };
        self.0.iter().filter(|(name, _)| !known(name)).map(|(name, _)| printable(name)).collect()
    }
}

fn camel_case(name: &str) -> Cow<'_, str> {
    if !name.contains('_') {
        return Cow::Borrowed(name);
    }
    let mut camel = String::with_capacity(name.len());
    for (index, word) in name.split('_').enumerate() {
        let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
        match index {
            0 => camel.push_str(first),
            _ => camel.push_str(&first.to_ascii_uppercase()),
        }
        camel.push_str(rest);
    }
    Cow::Owned(camel)
}

/// A name of a newer server, kept so that it can be shown: letters, digits and `_`, at most 64.
fn printable(name: &str) -> String {
    let plain = |character: &char| character.is_ascii_alphanumeric() || *character == '_';
    match name.len() <= 64 && name.chars().all(|character| plain(&character)) {
        true => name.to_owned(),
        false => "?".to_owned(),
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

const SESSION_MEMBERS: [&str; 9] = [
    "id",
    "client_token",
    "state",
    "verifications",
    "fail_code",
    "result_vp",
    "created",
    "updated",
    "redacted",
];

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
