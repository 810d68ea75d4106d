//! Which signed statements are which claims of a government ID: one table for each vocabulary.
//!
//! A vocabulary is chosen by the types that were signed, never by names; only what is defined as a member of
//! any credential is chosen by that member, where no type names a vocabulary. A table says of each claim
//! where it is: which links lead from the credential or its subject to a node, and what the claim is
//! called there. A step is a predicate over statements; where a format signs JSON itself, it is the
//! name of a member, with an empty namespace.

mod citizenship;
pub(crate) mod codes;
mod ebsi;
mod oidc4ida;
mod pid;
mod trinsic;
mod trinsic_license;
mod vdl;

use std::fmt;

use crate::proof::Layout;
use crate::statements::names::CREDENTIAL_SUBJECT;
use crate::statements::{Graph, Statement, Term};

macro_rules! fields {
    ($($field:ident)*) => {
        /// The claims that any vocabulary has.
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub(crate) enum Field {
            $($field,)*
        }

        /// All of them.
        pub(crate) const FIELDS: &[Field] = &[$(Field::$field),*];
    };
}

fields! {
    GivenName
    FamilyName
    AdditionalName
    NameSuffix
    BirthName
    GivenNameNational
    FamilyNameNational
    GivenNameTruncation
    FamilyNameTruncation
    DateOfBirth
    BirthYear
    BirthPlace
    BirthCountry
    Sex
    Nationalities
    PersonalId
    DocumentNumber
    DocumentClass
    DrivingPrivileges
    IssuingAuthority
    IssuingCountry
    IssuingJurisdiction
    IssueDate
    ExpiryDate
    Address
    StreetAddress
    City
    State
    PostalCode
    ResidenceCountry
    AgeInYears
    AgeOver18
    AgeOver21
    AgeOver25
    AgeOver62
    AgeOver65
    Portrait
    Signature
    TrustFramework
    AssuranceLevel
    VerificationTime
}

/// A vocabulary of government IDs.
#[derive(Eq, PartialEq)]
pub(crate) struct Vocabulary {
    /// Stable.
    pub(crate) name: &'static str,
    types: Types,
    places: &'static [Place],
    /// Whether issue and expiry are instants: the day is then the one that is written, in whatever
    /// zone.
    pub(crate) has_instants: bool,
}

/// Which types of a credential say that it is of the vocabulary.
#[derive(Eq, PartialEq)]
enum Types {
    /// One of these.
    Iris(&'static [&'static str]),
    /// A name below a namespace of one segment below the IRI; the claims' names are in that
    /// namespace.
    Below(&'static str, &'static str),
    /// None: where no type says anything, links that lead on from the subject do.
    Member(&'static [&'static str]),
}

/// A node, and the claims that it states.
#[derive(Eq, PartialEq)]
struct Place {
    from: Start,
    links: &'static [&'static str],
    namespace: &'static str,
    claims: &'static [(Field, &'static str)],
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Start {
    Credential,
    Subject,
}

/// What the statements say of one claim.
pub(crate) enum Found<'s> {
    /// The vocabulary has no such claim.
    Undefined,
    /// It was not signed.
    Absent,
    /// It may be hidden, or a link that leads to it.
    NotDisclosed,
    One(&'s Term),
    /// In the order of the statements.
    Several(Vec<&'s Term>),
    /// A link leads to two nodes, or to a text.
    Unclear,
}

/// A credential with the vocabulary that its types name.
#[derive(Clone, Copy)]
pub(crate) struct Described<'s> {
    pub(crate) vocabulary: &'static Vocabulary,
    /// The namespace that the type adds; mostly none.
    pub(crate) base: &'s str,
    root: Graph<'s>,
    subject: Graph<'s>,
}

impl<'s> Described<'s> {
    /// `None` without exactly one vocabulary and one subject: of two, nothing says which is meant.
    pub(crate) fn new(root: Graph<'s>) -> Option<Described<'s>> {
        let mut named = root.types().flat_map(|iri| {
            VOCABULARIES.iter().filter_map(move |it| Some((*it, it.types.base_of(iri)?)))
        });
        let subject = root.subject()?;
        let (vocabulary, base) = match named.next() {
            Some(first) => named.all(|other| other == first).then_some(first)?,
            None => (VOCABULARIES.into_iter().find(|it| it.types.lead_from(subject))?, ""),
        };
        Some(Described { vocabulary, base, root, subject })
    }

    /// What is said of every claim.
    pub(crate) fn read(self, layout: &Layout) -> Claims<'s> {
        let mut claims = Claims([const { Found::Undefined }; FIELDS.len()]);
        for place in self.vocabulary.places {
            let (node, missing) = self.walk(place, layout);
            for statement in node.into_iter().flat_map(Graph::iter) {
                if let Some(field) = place.field(self.base, &statement.predicate) {
                    claims.add(field, &statement.object);
                }
            }
            for (field, name) in place.claims {
                let Some(found @ Found::Undefined) = claims.0.get_mut(*field as usize) else {
                    continue;
                };
                *found = match (missing, node) {
                    (Missing::Absent, Some(node))
                        if layout.hides() && layout.may_hide(node, &place.iri(self.base, name)) =>
                    {
                        Found::NotDisclosed
                    }
                    (Missing::Absent, _) => Found::Absent,
                    (Missing::Hidden, _) => Found::NotDisclosed,
                    (Missing::Unclear, _) => Found::Unclear,
                };
            }
        }
        claims
    }

    /// The claim that a statement is, if it is one.
    pub(crate) fn field(self, statement: &Statement, layout: &Layout) -> Option<Field> {
        self.vocabulary.places.iter().find_map(|place| {
            let field = place.field(self.base, &statement.predicate)?;
            let node = self.walk(place, layout).0?;
            (*node.node() == statement.subject).then_some(field)
        })
    }

    /// The node of a place, and what is known of a claim that it does not state.
    fn walk(self, place: &Place, layout: &Layout) -> (Option<Graph<'s>>, Missing) {
        let mut node = match place.from {
            Start::Credential => self.root,
            Start::Subject => self.subject,
        };
        let mut missing = Missing::Absent;
        for link in place.links {
            // Beside a link that is shown another one may be hidden, and lead to the claim.
            if layout.may_hide(node, link) {
                missing = Missing::Hidden;
            }
            let mut objects = node.objects(link);
            match (objects.next(), objects.next()) {
                (Some(Term::Node(next)), None) => node = node.at(next),
                (None, _) => return (None, missing),
                _ => return (None, Missing::Unclear),
            }
        }
        (Some(node), missing)
    }
}

/// What is known of a claim that no statement states.
#[derive(Clone, Copy)]
enum Missing {
    /// The links that are shown are all there are.
    Absent,
    Hidden,
    /// A link leads to two nodes, or to a text.
    Unclear,
}

/// What the statements say of every claim.
pub(crate) struct Claims<'s>([Found<'s>; FIELDS.len()]);

impl<'s> Claims<'s> {
    #[inline]
    pub(crate) fn get(&self, field: Field) -> &Found<'s> {
        self.0.get(field as usize).unwrap_or(&Found::Undefined)
    }

    fn add(&mut self, field: Field, object: &'s Term) {
        let Some(found) = self.0.get_mut(field as usize) else { return };
        match found {
            Found::One(first) => *found = Found::Several(vec![*first, object]),
            Found::Several(all) => all.push(object),
            _ => *found = Found::One(object),
        }
    }
}

impl Vocabulary {
    /// Its types as texts, and the namespace that they add.
    pub(crate) fn types(&self) -> (Vec<String>, String) {
        match self.types {
            Types::Iris(iris) => {
                (iris.iter().map(|iri| (*iri).to_owned()).collect(), String::new())
            }
            Types::Below(above, name) => {
                let base = format!("{above}…/");
                (vec![format!("{base}{name}")], base)
            }
            Types::Member(links) => (vec![links.join(".")], String::new()),
        }
    }

    /// The steps to a claim, from the credential.
    pub(crate) fn source(&self, base: &str, field: Field) -> Option<Vec<String>> {
        self.places.iter().find_map(|place| {
            let (_, name) = place.claims.iter().find(|(it, _)| *it == field)?;
            let subject = (place.from == Start::Subject).then_some(CREDENTIAL_SUBJECT);
            let links = subject.iter().chain(place.links).map(|link| (*link).to_owned());
            Some(links.chain([place.iri(base, name)]).collect())
        })
    }
}

/// By its name: the rest is the same for everybody.
impl fmt::Debug for Vocabulary {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)
    }
}

impl Types {
    /// The namespace that the type adds, if it is one of these.
    fn base_of<'t>(&self, iri: &'t str) -> Option<&'t str> {
        match self {
            Types::Iris(iris) => iris.contains(&iri).then_some(""),
            Types::Member(_) => None,
            Types::Below(above, name) => {
                let base = iri.strip_suffix(name)?;
                let segment = base.strip_prefix(above)?.strip_suffix('/')?;
                (!segment.is_empty() && !segment.contains(['/', '#', '?'])).then_some(base)
            }
        }
    }

    /// Whether the links that choose the vocabulary are there, however many of each.
    fn lead_from(&self, subject: Graph<'_>) -> bool {
        fn lead(node: Graph<'_>, links: &[&str]) -> bool {
            let Some((link, rest)) = links.split_first() else { return true };
            node.objects(link).any(|object| match object {
                Term::Node(next) => lead(node.at(next), rest),
                Term::Literal { .. } => false,
            })
        }
        matches!(self, Types::Member(links) if lead(subject, links))
    }
}

impl Place {
    fn field(&self, base: &str, predicate: &str) -> Option<Field> {
        let name = predicate.strip_prefix(self.namespace(base))?;
        self.claims.iter().find(|(_, it)| *it == name).map(|(field, _)| *field)
    }

    fn iri(&self, base: &str, name: &str) -> String {
        [self.namespace(base), name].concat()
    }

    /// Its own, or else the one that the type adds.
    fn namespace<'n>(&self, base: &'n str) -> &'n str {
        match self.namespace.is_empty() {
            true => base,
            false => self.namespace,
        }
    }
}

/// Every vocabulary that is known. Of two that links choose, the one of more links stands first.
pub(crate) const VOCABULARIES: [&Vocabulary; 12] = [
    &trinsic::IDENTITY_DOCUMENT,
    &trinsic_license::LICENSE,
    &vdl::LICENSE,
    &citizenship::CARD,
    &citizenship::RESIDENT,
    &citizenship::EMPLOYMENT,
    &citizenship::NATURALIZATION,
    &citizenship::CITIZENSHIP,
    &ebsi::VERIFIABLE_ID,
    &pid::PID,
    &oidc4ida::DRAFT,
    &oidc4ida::VERIFIED_CLAIMS,
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Which of two rows counted would depend on the order of the table.
    #[test]
    fn a_claim_has_one_place_and_a_type_one_vocabulary() {
        let mut types: Vec<&str> = Vec::new();
        for vocabulary in VOCABULARIES {
            let mut fields = Vec::new();
            for (field, _) in vocabulary.places.iter().flat_map(|place| place.claims) {
                assert!(!fields.contains(field), "{vocabulary:?}: {field:?}");
                fields.push(*field);
            }
            if let Types::Iris(iris) = vocabulary.types {
                types.extend(iris);
            }
        }
        let count = types.len();
        types.sort_unstable();
        types.dedup();
        assert_eq!(types.len(), count);
    }

    #[test]
    fn a_template_is_one_segment_below_its_namespace() {
        let types = Types::Below("https://a.example/", "Card");
        assert_eq!(types.base_of("https://a.example/eco/Card"), Some("https://a.example/eco/"));
        for other in [
            "https://a.example/Card",
            "https://a.example//Card",
            "https://a.example/eco/IdCard",
            "https://a.example/eco/x/Card",
            "https://a.example/eco/#Card",
            "https://b.example/eco/Card",
        ] {
            assert_eq!(types.base_of(other), None, "{other}");
        }
    }
}
