//! Fuzzes the looking for spans in a revised text, as `revised` of `checks.rs`.

#![no_main]

#[path = "../checks.rs"]
mod checks;

libfuzzer_sys::fuzz_target!(|data: &[u8]| checks::check("revised", data));
