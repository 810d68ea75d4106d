//! Writes `fixtures/vectors/attacks`: many small changes of honest results, each with the one check that
//! catches it.
//!
//! ```text
//! cargo test --test vectors_attacks -- --ignored
//! ```
//!
//! A family says which check, and mostly which reason, catches its members: a member that another one
//! catches, or none, fails here. What else the report says is written down as it is. `tests/vectors.rs` holds
//! every file against the library.

#![cfg(feature = "schema")]
#![allow(unsafe_code)]

#[path = "support/curve.rs"]
#[allow(dead_code)]
mod curve;
#[path = "support/oracle.rs"]
#[allow(dead_code)]
mod oracle;
#[path = "support/plain.rs"]
#[allow(dead_code)]
mod plain;
#[path = "support/sd_jwt.rs"]
#[allow(dead_code)]
mod sd_jwt;
#[path = "support/selective.rs"]
mod selective;
#[path = "support/vector.rs"]
mod vector;

use std::collections::BTreeSet;

use base64::engine::general_purpose::STANDARD;
use base64::Engine as _;
use selective::{Cbor, Issuer, Shown};
use serde_json::{json, Value};
use vector::{deviations, fixtures, json_fixture, Vector};

const FULL: &str = "presentations/full.json";
/// That of the fixtures, which vectors expect unless they say otherwise.
const SESSION_ID: &str = "0f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e10";
const SUCCESS: &str = "sessions/success.json";
const CREDENTIAL: &str = "/verifiableCredential/0";
const CLAIMS: [&str; 12] = [
    "givenName",
    "familyName",
    "dateOfBirth",
    "number",
    "class",
    "issuer",
    "issueDate",
    "expiryDate",
    "streetAddress",
    "city",
    "state",
    "postalCode",
];

#[test]
#[ignore = "writes into fixtures/vectors"]
fn attacks() {
    let folder = fixtures().join("vectors/attacks");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let mut family = Family::default();
    claims(&mut family);
    members(&mut family);
    contexts(&mut family);
    options(&mut family);
    bytes(&mut family);
    presentations(&mut family);
    sessions(&mut family);
    questions(&mut family);
    graphs(&mut family);
    suites(&mut family);
    disclosures(&mut family);
    tokens(&mut family);
    presented(&mut family);
    sd_jwts(&mut family);
    assert!(family.wrong.is_empty(), "{}", family.wrong.join("\n"));
    for (name, value) in &family.vectors {
        let text = serde_json::to_string_pretty(value).unwrap() + "\n";
        std::fs::write(folder.join(format!("{name}.json")), text).unwrap();
    }
    let names: BTreeSet<&String> = family.vectors.iter().map(|(name, _)| name).collect();
    assert_eq!(names.len(), family.vectors.len(), "a name for each");
}

#[derive(Default)]
struct Family {
    vectors: Vec<(String, Value)>,
    /// What is not caught as its family says.
    wrong: Vec<String>,
}

impl Family {
    /// A change of the base that the check catches, with the reason, if the family has one.
    fn caught(&mut self, name: &str, by: (&str, &str), comment: &str, vector: Value) {
        self.add(name, by, comment, vector, "fail");
    }

    /// A change after which the check cannot be decided.
    fn undecided(&mut self, name: &str, by: (&str, &str), mut vector: Value) {
        let (check, code) = by;
        vector["expect"] = json!({
            "verdict": "indeterminate", "check": check, "outcome": "indeterminate", "code": code,
        });
        let parsed: Vector = serde_json::from_value(vector.clone()).unwrap();
        let report = parsed.report();
        let mut found = deviations(&vector::all_checks(&report));
        let place =
            found.iter().position(|it| it.check == check && it.code.as_deref() == Some(code));
        match place.filter(|_| report.verdict().code() == "indeterminate") {
            Some(place) => drop(found.remove(place)),
            None => return self.wrong.push(format!("{name}: {found:?}")),
        }
        let also = found
            .iter()
            .map(|it| json!({"check": it.check, "outcome": it.outcome, "code": it.code}));
        vector["expect"]["also"] = also.collect();
        self.vectors.push((name.to_owned(), vector));
    }

    /// A change that says the same: the verdict stays.
    fn same(&mut self, name: &str, comment: &str, vector: Value) {
        self.add(name, ("proof", ""), comment, vector, "pass");
    }

    fn add(
        &mut self,
        name: &str,
        by: (&str, &str),
        comment: &str,
        mut vector: Value,
        outcome: &str,
    ) {
        let (check, reason) = by;
        let verdict = if outcome == "pass" { "accepted" } else { "rejected" };
        vector["comment"] = comment.into();
        vector["expect"] = json!({"verdict": verdict, "check": check, "outcome": outcome});
        let parsed: Vector = serde_json::from_value(vector.clone()).unwrap();
        let report = parsed.report();
        let mut found = deviations(&vector::all_checks(&report));
        if report.verdict().code() != verdict {
            let verdict = report.verdict().code();
            return self.wrong.push(format!("{name}: {verdict}: {found:?}"));
        }
        if outcome == "fail" {
            let caught = found.iter().position(|it| it.check == check && it.outcome == "fail");
            let Some(caught) = caught else {
                return self.wrong.push(format!("{name}: not caught by {check}: {found:?}"));
            };
            let code = found.remove(caught).code.unwrap();
            if !reason.is_empty() && code != reason {
                return self.wrong.push(format!("{name}: {code}, not {reason}"));
            }
            vector["expect"]["code"] = code.into();
        }
        if !found.is_empty() {
            let also = found
                .iter()
                .map(|it| json!({"check": it.check, "outcome": it.outcome, "code": it.code}));
            vector["expect"]["also"] = also.collect();
        }
        self.vectors.push((name.to_owned(), vector));
    }
}

fn edits(base: &str, edits: &[(String, Value)]) -> Value {
    json!({"base": base, "edits": edits})
}

fn subject(name: &str) -> String {
    format!("{CREDENTIAL}/credentialSubject/{name}")
}

/// Without the fields of other names that hold it, a claim in snake case.
fn snake(name: &str) -> String {
    name.chars().fold(String::new(), |mut text, it| {
        if it.is_ascii_uppercase() {
            text.push('_');
        }
        text.push(it.to_ascii_lowercase());
        text
    })
}

const SWAPPED: (&str, &str) = ("proof", "proof_equation");
const COUNTED: (&str, &str) = ("proof", "statement_count_differs");

fn claims(family: &mut Family) {
    let base = json_fixture(FULL);
    let value = |name: &str| base.pointer(&subject(name)).unwrap().clone();
    for (place, first) in CLAIMS.iter().enumerate() {
        for second in &CLAIMS[place + 1..] {
            if value(first) == value(second) {
                continue;
            }
            let swapped = [(subject(first), value(second)), (subject(second), value(first))];
            family.caught(
                &format!("claims_swapped_{}_{}", snake(first), snake(second)),
                SWAPPED,
                "Two claims have each other's value.",
                edits(FULL, &swapped),
            );
        }
    }
    for name in CLAIMS {
        let text = value(name).as_str().unwrap_or_default().to_owned();
        let base = snake(name);
        let mut changed = |what: &str, comment: &str, text: String| {
            let vector = edits(FULL, &[(subject(name), text.into())]);
            family.caught(&format!("claim_{what}_{base}"), SWAPPED, comment, vector);
        };
        changed("spaced", "A space stands behind a claim.", format!("{text} "));
        changed(
            "zero_width",
            "A joiner that nobody sees stands in a claim.",
            format!("\u{200d}{text}"),
        );
        changed(
            "escaped",
            "A claim holds a quotation mark and a statement behind it.",
            format!("{text}\" .\n<urn:a> <urn:b> \"c"),
        );
        changed(
            "emptied",
            "A claim is empty.",
            if text.is_empty() { "x".to_owned() } else { String::new() },
        );
        changed("replaced", "A claim is another one.", "SOMEBODY ELSE".to_owned());
        let mut typed = |what: &str, by: (&str, &str), comment: &str, other: Value| {
            let vector = edits(FULL, &[(subject(name), other)]);
            family.caught(&format!("claim_{what}_{base}"), by, comment, vector);
        };
        typed(
            "typed",
            SWAPPED,
            "A claim has a datatype that was not signed.",
            json!({"@value": text, "@type": "http://www.w3.org/2001/XMLSchema#token"}),
        );
        typed(
            "tagged",
            ("unsigned_content", ""),
            "A claim has a language.",
            json!({"@value": text, "@language": "en"}),
        );
        typed(
            "doubled",
            ("unsigned_content", ""),
            "A claim stands there twice.",
            json!([text, text]),
        );
        typed(
            "joined",
            COUNTED,
            "A second value stands beside a claim.",
            json!([text, "SOMEBODY ELSE"]),
        );
        typed("listed", ("unsigned_content", ""), "A claim is a list.", json!({"@list": [text]}));
        typed("number", SWAPPED, "A claim is a number.", json!(417));
        typed("true", SWAPPED, "A claim is a truth value.", json!(true));
        typed("nothing", ("unsigned_content", ""), "A claim is an empty list.", json!([]));
        typed("node", ("unsigned_content", ""), "A claim is a node that says nothing.", json!({}));
        typed(
            "graph",
            ("unsigned_content", ""),
            "A claim is a graph.",
            json!({"@graph": [{"@value": text}]}),
        );
        let removed = edits(FULL, &[(subject(name), Value::Null)]);
        family.caught(
            &format!("claim_removed_{base}"),
            COUNTED,
            "A claim is left out, and the proof was not derived for it.",
            removed,
        );
        let other = edits(FULL, &[(subject(&format!("x-{name}")), "SOMEBODY ELSE".into())]);
        family.caught(
            &format!("claim_beside_{base}"),
            COUNTED,
            "A claim of nearly the same name stands beside it.",
            other,
        );
        for (what, alias, by) in [
            ("snake", snake(name) + "_", SWAPPED),
            ("upper", name.to_uppercase(), SWAPPED),
            ("iri", format!("https://trinsic.cloud/idv/x/{name}"), SWAPPED),
        ] {
            let renamed = [
                (subject(name), Value::Null),
                (subject(&alias.replace('/', "~1")), text.clone().into()),
            ];
            family.caught(
                &format!("claim_renamed_{what}_{base}"),
                by,
                "A claim has another name.",
                edits(FULL, &renamed),
            );
        }
        let same = [(subject(name), json!([text]))];
        family.same(
            &format!("claim_in_array_{base}"),
            "An array of one value says what the value says.",
            edits(FULL, &same),
        );
    }
}

fn members(family: &mut Family) {
    let root = |name: &str| format!("{CREDENTIAL}/{name}");
    for (name, value) in [
        ("evidence", json!({"id": "urn:x", "type": "urn:y"})),
        ("refreshService", json!({"id": "urn:x", "type": "urn:y"})),
        ("termsOfUse", json!({"id": "urn:x", "type": "urn:y"})),
        ("holder", json!("urn:x")),
        ("name", json!("A licence")),
        ("expirationDate", json!("2099-01-01T00:00:00Z")),
        ("validUntil", json!("2099-01-01T00:00:00Z")),
    ] {
        let vector = edits(FULL, &[(root(name), value)]);
        family.caught(
            &format!("member_added_{}", snake(name)),
            ("proof", ""),
            "A member was added behind the signature.",
            vector,
        );
    }
    for name in [
        "@graph",
        "@included",
        "@index",
        "@nest",
        "@reverse",
        "@language",
        "@direction",
        "@base",
        "@set",
        "@list",
        "@none",
        "@import",
        "@foo",
    ] {
        for (place, pointer) in [("root", root(name)), ("subject", subject(name))] {
            let vector = edits(FULL, &[(pointer, json!({"familyName": "SOMEBODY ELSE"}))]);
            family.caught(
                &format!("keyword_{}_{place}", &name[1..]),
                ("unsigned_content", ""),
                "A keyword hides what others would drop or move.",
                vector,
            );
        }
    }
    for name in [
        "issuer",
        "issuanceDate",
        "credentialStatus",
        "credentialSchema",
        "credentialSubject",
        "type",
        "id",
    ] {
        let vector = edits(FULL, &[(root(name), Value::Null)]);
        family.caught(
            &format!("member_removed_{}", snake(name)),
            ("proof", ""),
            "A member is left out, and the proof was not derived for it.",
            vector,
        );
    }
    for (what, pointer, value) in [
        ("issuer", "issuer", json!("did:web:other.example")),
        ("issuer_slash", "issuer", json!("did:web:issuer.example/")),
        ("issuer_object", "issuer", json!({"id": "did:web:issuer.example", "name": "A name"})),
        ("issued_later", "issuanceDate", json!("2024-05-31T00:00:00Z")),
        ("issued_offset", "issuanceDate", json!("2024-05-02T10:00:00+00:00")),
        (
            "list",
            "credentialStatus/revocationListCredential",
            json!("https://issuer.example/credential-status/2"),
        ),
        ("index", "credentialStatus/revocationListIndex", json!("418")),
        (
            "status_id",
            "credentialStatus/id",
            json!("https://issuer.example/credential-status/1#418"),
        ),
        ("status_type", "credentialStatus/type", json!("StatusList2021Entry")),
        ("schema", "credentialSchema/id", json!("https://schema.issuer.example/idv/other")),
        ("subject_id", "credentialSubject/id", json!("urn:vc:subject:9")),
        ("credential_id", "id", json!("urn:vc:9")),
        ("type_added", "type/-", json!("AnotherType")),
        ("type_removed", "type/1", Value::Null),
    ] {
        let vector = edits(FULL, &[(root(pointer), value)]);
        family.caught(
            &format!("changed_{what}"),
            ("proof", ""),
            "A signed member has another value.",
            vector,
        );
    }
}

fn contexts(family: &mut Family) {
    let context = |what: &str| format!("{CREDENTIAL}/@context{what}");
    let second = json!({"@vocab": "https://other.example/"});
    for (name, by, comment, changes) in [
        (
            "context_vocab_other",
            ("proof", ""),
            "Another vocabulary gives every claim another meaning.",
            vec![(context("/2"), second.clone())],
        ),
        (
            "context_vocab_twice",
            ("proof", ""),
            "A second vocabulary stands behind the first.",
            vec![(context("/-"), second.clone())],
        ),
        (
            "context_vocab_case",
            ("proof", ""),
            "The vocabulary is written in capitals.",
            vec![(context("/2"), json!({"@vocab": "https://TRINSIC.cloud/idv/"}))],
        ),
        (
            "context_vocab_gone",
            ("unsigned_content", ""),
            "Without the vocabulary the claims mean nothing.",
            vec![(context("/2"), Value::Null)],
        ),
        (
            "context_first_gone",
            ("disclosure", "root_unclear"),
            "Without the first context the credential is none.",
            vec![(context("/0"), Value::Null)],
        ),
        (
            "context_gone",
            ("context", "context_refused"),
            "There is no context.",
            vec![(context(""), Value::Null)],
        ),
        (
            "context_unknown",
            ("context", "context_refused"),
            "A context that nobody gave.",
            vec![(context("/-"), json!("https://attacker.example/v1"))],
        ),
        (
            "context_http",
            ("context", "context_refused"),
            "The context is named by another scheme.",
            vec![(context("/0"), json!("http://www.w3.org/2018/credentials/v1"))],
        ),
        (
            "context_slash",
            ("context", "context_refused"),
            "The context is named with a slash.",
            vec![(context("/0"), json!("https://www.w3.org/2018/credentials/v1/"))],
        ),
        (
            "context_null",
            ("context", "context_refused"),
            "The contexts are a truth value.",
            vec![(context(""), json!(false))],
        ),
        (
            "context_empty",
            ("context", "context_refused"),
            "The contexts are an empty list.",
            vec![(context(""), json!([]))],
        ),
        (
            "context_nested_list",
            ("context", "context_refused"),
            "A list stands within the contexts.",
            vec![(context("/-"), json!([second.clone()]))],
        ),
        (
            "context_order",
            ("disclosure", "root_unclear"),
            "The vocabulary stands before the contexts that define terms.",
            vec![
                (context("/0"), json!({"@vocab": "https://trinsic.cloud/idv/"})),
                (context("/2"), Value::Null),
            ],
        ),
    ] {
        family.caught(name, by, comment, edits(FULL, &changes));
    }
    for (what, inline) in [
        ("term", json!({"familyName": "https://trinsic.cloud/idv/givenName"})),
        ("null_term", json!({"familyName": null})),
        ("alias_value", json!({"familyName": "@id"})),
        ("reverse", json!({"familyName": {"@reverse": "https://trinsic.cloud/idv/familyName"}})),
        (
            "list",
            json!({"familyName": {"@id": "https://trinsic.cloud/idv/familyName", "@container": "@list"}}),
        ),
        (
            "language_map",
            json!({"familyName": {"@id": "https://trinsic.cloud/idv/familyName", "@container": "@language"}}),
        ),
        (
            "json_type",
            json!({"familyName": {"@id": "https://trinsic.cloud/idv/familyName", "@type": "@json"}}),
        ),
        ("base", json!({"@base": "https://attacker.example/"})),
        ("language", json!({"@language": "en"})),
        ("import", json!({"@import": "https://attacker.example/v1"})),
        ("propagate", json!({"@propagate": false})),
        ("protected", json!({"@protected": true})),
        ("version", json!({"@version": 1.1})),
        ("vocab_null", json!({"@vocab": null})),
        ("vocab_relative", json!({"@vocab": "#"})),
        ("vocab_empty", json!({"@vocab": ""})),
        ("vocab_and_term", json!({"@vocab": "https://trinsic.cloud/idv/", "x": "urn:x"})),
        ("empty", json!({})),
    ] {
        let at_root = edits(FULL, &[(context("/-"), inline.clone())]);
        family.caught(
            &format!("context_inline_{what}"),
            ("context", "context_refused"),
            "An inline context says more than a vocabulary.",
            at_root,
        );
        for (place, pointer) in [
            ("subject", subject("@context")),
            ("status", format!("{CREDENTIAL}/credentialStatus/@context")),
        ] {
            let nested = edits(FULL, &[(pointer, inline.clone())]);
            family.caught(
                &format!("context_nested_{what}_{place}"),
                ("context", "context_refused"),
                "A node has a context of its own.",
                nested,
            );
        }
    }
}

fn options(family: &mut Family) {
    let proof = |name: &str| format!("{CREDENTIAL}/proof/{name}");
    for (what, by, name, value) in [
        ("created_later", ("proof", "proof_equation"), "created", json!("2024-05-02T10:00:01Z")),
        (
            "created_fraction",
            ("proof", "proof_equation"),
            "created",
            json!("2024-05-02T10:00:00.000Z"),
        ),
        ("created_text", ("proof", "proof_created_malformed"), "created", json!("yesterday")),
        (
            "created_quote",
            ("proof", "proof_created_malformed"),
            "created",
            json!("2024-05-02T10:00:00Z\"^^<urn:x"),
        ),
        (
            "method_fragment",
            ("issuer_is_signer", "verification_method_unknown"),
            "verificationMethod",
            json!("did:web:issuer.example#key-2"),
        ),
        (
            "method_query",
            ("proof", ""),
            "verificationMethod",
            json!("did:web:issuer.example?x=1#key-1"),
        ),
        (
            "method_no_fragment",
            ("proof", ""),
            "verificationMethod",
            json!("did:web:issuer.example"),
        ),
        ("method_https", ("proof", ""), "verificationMethod", json!("https://issuer.example/key")),
        (
            "method_space",
            ("proof", ""),
            "verificationMethod",
            json!("did:web:issuer.example#key-1 "),
        ),
        (
            "purpose_authentication",
            ("proof", "proof_purpose"),
            "proofPurpose",
            json!("authentication"),
        ),
        ("purpose_case", ("proof", "proof_purpose"), "proofPurpose", json!("AssertionMethod")),
        ("type_signature", ("proof", ""), "type", json!("BbsBlsSignature2020")),
        ("type_ed25519", ("proof", "proof_encoding"), "type", json!("Ed25519Signature2020")),
        ("type_unknown", ("proof", "proof_type_unknown"), "type", json!("RsaSignature2017")),
        ("type_data_integrity", ("proof", ""), "type", json!("DataIntegrityProof")),
        ("type_case", ("proof", "proof_type_unknown"), "type", json!("bbsBlsSignatureProof2020")),
        ("type_list", ("proof", ""), "type", json!(["BbsBlsSignatureProof2020"])),
        (
            "nonce_other",
            ("proof", "proof_equation"),
            "nonce",
            json!(STANDARD.encode("urn:trinsic:idvsession:another")),
        ),
        ("nonce_number", ("proof", ""), "nonce", json!(7)),
        ("nonce_url_safe", ("proof", "proof_base64"), "nonce", json!("dXJu_-")),
        ("nonce_gone", ("proof", "nonce_missing"), "nonce", Value::Null),
        ("created_gone", ("proof", "proof_malformed"), "created", Value::Null),
        ("purpose_gone", ("proof", "proof_malformed"), "proofPurpose", Value::Null),
        ("method_gone", ("proof", "proof_malformed"), "verificationMethod", Value::Null),
        ("value_gone", ("proof", "proof_malformed"), "proofValue", Value::Null),
        ("type_gone", ("proof", "proof_malformed"), "type", Value::Null),
        ("value_empty", ("proof", ""), "proofValue", json!("")),
        ("domain", ("proof", "proof_member_unknown"), "domain", json!("rp.example")),
        ("challenge", ("proof", "proof_member_unknown"), "challenge", json!("a challenge")),
        ("expires", ("proof", "proof_member_unknown"), "expires", json!("2099-01-01T00:00:00Z")),
        ("cryptosuite", ("proof", "proof_member_unknown"), "cryptosuite", json!("bbs-2023")),
        ("jws", ("proof", "proof_member_unknown"), "jws", json!("e30..AA")),
        ("id", ("proof", "proof_member_unknown"), "id", json!("urn:proof")),
        (
            "context",
            ("proof", "proof_member_unknown"),
            "@context",
            json!("https://w3id.org/security/v2"),
        ),
        ("previous", ("proof", "proof_member_unknown"), "previousProof", json!("urn:proof")),
    ] {
        let vector = edits(FULL, &[(proof(name), value)]);
        family.caught(
            &format!("proof_{what}"),
            by,
            "An option of the proof is another one.",
            vector,
        );
    }
    let base = json_fixture(FULL);
    let honest = base.pointer(&format!("{CREDENTIAL}/proof")).unwrap();
    for (what, reason, value) in [
        ("twice", "proof_count", json!([honest, honest])),
        ("none", "proof_missing", json!([])),
        ("text", "", json!("proof")),
        ("empty", "", json!({})),
        ("nested", "", json!([[honest]])),
    ] {
        let vector = edits(FULL, &[(format!("{CREDENTIAL}/proof"), value)]);
        family.caught(
            &format!("proof_shape_{what}"),
            ("proof", reason),
            "The credential has not exactly one proof.",
            vector,
        );
    }
    let alone = edits(FULL, &[(format!("{CREDENTIAL}/proof"), json!([honest]))]);
    family.same("proof_shape_array_of_one", "An array of one proof is the proof.", alone);
}

/// The proof value, byte by byte: each part of it once.
fn bytes(family: &mut Family) {
    let base = json_fixture(FULL);
    let pointer = format!("{CREDENTIAL}/proof/proofValue");
    let text = base.pointer(&pointer).unwrap().as_str().unwrap();
    let value = STANDARD.decode(text).unwrap();
    let mut changed = |name: String, comment: &str, bytes: Vec<u8>| {
        let vector = edits(FULL, &[(pointer.clone(), STANDARD.encode(bytes).into())]);
        family.caught(&name, ("proof", ""), comment, vector);
    };
    // Counts, bits, lengths, points and scalars follow each other; a step of 11 meets each of them.
    for at in (0..value.len()).step_by(11) {
        for bit in [0, 7] {
            let mut bytes = value.clone();
            bytes[at] ^= 1 << bit;
            changed(
                format!("value_bit_{at:03}_{bit}"),
                "One bit of the proof value is another one.",
                bytes,
            );
        }
    }
    for length in (0..value.len()).step_by(23) {
        changed(
            format!("value_cut_{length:03}"),
            "The proof value breaks off.",
            value[..length].to_vec(),
        );
    }
    for (what, more) in [("zero", &[0][..]), ("copy", &value[..]), ("scalar", &[0; 32])] {
        changed(
            format!("value_longer_{what}"),
            "Bytes stand behind the proof.",
            [&value[..], more].concat(),
        );
    }
    // A', Abar, D, and the commitments of the two equations, each with a point of small order added.
    let header = 2 + 29 / 8 + 1;
    let second = header + 3 * 48 + 4;
    let slots = [header, header + 48, header + 96, second, second + 48 + 4 + 64];
    for (place, (order, torsion)) in curve::TORSION.iter().enumerate() {
        for (slot, at) in ["a_prime", "a_bar", "d", "t1", "t2"].iter().zip(slots) {
            let mut bytes = value.clone();
            let point = curve::Point::from_bytes(&bytes[at..at + 48]).plus(*torsion);
            assert!(!point.in_group());
            bytes[at..at + 48].copy_from_slice(&point.compressed());
            let vector = edits(FULL, &[(pointer.clone(), STANDARD.encode(bytes).into())]);
            family.caught(
                &format!("value_order_{order}_{place}_{slot}"),
                ("proof", "proof_point"),
                "A point of small order is added to a point of the proof.",
                vector,
            );
        }
    }
    let unpadded = text.trim_end_matches('=');
    for (what, text) in [
        ("spaced", format!(" {text}")),
        ("line", format!("{}\n{}", &text[..76], &text[76..])),
        ("url_safe", text.replace('+', "-").replace('/', "_")),
        ("padded", format!("{unpadded}====")),
    ] {
        let vector = edits(FULL, &[(pointer.clone(), text.into())]);
        family.caught(
            &format!("value_text_{what}"),
            ("proof", "proof_base64"),
            "The proof value is not canonical base64.",
            vector,
        );
    }
}

fn presentations(family: &mut Family) {
    let base = json_fixture(FULL);
    let honest = &base["verifiableCredential"][0];
    let mut forged = honest.clone();
    forged["credentialSubject"]["familyName"] = "SOMEBODY ELSE".into();
    for (what, list) in [
        ("behind", json!([honest, forged])),
        ("before", json!([forged, honest])),
        ("alone", json!([forged])),
        ("among", json!([honest, forged, honest])),
    ] {
        let vector = edits(FULL, &[("/verifiableCredential".into(), list)]);
        family.caught(
            &format!("presentation_forged_{what}"),
            ("proof", "proof_equation"),
            "A forged credential stands in the presentation.",
            vector,
        );
    }
    for name in ["credentialSubject", "givenName", "claims", "issuer", "result"] {
        let vector = edits(FULL, &[(format!("/{name}"), json!({"familyName": "SOMEBODY ELSE"}))]);
        family.same(
            &format!("presentation_member_{}", snake(name)),
            "The presentation's own members are never read.",
            vector,
        );
    }
}

fn sessions(family: &mut Family) {
    for (what, by, changes) in [
        ("id_other", ("session_id", "session_id_differs"), vec![("/id", json!("another-session"))]),
        (
            "id_case",
            ("session_id", "session_id_differs"),
            vec![("/id", json!("0F5A1C52-6F0E-4F7E-9A55-3C1D8F2B7E10"))],
        ),
        (
            "id_longer",
            ("session_id", "session_id_differs"),
            vec![("/id", json!("0f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e100"))],
        ),
        (
            "id_shorter",
            ("session_id", "session_id_differs"),
            vec![("/id", json!("0f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e1"))],
        ),
        (
            "id_prefix",
            ("session_id", "session_id_differs"),
            vec![("/id", json!("urn:trinsic:idvsession:0f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e10"))],
        ),
        ("state_failed", ("state", "failed"), vec![("/state", json!("IDV_FAILED"))]),
        ("state_canceled", ("state", ""), vec![("/state", json!("IDV_CANCELED"))]),
        ("state_created", ("state", ""), vec![("/state", json!("IDV_CREATED"))]),
        ("state_number", ("state", ""), vec![("/state", json!(1))]),
        ("state_unknown", ("state", "unknown_state"), vec![("/state", json!("IDV_NOVEL"))]),
        ("state_case", ("state", "unknown_state"), vec![("/state", json!("idv_success"))]),
        ("state_negative", ("state", "unknown_state"), vec![("/state", json!(-1))]),
        ("state_gone", ("state", ""), vec![("/state", Value::Null)]),
        (
            "verifications_gone",
            ("credential_count", "credential_count_differs"),
            vec![("/verifications", Value::Null)],
        ),
        (
            "verifications_none",
            ("credential_count", "credential_count_differs"),
            vec![("/verifications", json!({}))],
        ),
        ("fail_code", ("session_facts", ""), vec![("/failCode", json!("VERIFICATION_FAILED"))]),
    ] {
        let changes: Vec<(String, Value)> =
            changes.into_iter().map(|(pointer, value)| (pointer.to_owned(), value)).collect();
        family.caught(
            &format!("session_{what}"),
            by,
            "What the service says of the session is another thing.",
            edits(SUCCESS, &changes),
        );
    }
    for claim in ["familyName", "givenName", "dateOfBirth", "number"] {
        let pointer = format!("/result_vp{}", subject(claim));
        let vector = edits(SUCCESS, &[(pointer, "SOMEBODY ELSE".into())]);
        family.caught(
            &format!("session_result_{}", snake(claim)),
            SWAPPED,
            "A claim within the session's result is another one.",
            vector,
        );
    }
}

fn questions(family: &mut Family) {
    for (what, did) in [
        ("subdomain", "did:web:id.issuer.example"),
        ("parent", "did:web:example"),
        ("path", "did:web:issuer.example:v1"),
        ("port", "did:web:issuer.example%3A8443"),
        ("method", "did:webs:issuer.example"),
        ("hyphen", "did:web:issuer-example"),
        ("digit", "did:web:1ssuer.example"),
        ("punycode", "did:web:xn--issuer-9za.example"),
        ("capital", "did:web:Issuer.example"),
        ("longer", "did:web:issuer.example.com"),
    ] {
        let vector = json!({"base": FULL, "policy": {"issuers": [did]}});
        family.caught(
            &format!("issuer_{what}"),
            ("trusted_issuer", "issuer_not_trusted"),
            "The policy names an issuer that looks like this one.",
            vector,
        );
    }
    for (what, id) in [
        ("other", "11111111-0000-4000-8000-000000000000"),
        ("prefix", "0f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e1"),
        ("suffix", "f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e10"),
        ("urn", "urn:trinsic:idvsession:0f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e10"),
        ("colon", ":0f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e10"),
        ("braces", "{0f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e10}"),
        ("capitals", "0F5A1C52-6F0E-4F7E-9A55-3C1D8F2B7E10"),
        ("plain", "0f5a1c526f0e4f7e9a553c1d8f2b7e10"),
    ] {
        let vector = json!({"base": FULL, "policy": {"session_id": id}});
        family.caught(
            &format!("saved_{what}"),
            ("session", "nonce_differs"),
            "The session that was saved looks like this one.",
            vector,
        );
    }
    for (what, at) in [
        ("before", "2024-05-01T00:00:00Z"),
        ("long_before", "1970-01-01T00:00:00Z"),
        ("just_before", "2024-05-02T09:58:59Z"),
    ] {
        let vector = json!({"base": FULL, "policy": {"at": at}});
        family.caught(
            &format!("time_{what}"),
            ("validity_period", ""),
            "The credential was not issued yet.",
            vector,
        );
    }
}

/// Graphs that a canonicalizer without a budget works on for minutes: all nodes look alike.
/// The suites of plain signatures, each over a base that is written here as well.
fn suites(family: &mut Family) {
    for (suite, algorithm) in plain::SUITES {
        let key = plain::Key::new(algorithm, suite);
        let document = plain::document(&key.did(), suite);
        let base = |name: &str, document: &Value, options: &Value| {
            let credential = plain::secured(&key, document, options);
            let value = json!({
                "@context": ["https://www.w3.org/2018/credentials/v1"],
                "type": ["VerifiablePresentation"],
                "verifiableCredential": [credential],
            });
            let (suite, algorithm) = (suite.to_lowercase(), algorithm.to_lowercase());
            let name = format!("presentations/suites/{suite}-{algorithm}{name}.json");
            let text = serde_json::to_string_pretty(&value).unwrap() + "\n";
            std::fs::create_dir_all(fixtures().join("presentations/suites")).unwrap();
            std::fs::write(fixtures().join(&name), text).unwrap();
            name
        };
        let options = plain::options(&key, suite);
        let honest = base("", &document, &options);
        let asked = |base: &str, edits_: &[(String, Value)]| {
            let mut vector = edits(base, edits_);
            vector["policy"] = json!({
                "issuers": [key.did()], "insecure_any_session": true, "status": "skip", "schema": "skip",
            });
            vector
        };
        let name = |what: &str| {
            format!("suite_{}_{}_{what}", suite.replace('-', "_"), algorithm).to_lowercase()
        };
        let comment = |what: &str| format!("{suite} by a key for {algorithm}: {what}.");
        family.same(&name("honest"), &comment("as it was signed"), asked(&honest, &[]));
        let mut every = options.clone();
        for (member, value) in [
            ("challenge", "of the relying party"),
            ("domain", "relying-party.example"),
            ("expires", "2025-01-01T00:00:00Z"),
            ("id", "urn:uuid:0f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e10"),
            ("nonce", "n"),
        ] {
            every[member] = value.into();
        }
        let signed = base("-options", &document, &every);
        family.same(&name("options"), &comment("every option is signed"), asked(&signed, &[]));
        let is_v2 = options["cryptosuite"].is_string();
        let value = if is_v2 || suite == "Ed25519Signature2020" { "proofValue" } else { "jws" };
        let wrong = ("proof", "proof_signature");
        let edit = |place: &str, value: Value| vec![(format!("{CREDENTIAL}/{place}"), value)];
        for (what, by, edits_) in [
            ("claim_changed", wrong, edit("credentialSubject/givenName", json!("MIRANDA"))),
            ("claim_added", wrong, edit("credentialSubject/added", json!("x"))),
            ("claim_missing", wrong, edit("credentialSubject/number", Value::Null)),
            ("subject_changed", wrong, edit("credentialSubject/id", json!("urn:vc:subject:1"))),
            (
                "type_added",
                wrong,
                edit("type", json!(["VerifiableCredential", "IdentityDocument_v0", "Other"])),
            ),
            ("created_changed", wrong, edit("proof/created", json!("2024-05-02T10:00:01Z"))),
            (
                "created_malformed",
                ("proof", "proof_created_malformed"),
                edit("proof/created", json!("2024-05-02")),
            ),
            ("challenge_added", wrong, edit("proof/challenge", json!("c"))),
            ("domain_added", wrong, edit("proof/domain", json!(["a.example", "b.example"]))),
            ("expires_added", wrong, edit("proof/expires", json!("2030-01-01T00:00:00Z"))),
            ("nonce_added", wrong, edit("proof/nonce", json!("n"))),
            (
                "member_unknown",
                ("proof", "proof_member_unknown"),
                edit("proof/comment", json!("x")),
            ),
            (
                "challenge_control",
                ("proof", "proof_malformed"),
                edit("proof/challenge", json!("a\u{1}")),
            ),
            ("id_relative", ("proof", "proof_malformed"), edit("proof/id", json!("#proof"))),
            (
                "purpose",
                ("proof", "proof_purpose"),
                edit("proof/proofPurpose", json!("authentication")),
            ),
            (
                "value_missing",
                ("proof", "proof_malformed"),
                edit(&format!("proof/{value}"), Value::Null),
            ),
            (
                "value_empty",
                ("proof", "proof_encoding"),
                edit(&format!("proof/{value}"), json!("")),
            ),
            (
                "value_base64",
                ("proof", "proof_encoding"),
                edit(&format!("proof/{value}"), json!("u7Q")),
            ),
            (
                "unsigned_null",
                ("unsigned_content", "unsigned_content"),
                edit("credentialSubject/extra", json!({"@value": null})),
            ),
            (
                "context_unknown",
                ("context", "context_refused"),
                edit("@context/0", json!("https://other.example/v1")),
            ),
        ] {
            // The number of members differs with null, which deletes nothing in an edit.
            family.caught(
                &name(what),
                by,
                &comment(&what.replace('_', " ")),
                asked(&honest, &edits_),
            );
        }
        for (what, member, value) in [
            ("option_changed", "challenge", json!("of another")),
            ("option_expires_later", "expires", json!("2035-01-01T00:00:00Z")),
            ("option_domain_changed", "domain", json!("other.example")),
            ("option_id_changed", "id", json!("urn:uuid:1")),
        ] {
            let edits_ = edit(&format!("proof/{member}"), value);
            family.caught(
                &name(what),
                wrong,
                &comment(&what.replace('_', " ")),
                asked(&signed, &edits_),
            );
        }
        let mut expired = options.clone();
        expired["expires"] = "2024-05-31T12:00:00Z".into();
        let expired = asked(&base("-expired", &document, &expired), &[]);
        let by = ("validity_period", "proof_expired");
        family.caught(&name("expired"), by, &comment("the proof has expired"), expired);
        let mut stolen = document.clone();
        let other = plain::Key::new(algorithm, "somebody else");
        stolen["issuer"] = other.did().into();
        let mut stolen = asked(&base("-stolen", &stolen, &options), &[]);
        stolen["policy"]["issuers"] = json!([other.did(), key.did()]);
        let by = ("issuer_is_signer", "key_controller_differs");
        family.caught(&name("stolen"), by, &comment("in the name of another issuer"), stolen);
        let method = edit("proof/verificationMethod", json!(format!("{}#key-2", key.did())));
        let by = ("issuer_is_signer", "verification_method_unknown");
        family.caught(
            &name("method"),
            by,
            &comment("a method that the issuer has not"),
            asked(&honest, &method),
        );
        let session = {
            let mut vector = asked(&honest, &[]);
            vector["policy"]["insecure_any_session"] = false.into();
            vector
        };
        let by = ("session", "nonce_missing");
        family.caught(&name("session"), by, &comment("nothing binds it to the session"), session);
        if suite.contains("-jcs-") {
            let number = edit("credentialSubject/points", json!(1e300));
            let by = ("proof", "proof_canonical_form");
            family.caught(
                &name("number"),
                by,
                &comment("a number with two spellings"),
                asked(&honest, &number),
            );
            let context = edit("proof/@context", json!(["https://www.w3.org/ns/credentials/v2"]));
            family.caught(
                &name("context"),
                by,
                &comment("fewer contexts than the document"),
                asked(&honest, &context),
            );
        }
        if is_v2 {
            let chained = asked(&honest, &edit("proof/previousProof", json!("urn:uuid:1")));
            let by = ("proof", "proof_chained");
            family.caught(&name("chained"), by, &comment("it covers another proof"), chained);
        }
    }
}

/// Derived proofs of the suites that sign some statements together and the others one by one.
///
/// Those that are there are kept, for a proof of BBS comes out differently each time.
fn disclosures(family: &mut Family) {
    for suite in selective::SUITES {
        let issuer = Issuer::new(suite, "an issuer");
        let other = Issuer::new(suite, "somebody else");
        let kept = |name: &str, make: &dyn Fn() -> Shown| -> (String, Shown) {
            let name = format!("presentations/suites/{suite}{name}.json");
            let path = fixtures().join(&name);
            if !path.exists() {
                let value = json!({
                    "@context": ["https://www.w3.org/2018/credentials/v1"],
                    "type": ["VerifiablePresentation"],
                    "verifiableCredential": [make().credential()],
                });
                let text = serde_json::to_string_pretty(&value).unwrap() + "\n";
                std::fs::write(&path, text).unwrap();
            }
            let shown = Shown::read(json_fixture(&name).pointer(CREDENTIAL).unwrap());
            (name, shown)
        };
        let make = |of: &str, options: &Value, chosen: &[&str]| {
            let base =
                selective::issue(&issuer, &selective::document(of), options, &selective::MANDATORY);
            base.show(&issuer, chosen, b"for a verifier")
        };
        let (own, options) = (issuer.did(), issuer.options());
        let (honest, shown) = kept("", &|| make(&own, &options, &selective::CHOSEN));
        let (all, _) =
            kept("-all", &|| make(&own, &options, &["/validFrom", "/credentialSubject"]));
        let mut short = options.clone();
        short["expires"] = "2024-05-31T12:00:00Z".into();
        let (expired, _) = kept("-expired", &|| make(&own, &short, &selective::CHOSEN));
        let (stolen, _) = kept("-stolen", &|| make(&other.did(), &options, &selective::CHOSEN));

        let asked = |base: &str, edits_: &[(String, Value)]| {
            let mut vector = edits(base, edits_);
            vector["policy"] = json!({
                "issuers": [own], "insecure_any_session": true, "status": "skip", "schema": "skip",
            });
            vector
        };
        let name = |what: &str| format!("suite_{}_{what}", suite.replace('-', "_"));
        let comment = |what: &str| format!("{suite}: {}.", what.replace('_', " "));
        let value = |edit: &dyn Fn(&mut Shown)| {
            let mut shown = shown.clone();
            edit(&mut shown);
            asked(&honest, &[(format!("{CREDENTIAL}/proof/proofValue"), shown.value().into())])
        };
        let text = |value: String| {
            asked(&honest, &[(format!("{CREDENTIAL}/proof/proofValue"), value.into())])
        };
        family.same(&name("honest"), &comment("as it was derived"), asked(&honest, &[]));
        let turned = value(&|it| it.labels().reverse());
        family.same(&name("labels_reversed"), &comment("a map has no order"), turned);

        let wrong = match suite {
            "bbs-2023" => ("proof", "proof_equation"),
            _ => ("proof", "proof_signature"),
        };
        let shape = ("proof", "proof_shape");
        let edit = |place: &str, value: Value| (format!("{CREDENTIAL}/{place}"), value);
        for (what, by, change) in [
            ("claim_changed", wrong, edit("credentialSubject/familyName", json!("OTHER"))),
            (
                "claim_doubled",
                COUNTED,
                edit("credentialSubject/familyName", json!(["EXEMPLARIS", "X"])),
            ),
            ("claim_missing", COUNTED, edit("credentialSubject/familyName", Value::Null)),
            ("claim_added", COUNTED, edit("credentialSubject/added", json!("x"))),
            (
                "claim_hidden_asserted",
                COUNTED,
                edit("credentialSubject/givenName", json!("MIRABEL")),
            ),
            ("claim_nested_changed", wrong, edit("credentialSubject/address/city", json!("X"))),
            (
                "claim_nested_missing",
                COUNTED,
                edit("credentialSubject/permits/0/since", Value::Null),
            ),
            ("type_changed", wrong, edit("type/1", json!("Other"))),
            (
                "status_added",
                COUNTED,
                edit("credentialStatus", json!({"id": "urn:s", "type": "urn:t"})),
            ),
            ("valid_until_later", wrong, edit("validUntil", json!("2044-05-02T10:00:00Z"))),
            ("valid_until_removed", COUNTED, edit("validUntil", Value::Null)),
            ("subject_named", shape, edit("credentialSubject/id", json!("urn:vc:subject:0"))),
            ("vocabulary", wrong, edit("@context/1", json!({"@vocab": "https://other.example/"}))),
            ("created_changed", wrong, edit("proof/created", json!("2024-05-02T10:00:01Z"))),
            (
                "created_malformed",
                ("proof", "proof_created_malformed"),
                edit("proof/created", json!("now")),
            ),
            ("challenge_added", wrong, edit("proof/challenge", json!("c"))),
            ("domain_added", wrong, edit("proof/domain", json!("a.example"))),
            ("expires_added", wrong, edit("proof/expires", json!("2030-01-01T00:00:00Z"))),
            ("nonce_added", wrong, edit("proof/nonce", json!("n"))),
            ("id_added", wrong, edit("proof/id", json!("urn:uuid:1"))),
            (
                "member_unknown",
                ("proof", "proof_member_unknown"),
                edit("proof/comment", json!("x")),
            ),
            (
                "purpose",
                ("proof", "proof_purpose"),
                edit("proof/proofPurpose", json!("authentication")),
            ),
            ("value_missing", ("proof", "proof_malformed"), edit("proof/proofValue", Value::Null)),
            (
                "unsigned_null",
                ("unsigned_content", "unsigned_content"),
                edit("credentialSubject/x", json!({"@value": null})),
            ),
            (
                "method",
                ("issuer_is_signer", "verification_method_unknown"),
                edit("proof/verificationMethod", json!(format!("{own}#key-2"))),
            ),
        ] {
            family.caught(&name(what), by, &comment(what), asked(&honest, &[change]));
        }
        let (first, last) =
            (|items: &[Cbor]| items[0].clone(), shown.clone().mandatory().len() - 1);
        let lines = shown.clone().mandatory().len() + shown.clone().others().len();
        let number = |number: usize| Cbor::Unsigned(number as u64);
        let changes: [(&str, (&str, &str), Edit<'_>); 19] = [
            ("labels_swapped", wrong, &|it| {
                let labels = it.labels();
                let (a, b) = (labels[0].1.clone(), labels[1].1.clone());
                (labels[0].1, labels[1].1) = (b, a);
            }),
            ("labels_shared", shape, &|it| it.labels()[0].1 = it.clone().labels()[1].1.clone()),
            ("label_missing", shape, &|it| it.labels().truncate(1)),
            ("label_of_no_node", shape, &|it| it.labels()[0].0 = 40),
            ("label_twice", shape, &|it| {
                let again = it.labels()[0].clone();
                it.labels().push(again);
            }),
            ("indexes_swapped", shape, &|it| it.mandatory().swap(0, 1)),
            ("index_twice", shape, &|it| it.mandatory()[1] = first(&it.clone().mandatory()[..])),
            ("index_beyond_the_end", shape, &|it| it.mandatory()[last] = number(lines)),
            ("index_missing", COUNTED, &|it| it.mandatory().truncate(last)),
            ("index_of_another", wrong, &|it| {
                let taken = it.clone().mandatory().clone();
                let free = (0..lines).map(number).rfind(|free| !taken.contains(free)).unwrap();
                it.mandatory()[last] = free;
                it.mandatory().sort_by_key(Cbor::number);
            }),
            ("other_missing", COUNTED, &|it| drop(it.others().remove(0))),
            ("other_repeated", COUNTED, &|it| {
                let again = first(&it.clone().others()[..]);
                it.others().push(again);
            }),
            ("component_missing", shape, &|it| drop(it.components.pop())),
            ("component_added", shape, &|it| it.components.push(number(0))),
            ("component_of_another_kind", shape, &|it| it.components[0] = number(0)),
            ("component_tagged", shape, &|it| {
                let tagged = [vec![0xc2], it.components[0].written()].concat();
                it.components[0] = Cbor::Raw(tagged);
            }),
            ("number_in_two_bytes", shape, &|it| it.mandatory()[0] = Cbor::Raw(vec![0x18, 0])),
            ("list_of_no_length", shape, &|it| {
                let items: Vec<u8> = it.others().iter().flat_map(Cbor::written).collect();
                let place = if it.kind == 1 { 2 } else { 3 };
                it.components[place] = Cbor::Raw([vec![0x9f], items, vec![0xff]].concat());
            }),
            ("header_unknown", shape, &|it| it.kind = 0x20),
        ];
        for (what, by, change) in changes {
            family.caught(&name(what), by, &comment(what), value(change));
        }
        let honest_value = shown.value();
        for (what, by, changed) in [
            ("value_cut", ("proof", ""), honest_value[..honest_value.len() - 4].to_owned()),
            ("value_longer", shape, format!("{honest_value}AAAA")),
            ("value_padded", ("proof", "proof_encoding"), format!("{honest_value}=")),
            ("value_base58", ("proof", "proof_encoding"), honest_value.replacen('u', "z", 1)),
            ("value_empty", ("proof", "proof_encoding"), String::new()),
            ("value_header_alone", shape, honest_value[..5].to_owned()),
        ] {
            family.caught(&name(what), by, &comment(what), text(changed));
        }
        let kinds: &[(u8, &str)] = match suite {
            "bbs-2023" => {
                &[(2, "base"), (4, "base_blind"), (6, "base_pseudonym"), (8, "base_both")]
            }
            _ => &[(0, "base")],
        };
        for (kind, what) in kinds {
            let vector = value(&|it| it.kind = *kind);
            let by = ("proof", "proof_base");
            family.caught(&name(what), by, &comment("a proof for the holder alone"), vector);
        }
        let own: &[(&str, (&str, &str), Edit<'_>)] = match suite {
            "bbs-2023" => &[
                ("message_indexes_swapped", shape, &|it| it.others().swap(0, 1)),
                ("message_index_twice", shape, &|it| {
                    it.others()[1] = first(&it.clone().others()[..])
                }),
                ("message_index_beyond_the_end", shape, &|it| {
                    *it.others().last_mut().unwrap() = number(60);
                }),
                ("presentation_header", wrong, &|it| {
                    it.components[4] = Cbor::Bytes(b"for another".to_vec())
                }),
                ("scalar_nought", ("proof", "proof_scalar"), &|it| {
                    it.components[0].bytes()[144..176].fill(0)
                }),
                ("scalar_large", ("proof", "proof_scalar"), &|it| {
                    it.components[0].bytes()[144..176].fill(255)
                }),
                ("scalar_changed", wrong, &|it| it.components[0].bytes()[175] ^= 1),
                ("challenge_changed", wrong, &|it| {
                    *it.components[0].bytes().last_mut().unwrap() ^= 1
                }),
                ("point_identity", ("proof", "proof_point"), &|it| {
                    it.components[0].bytes()[..48].fill(0);
                    it.components[0].bytes()[0] = 0xc0;
                }),
                ("point_negated", wrong, &|it| it.components[0].bytes()[0] ^= 0x20),
                ("points_swapped", wrong, &|it| it.components[0].bytes()[..96].rotate_left(48)),
                ("message_more", wrong, &|it| it.components[0].bytes().extend([1; 32])),
                ("proof_cut", shape, &|it| it.components[0].bytes().truncate(200)),
            ],
            _ => &[
                ("signatures_swapped", wrong, &|it| it.others().swap(0, 1)),
                ("signature_changed", wrong, &|it| it.others()[0].bytes()[63] ^= 1),
                ("signature_nought", wrong, &|it| it.others()[0].bytes().fill(0)),
                ("signature_short", shape, &|it| it.others()[0].bytes().truncate(63)),
                ("base_signature_changed", wrong, &|it| it.components[0].bytes()[0] ^= 1),
                ("key_of_another", wrong, &|it| {
                    let key = plain::Key::new("ES256", "an attacker").did();
                    let key = bs58::decode(key.trim_start_matches("did:key:z")).into_vec();
                    it.components[1] = Cbor::Bytes(key.unwrap());
                }),
                ("key_negated", wrong, &|it| it.components[1].bytes()[2] ^= 1),
                ("key_short", shape, &|it| it.components[1].bytes().truncate(34)),
                ("label_short", shape, &|it| it.labels()[0].1.bytes().truncate(31)),
            ],
        };
        for (what, by, change) in own {
            family.caught(&name(what), *by, &comment(what), value(change));
        }
        if suite == "bbs-2023" {
            for (kind, what) in [(5, "blind"), (7, "pseudonym"), (9, "blind_pseudonym")] {
                let mut vector = value(&|it| it.kind = kind);
                vector["comment"] = comment("an optional feature that is not built").into();
                family.undecided(&name(what), ("proof", "proof_feature"), vector);
            }
        }
        let mut two = asked(&honest, &[]);
        let proof = shown.credential()["proof"].clone();
        two["edits"] = json!([[format!("{CREDENTIAL}/proof"), [proof, proof]]]);
        family.caught(&name("twice"), ("proof", "proof_count"), &comment("two proofs"), two);

        let with = |base: &str, member: &str, value: &str| {
            let mut vector = asked(base, &[]);
            vector["policy"][member] = value.into();
            vector
        };
        let hidden = ("disclosure", "hidden_statements");
        let status = ("credential_status", "status_hidden");
        let part = with(&honest, "disclosure", "full");
        family.caught(&name("part"), hidden, &comment("not everything is shown"), part);
        let part = with(&honest, "status", "require");
        family.caught(&name("status_hidden"), status, &comment("a status may be hidden"), part);
        let whole = [with(&all, "disclosure", "full"), with(&all, "status", "require")];
        for (whole, (what, by)) in whole.into_iter().zip([("all", hidden), ("all_status", status)])
        {
            match suite {
                "bbs-2023" => family.same(&name(what), &comment("everything is shown"), whole),
                _ => {
                    let comment = comment("everything is shown, and nobody knows it");
                    family.caught(&name(what), by, &comment, whole);
                }
            }
        }
        let by = ("validity_period", "proof_expired");
        family.caught(
            &name("expired"),
            by,
            &comment("the proof has expired"),
            asked(&expired, &[]),
        );
        let mut stolen = asked(&stolen, &[]);
        stolen["policy"]["issuers"] = json!([other.did(), issuer.did()]);
        let by = ("issuer_is_signer", "key_controller_differs");
        family.caught(&name("stolen"), by, &comment("in the name of another issuer"), stolen);
        let mut session = asked(&honest, &[]);
        session["policy"]["insecure_any_session"] = false.into();
        let by = ("session", "nonce_missing");
        family.caught(&name("session"), by, &comment("nothing binds it to the session"), session);
    }
}

type Edit<'e> = &'e dyn Fn(&mut Shown);

/// Presentations that a holder signs; each is signed anew, so that only the one rule stops it.
fn presented(family: &mut Family) {
    let issuer = plain::Key::new("EdDSA", "an issuer");
    let (holder, thief) =
        (plain::Key::new("EdDSA", "a holder"), plain::Key::new("EdDSA", "a thief"));
    let domain = "relying-party.example";
    for suite in ["eddsa-rdfc-2022", "eddsa-jcs-2022", "Ed25519Signature2020"] {
        let about = |subject: &str| {
            let mut document = plain::document(&issuer.did(), suite);
            document["credentialSubject"]["id"] = subject.into();
            plain::secured(&issuer, &document, &plain::options(&issuer, suite))
        };
        let presentation = |subject: &str, holder: &str| {
            let credential = about(subject);
            let contexts = credential["@context"].as_array().unwrap();
            let contexts: Vec<&Value> = contexts.iter().filter(|it| it.is_string()).collect();
            json!({
                "@context": contexts, "type": "VerifiablePresentation", "holder": holder,
                "verifiableCredential": [credential],
            })
        };
        let options = |key: &plain::Key| {
            let mut options = plain::options(key, suite);
            options["proofPurpose"] = "authentication".into();
            options["challenge"] = SESSION_ID.into();
            options["domain"] = domain.into();
            options
        };
        let asked = |input: &Value| {
            json!({
                "input": input,
                "policy": {
                    "issuers": [issuer.did()], "domain": domain, "by_subject": true,
                    "status": "skip", "schema": "skip",
                },
            })
        };
        let own = presentation(&holder.did(), &holder.did());
        let honest = plain::secured(&holder, &own, &options(&holder));
        let name =
            |what: &str| format!("presented_{}_{what}", suite.to_lowercase().replace('-', "_"));
        let comment = |what: &str| format!("A presentation signed by {suite}: {what}.");
        family.same(&name("honest"), &comment("as it was signed"), asked(&honest));
        type Change<'c> = &'c dyn Fn(&mut Value);
        let remove =
            |from: &mut Value, member: &str| drop(from.as_object_mut().unwrap().remove(member));
        let signed: [(&str, &str, Change<'_>); 9] = [
            ("challenge_other", "nonce_differs", &|it| it["challenge"] = "another session".into()),
            ("challenge_longer", "nonce_differs", &|it| {
                it["challenge"] = format!("{SESSION_ID}0").into()
            }),
            ("challenge_missing", "nonce_missing", &|it| remove(it, "challenge")),
            ("domain_other", "domain_differs", &|it| it["domain"] = "other.example".into()),
            ("domain_case", "domain_differs", &|it| it["domain"] = domain.to_uppercase().into()),
            ("domain_missing", "domain_differs", &|it| remove(it, "domain")),
            ("purpose", "proof_purpose", &|it| it["proofPurpose"] = "assertionMethod".into()),
            ("future", "created_in_future", &|it| it["created"] = "2024-07-01T00:00:00Z".into()),
            ("expired", "proof_expired", &|it| it["expires"] = "2024-05-30T00:00:00Z".into()),
        ];
        for (what, code, change) in signed {
            let mut options = options(&holder);
            change(&mut options);
            let vector = asked(&plain::secured(&holder, &own, &options));
            family.caught(
                &name(what),
                ("presentation", code),
                &comment(&what.replace('_', " ")),
                vector,
            );
        }
        let another = about("did:example:another");
        let changed: [(&str, &str, Change<'_>); 12] = [
            ("holder_removed", "proof_signature", &|it| remove(it, "holder")),
            ("id_added", "proof_signature", &|it| it["id"] = "urn:added".into()),
            ("type_added", "proof_signature", &|it| {
                it["type"] = json!(["VerifiablePresentation", "VerifiableCredential"]);
            }),
            ("created_changed", "proof_signature", &|it| {
                it["proof"]["created"] = "2024-05-02T10:00:01Z".into()
            }),
            ("challenge_changed", "proof_signature", &|it| it["proof"]["challenge"] = "x".into()),
            ("credential_exchanged", "proof_signature", &|it| {
                it["verifiableCredential"][0] = another.clone()
            }),
            ("member_added", "unsigned_content", &|it| it["x-added"] = json!({"a": [[]]})),
            ("proof_twice", "proof_count", &|it| it["proof"] = json!([it["proof"], it["proof"]])),
            ("proof_nothing", "proof_missing", &|it| it["proof"] = Value::Null),
            ("proof_text", "proof_malformed", &|it| it["proof"] = "x".into()),
            ("proof_of_bbs", "proof_member_unknown", &|it| {
                it["proof"]["type"] = "BbsBlsSignature2020".into();
            }),
            ("proof_member", "proof_member_unknown", &|it| it["proof"]["x-added"] = 1.into()),
        ];
        for (what, code, change) in changed {
            let mut input = honest.clone();
            change(&mut input);
            // What only JSON is signed with is broken by it as well.
            let code = if what == "member_added" { "" } else { code };
            family.caught(
                &name(what),
                ("presentation", code),
                &comment(&what.replace('_', " ")),
                asked(&input),
            );
        }
        let stolen = presentation(&holder.did(), &thief.did());
        let stolen = asked(&plain::secured(&thief, &stolen, &options(&thief)));
        let by = ("holder", "holder_differs");
        family.caught(&name("stolen"), by, &comment("of another's credential"), stolen);
        let masked = presentation(&holder.did(), &holder.did());
        let masked = asked(&plain::secured(&thief, &masked, &options(&thief)));
        let by = ("presentation", "holder_differs");
        family.caught(&name("masked"), by, &comment("in the name of the subject"), masked);
        let mut unsigned = asked(&own);
        unsigned["policy"]["insecure_any_session"] = true.into();
        let by = ("holder", "holder_unproven");
        family.caught(&name("left_out"), by, &comment("the proof is left out"), unsigned);
        let mut unasked = asked(&honest);
        remove(&mut unasked["policy"], "domain");
        family.same(&name("domain_not_asked"), &comment("nobody asks for whom"), unasked);
        let did = "did:web:holder.example";
        let mut named = options(&holder);
        named["verificationMethod"] = format!("{did}#1").into();
        let input = plain::secured(&holder, &presentation(did, did), &named);
        let document = |purpose: &str| {
            json!([{
                "id": did,
                "verificationMethod": [{
                    "id": format!("{did}#1"), "type": "Multikey", "controller": did,
                    "publicKeyMultibase": holder.did().trim_start_matches("did:key:"),
                }],
                purpose: [format!("{did}#1")],
            }])
        };
        let mut listed = asked(&input);
        listed["evidence"] = document("authentication");
        family.same(&name("listed"), &comment("by a key of a document"), listed.clone());
        listed["evidence"] = document("assertionMethod");
        let by = ("presentation", "key_not_for_authentication");
        family.caught(&name("not_listed"), by, &comment("by a key for another purpose"), listed);
        let mut unknown = asked(&input);
        unknown["evidence"] = json!([]);
        unknown["comment"] = comment("nobody knows the signer").into();
        family.undecided(&name("unknown"), ("presentation", "did_document_missing"), unknown);
    }
}

/// Credentials as JWTs of both data models; each is signed anew, so that only the one rule stops it.
fn tokens(family: &mut Family) {
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let key = plain::Key::new("EdDSA", "an issuer of tokens");
    let encoded = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let asked = |header: &Value, payload: &Value, cut: usize| {
        let signed = format!("{}.{}", encoded(header), encoded(payload));
        let signature = URL_SAFE_NO_PAD.encode(key.sign(signed.as_bytes()));
        let token = format!("{signed}.{}", &signature[..signature.len() - cut]);
        json!({
            "input": {
                "@context": ["https://www.w3.org/ns/credentials/v2"],
                "type": ["VerifiablePresentation"],
                "verifiableCredential": [token],
            },
            "policy": {
                "issuers": [key.did()], "insecure_any_session": true, "status": "skip", "schema": "skip",
            },
        })
    };
    for (model, kind) in [("v1", "JWT"), ("v2", "vc+jwt")] {
        let suite = if model == "v1" { "Ed25519Signature2018" } else { "eddsa-rdfc-2022" };
        let mut payload = plain::document(&key.did(), suite);
        if model == "v1" {
            let mut credential = payload;
            credential.as_object_mut().unwrap().remove("issuanceDate");
            payload = json!({
                "iss": key.did(), "sub": "urn:vc:subject:0", "jti": "urn:vc", "nbf": 1_714_644_000,
                "exp": 1_900_000_000, "vc": credential,
            });
        }
        let header = json!({"alg": "EdDSA", "kid": key.method(), "typ": kind});
        let name = |what: &str| format!("token_{model}_{what}");
        let comment = |what: &str| format!("A JWT of the data model {model}: {what}.");
        family.same(&name("honest"), &comment("as it was signed"), asked(&header, &payload, 0));
        for (what, member, value) in [
            ("alg_none", "alg", json!("none")),
            ("alg_symmetric", "alg", json!("HS256")),
            ("alg_case", "alg", json!("eddsa")),
            ("alg_list", "alg", json!(["EdDSA"])),
            ("jwk", "jwk", json!({"kty": "OKP"})),
            ("jku", "jku", json!("https://attacker.example/keys")),
            ("x5u", "x5u", json!("https://attacker.example/keys")),
            ("x5c", "x5c", json!(["AAAA"])),
            ("critical", "crit", json!(["exp2"])),
            ("critical_empty", "crit", json!([])),
            ("unencoded", "b64", json!(false)),
            ("compressed", "zip", json!("DEF")),
            ("presentation", "typ", json!("vp+jwt")),
            ("access_token", "typ", json!("at+jwt")),
            ("content", "cty", json!("vp")),
            ("kid_text", "kid", json!("key-1")),
            ("kid_number", "kid", json!(1)),
            ("parameter", "other", json!(1)),
        ] {
            let mut header = header.clone();
            header[member] = value;
            let by = ("proof", "proof_header");
            family.caught(
                &name(what),
                by,
                &comment(&what.replace('_', " ")),
                asked(&header, &payload, 0),
            );
        }
        for (what, member, value) in [
            ("issuer_differs", "iss", json!("did:web:other.example")),
            ("issuer_number", "iss", json!(1)),
            ("subject_differs", "sub", json!("urn:vc:subject:1")),
            ("id_differs", "jti", json!("urn:other")),
            ("expiry_text", "exp", json!("2030-01-01T00:00:00Z")),
            ("expiry_fraction", "exp", json!(1_900_000_000.5)),
            ("expiry_huge", "exp", json!(1e308)),
            ("issued_negative", "iat", json!(-9_000_000_000_000_i64)),
        ] {
            let mut payload = payload.clone();
            payload[member] = value;
            let by = ("proof", "proof_claims");
            family.caught(
                &name(what),
                by,
                &comment(&what.replace('_', " ")),
                asked(&header, &payload, 0),
            );
        }
        let cut = asked(&header, &payload, 2);
        family.caught(&name("cut"), ("proof", "proof_shape"), &comment("a shorter signature"), cut);
        let cut = asked(&header, &payload, 1);
        family.caught(&name("cut_bits"), ("proof", "proof_encoding"), &comment("bits over"), cut);
        let mut changed = asked(&header, &payload, 0);
        let place = "/input/verifiableCredential/0";
        let token = changed.pointer(place).unwrap().as_str().unwrap().to_owned();
        let (signed, _) = token.rsplit_once('.').unwrap();
        let zeros = URL_SAFE_NO_PAD.encode([0; 64]);
        *changed.pointer_mut(place).unwrap() = format!("{signed}.{zeros}").into();
        let by = ("proof", "proof_signature");
        family.caught(&name("zeros"), by, &comment("a signature of zeros"), changed);
        let mut expired = payload.clone();
        expired["exp"] = 1_717_000_000.into();
        let by =
            ("validity_period", if model == "v1" { "credential_expired" } else { "proof_expired" });
        family.caught(
            &name("expired"),
            by,
            &comment("it has expired"),
            asked(&header, &expired, 0),
        );
    }
}

/// A PID as an SD-JWT with key binding; issuer and holder sign anew, so that only the one rule stops it.
fn sd_jwts(family: &mut Family) {
    use sd_jwt::{bound, digest, disclosure, holder, issuer, jwk, presented, token, Pid};
    let asked = |text: &str, status: &str| {
        json!({
            "input": {
                "@context": ["https://www.w3.org/ns/credentials/v2"],
                "type": ["VerifiablePresentation"],
                "verifiableCredential": [text],
            },
            "policy": {"issuers": [issuer().did()], "status": status, "schema": "skip"},
        })
    };
    let skip = |text: &str| asked(text, "skip");
    let name = |what: &str| format!("sd_jwt_{what}");
    let comment = |what: &str| format!("A PID as an SD-JWT: {}.", what.replace('_', " "));
    let pid = Pid::new();
    family.same(&name("honest"), &comment("as it was issued"), asked(&pid.bound(), "require"));
    let few = bound(&pid.shown(&["given_name"]));
    family.same(&name("few"), &comment("one name of it"), asked(&few, "require"));
    let mut caught = |what: &str, by: (&str, &str), text: &str| {
        family.caught(&name(what), by, &comment(what), skip(text));
    };

    // What the holder shows.
    let jwt = token(&issuer(), &pid.header, &pid.payload);
    let texts: Vec<&str> = pid.disclosures.iter().map(|(_, text)| text.as_str()).collect();
    let by = ("proof", "proof_disclosure");
    for (at, (member, _)) in pid.disclosures.iter().enumerate() {
        let repeated = [&texts[..], &texts[at..=at]].concat();
        caught(&format!("disclosure_repeated_{member}"), by, &bound(&presented(&jwt, repeated)));
        for (place, part) in ["salt", "name", "value"].into_iter().enumerate() {
            let items = {
                use base64::engine::general_purpose::URL_SAFE_NO_PAD;
                URL_SAFE_NO_PAD.decode(texts[at]).unwrap()
            };
            let mut items: Value = serde_json::from_slice(&items).unwrap();
            if items.get(place).is_none() {
                continue;
            }
            items[place] = "SOMEBODY ELSE".into();
            let changed = disclosure(&items);
            let mut all = texts.clone();
            all[at] = &changed;
            caught(&format!("disclosure_{part}_{member}"), by, &bound(&presented(&jwt, all)));
        }
    }
    for (what, added) in [
        ("added", disclosure(&json!(["x", "given_name", "SOMEBODY ELSE"]))),
        ("added_new", disclosure(&json!(["x", "email", "a@b.example"]))),
        ("added_item", disclosure(&json!(["x", "NW"]))),
        ("empty", String::new()),
        ("no_base64", "*".to_owned()),
        ("padded", "WyJ4IiwiYSIsMV0=".to_owned()),
    ] {
        let all = [&texts[..], &[&added]].concat();
        caught(&format!("disclosure_{what}"), by, &bound(&presented(&jwt, all)));
    }
    caught("disclosure_without_its_parent", by, &bound(&pid.shown(&["street"])));

    // What the issuer signs.
    let by = ("proof", "proof_digests");
    for (what, member, value) in [
        ("hides_issuer", "iss", json!(issuer().did())),
        ("hides_expiry", "exp", json!(1_900_000_000)),
        ("hides_start", "nbf", json!(1_714_644_000)),
        ("hides_key", "cnf", json!({})),
        ("hides_type", "vct", json!("urn:eudi:pid:1")),
        ("hides_status", "status", json!({})),
        ("discloses_digests", "_sd", json!([])),
        ("discloses_an_item", "...", json!("x")),
        ("discloses_a_sibling", "sex", json!(1)),
        ("discloses_twice", "given_name", json!("SOMEBODY ELSE")),
    ] {
        let mut pid = Pid::new();
        let text = disclosure(&json!(["x", member, value]));
        pid.payload["_sd"].as_array_mut().unwrap().push(digest(&text).into());
        pid.disclosures.push(("x", text));
        caught(what, by, &pid.bound());
    }
    for (what, hash) in [("hash_long", "sha-512"), ("hash_weak", "md5"), ("hash_case", "SHA-256")] {
        let mut pid = Pid::new();
        pid.payload["_sd_alg"] = hash.into();
        caught(what, by, &pid.bound());
    }
    let mut pid = Pid::new();
    let first = pid.payload["_sd"][0].clone();
    pid.payload["_sd"].as_array_mut().unwrap().push(first);
    caught("digest_twice", by, &pid.bound());
    for (what, member, value, by) in [
        ("issuer_url", "iss", json!("https://issuer.example"), ("proof", "issuer_not_did")),
        ("expired", "exp", json!(1_717_000_000), ("validity_period", "credential_expired")),
        ("expiry_huge", "exp", json!(1e308), ("proof", "proof_claims")),
        ("not_yet", "nbf", json!(1_800_000_000), ("validity_period", "credential_not_yet_valid")),
        ("type_number", "vct", json!(1), ("proof", "proof_claims")),
        ("member_null", "extra", json!(null), ("unsigned_content", "unsigned_content")),
    ] {
        let mut pid = Pid::new();
        pid.payload[member] = value;
        caught(what, by, &pid.bound());
    }
    for (what, member, value) in [
        ("jwk", "jwk", jwk(&issuer())),
        ("x5c", "x5c", json!(["AAAA"])),
        ("alg_none", "alg", json!("none")),
        ("alg_symmetric", "alg", json!("HS256")),
        ("kind", "typ", json!("JWT")),
        ("kind_of_binding", "typ", json!("kb+jwt")),
        ("critical", "crit", json!([])),
    ] {
        let mut pid = Pid::new();
        pid.header[member] = value;
        caught(what, ("proof", "proof_header"), &pid.bound());
    }
    let attacker = plain::Key::new("ES256", "an attacker");
    let forged = token(&attacker, &Pid::new().header, &Pid::new().payload);
    caught("forged", ("proof", "proof_signature"), &bound(&presented(&forged, [])));

    // What the holder signs.
    let text = Pid::new().shown(&["given_name"]);
    let by = ("proof", "key_binding");
    for (what, member, value) in [
        ("kind", "typ", json!("JWT")),
        ("alg_none", "alg", json!("none")),
        ("alg_differs", "alg", json!("ES384")),
        ("jwk", "jwk", jwk(&attacker)),
    ] {
        let (mut header, claims) = sd_jwt::binding(&text);
        header[member] = value;
        let text = format!("{text}{}", token(&holder(), &header, &claims));
        caught(&format!("binding_{what}"), by, &text);
    }
    let differs = ("session", "nonce_differs");
    for (what, member, value, by) in [
        ("nonce_differs", "nonce", json!("another"), differs),
        ("nonce_missing", "nonce", json!(null), by),
        ("audience_missing", "aud", json!(null), by),
        ("date_missing", "iat", json!(null), by),
        ("hash_missing", "sd_hash", json!(null), by),
        ("hash_differs", "sd_hash", json!(digest(&Pid::new().shown(&[]))), by),
        ("future", "iat", json!(1_800_000_000), ("validity_period", "created_in_future")),
    ] {
        let (header, mut claims) = sd_jwt::binding(&text);
        claims[member] = value;
        let text = format!("{text}{}", token(&holder(), &header, &claims));
        caught(&format!("binding_{what}"), by, &text);
    }
    for (what, key) in [("of_attacker", &attacker), ("of_issuer", &issuer())] {
        let (header, claims) = sd_jwt::binding(&text);
        let text = format!("{text}{}", token(key, &header, &claims));
        caught(&format!("binding_{what}"), by, &text);
    }
    let all = Pid::new().bound();
    let (_, of_other) = all.rsplit_once('~').unwrap();
    caught("binding_of_other_disclosures", by, &format!("{text}{of_other}"));
    caught("binding_removed", ("session", "nonce_missing"), &text);
    let mut pid = Pid::new();
    pid.payload.as_object_mut().unwrap().remove("cnf");
    caught("binding_without_key", by, &pid.bound());

    let mut pid = Pid::new();
    pid.payload["status"] =
        json!({"status_list": {"idx": 7, "uri": "https://issuer.example/list"}});
    let mut vector = asked(&pid.bound(), "require");
    vector["comment"] = comment("its status is in a list of another kind").into();
    family.undecided(&name("status"), ("credential_status", "status_type_unknown"), vector);
}

fn graphs(family: &mut Family) {
    let edges = |nodes: usize, edges: &dyn Fn(usize) -> Vec<usize>| -> Value {
        let node = |from: usize| {
            let to: Vec<Value> = edges(from)
                .into_iter()
                .map(|to| json!({"@id": format!("_:n{}", to % nodes)}))
                .collect();
            json!({"@id": format!("_:n{from}"), "urn:edge": to})
        };
        (0..nodes).map(node).collect()
    };
    let mut poison = |name: String, graph: Value| {
        let changes = [(subject("urn:graph"), graph)];
        let by = ("unsigned_content", "");
        family.caught(
            &format!("graph_{name}"),
            by,
            "All nodes without a name look alike.",
            edits(FULL, &changes),
        );
    };
    for nodes in [8, 10, 12, 16, 24] {
        poison(
            format!("clique_{nodes:02}"),
            edges(nodes, &|from| (1..nodes).map(|step| from + step).collect()),
        );
    }
    for nodes in [24, 32, 48] {
        poison(format!("two_steps_{nodes}"), edges(nodes, &|from| vec![from + 1, from + 2]));
        poison(
            format!("three_steps_{nodes}"),
            edges(nodes, &|from| vec![from + 1, from + 3, from + 7]),
        );
        poison(
            format!("both_ways_{nodes}"),
            edges(nodes, &|from| vec![from + 1, from + nodes - 1, from + nodes / 2]),
        );
    }
    for side in [4, 5, 6, 7] {
        let nodes = side * side;
        poison(
            format!("torus_{side}"),
            edges(nodes, &|from| {
                let (row, column) = (from / side, from % side);
                vec![
                    (row + 1) % side * side + column,
                    row * side + (column + 1) % side,
                    (row + 1) % side * side + (column + 1) % side,
                ]
            }),
        );
    }
    for dimension in [3, 4, 5] {
        let nodes: usize = 1 << dimension;
        poison(
            format!("cube_{dimension}"),
            edges(nodes, &|from| (0..dimension).map(|bit| from ^ (1 << bit)).collect()),
        );
    }
}
