//! Trust, evidence and policy: each check fails alone, and says so when it could not be made.

#[path = "support/signer.rs"]
mod signer;
mod support;
#[path = "support/world.rs"]
mod world;

use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use base64::Engine as _;
use chrono::{DateTime, Duration, Utc};
use result_vp::limits::Limits;
use result_vp::policy::{BitOrder, Disclosure, ExpiredDocument, Profile, TrustedIssuer};
use result_vp::{
    Check, Did, Error, Evidence, EvidenceKind, ExpectedSession, Outcome, Policy, ReasonCode,
    Report, SeenProofs, Session, SessionId, Source, TrustedIssuers, Unknown,
    UnverifiedPresentation, Verdict, Verifier,
};
use serde_json::{json, Value};
use sha2::{Digest, Sha256};
use signer::{document, presentation, Signer};
use support::{instant, outcome};
use world::*;

#[test]
fn everything_is_decided_from_evidence_alone() {
    let world = World::new();
    let report = world.report();
    let waived: Vec<_> = report.credentials()[0]
        .checks()
        .into_iter()
        .filter(|(_, outcome)| !matches!(outcome, Outcome::Pass | Outcome::NotApplicable))
        .collect();
    assert_eq!((report.verdict(), waived), (Verdict::Accepted, vec![]));
    assert_eq!(format!("{report:?}"), format!("{:?}", world.report()), "it replays");
}

#[test]
fn what_is_missing_is_named_with_its_url_and_decides_nothing() {
    for (index, check, code, place) in [
        (0, Check::IssuerIsSigner, ReasonCode::DidDocumentMissing, ISSUER),
        (1, Check::CredentialStatus, ReasonCode::StatusListMissing, LIST),
        (2, Check::CredentialSchema, ReasonCode::SchemaMissing, SCHEMA),
    ] {
        let mut world = World::new();
        world.evidence.remove(index);
        let report = world.report();
        assert_eq!(report.verdict(), Verdict::Indeterminate, "{check:?}");
        let outcome = outcome(&report.credentials()[0], check);
        let reason = outcome.reason().expect("a reason");
        assert_eq!((reason.code(), reason.detail()), (code, Some(place)));
    }
}

#[test]
fn a_revoked_credential_fails_and_its_neighbours_do_not() {
    let revoked = |set: &[usize]| World::new().with_list(list(&bits(set)));
    let ordered = |set: &[usize], order| {
        let issuer = TrustedIssuer::exact(Did::new(ISSUER).unwrap()).revocation_bits(order);
        let policy = Policy::new(TrustedIssuers::new([issuer]).unwrap());
        World { policy, ..revoked(set) }.status()
    };
    // 417 = 52 * 8 + 1; the other order reads bit 6 of the same byte.
    assert_eq!(ordered(&[417], BitOrder::LeftmostFirst), fails(ReasonCode::Revoked));
    assert_eq!(ordered(&[417], BitOrder::RightmostFirst), PASSES);
    assert_eq!(ordered(&[422], BitOrder::RightmostFirst), fails(ReasonCode::Revoked));
    assert_eq!(ordered(&[416, 418, 422], BitOrder::LeftmostFirst), PASSES);
    // Unset: decided where both orders agree.
    assert_eq!(revoked(&[417]).status(), undecided(ReasonCode::StatusBitOrderUnset));
    assert_eq!(revoked(&[422]).status(), undecided(ReasonCode::StatusBitOrderUnset));
    assert_eq!(revoked(&[417, 422]).status(), fails(ReasonCode::Revoked));
    assert_eq!(revoked(&[0, 1, 2, 400, 416, 418]).status(), PASSES);
}

#[test]
fn lists_of_2021_say_their_order_and_purpose() {
    let status = |entry: Value, context: &str, purpose: &str, set: &[usize]| {
        let mut document = document(ISSUER);
        document["@context"][2] = context.into();
        document["@context"]
            .as_array_mut()
            .unwrap()
            .push(json!({"@vocab": "https://trinsic.cloud/idv/"}));
        document["credentialStatus"] = entry;
        let encoded = STANDARD.encode(gzip(&bits(set)));
        let list = list_of(
            &encoded,
            json!({
                "@context": ["https://www.w3.org/2018/credentials/v1", context],
                "type": ["VerifiableCredential", "StatusList2021Credential"],
                "credentialSubject": {
                    "id": format!("{LIST}#list"),
                    "type": "StatusList2021",
                    "statusPurpose": purpose,
                    "encodedList": encoded,
                },
            }),
        );
        let credential = credential(&document, &document);
        World { credential, ..World::new() }.with_list(list).status()
    };
    let context = "https://w3id.org/vc/status-list/2021/v1";
    let entry = |purpose: &str| {
        json!({
            "id": format!("{LIST}#417"),
            "type": "StatusList2021Entry",
            "statusPurpose": purpose,
            "statusListIndex": "417",
            "statusListCredential": LIST,
        })
    };
    assert_eq!(
        status(entry("revocation"), context, "revocation", &[417]),
        fails(ReasonCode::Revoked)
    );
    assert_eq!(status(entry("revocation"), context, "revocation", &[422]), PASSES);
    assert_eq!(
        status(entry("suspension"), context, "suspension", &[417]),
        fails(ReasonCode::Suspended)
    );
    assert_eq!(
        status(entry("revocation"), context, "suspension", &[]),
        fails(ReasonCode::StatusPurposeDiffers)
    );
    assert_eq!(
        status(entry("weather"), context, "weather", &[]),
        undecided(ReasonCode::StatusPurposeUnknown)
    );
}

#[test]
fn an_index_has_one_text_and_lies_within_the_list() {
    for index in ["-1", "01", "+1", " 1", "1 ", "1e0", "", "0x1", "18446744073709551616", "١"] {
        let world = with_status(json!({"revocationListIndex": index, "id": "urn:status"}));
        assert_eq!(world.status(), fails(ReasonCode::StatusIndexMalformed), "{index:?}");
    }
    let at = |index: &str| with_status(json!({"revocationListIndex": index, "id": "urn:status"}));
    assert_eq!(at("0").status(), PASSES);
    assert_eq!(at("131071").status(), PASSES);
    assert_eq!(at("131072").status(), fails(ReasonCode::StatusIndexOutOfRange));
    assert_eq!(at("999999999").status(), fails(ReasonCode::StatusIndexOutOfRange));
}

#[test]
fn an_entry_that_is_no_entry_is_named() {
    for (members, expected) in [
        (json!({"id": format!("{LIST}#418")}), fails(ReasonCode::StatusEntryContradicts)),
        (json!({"id": LIST}), fails(ReasonCode::StatusEntryContradicts)),
        (json!({"type": "RevocationList2030Status"}), undecided(ReasonCode::StatusTypeUnknown)),
        (json!({"revocationListIndex": ["417", "418"]}), fails(ReasonCode::StatusEntryMalformed)),
        (
            json!({"revocationListCredential": "https://other.example/1", "id": "urn:status"}),
            undecided(ReasonCode::StatusListMissing),
        ),
    ] {
        assert_eq!(with_status(members.clone()).status(), expected, "{members}");
    }
}

#[test]
fn a_list_must_verify_like_a_credential() {
    let good = STANDARD.encode(gzip(&bits(&[])));
    let rejected = fails(ReasonCode::StatusListRejected);
    let mut tampered = list(&bits(&[417]));
    tampered["credentialSubject"]["encodedList"] = good.clone().into();
    assert_eq!(World::new().with_list(tampered).status(), rejected);
    let mut unsigned = list(&bits(&[]));
    unsigned.as_object_mut().unwrap().remove("proof");
    assert_eq!(World::new().with_list(unsigned).status(), rejected);
    let expired = list_of(&good, json!({"expirationDate": "2024-05-31T00:00:00Z"}));
    assert_eq!(World::new().with_list(expired).status(), rejected);
    // Members of the list moved by an alias are refused as those of a credential are.
    let mut aliased = list(&bits(&[]));
    aliased["credentialSubject"]["@context"] = json!({"encodedList": "urn:other"});
    assert_eq!(World::new().with_list(aliased).status(), rejected);
    // One that had not been issued yet is none.
    let future = list_of(&good, json!({"issuanceDate": "2024-07-01T00:00:00Z"}));
    assert_eq!(World::new().with_list(future).status(), undecided(ReasonCode::StatusListMissing));

    let shape = fails(ReasonCode::StatusListShape);
    let untyped = list_of(&good, json!({"type": ["VerifiableCredential"]}));
    assert!(Evidence::new().add(untyped.to_string().as_bytes(), Source::unknown()).is_err());
    let other_subject = list_of(
        &good,
        json!({"credentialSubject": {"id": "urn:list", "type": "https://other.example/#List"}}),
    );
    assert_eq!(World::new().with_list(other_subject).status(), shape);
}

/// A verifier learns what an issuer repeats, to verify it for less: the verdicts stay what they were.
#[test]
fn what_was_learned_of_an_issuer_changes_no_verdict() {
    let verifier = Verifier::new(policy().status(Unknown::Skip).schema(Unknown::Skip));
    let evidence = World::new().evidence();
    let proof = |credential: &Value| {
        let presentation = UnverifiedPresentation::from_json(presentation(credential).as_bytes());
        let (any, now) = (ExpectedSession::InsecureAny, instant(world::NOW));
        let report = verifier.verify(&presentation.unwrap(), any, &evidence, now);
        outcome(&report.credentials()[0], Check::Proof).reason().map(|reason| reason.code())
    };
    let named = |name: &str| {
        let mut document = document(ISSUER);
        document["credentialSubject"]["givenName"] = name.into();
        credential(&document, &document)
    };
    for number in 0..8 {
        assert_eq!(proof(&named(&format!("NAME {number}"))), None);
    }
    // Changed in what differs from one to the next, and in what never did.
    for (member, text) in [("givenName", "MALLORY"), ("city", "ELSEWHERE")] {
        let mut changed = named("MIRABEL");
        changed["credentialSubject"][member] = text.into();
        assert_eq!(proof(&changed), Some(ReasonCode::ProofEquation), "{member}");
    }
    // As many statements, and hardly one of them as before.
    let mut other = document(ISSUER);
    for (name, value) in other["credentialSubject"].as_object_mut().unwrap() {
        *value = format!("urn:other:{name}").into();
    }
    assert_eq!(proof(&credential(&other, &other)), None);
    // What is repeated is hidden.
    let mut shown = document(ISSUER);
    shown["credentialSubject"].as_object_mut().unwrap().remove("city");
    assert_eq!(proof(&credential(&document(ISSUER), &shown)), None);
}

/// What a verifier remembers of a proof that held is of that document and of that key.
#[test]
fn a_list_that_was_believed_vouches_for_no_other() {
    let honest = World::new();
    let verifier = Verifier::new(honest.policy.clone());
    let text = presentation(&honest.credential);
    let presentation = UnverifiedPresentation::from_json(text.as_bytes()).unwrap();
    let status = |world: &World| {
        let any = ExpectedSession::InsecureAny;
        let report = verifier.verify(&presentation, any, &world.evidence(), world.now);
        let outcome = outcome(&report.credentials()[0], Check::CredentialStatus);
        (outcome.code(), outcome.reason().map(|reason| reason.code()))
    };
    let mut changed = list(&bits(&[]));
    changed["credentialSubject"]["encodedList"] = STANDARD.encode(gzip(&bits(&[1]))).into();
    let changed = World::new().with_list(changed);
    // The very list that was believed.
    let mut rekeyed = World::new().with_list(honest.evidence[1].0.clone());
    let key = bs58::encode(Signer::new("somebody else").public_key()).into_string();
    rekeyed.evidence[0].0 = did_document(json!({"publicKeyBase58": key}));
    for _ in 0..2 {
        assert_eq!(status(&honest), PASSES);
        assert_eq!(status(&changed), fails(ReasonCode::StatusListRejected));
        assert_eq!(status(&rekeyed), fails(ReasonCode::StatusListRejected));
    }
}

#[test]
fn a_list_of_another_issuer_counts_only_if_the_policy_names_it() {
    let did = "did:web:status.example";
    let other = Signer::new("the status service");
    let document = list_document(&STANDARD.encode(gzip(&bits(&[]))), json!({"issuer": did}));
    let list = sign_by(&other, did, &document, &document);
    let key = bs58::encode(other.public_key()).into_string();
    let method = json!({"id": "#key-1", "type": "Bls12381G2Key2020", "controller": did, "publicKeyBase58": key});
    let its_document =
        json!({"id": did, "verificationMethod": [method], "assertionMethod": ["#key-1"]});
    let mut world = World::new().with_list(list);
    assert_eq!(world.status(), undecided(ReasonCode::StatusListUndecided));
    world.evidence.push((its_document, Source::unknown()));
    assert_eq!(world.status(), fails(ReasonCode::StatusListIssuer));
    world.policy = world.policy.status_issuer(Did::new(did).unwrap());
    assert_eq!(world.status(), PASSES);
}

#[test]
fn what_is_no_list_inside_is_refused() {
    let encoded = |text: &str| World::new().with_list(list_of(text, json!({}))).status();
    let encoding = fails(ReasonCode::StatusListEncoding);
    assert_eq!(encoded("not base64!"), encoding);
    assert_eq!(encoded(&STANDARD.encode("no gzip")), encoding);
    assert_eq!(encoded(&STANDARD.encode([gzip(&bits(&[])), gzip(&[])].concat())), encoding);
    let short = STANDARD.encode(gzip(&bits(&[])[..12500]));
    assert_eq!(encoded(&short), fails(ReasonCode::StatusListTooShort));
    let short = World::new().with_list(list_of(&short, json!({})));
    let policy = short.policy.clone().min_list_entries(100_000);
    assert_eq!(World { policy, ..short }.status(), PASSES);
    let large = STANDARD.encode(gzip(&vec![0; (4 << 20) + 1]));
    assert_eq!(encoded(&large), fails(ReasonCode::StatusListTooLarge));
    let url_safe = URL_SAFE_NO_PAD.encode(gzip(&bits(&[])));
    assert_eq!(encoded(&url_safe), PASSES);
    // In the credential of another kind of list.
    let other = json!({
        "@context": [
            "https://www.w3.org/2018/credentials/v1",
            "https://w3id.org/vc-revocation-list-2020/v1",
            "https://w3id.org/vc/status-list/2021/v1",
        ],
        "type": ["VerifiableCredential", "StatusList2021Credential"],
    });
    let other = World::new().with_list(list_of(&STANDARD.encode(gzip(&bits(&[]))), other));
    assert_eq!(other.status(), fails(ReasonCode::StatusListShape));
}

#[test]
fn evidence_may_be_too_old() {
    let day = Duration::days(1);
    for (index, check, code) in [
        (0, Check::IssuerIsSigner, ReasonCode::EvidenceStale),
        (1, Check::CredentialStatus, ReasonCode::StatusListStale),
    ] {
        let at = |fetched: Option<DateTime<Utc>>| {
            let mut world = World::new();
            let fresh = Source::fetched(world.now - day);
            world.evidence.iter_mut().for_each(|(_, source)| *source = fresh);
            world.evidence[index].1 = fetched.map_or(Source::unknown(), Source::fetched);
            world.policy = policy().max_evidence_age(day);
            world.report()
        };
        let now = instant(NOW);
        assert_eq!(at(Some(now - day)).verdict(), Verdict::Accepted);
        for fetched in [Some(now - day - Duration::seconds(1)), None] {
            let report = at(fetched);
            assert_eq!(report.verdict(), Verdict::Indeterminate);
            let outcome = outcome(&report.credentials()[0], check);
            assert_eq!(outcome.reason().unwrap().code(), code);
        }
    }
}

#[test]
fn the_newest_list_that_was_issued_by_then_counts() {
    let mut world = World::new();
    let later = STANDARD.encode(gzip(&bits(&[417, 422])));
    let later = list_of(&later, json!({"issuanceDate": "2024-08-01T00:00:00Z"}));
    world.evidence.push((later, Source::unknown()));
    assert_eq!(world.status(), PASSES);
    world.now = instant("2024-09-01T00:00:00Z");
    assert_eq!(world.status(), fails(ReasonCode::Revoked));
}

#[test]
fn a_rotated_key_verifies_as_of_its_day_and_not_after_its_revocation() {
    let rotated = instant("2024-07-01T00:00:00Z");
    let mut world = World::new();
    world.evidence[0].1 = Source::unknown().until(rotated);
    let revoked = did_document(json!({"revoked": "2024-06-20T00:00:00Z"}));
    world.evidence.push((revoked, Source::unknown().from(rotated)));
    // The list was signed by the same key.
    world.policy = policy().status(Unknown::Skip);
    assert_eq!(world.report().verdict(), Verdict::Accepted);
    world.now = instant("2024-07-02T00:00:00Z");
    assert_eq!(world.alone(Check::IssuerIsSigner), fails(ReasonCode::KeyRevoked));
    // No document is known to have held.
    world.evidence[0].1 = Source::unknown().until(instant("2024-05-03T00:00:00Z"));
    world.now = instant(NOW);
    assert_eq!(world.report().verdict(), Verdict::Indeterminate);
}

#[test]
fn periods_of_one_did_do_not_overlap() {
    let mut evidence = Evidence::new();
    let text = did_document(json!({})).to_string();
    let at = |month| instant(&format!("2024-{month:02}-01T00:00:00Z"));
    let mut add = |source| evidence.add(text.as_bytes(), source);
    assert_eq!(add(Source::unknown().until(at(3))), Ok(EvidenceKind::DidDocument));
    assert!(add(Source::unknown().from(at(2)).until(at(4))).is_err());
    assert!(add(Source::unknown()).is_err());
    assert!(add(Source::unknown().from(at(3)).until(at(4))).is_ok());
    assert!(add(Source::unknown().from(at(4))).is_ok());
}

#[test]
fn a_bundle_is_its_pieces_and_its_hashes_are_checked() {
    let world = World::new();
    let item = |kind: &str, url: &str, content: &Value| {
        let content = content.to_string();
        let sha256: String =
            Sha256::digest(&content).iter().map(|byte| format!("{byte:02x}")).collect();
        json!({"kind": kind, "url": url, "sha256": sha256, "fetched": "2024-05-31T12:00:00Z",
            "from": null, "until": null, "content": content})
    };
    let bundle = json!({"bundle": 1, "items": [
        item("status_list", LIST, &world.evidence[1].0),
        item("did_document", ISSUER, &world.evidence[0].0),
        item("schema", SCHEMA, &world.evidence[2].0),
    ]});
    let read = |bundle: &Value| {
        let mut evidence = Evidence::new();
        evidence.add_bundle(bundle.to_string().as_bytes()).map(|()| evidence)
    };
    let evidence = read(&bundle).expect("a bundle");
    let text = presentation(&world.credential);
    let presentation = UnverifiedPresentation::from_json(text.as_bytes()).unwrap();
    let session = SessionId::new(SESSION).unwrap();
    let strict = policy().max_evidence_age(Duration::days(1));
    let expected = ExpectedSession::Id(&session);
    let report = Verifier::new(strict).verify(&presentation, expected, &evidence, world.now);
    assert_eq!(report.verdict(), Verdict::Accepted);

    let mut reversed = bundle.clone();
    reversed["items"].as_array_mut().unwrap().reverse();
    assert_eq!(read(&reversed).unwrap().sha256(), evidence.sha256());
    let refused = |pointer: &str, value: Value| {
        let mut bundle = bundle.clone();
        *bundle.pointer_mut(pointer).unwrap() = value;
        matches!(read(&bundle), Err(Error::Configuration { .. }))
    };
    assert!(refused("/bundle", json!(2)));
    assert!(refused("/items/0/content", json!("{}")));
    assert!(refused("/items/0/sha256", json!("00")));
    assert!(refused("/items/0/kind", json!("rumour")));
    assert!(refused("/items/0/url", json!("https://other.example/")));
    assert!(refused("/items/0/fetched", json!("yesterday")));
    assert!(refused("/items/0/until", json!(7)));
}

#[test]
fn the_signed_view_is_held_against_the_schema() {
    let judged = |schema: Value| {
        let mut world = World::new();
        world.evidence[2].0 = schema;
        world.alone(Check::CredentialSchema)
    };
    let mut wrong = schema();
    wrong["properties"]["number"]["pattern"] = "^[0-9]+$".into();
    assert_eq!(judged(wrong.clone()), fails(ReasonCode::SchemaDiffers));
    let whole = json!({"$schema": schema()["$schema"], "$id": SCHEMA, "required": ["issuer"],
        "properties": {"issuer": {"const": ISSUER}, "credentialSubject": schema()}});
    let mut inner = whole.clone();
    for name in ["$schema", "$id"] {
        inner["properties"]["credentialSubject"].as_object_mut().unwrap().remove(name);
    }
    assert_eq!(judged(inner), PASSES);
    // The reason says which rule and where, and not what stood there.
    let mut world = World::new();
    world.evidence[2].0 = wrong;
    let report = world.report();
    let outcome = outcome(&report.credentials()[0], Check::CredentialSchema);
    assert_eq!(outcome.reason().unwrap().detail(), Some("pattern at /number"));
}

#[test]
fn a_schema_over_hidden_statements_is_waived_or_fails_by_what_is_shown() {
    let full = document(ISSUER);
    let mut shown = full.clone();
    shown["credentialSubject"].as_object_mut().unwrap().remove("familyName");
    let mut world = World { credential: credential(&full, &shown), ..World::new() };
    let waived = ("waived", Some(ReasonCode::MayBeHidden));
    assert_eq!(world.alone(Check::CredentialSchema), waived);
    world.evidence[2].0["properties"]["number"]["maxLength"] = 2.into();
    assert_eq!(world.alone(Check::CredentialSchema), fails(ReasonCode::SchemaDiffers));
}

#[test]
fn schemas_that_reach_out_or_cost_too_much_are_refused() {
    let refused = |schema: Value| {
        let mut text = schema;
        text["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
        Evidence::new().add_schema(SCHEMA, text.to_string().as_bytes()).is_err()
    };
    assert!(!refused(json!({"$defs": {"a": {}}, "properties": {"a": {"$ref": "#/$defs/a"}}})));
    assert!(refused(json!({"$ref": "https://other.example/schema"})));
    assert!(refused(json!({"$ref": "other.json"})));
    assert!(refused(json!({"properties": {"a": {"$ref": "#"}}})));
    assert!(refused(json!({"$dynamicRef": "#a"})));
    assert!(refused(json!({"pattern": "(?=a)b"})));
    assert!(refused(json!({"properties": {"a": {"pattern": "a{1000}{1000}{1000}"}}})));
    // Each definition names the next one twice: 2^40 visits.
    let mut definitions = serde_json::Map::new();
    for level in 0..40 {
        let next = json!({"$ref": format!("#/$defs/d{}", level + 1)});
        definitions.insert(format!("d{level}"), json!({"allOf": [next, next]}));
    }
    definitions.insert("d40".to_owned(), json!({}));
    assert!(refused(json!({"$defs": definitions, "$ref": "#/$defs/d0"})));
}

/// A caller's clock may say anything.
#[test]
fn no_time_is_too_early_or_too_late_to_ask() {
    for now in [chrono::DateTime::<chrono::Utc>::MIN_UTC, chrono::DateTime::<chrono::Utc>::MAX_UTC]
    {
        let policy = policy().expired_document(ExpiredDocument::Reject);
        let report = World { policy, now, ..World::new() }.report();
        assert_eq!(report.verdict(), Verdict::Rejected);
    }
}

#[test]
fn types_age_and_document_are_asked_for_by_the_policy_alone() {
    let asked = |policy: Policy, check| World { policy, ..World::new() }.alone(check);
    let has = "https://trinsic.cloud/idv/IdentityDocument_v0";
    assert_eq!(asked(policy(), Check::CredentialType), ("not_applicable", None));
    assert_eq!(asked(policy().require_type(has), Check::CredentialType), PASSES);
    assert_eq!(
        asked(policy().require_type("https://trinsic.cloud/idv/Other"), Check::CredentialType),
        fails(ReasonCode::TypeMissing)
    );
    // Signed and not shown, it may be another one that is missing.
    let (full, mut shown) = (document(ISSUER), document(ISSUER));
    shown["type"] = json!(["VerifiableCredential"]);
    let hidden = World {
        policy: policy().require_type(has),
        credential: credential(&full, &shown),
        ..World::new()
    };
    let found = outcome(&hidden.report().credentials()[0], Check::CredentialType);
    assert_eq!(found.reason().map(|it| it.code()), Some(ReasonCode::TypesHidden));
    // Issued on 2 May at ten, asked on 1 June at midnight.
    let age = Duration::days(29) + Duration::hours(14);
    assert_eq!(asked(policy().max_age(age), Check::ValidityPeriod), PASSES);
    let less = age - Duration::seconds(1);
    assert_eq!(
        asked(policy().max_age(less), Check::ValidityPeriod),
        fails(ReasonCode::CredentialTooOld)
    );
    let valid = || policy().expired_document(ExpiredDocument::Reject);
    assert_eq!(asked(valid(), Check::DocumentValidity), PASSES);
    let on = |time: &str| {
        World { policy: valid(), now: instant(time), ..World::new() }.alone(Check::DocumentValidity)
    };
    // It expires with 29 September 2031, which ends last at noon of the next day in UTC.
    assert_eq!(on("2031-09-30T11:59:59Z"), PASSES);
    assert_eq!(on("2031-09-30T12:00:00Z"), fails(ReasonCode::DocumentExpired));
    let unclear = |edit: &dyn Fn(&mut Value)| {
        let full = document(ISSUER);
        let mut shown = full.clone();
        edit(&mut shown["credentialSubject"]);
        let full =
            if shown["credentialSubject"]["expiryDate"].is_null() { full } else { shown.clone() };
        let credential = credential(&full, &shown);
        World { policy: valid(), credential, ..World::new() }.alone(Check::DocumentValidity)
    };
    let fails_unclear = fails(ReasonCode::DocumentExpiryUnclear);
    assert_eq!(unclear(&|it| it["expiryDate"] = "".into()), fails_unclear);
    assert_eq!(unclear(&|it| it["expiryDate"] = "2031".into()), fails_unclear);
    assert_eq!(
        unclear(&|it| it["expiryDate"] = json!(["2031-01-01", "2032-01-01"])),
        fails_unclear
    );
    assert_eq!(
        unclear(&|it| drop(it.as_object_mut().unwrap().remove("expiryDate"))),
        fails_unclear
    );
}

#[test]
fn the_strict_profile_is_one_shape() {
    let strict = || policy().profile(Profile::TrinsicConnect).schema(Unknown::Skip);
    let judged = |full: &Value, shown: &Value| {
        let credential = credential(full, shown);
        World { policy: strict(), credential, ..World::new() }.alone(Check::Profile)
    };
    let honest = document(ISSUER);
    assert_eq!(judged(&honest, &honest), PASSES);
    let fault = fails(ReasonCode::NotOfProfile);
    let edited = |edit: &dyn Fn(&mut Value)| {
        let mut document = honest.clone();
        edit(&mut document);
        judged(&document, &document)
    };
    // All of these are signed, shown and accepted by the general profile.
    assert_eq!(edited(&|it| it["@context"][1] = "https://w3id.org/security/bbs/v1".into()), fault);
    assert_eq!(edited(&|it| it["credentialSubject"]["nickname"] = "M".into()), fault);
    assert_eq!(edited(&|it| it["credentialSubject"]["city"] = json!(["A", "B"])), fault);
    assert_eq!(edited(&|it| it["credentialSubject"]["city"] = json!({"@value": "A"})), fault);
    assert_eq!(edited(&|it| it["issuer"] = json!({"id": ISSUER})), fault);
    assert_eq!(
        edited(&|it| it["type"] = json!(["IdentityDocument_v0", "VerifiableCredential", "Other"])),
        fault
    );
    assert_eq!(edited(&|it| it["expirationDate"] = "2030-01-01T00:00:00Z".into()), fault);
    // Fields may be hidden, what says by whom and until when may not.
    let hide = |pointer: &str, name: &str| {
        let mut shown = honest.clone();
        shown.pointer_mut(pointer).unwrap().as_object_mut().unwrap().remove(name);
        let credential = credential(&honest, &shown);
        let world = World { policy: strict(), credential, ..World::new() };
        outcome(&world.report().credentials()[0], Check::Profile).code()
    };
    assert_eq!(hide("/credentialSubject", "city"), "pass");
    assert_eq!(hide("", "issuanceDate"), "fail");
    assert_eq!(hide("/credentialStatus", "revocationListIndex"), "fail");
}

#[test]
fn beside_the_end_that_is_shown_an_earlier_one_may_be_hidden() {
    let mut full = document(ISSUER);
    full["expirationDate"] = json!(["2024-05-30T00:00:00Z", "2030-01-01T00:00:00Z"]);
    let mut shown = full.clone();
    shown["expirationDate"] = full["expirationDate"][1].clone();
    let world = World { credential: credential(&full, &shown), ..World::new() };
    let period = world.alone(Check::ValidityPeriod);
    assert_eq!(period, ("waived", Some(ReasonCode::MayBeHidden)));
    let policy = policy().disclosure(Disclosure::RequireFull);
    let report = World { policy, ..world }.report();
    let period = outcome(&report.credentials()[0], Check::ValidityPeriod);
    assert!(matches!(period, Outcome::Fail(_)), "{period:?}");
}

#[test]
fn a_status_that_may_be_hidden_fails_where_it_is_required() {
    let full = document(ISSUER);
    let mut shown = full.clone();
    shown.as_object_mut().unwrap().remove("credentialStatus");
    let world = World { credential: credential(&full, &shown), ..World::new() };
    assert_eq!(world.status(), fails(ReasonCode::StatusHidden));
    let policy = policy().status(Unknown::Allow);
    assert_eq!(World { policy, ..world }.status(), ("waived", Some(ReasonCode::StatusHidden)));
    let policy = self::policy().disclosure(Disclosure::RequireFull);
    let report = World { policy, credential: credential(&full, &shown), ..World::new() }.report();
    assert_eq!(report.verdict(), Verdict::Rejected);
}

/// What names no index of the list says nothing of one.
#[test]
fn an_id_that_names_no_entry_contradicts_nothing() {
    let ids = [format!("{LIST}#first"), format!("{LIST}#"), "https://elsewhere.example/1#5".into()];
    for id in ids {
        assert_eq!(with_status(json!({ "id": id })).status(), PASSES, "{id}");
    }
    let other = with_status(json!({"id": format!("{LIST}#5")})).status();
    assert_eq!(other, fails(ReasonCode::StatusEntryContradicts));
}

/// What a status lacks may stand among what is hidden.
#[test]
fn a_status_of_which_a_part_is_hidden_is_one_that_may_be_hidden() {
    let full = document(ISSUER);
    let mut shown = full.clone();
    shown["credentialStatus"].as_object_mut().unwrap().remove("revocationListIndex");
    let world = World { credential: credential(&full, &shown), ..World::new() };
    assert_eq!(world.status(), fails(ReasonCode::StatusHidden));
    let policy = policy().status(Unknown::Allow);
    assert_eq!(World { policy, ..world }.status(), ("waived", Some(ReasonCode::StatusHidden)));
}

#[test]
fn a_result_counts_once() {
    let world = World::new();
    let mut seen = SeenProofs::new();
    let first = seen.check(world.report());
    let replay = |report: &Report| outcome(&report.credentials()[0], Check::Replay);
    assert_eq!((first.verdict(), replay(&first)), (Verdict::Accepted, Outcome::Pass));
    let second = seen.check(world.report());
    assert_eq!(replay(&second).reason().unwrap().code(), ReasonCode::ProofSeen);
    assert_eq!(second.verdict(), Verdict::Rejected);
    // Another derivation for the same session is the same result.
    let again = seen.check(World::new().report());
    assert_eq!(again.verdict(), Verdict::Rejected);
}

/// What is asked again once the evidence is there counts then, and nobody spoils it with a forgery.
#[test]
fn what_was_not_accepted_did_not_count() {
    let mut seen = SeenProofs::new();
    let mut early = World::new();
    early.evidence.remove(0);
    assert_eq!(seen.check(early.report()).verdict(), Verdict::Indeterminate);
    let mut forged = World::new();
    forged.credential["credentialSubject"]["familyName"] = "Another".into();
    assert_eq!(seen.check(forged.report()).verdict(), Verdict::Rejected);
    assert_eq!(seen.check(World::new().report()).verdict(), Verdict::Accepted);
    assert_eq!(seen.check(World::new().report()).verdict(), Verdict::Rejected);
}

/// An independent signer made the session, the list and its proof.
#[test]
fn a_fixture_session_is_accepted_with_nothing_waived() {
    let mut evidence = Evidence::new();
    for name in ["did/issuer.json", "evidence/status-list.json", "evidence/schema.json"] {
        evidence.add(&support::fixture(name), Source::unknown()).expect("evidence");
    }
    let session = Session::from_json(&support::fixture("sessions/success.json")).unwrap();
    let saved = SessionId::new(SESSION).unwrap();
    let strict = policy().profile(Profile::TrinsicConnect);
    let report = Verifier::new(strict)
        .verify_session(&session, ExpectedSession::Id(&saved), &evidence, instant(NOW))
        .unwrap();
    let checks = report.credentials()[0].checks();
    let passes = |check| checks.contains(&(check, &Outcome::Pass));
    for check in [Check::Profile, Check::CredentialStatus, Check::CredentialSchema] {
        assert!(passes(check), "{check:?}");
    }
    assert!(!checks.iter().any(|(_, outcome)| outcome.code() == "waived"));
    assert_eq!(report.verdict(), Verdict::Accepted);
}

/// Time is that of the thread's own work where the system tells it.
#[test]
fn a_list_that_inflates_without_end_is_refused_at_once() {
    // A gigabyte of zeros is about a megabyte: made once, and inflated only to the limit.
    let bomb = STANDARD.encode(gzip(&vec![0; 1 << 30]));
    assert!(bomb.len() > 1 << 20);
    let least = (0..3)
        .map(|_| {
            let start = support::work_time();
            let order = BitOrder::LeftmostFirst;
            assert_eq!(
                result_vp::internal::status_list(&bomb, false, order, &Limits::standard()),
                None
            );
            support::work_time() - start
        })
        .min();
    assert!(least.unwrap() < std::time::Duration::from_millis(50), "{least:?}");
}

#[test]
fn the_lists_of_others_decode_as_stated() {
    let Some(folder) = support::vectors("third-party/02d-status-lists") else { return };
    let index = support::json(&std::fs::read(folder.join("index.json")).unwrap());
    for item in index["items"].as_array().unwrap() {
        let text =
            std::fs::read_to_string(folder.join(item["files"][0].as_str().unwrap())).unwrap();
        let expected = &item["expected"];
        let multibase = expected["multibase_u_prefix"].as_bool().unwrap();
        for (order, member) in [
            (BitOrder::LeftmostFirst, "set_indexes_if_leftmost_bit_is_index_0"),
            (BitOrder::RightmostFirst, "set_indexes_if_rightmost_bit_is_index_0"),
        ] {
            let (length, set) = result_vp::internal::status_list(
                text.trim(),
                multibase,
                order,
                &Limits::standard(),
            )
            .expect("a list");
            assert_eq!(json!(length), expected["decoded_bits"], "{}", item["name"]);
            assert_eq!(json!(set), expected[member], "{}", item["name"]);
        }
    }
}
