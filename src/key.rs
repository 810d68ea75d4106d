//! Public keys in the spellings of DID documents.

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine as _;

use crate::json::Object;

/// A public key as a DID document spells it: its bytes, not yet checked to be a curve point.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum PublicKey {
    /// A compressed BLS12-381 G2 point.
    Bls12381G2(Box<[u8; 96]>),
    /// A key of a type that no suite of this build uses.
    Other,
    /// The same, as ssi reads it.
    #[cfg(feature = "ssi")]
    Jwk(Box<ssi::jwk::JWK>),
}

/// Why a verification method holds no key that can be read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum KeyFault {
    /// The text is not of its encoding (base58btc, multibase, base64url) or of the wrong length.
    Encoding,
    /// None of `publicKeyBase58`, `publicKeyMultibase`, `publicKeyJwk`.
    Missing,
    /// More than one of them.
    Several,
    /// The type of the method, the curve of the JWK and the bytes disagree.
    Type,
}

impl KeyFault {
    /// The stable name of the fault.
    pub(crate) fn code(self) -> &'static str {
        match self {
            KeyFault::Encoding => "encoding",
            KeyFault::Missing => "missing",
            KeyFault::Several => "several",
            KeyFault::Type => "type",
        }
    }
}

/// Reads the key of a verification method.
pub(crate) fn from_verification_method(method: &Object<'_>) -> Result<PublicKey, KeyFault> {
    let kind = method.get("type").and_then(|kind| kind.as_str()).unwrap_or_default();
    let spellings =
        ["publicKeyBase58", "publicKeyMultibase", "publicKeyJwk"].map(|name| method.get(name));
    let bls_type = BLS_TYPES.contains(&kind);
    match spellings {
        [None, None, None] => Err(KeyFault::Missing),
        [Some(key), None, None] => match bls_type {
            true => base58(key.as_str().ok_or(KeyFault::Encoding)?).and_then(|key| g2(&key)),
            false => Ok(PublicKey::Other),
        },
        [None, Some(key), None] => {
            let key = from_multibase(key.as_str().ok_or(KeyFault::Encoding)?)?;
            match (&key, bls_type || kind == "Multikey") {
                (PublicKey::Bls12381G2(_), false) => Err(KeyFault::Type),
                _ => Ok(key),
            }
        }
        [None, None, Some(key)] => {
            let key = from_jwk(key.as_object().ok_or(KeyFault::Encoding)?)?;
            match (&key, bls_type || kind == "JsonWebKey2020" || kind == "JsonWebKey") {
                (PublicKey::Bls12381G2(_), false) => Err(KeyFault::Type),
                _ => Ok(key),
            }
        }
        _ => Err(KeyFault::Several),
    }
}

/// Reads a multibase text with a multicodec prefix (`zUC7…` is a G2 point).
pub(crate) fn from_multibase(text: &str) -> Result<PublicKey, KeyFault> {
    let bytes = base58(text.strip_prefix('z').ok_or(KeyFault::Encoding)?)?;
    match bytes.as_slice() {
        [0xeb, 0x01, point @ ..] => g2(point),
        // G1 and G2 of one secret, G1 first (`z5Tc…`): the issuer signs with the G2 key.
        [0xee, 0x01, points @ ..] if points.len() == 144 => {
            g2(points.get(48..).unwrap_or_default())
        }
        [0xee, 0x01, ..] => Err(KeyFault::Encoding),
        [_, _, ..] => Ok(PublicKey::Other),
        _ => Err(KeyFault::Encoding),
    }
}

/// The key's own multibase spelling, the fragment that did:key gives it.
pub(crate) fn g2_multibase(point: &[u8; 96]) -> String {
    let mut bytes = vec![0xeb, 0x01];
    bytes.extend_from_slice(point);
    format!("z{}", bs58::encode(bytes).into_string())
}

/// Reads a JSON Web Key (RFC 7517).
pub(crate) fn from_jwk(jwk: &Object<'_>) -> Result<PublicKey, KeyFault> {
    let text = |name| jwk.get(name).and_then(|value| value.as_str());
    let curve = text("crv").unwrap_or_default();
    if !BLS_CURVES.contains(&curve) {
        return Ok(other_jwk(jwk));
    }
    let kind_is_known = matches!(text("kty"), Some("EC" | "OKP"));
    if !kind_is_known || jwk.get("y").is_some() || jwk.get("d").is_some() {
        return Err(KeyFault::Type);
    }
    let x = URL_SAFE_NO_PAD.decode(text("x").ok_or(KeyFault::Missing)?);
    g2(&x.map_err(|_| KeyFault::Encoding)?)
}

#[cfg(not(feature = "ssi"))]
fn other_jwk(_: &Object<'_>) -> PublicKey {
    PublicKey::Other
}

#[cfg(feature = "ssi")]
fn other_jwk(jwk: &Object<'_>) -> PublicKey {
    // Every member that names or holds a public key is a text.
    let text = |(name, value): (&str, &crate::json::Json<'_>)| {
        Some((name.to_owned(), serde_json::Value::from(value.as_str()?)))
    };
    let members: serde_json::Map<_, _> = jwk.iter().filter_map(text).collect();
    let jwk = serde_json::from_value(members.into());
    jwk.map_or(PublicKey::Other, |jwk| PublicKey::Jwk(Box::new(jwk)))
}

fn base58(text: &str) -> Result<Vec<u8>, KeyFault> {
    // Decoding is quadratic: bound it. The longest key known (an RSA key) has about 740 characters.
    if text.len() > 1024 {
        return Err(KeyFault::Encoding);
    }
    bs58::decode(text).into_vec().map_err(|_| KeyFault::Encoding)
}

fn g2(bytes: &[u8]) -> Result<PublicKey, KeyFault> {
    let point = bytes.try_into().map_err(|_| KeyFault::Encoding)?;
    Ok(PublicKey::Bls12381G2(Box::new(point)))
}

const BLS_TYPES: [&str; 3] =
    ["Bls12381G2Key2020", "sec:Bls12381G2Key2020", "https://w3id.org/security#Bls12381G2Key2020"];

/// The spellings of MATTR's key pairs, aries-framework-go and the IETF draft.
const BLS_CURVES: [&str; 4] = ["BLS12381_G2", "Bls12381G2", "Bls12381g2", "BLS12381G2"];
