//! See `properties/policy_file.rs`.

#![no_main]

#[path = "../properties/policy_file.rs"]
mod property;

libfuzzer_sys::fuzz_target!(|data: &[u8]| property::check(data));
