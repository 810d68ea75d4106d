//! The library asks nothing outside its arguments: no network, file, environment, process, thread or clock.

#[path = "support/sources.rs"]
mod sources;

use std::path::Path;

/// What of `std` and `chrono` reaches outside, by the text that names it.
const OUTSIDE: [&str; 12] = [
    "std::net",
    "std::fs",
    "std::env",
    "std::process",
    "std::thread",
    "std::os",
    "std::io::std",
    "SystemTime",
    "Instant::now",
    "Utc::now",
    "Local::now",
    "File::open",
];

#[test]
fn no_source_names_what_is_outside() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = 0;
    for file in sources::rust_files(&source) {
        let text = std::fs::read_to_string(&file).unwrap();
        // Tests at the bottom of a file may measure.
        let text = text.split("\n#[cfg(test)]\nmod ").next().unwrap();
        // `use std::{fs, net}` names them in braces.
        let flat: String = text.split_whitespace().collect();
        for name in OUTSIDE {
            assert!(!flat.contains(name), "{}: {name}", file.display());
        }
        for imports in flat.split("usestd::{").skip(1) {
            let imports = imports.split("};").next().unwrap();
            for import in imports.split(',') {
                let root = import.split([':', '{']).next().unwrap();
                let names = ["net", "fs", "env", "process", "thread", "os"];
                assert!(!names.contains(&root), "{}: {import}", file.display());
            }
        }
        files += 1;
    }
    assert!(files > 40, "{files}");
}
