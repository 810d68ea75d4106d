//! A verifiable presentation (VC data model 1.1, section 4.10) as it was received.

use std::fmt;

use crate::credential::{
    looks_like_token, NotAToken, SchemaReference, StatusEntry, UnverifiedCredential,
};
use crate::did::DidDocument;
use crate::error::Error;
use crate::json::{self, Json, Object};
use crate::limits::Limit;
use crate::statements::{Contexts, Graph};

/// A presentation whose credentials nobody has verified; it holds at least one.
///
/// Nothing of the presentation itself is signed: its `id`, `holder` and contexts are dropped, and
/// each credential is read by itself.
#[derive(Clone)]
pub struct UnverifiedPresentation {
    pub(crate) credentials: Vec<UnverifiedCredential>,
    /// Members beside the known ones: unsigned, never read.
    pub(crate) has_unknown_members: bool,
}

impl UnverifiedPresentation {
    /// Reads a `result_vp`: the JSON text of a presentation without a proof of its own.
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
        let presentation = json::parse(text, contexts.limits())?;
        let presentation = presentation.as_object().ok_or(NOT_AN_OBJECT)?;
        UnverifiedPresentation::read(presentation, contexts)
    }

    /// Reads one credential without a presentation around it.
    ///
    /// # Errors
    ///
    /// As [`from_json`](Self::from_json).
    pub fn from_bare_credential(
        text: &[u8],
        contexts: &Contexts,
    ) -> Result<UnverifiedPresentation, Error> {
        if looks_like_token(text) {
            let token = std::str::from_utf8(text.trim_ascii()).map_err(|_| NOT_A_TOKEN)?;
            if token.len() > contexts.limits().bytes {
                return Err(Error::beyond(contexts.limits(), Limit::Bytes));
            }
            let credentials = vec![token_in(token, contexts)?];
            return Ok(UnverifiedPresentation { credentials, has_unknown_members: false });
        }
        let credential = json::parse(text, contexts.limits())?;
        let credential = credential.as_object().ok_or(NOT_AN_OBJECT)?;
        if !has_type(credential, "VerifiableCredential") {
            return Err(problem("type", "does not name `VerifiableCredential`"));
        }
        let credentials = vec![UnverifiedCredential::read(credential, contexts)];
        Ok(UnverifiedPresentation { credentials, has_unknown_members: false })
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
        if presentation.get("proof").is_some() {
            return Err(problem("proof", "is not supported on a presentation"));
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
                    let token = ENVELOPES.iter().find_map(|prefix| url.strip_prefix(prefix));
                    token_in(token.ok_or(NOT_A_TOKEN)?, contexts)
                }
                Json::Object(credential) => Ok(UnverifiedCredential::read(credential, contexts)),
                _ => Err(problem("verifiableCredential", "holds something that is no object")),
            })
            .collect::<Result<Vec<_>, Error>>()?;
        let has_unknown_members = presentation.iter().any(|(name, _)| !MEMBERS.contains(&name));
        Ok(UnverifiedPresentation { credentials, has_unknown_members })
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

fn token_in(text: &str, contexts: &Contexts) -> Result<UnverifiedCredential, Error> {
    UnverifiedCredential::of_token(text, contexts).map_err(|NotAToken| NOT_A_TOKEN)
}

const NOT_A_TOKEN: Error =
    Error::Presentation { member: "verifiableCredential", problem: "holds a text that is no JWT" };
/// VC data model 2.0, section 4.13.1: a media type, and no parameters.
const ENVELOPES: [&str; 2] = ["data:application/vc+jwt,", "data:application/vc-ld+jwt,"];
const NOT_AN_OBJECT: Error =
    Error::Presentation { member: "result_vp", problem: "is no JSON object" };
const MEMBERS: [&str; 5] = ["@context", "id", "type", "holder", "verifiableCredential"];
