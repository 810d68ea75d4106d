//! Files of evidence, recognized by content.

use std::fmt::Display;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use result_vp::limits::Limit;
use result_vp::{Did, Error, Evidence, Source};
use serde_json::Value;

use crate::Unusable;

/// Adds the evidence of all paths; returns one line for each file that was left out. Each text that was
/// added is handed on.
///
/// A path is a bundle, a DID document, a status list, a schema, or a folder that is searched for
/// them. Contexts are added before: a status list may need them.
///
/// # Errors
///
/// If a path cannot be read, a file that is named is no evidence, or two are of the same DID.
pub fn add_evidence(
    evidence: &mut Evidence,
    paths: &[PathBuf],
    mut each: impl FnMut(Vec<u8>),
) -> Result<Vec<String>, Unusable> {
    let mut left_out = Vec::new();
    let mut taken: Vec<(String, PathBuf)> = Vec::new();
    for (file, is_named) in evidence_files(paths)? {
        let name = file.display();
        let text = read_file(&file)?;
        let Err(error) = evidence.add(&text, Source::unknown()) else {
            taken.push((id(&text), file));
            each(text);
            continue;
        };
        let twin = taken.iter().find(|(known, _)| !is_foreign(&error) && *known == id(&text));
        if let Some((id, first)) = twin {
            let problem = format!("{} and {name} are both of {id}", first.display());
            let advice = "give the one that held, or a bundle with their periods";
            return Err(Unusable::Usage(format!("{problem}; {advice}")));
        }
        match is_named || !is_foreign(&error) {
            // A directory may hold anything; a file that somebody names is meant.
            false => left_out.push(format!("{name}: left out: {error}")),
            true => {
                let advice = "give DID documents, status lists, schemas or bundles, each once";
                return Err(Unusable::Usage(format!("{name}: {error}; {advice}")));
            }
        }
    }
    Ok(left_out)
}

/// The files of all paths, each once, and whether somebody named it.
///
/// # Errors
///
/// If a path or folder cannot be read.
pub fn evidence_files(paths: &[PathBuf]) -> Result<Vec<(PathBuf, bool)>, Unusable> {
    let mut files: Vec<(PathBuf, bool)> = Vec::new();
    let mut met = Vec::new();
    for path in paths {
        let found = match metadata(path)?.is_dir() {
            true => below(path)?.into_iter().map(|file| (file, false)).collect(),
            false => vec![(path.clone(), true)],
        };
        for (file, is_named) in found {
            // The same file by another name (a link, or a directory given twice) is no second one.
            let real = fs::canonicalize(&file).map_err(|error| failed(file.display(), &error))?;
            if !met.contains(&real) {
                met.push(real);
                files.push((file, is_named));
            }
        }
    }
    Ok(files)
}

/// The bytes of a file, as many as the library looks at, and one by which it knows that there is more.
///
/// # Errors
///
/// If it cannot be read, or is a folder.
pub fn read_file(path: &Path) -> Result<Vec<u8>, Unusable> {
    let name = path.display();
    if metadata(path)?.is_dir() {
        return Err(Unusable::InputOutput {
            kind: io::ErrorKind::IsADirectory,
            problem: format!("{name}: is a directory; name a file in it"),
        });
    }
    let file = File::open(path).map_err(|error| failed(path.display(), &error))?;
    read(name, file)
}

/// The same of what is open already; an error calls it by `name`.
///
/// # Errors
///
/// If it cannot be read.
pub fn read(name: impl Display, source: impl Read) -> Result<Vec<u8>, Unusable> {
    let mut text = Vec::new();
    let read = source.take(Limit::Bytes.standard() as u64 + 1).read_to_end(&mut text);
    read.map(|_| text).map_err(|error| failed(name, &error))
}

/// The text of a file that is written by hand.
pub(crate) fn read_text(path: &Path) -> Result<String, Unusable> {
    let name = path.display();
    String::from_utf8(read_file(path)?)
        .map_err(|_| Unusable::Usage(format!("{name}: is no UTF-8 text")))
}

/// By which a piece of evidence is known; empty where it has no id.
fn id(text: &[u8]) -> String {
    let value: Value = serde_json::from_slice(text).unwrap_or_default();
    let id = value.get("id").or_else(|| value.get("$id")).and_then(Value::as_str);
    id.map_or_else(String::new, |id| Did::new(id).map_or(id.to_owned(), |did| did.to_string()))
}

/// Whether a file is no evidence, or none that is ever read from a file.
fn is_foreign(error: &Error) -> bool {
    match error {
        Error::Configuration { problem, .. } => !problem.contains("the second one"),
        Error::Json { .. } => true,
        _ => false,
    }
}

/// The `*.json` below a directory in the order of their names.
fn below(directory: &Path) -> Result<Vec<PathBuf>, Unusable> {
    let mut files = Vec::new();
    let mut directories = vec![directory.to_owned()];
    while let Some(directory) = directories.pop() {
        let failed = |error: io::Error| failed(directory.display(), &error);
        for entry in fs::read_dir(&directory).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            // Links to directories are not followed: one that links to itself has no end.
            if entry.file_type().map_err(failed)?.is_dir() {
                directories.push(entry.path());
            } else if entry.path().extension().is_some_and(|extension| extension == "json")
                && metadata(&entry.path())?.is_file()
            {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    Ok(files)
}

fn metadata(path: &Path) -> Result<fs::Metadata, Unusable> {
    fs::metadata(path).map_err(|error| failed(path.display(), &error))
}

fn failed(name: impl Display, error: &io::Error) -> Unusable {
    let advice = match error.kind() {
        io::ErrorKind::NotFound => "; check the path",
        io::ErrorKind::PermissionDenied => "; give this user the right to read it",
        _ => "",
    };
    Unusable::InputOutput { kind: error.kind(), problem: format!("{name}: {error}{advice}") }
}
