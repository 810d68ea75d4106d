//! RSA keys: those of one exponent and of usual sizes, in the three spellings of DID documents.

use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use base64::Engine as _;

use super::{Algorithm, KeyFault, PublicKey, RsaKey};
use crate::json::Object;

/// Reads a JWK (RFC 7518, section 6.3).
pub(super) fn from_jwk(jwk: &Object<'_>) -> Result<PublicKey, KeyFault> {
    let text = |name| jwk.get(name).and_then(|value| value.as_str());
    // A document that shows the secret has no key.
    if SECRETS.iter().any(|name| jwk.get(name).is_some())
        || text("use").is_some_and(|it| it != "sig")
    {
        return Err(KeyFault::Type);
    }
    let algorithms = match text("alg") {
        None => &BOTH[..],
        Some("PS256") => &[Algorithm::RsaPss],
        Some("RS256") => &[Algorithm::RsaPkcs1],
        Some(_) => return Err(KeyFault::Type),
    };
    let number = |name| {
        let text = text(name).ok_or(KeyFault::Missing)?;
        URL_SAFE_NO_PAD.decode(text).map_err(|_| KeyFault::Encoding)
    };
    key(&number("n")?, &number("e")?, algorithms)
}

/// Reads an RSAPublicKey (RFC 8017, appendix A.1.1), as did:key has it behind its multicodec.
pub(super) fn from_der(bytes: &[u8]) -> Result<PublicKey, KeyFault> {
    let read = |bytes| {
        let (sequence, rest) = value(SEQUENCE, bytes)?;
        let (modulus, behind) = natural(sequence)?;
        let (exponent, last) = natural(behind)?;
        (rest.is_empty() && last.is_empty()).then_some((modulus, exponent))
    };
    let (modulus, exponent) = read(bytes).ok_or(KeyFault::Encoding)?;
    key(modulus, exponent, &BOTH)
}

/// Reads a SubjectPublicKeyInfo (RFC 5280, section 4.1) in its textual encoding (RFC 7468, section 13).
pub(super) fn from_pem(text: &str) -> Result<PublicKey, KeyFault> {
    let body = text.trim().strip_prefix("-----BEGIN PUBLIC KEY-----");
    let body = body.and_then(|text| text.strip_suffix("-----END PUBLIC KEY-----"));
    // Lines end as they like.
    let body: String = body.unwrap_or_default().split(['\r', '\n']).collect();
    let bytes = STANDARD.decode(body).map_err(|_| KeyFault::Encoding)?;
    let read = |bytes| {
        let (info, rest) = value(SEQUENCE, bytes)?;
        let (key, last) = value(BIT_STRING, info.strip_prefix(&RSA_ENCRYPTION)?)?;
        // No bit of the last byte is unused.
        let key = key.strip_prefix(&[0])?;
        (rest.is_empty() && last.is_empty()).then_some(key)
    };
    from_der(read(&bytes).ok_or(KeyFault::Encoding)?)
}

/// A key of whole bytes between the least size of RFC 7518, section 3.3, and twice that, which bounds the work
/// of a signature; the exponent is the one that is in use.
fn key(
    modulus: &[u8],
    exponent: &[u8],
    algorithms: &'static [Algorithm],
) -> Result<PublicKey, KeyFault> {
    let is_whole = matches!(modulus, [0x80..=0xff, .., last] if last % 2 == 1);
    let is_of_size = is_whole && SIZES.contains(&modulus.len());
    match is_of_size && exponent == [1, 0, 1] {
        true => Ok(PublicKey::Rsa(RsaKey { modulus: modulus.into(), algorithms })),
        false => Err(KeyFault::Size),
    }
}

/// The content of the first value, which is of this tag, and what stands behind it (X.690, sections 8.1 and
/// 10.1).
fn value(tag: u8, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (found, rest) = bytes.split_first()?;
    let (length, rest) = match rest {
        [length @ 0..=0x7f, rest @ ..] => (usize::from(*length), rest),
        // A length has one form: the shortest.
        [0x81, length @ 0x80..=0xff, rest @ ..] => (usize::from(*length), rest),
        [0x82, high @ 1..=0xff, low, rest @ ..] => {
            (usize::from(u16::from_be_bytes([*high, *low])), rest)
        }
        _ => return None,
    };
    (*found == tag).then_some(())?;
    rest.split_at_checked(length)
}

/// A number that is not negative, in as few bytes as it has (X.690, section 8.3).
fn natural(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (number, rest) = value(INTEGER, bytes)?;
    match number {
        [0, natural @ ..] if matches!(natural, [0x80..=0xff, ..]) => Some((natural, rest)),
        [1..=0x7f, ..] => Some((number, rest)),
        _ => None,
    }
}

const BIT_STRING: u8 = 3;
const BOTH: [Algorithm; 2] = [Algorithm::RsaPkcs1, Algorithm::RsaPss];
const INTEGER: u8 = 2;
/// The algorithm `rsaEncryption` without parameters (RFC 3279, section 2.3.1).
const RSA_ENCRYPTION: [u8; 15] =
    [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
/// RFC 7518, sections 6.3.2 and 6.3.2.7.
const SECRETS: [&str; 7] = ["d", "dp", "dq", "oth", "p", "q", "qi"];
const SEQUENCE: u8 = 0x30;
/// In bytes.
const SIZES: std::ops::RangeInclusive<usize> = 256..=512;
