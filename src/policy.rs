//! What a relying party asks for: strict unless it says otherwise, by name.

use std::fmt;

use chrono::Duration;

use crate::did::Did;
use crate::error::Error;

/// Whose credentials count. There is no default.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TrustedIssuers(Trust);

#[derive(Clone, Debug, Eq, PartialEq)]
enum Trust {
    These(Vec<Did>),
    InsecureAny,
}

impl TrustedIssuers {
    /// These issuers and no others.
    ///
    /// # Errors
    ///
    /// [`Error::Configuration`] if there is none.
    pub fn new(issuers: impl IntoIterator<Item = Did>) -> Result<TrustedIssuers, Error> {
        let issuers: Vec<Did> = issuers.into_iter().collect();
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

    /// `None` if the policy does not ask.
    pub(crate) fn trusts(&self, issuer: &Did) -> Option<bool> {
        match &self.0 {
            Trust::These(issuers) => Some(issuers.contains(issuer)),
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

/// The questions a [`Verifier`](crate::Verifier) asks.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Policy {
    pub(crate) trusted_issuers: TrustedIssuers,
    pub(crate) disclosure: Disclosure,
    pub(crate) status: Unknown,
    pub(crate) schema: Unknown,
    pub(crate) clock_skew: Duration,
}

impl Policy {
    /// The strict policy: status and schema required, partial disclosure allowed (Connect lets a
    /// relying party ask for single fields), clocks may differ by 60 seconds.
    #[must_use]
    pub fn new(trusted_issuers: TrustedIssuers) -> Policy {
        Policy {
            trusted_issuers,
            disclosure: Disclosure::AllowPartial,
            status: Unknown::Require,
            schema: Unknown::Require,
            clock_skew: Duration::seconds(60),
        }
    }

    /// Sets whether statements may be hidden.
    #[must_use]
    pub fn disclosure(self, disclosure: Disclosure) -> Policy {
        Policy { disclosure, ..self }
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
}
