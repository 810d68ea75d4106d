//! Facts from outside the session, as plain data: nothing here is fetched.

use std::fmt;

use crate::did::{Did, DidDocument};
use crate::error::Error;

/// The DID documents a verification may use.
///
/// A `did:key` needs none: its document is derived from the DID.
#[derive(Clone, Default)]
pub struct Evidence {
    documents: Vec<DidDocument>,
}

impl Evidence {
    /// No evidence: enough for issuers that are a `did:key`.
    #[must_use]
    pub fn new() -> Evidence {
        Evidence::default()
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
        known.cloned().or_else(|| DidDocument::of_did_key(did))
    }
}

impl fmt::Debug for Evidence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dids: Vec<_> = self.documents.iter().map(|document| document.id().as_str()).collect();
        formatter.debug_struct("Evidence").field("did_documents", &dids).finish()
    }
}
