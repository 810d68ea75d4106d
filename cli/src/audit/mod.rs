//! `result-vp audit`: many results, told in rows.
//!
//! One thread reads records, all others verify batches of them, and this one writes rows in the order
//! of the input, into a journal. The outputs are made of the journal at the end, when it is known
//! which proofs stand under two sessions; they appear whole.

mod diff;
mod input;
mod journal;
mod page;
mod progress;
mod replay;
mod run;
mod split;
mod summary;
mod table;

use std::fs::File;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};
use result_vp::Verifier;
use result_vp_rows::{hex_sha256, instant, Content, Record, Row, Shown, Task, Times};

use crate::policy::{Strictness, Trust};
use crate::source::{self, Stop};
use crate::terminal::{answer, complain};
use crate::{whole, Exit};
use input::Columns;
use journal::{beside, Journal, Progress, Question};
use run::Ended;
use summary::Summary;
use table::Table;

#[derive(Args)]
#[command(after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub(crate) struct Audit {
    #[command(subcommand)]
    command: Option<AuditCommand>,
    #[command(flatten)]
    arguments: Arguments,
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Say what changed between two audits, by session
    Diff(diff::Diff),
}

#[derive(Args)]
struct Arguments {
    /// Files, directories, patterns, or `-`: JSON Lines, JSON arrays, pages, Parquet, CSV, protobuf;
    /// plain, gzip or zstd, recognized by content
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// Where the rows go: FILE.jsonl, FILE.parquet or FILE.csv
    #[arg(long, value_name = "FILE", required = true)]
    out: Option<PathBuf>,
    /// Where the counts go, as JSON
    #[arg(long, value_name = "FILE")]
    summary: Option<PathBuf>,
    /// Where the counts go, as a page for a person
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    #[command(flatten)]
    trust: Trust,
    /// Accept presentations without the session they were made for
    #[arg(long)]
    insecure_any_session: bool,
    /// DID documents, status lists, schemas, bundles, or directories of them
    #[arg(long, value_name = "PATH")]
    evidence: Vec<PathBuf>,
    /// A JSON-LD context beside the bundled ones
    #[arg(long, value_name = "URL=FILE")]
    context: Vec<String>,
    /// Which verdicts: `issuance`, `now`, or as of a time [default: issuance and now]
    #[arg(long, value_name = "TIME", value_parser = as_of)]
    as_of: Option<Times>,
    #[command(flatten)]
    strictness: Strictness,
    /// The column of a table that holds the session or presentation [default: session, result_vp or vp]
    #[arg(long, value_name = "NAME")]
    column: Option<String>,
    /// The column of a table that holds the session id you saved
    #[arg(long, value_name = "NAME")]
    id_column: Option<String>,
    /// Whether the rows hold the signed claims of what is accepted [default: none]
    #[arg(long, value_enum, default_value = "none", hide_default_value = true)]
    claims: ClaimsShown,
    /// The key of `--claims hash`: a file of at least 16 bytes
    #[arg(long, value_name = "FILE", required_if_eq("claims", "hash"))]
    hash_key: Option<PathBuf>,
    /// Go on where an audit of the same question ended
    #[arg(long)]
    resume: bool,
    /// End after so many rows that are not accepted
    #[arg(long, value_name = "N")]
    max_failures: Option<u64>,
    /// End after the first row that is not accepted
    #[arg(long, conflicts_with = "max_failures")]
    fail_fast: bool,
    /// How many threads verify [default: one for each processor]
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Say nothing on the way
    #[arg(long)]
    quiet: bool,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum ClaimsShown {
    /// No claim
    None,
    /// A keyed hash of each claim: equal values are equal, and nothing else is told
    Hash,
    /// The claims themselves
    Full,
}

impl Audit {
    pub(crate) fn run(&self) -> Exit {
        match &self.command {
            Some(AuditCommand::Diff(diff)) => diff.run(),
            None => self.arguments.run(),
        }
    }
}

impl Arguments {
    fn run(&self) -> Exit {
        match self.audit() {
            Ok(exit) => exit,
            Err(Stop(exit, message)) => {
                complain(&message);
                exit
            }
        }
    }

    fn audit(&self) -> Result<Exit, Stop> {
        let out = self.out.as_deref().unwrap_or(Path::new("-"));
        let name = out.file_name().and_then(|it| it.to_str()).unwrap_or_default();
        let table = Table::kind(name).ok_or_else(|| Stop::usage(NO_ENDING))?;
        let inputs = input::inputs(&self.inputs)?;
        let columns = Columns { content: self.column.clone(), id: self.id_column.clone() };
        for input in &inputs {
            input::check_columns(input, &columns)?;
        }
        let journal = journal::path_of(out);
        let before = Journal::question(&journal)
            .map_err(|error| Stop(Exit::InputOutput, format!("{}: {error}", journal.display())))?;
        let resumed = before.as_ref().filter(|_| self.resume).and_then(Option::as_ref);
        let (task, question, left_out) = self.task(&inputs, resumed)?;
        let (mut writer, progress, mut summary) = self.journal(&journal, out, &question, before)?;
        if !self.quiet {
            left_out.iter().for_each(|line| complain(line));
        }
        let stop = |error: &std::io::Error| {
            let path = out.display();
            let advice = "what is done is kept; free space or name another place, and use --resume";
            Stop(Exit::InputOutput, format!("{path}: {error}; {advice}"))
        };
        let ended = run::run(
            &run::Run {
                task: &task,
                columns: &columns,
                inputs: &inputs,
                begin: progress,
                threads: self.threads,
                max_failures: if self.fail_fast { Some(1) } else { self.max_failures },
                quiet: self.quiet,
            },
            &mut writer,
            &mut summary,
        )
        .map_err(|error| stop(&error))?;
        if ended == Ended::Interrupted {
            let rows = summary.rows;
            let message =
                format!("interrupted; {rows} rows are kept, and --resume goes on from there");
            complain(&message);
            return Ok(Exit::Interrupted);
        }
        summary.ended = if ended == Ended::Failures { "failures" } else { "complete" }.to_owned();
        self.finish(out, table, &journal, &mut summary).map_err(|error| stop(&error))?;
        let text = page::text(&summary);
        let exit = exit(&summary);
        Ok(if self.quiet { exit } else { answer(&text, exit) })
    }

    /// Makes the outputs of the journal, and removes it.
    fn finish(
        &self,
        out: &Path,
        table: fn(File) -> std::io::Result<Table>,
        journal: &Path,
        summary: &mut Summary,
    ) -> std::io::Result<()> {
        let repeated = replay::Repeated::find(journal, &beside(out, "marks"))?;
        let part = beside(out, "part");
        let mut table = table(File::create(&part)?)?;
        let (mut place, mut written) = (0_u64, Ok(()));
        journal::read(journal, |entry| {
            let (replayed, twice) = (repeated.is_replayed(place), repeated.stands_twice(place));
            place += 1;
            if written.is_ok() {
                written = match replayed || twice {
                    false => table.write(entry.row),
                    true => repeat(entry.row, replayed, twice, summary)
                        .and_then(|line| table.write(&line)),
                };
            }
        })?;
        written?;
        table.finish()?;
        if let Some(path) = &self.summary {
            let mut text = serde_json::to_vec_pretty(&*summary)?;
            text.push(b'\n');
            replace(path, &text)?;
        }
        if let Some(path) = &self.html {
            replace(path, page::html(summary).as_bytes())?;
        }
        std::fs::rename(&part, out)?;
        journal::remove(journal)
    }

    fn journal(
        &self,
        path: &Path,
        out: &Path,
        question: &Question,
        before: Option<Option<Question>>,
    ) -> Result<(Journal, Progress, Summary), Stop> {
        let mut summary = Summary {
            schema: 1,
            library_version: question.library_version.clone(),
            policy_sha256: question.policy_sha256.clone(),
            evidence_sha256: question.evidence_sha256.clone(),
            at_issuance: question.at_issuance,
            now: question.now.clone(),
            ..Summary::default()
        };
        let failed =
            |error: std::io::Error| Stop(Exit::InputOutput, format!("{}: {error}", path.display()));
        match (before, self.resume) {
            (Some(_), false) => {
                let path = path.display();
                return Err(Stop::usage(format!(
                    "{path}: an audit was not ended; go on with --resume, or remove the file"
                )));
            }
            (Some(Some(before)), true) if before != *question => {
                return Err(Stop::usage(ANOTHER_QUESTION));
            }
            (Some(Some(_)), true) => {
                let mut broken = None;
                let (journal, progress) =
                    Journal::resume(path, |entry| match serde_json::from_slice(entry.row) {
                        Ok(row) => summary.add(&row),
                        Err(error) => broken = Some(error),
                    })
                    .map_err(failed)?;
                return match broken {
                    Some(error) => Err(failed(error.into())),
                    None => Ok((journal, progress, summary)),
                };
            }
            // It was being begun.
            (Some(None), true) => journal::remove(path).map_err(failed)?,
            (None, true) if out.exists() => {
                let out = out.display();
                return Err(Stop::usage(format!(
                    "{out}: the audit was ended; there is nothing to resume"
                )));
            }
            (None, _) => {}
        }
        let journal = Journal::begin(path, question).map_err(failed)?;
        Ok((journal, Progress::default(), summary))
    }

    fn task(
        &self,
        inputs: &[PathBuf],
        before: Option<&Question>,
    ) -> Result<(Task, Question, Vec<String>), Stop> {
        let (policy, policy_sha256) = self.trust.policy(&self.strictness)?;
        let (evidence, left_out) = source::evidence(&self.evidence, &self.context)?;
        let evidence_sha256 = hex::encode(evidence.sha256());
        let times = self.times(before);
        let shown = match (self.claims, &self.hash_key) {
            (ClaimsShown::None, _) => Shown::None,
            (ClaimsShown::Full, _) => Shown::Full,
            (ClaimsShown::Hash, None) => return Err(Stop::usage(SHORT_KEY)),
            (ClaimsShown::Hash, Some(path)) => match source::read_file(path)? {
                key if key.len() < MIN_KEY => return Err(Stop::usage(SHORT_KEY)),
                key => Shown::Hashed(key),
            },
        };
        let size = |path: &PathBuf| std::fs::metadata(path).ok().map(|it| it.len());
        let inputs = inputs.iter().map(|path| (path.display().to_string(), size(path)));
        let question = Question {
            journal: 1,
            library_version: env!("CARGO_PKG_VERSION").to_owned(),
            policy_sha256: policy_sha256.clone(),
            evidence_sha256: evidence_sha256.clone(),
            at_issuance: times.at_issuance,
            now: times.now.map(instant),
            claims: match &shown {
                Shown::None => "none".to_owned(),
                Shown::Full => "full".to_owned(),
                // The key itself is nobody's to read in a journal.
                Shown::Hashed(key) => hex_sha256(&[b"audit key ", &key[..]].concat()),
            },
            any_session: self.insecure_any_session,
            any_issuer: self.trust.insecure_any_issuer,
            content_column: self.column.clone(),
            id_column: self.id_column.clone(),
            inputs: inputs.collect(),
        };
        let verifier = Verifier::new(policy);
        verifier.prepare(&evidence);
        let any_session = self.insecure_any_session;
        let (verifier, evidence) = (verifier.into(), evidence.into());
        let task =
            Task { verifier, evidence, any_session, times, shown, policy_sha256, evidence_sha256 };
        Ok((task, question, left_out))
    }

    /// The times that were asked for. An audit that goes on has the clock of its beginning.
    fn times(&self, before: Option<&Question>) -> Times {
        let clock = || {
            let before = before.and_then(|question| question.now.as_deref()?.parse().ok());
            before.unwrap_or_else(now)
        };
        match self.as_of {
            None => Times { at_issuance: true, now: Some(clock()) },
            Some(Times { at_issuance: false, now: None }) => {
                Times { at_issuance: false, now: Some(clock()) }
            }
            Some(times) => times,
        }
    }
}

/// The records of a text, for fuzz targets.
pub(crate) fn records(text: &[u8]) -> Vec<(u64, Option<Vec<u8>>)> {
    let mut records = Vec::new();
    let mut emit = |record: Record<'static>| {
        records.push((
            record.number,
            match record.content {
                Content::Bytes(bytes) => Some(bytes.into_owned()),
                Content::Unreadable(_) | Content::Failed(_) => None,
            },
        ));
        input::Flow::Continue
    };
    input::Records::new(&Columns::default(), 0, &mut emit).read_text(text.to_vec());
    records
}

/// The rows of records, for fuzz targets.
pub(crate) fn rows(
    verifier: Verifier,
    evidence: result_vp::Evidence,
    now: DateTime<Utc>,
    records: Vec<Vec<u8>>,
) -> Vec<Vec<u8>> {
    let times = Times { at_issuance: true, now: Some(now) };
    let (policy_sha256, evidence_sha256) = (String::new(), String::new());
    let any_session = true;
    let shown = Shown::Full;
    let (verifier, evidence) = (verifier.into(), evidence.into());
    let task =
        Task { verifier, evidence, any_session, times, shown, policy_sha256, evidence_sha256 };
    let record =
        |(number, bytes): (u64, Vec<u8>)| Record { number, content: bytes.into(), saved: None };
    let mut rows = Vec::new();
    task.tell("fuzz", (1..).zip(records).map(record).collect(), |told| {
        let mut line = Vec::new();
        told.row.write(&mut line);
        rows.push(line);
    });
    rows
}

/// The row of a proof that stands there more than once.
fn repeat(
    line: &[u8],
    replayed: bool,
    twice: bool,
    summary: &mut Summary,
) -> std::io::Result<Vec<u8>> {
    let mut row: Row<'_> = serde_json::from_slice(line)?;
    summary.remove(&row);
    row.repeat(replayed, twice);
    summary.add(&row);
    let mut line = Vec::new();
    row.write(&mut line);
    Ok(line)
}

/// Writes a file whole or not at all; an error names it.
fn replace(path: &Path, text: &[u8]) -> std::io::Result<()> {
    whole::write(path, text, || Ok(()))
        .map_err(|error| std::io::Error::new(error.kind(), format!("{}: {error}", path.display())))
}

fn exit(summary: &Summary) -> Exit {
    let verdicts = match summary.now {
        Some(_) => &summary.verdicts_now,
        None => &summary.verdicts_at_issuance,
    };
    let of_verdicts = verdicts.keys().map(|verdict| Exit::of(verdict));
    let of_errors = summary.errors.0.keys().map(|code| match code.as_str() {
        result_vp_rows::FAILED => Exit::InputOutput,
        _ => Exit::Unreadable,
    });
    Exit::worst(of_verdicts.chain(of_errors))
}

/// The clock's time, in whole seconds as the rows have it.
fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(Utc::now().timestamp(), 0).unwrap_or_default()
}

fn as_of(text: &str) -> Result<Times, String> {
    match text {
        "issuance" => Ok(Times { at_issuance: true, now: None }),
        "now" => Ok(Times { at_issuance: false, now: None }),
        text => match text.parse::<DateTime<Utc>>() {
            Ok(time) => Ok(Times { at_issuance: false, now: Some(time) }),
            Err(_) => Err("write `issuance`, `now`, or a time as 2024-05-02T10:00:00Z".to_owned()),
        },
    }
}

/// As much as a key needs that nobody can try.
const MIN_KEY: usize = 16;

const NO_ENDING: &str = "--out takes a name that ends in .jsonl, .parquet or .csv";

const SHORT_KEY: &str = "--hash-key takes a file of at least 16 bytes; `openssl rand -out KEY 32` \
    makes one";

const ANOTHER_QUESTION: &str =
    "the journal is of an audit that asked something else: other inputs, \
    policy, evidence, claims or times; use the same arguments, or remove it";

const EXAMPLES: &str = "Examples:
  result-vp audit --issuer did:web:issuer.example --evidence evidence/ \\
      --out audit.parquet --html audit.html export/
  zcat export.jsonl.gz | result-vp audit --policy policy.toml \\
      --evidence evidence.json --as-of now --out audit.jsonl -
  result-vp audit --policy policy.toml --evidence evidence.json \\
      --id-column session_id --column result_vp --out audit.csv sessions.parquet
  result-vp audit diff 2025.jsonl 2026.jsonl";
