//! What the command reads: the input and the evidence, recognized by content.

use std::fs::{self, File};
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};

use result_vp::limits::Limit;
use result_vp::{Contexts, Did, Error, Evidence, Input, Source, UnverifiedPresentation};
use serde_json::Value;

use crate::terminal::complain;
use crate::Exit;

/// A reason to stop before anything was verified.
pub(crate) struct Stop(pub(crate) Exit, pub(crate) String);

impl Stop {
    pub(crate) fn usage(message: impl ToString) -> Stop {
        Stop(Exit::Usage, message.to_string())
    }
}

/// The text of the input; `-` is standard input.
pub(crate) fn read_input(path: &Path) -> Result<Vec<u8>, Stop> {
    if path.as_os_str() != "-" {
        return read_file(path);
    }
    let stdin = io::stdin();
    if stdin.is_terminal() {
        complain("reading a session from the terminal; end it with Ctrl-D, or name a FILE");
    }
    read(stdin.lock()).map_err(|error| stop("standard input", &error))
}

/// The text of a file that is written by hand.
pub(crate) fn read_text(path: &Path) -> Result<String, Stop> {
    let name = path.display();
    String::from_utf8(read_file(path)?)
        .map_err(|_| Stop::usage(format!("{name}: is no UTF-8 text")))
}

/// What the text holds. Every subcommand reads its input here.
pub(crate) fn parse(text: &[u8], contexts: &Contexts, is_bare: bool) -> Result<Input, Error> {
    match is_bare {
        true => {
            UnverifiedPresentation::from_bare_credential(text, contexts).map(Input::Presentation)
        }
        false => Input::from_bytes(text, contexts),
    }
}

/// What to do next about an input that cannot be read.
pub(crate) fn advice(error: &Error) -> &'static str {
    match error {
        Error::Presentation { member: "type", .. } => {
            "Give a session, a response that holds sessions, or the result_vp; one credential \
            without a presentation needs --bare-credential."
        }
        Error::LimitReached { .. } => "Give less at once; no session of the service is so large.",
        Error::Json { .. } => {
            "Store and pass on the service's answer as it is, byte for byte; it may have been cut \
            or edited on the way."
        }
        _ => "Get the session again from the service, and pass its answer on unchanged.",
    }
}

/// Collects the evidence of all paths; beside it, one line for each file that was left out.
///
/// Contexts come first: a status list may need them.
pub(crate) fn evidence(
    paths: &[PathBuf],
    contexts: &[String],
) -> Result<(Evidence, Vec<String>), Stop> {
    let mut evidence = Evidence::new();
    let mut left_out = Vec::new();
    let mut taken: Vec<(String, PathBuf)> = Vec::new();
    add_contexts(&mut evidence, contexts)?;
    for (file, is_named) in evidence_files(paths)? {
        let name = file.display();
        let text = read_file(&file)?;
        let Err(error) = evidence.add(&text, Source::unknown()) else {
            taken.push((id(&text), file));
            continue;
        };
        let twin = taken.iter().find(|(known, _)| !is_foreign(&error) && *known == id(&text));
        if let Some((id, first)) = twin {
            let problem = format!("{} and {name} are both of {id}", first.display());
            let advice = "give the one that held, or a bundle with their periods";
            return Err(Stop::usage(format!("{problem}; {advice}")));
        }
        match is_named || !is_foreign(&error) {
            // A directory may hold anything; a file that somebody names is meant.
            false => left_out.push(format!("{name}: left out: {error}")),
            true => {
                let advice = "give DID documents, status lists, schemas or bundles, each once";
                return Err(Stop::usage(format!("{name}: {error}; {advice}")));
            }
        }
    }
    Ok((evidence, left_out))
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

/// Adds each `URL=FILE`.
pub(crate) fn add_contexts(evidence: &mut Evidence, contexts: &[String]) -> Result<(), Stop> {
    for context in contexts {
        let Some((url, file)) = context.split_once('=') else {
            return Err(Stop::usage(format!("--context takes URL=FILE, not `{context}`")));
        };
        let text = read_file(Path::new(file))?;
        let added = evidence.add_context(url, &text);
        added.map_err(|error| Stop::usage(format!("{file}: {error}")))?;
    }
    Ok(())
}

/// The files of all paths, each once, and whether somebody named it.
pub(crate) fn evidence_files(paths: &[PathBuf]) -> Result<Vec<(PathBuf, bool)>, Stop> {
    let mut files: Vec<(PathBuf, bool)> = Vec::new();
    let mut met = Vec::new();
    for path in paths {
        let found = match metadata(path)?.is_dir() {
            true => below(path)?.into_iter().map(|file| (file, false)).collect(),
            false => vec![(path.clone(), true)],
        };
        for (file, is_named) in found {
            // The same file by another name (a link, or a directory given twice) is no second one.
            let real = fs::canonicalize(&file).map_err(|error| stop(file.display(), &error))?;
            if !met.contains(&real) {
                met.push(real);
                files.push((file, is_named));
            }
        }
    }
    Ok(files)
}

/// The `*.json` below a directory in the order of their names.
fn below(directory: &Path) -> Result<Vec<PathBuf>, Stop> {
    let mut files = Vec::new();
    let mut directories = vec![directory.to_owned()];
    while let Some(directory) = directories.pop() {
        let stop = |error: io::Error| stop(directory.display(), &error);
        for entry in fs::read_dir(&directory).map_err(stop)? {
            let entry = entry.map_err(stop)?;
            // Links to directories are not followed: one that links to itself has no end.
            if entry.file_type().map_err(stop)?.is_dir() {
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

fn metadata(path: &Path) -> Result<fs::Metadata, Stop> {
    fs::metadata(path).map_err(|error| stop(path.display(), &error))
}

pub(crate) fn read_file(path: &Path) -> Result<Vec<u8>, Stop> {
    if metadata(path)?.is_dir() {
        let name = path.display();
        return Err(Stop(Exit::InputOutput, format!("{name}: is a directory; name a file in it")));
    }
    let opened = File::open(path).and_then(read);
    opened.map_err(|error| stop(path.display(), &error))
}

/// Reads no more than the library looks at, and one byte, by which it knows that there is more.
fn read(source: impl Read) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    source.take(Limit::Bytes.standard() as u64 + 1).read_to_end(&mut text)?;
    Ok(text)
}

fn stop(name: impl std::fmt::Display, error: &io::Error) -> Stop {
    let advice = match error.kind() {
        io::ErrorKind::NotFound => "; check the path",
        io::ErrorKind::PermissionDenied => "; give this user the right to read it",
        _ => "",
    };
    Stop(Exit::InputOutput, format!("{name}: {error}{advice}"))
}
