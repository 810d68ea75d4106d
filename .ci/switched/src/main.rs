//! Tries the mutants that `cargo mutants` lists, without compiling each: a copy of the sources holds
//! them all, each behind a switch that the environment turns, and is compiled once.
//!
//!     switched ROOT WORK FILE…      (.ci/mutants calls it)
//!
//! A mutant is tried with the tests that reach it, the quickest first, until one fails. What was
//! caught before is not tried again; `WORK/results` has what is known, one mutant a line.

mod build;
mod mutant;
mod plain;
mod rewrite;
mod trial;

use std::path::PathBuf;
use std::process::ExitCode;

use crate::mutant::Mutant;
use crate::trial::Verdict;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(root), Some(work)) = (arguments.next(), arguments.next()) else {
        eprintln!("switched ROOT WORK FILE…");
        return ExitCode::from(2);
    };
    let (root, work) = (PathBuf::from(root), PathBuf::from(work));
    let mutants = mutant::list(&root, &arguments.collect::<Vec<_>>());
    println!("{} mutants", mutants.len());
    let built = build::build(&root, &work, &mutants);
    let verdicts = trial::try_all(&root, &work, &mutants, &built);
    match report(&root, &mutants, &verdicts) {
        true => ExitCode::SUCCESS,
        false => ExitCode::from(3),
    }
}

/// Prints the figures of each part; whether every survivor is argued.
fn report(root: &std::path::Path, mutants: &[Mutant], verdicts: &[Verdict]) -> bool {
    let argued = std::fs::read_to_string(root.join("docs/mutants.md")).unwrap_or_default();
    // `name` of the document, or `name` ×3 where a function has several of the same.
    let argued = |mutant: &Mutant| {
        let name = format!("`{}`", mutant.change);
        let Some(at) = argued.find(&name) else { return 0 };
        let count = argued[at + name.len()..].strip_prefix(" ×").map(|rest| {
            let end = rest.find(|it: char| !it.is_ascii_digit()).unwrap_or(rest.len());
            rest[..end].parse().unwrap_or(1)
        });
        count.unwrap_or(1)
    };
    let all = || mutants.iter().zip(verdicts);
    let mut unargued = Vec::new();
    for (mutant, _) in all().filter(|(_, verdict)| **verdict == Verdict::Survived) {
        let same = all()
            .filter(|(it, verdict)| **verdict == Verdict::Survived && it.change == mutant.change);
        if same.count() > argued(mutant) {
            unargued.push(mutant);
        }
    }
    let mut parts: Vec<&str> = mutants.iter().map(Mutant::part).collect();
    parts.sort_unstable();
    parts.dedup();
    println!("\n| part | mutants | do not compile | not tried | caught | of these out of time | survive | unargued |");
    println!("|---|---|---|---|---|---|---|---|");
    for part in parts.iter().map(|it| Some(*it)).chain([None]) {
        let within = |mutant: &Mutant| part.is_none_or(|part| mutant.part() == part);
        let count = |wanted: &[Verdict]| {
            all().filter(|(it, verdict)| within(it) && wanted.contains(verdict)).count()
        };
        println!(
            "| {} | {} | {} | {} | {} | {} | {} | {} |",
            part.unwrap_or("all"),
            mutants.iter().filter(|it| within(it)).count(),
            count(&[Verdict::Unviable]),
            count(&[Verdict::NotTried]),
            count(&[Verdict::Caught, Verdict::TimedOut]),
            count(&[Verdict::TimedOut]),
            count(&[Verdict::Survived]),
            unargued.iter().filter(|it| within(it)).count(),
        );
    }
    for (mutant, _) in all().filter(|(_, verdict)| **verdict == Verdict::NotTried) {
        println!("NOT TRIED {}", mutant.name);
    }
    for mutant in &unargued {
        println!("SURVIVED {}", mutant.name);
    }
    unargued.is_empty()
}
