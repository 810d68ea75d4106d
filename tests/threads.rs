//! One verifier serves many threads, and says what one thread is told.

use chrono::{DateTime, Utc};
use result_vp::{
    Did, Evidence, ExpectedSession, Policy, Report, Session, SessionId, Source, TrustedIssuers,
    Verifier,
};

mod support;

use support::{fixture, instant};

fn evidence() -> Evidence {
    let mut evidence = Evidence::new();
    for name in ["did/issuer.json", "evidence/status-list.json", "evidence/schema.json"] {
        evidence.add(&fixture(name), Source::unknown()).unwrap();
    }
    evidence
}

fn verifier() -> Verifier {
    let issuer = Did::new("did:web:issuer.example").unwrap();
    Verifier::new(Policy::new(TrustedIssuers::new([issuer]).unwrap()))
}

/// Accepted ones, one for another session, and one that failed.
fn sessions() -> Vec<(Session, SessionId)> {
    let id = SessionId::new("0f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e10").unwrap();
    let other = SessionId::new("another").unwrap();
    let session = |name: &str| Session::from_json(&fixture(name)).unwrap();
    (0..40)
        .map(|at| match at % 5 {
            3 => (session("sessions/success.json"), other.clone()),
            4 => (session("sessions/failed.json"), id.clone()),
            _ => (session("sessions/success.json"), id.clone()),
        })
        .collect()
}

fn now() -> DateTime<Utc> {
    instant("2024-06-01T00:00:00Z")
}

fn texts<E: std::fmt::Debug>(reports: Vec<Result<Report, E>>) -> Vec<String> {
    reports.iter().map(|report| format!("{report:?}")).collect()
}

#[test]
fn threads_that_share_a_verifier_are_told_the_same() {
    let (evidence, sessions) = (evidence(), sessions());
    let asked: Vec<_> = sessions.iter().map(|(it, id)| (it, ExpectedSession::Id(id))).collect();
    let alone = texts(verifier().verify_session_batch(&asked, &evidence, now()));
    let shared = verifier();
    shared.prepare(&evidence);
    let together: Vec<Vec<String>> = std::thread::scope(|scope| {
        let halves = asked.chunks(asked.len() / 4).map(|part| {
            let (shared, evidence) = (&shared, &evidence);
            scope.spawn(move || texts(shared.verify_session_batch(part, evidence, now())))
        });
        let threads: Vec<_> = halves.collect();
        threads.into_iter().map(|it| it.join().expect("no panic")).collect()
    });
    assert_eq!(together.concat(), alone);
    assert!(alone.iter().any(|it| *it != alone[0]));
}

#[cfg(feature = "rayon")]
#[test]
fn a_pool_of_threads_is_told_the_same() {
    let (evidence, sessions) = (evidence(), sessions());
    let many: Vec<_> = (sessions.iter().cycle().take(600))
        .map(|(session, id)| (session, ExpectedSession::Id(id)))
        .collect();
    let verifier = verifier();
    let alone = texts(verifier.verify_session_batch(&many, &evidence, now()));
    assert_eq!(texts(verifier.par_verify_session_batch(&many, &evidence, now())), alone);

    let text = fixture("presentations/full.json");
    let presentation = result_vp::UnverifiedPresentation::from_json(&text).unwrap();
    let expected = ExpectedSession::Id(&sessions[0].1);
    let many = vec![(&presentation, expected); 300];
    let alone = verifier.verify_batch(&many, &evidence, now());
    let together = verifier.par_verify_batch(&many, &evidence, now());
    assert_eq!(format!("{together:?}"), format!("{alone:?}"));
}

#[test]
fn what_is_shared_may_be_shared() {
    fn is_shared<T: Send + Sync>() {}
    is_shared::<Verifier>();
    is_shared::<Evidence>();
    is_shared::<Policy>();
    is_shared::<Report>();
    is_shared::<Session>();
}
