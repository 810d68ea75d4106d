//! The question could not be asked: malformed input, or a limit was hit.

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
    /// A limit was reached; see [`Limit`] for the number.
    #[error("the input has more than {limit}")]
    LimitReached {
        /// Which limit.
        limit: Limit,
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

/// What an attacker could otherwise make arbitrarily large; each constant says where its number is
/// from.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Limit {
    /// Bytes of one input.
    #[error("{} bytes", Limit::MAX_BYTES)]
    Bytes,
    /// Credentials of one presentation.
    #[error("{} credentials", Limit::MAX_CREDENTIALS)]
    Credentials,
    /// Nesting of arrays and objects, or of groups.
    #[error("{} levels of nesting", Limit::MAX_DEPTH)]
    Depth,
    /// Pieces of evidence of one kind.
    #[error("{} pieces of evidence of one kind", Limit::MAX_EVIDENCE)]
    Evidence,
    /// Members of one object.
    #[error("{} members in one object", Limit::MAX_MEMBERS)]
    Members,
    /// Bytes of one JSON Schema.
    #[error("{} bytes of schema", Limit::MAX_SCHEMA_BYTES)]
    Schema,
    /// Sessions of one list.
    #[error("{} sessions", Limit::MAX_SESSIONS)]
    Sessions,
    /// Values of one input: scalars, arrays and objects of JSON, fields of protobuf.
    #[error("{} values", Limit::MAX_VALUES)]
    Values,
    /// Verifications of one session.
    #[error("{} verifications", Limit::MAX_VERIFICATIONS)]
    Verifications,
}

impl Limit {
    /// Two 100 KB images for each of eight credentials, doubly escaped, stay well below.
    pub const MAX_BYTES: usize = 16 << 20;
    /// One for each requested verification; Trinsic requests one today.
    pub const MAX_CREDENTIALS: usize = 16;
    /// A Trinsic result nests 7 deep; `serde_json` itself stops at 128.
    pub const MAX_DEPTH: usize = 64;
    /// Of each kind; an issuer that changes its key every month reaches 120 in ten years.
    pub const MAX_EVIDENCE: usize = 4096;
    /// The largest schema of a government ID known has 20 kB.
    pub const MAX_SCHEMA_BYTES: usize = 1 << 20;
    /// Largest known object: the credential subject with 14; DID documents stay below 100.
    pub const MAX_MEMBERS: usize = 1024;
    /// A page of ListSessions has at most 10.
    pub const MAX_SESSIONS: usize = 1024;
    /// A Trinsic result has about 60; a page of ten sessions about 900.
    pub const MAX_VALUES: usize = 1 << 16;
    /// Trinsic requests one verification for each session today.
    pub const MAX_VERIFICATIONS: usize = 64;
}
