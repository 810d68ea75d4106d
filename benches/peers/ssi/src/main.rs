//! Crate `ssi` and this library on the same credentials, one after the other in one run.
//!
//! ```text
//! cargo run --release --manifest-path benches/peers/ssi/Cargo.toml
//! ```
//!
//! Credentials of two shapes, with the members of a Connect result and with four claims, of a did:key.
//! The library verifies the text of a presentation of one, with every check that it makes; `ssi` the
//! text of the credential alone, as its documentation shows. Contexts are at hand.

#[path = "../../../../tests/support/oracle.rs"]
#[allow(dead_code)]
mod oracle;
#[path = "../../../../tests/support/plain.rs"]
#[allow(dead_code)]
mod plain;

use std::hint::black_box;
use std::time::{Duration, Instant};

use result_vp::{
    Evidence, ExpectedSession, Policy, TrustedIssuers, Unknown, UnverifiedPresentation, Verdict,
    Verifier,
};
use serde_json::{json, Value};
use ssi::claims::data_integrity::AnyDataIntegrity;
use ssi::claims::vc::AnyJsonCredential;
use ssi::claims::VerificationParameters;
use ssi::dids::DIDResolver;

const SUITES: [(&str, &str, &str); 3] = [
    ("Ed25519Signature2020", "EdDSA", "https://w3id.org/security/suites/ed25519-2020/v1"),
    ("eddsa-rdfc-2022", "EdDSA", "https://w3id.org/security/data-integrity/v2"),
    ("ecdsa-rdfc-2019", "ES256", "https://w3id.org/security/data-integrity/v2"),
];

fn main() {
    for (suite, algorithm, context) in SUITES {
        let key = plain::Key::new(algorithm, "an issuer");
        for (shape, document) in [("Connect", connect(context)), ("four claims", small(context))] {
            let mut document = document;
            document["issuer"] = key.did().into();
            let credential = plain::secured(&key, &document, &plain::options(&key, suite));
            compare(suite, shape, &credential);
        }
    }
}

fn compare(suite: &str, shape: &str, credential: &Value) {
    let presentation = json!({
        "@context": ["https://www.w3.org/2018/credentials/v1"],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [credential],
    });
    let (text, credential) = (presentation.to_string(), credential.to_string());
    let policy = Policy::new(TrustedIssuers::insecure_any());
    let verifier = Verifier::new(policy.status(Unknown::Skip).schema(Unknown::Skip));
    let evidence = Evidence::new();
    let now = chrono::Utc::now();
    let ours = || {
        let read = UnverifiedPresentation::from_json(text.as_bytes()).expect("a presentation");
        let report = verifier.verify(&read, ExpectedSession::InsecureAny, &evidence, now);
        assert_eq!(report.verdict(), Verdict::Accepted);
        black_box(report.into_verified().expect("verified"));
    };
    let resolver = ssi::dids::AnyDidMethod::default().into_vm_resolver();
    let parameters = VerificationParameters::from_resolver(resolver);
    let theirs = || {
        let read: AnyDataIntegrity<AnyJsonCredential> =
            serde_json::from_str(&credential).expect("a credential");
        let verified = futures::executor::block_on(read.verify(&parameters));
        black_box(verified.expect("asked").expect("valid"));
    };
    let (mut ratios, mut times) = (Vec::new(), Vec::new());
    for _ in 0..101 {
        let (ours, theirs) = (timed(ours), timed(theirs));
        ratios.push(theirs.as_secs_f64() / ours.as_secs_f64());
        times.push(ours);
    }
    ratios.sort_by(f64::total_cmp);
    times.sort();
    let (time, ratio, best) = (times[50], ratios[50], ratios[100]);
    println!("{suite:22} {shape:12} ours {time:8.1?}   ssi / ours {ratio:6.1} (best {best:.1})");
}

/// The members of a Connect result.
fn connect(context: &str) -> Value {
    let mut document = small(context);
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

fn small(context: &str) -> Value {
    json!({
        "@context": [
            "https://www.w3.org/2018/credentials/v1",
            context,
            {"@vocab": "https://trinsic.cloud/idv/"},
        ],
        "id": "urn:vc",
        "type": ["IdentityDocument_v0", "VerifiableCredential"],
        "credentialSubject": {
            "id": "urn:vc:subject:0",
            "givenName": "MIRABEL",
            "familyName": "EXEMPLARIS",
            "dateOfBirth": "1991-02-28T00:00:00",
            "number": "X0000417",
        },
        "issuanceDate": "2024-05-02T10:00:00Z",
    })
}

fn timed(run: impl Fn()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}
