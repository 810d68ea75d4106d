//! From one honest credential: everything that could be changed in it, in turn. Nothing is accepted
//! that says something else than what was signed.

#[path = "support/signer.rs"]
mod signer;
mod support;

use std::collections::{BTreeMap, BTreeSet};

use base64::engine::general_purpose::STANDARD;
use base64::Engine as _;
use proptest::prelude::*;
use result_vp::{
    CivilDate, Claim, Did, Evidence, ExpectedSession, GovernmentId, Input, Outcome, Policy, Report,
    Session, SessionId, TrustedIssuers, Unknown, UnverifiedPresentation, Verifier,
};
use serde_json::{json, Value};
use signer::{document, presentation, Signer};
use support::{fixture, instant};

const SESSION: &str = "0f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e10";
const NONCE: &str = "urn:trinsic:idvsession:0f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e10";

struct Bench {
    signer: Signer,
    document: Value,
    verifier: Verifier,
}

type Claims = BTreeMap<String, Vec<String>>;

impl Bench {
    fn new() -> Bench {
        let signer = Signer::new("an issuer");
        let document = document(&signer.did());
        let issuer = Did::new(&signer.did()).unwrap();
        let policy = Policy::new(TrustedIssuers::new([issuer]).unwrap())
            .status(Unknown::Skip)
            .schema(Unknown::Skip);
        Bench { signer, document, verifier: Verifier::new(policy) }
    }

    fn honest(&self) -> Value {
        self.signer.credential(&self.document, &self.document, NONCE)
    }

    fn ask(&self, text: &str) -> Option<Report> {
        let presentation = UnverifiedPresentation::from_json(text.as_bytes()).ok()?;
        let session = SessionId::new(SESSION).unwrap();
        let session = ExpectedSession::Id(&session);
        let now = instant("2024-06-01T00:00:00Z");
        Some(self.verifier.verify(&presentation, session, &Evidence::new(), now))
    }

    /// The claims if it is accepted.
    fn claims(&self, credential: &Value) -> Option<(Claims, GovernmentId)> {
        let report = self.ask(&presentation(credential))?;
        let verified = report.into_verified().ok()?;
        let [credential] = verified.credentials() else { panic!("one credential") };
        let id = GovernmentId::from_credential(credential).expect("a government id");
        Some((result_vp::signed_claims(credential).into_iter().collect(), id))
    }
}

/// Every leaf of the document, as a JSON pointer.
fn leaves(value: &Value, pointer: String, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                leaves(member, format!("{pointer}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                leaves(item, format!("{pointer}/{index}"), found);
            }
        }
        _ => found.push(pointer),
    }
}

fn document_leaves(document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    leaves(document, String::new(), &mut found);
    found.retain(|pointer| !pointer.starts_with("/@context"));
    // 25 statements; the two links to nodes without a leaf of their own are stated by their ids.
    assert_eq!(found.len(), 25 + 1);
    found
}

fn parent<'v>(value: &'v mut Value, pointer: &str) -> (&'v mut Value, String) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    (value.pointer_mut(parent).unwrap(), name.to_owned())
}

fn remove(value: &mut Value, pointer: &str) -> Value {
    let (parent, name) = parent(value, pointer);
    match parent {
        Value::Array(items) => items.remove(name.parse().unwrap()),
        parent => parent.as_object_mut().unwrap().remove(&name).unwrap(),
    }
}

#[test]
fn the_honest_credential_is_accepted() {
    let bench = Bench::new();
    let (claims, id) = bench.claims(&bench.honest()).expect("accepted");
    assert_eq!(claims.len(), 14);
    assert_eq!(id.given_name.disclosed().map(String::as_str), Some("MIRABEL"));
    assert_eq!(id.portrait.state(), "empty");
}

/// Change, drop, double, rename, alias, nest or wrap every leaf in turn: what is still accepted says
/// exactly what was signed.
#[test]
fn no_leaf_can_be_changed() {
    let bench = Bench::new();
    let honest = bench.honest();
    let signed = bench.claims(&honest).unwrap();
    let mut asked = 0;
    let mut accepted = Vec::new();
    for pointer in document_leaves(&bench.document) {
        for (edit, credential) in edits(&honest, &pointer) {
            asked += 1;
            if let Some(claims) = bench.claims(&credential) {
                assert!(claims == signed, "{edit} {pointer} is accepted with other claims");
                accepted.push(edit);
            }
        }
    }
    assert!(asked > 500, "{asked}");
    // The only other spellings of the same statements: "nested" is `{"id": …}` for an id, "rename"
    // is `@id` for `id`.
    accepted.sort_unstable();
    accepted.dedup();
    assert_eq!(accepted, ["@value", "array of one", "full IRI", "nested", "rename"]);
}

fn edits(honest: &Value, pointer: &str) -> Vec<(&'static str, Value)> {
    let mut edits = Vec::new();
    let mut edit = |name: &'static str, change: &dyn Fn(&mut Value)| {
        let mut credential = honest.clone();
        change(&mut credential);
        if credential != *honest {
            edits.push((name, credential));
        }
    };
    let leaf = honest.pointer(pointer).unwrap().clone();
    let set = |value: Value| {
        move |credential: &mut Value| *credential.pointer_mut(pointer).unwrap() = value.clone()
    };
    let text = leaf.as_str().unwrap();
    let in_object = !pointer.rsplit_once('/').unwrap().1.bytes().all(|byte| byte.is_ascii_digit());
    // Change.
    for other in [format!("{text} "), format!("x{text}"), text.to_lowercase(), String::new()] {
        edit("change", &set(other.into()));
    }
    for other in [json!(null), json!([]), json!({}), json!(true), json!(0), json!([text, text])] {
        edit("change", &set(other));
    }
    edit("change", &set(json!([text, "another"])));
    // Drop.
    edit("drop", &|credential| {
        remove(credential, pointer);
    });
    // Other shapes of the same value.
    edit("array of one", &set(json!([text])));
    edit("@value", &set(json!({"@value": text})));
    edit("language", &set(json!({"@value": text, "@language": "en"})));
    edit("typed", &set(json!({"@value": text, "@type": "urn:t"})));
    edit("set", &set(json!({"@set": [text]})));
    edit("list", &set(json!({"@list": [text]})));
    edit("nested", &set(json!({"id": text})));
    edit("nested", &set(json!({"@graph": [text]})));
    if in_object {
        let (above, name) = pointer.rsplit_once('/').unwrap();
        let insert = |credential: &mut Value, name: &str, value: Value| {
            credential.pointer_mut(above).unwrap()[name] = value;
        };
        // Rename and alias.
        for other in ["Givenname", "@index", "@nest", "@id", "https://trinsic.cloud/idv/other"] {
            edit("rename", &|credential| {
                let value = remove(credential, pointer);
                insert(credential, other, value);
            });
        }
        edit("full IRI", &|credential| {
            let value = remove(credential, pointer);
            insert(credential, &format!("https://trinsic.cloud/idv/{name}"), value);
        });
        let swap = "https://trinsic.cloud/idv/swapped";
        for definition in [json!({name: swap}), json!({name: null}), json!({name: "@index"})] {
            edit("alias", &|credential| {
                credential["@context"].as_array_mut().unwrap().push(definition.clone());
            });
            edit("alias", &|credential| {
                insert(credential, "@context", definition.clone());
            });
            edit("alias", &|credential| {
                let mut inline = definition.clone();
                inline["@vocab"] = json!("https://trinsic.cloud/idv/");
                credential["@context"][2] = inline;
            });
        }
        // Add beside it, and move it away.
        for (other, value) in [
            ("another", json!("x")),
            ("another", json!([])),
            ("another", json!(null)),
            ("another", json!({})),
            ("@verified", json!(true)),
            ("@index", json!("x")),
            ("@included", json!([{"id": "urn:vc:subject:0", name: "x"}])),
            ("@reverse", json!({name: {"id": "urn:x"}})),
        ] {
            edit("add", &|credential| insert(credential, other, value.clone()));
        }
        for keyword in ["@nest", "@included", "@graph", "@set"] {
            edit("nest", &|credential| {
                let value = remove(credential, pointer);
                insert(credential, keyword, json!({name: value}));
            });
        }
        edit("nest", &|credential| {
            let value = remove(credential, pointer);
            credential["credentialSubject"]["nested"] = json!({name: value});
        });
    }
    edits
}

/// Structure around the leaves: decoy subjects, graphs, second credentials.
#[test]
fn no_structure_moves_a_claim() {
    let bench = Bench::new();
    let honest = bench.honest();
    let signed = bench.claims(&honest).unwrap();
    let decoy = json!({"id": "urn:decoy", "familyName": "EVIL"});
    let subject = honest["credentialSubject"].clone();
    let with = |name: &str, value: Value| {
        let mut credential = honest.clone();
        credential[name] = value;
        credential
    };
    let mut without_type = honest.clone();
    without_type["type"] = json!(["VerifiableCredential"]);
    let mut wrapped = json!({"@context": honest["@context"], "proof": honest["proof"]});
    wrapped["@graph"] = json!([honest]);
    let forged = [
        with("credentialSubject", json!([decoy, subject])),
        with("credentialSubject", json!([subject, {"id": "relative", "familyName": "EVIL"}])),
        with("credentialSubject", json!([subject, subject])),
        with("credentialSubject", json!({"@id": "urn:vc:subject:0"})),
        with("credentialSubject", json!("urn:vc:subject:0")),
        with("@included", json!([subject])),
        with("@reverse", json!({"https://www.w3.org/2018/credentials#credentialStatus": "urn:x"})),
        with("id", json!("relative")),
        with("id", json!("_:b0")),
        with("id", json!("urn:bnid:_:c14n0")),
        with("@id", json!("urn:vc")),
        with("@type", json!(["VerifiableCredential"])),
        with(
            "type",
            json!(["IdentityDocument_v0", "VerifiableCredential", "VerifiableCredential"]),
        ),
        with("type", json!(["IdentityDocument_v0", "VerifiableCredential", "Extra"])),
        with("@context", json!("https://www.w3.org/2018/credentials/v1")),
        with("@context", json!({"@vocab": "https://trinsic.cloud/idv/"})),
        with(
            "@context",
            json!(["https://www.w3.org/2018/credentials/v1", "https://evil.example/c"]),
        ),
        with("@context", json!([])),
        with("holder", json!("did:example:1")),
        with("proof", json!([honest["proof"], honest["proof"]])),
        with("https://w3id.org/security#nonce", json!("x")),
        with("https://w3id.org/security#proofValue", json!("x")),
        with("expirationDate", json!("2099-01-01T00:00:00Z")),
        without_type,
        wrapped,
    ];
    for (index, credential) in forged.iter().enumerate() {
        if let Some(claims) = bench.claims(credential) {
            assert!(claims == signed, "forgery {index} is accepted with other claims");
            panic!("forgery {index} is accepted");
        }
    }
}

/// A document that lacks a signed statement, and which statements it lacks with it.
struct Hide {
    name: String,
    indices: BTreeSet<usize>,
    edit: Edit,
}

enum Edit {
    /// Takes away what a JSON pointer leads to.
    Remove(String),
    /// Says everything else in full IRIs, for the terms go with the type `VerifiableCredential`.
    WithoutCredentialType,
    /// The document cannot lack a statement of the proof: it lacks this leaf, which stays revealed.
    Option(String),
}

/// One way to hide each of the signed statements.
fn hides(bench: &Bench, messages: &[String]) -> Vec<Hide> {
    let options = bench.signer.proof_options();
    let credentials = "https://www.w3.org/2018/credentials#";
    let index_of = |start: &str| {
        let found = messages.iter().position(|line| line.contains(start));
        found.unwrap_or_else(|| panic!("{start}"))
    };
    let gone = |edit: &Edit| -> BTreeSet<usize> {
        let left = bench.signer.messages(&without(&bench.document, &[edit]), &options);
        assert!(left.iter().all(|line| messages.contains(line)), "{left:?}");
        (0..messages.len()).filter(|&index| !left.contains(&messages[index])).collect()
    };
    let mut hides: Vec<Hide> = (0..4)
        .map(|index| Hide {
            name: "option".to_owned(),
            indices: [index].into(),
            edit: Edit::Option("/credentialSubject/city".to_owned()),
        })
        .collect();
    for pointer in document_leaves(&bench.document) {
        // An id says nothing alone: its node is hidden with the link to it. The type's terms go too.
        if pointer.ends_with("/id") || pointer == "/type/1" {
            continue;
        }
        let name = pointer.trim_start_matches('/').to_owned();
        let edit = Edit::Remove(pointer);
        hides.push(Hide { name, indices: gone(&edit), edit });
    }
    let edit = Edit::WithoutCredentialType;
    hides.push(Hide { name: "type/1".to_owned(), indices: gone(&edit), edit });
    for (member, below) in
        [("credentialSchema", 1), ("credentialStatus", 3), ("credentialSubject", 14)]
    {
        let edit = Edit::Remove(format!("/{member}"));
        let indices = gone(&edit);
        assert_eq!(indices.len(), 1 + below, "{member}");
        assert!(indices.contains(&index_of(&format!("<{credentials}{member}>"))), "{member}");
        hides.push(Hide { name: member.to_owned(), indices, edit });
    }
    hides
}

fn without(document: &Value, edits: &[&Edit]) -> Value {
    let mut shown = document.clone();
    // From the back, so that indices into arrays stay what they are; what is gone with its node is gone.
    let mut pointers: Vec<&String> = (edits.iter())
        .filter_map(|edit| match edit {
            Edit::Remove(pointer) | Edit::Option(pointer) => Some(pointer),
            Edit::WithoutCredentialType => None,
        })
        .collect();
    pointers.sort_unstable();
    pointers.dedup();
    let in_full = edits.iter().any(|edit| matches!(edit, Edit::WithoutCredentialType));
    if in_full {
        remove(&mut shown, "/type/1");
    }
    for pointer in pointers.iter().rev() {
        if shown.pointer(pointer).is_some() {
            remove(&mut shown, pointer);
        }
    }
    if shown["type"] == json!([]) {
        remove(&mut shown, "/type");
    }
    if in_full {
        let shown = shown.as_object_mut().unwrap();
        for name in
            ["credentialSchema", "credentialStatus", "credentialSubject", "issuanceDate", "issuer"]
        {
            let Some(value) = shown.remove(name) else { continue };
            let value = match name {
                "issuanceDate" => {
                    json!({"@value": value, "@type": "http://www.w3.org/2001/XMLSchema#dateTime"})
                }
                "issuer" => json!({"id": value}),
                "credentialSchema" if value.get("type").is_some() => {
                    json!({"id": value["id"], "type": "https://www.w3.org/2018/credentials#JsonSchemaValidator2018"})
                }
                _ => value,
            };
            shown.insert(format!("https://www.w3.org/2018/credentials#{name}"), value);
        }
    }
    shown
}

/// The order of signing decides which claim a hidden index belongs to: 29 single hides, 406 pairs,
/// each by a document that lacks just what is hidden.
#[test]
fn hidden_statements_are_never_absent_ones() {
    let bench = Bench::new();
    let messages = bench.signer.messages(&bench.document, &bench.signer.proof_options());
    assert_eq!(messages.len(), 29);
    let hides = hides(&bench, &messages);
    assert_eq!(hides.len(), 29);
    // Each of the statements has a hide of its own.
    let all: BTreeSet<usize> = hides.iter().flat_map(|hide| hide.indices.clone()).collect();
    assert_eq!(all.len(), 29);
    let signed = bench.claims(&bench.honest()).unwrap().0;
    // `Ok` if it is accepted, otherwise the first reason.
    let hide = |these: &[&Hide]| -> Result<(), &'static str> {
        let edits: Vec<&Edit> = these.iter().map(|hide| &hide.edit).collect();
        let shown = without(&bench.document, &edits);
        let hidden: BTreeSet<usize> = these.iter().flat_map(|hide| hide.indices.clone()).collect();
        let revealed: Vec<usize> = (0..29).filter(|index| !hidden.contains(index)).collect();
        let lines = bench.signer.messages(&shown, &bench.signer.proof_options());
        let is_of_options = edits.iter().any(|edit| matches!(edit, Edit::Option(_)));
        if !is_of_options {
            let expected: Vec<&String> = revealed.iter().map(|&index| &messages[index]).collect();
            assert_eq!(lines.iter().collect::<Vec<_>>(), expected);
        }
        let credential =
            bench.signer.credential_revealing(&bench.document, &shown, &revealed, NONCE);
        let Some((claims, id)) = bench.claims(&credential) else {
            let report = bench.ask(&presentation(&credential)).expect("a report");
            let checks = report.credentials()[0].checks();
            let failure = checks.iter().find(|(_, it)| matches!(it, Outcome::Fail(_)));
            let (_, failure) = failure.expect("what is not accepted fails");
            return Err(failure.reason().unwrap().code().code());
        };
        assert!(!is_of_options);
        for (predicate, values) in &signed {
            match claims.get(predicate) {
                Some(shown) => assert_eq!(shown, values),
                None => assert!(hidden.iter().any(|&index| messages[index].contains(predicate))),
            }
        }
        assert!(claims.keys().all(|predicate| signed.contains_key(predicate)));
        for (state, name) in states(&id) {
            let predicate = format!("<https://trinsic.cloud/idv/{name}>");
            let is_hidden = hidden.iter().any(|&index| messages[index].contains(&predicate));
            assert_eq!(state == "not_disclosed", is_hidden, "{name} with {hidden:?} hidden");
            assert_ne!(state, "absent", "{name} with {hidden:?} hidden");
        }
        Ok(())
    };
    let single: Vec<Result<(), &str>> = hides.iter().map(|it| hide(&[it])).collect();
    let mut refused: Vec<(&str, &str)> = (hides.iter().zip(&single))
        .filter_map(|(hide, result)| Some((hide.name.as_str(), result.err()?)))
        .collect();
    // 14 claims, the date of issue, and the six facts of status and schema with the links to them,
    // which are switched off here; never the issuer, the types, the subject or a statement of the proof.
    let option = ("option", "proof_options_hidden");
    let others = [
        ("credentialSubject", "root_unclear"),
        ("issuer", "issuer_not_disclosed"),
        ("type/0", "types_hidden"),
        ("type/1", "root_unclear"),
    ];
    // Members may stand in any order: other crates of a build decide which.
    refused.sort_unstable();
    let mut expected = [&[option; 4], &others[..]].concat();
    expected.sort_unstable();
    assert_eq!(refused, expected);
    let (mut pairs, mut accepted) = (0, 0);
    for (index, first) in hides.iter().enumerate() {
        for (other, second) in hides.iter().enumerate().skip(index + 1) {
            pairs += 1;
            let result = hide(&[first, second]);
            let both = single[index].is_ok() && single[other].is_ok();
            assert_eq!(result.is_ok(), both, "{} and {}: {result:?}", first.name, second.name);
            accepted += usize::from(result.is_ok());
        }
    }
    assert_eq!((pairs, accepted), (29 * 28 / 2, 21 * 20 / 2));
}

fn states(id: &GovernmentId) -> Vec<(&'static str, &'static str)> {
    fn state<T>(claim: &Claim<T>) -> &'static str {
        claim.state()
    }
    vec![
        (state(&id.given_name), "givenName"),
        (state(&id.family_name), "familyName"),
        (state(&id.date_of_birth), "dateOfBirth"),
        (state(&id.document_number), "number"),
        (state(&id.document_class), "class"),
        (state(&id.issuing_authority), "issuer"),
        (state(&id.issue_date), "issueDate"),
        (state(&id.expiry_date), "expiryDate"),
        (state(&id.street_address), "streetAddress"),
        (state(&id.city), "city"),
        (state(&id.state), "state"),
        (state(&id.postal_code), "postalCode"),
        (state(&id.portrait), "portrait"),
        (state(&id.signature), "signature"),
    ]
}

/// A claim that was never signed is absent where its neighbours are shown, and only there.
#[test]
fn absence_is_proven_by_neighbours() {
    let mut bench = Bench::new();
    bench.document["credentialSubject"].as_object_mut().unwrap().remove("familyName");
    let (_, id) = bench.claims(&bench.honest()).unwrap();
    assert_eq!(id.family_name.state(), "absent");
    let mut shown = bench.document.clone();
    shown["credentialSubject"].as_object_mut().unwrap().remove("givenName");
    let credential = bench.signer.credential(&bench.document, &shown, NONCE);
    let (_, id) = bench.claims(&credential).unwrap();
    // The hidden one lies just where a family name would lie too.
    assert_eq!(id.family_name.state(), "not_disclosed");
    assert_eq!(id.given_name.state(), "not_disclosed");
}

/// Signers sort what is not ASCII by code points or by UTF-16, so its neighbours prove nothing.
#[test]
fn absence_is_not_proven_beyond_ascii() {
    let mut bench = Bench::new();
    let subject = bench.document["credentialSubject"].as_object_mut().unwrap();
    subject.remove("familyName");
    subject.insert("id".into(), "urn:vc:subject:é".into());
    // Nothing is hidden, so there is nothing to be hidden.
    let (_, id) = bench.claims(&bench.honest()).unwrap();
    assert_eq!(id.family_name.state(), "absent");
    let mut shown = bench.document.clone();
    shown["credentialSubject"].as_object_mut().unwrap().remove("number");
    let credential = bench.signer.credential(&bench.document, &shown, NONCE);
    let (_, id) = bench.claims(&credential).unwrap();
    assert_eq!(id.family_name.state(), "not_disclosed");
    assert_eq!(id.document_number.state(), "not_disclosed");
}

/// Two values shown under one name are never a choice of this library.
#[test]
fn two_values_are_ambiguous() {
    let mut bench = Bench::new();
    let dates = json!(["1991-02-28T00:00:00", "1961-02-28T00:00:00"]);
    bench.document["credentialSubject"]["dateOfBirth"] = dates;
    let (_, id) = bench.claims(&bench.honest()).unwrap();
    assert_eq!(id.date_of_birth.state(), "ambiguous");
    // An issuer that signs two leaves it to the holder which one is shown: a shown value is a signed
    // one, never the only one. No neighbour can prove more of it.
    let mut shown = bench.document.clone();
    shown["credentialSubject"]["dateOfBirth"] = json!("1961-02-28T00:00:00");
    let credential = bench.signer.credential(&bench.document, &shown, NONCE);
    let (claims, id) = bench.claims(&credential).unwrap();
    assert_eq!(claims["https://trinsic.cloud/idv/dateOfBirth"].len(), 1);
    assert_eq!(id.date_of_birth.state(), "disclosed");
    assert_eq!(id.date_of_birth.disclosed().map(CivilDate::raw), Some("1961-02-28T00:00:00"));
}

#[test]
fn no_truncation_and_no_flipped_bit_of_the_proof_value_is_accepted() {
    let bench = Bench::new();
    let mut shown = bench.document.clone();
    shown["credentialSubject"].as_object_mut().unwrap().remove("number");
    for honest in [bench.honest(), bench.signer.credential(&bench.document, &shown, NONCE)] {
        let value = STANDARD.decode(honest["proof"]["proofValue"].as_str().unwrap()).unwrap();
        let accepts = |value: &[u8]| {
            let mut credential = honest.clone();
            credential["proof"]["proofValue"] = STANDARD.encode(value).into();
            bench.claims(&credential).is_some()
        };
        assert!(accepts(&value));
        for length in 0..value.len() {
            assert!(!accepts(&value[..length]), "truncated to {length}");
        }
        for bit in 0..8 * value.len() {
            let mut flipped = value.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(!accepts(&flipped), "bit {bit}");
        }
        let text = honest["proof"]["proofValue"].as_str().unwrap();
        for (index, _) in text.char_indices() {
            let mut credential = honest.clone();
            credential["proof"]["proofValue"] = text[..index].into();
            assert!(bench.claims(&credential).is_none(), "text truncated to {index}");
        }
    }
}

/// Every prefix of the whole text is refused without a panic.
#[test]
fn no_prefix_of_the_presentation_is_accepted() {
    let bench = Bench::new();
    let text = presentation(&bench.honest());
    for length in 0..text.len() {
        assert!(bench.ask(&text[..length]).is_none(), "{length}");
    }
}

/// Everything the library does with bytes it was given by anybody.
fn ask_everything(bytes: &[u8]) {
    let mut evidence = Evidence::new();
    let _ = evidence.add_did_document(bytes);
    let _ = evidence.add_context("https://added.example/context", bytes);
    let _ = Session::from_json(bytes);
    let _ = Session::from_protobuf(bytes);
    let verifier = Verifier::new(Policy::new(TrustedIssuers::insecure_any()));
    let any = ExpectedSession::InsecureAny;
    let now = instant("2024-06-01T00:00:00Z");
    match Input::from_bytes(bytes, evidence.contexts()) {
        Ok(Input::Presentation(it)) => {
            let _ = verifier.verify(&it, any, &evidence, now).into_verified();
        }
        Ok(Input::Sessions(sessions)) => {
            for session in sessions {
                let _ = session.to_protobuf();
                let _ = verifier.verify_session(&session, any, &evidence, now);
            }
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    /// Neither bytes of any kind nor honest inputs with a few bytes changed make anything panic.
    #[test]
    fn no_bytes_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
        text in "[\\[\\]{}\",:a-z@0-9\\\\ ]{0,60}",
        honest in proptest::sample::select(&HONEST[..]),
        edits in proptest::collection::vec(
            (any::<proptest::sample::Index>(), proptest::option::of(any::<u8>())), 1..4),
    ) {
        ask_everything(&bytes);
        ask_everything(text.as_bytes());
        let mut edited = fixture(honest);
        for (at, byte) in edits {
            let at = at.index(edited.len());
            match byte {
                Some(byte) => edited[at] = byte,
                None => drop(edited.remove(at)),
            }
        }
        ask_everything(&edited);
    }
}

const HONEST: [&str; 5] = [
    "did/issuer.json",
    "presentations/full.json",
    "sessions/success.json",
    "sessions/success.node.bin",
    "sessions/list.node.bin",
];
