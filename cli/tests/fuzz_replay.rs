//! As `tests/fuzz_replay.rs` of the library, for the fuzz targets of the command.

#[path = "../../fuzz/properties/audit_record.rs"]
mod audit_record;
#[path = "../../fuzz/properties/policy_file.rs"]
mod policy_file;

#[path = "../../tests/support/replay.rs"]
mod support;

use std::path::Path;

fn replay(target: &str, check: fn(&[u8])) {
    support::replay(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."), target, check);
}

#[test]
fn audit_record() {
    replay("audit_record", audit_record::check);
}

#[test]
fn policy_file() {
    replay("policy_file", policy_file::check);
}
