//! The strict profile `trinsic-connect`: exactly the shape of a Trinsic Connect result.
//!
//! The general rules already refuse whatever is not signed. This is the second wall behind them: a
//! closed list of members and predicates, and the JSON must equal what the statements alone give.

use crate::json::{Json, Object};
use crate::statements::names::TYPE;
use crate::statements::{Graph, Node, Statement, Term, TRINSIC, TRINSIC_CLAIMS, TRINSIC_STATUS};

/// How a document differs from the profile.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ShapeFault {
    /// A node without an id.
    BlankNode,
    /// `@context` is not exactly the profile's.
    Context,
    /// A statement that must be shown is not.
    Hidden,
    /// A member, a predicate or a value that the profile does not have.
    Member,
    /// The statements give another JSON than the one that was received.
    Rendering,
    /// The types are not exactly the profile's.
    Types,
}

/// Compares a credential with the profile, its proof apart.
pub(crate) fn trinsic_connect(document: &Object<'_>, root: Graph<'_>) -> Result<(), ShapeFault> {
    context(document)?;
    let linked = LINKS.map(|(section, predicate)| (section, root.iri(predicate)));
    let mut rendered: Vec<Member<'_>> = Vec::with_capacity(USUAL);
    for statement in root.all() {
        rendered.push(member_of(statement, root, &linked)?);
    }
    let received = received(document)?;
    let has = |section, name| rendered.iter().any(|it| (it.section, it.name) == (section, name));
    if let Some(missing) = MANDATORY.iter().find(|(section, name)| !has(*section, name)) {
        let is_type = missing.1 == "type";
        return Err(if is_type { ShapeFault::Types } else { ShapeFault::Hidden });
    }
    let types = rendered.iter().filter(|it| (it.section, it.name) == (Section::Root, "type"));
    if !types.map(|it| it.value).eq(ROOT_TYPES) {
        return Err(ShapeFault::Types);
    }
    // As sets. They are so small that looking through them beats sorting.
    let is_within =
        |all: &[Member<'_>], some: &[Member<'_>]| some.iter().all(|it| all.contains(it));
    let is_same = is_within(&rendered, &received) && is_within(&received, &rendered);
    is_same.then_some(()).ok_or(ShapeFault::Rendering)
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Section {
    Root,
    Schema,
    Status,
    Subject,
}

/// One member of the credential: each is one statement, or the id of a node.
#[derive(Clone, Copy, Eq, PartialEq)]
struct Member<'a> {
    section: Section,
    name: &'static str,
    value: &'a str,
}

fn context(document: &Object<'_>) -> Result<(), ShapeFault> {
    let Some(Json::Array(entries)) = document.get("@context") else {
        return Err(ShapeFault::Context);
    };
    let is_exact = match entries.as_slice() {
        [Json::String(first), Json::String(second), Json::Object(vocabulary)] => {
            let vocabulary = (vocabulary.len(), vocabulary.get("@vocab").and_then(Json::as_str));
            first == CONTEXTS[0] && second == CONTEXTS[1] && vocabulary == (1, Some(TRINSIC))
        }
        _ => false,
    };
    is_exact.then_some(()).ok_or(ShapeFault::Context)
}

/// The member that a statement is rendered as; `linked` are the nodes below the root.
fn member_of<'s>(
    statement: &'s Statement,
    root: Graph<'s>,
    linked: &[(Section, Option<&str>)],
) -> Result<Member<'s>, ShapeFault> {
    let iri = |node: &'s Node| match node {
        Node::Iri(iri) => Ok(iri.as_ref()),
        Node::Blank(_) => Err(ShapeFault::BlankNode),
    };
    let subject = iri(&statement.subject)?;
    let section_of =
        |(section, node): &(Section, Option<&str>)| (*node == Some(subject)).then_some(*section);
    let section = match statement.subject == *root.node() {
        true => Section::Root,
        false => linked.iter().find_map(section_of).ok_or(ShapeFault::Member)?,
    };
    let (value, is_node) = match &statement.object {
        Term::Node(node) => (iri(node)?, true),
        Term::Literal { value, .. } => (value.as_ref(), false),
    };
    let predicate = statement.predicate.as_ref();
    let is_member = |(place, _, iri, node): &&(Section, &str, &str, bool)| {
        *place == section && *iri == predicate && *node == is_node
    };
    if let Some((_, name, ..)) = TERMS.iter().find(is_member) {
        return Ok(Member { section, name, value });
    }
    let names: &[&'static str] = match section {
        Section::Subject => &TRINSIC_CLAIMS,
        Section::Status => &TRINSIC_STATUS,
        Section::Root | Section::Schema => &[],
    };
    let name = predicate.strip_prefix(TRINSIC).filter(|_| !is_node);
    let name = names.iter().find(|known| Some(**known) == name).ok_or(ShapeFault::Member)?;
    Ok(Member { section, name, value })
}

/// The members of the JSON, ids of linked nodes as values of the links.
fn received<'d>(document: &'d Object<'_>) -> Result<Vec<Member<'d>>, ShapeFault> {
    let mut members = Vec::with_capacity(USUAL);
    for (name, value) in document.iter().filter(|(name, _)| !OUTSIDE.contains(name)) {
        match (name, value) {
            ("type", Json::Array(types)) => {
                for kind in types {
                    let value = kind.as_str().and_then(type_iri).ok_or(ShapeFault::Types)?;
                    members.push(Member { section: Section::Root, name: "type", value });
                }
            }
            ("issuer", Json::String(value)) => {
                members.push(Member { section: Section::Root, name: "issuer", value });
            }
            ("issuanceDate", Json::String(value)) => {
                members.push(Member { section: Section::Root, name: "issuanceDate", value });
            }
            (name, Json::Object(object)) => {
                let link = LINK_NAMES.iter().find(|(_, known)| *known == name);
                let (section, name) = *link.ok_or(ShapeFault::Member)?;
                let id = object.get("id").and_then(Json::as_str).ok_or(ShapeFault::BlankNode)?;
                members.push(Member { section: Section::Root, name, value: id });
                below(object, section, &mut members)?;
            }
            _ => return Err(ShapeFault::Member),
        }
    }
    Ok(members)
}

fn below<'d>(
    object: &'d Object<'_>,
    section: Section,
    members: &mut Vec<Member<'d>>,
) -> Result<(), ShapeFault> {
    let names: &[&'static str] = match section {
        Section::Subject => &TRINSIC_CLAIMS,
        Section::Status => &TRINSIC_STATUS,
        Section::Root | Section::Schema => &[],
    };
    for (name, value) in object.iter().filter(|(name, _)| *name != "id") {
        let value = value.as_str().ok_or(ShapeFault::Member)?;
        let (name, value) = match (name, section) {
            ("type", Section::Schema | Section::Status) => {
                ("type", type_iri(value).ok_or(ShapeFault::Types)?)
            }
            (name, _) => (*names.iter().find(|it| **it == name).ok_or(ShapeFault::Member)?, value),
        };
        members.push(Member { section, name, value });
    }
    Ok(())
}

fn type_iri(name: &str) -> Option<&'static str> {
    TYPE_NAMES.iter().find(|(known, _)| *known == name).map(|(_, iri)| *iri)
}

const CONTEXTS: [&str; 2] = ["https://www.w3.org/2018/credentials/v1", "https://w3id.org/bbs/v1"];
/// Not compared with statements: the first two by themselves, and the root's id by the links.
const OUTSIDE: [&str; 3] = ["@context", "id", "proof"];

const LINKS: [(Section, &str); 3] = [
    (Section::Schema, "https://www.w3.org/2018/credentials#credentialSchema"),
    (Section::Status, "https://www.w3.org/2018/credentials#credentialStatus"),
    (Section::Subject, "https://www.w3.org/2018/credentials#credentialSubject"),
];
const LINK_NAMES: [(Section, &str); 3] = [
    (Section::Schema, "credentialSchema"),
    (Section::Status, "credentialStatus"),
    (Section::Subject, "credentialSubject"),
];
/// Section, member, predicate, and whether the object is a node.
const TERMS: [(Section, &str, &str, bool); 8] = [
    (Section::Root, "type", TYPE, true),
    (Section::Root, "credentialSchema", LINKS[0].1, true),
    (Section::Root, "credentialStatus", LINKS[1].1, true),
    (Section::Root, "credentialSubject", LINKS[2].1, true),
    (Section::Root, "issuanceDate", "https://www.w3.org/2018/credentials#issuanceDate", false),
    (Section::Root, "issuer", "https://www.w3.org/2018/credentials#issuer", true),
    (Section::Schema, "type", TYPE, true),
    (Section::Status, "type", TYPE, true),
];
/// In the order of the IRIs, which is that of the statements.
const ROOT_TYPES: [&str; 2] = ["https://trinsic.cloud/idv/IdentityDocument_v0", TYPE_NAMES[1].1];
const TYPE_NAMES: [(&str, &str); 4] = [
    ("IdentityDocument_v0", "https://trinsic.cloud/idv/IdentityDocument_v0"),
    ("VerifiableCredential", "https://www.w3.org/2018/credentials#VerifiableCredential"),
    ("JsonSchemaValidator2018", "https://www.w3.org/2018/credentials#JsonSchemaValidator2018"),
    ("RevocationList2020Status", "https://trinsic.cloud/idv/RevocationList2020Status"),
];
/// How many members a result has when none is hidden, about.
const USUAL: usize = 32;
/// What a holder must not hide: without these nobody knows what was said, by whom and until when.
const MANDATORY: [(Section, &str); 10] = [
    (Section::Root, "type"),
    (Section::Root, "credentialSchema"),
    (Section::Root, "credentialStatus"),
    (Section::Root, "credentialSubject"),
    (Section::Root, "issuanceDate"),
    (Section::Root, "issuer"),
    (Section::Schema, "type"),
    (Section::Status, "type"),
    (Section::Status, "revocationListCredential"),
    (Section::Status, "revocationListIndex"),
];
