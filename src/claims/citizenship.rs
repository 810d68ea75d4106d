//! Citizenship Vocabulary (`https://w3id.org/citizenship/v1` to `v4rc1`): cards and certificates of
//! the United States.
//!
//! Version 1 writes `http://schema.org/` and has the claims of the card in the subject; the later ones
//! write `https://schema.org/`, and each document is a node of its own. None states when a document
//! was issued or expires: `residentSince` is of the person, and `validUntil` of the credential.
//! `formerNationality` is no nationality.

use super::{Field, Place, Start, Types, Vocabulary};

const CTZN: &str = "https://w3id.org/citizenship#";
const SCHEMA: &str = "https://schema.org/";

pub(super) const CARD: Vocabulary = Vocabulary {
    name: "citizenship_v1",
    types: Types::Iris(&["https://w3id.org/citizenship#PermanentResidentCard"]),
    places: &[
        Place {
            from: Start::Subject,
            links: &[],
            namespace: "http://schema.org/",
            claims: &[
                (Field::GivenName, "givenName"),
                (Field::FamilyName, "familyName"),
                (Field::DateOfBirth, "birthDate"),
                (Field::Sex, "gender"),
                (Field::Portrait, "image"),
            ],
        },
        Place {
            from: Start::Subject,
            links: &[],
            namespace: CTZN,
            claims: &[
                (Field::BirthCountry, "birthCountry"),
                (Field::PersonalId, "lprNumber"),
                (Field::DocumentClass, "lprCategory"),
            ],
        },
        Place {
            from: Start::Credential,
            links: &[],
            namespace: "http://schema.org/",
            claims: &[(Field::DocumentNumber, "identifier")],
        },
    ],
    has_instants: false,
};

pub(super) const RESIDENT: Vocabulary = Vocabulary {
    name: "citizenship_permanent_resident_card",
    types: Types::Iris(&["https://w3id.org/citizenship#PermanentResidentCardCredential"]),
    places: &[
        PERSON,
        BIRTH,
        RESIDENCE,
        number(&["https://w3id.org/citizenship#permanentResidentCard"]),
        Place {
            from: Start::Subject,
            links: &["https://w3id.org/citizenship#permanentResidentCard"],
            namespace: CTZN,
            claims: CARD_CLAIMS,
        },
    ],
    has_instants: false,
};

pub(super) const EMPLOYMENT: Vocabulary = Vocabulary {
    name: "citizenship_employment_authorization_document",
    types: Types::Iris(&["https://w3id.org/citizenship#EmploymentAuthorizationDocumentCredential"]),
    places: &[
        PERSON,
        BIRTH,
        RESIDENCE,
        number(&["https://w3id.org/citizenship#employmentAuthorizationDocument"]),
        Place {
            from: Start::Subject,
            links: &["https://w3id.org/citizenship#employmentAuthorizationDocument"],
            namespace: CTZN,
            claims: CARD_CLAIMS,
        },
    ],
    has_instants: false,
};

pub(super) const NATURALIZATION: Vocabulary = Vocabulary {
    name: "citizenship_certificate_of_naturalization",
    types: Types::Iris(&["https://w3id.org/citizenship#CertificateOfNaturalizationCredential"]),
    places: &[
        PERSON,
        BIRTH,
        RESIDENCE,
        number(&["https://w3id.org/citizenship#certificateOfNaturalization"]),
        Place {
            from: Start::Subject,
            links: &["https://w3id.org/citizenship#certificateOfNaturalization"],
            namespace: CTZN,
            claims: &[(Field::PersonalId, "insRegistrationNumber")],
        },
    ],
    has_instants: false,
};

pub(super) const CITIZENSHIP: Vocabulary = Vocabulary {
    name: "citizenship_certificate_of_citizenship",
    types: Types::Iris(&["https://w3id.org/citizenship#CertificateOfCitizenshipCredential"]),
    places: &[
        PERSON,
        BIRTH,
        number(&["https://w3id.org/citizenship#certificateOfCitizenship"]),
        Place {
            from: Start::Subject,
            links: &["https://w3id.org/citizenship#certificateOfCitizenship"],
            namespace: CTZN,
            claims: &[(Field::PersonalId, "cisRegistrationNumber")],
        },
    ],
    has_instants: false,
};

const PERSON: Place = Place {
    from: Start::Subject,
    links: &[],
    namespace: SCHEMA,
    claims: &[
        (Field::GivenName, "givenName"),
        (Field::AdditionalName, "additionalName"),
        (Field::FamilyName, "familyName"),
        (Field::DateOfBirth, "birthDate"),
        (Field::Sex, "gender"),
        (Field::Portrait, "image"),
    ],
};

const BIRTH: Place = Place {
    from: Start::Subject,
    links: &[],
    namespace: CTZN,
    claims: &[(Field::BirthCountry, "birthCountry")],
};

const RESIDENCE: Place = Place {
    from: Start::Subject,
    links: &["https://w3id.org/citizenship#residence"],
    namespace: SCHEMA,
    claims: &[
        (Field::City, "addressLocality"),
        (Field::State, "addressRegion"),
        (Field::ResidenceCountry, "addressCountry"),
    ],
};

const CARD_CLAIMS: &[(Field, &str)] =
    &[(Field::PersonalId, "lprNumber"), (Field::DocumentClass, "lprCategory")];

/// Of the document that a link leads to.
const fn number(links: &'static [&'static str]) -> Place {
    Place {
        from: Start::Subject,
        links,
        namespace: SCHEMA,
        claims: &[(Field::DocumentNumber, "identifier")],
    }
}
