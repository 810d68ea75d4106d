//! See `properties/did_document.rs`.

#![no_main]

#[path = "../properties/did_document.rs"]
mod property;

libfuzzer_sys::fuzz_target!(|data: &[u8]| property::check(data));
