//! `retention`.
