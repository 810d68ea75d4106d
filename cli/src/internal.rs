//! Doors for fuzz targets. No promise of any kind.

#![allow(missing_docs)]

use chrono::{DateTime, Utc};
use result_vp::{Evidence, Policy, Verifier};
use result_vp_rows::policy::Settings;

use crate::audit;

/// A policy file, its canonical text and what it means; `None` if it is none.
pub fn policy(text: &str) -> Option<(String, Option<Policy>)> {
    let settings = Settings::named("", text).ok()?;
    Some((settings.canonical(), settings.policy(false).ok()))
}

/// The records that a text is split into, each with its number; `None` for one that cannot be read.
pub fn records(text: &[u8]) -> Vec<(u64, Option<Vec<u8>>)> {
    audit::records(text)
}

/// The rows of records that are verified together, as lines of JSON.
pub fn rows(
    policy: Policy,
    evidence: Evidence,
    now: DateTime<Utc>,
    records: Vec<Vec<u8>>,
) -> Vec<Vec<u8>> {
    audit::rows(Verifier::new(policy), evidence, now, records)
}
