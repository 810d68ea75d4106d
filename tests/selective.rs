//! Derived proofs of `ecdsa-sd-2023` and `bbs-2023`: what an independent issuer signs and an independent
//! holder shows verifies, and nothing else does.

mod support;

use result_vp::internal::{bbs_generators, bbs_proof_verifies, bbs_scalar};
use serde_json::Value;
use support::vectors;

/// The fixtures of the IETF draft that a verifier of proofs can be asked.
#[test]
fn the_vectors_of_the_signature_scheme() {
    let Some(folder) = vectors("third-party") else { return };
    let folder = folder.join("05b-bls-bbs/bbs-bls12-381-sha-256");
    let mut counts = [0; 3];
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|it| it.unwrap()).collect();
    files.sort_by_key(|file| file.file_name());
    for file in files {
        let name = file.file_name().into_string().unwrap();
        let vector = support::json(&std::fs::read(file.path()).unwrap());
        let octets = |value: &Value| hex::decode(value.as_str().unwrap_or_default()).unwrap();
        let of = |member: &str| octets(&vector[member]);
        if name.starts_with("proof") {
            let messages: Vec<Vec<u8>> =
                vector["messages"].as_array().unwrap().iter().map(octets).collect();
            let indexes = vector["disclosedIndexes"].as_array().unwrap();
            let indexes = indexes.iter().map(|it| it.as_u64().unwrap() as usize);
            let shown: Vec<(usize, &[u8])> = indexes
                .map(|index| (index, messages.get(index).map_or(&[][..], |it| it)))
                .collect();
            let (key, proof) = (of("signerPublicKey"), of("proof"));
            let (header, presentation) = (of("header"), of("presentationHeader"));
            let verifies = |header: &[u8], presentation: &[u8], proof: &[u8]| {
                bbs_proof_verifies(&key, proof, header, presentation, &shown)
            };
            let valid = vector["result"]["valid"].as_bool().unwrap();
            assert_eq!(verifies(&header, &presentation, &proof), valid, "{name}");
            counts[usize::from(valid)] += 1;
            // The trace states what is hashed on the way.
            if valid {
                assert!(!verifies(&[&header[..], &[0]].concat(), &presentation, &proof));
                assert!(!verifies(&header, &[&presentation[..], &[0]].concat(), &proof));
            }
        } else if name == "h2s.json" {
            assert_eq!(bbs_scalar(&of("message"), &of("dst")).to_vec(), of("scalar"));
            counts[2] += 1;
        } else if name == "MapMessageToScalarAsHash.json" {
            for case in vector["cases"].as_array().unwrap() {
                let scalar = bbs_scalar(&octets(&case["message"]), &of("dst"));
                assert_eq!(scalar.to_vec(), octets(&case["scalar"]));
                counts[2] += 1;
            }
        }
    }
    assert_eq!(counts, [5, 4, 11], "refused, verified, hashed");
    assert_eq!(bbs_generators(3).len(), 3);
}
