//! The summary for people: a few lines, or one page that needs nothing else.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::summary::{Counts, Summary};
use crate::catalog;
use crate::terminal::printable;

/// Some lines for a terminal.
pub(super) fn text(summary: &Summary) -> String {
    let mut text = format!("{} records, {} rows\n", summary.records, summary.rows);
    for (title, counts) in verdicts(summary) {
        let counts = counts.iter().map(|(verdict, count)| format!("{count} {verdict}"));
        let _ = writeln!(text, "{title}: {}", counts.collect::<Vec<_>>().join(", "));
    }
    for (title, counts) in reasons(summary) {
        list(&mut text, title, counts);
    }
    if summary.ended == "failures" {
        text.push_str(
            "\nended after the failures that were allowed; what comes behind was not read\n",
        );
    }
    text
}

fn list(text: &mut String, title: &str, counts: &Counts) {
    let highest = counts.highest(SHOWN);
    if highest.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{title}");
    for (first, second, count) in highest {
        let _ = writeln!(text, "{count:>10}  {}", printable(&pair(first, second)));
    }
}

fn pair(first: &str, second: &str) -> String {
    match second.is_empty() {
        true => first.to_owned(),
        false => format!("{first}: {second}"),
    }
}

/// The verdicts that were asked for.
fn verdicts(summary: &Summary) -> Vec<(String, Vec<(String, u64)>)> {
    let mut found = Vec::new();
    let list = |counts: &BTreeMap<String, u64>| {
        let place = |name: &str| VERDICTS.iter().position(|it| *it == name);
        let mut counts: Vec<(String, u64)> =
            counts.iter().map(|(verdict, count)| (verdict.clone(), *count)).collect();
        counts.sort_by_key(|(verdict, _)| place(verdict));
        counts
    };
    if let Some(now) = &summary.now {
        found.push((format!("as of {now}"), list(&summary.verdicts_now)));
    }
    if summary.at_issuance {
        found.push(("as of issuance".to_owned(), list(&summary.verdicts_at_issuance)));
    }
    found
}

fn reasons(summary: &Summary) -> [(&'static str, &Counts); 8] {
    let (failing, undecided) = match summary.now {
        Some(_) => (&summary.failing_now, &summary.undecided_now),
        None => (&summary.failing_at_issuance, &summary.undecided_at_issuance),
    };
    let at_issuance = match summary.now {
        Some(_) => &summary.failing_at_issuance,
        None => &EMPTY,
    };
    [
        ("Failing checks", failing),
        ("Failing checks at issuance", at_issuance),
        ("Undecided checks", undecided),
        ("Missing evidence", &summary.missing_evidence),
        ("Waived checks", &summary.waived_now),
        ("Errors", &summary.errors),
        ("Discrepancies", &summary.discrepancies),
        ("Issuers", &summary.issuers),
    ]
}

static EMPTY: Counts = Counts(BTreeMap::new());

/// One page: no script, nothing that is fetched, no claim of anybody.
pub(super) fn html(summary: &Summary) -> String {
    let mut page = String::from(HEAD);
    let _ = write!(
        page,
        "<h1>Audit of verification results</h1>\n<p class=\"lead\"><b>{}</b> records, <b>{}</b> rows. A row \
         is a credential, or a record without any.</p>\n",
        summary.records, summary.rows
    );
    if summary.ended == "failures" {
        page.push_str("<p class=\"note\">The audit ended after the failures that were allowed: what comes behind was not read.</p>\n");
    }
    for (title, counts) in verdicts(summary) {
        shares(&mut page, &title, &counts);
    }
    for (title, counts) in reasons(summary) {
        bars(&mut page, title, counts);
    }
    let states: Vec<(String, u64)> =
        summary.session_states.iter().map(|(state, count)| (state.clone(), *count)).collect();
    if !states.is_empty() {
        shares(&mut page, "States of sessions, as the service says", &states);
    }
    page.push_str("<h2>What it rests on</h2>\n<table>\n");
    for (name, value) in [
        ("Policy, SHA-256", summary.policy_sha256.as_str()),
        ("Evidence, SHA-256", &summary.evidence_sha256),
        ("Library", &summary.library_version),
        ("Time of the question", summary.now.as_deref().unwrap_or("each credential's issuance")),
    ] {
        let _ = writeln!(page, "<tr><th>{name}</th><td><code>{}</code></td></tr>", escaped(value));
    }
    page.push_str("</table>\n</main></body></html>\n");
    page
}

/// One bar of all, and a table of its parts.
fn shares(page: &mut String, title: &str, counts: &[(String, u64)]) {
    let all: u64 = counts.iter().map(|(_, count)| count).sum();
    let _ = write!(page, "<h2>{}</h2>\n<svg class=\"share\" viewBox=\"0 0 1000 36\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{0}\">", escaped(title));
    let mut from = 0.0;
    for (place, (name, count)) in counts.iter().enumerate() {
        let width = 1000.0 * *count as f64 / all.max(1) as f64;
        let _ = write!(
            page,
            "<rect x=\"{from:.2}\" width=\"{width:.2}\" height=\"36\" fill=\"{}\"><title>{}: {count}</title></rect>",
            color(name, place),
            escaped(name)
        );
        from += width;
    }
    page.push_str("</svg>\n<table>\n");
    for (place, (name, count)) in counts.iter().enumerate() {
        let share = 100.0 * *count as f64 / all.max(1) as f64;
        let _ = writeln!(
            page,
            "<tr><th><i style=\"background:{}\"></i>{}</th><td class=\"n\">{count}</td><td class=\"n\">{share:.2} %</td></tr>",
            color(name, place),
            escaped(name)
        );
    }
    page.push_str("</table>\n");
}

/// A bar for each pair.
fn bars(page: &mut String, title: &str, counts: &Counts) {
    let highest = counts.highest(BARS);
    let Some((_, _, most)) = highest.first() else { return };
    let _ = writeln!(page, "<h2>{title}</h2>\n<table>");
    for (first, second, count) in &highest {
        let meaning = catalog::meaning(second).unwrap_or_default();
        let width = 200.0 * *count as f64 / (*most).max(1) as f64;
        let _ = writeln!(
            page,
            "<tr><th>{}<small>{}</small></th><td class=\"n\">{count}</td><td><svg width=\"200\" height=\"12\"><rect width=\"{width:.1}\" height=\"12\" rx=\"2\" fill=\"#4a6fa5\"/></svg></td></tr>",
            escaped(&pair(first, second)),
            escaped(meaning)
        );
    }
    page.push_str("</table>\n");
    let more = counts.highest(usize::MAX).len().saturating_sub(BARS);
    if more > 0 {
        let _ = writeln!(page, "<p class=\"note\">{more} more are in the summary.</p>");
    }
}

fn color(name: &str, place: usize) -> &'static str {
    match name {
        "accepted" => "#3a7d44",
        "rejected" => "#b3372f",
        "indeterminate" => "#d9a01e",
        "error" => "#5b5b66",
        "unknown" => "#9aa0a6",
        _ => PALETTE.get(place % PALETTE.len()).copied().unwrap_or("#4a6fa5"),
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in printable(text).chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(character),
        }
    }
    escaped
}

const VERDICTS: [&str; 5] = ["accepted", "rejected", "indeterminate", "unknown", "error"];
const SHOWN: usize = 8;
const BARS: usize = 20;
const PALETTE: [&str; 6] = ["#4a6fa5", "#7a9e7e", "#c08552", "#8d6b94", "#5f9ea0", "#a0a083"];

const HEAD: &str = "<!doctype html>
<html lang=\"en\"><head><meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">
<link rel=\"icon\" href=\"data:,\">
<title>Audit of verification results</title>
<style>
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; background: #fafafa; color: #1d1d22; }
main { max-width: 58rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
.share { width: 100%; height: 36px; border-radius: 4px; display: block; }
table { border-collapse: collapse; width: 100%; margin-top: .5rem; }
th, td { text-align: left; font-weight: normal; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #8883; vertical-align: top; overflow-wrap: anywhere; }
th small { display: block; color: #767680; }
td.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; width: 6rem; }
i { display: inline-block; width: .75rem; height: .75rem; border-radius: 2px; margin-right: .5rem; }
code { font-size: .85rem; overflow-wrap: anywhere; } .note { color: #767680; }
@media (prefers-color-scheme: dark) { body { background: #17171b; color: #e6e6ea; } }
@media print { body { background: none; } h2 { break-after: avoid; } }
</style></head><body><main>
";
