//! The hot path: a session's text to its claims, with a warm key, beside the bare two-pairing product
//! that no verification can do without.

use blst::{
    blst_final_exp, blst_fp12, blst_fp12_mul, blst_miller_loop, blst_p1_affine,
    blst_p1_affine_generator, blst_p2_affine, blst_p2_affine_generator,
};
use criterion::{criterion_group, criterion_main, Criterion};
use result_vp::{
    Did, Evidence, ExpectedSession, GovernmentId, Policy, Session, SessionId, TrustedIssuers,
    Unknown, Verifier,
};

fn verify(criterion: &mut Criterion) {
    let mut evidence = Evidence::new();
    evidence.add_did_document(include_bytes!("../fixtures/did/issuer.json")).unwrap();
    let issuer = Did::new("did:web:issuer.example").unwrap();
    let policy = Policy::new(TrustedIssuers::new([issuer]).unwrap())
        .status(Unknown::Skip)
        .schema(Unknown::Skip);
    let verifier = Verifier::new(policy);
    // The time of the question is fixed, so the fixtures never grow old.
    let now = "2024-06-01T00:00:00Z".parse().unwrap();
    let mut group = criterion.benchmark_group("verify");
    for (name, text) in [
        ("all 29 statements shown", &include_bytes!("../fixtures/sessions/success.json")[..]),
        ("10 statements hidden", include_bytes!("../fixtures/sessions/selective.json")),
    ] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let session = Session::from_json(text).unwrap();
                let id = SessionId::new(session.id()).unwrap();
                let expected = ExpectedSession::Id(&id);
                let report = verifier.verify_session(&session, expected, &evidence, now).unwrap();
                let verified = report.into_verified().unwrap();
                GovernmentId::from_credential(&verified.credentials()[0]).unwrap()
            });
        });
    }
    group.bench_function("bare two-pairing product", |bencher| bencher.iter(pairing_product));
    group.finish();
}

#[allow(unsafe_code)]
fn pairing_product() -> blst_fp12 {
    // SAFETY: `blst` hands out constants of its own; the others are plain values.
    unsafe {
        let g1: blst_p1_affine = *blst_p1_affine_generator();
        let g2: blst_p2_affine = *blst_p2_affine_generator();
        let [mut left, mut right, mut product] = [blst_fp12::default(); 3];
        blst_miller_loop(&mut left, &g2, &g1);
        blst_miller_loop(&mut right, &g2, &g1);
        blst_fp12_mul(&mut product, &left, &right);
        let factors = product;
        blst_final_exp(&mut product, &factors);
        product
    }
}

criterion_group!(benches, verify);
criterion_main!(benches);
