//! `did:jwk`: the DID states its key.

#[path = "support/signer.rs"]
mod signer;
mod support;

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine as _;
use result_vp::{
    Check, Did, Error, Evidence, ExpectedSession, Outcome, Policy, ReasonCode, TrustedIssuers,
    Unknown, UnverifiedPresentation, Verdict, Verifier,
};
use serde_json::{json, Value};
use signer::{document, presentation, with_proof, Signer};
use support::{instant, outcome};

/// A credential of a `did:jwk` issuer whose key is `jwk`, signed by `signer`.
fn credential(signer: &Signer, jwk: &Value) -> (Did, Value) {
    let did = format!("did:jwk:{}", URL_SAFE_NO_PAD.encode(jwk.to_string()));
    let document = document(&did);
    let mut options = signer.proof_options();
    options["verificationMethod"] = format!("{did}#0").into();
    let messages = signer.messages(&document, &options);
    let all: Vec<usize> = (0..messages.len()).collect();
    let value = signer.derive(&signer.sign(&messages), &messages, &all, b"nonce");
    (Did::new(&did).unwrap(), with_proof(&document, &options, &value, "nonce"))
}

fn proof(issuer: Did, credential: &Value) -> (Verdict, Outcome) {
    let policy = Policy::new(TrustedIssuers::new([issuer]).unwrap())
        .status(Unknown::Skip)
        .schema(Unknown::Skip);
    let presentation = UnverifiedPresentation::from_json(presentation(credential).as_bytes());
    let report = Verifier::new(policy).verify(
        &presentation.unwrap(),
        ExpectedSession::InsecureAny,
        &Evidence::new(),
        instant("2024-06-01T00:00:00Z"),
    );
    let outcome = outcome(&report.credentials()[0], Check::Proof);
    (report.verdict(), outcome)
}

fn bls_jwk(signer: &Signer) -> Value {
    json!({"kty": "EC", "crv": "BLS12381_G2", "x": URL_SAFE_NO_PAD.encode(signer.public_key())})
}

#[test]
fn the_key_of_a_did_jwk_is_the_did() {
    let signer = Signer::new("an issuer");
    let (issuer, honest) = credential(&signer, &bls_jwk(&signer));
    assert_eq!(proof(issuer, &honest), (Verdict::Accepted, Outcome::Pass));
    let (issuer, forged) = credential(&signer, &bls_jwk(&Signer::new("another issuer")));
    let (verdict, outcome) = proof(issuer, &forged);
    assert_eq!(verdict, Verdict::Rejected);
    assert_eq!(outcome.reason().unwrap().code(), ReasonCode::ProofEquation);
}

#[test]
fn what_is_no_jwk_is_no_key() {
    let signer = Signer::new("an issuer");
    let private = json!({"kty": "EC", "crv": "BLS12381_G2", "d": "AA", "x": "AA"});
    let short = json!({"kty": "EC", "crv": "BLS12381_G2", "x": "AA"});
    let code = |jwk: &Value| {
        let (issuer, credential) = credential(&signer, jwk);
        let (verdict, outcome) = proof(issuer, &credential);
        assert_eq!(verdict, Verdict::Rejected);
        outcome.reason().unwrap().code()
    };
    assert_eq!(code(&private), ReasonCode::KeyTypeDiffers);
    assert_eq!(code(&short), ReasonCode::KeyMalformed);
    assert_eq!(code(&json!("text")), ReasonCode::KeyMalformed);
}

#[test]
fn a_key_of_another_type_is_refused() {
    let x = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
    let y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
    let jwk = json!({"kty": "EC", "crv": "P-256", "x": x, "y": y});
    let (issuer, credential) = credential(&Signer::new("an issuer"), &jwk);
    let (verdict, outcome) = proof(issuer, &credential);
    assert_eq!(verdict, Verdict::Rejected);
    assert_eq!(outcome.reason().unwrap().code(), ReasonCode::KeyTypeDiffers);
}

/// No file says which key such a DID has.
#[test]
fn a_file_for_a_did_that_states_its_key_is_refused() {
    let signer = Signer::new("an issuer");
    let (issuer, _) = credential(&signer, &bls_jwk(&signer));
    for did in [issuer.as_str(), "did:jwk:x", "did:key:x", &signer.did()] {
        let document = json!({"id": did}).to_string();
        let refused = Evidence::new().add_did_document(document.as_bytes());
        assert!(matches!(refused, Err(Error::Configuration { .. })), "{did}: {refused:?}");
    }
    assert!(Evidence::new().add_did_document(br#"{"id":"did:web:a.example"}"#).is_ok());
}
