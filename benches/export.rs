//! An export of many sessions, as an audit reads it, and what the library alone takes for it.
//!
//! ```text
//! cargo bench --bench export -- write 100000 DIR    DIR/export.jsonl and DIR/evidence
//! cargo bench --bench export -- measure DIR         batches of 256 on one thread
//! ```
//!
//! Each session is of an invented person and signed anew. One in five hundred lines is no honest one:
//! a changed claim, a result under another session's id, a session that failed, a line that is cut.
//! The documents and lists are those of the other benches.

mod support;

use std::fs::{self, File};
use std::hint::black_box;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::time::Instant;

use result_vp::policy::AsOf;
use result_vp::{ExpectedSession, GovernmentId, Session, SessionId};
use support::{Asked, World};

fn main() {
    let arguments: Vec<String> = std::env::args().filter(|it| it != "--bench").collect();
    let world = World::new(ISSUERS);
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [_, "write", count, folder] => write(&world, count.parse().expect("a number"), folder),
        [_, "measure", folder] => measure(&world, folder),
        _ => println!("export: `write COUNT DIR` or `measure DIR`"),
    }
}

fn write(world: &World, count: usize, folder: &str) {
    let folder = Path::new(folder);
    let evidence = folder.join("evidence");
    fs::create_dir_all(&evidence).expect("a folder");
    for (name, document) in world.documents() {
        fs::write(evidence.join(name), document.to_string()).expect("a file");
    }
    let file = File::create(folder.join("export.jsonl")).expect("a file");
    let mut writer = BufWriter::new(file);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    for begin in (0..count).step_by(CHUNK) {
        let numbers: Vec<usize> = (begin..count.min(begin + CHUNK)).collect();
        let parts: Vec<Vec<String>> = std::thread::scope(|scope| {
            let parts = numbers.chunks(numbers.len().div_ceil(threads));
            let parts: Vec<_> = parts
                .map(|part| scope.spawn(move || part.iter().map(|it| line(world, *it)).collect()))
                .collect();
            parts.into_iter().map(|it| it.join().expect("lines")).collect()
        });
        for line in parts.iter().flatten() {
            writeln!(writer, "{line}").expect("written");
        }
    }
}

fn line(world: &World, number: usize) -> String {
    let asked = Asked::new(&world.issuers[number % world.issuers.len()], number, &[]);
    let text = asked.text;
    match (number % 500, number / 500 % 4) {
        (499, 0) => text.replace("EXEMPLARIS", "EXEMPLARUM"),
        (499, 1) => text.replacen("0f5a1c52", "1f5a1c52", 1),
        (499, 2) => text.replace("IDV_SUCCESS", "IDV_FAILED"),
        (499, _) => text[..text.len() / 2].to_owned(),
        _ => text,
    }
}

fn measure(world: &World, folder: &str) {
    let file = File::open(Path::new(folder).join("export.jsonl")).expect("an export");
    let lines: Vec<String> =
        BufReader::new(file).lines().take(MEASURED).map(|it| it.expect("a line")).collect();
    let verifier = world.verifier();
    let batch = |lines: &[String], times: &[AsOf]| {
        let sessions: Vec<(Session, SessionId)> = (lines.iter())
            .filter_map(|line| Session::from_json(line.as_bytes()).ok())
            .map(|session| {
                let id = SessionId::new(session.id()).expect("an id");
                (session, id)
            })
            .collect();
        let expected: Vec<_> =
            sessions.iter().map(|(session, id)| (session, ExpectedSession::Id(id))).collect();
        for reports in verifier.verify_session_batch_as_of(&expected, &world.evidence, times) {
            let report = reports.ok().and_then(|reports| reports.into_iter().flatten().last());
            let verified = report.and_then(|report| report.into_verified().ok());
            for credential in verified.iter().flat_map(|verified| verified.credentials()) {
                black_box(GovernmentId::from_credential(credential));
            }
        }
    };
    let now = AsOf::Time(world.now);
    for (name, times) in [("one time", &[now][..]), ("two times", &[AsOf::Issuance, now])] {
        lines.chunks(256).take(4).for_each(|lines| batch(lines, times));
        let begun = Instant::now();
        lines.chunks(256).for_each(|lines| batch(lines, times));
        let each = begun.elapsed().as_secs_f64() / lines.len() as f64;
        let count = lines.len();
        println!("{:.1} us for each of {count} records, as of {name}, one thread", each * 1e6);
    }
}

const ISSUERS: usize = 2;
const CHUNK: usize = 1024;
const MEASURED: usize = 16 << 10;
