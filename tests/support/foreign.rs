//! Keys of secp256k1 and RSA, in every spelling of DID documents. Only a build with the feature `ssi` can sign
//! with them: without it, signatures are of the right length and of nobody.

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine as _;
use serde_json::{json, Value};

use crate::plain::Key;

/// A suite, or a kind of token, and an algorithm that it is used with.
pub const USES: [(&str, &str); 8] = [
    ("EcdsaSecp256k1Signature2019", "ES256K"),
    ("JsonWebSignature2020", "ES256K"),
    ("JsonWebSignature2020", "PS256"),
    ("RsaSignature2018", "PS256"),
    ("RsaSignature2018", "RS256"),
    ("JWT", "ES256K"),
    ("JWT", "PS256"),
    ("JWT", "RS256"),
];

/// One of two keys of the algorithm, with its secret, as a JWK.
pub fn secret(algorithm: &str, which: usize) -> Value {
    let secrets: Value = serde_json::from_str(include_str!("secrets.json")).expect("JSON");
    let kind = if algorithm == "ES256K" { "secp256k1" } else { "rsa" };
    secrets[kind][which].clone()
}

/// The first RSA key, as OpenSSL writes it.
pub fn pem() -> String {
    let secrets: Value = serde_json::from_str(include_str!("secrets.json")).expect("JSON");
    secrets["rsa_pem"].as_str().expect("a text").to_owned()
}

/// The JWK without what is secret.
pub fn public(secret: &Value) -> Value {
    match secret["kty"].as_str() {
        Some("EC") => json!({"kty": "EC", "crv": "secp256k1", "x": secret["x"], "y": secret["y"]}),
        _ => json!({"kty": "RSA", "n": secret["n"], "e": secret["e"]}),
    }
}

pub fn bytes(value: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(value.as_str().expect("a text")).expect("base64url")
}

/// The compressed point of secp256k1.
pub fn point(jwk: &Value) -> Vec<u8> {
    let sign = 2 + (bytes(&jwk["y"]).last().expect("a byte") & 1);
    [&[sign][..], &bytes(&jwk["x"])].concat()
}

/// The key with the multicodec of its type, as did:key and Multikey write it.
pub fn multibase(jwk: &Value) -> String {
    let bytes = match jwk["kty"].as_str() {
        Some("EC") => [&[0xe7, 0x01][..], &point(jwk)].concat(),
        _ => [&[0x85, 0x24][..], &der(&bytes(&jwk["n"]), &bytes(&jwk["e"]))].concat(),
    };
    format!("z{}", bs58::encode(bytes).into_string())
}

/// An RSAPublicKey.
pub fn der(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    let value = |tag: u8, content: &[u8]| {
        let length = content.len();
        let head = match length {
            0..=0x7f => vec![tag, length as u8],
            0x80..=0xff => vec![tag, 0x81, length as u8],
            _ => vec![tag, 0x82, (length >> 8) as u8, length as u8],
        };
        [head, content.to_vec()].concat()
    };
    let natural = |number: &[u8]| match number.first() {
        Some(0x80..) => value(2, &[&[0], number].concat()),
        _ => value(2, number),
    };
    value(0x30, &[natural(modulus), natural(exponent)].concat())
}

/// Of did:key.
pub fn key(algorithm: &'static str, which: usize) -> Key {
    let secret = secret(algorithm, which);
    let fragment = multibase(&secret);
    let did = format!("did:key:{fragment}");
    let method = format!("{did}#{fragment}");
    of(algorithm, secret, did, method)
}

/// Under another name.
pub fn of(algorithm: &'static str, secret: Value, did: String, method: String) -> Key {
    let jwk = public(&secret);
    let sign = Box::new(move |message: &[u8]| sign(algorithm, &secret, message));
    Key::Foreign { did, method, jwk, algorithm, sign }
}

#[cfg(feature = "ssi")]
pub fn sign(algorithm: &str, secret: &Value, message: &[u8]) -> Vec<u8> {
    use ssi::jwk::Algorithm;
    let algorithm = match algorithm {
        "ES256K" => Algorithm::ES256K,
        "PS256" => Algorithm::PS256,
        _ => Algorithm::RS256,
    };
    let jwk = serde_json::from_value(secret.clone()).expect("a JWK");
    ssi::claims::jws::sign_bytes(algorithm, message, &jwk).expect("a signature")
}

#[cfg(not(feature = "ssi"))]
pub fn sign(algorithm: &str, _: &Value, _: &[u8]) -> Vec<u8> {
    vec![1; if algorithm == "ES256K" { 64 } else { 256 }]
}
