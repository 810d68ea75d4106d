//! `result-vp verify`.

use std::collections::VecDeque;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use clap::{Args, ValueEnum};
use result_vp::{
    Did, Disclosure, Error, Evidence, ExpectedSession, Input, Policy, Session, SessionId,
    TrustedIssuers, Unknown, UnverifiedPresentation, Verifier,
};

use crate::output::{Answer, Document};
use crate::{human, Exit};

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Verify {
    /// An issuer you trust, as a DID; may be given several times
    #[arg(long, value_name = "DID", required_unless_present = "insecure_any_issuer")]
    issuer: Vec<String>,
    /// Trust any issuer: everybody can make one
    #[arg(long, conflicts_with = "issuer")]
    insecure_any_issuer: bool,
    /// The session id you saved when you created the session; it stops a swapped session
    #[arg(long, value_name = "ID")]
    session_id: Option<String>,
    /// Accept a result made for any session
    #[arg(long, conflicts_with = "session_id")]
    insecure_any_session: bool,
    /// A DID document, or a directory of them; may be given several times
    #[arg(long, value_name = "PATH")]
    evidence: Vec<PathBuf>,
    /// The time of the question [default: now]
    #[arg(long, value_name = "RFC3339")]
    at: Option<DateTime<Utc>>,
    /// Which shapes of credentials are understood
    #[arg(long, value_enum, default_value = "general")]
    profile: Profile,
    /// What an undecided revocation status means
    #[arg(long, value_enum, default_value = "require")]
    status: Setting,
    /// What an undecided schema means
    #[arg(long, value_enum, default_value = "require")]
    schema: Setting,
    /// Whether statements may be hidden
    #[arg(long, value_enum, default_value = "partial")]
    disclosure: Shown,
    /// A JSON-LD context beside the bundled ones
    #[arg(long, value_name = "URL=FILE")]
    context: Vec<String>,
    /// The input is one credential without a presentation around it
    #[arg(long)]
    bare_credential: bool,
    /// How the answer is printed
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
    /// Print images in JSON as base64
    #[arg(long)]
    images: bool,
    /// The input; `-` is standard input
    #[arg(default_value = "-", value_name = "FILE")]
    input: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
enum Profile {
    /// Whatever is safely read
    General,
}

#[derive(Clone, Copy, ValueEnum)]
enum Setting {
    /// It must be decided
    Require,
    /// Undecided is waived by name
    AllowUnknown,
    /// It is not looked at
    Skip,
}

#[derive(Clone, Copy, ValueEnum)]
enum Shown {
    /// Every statement must be shown
    Full,
    /// Statements may be hidden
    Partial,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For people
    Human,
    /// One JSON object, versioned
    Json,
}

/// A reason to stop before anything was verified.
struct Stop(Exit, String);

impl Verify {
    pub(crate) fn run(&self) -> Exit {
        match self.results() {
            Ok((results, warnings)) => self.print(results, &warnings),
            Err(Stop(exit, message)) => {
                eprintln!("result-vp: {message}");
                exit
            }
        }
    }

    fn print(&self, results: Vec<Answer>, warnings: &[String]) -> Exit {
        let Profile::General = self.profile;
        for warning in warnings {
            eprintln!("result-vp: {warning}");
        }
        let exit = Exit::worst(results.iter().map(Answer::exit));
        let document = Document::new(results);
        match self.format {
            Format::Human => print!("{}", human::render(&document)),
            Format::Json => match serde_json::to_string_pretty(&document) {
                Ok(text) => println!("{text}"),
                Err(error) => {
                    eprintln!("result-vp: the report could not be written: {error}");
                    return Exit::InputOutput;
                }
            },
        }
        exit
    }

    fn results(&self) -> Result<(Vec<Answer>, Vec<String>), Stop> {
        let usage = |error: Error| Stop(Exit::Usage, error.to_string());
        let verifier = Verifier::new(self.policy()?);
        let (evidence, warnings) = self.evidence()?;
        let saved = self.session_id.as_deref().map(SessionId::new).transpose().map_err(usage)?;
        let now = self.at.unwrap_or_else(Utc::now);
        let name = self.input.display().to_string();
        let text = read_input(&self.input)?;
        let contexts = evidence.contexts();
        let input = match self.bare_credential {
            true => UnverifiedPresentation::from_bare_credential(&text, contexts)
                .map(Input::Presentation),
            false => Input::from_bytes(&text, contexts),
        };
        let results = match input {
            Err(error) => vec![Answer::unreadable(&name, 0, error.to_string())],
            Ok(Input::Presentation(presentation)) => {
                let expected = match &saved {
                    Some(id) => ExpectedSession::Id(id),
                    None if self.insecure_any_session => ExpectedSession::InsecureAny,
                    None => return Err(Stop(Exit::Usage, NEEDS_SESSION.to_owned())),
                };
                let report = verifier.verify(&presentation, expected, &evidence, now);
                vec![Answer::new(&name, 0, None, report, self.images)]
            }
            Ok(Input::Sessions(sessions)) => {
                self.sessions(&name, sessions, saved.as_ref(), &verifier, &evidence, now)?
            }
            Ok(_) => vec![Answer::unreadable(&name, 0, "the input is of an unknown kind".into())],
        };
        Ok((results, warnings))
    }

    fn sessions(
        &self,
        name: &str,
        sessions: Vec<Session>,
        saved: Option<&SessionId>,
        verifier: &Verifier,
        evidence: &Evidence,
        now: DateTime<Utc>,
    ) -> Result<Vec<Answer>, Stop> {
        let several = sessions.len() > 1;
        let mut results = Vec::new();
        for (record, session) in sessions.into_iter().enumerate() {
            let selected = saved.is_none_or(|saved| saved.as_str() == session.id());
            if several && !selected {
                continue;
            }
            let own = SessionId::new(session.id());
            let expected = match (saved, &own) {
                _ if self.insecure_any_session => ExpectedSession::InsecureAny,
                (Some(saved), _) => ExpectedSession::Id(saved),
                (None, Ok(own)) => ExpectedSession::Id(own),
                (None, Err(error)) => {
                    results.push(Answer::unreadable(name, record, error.to_string()));
                    continue;
                }
            };
            results.push(match verifier.verify_session(&session, expected, evidence, now) {
                Ok(report) => {
                    let facts = (&session, saved.is_some());
                    Answer::new(name, record, Some(facts), report, self.images)
                }
                Err(error) => Answer::unreadable(name, record, error.to_string()),
            });
        }
        match (saved, several, results.is_empty()) {
            (Some(_), true, true) => {
                Err(Stop(Exit::NoInput, "the input holds no session with that id".to_owned()))
            }
            _ => Ok(results),
        }
    }

    fn policy(&self) -> Result<Policy, Stop> {
        let usage = |error: Error| Stop(Exit::Usage, error.to_string());
        let issuers = match self.insecure_any_issuer {
            true => TrustedIssuers::insecure_any(),
            false => {
                let dids: Result<Vec<Did>, Error> =
                    self.issuer.iter().map(|did| Did::new(did)).collect();
                TrustedIssuers::new(dids.map_err(usage)?).map_err(usage)?
            }
        };
        let setting = |setting| match setting {
            Setting::Require => Unknown::Require,
            Setting::AllowUnknown => Unknown::Allow,
            Setting::Skip => Unknown::Skip,
        };
        let disclosure = match self.disclosure {
            Shown::Full => Disclosure::RequireFull,
            Shown::Partial => Disclosure::AllowPartial,
        };
        Ok(Policy::new(issuers)
            .status(setting(self.status))
            .schema(setting(self.schema))
            .disclosure(disclosure))
    }

    fn evidence(&self) -> Result<(Evidence, Vec<String>), Stop> {
        let mut evidence = Evidence::new();
        let mut warnings = Vec::new();
        for path in &self.evidence {
            for file in files(path)? {
                let text = read_file(&file)?;
                let name = file.display();
                let given_by_name = file == *path;
                match evidence.add_did_document(&text) {
                    Ok(_) => {}
                    Err(Error::Configuration { problem, .. })
                        if !given_by_name && !problem.contains("second") =>
                    {
                        warnings.push(format!("{name}: left out: it {problem}"));
                    }
                    Err(Error::Json { .. }) if !given_by_name => {
                        warnings.push(format!("{name}: left out: it is no JSON"));
                    }
                    Err(error) => return Err(Stop(Exit::Usage, format!("{name}: {error}"))),
                }
            }
        }
        for context in &self.context {
            let Some((url, file)) = context.split_once('=') else {
                return Err(Stop(Exit::Usage, "--context takes URL=FILE".to_owned()));
            };
            let text = read_file(Path::new(file))?;
            let added = evidence.add_context(url, &text);
            added.map_err(|error| Stop(Exit::Usage, format!("{file}: {error}")))?;
        }
        Ok((evidence, warnings))
    }
}

fn read_input(path: &Path) -> Result<Vec<u8>, Stop> {
    if path.as_os_str() != "-" {
        return read_file(path);
    }
    let mut text = Vec::new();
    let read = io::stdin().lock().read_to_end(&mut text);
    read.map_err(|error| Stop(Exit::InputOutput, format!("standard input: {error}")))?;
    Ok(text)
}

fn read_file(path: &Path) -> Result<Vec<u8>, Stop> {
    fs::read(path).map_err(|error| Stop(Exit::InputOutput, format!("{}: {error}", path.display())))
}

/// The file itself, or the `*.json` below a directory in the order of their names.
fn files(path: &Path) -> Result<Vec<PathBuf>, Stop> {
    let stop = |error: io::Error| Stop(Exit::InputOutput, format!("{}: {error}", path.display()));
    if !fs::metadata(path).map_err(stop)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    let mut directories = VecDeque::from([path.to_owned()]);
    while let Some(directory) = directories.pop_front() {
        for entry in fs::read_dir(directory).map_err(stop)? {
            let entry = entry.map_err(stop)?;
            // Links are not followed: a directory that links to itself has no end.
            if entry.file_type().map_err(stop)?.is_dir() {
                directories.push_back(entry.path());
            } else if entry.path().extension().is_some_and(|extension| extension == "json") {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    Ok(files)
}

const NEEDS_SESSION: &str = "a bare presentation needs --session-id, the id you saved when you \
    created the session (or --insecure-any-session)";

const EXAMPLES: &str = "Examples:
  result-vp verify --issuer did:web:issuer.example --evidence did.json session.json
  result-vp verify --issuer did:key:zUC7… --session-id ID --format json result_vp.json
  curl … | result-vp verify --issuer did:web:issuer.example --evidence evidence/ -";
