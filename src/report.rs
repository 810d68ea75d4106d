//! The answer: every check named, one verdict, and the only way to the claims.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::credential::{ProofFault, Suite};
use crate::did::Did;
use crate::key::KeyFault;
use crate::profile::ShapeFault;
use crate::proof::bbs2020::{KeyProblem, ProofProblem};
use crate::proof::{Layout, ProofFailure};
use crate::signature;
use crate::statements::{Refusal, Statements};

/// The answer to "may this result be relied on?": any failure rejects it, else anything that could
/// not be checked leaves it indeterminate, else it is accepted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Verdict {
    /// Every check passed, was not applicable, or was waived by the policy.
    Accepted,
    /// A check could not be made; its reason says which evidence is missing.
    Indeterminate,
    /// A check failed.
    Rejected,
}

impl Verdict {
    /// The stable name of the verdict.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Verdict::Accepted => "accepted",
            Verdict::Indeterminate => "indeterminate",
            Verdict::Rejected => "rejected",
        }
    }
}

/// What one check found.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Outcome {
    /// It holds.
    Pass,
    /// It does not hold.
    Fail(Reason),
    /// It could not be checked.
    Indeterminate(Reason),
    /// There is nothing to check.
    NotApplicable,
    /// The policy switched it off.
    Waived(Reason),
}

impl Outcome {
    /// The stable name of the outcome.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Outcome::Pass => "pass",
            Outcome::Fail(_) => "fail",
            Outcome::Indeterminate(_) => "indeterminate",
            Outcome::NotApplicable => "not_applicable",
            Outcome::Waived(_) => "waived",
        }
    }

    /// Why, unless it passed or had nothing to check.
    #[must_use]
    pub fn reason(&self) -> Option<&Reason> {
        match self {
            Outcome::Fail(reason) | Outcome::Indeterminate(reason) | Outcome::Waived(reason) => {
                Some(reason)
            }
            Outcome::Pass | Outcome::NotApplicable => None,
        }
    }
}

macro_rules! checks {
    ($(#[$doc:meta])* $outcomes:ident: $($(#[$field_doc:meta])* $field:ident $check:ident,)*) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Eq, PartialEq)]
        pub(crate) struct $outcomes {
            $(pub(crate) $field: Outcome,)*
        }

        impl $outcomes {
            /// Every check with its outcome, in the order in which they are best read.
            pub(crate) fn all(&self) -> Vec<(Check, &Outcome)> {
                vec![$((Check::$check, &self.$field)),*]
            }
        }
    };
}

checks! {
    /// One field for each check of a credential: a forgotten one does not compile.
    Outcomes:
    context Context,
    unsigned_content UnsignedContent,
    profile Profile,
    proof Proof,
    disclosure Disclosure,
    issuer_is_signer IssuerIsSigner,
    trusted_issuer TrustedIssuer,
    credential_type CredentialType,
    presentation Presentation,
    session Session,
    holder Holder,
    replay Replay,
    validity_period ValidityPeriod,
    document_validity DocumentValidity,
    credential_status CredentialStatus,
    credential_schema CredentialSchema,
}

checks! {
    /// One field for each check of a session.
    SessionOutcomes:
    state State,
    facts SessionFacts,
    id SessionId,
    credential_count CredentialCount,
    normalized_data NormalizedData,
}

impl SessionOutcomes {
    /// A bare presentation has no session that could be checked.
    pub(crate) fn not_applicable() -> SessionOutcomes {
        SessionOutcomes {
            state: Outcome::NotApplicable,
            facts: Outcome::NotApplicable,
            id: Outcome::NotApplicable,
            credential_count: Outcome::NotApplicable,
            normalized_data: Outcome::NotApplicable,
        }
    }
}

/// The checks by name.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Check {
    /// Every JSON-LD context is bundled, given by the caller, or a bare `@vocab`.
    Context,
    /// The session holds one credential for each successful verification.
    CredentialCount,
    /// The credential conforms to the schema it names.
    CredentialSchema,
    /// The issuer has not revoked the credential.
    CredentialStatus,
    /// The credential has every type that the policy requires.
    CredentialType,
    /// What the policy needs is shown, and nothing that matters can be hidden.
    Disclosure,
    /// The document that the claims are from has not expired.
    DocumentValidity,
    /// Whoever made the presentation is the subject of the credential.
    Holder,
    /// The proof was made by a key that the issuer lists for assertions.
    IssuerIsSigner,
    /// The server's unsigned copy of the claims agrees with the signed ones.
    NormalizedData,
    /// The proof of the presentation that shows it verifies, and was made for the expected session and
    /// verifier.
    Presentation,
    /// The document has exactly the shape of the policy's profile.
    Profile,
    /// The proof verifies over the statements.
    Proof,
    /// Neither the nonce nor the proof was seen before (see [`SeenProofs`](crate::SeenProofs)).
    Replay,
    /// The proof, or that of the presentation, was made for the expected session.
    Session,
    /// The session's facts do not contradict each other.
    SessionFacts,
    /// The session is the one the caller asked for.
    SessionId,
    /// The session ended with success and carries a result.
    State,
    /// The issuer is one that the relying party trusts.
    TrustedIssuer,
    /// Every member of the JSON is stated, once, in the signed statements.
    UnsignedContent,
    /// The credential is valid at the time of the question.
    ValidityPeriod,
}

impl Check {
    /// The stable name of the check.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Check::Context => "context",
            Check::CredentialCount => "credential_count",
            Check::CredentialSchema => "credential_schema",
            Check::CredentialStatus => "credential_status",
            Check::CredentialType => "credential_type",
            Check::Disclosure => "disclosure",
            Check::DocumentValidity => "document_validity",
            Check::Holder => "holder",
            Check::IssuerIsSigner => "issuer_is_signer",
            Check::NormalizedData => "normalized_data",
            Check::Presentation => "presentation",
            Check::Profile => "profile",
            Check::Proof => "proof",
            Check::Replay => "replay",
            Check::Session => "session",
            Check::SessionFacts => "session_facts",
            Check::SessionId => "session_id",
            Check::State => "state",
            Check::TrustedIssuer => "trusted_issuer",
            Check::UnsignedContent => "unsigned_content",
            Check::ValidityPeriod => "validity_period",
        }
    }
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $reason:ident $code:literal $meaning:literal,)*) => {
        /// Why a check did not simply pass: a stable code, its meaning, and a detail that is never
        /// personal data.
        #[derive(Clone, Debug, Eq, PartialEq)]
        pub struct Reason {
            code: ReasonCode,
            detail: Option<String>,
        }

        /// The reasons by name.
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        #[non_exhaustive]
        pub enum ReasonCode {
            $(#[doc = $meaning] $reason,)*
        }

        impl ReasonCode {
            /// Every reason there is.
            pub const ALL: &'static [ReasonCode] = &[$(ReasonCode::$reason),*];

            /// The stable name of the reason.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(ReasonCode::$reason => $code,)* }
            }

            /// What it means, in a sentence.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self { $(ReasonCode::$reason => $meaning,)* }
            }
        }
    };
}

reasons! {
    AnyIssuer "any_issuer" "the policy trusts any issuer",
    AnySession "any_session" "the policy accepts the result of any session",
    ClaimCount "claim_count" "a statement that must stand once stands several times or not at all",
    ContentRefused "content_refused" "the document says more than its statements, so nothing could be compared",
    ContextDiffers "context_differs" "the document behind an @context is not the one that the policy pins",
    ContextNotAllowed "context_not_allowed" "an @context is not among those that the policy allows",
    ContextRefused "context_refused" "an @context is not bundled or not given by the caller, or defines terms of its own",
    CreatedInFuture "created_in_future" "the proof was created after the time of the question",
    CredentialCountDiffers "credential_count_differs" "the presentation does not hold one credential for each successful verification",
    CredentialExpired "credential_expired" "the credential's expirationDate or validUntil has passed",
    CredentialNotYetValid "credential_not_yet_valid" "the credential's issuanceDate or validFrom lies after the time of the question",
    CredentialTooOld "credential_too_old" "the credential was issued longer ago than the policy allows",
    CredentialRepeated "credential_repeated" "two credentials of the presentation state the same, and stand for two verifications",
    DateMalformed "date_malformed" "a date of the credential's validity is no date and time with a zone",
    DidDocumentMissing "did_document_missing" "the DID document of the signer is not among the evidence",
    DocumentExpired "document_expired" "the document's expiryDate has passed, and the policy asks for a valid document",
    DocumentExpiryUnclear "document_expiry_unclear" "the document's expiryDate is hidden, empty, ambiguous or no date, and the policy asks for a valid document",
    DomainDiffers "domain_differs" "the presentation was not made for the domain that the policy names",
    DomainNotCompared "domain_not_compared" "the presentation says for whom it was made, and the policy does not say who asks",
    EmptyNonce "empty_nonce" "the proof's nonce is empty",
    EvidenceStale "evidence_stale" "the DID document was fetched longer ago than the policy allows, or nobody knows when",
    FailCodeWithoutFailure "fail_code_without_failure" "the session has a fail code and has not failed",
    Failed "failed" "the session failed; there is no result",
    HiddenStatements "hidden_statements" "the policy asks for full disclosure and statements are hidden",
    HolderDiffers "holder_differs" "whoever made the presentation is not the holder that it names, or not the subject of the credential",
    HolderUnproven "holder_unproven" "the policy asks that the subject presents the credential, and no proof of the presentation says so",
    IssuanceDateMissing "issuance_date_missing" "the credential has neither issuanceDate nor validFrom",
    IssuerNotDid "issuer_not_did" "the issuer of the SD-JWT is no DID, so no evidence says which keys are the issuer's",
    IssuerNotDisclosed "issuer_not_disclosed" "the issuer is hidden, or there is none",
    IssuerNotTrusted "issuer_not_trusted" "the issuer is not among the trusted ones",
    KeyBinding "key_binding" "the key binding JWT is not by the key that the issuer names, or not over what is presented",
    KeyControllerDiffers "key_controller_differs" "the key is controlled by another DID",
    KeyMalformed "key_malformed" "the verification method holds no key that can be read",
    KeyNotForAssertion "key_not_for_assertion" "the key is not listed under assertionMethod",
    KeyNotForAuthentication "key_not_for_authentication" "the key is not listed under authentication",
    KeyNotInGroup "key_not_in_group" "the key is not a point of the prime-order group, or is its identity",
    KeyRevoked "key_revoked" "the key was revoked or had expired at the time of the question",
    KeyTypeDiffers "key_type_differs" "the key is not of the type the proof suite needs",
    KeyWeak "key_weak" "the key's secret is one of 65,536 that a faulty generator makes: anybody can sign with it",
    MapKeyDiffers "map_key_differs" "a verification is listed under another id than its own",
    MayBeHidden "may_be_hidden" "a statement that limits the credential may be hidden",
    NoResult "no_result" "the session succeeded and carries no result",
    NoGovernmentId "no_government_id" "a government ID was verified, and a credential holds none that this version knows",
    NonceDiffers "nonce_differs" "the proof's nonce, or the challenge of the presentation's, does not name the expected session",
    NonceMissing "nonce_missing" "neither the proof nor that of the presentation carries a nonce or challenge, so nothing binds it to the session",
    NormalizedContradicts "normalized_contradicts" "the unsigned copy of the claims contradicts the signed ones",
    NormalizedMissing "normalized_missing" "the session carries no copy of the claims that could be compared, and the policy asks for one",
    NotBuilt "not_built" "this version cannot make the check",
    NotOfProfile "not_of_profile" "the document does not have exactly the shape of the policy's profile",
    PresentationUnproven "presentation_unproven" "the presentation's own proof does not hold, or could not be checked, so it binds nothing",
    ProofBase "proof_base" "the proof is the holder's own, to derive others from; it is no proof for a verifier",
    ProofBase64 "proof_base64" "proofValue or nonce is not canonical base64",
    ProofCanonicalForm "proof_canonical_form" "the document has no one canonical form by which its JSON could be signed, or the proof another @context than the document",
    ProofChained "proof_chained" "a proof that the proof covers is not there, is there twice, or cannot be read with the document",
    ProofClaims "proof_claims" "a registered claim of the JWT contradicts the credential, or is none of its type",
    ProofCount "proof_count" "the credential has several proofs",
    ProofCreatedMalformed "proof_created_malformed" "the proof's created is no date and time",
    ProofDigests "proof_digests" "the digests in the SD-JWT are of another hash, stand twice, or hide what must be shown",
    ProofDisclosure "proof_disclosure" "a disclosure of the SD-JWT is malformed, stands twice, or was not signed",
    ProofEncoding "proof_encoding" "proofValue is no multibase text, jws no detached JWS of an unencoded payload, or the signature of a JWT no base64url",
    ProofEquation "proof_equation" "the proof does not verify: a statement, the nonce or the proof was changed, or another key signed",
    ProofExpired "proof_expired" "the proof's expires has passed",
    ProofFeature "proof_feature" "the proof uses an optional feature of its suite that this version does not verify",
    ProofHeader "proof_header" "the header of the JWS names no algorithm that is allowed or no key of the issuer, brings a key, is of another kind of token, or says what is not understood",
    ProofMalformed "proof_malformed" "the proof is no object of texts, or lacks a member it must have",
    ProofMemberUnknown "proof_member_unknown" "the proof has a member that its suite does not sign",
    ProofMissing "proof_missing" "the credential has no proof",
    ProofOptionsHidden "proof_options_hidden" "one of the four statements of the proof itself is hidden",
    ProofPoint "proof_point" "a point of the proof is not on the curve, not in the prime-order group, or its identity",
    ProofPurpose "proof_purpose" "the proof's purpose is not assertionMethod, or of a presentation not authentication",
    ProofScalar "proof_scalar" "a scalar of the proof is not below the group order, or is 0 where its suite forbids it",
    ProofSeen "proof_seen" "the same nonce or proof was seen before: a result counts once",
    ProofShape "proof_shape" "the lengths or counts inside the proof value disagree",
    ProofSignature "proof_signature" "the signature does not verify: the document or the proof was changed, or another key signed",
    ProofTypeUnknown "proof_type_unknown" "no suite of this build verifies proofs of this type",
    ProofUnread "proof_unread" "the proof could not be read, so nothing could be compared",
    Redacted "redacted" "the session was redacted; its result is gone",
    ResultWithoutSuccess "result_without_success" "the session carries a result and has not succeeded",
    Revoked "revoked" "the issuer has revoked the credential",
    RootUnclear "root_unclear" "the statements do not name exactly one credential with one subject",
    SchemaCredentialRejected "schema_credential_rejected" "the schema's own credential does not verify, or holds no schema",
    SchemaCredentialUndecided "schema_credential_undecided" "the schema's own credential could not be checked",
    SchemaDiffers "schema_differs" "the signed statements do not conform to the schema",
    SchemaIssuer "schema_issuer" "the schema's credential is issued neither by the credential's issuer nor by a DID the policy names",
    SchemaMalformed "schema_malformed" "the credential's schema is not named by a URL and one type",
    SchemaMissing "schema_missing" "the schema is not among the evidence, or not of the type that is named",
    SchemaTypeUnknown "schema_type_unknown" "the schema is of a type this version does not know",
    SessionIdDiffers "session_id_differs" "the session is another one than the caller asked for",
    Skipped "skipped" "the policy does not ask",
    StatementCountDiffers "statement_count_differs" "the proof shows another number of statements than the document has",
    StatusBitOrderUnset "status_bit_order_unset" "the list does not say in which order its bits stand, the policy does not either, and the two orders disagree",
    StatusEntryContradicts "status_entry_contradicts" "the entry's id names another index or list than its members",
    StatusEntryMalformed "status_entry_malformed" "the credential's status lacks a member, or has one twice",
    StatusHidden "status_hidden" "the credential may have a status that is hidden",
    StatusIndexMalformed "status_index_malformed" "the status index is no canonical decimal number",
    StatusIndexOutOfRange "status_index_out_of_range" "the status index lies beyond the end of the list",
    StatusListEncoding "status_list_encoding" "the status list is not base64 of one gzip or zlib stream",
    StatusListIssuer "status_list_issuer" "the status list is issued neither by the credential's issuer nor by a DID the policy names",
    StatusListMissing "status_list_missing" "the status list is not among the evidence, or none that had been issued by then",
    StatusListRejected "status_list_rejected" "the status list's own credential does not verify",
    StatusListShape "status_list_shape" "the status list's credential does not hold exactly one list of the entry's type",
    StatusListStale "status_list_stale" "the status list was fetched longer ago than the policy allows, or nobody knows when",
    StatusListTooLarge "status_list_too_large" "the status list inflates to more than the limit",
    StatusListTooShort "status_list_too_short" "the status list has fewer entries than the policy asks for",
    StatusListUndecided "status_list_undecided" "the status list's own credential could not be checked",
    StatusPurposeDiffers "status_purpose_differs" "the entry and the list name different purposes",
    StatusPurposeUnknown "status_purpose_unknown" "the status says neither revocation nor suspension",
    StatusTypeUnknown "status_type_unknown" "the status is of a type this version does not know",
    SuccessWithFailCode "success_with_fail_code" "a verification succeeded and has a fail code",
    Suspended "suspended" "the issuer has suspended the credential",
    TypeMissing "type_missing" "the credential does not have a type that the policy requires",
    TypesHidden "types_hidden" "the credential shows no type of its own, and one may be hidden",
    Unfinished "unfinished" "the session is not finished; there is no result yet",
    UnfinishedRetryable "unfinished_retryable" "the session is not finished: an image was unusable and the user may retry",
    UnknownState "unknown_state" "the session is in a state this version does not know",
    UnsignedContent "unsigned_content" "a part of the document would be dropped or moved before signing",
    VerificationMethodMalformed "verification_method_malformed" "the proof's verificationMethod is no DID URL with a fragment",
    VerificationMethodUnknown "verification_method_unknown" "the DID document has no such verification method",
    WorkLimit "work_limit" "the credentials of one presentation would cost too much work together; ask about fewer",
}

impl Reason {
    pub(crate) fn with(code: ReasonCode, detail: impl fmt::Display) -> Reason {
        Reason { code, detail: Some(detail.to_string()) }
    }

    /// Which reason.
    #[must_use]
    pub fn code(&self) -> ReasonCode {
        self.code
    }

    /// Where or what: a DID, a place in the document, a number; never a claim.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        self.detail.as_deref()
    }
}

impl From<ReasonCode> for Reason {
    fn from(code: ReasonCode) -> Reason {
        Reason { code, detail: None }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code.meaning())?;
        self.detail.iter().try_for_each(|detail| write!(formatter, " ({detail})"))
    }
}

impl From<ProofFault> for Reason {
    fn from(fault: ProofFault) -> Reason {
        match fault {
            ProofFault::Malformed | ProofFault::MemberMissing => ReasonCode::ProofMalformed,
            ProofFault::MemberUnknown => ReasonCode::ProofMemberUnknown,
            ProofFault::Missing => ReasonCode::ProofMissing,
            ProofFault::Purpose => ReasonCode::ProofPurpose,
            ProofFault::Several => ReasonCode::ProofCount,
            ProofFault::UnknownType => ReasonCode::ProofTypeUnknown,
            ProofFault::Chained => ReasonCode::ProofChained,
            ProofFault::Claims => ReasonCode::ProofClaims,
            ProofFault::Digests => ReasonCode::ProofDigests,
            ProofFault::Disclosure => ReasonCode::ProofDisclosure,
            ProofFault::Issuer => ReasonCode::IssuerNotDid,
            ProofFault::KeyBinding(fault) => {
                return Reason::with(ReasonCode::KeyBinding, fault.code())
            }
            ProofFault::Encoding => ReasonCode::ProofEncoding,
            ProofFault::Header => ReasonCode::ProofHeader,
            ProofFault::NotCanonical => ReasonCode::ProofCanonicalForm,
        }
        .into()
    }
}

impl From<ProofFailure> for Reason {
    fn from(failure: ProofFailure) -> Reason {
        let problem = match failure {
            ProofFailure::Base64 => return ReasonCode::ProofBase64.into(),
            ProofFailure::BaseProof => return ReasonCode::ProofBase.into(),
            ProofFailure::EphemeralKey => {
                return Reason::with(ReasonCode::ProofPoint, "ephemeral_key")
            }
            ProofFailure::Feature(name) => return Reason::with(ReasonCode::ProofFeature, name),
            ProofFailure::Shape(part) => return Reason::with(ReasonCode::ProofShape, part),
            ProofFailure::Created => return ReasonCode::ProofCreatedMalformed.into(),
            ProofFailure::NonceMissing => return ReasonCode::NonceMissing.into(),
            ProofFailure::OptionsHidden => return ReasonCode::ProofOptionsHidden.into(),
            ProofFailure::VerificationMethod => {
                return ReasonCode::VerificationMethodMalformed.into()
            }
            ProofFailure::Encoding => return ReasonCode::ProofEncoding.into(),
            ProofFailure::KeyBinding(fault) => {
                return Reason::with(ReasonCode::KeyBinding, fault.code())
            }
            ProofFailure::KeyType => return ReasonCode::KeyTypeDiffers.into(),
            ProofFailure::NotBuilt => return ReasonCode::NotBuilt.into(),
            ProofFailure::Signature(signature::Problem::Length) => {
                return ReasonCode::ProofShape.into()
            }
            ProofFailure::Signature(signature::Problem::Mismatch) => {
                return ReasonCode::ProofSignature.into()
            }
            ProofFailure::Bbs(problem) => problem,
        };
        let code = match problem {
            ProofProblem::EmptyNonce => ReasonCode::EmptyNonce,
            ProofProblem::Equation => ReasonCode::ProofEquation,
            ProofProblem::Length
            | ProofProblem::MessageCount
            | ProofProblem::UnusedBits
            | ProofProblem::ResponseCount
            | ProofProblem::InnerLength => ReasonCode::ProofShape,
            ProofProblem::PointIdentity
            | ProofProblem::PointNotInSubgroup
            | ProofProblem::PointNotOnCurve => ReasonCode::ProofPoint,
            ProofProblem::Scalar => ReasonCode::ProofScalar,
            ProofProblem::StatementCount => ReasonCode::StatementCountDiffers,
        };
        Reason::with(code, problem.code())
    }
}

impl From<ShapeFault> for Reason {
    fn from(fault: ShapeFault) -> Reason {
        Reason::with(ReasonCode::NotOfProfile, format!("{fault:?}"))
    }
}

impl From<KeyFault> for Reason {
    fn from(fault: KeyFault) -> Reason {
        match fault {
            KeyFault::Type => ReasonCode::KeyTypeDiffers.into(),
            _ => Reason::with(ReasonCode::KeyMalformed, fault.code()),
        }
    }
}

impl From<KeyProblem> for Reason {
    fn from(problem: KeyProblem) -> Reason {
        match problem {
            KeyProblem::Weak => ReasonCode::KeyWeak.into(),
            _ => Reason::with(ReasonCode::KeyNotInGroup, problem.code()),
        }
    }
}

impl From<&Refusal> for Reason {
    fn from(refusal: &Refusal) -> Reason {
        let code = match refusal.rule.is_context() {
            true => ReasonCode::ContextRefused,
            false => ReasonCode::UnsignedContent,
        };
        Reason::with(code, format!("{} at {}", refusal.rule.code(), refusal.place))
    }
}

/// Something a person should look at that changes no verdict.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Warning {
    /// A field that every verification asked for may be hidden.
    AskedAndHidden {
        /// The field, as the message definition names it.
        field: &'static str,
    },
    /// A claim has characters that nobody sees, or that turn the direction of the text.
    InvisibleCharacters {
        /// The claim's name, or the IRI of its predicate.
        claim: String,
    },
    /// A field is shown that no verification asked for.
    ShownAndNotAsked {
        /// The field, as the message definition names it.
        field: &'static str,
    },
    /// The presentation has members that nobody signed; they were not read.
    UnsignedPresentationMembers,
}

impl Warning {
    /// The stable name of the warning.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Warning::AskedAndHidden { .. } => "asked_and_hidden",
            Warning::InvisibleCharacters { .. } => "invisible_characters",
            Warning::ShownAndNotAsked { .. } => "shown_and_not_asked",
            Warning::UnsignedPresentationMembers => "unsigned_presentation_members",
        }
    }

    /// Which field or claim, by name; never its value.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        match self {
            Warning::AskedAndHidden { field } | Warning::ShownAndNotAsked { field } => Some(field),
            Warning::InvisibleCharacters { claim } => Some(claim),
            Warning::UnsignedPresentationMembers => None,
        }
    }
}

/// What was found about one credential.
pub struct CredentialReport {
    pub(crate) outcomes: Outcomes,
    pub(crate) facts: CredentialFacts,
    pub(crate) statements: Option<SignedStatements>,
}

/// What the credential says of itself; nothing of it may be relied on unless it is accepted.
#[derive(Clone, Debug, Default)]
pub(crate) struct CredentialFacts {
    pub(crate) id: Option<String>,
    pub(crate) types: Vec<String>,
    pub(crate) issuer: Option<Did>,
    pub(crate) verification_method: Option<String>,
    pub(crate) suite: Option<Suite>,
    pub(crate) issuance_date: Option<String>,
    pub(crate) hidden_statements: Option<usize>,
    /// What tells this proof from every other: hashes of its nonce and of its value.
    pub(crate) proof_marks: Vec<[u8; 32]>,
    pub(crate) did_document_fetched: Option<DateTime<Utc>>,
    pub(crate) status_list_fetched: Option<DateTime<Utc>>,
}

/// The statements a proof was examined over, with the places where others may be hidden.
#[derive(Clone)]
pub(crate) struct SignedStatements {
    pub(crate) statements: Statements,
    pub(crate) layout: Layout,
}

impl CredentialReport {
    /// The verdict on this credential alone.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        verdict(self.outcomes.all())
    }

    /// Every check with its outcome.
    #[must_use]
    pub fn checks(&self) -> Vec<(Check, &Outcome)> {
        self.outcomes.all()
    }

    /// The credential's id; blank nodes are `_:c14nN`.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.facts.id.as_deref()
    }

    /// The IRIs of its types.
    #[must_use]
    pub fn types(&self) -> &[String] {
        &self.facts.types
    }

    /// The issuer it names, unless that is hidden.
    #[must_use]
    pub fn issuer(&self) -> Option<&Did> {
        self.facts.issuer.as_ref()
    }

    /// The DID URL of the key that its proof names, if it is one.
    #[must_use]
    pub fn verification_method(&self) -> Option<&str> {
        self.facts.verification_method.as_deref()
    }

    /// The type of its proof.
    #[must_use]
    pub fn suite(&self) -> Option<&'static str> {
        self.facts.suite.map(Suite::name)
    }

    /// When it says it was issued, as written, if that is an instant.
    #[must_use]
    pub fn issuance_date(&self) -> Option<&str> {
        self.facts.issuance_date.as_deref()
    }

    /// What tells its proof from every other: SHA-256 of the nonce, if it has one, and of the proof value,
    /// each with a prefix of its own. Results of two sessions that share one are no two results (see
    /// [`SeenProofs`](crate::SeenProofs)). Empty if the proof's shape is broken.
    #[must_use]
    pub fn proof_marks(&self) -> &[[u8; 32]] {
        &self.facts.proof_marks
    }

    /// When the signer's DID document was fetched; `None` if there is none, or nobody knows.
    #[must_use]
    pub fn did_document_fetched(&self) -> Option<DateTime<Utc>> {
        self.facts.did_document_fetched
    }

    /// When the status list that was asked was fetched, the oldest of several; `None` as above.
    #[must_use]
    pub fn status_list_fetched(&self) -> Option<DateTime<Utc>> {
        self.facts.status_list_fetched
    }

    /// How many signed statements are not shown; `None` if the proof's shape is broken, or if its suite
    /// does not tell (`ecdsa-sd-2023`).
    #[must_use]
    pub fn hidden_statements(&self) -> Option<usize> {
        self.facts.hidden_statements
    }
}

impl fmt::Debug for CredentialReport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = formatter.debug_struct("CredentialReport");
        debug.field("outcomes", &self.outcomes).finish_non_exhaustive()
    }
}

/// The answer about one presentation, or about one session.
#[derive(Debug)]
#[must_use]
pub struct Report {
    pub(crate) session: SessionOutcomes,
    pub(crate) credentials: Vec<CredentialReport>,
    pub(crate) warnings: Vec<Warning>,
}

impl Report {
    /// The verdict on everything together.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let session = self.session.all().into_iter();
        let credentials = self.credentials.iter().flat_map(|credential| credential.outcomes.all());
        let verdict = verdict(session.chain(credentials));
        // A report about nothing accepts nothing.
        match (verdict, self.credentials.is_empty()) {
            (Verdict::Accepted, true) => Verdict::Rejected,
            _ => verdict,
        }
    }

    /// The checks of the session; not applicable, each, if a bare presentation was verified.
    #[must_use]
    pub fn session_checks(&self) -> Vec<(Check, &Outcome)> {
        self.session.all()
    }

    /// The credentials in the order of the presentation.
    #[must_use]
    pub fn credentials(&self) -> &[CredentialReport] {
        &self.credentials
    }

    /// What a person should look at although it changes no verdict.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// The way to the claims: only an accepted report has any.
    ///
    /// # Errors
    ///
    /// [`Rejected`] with the report if the verdict is anything but accepted.
    pub fn into_verified(self) -> Result<VerifiedPresentation, Rejected> {
        if self.verdict() != Verdict::Accepted {
            return Err(Rejected(Box::new(self)));
        }
        let credentials = self.credentials.into_iter().map(|credential| {
            credential
                .statements
                .map(|statements| VerifiedCredential { facts: credential.facts, statements })
        });
        let credentials: Option<Vec<_>> = credentials.collect();
        match credentials {
            Some(credentials) => Ok(VerifiedPresentation { credentials }),
            // Not reachable: the proof check cannot pass without statements.
            None => Err(Rejected(Box::new(Report {
                session: self.session,
                credentials: Vec::new(),
                warnings: self.warnings,
            }))),
        }
    }
}

/// A report whose verdict is not "accepted".
#[derive(Debug)]
pub struct Rejected(Box<Report>);

impl Rejected {
    /// The report, to learn why.
    pub fn into_report(self) -> Report {
        *self.0
    }
}

impl fmt::Display for Rejected {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the verdict is {}, not accepted", self.0.verdict().code())
    }
}

impl std::error::Error for Rejected {}

/// Credentials that were accepted, every one; made by [`Report::into_verified`] alone.
pub struct VerifiedPresentation {
    credentials: Vec<VerifiedCredential>,
}

impl VerifiedPresentation {
    /// The credentials in the order of the presentation; never empty.
    #[must_use]
    pub fn credentials(&self) -> &[VerifiedCredential] {
        &self.credentials
    }
}

impl fmt::Debug for VerifiedPresentation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = formatter.debug_struct("VerifiedPresentation");
        debug.field("credentials", &self.credentials.len()).finish_non_exhaustive()
    }
}

/// A credential that was accepted as a part of an accepted presentation.
pub struct VerifiedCredential {
    facts: CredentialFacts,
    pub(crate) statements: SignedStatements,
}

impl VerifiedCredential {
    /// The issuer.
    #[must_use]
    pub fn issuer(&self) -> Option<&Did> {
        self.facts.issuer.as_ref()
    }

    /// The IRIs of its types.
    #[must_use]
    pub fn types(&self) -> &[String] {
        &self.facts.types
    }
}

impl fmt::Debug for VerifiedCredential {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("VerifiedCredential").finish_non_exhaustive()
    }
}

fn verdict<'o>(outcomes: impl IntoIterator<Item = (Check, &'o Outcome)>) -> Verdict {
    let mut verdict = Verdict::Accepted;
    for (_, outcome) in outcomes {
        match outcome {
            Outcome::Fail(_) => return Verdict::Rejected,
            Outcome::Indeterminate(_) => verdict = Verdict::Indeterminate,
            Outcome::Pass | Outcome::NotApplicable | Outcome::Waived(_) => {}
        }
    }
    verdict
}
