//! EBSI `VerifiableId` of a natural person.
//!
//! EBSI publishes no JSON-LD context. The names are IRIs where a credential says that they have no
//! definition: in the namespace that Verifiable Credentials Data Model 2.0 has for such terms.

use super::{Field, Place, Start, Types, Vocabulary};

pub(super) const VERIFIABLE_ID: Vocabulary = Vocabulary {
    name: "ebsi_verifiable_id",
    types: Types::Iris(&[
        "https://www.w3.org/ns/credentials/undefined-term#VerifiableId",
        "https://www.w3.org/ns/credentials/undefined-term#NaturalPersonVerifiableID",
    ]),
    places: &[Place {
        from: Start::Subject,
        links: &[],
        namespace: "https://www.w3.org/ns/credentials/undefined-term#",
        claims: &[
            (Field::GivenName, "firstName"),
            (Field::FamilyName, "familyName"),
            // Both names in one text.
            (Field::BirthName, "nameAndFamilyNameAtBirth"),
            (Field::DateOfBirth, "dateOfBirth"),
            (Field::BirthPlace, "placeOfBirth"),
            (Field::Sex, "gender"),
            (Field::PersonalId, "personalIdentifier"),
            // One text, or several.
            (Field::Address, "currentAddress"),
        ],
    }],
    has_instants: false,
};
