//! See `properties/status_list.rs`.

#![no_main]

#[path = "../properties/status_list.rs"]
mod property;

libfuzzer_sys::fuzz_target!(|data: &[u8]| property::check(data));
