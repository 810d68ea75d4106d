//! What must not matter does not: the spelling of a text, the time for what has none, evidence and trust
//! that concern somebody else.

mod support;

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, Utc};
use proptest::prelude::*;
use result_vp::{
    internal, signed_claims, Check, Contexts, Did, Evidence, ExpectedSession, Policy, Report,
    SessionId, TrustedIssuers, UnverifiedPresentation, Verifier,
};
use serde_json::{json, Value};
use support::{fixture, instant};

const FIXTURES: [(&str, &str); 5] = [
    ("presentations/full.json", "0f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e10"),
    ("presentations/selective.json", "7b1d9f36-2c44-4a0a-8a0f-51f0c7de2a21"),
    ("presentations/portrait.json", "0f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e10"),
    ("presentations/two-issuers.json", "0f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e10"),
    ("presentations/signed.json", "0f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e10"),
];
const ISSUER: &str = "did:web:issuer.example";
const EVIDENCE: [&str; 3] =
    ["did/issuer.json", "evidence/schema.json", "evidence/status-list.json"];

fn policy(more: &[&str]) -> Policy {
    let issuers = [ISSUER].iter().chain(more).map(|did| Did::new(did).unwrap());
    Policy::new(TrustedIssuers::new(issuers).unwrap())
}

fn evidence(more: &[Value]) -> Evidence {
    let mut evidence = Evidence::new();
    for file in EVIDENCE {
        evidence.add(&fixture(file), result_vp::Source::unknown()).unwrap();
    }
    for document in more {
        evidence.add(document.to_string().as_bytes(), result_vp::Source::unknown()).unwrap();
    }
    evidence
}

fn ask(text: &[u8], id: &str, policy: Policy, evidence: &Evidence, now: DateTime<Utc>) -> Report {
    let presentation = UnverifiedPresentation::from_json(text).expect("a presentation");
    let id = SessionId::new(id).unwrap();
    Verifier::new(policy).verify(&presentation, ExpectedSession::Id(&id), evidence, now)
}

/// All that a report says, claims included.
fn said(report: Report) -> Vec<String> {
    let mut said = vec![format!("{report:?}")];
    said.extend(report.credentials().iter().map(|it| format!("{:?} {:?}", it.id(), it.types())));
    if let Ok(verified) = report.into_verified() {
        said.extend(verified.credentials().iter().map(|it| format!("{:?}", signed_claims(it))));
    }
    said
}

/// The value as text: members in an order and with white space that the numbers choose.
fn spelled(value: &Value, choices: &mut impl FnMut() -> usize, text: &mut String) {
    const SPACES: [&str; 6] = ["", " ", "\n", "\t", "\r\n", "   "];
    let space = |text: &mut String, choices: &mut dyn FnMut() -> usize| {
        text.push_str(SPACES[choices() % SPACES.len()]);
    };
    space(text, choices);
    match value {
        Value::Object(members) => {
            let mut members: Vec<(&String, &Value)> = members.iter().collect();
            for place in (1..members.len()).rev() {
                members.swap(place, choices() % (place + 1));
            }
            text.push('{');
            for (place, (name, member)) in members.into_iter().enumerate() {
                if place > 0 {
                    text.push(',');
                }
                space(text, choices);
                text.push_str(&escaped(name, choices));
                space(text, choices);
                text.push(':');
                spelled(member, choices, text);
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    text.push(',');
                }
                spelled(item, choices, text);
            }
            text.push(']');
        }
        Value::String(value) => text.push_str(&escaped(value, choices)),
        value => text.push_str(&value.to_string()),
    }
    space(text, choices);
}

/// A string in which some characters are escaped that need not be.
fn escaped(value: &str, choices: &mut impl FnMut() -> usize) -> String {
    if !choices().is_multiple_of(4) {
        return Value::from(value).to_string();
    }
    let units = value.encode_utf16().map(|unit| format!("\\u{unit:04x}"));
    format!("\"{}\"", units.collect::<String>())
}

fn choices(seed: u64) -> impl FnMut() -> usize {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as usize
    }
}

/// Checks that ask when it is.
fn asks_the_time(check: Check) -> bool {
    matches!(
        check,
        Check::ValidityPeriod
            | Check::DocumentValidity
            | Check::CredentialStatus
            | Check::CredentialSchema
            | Check::IssuerIsSigner
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_spelling_of_a_text_says_nothing(which in 0..FIXTURES.len(), seed in any::<u64>()) {
        let (file, id) = FIXTURES[which];
        let honest = fixture(file);
        let value: Value = serde_json::from_slice(&honest).unwrap();
        let mut text = String::new();
        spelled(&value, &mut choices(seed), &mut text);
        let (evidence, now) = (evidence(&[]), instant("2024-06-01T00:00:00Z"));
        let report = |text: &[u8]| said(ask(text, id, policy(&[]), &evidence, now));
        prop_assert_eq!(report(text.as_bytes()), report(&honest));
    }

    #[test]
    fn names_of_blank_nodes_say_nothing(seed in any::<u64>(), nodes in 2..7_usize) {
        let mut next = choices(seed);
        let edges: Vec<(usize, usize)> = (0..nodes * 2).map(|_| (next() % nodes, next() % nodes)).collect();
        let document = |name: &dyn Fn(usize) -> String| {
            let node = |place: usize| {
                let to: BTreeSet<usize> = edges.iter().filter(|it| it.0 == place).map(|it| it.1).collect();
                let to: Vec<Value> = to.into_iter().map(|to| json!({"@id": name(to)})).collect();
                let mut node = json!({"@id": name(place), "urn:number": place % 3 + 1});
                if !to.is_empty() {
                    node["urn:edge"] = to.into();
                }
                node
            };
            let nodes: Vec<Value> = (0..nodes).map(node).collect();
            json!({"@context": {"@vocab": "urn:vocab:"}, "@id": "urn:root", "urn:nodes": nodes}).to_string()
        };
        let lines = |text: String| internal::statements(text.as_bytes(), &Contexts::bundled()).unwrap();
        let shift = next() % 50;
        let plain = lines(document(&|place| format!("_:n{place}")));
        let renamed = lines(document(&|place| format!("_:x{}", (place * 37 + shift) % 101)));
        prop_assert_eq!(plain, renamed);
    }

    #[test]
    fn the_time_moves_what_asks_for_it_and_nothing_else(
        which in 0..FIXTURES.len(),
        days in -20_000..20_000_i64,
    ) {
        let (file, id) = FIXTURES[which];
        let evidence = evidence(&[]);
        let now = instant("2024-06-01T00:00:00Z");
        let checks = |now| {
            let report = ask(&fixture(file), id, policy(&[]), &evidence, now);
            let checks = report.credentials().iter().flat_map(|it| it.checks());
            let still = checks.filter(|(check, _)| !asks_the_time(*check));
            still.map(|(check, outcome)| format!("{check:?} {outcome:?}")).collect::<Vec<_>>()
        };
        prop_assert_eq!(checks(now), checks(now + Duration::days(days)));
    }

    #[test]
    fn what_concerns_others_turns_nothing(
        which in 0..FIXTURES.len(),
        hosts in proptest::collection::btree_set("[a-z]{3,9}", 0..5),
    ) {
        let (file, id) = FIXTURES[which];
        let now = instant("2024-06-01T00:00:00Z");
        let dids: Vec<String> = hosts.iter().map(|host| format!("did:web:{host}.test")).collect();
        let mut others: Vec<Value> = dids
            .iter()
            .map(|did| json!({"id": did, "verificationMethod": [], "assertionMethod": []}))
            .collect();
        others.extend(hosts.iter().map(|host| {
            json!({
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "$id": format!("https://{host}.test/schema"),
                "type": "array",
            })
        }));
        let dids: Vec<&str> = dids.iter().map(String::as_str).collect();
        let alone = said(ask(&fixture(file), id, policy(&[]), &evidence(&[]), now));
        let more = said(ask(&fixture(file), id, policy(&dids), &evidence(&others), now));
        prop_assert_eq!(alone, more);
    }
}
