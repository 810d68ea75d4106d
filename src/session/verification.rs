//! What a session tells about each of its verifications.

use std::fmt;

use chrono::{DateTime, Utc};

use super::{instant, VerificationFailCode, VerificationState, VerificationType};

/// One verification of a session (`Verification`); nothing of it is signed.
#[derive(Clone, Eq, PartialEq)]
pub struct Verification {
    pub(super) key: String,
    pub(super) id: String,
    pub(super) kind: VerificationType,
    pub(super) state: VerificationState,
    pub(super) fail_code: Option<VerificationFailCode>,
    pub(super) reused: bool,
    pub(super) begun: u64,
    pub(super) updated: u64,
    pub(super) requested_fields: Option<RequestedFields>,
    pub(super) normalized: Option<NormalizedGovernmentIdData>,
}

impl Verification {
    /// A bad image is no end; every other fail code is.
    pub(super) fn may_be_retried(&self) -> bool {
        self.fail_code == Some(VerificationFailCode::InvalidImage)
    }

    /// Whether it has one of the other fail codes.
    pub(super) fn is_final(&self) -> bool {
        let fail_code = self.fail_code.as_ref().filter(|it| **it != VerificationFailCode::None);
        fail_code.is_some() && !self.may_be_retried()
    }

    /// The id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What was asked for.
    #[must_use]
    pub fn kind(&self) -> &VerificationType {
        &self.kind
    }

    /// The state.
    #[must_use]
    pub fn state(&self) -> &VerificationState {
        &self.state
    }

    /// Why it failed.
    #[must_use]
    pub fn fail_code(&self) -> Option<&VerificationFailCode> {
        self.fail_code.as_ref()
    }

    /// Whether an earlier verification was reused; before success that says nothing.
    #[must_use]
    pub fn reused(&self) -> Option<bool> {
        let succeeded = self.state == VerificationState::Success;
        succeeded.then_some(self.reused)
    }

    /// When it began; `None` if it has not, or if the server does not say.
    #[must_use]
    pub fn begun(&self) -> Option<DateTime<Utc>> {
        instant(self.begun)
    }

    /// When it last changed; `None` if it has not begun.
    #[must_use]
    pub fn updated(&self) -> Option<DateTime<Utc>> {
        instant(self.updated)
    }

    /// Which fields were asked for; `None` means all.
    #[must_use]
    pub fn requested_fields(&self) -> Option<&RequestedFields> {
        self.requested_fields.as_ref()
    }

    /// The unsigned copy of the claims. Do not rely on it: it is compared, never returned.
    #[must_use]
    pub fn normalized(&self) -> Option<&NormalizedGovernmentIdData> {
        self.normalized.as_ref()
    }
}

impl fmt::Debug for Verification {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = formatter.debug_struct("Verification");
        debug.field("id", &self.id).field("state", &self.state);
        debug.field("fail_code", &self.fail_code).finish_non_exhaustive()
    }
}

/// The fields a relying party asked for (`GovernmentIDFields`).
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct RequestedFields {
    /// The number of the document.
    pub id_number: bool,
    /// The given name.
    pub given_name: bool,
    /// The family name.
    pub family_name: bool,
    /// The address, in one line.
    pub address: bool,
    /// The date of birth.
    pub date_of_birth: bool,
    /// The country that issued the document.
    pub country: bool,
    /// The day on which the document was issued.
    pub issue_date: bool,
    /// The day on which the document expires.
    pub expiration_date: bool,
}

impl RequestedFields {
    /// In the order of the fields' numbers, which begin with 1.
    pub(super) fn from_array(asked: [bool; 8]) -> RequestedFields {
        let [id_number, given_name, family_name, address, rest @ ..] = asked;
        let [date_of_birth, country, issue_date, expiration_date] = rest;
        RequestedFields {
            id_number,
            given_name,
            family_name,
            address,
            date_of_birth,
            country,
            issue_date,
            expiration_date,
        }
    }

    pub(crate) fn to_array(&self) -> [bool; 8] {
        [
            self.id_number,
            self.given_name,
            self.family_name,
            self.address,
            self.date_of_birth,
            self.country,
            self.issue_date,
            self.expiration_date,
        ]
    }
}

/// The server's unsigned copy of the claims (`NormalizedGovernmentIdData`).
#[derive(Clone, Default, Eq, PartialEq)]
pub struct NormalizedGovernmentIdData {
    pub(super) fields: [Option<String>; 8],
}

macro_rules! normalized {
    ($($index:literal $name:ident,)*) => {
        /// The names in the order of the fields' numbers, which begin with 1.
        pub(crate) const FIELDS: [&str; 8] = [$(stringify!($name)),*];

        impl NormalizedGovernmentIdData {
            $(
                #[doc = concat!("`", stringify!($name), "`, as the server tells it.")]
                #[must_use]
                pub fn $name(&self) -> Option<&str> {
                    self.fields.get($index).and_then(Option::as_deref)
                }
            )*
        }
    };
}

normalized! {
    0 id_number,
    1 given_name,
    2 family_name,
    3 address,
    4 date_of_birth,
    5 country,
    6 issue_date,
    7 expiration_date,
}

impl fmt::Debug for NormalizedGovernmentIdData {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("NormalizedGovernmentIdData").finish_non_exhaustive()
    }
}
