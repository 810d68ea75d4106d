//! Whatever an export holds, every record has rows, every row is one line of JSON, and a row that says
//! accepted is of a presentation that was signed.

use std::sync::OnceLock;

use result_vp::{Did, Evidence, Policy, TrustedIssuers, Unknown};
use result_vp_cli::internal::{records, rows};
use serde_json::Value;

/// Panics where the property does not hold.
///
/// A byte that begins no text chooses how honest sessions and the other bytes are mixed.
pub fn check(data: &[u8]) {
    let text = match data.first() {
        Some(it @ 0..=8) => mixed(*it, &data[1..]),
        _ => data.to_vec(),
    };
    let found = records(&text);
    assert!(found.windows(2).all(|pair| pair[0].0 < pair[1].0), "numbers go up");
    let contents: Vec<Vec<u8>> = found.into_iter().filter_map(|(_, content)| content).collect();
    let lines: usize = contents.iter().map(Vec::len).sum();
    assert!(lines <= text.len() * 1100, "more than was compressed");
    // Some are enough, and each costs a millisecond.
    let contents: Vec<Vec<u8>> = contents.into_iter().take(4).collect();
    let told = rows(policy(), evidence(), "2024-06-01T00:00:00Z".parse().unwrap(), contents);
    for line in told {
        assert_eq!(line.iter().filter(|byte| **byte == b'\n').count(), 1);
        let row: Value = serde_json::from_slice(&line).expect("a row");
        let verdicts = [&row["verdict_now"], &row["verdict_at_issuance"]];
        let accepted = verdicts.iter().any(|verdict| **verdict == "accepted");
        if accepted {
            let name = row["family_name"].as_str();
            assert!(matches!(name, None | Some("EXEMPLARIS")), "accepted with another name");
            assert_eq!(row["issuer"], "did:web:issuer.example");
        } else {
            assert_eq!(row["given_name"], Value::Null, "claims of what is not accepted");
        }
    }
}

fn mixed(how: u8, rest: &[u8]) -> Vec<u8> {
    let honest = include_bytes!("../../fixtures/sessions/success.json").as_slice();
    let line: Vec<u8> = honest.iter().filter(|byte| **byte != b'\n').copied().collect();
    match how {
        0 => [&line[..], b"\n", rest, b"\n", &line].concat(),
        1 => [b"[", &line[..], b",", rest, b",", &line, b"]"].concat(),
        2 => [b"{\"sessions\":[", &line[..], b",", rest, b"]}"].concat(),
        3 => [b"session\n\"", rest, b"\"\n"].concat(),
        4 => [honest, rest].concat(),
        5 => [rest, honest].concat(),
        // Cut, and gone on with.
        6 => [&line[..usize::from(rest.first().copied().unwrap_or(0)) * 8 % line.len()], rest]
            .concat(),
        7 => [&[0x0a, 0x04], &rest[..rest.len().min(4)], rest].concat(),
        _ => [b"\x1f\x8b\x08\0\0\0\0\0\0\x03", rest].concat(),
    }
}

fn policy() -> Policy {
    let issuer = Did::new("did:web:issuer.example").unwrap();
    Policy::new(TrustedIssuers::new([issuer]).unwrap()).status(Unknown::Skip).schema(Unknown::Skip)
}

fn evidence() -> Evidence {
    static EVIDENCE: OnceLock<Evidence> = OnceLock::new();
    let read = || {
        let mut evidence = Evidence::new();
        evidence.add_did_document(include_bytes!("../../fixtures/did/issuer.json")).unwrap();
        evidence
    };
    EVIDENCE.get_or_init(read).clone()
}
