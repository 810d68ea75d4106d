//! The enumerations of the message definition; values of a newer server survive as they are.

macro_rules! message_enum {
    ($(#[$doc:meta])* $name:ident { $($number:literal $variant:ident $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Eq, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = concat!("`", $text, "` (", $number, ").")] $variant,)*
            /// A value of a newer server: its name or number; never read as success.
            Unknown(String),
        }

        impl $name {
            /// The name in the message definition; of an unknown value the name or number.
            #[must_use]
            pub fn name(&self) -> &str {
                match self {
                    $($name::$variant => $text,)*
                    $name::Unknown(value) => value,
                }
            }

            /// The number in the message definition; `None` of a name that has none here.
            pub(super) fn number(&self) -> Option<i32> {
                match self {
                    $($name::$variant => Some($number),)*
                    $name::Unknown(value) => value.parse().ok(),
                }
            }

            pub(super) fn read(value: Enumeration<'_>) -> $name {
                match value {
                    $(Enumeration::Number($number) => $name::$variant,)*
                    Enumeration::Number(number) => $name::Unknown(number.to_string()),
                    Enumeration::Name(name) => match name {
                        $($text => $name::$variant,)*
                        _ => $name::Unknown(printable(name)),
                    },
                }
            }
        }
    };
}

message_enum! {
    /// The state of a session (`IDVSessionState`).
    State {
        0 Created "IDV_CREATED",
        1 Initiated "IDV_INITIATED",
        2 Authenticating "IDV_AUTHENTICATING",
        3 InProgress "IDV_IN_PROGRESS",
        4 Success "IDV_SUCCESS",
        5 Failed "IDV_FAILED",
    }
}

message_enum! {
    /// What kind of verification was asked for (`VerificationType`).
    VerificationType {
        0 GovernmentId "GOVERNMENT_ID",
    }
}

message_enum! {
    /// The state of a verification (`VerificationState`).
    VerificationState {
        0 Pending "VERIFICATION_PENDING",
        1 PendingReuse "VERIFICATION_PENDING_REUSE",
        2 Started "VERIFICATION_STARTED",
        3 Success "VERIFICATION_SUCCESS",
        4 Failed "VERIFICATION_FAILED",
    }
}

message_enum! {
    /// Why a session failed (`SessionFailCode`).
    FailCode {
        0 None "SESSION_FAIL_NONE",
        1 Internal "SESSION_FAIL_INTERNAL",
        2 VerificationFailed "SESSION_FAIL_VERIFICATION_FAILED",
        3 Authentication "SESSION_FAIL_AUTHENTICATION",
        4 Expired "SESSION_FAIL_EXPIRED",
        5 UserCanceled "SESSION_FAIL_USER_CANCELED",
        6 RpCanceled "SESSION_FAIL_RP_CANCELED",
    }
}

message_enum! {
    /// Why a verification failed (`VerificationFailCode`).
    VerificationFailCode {
        0 None "VERIFICATION_FAIL_NONE",
        1 Internal "VERIFICATION_FAIL_INTERNAL",
        2 InvalidImage "VERIFICATION_FAIL_INVALID_IMAGE",
        3 Inauthentic "VERIFICATION_FAIL_INAUTHENTIC",
        4 UnsupportedDocument "VERIFICATION_FAIL_UNSUPPORTED_DOCUMENT",
    }
}

/// The value of an enum member: its number, or its name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Enumeration<'a> {
    Number(i128),
    Name(&'a str),
}

/// A name of a newer server, kept so that it can be shown: letters, digits and `_`, at most 64.
pub(super) fn printable(name: &str) -> String {
    let plain = |character: &char| character.is_ascii_alphanumeric() || *character == '_';
    match name.len() <= 64 && name.chars().all(|character| plain(&character)) {
        true => name.to_owned(),
        false => "?".to_owned(),
    }
}
