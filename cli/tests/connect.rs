//! Every case of the `connect` vectors, through the command: it answers as the library does.

#[path = "../../tests/support/mod.rs"]
mod support;

use std::process::Command;

use support::{connect_cases, Answer};

#[test]
fn the_command_answers_as_the_library() {
    for case in connect_cases() {
        let mut command = Command::new(env!("CARGO_BIN_EXE_result-vp"));
        command.args(["verify", "--format", "json", "--profile", "general", "--status", "skip"]);
        command.args(["--schema", "skip", "--disclosure", "partial"]);
        command.args(["--at", "2024-06-01T00:00:00Z", "--images"]);
        for issuer in case.issuers() {
            command.args(["--issuer", issuer]);
        }
        for document in case.did_documents() {
            command.arg("--evidence").arg(document);
        }
        match case.session_id() {
            Some(id) => command.args(["--session-id", id]),
            None if case.runs_with_any_session() => command.arg("--insecure-any-session"),
            None => &mut command,
        };
        let output = command.arg(case.file()).output().expect("the command runs");
        let document = support::json(&output.stdout);
        let results = document["results"].as_array().expect("results");
        let answers: Vec<Answer> = results.iter().map(Answer::from_output).collect();
        // Not `assert_eq`: a portrait is long.
        assert!(answers == case.ask(), "{}: {:?}", case.name, output.status);
        assert_eq!(output.status.code(), Some(exit(&answers)), "{}", case.name);
        assert!(output.stderr.is_empty(), "{}", case.name);
    }
}

/// The worst first: unreadable, rejected, indeterminate, no input, accepted.
fn exit(answers: &[Answer]) -> i32 {
    let any = |verdict: &str| answers.iter().any(|answer| answer.verdict == verdict);
    match () {
        () if any("error") => 7,
        () if any("rejected") => 1,
        () if any("indeterminate") => 3,
        () if answers.is_empty() => 4,
        () => 0,
    }
}
