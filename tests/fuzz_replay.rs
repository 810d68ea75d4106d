//! Every input that a fuzz target keeps, and every one that ever failed (`fixtures/fuzz`), by its
//! property. `cli/tests/fuzz_replay.rs` has the targets of the command.

#![allow(clippy::duplicate_mod)] // One signer for each property.

#[path = "support/oracle.rs"]
mod oracle;
#[path = "support/plain.rs"]
#[allow(dead_code)]
mod plain;
#[path = "support/sd_jwt.rs"]
#[allow(dead_code)]
mod sd_jwt;

#[path = "../fuzz/properties/batch.rs"]
mod batch;
#[path = "../fuzz/properties/bbs_proof.rs"]
mod bbs_proof;
#[path = "../fuzz/properties/did_document.rs"]
mod did_document;
#[path = "../fuzz/properties/presentation.rs"]
mod presentation;
#[path = "../fuzz/properties/session_json.rs"]
mod session_json;
#[path = "../fuzz/properties/session_protobuf.rs"]
mod session_protobuf;
#[path = "../fuzz/properties/statements.rs"]
mod statements;
#[path = "../fuzz/properties/status_list.rs"]
mod status_list;
#[path = "../fuzz/properties/token.rs"]
mod token;
#[path = "../fuzz/properties/verify.rs"]
mod verify;

#[path = "support/replay.rs"]
mod support;

use std::path::Path;

fn replay(target: &str, check: fn(&[u8])) {
    support::replay(Path::new(env!("CARGO_MANIFEST_DIR")), target, check);
}

#[test]
fn batch() {
    replay("batch", batch::check);
}

#[test]
fn bbs_proof() {
    replay("bbs_proof", bbs_proof::check);
}

#[test]
fn did_document() {
    replay("did_document", did_document::check);
}

#[test]
fn presentation() {
    replay("presentation", presentation::check);
}

#[test]
fn session_json() {
    replay("session_json", session_json::check);
}

#[test]
fn session_protobuf() {
    replay("session_protobuf", session_protobuf::check);
}

#[test]
fn statements() {
    replay("statements", statements::check);
}

#[test]
fn status_list() {
    replay("status_list", status_list::check);
}

#[test]
fn token() {
    replay("token", token::check);
}

#[test]
fn verify() {
    replay("verify", verify::check);
}
