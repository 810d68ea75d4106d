//! An issuer of our own over the `bbs` crate, which shares no code with the library.

#![allow(dead_code)]

use std::collections::BTreeMap;
use std::sync::Mutex;

use base64::engine::general_purpose::STANDARD;
use base64::Engine as _;
use bbs::prelude::*;
use result_vp::{internal, Contexts};
use serde_json::{json, Value};

pub struct Signer {
    key: DeterministicPublicKey,
    secret: SecretKey,
    known: Mutex<BTreeMap<usize, PublicKey>>,
}

impl Signer {
    pub fn new(seed: &str) -> Signer {
        Signer::from_seed(seed.as_bytes())
    }

    pub fn from_seed(seed: &[u8]) -> Signer {
        let seed = KeyGenOption::UseSeed(seed.to_vec());
        let (key, secret) = DeterministicPublicKey::new(Some(seed));
        Signer { key, secret, known: Mutex::default() }
    }

    /// The same, which has derived no generators yet.
    pub fn cold(&self) -> Signer {
        Signer { key: self.key, secret: self.secret.clone(), known: Mutex::default() }
    }

    /// The compressed G2 point.
    pub fn public_key(&self) -> Vec<u8> {
        self.key.to_bytes_compressed_form().to_vec()
    }

    pub fn did(&self) -> String {
        let mut bytes = vec![0xeb, 0x01];
        bytes.extend(self.public_key());
        format!("did:key:z{}", bs58::encode(bytes).into_string())
    }

    pub fn verification_method(&self) -> String {
        let did = self.did();
        format!("{did}#{}", did.trim_start_matches("did:key:"))
    }

    /// The key with its generators, which are derived once for each count.
    pub fn key_for(&self, count: usize) -> PublicKey {
        let mut known = self.known.lock().expect("no panic");
        let derive = || self.key.to_public_key(count).expect("generators");
        known.entry(count).or_insert_with(derive).clone()
    }

    pub fn sign(&self, messages: &[String]) -> Signature {
        Signature::new(&hashed(messages), &self.secret, &self.key_for(messages.len()))
            .expect("signature")
    }

    /// The value of a derived proof: header, bits and the proof itself.
    pub fn derive(
        &self,
        signature: &Signature,
        messages: &[String],
        revealed: &[usize],
        nonce: &[u8],
    ) -> Vec<u8> {
        let key = self.key_for(messages.len());
        let messages: Vec<ProofMessage> = (hashed(messages).into_iter().enumerate())
            .map(|(index, message)| match revealed.contains(&index) {
                true => ProofMessage::Revealed(message),
                false => ProofMessage::Hidden(HiddenMessage::ProofSpecificBlinding(message)),
            })
            .collect();
        let request = Verifier::new_proof_request(revealed, &key).expect("request");
        let commitment =
            Prover::commit_signature_pok(&request, &messages, signature).expect("proof");
        let nonce = ProofNonce::hash(nonce);
        let challenge =
            Prover::create_challenge_hash(std::slice::from_ref(&commitment), None, &nonce);
        let proof = Prover::generate_signature_pok(commitment, &challenge.expect("challenge"));
        let mut value = header(messages.len(), revealed);
        value.extend(proof.expect("proof").proof.to_bytes_compressed_form());
        value
    }

    /// What the oracle says of a value, without its header.
    pub fn oracle(
        &self,
        value: &[u8],
        count: usize,
        revealed: &[(usize, String)],
        nonce: &[u8],
    ) -> bool {
        let key = self.key_for(count);
        let Some(body) = value.get(2 + count / 8 + 1..) else { return false };
        // The oracle panics on some encodings; that is a refusal here.
        let verdict = std::panic::catch_unwind(|| {
            let proof = PoKOfSignatureProof::from_bytes_compressed_form(body).ok()?;
            let indices: Vec<usize> = revealed.iter().map(|(index, _)| *index).collect();
            let request = Verifier::new_proof_request(&indices, &key).ok()?;
            let revealed_messages: BTreeMap<usize, SignatureMessage> = revealed
                .iter()
                .map(|(index, text)| (*index, SignatureMessage::hash(text)))
                .collect();
            let proof = SignatureProof { revealed_messages, proof };
            Verifier::verify_signature_pok(&request, &proof, &ProofNonce::hash(nonce)).ok()
        });
        matches!(verdict, Ok(Some(_)))
    }

    /// Signs `full` and derives a proof for the statements of `shown`, which is the document of the
    /// returned credential.
    pub fn credential(&self, full: &Value, shown: &Value, nonce: &str) -> Value {
        let proof = self.proof_options();
        let messages = self.messages(full, &proof);
        let shown_messages = self.messages(shown, &proof);
        let revealed: Vec<usize> = shown_messages
            .iter()
            .map(|line| messages.iter().position(|it| it == line).expect("a signed line"))
            .collect();
        let value = self.derive(&self.sign(&messages), &messages, &revealed, nonce.as_bytes());
        with_proof(shown, &proof, &value, nonce)
    }

    /// The same for a choice of statements that need not be those of the document.
    pub fn credential_revealing(
        &self,
        full: &Value,
        shown: &Value,
        revealed: &[usize],
        nonce: &str,
    ) -> Value {
        let proof = self.proof_options();
        let messages = self.messages(full, &proof);
        let value = self.derive(&self.sign(&messages), &messages, revealed, nonce.as_bytes());
        with_proof(shown, &proof, &value, nonce)
    }

    /// All lines in the order of signing.
    pub fn messages(&self, document: &Value, proof: &Value) -> Vec<String> {
        self.messages_in(document, proof, &Contexts::bundled())
    }

    /// The same of a document whose contexts are others.
    pub fn messages_in(&self, document: &Value, proof: &Value, contexts: &Contexts) -> Vec<String> {
        let mut credential = document.clone();
        credential["proof"] = proof.clone();
        let text = credential.to_string();
        let options = internal::proof_lines(text.as_bytes()).expect("JSON").expect("proof");
        let lines = internal::statements(text.as_bytes(), contexts).expect("JSON");
        options.into_iter().chain(lines.expect("statements")).collect()
    }

    pub fn proof_options(&self) -> Value {
        json!({
            "type": "BbsBlsSignatureProof2020",
            "created": "2024-05-02T10:00:00Z",
            "proofPurpose": "assertionMethod",
            "proofValue": "",
            "verificationMethod": self.verification_method(),
        })
    }
}

/// The document of a Connect credential: 25 statements.
pub fn document(issuer: &str) -> Value {
    json!({
        "@context": [
            "https://www.w3.org/2018/credentials/v1",
            "https://w3id.org/bbs/v1",
            {"@vocab": "https://trinsic.cloud/idv/"},
        ],
        "id": "urn:vc",
        "type": ["IdentityDocument_v0", "VerifiableCredential"],
        "credentialSchema": {
            "id": "https://schema.issuer.example/idv/identity-document_v0",
            "type": "JsonSchemaValidator2018",
        },
        "credentialStatus": {
            "id": "https://issuer.example/credential-status/1#417",
            "type": "RevocationList2020Status",
            "revocationListCredential": "https://issuer.example/credential-status/1",
            "revocationListIndex": "417",
        },
        "credentialSubject": {
            "id": "urn:vc:subject:0",
            "givenName": "MIRABEL",
            "familyName": "EXEMPLARIS",
            "dateOfBirth": "1991-02-28T00:00:00",
            "number": "X0000417",
            "issueDate": "2021-09-30T00:00:00",
            "expiryDate": "2031-09-29T00:00:00",
            "streetAddress": "12 SAMPLE ROW",
            "city": "NOWHERE FALLS",
            "state": "ZZ",
            "postalCode": "00000",
            "class": "C",
            "issuer": "ZZ",
            "portrait": "",
            "signature": "",
        },
        "issuanceDate": "2024-05-02T10:00:00Z",
        "issuer": issuer,
    })
}

pub fn presentation(credential: &Value) -> String {
    json!({
        "@context": ["https://www.w3.org/2018/credentials/v1"],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [credential],
    })
    .to_string()
}

/// The number of messages, and a bit for each revealed one, the first in the last byte.
pub fn header(count: usize, revealed: &[usize]) -> Vec<u8> {
    let mut bits = vec![0_u8; count / 8 + 1];
    let length = bits.len();
    for index in revealed {
        bits[length - 1 - index / 8] |= 1 << (index % 8);
    }
    let mut header = (count as u16).to_be_bytes().to_vec();
    header.extend(bits);
    header
}

pub fn with_proof(document: &Value, options: &Value, value: &[u8], nonce: &str) -> Value {
    let mut credential = document.clone();
    let mut proof = options.clone();
    proof["nonce"] = STANDARD.encode(nonce).into();
    proof["proofValue"] = STANDARD.encode(value).into();
    credential["proof"] = proof;
    credential
}

fn hashed(messages: &[String]) -> Vec<SignatureMessage> {
    messages.iter().map(SignatureMessage::hash).collect()
}
