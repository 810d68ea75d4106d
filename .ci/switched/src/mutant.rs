//! The mutants, as `cargo mutants --list --json` tells them.

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

pub struct Mutant {
    /// With line and column.
    pub name: String,
    /// Its name without them, which change with every change above it.
    pub change: String,
    /// That, and which one it is of those that have the same.
    pub key: String,
    pub file: String,
    pub genre: String,
    pub replacement: String,
    /// Line and column of its beginning, from one, in characters.
    pub start: (usize, usize),
}

impl Mutant {
    /// The part of the library that it belongs to, as docs/mutants.md has them.
    pub fn part(&self) -> &str {
        ["src/proof/curve/", "src/proof/", "src/verifier/"]
            .into_iter()
            .find(|folder| self.file.starts_with(folder))
            .unwrap_or(&self.file)
    }
}

pub fn list(root: &Path, files: &[String]) -> Vec<Mutant> {
    let mut command = Command::new("cargo");
    command.current_dir(root).args(["mutants", "--package", "result-vp", "--list", "--json"]);
    for file in files {
        command.args(["--file", file]);
    }
    let output = command.output().expect("cargo mutants runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let all: Vec<Value> = serde_json::from_slice(&output.stdout).expect("cargo mutants lists JSON");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let number = |value: &Value| value.as_u64().expect("a number") as usize;
    let mut counts: HashMap<String, usize> = HashMap::new();
    all.iter()
        .map(|it| {
            let (name, file) = (text(&it["name"]), text(&it["file"]));
            let (_, change) = name.split_once(": ").expect("a place and a change");
            let change = format!("{file}: {change}");
            let count = counts.entry(change.clone()).or_default();
            *count += 1;
            let start = &it["span"]["start"];
            Mutant {
                key: format!("{change} ({count})"),
                name,
                change,
                file,
                genre: text(&it["genre"]),
                replacement: text(&it["replacement"]),
                start: (number(&start["line"]), number(&start["column"])),
            }
        })
        .collect()
}
