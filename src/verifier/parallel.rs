//! Batches over several threads.

use chrono::{DateTime, Utc};
use rayon::prelude::*;

use crate::error::Error;
use crate::evidence::Evidence;
use crate::policy::ExpectedSession;
use crate::presentation::UnverifiedPresentation;
use crate::report::Report;
use crate::session::Session;

use super::Verifier;

impl Verifier {
    /// As [`verify_batch`](Self::verify_batch), on the threads of the current pool of `rayon`.
    ///
    /// The reports are the same, in the same order. Needs the feature `rayon`.
    pub fn par_verify_batch(
        &self,
        presentations: &[(&UnverifiedPresentation, ExpectedSession<'_>)],
        evidence: &Evidence,
        now: DateTime<Utc>,
    ) -> Vec<Report> {
        let chunks = presentations.par_chunks(CHUNK);
        chunks.flat_map_iter(|chunk| self.verify_batch(chunk, evidence, now)).collect()
    }

    /// As [`verify_session_batch`](Self::verify_session_batch), on the threads of the current pool of
    /// `rayon`.
    ///
    /// The results are the same, in the same order. Needs the feature `rayon`.
    ///
    /// # Errors
    ///
    /// For each session as [`verify_session`](Self::verify_session).
    pub fn par_verify_session_batch(
        &self,
        sessions: &[(&Session, ExpectedSession<'_>)],
        evidence: &Evidence,
        now: DateTime<Utc>,
    ) -> Vec<Result<Report, Error>> {
        let chunks = sessions.par_chunks(CHUNK);
        chunks.flat_map_iter(|chunk| self.verify_session_batch(chunk, evidence, now)).collect()
    }
}

/// What a larger batch saves is little; smaller ones leave no thread idle at the end.
const CHUNK: usize = 256;
