//! What no switch can turn, because it is constant, is left to `cargo mutants`: one build for each.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::mutant::Mutant;
use crate::trial::Verdict;

pub fn try_all(root: &Path, work: &Path, all: &[Mutant], numbers: &[usize]) -> Vec<Verdict> {
    let output = work.join("plain");
    fs::create_dir_all(&output).expect("a folder");
    let mut command = Command::new("cargo");
    command
        .current_dir(root)
        .args(["mutants", "--package", "result-vp", "--baseline", "skip", "--timeout", "180"])
        .args(["--jobs", "1", "--no-shuffle", "--output"])
        .arg(&output)
        .env("CARGO_TARGET_DIR", work.join("build"))
        .env("CARGO_INCREMENTAL", "1")
        .env("RUSTFLAGS", "--cap-lints=allow");
    let files: HashSet<&str> = numbers.iter().map(|it| all[*it].file.as_str()).collect();
    for file in files {
        command.args(["--file", file]);
    }
    for number in numbers {
        command.args(["--re", &format!("^{}$", escaped(&all[*number].name))]);
    }
    command.args(["--", "--locked", "--features", "rayon", "--lib", "--test", "bbs"]);
    // How it ends says no more than its lists.
    command.status().expect("cargo mutants runs");
    let listed = |name: &str| -> HashSet<String> {
        let text = fs::read_to_string(output.join("mutants.out").join(name)).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    };
    let lists = [
        (listed("caught.txt"), Verdict::Caught),
        (listed("timeout.txt"), Verdict::TimedOut),
        (listed("unviable.txt"), Verdict::Unviable),
        (listed("missed.txt"), Verdict::Survived),
    ];
    let verdict = |number: &usize| {
        let name = &all[*number].name;
        let found = lists.iter().find(|(names, _)| names.contains(name));
        found.map_or(Verdict::NotTried, |(_, verdict)| *verdict)
    };
    numbers.iter().map(verdict).collect()
}

/// As a regular expression that matches only this text.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        if r"\.+*?()|[]{}^$".contains(character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}
