//! Claims of what is not accepted are never printed, unless somebody asks for them by name.

mod common;

use std::process::Output;

use common::*;

/// The claims of the fixtures, in the credential's spelling and in the server's.
const CLAIMS: [&str; 13] = [
    "MIRABEL",
    "Mirabel",
    "EXEMPLARIS",
    "Exemplaris",
    "X0000417",
    "X0000533",
    "1991-02-28",
    "2021-09-30",
    "2031-09-29",
    "SAMPLE ROW",
    "NOWHERE FALLS",
    "00000",
    "iVBORw0KGgo",
];

fn said(output: &Output) -> String {
    format!("{}{}", stdout(output), stderr(output))
}

fn assert_silent(output: &Output, what: &str) {
    let said = said(output);
    for claim in CLAIMS {
        // Ids of the fixtures hold zeros of their own.
        let said = said.replace("0000-4000-8000-", "");
        assert!(!said.contains(claim), "{what}: `{claim}` in\n{said}");
    }
}

/// Ways to hold a genuine result and not to accept it.
fn refused() -> Vec<(String, Vec<String>)> {
    let folder = folder("secrecy");
    let presentation = read("presentations/portrait.json");
    let session = read("sessions/success.json");
    let mut inputs = vec![
        ("fixtures/sessions/success.json".to_owned(), "other-id"),
        ("fixtures/presentations/full.json".to_owned(), "other-id"),
        ("fixtures/presentations/portrait.json".to_owned(), "other-id"),
        ("fixtures/presentations/two-issuers.json".to_owned(), SESSION),
        ("fixtures/sessions/redacted.json".to_owned(), SESSION),
        ("fixtures/README.md".to_owned(), SESSION),
    ];
    let mut edited = |name: &str, text: String| {
        inputs.push((file(&folder, name, &text), SESSION));
    };
    // A claim changed; one that would be dropped; one under another context; a proof cut short.
    edited("changed.json", presentation.replace("MIRABEL", "MIRABELX"));
    edited("dropped.json", presentation.replace("\"MIRABEL\"", "[\"MIRABEL\", null]"));
    edited(
        "context.json",
        presentation.replace("https://w3id.org/bbs/v1", "https://MIRABEL.example"),
    );
    edited("twice.json", presentation.replace("\"givenName\"", "\"familyName\""));
    edited("cut.json", presentation[..presentation.len() / 2].to_owned());
    edited("trailing.json", format!("{presentation} MIRABEL"));
    edited("type.json", presentation.replace("VerifiablePresentation", "MIRABEL"));
    edited("date.json", presentation.replace("2024-05-02T10:00:00Z", "MIRABEL"));
    edited("key.json", presentation.replace("did:web:issuer.example#key-1", "MIRABEL"));
    edited("state.json", session.replace("IDV_SUCCESS", "IDV_FAILED"));
    edited("contradicts.json", session.replace("\"Mirabel\"", "\"Someone\""));
    edited("result.json", session.replace("VerifiablePresentation", "Nothing"));
    let ways = [vec!["--evidence", "fixtures/did"], vec![], vec!["--images"]];
    let mut refused = Vec::new();
    for (path, id) in inputs {
        for way in &ways {
            let arguments = [way.as_slice(), &["--session-id", id, &path]].concat();
            refused.push((path.clone(), arguments.into_iter().map(str::to_owned).collect()));
        }
    }
    refused
}

#[test]
fn no_claim_of_a_refused_result_is_printed() {
    let mut exits = std::collections::BTreeSet::new();
    for (path, arguments) in refused() {
        for format in ["human", "json"] {
            let base = ["verify", ISSUER[0], ISSUER[1], "--format", format];
            let arguments = arguments.iter().map(String::as_str);
            let arguments: Vec<&str> = base.into_iter().chain(SKIP).chain(arguments).collect();
            let output = run(&arguments);
            assert_ne!(code(&output), 0, "{arguments:?}");
            exits.insert(code(&output));
            assert_silent(&output, &format!("{arguments:?}"));
        }
        assert_silent(&run(["inspect", &path]), &format!("inspect {path}"));
        assert_silent(&run(["inspect", "--format", "json", &path]), &format!("inspect {path}"));
    }
    assert_eq!(exits.into_iter().collect::<Vec<_>>(), [1, 3, 7], "every way of refusing is tried");
}

/// The words above are the right ones: where they may be printed, they are.
#[test]
fn claims_of_an_accepted_result_are_printed() {
    let said = said(&verify(&["--session-id", SESSION, "fixtures/sessions/success.json"]));
    for claim in ["MIRABEL", "EXEMPLARIS", "X0000417", "1991-02-28", "SAMPLE ROW", "00000"] {
        assert!(said.contains(claim), "{claim}");
    }
    assert!(!said.contains("NOT ACCEPTED"));
}

#[test]
fn claims_anyway_are_marked_on_every_line_and_in_json_by_their_name() {
    let arguments =
        ["--claims-anyway", "--session-id", "other-id", "fixtures/sessions/success.json"];
    let output = verify(&arguments);
    assert_eq!(code(&output), 1, "printing changes no verdict");
    let lines: Vec<&str> =
        stdout(&output).lines().filter(|line| CLAIMS.iter().any(|it| line.contains(it))).collect();
    assert!(lines.len() > 5 && lines.iter().all(|line| line.starts_with("  !! ")), "{lines:#?}");

    let output = verify(&[&arguments[..], &["--format", "json"]].concat());
    let document = json(&output);
    let credential = &document["results"][0]["credentials"][0];
    let unaccepted = &credential["unaccepted_claims"];
    assert_eq!(unaccepted["claims"]["given_name"]["value"], "MIRABEL");
    assert_eq!(unaccepted["signed_claims"]["https://trinsic.cloud/idv/givenName"][0], "MIRABEL");
    assert!(unaccepted["warning"].as_str().unwrap().contains("not accepted"));
    assert!(credential["claims"].is_null() && credential["signed_claims"].is_null());
}

#[test]
fn claims_anyway_changes_nothing_for_what_is_accepted() {
    for format in ["human", "json"] {
        let base = ["--format", format, "--session-id", SESSION, "fixtures/sessions/success.json"];
        let anyway = verify(&[&base[..], &["--claims-anyway"]].concat());
        assert_eq!(stdout(&anyway), stdout(&verify(&base)));
    }
}
