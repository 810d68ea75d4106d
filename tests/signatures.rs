//! Signatures over bytes and JSON Web Signatures: every case of Wycheproof through the one entry.
//! `exceptions.toml` lists what is answered otherwise, and why.

mod support;

use std::collections::{BTreeMap, BTreeSet};

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine as _;
use result_vp::internal::{jwk_verifies, jws_verifies};
use serde::Deserialize;
use serde_json::{json, Value};

/// The groups of one file, or none if the vectors are not at hand.
fn groups(file: &str) -> Vec<Value> {
    let Some(folder) = support::vectors("third-party") else { return Vec::new() };
    let text = std::fs::read(folder.join("05a-wycheproof").join(file)).unwrap();
    let mut file: Value = serde_json::from_slice(&text).unwrap();
    match file["testGroups"].take() {
        Value::Array(groups) => groups,
        _ => panic!("no groups"),
    }
}

fn tests(group: &Value) -> impl Iterator<Item = (&Value, bool)> {
    let tests = group["tests"].as_array().unwrap().iter();
    tests.map(|test| (test, test["result"] == "valid"))
}

fn bytes(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().unwrap()).unwrap()
}

/// The JWK of an uncompressed point.
fn point_jwk(key: &Value) -> Value {
    let point = bytes(&key["uncompressed"]);
    let (x, y) = point[1..].split_at(point.len() / 2);
    let curve = if x.len() == 32 { "P-256" } else { "P-384" };
    let text = |bytes| URL_SAFE_NO_PAD.encode(bytes);
    json!({"kty": "EC", "crv": curve, "x": text(x), "y": text(y)})
}

#[test]
fn ed25519_and_ecdsa_agree_with_wycheproof() {
    let mut seen = [0, 0];
    for file in [
        "ed25519_test.json",
        "ecdsa_secp256r1_sha256_p1363_test.json",
        "ecdsa_secp384r1_sha384_p1363_test.json",
    ] {
        for group in groups(file) {
            let key = &group["publicKey"];
            let jwk = match key["pk"].as_str() {
                Some(_) => {
                    json!({"kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(bytes(&key["pk"]))})
                }
                None => point_jwk(key),
            };
            for (test, is_valid) in tests(&group) {
                let (message, signature) = (bytes(&test["msg"]), bytes(&test["sig"]));
                let verifies = jwk_verifies(jwk.to_string().as_bytes(), &message, &signature);
                let verifies = verifies.unwrap();
                assert_eq!(
                    verifies,
                    Some(is_valid),
                    "{file} {}: {}",
                    test["tcId"],
                    test["comment"]
                );
                seen[usize::from(is_valid)] += 1;
            }
        }
    }
    let is_skipped = support::vectors("third-party").is_none();
    assert!(is_skipped || seen[0] > 100 && seen[1] > 200, "{seen:?}");
}

/// A signature has one form: what is valid as DER is none here.
#[test]
fn der_is_no_signature() {
    for file in ["ecdsa_secp256r1_sha256_test.json", "ecdsa_secp384r1_sha384_test.json"] {
        for group in groups(file) {
            let jwk = point_jwk(&group["publicKey"]).to_string();
            for (test, _) in tests(&group) {
                let (message, signature) = (bytes(&test["msg"]), bytes(&test["sig"]));
                let verifies = jwk_verifies(jwk.as_bytes(), &message, &signature).unwrap();
                assert_eq!(verifies, Some(false), "{file} {}", test["tcId"]);
            }
        }
    }
}

/// What is said of a JWS, in a word.
fn says(jwk: &Value, jws: &str) -> &'static str {
    match jws_verifies(jwk.to_string().as_bytes(), jws).unwrap() {
        Ok(true) => "valid",
        Ok(false) => "refused",
        Err(why) => why,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exception {
    says: String,
    why: String,
}

/// Of each file every test of a signature, by the key that its group names; of a set of keys by each of them, for
/// here nobody chooses between keys by what a header says.
#[test]
fn json_web_signatures_agree_with_wycheproof() {
    let text = include_str!("exceptions.toml");
    let mut all: BTreeMap<String, BTreeMap<String, Exception>> = toml::from_str(text).unwrap();
    let exceptions = all.remove("json-web-signature").unwrap();
    let (mut wrong, mut seen, mut other) = (Vec::new(), [0, 0, 0], BTreeSet::new());
    for file in ["json_web_signature_test", "json_web_key_test", "json_web_crypto_test"] {
        for group in groups(&format!("{file}.json")) {
            // Of a shared secret there is nothing that is public.
            let key = if group["public"].is_null() { &group["private"] } else { &group["public"] };
            let key = match key.as_str() {
                Some(text) => serde_json::from_str(text).unwrap(),
                None => key.clone(),
            };
            let keys = key["keys"].as_array().cloned().unwrap_or_else(|| vec![key]);
            for (test, is_valid) in tests(&group) {
                let Some(jws) = test.get("jws") else { continue };
                // The JSON serialization is no compact one.
                let jws = jws.as_str().map_or_else(|| jws.to_string(), str::to_owned);
                let name = format!("{file}-{}", test["tcId"]);
                let said: Vec<&str> = keys.iter().map(|key| says(key, &jws)).collect();
                let said = if said.contains(&"valid") { "valid" } else { said[0] };
                match (exceptions.get(&name), said) {
                    (Some(exception), said) => {
                        let is_needed = (exception.says == "valid") != is_valid;
                        let is_built = cfg!(feature = "ssi") || said != "not_built";
                        if !is_needed
                            || is_built && said != exception.says
                            || exception.why.is_empty()
                        {
                            wrong.push(format!("{name}: {said}, not {}", exception.says));
                        }
                        other.insert(name);
                    }
                    (None, "not_built") if !cfg!(feature = "ssi") => seen[2] += 1,
                    (None, said) if (said == "valid") == is_valid => {
                        seen[usize::from(is_valid)] += 1;
                    }
                    (None, said) => wrong.push(format!("{name}: {said}: {}", test["comment"])),
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    if support::vectors("third-party").is_some() {
        let listed: BTreeSet<String> = exceptions.into_keys().collect();
        assert_eq!(other, listed, "an exception that no test needs");
        println!("refused, valid, not built: {seen:?}; exceptions: {}", other.len());
        let expected = if cfg!(feature = "ssi") { seen[2] == 0 } else { seen[2] > 100 };
        assert!(expected && seen[0] > 20 && seen[1] >= 3, "{seen:?}");
    }
}

#[test]
fn a_jwk_is_one_key_for_one_use() {
    let x = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
    let y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
    let good = json!({"kty": "EC", "crv": "P-256", "x": x, "y": y});
    let is_key =
        |jwk: &Value| jwk_verifies(jwk.to_string().as_bytes(), b"", b"").unwrap().is_some();
    assert!(is_key(&good));
    for (member, value, expected) in [
        ("alg", "ES256", true),
        ("alg", "ES384", false),
        ("alg", "none", false),
        ("use", "sig", true),
        ("use", "enc", false),
        ("d", "AA", false),
        ("y", x, false),
        ("y", "AA", false),
        ("x", "AA", false),
        ("crv", "P-384", false),
        ("crv", "Ed25519", false),
        ("crv", "secp256k1", false),
        ("kty", "OKP", false),
    ] {
        let mut jwk = good.clone();
        jwk[member] = value.into();
        assert_eq!(is_key(&jwk), expected, "{member} {value}");
    }
    let okp =
        json!({"kty": "OKP", "crv": "Ed25519", "x": "fU0Of2FTpptiQrUiq77mhf2kQg-INLEIw72uNp71Sfo"});
    assert!(is_key(&okp));
    let mut with_y = okp.clone();
    with_y["y"] = y.into();
    assert!(!is_key(&with_y));
}
