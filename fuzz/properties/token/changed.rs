//! Changes of honest texts at every layer: of parts, of what is encoded in them, of who signs and of what is
//! around them.

use std::collections::BTreeSet;

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine as _;
use serde_json::{json, Value};

use super::edits::Edits;
use super::honest::{envelope, presentation, presented_payload, twin, World};
use super::shown::{signed, Token};
use crate::plain::Key;
use crate::sd_jwt::{algorithm, binding, holder, jwk, presented, token};

pub struct Changes<'d> {
    world: &'static World,
    edits: Edits<'d>,
    /// What the holder signed on the way.
    held: BTreeSet<String>,
}

impl<'d> Changes<'d> {
    pub fn new(world: &'static World, data: &'d [u8]) -> Changes<'d> {
        Changes { world, edits: Edits(data), held: BTreeSet::new() }
    }

    /// A changed text, and what the holder signed of it.
    pub fn text(mut self) -> (Vec<u8>, BTreeSet<String>) {
        let mut text = self.honest().to_owned();
        for _ in 0..self.edits.byte() % 4 {
            text = match self.edits.byte() % 4 {
                3 => self.around(&text),
                _ => self.within(&text),
            };
        }
        let mut text = text.into_bytes();
        if self.edits.byte() % 8 == 7 {
            self.edits.bytes(&mut text);
        }
        (text, self.held)
    }

    fn honest(&mut self) -> &'static str {
        &self.world.valid[self.edits.number() % self.world.valid.len()]
    }

    fn within(&mut self, text: &str) -> String {
        match serde_json::from_str(text) {
            Ok(mut value) => {
                self.document(&mut value);
                value.to_string()
            }
            Err(_) if text.contains('~') => self.sd_jwt(text),
            Err(_) => self.jwt(text),
        }
    }

    fn document(&mut self, value: &mut Value) {
        match self.edits.byte() % 4 {
            0 => self.word(value),
            1 => self.edits.structure(value, &NAMES),
            // What is encoded is longer than names and values.
            _ => {
                let mut texts = texts(value);
                texts.retain(|text| text.len() > 80);
                let count = texts.len().max(1);
                let Some(text) = texts.into_iter().nth(self.edits.number() % count) else { return };
                *text = self.encoded(text);
            }
        }
    }

    /// A token, one in a data URL, or the value of a proof.
    fn encoded(&mut self, text: &str) -> String {
        match (text.split_once(','), text.split_at_checked(1)) {
            (Some((kind, token)), _) => format!("{kind},{}", self.within(token)),
            (_, Some(("z", value))) => match bs58::decode(value).into_vec() {
                Ok(bytes) => format!("z{}", bs58::encode(self.bytes(bytes)).into_string()),
                Err(_) => value.to_owned(),
            },
            (_, Some(("u", value))) => match URL_SAFE_NO_PAD.decode(value) {
                Ok(bytes) => format!("u{}", URL_SAFE_NO_PAD.encode(self.bytes(bytes))),
                Err(_) => value.to_owned(),
            },
            _ => self.within(text),
        }
    }

    fn jwt(&mut self, text: &str) -> String {
        let mut parts: Vec<String> = text.split('.').map(str::to_owned).collect();
        let at = usize::from(self.edits.byte()) % parts.len();
        match self.edits.byte() % 8 {
            0 => self.json(&mut parts[at]),
            1 => self.json_of(&mut parts[0], |changes, header| changes.word(header)),
            2 => {
                if let Ok(bytes) = URL_SAFE_NO_PAD.decode(&parts[at]) {
                    parts[at] = URL_SAFE_NO_PAD.encode(self.bytes(bytes));
                }
            }
            3 => {
                let other = Token::of(self.honest()).issued;
                parts[at] = other.split('.').nth(at).unwrap_or_default().to_owned();
            }
            4 => {
                let signature = parts.pop().unwrap_or_default();
                parts.push(twin(&signature).unwrap_or(signature));
            }
            5 => drop(parts.remove(at)),
            6 => parts.push(parts[at].clone()),
            _ => {
                let mut header = decoded(&parts[0]).unwrap_or_else(|| json!({}));
                let payload = parts.get(1).and_then(|it| decoded(it)).unwrap_or_default();
                return self.signed(&mut header, &payload);
            }
        }
        parts.join(".")
    }

    /// By a key that is no issuer's, and maybe says so.
    fn signed(&mut self, header: &mut Value, payload: &Value) -> String {
        let (key, is_holder) = match self.edits.byte() % 4 {
            0 => (Key::new("EdDSA", "an attacker"), false),
            1 => (Key::new("ES256", "an attacker"), false),
            _ => (holder(), true),
        };
        if let Value::Object(header) = header {
            let says = self.edits.byte();
            header.insert("alg".to_owned(), algorithm(&key).into());
            if says & 1 == 0 {
                header.insert("kid".to_owned(), key.method().into());
            }
            if says & 6 == 6 {
                header.insert("jwk".to_owned(), jwk(&key));
            }
        }
        let token = token(&key, header, payload);
        if is_holder {
            self.held.insert(signed(&token).0.to_owned());
        }
        token
    }

    fn sd_jwt(&mut self, text: &str) -> String {
        let mut token = Token::of(text);
        let shown = &mut token.disclosures;
        let at = usize::from(self.edits.byte()) % shown.len().max(1);
        match self.edits.byte() % 8 {
            0 => token.issued = self.jwt(&token.issued),
            1 => {
                let others = Token::of(self.honest()).disclosures;
                let other = self.edits.number() % others.len().max(1);
                shown.splice(at..at, others.into_iter().nth(other));
            }
            _ if shown.is_empty() => {}
            2 => drop(shown.remove(at)),
            3 => {
                let other = usize::from(self.edits.byte()) % shown.len();
                shown.swap(at, other);
            }
            4 => self.json(&mut shown[at]),
            5 => {
                if let Ok(bytes) = URL_SAFE_NO_PAD.decode(&shown[at]) {
                    shown[at] = URL_SAFE_NO_PAD.encode(self.bytes(bytes));
                }
            }
            6 => shown.truncate(at),
            _ => {}
        }
        let presented = presented(&token.issued, token.disclosures.iter().map(String::as_str));
        let binding = self.binding(&presented, token.binding);
        format!("{presented}{binding}")
    }

    /// None, the one that was there, or another over what is presented.
    fn binding(&mut self, presented: &str, old: String) -> String {
        let (mut header, mut claims) = binding(presented);
        match self.edits.byte() % 8 {
            0 => return old,
            1 => return String::new(),
            2 => return self.jwt(&old),
            3 => self.edits.structure(&mut claims, &NAMES),
            4 => self.word(&mut claims),
            5 => return self.signed(&mut header, &claims),
            _ => {}
        }
        let binding = token(&holder(), &header, &claims);
        self.held.insert(signed(&binding).0.to_owned());
        binding
    }

    /// As a JSON string, or in a presentation by somebody.
    fn around(&mut self, text: &str) -> String {
        let is_enveloped = self.edits.byte() & 1 == 0;
        let value = match serde_json::from_str(text) {
            Ok(value @ Value::Object(_)) => value,
            _ if is_enveloped => {
                envelope(MEDIA_TYPES[self.edits.number() % MEDIA_TYPES.len()], text)
            }
            _ => text.into(),
        };
        match self.edits.byte() % 5 {
            0 => Value::from(text).to_string(),
            1 => presentation(&[value]).to_string(),
            2 => {
                let other = self.honest();
                let other = serde_json::from_str(other).unwrap_or_else(|_| other.into());
                presentation(&[value, other]).to_string()
            }
            kind => {
                let is_beside = kind == 3;
                let kind = if is_beside { "JWT" } else { "vp+jwt" };
                let payload = presented_payload(&presentation(&[value]), is_beside);
                self.signed(&mut json!({"typ": kind}), &payload)
            }
        }
    }

    /// Another text of those that mean something somewhere.
    fn word(&mut self, value: &mut Value) {
        let texts = texts(value);
        let count = texts.len().max(1);
        if let Some(text) = texts.into_iter().nth(self.edits.number() % count) {
            *text = WORDS[self.edits.number() % WORDS.len()].to_owned();
        }
    }

    fn json(&mut self, part: &mut String) {
        self.json_of(part, |changes, value| changes.edits.structure(value, &NAMES));
    }

    fn json_of(&mut self, part: &mut String, change: impl FnOnce(&mut Self, &mut Value)) {
        if let Some(mut value) = decoded(part) {
            change(self, &mut value);
            *part = URL_SAFE_NO_PAD.encode(value.to_string());
        }
    }

    fn bytes(&mut self, mut bytes: Vec<u8>) -> Vec<u8> {
        self.edits.bytes(&mut bytes);
        bytes
    }
}

fn decoded(part: &str) -> Option<Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

fn texts(value: &mut Value) -> Vec<&mut String> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter_mut().flat_map(texts).collect(),
        Value::Object(members) => members.values_mut().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

const MEDIA_TYPES: [&str; 4] = ["vc+jwt", "vc-ld+jwt", "dc+sd-jwt", "vc+sd-jwt"];
const NAMES: [&str; 36] = [
    "...",
    "@context",
    "@graph",
    "@id",
    "@included",
    "@type",
    "@value",
    "_sd",
    "_sd_alg",
    "alg",
    "aud",
    "cnf",
    "credentialSubject",
    "crit",
    "cryptosuite",
    "cty",
    "domain",
    "exp",
    "givenName",
    "given_name",
    "iat",
    "id",
    "iss",
    "issuer",
    "jti",
    "kid",
    "nbf",
    "nonce",
    "previousProof",
    "proof",
    "sub",
    "type",
    "vc",
    "vct",
    "verifiableCredential",
    "vp",
];
const WORDS: [&str; 32] = [
    "",
    "DataIntegrityProof",
    "ES256",
    "ES384",
    "Ed25519Signature2018",
    "Ed25519Signature2020",
    "EdDSA",
    "EnvelopedVerifiableCredential",
    "HS256",
    "JWT",
    "JsonWebSignature2020",
    "PS256",
    "VerifiableCredential",
    "VerifiablePresentation",
    "assertionMethod",
    "authentication",
    "bbs-2023",
    "dc+sd-jwt",
    "ecdsa-jcs-2019",
    "ecdsa-rdfc-2019",
    "ecdsa-sd-2023",
    "eddsa-jcs-2022",
    "eddsa-rdfc-2022",
    "https://www.w3.org/2018/credentials/v1",
    "https://www.w3.org/ns/credentials/v2",
    "kb+jwt",
    "none",
    "sha-256",
    "vc",
    "vc+jwt",
    "vc+sd-jwt",
    "vp+jwt",
];
