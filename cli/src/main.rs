//! The command `result-vp`.

#![warn(missing_docs, unreachable_pub)]
#![cfg_attr(
    not(test),
    warn(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)
)]

mod human;
mod output;
mod verify;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Verifies the result of Trinsic Connect sessions: claims are read only from what was signed.
#[derive(Parser)]
#[command(version, after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Verify a session, a list of sessions, or a bare presentation
    Verify(verify::Verify),
    /// Say what a reason code means
    Explain {
        /// A code of a report, such as `nonce_differs`
        code: String,
    },
}

fn main() -> ExitCode {
    let code = match Cli::parse().command {
        Command::Verify(arguments) => arguments.run(),
        Command::Explain { code } => explain(&code),
    };
    ExitCode::from(code as u8)
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
}

impl Exit {
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
        };
        codes.into_iter().max_by_key(badness).unwrap_or(Exit::NoInput)
    }
}

fn explain(code: &str) -> Exit {
    match result_vp::ReasonCode::ALL.iter().find(|reason| reason.code() == code) {
        Some(reason) => {
            println!("{}: {}", reason.code(), reason.meaning());
            Exit::Accepted
        }
        None => {
            eprintln!(
                "result-vp: there is no reason `{code}`; codes stand in the output of `verify`"
            );
            Exit::Usage
        }
    }
}

const EXIT_CODES: &str = "Exit codes, the worst first when there are many:
  2 usage   5 input or output   7 unreadable input   1 rejected   3 indeterminate
  4 no input   0 accepted";
