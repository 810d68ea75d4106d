//! A verifier over HTTP, as conformance suites of the W3C ask one (VC API, sections 3.4.1 and 3.4.2).
//!
//! `cargo run --example vc_api` serves `POST /credentials/verify` and `POST /presentations/verify` on
//! port 3001 of loopback; with `-- --self-test` it asks itself and ends. It trusts every issuer and asks
//! for neither status nor schema, for that is what suites ask about, and for the challenge and the domain that a
//! request names: do not put it before people.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use result_vp::{
    Error, Evidence, ExpectedSession, Outcome, Policy, Report, SessionId, TrustedIssuers, Unknown,
    UnverifiedPresentation, Verdict, Verifier,
};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{json, Value};

pub(crate) type Failure = Box<dyn std::error::Error>;
pub(crate) type Answer = (StatusCode, Json<Value>);

/// What is asked about, as the text that was sent: reading it into values and writing it again would lose
/// what only the text shows, such as a repeated name.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request<'a> {
    #[serde(borrow)]
    verifiable_credential: Option<&'a RawValue>,
    #[serde(borrow)]
    verifiable_presentation: Option<&'a RawValue>,
    #[serde(default)]
    options: Options,
}

/// What a presentation's proof must say.
#[derive(Default, Deserialize)]
struct Options {
    challenge: Option<String>,
    domain: Option<String>,
}

pub(crate) struct Service {
    policy: Policy,
    verifier: Verifier,
    evidence: Evidence,
}

impl Service {
    pub(crate) fn new() -> Service {
        let policy = Policy::new(TrustedIssuers::insecure_any());
        let policy = policy.status(Unknown::Skip).schema(Unknown::Skip);
        Service { verifier: Verifier::new(policy.clone()), policy, evidence: Evidence::new() }
    }

    pub(crate) fn answer(&self, body: &[u8], is_credential: bool) -> Answer {
        let unreadable = |why: String| {
            let body = json!({"verified": false, "verdict": "error", "error": why, "checks": []});
            (StatusCode::BAD_REQUEST, Json(body))
        };
        let request: Request<'_> = match serde_json::from_slice(body) {
            Ok(request) => request,
            Err(_) => return unreadable("the body is no request".to_owned()),
        };
        let member = match is_credential {
            true => request.verifiable_credential,
            false => request.verifiable_presentation,
        };
        let Some(member) = member else {
            return unreadable("there is nothing to verify".to_owned());
        };
        match self.verify(member.get(), is_credential, &request.options) {
            Ok(report) => told(&report),
            Err(error) => unreadable(error.to_string()),
        }
    }

    fn verify(&self, text: &str, is_credential: bool, asked: &Options) -> Result<Report, Error> {
        let contexts = self.evidence.contexts();
        // A credential as a JWT is sent as a JSON string.
        let token: Option<String> = serde_json::from_str(text).ok();
        let text = token.as_deref().unwrap_or(text).as_bytes();
        let read = match is_credential {
            true => UnverifiedPresentation::from_bare_credential(text, contexts)?,
            false => UnverifiedPresentation::from_json_with(text, contexts)?,
        };
        let challenge = asked.challenge.as_deref().map(SessionId::new).transpose()?;
        let session = match &challenge {
            Some(challenge) if !is_credential => ExpectedSession::Id(challenge),
            _ => ExpectedSession::InsecureAny,
        };
        let of_domain =
            asked.domain.as_ref().map(|domain| Verifier::new(self.policy.clone().domain(domain)));
        let verifier = of_domain.as_ref().unwrap_or(&self.verifier);
        Ok(verifier.verify(&read, session, &self.evidence, chrono::Utc::now()))
    }
}

/// 200 for what is accepted, and 400 for everything else, with every check that did not simply pass.
fn told(report: &Report) -> Answer {
    let is_accepted = report.verdict() == Verdict::Accepted;
    let checks = report.credentials().iter().flat_map(|it| it.checks());
    let checks =
        checks.filter(|(_, outcome)| **outcome != Outcome::Pass).map(|(check, outcome)| {
            let code = outcome.reason().map(|reason| reason.code().code());
            json!({"check": check.code(), "outcome": outcome.code(), "code": code})
        });
    let verdict = report.verdict().code();
    let body =
        json!({"verified": is_accepted, "verdict": verdict, "checks": checks.collect::<Vec<_>>()});
    (if is_accepted { StatusCode::OK } else { StatusCode::BAD_REQUEST }, Json(body))
}

fn routes(service: Arc<Service>) -> Router {
    let credentials =
        |State(it): State<Arc<Service>>, body: Bytes| async move { it.answer(&body, true) };
    let presentations =
        |State(it): State<Arc<Service>>, body: Bytes| async move { it.answer(&body, false) };
    Router::new()
        .route("/credentials/verify", post(credentials))
        .route("/presentations/verify", post(presentations))
        .with_state(service)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    if std::env::args().any(|it| it == "--self-test") {
        return self_test().await;
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3001").await?;
    Ok(axum::serve(listener, routes(Arc::new(Service::new()))).await?)
}

/// Asks both routes over HTTP, about what was signed and about what was changed.
pub(crate) async fn self_test() -> Result<(), Failure> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let served = routes(Arc::new(Service::new()));
    tokio::spawn(async move { axum::serve(listener, served).await });
    let text = std::fs::read("fixtures/presentations/suites/eddsa-rdfc-2022-eddsa.json")?;
    let presentation: Value = serde_json::from_slice(&text)?;
    let credential =
        json!({"verifiableCredential": presentation["verifiableCredential"][0]}).to_string();
    let presentation = json!({"verifiablePresentation": presentation}).to_string();
    for (path, body) in [("credentials", &credential), ("presentations", &presentation)] {
        let changed = body.replace("MIRABEL", "MIRANDA");
        // The last one counts for most readers, and the first one for some.
        let repeated = body.replace("\"givenName\"", "\"givenName\":\"MIRANDA\",\"givenName\"");
        assert!(ask(address, path, body).await?.starts_with("200"));
        assert!(ask(address, path, &changed).await?.starts_with("400"));
        assert!(ask(address, path, &repeated).await?.starts_with("400"));
        assert!(ask(address, path, "{}").await?.starts_with("400"));
    }
    // No proof of the presentation names it.
    let asked = presentation.replacen('{', r#"{"options":{"challenge":"c","domain":"d"},"#, 1);
    assert!(ask(address, "presentations", &asked).await?.starts_with("400"));
    println!("both routes answer");
    Ok(())
}

/// Status and body of one request.
async fn ask(address: std::net::SocketAddr, path: &str, body: &str) -> Result<String, Failure> {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(address).await?;
    let head = format!(
        "POST /{path}/verify HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {}\r\n",
        body.len()
    );
    stream.write_all(format!("{head}\r\n{body}").as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    let (_, answer) = answer.split_once(' ').ok_or("no status")?;
    Ok(answer.to_owned())
}
