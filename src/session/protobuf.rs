//! Sessions and their responses as binary protobuf (proto3, package `services.connect.v1`).
//!
//! A reader of our own over the primitives of `prost`: a derived message would drop the fields of a
//! newer server, has no limits of ours, and knows no place to name.

use std::cell::Cell;
use std::collections::BTreeSet;

use prost::encoding::{self, WireType};
use prost::DecodeError;

use super::enums::Enumeration;
use super::verification::{NormalizedGovernmentIdData, RequestedFields, Verification, FIELDS};
use super::{problem, FailCode, Session, State};
use super::{VerificationFailCode, VerificationState, VerificationType};
use crate::error::{Error, Limit};

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
        if bytes.len() > Limit::MAX_BYTES {
            return Err(Error::LimitReached { limit: Limit::Bytes });
        }
        let fields_left = Cell::new(Limit::MAX_VALUES);
        let message = Message { bytes, offset: 0, fields_left: &fields_left };
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
            if sessions.len() >= Limit::MAX_SESSIONS {
                return Err(Error::LimitReached { limit: Limit::Sessions });
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
        let mut unknown = BTreeSet::new();
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
                4 => session.put(Verification::entry(field.message("verifications")?)?)?,
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
        session.unknown_members = unknown.iter().map(|number| format!("#{number}")).collect();
        Ok(session)
    }

    /// The last entry of a key counts, as a whole.
    fn put(&mut self, verification: Verification) -> Result<(), Error> {
        let former = self.verifications.iter_mut().find(|it| it.key == verification.key);
        if let Some(former) = former {
            *former = verification;
            return Ok(());
        }
        if self.verifications.len() >= Limit::MAX_VERIFICATIONS {
            return Err(Error::LimitReached { limit: Limit::Verifications });
        }
        self.verifications.push(verification);
        Ok(())
    }
}

impl Verification {
    /// An entry of the map: its key and its value.
    fn entry(entry: Message<'_>) -> Result<Verification, Error> {
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
                2 => verification.merge(field.message("verifications")?)?,
                _ => {}
            }
        }
        Ok(verification)
    }

    fn merge(&mut self, message: Message<'_>) -> Result<(), Error> {
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
                _ => {}
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

/// The bytes of one message, an iterator over its fields.
#[derive(Clone, Copy)]
struct Message<'a> {
    bytes: &'a [u8],
    /// Where they lie in the whole input.
    offset: usize,
    /// How many fields the whole input may still have.
    fields_left: &'a Cell<usize>,
}

struct Field<'a> {
    number: u32,
    value: Value<'a>,
}

enum Value<'a> {
    Varint(u64),
    Fixed64(u64),
    Bytes(Message<'a>),
    /// Of a wire type that no known field has.
    Other,
}

impl<'a> Iterator for Message<'a> {
    type Item = Result<Field<'a>, Error>;

    fn next(&mut self) -> Option<Result<Field<'a>, Error>> {
        if self.bytes.is_empty() {
            return None;
        }
        let field = self.key().and_then(|(number, wire_type)| {
            Ok(Field { number, value: self.value(number, wire_type, 0)? })
        });
        if field.is_err() {
            self.bytes = &[];
        }
        Some(field)
    }
}

impl<'a> Message<'a> {
    fn key(&mut self) -> Result<(u32, WireType), Error> {
        let left = self.fields_left.get().checked_sub(1);
        self.fields_left.set(left.ok_or(Error::LimitReached { limit: Limit::Values })?);
        let key = |rest: &mut &'a [u8]| encoding::decode_key(rest);
        self.decode(key, "a field has no such number or wire type")
    }

    fn value(
        &mut self,
        number: u32,
        wire_type: WireType,
        depth: usize,
    ) -> Result<Value<'a>, Error> {
        Ok(match wire_type {
            WireType::Varint => Value::Varint(self.varint()?),
            WireType::SixtyFourBit => {
                let (value, rest) = self.bytes.split_first_chunk().ok_or(self.truncated())?;
                self.advance(rest);
                Value::Fixed64(u64::from_le_bytes(*value))
            }
            WireType::LengthDelimited => {
                let length = usize::try_from(self.varint()?).ok();
                Value::Bytes(self.take(length.ok_or(self.truncated())?)?)
            }
            WireType::ThirtyTwoBit => {
                self.take(4)?;
                Value::Other
            }
            WireType::StartGroup => {
                self.skip_group(number, depth)?;
                Value::Other
            }
            WireType::EndGroup => return Err(self.malformed("a group ends that did not begin")),
        })
    }

    fn skip_group(&mut self, number: u32, depth: usize) -> Result<(), Error> {
        if depth >= Limit::MAX_DEPTH {
            return Err(Error::LimitReached { limit: Limit::Depth });
        }
        loop {
            let (inner, wire_type) = self.key()?;
            if wire_type == WireType::EndGroup && inner == number {
                return Ok(());
            }
            self.value(inner, wire_type, depth + 1)?;
        }
    }

    fn varint(&mut self) -> Result<u64, Error> {
        let varint = |rest: &mut &'a [u8]| encoding::decode_varint(rest);
        self.decode(varint, "a number is longer than 64 bits")
    }

    fn decode<T>(
        &mut self,
        decode: impl FnOnce(&mut &'a [u8]) -> Result<T, DecodeError>,
        problem: &'static str,
    ) -> Result<T, Error> {
        let mut rest = self.bytes;
        match decode(&mut rest) {
            Ok(value) => {
                self.advance(rest);
                Ok(value)
            }
            // Every byte says that another one follows.
            Err(_) if self.bytes.len() < 10 && self.bytes.iter().all(|byte| *byte >= 0x80) => {
                Err(self.truncated())
            }
            Err(_) => Err(self.malformed(problem)),
        }
    }

    fn take(&mut self, length: usize) -> Result<Message<'a>, Error> {
        let (bytes, rest) = self.bytes.split_at_checked(length).ok_or(self.truncated())?;
        let taken = Message { bytes, ..*self };
        self.advance(rest);
        Ok(taken)
    }

    fn advance(&mut self, rest: &'a [u8]) {
        self.offset += self.bytes.len() - rest.len();
        self.bytes = rest;
    }

    fn truncated(&self) -> Error {
        self.malformed("the message ends inside a field")
    }

    fn malformed(&self, problem: &'static str) -> Error {
        Error::Protobuf { problem, offset: self.offset }
    }
}

impl<'a> Field<'a> {
    fn text(&self, name: &'static str) -> Result<String, Error> {
        let text = std::str::from_utf8(self.message(name)?.bytes);
        text.map(str::to_owned).map_err(|_| problem(name, "is not UTF-8"))
    }

    fn message(&self, name: &'static str) -> Result<Message<'a>, Error> {
        match self.value {
            Value::Bytes(message) => Ok(message),
            _ => Err(problem(name, "is of another wire type than length-delimited")),
        }
    }

    fn varint(&self, name: &'static str) -> Result<u64, Error> {
        match self.value {
            Value::Varint(value) => Ok(value),
            _ => Err(problem(name, "is of another wire type than varint")),
        }
    }

    fn boolean(&self, name: &'static str) -> Result<bool, Error> {
        Ok(self.varint(name)? != 0)
    }

    /// What 32 bits would cut off is refused: cut off, it could mean success.
    fn enumeration(&self, name: &'static str) -> Result<Enumeration<'static>, Error> {
        match i32::try_from(self.varint(name)?.cast_signed()) {
            Ok(number) => Ok(Enumeration::Number(number.into())),
            Err(_) => Err(problem(name, "is out of range")),
        }
    }

    fn seconds(&self, name: &'static str) -> Result<u64, Error> {
        match self.value {
            Value::Fixed64(seconds) => Ok(seconds),
            _ => Err(problem(name, "is of another wire type than fixed64")),
        }
    }
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
