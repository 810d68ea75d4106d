//! `result-vp inspect`: what an input holds, nothing checked.

use std::path::PathBuf;

use anstyle::Style;
use chrono::{DateTime, SecondsFormat, Utc};
use clap::Args;
use result_vp::{Error, Evidence, Input, Inspection, Session, UnverifiedPresentation};
use serde::Serialize;

use crate::human::{self, fact};
use crate::output::{json, Format, SessionAnswer};
use crate::source::{self, Stop};
use crate::terminal::{
    answer, complain, exact_answer, printable, short, width, Page, BAD, BOLD, UNSURE,
};
use crate::Exit;

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Inspect {
    /// A JSON-LD context beside the bundled ones
    #[arg(long, value_name = "URL=FILE")]
    context: Vec<String>,
    /// The input is one credential without a presentation around it
    #[arg(long)]
    bare_credential: bool,
    /// How the answer is printed
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
    /// The input; `-` is standard input
    #[arg(default_value = "-", value_name = "FILE")]
    input: PathBuf,
}

/// What was seen. It has no verdict, so that nobody can take it for one.
#[derive(Serialize)]
struct Sight {
    schema: u32,
    checked: bool,
    notice: &'static str,
    input: String,
    error: Option<String>,
    records: Vec<Record>,
}

#[derive(Serialize)]
struct Record {
    record: usize,
    error: Option<String>,
    session: Option<SessionAnswer>,
    /// The DIDs whose documents `verify` needs as evidence.
    dids: Vec<String>,
    credentials: Vec<Seen>,
}

#[derive(Serialize)]
struct Seen {
    id: Option<String>,
    types: Vec<String>,
    issuer: Option<String>,
    suite: Option<&'static str>,
    verification_method: Option<String>,
    proof_created: Option<String>,
    issuance_date: Option<String>,
    expiration_date: Option<String>,
    status_urls: Vec<String>,
    schema_urls: Vec<String>,
    claim_names: Vec<String>,
    shown_statements: Option<usize>,
    hidden_statements: Option<usize>,
    problem: Option<Problem>,
}

#[derive(Serialize)]
struct Problem {
    code: &'static str,
    detail: Option<String>,
    #[serde(skip)]
    meaning: &'static str,
}

impl Inspect {
    pub(crate) fn run(&self) -> Exit {
        let input = self.input.display().to_string();
        let (sight, exit) = match self.records() {
            Ok((records, Some(error))) => {
                let advice = source::advice(&error);
                (Sight::new(input, records, Some(error.to_string())), (Exit::Unreadable, advice))
            }
            Ok((records, None)) => {
                let exit = match () {
                    () if records.is_empty() => Exit::NoInput,
                    () if records.iter().any(|record| record.error.is_some()) => Exit::Unreadable,
                    () => Exit::Accepted,
                };
                (Sight::new(input, records, None), (exit, ""))
            }
            Err(Stop(exit, message)) => {
                complain(&message);
                if self.format == Format::Human {
                    return exit;
                }
                (Sight::new(input, Vec::new(), Some(message)), (exit, ""))
            }
        };
        let (exit, advice) = exit;
        match self.format {
            Format::Json => exact_answer(&json(&sight), exit),
            Format::Human => answer(&render(&sight, advice, width()), exit),
        }
    }

    fn records(&self) -> Result<(Vec<Record>, Option<Error>), Stop> {
        let mut evidence = Evidence::new();
        source::add_contexts(&mut evidence, &self.context)?;
        let text = source::read_input(&self.input)?;
        Ok(match source::parse(&text, evidence.contexts(), self.bare_credential) {
            Err(error) => (Vec::new(), Some(error)),
            Ok(Input::Presentation(presentation)) => {
                (vec![Record::new(0, None, Some(Ok(presentation)))], None)
            }
            Ok(Input::Sessions(sessions)) => {
                let record = |(number, session): (usize, &Session)| {
                    let presentation = session.result_vp().map(|text| {
                        UnverifiedPresentation::from_json_with(text.as_bytes(), evidence.contexts())
                    });
                    Record::new(number, Some(session), presentation)
                };
                (sessions.iter().enumerate().map(record).collect(), None)
            }
            Ok(_) => return Err(Stop::usage("this version cannot inspect what the input holds")),
        })
    }
}

impl Sight {
    fn new(input: String, records: Vec<Record>, error: Option<String>) -> Sight {
        Sight { schema: 1, checked: false, notice: NOTICE, input, error, records }
    }
}

impl Record {
    fn new(
        record: usize,
        session: Option<&Session>,
        presentation: Option<Result<UnverifiedPresentation, Error>>,
    ) -> Record {
        let error = presentation.as_ref().and_then(|it| it.as_ref().err()).map(Error::to_string);
        let presentation = presentation.and_then(Result::ok);
        Record {
            record,
            error,
            session: session.map(|session| SessionAnswer::new(session, None, Vec::new())),
            dids: (presentation.iter().flat_map(UnverifiedPresentation::dids))
                .map(|did| did.as_str().to_owned())
                .collect(),
            credentials: (presentation.iter().flat_map(UnverifiedPresentation::inspect))
                .map(Seen::new)
                .collect(),
        }
    }
}

impl Seen {
    fn new(seen: Inspection) -> Seen {
        let time = |time: Option<DateTime<Utc>>| {
            time.map(|time| time.to_rfc3339_opts(SecondsFormat::AutoSi, true))
        };
        Seen {
            id: seen.id,
            types: seen.types,
            issuer: seen.issuer.map(|did| did.as_str().to_owned()),
            suite: seen.suite,
            verification_method: seen.verification_method,
            proof_created: time(seen.proof_created),
            issuance_date: time(seen.issuance_date),
            expiration_date: time(seen.expiration_date),
            status_urls: seen.status_urls,
            schema_urls: seen.schema_urls,
            claim_names: seen.claim_names,
            shown_statements: seen.shown_statements,
            hidden_statements: seen.hidden_statements,
            problem: seen.problem.map(|reason| Problem {
                code: reason.code().code(),
                detail: reason.detail().map(str::to_owned),
                meaning: reason.code().meaning(),
            }),
        }
    }
}

fn render(sight: &Sight, advice: &str, width: usize) -> String {
    let mut page = Page::new(width);
    let place = human::place(&sight.input);
    page.line(format_args!("{BAD}NOTHING WAS CHECKED{BAD:#}  {place}"));
    page.paragraph("  ", 2, Style::new(), NOTICE);
    if let Some(error) = &sight.error {
        page.blank();
        page.paragraph("  ", 2, BAD, &format!("It cannot be read: {}.", printable(error)));
        page.paragraph("  → ", 4, Style::new(), advice);
        return page.into_text();
    }
    if sight.records.len() != 1 {
        page.paragraph("  ", 2, BOLD, &format!("It holds {} sessions.", sight.records.len()));
    }
    for record in &sight.records {
        if let Some(session) = &record.session {
            human::facts(&mut page, session);
        }
        if let Some(error) = &record.error {
            let text = format!("The result cannot be read: {}.", printable(error));
            page.paragraph("  ", 2, BAD, &text);
        } else if record.credentials.is_empty() {
            fact(&mut page, "result", "none");
        }
        for (index, credential) in record.credentials.iter().enumerate() {
            let of = record.credentials.len();
            page.blank();
            let number = if of > 1 { format!(" {} of {of}", index + 1) } else { String::new() };
            page.line(format_args!(
                "{BOLD}Credential{number}:{BOLD:#} {UNSURE}not verified{UNSURE:#}"
            ));
            self::credential(&mut page, credential);
        }
        if !record.dids.is_empty() {
            page.blank();
            let text = format!("To verify it, give the DID document of {}", record.dids.join(", "));
            page.paragraph("  → ", 4, Style::new(), &(printable(&text) + " with --evidence."));
        }
    }
    page.into_text()
}

fn credential(page: &mut Page, seen: &Seen) {
    let list = |iris: &[String]| -> Option<String> {
        let names: Vec<String> = iris.iter().map(|iri| printable(short(iri))).collect();
        (!names.is_empty()).then(|| names.join(", "))
    };
    if let Some(problem) = &seen.problem {
        let detail = problem.detail.as_deref().map(|it| format!(" ({})", printable(it)));
        let detail = detail.unwrap_or_default();
        fact(page, "problem", &format!("{}: {}{detail}", problem.code, problem.meaning));
    }
    let statements = match (seen.shown_statements, seen.hidden_statements) {
        (Some(shown), Some(hidden)) => Some(format!("{shown} shown, {hidden} hidden")),
        (Some(shown), None) => Some(format!("{shown} shown, hidden unknown")),
        (None, _) => None,
    };
    for (name, text) in [
        ("type", list(&seen.types)),
        ("issuer", seen.issuer.clone()),
        ("id", seen.id.clone()),
        ("issued", seen.issuance_date.clone()),
        ("expires", seen.expiration_date.clone()),
        ("proof", seen.suite.map(str::to_owned)),
        ("proof made", seen.proof_created.clone()),
        ("key", seen.verification_method.clone()),
        ("statements", statements),
        ("claims shown", list(&seen.claim_names)),
        ("status", list(&seen.status_urls)),
        ("schema", list(&seen.schema_urls)),
    ] {
        if let Some(text) = text {
            fact(page, name, &printable(&text));
        }
    }
}

const NOTICE: &str = "Nothing was checked. Anybody can write an input that says the same: decide \
    nothing by it, and use `result-vp verify`.";

const EXAMPLES: &str = "Examples:
  result-vp inspect session.json
  result-vp inspect --format json result_vp.json
  curl … | result-vp inspect

The values of claims are never printed: only `verify` reads them.";
