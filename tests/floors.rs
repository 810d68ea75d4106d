//! A file of `src/` knows only what lies on the floors below it (CONTRIBUTING.md).

#[path = "support/sources.rs"]
mod sources;

use std::path::Path;

use sources::rust_files;

const FLOORS: [&[&str]; 11] = [
    &["limits", "recent"],
    &["error"],
    &["json", "time"],
    &["key", "statements", "status"],
    &["did", "profile", "signature"],
    &["credential", "policy", "schema"],
    &["evidence", "presentation", "proof"],
    &["claims", "report", "session"],
    &["government_id", "input", "key_finding", "replay"],
    &["verifier"],
    &["internal"],
];

#[test]
fn files_import_from_lower_floors_only() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = rust_files(&source);
    assert!(files.len() >= 20);
    let mut imports = 0;
    for file in files {
        let module = module(file.strip_prefix(&source).unwrap());
        if module == "lib" {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        // Tests at the bottom of a file may look up.
        let text = text.split("#[cfg(test)]").next().unwrap();
        for path in text.split("crate::").skip(1) {
            let imported: String =
                path.chars().take_while(|it| it.is_ascii_lowercase() || *it == '_').collect();
            // `crate::Name` in a doc comment links to the crate root.
            if imported.is_empty() || imported == module {
                continue;
            }
            imports += 1;
            let (from, to) = (floor(&module), floor(&imported));
            assert!(to < from, "{}: {module} ({from}) imports {imported} ({to})", file.display());
        }
    }
    assert!(imports > 50, "{imports}");
}

/// Code that calls C is three files, and each block there is argued.
#[test]
fn unsafe_code_is_where_it_is_declared() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = rust_files(&source);
    let mut found = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let is_unsafe = |line: &str| line.contains("unsafe {") || line.contains("unsafe fn");
        for (at, line) in lines.iter().enumerate().filter(|(_, line)| is_unsafe(line)) {
            let before = &lines[at.saturating_sub(8)..at];
            let argued = before.iter().any(|line| line.trim_start().starts_with("// SAFETY:"));
            assert!(argued, "{}:{}: {line}", file.display(), at + 1);
        }
        if lines.iter().any(|line| is_unsafe(line) || line.contains("allow(unsafe_code)")) {
            found.push(file.strip_prefix(&source).unwrap().to_owned());
        }
    }
    found.sort();
    let curve = Path::new("proof/curve");
    assert_eq!(found, ["field.rs", "pairing.rs", "point.rs"].map(|name| curve.join(name)));
}

/// The first folder, or the file itself.
fn module(path: &Path) -> String {
    let first = Path::new(path.iter().next().unwrap());
    first.file_stem().unwrap().to_str().unwrap().to_owned()
}

fn floor(module: &str) -> usize {
    let found = FLOORS.iter().position(|modules| modules.contains(&module));
    found.unwrap_or_else(|| panic!("{module} stands on no floor"))
}
