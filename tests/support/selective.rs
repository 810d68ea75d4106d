//! Issuers and holders of `ecdsa-sd-2023` and `bbs-2023`. Statements are those of general JSON-LD and RDF
//! processors, and proofs of BBS are made by the crate `zkryptium`: nothing is shared with the library.

#![allow(dead_code)]

use std::collections::{BTreeMap, BTreeSet};

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine as _;
use oxrdf::dataset::{CanonicalizationAlgorithm, CanonicalizationHashAlgorithm};
use oxrdf::{BlankNode, Dataset, NamedNode, NamedOrBlankNode, Quad, Term};
use serde_json::{json, Map, Value};
use sha2::{Digest, Sha256};
use zkryptium::bbsplus::ciphersuites::Bls12381Sha256;
use zkryptium::keys::pair::KeyPair;
use zkryptium::schemes::algorithms::BBSplus;
use zkryptium::schemes::generics::{PoKSignature, Signature};

use crate::oracle::{dataset, line, oracle};
use crate::plain;

type Bbs = BBSplus<Bls12381Sha256>;

pub const SUITES: [&str; 2] = ["ecdsa-sd-2023", "bbs-2023"];

pub enum Issuer {
    EcdsaSd(Box<plain::Key>),
    Bbs(Box<KeyPair<Bbs>>),
}

impl Issuer {
    pub fn new(suite: &str, seed: &str) -> Issuer {
        match suite {
            "ecdsa-sd-2023" => Issuer::EcdsaSd(Box::new(plain::Key::new("ES256", seed))),
            "bbs-2023" => {
                let material = Sha256::digest(seed);
                Issuer::Bbs(Box::new(KeyPair::generate(&material, None, None).unwrap()))
            }
            other => panic!("{other}"),
        }
    }

    pub fn suite(&self) -> &'static str {
        match self {
            Issuer::EcdsaSd(_) => SUITES[0],
            Issuer::Bbs(_) => SUITES[1],
        }
    }

    pub fn did(&self) -> String {
        match self {
            Issuer::EcdsaSd(key) => key.did(),
            Issuer::Bbs(pair) => {
                let key = [&[0xeb, 0x01][..], &pair.public_key().to_bytes()].concat();
                format!("did:key:z{}", bs58::encode(key).into_string())
            }
        }
    }

    pub fn method(&self) -> String {
        let did = self.did();
        format!("{did}#{}", did.trim_start_matches("did:key:"))
    }

    /// What a proof by this issuer says, without a value.
    pub fn options(&self) -> Value {
        json!({
            "type": "DataIntegrityProof",
            "cryptosuite": self.suite(),
            "created": "2024-05-02T10:00:00Z",
            "proofPurpose": "assertionMethod",
            "verificationMethod": self.method(),
        })
    }
}

/// The items of CBOR that proof values are made of.
#[derive(Clone, Debug, PartialEq)]
pub enum Cbor {
    Unsigned(u64),
    Bytes(Vec<u8>),
    List(Vec<Cbor>),
    Map(Vec<(u64, Cbor)>),
    /// Already written.
    Raw(Vec<u8>),
}

impl Cbor {
    pub fn numbers(numbers: impl IntoIterator<Item = usize>) -> Cbor {
        Cbor::List(numbers.into_iter().map(|it| Cbor::Unsigned(it as u64)).collect())
    }

    pub fn list(&mut self) -> &mut Vec<Cbor> {
        match self {
            Cbor::List(items) => items,
            other => panic!("{other:?}"),
        }
    }

    pub fn map(&mut self) -> &mut Vec<(u64, Cbor)> {
        match self {
            Cbor::Map(items) => items,
            other => panic!("{other:?}"),
        }
    }

    pub fn bytes(&mut self) -> &mut Vec<u8> {
        match self {
            Cbor::Bytes(bytes) => bytes,
            other => panic!("{other:?}"),
        }
    }

    /// What [`written`](Self::written) wrote, taken from the front.
    fn read(bytes: &mut &[u8]) -> Cbor {
        let mut take = |length: usize| {
            let (taken, rest) = bytes.split_at(length);
            *bytes = rest;
            taken.to_vec()
        };
        let first = take(1)[0];
        let number = match first & 31 {
            small @ 0..=23 => small.into(),
            more => {
                take(1 << (more - 24)).iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
            }
        };
        match first >> 5 {
            0 => Cbor::Unsigned(number),
            2 => Cbor::Bytes(take(number as usize)),
            4 => Cbor::List((0..number).map(|_| Cbor::read(bytes)).collect()),
            5 => {
                let pair = |_| (Cbor::read(bytes).number(), Cbor::read(bytes));
                Cbor::Map((0..number).map(pair).collect())
            }
            other => panic!("{other}"),
        }
    }

    pub fn number(&self) -> u64 {
        match self {
            Cbor::Unsigned(number) => *number,
            other => panic!("{other:?}"),
        }
    }

    pub fn written(&self) -> Vec<u8> {
        let head = |major: u8, number: u64| match number {
            0..=23 => vec![major << 5 | number as u8],
            24..=0xff => vec![major << 5 | 24, number as u8],
            0x100..=0xffff => [&[major << 5 | 25], &(number as u16).to_be_bytes()[..]].concat(),
            _ => [&[major << 5 | 27], &number.to_be_bytes()[..]].concat(),
        };
        match self {
            Cbor::Unsigned(number) => head(0, *number),
            Cbor::Bytes(bytes) => [head(2, bytes.len() as u64), bytes.clone()].concat(),
            Cbor::List(items) => {
                let items = items.iter().flat_map(Cbor::written);
                head(4, self.clone().list().len() as u64).into_iter().chain(items).collect()
            }
            Cbor::Map(items) => {
                let written =
                    |(key, value): &(u64, Cbor)| [head(0, *key), value.written()].concat();
                head(5, items.len() as u64)
                    .into_iter()
                    .chain(items.iter().flat_map(written))
                    .collect()
            }
            Cbor::Raw(bytes) => bytes.clone(),
        }
    }
}

/// What a holder shows: a document, the options of its proof and the components of its value.
#[derive(Clone)]
pub struct Shown {
    pub document: Value,
    pub options: Value,
    /// 1 or 3, for the two suites.
    pub kind: u8,
    pub components: Vec<Cbor>,
}

impl Shown {
    /// What [`credential`](Self::credential) made.
    pub fn read(credential: &Value) -> Shown {
        let (mut document, mut options) = (credential.clone(), credential["proof"].clone());
        document.as_object_mut().unwrap().remove("proof");
        let value = options.as_object_mut().unwrap().remove("proofValue").unwrap();
        let bytes = URL_SAFE_NO_PAD.decode(&value.as_str().unwrap()[1..]).unwrap();
        let components = Cbor::read(&mut &bytes[3..]).list().clone();
        Shown { document, options, kind: bytes[2], components }
    }

    pub fn value(&self) -> String {
        let components = Cbor::List(self.components.clone()).written();
        multibase(self.kind, &components)
    }

    pub fn credential(&self) -> Value {
        self.with_value(&self.value())
    }

    pub fn with_value(&self, value: &str) -> Value {
        let mut credential = self.document.clone();
        credential["proof"] = self.options.clone();
        credential["proof"]["proofValue"] = value.into();
        credential
    }

    /// The places of the components that both suites have.
    pub fn labels(&mut self) -> &mut Vec<(u64, Cbor)> {
        let place = if self.kind == 1 { 3 } else { 1 };
        self.components[place].map()
    }

    pub fn mandatory(&mut self) -> &mut Vec<Cbor> {
        let place = if self.kind == 1 { 4 } else { 2 };
        self.components[place].list()
    }

    /// The signatures, or the indexes of the messages.
    pub fn others(&mut self) -> &mut Vec<Cbor> {
        let place = if self.kind == 1 { 2 } else { 3 };
        self.components[place].list()
    }
}

pub fn multibase(kind: u8, rest: &[u8]) -> String {
    let bytes = [&[0xd9, 0x5d, kind][..], rest].concat();
    format!("u{}", URL_SAFE_NO_PAD.encode(bytes))
}

/// A credential as its holder keeps it.
pub struct Base {
    /// With an id for each node that has none.
    named: Value,
    options: Value,
    mandatory: Vec<String>,
    /// The issuer's label of each node that had no id.
    labels: BTreeMap<String, String>,
    /// All lines under these labels, in order.
    lines: Vec<String>,
    /// Of the options and of the mandatory statements.
    pub hashes: [Vec<u8>; 2],
    signed: Signed,
}

enum Signed {
    EcdsaSd { base: Vec<u8>, key: Vec<u8>, each: BTreeMap<String, Vec<u8>> },
    Bbs { signature: Vec<u8>, header: Vec<u8> },
}

/// Signs a document; the statements that the pointers lead to are mandatory.
pub fn issue(issuer: &Issuer, document: &Value, options: &Value, mandatory: &[&str]) -> Base {
    let mut named = document.clone();
    name_nodes(&mut named, &mut 0);
    let all = statements(&named);
    let canonical = canonical_labels(&all);
    let hmac_key = Sha256::digest(issuer.did());
    let hashed = |label: &str| format!("u{}", URL_SAFE_NO_PAD.encode(hmac(&hmac_key, label)));
    let mut labels: BTreeMap<String, String> =
        canonical.iter().map(|(name, label)| (name.clone(), hashed(label))).collect();
    if let Issuer::Bbs(_) = issuer {
        let mut order: Vec<&String> = labels.values().collect();
        order.sort();
        let place = |label: &String| order.iter().position(|it| *it == label).unwrap();
        labels = labels
            .iter()
            .map(|(name, label)| (name.clone(), format!("b{}", place(label))))
            .collect();
    }
    let lines = lines_under(&all, &labels);
    let must: BTreeSet<String> =
        lines_under(&statements(&select(&named, mandatory)), &labels).into_iter().collect();
    let (must, others): (Vec<String>, Vec<String>) =
        lines.iter().cloned().partition(|line| must.contains(line));
    let mut stated = options.clone();
    stated["@context"] = document["@context"].clone();
    let stated = oracle(&stated.to_string()).unwrap();
    let stated: String = stated.iter().map(|line| format!("{line}\n")).collect();
    let hashes = [Sha256::digest(stated).to_vec(), Sha256::digest(must.concat()).to_vec()];
    let signed = match issuer {
        Issuer::EcdsaSd(key) => {
            let own = plain::Key::new("ES256", &lines.concat());
            let multikey = own.did();
            let multikey = multikey.trim_start_matches("did:key:z");
            let own_key = bs58::decode(multikey).into_vec().unwrap();
            let base = key.sign(&[&hashes[0][..], &own_key, &hashes[1]].concat());
            let each = others.into_iter().map(|line| {
                let signature = own.sign(line.as_bytes());
                (line, signature)
            });
            Signed::EcdsaSd { base, key: own_key, each: each.collect() }
        }
        Issuer::Bbs(pair) => {
            let header = hashes.concat();
            let messages: Vec<Vec<u8>> = others.into_iter().map(String::into_bytes).collect();
            let signature = Signature::<Bbs>::sign(
                Some(&messages),
                pair.private_key(),
                pair.public_key(),
                Some(&header),
            );
            Signed::Bbs { signature: signature.unwrap().to_bytes().to_vec(), header }
        }
    };
    let mandatory = mandatory.iter().map(|pointer| (*pointer).to_owned()).collect();
    Base { named, options: options.clone(), mandatory, labels, lines, hashes, signed }
}

impl Base {
    pub fn line_count(&self) -> usize {
        self.lines.len()
    }

    /// Shows what is mandatory and what the pointers lead to.
    pub fn show(&self, issuer: &Issuer, pointers: &[&str], presentation_header: &[u8]) -> Shown {
        let must: Vec<&str> = self.mandatory.iter().map(String::as_str).collect();
        let shown = select(&self.named, &[&must[..], pointers].concat());
        let must = lines_under(&statements(&select(&self.named, &must)), &self.labels);
        let lines = lines_under(&statements(&shown), &self.labels);
        let mandatory = Cbor::numbers((0..lines.len()).filter(|at| must.contains(&lines[*at])));
        let others: Vec<&String> = lines.iter().filter(|line| !must.contains(line)).collect();
        let mut labels: Vec<(u64, String)> = canonical_labels(&statements(&shown))
            .into_iter()
            .map(|(name, label)| (label[4..].parse().unwrap(), self.labels[&name].clone()))
            .collect();
        labels.sort();
        let mut document = shown;
        unname_nodes(&mut document);
        let (kind, components) = match (&self.signed, issuer) {
            (Signed::EcdsaSd { base, key, each }, _) => {
                let label = |(number, label): (u64, String)| {
                    (number, Cbor::Bytes(URL_SAFE_NO_PAD.decode(&label[1..]).unwrap()))
                };
                let signatures = others.iter().map(|line| Cbor::Bytes(each[*line].clone()));
                let components = vec![
                    Cbor::Bytes(base.clone()),
                    Cbor::Bytes(key.clone()),
                    Cbor::List(signatures.collect()),
                    Cbor::Map(labels.into_iter().map(label).collect()),
                    mandatory,
                ];
                (1, components)
            }
            (Signed::Bbs { signature, header }, Issuer::Bbs(pair)) => {
                let messages: Vec<&String> =
                    self.lines.iter().filter(|line| !must.contains(line)).collect();
                let place = |line: &&String| messages.iter().position(|it| it == line).unwrap();
                let indexes: Vec<usize> = others.iter().map(place).collect();
                let octets: Vec<Vec<u8>> =
                    messages.iter().map(|it| it.as_bytes().to_vec()).collect();
                let proof = PoKSignature::<Bbs>::proof_gen(
                    pair.public_key(),
                    signature,
                    Some(header),
                    Some(presentation_header),
                    Some(&octets),
                    Some(&indexes),
                );
                let label = |(number, label): (u64, String)| {
                    (number, Cbor::Unsigned(label[1..].parse().unwrap()))
                };
                let components = vec![
                    Cbor::Bytes(proof.unwrap().to_bytes()),
                    Cbor::Map(labels.into_iter().map(label).collect()),
                    mandatory,
                    Cbor::numbers(indexes),
                    Cbor::Bytes(presentation_header.to_vec()),
                ];
                (3, components)
            }
            _ => panic!("another suite"),
        };
        Shown { document, options: self.options.clone(), kind, components }
    }
}

/// The part of a document that JSON pointers lead to (`selectJsonLd`).
fn select(document: &Value, pointers: &[&str]) -> Value {
    let mut selected = beginning(document);
    selected["@context"] = document["@context"].clone();
    for pointer in pointers {
        let steps: Vec<&str> = pointer.split('/').skip(1).collect();
        choose(document, &mut selected, &steps);
    }
    compact(&mut selected);
    selected
}

fn choose(from: &Value, to: &mut Value, steps: &[&str]) {
    let Some((step, rest)) = steps.split_first() else {
        *to = from.clone();
        return;
    };
    let index: Option<usize> = step.parse().ok();
    let (from, to) = match (from, to) {
        (Value::Array(items), Value::Array(chosen)) => {
            let index = index.unwrap();
            chosen.resize(chosen.len().max(index + 1), Value::Null);
            (&items[index], &mut chosen[index])
        }
        (Value::Object(members), Value::Object(chosen)) => {
            (&members[*step], chosen.entry(*step).or_insert(Value::Null))
        }
        _ => panic!("{step}"),
    };
    if to.is_null() {
        *to = beginning(from);
    }
    choose(from, to, rest);
}

/// What is shown of a node wherever something of it is.
fn beginning(node: &Value) -> Value {
    match node {
        Value::Object(members) => {
            let kept = members.iter().filter(|(name, _)| matches!(name.as_str(), "id" | "type"));
            Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect())
        }
        Value::Array(_) => json!([]),
        _ => Value::Null,
    }
}

fn compact(value: &mut Value) {
    match value {
        Value::Array(items) => {
            items.retain(|item| !item.is_null());
            items.iter_mut().for_each(compact);
        }
        Value::Object(members) => members.values_mut().for_each(compact),
        _ => {}
    }
}

const NAME: &str = "urn:name:";

fn name_nodes(value: &mut Value, count: &mut usize) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| name_nodes(item, count)),
        Value::Object(members) => {
            if !members.contains_key("id") {
                members.insert("id".to_owned(), format!("{NAME}{count}").into());
                *count += 1;
            }
            let inner = members.iter_mut().filter(|(name, _)| *name != "@context");
            inner.for_each(|(_, member)| name_nodes(member, count));
        }
        _ => {}
    }
}

fn unname_nodes(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(unname_nodes),
        Value::Object(members) => {
            let is_named = |members: &Map<String, Value>| {
                members.get("id").and_then(Value::as_str).is_some_and(|id| id.starts_with(NAME))
            };
            if is_named(members) {
                members.remove("id");
            }
            members.values_mut().for_each(unname_nodes);
        }
        _ => {}
    }
}

/// With blank nodes for what was named.
fn statements(named: &Value) -> Dataset {
    let blank = |name: &str| Some(BlankNode::new_unchecked(name.strip_prefix(NAME)?.to_owned()));
    let node = |iri: NamedNode| match blank(iri.as_str()) {
        Some(blank) => NamedOrBlankNode::from(blank),
        None => iri.into(),
    };
    let quads = dataset(&named.to_string()).expect("a document that the processors read");
    let quads = quads.iter().map(|quad| {
        let quad = quad.into_owned();
        let subject = match quad.subject {
            NamedOrBlankNode::NamedNode(iri) => node(iri),
            blank => blank,
        };
        let object = match quad.object {
            Term::NamedNode(iri) => Term::from(node(iri)),
            other => other,
        };
        Quad::new(subject, quad.predicate, object, quad.graph_name)
    });
    quads.collect()
}

fn canonical_labels(statements: &Dataset) -> BTreeMap<String, String> {
    let hash_algorithm = CanonicalizationHashAlgorithm::Sha256;
    let algorithm = CanonicalizationAlgorithm::Rdfc10 { hash_algorithm };
    let labels = statements.canonicalize_blank_nodes(algorithm);
    labels
        .into_iter()
        .map(|(from, to)| (from.as_str().to_owned(), to.as_str().to_owned()))
        .collect()
}

fn lines_under(statements: &Dataset, labels: &BTreeMap<String, String>) -> Vec<String> {
    let renamed = |blank: &BlankNode| BlankNode::new_unchecked(labels[blank.as_str()].clone());
    let mut lines: Vec<String> = statements
        .iter()
        .map(|quad| {
            let mut quad = quad.into_owned();
            if let NamedOrBlankNode::BlankNode(blank) = &quad.subject {
                quad.subject = renamed(blank).into();
            }
            if let Term::BlankNode(blank) = &quad.object {
                quad.object = renamed(blank).into();
            }
            line(quad.as_ref()) + "\n"
        })
        .collect();
    lines.sort();
    lines
}

/// RFC 2104 with SHA-256.
fn hmac(key: &[u8], message: &str) -> [u8; 32] {
    let pad = |byte: u8| {
        let mut block = [byte; 64];
        block.iter_mut().zip(key).for_each(|(to, from)| *to ^= from);
        block
    };
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize().into()
}

/// A credential with nodes that have no id, some of them alike but for one statement.
pub fn document(issuer: &str) -> Value {
    json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            {"@vocab": "https://trinsic.cloud/idv/"},
        ],
        "type": ["VerifiableCredential", "IdentityDocument_v0"],
        "issuer": issuer,
        "validFrom": "2024-05-02T10:00:00Z",
        "validUntil": "2034-05-02T10:00:00Z",
        "credentialSubject": {
            "givenName": "MIRABEL",
            "familyName": "EXEMPLARIS",
            "dateOfBirth": "1991-02-28T00:00:00",
            "number": "X0000417",
            "address": {"streetAddress": "12 EXAMPLE WAY", "city": "SPRINGFIELD"},
            "permits": [
                {"class": "A", "since": "2011"},
                {"class": "B", "since": "2012"},
            ],
        },
    })
}

/// What the issuer of [`document`] makes mandatory, and what a holder shows of the rest.
pub const MANDATORY: [&str; 2] = ["/issuer", "/validUntil"];
pub const CHOSEN: [&str; 5] = [
    "/validFrom",
    "/credentialSubject/familyName",
    "/credentialSubject/dateOfBirth",
    "/credentialSubject/address/city",
    "/credentialSubject/permits/1",
];
