//! The project's own sessions and presentations, made by independent software.

mod support;

use result_vp::{
    Check, Claim, DatePrecision, Did, Evidence, ExpectedSession, GovernmentId, Input, Policy,
    ReasonCode, Report, Session, SessionId, TrustedIssuers, Unknown, UnverifiedPresentation,
    Verdict, Verifier,
};
use support::{fixture, instant};

const SESSION: &str = "0f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e10";
const SELECTIVE_SESSION: &str = "7b1d9f36-2c44-4a0a-8a0f-51f0c7de2a21";
const NOW: &str = "2024-06-01T00:00:00Z";

fn evidence() -> Evidence {
    let mut evidence = Evidence::new();
    evidence.add_did_document(&fixture("did/issuer.json")).unwrap();
    evidence.add_did_document(&fixture("did/other.json")).unwrap();
    evidence
}

fn policy() -> Policy {
    let issuer = Did::new("did:web:issuer.example").unwrap();
    Policy::new(TrustedIssuers::new([issuer]).unwrap()).status(Unknown::Skip).schema(Unknown::Skip)
}

fn ask_session(name: &str, id: &str) -> Report {
    let session = Session::from_json(&fixture(name)).unwrap();
    let id = SessionId::new(id).unwrap();
    let expected = ExpectedSession::Id(&id);
    Verifier::new(policy()).verify_session(&session, expected, &evidence(), instant(NOW)).unwrap()
}

fn ask(name: &str, policy: Policy, session: ExpectedSession<'_>) -> Report {
    let presentation = UnverifiedPresentation::from_json(&fixture(name)).unwrap();
    Verifier::new(policy).verify(&presentation, session, &evidence(), instant(NOW))
}

fn codes(report: &Report) -> Vec<ReasonCode> {
    let session = report.session_checks();
    let credentials = report.credentials().iter().flat_map(|it| it.checks());
    let outcomes = session.into_iter().chain(credentials).map(|(_, outcome)| outcome.clone());
    outcomes
        .filter(|outcome| matches!(outcome.code(), "fail" | "indeterminate"))
        .map(|outcome| outcome.reason().unwrap().code())
        .collect()
}

#[test]
fn every_spelling_of_the_session_gives_the_same_claims() {
    let names = ["success", "success.object", "success.python", "success.snake", "response"];
    for name in names {
        let report = ask_session(&format!("sessions/{name}.json"), SESSION);
        let verified = report.into_verified().unwrap_or_else(|it| panic!("{name}: {it}"));
        let id = GovernmentId::from_credential(&verified.credentials()[0]).unwrap();
        assert_eq!(id.given_name, Claim::Disclosed("MIRABEL".to_owned()));
        assert_eq!(id.portrait, Claim::Empty);
        let born = id.date_of_birth.disclosed().unwrap();
        assert_eq!(born.raw(), "1991-02-28T00:00:00");
        assert_eq!(born.date().unwrap().to_string(), "1991-02-28");
        assert_eq!(born.precision(), Some(DatePrecision::Day));
    }
}

#[test]
fn ten_hidden_claims_are_not_disclosed() {
    let report = ask_session("sessions/selective.json", SELECTIVE_SESSION);
    assert_eq!(report.credentials()[0].hidden_statements(), Some(10));
    let verified = report.into_verified().unwrap();
    let id = GovernmentId::from_credential(&verified.credentials()[0]).unwrap();
    assert_eq!(id.family_name.disclosed().map(String::as_str), Some("EXEMPLARIS"));
    for state in [id.city.state(), id.state.state(), id.expiry_date.state(), id.portrait.state()] {
        assert_eq!(state, "not_disclosed");
    }
}

#[test]
fn sessions_without_a_result_say_why() {
    for (name, id, code) in [
        ("failed", "5e2f60a1-93d7-4b55-b1de-0c9be7a40c11", ReasonCode::Failed),
        ("unfinished", "c0a7be8d-1f2e-4d3c-9b4a-5a6978f8e7d6", ReasonCode::Unfinished),
        ("retry", "d41be9c0-77aa-4c1f-8e21-90b3a4c5d6e7", ReasonCode::UnfinishedRetryable),
        ("redacted", SESSION, ReasonCode::Redacted),
    ] {
        let report = ask_session(&format!("sessions/{name}.json"), id);
        assert_eq!((report.verdict(), codes(&report)), (Verdict::Rejected, vec![code]), "{name}");
    }
}

#[test]
fn a_list_holds_its_sessions_in_order() {
    let text = fixture("sessions/list.json");
    let Ok(Input::Sessions(sessions)) = Input::from_json(&text, Evidence::new().contexts()) else {
        panic!("sessions")
    };
    let states: Vec<&str> = sessions.iter().map(|session| session.state().name()).collect();
    assert_eq!(states, ["IDV_SUCCESS", "IDV_FAILED", "IDV_INITIATED"]);
}

#[test]
fn the_key_of_a_did_key_is_the_did() {
    let text = String::from_utf8(fixture("presentations/did-key.json")).unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let did = value["verifiableCredential"][0]["issuer"].as_str().unwrap();
    let issuers = TrustedIssuers::new([Did::new(did).unwrap()]).unwrap();
    let policy = Policy::new(issuers).status(Unknown::Skip).schema(Unknown::Skip);
    let id = SessionId::new(SESSION).unwrap();
    let report = ask("presentations/did-key.json", policy, ExpectedSession::Id(&id));
    assert_eq!(report.verdict(), Verdict::Accepted);
}

#[test]
fn a_signature_that_was_never_derived_has_no_nonce() {
    let id = SessionId::new(SESSION).unwrap();
    let bound = ask("presentations/signed.json", policy(), ExpectedSession::Id(&id));
    assert_eq!(codes(&bound), [ReasonCode::NonceMissing]);
    let any = ask("presentations/signed.json", policy(), ExpectedSession::InsecureAny);
    assert_eq!(any.verdict(), Verdict::Accepted);
}

#[test]
fn one_credential_of_another_issuer_rejects_all() {
    let id = SessionId::new(SESSION).unwrap();
    let report = ask("presentations/two-issuers.json", policy(), ExpectedSession::Id(&id));
    // The issuer fails, and nobody works on the proof of a stranger.
    assert_eq!(codes(&report), [ReasonCode::IssuerNotTrusted; 2]);
    let stranger = &report.credentials()[1];
    assert_eq!(support::outcome(stranger, Check::Proof).code(), "indeterminate");
    assert_eq!(support::outcome(stranger, Check::TrustedIssuer).code(), "fail");
    assert_eq!(report.credentials()[0].verdict(), Verdict::Accepted);
    assert!(report.into_verified().is_err());
}

#[test]
fn without_status_and_schema_there_is_nothing_to_switch_off() {
    let issuer = Did::new("did:web:issuer.example").unwrap();
    let strict = Policy::new(TrustedIssuers::new([issuer]).unwrap());
    let id = SessionId::new(SESSION).unwrap();
    let report = ask("presentations/without-status.json", strict, ExpectedSession::Id(&id));
    assert_eq!(report.verdict(), Verdict::Accepted);
}

#[test]
fn the_portrait_is_read_by_its_bytes() {
    let id = SessionId::new(SESSION).unwrap();
    let report = ask("presentations/portrait.json", policy(), ExpectedSession::Id(&id));
    let verified = report.into_verified().unwrap();
    let id = GovernmentId::from_credential(&verified.credentials()[0]).unwrap();
    let portrait = id.portrait.disclosed().unwrap();
    assert_eq!(portrait.media_type(), "image/png");
    assert!(portrait.bytes().unwrap().starts_with(b"\x89PNG"));
}

/// No type that holds claims shows one, and no error repeats the input.
#[test]
fn nothing_printed_holds_a_claim() {
    let secrets = ["MIRABEL", "EXEMPLARIS", "1991-02-28", "X0000417", "SAMPLE ROW", "NOWHERE"];
    let text = fixture("sessions/success.json");
    let session = Session::from_json(&text).unwrap();
    let presentation = UnverifiedPresentation::from_json(&fixture("presentations/full.json"));
    let mut shown = vec![format!("{session:?}"), format!("{presentation:?}")];
    let report = ask_session("sessions/success.json", SESSION);
    shown.push(format!("{report:?}"));
    let verified = report.into_verified().unwrap();
    shown.push(format!("{verified:?} {:?}", verified.credentials()));
    shown.push(format!("{:?}", GovernmentId::from_credential(&verified.credentials()[0])));
    // Cut anywhere, the error or the report says where and not what.
    let presentation = fixture("presentations/full.json");
    for length in 0..presentation.len() {
        let cut = UnverifiedPresentation::from_json(&presentation[..length]);
        shown.push(format!(
            "{cut:?} {}",
            cut.as_ref().err().map_or(String::new(), |it| it.to_string())
        ));
    }
    // Every leaf that breaks a rule is named by its place.
    let mut broken: serde_json::Value = serde_json::from_slice(&presentation).unwrap();
    broken["verifiableCredential"][0]["credentialSubject"]["MIRABEL EXEMPLARIS"] =
        serde_json::json!({"X0000417": null});
    let broken = UnverifiedPresentation::from_json(broken.to_string().as_bytes()).unwrap();
    let report = Verifier::new(policy()).verify(
        &broken,
        ExpectedSession::InsecureAny,
        &evidence(),
        instant(NOW),
    );
    assert_eq!(report.verdict(), Verdict::Rejected);
    shown.push(format!("{report:?}"));
    for text in shown {
        for secret in secrets {
            assert!(!text.contains(secret), "{secret}");
        }
    }
}
