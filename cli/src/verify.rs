//! `result-vp verify`.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use clap::Args;
use result_vp::{
    Error, Evidence, ExpectedSession, Input, SeenProofs, Session, SessionId, Verifier,
};

use crate::output::{json, Answer, Document, Format, Show};
use crate::policy::{Strictness, Trust};
use crate::source::{self, Stop};
use crate::terminal::{answer, complain, exact_answer, width};
use crate::{human, Exit};

#[derive(Args)]
#[command(after_help = EXAMPLES)]
#[command(mut_arg("issuer", |it| it.required_unless_present_any(["insecure_any_issuer", "policy"])))]
pub(crate) struct Verify {
    #[command(flatten)]
    trust: Trust,
    /// The session id you saved when you created the session; it stops a swapped session
    #[arg(long, value_name = "ID")]
    session_id: Option<String>,
    /// Accept a result made for any session
    #[arg(long, conflicts_with = "session_id")]
    insecure_any_session: bool,
    /// A DID document, or a directory that is searched for them; may be given several times
    #[arg(long, value_name = "PATH")]
    evidence: Vec<PathBuf>,
    /// The time of the question [default: now]
    #[arg(long, value_name = "RFC3339", value_parser = instant)]
    at: Option<DateTime<Utc>>,
    #[command(flatten)]
    strictness: Strictness,
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
    /// Print the claims of what is not accepted too, marked; anybody may have written them
    #[arg(long)]
    claims_anyway: bool,
    /// The input; `-` is standard input
    #[arg(default_value = "-", value_name = "FILE")]
    input: PathBuf,
}

impl Verify {
    pub(crate) fn run(&self) -> Exit {
        let (document, exit) = match self.results() {
            Ok(results) => {
                let exit = Exit::worst(results.iter().map(Answer::exit));
                (Document::new(results), exit)
            }
            Err(Stop(exit, message)) => {
                complain(&message);
                (Document::stopped(&self.input.display().to_string(), message), exit)
            }
        };
        match self.format {
            Format::Json => exact_answer(&json(&document), exit),
            // What stopped it was said already.
            Format::Human if document.is_stopped() => exit,
            Format::Human => answer(&human::render(&document, width()), exit),
        }
    }

    fn results(&self) -> Result<Vec<Answer>, Stop> {
        let verifier = Verifier::new(self.trust.policy(&self.strictness)?.0);
        let (evidence, left_out) = source::evidence(&self.evidence, &self.context)?;
        for line in left_out {
            complain(&line);
        }
        let saved = self.session_id.as_deref().map(SessionId::new).transpose();
        let saved = saved.map_err(|_| Stop::usage(NO_SESSION_ID))?;
        let now = self.at.unwrap_or_else(Utc::now);
        let name = self.input.display().to_string();
        let text = source::read_input(&self.input)?;
        Ok(match source::parse(&text, evidence.contexts(), self.bare_credential) {
            Err(error) => vec![unreadable(&name, 0, &error)],
            Ok(Input::Presentation(presentation)) => {
                let expected = match &saved {
                    Some(id) => ExpectedSession::Id(id),
                    None if self.insecure_any_session => ExpectedSession::InsecureAny,
                    None => return Err(Stop::usage(NEEDS_SESSION)),
                };
                let report = verifier.verify(&presentation, expected, &evidence, now);
                vec![Answer::new(&name, 0, None, report, self.show())]
            }
            Ok(Input::Sessions(sessions)) => {
                self.sessions(&name, sessions, saved.as_ref(), &verifier, &evidence, now)?
            }
            Ok(_) => return Err(Stop::usage("this version cannot verify what the input holds")),
        })
    }

    fn show(&self) -> Show {
        Show { images: self.images, claims_anyway: self.claims_anyway }
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
        let mut seen = SeenProofs::new();
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
                    results.push(unreadable(name, record, error));
                    continue;
                }
            };
            results.push(match verifier.verify_session(&session, expected, evidence, now) {
                Ok(report) => {
                    // Of several results each may count once; a single one is a caller's to remember.
                    let report = if several { seen.check(report) } else { report };
                    let facts = (&session, saved.is_some());
                    Answer::new(name, record, Some(facts), report, self.show())
                }
                Err(error) => unreadable(name, record, &error),
            });
        }
        match (saved, several, results.is_empty()) {
            (Some(_), true, true) => Err(Stop(Exit::NoInput, NO_SUCH_SESSION.to_owned())),
            _ => Ok(results),
        }
    }
}

fn instant(text: &str) -> Result<DateTime<Utc>, String> {
    text.parse().map_err(|_| "write it as 2024-05-02T10:00:00Z".to_owned())
}

fn unreadable(input: &str, record: usize, error: &Error) -> Answer {
    Answer::unreadable(input, record, error.to_string(), source::advice(error))
}

const NEEDS_SESSION: &str = "a bare presentation needs --session-id, the id you saved when you \
    created the session (or --insecure-any-session)";

const NO_SESSION_ID: &str = "--session-id takes the id as the service gave it: 1 to 128 visible \
    ASCII characters";

const NO_SUCH_SESSION: &str = "the input holds no session with that id; `result-vp inspect` lists \
    those it holds";

const EXAMPLES: &str = "Examples:
  result-vp verify --issuer did:web:issuer.example --evidence did.json \\
      --session-id ID session.json
  result-vp verify --issuer did:key:zUC7… --session-id ID --format json vp.json
  curl … | result-vp verify --issuer did:web:issuer.example \\
      --evidence evidence/ --session-id ID -";
