//! Trinsic Connect: `IdentityDocument_v0`.
//!
//! Dates have no zone and no datatype. `issuer` is of the document; the subject's.

use super::{Field, Place, Start, Types, Vocabulary};

pub(super) const IDENTITY_DOCUMENT: Vocabulary = Vocabulary {
    name: "trinsic_identity_document_v0",
    types: Types::Iris(&["https://trinsic.cloud/idv/IdentityDocument_v0"]),
    places: &[Place {
        from: Start::Subject,
        links: &[],
        namespace: "https://trinsic.cloud/idv/",
        claims: &[
            (Field::GivenName, "givenName"),
            (Field::FamilyName, "familyName"),
            (Field::DateOfBirth, "dateOfBirth"),
            (Field::DocumentNumber, "number"),
            (Field::DocumentClass, "class"),
            (Field::IssuingAuthority, "issuer"),
            // The service's own credentials have none.
            (Field::IssuingCountry, "country"),
            (Field::IssueDate, "issueDate"),
            (Field::ExpiryDate, "expiryDate"),
            (Field::StreetAddress, "streetAddress"),
            (Field::City, "city"),
            (Field::State, "state"),
            (Field::PostalCode, "postalCode"),
            (Field::Portrait, "portrait"),
            (Field::Signature, "signature"),
        ],
    }],
    has_instants: false,
};
