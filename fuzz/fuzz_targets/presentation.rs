//! See `properties/presentation.rs`.

#![no_main]

#[path = "../properties/presentation.rs"]
mod property;

libfuzzer_sys::fuzz_target!(|data: &[u8]| property::check(data));
