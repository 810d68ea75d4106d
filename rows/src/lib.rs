//! The rows of an audit: how records become rows, and rows a table.
//!
//! [`Task::tell`] verifies records together and tells a [`Row`] for each of their credentials;
//! [`RowBatch`] makes an Arrow table of rows, and [`schema`] is what every output of an audit has.
//! [`policy`] and [`source`] read what a task needs beside records. The command `result-vp` and the
//! Python package are made of this, so that both say the same of one record.

#![warn(missing_docs, unreachable_pub)]
#![cfg_attr(
    not(test),
    warn(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)
)]

mod answer;
mod claims;
mod marks;
pub mod policy;
mod row;
pub mod source;
mod table;
mod task;

use std::io;

use chrono::{DateTime, SecondsFormat, Utc};
use result_vp::{CivilDate, DatePrecision};
use sha2::{Digest, Sha256};

pub use answer::{CredentialSummary, VerificationSummary};
pub use claims::{claims, ClaimAnswer};
pub use marks::Marks;
pub use row::{CheckCell, Claims, Row, VerificationCell};
pub use table::{each_row, schema, RowBatch};
pub use task::{Content, Record, Shown, Task, Times, Told, FAILED};

/// Why nothing can be asked. The text says what to do, and holds nothing that was verified.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Unusable {
    /// A file could not be read.
    InputOutput {
        /// What the system says.
        kind: io::ErrorKind,
        /// The same in words, with the file's name.
        problem: String,
    },
    /// A policy trusts nobody.
    NoIssuer,
    /// A policy or evidence is not what it has to be.
    Usage(String),
}

impl std::fmt::Display for Unusable {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Unusable::InputOutput { problem, .. } | Unusable::Usage(problem) => problem,
            Unusable::NoIssuer => {
                "no issuer is trusted; name each with `[[issuer]]` and its `did` in the policy"
            }
        })
    }
}

impl std::error::Error for Unusable {}

/// A time as it is written: in whole seconds of UTC.
#[must_use]
pub fn instant(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A SHA-256 as it is written: in hexadecimal.
#[must_use]
pub fn hex_sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// How much of a date its text says, by name.
#[must_use]
pub fn precision(date: &CivilDate) -> Option<&'static str> {
    Some(match date.precision()? {
        DatePrecision::Day => "day",
        DatePrecision::Month => "month",
        _ => "year",
    })
}
