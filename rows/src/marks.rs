//! Proofs and nonces that are met again.

use std::collections::hash_map::Entry;
use std::collections::HashMap;

/// Marks of proofs and nonces, each with the session and the record that had it first.
#[derive(Default)]
pub struct Marks(HashMap<[u8; 16], Seen>);

struct Seen {
    session: [u8; 8],
    record: u64,
    /// Of other sessions; of the same one, again.
    is_replayed: bool,
    is_twice: bool,
}

impl Marks {
    /// Whether the mark was met before, in another record.
    pub fn meet(&mut self, mark: [u8; 16], session: [u8; 8], record: u64) -> bool {
        match self.0.entry(mark) {
            Entry::Vacant(place) => {
                place.insert(Seen { session, record, is_replayed: false, is_twice: false });
                false
            }
            Entry::Occupied(mut seen) => {
                let seen = seen.get_mut();
                // The credentials of one result share its nonce.
                if seen.session == session && seen.record == record {
                    return false;
                }
                seen.is_replayed |= seen.session != session;
                seen.is_twice |= seen.session == session;
                true
            }
        }
    }

    /// Whether it stands under two sessions.
    #[must_use]
    pub fn is_replayed(&self, mark: &[u8; 16]) -> bool {
        self.0.get(mark).is_some_and(|it| it.is_replayed)
    }

    /// Whether the session that had it first has it in another record too.
    #[must_use]
    pub fn stands_twice(&self, mark: &[u8; 16]) -> bool {
        self.0.get(mark).is_some_and(|it| it.is_twice)
    }
}
