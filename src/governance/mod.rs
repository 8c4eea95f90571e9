//! Promises to participants, kept by the program.

mod citation;
pub mod disclosure;
mod error;
pub mod gate;
pub mod key;
pub mod limit;
pub mod population;
pub mod pseudonym;
pub mod retention;
pub mod sar;

pub use citation::{Known, citation, cited_case, ladder};
pub use error::Error;
