//! The example of a backend does what it says.

#[allow(dead_code)]
#[path = "../examples/backend.rs"]
mod backend;

use result_vp::{ExpectedSession, Session, SessionId};

#[tokio::test]
async fn the_route_answers() {
    backend::self_test().await.unwrap();
}

#[test]
fn what_it_logs_of_a_rejected_session_is_fixed_words() {
    let backend = backend::Backend::new().unwrap();
    let session = std::fs::read("fixtures/sessions/success.json").unwrap();
    let session = Session::from_json(&session).unwrap();
    let other = SessionId::new("another").unwrap();
    let expected = ExpectedSession::Id(&other);
    let now = chrono::Utc::now();
    let report =
        backend.verifier.verify_session(&session, expected, &backend.evidence, now).unwrap();
    let lines = backend::log_lines(&other, &report);
    assert!(lines.contains(&"session another: session fail nonce_differs".to_owned()), "{lines:?}");
    assert_eq!(lines.last().unwrap(), "session another: rejected");
    for line in &lines {
        let is_fixed = |it: char| it.is_ascii_lowercase() || "_: ".contains(it);
        assert!(line.chars().all(is_fixed), "{line}");
    }
}

#[allow(dead_code)]
#[path = "../examples/vc_api.rs"]
mod vc_api;

#[tokio::test]
async fn the_verifier_over_http_answers() {
    vc_api::self_test().await.unwrap();
}
