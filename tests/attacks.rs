//! Attacks by their numbers in the catalogue that this project keeps: on policy, evidence, DIDs,
//! status, sessions, time and schemas. `docs/attacks.md` says where each is tested.

#[path = "support/signer.rs"]
mod signer;
#[path = "support/sources.rs"]
mod sources;
mod support;
#[path = "support/world.rs"]
mod world;

use std::collections::BTreeSet;
use std::path::Path;

use base64::engine::general_purpose::STANDARD;
use base64::Engine as _;
use chrono::Duration;
use result_vp::limits::Limits;
use result_vp::policy::{BitOrder, Disclosure, ExpiredDocument, Profile, TrustedIssuer};
use result_vp::{
    Check, Did, Error, Evidence, ExpectedSession, Outcome, Policy, ReasonCode, Report, SeenProofs,
    Session, SessionId, Source, TrustedIssuers, Unknown, UnverifiedPresentation, Verdict, Verifier,
    Warning,
};
use serde_json::{json, Value};
use signer::{document, presentation, Signer};
use sources::rust_files;
use support::{fixture, instant, outcome};
use world::*;

/// The codes of everything that did not pass, by check.
fn problems(report: &Report) -> Vec<(Check, &'static str, ReasonCode)> {
    let checks = report.credentials()[0].checks();
    let problem = |(check, outcome): (Check, &Outcome)| {
        Some((check, outcome.code(), outcome.reason()?.code()))
    };
    checks.into_iter().filter_map(problem).collect()
}

/// A world in which the DID document was changed.
fn with_document(change: impl FnOnce(&mut Value)) -> World {
    let mut world = World::new();
    // The list is signed by the same key; it has tests of its own.
    world.policy = policy().status(Unknown::Skip);
    change(&mut world.evidence[0].0);
    world
}

/// A world whose credential was changed after it was signed.
fn tampered(change: impl FnOnce(&mut Value)) -> World {
    let mut world = World::new();
    change(&mut world.credential);
    world
}

/// A world whose credential says something else, signed by the issuer.
fn signed(change: impl FnOnce(&mut Value)) -> World {
    let mut document = document(ISSUER);
    change(&mut document);
    World { credential: credential(&document, &document), ..World::new() }
}

/// A world whose holder hides a member.
fn hiding(pointer: &str) -> World {
    let full = document(ISSUER);
    let mut shown = full.clone();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    shown.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name).unwrap();
    World { credential: credential(&full, &shown), ..World::new() }
}

fn reason(report: &Report, check: Check) -> Option<ReasonCode> {
    outcome(&report.credentials()[0], check).reason().map(|reason| reason.code())
}

#[test]
fn a48_a_mandatory_statement_is_hidden() {
    for (pointer, check, code) in [
        ("/issuer", Check::TrustedIssuer, ReasonCode::IssuerNotDisclosed),
        ("/credentialStatus", Check::CredentialStatus, ReasonCode::StatusHidden),
    ] {
        let report = hiding(pointer).report();
        assert_eq!(report.verdict(), Verdict::Rejected, "{pointer}");
        assert_eq!(reason(&report, check), Some(code));
    }
    // What may be hidden by the policy's leave is named, and is not by the profile's.
    let mut world = hiding("/issuanceDate");
    assert_eq!(reason(&world.report(), Check::ValidityPeriod), Some(ReasonCode::MayBeHidden));
    world.policy = policy().disclosure(Disclosure::RequireFull);
    assert_eq!(world.report().verdict(), Verdict::Rejected);
    for pointer in ["/issuanceDate", "/credentialSchema"] {
        let mut world = hiding(pointer);
        world.policy = policy().profile(Profile::TrinsicConnect);
        let report = world.report();
        assert_eq!(report.verdict(), Verdict::Rejected, "{pointer}");
        assert_eq!(reason(&report, Check::Profile), Some(ReasonCode::NotOfProfile));
    }
    let mut world = hiding("/credentialSubject/expiryDate");
    world.policy = policy().expired_document(ExpiredDocument::Reject);
    assert_eq!(world.alone(Check::DocumentValidity), fails(ReasonCode::DocumentExpiryUnclear));
}

#[test]
fn a59_a_key_is_of_another_type_than_it_says() {
    let key = |members: Value| with_document(|it| *it = did_document(members)).report();
    let base58 = |bytes: &[u8]| bs58::encode(bytes).into_string();
    let mut identity = [0; 96];
    identity[0] = 0xc0;
    let own = issuer().public_key();
    for (members, code) in [
        (json!({"publicKeyBase58": base58(&identity)}), ReasonCode::KeyNotInGroup),
        (json!({"publicKeyBase58": base58(&own[..48])}), ReasonCode::KeyMalformed),
        (json!({"publicKeyBase58": base58(&[7; 32])}), ReasonCode::KeyMalformed),
        (json!({"type": "Ed25519VerificationKey2018"}), ReasonCode::KeyMalformed),
        (json!({"type": "X25519KeyAgreementKey2019"}), ReasonCode::KeyTypeDiffers),
        // Two spellings of one key are two keys that can differ.
        (json!({"publicKeyMultibase": format!("z{}", base58(&own))}), ReasonCode::KeyMalformed),
    ] {
        let report = key(members);
        assert_eq!(report.verdict(), Verdict::Rejected);
        assert_eq!(problems(&report)[0], (Check::Proof, "fail", code));
    }
}

#[test]
fn a64_the_proof_is_by_a_key_of_somebody_else() {
    let attacker = Signer::new("an attacker");
    let honest = document(ISSUER);
    let mut world = World::new();
    // Their own did:key, under the name of the issuer.
    let options = attacker.proof_options();
    world.credential = sign(&attacker, &options, &honest, &honest);
    let report = world.report();
    assert_eq!(report.verdict(), Verdict::Rejected);
    let expected = [
        (Check::Proof, "indeterminate", ReasonCode::IssuerNotTrusted),
        (Check::IssuerIsSigner, "fail", ReasonCode::KeyControllerDiffers),
    ];
    assert_eq!(problems(&report)[..2], expected);
    // Trusting the attacker as well does not let them speak for another.
    let dids = [ISSUER, &attacker.did()].map(|did| Did::new(did).unwrap());
    world.policy = Policy::new(TrustedIssuers::new(dids).unwrap());
    assert_eq!(world.alone(Check::IssuerIsSigner), fails(ReasonCode::KeyControllerDiffers));
    // The method of the issuer's document, controlled by another.
    let controlled = json!({"controller": attacker.did()});
    let world = with_document(|it| *it = did_document(controlled));
    assert_eq!(world.alone(Check::IssuerIsSigner), fails(ReasonCode::KeyControllerDiffers));
}

#[test]
fn a66_anybody_can_make_a_did() {
    let stranger = Signer::new("a stranger");
    let document = document(&stranger.did());
    let mut world = World::new();
    world.credential = sign(&stranger, &stranger.proof_options(), &document, &document);
    let report = world.report();
    assert_eq!(report.verdict(), Verdict::Rejected);
    assert_eq!(reason(&report, Check::TrustedIssuer), Some(ReasonCode::IssuerNotTrusted));
    // There is no policy that trusts nobody in particular by accident.
    let none: [Did; 0] = [];
    assert!(matches!(TrustedIssuers::new(none), Err(Error::Configuration { .. })));
}

#[test]
fn a67_tenants_of_one_host_do_not_speak_for_each_other() {
    for other in [
        "did:web:issuer.example:tenant",
        "did:web:issuer.example%3A8443",
        "did:web:dev.issuer.example",
        "did:web:issuer.example.attacker.example",
        "did:web:Issuer.example",
    ] {
        let mut world = World::new();
        world.policy = Policy::new(TrustedIssuers::new([Did::new(other).unwrap()]).unwrap());
        let report = world.report();
        assert_eq!(report.verdict(), Verdict::Rejected, "{other}");
        assert_eq!(reason(&report, Check::TrustedIssuer), Some(ReasonCode::IssuerNotTrusted));
    }
    let below = TrustedIssuer::below(Did::new(ISSUER).unwrap());
    assert!(!below.includes(&Did::new(ISSUER).unwrap()));
    assert!(!below.includes(&Did::new("did:web:issuer.example2:tenant").unwrap()));
    assert!(below.includes(&Did::new("did:web:issuer.example:tenant").unwrap()));
}

#[test]
fn a68_the_key_is_not_for_assertions() {
    for relationship in ["authentication", "keyAgreement", "capabilityInvocation"] {
        let world = with_document(|it| {
            let ids = it.as_object_mut().unwrap().remove("assertionMethod").unwrap();
            it[relationship] = ids;
        });
        let found = world.alone(Check::IssuerIsSigner);
        assert_eq!(found, fails(ReasonCode::KeyNotForAssertion), "{relationship}");
    }
}

#[test]
fn a69_the_proof_is_for_another_purpose() {
    for purpose in ["authentication", "https://w3id.org/security#assertionMethod", ""] {
        let report = tampered(|it| it["proof"]["proofPurpose"] = purpose.into()).report();
        assert_eq!(reason(&report, Check::Proof), Some(ReasonCode::ProofPurpose), "{purpose}");
        assert_eq!(report.verdict(), Verdict::Rejected);
    }
}

#[test]
fn a70_the_proof_brings_its_own_key() {
    let attacker = Signer::new("an attacker");
    let method = did_document_of(&attacker, ISSUER)["verificationMethod"][0].clone();
    let report = tampered(|it| it["proof"]["verificationMethod"] = method).report();
    assert_eq!(reason(&report, Check::Proof), Some(ReasonCode::ProofMalformed));
    assert_eq!(report.verdict(), Verdict::Rejected);
}

#[test]
fn a71_a_method_has_exactly_one_name() {
    for name in ["#key-1", "key-1", "did:web:issuer.example", "did:web:issuer.example?a=b#key-1"] {
        let report = tampered(|it| it["proof"]["verificationMethod"] = name.into()).report();
        assert_eq!(report.verdict(), Verdict::Rejected, "{name}");
        let found = reason(&report, Check::Proof);
        assert_eq!(found, Some(ReasonCode::VerificationMethodMalformed), "{name}");
    }
    let report = tampered(|it| {
        it["proof"]["verificationMethod"] = format!("{ISSUER}#Key-1").into();
    })
    .report();
    assert_ne!(report.verdict(), Verdict::Accepted);
    let found = reason(&report, Check::Proof);
    assert_eq!(found, Some(ReasonCode::VerificationMethodUnknown));
    // Two methods of one id: the document is refused before it counts.
    let mut document = did_document(json!({}));
    let twin = document["verificationMethod"][0].clone();
    document["verificationMethod"].as_array_mut().unwrap().push(twin);
    let refused = Evidence::new().add_did_document(document.to_string().as_bytes());
    assert!(matches!(refused, Err(Error::Configuration { .. })));
}

#[test]
fn a72_a_document_counts_for_the_did_it_names_alone() {
    let world = with_document(|it| it["id"] = "did:web:other.example".into());
    let report = world.report();
    assert_eq!(report.verdict(), Verdict::Indeterminate);
    assert_eq!(reason(&report, Check::IssuerIsSigner), Some(ReasonCode::DidDocumentMissing));
}

#[test]
fn a73_a_revoked_or_expired_key_is_none() {
    for member in ["revoked", "expires"] {
        let at = |time: &str| with_document(|it| *it = did_document(json!({member: time})));
        let found = at("2024-06-01T00:00:00Z").alone(Check::IssuerIsSigner);
        assert_eq!(found, fails(ReasonCode::KeyRevoked), "{member}");
        assert_eq!(at("2024-06-01T00:00:01Z").alone(Check::IssuerIsSigner), PASSES, "{member}");
        // What cannot be read as a time is no reason to go on.
        let document = did_document(json!({member: "soon"}));
        let refused = Evidence::new().add_did_document(document.to_string().as_bytes());
        assert!(refused.is_err(), "{member}");
    }
}

#[test]
fn a74_there_is_exactly_one_proof() {
    let good = World::new().credential["proof"].clone();
    let unknown = json!({"type": "Unknown2030", "proofValue": "x"});
    for (proof, code) in [
        (json!([]), ReasonCode::ProofMissing),
        (json!(null), ReasonCode::ProofMissing),
        (json!([good, good]), ReasonCode::ProofCount),
        (json!([unknown, good]), ReasonCode::ProofCount),
        (json!([good, unknown]), ReasonCode::ProofCount),
        (json!([[good]]), ReasonCode::ProofMalformed),
        (unknown.clone(), ReasonCode::ProofTypeUnknown),
    ] {
        let report = tampered(|it| it["proof"] = proof).report();
        assert_eq!(reason(&report, Check::Proof), Some(code));
        assert_eq!(report.verdict(), Verdict::Rejected);
    }
}

#[test]
fn a81_what_is_known_of_an_issuer_grows_old() {
    let mut world = World::new();
    world.policy = policy().status(Unknown::Skip).max_evidence_age(Duration::hours(1));
    let fetched = |world: &mut World, at: &str| world.evidence[0].1 = Source::fetched(instant(at));
    fetched(&mut world, "2024-05-31T23:00:00Z");
    assert_eq!(world.alone(Check::IssuerIsSigner), PASSES);
    fetched(&mut world, "2024-05-31T22:59:59Z");
    assert_eq!(world.alone(Check::IssuerIsSigner), undecided(ReasonCode::EvidenceStale));
    world.evidence[0].1 = Source::unknown();
    assert_eq!(world.alone(Check::IssuerIsSigner), undecided(ReasonCode::EvidenceStale));
}

#[test]
fn a82_the_past_is_judged_by_the_documents_of_its_day() {
    // Today's document knows the old key no more.
    let today = did_document_of(&Signer::new("the next key"), ISSUER);
    let rotated = instant("2024-07-01T00:00:00Z");
    let mut world = World::new();
    world.evidence[0].1 = Source::unknown().until(rotated);
    world.evidence.push((today, Source::unknown().from(rotated)));
    assert_eq!(world.report().verdict(), Verdict::Accepted);
    world.now = rotated;
    assert_eq!(reason(&world.report(), Check::Proof), Some(ReasonCode::ProofEquation));
}

/// What the verifier says of a world's presentation under another session id.
fn for_session(world: &World, id: &str) -> Report {
    let text = presentation(&world.credential);
    let presentation = UnverifiedPresentation::from_json(text.as_bytes()).unwrap();
    let id = SessionId::new(id).unwrap();
    let verifier = Verifier::new(world.policy.clone());
    verifier.verify(&presentation, ExpectedSession::Id(&id), &world.evidence(), world.now)
}

#[test]
fn a83_a_result_of_another_session_is_shown() {
    let report = for_session(&World::new(), "0f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e11");
    let expected = [(Check::Session, "fail", ReasonCode::NonceDiffers)];
    assert_eq!((report.verdict(), problems(&report)), (Verdict::Rejected, expected.to_vec()));
    // The nonce is within the proof: writing another one breaks it.
    let other = STANDARD.encode("urn:trinsic:idvsession:0f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e11");
    let report = tampered(|it| it["proof"]["nonce"] = other.into()).report();
    assert_eq!(reason(&report, Check::Proof), Some(ReasonCode::ProofEquation));
}

#[test]
fn a84_the_nonce_is_missing_or_means_two_things() {
    let honest = document(ISSUER);
    let with_nonce = |nonce: &str| {
        let signer = issuer();
        let options = options(&signer, ISSUER);
        let messages = signer.messages(&honest, &options);
        let all: Vec<usize> = (0..messages.len()).collect();
        let value = signer.derive(&signer.sign(&messages), &messages, &all, nonce.as_bytes());
        let credential = signer::with_proof(&honest, &options, &value, nonce);
        World { credential, ..World::new() }
    };
    let prefix = "urn:trinsic:idvsession:";
    let upper = SESSION.to_uppercase();
    for nonce in [
        SESSION.to_owned(),
        format!("{prefix}{upper}"),
        format!("{prefix}{{{SESSION}}}"),
        format!(" {prefix}{SESSION}"),
        format!("{prefix}{SESSION} "),
        format!("{prefix}{SESSION}\n"),
        format!("{prefix}{SESSION}0"),
        format!("{prefix}{prefix}{SESSION}"),
        format!("URN:trinsic:idvsession:{SESSION}"),
        format!("urn:other:idvsession:{SESSION}"),
        prefix.to_owned(),
    ] {
        let found = with_nonce(&nonce).alone(Check::Session);
        assert_eq!(found, fails(ReasonCode::NonceDiffers), "{nonce:?}");
    }
    let nonce = STANDARD.encode(NONCE);
    for (written, code) in [
        (json!(null), ReasonCode::ProofMalformed),
        (json!([nonce]), ReasonCode::ProofMalformed),
        (json!(""), ReasonCode::EmptyNonce),
        (json!(NONCE), ReasonCode::ProofBase64),
        (json!(nonce.trim_end_matches('=')), ReasonCode::ProofBase64),
        (json!(format!("{nonce}\n")), ReasonCode::ProofBase64),
    ] {
        let report = tampered(|it| it["proof"]["nonce"] = written.clone()).report();
        assert_eq!(reason(&report, Check::Proof), Some(code), "{written}");
    }
    let report = tampered(|it| drop(it["proof"].as_object_mut().unwrap().remove("nonce"))).report();
    assert_eq!(reason(&report, Check::Proof), Some(ReasonCode::NonceMissing));
}

#[test]
fn a85_a_result_is_used_twice() {
    let mut seen = SeenProofs::new();
    assert_eq!(seen.check(World::new().report()).verdict(), Verdict::Accepted);
    // Derived anew, it has other bytes and the same nonce.
    let again = seen.check(World::new().report());
    let expected = [(Check::Replay, "fail", ReasonCode::ProofSeen)];
    assert_eq!((again.verdict(), problems(&again)), (Verdict::Rejected, expected.to_vec()));
}

/// The session of the fixtures, changed, asked about with the id that was saved.
fn session(change: impl FnOnce(&mut Value), saved: &str) -> Report {
    let mut session = support::json(&fixture("sessions/success.json"));
    change(&mut session);
    let session = Session::from_json(session.to_string().as_bytes()).unwrap();
    let mut evidence = Evidence::new();
    for name in ["did/issuer.json", "evidence/status-list.json", "evidence/schema.json"] {
        evidence.add(&fixture(name), Source::unknown()).unwrap();
    }
    let saved = SessionId::new(saved).unwrap();
    let verifier = Verifier::new(policy());
    let expected = ExpectedSession::Id(&saved);
    verifier.verify_session(&session, expected, &evidence, instant(NOW)).unwrap()
}

fn session_reason(report: &Report, check: Check) -> Option<ReasonCode> {
    let checks = report.session_checks();
    let (_, outcome) = checks.into_iter().find(|(it, _)| *it == check).unwrap();
    outcome.reason().map(|reason| reason.code())
}

#[test]
fn a86_the_session_of_somebody_else_is_handed_in() {
    assert_eq!(session(|_| (), SESSION).verdict(), Verdict::Accepted);
    let saved = "0f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e11";
    let report = session(|_| (), saved);
    assert_eq!(report.verdict(), Verdict::Rejected);
    assert_eq!(session_reason(&report, Check::SessionId), Some(ReasonCode::SessionIdDiffers));
    // Its outer id is written over, which the proof does not follow.
    let report = session(|it| it["id"] = saved.into(), saved);
    assert_eq!(report.verdict(), Verdict::Rejected);
    assert_eq!(reason(&report, Check::Session), Some(ReasonCode::NonceDiffers));
}

#[test]
fn a87_members_of_the_presentation_are_nobodys() {
    let world = World::new();
    let mut shown: Value = serde_json::from_str(&presentation(&world.credential)).unwrap();
    shown["holder"] = "did:web:attacker.example".into();
    shown["assurance"] = "attacker".into();
    let presentation = UnverifiedPresentation::from_json(shown.to_string().as_bytes()).unwrap();
    let id = SessionId::new(SESSION).unwrap();
    let verifier = Verifier::new(world.policy.clone());
    let report =
        verifier.verify(&presentation, ExpectedSession::Id(&id), &world.evidence(), world.now);
    assert_eq!(report.warnings(), [Warning::UnsignedPresentationMembers]);
    assert!(!format!("{report:?}").contains("attacker"));
}

#[test]
fn a89_one_credential_of_the_presentation_is_forged() {
    let changed = |it: &mut Value| {
        let mut result: Value = serde_json::from_str(it["resultVp"].as_str().unwrap()).unwrap();
        let credentials = result["verifiableCredential"].as_array_mut().unwrap();
        let mut forged = credentials[0].clone();
        forged["credentialSubject"]["familyName"] = "OTHER".into();
        credentials.push(forged);
        it["resultVp"] = result.to_string().into();
    };
    let report = session(changed, SESSION);
    assert_eq!(report.verdict(), Verdict::Rejected);
    assert_eq!(report.credentials()[0].verdict(), Verdict::Accepted);
    assert_eq!(report.credentials()[1].verdict(), Verdict::Rejected);
    assert!(report.into_verified().is_err(), "all or nothing");
}

#[test]
fn a90_credentials_are_mixed() {
    let twice = |it: &mut Value| {
        let mut result: Value = serde_json::from_str(it["resultVp"].as_str().unwrap()).unwrap();
        let credentials = result["verifiableCredential"].as_array_mut().unwrap();
        credentials.push(credentials[0].clone());
        it["resultVp"] = result.to_string().into();
    };
    let report = session(twice, SESSION);
    let found = session_reason(&report, Check::CredentialCount);
    assert_eq!(found, Some(ReasonCode::CredentialCountDiffers));
    assert_eq!(report.verdict(), Verdict::Rejected);
}

#[test]
fn a91_there_is_no_credential() {
    for credentials in [json!([]), json!(null), json!("text"), json!([[]]), json!({})] {
        let text = json!({
            "@context": ["https://www.w3.org/2018/credentials/v1"],
            "type": ["VerifiablePresentation"],
            "verifiableCredential": credentials,
        })
        .to_string();
        let Ok(read) = UnverifiedPresentation::from_json(text.as_bytes()) else { continue };
        let id = SessionId::new(SESSION).unwrap();
        let expected = ExpectedSession::Id(&id);
        let report =
            Verifier::new(policy()).verify(&read, expected, &Evidence::new(), instant(NOW));
        assert_ne!(report.verdict(), Verdict::Accepted, "{text}");
    }
}

#[test]
fn a92_the_unsigned_session_says_something_else() {
    let copy = "/verifications/0f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e1f/normalizedGovernmentIdData";
    let older = |it: &mut Value| {
        *it.pointer_mut(&format!("{copy}/dateOfBirth")).unwrap() = "1971-02-28".into();
    };
    let report = session(older, SESSION);
    let found = session_reason(&report, Check::NormalizedData);
    assert_eq!(
        (report.verdict(), found),
        (Verdict::Rejected, Some(ReasonCode::NormalizedContradicts))
    );
    let report = session(|it| it["state"] = "IDV_FAILED".into(), SESSION);
    assert_eq!(report.verdict(), Verdict::Rejected);
    let found = session_reason(&report, Check::SessionFacts);
    assert_eq!(found, Some(ReasonCode::ResultWithoutSuccess));
}

#[test]
fn a93_a_number_of_no_state_is_no_success() {
    for state in [json!(0), json!(6), json!(-1), json!(2147483647), json!("IDV_BEST"), json!(null)]
    {
        let report = session(|it| it["state"] = state.clone(), SESSION);
        assert_ne!(report.verdict(), Verdict::Accepted, "{state}");
        assert!(report.credentials().is_empty(), "{state}: no result is read");
    }
}

#[test]
fn a94_a_session_is_redacted_or_contradicts_itself() {
    let redacted = |it: &mut Value| {
        it["state"] = "IDV_REDACTED".into();
        it.as_object_mut().unwrap().remove("resultVp");
    };
    assert_ne!(session(redacted, SESSION).verdict(), Verdict::Accepted);
    let other_key = |it: &mut Value| {
        let members = it["verifications"].as_object_mut().unwrap();
        let (_, verification) = members.iter().next().map(|(k, v)| (k.clone(), v.clone())).unwrap();
        members.clear();
        members.insert("another".into(), verification);
    };
    let report = session(other_key, SESSION);
    let found = session_reason(&report, Check::SessionFacts);
    assert_eq!((report.verdict(), found), (Verdict::Rejected, Some(ReasonCode::MapKeyDiffers)));
}

#[test]
fn a96_the_status_is_left_out() {
    let expected = [(Check::CredentialStatus, "fail", ReasonCode::StatusHidden)];
    let found = problems(&hiding("/credentialStatus").report());
    assert!(found.contains(&expected[0]), "{found:?}");
    // Taken out of the document without a proof that hides it.
    let report =
        tampered(|it| drop(it.as_object_mut().unwrap().remove("credentialStatus"))).report();
    assert_eq!(reason(&report, Check::Proof), Some(ReasonCode::StatementCountDiffers));
}

#[test]
fn a97_a_status_of_unknown_type_is_not_passed_over() {
    let world = with_status(json!({"type": "RevocationList2030Status"}));
    assert_eq!(world.status(), undecided(ReasonCode::StatusTypeUnknown));
    // Beside one that is known and good.
    let world = signed(|it| {
        let good = it["credentialStatus"].clone();
        let other = json!({"id": "urn:other", "type": "OtherStatus"});
        it["credentialStatus"] = json!([good, other]);
    });
    assert_eq!(world.status(), undecided(ReasonCode::StatusTypeUnknown));
}

#[test]
fn a98_the_order_of_the_bits_is_the_issuers() {
    let asked = |order: Option<BitOrder>, set: &[usize]| {
        let issuer = TrustedIssuer::exact(Did::new(ISSUER).unwrap());
        let issuer = order.map_or(issuer.clone(), |order| issuer.revocation_bits(order));
        let mut world = World::new().with_list(list(&bits(set)));
        world.policy = Policy::new(TrustedIssuers::new([issuer]).unwrap());
        world.status()
    };
    // Index 417 read from the left is 422 read from the right.
    let (left, right) = (Some(BitOrder::LeftmostFirst), Some(BitOrder::RightmostFirst));
    assert_eq!(asked(left, &[417]), fails(ReasonCode::Revoked));
    assert_eq!(asked(right, &[417]), PASSES);
    assert_eq!(asked(None, &[417]), undecided(ReasonCode::StatusBitOrderUnset));
    assert_eq!(asked(None, &[422]), undecided(ReasonCode::StatusBitOrderUnset));
}

#[test]
fn a99_an_index_has_one_text() {
    for index in
        ["-1", "0417", "+417", " 417", "417 ", "4.17e2", "417.0", "18446744073709551616", "", "٤١٧"]
    {
        let world = with_status(json!({"id": "urn:status", "revocationListIndex": index}));
        let found = world.report();
        assert_eq!(found.verdict(), Verdict::Rejected, "{index:?}");
        let found = reason(&found, Check::CredentialStatus);
        assert_eq!(found, Some(ReasonCode::StatusIndexMalformed), "{index:?}");
    }
    let world = with_status(json!({"id": "urn:status", "revocationListIndex": "131072"}));
    assert_eq!(world.status(), fails(ReasonCode::StatusIndexOutOfRange));
    let world = World::new().with_list(list(&bits(&[])[..16383]));
    assert_eq!(world.status(), fails(ReasonCode::StatusListTooShort));
}

#[test]
fn a100_a_list_inflates_without_end() {
    let world = World::new().with_list(list(&vec![0; (4 << 20) + 1]));
    assert_eq!(world.status(), fails(ReasonCode::StatusListTooLarge));
    // A bomb in a bomb is one bomb: what inflates is a list, and never inflated again.
    let inner = gzip(&vec![0; 1 << 26]);
    let nested = STANDARD.encode(gzip(&inner));
    let read = result_vp::internal::status_list(
        &nested,
        false,
        BitOrder::LeftmostFirst,
        &Limits::standard(),
    );
    assert_eq!(read.map(|(entries, _)| entries), Some(inner.len() * 8));
}

#[test]
fn a101_decoders_would_differ_on_the_list() {
    let good = gzip(&bits(&[]));
    let twice = [&good[..], &good[..]].concat();
    let longer = [&good[..], b"\0"].concat();
    let mut checksum = good.clone();
    let at = checksum.len() - 5;
    checksum[at] ^= 1;
    let text = STANDARD.encode(&good);
    let texts = [
        STANDARD.encode(twice),
        STANDARD.encode(longer),
        STANDARD.encode(checksum),
        STANDARD.encode(&good[..good.len() - 4]),
        format!("u{text}"),
        format!("{text}\n"),
        text.replace('A', "%41"),
    ];
    for (at, text) in texts.iter().enumerate() {
        let found = World::new().with_list(list_of(text, json!({}))).status();
        assert_eq!(found, fails(ReasonCode::StatusListEncoding), "{at}");
    }
}

#[test]
fn a102_the_list_is_of_somebody_else() {
    let attacker = Signer::new("an attacker");
    let encoded = STANDARD.encode(gzip(&bits(&[])));
    // Under their own name, with a document that the evidence holds.
    let did = "did:web:attacker.example";
    let theirs = list_document(&encoded, json!({"issuer": did}));
    let mut world = World::new().with_list(sign_by(&attacker, did, &theirs, &theirs));
    world.evidence.push((did_document_of(&attacker, did), Source::unknown()));
    assert_eq!(world.status(), fails(ReasonCode::StatusListIssuer));
    // Under the issuer's name, by their own key.
    let named = list_document(&encoded, json!({}));
    let world = World::new().with_list(sign(&attacker, &attacker.proof_options(), &named, &named));
    assert_eq!(world.status(), fails(ReasonCode::StatusListRejected));
    // Not signed at all.
    let world = World::new().with_list(named);
    assert_eq!(world.status(), fails(ReasonCode::StatusListRejected));
    // Of another URL than the credential names.
    let other = list_of(&encoded, json!({"id": "https://issuer.example/credential-status/2"}));
    let world = World::new().with_list(other);
    assert_eq!(world.status(), undecided(ReasonCode::StatusListMissing));
}

#[test]
fn a103_the_json_of_the_list_lies() {
    let honest = list(&bits(&[417, 422]));
    let other = STANDARD.encode(gzip(&bits(&[])));
    let lies: [&dyn Fn(&mut Value); 6] = [
        &|it| it["credentialSubject"]["encodedList"] = other.clone().into(),
        // A term of the attacker's: `encodedList` is read as something else.
        &|it| {
            let contexts = it["@context"].as_array_mut().unwrap();
            contexts.push(json!({"encodedList": "urn:x", "real": "urn:y"}));
        },
        &|it| {
            let real = it["credentialSubject"]["encodedList"].take();
            it["credentialSubject"]["real"] = real;
            it["credentialSubject"]["encodedList"] = other.clone().into();
        },
        &|it| {
            let real = it["credentialSubject"].take();
            it["credentialSubject"] = json!([{"encodedList": other}, real]);
        },
        &|it| it["@included"] = json!([{"id": "urn:x", "encodedList": other}]),
        &|it| it["credentialSubject"]["@nest"] = json!({"encodedList": other}),
    ];
    for (at, lie) in lies.iter().enumerate() {
        let mut list = honest.clone();
        lie(&mut list);
        let found = World::new().with_list(list).status();
        assert_eq!(found, fails(ReasonCode::StatusListRejected), "{at}");
    }
}

#[test]
fn a104_an_older_list_is_shown() {
    // Both are among the evidence: the newer one counts.
    let mut world = World::new();
    let revoked = STANDARD.encode(gzip(&bits(&[417, 422])));
    let newer = list_of(&revoked, json!({"issuanceDate": "2024-05-20T00:00:00Z"}));
    world.evidence.insert(1, (newer, Source::unknown()));
    assert_eq!(world.status(), fails(ReasonCode::Revoked));
    // The older one alone is too old for a policy that says how old it may be.
    let mut world = World::new();
    world.policy = policy().max_evidence_age(Duration::days(1));
    world.evidence[0].1 = Source::fetched(instant(NOW));
    world.evidence[1].1 = Source::fetched(instant("2024-05-30T23:59:59Z"));
    assert_eq!(world.status(), undecided(ReasonCode::StatusListStale));
    // And so is one that says itself until when it holds.
    let ended = json!({"expirationDate": "2024-05-31T00:00:00Z"});
    let world = World::new().with_list(list_of(&STANDARD.encode(gzip(&bits(&[]))), ended));
    assert_eq!(world.status(), fails(ReasonCode::StatusListRejected));
}

#[test]
fn a105_what_cannot_be_decided_is_not_passed() {
    for missing in 0..3 {
        let mut world = World::new();
        world.evidence.remove(missing);
        assert_eq!(world.report().verdict(), Verdict::Indeterminate, "{missing}");
        assert!(world.report().into_verified().is_err(), "{missing}");
    }
    // Leave is given by name, and the report says so.
    let mut world = World::new();
    world.evidence.remove(1);
    world.policy = policy().status(Unknown::Allow);
    let expected = [(Check::CredentialStatus, "waived", ReasonCode::StatusListMissing)];
    let report = world.report();
    assert_eq!((report.verdict(), problems(&report)), (Verdict::Accepted, expected.to_vec()));
}

#[test]
fn a107_the_parts_of_a_status_contradict_each_other() {
    let world = with_status(json!({"id": format!("{LIST}#418")}));
    assert_eq!(world.status(), fails(ReasonCode::StatusEntryContradicts));
    let world = with_status(json!({"id": LIST}));
    assert_eq!(world.status(), fails(ReasonCode::StatusEntryContradicts));
    let world = with_status(json!({"revocationListIndex": ["417", "418"]}));
    assert_eq!(world.status(), fails(ReasonCode::StatusEntryMalformed));
}

#[test]
fn a108_each_bound_is_exact() {
    let at = |now: &str, member: &str, time: &str| {
        let mut world = signed(|it| it[member] = time.into());
        world.now = instant(now);
        world.policy = policy().status(Unknown::Skip).clock_skew(Duration::seconds(60));
        world.alone(Check::ValidityPeriod)
    };
    let (issued, ends) = ("2024-05-02T10:00:00Z", "2024-06-01T00:00:00Z");
    let early = fails(ReasonCode::CredentialNotYetValid);
    // The proof says when it was made, a second after the credential is issued here.
    let later = "2024-05-02T10:00:01Z";
    assert_eq!(at("2024-05-02T09:59:00Z", "issuanceDate", later), early);
    assert_eq!(at("2024-05-02T09:59:01Z", "issuanceDate", later), PASSES);
    assert_eq!(at("2024-05-02T10:00:01Z", "issuanceDate", issued), PASSES);
    let over = fails(ReasonCode::CredentialExpired);
    assert_eq!(at("2024-06-01T00:00:59Z", "expirationDate", ends), PASSES);
    assert_eq!(at("2024-06-01T00:01:00Z", "expirationDate", ends), over);
    // The same instant, told in another zone.
    assert_eq!(at("2024-06-01T00:01:00Z", "expirationDate", "2024-06-01T02:00:00+02:00"), over);
}

#[test]
fn a109_a_date_without_a_zone_is_no_instant() {
    for member in ["issuanceDate", "expirationDate", "validFrom", "validUntil"] {
        let world = signed(|it| it[member] = "2024-05-02T00:00:00".into());
        assert_eq!(
            world.alone(Check::ValidityPeriod),
            fails(ReasonCode::DateMalformed),
            "{member}"
        );
    }
    // A document is valid on its last day, wherever that day ends last.
    let on = |now: &str| {
        let mut world = signed(|it| {
            it["credentialSubject"]["expiryDate"] = "2024-05-31T00:00:00".into();
        });
        world.policy = policy().expired_document(ExpiredDocument::Reject);
        world.now = instant(now);
        world.alone(Check::DocumentValidity)
    };
    assert_eq!(on("2024-06-01T11:59:59Z"), PASSES);
    assert_eq!(on("2024-06-01T12:00:00Z"), fails(ReasonCode::DocumentExpired));
}

#[test]
fn a110_odd_forms_of_time_are_none() {
    for text in [
        "",
        "2024-05-02",
        "2024-05-02T24:00:00Z",
        "2024-05-02T10:00:60Z",
        "2024-05-02t10:00:00z",
        "2024-05-02 10:00:00Z",
        "2024-05-02T10:00Z",
        "2024-5-2T10:00:00Z",
        "24-05-02T10:00:00Z",
        "0000-05-02T10:00:00Z",
        "-0001-05-02T10:00:00Z",
        "-1-01-01T00:00:00Z",
        "10000-05-02T10:00:00Z",
        "9999999999-12-31T23:59:60Z",
        "+2024-05-02T10:00:00Z",
        "2024-02-30T10:00:00Z",
        "2023-02-29T10:00:00Z",
        "2024-13-02T10:00:00Z",
        "2024-00-02T10:00:00Z",
        "2024-05-00T10:00:00Z",
        "2024-05-32T10:00:00Z",
        "2024-05-02T25:00:00Z",
        "2024-05-02T10:60:00Z",
        "2024-05-02T10:00:00",
        "2024-05-02T10:00:00.Z",
        "2024-05-02T10:00:00,5Z",
        "2024-05-02T10:00:00+2:00",
        "2024-05-02T10:00:00+0200",
        "2024-05-02T10:00:00+24:00",
        "2024-05-02T10:00:00+02:60",
        "2024-05-02T10:00:00ZZ",
        "2024-05-02T10:00:00Z ",
        " 2024-05-02T10:00:00Z",
        "2024-05-02T10:00:00\u{2212}02:00",
        "٢٠٢٤-05-02T10:00:00Z",
        "2024-05-02T10:00:00Z\u{0}",
        "1714644000",
        "May 2, 2024 10:00:00Z",
        "2024-W18-4T10:00:00Z",
        "2024-123T10:00:00Z",
        "20240502T100000Z",
    ] {
        let found = signed(|it| it["issuanceDate"] = text.into()).alone(Check::ValidityPeriod);
        assert_eq!(found, fails(ReasonCode::DateMalformed), "{text:?}");
    }
}

#[test]
fn a111_nobody_knows_whether_the_document_is_valid() {
    for text in ["", "2031", "2031-09", "soon", "2031-09-29T23:00:00"] {
        let mut world = signed(|it| it["credentialSubject"]["expiryDate"] = text.into());
        world.policy = policy().schema(Unknown::Skip).expired_document(ExpiredDocument::Reject);
        let found = world.alone(Check::DocumentValidity);
        assert_eq!(found, fails(ReasonCode::DocumentExpiryUnclear), "{text:?}");
    }
}

#[test]
fn a112_the_proof_is_of_the_future() {
    let mut options = options(&issuer(), ISSUER);
    let honest = document(ISSUER);
    for (created, expected) in [
        ("2024-06-01T00:01:00Z", PASSES),
        ("2024-06-01T00:01:01Z", fails(ReasonCode::CreatedInFuture)),
        ("2199-12-31T23:59:59Z", fails(ReasonCode::CreatedInFuture)),
    ] {
        options["created"] = created.into();
        let credential = sign(&issuer(), &options, &honest, &honest);
        let world = World { credential, ..World::new() };
        assert_eq!(world.alone(Check::ValidityPeriod), expected, "{created}");
    }
}

#[test]
fn a113_a_schema_reaches_out_or_never_ends() {
    let refused = |schema: Value| {
        let added = Evidence::new().add_schema(SCHEMA, schema.to_string().as_bytes());
        matches!(added, Err(Error::Configuration { .. } | Error::LimitReached { .. }))
    };
    for schema in [
        json!({"$ref": "http://169.254.169.254/latest/meta-data"}),
        json!({"$ref": "file:///etc/passwd"}),
        json!({"$ref": "#"}),
        json!({"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"}),
        json!({"$dynamicRef": "#a"}),
        json!({"pattern": "(?=a)b"}),
        json!({"properties": {"a": {"pattern": "((a{1,1000}){1,1000}){1,1000}"}}}),
        json!({"title": "x".repeat(2 << 20)}),
        json!([]),
        json!("text"),
    ] {
        let start: String = schema.to_string().chars().take(60).collect();
        assert!(refused(schema), "{start}");
    }
    // A pattern that backtracks elsewhere is linear here.
    let mut evidence = Evidence::new();
    let slow = json!({
        "type": "object",
        "properties": {"familyName": {"pattern": "^(a+)+$"}},
    });
    evidence.add_schema(SCHEMA, slow.to_string().as_bytes()).unwrap();
}

#[test]
fn a114_another_schema_is_named() {
    let world = tampered(|it| it["credentialSchema"]["id"] = "urn:laxer".into());
    assert_eq!(reason(&world.report(), Check::Proof), Some(ReasonCode::ProofEquation));
    let mut world = signed(|it| it["credentialSchema"]["id"] = "urn:laxer".into());
    assert_eq!(world.alone(Check::CredentialSchema), undecided(ReasonCode::SchemaMissing));
    // An empty schema demands nothing: it is the caller's evidence, and its hash names it.
    let empty =
        json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "urn:laxer"});
    let before = world.evidence().sha256();
    world.evidence.push((empty, Source::unknown()));
    assert_ne!(world.evidence().sha256(), before);
}

#[test]
fn a115_an_empty_claim_is_no_claim() {
    let world = signed(|it| it["credentialSubject"]["familyName"] = "".into());
    assert_eq!(world.alone(Check::CredentialSchema), fails(ReasonCode::SchemaDiffers));
    let mut world = world;
    world.policy = policy().schema(Unknown::Skip);
    let verified = world.report().into_verified().unwrap();
    let claims = result_vp::GovernmentId::from_credential(&verified.credentials()[0]).unwrap();
    assert_eq!(claims.family_name.disclosed(), None);
    assert_eq!(claims.family_name.state(), "empty");
}

/// Each test of the table is there, and each test with a number is in the table.
#[test]
fn the_table_of_attacks_is_true() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = std::fs::read_to_string(root.join("docs/attacks.md")).unwrap();
    let rows: Vec<&str> = table.lines().filter(|line| line.starts_with("| A")).collect();
    let beyond = table.rsplit("Not of this version").next().unwrap();
    for number in 1..=142 {
        let row = rows.iter().any(|row| row.starts_with(&format!("| A{number:02} |")));
        let named =
            beyond.split(|it: char| !it.is_alphanumeric()).any(|it| it == format!("A{number:02}"));
        assert!(row != named, "A{number:02} is listed once");
    }
    let listed: BTreeSet<&str> = (rows.iter())
        .flat_map(|row| row.rsplit('|').nth(1).unwrap().split(','))
        .map(|name| name.trim().trim_matches('`'))
        .collect();
    let mut there = BTreeSet::new();
    for folder in ["tests", "cli/tests", "cli/src"] {
        for file in rust_files(&root.join(folder)) {
            let text = std::fs::read_to_string(file).unwrap();
            let tests = text.split("#[test]").skip(1).filter_map(|it| it.split_once("fn "));
            let names = tests.filter_map(|(_, it)| it.split('(').next());
            there.extend(names.map(str::to_owned));
        }
    }
    for name in &listed {
        assert!(there.contains(*name), "{name} is no test");
    }
    let is_numbered = |name: &&String| {
        let number =
            name.strip_prefix('a').unwrap_or_default().split('_').next().unwrap_or_default();
        !number.is_empty() && number.bytes().all(|it| it.is_ascii_digit())
    };
    for name in there.iter().filter(is_numbered) {
        assert!(listed.contains(name.as_str()), "{name} is not in docs/attacks.md");
    }
}
