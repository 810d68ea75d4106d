//! The claims of a government ID, as typed values read from signed statements alone.

use std::fmt;
use std::sync::{Arc, OnceLock};

use base64::engine::general_purpose::STANDARD;
use base64::Engine as _;
use chrono::NaiveDate;

use crate::claims::{codes, Described, Field, Found, Vocabulary};
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
    /// The statement may exist and be hidden, or a link that leads to it.
    NotDisclosed,
    /// The signature proves that no such statement was signed.
    Absent,
    /// Two different values are signed, and neither is chosen; or one that cannot be read.
    Ambiguous,
    /// The credential's vocabulary has no such claim.
    Undefined,
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
            Claim::Undefined => "undefined",
        }
    }

    fn as_ref(&self) -> Claim<&T> {
        match self {
            Claim::Disclosed(it) => Claim::Disclosed(it),
            Claim::Empty => Claim::Empty,
            Claim::NotDisclosed => Claim::NotDisclosed,
            Claim::Absent => Claim::Absent,
            Claim::Ambiguous => Claim::Ambiguous,
            Claim::Undefined => Claim::Undefined,
        }
    }

    fn map<U>(self, value: impl FnOnce(T) -> U) -> Claim<U> {
        match self {
            Claim::Disclosed(it) => Claim::Disclosed(value(it)),
            Claim::Empty => Claim::Empty,
            Claim::NotDisclosed => Claim::NotDisclosed,
            Claim::Absent => Claim::Absent,
            Claim::Ambiguous => Claim::Ambiguous,
            Claim::Undefined => Claim::Undefined,
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

    fn read(raw: String) -> CivilDate {
        CivilDate { date: time::civil_date(&raw), raw }
    }

    /// An instant is the day that it is written with.
    fn read_written(raw: String) -> CivilDate {
        CivilDate { date: time::written_date(&raw), raw }
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

macro_rules! government_id {
    ($(#[$doc:meta])* $name:ident: $($(#[$claim_doc:meta])* $claim:ident $kind:ident $field:ident,)*) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Eq, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$claim_doc])* pub $claim: Claim<kind!($kind)>,)*
            vocabulary: &'static Vocabulary,
            /// The namespace that the type adds.
            base: String,
        }

        impl $name {
            pub(crate) fn read(root: Graph<'_>, layout: &Layout) -> Option<$name> {
                let described = Described::new(root)?;
                let claims = described.read(layout);
                Some($name {
                    $($claim: match claims.get(Field::$field) {
                        // Of most claims there is no more to say.
                        Found::Undefined => Claim::Undefined,
                        found => kind!($kind, found, described),
                    },)*
                    vocabulary: described.vocabulary,
                    base: described.base.to_owned(),
                })
            }

            /// Every claim that the vocabulary has, by the name of its member, with its values as
            /// signed.
            #[must_use]
            pub fn claims(&self) -> Vec<(&'static str, Claim<Vec<&str>>)> {
                let all = [$((stringify!($claim), self.$claim.as_ref().map(|it| it.texts())),)*];
                all.into_iter().filter(|(_, claim)| *claim != Claim::Undefined).collect()
            }
        }

        /// The member of [`GovernmentId`] that is the claim.
        pub(crate) fn name(field: Field) -> &'static str {
            match field {
                $(Field::$field => stringify!($claim),)*
            }
        }

        fn field(name: &str) -> Option<Field> {
            Some(match name {
                $(stringify!($claim) => Field::$field,)*
                _ => return None,
            })
        }
    };
}

/// The type of a kind of claim, and how it is read.
macro_rules! kind {
    (Text) => { String };
    (Texts) => { Vec<String> };
    (Civil) => { CivilDate };
    (Written) => { CivilDate };
    (Flag) => { bool };
    (Picture) => { Image };
    (Text, $found:ident, $described:ident) => { text($found) };
    (Texts, $found:ident, $described:ident) => { texts($found) };
    (Civil, $found:ident, $described:ident) => { text($found).map(CivilDate::read) };
    (Written, $found:ident, $described:ident) => { written($found, $described.vocabulary) };
    (Flag, $found:ident, $described:ident) => { flag($found) };
    (Picture, $found:ident, $described:ident) => { image($found) };
}

government_id! {
    /// The claims of a government ID, whatever vocabulary it was signed in (`docs/claims.md`).
    ///
    /// What its vocabulary has no claim for is [`Claim::Undefined`].
    GovernmentId:
    /// The given names.
    given_name Text GivenName,
    /// The family name.
    family_name Text FamilyName,
    /// Further names, as a middle name.
    additional_name Text AdditionalName,
    /// What stands behind the name: `JR`, `III`.
    name_suffix Text NameSuffix,
    /// All names at birth, in one text.
    birth_name Text BirthName,
    /// The given names in the characters of the country.
    given_name_national Text GivenNameNational,
    /// The family name in the characters of the country.
    family_name_national Text FamilyNameNational,
    /// Whether the given names were cut to fit: `T` for yes, `N` for no, `U` for unknown.
    given_name_truncation Text GivenNameTruncation,
    /// The same of the family name.
    family_name_truncation Text FamilyNameTruncation,
    /// The date of birth; it may be a year alone.
    date_of_birth Civil DateOfBirth,
    /// The year of birth, where it is a claim of its own.
    birth_year Text BirthYear,
    /// The place of birth.
    birth_place Text BirthPlace,
    /// The country of birth.
    birth_country Text BirthCountry,
    /// Sex or gender as the document writes it: a number, a letter, a word (see
    /// [`sex_name`](Self::sex_name)).
    sex Text Sex,
    /// The nationalities as the document writes them. Their order is not signed.
    nationalities Texts Nationalities,
    /// The number of the person, not of the document.
    personal_id Text PersonalId,
    /// The number of the document.
    document_number Text DocumentNumber,
    /// The class of the document or licence.
    document_class Text DocumentClass,
    /// What the holder may drive, as the text of a JSON array (ISO/IEC 18013-5, section 7.2.4).
    driving_privileges Text DrivingPrivileges,
    /// The authority that issued the document, not the credential.
    issuing_authority Text IssuingAuthority,
    /// The country that issued the document, as it writes it (see [`alpha_3`](Self::alpha_3)).
    issuing_country Text IssuingCountry,
    /// The part of the country that issued the document (ISO 3166-2).
    issuing_jurisdiction Text IssuingJurisdiction,
    /// When the document was issued.
    issue_date Written IssueDate,
    /// When the document expires; a credential expires by a date of its own, which the check
    /// `validity_period` decides.
    expiry_date Written ExpiryDate,
    /// The whole address: one text, or several whose order is not signed.
    address Texts Address,
    /// The street; in Trinsic's `IdentityDocument_v0` it may be the whole address in one line.
    street_address Text StreetAddress,
    /// The city.
    city Text City,
    /// The state or region of the address.
    state Text State,
    /// The postal code.
    postal_code Text PostalCode,
    /// The country of the address.
    residence_country Text ResidenceCountry,
    /// The age when the credential was issued.
    age_in_years Text AgeInYears,
    /// Whether the holder was 18 or older then.
    age_over_18 Flag AgeOver18,
    /// Whether the holder was 21 or older then.
    age_over_21 Flag AgeOver21,
    /// Whether the holder was 25 or older then.
    age_over_25 Flag AgeOver25,
    /// Whether the holder was 62 or older then.
    age_over_62 Flag AgeOver62,
    /// Whether the holder was 65 or older then.
    age_over_65 Flag AgeOver65,
    /// The portrait.
    portrait Picture Portrait,
    /// The image of the holder's signature.
    signature Picture Signature,
    /// The rules by which the issuer verified the person, as `de_aml`.
    trust_framework Text TrustFramework,
    /// How sure the issuer is, in the words of these rules.
    assurance_level Text AssuranceLevel,
    /// When the person was verified: the day that it is written with, in whatever zone.
    verification_time Written VerificationTime,
}

impl GovernmentId {
    /// Reads the claims of a verified credential.
    ///
    /// `None` if its signed types name none of the vocabularies that are known, or two of them. Where they name
    /// none, `verified_claims` of an SD-JWT VC is read.
    #[must_use]
    pub fn from_credential(credential: &VerifiedCredential) -> Option<GovernmentId> {
        GovernmentId::of_signed(&credential.statements)
    }

    /// Reads the claims of a credential that was **not** accepted: anybody may have written them.
    ///
    /// For a person who investigates why a result was rejected. Never decide, store or prefill by
    /// what it returns; mark it wherever it is shown. No way leads from here to a
    /// [`VerifiedCredential`]. `None` if nothing can be read, or if it is no government ID.
    #[must_use]
    pub fn insecure_from_unaccepted(report: &CredentialReport) -> Option<GovernmentId> {
        GovernmentId::of_signed(report.statements.as_ref()?)
    }

    pub(crate) fn of_signed(signed: &SignedStatements) -> Option<GovernmentId> {
        GovernmentId::read(Graph::root(&signed.statements), &signed.layout)
    }

    /// The stable name of the vocabulary.
    #[must_use]
    pub fn vocabulary(&self) -> &'static str {
        self.vocabulary.name
    }

    /// Where a claim is read from, by the name of its member: the IRIs of the predicates that lead to
    /// it from the credential.
    ///
    /// `None` if the vocabulary has no such claim.
    #[must_use]
    pub fn source(&self, claim: &str) -> Option<Vec<String>> {
        self.vocabulary.source(&self.base, field(claim)?)
    }

    /// The sex by a name that is the same in every vocabulary: `male`, `female`, `unspecified` (the
    /// letter X), and `not_known`, `other`, `inter`, `diverse`, `open`, `not_applicable` (numbers).
    ///
    /// `None` if none is disclosed, or if it is written in a way that is not known.
    #[must_use]
    pub fn sex_name(&self) -> Option<&'static str> {
        codes::sex(self.sex.disclosed()?)
    }

    /// The ISO 3166-1 alpha-3 code of a country that is written as its alpha-2 or alpha-3 code.
    #[must_use]
    pub fn alpha_3(country: &str) -> Option<&'static str> {
        codes::alpha_3(country)
    }
}

/// The names of the claims whose texts satisfy `is`: the member of [`GovernmentId`], or the IRI of
/// any other predicate.
pub(crate) fn claims_where(signed: &SignedStatements, is: fn(&str) -> bool) -> Vec<String> {
    let root = Graph::root(&signed.statements);
    let found = signed.statements.iter().filter(|it| match &it.object {
        Term::Literal { value, .. } => is(value),
        Term::Node(_) => false,
    });
    let found: Vec<_> = found.collect();
    // Mostly there are none.
    let described = (!found.is_empty()).then(|| Described::new(root)).flatten();
    (found.into_iter())
        .filter_map(|it| {
            let field = described.and_then(|described| described.field(it, &signed.layout));
            match field {
                Some(field) => Some(name(field).to_owned()),
                None => (it.subject != *root.node()).then(|| it.predicate.to_string()),
            }
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

/// The one text of a claim. A node where a text must stand says nothing that could be read.
fn text(found: &Found<'_>) -> Claim<String> {
    match found {
        Found::One(Term::Literal { value, .. }) if value.is_empty() => Claim::Empty,
        Found::One(Term::Literal { value, .. }) => Claim::Disclosed(value.as_ref().to_owned()),
        other => state(other),
    }
}

fn texts(found: &Found<'_>) -> Claim<Vec<String>> {
    let text = |term: &&Term| match term {
        Term::Literal { value, .. } => Some(value.as_ref().to_owned()),
        Term::Node(_) => None,
    };
    let several: Option<Vec<String>> = match found {
        Found::Several(terms) => terms.iter().map(text).collect(),
        Found::One(term) => text(term).map(|it| vec![it]),
        other => return state(other),
    };
    match several {
        Some(texts) if texts.iter().all(String::is_empty) => Claim::Empty,
        Some(texts) => Claim::Disclosed(texts),
        None => Claim::Ambiguous,
    }
}

fn written(found: &Found<'_>, vocabulary: &Vocabulary) -> Claim<CivilDate> {
    text(found).map(match vocabulary.has_instants {
        true => CivilDate::read_written,
        false => CivilDate::read,
    })
}

fn flag(found: &Found<'_>) -> Claim<bool> {
    match text(found) {
        Claim::Disclosed(text) => match text.as_str() {
            "true" => Claim::Disclosed(true),
            "false" => Claim::Disclosed(false),
            _ => Claim::Ambiguous,
        },
        other => other.map(|_| false),
    }
}

/// An image may be a `data:` URL that the context makes an IRI.
fn image(found: &Found<'_>) -> Claim<Image> {
    match found {
        Found::One(Term::Literal { value, .. } | Term::Node(Node::Iri(value))) => {
            match value.is_empty() {
                true => Claim::Empty,
                false => Claim::Disclosed(Image::read(Arc::clone(value))),
            }
        }
        other => state(other),
    }
}

/// Of a claim that has no value, or none that can be read.
fn state<T>(found: &Found<'_>) -> Claim<T> {
    match found {
        Found::Absent => Claim::Absent,
        Found::NotDisclosed => Claim::NotDisclosed,
        Found::Undefined => Claim::Undefined,
        Found::One(_) | Found::Several(_) | Found::Unclear => Claim::Ambiguous,
    }
}

/// What was signed, behind a value that was read from it.
trait Signed {
    fn texts(&self) -> Vec<&str>;
}

impl Signed for String {
    fn texts(&self) -> Vec<&str> {
        vec![self]
    }
}

impl Signed for Vec<String> {
    fn texts(&self) -> Vec<&str> {
        self.iter().map(String::as_str).collect()
    }
}

impl Signed for CivilDate {
    fn texts(&self) -> Vec<&str> {
        vec![self.raw()]
    }
}

impl Signed for bool {
    fn texts(&self) -> Vec<&str> {
        vec![if *self { "true" } else { "false" }]
    }
}

impl Signed for Image {
    fn texts(&self) -> Vec<&str> {
        vec![self.raw()]
    }
}
