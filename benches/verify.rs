//! The hot path with criterion, for watching one change: times of this machine, not ratios.
//!
//! ```text
//! cargo bench --bench verify -- session
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

use criterion::{criterion_group, criterion_main, BenchmarkId, Criterion, Throughput};
use result_vp::internal::WarmKey;
use result_vp::{Session, Verifier};
use support::{pairing_product, persons, Asked, World, HIDDEN};

/// A verifier that has learned what there is to learn of an issuer.
fn warm(world: &World, persons: &[Asked]) -> Verifier {
    let verifier = world.verifier();
    persons.iter().for_each(|asked| drop(world.claims(&verifier, asked)));
    verifier
}

fn benches(criterion: &mut Criterion) {
    let world = World::new(1);
    let issuer = &world.issuers[0];
    let shown = persons(issuer, 16, &[]);
    let hidden = persons(issuer, 16, HIDDEN);
    let mut turn = 0;
    let mut next = move || {
        turn += 1;
        turn % 16
    };

    let mut group = criterion.benchmark_group("session");
    for (name, persons) in [("29 shown", &shown), ("10 hidden", &hidden)] {
        let verifier = warm(&world, persons);
        group.bench_function(name, |bencher| {
            bencher.iter(|| world.claims(&verifier, &persons[next()]));
        });
    }
    group.finish();

    criterion.bench_function("parse", |bencher| {
        bencher.iter(|| Session::from_json(shown[next()].text.as_bytes()));
    });
    criterion.bench_function("statements", |bencher| bencher.iter(|| shown[next()].statements()));

    let key = WarmKey::new(&issuer.public_key()).expect("a key");
    let messages: Vec<Vec<String>> = (shown.iter())
        .map(|asked| asked.revealed.iter().map(|(_, line)| line.clone()).collect())
        .collect();
    criterion.bench_function("proof", |bencher| {
        bencher.iter(|| {
            let at = next();
            key.verifies(&shown[at].value, &messages[at], shown[at].nonce.as_bytes())
        });
    });

    let mut group = criterion.benchmark_group("batch");
    group.sample_size(10);
    let verifier = warm(&world, &shown);
    for count in [1, 16, 256, 4096] {
        let batch: Vec<Asked> = shown.iter().cycle().take(count).cloned().collect();
        group.throughput(Throughput::Elements(count as u64));
        group.bench_with_input(BenchmarkId::from_parameter(count), &batch, |bencher, batch| {
            bencher.iter(|| world.all_claims(&verifier, batch));
        });
    }
    group.finish();

    criterion.bench_function("cold_issuer", |bencher| {
        bencher.iter(|| world.claims(&world.verifier(), &shown[next()]));
    });
    let portraits: Vec<Asked> =
        (0..16).map(|person| Asked::with_images(issuer, person, 100_000)).collect();
    criterion.bench_function("large_portrait", |bencher| {
        bencher.iter(|| world.claims(&verifier, &portraits[next()]));
    });
    let mut group = criterion.benchmark_group("ssi_suites");
    for suite in suites::SUITES {
        let presented = suites::Presented::new(suite, &suites::connect());
        group.bench_function(suite.0, |bencher| bencher.iter(|| presented.verified()));
    }
    group.finish();

    criterion.bench_function("bare two-pairing product", |bencher| {
        bencher.iter(|| black_box(pairing_product()));
    });
}

criterion_group!(all, benches);
criterion_main!(all);
