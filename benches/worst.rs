//! What the worst input of each kind costs, small, of 100 kB and at the limit of bytes.
//!
//! ```text
//! cargo bench --bench worst               a table, the slowest first
//! cargo bench --bench worst -- 100000     inputs of that many bytes alone
//! ```
//!
//! Times are the thread's own, in units of P (`docs/performance.md`), means of some runs with a
//! verifier that knows the issuer; memory is the most that was allocated at once.
#![allow(unsafe_code)]

#[path = "../tests/support/hard.rs"]
mod hard;
mod support;
#[path = "../tests/support/mod.rs"]
mod tests;

use std::time::Duration;

use hard::{ask, hard, memory, verifier};
use result_vp::limits::Limit;
use result_vp::{Evidence, Source};
use serde_json::{json, Value};
use support::{pairing_product, signer};
use tests::work_time;

fn main() {
    let sizes: Vec<usize> = std::env::args().filter_map(|it| it.parse().ok()).collect();
    // Room for what is added around the hard part.
    let largest = Limit::Bytes.standard() - (1 << 20);
    let sizes = if sizes.is_empty() { vec![100_000, largest] } else { sizes };
    let unit = mean(|| {
        std::hint::black_box(pairing_product());
    });
    println!("P = {unit:?}");
    for size in sizes {
        let verifier = verifier();
        let mut rows: Vec<(Duration, String)> = Vec::new();
        let mut add = |name: &str, bytes: usize, run: &dyn Fn()| {
            run();
            let (peak, _) = memory(run);
            let time = mean(run);
            let ratio = time.as_secs_f64() / unit.as_secs_f64();
            let row = format!("| {name} | {bytes} | {ratio:.2} | {} |", peak.div_ceil(1 << 10));
            rows.push((time, row));
        };
        for (name, text) in hard(size) {
            add(name, text.len(), &|| ask(&verifier, &text));
        }
        for (name, text) in evidence(size) {
            add(name, text.len(), &|| {
                let _ = Evidence::new().add(text.as_bytes(), Source::unknown());
            });
        }
        rows.sort_by_key(|(time, _)| std::cmp::Reverse(*time));
        println!("\n| input | bytes | time in P | KiB at once |\n|---|---|---|---|");
        rows.iter().for_each(|(_, row)| println!("{row}"));
    }
}

/// Evidence of about `size` bytes.
fn evidence(size: usize) -> Vec<(&'static str, String)> {
    let method = |at: usize| {
        json!({
            "id": format!("#{at}"), "type": "Multikey", "controller": "did:web:a",
            "publicKeyMultibase": format!("z{}", "2".repeat(1000)),
        })
    };
    let methods: Vec<Value> = (0..Limit::Methods.standard()).map(method).collect();
    let depth = (size / 40).min(Limit::Depth.standard() / 2 - 2);
    let nested = (0..depth).fold(json!({}), |it, _| json!({"properties": {"a": it}}));
    let wide: serde_json::Map<String, Value> =
        (0..1000).map(|at| (format!("p{at}"), json!({"pattern": "(a|b)*c{1,9}"}))).collect();
    let schema = |members: Value| {
        let mut schema = json!({"$schema": DRAFT, "$id": "https://s.example/"});
        members.as_object().into_iter().flatten().for_each(|(name, value)| {
            schema[name] = value.clone();
        });
        schema.to_string()
    };
    vec![
        ("a DID document of 256 keys", {
            json!({"id": "did:web:a", "verificationMethod": methods}).to_string()
        }),
        ("a deep schema", schema(nested)),
        ("a schema of patterns", schema(json!({ "properties": wide }))),
        ("a long schema", schema(json!({ "description": "d".repeat(size.min(1_000_000)) }))),
    ]
}

/// The mean of as many runs as a clock of some milliseconds needs.
fn mean(run: impl Fn()) -> Duration {
    let start = work_time();
    let mut runs = 0;
    while runs < 3 || (runs < 100_000 && work_time().saturating_sub(start) < LONG) {
        run();
        runs += 1;
    }
    work_time().saturating_sub(start) / runs
}

const LONG: Duration = Duration::from_millis(400);
const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";
