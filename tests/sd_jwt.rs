//! Credentials as SD-JWTs: claims are what the issuer signed and the holder disclosed, nothing else, and
//! the key binding is by the holder, over what is presented, for the session.

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

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine as _;
use plain::Key;
use result_vp::policy::{Disclosure, HolderBinding};
use result_vp::{
    signed_claims, Check, Claim, Error, Evidence, ExpectedSession, GovernmentId, Input, Outcome,
    Policy, ReasonCode, Report, SeenProofs, SessionId, Unknown, UnverifiedPresentation, Verdict,
    Verifier,
};
use sd_jwt::{binding, bound, digest, disclosure, holder, issuer, presented, token, Pid, NONCE};
use serde_json::{json, Value};
use support::{instant, outcome, trusting};

const NOW: &str = "2024-06-01T00:00:00Z";

fn read(text: &str) -> Result<UnverifiedPresentation, Error> {
    UnverifiedPresentation::from_bare_credential(text.as_bytes(), Evidence::new().contexts())
}

fn policy() -> Policy {
    Policy::new(trusting([issuer().did()])).schema(Unknown::Skip)
}

fn verify_by(policy: Policy, text: &str, session: &str, at: &str) -> Report {
    let id = SessionId::new(session).unwrap();
    let read = read(text).expect("an SD-JWT");
    Verifier::new(policy).verify(&read, ExpectedSession::Id(&id), &Evidence::new(), instant(at))
}

fn verify(text: &str) -> Report {
    verify_by(policy(), text, NONCE, NOW)
}

/// Every check that fails or cannot be made, and why.
fn problems(report: &Report) -> Vec<(Check, ReasonCode, Option<String>)> {
    let checks = report.credentials()[0].checks().into_iter();
    let problem = |(check, outcome): (Check, &result_vp::Outcome)| {
        let is_one = matches!(outcome.code(), "fail" | "indeterminate");
        let reason = outcome.reason().filter(|_| is_one)?;
        Some((check, reason.code(), reason.detail().map(str::to_owned)))
    };
    checks.filter_map(problem).collect()
}

/// Why the proof fails, in words of the reason and its detail; every other check may be undecided.
fn fault(text: &str) -> Option<(ReasonCode, Option<String>)> {
    let report = verify(text);
    let reason = outcome(&report.credentials()[0], Check::Proof).reason()?.clone();
    assert_eq!(report.verdict(), Verdict::Rejected);
    Some((reason.code(), reason.detail().map(str::to_owned)))
}

fn binding_fault(text: &str) -> Option<String> {
    let (code, detail) = fault(text)?;
    assert_eq!(code, ReasonCode::KeyBinding);
    detail
}

fn id(report: Report) -> GovernmentId {
    let verified = report.into_verified().unwrap_or_else(|it| panic!("{:?}", it.into_report()));
    GovernmentId::from_credential(&verified.credentials()[0]).expect("a PID")
}

fn shown(id: &GovernmentId) -> Vec<String> {
    let one = |(name, claim): (&str, Claim<Vec<&str>>)| match claim.disclosed() {
        Some(texts) => format!("{name}={}", texts.join("|")),
        None => format!("{name}:{}", claim.state()),
    };
    id.claims().into_iter().map(one).collect()
}

#[test]
fn a_pid_with_everything_disclosed() {
    let report = verify(&Pid::new().bound());
    assert_eq!(report.verdict(), Verdict::Accepted, "{:?}", report.credentials()[0].checks());
    let credential = &report.credentials()[0];
    assert_eq!(credential.suite(), Some("SD-JWT"));
    assert_eq!(credential.issuance_date(), Some("2024-05-02T10:00:00Z"));
    // The decoy of the address.
    assert_eq!(credential.hidden_statements(), Some(1));
    let id = id(report);
    assert_eq!((id.vocabulary(), id.sex_name()), ("eudi_pid", Some("female")));
    assert_eq!(
        shown(&id),
        [
            "given_name=MIRABEL",
            "family_name=EXEMPLARIS",
            "date_of_birth=1991-02-28",
            "birth_year:absent",
            "birth_place=LILLE",
            "birth_country=FR",
            "sex=2",
            "nationalities=FR|NW",
            "personal_id:absent",
            "document_number:absent",
            "issuing_authority:absent",
            "issuing_country=NW",
            "issuing_jurisdiction:absent",
            "issue_date:absent",
            "expiry_date=2030-01-01",
            "address:not_disclosed",
            "street_address=12 SAMPLE ROW",
            "city=NOWHERE FALLS",
            "state:not_disclosed",
            "postal_code:not_disclosed",
            "residence_country=NW",
            "age_in_years:absent",
            "age_over_18=true",
            "age_over_21:absent",
            "age_over_25:absent",
            "age_over_62:absent",
            "age_over_65=false",
            "portrait:absent",
        ]
    );
    let source = id.source("city").unwrap();
    let subject = "https://www.w3.org/2018/credentials#credentialSubject";
    assert_eq!(source, [subject, "address", "locality"]);
}

/// What is hidden may be there; what has no digest in its object is proven to be absent.
#[test]
fn a_claim_is_hidden_where_a_digest_may_hide_it() {
    let id = id(verify(&bound(&Pid::new().shown(&["given_name"]))));
    let all = shown(&id);
    for expected in [
        "given_name=MIRABEL",
        "family_name:not_disclosed",
        "personal_id:not_disclosed",
        "city:not_disclosed",
        // Further items of the array.
        "nationalities=FR",
        "birth_place=LILLE",
        "birth_country=FR",
        "age_over_18:not_disclosed",
        "age_over_21:not_disclosed",
        "age_over_65=false",
    ] {
        assert!(all.iter().any(|it| it == expected), "{expected}: {all:?}");
    }
    let mut pid = Pid::new();
    pid.payload["nationalities"].as_array_mut().unwrap().remove(0);
    let text = bound(&pid.shown(&["given_name"]));
    let all = shown(&self::id(verify(&text)));
    assert!(all.iter().any(|it| it == "nationalities:not_disclosed"), "{all:?}");
    let full = policy().disclosure(Disclosure::RequireFull);
    let report = verify_by(full, &text, NONCE, NOW);
    assert_eq!(problems(&report)[0].1, ReasonCode::HiddenStatements);
}

#[test]
fn every_set_of_disclosures_shows_what_it_discloses_and_nothing_else() {
    let pid = Pid::new();
    let names = pid.names();
    for set in 0_u32..1 << names.len() {
        let chosen: Vec<&str> =
            names.iter().enumerate().filter(|(at, _)| set >> at & 1 == 1).map(|it| *it.1).collect();
        let text = bound(&pid.shown(&chosen));
        // What stands in the address is no digest of the payload without it.
        let lies_below = chosen.iter().any(|it| ["street", "city"].contains(it));
        if lies_below && !chosen.contains(&"address") {
            assert_eq!(fault(&text), Some((ReasonCode::ProofDisclosure, None)), "{chosen:?}");
            continue;
        }
        let report = verify(&text);
        assert_eq!(report.verdict(), Verdict::Accepted, "{chosen:?}");
        let id = id(report);
        let states = [
            ("given_name", id.given_name.state()),
            ("family_name", id.family_name.state()),
            ("birthdate", id.date_of_birth.state()),
            ("street", id.street_address.state()),
            ("city", id.city.state()),
            ("over_18", id.age_over_18.state()),
            ("address", id.residence_country.state()),
        ];
        for (name, state) in states {
            let expected = if chosen.contains(&name) { "disclosed" } else { "not_disclosed" };
            assert_eq!(state, expected, "{name}: {chosen:?}");
        }
        let nationalities = id.nationalities.disclosed().unwrap().len();
        assert_eq!(nationalities, 1 + usize::from(chosen.contains(&"nationality")));
    }
}

/// Of a text that is accepted, no other text of nearly the same characters is.
#[test]
fn every_character_counts() {
    let honest = Pid::new().bound();
    for at in 0..honest.len() {
        let letter = if honest.as_bytes()[at] == b'A' { "B" } else { "A" };
        for other in [letter, "~", ".", "="].into_iter().take(if at % 7 == 0 { 4 } else { 1 }) {
            let mut changed = honest.clone();
            changed.replace_range(at..=at, other);
            let accepted =
                read(&changed).is_ok_and(|_| verify(&changed).verdict() == Verdict::Accepted);
            assert!(!accepted || changed == honest, "{at} {other}");
        }
    }
}

#[test]
fn a_disclosure_is_shown_once_and_was_signed() {
    let pid = Pid::new();
    let jwt = token(&issuer(), &pid.header, &pid.payload);
    let texts: Vec<&str> = pid.disclosures.iter().map(|(_, text)| text.as_str()).collect();
    let with = |texts: &[&str]| fault(&bound(&presented(&jwt, texts.iter().copied())));
    assert_eq!(with(&texts), None);
    let refused = Some((ReasonCode::ProofDisclosure, None));
    for (at, text) in texts.iter().enumerate() {
        // Repeated, or with another salt, name or value.
        assert_eq!(with(&[&texts[..], &[text]].concat()), refused, "{at}");
        let items = URL_SAFE_NO_PAD.decode(text).unwrap();
        let items: Value = serde_json::from_slice(&items).unwrap();
        for place in 0..items.as_array().unwrap().len() {
            let mut changed = items.clone();
            changed[place] = "SOMEBODY".into();
            let changed = disclosure(&changed);
            let mut all = texts.clone();
            all[at] = &changed;
            assert_eq!(with(&all), refused, "{at} {place}");
        }
        // The same JSON in another text.
        let spaced = URL_SAFE_NO_PAD.encode(format!(" {items}"));
        let mut all = texts.clone();
        all[at] = &spaced;
        assert_eq!(with(&all), refused);
    }
    for added in [
        disclosure(&json!(["x", "given_name", "SOMEBODY"])),
        disclosure(&json!(["x", "new", "SOMEBODY"])),
        disclosure(&json!(["x", "item"])),
        disclosure(&json!([])),
        disclosure(&json!({})),
        "no base64".to_owned(),
        "Zm9=".to_owned(),
        String::new(),
    ] {
        assert_eq!(with(&[&texts[..], &[&added]].concat()), refused, "{added}");
    }
    // Their order says nothing.
    let reversed: Vec<&str> = texts.iter().rev().copied().collect();
    assert_eq!(with(&reversed), None);
}

/// An issuer that contradicts itself: which claim counts would be the holder's choice.
#[test]
fn digests_that_an_issuer_must_not_sign() {
    let changed = |edit: &dyn Fn(&mut Pid)| {
        let mut pid = Pid::new();
        edit(&mut pid);
        fault(&pid.bound())
    };
    let refused = Some((ReasonCode::ProofDigests, None));
    let disclosing = |name: &'static str, value: Value| {
        changed(&move |pid: &mut Pid| {
            let text = disclosure(&json!(["x", name, value]));
            pid.payload["_sd"].as_array_mut().unwrap().push(digest(&text).into());
            pid.disclosures.push(("x", text));
        })
    };
    assert_eq!(disclosing("email", json!("a@b.example")), None);
    for (name, value) in [
        ("iss", json!(issuer().did())),
        ("nbf", json!(1_714_644_000)),
        ("exp", json!(1_900_000_000)),
        ("cnf", json!({})),
        ("vct", json!("urn:eudi:pid:1")),
        ("vct#integrity", json!("sha256-x")),
        ("status", json!({})),
        ("@context", json!("https://www.w3.org/ns/credentials/v2")),
        ("vc", json!({})),
        ("_sd", json!([])),
        ("_sd_alg", json!("sha-256")),
        ("...", json!("x")),
        // A name that is there, and one that is disclosed too.
        ("sex", json!(1)),
        ("given_name", json!("SOMEBODY")),
    ] {
        assert_eq!(disclosing(name, value), refused, "{name}");
    }
    // Inside a disclosed value.
    assert_eq!(disclosing("deep", json!({"...": "x"})), refused);
    assert_eq!(disclosing("deep", json!({"_sd_alg": "sha-256"})), refused);
    assert_eq!(disclosing("deep", json!({"_sd": "x"})), refused);
    assert_eq!(disclosing("deep", json!({"a": [{"...": "x", "b": 1}]})), refused);
    assert_eq!(disclosing("deep", json!({"_sd": [digest("decoy")]})), None);
    let repeated = Pid::new().payload["_sd"][0].clone();
    assert_eq!(disclosing("deep", json!({"_sd": [repeated]})), refused);
    assert_eq!(
        changed(&|pid| {
            let first = pid.payload["_sd"][0].clone();
            pid.payload["_sd"].as_array_mut().unwrap().push(first);
        }),
        refused
    );
    // Not disclosed, and still twice.
    assert_eq!(
        changed(&|pid| {
            let decoys = [json!(digest("decoy")), json!(digest("decoy"))];
            pid.payload["_sd"].as_array_mut().unwrap().extend(decoys);
        }),
        refused
    );
    for hash in [json!("sha-512"), json!("SHA-256"), json!("md5"), json!(null), json!(1)] {
        assert_eq!(changed(&|pid| pid.payload["_sd_alg"] = hash.clone()), refused, "{hash}");
    }
    // sha-256 unless it is said.
    let unsaid = changed(&|pid| drop(pid.payload.as_object_mut().unwrap().remove("_sd_alg")));
    assert_eq!(unsaid, None);
    assert_eq!(changed(&|pid| pid.payload["_sd"] = json!([1])), refused);
    // A disclosure of an item where a member stands, and the reverse.
    let misplaced = Some((ReasonCode::ProofDisclosure, None));
    for items in [json!(["x", "item"]), json!(["x", "a", "b", "c"]), json!([1, "a", "b"])] {
        assert_eq!(
            changed(&|pid| {
                let text = disclosure(&items);
                pid.payload["_sd"].as_array_mut().unwrap().push(digest(&text).into());
                pid.disclosures.push(("x", text));
            }),
            misplaced,
            "{items}"
        );
    }
}

#[test]
fn disclosures_nest_and_count_no_more_than_a_document_may() {
    let nested = |levels: usize| {
        let mut pid = Pid::new();
        let mut value = json!("deep");
        for _ in 0..levels {
            let text = disclosure(&json!(["x", "a", value]));
            value = json!({"_sd": [digest(&text)]});
            pid.disclosures.push(("x", text));
        }
        pid.payload["deep"] = value;
        fault(&pid.bound())
    };
    assert_eq!(nested(20), None);
    assert_eq!(nested(100), Some((ReasonCode::ProofDisclosure, None)));
    let pid = Pid::new();
    let jwt = token(&issuer(), &pid.header, &pid.payload);
    let many = "~".repeat(100_000);
    assert_eq!(fault(&format!("{jwt}{many}")), Some((ReasonCode::ProofDisclosure, None)));
}

#[test]
fn the_holder_signs_what_is_presented_for_this_session() {
    let pid = Pid::new();
    let text = pid.shown(&["given_name"]);
    let by = |key: &Key, edit: &dyn Fn(&mut Value, &mut Value)| {
        let (mut header, mut claims) = binding(&text);
        edit(&mut header, &mut claims);
        format!("{text}{}", token(key, &header, &claims))
    };
    let with = |edit: &dyn Fn(&mut Value, &mut Value)| binding_fault(&by(&holder(), edit));
    assert_eq!(with(&|_, _| {}), None);
    for (name, value) in [
        ("typ", json!("JWT")),
        ("typ", json!(null)),
        ("alg", json!("none")),
        ("alg", json!("HS256")),
        ("jwk", sd_jwt::jwk(&Key::new("ES256", "an attacker"))),
        ("x5c", json!(["AAAA"])),
        ("crit", json!([])),
        ("kid", json!("key-1")),
    ] {
        let found = with(&|header, _| header[name] = value.clone());
        assert_eq!(found.as_deref(), Some("header"), "{name} {value}");
    }
    // Of the list, and not the key's.
    assert_eq!(with(&|header, _| header["alg"] = "ES384".into()).as_deref(), Some("key"));
    for name in ["iat", "aud", "nonce", "sd_hash"] {
        for value in [json!(null), json!(""), json!([]), json!({}), json!(true), json!(1.5)] {
            let found = with(&|_, claims| claims[name] = value.clone());
            assert_eq!(found.as_deref(), Some("claims"), "{name} {value}");
        }
    }
    let other = digest(&pid.shown(&["family_name"]));
    assert_eq!(with(&|_, it| it["sd_hash"] = other.clone().into()).as_deref(), Some("sd_hash"));
    let without_tilde = digest(text.trim_end_matches('~'));
    let found = with(&|_, it| it["sd_hash"] = without_tilde.clone().into());
    assert_eq!(found.as_deref(), Some("sd_hash"));
    let attacker = by(&Key::new("ES256", "an attacker"), &|_, _| {});
    assert_eq!(binding_fault(&attacker).as_deref(), Some("signature"));
    // By the issuer itself, who is not the holder.
    assert_eq!(binding_fault(&by(&issuer(), &|_, _| {})).as_deref(), Some("signature"));
    // Of another presentation of the same credential.
    let (_, of_other) =
        pid.bound().rsplit_once('~').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    assert_eq!(binding_fault(&format!("{text}{of_other}")).as_deref(), Some("sd_hash"));
    for text in [format!("{text}x"), format!("{text}a.b.c"), format!("{text}e30.e30.AA")] {
        assert_eq!(binding_fault(&text).as_deref(), Some("header"), "{text}");
    }
    let session = |nonce: &str| {
        let text = by(&holder(), &|_, claims| claims["nonce"] = nonce.into());
        let report = verify(&text);
        problems(&report).into_iter().map(|it| (it.0, it.1)).collect::<Vec<_>>()
    };
    let differs = vec![(Check::Session, ReasonCode::NonceDiffers)];
    assert_eq!(session(NONCE), []);
    assert_eq!(session(&format!("urn:trinsic:idvsession:{NONCE}")), []);
    for nonce in ["another", &format!("{NONCE} "), &format!("x{NONCE}"), &NONCE.to_uppercase()] {
        assert_eq!(session(nonce), differs, "{nonce}");
    }
    let made = |iat: i64| {
        let report = verify(&by(&holder(), &|_, claims| claims["iat"] = iat.into()));
        problems(&report).into_iter().map(|it| (it.0, it.1)).collect::<Vec<_>>()
    };
    let now = instant(NOW).timestamp();
    assert_eq!((made(now), made(now + 59)), (vec![], vec![]));
    assert_eq!(made(now + 61), [(Check::ValidityPeriod, ReasonCode::CreatedInFuture)]);
    let expired = verify(&by(&holder(), &|_, claims| claims["exp"] = (now - 61).into()));
    assert_eq!(problems(&expired)[0].1, ReasonCode::ProofExpired);
}

/// For whom it was made is asked of those who say who they are.
#[test]
fn a_presentation_for_somebody_else_is_passed_on() {
    let session = |policy: Policy| {
        let report = verify_by(policy, &Pid::new().bound(), NONCE, NOW);
        let outcome = outcome(&report.credentials()[0], Check::Session);
        (report.verdict(), outcome.code(), outcome.reason().map(|it| it.code()))
    };
    let named = |domain: &str| session(policy().domain(domain));
    assert_eq!(named(sd_jwt::AUDIENCE), (Verdict::Accepted, "pass", None));
    let other = (Verdict::Rejected, "fail", Some(ReasonCode::DomainDiffers));
    assert_eq!(named("https://other.example"), other);
    let unnamed = (Verdict::Accepted, "waived", Some(ReasonCode::DomainNotCompared));
    assert_eq!(session(policy()), unnamed);
}

/// The issuer signs which key the holder has: with it signs the one whom the credential is about.
#[test]
fn a_bound_key_is_the_subjects() {
    let policy = || policy().domain(sd_jwt::AUDIENCE).holder(HolderBinding::RequireSubject);
    let holder = |text: &str| {
        let report = verify_by(policy(), text, NONCE, NOW);
        outcome(&report.credentials()[0], Check::Holder)
    };
    let pid = Pid::new();
    assert_eq!(holder(&pid.bound()), Outcome::Pass);
    let unbound = holder(&pid.shown(&pid.names()));
    assert_eq!(unbound.reason().map(|it| it.code()), Some(ReasonCode::HolderUnproven));
}

#[test]
fn keys_of_the_holder() {
    for (issuer_algorithm, holder_algorithm) in
        [("EdDSA", "ES256"), ("ES256", "EdDSA"), ("ES384", "ES384"), ("ES256", "ES384")]
    {
        let issuer = Key::new(issuer_algorithm, "an issuer");
        let holder = Key::new(holder_algorithm, "a holder");
        let mut pid = Pid::new();
        pid.header = json!({"alg": issuer_algorithm, "kid": issuer.method(), "typ": "dc+sd-jwt"});
        pid.payload["iss"] = issuer.did().into();
        let with = |confirmation: Value| {
            let mut payload = pid.payload.clone();
            payload["cnf"] = confirmation;
            let text = presented(&token(&issuer, &pid.header, &payload), []);
            let (mut header, claims) = binding(&text);
            header["alg"] = holder_algorithm.into();
            let text = format!("{text}{}", token(&holder, &header, &claims));
            let policy = Policy::new(trusting([issuer.did()])).schema(Unknown::Skip);
            let report = verify_by(policy, &text, NONCE, NOW);
            let reason = outcome(&report.credentials()[0], Check::Proof).reason().cloned();
            reason.map(|it| (it.code(), it.detail().map(str::to_owned)))
        };
        let jwk = sd_jwt::jwk(&holder);
        assert_eq!(with(json!({"jwk": jwk})), None, "{issuer_algorithm} {holder_algorithm}");
        let key = Some((ReasonCode::KeyBinding, Some("key".to_owned())));
        let mut secret = jwk.clone();
        secret["d"] = "AAAA".into();
        let mut point = jwk.clone();
        point["x"] = URL_SAFE_NO_PAD.encode([0; 32]).into();
        for other in [
            json!(null),
            json!({}),
            json!({"jwk": jwk, "kid": "x"}),
            json!({"kid": holder.method()}),
            json!({"jwk": [jwk]}),
            json!({"jwk": secret}),
            json!({"jwk": point}),
            json!({"jwk": {"kty": "oct", "k": "AAAA"}}),
        ] {
            assert_eq!(with(other.clone()), key, "{other}");
        }
    }
}

/// A key that only a disclosure names is none: the holder could choose it.
#[test]
fn without_a_signed_key_nothing_binds() {
    let mut pid = Pid::new();
    pid.payload.as_object_mut().unwrap().remove("cnf");
    assert_eq!(binding_fault(&pid.bound()).as_deref(), Some("key"));
    let text = disclosure(&json!(["x", "jwk", sd_jwt::jwk(&holder())]));
    pid.payload["cnf"] = json!({"_sd": [digest(&text)]});
    pid.disclosures.push(("x", text));
    assert_eq!(binding_fault(&pid.bound()).as_deref(), Some("key"));
    // Without a key binding the credential is in order, and of no session.
    let report = verify(&Pid::new().shown(&[]));
    let found: Vec<_> = problems(&report).into_iter().map(|it| (it.0, it.1)).collect();
    assert_eq!(found, [(Check::Session, ReasonCode::NonceMissing)]);
}

/// Whoever was shown a credential leaves the holder's signature out and signs a presentation around the rest.
#[test]
fn a_copy_without_the_holders_signature_is_of_no_session() {
    let (pid, thief) = (Pid::new(), Key::new("EdDSA", "a thief"));
    let shown = pid.shown(&pid.names());
    let ask = |policy: Policy, payload: Value, kind: &str| {
        let header = json!({"alg": "EdDSA", "kid": thief.method(), "typ": kind});
        let text = token(&thief, &header, &payload);
        let read = UnverifiedPresentation::from_json(text.as_bytes()).expect("a presentation");
        let id = SessionId::new(NONCE).unwrap();
        let verifier = Verifier::new(policy);
        verifier.verify(&read, ExpectedSession::Id(&id), &Evidence::new(), instant(NOW))
    };
    let v1 = json!({"iss": thief.did(), "nonce": NONCE, "vp": {
        "@context": ["https://www.w3.org/2018/credentials/v1"],
        "type": "VerifiablePresentation",
        "verifiableCredential": [shown],
    }});
    let v2 = json!({
        "nonce": NONCE,
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": "VerifiablePresentation",
        "verifiableCredential": [{
            "@context": "https://www.w3.org/ns/credentials/v2",
            "type": "EnvelopedVerifiableCredential",
            "id": format!("data:application/dc+sd-jwt,{shown}"),
        }],
    });
    for (payload, kind) in [(v1, "JWT"), (v2, "vp+jwt")] {
        let report = ask(policy(), payload, kind);
        assert_eq!(outcome(&report.credentials()[0], Check::Presentation), Outcome::Pass);
        let found: Vec<_> = problems(&report).into_iter().map(|it| (it.0, it.1)).collect();
        assert_eq!(found, [(Check::Session, ReasonCode::NonceMissing)], "{kind}");
    }
}

/// Of two statuses one is shown, and of the other nothing: it is hidden, and not absent.
#[test]
fn a_status_of_which_nothing_is_shown_is_hidden() {
    let members = [
        ("type", json!("BitstringStatusListEntry")),
        ("statusPurpose", json!("revocation")),
        ("statusListIndex", json!("7")),
        ("statusListCredential", json!("https://issuer.example/revoked")),
    ];
    let texts = members.map(|(name, value)| disclosure(&json!(["s", name, value])));
    let entry = json!({
        "type": "BitstringStatusListEntry",
        "statusPurpose": "suspension",
        "statusListIndex": "7",
        "statusListCredential": "https://issuer.example/suspended",
    });
    let payload = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential", "urn:a"],
        "issuer": issuer().did(),
        "validFrom": "2022-05-02T10:00:00Z",
        "cnf": {"jwk": sd_jwt::jwk(&holder())},
        "credentialSubject": {"id": "urn:s"},
        "credentialStatus": [entry, {"_sd": texts.each_ref().map(|it| digest(it))}],
    });
    let header = json!({"alg": "ES256", "kid": issuer().method(), "typ": "vc+sd-jwt"});
    let issued = token(&issuer(), &header, &payload);
    let with = |texts: &[String]| {
        let shown = presented(&issued, texts.iter().map(String::as_str));
        let report = verify(&bound(&shown));
        assert_eq!(outcome(&report.credentials()[0], Check::Proof), Outcome::Pass);
        outcome(&report.credentials()[0], Check::CredentialStatus).reason().map(|it| it.code())
    };
    assert_eq!(with(&texts), Some(ReasonCode::StatusListMissing));
    assert_eq!(with(&texts[..1]), Some(ReasonCode::StatusHidden));
    assert_eq!(with(&[]), Some(ReasonCode::StatusHidden));
}

/// Asked how old it may be at the most, a holder does not hide when it was issued.
#[test]
fn an_age_that_is_asked_for_is_not_hidden() {
    let mut pid = Pid::new();
    pid.payload.as_object_mut().unwrap().remove("iat");
    let text = disclosure(&json!(["s-9", "iat", 1_000_000_000]));
    pid.payload["_sd"].as_array_mut().unwrap().push(digest(&text).into());
    pid.disclosures.push(("iat", text));
    let with = |policy: Policy, names: &[&str]| {
        let report = verify_by(policy, &bound(&pid.shown(names)), NONCE, NOW);
        outcome(&report.credentials()[0], Check::ValidityPeriod).reason().map(|it| it.code())
    };
    let month = || policy().max_age(chrono::Duration::days(30));
    assert_eq!(with(month(), &["iat"]), Some(ReasonCode::CredentialTooOld));
    assert_eq!(with(month(), &[]), Some(ReasonCode::MayBeHidden));
    let report = verify_by(month(), &bound(&pid.shown(&[])), NONCE, NOW);
    assert_eq!(report.verdict(), Verdict::Rejected);
    let report = verify_by(policy(), &bound(&pid.shown(&[])), NONCE, NOW);
    assert_eq!(report.verdict(), Verdict::Accepted);
}

/// The issuer signs the same for every presentation: it is the holder's signature that counts once.
#[test]
fn a_presentation_counts_once_and_a_credential_may_be_shown_again() {
    let pid = Pid::new();
    let again = |nonce: &str| {
        let text = pid.shown(&["given_name"]);
        let (header, mut claims) = binding(&text);
        claims["nonce"] = nonce.into();
        let text = format!("{text}{}", token(&holder(), &header, &claims));
        verify_by(policy(), &text, nonce, NOW)
    };
    let mut seen = SeenProofs::new();
    assert_eq!(seen.check(again("one")).verdict(), Verdict::Accepted);
    assert_eq!(seen.check(again("two")).verdict(), Verdict::Accepted);
    let report = seen.check(again("one"));
    assert_eq!(problems(&report)[0].1, ReasonCode::ProofSeen);
}

#[test]
fn the_header_says_what_is_expected() {
    let with = |name: &str, value: Value| {
        let mut pid = Pid::new();
        pid.header[name] = value;
        fault(&pid.bound()).map(|(code, _)| code)
    };
    assert_eq!(with("typ", json!("vc+sd-jwt")), None);
    let refused = Some(ReasonCode::ProofHeader);
    for (name, value) in [
        ("typ", json!("JWT")),
        ("typ", json!("kb+jwt")),
        ("typ", json!(null)),
        ("cty", json!("vc")),
        ("alg", json!("none")),
        ("alg", json!("HS256")),
        ("jwk", sd_jwt::jwk(&issuer())),
        ("jku", json!("https://attacker.example")),
        ("x5c", json!(["AAAA"])),
        ("crit", json!([])),
        ("b64", json!(false)),
        ("kid", json!("key-1")),
    ] {
        assert_eq!(with(name, value.clone()), refused, "{name} {value}");
    }
    assert_eq!(with("alg", json!("EdDSA")), Some(ReasonCode::KeyTypeDiffers));
    let mut pid = Pid::new();
    pid.header.as_object_mut().unwrap().remove("kid");
    assert_eq!(fault(&pid.bound()).unwrap().0, ReasonCode::ProofMalformed);
    pid.header["kid"] = json!(format!("#{}", issuer().method().split_once('#').unwrap().1));
    assert_eq!(fault(&pid.bound()), None);
}

#[test]
fn an_issuer_is_a_did_that_signs_itself() {
    let with = |issuer: Value| {
        let mut pid = Pid::new();
        pid.payload["iss"] = issuer;
        verify(&pid.bound())
    };
    for other in [json!("https://pid-issuer.example"), json!(null), json!(7), json!("")] {
        let report = with(other.clone());
        let reason = outcome(&report.credentials()[0], Check::Proof).reason().map(|it| it.code());
        assert_eq!(reason, Some(ReasonCode::IssuerNotDid), "{other}");
        assert_eq!(report.verdict(), Verdict::Rejected);
    }
    let report = with(json!(Key::new("ES256", "another issuer").did()));
    let found: Vec<_> = problems(&report).into_iter().map(|it| (it.0, it.1)).collect();
    assert!(found.contains(&(Check::TrustedIssuer, ReasonCode::IssuerNotTrusted)), "{found:?}");
    let attacker = Key::new("ES256", "an attacker");
    let mut pid = Pid::new();
    pid.header["kid"] = attacker.method().into();
    let text = bound(&presented(&token(&attacker, &pid.header, &pid.payload), []));
    let found: Vec<_> = problems(&verify(&text)).into_iter().map(|it| (it.0, it.1)).collect();
    assert!(found.contains(&(Check::IssuerIsSigner, ReasonCode::KeyControllerDiffers)));
}

#[test]
fn registered_claims_count() {
    let with = |name: &str, value: Value| {
        let mut pid = Pid::new();
        pid.payload[name] = value;
        let found = problems(&verify(&pid.bound()));
        found.into_iter().map(|it| (it.0, it.1)).collect::<Vec<_>>()
    };
    let validity = |code| vec![(Check::ValidityPeriod, code)];
    let now = instant(NOW).timestamp();
    assert_eq!(with("exp", json!(now - 61)), validity(ReasonCode::CredentialExpired));
    assert_eq!(with("nbf", json!(now + 61)), validity(ReasonCode::CredentialNotYetValid));
    assert_eq!(with("iat", json!(now + 61)), validity(ReasonCode::CredentialNotYetValid));
    assert_eq!(with("nbf", json!(now - 61)), vec![]);
    for value in [json!("soon"), json!(1e308), json!(1.5), json!(null)] {
        for name in ["exp", "nbf", "iat"] {
            let found = with(name, value.clone());
            assert!(found.contains(&(Check::Proof, ReasonCode::ProofClaims)), "{name} {value}");
        }
    }
    assert!(with("vct", json!(7)).contains(&(Check::Proof, ReasonCode::ProofClaims)));
    // What nobody can look up is not ignored.
    let list = json!({"status_list": {"idx": 7, "uri": "https://issuer.example/list"}});
    let status = vec![(Check::CredentialStatus, ReasonCode::StatusTypeUnknown)];
    assert_eq!(with("status", list.clone()), status);
    let mut pid = Pid::new();
    pid.payload["status"] = list;
    let lax = verify_by(policy().status(Unknown::Allow), &pid.bound(), NONCE, NOW);
    assert_eq!(lax.verdict(), Verdict::Accepted);
    assert_eq!(outcome(&lax.credentials()[0], Check::CredentialStatus).code(), "waived");
}

/// `iat` may be disclosed selectively: without it nobody knows when.
#[test]
fn a_hidden_date_of_issue_is_said() {
    let mut pid = Pid::new();
    pid.payload.as_object_mut().unwrap().remove("iat");
    let validity = |text: &str| {
        let report = verify(text);
        let outcome = outcome(&report.credentials()[0], Check::ValidityPeriod);
        (outcome.code(), outcome.reason().map(|it| it.code()))
    };
    assert_eq!(validity(&pid.bound()), ("fail", Some(ReasonCode::IssuanceDateMissing)));
    let hidden = ("waived", Some(ReasonCode::MayBeHidden));
    assert_eq!(validity(&bound(&pid.shown(&["given_name"]))), hidden);
    let text = disclosure(&json!(["x", "iat", 1_714_644_000]));
    pid.payload["_sd"].as_array_mut().unwrap().push(digest(&text).into());
    pid.disclosures.push(("iat", text));
    assert_eq!(validity(&bound(&pid.shown(&["given_name"]))), hidden);
    assert_eq!(validity(&bound(&pid.shown(&["iat"]))), ("pass", None));
}

/// A member is a statement, and what would be lost is refused.
#[test]
fn every_member_is_stated() {
    let with = |value: Value| {
        let mut pid = Pid::new();
        pid.payload["extra"] = value;
        verify(&pid.bound())
    };
    for (value, texts) in [
        (json!("A"), vec!["A"]),
        (json!(7), vec!["7"]),
        (json!(true), vec!["true"]),
        (json!(["A", "B", "7", 7]), vec!["7", "7", "A", "B"]),
        (json!([{"a": 1}, {"a": 1}]), vec!["_:c14n2", "_:c14n3"]),
    ] {
        let verified = with(value.clone()).into_verified().expect("accepted");
        let claims = signed_claims(&verified.credentials()[0]);
        let mut found = claims.into_iter().find(|(name, _)| name == "extra").unwrap().1;
        found.sort();
        match value[0].is_object() {
            true => assert_eq!(found.len(), texts.len()),
            false => assert_eq!(found, texts, "{value}"),
        }
    }
    for value in [
        json!(null),
        json!([]),
        json!({}),
        json!([[1]]),
        json!(["A", "A"]),
        json!({"a": null}),
        json!(1_u64 << 60),
    ] {
        let found = problems(&with(value.clone()));
        assert_eq!(found[0].1, ReasonCode::UnsignedContent, "{value}");
    }
    // Names that would be another format's.
    let mut pid = Pid::new();
    pid.payload["https://www.w3.org/2018/credentials#issuer"] = "did:web:other.example".into();
    pid.payload["issuer"] = "did:web:other.example".into();
    pid.payload["http://www.w3.org/1999/02/22-rdf-syntax-ns#type"] =
        "https://www.w3.org/2018/credentials#VerifiableCredential".into();
    let report = verify(&pid.bound());
    assert_eq!(report.credentials()[0].issuer().map(|it| it.as_str()), Some(&*issuer().did()));
    assert_eq!(report.verdict(), Verdict::Accepted);
    let mut named = Pid::new();
    named.payload["sub"] = "did:example:someone".into();
    assert_eq!(verify(&named.bound()).verdict(), Verdict::Accepted);
    named.payload["a> <b"] = 1.into();
    assert_eq!(problems(&verify(&named.bound()))[0].1, ReasonCode::UnsignedContent);
}

#[test]
fn it_is_read_wherever_it_stands() {
    let text = Pid::new().bound();
    let contexts = Evidence::new();
    let contexts = contexts.contexts();
    for input in [text.clone(), format!("{text}\n"), json!(text).to_string()] {
        for read in [
            Input::from_json(input.as_bytes(), contexts),
            Input::from_bytes(input.as_bytes(), contexts),
        ] {
            assert!(matches!(read, Ok(Input::Presentation(_))), "{input}: {read:?}");
        }
    }
    let envelope = |kind: &str| {
        json!({
            "@context": "https://www.w3.org/ns/credentials/v2",
            "type": "EnvelopedVerifiableCredential",
            "id": format!("data:application/{kind},{text}"),
        })
    };
    let read = |credential: Value| {
        let presentation = json!({
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiablePresentation"],
            "verifiableCredential": [credential],
        });
        UnverifiedPresentation::from_json(presentation.to_string().as_bytes())
    };
    for credential in [json!(text), envelope("dc+sd-jwt"), envelope("vc+sd-jwt")] {
        let id = SessionId::new(NONCE).unwrap();
        let read = read(credential).unwrap();
        let verifier = Verifier::new(policy());
        let expected = ExpectedSession::Id(&id);
        let report = verifier.verify(&read, expected, &Evidence::new(), instant(NOW));
        assert_eq!(report.verdict(), Verdict::Accepted);
    }
    assert!(read(envelope("vc+jwt")).is_err());
    assert!(read(envelope("sd-jwt")).is_err());
}

/// VC JOSE COSE: the payload is a JSON-LD credential, and claims are what JSON-LD makes of it.
#[test]
fn a_json_ld_credential_with_disclosures() {
    let key = issuer();
    let header = json!({"alg": "ES256", "kid": key.method(), "typ": "vc+sd-jwt", "cty": "vc"});
    let mut payload = plain::document(&key.did(), "ecdsa-rdfc-2019");
    let name = disclosure(&json!(["s", "givenName", "MIRABEL"]));
    let subject = payload["credentialSubject"].as_object_mut().unwrap();
    subject.remove("givenName");
    subject.insert("_sd".to_owned(), json!([digest(&name), digest("decoy")]));
    payload["cnf"] = json!({"jwk": sd_jwt::jwk(&holder())});
    let by = |payload: &Value, shown: &[&str]| {
        verify(&bound(&presented(&token(&key, &header, payload), shown.iter().copied())))
    };
    let report = by(&payload, &[&name]);
    assert_eq!(report.verdict(), Verdict::Accepted, "{:?}", report.credentials()[0].checks());
    let id = GovernmentId::from_credential(&report.into_verified().unwrap().credentials()[0]);
    let id = id.unwrap();
    assert_eq!(id.given_name.disclosed().map(String::as_str), Some("MIRABEL"));
    assert_eq!(id.city.state(), "not_disclosed");
    let id = self::id(by(&payload, &[]));
    assert_eq!((id.given_name.state(), id.family_name.state()), ("not_disclosed", "disclosed"));
    // A digest of the credential itself may hide its status.
    let mut hiding = payload.clone();
    hiding["_sd"] = json!([digest("a status")]);
    let found: Vec<_> = problems(&by(&hiding, &[])).into_iter().map(|it| it.1).collect();
    assert!(found.contains(&ReasonCode::StatusHidden), "{found:?}");
    for (name, value, code) in [
        ("vct", json!("urn:eudi:pid:1"), ReasonCode::ProofClaims),
        ("vc", json!({}), ReasonCode::ProofClaims),
        ("iss", json!("did:web:other.example"), ReasonCode::ProofClaims),
        ("exp", json!("soon"), ReasonCode::ProofClaims),
        ("proof", json!({"type": "DataIntegrityProof"}), ReasonCode::ProofCount),
    ] {
        let mut payload = payload.clone();
        payload[name] = value;
        let report = by(&payload, &[]);
        let reason = outcome(&report.credentials()[0], Check::Proof).reason().map(|it| it.code());
        assert_eq!(reason, Some(code), "{name}");
    }
    let mut expired = payload.clone();
    expired["exp"] = 1_717_000_000.into();
    assert_eq!(problems(&by(&expired, &[]))[0].1, ReasonCode::ProofExpired);
}

#[test]
fn nothing_personal_is_said_of_what_is_refused() {
    let mut pid = Pid::new();
    pid.payload["extra"] = json!({"MIRABEL": null});
    let report = verify(&pid.bound());
    let texts = [format!("{report:?}"), format!("{:?}", read(&pid.bound()).unwrap())];
    for text in texts {
        assert!(!text.contains("MIRABEL") && !text.contains("EXEMPLARIS"), "{text}");
    }
}

/// The SD-JWTs of the specification and of its suite name issuers by URL, and keys of P-521: each is refused for
/// what it is refused for. What they disclose opens digests that others made.
#[test]
fn sd_jwts_of_others() {
    let Some(folder) = support::vectors("third-party") else { return };
    let folder = folder.join("02c-jose-cose");
    let key = issuer();
    let evidence = Evidence::new();
    let (mut found, mut opened) = (Vec::new(), Vec::new());
    for entry in std::fs::read_dir(&folder).unwrap() {
        let item = entry.unwrap();
        if !item.file_type().unwrap().is_dir() {
            continue;
        }
        for file in std::fs::read_dir(item.path()).unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap_or_default();
            let text = text.trim();
            if !text.starts_with("ey") || !text.contains('~') {
                continue;
            }
            let name = item.file_name().into_string().unwrap();
            found.push((name.clone(), fault(text).map(|(code, _)| code.code())));
            // Signed anew by an issuer with a DID, with the disclosures as they stand.
            let (jwt, disclosures) = text.split_once('~').unwrap();
            let payload = URL_SAFE_NO_PAD.decode(jwt.split('.').nth(1).unwrap()).unwrap();
            let mut payload: Value = serde_json::from_slice(&payload).unwrap();
            payload["issuer"] = key.did().into();
            for name in ["iss", "iat", "exp", "cnf"] {
                payload.as_object_mut().unwrap().remove(name);
            }
            let header =
                json!({"alg": "ES256", "kid": key.method(), "typ": "vc+sd-jwt", "cty": "vc"});
            let text = format!("{}~{disclosures}", token(&key, &header, &payload));
            let read =
                UnverifiedPresentation::from_bare_credential(text.as_bytes(), evidence.contexts());
            let report =
                support::ask_plainly(&read.unwrap(), trusting([key.did()]), &evidence, NOW);
            if report.verdict() == Verdict::Accepted {
                let verified = report.into_verified().unwrap();
                let claims = signed_claims(&verified.credentials()[0]);
                opened.extend(claims.into_iter().flat_map(|(_, values)| values));
            }
        }
    }
    found.sort();
    let found: Vec<(&str, Option<&str>)> =
        found.iter().map(|(name, code)| (name.as_str(), *code)).collect();
    assert_eq!(
        found,
        [
            ("spec-jose-cose-PR-01", Some("proof_header")),
            // A token stands where a disclosure would.
            ("spec-jose-cose-PR-02", Some("proof_disclosure")),
            ("spec-jose-cose-PR-03", Some("proof_header")),
            ("suite-20-credential-sdjwt-selective", Some("issuer_not_did")),
            ("suite-21-credential-sdjwt-nested", Some("proof_header")),
            ("suite-23-credential-sdjwt-bad-signature", Some("issuer_not_did")),
            ("suite-26-presentation-sdjwt-bad-credential", Some("proof_claims")),
        ]
    );
    for text in ["Jane", "Doe", "1990-01-01", "100000"] {
        assert!(opened.iter().any(|it| it == text), "{text}: {opened:?}");
    }
}

/// A PID of which little is shown, for the command.
#[test]
#[ignore = "writes into fixtures/vocabularies"]
fn generate() {
    let text = bound(&Pid::new().shown(&["given_name", "birthdate"])) + "\n";
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/vocabularies");
    std::fs::write(folder.join("eudi_pid.txt"), text).unwrap();
}
