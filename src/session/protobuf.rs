//! Sessions and their responses as binary protobuf (proto3, package `services.connect.v1`).

use std::cell::Cell;
use std::collections::BTreeSet;

use prost::encoding;

use super::verification::{NormalizedGovernmentIdData, RequestedFields, Verification, FIELDS};
use super::wire::{Message, Value};
use super::{problem, FailCode, Session, State};
use super::{VerificationFailCode, VerificationState, VerificationType};
use crate::error::Error;
use crate::limits::{Limit, Limits};

impl Session {
    /// Reads one session as binary protobuf, or a response that wraps one.
    ///
    /// Of a field that is repeated the last one counts, and the parts of a message are merged, as
    /// the encoding demands.
    ///
    /// # Errors
    ///
    /// [`Error::Protobuf`] and [`Error::LimitReached`] for the bytes; [`Error::Session`] if a field
    /// is missing, of another type, or no UTF-8.
    pub fn from_protobuf(bytes: &[u8]) -> Result<Session, Error> {
        let mut sessions = Session::all_from_protobuf(bytes)?.into_iter();
        match (sessions.next(), sessions.next()) {
            (Some(session), None) => Ok(session),
            _ => Err(problem("sessions", "is not exactly one session")),
        }
    }

    /// Reads one session as binary protobuf, or a response that wraps one or several; possibly
    /// none.
    ///
    /// # Errors
    ///
    /// As [`from_protobuf`](Self::from_protobuf).
    pub fn all_from_protobuf(bytes: &[u8]) -> Result<Vec<Session>, Error> {
        Session::all_from_protobuf_within(bytes, &Limits::STANDARD)
    }

    /// As [`all_from_protobuf`](Self::all_from_protobuf), within limits of the caller's.
    ///
    /// # Errors
    ///
    /// As [`from_protobuf`](Self::from_protobuf).
    pub fn all_from_protobuf_within(bytes: &[u8], limits: &Limits) -> Result<Vec<Session>, Error> {
        if bytes.len() > limits.bytes {
            return Err(Error::beyond(limits, Limit::Bytes));
        }
        let fields_left = Cell::new(limits.values);
        let message = Message::new(bytes, limits, &fields_left);
        if !is_response(message)? {
            return Ok(vec![Session::decoded(message)?]);
        }
        let mut sessions = Vec::new();
        for field in message {
            let field = field?;
            // Totals and whatever a newer server adds say nothing of the sessions.
            if field.number != 1 {
                continue;
            }
            if sessions.len() >= limits.sessions {
                return Err(Error::beyond(limits, Limit::Sessions));
            }
            sessions.push(Session::decoded(field.message("session")?)?);
        }
        Ok(sessions)
    }

    /// The session as binary protobuf (`IDVSession`).
    ///
    /// Byte for byte what was read, if it was read from protobuf, with every field that this
    /// version does not know. A session that was read from JSON is encoded as the fields in the
    /// order of their numbers, defaults left out; members without a known number are left out too.
    ///
    /// # Errors
    ///
    /// [`Error::Session`] if JSON named an enumeration value whose number is not known.
    pub fn to_protobuf(&self) -> Result<Vec<u8>, Error> {
        if let Some(received) = &self.received {
            return Ok(received.clone());
        }
        let mut out = Vec::new();
        text(1, &self.id, &mut out);
        text(2, &self.client_token, &mut out);
        enumeration(3, number("state", self.state.number())?, &mut out);
        for verification in &self.verifications {
            let mut entry = Vec::new();
            text(1, &verification.key, &mut entry);
            encoding::bytes::encode(2, &verification.encoded()?, &mut entry);
            encoding::bytes::encode(4, &entry, &mut out);
        }
        if let Some(code) = &self.fail_code {
            encoding::int32::encode(5, &number("fail_code", code.number())?, &mut out);
        }
        if let Some(result) = &self.result_vp {
            encoding::string::encode(6, result, &mut out);
        }
        seconds(7, self.created, &mut out);
        seconds(8, self.updated, &mut out);
        if let Some(redacted) = &self.redacted {
            encoding::bool::encode(9, redacted, &mut out);
        }
        Ok(out)
    }

    fn decoded(message: Message<'_>) -> Result<Session, Error> {
        let (mut unknown, mut unknown_inside) = (BTreeSet::new(), BTreeSet::new());
        let mut session = Session {
            id: String::new(),
            client_token: String::new(),
            state: State::Created,
            verifications: Vec::new(),
            fail_code: None,
            result_vp: None,
            created: 0,
            updated: 0,
            redacted: None,
            unknown_members: Vec::new(),
            received: Some(message.bytes.to_vec()),
        };
        for field in message {
            let field = field?;
            match field.number {
                1 => session.id = field.text("id")?,
                2 => session.client_token = field.text("client_token")?,
                3 => session.state = State::read(field.enumeration("state")?),
                4 => {
                    let entry = field.message("verifications")?;
                    let verification = Verification::entry(entry, &mut unknown_inside)?;
                    session.put(verification, message.limits)?;
                }
                5 => session.fail_code = Some(FailCode::read(field.enumeration("fail_code")?)),
                6 => session.result_vp = Some(field.text("result_vp")?),
                7 => session.created = field.seconds("created")?,
                8 => session.updated = field.seconds("updated")?,
                9 => session.redacted = Some(field.boolean("redacted")?),
                unknown_number => drop(unknown.insert(unknown_number)),
            }
        }
        if session.id.is_empty() {
            return Err(problem("id", "is missing"));
        }
        let unknown = unknown.iter().map(|number| format!("#{number}"));
        let inside = unknown_inside.iter().map(|number| format!("verifications.*.#{number}"));
        session.unknown_members = unknown.chain(inside).collect();
        // A map has no order.
        session.verifications.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(session)
    }

    /// The last entry of a key counts, as a whole.
    fn put(&mut self, verification: Verification, limits: &Limits) -> Result<(), Error> {
        let former = self.verifications.iter_mut().find(|it| it.key == verification.key);
        if let Some(former) = former {
            *former = verification;
            return Ok(());
        }
        if self.verifications.len() >= limits.verifications {
            return Err(Error::beyond(limits, Limit::Verifications));
        }
        self.verifications.push(verification);
        Ok(())
    }
}

impl Verification {
    /// An entry of the map: its key and its value.
    fn entry(entry: Message<'_>, unknown: &mut BTreeSet<u32>) -> Result<Verification, Error> {
        let mut verification = Verification {
            key: String::new(),
            id: String::new(),
            kind: VerificationType::GovernmentId,
            state: VerificationState::Pending,
            fail_code: None,
            reused: false,
            begun: 0,
            updated: 0,
            requested_fields: None,
            normalized: None,
        };
        for field in entry {
            let field = field?;
            match field.number {
                1 => verification.key = field.text("verifications")?,
                2 => verification.merge(field.message("verifications")?, unknown)?,
                _ => {}
            }
        }
        Ok(verification)
    }

    fn merge(&mut self, message: Message<'_>, unknown: &mut BTreeSet<u32>) -> Result<(), Error> {
        for field in message {
            let field = field?;
            match field.number {
                1 => self.id = field.text("id")?,
                2 => self.kind = VerificationType::read(field.enumeration("type")?),
                3 => self.state = VerificationState::read(field.enumeration("state")?),
                4 => {
                    let code = field.enumeration("fail_code")?;
                    self.fail_code = Some(VerificationFailCode::read(code));
                }
                5 => self.reused = field.boolean("reused")?,
                6 => self.begun = field.seconds("begun")?,
                7 => self.updated = field.seconds("updated")?,
                8 => {
                    for option in field.message("government_id_options")? {
                        let option = option?;
                        if option.number == 1 {
                            let none = RequestedFields::from_array([false; 8]);
                            let asked = self.requested_fields.get_or_insert(none);
                            asked.merge(option.message("fields")?)?;
                        }
                    }
                }
                9 => {
                    let copy = field.message("normalized_government_id_data")?;
                    self.normalized.get_or_insert_default().merge(copy)?;
                }
                unknown_number => drop(unknown.insert(unknown_number)),
            }
        }
        Ok(())
    }

    fn encoded(&self) -> Result<Vec<u8>, Error> {
        let mut out = Vec::new();
        text(1, &self.id, &mut out);
        enumeration(2, number("type", self.kind.number())?, &mut out);
        enumeration(3, number("state", self.state.number())?, &mut out);
        if let Some(code) = &self.fail_code {
            encoding::int32::encode(4, &number("fail_code", code.number())?, &mut out);
        }
        boolean(5, self.reused, &mut out);
        seconds(6, self.begun, &mut out);
        seconds(7, self.updated, &mut out);
        if let Some(asked) = &self.requested_fields {
            let mut fields = Vec::new();
            (1..).zip(asked.to_array()).for_each(|(tag, asked)| boolean(tag, asked, &mut fields));
            let mut options = Vec::new();
            encoding::bytes::encode(1, &fields, &mut options);
            encoding::bytes::encode(8, &options, &mut out);
        }
        if let Some(normalized) = &self.normalized {
            let mut copy = Vec::new();
            for (tag, field) in (1..).zip(&normalized.fields) {
                field.iter().for_each(|field| encoding::string::encode(tag, field, &mut copy));
            }
            encoding::bytes::encode(9, &copy, &mut out);
        }
        Ok(out)
    }
}

impl RequestedFields {
    fn merge(&mut self, message: Message<'_>) -> Result<(), Error> {
        let mut fields = self.to_array();
        for field in message {
            let field = field?;
            let index = field.number.checked_sub(1).and_then(|it| usize::try_from(it).ok());
            if let Some(asked) = index.and_then(|index| fields.get_mut(index)) {
                *asked = field.boolean("fields")?;
            }
        }
        *self = RequestedFields::from_array(fields);
        Ok(())
    }
}

impl NormalizedGovernmentIdData {
    fn merge(&mut self, message: Message<'_>) -> Result<(), Error> {
        for field in message {
            let field = field?;
            let index = field.number.checked_sub(1).and_then(|it| usize::try_from(it).ok());
            let Some(index) = index else { continue };
            let name = FIELDS.get(index);
            if let (Some(copy), Some(name)) = (self.fields.get_mut(index), name) {
                *copy = Some(field.text(name)?);
            }
        }
        Ok(())
    }
}

/// A session's field 1 is its id: a text. A response's field 1 is a session, whose id begins with a
/// key that is a line feed, which no id holds. Without a field 1 only a list of none is a response.
fn is_response(message: Message<'_>) -> Result<bool, Error> {
    let mut has_first = false;
    let mut has_other = false;
    for field in message {
        let field = field?;
        match field.value {
            Value::Bytes(value) if field.number == 1 && !value.bytes.contains(&b'\n') => {
                return Ok(false);
            }
            _ if field.number == 1 => has_first = true,
            _ => has_other |= !matches!(field.number, 2 | 3),
        }
    }
    Ok(has_first || !has_other)
}

fn number(name: &'static str, number: Option<i32>) -> Result<i32, Error> {
    number.ok_or(problem(name, "has a name whose number is not known"))
}

fn text(tag: u32, text: &String, out: &mut Vec<u8>) {
    if !text.is_empty() {
        encoding::string::encode(tag, text, out);
    }
}

fn enumeration(tag: u32, number: i32, out: &mut Vec<u8>) {
    if number != 0 {
        encoding::int32::encode(tag, &number, out);
    }
}

fn boolean(tag: u32, value: bool, out: &mut Vec<u8>) {
    if value {
        encoding::bool::encode(tag, &value, out);
    }
}

fn seconds(tag: u32, seconds: u64, out: &mut Vec<u8>) {
    if seconds != 0 {
        encoding::fixed64::encode(tag, &seconds, out);
    }
}
