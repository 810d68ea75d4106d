//! The vectors of `fixtures/vectors`: one defect a file, and everything the report says of it.

// Without the validator of schemas each report leaves the schema undecided.
#![cfg(feature = "schema")]

#[path = "support/vector.rs"]
mod vector;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use result_vp::{ReasonCode, UnverifiedPresentation};
use serde::Deserialize;
use serde_json::Value;
use vector::{all_checks, deviations, entries, fixtures, Vector};

/// Codes that no vector produces, each with its reason.
const UNREACHABLE: [(ReasonCode, &str); 1] = [(
    ReasonCode::NotBuilt,
    "what it says depends on the features of the build: `tests/ssi.rs` asks in each",
)];

/// Checks that are always decided: they look at nothing that could be missing.
const ALWAYS_DECIDED: [&str; 5] =
    ["context", "credential_count", "session_facts", "session_id", "state"];

#[test]
fn every_vector_is_answered_as_it_says_and_in_no_other_way() {
    let mut differing = Vec::new();
    for (path, vector) in vectors() {
        let report = vector.report();
        let checks = all_checks(&report);
        let answer = (report.verdict().code(), deviations(&checks));
        let states = (vector.expect.verdict.as_str(), vector.expected());
        let check = (&vector.expect.check, &vector.expect.outcome);
        let has_check = checks.iter().any(|it| (&it.check, &it.outcome) == check);
        if answer != states || !has_check {
            differing.push(format!("{path}:\n  says  {states:?}\n  found {answer:?}"));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

#[test]
fn a_vector_lies_below_its_check_and_says_what_it_is() {
    for (path, vector) in vectors() {
        let folder = path.split('/').next().unwrap();
        // Attacks of one kind lie together, whichever check catches them.
        assert!(folder == "attacks" || folder == vector.expect.check, "{path}");
        assert!(vector.comment.ends_with('.'), "{path}: a sentence");
    }
}

/// Of other public sets of this kind the largest has 194, and four of five are negative.
#[test]
fn there_are_many_and_most_are_negative() {
    let vectors = vectors();
    let negative = vectors.values().filter(|it| it.expect.verdict != "accepted").count();
    assert!(vectors.len() >= 500, "{}", vectors.len());
    assert!(negative * 100 >= vectors.len() * 85, "{negative} of {}", vectors.len());
}

/// Without a budget some of these take minutes: here each takes milliseconds.
#[test]
fn poison_graphs_are_refused_at_once() {
    let most = Duration::from_millis(5);
    let (mut graphs, mut slowest) = (0, Duration::ZERO);
    for (path, vector) in vectors() {
        if !path.starts_with("attacks/graph_") {
            continue;
        }
        graphs += 1;
        let text = vector.subject().to_string();
        let read = || {
            let begun = Instant::now();
            let presentation = UnverifiedPresentation::from_json(text.as_bytes()).expect("a VP");
            let took = begun.elapsed();
            assert_eq!(presentation.credential_count(), 1);
            took
        };
        // The best of some, for other work on the machine only adds.
        let best = (0..10).map(|_| read()).min().unwrap_or_default();
        assert!(best < most, "{path}: {best:?}");
        slowest = slowest.max(best);
    }
    assert!(graphs >= 20, "{graphs}");
    println!("{graphs} graphs, the slowest in {slowest:?}");
}

#[test]
fn every_reason_has_a_vector_and_the_exceptions_are_exact() {
    let all: BTreeSet<&str> = ReasonCode::ALL.iter().map(|code| code.code()).collect();
    let produced: BTreeSet<String> =
        vectors().values().flat_map(Vector::expected).filter_map(|it| it.code).collect();
    let exceptions: BTreeSet<&str> = UNREACHABLE.iter().map(|(code, _)| code.code()).collect();
    let missing: BTreeSet<&str> =
        all.iter().copied().filter(|code| !produced.contains(*code)).collect();
    assert_eq!(missing, exceptions);
    let unknown: Vec<_> = produced.iter().filter(|code| !all.contains(code.as_str())).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn every_check_fails_alone_somewhere_and_is_undecided_where_it_can_be() {
    let mut checks = BTreeSet::new();
    let (mut failing, mut undecided) = (BTreeSet::new(), BTreeSet::new());
    for vector in vectors().values() {
        checks.extend(all_checks(&vector.report()).into_iter().map(|it| it.check));
        let found = vector.expected();
        let fails: Vec<_> = found.iter().filter(|it| it.outcome == "fail").collect();
        if let [alone] = fails.as_slice() {
            failing.insert(alone.check.clone());
        }
        let open = found.iter().filter(|it| it.outcome == "indeterminate");
        undecided.extend(open.map(|it| it.check.clone()));
    }
    assert_eq!(failing, checks);
    let decided: Vec<_> = checks.difference(&undecided).collect();
    assert_eq!(decided, ALWAYS_DECIDED);
}

#[test]
fn a_vector_with_an_unknown_member_is_none() {
    let path = fixtures().join("vectors/proof/proof_equation.json");
    let honest: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let is_vector = |value: &Value| Vector::deserialize(value).is_ok();
    assert!(is_vector(&honest));
    for place in ["", "/expect", "/policy"] {
        let mut vector = honest.clone();
        vector["policy"] = Value::Object(serde_json::Map::new());
        assert!(is_vector(&vector));
        vector.pointer_mut(place).unwrap()["novel"] = true.into();
        assert!(!is_vector(&vector), "{place}");
    }
}

/// By path below `fixtures/vectors`.
fn vectors() -> BTreeMap<String, Vector> {
    let root = fixtures().join("vectors");
    let mut vectors = BTreeMap::new();
    for folder in entries(&root) {
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        // Evidence that several vectors share.
        if name == "evidence" {
            continue;
        }
        for file in entries(&folder) {
            let path = format!("{name}/{}", file.file_name().unwrap().to_str().unwrap());
            let text = std::fs::read(&file).unwrap();
            let vector = serde_json::from_slice(&text);
            vectors.insert(path.clone(), vector.unwrap_or_else(|it| panic!("{path}: {it}")));
        }
    }
    assert!(vectors.len() > 90, "the vectors are there");
    vectors
}
