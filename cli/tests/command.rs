//! `inspect`, `explain`, `completions`, help, version and colours.

mod common;

use common::*;
use result_vp::ReasonCode;

#[test]
fn inspect_says_what_is_there_and_that_nothing_was_checked() {
    let output = run(["inspect", "--format", "json", "fixtures/sessions/selective.json"]);
    let sight = json(&output);
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    assert_eq!((&sight["schema"], &sight["checked"]), (&1.into(), &false.into()));
    assert!(sight["notice"].as_str().unwrap().starts_with("Nothing was checked"));
    assert!(sight.get("verdict").is_none(), "there is none to mistake");
    let record = &sight["records"][0];
    assert_eq!(record["session"]["state"], "IDV_SUCCESS");
    assert_eq!(record["session"]["unsigned"], true);
    assert_eq!(record["dids"], serde_json::json!(["did:web:issuer.example"]));
    let credential = &record["credentials"][0];
    assert_eq!(
        *credential,
        serde_json::json!({
            "id": "urn:vc",
            "types": [
                "https://trinsic.cloud/idv/IdentityDocument_v0",
                "https://www.w3.org/2018/credentials#VerifiableCredential",
            ],
            "issuer": "did:web:issuer.example",
            "suite": "BbsBlsSignatureProof2020",
            "verification_method": "did:web:issuer.example#key-1",
            "proof_created": "2024-05-02T10:00:00Z",
            "issuance_date": "2024-05-02T10:00:00Z",
            "expiration_date": null,
            "status_urls": [
                "https://issuer.example/credential-status/1#417",
                "https://issuer.example/credential-status/1",
            ],
            "schema_urls": ["https://schema.issuer.example/idv/identity-document_v0"],
            "claim_names": [
                "https://trinsic.cloud/idv/dateOfBirth",
                "https://trinsic.cloud/idv/familyName",
                "https://trinsic.cloud/idv/givenName",
                "https://trinsic.cloud/idv/number",
            ],
            "shown_statements": 15,
            "hidden_statements": 10,
            "problem": null,
        })
    );
    let output = run(["inspect", "fixtures/sessions/selective.json"]);
    assert!(stdout(&output).starts_with("NOTHING WAS CHECKED"));
    assert!(!stdout(&output).contains("ACCEPTED"));
}

#[test]
fn inspect_says_why_a_credential_cannot_be_read() {
    let text = read("presentations/full.json");
    let inspect = |text: &str| {
        let output = run_with_input(&["inspect", "--format", "json"], text.as_bytes());
        json(&output)["records"][0]["credentials"][0].clone()
    };
    let seen = inspect(&text.replace("\"ZZ\"", "null"));
    assert_eq!(seen["problem"]["code"], "unsigned_content");
    assert_eq!((&seen["shown_statements"], &seen["issuer"]), (&().into(), &().into()));
    let seen = inspect(&text.replace("\"proof\"", "\"proofs\""));
    assert_eq!(seen["problem"]["code"], "proof_missing");
    let seen = inspect(&text.replace("\"proofValue\": \"A", "\"proofValue\": \"*"));
    assert_eq!(seen["problem"]["code"], "proof_base64");
    assert_eq!((&seen["shown_statements"], &seen["hidden_statements"]), (&25.into(), &().into()));
}

#[test]
fn every_reason_is_explained_with_what_to_do_next_and_the_checks_that_give_it() {
    let all = run(["explain"]);
    for reason in ReasonCode::ALL {
        let name = reason.code();
        assert!(stdout(&all).contains(&format!("  {name} ")), "{name}");
        let output = run(["explain", name]);
        assert_eq!(code(&output), 0, "{name}");
        for part in ["(a reason)", "what to do", "given by"] {
            assert!(stdout(&output).contains(part), "{name}: {part}");
        }
    }
}

#[test]
fn checks_and_warnings_are_explained_as_well() {
    let output = run(["explain", "session"]);
    assert!(stdout(&output).contains("a check of the credential"));
    for reason in ["any_session", "nonce_differs", "nonce_missing", "proof_unread"] {
        assert!(stdout(&output).contains(reason), "{reason}");
    }
    // It is a check and a reason: both are said.
    let both = run(["explain", "unsigned_content"]);
    assert!(stdout(&both).contains("a check of") && stdout(&both).contains("a reason"));
    let warning = run(["explain", "unsigned_presentation_members"]);
    assert!(stdout(&warning).contains("a warning"));
}

/// Every name that a report can hold can be explained.
#[test]
fn the_checks_of_a_report_are_explained() {
    let output = verify(&["--format", "json", "fixtures/sessions/success.json"]);
    let result = &json(&output)["results"][0];
    let session = result["session"]["checks"].as_array().unwrap();
    let credential = result["credentials"][0]["checks"].as_array().unwrap();
    assert_eq!(session.len() + credential.len(), 21);
    for (checks, of) in [(session, "session"), (credential, "credential")] {
        for check in checks {
            let output = run(["explain", check["check"].as_str().unwrap()]);
            assert_eq!(code(&output), 0, "{check}");
            assert!(stdout(&output).contains(&format!("a check of the {of}")), "{check}");
        }
    }
}

#[test]
fn an_unknown_code_gets_those_that_are_alike() {
    let output = run(["explain", "nonce"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("nonce_differs, nonce_missing"), "{}", stderr(&output));
}

#[test]
fn completions_know_every_subcommand() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output = run(["completions", shell]);
        assert_eq!(code(&output), 0, "{shell}");
        for word in ["verify", "inspect", "explain", "completions", "claims-anyway"] {
            assert!(stdout(&output).contains(word), "{shell}: {word}");
        }
    }
}

#[test]
fn the_help_of_every_subcommand_has_examples() {
    for subcommand in [None, Some("verify"), Some("inspect"), Some("explain"), Some("completions")]
    {
        let output = run(subcommand.into_iter().chain(["--help"]));
        assert_eq!((code(&output), stderr(&output)), (0, ""), "{subcommand:?}");
        let (_, examples) = stdout(&output).split_once("Examples:\n").expect("examples");
        let example = format!("result-vp {}", subcommand.unwrap_or_default());
        assert!(examples.contains(&example), "{subcommand:?}");
        assert!(examples.lines().all(|line| line.chars().count() <= 80), "{examples}");
    }
}

#[test]
fn the_version_tells_of_the_build() {
    let output = run(["--version"]);
    let mut lines = stdout(&output).lines();
    let first = format!("result-vp {}", env!("CARGO_PKG_VERSION"));
    assert_eq!((code(&output), lines.next()), (0, Some(first.as_str())));
    let facts: Vec<(&str, &str)> =
        lines.map(|line| line.split_once(' ').expect("name and value")).collect();
    let names: Vec<_> = facts.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["commit", "target", "rustc", "profile", "features"]);
    assert!(facts.iter().all(|(_, value)| !value.trim().is_empty()), "{facts:?}");
    assert_eq!(stdout(&run(["-V"])).trim(), first, "one line for scripts");
}

#[test]
fn colours_are_for_terminals_and_never_with_no_color() {
    let styled = |variables: &[(&str, &str)]| {
        let mut command = command();
        command.args(["verify", "--insecure-any-issuer", "fixtures/sessions/failed.json"]);
        let output = command.envs(variables.iter().copied()).output().expect("the command runs");
        stdout(&output).contains('\u{1b}')
    };
    assert!(!styled(&[]), "a pipe is no terminal");
    assert!(styled(&[("CLICOLOR_FORCE", "1")]), "as a terminal");
    assert!(!styled(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
}

/// Whoever writes the input cannot move the cursor of whoever reads the answer.
#[test]
fn control_characters_of_the_input_are_escaped() {
    let id = "\u{1b}[31m\u{9b}31m\u{202e}\u{e0041}id";
    let session = serde_json::json!({ "id": id, "state": "\u{1b}[2J", "failCode": "\u{7}" });
    let session = session.to_string();
    let output = run_with_input(&["inspect", "--format", "json"], session.as_bytes());
    assert_eq!(json(&output)["records"][0]["session"]["id"], id, "a program reads what was said");
    for arguments in [
        &["inspect", "--format", "json"][..],
        &["verify", "--insecure-any-issuer", "--insecure-any-session"],
        &["verify", "--insecure-any-issuer"],
        &["inspect"],
    ] {
        let output = run_with_input(arguments, session.as_bytes());
        for text in [stdout(&output), stderr(&output)] {
            let unsafe_ones = |it: char| {
                (it.is_control() && it != '\n') || ['\u{202e}', '\u{e0041}'].contains(&it)
            };
            assert!(!text.contains(unsafe_ones), "{arguments:?}: {text:?}");
        }
    }
}
