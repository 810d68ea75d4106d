//! How the tests run the command.

#![allow(dead_code)]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

pub const SESSION: &str = "0f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e10";
pub const ISSUER: [&str; 2] = ["--issuer", "did:web:issuer.example"];
/// What these credentials cannot be decided on without.
pub const SKIP: [&str; 4] = ["--status", "skip", "--schema", "skip"];

/// The command in the project's folder, as on a machine where nobody set anything.
pub fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_result-vp"));
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."));
    for variable in ["COLUMNS", "CLICOLOR", "CLICOLOR_FORCE", "NO_COLOR"] {
        command.env_remove(variable);
    }
    command.stdin(Stdio::null());
    command
}

pub fn run<I: AsRef<std::ffi::OsStr>>(arguments: impl IntoIterator<Item = I>) -> Output {
    command().args(arguments).output().expect("the command runs")
}

/// `verify` for the issuer of the fixtures, with its DID document.
pub fn verify(arguments: &[&str]) -> Output {
    let evidence = ["--evidence", "fixtures/did"];
    run([&["verify"], &ISSUER[..], &evidence, &SKIP, arguments].concat())
}

pub fn run_with_input(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = command()
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command runs");
    // A command that stops before it reads closes the pipe.
    let _ = child.stdin.take().expect("stdin").write_all(input);
    child.wait_with_output().expect("the command ends")
}

pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures").join(name)
}

pub fn read(name: &str) -> String {
    std::fs::read_to_string(fixture(name)).expect("fixture")
}

/// A new empty folder of the build's temporary folder.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("folder");
    folder
}

/// A file of the build's temporary folder.
pub fn file(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().expect("folder")).expect("folder");
    std::fs::write(&path, text).expect("file");
    path.to_str().expect("UTF-8").to_owned()
}

pub fn code(output: &Output) -> i32 {
    output.status.code().expect("an exit code")
}

pub fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).expect("UTF-8")
}

pub fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).expect("UTF-8")
}

pub fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).expect("one JSON object")
}
