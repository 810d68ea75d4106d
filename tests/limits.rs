//! Work and memory are bounded, whatever the input.
#![allow(unsafe_code)]

#[path = "support/hard.rs"]
mod hard;
#[path = "support/signer.rs"]
mod signer;
mod support;

use std::sync::Mutex;
use std::time::Duration;

use hard::{ask, hard, memory, verifier};
use result_vp::limits::Limits;
use result_vp::{Check, Contexts, Evidence, ExpectedSession, Input, Outcome, ReasonCode};
use serde_json::{json, Value};
use signer::{document, presentation, Signer};
use support::{fixture, instant, outcome, work_time};

/// One measurement at a time.
static ALONE: Mutex<()> = Mutex::new(());

#[test]
fn memory_is_at_most_four_times_the_input_and_8_mib() {
    let _alone = ALONE.lock().unwrap_or_else(|it| it.into_inner());
    let verifier = verifier();
    // The bundled contexts are read once.
    let _ = Contexts::bundled();
    ask(&verifier, &fixture("presentations/full.json"));
    for size in [1_000, 100_000, 1_000_000] {
        for (name, text) in hard(size) {
            let (used, _) = memory(|| ask(&verifier, &text));
            let limit = 4 * text.len() + (8 << 20);
            assert!(used <= limit, "{name} of {}: {used} bytes", text.len());
        }
    }
}

/// What is signed by several proofs, each over the others, and by a presentation around it is held for each of
/// them.
#[test]
fn where_proofs_cover_others_memory_is_at_most_nine_times_the_input_and_8_mib() {
    let _alone = ALONE.lock().unwrap_or_else(|it| it.into_inner());
    let verifier = verifier();
    let did = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";
    let proof = |id: usize| {
        let others = (0..4).filter(|it| *it != id).map(|it| format!("urn:p:{it}"));
        json!({
            "id": format!("urn:p:{id}"), "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-rdfc-2022", "created": "2024-05-02T10:00:00Z",
            "proofPurpose": "assertionMethod", "previousProof": others.collect::<Vec<_>>(),
            "verificationMethod": format!("{did}#{}", did.trim_start_matches("did:key:")),
            "proofValue": format!("z{}", bs58::encode([7; 64]).into_string()),
        })
    };
    let mut own = proof(0);
    own["proofPurpose"] = "authentication".into();
    own.as_object_mut().unwrap().remove("previousProof");
    for (size, first) in [(1_000, ""), (1_000_000, ""), (1_000_000, "\u{1}"), (4_000_000, "\u{1}")]
    {
        let text = json!({
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": "VerifiablePresentation",
            "verifiableCredential": [{
                "@context": ["https://www.w3.org/ns/credentials/v2", {"@vocab": "urn:v:"}],
                "type": ["VerifiableCredential", "X"],
                "issuer": did,
                "validFrom": "2024-05-02T10:00:00Z",
                "credentialSubject": {"id": "urn:s", "portrait": format!("{first}{}", "A".repeat(size))},
                "proof": (0..4).map(proof).collect::<Vec<_>>(),
            }],
            "proof": own,
        })
        .to_string();
        let (used, _) = memory(|| ask(&verifier, text.as_bytes()));
        assert!(used <= 9 * text.len() + (8 << 20), "{size}: {used} bytes");
        // Or it is no hard one.
        assert!(used >= 4 * text.len(), "{size}: {used} bytes");
    }
}

/// A megabyte that inflates to a gigabyte is inflated to the limit and no further.
#[test]
fn a_list_that_inflates_without_end_stays_within_32_mib() {
    use base64::Engine as _;
    use std::io::Write as _;

    let _alone = ALONE.lock().unwrap_or_else(|it| it.into_inner());
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = vec![0; 1 << 20];
    (0..1024).for_each(|_| encoder.write_all(&zeros).unwrap());
    let bomb = base64::engine::general_purpose::STANDARD.encode(encoder.finish().unwrap());
    let order = result_vp::policy::BitOrder::LeftmostFirst;
    let list = || result_vp::internal::status_list(&bomb, false, order, &Limits::standard());
    let (used, _) = memory(|| assert_eq!(list(), None));
    assert!(used <= 32 << 20, "{used} bytes");
}

/// What a verifier keeps for one issuer and one number of messages, once it is busy.
#[test]
fn a_busy_issuer_is_kept_in_at_most_512_kib() {
    let _alone = ALONE.lock().unwrap_or_else(|it| it.into_inner());
    let signer = Signer::new("an issuer");
    let did = signer.did();
    let texts: Vec<String> = [0, 12]
        .iter()
        .map(|extra| {
            let mut document = document(&did);
            for index in 0..*extra {
                document["credentialSubject"][format!("extra{index}")] = "".into();
            }
            presentation(&signer.credential(&document, &document, "nonce"))
        })
        .collect();
    for text in &texts {
        // What belongs to no verifier is there already.
        ask(&verifier(), text.as_bytes());
        let verifier = verifier();
        let (_, kept) = memory(|| (0..12).for_each(|_| ask(&verifier, text.as_bytes())));
        eprintln!("{kept} bytes");
        assert!(kept <= 512 << 10, "{kept} bytes");
        assert!(kept >= 200 << 10, "{kept} bytes: no wide table was built");
    }
}

/// With a warm key; the least of ten runs, in the thread's own time.
#[test]
fn a_hundred_kilobytes_take_at_most_50_milliseconds() {
    let _alone = ALONE.lock().unwrap_or_else(|it| it.into_inner());
    let verifier = verifier();
    let least = |text: &[u8]| {
        let time = || {
            let start = work_time();
            ask(&verifier, text);
            work_time().saturating_sub(start)
        };
        time();
        (0..10).map(|_| time()).min().unwrap()
    };
    for (name, text) in hard(100_000) {
        let least = least(&text);
        eprintln!("{name}: {least:?}");
        assert!(least <= Duration::from_millis(50), "{name}: {least:?}");
    }
}

/// Many proofs, each over another number of messages, would derive generators without end.
#[test]
fn generators_are_derived_within_a_budget() {
    let _alone = ALONE.lock().unwrap_or_else(|it| it.into_inner());
    let signer = Signer::new("an issuer of much");
    let credentials: Vec<Value> = (0..12)
        .map(|extra| {
            let mut document = document(&signer.did());
            for index in 0..200 + extra {
                document["credentialSubject"][format!("extra{index:03}")] = "".into();
            }
            signer.credential(&document, &document, "nonce")
        })
        .collect();
    let text = json!({
        "@context": ["https://www.w3.org/2018/credentials/v1"],
        "type": "VerifiablePresentation",
        "verifiableCredential": credentials,
    });
    let evidence = Evidence::new();
    let text = text.to_string();
    let Ok(Input::Presentation(it)) = Input::from_json(text.as_bytes(), evidence.contexts()) else {
        panic!("a presentation")
    };
    let now = instant("2024-06-01T00:00:00Z");
    let report = verifier().verify(&it, ExpectedSession::InsecureAny, &evidence, now);
    let outcomes: Vec<Outcome> =
        report.credentials().iter().map(|credential| outcome(credential, Check::Proof)).collect();
    let (within, beyond) = outcomes.split_at(4);
    assert!(within.iter().all(|outcome| *outcome == Outcome::Pass), "{outcomes:?}");
    let is_limit = |outcome: &Outcome| {
        outcome.code() == "indeterminate"
            && outcome.reason().is_some_and(|reason| reason.code() == ReasonCode::WorkLimit)
    };
    assert!(beyond.iter().all(is_limit), "{outcomes:?}");
}
