//! The bundle: a file of evidence with its history.

use std::fs;
use std::io;
use std::path::Path;

use chrono::{DateTime, Utc};
use result_vp::Evidence;
use result_vp_rows::hex_sha256;
use serde::{Deserialize, Serialize};

use crate::whole;

/// The evidence of many verifications. Its items are sorted, and each is what its hash says.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Bundle {
    /// The version of the format.
    bundle: u32,
    items: Vec<Item>,
}

/// A text, as it was received.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Item {
    pub(super) kind: Kind,
    /// Of a DID document its DID.
    pub(super) url: String,
    pub(super) sha256: String,
    /// When it was last seen there.
    pub(super) fetched: DateTime<Utc>,
    /// The period in which it held; without an end on a side where none is known.
    pub(super) from: Option<DateTime<Utc>>,
    pub(super) until: Option<DateTime<Utc>>,
    pub(super) content: String,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    Context,
    DidDocument,
    Schema,
    StatusList,
}

/// What a fetched text was to the bundle.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Change {
    /// The first of its URL.
    New,
    /// The one that is held.
    Same,
    /// Another one than before, which is kept as history, or replaced if that was asked for.
    Changed,
}

impl Bundle {
    pub(super) fn new() -> Bundle {
        Bundle { bundle: VERSION, items: Vec::new() }
    }

    /// Reads a bundle that verification can use: hashes, periods and every content are looked at.
    /// The error continues "the bundle".
    pub(super) fn parse(text: &[u8]) -> Result<Bundle, String> {
        let mut evidence = Evidence::new();
        evidence.add_bundle(text).map_err(|error| format!("cannot be used: {error}"))?;
        let bundle: Bundle = serde_json::from_slice(text)
            .map_err(|error| format!("is not of the bundle format: {error}"))?;
        let mistaken = bundle.items.iter().find(|item| {
            let did = Evidence::new().add_did_document(item.content.as_bytes());
            item.kind == Kind::DidDocument && did.is_ok_and(|did| did.as_str() != item.url)
        });
        match mistaken {
            None => Ok(bundle),
            Some(item) => {
                let did = item.url.escape_default();
                Err(format!("holds the document of another DID as that of {did}"))
            }
        }
    }

    pub(super) fn items(&self) -> &[Item] {
        &self.items
    }

    /// Whether anything of that kind is held under that URL.
    pub(super) fn holds(&self, kind: Kind, url: &str) -> bool {
        self.items.iter().any(|item| item.is_of(kind, url))
    }

    /// Adds what was fetched at `now`.
    ///
    /// A DID document that changed ends the period of the one before; of a status list every
    /// version is kept; a schema or context that changed is an error unless `replace`.
    pub(super) fn record(
        &mut self,
        kind: Kind,
        url: &str,
        content: String,
        now: DateTime<Utc>,
        replace: bool,
    ) -> Result<Change, String> {
        let sha256 = hex_sha256(content.as_bytes());
        let mut held: Vec<&mut Item> =
            self.items.iter_mut().filter(|item| item.is_of(kind, url)).collect();
        let known = !held.is_empty();
        let latest = held.iter().flat_map(|item| [Some(item.fetched), item.from, item.until]);
        if latest.flatten().max().is_some_and(|latest| latest > now) {
            return Err("the bundle has a later one: the clock of this machine is wrong".into());
        }
        let current = held.iter_mut().find(|item| match kind {
            Kind::StatusList => item.sha256 == sha256,
            _ => item.until.is_none(),
        });
        let mut from = None;
        match (current, kind) {
            (Some(item), _) if item.sha256 == sha256 => {
                item.fetched = now;
                return Ok(Change::Same);
            }
            (Some(item), Kind::Context | Kind::Schema) => {
                if !replace {
                    return Err("it changed, and with it what was decided by the one the bundle \
                        holds; --replace takes the new one"
                        .to_owned());
                }
                item.sha256 = sha256;
                item.content = content;
                item.fetched = now;
                return Ok(Change::Changed);
            }
            (Some(item), Kind::DidDocument) if item.from == Some(now) => {
                return Err("it changed twice within one second; run again".to_owned());
            }
            (Some(item), Kind::DidDocument) => {
                item.until = Some(now);
                from = Some(now);
            }
            (None, Kind::DidDocument) if known => from = Some(now),
            _ => {}
        }
        let url = url.to_owned();
        self.items.push(Item { kind, url, sha256, fetched: now, from, until: None, content });
        // The sort is stable: of one URL, what came later stands later.
        self.items.sort_by_cached_key(|item| (item.kind, item.url.clone(), item.from));
        Ok(if known { Change::Changed } else { Change::New })
    }

    /// Writes the bundle, whole or not at all. `before` is what was read from `path`.
    pub(super) fn write(&self, path: &Path, before: Option<&[u8]>) -> io::Result<()> {
        let mut text = serde_json::to_vec_pretty(self)?;
        text.push(b'\n');
        Bundle::parse(&text).map_err(|problem| {
            io::Error::other(format!("the bundle {problem}; begin another one with --out"))
        })?;
        whole::write(path, &text, || match read_if_there(path)?.as_deref() == before {
            true => Ok(()),
            false => Err(io::Error::other("somebody else wrote it meanwhile; run again")),
        })
    }
}

impl Item {
    fn is_of(&self, kind: Kind, url: &str) -> bool {
        self.kind == kind && self.url == url
    }
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Context => "context",
            Kind::DidDocument => "did_document",
            Kind::Schema => "schema",
            Kind::StatusList => "status_list",
        }
    }
}

/// The file's bytes; `None` if there is no such file.
pub(super) fn read_if_there(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

const VERSION: u32 = 1;

#[cfg(test)]
mod tests {
    use chrono::Datelike as _;

    use super::*;

    const DID: &str = "did:web:issuer.example";
    const URL: &str = "https://issuer.example/1";

    fn at(day: u32) -> DateTime<Utc> {
        format!("2026-01-{day:02}T00:00:00Z").parse().expect("a time")
    }

    /// Content, and the days of fetching, beginning and end.
    fn periods(bundle: &Bundle) -> Vec<(&str, u32, Option<u32>, Option<u32>)> {
        let day = |time: Option<DateTime<Utc>>| time.map(|time| time.day());
        let items = bundle.items.iter();
        items
            .map(|it| (it.content.as_str(), it.fetched.day(), day(it.from), day(it.until)))
            .collect()
    }

    #[test]
    fn a_did_document_that_changes_ends_the_period_of_the_one_before() {
        let mut bundle = Bundle::new();
        let mut record = |content: &str, day| {
            bundle.record(Kind::DidDocument, DID, content.to_owned(), at(day), false)
        };
        assert_eq!(record("a", 1), Ok(Change::New));
        assert_eq!(record("a", 2), Ok(Change::Same));
        assert_eq!(record("b", 3), Ok(Change::Changed));
        assert_eq!(record("a", 4), Ok(Change::Changed));
        assert!(record("a", 3).is_err());
        assert!(record("b", 4).is_err());
        assert_eq!(
            periods(&bundle),
            [("a", 2, None, Some(3)), ("b", 3, Some(3), Some(4)), ("a", 4, Some(4), None),]
        );
    }

    #[test]
    fn every_version_of_a_status_list_is_kept_once() {
        let mut bundle = Bundle::new();
        for (content, day) in [("a", 1), ("b", 2), ("a", 3)] {
            let recorded = bundle.record(Kind::StatusList, URL, content.to_owned(), at(day), false);
            assert!(recorded.is_ok());
        }
        assert_eq!(periods(&bundle), [("a", 3, None, None), ("b", 2, None, None)]);
    }

    #[test]
    fn a_schema_changes_only_if_that_was_asked_for() {
        let mut bundle = Bundle::new();
        let mut record = |content: &str, day, replace| {
            bundle.record(Kind::Schema, URL, content.to_owned(), at(day), replace)
        };
        assert_eq!(record("{}", 1, false), Ok(Change::New));
        assert!(record("[]", 2, false).is_err());
        assert_eq!(record("[]", 3, true), Ok(Change::Changed));
        assert_eq!(periods(&bundle), [("[]", 3, None, None)]);
    }

    fn document(note: &str) -> String {
        format!("{{\"id\": \"{DID}\", \"note\": \"{note}\"}}")
    }

    #[test]
    fn what_is_written_is_read_and_what_was_changed_is_refused() {
        let mut bundle = Bundle::new();
        for (kind, url, content, day) in [
            (Kind::StatusList, URL, format!("{{\"id\": \"{URL}\", \"l\": \"\u{e4}\"}}"), 1),
            (Kind::Schema, URL, "{}".to_owned(), 1),
            (Kind::DidDocument, DID, document("a"), 1),
            (Kind::DidDocument, DID, document("b"), 2),
        ] {
            bundle.record(kind, url, content, at(day), false).expect("recorded");
        }
        let text = serde_json::to_string_pretty(&bundle).expect("JSON");
        let read = Bundle::parse(text.as_bytes()).expect("a bundle");
        assert_eq!(periods(&read), periods(&bundle));
        assert!(text.contains("\"fetched\": \"2026-01-02T00:00:00Z\""));
        for (from, to) in [
            ("\"bundle\": 1", "\"bundle\": 2"),
            ("\\\"a\\\"", "\\\"d\\\""),
            (DID, "did:web:other.example"),
            ("\"until\": \"2026-01-02", "\"other\": \"2026-01-02"),
            ("\"until\": \"2026-01-02T00:00:00Z\"", "\"until\": null"),
            ("\"from\": \"2026-01-02T00:00:00Z\"", "\"from\": \"2026-01-02\""),
            ("\"kind\": \"status_list\"", "\"kind\": \"secret\""),
            ("\"kind\": \"status_list\"", "\"kind\": \"schema\""),
        ] {
            let changed = text.replacen(from, to, 1);
            assert_ne!(changed, text, "{from}");
            assert!(Bundle::parse(changed.as_bytes()).is_err(), "{from}");
        }
        for end in [0, 1, text.len() / 2, text.len() - 1] {
            assert!(Bundle::parse(&text.as_bytes()[..end]).is_err());
        }
    }

    #[test]
    fn a_reader_sees_the_old_bundle_or_the_new_one() {
        let path = std::env::temp_dir().join(format!("result-vp-{}.json", std::process::id()));
        let mut bundle = Bundle::new();
        bundle.write(&path, None).expect("written");
        let done = std::sync::atomic::AtomicBool::new(false);
        let relaxed = std::sync::atomic::Ordering::Relaxed;
        std::thread::scope(|scope| {
            let reader = scope.spawn(|| {
                let mut reads = 0;
                while !done.load(relaxed) || reads == 0 {
                    let text = fs::read(&path).expect("it is always there");
                    assert!(Bundle::parse(&text).is_ok());
                    reads += 1;
                }
            });
            for day in 1..=20 {
                let before = fs::read(&path).expect("a bundle");
                let content = document(&format!("{day}{}", " ".repeat(100_000)));
                bundle.record(Kind::DidDocument, DID, content, at(day), false).expect("recorded");
                bundle.write(&path, Some(&before)).expect("written");
            }
            done.store(true, relaxed);
            reader.join().expect("every read is whole");
        });
        // Who wrote in between is not overwritten.
        assert!(bundle.write(&path, Some(b"what was read")).is_err());
        assert!(Bundle::parse(&fs::read(&path).expect("a bundle")).is_ok());
        let _ = fs::remove_file(&path);
    }
}
