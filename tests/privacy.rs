//! No report says what a claim was, whatever is wrong with the document; and no error says what a text held.

#[path = "support/vector.rs"]
mod vector;

use std::path::Path;

use result_vp::{Evidence, Input, Session};
use serde_json::{json, Value};
use vector::{entries, fixtures, Vector};

/// Every text below a subject that could only be a claim.
fn claims<'v>(value: &'v Value, is_claim: bool, found: &mut Vec<&'v str>) {
    match value {
        Value::String(text) => {
            let is_name = ["urn:", "http", "did:", "_:"].iter().any(|it| text.starts_with(it));
            if is_claim && text.len() >= 6 && !is_name {
                found.push(text);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| claims(item, is_claim, found)),
        Value::Object(members) => members.iter().for_each(|(name, member)| {
            let is_text = !matches!(name.as_str(), "type" | "@type" | "id" | "@id" | "@context");
            claims(member, is_text && (is_claim || name == "credentialSubject"), found);
        }),
        _ => {}
    }
}

fn vectors(folder: &Path, all: &mut Vec<(String, Vector)>) {
    for path in entries(folder) {
        if path.is_dir() {
            vectors(&path, all);
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        // Evidence lies beside some of them.
        if let Ok(vector) = serde_json::from_str(&text) {
            all.push((path.display().to_string(), vector));
        }
    }
}

/// Each vector is another way in which a document can be wrong.
#[test]
fn no_report_on_any_vector_says_what_a_claim_was() {
    let mut all = Vec::new();
    vectors(&fixtures().join("vectors"), &mut all);
    assert!(all.len() > 1000);
    let mut compared = 0;
    for (path, vector) in all {
        let subject = vector.subject();
        let result = subject["resultVp"].as_str().or(subject["result_vp"].as_str());
        let presentation: Value =
            result.map_or(Value::Null, |text| serde_json::from_str(text).unwrap_or_default());
        let mut secrets = Vec::new();
        claims(&subject, false, &mut secrets);
        claims(&presentation, false, &mut secrets);
        let report = vector.report();
        let checks = report.credentials().iter().flat_map(|it| it.checks());
        let reasons = checks.chain(report.session_checks()).filter_map(|(_, it)| it.reason());
        let mut said = format!("{report:?} {:?}", report.warnings());
        reasons.for_each(|reason| said += &format!(" {reason}"));
        for secret in secrets {
            assert!(!said.contains(secret), "{path}: {secret} in {said}");
            compared += 1;
        }
    }
    assert!(compared > 5000, "{compared}");
}

/// Cut and changed at every place, with every kind of byte.
#[test]
fn no_error_and_no_debug_says_what_a_text_held() {
    let marks = ["Qx7Given", "Qx7Family", "Qx7Token", "Qx7Copy", "Qx7Nonce", "Qx7Member"];
    let [given, family, token, copy, nonce, member] = marks;
    let v1 = "https://www.w3.org/2018/credentials/v1";
    let result = json!({
        "@context": [v1],
        "type": ["VerifiablePresentation"],
        member: 1,
        "verifiableCredential": [{
            "@context": [v1, {"@vocab": "https://trinsic.cloud/idv/"}],
            "type": ["VerifiableCredential"],
            "issuer": "did:web:a",
            "credentialSubject": {"id": "urn:a", "givenName": given, "familyName": family, member: null},
            "proof": {"type": "BbsBlsSignatureProof2020", "nonce": nonce},
        }],
    });
    let copy = json!({"givenName": copy});
    let verification =
        json!({"id": "v", "state": 3, "normalizedGovernmentIdData": copy, member: copy});
    let text = json!({
        "id": "s", "state": 4, "clientToken": token, "verifications": {"v": verification},
        "resultVp": result.to_string(),
    });
    let text = text.to_string();
    let evidence = Evidence::new();
    let said = |bytes: &[u8]| {
        let session = Session::all_from_json(bytes);
        let mut said = format!("{session:?}");
        if let Err(error) = &session {
            said += &error.to_string();
        }
        for session in session.iter().flatten() {
            let result = session.result_vp().unwrap_or_default();
            match Input::from_json(result.as_bytes(), evidence.contexts()) {
                Ok(Input::Presentation(it)) => said += &format!("{it:?} {:?}", it.inspect()),
                Ok(other) => said += &format!("{other:?}"),
                Err(error) => said += &format!("{error} {error:?}"),
            }
        }
        said
    };
    let bytes = text.as_bytes();
    let mut texts = vec![said(bytes)];
    for at in 0..bytes.len() {
        texts.push(said(&bytes[..at]));
        for byte in [b'"', b'\\', b'{', b'}', b'0', 0xff] {
            let mut changed = bytes.to_vec();
            changed[at] = byte;
            texts.push(said(&changed));
        }
    }
    for text in texts {
        for mark in marks {
            // A changed name of a member is unknown, and its IRI is what an inspection shows.
            let is_name = mark == "Qx7Member";
            assert!(is_name || !text.contains(mark), "{mark} in {text}");
        }
    }
}
