//! Claims of a person that somebody verified, with how: `verified_claims` of OpenID Identity Assurance (OpenID
//! Identity Assurance Schema Definition 1.0, section 5) in an SD-JWT VC.
//!
//! The type of such a credential is its issuer's own, so the member chooses the vocabulary, where no type names
//! one. A step is the name of a member. What stands beside `verified_claims` was verified by nobody, and is no
//! claim here. Of several evidences or several `verified_claims` none is chosen: the claims below them are
//! ambiguous. Drafts wrote a document and its number otherwise, and the issuer's country as a member of its own.

use super::pid::{BIRTH_PLACE, OPENID_ADDRESS};
use super::{Field, Place, Start, Types, Vocabulary};

pub(super) const VERIFIED_CLAIMS: Vocabulary = Vocabulary {
    name: "oidc4ida",
    types: Types::Member(&["verified_claims"]),
    places: &[
        NAMES,
        BIRTH,
        ADDRESS,
        VERIFICATION,
        Place {
            from: Start::Subject,
            links: &["verified_claims", "verification", "evidence", "document_details"],
            namespace: "",
            claims: &[
                (Field::DocumentClass, "type"),
                (Field::DocumentNumber, "document_number"),
                (Field::PersonalId, "personal_number"),
                (Field::IssueDate, "date_of_issuance"),
                (Field::ExpiryDate, "date_of_expiry"),
            ],
        },
        Place {
            from: Start::Subject,
            links: &["verified_claims", "verification", "evidence", "document_details", "issuer"],
            namespace: "",
            claims: &[
                (Field::IssuingAuthority, "name"),
                (Field::IssuingCountry, "country_code"),
                (Field::IssuingJurisdiction, "jurisdiction"),
            ],
        },
    ],
    has_instants: true,
};

/// As the drafts until 12 have it, and examples of RFC 9901.
pub(super) const DRAFT: Vocabulary = Vocabulary {
    name: "oidc4ida_draft",
    types: Types::Member(&["verified_claims", "verification", "evidence", "document"]),
    places: &[
        NAMES,
        BIRTH,
        ADDRESS,
        VERIFICATION,
        Place {
            from: Start::Subject,
            links: &["verified_claims", "verification", "evidence", "document"],
            namespace: "",
            claims: &[
                (Field::DocumentClass, "type"),
                (Field::DocumentNumber, "number"),
                (Field::IssueDate, "date_of_issuance"),
                (Field::ExpiryDate, "date_of_expiry"),
            ],
        },
        Place {
            from: Start::Subject,
            links: &["verified_claims", "verification", "evidence", "document", "issuer"],
            namespace: "",
            claims: &[(Field::IssuingAuthority, "name"), (Field::IssuingCountry, "country")],
        },
    ],
    has_instants: true,
};

const NAMES: Place = Place {
    from: Start::Subject,
    links: &["verified_claims", "claims"],
    namespace: "",
    claims: &[
        (Field::GivenName, "given_name"),
        (Field::FamilyName, "family_name"),
        (Field::AdditionalName, "middle_name"),
        (Field::DateOfBirth, "birthdate"),
        (Field::Sex, "gender"),
        (Field::Nationalities, "nationalities"),
        (Field::Portrait, "picture"),
    ],
};

const BIRTH: Place = Place {
    from: Start::Subject,
    links: &["verified_claims", "claims", "place_of_birth"],
    namespace: "",
    claims: BIRTH_PLACE,
};

const ADDRESS: Place = Place {
    from: Start::Subject,
    links: &["verified_claims", "claims", "address"],
    namespace: "",
    claims: OPENID_ADDRESS,
};

const VERIFICATION: Place = Place {
    from: Start::Subject,
    links: &["verified_claims", "verification"],
    namespace: "",
    claims: &[
        (Field::TrustFramework, "trust_framework"),
        (Field::AssuranceLevel, "assurance_level"),
        (Field::VerificationTime, "time"),
    ],
};
