//! What `result-vp --version` tells of the build, as far as it is known.

use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    fact("TARGET", std::env::var("TARGET").ok());
    fact("PROFILE", std::env::var("PROFILE").ok());
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let version = said(Command::new(rustc).arg("--version"));
    fact("RUSTC", version.map(|line| line.trim_start_matches("rustc ").to_owned()));
    let features = [("CARGO_FEATURE_SSI", "ssi")].into_iter();
    let on = features.filter(|(variable, _)| std::env::var_os(variable).is_some());
    let names: Vec<&str> = on.map(|(_, name)| name).collect();
    fact("FEATURES", Some(if names.is_empty() { "none".to_owned() } else { names.join(", ") }));
    fact("COMMIT", packaged_commit().or_else(commit));
}

fn fact(name: &str, value: Option<String>) {
    println!("cargo:rustc-env=BUILD_{name}={}", value.as_deref().unwrap_or("unknown"));
}

/// What cargo writes into a package when it is published.
fn packaged_commit() -> Option<String> {
    let text = std::fs::read_to_string(".cargo_vcs_info.json").ok()?;
    let (_, rest) = text.split_once("\"sha1\"")?;
    let commit = rest.split('"').nth(1)?;
    commit.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| commit.to_owned())
}

/// The commit of the project's own repository, never of one it was unpacked into.
fn commit() -> Option<String> {
    let repository = Path::new("../.git");
    if !repository.exists() {
        return None;
    }
    // A path that is not there would build the command again each time.
    let moved = repository.join("logs/HEAD");
    if moved.exists() {
        println!("cargo:rerun-if-changed={}", moved.display());
    }
    said(Command::new("git").args(["rev-parse", "HEAD"]))
}

/// The one line a program prints; none if it is not there or fails.
fn said(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    let line = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (!line.is_empty()).then_some(line)
}
