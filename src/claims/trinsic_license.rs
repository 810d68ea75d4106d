//! Trinsic's template "Iso18013 Drivers License", as any ecosystem of the platform can use it.
//!
//! The names are in the namespace of the ecosystem, `https://trinsic.cloud/ECOSYSTEM/`.

use super::{Field, Place, Start, Types, Vocabulary};

pub(super) const LICENSE: Vocabulary = Vocabulary {
    name: "trinsic_iso18013_drivers_license",
    types: Types::Below("https://trinsic.cloud/", "Iso18013DriversLicense"),
    places: &[Place {
        from: Start::Subject,
        links: &[],
        namespace: "",
        claims: &[
            (Field::GivenName, "givenName"),
            (Field::FamilyName, "lastName"),
            // A text of any form.
            (Field::DateOfBirth, "birthDate"),
            (Field::Sex, "gender"),
            (Field::DocumentNumber, "documentNumber"),
            (Field::IssuingAuthority, "issuingAuthority"),
            (Field::IssuingCountry, "issuingCountry"),
            (Field::IssueDate, "issueDate"),
            (Field::ExpiryDate, "expiryDate"),
            (Field::Address, "residentAddress"),
            (Field::Portrait, "portrait"),
        ],
    }],
    has_instants: true,
};
