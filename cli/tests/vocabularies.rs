//! Credentials of every vocabulary, as the command answers for them.

mod common;

use common::*;
use serde_json::{json, Value};

/// Of everything under `fixtures/vocabularies`.
const ISSUER: &str = "did:key:zUC76iZwFJ6QLvBQSqjQkwYKG1j5VekHi5RMNmFV1iVPZPMF7vxwDAUgtEt4wEH7FYjDNeDErt6fxG2j43xZYKixC5fHaUin8yyeJVTUDdbwVkN4UfXsTtGJXT5eR4Lu1DPPUpC";

const VOCABULARIES: [&str; 5] = [
    "citizenship_permanent_resident_card",
    "citizenship_v1",
    "ebsi_verifiable_id",
    "trinsic_iso18013_drivers_license",
    "vdl_v1",
];

fn path(name: &str) -> String {
    format!("fixtures/vocabularies/{name}.json")
}

fn verify(name: &str, more: &[&str]) -> std::process::Output {
    let path = path(name);
    let arguments = ["verify", "--issuer", ISSUER, "--session-id", SESSION, "--at"];
    run([&arguments, &["2024-06-01T00:00:00Z"][..], &SKIP, more, &[&path]].concat())
}

#[test]
fn the_answer_has_the_form_of_its_schema_and_names_the_vocabulary() {
    let schema: Value = serde_json::from_str(include_str!("../../report.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    for name in VOCABULARIES {
        let answer = json(&verify(name, &["--format", "json"]));
        assert!(schema.is_valid(&answer), "{name}");
        assert_eq!(answer["verdict"], "accepted", "{name}");
        let credential = &answer["results"][0]["credentials"][0];
        assert_eq!(credential["vocabulary"], name);
        assert_eq!(credential["claims"]["family_name"]["raw"], "EXEMPLARIS", "{name}");
    }
}

/// An SD-JWT is a presentation by itself, and its nonce is the id.
#[test]
fn a_wallets_pid_is_read_as_it_was_sent() {
    let issuer = "did:key:zDnaetPWwZ93fPAM26c7Kh5qV5DYmTvLC8jcu8SsXtFcZW3Ld";
    let path = "fixtures/vocabularies/eudi_pid.txt";
    let arguments = ["verify", "--issuer", issuer, "--session-id", SESSION, "--format", "json"];
    let rest = ["--at", "2024-06-01T00:00:00Z", path];
    let answer = json(&run([&arguments[..], &rest].concat()));
    assert_eq!(answer["verdict"], "accepted", "{answer}");
    let credential = &answer["results"][0]["credentials"][0];
    assert_eq!(
        (&credential["vocabulary"], &credential["suite"]),
        (&json!("eudi_pid"), &json!("SD-JWT"))
    );
    let claims = &credential["claims"];
    assert_eq!(claims["date_of_birth"]["value"], "1991-02-28");
    assert_eq!(claims["family_name"]["state"], "not_disclosed");
    let schema: Value = serde_json::from_str(include_str!("../../report.schema.json")).unwrap();
    assert!(jsonschema::validator_for(&schema).unwrap().is_valid(&answer));
}

/// In one form, with what was signed beside it.
#[test]
fn a_claim_is_given_as_written_and_in_one_form() {
    let answer = json(&verify("vdl_v1", &["--format", "json"]));
    let claims = &answer["results"][0]["credentials"][0]["claims"];
    let claim = |name: &str| {
        let mut claim = claims[name].clone();
        let source = claim.as_object_mut().unwrap().remove("source").unwrap();
        assert!(source.as_str().unwrap().contains(" https://w3id.org/vdl#license "), "{source}");
        claim
    };
    assert_eq!(claim("sex"), json!({"state": "disclosed", "value": "female", "raw": "2"}));
    let country = json!({"state": "disclosed", "value": "USA", "raw": "US"});
    assert_eq!(claim("issuing_country"), country);
    assert_eq!(
        claim("issue_date"),
        json!({
            "state": "disclosed",
            "value": "2023-01-15",
            "raw": "2023-01-15T22:30:00-07:00",
            "precision": "day",
        })
    );
    assert_eq!(claim("age_over_18")["value"], "true");
    assert_eq!(claim("city"), json!({"state": "absent"}));
    assert_eq!(claim("portrait")["media_type"], "image/png");
    assert!(claim("portrait")["raw"].is_null(), "images are for who asks for them");
    // The vocabulary has none.
    assert!(claims["document_class"].is_null());

    let answer = json(&verify("ebsi_verifiable_id", &["--format", "json"]));
    let address = &answer["results"][0]["credentials"][0]["claims"]["address"];
    assert_eq!(address["values"], json!(["1 SAMPLE ROW", "LILLE"]));
    assert_eq!((&address["value"], &address["raw"]), (&Value::Null, &Value::Null));
}

#[test]
fn a_person_sees_what_is_disclosed() {
    let output = verify("vdl_v1", &[]);
    let screen = stdout(&output);
    for (name, value) in [
        ("family_name", "EXEMPLARIS"),
        ("date_of_birth", "1998-08-28"),
        ("sex", "female"),
        ("issuing_country", "USA"),
        ("expiry_date", "2028-08-27"),
        ("address", "12 SAMPLE ROW, NOWHERE FALLS"),
        ("age_over_65", "false"),
    ] {
        let line = screen.lines().find(|line| line.trim_start().starts_with(&format!("{name} ")));
        assert!(line.is_some_and(|line| line.ends_with(&format!(" {value}"))), "{name}: {screen}");
    }
    let output = verify("ebsi_verifiable_id", &[]);
    assert!(stdout(&output).contains("address            1 SAMPLE ROW; LILLE\n"));
}

/// Which vocabulary it was is of no person; what it says is.
#[test]
fn an_audit_names_the_vocabulary_and_no_claim_unasked() {
    let folder = folder("vocabularies-audit");
    // Each by itself: together they would be replays, for all were made for one session.
    let row = |name: &str, claims: &str| -> Value {
        let out = folder.join("rows.jsonl");
        let _ = std::fs::remove_file(&out);
        let (out, path) = (out.to_str().unwrap(), path(name));
        let arguments = ["audit", "--quiet", "--issuer", ISSUER, "--insecure-any-session"];
        let rest = ["--claims", claims, "--as-of", "2024-06-01T00:00:00Z", "--out", out, &path];
        let output = run([&arguments[..], &SKIP, &rest].concat());
        let text = std::fs::read_to_string(out).unwrap_or_else(|_| panic!("{}", stderr(&output)));
        serde_json::from_str(text.trim()).unwrap()
    };
    let rows = |claims: &str| VOCABULARIES.map(|name| row(name, claims));
    let unasked = rows("none");
    let named: Vec<&Value> = unasked.iter().map(|row| &row["vocabulary"]).collect();
    assert_eq!(named, VOCABULARIES);
    for row in &unasked {
        assert!(row["family_name"].is_null() && row["address"].is_null(), "{row}");
        assert!(!row.to_string().contains("EXEMPLARIS"));
    }
    let full = rows("full");
    let cells = |name: &str| -> Vec<&Value> { full.iter().map(|row| &row[name]).collect() };
    assert_eq!(cells("sex"), ["female", "female", "female", "unspecified", "female"]);
    let countries = [json!(null), json!(null), json!(null), json!("USA"), json!("USA")];
    assert_eq!(cells("issuing_country"), countries.each_ref());
    assert_eq!(cells("address")[2], "1 SAMPLE ROW; LILLE");
    assert_eq!(cells("issue_date")[4], "2023-01-15");
}
