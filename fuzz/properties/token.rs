//! No forgery: whatever is accepted was signed, and says nothing else. Of credentials as JWTs and as SD-JWTs,
//! in envelopes and in presentations of every kind, and of proofs by plain keys.
//!
//! An input that begins like JSON or like a token is taken as a whole text; any other is a list of changes of a
//! text that is accepted. Some of them sign: by the holder's key, which may show what was issued and to whom,
//! and can add nothing to it; and by keys that nobody trusts.

#[path = "token/changed.rs"]
mod changed;
#[path = "edits.rs"]
mod edits;
#[path = "token/honest.rs"]
mod honest;
#[path = "token/shown.rs"]
mod shown;

use std::collections::BTreeSet;

use changed::Changes;
use honest::World;
use result_vp::{signed_claims, GovernmentId, VerifiedCredential};
use shown::{payload, signed, Credential, Original, Presented, Shown};

use crate::sd_jwt::{digest, AUDIENCE, NONCE};

/// Panics where the property does not hold.
pub fn check(data: &[u8]) {
    let world = World::get();
    let (text, held) = match data.first() {
        Some(b'{' | b'[' | b'"' | b' ' | b'e') => (data.to_vec(), BTreeSet::new()),
        _ => Changes::new(world, data).text(),
    };
    let Some(read) = world.read(&text) else { return };
    let Some(claims) = world.accepted(&read) else { return };
    let text = std::str::from_utf8(&text).expect("what is accepted is a text");
    let shown = Shown::of(text);
    assert_eq!(shown.credentials.len(), claims.len(), "{text}");
    for (credential, claims) in shown.credentials.iter().zip(&claims) {
        world.assert_issued(credential, claims);
    }
    if world.accepted_of_subject(&read) {
        world.assert_presented(&shown, &held);
    }
}

/// Names and values that are texts: of the subject, of a government ID, and the issuer.
type Claims = BTreeSet<(String, String)>;

fn claims(credential: &VerifiedCredential) -> Claims {
    let mut claims = Claims::new();
    for (name, values) in signed_claims(credential) {
        // The labels of blank nodes depend on what else is shown.
        let values = values.into_iter().filter(|value| !value.starts_with("_:"));
        claims.extend(values.map(|value| (name.clone(), value)));
    }
    if let Some(id) = GovernmentId::from_credential(credential) {
        for (name, claim) in id.claims() {
            let texts = claim.disclosed().into_iter().flatten();
            claims.extend(texts.map(|text| (name.to_owned(), (*text).to_owned())));
        }
    }
    claims.extend(credential.issuer().map(|it| ("issuer".to_owned(), it.to_string())));
    claims
}

impl World {
    /// An issuer signed these bytes or statements, and the claims are those that were signed.
    fn assert_issued(&self, credential: &Credential, claims: &Claims) {
        match credential {
            Credential::Token(token) => {
                let (text, signature) = signed(&token.issued);
                let issued = self.tokens.get(text).expect("an issuer signed it");
                assert!(issued.signatures.iter().any(|it| it == signature), "another signature");
                let disclosures: BTreeSet<&String> = token.disclosures.iter().collect();
                assert_eq!(disclosures.len(), token.disclosures.len(), "one stands twice");
                assert!(disclosures.iter().all(|it| issued.disclosures.contains(*it)));
                assert!(claims.is_subset(&issued.claims), "{claims:?}");
                // Neither their order nor who binds them changes what they say.
                let mut alone = token.issued.clone();
                if !token.presented.is_empty() {
                    disclosures.iter().for_each(|it| alone.extend(["~", it]));
                    alone.push('~');
                }
                assert_eq!(self.claims_of(&alone), std::slice::from_ref(claims));
            }
            Credential::Secured(secured) => {
                assert!(!secured.proofs.is_empty(), "nobody signed it");
                for options in &secured.proofs {
                    let is_it = |it: &&Original| it.covers(&secured.document, options);
                    let original = self.documents.iter().find(is_it).expect("an issuer signed it");
                    assert!(claims.is_subset(&original.claims), "{claims:?}");
                }
            }
        }
    }

    /// The holder signed what is shown, to whom and in which session.
    fn assert_presented(&self, shown: &Shown, held: &BTreeSet<String>) {
        let by_holder = |jws: &str| {
            let text = signed(jws).0;
            assert!(self.held.contains(text) || held.contains(text), "the holder signed it");
            let payload = payload(jws);
            assert!(payload["nonce"].as_str().is_some_and(|it| it.ends_with(NONCE)));
            let several = payload["aud"].as_array().into_iter().flatten();
            assert!(several.chain([&payload["aud"]]).any(|it| it == AUDIENCE));
            payload
        };
        match &shown.presented {
            Presented::ByToken(token) => drop(by_holder(&token.issued)),
            Presented::ByProof(secured) => {
                let is_it = |it: &Original| it.covers(&secured.document, &secured.proofs[0]);
                assert!(self.presentations.iter().any(is_it), "the holder signed it");
            }
            Presented::Plainly => {
                for credential in &shown.credentials {
                    let Credential::Token(token) = credential else { panic!("nobody binds it") };
                    assert_eq!(by_holder(&token.binding)["sd_hash"], digest(&token.presented));
                }
            }
        }
    }
}
