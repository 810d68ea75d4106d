//! The command `result-vp`; a library only so that fuzz targets can reach its readers.

#![warn(missing_docs, unreachable_pub)]
#![cfg_attr(
    not(test),
    warn(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)
)]

mod audit;
mod catalog;
mod claims;
mod evidence;
mod explain;
mod human;
mod inspect;
mod output;
mod policy;
mod source;
mod terminal;
mod verify;
mod whole;

#[doc(hidden)]
pub mod internal;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::Shell;

/// Verifies the result of Trinsic Connect sessions: claims are read only from what was signed.
#[derive(Parser)]
#[command(name = "result-vp", version, long_version = BUILD, after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Verify a session, a list of sessions, or a bare presentation
    Verify(verify::Verify),
    /// Verify an export of many, into rows; or compare two audits
    Audit(Box<audit::Audit>),
    /// Build and look at evidence: DID documents, status lists, schemas
    #[command(subcommand)]
    Evidence(evidence::Evidence),
    /// Show what an input holds; nothing is checked
    Inspect(inspect::Inspect),
    /// Look at a policy file
    #[command(subcommand)]
    Policy(policy::PolicyCommand),
    /// Say what a check, a reason or a warning means and what to do next
    Explain(explain::Explain),
    /// Print the completions of a shell
    #[command(after_help = COMPLETIONS)]
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// Runs the command with the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    let code = match Cli::try_parse() {
        Ok(cli) => match cli.command {
            Command::Verify(arguments) => arguments.run(),
            Command::Audit(arguments) => arguments.run(),
            Command::Evidence(command) => command.run(),
            Command::Inspect(arguments) => arguments.run(),
            Command::Policy(command) => command.run(),
            Command::Explain(arguments) => arguments.run(),
            Command::Completions { shell } => completions(shell),
        },
        Err(error) => unparsed(&error),
    };
    ExitCode::from(code as u8)
}

/// Help and version were asked for; anything else is wrong usage.
fn unparsed(error: &clap::Error) -> Exit {
    // If it cannot be written, there is nobody left to tell.
    let _ = error.print();
    if !error.use_stderr() {
        return Exit::Accepted;
    }
    let arguments: Vec<_> = std::env::args_os().collect();
    let asks_for_json = arguments.iter().any(|it| it == "--format=json")
        || arguments.windows(2).any(|pair| pair == ["--format", "json"]);
    if asks_for_json {
        let text = error.to_string();
        // The usage and the hints are for people.
        let message: Vec<&str> =
            text.lines().map(str::trim).take_while(|line| !line.is_empty()).collect();
        let message = message.join(" ").trim_start_matches("error: ").to_owned();
        let document = output::Document::stopped("", message);
        return terminal::exact_answer(&output::json(&document), Exit::Usage);
    }
    Exit::Usage
}

fn completions(shell: Shell) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "result-vp", &mut script);
    terminal::exact_answer(&String::from_utf8_lossy(&script), Exit::Accepted)
}

/// The exit codes, a contract that scripts rely on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Exit {
    Accepted = 0,
    Rejected = 1,
    Usage = 2,
    Indeterminate = 3,
    NoInput = 4,
    InputOutput = 5,
    Unreadable = 7,
    /// By a signal; an audit goes on with `--resume`.
    Interrupted = 130,
}

impl Exit {
    /// The code of a verdict. What is not known, for want of a time to ask at, is undecided.
    fn of(verdict: &str) -> Exit {
        match verdict {
            "accepted" => Exit::Accepted,
            "rejected" => Exit::Rejected,
            "indeterminate" | "unknown" => Exit::Indeterminate,
            _ => Exit::Unreadable,
        }
    }

    /// The worst of several, as the contract orders them.
    fn worst(codes: impl IntoIterator<Item = Exit>) -> Exit {
        let badness = |code: &Exit| match code {
            Exit::Accepted => 0,
            Exit::NoInput => 1,
            Exit::Indeterminate => 2,
            Exit::Rejected => 3,
            Exit::Unreadable => 4,
            Exit::InputOutput => 5,
            Exit::Usage => 6,
            Exit::Interrupted => 7,
        };
        codes.into_iter().max_by_key(badness).unwrap_or(Exit::NoInput)
    }
}

/// What was built, of what.
const BUILD: &str = concat!(
    env!("CARGO_PKG_VERSION"),
    "\ncommit    ",
    env!("BUILD_COMMIT"),
    "\ntarget    ",
    env!("BUILD_TARGET"),
    "\nrustc     ",
    env!("BUILD_RUSTC"),
    "\nprofile   ",
    env!("BUILD_PROFILE"),
    "\nfeatures  ",
    env!("BUILD_FEATURES"),
);

const EXIT_CODES: &str = "Exit codes, the worst first when there are many:
  2 usage   5 input or output   7 unreadable input   1 rejected   3 indeterminate
  4 no input   0 accepted   (130: an audit was interrupted, and goes on with --resume)

Examples:
  result-vp verify --issuer did:web:issuer.example --evidence did.json \\
      --session-id ID session.json
  result-vp inspect session.json
  result-vp explain nonce_differs";

const COMPLETIONS: &str = "Examples:
  result-vp completions bash > /etc/bash_completion.d/result-vp
  result-vp completions zsh > ~/.zfunc/_result-vp
  result-vp completions fish > ~/.config/fish/completions/result-vp.fish";
