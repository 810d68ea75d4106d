//! Documents that others secured with Data Integrity proofs: vectors of the specifications, and what the
//! W3C's suites send to a verifier. `exceptions.toml` lists what this version answers otherwise, and why;
//! one that no longer applies fails here as well.

mod support;

use std::collections::BTreeMap;
use std::path::Path;

use result_vp::{
    Check, Error, Evidence, Outcome, Report, TrustedIssuers, UnverifiedPresentation, Verdict,
};
use serde::Deserialize;
use serde_json::Value;
use support::{ask_plainly, outcome, vectors};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exception {
    /// What this version says: the code of the first check that is not passed, or `unreadable`.
    says: String,
    /// Why that is right, or not built.
    why: String,
}

type Exceptions = BTreeMap<String, Exception>;

fn exceptions(set: &str) -> Exceptions {
    let text = include_str!("exceptions.toml");
    let mut all: BTreeMap<String, Exceptions> = toml::from_str(text).expect("TOML");
    all.remove(set).unwrap_or_default()
}

fn index(folder: &Path) -> Vec<Value> {
    let text = std::fs::read(folder.join("index.json")).expect("an index");
    let index: Value = serde_json::from_slice(&text).expect("JSON");
    index["items"].as_array().expect("items").clone()
}

/// The contexts that the documents name and the library does not bring along.
fn evidence(folder: &Path) -> Evidence {
    let mut evidence = Evidence::new();
    for name in [
        "citizenship_v2",
        "citizenship_v3",
        "citizenship_v4rc1",
        "vdl_v1",
        "vdl_v2",
        "vdl_aamva_v1",
    ] {
        let file = folder.join(format!("../06-contexts/w3id.org_{name}.jsonld"));
        let url = format!("https://w3id.org/{}", name.replace('_', "/"));
        let text = std::fs::read(file).expect("a context");
        // One that the library cannot read is one that it refuses in documents.
        let _ = evidence.add_context(&url, &text);
    }
    evidence
}

fn ask(text: &[u8], evidence: &Evidence, is_credential: bool) -> Result<Report, Error> {
    let contexts = evidence.contexts();
    let presentation = match is_credential {
        true => UnverifiedPresentation::from_bare_credential(text, contexts)?,
        false => UnverifiedPresentation::from_json_with(text, contexts)?,
    };
    Ok(ask_plainly(&presentation, TrustedIssuers::insecure_any(), evidence, "2026-11-25T00:00:00Z"))
}

/// The first reason why the checks are not all passed.
fn says<'c>(mut checks: impl Iterator<Item = (Check, &'c Outcome)>) -> String {
    let found = checks.find(|(_, it)| matches!(it, Outcome::Fail(_) | Outcome::Indeterminate(_)));
    let reason = found.and_then(|(_, outcome)| outcome.reason());
    reason.map_or("accepted", |reason| reason.code().code()).to_owned()
}

/// Compares what is said of every item with what is expected of it.
fn compare(set: &str, found: BTreeMap<String, (bool, String)>) {
    let exceptions = exceptions(set);
    let mut wrong = Vec::new();
    for (name, (is_as_expected, says)) in &found {
        match (exceptions.get(name), is_as_expected) {
            (None, true) => {}
            (Some(exception), false) if exception.says == *says => {}
            (None, false) => wrong.push(format!("{name}: {says}, unexpected")),
            (Some(_), true) => wrong.push(format!("{name}: as expected: no exception any more")),
            (Some(it), false) => wrong.push(format!("{name}: {says}, not {}", it.says)),
        }
    }
    for (name, exception) in &exceptions {
        assert!(found.contains_key(name), "{set}: no item {name}");
        assert!(!exception.why.is_empty(), "{name}");
    }
    assert!(wrong.is_empty(), "{set}:\n{}", wrong.join("\n"));
    println!("{set}: {} items, {} exceptions", found.len(), exceptions.len());
}

/// Whether the proof is valid is one question; whose key it is, is another.
#[test]
fn the_vectors_of_the_specifications() {
    let Some(folder) = vectors("third-party") else { return };
    let folder = folder.join("01-data-integrity");
    let evidence = evidence(&folder);
    let mut found = BTreeMap::new();
    for item in index(&folder) {
        let name = item["name"].as_str().expect("a name").to_owned();
        let expected = &item["expected"];
        let verify = expected["verify"].as_str().expect("a verdict");
        if verify.starts_with("unverified") {
            continue;
        }
        let file = expected["secured_document"].as_str().map(str::to_owned);
        let files = item["files"].as_array().expect("files");
        let file = file.map(|file| format!("{name}/{file}"));
        let file = file.unwrap_or_else(|| files[0].as_str().expect("a file").to_owned());
        let text = std::fs::read(folder.join(&file)).expect("a document");
        let answer = match ask(&text, &evidence, true) {
            Err(error) => (false, error.to_string()),
            Ok(report) => {
                let credential = &report.credentials()[0];
                let is_binding =
                    expected["issuer_binding"] == "issuer controls verification method";
                if is_binding {
                    assert_eq!(outcome(credential, Check::IssuerIsSigner), Outcome::Pass, "{name}");
                } else {
                    assert_ne!(outcome(credential, Check::IssuerIsSigner), Outcome::Pass, "{name}");
                }
                let about_proof = |(check, _): &(Check, &Outcome)| {
                    matches!(check, Check::Context | Check::UnsignedContent | Check::Proof)
                };
                let says = says(credential.checks().into_iter().filter(about_proof));
                let is_valid = says == "accepted";
                let should_be = verify.ends_with("valid") || verify == "accept";
                (is_valid == should_be, says)
            }
        };
        found.insert(name, answer);
    }
    assert!(found.len() > 20);
    compare("data-integrity", found);
}

#[test]
fn what_the_suites_send_to_a_verifier() {
    let Some(folder) = vectors("third-party") else { return };
    let folder = folder.join("07-recorded-suite-requests");
    let evidence = evidence(&folder);
    let mut found = BTreeMap::new();
    for item in index(&folder) {
        let expected = &item["expected"];
        let (member, is_credential) = match expected["endpoint"].as_str() {
            Some("credentials/verify") => ("verifiableCredential", true),
            Some("presentations/verify") => ("verifiablePresentation", false),
            // Whether a document may be signed is not asked of a verifier.
            _ => continue,
        };
        let name = item["name"].as_str().expect("a name").to_owned();
        let request = std::fs::read(folder.join(&name).join("request.json")).expect("a request");
        let request: Value = serde_json::from_slice(&request).expect("JSON");
        let text = request[member].to_string();
        let (verdict, says) = match ask(text.as_bytes(), &evidence, is_credential) {
            Err(_) => (None, "unreadable".to_owned()),
            Ok(report) => {
                let credentials = report.credentials().iter().flat_map(|it| it.checks());
                let checks = report.session_checks().into_iter().chain(credentials);
                (Some(report.verdict()), says(checks))
            }
        };
        let is_accepted = verdict == Some(Verdict::Accepted);
        found.insert(name, (is_accepted == (expected["verdict"] == "accept"), says));
    }
    assert!(found.len() > 80);
    compare("suite-requests", found);
}
