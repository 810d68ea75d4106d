//! A small world in which everything about one credential is decided, and what it is made of.

#![allow(dead_code)]

use std::io::Write;

use base64::engine::general_purpose::STANDARD;
use base64::Engine as _;
use chrono::{DateTime, Utc};
use flate2::write::GzEncoder;
use flate2::Compression;
use result_vp::{
    Check, Did, Evidence, ExpectedSession, Outcome, Policy, ReasonCode, Report, SessionId, Source,
    TrustedIssuers, UnverifiedPresentation, Verifier,
};
use serde_json::{json, Value};

use crate::signer::{self, document, presentation, Signer};
use crate::support::{instant, outcome};

pub const ISSUER: &str = "did:web:issuer.example";
pub const LIST: &str = "https://issuer.example/credential-status/1";
pub const SCHEMA: &str = "https://schema.issuer.example/idv/identity-document_v0";
pub const SESSION: &str = "0f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e10";
pub const NONCE: &str = "urn:trinsic:idvsession:0f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e10";
pub const NOW: &str = "2024-06-01T00:00:00Z";

/// One question, every part of which a test may change.
pub struct World {
    pub credential: Value,
    pub policy: Policy,
    pub evidence: Vec<(Value, Source)>,
    pub now: DateTime<Utc>,
}

impl World {
    /// An honest credential, its DID document, a list in which nobody is revoked, and a schema.
    pub fn new() -> World {
        let document = document(ISSUER);
        World {
            credential: credential(&document, &document),
            policy: policy(),
            evidence: vec![
                (did_document(json!({})), Source::unknown()),
                (list(&bits(&[])), Source::unknown()),
                (schema(), Source::unknown()),
            ],
            now: instant(NOW),
        }
    }

    pub fn evidence(&self) -> Evidence {
        let mut evidence = Evidence::new();
        for (item, source) in &self.evidence {
            evidence.add(item.to_string().as_bytes(), *source).expect("evidence");
        }
        evidence
    }

    pub fn report(&self) -> Report {
        let text = presentation(&self.credential);
        let presentation = UnverifiedPresentation::from_json(text.as_bytes()).expect("VP");
        let session = SessionId::new(SESSION).unwrap();
        let expected = ExpectedSession::Id(&session);
        Verifier::new(self.policy.clone()).verify(
            &presentation,
            expected,
            &self.evidence(),
            self.now,
        )
    }

    /// The code of one check; every other one must not fail and must not be undecided.
    pub fn alone(&self, check: Check) -> (&'static str, Option<ReasonCode>) {
        let report = self.report();
        let credential = &report.credentials()[0];
        for (other, outcome) in credential.checks() {
            let decided = !matches!(outcome, Outcome::Fail(_) | Outcome::Indeterminate(_));
            assert!(other == check || decided, "{other:?}: {outcome:?}");
        }
        let outcome = outcome(credential, check);
        (outcome.code(), outcome.reason().map(|reason| reason.code()))
    }

    pub fn status(&self) -> (&'static str, Option<ReasonCode>) {
        self.alone(Check::CredentialStatus)
    }

    pub fn with_list(mut self, list: Value) -> World {
        self.evidence[1] = (list, Source::unknown());
        self
    }
}

pub fn policy() -> Policy {
    Policy::new(TrustedIssuers::new([Did::new(ISSUER).unwrap()]).unwrap())
}

pub fn issuer() -> Signer {
    Signer::new("the issuer")
}

/// The DID document of the issuer, with members of its one key replaced.
pub fn did_document(members: Value) -> Value {
    let mut document = did_document_of(&issuer(), ISSUER);
    merge(&mut document["verificationMethod"][0], members);
    document["assertionMethod"] = json!([document["verificationMethod"][0]["id"]]);
    document
}

pub fn did_document_of(signer: &Signer, did: &str) -> Value {
    let id = format!("{did}#key-1");
    json!({
        "id": did,
        "verificationMethod": [{
            "id": id,
            "type": "Bls12381G2Key2020",
            "controller": did,
            "publicKeyBase58": bs58::encode(signer.public_key()).into_string(),
        }],
        "assertionMethod": [id],
    })
}

pub fn merge(document: &mut Value, members: Value) {
    for (name, value) in members.as_object().unwrap() {
        document[name] = value.clone();
    }
}

pub fn credential(full: &Value, shown: &Value) -> Value {
    sign_by(&issuer(), ISSUER, full, shown)
}

/// By the key `#key-1` of the DID.
pub fn sign_by(signer: &Signer, did: &str, full: &Value, shown: &Value) -> Value {
    sign(signer, &options(signer, did), full, shown)
}

pub fn options(signer: &Signer, did: &str) -> Value {
    let mut options = signer.proof_options();
    options["verificationMethod"] = format!("{did}#key-1").into();
    options
}

pub fn sign(signer: &Signer, options: &Value, full: &Value, shown: &Value) -> Value {
    let messages = signer.messages(full, options);
    let shown_lines = signer.messages(shown, options);
    let index = |line: &String| messages.iter().position(|it| it == line).expect("a signed line");
    let revealed: Vec<usize> = shown_lines.iter().map(index).collect();
    let value = signer.derive(&signer.sign(&messages), &messages, &revealed, NONCE.as_bytes());
    signer::with_proof(shown, options, &value, NONCE)
}

/// 131072 entries, leftmost first, with these set.
pub fn bits(set: &[usize]) -> Vec<u8> {
    let mut bytes = vec![0_u8; 16384];
    set.iter().for_each(|index| bytes[index / 8] |= 0x80 >> (index % 8));
    bytes
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn list(bits: &[u8]) -> Value {
    list_of(&STANDARD.encode(gzip(bits)), json!({}))
}

pub fn list_of(encoded: &str, members: Value) -> Value {
    let document = list_document(encoded, members);
    credential(&document, &document)
}

pub fn list_document(encoded: &str, members: Value) -> Value {
    let mut document = json!({
        "@context": [
            "https://www.w3.org/2018/credentials/v1",
            "https://w3id.org/vc-revocation-list-2020/v1",
            "https://w3id.org/bbs/v1",
        ],
        "id": LIST,
        "type": ["VerifiableCredential", "RevocationList2020Credential"],
        "issuer": ISSUER,
        "issuanceDate": "2024-05-01T00:00:00Z",
        "credentialSubject": {
            "id": format!("{LIST}#list"),
            "type": "RevocationList2020",
            "encodedList": encoded,
        },
    });
    merge(&mut document, members);
    document
}

pub fn schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA,
        "type": "object",
        "required": ["id", "familyName", "number"],
        "properties": {
            "familyName": {"type": "string", "minLength": 1},
            "number": {"type": "string", "pattern": "^[A-Z0-9]{3,20}$"},
        },
    })
}

/// A credential with members of its status entry replaced.
pub fn with_status(members: Value) -> World {
    let mut document = document(ISSUER);
    merge(&mut document["credentialStatus"], members);
    World { credential: credential(&document, &document), ..World::new() }
}

pub fn fails(code: ReasonCode) -> (&'static str, Option<ReasonCode>) {
    ("fail", Some(code))
}

pub fn undecided(code: ReasonCode) -> (&'static str, Option<ReasonCode>) {
    ("indeterminate", Some(code))
}

/// As [`World::alone`] says it.
pub const PASSES: (&str, Option<ReasonCode>) = ("pass", None);
