//! Results that were seen before.

use std::collections::HashSet;
use std::fmt;

use crate::report::{Outcome, ReasonCode, Report, Verdict};

/// The nonces and proofs that a caller has seen, as hashes: 32 bytes for each, kept by the caller.
///
/// A proof can be derived anew for one nonce, so both count. Keep one for each set of results in
/// which every session may stand once: a run over an export, or the life of a process.
#[derive(Clone, Default)]
pub struct SeenProofs(HashSet<[u8; 32]>);

impl SeenProofs {
    /// Nothing was seen yet.
    #[must_use]
    pub fn new() -> SeenProofs {
        SeenProofs::default()
    }

    /// Decides the check `replay` of every credential of the report, and remembers its proofs if it is
    /// accepted: what is undecided can be asked again with more evidence, and a forgery spoils nothing.
    ///
    /// The credentials of one report share their nonce; that is no replay. A result that counts
    /// twice under one session id fails the second time.
    pub fn check(&mut self, mut report: Report) -> Report {
        let mut marks = Vec::new();
        for credential in &mut report.credentials {
            let seen = credential.facts.proof_marks.iter().any(|mark| self.0.contains(mark));
            credential.outcomes.replay = match (seen, credential.facts.proof_marks.is_empty()) {
                (_, true) => Outcome::Indeterminate(ReasonCode::ProofUnread.into()),
                (true, _) => Outcome::Fail(ReasonCode::ProofSeen.into()),
                (false, _) => Outcome::Pass,
            };
            marks.extend_from_slice(&credential.facts.proof_marks);
        }
        if report.verdict() == Verdict::Accepted {
            self.0.extend(marks);
        }
        report
    }
}

impl fmt::Debug for SeenProofs {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SeenProofs").field("len", &self.0.len()).finish()
    }
}
