//! Makes what the vectors need signed: odd content under a valid proof.
//!
//! `cargo test --test vectors_generate -- --ignored` (or the name of one test) replaces `input` and `evidence` of the files
//! named here, which must be there; what they say and expect stays. Proofs are made with fresh
//! randomness, so other bytes come of it, of the same meaning.

#[path = "support/signer.rs"]
mod signer;
mod support;
#[path = "support/world.rs"]
mod world;

use std::path::{Path, PathBuf};

use base64::engine::general_purpose::STANDARD;
use base64::Engine as _;
use serde_json::{json, Value};
use signer::{document, Signer};
use world::*;

const STATUS_2021: &str = "https://w3id.org/vc/status-list/2021/v1";
const SHARED: [&str; 3] =
    ["vectors/evidence/issuer.json", "vectors/evidence/status-list.json", "evidence/schema.json"];

#[test]
#[ignore = "writes into fixtures/vectors"]
fn generate() {
    write("evidence/issuer.json", &did_document_of(&issuer(), ISSUER));
    write("evidence/status-list.json", &list(&bits(&[])));
    credentials();
    statuses();
    lists();
    large();
}

/// Schemas within credentials.
#[test]
#[ignore = "writes into fixtures/vectors"]
fn schemas() {
    let mut document = document(ISSUER);
    document["credentialSchema"]["type"] = "JsonSchemaCredential".into();
    let input = presentation(&credential(&document, &document));
    let about = |path: &str, more: Vec<Value>, schema: Value| {
        let mut evidence = vec![SHARED[0].into(), SHARED[1].into(), schema];
        evidence.extend(more);
        vector(&format!("credential_schema/{path}"), input.clone(), evidence);
    };
    let schema = |members: Value| {
        let mut document = json!({
            "@context": "https://www.w3.org/ns/credentials/v2",
            "id": document["credentialSchema"]["id"],
            "type": ["VerifiableCredential", "JsonSchemaCredential"],
            "issuer": ISSUER,
            "validFrom": "2024-01-01T00:00:00Z",
            "credentialSubject": {
                "id": "https://schema.issuer.example/idv/schema",
                "type": "JsonSchema",
                "jsonSchema": {
                    "$schema": "https://json-schema.org/draft/2020-12/schema",
                    "type": "object",
                    "properties": {"credentialSubject": {"required": ["givenName"]}},
                    "required": ["issuer", "credentialSubject"],
                },
            },
        });
        merge(&mut document, members);
        document
    };
    let own = |members: Value| {
        let document = schema(members);
        credential(&document, &document)
    };
    about("schema_credential", vec![], own(json!({})));
    let needs = json!({"type": "object", "required": ["refreshService"]});
    let subject = json!({"id": "urn:schema", "type": "JsonSchema", "jsonSchema": needs});
    about("schema_credential_differs", vec![], own(json!({"credentialSubject": subject})));
    let ended = json!({"validUntil": "2024-05-31T00:00:00Z"});
    about("schema_credential_rejected", vec![], own(ended));
    let no_schema = json!({"credentialSubject": {"id": "urn:schema", "type": "JsonSchema"}});
    about("schema_credential_without_schema", vec![], own(no_schema));
    let did = "did:web:schemas.example";
    let service = Signer::new("the schema service");
    let theirs = schema(json!({"issuer": did}));
    let theirs = sign(&service, &options(&service, did), &theirs, &theirs);
    about("schema_credential_undecided", vec![], theirs.clone());
    for name in ["schema_issuer", "schema_issuer_named"] {
        about(name, vec![did_document_of(&service, did)], theirs.clone());
    }
}

/// Content of the credential itself; the list and the schema are the shared ones.
fn credentials() {
    let signed = |path: &str, edit: &dyn Fn(&mut Value)| {
        let mut document = document(ISSUER);
        edit(&mut document);
        vector(path, presentation(&credential(&document, &document)), shared());
    };
    let hiding = |path: &str, pointer: &str, value: Value| {
        let full = document(ISSUER);
        let mut shown = full.clone();
        set(&mut shown, pointer, value);
        vector(path, presentation(&credential(&full, &shown)), shared());
    };
    signed("disclosure/claim_count", &|it| {
        it["issuanceDate"] = json!(["2024-05-01T10:00:00Z", "2024-05-02T10:00:00Z"]);
    });
    signed("disclosure/root_unclear", &|it| {
        let other = json!({"id": "urn:vc:subject:1", "givenName": "OTHER"});
        it["credentialSubject"] = json!([it["credentialSubject"], other]);
    });
    signed("validity_period/credential_expired", &|it| {
        it["expirationDate"] = "2024-05-20T00:00:00Z".into();
    });
    signed("validity_period/credential_not_yet_valid", &|it| {
        it["issuanceDate"] = "2024-07-01T00:00:00Z".into();
    });
    signed("validity_period/date_malformed", &|it| it["issuanceDate"] = "2024-05-02".into());
    signed("validity_period/issuance_date_missing", &|it| remove(it, "issuanceDate"));
    signed("document_validity/document_expiry_unclear", &|it| {
        it["credentialSubject"]["expiryDate"] = "".into();
    });
    signed("credential_schema/schema_malformed", &|it| {
        remove(&mut it["credentialSchema"], "type");
        it["credentialSchema"]["version"] = "1".into();
    });
    signed("credential_schema/schema_type_unknown", &|it| {
        it["credentialSchema"]["type"] = "JsonSchemaValidator2038".into();
    });
    // The session's one verification is of a government ID.
    let mut other = document(ISSUER);
    other["type"] = json!(["MembershipCard", "VerifiableCredential"]);
    let result = presentation(&credential(&other, &other));
    let session = json!({
        "id": NONCE.rsplit(':').next(),
        "state": "IDV_SUCCESS",
        "verifications": {"one": {"id": "one", "state": "VERIFICATION_SUCCESS"}},
        "result_vp": result.to_string(),
    });
    vector("credential_count/no_government_id", session, shared());
    hiding("disclosure/types_hidden", "/type", json!(["VerifiableCredential"]));
    hiding("disclosure/issuer_not_disclosed", "/issuer", Value::Null);
    hiding("validity_period/may_be_hidden", "/issuanceDate", Value::Null);
    hiding("credential_schema/may_be_hidden", "/credentialSchema", Value::Null);
    hiding("credential_status/status_hidden", "/credentialStatus", Value::Null);

    let mut options = options(&issuer(), ISSUER);
    options["created"] = "2024-07-01T00:00:00Z".into();
    let honest = document(ISSUER);
    let later = sign(&issuer(), &options, &honest, &honest);
    vector("validity_period/created_in_future", presentation(&later), shared());

    // As many statements are shown as the document has; one of the document's stays hidden.
    let options = world::options(&issuer(), ISSUER);
    let mut shown = honest.clone();
    remove(&mut shown["credentialSubject"], "city");
    let signer = issuer();
    let messages = signer.messages(&honest, &options);
    let revealed: Vec<usize> = (1..messages.len()).collect();
    let value = signer.derive(&signer.sign(&messages), &messages, &revealed, NONCE.as_bytes());
    let hidden = signer::with_proof(&shown, &options, &value, NONCE);
    vector("proof/proof_options_hidden", presentation(&hidden), shared());
}

/// The dates of the data model 2.0 in a credential of 1.1, whose context knows them too.
#[test]
#[ignore = "writes into fixtures/vectors"]
fn dates() {
    for (path, name, date) in [
        ("valid_until_passed", "validUntil", "2024-05-20T00:00:00Z"),
        ("valid_from_later", "validFrom", "2024-07-01T00:00:00Z"),
    ] {
        let mut document = document(ISSUER);
        document[name] = date.into();
        let input = presentation(&credential(&document, &document));
        vector(&format!("validity_period/{path}"), input, shared());
    }
}

/// The entry in the credential.
fn statuses() {
    let entry = |path: &str, members: Value| {
        let mut document = document(ISSUER);
        merge(&mut document["credentialStatus"], members);
        vector(path, presentation(&credential(&document, &document)), shared());
    };
    let other_id = |index: &str| json!({"id": "urn:status", "revocationListIndex": index});
    entry("credential_status/status_index_malformed", other_id("0417"));
    entry("credential_status/status_index_out_of_range", other_id("131072"));
    entry("credential_status/status_entry_contradicts", json!({"id": format!("{LIST}#418")}));
    entry(
        "credential_status/status_entry_malformed",
        json!({"revocationListIndex": ["417", "418"]}),
    );
    entry("credential_status/status_type_unknown", json!({"type": "RevocationList2030Status"}));
    let of_2021 = |path: &str, purpose: &str, list_purpose: &str, set: &[usize]| {
        let mut document = document(ISSUER);
        document["@context"] = json!([
            "https://www.w3.org/2018/credentials/v1",
            "https://w3id.org/bbs/v1",
            STATUS_2021,
            {"@vocab": "https://trinsic.cloud/idv/"},
        ]);
        document["credentialStatus"] = json!({
            "id": format!("{LIST}#417"),
            "type": "StatusList2021Entry",
            "statusPurpose": purpose,
            "statusListIndex": "417",
            "statusListCredential": LIST,
        });
        let encoded = STANDARD.encode(gzip(&bits(set)));
        let list = list_of(
            &encoded,
            json!({
                "@context": ["https://www.w3.org/2018/credentials/v1", STATUS_2021],
                "type": ["VerifiableCredential", "StatusList2021Credential"],
                "credentialSubject": {
                    "id": format!("{LIST}#list"),
                    "type": "StatusList2021",
                    "statusPurpose": list_purpose,
                    "encodedList": encoded,
                },
            }),
        );
        let credential = credential(&document, &document);
        vector(path, presentation(&credential), with_list(list));
    };
    of_2021("credential_status/suspended", "suspension", "suspension", &[417]);
    of_2021("credential_status/status_purpose_differs", "revocation", "suspension", &[]);
    of_2021("credential_status/status_purpose_unknown", "weather", "weather", &[]);
}

/// The list, about an honest credential.
fn lists() {
    let document = document(ISSUER);
    let input = presentation(&credential(&document, &document));
    let about = |path: &str, list: Value| vector(path, input.clone(), with_list(list));
    about("credential_status/revoked", list(&bits(&[417, 422])));
    for name in ["status_bit_order_unset", "revoked_leftmost_first", "not_revoked_rightmost_first"]
    {
        about(&format!("credential_status/{name}"), list(&bits(&[417])));
    }
    about("credential_status/status_list_encoding", list_of("not base64!", json!({})));
    about("credential_status/status_list_too_short", list(&bits(&[])[..12500]));
    about("credential_status/status_list_too_large", list(&vec![0; (4 << 20) + 1]));
    let encoded = STANDARD.encode(gzip(&bits(&[])));
    let expired = json!({"expirationDate": "2024-05-31T00:00:00Z"});
    about("credential_status/status_list_rejected", list_of(&encoded, expired));
    let other_subject = json!({"id": "urn:list", "type": "https://other.example/#List"});
    let other_subject = json!({"credentialSubject": other_subject});
    about("credential_status/status_list_shape", list_of(&encoded, other_subject));
    let did = "did:web:status.example";
    let service = Signer::new("the status service");
    let theirs = list_document(&encoded, json!({"issuer": did}));
    let theirs = sign(&service, &options(&service, did), &theirs, &theirs);
    about("credential_status/status_list_undecided", theirs.clone());
    for name in ["status_list_issuer", "status_issuer_named"] {
        let mut evidence = with_list(theirs.clone());
        evidence.push(did_document_of(&service, did));
        vector(&format!("credential_status/{name}"), input.clone(), evidence);
    }
}

/// Two credentials of the largest size but one: with the list they cost too much together.
fn large() {
    let signer = issuer();
    let options = options(&signer, ISSUER);
    let document = document(ISSUER);
    let shown = signer.messages(&document, &options);
    let revealed: Vec<usize> = (0..shown.len()).collect();
    let credentials: Vec<Value> = [1024, 1023]
        .into_iter()
        .map(|count| {
            let mut messages = shown.clone();
            // Behind all others, as the order of signing demands.
            let more = (0..count - shown.len()).map(|at| format!("<urn:z> <urn:z> \"{at:04}\" ."));
            messages.extend(more);
            let signature = signer.sign(&messages);
            let value = signer.derive(&signature, &messages, &revealed, NONCE.as_bytes());
            signer::with_proof(&document, &options, &value, NONCE)
        })
        .collect();
    let mut input = presentation(&credentials[0]);
    input["verifiableCredential"] = credentials.into();
    vector("proof/work_limit", input, shared());
}

fn remove(object: &mut Value, name: &str) {
    object.as_object_mut().unwrap().remove(name).expect("a member");
}

fn set(document: &mut Value, pointer: &str, value: Value) {
    match value {
        Value::Null => remove(document, pointer.trim_start_matches('/')),
        value => *document.pointer_mut(pointer).unwrap() = value,
    }
}

fn presentation(credential: &Value) -> Value {
    serde_json::from_str(&signer::presentation(credential)).unwrap()
}

fn shared() -> Vec<Value> {
    SHARED.into_iter().map(Value::from).collect()
}

fn with_list(list: Value) -> Vec<Value> {
    vec![SHARED[0].into(), list, SHARED[2].into()]
}

/// Replaces what is made of the vector, which is there with what it expects.
fn vector(path: &str, input: Value, evidence: Vec<Value>) {
    let path = format!("{path}.json");
    let text = std::fs::read(file(&path)).unwrap_or_else(|it| panic!("{path}: {it}"));
    let mut vector: Value = serde_json::from_slice(&text).expect("JSON");
    vector["input"] = input;
    vector["evidence"] = evidence.into();
    write(&path, &vector);
}

fn write(path: &str, value: &Value) {
    let text = serde_json::to_string_pretty(value).unwrap();
    std::fs::write(file(path), text + "\n").expect("a file");
}

fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/vectors").join(path)
}
