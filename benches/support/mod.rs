//! Sessions of invented persons, and the unit that they are measured in.

#![allow(dead_code)]

#[path = "../../tests/support/signer.rs"]
pub mod signer;

use std::io::Write;
use std::path::Path;

use base64::engine::general_purpose::STANDARD;
use base64::Engine as _;
use blst::{
    blst_final_exp, blst_fp12, blst_fp12_mul, blst_miller_loop, blst_p1_affine,
    blst_p1_affine_generator, blst_p2_affine, blst_p2_affine_generator,
};
use chrono::{DateTime, Utc};
use flate2::write::GzEncoder;
use flate2::Compression;
use result_vp::policy::Disclosure;
use result_vp::{
    Did, Evidence, ExpectedSession, GovernmentId, Policy, Session, SessionId, Source,
    TrustedIssuers, UnverifiedPresentation, VerifiedPresentation, Verifier,
};
use serde_json::{json, Value};
use signer::document;
use signer::Signer;

/// An issuer with a `did:web`, as Trinsic is one.
pub struct Issuer {
    signer: Signer,
    did: String,
    list: String,
}

impl Issuer {
    fn new(index: usize) -> Issuer {
        let host = format!("issuer-{index}.example");
        Issuer {
            signer: Signer::new(&host),
            did: format!("did:web:{host}"),
            list: format!("https://{host}/credential-status/1"),
        }
    }

    /// The compressed G2 point.
    pub fn public_key(&self) -> Vec<u8> {
        self.signer.public_key()
    }

    /// Whether crate `bbs` verifies the proof, cold, as the other implementations use it: its generators
    /// are derived for each proof.
    pub fn peer_verifies(&self, asked: &Asked) -> bool {
        self.signer.cold().oracle(&asked.value, STATEMENTS, &asked.revealed, asked.nonce.as_bytes())
    }

    fn options(&self) -> Value {
        let mut options = self.signer.proof_options();
        options["verificationMethod"] = format!("{}#key-1", self.did).into();
        options
    }

    fn did_document(&self) -> Value {
        let id = format!("{}#key-1", self.did);
        json!({
            "id": self.did,
            "verificationMethod": [{
                "id": id,
                "type": "Bls12381G2Key2020",
                "controller": self.did,
                "publicKeyBase58": bs58::encode(self.public_key()).into_string(),
            }],
            "assertionMethod": [id],
        })
    }

    /// A list in which nobody is revoked.
    fn status_list(&self) -> Value {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&[0; 16384]).expect("memory");
        let document = json!({
            "@context": [
                "https://www.w3.org/2018/credentials/v1",
                "https://w3id.org/vc-revocation-list-2020/v1",
                "https://w3id.org/bbs/v1",
            ],
            "id": self.list,
            "type": ["VerifiableCredential", "RevocationList2020Credential"],
            "issuer": self.did,
            "issuanceDate": "2024-05-01T00:00:00Z",
            "credentialSubject": {
                "id": format!("{}#list", self.list),
                "type": "RevocationList2020",
                "encodedList": STANDARD.encode(encoder.finish().expect("memory")),
            },
        });
        let options = self.options();
        let messages = self.signer.messages(&document, &options);
        let all: Vec<usize> = (0..messages.len()).collect();
        let signature = self.signer.sign(&messages);
        let value = self.signer.derive(&signature, &messages, &all, b"a nonce");
        signer::with_proof(&document, &options, &value, "a nonce")
    }
}

/// Issuers, and the evidence by which every check of their credentials is decided.
pub struct World {
    pub issuers: Vec<Issuer>,
    pub evidence: Evidence,
    pub policy: Policy,
    pub now: DateTime<Utc>,
}

impl World {
    pub fn new(issuers: usize) -> World {
        let issuers: Vec<Issuer> = (0..issuers).map(Issuer::new).collect();
        let mut evidence = Evidence::new();
        let mut add = |json: &Value| {
            evidence.add(json.to_string().as_bytes(), Source::unknown()).expect("evidence");
        };
        let fixture = include_bytes!("../../fixtures/evidence/schema.json");
        add(&serde_json::from_slice(fixture).expect("a schema"));
        for issuer in &issuers {
            add(&issuer.did_document());
            add(&issuer.status_list());
        }
        let dids = issuers.iter().map(|issuer| Did::new(&issuer.did).expect("a DID"));
        let policy = Policy::new(TrustedIssuers::new(dids).expect("issuers"))
            .disclosure(Disclosure::AllowPartial);
        let now = "2024-06-01T00:00:00Z".parse().expect("a time");
        World { issuers, evidence, policy, now }
    }

    /// Writes credentials of one issuer, and the documents by which others verify them.
    pub fn write(&self, folder: &Path) {
        let issuer = &self.issuers[0];
        let mut documents = json!({});
        for (url, text) in [
            ("https://www.w3.org/2018/credentials/v1", ssi_contexts::CREDENTIALS_V1),
            ("https://w3id.org/bbs/v1", ssi_contexts::BBS_V1),
            ("https://w3id.org/security/bbs/v1", ssi_contexts::BBS_V1),
            ("https://w3id.org/security/suites/jws-2020/v1", ssi_contexts::W3ID_JWS2020_V1),
            ("https://www.w3.org/ns/did/v1", ssi_contexts::DID_V1),
        ] {
            documents[url] = serde_json::from_str(text).expect("a context");
        }
        let mut document = issuer.did_document();
        let mut key = document["verificationMethod"][0].clone();
        key["@context"] = "https://w3id.org/security/bbs/v1".into();
        documents[format!("{}#key-1", issuer.did)] = key;
        document["@context"] =
            json!(["https://www.w3.org/ns/did/v1", "https://w3id.org/security/bbs/v1"]);
        documents[&issuer.did] = document;
        let credentials: Vec<Value> =
            persons(issuer, 8, &[]).into_iter().map(|asked| asked.credential).collect();
        let write = |name: &str, value: &Value| {
            std::fs::write(folder.join(name), value.to_string()).expect("a folder");
        };
        write("documents.json", &documents);
        write("credentials.json", &credentials.into());
    }

    /// The evidence as files, by their names.
    pub fn documents(&self) -> Vec<(String, Value)> {
        let fixture = include_bytes!("../../fixtures/evidence/schema.json");
        let schema = serde_json::from_slice(fixture).expect("a schema");
        let mut documents = vec![("schema.json".to_owned(), schema)];
        for (place, issuer) in self.issuers.iter().enumerate() {
            documents.push((format!("did-{place}.json"), issuer.did_document()));
            documents.push((format!("list-{place}.json"), issuer.status_list()));
        }
        documents
    }

    /// A verifier that has met nobody yet.
    pub fn verifier(&self) -> Verifier {
        Verifier::new(self.policy.clone())
    }

    /// From the text of a session to the claims.
    pub fn claims(&self, verifier: &Verifier, asked: &Asked) -> GovernmentId {
        let session = Session::from_json(asked.text.as_bytes()).expect("a session");
        let id = SessionId::new(session.id()).expect("an id");
        let expected = ExpectedSession::Id(&id);
        let report = verifier.verify_session(&session, expected, &self.evidence, self.now);
        self::read(&report.expect("a result").into_verified().expect("accepted"))
    }

    /// The same for many at once.
    pub fn all_claims(&self, verifier: &Verifier, asked: &[Asked]) -> Vec<GovernmentId> {
        let read = |asked: &Asked| {
            let session = Session::from_json(asked.text.as_bytes()).expect("a session");
            let id = SessionId::new(session.id()).expect("an id");
            (session, id)
        };
        let sessions: Vec<(Session, SessionId)> = asked.iter().map(read).collect();
        let expected: Vec<_> =
            sessions.iter().map(|(session, id)| (session, ExpectedSession::Id(id))).collect();
        let reports = verifier.verify_session_batch(&expected, &self.evidence, self.now);
        let claims = reports.into_iter().map(|report| {
            self::read(&report.expect("a result").into_verified().expect("accepted"))
        });
        claims.collect()
    }
}

/// The claims, images decoded: they are decoded when somebody asks, and here somebody does.
fn read(verified: &VerifiedPresentation) -> GovernmentId {
    let claims = GovernmentId::from_credential(&verified.credentials()[0]);
    let claims = claims.expect("a government ID");
    for image in [&claims.portrait, &claims.signature] {
        std::hint::black_box(image.disclosed().map(|image| image.bytes().map(<[u8]>::len)));
    }
    claims
}

/// A session as it is asked about, and its proof as the other implementation reads it.
#[derive(Clone)]
pub struct Asked {
    pub text: String,
    pub credential: Value,
    pub value: Vec<u8>,
    pub revealed: Vec<(usize, String)>,
    pub nonce: String,
}

impl Asked {
    /// A session of an invented person, who hides some members.
    pub fn new(issuer: &Issuer, person: usize, hidden: &[&str]) -> Asked {
        Asked::of(issuer, person, hidden, "")
    }

    /// The same with two images of this many bytes.
    pub fn with_images(issuer: &Issuer, person: usize, bytes: usize) -> Asked {
        let image: Vec<u8> = (0..bytes).map(|at| (at * 31 + person) as u8).collect();
        Asked::of(issuer, person, &[], &STANDARD.encode(image))
    }

    fn of(issuer: &Issuer, person: usize, hidden: &[&str], image: &str) -> Asked {
        let id = format!("0f5a1c52-6f0e-4f7e-9a55-{person:012x}");
        let nonce = format!("urn:trinsic:idvsession:{id}");
        let signer = &issuer.signer;
        let mut full = document(&issuer.did);
        let subject = &mut full["credentialSubject"];
        subject["givenName"] = format!("MIRABEL {person}").into();
        subject["familyName"] = format!("EXEMPLARIS {person}").into();
        subject["dateOfBirth"] = format!("19{:02}-02-28T00:00:00", 10 + person % 90).into();
        subject["number"] = format!("X{person:07}").into();
        subject["issueDate"] = format!("20{:02}-09-30T00:00:00", person % 24).into();
        subject["expiryDate"] = format!("20{:02}-09-29T00:00:00", 30 + person % 24).into();
        subject["streetAddress"] = format!("{person} SAMPLE ROW").into();
        subject["city"] = format!("NOWHERE FALLS {person}").into();
        subject["postalCode"] = format!("{person:05}").into();
        subject["portrait"] = image.into();
        subject["signature"] = image.into();
        let minute = person % 60;
        full["issuanceDate"] = format!("2024-05-02T10:{minute:02}:00Z").into();
        full["credentialStatus"]["id"] = format!("{}#{person}", issuer.list).into();
        full["credentialStatus"]["revocationListCredential"] = issuer.list.clone().into();
        full["credentialStatus"]["revocationListIndex"] = person.to_string().into();
        let mut shown = full.clone();
        for name in hidden {
            shown["credentialSubject"].as_object_mut().unwrap().remove(*name).unwrap();
        }
        let mut options = issuer.options();
        options["created"] = full["issuanceDate"].clone();
        let messages = signer.messages(&full, &options);
        let shown_messages = signer.messages(&shown, &options);
        let revealed: Vec<(usize, String)> = (messages.iter().cloned().enumerate())
            .filter(|(_, line)| shown_messages.contains(line))
            .collect();
        let indices: Vec<usize> = revealed.iter().map(|(index, _)| *index).collect();
        let value = signer.derive(&signer.sign(&messages), &messages, &indices, nonce.as_bytes());
        let credential = signer::with_proof(&shown, &options, &value, &nonce);
        let text = json!({
            "id": id,
            "clientToken": "not-a-token",
            "state": "IDV_SUCCESS",
            "verifications": {
                "v": {"id": "v", "state": "VERIFICATION_SUCCESS", "updated": 1714644590}
            },
            "resultVp": signer::presentation(&credential),
            "created": 1714644000,
            "updated": 1714644600,
        });
        Asked { text: text.to_string(), credential, value, revealed, nonce }
    }

    /// The messages that it shows, as they were signed.
    pub fn messages(&self) -> Vec<String> {
        self.revealed.iter().map(|(_, line)| line.clone()).collect()
    }

    /// Reads the session and its presentation, and states what it says.
    pub fn statements(&self) -> UnverifiedPresentation {
        let session = Session::from_json(self.text.as_bytes()).expect("a session");
        let result = session.result_vp().expect("a result");
        UnverifiedPresentation::from_json(result.as_bytes()).expect("a presentation")
    }
}

/// Persons of one issuer.
pub fn persons(issuer: &Issuer, count: usize, hidden: &[&str]) -> Vec<Asked> {
    (0..count).map(|person| Asked::new(issuer, person, hidden)).collect()
}

/// The unit P: one product of two pairings.
#[allow(unsafe_code)]
pub fn pairing_product() -> blst_fp12 {
    // SAFETY: `blst` hands out constants of its own; the others are plain values.
    unsafe {
        let g1: blst_p1_affine = *blst_p1_affine_generator();
        let g2: blst_p2_affine = *blst_p2_affine_generator();
        let [mut left, mut right, mut product] = [blst_fp12::default(); 3];
        blst_miller_loop(&mut left, &g2, &g1);
        blst_miller_loop(&mut right, &g2, &g1);
        blst_fp12_mul(&mut product, &left, &right);
        let factors = product;
        blst_final_exp(&mut product, &factors);
        product
    }
}

/// Of a credential: 25 of the document and four of the proof.
const STATEMENTS: usize = 29;
pub const HIDDEN: &[&str] = &[
    "givenName",
    "familyName",
    "dateOfBirth",
    "number",
    "issueDate",
    "expiryDate",
    "streetAddress",
    "city",
    "state",
    "postalCode",
];
