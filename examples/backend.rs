//! A backend that decides on an account by its Trinsic Connect session.
//!
//! `cargo run --example backend` serves `POST /accounts/{account}/verification` on port 3000; with
//! `-- --self-test` it asks itself once and ends.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use result_vp::{
    Did, Evidence, ExpectedSession, GovernmentId, Policy, Report, Session, SessionId, Source,
    TrustedIssuers, Verdict, Verifier,
};

pub(crate) type Failure = Box<dyn std::error::Error>;

/// What the process keeps. The two maps stand for your database and for Trinsic's API.
pub(crate) struct Backend {
    pub(crate) verifier: Verifier,
    pub(crate) evidence: Evidence,
    accounts: Mutex<HashMap<String, Account>>,
    service: HashMap<String, Vec<u8>>,
}

/// A row of your database.
struct Account {
    /// Saved when this backend created the session; the client never tells it.
    session: SessionId,
    verified_name: Option<String>,
}

impl Backend {
    pub(crate) fn new() -> Result<Backend, Failure> {
        let mut evidence = Evidence::new();
        for file in ["did/issuer.json", "evidence/status-list.json", "evidence/schema.json"] {
            evidence.add(&std::fs::read(format!("fixtures/{file}"))?, Source::unknown())?;
        }
        let trusted = TrustedIssuers::new([Did::new("did:web:issuer.example")?])?;
        let session = std::fs::read("fixtures/sessions/success.json")?;
        let id = SessionId::new(Session::from_json(&session)?.id())?;
        let service = HashMap::from([(id.as_str().to_owned(), session)]);
        let account = Account { session: id, verified_name: None };
        let accounts = Mutex::new(HashMap::from([("17".to_owned(), account)]));
        Ok(Backend { verifier: Verifier::new(Policy::new(trusted)), evidence, accounts, service })
    }

    /// Trinsic's `GetSession`.
    async fn get_session(&self, id: &SessionId) -> Option<Vec<u8>> {
        self.service.get(id.as_str()).cloned()
    }
}

type Answer = (StatusCode, Json<&'static str>);

/// The client says who it is (here by the path; from your login in earnest), and nothing more.
async fn verify(State(backend): State<Arc<Backend>>, Path(account): Path<String>) -> Answer {
    let saved = backend.accounts.lock().ok().and_then(|it| Some(it.get(&account)?.session.clone()));
    let Some(saved) = saved else { return (StatusCode::NOT_FOUND, Json("no_session")) };
    let Some(bytes) = backend.get_session(&saved).await else {
        return (StatusCode::BAD_GATEWAY, Json("ask_again"));
    };
    let now = chrono::Utc::now();
    let expected = ExpectedSession::Id(&saved);
    let ask = |session| backend.verifier.verify_session(&session, expected, &backend.evidence, now);
    let report = match Session::from_json(&bytes).and_then(ask) {
        Ok(report) => report,
        Err(error) => {
            eprintln!("session {} unreadable: {error}", saved.as_str());
            return (StatusCode::BAD_GATEWAY, Json("ask_again"));
        }
    };
    log_lines(&saved, &report).iter().for_each(|line| eprintln!("{line}"));
    match report.verdict() {
        Verdict::Accepted => accept(&backend, &account, report),
        Verdict::Rejected => (StatusCode::FORBIDDEN, Json("start_a_new_session")),
        // Evidence is missing: that is no decision about the person.
        _ => (StatusCode::SERVICE_UNAVAILABLE, Json("ask_again")),
    }
}

fn accept(backend: &Backend, account: &str, report: Report) -> Answer {
    let name = report.into_verified().ok().and_then(|verified| {
        let id = GovernmentId::from_credential(verified.credentials().first()?)?;
        Some(format!("{} {}", id.given_name.disclosed()?, id.family_name.disclosed()?))
    });
    let Some(name) = name else {
        return (StatusCode::UNPROCESSABLE_ENTITY, Json("name_not_disclosed"));
    };
    if let Some(row) = backend.accounts.lock().ok().as_mut().and_then(|it| it.get_mut(account)) {
        row.verified_name = Some(name);
    }
    (StatusCode::OK, Json("verified"))
}

/// What is logged: fixed words about each check that did not simply pass. No claim, no session text.
pub(crate) fn log_lines(session: &SessionId, report: &Report) -> Vec<String> {
    let of_credentials = report.credentials().iter().flat_map(|it| it.checks());
    let checks = report.session_checks().into_iter().chain(of_credentials);
    let words = checks.filter_map(|(check, outcome)| {
        let reason = outcome.reason()?.code().code();
        Some(format!("{} {} {reason}", check.code(), outcome.code()))
    });
    let lines = words.chain([report.verdict().code().to_owned()]);
    lines.map(|line| format!("session {}: {line}", session.as_str())).collect()
}

fn routes(backend: Arc<Backend>) -> Router {
    Router::new().route("/accounts/{account}/verification", post(verify)).with_state(backend)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    if std::env::args().any(|it| it == "--self-test") {
        return self_test().await;
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    Ok(axum::serve(listener, routes(Arc::new(Backend::new()?))).await?)
}

/// Asks the route over HTTP: for the account that has a session, and for one that has none.
pub(crate) async fn self_test() -> Result<(), Failure> {
    let backend = Arc::new(Backend::new()?);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let served = routes(backend.clone());
    tokio::spawn(async move { axum::serve(listener, served).await });
    assert_eq!(ask(address, "18").await?, "404 Not Found \"no_session\"");
    assert_eq!(ask(address, "17").await?, "200 OK \"verified\"");
    let rows = backend.accounts.lock().map_err(|_| "poisoned")?;
    assert!(rows.get("17").is_some_and(|row| row.verified_name.is_some()));
    println!("the route answers");
    Ok(())
}

/// Status and body of one request.
async fn ask(address: std::net::SocketAddr, account: &str) -> Result<String, Failure> {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(address).await?;
    let head = format!("POST /accounts/{account}/verification HTTP/1.1\r\nHost: localhost\r\n");
    stream.write_all(format!("{head}Connection: close\r\n\r\n").as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or("no answer")?;
    let status = head.lines().next().and_then(|line| line.split_once(' ')).ok_or("no status")?.1;
    Ok(format!("{status} {body}"))
}
