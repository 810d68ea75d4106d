//! Texts that are accepted, by issuers and a holder that share no code with the library, and what was signed of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine as _;
use result_vp::policy::HolderBinding;
use result_vp::{
    Did, Evidence, ExpectedSession, Input, Policy, SessionId, TrustedIssuers, Unknown,
    UnverifiedPresentation, Verifier,
};
use serde_json::{json, Value};

use super::shown::{header, signed, Credential, Original, Presented, Shown, Token};
use super::{claims, Claims};
use crate::plain::{document, options, secured, Key, SUITES};
use crate::sd_jwt::{
    algorithm, bound, digest, disclosure, holder, issuer, presented, token, Pid, AUDIENCE, NONCE,
};

pub struct World {
    /// Whoever presents, in whatever session.
    anybody: Verifier,
    /// The subject alone, to this audience, in this session.
    subject: Verifier,
    evidence: Evidence,
    pub valid: Vec<String>,
    /// What the issuers signed as tokens.
    pub tokens: BTreeMap<String, Issued>,
    /// The same as documents.
    pub documents: Vec<Original>,
    /// What the holder signed: as tokens and as documents.
    pub held: BTreeSet<String>,
    pub presentations: Vec<Original>,
}

pub struct Issued {
    /// The issuer's own signature, and what anybody can make of it.
    pub signatures: Vec<String>,
    pub disclosures: BTreeSet<String>,
    pub claims: Claims,
}

impl World {
    pub fn get() -> &'static World {
        static WORLD: OnceLock<World> = OnceLock::new();
        WORLD.get_or_init(|| {
            let trusted: BTreeSet<String> = credentials().iter().flat_map(|it| dids(it)).collect();
            let trusted = trusted.iter().map(|did| Did::new(did).expect("a DID"));
            let policy = Policy::new(TrustedIssuers::new(trusted).expect("issuers"))
                .status(Unknown::Skip)
                .schema(Unknown::Skip);
            let subject = policy.clone().domain(AUDIENCE).holder(HolderBinding::RequireSubject);
            let mut world = World {
                anybody: Verifier::new(policy),
                subject: Verifier::new(subject),
                evidence: Evidence::new(),
                valid: Vec::new(),
                tokens: BTreeMap::new(),
                documents: Vec::new(),
                held: BTreeSet::new(),
                presentations: Vec::new(),
            };
            credentials().into_iter().chain(presentations()).for_each(|text| world.learn(text));
            world
        })
    }

    pub fn read(&self, text: &[u8]) -> Option<UnverifiedPresentation> {
        let contexts = self.evidence.contexts();
        match Input::from_json(text, contexts) {
            Ok(Input::Presentation(presentation)) => Some(presentation),
            _ => UnverifiedPresentation::from_bare_credential(text, contexts).ok(),
        }
    }

    /// The claims of every credential, if all of them are accepted.
    pub fn accepted(&self, read: &UnverifiedPresentation) -> Option<Vec<Claims>> {
        let any = ExpectedSession::InsecureAny;
        let report = self.anybody.verify(read, any, &self.evidence, NOW.parse().unwrap());
        Some(report.into_verified().ok()?.credentials().iter().map(claims).collect())
    }

    /// Whether that is so too where the subject must present them, in the session.
    pub fn accepted_of_subject(&self, read: &UnverifiedPresentation) -> bool {
        let session = SessionId::new(NONCE).unwrap();
        let session = ExpectedSession::Id(&session);
        let report = self.subject.verify(read, session, &self.evidence, NOW.parse().unwrap());
        report.into_verified().is_ok()
    }

    /// Of an honest text.
    pub fn claims_of(&self, text: &str) -> Vec<Claims> {
        let read = self.read(text.as_bytes()).expect("an honest text");
        self.accepted(&read).unwrap_or_else(|| panic!("not accepted: {text}"))
    }

    /// Notes what was signed of an honest text.
    fn learn(&mut self, text: String) {
        let (shown, claims) = (Shown::of(&text), self.claims_of(&text));
        for (credential, claims) in shown.credentials.into_iter().zip(claims) {
            match credential {
                Credential::Token(token) => self.learn_token(token, claims),
                Credential::Secured(it) => {
                    let original = |options: &Value| {
                        Original::new(it.document.clone(), options.clone(), claims.clone())
                    };
                    self.documents.extend(it.proofs.iter().map(original));
                }
            }
        }
        match shown.presented {
            Presented::Plainly => {}
            Presented::ByToken(token) => drop(self.held.insert(signed(&token.issued).0.to_owned())),
            Presented::ByProof(it) => {
                let [options] = <[Value; 1]>::try_from(it.proofs).expect("one proof");
                self.presentations.push(Original::new(it.document, options, Claims::new()));
            }
        }
        self.valid.push(text);
    }

    fn learn_token(&mut self, token: Token, claims: Claims) {
        if !token.binding.is_empty() {
            self.held.insert(signed(&token.binding).0.to_owned());
        }
        let (text, signature) = signed(&token.issued);
        let twin = twin(signature);
        // With everything disclosed it comes first.
        self.tokens.entry(text.to_owned()).or_insert_with(|| Issued {
            signatures: twin.into_iter().chain([signature.to_owned()]).collect(),
            disclosures: token.disclosures.into_iter().collect(),
            claims,
        });
    }
}

/// Who may have issued it: the DID of its key.
fn dids(text: &str) -> Vec<String> {
    let did = |credential: Credential| {
        let method = match credential {
            Credential::Token(token) => header(&token.issued)["kid"].clone(),
            Credential::Secured(it) => it.proofs[0]["verificationMethod"].clone(),
        };
        method.as_str().and_then(|it| it.split_once('#')).expect("a DID URL").0.to_owned()
    };
    Shown::of(text).credentials.into_iter().map(did).collect()
}

/// Credentials of every format, by themselves.
fn credentials() -> Vec<String> {
    let [of_v1, of_v2] = jwts();
    let pid = Pid::new();
    let partly = ["given_name", "address", "city", "nationality"];
    let mut texts = vec![
        of_v1,
        of_v2,
        pid.bound(),
        pid.shown(&pid.names()),
        bound(&pid.shown(&partly)),
        with_hidden_name(),
        include_str!("../../../fixtures/vocabularies/eudi_pid.txt").trim().to_owned(),
    ];
    for (suite, algorithm) in SUITES {
        let key = Key::new(algorithm, suite);
        let mut options = options(&key, suite);
        texts.push(secured(&key, &document(&key.did(), suite), &options).to_string());
        for (name, value) in OPTIONS {
            options[name] = value.into();
        }
        texts.push(secured(&key, &document(&key.did(), suite), &options).to_string());
    }
    let selective = [
        include_str!("../../../fixtures/presentations/suites/ecdsa-sd-2023-all.json"),
        include_str!("../../../fixtures/presentations/suites/ecdsa-sd-2023.json"),
        include_str!("../../../fixtures/presentations/suites/bbs-2023-all.json"),
        include_str!("../../../fixtures/presentations/suites/bbs-2023.json"),
    ];
    texts.extend(selective.map(|text| {
        let presentation: Value = serde_json::from_str(text).expect("JSON");
        presentation["verifiableCredential"][0].to_string()
    }));
    texts
}

/// VC data model 1.1, section 6.3.1, and VC JOSE COSE 1.0, section 3.1, about the holder.
fn jwts() -> [String; 2] {
    let signed = |key: &Key, kind: &str, payload: &Value| {
        token(key, &json!({"alg": algorithm(key), "kid": key.method(), "typ": kind}), payload)
    };
    let key = Key::new("EdDSA", "an issuer of tokens");
    let mut credential = document(&key.did(), "Ed25519Signature2018");
    credential["credentialSubject"].as_object_mut().unwrap().remove("id");
    for said_beside in ["issuer", "id", "issuanceDate"] {
        credential.as_object_mut().unwrap().remove(said_beside);
    }
    let of_v1 = json!({
        "iss": key.did(), "sub": holder().did(), "jti": "urn:vc", "nbf": 1_714_644_000,
        "exp": 1_900_000_000, "vc": credential,
    });
    let of_v1 = signed(&key, "JWT", &of_v1);
    let key = Key::new("ES384", "an issuer of tokens");
    let mut of_v2 = document(&key.did(), "eddsa-rdfc-2022");
    of_v2["credentialSubject"]["id"] = holder().did().into();
    [of_v1, signed(&key, "vc+jwt", &of_v2)]
}

/// VC JOSE COSE 1.0, section 3.2.
fn with_hidden_name() -> String {
    let key = issuer();
    let header = json!({"alg": algorithm(&key), "kid": key.method(), "typ": "vc+sd-jwt"});
    let mut payload = document(&key.did(), "ecdsa-rdfc-2019");
    let name = disclosure(&json!(["s", "givenName", "MIRABEL"]));
    let subject = payload["credentialSubject"].as_object_mut().unwrap();
    subject.remove("givenName");
    subject.insert("_sd".to_owned(), json!([digest(&name), digest("decoy")]));
    payload["cnf"] = json!({"jwk": crate::sd_jwt::jwk(&holder())});
    bound(&presented(&token(&key, &header, &payload), [name.as_str()]))
}

/// Presentations of every format.
fn presentations() -> Vec<String> {
    let [of_v1, of_v2] = jwts();
    let pid = Pid::new().bound();
    let of_v2 = envelope("vc+jwt", &of_v2);
    let plain = presentation(&[of_v1.clone().into(), of_v2.clone(), envelope("dc+sd-jwt", &pid)]);
    let key = holder();
    let by_token = |payload: &Value, kind: &str| {
        let header = json!({"alg": algorithm(&key), "kid": key.method(), "typ": kind});
        token(&key, &header, payload)
    };
    let merged = by_token(&presented_payload(&presentation(&[of_v2]), false), "vp+jwt");
    let enveloped = json!({
        "@context": "https://www.w3.org/ns/credentials/v2",
        "type": "EnvelopedVerifiablePresentation",
        "id": format!("data:application/vp+jwt,{merged}"),
    });
    let suite = "eddsa-rdfc-2022";
    let issuer = Key::new("EdDSA", suite);
    let mut credential = document(&issuer.did(), suite);
    credential["credentialSubject"]["id"] = key.did().into();
    let credential = secured(&issuer, &credential, &options(&issuer, suite));
    let mut shown = options(&key, "ecdsa-rdfc-2019");
    shown["proofPurpose"] = "authentication".into();
    shown["challenge"] = NONCE.into();
    shown["domain"] = AUDIENCE.into();
    let with_proof = secured(&key, &presentation(&[credential]), &shown);
    vec![
        plain.to_string(),
        by_token(&presented_payload(&presentation(&[of_v1.into()]), true), "JWT"),
        merged,
        enveloped.to_string(),
        with_proof.to_string(),
    ]
}

pub fn presentation(credentials: &[Value]) -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": credentials,
    })
}

/// Of the holder's token: the presentation beside the claims, as in the first data model, or among them.
pub fn presented_payload(presentation: &Value, is_beside: bool) -> Value {
    let mut payload = if is_beside { json!({"vp": presentation}) } else { presentation.clone() };
    payload["iss"] = holder().did().into();
    payload["aud"] = AUDIENCE.into();
    payload["nonce"] = NONCE.into();
    payload["iat"] = 1_717_000_000.into();
    payload
}

pub fn envelope(kind: &str, token: &str) -> Value {
    json!({
        "@context": "https://www.w3.org/ns/credentials/v2",
        "type": "EnvelopedVerifiableCredential",
        "id": format!("data:application/{kind},{token}"),
    })
}

/// What anybody makes of a signature by ECDSA, and of others nobody: with n - s in the place of s.
pub fn twin(signature: &str) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(signature).ok()?;
    let twin = match bytes.len() {
        64 => {
            let (r, s) = p256::ecdsa::Signature::from_slice(&bytes).ok()?.split_scalars();
            p256::ecdsa::Signature::from_scalars(r, -s).ok()?.to_bytes().to_vec()
        }
        _ => {
            let (r, s) = p384::ecdsa::Signature::from_slice(&bytes).ok()?.split_scalars();
            p384::ecdsa::Signature::from_scalars(r, -s).ok()?.to_bytes().to_vec()
        }
    };
    Some(URL_SAFE_NO_PAD.encode(twin))
}

const NOW: &str = "2024-06-01T00:00:00Z";
/// As `fixtures/presentations/suites` have them, so that these are texts that were signed.
const OPTIONS: [(&str, &str); 5] = [
    ("challenge", "of the relying party"),
    ("domain", "relying-party.example"),
    ("expires", "2025-01-01T00:00:00Z"),
    ("id", "urn:uuid:0f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e10"),
    ("nonce", "n"),
];
