//! Facts from outside the session, as plain data: nothing here is fetched.

use std::fmt;
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use crate::credential::{StatusKind, UnverifiedCredential};
use crate::did::{Did, DidDocument};
use crate::error::Error;
use crate::json::{self, Json, Object};
use crate::limits::{Limit, Limits};
use crate::schema::Schema;
use crate::statements::names::{ISSUANCE_DATE, JSON_SCHEMA, VALID_FROM};
use crate::statements::{split_iri, Contexts, Graph};
use crate::status::{ListFault, StatusList};
use crate::time;

/// What a verification may know beside the presentation: DID documents, status list credentials,
/// JSON schemas and JSON-LD contexts, each as it was received.
///
/// A `did:key` needs no document: it is derived from the DID. Keep the evidence of a decision: with
/// the same presentation, time and policy it gives the same report for ever.
#[derive(Clone)]
pub struct Evidence {
    documents: Vec<Held<Arc<DidDocument>>>,
    lists: Vec<Held<Arc<ListCredential>>>,
    schemas: Vec<Held<(String, SchemaSource)>>,
    contexts: Contexts,
    context_hashes: Vec<[u8; 32]>,
}

/// When a piece of evidence was fetched, and in which period it held.
///
/// A period that is not known has no end on that side.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Source {
    fetched: Option<DateTime<Utc>>,
    from: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
}

/// What a piece of evidence was recognized as.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum EvidenceKind {
    /// Several pieces in one file, each with its source.
    Bundle,
    /// A DID document (DID Core 1.0, section 5).
    DidDocument,
    /// A JSON Schema.
    Schema,
    /// A credential whose subject is a status list.
    StatusList,
}

/// A piece of evidence with its source and the hash of its bytes.
#[derive(Clone)]
pub(crate) struct Held<T> {
    pub(crate) value: T,
    pub(crate) source: Source,
    sha256: [u8; 32],
}

/// A credential that is evidence; whether it can be believed is for the verifier to say.
pub(crate) struct SignedEvidence {
    pub(crate) credential: UnverifiedCredential,
    /// Of its text and of the contexts that it was read with: what it states follows from them.
    pub(crate) fingerprint: [u8; 32],
}

/// A status list's credential.
pub(crate) struct ListCredential {
    pub(crate) url: String,
    pub(crate) signed: SignedEvidence,
    /// When it says it was issued; `None` if it does not.
    pub(crate) issued: Option<DateTime<Utc>>,
    limits: Limits,
    /// By kind, so that a list is inflated once and not for each credential that names it.
    decoded: [OnceLock<Result<Arc<StatusList>, ListFault>>; StatusKind::ALL.len()],
}

/// A schema as it stands at its URL.
#[derive(Clone)]
pub(crate) enum SchemaSource {
    Plain(Schema),
    /// Within a credential (VC JSON Schema 1.0, section 4.2).
    Signed(Arc<SchemaCredential>),
}

pub(crate) struct SchemaCredential {
    pub(crate) signed: SignedEvidence,
    /// `None` if its subject holds none that can be used.
    pub(crate) schema: Option<Schema>,
}

impl Source {
    /// Nothing is known: the piece holds at all times.
    #[must_use]
    pub fn unknown() -> Source {
        Source::default()
    }

    /// Fetched at this time.
    #[must_use]
    pub fn fetched(at: DateTime<Utc>) -> Source {
        Source { fetched: Some(at), ..Source::default() }
    }

    /// Held from this time on; documents of one DID with periods form its history.
    #[must_use]
    pub fn from(self, from: DateTime<Utc>) -> Source {
        Source { from: Some(from), ..self }
    }

    /// Held until this time, which is no part of the period.
    #[must_use]
    pub fn until(self, until: DateTime<Utc>) -> Source {
        Source { until: Some(until), ..self }
    }

    /// When it was fetched, if that is known.
    #[must_use]
    pub fn fetch_time(&self) -> Option<DateTime<Utc>> {
        self.fetched
    }

    fn holds_at(&self, time: DateTime<Utc>) -> bool {
        self.from.is_none_or(|from| from <= time) && self.until.is_none_or(|until| time < until)
    }

    fn overlaps(&self, other: &Source) -> bool {
        let ends_before = |a: &Source, b: &Source| match (a.until, b.from) {
            (Some(until), Some(from)) => until <= from,
            _ => false,
        };
        !ends_before(self, other) && !ends_before(other, self)
    }

    /// Older than `age` at `time`; what was fetched later, or at an unknown time, is not.
    pub(crate) fn is_older(&self, age: chrono::Duration, time: DateTime<Utc>) -> bool {
        self.fetched.is_some_and(|fetched| time.signed_duration_since(fetched) > age)
    }
}

impl Evidence {
    /// No evidence: enough for issuers that are a `did:key`.
    #[must_use]
    pub fn new() -> Evidence {
        Evidence {
            documents: Vec::new(),
            lists: Vec::new(),
            schemas: Vec::new(),
            contexts: Contexts::bundled(),
            context_hashes: Vec::new(),
        }
    }

    /// No evidence, and these limits for whatever is added to it, is read with its
    /// [`contexts`](Self::contexts), and is verified with it.
    #[must_use]
    pub fn within(limits: Limits) -> Evidence {
        let evidence = Evidence::new();
        Evidence { contexts: evidence.contexts.within(limits), ..evidence }
    }

    /// Adds a JSON-LD context: whatever names this URL is expanded with this document.
    ///
    /// The URL is compared as text. Pin the document by its hash before you add it: who can change
    /// it can change what members mean. Add contexts before the status lists that use them.
    ///
    /// # Errors
    ///
    /// [`Error::Json`] for the text; [`Error::Configuration`] if it is no context this library
    /// understands, or if the URL has one already.
    pub fn add_context(&mut self, url: &str, json: &[u8]) -> Result<(), Error> {
        self.contexts.add(url, json)?;
        self.context_hashes.push(hash(&[url.as_bytes(), b"\0", json].concat()));
        Ok(())
    }

    /// The bundled contexts and those that were added.
    #[must_use]
    pub fn contexts(&self) -> &Contexts {
        &self.contexts
    }

    /// Adds a DID document (JSON) that holds at all times, and tells whose it is.
    ///
    /// Several documents of one DID are its history: [`add`](Self::add) them, each with its period.
    ///
    /// # Errors
    ///
    /// [`Error::Configuration`] if the text is no DID document, if its DID has one already for a
    /// part of the period, or if the DID is a `did:key` or `did:jwk`, which is never read from a
    /// file.
    pub fn add_did_document(&mut self, json: &[u8]) -> Result<Did, Error> {
        self.did_document_from(json, Source::unknown())
    }

    fn did_document_from(&mut self, json: &[u8], source: Source) -> Result<Did, Error> {
        let document = DidDocument::from_json(json, self.limits())?;
        let refused = |problem| Err(configuration("DID document", problem));
        if document.id().states_its_document() {
            return refused("is of a did:key or did:jwk, which is derived from the DID itself");
        }
        self.check_room(self.documents.len())?;
        let id = document.id().clone();
        let mut known = self.documents.iter().filter(|it| *it.value.id() == id);
        if known.any(|known| known.source.overlaps(&source)) {
            return refused("is the second one of its DID for one time: give each its period");
        }
        self.documents.push(Held::new(Arc::new(document), source, json));
        Ok(id)
    }

    /// Adds a status list credential (RevocationList2020, StatusList2021, BitstringStatusList) and
    /// tells its URL, which is its `id`.
    ///
    /// Nothing is believed yet: its proof, issuer and validity are verified with each credential
    /// that names it. Several lists of one URL are its history: the newest that had been issued
    /// at the time of the question counts.
    ///
    /// # Errors
    ///
    /// [`Error::Json`] and [`Error::LimitReached`] for the text; [`Error::Configuration`] if it is
    /// no credential with an `id`.
    pub fn add_status_list(&mut self, json: &[u8]) -> Result<String, Error> {
        self.status_list_from(json, Source::unknown())
    }

    fn status_list_from(&mut self, json: &[u8], source: Source) -> Result<String, Error> {
        let value = json::parse(json, self.limits())?;
        let object = value.as_object();
        let url = object.and_then(|object| object.get("id")).and_then(Json::as_str);
        let (Some(object), Some(url)) = (object, url) else {
            return Err(configuration("status list", "is no credential with an `id`"));
        };
        self.check_room(self.lists.len())?;
        let credential = UnverifiedCredential::read(object, &self.contexts);
        let list = ListCredential::new(url, credential, json, *self.limits());
        self.lists.push(Held::new(Arc::new(list), source, json));
        Ok(url.to_owned())
    }

    /// Adds a JSON Schema under the URL by which credentials name it: the schema itself, or a
    /// `JsonSchemaCredential` that holds it (VC JSON Schema 1.0, section 4.2).
    ///
    /// Such a credential is verified with each credential that names it; add the contexts that it
    /// uses before.
    ///
    /// # Errors
    ///
    /// [`Error::Json`] and [`Error::LimitReached`] for the text; [`Error::Configuration`] if it is
    /// no schema, refers to a document outside itself, or if the URL has one already.
    pub fn add_schema(&mut self, url: &str, json: &[u8]) -> Result<(), Error> {
        self.schema_from(url, json, Source::unknown())
    }

    fn schema_from(&mut self, url: &str, json: &[u8], source: Source) -> Result<(), Error> {
        if self.schemas.iter().any(|it| it.value.0 == url) {
            return Err(configuration("schema", "is the second one of its URL"));
        }
        self.check_room(self.schemas.len())?;
        let value = json::parse(json, self.limits())?;
        let schema = match value.as_object().filter(|it| names_type(it, SCHEMA_CREDENTIAL)) {
            None => SchemaSource::Plain(Schema::from_json(json, self.limits())?),
            Some(object) => {
                let credential = UnverifiedCredential::read(object, &self.contexts);
                SchemaSource::Signed(Arc::new(SchemaCredential::new(
                    credential,
                    json,
                    self.limits(),
                )))
            }
        };
        self.schemas.push(Held::new((url.to_owned(), schema), source, json));
        Ok(())
    }

    /// Adds a text with its source, as what it is recognized as by its content: a DID document (an
    /// `id` that begins `did:` and no type of a credential), a status list credential or a schema
    /// credential by its types, a schema by `$schema` and `$id`, a bundle by `bundle`.
    ///
    /// # Errors
    ///
    /// As the function that adds that kind; [`Error::Configuration`] if it is none of them.
    pub fn add(&mut self, json: &[u8], source: Source) -> Result<EvidenceKind, Error> {
        let value = json::parse(json, self.limits())?;
        let unknown = configuration("evidence", "is of no known kind");
        let object = value.as_object().ok_or_else(|| unknown.clone())?;
        let text = |name| object.get(name).and_then(Json::as_str);
        if object.get("bundle").is_some() {
            return self.add_bundle(json).map(|()| EvidenceKind::Bundle);
        }
        if names_list_type(object) {
            return self.status_list_from(json, source).map(|_| EvidenceKind::StatusList);
        }
        if names_type(object, SCHEMA_CREDENTIAL) {
            let url = text("id").ok_or(configuration("schema", "has no `id`"))?.to_owned();
            return self.schema_from(&url, json, source).map(|()| EvidenceKind::Schema);
        }
        if object.get("$schema").is_some() {
            let url = text("$id").ok_or(configuration("schema", "has no `$id`"))?.to_owned();
            return self.schema_from(&url, json, source).map(|()| EvidenceKind::Schema);
        }
        match text("id") {
            Some(id) if id.starts_with("did:") && !names_type(object, "VerifiableCredential") => {
                self.did_document_from(json, source).map(|_| EvidenceKind::DidDocument)
            }
            _ => Err(unknown),
        }
    }

    /// Adds every piece of a bundle: `{"bundle": 1, "items": [{"kind", "url", "sha256", "fetched",
    /// "from", "until", "content"}]}`, times as RFC 3339, `content` as the text that was received.
    ///
    /// # Errors
    ///
    /// [`Error::Configuration`] if the form differs, or if a content has another SHA-256; and as
    /// the function that adds each kind. What stood before the faulty piece has been added.
    pub fn add_bundle(&mut self, json: &[u8]) -> Result<(), Error> {
        let value = json::parse(json, self.limits())?;
        let refused = |problem| configuration("evidence bundle", problem);
        let bundle = value.as_object().ok_or(refused("is not an object"))?;
        if bundle.get("bundle") != Some(&Json::Number(json::Number::Integer(1))) {
            return Err(refused("is of another version than 1"));
        }
        let Some(Json::Array(items)) = bundle.get("items") else {
            return Err(refused("has no `items`"));
        };
        if bundle.len() != 2 {
            return Err(refused("has an unknown member"));
        }
        let items: Vec<Item<'_>> = items.iter().map(Item::read).collect::<Result<_, _>>()?;
        // A status list is read with the contexts.
        let (contexts, others): (Vec<_>, Vec<_>) =
            items.into_iter().partition(|item| item.kind == "context");
        for item in contexts.iter().chain(&others) {
            let content = item.content.as_bytes();
            match item.kind {
                "context" => self.add_context(item.url, content)?,
                "did_document" => {
                    self.did_document_from(content, item.source)?;
                }
                "schema" => self.schema_from(item.url, content, item.source)?,
                "status_list" => {
                    let url = self.status_list_from(content, item.source)?;
                    if url != item.url {
                        return Err(refused("has a status list whose `id` is not its URL"));
                    }
                }
                _ => return Err(refused("has an item of an unknown kind")),
            }
        }
        Ok(())
    }

    /// SHA-256 over everything that was added, independent of the order: names the evidence of a
    /// decision.
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        let mut hashes: Vec<[u8; 32]> = self.documents.iter().map(Held::fingerprint).collect();
        hashes.extend(self.lists.iter().map(Held::fingerprint));
        hashes.extend(self.schemas.iter().map(Held::fingerprint));
        hashes.extend(&self.context_hashes);
        hashes.sort_unstable();
        hash(&hashes.concat())
    }

    fn limits(&self) -> &Limits {
        self.contexts.limits()
    }

    fn check_room(&self, held: usize) -> Result<(), Error> {
        match held < self.limits().evidence {
            true => Ok(()),
            false => Err(Error::beyond(self.limits(), Limit::Evidence)),
        }
    }

    /// The document that the DID had at that time, if it is here.
    pub(crate) fn did_document(
        &self,
        did: &Did,
        time: DateTime<Utc>,
    ) -> Option<(Arc<DidDocument>, Source)> {
        let held = |it: &&Held<Arc<DidDocument>>| it.value.id() == did && it.source.holds_at(time);
        let known = self.documents.iter().find(held);
        known.map(|held| (Arc::clone(&held.value), held.source))
    }

    pub(crate) fn did_documents(&self) -> impl Iterator<Item = &DidDocument> {
        self.documents.iter().map(|held| held.value.as_ref())
    }

    pub(crate) fn status_lists(&self) -> impl Iterator<Item = &Held<Arc<ListCredential>>> {
        self.lists.iter()
    }

    /// Whether a schema stands within a credential, which has a period of validity.
    pub(crate) fn has_signed_schemas(&self) -> bool {
        self.schemas.iter().any(|held| matches!(held.value.1, SchemaSource::Signed(_)))
    }

    pub(crate) fn schema(&self, url: &str) -> Option<&SchemaSource> {
        let schema = self.schemas.iter().find(|held| held.value.0 == url);
        schema.map(|held| &held.value.1)
    }
}

impl Default for Evidence {
    fn default() -> Evidence {
        Evidence::new()
    }
}

impl fmt::Debug for Evidence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dids: Vec<_> = self.documents.iter().map(|it| it.value.id().as_str()).collect();
        let lists: Vec<_> = self.lists.iter().map(|it| it.value.url.as_str()).collect();
        let schemas: Vec<_> = self.schemas.iter().map(|it| it.value.0.as_str()).collect();
        let mut debug = formatter.debug_struct("Evidence");
        debug.field("did_documents", &dids).field("status_lists", &lists);
        debug.field("schemas", &schemas).finish_non_exhaustive()
    }
}

impl<T> Held<T> {
    fn new(value: T, source: Source, bytes: &[u8]) -> Held<T> {
        Held { value, source, sha256: hash(bytes) }
    }

    /// The hash of the bytes and of the times that a verdict can depend on.
    fn fingerprint(&self) -> [u8; 32] {
        let Source { fetched, from, until } = self.source;
        hash(format!("{fetched:?} {from:?} {until:?} {:?}", self.sha256).as_bytes())
    }
}

/// One item of a bundle; its hash has been compared.
struct Item<'b> {
    kind: &'b str,
    url: &'b str,
    content: &'b str,
    source: Source,
}

impl<'b> Item<'b> {
    fn read(item: &'b Json<'_>) -> Result<Item<'b>, Error> {
        let refused = |problem| configuration("evidence bundle", problem);
        let item = item.as_object().ok_or(refused("has an item that is no object"))?;
        let text = |name| item.get(name).and_then(Json::as_str);
        let instant = |name| match item.get(name) {
            None | Some(Json::Null) => Ok(None),
            Some(Json::String(text)) => match time::instant(text) {
                Some(instant) => Ok(Some(instant)),
                None => Err(refused("has a time that is no RFC 3339")),
            },
            Some(_) => Err(refused("has a time that is no text")),
        };
        if item.iter().any(|(name, _)| !ITEM_MEMBERS.contains(&name)) {
            return Err(refused("has an item with an unknown member"));
        }
        let content = text("content").ok_or(refused("has an item without `content`"))?;
        let expected = text("sha256").ok_or(refused("has an item without `sha256`"))?;
        let actual: String =
            hash(content.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        if actual != expected {
            return Err(refused("has an item whose content has another SHA-256"));
        }
        let source = Source {
            fetched: instant("fetched")?,
            from: instant("from")?,
            until: instant("until")?,
        };
        if matches!((source.from, source.until), (Some(from), Some(until)) if until <= from) {
            return Err(refused("has a period that ends before it begins"));
        }
        Ok(Item {
            kind: text("kind").ok_or(refused("has an item without `kind`"))?,
            url: text("url").ok_or(refused("has an item without `url`"))?,
            content,
            source,
        })
    }
}

fn names_list_type(object: &Object<'_>) -> bool {
    StatusKind::ALL.iter().any(|kind| names_type(object, kind.credential_type()))
}

/// Whether a type ends in the name.
fn names_type(object: &Object<'_>, name: &str) -> bool {
    let is = |kind: &Json<'_>| {
        kind.as_str().is_some_and(|kind| split_iri(kind).map_or(kind, |(_, it)| it) == name)
    };
    match object.get("type") {
        Some(Json::Array(kinds)) => kinds.iter().any(is),
        Some(kind) => is(kind),
        None => false,
    }
}

impl SignedEvidence {
    fn new(credential: UnverifiedCredential, text: &[u8]) -> SignedEvidence {
        let mut fingerprint = Sha256::new_with_prefix(hash(text));
        for context in &credential.contexts {
            fingerprint.update(hash(context.iri.as_bytes()));
            fingerprint.update(context.sha256.unwrap_or_default());
        }
        SignedEvidence { fingerprint: fingerprint.finalize().into(), credential }
    }

    fn root(&self) -> Option<Graph<'_>> {
        self.credential.statements.as_ref().ok().map(Graph::root)
    }
}

impl SchemaCredential {
    fn new(credential: UnverifiedCredential, text: &[u8], limits: &Limits) -> SchemaCredential {
        let signed = SignedEvidence::new(credential, text);
        let subject = signed.root().and_then(|root| root.subject());
        let schema = subject.and_then(|subject| subject.literal(JSON_SCHEMA));
        let schema = schema.and_then(|text| Schema::from_json(text.as_bytes(), limits).ok());
        SchemaCredential { schema, signed }
    }
}

impl ListCredential {
    fn new(
        url: &str,
        credential: UnverifiedCredential,
        text: &[u8],
        limits: Limits,
    ) -> ListCredential {
        let signed = SignedEvidence::new(credential, text);
        let date = |root: Graph<'_>| {
            let date = root.literal(ISSUANCE_DATE).or_else(|| root.literal(VALID_FROM));
            time::instant(date?)
        };
        let issued = signed.root().and_then(date);
        ListCredential { url: url.to_owned(), signed, issued, limits, decoded: Default::default() }
    }

    /// Decodes the `encodedList` of its subject of that kind, and keeps it unless it is very long.
    pub(crate) fn decoded(
        &self,
        kind: StatusKind,
        encoded: &str,
    ) -> Result<Arc<StatusList>, ListFault> {
        let cell = StatusKind::ALL.iter().zip(&self.decoded).find(|(it, _)| **it == kind);
        if let Some(known) = cell.and_then(|(_, cell)| cell.get()) {
            return known.clone();
        }
        let multibase = kind == StatusKind::BitstringStatusList;
        let list = StatusList::decode(encoded, multibase, &self.limits).map(Arc::new);
        let is_kept = list.as_ref().map_or(true, |list| list.len() <= KEPT_ENTRIES);
        match cell.filter(|_| is_kept) {
            Some((_, cell)) => cell.get_or_init(|| list).clone(),
            None => list,
        }
    }
}

fn hash(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

fn configuration(what: &'static str, problem: &'static str) -> Error {
    Error::Configuration { what, problem }
}

/// A million entries are 128 KiB; longer lists are inflated each time.
const KEPT_ENTRIES: usize = 1 << 20;
const ITEM_MEMBERS: [&str; 7] = ["kind", "url", "sha256", "fetched", "from", "until", "content"];
const SCHEMA_CREDENTIAL: &str = "JsonSchemaCredential";
