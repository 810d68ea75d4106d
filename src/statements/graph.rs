//! Questions about statements: which objects a node has under a predicate.

use super::names::{CREDENTIAL_SUBJECT, TYPE, VERIFIABLE_CREDENTIAL};
use super::{Node, Statement, Statements, Term};

/// The statements of one document, asked about a node; a question for one object never chooses.
#[derive(Clone, Copy)]
pub(crate) struct Graph<'s> {
    statements: &'s Statements,
    node: &'s Node,
}

impl<'s> Graph<'s> {
    /// About the node of the document's outermost object.
    pub(crate) fn root(statements: &'s Statements) -> Graph<'s> {
        Graph { statements, node: statements.root() }
    }

    /// About another node of the same document.
    pub(crate) fn at(self, node: &'s Node) -> Graph<'s> {
        Graph { node, ..self }
    }

    /// The node itself.
    pub(crate) fn node(self) -> &'s Node {
        self.node
    }

    /// Every statement of the document, whose graph is the default one.
    pub(crate) fn all(self) -> impl Iterator<Item = &'s Statement> {
        self.statements.iter().filter(|statement| statement.graph.is_none())
    }

    /// Every statement about the node.
    pub(crate) fn iter(self) -> impl Iterator<Item = &'s Statement> {
        self.all().filter(move |statement| statement.subject == *self.node)
    }

    /// The objects under a predicate.
    pub(crate) fn objects<'p>(
        self,
        predicate: &'p str,
    ) -> impl Iterator<Item = &'s Term> + use<'s, 'p> {
        self.iter().filter(move |it| *it.predicate == *predicate).map(|statement| &statement.object)
    }

    /// The one object under a predicate, if there is exactly one.
    pub(crate) fn object(self, predicate: &str) -> Option<&'s Term> {
        let mut objects = self.objects(predicate);
        match (objects.next(), objects.next()) {
            (Some(object), None) => Some(object),
            _ => None,
        }
    }

    /// The one object, if it is an IRI.
    pub(crate) fn iri(self, predicate: &str) -> Option<&'s str> {
        match self.object(predicate)? {
            Term::Node(Node::Iri(iri)) => Some(iri),
            _ => None,
        }
    }

    /// The one object, if it is a literal.
    pub(crate) fn literal(self, predicate: &str) -> Option<&'s str> {
        match self.object(predicate)? {
            Term::Literal { value, .. } => Some(value),
            Term::Node(_) => None,
        }
    }

    /// The one object under the predicate of a name in a namespace, if it is an IRI or a literal:
    /// contexts differ in which they make of a URL.
    pub(crate) fn text_in(self, namespace: &str, name: &str) -> Option<&'s str> {
        let is_it = |it: &&Statement| it.predicate.strip_prefix(namespace) == Some(name);
        let mut found = self.iter().filter(is_it);
        match (found.next(), found.next()) {
            (Some(statement), None) => match &statement.object {
                Term::Node(Node::Iri(text)) | Term::Literal { value: text, .. } => Some(text),
                Term::Node(Node::Blank(_)) => None,
            },
            _ => None,
        }
    }

    /// The node's types that are IRIs.
    pub(crate) fn types(self) -> impl Iterator<Item = &'s str> {
        self.objects(TYPE).filter_map(|object| match object {
            Term::Node(Node::Iri(iri)) => Some(iri.as_ref()),
            _ => None,
        })
    }

    /// Whether exactly one node is a credential, that node is this one, and it has one subject.
    pub(crate) fn is_one_credential(self) -> bool {
        let is_named = |object: &Term| matches!(object, Term::Node(Node::Iri(iri)) if **iri == *VERIFIABLE_CREDENTIAL);
        let is_credential = |it: &&Statement| *it.predicate == *TYPE && is_named(&it.object);
        let mut credentials = self.all().filter(is_credential);
        let one = credentials.next().is_some_and(|statement| statement.subject == *self.node)
            && credentials.next().is_none();
        one && self.subject().is_some()
    }

    /// The one subject of the credential; two are none.
    pub(crate) fn subject(self) -> Option<Graph<'s>> {
        match self.object(CREDENTIAL_SUBJECT)? {
            Term::Node(node) => Some(self.at(node)),
            Term::Literal { .. } => None,
        }
    }

    /// How the line of a statement about the node begins.
    pub(crate) fn prefix(self, predicate: &str) -> String {
        match self.node {
            Node::Iri(iri) => format!("<{iri}> <{predicate}> "),
            Node::Blank(label) => format!("_:c14n{label} <{predicate}> "),
        }
    }
}

/// The namespace of a vocabulary's IRI, with its separator, and the name within it.
pub(crate) fn split_iri(iri: &str) -> Option<(&str, &str)> {
    let at = iri.rfind(['#', '/'])?.saturating_add(1);
    iri.split_at_checked(at).filter(|(_, name)| !name.is_empty())
}
