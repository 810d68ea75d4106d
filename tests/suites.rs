//! The suites of plain signatures: what an independent signer signs verifies, and nothing else does.

#[path = "support/oracle.rs"]
#[allow(dead_code)]
mod oracle;
#[path = "support/plain.rs"]
#[allow(dead_code)]
mod plain;
mod support;

use plain::{document, options, secured, Key, SUITES};
use result_vp::{
    Check, Evidence, ExpectedSession, Outcome, Policy, ReasonCode, Report, TrustedIssuers,
    UnverifiedPresentation, Verdict, Verifier,
};
use serde_json::{json, Value};
use sha2::{Digest, Sha256};
use support::{ask_plainly, instant, outcome, trusting};

fn report(credential: &Value) -> Report {
    report_by(credential, trusting([credential["issuer"].as_str().unwrap()]))
}

fn report_by(credential: &Value, trusted: TrustedIssuers) -> Report {
    let (text, evidence) = (credential.to_string(), Evidence::new());
    let read = UnverifiedPresentation::from_bare_credential(text.as_bytes(), evidence.contexts());
    ask_plainly(&read.expect("a credential"), trusted, &evidence, "2024-06-01T00:00:00Z")
}

fn proof(credential: &Value) -> Outcome {
    outcome(&report(credential).credentials()[0], Check::Proof)
}

fn reason(outcome: &Outcome) -> Option<ReasonCode> {
    outcome.reason().map(|reason| reason.code())
}

/// The options of every kind are stated as general processors state them.
#[test]
fn what_an_independent_signer_signs_is_accepted() {
    for (suite, algorithm) in SUITES {
        let key = Key::new(algorithm, suite);
        let plain = options(&key, suite);
        let mut every = plain.clone();
        every["expires"] = "2025-01-01T00:00:00Z".into();
        every["domain"] = "relying-party.example".into();
        every["challenge"] = "a \"challenge\" \\ of ä".into();
        every["nonce"] = "n".into();
        every["id"] = "urn:uuid:0f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e10".into();
        let document = document(&key.did(), suite);
        for options in [plain, every] {
            let credential = secured(&key, &document, &options);
            let report = report(&credential);
            let checks = report.credentials()[0].checks();
            assert_eq!(report.verdict(), Verdict::Accepted, "{suite} {algorithm} {checks:?}");
            assert_eq!(report.credentials()[0].hidden_statements(), Some(0));
        }
    }
}

/// Whatever is changed, added or left out, in the document or among the options.
#[test]
fn no_change_of_what_was_signed_is_accepted() {
    for (suite, algorithm) in SUITES {
        let key = Key::new(algorithm, suite);
        let mut options = options(&key, suite);
        options["challenge"] = "challenge".into();
        options["expires"] = "2025-01-01T00:00:00Z".into();
        let honest = secured(&key, &document(&key.did(), suite), &options);
        assert_eq!(report(&honest).verdict(), Verdict::Accepted);
        let changes: [(&str, Value); 16] = [
            ("/credentialSubject/givenName", "OTHER".into()),
            ("/credentialSubject/dateOfBirth", "1991-03-28T00:00:00".into()),
            ("/credentialSubject/number", json!(["X0000417", "X0000418"])),
            ("/credentialSubject/added", "x".into()),
            ("/credentialSubject/id", "urn:vc:subject:1".into()),
            ("/credentialSubject/number", Value::Null),
            ("/id", "urn:other".into()),
            ("/type", json!(["VerifiableCredential"])),
            ("/expirationDate", "2030-01-01T00:00:00Z".into()),
            ("/@context/last", json!({"@vocab": "https://other.example/"})),
            ("/proof/created", "2024-05-02T10:00:01Z".into()),
            ("/proof/challenge", "other".into()),
            ("/proof/challenge", Value::Null),
            ("/proof/expires", "2026-01-01T00:00:00Z".into()),
            ("/proof/domain", "other.example".into()),
            ("/proof/nonce", "n".into()),
        ];
        for (place, value) in changes {
            let mut credential = honest.clone();
            set(&mut credential, place, value);
            let report = report(&credential);
            assert_ne!(report.verdict(), Verdict::Accepted, "{suite} {place}");
        }
    }
}

/// Each byte of a signature counts, and so does its length.
#[test]
fn a_value_has_one_form() {
    for (suite, algorithm) in SUITES {
        let key = Key::new(algorithm, suite);
        let honest = secured(&key, &document(&key.did(), suite), &options(&key, suite));
        let member = if honest["proof"]["jws"].is_string() { "jws" } else { "proofValue" };
        let value = honest["proof"][member].as_str().unwrap();
        let with = |value: String| {
            let mut credential = honest.clone();
            credential["proof"][member] = value.into();
            proof(&credential)
        };
        assert_eq!(with(value.to_owned()), Outcome::Pass);
        for at in 0..value.len() {
            let other = if value.as_bytes()[at] == b'A' { "B" } else { "A" };
            let changed = format!("{}{other}{}", &value[..at], &value[at + 1..]);
            assert_eq!(with(changed).code(), "fail", "{suite} {at}");
            assert_eq!(with(value[..at].to_owned()).code(), "fail", "{suite} {at}");
        }
        for appended in ["1", "A", "=", " ", "\n"] {
            assert_eq!(with(format!("{value}{appended}")).code(), "fail", "{suite} {appended}");
        }
    }
}

#[test]
fn a_signature_counts_in_its_own_suite_alone() {
    let mut pairs = vec![("Ed25519Signature2018", "JsonWebSignature2020", "EdDSA")];
    for (suite, algorithm) in SUITES {
        let others = SUITES.iter().map(|(other, _)| *other).filter(|other| *other != suite);
        let others = others.filter(|other| other.contains("-20") && suite.contains("-20"));
        pairs.extend(others.map(|other| (suite, other, algorithm)));
    }
    assert!(pairs.len() > 12);
    for (suite, other, algorithm) in pairs {
        let key = Key::new(algorithm, suite);
        let document = document(&key.did(), other);
        let mut credential = secured(&key, &document, &options(&key, suite));
        assert_eq!(proof(&credential), Outcome::Pass, "{suite}");
        for (name, value) in options(&key, other).as_object().unwrap() {
            credential["proof"][name] = value.clone();
        }
        assert_eq!(proof(&credential).code(), "fail", "{suite} as {other}");
    }
}

#[test]
fn refusals_say_why() {
    let key = Key::new("EdDSA", "a key");
    let rdfc = |edit: &dyn Fn(&mut Value)| {
        let mut options = options(&key, "eddsa-rdfc-2022");
        edit(&mut options);
        secured(&key, &document(&key.did(), "eddsa-rdfc-2022"), &options)
    };
    let of = |credential: &Value, check: Check| {
        reason(&outcome(&report(credential).credentials()[0], check))
    };
    let expired = rdfc(&|it| it["expires"] = "2024-05-31T23:00:00Z".into());
    assert_eq!(of(&expired, Check::Proof), None);
    assert_eq!(of(&expired, Check::ValidityPeriod), Some(ReasonCode::ProofExpired));
    let future = rdfc(&|it| it["created"] = "2024-06-02T00:00:00Z".into());
    assert_eq!(of(&future, Check::ValidityPeriod), Some(ReasonCode::CreatedInFuture));
    let mut chained = rdfc(&|_| {});
    chained["proof"]["previousProof"] = "urn:uuid:1".into();
    assert_eq!(of(&chained, Check::Proof), Some(ReasonCode::ProofChained));
    assert_eq!(proof(&chained).code(), "fail");
    // A key of another algorithm than the suite's.
    let other = Key::new("ES256", "a key");
    let mut credential =
        secured(&other, &document(&other.did(), "x"), &options(&other, "ecdsa-rdfc-2019"));
    credential["proof"]["cryptosuite"] = "eddsa-rdfc-2022".into();
    assert_eq!(of(&credential, Check::Proof), Some(ReasonCode::KeyTypeDiffers));
    // By somebody else's key.
    let mut stolen = document(&key.did(), "eddsa-rdfc-2022");
    stolen["issuer"] = Key::new("EdDSA", "another").did().into();
    let stolen = secured(&key, &stolen, &options(&key, "eddsa-rdfc-2022"));
    assert_eq!(of(&stolen, Check::IssuerIsSigner), Some(ReasonCode::KeyControllerDiffers));
    // A number that JSON writers spell differently.
    let jcs = Key::new("EdDSA", "jcs");
    let mut credential =
        secured(&jcs, &document(&jcs.did(), "eddsa-jcs-2022"), &options(&jcs, "eddsa-jcs-2022"));
    credential["credentialSubject"]["points"] = json!(1e300);
    assert_eq!(of(&credential, Check::Proof), Some(ReasonCode::ProofCanonicalForm));
}

/// Each proof of a set is over the document alone, and each must hold.
#[test]
fn every_proof_of_a_set_counts() {
    let (issuer, witness) = (Key::new("EdDSA", "an issuer"), Key::new("ES256", "a witness"));
    let document = document(&issuer.did(), "eddsa-rdfc-2022");
    let by = |key: &Key, suite: &str, edit: &dyn Fn(&mut Value)| {
        let mut options = options(key, suite);
        edit(&mut options);
        secured(key, &document, &options)["proof"].clone()
    };
    let own = by(&issuer, "eddsa-rdfc-2022", &|_| {});
    let other = by(&witness, "ecdsa-rdfc-2019", &|_| {});
    let ask = |proofs: Value, trusted: &[&Key]| {
        let mut credential = document.clone();
        credential["proof"] = proofs;
        let report = report_by(&credential, trusting(trusted.iter().map(|key| key.did())));
        let proof = outcome(&report.credentials()[0], Check::Proof);
        (report.verdict(), reason(&proof))
    };
    let both = [&issuer, &witness];
    for proofs in [json!([own, other]), json!([other, own]), json!([own])] {
        assert_eq!(ask(proofs, &both), (Verdict::Accepted, None));
    }
    let rejected = |proofs, code| assert_eq!(ask(proofs, &both), (Verdict::Rejected, Some(code)));
    let mut changed = other.clone();
    changed["created"] = "2024-05-02T10:00:01Z".into();
    rejected(json!([own, changed]), ReasonCode::ProofSignature);
    rejected(json!([changed, own]), ReasonCode::ProofSignature);
    let expired =
        by(&witness, "ecdsa-rdfc-2019", &|it| it["expires"] = "2024-05-03T00:00:00Z".into());
    rejected(json!([own, expired]), ReasonCode::ProofExpired);
    let future =
        by(&witness, "ecdsa-rdfc-2019", &|it| it["created"] = "2024-07-01T00:00:00Z".into());
    rejected(json!([own, future]), ReasonCode::CreatedInFuture);
    rejected(json!([own, "x"]), ReasonCode::ProofCount);
    rejected(json!([own, own, own, own, other]), ReasonCode::ProofCount);
    let bbs = json!({"type": "BbsBlsSignatureProof2020"});
    rejected(json!([own, bbs]), ReasonCode::ProofCount);
    // Whom the policy does not name is not asked about, and nothing is accepted without an answer.
    let found = ask(json!([own, other]), &[&issuer]);
    assert_eq!(found, (Verdict::Indeterminate, Some(ReasonCode::IssuerNotTrusted)));
    // Signed by others alone.
    let (verdict, _) = ask(json!([other]), &both);
    assert_eq!(verdict, Verdict::Rejected);
}

/// A key counts for whom it belongs to, beside the issuer's too.
#[test]
fn a_witness_signs_with_its_own_key() {
    let (issuer, witness) = (Key::new("EdDSA", "an issuer"), Key::new("EdDSA", "a witness"));
    let (suite, did) = ("eddsa-rdfc-2022", "did:web:witness.example");
    let document = document(&issuer.did(), suite);
    let own = secured(&issuer, &document, &options(&issuer, suite))["proof"].clone();
    let mut options = options(&witness, suite);
    options["verificationMethod"] = format!("{did}#1").into();
    let other = secured(&witness, &document, &options)["proof"].clone();
    let mut credential = document.clone();
    credential["proof"] = json!([own, other]);
    let verdict = |controller: &str| {
        let method = json!({
            "id": format!("{did}#1"), "type": "Multikey", "controller": controller,
            "publicKeyMultibase": witness.did().strip_prefix("did:key:").unwrap(),
        });
        let known = json!({"id": did, "verificationMethod": [method], "assertionMethod": ["#1"]});
        let mut evidence = Evidence::new();
        evidence.add_did_document(known.to_string().as_bytes()).unwrap();
        let text = credential.to_string();
        let read =
            UnverifiedPresentation::from_bare_credential(text.as_bytes(), evidence.contexts());
        let trusted = trusting([issuer.did().as_str(), did]);
        let report = ask_plainly(&read.unwrap(), trusted, &evidence, "2024-06-01T00:00:00Z");
        (report.verdict(), reason(&outcome(&report.credentials()[0], Check::Proof)))
    };
    assert_eq!(verdict(did), (Verdict::Accepted, None));
    let differs = (Verdict::Rejected, Some(ReasonCode::KeyControllerDiffers));
    assert_eq!(verdict("did:web:other.example"), differs);
}

/// An entry of several bits is no revocation, however many sizes it names.
#[test]
fn a_status_of_another_size_is_not_read_as_one_bit() {
    let (key, suite) = (Key::new("EdDSA", "an issuer"), "eddsa-rdfc-2022");
    let status = |size: Value| {
        let mut document = document(&key.did(), suite);
        document["credentialStatus"] = json!({
            "type": "BitstringStatusListEntry", "statusPurpose": "revocation",
            "statusListIndex": "7", "statusListCredential": "https://issuer.example/revoked",
        });
        if size != Value::Null {
            document["credentialStatus"]["statusSize"] = size;
        }
        let credential = secured(&key, &document, &options(&key, suite)).to_string();
        let evidence = Evidence::new();
        let read = UnverifiedPresentation::from_bare_credential(
            credential.as_bytes(),
            evidence.contexts(),
        );
        let verifier = Verifier::new(Policy::new(trusting([key.did()])));
        let (any, at) = (ExpectedSession::InsecureAny, instant("2024-06-01T00:00:00Z"));
        let report = verifier.verify(&read.unwrap(), any, &evidence, at);
        let credential = &report.credentials()[0];
        assert_eq!(outcome(credential, Check::Proof), Outcome::Pass);
        reason(&outcome(credential, Check::CredentialStatus))
    };
    for size in [Value::Null, json!(1)] {
        assert_eq!(status(size), Some(ReasonCode::StatusListMissing));
    }
    for size in [json!(2), json!([1, 2]), json!([2, 4])] {
        assert_eq!(status(size), Some(ReasonCode::StatusTypeUnknown));
    }
}

/// A context that the proof does not name could change what the signed JSON means.
#[test]
fn a_jcs_proof_covers_every_context() {
    let key = Key::new("EdDSA", "jcs");
    let document = document(&key.did(), "eddsa-jcs-2022");
    let mut options = options(&key, "eddsa-jcs-2022");
    options["@context"] = document["@context"].clone();
    let mut credential = secured(&key, &document, &options);
    assert_eq!(proof(&credential), Outcome::Pass);
    let contexts = credential["@context"].as_array_mut().unwrap();
    contexts.push("https://w3id.org/vaccination/v1".into());
    assert_eq!(reason(&proof(&credential)), Some(ReasonCode::ProofCanonicalForm));
}

/// RDFC-1.0 escapes control characters and the form before it does not: of the suites before Data
/// Integrity there are signers of either.
#[test]
fn a_control_character_has_either_form_in_older_suites_alone() {
    for (suite, expected) in [
        ("Ed25519Signature2018", ["pass", "pass"]),
        ("JsonWebSignature2020", ["pass", "pass"]),
        ("Ed25519Signature2020", ["pass", "pass"]),
        ("eddsa-rdfc-2022", ["fail", "pass"]),
    ] {
        let found = [false, true].map(|is_escaped| {
            let key = Key::new("EdDSA", "a key");
            let (did, method) = (key.did(), key.method());
            let mut document = document(&did, suite);
            document["credentialSubject"]["givenName"] = "\u{1}".into();
            let lines = oracle::oracle(&document.to_string()).unwrap();
            let escaped: String =
                lines.iter().map(|it| it.replace('\u{1}', "\\u0001") + "\n").collect();
            // The hash of the document comes last.
            let sign = move |message: &[u8]| match is_escaped {
                false => key.sign(message),
                true => {
                    let (before, _) = message.split_at(message.len() - 32);
                    key.sign(&[before, &Sha256::digest(&escaped)].concat())
                }
            };
            let (jwk, sign) = (Value::Null, Box::new(sign));
            let key = Key::Foreign { did, method, jwk, algorithm: "EdDSA", sign };
            proof(&secured(&key, &document, &options(&key, suite))).code()
        });
        assert_eq!(found, expected, "{suite}");
    }
}

/// Whatever else a header says is refused, though the key signed it.
#[test]
fn a_header_says_what_was_done_and_nothing_else() {
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use base64::Engine as _;
    let suite = "JsonWebSignature2020";
    let with = |header: &Value| {
        let key = Key::new("EdDSA", "a key");
        let (did, method) = (key.did(), key.method());
        let header = URL_SAFE_NO_PAD.encode(header.to_string());
        let own = header.clone();
        // In the place of the header that the suite asks for.
        let sign = move |message: &[u8]| {
            let dot = message.iter().position(|it| *it == b'.').unwrap();
            key.sign(&[own.as_bytes(), &message[dot..]].concat())
        };
        let (jwk, sign) = (Value::Null, Box::new(sign));
        let key = Key::Foreign { did, method, jwk, algorithm: "EdDSA", sign };
        let mut credential = secured(&key, &document(&key.did(), suite), &options(&key, suite));
        let jws = credential["proof"]["jws"].as_str().unwrap();
        let (_, signature) = jws.split_once("..").unwrap();
        credential["proof"]["jws"] = format!("{header}..{signature}").into();
        proof(&credential)
    };
    let honest = json!({"alg": "EdDSA", "b64": false, "crit": ["b64"]});
    assert_eq!(with(&honest), Outcome::Pass);
    for header in [
        json!({"alg": "none", "b64": false, "crit": ["b64"]}),
        json!({"alg": "HS256", "b64": false, "crit": ["b64"]}),
        json!({"alg": "ES256", "b64": false, "crit": ["b64"]}),
        json!({"alg": "eddsa", "b64": false, "crit": ["b64"]}),
        json!({"alg": "EdDSA", "b64": true, "crit": ["b64"]}),
        json!({"alg": "EdDSA", "b64": false}),
        json!({"alg": "EdDSA", "b64": false, "crit": []}),
        json!({"alg": "EdDSA", "b64": false, "crit": ["exp"]}),
        json!({"alg": "EdDSA", "b64": false, "crit": ["b64", "exp"]}),
        json!({"alg": "EdDSA", "b64": false, "crit": ["b64"], "jwk": {}}),
        json!({"alg": "EdDSA", "b64": false, "crit": ["b64"], "kid": "did:example:1#1"}),
        json!({}),
    ] {
        assert_eq!(with(&header).code(), "fail", "{header}");
    }
}

fn set(document: &mut Value, place: &str, value: Value) {
    let (parent, name) = place.rsplit_once('/').unwrap();
    match (document.pointer_mut(parent).unwrap(), value) {
        (Value::Array(items), value) => *items.last_mut().unwrap() = value,
        (Value::Object(members), Value::Null) => drop(members.remove(name)),
        (parent, value) => parent[name] = value,
    }
}
