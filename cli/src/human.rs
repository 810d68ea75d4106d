//! The answer as a person reads it.

use std::collections::BTreeSet;

use anstyle::Style;
use unicode_width::UnicodeWidthStr;

use crate::output::{
    Answer, CheckAnswer, CredentialAnswer, Document, SessionAnswer, WarningAnswer,
};
use crate::terminal::{pad, printable, short, Page, BAD, BOLD, GOOD, QUIET, UNSURE};
use crate::{catalog, claims};

pub(crate) fn render(document: &Document, width: usize) -> String {
    let mut page = Page::new(width);
    match document.results.as_slice() {
        [] => {
            let advice = "Name a file that holds a session.";
            page.line(format_args!("{BOLD}NO INPUT{BOLD:#}  the list holds no session"));
            page.paragraph("  → ", 4, Style::new(), advice);
        }
        [answer] => one(&mut page, answer, None),
        answers => {
            summary(&mut page, answers);
            for (index, answer) in answers.iter().enumerate() {
                page.blank();
                page.line(format_args!("{QUIET}{}{QUIET:#}", "─".repeat(width)));
                one(&mut page, answer, Some((index + 1, answers.len())));
            }
        }
    }
    page.into_text()
}

/// One line for all, and one for each.
fn summary(page: &mut Page, answers: &[Answer]) {
    let counts = ["accepted", "rejected", "indeterminate", "error"].map(|verdict| {
        let count = answers.iter().filter(|answer| answer.verdict == verdict).count();
        (count > 0).then(|| format!("{count} {}", called(verdict).to_lowercase()))
    });
    let counts = counts.into_iter().flatten().collect::<Vec<_>>().join(", ");
    page.line(format_args!("{BOLD}{} results: {counts}{BOLD:#}", answers.len()));
    for answer in answers {
        let (mark, style) = verdict_mark(answer.verdict);
        let id = answer.session.as_ref().map_or("", |session| session.id.as_str());
        let verdict = pad(called(answer.verdict), 13);
        let begin = format!("  {style}{mark} {verdict}{style:#}  ");
        let text = format!("{}  {}", printable(id), decisive(answer));
        page.paragraph(&begin, 19, Style::new(), text.trim());
    }
    if answers.iter().any(id_is_from_input) {
        id_from_input(page);
    }
}

fn one(page: &mut Page, answer: &Answer, number: Option<(usize, usize)>) {
    let (mark, style) = verdict_mark(answer.verdict);
    let place = match number {
        None => place(&answer.input),
        Some((index, of)) => format!("{} ({index} of {of})", place(&answer.input)),
    };
    page.line(format_args!("{style}{mark} {}{style:#}  {place}", called(answer.verdict)));
    if let Some(error) = &answer.error {
        page.paragraph(
            "  ",
            2,
            Style::new(),
            &format!("Nothing was verified: {}.", printable(error)),
        );
        page.paragraph("  → ", 4, Style::new(), answer.advice);
        return;
    }
    page.paragraph("  ", 2, Style::new(), &in_short(answer));
    if number.is_none() && id_is_from_input(answer) {
        id_from_input(page);
    }
    let mut explained = BTreeSet::new();
    if let Some(session) = &answer.session {
        facts(page, session);
        page.blank();
        checks(page, &session.checks, &mut explained);
    }
    for (index, credential) in answer.credentials.iter().enumerate() {
        let number = (answer.credentials.len() > 1).then_some(index + 1);
        self::credential(page, credential, number, &mut explained);
    }
    for warning in &answer.warnings {
        self::warning(page, warning);
    }
}

/// What the verdict rests on, in a sentence or two.
fn in_short(answer: &Answer) -> String {
    let session = answer.session.iter().flat_map(|session| &session.checks);
    let credentials = answer.credentials.iter().flat_map(|credential| &credential.checks);
    let checks: Vec<&CheckAnswer> = session.chain(credentials).collect();
    match answer.verdict {
        "accepted" => {
            let with = |outcome| checks.iter().filter(move |check| check.outcome == outcome);
            let mut text = format!("{} of {} checks passed", with("pass").count(), checks.len());
            match with("not_applicable").count() {
                0 => {}
                count => text += &format!(", {count} not applicable"),
            }
            let waived: BTreeSet<&str> = with("waived").map(|check| check.check).collect();
            if !waived.is_empty() {
                let names = Vec::from_iter(waived).join(", ");
                text += &format!(". Switched off by the policy: {names}");
            }
            text + "."
        }
        "rejected" => format!("Failed: {}. Do not rely on it.", decisive(answer)),
        _ => format!("Could not be decided: {}. Do not rely on it yet.", decisive(answer)),
    }
}

/// The checks by which the verdict fell, with their reasons; each once.
fn decisive(answer: &Answer) -> String {
    if let Some(error) = &answer.error {
        return printable(error);
    }
    let outcome = match answer.verdict {
        "rejected" => "fail",
        "indeterminate" => "indeterminate",
        _ => return String::new(),
    };
    let session = answer.session.iter().flat_map(|session| &session.checks);
    let credentials = answer.credentials.iter().flat_map(|credential| &credential.checks);
    let mut found: Vec<String> = Vec::new();
    for check in session.chain(credentials).filter(|check| check.outcome == outcome) {
        let text = format!("{} ({})", check.check, check.code.unwrap_or_default());
        if !found.contains(&text) {
            found.push(text);
        }
    }
    match found.is_empty() {
        true => "there is no credential".to_owned(),
        false => found.join(", "),
    }
}

pub(crate) fn facts(page: &mut Page, session: &SessionAnswer) {
    page.blank();
    page.line(format_args!("{BOLD}Session {}{BOLD:#}", printable(&session.id)));
    let unsigned = "UNSIGNED: what the server says, covered by no proof";
    page.paragraph("  ", 2, UNSURE, unsigned);
    let code = |code: &Option<String>| match code.as_deref() {
        None => String::new(),
        Some(code) => format!(", {}", printable(code)),
    };
    fact(page, "state", &format!("{}{}", printable(&session.state), code(&session.fail_code)));
    for verification in &session.verifications {
        let reused = match verification.reused {
            Some(true) => ", reused",
            Some(false) => ", not reused",
            None => "",
        };
        let (kind, state) = (printable(&verification.r#type), printable(&verification.state));
        let text = format!("{kind}, {state}{}{reused}", code(&verification.fail_code));
        fact(page, "verification", &text);
    }
    for (name, time) in [("created", &session.created), ("updated", &session.updated)] {
        if let Some(time) = time {
            fact(page, name, time);
        }
    }
    if session.retryable {
        fact(page, "outcome", "unfinished, the user may retry");
    }
}

fn id_is_from_input(answer: &Answer) -> bool {
    answer.session.as_ref().is_some_and(|session| session.id_from == Some("input"))
}

fn id_from_input(page: &mut Page) {
    let advice =
        "The id came with the input. Pass the one you saved with --session-id: it is what \
        stops a swapped session.";
    page.paragraph(&format!("  {UNSURE}!{UNSURE:#} "), 4, Style::new(), advice);
}

/// How the input is called.
pub(crate) fn place(input: &str) -> String {
    match input {
        "-" => "standard input".to_owned(),
        path => printable(path),
    }
}

pub(crate) fn fact(page: &mut Page, name: &str, text: &str) {
    page.paragraph(&format!("  {QUIET}{}{QUIET:#}", pad(name, NAME)), 2 + NAME, Style::new(), text);
}

fn credential(
    page: &mut Page,
    credential: &CredentialAnswer,
    number: Option<usize>,
    explained: &mut BTreeSet<&'static str>,
) {
    let (_, style) = verdict_mark(credential.summary.verdict);
    let number = number.map(|number| format!(" {number}")).unwrap_or_default();
    page.blank();
    page.line(format_args!(
        "{BOLD}Credential{number}:{BOLD:#} {style}{}{style:#}",
        credential.summary.verdict
    ));
    let types: Vec<String> =
        credential.summary.types.iter().map(|iri| printable(short(iri))).collect();
    if !types.is_empty() {
        fact(page, "type", &types.join(", "));
    }
    fact(page, "issuer", &printable(credential.summary.issuer.as_deref().unwrap_or("(not shown)")));
    if let Some(date) = &credential.summary.issuance_date {
        fact(page, "issued", &printable(date));
    }
    if let Some(method) = &credential.summary.verification_method {
        fact(page, "key", &printable(method));
    }
    if let Some(suite) = credential.summary.suite {
        fact(page, "proof", suite);
    }
    match credential.summary.hidden_statements {
        Some(0) => fact(page, "hidden", "nothing: every signed statement is shown"),
        Some(1) => fact(page, "hidden", "1 signed statement is not shown"),
        Some(hidden) => fact(page, "hidden", &format!("{hidden} signed statements are not shown")),
        None if credential.summary.suite == Some("ecdsa-sd-2023") => {
            fact(
                page,
                "hidden",
                "unknown: the proof does not tell how many statements were signed",
            );
        }
        None => {}
    }
    page.blank();
    checks(page, &credential.checks, explained);
    if let Some(signed) = &credential.signed_claims {
        page.blank();
        page.line(format_args!("  {BOLD}Claims{BOLD:#}, read from the signed statements"));
        for (name, value, style) in claims::lines(credential.claims.as_ref(), signed) {
            let name = format!("{} ", pad(&name, NAME - 1));
            page.paragraph(&format!("    {name}"), 4 + name.width(), style, &value);
        }
    }
    if let Some(unaccepted) = &credential.unaccepted_claims {
        page.blank();
        // Each line has the mark: it stays when a line is copied.
        let mark = format!("  {BAD}!!{BAD:#} ");
        page.line(format_args!("{mark}{BAD}CLAIMS THAT WERE NOT ACCEPTED{BAD:#}"));
        page.line(format_args!("{mark}Anybody may have written them. Rely on none of them."));
        let claims = claims::lines(unaccepted.claims.as_ref(), &unaccepted.signed_claims);
        if claims.is_empty() {
            page.line(format_args!("{mark}(none can be read)"));
        }
        // Bold is for what was accepted.
        for (name, value, _) in claims {
            page.line(format_args!("{mark}{} {value}", pad(&name, NAME - 1)));
        }
    }
}

/// Passing checks are a word; what decides is explained once; the rest is there and quiet.
fn checks(page: &mut Page, checks: &[CheckAnswer], explained: &mut BTreeSet<&'static str>) {
    for check in checks {
        let (mark, style, is_loud) = match check.outcome {
            "pass" => ("✓", GOOD, false),
            "fail" => ("✗", BAD, true),
            "indeterminate" => ("?", UNSURE, true),
            // Whoever trusts anybody should see it each time.
            "waived" if check.code.is_some_and(|code| code.starts_with("any_")) => {
                ("○", UNSURE, true)
            }
            "waived" => ("○", QUIET, false),
            _ => ("·", QUIET, false),
        };
        let name = pad(check.check, NAME);
        let words = match check.outcome {
            "pass" => String::new(),
            "not_applicable" => "not applicable".to_owned(),
            outcome => format!("{outcome}: "),
        };
        let begin = match check.outcome {
            "waived" | "not_applicable" if !is_loud => format!("  {QUIET}{mark} {name}{QUIET:#}"),
            _ => format!("  {style}{mark}{style:#} {name}"),
        };
        let indent = 4 + NAME;
        let Some(code) = check.code else {
            // Where there is room, what passed is said as well.
            let words = match page.is_wide() && check.outcome == "pass" {
                true => check.holds,
                false => &words,
            };
            page.paragraph(&begin, indent, QUIET, words);
            continue;
        };
        let is_new = explained.insert(code);
        let detail = check.detail.as_deref().map(|detail| format!(" ({})", printable(detail)));
        let detail = detail.unwrap_or_default();
        let text = match is_new {
            true => format!("{words}{code}{detail}"),
            false => format!("{words}{code}, as above"),
        };
        match (is_loud, is_new) {
            (true, true) => {
                page.paragraph(&begin, indent, style, &text);
                page.paragraph(&" ".repeat(indent), indent, Style::new(), check.meaning);
                let arrow = format!("{}→ ", " ".repeat(indent));
                page.paragraph(&arrow, indent + 2, Style::new(), check.remedy);
            }
            (true, false) => page.paragraph(&begin, indent, QUIET, &text),
            (false, _) => {
                let text = format!("{words}{}{detail}", check.meaning);
                page.paragraph(&begin, indent, QUIET, &text);
            }
        }
    }
}

fn warning(page: &mut Page, warning: &WarningAnswer) {
    page.blank();
    let detail = warning.detail.as_deref().map(|detail| format!(" ({})", printable(detail)));
    let begin = format!("{UNSURE}! warning{UNSURE:#}  ");
    let text = format!("{}{}", warning.code, detail.unwrap_or_default());
    page.paragraph(&begin, 11, UNSURE, &text);
    let known = catalog::WARNINGS.iter().find(|(code, ..)| *code == warning.code);
    if let Some((_, meaning, remedy)) = known {
        page.paragraph("  ", 2, Style::new(), meaning);
        page.paragraph("  → ", 4, Style::new(), remedy);
    }
}

fn called(verdict: &str) -> &'static str {
    match verdict {
        "accepted" => "ACCEPTED",
        "rejected" => "REJECTED",
        "indeterminate" => "INDETERMINATE",
        _ => "UNREADABLE",
    }
}

fn verdict_mark(verdict: &str) -> (&'static str, Style) {
    match verdict {
        "accepted" => ("✓", GOOD.bold()),
        "rejected" => ("✗", BAD),
        "indeterminate" => ("?", UNSURE.bold()),
        _ => ("✗", BAD),
    }
}

/// The columns of a name; the longest has 17 letters.
const NAME: usize = 19;
