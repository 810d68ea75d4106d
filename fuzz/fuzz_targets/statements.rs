//! See `properties/statements.rs`.

#![no_main]

#[path = "../../tests/support/oracle.rs"]
mod oracle;
#[path = "../properties/statements.rs"]
mod property;

libfuzzer_sys::fuzz_target!(|data: &[u8]| property::check(data));
