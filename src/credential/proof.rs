//! A proof as it stands in a document: what it says, trusted for nothing.

use std::borrow::Cow;

use sha2::{Digest, Sha256, Sha384};

use super::token::Token;
use crate::did::{DidUrl, Purpose};
use crate::json::{Json, Object};
use crate::statements::{self, is_absolute_iri, Contexts, LabelHash, Lines, Refusal, Statements};
use crate::time;

/// The options and the value of one proof (VC Data Integrity 1.0, section 2.1).
#[derive(Clone)]
pub(crate) struct Proof {
    pub(crate) suite: Suite,
    pub(crate) purpose: Purpose,
    /// `None` only with suites that do not demand it.
    pub(crate) created: Option<String>,
    pub(crate) verification_method: String,
    /// `proofValue`, or `jws`.
    pub(crate) value: String,
    pub(crate) nonce: Option<String>,
    pub(crate) id: Option<String>,
    pub(crate) expires: Option<String>,
    pub(crate) challenge: Option<String>,
    pub(crate) domains: Vec<String>,
    /// The ids of the proofs that it covers.
    pub(crate) previous: Vec<String>,
    /// What it covers beside the document's own statements, with them: other proofs, or credentials. Each
    /// proof would hold as much text as all of them, so the text is hashed where it is read.
    pub(crate) dataset: Option<Dataset>,
    /// Of suites that sign the JSON.
    pub(crate) canonical: Option<Canonical>,
    /// Of a credential that is a JWT.
    pub(crate) token: Option<Token>,
}

/// What a suite signs that canonicalizes JSON (RFC 8785).
#[derive(Clone)]
pub(crate) struct Canonical {
    /// The proof without its value.
    pub(crate) options: Digests,
    /// The document without its proof, or with those that the proof covers.
    pub(crate) document: Digests,
}

/// What a suite signs of statements that are the proof's own.
#[derive(Clone)]
pub(crate) struct Dataset {
    pub(crate) documents: Vec<Digests>,
    /// Where a key of P-384 labels blank nodes otherwise ([`Digests::relabelled`]).
    pub(crate) relabelled: Option<Result<Digests, Refusal>>,
}

impl Dataset {
    /// `None` of a suite that signs the JSON.
    fn of(suite: Suite, statements: &Statements) -> Option<Dataset> {
        let relabels = Digests::relabels(suite, statements);
        (!suite.signs_json()).then(|| Dataset {
            documents: Digests::of_statements(suite, statements),
            relabelled: relabels.then(|| Digests::relabelled(statements)),
        })
    }
}

/// The hashes of one text that the suite may have signed; which of them, the key says.
#[derive(Clone)]
pub(crate) struct Digests {
    pub(crate) sha256: [u8; 32],
    /// Of suites whose keys may be of P-384.
    pub(crate) sha384: Option<[u8; 48]>,
}

impl Digests {
    /// Of a document's lines; where signers differ in escapes, of the lines in each of them.
    pub(crate) fn of_statements(suite: Suite, statements: &Statements) -> Vec<Digests> {
        let escaped = statements.escaped_lines();
        let mut documents = vec![Digests::of_lines(suite, &escaped)];
        if matches!(escaped, Cow::Owned(_)) && !suite.is_data_integrity() {
            documents.push(Digests::of_lines(suite, statements.lines()));
        }
        documents
    }

    /// Whether a key of P-384 finds the labels of their blank nodes by SHA-384 (VC Data Integrity ECDSA,
    /// section 3.2.3).
    pub(crate) fn relabels(suite: Suite, statements: &Statements) -> bool {
        suite == Suite::EcdsaRdfc2019 && statements.has_blank_nodes()
    }

    /// Of the lines with those labels.
    pub(crate) fn relabelled(statements: &Statements) -> Result<Digests, Refusal> {
        let relabelled = statements.labelled_by(LabelHash::Sha384)?;
        Ok(Digests::of_lines(Suite::EcdsaRdfc2019, &relabelled.escaped_lines()))
    }

    /// Of lines, each with its line feed.
    pub(crate) fn of_lines(suite: Suite, lines: &Lines) -> Digests {
        Digests::of(suite, || lines.iter().flat_map(|line| [line, "\n"]))
    }

    fn of<'t, P: Iterator<Item = &'t str>>(suite: Suite, parts: impl Fn() -> P) -> Digests {
        Digests {
            sha256: parts().fold(Sha256::new(), Sha256::chain_update).finalize().into(),
            sha384: matches!(suite, Suite::EcdsaJcs2019 | Suite::EcdsaRdfc2019)
                .then(|| parts().fold(Sha384::new(), Sha384::chain_update).finalize().into()),
        }
    }
}

/// The proof suites that are built.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Suite {
    BbsBlsSignature2020,
    BbsBlsSignatureProof2020,
    Bbs2023,
    EcdsaJcs2019,
    EcdsaRdfc2019,
    EcdsaSd2023,
    EcdsaSecp256k1Signature2019,
    Ed25519Signature2018,
    Ed25519Signature2020,
    EddsaJcs2022,
    EddsaRdfc2022,
    JsonWebSignature2020,
    RsaSignature2018,
    /// No proof of the document: it is the payload of a JWS.
    Jwt,
    /// The same, with digests of what may be disclosed (RFC 9901).
    SdJwt,
}

/// Why a credential has no proof that could be verified.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ProofFault {
    /// `proof` is absent, null or an empty array.
    Missing,
    /// More than one proof: nothing says which of them counts.
    Several,
    /// `proof` is no object, or a member is no string.
    Malformed,
    /// The `type` is of no suite of this build.
    UnknownType,
    /// One of the members every proof must have is missing.
    MemberMissing,
    /// A member that the suite does not sign.
    MemberUnknown,
    /// `proofPurpose` is not that of such a document.
    Purpose,
    /// The header of a JWS names no algorithm that is allowed, brings a key, has a member that is not
    /// understood, or is of another kind of token.
    Header,
    /// The signature of a JWS is no base64url.
    Encoding,
    /// A registered claim of a JWT contradicts the credential.
    Claims,
    /// The digests of an SD-JWT are of another hash, stand twice, or hide what must be shown.
    Digests,
    /// A disclosure is malformed, stands twice, or no digest of it was signed.
    Disclosure,
    /// The issuer is no DID.
    Issuer,
    /// A key binding JWT that does not bind the holder's key to what is presented.
    KeyBinding(BindingFault),
    /// A proof that it covers (`previousProof`) is not there, is there twice, or is not read.
    Chained,
    /// The JSON has no one canonical form, or the proof another `@context` than the document.
    NotCanonical,
}

/// What is wrong with a key binding JWT (RFC 9901, section 4.3).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum BindingFault {
    /// A claim is missing, or none of its type.
    Claims,
    /// It is no JWT of this kind.
    Header,
    /// The issuer names no key of the holder, or not one of this algorithm.
    Key,
    /// It is not over what is presented.
    Presented,
    /// It is signed by another key.
    Signature,
}

impl BindingFault {
    /// The stable name of the fault.
    pub(crate) fn code(self) -> &'static str {
        match self {
            BindingFault::Claims => "claims",
            BindingFault::Header => "header",
            BindingFault::Key => "key",
            BindingFault::Presented => "sd_hash",
            BindingFault::Signature => "signature",
        }
    }
}

impl Suite {
    const ALL: [Suite; 13] = [
        Suite::BbsBlsSignature2020,
        Suite::BbsBlsSignatureProof2020,
        Suite::Bbs2023,
        Suite::EcdsaJcs2019,
        Suite::EcdsaRdfc2019,
        Suite::EcdsaSd2023,
        Suite::EcdsaSecp256k1Signature2019,
        Suite::Ed25519Signature2018,
        Suite::Ed25519Signature2020,
        Suite::EddsaJcs2022,
        Suite::EddsaRdfc2022,
        Suite::JsonWebSignature2020,
        Suite::RsaSignature2018,
    ];

    /// The `type` of the proof, or its `cryptosuite`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Suite::BbsBlsSignature2020 => "BbsBlsSignature2020",
            Suite::BbsBlsSignatureProof2020 => "BbsBlsSignatureProof2020",
            Suite::Bbs2023 => "bbs-2023",
            Suite::EcdsaJcs2019 => "ecdsa-jcs-2019",
            Suite::EcdsaRdfc2019 => "ecdsa-rdfc-2019",
            Suite::EcdsaSd2023 => "ecdsa-sd-2023",
            Suite::EcdsaSecp256k1Signature2019 => "EcdsaSecp256k1Signature2019",
            Suite::Ed25519Signature2018 => "Ed25519Signature2018",
            Suite::Ed25519Signature2020 => "Ed25519Signature2020",
            Suite::EddsaJcs2022 => "eddsa-jcs-2022",
            Suite::EddsaRdfc2022 => "eddsa-rdfc-2022",
            Suite::JsonWebSignature2020 => "JsonWebSignature2020",
            Suite::RsaSignature2018 => "RsaSignature2018",
            Suite::Jwt => "JWT",
            Suite::SdJwt => "SD-JWT",
        }
    }

    pub(crate) fn is_bbs2020(self) -> bool {
        matches!(self, Suite::BbsBlsSignature2020 | Suite::BbsBlsSignatureProof2020)
    }

    /// Whether it is a `cryptosuite` of `DataIntegrityProof`.
    pub(crate) fn is_data_integrity(self) -> bool {
        matches!(
            self,
            Suite::Bbs2023
                | Suite::EcdsaJcs2019
                | Suite::EcdsaRdfc2019
                | Suite::EcdsaSd2023
                | Suite::EddsaJcs2022
                | Suite::EddsaRdfc2022
        )
    }

    /// Whether it is one of those that sign some statements together and the others one by one.
    pub(crate) fn is_selective(self) -> bool {
        matches!(self, Suite::Bbs2023 | Suite::EcdsaSd2023)
    }

    /// Whether statements may be hidden: such a proof says another thing than one beside it.
    fn may_hide(self) -> bool {
        self.is_bbs2020() || self.is_selective()
    }

    fn signs_json(self) -> bool {
        matches!(self, Suite::EcdsaJcs2019 | Suite::EddsaJcs2022)
    }

    /// The member that holds what was signed with.
    fn value_member(self) -> &'static str {
        if self.is_jws() {
            "jws"
        } else {
            "proofValue"
        }
    }

    /// Whether its value is a JWS with a detached payload (RFC 7797).
    pub(crate) fn is_jws(self) -> bool {
        matches!(
            self,
            Suite::EcdsaSecp256k1Signature2019
                | Suite::Ed25519Signature2018
                | Suite::JsonWebSignature2020
                | Suite::RsaSignature2018
        )
    }

    fn of(proof: &Object<'_>) -> Result<Suite, ProofFault> {
        let text = |name| match proof.get(name) {
            None => Err(ProofFault::MemberMissing),
            Some(Json::String(name)) => Ok(name.as_ref()),
            Some(_) => Err(ProofFault::Malformed),
        };
        let kind = text("type")?;
        let is_data_integrity = kind == "DataIntegrityProof";
        let name = if is_data_integrity { text("cryptosuite")? } else { kind };
        let known = Suite::ALL.into_iter().find(|suite| suite.name() == name);
        known
            .filter(|it| it.is_data_integrity() == is_data_integrity)
            .ok_or(ProofFault::UnknownType)
    }
}

impl Proof {
    /// Reads the proofs of a credential, at least one: a set, each over the document alone, or over it
    /// and other proofs (VC Data Integrity 1.0, sections 2.1.1 and 2.1.2).
    ///
    /// Without `contexts` nobody asks what others state: the document itself is refused.
    pub(super) fn read(
        document: &Object<'_>,
        contexts: Option<&Contexts>,
    ) -> Result<Vec<Proof>, ProofFault> {
        let proofs = all(document)?;
        let may_hide = |proof: &Json<'_>| {
            let suite = proof.as_object().map(Suite::of);
            suite.is_none_or(|suite| suite.is_ok_and(Suite::may_hide))
        };
        if proofs.len() > MAX_PROOFS || (proofs.len() > 1 && proofs.iter().any(may_hide)) {
            return Err(ProofFault::Several);
        }
        let read = |proof: &Json<'_>| match proof {
            Json::Object(proof) => {
                let covered = match Suite::of(proof)?.is_data_integrity() {
                    true => covered(proof, proofs, document)?,
                    false => None,
                };
                let with_others = covered.as_ref().unwrap_or(document);
                let mut read = Proof::of(proof, with_others, Purpose::Assertion)?;
                if let (Some(_), Some(contexts)) = (&covered, contexts) {
                    let dataset = statements::dataset(with_others, contexts);
                    let dataset = dataset.map_err(|_| ProofFault::Chained)?;
                    read.dataset = Dataset::of(read.suite, &dataset);
                }
                Ok(read)
            }
            _ => Err(ProofFault::Malformed),
        };
        proofs.iter().map(read).collect()
    }

    /// Reads the one proof of a presentation, which covers the credentials in it with their proofs.
    ///
    /// The outer error is that it says more than it states.
    pub(crate) fn of_presentation(
        presentation: &Object<'_>,
        contexts: &Contexts,
    ) -> Result<Result<Proof, ProofFault>, Refusal> {
        let covered = || statements::dataset(&presentation.without(&["proof"]), contexts);
        Ok(match Proof::alone(presentation) {
            Ok(read) => Ok(Proof { dataset: Dataset::of(read.suite, &covered()?), ..read }),
            Err(fault) => Err(fault),
        })
    }

    fn alone(presentation: &Object<'_>) -> Result<Proof, ProofFault> {
        let proof = match all(presentation)? {
            [Json::Object(proof)] => proof,
            [_] => return Err(ProofFault::Malformed),
            _ => return Err(ProofFault::Several),
        };
        let read = Proof::of(proof, presentation, Purpose::Authentication)?;
        match (read.previous.is_empty(), read.suite.may_hide()) {
            (false, _) => Err(ProofFault::Chained),
            (true, true) => Err(ProofFault::UnknownType),
            (true, false) => Ok(read),
        }
    }

    /// Of a document that is the payload of a token: what the token's claims say is added to it.
    pub(super) fn of_token(suite: Suite, purpose: Purpose, token: Token, key: &DidUrl) -> Proof {
        Proof {
            suite,
            purpose,
            created: None,
            verification_method: key.to_string(),
            value: token.value().to_owned(),
            nonce: None,
            id: None,
            expires: None,
            challenge: None,
            domains: Vec::new(),
            previous: Vec::new(),
            dataset: None,
            canonical: None,
            token: Some(token),
        }
    }

    fn of(
        proof: &Object<'_>,
        document: &Object<'_>,
        purpose: Purpose,
    ) -> Result<Proof, ProofFault> {
        let suite = Suite::of(proof)?;
        let (mut domains, mut previous) = (Vec::new(), Vec::new());
        for (name, value) in proof.iter() {
            let known = MEMBERS.contains(&name)
                || name == suite.value_member()
                || match suite {
                    // A raw signature would sign its nonce; no signer makes one (bbs 2020, section 1.3).
                    Suite::BbsBlsSignature2020 => false,
                    Suite::BbsBlsSignatureProof2020 => name == "nonce",
                    // All others sign whatever stands there.
                    suite => {
                        SIGNED.contains(&name)
                            || (["cryptosuite", "previousProof"].contains(&name)
                                && suite.is_data_integrity())
                            || (name == "@context" && suite.signs_json())
                    }
                };
            match (name, value) {
                _ if !known => return Err(ProofFault::MemberUnknown),
                ("previousProof", value) => previous = ids(value)?,
                // That it is the document's is asked below.
                ("@context", _) => {}
                ("domain", Json::Array(_)) => {
                    let texts = value.texts().ok_or(ProofFault::Malformed)?;
                    domains = texts.into_iter().map(str::to_owned).collect();
                }
                (name, Json::String(text))
                    if suite.is_bbs2020() || !SIGNED.contains(&name) || is_plain(name, text) =>
                {
                    if name == "domain" {
                        domains.push(text.as_ref().to_owned());
                    }
                }
                _ => return Err(ProofFault::Malformed),
            }
        }
        let text = |name| proof.get(name).and_then(Json::as_str).map(str::to_owned);
        let required = |name| text(name).ok_or(ProofFault::MemberMissing);
        if required("proofPurpose")? != purpose.name() {
            return Err(ProofFault::Purpose);
        }
        Ok(Proof {
            suite,
            purpose,
            created: match suite.is_data_integrity() {
                true => text("created"),
                false => Some(required("created")?),
            },
            verification_method: required("verificationMethod")?,
            value: required(suite.value_member())?,
            nonce: text("nonce"),
            id: text("id"),
            expires: text("expires"),
            challenge: text("challenge"),
            domains,
            previous,
            dataset: None,
            canonical: match suite.signs_json() {
                true => {
                    Some(Canonical::of(suite, proof, document).ok_or(ProofFault::NotCanonical)?)
                }
                false => None,
            },
            token: None,
        })
    }
}

/// The proofs of a document, at least one.
fn all<'d, 'j>(document: &'d Object<'j>) -> Result<&'d [Json<'j>], ProofFault> {
    match document.get("proof").filter(|proof| **proof != Json::Null).map(Json::items) {
        None | Some([]) => Err(ProofFault::Missing),
        Some(proofs) => Ok(proofs),
    }
}

/// The document with the proofs that this one covers, if it covers any (VC Data Integrity 1.0, section
/// 4.5).
fn covered<'a>(
    proof: &Object<'a>,
    proofs: &[Json<'a>],
    document: &Object<'a>,
) -> Result<Option<Object<'a>>, ProofFault> {
    let Some(value) = proof.get("previousProof") else { return Ok(None) };
    let find = |id: String| {
        let is_it = |it: &&Json<'_>| {
            let named = it.as_object().and_then(|it| it.get("id")).and_then(Json::as_str);
            named == Some(id.as_str())
        };
        let mut found = proofs.iter().filter(is_it);
        match (found.next(), found.next()) {
            (Some(one), None) if one.as_object() != Some(proof) => Ok(one.clone()),
            _ => Err(ProofFault::Chained),
        }
    };
    let others = ids(value)?.into_iter().map(find).collect::<Result<_, _>>()?;
    let mut covered = document.without(&["proof"]);
    covered.push("proof", Json::Array(others));
    Ok(Some(covered))
}

/// Texts of which each is the id of a proof, at least one.
fn ids(value: &Json<'_>) -> Result<Vec<String>, ProofFault> {
    let ids = value.texts().ok_or(ProofFault::Malformed)?;
    match (1..=MAX_PROOFS).contains(&ids.len()) && ids.iter().all(|it| is_absolute_iri(it)) {
        true => Ok(ids.into_iter().map(str::to_owned).collect()),
        false => Err(ProofFault::Malformed),
    }
}

impl Canonical {
    fn of(suite: Suite, proof: &Object<'_>, document: &Object<'_>) -> Option<Canonical> {
        // With fewer contexts than the document, the signature would cover other statements than it
        // makes (VC Data Integrity EdDSA, section 3.3.2, step 4, would allow that).
        let context = proof.get("@context");
        if context.is_some() && context != document.get("@context") {
            return None;
        }
        let digests = |object| {
            let text = Json::Object(object).canonical()?;
            Some(Digests::of(suite, || std::iter::once(text.as_str())))
        };
        Some(Canonical {
            options: digests(proof.without(&["proofValue"]))?,
            document: digests(match proof.get("previousProof") {
                // These are the proofs that it covers.
                Some(_) => document.clone(),
                None => document.without(&["proof"]),
            })?,
        })
    }
}

/// What its statement can hold without an escape, and means one thing.
fn is_plain(name: &str, text: &str) -> bool {
    match name {
        "expires" => time::instant(text).is_some(),
        "id" => is_absolute_iri(text),
        _ => !text.contains(|it: char| it.is_control()),
    }
}

/// Of an issuer and those who sign beside it.
const MAX_PROOFS: usize = 4;
const MEMBERS: [&str; 4] = ["type", "created", "proofPurpose", "verificationMethod"];
const SIGNED: [&str; 5] = ["challenge", "domain", "expires", "id", "nonce"];
