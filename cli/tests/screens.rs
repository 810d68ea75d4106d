//! What people see, as plain text files under `screens/`: look at them when they change.
//!
//! `UPDATE_SCREENS=1 cargo test -p result-vp-cli --test screens` writes them anew.

mod common;

use std::path::Path;

use common::*;

const VERIFY: &str = "verify --issuer did:web:issuer.example --at 2026-01-01T00:00:00Z";
const SKIPPED: &str = "--status skip --schema skip";
const DID: &str = "--evidence fixtures/did";

#[test]
fn the_screens_are_current() {
    let own = format!("--session-id {SESSION}");
    let stolen = "--session-id 7b1d9f36-2c44-4a0a-8a0f-51f0c7de2a21";
    let success = "fixtures/sessions/success.json";
    for (name, exit, command) in [
        ("accepted", 0, format!("{VERIFY} {DID} {own} {SKIPPED} {success}")),
        ("rejected", 1, format!("{VERIFY} {DID} {stolen} {SKIPPED} {success}")),
        ("indeterminate", 3, format!("{VERIFY} {own} fixtures/presentations/full.json")),
        ("unreadable", 7, format!("{VERIFY} fixtures/README.md")),
        ("several", 1, format!("{VERIFY} {DID} {SKIPPED} fixtures/sessions/list.json")),
        (
            "claims-anyway",
            1,
            format!("{VERIFY} {DID} {stolen} --claims-anyway {SKIPPED} {success}"),
        ),
        ("hidden", 0, format!("{VERIFY} {DID} {SKIPPED} fixtures/sessions/selective.json")),
        ("inspect", 0, "inspect fixtures/sessions/selective.json".to_owned()),
        ("explain", 0, "explain".to_owned()),
        ("explain-one", 0, "explain unsigned_content".to_owned()),
    ] {
        for width in [80, 140] {
            let mut run = common::command();
            run.env("COLUMNS", width.to_string()).args(command.split(' '));
            let output = run.output().expect("the command runs");
            assert_eq!((code(&output), stderr(&output)), (exit, ""), "{name}");
            let screen = format!("$ result-vp {command}\n{}", stdout(&output));
            assert_fits(&screen, width, name);
            compare(&format!("{name}.{width}.txt"), &screen);
        }
    }
}

/// Beyond the width stands at most one word.
fn assert_fits(screen: &str, width: usize, name: &str) {
    for line in screen.lines().skip(1) {
        let fits = line.chars().count() <= width || line.trim().split(' ').count() == 1;
        assert!(fits, "{name} at {width}: {line}");
        assert_eq!(line.trim_end(), line, "{name} at {width}: blanks at the end");
    }
}

fn compare(name: &str, screen: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/screens").join(name);
    if std::env::var_os("UPDATE_SCREENS").is_some() {
        std::fs::write(&path, screen).expect("screen");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == screen, "{name} is not current (UPDATE_SCREENS=1 writes it); now:\n{screen}");
}
