//! Promises to participants, kept by the program.

pub mod gate;
