//! Person Identification Data of the European Digital Identity Wallet, as an SD-JWT VC (Architecture and
//! Reference Framework, PID Rulebook, chapter 4).
//!
//! A step is the name of a member. When the PID was issued and expires by its own dates is no claim:
//! `iat`, `nbf` and `exp` are the credential's. The two names at birth, the number of the house, and how to
//! reach the person have no field here, and are among the signed claims. Types of member states, which
//! begin with the name of this one, are not of this table: they may change what it says.

use super::{Field, Place, Start, Types, Vocabulary};

pub(super) const PID: Vocabulary = Vocabulary {
    name: "eudi_pid",
    types: Types::Iris(&["urn:eudi:pid:1", "urn:eu.europa.ec.eudi:pid:1"]),
    places: &[
        Place {
            from: Start::Subject,
            links: &[],
            namespace: "",
            claims: &[
                (Field::GivenName, "given_name"),
                (Field::FamilyName, "family_name"),
                (Field::DateOfBirth, "birthdate"),
                (Field::BirthYear, "age_birth_year"),
                (Field::Sex, "sex"),
                (Field::Nationalities, "nationalities"),
                (Field::PersonalId, "personal_administrative_number"),
                (Field::DocumentNumber, "document_number"),
                (Field::IssuingAuthority, "issuing_authority"),
                (Field::IssuingCountry, "issuing_country"),
                (Field::IssuingJurisdiction, "issuing_jurisdiction"),
                (Field::IssueDate, "date_of_issuance"),
                (Field::ExpiryDate, "date_of_expiry"),
                (Field::AgeInYears, "age_in_years"),
                (Field::Portrait, "picture"),
            ],
        },
        Place {
            from: Start::Subject,
            links: &["place_of_birth"],
            namespace: "",
            claims: BIRTH_PLACE,
        },
        Place { from: Start::Subject, links: &["address"], namespace: "", claims: OPENID_ADDRESS },
        Place {
            from: Start::Subject,
            links: &["age_equal_or_over"],
            namespace: "",
            claims: &[
                (Field::AgeOver18, "18"),
                (Field::AgeOver21, "21"),
                (Field::AgeOver25, "25"),
                (Field::AgeOver62, "62"),
                (Field::AgeOver65, "65"),
            ],
        },
    ],
    has_instants: false,
};

/// OpenID Connect Core 1.0, section 5.1.1.
pub(super) const OPENID_ADDRESS: &[(Field, &str)] = &[
    (Field::Address, "formatted"),
    (Field::StreetAddress, "street_address"),
    (Field::City, "locality"),
    (Field::State, "region"),
    (Field::PostalCode, "postal_code"),
    (Field::ResidenceCountry, "country"),
];

/// `place_of_birth` of OpenID Identity Assurance, as the PID has it too.
pub(super) const BIRTH_PLACE: &[(Field, &str)] =
    &[(Field::BirthPlace, "locality"), (Field::BirthCountry, "country")];
