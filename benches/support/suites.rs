//! Presentations of one credential each, signed by a plain key of a did:key.

use chrono::{DateTime, Utc};
use result_vp::{
    Evidence, ExpectedSession, Policy, TrustedIssuers, Unknown, UnverifiedPresentation,
    VerifiedPresentation, Verifier,
};
use serde_json::{json, Value};

use crate::plain::{self, Key};

/// Suites, each with the algorithm of its key and the context that defines its terms.
pub const SUITES: [(&str, &str, &str); 3] = [
    ("Ed25519Signature2020", "EdDSA", "https://w3id.org/security/suites/ed25519-2020/v1"),
    ("eddsa-rdfc-2022", "EdDSA", "https://w3id.org/security/data-integrity/v2"),
    ("ecdsa-rdfc-2019", "ES256", "https://w3id.org/security/data-integrity/v2"),
];

pub struct Presented {
    pub text: String,
    verifier: Verifier,
    evidence: Evidence,
    now: DateTime<Utc>,
}

impl Presented {
    /// A credential of the document by one of the [`SUITES`].
    pub fn new((suite, algorithm, context): (&str, &str, &str), document: &Value) -> Presented {
        let key = Key::new(algorithm, "an issuer");
        let mut document = document.clone();
        document["@context"] = json!([
            "https://www.w3.org/2018/credentials/v1",
            context,
            {"@vocab": "https://trinsic.cloud/idv/"},
        ]);
        document["issuer"] = key.did().into();
        let credential = plain::secured(&key, &document, &plain::options(&key, suite));
        let presentation = json!({
            "@context": ["https://www.w3.org/2018/credentials/v1"],
            "type": ["VerifiablePresentation"],
            "verifiableCredential": [credential],
        });
        let policy = Policy::new(TrustedIssuers::insecure_any());
        let policy = policy.status(Unknown::Skip).schema(Unknown::Skip);
        Presented {
            text: presentation.to_string(),
            verifier: Verifier::new(policy),
            evidence: Evidence::new(),
            now: "2026-01-01T00:00:00Z".parse().expect("a time"),
        }
    }

    /// From the text to what the claims are read from, with every check.
    pub fn verified(&self) -> VerifiedPresentation {
        let read = UnverifiedPresentation::from_json(self.text.as_bytes()).expect("a presentation");
        let any = ExpectedSession::InsecureAny;
        let report = self.verifier.verify(&read, any, &self.evidence, self.now);
        report.into_verified().expect("accepted")
    }
}

/// The members of a Connect result, but for context and issuer.
pub fn connect() -> Value {
    let mut document = four_claims();
    let subject = &mut document["credentialSubject"];
    for (name, value) in [
        ("issueDate", "2021-09-30T00:00:00"),
        ("expiryDate", "2031-09-29T00:00:00"),
        ("streetAddress", "12 SAMPLE ROW"),
        ("city", "NOWHERE FALLS"),
        ("state", "ZZ"),
        ("postalCode", "00000"),
        ("class", "C"),
        ("issuer", "ZZ"),
        ("portrait", ""),
        ("signature", ""),
    ] {
        subject[name] = value.into();
    }
    document["credentialSchema"] = json!({
        "id": "https://schema.issuer.example/idv/identity-document_v0",
        "type": "JsonSchemaValidator2018",
    });
    document["credentialStatus"] = json!({
        "id": "https://issuer.example/credential-status/1#417",
        "type": "RevocationList2020Status",
        "revocationListCredential": "https://issuer.example/credential-status/1",
        "revocationListIndex": "417",
    });
    document
}

/// The same with four claims, and without schema and status.
pub fn four_claims() -> Value {
    plain::document("", "Ed25519Signature2020")
}
