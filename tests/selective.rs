//! Derived proofs of `ecdsa-sd-2023` and `bbs-2023`: what an independent issuer signs and an independent
//! holder shows verifies, and nothing else does.

#![allow(unsafe_code)]

#[path = "support/curve.rs"]
#[allow(dead_code)]
mod curve;
#[path = "support/oracle.rs"]
#[allow(dead_code)]
mod oracle;
#[path = "support/plain.rs"]
#[allow(dead_code)]
mod plain;
#[path = "support/selective.rs"]
mod selective;
mod support;

use std::path::Path;

use curve::{Point, TORSION};
use result_vp::internal::{bbs_generators, bbs_proof_verifies, bbs_scalar};
use result_vp::policy::Disclosure;
use result_vp::{
    Check, Claim, Evidence, ExpectedSession, GovernmentId, Outcome, Policy, ReasonCode, Report,
    SeenProofs, TrustedIssuers, Unknown, UnverifiedPresentation, Verdict, Verifier,
};
use selective::{document, issue, multibase, Base, Cbor, Issuer, Shown, CHOSEN, MANDATORY, SUITES};
use serde_json::{json, Value};
use support::{ask_plainly, instant, outcome, trusting, vectors};

fn ask(credential: &Value, edit: impl FnOnce(Policy) -> Policy) -> Report {
    let (text, evidence) = (credential.to_string(), Evidence::new());
    let read = UnverifiedPresentation::from_bare_credential(text.as_bytes(), evidence.contexts());
    let policy = Policy::new(trusting([credential["issuer"].as_str().unwrap()]));
    let policy = edit(policy.status(Unknown::Skip).schema(Unknown::Skip));
    let (any, now) = (ExpectedSession::InsecureAny, instant("2024-06-01T00:00:00Z"));
    Verifier::new(policy).verify(&read.expect("a credential"), any, &evidence, now)
}

fn report(credential: &Value) -> Report {
    ask(credential, |policy| policy)
}

fn found(credential: &Value, check: Check) -> Outcome {
    outcome(&report(credential).credentials()[0], check)
}

fn reason(outcome: &Outcome) -> Option<ReasonCode> {
    outcome.reason().map(|reason| reason.code())
}

/// The contexts that documents of others name and the library does not bring along.
fn with_contexts(folder: &Path) -> Evidence {
    let mut evidence = Evidence::new();
    for name in ["citizenship_v4rc1", "vdl_v1", "vdl_aamva_v1"] {
        let file = folder.join(format!("06-contexts/w3id.org_{name}.jsonld"));
        let url = format!("https://w3id.org/{}", name.replace('_', "/"));
        // Some are brought along already.
        let _ = evidence.add_context(&url, &std::fs::read(file).unwrap());
    }
    evidence
}

/// What the checks of contexts, content and proof say of a document by anybody.
fn proof_of(credential: &Value, evidence: &Evidence) -> Outcome {
    let text = credential.to_string();
    let read = UnverifiedPresentation::from_bare_credential(text.as_bytes(), evidence.contexts());
    let any = TrustedIssuers::insecure_any();
    let report = ask_plainly(&read.unwrap(), any, evidence, "2026-11-25T00:00:00Z");
    let credential = &report.credentials()[0];
    let checks = [Check::Context, Check::UnsignedContent, Check::Proof];
    let outcomes = checks.map(|check| outcome(credential, check));
    outcomes.into_iter().find(|it| *it != Outcome::Pass).unwrap_or(Outcome::Pass)
}

/// The derived proofs of the specifications verify, and no other value in their place; what a holder keeps
/// is refused by name, and so are the features that are not built.
#[test]
fn the_vectors_of_the_specifications() {
    let Some(folder) = vectors("third-party") else { return };
    let evidence = with_contexts(&folder);
    let read = |name: &str| {
        let file = folder.join("01-data-integrity").join(name);
        support::json(&std::fs::read(file).unwrap())
    };
    for name in ["ecdsa-sd-2023-employ", "bbs-2023-prc"] {
        let derived = read(&format!("{name}-derived/derivedRevealDocument.json"));
        assert_eq!(proof_of(&derived, &evidence), Outcome::Pass, "{name}");
        let value = derived["proof"]["proofValue"].as_str().unwrap();
        let with = |value: String| {
            let mut credential = derived.clone();
            credential["proof"]["proofValue"] = value.into();
            proof_of(&credential, &evidence)
        };
        for at in 0..value.len() {
            let other = if value.as_bytes()[at] == b'A' { "B" } else { "A" };
            let changed = format!("{}{other}{}", &value[..at], &value[at + 1..]);
            assert_ne!(with(changed), Outcome::Pass, "{name} {at}");
        }
        for (place, value) in [
            ("/credentialSubject/birthCountry", json!("Elsewhere")),
            ("/credentialSubject/birthCountry", Value::Null),
            ("/credentialSubject/gender", json!("Female")),
            ("/issuer/image", Value::Null),
            ("/validUntil", json!("2035-12-16T23:59:59Z")),
            ("/proof/created", json!("2023-08-15T23:36:39Z")),
        ] {
            let mut credential = derived.clone();
            set(&mut credential, place, value);
            assert_ne!(proof_of(&credential, &evidence), Outcome::Pass, "{name} {place}");
        }
        let base = read(&format!("{name}-derived/addSignedSDBase.json"));
        assert_eq!(reason(&proof_of(&base, &evidence)), Some(ReasonCode::ProofBase), "{name}");
    }
    // Their contexts are not ours, so their proofs stand here in another document.
    let mut derived = read("bbs-2023-prc-derived/derivedRevealDocument.json");
    for (name, feature) in
        [("HolderBinding", "anonymous_holder_binding"), ("Pseudonym", "holder_binding_pseudonym")]
    {
        let optional = read(&format!("bbs-2023-{name}-derived/derivedRevealDocument.json"));
        derived["proof"] = optional["proof"].clone();
        let Outcome::Indeterminate(found) = proof_of(&derived, &evidence) else { panic!("{name}") };
        assert_eq!((found.code(), found.detail()), (ReasonCode::ProofFeature, Some(feature)));
    }
}

/// The W3C's suites spoil values that an independent implementation made: without that they verify.
#[test]
fn what_the_suites_spoiled_verifies_once_it_is_repaired() {
    let Some(folder) = vectors("third-party") else { return };
    let evidence = with_contexts(&folder);
    for (name, spoiled, repaired) in [
        ("bbs-002", "2V0D", "u2V0D"),
        ("bbs-031", "a2V0D", "u2V0D"),
        ("bbs-041", "uAAAD", "u2V0D"),
        ("bbs-042", "a2V0D", "u2V0D"),
        ("bbs-056", "2V0D", "u2V0D"),
        ("ecdsa-059", "2V0B", "u2V0B"),
        ("ecdsa-060", "uB", "u2V0B"),
    ] {
        let file = folder.join("07-recorded-suite-requests").join(name).join("request.json");
        let request = support::json(&std::fs::read(file).unwrap());
        let mut credential = request["verifiableCredential"].clone();
        assert_ne!(proof_of(&credential, &evidence), Outcome::Pass, "{name}");
        let value = credential["proof"]["proofValue"].as_str().unwrap();
        let rest = value.strip_prefix(spoiled).unwrap_or_else(|| panic!("{name}: {:.8}", value));
        credential["proof"]["proofValue"] = format!("{repaired}{rest}").into();
        assert_eq!(proof_of(&credential, &evidence), Outcome::Pass, "{name}");
    }
}

/// An issuer of the suite and what a holder keeps of it.
fn issued(suite: &str) -> (Issuer, Base) {
    let issuer = Issuer::new(suite, suite);
    let base = issue(&issuer, &document(&issuer.did()), &issuer.options(), &MANDATORY);
    (issuer, base)
}

/// Whoever has seen a proof writes it otherwise: the labels in another order, n - s in place of s, or fewer
/// statements with their signatures.
#[cfg(feature = "ecdsa")]
#[test]
fn a_showing_that_is_written_otherwise_is_the_same() {
    for suite in SUITES {
        let shown = shown(suite);
        let mut others = vec![changed(&shown, |it| it.labels().reverse())];
        if suite == "ecdsa-sd-2023" {
            others.push(changed(&shown, |it| {
                let base = it.components[0].bytes();
                let signature = p256::ecdsa::Signature::from_slice(base).unwrap();
                let (r, s) = signature.split_scalars();
                let other = p256::ecdsa::Signature::from_scalars(r.to_bytes(), (-*s).to_bytes());
                *base = other.unwrap().to_bytes().to_vec();
            }));
        }
        for other in others {
            let mut seen = SeenProofs::new();
            assert_eq!(seen.check(report(&shown.credential())).verdict(), Verdict::Accepted);
            assert_ne!(shown.credential(), other);
            assert_eq!(report(&other).verdict(), Verdict::Accepted);
            assert_eq!(seen.check(report(&other)).verdict(), Verdict::Rejected, "{suite}");
        }
    }
}

/// What the holder shows when the usual is chosen.
fn shown(suite: &str) -> Shown {
    let (issuer, base) = issued(suite);
    base.show(&issuer, &CHOSEN, b"for somebody")
}

/// Refused by the check of the proof, with the reason.
fn refused(credential: &Value, code: ReasonCode, what: &str) {
    let report = report(credential);
    let proof = outcome(&report.credentials()[0], Check::Proof);
    assert_eq!(report.verdict(), Verdict::Rejected, "{what}");
    assert!(matches!(&proof, Outcome::Fail(it) if it.code() == code), "{what}: {proof:?}");
}

type Edit<'e> = &'e dyn Fn(&mut Shown);

fn changed(shown: &Shown, edit: impl FnOnce(&mut Shown)) -> Value {
    let mut shown = shown.clone();
    edit(&mut shown);
    shown.credential()
}

/// Whatever the holder chooses; and of what is not shown nothing is said.
#[test]
fn what_an_independent_holder_shows_is_accepted() {
    for suite in SUITES {
        let (issuer, base) = issued(suite);
        let all = base.line_count();
        for choice in 0..1_u32 << CHOSEN.len() {
            let chosen: Vec<&str> = (0..CHOSEN.len())
                .filter(|place| choice >> place & 1 == 1)
                .map(|place| CHOSEN[place])
                .collect();
            let shown = base.show(&issuer, &chosen, &choice.to_be_bytes()[..choice as usize % 5]);
            let report = report(&shown.credential());
            let credential = &report.credentials()[0];
            assert_eq!(outcome(credential, Check::Proof), Outcome::Pass, "{suite} {chosen:?}");
            let is_dated = chosen.contains(&"/validFrom");
            let has_subject = chosen.iter().any(|it| it.starts_with("/credentialSubject"));
            let is_accepted = report.verdict() == Verdict::Accepted;
            assert_eq!(is_accepted, has_subject, "{suite} {chosen:?} {:?}", credential.checks());
            let hidden = all - (plain_count(&shown));
            let told = (suite == "bbs-2023").then_some(hidden);
            assert_eq!(credential.hidden_statements(), told);
            if !is_accepted {
                continue;
            }
            // A beginning that is not shown may be hidden.
            let period = outcome(credential, Check::ValidityPeriod);
            assert_eq!(reason(&period), Some(ReasonCode::MayBeHidden), "{is_dated}");
            let verified = report.into_verified().unwrap();
            let id = GovernmentId::from_credential(&verified.credentials()[0]).unwrap();
            let expected = |pointer: &str, text: &str| match chosen.contains(&pointer) {
                true => Claim::Disclosed(text.to_owned()),
                false => Claim::NotDisclosed,
            };
            assert!(id.family_name == expected(CHOSEN[1], "EXEMPLARIS"));
            assert_eq!(id.date_of_birth.disclosed().is_some(), chosen.contains(&CHOSEN[2]));
            assert_eq!(id.given_name, Claim::NotDisclosed);
        }
    }
}

fn plain_count(shown: &Shown) -> usize {
    let mut shown = shown.clone();
    shown.mandatory().len() + shown.others().len()
}

/// As general processors escape them, and in their order: by code points.
#[test]
fn texts_are_signed_as_they_are_written() {
    for suite in SUITES {
        let issuer = Issuer::new(suite, "an issuer of texts");
        let mut document = document(&issuer.did());
        for (member, text) in
            [("familyName", "a \"name\" \\ with\nlines\r and ä"), ("number", "\u{ffee}\u{10348}")]
        {
            document["credentialSubject"][member] = text.into();
        }
        document["credentialSubject"]["class"] = json!(["\u{ffee}", "\u{10348}", "A"]);
        let base = issue(&issuer, &document, &issuer.options(), &MANDATORY);
        let chosen = [&CHOSEN[..], &["/credentialSubject/number", "/credentialSubject/class"]];
        let shown = base.show(&issuer, &chosen.concat(), b"");
        assert_eq!(report(&shown.credential()).verdict(), Verdict::Accepted, "{suite}");
    }
}

/// Only a suite that tells how many statements there are can show all of them.
#[test]
fn all_is_shown_where_the_proof_says_so() {
    let all = ["/validFrom", "/credentialSubject"];
    for suite in SUITES {
        let (issuer, base) = issued(suite);
        let whole = base.show(&issuer, &all, b"").credential();
        let part = base.show(&issuer, &CHOSEN, b"").credential();
        let strict = |credential: &Value| {
            ask(credential, |policy| {
                policy.disclosure(Disclosure::RequireFull).status(Unknown::Require)
            })
        };
        let of = |credential: &Value, check| {
            reason(&outcome(&strict(credential).credentials()[0], check))
        };
        for check in [Check::Disclosure, Check::CredentialStatus, Check::ValidityPeriod] {
            assert!(of(&part, check).is_some(), "{suite} {check:?}");
        }
        let hidden = Some(ReasonCode::StatusHidden);
        assert_eq!(of(&part, Check::CredentialStatus), hidden, "{suite}");
        if suite == "ecdsa-sd-2023" {
            assert_eq!(of(&whole, Check::Disclosure), Some(ReasonCode::HiddenStatements));
            assert_eq!(of(&whole, Check::CredentialStatus), hidden);
            assert_eq!(of(&whole, Check::ValidityPeriod), Some(ReasonCode::MayBeHidden));
            continue;
        }
        let report = strict(&whole);
        assert_eq!(report.verdict(), Verdict::Accepted);
        let verified = report.into_verified().unwrap();
        let id = GovernmentId::from_credential(&verified.credentials()[0]).unwrap();
        assert_eq!(id.portrait, Claim::Absent);
    }
}

/// Whatever is changed, added or left out, in the document or among the options.
#[test]
fn no_change_of_what_was_signed_is_accepted() {
    for suite in SUITES {
        let shown = shown(suite);
        let honest = shown.credential();
        assert_eq!(report(&honest).verdict(), Verdict::Accepted);
        let wrong = match suite {
            "bbs-2023" => ReasonCode::ProofEquation,
            _ => ReasonCode::ProofSignature,
        };
        let count = ReasonCode::StatementCountDiffers;
        let changes: [(&str, Value, ReasonCode); 19] = [
            ("/credentialSubject/familyName", "OTHER".into(), wrong),
            ("/credentialSubject/familyName", json!(["EXEMPLARIS", "OTHER"]), count),
            ("/credentialSubject/familyName", Value::Null, count),
            ("/credentialSubject/added", "x".into(), count),
            ("/credentialSubject/givenName", "MIRABEL".into(), count),
            ("/credentialSubject/address/city", "SHELBYVILLE".into(), wrong),
            ("/credentialSubject/address/street", "x".into(), count),
            ("/credentialSubject/permits/0/class", "A".into(), wrong),
            ("/credentialSubject/permits/0/since", Value::Null, count),
            ("/credentialSubject/type", "Person".into(), count),
            ("/type/1", "Other".into(), wrong),
            ("/validUntil", "2044-05-02T10:00:00Z".into(), wrong),
            ("/validFrom", "2024-05-03T10:00:00Z".into(), wrong),
            ("/credentialStatus", json!({"id": "urn:s", "type": "urn:t"}), count),
            ("/@context/1", json!({"@vocab": "https://other.example/"}), wrong),
            ("/proof/created", "2024-05-02T10:00:01Z".into(), wrong),
            ("/proof/challenge", "other".into(), wrong),
            ("/proof/domain", "other.example".into(), wrong),
            ("/proof/nonce", "n".into(), wrong),
        ];
        for (place, value, code) in changes {
            let mut credential = honest.clone();
            set(&mut credential, place, value);
            refused(&credential, code, &format!("{suite} {place}"));
        }
        // What a node's id would take from a blank node's label.
        let mut named = honest.clone();
        named["credentialSubject"]["id"] = "urn:vc:subject:0".into();
        refused(&named, ReasonCode::ProofShape, suite);
        // What no statement says is refused before.
        let mut null = honest.clone();
        null["credentialSubject"]["added"] = Value::Null;
        assert_ne!(report(&null).verdict(), Verdict::Accepted);
        let mut other = honest.clone();
        other["issuer"] = Issuer::new(suite, "somebody else").did().into();
        assert_ne!(report(&other).verdict(), Verdict::Accepted);
    }
}

/// One bit of each byte of the value, and each of its beginnings.
#[test]
fn a_value_has_one_form() {
    for suite in SUITES {
        let shown = shown(suite);
        let rest = Cbor::List(shown.components.clone()).written();
        let fails = |rest: &[u8], what: &str| {
            let found = found(&shown.with_value(&multibase(shown.kind, rest)), Check::Proof);
            assert_eq!(found.code(), "fail", "{suite} {what}");
        };
        for at in 0..rest.len() {
            let mut flipped = rest.clone();
            flipped[at] ^= 1 << (at % 8);
            fails(&flipped, &format!("bit of byte {at}"));
            if at % 8 == 0 || rest.len() - at < 20 {
                fails(&rest[..at], &format!("the first {at} bytes"));
            }
        }
        fails(&[&rest[..], &[0]].concat(), "a byte more");
        let value = shown.value();
        for text in [
            value.replacen('u', "z", 1),
            value.replacen('u', "U", 1),
            value[1..].to_owned(),
            format!("{value}="),
            format!("{value} "),
            format!("{value}A"),
            "u".to_owned(),
            "u2V0".to_owned(),
            "u2V0B".to_owned(),
            String::new(),
        ] {
            let found = found(&shown.with_value(&text), Check::Proof);
            assert_eq!(found.code(), "fail", "{suite} {text}");
        }
    }
}

/// Another encoding of the same components.
#[test]
fn components_are_written_in_one_way() {
    for suite in SUITES {
        let shown = shown(suite);
        let components = || shown.components.iter().flat_map(Cbor::written);
        let with = |head: &[u8], tail: &[u8]| {
            let rest: Vec<u8> =
                head.iter().copied().chain(components()).chain(tail.iter().copied()).collect();
            shown.with_value(&multibase(shown.kind, &rest))
        };
        assert_eq!(found(&with(&[0x85], &[]), Check::Proof), Outcome::Pass);
        for (head, tail, what) in [
            (&[0x9f][..], &[0xff][..], "a list of no length"),
            (&[0x98, 5], &[], "a length that is not in its shortest form"),
            (&[0xc1, 0x85], &[], "a tag"),
            (&[0x86], &[0x00], "a sixth component"),
            (&[0x84], &[], "four of five"),
            (&[0xa5], &[], "a map"),
        ] {
            refused(&with(head, tail), ReasonCode::ProofShape, what);
        }
        let raw = |bytes: &[u8]| Cbor::Raw(bytes.to_vec());
        let edits: [(&str, Edit<'_>); 7] = [
            ("an index in two bytes", &|it| it.mandatory()[0] = raw(&[0x18, 0])),
            ("a negative index", &|it| it.mandatory()[0] = raw(&[0x20])),
            ("an index that is a float", &|it| it.mandatory()[0] = raw(&[0xf9, 0, 0])),
            ("a tagged index", &|it| it.mandatory()[0] = raw(&[0xc0, 0])),
            ("a text for bytes", &|it| it.components[0] = raw(&[0x61, 0x61])),
            ("nothing", &|it| it.components[0] = raw(&[0xf6])),
            ("a label twice", &|it| {
                let first = it.labels()[0].clone();
                it.labels().push(first);
            }),
        ];
        for (what, edit) in edits {
            refused(&changed(&shown, edit), ReasonCode::ProofShape, &format!("{suite} {what}"));
        }
        // A map has no order.
        let turned = changed(&shown, |it| it.labels().reverse());
        assert_eq!(found(&turned, Check::Proof), Outcome::Pass);
    }
}

#[test]
fn indexes_ascend_and_are_of_what_is_shown() {
    for suite in SUITES {
        let shown = shown(suite);
        let lines = plain_count(&shown);
        let index = |number: usize| Cbor::Unsigned(number as u64);
        let (shape, count) = (ReasonCode::ProofShape, ReasonCode::StatementCountDiffers);
        let wrong = match suite {
            "bbs-2023" => ReasonCode::ProofEquation,
            _ => ReasonCode::ProofSignature,
        };
        let edits: [(&str, ReasonCode, Edit<'_>); 7] = [
            ("swapped", shape, &|it| it.mandatory().swap(0, 1)),
            ("twice", shape, &|it| it.mandatory()[1] = it.clone().mandatory()[0].clone()),
            ("beyond the end", shape, &|it| *it.mandatory().last_mut().unwrap() = index(lines)),
            ("far beyond the end", shape, &|it| {
                *it.mandatory().last_mut().unwrap() = Cbor::Unsigned(u64::MAX);
            }),
            ("one less", count, &|it| drop(it.mandatory().pop())),
            ("one more", count, &|it| {
                let free = (0..lines).map(index).find(|it_| !it.mandatory().contains(it_)).unwrap();
                it.mandatory().push(free);
                it.mandatory().sort_by_key(Cbor::number);
            }),
            ("another one", wrong, &|it| {
                let free = (0..lines).rev().map(index).find(|it_| !it.mandatory().contains(it_));
                *it.mandatory().last_mut().unwrap() = free.unwrap();
                it.mandatory().sort_by_key(Cbor::number);
            }),
        ];
        for (what, code, edit) in edits {
            refused(&changed(&shown, edit), code, &format!("{suite} {what}"));
        }
        if suite == "bbs-2023" {
            let edits: [(&str, ReasonCode, Edit<'_>); 6] = [
                ("swapped", shape, &|it| it.others().swap(0, 1)),
                ("twice", shape, &|it| it.others()[1] = it.clone().others()[0].clone()),
                ("beyond the end", shape, &|it| {
                    *it.others().last_mut().unwrap() = index(100);
                }),
                ("one less", count, &|it| drop(it.others().pop())),
                ("one more", count, &|it| it.others().push(index(40))),
                ("another one", wrong, &|it| {
                    let indexes: Vec<u64> = it.others().iter().map(Cbor::number).collect();
                    let free = |(place, it): &(usize, &u64)| {
                        (*place == 0 && **it > 0) || (*place > 0 && indexes[place - 1] + 1 < **it)
                    };
                    let (place, before) = indexes.iter().enumerate().find(free).unwrap();
                    it.others()[place] = Cbor::Unsigned(before - 1);
                }),
            ];
            for (what, code, edit) in edits {
                refused(&changed(&shown, edit), code, &format!("{suite} message {what}"));
            }
        }
    }
}

/// Shown or not; more are refused before they are worked on.
#[test]
fn a_proof_is_over_at_most_1024_messages() {
    let (issuer, base) = issued("bbs-2023");
    let (wrong, shape) = (ReasonCode::ProofEquation, ReasonCode::ProofShape);
    for (chosen, count, code) in [
        // With generators to derive it would be undecided, for its work.
        (&[][..], 2000, shape),
        (&[], 1024, wrong),
        (&[], 1025, shape),
        (&CHOSEN, 1024, wrong),
        (&CHOSEN, 1025, shape),
    ] {
        let mut shown = base.show(&issuer, chosen, b"");
        let hidden = count - shown.others().len();
        // Three points and three scalars come before the responses, and the challenge after them.
        let proof = shown.components[0].bytes();
        let challenge = proof.split_off(proof.len() - 32);
        let response = proof.split_off(proof.len() - 32);
        proof.truncate(3 * 48 + 3 * 32);
        (0..hidden).for_each(|_| proof.extend(&response));
        proof.extend(challenge);
        refused(&shown.credential(), code, &format!("{count}, {hidden} of them hidden"));
    }
}

#[test]
fn every_blank_node_has_a_label_of_its_own() {
    for suite in SUITES {
        let shown = shown(suite);
        let wrong = match suite {
            "bbs-2023" => ReasonCode::ProofEquation,
            _ => ReasonCode::ProofSignature,
        };
        let shape = ReasonCode::ProofShape;
        let count = shown.clone().labels().len();
        assert_eq!(count, 4);
        for first in 0..count {
            for second in first + 1..count {
                let swapped = changed(&shown, |it| {
                    let labels = it.labels();
                    let (a, b) = (labels[first].1.clone(), labels[second].1.clone());
                    (labels[first].1, labels[second].1) = (b, a);
                });
                refused(&swapped, wrong, &format!("{suite} labels swapped"));
                let shared = changed(&shown, |it| {
                    it.labels()[second].1 = it.clone().labels()[first].1.clone();
                });
                refused(&shared, shape, &format!("{suite} one label for two nodes"));
            }
            let missing = changed(&shown, |it| drop(it.labels().remove(first)));
            refused(&missing, shape, &format!("{suite} no label"));
            let moved = changed(&shown, |it| it.labels()[first].0 = 17);
            refused(&moved, shape, &format!("{suite} the label of another node"));
        }
        let more = changed(&shown, |it| {
            let label = match suite {
                "bbs-2023" => Cbor::Unsigned(40),
                _ => Cbor::Bytes(vec![7; 32]),
            };
            it.labels().push((4, label));
        });
        refused(&more, shape, &format!("{suite} a label of no node"));
    }
}

/// Each signature is over its own statement, by the key of this credential, which the issuer signed.
#[test]
fn signatures_count_for_their_statements_alone() {
    let (issuer, base) = issued("ecdsa-sd-2023");
    let shown = base.show(&issuer, &CHOSEN, b"");
    let (count, wrong) = (ReasonCode::StatementCountDiffers, ReasonCode::ProofSignature);
    let signatures = shown.clone().others().len();
    for place in 0..signatures {
        let lost = changed(&shown, |it| drop(it.others().remove(place)));
        refused(&lost, count, "a signature less");
        let more = changed(&shown, |it| {
            let again = it.others()[place].clone();
            it.others().push(again);
        });
        refused(&more, count, "a signature more");
        let swapped = changed(&shown, |it| it.others().swap(place, (place + 1) % signatures));
        refused(&swapped, wrong, "two signatures swapped");
        for byte in [0, 31, 32, 63] {
            let flipped = changed(&shown, |it| it.others()[place].bytes()[byte] ^= 1);
            refused(&flipped, wrong, "a bit of a signature");
        }
        let short = changed(&shown, |it| it.others()[place].bytes().truncate(63));
        refused(&short, ReasonCode::ProofShape, "a short signature");
    }
    // The same issuer's other credential: another key, which its base signature is over.
    let mut other = document(&issuer.did());
    other["credentialSubject"]["familyName"] = "SOMEBODY ELSE".into();
    let other = issue(&issuer, &other, &issuer.options(), &MANDATORY).show(&issuer, &CHOSEN, b"");
    assert_eq!(report(&other.credential()).verdict(), Verdict::Accepted);
    for place in 0..signatures {
        let mixed =
            changed(&shown, |it| it.others()[place] = other.clone().others()[place].clone());
        refused(&mixed, wrong, "a signature of another credential");
    }
    let mixed = changed(&shown, |it| {
        it.document = other.document.clone();
        it.components[2] = other.components[2].clone();
    });
    refused(&mixed, wrong, "the statements of another credential");
    let mixed = changed(&shown, |it| it.components[1] = other.components[1].clone());
    refused(&mixed, wrong, "the key of another credential");
    // Anybody can make a key and sign statements with it.
    let own = plain::Key::new("ES256", "an attacker");
    let key = bs58::decode(own.did().trim_start_matches("did:key:z")).into_vec().unwrap();
    let forged = changed(&shown, |it| it.components[1] = Cbor::Bytes(key));
    refused(&forged, wrong, "the key of an attacker");
    // A key that is none, though the issuer signed it.
    let Issuer::EcdsaSd(key) = &issuer else { panic!() };
    for own in
        [[0; 35], [0xff; 35], std::array::from_fn(|at| [0x80, 0x24].get(at).copied().unwrap_or(5))]
    {
        let odd = changed(&shown, |it| {
            let signed = [&base.hashes[0][..], &own, &base.hashes[1]].concat();
            it.components[0] = Cbor::Bytes(key.sign(&signed));
            it.components[1] = Cbor::Bytes(own.to_vec());
        });
        refused(&odd, ReasonCode::ProofPoint, "no key of P-256");
    }
}

/// A BBS proof is of its messages at their places, for its header and its presentation header.
#[test]
fn a_disclosure_counts_as_it_was_made() {
    let (issuer, base) = issued("bbs-2023");
    let shown = base.show(&issuer, &CHOSEN, b"for somebody");
    for header in [&b""[..], b"for somebody else", b"for somebody\0"] {
        let other = changed(&shown, |it| it.components[4] = Cbor::Bytes(header.to_vec()));
        refused(&other, ReasonCode::ProofEquation, "another presentation header");
    }
    let proof = |edit: &dyn Fn(&mut Vec<u8>)| changed(&shown, |it| edit(it.components[0].bytes()));
    refused(&proof(&|it| it.truncate(it.len() - 32)), ReasonCode::ProofShape, "a message less");
    refused(&proof(&|it| it.extend([1; 32])), ReasonCode::ProofEquation, "a message more");
    refused(&proof(&|it| it.truncate(it.len() - 1)), ReasonCode::ProofShape, "a byte less");
    refused(&proof(&|it| it.truncate(144 + 96)), ReasonCode::ProofShape, "no scalars");
    refused(&proof(&|it| it[144..176].fill(0)), ReasonCode::ProofScalar, "a scalar that is 0");
    refused(&proof(&|it| it[144..176].fill(255)), ReasonCode::ProofScalar, "a scalar above");
    let identity = [&[0xc0][..], &[0; 47]].concat();
    for point in [0, 48, 96] {
        let points = |bytes: &[u8]| proof(&|it| it[point..point + 48].copy_from_slice(bytes));
        refused(&points(&identity), ReasonCode::ProofPoint, "the identity");
        refused(&points(&[0xff; 48]), ReasonCode::ProofPoint, "no point");
        // The equations hold over such points too, or nearly.
        for (_, torsion) in TORSION.iter() {
            let laced = proof(&|it| {
                let honest = Point::from_bytes(&it[point..point + 48]);
                it[point..point + 48].copy_from_slice(&honest.plus(*torsion).compressed());
            });
            refused(&laced, ReasonCode::ProofPoint, "outside the group");
            refused(&points(&torsion.compressed()), ReasonCode::ProofPoint, "of small order");
        }
    }
    let long = proof(&|it| it.extend(std::iter::repeat_n(1, 32 * 1100)));
    refused(&long, ReasonCode::ProofShape, "more messages than may be");
}

#[test]
fn proofs_of_holders_and_of_other_features_are_named() {
    for (suite, kind, code, outcome_code) in [
        ("ecdsa-sd-2023", 0, ReasonCode::ProofBase, "fail"),
        ("bbs-2023", 2, ReasonCode::ProofBase, "fail"),
        ("bbs-2023", 4, ReasonCode::ProofBase, "fail"),
        ("bbs-2023", 6, ReasonCode::ProofBase, "fail"),
        ("bbs-2023", 8, ReasonCode::ProofBase, "fail"),
        ("bbs-2023", 5, ReasonCode::ProofFeature, "indeterminate"),
        ("bbs-2023", 7, ReasonCode::ProofFeature, "indeterminate"),
        ("bbs-2023", 9, ReasonCode::ProofFeature, "indeterminate"),
        ("ecdsa-sd-2023", 3, ReasonCode::ProofShape, "fail"),
        ("bbs-2023", 1, ReasonCode::ProofShape, "fail"),
        ("bbs-2023", 10, ReasonCode::ProofShape, "fail"),
    ] {
        let credential = changed(&shown(suite), |it| it.kind = kind);
        let proof = found(&credential, Check::Proof);
        assert_eq!((reason(&proof), proof.code()), (Some(code), outcome_code), "{suite} {kind}");
        assert_ne!(report(&credential).verdict(), Verdict::Accepted);
    }
}

#[test]
fn a_proof_is_of_its_suite_and_stands_alone() {
    let (one, other) = (shown(SUITES[0]), shown(SUITES[1]));
    for (suite, shown) in [(SUITES[1], &one), (SUITES[0], &other)] {
        let credential = changed(shown, |it| it.options["cryptosuite"] = suite.into());
        refused(&credential, ReasonCode::ProofShape, suite);
    }
    // By a key of the other suite, or of another curve.
    for key in [Issuer::new(SUITES[1], "x").method(), plain::Key::new("ES384", "x").method()] {
        let credential = changed(&one, |it| it.options["verificationMethod"] = key.clone().into());
        let trusted = key.split('#').next().unwrap().to_owned();
        let report = ask(&credential, |_| {
            Policy::new(trusting([trusted])).status(Unknown::Skip).schema(Unknown::Skip)
        });
        let proof = outcome(&report.credentials()[0], Check::Proof);
        assert_eq!(reason(&proof), Some(ReasonCode::KeyTypeDiffers), "{key}");
    }
    for shown in [one, other] {
        let mut credential = shown.credential();
        credential["proof"] = json!([credential["proof"], credential["proof"]]);
        refused(&credential, ReasonCode::ProofCount, "a set of two");
    }
}

/// What names a session is the nonce of another suite alone.
#[test]
fn nothing_binds_it_to_a_session() {
    let (issuer, base) = issued("bbs-2023");
    let id = "0f5a1c52-6f0e-4f7e-9a55-3c1d8f2b7e10";
    let header = format!("urn:trinsic:idvsession:{id}");
    let credential = base.show(&issuer, &CHOSEN, header.as_bytes()).credential();
    let (text, evidence) = (credential.to_string(), Evidence::new());
    let read = UnverifiedPresentation::from_bare_credential(text.as_bytes(), evidence.contexts());
    let policy = Policy::new(trusting([issuer.did()])).status(Unknown::Skip).schema(Unknown::Skip);
    let id = result_vp::SessionId::new(id).unwrap();
    let report = Verifier::new(policy).verify(
        &read.unwrap(),
        ExpectedSession::Id(&id),
        &evidence,
        instant("2024-06-01T00:00:00Z"),
    );
    let session = outcome(&report.credentials()[0], Check::Session);
    assert_eq!(reason(&session), Some(ReasonCode::NonceMissing));
}

fn set(document: &mut Value, place: &str, value: Value) {
    let (parent, name) = place.rsplit_once('/').unwrap();
    match (document.pointer_mut(parent).unwrap(), value) {
        (Value::Array(items), value) => items[name.parse::<usize>().unwrap()] = value,
        (Value::Object(members), Value::Null) => drop(members.remove(name)),
        (parent, value) => parent[name] = value,
    }
}

/// The fixtures of the IETF draft that a verifier of proofs can be asked.
#[test]
fn the_vectors_of_the_signature_scheme() {
    let Some(folder) = vectors("third-party") else { return };
    let folder = folder.join("05b-bls-bbs/bbs-bls12-381-sha-256");
    let mut counts = [0; 3];
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|it| it.unwrap()).collect();
    files.sort_by_key(|file| file.file_name());
    for file in files {
        let name = file.file_name().into_string().unwrap();
        let vector = support::json(&std::fs::read(file.path()).unwrap());
        let octets = |value: &Value| hex::decode(value.as_str().unwrap_or_default()).unwrap();
        let of = |member: &str| octets(&vector[member]);
        if name.starts_with("proof") {
            let messages: Vec<Vec<u8>> =
                vector["messages"].as_array().unwrap().iter().map(octets).collect();
            let indexes = vector["disclosedIndexes"].as_array().unwrap();
            let indexes = indexes.iter().map(|it| it.as_u64().unwrap() as usize);
            let shown: Vec<(usize, &[u8])> = indexes
                .map(|index| (index, messages.get(index).map_or(&[][..], |it| it)))
                .collect();
            let (key, proof) = (of("signerPublicKey"), of("proof"));
            let (header, presentation) = (of("header"), of("presentationHeader"));
            let verifies = |header: &[u8], presentation: &[u8], proof: &[u8]| {
                bbs_proof_verifies(&key, proof, header, presentation, &shown)
            };
            let valid = vector["result"]["valid"].as_bool().unwrap();
            assert_eq!(verifies(&header, &presentation, &proof), valid, "{name}");
            counts[usize::from(valid)] += 1;
            // The trace states what is hashed on the way.
            if valid {
                assert!(!verifies(&[&header[..], &[0]].concat(), &presentation, &proof));
                assert!(!verifies(&header, &[&presentation[..], &[0]].concat(), &proof));
            }
        } else if name == "h2s.json" {
            assert_eq!(bbs_scalar(&of("message"), &of("dst")).to_vec(), of("scalar"));
            counts[2] += 1;
        } else if name == "MapMessageToScalarAsHash.json" {
            for case in vector["cases"].as_array().unwrap() {
                let scalar = bbs_scalar(&octets(&case["message"]), &of("dst"));
                assert_eq!(scalar.to_vec(), octets(&case["scalar"]));
                counts[2] += 1;
            }
        }
    }
    assert_eq!(counts, [5, 4, 11], "refused, verified, hashed");
    assert_eq!(bbs_generators(3).len(), 3);
}
