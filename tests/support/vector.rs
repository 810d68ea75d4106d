//! A vector of `fixtures/vectors`: a question, and everything the report must say.

#![allow(dead_code)]

use std::path::{Path, PathBuf};

use chrono::{DateTime, Duration, Utc};
use hex::FromHex;
use result_vp::policy::{
    AllowedContext, BitOrder, Disclosure, ExpiredDocument, HolderBinding, Profile, TrustedIssuer,
};
use result_vp::{
    Did, Evidence, ExpectedSession, Outcome, Policy, Report, SeenProofs, Session, SessionId,
    Source, TrustedIssuers, Unknown, UnverifiedPresentation, Verifier,
};
use serde::Deserialize;
use serde_json::Value;

const EVIDENCE: [&str; 3] =
    ["did/issuer.json", "evidence/schema.json", "evidence/status-list.json"];
const ISSUER: &str = "did:web:issuer.example";
const SESSION: &str = "0f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e10";
const NOW: &str = "2024-06-01T00:00:00Z";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vector {
    pub comment: String,
    pub expect: Expect,
    pub base: Option<String>,
    pub input: Option<Value>,
    #[serde(default)]
    pub edits: Vec<(String, Value)>,
    #[serde(default)]
    pub policy: Asked,
    pub evidence: Option<Vec<Value>>,
    #[serde(default)]
    pub seen_twice: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    pub verdict: String,
    pub check: String,
    pub outcome: String,
    pub code: Option<String>,
    #[serde(default)]
    pub also: Vec<Found>,
}

/// A check that neither passed nor had nothing to check.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd)]
#[serde(deny_unknown_fields)]
pub struct Found {
    pub check: String,
    pub outcome: String,
    pub code: Option<String>,
}

/// What a vector asks for differently; the rest is as strict as it can be over any disclosure.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Asked {
    issuers: Option<Vec<String>>,
    insecure_any_issuer: bool,
    session_id: Option<String>,
    insecure_any_session: bool,
    at: Option<String>,
    status: Option<String>,
    schema: Option<String>,
    normalized_data: Option<String>,
    disclosure: Option<String>,
    profile: Option<String>,
    required_types: Vec<String>,
    max_age_seconds: Option<i64>,
    max_evidence_age_seconds: Option<i64>,
    expired_document: Option<String>,
    revocation_bits: Option<String>,
    domain: Option<String>,
    by_subject: bool,
    status_issuers: Vec<String>,
    schema_issuers: Vec<String>,
    /// The IRI of each, and the SHA-256 of its document in hexadecimal or null.
    contexts: Vec<(String, Option<String>)>,
}

/// A piece of evidence that is not simply a file or the document itself.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Piece {
    file: Option<String>,
    json: Option<Value>,
    fetched: Option<String>,
    from: Option<String>,
    until: Option<String>,
}

impl Vector {
    /// What is asked about: the base with its edits, or the input.
    pub fn subject(&self) -> Value {
        let mut subject = self.unedited();
        edit_all(&mut subject, &self.edits);
        subject
    }

    fn unedited(&self) -> Value {
        match (&self.base, &self.input) {
            (Some(base), None) => json_fixture(base),
            (None, Some(input)) => input.clone(),
            _ => panic!("a vector has a base or an input"),
        }
    }

    pub fn report(&self) -> Report {
        let mut subject = self.unedited();
        let own_id = subject["id"].as_str().unwrap_or_default().to_owned();
        let is_session = subject.get("verifiableCredential").is_none();
        edit_all(&mut subject, &self.edits);
        let id = match (&self.policy.session_id, is_session) {
            (Some(id), _) => id.clone(),
            (None, true) => own_id,
            (None, false) => SESSION.to_owned(),
        };
        let id = SessionId::new(&id).expect("session id");
        let expected = match self.policy.insecure_any_session {
            true => ExpectedSession::InsecureAny,
            false => ExpectedSession::Id(&id),
        };
        let now = instant(self.policy.at.as_deref().unwrap_or(NOW));
        let evidence = self.evidence();
        let verifier = Verifier::new(self.policy.policy());
        let text = subject.to_string();
        let ask = || match is_session {
            true => {
                let session = Session::from_json(text.as_bytes()).expect("a session");
                verifier.verify_session(&session, expected, &evidence, now).expect("a result_vp")
            }
            false => {
                let presentation =
                    UnverifiedPresentation::from_json(text.as_bytes()).expect("a VP");
                verifier.verify(&presentation, expected, &evidence, now)
            }
        };
        // What a verifier remembers of the first time changes nothing.
        let (first, again) = (ask(), ask());
        assert_eq!(format!("{first:?}"), format!("{again:?}"), "{}", self.comment);
        match self.seen_twice {
            false => first,
            true => {
                let mut seen = SeenProofs::new();
                let _first = seen.check(first);
                seen.check(again)
            }
        }
    }

    fn evidence(&self) -> Evidence {
        let default = || EVIDENCE.into_iter().map(Value::from).collect();
        let pieces: Vec<Value> = self.evidence.clone().unwrap_or_else(default);
        let mut evidence = Evidence::new();
        for piece in pieces {
            let is_described = piece.get("file").or(piece.get("json")).is_some();
            let (document, source) = match &piece {
                Value::String(file) => (json_fixture(file), Source::unknown()),
                _ if is_described => described(serde_json::from_value(piece).expect("evidence")),
                _ => (piece, Source::unknown()),
            };
            evidence.add(document.to_string().as_bytes(), source).expect("evidence");
        }
        evidence
    }

    /// Everything that the report must say.
    pub fn expected(&self) -> Vec<Found> {
        let Expect { check, outcome, code, also, .. } = &self.expect;
        let mut found = also.clone();
        if outcome != "pass" {
            let (check, outcome, code) = (check.clone(), outcome.clone(), code.clone());
            found.push(Found { check, outcome, code });
        }
        found.sort();
        found
    }
}

impl Asked {
    fn policy(&self) -> Policy {
        let did = |text: &String| Did::new(text).expect("DID");
        let issuers = self.issuers.clone().unwrap_or_else(|| vec![ISSUER.to_owned()]);
        let issuer = |text: &String| {
            let issuer = TrustedIssuer::exact(did(text));
            match self.revocation_bits.as_deref() {
                None => issuer,
                Some("leftmost_first") => issuer.revocation_bits(BitOrder::LeftmostFirst),
                Some("rightmost_first") => issuer.revocation_bits(BitOrder::RightmostFirst),
                Some(other) => panic!("bits {other}"),
            }
        };
        let issuers = match self.insecure_any_issuer {
            true => TrustedIssuers::insecure_any(),
            false => TrustedIssuers::new(issuers.iter().map(issuer)).expect("issuers"),
        };
        let mut policy = Policy::new(issuers)
            .status(unknown(self.status.as_deref()))
            .schema(unknown(self.schema.as_deref()))
            .normalized_data(unknown(self.normalized_data.as_deref()))
            .disclosure(match self.disclosure.as_deref() {
                None | Some("partial") => Disclosure::AllowPartial,
                Some("full") => Disclosure::RequireFull,
                Some(other) => panic!("disclosure {other}"),
            })
            .profile(match self.profile.as_deref() {
                None | Some("general") => Profile::General,
                Some("trinsic-connect") => Profile::TrinsicConnect,
                Some(other) => panic!("profile {other}"),
            })
            .expired_document(match self.expired_document.as_deref() {
                None | Some("allow") => ExpiredDocument::Allow,
                Some("reject") => ExpiredDocument::Reject,
                Some(other) => panic!("expired_document {other}"),
            });
        if let Some(age) = self.max_age_seconds {
            policy = policy.max_age(Duration::seconds(age));
        }
        if let Some(age) = self.max_evidence_age_seconds {
            policy = policy.max_evidence_age(Duration::seconds(age));
        }
        for (iri, sha256) in &self.contexts {
            let context = AllowedContext::new(iri);
            policy = policy.allow_context(match sha256 {
                None => context,
                Some(text) => context.sha256(<[u8; 32]>::from_hex(text).expect("a hash")),
            });
        }
        policy = self.required_types.iter().fold(policy, |policy, it| policy.require_type(it));
        policy = self.domain.iter().fold(policy, |policy, it| policy.domain(it));
        if self.by_subject {
            policy = policy.holder(HolderBinding::RequireSubject);
        }
        policy =
            self.schema_issuers.iter().fold(policy, |policy, it| policy.schema_issuer(did(it)));
        self.status_issuers.iter().fold(policy, |policy, it| policy.status_issuer(did(it)))
    }
}

/// Of the session and of every credential.
pub fn all_checks(report: &Report) -> Vec<Found> {
    let credentials = report.credentials().iter().flat_map(|it| it.checks());
    let found = |(check, outcome): (result_vp::Check, &Outcome)| Found {
        check: check.code().to_owned(),
        outcome: outcome.code().to_owned(),
        code: outcome.reason().map(|reason| reason.code().code().to_owned()),
    };
    report.session_checks().into_iter().chain(credentials).map(found).collect()
}

pub fn deviations(checks: &[Found]) -> Vec<Found> {
    let deviates = |it: &&Found| !matches!(it.outcome.as_str(), "pass" | "not_applicable");
    let mut found: Vec<Found> = checks.iter().filter(deviates).cloned().collect();
    found.sort();
    found
}

/// `null` removes, everything else is set; `/result_vp/…` goes into the text of that member.
pub fn edit_all(document: &mut Value, edits: &[(String, Value)]) {
    for (pointer, value) in edits {
        let inner = pointer.strip_prefix("/result_vp/");
        let name = ["result_vp", "resultVp"].into_iter().find(|name| document.get(name).is_some());
        match (inner, name) {
            (Some(inner), Some(name)) => {
                let text = document[name].as_str().expect("a text");
                let mut result: Value = serde_json::from_str(text).expect("a presentation");
                edit(&mut result, &format!("/{inner}"), value);
                document[name] = result.to_string().into();
            }
            (Some(_), None) => panic!("{pointer}: no result_vp"),
            (None, _) => edit(document, pointer, value),
        }
    }
}

fn edit(document: &mut Value, pointer: &str, value: &Value) {
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
    let name = name.replace("~1", "/").replace("~0", "~");
    let parent = document.pointer_mut(parent).unwrap_or_else(|| panic!("{pointer}: no parent"));
    match (parent, value) {
        (Value::Object(members), Value::Null) => {
            members.remove(&name).unwrap_or_else(|| panic!("{pointer}: nothing to remove"));
        }
        (Value::Object(members), value) => drop(members.insert(name, value.clone())),
        (Value::Array(items), Value::Null) => drop(items.remove(name.parse().expect("an index"))),
        (Value::Array(items), value) => match name.as_str() {
            "-" => items.push(value.clone()),
            index => items[index.parse::<usize>().expect("an index")] = value.clone(),
        },
        _ => panic!("{pointer}: no container"),
    }
}

fn described(piece: Piece) -> (Value, Source) {
    let document = match (piece.file, piece.json) {
        (Some(file), None) => json_fixture(&file),
        (None, Some(json)) => json,
        _ => panic!("evidence is a file or JSON"),
    };
    let time = |text: Option<String>| text.as_deref().map(instant);
    let mut source = time(piece.fetched).map_or(Source::unknown(), Source::fetched);
    source = time(piece.from).map_or(source, |from| source.from(from));
    (document, time(piece.until).map_or(source, |until| source.until(until)))
}

fn unknown(setting: Option<&str>) -> Unknown {
    match setting {
        None | Some("require") => Unknown::Require,
        Some("allow") => Unknown::Allow,
        Some("skip") => Unknown::Skip,
        Some(other) => panic!("setting {other}"),
    }
}

pub fn instant(text: &str) -> DateTime<Utc> {
    text.parse().expect("RFC 3339")
}

pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

pub fn json_fixture(name: &str) -> Value {
    let path = fixtures().join(name);
    let text = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&text).expect("JSON")
}

pub fn entries(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder).expect("a folder").map(|entry| entry.unwrap().path()).collect()
}
