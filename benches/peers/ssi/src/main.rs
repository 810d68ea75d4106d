//! Crate `ssi` and this library on the same credentials, one after the other in one run.
//!
//! ```text
//! cargo run --release --manifest-path benches/peers/ssi/Cargo.toml
//! ```
//!
//! Presentations of one credential of a did:key, in two shapes: with the members of a Connect result and with
//! four claims. Both read the same text; the library makes every check, `ssi` those of its documentation's
//! `verify` for each credential. Contexts are at hand. Some of ours and some of theirs take turns.

#[path = "../../../../tests/support/oracle.rs"]
#[allow(dead_code)]
mod oracle;
#[path = "../../../../tests/support/plain.rs"]
#[allow(dead_code)]
mod plain;

#[path = "../../../support/suites.rs"]
mod suites;

use std::hint::black_box;
use std::time::Instant;

use ssi::claims::data_integrity::AnyDataIntegrity;
use ssi::claims::vc::v1::JsonPresentation;
use ssi::claims::vc::AnyJsonCredential;
use ssi::claims::VerificationParameters;
use ssi::dids::DIDResolver;
use suites::{connect, four_claims, Presented, SUITES};

fn main() {
    for suite in SUITES {
        for (shape, document) in [("Connect", connect()), ("four claims", four_claims())] {
            compare(suite.0, shape, &Presented::new(suite, &document));
        }
    }
}

fn compare(suite: &str, shape: &str, presented: &Presented) {
    let ours = || drop(black_box(presented.verified()));
    let resolver = ssi::dids::AnyDidMethod::default().into_vm_resolver();
    let parameters = VerificationParameters::from_resolver(resolver);
    let theirs = || {
        let read: JsonPresentation<AnyDataIntegrity<AnyJsonCredential>> =
            serde_json::from_str(&presented.text).expect("a presentation");
        for credential in &read.verifiable_credentials {
            let verified = futures::executor::block_on(credential.verify(&parameters));
            black_box(verified.expect("asked").expect("valid"));
        }
    };
    let (mut ratios, mut times) = (Vec::new(), Vec::new());
    for _ in 0..21 {
        let (ours, theirs) = (timed(ours), timed(theirs));
        ratios.push(theirs / ours);
        times.push(ours * 1e6);
    }
    ratios.sort_by(f64::total_cmp);
    times.sort_by(f64::total_cmp);
    let (time, ratio, best) = (times[10], ratios[10], ratios[20]);
    println!("{suite:22} {shape:12} ours {time:6.1} µs   ssi / ours {ratio:6.1} (best {best:.1})");
}

/// Seconds for each of some in a row: whoever verifies one verifies others.
fn timed(run: impl Fn()) -> f64 {
    let start = Instant::now();
    (0..EACH).for_each(|_| run());
    start.elapsed().as_secs_f64() / f64::from(EACH)
}

const EACH: u32 = 100;
