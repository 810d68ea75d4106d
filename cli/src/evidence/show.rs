//! `result-vp evidence show`.

use std::fmt::Write as _;
use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};
use clap::{Args, ValueEnum};
use result_vp::{Evidence, KeyFinding, Source};
use result_vp_rows::{hex_sha256, instant};
use serde::Serialize;
use serde_json::Value;

use super::bundle::{Bundle, Kind};
use super::wanted::{add_contexts, Wanted};
use crate::output::json;
use crate::source::{self, Stop};
use crate::terminal::{answer, complain, exact_answer};
use crate::Exit;

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Show {
    /// Bundles, single documents, or directories of them
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Say what is missing for this session or presentation; may be given several times
    #[arg(long = "for", value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// How the answer is printed
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For people
    Human,
    /// One JSON object, versioned
    Json,
}

/// What the files hold.
#[derive(Serialize)]
struct Holdings {
    schema: u32,
    items: Vec<Held>,
    keys: Vec<Finding>,
    left_out: Vec<LeftOut>,
    missing: Vec<Missing>,
    unreadable: Vec<String>,
}

#[derive(Serialize)]
struct Held {
    file: String,
    kind: Kind,
    url: String,
    sha256: String,
    bytes: usize,
    /// Unknown of a single document.
    fetched: Option<DateTime<Utc>>,
    age_seconds: Option<i64>,
    from: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
    #[serde(skip)]
    content: String,
}

#[derive(Serialize)]
struct LeftOut {
    file: String,
    why: &'static str,
}

/// Something that is wrong with a key.
#[derive(PartialEq, Serialize)]
struct Finding {
    verification_method: String,
    code: &'static str,
    meaning: &'static str,
}

impl From<&KeyFinding> for Finding {
    fn from(finding: &KeyFinding) -> Finding {
        Finding {
            verification_method: finding.verification_method().to_owned(),
            code: finding.code(),
            meaning: finding.meaning(),
        }
    }
}

/// Something an input names and no file holds.
#[derive(Serialize)]
struct Missing {
    kind: Kind,
    url: String,
}

impl Show {
    pub(crate) fn run(&self) -> Exit {
        let holdings = match self.holdings(Utc::now()) {
            Ok(holdings) => holdings,
            Err(Stop(exit, message)) => {
                complain(&message);
                return exit;
            }
        };
        let exit = match (holdings.unreadable.is_empty(), holdings.missing.is_empty()) {
            (false, _) => Exit::Unreadable,
            (true, false) => Exit::Indeterminate,
            (true, true) => Exit::Accepted,
        };
        match self.format {
            Format::Human => answer(&human(&holdings), exit),
            Format::Json => exact_answer(&json(&holdings), exit),
        }
    }

    fn holdings(&self, now: DateTime<Utc>) -> Result<Holdings, Stop> {
        let mut evidence = Evidence::new();
        let (mut items, mut left_out) = (Vec::new(), Vec::new());
        for (file, is_named) in source::evidence_files(&self.paths)? {
            let text = source::read_file(&file)?;
            let name = file.display().to_string();
            let stop = |problem: String| Stop(Exit::Unreadable, format!("{name}: {problem}"));
            match Content::recognize(&text) {
                Content::Bundle => {
                    let bundle = Bundle::parse(&text).and_then(|bundle| {
                        add_contexts(&mut evidence, &bundle)?;
                        Ok(bundle)
                    });
                    let bundle = bundle.map_err(|it| stop(format!("the bundle {it}")))?;
                    items.extend(bundle.items().iter().map(|item| Held {
                        file: name.clone(),
                        kind: item.kind,
                        url: item.url.clone(),
                        sha256: item.sha256.clone(),
                        bytes: item.content.len(),
                        fetched: Some(item.fetched),
                        age_seconds: Some((now - item.fetched).num_seconds()),
                        from: item.from,
                        until: item.until,
                        content: item.content.clone(),
                    }));
                }
                Content::Single(kind, url) => items.push(Held {
                    file: name,
                    kind,
                    url,
                    sha256: hex_sha256(&text),
                    bytes: text.len(),
                    fetched: None,
                    age_seconds: None,
                    from: None,
                    until: None,
                    content: String::from_utf8_lossy(&text).into_owned(),
                }),
                Content::Unknown(why) if is_named => return Err(stop(why.to_owned())),
                Content::Unknown(why) => left_out.push(LeftOut { file: name, why }),
            }
        }
        let mut wanted = Wanted::default();
        for input in &self.inputs {
            wanted.read(input, evidence.contexts())?;
        }
        for held in items.iter() {
            let may_be_signed = matches!(held.kind, Kind::StatusList | Kind::Schema);
            if may_be_signed && wanted.items.contains(&(held.kind, held.url.clone())) {
                wanted.add_signer(&held.content, evidence.contexts());
            }
        }
        let is_missing = |(kind, url): &(Kind, String)| {
            !items.iter().any(|held| held.kind == *kind && held.url == *url)
        };
        let missing = wanted.items.into_iter().filter(is_missing);
        let missing = missing.map(|(kind, url)| Missing { kind, url }).collect();
        let keys = key_findings(evidence, &items);
        Ok(Holdings { schema: 1, items, keys, left_out, missing, unreadable: wanted.unreadable })
    }
}

/// What is wrong with the keys of the DID documents that are held.
fn key_findings(mut evidence: Evidence, items: &[Held]) -> Vec<Finding> {
    for held in items.iter().filter(|held| held.kind == Kind::DidDocument) {
        let source = held.from.map_or(Source::unknown(), |from| Source::unknown().from(from));
        let source = held.until.map_or(source, |until| source.until(until));
        // What cannot be added is told by `verify`, which needs it; here it has no keys to look at.
        let _refused = evidence.add(held.content.as_bytes(), source);
    }
    let mut findings: Vec<Finding> = evidence.key_findings(&[]).iter().map(Finding::from).collect();
    findings.dedup_by(|one, other| one == other);
    findings
}

/// What a file is, by its content.
enum Content {
    Bundle,
    Single(Kind, String),
    Unknown(&'static str),
}

impl Content {
    fn recognize(text: &[u8]) -> Content {
        let Ok(value) = serde_json::from_slice::<Value>(text) else {
            return Content::Unknown("it is no JSON");
        };
        let text = |name| value.get(name).and_then(Value::as_str);
        let subject = value.get("credentialSubject");
        let kinds = [value.get("type"), subject.and_then(|subject| subject.get("type"))];
        let names = |types: &[&str]| {
            let is_one = |kind: &Value| kind.as_str().is_some_and(|kind| types.contains(&kind));
            kinds.into_iter().flatten().any(|kind| match kind {
                Value::Array(kinds) => kinds.iter().any(is_one),
                kind => is_one(kind),
            })
        };
        match (text("id"), text("$id")) {
            _ if value.get("bundle").is_some() => Content::Bundle,
            (Some(id), _) if names(&LIST_TYPES) => Content::Single(Kind::StatusList, id.to_owned()),
            (Some(id), _) if names(&["JsonSchemaCredential"]) => {
                Content::Single(Kind::Schema, id.to_owned())
            }
            (Some(id), _) if id.starts_with("did:") && subject.is_none() => {
                Content::Single(Kind::DidDocument, id.to_owned())
            }
            (_, Some(id)) => Content::Single(Kind::Schema, id.to_owned()),
            _ => Content::Unknown("it is no evidence of a known kind"),
        }
    }
}

fn human(holdings: &Holdings) -> String {
    let mut text = String::new();
    // Writing into a text cannot fail.
    let _infallible = write_human(&mut text, holdings);
    text
}

fn write_human(text: &mut String, holdings: &Holdings) -> std::fmt::Result {
    let mut file = None;
    for held in &holdings.items {
        if file != Some(&held.file) {
            writeln!(text, "{}", held.file)?;
            file = Some(&held.file);
        }
        let hash = held.sha256.get(..12).unwrap_or_default();
        write!(text, "  {:13} {}", held.kind.name(), held.url.escape_default())?;
        write!(text, "\n    sha256 {hash}…, {} bytes", held.bytes)?;
        if let Some(seconds) = held.age_seconds {
            write!(text, ", fetched {} ago", age(seconds))?;
        }
        match (held.from, held.until) {
            (None, None) => {}
            (Some(from), None) => write!(text, ", since {}", instant(from))?,
            (None, Some(until)) => write!(text, ", until {}", instant(until))?,
            (Some(from), Some(until)) => {
                write!(text, ", from {} until {}", instant(from), instant(until))?;
            }
        }
        text.push('\n');
    }
    for Finding { verification_method, code, meaning } in &holdings.keys {
        writeln!(text, "key {verification_method}: {code}: {meaning}")?;
    }
    for left_out in &holdings.left_out {
        writeln!(text, "left out {}: {}", left_out.file, left_out.why)?;
    }
    for problem in &holdings.unreadable {
        writeln!(text, "unreadable {problem}")?;
    }
    for missing in &holdings.missing {
        writeln!(text, "missing {} {}", missing.kind.name(), missing.url.escape_default())?;
    }
    Ok(())
}

/// A duration in its largest unit.
fn age(seconds: i64) -> String {
    let age = TimeDelta::seconds(seconds.max(0));
    match (age.num_days(), age.num_hours(), age.num_minutes()) {
        (days @ 2.., _, _) => format!("{days} days"),
        (_, hours @ 2.., _) => format!("{hours} hours"),
        (_, _, minutes @ 2..) => format!("{minutes} minutes"),
        _ => format!("{} seconds", age.num_seconds()),
    }
}

const LIST_TYPES: [&str; 6] = [
    "BitstringStatusList",
    "BitstringStatusListCredential",
    "RevocationList2020",
    "RevocationList2020Credential",
    "StatusList2021",
    "StatusList2021Credential",
];

const EXAMPLES: &str = "Examples:
  result-vp evidence show evidence.json
  result-vp evidence show evidence/ --for session.json --format json

Exit codes: 0 nothing is missing   3 something is missing   7 unreadable   5 input or output";
