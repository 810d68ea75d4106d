//! `report.schema.json` and `docs/checks.md` are written from the code by this test:
//!
//! ```text
//! UPDATE_DOCS=1 cargo test -p result-vp-cli --test documents
//! ```
//!
//! Without the variable it fails if a committed file is not what the code would write.

mod common;

#[allow(dead_code)]
#[path = "../src/catalog.rs"]
mod catalog;

use std::collections::BTreeSet;
use std::path::Path;

use catalog::{checks_of, remedy, CHECKS, WARNINGS};
use common::*;
use result_vp::{ReasonCode, Verdict};
use serde_json::{json, Value};

const OUTCOMES: [(&str, &str); 5] = [
    ("pass", "it holds"),
    ("fail", "it does not hold: the result is rejected"),
    (
        "indeterminate",
        "it could not be checked: without another failure the result is indeterminate",
    ),
    ("not_applicable", "there is nothing to check"),
    ("waived", "the policy switched it off, by name"),
];
/// The first checks of the catalog are those of the session.
const SESSION_CHECKS: usize = 5;

#[test]
fn the_schema_is_current() {
    let text = serde_json::to_string_pretty(&sorted(schema())).expect("JSON") + "\n";
    is_current("report.schema.json", &text);
}

/// Members by name: other crates of a build decide whether `serde_json` sorts them.
fn sorted(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        Value::Object(members) => {
            let members: std::collections::BTreeMap<String, Value> = members.into_iter().collect();
            members.into_iter().map(|(name, member)| (name, sorted(member))).collect()
        }
        scalar => scalar,
    }
}

#[test]
fn the_list_of_checks_is_current() {
    is_current("docs/checks.md", &checks_document());
}

fn is_current(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, text).expect("written");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == text,
        "{name}: write it with UPDATE_DOCS=1 cargo test -p result-vp-cli --test documents"
    );
}

/// Real answers of every kind are what the schema says, and reasons are given by the checks that
/// the list names.
#[test]
fn what_the_command_prints_is_what_the_schema_says() {
    let schema = validator();
    let trusted = ["--issuer", "did:web:issuer.example"];
    let evidence = ["--evidence", "fixtures/evidence", "--evidence", "fixtures/did"];
    let full = [&trusted[..], &evidence, &["--session-id", SESSION]].concat();
    let anybody = ["--insecure-any-issuer", "--insecure-any-session"];
    let success = "fixtures/sessions/success.json";
    let mut verdicts = std::collections::BTreeSet::new();
    for (arguments, verdict) in [
        ([&full[..], &[success]].concat(), "accepted"),
        ([&full[..], &["--images", "fixtures/sessions/selective.json"]].concat(), ""),
        ([&full[..], &["--session-id", "x", success]].concat(), "error"),
        ([&trusted[..], &["--claims-anyway", success]].concat(), "indeterminate"),
        ([&trusted[..], &evidence, &["--session-id", "another", success]].concat(), "rejected"),
        (
            [&anybody[..], &["--claims-anyway", "fixtures/sessions/failed.json"]].concat(),
            "rejected",
        ),
        ([&anybody[..], &evidence, &["fixtures/sessions/list.json"]].concat(), "rejected"),
        ([&anybody[..], &["fixtures/sessions/unfinished.json"]].concat(), "rejected"),
        ([&anybody[..], &["fixtures/sessions/retry.json"]].concat(), "rejected"),
        ([&anybody[..], &["fixtures/sessions/redacted.json"]].concat(), "rejected"),
        ([&anybody[..], &["--images", "fixtures/presentations/portrait.json"]].concat(), ""),
        (
            [&anybody[..], &["--claims-anyway", "fixtures/presentations/two-issuers.json"]]
                .concat(),
            "",
        ),
        ([&anybody[..], &["fixtures/presentations/did-key.json"]].concat(), ""),
        ([&anybody[..], &["fixtures/README.md"]].concat(), "error"),
        ([&anybody[..], &["fixtures/missing.json"]].concat(), "error"),
        (vec![success], "error"),
    ] {
        let output = run([&["verify", "--format", "json"], &arguments[..]].concat());
        let document = json(&output);
        if let Err(error) = schema.validate(&document) {
            panic!("{arguments:?}: {error} at {}", error.instance_path());
        }
        let found = document["verdict"].as_str().expect("a verdict").to_owned();
        assert!(verdict.is_empty() || found == verdict, "{arguments:?}: {found}");
        verdicts.insert(found);
        for check in every_check(&document) {
            let Some(code) = check["code"].as_str() else { continue };
            let code = ReasonCode::ALL.iter().find(|it| it.code() == code).expect("a known code");
            let name = check["check"].as_str().expect("a name");
            assert!(checks_of(*code).contains(&name), "{name} gives {code:?}: add it to REASONS");
        }
    }
    assert_eq!(verdicts.len(), 4, "{verdicts:?}");
}

/// The schema is closed: a member, a check or a code that it does not name is refused.
#[test]
fn the_schema_refuses_what_it_does_not_name() {
    let schema = validator();
    let output = run([
        "verify",
        "--format",
        "json",
        "--insecure-any-issuer",
        "fixtures/sessions/success.json",
    ]);
    let document = json(&output);
    assert!(schema.is_valid(&document));
    let changes: [(&str, Value); 7] = [
        ("/verdict", json!("maybe")),
        ("/schema", json!(2)),
        ("/results/0/session/checks/0/check", json!("proof")),
        ("/results/0/credentials/0/checks/0/outcome", json!("passed")),
        ("/results/0/credentials/0/checks/0/code", json!("no_such_reason")),
        ("/results/0/error", json!("an error beside a verdict")),
        ("/results/0/warnings", json!([{ "code": "no_such_warning", "detail": null }])),
    ];
    for (pointer, value) in changes {
        let mut changed = document.clone();
        *changed.pointer_mut(pointer).expect(pointer) = value;
        assert!(!schema.is_valid(&changed), "{pointer}");
    }
    for pointer in ["", "/results/0", "/results/0/session", "/results/0/credentials/0"] {
        let mut changed = document.clone();
        changed.pointer_mut(pointer).expect(pointer)["more"] = json!(1);
        assert!(!schema.is_valid(&changed), "{pointer}");
    }
}

fn validator() -> jsonschema::Validator {
    jsonschema::validator_for(&schema()).expect("a schema")
}

fn every_check(document: &Value) -> Vec<&Value> {
    let results = document["results"].as_array().expect("results");
    let holders = results.iter().flat_map(|result| {
        result["credentials"].as_array().into_iter().flatten().chain([&result["session"]])
    });
    holders.flat_map(|it| it["checks"].as_array().into_iter().flatten()).collect()
}

/// An object with these members and no other; all but those named optional are required.
fn closed(members: Value, optional: &[&str]) -> Value {
    let names = members.as_object().expect("members").keys();
    let mut required: Vec<&String> =
        names.filter(|name| !optional.contains(&name.as_str())).collect();
    required.sort_unstable();
    json!({ "type": "object", "properties": members, "required": required,
        "additionalProperties": false })
}

fn schema() -> Value {
    let text = json!({ "type": "string" });
    let text_or_null = json!({ "type": ["string", "null"] });
    let time = json!({ "type": ["string", "null"], "format": "date-time" });
    let of = |reference: &str| json!({ "$ref": format!("#/$defs/{reference}") });
    let list = |items: Value| json!({ "type": "array", "items": items });
    let names = |checks: &[(result_vp::Check, &str)]| -> Value {
        checks.iter().map(|(check, _)| check.code()).collect()
    };
    let (of_session, of_credential) = CHECKS.split_at(SESSION_CHECKS);
    let codes: Value = ReasonCode::ALL.iter().map(|code| code.code()).collect();
    let outcomes: Value = OUTCOMES.iter().map(|(outcome, _)| *outcome).collect();
    let warnings: Value = WARNINGS.iter().map(|(code, ..)| *code).collect();
    let tables = result_vp::internal::vocabularies();
    let vocabularies: Value = tables.iter().map(|it| it.name).collect();
    let claims: BTreeSet<&str> =
        tables.iter().flat_map(|it| it.claims.iter().map(|(name, _)| *name)).collect();
    let verdicts =
        [Verdict::Accepted, Verdict::Indeterminate, Verdict::Rejected].map(Verdict::code);
    let with_error: Value = verdicts.iter().copied().chain(["error"]).collect();
    let check = |names: Value| {
        let mut check = closed(
            json!({ "check": { "enum": names }, "outcome": of("outcome"),
                "code": { "anyOf": [of("reason"), { "type": "null" }] }, "detail": text_or_null }),
            &[],
        );
        // Who passed, or had nothing to check, has no reason.
        check["if"] =
            json!({ "properties": { "outcome": { "enum": ["pass", "not_applicable"] } } });
        check["then"] = json!({ "properties": { "code": { "type": "null" } } });
        check["else"] = json!({ "properties": { "code": { "type": "string" } } });
        check
    };
    let mut result = closed(
        json!({
            "input": text, "record": { "type": "integer", "minimum": 0 },
            "verdict": { "enum": with_error }, "error": text_or_null,
            "session": { "anyOf": [of("session"), { "type": "null" }] },
            "credentials": list(of("credential")), "warnings": list(of("warning")),
        }),
        &[],
    );
    result["if"] = json!({ "properties": { "verdict": { "const": "error" } } });
    result["then"] = json!({ "properties": { "error": { "type": "string" } } });
    result["else"] = json!({ "properties": { "error": { "type": "null" } } });
    let mut document = closed(
        json!({ "schema": { "const": 1 }, "verdict": { "enum": with_error },
            "results": list(of("result")) }),
        &[],
    );
    document["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    document["title"] = json!("The answer of `result-vp verify --format json`");
    document["$defs"] = json!({
        "result": result,
        "session": closed(
            json!({ "id": text, "id_from": { "enum": ["caller", "input"] }, "state": text,
                "fail_code": text_or_null, "created": time, "updated": time,
                "retryable": { "type": "boolean" }, "verifications": list(of("verification")),
                "unsigned": { "const": true }, "checks": list(of("session_check")) }),
            &[],
        ),
        "verification": closed(
            json!({ "id": text, "type": text, "state": text, "fail_code": text_or_null,
                "reused": { "type": ["boolean", "null"] }, "begun": time, "updated": time }),
            &[],
        ),
        "credential": closed(
            json!({ "verdict": { "enum": verdicts }, "id": text_or_null, "types": list(text.clone()),
                "issuer": text_or_null, "verification_method": text_or_null,
                "suite": text_or_null, "issuance_date": text_or_null,
                "hidden_statements": { "type": ["integer", "null"], "minimum": 0 },
                "checks": list(of("credential_check")), "vocabulary": { "enum": vocabularies },
                "claims": of("claims"),
                "signed_claims": of("signed_claims"), "unaccepted_claims": of("unaccepted_claims") }),
            &["vocabulary", "claims", "signed_claims", "unaccepted_claims"],
        ),
        "session_check": check(names(of_session)),
        "credential_check": check(names(of_credential)),
        "outcome": { "enum": outcomes },
        "reason": { "enum": codes },
        "warning": closed(json!({ "code": { "enum": warnings }, "detail": text_or_null }), &[]),
        "unaccepted_claims": closed(
            json!({ "warning": text, "claims": of("claims"), "signed_claims": of("signed_claims") }),
            &["claims"],
        ),
        "claims": {
            "type": "object",
            "propertyNames": { "enum": claims },
            "additionalProperties": of("claim"),
        },
        "claim": closed(
            json!({ "state": { "enum": ["absent", "ambiguous", "disclosed", "empty", "not_disclosed"] },
                "value": text, "raw": text, "values": list(text.clone()), "source": text, "precision": { "enum": ["day", "month", "year"] },
                "media_type": text, "bytes": { "type": "integer", "minimum": 0 },
                "sha256": { "type": "string", "pattern": "^[0-9a-f]{64}$" } }),
            &["value", "raw", "values", "precision", "media_type", "bytes", "sha256"],
        ),
        "signed_claims": { "type": "object", "additionalProperties": list(text) },
    });
    document
}

fn checks_document() -> String {
    let mut text = String::from(
        "# Checks, outcomes, reasons and warnings\n\n\
        <!-- Written by: UPDATE_DOCS=1 cargo test -p result-vp-cli --test documents -->\n\n\
        A report names every check once, with one outcome. Names are stable: they follow semantic\n\
        versioning. `result-vp explain CODE` says the same on a terminal.\n\n\
        ## Outcomes\n\n| outcome | meaning |\n|---|---|\n",
    );
    for (outcome, meaning) in OUTCOMES {
        text += &format!("| `{outcome}` | {meaning} |\n");
    }
    text += "\n## Checks\n\n| of | check | passes if | reasons it gives |\n|---|---|---|---|\n";
    for (index, (check, holds)) in CHECKS.iter().enumerate() {
        let of = if index < SESSION_CHECKS { "session" } else { "credential" };
        let reasons = ReasonCode::ALL.iter().filter(|it| checks_of(**it).contains(&check.code()));
        let reasons = codes(reasons.map(|code| code.code()));
        text += &format!("| {of} | `{}` | {holds} | {reasons} |\n", check.code());
    }
    text += "\n## Reasons\n\n| reason | meaning | what to do | given by |\n|---|---|---|---|\n";
    for &code in ReasonCode::ALL {
        let checks = codes(checks_of(code).iter().copied());
        text +=
            &format!("| `{}` | {} | {} | {checks} |\n", code.code(), code.meaning(), remedy(code));
    }
    text += "\n## Warnings\n\nA warning changes no verdict.\n\n\
        | warning | meaning | what to do |\n|---|---|---|\n";
    for (code, meaning, remedy) in WARNINGS {
        text += &format!("| `{code}` | {meaning} | {remedy} |\n");
    }
    text
}

fn codes<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
