//! RDF terms and the lines they make.

use std::fmt::{self, Write as _};

/// A node: an IRI, or a blank node by the number of its canonical label (`_:c14nN`).
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) enum Node {
    Iri(String),
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

/// The object of a statement.
#[derive(Clone, Eq, Hash, PartialEq)]
pub(crate) enum Term<N = Node> {
    Node(N),
    Literal { value: String, datatype: Datatype },
}

/// The datatype of a literal.
#[derive(Clone, Eq, Hash, PartialEq)]
pub(crate) enum Datatype {
    /// `xsd:string`, which lines leave out.
    String,
    Iri(String),
}

/// One statement; in RDF terms a triple of the default graph.
#[derive(Clone, Eq, Hash, PartialEq)]
pub(crate) struct Statement<N = Node> {
    pub(crate) subject: N,
    pub(crate) predicate: String,
    pub(crate) object: Term<N>,
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
    /// The canonical N-Quad, without its line feed.
    pub(crate) fn line(&self, form: EscapeForm) -> String {
        line(self, form, |node, line| match node {
            Node::Iri(iri) => {
                let _ = write!(line, "<{iri}>");
            }
            Node::Blank(label) => {
                let _ = write!(line, "_:c14n{label}");
            }
        })
    }
}

/// Writes a line with blank nodes named by `name`.
pub(super) fn line<N>(
    statement: &Statement<N>,
    form: EscapeForm,
    name: impl Fn(&N, &mut String),
) -> String {
    let mut line = String::with_capacity(128);
    name(&statement.subject, &mut line);
    // Writing to a String cannot fail.
    let _ = write!(line, " <{}> ", statement.predicate);
    match &statement.object {
        Term::Node(node) => name(node, &mut line),
        Term::Literal { value, datatype } => {
            line.push('"');
            escape(value, form, &mut line);
            line.push('"');
            if let Datatype::Iri(iri) = datatype {
                let _ = write!(line, "^^<{iri}>");
            }
        }
    }
    line.push_str(" .");
    line
}

fn escape(value: &str, form: EscapeForm, line: &mut String) {
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

/// Whether a text is an absolute IRI that an N-Quad can hold without escapes (RFC 3987).
pub(super) fn is_absolute_iri(text: &str) -> bool {
    let Some((scheme, _)) = text.split_once(':') else { return false };
    let scheme_is_valid = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let forbidden = |character: char| {
        character <= ' '
            || ('\u{7f}'..='\u{9f}').contains(&character)
            || matches!(character, '<' | '>' | '"' | '{' | '}' | '|' | '^' | '`' | '\\')
    };
    scheme_is_valid && !text.contains(forbidden)
}
