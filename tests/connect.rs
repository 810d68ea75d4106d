//! Every case of the `connect` vectors, through the library.

mod support;

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, Utc};
use result_vp::{
    Contexts, Did, Evidence, ExpectedSession, Input, Policy, Session, SessionId, TrustedIssuers,
    Unknown, Verifier,
};
use serde_json::{json, Value};
use support::{assert_claims, connect_cases, instant, Answer, Case};

/// The manifest's verdict holds, claims included; what only may hold is in the list with a reason.
#[test]
fn verdicts_and_claims_are_as_expected() {
    for case in connect_cases() {
        let answers = case.ask();
        if case.is_optional() {
            assert!(pins()[&case.name].2.is_some(), "{}: says why", case.name);
            continue;
        }
        match case.verdict() {
            // The presentation is genuine and every credential accepted; the session is not.
            "valid" if case.name == "s-normalized-contradicts" => {
                let [answer] = &answers[..] else { panic!("one result") };
                assert_eq!(answer.codes, ["normalized_data:normalized_contradicts"]);
                assert_eq!(answer.credential_verdicts, ["accepted"]);
                assert!(answer.claims.is_empty());
            }
            "valid" => {
                let [answer] = &answers[..] else { panic!("one result") };
                assert_accepted(&case, answer, &case.value["expected"]);
            }
            "invalid" => {
                assert!(answers.iter().all(|it| it.verdict != "accepted"), "{}", case.name);
            }
            // A list of no sessions is no input.
            "no_result" if case.name == "s-list-sessions-empty" => assert_eq!(answers, []),
            "no_result" => {
                let [answer] = &answers[..] else { panic!("one result") };
                assert_eq!(answer.verdict, "rejected", "{}", case.name);
                assert_eq!(answer.credential_verdicts, [""; 0], "{}", case.name);
                assert!(answer.codes[0].starts_with("state:"), "{}", case.name);
            }
            "mixed" => {
                let expected = case.value["expected"]["sessions"].as_array().unwrap();
                assert_eq!(answers.len(), expected.len(), "{}", case.name);
                for (answer, expected) in answers.iter().zip(expected) {
                    match expected["verdict"].as_str().unwrap() {
                        "valid" => assert_accepted(&case, answer, expected),
                        _ => assert_eq!(answer.verdict, "rejected", "{}", case.name),
                    }
                }
            }
            other => panic!("{}: a new verdict {other}", case.name),
        }
    }
}

/// What each case fails by is a contract: a code that changes is a change of the list.
#[test]
fn codes_are_the_pinned_ones() {
    let cases = connect_cases();
    let pins = pins();
    let mut found = BTreeMap::new();
    for case in &cases {
        let answers = case.ask();
        if answers.iter().any(|it| it.verdict != "accepted") || case.is_optional() {
            found.insert(case.name.clone(), pin(&answers));
        }
    }
    if cases.is_empty() {
        return;
    }
    // Beside the list, for whoever has to change it: the list as it is found now.
    let lines = found.iter().map(|(name, (verdict, codes))| {
        let why = pins.get(name).and_then(|(_, _, why)| why.as_ref());
        format!(
            "{name} | {verdict} | {codes}{}\n",
            why.map_or(String::new(), |it| format!(" | {it}"))
        )
    });
    let beside = Path::new(env!("CARGO_TARGET_TMPDIR")).join("connect.txt");
    std::fs::write(beside, lines.collect::<String>()).unwrap();
    for (name, (verdict, codes)) in &found {
        let pinned = pins.get(name).map(|(verdict, codes, _)| (verdict, codes));
        assert_eq!(pinned, Some((verdict, codes)), "{name}");
    }
    let gone: Vec<_> = pins.keys().filter(|name| !found.contains_key(*name)).collect();
    assert!(gone.is_empty(), "pinned and not found: {gone:?}");
}

/// The facts of each session, in every spelling.
#[test]
fn session_facts_are_as_expected() {
    let mut compared = 0;
    let cases = connect_cases();
    for case in &cases {
        let expected = &case.value["expected"];
        let list = expected["sessions"].as_array().map_or(std::slice::from_ref(expected), |it| it);
        let facts: Vec<_> =
            list.iter().map(|it| &it["session"]).filter(|it| it.is_object()).collect();
        if facts.is_empty() {
            continue;
        }
        let input = std::fs::read(case.file()).unwrap();
        match Input::from_bytes(&input, &Contexts::bundled()) {
            Ok(Input::Sessions(sessions)) => {
                let found: Vec<_> = sessions.iter().map(session_facts).collect();
                let expected: Vec<_> = facts.into_iter().map(expected_facts).collect();
                assert_eq!(found, expected, "{}", case.name);
                compared += 1;
            }
            // Some may be refused; the list of codes says so.
            other => {
                let may = case.is_optional() || case.verdict() == "invalid";
                assert!(may, "{}: {:?}", case.name, other.err());
            }
        }
    }
    assert!(cases.is_empty() || compared > 50, "{compared} cases have facts");
}

fn session_facts(session: &Session) -> Value {
    let seconds = |time: Option<DateTime<Utc>>| time.map_or(0, |time| time.timestamp());
    let verifications = session.verifications().iter().map(|it| {
        let facts = json!({
            "id": it.id(),
            "type": it.kind().name(),
            "state": it.state().name(),
            "fail_code": it.fail_code().map(|code| code.name()),
            "reused": it.reused().unwrap_or(false),
            "updated": seconds(it.updated()),
            "copied": it.normalized().map(|copy| copy.given_name()),
        });
        (it.id().to_owned(), facts)
    });
    json!({
        "id": session.id(),
        "state": session.state().name(),
        "fail_code": session.fail_code().map(|code| code.name()),
        "created": seconds(session.created()),
        "updated": seconds(session.updated()),
        "redacted": session.redacted(),
        "result_vp_present": session.result_vp().is_some(),
        "verifications": verifications.collect::<serde_json::Map<_, _>>(),
    })
}

/// The same of the manifest, whose unknown values are numbers.
fn expected_facts(expected: &Value) -> Value {
    let name = |value: &Value| match value {
        Value::Number(number) => Value::from(number.to_string()),
        value => value.clone(),
    };
    let mut facts = expected.clone();
    for member in ["state", "fail_code"] {
        facts[member] = name(&facts[member]);
    }
    // The largest are texts; the library has no instant for what lies beyond every calendar.
    for member in ["created", "updated"] {
        if facts[member].is_string() {
            facts[member] = 0.into();
        }
    }
    for (_, verification) in facts["verifications"].as_object_mut().unwrap() {
        let it = verification.as_object_mut().unwrap();
        it.remove("begun");
        let copied = it.remove("normalized_government_id_data");
        let copied = copied.map_or(Value::Null, |copy| copy["givenName"].clone());
        it.insert("copied".to_owned(), copied);
        for member in ["type", "state", "fail_code"] {
            it[member] = name(&it[member]);
        }
    }
    facts
}

/// The statements that the proofs were made over, byte for byte.
#[test]
fn statements_are_the_signed_ones() {
    let mut compared = 0;
    let cases = connect_cases();
    for case in &cases {
        let Some(expected) = case.extra("statements") else { continue };
        let text = std::fs::read(case.file()).unwrap();
        let presentation = support::json(&text);
        let credential = &presentation["verifiableCredential"];
        let credential = credential.get(0).unwrap_or(credential).to_string();
        let contexts = Contexts::bundled();
        let lines = result_vp::internal::statements(credential.as_bytes(), &contexts).unwrap();
        let lines = lines.unwrap_or_else(|refusal| panic!("{}: {refusal}", case.name));
        let strings = |value: &serde_json::Value| -> Vec<String> {
            serde_json::from_value(value.clone()).unwrap()
        };
        assert_eq!(lines, strings(&expected["document_statements"]), "{}", case.name);
        let proof = result_vp::internal::proof_lines(credential.as_bytes()).unwrap().unwrap();
        assert_eq!(proof.to_vec(), strings(&expected["proof_statements"]), "{}", case.name);
        compared += 1;
    }
    assert!(cases.is_empty() || compared > 5, "{compared} cases have statements");
}

fn assert_accepted(case: &Case, answer: &Answer, expected: &serde_json::Value) {
    assert_eq!(answer.verdict, "accepted", "{}: {:?} {:?}", case.name, answer.codes, answer.error);
    // Four cases only state that they are valid.
    if let Some(credentials) = expected["credentials"].as_array() {
        assert_claims(&case.name, answer, credentials);
    }
}

fn pin(answers: &[Answer]) -> (String, String) {
    let verdicts: Vec<_> = answers.iter().map(|it| it.verdict.as_str()).collect();
    let codes = answers.iter().map(|it| match &it.error {
        Some(error) => error.clone(),
        None if it.codes.is_empty() => "-".to_owned(),
        None => it.codes.join("+"),
    });
    (verdicts.join("/"), codes.collect::<Vec<_>>().join(" / "))
}

/// The list: `case | verdict | codes | why`, the last for cases that only may hold.
fn pins() -> BTreeMap<String, (String, String, Option<String>)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/connect.txt");
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines
        .map(|line| {
            let mut columns = line.split(" | ").map(str::to_owned);
            let mut column = || columns.next().unwrap_or_else(|| panic!("{line}"));
            let pinned = (column(), column(), column());
            (pinned.0, (pinned.1, pinned.2, columns.next()))
        })
        .collect()
}

/// Cases of the same evidence and policy in one batch, and once more with the keys warm: every
/// answer is that of the case asked alone.
#[test]
fn a_batch_answers_as_each_case_does_alone() {
    let cases = connect_cases();
    let mut groups: BTreeMap<String, Vec<&Case>> = BTreeMap::new();
    for case in &cases {
        let group = format!("{:?} {:?}", case.did_documents(), case.issuers());
        groups.entry(group).or_default().push(case);
    }
    let mut asked = 0;
    for group in groups.values() {
        let mut evidence = Evidence::new();
        for document in group[0].did_documents() {
            evidence.add_did_document(&std::fs::read(document).unwrap()).unwrap();
        }
        let issuers = group[0].issuers().into_iter().map(|did| Did::new(did).unwrap());
        let policy = Policy::new(TrustedIssuers::new(issuers).unwrap())
            .status(Unknown::Skip)
            .schema(Unknown::Skip);
        let verifier = Verifier::new(policy);
        let now = instant("2024-06-01T00:00:00Z");
        let mut sessions = Vec::new();
        let mut presentations = Vec::new();
        let (mut of_sessions, mut of_presentations) = (Vec::new(), Vec::new());
        for case in group {
            let text = std::fs::read(case.file()).unwrap();
            let saved = case.session_id().map(|id| SessionId::new(id).unwrap());
            match Input::from_json(&text, evidence.contexts()) {
                Ok(Input::Presentation(presentation)) => {
                    presentations.push((presentation, saved));
                    of_presentations.extend(case.ask());
                }
                Ok(Input::Sessions(read)) => {
                    for session in read {
                        let own = SessionId::new(session.id()).unwrap();
                        sessions.push((session, saved.clone().unwrap_or(own)));
                    }
                    of_sessions.extend(case.ask());
                }
                _ => {}
            }
        }
        let questions: Vec<_> = (presentations.iter())
            .map(|(presentation, id)| {
                let any = ExpectedSession::InsecureAny;
                (presentation, id.as_ref().map_or(any, ExpectedSession::Id))
            })
            .collect();
        let expected: Vec<_> =
            sessions.iter().map(|(session, id)| (session, ExpectedSession::Id(id))).collect();
        for _ in 0..2 {
            let reports = verifier.verify_batch(&questions, &evidence, now);
            let answers: Vec<Answer> = reports.into_iter().map(Answer::new).collect();
            assert_eq!(answers, of_presentations);
            let reports = verifier.verify_session_batch(&expected, &evidence, now);
            assert_eq!(reports.len(), of_sessions.len());
            for (report, alone) in reports.into_iter().zip(&of_sessions) {
                match report {
                    Ok(report) => assert_eq!(Answer::new(report), *alone),
                    Err(error) => assert_eq!(Some(error.to_string()), alone.error),
                }
            }
        }
        asked += of_presentations.len() + of_sessions.len();
    }
    assert!(cases.is_empty() || asked > 100, "{asked}");
}
