//! Whatever is accepted has the statements that were signed.
//!
//! An input that begins like JSON is taken as a whole text; any other is a list of edits of a valid
//! presentation, by structure and by bytes.

use std::sync::OnceLock;

use result_vp::{
    signed_claims, Did, Evidence, ExpectedSession, Input, Policy, Report, SessionId,
    TrustedIssuers, Unknown, Verifier,
};
use serde_json::{json, Value};

/// Panics where the property does not hold.
pub fn check(data: &[u8]) {
    let world = World::get();
    let text = match data.first() {
        Some(b'{' | b'[' | b'"' | b' ') => data.to_vec(),
        _ => world.edited(&mut Edits(data)),
    };
    for claims in world.accepted(&text) {
        assert!(world.signed.contains(&claims), "accepted with other claims");
    }
}

type Claims = Vec<(String, Vec<String>)>;

struct World {
    verifier: Verifier,
    evidence: Evidence,
    valid: Value,
    /// The claims of every honest presentation.
    signed: Vec<Claims>,
}

impl World {
    fn get() -> &'static World {
        static WORLD: OnceLock<World> = OnceLock::new();
        WORLD.get_or_init(|| {
            let mut evidence = Evidence::new();
            evidence.add_did_document(include_bytes!("../../fixtures/did/issuer.json")).unwrap();
            let issuer = Did::new("did:web:issuer.example").unwrap();
            let policy = Policy::new(TrustedIssuers::new([issuer]).unwrap())
                .status(Unknown::Skip)
                .schema(Unknown::Skip);
            let full = include_bytes!("../../fixtures/presentations/full.json");
            let valid = serde_json::from_slice(full).unwrap();
            let verifier = Verifier::new(policy);
            let mut world = World { verifier, evidence, valid, signed: Vec::new() };
            let honest: [&[u8]; 5] = [
                full,
                include_bytes!("../../fixtures/presentations/selective.json"),
                include_bytes!("../../fixtures/presentations/portrait.json"),
                include_bytes!("../../fixtures/presentations/without-status.json"),
                include_bytes!("../../fixtures/presentations/signed.json"),
            ];
            world.signed = honest.iter().flat_map(|text| world.accepted(text)).collect();
            assert_eq!(world.signed.len(), 5);
            world
        })
    }

    /// The claims of every credential of every result that is accepted.
    fn accepted(&self, text: &[u8]) -> Vec<Claims> {
        let now = "2024-06-01T00:00:00Z".parse().unwrap();
        let any = ExpectedSession::InsecureAny;
        let claims = |report: Report| match report.into_verified() {
            Ok(verified) => verified.credentials().iter().map(signed_claims).collect(),
            Err(_) => Vec::new(),
        };
        match Input::from_json(text, self.evidence.contexts()) {
            Ok(Input::Presentation(it)) => {
                claims(self.verifier.verify(&it, any, &self.evidence, now))
            }
            Ok(Input::Sessions(sessions)) => sessions
                .iter()
                .filter_map(|session| {
                    let id = SessionId::new(session.id()).ok()?;
                    let expected = ExpectedSession::Id(&id);
                    self.verifier.verify_session(session, expected, &self.evidence, now).ok()
                })
                .flat_map(claims)
                .collect(),
            _ => Vec::new(),
        }
    }

    fn edited(&self, edits: &mut Edits<'_>) -> Vec<u8> {
        let mut value = self.valid.clone();
        for _ in 0..edits.byte() % 4 {
            let mut pointers = Vec::new();
            places(&value, String::new(), &mut pointers);
            let pointer = pointers[edits.number() % pointers.len()].clone();
            let other = pointers[edits.number() % pointers.len()].clone();
            structure(&mut value, &pointer, &other, edits);
        }
        let mut text = value.to_string().into_bytes();
        for _ in 0..edits.byte() % 4 {
            let at = edits.number() % text.len().max(1);
            match edits.byte() % 4 {
                0 => text.insert(at, edits.byte()),
                1 => text.truncate(at),
                _ if text.is_empty() => {}
                2 => text[at] = edits.byte(),
                _ => {
                    text.remove(at);
                }
            }
        }
        text
    }
}

/// Every value below, as JSON pointers.
fn places(value: &Value, pointer: String, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => members
            .iter()
            .for_each(|(name, member)| places(member, format!("{pointer}/{name}"), found)),
        Value::Array(items) => (items.iter().enumerate())
            .for_each(|(index, item)| places(item, format!("{pointer}/{index}"), found)),
        _ => {}
    }
    found.push(pointer);
}

fn structure(value: &mut Value, pointer: &str, other: &str, edits: &mut Edits<'_>) {
    let elsewhere = value.pointer(other).cloned().unwrap_or_default();
    let Some(target) = value.pointer_mut(pointer) else { return };
    match (edits.byte() % 8, target) {
        (0, target) => *target = elsewhere,
        (1, target) => *target = json!([target.take()]),
        (2, target) => {
            *target = json!({ KEYWORDS[edits.number() % KEYWORDS.len()]: target.take() })
        }
        (3, Value::Object(members)) => {
            let name = KEYWORDS[edits.number() % KEYWORDS.len()];
            members.insert(name.to_owned(), elsewhere);
        }
        (4, Value::Object(members)) => {
            let name = members.keys().nth(edits.number() % members.len().max(1)).cloned();
            if let Some(member) = name.and_then(|name| members.remove(&name)) {
                let name = KEYWORDS[edits.number() % KEYWORDS.len()];
                members.insert(name.to_owned(), member);
            }
        }
        (5, Value::Array(items)) => items.push(elsewhere),
        (6, Value::Object(members)) => {
            let name = members.keys().nth(edits.number() % members.len().max(1)).cloned();
            name.map(|name| members.remove(&name));
        }
        (_, Value::String(text)) => text.push(char::from(edits.byte())),
        (_, target) => *target = Value::Null,
    }
}

/// The bytes of an input, one after the other, and then zeros.
struct Edits<'a>(&'a [u8]);

impl Edits<'_> {
    fn byte(&mut self) -> u8 {
        let Some((&first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        first
    }

    fn number(&mut self) -> usize {
        usize::from(self.byte()) << 8 | usize::from(self.byte())
    }
}

const KEYWORDS: [&str; 24] = [
    "@context",
    "@graph",
    "@id",
    "@included",
    "@index",
    "@json",
    "@language",
    "@list",
    "@nest",
    "@reverse",
    "@set",
    "@type",
    "@value",
    "@vocab",
    "credentialSubject",
    "expirationDate",
    "familyName",
    "givenName",
    "https://trinsic.cloud/idv/familyName",
    "id",
    "proof",
    "proofValue",
    "type",
    "verifiableCredential",
];
