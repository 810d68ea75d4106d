//! What a verifier can do before the first session comes.

use crate::did::{DidDocument, Purpose};
use crate::evidence::Evidence;
use crate::key::PublicKey;

use super::{Verifier, MAX_KEYS};

impl Verifier {
    /// Decodes and checks the keys of the trusted issuers, and derives what the verification of their
    /// credentials needs: those of the evidence's DID documents, of whatever time, and those that
    /// a `did:key` or `did:jwk` of the policy states itself.
    ///
    /// The first session of an issuer then costs what the next ones cost, a millisecond or two less.
    /// Nothing depends on it, and a key that is no key is told by the report, or before by
    /// [`Evidence::key_findings`]. A prepared key takes about 45 KiB, and 400 KiB once it is busy; of
    /// more than 64 keys the rest is left to their first session.
    pub fn prepare(&self, evidence: &Evidence) {
        let trusted = &self.policy.trusted_issuers;
        let derived: Vec<DidDocument> = trusted.dids().filter_map(DidDocument::derived).collect();
        let documents = evidence.did_documents().chain(&derived);
        let keys = documents
            .filter(|document| trusted.trusts(document.id()) != Some(false))
            .flat_map(DidDocument::methods)
            .filter_map(|method| match &method.key {
                Ok(PublicKey::Bls12381G2(key)) if method.serves(Purpose::Assertion) => Some(key),
                _ => None,
            });
        for key in keys.take(MAX_KEYS) {
            if let Ok(prepared) = self.prepared(key) {
                prepared.derive(CONNECT_MESSAGES);
            }
        }
    }
}

/// Of a Trinsic Connect credential: 25 statements of the document and four of the proof.
const CONNECT_MESSAGES: usize = 29;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::did::Did;
    use crate::policy::{Policy, TrustedIssuers};

    #[test]
    fn after_it_nothing_is_left_to_derive() {
        let document = include_bytes!("../../fixtures/did/issuer.json");
        let mut evidence = Evidence::new();
        let did = evidence.add_did_document(document).unwrap();
        let key = |evidence: &Evidence| {
            let document = evidence.did_documents().next().unwrap();
            match &document.methods()[0].key {
                Ok(PublicKey::Bls12381G2(key)) => key.clone(),
                other => panic!("{other:?}"),
            }
        };
        let missing = |trusted: Did| {
            let verifier = Verifier::new(Policy::new(TrustedIssuers::new([trusted]).unwrap()));
            verifier.prepare(&evidence);
            verifier.prepared(&key(&evidence)).unwrap().missing_generators(CONNECT_MESSAGES)
        };
        assert_eq!(missing(did), 0);
        // Of others nothing is prepared.
        assert_eq!(missing(Did::new("did:web:other.example").unwrap()), CONNECT_MESSAGES + 1);
    }

    #[test]
    fn a_key_that_the_policy_states_needs_no_evidence() {
        let document = include_bytes!("../../fixtures/did/issuer.json");
        let mut evidence = Evidence::new();
        evidence.add_did_document(document).unwrap();
        let document = evidence.did_documents().next().unwrap();
        let Ok(PublicKey::Bls12381G2(key)) = &document.methods()[0].key else { panic!("a key") };
        // The multicodec of a key in G2.
        let multikey = bs58::encode([&[0xeb, 0x01], &key[..]].concat()).into_string();
        let did = Did::new(&format!("did:key:z{multikey}")).unwrap();
        let verifier = Verifier::new(Policy::new(TrustedIssuers::new([did]).unwrap()));
        verifier.prepare(&Evidence::new());
        assert_eq!(verifier.prepared(key).unwrap().missing_generators(CONNECT_MESSAGES), 0);
    }
}
