//! From one honest credential: everything that could be changed in it, in turn. Nothing is accepted
//! that says something else than what was signed.

#[path = "support/signer.rs"]
mod signer;
mod support;

use std::collections::BTreeMap;

use base64::engine::general_purpose::STANDARD;
use base64::Engine as _;
use result_vp::{
    Claim, Did, Evidence, ExpectedSession, GovernmentId, Policy, Report, SessionId, TrustedIssuers,
    Unknown, UnverifiedPresentation, Verifier,
};
use serde_json::{json, Value};
use signer::{document, presentation, Signer};
use support::instant;

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

/// The order of signing decides which claim a hidden index belongs to: 29 single hides, 406 pairs.
#[test]
fn hidden_statements_are_never_absent_ones() {
    let bench = Bench::new();
    let options = bench.signer.proof_options();
    let messages = bench.signer.messages(&bench.document, &options);
    assert_eq!(messages.len(), 29);
    let signed = bench.claims(&bench.honest()).unwrap().0;
    // Which leaf of the document states which message, found by taking it away.
    let mut leaf_of: BTreeMap<usize, String> = BTreeMap::new();
    for pointer in document_leaves(&bench.document) {
        let mut rest = bench.document.clone();
        remove(&mut rest, &pointer);
        if rest.pointer("/id").is_none() || rest.pointer("/type/0").is_none() {
            continue;
        }
        let left = bench.signer.messages(&rest, &options);
        let gone: Vec<usize> = (0..29).filter(|&index| !left.contains(&messages[index])).collect();
        if let (&[index], 28) = (&gone[..], left.len()) {
            leaf_of.insert(index, pointer);
        }
    }
    assert_eq!(leaf_of.len(), 21, "{leaf_of:?}");
    let hide = |hidden: &[usize]| {
        let mut shown = bench.document.clone();
        // From the back, so that indices into arrays stay what they are.
        for index in hidden.iter().rev() {
            match leaf_of.get(index) {
                Some(pointer) => remove(&mut shown, pointer),
                // A link between nodes, a node's id or the proof itself: no document leaves it out.
                None => continue,
            };
        }
        let revealed: Vec<usize> = (0..29).filter(|index| !hidden.contains(index)).collect();
        let credential =
            bench.signer.credential_revealing(&bench.document, &shown, &revealed, NONCE);
        let (claims, id) = bench.claims(&credential)?;
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
        Some(())
    };
    let single: Vec<bool> = (0..29).map(|index| hide(&[index]).is_some()).collect();
    let may_be_hidden: Vec<&str> = (0..29)
        .filter(|&index| single[index])
        .map(|index| leaf_of[&index].rsplit_once('/').unwrap().1)
        .collect();
    let (mut pairs, mut accepted) = (0, 0);
    for first in 0..29 {
        for second in first + 1..29 {
            pairs += 1;
            if hide(&[first, second]).is_some() {
                accepted += 1;
                assert!(single[first] && single[second], "{first} and {second}");
            }
        }
    }
    assert_eq!(pairs, 406);
    // 14 claims, the date of issue, and the six facts of status and schema, which are switched off
    // here; never the issuer, the types, the subject or a statement of the proof.
    let mut expected = vec![
        "city",
        "class",
        "dateOfBirth",
        "expiryDate",
        "familyName",
        "givenName",
        "issueDate",
        "issuer",
        "number",
        "portrait",
        "postalCode",
        "signature",
        "state",
        "streetAddress",
        "issuanceDate",
        "type",
        "type",
        "revocationListCredential",
        "revocationListIndex",
    ];
    expected.sort_unstable();
    let mut found = may_be_hidden.clone();
    found.sort_unstable();
    assert_eq!(found, expected);
    let count = expected.len();
    assert_eq!(accepted, count * (count - 1) / 2);
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

/// Two values under one name are never a choice, signed or not.
#[test]
fn two_values_are_ambiguous() {
    let mut bench = Bench::new();
    let dates = json!(["1991-02-28T00:00:00", "1961-02-28T00:00:00"]);
    bench.document["credentialSubject"]["dateOfBirth"] = dates;
    let (_, id) = bench.claims(&bench.honest()).unwrap();
    assert_eq!(id.date_of_birth.state(), "ambiguous");
    // Hiding one of them does not make the other the date of birth that was signed alone.
    let mut shown = bench.document.clone();
    shown["credentialSubject"]["dateOfBirth"] = json!("1961-02-28T00:00:00");
    let credential = bench.signer.credential(&bench.document, &shown, NONCE);
    let (claims, _) = bench.claims(&credential).unwrap();
    assert_eq!(claims["https://trinsic.cloud/idv/dateOfBirth"].len(), 1);
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
