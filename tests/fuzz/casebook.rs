//! The parts of casebook that are fuzzed, from the same source files. They use nothing above them (tests/it/house.rs
//! sees to it), so a target needs neither the store nor the search index, and is built in a minute.

#[path = "../../src/anchor/mod.rs"]
pub mod anchor;
#[path = "../../src/domain/mod.rs"]
pub mod domain;
#[path = "../../src/error.rs"]
pub mod error;
#[path = "../../src/import/mod.rs"]
pub mod import;
