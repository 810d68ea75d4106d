//! Decentralized identifiers and the documents they lead to (DID Core 1.0).

use std::fmt;

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine as _;
use chrono::{DateTime, Utc};

use crate::error::Error;
use crate::json::{self, Json, Object};
use crate::key::{self, KeyFault, PublicKey};
use crate::limits::{Limit, Limits};
use crate::time;

/// A DID (DID Core 1.0, section 3.1), compared with the case of its percent-encoding normalized and
/// nothing else.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Did(String);

impl Did {
    /// Reads a DID.
    ///
    /// # Errors
    ///
    /// [`Error::Configuration`] if the text has a fragment, path or query or is no DID.
    pub fn new(text: &str) -> Result<Did, Error> {
        Did::parse(text)
            .ok_or(Error::Configuration { what: "DID", problem: "is not `did:method:identifier`" })
    }

    /// The DID as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn parse(text: &str) -> Option<Did> {
        let (scheme, rest) = text.split_once(':')?;
        let (method, identifier) = rest.split_once(':')?;
        let method_is_known = !method.is_empty()
            && method.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        let well_formed = scheme.eq_ignore_ascii_case("did")
            && method_is_known
            && text.len() <= MAX_DID_LENGTH
            && !identifier.is_empty()
            && !identifier.ends_with(':');
        if !well_formed {
            return None;
        }
        let is_plain = |text: &str| {
            text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_:".contains(&byte))
        };
        let mut pieces = identifier.split('%');
        let first = pieces.next().filter(|it| is_plain(it))?;
        let mut normal = String::with_capacity(text.len());
        normal.extend(["did:", method, ":", first]);
        for piece in pieces {
            let (digits, rest) = piece.split_at_checked(2)?;
            if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) || !is_plain(rest) {
                return None;
            }
            normal.extend(["%", &digits.to_ascii_uppercase(), rest]);
        }
        Some(Did(normal))
    }

    /// Whether the DID itself states its document, so that no file may state another one.
    pub(crate) fn states_its_document(&self) -> bool {
        self.0.starts_with("did:key:") || self.0.starts_with("did:jwk:")
    }

    /// The `did:key` identifier, if the method is that one.
    fn key_identifier(&self) -> Option<&str> {
        self.0.strip_prefix("did:key:")
    }
}

impl fmt::Display for Did {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A DID with a fragment: the name of a verification method. Path and query are refused.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct DidUrl {
    did: Did,
    fragment: String,
}

impl DidUrl {
    pub(crate) fn parse(text: &str) -> Option<DidUrl> {
        let (did, fragment) = text.split_once('#')?;
        DidUrl::of(Did::parse(did)?, fragment)
    }

    /// Reads an absolute DID URL, or a relative one (`#fragment`) of the document of `base`.
    pub(crate) fn parse_in(text: &str, base: &Did) -> Option<DidUrl> {
        match text.strip_prefix('#') {
            Some(fragment) => DidUrl::of(base.clone(), fragment),
            None => DidUrl::parse(text),
        }
    }

    fn of(did: Did, fragment: &str) -> Option<DidUrl> {
        let allowed =
            |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?%".contains(&byte);
        let well_formed =
            (1..=MAX_DID_LENGTH).contains(&fragment.len()) && fragment.bytes().all(allowed);
        well_formed.then(|| DidUrl { did, fragment: fragment.to_owned() })
    }

    pub(crate) fn did(&self) -> &Did {
        &self.did
    }
}

impl fmt::Display for DidUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}#{}", self.did, self.fragment)
    }
}

/// What a key is used for (DID Core 1.0, section 5.3).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Purpose {
    /// To sign credentials.
    Assertion,
    /// To sign presentations.
    Authentication,
}

impl Purpose {
    pub(crate) const ALL: [Purpose; 2] = [Purpose::Assertion, Purpose::Authentication];

    /// The member of a DID document that lists the keys, and the `proofPurpose` of a proof.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Purpose::Assertion => "assertionMethod",
            Purpose::Authentication => "authentication",
        }
    }
}

/// The verification methods of one DID, and what each of them may be used for.
#[derive(Clone, Debug)]
pub(crate) struct DidDocument {
    id: Did,
    methods: Vec<VerificationMethod>,
}

/// One verification method (Controlled Identifiers 1.0, section 2.2).
#[derive(Clone, Debug)]
pub(crate) struct VerificationMethod {
    pub(crate) id: DidUrl,
    pub(crate) controller: Option<Did>,
    pub(crate) key: Result<PublicKey, KeyFault>,
    /// Under which it is listed, by reference or embedded.
    purposes: Vec<Purpose>,
    /// From when on it must not be used: the earlier of `revoked` and `expires`.
    pub(crate) until: Option<DateTime<Utc>>,
}

impl DidDocument {
    /// Reads a DID document given as evidence.
    pub(crate) fn from_json(bytes: &[u8], limits: &Limits) -> Result<DidDocument, Error> {
        let document = json::parse(bytes, limits)?;
        let refused = |problem| Error::Configuration { what: "DID document", problem };
        let count = |name| {
            let items = document.as_object().map_or(Ok(&[][..]), |it| items(it, name));
            items.map(<[_]>::len).map_err(refused)
        };
        // Before any of them is read: each one costs work, and references are compared with methods.
        let mut most = count("verificationMethod")?;
        for purpose in Purpose::ALL {
            most = most.max(count(purpose.name())?);
        }
        let within = |count| match count > limits.methods {
            true => Err(Error::beyond(limits, Limit::Methods)),
            false => Ok(()),
        };
        within(most)?;
        let read = DidDocument::read(&document).map_err(refused)?;
        within(read.methods.len())?;
        Ok(read)
    }

    fn read(document: &Json<'_>) -> Result<DidDocument, &'static str> {
        let document = document.as_object().ok_or("is not an object")?;
        let id = document.get("id").and_then(Json::as_str).ok_or("has no `id`")?;
        let id = Did::parse(id).ok_or("has an `id` that is no DID")?;
        let listed = items(document, "verificationMethod")?;
        let mut methods = Vec::new();
        for method in listed {
            let method = method.as_object().ok_or("has a verification method that is no object")?;
            methods.push(VerificationMethod::read(method, &id, None)?);
        }
        for purpose in Purpose::ALL {
            for method in items(document, purpose.name())? {
                match method {
                    Json::String(reference) => {
                        let reference = DidUrl::parse_in(reference, &id)
                            .ok_or("has an `assertionMethod` or `authentication` that is no DID URL")?;
                        for method in methods.iter_mut().filter(|method| method.id == reference) {
                            method.purposes.push(purpose);
                        }
                    }
                    Json::Object(method) => {
                        methods.push(VerificationMethod::read(method, &id, Some(purpose))?);
                    }
                    _ => {
                        return Err("has an `assertionMethod` or `authentication` that is neither text nor object")
                    }
                }
            }
        }
        let repeated = methods.iter().enumerate().any(|(index, method)| {
            methods.iter().skip(index.saturating_add(1)).any(|other| other.id == method.id)
        });
        match repeated {
            true => Err("has two verification methods with one `id`"),
            false => Ok(DidDocument { id, methods }),
        }
    }

    /// The document of a DID that states its own key; `None` for every other.
    ///
    /// These are `did:key` and `did:jwk`.
    pub(crate) fn derived(did: &Did) -> Option<DidDocument> {
        DidDocument::of_did_key(did).or_else(|| DidDocument::of_did_jwk(did))
    }

    /// Derives the document of a `did:jwk` (did:jwk method, section "Read").
    fn of_did_jwk(did: &Did) -> Option<DidDocument> {
        let identifier = did.0.strip_prefix("did:jwk:")?;
        let text = URL_SAFE_NO_PAD.decode(identifier).ok();
        let jwk = text.as_deref().and_then(|text| json::parse(text, &Limits::STANDARD).ok());
        let key = jwk.as_ref().and_then(Json::as_object).map(key::from_jwk);
        let key = key.unwrap_or(Err(KeyFault::Encoding));
        let id = DidUrl::of(did.clone(), "0")?;
        Some(DidDocument::of_one(did, id, key))
    }

    /// The document of a DID that is its own key, for every purpose.
    fn of_one(did: &Did, id: DidUrl, key: Result<PublicKey, KeyFault>) -> DidDocument {
        let (controller, purposes) = (Some(did.clone()), Purpose::ALL.to_vec());
        let method = VerificationMethod { id, controller, key, purposes, until: None };
        DidDocument { id: did.clone(), methods: vec![method] }
    }

    /// Derives the document of a `did:key` (did:key method 0.7).
    ///
    /// `None` if the DID is of another method.
    pub(crate) fn of_did_key(did: &Did) -> Option<DidDocument> {
        let identifier = did.key_identifier()?;
        let key = key::from_multibase(identifier);
        let fragment = match &key {
            // Of both groups; the key alone has one spelling, which is the identifier.
            Ok(PublicKey::Bls12381G2(point)) if !identifier.starts_with("zUC7") => {
                key::g2_multibase(point)
            }
            _ => identifier.to_owned(),
        };
        let id = DidUrl::of(did.clone(), &fragment)?;
        Some(DidDocument::of_one(did, id, key))
    }

    pub(crate) fn id(&self) -> &Did {
        &self.id
    }

    pub(crate) fn methods(&self) -> &[VerificationMethod] {
        &self.methods
    }

    /// The verification method that the DID URL names.
    pub(crate) fn method(&self, id: &DidUrl) -> Option<&VerificationMethod> {
        self.methods.iter().find(|method| method.id == *id)
    }
}

impl VerificationMethod {
    /// Whether it is listed for the purpose.
    pub(crate) fn serves(&self, purpose: Purpose) -> bool {
        self.purposes.contains(&purpose)
    }

    fn read(
        method: &Object<'_>,
        base: &Did,
        purpose: Option<Purpose>,
    ) -> Result<Self, &'static str> {
        let text = |name| method.get(name).and_then(Json::as_str);
        let id = text("id").ok_or("has a verification method without `id`")?;
        let id = DidUrl::parse_in(id, base)
            .ok_or("has a verification method whose `id` is no DID URL")?;
        let mut until = None;
        for name in ["revoked", "expires"] {
            let instant = match method.get(name) {
                None | Some(Json::Null) => continue,
                Some(Json::String(text)) => time::earliest_instant(text),
                Some(_) => None,
            };
            let instant = instant.ok_or("has a `revoked` or `expires` that is no date and time")?;
            until = Some(until.map_or(instant, |until: DateTime<Utc>| until.min(instant)));
        }
        Ok(VerificationMethod {
            id,
            controller: text("controller").and_then(Did::parse),
            key: key::from_verification_method(method),
            purposes: purpose.into_iter().collect(),
            until,
        })
    }
}

fn items<'d, 'a>(document: &'d Object<'a>, name: &str) -> Result<&'d [Json<'a>], &'static str> {
    match document.get(name) {
        None => Ok(&[]),
        Some(Json::Array(items)) => Ok(items),
        Some(_) => Err(
            "has a `verificationMethod`, `assertionMethod` or `authentication` that is no array",
        ),
    }
}

/// A did:key of an RSA key of 4096 bits, the longest in use, has about 730 characters.
const MAX_DID_LENGTH: usize = 2048;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_case_of_scheme_and_percent_encoding_is_normalized() {
        let did = |text| Did::parse(text);
        assert_eq!(did("did:web:localhost%3a8443:x"), did("DID:web:localhost%3A8443:x"));
        assert_ne!(did("did:web:a.example"), did("did:web:A.example"));
        for text in [
            "",
            "did:",
            "did:web:",
            "did:WEB:a",
            "did:web:a#k",
            "did:web:a/b",
            "did:web:a?b",
            "did:web:a%4",
            "did:web:a%zz",
            "did:web:a:",
            "did:web:ä",
            "did:web:a ",
            "urn:web:a",
        ] {
            assert_eq!(did(text), None, "{text}");
        }
    }

    #[test]
    fn documents_that_could_be_read_in_two_ways_are_refused() {
        let limits = Limits::STANDARD;
        let read = |text: &str| match DidDocument::from_json(text.as_bytes(), &limits) {
            Err(Error::Configuration { problem, .. }) => problem,
            other => {
                assert!(other.is_err(), "{text}");
                ""
            }
        };
        let method = r##"{"id":"#k","type":"X"}"##;
        let document = format!(r#"{{"id":"did:web:a","verificationMethod":[{method},{method}]}}"#);
        assert_eq!(read(&document), "has two verification methods with one `id`");
        assert_eq!(read("[]"), "is not an object");
        assert_eq!(read("{}"), "has no `id`");
        assert_eq!(read(r#"{"id":"did:web:a#b"}"#), "has an `id` that is no DID");
        // Methods, references to one method, and what is no method at all: counted before it is read.
        let unread = vec!["7"; 257].join(",");
        let references = vec![r##""#k""##; 257].join(",");
        for members in [
            format!(r#""verificationMethod":[{unread}]"#),
            format!(r#""assertionMethod":[{unread}]"#),
            format!(r#""verificationMethod":[{method}],"assertionMethod":[{references}]"#),
        ] {
            let text = format!(r#"{{"id":"did:web:a",{members}}}"#);
            let refused = Err(Error::beyond(&limits, Limit::Methods));
            assert_eq!(DidDocument::from_json(text.as_bytes(), &limits).map(|_| ()), refused);
        }
    }
}
