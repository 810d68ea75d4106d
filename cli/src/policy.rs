//! The policy of the command: a TOML file, and flags that stand over it.

use std::path::{Path, PathBuf};

use chrono::Duration;
use clap::{Args, Subcommand, ValueEnum};
use hex::FromHex;
use result_vp::policy::{
    AllowedContext, BitOrder, Disclosure, ExpiredDocument, HolderBinding, Profile, TrustedIssuer,
};
use result_vp::{Did, Error, Policy, TrustedIssuers, Unknown};
use serde::{Deserialize, Serialize};

use crate::claims::hex_sha256;
use crate::source::{read_text, Stop};
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
            settings.trust(did)?;
        }
        Ok((settings.policy(self.insecure_any_issuer)?, settings.sha256()))
    }
}

/// Every setting by its name in the file; what the file does not say is the default.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Settings {
    profile: Shape,
    disclosure: Shown,
    holder: Holder,
    #[serde(skip_serializing_if = "Option::is_none")]
    domain: Option<String>,
    status: Setting,
    schema: Setting,
    normalized_data: Setting,
    expired_document: Expired,
    required_types: Vec<String>,
    status_issuers: Vec<String>,
    schema_issuers: Vec<String>,
    clock_skew_seconds: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_age_days: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_evidence_age_hours: Option<u32>,
    min_list_entries: usize,
    credentials_per_verification: usize,
    #[serde(rename = "context")]
    contexts: Vec<Context>,
    #[serde(rename = "issuer")]
    issuers: Vec<Issuer>,
}

/// A context that credentials may name.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Context {
    iri: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
}

/// An issuer of the file.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Issuer {
    did: String,
    #[serde(default)]
    scope: Scope,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    revocation_bits: Option<Bits>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Scope {
    #[default]
    Exact,
    Below,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Bits {
    LeftmostFirst,
    RightmostFirst,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Shape {
    /// Whatever is safely read
    General,
    /// Exactly the shape of a Trinsic Connect result
    TrinsicConnect,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Setting {
    /// It must be decided
    Require,
    /// Undecided is waived by name
    AllowUnknown,
    /// It is not looked at
    Skip,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Shown {
    /// Every statement must be shown
    Full,
    /// Statements may be hidden
    Partial,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Holder {
    Any,
    Subject,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Expired {
    Allow,
    Reject,
}

impl Default for Settings {
    /// Those of [`Policy::new`]; they trust nobody.
    fn default() -> Settings {
        Settings {
            profile: Shape::General,
            disclosure: Shown::Partial,
            holder: Holder::Any,
            domain: None,
            status: Setting::Require,
            schema: Setting::Require,
            normalized_data: Setting::AllowUnknown,
            expired_document: Expired::Allow,
            required_types: Vec::new(),
            status_issuers: Vec::new(),
            schema_issuers: Vec::new(),
            clock_skew_seconds: 60,
            max_age_days: None,
            max_evidence_age_hours: None,
            min_list_entries: 131_072,
            credentials_per_verification: 1,
            contexts: Vec::new(),
            issuers: Vec::new(),
        }
    }
}

impl Settings {
    pub(crate) fn read(file: &Path) -> Result<Settings, Stop> {
        let text = read_text(file)?;
        Settings::parse(&text).map_err(|error| {
            let advice = "see `result-vp policy show` for every setting";
            Stop::usage(format!("{}: {}; {advice}", file.display(), error.message()))
        })
    }

    pub(crate) fn parse(text: &str) -> Result<Settings, toml::de::Error> {
        toml::from_str(text)
    }

    /// The policy; with `any_issuer`, of whoever issued.
    pub(crate) fn policy(&self, any_issuer: bool) -> Result<Policy, Stop> {
        let usage = |error: Error| Stop::usage(error);
        let issuers = match any_issuer {
            true => TrustedIssuers::insecure_any(),
            false => TrustedIssuers::new(self.trusted()?).map_err(usage)?,
        };
        let mut policy = Policy::new(issuers)
            .profile(match self.profile {
                Shape::General => Profile::General,
                Shape::TrinsicConnect => Profile::TrinsicConnect,
            })
            .disclosure(match self.disclosure {
                Shown::Full => Disclosure::RequireFull,
                Shown::Partial => Disclosure::AllowPartial,
            })
            .holder(match self.holder {
                Holder::Any => HolderBinding::Any,
                Holder::Subject => HolderBinding::RequireSubject,
            })
            .status(self.status.into())
            .schema(self.schema.into())
            .normalized_data(self.normalized_data.into())
            .expired_document(match self.expired_document {
                Expired::Allow => ExpiredDocument::Allow,
                Expired::Reject => ExpiredDocument::Reject,
            })
            .clock_skew(Duration::seconds(self.clock_skew_seconds.into()))
            .min_list_entries(self.min_list_entries)
            .credentials_per_verification(self.credentials_per_verification);
        if let Some(domain) = &self.domain {
            policy = policy.domain(domain);
        }
        for context in &self.contexts {
            policy = policy.allow_context(context.allowed()?);
        }
        for iri in &self.required_types {
            policy = policy.require_type(iri);
        }
        for did in &self.status_issuers {
            policy = policy.status_issuer(Did::new(did).map_err(usage)?);
        }
        for did in &self.schema_issuers {
            policy = policy.schema_issuer(Did::new(did).map_err(usage)?);
        }
        if let Some(days) = self.max_age_days {
            policy = policy.max_age(Duration::days(days.into()));
        }
        if let Some(hours) = self.max_evidence_age_hours {
            policy = policy.max_evidence_age(Duration::hours(hours.into()));
        }
        Ok(policy)
    }

    /// The issuers that are named, at least one.
    pub(crate) fn trusted(&self) -> Result<Vec<TrustedIssuer>, Stop> {
        if self.issuers.is_empty() {
            return Err(Stop::usage(NO_ISSUER));
        }
        self.issuers.iter().map(|issuer| issuer.trusted().map_err(Stop::usage)).collect()
    }

    /// Adds an issuer that a flag names.
    pub(crate) fn trust(&mut self, did: &str) -> Result<(), Stop> {
        Did::new(did).map_err(|_| Stop::usage(format!("{NO_DID}, not `{did}`")))?;
        let did = did.to_owned();
        self.issuers.push(Issuer { did, scope: Scope::Exact, revocation_bits: None });
        Ok(())
    }

    /// One text for one policy: every setting, in a fixed order.
    pub(crate) fn canonical(&self) -> String {
        // Every value is a text, a number or a list of tables: all of them can be written.
        toml::to_string(self).unwrap_or_default()
    }

    pub(crate) fn sha256(&self) -> String {
        hex_sha256(self.canonical().as_bytes())
    }
}

impl Context {
    fn allowed(&self) -> Result<AllowedContext, Stop> {
        let context = AllowedContext::new(&self.iri);
        let Some(text) = &self.sha256 else { return Ok(context) };
        let malformed = || format!("context {}: its sha256 is not 64 hexadecimal digits", self.iri);
        let hash = <[u8; 32]>::from_hex(text).map_err(|_| Stop::usage(malformed()))?;
        Ok(context.sha256(hash))
    }
}

impl Issuer {
    fn trusted(&self) -> Result<TrustedIssuer, Error> {
        let did = Did::new(&self.did)?;
        let issuer = match self.scope {
            Scope::Exact => TrustedIssuer::exact(did),
            Scope::Below => TrustedIssuer::below(did),
        };
        Ok(match self.revocation_bits {
            None => issuer,
            Some(Bits::LeftmostFirst) => issuer.revocation_bits(BitOrder::LeftmostFirst),
            Some(Bits::RightmostFirst) => issuer.revocation_bits(BitOrder::RightmostFirst),
        })
    }
}

impl From<Setting> for Unknown {
    fn from(setting: Setting) -> Unknown {
        match setting {
            Setting::Require => Unknown::Require,
            Setting::AllowUnknown => Unknown::Allow,
            Setting::Skip => Unknown::Skip,
        }
    }
}

const NO_DID: &str = "--issuer takes a DID, such as did:web:issuer.example";

const NO_ISSUER: &str = "no issuer is trusted; name each with --issuer DID, or with `[[issuer]]` \
    and its `did` in the policy file";

const SHOW: &str = "Examples:
  result-vp policy show                the defaults, as a file to begin with
  result-vp policy show policy.toml";

const CHECK: &str = "Examples:
  result-vp policy check policy.toml";
