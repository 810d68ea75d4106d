//! One credential as it stands in a presentation: parsed, trusted for nothing.

use crate::json::{Json, Object};
use crate::statements::{self, Contexts, Refusal, Statements};

/// A credential whose proof nobody has looked at.
///
/// Its members are gone after parsing: what is left are RDF statements and the proof options.
#[derive(Clone)]
pub(crate) struct UnverifiedCredential {
    /// The statements of the document without its proof, or why it says more than it states.
    pub(crate) statements: Result<Statements, Refusal>,
    /// The one proof, or why there is none that can be verified.
    pub(crate) proof: Result<Proof, ProofFault>,
}

/// The proof options and value of `BbsBlsSignatureProof2020` or `BbsBlsSignature2020`.
#[derive(Clone)]
pub(crate) struct Proof {
    pub(crate) suite: Suite,
    pub(crate) created: String,
    pub(crate) verification_method: String,
    pub(crate) value: String,
    pub(crate) nonce: Option<String>,
}

/// The proof suites that are built.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Suite {
    BbsBlsSignature2020,
    BbsBlsSignatureProof2020,
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
    /// A member that the suite does not sign (`domain`, `challenge`, `expires` …).
    MemberUnknown,
    /// `proofPurpose` is not `assertionMethod`.
    Purpose,
}

impl UnverifiedCredential {
    pub(crate) fn read(credential: &Object<'_>, contexts: &Contexts) -> UnverifiedCredential {
        UnverifiedCredential {
            statements: statements::statements(credential, contexts),
            proof: Proof::read(credential.get("proof")),
        }
    }
}

impl Suite {
    /// The `type` of the proof.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Suite::BbsBlsSignature2020 => "BbsBlsSignature2020",
            Suite::BbsBlsSignatureProof2020 => "BbsBlsSignatureProof2020",
        }
    }
}

impl Proof {
    fn read(proof: Option<&Json<'_>>) -> Result<Proof, ProofFault> {
        let proof = match proof {
            None | Some(Json::Null) => return Err(ProofFault::Missing),
            Some(Json::Object(proof)) => proof,
            Some(Json::Array(proofs)) => match proofs.as_slice() {
                [] => return Err(ProofFault::Missing),
                [Json::Object(proof)] => proof,
                [_] => return Err(ProofFault::Malformed),
                _ => return Err(ProofFault::Several),
            },
            Some(_) => return Err(ProofFault::Malformed),
        };
        let suite = match proof.get("type") {
            None => return Err(ProofFault::MemberMissing),
            Some(Json::String(name)) => match name.as_ref() {
                "BbsBlsSignature2020" => Suite::BbsBlsSignature2020,
                "BbsBlsSignatureProof2020" => Suite::BbsBlsSignatureProof2020,
                _ => return Err(ProofFault::UnknownType),
            },
            Some(_) => return Err(ProofFault::Malformed),
        };
        for (name, value) in proof.iter() {
            // A raw signature would sign its nonce; no signer makes one (bbs 2020, section 1.3).
            let known = MEMBERS.contains(&name)
                || (name == "nonce" && suite == Suite::BbsBlsSignatureProof2020);
            match (known, value) {
                (false, _) => return Err(ProofFault::MemberUnknown),
                (true, Json::String(_)) => {}
                (true, _) => return Err(ProofFault::Malformed),
            }
        }
        let text = |name| proof.get(name).and_then(Json::as_str).map(str::to_owned);
        let required = |name| text(name).ok_or(ProofFault::MemberMissing);
        if required("proofPurpose")? != "assertionMethod" {
            return Err(ProofFault::Purpose);
        }
        Ok(Proof {
            suite,
            created: required("created")?,
            verification_method: required("verificationMethod")?,
            value: required("proofValue")?,
            nonce: text("nonce"),
        })
    }
}

/// What both suites sign, and the value.
const MEMBERS: [&str; 5] = ["type", "created", "proofPurpose", "proofValue", "verificationMethod"];
