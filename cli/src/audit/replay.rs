//! Proofs and nonces that stand under two sessions.
//!
//! Marks of all rows are compared in memory that does not grow with the input: where there are many,
//! they are compared in parts, each of those that begin alike.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

use result_vp_rows::Marks;

use super::journal::{self, Entry};

/// Which rows share a proof or nonce with another session, and which stand there twice.
pub(super) struct Repeated {
    replayed: Bits,
    twice: Bits,
}

#[derive(Default)]
struct Bits(Vec<u64>);

impl Bits {
    fn set(&mut self, place: u64) {
        let word = (place / 64) as usize;
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        if let Some(word) = self.0.get_mut(word) {
            *word |= 1 << (place % 64);
        }
    }

    fn get(&self, place: u64) -> bool {
        self.0.get((place / 64) as usize).is_some_and(|word| word >> (place % 64) & 1 == 1)
    }
}

impl Repeated {
    /// Looks through a journal. `scratch` is a file that is written and removed.
    pub(super) fn find(journal: &Path, scratch: &Path) -> io::Result<Repeated> {
        let mut file =
            File::options().read(true).write(true).create(true).truncate(true).open(scratch)?;
        let found = Repeated::compare(journal, &mut file, MARKS_AT_ONCE);
        drop(file);
        journal::remove(scratch)?;
        found
    }

    fn compare(journal: &Path, file: &mut File, at_once: u64) -> io::Result<Repeated> {
        let mut count = 0_u64;
        {
            let mut writer = BufWriter::with_capacity(256 << 10, &mut *file);
            let (mut row, mut written) = (0_u64, Ok(()));
            journal::read(journal, |entry: &Entry<'_>| {
                for mark in &entry.marks {
                    let record = entry.place().to_le_bytes();
                    let record = [&mark[..], &entry.session, &record, &row.to_le_bytes()].concat();
                    written = std::mem::replace(&mut written, Ok(()))
                        .and_then(|()| writer.write_all(&record));
                    count += 1;
                }
                row += 1;
            })?;
            written?;
            writer.flush()?;
        }
        let mut repeated = Repeated { replayed: Bits::default(), twice: Bits::default() };
        // Few passes, and little memory: a sixteenth at a time, within bounds.
        let at_once = at_once.min((count / 16).max(MARKS_AT_LEAST));
        let parts = count.div_ceil(at_once).max(1);
        for part in 0..parts {
            repeated.compare_part(file, part, parts)?;
        }
        Ok(repeated)
    }

    fn compare_part(&mut self, file: &mut File, part: u64, parts: u64) -> io::Result<()> {
        let mut seen = Marks::default();
        let is_of_part = |mark: &[u8; 16]| {
            let number = u64::from_be_bytes(mark.first_chunk().copied().unwrap_or_default());
            ((u128::from(number) * u128::from(parts)) >> 64) as u64 == part
        };
        // Where a mark stands once there is nothing to tell.
        let mut any = false;
        marks(file, |mark, session, record, _| {
            any |= is_of_part(&mark) && seen.meet(mark, session, u64::from_le_bytes(record));
        })?;
        if any {
            marks(file, |mark, _, _, row| {
                if seen.is_replayed(&mark) {
                    self.replayed.set(row);
                }
                if seen.stands_twice(&mark) {
                    self.twice.set(row);
                }
            })?;
        }
        Ok(())
    }

    pub(super) fn is_replayed(&self, row: u64) -> bool {
        self.replayed.get(row)
    }

    pub(super) fn stands_twice(&self, row: u64) -> bool {
        self.twice.get(row)
    }
}

fn marks(file: &mut File, mut each: impl FnMut([u8; 16], [u8; 8], [u8; 8], u64)) -> io::Result<()> {
    file.seek(SeekFrom::Start(0))?;
    let mut reader = BufReader::with_capacity(256 << 10, file);
    let (mut mark, mut session, mut record, mut row) = ([0; 16], [0; 8], [0; 8], [0; 8]);
    loop {
        match reader.read_exact(&mut mark) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            read => read?,
        }
        reader.read_exact(&mut session)?;
        reader.read_exact(&mut record)?;
        reader.read_exact(&mut row)?;
        each(mark, session, record, u64::from_le_bytes(row));
    }
}

/// Some 100 MiB of them.
const MARKS_AT_ONCE: u64 = 1 << 20;
/// Some 4 MiB of them.
const MARKS_AT_LEAST: u64 = 1 << 15;

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of few sessions and few marks, so that they meet in every way, whatever the parts.
    #[test]
    fn marks_meet_in_parts_as_they_do_at_once() {
        let folder = std::env::temp_dir().join(format!("result-vp-replay-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (journal, scratch) = (folder.join("journal"), folder.join("marks"));
        let mut seed = 7_u64;
        let mut random = |below: u64| {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (seed >> 33) % below
        };
        let rows: Vec<(u64, u64, Vec<u64>)> = (0..300)
            .map(|row| (row / 2, random(40), (0..random(3)).map(|_| random(150)).collect()))
            .collect();
        let mut text = String::from("{}\n");
        for (record, session, marks) in &rows {
            let mark =
                |mark: &u64| format!("{:032x}", u128::from(*mark) << 100 | u128::from(*mark));
            let marks: Vec<String> = marks.iter().map(mark).collect();
            text += &format!("0 {record} {session:016x} {} {{}}\n", marks.join(","));
        }
        std::fs::write(&journal, text).unwrap();
        let holders = |mark: &u64| {
            let mark = *mark;
            rows.iter().filter(move |(.., marks)| marks.contains(&mark))
        };
        let is_replayed = |(_, session, marks): &(u64, u64, Vec<u64>)| {
            marks.iter().any(|mark| holders(mark).any(|(_, other, _)| other != session))
        };
        // Met again under the session that was the first to hold it.
        let is_twice = |(.., marks): &(u64, u64, Vec<u64>)| {
            marks.iter().any(|mark| {
                let first = holders(mark).next().unwrap();
                holders(mark).any(|it| it.1 == first.1 && it.0 != first.0)
            })
        };
        for at_once in [1, 7, 64, 1 << 20] {
            let mut file = File::options()
                .read(true)
                .write(true)
                .create(true)
                .truncate(true)
                .open(&scratch)
                .unwrap();
            let found = Repeated::compare(&journal, &mut file, at_once).unwrap();
            for (place, row) in (0..).zip(&rows) {
                assert_eq!(found.is_replayed(place), is_replayed(row), "{at_once} {place}");
                assert_eq!(found.stands_twice(place), is_twice(row), "{at_once} {place}");
            }
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
