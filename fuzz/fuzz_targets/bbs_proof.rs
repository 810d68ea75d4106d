//! See `properties/bbs_proof.rs`.

#![no_main]

#[path = "../properties/bbs_proof.rs"]
mod property;

libfuzzer_sys::fuzz_target!(|data: &[u8]| property::check(data));
