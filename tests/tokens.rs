//! Credentials as JWTs: what is signed is accepted, and every freedom of the format is refused by name.

#[path = "support/oracle.rs"]
#[allow(dead_code)]
mod oracle;
#[path = "support/plain.rs"]
#[allow(dead_code)]
mod plain;
mod support;

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine as _;
use plain::{document, Key};
use result_vp::{
    signed_claims, Check, Error, Evidence, ExpectedSession, Input, Policy, ReasonCode, Report,
    Unknown, UnverifiedPresentation, Verdict, Verifier,
};
use serde_json::{json, Value};
use support::{ask_plainly, instant, outcome, trusting};

fn key() -> Key {
    Key::new("EdDSA", "an issuer of tokens")
}

fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn token(key: &Key, header: &Value, payload: &Value) -> String {
    let signed = format!("{}.{}", encoded(header), encoded(payload));
    let signature = URL_SAFE_NO_PAD.encode(key.sign(signed.as_bytes()));
    format!("{signed}.{signature}")
}

fn header(key: &Key, kind: &str) -> Value {
    json!({"alg": "EdDSA", "kid": key.method(), "typ": kind})
}

/// Of the data model 2.0: the payload is the credential.
fn v2() -> Value {
    document(&key().did(), "eddsa-rdfc-2022")
}

/// Of the data model 1.1, with nothing said twice.
fn v1() -> Value {
    let mut credential = document(&key().did(), "Ed25519Signature2018");
    let members = credential.as_object_mut().unwrap();
    for name in ["issuer", "id", "issuanceDate"] {
        members.remove(name);
    }
    members["credentialSubject"].as_object_mut().unwrap().remove("id");
    json!({
        "iss": key().did(), "sub": "urn:vc:subject:0", "jti": "urn:vc", "nbf": 1_714_644_000,
        "exp": 1_900_000_000, "vc": credential,
    })
}

fn verify(read: &UnverifiedPresentation) -> Report {
    ask_plainly(read, trusting([key().did()]), &Evidence::new(), "2024-06-01T00:00:00Z")
}

fn read(text: &str) -> Result<UnverifiedPresentation, Error> {
    UnverifiedPresentation::from_bare_credential(text.as_bytes(), Evidence::new().contexts())
}

fn report(text: &str) -> Report {
    verify(&read(text).expect("a token"))
}

fn code(text: &str, check: Check) -> Option<ReasonCode> {
    let report = report(text);
    let outcome = outcome(&report.credentials()[0], check);
    outcome.reason().map(|reason| reason.code())
}

#[test]
fn tokens_of_both_data_models_are_accepted_wherever_they_stand() {
    let key = key();
    for (payload, kind) in [(v1(), "JWT"), (v2(), "vc+jwt")] {
        let token = token(&key, &header(&key, kind), &payload);
        let report = report(&token);
        assert_eq!(report.verdict(), Verdict::Accepted, "{:?}", report.credentials()[0].checks());
        assert_eq!(report.credentials()[0].suite(), Some("JWT"));
        for text in [token.clone(), format!(" {token}\n"), json!(token).to_string()] {
            match Input::from_json(text.as_bytes(), Evidence::new().contexts()) {
                Ok(Input::Presentation(read)) => {
                    assert_eq!(verify(&read).verdict(), Verdict::Accepted);
                }
                other => panic!("{other:?}"),
            }
        }
        let verified = report.into_verified().unwrap();
        let claims = signed_claims(&verified.credentials()[0]);
        let name = ("https://trinsic.cloud/idv/givenName".to_owned(), vec!["MIRABEL".to_owned()]);
        assert!(claims.contains(&name), "{claims:?}");
        let envelope = json!({
            "@context": "https://www.w3.org/ns/credentials/v2",
            "type": "EnvelopedVerifiableCredential",
            "id": format!("data:application/vc+jwt,{token}"),
        });
        for credentials in [json!([token]), json!(token), json!([envelope]), json!(envelope)] {
            let presentation = json!({
                "@context": ["https://www.w3.org/ns/credentials/v2"],
                "type": ["VerifiablePresentation"],
                "verifiableCredential": credentials,
            });
            let text = presentation.to_string();
            let read = UnverifiedPresentation::from_json(text.as_bytes()).unwrap();
            assert_eq!(verify(&read).verdict(), Verdict::Accepted);
        }
    }
}

/// RFC 7519, section 4.1.3: what is for others is for nobody else who says who it is.
#[test]
fn a_token_for_others_is_theirs() {
    let key = key();
    let ask = |audience: Value, domain: Option<&str>| {
        let mut payload = v1();
        payload["aud"] = audience;
        let read = read(&token(&key, &header(&key, "JWT"), &payload)).unwrap();
        let policy = Policy::new(trusting([key.did()])).status(Unknown::Skip).schema(Unknown::Skip);
        let policy = domain.map_or(policy.clone(), |domain| policy.domain(domain));
        let any = ExpectedSession::InsecureAny;
        let now = instant("2024-06-01T00:00:00Z");
        let report = Verifier::new(policy).verify(&read, any, &Evidence::new(), now);
        let session = outcome(&report.credentials()[0], Check::Session);
        (report.verdict(), session.reason().map(|reason| reason.code()))
    };
    let accepted = (Verdict::Accepted, Some(ReasonCode::AnySession));
    for audience in [json!("a.example"), json!(["b.example", "a.example"])] {
        assert_eq!(ask(audience.clone(), Some("a.example")), accepted);
        assert_eq!(ask(audience.clone(), None), accepted);
        let differs = (Verdict::Rejected, Some(ReasonCode::DomainDiffers));
        assert_eq!(ask(audience, Some("other.example")), differs);
    }
}

#[test]
fn what_is_said_twice_must_agree() {
    let key = key();
    let says = |edit: &dyn Fn(&mut Value)| {
        let mut payload = v1();
        edit(&mut payload);
        code(&token(&key, &header(&key, "JWT"), &payload), Check::Proof)
    };
    let did = key.did();
    for (name, place, same, other) in [
        ("iss", "issuer", json!(did), json!("did:web:other.example")),
        ("jti", "id", json!("urn:vc"), json!("urn:other")),
        ("nbf", "issuanceDate", json!("2024-05-02T10:00:00.5Z"), json!("2024-05-02T10:00:01Z")),
        ("exp", "expirationDate", json!("2030-03-17T17:46:40Z"), json!("2031-01-01T00:00:00Z")),
    ] {
        assert_eq!(says(&|it| it["vc"][place] = same.clone()), None, "{name}");
        let found = says(&|it| it["vc"][place] = other.clone());
        assert_eq!(found, Some(ReasonCode::ProofClaims), "{name}");
        let found = says(&|it| it["vc"][place] = json!(7));
        assert_eq!(found, Some(ReasonCode::ProofClaims), "{name}");
    }
    assert_eq!(says(&|it| it["vc"]["issuer"] = json!({"id": did})), None);
    let subject = |id: Value| says(&|it| it["vc"]["credentialSubject"]["id"] = id.clone());
    assert_eq!(subject(json!("urn:vc:subject:0")), None);
    assert_eq!(subject(json!("urn:vc:subject:1")), Some(ReasonCode::ProofClaims));
    assert_eq!(says(&|it| it["vc"] = json!(7)), Some(ReasonCode::ProofClaims));
    // Of the data model 2.0 the claims are about the token, and may not contradict it either.
    for (name, value) in [("iss", "did:web:other.example"), ("sub", "urn:x"), ("jti", "urn:x")] {
        let mut payload = v2();
        payload[name] = value.into();
        let token = token(&key, &header(&key, "vc+jwt"), &payload);
        assert_eq!(code(&token, Check::Proof), Some(ReasonCode::ProofClaims), "{name}");
    }
}

/// What would be read under names that nothing asks, or hides what nobody could count.
#[test]
fn no_date_is_lost_and_nothing_hides() {
    let key = key();
    let of_v2 = |edit: &dyn Fn(&mut Value), check| {
        let mut payload = v2();
        edit(&mut payload);
        code(&token(&key, &header(&key, "vc+jwt"), &payload), check)
    };
    let later = of_v2(&|it| it["nbf"] = 1_900_000_000.into(), Check::ValidityPeriod);
    assert_eq!(later, Some(ReasonCode::CreatedInFuture));
    assert_eq!(of_v2(&|it| it["nbf"] = 1_700_000_000.into(), Check::ValidityPeriod), None);
    for value in [json!("soon"), json!(1e308)] {
        let found = of_v2(&|it| it["nbf"] = value.clone(), Check::Proof);
        assert_eq!(found, Some(ReasonCode::ProofClaims));
    }
    let wrapped = json!({"iss": key.did(), "exp": 1_500_000_000, "vc": v2()});
    let found = code(&token(&key, &header(&key, "JWT"), &wrapped), Check::Proof);
    assert_eq!(found, Some(ReasonCode::ProofClaims));
    for name in ["_sd", "_sd_alg", "..."] {
        let found = of_v2(&|it| it["credentialSubject"][name] = "x".into(), Check::Proof);
        assert_eq!(found, Some(ReasonCode::ProofClaims), "{name}");
        let found = of_v2(&|it| it[name] = "x".into(), Check::Proof);
        assert_eq!(found, Some(ReasonCode::ProofClaims), "{name}");
    }
}

#[test]
fn dates_are_whole_seconds_within_the_calendar() {
    let key = key();
    for value in [
        json!(-1e308),
        json!(1e308),
        json!(1_714_644_000.5),
        json!("1714644000"),
        json!(null),
        json!(-5_000_000_000_000_i64),
        json!(u64::MAX),
        json!(true),
        json!([1]),
    ] {
        for name in ["nbf", "exp", "iat"] {
            let mut payload = v1();
            payload[name] = value.clone();
            let token = token(&key, &header(&key, "JWT"), &payload);
            assert_eq!(code(&token, Check::Proof), Some(ReasonCode::ProofClaims), "{name} {value}");
        }
    }
    let mut expired = v1();
    expired["exp"] = 1_717_000_000.into();
    let expired = token(&key, &header(&key, "JWT"), &expired);
    assert_eq!(code(&expired, Check::ValidityPeriod), Some(ReasonCode::CredentialExpired));
    let mut future = v1();
    future["nbf"] = 1_800_000_000.into();
    let future = token(&key, &header(&key, "JWT"), &future);
    assert_eq!(code(&future, Check::ValidityPeriod), Some(ReasonCode::CredentialNotYetValid));
    let mut expired = v2();
    expired["exp"] = 1_717_000_000.into();
    let expired = token(&key, &header(&key, "vc+jwt"), &expired);
    assert_eq!(code(&expired, Check::ValidityPeriod), Some(ReasonCode::ProofExpired));
}

/// A116 to A120: the header chooses nothing.
#[test]
fn a116_to_a120_a_header_says_what_is_expected_or_the_token_is_refused() {
    let key = key();
    let honest = header(&key, "JWT");
    let with = |name: &str, value: Value| {
        let mut header = honest.clone();
        header[name] = value;
        code(&token(&key, &header, &v1()), Check::Proof)
    };
    for algorithm in
        ["none", "None", "nOnE", "NONE", "HS256", "HS384", "RS384", "ES256K-R", "eddsa", ""]
    {
        assert_eq!(with("alg", json!(algorithm)), Some(ReasonCode::ProofHeader), "{algorithm}");
    }
    // Of the list, and not the key's.
    for algorithm in ["ES256", "ES384", "ES256K", "PS256", "RS256"] {
        assert_eq!(with("alg", json!(algorithm)), Some(ReasonCode::KeyTypeDiffers), "{algorithm}");
    }
    for (name, value) in [
        ("jwk", json!({"kty": "OKP", "crv": "Ed25519", "x": "AAAA"})),
        ("jku", json!("https://attacker.example/keys")),
        ("x5u", json!("https://attacker.example/keys")),
        ("x5c", json!(["AAAA"])),
        ("crit", json!(["exp2"])),
        ("crit", json!([])),
        ("b64", json!(false)),
        ("zip", json!("DEF")),
        ("enc", json!("A256GCM")),
        ("anything", json!(1)),
        ("typ", json!("vp+jwt")),
        ("typ", json!("vc+jwt")),
        ("typ", json!("at+jwt")),
        ("typ", json!(7)),
        ("cty", json!("vp")),
        ("kid", json!("not a URL")),
        ("kid", json!(7)),
    ] {
        assert_eq!(with(name, value.clone()), Some(ReasonCode::ProofHeader), "{name} {value}");
    }
    // Another kind of token in this place.
    let other = token(&key, &header(&key, "JWT"), &v2());
    assert_eq!(code(&other, Check::Proof), Some(ReasonCode::ProofHeader));
    // A name within the issuer's document.
    let fragment = format!("#{}", key.method().split_once('#').unwrap().1);
    assert_eq!(with("kid", json!(fragment)), None);
    // Of somebody else's document.
    let attacker = Key::new("EdDSA", "an attacker");
    let stolen = token(&attacker, &header(&attacker, "JWT"), &v1());
    let found = code(&stolen, Check::IssuerIsSigner);
    assert_eq!(found, Some(ReasonCode::KeyControllerDiffers));
}

#[test]
fn every_part_counts_and_has_one_spelling() {
    let key = key();
    let honest = token(&key, &header(&key, "JWT"), &v1());
    assert_eq!(report(&honest).verdict(), Verdict::Accepted);
    for at in 0..honest.len() {
        for other in ['A', '_', '.', '=', '+', ' '] {
            let mut changed: Vec<char> = honest.chars().collect();
            if changed[at] == other {
                continue;
            }
            changed[at] = other;
            let changed: String = changed.into_iter().collect();
            if let Ok(read) = read(&changed) {
                assert_ne!(verify(&read).verdict(), Verdict::Accepted, "{at} {other}");
            }
        }
    }
    let [head, payload, signature]: [&str; 3] =
        honest.split('.').collect::<Vec<_>>().try_into().unwrap();
    for text in [
        format!("{head}.{payload}."),
        format!("{head}..{signature}"),
        format!("{head}.{payload}"),
        format!("{honest}.{signature}"),
        format!("{head}.{payload}.{signature}="),
        format!("{head}.{payload}.{signature}.."),
    ] {
        let accepted = read(&text).is_ok_and(|it| verify(&it).verdict() == Verdict::Accepted);
        assert!(!accepted, "{text}");
    }
}

/// The rules of the JSON entry and of unsigned content hold inside a token.
#[test]
fn what_a_payload_says_is_read_from_statements() {
    let key = key();
    let signed = |payload: &str| {
        let signed =
            format!("{}.{}", encoded(&header(&key, "vc+jwt")), URL_SAFE_NO_PAD.encode(payload));
        let signature = URL_SAFE_NO_PAD.encode(key.sign(signed.as_bytes()));
        format!("{signed}.{signature}")
    };
    let text = v2().to_string();
    assert_eq!(report(&signed(&text)).verdict(), Verdict::Accepted);
    let repeated = text.replacen('{', r#"{"id":"urn:other","#, 1);
    assert!(read(&signed(&repeated)).is_err());
    for (name, value) in [("@graph", json!([])), ("null", Value::Null), ("empty", json!([]))] {
        let mut payload = v2();
        payload["credentialSubject"][name] = value;
        let text = signed(&payload.to_string());
        assert_eq!(
            code(&text, Check::UnsignedContent),
            Some(ReasonCode::UnsignedContent),
            "{name}"
        );
    }
    let mut embedded = v2();
    embedded["proof"] = json!({"type": "BbsBlsSignature2020"});
    assert_eq!(code(&signed(&embedded.to_string()), Check::Proof), Some(ReasonCode::ProofCount));
}

/// Nothing in it names a session.
#[test]
fn a_token_alone_is_bound_to_no_session() {
    let key = key();
    let text = token(&key, &header(&key, "JWT"), &v1());
    let id = result_vp::SessionId::new("a-session").unwrap();
    let now = instant("2024-06-01T00:00:00Z");
    let read = read(&text).unwrap();
    let expected = ExpectedSession::Id(&id);
    let policy = Policy::new(trusting([key.did()])).status(Unknown::Skip).schema(Unknown::Skip);
    let report = Verifier::new(policy).verify(&read, expected, &Evidence::new(), now);
    let outcome = outcome(&report.credentials()[0], Check::Session);
    assert_eq!(outcome.reason().map(|it| it.code()), Some(ReasonCode::NonceMissing));
    assert_eq!(report.verdict(), Verdict::Rejected);
}

/// The tokens of the specifications name no DID, so what can be asked of them is whether their signatures
/// hold; nothing that the suite wants refused is accepted.
#[test]
fn tokens_of_others_are_signed_as_they_say() {
    let Some(folder) = support::vectors("third-party") else { return };
    let folder = folder.join("02c-jose-cose");
    let index: Value =
        serde_json::from_slice(&std::fs::read(folder.join("index.json")).unwrap()).unwrap();
    let (mut signed, mut refused) = (0, 0);
    for item in index["items"].as_array().unwrap() {
        let files = item["files"].as_array().unwrap().iter().map(|it| it.as_str().unwrap());
        let Some(file) = files.clone().find(|it| it.ends_with(".txt")) else { continue };
        let text = std::fs::read_to_string(folder.join(file)).unwrap();
        let text = text.trim();
        if item["expected"]["verify"] == "reject" {
            let accepted = read(text).is_ok_and(|it| verify(&it).verdict() == Verdict::Accepted);
            assert!(!accepted, "{file}");
            refused += 1;
        }
        let Some(jwk) = files.clone().find(|it| it.ends_with("key.jwk.json")) else { continue };
        // With disclosures behind it, it is a token of another kind.
        let token = text.split('~').next().unwrap();
        let (message, signature) = token.rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        let jwk = std::fs::read(folder.join(jwk)).unwrap();
        let verifies = |message: &str| {
            result_vp::internal::jwk_verifies(&jwk, message.as_bytes(), &signature).unwrap()
        };
        assert_eq!(verifies(message), Some(true), "{file}");
        assert_eq!(verifies(&message[1..]), Some(false), "{file}");
        signed += 1;
    }
    assert!(signed >= 10 && refused >= 5, "{signed} {refused}");
}
