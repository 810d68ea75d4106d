//! Verifies the `result_vp` of a Trinsic Connect session: **claims are read only from what was
//! signed.**
//!
//! ```text
//!  GetSession: JSON or protobuf          DID documents, status lists, schemas, contexts
//!              │                                          │
//!           Session ── UnverifiedPresentation          Evidence          Policy
//!              │                  │                        │                │
//!              │                  │   saved SessionId, now │                │
//!              └──────────────────┴───────────┬────────────┘            Verifier
//!                                             ▼                             │
//!                                Verifier::verify_session ◀─────────────────┘
//!                                             │
//!                          Report: every Check with its Outcome, one Verdict
//!                                             │
//!                            into_verified, if accepted and only then
//!                                             ▼
//!                                   VerifiedPresentation
//!                                             │
//!                       GovernmentId: each Claim disclosed, empty, hidden, absent
//! ```
//!
//! 1. Read a [`Session`], or with [`Input`] whatever a text holds; a bare presentation is an
//!    [`UnverifiedPresentation`].
//! 2. Put what was fetched into [`Evidence`], as it was received.
//! 3. Say in a [`Policy`] whom you trust ([`TrustedIssuers`]); the rest is strict unless you say
//!    otherwise ([`policy`]).
//! 4. Ask a [`Verifier`], with the [`SessionId`] that you saved.
//! 5. Decide by [`Report::verdict`], and read claims from [`Report::into_verified`].
//!
//! The [`guide`] goes from `GetSession` to a decision about an account, says what each waiver
//! costs, how to log, and what to keep.
//!
//! Nothing here asks the network, a file or the clock: the same arguments give the same report, on
//! every machine and in ten years.

#![warn(missing_docs, unreachable_pub)]
#![cfg_attr(
    not(test),
    warn(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unreachable,
        clippy::unwrap_used
    )
)]

mod claims;
mod credential;
mod did;
mod error;
mod evidence;
mod government_id;
mod input;
#[doc(hidden)]
pub mod internal;
mod json;
mod key;
mod key_finding;
pub mod limits;
pub mod policy;
mod presentation;
mod profile;
mod proof;
mod recent;
mod replay;
mod report;
mod schema;
pub mod session;
mod signature;
mod statements;
mod status;
mod time;
mod verifier;

pub use did::Did;
pub use error::{Error, JsonRule};
pub use evidence::{Evidence, EvidenceKind, Source};
pub use government_id::{signed_claims, CivilDate, Claim, GovernmentId, Image};
pub use input::Input;
pub use key_finding::KeyFinding;
pub use policy::{ExpectedSession, Policy, SessionId, TrustedIssuers, Unknown};
pub use presentation::UnverifiedPresentation;
pub use replay::SeenProofs;
pub use report::{
    Check, CredentialReport, Outcome, Reason, ReasonCode, Rejected, Report, Verdict,
    VerifiedCredential, VerifiedPresentation, Warning,
};
pub use session::Session;
pub use statements::Contexts;
pub use time::DatePrecision;
pub use verifier::{Inspection, Verifier};

#[doc = include_str!("../docs/guide.md")]
pub mod guide {}

/// Compiles and runs the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeDoctests;

/// Compiles and runs the examples of the page on limits.
#[cfg(doctest)]
#[doc = include_str!("../docs/limits.md")]
struct LimitsDoctests;
