//! Public keys in the spellings of DID documents.

mod rsa;

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine as _;

use crate::json::{Json, Object};

/// A public key as a DID document spells it: its bytes, not yet checked to be a curve point.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum PublicKey {
    /// A compressed BLS12-381 G2 point.
    Bls12381G2(Box<[u8; 96]>),
    /// As RFC 8032, section 5.1.5, encodes it.
    Ed25519([u8; 32]),
    /// A point of P-256, compressed or not (SEC 1, section 2.3.3).
    P256(Box<[u8]>),
    /// A point of P-384, compressed or not.
    P384(Box<[u8]>),
    /// Of a size and an exponent that are accepted.
    Rsa(RsaKey),
    /// A point of secp256k1, compressed or not.
    Secp256k1(Box<[u8]>),
    /// A key of a type that no suite uses.
    Other,
}

/// An RSA key (RFC 8017, section 3.1) whose exponent is 65537.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct RsaKey {
    /// The modulus, its highest byte first and not 0.
    pub(crate) modulus: Box<[u8]>,
    /// What it may sign with.
    algorithms: &'static [Algorithm],
}

impl PublicKey {
    /// What signatures can be by it: one, but for RSA, whose keys do not say how they are used.
    pub(crate) fn algorithms(&self) -> &'static [Algorithm] {
        match self {
            PublicKey::Ed25519(_) => &[Algorithm::Ed25519],
            PublicKey::P256(_) => &[Algorithm::P256],
            PublicKey::P384(_) => &[Algorithm::P384],
            PublicKey::Rsa(key) => key.algorithms,
            PublicKey::Secp256k1(_) => &[Algorithm::Secp256k1],
            PublicKey::Bls12381G2(_) | PublicKey::Other => &[],
        }
    }
}

/// What a key of a plain signature scheme signs with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Algorithm {
    Ed25519,
    /// With SHA-256.
    P256,
    /// With SHA-384.
    P384,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RsaPkcs1,
    /// RSASSA-PSS with SHA-256.
    RsaPss,
    /// With SHA-256.
    Secp256k1,
}

impl Algorithm {
    pub(crate) const ALL: [Algorithm; 6] = [
        Algorithm::Ed25519,
        Algorithm::P256,
        Algorithm::P384,
        Algorithm::RsaPkcs1,
        Algorithm::RsaPss,
        Algorithm::Secp256k1,
    ];

    pub(crate) fn is_ecdsa(self) -> bool {
        matches!(self, Algorithm::P256 | Algorithm::P384 | Algorithm::Secp256k1)
    }

    /// The name that JOSE gives it (RFC 7518, section 3.1; RFC 8037, section 3.1; RFC 8812, section
    /// 3.2).
    pub(crate) fn jose(self) -> &'static str {
        match self {
            Algorithm::Ed25519 => "EdDSA",
            Algorithm::P256 => "ES256",
            Algorithm::P384 => "ES384",
            Algorithm::RsaPkcs1 => "RS256",
            Algorithm::RsaPss => "PS256",
            Algorithm::Secp256k1 => "ES256K",
        }
    }

    /// The name that a JWK gives its curve (RFC 7518, section 6.2.1.1; RFC 8037, section 2; RFC 8812,
    /// section 3.1).
    fn curve(self) -> Option<&'static str> {
        match self {
            Algorithm::Ed25519 => Some("Ed25519"),
            Algorithm::P256 => Some("P-256"),
            Algorithm::P384 => Some("P-384"),
            Algorithm::RsaPkcs1 | Algorithm::RsaPss => None,
            Algorithm::Secp256k1 => Some("secp256k1"),
        }
    }
}

/// Why a verification method holds no key that can be read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum KeyFault {
    /// The text is not of its encoding (base58btc, multibase, base64url, hex, PEM) or of the wrong length.
    Encoding,
    /// None of `publicKeyBase58`, `publicKeyHex`, `publicKeyJwk`, `publicKeyMultibase`, `publicKeyPem`.
    Missing,
    /// More than one of them.
    Several,
    /// An RSA key of another size or exponent than those that are accepted.
    Size,
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
            KeyFault::Size => "size",
            KeyFault::Type => "type",
        }
    }
}

/// Reads the key of a verification method.
pub(crate) fn from_verification_method(method: &Object<'_>) -> Result<PublicKey, KeyFault> {
    let kind = method.get("type").and_then(|kind| kind.as_str()).unwrap_or_default();
    let mut spellings = SPELLINGS.iter().filter_map(|name| Some((*name, method.get(name)?)));
    let (name, value) = match (spellings.next(), spellings.next()) {
        (None, _) => return Err(KeyFault::Missing),
        (Some(only), None) => only,
        (Some(_), Some(_)) => return Err(KeyFault::Several),
    };
    let (key, any): (_, &[&str]) = match name {
        "publicKeyBase58" => match kind {
            kind if BLS_TYPES.contains(&kind) => return g2(&base58(text_of(value)?)?),
            ED25519_2018 => return ed25519(&base58(text_of(value)?)?),
            SECP256K1_2019 => return secp256k1(&base58(text_of(value)?)?),
            _ => return Ok(PublicKey::Other),
        },
        "publicKeyHex" => match kind {
            SECP256K1_2019 => return secp256k1(&hex(text_of(value)?)?),
            _ => return Ok(PublicKey::Other),
        },
        "publicKeyPem" => match kind {
            RSA_2018 => return rsa::from_pem(text_of(value)?),
            _ => return Ok(PublicKey::Other),
        },
        "publicKeyMultibase" => (from_multibase(text_of(value)?)?, &["Multikey"]),
        _ => {
            let jwk = value.as_object().ok_or(KeyFault::Encoding)?;
            (from_jwk(jwk)?, &["JsonWebKey2020", "JsonWebKey"])
        }
    };
    let own: &[&str] = match &key {
        PublicKey::Bls12381G2(_) => &BLS_TYPES,
        PublicKey::Ed25519(_) => &[ED25519_2018, "Ed25519VerificationKey2020"],
        PublicKey::P256(_) => &["EcdsaSecp256r1VerificationKey2019"],
        PublicKey::P384(_) => &["EcdsaSecp384r1VerificationKey2019"],
        PublicKey::Rsa(_) => &[RSA_2018],
        PublicKey::Secp256k1(_) => &[SECP256K1_2019],
        PublicKey::Other => return Ok(key),
    };
    (own.contains(&kind) || any.contains(&kind)).then_some(key).ok_or(KeyFault::Type)
}

/// Reads a multibase text with a multicodec prefix (`zUC7…` is a G2 point).
pub(crate) fn from_multibase(text: &str) -> Result<PublicKey, KeyFault> {
    let text = text.strip_prefix('z').ok_or(KeyFault::Encoding)?;
    // No key that a suite reads has so many characters.
    if text.len() > LONGEST {
        let is_base58 = |byte: u8| byte.is_ascii_alphanumeric() && !b"0OIl".contains(&byte);
        return text.bytes().all(is_base58).then_some(PublicKey::Other).ok_or(KeyFault::Encoding);
    }
    match base58(text)?.as_slice() {
        [0xeb, 0x01, point @ ..] => g2(point),
        // G1 and G2 of one secret, G1 first (`z5Tc…`): the issuer signs with the G2 key.
        [0xee, 0x01, points @ ..] if points.len() == 144 => {
            g2(points.get(48..).unwrap_or_default())
        }
        [0xee, 0x01, ..] => Err(KeyFault::Encoding),
        [0xed, 0x01, key @ ..] => ed25519(key),
        [0x80, 0x24, point @ ..] => sec1(point, 33).map(PublicKey::P256),
        [0x81, 0x24, point @ ..] => sec1(point, 49).map(PublicKey::P384),
        [0x85, 0x24, key @ ..] => rsa::from_der(key),
        [0xe7, 0x01, point @ ..] => secp256k1(point),
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
    let algorithm = Algorithm::ALL.into_iter().find(|it| it.curve() == Some(curve));
    let kinds: &[&str] = match algorithm {
        Some(Algorithm::Ed25519) => &["OKP"],
        Some(_) => &["EC"],
        None if BLS_CURVES.contains(&curve) => &["EC", "OKP"],
        None if text("kty") == Some("RSA") => return rsa::from_jwk(jwk),
        None => return Ok(PublicKey::Other),
    };
    // RFC 7517, sections 4.2 and 4.4: what it is for, if it says so.
    let is_for = |name, purpose| text(name).is_none_or(|it| it == purpose);
    if algorithm.is_some_and(|it| !is_for("use", "sig") || !is_for("alg", it.jose())) {
        return Err(KeyFault::Type);
    }
    let is_of_kind = text("kty").is_some_and(|kind| kinds.contains(&kind));
    let has_y = algorithm.is_some_and(|it| it != Algorithm::Ed25519);
    // A document that shows the secret has no key.
    if !is_of_kind || jwk.get("y").is_some() != has_y || jwk.get("d").is_some() {
        return Err(KeyFault::Type);
    }
    let coordinate = |name| {
        let text = text(name).ok_or(KeyFault::Missing)?;
        URL_SAFE_NO_PAD.decode(text).map_err(|_| KeyFault::Encoding)
    };
    let x = coordinate("x")?;
    match algorithm {
        Some(Algorithm::Ed25519) => ed25519(&x),
        Some(Algorithm::P256) => uncompressed(&x, &coordinate("y")?, 32).map(PublicKey::P256),
        Some(Algorithm::P384) => uncompressed(&x, &coordinate("y")?, 48).map(PublicKey::P384),
        Some(_) => uncompressed(&x, &coordinate("y")?, 32).map(PublicKey::Secp256k1),
        None => g2(&x),
    }
}

fn text_of<'k>(key: &'k Json<'_>) -> Result<&'k str, KeyFault> {
    key.as_str().ok_or(KeyFault::Encoding)
}

fn base58(text: &str) -> Result<Vec<u8>, KeyFault> {
    // Decoding is quadratic: bound it.
    if text.len() > LONGEST {
        return Err(KeyFault::Encoding);
    }
    bs58::decode(text).into_vec().map_err(|_| KeyFault::Encoding)
}

/// Pairs of hexadecimal digits, small or capital.
fn hex(text: &str) -> Result<Vec<u8>, KeyFault> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).ok_or(KeyFault::Encoding);
    let byte = |pair: &[u8]| match pair {
        [high, low] => {
            let byte = digit(high)?.wrapping_mul(16).wrapping_add(digit(low)?);
            u8::try_from(byte).map_err(|_| KeyFault::Encoding)
        }
        _ => Err(KeyFault::Encoding),
    };
    text.as_bytes().chunks(2).map(byte).collect()
}

fn ed25519(bytes: &[u8]) -> Result<PublicKey, KeyFault> {
    bytes.try_into().map(PublicKey::Ed25519).map_err(|_| KeyFault::Encoding)
}

/// A compressed point, which says of its y alone whether it is odd (SEC 1, section 2.3.3): a key has one text.
fn sec1(point: &[u8], length: usize) -> Result<Box<[u8]>, KeyFault> {
    let is_compressed = point.len() == length && matches!(point, [2 | 3, ..]);
    is_compressed.then(|| point.into()).ok_or(KeyFault::Encoding)
}

fn secp256k1(point: &[u8]) -> Result<PublicKey, KeyFault> {
    sec1(point, 33).map(PublicKey::Secp256k1)
}

fn uncompressed(x: &[u8], y: &[u8], length: usize) -> Result<Box<[u8]>, KeyFault> {
    // RFC 7518, section 6.2.1: a coordinate has the length of the field, leading zeros included.
    match x.len() == length && y.len() == length {
        true => Ok([&[4], x, y].concat().into()),
        false => Err(KeyFault::Encoding),
    }
}

fn g2(bytes: &[u8]) -> Result<PublicKey, KeyFault> {
    let point = bytes.try_into().map_err(|_| KeyFault::Encoding)?;
    Ok(PublicKey::Bls12381G2(Box::new(point)))
}

/// In base58: an RSA key of 4096 bits has 722 characters.
const LONGEST: usize = 730;
const ED25519_2018: &str = "Ed25519VerificationKey2018";
const RSA_2018: &str = "RsaVerificationKey2018";
const SECP256K1_2019: &str = "EcdsaSecp256k1VerificationKey2019";
const SPELLINGS: [&str; 5] =
    ["publicKeyBase58", "publicKeyHex", "publicKeyJwk", "publicKeyMultibase", "publicKeyPem"];
const BLS_TYPES: [&str; 3] =
    ["Bls12381G2Key2020", "sec:Bls12381G2Key2020", "https://w3id.org/security#Bls12381G2Key2020"];

/// The spellings of MATTR's key pairs, aries-framework-go and the IETF draft.
const BLS_CURVES: [&str; 4] = ["BLS12381_G2", "Bls12381G2", "Bls12381g2", "BLS12381G2"];
