//! The revocation status of a credential, read from a list that is verified like a credential.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::credential::{StatusEntry, StatusFault, StatusKind};
use crate::did::Did;
use crate::evidence::{Held, ListCredential};
use crate::policy::Unknown;
use crate::proof::Layout;
use crate::report::{Outcome, Reason, ReasonCode};
use crate::statements::names::CREDENTIAL_STATUS;
use crate::statements::{split_iri, Graph};
use crate::status::{BitOrder, ListFault, StatusList};

use super::{may_hide, worst, Doubt, Question};

impl Question<'_> {
    /// The outcome, and when the oldest list it was read from was fetched, if that is known.
    pub(super) fn credential_status(
        &self,
        graph: Graph<'_>,
        issuer: Option<&Did>,
        layout: Option<&Layout>,
    ) -> (Outcome, Option<DateTime<Utc>>) {
        let setting = self.verifier.policy.status;
        if setting == Unknown::Skip {
            return (Outcome::Waived(ReasonCode::Skipped.into()), None);
        }
        let entries = StatusEntry::all(graph);
        let hidden = || match setting {
            Unknown::Require => Outcome::Fail(ReasonCode::StatusHidden.into()),
            Unknown::Allow | Unknown::Skip => Outcome::Waived(ReasonCode::StatusHidden.into()),
        };
        let may_be_hidden = may_hide(layout, graph, CREDENTIAL_STATUS);
        let hides_something = layout.is_none_or(Layout::hides);
        let mut oldest: Option<DateTime<Utc>> = None;
        let outcomes = entries.into_iter().map(|entry| match entry {
            Ok(entry) => {
                let held = self.list(&entry.list);
                let fetched = held.and_then(|held| held.source.fetch_time());
                oldest = oldest.into_iter().chain(fetched).min();
                self.entry(&entry, held, issuer)
            }
            // What a member lacks may stand among the hidden statements.
            Err(StatusFault::Malformed) if hides_something => hidden(),
            Err(StatusFault::Malformed) => Outcome::Fail(ReasonCode::StatusEntryMalformed.into()),
            Err(StatusFault::TypeUnknown) => {
                Outcome::Indeterminate(ReasonCode::StatusTypeUnknown.into())
            }
        });
        let outcome = worst(outcomes.chain(may_be_hidden.then(hidden)), setting);
        (outcome, oldest)
    }

    fn entry(
        &self,
        entry: &StatusEntry,
        held: Option<&Held<Arc<ListCredential>>>,
        issuer: Option<&Did>,
    ) -> Outcome {
        let fail = |code: ReasonCode| Outcome::Fail(code.into());
        // Without an issuer nobody can say whose list counts; that check fails.
        let Some(issuer) = issuer else {
            return Outcome::Indeterminate(ReasonCode::IssuerNotDisclosed.into());
        };
        let Some(index) = canonical_number(&entry.index) else {
            return fail(ReasonCode::StatusIndexMalformed);
        };
        if entry_id_contradicts(entry) {
            return fail(ReasonCode::StatusEntryContradicts);
        }
        let suspends = match entry.purpose.as_str() {
            "revocation" => false,
            "suspension" => true,
            _ => return Outcome::Indeterminate(ReasonCode::StatusPurposeUnknown.into()),
        };
        let held = match held {
            Some(held) => held,
            None => {
                let url = entry.list.as_str();
                return Outcome::Indeterminate(Reason::with(ReasonCode::StatusListMissing, url));
            }
        };
        let others = &self.verifier.policy.status_issuers;
        if let Err(doubt) = self.believe(&held.value.signed, issuer, others) {
            return match doubt {
                Doubt::Rejected(detail) => {
                    Outcome::Fail(Reason::with(ReasonCode::StatusListRejected, detail))
                }
                Doubt::Undecided(detail) => {
                    Outcome::Indeterminate(Reason::with(ReasonCode::StatusListUndecided, detail))
                }
                Doubt::Issuer => fail(ReasonCode::StatusListIssuer),
            };
        }
        if let Some(age) = self.verifier.policy.max_evidence_age {
            if self.is_stale(held.source, age) {
                let url = entry.list.as_str();
                return Outcome::Indeterminate(Reason::with(ReasonCode::StatusListStale, url));
            }
        }
        let list = match content(&held.value, entry) {
            Ok(list) => list,
            Err(code) => return fail(code),
        };
        if index >= list.len() {
            return fail(ReasonCode::StatusIndexOutOfRange);
        }
        if list.len() < self.verifier.policy.min_list_entries {
            return fail(ReasonCode::StatusListTooShort);
        }
        let bit = |order| list.bit(index, order).unwrap_or(true);
        match (self.orders(entry.kind, issuer).map(bit), suspends) {
            ([left, right], _) if left != right => {
                Outcome::Indeterminate(ReasonCode::StatusBitOrderUnset.into())
            }
            ([false, _], _) => Outcome::Pass,
            ([true, _], false) => fail(ReasonCode::Revoked),
            ([true, _], true) => fail(ReasonCode::Suspended),
        }
    }

    /// The orders in which the bits of the issuer's lists may stand: twice the same if it is known.
    fn orders(&self, kind: StatusKind, issuer: &Did) -> [BitOrder; 2] {
        let known = match kind {
            StatusKind::RevocationList2020 => {
                self.verifier.policy.trusted_issuers.revocation_bits(issuer)
            }
            // Both say so: StatusList2021, section 5.3; BitstringStatusList 1.0, section 3.4.
            StatusKind::StatusList2021 | StatusKind::BitstringStatusList => {
                Some(BitOrder::LeftmostFirst)
            }
        };
        known.map_or([BitOrder::LeftmostFirst, BitOrder::RightmostFirst], |order| [order; 2])
    }

    /// The newest list of the URL that had been issued at the time of the question.
    fn list(&self, url: &str) -> Option<&Held<Arc<ListCredential>>> {
        let latest = self.latest();
        let lists = self.evidence.status_lists().filter_map(|held| {
            if held.value.url != url {
                return None;
            }
            // A list that does not say when it was issued fails its own checks, not silently.
            let issued = held.value.issued;
            issued.is_none_or(|issued| issued <= latest).then_some((issued, held))
        });
        lists.max_by_key(|(issued, held)| (*issued, held.source.fetch_time())).map(|(_, held)| held)
    }
}

/// The list that the credential holds, of the kind, URL and purpose that the entry names.
fn content(list: &ListCredential, entry: &StatusEntry) -> Result<Arc<StatusList>, ReasonCode> {
    let statements =
        list.signed.credential.statements.as_ref().map_err(|_| ReasonCode::StatusListShape)?;
    let root = Graph::root(statements);
    let has_type = |graph: Graph<'_>, name| {
        graph.types().any(|iri| split_iri(iri).is_some_and(|(_, it)| it == name))
    };
    let subject = root.subject().ok_or(ReasonCode::StatusListShape)?;
    let kind = subject
        .types()
        .find_map(|iri| split_iri(iri).filter(|(_, name)| *name == entry.kind.list_type()));
    let is_named = root.node().to_string() == entry.list;
    let (Some((namespace, _)), true, true) =
        (kind, is_named, has_type(root, entry.kind.credential_type()))
    else {
        return Err(ReasonCode::StatusListShape);
    };
    let purpose = subject.text_in(namespace, "statusPurpose");
    if entry.kind != StatusKind::RevocationList2020 && purpose != Some(&entry.purpose) {
        return Err(ReasonCode::StatusPurposeDiffers);
    }
    let encoded = subject.text_in(namespace, "encodedList").ok_or(ReasonCode::StatusListShape)?;
    list.decoded(entry.kind, encoded).map_err(|fault| match fault {
        ListFault::Encoding | ListFault::Compression => ReasonCode::StatusListEncoding,
        ListFault::TooLarge => ReasonCode::StatusListTooLarge,
    })
}

/// Decimal digits without sign, leading zero or white space: each index has one text.
fn canonical_number(text: &str) -> Option<usize> {
    let digits = !text.is_empty() && text.len() <= 9 && text.bytes().all(|it| it.is_ascii_digit());
    let canonical = digits && (text == "0" || !text.starts_with('0'));
    canonical.then(|| text.parse().ok()).flatten()
}

/// An id of the form `<list>#<index>` must name what the members name.
fn entry_id_contradicts(entry: &StatusEntry) -> bool {
    let Some((list, fragment)) = entry.id.split_once('#') else { return entry.id == entry.list };
    let is_index = !fragment.is_empty() && fragment.bytes().all(|it| it.is_ascii_digit());
    list == entry.list && is_index && fragment != entry.index
}

#[cfg(test)]
mod exhaustive;
