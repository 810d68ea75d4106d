//! What is wrong with the keys of issuers, told when they are registered and not only when a
//! credential comes.

use std::fmt;

use crate::did::{Did, DidDocument, VerificationMethod};
use crate::evidence::Evidence;
use crate::key::PublicKey;
use crate::proof::bbs2020::PreparedKey;
use crate::report::{Reason, ReasonCode};

/// Something that whoever registers an issuer should know of one of its keys.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeyFinding {
    method: String,
    code: &'static str,
    meaning: &'static str,
}

impl KeyFinding {
    /// The DID URL of the verification method.
    #[must_use]
    pub fn verification_method(&self) -> &str {
        &self.method
    }

    /// The stable name of the finding: `key_shared`, `key_repeated`, or the code of the reason for
    /// which no proof by this key is accepted.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// What it means, in a sentence.
    #[must_use]
    pub fn meaning(&self) -> &'static str {
        self.meaning
    }

    fn of(method: &VerificationMethod, code: &'static str, meaning: &'static str) -> KeyFinding {
        KeyFinding { method: method.id.to_string(), code, meaning }
    }
}

impl fmt::Display for KeyFinding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}: {}", self.method, self.code, self.meaning)
    }
}

impl Evidence {
    /// What is wrong with the BLS12-381 keys of every DID document, and of those that `dids` state
    /// themselves (`did:key`, `did:jwk`): not in the group, its identity, a secret that anybody can
    /// find, another controller, one key under two DIDs or twice in one document.
    ///
    /// Each key is decoded, which costs about as much as a tenth of a verification.
    #[must_use]
    pub fn key_findings(&self, dids: &[Did]) -> Vec<KeyFinding> {
        let derived: Vec<DidDocument> = dids.iter().filter_map(DidDocument::derived).collect();
        let documents: Vec<&DidDocument> = self.did_documents().chain(&derived).collect();
        let mut found = Vec::new();
        let mut seen: Vec<Seen<'_>> = Vec::new();
        for document in documents {
            let in_this = seen.len();
            for method in document.methods() {
                found.extend(refusal(document, method).map(|reason| {
                    let code = reason.code();
                    KeyFinding::of(method, code.code(), code.meaning())
                }));
                let Ok(PublicKey::Bls12381G2(key)) = &method.key else { continue };
                let twin = |it: &&Seen<'_>| it.key == key.as_slice();
                if seen.iter().filter(twin).any(|it| it.did != document.id()) {
                    found.push(KeyFinding::of(method, "key_shared", SHARED));
                }
                if seen.iter().skip(in_this).any(|it| twin(&it)) {
                    found.push(KeyFinding::of(method, "key_repeated", REPEATED));
                }
                seen.push(Seen { key: key.as_slice(), did: document.id() });
            }
        }
        found
    }
}

/// A key that stood in a document before.
struct Seen<'d> {
    key: &'d [u8],
    did: &'d Did,
}

/// Why no proof by this key is accepted, whoever shows it.
fn refusal(document: &DidDocument, method: &VerificationMethod) -> Option<Reason> {
    match &method.key {
        Err(fault) => return Some((*fault).into()),
        Ok(PublicKey::Bls12381G2(key)) => {
            if let Err(problem) = PreparedKey::from_compressed(key.as_slice()) {
                return Some(problem.into());
            }
        }
        // Only keys of BLS12-381 are asked about.
        Ok(_) => return None,
    }
    let is_own = method.controller.as_ref() == Some(document.id());
    (!is_own).then(|| ReasonCode::KeyControllerDiffers.into())
}

const SHARED: &str = "the same key stands under another DID: whoever holds it speaks for both";
const REPEATED: &str = "the same key stands twice in the document: revoking one leaves the other";
