//! What can be learned without a verdict: it is named so, and opens no way to one.

mod support;

use result_vp::{
    Did, Evidence, ExpectedSession, GovernmentId, Policy, Report, SessionId, TrustedIssuers,
    Unknown, UnverifiedPresentation, Verdict, Verifier,
};
use support::{fixture, instant};

const OWN: &str = "0f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e10";

fn verify(text: &[u8], session: &str) -> Report {
    let mut evidence = Evidence::new();
    evidence.add_did_document(&fixture("did/issuer.json")).unwrap();
    let issuers = TrustedIssuers::new([Did::new("did:web:issuer.example").unwrap()]).unwrap();
    let policy = Policy::new(issuers).status(Unknown::Skip).schema(Unknown::Skip);
    let presentation = UnverifiedPresentation::from_json(text).unwrap();
    let session = SessionId::new(session).unwrap();
    let now = instant("2026-01-01T00:00:00Z");
    Verifier::new(policy).verify(&presentation, ExpectedSession::Id(&session), &evidence, now)
}

#[test]
fn unaccepted_claims_are_read_by_name_alone() {
    let report = verify(&fixture("presentations/full.json"), "another");
    assert_eq!(report.verdict(), Verdict::Rejected);
    let credential = &report.credentials()[0];
    let id = GovernmentId::insecure_from_unaccepted(credential).unwrap();
    assert_eq!(id.given_name.disclosed().map(String::as_str), Some("MIRABEL"));
    let claims = credential.insecure_unaccepted_claims();
    let name = "https://trinsic.cloud/idv/givenName".to_owned();
    assert!(claims.contains(&(name, vec!["MIRABEL".to_owned()])));
    // Having looked at them changes nothing.
    assert!(report.into_verified().is_err());
}

#[test]
fn unaccepted_claims_are_those_of_the_accepted_where_both_can_be_read() {
    let text = fixture("presentations/selective.json");
    let report = verify(&text, "7b1d9f36-2c44-4a0a-8a0f-51f0c7de2a21");
    let id = GovernmentId::insecure_from_unaccepted(&report.credentials()[0]);
    let claims = report.credentials()[0].insecure_unaccepted_claims();
    let verified = report.into_verified().unwrap();
    let credential = &verified.credentials()[0];
    assert!(id.is_some() && id == GovernmentId::from_credential(credential));
    assert_eq!(claims, result_vp::signed_claims(credential));
}

#[test]
fn a_document_that_is_no_set_of_statements_has_no_claims_to_read() {
    let text = String::from_utf8(fixture("presentations/full.json")).unwrap();
    let report = verify(text.replace("\"ZZ\"", "null").as_bytes(), OWN);
    let credential = &report.credentials()[0];
    assert!(GovernmentId::insecure_from_unaccepted(credential).is_none());
    assert!(credential.insecure_unaccepted_claims().is_empty());
}

#[test]
fn an_inspection_holds_names_and_never_the_value_of_a_claim() {
    let text = String::from_utf8(fixture("presentations/full.json")).unwrap();
    let edits = [
        text.clone(),
        // A claim where a date or the name of a key stands.
        text.replace("2024-05-02T10:00:00Z", "MIRABEL"),
        text.replace("did:web:issuer.example#key-1", "MIRABEL"),
        text.replace("\"did:web:issuer.example\"", "\"urn:x\""),
        text.replace("\"ZZ\"", "null"),
    ];
    for edited in edits {
        let presentation = UnverifiedPresentation::from_json(edited.as_bytes()).unwrap();
        let seen = presentation.inspect();
        assert_eq!(seen.len(), 1);
        let shown = format!("{seen:?}");
        for claim in ["MIRABEL", "EXEMPLARIS", "X0000417", "1991-02-28", "SAMPLE ROW", "NOWHERE"] {
            assert!(!shown.contains(claim), "{claim} in {shown}");
        }
        let claim_names = &seen[0].claim_names;
        assert_eq!(claim_names.len(), if edited.contains("null") { 0 } else { 14 });
    }
}
