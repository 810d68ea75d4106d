//! Sessions as JSON, in every spelling.

use std::collections::BTreeSet;

use super::enums::{printable, Enumeration};
use super::verification::{NormalizedGovernmentIdData, RequestedFields, Verification, FIELDS};
use super::{problem, FailCode, Session, State};
use super::{VerificationFailCode, VerificationState, VerificationType};
use crate::error::Error;
use crate::json::{self, Json, Number, Object};
use crate::limits::{Limit, Limits};

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
        Session::all_from_json_within(text, &Limits::STANDARD)
    }

    /// As [`all_from_json`](Self::all_from_json), within limits of the caller's.
    ///
    /// # Errors
    ///
    /// As [`from_json`](Self::from_json).
    pub fn all_from_json_within(text: &[u8], limits: &Limits) -> Result<Vec<Session>, Error> {
        let sessions = match json::parse(text, limits)? {
            Json::Array(sessions) => sessions,
            Json::Object(mut object) => {
                let mut take = |wanted| object.take(|name, _| name == wanted);
                match (take("sessions"), take("session")) {
                    (Some(Json::Array(sessions)), None) => sessions,
                    (None, Some(session @ Json::Object(_))) => vec![session],
                    (None, None) => vec![Json::Object(object)],
                    _ => return Err(problem("sessions", "is not a list of sessions")),
                }
            }
            _ => return Err(problem("session", "is not an object")),
        };
        if sessions.len() > limits.sessions {
            return Err(Error::beyond(limits, Limit::Sessions));
        }
        let read = |session: Json<'_>| match session {
            Json::Object(mut session) => {
                let mut read = Session::read(&Message(&session), limits)?;
                // It is moved out, for with its images it is nearly all of the text.
                let is_result =
                    |name: &str, it: &Json<'_>| is_spelling(name, "result_vp") && *it != Json::Null;
                read.result_vp = match session.take(is_result) {
                    None => None,
                    Some(Json::String(text)) => Some(text.into_owned()),
                    Some(_) => return Err(problem("result_vp", "is not a string")),
                };
                Ok(read)
            }
            _ => Err(problem("session", "is not an object")),
        };
        sessions.into_iter().map(read).collect()
    }

    /// Reads all but the result.
    fn read(message: &Message<'_, '_>, limits: &Limits) -> Result<Session, Error> {
        message.member("result_vp")?;
        let mut verifications = Vec::new();
        let mut unknown_members = message.unknown_members(&SESSION_MEMBERS, "");
        let mut unknown_inside = BTreeSet::new();
        match message.member("verifications")? {
            None => {}
            Some(Json::Object(map)) if map.len() > limits.verifications => {
                return Err(Error::beyond(limits, Limit::Verifications));
            }
            Some(Json::Object(map)) => {
                for (key, verification) in map.iter() {
                    let verification = verification
                        .as_object()
                        .ok_or(problem("verifications", "holds something that is no object"))?;
                    let verification = Message(verification);
                    verifications.push(Verification::read(key, &verification)?);
                    unknown_inside.extend(
                        verification.unknown_members(&VERIFICATION_MEMBERS, "verifications.*."),
                    );
                }
            }
            Some(_) => return Err(problem("verifications", "is not an object")),
        }
        // A map has no order, nor have the members of an object.
        verifications.sort_by(|a, b| a.key.cmp(&b.key));
        unknown_members.sort_unstable();
        unknown_members.extend(unknown_inside);
        Ok(Session {
            id: match message.text("id")? {
                Some(id) if !id.is_empty() => id,
                _ => return Err(problem("id", "is missing")),
            },
            client_token: message.text("client_token")?.unwrap_or_default(),
            state: State::read(message.enumeration("state")?.unwrap_or(Enumeration::Number(0))),
            verifications,
            fail_code: message.enumeration("fail_code")?.map(FailCode::read),
            result_vp: None,
            created: message.seconds("created")?,
            updated: message.seconds("updated")?,
            redacted: message.boolean("redacted")?,
            unknown_members,
            received: None,
        })
    }
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
            reused: message.boolean("reused")?.unwrap_or(false),
            begun: message.seconds("begun")?,
            updated: message.seconds("updated")?,
            requested_fields: fields.map(|fields| RequestedFields::read(&fields)).transpose()?,
            normalized: message
                .message("normalized_government_id_data")?
                .map(|copy| NormalizedGovernmentIdData::read(&copy))
                .transpose()?,
        })
    }
}

impl RequestedFields {
    fn read(message: &Message<'_, '_>) -> Result<RequestedFields, Error> {
        let mut fields = [false; 8];
        for (asked, name) in fields.iter_mut().zip(FIELDS) {
            *asked = message.boolean(name)?.unwrap_or(false);
        }
        Ok(RequestedFields::from_array(fields))
    }
}

impl NormalizedGovernmentIdData {
    fn read(message: &Message<'_, '_>) -> Result<NormalizedGovernmentIdData, Error> {
        let mut copy = NormalizedGovernmentIdData::default();
        for (field, name) in copy.fields.iter_mut().zip(FIELDS) {
            *field = message.text(name)?;
        }
        Ok(copy)
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

/// A message as JSON: members in `snake_case` or in `camelCase`, null for absent.
struct Message<'m, 'a>(&'m Object<'a>);

impl<'m, 'a> Message<'m, 'a> {
    fn member(&self, name: &'static str) -> Result<Option<&'m Json<'a>>, Error> {
        let mut present = (self.0.iter())
            .filter(|(member, value)| is_spelling(member, name) && **value != Json::Null)
            .map(|(_, value)| value);
        match (present.next(), present.next()) {
            (Some(value), Some(other)) if value != other => {
                Err(problem(name, "has two spellings that disagree"))
            }
            (value, _) => Ok(value),
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

    fn unknown_members(&self, members: &[&str], place: &str) -> Vec<String> {
        let known = |name: &str| members.iter().any(|known| is_spelling(name, known));
        let unknown = self.0.iter().filter(|(name, _)| !known(name));
        unknown.map(|(name, _)| format!("{place}{}", printable(name))).collect()
    }
}

/// Whether a member is the name of a field, in `snake_case` or in `camelCase`.
fn is_spelling(member: &str, field: &str) -> bool {
    if member == field {
        return true;
    }
    // Most are told apart by their beginning, or by being no shorter: camelCase has no underscore.
    if member.as_bytes().first() != field.as_bytes().first() || member.len() >= field.len() {
        return false;
    }
    let mut rest = member;
    for (index, word) in field.split('_').enumerate() {
        let (first, others) = word.split_at_checked(1).unwrap_or((word, ""));
        let is_first = |it: &str| match index {
            0 => it == first,
            _ => it.bytes().eq(first.bytes().map(|byte| byte.to_ascii_uppercase())),
        };
        let Some((start, end)) = rest.split_at_checked(first.len()) else { return false };
        match end.strip_prefix(others).filter(|_| is_first(start)) {
            Some(end) => rest = end,
            None => return false,
        }
    }
    rest.is_empty()
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

const VERIFICATION_MEMBERS: [&str; 10] = [
    "id",
    "type",
    "state",
    "fail_code",
    "fail_reason",
    "reused",
    "begun",
    "updated",
    "government_id_options",
    "normalized_government_id_data",
];
