//! One thing changed in a question that is answered "accepted": it is not accepted any more, unless
//! the change is named here as harmless, with its reason.

mod support;

use chrono::{DateTime, Duration, Utc};
use proptest::prelude::*;
use result_vp::policy::{AllowedContext, Disclosure, ExpiredDocument, Profile};
use result_vp::{
    Did, Evidence, ExpectedSession, Policy, Session, SessionId, Source, TrustedIssuers, Unknown,
    Verdict, Verifier,
};
use serde_json::{json, Value};
use support::{fixture, instant};

/// Everything that a verdict depends on.
#[derive(Clone)]
struct Question {
    /// `session`, `result` (what stands in its `resultVp`), `did`, `list`, `schema`.
    inputs: Value,
    session_id: String,
    policy: Policy,
    now: DateTime<Utc>,
}

impl Question {
    fn new() -> Question {
        let json = |name: &str| support::json(&fixture(name));
        let mut session = json("sessions/success.json");
        let result: Value =
            serde_json::from_str(session["resultVp"].take().as_str().unwrap()).unwrap();
        session.as_object_mut().unwrap().remove("resultVp");
        let issuer = Did::new("did:web:issuer.example").unwrap();
        Question {
            session_id: session["id"].as_str().unwrap().to_owned(),
            inputs: json!({
                "session": session,
                "result": result,
                "did": json("did/issuer.json"),
                "list": json("evidence/status-list.json"),
                "schema": json("evidence/schema.json"),
            }),
            policy: Policy::new(TrustedIssuers::new([issuer]).unwrap()),
            now: instant("2024-06-01T00:00:00Z"),
        }
    }

    fn is_accepted(&self) -> bool {
        self.verdict() == Some(Verdict::Accepted)
    }

    /// `None` if an input cannot be read.
    fn verdict(&self) -> Option<Verdict> {
        let mut evidence = Evidence::new();
        for name in ["did", "list", "schema"] {
            let text = self.inputs[name].to_string();
            evidence.add(text.as_bytes(), Source::unknown()).ok()?;
        }
        let mut session = self.inputs["session"].clone();
        session
            .as_object_mut()?
            .insert("resultVp".into(), self.inputs["result"].to_string().into());
        let session = Session::from_json(session.to_string().as_bytes()).ok()?;
        let id = SessionId::new(&self.session_id).ok()?;
        let expected = ExpectedSession::Id(&id);
        let verifier = Verifier::new(self.policy.clone());
        let report = verifier.verify_session(&session, expected, &evidence, self.now).ok()?;
        Some(report.verdict())
    }
}

/// Every value of the inputs, as a JSON pointer.
fn places(value: &Value, pointer: String, found: &mut Vec<String>) {
    let items: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(name, it)| (name.clone(), it)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(index, it)| (index.to_string(), it)).collect()
        }
        _ => Vec::new(),
    };
    for (name, member) in items {
        let name = name.replace('~', "~0").replace('/', "~1");
        places(member, format!("{pointer}/{name}"), found);
    }
    found.push(pointer);
}

fn changes(value: &Value) -> Vec<(&'static str, Option<Value>)> {
    let mut changes = vec![
        ("removed", None),
        ("null", Some(Value::Null)),
        ("false", Some(false.into())),
        ("number", Some(7.into())),
        ("text", Some("changed".into())),
        ("array", Some(json!([]))),
        ("object", Some(json!({}))),
        ("twice", Some(json!([value, value]))),
    ];
    match value {
        Value::String(text) => {
            changes.push(("longer", Some(format!("{text} ").into())));
            changes.push(("lower", Some(text.to_lowercase().into())));
        }
        Value::Object(members) => {
            let mut more = members.clone();
            more.insert("novel".to_owned(), "x".into());
            changes.push(("member", Some(more.into())));
        }
        Value::Array(items) => {
            let mut more = items.clone();
            more.push("x".into());
            changes.push(("item", Some(more.into())));
        }
        Value::Number(number) => {
            changes.push(("next", Some((number.as_i64().unwrap() + 1).into())))
        }
        _ => {}
    }
    changes.retain(|(_, it)| it.as_ref() != Some(value));
    changes
}

fn change(inputs: &mut Value, place: &str, value: Option<Value>) {
    match value {
        Some(value) => *inputs.pointer_mut(place).unwrap() = value,
        None => {
            let (parent, name) = place.rsplit_once('/').unwrap();
            let name = name.replace("~1", "/").replace("~0", "~");
            match inputs.pointer_mut(parent).unwrap() {
                Value::Object(members) => drop(members.remove(&name)),
                Value::Array(items) => drop(items.remove(name.parse().unwrap())),
                _ => unreachable!("a place lies in a container"),
            }
        }
    }
}

/// Changes that leave the answer as it is, each with its reason. `*` is any one name or index.
const HARMLESS: &[(&str, &[&str], &str)] = &[
    // Facts of the service, signed by nobody: the report shows them as that.
    (
        "/session/clientToken",
        &["removed", "null", "text", "longer"],
        "opens the service, proves nothing",
    ),
    ("/session/created", &["removed", "null", "number", "next"], UNSIGNED),
    ("/session/updated", &["removed", "null", "number", "next"], UNSIGNED),
    ("/session/verifications/*/updated", &["removed", "null", "number", "next"], UNSIGNED),
    ("/session/verifications/*", &["member"], "a newer service may say more"),
    // The unsigned copy of the claims is compared; the policy does not ask for one.
    ("/session/verifications/*/normalizedGovernmentIdData", &["removed", "null", "object"], COPY),
    (
        "/session/verifications/*/normalizedGovernmentIdData",
        &["member"],
        "a newer service may say more",
    ),
    (ADDRESS, &["removed", "null", "longer", "lower"], COPY),
    (FAMILY_NAME, &["removed", "null", "longer", "lower"], COPY),
    (GIVEN_NAME, &["removed", "null", "longer", "lower"], COPY),
    (NUMBER, &["removed", "null", "longer", "lower"], COPY),
    (DATE_OF_BIRTH, &["removed", "null", "longer"], COPY),
    (EXPIRATION_DATE, &["removed", "null", "longer"], COPY),
    (ISSUE_DATE, &["removed", "null", "longer"], COPY),
    // The presentation is signed by nobody, and nothing is read from it but its credentials.
    ("/result/@context", &["text", "array", "item"], PRESENTATION),
    ("/result/@context/*", &["removed", "text", "longer"], PRESENTATION),
    ("/result/type", &["item"], PRESENTATION),
    (
        "/result/id",
        &["removed", "null", "false", "number", "text", "array", "object", "twice", "longer"],
        PRESENTATION,
    ),
    // It gives meaning to the members of the proof, whose statements are fixed by the suite.
    ("/result/verifiableCredential/0/@context/1", &["removed"], SAME_STATEMENTS),
    ("/list/@context/2", &["removed"], SAME_STATEMENTS),
    // A DID document is JSON here: its contexts are not processed (DID Core 1.0, section 6.2).
    (
        "/did/@context",
        &["removed", "null", "false", "number", "text", "array", "object", "twice", "item"],
        "not read",
    ),
    (
        "/did/@context/*",
        &["removed", "null", "false", "number", "text", "array", "object", "twice", "longer"],
        "not read",
    ),
    ("/did/verificationMethod/0", &["member"], "a method may say more"),
    // The evidence is the caller's; its hash names it.
    ("/schema/title", &["removed", "text", "longer", "lower"], "says nothing of credentials"),
    ("/schema/type", &["removed"], LAXER),
    ("/schema/additionalProperties", &["removed", "object"], LAXER),
    ("/schema/properties/*", &["object"], LAXER),
    ("/schema/properties/*", &["member"], "an unknown keyword says nothing"),
    ("/schema/properties/*/type", &["removed"], LAXER),
    ("/schema/properties/*/pattern", &["removed"], LAXER),
    ("/schema/required", &["removed", "array"], LAXER),
    ("/schema/required/*", &["removed"], LAXER),
];

const UNSIGNED: &str = "an unsigned fact that no check uses";
const COPY: &str = "what the copy does not say, or says in another spelling, does not contradict";
const PRESENTATION: &str = "unsigned and not read";
const SAME_STATEMENTS: &str = "the statements are the same without it";
const LAXER: &str = "a schema that demands less";
const ADDRESS: &str = "/session/verifications/*/normalizedGovernmentIdData/address";
const FAMILY_NAME: &str = "/session/verifications/*/normalizedGovernmentIdData/familyName";
const GIVEN_NAME: &str = "/session/verifications/*/normalizedGovernmentIdData/givenName";
const NUMBER: &str = "/session/verifications/*/normalizedGovernmentIdData/idNumber";
const DATE_OF_BIRTH: &str = "/session/verifications/*/normalizedGovernmentIdData/dateOfBirth";
const EXPIRATION_DATE: &str = "/session/verifications/*/normalizedGovernmentIdData/expirationDate";
const ISSUE_DATE: &str = "/session/verifications/*/normalizedGovernmentIdData/issueDate";

fn matches(pattern: &str, place: &str) -> bool {
    let (pattern, place) = (pattern.split('/'), place.split('/'));
    pattern.clone().count() == place.clone().count()
        && pattern.zip(place).all(|(it, name)| it == "*" || it == name)
}

/// Every place of the inputs but the inputs themselves.
fn all_places(honest: &Question) -> Vec<String> {
    let mut all = Vec::new();
    places(&honest.inputs, String::new(), &mut all);
    all.retain(|place| place.matches('/').count() > 1);
    all
}

#[test]
fn one_changed_value_is_not_accepted_and_the_exceptions_are_exact() {
    let honest = Question::new();
    assert!(honest.is_accepted());
    let mut tried = 0;
    for place in all_places(&honest) {
        let mut harmless: Vec<&str> = (HARMLESS.iter())
            .filter(|(pattern, _, _)| matches(pattern, &place))
            .flat_map(|(_, kinds, _)| kinds.iter().copied())
            .collect();
        let value = honest.inputs.pointer(&place).unwrap();
        let mut accepted = Vec::new();
        for (kind, changed) in changes(value) {
            let mut question = honest.clone();
            change(&mut question.inputs, &place, changed);
            tried += 1;
            if question.is_accepted() {
                accepted.push(kind);
            }
        }
        harmless.sort_unstable();
        accepted.sort_unstable();
        assert_eq!(accepted, harmless, "{place}");
    }
    assert!(tried > 1000, "{tried}");
    let all = all_places(&honest);
    for (pattern, _, _) in HARMLESS {
        assert!(all.iter().any(|place| matches(pattern, place)), "{pattern} is nowhere");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// The same for any text or number, where no text or number at all is harmless.
    #[test]
    fn no_other_value_is_accepted(
        at in any::<prop::sample::Index>(),
        text in "\\PC{0,12}",
        number in any::<i64>(),
        is_text in any::<bool>(),
    ) {
        let honest = Question::new();
        let mut all = all_places(&honest);
        all.retain(|place| !HARMLESS.iter().any(|(pattern, _, _)| matches(pattern, place)));
        let place = at.get(&all);
        let changed = if is_text { Value::from(text) } else { number.into() };
        prop_assume!(honest.inputs.pointer(place) != Some(&changed));
        let mut question = honest;
        change(&mut question.inputs, place, Some(changed));
        prop_assert!(!question.is_accepted(), "{place}");
    }
}

/// The rest of the question. What asks for less, or for what is there, is accepted as well.
#[test]
fn one_changed_setting_is_answered_by_what_it_asks_for() {
    type Change = fn(Policy) -> Policy;
    let other = |_: Policy| {
        let other = Did::new("did:web:other.example").unwrap();
        Policy::new(TrustedIssuers::new([other]).unwrap())
    };
    let settings: [(&str, Change, Verdict); 22] = [
        ("issuer", other, Verdict::Rejected),
        ("type", |it| it.require_type("https://trinsic.cloud/idv/Other"), Verdict::Rejected),
        ("context", |it| it.allow_context(AllowedContext::new("urn:other")), Verdict::Rejected),
        ("age", |it| it.max_age(Duration::days(29)), Verdict::Rejected),
        ("entries", |it| it.min_list_entries(131_073), Verdict::Rejected),
        ("credentials", |it| it.credentials_per_verification(2), Verdict::Rejected),
        ("evidence", |it| it.max_evidence_age(Duration::days(99)), Verdict::Indeterminate),
        ("type", |it| it.require_type(TYPE), Verdict::Accepted),
        ("age", |it| it.max_age(Duration::days(30)), Verdict::Accepted),
        ("entries", |it| it.min_list_entries(0), Verdict::Accepted),
        ("status", |it| it.status(Unknown::Allow), Verdict::Accepted),
        ("status", |it| it.status(Unknown::Skip), Verdict::Accepted),
        ("schema", |it| it.schema(Unknown::Allow), Verdict::Accepted),
        ("schema", |it| it.schema(Unknown::Skip), Verdict::Accepted),
        ("copy", |it| it.normalized_data(Unknown::Require), Verdict::Accepted),
        ("copy", |it| it.normalized_data(Unknown::Skip), Verdict::Accepted),
        ("disclosure", |it| it.disclosure(Disclosure::RequireFull), Verdict::Accepted),
        ("profile", |it| it.profile(Profile::TrinsicConnect), Verdict::Accepted),
        ("document", |it| it.expired_document(ExpiredDocument::Reject), Verdict::Accepted),
        ("list", |it| it.status_issuer(Did::new("did:web:a").unwrap()), Verdict::Accepted),
        ("skew", |it| it.clock_skew(Duration::zero()), Verdict::Accepted),
        ("skew", |it| it.clock_skew(Duration::days(9999)), Verdict::Accepted),
    ];
    for (name, change, verdict) in settings {
        let mut question = Question::new();
        question.policy = change(question.policy);
        assert_eq!(question.verdict(), Some(verdict), "{name}");
    }
    let mut question = Question::new();
    question.session_id.push('0');
    assert_eq!(question.verdict(), Some(Verdict::Rejected));
    // Issued on 2 May 2024 at 10:00, with no end.
    for (now, verdict) in [
        ("2024-05-02T09:58:59Z", Verdict::Rejected),
        ("2024-05-02T10:00:00Z", Verdict::Accepted),
        ("2124-05-02T10:00:00Z", Verdict::Accepted),
    ] {
        let question = Question { now: instant(now), ..Question::new() };
        assert_eq!(question.verdict(), Some(verdict), "{now}");
    }
}

const TYPE: &str = "https://trinsic.cloud/idv/IdentityDocument_v0";
