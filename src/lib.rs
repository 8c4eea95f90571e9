//! casebook keeps a qualitative case study together.
pub mod domain;
pub mod error;
pub mod store;
