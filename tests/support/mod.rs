//! What several test files share: the vectors, and how the connect cases are asked.

#![allow(dead_code)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use result_vp::{
    Check, Claim, CredentialReport, Did, Evidence, ExpectedSession, GovernmentId, Input, Outcome,
    Policy, Report, SessionId, TrustedIssuers, Unknown, UnverifiedPresentation, Verdict, Verifier,
    Warning,
};
use serde_json::Value;

/// The folder of the shared vectors; `None`, and a line that says so, if nobody gave one.
///
/// A folder that was given and is not there is a failure, not a skip.
pub fn vectors(set: &str) -> Option<PathBuf> {
    let Some(folder) = std::env::var_os("RESULT_VP_VECTORS") else {
        eprintln!("SKIPPED: RESULT_VP_VECTORS is not set, so the {set} vectors were not run");
        return None;
    };
    let folder = Path::new(&folder).join(set);
    assert!(folder.is_dir(), "RESULT_VP_VECTORS names a folder without {set}");
    Some(folder)
}

pub fn fixture(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).expect("JSON")
}

pub fn instant(text: &str) -> DateTime<Utc> {
    text.parse().expect("RFC 3339")
}

/// One case of `connect/manifest.json`.
pub struct Case {
    pub name: String,
    pub value: Value,
    folder: PathBuf,
}

/// All cases.
pub fn connect_cases() -> Vec<Case> {
    let Some(folder) = vectors("connect") else { return Vec::new() };
    let manifest = json(&std::fs::read(folder.join("manifest.json")).expect("manifest"));
    let cases = manifest["cases"].as_array().expect("cases").iter();
    let cases: Vec<Case> = cases
        .map(|case| Case {
            name: case["case"].as_str().expect("name").to_owned(),
            value: case.clone(),
            folder: folder.clone(),
        })
        .collect();
    assert!(cases.len() > 200, "the manifest lists the cases");
    cases
}

impl Case {
    pub fn file(&self) -> PathBuf {
        self.folder.join(self.value["file"].as_str().expect("file"))
    }

    pub fn extra(&self, name: &str) -> Option<Value> {
        let file = self.value["extra_files"][name].as_str()?;
        Some(json(&std::fs::read(self.folder.join(file)).expect("extra file")))
    }

    pub fn verdict(&self) -> &str {
        self.value["expected"]["verdict"].as_str().expect("verdict")
    }

    pub fn is_optional(&self) -> bool {
        self.value["expected"]["level"] == "may"
    }

    pub fn issuers(&self) -> Vec<&str> {
        let issuers = self.value["verify_with"]["trusted_issuers"].as_array().expect("issuers");
        issuers.iter().map(|issuer| issuer.as_str().expect("DID")).collect()
    }

    pub fn session_id(&self) -> Option<&str> {
        // Cases whose only proof is an un-derived signature carry no nonce.
        match self.runs_with_any_session() {
            true => None,
            false => self.value["verify_with"]["session_id"].as_str(),
        }
    }

    pub fn runs_with_any_session(&self) -> bool {
        self.name.contains("underived")
    }

    pub fn did_documents(&self) -> Vec<PathBuf> {
        let documents = self.value["did_documents"].as_array().expect("documents").iter();
        documents
            // A did:key is derived, never read from a file.
            .filter(|it| !it["did"].as_str().expect("DID").starts_with("did:key:"))
            .map(|it| self.folder.join(it["file"].as_str().expect("file")))
            .collect()
    }

    /// Asks the library, as the mapping of the cases says.
    pub fn ask(&self) -> Vec<Answer> {
        let mut evidence = Evidence::new();
        for document in self.did_documents() {
            let document = std::fs::read(document).expect("DID document");
            evidence.add_did_document(&document).expect("DID document");
        }
        let issuers = self.issuers().into_iter().map(|did| Did::new(did).expect("DID"));
        let policy = Policy::new(TrustedIssuers::new(issuers).expect("issuers"))
            .status(Unknown::Skip)
            .schema(Unknown::Skip);
        let verifier = Verifier::new(policy);
        let now = instant("2024-06-01T00:00:00Z");
        let text = std::fs::read(self.file()).expect("case");
        let saved = self.session_id().map(|id| SessionId::new(id).expect("session id"));
        match Input::from_bytes(&text, evidence.contexts()) {
            Err(error) => vec![Answer::unreadable(error.to_string())],
            Ok(Input::Presentation(presentation)) => {
                let session =
                    saved.as_ref().map_or(ExpectedSession::InsecureAny, ExpectedSession::Id);
                vec![Answer::new(verifier.verify(&presentation, session, &evidence, now))]
            }
            Ok(Input::Sessions(sessions)) => sessions
                .iter()
                .map(|session| {
                    let own = SessionId::new(session.id()).expect("session id");
                    let expected = ExpectedSession::Id(saved.as_ref().unwrap_or(&own));
                    match verifier.verify_session(session, expected, &evidence, now) {
                        Ok(report) => Answer::new(report),
                        Err(error) => Answer::unreadable(error.to_string()),
                    }
                })
                .collect(),
            Ok(_) => panic!("{}: an input of a new kind", self.name),
        }
    }
}

/// What was answered, by the library or by the command, in one form.
#[derive(Debug, PartialEq)]
pub struct Answer {
    pub verdict: String,
    pub credential_verdicts: Vec<String>,
    /// `check:code` of what fails; of what is indeterminate if nothing fails.
    pub codes: Vec<String>,
    pub error: Option<String>,
    /// `code:detail` of each.
    pub warnings: Vec<String>,
    pub claims: Vec<BTreeMap<String, Vec<String>>>,
    /// Name to state and raw text.
    pub typed: Vec<BTreeMap<String, (String, Option<String>)>>,
}

impl Answer {
    fn unreadable(error: String) -> Answer {
        Answer {
            verdict: "error".into(),
            credential_verdicts: Vec::new(),
            codes: Vec::new(),
            error: Some(error),
            warnings: Vec::new(),
            claims: Vec::new(),
            typed: Vec::new(),
        }
    }

    pub fn new(report: Report) -> Answer {
        let verdict = report.verdict();
        let credentials = report.credentials();
        let credential_verdicts =
            credentials.iter().map(|it| it.verdict().code().to_owned()).collect();
        let all = report.session_checks().into_iter();
        let all: Vec<(Check, &Outcome)> =
            all.chain(credentials.iter().flat_map(|credential| credential.checks())).collect();
        let codes = |is: fn(&Outcome) -> bool| {
            let these = all.iter().filter(|(_, outcome)| is(outcome));
            let code = |outcome: &Outcome| outcome.reason().expect("reason").code().code();
            these
                .map(|(check, outcome)| format!("{}:{}", check.code(), code(outcome)))
                .collect::<Vec<_>>()
        };
        let failures = codes(|outcome| matches!(outcome, Outcome::Fail(_)));
        let codes = match failures.is_empty() {
            true => codes(|outcome| matches!(outcome, Outcome::Indeterminate(_))),
            false => failures,
        };
        let warning = |it: &Warning| format!("{}:{}", it.code(), it.detail().unwrap_or_default());
        let warnings = report.warnings().iter().map(warning).collect();
        let verified = report.into_verified();
        assert_eq!(verified.is_ok(), verdict == Verdict::Accepted, "claims are for the accepted");
        let credentials = verified.as_ref().map_or(&[][..], |verified| verified.credentials());
        Answer {
            verdict: verdict.code().to_owned(),
            credential_verdicts,
            codes,
            error: None,
            warnings,
            claims: credentials
                .iter()
                .map(|it| result_vp::signed_claims(it).into_iter().collect())
                .collect(),
            typed: credentials
                .iter()
                .filter_map(GovernmentId::from_credential)
                .map(|id| typed(&id))
                .collect(),
        }
    }

    /// The same from one result of the command's JSON.
    pub fn from_output(result: &Value) -> Answer {
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        let credentials = result["credentials"].as_array().expect("credentials");
        let mut checks = result["session"]["checks"].as_array().cloned().unwrap_or_default();
        checks.extend(credentials.iter().flat_map(|it| it["checks"].as_array().unwrap()).cloned());
        let codes = |outcome: &str| -> Vec<String> {
            let these = checks.iter().filter(|check| check["outcome"] == outcome);
            these.map(|it| format!("{}:{}", text(&it["check"]), text(&it["code"]))).collect()
        };
        let failures = codes("fail");
        let accepted = credentials.iter().filter(|it| !it["signed_claims"].is_null());
        let typed = |credential: &Value| {
            let claims = credential["claims"].as_object()?;
            let state = |claim: &Value| {
                let raw = claim["raw"].as_str().map(str::to_owned);
                (text(&claim["state"]), raw)
            };
            Some(claims.iter().map(|(name, claim)| (name.clone(), state(claim))).collect())
        };
        Answer {
            verdict: text(&result["verdict"]),
            credential_verdicts: credentials.iter().map(|it| text(&it["verdict"])).collect(),
            codes: if failures.is_empty() { codes("indeterminate") } else { failures },
            error: result["error"].as_str().map(str::to_owned),
            warnings: (result["warnings"].as_array().expect("warnings").iter())
                .map(|it| format!("{}:{}", text(&it["code"]), it["detail"].as_str().unwrap_or("")))
                .collect(),
            claims: accepted
                .clone()
                .map(|it| serde_json::from_value(it["signed_claims"].clone()).expect("claims"))
                .collect(),
            typed: accepted.filter_map(typed).collect(),
        }
    }
}

fn typed(id: &GovernmentId) -> BTreeMap<String, (String, Option<String>)> {
    let state = |claim: &Claim<Vec<&str>>| {
        let raw = claim.disclosed().map(|texts| texts.join("; "));
        (claim.state().to_owned(), raw)
    };
    id.claims().iter().map(|(name, claim)| ((*name).to_owned(), state(claim))).collect()
}

/// The member of the subject behind each typed claim.
pub const TYPED: [(&str, &str); 14] = [
    ("given_name", "givenName"),
    ("family_name", "familyName"),
    ("document_number", "number"),
    ("document_class", "class"),
    ("issuing_authority", "issuer"),
    ("street_address", "streetAddress"),
    ("city", "city"),
    ("state", "state"),
    ("postal_code", "postalCode"),
    ("date_of_birth", "dateOfBirth"),
    ("issue_date", "issueDate"),
    ("expiry_date", "expiryDate"),
    ("portrait", "portrait"),
    ("signature", "signature"),
];
/// The names a credential's subject shares with everything Trinsic describes.
pub const VOCABULARY: &str = "https://trinsic.cloud/idv/";

/// Compares an answer with what the manifest expects of the credentials.
pub fn assert_claims(case: &str, answer: &Answer, expected: &[Value]) {
    assert_eq!(answer.claims.len(), expected.len(), "{case}: credentials");
    for (index, (found, expected)) in answer.claims.iter().zip(expected).enumerate() {
        let members = expected["claims"].as_object().expect("claims");
        let mut found = found.clone();
        found.remove("http://www.w3.org/1999/02/22-rdf-syntax-ns#type");
        let expected: BTreeMap<String, Vec<String>> = members
            .iter()
            .map(|(name, value)| (format!("{VOCABULARY}{name}"), values(value)))
            .collect();
        assert_eq!(found, expected, "{case}: signed claims of credential {index}");
        for (name, member) in TYPED {
            let (state, raw) = &answer.typed[index][name];
            match members.get(member).and_then(Value::as_str) {
                Some("") => assert_eq!((state.as_str(), raw), ("empty", &None), "{case}: {name}"),
                Some(value) => {
                    assert_eq!(state, "disclosed", "{case}: {name}");
                    assert_eq!(raw.as_deref(), Some(value), "{case}: {name}");
                }
                None => {
                    assert!(matches!(state.as_str(), "not_disclosed" | "absent"), "{case}: {name}");
                }
            }
        }
    }
}

/// The lexical forms of a member's values in the statements, sorted.
fn values(member: &Value) -> Vec<String> {
    let mut values: Vec<String> = match member {
        Value::Array(items) => items.iter().flat_map(values).collect(),
        Value::Bool(value) => vec![value.to_string()],
        Value::Number(number) if number.is_i64() => vec![number.to_string()],
        // xsd:double, canonical: the vectors hold 1.75 alone.
        Value::Number(number) => vec![format!("{number}E0")],
        Value::Object(node) => {
            let id = node["id"].as_str().expect("id");
            vec![id.strip_prefix("urn:bnid:").unwrap_or(id).to_owned()]
        }
        Value::String(text) => vec![text.clone()],
        Value::Null => Vec::new(),
    };
    values.sort();
    values
}

/// What one check of a credential found.
pub fn outcome(credential: &CredentialReport, check: Check) -> Outcome {
    let checks = credential.checks();
    checks.into_iter().find(|(it, _)| *it == check).expect("every check is named").1.clone()
}

/// How long the thread has worked, so that a busy machine changes nothing; where the system does
/// not tell, the time since the first call.
pub fn work_time() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    let start = START.get_or_init(Instant::now);
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|told| told.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| start.elapsed(), Duration::from_nanos)
}

/// The report on what was read, asked for neither session, status nor schema.
pub fn ask_plainly(
    read: &UnverifiedPresentation,
    trusted: TrustedIssuers,
    evidence: &Evidence,
    at: &str,
) -> Report {
    let policy = Policy::new(trusted).status(Unknown::Skip).schema(Unknown::Skip);
    Verifier::new(policy).verify(read, ExpectedSession::InsecureAny, evidence, instant(at))
}

/// These, and no others.
pub fn trusting<D: AsRef<str>>(dids: impl IntoIterator<Item = D>) -> TrustedIssuers {
    let dids = dids.into_iter().map(|did| Did::new(did.as_ref()).expect("a DID"));
    TrustedIssuers::new(dids).expect("at least one")
}
