//! `verified_claims` of OpenID Identity Assurance in SD-JWT VCs: what the issuer says it verified and the holder
//! disclosed, and nothing that stands beside it.

#![cfg(feature = "ecdsa")]

#[path = "support/oracle.rs"]
#[allow(dead_code)]
mod oracle;
#[path = "support/plain.rs"]
#[allow(dead_code)]
mod plain;
#[path = "support/sd_jwt.rs"]
#[allow(dead_code)]
mod sd_jwt;
mod support;

use plain::document;
use result_vp::{
    signed_claims, Check, Claim, DatePrecision, Evidence, GovernmentId, Report,
    UnverifiedPresentation, Verdict,
};
use sd_jwt::{algorithm, digest, disclosure, issuer, presented, token};
use serde_json::{json, Value};
use support::{ask_plainly, outcome, trusting};

fn verify(text: &str) -> Report {
    let evidence = Evidence::new();
    let read = UnverifiedPresentation::from_bare_credential(text.as_bytes(), evidence.contexts());
    let read = read.expect("a token");
    ask_plainly(&read, trusting([issuer().did()]), &evidence, "2024-06-01T00:00:00Z")
}

fn signed(payload: &Value, disclosures: &[&str]) -> String {
    let header = json!({
        "alg": algorithm(&issuer()), "kid": issuer().method(), "typ": "dc+sd-jwt",
    });
    presented(&token(&issuer(), &header, payload), disclosures.iter().copied())
}

/// What is read of a credential that is accepted.
fn id_of(text: &str) -> Option<GovernmentId> {
    let report = verify(text);
    assert_eq!(report.verdict(), Verdict::Accepted, "{:?}", report.credentials()[0].checks());
    GovernmentId::from_credential(&report.into_verified().unwrap().credentials()[0])
}

fn id(payload: &Value) -> GovernmentId {
    id_of(&signed(payload, &[])).expect("verified claims")
}

fn payload(verified: Value) -> Value {
    json!({
        "iss": issuer().did(),
        "iat": 1_714_644_000,
        "exp": 1_900_000_000,
        "vct": "https://issuer.example/identity",
        "verified_claims": verified,
    })
}

fn verified() -> Value {
    json!({
        "verification": {
            "trust_framework": "nist_800_63a",
            "assurance_level": "ial2",
            "time": "2012-04-23T18:25Z",
            "evidence": [{
                "type": "document",
                "document_details": {
                    "type": "idcard",
                    "document_number": "D0000417",
                    "personal_number": "000-417",
                    "date_of_issuance": "2012-03-23",
                    "date_of_expiry": "2032-03",
                    "issuer": {
                        "name": "TOWN OF NOWHERE FALLS",
                        "country": "Nowhere",
                        "country_code": "FR",
                        "jurisdiction": "NW-1",
                    },
                },
            }],
        },
        "claims": {
            "given_name": "MIRABEL",
            "family_name": "EXEMPLARIS",
            "middle_name": "AGATHE",
            "birthdate": "1991",
            "gender": "female",
            "nationalities": ["FR", "BEL"],
            "place_of_birth": {"country": "FR", "locality": "LILLE"},
            "address": {
                "formatted": "12 SAMPLE ROW\nNOWHERE FALLS",
                "street_address": "12 SAMPLE ROW",
                "locality": "NOWHERE FALLS",
                "region": "NW-1",
                "postal_code": "00417",
                "country": "NW",
            },
        },
    })
}

fn shown(id: &GovernmentId) -> Vec<String> {
    let one = |(name, claim): (&str, Claim<Vec<&str>>)| match claim.disclosed() {
        Some(texts) => format!("{name}={}", texts.join("|")),
        None => format!("{name}:{}", claim.state()),
    };
    id.claims().into_iter().map(one).collect()
}

fn state(id: &GovernmentId, name: &str) -> &'static str {
    let claims = id.claims();
    let (_, claim) = claims.iter().find(|(it, _)| *it == name).unwrap();
    claim.state()
}

#[test]
fn every_claim_has_its_place_its_text_and_its_date() {
    let id = id(&payload(verified()));
    assert_eq!((id.vocabulary(), id.sex_name()), ("oidc4ida", Some("female")));
    assert_eq!(
        shown(&id),
        [
            "given_name=MIRABEL",
            "family_name=EXEMPLARIS",
            "additional_name=AGATHE",
            "date_of_birth=1991",
            "birth_place=LILLE",
            "birth_country=FR",
            "sex=female",
            "nationalities=BEL|FR",
            "personal_id=000-417",
            "document_number=D0000417",
            "document_class=idcard",
            "issuing_authority=TOWN OF NOWHERE FALLS",
            "issuing_country=FR",
            "issuing_jurisdiction=NW-1",
            "issue_date=2012-03-23",
            "expiry_date=2032-03",
            "address=12 SAMPLE ROW\nNOWHERE FALLS",
            "street_address=12 SAMPLE ROW",
            "city=NOWHERE FALLS",
            "state=NW-1",
            "postal_code=00417",
            "residence_country=NW",
            "portrait:absent",
            "trust_framework=nist_800_63a",
            "assurance_level=ial2",
            "verification_time=2012-04-23T18:25Z",
        ]
    );
    let subject = "https://www.w3.org/2018/credentials#credentialSubject";
    let source = |name| id.source(name).unwrap().split_off(1).join(".");
    assert_eq!(id.source("given_name").unwrap()[0], subject);
    assert_eq!(source("given_name"), "verified_claims.claims.given_name");
    assert_eq!(source("trust_framework"), "verified_claims.verification.trust_framework");
    assert_eq!(
        source("issuing_country"),
        "verified_claims.verification.evidence.document_details.issuer.country_code"
    );
    // A year alone, a month, and a time without seconds: none of them is made more precise than it is.
    let dates = [&id.date_of_birth, &id.expiry_date, &id.verification_time].map(|claim| {
        let date = claim.disclosed().unwrap();
        (date.date().unwrap().to_string(), date.precision().unwrap())
    });
    assert_eq!(
        dates,
        [
            ("1991-01-01".to_owned(), DatePrecision::Year),
            ("2032-03-01".to_owned(), DatePrecision::Month),
            ("2012-04-23".to_owned(), DatePrecision::Day),
        ]
    );
    // Countries are kept as they are written.
    assert_eq!(GovernmentId::alpha_3(id.issuing_country.disclosed().unwrap()), Some("FRA"));
}

/// When a person was verified is told in many ways; the day is the one that is written, and the text is kept.
#[test]
fn a_time_is_read_with_and_without_seconds() {
    for (time, day) in [
        ("2012-04-23T18:25Z", Some("2012-04-23")),
        ("2012-04-23T18:25:30Z", Some("2012-04-23")),
        ("2012-04-23T23:59-11:00", Some("2012-04-23")),
        ("2012-04-23T00:25+02:00", Some("2012-04-23")),
        ("2012-04-23", Some("2012-04-23")),
        ("2012-04-23T18Z", None),
        ("2012-04-23T24:25Z", None),
        ("2012-04-23T18:61Z", None),
        ("2012-04-23T18:25:3Z", None),
        ("20120423", None),
        ("23.4.2012", None),
    ] {
        let mut verified = verified();
        verified["verification"]["time"] = time.into();
        let id = id(&payload(verified));
        let read = id.verification_time.disclosed().unwrap();
        assert_eq!(read.raw(), time);
        assert_eq!(read.date().map(|it| it.to_string()).as_deref(), day, "{time}");
    }
}

/// The end of the document, of the credential and of the verification are three facts.
#[test]
fn a_document_ends_by_its_own_date() {
    let report = verify(&signed(&payload(verified()), &[]));
    assert_eq!(report.credentials()[0].issuance_date(), Some("2024-05-02T10:00:00Z"));
    let id = id(&payload(verified()));
    assert_eq!(id.issue_date.disclosed().unwrap().raw(), "2012-03-23");
    let mut ended = payload(verified());
    ended["exp"] = 1_717_000_000.into();
    let report = verify(&signed(&ended, &[]));
    assert_eq!(outcome(&report.credentials()[0], Check::ValidityPeriod).code(), "fail");
    assert_eq!(report.verdict(), Verdict::Rejected);
}

/// Nobody verified it, so it is no claim: also where `verified_claims` has none of that name.
#[test]
fn what_stands_beside_is_not_read() {
    let mut payload = payload(verified());
    for (name, value) in [
        ("given_name", "OTHER"),
        ("birthdate", "1971-01-01"),
        ("picture", "data:,"),
        ("gender", "male"),
    ] {
        payload[name] = value.into();
    }
    payload["verified_claims"]["claims"].as_object_mut().unwrap().remove("gender");
    payload["claims"] = json!({"family_name": "OTHER"});
    payload["verified_claims"]["family_name"] = "OTHER".into();
    payload["verified_claims"]["verification"]["given_name"] = "OTHER".into();
    let id = id(&payload);
    assert_eq!(id.given_name, Claim::Disclosed("MIRABEL".to_owned()));
    assert_eq!(id.family_name, Claim::Disclosed("EXEMPLARIS".to_owned()));
    assert_eq!((state(&id, "sex"), state(&id, "portrait")), ("absent", "absent"));
    assert_eq!(id.date_of_birth.disclosed().unwrap().raw(), "1991");
}

/// A digest hides what it may hide, and a link that is hidden everything below it.
#[test]
fn what_is_not_disclosed_is_not_taken_for_absent() {
    let name = disclosure(&json!(["s-1", "given_name", "MIRABEL"]));
    let mut payload = payload(verified());
    let claims = payload["verified_claims"]["claims"].as_object_mut().unwrap();
    claims.remove("given_name");
    claims.insert("_sd".to_owned(), json!([digest(&name)]));
    let evidence = payload["verified_claims"]["verification"]["evidence"][0].take();
    let evidence = disclosure(&json!(["s-2", evidence]));
    payload["verified_claims"]["verification"]["evidence"] = json!([{"...": digest(&evidence)}]);
    payload["_sd_alg"] = "sha-256".into();
    let read = |disclosures: &[&str]| id_of(&signed(&payload, disclosures)).unwrap();
    let nothing = read(&[]);
    for hidden in ["given_name", "portrait", "document_number", "issuing_country", "expiry_date"] {
        assert_eq!(state(&nothing, hidden), "not_disclosed", "{hidden}");
    }
    assert_eq!(state(&nothing, "family_name"), "disclosed");
    assert_eq!(state(&nothing, "trust_framework"), "disclosed");
    let one = read(&[&evidence]);
    assert_eq!(
        (state(&one, "document_number"), state(&one, "given_name")),
        ("disclosed", "not_disclosed")
    );
    let all = read(&[&name, &evidence]);
    assert_eq!(all.given_name, Claim::Disclosed("MIRABEL".to_owned()));
    // Every digest of that object is opened.
    assert_eq!(state(&all, "portrait"), "absent");
    // What nobody signed a digest of is no disclosure.
    let forged = disclosure(&json!(["s-1", "given_name", "OTHER"]));
    assert_eq!(verify(&signed(&payload, &[&forged])).verdict(), Verdict::Rejected);
    // All of it may be hidden: then nothing says what the credential is.
    let mut payload = payload.clone();
    let verified =
        disclosure(&json!(["s-3", "verified_claims", payload["verified_claims"].take()]));
    payload.as_object_mut().unwrap().remove("verified_claims");
    payload["_sd"] = json!([digest(&verified)]);
    assert_eq!(id_of(&signed(&payload, &[])), None);
    let text = signed(&payload, &[&verified, &name, &evidence]);
    assert_eq!(id_of(&text).unwrap().given_name, Claim::Disclosed("MIRABEL".to_owned()));
}

/// Of two verifications, or two documents, nothing says which counts.
#[test]
fn of_several_none_is_chosen() {
    let mut other = verified();
    other["claims"]["given_name"] = "OTHER".into();
    let two = id(&payload(json!([verified(), other])));
    assert_eq!(two.vocabulary(), "oidc4ida");
    for (name, claim) in two.claims() {
        assert_eq!(claim, Claim::Ambiguous, "{name}");
    }
    let mut verified = verified();
    let first = verified["verification"]["evidence"][0].clone();
    let mut second = first.clone();
    second["document_details"]["document_number"] = "D0000418".into();
    verified["verification"]["evidence"] = json!([first, second]);
    let id = id(&payload(verified));
    for name in ["document_number", "expiry_date", "issuing_authority"] {
        assert_eq!(state(&id, name), "ambiguous", "{name}");
    }
    assert_eq!(
        (state(&id, "given_name"), state(&id, "trust_framework")),
        ("disclosed", "disclosed")
    );
}

/// As RFC 9901 shows it in its examples.
#[test]
fn a_document_may_be_written_as_in_the_drafts() {
    let mut verified = verified();
    verified["verification"]["evidence"][0] = json!({
        "type": "document",
        "method": "pipp",
        "time": "2012-04-22T11:30Z",
        "document": {
            "type": "idcard",
            "issuer": {"name": "TOWN OF NOWHERE FALLS", "country": "NW"},
            "number": "53554554",
            "date_of_issuance": "2010-03-23",
            "date_of_expiry": "2030-03-22",
        },
    });
    let id = id(&payload(verified));
    let source = |name| id.source(name).unwrap().split_off(1).join(".");
    assert_eq!(id.vocabulary(), "oidc4ida_draft");
    assert_eq!(id.given_name, Claim::Disclosed("MIRABEL".to_owned()));
    assert_eq!(id.document_number, Claim::Disclosed("53554554".to_owned()));
    assert_eq!(source("document_number"), "verified_claims.verification.evidence.document.number");
    assert_eq!(id.issuing_country, Claim::Disclosed("NW".to_owned()));
    // The time of an evidence is not that of the verification.
    assert_eq!(id.verification_time.disclosed().unwrap().raw(), "2012-04-23T18:25Z");
}

/// A type says more than a member that any credential may have.
#[test]
fn a_type_of_another_vocabulary_counts_alone() {
    let mut pid = payload(verified());
    pid["vct"] = "urn:eudi:pid:1".into();
    pid["given_name"] = "OTHER".into();
    let id = id(&pid);
    assert_eq!(id.vocabulary(), "eudi_pid");
    assert_eq!(id.given_name, Claim::Disclosed("OTHER".to_owned()));
    assert_eq!((state(&id, "family_name"), id.trust_framework), ("absent", Claim::Undefined));
}

#[test]
fn what_is_no_object_says_nothing() {
    for none in [json!("x"), json!(true), json!(["x", "y"])] {
        assert_eq!(id_of(&signed(&payload(none.clone()), &[])), None, "{none}");
    }
    let mut text = verified();
    text["claims"] = "x".into();
    text["verification"]["trust_framework"] = json!({"name": "x"});
    let id = id(&payload(text));
    assert_eq!(
        (state(&id, "given_name"), state(&id, "trust_framework")),
        ("ambiguous", "ambiguous")
    );
    // Nothing, in an object or an array, is no statement that could be read as one.
    let mut empty = verified();
    empty["claims"] = json!({});
    assert_eq!(verify(&signed(&payload(empty), &[])).verdict(), Verdict::Rejected);
}

/// There it is a claim of the token, or a term of a context: of neither is it defined what it says of the subject.
#[test]
fn in_other_tokens_it_is_no_claim() {
    let key = issuer();
    let header = |kind: &str| json!({"alg": algorithm(&key), "kid": key.method(), "typ": kind});
    let mut v2 = document(&key.did(), "eddsa-rdfc-2022");
    v2["type"][1] = "Other".into();
    v2["credentialSubject"]["verified_claims"] = verified();
    assert_eq!(id_of(&token(&key, &header("vc+jwt"), &v2)), None);
    let mut v1 = document(&key.did(), "Ed25519Signature2018");
    v1["type"][1] = "Other".into();
    let payload = json!({"iss": key.did(), "vc": v1, "verified_claims": verified()});
    let text = token(&key, &header("JWT"), &payload);
    assert_eq!(id_of(&text), None);
    let verified = verify(&text).into_verified().unwrap();
    let claims = signed_claims(&verified.credentials()[0]);
    assert!(!claims.iter().any(|(name, _)| name.contains("verified_claims")), "{claims:?}");
}
