//! Facts from outside the session, as plain data: nothing here is fetched.

use std::fmt;

use crate::did::{Did, DidDocument};
use crate::error::Error;
use crate::statements::Contexts;

/// The DID documents and JSON-LD contexts a verification may use.
///
/// A `did:key` needs no document: it is derived from the DID.
#[derive(Clone)]
pub struct Evidence {
    documents: Vec<DidDocument>,
    contexts: Contexts,
}

impl Evidence {
    /// No evidence: enough for issuers that are a `did:key`.
    #[must_use]
    pub fn new() -> Evidence {
        Evidence { documents: Vec::new(), contexts: Contexts::bundled() }
    }

    /// Adds a JSON-LD context: whatever names this URL is expanded with this document.
    ///
    /// The URL is compared as text. Pin the document by its hash before you add it: who can change
    /// it can change what members mean.
    ///
    /// # Errors
    ///
    /// [`Error::Json`] for the text; [`Error::Configuration`] if it is no context this library
    /// understands, or if the URL has one already.
    pub fn add_context(&mut self, url: &str, json: &[u8]) -> Result<(), Error> {
        self.contexts.add(url, json)
    }

    /// The bundled contexts and those that were added.
    #[must_use]
    pub fn contexts(&self) -> &Contexts {
        &self.contexts
    }

    /// Adds a DID document (JSON) and tells whose it is.
    ///
    /// # Errors
    ///
    /// [`Error::Configuration`] if the text is no DID document, if its DID has one already, or if
    /// the DID is a `did:key`, which is never read from a file.
    pub fn add_did_document(&mut self, json: &[u8]) -> Result<Did, Error> {
        let document = DidDocument::from_json(json)?;
        let refused = |problem| Err(Error::Configuration { what: "DID document", problem });
        if DidDocument::of_did_key(document.id()).is_some() {
            return refused("is of a did:key, which is derived from the DID itself");
        }
        if self.documents.iter().any(|known| known.id() == document.id()) {
            return refused("is the second one of its DID");
        }
        let id = document.id().clone();
        self.documents.push(document);
        Ok(id)
    }

    pub(crate) fn did_document(&self, did: &Did) -> Option<DidDocument> {
        let known = self.documents.iter().find(|document| document.id() == did);
        known.cloned().or_else(|| DidDocument::derived(did))
    }
}

impl Default for Evidence {
    fn default() -> Evidence {
        Evidence::new()
    }
}

impl fmt::Debug for Evidence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dids: Vec<_> = self.documents.iter().map(|document| document.id().as_str()).collect();
        formatter.debug_struct("Evidence").field("did_documents", &dids).finish()
    }
}
