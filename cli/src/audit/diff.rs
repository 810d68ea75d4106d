//! What changed between two audits.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use arrow::json::LineDelimitedWriter;
use clap::Args;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use result_vp_rows::{CheckCell, Row};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::output::{json, Format};
use crate::source::Stop;
use crate::terminal::{answer, complain, exact_answer, printable};
use crate::Exit;

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Diff {
    /// The earlier audit: .jsonl or .parquet
    old: PathBuf,
    /// The later one
    new: PathBuf,
    /// How the answer is printed
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

/// What is different, row by row in the order of the later audit.
#[derive(Default, Serialize)]
struct Changes {
    schema: u32,
    rows: Rows,
    /// How often each kind of change was met.
    counts: BTreeMap<&'static str, u64>,
    changes: Vec<Change>,
}

#[derive(Default, Serialize)]
struct Rows {
    old: u64,
    new: u64,
    only_old: u64,
    only_new: u64,
}

#[derive(Serialize)]
struct Change {
    /// `newly_revoked`, `newly_expired`, `key_gone`, or `verdict_changed` for any other reason.
    change: &'static str,
    session_id: Option<String>,
    credential: Option<u64>,
    vp_sha256: Option<String>,
    old_verdict: String,
    new_verdict: String,
    /// Checks whose outcome or reason is another one, as `check=outcome:code`.
    old_checks: Vec<String>,
    new_checks: Vec<String>,
}

/// What is kept of a row of the earlier audit.
struct Before {
    verdict: String,
    /// Checks that do not pass.
    checks: Vec<String>,
    is_met: bool,
}

impl Diff {
    pub(super) fn run(&self) -> Exit {
        match self.changes() {
            Ok(changes) => {
                // A change is what somebody looks for: found is 1, as `diff` has it.
                let exit = match changes.changes.is_empty() {
                    true => Exit::Accepted,
                    false => Exit::Rejected,
                };
                match self.format {
                    Format::Json => exact_answer(&json(&changes), exit),
                    Format::Human => answer(&text(&changes), exit),
                }
            }
            Err(Stop(exit, message)) => {
                complain(&message);
                exit
            }
        }
    }

    fn changes(&self) -> Result<Changes, Stop> {
        let mut before: BTreeMap<[u8; 16], Before> = BTreeMap::new();
        let mut changes = Changes { schema: 1, ..Changes::default() };
        rows(&self.old, |row| {
            changes.rows.old += 1;
            let it = Before {
                verdict: row.verdict().to_owned(),
                checks: not_passed(checks(row)),
                is_met: false,
            };
            before.insert(key(row), it);
        })?;
        rows(&self.new, |row| {
            changes.rows.new += 1;
            let Some(before) = before.get_mut(&key(row)) else {
                changes.rows.only_new += 1;
                return;
            };
            before.is_met = true;
            let now = not_passed(checks(row));
            if before.verdict == row.verdict() && before.checks == now {
                return;
            }
            let has = |list: &[String], text: &str| list.iter().any(|it| it == text);
            let newly = |text: &str| has(&now, text) && !has(&before.checks, text);
            let change = if KEY_GONE.iter().any(|text| newly(text)) {
                "key_gone"
            } else if newly("credential_status=fail:revoked") {
                "newly_revoked"
            } else if EXPIRED.iter().any(|text| newly(text)) {
                "newly_expired"
            } else if before.verdict != row.verdict() {
                "verdict_changed"
            } else {
                "checks_changed"
            };
            *changes.counts.entry(change).or_default() += 1;
            let missing = |from: &[String], in_: &[String]| {
                from.iter().filter(|it| !in_.contains(it)).cloned().collect()
            };
            changes.changes.push(Change {
                change,
                session_id: row.session_id.as_deref().map(str::to_owned),
                credential: row.credential,
                vp_sha256: row.vp_sha256.as_deref().map(str::to_owned),
                old_verdict: before.verdict.clone(),
                new_verdict: row.verdict().to_owned(),
                old_checks: missing(&before.checks, &now),
                new_checks: missing(&now, &before.checks),
            });
        })?;
        changes.rows.only_old = before.values().filter(|before| !before.is_met).count() as u64;
        Ok(changes)
    }
}

/// By session and credential; a record without a session by its presentation or its place.
fn key(row: &Row<'_>) -> [u8; 16] {
    let mut hash = Sha256::new();
    match (&row.session_id, &row.vp_sha256) {
        (Some(id), _) => hash.update(format!("session {id}")),
        (None, Some(sha256)) => hash.update(format!("presentation {sha256}")),
        (None, None) => hash.update(format!("record {} {} {}", row.input, row.record, row.item)),
    }
    hash.update(format!(" {:?}", row.credential));
    let digest: [u8; 32] = hash.finalize().into();
    digest.first_chunk().copied().unwrap_or_default()
}

fn checks<'r, 'c>(row: &'r Row<'c>) -> &'r [CheckCell<'c>] {
    match row.verdict_now {
        Some(_) => &row.checks_now,
        None => &row.checks_at_issuance,
    }
}

fn not_passed(checks: &[CheckCell<'_>]) -> Vec<String> {
    let matters = |it: &&CheckCell<'_>| matches!(&*it.outcome, "fail" | "indeterminate");
    checks.iter().filter(matters).map(CheckCell::text).collect()
}

/// Hands on the rows of an audit.
fn rows(path: &Path, mut each: impl FnMut(&Row<'_>)) -> Result<(), Stop> {
    let failed = |error: io::Error| Stop(Exit::InputOutput, format!("{}: {error}", path.display()));
    let mut line_of = |line: &[u8]| -> Result<(), Stop> {
        let row: Row<'_> = serde_json::from_slice(line).map_err(|_| {
            let path = path.display();
            Stop(Exit::Unreadable, format!("{path}: holds a line that is no row of an audit"))
        })?;
        each(&row);
        Ok(())
    };
    let mut file = File::open(path).map_err(failed)?;
    let mut start = [0; 4];
    let read = io::Read::read(&mut file, &mut start).map_err(failed)?;
    io::Seek::rewind(&mut file).map_err(failed)?;
    if start.get(..read) == Some(b"PAR1") {
        let builder = ParquetRecordBatchReaderBuilder::try_new(file);
        let batches = builder.and_then(|it| it.with_batch_size(256).build());
        for batch in batches.map_err(|error| failed(error.into()))? {
            let batch = batch.map_err(|error| failed(io::Error::other(error)))?;
            let mut lines = Vec::new();
            let mut writer = LineDelimitedWriter::new(&mut lines);
            let written = writer.write(&batch).and_then(|()| writer.finish());
            written.map_err(|error| failed(io::Error::other(error)))?;
            for line in lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
                line_of(line)?;
            }
        }
        return Ok(());
    }
    let mut reader = BufReader::with_capacity(256 << 10, file);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line).map_err(failed)? > 0 {
        line_of(&line)?;
        line.clear();
    }
    Ok(())
}

fn text(changes: &Changes) -> String {
    let Rows { old, new, only_old, only_new } = changes.rows;
    let mut text = format!("{old} rows before, {new} now; {only_old} gone, {only_new} new\n");
    for (change, count) in &changes.counts {
        text.push_str(&format!("{count:>8}  {}\n", change.replace('_', " ")));
    }
    for change in changes.changes.iter().take(SHOWN) {
        let session = change.session_id.as_deref().or(change.vp_sha256.as_deref());
        text.push_str(&format!(
            "\n{}  {}: {} -> {}\n",
            change.change.replace('_', " "),
            printable(session.unwrap_or("a record without session")),
            printable(&change.old_verdict),
            printable(&change.new_verdict),
        ));
        for (sign, checks) in [('-', &change.old_checks), ('+', &change.new_checks)] {
            for check in checks {
                text.push_str(&format!("  {sign} {}\n", printable(check)));
            }
        }
    }
    let more = changes.changes.len().saturating_sub(SHOWN);
    if more > 0 {
        text.push_str(&format!("\n{more} more; --format json has all of them\n"));
    }
    text
}

const KEY_GONE: [&str; 3] = [
    "issuer_is_signer=fail:verification_method_unknown",
    "issuer_is_signer=fail:key_revoked",
    "issuer_is_signer=fail:key_not_for_assertion",
];
const EXPIRED: [&str; 3] = [
    "validity_period=fail:credential_expired",
    "validity_period=fail:credential_too_old",
    "document_validity=fail:document_expired",
];
/// A screen or two; a program asks for JSON.
const SHOWN: usize = 20;

const EXAMPLES: &str = "Exit code 1 if something changed, 0 if not.

Examples:
  result-vp audit diff 2025.jsonl 2026.jsonl
  result-vp audit diff --format json 2025.parquet 2026.parquet";
