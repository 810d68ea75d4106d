//! The checks of a session, and what of it is held against the signed claims.

#[path = "support/signer.rs"]
mod signer;
mod support;

use result_vp::{
    Check, Did, Evidence, ExpectedSession, Outcome, Policy, Report, Session, SessionId,
    TrustedIssuers, Unknown, UnverifiedPresentation, Verdict, Verifier,
};
use serde_json::{json, Value};
use signer::{document, Signer};
use support::{fixture, instant};

const SESSION: &str = "0f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e10";
const NONCE: &str = "urn:trinsic:idvsession:0f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e10";

struct Bench {
    signer: Signer,
    verifier: Verifier,
}

impl Bench {
    fn new() -> Bench {
        let signer = Signer::new("an issuer");
        let issuer = Did::new(&signer.did()).unwrap();
        let policy = Policy::new(TrustedIssuers::new([issuer]).unwrap())
            .status(Unknown::Skip)
            .schema(Unknown::Skip);
        Bench { signer, verifier: Verifier::new(policy) }
    }

    /// A credential of the usual document with these members of its subject; null takes one away.
    fn credential(&self, members: Value) -> Value {
        let full = self.document(members);
        self.signer.credential(&full, &full, NONCE)
    }

    fn document(&self, members: Value) -> Value {
        let mut document = document(&self.signer.did());
        let subject = document["credentialSubject"].as_object_mut().unwrap();
        for (name, value) in members.as_object().unwrap() {
            match value {
                Value::Null => drop(subject.remove(name)),
                value => drop(subject.insert(name.clone(), value.clone())),
            }
        }
        document
    }

    /// A successful session with a successful verification for each of `verifications`.
    fn ask(&self, credentials: &[Value], verifications: &[Value]) -> Report {
        let presentation = json!({
            "@context": ["https://www.w3.org/2018/credentials/v1"],
            "type": ["VerifiablePresentation"],
            "verifiableCredential": credentials,
        });
        let verifications = verifications.iter().enumerate().map(|(index, members)| {
            let mut verification = members.clone();
            verification["id"] = format!("v{index}").into();
            verification["state"] = "VERIFICATION_SUCCESS".into();
            (format!("v{index}"), verification)
        });
        self.ask_session(&json!({
            "id": SESSION,
            "state": "IDV_SUCCESS",
            "result_vp": presentation.to_string(),
            "verifications": verifications.collect::<serde_json::Map<_, _>>(),
        }))
    }

    fn ask_session(&self, session: &Value) -> Report {
        let session = Session::from_json(session.to_string().as_bytes()).unwrap();
        ask(&self.verifier, &session)
    }

    fn ask_copy(&self, credential: &Value, copy: Value) -> Report {
        let verification = json!({"normalized_government_id_data": copy});
        self.ask(std::slice::from_ref(credential), &[verification])
    }
}

fn ask(verifier: &Verifier, session: &Session) -> Report {
    let id = SessionId::new(SESSION).unwrap();
    let mut evidence = Evidence::new();
    evidence.add_did_document(&fixture("did/issuer.json")).unwrap();
    let now = instant("2024-06-01T00:00:00Z");
    verifier.verify_session(session, ExpectedSession::Id(&id), &evidence, now).unwrap()
}

/// `outcome`, or `outcome:code`, or `outcome:code:detail`.
fn outcome(report: &Report, check: Check) -> String {
    let checks = report.session_checks();
    let (_, outcome) = checks.iter().find(|(it, _)| *it == check).unwrap();
    let reason = outcome.reason();
    let code = reason.map(|it| format!(":{}", it.code().code())).unwrap_or_default();
    let detail = reason.and_then(|it| it.detail()).map(|it| format!(":{it}")).unwrap_or_default();
    format!("{}{code}{detail}", outcome.code())
}

fn warnings(report: &Report) -> Vec<String> {
    let named = report.warnings().iter();
    named.map(|it| format!("{}:{}", it.code(), it.detail().unwrap_or_default())).collect()
}

/// The successful session of the fixtures with other members.
fn with(members: Value) -> Value {
    let mut session: Value = support::json(&fixture("sessions/success.json"));
    for (name, value) in members.as_object().unwrap() {
        session[name] = value.clone();
    }
    session
}

fn facts_of(session: &Value) -> String {
    let report = Bench::new().ask_session(session);
    assert_ne!(report.verdict(), Verdict::Accepted);
    outcome(&report, Check::SessionFacts)
}

#[test]
fn a_fail_code_belongs_to_a_failed_session() {
    let code = "SESSION_FAIL_EXPIRED";
    let contradiction = facts_of(&with(json!({"failCode": code})));
    assert_eq!(contradiction, "fail:fail_code_without_failure");
    let failed = with(json!({"state": "IDV_FAILED", "failCode": code, "resultVp": null}));
    assert_eq!(facts_of(&failed), "pass");
    assert_eq!(facts_of(&with(json!({"failCode": "SESSION_FAIL_NONE"}))), "pass");
}

#[test]
fn a_verification_is_listed_under_its_own_id() {
    let listed = with(json!({"verifications": {"a": {"id": "b", "state": 3}}}));
    assert_eq!(facts_of(&listed), "fail:map_key_differs");
}

#[test]
fn a_verification_that_succeeded_has_no_fail_code() {
    let both = json!({"a": {"id": "a", "state": 3, "failCode": 3}});
    assert_eq!(facts_of(&with(json!({"verifications": both}))), "fail:success_with_fail_code");
}

#[test]
fn a_result_belongs_to_a_session_that_succeeded() {
    for state in ["IDV_FAILED", "IDV_IN_PROGRESS", "IDV_CREATED", "IDV_OF_TOMORROW"] {
        let contradiction = facts_of(&with(json!({"state": state})));
        assert_eq!(contradiction, "fail:result_without_success", "{state}");
    }
}

#[test]
fn every_contradiction_is_named() {
    let verifications = json!({
        "a": {"id": "b", "state": 3, "failCode": 1},
        "c": {"id": "d", "state": 3, "failCode": 1},
    });
    let session = with(json!({"state": 3, "failCode": 4, "verifications": verifications}));
    assert_eq!(
        facts_of(&session),
        "fail:fail_code_without_failure:\
         also map_key_differs, result_without_success, success_with_fail_code"
    );
}

#[test]
fn only_an_unusable_image_in_an_unfinished_session_may_be_tried_again() {
    let state = |state, code| {
        let verifications = json!({"v": {"id": "v", "state": 4, "failCode": code}});
        let session = json!({"id": SESSION, "state": state, "verifications": verifications});
        outcome(&Bench::new().ask_session(&session), Check::State)
    };
    assert_eq!(state("IDV_IN_PROGRESS", 2), "fail:unfinished_retryable");
    for code in [0, 1, 3, 4, 9] {
        assert_eq!(state("IDV_IN_PROGRESS", code), "fail:unfinished", "{code}");
    }
    assert_eq!(state("IDV_FAILED", 2), "fail:failed");
}

#[test]
fn the_id_is_the_callers() {
    let other = with(json!({"id": "7b1d9f36-2c44-4a0a-8a0f-51f0c7de2a21"}));
    let report = Bench::new().ask_session(&other);
    assert_eq!(outcome(&report, Check::SessionId), "fail:session_id_differs");
}

#[test]
fn each_successful_verification_has_one_credential() {
    let bench = Bench::new();
    let credential = |index: usize| bench.credential(json!({"number": format!("X{index}")}));
    let count = |credentials: usize, verifications: usize| {
        let credentials: Vec<_> = (0..credentials).map(credential).collect();
        let report = bench.ask(&credentials, &vec![json!({}); verifications]);
        (report.verdict(), outcome(&report, Check::CredentialCount))
    };
    let differs = "fail:credential_count_differs";
    assert_eq!(count(1, 1), (Verdict::Accepted, "pass".to_owned()));
    assert_eq!(count(2, 2), (Verdict::Accepted, "pass".to_owned()));
    for (credentials, verifications) in [(1, 0), (1, 2), (2, 1)] {
        let detail = format!("{differs}:{verifications} verifications, {credentials} credentials");
        assert_eq!(count(credentials, verifications), (Verdict::Rejected, detail));
    }
    // One credential derived twice stands for one verification.
    let report = bench.ask(&[credential(0), credential(0)], &[json!({}), json!({})]);
    assert_eq!(outcome(&report, Check::CredentialCount), "fail:credential_repeated");
}

/// Where it is the one credential of a verification that asked for a document.
#[test]
fn a_verification_of_a_document_has_a_document() {
    let bench = Bench::new();
    let mut other = bench.document(json!({}));
    other["type"] = json!(["MembershipCard", "VerifiableCredential"]);
    let other = bench.signer.credential(&other, &other, NONCE);
    let count = |bench: &Bench, credentials: &[Value], kind: &str| {
        let report = bench.ask(credentials, &[json!({ "type": kind })]);
        outcome(&report, Check::CredentialCount)
    };
    let one = std::slice::from_ref(&other);
    assert_eq!(count(&bench, one, "GOVERNMENT_ID"), "fail:no_government_id");
    assert_eq!(count(&bench, one, "OF_TOMORROW"), "pass");
    let two = [bench.credential(json!({})), other];
    let issuer = Did::new(&bench.signer.did()).unwrap();
    let policy = Policy::new(TrustedIssuers::new([issuer]).unwrap());
    let verifier = Verifier::new(policy.credentials_per_verification(2));
    assert_eq!(count(&Bench { verifier, ..bench }, &two, "GOVERNMENT_ID"), "pass");
}

#[test]
fn a_bare_presentation_has_no_session_to_check() {
    let presentation = UnverifiedPresentation::from_json(&fixture("presentations/full.json"));
    let id = SessionId::new(SESSION).unwrap();
    let now = instant("2024-06-01T00:00:00Z");
    let verifier = Bench::new().verifier;
    let expected = ExpectedSession::Id(&id);
    let report = verifier.verify(&presentation.unwrap(), expected, &Evidence::new(), now);
    let checks = report.session_checks();
    assert_eq!(checks.len(), 5);
    assert!(checks.iter().all(|(_, outcome)| **outcome == Outcome::NotApplicable));
}

/// Letter case, white space, the time of day and the form of the address make no difference.
#[test]
fn a_copy_that_says_the_same_agrees() {
    let bench = Bench::new();
    let credential = bench.credential(json!({}));
    for copy in [
        json!({"given_name": "Mirabel", "family_name": " exemplaris ", "id_number": "x0000417"}),
        json!({"date_of_birth": "1991-02-28", "issue_date": "2021-09-30T00:00:00Z"}),
        json!({"date_of_birth": "02/28/1991", "expiration_date": "2031", "issue_date": "2021-09"}),
        json!({"address": "12 Sample Row, Nowhere Falls, ZZ, 00000"}),
        json!({"address": "12 SAMPLE ROW\n00000 NOWHERE FALLS ZZ"}),
        json!({"address": "12 SAMPLE ROW, NOWHERE FALLS, ZZ, 00000, USA", "country": "USA"}),
        json!({"address": "12 Sample Row"}),
    ] {
        let report = bench.ask_copy(&credential, copy.clone());
        assert_eq!(outcome(&report, Check::NormalizedData), "pass", "{copy}");
        assert_eq!(report.verdict(), Verdict::Accepted);
    }
    // Nothing is said, or nothing that the credential states.
    for copy in [json!({}), json!({"given_name": "", "address": ""}), json!({"country": "USA"})] {
        let report = bench.ask_copy(&credential, copy.clone());
        assert_eq!(outcome(&report, Check::NormalizedData), "not_applicable", "{copy}");
    }
}

#[test]
fn a_copy_that_differs_is_named_by_its_fields_and_never_by_a_value() {
    let bench = Bench::new();
    let credential = bench.credential(json!({"city": ""}));
    for (copy, fields) in [
        (json!({"id_number": "X0000418"}), "id_number"),
        (json!({"given_name": "MIRABELLE"}), "given_name"),
        (json!({"family_name": "SOMEBODY"}), "family_name"),
        (json!({"address": "13 SAMPLE ROW, ZZ, 00000"}), "address"),
        (json!({"address": "12 SAMPLE ROW, ZZ, 00000, FURTHER"}), "address"),
        (json!({"date_of_birth": "1991-03-01"}), "date_of_birth"),
        (json!({"date_of_birth": "1991-02-27T23:00:00Z"}), "date_of_birth"),
        (json!({"date_of_birth": "1992"}), "date_of_birth"),
        (json!({"date_of_birth": "SOMEBODY"}), "date_of_birth"),
        (json!({"issue_date": "2021-09-29"}), "issue_date"),
        (json!({"expiration_date": "2031-10"}), "expiration_date"),
        (
            json!({"given_name": "SOMEBODY", "family_name": "EXEMPLARIS", "issue_date": "1999-01-01"}),
            "given_name, issue_date",
        ),
    ] {
        let report = bench.ask_copy(&credential, copy.clone());
        let expected = format!("fail:normalized_contradicts:{fields}");
        assert_eq!(outcome(&report, Check::NormalizedData), expected, "{copy}");
        // The credential is as good as before.
        assert_eq!(report.credentials()[0].verdict(), Verdict::Accepted);
        assert!(!format!("{report:?}").contains("SOMEBODY"));
    }
}

#[test]
fn what_is_signed_as_empty_contradicts_a_copy_that_says_something() {
    let bench = Bench::new();
    let credential = bench.credential(json!({"number": "", "issueDate": ""}));
    let report = bench.ask_copy(&credential, json!({"id_number": "X", "issue_date": "2021-09-30"}));
    let expected = "fail:normalized_contradicts:id_number, issue_date";
    assert_eq!(outcome(&report, Check::NormalizedData), expected);
}

/// What was never signed, and shown not to have been, is as good as empty.
#[test]
fn what_is_proven_absent_contradicts_a_copy_that_says_something() {
    let bench = Bench::new();
    let none = json!({"number": null, "issueDate": null});
    let credential = bench.credential(none.clone());
    let copy = json!({"id_number": "X", "issue_date": "2021-09-30"});
    let report = bench.ask_copy(&credential, copy.clone());
    let expected = "fail:normalized_contradicts:id_number, issue_date";
    assert_eq!(outcome(&report, Check::NormalizedData), expected);
    // Hidden, they may say the same.
    let hidden = bench.signer.credential(&bench.document(json!({})), &bench.document(none), NONCE);
    let report = bench.ask_copy(&hidden, copy);
    assert_eq!(outcome(&report, Check::NormalizedData), "not_applicable");
    // No part of an address is signed at all.
    let none = json!({"streetAddress": null, "city": null, "state": null, "postalCode": null});
    let report = bench.ask_copy(&bench.credential(none), json!({"address": "12 SAMPLE ROW"}));
    let expected = "fail:normalized_contradicts:address";
    assert_eq!(outcome(&report, Check::NormalizedData), expected);
}

/// A form of another country agrees with a whole day; what is no date agrees with its own text alone.
#[test]
fn texts_that_are_no_dates_are_compared_whole() {
    let bench = Bench::new();
    let differs = "fail:normalized_contradicts:issue_date";
    for (signed, copy, expected) in [
        ("2000", "1/2/1999", differs),
        ("2000", "1/1/2000", differs),
        ("2000-02", "01.02.2000", differs),
        ("2000-02-01", "01.02.2000", "pass"),
        ("2000-02-01", "2/1/2000", "pass"),
        ("2000-02-01", "SOMEBODY 2/1/2000", differs),
        ("2000-02-01", "2/1/2000/", differs),
        ("2000-02-01", "+2/1/2000", differs),
        ("spring 2000", "Spring  2000", "pass"),
        ("spring 2000", "2000", differs),
        ("spring 2000", "autumn 2000", differs),
    ] {
        let credential = bench.credential(json!({"issueDate": signed}));
        let report = bench.ask_copy(&credential, json!({"issue_date": copy}));
        assert_eq!(outcome(&report, Check::NormalizedData), expected, "{signed}, {copy}");
    }
}

#[test]
fn a_country_is_compared_where_a_credential_states_one() {
    let bench = Bench::new();
    let credential = bench.credential(json!({"country": "USA"}));
    let country = |country: &str| {
        let report = bench.ask_copy(&credential, json!({"country": country}));
        outcome(&report, Check::NormalizedData)
    };
    assert_eq!(country("usa"), "pass");
    assert_eq!(country("CAN"), "fail:normalized_contradicts:country");
    // Two letters are another code of the same country.
    assert_eq!(country("US"), "pass");
    assert_eq!(country("CA"), "fail:normalized_contradicts:country");
    // Or no code of any: as long as the other, it is another text.
    assert_eq!(country("UK"), "not_applicable");
    assert_eq!(country("ZZZ"), "fail:normalized_contradicts:country");
}

#[test]
fn what_is_not_disclosed_is_not_compared() {
    let bench = Bench::new();
    let full = bench.document(json!({}));
    let shown = bench.document(json!({"givenName": null, "city": null, "dateOfBirth": null}));
    let credential = bench.signer.credential(&full, &shown, NONCE);
    for (copy, expected) in [
        (json!({"given_name": "SOMEBODY", "date_of_birth": "1999-01-01"}), "not_applicable"),
        (json!({"given_name": "SOMEBODY", "family_name": "EXEMPLARIS"}), "pass"),
        // Of an address whose city is hidden, the rest must be there.
        (json!({"address": "12 SAMPLE ROW, ELSEWHERE, ZZ, 00000"}), "pass"),
        (
            json!({"address": "13 SAMPLE ROW, NOWHERE FALLS, ZZ, 00000"}),
            "fail:normalized_contradicts:address",
        ),
    ] {
        let report = bench.ask_copy(&credential, copy.clone());
        assert_eq!(outcome(&report, Check::NormalizedData), expected, "{copy}");
    }
    // All of it.
    let none = json!({"streetAddress": null, "city": null, "state": null, "postalCode": null});
    let hidden = bench.signer.credential(&full, &bench.document(none), NONCE);
    let report = bench.ask_copy(&hidden, json!({"address": "12 SAMPLE ROW"}));
    assert_eq!(outcome(&report, Check::NormalizedData), "not_applicable");
}

/// Each copy is of one credential, and no credential stands for two copies.
#[test]
fn several_copies_have_a_credential_each() {
    let bench = Bench::new();
    let credentials = [
        bench.credential(json!({})),
        bench.credential(json!({"givenName": "ORIN", "familyName": "SPECIMEN"})),
    ];
    let ask = |copies: [Value; 2]| {
        let copies = copies.map(|copy| json!({"normalized_government_id_data": copy}));
        outcome(&bench.ask(&credentials, &copies), Check::NormalizedData)
    };
    let name = |given: &str, family: &str| json!({"given_name": given, "family_name": family});
    let (mirabel, orin) = (name("MIRABEL", "EXEMPLARIS"), name("ORIN", "SPECIMEN"));
    let empty = json!({});
    assert_eq!(ask([mirabel.clone(), orin.clone()]), "pass");
    assert_eq!(ask([orin.clone(), mirabel.clone()]), "pass");
    // The first one could take either; the second one cannot.
    assert_eq!(ask([empty.clone(), mirabel.clone()]), "pass");
    assert_eq!(ask([empty, orin.clone()]), "pass");
    // Each name is signed, for two persons.
    let mixed = ask([name("MIRABEL", "SPECIMEN"), orin]);
    assert_eq!(mixed, "fail:normalized_contradicts:family_name");
    let twice = ask([mirabel.clone(), mirabel]);
    assert_eq!(twice, "fail:normalized_contradicts:given_name, family_name");
}

#[test]
fn what_was_asked_for_is_held_against_what_is_shown() {
    let bench = Bench::new();
    let full = bench.document(json!({}));
    let shown = bench.document(json!({"givenName": null, "expiryDate": null}));
    let credential = bench.signer.credential(&full, &shown, NONCE);
    let ask = |options: Value| {
        let credential = std::slice::from_ref(&credential);
        let report = bench.ask(credential, &[json!({"government_id_options": options})]);
        assert_eq!(report.verdict(), Verdict::Accepted);
        warnings(&report)
    };
    // Unset, all fields were asked for; a country is in no credential of this kind.
    let hidden = ["asked_and_hidden:given_name", "asked_and_hidden:expiration_date"];
    assert_eq!(ask(Value::Null), hidden);
    let fields = json!({
        "id_number": true, "family_name": true, "address": true, "date_of_birth": true,
        "issue_date": true,
    });
    assert_eq!(ask(json!({"fields": fields})), [""; 0]);
    assert_eq!(
        ask(json!({"fields": {"given_name": true, "address": true, "country": true}})),
        [
            "shown_and_not_asked:id_number",
            "asked_and_hidden:given_name",
            "shown_and_not_asked:family_name",
            "shown_and_not_asked:date_of_birth",
            "shown_and_not_asked:issue_date",
        ]
    );
}

/// The session's options are of one of two persons; which credential is whose nobody says.
#[test]
fn of_several_verifications_only_what_holds_for_all_is_told() {
    let bench = Bench::new();
    let full = bench.document(json!({}));
    let shown = bench.document(json!({"givenName": null, "familyName": null}));
    let credential = bench.signer.credential(&full, &shown, NONCE);
    let all_but_family = json!({
        "id_number": true, "given_name": true, "address": true, "date_of_birth": true,
        "issue_date": true,
    });
    let report = bench.ask(
        &[credential.clone(), credential],
        &[
            json!({"government_id_options": {"fields": all_but_family}}),
            json!({"government_id_options": {"fields": {"given_name": true, "family_name": true}}}),
        ],
    );
    let expected = ["asked_and_hidden:given_name", "shown_and_not_asked:expiration_date"];
    assert_eq!(warnings(&report), expected);
}

#[test]
fn characters_that_nobody_sees_are_told_by_claim() {
    let bench = Bench::new();
    let credential = bench.credential(json!({
        "givenName": "MIRA\u{202e}BEL",
        "familyName": "EXEM\u{200b}PLARIS",
        "city": "NOWHERE\u{e0041}FALLS",
        "streetAddress": "12 SAMPLE ROW\nÉTAGE 2\u{a0}漢字",
        "postalCode": "0\u{7f}",
        "nickname": "\u{feff}MIRA",
    }));
    let report = bench.ask(&[credential], &[json!({})]);
    assert_eq!(report.verdict(), Verdict::Accepted);
    let mut found = warnings(&report);
    found.sort();
    assert_eq!(
        found,
        [
            "invisible_characters:city",
            "invisible_characters:family_name",
            "invisible_characters:given_name",
            "invisible_characters:https://trinsic.cloud/idv/nickname",
            "invisible_characters:postal_code",
        ]
    );
}

/// All spellings of one session give one report.
#[test]
fn every_spelling_gives_one_report() {
    let issuer = Did::new("did:web:issuer.example").unwrap();
    let policy = Policy::new(TrustedIssuers::new([issuer]).unwrap())
        .status(Unknown::Skip)
        .schema(Unknown::Skip);
    let verifier = Verifier::new(policy);
    let shown = |report: &Report| {
        format!("{:?} {:?} {:?}", report.verdict(), report.session_checks(), report)
    };
    let of = |session: &Session| {
        let report = ask(&verifier, session);
        assert_eq!(report.verdict(), Verdict::Accepted);
        shown(&report)
    };
    let first = of(&Session::from_json(&fixture("sessions/success.json")).unwrap());
    for name in ["success.object", "success.python", "success.snake", "response"] {
        let session = Session::from_json(&fixture(&format!("sessions/{name}.json"))).unwrap();
        assert_eq!(of(&session), first, "{name}");
    }
    for name in ["success.node", "success.python", "response.node", "response.python"] {
        let session = Session::from_protobuf(&fixture(&format!("sessions/{name}.bin"))).unwrap();
        assert_eq!(of(&session), first, "{name}");
    }
}
