//! The copy of the sources, and the test binaries that are built of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::mutant::Mutant;
use crate::rewrite::{mutant_at, rewrite};

pub struct Built {
    /// Name and path.
    pub binaries: Vec<(String, PathBuf)>,
    /// Where the tests are run, as cargo would.
    pub tree: PathBuf,
    /// The replacement does not compile.
    pub unviable: BTreeSet<usize>,
    /// It stands where no switch can: what is constant.
    pub unswitchable: BTreeSet<usize>,
}

/// Builds until what is left compiles.
pub fn build(root: &Path, work: &Path, mutants: &[Mutant]) -> Built {
    let tree = work.join("tree");
    let files: BTreeSet<String> = mutants.iter().map(|it| it.file.clone()).collect();
    copy(root, &tree, &files);
    // What an earlier run found, so that what is compiled is the same from the beginning.
    let found = work.join("found");
    let before = fs::read_to_string(&found).unwrap_or_default();
    let known = |word: &str| -> BTreeSet<usize> {
        let names: BTreeSet<&str> =
            before.lines().filter_map(|line| line.strip_prefix(word)).collect();
        (0..mutants.len()).filter(|it| names.contains(mutants[*it].key.as_str())).collect()
    };
    let mut built = Built {
        binaries: Vec::new(),
        tree,
        unviable: known(UNVIABLE),
        unswitchable: known(UNSWITCHABLE),
    };
    loop {
        let mut written = BTreeMap::new();
        for file in &files {
            let text = fs::read_to_string(root.join(file)).expect("the file is there");
            let left: Vec<_> = (0..mutants.len())
                .filter(|it| mutants[*it].file == *file)
                .filter(|it| !built.unviable.contains(it) && !built.unswitchable.contains(it))
                .map(|it| {
                    let mutant = &mutants[it];
                    (it, mutant.genre.clone(), mutant.start, mutant.replacement.clone())
                })
                .collect();
            let (text, lost) = rewrite(&text, &left);
            built.unswitchable.extend(lost);
            write(&built.tree.join(file), &text);
            written.insert(file.as_str(), text);
        }
        let known = built.unviable.len() + built.unswitchable.len();
        let messages = cargo(work, &built.tree, &["test", "--no-run", "--lib"]);
        for (file, place) in messages.iter().flat_map(errors) {
            let text = &written[file.as_str()];
            if let Some(number) = mutant_at(text, place) {
                built.unviable.insert(number);
            } else if let Some(rest) = text[place..].strip_prefix("crate::switched::on(") {
                let number = rest.split(')').next().and_then(|it| it.parse().ok());
                built.unswitchable.insert(number.expect("a number"));
            } else {
                let around = &text[place.saturating_sub(300)..(place + 300).min(text.len())];
                panic!("{file}: {around}");
            }
        }
        if built.unviable.len() + built.unswitchable.len() == known {
            break;
        }
        println!(
            "{} do not compile, {} cannot be switched",
            built.unviable.len(),
            built.unswitchable.len()
        );
    }
    let line = |word: &str, number: &usize| format!("{word}{}\n", mutants[*number].key);
    let lines = (built.unviable.iter().map(|it| line(UNVIABLE, it)))
        .chain(built.unswitchable.iter().map(|it| line(UNSWITCHABLE, it)));
    fs::write(&found, lines.collect::<String>()).expect("it is written");
    let tests = std::env::var("MUTANTS_TESTS").expect("MUTANTS_TESTS is set");
    let arguments: Vec<&str> = ["test", "--no-run"].into_iter().chain(tests.split(' ')).collect();
    for message in cargo(work, &built.tree, &arguments) {
        if let Some(path) = message["executable"].as_str() {
            let name = message["target"]["name"].as_str().expect("a name");
            built.binaries.push((name.to_owned(), PathBuf::from(path)));
        }
    }
    assert!(!built.binaries.is_empty(), "no test was built");
    built
}

const UNVIABLE: &str = "does not compile\t";
const UNSWITCHABLE: &str = "is constant\t";

/// All files that git knows, or would, but the mutated ones; what is the same keeps its time, for
/// cargo.
fn copy(root: &Path, tree: &Path, mutated: &BTreeSet<String>) {
    let arguments = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let output = Command::new("git").current_dir(root).args(arguments).output().expect("git runs");
    for file in String::from_utf8_lossy(&output.stdout).split_terminator('\0') {
        if !mutated.contains(file) && file != "src/lib.rs" {
            let Ok(bytes) = fs::read(root.join(file)) else { continue };
            write(&tree.join(file), &bytes);
        }
    }
    let library = fs::read_to_string(root.join("src/lib.rs")).expect("the library is there");
    write(&tree.join("src/lib.rs"), format!("{library}\nmod switched;\n"));
    write(&tree.join("src/switched.rs"), include_str!("switched.rs.in"));
}

fn write(path: &Path, content: impl AsRef<[u8]>) {
    if fs::read(path).is_ok_and(|before| before == content.as_ref()) {
        return;
    }
    fs::create_dir_all(path.parent().expect("it has a folder")).expect("a folder");
    fs::write(path, content).expect("it is written");
}

fn cargo(work: &Path, tree: &Path, arguments: &[&str]) -> Vec<Value> {
    let output = Command::new("cargo")
        .current_dir(tree)
        .args(arguments)
        .args([
            "--package",
            "result-vp",
            "--features",
            "rayon",
            "--locked",
            "--message-format=json",
        ])
        .env("CARGO_TARGET_DIR", work.join("build"))
        .env("CARGO_INCREMENTAL", "1")
        // Lints are of the sources as they are.
        .env("RUSTFLAGS", "--cap-lints=allow")
        .stderr(Stdio::inherit())
        .output()
        .expect("cargo runs");
    let lines = output.stdout.split(|it| *it == b'\n').filter(|it| it.starts_with(b"{"));
    lines.map(|it| serde_json::from_slice(it).expect("cargo writes JSON")).collect()
}

/// File and place of each error of a compiler's message.
fn errors(message: &Value) -> Vec<(String, usize)> {
    let message = &message["message"];
    if message["level"] != "error" {
        return Vec::new();
    }
    let spans = message["spans"].as_array().map_or(&[][..], Vec::as_slice);
    let primary = spans.iter().filter(|it| it["is_primary"] == true);
    let found: Vec<_> = primary
        .filter_map(|it| {
            Some((it["file_name"].as_str()?.to_owned(), it["byte_start"].as_u64()? as usize))
        })
        .collect();
    let text = message["message"].as_str().unwrap_or_default();
    assert!(!found.is_empty() || text.starts_with("aborting"), "{message:#}");
    found
}
