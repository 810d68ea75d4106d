//! Every limit holds at its number, for whatever number the caller sets; `docs/limits.md` lists them.
//!
//! ```text
//! UPDATE_DOCS=1 cargo test --test limits_table
//! ```
//!
//! writes the table of that file anew.

#[path = "support/signer.rs"]
mod signer;
mod support;
#[path = "support/world.rs"]
mod world;

use std::path::Path;

use base64::engine::general_purpose::STANDARD;
use base64::Engine as _;
use result_vp::internal;
use result_vp::limits::{Limit, Limits, OutOfRange};
use result_vp::policy::BitOrder;
use result_vp::{
    Contexts, Error, Evidence, ExpectedSession, Input, Outcome, ReasonCode, UnverifiedPresentation,
    Verifier,
};
use serde_json::{json, Value};
use support::instant;
use world::World;

/// What became of an input.
#[derive(Debug, PartialEq)]
enum Answer {
    Accepted,
    /// Refused, and the refusal names the limit.
    Refused,
}

/// Asks about an input that holds exactly `count` of what the limit counts.
fn ask(limit: Limit, count: usize, limits: Limits) -> Answer {
    let contexts = Contexts::bundled().within(limits);
    let session = |members: &str| {
        let text = format!(r#"{{"id":"s","state":0{members}}}"#);
        error(limit, Input::from_bytes(text.as_bytes(), &contexts).map(drop))
    };
    let stated = |members: String, rule: &str| {
        let vocabulary = r#""@context":[{"@vocab":"https://v.example/"}]"#;
        let text = format!(r#"{{{vocabulary},"@id":"urn:a"{members}}}"#);
        refusal(internal::statements(text.as_bytes(), &contexts).unwrap(), rule)
    };
    let many = |count: usize, one: &dyn Fn(usize) -> String| {
        (0..count).map(one).collect::<Vec<_>>().join(",")
    };
    match limit {
        Limit::Bytes => {
            let text = padded(r#"{"id":"s","state":0}"#, count);
            error(limit, Input::from_bytes(text.as_bytes(), &contexts).map(drop))
        }
        Limit::Depth => {
            session(&format!(r#","x":{}{}"#, "[".repeat(count - 1), "]".repeat(count - 1)))
        }
        Limit::Members => session(&format!(",{}", many(count - 2, &|at| format!("\"m{at}\":0")))),
        // The object, its two members and the array are four of them.
        Limit::Values => session(&format!(r#","x":[{}]"#, many(count - 4, &|_| "0".to_owned()))),
        Limit::Verifications => session(&format!(
            r#","verifications":{{{}}}"#,
            many(count, &|at| format!(r#""{at}":{{}}"#))
        )),
        Limit::Sessions => {
            let text = format!("[{}]", many(count, &|_| r#"{"id":"s","state":0}"#.to_owned()));
            error(limit, Input::from_bytes(text.as_bytes(), &contexts).map(drop))
        }
        Limit::Credentials => {
            let credentials = vec![json!({ "type": "VerifiableCredential" }); count];
            let context = "https://www.w3.org/2018/credentials/v1";
            let text = json!({
                "@context": [context], "type": "VerifiablePresentation",
                "verifiableCredential": credentials,
            });
            let text = text.to_string();
            let read = UnverifiedPresentation::from_json_with(text.as_bytes(), &contexts);
            error(limit, read.map(drop))
        }
        Limit::Statements => stated(
            format!(",{}", many(count, &|at| format!(r#""p{at}":"x""#))),
            "too_many_statements",
        ),
        // `urn:a` and the predicate are 5 and at least 19 bytes.
        Limit::IriBytes => {
            let predicate = "p".repeat(count - 5 - 18);
            stated(format!(r#","{predicate}":"x""#), "long_iri")
        }
        Limit::BlankNodes => stated(
            format!(",{}", many(count, &|at| format!(r#""p{at}":{{"q":"x"}}"#))),
            "too_many_blank_nodes",
        ),
        // Nodes that nothing tells apart but what they lead to.
        Limit::CanonicalizationWork => stated(
            r#","p":[{"q":{"q":{"r":"a"}}},{"q":{"q":{"r":"b"}}}]"#.to_owned(),
            "canonicalization_budget",
        ),
        Limit::Methods => {
            let method = |at| json!({ "id": format!("did:web:a#{at}"), "type": "X", "controller": "did:web:a" });
            let methods: Vec<Value> = (0..count).map(method).collect();
            let document = json!({ "id": "did:web:a", "verificationMethod": methods });
            let mut evidence = Evidence::within(limits);
            error(limit, evidence.add_did_document(document.to_string().as_bytes()).map(drop))
        }
        Limit::Evidence => {
            let mut evidence = Evidence::within(limits);
            let added = (0..count).try_for_each(|at| {
                let document = json!({ "id": format!("did:web:a{at}") }).to_string();
                evidence.add_did_document(document.as_bytes()).map(drop)
            });
            error(limit, added)
        }
        Limit::SchemaBytes => {
            let text = padded(r#"{"type":"object"}"#, count);
            let mut evidence = Evidence::within(limits);
            error(limit, evidence.add_schema("https://s.example/", text.as_bytes()))
        }
        Limit::StatusListBytes => {
            let list = STANDARD.encode(world::gzip(&vec![0; count]));
            let order = BitOrder::LeftmostFirst;
            match internal::status_list(&list, false, order, &limits) {
                Some((entries, _)) => {
                    assert_eq!(entries, count * 8);
                    Answer::Accepted
                }
                None => Answer::Refused,
            }
        }
        Limit::Work => {
            let world = World::new();
            let mut evidence = Evidence::within(limits);
            for (item, source) in &world.evidence {
                evidence.add(item.to_string().as_bytes(), *source).unwrap();
            }
            let text = signer::presentation(&world.credential);
            let presentation = UnverifiedPresentation::from_json(text.as_bytes()).unwrap();
            let any = ExpectedSession::InsecureAny;
            let report = Verifier::new(world.policy.clone()).verify(
                &presentation,
                any,
                &evidence,
                instant(world::NOW),
            );
            let outcomes = report.credentials()[0].checks();
            let hit = outcomes.into_iter().any(|(_, outcome)| {
                matches!(&outcome, Outcome::Indeterminate(it) if it.code() == ReasonCode::WorkLimit)
            });
            if hit {
                Answer::Refused
            } else {
                Answer::Accepted
            }
        }
        other => panic!("{other:?} has no test"),
    }
}

/// With spaces behind it.
fn padded(text: &str, length: usize) -> String {
    text.to_owned() + &" ".repeat(length - text.len())
}

fn error(limit: Limit, read: Result<(), Error>) -> Answer {
    match read {
        Ok(()) => Answer::Accepted,
        Err(Error::LimitReached { limit: hit, .. }) if hit == limit => Answer::Refused,
        Err(other) => panic!("{limit:?}: {other}"),
    }
}

fn refusal(read: Result<Vec<String>, String>, rule: &str) -> Answer {
    match read {
        Ok(_) => Answer::Accepted,
        Err(refusal) => {
            assert!(refusal.starts_with(rule), "{refusal}");
            Answer::Refused
        }
    }
}

#[test]
fn each_limit_holds_at_its_number_lowered_and_raised() {
    for &limit in Limit::ALL {
        // What these count is not what the input says: how much is needed is found out.
        if matches!(limit, Limit::CanonicalizationWork | Limit::Work) {
            let within = |most| ask(limit, 0, Limits::standard().with(limit, most).unwrap());
            assert_eq!(within(1), Answer::Refused, "{limit:?}");
            assert_eq!(within(limit.standard()), Answer::Accepted, "{limit:?}");
            assert_eq!(within(limit.hard_cap()), Answer::Accepted, "{limit:?}");
            continue;
        }
        for most in [50, 51] {
            let limits = Limits::standard().with(limit, most).unwrap();
            assert_eq!(limits.most(limit), most);
            assert_eq!(ask(limit, most, limits), Answer::Accepted, "{limit:?}");
            assert_eq!(ask(limit, most + 1, limits), Answer::Refused, "{limit:?}");
        }
    }
}

/// Beyond the standard number a caller who raised it is served, and nobody else.
#[test]
fn each_limit_can_be_raised() {
    for &limit in Limit::ALL {
        let counts = match limit {
            Limit::CanonicalizationWork | Limit::Work => continue,
            // A predicate alone is no longer than an IRI may be.
            Limit::IriBytes => continue,
            _ => limit.standard() + 1,
        };
        // What lies in the way is raised as well.
        let mut limits = Limits::standard();
        for other in [Limit::Bytes, Limit::Values, Limit::Members] {
            limits = limits.with(other, other.hard_cap()).unwrap();
        }
        let standard = limits.with(limit, limit.standard()).unwrap();
        assert_eq!(ask(limit, counts, standard), Answer::Refused, "{limit:?}");
        let raised = limits.with(limit, limit.hard_cap()).unwrap();
        assert_eq!(ask(limit, counts, raised), Answer::Accepted, "{limit:?}");
    }
}

#[test]
fn nothing_is_switched_off_and_nothing_exceeds_its_cap() {
    for &limit in Limit::ALL {
        assert!(limit.standard() <= limit.hard_cap(), "{limit:?}");
        assert_eq!(Limits::standard().most(limit), limit.standard());
        for refused in [0, limit.hard_cap() + 1, usize::MAX] {
            let error = Limits::standard().with(limit, refused);
            assert_eq!(error, Err(OutOfRange { limit }));
            let says = OutOfRange { limit }.to_string();
            assert!(says.contains(&limit.hard_cap().to_string()), "{says}");
        }
        let raised = Limits::standard().with(limit, limit.hard_cap()).unwrap();
        assert_eq!(raised.most(limit), limit.hard_cap());
        for &other in Limit::ALL.iter().filter(|other| **other != limit) {
            assert_eq!(raised.most(other), other.standard(), "{limit:?} {other:?}");
        }
    }
}

#[test]
fn the_documentation_lists_them() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/limits.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(BEGIN).expect("a beginning");
    let (_, after) = rest.split_once(END).expect("an end");
    let rows: String = Limit::ALL
        .iter()
        .map(|limit| {
            let (code, standard, cap) = (limit.code(), limit.standard(), limit.hard_cap());
            format!("| `{code}` | {limit} | {standard} | {cap} | {} |\n", limit.reason())
        })
        .collect();
    let head = "| limit | unit | standard | at most | why |\n|---|---|---|---|---|\n";
    let expected = format!("{before}{BEGIN}\n{head}{rows}{END}{after}");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &expected).unwrap();
    }
    let listed = std::fs::read_to_string(&path).unwrap();
    assert_eq!(listed, expected, "UPDATE_DOCS=1 cargo test --test limits_table");
}

const BEGIN: &str = "<!-- table of src/limits.rs -->";
const END: &str = "<!-- end of the table -->";
