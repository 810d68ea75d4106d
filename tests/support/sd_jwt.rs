//! An issuer and a holder of SD-JWTs (RFC 9901): they share no code with the library.

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine as _;
use serde_json::{json, Value};
use sha2::{Digest, Sha256};

use crate::plain::Key;

pub const NONCE: &str = "0f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e10";
pub const AUDIENCE: &str = "https://verifier.example";

pub fn issuer() -> Key {
    Key::new("ES256", "an issuer of PIDs")
}

pub fn holder() -> Key {
    Key::new("ES256", "a wallet")
}

pub fn algorithm(key: &Key) -> &'static str {
    match key {
        Key::Ed25519(_) => "EdDSA",
        Key::P256(_) => "ES256",
        Key::P384(_) => "ES384",
        Key::Foreign { algorithm, .. } => algorithm,
    }
}

pub fn jwk(key: &Key) -> Value {
    let encoded = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let on_curve = |name: &str, point: &[u8]| {
        let (x, y) = point[1..].split_at(point.len() / 2);
        json!({"kty": "EC", "crv": name, "x": encoded(x), "y": encoded(y)})
    };
    match key {
        Key::Ed25519(key) => {
            json!({"kty": "OKP", "crv": "Ed25519", "x": encoded(key.verifying_key().as_bytes())})
        }
        Key::P256(key) => on_curve("P-256", key.verifying_key().to_encoded_point(false).as_bytes()),
        Key::P384(key) => on_curve("P-384", key.verifying_key().to_encoded_point(false).as_bytes()),
        Key::Foreign { jwk, .. } => jwk.clone(),
    }
}

pub fn digest(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(text))
}

pub fn disclosure(items: &Value) -> String {
    URL_SAFE_NO_PAD.encode(items.to_string())
}

pub fn token(key: &Key, header: &Value, payload: &Value) -> String {
    let encoded = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", encoded(header), encoded(payload));
    let signature = URL_SAFE_NO_PAD.encode(key.sign(signed.as_bytes()));
    format!("{signed}.{signature}")
}

/// Somebody's PID before it is signed, and all its disclosures.
#[derive(Clone)]
pub struct Pid {
    pub header: Value,
    pub payload: Value,
    /// By the member that each discloses, in the order of the text.
    pub disclosures: Vec<(&'static str, String)>,
}

impl Pid {
    /// Names, the date of birth, the address and two of its members, one of two nationalities and the flag
    /// of 18 can be hidden; there is a decoy in the address.
    pub fn new() -> Pid {
        let mut disclosures = Vec::new();
        let mut hide = |name: &'static str, items: Value| {
            let text = disclosure(&items);
            disclosures.push((name, text.clone()));
            digest(&text)
        };
        let address = json!({
            "country": "NW",
            "_sd": [
                hide("street", json!(["s-1", "street_address", "12 SAMPLE ROW"])),
                hide("city", json!(["s-2", "locality", "NOWHERE FALLS"])),
                digest("nothing"),
            ],
        });
        let own = [
            hide("given_name", json!(["s-3", "given_name", "MIRABEL"])),
            hide("family_name", json!(["s-4", "family_name", "EXEMPLARIS"])),
            hide("birthdate", json!(["s-5", "birthdate", "1991-02-28"])),
            hide("address", json!(["s-6", "address", address])),
        ];
        let payload = json!({
            "iss": issuer().did(),
            "iat": 1_714_644_000,
            "exp": 1_900_000_000,
            "vct": "urn:eudi:pid:1",
            "cnf": {"jwk": jwk(&holder())},
            "_sd_alg": "sha-256",
            "_sd": own,
            "sex": 2,
            "nationalities": ["FR", {"...": hide("nationality", json!(["s-7", "NW"]))}],
            "age_equal_or_over": {"_sd": [hide("over_18", json!(["s-8", "18", true]))], "65": false},
            "place_of_birth": {"locality": "LILLE", "country": "FR"},
            "date_of_expiry": "2030-01-01",
            "issuing_country": "NW",
        });
        let header = json!({
            "alg": algorithm(&issuer()), "kid": issuer().method(), "typ": "dc+sd-jwt",
        });
        Pid { header, payload, disclosures }
    }

    /// Without key binding: the token and the disclosures of these members.
    pub fn shown(&self, names: &[&str]) -> String {
        let is_shown = |it: &&(&str, String)| names.contains(&it.0);
        let texts = self.disclosures.iter().filter(is_shown).map(|(_, text)| text.as_str());
        presented(&token(&issuer(), &self.header, &self.payload), texts)
    }

    pub fn names(&self) -> Vec<&'static str> {
        self.disclosures.iter().map(|(name, _)| *name).collect()
    }

    /// With everything disclosed and bound.
    pub fn bound(&self) -> String {
        bound(&self.shown(&self.names()))
    }
}

pub fn presented<'t>(token: &str, disclosures: impl IntoIterator<Item = &'t str>) -> String {
    disclosures.into_iter().fold(format!("{token}~"), |text, it| format!("{text}{it}~"))
}

/// What the holder signs over a text that ends with a tilde.
pub fn binding(presented: &str) -> (Value, Value) {
    let header = json!({"alg": algorithm(&holder()), "typ": "kb+jwt"});
    let claims = json!({
        "iat": 1_717_000_000, "aud": AUDIENCE, "nonce": NONCE, "sd_hash": digest(presented),
    });
    (header, claims)
}

pub fn bound(presented: &str) -> String {
    let (header, claims) = binding(presented);
    format!("{presented}{}", token(&holder(), &header, &claims))
}
