//! What a JSON object states where a format signs JSON itself: each member is a statement about its
//! object, and its name is the predicate.
//!
//! Objects are blank nodes, numbered as they stand, for no text of statements is signed; arrays are
//! several values. What would get lost is refused as in JSON-LD: null, an empty array or object, an
//! array in an array, a value twice. Members `_sd` and items `...` (RFC 9901, section 4.2.4) are digests
//! of what is not disclosed: no statements, but places where some are hidden.

use std::sync::Arc;

use super::canonical::{canonicalize, LabelHash};
use super::expand::{self, literal, Bounded, RawNode};
use super::names::{CREDENTIAL_SUBJECT, DATE_TIME};
use super::term::{absolute_iri, Datatype, Statement, Term, MAX_IRI_LENGTH};
use super::{HiddenPlace, Node, Refusal, Rule, Statements};
use crate::json::{Json, Object};
use crate::limits::Limits;

/// What is said of the credential itself, beside its subject.
pub(crate) enum Fact<'j> {
    Iri(&'j str),
    /// As the data model writes it.
    Instant(String),
    Value(&'j Json<'j>),
}

/// The statements of a credential of these facts, whose subject has the claims; and where more may be
/// hidden: every claim of the subject, and the fact that is named, if the claims have digests.
pub(crate) fn of_members(
    facts: &[(&'static str, Fact<'_>)],
    hideable: &'static str,
    subject: Option<&str>,
    claims: &Object<'_>,
    limits: &Limits,
) -> Result<(Statements, Vec<HiddenPlace>), Refusal> {
    let (stated, hidden) = (Bounded::new(), Vec::new());
    let mut reader = Reader { limits, stated, hidden, nodes: 0 };
    let root = reader.fresh()?;
    for (predicate, fact) in facts {
        let object = match fact {
            Fact::Value(value) => {
                reader.member(&root, predicate, value)?;
                continue;
            }
            Fact::Iri(iri) => Term::Node(RawNode::Iri((*iri).into())),
            Fact::Instant(text) => Term::Literal {
                value: text.as_str().into(),
                datatype: Datatype::Iri(DATE_TIME.into()),
            },
        };
        reader.state(root.clone(), (*predicate).into(), object)?;
    }
    let subject = match subject.and_then(|it| absolute_iri(it).ok()) {
        Some(iri) => RawNode::Iri(iri),
        None => reader.fresh()?,
    };
    let object = Term::Node(subject.clone());
    reader.state(root.clone(), CREDENTIAL_SUBJECT.into(), object)?;
    reader.members(&subject, claims)?;
    let is_shown = facts.iter().any(|(predicate, _)| *predicate == hideable);
    if claims.get("_sd").is_some() && !is_shown {
        reader.hidden.push(HiddenPlace::Value(node(&root), hideable.into()));
    }
    let Reader { stated, hidden, .. } = reader;
    // Each node has its label.
    let graph = expand::Graph { root, statements: stated.statements, blank_count: 0 };
    Ok((canonicalize(graph, LabelHash::Sha256, limits)?, hidden))
}

struct Reader<'l> {
    limits: &'l Limits,
    stated: Bounded,
    hidden: Vec<HiddenPlace>,
    nodes: usize,
}

impl Reader<'_> {
    fn members(&mut self, subject: &RawNode, object: &Object<'_>) -> Result<(), Refusal> {
        object.iter().try_for_each(|(name, value)| match name {
            "_sd" => {
                self.hidden.push(HiddenPlace::Member(node(subject)));
                Ok(())
            }
            name => self.member(subject, name, value),
        })
    }

    fn member(&mut self, subject: &RawNode, name: &str, value: &Json<'_>) -> Result<(), Refusal> {
        if name.len() > MAX_IRI_LENGTH {
            return Err(refusal(Rule::LongIri));
        }
        // Between these it stands in the line of a statement.
        if name.contains(|it: char| matches!(it, '<' | '>') || it.is_control()) {
            return Err(refusal(Rule::NotAnIri));
        }
        let values = value.items();
        if values.is_empty() {
            return Err(refusal(Rule::EmptyArray));
        }
        let is_digest =
            |value: &&Json<'_>| value.as_object().is_some_and(|it| it.get("...").is_some());
        if values.iter().any(|value| is_digest(&value)) {
            self.hidden.push(HiddenPlace::Value(node(subject), name.into()));
        }
        values.iter().filter(|value| !is_digest(value)).try_for_each(|value| {
            let object = self.term(value)?;
            self.state(subject.clone(), name.into(), object)
        })
    }

    fn term(&mut self, value: &Json<'_>) -> Result<Term<RawNode>, Refusal> {
        match value {
            Json::Array(_) => Err(refusal(Rule::NestedArray)),
            Json::Object(object) if object.len() == 0 => Err(refusal(Rule::EmptyNode)),
            Json::Object(object) => {
                let node = self.fresh()?;
                self.members(&node, object)?;
                Ok(Term::Node(node))
            }
            scalar => literal(scalar, None).map_err(refusal),
        }
    }

    fn fresh(&mut self) -> Result<RawNode, Refusal> {
        let label = u32::try_from(self.nodes).unwrap_or(u32::MAX);
        self.nodes = self.nodes.saturating_add(1);
        match self.nodes > self.limits.blank_nodes {
            true => Err(refusal(Rule::TooManyBlankNodes)),
            false => Ok(RawNode::Labelled(label)),
        }
    }

    fn state(
        &mut self,
        subject: RawNode,
        predicate: Arc<str>,
        object: Term<RawNode>,
    ) -> Result<(), Refusal> {
        let statement = Statement { subject, predicate, object, graph: None };
        self.stated.push(statement, self.limits).map_err(refusal)
    }
}

/// Names of members tell a place, and may be a person's.
fn refusal(rule: Rule) -> Refusal {
    Refusal { rule, place: "credential".to_owned() }
}

fn node(raw: &RawNode) -> Node {
    match raw {
        RawNode::Iri(iri) => Node::Iri(Arc::clone(iri)),
        RawNode::Labelled(label) => Node::Blank(*label),
        RawNode::Blank(_) => Node::Blank(u32::MAX),
    }
}
