//! See `properties/verify.rs`.

#![no_main]

#[path = "../properties/verify.rs"]
mod property;

libfuzzer_sys::fuzz_target!(|data: &[u8]| property::check(data));
