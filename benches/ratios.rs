//! Every figure in units of P, one bare two-pairing product of `blst` timed in the same run: ratios
//! hold on a busy machine where times do not.
//!
//! ```text
//! cargo bench --bench ratios              a table
//! cargo bench --bench ratios -- --json    the same for programs; --short leaves out slow rows
//! ```
//!
//! Every session is asked every check: its status from a list, its schema, its validity, its issuer.

mod support;

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use result_vp::{internal::WarmKey, Unknown, Verifier};
use serde_json::json;
use support::{pairing_product, persons, Asked, World, HIDDEN};

fn main() {
    // P is of one thread, and so is what is measured in it: crate `bbs` derives generators by rayon's.
    std::env::set_var("RAYON_NUM_THREADS", "1");
    let world = World::new(ISSUERS);
    let issuer = &world.issuers[0];
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|it| it == "--write") {
        return world.write(Path::new(&arguments[at + 1]));
    }
    let is_short = arguments.iter().any(|it| it == "--short");
    let one_issuer = persons(issuer, BATCH, &[]);
    let hiding = persons(issuer, 8, HIDDEN);
    let images: Vec<Asked> =
        (0..8).map(|person| Asked::with_images(issuer, person, 100_000)).collect();
    let mut eight_issuers: Vec<Asked> = one_issuer[..BATCH / ISSUERS].to_vec();
    for issuer in &world.issuers[1..] {
        eight_issuers.extend(persons(issuer, BATCH / ISSUERS, &[]));
    }
    let warm = world.verifier();
    // The persons of the warm-up and of the runs differ, so what is remembered of an issuer is what
    // all its credentials say.
    for asked in one_issuer.iter().chain(&eight_issuers).chain(&hiding).chain(&images) {
        black_box(world.claims(&warm, asked));
    }
    let one = |verifier: &Verifier, asked: &Asked| {
        black_box(world.claims(verifier, asked));
    };
    let all = |verifier: &Verifier, asked: &[Asked]| {
        black_box(world.all_claims(verifier, asked));
    };

    let mut rows = Rows::default();
    rows.add("session to claims, warm, 29 shown", 401, 1, |at| one(&warm, &one_issuer[at]));
    let key = WarmKey::new(&issuer.public_key()).expect("a key");
    let proof = |asked: &Asked, messages: &[String]| {
        assert!(key.verifies(&asked.value, messages, asked.nonce.as_bytes()));
    };
    // It has met the same proofs as the verifier, so it remembers the same of the issuer.
    for asked in one_issuer.iter().chain(&hiding).chain(&images) {
        proof(asked, &asked.messages());
    }
    let messages: Vec<Vec<String>> = one_issuer.iter().map(Asked::messages).collect();
    rows.add_difference(
        "the same without the proof (points, messages, equations)",
        801,
        |at| one(&warm, &one_issuer[at]),
        |at| proof(&one_issuer[at], &messages[at]),
    );
    rows.add("text to statements alone", 401, 1, |at| {
        black_box(one_issuer[at].statements());
    });
    rows.add("session to claims, warm, 10 hidden", 401, 1, |at| one(&warm, &hiding[at % 8]));
    rows.add_difference(
        "two images of 100 kB more",
        401,
        |at| one(&warm, &images[at % 8]),
        |at| one(&warm, &one_issuer[at]),
    );
    rows.add("session to claims, cold issuer", 51, 1, |at| {
        one(&world.verifier(), &one_issuer[at]);
    });
    let without_list = world.policy.clone().status(Unknown::Skip);
    rows.add("the same without its status list", 51, 1, |at| {
        one(&Verifier::new(without_list.clone()), &one_issuer[at]);
    });
    rows.add("batch of 16, one issuer, for each session", 41, 16, |_| {
        all(&warm, &one_issuer[..16]);
    });
    rows.add("batch of 256, one issuer, for each session", 21, BATCH, |_| all(&warm, &one_issuer));
    if is_short {
        return rows.print();
    }
    rows.add("batch of 256, 8 issuers, for each session", 21, BATCH, |_| {
        all(&warm, &eight_issuers);
    });
    rows.add("crate bbs, cold, the proof alone", 41, 1, |at| {
        assert!(issuer.peer_verifies(&one_issuer[at]));
    });
    rows.compare("crate bbs, cold, the proof alone", "session to claims, warm, 29 shown");
    threads(&mut rows, &world, &warm, &one_issuer);
    rows.print();
}

/// 4096 sessions in batches of 256 by one thread and by two.
fn threads(rows: &mut Rows, world: &World, verifier: &Verifier, persons: &[Asked]) {
    let batches = |count: usize| {
        (0..count).for_each(|_| drop(black_box(world.all_claims(verifier, persons))));
    };
    let two = |count: usize| {
        std::thread::scope(|scope| {
            scope.spawn(|| batches(count / 2));
            scope.spawn(|| batches(count / 2));
        });
    };
    let (mut walls, mut works) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        let [one, both] = [&batches as &dyn Fn(usize), &two].map(|run| {
            let (work, wall) = (process_work(), Instant::now());
            run(4096 / BATCH);
            (wall.elapsed().as_secs_f64(), process_work() - work)
        });
        walls.push(one.0 / both.0);
        works.push(both.1 / one.1);
    }
    walls.sort_by(f64::total_cmp);
    works.sort_by(f64::total_cmp);
    rows.push("4096 sessions, one thread / two threads: wall time", "x", walls[2], walls[4]);
    rows.push("the same, two threads / one thread: work of all threads", "x", works[2], works[0]);
}

/// What all threads of this process have worked, in seconds; of ten milliseconds each.
fn process_work() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: f64 = fields.skip(11).take(2).filter_map(|it| it.parse::<f64>().ok()).sum();
    ticks / 100.0
}

#[derive(Default)]
struct Rows(Vec<Row>);

struct Row {
    name: String,
    unit: &'static str,
    median: f64,
    /// The best of all runs.
    best: f64,
}

impl Rows {
    fn push(&mut self, name: &str, unit: &'static str, median: f64, best: f64) {
        self.0.push(Row { name: name.to_owned(), unit, median, best });
    }

    /// A row in P for each of `each`; `run` is told which person is next.
    fn add(&mut self, name: &str, runs: usize, each: usize, run: impl Fn(usize)) {
        let ratios = (0..runs).map(|at| in_p(|| run(at % BATCH)) / each as f64);
        self.of(name, ratios.collect());
    }

    /// A row of how much more the one takes than the other, one after the other.
    fn add_difference(
        &mut self,
        name: &str,
        runs: usize,
        more: impl Fn(usize),
        less: impl Fn(usize),
    ) {
        let difference = |at: usize| {
            let before = timed(|| drop(product()));
            let (more, less) = (timed(|| more(at % BATCH)), timed(|| less(at % BATCH)));
            let after = timed(|| drop(product()));
            2.0 * (more.as_secs_f64() - less.as_secs_f64()) / (before + after).as_secs_f64()
        };
        self.of(name, (0..runs).map(difference).collect());
    }

    fn of(&mut self, name: &str, mut ratios: Vec<f64>) {
        ratios.sort_by(f64::total_cmp);
        self.push(name, "P", ratios[ratios.len() / 2], ratios[0]);
    }

    /// A row of how many times as much one row is as another.
    fn compare(&mut self, more: &str, less: &str) {
        let median = |name| self.0.iter().find(|row| row.name == name).map(|row| row.median);
        if let (Some(of_more), Some(of_less)) = (median(more), median(less)) {
            let ratio = of_more / of_less;
            self.push(&format!("{more} / {less}"), "x", ratio, ratio);
        }
    }

    fn print(&self) {
        let mut times: Vec<Duration> = (0..101).map(|_| timed(|| drop(product()))).collect();
        times.sort();
        if std::env::args().any(|argument| argument == "--json") {
            let row = |row: &Row| json!({"name": row.name, "unit": row.unit, "median": row.median});
            let rows: Vec<_> = self.0.iter().map(row).collect();
            println!("{}", json!({"p_ms": times[50].as_secs_f64() * 1e3, "rows": rows}));
            return;
        }
        println!("P = {:?}", times[50]);
        println!("{:>75} {:>8}", "median", "best");
        for Row { name, unit, median, best } in &self.0 {
            println!("{name:66} {median:8.3} {best:8.3} {unit}");
        }
    }
}

/// Timed between two products, so that a change of pace in the middle does not count.
fn in_p(run: impl FnOnce()) -> f64 {
    let before = timed(|| drop(product()));
    let time = timed(run);
    let after = timed(|| drop(product()));
    2.0 * time.as_secs_f64() / (before + after).as_secs_f64()
}

fn product() -> impl Sized {
    black_box(pairing_product())
}

fn timed(run: impl FnOnce()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}

const BATCH: usize = 256;
const ISSUERS: usize = 8;
