//! From records to rows: a batch is read, verified together, and told.

use std::borrow::Cow;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use hmac::{Hmac, Mac};
use result_vp::policy::AsOf;
use result_vp::{
    Check, CivilDate, Claim, Error, Evidence, ExpectedSession, GovernmentId, Image, Input, Outcome,
    Report, Session, SessionId, UnverifiedPresentation, Verifier,
};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::row::{CheckCell, Claims, Row, VerificationCell};
use crate::{hex_sha256, instant, precision};

/// What is asked of every record.
pub struct Task {
    /// Who verifies.
    pub verifier: Arc<Verifier>,
    /// By what.
    pub evidence: Arc<Evidence>,
    /// Whether a result may be of any session.
    pub any_session: bool,
    /// As of when.
    pub times: Times,
    /// Whether the rows hold claims.
    pub shown: Shown,
    /// The name of the policy in the rows.
    pub policy_sha256: String,
    /// The name of the evidence in the rows.
    pub evidence_sha256: String,
}

/// The times of the two verdicts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Times {
    /// Whether as of the issuance of a record's last credential.
    pub at_issuance: bool,
    /// The other time.
    pub now: Option<DateTime<Utc>>,
}

/// Whether claims stand in the rows.
pub enum Shown {
    /// No claim.
    None,
    /// HMAC-SHA256 of each claim with this key.
    Hashed(Vec<u8>),
    /// The claims themselves.
    Full,
}

/// A row as it is written, and what tells whether its proof stands under another session too.
pub struct Told<'r> {
    /// The row, as long as no other session has its proof.
    pub row: Row<'r>,
    /// Which session it is of, hashed.
    pub session: [u8; 8],
    /// Of its proof and nonce: [`Marks`](crate::Marks) compares them.
    pub marks: Vec<[u8; 16]>,
    /// Which of the records that were given it is of, from 0.
    pub place: usize,
}

/// One record as it was received.
pub struct Record<'b> {
    /// Counted from 1: lines, elements, messages or rows.
    pub number: u64,
    /// Its bytes, or why there are none.
    pub content: Content<'b>,
    /// The session id of the caller's own records.
    pub saved: Option<String>,
}

/// What was received of a record.
pub enum Content<'b> {
    /// What there is to verify.
    Bytes(Cow<'b, [u8]>),
    /// It cannot be read, and why.
    Unreadable(String),
    /// The input could not be read, and why: what comes behind is unknown.
    Failed(String),
}

impl Content<'_> {
    /// Of a table's row that has nothing in the column.
    #[must_use]
    pub fn missing() -> Self {
        Content::Unreadable("the row has no value in the column".to_owned())
    }
}

impl From<Vec<u8>> for Content<'static> {
    fn from(bytes: Vec<u8>) -> Content<'static> {
        Content::Bytes(bytes.into())
    }
}

/// What a record holds.
enum Held {
    Session(Box<Session>, Result<Option<SessionId>, Error>),
    Presentation(Box<UnverifiedPresentation>, Option<SessionId>, String),
    Unreadable(&'static str, String),
}

impl Task {
    /// The rows of records, in order.
    pub fn tell(&self, input: &str, records: Vec<Record<'_>>, mut each: impl FnMut(Told<'_>)) {
        let mut held: Vec<(usize, u64, u64, Held)> = Vec::with_capacity(records.len());
        for (place, record) in records.into_iter().enumerate() {
            let number = record.number;
            let items = self.read(record);
            held.extend((0_u64..).zip(items).map(|(item, held)| (place, number, item, held)));
        }
        let times = self.times.list();
        let mut sessions = Vec::new();
        let mut presentations = Vec::new();
        for (.., held) in &held {
            match held {
                Held::Session(session, Ok(id)) => sessions.push((&**session, self.expected(id))),
                Held::Presentation(presentation, id, _) => {
                    presentations.push((&**presentation, self.expected(id)));
                }
                _ => {}
            }
        }
        let of_sessions =
            self.verifier.verify_session_batch_as_of(&sessions, &self.evidence, &times);
        let of_presentations =
            self.verifier.verify_batch_as_of(&presentations, &self.evidence, &times);
        let (mut of_sessions, mut of_presentations) =
            (of_sessions.into_iter(), of_presentations.into_iter());
        for (place, record, item, held) in &held {
            let place = *place;
            let mut row = self.row(input, *record, *item);
            match held {
                Held::Unreadable(code, error) => {
                    self.refuse(&mut row, code, error.clone());
                    each(Told {
                        row,
                        session: unique(input, *record, *item),
                        marks: Vec::new(),
                        place,
                    });
                }
                Held::Session(session, Err(error)) => {
                    row.say(session);
                    self.refuse(&mut row, UNREADABLE, error.to_string());
                    each(Told {
                        row,
                        session: unique(input, *record, *item),
                        marks: Vec::new(),
                        place,
                    });
                }
                Held::Session(session, Ok(_)) => {
                    row.say(session);
                    row.vp_sha256 = session.result_vp().map(|it| hex_sha256(it.as_bytes()).into());
                    match of_sessions.next() {
                        Some(Ok(reports)) => {
                            let id = hash(session.id().as_bytes());
                            self.rows(row, reports, id, place, &mut each);
                        }
                        Some(Err(error)) => {
                            self.refuse(&mut row, UNREADABLE, error.to_string());
                            let session = unique(input, *record, *item);
                            each(Told { row, session, marks: Vec::new(), place });
                        }
                        None => {}
                    }
                }
                Held::Presentation(_, id, sha256) => {
                    row.session_id = id.as_ref().map(|id| id.as_str().into());
                    row.vp_sha256 = Some(sha256.as_str().into());
                    // A presentation of nobody knows which session is one of its own.
                    let session = id.as_ref().map(|id| hash(id.as_str().as_bytes()));
                    let session = session.unwrap_or_else(|| unique(input, *record, *item));
                    if let Some(reports) = of_presentations.next() {
                        self.rows(row, reports, session, place, &mut each);
                    }
                }
            }
        }
    }

    fn expected<'i>(&self, id: &'i Option<SessionId>) -> ExpectedSession<'i> {
        match id {
            Some(id) if !self.any_session => ExpectedSession::Id(id),
            _ => ExpectedSession::InsecureAny,
        }
    }

    fn read(&self, record: Record<'_>) -> Vec<Held> {
        let unreadable = |error: &Error| Held::Unreadable(UNREADABLE, error.to_string());
        let bytes = match record.content {
            Content::Bytes(bytes) => bytes,
            Content::Unreadable(error) => return vec![Held::Unreadable(UNREADABLE, error)],
            Content::Failed(error) => return vec![Held::Unreadable(FAILED, error)],
        };
        let saved = record.saved.as_deref().map(SessionId::new).transpose();
        let saved = match saved {
            Ok(saved) => saved,
            Err(error) => return vec![unreadable(&error)],
        };
        match Input::from_bytes(&bytes, self.evidence.contexts()) {
            Ok(Input::Sessions(sessions)) => {
                let own = |session: &Session| match (&saved, self.any_session) {
                    (_, true) => Ok(None),
                    (Some(saved), _) => Ok(Some(saved.clone())),
                    (None, _) => SessionId::new(session.id()).map(Some),
                };
                sessions
                    .into_iter()
                    .map(|session| {
                        let id = own(&session);
                        Held::Session(Box::new(session), id)
                    })
                    .collect()
            }
            Ok(Input::Presentation(presentation)) => match (&saved, self.any_session) {
                (None, false) => vec![Held::Unreadable(UNREADABLE, NO_ID.to_owned())],
                _ => {
                    vec![Held::Presentation(Box::new(presentation), saved, sha256_of(&bytes))]
                }
            },
            Ok(_) => vec![Held::Unreadable(UNREADABLE, NOT_KNOWN.to_owned())],
            Err(error) => vec![unreadable(&error)],
        }
    }

    fn row<'r>(&'r self, input: &'r str, record: u64, item: u64) -> Row<'r> {
        Row {
            input: input.into(),
            record,
            item,
            now: self.times.now.map(|now| instant(now).into()),
            policy_sha256: self.policy_sha256.as_str().into(),
            evidence_sha256: self.evidence_sha256.as_str().into(),
            library_version: env!("CARGO_PKG_VERSION").into(),
            ..Row::default()
        }
    }

    /// Makes the row one of a record that cannot be asked about.
    fn refuse(&self, row: &mut Row<'_>, code: &'static str, error: String) {
        (row.error_code, row.error) = (Some(code.into()), Some(error.into()));
        row.verdict_at_issuance = self.times.at_issuance.then_some("error".into());
        row.verdict_now = self.times.now.map(|_| "error".into());
    }

    /// One row for each credential, or one for none.
    fn rows(
        &self,
        row: Row<'_>,
        reports: Vec<Option<Report>>,
        session: [u8; 8],
        record: usize,
        each: &mut impl FnMut(Told<'_>),
    ) {
        let mut reports = reports.into_iter();
        let at_issuance = if self.times.at_issuance { reports.next().flatten() } else { None };
        let now = if self.times.now.is_some() { reports.next().flatten() } else { None };
        let Some(first) = now.as_ref().or(at_issuance.as_ref()) else {
            return each(Told { row, session, marks: Vec::new(), place: record });
        };
        let verdict = |report: &Option<Report>| {
            report.as_ref().map(|report| Cow::from(report.verdict().code()))
        };
        let discrepancies = first.warnings().iter().map(|warning| match warning.detail() {
            None => Cow::from(warning.code()),
            Some(detail) => format!("{}: {detail}", warning.code()).into(),
        });
        let age = |fetched: Option<DateTime<Utc>>| {
            Some(self.times.now?.signed_duration_since(fetched?).num_seconds())
        };
        let whole = Row {
            verdict_at_issuance: verdict(&at_issuance),
            verdict_now: verdict(&now),
            discrepancies: discrepancies.collect(),
            ..row
        };
        // Without a credential, what is said of the session.
        let places = 0..first.credentials().len().max(1);
        let mut told: Vec<Told<'_>> = places
            .map(|place| {
                let checks = |report: &Option<Report>| {
                    report.as_ref().map(|report| cells(report, place)).unwrap_or_default()
                };
                let row = Row {
                    checks_at_issuance: checks(&at_issuance),
                    checks_now: checks(&now),
                    ..whole.clone()
                };
                let Some(credential) = first.credentials().get(place) else {
                    return Told { row, session, marks: Vec::new(), place: record };
                };
                let text = |text: Option<&str>| text.map(|text| Cow::from(text.to_owned()));
                let row = Row {
                    credential: Some(place as u64),
                    issuer: text(credential.issuer().map(|did| did.as_str())),
                    verification_method: text(credential.verification_method()),
                    suite: credential.suite().map(Into::into),
                    issuance_date: text(credential.issuance_date()),
                    hidden_statements: credential.hidden_statements().map(|count| count as u64),
                    did_document_age: age(credential.did_document_fetched()),
                    status_list_age: age(credential.status_list_fetched()),
                    ..row
                };
                let marks = credential.proof_marks().iter();
                let marks = marks.filter_map(|mark| mark.first_chunk().copied()).collect();
                Told { row, session, marks, place: record }
            })
            .collect();
        let verified = |report: Option<Report>| report?.into_verified().ok();
        // As of now, or else as it was at issuance.
        let verified = verified(now).or_else(|| verified(at_issuance));
        let credentials = verified.iter().flat_map(|verified| verified.credentials());
        for (told, credential) in told.iter_mut().zip(credentials) {
            let Some(id) = GovernmentId::from_credential(credential) else { continue };
            told.row.vocabulary = Some(id.vocabulary().into());
            if !matches!(self.shown, Shown::None) {
                told.row.claims = self.claims_of(&id);
            }
        }
        told.into_iter().for_each(each);
    }

    fn claims_of<'r>(&self, id: &GovernmentId) -> Claims<'r> {
        let text = |name: &str, claim: &Claim<String>| {
            claim.disclosed().map(|value| self.show(name, value).into())
        };
        let date = |name: &str, claim: &Claim<CivilDate>| {
            claim.disclosed().map(|date| {
                let civil = date.date().map(|date| date.to_string());
                self.show(name, civil.as_deref().unwrap_or(date.raw())).into()
            })
        };
        let image = |name: &str, claim: &Claim<Image>| {
            let bytes = claim.disclosed().and_then(Image::bytes);
            bytes.map(|bytes| match &self.shown {
                Shown::Hashed(_) => self.show(name, &hex_sha256(bytes)).into(),
                _ => hex_sha256(bytes).into(),
            })
        };
        // One code for however it is written, so that equal ones can be joined.
        let code = |country: &'_ str| -> String {
            GovernmentId::alpha_3(country).unwrap_or(country).to_owned()
        };
        let country = |name: &str, claim: &Claim<String>| {
            claim.disclosed().map(|country| self.show(name, &code(country)).into())
        };
        let list = |name: &str, claim: &Claim<Vec<String>>, one: &dyn Fn(&str) -> String| {
            let all = claim.disclosed()?.iter().map(|it| one(it)).collect::<Vec<_>>();
            Some(self.show(name, &all.join("; ")).into())
        };
        Claims {
            given_name: text("given_name", &id.given_name),
            family_name: text("family_name", &id.family_name),
            date_of_birth: date("date_of_birth", &id.date_of_birth),
            date_of_birth_precision: (id.date_of_birth.disclosed().and_then(precision))
                .map(Cow::from),
            document_number: text("document_number", &id.document_number),
            document_class: text("document_class", &id.document_class),
            issuing_authority: text("issuing_authority", &id.issuing_authority),
            issue_date: date("issue_date", &id.issue_date),
            expiry_date: date("expiry_date", &id.expiry_date),
            street_address: text("street_address", &id.street_address),
            city: text("city", &id.city),
            state: text("state", &id.state),
            postal_code: text("postal_code", &id.postal_code),
            portrait_sha256: image("portrait", &id.portrait),
            signature_sha256: image("signature", &id.signature),
            personal_id: text("personal_id", &id.personal_id),
            issuing_country: country("issuing_country", &id.issuing_country),
            issuing_jurisdiction: text("issuing_jurisdiction", &id.issuing_jurisdiction),
            address: list("address", &id.address, &str::to_owned),
            residence_country: country("residence_country", &id.residence_country),
            sex: id
                .sex
                .disclosed()
                .map(|written| self.show("sex", id.sex_name().unwrap_or(written)).into()),
            nationalities: list("nationalities", &id.nationalities, &code),
            birth_place: text("birth_place", &id.birth_place),
            birth_country: country("birth_country", &id.birth_country),
        }
    }

    /// The value, or what stands for it: a keyed hash by the claim's name, so that equal values of
    /// two claims do not look equal.
    fn show(&self, name: &str, value: &str) -> String {
        match &self.shown {
            Shown::None => String::new(),
            Shown::Full => value.to_owned(),
            Shown::Hashed(key) => {
                // A key of any length is one.
                let Ok(mut hmac) = Hmac::<Sha256>::new_from_slice(key) else {
                    return String::new();
                };
                hmac.update(name.as_bytes());
                hmac.update(&[0]);
                hmac.update(value.as_bytes());
                hex::encode(hmac.finalize().into_bytes())
            }
        }
    }
}

impl Times {
    /// As the library takes them.
    fn list(self) -> Vec<AsOf> {
        let issuance = self.at_issuance.then_some(AsOf::Issuance);
        issuance.into_iter().chain(self.now.map(AsOf::Time)).collect()
    }
}

impl<'r> Row<'r> {
    /// What the service says of the session.
    fn say(&mut self, session: &'r Session) {
        let time = |time: Option<DateTime<Utc>>| time.map(|time| Cow::from(instant(time)));
        self.session_id = Some(session.id().into());
        self.session_state = Some(session.state().name().to_string().into());
        self.session_fail_code = session.fail_code().map(|code| code.name().to_string().into());
        self.session_created = time(session.created());
        self.session_updated = time(session.updated());
        self.verifications = (session.verifications().iter())
            .map(|verification| VerificationCell {
                id: verification.id().into(),
                state: verification.state().name().to_string().into(),
                fail_code: verification.fail_code().map(|it| it.name().to_string().into()),
                reused: verification.reused(),
                begun: time(verification.begun()),
                updated: time(verification.updated()),
            })
            .collect();
    }
}

/// The checks of the session and of one credential. Every proof is compared with all others of the
/// audit: until its end, none was seen before.
fn cells(report: &Report, place: usize) -> Vec<CheckCell<'static>> {
    let credential = report.credentials().get(place);
    let of_credential = credential.map(|it| it.checks()).unwrap_or_default();
    let has_marks = credential.is_some_and(|it| !it.proof_marks().is_empty());
    let all = report.session_checks().into_iter().chain(of_credential);
    all.map(|(check, outcome)| match check {
        Check::Replay if has_marks => CheckCell::new((check, &Outcome::Pass)),
        _ => CheckCell::new((check, outcome)),
    })
    .collect()
}

/// Of the text of the presentation: a JSON string holds it.
fn sha256_of(record: &[u8]) -> String {
    let record = record.trim_ascii();
    match serde_json::from_slice::<Value>(record) {
        Ok(Value::String(text)) if record.first() == Some(&b'"') => hex_sha256(text.as_bytes()),
        _ => hex_sha256(record),
    }
}

fn hash(bytes: &[u8]) -> [u8; 8] {
    let digest: [u8; 32] = Sha256::digest(bytes).into();
    digest.first_chunk().copied().unwrap_or_default()
}

/// As if of a session of its own.
fn unique(input: &str, record: u64, item: u64) -> [u8; 8] {
    hash(format!("{input} {record} {item}").as_bytes())
}

const UNREADABLE: &str = "unreadable";
/// The `error_code` of an input that could not be read.
pub const FAILED: &str = "input_failed";

const NO_ID: &str = "a bare presentation needs the session id you saved: a table with \
    --id-column (or --insecure-any-session)";
const NOT_KNOWN: &str = "this version cannot verify what the record holds";
