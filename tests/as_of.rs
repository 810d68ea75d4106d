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
