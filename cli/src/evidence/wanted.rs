//! What inputs need as evidence.

use std::path::Path;

use result_vp::{Contexts, Evidence, Input, UnverifiedPresentation};

use super::bundle::{Bundle, Kind};
use crate::source::{self, Stop};

/// What some inputs name, without repetition. Nobody has verified that their issuers named it.
#[derive(Default)]
pub(super) struct Wanted {
    pub(super) items: Vec<(Kind, String)>,
    /// What could not be read, in words without personal data.
    pub(super) unreadable: Vec<String>,
}

impl Wanted {
    /// Adds what the presentations of an input name; `-` is standard input.
    pub(super) fn read(&mut self, path: &Path, contexts: &Contexts) -> Result<(), Stop> {
        let name = path.display();
        let text = source::read_input(path)?;
        match source::parse(&text, contexts, false) {
            Ok(Input::Presentation(presentation)) => self.add(&presentation),
            Ok(Input::Sessions(sessions)) => {
                let results = sessions.iter().enumerate();
                for (record, text) in results.filter_map(|(n, it)| Some((n, it.result_vp()?))) {
                    match UnverifiedPresentation::from_json_with(text.as_bytes(), contexts) {
                        Ok(presentation) => self.add(&presentation),
                        Err(error) => {
                            self.unreadable.push(format!("{name}, record {record}: {error}"));
                        }
                    }
                }
            }
            Ok(_) => self.unreadable.push(format!("{name}: the input is of an unknown kind")),
            Err(error) => self.unreadable.push(format!("{name}: {error}")),
        }
        Ok(())
    }

    /// Adds the DIDs that the proofs of a status list or schema name, if it is a credential.
    pub(super) fn add_signer(&mut self, content: &str, contexts: &Contexts) {
        let signed = UnverifiedPresentation::from_bare_credential(content.as_bytes(), contexts);
        if let Ok(signed) = signed {
            self.add_dids(&signed);
        }
    }

    fn add(&mut self, presentation: &UnverifiedPresentation) {
        self.add_dids(presentation);
        for url in presentation.status_lists() {
            self.push(Kind::StatusList, url);
        }
        for url in presentation.schemas() {
            self.push(Kind::Schema, url);
        }
    }

    fn add_dids(&mut self, presentation: &UnverifiedPresentation) {
        for did in presentation.dids() {
            self.push(Kind::DidDocument, did.to_string());
        }
    }

    fn push(&mut self, kind: Kind, url: String) {
        if !self.items.iter().any(|(known, other)| *known == kind && *other == url) {
            self.items.push((kind, url));
        }
    }
}

/// The contexts of a bundle, beside those the library has. The error continues "the bundle".
pub(super) fn add_contexts(evidence: &mut Evidence, bundle: &Bundle) -> Result<(), String> {
    for item in bundle.items().iter().filter(|item| item.kind == Kind::Context) {
        let added = evidence.add_context(&item.url, item.content.as_bytes());
        let url = item.url.escape_default();
        added.map_err(|error| format!("holds a context {url} that is refused: {error}"))?;
    }
    Ok(())
}
