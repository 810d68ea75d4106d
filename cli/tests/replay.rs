//! The same question has the same answer, byte for byte, on every machine: the answers were
//! written on another one.
//!
//! ```text
//! UPDATE_REPLAY=1 cargo test -p result-vp-cli --test replay
//! ```
//!
//! writes `cli/tests/replay/` anew.

mod common;

use std::path::{Path, PathBuf};

use common::{code, command};

/// By name: the verdict's exit code, and the arguments after those of every question.
const QUESTIONS: [(&str, i32, &[&str]); 3] = [
    ("accepted", 0, &["fixtures/sessions/success.json"]),
    ("accepted-selective", 0, &["--status", "skip", "fixtures/sessions/selective.json"]),
    ("several", 1, &["fixtures/sessions/list.json"]),
];

const EVERY: [&str; 11] = [
    "verify",
    "--format",
    "json",
    "--issuer",
    "did:web:issuer.example",
    "--evidence",
    "fixtures/did",
    "--evidence",
    "fixtures/evidence",
    "--at",
    "2024-06-01T00:00:00Z",
];

#[test]
fn an_answer_replays_byte_for_byte() {
    for (name, expected, arguments) in QUESTIONS {
        for (zone, locale) in [("UTC", "C"), ("Pacific/Kiritimati", "tr_TR.UTF-8")] {
            let mut command = command();
            command.env("TZ", zone).env("LC_ALL", locale).args(EVERY).args(arguments);
            let output = command.output().expect("the command runs");
            assert_eq!(code(&output), expected, "{name}");
            let path = answers().join(format!("{name}.json"));
            if std::env::var_os("UPDATE_REPLAY").is_some() {
                std::fs::write(&path, &output.stdout).expect("written");
            }
            let written = std::fs::read(&path).expect("an answer");
            assert!(written == output.stdout, "{}: another answer", path.display());
        }
    }
}

fn answers() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/replay")
}
