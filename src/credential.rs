//! One credential as it stands in a presentation: parsed, trusted for nothing.

use crate::json::Object;
use crate::profile::{self, ShapeFault};
use crate::statements::names::{CREDENTIAL_SCHEMA, CREDENTIAL_STATUS, ISSUER};
use crate::statements::{
    self, split_iri, Contexts, Graph, NamedContext, Refusal, Statements, Term,
};
mod disclosure;
mod proof;
mod sd_jwt;
mod token;

pub(crate) use proof::{BindingFault, Digests, Proof, ProofFault, Suite};
pub(crate) use sd_jwt::is_sd_jwt;
pub(crate) use token::{holder, looks_like_token, NotAToken, Parts, SecuredPresentation, Token};

/// A credential whose proof nobody has looked at.
///
/// Its members are gone after parsing: what is left are RDF statements and the proof options.
#[derive(Clone)]
pub(crate) struct UnverifiedCredential {
    /// What its `@context` names, as it was read.
    pub(crate) contexts: Vec<NamedContext>,
    /// The statements of the document without its proof, or why it says more than it states.
    pub(crate) statements: Result<Statements, Refusal>,
    /// Whether the document has exactly the shape of a Trinsic Connect result.
    pub(crate) shape: Result<(), ShapeFault>,
    /// The proof by the issuer's key, or why there is none that can be verified.
    pub(crate) proof: Result<Proof, ProofFault>,
    /// Those beside it: each of them must hold as well.
    pub(crate) further_proofs: Vec<Proof>,
}

impl UnverifiedCredential {
    /// Reads a credential that is the payload of a JWT or SD-JWT.
    pub(crate) fn of_token(text: &str, contexts: &Contexts) -> Result<Self, NotAToken> {
        if is_sd_jwt(text) {
            return sd_jwt::read(text, contexts);
        }
        let parts = Parts::split(text)?;
        let (document, proof) = parts.read(contexts.limits())?;
        // What `proof` says there is no part of the statements, and refused below.
        let further_proofs = Vec::new();
        let read = UnverifiedCredential::read(&document, contexts);
        Ok(UnverifiedCredential { proof, further_proofs, ..read })
    }

    pub(crate) fn read(credential: &Object<'_>, contexts: &Contexts) -> UnverifiedCredential {
        let statements = statements::statements(credential, contexts);
        let shape = match &statements {
            Ok(statements) => profile::trinsic_connect(credential, Graph::root(statements)),
            Err(_) => Err(ShapeFault::Member),
        };
        let named = contexts.named(credential);
        let issuer = statements.as_ref().ok().and_then(|it| Graph::root(it).iri(ISSUER));
        let (proof, further_proofs) =
            match Proof::read(credential, statements.is_ok().then_some(contexts)) {
                Err(fault) => (Err(fault), Vec::new()),
                Ok(mut proofs) => {
                    let by_issuer = |proof: &Proof| {
                        let method = proof.verification_method.split_once('#');
                        method.is_some_and(|(did, _)| Some(did) == issuer)
                    };
                    let first = proofs.iter().position(by_issuer).unwrap_or(0);
                    (Ok(proofs.remove(first)), proofs)
                }
            };
        UnverifiedCredential { contexts: named, statements, shape, proof, further_proofs }
    }
}

/// An entry of a status list that a credential names.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct StatusEntry {
    pub(crate) kind: StatusKind,
    pub(crate) id: String,
    /// The URL of the status list credential.
    pub(crate) list: String,
    /// The index as written.
    pub(crate) index: String,
    pub(crate) purpose: String,
}

/// The status lists that are known.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum StatusKind {
    BitstringStatusList,
    RevocationList2020,
    StatusList2021,
}

/// Why a `credentialStatus` is no entry that could be looked up.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum StatusFault {
    /// A member is missing, stands twice, or is no text.
    Malformed,
    /// No status list of this build has entries of this type, or entries of several bits.
    TypeUnknown,
}

impl StatusKind {
    pub(crate) const ALL: [StatusKind; 3] = [
        StatusKind::BitstringStatusList,
        StatusKind::RevocationList2020,
        StatusKind::StatusList2021,
    ];

    fn entry_type(self) -> &'static str {
        match self {
            StatusKind::BitstringStatusList => "BitstringStatusListEntry",
            StatusKind::RevocationList2020 => "RevocationList2020Status",
            StatusKind::StatusList2021 => "StatusList2021Entry",
        }
    }

    /// The type of the list's own credential.
    pub(crate) fn credential_type(self) -> &'static str {
        match self {
            StatusKind::BitstringStatusList => "BitstringStatusListCredential",
            StatusKind::RevocationList2020 => "RevocationList2020Credential",
            StatusKind::StatusList2021 => "StatusList2021Credential",
        }
    }

    /// The type of that credential's subject.
    pub(crate) fn list_type(self) -> &'static str {
        match self {
            StatusKind::BitstringStatusList => "BitstringStatusList",
            StatusKind::RevocationList2020 => "RevocationList2020",
            StatusKind::StatusList2021 => "StatusList2021",
        }
    }
}

impl StatusEntry {
    /// The entries that the credential at the root names.
    ///
    /// Its terms come from the context of the list, or from a bare `@vocab` (as in Trinsic's
    /// results), so types and members are known by their last part within one namespace.
    pub(crate) fn all(root: Graph<'_>) -> Vec<Result<StatusEntry, StatusFault>> {
        root.objects(CREDENTIAL_STATUS)
            .map(|object| match object {
                Term::Node(node) => StatusEntry::read(root.at(node)),
                Term::Literal { .. } => Err(StatusFault::Malformed),
            })
            .collect()
    }

    fn read(entry: Graph<'_>) -> Result<StatusEntry, StatusFault> {
        let mut known = entry.types().filter_map(|iri| {
            let (namespace, name) = split_iri(iri)?;
            let kind = StatusKind::ALL.into_iter().find(|kind| kind.entry_type() == name)?;
            Some((namespace, kind))
        });
        let (namespace, kind) = match (known.next(), known.next()) {
            (Some(one), None) => one,
            (Some(_), Some(_)) => return Err(StatusFault::Malformed),
            (None, _) => return Err(StatusFault::TypeUnknown),
        };
        let text = |name: &str| entry.text_in(namespace, name).map(str::to_owned);
        let (list, index, purpose) = match kind {
            StatusKind::RevocationList2020 => {
                let purpose = Some("revocation".to_owned());
                (text("revocationListCredential"), text("revocationListIndex"), purpose)
            }
            StatusKind::BitstringStatusList | StatusKind::StatusList2021 => {
                (text("statusListCredential"), text("statusListIndex"), text("statusPurpose"))
            }
        };
        // Entries of several bits carry a message, not a revocation (section 2.1.1 there).
        let size = [namespace, "statusSize"].concat();
        let is_one = |size: &Term| matches!(size, Term::Literal { value, .. } if **value == *"1");
        if !entry.objects(&size).all(is_one) {
            return Err(StatusFault::TypeUnknown);
        }
        match (list, index, purpose) {
            (Some(list), Some(index), Some(purpose)) => {
                Ok(StatusEntry { kind, id: entry.node().to_string(), list, index, purpose })
            }
            _ => Err(StatusFault::Malformed),
        }
    }
}

/// A schema that a credential names.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct SchemaReference {
    pub(crate) url: String,
    /// The last part of the IRI of its type.
    pub(crate) kind: String,
}

impl SchemaReference {
    /// The schemas that the credential at the root names; `None` for one that is no typed node.
    pub(crate) fn all(root: Graph<'_>) -> Vec<Option<SchemaReference>> {
        root.objects(CREDENTIAL_SCHEMA)
            .map(|object| match object {
                Term::Node(node) => {
                    let mut types = root.at(node).types();
                    let (kind, None) = (types.next()?, types.next()) else { return None };
                    let (_, kind) = split_iri(kind)?;
                    Some(SchemaReference { url: node.to_string(), kind: kind.to_owned() })
                }
                Term::Literal { .. } => None,
            })
            .collect()
    }
}
