//! Proofs of presentations, and proofs that cover other proofs: what an independent holder signs counts
//! for one session and one verifier, and nothing else does.

#[path = "support/oracle.rs"]
#[allow(dead_code)]
mod oracle;
#[path = "support/plain.rs"]
#[allow(dead_code)]
mod plain;
#[path = "support/signer.rs"]
mod signer;
mod support;

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine as _;
use plain::{document, options, secured, Key, SUITES};
use result_vp::policy::{AsOf, HolderBinding};
use result_vp::{
    Check, Evidence, ExpectedSession, Input, Outcome, Policy, ReasonCode, Report, SeenProofs,
    SessionId, Unknown, UnverifiedPresentation, Verdict, Verifier,
};
use serde_json::{json, Value};
use support::{instant, outcome, trusting};

const SESSION: &str = "0f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e10";
const DOMAIN: &str = "relying-party.example";

fn issuer() -> Key {
    Key::new("EdDSA", "an issuer")
}

fn holder(algorithm: &str) -> Key {
    Key::new(algorithm, "a holder")
}

/// A credential about the holder, in the data model that goes with the suite.
fn credential(suite: &str, about: &str) -> Value {
    let mut document = document(&issuer().did(), suite);
    document["credentialSubject"]["id"] = about.into();
    let suite = if suite.starts_with("ecdsa") { "eddsa-rdfc-2022" } else { suite };
    secured(&issuer(), &document, &options(&issuer(), suite))
}

fn presentation(suite: &str, by: &Key) -> Value {
    let credential = credential(suite, &by.did());
    let contexts = credential["@context"].as_array().unwrap().iter().filter(|it| it.is_string());
    json!({
        "@context": contexts.collect::<Vec<_>>(),
        "type": "VerifiablePresentation",
        "holder": by.did(),
        "verifiableCredential": [credential],
    })
}

fn signed(suite: &str, by: &Key, presentation: &Value) -> Value {
    let mut options = options(by, suite);
    options["proofPurpose"] = "authentication".into();
    options["challenge"] = SESSION.into();
    options["domain"] = DOMAIN.into();
    secured(by, presentation, &options)
}

fn policy() -> Policy {
    let policy = Policy::new(trusting([issuer().did()])).status(Unknown::Skip);
    policy.schema(Unknown::Skip).domain(DOMAIN).holder(HolderBinding::RequireSubject)
}

fn report_by(policy: Policy, text: &str) -> Report {
    let evidence = Evidence::new();
    let input = Input::from_json(text.as_bytes(), evidence.contexts());
    let Ok(Input::Presentation(read)) = input else { panic!("{input:?}") };
    let id = SessionId::new(SESSION).unwrap();
    Verifier::new(policy).verify(
        &read,
        ExpectedSession::Id(&id),
        &evidence,
        instant("2024-06-01T00:00:00Z"),
    )
}

fn report(presentation: &Value) -> Report {
    report_by(policy(), &presentation.to_string())
}

fn own(report: &Report) -> Outcome {
    outcome(&report.credentials()[0], Check::Presentation)
}

fn reason(outcome: &Outcome) -> Option<ReasonCode> {
    outcome.reason().map(|reason| reason.code())
}

#[test]
fn what_the_holder_signs_for_the_session_is_accepted() {
    for (suite, algorithm) in SUITES {
        let holder = holder(algorithm);
        let report = report(&signed(suite, &holder, &presentation(suite, &holder)));
        let checks = report.credentials()[0].checks();
        let session = report.session_checks();
        assert_eq!(report.verdict(), Verdict::Accepted, "{suite} {session:?} {checks:?}");
        for check in [Check::Session, Check::Holder] {
            assert_eq!(outcome(&report.credentials()[0], check), Outcome::Pass, "{suite}");
        }
    }
}

/// The credential has no end, and what its holder signed has one.
#[test]
fn a_presentation_is_judged_anew_at_each_time() {
    let (suite, holder) = ("eddsa-rdfc-2022", holder("EdDSA"));
    let mut options = options(&holder, suite);
    options["proofPurpose"] = "authentication".into();
    options["challenge"] = SESSION.into();
    options["domain"] = DOMAIN.into();
    options["expires"] = "2024-06-01T12:00:00Z".into();
    let text = secured(&holder, &presentation(suite, &holder), &options).to_string();
    let evidence = Evidence::new();
    let read = UnverifiedPresentation::from_json(text.as_bytes()).expect("a presentation");
    let id = SessionId::new(SESSION).unwrap();
    let times = ["2024-06-01T00:00:00Z", "2024-06-02T00:00:00Z"].map(instant).map(AsOf::Time);
    let asked = [(&read, ExpectedSession::Id(&id))];
    let reports = Verifier::new(policy()).verify_batch_as_of(&asked, &evidence, &times).remove(0);
    let codes = |report: &Report| {
        [Check::Proof, Check::Presentation, Check::Session, Check::Holder]
            .map(|check| outcome(&report.credentials()[0], check).code())
    };
    let codes: Vec<_> = reports.iter().flatten().map(codes).collect();
    assert_eq!(codes, [["pass"; 4], ["pass", "fail", "indeterminate", "indeterminate"]]);
}

/// Whatever is changed, added or left out, in the presentation, in its credentials or among the options.
#[test]
fn no_change_of_what_was_signed_is_accepted() {
    for (suite, algorithm) in SUITES {
        let holder = holder(algorithm);
        let honest = signed(suite, &holder, &presentation(suite, &holder));
        let other = credential(suite, "did:example:other");
        let changes: [(&str, Value); 14] = [
            ("/holder", issuer().did().into()),
            ("/holder", Value::Null),
            ("/id", "urn:other".into()),
            ("/type", json!(["VerifiablePresentation", "VerifiableCredential"])),
            ("/verifiableCredential/0", other.clone()),
            ("/verifiableCredential", json!([honest["verifiableCredential"][0], other])),
            ("/verifiableCredential/0/proof/created", "2024-05-02T10:00:01Z".into()),
            ("/proof/challenge", "another session".into()),
            ("/proof/challenge", Value::Null),
            ("/proof/domain", "other.example".into()),
            ("/proof/domain", Value::Null),
            ("/proof/created", "2024-05-02T10:00:01Z".into()),
            ("/proof/proofPurpose", "assertionMethod".into()),
            ("/proof", Value::Null),
        ];
        for (place, value) in changes {
            let mut changed = honest.clone();
            let (parent, name) = place.rsplit_once('/').unwrap();
            match changed.pointer_mut(parent).unwrap() {
                Value::Array(items) => items[name.parse::<usize>().unwrap()] = value,
                Value::Object(members) if value.is_null() => drop(members.remove(name)),
                Value::Object(members) => drop(members.insert(name.to_owned(), value)),
                _ => panic!("{place}"),
            }
            let report = report(&changed);
            assert_ne!(report.verdict(), Verdict::Accepted, "{suite} {place}");
        }
    }
}

#[test]
fn each_freedom_has_its_reason() {
    let (suite, holder) = ("eddsa-rdfc-2022", holder("EdDSA"));
    let plain = presentation(suite, &holder);
    let with = |change: &dyn Fn(&mut Value)| {
        let mut options = options(&holder, suite);
        options["proofPurpose"] = "authentication".into();
        options["challenge"] = SESSION.into();
        options["domain"] = DOMAIN.into();
        change(&mut options);
        reason(&own(&report(&secured(&holder, &plain, &options))))
    };
    let remove =
        |options: &mut Value, name: &str| drop(options.as_object_mut().unwrap().remove(name));
    assert_eq!(with(&|_| {}), None);
    for (expected, change) in [
        (
            ReasonCode::NonceDiffers,
            &(|it: &mut Value| it["challenge"] = "other".into()) as &dyn Fn(&mut Value),
        ),
        (ReasonCode::NonceMissing, &|it| remove(it, "challenge")),
        (ReasonCode::DomainDiffers, &|it| it["domain"] = "other.example".into()),
        (ReasonCode::DomainDiffers, &|it| remove(it, "domain")),
        (ReasonCode::ProofPurpose, &|it| it["proofPurpose"] = "assertionMethod".into()),
        (ReasonCode::CreatedInFuture, &|it| it["created"] = "2025-01-01T00:00:00Z".into()),
        (ReasonCode::ProofExpired, &|it| it["expires"] = "2024-05-30T00:00:00Z".into()),
    ] {
        assert_eq!(with(change), Some(expected));
    }
    // The session of a relying party of the Connect service is named as its nonce is.
    assert_eq!(
        with(&|it| it["challenge"] = format!("urn:trinsic:idvsession:{SESSION}").into()),
        None
    );
    // Several domains: ours is one of them.
    assert_eq!(with(&|it| it["domain"] = json!(["other.example", DOMAIN])), None);
}

/// Who shows it is not who it is about, or is not who is named.
#[test]
fn a_credential_is_shown_by_its_subject() {
    let (suite, thief) = ("eddsa-rdfc-2022", Key::new("EdDSA", "a thief"));
    let victim = holder("EdDSA").did();
    let mut stolen = presentation(suite, &thief);
    stolen["verifiableCredential"][0] = credential(suite, &victim);
    let report = report(&signed(suite, &thief, &stolen));
    assert_eq!(own(&report), Outcome::Pass);
    let found = outcome(&report.credentials()[0], Check::Holder);
    assert_eq!(reason(&found), Some(ReasonCode::HolderDiffers));
    // The name of the victim does not help.
    stolen["holder"] = victim.into();
    let report = self::report(&signed(suite, &thief, &stolen));
    assert_eq!(reason(&own(&report)), Some(ReasonCode::HolderDiffers));
    // Nor does leaving the proof out.
    let report = self::report(&presentation(suite, &holder("EdDSA")));
    assert_eq!(own(&report), Outcome::NotApplicable);
    let found = outcome(&report.credentials()[0], Check::Holder);
    assert_eq!(reason(&found), Some(ReasonCode::HolderUnproven));
    let found = outcome(&report.credentials()[0], Check::Session);
    assert_eq!(reason(&found), Some(ReasonCode::NonceMissing));
}

/// The policy that asks for nobody accepts anybody, but says so where it could have asked.
#[test]
fn what_the_policy_does_not_ask_is_told() {
    let (suite, holder) = ("eddsa-jcs-2022", holder("EdDSA"));
    let policy =
        || Policy::new(trusting([issuer().did()])).status(Unknown::Skip).schema(Unknown::Skip);
    let honest = signed(suite, &holder, &presentation(suite, &holder)).to_string();
    let report = report_by(policy(), &honest);
    assert_eq!(own(&report), Outcome::Waived(reason_of(&report)));
    assert_eq!(reason(&own(&report)), Some(ReasonCode::DomainNotCompared));
    assert_eq!(outcome(&report.credentials()[0], Check::Holder), Outcome::NotApplicable);
    assert_eq!(report.verdict(), Verdict::Accepted);
    // Made for no domain in particular, there is nothing to compare.
    let mut options = options(&holder, suite);
    options["proofPurpose"] = "authentication".into();
    options["challenge"] = SESSION.into();
    let plain = secured(&holder, &presentation(suite, &holder), &options).to_string();
    assert_eq!(own(&report_by(policy(), &plain)), Outcome::Pass);
}

fn reason_of(report: &Report) -> result_vp::Reason {
    own(report).reason().expect("a reason").clone()
}

/// A credential is shown often; a showing counts once.
#[test]
fn two_showings_of_a_credential_are_two() {
    let (suite, holder) = ("eddsa-rdfc-2022", holder("EdDSA"));
    let plain = presentation(suite, &holder);
    let first = signed(suite, &holder, &plain);
    let for_challenge = |challenge: String, created: &str| {
        let mut options = options(&holder, suite);
        options["proofPurpose"] = "authentication".into();
        options["challenge"] = challenge.into();
        options["created"] = created.into();
        options["domain"] = DOMAIN.into();
        secured(&holder, &plain, &options)
    };
    let (another, created) = ("another-session", "2024-05-02T10:00:00Z");
    let second = for_challenge(another.into(), created);
    // Signed anew for the same challenge, or for other names of the same session.
    let third = for_challenge(SESSION.into(), "2024-05-31T00:00:00Z");
    let [fourth, fifth] =
        ["u", "q"].map(|it| for_challenge(format!("{it}rn:trinsic:idvsession:{SESSION}"), created));
    let report_for = |session: &str, shown: &Value| {
        let read = UnverifiedPresentation::from_json(shown.to_string().as_bytes()).unwrap();
        let id = SessionId::new(session).unwrap();
        let expected = ExpectedSession::Id(&id);
        let now = instant("2024-06-01T00:00:00Z");
        Verifier::new(policy()).verify(&read, expected, &Evidence::new(), now)
    };
    let mut seen = SeenProofs::new();
    for (session, shown, is_new) in [
        (SESSION, &first, true),
        (another, &second, true),
        (SESSION, &first, false),
        (SESSION, &third, false),
        (SESSION, &fourth, false),
        (SESSION, &fifth, false),
    ] {
        let fresh = report_for(session, shown);
        assert_eq!(fresh.verdict(), Verdict::Accepted);
        let report = seen.check(fresh);
        assert_eq!(report.verdict() == Verdict::Accepted, is_new);
    }
}

/// What tells them apart is asked at each time: when the credential was issued nobody presented it.
#[test]
fn two_showings_are_two_as_of_several_times() {
    let (suite, holder) = ("eddsa-rdfc-2022", holder("EdDSA"));
    let plain = presentation(suite, &holder);
    let mut seen = SeenProofs::new();
    for session in ["one", "two"] {
        let mut options = options(&holder, suite);
        options["proofPurpose"] = "authentication".into();
        options["challenge"] = session.into();
        options["created"] = "2024-05-30T10:00:00Z".into();
        options["domain"] = DOMAIN.into();
        let text = secured(&holder, &plain, &options).to_string();
        let read = UnverifiedPresentation::from_json(text.as_bytes()).unwrap();
        let id = SessionId::new(session).unwrap();
        let (expected, evidence) = (ExpectedSession::Id(&id), Evidence::new());
        let (verifier, now) = (Verifier::new(policy()), instant("2024-06-01T00:00:00Z"));
        let times = [AsOf::Issuance, AsOf::Time(now)];
        let mut reports = verifier.verify_batch_as_of(&[(&read, expected)], &evidence, &times);
        let together = reports.remove(0).remove(1).unwrap();
        let alone = verifier.verify(&read, expected, &evidence, now);
        let marks = |report: &Report| report.credentials()[0].proof_marks().to_vec();
        assert_eq!(marks(&together), marks(&alone));
        assert_eq!(seen.check(together).verdict(), Verdict::Accepted);
    }
}

/// The issuer names a key of the holder: another key shows a copy, unless it is the subject's.
#[test]
fn a_token_for_a_key_is_shown_by_its_subject() {
    let (issuer, holder) = (issuer(), holder("EdDSA"));
    let policy =
        || Policy::new(trusting([issuer.did()])).status(Unknown::Skip).schema(Unknown::Skip);
    let shown_by = |by: &Key, confirmation: Option<Value>| {
        let mut credential = document(&issuer.did(), "eddsa-rdfc-2022");
        credential["credentialSubject"]["id"] = holder.did().into();
        if let Some(confirmation) = confirmation {
            credential["cnf"] = confirmation;
        }
        let presentation = json!({
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": "VerifiablePresentation",
            "verifiableCredential": [token(&issuer, "vc+jwt", &credential)],
        });
        let text = token(by, "JWT", &json!({"vp": presentation, "nonce": SESSION}));
        let report = report_by(policy(), &text);
        assert_eq!(own(&report), Outcome::Pass);
        reason(&outcome(&report.credentials()[0], Check::Session))
    };
    let thief = Key::new("EdDSA", "a thief");
    let cnf = || Some(json!({"kid": holder.method()}));
    assert_eq!(shown_by(&thief, cnf()), Some(ReasonCode::NonceMissing));
    assert_eq!(shown_by(&holder, cnf()), None);
    // Whom it was given to, the policy did not ask.
    assert_eq!(shown_by(&thief, None), None);
}

/// With n - s in place of s anybody makes another ECDSA signature of one.
#[test]
fn a_showing_whose_signature_is_written_otherwise_is_the_same() {
    let (suite, holder) = ("ecdsa-rdfc-2019", holder("ES256"));
    let first = signed(suite, &holder, &presentation(suite, &holder));
    let mut second = first.clone();
    let value = first["proof"]["proofValue"].as_str().unwrap().strip_prefix('z').unwrap();
    let signature = bs58::decode(value).into_vec().unwrap();
    let (r, s) = p256::ecdsa::Signature::from_slice(&signature).unwrap().split_scalars();
    let other = p256::ecdsa::Signature::from_scalars(r.to_bytes(), (-*s).to_bytes()).unwrap();
    let value = bs58::encode(other.to_bytes()).into_string();
    second["proof"]["proofValue"] = format!("z{value}").into();
    for (one, another) in [(&first, &second), (&second, &first)] {
        let mut seen = SeenProofs::new();
        assert_eq!(seen.check(report(one)).verdict(), Verdict::Accepted);
        assert_eq!(report(another).verdict(), Verdict::Accepted);
        let again = seen.check(report(another));
        let replay = outcome(&again.credentials()[0], Check::Replay);
        assert_eq!(reason(&replay), Some(ReasonCode::ProofSeen));
    }
}

/// A proof that was made for a session counts once, whoever presents it anew; another one is another.
#[test]
fn a_new_presentation_makes_no_new_proof() {
    let (suite, holder) = ("Ed25519Signature2018", holder("EdDSA"));
    let issuer = signer::Signer::new("an issuer");
    let document = signer::document(&issuer.did());
    let nonces = ["one", "another"].map(|it| format!("urn:trinsic:idvsession:{it}"));
    let [first, second] = nonces.each_ref().map(|it| issuer.credential(&document, &document, it));
    let mut plain = presentation(suite, &holder);
    plain["@context"] = json!([document["@context"][0], document["@context"][1]]);
    let policy = Policy::new(trusting([issuer.did()])).status(Unknown::Skip);
    let policy = policy.schema(Unknown::Skip).domain(DOMAIN);
    let (mut seen, verifier) = (SeenProofs::new(), Verifier::new(policy));
    for (credential, challenge, is_new) in
        [(&first, "one", true), (&first, "another", false), (&second, "one", true)]
    {
        plain["verifiableCredential"][0] = credential.clone();
        let mut options = options(&holder, suite);
        options["proofPurpose"] = "authentication".into();
        options["challenge"] = challenge.into();
        options["domain"] = DOMAIN.into();
        let text = secured(&holder, &plain, &options).to_string();
        let read = UnverifiedPresentation::from_json(text.as_bytes()).unwrap();
        let (any, at) = (ExpectedSession::InsecureAny, instant("2024-06-01T00:00:00Z"));
        let report = verifier.verify(&read, any, &Evidence::new(), at);
        assert_eq!(report.verdict(), Verdict::Accepted);
        assert_eq!(seen.check(report).verdict() == Verdict::Accepted, is_new, "{challenge}");
    }
}

/// The holder's key is for presentations, whatever it may sign besides.
#[test]
fn the_key_is_listed_for_authentication() {
    let (suite, holder) = ("eddsa-rdfc-2022", holder("EdDSA"));
    let did = "did:web:holder.example";
    let key = holder.did().trim_start_matches("did:key:").to_owned();
    let document = |purpose: &str| {
        json!({
            "id": did,
            "verificationMethod": [{
                "id": format!("{did}#1"), "type": "Multikey", "controller": did,
                "publicKeyMultibase": key,
            }],
            purpose: [format!("{did}#1")],
        })
    };
    let mut plain = presentation(suite, &holder);
    plain["holder"] = did.into();
    plain["verifiableCredential"][0] = credential(suite, did);
    let mut options = options(&holder, suite);
    options["proofPurpose"] = "authentication".into();
    options["challenge"] = SESSION.into();
    options["domain"] = DOMAIN.into();
    options["verificationMethod"] = format!("{did}#1").into();
    let text = secured(&holder, &plain, &options).to_string();
    let ask = |evidence: &Evidence| {
        let read = UnverifiedPresentation::from_json(text.as_bytes()).unwrap();
        let id = SessionId::new(SESSION).unwrap();
        let at = instant("2024-06-01T00:00:00Z");
        Verifier::new(policy()).verify(&read, ExpectedSession::Id(&id), evidence, at)
    };
    for (purpose, expected) in
        [("authentication", None), ("assertionMethod", Some(ReasonCode::KeyNotForAuthentication))]
    {
        let mut evidence = Evidence::new();
        evidence.add_did_document(document(purpose).to_string().as_bytes()).unwrap();
        assert_eq!(reason(&own(&ask(&evidence))), expected, "{purpose}");
    }
    let report = ask(&Evidence::new());
    assert_eq!(report.verdict(), Verdict::Indeterminate);
    assert_eq!(reason(&own(&report)), Some(ReasonCode::DidDocumentMissing));
    let read = UnverifiedPresentation::from_json(text.as_bytes()).unwrap();
    assert!(read.dids().iter().any(|it| it.as_str() == did), "it is asked for");
}

fn token(key: &Key, kind: &str, payload: &Value) -> String {
    let header = json!({"alg": "EdDSA", "kid": key.method(), "typ": kind});
    let encoded = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", encoded(&header), encoded(payload));
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(key.sign(signed.as_bytes())))
}

/// Of both data models, bare and enveloped, with a credential of any kind in them.
#[test]
fn presentations_may_be_tokens() {
    let (suite, holder) = ("eddsa-rdfc-2022", holder("EdDSA"));
    let plain = presentation(suite, &holder);
    let claims = json!({
        "iss": holder.did(), "aud": DOMAIN, "nonce": SESSION, "iat": 1_714_644_000,
        "exp": 1_900_000_000,
    });
    let merged = |inner: &Value| {
        let mut payload = inner.clone();
        payload.as_object_mut().unwrap().extend(claims.as_object().unwrap().clone());
        payload
    };
    let v1 = merged(&json!({"vp": plain}));
    let v2 = merged(&plain);
    for (kind, payload) in [("JWT", &v1), ("vp+jwt", &v2)] {
        let text = token(&holder, kind, payload);
        let report = report_by(policy(), &text);
        let checks = report.credentials()[0].checks();
        assert_eq!(report.verdict(), Verdict::Accepted, "{kind} {:?} {checks:?}", own(&report));
        let enveloped = json!({
            "@context": "https://www.w3.org/ns/credentials/v2",
            "id": format!("data:application/vp+jwt,{text}"),
            "type": "EnvelopedVerifiablePresentation",
        });
        assert_eq!(self::report(&enveloped).verdict(), Verdict::Accepted);
        for (name, value, expected) in [
            ("nonce", json!("other"), ReasonCode::NonceDiffers),
            ("nonce", json!(7), ReasonCode::ProofClaims),
            ("aud", json!(["other.example"]), ReasonCode::DomainDiffers),
            ("aud", json!([7]), ReasonCode::ProofClaims),
            ("exp", json!(1_714_644_000), ReasonCode::ProofExpired),
            ("nbf", json!(1_900_000_000), ReasonCode::CreatedInFuture),
            ("iss", json!(issuer().did()), ReasonCode::HolderDiffers),
        ] {
            let mut payload = payload.clone();
            payload[name] = value;
            let report = report_by(policy(), &token(&holder, kind, &payload));
            assert_eq!(reason(&own(&report)), Some(expected), "{kind} {name}");
        }
        // Another kind of token, or another key.
        for text in [token(&holder, "vc+jwt", payload), token(&issuer(), kind, payload)] {
            assert_eq!(report_by(policy(), &text).verdict(), Verdict::Rejected);
        }
    }
}

/// A witness signs what the issuer signed: its proof covers the issuer's.
#[test]
fn a_proof_may_cover_others() {
    let witness = Key::new("EdDSA", "a witness");
    for suite in ["eddsa-rdfc-2022", "eddsa-jcs-2022"] {
        let mut first = options(&issuer(), suite);
        first["id"] = "urn:uuid:1".into();
        let document = document(&issuer().did(), suite);
        let once = secured(&issuer(), &document, &first);
        let mut second = options(&witness, suite);
        second["previousProof"] = "urn:uuid:1".into();
        let mut covered = document.clone();
        covered["proof"] = json!([once["proof"]]);
        let proof = secured(&witness, &covered, &second)["proof"].clone();
        let chain = |proofs: Value| {
            let mut credential = document.clone();
            credential["proof"] = proofs;
            let text = credential.to_string();
            let evidence = Evidence::new();
            let contexts = evidence.contexts();
            let read = UnverifiedPresentation::from_bare_credential(text.as_bytes(), contexts);
            let trusted = trusting([issuer().did(), witness.did()]);
            support::ask_plainly(&read.unwrap(), trusted, &evidence, "2024-06-01T00:00:00Z")
        };
        let outcome_of = |report: &Report| outcome(&report.credentials()[0], Check::Proof);
        let report = chain(json!([once["proof"], proof]));
        assert_eq!(report.verdict(), Verdict::Accepted, "{suite} {:?}", outcome_of(&report));
        // Alone it covers what is not there; beside another one of that id, what it did not see.
        let report = chain(json!([proof]));
        assert_eq!(reason(&outcome_of(&report)), Some(ReasonCode::ProofChained), "{suite}");
        let report = chain(json!([once["proof"], once["proof"], proof]));
        assert_eq!(reason(&outcome_of(&report)), Some(ReasonCode::ProofChained), "{suite}");
        let mut other = first.clone();
        other["created"] = "2024-05-02T10:00:01Z".into();
        let other = secured(&issuer(), &document, &other)["proof"].clone();
        let report = chain(json!([other, proof]));
        assert_eq!(reason(&outcome_of(&report)), Some(ReasonCode::ProofSignature), "{suite}");
    }
}
