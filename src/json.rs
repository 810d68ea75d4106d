//! The only JSON entry: RFC 8259 within I-JSON (RFC 7493), borrowed from the input.
//!
//! The grammar is read here and not by `serde_json`: other crates of a build can change what that
//! says of numbers, of depth and of the order of members by switching on its features. A text means
//! the same in every build, its members keep their order, and no name stands twice.

mod reader;

use std::borrow::Cow;
use std::fmt;

use crate::error::{Error, JsonRule};
use crate::limits::{Limit, Limits};
use reader::Stop;

/// One JSON value; strings borrow from the text where they hold no escape.
#[derive(Clone, PartialEq)]
pub(crate) enum Json<'a> {
    Null,
    Bool(bool),
    Number(Number),
    String(Cow<'a, str>),
    Array(Vec<Json<'a>>),
    Object(Object<'a>),
}

/// A JSON number: integers where the text has neither fraction nor exponent.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Number {
    /// Written without fraction and exponent, and within 64 bits.
    Integer(i128),
    /// Everything else; always finite.
    Float(f64),
}

/// The members of an object in the order of the text; names are distinct.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Object<'a>(Vec<(Cow<'a, str>, Json<'a>)>);

impl Json<'_> {
    /// The value in canonical form (RFC 8785).
    ///
    /// `None` where implementations differ: an integer beyond 2^53, a negative zero, a number that
    /// needs an exponent, names whose order depends on the encoding.
    pub(crate) fn canonical(&self) -> Option<String> {
        let mut text = String::new();
        self.write_canonical(&mut text)?;
        Some(text)
    }

    fn write_canonical(&self, text: &mut String) -> Option<()> {
        match self {
            Json::Null => text.push_str("null"),
            Json::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
            Json::Number(number) => text.push_str(&number.canonical()?),
            // Its escapes are those of RFC 8785, section 3.2.2.2.
            Json::String(value) => text.push_str(&serde_json::to_string(value).ok()?),
            Json::Array(items) => {
                text.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        text.push(',');
                    }
                    item.write_canonical(text)?;
                }
                text.push(']');
            }
            Json::Object(object) => {
                let mut members: Vec<(&str, &Json<'_>)> = object.iter().collect();
                members.sort_by_key(|(name, _)| *name);
                if !members.is_sorted_by(|(a, _), (b, _)| a.encode_utf16().lt(b.encode_utf16())) {
                    return None;
                }
                text.push('{');
                for (index, (name, value)) in members.into_iter().enumerate() {
                    if index > 0 {
                        text.push(',');
                    }
                    text.push_str(&serde_json::to_string(name).ok()?);
                    text.push(':');
                    value.write_canonical(text)?;
                }
                text.push('}');
            }
        }
        Some(())
    }
}

impl Number {
    fn canonical(self) -> Option<String> {
        match self {
            Number::Integer(value) if value.unsigned_abs() <= 1 << 53 => Some(value.to_string()),
            Number::Integer(_) => None,
            Number::Float(value) => {
                let has_exponent = value != 0.0 && !(1e-6..1e21).contains(&value.abs());
                let is_negative_zero = value == 0.0 && value.is_sign_negative();
                (!has_exponent && !is_negative_zero).then(|| value.to_string())
            }
        }
    }
}

impl<'a> Object<'a> {
    /// The value of the member `name`.
    pub(crate) fn get(&self, name: &str) -> Option<&Json<'a>> {
        self.iter().find(|(member, _)| *member == name).map(|(_, value)| value)
    }

    /// All members in the order of the text.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Json<'a>)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), value))
    }

    /// Takes out the value of the first member that `is` it; null is left in its place.
    pub(crate) fn take(&mut self, is: impl Fn(&str, &Json<'a>) -> bool) -> Option<Json<'a>> {
        let found = self.0.iter_mut().find(|(name, value)| is(name, value));
        found.map(|(_, value)| std::mem::replace(value, Json::Null))
    }

    /// The same without some members.
    pub(crate) fn without(&self, names: &[&str]) -> Object<'a> {
        Object(self.0.iter().filter(|(name, _)| !names.contains(&name.as_ref())).cloned().collect())
    }

    /// Adds a member whose name is not there yet.
    pub(crate) fn push(&mut self, name: impl Into<Cow<'a, str>>, value: Json<'a>) {
        self.0.push((name.into(), value));
    }

    /// How many members there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

impl<'a> IntoIterator for Object<'a> {
    type Item = (Cow<'a, str>, Json<'a>);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> Json<'a> {
    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Json::String(text) => Some(text),
            _ => None,
        }
    }

    /// The values of an array; any other value stands for an array of one.
    pub(crate) fn items(&self) -> &[Json<'a>] {
        match self {
            Json::Array(items) => items,
            one => std::slice::from_ref(one),
        }
    }

    /// The same, if each of them is a string.
    pub(crate) fn texts(&self) -> Option<Vec<&str>> {
        self.items().iter().map(Json::as_str).collect()
    }

    pub(crate) fn as_object(&self) -> Option<&Object<'a>> {
        match self {
            Json::Object(object) => Some(object),
            _ => None,
        }
    }
}

/// Shows of which kind it is and no value: values are claims.
impl fmt::Debug for Json<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Json::Null => "Null",
            Json::Bool(_) => "Bool",
            Json::Number(_) => "Number",
            Json::String(_) => "String",
            Json::Array(_) => "Array",
            Json::Object(_) => "Object",
        })
    }
}

/// As [`Json`].
impl fmt::Debug for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Number")
    }
}

/// As [`Json`].
impl fmt::Debug for Object<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Object")
    }
}

/// Reads one JSON text.
///
/// # Errors
///
/// [`Error::Json`] with the place and the rule, [`Error::LimitReached`] for size, depth, members and
/// values. Neither holds anything of the text.
pub(crate) fn parse<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Json<'a>, Error> {
    if bytes.len() > limits.bytes {
        return Err(Error::beyond(limits, Limit::Bytes));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| at_offset(bytes, error.valid_up_to(), JsonRule::InvalidUtf8))?;
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(at_offset(bytes, 0, JsonRule::Empty));
    }
    reader::read(text, limits).map_err(|stop| match stop {
        Stop::Limit(limit) => Error::beyond(limits, limit),
        Stop::Rule(rule, offset) => at_offset(bytes, offset, rule),
    })
}

#[expect(clippy::arithmetic_side_effects, reason = "places and counts within the text")]
fn at_offset(bytes: &[u8], offset: usize, rule: JsonRule) -> Error {
    let before = bytes.get(..offset).unwrap_or_default();
    let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count();
    let column = 1 + before.iter().rev().take_while(|&&byte| byte != b'\n').count();
    Error::Json { rule, line, column }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(text: &str) -> (JsonRule, usize, usize) {
        match parse(text.as_bytes(), &Limits::STANDARD) {
            Err(Error::Json { rule, line, column }) => (rule, line, column),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn repeated_names_are_refused_after_unescaping() {
        assert_eq!(rule("{\"a\":1,\n \"\\u0061\":2}"), (JsonRule::RepeatedName, 2, 12));
        assert_eq!(rule(r#"[{"x":{"b":[],"b":[]}}]"#).0, JsonRule::RepeatedName);
        let many: Vec<String> = (0..40).map(|n| format!("\"k{}\":0", n % 39)).collect();
        assert_eq!(rule(&format!("{{{}}}", many.join(","))).0, JsonRule::RepeatedName);
    }

    #[test]
    fn lone_surrogates_control_characters_and_trailing_data_are_refused() {
        for text in [
            r#""\ud800""#,
            r#""\udc00\ud800""#,
            "\"\u{1}\"",
            "{}{}",
            "{} x",
            "NaN",
            "// c\n1",
            "\u{feff}{}",
            "01",
            "1.",
            "+1",
            ".5",
            "",
            "[1,]",
            "-",
        ] {
            let (rule, ..) = rule(text);
            assert!(
                matches!(rule, JsonRule::Empty | JsonRule::Syntax | JsonRule::Truncated),
                "{text:?}: {rule:?}"
            );
        }
        assert_eq!(
            parse(b"{\"a\":\n\"\xc0\xaf\"}", &Limits::STANDARD),
            Err(Error::Json { rule: JsonRule::InvalidUtf8, line: 2, column: 2 })
        );
    }

    #[test]
    fn a_forged_number_map_is_refused_in_every_build() {
        for text in [
            r#"{"$serde_json::private::Number":"1.5"}"#,
            r#"{"$serde_json::private::Number":"1\u002e5"}"#,
            r#"[1,{"$serde_json::private::Number":1}]"#,
            r#"{"a":1,"$serde_json::private::Number":"1"}"#,
            r#"{"$serde_json::private::RawValue":"1"}"#,
        ] {
            assert_eq!(rule(text).0, JsonRule::ReservedName, "{text}");
        }
    }

    #[test]
    fn numbers_are_decoded_from_their_text() {
        let text = b"[0,-0,1.5,1.50000000000000000001,18446744073709551615,-9223372036854775808,1e2,\"9\",2]";
        let expected = [
            Json::Number(Number::Integer(0)),
            Json::Number(Number::Integer(0)),
            Json::Number(Number::Float(1.5)),
            Json::Number(Number::Float(1.5)),
            Json::Number(Number::Integer(u64::MAX.into())),
            Json::Number(Number::Integer(i64::MIN.into())),
            Json::Number(Number::Float(100.0)),
            Json::String("9".into()),
            Json::Number(Number::Integer(2)),
        ];
        assert_eq!(parse(text, &Limits::STANDARD), Ok(Json::Array(expected.into())));
        assert_eq!(rule("[1,1e400]"), (JsonRule::NumberOutOfRange, 1, 4));
        assert_eq!(rule("[18446744073709551616]").0, JsonRule::NumberOutOfRange);
    }

    #[test]
    fn debug_shows_kinds_only() {
        let value = parse(br#"{"NAME":["VALUE",417,4.17,true,null]}"#, &Limits::STANDARD).unwrap();
        let object = value.as_object().unwrap();
        let list = object.get("NAME").unwrap();
        let Json::Array(items) = list else { panic!("an array") };
        let Json::Number(number) = items[1] else { panic!("a number") };
        assert_eq!(
            format!("{value:?} {object:?} {list:?} {number:?}"),
            "Object Object Array Number"
        );
        assert_eq!(format!("{items:?}"), "[String, Number, Number, Bool, Null]");
    }

    #[test]
    fn limits_hold() {
        let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let most = Limits::STANDARD;
        assert!(parse(deep(most.depth).as_bytes(), &most).is_ok());
        let limit = |text: &str| match parse(text.as_bytes(), &Limits::STANDARD) {
            Err(Error::LimitReached { limit, .. }) => limit,
            other => panic!("{other:?}"),
        };
        assert_eq!(limit(&deep(most.depth + 1)), Limit::Depth);
        assert_eq!(limit(&"[".repeat(1 << 20)), Limit::Depth);
        let members: Vec<String> = (0..=most.members).map(|n| format!("\"{n}\":0")).collect();
        assert_eq!(limit(&format!("{{{}}}", members.join(","))), Limit::Members);
        assert_eq!(limit(&format!("[0{}]", ",0".repeat(most.values))), Limit::Values);
        assert_eq!(limit(&" ".repeat(most.bytes + 1)), Limit::Bytes);
    }
}
