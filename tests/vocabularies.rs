//! Each vocabulary of government IDs: what is read from a credential that was signed in it, and what
//! is not.
//!
//! ```text
//! UPDATE_DOCS=1 cargo test --test vocabularies
//! ```
//!
//! writes `docs/claims.md` anew, and `cargo test --test vocabularies -- --ignored` the credentials of
//! `fixtures/vocabularies`.

#[path = "support/signer.rs"]
mod signer;
mod support;

use std::collections::BTreeSet;
use std::path::Path;

use result_vp::policy::ExpiredDocument;
use result_vp::{
    internal, Check, Claim, Contexts, DatePrecision, Did, Evidence, ExpectedSession, GovernmentId,
    Policy, Report, Session, SessionId, TrustedIssuers, Unknown, UnverifiedPresentation, Verifier,
};
use serde_json::{json, Value};
use signer::{presentation, with_proof, Signer};
use support::{instant, outcome};

const SESSION: &str = "0f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e10";
const NONCE: &str = "urn:trinsic:idvsession:0f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e10";
const UNDEFINED: &str = "https://www.w3.org/ns/credentials/undefined-term#";

struct Bench {
    signer: Signer,
    evidence: Evidence,
}

impl Bench {
    fn new() -> Bench {
        Bench { signer: Signer::new("an issuer of licences"), evidence: Evidence::new() }
    }

    fn policy(&self) -> Policy {
        let issuer = Did::new(&self.signer.did()).unwrap();
        Policy::new(TrustedIssuers::new([issuer]).unwrap())
            .status(Unknown::Skip)
            .schema(Unknown::Skip)
    }

    /// A credential of these members, with the issuer and the times that any has.
    fn document(&self, members: Value) -> Value {
        let mut document = members;
        document["issuer"] = self.signer.did().into();
        if document["validFrom"].is_null() {
            document["issuanceDate"] = "2024-05-02T10:00:00Z".into();
        }
        document
    }

    fn sign(&self, full: &Value, shown: &Value) -> Value {
        let (signer, contexts) = (&self.signer, self.evidence.contexts());
        let options = signer.proof_options();
        let messages = signer.messages_in(full, &options, contexts);
        let shown_lines = signer.messages_in(shown, &options, contexts);
        let index = |line: &String| messages.iter().position(|it| it == line).expect("signed");
        let revealed: Vec<usize> = shown_lines.iter().map(index).collect();
        let value = signer.derive(&signer.sign(&messages), &messages, &revealed, NONCE.as_bytes());
        with_proof(shown, &options, &value, NONCE)
    }

    fn report(&self, policy: Policy, full: &Value, shown: &Value) -> Report {
        let text = presentation(&self.sign(full, shown));
        let contexts = self.evidence.contexts();
        let presentation =
            UnverifiedPresentation::from_json_with(text.as_bytes(), contexts).unwrap();
        let session = SessionId::new(SESSION).unwrap();
        let (expected, now) = (ExpectedSession::Id(&session), instant("2024-06-01T00:00:00Z"));
        Verifier::new(policy).verify(&presentation, expected, &self.evidence, now)
    }

    /// What is read from a credential that shows `shown`, once it is accepted.
    fn id_of(&self, full: &Value, shown: &Value) -> Option<GovernmentId> {
        let verified = self.report(self.policy(), full, shown).into_verified();
        let verified = verified.unwrap_or_else(|rejected| panic!("{rejected:?}"));
        GovernmentId::from_credential(&verified.credentials()[0])
    }

    fn read(&self, members: Value) -> GovernmentId {
        let document = self.document(members);
        self.id_of(&document, &document).expect("a government ID")
    }

    /// The session of a verification whose unsigned copy of the claims is `copy`.
    fn session(&self, members: Value, copy: Value) -> Report {
        let document = self.document(members);
        let session = json!({
            "id": SESSION,
            "state": "IDV_SUCCESS",
            "result_vp": presentation(&self.sign(&document, &document)),
            "verifications": {"v": {
                "id": "v",
                "state": "VERIFICATION_SUCCESS",
                "normalized_government_id_data": copy,
            }},
        });
        let session = Session::from_json(session.to_string().as_bytes()).unwrap();
        let (id, now) = (SessionId::new(SESSION).unwrap(), instant("2024-06-01T00:00:00Z"));
        let verifier = Verifier::new(self.policy());
        verifier.verify_session(&session, ExpectedSession::Id(&id), &self.evidence, now).unwrap()
    }
}

/// In the Vocabulary for Driver's Licenses, with these members of the licence.
fn vdl(members: Value) -> Value {
    let mut license = json!({
        "type": "Iso18013DriversLicense",
        "document_number": "D0000417",
        "family_name": "EXEMPLARIS",
        "given_name": "MIRABEL",
        "portrait": "data:image/png;base64,iVBORw0KGgo=",
        "birth_date": "1998-08-28",
        "issue_date": "2023-01-15T22:30:00-07:00",
        "expiry_date": "2028-08-27T00:30:00+14:00",
        "issuing_country": "US",
        "issuing_authority": "NW",
        "driving_privileges": [{"vehicle_category_code": "C"}],
        "sex": 2,
        "age_over_18": true,
        "age_over_65": false,
        "resident_address": "12 SAMPLE ROW, NOWHERE FALLS",
    });
    merge(&mut license, members);
    json!({
        "@context": ["https://www.w3.org/2018/credentials/v1", "https://w3id.org/bbs/v1",
            "https://w3id.org/vdl/v1"],
        "id": "urn:vc",
        "type": ["VerifiableCredential", "Iso18013DriversLicenseCredential"],
        "credentialSubject": {
            "id": "urn:vc:subject:0", "type": "LicensedDriver", "driversLicense": license,
        },
    })
}

fn citizenship_v1(members: Value) -> Value {
    let mut document = json!({
        "@context": ["https://www.w3.org/2018/credentials/v1", "https://w3id.org/bbs/v1",
            "https://w3id.org/citizenship/v1"],
        "id": "urn:vc",
        "type": ["VerifiableCredential", "PermanentResidentCard"],
        "identifier": "83000417",
        "name": "Permanent Resident Card",
        "expirationDate": "2029-12-03T12:19:52Z",
        "credentialSubject": {
            "id": "urn:vc:subject:0",
            "type": ["PermanentResident", "Person"],
            "givenName": "MIRABEL",
            "familyName": "EXEMPLARIS",
            "gender": "Female",
            "image": "data:image/png;base64,iVBORw0KGgo=",
            "residentSince": "2015-01-01",
            "lprCategory": "C09",
            "lprNumber": "000-000-417",
            "birthCountry": "Bahamas",
            "birthDate": "1958-07-17",
        },
    });
    merge(&mut document["credentialSubject"], members);
    document
}

/// The later versions, in IRIs as their contexts make them.
fn citizenship(kind: &str, link: &str, members: Value) -> Value {
    let ctzn = |name: &str| format!("https://w3id.org/citizenship#{name}");
    let schema = |name: &str| format!("https://schema.org/{name}");
    let date =
        |date: &str| json!({"@value": date, "@type": "http://www.w3.org/2001/XMLSchema#dateTime"});
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://w3id.org/security/bbs/v1"],
        "id": "urn:vc",
        "type": ["VerifiableCredential", ctzn(kind)],
        "validFrom": "2019-12-03T12:19:52Z",
        "validUntil": "2029-12-03T12:19:52Z",
        "credentialSubject": {
            "id": "urn:vc:subject:0",
            "type": [schema("Person")],
            schema("givenName"): "MIRABEL",
            schema("additionalName"): "JO",
            schema("familyName"): "EXEMPLARIS",
            schema("gender"): "Female",
            schema("birthDate"): date("1958-07-17"),
            schema("image"): {"id": "data:image/png;base64,iVBORw0KGgo="},
            ctzn("birthCountry"): "Bahamas",
            ctzn("residentSince"): date("2015-01-01"),
            ctzn("formerNationality"): "BS",
            ctzn("residence"): {
                schema("addressLocality"): "Boston",
                schema("addressRegion"): "Massachusetts",
                schema("addressCountry"): "US",
            },
            ctzn("marriageLocation"): {schema("addressLocality"): "Nassau"},
            ctzn(link): members,
        },
    })
}

fn template(name: &str, members: Value) -> Value {
    let mut document = json!({
        "@context": ["https://www.w3.org/2018/credentials/v1", "https://w3id.org/bbs/v1",
            {"@vocab": "https://trinsic.cloud/sample-ecosystem/"}],
        "id": "urn:vc",
        "type": ["VerifiableCredential", name],
        "credentialSubject": {
            "id": "urn:vc:subject:0",
            "givenName": "MIRABEL",
            "lastName": "EXEMPLARIS",
            "issuingCountry": "US",
            "issuingAuthority": "NW",
            "documentNumber": "D0000417",
            "birthDate": "28 Feb 1991",
            "issueDate": "2021-09-30T23:00:00-08:00",
            "expiryDate": "2031-09-29",
            "gender": "X",
            "residentAddress": "12 SAMPLE ROW",
        },
    });
    merge(&mut document["credentialSubject"], members);
    document
}

fn ebsi(address: Value) -> Value {
    json!({
        "@context": ["https://www.w3.org/2018/credentials/v1", "https://w3id.org/bbs/v1",
            {"@vocab": UNDEFINED}],
        "id": "urn:vc",
        "type": ["VerifiableCredential", "VerifiableAttestation", "VerifiableId"],
        "credentialSubject": {
            "id": "urn:vc:subject:0",
            "firstName": "MIRABEL",
            "familyName": "EXEMPLARIS",
            "nameAndFamilyNameAtBirth": "MIRABEL NEE",
            "dateOfBirth": "1993",
            "placeOfBirth": "LILLE, FRANCE",
            "gender": "FEMALE",
            "personalIdentifier": "P0000417",
            "currentAddress": address,
        },
    })
}

fn merge(object: &mut Value, members: Value) {
    for (name, value) in members.as_object().unwrap() {
        match value {
            Value::Null => drop(object.as_object_mut().unwrap().remove(name)),
            value => object[name] = value.clone(),
        }
    }
}

/// `name=text`, or `name:state`, of what the vocabulary has.
fn shown(id: &GovernmentId) -> Vec<String> {
    let one = |(name, claim): (&str, Claim<Vec<&str>>)| match claim.disclosed() {
        Some(texts) => format!("{name}={}", texts.join("|")),
        None => format!("{name}:{}", claim.state()),
    };
    id.claims().into_iter().map(one).collect()
}

fn state(id: &GovernmentId, claim: &str) -> &'static str {
    let claims = id.claims();
    claims.iter().find(|(name, _)| *name == claim).map_or("undefined", |(_, it)| it.state())
}

#[test]
fn a_drivers_license_of_the_w3c_vocabulary() {
    let id = Bench::new().read(vdl(json!({})));
    assert_eq!(id.vocabulary(), "vdl_v1");
    assert_eq!(
        shown(&id),
        [
            "given_name=MIRABEL",
            "family_name=EXEMPLARIS",
            "name_suffix:absent",
            "given_name_national:absent",
            "family_name_national:absent",
            "given_name_truncation:absent",
            "family_name_truncation:absent",
            "date_of_birth=1998-08-28",
            "birth_year:absent",
            "birth_place:absent",
            "sex=2",
            "nationalities:absent",
            "personal_id:absent",
            "document_number=D0000417",
            "driving_privileges=[{\"vehicle_category_code\":\"C\"}]",
            "issuing_authority=NW",
            "issuing_country=US",
            "issuing_jurisdiction:absent",
            "issue_date=2023-01-15T22:30:00-07:00",
            "expiry_date=2028-08-27T00:30:00+14:00",
            "address=12 SAMPLE ROW, NOWHERE FALLS",
            "city:absent",
            "state:absent",
            "postal_code:absent",
            "residence_country:absent",
            "age_in_years:absent",
            "age_over_18=true",
            "age_over_21:absent",
            "age_over_25:absent",
            "age_over_62:absent",
            "age_over_65=false",
            "portrait=data:image/png;base64,iVBORw0KGgo=",
            "signature:absent",
        ]
    );
    assert_eq!((id.age_over_18.disclosed(), id.sex_name()), (Some(&true), Some("female")));
    assert_eq!(id.document_class, Claim::Undefined);
    assert_eq!(
        id.source("date_of_birth").unwrap(),
        [
            "https://www.w3.org/2018/credentials#credentialSubject",
            "https://w3id.org/vdl#license",
            "https://w3id.org/vdl#birthDate",
        ]
    );
    assert_eq!((id.source("document_class"), id.source("driversLicense")), (None, None));
}

/// The day that is written is the document's, whatever the zone; a birth date has no time at all.
#[test]
fn dates_are_never_shifted() {
    let id = Bench::new().read(vdl(json!({})));
    let day = |claim: &Claim<result_vp::CivilDate>| {
        claim.disclosed().and_then(|date| date.date()).map(|date| date.to_string())
    };
    assert_eq!(day(&id.issue_date).as_deref(), Some("2023-01-15"));
    assert_eq!(day(&id.expiry_date).as_deref(), Some("2028-08-27"));
    let born = |text: &str| Bench::new().read(vdl(json!({"birth_date": text}))).date_of_birth;
    for (text, precision) in [
        ("1998-08-28", Some(DatePrecision::Day)),
        ("1998-08-28T00:00:00", Some(DatePrecision::Day)),
        ("1998-08", Some(DatePrecision::Month)),
        ("1998", Some(DatePrecision::Year)),
        ("1998-08-28T00:00:00Z", None),
        ("1998-08-27T22:00:00Z", None),
    ] {
        let born = born(text);
        let date = born.disclosed().unwrap();
        assert_eq!((date.raw(), date.precision()), (text, precision));
    }
}

/// Trinsic's own dates have no zone: one that does is none.
#[test]
fn what_a_vocabulary_does_not_write_is_no_date_in_it() {
    let bench = Bench::new();
    let mut document = signer::document(&bench.signer.did());
    document["credentialSubject"]["issueDate"] = "2021-09-30T22:00:00-08:00".into();
    let id = bench.id_of(&document, &document).unwrap();
    assert_eq!(id.issue_date.disclosed().unwrap().date(), None);
    assert!(id.expiry_date.disclosed().unwrap().date().is_some());
}

#[test]
fn the_claims_of_trinsics_own_vocabulary_are_those_they_were() {
    let bench = Bench::new();
    let document = signer::document(&bench.signer.did());
    let id = bench.id_of(&document, &document).unwrap();
    assert_eq!(id.vocabulary(), "trinsic_identity_document_v0");
    let names: BTreeSet<&str> = id.claims().into_iter().map(|(name, _)| name).collect();
    let known = support::TYPED.map(|(name, _)| name).into_iter().chain(["issuing_country"]);
    assert_eq!(names, known.collect());
    for (name, member) in support::TYPED {
        let iri = format!("{}{member}", support::VOCABULARY);
        assert_eq!(id.source(name).unwrap().last(), Some(&iri));
    }
}

#[test]
fn a_card_of_the_first_citizenship_vocabulary() {
    let id = Bench::new().read(citizenship_v1(json!({})));
    assert_eq!(id.vocabulary(), "citizenship_v1");
    assert_eq!(
        shown(&id),
        [
            "given_name=MIRABEL",
            "family_name=EXEMPLARIS",
            "date_of_birth=1958-07-17",
            "birth_country=Bahamas",
            "sex=Female",
            "personal_id=000-000-417",
            // Of the credential, not of its subject.
            "document_number=83000417",
            "document_class=C09",
            "portrait=data:image/png;base64,iVBORw0KGgo=",
        ]
    );
}

#[test]
fn the_documents_of_the_later_citizenship_vocabularies() {
    for (name, kind, link, number, has_class) in [
        (
            "citizenship_permanent_resident_card",
            "PermanentResidentCardCredential",
            "permanentResidentCard",
            "lprNumber",
            true,
        ),
        (
            "citizenship_employment_authorization_document",
            "EmploymentAuthorizationDocumentCredential",
            "employmentAuthorizationDocument",
            "lprNumber",
            true,
        ),
        (
            "citizenship_certificate_of_naturalization",
            "CertificateOfNaturalizationCredential",
            "certificateOfNaturalization",
            "insRegistrationNumber",
            false,
        ),
        (
            "citizenship_certificate_of_citizenship",
            "CertificateOfCitizenshipCredential",
            "certificateOfCitizenship",
            "cisRegistrationNumber",
            false,
        ),
    ] {
        let card = json!({
            "https://schema.org/identifier": "83000417",
            "https://w3id.org/citizenship#lprCategory": "C09",
            format!("https://w3id.org/citizenship#{number}"): "000-000-417",
        });
        let id = Bench::new().read(citizenship(kind, link, card));
        assert_eq!(id.vocabulary(), name);
        let claims = shown(&id);
        for claim in [
            "additional_name=JO",
            "date_of_birth=1958-07-17",
            "document_number=83000417",
            "personal_id=000-000-417",
        ] {
            assert!(claims.contains(&claim.to_owned()), "{name}: {claim}: {claims:?}");
        }
        assert_eq!(claims.contains(&"document_class=C09".to_owned()), has_class);
        assert_eq!(id.portrait.disclosed().unwrap().media_type(), "image/png");
        if kind != "CertificateOfCitizenshipCredential" {
            // Nobody lives where they married.
            assert!(claims.contains(&"city=Boston".to_owned()));
            assert!(claims.contains(&"residence_country=US".to_owned()));
        }
    }
}

/// `residentSince` says when a person came, `validUntil` when the credential ends, and
/// `formerNationality` what somebody no longer is.
#[test]
fn what_is_another_fact_is_not_taken_for_a_claim() {
    let card = citizenship(
        "PermanentResidentCardCredential",
        "permanentResidentCard",
        json!({"https://w3id.org/citizenship#lprNumber": "1"}),
    );
    for members in [citizenship_v1(json!({})), card] {
        let id = Bench::new().read(members);
        assert_eq!((&id.issue_date, &id.expiry_date), (&Claim::Undefined, &Claim::Undefined));
        assert_eq!(id.nationalities, Claim::Undefined);
    }
    let bench = Bench::new();
    let mut members = vdl(json!({}));
    members["expirationDate"] = "2026-01-01T00:00:00Z".into();
    let expiry = bench.read(members).expiry_date;
    assert_eq!(expiry.disclosed().unwrap().raw(), "2028-08-27T00:30:00+14:00");
}

#[test]
fn a_document_expires_in_any_vocabulary_and_not_with_its_credential() {
    let bench = Bench::new();
    let expired = |members: Value| {
        let document = bench.document(members);
        let policy = bench.policy().expired_document(ExpiredDocument::Reject);
        let report = bench.report(policy, &document, &document);
        let outcome = outcome(&report.credentials()[0], Check::DocumentValidity);
        let reason = outcome.reason();
        reason.map(|it| (it.code().code(), it.detail().unwrap_or_default().to_owned()))
    };
    assert_eq!(expired(vdl(json!({}))), None);
    let passed = vdl(json!({"expiry_date": "2024-05-30T00:00:00Z"}));
    assert_eq!(expired(passed), Some(("document_expired", String::new())));
    let unclear = ("document_expiry_unclear", "undefined".to_owned());
    assert_eq!(expired(citizenship_v1(json!({}))), Some(unclear));
}

#[test]
fn the_license_of_a_trinsic_template_in_any_ecosystem() {
    let id = Bench::new().read(template("Iso18013DriversLicense", json!({"portrait": ""})));
    assert_eq!(id.vocabulary(), "trinsic_iso18013_drivers_license");
    assert_eq!(
        shown(&id),
        [
            "given_name=MIRABEL",
            "family_name=EXEMPLARIS",
            "date_of_birth=28 Feb 1991",
            "sex=X",
            "document_number=D0000417",
            "issuing_authority=NW",
            "issuing_country=US",
            "issue_date=2021-09-30T23:00:00-08:00",
            "expiry_date=2031-09-29",
            "address=12 SAMPLE ROW",
            "portrait:empty",
        ]
    );
    // A text of any form is kept, and is no date.
    assert_eq!(id.date_of_birth.disclosed().unwrap().date(), None);
    assert_eq!(id.issue_date.disclosed().unwrap().date().unwrap().to_string(), "2021-09-30");
    assert_eq!(id.sex_name(), Some("unspecified"));
    let source = id.source("family_name").unwrap();
    assert_eq!(source[1], "https://trinsic.cloud/sample-ecosystem/lastName");
    assert_eq!(Bench::new().id_of_members(template("Another", json!({}))), None);
}

impl Bench {
    fn id_of_members(&self, members: Value) -> Option<GovernmentId> {
        let document = self.document(members);
        self.id_of(&document, &document)
    }
}

/// One text or several, and one birth year.
#[test]
fn a_verifiable_id_of_ebsi() {
    let one = Bench::new().read(ebsi(json!("1 SAMPLE ROW, LILLE")));
    assert_eq!(one.vocabulary(), "ebsi_verifiable_id");
    assert_eq!(
        shown(&one),
        [
            "given_name=MIRABEL",
            "family_name=EXEMPLARIS",
            "birth_name=MIRABEL NEE",
            "date_of_birth=1993",
            "birth_place=LILLE, FRANCE",
            "sex=FEMALE",
            "personal_id=P0000417",
            "address=1 SAMPLE ROW, LILLE",
        ]
    );
    assert_eq!(one.date_of_birth.disclosed().unwrap().precision(), Some(DatePrecision::Year));
    assert_eq!(one.sex_name(), Some("female"));
    let several = Bench::new().read(ebsi(json!(["LILLE", "1 SAMPLE ROW"])));
    // Their order was not signed.
    assert_eq!(several.address.disclosed().unwrap(), &["1 SAMPLE ROW", "LILLE"]);
    let other = ebsi(json!({"id": "urn:address"}));
    assert_eq!(Bench::new().read(other).address, Claim::Ambiguous);
    assert_eq!(Bench::new().read(ebsi(json!(""))).address, Claim::Empty);
}

#[test]
fn what_aamva_adds_is_read_beside_it() {
    let aamva = |name: &str| format!("https://w3id.org/vdl/aamva#{name}");
    let members = json!({
        aamva("nameSuffix"): "III",
        aamva("familyNameTruncation"): "T",
        aamva("givenNameTruncation"): "U",
        "family_name_national_character": "EXÉMPLARIS",
    });
    let id = Bench::new().read(vdl(members));
    let text = |claim: &Claim<String>| claim.disclosed().cloned().unwrap();
    assert_eq!(text(&id.name_suffix), "III");
    assert_eq!(text(&id.family_name_truncation), "T");
    assert_eq!(text(&id.given_name_truncation), "U");
    assert_eq!(
        (text(&id.family_name), text(&id.family_name_national)),
        ("EXEMPLARIS".into(), "EXÉMPLARIS".into())
    );
}

#[test]
fn countries_are_kept_as_they_are_written() {
    let read = |country: &str| Bench::new().read(vdl(json!({"issuing_country": country})));
    for (written, code) in [("US", Some("USA")), ("USA", Some("USA")), ("Utopia", None)] {
        let id = read(written);
        let country = id.issuing_country.disclosed().unwrap();
        assert_eq!((country.as_str(), GovernmentId::alpha_3(country)), (written, code));
    }
}

/// Types decide, and these are IRIs: what a document calls them means nothing.
#[test]
fn names_choose_no_vocabulary() {
    let mut renamed = template("Iso18013DriversLicenseCredential", json!({}));
    assert_eq!(Bench::new().id_of_members(renamed.clone()), None);
    renamed["type"][1] = "https://w3id.org/vdl#Iso18013DriversLicenseCredential".into();
    let id = Bench::new().read(renamed);
    // Of the names of the other vocabulary none is one of this one's.
    assert_eq!((id.vocabulary(), id.given_name), ("vdl_v1", Claim::Absent));
}

#[test]
fn of_two_vocabularies_none_is_chosen() {
    let mut both = template("Iso18013DriversLicense", json!({}));
    both["type"] = json!(["VerifiableCredential", "Iso18013DriversLicense"]);
    assert!(Bench::new().id_of_members(both.clone()).is_some());
    for other in [
        "https://trinsic.cloud/idv/IdentityDocument_v0",
        "https://w3id.org/vdl#Iso18013DriversLicenseCredential",
        "https://trinsic.cloud/other-ecosystem/Iso18013DriversLicense",
    ] {
        both["type"] = json!(["VerifiableCredential", "Iso18013DriversLicense", other]);
        assert_eq!(Bench::new().id_of_members(both.clone()), None, "{other}");
    }
    // Two types of one vocabulary are one.
    let mut twice = ebsi(json!("x"));
    twice["type"][1] = "NaturalPersonVerifiableID".into();
    assert!(Bench::new().id_of_members(twice).is_some());
}

/// Without the link nobody knows whether there is a licence; with it, what the licence states.
#[test]
fn a_claim_below_a_hidden_link_is_not_disclosed() {
    let bench = Bench::new();
    let full = bench.document(vdl(json!({})));
    let mut derived = full.clone();
    derived["credentialSubject"]["driversLicense"]["id"] = "urn:bnid:_:c14n0".into();
    let read = |shown: &Value| bench.id_of(&full, shown).unwrap();
    let all = read(&derived);
    assert_eq!((state(&all, "family_name"), state(&all, "city")), ("disclosed", "absent"));

    let mut shown = derived.clone();
    shown["credentialSubject"].as_object_mut().unwrap().remove("driversLicense");
    let none = read(&shown);
    for (name, claim) in none.claims() {
        assert_eq!(claim, Claim::NotDisclosed, "{name}");
    }

    let mut shown = derived.clone();
    shown["credentialSubject"]["driversLicense"].as_object_mut().unwrap().remove("family_name");
    let one = read(&shown);
    assert_eq!(
        (state(&one, "family_name"), state(&one, "given_name")),
        ("not_disclosed", "disclosed")
    );
    // What is hidden lies among the claims of the licence: the link has no second one.
    assert_eq!(state(&one, "city"), "absent");

    // Between the subject's statements one is hidden, and may be another licence.
    let mut shown = derived;
    let subject = shown["credentialSubject"].as_object_mut().unwrap();
    subject.remove("type");
    // The context of the type is gone with it.
    let license = subject.remove("driversLicense").unwrap();
    subject.insert("https://w3id.org/vdl#license".into(), license);
    let other = read(&shown);
    assert_eq!(
        (state(&other, "family_name"), state(&other, "city")),
        ("disclosed", "not_disclosed")
    );
}

#[test]
fn a_link_that_was_never_signed_has_no_claims_below_it() {
    let mut members = vdl(json!({}));
    members["credentialSubject"].as_object_mut().unwrap().remove("driversLicense");
    for (name, claim) in Bench::new().read(members).claims() {
        assert_eq!(claim, Claim::Absent, "{name}");
    }
}

#[test]
fn of_two_licenses_none_is_chosen() {
    let mut members = vdl(json!({}));
    let license = members["credentialSubject"]["driversLicense"].clone();
    let mut other = license.clone();
    other["family_name"] = "OTHER".into();
    members["credentialSubject"]["driversLicense"] = json!([license, other]);
    for (name, claim) in Bench::new().read(members).claims() {
        assert_eq!(claim, Claim::Ambiguous, "{name}");
    }
}

#[test]
fn a_flag_says_yes_or_no() {
    for (value, expected) in [
        (json!(true), Claim::Disclosed(true)),
        (json!(false), Claim::Disclosed(false)),
        (json!("yes"), Claim::Ambiguous),
        (json!([true, false]), Claim::Ambiguous),
        (json!(""), Claim::Empty),
    ] {
        let id = Bench::new().read(vdl(json!({"age_over_21": value})));
        assert_eq!(id.age_over_21, expected, "{value}");
    }
}

/// As an IRI it is longer than any other one may be.
#[test]
fn a_portrait_may_be_a_data_url() {
    let url = |length: usize| format!("data:image/jpeg;base64,/9j/{}", "AAAA".repeat(length / 4));
    let id = Bench::new().read(vdl(json!({"portrait": url(60 << 10)})));
    let portrait = id.portrait.disclosed().unwrap();
    assert_eq!(portrait.media_type(), "image/jpeg");
    assert_eq!(portrait.bytes().unwrap().len(), 3 + (60 << 10) / 4 * 3);
    let refused = |members: Value| {
        let bench = Bench::new();
        let text = bench.document(vdl(members)).to_string();
        internal::statements(text.as_bytes(), &Contexts::bundled()).unwrap().err()
    };
    let place = |refusal: &str| format!("{refusal} at credentialSubject.driversLicense.portrait");
    assert_eq!(refused(json!({"portrait": url(128 << 10)})), Some(place("long_iri")));
    assert_eq!(refused(json!({"portrait": "data:a b"})), Some(place("not_an_iri")));
}

#[test]
fn the_unsigned_copy_is_held_against_every_vocabulary() {
    let copy = |members: Value| {
        let report = Bench::new().session(vdl(json!({})), members);
        assert_eq!(session_outcome(&report, Check::CredentialCount), "pass");
        session_outcome(&report, Check::NormalizedData)
    };
    assert_eq!(copy(json!({"family_name": "Exemplaris", "country": "USA"})), "pass");
    assert_eq!(
        copy(json!({"issue_date": "2023-01-15", "address": "12 Sample Row Nowhere Falls"})),
        "pass"
    );
    assert_eq!(copy(json!({"id_number": "D0000418"})), "normalized_contradicts:id_number");
    assert_eq!(copy(json!({"country": "CAN"})), "normalized_contradicts:country");
    assert_eq!(copy(json!({"address": "13 Sample Row"})), "normalized_contradicts:address");
    // The vocabulary has no such claim: nothing is compared.
    let report =
        Bench::new().session(citizenship_v1(json!({})), json!({"issue_date": "2015-01-01"}));
    assert_eq!(session_outcome(&report, Check::NormalizedData), "not_applicable");
}

fn session_outcome(report: &Report, check: Check) -> String {
    let checks = report.session_checks();
    let (_, outcome) = checks.iter().find(|(it, _)| *it == check).unwrap();
    let reason = outcome.reason();
    let reason =
        reason.map(|it| format!("{}:{}", it.code().code(), it.detail().unwrap_or_default()));
    reason.unwrap_or_else(|| outcome.code().to_owned())
}

#[test]
fn a_claim_that_looks_like_another_is_named_wherever_it_stands() {
    let warned = |members: Value| -> Vec<String> {
        let bench = Bench::new();
        let document = bench.document(members);
        let report = bench.report(bench.policy(), &document, &document);
        report.warnings().iter().filter_map(|it| it.detail().map(str::to_owned)).collect()
    };
    let hidden = "EX\u{200b}EMPLARIS";
    assert_eq!(warned(vdl(json!({"family_name": hidden}))), ["family_name"]);
    assert_eq!(
        warned(template("Iso18013DriversLicense", json!({"lastName": hidden}))),
        ["family_name"]
    );
    let mut card = citizenship_v1(json!({}));
    card["identifier"] = hidden.into();
    assert_eq!(warned(card), ["document_number"]);
    // The city of a wedding is none of the claims.
    let mut card = citizenship(
        "PermanentResidentCardCredential",
        "permanentResidentCard",
        json!({"https://schema.org/identifier": "1"}),
    );
    card["credentialSubject"]["https://w3id.org/citizenship#marriageLocation"]
        ["https://schema.org/addressLocality"] = hidden.into();
    assert_eq!(warned(card), ["https://schema.org/addressLocality"]);
}

/// The contexts as they are published, and the samples of the vocabularies.
#[test]
fn published_contexts_make_the_iris_of_the_tables() {
    let Some(folder) = support::vectors("third-party") else { return };
    let context = |bench: &mut Bench, url: &str, file: &str| {
        let text = std::fs::read(folder.join("06-contexts").join(file)).unwrap();
        bench.evidence.add_context(url, &text).unwrap();
    };
    let mut samples = 0;
    for version in ["v2", "v3", "v4rc1"] {
        let mut bench = Bench::new();
        let url = format!("https://w3id.org/citizenship/{version}");
        context(&mut bench, &url, &format!("w3id.org_citizenship_{version}.jsonld"));
        for entry in std::fs::read_dir(folder.join("01-data-integrity")).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            let Some(sample) = name.strip_prefix("citizenship-") else { continue };
            let text = std::fs::read(entry.path().join(format!("{sample}.jsonld"))).unwrap();
            let mut members = support::json(&text);
            members.as_object_mut().unwrap().remove("proof");
            members["@context"][1] = url.clone().into();
            let id = bench.read(members.clone());
            samples += 1;
            let text = |claim: &Claim<String>| claim.disclosed().cloned().unwrap();
            assert_eq!(
                (text(&id.given_name), text(&id.additional_name)),
                ("JOHN".into(), "JACOB".into())
            );
            assert_eq!(
                (text(&id.document_number), text(&id.personal_id)),
                ("83627465".into(), "999-999-999".into())
            );
            assert_eq!(id.date_of_birth.disclosed().unwrap().precision(), Some(DatePrecision::Day));
            assert_eq!(id.sex_name(), Some("male"));
            let has_home = !members["credentialSubject"]["residence"].is_null();
            assert_eq!(id.city.disclosed().is_some(), has_home, "{name}");
            let has_image = !members["credentialSubject"]["image"].is_null();
            assert_eq!(id.portrait.disclosed().is_some(), has_image, "{name}");
        }
    }
    assert!(samples >= 9, "{samples}");

    let mut bench = Bench::new();
    context(&mut bench, "https://w3id.org/vdl/aamva/v1", "w3id.org_vdl_aamva_v1.jsonld");
    context(&mut bench, "https://w3id.org/vdl/v2", "w3id.org_vdl_v2.jsonld");
    for version in ["v1", "v2"] {
        let mut members =
            vdl(json!({"aamva_family_name_truncation": "N", "aamva_name_suffix": "JR"}));
        members["@context"] = json!([
            "https://www.w3.org/2018/credentials/v1",
            format!("https://w3id.org/vdl/{version}"),
            "https://w3id.org/vdl/aamva/v1",
        ]);
        let id = bench.read(members);
        assert_eq!(id.family_name_truncation.disclosed().unwrap(), "N");
        assert_eq!(id.name_suffix.disclosed().unwrap(), "JR");
        assert_eq!(id.document_number.disclosed().unwrap(), "D0000417");
    }

    let mut bench = Bench::new();
    let url = "https://www.w3.org/ns/credentials/undefined-terms/v2";
    context(&mut bench, url, "www.w3.org_ns_credentials_undefined-terms_v2.jsonld");
    let mut members = ebsi(json!("1 SAMPLE ROW"));
    members["@context"][2] = url.into();
    assert_eq!(bench.read(members).vocabulary(), "ebsi_verifiable_id");
}

#[test]
fn the_tables_are_documented_and_every_claim_is_in_one() {
    let tables = internal::vocabularies();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/claims.md");
    let text = document(&tables);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(written, text, "if meant: UPDATE_DOCS=1 cargo test --test vocabularies");

    let source =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/government_id.rs"));
    let source = source.unwrap();
    let list = source.split("    GovernmentId:\n").nth(1).unwrap().split("\n}\n").next().unwrap();
    let members = list.lines().map(str::trim).filter(|line| !line.starts_with("///"));
    let members: BTreeSet<&str> = members.map(|line| line.split(' ').next().unwrap()).collect();
    let known = tables.iter().flat_map(|it| it.claims.iter().map(|(name, _)| *name));
    assert_eq!(members, known.collect::<BTreeSet<&str>>());
}

/// One credential of each vocabulary, for the command.
#[test]
#[ignore = "writes into fixtures/vocabularies"]
fn generate() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/vocabularies");
    let card = json!({
        "https://schema.org/identifier": "83000417",
        "https://w3id.org/citizenship#lprNumber": "000-000-417",
        "https://w3id.org/citizenship#lprCategory": "C09",
    });
    let card = citizenship("PermanentResidentCardCredential", "permanentResidentCard", card);
    for (name, members) in [
        ("vdl_v1", vdl(json!({}))),
        ("citizenship_v1", citizenship_v1(json!({}))),
        ("citizenship_permanent_resident_card", card),
        ("trinsic_iso18013_drivers_license", template("Iso18013DriversLicense", json!({}))),
        ("ebsi_verifiable_id", ebsi(json!(["1 SAMPLE ROW", "LILLE"]))),
    ] {
        let bench = Bench::new();
        let document = bench.document(members);
        let credential = bench.sign(&document, &document);
        let text = serde_json::from_str::<Value>(&presentation(&credential)).unwrap();
        let text = serde_json::to_string_pretty(&text).unwrap() + "\n";
        std::fs::write(folder.join(format!("{name}.json")), text).unwrap();
    }
}

/// The page of the tables.
fn document(tables: &[internal::VocabularyTable]) -> String {
    let mut text = String::from(include_str!("support/claims_head.md"));
    for table in tables {
        let types: Vec<String> = table.types.iter().map(|it| format!("`{it}`")).collect();
        // A name is no IRI.
        let chosen = if table.types.iter().all(|it| it.contains(':')) { "Type" } else { "Member" };
        text += &format!("\n## `{}`\n\n{chosen}: {}\n\n", table.name, types.join(" or "));
        text += "| claim | from |\n|---|---|\n";
        for (claim, source) in &table.claims {
            let steps: Vec<String> = source
                .iter()
                .map(|step| match step.as_str() {
                    "https://www.w3.org/2018/credentials#credentialSubject" => "subject".to_owned(),
                    step => format!("`{step}`"),
                })
                .collect();
            text += &format!("| `{claim}` | {} |\n", steps.join(" → "));
        }
    }
    text
}
