//! Runs a property of a fuzz target on every input that is kept of it.

use std::path::Path;

/// Those of the corpus, and those that ever failed, below the project's folder.
pub fn replay(project: &Path, target: &str, check: fn(&[u8])) {
    let mut count = 0;
    for folder in ["fixtures/fuzz", "fuzz/corpus"] {
        // Of a target that never failed there is no fixture.
        let Ok(entries) = std::fs::read_dir(project.join(folder).join(target)) else { continue };
        for entry in entries.flatten().filter(|entry| entry.path().is_file()) {
            check(&std::fs::read(entry.path()).expect("an input"));
            count += 1;
        }
    }
    assert!(count > 10, "{target}: {count} inputs");
}
