//! The threads of an audit.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{sync_channel, Receiver, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use result_vp_rows::{Content, Record, Task};

use super::input::{Columns, Flow, Records};
use super::journal::{self, Journal, Progress};
use super::progress::Display;
use super::summary::Summary;

pub(super) struct Run<'r> {
    pub(super) task: &'r Task,
    pub(super) columns: &'r Columns,
    pub(super) inputs: &'r [PathBuf],
    pub(super) begin: Progress,
    pub(super) threads: Option<usize>,
    pub(super) max_failures: Option<u64>,
    pub(super) quiet: bool,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Ended {
    Complete,
    Failures,
    Interrupted,
}

/// Records of one input that are verified together.
struct Batch {
    place: u64,
    input: usize,
    records: Vec<Record<'static>>,
}

/// What came of a batch: lines of the journal, in order.
struct Done {
    place: u64,
    lines: Vec<u8>,
    /// The end of each row's line, and whether the row is accepted.
    rows: Vec<(usize, bool)>,
    counts: Summary,
    records: u64,
}

/// Runs until the inputs end, too many rows are not accepted, or somebody interrupts.
///
/// What is held at a time is bounded: each batch that is read takes a permit, which is given back when
/// its rows are in the journal.
pub(super) fn run(
    run: &Run<'_>,
    journal: &mut Journal,
    summary: &mut Summary,
) -> io::Result<Ended> {
    let threads = run.threads.filter(|it| *it > 0);
    let threads = threads.unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from));
    let in_flight = 2 * threads + 2;
    let is_over = AtomicBool::new(false);
    let interrupted = interrupts();
    let read = Arc::new(AtomicU64::new(0));
    let names: Vec<String> = run.inputs.iter().map(|path| path.display().to_string()).collect();
    let sizes = run.inputs.iter().filter_map(|path| Some(std::fs::metadata(path).ok()?.len()));
    let mut display = Display::new(run.quiet, sizes.sum(), Arc::clone(&read));

    let (permit, permits) = sync_channel::<()>(in_flight);
    for _ in 0..in_flight {
        // There is room for each.
        let _ = permit.try_send(());
    }
    let (batches, to_work) = sync_channel::<Batch>(in_flight);
    let to_work = Mutex::new(to_work);
    let (done, to_write) = sync_channel::<Done>(in_flight);

    let ended = thread::scope(|scope| {
        let (is_over, names, to_work, read) = (&is_over, &names, &to_work, &read);
        let stops = move || is_over.load(Ordering::Relaxed) || interrupted.load(Ordering::Relaxed);
        scope.spawn(move || read_all(run, read, &permits, &batches, &stops));
        for _ in 0..threads {
            let done = done.clone();
            scope.spawn(move || work(run.task, names, to_work, &done));
        }
        drop(done);
        let written = write_all(run, &to_write, &permit, journal, summary, &mut display);
        // Whoever still waits finds the channels closed.
        is_over.store(true, Ordering::Relaxed);
        drop(to_write);
        drop(permit);
        written
    })?;
    display.end();
    journal.flush()?;
    Ok(match ended {
        Ended::Complete if interrupted.load(Ordering::Relaxed) => Ended::Interrupted,
        ended => ended,
    })
}

fn read_all(
    run: &Run<'_>,
    read: &Arc<AtomicU64>,
    permits: &Receiver<()>,
    batches: &SyncSender<Batch>,
    stops: &dyn Fn() -> bool,
) {
    let mut place = 0;
    for (input, path) in run.inputs.iter().enumerate().skip(run.begin.input) {
        let skip = if input == run.begin.input { run.begin.records } else { 0 };
        let mut records: Vec<Record<'static>> = Vec::with_capacity(BATCH);
        let mut bytes = 0;
        let mut send = |records: &mut Vec<Record<'static>>| {
            if records.is_empty() {
                return Flow::Continue;
            }
            let records = std::mem::replace(records, Vec::with_capacity(BATCH));
            if permits.recv().is_err() || batches.send(Batch { place, input, records }).is_err() {
                return Flow::Stop;
            }
            place += 1;
            Flow::Continue
        };
        let mut emit = |record: Record<'static>| {
            if stops() {
                return Flow::Stop;
            }
            if let Content::Bytes(content) = &record.content {
                bytes += content.len();
            }
            records.push(record);
            match records.len() >= BATCH || bytes >= BATCH_BYTES {
                true => {
                    bytes = 0;
                    send(&mut records)
                }
                false => Flow::Continue,
            }
        };
        let flow = Records::new(run.columns, skip, &mut emit).read(path, Arc::clone(read));
        if flow == Flow::Stop || send(&mut records) == Flow::Stop {
            return;
        }
    }
}

fn work(task: &Task, names: &[String], to_work: &Mutex<Receiver<Batch>>, done: &SyncSender<Done>) {
    loop {
        let next = to_work.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Batch { place, input, records }) = next else { return };
        let count = records.len() as u64;
        let mut lines = Vec::with_capacity(8 << 10);
        let mut rows = Vec::with_capacity(records.len());
        let mut counts = Summary {
            at_issuance: task.times.at_issuance,
            now: task.times.now.map(|_| String::new()),
            ..Summary::default()
        };
        let name = names.get(input).map_or("", String::as_str);
        task.tell(name, records, |told| {
            journal::line(input, &told, &mut lines);
            rows.push((lines.len(), told.row.verdict() == "accepted"));
            counts.add(&told.row);
        });
        if done.send(Done { place, lines, rows, counts, records: count }).is_err() {
            return;
        }
    }
}

fn write_all(
    run: &Run<'_>,
    to_write: &Receiver<Done>,
    permit: &SyncSender<()>,
    journal: &mut Journal,
    summary: &mut Summary,
    display: &mut Display,
) -> io::Result<Ended> {
    let mut waiting: BTreeMap<u64, Done> = BTreeMap::new();
    let (mut next, mut failures) = (0, 0);
    while let Ok(done) = to_write.recv() {
        waiting.insert(done.place, done);
        while let Some(done) = waiting.remove(&next) {
            next += 1;
            let refused = done.rows.iter().filter(|(_, is_accepted)| !is_accepted).count() as u64;
            let before = failures;
            failures += refused;
            match run.max_failures {
                Some(most) if failures >= most => {
                    let end = cut(&done.rows, most - before);
                    let lines = done.lines.get(..end).unwrap_or(&done.lines);
                    journal.append(lines)?;
                    count_lines(lines, summary)?;
                    return Ok(Ended::Failures);
                }
                _ => journal.append(&done.lines)?,
            }
            summary.merge(&done.counts);
            display.show(done.records, refused);
            journal.flush()?;
            // The reader may be gone.
            let _ = permit.try_send(());
        }
    }
    Ok(Ended::Complete)
}

/// The end of the row that is the `most`th one that is not accepted.
fn cut(rows: &[(usize, bool)], most: u64) -> usize {
    let mut refused = 0;
    for (end, is_accepted) in rows {
        refused += u64::from(!is_accepted);
        if refused == most {
            return *end;
        }
    }
    rows.last().map_or(0, |(end, _)| *end)
}

fn count_lines(lines: &[u8], summary: &mut Summary) -> io::Result<()> {
    for line in lines.split_inclusive(|byte| *byte == b'\n') {
        let row = journal::row_of(line).ok_or_else(|| io::Error::other("no line"))?;
        summary.add(&serde_json::from_slice(row)?);
    }
    Ok(())
}

/// Set once somebody wants the audit to end.
fn interrupts() -> &'static AtomicBool {
    static INTERRUPTED: AtomicBool = AtomicBool::new(false);
    // A second one ends the process, whatever it does.
    let handler = || {
        if INTERRUPTED.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    };
    // Without a handler an interrupt ends the process, and the journal is kept all the same.
    let _ = ctrlc::set_handler(handler);
    &INTERRUPTED
}

/// Of which verification in batches is nearly as fast as it gets.
const BATCH: usize = 256;
const BATCH_BYTES: usize = 4 << 20;
