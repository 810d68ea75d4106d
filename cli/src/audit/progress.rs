//! How far an audit is: a bar on a terminal, a line every few seconds elsewhere.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressStyle};

use crate::terminal::complain;

pub(super) struct Display {
    form: Form,
    /// Of all inputs together; 0 if nobody knows.
    size: u64,
    read: Arc<AtomicU64>,
    begun: Instant,
    told: Instant,
    records: u64,
    refused: u64,
}

enum Form {
    Bar(ProgressBar),
    Lines,
    Nothing,
}

impl Display {
    /// `read` counts the bytes that were read of `size`.
    pub(super) fn new(quiet: bool, size: u64, read: Arc<AtomicU64>) -> Display {
        let form = match (quiet, std::io::stderr().is_terminal()) {
            (true, _) => Form::Nothing,
            (false, false) => Form::Lines,
            (false, true) => {
                let style = ProgressStyle::with_template(BAR);
                let bar = ProgressBar::new(size.max(1));
                Form::Bar(bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())))
            }
        };
        let now = Instant::now();
        Display { form, size, read, begun: now, told: now, records: 0, refused: 0 }
    }

    pub(super) fn show(&mut self, records: u64, refused: u64) {
        self.records += records;
        self.refused += refused;
        match &self.form {
            Form::Nothing => {}
            Form::Bar(bar) => {
                bar.set_position(self.read.load(Ordering::Relaxed));
                bar.set_message(self.counts());
            }
            Form::Lines if self.told.elapsed() < EVERY => {}
            Form::Lines => {
                self.told = Instant::now();
                let left = match self.left() {
                    Some(left) => format!(", about {} left", HumanDuration(left)),
                    None => String::new(),
                };
                complain(&format!("{}{left}", self.counts()));
            }
        }
    }

    pub(super) fn end(&self) {
        match &self.form {
            Form::Bar(bar) => bar.finish_and_clear(),
            Form::Lines | Form::Nothing => {}
        }
    }

    fn counts(&self) -> String {
        let seconds = self.begun.elapsed().as_secs_f64().max(0.001);
        let rate = self.records as f64 / seconds;
        format!("{} records, {rate:.0}/s, {} rows not accepted", self.records, self.refused)
    }

    /// By the bytes that are read, of those that there are.
    fn left(&self) -> Option<Duration> {
        let read = self.read.load(Ordering::Relaxed);
        let rest = self.size.checked_sub(read).filter(|_| read > 0)?;
        Some(self.begun.elapsed().mul_f64(rest as f64 / read as f64))
    }
}

const BAR: &str = "{bar:24} {percent:>3} % {msg}, {eta} left";
const EVERY: Duration = Duration::from_secs(5);
