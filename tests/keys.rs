//! What is wrong with an issuer's keys is told when they are registered.

#[path = "support/signer.rs"]
mod signer;

use result_vp::{Did, Evidence, Source};
use serde_json::{json, Value};
use signer::Signer;

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/proof/bbs2020/weak_keys.bin");

/// The code and the fragment of each finding about documents of these keys.
fn findings(documents: &[Value]) -> Vec<(&'static str, String)> {
    let mut evidence = Evidence::new();
    for document in documents {
        evidence.add(document.to_string().as_bytes(), Source::unknown()).unwrap();
    }
    let found = evidence.key_findings(&[]);
    let method = |text: &str| text.trim_start_matches("did:web:").to_owned();
    found.iter().map(|it| (it.code(), method(it.verification_method()))).collect()
}

fn method(did: &str, fragment: &str, key: &[u8]) -> Value {
    json!({
        "id": format!("{did}#{fragment}"),
        "type": "Bls12381G2Key2020",
        "controller": did,
        "publicKeyBase58": bs58::encode(key).into_string(),
    })
}

#[test]
fn what_is_wrong_with_a_key_is_named() {
    let key = |seed: &str| Signer::new(seed).public_key();
    let document = |did: &str, methods: &[Value]| json!({"id": did, "verificationMethod": methods, "assertionMethod": []});
    let (one, other) = ("did:web:one", "did:web:other");
    let honest = document(one, &[method(one, "a", &key("a")), method(one, "b", &key("b"))]);
    assert!(findings(std::slice::from_ref(&honest)).is_empty());
    let shares = document(other, &[method(other, "c", &key("b"))]);
    assert_eq!(findings(&[honest, shares]), [("key_shared", "other#c".to_owned())]);

    let mut identity = vec![0; 96];
    identity[0] = 0xc0;
    let mut controlled = method(one, "controlled", &key("d"));
    controlled["controller"] = other.into();
    let faulty = document(
        one,
        &[
            method(one, "a", &key("a")),
            method(one, "again", &key("a")),
            method(one, "identity", &identity),
            method(one, "short", &identity[1..]),
            method(one, "weak", &Signer::from_seed(&[4, 17]).public_key()),
            controlled,
        ],
    );
    let found = findings(&[faulty]);
    let expected = [
        ("key_repeated", "again"),
        ("key_not_in_group", "identity"),
        ("key_malformed", "short"),
        ("key_weak", "weak"),
        ("key_controller_differs", "controlled"),
    ];
    assert_eq!(found, expected.map(|(code, fragment)| (code, format!("one#{fragment}"))));
}

#[test]
fn a_key_of_a_seed_of_two_bytes_is_known_and_a_key_of_three_is_not() {
    let codes = |seed: &[u8]| {
        let did = Did::new(&Signer::from_seed(seed).did()).unwrap();
        let found = Evidence::new().key_findings(&[did]);
        found.iter().map(|it| it.code()).collect::<Vec<_>>()
    };
    for seed in (0..=u16::MAX).step_by(257 * 5) {
        assert_eq!(codes(&seed.to_be_bytes()), ["key_weak"], "{seed}");
        assert!(codes(&[0, seed.to_be_bytes()[0], seed.to_be_bytes()[1]]).is_empty(), "{seed}");
    }
}

#[test]
#[ignore = "writes into src; takes minutes"]
fn generate() {
    let mut beginnings: Vec<[u8; 8]> = (0..=u16::MAX)
        .map(|seed| Signer::from_seed(&seed.to_be_bytes()).public_key()[..8].try_into().unwrap())
        .collect();
    beginnings.sort_unstable();
    beginnings.dedup();
    assert_eq!(beginnings.len(), 1 << 16);
    std::fs::write(TABLE, beginnings.concat()).unwrap();
}
