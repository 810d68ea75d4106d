//! The answer as a person reads it.

use std::fmt::Write as _;

use crate::output::{Answer, CheckAnswer, CredentialAnswer, Document, SessionAnswer};

pub(crate) fn render(document: &Document) -> String {
    let mut text = String::new();
    if document.results.is_empty() {
        text.push_str("NO INPUT: the list holds no session\n");
    }
    for answer in &document.results {
        // Writing to a String cannot fail.
        let _ = one(&mut text, answer);
    }
    text
}

fn one(text: &mut String, answer: &Answer) -> std::fmt::Result {
    let place = printable(&answer.input);
    if let Some(error) = &answer.error {
        return writeln!(text, "UNREADABLE  {place}\n  {}", printable(error));
    }
    writeln!(text, "{}  {place}", answer.verdict.to_uppercase())?;
    if let Some(session) = &answer.session {
        facts(text, session)?;
        table(text, &session.checks)?;
    }
    for credential in &answer.credentials {
        self::credential(text, credential)?;
    }
    for warning in &answer.warnings {
        let detail = printable(warning.detail.as_deref().unwrap_or_default());
        writeln!(text, "\nwarning: {} {detail}", warning.code)?;
    }
    Ok(())
}

fn facts(text: &mut String, session: &SessionAnswer) -> std::fmt::Result {
    writeln!(text, "\nSession {} (facts of the server, unsigned)", printable(&session.id))?;
    if session.id_from == "input" {
        writeln!(text, "  the id came with the input: pass the one you saved (--session-id)")?;
    }
    let code = session.fail_code.as_deref().map(|code| format!(", {code}")).unwrap_or_default();
    writeln!(text, "  {}{code}", session.state)?;
    for verification in &session.verifications {
        let code = verification.fail_code.as_deref().map(|code| format!(", {code}"));
        writeln!(text, "  {}{}", verification.state, code.unwrap_or_default())?;
    }
    Ok(())
}

fn credential(text: &mut String, credential: &CredentialAnswer) -> std::fmt::Result {
    let issuer = credential.issuer.as_deref().unwrap_or("(not disclosed)");
    writeln!(text, "\nCredential: {}", credential.verdict)?;
    writeln!(text, "  issuer {}", printable(issuer))?;
    if let Some(hidden @ 1..) = credential.hidden_statements {
        writeln!(text, "  {hidden} signed statements are not shown")?;
    }
    table(text, &credential.checks)?;
    let Some(claims) = &credential.claims else { return Ok(()) };
    writeln!(text, "\n  Claims, read from the signed statements")?;
    for (name, claim) in claims {
        let value = match (&claim.value, claim.bytes) {
            (Some(value), _) => printable(value),
            (None, Some(bytes)) => {
                format!("{bytes} bytes, {}", claim.media_type.unwrap_or_default())
            }
            (None, None) => format!("({})", claim.state.replace('_', " ")),
        };
        writeln!(text, "    {name:18} {value}")?;
    }
    Ok(())
}

fn table(text: &mut String, checks: &[CheckAnswer]) -> std::fmt::Result {
    for check in checks {
        let mark = match check.outcome {
            "pass" => "ok  ",
            "fail" => "FAIL",
            "indeterminate" => "?   ",
            "waived" => "off ",
            _ => "-   ",
        };
        write!(text, "  {mark}  {:18}", check.check)?;
        if let Some(code) = check.code {
            write!(text, " {code}: {}", check.meaning)?;
        }
        if let Some(detail) = &check.detail {
            write!(text, " ({})", printable(detail))?;
        }
        text.push('\n');
    }
    Ok(())
}

/// Text of the input on a terminal: control, bidirectional and invisible characters are escaped.
fn printable(text: &str) -> String {
    let mut printable = String::with_capacity(text.len());
    for character in text.chars() {
        let moves = matches!(character,
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
        match character.is_control() || moves {
            true => printable.extend(character.escape_unicode()),
            false => printable.push(character),
        }
    }
    printable
}
