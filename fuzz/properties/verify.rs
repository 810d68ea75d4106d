//! Whatever is accepted has the statements that were signed.
//!
//! An input that begins like JSON is taken as a whole text; any other is a list of edits of a valid
//! presentation, by structure and by bytes.

#[path = "edits.rs"]
mod edits;

use std::sync::OnceLock;

use edits::Edits;
use result_vp::{
    signed_claims, Did, Evidence, ExpectedSession, Input, Policy, Report, SessionId,
    TrustedIssuers, Unknown, Verifier,
};
use serde_json::Value;

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
            edits.structure(&mut value, &KEYWORDS);
        }
        let mut text = value.to_string().into_bytes();
        for _ in 0..edits.byte() % 4 {
            edits.bytes(&mut text);
        }
        text
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
