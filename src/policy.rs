//! What a relying party asks for: strict unless it says otherwise, by name.

use std::fmt;

use chrono::{DateTime, Duration, Utc};

use crate::did::Did;
use crate::error::Error;
pub use crate::status::BitOrder;

/// Whose credentials count. There is no default.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TrustedIssuers(Trust);

#[derive(Clone, Debug, Eq, PartialEq)]
enum Trust {
    These(Vec<TrustedIssuer>),
    InsecureAny,
}

/// An issuer whose credentials count, and what is known of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TrustedIssuer {
    did: Did,
    scope: Scope,
    revocation_bits: Option<BitOrder>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Scope {
    Exact,
    Below,
}

impl TrustedIssuer {
    /// Exactly this DID.
    #[must_use]
    pub fn exact(did: Did) -> TrustedIssuer {
        TrustedIssuer { did, scope: Scope::Exact, revocation_bits: None }
    }

    /// Every DID whose path lies below this one: `did:web:a.example:tenants` trusts
    /// `did:web:a.example:tenants:one`, and neither itself nor `did:web:a.example:tenants2`.
    ///
    /// Whoever can put a document below that path can then issue: on a host of many tenants name
    /// each DID instead.
    #[must_use]
    pub fn below(did: Did) -> TrustedIssuer {
        TrustedIssuer { did, scope: Scope::Below, revocation_bits: None }
    }

    /// The order of the bits in this issuer's RevocationList2020 lists, which their text leaves
    /// open. Unset, a status is decided only where both orders agree.
    #[must_use]
    pub fn revocation_bits(self, order: BitOrder) -> TrustedIssuer {
        TrustedIssuer { revocation_bits: Some(order), ..self }
    }

    /// The DID that was named.
    #[must_use]
    pub fn did(&self) -> &Did {
        &self.did
    }

    /// Whether a DID is the one that was named, or lies below it.
    #[must_use]
    pub fn includes(&self, issuer: &Did) -> bool {
        match self.scope {
            Scope::Exact => self.did == *issuer,
            Scope::Below => {
                let below = issuer.as_str().strip_prefix(self.did.as_str());
                // No DID ends with a colon, so a name follows it.
                below.is_some_and(|rest| rest.starts_with(':'))
            }
        }
    }
}

impl From<Did> for TrustedIssuer {
    fn from(did: Did) -> TrustedIssuer {
        TrustedIssuer::exact(did)
    }
}

impl TrustedIssuers {
    /// These issuers and no others.
    ///
    /// # Errors
    ///
    /// [`Error::Configuration`] if there is none.
    pub fn new<I: Into<TrustedIssuer>>(
        issuers: impl IntoIterator<Item = I>,
    ) -> Result<TrustedIssuers, Error> {
        let issuers: Vec<TrustedIssuer> = issuers.into_iter().map(Into::into).collect();
        match issuers.is_empty() {
            true => Err(Error::Configuration { what: "trusted issuers", problem: "are none" }),
            false => Ok(TrustedIssuers(Trust::These(issuers))),
        }
    }

    /// Anybody: everyone can make a DID, so "accepted" then says nothing about the person.
    #[must_use]
    pub fn insecure_any() -> TrustedIssuers {
        TrustedIssuers(Trust::InsecureAny)
    }

    /// The DIDs that are named.
    pub(crate) fn dids(&self) -> impl Iterator<Item = &Did> {
        let issuers = match &self.0 {
            Trust::These(issuers) => issuers.as_slice(),
            Trust::InsecureAny => &[],
        };
        issuers.iter().map(TrustedIssuer::did)
    }

    /// `None` if the policy does not ask.
    pub(crate) fn trusts(&self, issuer: &Did) -> Option<bool> {
        match &self.0 {
            Trust::These(issuers) => Some(issuers.iter().any(|trusted| trusted.includes(issuer))),
            Trust::InsecureAny => None,
        }
    }

    /// How the issuer orders the bits of its RevocationList2020 lists, if the policy says.
    pub(crate) fn revocation_bits(&self, issuer: &Did) -> Option<BitOrder> {
        match &self.0 {
            Trust::These(issuers) => issuers.iter().find(|it| it.includes(issuer))?.revocation_bits,
            Trust::InsecureAny => None,
        }
    }
}

/// The id of a session, compared exactly.
///
/// Pass the id that you saved when you created the session: it is what stops a swapped session.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct SessionId(String);

impl SessionId {
    /// Takes an id: 1 to 128 visible ASCII characters.
    ///
    /// # Errors
    ///
    /// [`Error::Configuration`] if it is anything else.
    pub fn new(id: &str) -> Result<SessionId, Error> {
        let visible = id.bytes().all(|byte| byte.is_ascii_graphic());
        match visible && (1..=128).contains(&id.len()) {
            true => Ok(SessionId(id.to_owned())),
            false => Err(Error::Configuration {
                what: "session id",
                problem: "is not 1 to 128 visible ASCII characters",
            }),
        }
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A time that a credential is verified as of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum AsOf {
    /// When the last of the presentation's credentials was issued, by their signed dates.
    Issuance,
    /// This time.
    Time(DateTime<Utc>),
}

/// Which session the credentials must be made for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ExpectedSession<'a> {
    /// The id that the relying party saved when it created the session.
    Id(&'a SessionId),
    /// Any: a result stolen from another session or another relying party is then accepted.
    InsecureAny,
}

/// Whether a holder may hide statements that a verdict does not need.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Disclosure {
    /// Every statement must be shown.
    RequireFull,
    /// Statements may be hidden; what may be hidden and matters is named in the report.
    AllowPartial,
}

/// What happens when the revocation status or the schema of a credential cannot be decided.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Unknown {
    /// It must be decided: otherwise the verdict is not "accepted".
    Require,
    /// Undecided is waived, and the report says so; a decided failure still fails.
    Allow,
    /// Not looked at.
    Skip,
}

/// Which shapes of credentials are let through.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Profile {
    /// Whatever is safely read.
    General,
    /// Exactly the shape of a Trinsic Connect result: its `@context`, its types, its members and
    /// no others, no blank nodes, and everything shown that says by whom and until when.
    TrinsicConnect,
}

/// What happens to the credential of a *document* whose `expiryDate` has passed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ExpiredDocument {
    /// It is no concern of the verdict; the date is a claim like others.
    Allow,
    /// It fails, and so does a date that is hidden, empty, ambiguous or no date.
    Reject,
}

/// Who may present a credential.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum HolderBinding {
    /// Anybody who was given it: what binds it to the session is its own proof, or the presentation's.
    Any,
    /// Its subject alone: the presentation needs a proof of its own, by a key that the subject's DID
    /// document lists for authentication.
    RequireSubject,
}

/// A JSON-LD context that credentials may name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AllowedContext {
    iri: String,
    sha256: Option<[u8; 32]>,
}

impl AllowedContext {
    /// The URL of an entry of `@context`, or the IRI of its `@vocab`; compared as text.
    #[must_use]
    pub fn new(iri: &str) -> AllowedContext {
        AllowedContext { iri: iri.to_owned(), sha256: None }
    }

    /// Only as the document with this SHA-256, bundled or given as evidence.
    #[must_use]
    pub fn sha256(self, hash: [u8; 32]) -> AllowedContext {
        AllowedContext { sha256: Some(hash), ..self }
    }

    /// `None` if it is another context; else whether the document is the one that is meant.
    pub(crate) fn admits(&self, iri: &str, sha256: Option<[u8; 32]>) -> Option<bool> {
        (self.iri == iri).then(|| self.sha256.is_none() || self.sha256 == sha256)
    }
}

/// The questions a [`Verifier`](crate::Verifier) asks.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Policy {
    pub(crate) trusted_issuers: TrustedIssuers,
    pub(crate) status_issuers: Vec<Did>,
    pub(crate) schema_issuers: Vec<Did>,
    pub(crate) profile: Profile,
    pub(crate) contexts: Vec<AllowedContext>,
    pub(crate) required_types: Vec<String>,
    pub(crate) disclosure: Disclosure,
    pub(crate) holder: HolderBinding,
    pub(crate) domain: Option<String>,
    pub(crate) status: Unknown,
    pub(crate) schema: Unknown,
    pub(crate) normalized_data: Unknown,
    pub(crate) expired_document: ExpiredDocument,
    pub(crate) clock_skew: Duration,
    pub(crate) max_age: Option<Duration>,
    pub(crate) max_evidence_age: Option<Duration>,
    pub(crate) min_list_entries: usize,
    pub(crate) credentials_per_verification: usize,
}

impl Policy {
    /// The strict policy: status and schema required, partial disclosure allowed (Connect lets a
    /// relying party ask for single fields), clocks may differ by 60 seconds.
    #[must_use]
    pub fn new(trusted_issuers: TrustedIssuers) -> Policy {
        Policy {
            trusted_issuers,
            status_issuers: Vec::new(),
            schema_issuers: Vec::new(),
            profile: Profile::General,
            contexts: Vec::new(),
            required_types: Vec::new(),
            disclosure: Disclosure::AllowPartial,
            holder: HolderBinding::Any,
            domain: None,
            status: Unknown::Require,
            schema: Unknown::Require,
            normalized_data: Unknown::Allow,
            expired_document: ExpiredDocument::Allow,
            clock_skew: Duration::seconds(60),
            max_age: None,
            max_evidence_age: None,
            min_list_entries: MIN_LIST_ENTRIES,
            credentials_per_verification: 1,
        }
    }

    /// Sets which shapes of credentials are let through.
    #[must_use]
    pub fn profile(self, profile: Profile) -> Policy {
        Policy { profile, ..self }
    }

    /// Adds a context that credentials may name. With the first one, those that are not added fail;
    /// with none, every context counts that is bundled, given as evidence, or a bare `@vocab`.
    ///
    /// Status lists are not asked: a context can only say what their statements mean.
    #[must_use]
    pub fn allow_context(mut self, context: AllowedContext) -> Policy {
        self.contexts.push(context);
        self
    }

    /// Adds a type (an IRI) that every credential must have.
    #[must_use]
    pub fn require_type(mut self, iri: &str) -> Policy {
        self.required_types.push(iri.to_owned());
        self
    }

    /// Adds a DID whose status lists count beside those of the credential's own issuer.
    #[must_use]
    pub fn status_issuer(mut self, did: Did) -> Policy {
        self.status_issuers.push(did);
        self
    }

    /// Adds a DID whose schema credentials count beside those of the credential's own issuer.
    #[must_use]
    pub fn schema_issuer(mut self, did: Did) -> Policy {
        self.schema_issuers.push(did);
        self
    }

    /// Sets whether statements may be hidden.
    #[must_use]
    pub fn disclosure(self, disclosure: Disclosure) -> Policy {
        Policy { disclosure, ..self }
    }

    /// Sets who may present a credential.
    #[must_use]
    pub fn holder(self, holder: HolderBinding) -> Policy {
        Policy { holder, ..self }
    }

    /// Sets the domain (or audience) that the proof of a presentation must be made for, compared as text:
    /// what was signed for another verifier then counts for nothing, and so does a credential that its
    /// issuer signed for others alone. Presentations without a proof are not asked.
    #[must_use]
    pub fn domain(self, domain: &str) -> Policy {
        Policy { domain: Some(domain.to_owned()), ..self }
    }

    /// Sets how an undecided revocation status counts.
    #[must_use]
    pub fn status(self, status: Unknown) -> Policy {
        Policy { status, ..self }
    }

    /// Sets how an undecided schema counts.
    #[must_use]
    pub fn schema(self, schema: Unknown) -> Policy {
        Policy { schema, ..self }
    }

    /// Sets how a missing unsigned copy of the claims counts; a contradiction always fails unless
    /// the copy is skipped.
    #[must_use]
    pub fn normalized_data(self, normalized_data: Unknown) -> Policy {
        Policy { normalized_data, ..self }
    }

    /// Sets what an expired document means.
    #[must_use]
    pub fn expired_document(self, expired_document: ExpiredDocument) -> Policy {
        Policy { expired_document, ..self }
    }

    /// Sets by how much clocks may differ; negative durations count as none.
    #[must_use]
    pub fn clock_skew(self, clock_skew: Duration) -> Policy {
        Policy { clock_skew: clock_skew.max(Duration::zero()), ..self }
    }

    /// Sets how long ago a credential may have been issued; one that hides when it was fails.
    #[must_use]
    pub fn max_age(self, age: Duration) -> Policy {
        Policy { max_age: Some(age), ..self }
    }

    /// Sets how long ago DID documents and status lists may have been fetched.
    #[must_use]
    pub fn max_evidence_age(self, age: Duration) -> Policy {
        Policy { max_evidence_age: Some(age), ..self }
    }

    /// Sets how many entries a status list must have: fewer tell whose status was asked for.
    #[must_use]
    pub fn min_list_entries(self, entries: usize) -> Policy {
        Policy { min_list_entries: entries, ..self }
    }

    /// Sets how many credentials a session must hold for each successful verification.
    #[must_use]
    pub fn credentials_per_verification(self, credentials: usize) -> Policy {
        Policy { credentials_per_verification: credentials, ..self }
    }
}

/// As StatusList2021 and BitstringStatusList 1.0 require, for the privacy of the many.
const MIN_LIST_ENTRIES: usize = 131_072;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn below_a_path_is_neither_the_path_nor_a_sibling() {
        let did = |text| Did::new(text).unwrap();
        let issuer = TrustedIssuer::below(did("did:web:a.example:tenants"));
        let issuers = TrustedIssuers::new([issuer]).unwrap();
        let trusts = |text| issuers.trusts(&did(text)) == Some(true);
        assert!(trusts("did:web:a.example:tenants:one"));
        assert!(trusts("did:web:a.example:tenants:one:two"));
        for text in ["did:web:a.example:tenants", "did:web:a.example:tenants2:one", "did:web:b"] {
            assert!(!trusts(text), "{text}");
        }
    }

    #[test]
    fn a_context_is_the_document_that_is_meant() {
        let (meant, other) = (Some([1; 32]), Some([2; 32]));
        let pinned = AllowedContext::new("https://a.example").sha256([1; 32]);
        assert_eq!(pinned.admits("https://a.example", meant), Some(true));
        assert_eq!(pinned.admits("https://a.example", other), Some(false));
        assert_eq!(pinned.admits("https://a.example", None), Some(false));
        assert_eq!(pinned.admits("https://b.example", meant), None);
        let any = AllowedContext::new("https://a.example");
        for hash in [meant, other, None] {
            assert_eq!(any.admits("https://a.example", hash), Some(true));
        }
    }

    #[test]
    fn what_is_set_is_asked() {
        let policy = || Policy::new(TrustedIssuers::insecure_any());
        assert_eq!(policy().normalized_data(Unknown::Skip).normalized_data, Unknown::Skip);
        for (set, kept) in [(-1, 0), (0, 0), (5, 5)] {
            let policy = policy().clock_skew(Duration::seconds(set));
            assert_eq!(policy.clock_skew, Duration::seconds(kept));
        }
    }
}
