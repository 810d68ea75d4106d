//! Suites that sign the hashes of two canonical forms, the proof's and the document's, with one
//! signature: VC Data Integrity EdDSA 1.0 and ECDSA 1.0, and the Linked Data signatures before them.

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine as _;

use super::ProofFailure;
use crate::credential::{BindingFault, Digests, Proof, Suite, Token};
use crate::did::{DidUrl, Purpose};
use crate::json::{self, Json};
use crate::key::{Algorithm, PublicKey};
use crate::limits::Limits;
use crate::signature::{self, Key, KeyProblem, Problem};
use crate::statements::names::{DATE_TIME, TYPE};
use crate::statements::{self, Quad, Refusal, Statements};
use crate::time;

/// Such a proof, with everything that it covers.
pub(crate) struct PlainProof {
    /// What its suite, and the header of a JWS, let it be signed with.
    algorithms: Vec<Algorithm>,
    signature: Vec<u8>,
    signed: Signed,
}

enum Signed {
    Hashes {
        /// What stands before them: the header of a JWS and a dot, or nothing.
        prefix: String,
        options: Digests,
        /// Where signers differ in escapes, of the document in each of them.
        documents: Vec<Digests>,
        /// Where a key of P-384 labels blank nodes otherwise.
        relabelled: Relabelled,
    },
    Token {
        token: Token,
        holder: Option<Box<Holder>>,
    },
}

enum Relabelled {
    Not,
    /// To be done if there is such a key.
    Later(Statements),
    Done(Result<Digests, Refusal>),
}

/// Who presents an SD-JWT with key binding (RFC 9901, section 7.3).
struct Holder {
    key: Key,
    token: Token,
    nonce: Vec<u8>,
}

impl PlainProof {
    /// Checks everything that needs no key.
    pub(crate) fn new(proof: &Proof, statements: &Statements) -> Result<PlainProof, ProofFailure> {
        PlainProof::over(proof, Some(statements))
    }

    /// Over a dataset of its own, or else these statements.
    fn over(proof: &Proof, statements: Option<&Statements>) -> Result<PlainProof, ProofFailure> {
        let suite = proof.suite;
        if let Some(token) = &proof.token {
            return Ok(PlainProof::of_token(token, Holder::new(proof, token)?));
        }
        let mut algorithms = match suite {
            Suite::EcdsaJcs2019 | Suite::EcdsaRdfc2019 => vec![Algorithm::P256, Algorithm::P384],
            Suite::EcdsaSecp256k1Signature2019 => vec![Algorithm::Secp256k1],
            // All that its table has; of RSA, that is PS256 alone (JSON Web Signature 2020).
            Suite::JsonWebSignature2020 => {
                let is_named = |it: &Algorithm| *it != Algorithm::RsaPkcs1;
                Algorithm::ALL.into_iter().filter(is_named).collect()
            }
            // RS256 as it is specified, and PS256 as its authors' own signer does it.
            Suite::RsaSignature2018 => vec![Algorithm::RsaPkcs1, Algorithm::RsaPss],
            _ => vec![Algorithm::Ed25519],
        };
        let (prefix, signature) = match suite {
            suite if suite.is_jws() => {
                let jws = detached(&proof.value).ok_or(ProofFailure::Encoding)?;
                algorithms.retain(|it| it.jose() == jws.algorithm);
                (format!("{}.", jws.header), jws.signature)
            }
            _ => (String::new(), base58btc(&proof.value).ok_or(ProofFailure::Encoding)?),
        };
        check_texts(proof)?;
        let options = match &proof.canonical {
            Some(canonical) => canonical.options.clone(),
            None => options(proof)?,
        };
        let (documents, relabelled) = match (&proof.canonical, &proof.dataset, statements) {
            (Some(canonical), ..) => (vec![canonical.document.clone()], Relabelled::Not),
            (None, Some(dataset), _) => {
                let relabelled = dataset.relabelled.clone();
                (dataset.documents.clone(), relabelled.map_or(Relabelled::Not, Relabelled::Done))
            }
            (None, None, Some(statements)) => {
                let relabelled = match Digests::relabels(suite, statements) {
                    true => Relabelled::Later(statements.clone()),
                    false => Relabelled::Not,
                };
                (Digests::of_statements(suite, statements), relabelled)
            }
            (None, None, None) => return Err(ProofFailure::Encoding),
        };
        let signed = Signed::Hashes { prefix, options, documents, relabelled };
        Ok(PlainProof { algorithms, signature, signed })
    }

    /// The same of a presentation, whose proof brings what it covers.
    pub(crate) fn of_presentation(proof: &Proof) -> Result<PlainProof, ProofFailure> {
        match &proof.token {
            Some(token) => Ok(PlainProof::of_token(token, None)),
            None => PlainProof::over(proof, None),
        }
    }

    /// Of a JWS alone, whatever it is of.
    pub(crate) fn of_jws(token: &Token) -> PlainProof {
        PlainProof::of_token(token, None)
    }

    fn of_token(token: &Token, holder: Option<Box<Holder>>) -> PlainProof {
        let (algorithms, signature) = (vec![token.algorithm], token.signature.clone());
        PlainProof { algorithms, signature, signed: Signed::Token { token: token.clone(), holder } }
    }

    /// How many signatures its verification can take.
    pub(crate) fn equations(&self) -> usize {
        match &self.signed {
            Signed::Hashes { documents, .. } => documents.len(),
            Signed::Token { holder, .. } => {
                if holder.is_some() {
                    2
                } else {
                    1
                }
            }
        }
    }

    /// Of a holder's key binding.
    pub(crate) fn nonce(&self) -> Option<&[u8]> {
        match &self.signed {
            Signed::Token { holder, .. } => holder.as_ref().map(|it| it.nonce.as_slice()),
            Signed::Hashes { .. } => None,
        }
    }

    /// Whether it is a token whose issuer named a key of the holder, and without that key's signature.
    pub(crate) fn lacks_binding(&self) -> bool {
        matches!(&self.signed, Signed::Token { token, holder: None } if token.names_holder)
    }

    /// What tells it from every other proof: the signature that was made last, the holder's if there is one.
    pub(crate) fn mark(&self) -> &[u8] {
        let (algorithm, signature) = match &self.signed {
            Signed::Token { holder: Some(holder), .. } => {
                (Some(&holder.token.algorithm), &holder.token.signature)
            }
            _ => (self.algorithms.first(), &self.signature),
        };
        algorithm.map_or(signature, |it| signature::fixed_part(*it, signature))
    }

    /// Whether it can be by a key at all, in a build that has the key's algorithm.
    pub(crate) fn admits(&self, key: &PublicKey) -> bool {
        self.algorithms.iter().any(|it| key.algorithms().contains(it))
    }

    pub(crate) fn verify(&self, key: &Key) -> Result<(), ProofFailure> {
        // One at most: a suite without a JWS lets a key sign in one way, and the header of a JWS names one.
        let algorithm = self.algorithms.iter().copied().find(|it| key.signs_with(*it));
        let algorithm = algorithm.ok_or(ProofFailure::KeyType)?;
        let verified = match &self.signed {
            Signed::Token { token, holder } => {
                let verified = key.verify(algorithm, token.signed().as_bytes(), &self.signature);
                if let (Ok(()), Some(holder)) = (verified, holder) {
                    return holder.verify();
                }
                verified
            }
            Signed::Hashes { prefix, options, documents, relabelled } => {
                let relabelled = match relabelled {
                    _ if algorithm != Algorithm::P384 => None,
                    Relabelled::Not => None,
                    Relabelled::Later(statements) => Some(Digests::relabelled(statements)),
                    Relabelled::Done(digests) => Some(digests.clone()),
                };
                let relabelled = relabelled.transpose().map_err(|_| ProofFailure::Encoding)?;
                let documents = relabelled.as_ref().map_or(&documents[..], std::slice::from_ref);
                let hash = |of: &Digests| match of.sha384 {
                    Some(sha384) if algorithm == Algorithm::P384 => sha384.to_vec(),
                    _ => of.sha256.to_vec(),
                };
                let mut result = Err(Problem::Mismatch);
                for document in documents {
                    let message = [prefix.as_bytes(), &hash(options), &hash(document)].concat();
                    result = key.verify(algorithm, &message, &self.signature);
                    if result != Err(Problem::Mismatch) {
                        break;
                    }
                }
                result
            }
        };
        verified.map_err(ProofFailure::Signature)
    }
}

impl Holder {
    /// `None` without key binding.
    fn new(proof: &Proof, issued: &Token) -> Result<Option<Box<Holder>>, ProofFailure> {
        let Some((key, token)) = issued.binding.as_deref() else { return Ok(None) };
        let fault = ProofFailure::KeyBinding(BindingFault::Key);
        if !key.algorithms().contains(&token.algorithm) {
            return Err(fault);
        }
        let key = match Key::new(key) {
            Ok(key) => key,
            Err(KeyProblem::NotBuilt) => return Err(ProofFailure::NotBuilt),
            Err(KeyProblem::Algorithm | KeyProblem::Point) => return Err(fault),
        };
        let nonce = proof.nonce.as_deref().unwrap_or_default().as_bytes().to_vec();
        Ok(Some(Box::new(Holder { key, token: token.clone(), nonce })))
    }

    fn verify(&self) -> Result<(), ProofFailure> {
        let Token { algorithm, signature, .. } = &self.token;
        let verified = self.key.verify(*algorithm, self.token.signed().as_bytes(), signature);
        verified.map_err(|_| ProofFailure::KeyBinding(BindingFault::Signature))
    }
}

/// That the dates of a proof are dates, and its method a DID URL.
pub(super) fn check_texts(proof: &Proof) -> Result<(), ProofFailure> {
    let times = [proof.created.as_deref(), proof.expires.as_deref()];
    if times.into_iter().flatten().any(|text| time::earliest_instant(text).is_none()) {
        return Err(ProofFailure::Created);
    }
    DidUrl::parse(&proof.verification_method).ok_or(ProofFailure::VerificationMethod)?;
    Ok(())
}

/// The canonical statements that a proof makes about itself, as its suite signs them; they need no
/// JSON-LD, and what a context of the document would make of the options does not count.
pub(super) fn options(proof: &Proof) -> Result<Digests, ProofFailure> {
    let subject = proof.id.as_deref().unwrap_or("_:proof");
    let purpose = match proof.purpose {
        Purpose::Assertion => "https://w3id.org/security#assertionMethod",
        Purpose::Authentication => "https://w3id.org/security#authenticationMethod",
    };
    let is_data_integrity = proof.suite.is_data_integrity();
    let kind = match is_data_integrity {
        true => "https://w3id.org/security#DataIntegrityProof".to_owned(),
        false => format!("https://w3id.org/security#{}", proof.suite.name()),
    };
    let mut quads: Vec<Quad<'_>> = vec![
        (subject, TYPE, Err(&kind), None),
        (subject, PURPOSE, Err(purpose), None),
        (subject, METHOD, Err(&proof.verification_method), None),
    ];
    quads.extend(proof.previous.iter().map(|id| (subject, PREVIOUS, Err(id.as_str()), None)));
    let mut literal = |predicate, text, datatype| {
        quads.push((subject, predicate, Ok((text, datatype)), None));
    };
    if is_data_integrity {
        literal(CRYPTOSUITE, proof.suite.name(), Some(CRYPTOSUITE_STRING));
    }
    let texts = [
        (CREATED, &proof.created, Some(DATE_TIME)),
        (EXPIRATION, &proof.expires, Some(DATE_TIME)),
        (CHALLENGE, &proof.challenge, None),
        (NONCE, &proof.nonce, None),
    ];
    for (predicate, text, datatype) in texts {
        if let Some(text) = text {
            literal(predicate, text, datatype);
        }
    }
    proof.domains.iter().for_each(|domain| literal(DOMAIN, domain, None));
    let lines = statements::canonical_lines(&quads);
    lines.map(|lines| Digests::of_lines(proof.suite, &lines)).map_err(|_| ProofFailure::Encoding)
}

/// Base58-btc with its multibase prefix; a text has one spelling.
fn base58btc(text: &str) -> Option<Vec<u8>> {
    // Decoding is quadratic, and the longest signature has 132 characters: none by RSA stands here.
    let text = text.strip_prefix('z').filter(|text| text.len() <= 256)?;
    bs58::decode(text).into_vec().ok()
}

/// A JWS with a detached payload that is not encoded (RFC 7797).
struct DetachedJws<'t> {
    /// As it stands in the text, for that was signed.
    header: &'t str,
    algorithm: String,
    signature: Vec<u8>,
}

/// `HEADER..SIGNATURE`, with a header that says that the payload is not encoded, and nothing else.
fn detached(jws: &str) -> Option<DetachedJws<'_>> {
    let (text, signature) = jws.split_once("..")?;
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let header = json::parse(&bytes, &Limits::STANDARD).ok()?;
    let header = header.as_object()?;
    let Some(Json::Array(critical)) = header.get("crit") else { return None };
    let is_unencoded = matches!(critical.as_slice(), [Json::String(name)] if name == "b64")
        && header.get("b64") == Some(&Json::Bool(false));
    let algorithm = header.get("alg").and_then(Json::as_str)?.to_owned();
    if !is_unencoded || header.len() != 3 {
        return None;
    }
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    Some(DetachedJws { header: text, algorithm, signature })
}

const CHALLENGE: &str = "https://w3id.org/security#challenge";
const CREATED: &str = "http://purl.org/dc/terms/created";
const CRYPTOSUITE: &str = "https://w3id.org/security#cryptosuite";
const CRYPTOSUITE_STRING: &str = "https://w3id.org/security#cryptosuiteString";
const DOMAIN: &str = "https://w3id.org/security#domain";
const EXPIRATION: &str = "https://w3id.org/security#expiration";
const METHOD: &str = "https://w3id.org/security#verificationMethod";
const NONCE: &str = "https://w3id.org/security#nonce";
const PREVIOUS: &str = "https://w3id.org/security#previousProof";
const PURPOSE: &str = "https://w3id.org/security#proofPurpose";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credential::UnverifiedCredential;
    use crate::statements::Contexts;
    use sha2::{Digest as _, Sha256};

    /// A build without the holder's algorithm says so, and never that the binding is wrong.
    #[test]
    fn a_holders_key_is_built_or_named_as_what_is_not() {
        let token = |header: &str, payload: &str| {
            [header, payload, ""].map(|part| URL_SAFE_NO_PAD.encode(part)).join(".")
        };
        let header = format!(r#"{{"alg":"EdDSA","kid":"{KEY}","typ":"dc+sd-jwt"}}"#);
        let (did, _) = KEY.split_once('#').unwrap();
        let payload = format!(r#"{{"iss":"{did}","vct":"urn:a","cnf":{{"jwk":{P256}}}}}"#);
        let presented = format!("{}~", token(&header, &payload));
        let hash = URL_SAFE_NO_PAD.encode(Sha256::digest(&presented));
        let claims = format!(r#"{{"iat":1,"aud":"a","nonce":"n","sd_hash":"{hash}"}}"#);
        let binding = token(r#"{"alg":"ES256","typ":"kb+jwt"}"#, &claims);
        let text = format!("{presented}{binding}");
        let credential = UnverifiedCredential::of_token(&text, &Contexts::bundled()).unwrap();
        let (proof, statements) = (credential.proof.unwrap(), credential.statements.unwrap());
        let read = PlainProof::new(&proof, &statements);
        match cfg!(feature = "ecdsa") {
            true => assert_eq!(read.unwrap().nonce(), Some(&b"n"[..])),
            false => assert_eq!(read.err(), Some(ProofFailure::NotBuilt)),
        }
        // Whom it is for, for whoever compares it.
        assert_eq!(proof.domains, ["a"]);
    }

    const KEY: &str = "did:web:issuer.example#key-1";
    const P256: &str = r#"{"kty":"EC","crv":"P-256","x":"axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY","y":"T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"}"#;
}
