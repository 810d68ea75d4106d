//! Every figure in units of P, one bare two-pairing product of `blst` timed in the same run: ratios
//! hold on a busy machine where times do not.
//!
//! ```text
//! cargo bench --bench ratios
//! ```

#[path = "../tests/support/signer.rs"]
mod signer;

use std::hint::black_box;
use std::time::{Duration, Instant};

use blst::{
    blst_final_exp, blst_fp12, blst_fp12_mul, blst_miller_loop, blst_p1_affine,
    blst_p1_affine_generator, blst_p2_affine, blst_p2_affine_generator,
};
use result_vp::{
    Did, Evidence, ExpectedSession, GovernmentId, Policy, Session, SessionId, TrustedIssuers,
    Unknown, UnverifiedPresentation, Verifier,
};
use serde_json::{json, Value};
use signer::{document, Signer};

fn main() {
    let signers: Vec<Signer> =
        (0..ISSUERS).map(|index| Signer::new(&format!("issuer {index}"))).collect();
    let one_issuer: Vec<Asked> =
        (0..BATCH).map(|person| Asked::new(&signers[0], person, &[])).collect();
    let hiding: Vec<Asked> = (0..8).map(|person| Asked::new(&signers[0], person, HIDDEN)).collect();
    let per_issuer = BATCH / ISSUERS;
    let mut eight_issuers: Vec<Asked> = one_issuer[..per_issuer].to_vec();
    for signer in &signers[1..] {
        eight_issuers.extend((0..per_issuer).map(|person| Asked::new(signer, person, &[])));
    }
    let issuers = signers.iter().map(|signer| Did::new(&signer.did()).unwrap());
    let policy = Policy::new(TrustedIssuers::new(issuers).unwrap())
        .disclosure(result_vp::policy::Disclosure::AllowPartial)
        .status(Unknown::Skip)
        .schema(Unknown::Skip);
    let fresh = || Verifier::new(policy.clone());
    let (warm, evidence) = (fresh(), Evidence::new());
    let now = "2024-06-01T00:00:00Z".parse().unwrap();
    let one = |verifier: &Verifier, asked: &Asked| {
        let session = Session::from_json(asked.text.as_bytes()).unwrap();
        let id = SessionId::new(session.id()).unwrap();
        let expected = ExpectedSession::Id(&id);
        let report = verifier.verify_session(&session, expected, &evidence, now).unwrap();
        let verified = report.into_verified().unwrap();
        black_box(GovernmentId::from_credential(&verified.credentials()[0]).unwrap());
    };
    // The persons of the warm-up and of the runs differ, so what is remembered of an issuer is what
    // all its credentials say.
    one_issuer.iter().chain(&eight_issuers).for_each(|asked| one(&warm, asked));
    hiding.iter().for_each(|asked| one(&warm, asked));

    let mut next = 0;
    let mut pick = move |of: usize| {
        next += 1;
        next % of
    };
    let mut rows: Vec<Row> = Vec::new();
    let mut row = |name: &str, runs: usize, each: usize, run: &mut dyn FnMut(usize)| {
        let mut ratios: Vec<f64> = (0..runs)
            .map(|_| {
                // Before and after, so that a change of pace in the middle does not count.
                let before = timed(|| {
                    black_box(pairing_product());
                });
                let index = pick(BATCH);
                let time = timed(|| run(index));
                let after = timed(|| {
                    black_box(pairing_product());
                });
                2.0 * time.as_secs_f64() / each as f64 / (before + after).as_secs_f64()
            })
            .collect();
        ratios.sort_by(f64::total_cmp);
        rows.push(Row { name: name.to_owned(), least: ratios[0], median: ratios[runs / 2] });
    };
    row("session to claims, warm, 29 shown", 201, 1, &mut |index| one(&warm, &one_issuer[index]));
    row("session to claims, warm, 10 hidden", 201, 1, &mut |index| one(&warm, &hiding[index % 8]));
    row("session to claims, cold issuer", 51, 1, &mut |index| one(&fresh(), &one_issuer[index]));
    row("text to statements alone", 201, 1, &mut |index| {
        let session = Session::from_json(one_issuer[index].text.as_bytes()).unwrap();
        let text = session.result_vp().unwrap().as_bytes().to_vec();
        black_box(UnverifiedPresentation::from_json(&text).unwrap());
    });
    row("crate bbs, cold, the proof alone", 21, 1, &mut |index| {
        let asked = &one_issuer[index];
        assert!(signers[0].oracle(&asked.value, 29, &asked.revealed, asked.nonce.as_bytes()));
    });
    let all = |verifier: &Verifier, asked: &[Asked]| {
        let sessions: Vec<(Session, SessionId)> = (asked.iter())
            .map(|asked| {
                let session = Session::from_json(asked.text.as_bytes()).unwrap();
                let id = SessionId::new(session.id()).unwrap();
                (session, id)
            })
            .collect();
        let expected: Vec<_> =
            sessions.iter().map(|(session, id)| (session, ExpectedSession::Id(id))).collect();
        for report in verifier.verify_session_batch(&expected, &evidence, now) {
            let verified = report.unwrap().into_verified().unwrap();
            black_box(GovernmentId::from_credential(&verified.credentials()[0]).unwrap());
        }
    };
    row("batch of 16, one issuer, for each session", 21, 16, &mut |_| {
        all(&warm, &one_issuer[..16])
    });
    row("batch of 256, one issuer, for each session", 11, BATCH, &mut |_| all(&warm, &one_issuer));
    row("batch of 256, 8 issuers, for each session", 11, BATCH, &mut |_| {
        all(&warm, &eight_issuers)
    });

    if std::env::args().any(|argument| argument == "--json") {
        let rows = rows.iter().map(|row| json!({"name": row.name, "median": row.median}));
        println!("{}", json!({"unit": "P", "rows": rows.collect::<Vec<_>>()}));
        return;
    }
    let mut times: Vec<Duration> = (0..101)
        .map(|_| {
            timed(|| {
                black_box(pairing_product());
            })
        })
        .collect();
    times.sort();
    println!("P = {:?}", times[50]);
    println!("{:56} {:>8} {:>8}", "in P", "median", "least");
    for row in rows {
        println!("{:56} {:8.3} {:8.3}", row.name, row.median, row.least);
    }
}

struct Row {
    name: String,
    least: f64,
    median: f64,
}

/// A session as it is asked about, and its proof as the other implementation reads it.
#[derive(Clone)]
struct Asked {
    text: String,
    value: Vec<u8>,
    revealed: Vec<(usize, String)>,
    nonce: String,
}

impl Asked {
    /// A session of an invented person.
    fn new(signer: &Signer, person: usize, hidden: &[&str]) -> Asked {
        let id = format!("0f5a1c52-6f0e-4f7e-9a55-{person:012x}");
        let nonce = format!("urn:trinsic:idvsession:{id}");
        let mut full = document(&signer.did());
        let subject = &mut full["credentialSubject"];
        subject["givenName"] = format!("MIRABEL {person}").into();
        subject["familyName"] = format!("EXEMPLARIS {person}").into();
        subject["dateOfBirth"] = format!("19{:02}-02-28T00:00:00", 10 + person % 90).into();
        subject["number"] = format!("X{person:07}").into();
        subject["issueDate"] = format!("20{:02}-09-30T00:00:00", person % 24).into();
        subject["expiryDate"] = format!("20{:02}-09-29T00:00:00", 30 + person % 24).into();
        subject["streetAddress"] = format!("{person} SAMPLE ROW").into();
        subject["city"] = format!("NOWHERE FALLS {person}").into();
        subject["postalCode"] = format!("{person:05}").into();
        let minute = person % 60;
        full["issuanceDate"] = format!("2024-05-02T10:{minute:02}:00Z").into();
        full["credentialStatus"]["id"] =
            format!("https://issuer.example/credential-status/1#{person}").into();
        full["credentialStatus"]["revocationListIndex"] = person.to_string().into();
        let mut shown = full.clone();
        for name in hidden {
            shown["credentialSubject"].as_object_mut().unwrap().remove(*name).unwrap();
        }
        let mut options = signer.proof_options();
        options["created"] = full["issuanceDate"].clone();
        let messages = signer.messages(&full, &options);
        let shown_messages = signer.messages(&shown, &options);
        let revealed: Vec<(usize, String)> = (messages.iter().cloned().enumerate())
            .filter(|(_, line)| shown_messages.contains(line))
            .collect();
        let indices: Vec<usize> = revealed.iter().map(|(index, _)| *index).collect();
        let value = signer.derive(&signer.sign(&messages), &messages, &indices, nonce.as_bytes());
        let credential = signer::with_proof(&shown, &options, &value, &nonce);
        let text = json!({
            "id": id,
            "clientToken": "not-a-token",
            "state": "IDV_SUCCESS",
            "verifications": {
                "v": {"id": "v", "state": "VERIFICATION_SUCCESS", "updated": 1714644590}
            },
            "resultVp": signer::presentation(&credential),
            "created": 1714644000,
            "updated": 1714644600,
        });
        Asked { text: Value::to_string(&text), value, revealed, nonce }
    }
}

fn timed(run: impl FnOnce()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
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

const BATCH: usize = 256;
const ISSUERS: usize = 8;
const HIDDEN: &[&str] = &[
    "givenName",
    "familyName",
    "dateOfBirth",
    "number",
    "issueDate",
    "expiryDate",
    "streetAddress",
    "city",
    "state",
    "postalCode",
];
