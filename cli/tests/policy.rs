//! `--policy` and `result-vp policy`: a file says what flags say, and flags stand over it.

mod common;

use common::{code, file, folder, run, stderr, stdout};

const SESSION: [&str; 2] = ["--session-id", "0f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e10"];
const EVIDENCE: [&str; 4] = ["--evidence", "fixtures/did", "--evidence", "fixtures/evidence"];
const AT: [&str; 2] = ["--at", "2024-06-01T00:00:00Z"];

fn verify(policy: &str, flags: &[&str]) -> i32 {
    let folder = folder(&format!("policy-{}", policy.len() * 1000 + flags.len()));
    let policy = file(&folder, "policy.toml", policy);
    let session = ["fixtures/sessions/success.json"];
    let policy = ["verify", "--policy", policy.as_str()];
    code(&run([&policy[..], &SESSION, &EVIDENCE, &AT, flags, &session].concat()))
}

const ISSUER: &str = "[[issuer]]\ndid = \"did:web:issuer.example\"\n";

#[test]
fn a_file_is_enough() {
    assert_eq!(verify(ISSUER, &[]), 0);
    assert_eq!(verify(&format!("profile = \"trinsic-connect\"\n{ISSUER}"), &[]), 0);
    let other = "[[issuer]]\ndid = \"did:web:other.example\"\n";
    assert_eq!(verify(other, &[]), 1);
    assert_eq!(verify(other, &["--issuer", "did:web:issuer.example"]), 0);
    assert_eq!(verify("", &[]), 2);
    let below = "[[issuer]]\ndid = \"did:web\"\nscope = \"below\"\n";
    assert_eq!(verify(below, &[]), 2);
}

#[test]
fn every_setting_reaches_the_verdict() {
    for (setting, expected) in [
        ("max_age_days = 30", 0),
        ("max_age_days = 29", 1),
        ("max_evidence_age_hours = 1", 3),
        ("min_list_entries = 131073", 1),
        ("credentials_per_verification = 2", 1),
        ("normalized_data = \"require\"", 0),
        ("expired_document = \"reject\"", 0),
        ("required_types = [\"https://trinsic.cloud/idv/Other\"]", 1),
        ("disclosure = \"full\"", 0),
        ("[[context]]\niri = \"https://www.w3.org/2018/credentials/v1\"", 1),
    ] {
        assert_eq!(verify(&format!("{setting}\n{ISSUER}"), &[]), expected, "{setting}");
    }
}

#[test]
fn flags_stand_over_the_file() {
    let skips = format!("status = \"skip\"\n{ISSUER}");
    let session = ["fixtures/sessions/success.json"];
    let folder = folder("policy-flags");
    let policy = file(&folder, "policy.toml", &skips);
    let base =
        ["verify", "--policy", policy.as_str(), "--schema", "skip", "--evidence", "fixtures/did"];
    let with = |flags: &[&str]| code(&run([&base[..], &SESSION, &AT, flags, &session].concat()));
    assert_eq!(with(&[]), 0);
    assert_eq!(with(&["--status", "require"]), 3);
}

#[test]
fn what_is_no_setting_is_an_error_that_names_it() {
    let folder = folder("policy-errors");
    for (text, named) in [
        ("statu = \"skip\"\n", "statu"),
        ("status = \"perhaps\"\n", "perhaps"),
        ("[[issuer]]\ndid = \"did:web:a.example\"\nscop = \"below\"\n", "scop"),
        ("[[issuer]]\ndid = \"a\"\n", "DID"),
        (
            "[[context]]\niri = \"urn:a\"\nsha256 = \"ab\"\n[[issuer]]\ndid = \"did:web:a\"\n",
            "urn:a",
        ),
        ("", "issuer"),
    ] {
        let policy = file(&folder, "policy.toml", text);
        let output = run(["policy", "check", &policy]);
        assert_eq!(code(&output), 2, "{text}");
        assert!(stderr(&output).contains(named), "{text}: {}", stderr(&output));
    }
}

#[test]
fn what_is_shown_is_a_policy_with_the_same_hash() {
    let folder = folder("policy-show");
    let short = file(&folder, "short.toml", ISSUER);
    let shown = run(["policy", "show", &short]);
    assert_eq!(code(&shown), 0);
    let whole = file(&folder, "whole.toml", stdout(&shown));
    let [short, whole] = [short, whole].map(|it| run(["policy", "check", &it]));
    let hash = |text: &str| text.rsplit_once("sha256 ").unwrap().1.to_owned();
    assert_eq!(hash(stdout(&short)), hash(stdout(&whole)));
    assert!(stdout(&run(["policy", "show"])).contains("status = \"require\""));
}
