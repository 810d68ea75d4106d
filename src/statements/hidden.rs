//! Where statements may be hidden, as a format tells it that signs digests of them.

use std::sync::Arc;

use super::{Graph, Node};

/// About which nodes statements may be hidden, and under which predicates.
#[derive(Clone)]
pub(crate) enum HiddenPlace {
    /// About this node.
    About(Node),
    /// About whatever node but this one.
    AnywhereBut(Node),
    /// About this node, under a predicate that nothing is shown under: no name stands twice.
    Member(Node),
    /// About this node, under this predicate.
    Value(Node, Arc<str>),
}

impl HiddenPlace {
    /// Whether a statement about the node under the predicate may be hidden here.
    pub(crate) fn holds(&self, about: Graph<'_>, predicate: &str) -> bool {
        match self {
            HiddenPlace::About(node) => node == about.node(),
            HiddenPlace::AnywhereBut(node) => node != about.node(),
            HiddenPlace::Member(node) => {
                node == about.node() && about.objects(predicate).next().is_none()
            }
            HiddenPlace::Value(node, under) => node == about.node() && **under == *predicate,
        }
    }
}
