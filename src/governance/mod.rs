//! Promises to participants, kept by the program.

mod citation;
mod error;
pub mod gate;
pub mod key;
pub mod limit;
pub mod pseudonym;

pub use citation::citation;
pub use error::Error;
