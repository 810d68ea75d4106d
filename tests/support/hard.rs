//! Inputs that are hard to read, each in its own way, and everything the library does with one.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::Engine as _;
use result_vp::{Evidence, ExpectedSession, Input, Policy, TrustedIssuers, Verifier};
use serde_json::{json, Value};

use super::signer::{document, presentation, Signer};

/// Everything the library does with one input.
pub fn ask(verifier: &Verifier, text: &[u8]) {
    let evidence = Evidence::new();
    let now = chrono::DateTime::from_timestamp(1_717_200_000, 0).expect("a time");
    match Input::from_bytes(text, evidence.contexts()) {
        Ok(Input::Presentation(it)) => {
            let report = verifier.verify(&it, ExpectedSession::InsecureAny, &evidence, now);
            let _ = report.into_verified();
        }
        Ok(Input::Sessions(sessions)) => {
            for session in sessions {
                let any = ExpectedSession::InsecureAny;
                let _ = verifier.verify_session(&session, any, &evidence, now);
            }
        }
        _ => {}
    }
}

pub fn verifier() -> Verifier {
    Verifier::new(Policy::new(TrustedIssuers::insecure_any()))
}

/// Inputs of about `size` bytes, each hard in its own way.
pub fn hard(size: usize) -> Vec<(&'static str, Vec<u8>)> {
    let texts = hard_texts(size).into_iter().map(|(name, text)| (name, text.into_bytes()));
    texts.chain(hard_messages(size)).collect()
}

/// As binary protobuf, each after an id.
fn hard_messages(size: usize) -> Vec<(&'static str, Vec<u8>)> {
    let repeated = |field: &[u8]| [b"\x0a\x01s", &field.repeat(size / field.len())[..]].concat();
    let entry = b"\x22\x0a\x0a\x01v\x12\x05\x0a\x03abc";
    vec![
        ("protobuf: entries of one key", repeated(entry)),
        ("protobuf: parts of a copy", repeated(b"\x22\x08\x12\x06\x4a\x04\x0a\x02AB")),
        ("protobuf: unknown fields", repeated(b"\xf8\x3f\x00")),
        ("protobuf: groups", repeated(b"\x53")),
        ("protobuf: results", repeated(b"\x32\x00")),
        ("protobuf: sessions", b"\x0a\x03\x0a\x01s".repeat(size / 5)),
        ("protobuf: a long result", {
            let length = u8::try_from(size >> 14).unwrap_or(u8::MAX);
            let key = [0x32, 0x80, 0x80, length];
            [b"\x0a\x01s", &key[..], &b"x".repeat(usize::from(length) << 14)].concat()
        }),
    ]
}

fn hard_texts(size: usize) -> Vec<(&'static str, String)> {
    let signer = Signer::new("an issuer");
    let honest = signer.credential(&document(&signer.did()), &document(&signer.did()), "nonce");
    let filled = |member: &dyn Fn(usize) -> (String, Value)| {
        let mut credential = honest.clone();
        let subject = credential["credentialSubject"].as_object_mut().unwrap();
        let mut length = 0;
        for index in 0.. {
            let (name, value) = member(index);
            length += name.len() + value.to_string().len() + 6;
            if length > size {
                break;
            }
            subject.insert(name, value);
        }
        presentation(&credential)
    };
    let mut portrait = document(&signer.did());
    portrait["credentialSubject"]["portrait"] = "A".repeat(size.saturating_sub(4000)).into();
    let portrait = signer.credential(&portrait, &portrait, "nonce");
    // All blank, all alike, each pointing at the next: canonicalization's worst kind.
    let ring = |index: usize| json!({"a": {"b": {"c": {"d": index % 2}}}});
    let nested = |depth: usize| {
        let mut value = json!("x");
        for _ in 0..depth {
            value = json!({"a": value});
        }
        value
    };
    let short = |index: usize| (format!("m{index}"), json!(""));
    let edited = |edit: &dyn Fn(&mut Value)| {
        let mut credential = honest.clone();
        edit(&mut credential);
        credential
    };
    // As many members as fit beside one long text, and as a statement may have.
    let members = |credential: &mut Value| {
        for index in 0..980 {
            let (name, value) = short(index);
            credential["credentialSubject"][name] = value;
        }
    };
    let long = |prefix: &str| format!("{prefix}{}", "a".repeat(size.saturating_sub(15_000)));
    // As long as an IRI may be.
    let longest = |prefix: &str| format!("{prefix}{}", "a".repeat(2048 - prefix.len()));
    let sixteen = |credential: &Value| {
        let credential = credential.to_string();
        let count = (size / credential.len()).clamp(1, 16);
        let credentials = vec![credential; count].join(",");
        format!(
            r#"{{"@context":["https://www.w3.org/2018/credentials/v1"],"type":"VerifiablePresentation","verifiableCredential":[{credentials}]}}"#
        )
    };
    let long_vocabulary = |length: usize, count: usize| {
        edited(&|it| {
            it["@context"][2]["@vocab"] = format!("urn:{}", "a".repeat(length)).into();
            for index in 0..count {
                let (name, value) = short(index);
                it["credentialSubject"][name] = value;
            }
        })
    };
    // Eight alike nodes, each pointing at each other one, by predicates as long as they may be.
    let complete = |predicates: usize, length: usize| {
        edited(&|it| {
            it["@context"][2]["@vocab"] = format!("urn:{}", "a".repeat(length)).into();
            let mut nodes = Vec::new();
            for from in 0..8 {
                let mut node = json!({"id": format!("_:n{from}")});
                for predicate in 0..predicates {
                    let others = (0..8).filter(|to| *to != from);
                    let others: Vec<Value> =
                        others.map(|to| json!({"id": format!("_:n{to}")})).collect();
                    node[format!("p{predicate}")] = others.into();
                }
                nodes.push(node);
            }
            it["credentialSubject"]["m"] = nodes.into();
        })
    };
    vec![
        ("a long id", {
            presentation(&edited(&|it| {
                members(it);
                it["credentialSubject"]["id"] = long("urn:").into();
            }))
        }),
        ("a long blank label", {
            presentation(&edited(&|it| {
                members(it);
                it["credentialSubject"]["id"] = long("_:").into();
            }))
        }),
        ("a long vocabulary", {
            presentation(&edited(&|it| {
                members(it);
                it["@context"][2]["@vocab"] = long("urn:").into();
            }))
        }),
        ("a long type", {
            presentation(&edited(&|it| {
                members(it);
                it["type"][0] = long("urn:").into();
            }))
        }),
        ("a long predicate", {
            presentation(&edited(&|it| {
                let values: Vec<Value> = (0..980).map(|index| json!(index)).collect();
                it["credentialSubject"][long("urn:")] = values.into();
            }))
        }),
        ("a long datatype", {
            presentation(&edited(&|it| {
                members(it);
                it["credentialSubject"]["m"] = json!({"@value": "x", "@type": long("urn:")});
            }))
        }),
        ("the longest id", {
            presentation(&edited(&|it| {
                members(it);
                it["credentialSubject"]["id"] = longest("urn:").into();
            }))
        }),
        ("the longest vocabulary", presentation(&long_vocabulary(2000, 980))),
        ("the longest texts allowed", sixteen(&long_vocabulary(1900, 20))),
        ("long texts of many", sixteen(&long_vocabulary(40, 980))),
        ("references to the longest id", {
            let id = longest("urn:");
            let nodes: Vec<Value> = (0..980).map(|_| json!({"id": id, "m": ""})).collect();
            presentation(&edited(&|it| it["credentialSubject"]["m"] = nodes.clone().into()))
        }),
        ("eight nodes", presentation(&complete(1, 4))),
        ("eight nodes, long predicates", presentation(&complete(1, 1990))),
        ("eight nodes, predicates of 500", presentation(&complete(2, 500))),
        ("eight nodes, many predicates", presentation(&complete(17, 4))),
        ("unknown members", {
            let verification = |key: usize| {
                let members: Vec<String> =
                    (0..size / 600).map(|index| format!("\"{key}x{index}\":0")).collect();
                format!("\"{key}\":{{{}}}", members.join(","))
            };
            let verifications: Vec<String> = (0..60).map(verification).collect();
            format!(r#"{{"id":"s","verifications":{{{}}}}}"#, verifications.join(","))
        }),
        ("a portrait", presentation(&portrait)),
        ("tokens", {
            let mut credential = document(&signer.did());
            let portrait = "A".repeat(size.saturating_sub(4000) * 3 / 4);
            credential["credentialSubject"]["portrait"] = portrait.into();
            presentation(&token(&credential).into())
        }),
        ("a portrait under several proofs", {
            let mut credential = edited(&|it| it["@context"][2]["@vocab"] = "urn:v:".into());
            credential["credentialSubject"]["portrait"] =
                format!("\u{1}{}", "A".repeat(size.saturating_sub(5000))).into();
            let method = credential["proof"]["verificationMethod"].clone();
            let proof = json!({
                "type": "Ed25519Signature2018", "created": "2024-05-02T10:00:00Z",
                "proofPurpose": "assertionMethod", "verificationMethod": method,
                "jws": "eyJhbGciOiJFZERTQSIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..AAAA",
            });
            credential["proof"] = vec![proof; 4].into();
            presentation(&credential)
        }),
        ("hidden messages of bbs-2023", presentation(&hidden_messages(&signer, size))),
        #[cfg(feature = "ecdsa")]
        ("signatures of ecdsa-sd-2023", presentation(&signatures(size))),
        ("tokens of many members", {
            let mut credential = document(&signer.did());
            members(&mut credential);
            presentation(&token(&credential).into())
        }),
        ("many members", filled(&|index| (format!("m{index}"), json!("")))),
        ("a thousand members", filled(&|index| (format!("m{}", index % 1000), json!("")))),
        ("many blank nodes", filled(&|index| (format!("m{index}"), json!({})))),
        ("rings", filled(&|index| (format!("m{}", index % 200), ring(index)))),
        ("deep nodes", filled(&|index| (format!("m{}", index % 100), nested(40)))),
        ("long array", filled(&|_| ("m".into(), json!(vec![""; size / 3])))),
        ("values", filled(&|_| ("m".into(), json!((0..size / 7).collect::<Vec<_>>())))),
        ("contexts", {
            let mut credential = honest.clone();
            let entries = vec![json!("https://w3id.org/bbs/v1"); size / 30];
            credential["@context"] = entries.into();
            presentation(&credential)
        }),
        ("types", {
            let mut credential = honest.clone();
            let types: Vec<String> = (0..size / 12).map(|index| format!("T{index}")).collect();
            credential["type"] = types.into();
            presentation(&credential)
        }),
        ("a thousand statements", {
            let mut large = document(&signer.did());
            for index in 0..(size / 60).min(990) {
                large["credentialSubject"][format!("m{index:03}")] = "0123456789".into();
            }
            presentation(&signer.credential(&large, &large, "nonce"))
        }),
        (
            "alike blank nodes",
            filled(&|index| (format!("m{}", index % 30), json!({"a": {"b": 1}}))),
        ),
        ("sixteen credentials", {
            json!({
                "@context": ["https://www.w3.org/2018/credentials/v1"],
                "type": "VerifiablePresentation",
                "verifiableCredential": vec![honest.clone(); 16],
            })
            .to_string()
        }),
        ("credentials", {
            let count = size / honest.to_string().len() + 1;
            json!({
                "@context": ["https://www.w3.org/2018/credentials/v1"],
                "type": "VerifiablePresentation",
                "verifiableCredential": vec![honest.clone(); count],
            })
            .to_string()
        }),
        ("lines in every order", {
            let mut large = document(&signer.did());
            for index in 0..(size / 20).min(950) {
                large["credentialSubject"][format!("m{index:03}")] = "\u{1}".into();
            }
            large["credentialSubject"]["u"] = json!(["\u{ffff}\u{1}", "\u{10000}", "\u{ffee}"]);
            let mut credential = signer.credential(&large, &large, "nonce");
            credential["credentialSubject"]["givenName"] = "OTHER".into();
            let count = (size / credential.to_string().len()).clamp(1, 16);
            json!({
                "@context": ["https://www.w3.org/2018/credentials/v1"],
                "type": "VerifiablePresentation",
                "verifiableCredential": vec![credential; count],
            })
            .to_string()
        }),
        ("numbers", format!("[{}]", vec!["0"; size / 2].join(","))),
        ("brackets", "[".repeat(size)),
        ("empty arrays", format!("[{}]", vec!["[]"; size / 3].join(","))),
        ("escapes", format!("\"{}\"", "\\u0041".repeat(size / 6))),
        ("a long key", {
            let mut credential = honest.clone();
            let method = format!("did:key:z{}#a", "2".repeat(size));
            credential["proof"]["verificationMethod"] = method.into();
            presentation(&credential)
        }),
        ("a long value", {
            let mut credential = honest.clone();
            credential["proof"]["proofValue"] = "AAAA".repeat(size / 4).into();
            presentation(&credential)
        }),
        ("copies", {
            let presentation = json!({
                "@context": ["https://www.w3.org/2018/credentials/v1"],
                "type": "VerifiablePresentation",
                "verifiableCredential": vec![honest.clone(); 3],
            });
            let copy = json!({"address": "12 ".repeat(size / 64 / 3)});
            let verifications = (0..64).map(|index| {
                let copy = copy.clone();
                let id = format!("v{index}");
                (id.clone(), json!({"id": id, "state": 3, "normalizedGovernmentIdData": copy}))
            });
            json!({
                "id": "s",
                "state": 4,
                "resultVp": presentation.to_string(),
                "verifications": verifications.collect::<serde_json::Map<_, _>>(),
            })
            .to_string()
        }),
        ("sessions", {
            let session = json!({"id": "s", "verifications": {"v": {"id": "v"}}});
            json!({"sessions": vec![session; size / 45]}).to_string()
        }),
    ]
}

/// A proof of points of the group that shows everything and hides as much as it can.
fn hidden_messages(signer: &Signer, size: usize) -> Value {
    let mut credential = document(&signer.did());
    let shown = lines(&credential).len();
    let hidden = (size / 43).min(1024 - shown);
    let point = "97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac58\
                 6c55e83ff97a1aeffb3af00adb22c6bb";
    let proof = [hex::decode(point).unwrap().repeat(3), [1; 32].repeat(hidden + 4)].concat();
    let indexes: Vec<u8> = (0..shown as u8).flat_map(|it| unsigned(0, it.into())).collect();
    let components = [vec![0x85], unsigned(2, proof.len()), proof, vec![0xa0, 0x80]].concat();
    let components = [components, unsigned(4, shown), indexes, vec![0x40]].concat();
    credential["proof"] = selective("bbs-2023", &signer.verification_method(), 3, &components);
    credential
}

/// A proof that holds, with as many signatures as there are statements.
#[cfg(feature = "ecdsa")]
fn signatures(size: usize) -> Value {
    use p256::ecdsa::signature::Signer as _;
    use sha2::{Digest, Sha256};
    let key = p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap();
    let point = key.verifying_key().to_encoded_point(true);
    let own = [&[0x80, 0x24][..], point.as_bytes()].concat();
    let did = format!("did:key:z{}", bs58::encode(&own).into_string());
    let method = format!("{did}#{}", did.trim_start_matches("did:key:"));
    let mut credential = document(&did);
    for index in 0..(size / 160).min(70) {
        credential["credentialSubject"][format!("m{index}")] = "".into();
    }
    let sign = |message: &[u8]| {
        let signature: p256::ecdsa::Signature = key.sign(message);
        [unsigned(2, 64), signature.to_bytes().to_vec()].concat()
    };
    let options = [
        "<http://purl.org/dc/terms/created> \"2024-05-02T10:00:00Z\"^^<http://www.w3.org/2001/XMLSchema#dateTime>",
        "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/security#DataIntegrityProof>",
        "<https://w3id.org/security#cryptosuite> \"ecdsa-sd-2023\"^^<https://w3id.org/security#cryptosuiteString>",
        "<https://w3id.org/security#proofPurpose> <https://w3id.org/security#assertionMethod>",
        &format!("<https://w3id.org/security#verificationMethod> <{method}>"),
    ];
    let options: String = options.iter().map(|it| format!("_:c14n0 {it} .\n")).collect();
    let base = [&Sha256::digest(options)[..], &own, &Sha256::digest("")].concat();
    let lines = lines(&credential);
    let each: Vec<u8> =
        lines.iter().flat_map(|line| sign(format!("{line}\n").as_bytes())).collect();
    let components = [vec![0x85], sign(&base), unsigned(2, 35), own].concat();
    let components = [components, unsigned(4, lines.len()), each, vec![0xa0, 0x80]].concat();
    credential["proof"] = selective("ecdsa-sd-2023", &method, 1, &components);
    credential
}

fn selective(suite: &str, method: &str, kind: u8, components: &[u8]) -> Value {
    let value = URL_SAFE_NO_PAD.encode([&[0xd9, 0x5d, kind][..], components].concat());
    json!({
        "type": "DataIntegrityProof", "cryptosuite": suite, "created": "2024-05-02T10:00:00Z",
        "proofPurpose": "assertionMethod", "verificationMethod": method,
        "proofValue": format!("u{value}"),
    })
}

fn lines(credential: &Value) -> Vec<String> {
    let contexts = result_vp::Contexts::bundled();
    let lines = result_vp::internal::statements(credential.to_string().as_bytes(), &contexts);
    lines.expect("an object").expect("statements")
}

/// The beginning of an item of CBOR.
fn unsigned(major: u8, number: usize) -> Vec<u8> {
    match number {
        0..=23 => vec![major << 5 | number as u8],
        24..=0xff => vec![major << 5 | 24, number as u8],
        _ => [&[major << 5 | 25][..], &(number as u16).to_be_bytes()].concat(),
    }
}

/// A JWT of the credential with a signature of zeros.
fn token(credential: &Value) -> String {
    let encoded = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let method = format!("{}#key-1", credential["issuer"].as_str().unwrap_or_default());
    let header = json!({"alg": "EdDSA", "typ": "vc+jwt", "kid": method});
    let signature = URL_SAFE_NO_PAD.encode([0; 64]);
    format!("{}.{}.{signature}", encoded(&header), encoded(credential))
}

/// Counts what is allocated now, and the most there ever was.
struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call is passed on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = NOW.fetch_add(layout.size(), Ordering::SeqCst) + layout.size();
        PEAK.fetch_max(now, Ordering::SeqCst);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Ordering::SeqCst);
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The most that was allocated at once while it ran, beyond what was allocated before; and what it
/// left.
pub fn memory(run: impl FnOnce()) -> (usize, usize) {
    let before = NOW.load(Ordering::SeqCst);
    PEAK.store(before, Ordering::SeqCst);
    run();
    let (peak, now) = (PEAK.load(Ordering::SeqCst), NOW.load(Ordering::SeqCst));
    (peak.saturating_sub(before), now.saturating_sub(before))
}
