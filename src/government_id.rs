//! The claims of a government ID, as typed values read from signed statements alone.

use std::fmt;
use std::sync::{Arc, OnceLock};

use base64::engine::general_purpose::STANDARD;
use base64::Engine as _;
use chrono::NaiveDate;

use crate::proof::Layout;
use crate::report::{CredentialReport, SignedStatements, VerifiedCredential};
use crate::statements::{Graph, Node, Term};
use crate::time::{self, DatePrecision};

/// One claim; what is not disclosed, not there and empty are three facts.
#[derive(Clone, Eq, PartialEq)]
#[non_exhaustive]
pub enum Claim<T> {
    /// The statement is shown and says something.
    ///
    /// Where statements are hidden, the issuer may have signed a second value under the same name: the
    /// holder chooses which one is shown. With `Disclosure::RequireFull` there is no such choice.
    Disclosed(T),
    /// The statement is shown and its text is empty: the document has no such field.
    Empty,
    /// The statement may exist and be hidden.
    NotDisclosed,
    /// The signature proves that no such statement was signed.
    Absent,
    /// Two different values are signed; neither is chosen.
    Ambiguous,
}

impl<T> Claim<T> {
    /// The value, if one is disclosed.
    #[must_use]
    pub fn disclosed(&self) -> Option<&T> {
        match self {
            Claim::Disclosed(value) => Some(value),
            _ => None,
        }
    }

    /// The stable name of the state.
    #[must_use]
    pub fn state(&self) -> &'static str {
        match self {
            Claim::Disclosed(_) => "disclosed",
            Claim::Empty => "empty",
            Claim::NotDisclosed => "not_disclosed",
            Claim::Absent => "absent",
            Claim::Ambiguous => "ambiguous",
        }
    }

    fn map<U>(self, value: impl FnOnce(T) -> U) -> Claim<U> {
        match self {
            Claim::Disclosed(it) => Claim::Disclosed(value(it)),
            Claim::Empty => Claim::Empty,
            Claim::NotDisclosed => Claim::NotDisclosed,
            Claim::Absent => Claim::Absent,
            Claim::Ambiguous => Claim::Ambiguous,
        }
    }
}

/// Shows the state, never the value.
impl<T> fmt::Debug for Claim<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.state())
    }
}

/// A civil date of a document: no zone, never shifted.
#[derive(Clone, Eq, PartialEq)]
pub struct CivilDate {
    raw: String,
    date: Option<(NaiveDate, DatePrecision)>,
}

impl CivilDate {
    /// The signed text.
    #[must_use]
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// The date; missing parts are 1 (see [`precision`](Self::precision)). `None` if the text is no
    /// civil date.
    #[must_use]
    pub fn date(&self) -> Option<NaiveDate> {
        self.date.map(|(date, _)| date)
    }

    /// How much of the date the text says.
    #[must_use]
    pub fn precision(&self) -> Option<DatePrecision> {
        self.date.map(|(_, precision)| precision)
    }

    pub(crate) fn read(raw: String) -> CivilDate {
        CivilDate { date: time::civil_date(&raw), raw }
    }
}

/// An image of a document.
#[derive(Clone)]
pub struct Image {
    raw: Arc<str>,
    /// Decoded when somebody asks.
    bytes: OnceLock<Option<Vec<u8>>>,
}

impl Image {
    /// The signed text: base64, or a `data:` URL of base64.
    #[must_use]
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// The image's bytes; `None` if the text is neither base64 nor a base64 `data:` URL.
    #[must_use]
    pub fn bytes(&self) -> Option<&[u8]> {
        self.bytes.get_or_init(|| decode(&self.raw)).as_deref()
    }

    /// The media type by the first bytes of the image; what the text calls itself is not asked.
    #[must_use]
    pub fn media_type(&self) -> &'static str {
        match self.bytes() {
            Some([0xff, 0xd8, 0xff, ..]) => "image/jpeg",
            Some([0x89, b'P', b'N', b'G', ..]) => "image/png",
            Some([0, 0, 0, 12, b'j', b'P', b' ', b' ', ..]) => "image/jp2",
            _ => "application/octet-stream",
        }
    }

    fn read(raw: Arc<str>) -> Image {
        Image { raw, bytes: OnceLock::new() }
    }
}

impl Eq for Image {}

impl PartialEq for Image {
    fn eq(&self, other: &Image) -> bool {
        self.raw == other.raw
    }
}

fn decode(raw: &str) -> Option<Vec<u8>> {
    let data = raw.strip_prefix("data:").and_then(|url| url.split_once(";base64,"));
    STANDARD.decode(data.map_or(raw, |(_, data)| data)).ok()
}

/// The claims of Trinsic's `IdentityDocument_v0`.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct GovernmentId {
    /// `givenName`.
    pub given_name: Claim<String>,
    /// `familyName`.
    pub family_name: Claim<String>,
    /// `dateOfBirth`.
    pub date_of_birth: Claim<CivilDate>,
    /// `number`: the number of the document.
    pub document_number: Claim<String>,
    /// `class`: the class of the document or licence.
    pub document_class: Claim<String>,
    /// `issuer` of the subject: the authority that issued the document, not the credential.
    pub issuing_authority: Claim<String>,
    /// `issueDate` of the document.
    pub issue_date: Claim<CivilDate>,
    /// `expiryDate` of the document; a credential expires by a date of its own.
    pub expiry_date: Claim<CivilDate>,
    /// `streetAddress`: the street, or the whole address in one line.
    pub street_address: Claim<String>,
    /// `city`.
    pub city: Claim<String>,
    /// `state`.
    pub state: Claim<String>,
    /// `postalCode`.
    pub postal_code: Claim<String>,
    /// `portrait`.
    pub portrait: Claim<Image>,
    /// `signature`: the image of the holder's signature.
    pub signature: Claim<Image>,
}

impl GovernmentId {
    /// Reads the claims of a verified credential.
    ///
    /// `None` if the credential is no `IdentityDocument_v0`.
    #[must_use]
    pub fn from_credential(credential: &VerifiedCredential) -> Option<GovernmentId> {
        GovernmentId::of_signed(&credential.statements)
    }

    /// Reads the claims of a credential that was **not** accepted: anybody may have written them.
    ///
    /// For a person who investigates why a result was rejected. Never decide, store or prefill by
    /// what it returns; mark it wherever it is shown. No way leads from here to a
    /// [`VerifiedCredential`]. `None` if nothing can be read, or if it is no `IdentityDocument_v0`.
    #[must_use]
    pub fn insecure_from_unaccepted(report: &CredentialReport) -> Option<GovernmentId> {
        GovernmentId::of_signed(report.statements.as_ref()?)
    }

    pub(crate) fn of_signed(signed: &SignedStatements) -> Option<GovernmentId> {
        GovernmentId::read(Graph::root(&signed.statements), &signed.layout)
    }

    pub(crate) fn read(root: Graph<'_>, layout: &Layout) -> Option<GovernmentId> {
        let reader = Reader::new(root.subject()?, layout);
        let kind = format!("{VOCABULARY}IdentityDocument_v0");
        let is_identity_document = root.types().any(|it| it == kind);
        let text = |name| reader.text(name);
        let date = |name| reader.text(name).map(CivilDate::read);
        let image = |name| reader.shared(name).map(Image::read);
        is_identity_document.then(|| GovernmentId {
            given_name: text("givenName"),
            family_name: text("familyName"),
            date_of_birth: date("dateOfBirth"),
            document_number: text("number"),
            document_class: text("class"),
            issuing_authority: text("issuer"),
            issue_date: date("issueDate"),
            expiry_date: date("expiryDate"),
            street_address: text("streetAddress"),
            city: text("city"),
            state: text("state"),
            postal_code: text("postalCode"),
            portrait: image("portrait"),
            signature: image("signature"),
        })
    }
}

/// The country of the document, if the credential states one; Trinsic's own do not.
pub(crate) fn country(signed: &SignedStatements) -> Claim<String> {
    match Graph::root(&signed.statements).subject() {
        Some(subject) => Reader::new(subject, &signed.layout).text("country"),
        None => Claim::Absent,
    }
}

/// The names of the claims whose texts satisfy `is`: the member of [`GovernmentId`], or the IRI of
/// any other predicate.
pub(crate) fn claims_where(signed: &SignedStatements, is: fn(&str) -> bool) -> Vec<String> {
    let root = signed.statements.root();
    let claims = signed.statements.iter().filter(|it| it.subject != *root);
    let found = claims.filter(|it| matches!(&it.object, Term::Literal { value, .. } if is(value)));
    found
        .map(|it| {
            let member = it.predicate.strip_prefix(VOCABULARY);
            let name = NAMES.iter().find(|(_, known)| Some(*known) == member);
            name.map_or_else(|| it.predicate.to_string(), |(name, _)| (*name).to_owned())
        })
        .collect()
}

/// All claims of the subject as signed: predicate IRI and values, sorted by predicate.
///
/// Values of nodes are their ids; blank nodes are `_:c14nN`.
#[must_use]
pub fn signed_claims(credential: &VerifiedCredential) -> Vec<(String, Vec<String>)> {
    claims_of(&credential.statements)
}

impl CredentialReport {
    /// All claims of the subject of a credential that was **not** accepted, in the form of
    /// [`signed_claims`]: anybody may have written them.
    ///
    /// As [`GovernmentId::insecure_from_unaccepted`]: to look at, never to rely on. Empty if nothing
    /// can be read.
    #[must_use]
    pub fn insecure_unaccepted_claims(&self) -> Vec<(String, Vec<String>)> {
        self.statements.as_ref().map(claims_of).unwrap_or_default()
    }
}

fn claims_of(signed: &SignedStatements) -> Vec<(String, Vec<String>)> {
    let mut claims: Vec<(String, Vec<String>)> = Vec::new();
    let Some(subject) = Graph::root(&signed.statements).subject() else { return claims };
    for statement in subject.iter() {
        let value = match &statement.object {
            Term::Node(Node::Iri(iri)) => iri.to_string(),
            Term::Node(Node::Blank(label)) => format!("_:c14n{label}"),
            Term::Literal { value, .. } => value.to_string(),
        };
        match claims.iter_mut().find(|(predicate, _)| **predicate == *statement.predicate) {
            Some((_, values)) => values.push(value),
            None => claims.push((statement.predicate.to_string(), vec![value])),
        }
    }
    claims
}

struct Reader<'a> {
    subject: Graph<'a>,
    layout: &'a Layout,
    /// Those of the vocabulary, by their names in it.
    claims: Vec<(&'a str, &'a Term)>,
}

impl<'a> Reader<'a> {
    fn new(subject: Graph<'a>, layout: &'a Layout) -> Reader<'a> {
        let claims = subject.iter().filter_map(|statement| {
            Some((statement.predicate.strip_prefix(VOCABULARY)?, &statement.object))
        });
        Reader { subject, layout, claims: claims.collect() }
    }

    fn text(&self, name: &str) -> Claim<String> {
        self.shared(name).map(|text| text.as_ref().to_owned())
    }

    fn shared(&self, name: &str) -> Claim<Arc<str>> {
        let mut objects = self.claims.iter().filter(|(it, _)| *it == name).map(|(_, term)| *term);
        match (objects.next(), objects.next()) {
            (Some(_), Some(_)) => Claim::Ambiguous,
            (Some(Term::Literal { value, .. }), None) if value.is_empty() => Claim::Empty,
            (Some(Term::Literal { value, .. }), None) => Claim::Disclosed(Arc::clone(value)),
            // A node where a text must stand says nothing that could be read.
            (Some(Term::Node(_)), None) => Claim::Ambiguous,
            (None, _) => match self.layout.may_hide(self.subject, &format!("{VOCABULARY}{name}")) {
                true => Claim::NotDisclosed,
                false => Claim::Absent,
            },
        }
    }
}

/// The members of [`GovernmentId`] and of the subject.
const NAMES: [(&str, &str); 14] = [
    ("given_name", "givenName"),
    ("family_name", "familyName"),
    ("date_of_birth", "dateOfBirth"),
    ("document_number", "number"),
    ("document_class", "class"),
    ("issuing_authority", "issuer"),
    ("issue_date", "issueDate"),
    ("expiry_date", "expiryDate"),
    ("street_address", "streetAddress"),
    ("city", "city"),
    ("state", "state"),
    ("postal_code", "postalCode"),
    ("portrait", "portrait"),
    ("signature", "signature"),
];

const VOCABULARY: &str = "https://trinsic.cloud/idv/";
