//! Runs the tests that reach a mutant while it is on, until one fails.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::build::Built;
use crate::mutant::Mutant;
use crate::plain;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Caught,
    TimedOut,
    Survived,
    Unviable,
    NotTried,
}

impl Verdict {
    fn word(self) -> &'static str {
        match self {
            Verdict::Caught => "caught",
            Verdict::TimedOut => "timeout",
            Verdict::Survived => "survived",
            Verdict::Unviable => "unviable",
            Verdict::NotTried => "not tried",
        }
    }
}

/// A test, by its binary and its name there.
struct Test {
    binary: usize,
    name: String,
    took: Duration,
    /// How many mutants it caught in this run.
    caught: AtomicUsize,
}

/// Tries what is not known to be caught.
pub fn try_all(root: &Path, work: &Path, mutants: &[Mutant], built: &Built) -> Vec<Verdict> {
    let results = work.join("results");
    let caught: HashMap<String, Verdict> = fs::read_to_string(&results)
        .unwrap_or_default()
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .filter_map(|(verdict, name)| match verdict {
            "caught" => Some((name.to_owned(), Verdict::Caught)),
            "timeout" => Some((name.to_owned(), Verdict::TimedOut)),
            "unviable" => Some((name.to_owned(), Verdict::Unviable)),
            _ => None,
        })
        .collect();
    let known = |number: usize| match caught.get(&mutants[number].key) {
        Some(verdict) => Some(*verdict),
        None if built.unviable.contains(&number) => Some(Verdict::Unviable),
        None => None,
    };
    let mut verdicts: Vec<Option<Verdict>> = (0..mutants.len()).map(known).collect();
    let plain = built.unswitchable.iter().copied().filter(|it| verdicts[*it].is_none());
    let plain: Vec<usize> = plain.collect();
    let plainly = std::env::var_os("MUTANTS_PLAIN").is_some_and(|it| it == "1");
    for number in &plain {
        verdicts[*number] = Some(Verdict::NotTried);
    }
    let open: Vec<usize> = (0..mutants.len()).filter(|it| verdicts[*it].is_none()).collect();
    let (tests, reached) = reach(work, built);
    println!("{} mutants to try with {} tests", open.len(), tests.len());
    let verdicts = Mutex::new(verdicts);
    let file = OpenOptions::new().create(true).append(true).open(&results).expect("a file");
    let file = Mutex::new(file);
    // What costs least comes first, so that a run that is stopped has decided most.
    let cost = |number: &usize| -> Duration {
        let reaching = reached.get(number).map_or(&[][..], Vec::as_slice);
        reaching.iter().map(|place| tests[*place].took).sum()
    };
    let mut open = open;
    open.sort_by_key(cost);
    let passed = Passed::read(work);
    let next = AtomicUsize::new(0);
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..jobs() {
            scope.spawn(|| {
                while let Some(number) = open.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if begun.elapsed() > longest() {
                        continue;
                    }
                    let reaching = reached.get(number).map_or(&[][..], Vec::as_slice);
                    let Mutant { name, key, .. } = &mutants[*number];
                    let (verdict, by) = trial(*number, key, reaching, &tests, built, &passed);
                    let word = verdict.word();
                    println!("{word} {name} ({} tests reach it) {by}", reaching.len());
                    writeln!(file.lock().expect("no panic"), "{word}\t{key}").expect("written");
                    verdicts.lock().expect("no panic")[*number] = Some(verdict);
                }
            });
        }
    });
    let mut verdicts = verdicts.into_inner().expect("no panic");
    if plainly && !plain.is_empty() {
        for (number, verdict) in plain.iter().zip(plain::try_all(root, work, mutants, &plain)) {
            let word = verdict.word();
            println!("{word} {}", mutants[*number].name);
            writeln!(file.lock().expect("no panic"), "{word}\t{}", mutants[*number].key)
                .expect("written");
            verdicts[*number] = Some(verdict);
        }
    }
    verdicts.into_iter().map(|it| it.unwrap_or(Verdict::NotTried)).collect()
}

/// After so long nothing more is begun.
fn longest() -> Duration {
    let told = std::env::var("MUTANTS_SECONDS").ok().and_then(|it| it.parse().ok());
    told.map_or(Duration::MAX, Duration::from_secs)
}

fn jobs() -> usize {
    std::env::var("MUTANTS_JOBS").ok().and_then(|it| it.parse().ok()).unwrap_or(2)
}

/// All tests that pass as the code is, and for each mutant those that reach it, the quickest first.
fn reach(work: &Path, built: &Built) -> (Vec<Test>, BTreeMap<usize, Vec<usize>>) {
    let mut names = Vec::new();
    for (binary, (_, path)) in built.binaries.iter().enumerate() {
        let output = command(path, built).args(["--list", "--format=terse"]).output();
        let listed = String::from_utf8(output.expect("the tests run").stdout).expect("text");
        let listed = listed.lines().filter_map(|it| it.strip_suffix(": test"));
        names.extend(listed.map(|name| (binary, name.to_owned())));
    }
    let (next, found) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..jobs() {
            scope.spawn(|| {
                while let Some((binary, name)) = names.get(next.fetch_add(1, Ordering::Relaxed)) {
                    match reached_by(work, built, *binary, name) {
                        Some(it) => found.lock().expect("no panic").push(it),
                        None => println!("LEFT OUT {name}: it fails as the code is"),
                    }
                }
            });
        }
    });
    let mut found = found.into_inner().expect("no panic");
    found.sort_by_key(|(test, _)| test.took);
    let (mut tests, mut reached) = (Vec::new(), BTreeMap::<usize, Vec<usize>>::new());
    for (place, (test, numbers)) in found.into_iter().enumerate() {
        tests.push(test);
        for number in numbers {
            reached.entry(number).or_default().push(place);
        }
    }
    (tests, reached)
}

/// The test, and the mutants that it reaches; `None` if it fails as the code is. What is known of the
/// same binary is not asked again.
fn reached_by(work: &Path, built: &Built, binary: usize, name: &str) -> Option<(Test, Vec<usize>)> {
    let (_, path) = &built.binaries[binary];
    let folder = work.join("reached").join(build_of(binary, built));
    fs::create_dir_all(&folder).expect("a folder");
    let (numbers, took) = (folder.join(name), folder.join(format!("{name}.took")));
    if !took.exists() {
        let _ = fs::remove_file(&numbers);
        let begun = Instant::now();
        let status = command(path, built)
            .args(["--exact", name])
            .env("RESULT_VP_REACHED", &numbers)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if !status.expect("the tests run").success() {
            return None;
        }
        fs::write(&took, begun.elapsed().as_millis().to_string()).expect("it is written");
    }
    let read = |path| fs::read_to_string(path).unwrap_or_default();
    let took = Duration::from_millis(read(took).parse().expect("a number"));
    let numbers = read(numbers).lines().filter_map(|it| it.parse().ok()).collect();
    let test = Test { binary, name: name.to_owned(), took, caught: AtomicUsize::new(0) };
    Some((test, numbers))
}

/// The name of a binary, and which build of it.
fn build_of(binary: usize, built: &Built) -> String {
    let (title, path) = &built.binaries[binary];
    let built_at = fs::metadata(path).and_then(|it| it.modified()).expect("it is there");
    let built_at = built_at.duration_since(std::time::UNIX_EPOCH).expect("a time").as_millis();
    format!("{title}-{built_at}")
}

/// Which tests of which build a mutant has passed: they are not run again for it.
struct Passed(Mutex<(HashSet<String>, fs::File)>);

impl Passed {
    fn read(work: &Path) -> Passed {
        let path = work.join("passed");
        let known = fs::read_to_string(&path).unwrap_or_default();
        let file = OpenOptions::new().create(true).append(true).open(&path).expect("a file");
        Passed(Mutex::new((known.lines().map(str::to_owned).collect(), file)))
    }

    fn has(&self, line: &str) -> bool {
        self.0.lock().expect("no panic").0.contains(line)
    }

    fn add(&self, line: String) {
        let (known, file) = &mut *self.0.lock().expect("no panic");
        writeln!(file, "{line}").expect("it is written");
        known.insert(line);
    }
}

fn command(path: &PathBuf, built: &Built) -> Command {
    let mut command = Command::new(path);
    command.current_dir(&built.tree).env("CARGO_MANIFEST_DIR", &built.tree);
    command
}

/// The verdict, and the test that failed.
fn trial(
    number: usize,
    key: &str,
    reaching: &[usize],
    all: &[Test],
    built: &Built,
    passed: &Passed,
) -> (Verdict, String) {
    for lengths in LENGTHS {
        let mut groups: BTreeMap<usize, Vec<&Test>> = BTreeMap::new();
        for test in reaching.iter().map(|place| &all[*place]) {
            if lengths.contains(&test.took.as_millis()) {
                groups.entry(test.binary).or_default().push(test);
            }
        }
        // Each binary's tests in one process; what caught most in the least time comes first.
        let mut groups: Vec<_> = groups.into_iter().collect();
        groups.sort_by_key(|(_, tests)| {
            let took: Duration = tests.iter().map(|it| it.took).sum();
            let caught: usize = tests.iter().map(|it| it.caught.load(Ordering::Relaxed)).sum();
            (took.as_millis() + 10) * 1000 / (caught as u128 + 1)
        });
        for (binary, tests) in groups {
            let (name, path) = &built.binaries[binary];
            // How long each of them took is known once for each build.
            let these = format!("{key}\t{}\t{}", build_of(binary, built), lengths.start);
            if passed.has(&these) {
                continue;
            }
            match run(number, path, &tests, built) {
                Ran::Passed => passed.add(these),
                Ran::Failed(line) => {
                    let by = tests.iter().find(|it| line.contains(&format!(" {} ", it.name)));
                    by.map(|it| it.caught.fetch_add(1, Ordering::Relaxed));
                    return (Verdict::Caught, format!("{name}: {line}"));
                }
                Ran::OutOfTime => return (Verdict::TimedOut, name.clone()),
            }
        }
    }
    (Verdict::Survived, String::new())
}

enum Ran {
    Passed,
    Failed(String),
    OutOfTime,
}

/// Runs tests of one binary, one after the other, until one fails.
fn run(number: usize, path: &PathBuf, tests: &[&Test], built: &Built) -> Ran {
    let usual: Duration = tests.iter().map(|it| it.took).sum();
    let deadline = Instant::now() + Duration::from_secs(30) + usual * 8;
    let mut child = command(path, built)
        .args(["--exact", "--test-threads=1"])
        .args(tests.iter().map(|it| &it.name))
        .env("RESULT_VP_MUTANT", number.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the tests run");
    let output = child.stdout.take().expect("it is piped");
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            let _ = sender.send(line);
        }
    });
    let mut failed = None;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        match receiver.recv_timeout(left) {
            Ok(line) if line.ends_with("... FAILED") => failed = Some(line),
            Ok(_) => continue,
            Err(std::sync::mpsc::RecvTimeoutError::Timeout) => {}
            // It has written its last.
            Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => {
                return match child.wait().expect("it ends").success() {
                    true => Ran::Passed,
                    false => Ran::Failed("it ended".to_owned()),
                };
            }
        }
        let _ = child.kill();
        let _ = child.wait();
        return failed.map_or(Ran::OutOfTime, Ran::Failed);
    }
}

/// Tests of about the same length run together, in milliseconds; the shorter ones first.
const LENGTHS: [Range<u128>; 4] = [0..200, 200..1000, 1000..5000, 5000..u128::MAX];
