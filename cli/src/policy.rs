//! The policy of the command: a TOML file, and flags that stand over it.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use result_vp::Policy;
use result_vp_rows::policy::{Setting, Settings, Shape, Shown};

use crate::source::Stop;
use crate::terminal::{answer, complain};
use crate::Exit;

#[derive(Subcommand)]
pub(crate) enum PolicyCommand {
    /// Print a policy with everything it leaves to the defaults, and its SHA-256
    #[command(after_help = SHOW)]
    Show {
        /// The policy; without it the defaults are shown
        file: Option<PathBuf>,
    },
    /// Say whether a policy file is one
    #[command(after_help = CHECK)]
    Check {
        /// The policy
        file: PathBuf,
    },
}

impl PolicyCommand {
    pub(crate) fn run(&self) -> Exit {
        match self.print() {
            Ok(text) => answer(&text, Exit::Accepted),
            Err(Stop(exit, message)) => {
                complain(&message);
                exit
            }
        }
    }

    fn print(&self) -> Result<String, Stop> {
        match self {
            PolicyCommand::Show { file } => {
                let settings = file.as_deref().map(Settings::read).transpose()?;
                let settings = settings.unwrap_or_default();
                let hash = settings.sha256();
                Ok(format!("# sha256 {hash}\n{}", settings.canonical()))
            }
            PolicyCommand::Check { file } => {
                let settings = Settings::read(file)?;
                settings.policy(false)?;
                Ok(format!("{}: a policy, sha256 {}\n", file.display(), settings.sha256()))
            }
        }
    }
}

/// Whom a command trusts.
#[derive(Args)]
pub(crate) struct Trust {
    /// An issuer you trust, as a DID; may be given several times
    #[arg(long, value_name = "DID")]
    issuer: Vec<String>,
    /// Trust any issuer: everybody can make one
    #[arg(long, conflicts_with = "issuer")]
    pub(crate) insecure_any_issuer: bool,
    /// A policy file (TOML); flags stand over what it says, and issuers are added to its own
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
}

/// What a command asks of credentials beside what the file says.
#[derive(Args)]
pub(crate) struct Strictness {
    /// Which shapes of credentials are let through [default: general]
    #[arg(long, value_enum)]
    profile: Option<Shape>,
    /// What an undecided revocation status means [default: require]
    #[arg(long, value_enum)]
    status: Option<Setting>,
    /// What an undecided schema means [default: require]
    #[arg(long, value_enum)]
    schema: Option<Setting>,
    /// Whether statements may be hidden [default: partial]
    #[arg(long, value_enum)]
    disclosure: Option<Shown>,
}

impl Trust {
    /// The policy, and its SHA-256: the file's settings, or the defaults, with the flags over them.
    pub(crate) fn policy(&self, strictness: &Strictness) -> Result<(Policy, String), Stop> {
        let settings = self.policy.as_deref().map(Settings::read).transpose()?;
        let mut settings = settings.unwrap_or_default();
        settings.profile = strictness.profile.unwrap_or(settings.profile);
        settings.status = strictness.status.unwrap_or(settings.status);
        settings.schema = strictness.schema.unwrap_or(settings.schema);
        settings.disclosure = strictness.disclosure.unwrap_or(settings.disclosure);
        for did in &self.issuer {
            trust(&mut settings, did)?;
        }
        Ok((settings.policy(self.insecure_any_issuer)?, settings.sha256()))
    }
}

/// Adds an issuer that a flag names.
pub(crate) fn trust(settings: &mut Settings, did: &str) -> Result<(), Stop> {
    settings.trust(did).map_err(|_| Stop::usage(format!("{NO_DID}, not `{did}`")))
}

const NO_DID: &str = "--issuer takes a DID, such as did:web:issuer.example";

const SHOW: &str = "Examples:
  result-vp policy show                the defaults, as a file to begin with
  result-vp policy show policy.toml";

const CHECK: &str = "Examples:
  result-vp policy check policy.toml";
