//! Verifies the `result_vp` of a Trinsic Connect session: **claims are read only from what was
//! signed.**
//!
//! ```text
//! session text ─→ Session ─→ UnverifiedPresentation      Evidence (DID documents: data)
//!                                      │                     │
//!                                      └── Verifier::verify ─┘ (session id, now)
//!                                                 │
//!                                               Report ── into_verified ──→ VerifiedPresentation
//!                                                                                   │
//!                                                                             GovernmentId
//! ```
//!
//! Nothing here asks the network, a file or the clock: the same arguments give the same report, on
//! every machine and in ten years.

#![warn(missing_docs, unreachable_pub)]
#![cfg_attr(
    not(test),
    warn(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)
)]

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
mod policy;
mod presentation;
mod profile;
mod proof;
mod replay;
mod report;
mod schema;
mod session;
mod statements;
mod status;
mod time;
mod verifier;

pub use did::Did;
pub use error::{Error, JsonRule, Limit};
pub use evidence::{Evidence, EvidenceKind, Source};
pub use government_id::{signed_claims, CivilDate, Claim, GovernmentId, Image};
pub use input::Input;
pub use policy::{
    Disclosure, ExpectedSession, ExpiredDocument, Policy, Profile, SessionId, TrustedIssuer,
    TrustedIssuers, Unknown,
};
pub use presentation::UnverifiedPresentation;
pub use replay::SeenProofs;
pub use report::{
    Check, CredentialReport, Outcome, Reason, ReasonCode, Rejected, Report, Verdict,
    VerifiedCredential, VerifiedPresentation, Warning,
};
pub use session::{
    Contradiction, FailCode, NormalizedGovernmentIdData, RequestedFields, Session, SessionStatus,
    State, Verification, VerificationFailCode, VerificationState, VerificationType,
};
pub use statements::Contexts;
pub use status::BitOrder;
pub use time::DatePrecision;
pub use verifier::{Inspection, Verifier};

/// Compiles and runs the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeDoctests;
