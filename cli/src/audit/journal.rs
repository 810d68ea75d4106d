//! What is done is on the disk: one line for each row, in the order of the input.
//!
//! A line is the place of the input among the arguments, the number of the record, the session's hash,
//! the marks of the proof, and the row as it will be written:
//!
//! ```text
//! 0 17 <16 hex> <32 hex>,<32 hex> {"input":…}
//! ```
//!
//! A line that is not whole was being written when the process ended. The rows of the last record are
//! written anew, for there may be others of it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use hex::FromHex;
use result_vp_rows::Told;
use serde::{Deserialize, Serialize};

/// What an audit asks: it is continued only if it asks the same.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(super) struct Question {
    pub(super) journal: u32,
    pub(super) library_version: String,
    pub(super) policy_sha256: String,
    pub(super) evidence_sha256: String,
    pub(super) at_issuance: bool,
    /// The clock's time when the audit began, if none was given.
    pub(super) now: Option<String>,
    pub(super) claims: String,
    pub(super) any_session: bool,
    pub(super) any_issuer: bool,
    pub(super) content_column: Option<String>,
    pub(super) id_column: Option<String>,
    /// By name and size.
    pub(super) inputs: Vec<(String, Option<u64>)>,
}

/// Where an audit stands.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Progress {
    /// Rows that are whole and of records that are done.
    pub(super) rows: u64,
    /// Which input comes next, and how many of its records are done.
    pub(super) input: usize,
    pub(super) records: u64,
}

pub(super) struct Journal {
    writer: BufWriter<File>,
}

/// One line of the journal.
pub(super) struct Entry<'l> {
    input: usize,
    record: u64,
    pub(super) session: [u8; 8],
    pub(super) marks: Vec<[u8; 16]>,
    /// The row's line of JSON, with its end.
    pub(super) row: &'l [u8],
}

/// The journal of an output.
pub(super) fn path_of(out: &Path) -> PathBuf {
    beside(out, "journal")
}

pub(super) fn beside(out: &Path, what: &str) -> PathBuf {
    let mut name = out.as_os_str().to_owned();
    name.push(".");
    name.push(what);
    name.into()
}

impl Journal {
    pub(super) fn begin(path: &Path, question: &Question) -> io::Result<Journal> {
        let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
        let mut line = serde_json::to_vec(question)?;
        line.push(b'\n');
        file.write_all(&line)?;
        Ok(Journal { writer: BufWriter::with_capacity(BUFFER, file) })
    }

    /// Cuts off what is not whole, and goes on behind it; `each` is told the rows that stay.
    pub(super) fn resume(
        path: &Path,
        each: impl FnMut(&Entry<'_>),
    ) -> io::Result<(Journal, Progress)> {
        let (length, progress) = survey(path)?;
        let mut file = OpenOptions::new().read(true).write(true).open(path)?;
        file.set_len(length)?;
        read(path, each)?;
        file.seek(SeekFrom::End(0))?;
        Ok((Journal { writer: BufWriter::with_capacity(BUFFER, file) }, progress))
    }

    /// What the journal's audit asks: nothing if there is no journal, and nothing yet if it was being
    /// begun.
    pub(super) fn question(path: &Path) -> io::Result<Option<Option<Question>>> {
        let file = match File::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            file => file?,
        };
        let mut line = Vec::new();
        BufReader::new(file).read_until(b'\n', &mut line)?;
        Ok(Some(serde_json::from_slice(&line).ok()))
    }

    pub(super) fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        self.writer.write_all(lines)
    }

    /// What was appended survives the end of this process.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// Adds the line of a row.
pub(super) fn line(input: usize, told: &Told<'_>, lines: &mut Vec<u8>) {
    let session = hex::encode(told.session);
    // Writing to memory cannot fail.
    let _ = write!(lines, "{input} {} {session} ", told.row.record);
    for (place, mark) in told.marks.iter().enumerate() {
        if place > 0 {
            lines.push(b',');
        }
        lines.extend_from_slice(hex::encode(mark).as_bytes());
    }
    lines.push(b' ');
    told.row.write(lines);
}

/// The row within a line.
pub(super) fn row_of(line: &[u8]) -> Option<&[u8]> {
    Entry::read(line).map(|entry| entry.row)
}

impl<'l> Entry<'l> {
    /// One number for one record.
    pub(super) fn place(&self) -> u64 {
        (self.input as u64) << 48 ^ self.record
    }

    fn read(line: &'l [u8]) -> Option<Entry<'l>> {
        let mut parts = line.splitn(5, |byte| *byte == b' ');
        let mut number = || std::str::from_utf8(parts.next()?).ok()?.parse::<u64>().ok();
        let (input, record) = (usize::try_from(number()?).ok()?, number()?);
        let (session, marks, row) = (parts.next()?, parts.next()?, parts.next()?);
        let marks = marks.split(|byte| *byte == b',').filter(|mark| !mark.is_empty());
        Some(Entry {
            input,
            record,
            session: FromHex::from_hex(session).ok()?,
            marks: marks.map(FromHex::from_hex).collect::<Result<_, _>>().ok()?,
            row: row.strip_suffix(b"\n").map(|_| row)?,
        })
    }
}

/// Hands on every entry.
pub(super) fn read(path: &Path, mut each: impl FnMut(&Entry<'_>)) -> io::Result<()> {
    let mut reader = BufReader::with_capacity(BUFFER, File::open(path)?);
    let mut line = Vec::new();
    reader.read_until(b'\n', &mut line)?;
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let entry = Entry::read(&line);
        each(&entry.ok_or_else(|| io::Error::other("the journal holds a line that is none"))?);
    }
}

/// The length of what stays, and where it ends: before the rows of the last record.
fn survey(path: &Path) -> io::Result<(u64, Progress)> {
    let mut reader = BufReader::with_capacity(BUFFER, File::open(path)?);
    let mut line = Vec::new();
    let mut length = reader.read_until(b'\n', &mut line)? as u64;
    let mut rows = 0;
    let mut kept = (length, Progress::default());
    let mut last = None;
    loop {
        line.clear();
        let read = reader.read_until(b'\n', &mut line)? as u64;
        let Some(entry) = Entry::read(&line) else { return Ok(kept) };
        let (input, record) = (entry.input, entry.record);
        if last != Some((input, record)) {
            last = Some((input, record));
            kept = (length, Progress { rows, input, records: record.saturating_sub(1) });
        }
        length += read;
        rows += 1;
    }
}

/// Removes a file that may be gone.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

const BUFFER: usize = 256 << 10;
