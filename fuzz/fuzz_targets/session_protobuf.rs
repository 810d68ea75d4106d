//! See `properties/session_protobuf.rs`.

#![no_main]

#[path = "../properties/session_protobuf.rs"]
mod property;

libfuzzer_sys::fuzz_target!(|data: &[u8]| property::check(data));
