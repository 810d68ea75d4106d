//! From a JSON-LD document to statements, refusing whatever would be dropped or moved.

use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

use super::context::{self, Active, Coercion, Context, Definition, Meaning};
use super::names::{self, BOOLEAN, DOUBLE, INTEGER, STRING};
use super::term::{Datatype, Statement, Term, MAX_IRI_LENGTH};
use super::{Contexts, Refusal, Rule};
use crate::json::{Json, Number, Object};
use crate::limits::Limits;

/// A node whose blank label is not canonical yet.
#[derive(Clone, Eq, Hash, PartialEq)]
pub(super) enum RawNode {
    Iri(Arc<str>),
    /// A node without an id, or with an `_:` id, by order of appearance.
    Blank(usize),
    /// A node that a derived document names by its canonical label (`urn:bnid:_:c14nN`).
    Labelled(u32),
}

/// The statements of a document before canonicalization.
pub(super) struct Graph {
    pub(super) root: RawNode,
    pub(super) statements: Vec<Statement<RawNode>>,
    pub(super) blank_count: usize,
}

/// How much of a document is read.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Scope {
    /// The document without its proof: one graph, from which claims are read.
    Document,
    /// Everything in it: credentials and proofs are graphs, and have contexts of their own.
    Dataset,
}

pub(super) fn expand(
    document: &Object<'_>,
    contexts: &Contexts,
    scope: Scope,
) -> Result<Graph, Refusal> {
    let active = add_context(Active::default(), document, contexts)
        .map_err(|rule| Refusal { rule, place: "@context".to_owned() })?;
    let mut expander = Expander::within(contexts, scope);
    let root = expander.node(document, &active, Place::Root)?;
    let root = root.ok_or_else(|| expander.refusal(Rule::EmptyNode))?;
    if expander.blank_count > 0 && expander.has_labels {
        return Err(expander.refusal(Rule::MixedBlankNodes));
    }
    let Expander { stated, blank_count, .. } = expander;
    Ok(Graph { root, statements: stated.statements, blank_count })
}

/// The statements of a document so far, and how much they hold.
pub(super) struct Bounded {
    pub(super) statements: Vec<Statement<RawNode>>,
    iri_bytes: usize,
}

impl Bounded {
    /// With room for as many as most credentials have.
    pub(super) fn new() -> Bounded {
        Bounded { statements: Vec::with_capacity(32), iri_bytes: 0 }
    }

    pub(super) fn push(
        &mut self,
        statement: Statement<RawNode>,
        limits: &Limits,
    ) -> Result<(), Rule> {
        if self.statements.len() >= limits.statements {
            return Err(Rule::TooManyStatements);
        }
        let bytes = statement.iri_bytes(|node| match node {
            RawNode::Iri(iri) => iri.len(),
            RawNode::Blank(_) | RawNode::Labelled(_) => 0,
        });
        self.iri_bytes = self.iri_bytes.saturating_add(bytes);
        if self.iri_bytes > limits.iri_bytes {
            return Err(Rule::LongIri);
        }
        self.statements.push(statement);
        Ok(())
    }
}

/// Adds the entries of the object's `@context` to those that hold already.
fn add_context(
    mut active: Active,
    object: &Object<'_>,
    contexts: &Contexts,
) -> Result<Active, Rule> {
    let entries = context::entries(object);
    // More entries than any credential has only cost time.
    if entries.is_empty() || entries.len() > 16 {
        return Err(Rule::ContextShape);
    }
    for entry in entries {
        let context = match entry {
            Json::String(url) => Arc::clone(contexts.get(url).ok_or(Rule::UnknownContext)?),
            Json::Object(object) => Context::vocabulary(object, &active)?,
            _ => return Err(Rule::ContextShape),
        };
        active.push(context)?;
    }
    Ok(active)
}

struct Expander<'d> {
    contexts: &'d Contexts,
    scope: Scope,
    limits: Limits,
    /// Whose statements are read, unless they are of the default one.
    graph: Option<RawNode>,
    stated: Bounded,
    blank_labels: Vec<String>,
    blank_count: usize,
    has_labels: bool,
    place: Vec<Step<'d>>,
}

/// Where a node stands.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Place {
    Root,
    /// The outermost object of a graph.
    OfGraph,
    Below,
}

/// From an object to a member, or from an array to an item.
enum Step<'d> {
    Keyword(&'static str),
    /// By its name, and whether a context defines it.
    Member(&'d str, bool),
    Index(usize),
}

/// What the members of a node that are keywords say.
#[derive(Default)]
struct Keywords<'o> {
    id: Option<&'o str>,
    types: Vec<&'o str>,
    /// The names under which id and types stand.
    names: [Option<&'o str>; 2],
}

impl<'d> Expander<'d> {
    fn within(contexts: &'d Contexts, scope: Scope) -> Self {
        Expander {
            contexts,
            scope,
            limits: *contexts.limits(),
            graph: None,
            stated: Bounded::new(),
            blank_labels: Vec::new(),
            blank_count: 0,
            has_labels: false,
            place: Vec::new(),
        }
    }

    fn refusal(&self, rule: Rule) -> Refusal {
        let step = |step: &Step<'_>| match step {
            Step::Keyword(name) => (*name).to_owned(),
            Step::Member(name, true) => (*name).to_owned(),
            Step::Member(name, false) if KEYWORDS.contains(name) => (*name).to_owned(),
            Step::Member(name, false) if context::trinsic_names().any(|it| it == *name) => {
                (*name).to_owned()
            }
            // A name that nobody knows may be a person's.
            Step::Member(_, false) => "*".to_owned(),
            Step::Index(index) => index.to_string(),
        };
        let place = self.place.iter().map(step).collect::<Vec<_>>().join(".");
        Refusal { rule, place: if place.is_empty() { "credential".to_owned() } else { place } }
    }

    /// `None` if the object says nothing at all.
    fn node(
        &mut self,
        object: &'d Object<'_>,
        outer: &Active,
        place: Place,
    ) -> Result<Option<RawNode>, Refusal> {
        let Keywords { id, types, names } = self.keywords(object, outer)?;
        // Type-scoped contexts hold for the members of this node; for the nodes below only if they
        // say so (JSON-LD 1.1 API, section 5.1.2, steps 7 and 11).
        let (mut active, mut below) = (Cow::Borrowed(outer), Cow::Borrowed(outer));
        let mut scoped: Vec<(&str, &Arc<Context>)> = (types.iter())
            .filter_map(|kind| Some((*kind, outer.definition(kind)?.scoped.as_ref()?)))
            .collect();
        scoped.sort_unstable_by_key(|(kind, _)| *kind);
        for (_, scoped) in scoped {
            let push = |active: &mut Cow<'_, Active>| active.to_mut().push(Arc::clone(scoped));
            let added = push(&mut active).and_then(|()| match scoped.propagates {
                true => push(&mut below),
                false => Ok(()),
            });
            added.map_err(|rule| self.refusal(rule))?;
        }
        let node = match id {
            Some(id) => {
                let iri = self.at(Step::Keyword("id"), |it| {
                    match id.starts_with("_:") {
                        true => Ok(id.into()),
                        false => active.document_iri(id),
                    }
                    .map_err(|rule| it.refusal(rule))
                })?;
                self.named(iri)?
            }
            None => self.fresh()?,
        };
        for kind in &types {
            let iri = self.at(Step::Keyword("type"), |it| {
                outer.vocabulary_iri(kind).map_err(|rule| it.refusal(rule))
            })?;
            let object = Term::Node(RawNode::Iri(iri));
            self.state(node.clone(), Arc::clone(&TYPE), object)?;
        }
        let mut is_empty = types.is_empty() && id.is_none();
        for (name, value) in object.iter() {
            let is_context = place != Place::Below && name == "@context";
            let is_proof = place == Place::Root && name == "proof" && self.scope == Scope::Document;
            if is_context || is_proof || names.contains(&Some(name)) {
                continue;
            }
            is_empty = false;
            let definition = active.definition(name);
            self.place.push(Step::Member(name, definition.is_some()));
            self.member(
                &node,
                name,
                value,
                &Property { active: &active, below: &below, definition },
            )?;
            self.place.pop();
        }
        Ok((!is_empty).then_some(node))
    }

    fn at<T>(&mut self, step: Step<'d>, work: impl FnOnce(&mut Self) -> T) -> T {
        self.place.push(step);
        let result = work(self);
        self.place.pop();
        result
    }

    fn keywords<'o>(
        &self,
        object: &'o Object<'_>,
        active: &Active,
    ) -> Result<Keywords<'o>, Refusal> {
        let mut found = Keywords::default();
        for (name, value) in object.iter() {
            let keyword = keyword(name, active);
            let place = match (&keyword, &mut found.names) {
                (None, _) => continue,
                (Some(Keyword::Id), [place, _]) | (Some(Keyword::Type), [_, place]) => place,
            };
            if place.replace(name).is_some() {
                return Err(self.refusal(Rule::RepeatedMember));
            }
            match (keyword, value) {
                (Some(Keyword::Type), value) => found.types = self.types(value)?,
                (_, Json::String(text)) => found.id = Some(text.as_ref()),
                _ => return Err(self.refusal(Rule::NotAnIri)),
            }
        }
        Ok(found)
    }

    fn types<'o>(&self, value: &'o Json<'_>) -> Result<Vec<&'o str>, Refusal> {
        match value.texts() {
            Some(types) if !types.is_empty() => Ok(types),
            _ => Err(self.refusal(Rule::TypeShape)),
        }
    }

    fn member(
        &mut self,
        node: &RawNode,
        name: &str,
        value: &'d Json<'_>,
        property: &Property<'_>,
    ) -> Result<(), Refusal> {
        if name == "@context" {
            return Err(self.refusal(Rule::NestedContext));
        }
        if name.starts_with('@') {
            return Err(self.refusal(Rule::Keyword));
        }
        let definition = property.definition;
        let is_unsupported = |definition: &Definition| {
            definition.unsupported || (definition.is_graph && self.scope == Scope::Document)
        };
        if definition.is_some_and(is_unsupported) {
            return Err(self.refusal(Rule::UnsupportedTerm));
        }
        let predicate = property.active.iri(name, definition);
        let predicate = predicate.map_err(|rule| self.refusal(rule))?;
        match value {
            value if definition.is_some_and(|it| matches!(it.coercion, Coercion::Json)) => {
                let object = json_literal(value).map_err(|rule| self.refusal(rule))?;
                self.state(node.clone(), predicate, object)
            }
            Json::Array(values) if values.is_empty() => Err(self.refusal(Rule::EmptyArray)),
            Json::Array(values) => values.iter().enumerate().try_for_each(|(index, value)| {
                self.at(Step::Index(index), |it| {
                    let object = it.value(value, property)?;
                    it.state(node.clone(), predicate.clone(), object)
                })
            }),
            value => {
                let object = self.value(value, property)?;
                self.state(node.clone(), predicate, object)
            }
        }
    }

    fn value(
        &mut self,
        value: &'d Json<'_>,
        property: &Property<'_>,
    ) -> Result<Term<RawNode>, Refusal> {
        if property.definition.is_some_and(|it| it.is_graph) {
            return self.graph(value, property).map(Term::Node);
        }
        let coercion = property.definition.map_or(&Coercion::None, |it| &it.coercion);
        let refuse = |rule| Err(rule);
        let term = match (value, coercion) {
            (Json::Null, _) => refuse(Rule::NullValue),
            (Json::Array(_), _) => refuse(Rule::NestedArray),
            (Json::Object(object), _) if object.get("@value").is_some() => {
                value_object(object, &property.within())
            }
            (Json::Object(object), _) => {
                let active = property.active;
                if object.iter().any(|(name, _)| active.is_other_keyword(name)) {
                    return Err(self.refusal(Rule::Keyword));
                }
                // A reference is read as it stands here: the contexts of this node's types hold for
                // it too (JSON-LD 1.1 API, section 5.1.2, step 7).
                let is_id = |(name, _)| matches!(keyword(name, active), Some(Keyword::Id));
                let mut below = match object.len() == 1 && object.iter().all(is_id) {
                    true => active.clone(),
                    false => property.below.clone(),
                };
                property.add_scoped(&mut below);
                return match self.node(object, &below, Place::Below)? {
                    Some(node) => Ok(Term::Node(node)),
                    None => Err(self.refusal(Rule::EmptyNode)),
                };
            }
            (Json::String(text), Coercion::Id) => match text.starts_with("_:") {
                true => return self.named(text.as_ref().into()).map(Term::Node),
                false => match property.within().reference_iri(text) {
                    Ok(iri) => return self.named(iri).map(Term::Node),
                    Err(rule) => Err(rule),
                },
            },
            (Json::String(text), Coercion::Vocabulary) => {
                property.within().vocabulary_iri(text).map(|iri| Term::Node(RawNode::Iri(iri)))
            }
            (scalar, Coercion::None) => literal(scalar, None),
            (scalar, Coercion::Datatype(datatype)) => literal(scalar, Some(datatype)),
            (_, Coercion::Id | Coercion::Vocabulary | Coercion::Json) => refuse(Rule::NotAnIri),
        };
        term.map_err(|rule| self.refusal(rule))
    }

    /// The name of a graph of its own (JSON-LD 1.1, section 4.9.1) with what the value states in it.
    fn graph(&mut self, value: &'d Json<'_>, property: &Property<'_>) -> Result<RawNode, Refusal> {
        let Json::Object(object) = value else {
            return Err(self.refusal(Rule::UnsupportedTerm));
        };
        let mut active = match property.definition.is_some_and(|it| it.is_closed) {
            true => Active::default(),
            false => property.below.clone(),
        };
        property.add_scoped(&mut active);
        if object.get("@context").is_some() {
            active = add_context(active, object, self.contexts)
                .map_err(|rule| self.at(Step::Keyword("@context"), |it| it.refusal(rule)))?;
        }
        let name = self.fresh()?;
        let outer = self.graph.replace(name.clone());
        let node = self.node(object, &active, Place::OfGraph)?;
        self.graph = outer;
        node.map(|_| name).ok_or_else(|| self.refusal(Rule::EmptyNode))
    }

    fn state(
        &mut self,
        subject: RawNode,
        predicate: Arc<str>,
        object: Term<RawNode>,
    ) -> Result<(), Refusal> {
        let statement = Statement { subject, predicate, object, graph: self.graph.clone() };
        let stated = self.stated.push(statement, &self.limits);
        stated.map_err(|rule| self.refusal(rule))
    }

    /// A node by its id.
    fn named(&mut self, iri: Arc<str>) -> Result<RawNode, Refusal> {
        if let Some(label) = iri.strip_prefix("urn:bnid:") {
            let number = label.strip_prefix("_:c14n").and_then(|digits| {
                let number = digits.parse::<u32>().ok()?;
                (number.to_string() == digits).then_some(number)
            });
            self.has_labels = true;
            return number.map(RawNode::Labelled).ok_or_else(|| self.refusal(Rule::NotAnIri));
        }
        if !iri.starts_with("_:") {
            return Ok(RawNode::Iri(iri));
        }
        if iri.len() > MAX_IRI_LENGTH {
            return Err(self.refusal(Rule::LongIri));
        }
        if !is_blank_label(iri.strip_prefix("_:").unwrap_or_default()) {
            return Err(self.refusal(Rule::NotAnIri));
        }
        if let Some(known) = self.blank_labels.iter().position(|label| **label == *iri) {
            return Ok(RawNode::Blank(known));
        }
        let node = self.fresh()?;
        if let (RawNode::Blank(index), Some(label)) = (&node, self.blank_labels.last_mut()) {
            debug_assert_eq!(index.saturating_add(1), self.blank_count);
            *label = iri.as_ref().to_owned();
        }
        Ok(node)
    }

    fn fresh(&mut self) -> Result<RawNode, Refusal> {
        if self.blank_count >= self.limits.blank_nodes {
            return Err(self.refusal(Rule::TooManyBlankNodes));
        }
        let node = RawNode::Blank(self.blank_count);
        self.blank_count = self.blank_count.saturating_add(1);
        // No label of a document is empty, so nodes without one are found by none.
        self.blank_labels.push(String::new());
        Ok(node)
    }
}

/// A label of a blank node in N-Quads (`BLANK_NODE_LABEL`), in ASCII: others drop the rest.
fn is_blank_label(label: &str) -> bool {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let bytes = label.as_bytes();
    bytes.first().is_some_and(|first| is_name(*first))
        && !label.ends_with('.')
        && bytes.iter().all(|byte| is_name(*byte) || matches!(byte, b'-' | b'.'))
}

/// Where a value stands.
struct Property<'p> {
    active: &'p Active,
    below: &'p Active,
    definition: Option<&'p Definition>,
}

impl Property<'_> {
    /// The contexts by which a text is read that stands here: the one that the definition brings holds
    /// for it too (JSON-LD 1.1 API, section 5.1.2, step 4).
    fn within(&self) -> Cow<'_, Active> {
        let mut active = Cow::Borrowed(self.active);
        if self.definition.is_some_and(|it| it.scoped.is_some()) {
            self.add_scoped(active.to_mut());
        }
        active
    }

    /// Adds the context that the property's definition brings for its values.
    fn add_scoped(&self, below: &mut Active) {
        if let Some(scoped) = self.definition.and_then(|it| it.scoped.as_ref()) {
            below.push_of_property(Arc::clone(scoped));
        }
    }
}

enum Keyword {
    Id,
    Type,
}

fn keyword(name: &str, active: &Active) -> Option<Keyword> {
    match name {
        "@id" => return Some(Keyword::Id),
        "@type" => return Some(Keyword::Type),
        _ => {}
    }
    match active.definition(name)?.meaning {
        Meaning::Id => Some(Keyword::Id),
        Meaning::Type => Some(Keyword::Type),
        _ => None,
    }
}

fn value_object(object: &Object<'_>, active: &Active) -> Result<Term<RawNode>, Rule> {
    let mut datatype = None;
    for (name, value) in object.iter() {
        match (name, keyword(name, active), value) {
            ("@value", _, _) => {}
            (_, Some(Keyword::Type), Json::String(kind)) if datatype.is_none() => {
                datatype = Some(active.vocabulary_iri(kind)?);
            }
            _ => return Err(Rule::ValueObject),
        }
    }
    literal(object.get("@value").unwrap_or(&Json::Null), datatype.as_ref())
}

/// Any value as one literal (JSON-LD 1.1, section 10.2): what it holds is no claim of its own.
fn json_literal(value: &Json<'_>) -> Result<Term<RawNode>, Rule> {
    let value = value.canonical().ok_or(Rule::JsonForm)?;
    Ok(Term::Literal { value: value.into(), datatype: Datatype::Iri(JSON.into()) })
}

/// A scalar as a literal (JSON-LD 1.1 API, section 8.2.2).
pub(super) fn literal(
    scalar: &Json<'_>,
    datatype: Option<&Arc<str>>,
) -> Result<Term<RawNode>, Rule> {
    let is_double = datatype.is_some_and(|it| **it == *DOUBLE);
    let (value, native) = match scalar {
        Json::String(text) => (text.as_ref().into(), None),
        Json::Bool(value) => (value.to_string().into(), Some(BOOLEAN)),
        Json::Number(Number::Integer(value)) if is_double => {
            (double(exact(*value)? as f64)?.into(), Some(DOUBLE))
        }
        Json::Number(Number::Integer(value)) => (exact(*value)?.to_string().into(), Some(INTEGER)),
        // What is integral is an integer there, however it is written.
        Json::Number(Number::Float(value)) if value.fract() == 0.0 && !is_double => {
            (exact(*value as i128)?.to_string().into(), Some(INTEGER))
        }
        Json::Number(Number::Float(value)) => (double(*value)?.into(), Some(DOUBLE)),
        _ => return Err(Rule::NullValue),
    };
    let datatype = match (datatype, native) {
        (Some(iri), _) if **iri == *STRING => Datatype::String,
        (Some(iri), _) => Datatype::Iri(Arc::clone(iri)),
        (None, Some(native)) => Datatype::Iri(native.into()),
        (None, None) => Datatype::String,
    };
    Ok(Term::Literal { value, datatype })
}

/// Implementations differ on integers that a double cannot hold.
fn exact(value: i128) -> Result<i128, Rule> {
    (value.unsigned_abs() <= 1 << 53).then_some(value).ok_or(Rule::NumberForm)
}

/// The canonical form of `xsd:double` with 15 digits of fraction at most.
///
/// Implementations differ in the sixteenth digit, some write the fewest digits that tell the number,
/// and some know no negative zero: only where all of them write one text is it known what was signed.
fn double(value: f64) -> Result<String, Rule> {
    let text = format!("{value:.15E}");
    let (mantissa, exponent) = text.split_once('E').ok_or(Rule::NumberForm)?;
    let digits = mantissa.trim_end_matches('0').trim_end_matches('.');
    let is_negative_zero = value == 0.0 && value.is_sign_negative();
    if is_negative_zero || format!("{digits}E{exponent}") != format!("{value:E}") {
        return Err(Rule::NumberForm);
    }
    let zero = if digits.contains('.') { "" } else { ".0" };
    Ok(format!("{digits}{zero}E{exponent}"))
}

/// Keywords that contexts of the time do not all know.
const KEYWORDS: [&str; 5] = ["@graph", "@included", "@index", "@nest", "@reverse"];

static TYPE: LazyLock<Arc<str>> = LazyLock::new(|| names::TYPE.into());
const JSON: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON";
