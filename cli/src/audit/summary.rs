//! What an audit found, in counts.

use std::collections::BTreeMap;

use result_vp_rows::{CheckCell, Row};
use serde::{Deserialize, Serialize};

/// Counts of rows; a row is a credential, or a record without any.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub(crate) struct Summary {
    pub(crate) schema: u32,
    /// `complete`, or why it ended before: `failures`.
    pub(crate) ended: String,
    pub(crate) library_version: String,
    pub(crate) policy_sha256: String,
    pub(crate) evidence_sha256: String,
    /// Which verdicts were asked for.
    pub(crate) at_issuance: bool,
    pub(crate) now: Option<String>,
    pub(crate) rows: u64,
    pub(crate) records: u64,
    pub(crate) verdicts_now: BTreeMap<String, u64>,
    pub(crate) verdicts_at_issuance: BTreeMap<String, u64>,
    pub(crate) session_states: BTreeMap<String, u64>,
    /// By check and reason.
    pub(crate) failing_now: Counts,
    pub(crate) failing_at_issuance: Counts,
    pub(crate) undecided_now: Counts,
    pub(crate) undecided_at_issuance: Counts,
    pub(crate) waived_now: Counts,
    /// What would decide more: the reason, and what is missing.
    pub(crate) missing_evidence: Counts,
    /// By issuer and verdict: as of now, or else as of issuance.
    pub(crate) issuers: Counts,
    pub(crate) errors: Counts,
    pub(crate) discrepancies: Counts,
}

/// How often each pair was met. What an attacker can name is bounded: what comes after a thousand
/// pairs is counted together.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub(crate) struct Counts(pub(crate) BTreeMap<String, BTreeMap<String, u64>>);

impl Counts {
    fn add(&mut self, first: &str, second: &str, change: i64) {
        let known = self.0.get(first).is_some_and(|inner| inner.contains_key(second));
        let pairs = || self.0.values().map(BTreeMap::len).sum::<usize>();
        let (first, second) = match known || pairs() < MAX_PAIRS {
            true => (first, second),
            false => (OTHERS, OTHERS),
        };
        let inner = self.0.entry(first.to_owned()).or_default();
        adjust(inner, second, change);
        if self.0.get(first).is_some_and(BTreeMap::is_empty) {
            self.0.remove(first);
        }
    }

    /// The pairs with the highest counts, those first.
    pub(crate) fn highest(&self, most: usize) -> Vec<(&str, &str, u64)> {
        let pairs = self.0.iter().flat_map(|(first, inner)| {
            inner.iter().map(move |(second, count)| (first.as_str(), second.as_str(), *count))
        });
        let mut pairs: Vec<_> = pairs.collect();
        pairs.sort_by_key(|(first, second, count)| (std::cmp::Reverse(*count), *first, *second));
        pairs.truncate(most);
        pairs
    }
}

fn adjust(counts: &mut BTreeMap<String, u64>, name: &str, change: i64) {
    let name = if counts.len() < MAX_PAIRS || counts.contains_key(name) { name } else { OTHERS };
    let count = match counts.get_mut(name) {
        Some(count) => count,
        None => counts.entry(name.to_owned()).or_default(),
    };
    *count = count.saturating_add_signed(change);
    if *count == 0 {
        counts.remove(name);
    }
}

impl Summary {
    pub(crate) fn add(&mut self, row: &Row<'_>) {
        self.change(row, 1);
    }

    /// Adds the counts of other rows.
    pub(crate) fn merge(&mut self, other: &Summary) {
        self.rows += other.rows;
        self.records += other.records;
        for (counts, others) in [
            (&mut self.verdicts_now, &other.verdicts_now),
            (&mut self.verdicts_at_issuance, &other.verdicts_at_issuance),
            (&mut self.session_states, &other.session_states),
        ] {
            for (name, count) in others {
                adjust(counts, name, *count as i64);
            }
        }
        for (counts, others) in [
            (&mut self.failing_now, &other.failing_now),
            (&mut self.failing_at_issuance, &other.failing_at_issuance),
            (&mut self.undecided_now, &other.undecided_now),
            (&mut self.undecided_at_issuance, &other.undecided_at_issuance),
            (&mut self.waived_now, &other.waived_now),
            (&mut self.missing_evidence, &other.missing_evidence),
            (&mut self.issuers, &other.issuers),
            (&mut self.errors, &other.errors),
            (&mut self.discrepancies, &other.discrepancies),
        ] {
            for (first, second, count) in others.highest(usize::MAX) {
                counts.add(first, second, count as i64);
            }
        }
    }

    /// Takes a row out again.
    pub(crate) fn remove(&mut self, row: &Row<'_>) {
        self.change(row, -1);
    }

    fn change(&mut self, row: &Row<'_>, change: i64) {
        self.rows = self.rows.saturating_add_signed(change);
        if row.item == 0 && row.credential.unwrap_or(0) == 0 {
            self.records = self.records.saturating_add_signed(change);
        }
        if let Some(code) = &row.error_code {
            self.errors.add(code, without_places(row.error.as_deref().unwrap_or("")), change);
        }
        if let Some(state) = &row.session_state {
            adjust(&mut self.session_states, state, change);
        }
        let verdicts = [
            (self.now.is_some(), &row.verdict_now, &mut self.verdicts_now),
            (self.at_issuance, &row.verdict_at_issuance, &mut self.verdicts_at_issuance),
        ];
        for (is_asked, verdict, counts) in verdicts {
            if is_asked {
                // Nobody knows when it was issued.
                adjust(counts, verdict.as_deref().unwrap_or("unknown"), change);
            }
        }
        if let Some(issuer) = &row.issuer {
            self.issuers.add(issuer, row.verdict(), change);
        }
        for (checks, failing, undecided) in [
            (&row.checks_now, &mut self.failing_now, &mut self.undecided_now),
            (
                &row.checks_at_issuance,
                &mut self.failing_at_issuance,
                &mut self.undecided_at_issuance,
            ),
        ] {
            for check in checks {
                match &*check.outcome {
                    "fail" => failing.add(&check.check, code(check), change),
                    "indeterminate" => undecided.add(&check.check, code(check), change),
                    _ => {}
                }
            }
        }
        for check in &row.checks_now {
            match (&*check.outcome, &check.detail) {
                ("waived", _) => self.waived_now.add(&check.check, code(check), change),
                ("indeterminate", Some(detail)) if MISSING.contains(&code(check)) => {
                    self.missing_evidence.add(code(check), detail, change);
                }
                _ => {}
            }
        }
        for discrepancy in &row.discrepancies {
            let code = discrepancy.split(": ").next().unwrap_or_default();
            self.discrepancies.add(code, discrepancy, change);
        }
    }
}

fn code<'c>(check: &'c CheckCell<'_>) -> &'c str {
    check.code.as_deref().unwrap_or("")
}

/// The message without line and column, which make each one another.
fn without_places(message: &str) -> &str {
    message.split(" at line ").next().unwrap_or(message)
}

/// Reasons whose detail names what was not at hand.
const MISSING: [&str; 5] = [
    "did_document_missing",
    "evidence_stale",
    "schema_missing",
    "status_list_missing",
    "status_list_stale",
];
const OTHERS: &str = "(others)";
const MAX_PAIRS: usize = 1000;
