//! JSON-LD contexts: which there are, and what their terms mean (JSON-LD 1.1 API, section 4).

use std::fmt;
use std::sync::{Arc, LazyLock, OnceLock};

use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use super::term::{absolute_iri, MAX_IRI_LENGTH};
use super::{is_absolute_iri, Rule};
use crate::error::Error;
use crate::json::{self, Json, Object};
use crate::limits::Limits;

/// What a text is read with: the JSON-LD contexts that it may name by URL, for nothing is ever
/// fetched, and how much of everything it may hold.
#[derive(Clone)]
pub struct Contexts {
    known: Vec<Known>,
    limits: Limits,
}

/// A context by its URL, and the SHA-256 of the document it was read from.
#[derive(Clone)]
struct Known {
    url: Arc<str>,
    sha256: [u8; 32],
    context: Arc<Context>,
}

/// What one entry of an `@context` names: a URL, or the IRI of a bare `@vocab`, which is no document
/// and has no hash.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct NamedContext {
    pub(crate) iri: Arc<str>,
    pub(crate) sha256: Option<[u8; 32]>,
}

impl Contexts {
    /// The contexts this library brings along.
    #[must_use]
    pub fn bundled() -> Contexts {
        static BUNDLED: OnceLock<Vec<Known>> = OnceLock::new();
        let bundled = BUNDLED.get_or_init(|| {
            let known = |(url, document): &(&str, &str)| {
                Known::read(url, document.as_bytes(), &Limits::STANDARD).ok()
            };
            DOCUMENTS.iter().filter_map(known).collect()
        });
        Contexts { known: bundled.clone(), limits: Limits::STANDARD }
    }

    /// The same contexts, for texts within limits of the caller's.
    #[must_use]
    pub fn within(self, limits: Limits) -> Contexts {
        Contexts { limits, ..self }
    }

    /// How much a text that is read with these contexts may hold.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    pub(crate) fn add(&mut self, url: &str, document: &[u8]) -> Result<(), Error> {
        let refused = |problem| Err(Error::Configuration { what: "context", problem });
        if self.get(url).is_some() {
            return refused("is the second one of its URL");
        }
        match Known::read(url, document, &self.limits) {
            Ok(known) => self.known.push(known),
            Err(None) => return refused("uses something this library does not understand"),
            Err(Some(error)) => return Err(error),
        }
        Ok(())
    }

    pub(super) fn get(&self, url: &str) -> Option<&Arc<Context>> {
        self.known(url).map(|known| &known.context)
    }

    /// What the entries of a document's `@context` name, as far as they are known here.
    pub(crate) fn named(&self, document: &Object<'_>) -> Vec<NamedContext> {
        let named = |entry: &Json<'_>| match entry {
            Json::String(url) => self.known(url).map(|known| NamedContext {
                iri: Arc::clone(&known.url),
                sha256: Some(known.sha256),
            }),
            entry => {
                let vocabulary = entry.as_object()?.get("@vocab")?.as_str()?;
                Some(NamedContext { iri: vocabulary.into(), sha256: None })
            }
        };
        entries(document).iter().filter_map(named).collect()
    }

    fn known(&self, url: &str) -> Option<&Known> {
        self.known.iter().find(|known| *known.url == *url)
    }
}

impl Known {
    fn read(url: &str, document: &[u8], limits: &Limits) -> Result<Known, Option<Error>> {
        let context = Arc::new(Context::parse(document, limits)?);
        Ok(Known { url: url.into(), sha256: Sha256::digest(document).into(), context })
    }
}

/// The entries of the `@context` of a document: one by itself stands for an array of one.
pub(super) fn entries<'d, 'j>(document: &'d Object<'j>) -> &'d [Json<'j>] {
    document.get("@context").map_or(&[], Json::items)
}

impl fmt::Debug for Contexts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.known.iter().map(|known| &known.url)).finish()
    }
}

/// One processed context.
#[derive(Default)]
pub(super) struct Context {
    /// The names are of contexts that the caller trusts: no document chooses which ones collide.
    terms: FxHashMap<Box<str>, Definition>,
    vocabulary: Option<Arc<str>>,
    /// What some names are in that vocabulary, made once.
    names: FxHashMap<&'static str, Arc<str>>,
    /// `@propagate: true` of a type-scoped context: it holds for the nodes below as well.
    pub(super) propagates: bool,
}

/// What a term means.
pub(super) struct Definition {
    pub(super) meaning: Meaning,
    pub(super) coercion: Coercion,
    /// The context that holds where the term is used as a type or property.
    pub(super) scoped: Option<Arc<Context>>,
    /// Whether compact IRIs may begin with the term (the prefix flag).
    prefix: bool,
    /// A construct that no statement of ours can hold: lists, maps, languages.
    pub(super) unsupported: bool,
    /// Values are graphs of their own (`@container: @graph`): credentials and proofs.
    pub(super) is_graph: bool,
    /// No context of the outside holds in the values (`@context: null`).
    pub(super) is_closed: bool,
    /// No context behind may give the term another meaning.
    is_protected: bool,
    /// What else the definition says, as it is written.
    rest: Option<String>,
}

/// What a term stands for.
#[derive(PartialEq)]
pub(super) enum Meaning {
    /// An absolute IRI, once the definition is read.
    Iri(Arc<str>),
    Id,
    Type,
    OtherKeyword,
    Null,
}

/// How string values of a term are read.
#[derive(Clone, PartialEq)]
pub(super) enum Coercion {
    None,
    Id,
    Vocabulary,
    /// The whole value is one literal (`@json`).
    Json,
    Datatype(Arc<str>),
}

impl Context {
    /// An object whose only member is `@vocab`, behind the contexts that hold already.
    pub(super) fn vocabulary(object: &Object<'_>, active: &Active) -> Result<Arc<Context>, Rule> {
        let vocabulary = object.get("@vocab").and_then(Json::as_str);
        let alone = vocabulary.filter(|_| object.len() == 1).ok_or(Rule::InlineContext)?;
        // With a term for its scheme it is a compact IRI to others.
        if prefix_of(alone).is_some_and(|prefix| active.definition(prefix).is_some()) {
            return Err(Rule::InlineContext);
        }
        if alone == TRINSIC {
            return Ok(Arc::clone(&TRINSIC_CONTEXT));
        }
        let vocabulary = absolute_iri(alone).map_err(|rule| match rule {
            Rule::NotAnIri => Rule::InlineContext,
            rule => rule,
        })?;
        Ok(Arc::new(Context { vocabulary: Some(vocabulary), ..Context::default() }))
    }

    fn parse(document: &[u8], limits: &Limits) -> Result<Context, Option<Error>> {
        let document = json::parse(document, limits).map_err(Some)?;
        let context = document.as_object().and_then(|document| document.get("@context"));
        Context::read(context.ok_or(None)?, &[]).ok_or(None)
    }

    fn read(context: &Json<'_>, outer: &[&Object<'_>]) -> Option<Context> {
        match context {
            Json::Object(object) => Context::read_object(object, outer),
            Json::Array(parts) => {
                let mut whole = Context::default();
                let mut seen = outer.to_vec();
                for part in parts {
                    let object = part.as_object()?;
                    let part = Context::read_object(object, &seen)?;
                    if part.redefines(|name| whole.terms.get(name)) {
                        return None;
                    }
                    for (name, mut definition) in part.terms {
                        // What says the same again stays protected.
                        let known = whole.terms.get(&name);
                        definition.is_protected |= known.is_some_and(|it| it.is_protected);
                        whole.terms.insert(name, definition);
                    }
                    whole.vocabulary = part.vocabulary.or(whole.vocabulary);
                    whole.propagates |= part.propagates;
                    seen.push(object);
                }
                Some(whole)
            }
            _ => None,
        }
    }

    fn read_object(object: &Object<'_>, outer: &[&Object<'_>]) -> Option<Context> {
        let mut context = Context::default();
        let mut scope = outer.to_vec();
        scope.push(object);
        let protects = object.get("@protected") == Some(&Json::Bool(true));
        for (name, definition) in object.iter() {
            match (name, definition) {
                ("@version", Json::Number(json::Number::Float(1.1))) => {}
                ("@protected", Json::Bool(_)) => {}
                ("@propagate", Json::Bool(propagates)) => context.propagates = *propagates,
                ("@vocab", Json::String(vocabulary))
                    if is_absolute_iri(vocabulary)
                        && prefix_of(vocabulary)
                            .is_none_or(|it| defined(it, &scope, 0).is_none()) =>
                {
                    context.vocabulary = Some(vocabulary.as_ref().into());
                }
                (name, _) if name.starts_with('@') => return None,
                (name, definition) => {
                    let definition = Definition::read(name, definition, &scope, protects)?;
                    context.terms.insert(name.into(), definition);
                }
            }
        }
        Some(context)
    }

    /// Whether it gives a protected term another meaning than it has (JSON-LD 1.1 API, section 4.2.2,
    /// step 27).
    fn redefines<'c>(&self, known: impl Fn(&str) -> Option<&'c Definition>) -> bool {
        self.terms.iter().any(|(name, definition)| {
            known(name).is_some_and(|it| it.is_protected && !it.means_what(definition))
        })
    }
}

impl Definition {
    fn means_what(&self, other: &Definition) -> bool {
        self.meaning == other.meaning
            && self.coercion == other.coercion
            && self.prefix == other.prefix
            && self.rest == other.rest
    }

    fn read(
        name: &str,
        definition: &Json<'_>,
        scope: &[&Object<'_>],
        protects: bool,
    ) -> Option<Definition> {
        let plain = |meaning| Definition {
            prefix: is_prefix(name, definition, &meaning),
            meaning,
            coercion: Coercion::None,
            scoped: None,
            unsupported: false,
            is_graph: false,
            is_closed: false,
            is_protected: protects,
            rest: rest(definition),
        };
        if id_of(definition).is_some_and(|id| !is_fit_for(id, name, scope)) {
            return None;
        }
        let object = match definition {
            Json::Null => return Some(plain(Meaning::Null)),
            Json::String(id) => return Some(plain(Meaning::absolute(id, scope)?)),
            Json::Object(object) => object,
            _ => return None,
        };
        let mut read = plain(match object.get("@id") {
            Some(Json::Null) => Meaning::Null,
            Some(Json::String(id)) => Meaning::absolute(id, scope)?,
            Some(_) => return None,
            // Such a term is a compact IRI whether or not its prefix may be one elsewhere (section
            // 4.2.2, step 14). No context needs it.
            None if has_other_prefix(name, scope) => return None,
            None if object.get("@reverse").is_some() => Meaning::Null,
            None => Meaning::absolute(name, scope)?,
        });
        let is_list = object.get("@container").and_then(Json::as_str) == Some("@list");
        if object.get("@reverse").is_some() && (object.get("@id").is_some() || is_list) {
            return None;
        }
        for (member, value) in object.iter() {
            match (member, value) {
                ("@id", _) => {}
                ("@protected", Json::Bool(is_protected)) => read.is_protected = *is_protected,
                ("@prefix", Json::Bool(_)) if !name.contains([':', '/']) => {}
                ("@type", Json::String(kind)) => match kind.as_ref() {
                    "@id" => read.coercion = Coercion::Id,
                    "@vocab" => read.coercion = Coercion::Vocabulary,
                    "@json" => read.coercion = Coercion::Json,
                    "@none" => read.unsupported = true,
                    kind => match Meaning::absolute(kind, scope)? {
                        Meaning::Iri(iri) => read.coercion = Coercion::Datatype(iri),
                        _ => return None,
                    },
                },
                ("@container", Json::String(kind)) if CONTAINERS.contains(&kind.as_ref()) => {
                    read.is_graph = kind == "@graph";
                    read.unsupported |= !read.is_graph && kind != "@set";
                }
                ("@container", Json::Array(kinds)) if kinds.iter().all(is_container) => {
                    read.unsupported = true;
                }
                ("@reverse" | "@index" | "@nest", Json::String(_)) => read.unsupported = true,
                ("@language" | "@direction", Json::String(_) | Json::Null) => {
                    read.unsupported = true;
                }
                ("@context", Json::Null) => read.is_closed = true,
                ("@context", context) => {
                    read.scoped = Some(Arc::new(Context::read(context, scope)?));
                }
                _ => return None,
            }
        }
        // Where a value brings no context of its own, it would be read by none.
        read.unsupported |= read.is_closed && !read.is_graph;
        Some(read)
    }
}

/// Whether a term may stand for an IRI: not for one that begins with itself, and a name that is an IRI
/// already only for that one (JSON-LD 1.1 API, section 4.2.2, step 14).
fn is_fit_for(id: &str, name: &str, scope: &[&Object<'_>]) -> bool {
    if prefix_of(id) == Some(name) {
        return false;
    }
    let is_iri = name.contains('/') || prefix_of(name).is_some_and(|it| !it.is_empty());
    if !is_iri || id.starts_with('@') {
        return true;
    }
    let outer = Meaning::of(id, scope, 0);
    let prefix = prefix_of(name).and_then(|prefix| defined(prefix, scope, 0));
    let expanded = match (prefix, name.split_once(':')) {
        (Some((iri, true)), Some((_, suffix))) => [&*iri, suffix].concat(),
        _ => name.to_owned(),
    };
    matches!(outer, Some(Meaning::Iri(iri)) if *iri == *expanded)
}

fn is_container(kind: &Json<'_>) -> bool {
    kind.as_str().is_some_and(|kind| CONTAINERS.contains(&kind))
}

/// The members of a definition beside its meaning, its type and whether it is protected.
fn rest(definition: &Json<'_>) -> Option<String> {
    let members = definition.as_object().into_iter().flat_map(Object::iter);
    let rest = members.filter(|(name, _)| !["@id", "@type", "@protected"].contains(name));
    rest.map(|(name, value)| Some(format!("{name} {}", value.canonical()?))).collect()
}

impl Meaning {
    /// What a definition says its term is; of an IRI, only an absolute one.
    fn absolute(text: &str, scope: &[&Object<'_>]) -> Option<Meaning> {
        let meaning = Meaning::of(text, scope, 0)?;
        match &meaning {
            Meaning::Iri(iri) if absolute_iri(iri).is_err() => None,
            _ => Some(meaning),
        }
    }

    /// Expands a text of a context (JSON-LD 1.1 API, section 5.2, with `vocab`).
    fn of(text: &str, scope: &[&Object<'_>], depth: usize) -> Option<Meaning> {
        match text {
            "@id" => return Some(Meaning::Id),
            "@type" => return Some(Meaning::Type),
            text if text.starts_with('@') => return Some(Meaning::OtherKeyword),
            _ => {}
        }
        // Terms that refer to each other end here, and so do cycles.
        if depth > 8 {
            return None;
        }
        if let Some((prefix, suffix)) = text.split_once(':') {
            if prefix != "_" && !suffix.starts_with("//") {
                if let Some((iri, true)) = defined(prefix, scope, depth.saturating_add(1)) {
                    return Some(Meaning::Iri(format!("{iri}{suffix}").into()));
                }
            }
            return is_absolute_iri(text).then(|| Meaning::Iri(text.into()));
        }
        let vocabulary =
            || scope.iter().rev().find_map(|object| object.get("@vocab")).and_then(Json::as_str);
        if depth > 0 || scope.iter().all(|object| object.get(text).is_none()) {
            return vocabulary().map(|it| Meaning::Iri(format!("{it}{text}").into()));
        }
        let iri = defined(text, scope, depth.saturating_add(1)).map(|(iri, _)| iri);
        iri.or_else(|| vocabulary().map(|it| format!("{it}{text}").into())).map(Meaning::Iri)
    }
}

/// The IRI of a term, and whether the term may be a prefix.
fn defined(name: &str, scope: &[&Object<'_>], depth: usize) -> Option<(Arc<str>, bool)> {
    let definition = scope.iter().rev().find_map(|object| object.get(name))?;
    let meaning = Meaning::of(id_of(definition)?, scope, depth)?;
    let is_prefix = is_prefix(name, definition, &meaning);
    match meaning {
        Meaning::Iri(iri) => Some((iri, is_prefix)),
        _ => None,
    }
}

/// What a definition says its term stands for, in its own words.
fn id_of<'d>(definition: &'d Json<'_>) -> Option<&'d str> {
    match definition {
        Json::String(id) => Some(id),
        Json::Object(definition) => definition.get("@id").and_then(Json::as_str),
        _ => None,
    }
}

/// The prefix flag (JSON-LD 1.1 API, section 4.2.2): of a simple term it is the last character of
/// its IRI that tells, a generic delimiter; an expanded definition says so itself.
fn is_prefix(name: &str, definition: &Json<'_>, meaning: &Meaning) -> bool {
    match (definition, meaning) {
        (Json::String(_), Meaning::Iri(iri)) => {
            !name.contains([':', '/']) && iri.ends_with([':', '/', '?', '#', '[', ']', '@'])
        }
        (Json::Object(definition), Meaning::Iri(_)) => {
            definition.get("@prefix") == Some(&Json::Bool(true))
        }
        _ => false,
    }
}

fn prefix_of(iri: &str) -> Option<&str> {
    iri.split_once(':').map(|(prefix, _)| prefix)
}

/// Whether a name begins with a term and a colon, and the term is no prefix.
fn has_other_prefix(name: &str, scope: &[&Object<'_>]) -> bool {
    let prefix = prefix_of(name).and_then(|prefix| defined(prefix, scope, 0));
    prefix.is_some_and(|(_, is_prefix)| !is_prefix)
}

/// The contexts that hold at a node, the innermost last.
#[derive(Clone, Default)]
pub(super) struct Active(Vec<Arc<Context>>);

impl Active {
    /// Adds a context of the document or of a type: it must not redefine what is protected.
    pub(super) fn push(&mut self, context: Arc<Context>) -> Result<(), Rule> {
        match context.redefines(|name| self.protected(name)) {
            true => Err(Rule::ProtectedTerm),
            false => {
                self.0.push(context);
                Ok(())
            }
        }
    }

    /// Adds the context of a property, which may redefine anything (JSON-LD 1.1, section 4.1.11).
    pub(super) fn push_of_property(&mut self, context: Arc<Context>) {
        self.0.push(context);
    }

    /// The definition that protects a term: the one that holds, or one before it that says the same.
    fn protected(&self, term: &str) -> Option<&Definition> {
        let mut all = self.0.iter().rev().filter_map(|context| context.terms.get(term));
        let first = all.next()?;
        let same = all.take_while(|it| it.means_what(first));
        std::iter::once(first).chain(same).find(|it| it.is_protected)
    }

    pub(super) fn definition(&self, term: &str) -> Option<&Definition> {
        self.0.iter().rev().find_map(|context| context.terms.get(term))
    }

    /// Whether the name stands for a keyword beside `@id` and `@type`.
    pub(super) fn is_other_keyword(&self, name: &str) -> bool {
        self.definition(name).is_some_and(|it| it.meaning == Meaning::OtherKeyword)
    }

    fn in_vocabulary(&self, name: &str) -> Result<Arc<str>, Rule> {
        let mut contexts = self.0.iter().rev();
        let found = contexts.find_map(|it| Some((it.vocabulary.as_ref()?, &it.names)));
        let (vocabulary, names) = found.ok_or(Rule::UndefinedTerm)?;
        if let Some(iri) = names.get(name) {
            return Ok(Arc::clone(iri));
        }
        let iri = [vocabulary, name].concat();
        // A vocabulary is an absolute IRI, and with letters and digits behind its separator it stays
        // one.
        let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        match is_plain && vocabulary.ends_with(['/', '#']) && iri.len() <= MAX_IRI_LENGTH {
            true => Ok(iri.into()),
            false => absolute_iri(&iri),
        }
    }

    /// Expands a member name or a type to an absolute IRI.
    pub(super) fn vocabulary_iri(&self, name: &str) -> Result<Arc<str>, Rule> {
        self.iri(name, self.definition(name))
    }

    /// The same with the definition of the name at hand.
    pub(super) fn iri(
        &self,
        name: &str,
        definition: Option<&Definition>,
    ) -> Result<Arc<str>, Rule> {
        // Whatever looks like a keyword is dropped by others (JSON-LD 1.1 API, section 5.2).
        if name.starts_with('@') {
            return Err(Rule::Keyword);
        }
        match definition.map(|definition| &definition.meaning) {
            Some(Meaning::Iri(iri)) => return Ok(Arc::clone(iri)),
            Some(Meaning::Null) => return Err(Rule::NullMappedTerm),
            Some(_) => return Err(Rule::Keyword),
            None => {}
        }
        match name.contains(':') {
            true => self.document_iri(name),
            false => self.in_vocabulary(name),
        }
    }

    /// Expands an `@id` to an absolute IRI; there is no base, so relative ones are refused.
    pub(super) fn document_iri(&self, text: &str) -> Result<Arc<str>, Rule> {
        let (prefix, suffix) = text.split_once(':').ok_or(Rule::NotAnIri)?;
        let may_be_prefix = prefix != "_" && !suffix.starts_with("//");
        let definition = self.definition(prefix).filter(|it| may_be_prefix && it.prefix);
        match definition.map(|definition| &definition.meaning) {
            Some(Meaning::Iri(iri)) => absolute_iri(&[iri, suffix].concat()),
            _ => absolute_iri(text),
        }
    }

    /// The same for what a term refers to: a `data:` URL is as long as what it holds.
    pub(super) fn reference_iri(&self, text: &str) -> Result<Arc<str>, Rule> {
        match text.starts_with("data:") && self.definition("data").is_none() {
            true => is_absolute_iri(text).then(|| text.into()).ok_or(Rule::NotAnIri),
            false => self.document_iri(text),
        }
    }
}

/// The vocabulary of Trinsic's results, with the names that they use.
static TRINSIC_CONTEXT: LazyLock<Arc<Context>> = LazyLock::new(|| {
    let names = trinsic_names().map(|name| (name, [TRINSIC, name].concat().into()));
    Arc::new(Context {
        vocabulary: Some(TRINSIC.into()),
        names: names.collect(),
        ..Context::default()
    })
});

/// Each tells a place in a document, never a person.
pub(super) fn trinsic_names() -> impl Iterator<Item = &'static str> {
    TRINSIC_TYPES.into_iter().chain(TRINSIC_STATUS).chain(TRINSIC_CLAIMS)
}

pub(crate) const TRINSIC: &str = "https://trinsic.cloud/idv/";
const TRINSIC_TYPES: [&str; 2] = ["IdentityDocument_v0", "RevocationList2020Status"];
pub(crate) const TRINSIC_STATUS: [&str; 2] = ["revocationListCredential", "revocationListIndex"];
pub(crate) const TRINSIC_CLAIMS: [&str; 14] = [
    "city",
    "class",
    "dateOfBirth",
    "expiryDate",
    "familyName",
    "givenName",
    "issueDate",
    "issuer",
    "number",
    "portrait",
    "postalCode",
    "signature",
    "state",
    "streetAddress",
];

const CONTAINERS: [&str; 7] = ["@graph", "@id", "@index", "@language", "@list", "@set", "@type"];

/// Documents by URL; both BBS URLs redirect to one document.
const DOCUMENTS: [(&str, &str); 14] = [
    ("https://www.w3.org/2018/credentials/v1", ssi_contexts::CREDENTIALS_V1),
    ("https://www.w3.org/ns/credentials/v2", ssi_contexts::CREDENTIALS_V2),
    ("https://w3id.org/bbs/v1", ssi_contexts::BBS_V1),
    ("https://w3id.org/security/bbs/v1", ssi_contexts::BBS_V1),
    ("https://w3id.org/security/data-integrity/v1", ssi_contexts::W3ID_DATA_INTEGRITY_V1),
    ("https://w3id.org/security/data-integrity/v2", ssi_contexts::W3ID_DATA_INTEGRITY_V2),
    ("https://w3id.org/security/suites/ed25519-2020/v1", ssi_contexts::W3ID_ED2020_V1),
    ("https://w3id.org/security/suites/jws-2020/v1", ssi_contexts::W3ID_JWS2020_V1),
    ("https://www.w3.org/ns/credentials/examples/v2", ssi_contexts::CREDENTIALS_EXAMPLES_V2),
    ("https://w3id.org/vaccination/v1", ssi_contexts::VACCINATION_V1),
    ("https://w3id.org/citizenship/v1", ssi_contexts::CITIZENSHIP_V1),
    ("https://w3id.org/vdl/v1", ssi_contexts::VDL_V1),
    ("https://w3id.org/vc-revocation-list-2020/v1", ssi_contexts::REVOCATION_LIST_2020_V1),
    ("https://w3id.org/vc/status-list/2021/v1", ssi_contexts::STATUS_LIST_2021_V1),
];
