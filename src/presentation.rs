//! A verifiable presentation (VC data model 1.1, section 4.10) as it was received.

use std::fmt;

use crate::credential::{
    holder, is_sd_jwt, looks_like_token, NotAToken, Parts, Proof, ProofFault, SchemaReference,
    SecuredPresentation, StatusEntry, UnverifiedCredential,
};
use crate::did::DidDocument;
use crate::error::Error;
use crate::json::{self, Json, Object};
use crate::limits::Limit;
use crate::statements::{Contexts, Graph, Refusal};

/// A presentation whose credentials nobody has verified; it holds at least one.
///
/// Each credential is read by itself. A proof of the presentation says who presents them, to whom and
/// for what; nothing else is read from the presentation.
#[derive(Clone)]
pub struct UnverifiedPresentation {
    pub(crate) credentials: Vec<UnverifiedCredential>,
    pub(crate) proof: Option<Box<PresentationProof>>,
    /// Members beside the known ones: unsigned, never read.
    pub(crate) has_unknown_members: bool,
}

/// The proof of a presentation itself, and whom the presentation names as its holder.
#[derive(Clone)]
pub(crate) struct PresentationProof {
    /// Why there is none that can be verified; the outer one is that the presentation says more than it
    /// states.
    pub(crate) proof: Result<Result<Proof, ProofFault>, Refusal>,
    /// As they are written, each of which must be the signer; empty ones are no names.
    pub(crate) holders: Vec<String>,
}

impl UnverifiedPresentation {
    /// Reads a `result_vp`: a presentation as JSON, or as a JWT.
    ///
    /// # Errors
    ///
    /// [`Error::Json`] and [`Error::LimitReached`] for the text, [`Error::Presentation`] if it is no
    /// presentation or holds no credential.
    pub fn from_json(text: &[u8]) -> Result<UnverifiedPresentation, Error> {
        UnverifiedPresentation::from_json_with(text, &Contexts::bundled())
    }

    /// Like [`from_json`](Self::from_json), with JSON-LD contexts beside the bundled ones.
    ///
    /// # Errors
    ///
    /// As [`from_json`](Self::from_json).
    pub fn from_json_with(
        text: &[u8],
        contexts: &Contexts,
    ) -> Result<UnverifiedPresentation, Error> {
        if looks_like_token(text) {
            return UnverifiedPresentation::from_token(token_text(text, contexts)?, contexts);
        }
        let presentation = json::parse(text, contexts.limits())?;
        let presentation = presentation.as_object().ok_or(NOT_AN_OBJECT)?;
        if has_type(presentation, "EnvelopedVerifiablePresentation") {
            let url = presentation.get("id").and_then(Json::as_str).unwrap_or_default();
            let token = PRESENTATION_ENVELOPES.iter().find_map(|prefix| url.strip_prefix(prefix));
            return UnverifiedPresentation::from_token(token.ok_or(NO_PRESENTATION)?, contexts);
        }
        let read = UnverifiedPresentation::read(presentation, contexts)?;
        // What is refused alone is refused with the others, and once is enough.
        let refusal = read.credentials.iter().find_map(|it| it.statements.as_ref().err());
        let proof = presentation.get("proof").map(|_| {
            Box::new(PresentationProof {
                proof: match refusal {
                    Some(refusal) => Err(refusal.clone()),
                    None => Proof::of_presentation(presentation, contexts),
                },
                holders: holder(presentation).map(str::to_owned).into_iter().collect(),
            })
        });
        Ok(UnverifiedPresentation { proof, ..read })
    }

    /// Reads a presentation that is the payload of a JWT.
    fn from_token(text: &str, contexts: &Contexts) -> Result<UnverifiedPresentation, Error> {
        let parts = Parts::split(text).map_err(|NotAToken| NO_PRESENTATION)?;
        let secured = parts.read_presentation(contexts.limits());
        UnverifiedPresentation::secured(secured.map_err(|NotAToken| NO_PRESENTATION)?, contexts)
    }

    fn secured(
        secured: SecuredPresentation<'_>,
        contexts: &Contexts,
    ) -> Result<UnverifiedPresentation, Error> {
        let read = UnverifiedPresentation::read(&secured.presentation, contexts)?;
        let proof = PresentationProof { proof: Ok(secured.proof), holders: secured.holders };
        Ok(UnverifiedPresentation { proof: Some(Box::new(proof)), ..read })
    }

    /// Reads a token that stands by itself: a JWT of a presentation or of a credential, or an SD-JWT.
    pub(crate) fn from_any_token(
        text: &[u8],
        contexts: &Contexts,
    ) -> Result<UnverifiedPresentation, Error> {
        let parts = Parts::split(token_text(text, contexts)?);
        let secured = parts.as_ref().map(|parts| parts.read_presentation(contexts.limits()));
        match secured {
            Ok(Ok(secured)) if has_type(&secured.presentation, "VerifiablePresentation") => {
                UnverifiedPresentation::secured(secured, contexts)
            }
            _ => UnverifiedPresentation::from_bare_credential(text, contexts),
        }
    }

    /// Reads one credential without a presentation around it: JSON, a JWT or an SD-JWT.
    ///
    /// # Errors
    ///
    /// As [`from_json`](Self::from_json).
    pub fn from_bare_credential(
        text: &[u8],
        contexts: &Contexts,
    ) -> Result<UnverifiedPresentation, Error> {
        if looks_like_token(text) {
            let credentials = vec![token_in(token_text(text, contexts)?, contexts)?];
            return Ok(UnverifiedPresentation {
                credentials,
                proof: None,
                has_unknown_members: false,
            });
        }
        let credential = json::parse(text, contexts.limits())?;
        let credential = credential.as_object().ok_or(NOT_AN_OBJECT)?;
        if !has_type(credential, "VerifiableCredential") {
            return Err(problem("type", "does not name `VerifiableCredential`"));
        }
        let credentials = vec![UnverifiedCredential::read(credential, contexts)];
        Ok(UnverifiedPresentation { credentials, proof: None, has_unknown_members: false })
    }

    fn read(presentation: &Object<'_>, contexts: &Contexts) -> Result<Self, Error> {
        if !has_type(presentation, "VerifiablePresentation") {
            return Err(problem("type", "does not name `VerifiablePresentation`"));
        }
        match presentation.get("@context") {
            Some(Json::String(_)) => {}
            Some(Json::Array(urls)) if urls.iter().all(|url| url.as_str().is_some()) => {}
            // The context is not signed; an object in it could only rename members.
            _ => return Err(problem("@context", "is not a list of URLs")),
        }
        let credentials = match presentation.get("verifiableCredential") {
            Some(Json::Array(credentials)) => credentials.as_slice(),
            Some(credential @ (Json::Object(_) | Json::String(_))) => {
                std::slice::from_ref(credential)
            }
            Some(_) => return Err(problem("verifiableCredential", "is no object or array")),
            None => &[],
        };
        if credentials.is_empty() {
            return Err(problem("verifiableCredential", "holds no credential"));
        }
        if credentials.len() > contexts.limits().credentials {
            return Err(Error::beyond(contexts.limits(), Limit::Credentials));
        }
        let credentials = credentials
            .iter()
            .map(|credential| match credential {
                Json::String(token) => token_in(token, contexts),
                Json::Object(envelope) if has_type(envelope, "EnvelopedVerifiableCredential") => {
                    let url = envelope.get("id").and_then(Json::as_str).unwrap_or_default();
                    let token = ENVELOPES.iter().find_map(|(prefix, discloses)| {
                        url.strip_prefix(prefix).filter(|token| is_sd_jwt(token) == *discloses)
                    });
                    token_in(token.ok_or(NOT_A_TOKEN)?, contexts)
                }
                Json::Object(credential) => Ok(UnverifiedCredential::read(credential, contexts)),
                _ => Err(problem("verifiableCredential", "holds something that is no object")),
            })
            .collect::<Result<Vec<_>, Error>>()?;
        let has_unknown_members = presentation.iter().any(|(name, _)| !MEMBERS.contains(&name));
        Ok(UnverifiedPresentation { credentials, proof: None, has_unknown_members })
    }

    /// How many credentials it holds; never 0.
    #[must_use]
    pub fn credential_count(&self) -> usize {
        self.credentials.len()
    }

    /// The DIDs whose documents verification needs as evidence, in order and without repetition.
    ///
    /// A `did:key` is not among them, for its document is derived.
    /// They are named by the proofs, which nobody has verified: fetch only those you trust.
    #[must_use]
    pub fn dids(&self) -> Vec<crate::did::Did> {
        let mut dids = Vec::new();
        let proofs = self.credentials.iter().flat_map(|credential| {
            credential.proof.as_ref().ok().into_iter().chain(&credential.further_proofs)
        });
        let own = self.proof.as_ref().and_then(|it| it.proof.as_ref().ok()?.as_ref().ok());
        let proofs = proofs.chain(own);
        for proof in proofs {
            if let Some(url) = crate::did::DidUrl::parse(&proof.verification_method) {
                if !dids.contains(url.did()) && DidDocument::derived(url.did()).is_none() {
                    dids.push(url.did().clone());
                }
            }
        }
        dids
    }

    /// The URLs of the status list credentials that its credentials name, without repetition.
    ///
    /// Nobody has verified that the issuer signed them: fetch only those of issuers you trust.
    #[must_use]
    pub fn status_lists(&self) -> Vec<String> {
        let entries = self.graphs().flat_map(StatusEntry::all);
        distinct(entries.filter_map(|entry| Some(entry.ok()?.list)))
    }

    /// The URLs of the schemas that its credentials name, without repetition.
    ///
    /// As for [`status_lists`](Self::status_lists), fetch only those of issuers you trust.
    #[must_use]
    pub fn schemas(&self) -> Vec<String> {
        let schemas = self.graphs().flat_map(SchemaReference::all);
        distinct(schemas.filter_map(|schema| Some(schema?.url)))
    }

    fn graphs(&self) -> impl Iterator<Item = Graph<'_>> {
        let statements = self.credentials.iter().filter_map(|it| it.statements.as_ref().ok());
        statements.map(Graph::root)
    }
}

fn distinct(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut distinct = Vec::new();
    for text in texts {
        if !distinct.contains(&text) {
            distinct.push(text);
        }
    }
    distinct
}

impl fmt::Debug for UnverifiedPresentation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = formatter.debug_struct("UnverifiedPresentation");
        debug.field("credentials", &self.credentials.len()).finish_non_exhaustive()
    }
}

fn has_type(object: &Object<'_>, name: &str) -> bool {
    match object.get("type") {
        Some(Json::String(kind)) => kind == name,
        Some(Json::Array(kinds)) => kinds.iter().any(|kind| kind.as_str() == Some(name)),
        _ => false,
    }
}

fn problem(member: &'static str, problem: &'static str) -> Error {
    Error::Presentation { member, problem }
}

fn token_text<'t>(text: &'t [u8], contexts: &Contexts) -> Result<&'t str, Error> {
    let token = std::str::from_utf8(text.trim_ascii()).map_err(|_| NOT_A_TOKEN)?;
    match token.len() > contexts.limits().bytes {
        true => Err(Error::beyond(contexts.limits(), Limit::Bytes)),
        false => Ok(token),
    }
}

fn token_in(text: &str, contexts: &Contexts) -> Result<UnverifiedCredential, Error> {
    UnverifiedCredential::of_token(text, contexts).map_err(|NotAToken| NOT_A_TOKEN)
}

const NOT_A_TOKEN: Error =
    Error::Presentation { member: "verifiableCredential", problem: "holds a text that is no JWT" };
/// VC data model 2.0, section 4.13.1: a media type, and no parameters; whether it is of an SD-JWT.
const ENVELOPES: [(&str, bool); 4] = [
    ("data:application/vc+jwt,", false),
    ("data:application/vc-ld+jwt,", false),
    ("data:application/dc+sd-jwt,", true),
    ("data:application/vc+sd-jwt,", true),
];
const NO_PRESENTATION: Error =
    Error::Presentation { member: "vp", problem: "is not the payload of a JWT" };
/// VC data model 2.0, section 4.13.2.
const PRESENTATION_ENVELOPES: [&str; 2] =
    ["data:application/vp+jwt,", "data:application/vp-ld+jwt,"];
const NOT_AN_OBJECT: Error =
    Error::Presentation { member: "result_vp", problem: "is no JSON object" };
const MEMBERS: [&str; 6] = ["@context", "id", "type", "holder", "verifiableCredential", "proof"];
