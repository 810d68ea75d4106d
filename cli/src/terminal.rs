//! Text for people: its width, its colours, and the way out.

use std::fmt::{self, Write as _};
use std::io::{self, ErrorKind, IsTerminal, Write as _};

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use crate::Exit;

pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const QUIET: Style = Style::new().dimmed();
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const UNSURE: Style = AnsiColor::Yellow.on_default();

/// The columns to write for: `COLUMNS` if it is set, else the terminal's, else 80.
///
/// What is no terminal gets the same text on every machine.
pub(crate) fn width() -> usize {
    let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let measured = || {
        let is_terminal = io::stdout().is_terminal();
        let size = is_terminal.then(terminal_size::terminal_size).flatten();
        size.map(|(width, _)| usize::from(width.0))
    };
    told.or_else(measured).unwrap_or(80).clamp(40, 140)
}

/// Writes a text for people to standard output, without its colours where nobody sees them.
pub(crate) fn answer(text: &str, exit: Exit) -> Exit {
    delivered(anstream::AutoStream::auto(io::stdout().lock()), text, exit)
}

/// Writes a text for programs to standard output, byte for byte.
pub(crate) fn exact_answer(text: &str, exit: Exit) -> Exit {
    delivered(io::stdout().lock(), text, exit)
}

/// A reader that has gone away has seen enough: the exit code stays the answer.
fn delivered(mut out: impl io::Write, text: &str, exit: Exit) -> Exit {
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => exit,
        Err(error) if error.kind() == ErrorKind::BrokenPipe => exit,
        Err(error) => {
            complain(&format!("the answer could not be written: {error}"));
            Exit::InputOutput
        }
    }
}

/// Writes one message to standard error; if that fails there is nobody left to tell.
pub(crate) fn complain(message: &str) {
    let _ = writeln!(io::stderr().lock(), "result-vp: {}", printable(message));
}

/// A page that is written line by line and never wider than it can help.
pub(crate) struct Page {
    text: String,
    width: usize,
}

impl Page {
    pub(crate) fn new(width: usize) -> Page {
        Page { text: String::new(), width }
    }

    pub(crate) fn into_text(self) -> String {
        self.text
    }

    /// Whether a name and a sentence fit in one line.
    pub(crate) fn is_wide(&self) -> bool {
        self.width >= 100
    }

    pub(crate) fn blank(&mut self) {
        self.text.push('\n');
    }

    /// One line, not wrapped: it holds styles.
    pub(crate) fn line(&mut self, line: impl fmt::Display) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.text, "{line}");
    }

    /// A paragraph: `first` begins its first line and says where all others begin; it may hold
    /// styles, so its visible width is told.
    pub(crate) fn paragraph(&mut self, first: &str, indent: usize, style: Style, text: &str) {
        let mut begins = first.to_owned();
        for line in wrap(text, self.width.saturating_sub(indent)) {
            match line.is_empty() {
                true => self.line(begins.trim_end()),
                false => self.line(format_args!("{begins}{style}{line}{style:#}")),
            }
            begins = " ".repeat(indent);
        }
    }
}

/// The words in lines of at most `width` columns; a longer word stands in a line of its own.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.width() + 1 + word.width() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// `text`, and blanks up to `width` columns.
pub(crate) fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// Text of the input on a terminal: characters that are not seen, or that move others, are escaped.
pub(crate) fn printable(text: &str) -> String {
    let mut printable = String::with_capacity(text.len());
    for character in text.chars() {
        match is_unseen(character) {
            true => printable.extend(character.escape_unicode()),
            false => printable.push(character),
        }
    }
    printable
}

/// Whether a character is not seen, or moves or joins what stands around it.
pub(crate) fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// The name alone where the vocabulary is well known; any other IRI as it is.
pub(crate) fn short(iri: &str) -> &str {
    VOCABULARIES.iter().find_map(|vocabulary| iri.strip_prefix(vocabulary)).unwrap_or(iri)
}

const VOCABULARIES: [&str; 2] =
    ["https://trinsic.cloud/idv/", "https://www.w3.org/2018/credentials#"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_no_wider_than_asked_unless_a_word_is() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("a did:web:issuer.example b", 8), ["a", "did:web:issuer.example", "b"]);
        // Two columns each.
        assert_eq!(wrap("東京 東京", 8), ["東京", "東京"]);
        assert_eq!(pad("東京", 6), "東京  ");
    }

    #[test]
    fn what_is_not_seen_is_escaped() {
        assert_eq!(
            printable("a\u{1b}[2Jb\u{202e}c\u{e0041}\n"),
            "a\\u{1b}[2Jb\\u{202e}c\\u{e0041}\\u{a}"
        );
        assert_eq!(printable("Zoë Łukasz 東京"), "Zoë Łukasz 東京");
    }
}
