//! See `properties/token.rs`.

#![no_main]

#[path = "../../tests/support/oracle.rs"]
#[allow(dead_code)]
mod oracle;
#[path = "../../tests/support/plain.rs"]
#[allow(dead_code)]
mod plain;
#[path = "../properties/token.rs"]
mod property;
#[path = "../../tests/support/sd_jwt.rs"]
#[allow(dead_code)]
mod sd_jwt;

libfuzzer_sys::fuzz_target!(|data: &[u8]| property::check(data));
