//! The wire format of protobuf: the fields of a message, each with its place.
//!
//! A reader of our own over the primitives of `prost`: a derived message would drop the fields of a
//! newer server, has no limits of ours, and knows no place to name.

use std::cell::Cell;

use prost::encoding::{self, WireType};
use prost::DecodeError;

use super::enums::Enumeration;
use super::problem;
use crate::error::Error;
use crate::limits::{Limit, Limits};

/// The bytes of one message, an iterator over its fields.
#[derive(Clone, Copy)]
pub(super) struct Message<'a> {
    pub(super) bytes: &'a [u8],
    /// Where they lie in the whole input.
    offset: usize,
    pub(super) limits: &'a Limits,
    /// How many fields the whole input may still have.
    fields_left: &'a Cell<usize>,
}

pub(super) struct Field<'a> {
    pub(super) number: u32,
    pub(super) value: Value<'a>,
}

pub(super) enum Value<'a> {
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
    pub(super) fn new(
        bytes: &'a [u8],
        limits: &'a Limits,
        fields_left: &'a Cell<usize>,
    ) -> Message<'a> {
        Message { bytes, offset: 0, limits, fields_left }
    }

    fn key(&mut self) -> Result<(u32, WireType), Error> {
        let left = self.fields_left.get().checked_sub(1);
        self.fields_left.set(left.ok_or(Error::beyond(self.limits, Limit::Values))?);
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
        if depth >= self.limits.depth {
            return Err(Error::beyond(self.limits, Limit::Depth));
        }
        loop {
            let (inner, wire_type) = self.key()?;
            if wire_type == WireType::EndGroup && inner == number {
                return Ok(());
            }
            self.value(inner, wire_type, depth.saturating_add(1))?;
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
        let read = self.bytes.len().saturating_sub(rest.len());
        self.offset = self.offset.saturating_add(read);
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
    pub(super) fn text(&self, name: &'static str) -> Result<String, Error> {
        let text = std::str::from_utf8(self.message(name)?.bytes);
        text.map(str::to_owned).map_err(|_| problem(name, "is not UTF-8"))
    }

    pub(super) fn message(&self, name: &'static str) -> Result<Message<'a>, Error> {
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

    pub(super) fn boolean(&self, name: &'static str) -> Result<bool, Error> {
        Ok(self.varint(name)? != 0)
    }

    /// What 32 bits would cut off is refused: cut off, it could mean success.
    pub(super) fn enumeration(&self, name: &'static str) -> Result<Enumeration<'static>, Error> {
        match i32::try_from(self.varint(name)?.cast_signed()) {
            Ok(number) => Ok(Enumeration::Number(number.into())),
            Err(_) => Err(problem(name, "is out of range")),
        }
    }

    pub(super) fn seconds(&self, name: &'static str) -> Result<u64, Error> {
        match self.value {
            Value::Fixed64(seconds) => Ok(seconds),
            _ => Err(problem(name, "is of another wire type than fixed64")),
        }
    }
}
