//! The grammar of RFC 8259 in one pass: depth, values, members and names are asked about on the way.

use std::borrow::Cow;

use super::{Json, Number, Object};
use crate::error::JsonRule;
use crate::limits::{Limit, Limits};

/// Why a text is not read further.
pub(super) enum Stop {
    Limit(Limit),
    /// The rule, and the offset of the byte at which it is broken.
    Rule(JsonRule, usize),
}

/// Reads the one value of a text.
pub(super) fn read<'a>(text: &'a str, limits: &Limits) -> Result<Json<'a>, Stop> {
    let mut reader = Reader {
        text,
        at: 0,
        depth: 0,
        values: 0,
        limits,
        members: Vec::with_capacity(OPEN),
        items: Vec::with_capacity(OPEN),
        unescaped: String::new(),
    };
    let value = reader.value()?;
    match reader.next_token() {
        None => Ok(value),
        Some(_) => Err(reader.stop(JsonRule::Syntax)),
    }
}

struct Reader<'a, 'l> {
    text: &'a str,
    /// The offset of the next byte; always between two characters where a string begins or ends.
    at: usize,
    depth: usize,
    values: usize,
    limits: &'l Limits,
    /// What was read of the objects and arrays that are not complete: each is allocated once, as
    /// large as it is.
    members: Vec<(Cow<'a, str>, Json<'a>)>,
    items: Vec<Json<'a>>,
    /// The string that is read, if it has escapes.
    unescaped: String,
}

#[expect(clippy::arithmetic_side_effects, reason = "places and counts within the text")]
impl<'a> Reader<'a, '_> {
    fn value(&mut self) -> Result<Json<'a>, Stop> {
        if self.values >= self.limits.values {
            return Err(Stop::Limit(Limit::Values));
        }
        self.values += 1;
        match self.next_token() {
            Some(b'"') => {
                self.at += 1;
                self.string().map(Json::String)
            }
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'-' | b'0'..=b'9') => self.number().map(Json::Number),
            Some(b't') => self.word("true", Json::Bool(true)),
            Some(b'f') => self.word("false", Json::Bool(false)),
            Some(b'n') => self.word("null", Json::Null),
            _ => Err(self.stop(JsonRule::Syntax)),
        }
    }

    fn nested(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<Json<'a>, Stop>,
    ) -> Result<Json<'a>, Stop> {
        if self.depth >= self.limits.depth {
            return Err(Stop::Limit(Limit::Depth));
        }
        (self.depth, self.at) = (self.depth + 1, self.at + 1);
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn array(&mut self) -> Result<Json<'a>, Stop> {
        let first = self.items.len();
        if self.next_token() != Some(b']') {
            loop {
                let item = self.value()?;
                self.items.push(item);
                match self.next_token() {
                    Some(b',') => self.at += 1,
                    Some(b']') => break,
                    _ => return Err(self.stop(JsonRule::Syntax)),
                }
            }
        }
        self.at += 1;
        Ok(Json::Array(self.items.drain(first..).collect()))
    }

    fn object(&mut self) -> Result<Json<'a>, Stop> {
        let first = self.members.len();
        if self.next_token() != Some(b'}') {
            loop {
                if self.members.len() - first >= self.limits.members {
                    return Err(Stop::Limit(Limit::Members));
                }
                let name = self.name()?;
                let value = self.value()?;
                self.members.push((name, value));
                match self.next_token() {
                    Some(b',') => self.at += 1,
                    Some(b'}') => break,
                    _ => return Err(self.stop(JsonRule::Syntax)),
                }
            }
        }
        if has_repeated_name(self.members.get(first..).unwrap_or_default()) {
            return Err(self.stop(JsonRule::RepeatedName));
        }
        self.at += 1;
        Ok(Json::Object(Object(self.members.drain(first..).collect())))
    }

    /// A member's name with its colon.
    fn name(&mut self) -> Result<Cow<'a, str>, Stop> {
        if self.next_token() != Some(b'"') {
            return Err(self.stop(JsonRule::Syntax));
        }
        self.at += 1;
        let name = self.string()?;
        // With some of its features `serde_json` takes an object with this name for a number.
        if name.starts_with(RESERVED) {
            return Err(self.stop(JsonRule::ReservedName));
        }
        if self.next_token() != Some(b':') {
            return Err(self.stop(JsonRule::Syntax));
        }
        self.at += 1;
        Ok(name)
    }

    /// The rest of a string whose quotation mark was read.
    fn string(&mut self) -> Result<Cow<'a, str>, Stop> {
        let plain = self.plain()?;
        if self.peek() == Some(b'"') {
            self.at += 1;
            return Ok(Cow::Borrowed(plain));
        }
        let mut unescaped = std::mem::take(&mut self.unescaped);
        unescaped.clear();
        unescaped.reserve(self.text.len().min(UNESCAPED));
        self.append(&mut unescaped, plain);
        loop {
            let next = self.text.as_bytes().get(self.at..).and_then(<[u8]>::first_chunk);
            match next {
                // Of a JSON text within the text nearly all escapes are these.
                Some(b"\\\"") => {
                    self.at += 2;
                    unescaped.push('"');
                }
                _ if self.peek() == Some(b'"') => break,
                _ => {
                    self.at += 1;
                    unescaped.push(self.escaped()?);
                }
            }
            let plain = self.plain()?;
            self.append(&mut unescaped, plain);
        }
        self.at += 1;
        if unescaped.len() > UNESCAPED {
            unescaped.shrink_to_fit();
            return Ok(Cow::Owned(unescaped));
        }
        let text = unescaped.as_str().into();
        self.unescaped = unescaped;
        Ok(Cow::Owned(text))
    }

    /// Adds what was just read. A result with images does not fit where strings are unescaped: it gets
    /// room for all that is left of the text at once, and keeps it, for to copy it takes as long as to
    /// read it.
    #[inline]
    fn append(&self, unescaped: &mut String, plain: &str) {
        if unescaped.capacity() - unescaped.len() < plain.len() {
            unescaped.reserve_exact(plain.len() + self.text.len() - self.at);
        }
        unescaped.push_str(plain);
    }

    /// The characters before the next quotation mark or backslash: there is one.
    #[inline]
    fn plain(&mut self) -> Result<&'a str, Stop> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let length = plain_length(rest.as_bytes());
        self.at += length;
        match (rest.as_bytes().get(length), rest.get(..length)) {
            (Some(b'"' | b'\\'), Some(plain)) => Ok(plain),
            _ => Err(self.stop(JsonRule::Syntax)),
        }
    }

    /// The character of an escape whose backslash was read (RFC 8259, section 7).
    fn escaped(&mut self) -> Result<char, Stop> {
        let character = match self.peek() {
            Some(mark @ (b'"' | b'\\' | b'/')) => char::from(mark),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                return self.by_code();
            }
            _ => return Err(self.stop(JsonRule::Syntax)),
        };
        self.at += 1;
        Ok(character)
    }

    /// A character by its code, or by the two of a surrogate pair.
    fn by_code(&mut self) -> Result<char, Stop> {
        let first = self.code()?;
        if let Some(character) = char::from_u32(first) {
            return Ok(character);
        }
        for mark in [b'\\', b'u'] {
            if self.peek() != Some(mark) {
                return Err(self.stop(JsonRule::Syntax));
            }
            self.at += 1;
        }
        let second = self.code()?;
        let pair = [first, second].map(|unit| u16::try_from(unit).unwrap_or_default());
        let mut decoded = char::decode_utf16(pair);
        match (decoded.next(), decoded.next()) {
            (Some(Ok(character)), None) => Ok(character),
            _ => Err(self.stop(JsonRule::Syntax)),
        }
    }

    fn code(&mut self) -> Result<u32, Stop> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            code = code << 4 | digit.ok_or_else(|| self.stop(JsonRule::Syntax))?;
            self.at += 1;
        }
        Ok(code)
    }

    /// RFC 8259, section 6.
    fn number(&mut self) -> Result<Number, Stop> {
        let start = self.at;
        self.skip(b"-");
        // A zero stands alone; what comes behind it is then no number.
        if !self.skip(b"0") {
            self.digits()?;
        }
        let mut is_integer = true;
        if self.skip(b".") {
            is_integer = false;
            self.digits()?;
        }
        if self.skip(b"eE") {
            is_integer = false;
            self.skip(b"+-");
            self.digits()?;
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        let number = match is_integer {
            true => text.parse().ok().filter(|it| INTEGERS.contains(it)).map(Number::Integer),
            false => text.parse().ok().filter(|it: &f64| it.is_finite()).map(Number::Float),
        };
        number.ok_or(Stop::Rule(JsonRule::NumberOutOfRange, start))
    }

    /// One digit or more.
    fn digits(&mut self) -> Result<(), Stop> {
        if !self.skip(DIGITS) {
            return Err(self.stop(JsonRule::Syntax));
        }
        while self.skip(DIGITS) {}
        Ok(())
    }

    fn word(&mut self, word: &str, value: Json<'a>) -> Result<Json<'a>, Stop> {
        for byte in word.bytes() {
            if self.peek() != Some(byte) {
                return Err(self.stop(JsonRule::Syntax));
            }
            self.at += 1;
        }
        Ok(value)
    }

    fn skip(&mut self, any: &[u8]) -> bool {
        let found = self.peek().is_some_and(|byte| any.contains(&byte));
        self.at += usize::from(found);
        found
    }

    /// The next byte that is no white space, without reading it.
    fn next_token(&mut self) -> Option<u8> {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
        self.peek()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The rule is broken by the next byte; or the text has none, and was cut off behind the last.
    fn stop(&self, rule: JsonRule) -> Stop {
        match (rule, self.peek()) {
            (JsonRule::Syntax, None) => Stop::Rule(JsonRule::Truncated, self.at.saturating_sub(1)),
            (rule, _) => Stop::Rule(rule, self.at),
        }
    }
}

/// How many bytes there are before the first quotation mark, backslash or control character.
fn plain_length(bytes: &[u8]) -> usize {
    let mut length = 0_usize;
    // Most strings are short: eight bytes at once.
    while let Some(word) = bytes.get(length..).and_then(<[u8]>::first_chunk) {
        let special = special_bytes(u64::from_le_bytes(*word));
        if special != 0 {
            return length.saturating_add(special.trailing_zeros() as usize / 8);
        }
        length = length.saturating_add(8);
        // An image is long: as many as the processor can.
        if length >= SHORT {
            let rest = bytes.get(length..).unwrap_or_default();
            let rest = memchr::memchr2(b'"', b'\\', rest).and_then(|end| rest.get(..end));
            let rest = rest.filter(|it| !it.iter().fold(false, |any, byte| any | (*byte < b' ')));
            if let Some(rest) = rest {
                return length.saturating_add(rest.len());
            }
            break;
        }
    }
    let rest = bytes.get(length..).unwrap_or_default();
    let is_special = |byte: &u8| *byte < b' ' || matches!(byte, b'"' | b'\\');
    length.saturating_add(rest.iter().position(is_special).unwrap_or(rest.len()))
}

/// The highest bit of the first byte that is a quotation mark, a backslash or a control character,
/// and perhaps bits of bytes behind it; none if there is no such byte.
fn special_bytes(word: u64) -> u64 {
    let each = |byte: u8| u64::from_le_bytes([byte; 8]);
    // A byte borrows from the next one only if it is itself below what is taken from it.
    let below = |word: u64, byte: u8| word.wrapping_sub(each(byte)) & !word;
    let is = |byte: u8| below(word ^ each(byte), 1);
    (below(word, b' ') | is(b'"') | is(b'\\')) & each(0x80)
}

/// Objects are small, so small that comparing all pairs beats a set; the large ones are sorted.
fn has_repeated_name(members: &[(Cow<'_, str>, Json<'_>)]) -> bool {
    if members.len() <= 16 {
        return members.iter().enumerate().any(|(index, (name, _))| {
            members.iter().skip(index.saturating_add(1)).any(|(other, _)| other == name)
        });
    }
    let mut names: Vec<&str> = members.iter().map(|(name, _)| name.as_ref()).collect();
    names.sort_unstable();
    names.windows(2).any(|pair| pair.first() == pair.last())
}

const DIGITS: &[u8] = b"0123456789";
/// What 64 bits hold, with a sign or without.
const INTEGERS: std::ops::RangeInclusive<i128> = i64::MIN as i128..=u64::MAX as i128;
/// How the names begin under which `serde_json` hands on numbers and raw values.
const RESERVED: &str = "$serde_json::private::";
/// What most texts have of them at once.
const OPEN: usize = 32;
/// Where vector instructions begin to pay.
const SHORT: usize = 64;
/// What is kept at hand for strings with escapes: a result is one of some kilobytes.
const UNESCAPED: usize = 8 << 10;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Pieces of which texts are made that are nearly JSON.
    const PIECES: &[&str] = &[
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\"a\":",
        "\"b\":",
        "\"\"",
        "0",
        "-",
        "1",
        "9",
        ".",
        "e",
        "E+",
        "true",
        "false",
        "null",
        "nul",
        " ",
        "\n",
        "\t",
        "\\",
        "\\\"",
        "\\u00",
        "\\ud83d",
        "\\ude00",
        "\\n",
        "/",
        "é",
        "\u{1}",
        "\u{7f}",
        "long enough for several words at once",
    ];

    fn is_same(ours: &Json<'_>, theirs: &serde_json::Value) -> bool {
        match (ours, theirs) {
            (Json::Null, serde_json::Value::Null) => true,
            (Json::Bool(ours), serde_json::Value::Bool(theirs)) => ours == theirs,
            (Json::String(ours), serde_json::Value::String(theirs)) => *ours == *theirs,
            (Json::Number(ours), serde_json::Value::Number(theirs)) => match ours {
                // A zero has no sign here.
                Number::Integer(0) => theirs.as_f64() == Some(0.0),
                Number::Integer(ours) => theirs.to_string() == ours.to_string(),
                Number::Float(ours) => theirs.as_f64() == Some(*ours),
            },
            (Json::Array(ours), serde_json::Value::Array(theirs)) => {
                ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(a, b)| is_same(a, b))
            }
            (Json::Object(ours), serde_json::Value::Object(theirs)) => {
                ours.len() == theirs.len()
                    && ours.iter().all(|(name, it)| {
                        theirs.get(name).is_some_and(|theirs| is_same(it, theirs))
                    })
            }
            _ => false,
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 20_000, failure_persistence: None, ..ProptestConfig::default()
        })]

        #[test]
        fn what_is_json_is_json_to_serde_json(
            pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..12)
        ) {
            let text = pieces.concat();
            let theirs = serde_json::from_str::<serde_json::Value>(&text);
            match (read(&text, &Limits::STANDARD), theirs) {
                (Ok(ours), Ok(theirs)) => prop_assert!(is_same(&ours, &theirs), "{text}"),
                (Err(_), Err(_)) => {}
                // Where we are stricter on purpose.
                (Err(Stop::Rule(rule, _)), Ok(_)) => prop_assert!(
                    matches!(rule, JsonRule::RepeatedName | JsonRule::NumberOutOfRange),
                    "{text}: {rule:?}"
                ),
                (Err(Stop::Limit(limit)), Ok(_)) => prop_assert!(false, "{text}: {limit:?}"),
                (Ok(_), Err(error)) => prop_assert!(false, "{text}: {error}"),
            }
        }

        #[test]
        fn a_string_ends_where_it_would_byte_for_byte(
            bytes in proptest::collection::vec(
                prop_oneof![Just(b'"'), Just(b'\\'), Just(0x1f), Just(b' '), Just(b'!'), 0x20..=0x7f_u8, 0x80..=0xff_u8],
                0..200
            ),
            plain in 0..150_usize,
        ) {
            let bytes = [vec![b'x'; plain], bytes].concat();
            let is_special = |byte: &u8| *byte < b' ' || matches!(byte, b'"' | b'\\');
            let expected = bytes.iter().position(is_special).unwrap_or(bytes.len());
            prop_assert_eq!(plain_length(&bytes), expected);
        }
    }
}
