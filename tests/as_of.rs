//! One credential as of several times: each report is the one that would be given at that time.

#[path = "support/signer.rs"]
mod signer;
mod support;
#[path = "support/world.rs"]
mod world;

use result_vp::policy::{AsOf, ExpiredDocument};
use result_vp::{
    Check, Evidence, ExpectedSession, Outcome, Report, SessionId, Source, UnverifiedPresentation,
    Verdict, Verifier,
};
use serde_json::{json, Value};
use signer::{document, presentation, Signer};
use support::{instant, outcome};
use world::*;

const TIMES: [&str; 6] = [
    "2023-01-01T00:00:00Z",
    "2024-05-02T10:00:00Z",
    "2024-05-20T00:00:00Z",
    "2024-06-01T00:00:00Z",
    "2026-01-01T00:00:00Z",
    "2099-01-01T00:00:00Z",
];

/// A list of May without the credential, one of June with it; a key until June, another one since; a
/// policy by which documents expire.
fn world() -> World {
    let june = instant("2024-06-01T00:00:00Z");
    let mut world = World::new();
    let revoked =
        list_of(&base64(&bits(&[7, 417, 418])), json!({"issuanceDate": "2024-06-01T00:00:00Z"}));
    let other = did_document_of(&Signer::new("another key"), ISSUER);
    world.evidence[0].1 = Source::fetched(instant("2024-05-31T00:00:00Z")).until(june);
    world.evidence[1].1 = Source::fetched(instant("2024-05-02T00:00:00Z"));
    world.evidence.push((other, Source::fetched(june).from(june)));
    world.evidence.push((revoked, Source::fetched(june)));
    world.policy = policy().expired_document(ExpiredDocument::Reject);
    world
}

fn base64(bits: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(gzip(bits))
}

fn answers(report: &Report) -> Vec<String> {
    let credentials = report.credentials().iter().map(|credential| {
        let facts = (credential.did_document_fetched(), credential.status_list_fetched());
        format!("{credential:?} {facts:?} {:?} {:?}", credential.types(), credential.proof_marks())
    });
    credentials.chain([format!("{report:?}")]).collect()
}

fn read(credentials: &[&Value]) -> UnverifiedPresentation {
    let text = match credentials {
        [one] => presentation(one),
        many => json!({
            "@context": ["https://www.w3.org/2018/credentials/v1"],
            "type": ["VerifiablePresentation"],
            "verifiableCredential": many,
        })
        .to_string(),
    };
    UnverifiedPresentation::from_json(text.as_bytes()).unwrap()
}

#[test]
fn each_report_is_the_one_of_its_time() {
    let world = world();
    let evidence = world.evidence();
    let mut forged = world.credential.clone();
    forged["credentialSubject"]["familyName"] = "Another".into();
    let mut unread = world.credential.clone();
    unread["credentialSubject"]["unknown:"] = json!({});
    let presentations = [
        read(&[&world.credential]),
        read(&[&forged]),
        read(&[&unread]),
        read(&[&world.credential, &forged, &world.credential]),
    ];
    let session = SessionId::new(SESSION).unwrap();
    let times: Vec<AsOf> = TIMES.iter().map(|time| AsOf::Time(instant(time))).collect();
    for (evidence, is_empty) in [(&evidence, false), (&Evidence::new(), true)] {
        let asked: Vec<_> =
            presentations.iter().map(|it| (it, ExpectedSession::Id(&session))).collect();
        let verifier = Verifier::new(world.policy.clone());
        let reports = verifier.verify_batch_as_of(&asked, evidence, &times);
        let mut verdicts = Vec::new();
        for (reports, (presentation, expected)) in reports.iter().zip(&asked) {
            assert_eq!(reports.len(), times.len());
            for (report, time) in reports.iter().zip(TIMES) {
                let alone = Verifier::new(world.policy.clone());
                let alone = alone.verify(presentation, *expected, evidence, instant(time));
                let report = report.as_ref().unwrap();
                assert_eq!(answers(report), answers(&alone), "{time}");
                verdicts.push(report.verdict());
            }
        }
        let accepted = verdicts.iter().filter(|verdict| **verdict == Verdict::Accepted).count();
        assert_eq!(accepted, if is_empty { 0 } else { 2 }, "{verdicts:?}");
    }
}

/// By one key all the time, so that its proof is worked on once.
#[test]
fn what_a_time_changes_beside_the_proof_is_asked_at_each() {
    let june = instant("2024-06-01T00:00:00Z");
    let document = did_document(json!({"revoked": "2024-07-01T00:00:00Z"}));
    let mut world = World::new();
    world.evidence[0] =
        (document.clone(), Source::fetched(instant("2024-05-31T00:00:00Z")).until(june));
    world.evidence.push((document, Source::fetched(june).from(june)));
    let (evidence, presentation) = (world.evidence(), read(&[&world.credential]));
    let times = ["2024-05-31T12:00:00Z", "2024-06-15T00:00:00Z", "2024-07-15T00:00:00Z"];
    let as_of = times.map(|time| AsOf::Time(instant(time)));
    let session = SessionId::new(SESSION).unwrap();
    let asked = [(&presentation, ExpectedSession::Id(&session))];
    let verifier = Verifier::new(world.policy.clone());
    let reports = verifier.verify_batch_as_of(&asked, &evidence, &as_of).remove(0);
    let reports: Vec<Report> = reports.into_iter().flatten().collect();
    for (report, time) in reports.iter().zip(times) {
        let alone = verifier.verify(&presentation, asked[0].1, &evidence, instant(time));
        assert_eq!(answers(report), answers(&alone), "{time}");
    }
    let signer = |report: &Report| outcome(&report.credentials()[0], Check::IssuerIsSigner);
    assert_eq!(
        reports.iter().map(|it| signer(it).code()).collect::<Vec<_>>(),
        ["pass", "pass", "fail"]
    );
    let fetched = |report: &Report| report.credentials()[0].did_document_fetched();
    assert_eq!(fetched(&reports[1]), Some(june));
}

/// A schema that is a credential ends like one.
#[test]
fn a_signed_schema_is_judged_anew_at_each_time() {
    let mut document = document(ISSUER);
    document["credentialSchema"]["type"] = "JsonSchemaCredential".into();
    let schema = json!({
        "@context": "https://www.w3.org/ns/credentials/v2",
        "id": document["credentialSchema"]["id"],
        "type": ["VerifiableCredential", "JsonSchemaCredential"],
        "issuer": ISSUER,
        "validFrom": "2024-01-01T00:00:00Z",
        "validUntil": "2024-07-01T00:00:00Z",
        "credentialSubject": {
            "id": "https://schema.issuer.example/idv/schema",
            "type": "JsonSchema",
            "jsonSchema": {
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "type": "object",
                "required": ["credentialSubject"],
            },
        },
    });
    let mut world = World::new();
    world.credential = credential(&document, &document);
    world.evidence[2].0 = credential(&schema, &schema);
    let (evidence, presentation) = (world.evidence(), read(&[&world.credential]));
    let times = ["2024-06-01T00:00:00Z", "2024-07-15T00:00:00Z"].map(instant).map(AsOf::Time);
    let session = SessionId::new(SESSION).unwrap();
    let asked = [(&presentation, ExpectedSession::Id(&session))];
    let verifier = Verifier::new(world.policy.clone());
    let reports = verifier.verify_batch_as_of(&asked, &evidence, &times).remove(0);
    let schema = |report: &Report| outcome(&report.credentials()[0], Check::CredentialSchema);
    let codes: Vec<_> = reports.iter().flatten().map(|it| schema(it).code()).collect();
    assert_eq!(codes, ["pass", "fail"]);
}

#[test]
fn issuance_is_what_the_last_credential_signed_says() {
    let world = world();
    let evidence = world.evidence();
    let verifier = Verifier::new(world.policy.clone());
    let session = SessionId::new(SESSION).unwrap();
    let ask = |presentation: &UnverifiedPresentation| {
        let times = [AsOf::Issuance, AsOf::Time(instant("2024-06-02T00:00:00Z"))];
        let asked = [(presentation, ExpectedSession::Id(&session))];
        let reports = verifier.verify_batch_as_of(&asked, &evidence, &times);
        let mut reports = reports.into_iter().flatten();
        (reports.next().unwrap(), reports.next().unwrap().unwrap())
    };
    let (issued, now) = ask(&read(&[&world.credential]));
    assert_eq!(issued.unwrap().verdict(), Verdict::Accepted);
    // Revoked since, and its key is gone.
    let fails = |check| matches!(outcome(&now.credentials()[0], check), Outcome::Fail(_));
    assert!(fails(Check::CredentialStatus) && fails(Check::Proof), "{now:?}");

    let mut later = document(ISSUER);
    later["issuanceDate"] = "2024-05-19T00:00:00Z".into();
    let later = credential(&later, &later);
    let (issued, _) = ask(&read(&[&later, &world.credential]));
    let alone = verifier.verify(
        &read(&[&later, &world.credential]),
        ExpectedSession::Id(&session),
        &evidence,
        instant("2024-05-19T00:00:00Z"),
    );
    assert_eq!(answers(&issued.unwrap()), answers(&alone));

    // One that hides its date was issued nobody knows when.
    let mut shown = document(ISSUER);
    let full = shown.clone();
    shown.as_object_mut().unwrap().remove("issuanceDate");
    let (issued, now) = ask(&read(&[&credential(&full, &shown), &world.credential]));
    assert!(issued.is_none());
    assert_eq!(now.credentials().len(), 2);
}
