//! What `--evidence` takes, by content alone.

mod common;

use common::*;
use serde_json::{json, Value};
use sha2::{Digest, Sha256};

const DOCUMENT: &str = "did/issuer.json";
const AT: &str = "2024-06-01T00:00:00Z";
const SESSION_FILE: &str = "fixtures/sessions/success.json";

fn verify_with(evidence: &[&str]) -> std::process::Output {
    let mut arguments = vec!["verify", ISSUER[0], ISSUER[1], "--session-id", SESSION];
    arguments.extend(SKIP);
    for path in evidence {
        arguments.extend(["--evidence", path]);
    }
    arguments.push(SESSION_FILE);
    run(arguments)
}

#[test]
fn a_directory_is_searched_to_the_bottom_and_what_is_unknown_is_listed() {
    let folder = folder("evidence-directory");
    file(&folder, "a/b/c/named-by-nobody.json", &read(DOCUMENT));
    let unknown = [
        ("a/notes.json", "{\"note\":1}", "no known kind"),
        ("a/broken.json", "{", "end of JSON"),
        (
            "a/list.json",
            "{\"type\":[\"VerifiableCredential\",\"StatusList2021Credential\"]}",
            "status list",
        ),
        (
            "a/schema.json",
            "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\"}",
            "`$id`",
        ),
        (
            "a/credential.json",
            "{\"id\":\"did:web:issuer.example\",\"type\":\"VerifiableCredential\"}",
            "no known kind",
        ),
        ("a/key.json", "{\"id\":\"did:key:zUC7\"}", "derived"),
        ("a/malformed.json", "{\"id\":\"did:web:a.example\",\"verificationMethod\":1}", "left out"),
    ];
    for (name, text, _) in unknown {
        file(&folder, name, text);
    }
    // Another name: not looked at, and not listed.
    file(&folder, "a/README.md", "{");
    let output = verify_with(&[folder.to_str().unwrap()]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(stderr(&output).lines().count(), unknown.len(), "{}", stderr(&output));
    for (name, _, why) in unknown {
        let line = stderr(&output).lines().find(|line| line.contains(name)).expect(name);
        assert!(line.contains("left out") && line.contains(why), "{line}");
    }
}

#[test]
fn a_bundle_is_evidence_for_everything_it_holds() {
    let item = |kind: &str, url: &str, name: &str| {
        let content = read(name);
        let sha256 = hex::encode(Sha256::digest(&content));
        json!({"kind": kind, "url": url, "sha256": sha256, "content": content})
    };
    let bundle = |items: &[Value]| json!({"bundle": 1, "items": items}).to_string();
    let [document, list, schema] = [
        item("did_document", "did:web:issuer.example", DOCUMENT),
        item(
            "status_list",
            "https://issuer.example/credential-status/1",
            "evidence/status-list.json",
        ),
        item(
            "schema",
            "https://schema.issuer.example/idv/identity-document_v0",
            "evidence/schema.json",
        ),
    ];
    let folder = folder("evidence-bundle");
    let verify = |name: &str, items: &[Value]| {
        let bundle = file(&folder, name, &bundle(items));
        let arguments = [
            "verify",
            ISSUER[0],
            ISSUER[1],
            "--session-id",
            SESSION,
            "--at",
            AT,
            "--evidence",
            bundle.as_str(),
            SESSION_FILE,
        ];
        code(&run(arguments))
    };
    assert_eq!(verify("whole.json", &[document.clone(), list.clone(), schema]), 0);
    assert_eq!(verify("without-schema.json", &[document.clone(), list]), 3);
    let mut changed = document;
    changed["content"] = format!("{} ", read(DOCUMENT)).into();
    assert_eq!(verify("changed.json", &[changed]), 2);
}

#[test]
fn a_file_that_is_named_must_be_evidence() {
    let folder = folder("evidence-file");
    for (name, text) in [
        ("a.json", "{\"note\":1}"),
        ("b.json", "{"),
        ("c.json", "{\"id\":\"did:key:zUC7\"}"),
        ("d.json", "{\"id\":\"did:web:a.example\",\"verificationMethod\":1}"),
    ] {
        let output = verify_with(&[&file(&folder, name, text)]);
        assert_eq!((code(&output), stdout(&output)), (2, ""), "{name}");
        assert!(stderr(&output).contains(name), "{}", stderr(&output));
    }
    // Its name says nothing.
    assert_eq!(code(&verify_with(&[&file(&folder, "did.txt", &read(DOCUMENT))])), 0);
}

#[test]
fn two_documents_of_one_did_are_wrong_usage() {
    let folder = folder("evidence-twice");
    let first = file(&folder, "one.json", &read(DOCUMENT));
    let second = file(&folder, "two.json", &read(DOCUMENT));
    let whole = folder.to_str().unwrap();
    for evidence in [&[whole][..], &[&first, &second]] {
        let output = verify_with(evidence);
        assert_eq!((code(&output), stdout(&output)), (2, ""));
        assert!(stderr(&output).contains("did:web:issuer.example"), "{}", stderr(&output));
        assert!(stderr(&output).contains("one.json"), "{}", stderr(&output));
    }
}

#[cfg(unix)]
#[test]
fn one_file_by_several_names_is_one_document() {
    let folder = folder("evidence-links");
    let document = file(&folder, "real/issuer.json", &read(DOCUMENT));
    std::os::unix::fs::symlink(&document, folder.join("link.json")).unwrap();
    std::os::unix::fs::symlink(&folder, folder.join("real/up")).unwrap();
    let whole = folder.to_str().unwrap();
    let output = verify_with(&[whole, &document, whole]);
    assert_eq!((code(&output), stderr(&output)), (0, ""));
}

#[test]
fn a_did_key_is_derived_whatever_a_file_says() {
    let presentation = read("presentations/did-key.json");
    let start = presentation.find("did:key:").expect("a did:key");
    let issuer: String = presentation[start..]
        .chars()
        .take_while(|it| it.is_ascii_alphanumeric() || *it == ':')
        .collect();
    let folder = folder("evidence-did-key");
    // A document of that DID with the key of nobody.
    file(&folder, "key.json", &format!("{{\"id\":\"{issuer}\",\"verificationMethod\":[]}}"));
    let path = "fixtures/presentations/did-key.json";
    let evidence = folder.to_str().unwrap();
    let arguments =
        ["verify", "--issuer", &issuer, "--session-id", SESSION, "--evidence", evidence];
    let output = run([&arguments[..], &SKIP, &[path]].concat());
    assert_eq!(code(&output), 0, "{}", stdout(&output));
    assert!(stderr(&output).contains("derived"));
}
