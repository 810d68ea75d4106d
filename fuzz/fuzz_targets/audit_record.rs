//! See `properties/audit_record.rs`.

#![no_main]

#[path = "../properties/audit_record.rs"]
mod property;

libfuzzer_sys::fuzz_target!(|data: &[u8]| property::check(data));
