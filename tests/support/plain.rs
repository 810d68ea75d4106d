//! A signer for the suites of plain signatures. Its canonical forms are those of general JSON-LD and RDF
//! processors, for the document and for the options of the proof: it shares no code with the library.

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine as _;
use ed25519_dalek::Signer as _;
use oxrdf::dataset::CanonicalizationHashAlgorithm;
use serde_json::{json, Value};
use sha2::{Digest, Sha256, Sha384};

use crate::oracle::labelled_by;

pub enum Key {
    Ed25519(ed25519_dalek::SigningKey),
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    /// Of another algorithm, with who signs with it.
    Foreign {
        did: String,
        method: String,
        jwk: Value,
        algorithm: &'static str,
        sign: Box<Sign>,
    },
}

pub type Sign = dyn Fn(&[u8]) -> Vec<u8>;

impl Key {
    /// A key of the algorithm, `EdDSA`, `ES256` or `ES384`, from what names it.
    pub fn new(algorithm: &str, seed: &str) -> Key {
        let seed = Sha384::digest(seed);
        match algorithm {
            "EdDSA" => {
                Key::Ed25519(ed25519_dalek::SigningKey::from_bytes(seed[..32].try_into().unwrap()))
            }
            "ES256" => Key::P256(p256::ecdsa::SigningKey::from_slice(&seed[..32]).unwrap()),
            "ES384" => Key::P384(p384::ecdsa::SigningKey::from_slice(&seed[..48]).unwrap()),
            other => panic!("{other}"),
        }
    }

    pub fn did(&self) -> String {
        let (codec, point) = match self {
            Key::Ed25519(key) => ([0xed, 0x01], key.verifying_key().as_bytes().to_vec()),
            Key::P256(key) => {
                ([0x80, 0x24], key.verifying_key().to_encoded_point(true).as_bytes().to_vec())
            }
            Key::P384(key) => {
                ([0x81, 0x24], key.verifying_key().to_encoded_point(true).as_bytes().to_vec())
            }
            Key::Foreign { did, .. } => return did.clone(),
        };
        format!("did:key:z{}", bs58::encode([&codec[..], &point].concat()).into_string())
    }

    pub fn method(&self) -> String {
        if let Key::Foreign { method, .. } = self {
            return method.clone();
        }
        let did = self.did();
        format!("{did}#{}", did.trim_start_matches("did:key:"))
    }

    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Key::Ed25519(key) => key.sign(message).to_bytes().to_vec(),
            Key::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                signature.to_bytes().to_vec()
            }
            Key::P384(key) => {
                let signature: p384::ecdsa::Signature = key.sign(message);
                signature.to_bytes().to_vec()
            }
            Key::Foreign { sign, .. } => sign(message),
        }
    }

    fn digest(&self, text: &str) -> Vec<u8> {
        match self {
            Key::P384(_) => Sha384::digest(text).to_vec(),
            _ => Sha256::digest(text).to_vec(),
        }
    }

    fn algorithm(&self) -> &'static str {
        match self {
            Key::Ed25519(_) => "EdDSA",
            Key::P256(_) => "ES256",
            Key::P384(_) => "ES384",
            Key::Foreign { algorithm, .. } => algorithm,
        }
    }
}

/// What a proof of the suite says by this key, without a value.
pub fn options(key: &Key, suite: &str) -> Value {
    let mut options = json!({
        "type": suite,
        "created": "2024-05-02T10:00:00Z",
        "proofPurpose": "assertionMethod",
        "verificationMethod": key.method(),
    });
    if suite.contains("-20") {
        options["type"] = "DataIntegrityProof".into();
        options["cryptosuite"] = suite.into();
    }
    options
}

/// The document with a proof of these options.
pub fn secured(key: &Key, document: &Value, options: &Value) -> Value {
    let cryptosuite = options["cryptosuite"].as_str();
    let (options_form, document_form) = match cryptosuite.is_some_and(|it| it.contains("-jcs-")) {
        true => (canonical(options), canonical(document)),
        false => {
            let mut named = options.clone();
            named["@context"] = document["@context"].clone();
            let by_sha384 = cryptosuite.is_some() && matches!(key, Key::P384(_));
            // Of this type the data model's context gives the options names whose prefix it does not define; the
            // authors' own signer states them as those of every other suite.
            let is_rsa = options["type"] == "RsaSignature2018";
            if is_rsa {
                named["type"] = "EcdsaSecp256k1Signature2019".into();
            }
            let mut stated = lines(&named, by_sha384);
            if is_rsa {
                stated = stated.replace("#EcdsaSecp256k1Signature2019>", "#RsaSignature2018>");
            }
            (stated, lines(document, by_sha384))
        }
    };
    let hash = |text: &str| match cryptosuite {
        Some(_) => key.digest(text),
        None => Sha256::digest(text).to_vec(),
    };
    let data = [hash(&options_form), hash(&document_form)].concat();
    let mut proof = options.clone();
    match options["type"].as_str() {
        Some(
            "EcdsaSecp256k1Signature2019"
            | "Ed25519Signature2018"
            | "JsonWebSignature2020"
            | "RsaSignature2018",
        ) => {
            let header = json!({"alg": key.algorithm(), "b64": false, "crit": ["b64"]});
            let header = URL_SAFE_NO_PAD.encode(header.to_string());
            let signature = key.sign(&[header.as_bytes(), b".", &data].concat());
            proof["jws"] = format!("{header}..{}", URL_SAFE_NO_PAD.encode(signature)).into();
        }
        _ => {
            let signature = bs58::encode(key.sign(&data)).into_string();
            proof["proofValue"] = format!("z{signature}").into();
        }
    }
    let mut secured = document.clone();
    secured["proof"] = proof;
    secured
}

/// RFC 8785 for values of ASCII names and small integers, in whatever order they are kept.
fn canonical(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(","))
        }
        Value::Object(members) => {
            let mut members: Vec<(&String, &Value)> = members.iter().collect();
            members.sort_by_key(|(name, _)| *name);
            let member = |(name, value): (&String, &Value)| {
                format!("{}:{}", Value::from(name.as_str()), canonical(value))
            };
            format!("{{{}}}", members.into_iter().map(member).collect::<Vec<_>>().join(","))
        }
        scalar => scalar.to_string(),
    }
}

fn lines(document: &Value, by_sha384: bool) -> String {
    let hash = match by_sha384 {
        true => CanonicalizationHashAlgorithm::Sha384,
        false => CanonicalizationHashAlgorithm::Sha256,
    };
    let lines = labelled_by(&document.to_string(), hash);
    let lines = lines.expect("a document that the processors read");
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// A credential of the data model that goes with the suite.
pub fn document(issuer: &str, suite: &str) -> Value {
    let vocabulary = json!({"@vocab": "https://trinsic.cloud/idv/"});
    let v1 = "https://www.w3.org/2018/credentials/v1";
    let (context, date) = match suite {
        "EcdsaSecp256k1Signature2019" | "Ed25519Signature2018" | "RsaSignature2018" => {
            (json!([v1, vocabulary]), "issuanceDate")
        }
        "Ed25519Signature2020" => {
            let suite = "https://w3id.org/security/suites/ed25519-2020/v1";
            (json!([v1, suite, vocabulary]), "issuanceDate")
        }
        "JsonWebSignature2020" => {
            let suite = "https://w3id.org/security/suites/jws-2020/v1";
            (json!([v1, suite, vocabulary]), "issuanceDate")
        }
        _ => (json!(["https://www.w3.org/ns/credentials/v2", vocabulary]), "validFrom"),
    };
    let mut document = json!({
        "@context": context,
        "id": "urn:vc",
        "type": ["VerifiableCredential", "IdentityDocument_v0"],
        "issuer": issuer,
        "credentialSubject": {
            "id": "urn:vc:subject:0",
            "givenName": "MIRABEL",
            "familyName": "EXEMPLARIS",
            "dateOfBirth": "1991-02-28T00:00:00",
            "number": "X0000417",
        },
    });
    document[date] = "2024-05-02T10:00:00Z".into();
    document
}

/// Each suite, and an algorithm that it is used with.
pub const SUITES: [(&str, &str); 10] = [
    ("Ed25519Signature2018", "EdDSA"),
    ("Ed25519Signature2020", "EdDSA"),
    ("JsonWebSignature2020", "EdDSA"),
    ("JsonWebSignature2020", "ES256"),
    ("JsonWebSignature2020", "ES384"),
    ("eddsa-rdfc-2022", "EdDSA"),
    ("eddsa-jcs-2022", "EdDSA"),
    ("ecdsa-rdfc-2019", "ES256"),
    ("ecdsa-rdfc-2019", "ES384"),
    ("ecdsa-jcs-2019", "ES256"),
];
