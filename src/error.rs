//! The question could not be asked: malformed input, or a limit was hit.

use crate::limits::{Limit, Limits};

/// Why an input could not be judged at all.
///
/// An `Error` is never a verdict: the answer to a well-formed question is a
/// [`Report`](crate::Report). Errors name the place and the rule, never a value of the input.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text is not the JSON this library accepts (RFC 8259, I-JSON of RFC 7493).
    #[error("{rule} at line {line}, column {column}")]
    Json {
        /// The rule that was broken.
        rule: JsonRule,
        /// Line of the place, counted from 1.
        line: usize,
        /// Column of the place in bytes, counted from 1.
        column: usize,
    },
    /// There is more of something than the [`Limits`] of the question allow.
    #[error("the input has more than {most} {limit}")]
    LimitReached {
        /// Which limit.
        limit: Limit,
        /// How much is allowed.
        most: usize,
    },
    /// The bytes are no protobuf message.
    #[error("protobuf: {problem} at byte {offset}")]
    Protobuf {
        /// What is wrong, as a clause: "the message ends inside a field".
        problem: &'static str,
        /// The place, counted from 0.
        offset: usize,
    },
    /// The message is no session of Trinsic Connect.
    #[error("session: `{member}` {problem}")]
    Session {
        /// The member of the message, in the field's own name (`snake_case`).
        member: &'static str,
        /// What is wrong with it, as a predicate: "is missing", "is not a string".
        problem: &'static str,
    },
    /// The JSON is no presentation (VC data model 1.1, section 4.10).
    #[error("presentation: `{member}` {problem}")]
    Presentation {
        /// The member of the presentation or credential.
        member: &'static str,
        /// What is wrong with it, as a predicate.
        problem: &'static str,
    },
    /// A piece of evidence or policy that the caller supplied is malformed.
    #[error("{what}: {problem}")]
    Configuration {
        /// Which piece: "DID document", "trusted issuers", "session id", "context".
        what: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
}

/// The rule of the JSON entry that a text broke.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonRule {
    /// Nothing but white space.
    #[error("the text is empty")]
    Empty,
    /// A byte sequence that is not UTF-8.
    #[error("invalid UTF-8")]
    InvalidUtf8,
    /// Two members of one object have the same name after unescaping.
    #[error("repeated member name")]
    RepeatedName,
    /// A member name that `serde_json` reserves for itself.
    #[error("reserved member name")]
    ReservedName,
    /// A number that no 64-bit integer or float can hold.
    #[error("number out of range")]
    NumberOutOfRange,
    /// Not JSON: a syntax error, a lone surrogate, or text after the value.
    #[error("invalid JSON")]
    Syntax,
    /// The text ends inside a value.
    #[error("unexpected end of JSON")]
    Truncated,
}

impl Error {
    pub(crate) fn beyond(limits: &Limits, limit: Limit) -> Error {
        Error::LimitReached { limit, most: limits.most(limit) }
    }
}
