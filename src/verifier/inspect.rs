//! What a presentation says of itself before anything is checked.

use chrono::{DateTime, Utc};

use super::key_id;
use crate::credential::{SchemaReference, StatusEntry, Suite, UnverifiedCredential};
use crate::did::Did;
use crate::presentation::UnverifiedPresentation;
use crate::proof::DecodedProof;
use crate::report::Reason;
use crate::statements::names::{EXPIRATION_DATE, ISSUANCE_DATE, ISSUER};
use crate::statements::Graph;
use crate::time;

/// What one credential says of itself, with **nothing checked**: anybody can write a document that
/// says the same. For a person who looks at an input, never for a decision.
///
/// It holds names and places, never the value of a claim.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Inspection {
    /// The id; blank nodes are `_:c14nN`.
    pub id: Option<String>,
    /// The IRIs of its types.
    pub types: Vec<String>,
    /// The issuer it names.
    pub issuer: Option<Did>,
    /// The type of its proof.
    pub suite: Option<&'static str>,
    /// The DID URL of the key that the proof names, if it is one.
    pub verification_method: Option<String>,
    /// When the proof says it was made, if that is an instant.
    pub proof_created: Option<DateTime<Utc>>,
    /// Its `issuanceDate`, if that is an instant.
    pub issuance_date: Option<DateTime<Utc>>,
    /// Its `expirationDate`, if it shows one that is an instant.
    pub expiration_date: Option<DateTime<Utc>>,
    /// The IRIs of the status entries it shows, and of the lists they name.
    pub status_urls: Vec<String>,
    /// The IRIs of the schemas it shows.
    pub schema_urls: Vec<String>,
    /// The IRIs of the properties its subject shows; their values are not here.
    pub claim_names: Vec<String>,
    /// How many statements the document makes; `None` if it is no set of statements.
    pub shown_statements: Option<usize>,
    /// How many more the proof says were signed; `None` if the proof cannot be read, or
    /// does not tell.
    pub hidden_statements: Option<usize>,
    /// The first thing that makes it unreadable.
    pub problem: Option<Reason>,
}

impl UnverifiedPresentation {
    /// What each credential says of itself. Nothing is checked.
    #[must_use]
    pub fn inspect(&self) -> Vec<Inspection> {
        self.credentials.iter().map(inspect).collect()
    }
}

fn inspect(credential: &UnverifiedCredential) -> Inspection {
    let proof = credential.proof.as_ref();
    let mut inspection = Inspection {
        id: None,
        types: Vec::new(),
        issuer: None,
        suite: proof.ok().map(|proof| Suite::name(proof.suite)),
        verification_method: proof.ok().and_then(key_id),
        proof_created: proof.ok().and_then(|proof| time::instant(proof.created.as_deref()?)),
        issuance_date: None,
        expiration_date: None,
        status_urls: Vec::new(),
        schema_urls: Vec::new(),
        claim_names: Vec::new(),
        shown_statements: None,
        hidden_statements: None,
        problem: proof.err().map(|fault| (*fault).into()),
    };
    let statements = match &credential.statements {
        Ok(statements) => statements,
        Err(refusal) => {
            inspection.problem = Some(refusal.into());
            return inspection;
        }
    };
    let graph = Graph::root(statements);
    let date = |predicate| graph.literal(predicate).and_then(time::instant);
    inspection.id = Some(statements.root().to_string());
    inspection.types = graph.types().map(str::to_owned).collect();
    inspection.issuer = graph.iri(ISSUER).and_then(Did::parse);
    inspection.issuance_date = date(ISSUANCE_DATE);
    inspection.expiration_date = date(EXPIRATION_DATE);
    inspection.shown_statements = Some(statements.iter().count());
    for entry in StatusEntry::all(graph).into_iter().flatten() {
        // Where the term of the vocabulary is no reference, the URL is a text.
        let urls = [entry.id, entry.list].into_iter().filter(|url| !url.starts_with("_:"));
        inspection.status_urls.extend(urls.filter(|url| url.contains(':')));
    }
    let schemas = SchemaReference::all(graph).into_iter().flatten();
    inspection.schema_urls = schemas.map(|schema| schema.url).collect();
    for statement in graph.subject().iter().flat_map(|subject| subject.iter()) {
        if !inspection.claim_names.iter().any(|it| **it == *statement.predicate) {
            inspection.claim_names.push(statement.predicate.to_string());
        }
    }
    if let Ok(proof) = proof {
        match DecodedProof::new(proof, statements).and_then(DecodedProof::examine) {
            Ok(examined) => {
                inspection.hidden_statements = examined.layout().hidden_count();
            }
            Err(failure) => inspection.problem = Some(failure.into()),
        }
    }
    inspection
}
