//! Keys of secp256k1 and RSA. A build with the feature `ssi` verifies what they sign, and nothing else; every
//! other build says of the same inputs that it cannot, and refuses what no build accepts.

#[path = "support/foreign.rs"]
#[allow(dead_code)]
mod foreign;
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
mod support;

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine as _;
use foreign::{bytes, der, multibase, pem, point, public, secret, USES};
use plain::{document, options, secured, Key};
use result_vp::{Check, Evidence, Outcome, ReasonCode, Report, UnverifiedPresentation, Verdict};
use serde_json::{json, Value};
use support::{ask_plainly, outcome, trusting};

const IS_BUILT: bool = cfg!(feature = "ssi");

/// A credential of the issuer: of a suite the document, of a token its text.
fn credential(key: &Key, using: &str) -> String {
    let Key::Foreign { algorithm, .. } = key else { panic!("a key of another file") };
    match using {
        "JWT" => {
            let header = json!({"alg": algorithm, "kid": key.method(), "typ": "vc+jwt"});
            token(key, &header)
        }
        suite => secured(key, &document(&key.did(), suite), &options(key, suite)).to_string(),
    }
}

fn token(key: &Key, header: &Value) -> String {
    let payload = document(&key.did(), "eddsa-rdfc-2022");
    let [header, payload] = [header, &payload].map(|it| URL_SAFE_NO_PAD.encode(it.to_string()));
    let signature = key.sign(format!("{header}.{payload}").as_bytes());
    format!("{header}.{payload}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn report_with(text: &str, issuer: &str, evidence: &Evidence) -> Report {
    let read = UnverifiedPresentation::from_bare_credential(text.as_bytes(), evidence.contexts());
    ask_plainly(&read.expect("a credential"), trusting([issuer]), evidence, "2024-06-01T00:00:00Z")
}

fn proof_with(text: &str, issuer: &str, evidence: &Evidence) -> Result<(), ReasonCode> {
    let report = report_with(text, issuer, evidence);
    let proof = outcome(&report.credentials()[0], Check::Proof);
    assert_eq!(report.verdict() == Verdict::Accepted, proof == Outcome::Pass, "{proof:?}");
    match (&proof, proof.reason().map(|it| it.code())) {
        (Outcome::Pass, _) => Ok(()),
        (Outcome::Indeterminate(_), Some(ReasonCode::NotBuilt)) => Err(ReasonCode::NotBuilt),
        (Outcome::Fail(_), Some(code)) if code != ReasonCode::NotBuilt => Err(code),
        _ => panic!("{proof:?}"),
    }
}

fn proof(text: &str, issuer: &str) -> Result<(), ReasonCode> {
    proof_with(text, issuer, &Evidence::new())
}

/// What a build with the feature says, and what every other one says of a key that may be in order.
fn built<T>(answer: Result<T, ReasonCode>) -> Result<T, ReasonCode> {
    match IS_BUILT {
        true => answer,
        false => Err(ReasonCode::NotBuilt),
    }
}

/// The signature's bytes as others.
fn with_signature(text: &str, edit: impl Fn(&mut Vec<u8>)) -> String {
    let begin = |it: &str| it.rfind('.').unwrap() + 1;
    let changed = |jws: &str| {
        let (rest, value) = jws.split_at(begin(jws));
        let mut signature = URL_SAFE_NO_PAD.decode(value).unwrap();
        edit(&mut signature);
        format!("{rest}{}", URL_SAFE_NO_PAD.encode(signature))
    };
    match serde_json::from_str::<Value>(text) {
        Err(_) => changed(text),
        Ok(mut credential) => {
            let jws = changed(credential["proof"]["jws"].as_str().unwrap());
            credential["proof"]["jws"] = jws.into();
            credential.to_string()
        }
    }
}

#[test]
fn what_is_signed_is_accepted_or_undecided() {
    for (using, algorithm) in USES {
        let key = foreign::key(algorithm, 0);
        let found = proof(&credential(&key, using), &key.did());
        assert_eq!(found, built(Ok(())), "{using} {algorithm}");
    }
}

/// Of the bytes of a signature.
type Change = Box<dyn Fn(&mut Vec<u8>)>;

#[test]
fn no_other_bytes_are_a_signature() {
    for (using, algorithm) in USES {
        let key = foreign::key(algorithm, 0);
        let honest = credential(&key, using);
        let mut changes: Vec<Change> = vec![
            Box::new(|it| it.push(0)),
            Box::new(|it| it.insert(0, 0)),
            Box::new(|it| it.truncate(it.len() - 1)),
            Box::new(|it| it.rotate_left(1)),
            Box::new(|it| it.clear()),
            Box::new(|it| it.fill(0)),
            Box::new(|it| it.fill(0xff)),
            Box::new(|it| it.reverse()),
        ];
        let length = if algorithm == "ES256K" { 64 } else { 256 };
        for bit in (0..length * 8).step_by(61) {
            changes.push(Box::new(move |it| it[bit / 8] ^= 1 << (bit % 8)));
        }
        for (index, change) in changes.iter().enumerate() {
            let found = proof(&with_signature(&honest, change), &key.did());
            assert!(
                matches!(found, Err(ReasonCode::ProofSignature | ReasonCode::ProofShape))
                    || found == built(Ok(())) && !IS_BUILT,
                "{using} {algorithm} {index}: {found:?}"
            );
        }
        // The other key of the algorithm, under the first one's name.
        let thief = foreign::of(algorithm, secret(algorithm, 1), key.did(), key.method());
        let found = proof(&credential(&thief, using), &key.did());
        assert_eq!(found, built(Err(ReasonCode::ProofSignature)), "{using} {algorithm}");
    }
}

/// In the document, the options of the proof, the header and the payload.
#[test]
fn no_change_of_what_was_signed_is_accepted() {
    for (using, algorithm) in USES {
        let key = foreign::key(algorithm, 0);
        let honest = credential(&key, using);
        let changed: Vec<String> = match using {
            "JWT" => {
                let [header, payload, signature]: [&str; 3] =
                    honest.split('.').collect::<Vec<_>>().try_into().unwrap();
                let text = String::from_utf8(URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
                let payload = URL_SAFE_NO_PAD.encode(text.replace("MIRABEL", "OTHER"));
                vec![format!("{header}.{payload}.{signature}")]
            }
            _ => {
                let mut created: Value = serde_json::from_str(&honest).unwrap();
                created["proof"]["created"] = "2024-05-02T10:00:01Z".into();
                vec![
                    created.to_string(),
                    honest.replace("MIRABEL", "OTHER"),
                    honest.replace("\"urn:vc\"", "\"urn:other\""),
                    honest.replace("https://trinsic.cloud/idv/", "https://other.example/"),
                ]
            }
        };
        for text in changed {
            assert_ne!(text, honest);
            let found = proof(&text, &key.did());
            assert_eq!(found, built(Err(ReasonCode::ProofSignature)), "{using} {algorithm}");
        }
    }
}

/// The key says what a signature is; of RSA, what is said beside it chooses between two.
#[test]
fn a_name_of_another_algorithm_makes_no_signature() {
    for (algorithm, says) in [
        ("ES256K", "ES256"),
        ("ES256K", "EdDSA"),
        ("ES256K", "RS256"),
        ("RS256", "ES256K"),
        ("RS256", "EdDSA"),
        ("RS256", "PS256"),
        ("PS256", "RS256"),
        ("RS256", "RS384"),
        ("RS256", "HS256"),
        ("ES256K", "ES256K-R"),
        ("ES256K", "none"),
    ] {
        let key = foreign::key(algorithm, 0);
        let header = json!({"alg": says, "kid": key.method(), "typ": "vc+jwt"});
        let found = proof(&token(&key, &header), &key.did());
        let expected = match says {
            "RS384" | "HS256" | "ES256K-R" | "none" => Err(ReasonCode::ProofHeader),
            // Only whoever verifies both can tell.
            "PS256" | "RS256" if algorithm != "ES256K" => built(Err(ReasonCode::ProofSignature)),
            _ => Err(ReasonCode::KeyTypeDiffers),
        };
        assert_eq!(found, expected, "{algorithm} as {says}");
    }
    // An honest signer of another algorithm.
    let ed25519 = Key::new("EdDSA", "an issuer");
    for says in ["ES256K", "RS256", "PS256"] {
        let header = json!({"alg": says, "kid": ed25519.method(), "typ": "vc+jwt"});
        let found = proof(&token(&ed25519, &header), &ed25519.did());
        assert_eq!(found, Err(ReasonCode::KeyTypeDiffers), "{says}");
    }
}

/// In every build: of what no build accepts none is undecided.
#[test]
fn a_suite_takes_the_keys_that_it_names() {
    for (suite, algorithm) in [
        ("EcdsaSecp256k1Signature2019", "PS256"),
        ("EcdsaSecp256k1Signature2019", "RS256"),
        ("RsaSignature2018", "ES256K"),
        ("Ed25519Signature2018", "ES256K"),
        ("Ed25519Signature2018", "RS256"),
        ("JsonWebSignature2020", "RS256"),
        ("eddsa-rdfc-2022", "ES256K"),
        ("ecdsa-rdfc-2019", "ES256K"),
        ("eddsa-jcs-2022", "PS256"),
    ] {
        let key = foreign::key(algorithm, 0);
        let mut credential = secured(&key, &document(&key.did(), suite), &options(&key, suite));
        if suite.contains("-20") {
            // A signature of RSA is longer than any text that is decoded there.
            let value = bs58::encode([1; 64]).into_string();
            credential["proof"]["proofValue"] = format!("z{value}").into();
        }
        let found = proof(&credential.to_string(), &key.did());
        assert_eq!(found, Err(ReasonCode::KeyTypeDiffers), "{suite} {algorithm}");
    }
    for suite in ["EcdsaSecp256k1Signature2019", "RsaSignature2018"] {
        let key = Key::new("EdDSA", suite);
        let credential = secured(&key, &document(&key.did(), suite), &options(&key, suite));
        let found = proof(&credential.to_string(), &key.did());
        assert_eq!(found, Err(ReasonCode::KeyTypeDiffers), "{suite}");
    }
    for suite in selective::SUITES {
        let (issuer, key) = (selective::Issuer::new(suite, suite), foreign::key("ES256K", 0));
        let document = selective::document(&issuer.did());
        let base = selective::issue(&issuer, &document, &issuer.options(), &selective::MANDATORY);
        let mut credential = base.show(&issuer, &selective::CHOSEN, b"").credential();
        credential["proof"]["verificationMethod"] = key.method().into();
        let found = proof(&credential.to_string(), &key.did());
        assert_eq!(found, Err(ReasonCode::KeyTypeDiffers), "{suite}");
    }
}

/// Of ECDSA the same signature with n - s verifies too; of RSA a number beyond the modulus does not.
#[test]
fn the_second_form_of_a_signature() {
    let key = foreign::key("ES256K", 0);
    let honest = credential(&key, "JWT");
    let order = hex::decode(ORDER).unwrap();
    let high = with_signature(&honest, |it| {
        let difference = subtract(&order, &it[32..]);
        it[32..].copy_from_slice(&difference);
    });
    assert_ne!(high, honest);
    assert_eq!(proof(&high, &key.did()), built(Ok(())));
    let beyond = with_signature(&honest, |it| it[32..].copy_from_slice(&order));
    assert_eq!(proof(&beyond, &key.did()), built(Err(ReasonCode::ProofSignature)));
    let modulus = bytes(&secret("RS256", 0)["n"]);
    for algorithm in ["PS256", "RS256"] {
        let key = foreign::key(algorithm, 0);
        // Until one is small enough for the sum to have as many bytes.
        let sum = (0..64).find_map(|attempt| {
            let header = json!({"alg": algorithm, "kid": key.method(), "typ": "vc+jwt"});
            let mut payload = document(&key.did(), "eddsa-rdfc-2022");
            payload["credentialSubject"]["number"] = attempt.to_string().into();
            let parts = [&header, &payload].map(|it| URL_SAFE_NO_PAD.encode(it.to_string()));
            let signed = parts.join(".");
            let signature = key.sign(signed.as_bytes());
            let sum = add(&modulus, &signature)?;
            let text = |bytes: Vec<u8>| format!("{signed}.{}", URL_SAFE_NO_PAD.encode(bytes));
            assert_eq!(proof(&text(signature), &key.did()), built(Ok(())));
            Some(text(sum))
        });
        let found = proof(&sum.expect("a small signature"), &key.did());
        assert_eq!(found, built(Err(ReasonCode::ProofSignature)), "{algorithm}");
    }
}

/// A method of a document of did:web, and what a credential that it may have signed says.
fn by_method(algorithm: &'static str, mut method: Value) -> Result<(), ReasonCode> {
    let did = "did:web:issuer.example";
    method["id"] = "did:web:issuer.example#key".into();
    method["controller"] = did.into();
    let document = json!({"id": did, "verificationMethod": [method], "assertionMethod": ["#key"]});
    let mut evidence = Evidence::new();
    evidence.add_did_document(document.to_string().as_bytes()).unwrap();
    let (secret, method) = (secret(algorithm, 0), format!("{did}#key"));
    let key = foreign::of(algorithm, secret, did.to_owned(), method);
    proof_with(&credential(&key, "JWT"), did, &evidence)
}

#[test]
fn a_key_has_one_meaning_in_each_of_its_spellings() {
    let (curve, rsa) = (secret("ES256K", 0), secret("RS256", 0));
    let [curve_jwk, rsa_jwk] = [&curve, &rsa].map(public);
    let (k1, rsa_2018) = ("EcdsaSecp256k1VerificationKey2019", "RsaVerificationKey2018");
    let methods = [
        ("ES256K", json!({"type": k1, "publicKeyJwk": curve_jwk})),
        ("ES256K", json!({"type": "JsonWebKey2020", "publicKeyJwk": curve_jwk})),
        ("ES256K", json!({"type": "JsonWebKey", "publicKeyJwk": curve_jwk})),
        ("ES256K", json!({"type": "Multikey", "publicKeyMultibase": multibase(&curve)})),
        ("ES256K", json!({"type": k1, "publicKeyMultibase": multibase(&curve)})),
        ("ES256K", json!({"type": k1, "publicKeyHex": hex::encode(point(&curve))})),
        ("ES256K", json!({"type": k1, "publicKeyHex": hex::encode_upper(point(&curve))})),
        (
            "ES256K",
            json!({"type": k1, "publicKeyBase58": bs58::encode(point(&curve)).into_string()}),
        ),
        ("RS256", json!({"type": rsa_2018, "publicKeyJwk": rsa_jwk})),
        ("PS256", json!({"type": "JsonWebKey2020", "publicKeyJwk": rsa_jwk})),
        ("RS256", json!({"type": "Multikey", "publicKeyMultibase": multibase(&rsa)})),
        ("RS256", json!({"type": rsa_2018, "publicKeyPem": pem()})),
        ("PS256", json!({"type": rsa_2018, "publicKeyPem": pem().replace('\n', "\r\n")})),
        ("RS256", json!({"type": rsa_2018, "publicKeyPem": pem().trim()})),
    ];
    for (algorithm, method) in methods {
        let found = by_method(algorithm, method.clone());
        assert_eq!(found, built(Ok(())), "{algorithm} {method}");
        // One spelling more, and nobody knows which counts.
        let mut two = method;
        for name in ["publicKeyJwk", "publicKeyHex", "publicKeyPem"] {
            if two[name].is_null() {
                two[name] = "".into();
            }
        }
        assert_eq!(by_method(algorithm, two), Err(ReasonCode::KeyMalformed));
    }
    for (algorithm, jwk) in [("ES256K", curve_jwk), ("PS256", rsa_jwk)] {
        let did = format!("did:jwk:{}", URL_SAFE_NO_PAD.encode(jwk.to_string()));
        let method = format!("{did}#0");
        let key = foreign::of(algorithm, secret(algorithm, 0), did, method);
        assert_eq!(proof(&credential(&key, "JWT"), &key.did()), built(Ok(())), "{algorithm}");
    }
}

/// In every build alike.
#[test]
fn what_is_no_key_that_is_accepted() {
    let (curve, rsa) = (secret("ES256K", 0), secret("RS256", 0));
    let jwk = |algorithm: &'static str, name: &str, value: Value| {
        let mut jwk = public(&secret(algorithm, 0));
        jwk[name] = value;
        by_method(algorithm, json!({"type": "JsonWebKey2020", "publicKeyJwk": jwk}))
    };
    let text = |bytes: &[u8]| Value::from(URL_SAFE_NO_PAD.encode(bytes));
    let modulus = bytes(&rsa["n"]);
    let (differs, malformed) = (Err(ReasonCode::KeyTypeDiffers), Err(ReasonCode::KeyMalformed));
    for (algorithm, name, value, expected) in [
        ("ES256K", "d", curve["d"].clone(), differs),
        ("ES256K", "kty", "OKP".into(), differs),
        ("ES256K", "use", "enc".into(), differs),
        ("ES256K", "alg", "ES256".into(), differs),
        ("ES256K", "y", text(&[0; 31]), malformed),
        ("ES256K", "x", "".into(), malformed),
        ("RS256", "d", rsa["d"].clone(), differs),
        ("RS256", "p", rsa["p"].clone(), differs),
        ("RS256", "use", "enc".into(), differs),
        ("RS256", "alg", "PS256".into(), differs),
        ("RS256", "alg", "RS384".into(), differs),
        ("RS256", "alg", "RSA-OAEP".into(), differs),
        ("PS256", "alg", "RS256".into(), differs),
        ("RS256", "e", "Aw".into(), malformed),
        ("RS256", "e", "AAEAAQ".into(), malformed),
        ("RS256", "e", "AQAA".into(), malformed),
        ("RS256", "e", Value::Null, malformed),
        ("RS256", "n", Value::Null, malformed),
        ("RS256", "n", format!("{}=", rsa["n"].as_str().unwrap()).into(), malformed),
        ("RS256", "n", text(&modulus[..255]), malformed),
        ("RS256", "n", text(&[&[0], &modulus[..]].concat()), malformed),
        ("RS256", "n", text(&[&[1], &modulus[..]].concat()), malformed),
        ("RS256", "n", text(&[&modulus[..], &modulus[..], &[1]].concat()), malformed),
        ("RS256", "n", text(&[&modulus[..255], &[2]].concat()), malformed),
        ("RS256", "n", text(&[]), malformed),
    ] {
        let what = format!("{algorithm} {name} {value}");
        assert_eq!(jwk(algorithm, name, value), expected, "{what}");
    }
    assert_eq!(jwk("RS256", "alg", "RS256".into()), built(Ok(())));
    assert_eq!(jwk("RS256", "use", "sig".into()), built(Ok(())));
    // Of the right length, and no point of the curve: only arithmetic tells.
    assert_eq!(jwk("ES256K", "y", curve["x"].clone()), built(malformed));

    let rsa_key = |bytes: &[u8]| {
        let bytes = [&[0x85, 0x24], bytes].concat();
        let text = format!("z{}", bs58::encode(bytes).into_string());
        by_method("RS256", json!({"type": "Multikey", "publicKeyMultibase": text}))
    };
    let honest = der(&modulus, &[1, 0, 1]);
    assert_eq!(rsa_key(&honest), built(Ok(())));
    for at in (0..honest.len()).filter(|at| !(9..honest.len() - 6).contains(at)) {
        let mut changed = honest.clone();
        changed[at] ^= 1;
        assert_eq!(rsa_key(&changed), malformed, "{at}");
        assert_eq!(rsa_key(&honest[..at]), malformed, "{at}");
    }
    assert_eq!(rsa_key(&[&honest[..], &[0]].concat()), malformed);
    assert_eq!(rsa_key(&der(&modulus, &[3])), malformed);
    assert_eq!(rsa_key(&der(&modulus[..128], &[1, 0, 1])), malformed);

    let pem_key = |text: String| {
        by_method("RS256", json!({"type": "RsaVerificationKey2018", "publicKeyPem": text}))
    };
    assert_eq!(pem_key(pem().replace("PUBLIC", "RSA PUBLIC")), malformed);
    assert_eq!(pem_key(pem().replace("MIIB", "MIIC")), malformed);
    assert_eq!(pem_key(pem().replace("IDAQAB", "IDAQAA")), malformed);
    assert_eq!(pem_key(String::new()), malformed);
    let kind = |kind: &str| by_method("RS256", json!({"type": kind, "publicKeyPem": pem()}));
    assert_eq!(kind("JsonWebKey2020"), differs);
    let hex_key = |text: &str| {
        let kind = "EcdsaSecp256k1VerificationKey2019";
        by_method("ES256K", json!({"type": kind, "publicKeyHex": text}))
    };
    let point = hex::encode(point(&curve));
    assert_eq!(hex_key(&point), built(Ok(())));
    for text in [&point[1..], &point[2..], &point.replacen('0', "g", 1), &format!("{point}0"), ""] {
        assert_eq!(hex_key(text), malformed, "{text}");
    }
    // One length of a point is of one field alone.
    let uncompressed = [&[4][..], &bytes(&curve["x"]), &bytes(&curve["y"])].concat();
    assert_eq!(hex_key(&hex::encode(uncompressed)), malformed);
}

/// Who presents it may have such a key as well.
#[test]
fn a_presentation_is_signed_by_such_a_key() {
    for (suite, algorithm) in USES.into_iter().filter(|(using, _)| *using != "JWT") {
        let (issuer, holder) = (Key::new("EdDSA", "an issuer"), foreign::key(algorithm, 0));
        let credential = secured(
            &issuer,
            &document(&issuer.did(), suite),
            &options(&issuer, "Ed25519Signature2018"),
        );
        let contexts =
            credential["@context"].as_array().unwrap().iter().filter(|it| it.is_string());
        let presentation = json!({
            "@context": contexts.collect::<Vec<_>>(),
            "type": ["VerifiablePresentation"],
            "holder": holder.did(),
            "verifiableCredential": [credential],
        });
        let signed = |suite: &str| {
            let mut options = options(&holder, suite);
            options["proofPurpose"] = "authentication".into();
            secured(&holder, &presentation, &options)
        };
        let ask = |signed: &Value| {
            let text = signed.to_string();
            let read = UnverifiedPresentation::from_json(text.as_bytes()).expect("a presentation");
            let trusted = trusting([issuer.did()]);
            let report = ask_plainly(&read, trusted, &Evidence::new(), "2024-06-01T00:00:00Z");
            let found = outcome(&report.credentials()[0], Check::Presentation);
            (found.code(), found.reason().map(|it| it.code()))
        };
        let built = |code, reason| match IS_BUILT {
            true => (code, Some(reason)),
            false => ("indeterminate", Some(ReasonCode::NotBuilt)),
        };
        // Its domain and session are not asked about here.
        let mut shown = signed(suite);
        assert_eq!(ask(&shown), built("waived", ReasonCode::AnySession), "{suite} {algorithm}");
        shown["id"] = "urn:other".into();
        assert_eq!(ask(&shown), built("fail", ReasonCode::ProofSignature), "{suite} {algorithm}");
        // In every build.
        let other = ask(&signed("Ed25519Signature2018"));
        assert_eq!(other, ("fail", Some(ReasonCode::KeyTypeDiffers)), "{suite} {algorithm}");
    }
}

/// Whose key a wallet has, the issuer says.
#[test]
fn a_holder_binds_by_such_a_key() {
    for algorithm in ["ES256K", "PS256", "RS256"] {
        let (issuer, holder) = (Key::new("EdDSA", "an issuer"), foreign::key(algorithm, 0));
        let thief = foreign::key(algorithm, 1);
        let header = json!({"alg": "EdDSA", "kid": issuer.method(), "typ": "dc+sd-jwt"});
        let ask = |jwk: Value, by: &Key, says: &str| {
            let payload = json!({
                "iss": issuer.did(), "iat": 1_714_644_000, "vct": "urn:a", "cnf": {"jwk": jwk},
                "given_name": "MIRABEL",
            });
            let issued = format!("{}~", sd_jwt::token(&issuer, &header, &payload));
            let claims = json!({
                "iat": 1_714_644_001, "aud": "a", "nonce": "n", "sd_hash": sd_jwt::digest(&issued),
            });
            let binding = sd_jwt::token(by, &json!({"alg": says, "typ": "kb+jwt"}), &claims);
            proof(&format!("{issued}{binding}"), &issuer.did())
        };
        let jwk = sd_jwt::jwk(&holder);
        assert_eq!(ask(jwk.clone(), &holder, algorithm), built(Ok(())), "{algorithm}");
        let refused = Err(ReasonCode::KeyBinding);
        assert_eq!(ask(jwk.clone(), &thief, algorithm), built(refused), "{algorithm}");
        assert_eq!(ask(jwk.clone(), &holder, "ES256"), refused, "{algorithm}");
        let mut only = jwk;
        only["alg"] = "RS384".into();
        assert_eq!(ask(only, &holder, algorithm), refused, "{algorithm}");
    }
}

/// The DIDs of the specification's vectors, by whose secrets a credential is signed.
#[test]
fn the_vectors_of_did_key() {
    let Some(folder) = support::vectors("third-party") else { return };
    let mut seen = 0;
    for name in ["rsa-2", "secp256k1-2", "secp256k1-3", "secp256k1-4", "secp256k1-5"] {
        let file = folder.join(format!("02e-did/did-key-{name}/vector.json"));
        let vector: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        let did = vector["did"].as_str().unwrap();
        let method = &vector["didDocument"]["verificationMethod"][0];
        let (algorithm, public) = match method["publicKeyJwk"]["kty"].as_str() {
            Some("RSA") => ("PS256", multibase(&method["publicKeyJwk"])),
            Some(_) => ("ES256K", multibase(&method["publicKeyJwk"])),
            None => {
                let point = bs58::decode(method["publicKeyBase58"].as_str().unwrap());
                let bytes = [&[0xe7, 0x01], &point.into_vec().unwrap()[..]].concat();
                ("ES256K", format!("z{}", bs58::encode(bytes).into_string()))
            }
        };
        // What the document says, did:key says.
        assert_eq!(format!("did:key:{public}"), did, "{name}");
        let secret = &vector["privateKeyJwk"];
        if !IS_BUILT || secret.is_null() {
            continue;
        }
        let method = method["id"].as_str().unwrap().to_owned();
        let key = foreign::of(algorithm, secret.clone(), did.to_owned(), method);
        assert_eq!(proof(&credential(&key, "JWT"), did), Ok(()), "{name}");
        seen += 1;
    }
    assert!(!IS_BUILT || seen > 0);
}

/// Of numbers of one length: the first is the larger one.
fn subtract(from: &[u8], number: &[u8]) -> Vec<u8> {
    let mut borrow = 0;
    let digits = from.iter().zip(number).rev().map(|(a, b)| {
        let digit = i16::from(*a) - i16::from(*b) - borrow;
        borrow = i16::from(digit < 0);
        digit.rem_euclid(256) as u8
    });
    let mut digits: Vec<u8> = digits.collect();
    digits.reverse();
    digits
}

/// `None` if the sum is longer.
fn add(one: &[u8], other: &[u8]) -> Option<Vec<u8>> {
    let mut carry = 0;
    let digits = one.iter().zip(other).rev().map(|(a, b)| {
        let digit = u16::from(*a) + u16::from(*b) + carry;
        carry = digit >> 8;
        digit as u8
    });
    let mut digits: Vec<u8> = digits.collect();
    digits.reverse();
    (carry == 0).then_some(digits)
}

/// Of the group of secp256k1 (SEC 2, section 2.4.1).
const ORDER: &str = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
