//! What `.ci/instructions` counts: one path, as often as it is told.
//!
//! ```text
//! cargo bench --bench instructions -- session 20
//! ```

#[path = "../tests/support/oracle.rs"]
#[allow(dead_code)]
mod oracle;
#[path = "../tests/support/plain.rs"]
#[allow(dead_code)]
mod plain;
#[path = "support/suites.rs"]
#[allow(dead_code)]
mod suites;
mod support;

use std::hint::black_box;

use result_vp::Verifier;
use suites::{connect, Presented, SUITES};
use support::{persons, Asked, World};

fn main() {
    let arguments: Vec<String> = std::env::args().filter(|it| it != "--bench").collect();
    let [_, path, count] = arguments.as_slice() else {
        return println!("instructions: name a path and how often");
    };
    let count: usize = count.parse().expect("a number");
    let world = World::new(1);
    let issuer = &world.issuers[0];
    let persons = match path.as_str() {
        "images" => (0..16).map(|person| Asked::with_images(issuer, person, 100_000)).collect(),
        _ => persons(issuer, 16, &[]),
    };
    let verifier = world.verifier();
    // What is learned of an issuer is learned before.
    persons.iter().for_each(|asked| drop(world.claims(&verifier, asked)));
    let of_suite = Presented::new(SUITES[0], &connect());
    drop(of_suite.verified());
    for asked in persons.iter().cycle().take(count) {
        counted(path, &world, &verifier, &persons, asked, &of_suite);
    }
}

/// Only what happens in here is counted.
#[inline(never)]
fn counted(
    path: &str,
    world: &World,
    verifier: &Verifier,
    persons: &[Asked],
    asked: &Asked,
    of_suite: &Presented,
) {
    match path {
        "statements" => drop(black_box(asked.statements())),
        "session" | "images" => drop(black_box(world.claims(verifier, asked))),
        "cold" => drop(black_box(world.claims(&world.verifier(), asked))),
        "ed25519" => drop(black_box(of_suite.verified())),
        "batch" => drop(black_box(world.all_claims(verifier, persons))),
        other => panic!("no path {other}"),
    }
}
