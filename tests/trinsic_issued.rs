//! Credentials that Trinsic itself issued: what they sign, and which checks they pass.

mod support;

use std::path::Path;

use base64::engine::general_purpose::STANDARD;
use base64::Engine as _;
use result_vp::{
    internal, Contexts, Evidence, ExpectedSession, Outcome, Policy, ReasonCode, Report,
    TrustedIssuers, Unknown, UnverifiedPresentation, Verdict, Verifier,
};
use support::{instant, json, vectors};

/// The statements are those of the files, byte for byte, the four of the proof first.
#[test]
fn statements_equal_the_files() {
    let Some(folder) = vectors("trinsic-issued") else { return };
    let mut compared = 0;
    for file in std::fs::read_dir(&folder).unwrap() {
        let path = file.unwrap().path();
        let expected = path.with_extension("statements.txt");
        if path.extension().is_none_or(|it| it != "json") || !expected.exists() {
            continue;
        }
        let credential = credential(&path);
        let proof = internal::proof_lines(&credential).unwrap().unwrap();
        let lines = internal::statements(&credential, &Contexts::bundled()).unwrap().unwrap();
        let all: String = proof.iter().chain(&lines).map(|line| format!("{line}\n")).collect();
        assert_eq!(all.trim_end(), std::fs::read_to_string(expected).unwrap().trim_end());
        compared += 1;
    }
    assert_eq!(compared, 6);
}

/// The proofs verify; the issuer is one key and the signer another, which is told.
#[test]
fn vaccination_credentials_were_signed_by_a_key_of_another_did() {
    let Some(folder) = vectors("trinsic-issued") else { return };
    let names = ["06-30-derived", "06-30-signed", "11-15a-signed", "11-23-signed"];
    for name in names {
        let report = ask(&folder.join(format!("vacc-2021-{name}.json")), "2024-06-01T00:00:00Z");
        assert_eq!(report.verdict(), Verdict::Rejected, "{name}");
        assert_eq!(failures(&report), ["issuer_is_signer:key_controller_differs"], "{name}");
        assert_eq!(outcome(&report, "proof"), &Outcome::Pass, "{name}");
        assert_eq!(outcome(&report, "unsigned_content"), &Outcome::Pass, "{name}");
    }
}

#[test]
fn the_credential_with_the_blank_node_is_valid_after_it_was_made() {
    let Some(folder) = vectors("trinsic-issued") else { return };
    let path = folder.join("mattr-bug-urnvc-blanknode-derived.json");
    assert_eq!(ask(&path, "2026-12-01T00:00:00Z").verdict(), Verdict::Accepted);
    let before = ask(&path, "2024-06-01T00:00:00Z");
    assert_eq!(failures(&before), ["validity_period:created_in_future"]);
}

/// The published sample was spoiled on purpose; that shows with no key at hand.
#[test]
fn the_published_sample_fails_by_its_shape_and_then_by_a_point() {
    let Some(folder) = vectors("trinsic-issued") else { return };
    let published = ask(&folder.join("connect-result-vp.json"), "2024-06-01T00:00:00Z");
    assert_eq!(failures(&published), ["proof:proof_shape"]);
    let mut credential = json(&credential(&folder.join("connect-result-vp.json")));
    let mut value = STANDARD.decode(credential["proof"]["proofValue"].as_str().unwrap()).unwrap();
    value[0] = 0;
    credential["proof"]["proofValue"] = STANDARD.encode(value).into();
    let header_repaired = ask_text(credential.to_string().as_bytes(), "2024-06-01T00:00:00Z");
    assert_eq!(failures(&header_repaired), ["proof:proof_point"]);
    let detail = outcome(&header_repaired, "proof").reason().unwrap().detail().unwrap();
    assert!(detail.contains("point_not_on_curve"), "{detail}");
}

/// With its points repaired as well, only the issuer's key is missing; the report says whose.
#[test]
fn the_repaired_sample_needs_the_did_document() {
    let Some(folder) = vectors("trinsic-issued") else { return };
    let report = ask(&folder.join("connect-result-vp.repaired.json"), "2024-06-01T00:00:00Z");
    assert_eq!(report.verdict(), Verdict::Indeterminate);
    let Outcome::Indeterminate(reason) = outcome(&report, "proof") else { panic!("undecided") };
    assert_eq!(reason.code(), ReasonCode::DidDocumentMissing);
    assert!(reason.detail().unwrap().starts_with("did:web:"));
}

fn credential(path: &Path) -> Vec<u8> {
    let document = json(&std::fs::read(path).unwrap());
    let credential = document["verifiableCredential"].get(0).unwrap_or(&document);
    credential.to_string().into_bytes()
}

fn ask(path: &Path, now: &str) -> Report {
    ask_text(&credential(path), now)
}

fn ask_text(credential: &[u8], now: &str) -> Report {
    let contexts = Contexts::bundled();
    let presentation = UnverifiedPresentation::from_bare_credential(credential, &contexts);
    let policy =
        Policy::new(TrustedIssuers::insecure_any()).status(Unknown::Skip).schema(Unknown::Skip);
    Verifier::new(policy).verify(
        &presentation.unwrap(),
        ExpectedSession::InsecureAny,
        &Evidence::new(),
        instant(now),
    )
}

fn outcome<'r>(report: &'r Report, check: &str) -> &'r Outcome {
    report.credentials()[0].checks().into_iter().find(|(it, _)| it.code() == check).unwrap().1
}

fn failures(report: &Report) -> Vec<String> {
    let failed =
        report.credentials()[0].checks().into_iter().filter_map(|(check, outcome)| match outcome {
            Outcome::Fail(reason) => Some(format!("{}:{}", check.code(), reason.code().code())),
            _ => None,
        });
    failed.collect()
}
