//! `result-vp explain`: what a name of a report means, and what to do next.

use anstyle::Style;
use clap::Args;
use result_vp::ReasonCode;

use crate::catalog::{checks_of, remedy, CHECKS, WARNINGS};
use crate::terminal::{answer, complain, pad, width, Page, BOLD, QUIET};
use crate::Exit;

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Explain {
    /// A reason, a check or a warning, such as `nonce_differs`; all of them if it is left out
    code: Option<String>,
}

impl Explain {
    pub(crate) fn run(&self) -> Exit {
        let mut page = Page::new(width());
        match &self.code {
            None => all(&mut page),
            Some(code) => {
                if !one(&mut page, code) {
                    complain(&unknown(code));
                    return Exit::Usage;
                }
            }
        }
        answer(&page.into_text(), Exit::Accepted)
    }
}

/// A name may be a check's and a reason's: `unsigned_content` is both.
fn one(page: &mut Page, name: &str) -> bool {
    let mut is_known = false;
    let mut entry = |kind: &str, meaning: &str, facts: &[(&str, &str)]| {
        if is_known {
            page.blank();
        }
        is_known = true;
        page.line(format_args!("{BOLD}{name}{BOLD:#} ({kind})"));
        page.paragraph("  ", 2, Style::new(), &sentence(meaning));
        for (title, text) in facts.iter().filter(|(_, text)| !text.is_empty()) {
            let begin = format!("  {QUIET}{}{QUIET:#}", pad(title, 13));
            page.paragraph(&begin, 15, Style::new(), text);
        }
    };
    if let Some((check, meaning)) = CHECKS.iter().find(|(check, _)| check.code() == name) {
        let reasons = ReasonCode::ALL.iter().filter(|code| checks_of(**code).contains(&name));
        let reasons: Vec<&str> = reasons.map(|code| code.code()).collect();
        let meaning = format!("It passes if {meaning}");
        let of =
            if CHECKS.iter().take(5).any(|(it, _)| it == check) { "session" } else { "credential" };
        entry(&format!("a check of the {of}"), &meaning, &[("its reasons", &reasons.join(", "))]);
    }
    if let Some(&code) = ReasonCode::ALL.iter().find(|code| code.code() == name) {
        let facts = [("what to do", remedy(code)), ("given by", &checks_of(code).join(", "))];
        entry("a reason", code.meaning(), &facts);
    }
    if let Some((_, meaning, remedy)) = WARNINGS.iter().find(|(code, ..)| *code == name) {
        entry("a warning; it changes no verdict", meaning, &[("what to do", remedy)]);
    }
    is_known
}

fn all(page: &mut Page) {
    let mut list = |title: &str, entries: Vec<(&str, &str)>| {
        page.line(format_args!("{BOLD}{title}{BOLD:#}"));
        for (name, meaning) in entries {
            page.paragraph(&format!("  {}  ", pad(name, 29)), 33, QUIET, meaning);
        }
    };
    list(
        "Checks, and when they pass",
        CHECKS.iter().map(|(it, text)| (it.code(), *text)).collect(),
    );
    list("\nReasons", ReasonCode::ALL.iter().map(|it| (it.code(), it.meaning())).collect());
    list("\nWarnings", WARNINGS.iter().map(|(code, text, _)| (*code, *text)).collect());
    page.paragraph("\n", 0, Style::new(), "`result-vp explain CODE` says what to do next.");
}

fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(char::to_uppercase);
    format!("{}{}.", first.into_iter().flatten().collect::<String>(), characters.as_str())
}

fn unknown(name: &str) -> String {
    let known = (CHECKS.iter().map(|(check, _)| check.code()))
        .chain(ReasonCode::ALL.iter().map(|code| code.code()))
        .chain(WARNINGS.iter().map(|(code, ..)| *code));
    let words: Vec<&str> = name.split('_').filter(|word| word.len() > 2).collect();
    let mut alike: Vec<&str> =
        known.filter(|code| code.split('_').any(|word| words.contains(&word))).collect();
    alike.dedup();
    let advice = match alike.is_empty() {
        true => "`result-vp explain` lists all".to_owned(),
        false => format!("alike are: {}", alike.join(", ")),
    };
    format!("there is no check, reason or warning `{name}`; {advice}")
}

const EXAMPLES: &str = "Examples:
  result-vp explain nonce_differs     what it means, and what to do next
  result-vp explain proof             a check, with the reasons it gives
  result-vp explain                   every check, reason and warning";
