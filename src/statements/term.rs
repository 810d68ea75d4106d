//! RDF terms and the lines they make.

use std::fmt::{self, Write as _};
use std::sync::Arc;

use super::Rule;

/// A node: an IRI, or a blank node by the number of its canonical label (`_:c14nN`).
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) enum Node {
    Iri(Arc<str>),
    Blank(u32),
}

impl fmt::Display for Node {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Node::Iri(iri) => formatter.write_str(iri),
            Node::Blank(label) => write!(formatter, "_:c14n{label}"),
        }
    }
}

/// The object of a statement; an image is one text, however many read it.
#[derive(Clone, Eq, Hash, PartialEq)]
pub(crate) enum Term<N = Node> {
    Node(N),
    Literal { value: Arc<str>, datatype: Datatype },
}

/// The datatype of a literal.
#[derive(Clone, Eq, Hash, PartialEq)]
pub(crate) enum Datatype {
    /// `xsd:string`, which lines leave out.
    String,
    Iri(Arc<str>),
}

/// One statement; in RDF terms a quad.
#[derive(Clone, Eq, Hash, PartialEq)]
pub(crate) struct Statement<N = Node> {
    pub(crate) subject: N,
    pub(crate) predicate: Arc<str>,
    pub(crate) object: Term<N>,
    /// `None` of the default graph, the only one that claims are read from.
    pub(crate) graph: Option<N>,
}

impl<N> Statement<N> {
    /// The same with other nodes, which `node` gives.
    pub(super) fn map<M>(self, mut node: impl FnMut(N) -> M) -> Statement<M> {
        Statement {
            subject: node(self.subject),
            predicate: self.predicate,
            object: match self.object {
                Term::Node(object) => Term::Node(node(object)),
                Term::Literal { value, datatype } => Term::Literal { value, datatype },
            },
            graph: self.graph.map(node),
        }
    }
}

impl Statement {
    /// How many bytes of IRIs and values it holds, about as many as its line.
    pub(super) fn bytes(&self) -> usize {
        let value = match &self.object {
            Term::Node(_) => 0,
            Term::Literal { value, .. } => value.len(),
        };
        let iris = self.iri_bytes(|node| match node {
            Node::Iri(iri) => iri.len(),
            Node::Blank(_) => 0,
        });
        iris.saturating_add(value)
    }
}

/// Shows no value: statements are claims.
impl fmt::Debug for Statement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Statement").finish_non_exhaustive()
    }
}

/// How literals are escaped.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum EscapeForm {
    /// `"`, `\`, line feed and carriage return: URDNA2015 as the 2020 suites were signed with it.
    Urdna2015,
    /// These and every other control character: RDFC-1.0, section 5.
    Rdfc10,
}

impl Statement {
    /// Writes the canonical N-Quad, without its line feed.
    pub(super) fn write(&self, form: EscapeForm, line: &mut String) {
        write(self, form, line, |node, line| match node {
            Node::Iri(iri) => append(line, ["<", iri, ">"]),
            // Writing to a String cannot fail.
            Node::Blank(label) => drop(write!(line, "_:c14n{label}")),
        })
    }

    /// The same with another label of each blank node.
    pub(super) fn line_labelled<'l>(
        &self,
        form: EscapeForm,
        label: impl Fn(u32) -> &'l str,
    ) -> String {
        let mut line = String::new();
        write(self, form, &mut line, |node, line| match node {
            Node::Iri(iri) => append(line, ["<", iri, ">"]),
            Node::Blank(number) => append(line, ["_:", label(*number), ""]),
        });
        line
    }
}

/// Writes a line with blank nodes named by `name`.
pub(super) fn write<N>(
    statement: &Statement<N>,
    form: EscapeForm,
    line: &mut String,
    name: impl Fn(&N, &mut String),
) {
    name(&statement.subject, line);
    append(line, [" <", &statement.predicate, "> "]);
    match &statement.object {
        Term::Node(node) => name(node, line),
        Term::Literal { value, datatype } => {
            line.push('"');
            escape(value, form, line);
            line.push('"');
            if let Datatype::Iri(iri) = datatype {
                append(line, ["^^<", iri, ">"]);
            }
        }
    }
    if let Some(graph) = &statement.graph {
        line.push(' ');
        name(graph, line);
    }
    line.push_str(" .");
}

fn append(line: &mut String, texts: [&str; 3]) {
    texts.into_iter().for_each(|text| line.push_str(text));
}

fn escape(value: &str, form: EscapeForm, line: &mut String) {
    let is_special = |byte: u8| match form {
        EscapeForm::Urdna2015 => matches!(byte, b'"' | b'\\' | b'\n' | b'\r'),
        EscapeForm::Rdfc10 => matches!(byte, b'"' | b'\\' | b'\0'..=b'\x1f' | b'\x7f'),
    };
    // Without a branch for each byte: an image is long, and most values need no escape.
    if !value.bytes().fold(false, |found, byte| found | is_special(byte)) {
        return line.push_str(value);
    }
    for character in value.chars() {
        match (character, form) {
            ('"', _) => line.push_str("\\\""),
            ('\\', _) => line.push_str("\\\\"),
            ('\n', _) => line.push_str("\\n"),
            ('\r', _) => line.push_str("\\r"),
            ('\u{8}', EscapeForm::Rdfc10) => line.push_str("\\b"),
            ('\t', EscapeForm::Rdfc10) => line.push_str("\\t"),
            ('\u{c}', EscapeForm::Rdfc10) => line.push_str("\\f"),
            ('\0'..='\u{1f}' | '\u{7f}', EscapeForm::Rdfc10) => {
                let _ = write!(line, "\\u{:04X}", u32::from(character));
            }
            _ => line.push(character),
        }
    }
}

impl<N> Statement<N> {
    /// How many bytes of IRIs it holds; `length` tells it of a node.
    #[expect(clippy::arithmetic_side_effects, reason = "lengths of texts in memory")]
    pub(super) fn iri_bytes(&self, length: impl Fn(&N) -> usize) -> usize {
        let object = match &self.object {
            Term::Node(node) => length(node),
            Term::Literal { datatype: Datatype::Iri(iri), .. } => iri.len(),
            Term::Literal { datatype: Datatype::String, .. } => 0,
        };
        length(&self.subject)
            + self.predicate.len()
            + object
            + self.graph.as_ref().map_or(0, length)
    }
}

/// An absolute IRI of a length that means something.
pub(super) fn absolute_iri(text: &str) -> Result<Arc<str>, Rule> {
    match text.len() > MAX_IRI_LENGTH {
        true => Err(Rule::LongIri),
        false => is_absolute_iri(text).then(|| text.into()).ok_or(Rule::NotAnIri),
    }
}

/// Whether a text is an absolute IRI that an N-Quad can hold without escapes (RFC 3987).
pub(crate) fn is_absolute_iri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let scheme_is_valid = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    if !scheme_is_valid || !authority_is_valid(rest) {
        return false;
    }
    // Most are plain but for the one `#`: no character of theirs needs a second look.
    let (path, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    if path.bytes().all(is_plain) && fragment.bytes().all(is_plain) {
        return true;
    }
    // Brackets are for IPv6 addresses alone, which name nothing here.
    let forbidden = |character: char| {
        character <= ' '
            || ('\u{7f}'..='\u{9f}').contains(&character)
            || matches!(character, '<' | '>' | '"' | '{' | '}' | '|' | '^' | '`' | '\\' | '[' | ']')
            || is_no_ucschar(character)
    };
    let one_fragment = rest.bytes().filter(|byte| *byte == b'#').count() <= 1;
    let percent_is_valid = rest.split('%').skip(1).all(|after| {
        let digits = after.as_bytes().first_chunk();
        digits.is_some_and(|digits: &[u8; 2]| digits.iter().all(u8::is_ascii_hexdigit))
    });
    one_fragment && percent_is_valid && !rest.contains(forbidden)
}

/// Whether what follows the scheme has no authority, or one of a host with at most one port and one
/// user (RFC 3987, section 2.2); which characters they have is asked of the whole.
fn authority_is_valid(rest: &str) -> bool {
    let Some(rest) = rest.strip_prefix("//") else { return true };
    let end = rest.bytes().position(|byte| matches!(byte, b'/' | b'?' | b'#'));
    let authority = end.map_or(rest, |end| rest.split_at(end).0);
    let host = match authority.split_once('@') {
        Some((_, host)) => host,
        None => authority,
    };
    match host.split_once(':') {
        Some((host, port)) => !host.contains('@') && port.bytes().all(|it| it.is_ascii_digit()),
        None => !host.contains('@'),
    }
}

/// Whether an IRI may hold the byte anywhere behind its scheme.
fn is_plain(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'&'..=b'/')
        || matches!(byte, b':' | b';' | b'=' | b'?' | b'@' | b'_' | b'~' | b'!' | b'$')
}

/// Private use, noncharacters and what RFC 3987 keeps out beside them.
fn is_no_ucschar(character: char) -> bool {
    let code = u32::from(character);
    matches!(code, 0xe000..=0xf8ff | 0xfdd0..=0xfdef | 0xfff0..=0xffff | 0xe0000..=0xe0fff)
        || code >= 0xf0000
        || code & 0xfffe == 0xfffe
}

/// A DID with the longest key in use has 400 bytes. Every statement repeats its IRIs.
pub(super) const MAX_IRI_LENGTH: usize = 2048;
