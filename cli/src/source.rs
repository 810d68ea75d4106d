//! What the command reads: the input and the evidence, recognized by content.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use result_vp::{Contexts, Error, Evidence, Input, UnverifiedPresentation};
pub(crate) use result_vp_rows::source::{evidence_files, read_file};
use result_vp_rows::{source, Unusable};

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
        return Ok(read_file(path)?);
    }
    let stdin = io::stdin();
    if stdin.is_terminal() {
        complain("reading a session from the terminal; end it with Ctrl-D, or name a FILE");
    }
    Ok(source::read("standard input", stdin.lock())?)
}

impl From<Unusable> for Stop {
    fn from(unusable: Unusable) -> Stop {
        match unusable {
            Unusable::InputOutput { .. } => Stop(Exit::InputOutput, unusable.to_string()),
            // There are flags for it as well.
            Unusable::NoIssuer => Stop::usage(NO_ISSUER),
            _ => Stop::usage(unusable),
        }
    }
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
    add_contexts(&mut evidence, contexts)?;
    let left_out = source::add_evidence(&mut evidence, paths, drop)?;
    Ok((evidence, left_out))
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

const NO_ISSUER: &str = "no issuer is trusted; name each with --issuer DID, or with `[[issuer]]` \
    and its `did` in the policy file";
