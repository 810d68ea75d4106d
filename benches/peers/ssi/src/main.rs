//! Crate `ssi` and this library on the same credentials, one after the other in one run.
//!
//! ```text
//! cargo run --release --manifest-path benches/peers/ssi/Cargo.toml
//! ```
//!
//! Each verifies the text of one credential that is its own issuer's (a did:key), contexts at hand: the
//! library with every check it makes, `ssi` as its documentation shows.

use std::hint::black_box;
use std::time::{Duration, Instant};

use result_vp::{
    Evidence, ExpectedSession, Policy, TrustedIssuers, Unknown, UnverifiedPresentation, Verdict,
    Verifier,
};
use ssi::claims::data_integrity::AnyDataIntegrity;
use ssi::claims::vc::AnyJsonCredential;
use ssi::claims::VerificationParameters;
use ssi::dids::DIDResolver;

fn main() {
    for suite in ["ed25519signature2020-eddsa", "eddsa-rdfc-2022-eddsa", "ecdsa-rdfc-2019-es256"] {
        let path = format!("{}/../../../fixtures/presentations/suites/{suite}.json", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read(path).expect("a fixture");
        let presentation: serde_json::Value = serde_json::from_slice(&text).expect("JSON");
        let credential = presentation["verifiableCredential"][0].to_string();
        let policy = Policy::new(TrustedIssuers::insecure_any());
        let verifier = Verifier::new(policy.status(Unknown::Skip).schema(Unknown::Skip));
        let evidence = Evidence::new();
        let now = chrono::Utc::now();
        let ours = || {
            let read = UnverifiedPresentation::from_json(&text).expect("a presentation");
            let report = verifier.verify(&read, ExpectedSession::InsecureAny, &evidence, now);
            assert_eq!(report.verdict(), Verdict::Accepted);
            black_box(report.into_verified().expect("verified"));
        };
        let resolver = ssi::dids::AnyDidMethod::default().into_vm_resolver();
        let parameters = VerificationParameters::from_resolver(resolver);
        let theirs = || {
            let read: AnyDataIntegrity<AnyJsonCredential> =
                serde_json::from_str(&credential).expect("a credential");
            let verified = futures::executor::block_on(read.verify(&parameters));
            black_box(verified.expect("asked").expect("valid"));
        };
        let (mut ratios, mut times) = (Vec::new(), Vec::new());
        for _ in 0..101 {
            let (ours, theirs) = (timed(ours), timed(theirs));
            ratios.push(theirs.as_secs_f64() / ours.as_secs_f64());
            times.push(ours);
        }
        ratios.sort_by(f64::total_cmp);
        times.sort();
        println!("{suite:28} ours {:8.1?}   ssi / ours {:6.1} (best {:.1})", times[50], ratios[50], ratios[100]);
    }
}

fn timed(run: impl Fn()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}
