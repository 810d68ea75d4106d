//! A policy as a TOML file: every setting of [`Policy`] by its name.

use std::path::Path;

use chrono::Duration;
use hex::FromHex;
use result_vp::policy::{
    AllowedContext, BitOrder, Disclosure, ExpiredDocument, HolderBinding, Profile, TrustedIssuer,
};
use result_vp::{Did, Error, Policy, TrustedIssuers, Unknown};
use serde::{Deserialize, Serialize};

use crate::source::read_text;
use crate::{hex_sha256, Unusable};

/// Every setting by its name in the file; what the file does not say is the default.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Which shapes of credentials are let through.
    pub profile: Shape,
    /// Whether statements may be hidden.
    pub disclosure: Shown,
    holder: Holder,
    #[serde(skip_serializing_if = "Option::is_none")]
    domain: Option<String>,
    /// What an undecided revocation status means.
    pub status: Setting,
    /// What an undecided schema means.
    pub schema: Setting,
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

/// Which shapes of credentials are let through.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// Whatever is safely read
    General,
    /// Exactly the shape of a Trinsic Connect result
    TrinsicConnect,
}

/// What is done about what may stay undecided.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[serde(rename_all = "kebab-case")]
pub enum Setting {
    /// It must be decided
    Require,
    /// Undecided is waived by name
    AllowUnknown,
    /// It is not looked at
    Skip,
}

/// Whether statements may be hidden.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[serde(rename_all = "kebab-case")]
pub enum Shown {
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
    /// Reads a policy file.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or is no policy: what is unknown in it is an error.
    pub fn read(file: &Path) -> Result<Settings, Unusable> {
        let text = read_text(file)?;
        Settings::named(&file.display().to_string(), &text)
    }

    /// Reads the text of a policy; an error calls it by `name`.
    ///
    /// # Errors
    ///
    /// If it is no policy.
    pub fn named(name: &str, text: &str) -> Result<Settings, Unusable> {
        toml::from_str(text).map_err(|error: toml::de::Error| {
            let advice = "see `result-vp policy show` for every setting";
            Unusable::Usage(format!("{name}: {}; {advice}", error.message()))
        })
    }

    /// The policy; with `any_issuer`, of whoever issued.
    ///
    /// # Errors
    ///
    /// If no issuer is trusted, or a setting is not what its name asks for.
    pub fn policy(&self, any_issuer: bool) -> Result<Policy, Unusable> {
        let usage = |error: Error| Unusable::Usage(error.to_string());
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
    ///
    /// # Errors
    ///
    /// If there is none, or one is no DID.
    pub fn trusted(&self) -> Result<Vec<TrustedIssuer>, Unusable> {
        if self.issuers.is_empty() {
            return Err(Unusable::NoIssuer);
        }
        let usage = |error: Error| Unusable::Usage(error.to_string());
        self.issuers.iter().map(|issuer| issuer.trusted().map_err(usage)).collect()
    }

    /// Adds an issuer, trusted exactly.
    ///
    /// # Errors
    ///
    /// If it is no DID.
    pub fn trust(&mut self, did: &str) -> Result<(), Error> {
        Did::new(did)?;
        let did = did.to_owned();
        self.issuers.push(Issuer { did, scope: Scope::Exact, revocation_bits: None });
        Ok(())
    }

    /// One text for one policy: every setting, in a fixed order.
    #[must_use]
    pub fn canonical(&self) -> String {
        // Every value is a text, a number or a list of tables: all of them can be written.
        toml::to_string(self).unwrap_or_default()
    }

    /// Of the canonical text: by it the rows name their policy. In hexadecimal.
    #[must_use]
    pub fn sha256(&self) -> String {
        hex_sha256(self.canonical().as_bytes())
    }
}

impl Context {
    fn allowed(&self) -> Result<AllowedContext, Unusable> {
        let context = AllowedContext::new(&self.iri);
        let Some(text) = &self.sha256 else { return Ok(context) };
        let malformed = || format!("context {}: its sha256 is not 64 hexadecimal digits", self.iri);
        let hash = <[u8; 32]>::from_hex(text).map_err(|_| Unusable::Usage(malformed()))?;
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
