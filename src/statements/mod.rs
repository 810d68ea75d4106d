//! What a JSON-LD document states, and a refusal for everything else it says.
//!
//! A strict processor for a closed list of constructs (JSON-LD 1.1): contexts by URL from a list of
//! known ones, and objects whose only member is `@vocab`; terms, compact IRIs and absolute IRIs;
//! `@id` and `@type` and their aliases; type coercion; type-scoped and property-scoped contexts;
//! strings, numbers, booleans, value objects of `@value` and `@type`, nodes, and arrays of them.
//! Whatever a lenient processor would drop or move is refused by name, so that each value leaf of the
//! document is exactly one statement. Statements are canonical N-Quads (RDFC-1.0).

mod canonical;
mod context;
mod expand;
mod graph;
mod hidden;
mod lines;
mod members;
pub(crate) mod names;
mod term;

pub(crate) use canonical::LabelHash;
pub use context::Contexts;
pub(crate) use context::{NamedContext, TRINSIC, TRINSIC_CLAIMS, TRINSIC_STATUS};
use expand::Scope;
pub(crate) use graph::{split_iri, Graph};
pub(crate) use hidden::HiddenPlace;
pub(crate) use lines::Lines;
pub(crate) use members::{of_members, Fact};
pub(crate) use term::is_absolute_iri;
use term::EscapeForm;
pub(crate) use term::{Datatype, Node, Statement, Term};

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::json::Object;
use crate::limits::Limits;

/// The statements of one document, distinct, in code point order of their lines. Clones share them.
#[derive(Clone)]
pub(crate) struct Statements(Arc<Stated>);

struct Stated {
    root: Node,
    statements: Vec<Statement>,
    /// Of each statement, escaped as for URDNA2015.
    lines: Lines,
}

/// Why a document is no set of statements, and where.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) rule: Rule,
    /// Indices and names of known vocabularies; any other member is `*`.
    pub(crate) place: String,
}

/// The rules of the processor.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Rule {
    CanonicalizationBudget,
    ContextShape,
    EmptyArray,
    EmptyNode,
    InlineContext,
    JsonForm,
    Keyword,
    /// An IRI or blank label, or all of a document's statements together, beyond the limit.
    LongIri,
    MixedBlankNodes,
    NestedArray,
    NestedContext,
    NotAnIri,
    NullMappedTerm,
    NullValue,
    NumberForm,
    ProtectedTerm,
    RepeatedMember,
    RepeatedValue,
    TooManyBlankNodes,
    TooManyStatements,
    TypeShape,
    UndefinedTerm,
    UnknownContext,
    UnsupportedTerm,
    ValueObject,
}

impl Rule {
    /// The stable name of the rule.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Rule::CanonicalizationBudget => "canonicalization_budget",
            Rule::ContextShape => "context_shape",
            Rule::EmptyArray => "empty_array",
            Rule::EmptyNode => "empty_node",
            Rule::InlineContext => "inline_context",
            Rule::JsonForm => "json_form",
            Rule::Keyword => "keyword",
            Rule::LongIri => "long_iri",
            Rule::MixedBlankNodes => "mixed_blank_nodes",
            Rule::NestedArray => "nested_array",
            Rule::NestedContext => "nested_context",
            Rule::NotAnIri => "not_an_iri",
            Rule::NullMappedTerm => "null_mapped_term",
            Rule::NullValue => "null_value",
            Rule::NumberForm => "number_form",
            Rule::ProtectedTerm => "protected_term",
            Rule::RepeatedMember => "repeated_member",
            Rule::RepeatedValue => "repeated_value",
            Rule::TooManyBlankNodes => "too_many_blank_nodes",
            Rule::TooManyStatements => "too_many_statements",
            Rule::TypeShape => "type_shape",
            Rule::UndefinedTerm => "undefined_term",
            Rule::UnknownContext => "unknown_context",
            Rule::UnsupportedTerm => "unsupported_term",
            Rule::ValueObject => "value_object",
        }
    }

    /// Whether the rule is about contexts.
    pub(crate) fn is_context(self) -> bool {
        matches!(
            self,
            Rule::ContextShape
                | Rule::InlineContext
                | Rule::NestedContext
                | Rule::ProtectedTerm
                | Rule::UnknownContext
        )
    }
}

/// Reads the statements of a document, without its member `proof`.
pub(crate) fn statements(
    document: &Object<'_>,
    contexts: &Contexts,
) -> Result<Statements, Refusal> {
    let graph = expand::expand(document, contexts, Scope::Document)?;
    canonical::canonicalize(graph, LabelHash::Sha256, contexts.limits())
}

/// Reads the statements of a document with its proofs and the credentials in it, each a graph of its
/// own: what is signed by a presentation, and by a proof that covers other proofs. No claim is read
/// from them.
pub(crate) fn dataset(document: &Object<'_>, contexts: &Contexts) -> Result<Statements, Refusal> {
    let graph = expand::expand(document, contexts, Scope::Dataset)?;
    canonical::canonicalize(graph, LabelHash::Sha256, contexts.limits())
}

/// The canonical lines of quads, in the escapes of RDFC-1.0: what a document would state, without
/// one. A node is an IRI, or `_:` and a label; an object that is no node is a literal and its datatype.
pub(crate) fn canonical_lines<'t>(quads: &[Quad<'t>]) -> Result<Lines, Refusal> {
    let mut known = Vec::new();
    let mut node = |text: &'t str| match text.strip_prefix("_:") {
        None => expand::RawNode::Iri(text.into()),
        Some(label) => numbered(&mut known, label),
    };
    let mut statements = Vec::with_capacity(quads.len());
    for (subject, predicate, object, graph) in quads {
        let subject = node(subject);
        let object = match object {
            Err(object) => Term::Node(node(object)),
            Ok((value, None)) => {
                Term::Literal { value: (*value).into(), datatype: Datatype::String }
            }
            Ok((value, Some(iri))) => {
                Term::Literal { value: (*value).into(), datatype: Datatype::Iri((*iri).into()) }
            }
        };
        let (predicate, graph) = ((*predicate).into(), graph.map(&mut node));
        statements.push(Statement { subject, predicate, object, graph });
    }
    let root = expand::RawNode::Iri("urn:root".into());
    let graph = expand::Graph { root, statements, blank_count: known.len() };
    let stated = canonical::canonicalize(graph, LabelHash::Sha256, &Limits::STANDARD)?;
    Ok(stated.escaped_lines().into_owned())
}

/// The blank node of a label, by the order in which labels are met.
fn numbered<L: PartialEq>(known: &mut Vec<L>, label: L) -> expand::RawNode {
    let found = known.iter().position(|it| *it == label);
    expand::RawNode::Blank(found.unwrap_or_else(|| {
        known.push(label);
        known.len().saturating_sub(1)
    }))
}

/// One quad as texts: subject, predicate, a literal with its datatype or a node, and the graph unless
/// it is the default one.
pub(crate) type Quad<'t> =
    (&'t str, &'t str, Result<(&'t str, Option<&'t str>), &'t str>, Option<&'t str>);

impl Statements {
    /// The node of the document's outermost object.
    pub(crate) fn root(&self) -> &Node {
        &self.0.root
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Statement> + Clone {
        self.0.statements.iter()
    }

    /// The lines in code point order, escaped as for URDNA2015.
    pub(crate) fn lines(&self) -> &Lines {
        &self.0.lines
    }

    pub(crate) fn has_blank_nodes(&self) -> bool {
        self.blank_labels().next().is_some()
    }

    /// The numbers of the canonical labels of its blank nodes, ascending.
    pub(crate) fn blank_nodes(&self) -> BTreeSet<u32> {
        self.blank_labels().collect()
    }

    /// One for each mention.
    fn blank_labels(&self) -> impl Iterator<Item = u32> + '_ {
        let nodes = self.iter().flat_map(|statement| {
            let object = match &statement.object {
                Term::Node(object) => Some(object),
                Term::Literal { .. } => None,
            };
            [Some(&statement.subject), object, statement.graph.as_ref()]
        });
        let label = |node: &Node| match node {
            Node::Blank(label) => Some(*label),
            Node::Iri(_) => None,
        };
        nodes.flatten().filter_map(label)
    }

    /// The lines in the escapes of RDFC-1.0 with other labels of the blank nodes, each with its line
    /// feed, in code point order.
    pub(crate) fn lines_labelled<'l>(&self, label: impl Fn(u32) -> &'l str) -> Vec<String> {
        let line =
            |statement: &Statement| statement.line_labelled(EscapeForm::Rdfc10, &label) + "\n";
        let mut lines: Vec<String> = self.iter().map(line).collect();
        lines.sort_unstable();
        lines
    }

    /// The same statements with the labels that another hash gives to their blank nodes.
    pub(crate) fn labelled_by(&self, hash: LabelHash) -> Result<Statements, Refusal> {
        let mut labels = Vec::new();
        let mut raw = |node: &Node| match node {
            Node::Iri(iri) => expand::RawNode::Iri(Arc::clone(iri)),
            Node::Blank(label) => numbered(&mut labels, *label),
        };
        let root = raw(self.root());
        let statements = self.iter().map(|statement| statement.clone().map(|node| raw(&node)));
        let statements = statements.collect();
        let graph = expand::Graph { root, statements, blank_count: labels.len() };
        canonical::canonicalize(graph, hash, &Limits::STANDARD)
    }

    /// The lines in the escapes of RDFC-1.0, in code point order; borrowed where they are the same.
    pub(crate) fn escaped_lines(&self) -> Cow<'_, Lines> {
        // Only other control characters are escaped in this form alone.
        if !self.lines().have(|byte| byte.is_ascii_control()) {
            return Cow::Borrowed(self.lines());
        }
        Cow::Owned(canonical::lines(self.iter(), EscapeForm::Rdfc10).0)
    }
}
