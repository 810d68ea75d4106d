//! Whatever our JSON-LD processor accepts, two general ones accept with the same statements, and no
//! leaf of the document is lost.
//!
//! An input that begins with `{` is taken as a document; any other makes one out of parts.

use crate::oracle::{is_ascii_control, leaves, oracle};
use arbitrary::{Arbitrary, Result, Unstructured};
use result_vp::{internal, Contexts};
use serde_json::{json, Map, Value};

/// Panics where the property does not hold.
pub fn check(data: &[u8]) {
    let text = match data.first() {
        Some(b'{') => data.to_vec(),
        _ => match document(&mut Unstructured::new(data)) {
            Ok(document) => document.to_string().into_bytes(),
            Err(_) => return,
        },
    };
    // What a derived document names so is a blank node to us alone.
    if text.windows(9).any(|it| it == b"urn:bnid:") {
        return;
    }
    let Ok(Ok(lines)) = internal::statements(&text, &Contexts::bundled()) else { return };
    // The proof is no part of the document.
    let mut document: Value = serde_json::from_slice(&text).expect("what was read is JSON");
    document.as_object_mut().expect("an object").remove("proof");
    let text = &document.to_string();
    // Of several types with contexts of their own it knows the last one's alone, and keeps that one where it is
    // to be left before the context of a member counts (JSON-LD API, section 5.1.2, steps 7 and 8).
    if has_several_types(&document) || has_member_with_context(&document) {
        return;
    }
    let theirs = oracle(text).unwrap_or_else(|| panic!("accepted by us alone: {text}"));
    assert_eq!(lines.len(), theirs.len(), "{text}");
    // The two escape forms give blank nodes other labels.
    if !lines.iter().any(|line| line.contains(is_ascii_control)) {
        assert_eq!(lines, theirs, "{text}");
    }
    // A JSON literal is one statement, whatever it holds; `id` is a name like others where no context
    // makes it one of a node.
    let is_literal = lines.iter().any(|line| line.ends_with("#JSON> ."));
    if !is_literal && names_data_model(&document) {
        assert_eq!(lines.len(), leaves(&document), "{text}");
    }
}

/// Whether a context of the document says what `id` is.
fn names_data_model(document: &Value) -> bool {
    let is_model = |entry: &Value| entry.as_str().is_some_and(|it| it.contains("/credentials/v"));
    match &document["@context"] {
        Value::Array(entries) => entries.iter().any(is_model),
        entry => is_model(entry),
    }
}

/// Whether a node has several types.
fn has_several_types(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(has_several_types),
        Value::Object(members) => members.iter().any(|(name, member)| {
            let is_type = name == "type" || name == "@type";
            has_several_types(member)
                || (is_type && member.as_array().is_some_and(|it| it.len() > 1))
        }),
        _ => false,
    }
}

/// Whether a member that has a context in one of ours says more than what it is.
fn has_member_with_context(value: &Value) -> bool {
    let says_more = |value: &Value| {
        let members = value.as_object().into_iter().flatten();
        members.into_iter().any(|(name, _)| !matches!(name.trim_start_matches('@'), "id" | "type"))
    };
    match value {
        Value::Array(items) => items.iter().any(has_member_with_context),
        Value::Object(members) => members.iter().any(|(name, member)| {
            let is_one = WITH_CONTEXT.contains(&name.as_str());
            let says_more = match member {
                Value::Array(items) => items.iter().any(says_more),
                member => says_more(member),
            };
            has_member_with_context(member) || (is_one && says_more)
        }),
        _ => false,
    }
}

fn document(from: &mut Unstructured<'_>) -> Result<Value> {
    let mut document = node(from, 0)?;
    let contexts = (0..from.int_in_range(1..=3)?).map(|_| context(from));
    document["@context"] = contexts.collect::<Result<Vec<Value>>>()?.into();
    Ok(document)
}

fn context(from: &mut Unstructured<'_>) -> Result<Value> {
    Ok(from.choose(&CONTEXTS)?.map_or(json!({"@vocab": "https://vocab.example/"}), Value::from))
}

fn node(from: &mut Unstructured<'_>, depth: usize) -> Result<Value> {
    let mut members = Map::new();
    for _ in 0..from.int_in_range(0..=5)? {
        let name = match from.ratio(7, 8)? {
            true => (*from.choose(&NAMES)?).to_owned(),
            false => String::arbitrary(from)?,
        };
        members.insert(name, value(from, depth)?);
    }
    Ok(Value::Object(members))
}

fn value(from: &mut Unstructured<'_>, depth: usize) -> Result<Value> {
    Ok(match from.int_in_range(0..=9)? {
        0 => Value::Null,
        1 => bool::arbitrary(from)?.into(),
        2 => i64::arbitrary(from)?.into(),
        3 => f64::arbitrary(from)?.into(),
        4 => String::arbitrary(from)?.into(),
        5 | 6 => (*from.choose(&TEXTS)?).into(),
        7 if depth < 4 => node(from, depth + 1)?,
        8 if depth < 4 => {
            let count = from.int_in_range(0..=3)?;
            (0..count).map(|_| value(from, depth + 1)).collect::<Result<Vec<Value>>>()?.into()
        }
        _ => json!({"@value": value(from, 4)?}),
    })
}

const CONTEXTS: [Option<&str>; 6] = [
    None,
    Some("https://www.w3.org/2018/credentials/v1"),
    Some("https://www.w3.org/ns/credentials/v2"),
    Some("https://w3id.org/bbs/v1"),
    Some("https://w3id.org/citizenship/v1"),
    Some("https://w3id.org/vaccination/v1"),
];
const NAMES: [&str; 24] = [
    "@id",
    "@type",
    "@graph",
    "@reverse",
    "@included",
    "@nest",
    "@index",
    "@value",
    "id",
    "type",
    "credentialSubject",
    "credentialStatus",
    "credentialSchema",
    "issuer",
    "issuanceDate",
    "expirationDate",
    "jsonSchema",
    "givenName",
    "name",
    "evidence",
    "proof",
    "cred:x",
    "urn:p",
    "_:p",
];
const TEXTS: [&str; 13] = [
    "",
    "urn:a",
    "urn:b",
    "_:a",
    "_:b",
    "relative",
    "https://a.example/#x",
    "VerifiableCredential",
    "JsonSchema",
    "PermanentResident",
    "2024-05-02T10:00:00Z",
    "a\"b\\c\nd\u{7}",
    "\u{e000}\u{1f600}",
];
const WITH_CONTEXT: [&str; 6] = [
    "cnf",
    "credentialSchema",
    "proofPurpose",
    "refreshService",
    "statusMessage",
    "verifiableCredential",
];
