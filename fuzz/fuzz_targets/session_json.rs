//! See `properties/session_json.rs`.

#![no_main]

#[path = "../properties/session_json.rs"]
mod property;

libfuzzer_sys::fuzz_target!(|data: &[u8]| property::check(data));
