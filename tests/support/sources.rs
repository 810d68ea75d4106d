//! The source files of the library, for tests that read them.

use std::path::{Path, PathBuf};

/// Every `*.rs` below the folder.
pub fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files.extend(rust_files(&path)),
            false if path.extension().is_some_and(|it| it == "rs") => files.push(path),
            // A table of data.
            false => {}
        }
    }
    files
}
