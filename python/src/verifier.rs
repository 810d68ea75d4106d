//! The verifier: policy and evidence, read once.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use pyo3_arrow::input::AnyRecordBatch;
use result_vp::{Evidence, ExpectedSession, Input, Report, Session, SessionId};
use result_vp_rows::policy::Settings;
use result_vp_rows::{source, Shown, Task, Times};

use crate::answer::Answer;
use crate::arrow_data::{self, Columns, Rows};
use crate::{raise, UnreadableError, UsageError};

#[pyclass(frozen, module = "result_vp._native")]
pub(crate) struct Verifier {
    verifier: Arc<result_vp::Verifier>,
    evidence: Arc<Evidence>,
    #[pyo3(get)]
    policy_sha256: String,
    #[pyo3(get)]
    evidence_sha256: String,
    #[pyo3(get)]
    left_out: Vec<String>,
    /// What another process makes the same one of.
    policy_text: String,
    evidence_texts: Vec<Vec<u8>>,
    any_issuer: bool,
}

/// A file by its path, or what one holds.
#[derive(FromPyObject)]
pub(crate) enum Text<'py> {
    Held(Bound<'py, PyBytes>),
    Path(PathBuf),
}

#[pymethods]
impl Verifier {
    #[new]
    fn new(
        py: Python<'_>,
        policy: Text<'_>,
        evidence: Vec<Text<'_>>,
        insecure_any_issuer: bool,
    ) -> PyResult<Verifier> {
        let settings = match &policy {
            Text::Path(path) => Settings::read(path),
            Text::Held(bytes) => {
                let text = std::str::from_utf8(bytes.as_bytes());
                let text = text.map_err(|_| UsageError::new_err("policy: is no UTF-8 text"))?;
                Settings::named("policy", text)
            }
        };
        let settings = settings.map_err(raise)?;
        let policy = settings.policy(insecure_any_issuer).map_err(raise)?;
        let (mut paths, mut held) = (Vec::new(), Vec::new());
        for text in evidence {
            match text {
                Text::Path(path) => paths.push(path),
                Text::Held(bytes) => held.push(bytes),
            }
        }
        let mut evidence = Evidence::new();
        let mut evidence_texts = Vec::new();
        let left_out = source::add_evidence(&mut evidence, &paths, |it| evidence_texts.push(it));
        let left_out = left_out.map_err(raise)?;
        for (place, bytes) in held.iter().enumerate() {
            let added = evidence.add(bytes.as_bytes(), result_vp::Source::unknown());
            added.map_err(|error| {
                let advice = "give DID documents, status lists, schemas or bundles, each once";
                UsageError::new_err(format!("evidence {place} of bytes: {error}; {advice}"))
            })?;
            evidence_texts.push(bytes.as_bytes().to_vec());
        }
        let verifier = result_vp::Verifier::new(policy);
        py.detach(|| verifier.prepare(&evidence));
        Ok(Verifier {
            policy_sha256: settings.sha256(),
            evidence_sha256: hex::encode(evidence.sha256()),
            verifier: verifier.into(),
            evidence: evidence.into(),
            left_out,
            policy_text: settings.canonical(),
            evidence_texts,
            any_issuer: insecure_any_issuer,
        })
    }

    /// The policy's text, those of the evidence, and whether any issuer is trusted.
    fn parts<'py>(&self, py: Python<'py>) -> (Bound<'py, PyBytes>, Vec<Bound<'py, PyBytes>>, bool) {
        let evidence = self.evidence_texts.iter().map(|text| PyBytes::new(py, text)).collect();
        (PyBytes::new(py, self.policy_text.as_bytes()), evidence, self.any_issuer)
    }

    /// The report as JSON.
    fn verify(
        &self,
        py: Python<'_>,
        session: &[u8],
        session_id: Option<&str>,
        at: Option<&str>,
        images: bool,
        insecure_any_session: bool,
    ) -> PyResult<String> {
        let saved = session_id.map(SessionId::new).transpose();
        let saved = saved.map_err(|error| UsageError::new_err(format!("session_id: {error}")))?;
        let at = time(at)?;
        py.detach(|| {
            let (held, report) = self.report(session, saved, at, insecure_any_session)?;
            let answer = Answer::new(held.as_ref(), report, images);
            serde_json::to_string(&answer).map_err(|_| UnreadableError::new_err("no JSON"))
        })
    }

    #[expect(clippy::too_many_arguments, reason = "the package names them")]
    fn verify_arrow(
        &self,
        py: Python<'_>,
        data: AnyRecordBatch,
        column: Option<String>,
        id_column: Option<String>,
        input: String,
        input_column: Option<String>,
        record_column: Option<String>,
        at: Option<&str>,
        at_issuance: bool,
        claims: &str,
        hash_key: Option<Vec<u8>>,
        proof_marks: bool,
        insecure_any_session: bool,
    ) -> PyResult<Rows> {
        let shown = match (claims, hash_key) {
            ("none", None) => Shown::None,
            ("full", None) => Shown::Full,
            ("hash", Some(key)) if key.len() >= MIN_KEY => Shown::Hashed(key),
            ("hash", _) => return Err(UsageError::new_err(SHORT_KEY)),
            _ => return Err(UsageError::new_err(CLAIMS)),
        };
        let task = Task {
            verifier: Arc::clone(&self.verifier),
            evidence: Arc::clone(&self.evidence),
            any_session: insecure_any_session,
            times: Times { at_issuance, now: Some(time(at)?) },
            shown,
            policy_sha256: self.policy_sha256.clone(),
            evidence_sha256: self.evidence_sha256.clone(),
        };
        let columns =
            Columns { content: column, id: id_column, input: input_column, record: record_column };
        let reader = data.into_reader()?;
        py.detach(|| arrow_data::tell(&task, reader, &columns, &input, proof_marks))
    }
}

impl Verifier {
    fn report(
        &self,
        text: &[u8],
        saved: Option<SessionId>,
        at: DateTime<Utc>,
        any_session: bool,
    ) -> PyResult<(Option<Session>, Report)> {
        let unreadable = |error: result_vp::Error| UnreadableError::new_err(error.to_string());
        let expected = |id| match any_session {
            true => ExpectedSession::InsecureAny,
            false => ExpectedSession::Id(id),
        };
        let held = Input::from_bytes(text, self.evidence.contexts()).map_err(unreadable)?;
        match held {
            Input::Presentation(presentation) => {
                let expected = match &saved {
                    _ if any_session => ExpectedSession::InsecureAny,
                    Some(id) => ExpectedSession::Id(id),
                    None => return Err(UsageError::new_err(NEEDS_SESSION)),
                };
                Ok((None, self.verifier.verify(&presentation, expected, &self.evidence, at)))
            }
            Input::Sessions(mut sessions) => {
                if sessions.len() > 1 {
                    // As the command selects one of several.
                    let Some(saved) = &saved else { return Err(UsageError::new_err(SEVERAL)) };
                    sessions.retain(|session| session.id() == saved.as_str());
                }
                let session = match sessions.pop() {
                    Some(session) if sessions.is_empty() => session,
                    Some(_) => return Err(UnreadableError::new_err(TWICE)),
                    None => return Err(UnreadableError::new_err(NO_SUCH_SESSION)),
                };
                let id = match saved {
                    Some(saved) => saved,
                    None => SessionId::new(session.id()).map_err(unreadable)?,
                };
                let verified =
                    self.verifier.verify_session(&session, expected(&id), &self.evidence, at);
                let report = verified.map_err(unreadable)?;
                Ok((Some(session), report))
            }
            _ => Err(UnreadableError::new_err("this version cannot verify what the input holds")),
        }
    }
}

/// A time as RFC 3339; without one the clock's, in whole seconds as rows have it.
fn time(at: Option<&str>) -> PyResult<DateTime<Utc>> {
    match at {
        None => Ok(DateTime::from_timestamp(Utc::now().timestamp(), 0).unwrap_or_default()),
        Some(at) => at.parse().map_err(|_| UsageError::new_err("at: is no time of this calendar")),
    }
}

/// As much as a key needs that nobody can try.
const MIN_KEY: usize = 16;

const SHORT_KEY: &str = "claims=\"hash\" takes hash_key, at least 16 secret bytes";
const CLAIMS: &str = "claims is \"none\", \"full\", or \"hash\" with a hash_key";
const NEEDS_SESSION: &str = "a bare presentation needs session_id, the id you saved when you \
    created the session (or insecure_any_session=True)";
const SEVERAL: &str = "the input holds several sessions; name one by session_id, or ask \
    verify_arrow, which has a row for each";
const NO_SUCH_SESSION: &str = "the input holds several sessions, and none has this session_id";
const TWICE: &str = "the input holds the session more than once; give it once";
