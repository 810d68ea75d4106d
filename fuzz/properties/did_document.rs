//! A DID document is taken for the DID that it states, once, and never for a method that derives it.

use result_vp::{Did, Evidence};
use serde_json::Value;

/// Panics where the property does not hold.
pub fn check(data: &[u8]) {
    let mut evidence = Evidence::new();
    let Ok(did) = evidence.add_did_document(data) else {
        // What is refused leaves nothing behind.
        assert_eq!(evidence.sha256(), Evidence::new().sha256());
        return;
    };
    let value: Value = serde_json::from_slice(data).expect("what was read is JSON");
    let stated = value["id"].as_str().and_then(|id| Did::new(id).ok());
    assert_eq!(stated.as_ref(), Some(&did), "of another DID");
    assert!(!did.as_str().starts_with("did:key:") && !did.as_str().starts_with("did:jwk:"));
    assert!(evidence.add_did_document(data).is_err(), "two documents at one time");
    let text = serde_json::to_vec_pretty(&value).expect("a text");
    let again = Evidence::new().add_did_document(&text);
    assert_eq!(again.as_ref(), Ok(&did), "the same document with other white space");
    // Every finding names a key of the document.
    for finding in evidence.key_findings(&[did]) {
        assert!(!finding.code().is_empty() && !finding.meaning().is_empty());
        let _ = format!("{finding:?}");
    }
}
