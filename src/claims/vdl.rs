//! Vocabulary for Driver's Licenses (`https://w3id.org/vdl/v1`), with the names of AAMVA.
//!
//! The context types every date `xsd:dateTime` where ISO/IEC 18013-5 has full dates as well: the
//! datatype says nothing. Portrait and signature are `data:` URLs, and IRIs to RDF.

use super::{Field, Place, Start, Types, Vocabulary};

pub(super) const LICENSE: Vocabulary = Vocabulary {
    name: "vdl_v1",
    types: Types::Iris(&["https://w3id.org/vdl#Iso18013DriversLicenseCredential"]),
    places: &[
        Place {
            from: Start::Subject,
            links: &["https://w3id.org/vdl#license"],
            namespace: "https://w3id.org/vdl#",
            claims: &[
                (Field::GivenName, "givenName"),
                (Field::FamilyName, "familyName"),
                (Field::GivenNameNational, "givenNameNationalCharacter"),
                (Field::FamilyNameNational, "familyNameNationalCharacter"),
                (Field::DateOfBirth, "birthDate"),
                (Field::BirthYear, "ageBirthYear"),
                (Field::BirthPlace, "birthPlace"),
                (Field::Sex, "sex"),
                (Field::Nationalities, "nationality"),
                (Field::PersonalId, "administrativeNumber"),
                (Field::DocumentNumber, "documentNumber"),
                (Field::DrivingPrivileges, "drivingPrivileges"),
                (Field::IssuingAuthority, "issuingAuthority"),
                (Field::IssuingCountry, "issuingCountry"),
                (Field::IssuingJurisdiction, "issuingJurisdiction"),
                (Field::IssueDate, "issueDate"),
                (Field::ExpiryDate, "expiryDate"),
                (Field::Address, "residentAddress"),
                (Field::City, "residentCity"),
                (Field::State, "residentState"),
                (Field::PostalCode, "residentPostalCode"),
                (Field::ResidenceCountry, "residentCountry"),
                (Field::AgeInYears, "ageInYears"),
                (Field::AgeOver18, "ageOver18"),
                (Field::AgeOver21, "ageOver21"),
                (Field::AgeOver25, "ageOver25"),
                (Field::AgeOver62, "ageOver62"),
                (Field::AgeOver65, "ageOver65"),
                (Field::Portrait, "portrait"),
                (Field::Signature, "signatureUsualMark"),
            ],
        },
        Place {
            from: Start::Subject,
            links: &["https://w3id.org/vdl#license"],
            namespace: "https://w3id.org/vdl/aamva#",
            claims: &[
                (Field::NameSuffix, "nameSuffix"),
                (Field::GivenNameTruncation, "givenNameTruncation"),
                (Field::FamilyNameTruncation, "familyNameTruncation"),
            ],
        },
    ],
    has_instants: true,
};
