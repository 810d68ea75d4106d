//! JSON Schemas, and the signed view of a credential that they are held against.

#[cfg(feature = "schema")]
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::error::Error;
use crate::json;
use crate::limits::{Limit, Limits};
use crate::statements::names::TYPE;
use crate::statements::{split_iri, Datatype, Graph, Node, Term};

/// A JSON Schema that was compiled; it refers to nothing outside itself.
#[derive(Clone)]
pub(crate) struct Schema {
    #[cfg(feature = "schema")]
    validator: Arc<jsonschema::Validator>,
    /// It says what a `credentialSubject` looks like, so it describes the whole credential.
    whole: bool,
}

/// What a schema says of a credential.
#[derive(Debug, PartialEq)]
#[cfg_attr(not(feature = "schema"), allow(dead_code))]
pub(crate) enum Conformance {
    Conforms,
    /// The rule that is broken, and where: names of members, never a value.
    Differs(String),
    /// It would conform or not by statements that are hidden.
    DependsOnHidden,
    /// This build has no validator.
    #[cfg_attr(feature = "schema", allow(dead_code))]
    NotBuilt,
}

impl Schema {
    pub(crate) fn from_json(text: &[u8], limits: &Limits) -> Result<Schema, Error> {
        if text.len() > limits.schema_bytes {
            return Err(Error::beyond(limits, Limit::SchemaBytes));
        }
        json::parse(text, limits)?;
        let refused = |problem| Error::Configuration { what: "schema", problem };
        let schema: Value =
            serde_json::from_slice(text).map_err(|_| refused("is no JSON object"))?;
        let properties = schema.as_object().ok_or(refused("is no JSON object"))?.get("properties");
        let whole = properties.is_some_and(|it| it.get("credentialSubject").is_some());
        let mut budget = MAX_SCHEMA_COST;
        measure(&schema, &schema, &mut Vec::new(), &mut budget).map_err(refused)?;
        #[cfg(not(feature = "schema"))]
        return Ok(Schema { whole });
        #[cfg(feature = "schema")]
        {
            // A pattern of the linear engine cannot backtrack; its program is bounded as well.
            let patterns = jsonschema::PatternOptions::regex().size_limit(MAX_PATTERN_BYTES);
            let options = jsonschema::options().with_pattern_options(patterns).offline();
            let validator = options.build(&schema).map_err(|_| {
                refused("is not valid for its draft, or has a pattern that is not supported")
            })?;
            Ok(Schema { validator: Arc::new(validator), whole })
        }
    }

    /// Holds the signed statements of the credential at the root against the schema.
    ///
    /// `describes_credential` is what the type of the schema says; a schema of an older type
    /// describes the subject, unless it names the subject itself.
    pub(crate) fn judge(
        &self,
        root: Graph<'_>,
        describes_credential: bool,
        hidden: bool,
    ) -> Conformance {
        let described = match describes_credential || self.whole {
            true => Some(root),
            false => root.subject(),
        };
        let Some(view) = described.and_then(|graph| view(graph, 0)) else {
            return Conformance::Differs("the statements have no view as JSON".to_owned());
        };
        self.conformance(&view, hidden)
    }

    #[cfg(not(feature = "schema"))]
    fn conformance(&self, _: &Value, _: bool) -> Conformance {
        Conformance::NotBuilt
    }

    #[cfg(feature = "schema")]
    fn conformance(&self, view: &Value, hidden: bool) -> Conformance {
        // Nearly all conform, and to say so is much less work than to say why not.
        if !hidden && self.validator.is_valid(view) {
            return Conformance::Conforms;
        }
        let mut undecided = false;
        for error in self.validator.iter_errors(view) {
            let rule = error.kind().keyword();
            let path = error.schema_path().to_string();
            // What is hidden can only add members: these rules stay broken whatever it is.
            let stays = RULES_OF_WHAT_IS_SHOWN.contains(&rule)
                && !["/then/", "/else/", "/dependentSchemas/"].iter().any(|it| path.contains(it));
            if !hidden || stays {
                let place = error.instance_path().to_string();
                let place = if place.is_empty() { "the outermost object" } else { &place };
                return Conformance::Differs(format!("{rule} at {place}"));
            }
            undecided = true;
        }
        match undecided || hidden {
            true => Conformance::DependsOnHidden,
            false => Conformance::Conforms,
        }
    }
}

/// The statements about a node as JSON: members are the last parts of predicates.
///
/// Only what was signed is in it. `None` if two predicates end alike, or if nodes nest deeper than
/// any credential's.
fn view(graph: Graph<'_>, depth: usize) -> Option<Value> {
    if depth > MAX_VIEW_DEPTH {
        return None;
    }
    let mut members: Map<String, Value> = Map::new();
    // Statements are ordered, so those of one predicate stand side by side.
    let mut last = "";
    if let Node::Iri(id) = graph.node() {
        members.insert("id".to_owned(), id.as_ref().into());
    }
    for statement in graph.iter() {
        let predicate = statement.predicate.as_ref();
        let is_type = predicate == TYPE;
        let name = if is_type { "type" } else { local_name(predicate)? };
        let value = match &statement.object {
            Term::Node(Node::Iri(iri)) if is_type => local_name(iri)?.into(),
            Term::Node(node) => {
                let below = graph.at(node);
                match (below.iter().next(), node) {
                    (Some(_), _) => view(below, depth.saturating_add(1))?,
                    (None, Node::Iri(iri)) => iri.as_ref().into(),
                    (None, Node::Blank(_)) => return None,
                }
            }
            Term::Literal { value, datatype } => native(value, datatype),
        };
        match (members.get_mut(name), predicate == last) {
            (None, _) => {
                members.insert(name.to_owned(), value);
            }
            (Some(_), false) => return None,
            (Some(Value::Array(values)), true) => values.push(value),
            (Some(present), true) => {
                let first = present.take();
                *present = Value::Array(vec![first, value]);
            }
        }
        last = predicate;
    }
    Some(Value::Object(members))
}

fn local_name(iri: &str) -> Option<&str> {
    split_iri(iri).map(|(_, name)| name)
}

/// Numbers and booleans as JSON writes them; every other literal is its text.
fn native(value: &str, datatype: &Datatype) -> Value {
    let name = match datatype {
        Datatype::String => None,
        Datatype::Iri(iri) => iri.strip_prefix("http://www.w3.org/2001/XMLSchema#"),
    };
    let parsed = match name {
        Some("boolean" | "integer" | "double") => serde_json::from_str(value).ok(),
        _ => None,
    };
    parsed.unwrap_or_else(|| value.into())
}

/// Counts what a validator may have to visit, following references.
///
/// References to itself or to another document are refused: without them the work on a credential
/// is bounded by the count.
fn measure<'s>(
    schema: &'s Value,
    root: &'s Value,
    path: &mut Vec<&'s str>,
    budget: &mut usize,
) -> Result<(), &'static str> {
    *budget = budget.checked_sub(1).ok_or("asks for too much work")?;
    match schema {
        Value::Array(items) => items.iter().try_for_each(|it| measure(it, root, path, budget)),
        Value::Object(members) => {
            members.iter().try_for_each(|(name, member)| match (name.as_str(), member.as_str()) {
                ("$dynamicRef" | "$recursiveRef", _) => Err("uses a dynamic reference"),
                ("$ref", Some(reference)) => {
                    let target = reference.strip_prefix('#').filter(|it| !it.contains('%'));
                    let target = target.and_then(|pointer| root.pointer(pointer));
                    let target = target.ok_or("refers to something outside itself")?;
                    if path.contains(&reference) {
                        return Err("refers to itself");
                    }
                    path.push(reference);
                    let measured = measure(target, root, path, budget);
                    path.pop();
                    measured
                }
                _ => measure(member, root, path, budget),
            })
        }
        _ => Ok(()),
    }
}

#[cfg(feature = "schema")]
const RULES_OF_WHAT_IS_SHOWN: [&str; 14] = [
    "additionalProperties",
    "const",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "maxLength",
    "maxProperties",
    "maximum",
    "minLength",
    "minimum",
    "pattern",
    "propertyNames",
    "type",
];

/// Values of a schema with its references followed; 100 times the largest one known.
const MAX_SCHEMA_COST: usize = 1 << 16;
#[cfg(feature = "schema")]
const MAX_PATTERN_BYTES: usize = 1 << 20;
/// A credential, its subject, and an address in it.
const MAX_VIEW_DEPTH: usize = 8;
