//! See `properties/batch.rs`.

#![no_main]

#[path = "../properties/batch.rs"]
mod property;

libfuzzer_sys::fuzz_target!(|data: &[u8]| property::check(data));
