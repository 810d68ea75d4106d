//! What values say of themselves: a report says what the credential says, no `Debug` shows a claim, and a bundle of
//! evidence in another form is refused.

#[path = "support/signer.rs"]
mod signer;
mod support;
#[path = "support/world.rs"]
mod world;

use base64::engine::general_purpose::STANDARD;
use base64::Engine as _;
use result_vp::{
    Check, Claim, Did, Error, Evidence, GovernmentId, Image, SeenProofs, SessionId, Source,
    UnverifiedPresentation, Verdict, Verifier,
};
use serde_json::{json, Value};
use sha2::{Digest, Sha256};
use signer::{document, presentation};
use world::*;

#[test]
fn a_report_says_what_the_credential_and_its_proof_say() {
    let world = World::new();
    let report = world.report();
    let credential = &report.credentials()[0];
    assert_eq!(credential.id(), Some("urn:vc"));
    assert_eq!(credential.verification_method(), Some(&*format!("{ISSUER}#key-1")));
    assert_eq!(credential.suite(), Some("BbsBlsSignatureProof2020"));
    assert_eq!(credential.issuance_date(), Some("2024-05-02T10:00:00Z"));
    let (issuer, types) = (credential.issuer().cloned(), credential.types().to_vec());
    assert_eq!(issuer, Some(Did::new(ISSUER).unwrap()));
    let verified = report.into_verified().expect("accepted");
    assert_eq!(verified.credentials()[0].issuer(), issuer.as_ref());
    assert_eq!(verified.credentials()[0].types(), types);
    assert!(types.iter().any(|it| it.ends_with("IdentityDocument_v0")), "{types:?}");
}

#[test]
fn an_inspection_names_each_claim_once() {
    let mut document = document(ISSUER);
    document["credentialSubject"]["givenName"] = json!(["MIRABEL", "MIRA"]);
    let text = presentation(&credential(&document, &document));
    let read = UnverifiedPresentation::from_json(text.as_bytes()).unwrap();
    let mut names = read.inspect().remove(0).claim_names;
    names.sort();
    let members = document["credentialSubject"].as_object().unwrap().keys();
    let members = members.filter(|name| *name != "id");
    let mut expected: Vec<String> =
        members.map(|name| format!("https://trinsic.cloud/idv/{name}")).collect();
    expected.sort();
    assert_eq!(names, expected);
}

/// By a stable name, and of evidence with the check.
#[test]
fn a_detail_names_what_is_wrong() {
    let detail = |edit: &dyn Fn(&mut World), check| {
        let mut world = World::new();
        edit(&mut world);
        let found = support::outcome(&world.report().credentials()[0], check);
        found.reason().and_then(|it| it.detail()).map(str::to_owned).expect("a detail")
    };
    // One message and no bits; no point; a list that is not what was signed.
    let value = STANDARD.encode([0, 1]);
    let proof = |it: &mut World| it.credential["proof"]["proofValue"] = value.as_str().into();
    assert_eq!(detail(&proof, Check::Proof), "length");
    let zeros = bs58::encode([0; 96]).into_string();
    let key = |it: &mut World| it.evidence[0].0 = did_document(json!({"publicKeyBase58": zeros}));
    assert_eq!(detail(&key, Check::Proof), "not_on_curve");
    let list = |it: &mut World| it.evidence[1].0["issuanceDate"] = "2024-05-01T00:00:01Z".into();
    assert_eq!(detail(&list, Check::CredentialStatus), "proof: proof_equation");
}

/// A node without an id is at no place.
#[test]
fn an_inspection_names_the_places_of_a_status() {
    let mut document = document(ISSUER);
    let seen = |document: &Value| {
        let text = presentation(&credential(document, document));
        let read = UnverifiedPresentation::from_json(text.as_bytes()).unwrap();
        read.inspect().remove(0).status_urls
    };
    assert_eq!(seen(&document), [format!("{LIST}#417"), LIST.to_owned()]);
    document["credentialStatus"].as_object_mut().unwrap().remove("id");
    assert_eq!(seen(&document), [LIST]);
}

#[test]
fn what_is_not_accepted_gives_its_report_back_and_names_its_verdict() {
    let mut world = World::new();
    world.evidence.remove(0);
    let report = world.report();
    let shown = format!("{report:?}");
    let reason = report.credentials()[0].checks().into_iter().find_map(|(check, outcome)| {
        (check == Check::IssuerIsSigner).then(|| outcome.reason().unwrap().to_string())
    });
    let reason = reason.unwrap();
    assert!(reason.contains(ISSUER) && reason.len() > ISSUER.len() + 3, "{reason}");
    let rejected = report.into_verified().unwrap_err();
    assert_eq!(rejected.to_string(), "the verdict is indeterminate, not accepted");
    let report = rejected.into_report();
    assert_eq!((report.verdict(), format!("{report:?}")), (Verdict::Indeterminate, shown));
}

#[test]
fn no_debug_shows_a_claim_or_a_bit() {
    let world = World::new();
    let encoded = world.evidence[1].0["credentialSubject"]["encodedList"].as_str().unwrap();
    let evidence = world.evidence();
    let read = UnverifiedPresentation::from_json(presentation(&world.credential).as_bytes());
    let verifier = Verifier::new(world.policy.clone());
    let report = world.report();
    let mut seen = SeenProofs::new();
    let report = seen.check(report);
    assert_eq!(report.verdict(), Verdict::Accepted);
    let again = seen.check(world.report());
    assert_ne!(again.verdict(), Verdict::Accepted, "the same proof twice");
    let mut texts = vec![
        format!("{:?}", evidence),
        format!("{:?}", evidence.contexts()),
        format!("{:?}", read.unwrap()),
        format!("{:?}", verifier),
        format!("{:?}", report),
        format!("{:?}", seen),
    ];
    assert!(texts[0].contains(ISSUER) && texts[0].contains(LIST) && texts[0].contains(SCHEMA));
    assert!(texts[5].contains("len"));
    let verified = report.into_verified().unwrap();
    texts.push(format!("{verified:?}"));
    texts.push(format!("{:?}", GovernmentId::from_credential(&verified.credentials()[0])));
    assert!(texts[3].contains("policy") && texts[7].contains("given_name: disclosed"));
    for text in &texts {
        for secret in ["MIRABEL", "EXEMPLARIS", "1991", "X0000417", "SAMPLE ROW", encoded] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
    let session = SessionId::new(SESSION).unwrap();
    assert_eq!(session.to_string(), SESSION);
}

#[test]
fn a_finding_names_the_key_and_what_is_wrong_with_it() {
    let mut evidence = Evidence::default();
    let document = did_document(json!({"publicKeyBase58": "1111"}));
    evidence.add_did_document(document.to_string().as_bytes()).unwrap();
    let findings = evidence.key_findings(&[Did::new(ISSUER).unwrap()]);
    let [finding] = &findings[..] else { panic!("{findings:?}") };
    let expected =
        format!("{}: {}: {}", finding.verification_method(), finding.code(), finding.meaning());
    assert_eq!(finding.to_string(), expected);
    assert_eq!(finding.verification_method(), format!("{ISSUER}#key-1"));
}

#[test]
fn an_image_is_told_by_its_first_bytes() {
    for (bytes, media_type) in [
        (&[0xff, 0xd8, 0xff, 0xe0][..], "image/jpeg"),
        (b"\x89PNG\r\n", "image/png"),
        (b"\0\0\0\x0cjP  \r\n", "image/jp2"),
        (b"\0\0\0\x0djP  ", "application/octet-stream"),
        (b"GIF89a", "application/octet-stream"),
        (b"\xff\xd8", "application/octet-stream"),
    ] {
        let plain = STANDARD.encode(bytes);
        // What the text calls itself is not asked.
        for text in [plain.clone(), format!("data:image/png;base64,{plain}")] {
            let Claim::Disclosed(image) = portrait(&text) else { panic!("{text}") };
            assert_eq!((image.bytes(), image.media_type()), (Some(bytes), media_type));
            assert_eq!(image.raw(), text);
        }
    }
}

#[test]
fn images_are_equal_where_their_texts_are() {
    assert_eq!(portrait("/9j/"), portrait("/9j/"));
    assert_ne!(portrait("/9j/"), portrait("/9j+"));
}

#[test]
fn a_bundle_of_another_form_is_refused() {
    let content = World::new().evidence[0].0.to_string();
    let sha256: String =
        Sha256::digest(&content).iter().map(|byte| format!("{byte:02x}")).collect();
    let item = json!({"kind": "did_document", "url": ISSUER, "sha256": sha256, "content": content});
    let read =
        |bundle: Value| Evidence::new().add(bundle.to_string().as_bytes(), Source::unknown());
    let bundle = |item: &Value| json!({"bundle": 1, "items": [item]});
    read(bundle(&item)).expect("a bundle, told by its member");
    let refused = |bundle: Value| {
        assert!(matches!(read(bundle.clone()), Err(Error::Configuration { .. })), "{bundle}");
    };
    refused(json!({"bundle": 1}));
    refused(json!({"bundle": 1, "items": {}}));
    refused(json!({"bundle": 1, "items": [item], "more": 1}));
    refused(json!({"bundle": 1, "items": ["text"]}));
    for member in ["kind", "url", "sha256", "content"] {
        let mut item = item.clone();
        item.as_object_mut().unwrap().remove(member);
        refused(bundle(&item));
    }
    for (from, until, is_read) in [
        ("2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z", true),
        ("2024-01-02T00:00:00Z", "2024-01-02T00:00:00Z", false),
        ("2024-01-02T00:00:01Z", "2024-01-02T00:00:00Z", false),
    ] {
        let mut item = item.clone();
        merge(&mut item, json!({"from": from, "until": until}));
        assert_eq!(read(bundle(&item)).is_ok(), is_read, "{from} {until}");
    }
    let mut unknown = item.clone();
    merge(&mut unknown, json!({"rumour": 1}));
    refused(bundle(&unknown));
}

#[test]
fn a_list_and_a_schema_stand_where_they_are_put_and_a_second_schema_is_refused() {
    let world = World::new();
    let mut evidence = Evidence::new();
    let list = evidence.add_status_list(world.evidence[1].0.to_string().as_bytes());
    assert_eq!(list.unwrap(), LIST);
    let schema = world.evidence[2].0.to_string();
    evidence.add_schema(SCHEMA, schema.as_bytes()).unwrap();
    let before = evidence.sha256();
    assert!(evidence.add_schema(SCHEMA, schema.as_bytes()).is_err());
    assert_eq!(evidence.sha256(), before);
}

/// The portrait of an accepted credential that states this text.
fn portrait(text: &str) -> Claim<Image> {
    let mut document = document(ISSUER);
    document["credentialSubject"]["portrait"] = text.into();
    let world = World { credential: credential(&document, &document), ..World::new() };
    let verified = world.report().into_verified().unwrap();
    GovernmentId::from_credential(&verified.credentials()[0]).unwrap().portrait
}
