//! As `tests/fuzz_replay.rs` of the library, for the fuzz targets of the command.

#[path = "../../fuzz/properties/audit_record.rs"]
mod audit_record;
#[path = "../../fuzz/properties/policy_file.rs"]
mod policy_file;

use std::path::Path;

fn replay(target: &str, check: fn(&[u8])) {
    let mut count = 0;
    for folder in ["fixtures/fuzz", "fuzz/corpus"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder).join(target);
        // Of a target that never failed there is no fixture.
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries.flatten().filter(|entry| entry.path().is_file()) {
            check(&std::fs::read(entry.path()).expect("an input"));
            count += 1;
        }
    }
    assert!(count > 10, "{target}: {count} inputs");
}

#[test]
fn audit_record() {
    replay("audit_record", audit_record::check);
}

#[test]
fn policy_file() {
    replay("policy_file", policy_file::check);
}
