//! The names at the crate's root are few, listed, and speak of std, serde and chrono alone.
//!
//! ```text
//! UPDATE_DOCS=1 cargo test --test public_api
//! ```
//!
//! writes `docs/public-api.txt` anew.

#[path = "support/sources.rs"]
mod sources;

use std::path::Path;

use sources::rust_files;

const MOST: usize = 40;

#[test]
fn the_names_at_the_root_are_listed_and_few() {
    let names = root_names(&read("src/lib.rs"));
    assert!(names.len() > 20, "the source is read: {names:?}");
    assert!(names.len() <= MOST, "{} names: {names:?}", names.len());
    let path = root().join("docs/public-api.txt");
    let text = names.join("\n") + "\n";
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let listed = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(listed, text, "if the change is meant: UPDATE_DOCS=1 cargo test --test public_api");
}

/// A type of another crate in a signature would tie the caller's version to ours.
#[test]
fn signatures_mention_no_other_crates_types() {
    let manifest = read("Cargo.toml");
    let dependencies = manifest.split("[dependencies]").nth(1).unwrap();
    let dependencies = dependencies.split("\n[").next().unwrap();
    let foreign: Vec<String> = (dependencies.lines())
        .filter_map(|line| line.split_once(" = ").map(|(name, _)| name.replace('-', "_")))
        .filter(|name| !["chrono", "serde"].contains(&name.as_str()))
        .collect();
    assert!(foreign.contains(&"serde_json".to_owned()), "{foreign:?}");
    let files = rust_files(&root().join("src"));
    let mut signatures = 0;
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap();
        let imported: Vec<&str> = (text.lines().map(str::trim))
            .filter_map(|line| line.strip_prefix("use "))
            .filter(|path| foreign.iter().any(|name| path.starts_with(&format!("{name}::"))))
            .flat_map(words)
            .collect();
        for signature in public_signatures(text) {
            signatures += 1;
            let used = words(&signature).find(|word| {
                let is_foreign = foreign.iter().any(|name| name == word);
                let is_type = word.starts_with(|first: char| first.is_uppercase());
                (is_foreign && signature.contains(&format!("{word}::")))
                    || (is_type && imported.contains(word))
            });
            assert_eq!(used, None, "{}: {signature}", file.display());
        }
    }
    assert!(signatures > 150, "{signatures}");
}

/// `pub mod` and `pub use`, but what is hidden from the documentation.
fn root_names(source: &str) -> Vec<String> {
    let mut names = Vec::new();
    let statements = source.split_inclusive(';').map(|it| {
        let code: Vec<&str> =
            it.lines().map(str::trim).filter(|line| !line.starts_with("//")).collect();
        code.join(" ")
    });
    for statement in statements.filter(|it| !it.contains("#[doc(hidden)]")) {
        if let Some((_, name)) = statement.split_once("pub mod ") {
            names.extend(words(name).next().map(|name| format!("mod {name}")));
        } else if let Some((_, path)) = statement.split_once("pub use ") {
            let list = path
                .split_once('{')
                .map_or_else(|| path.rsplit("::").next().unwrap_or_default(), |(_, list)| list);
            names.extend(words(list).map(str::to_owned));
        }
    }
    names.sort();
    names
}

/// From `pub` to the body or the end, of functions, constants, fields and types.
fn public_signatures(text: &str) -> Vec<String> {
    let mut signatures = Vec::new();
    for (place, _) in text.match_indices("pub ") {
        let is_start = text[..place].rsplit('\n').next().unwrap().trim().is_empty();
        if is_start && !text[place..].starts_with("pub use ") {
            let end = text[place..].find(['{', ';', '=']).unwrap_or(text.len() - place);
            signatures.push(text[place..place + end].to_owned());
        }
    }
    signatures
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|it: char| !it.is_alphanumeric() && it != '_').filter(|word| !word.is_empty())
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap()
}
