//! Promises to participants, kept by the program.

pub mod carry;
mod citation;
pub mod consent;
pub mod disclosure;
pub mod erase;
mod error;
pub mod gate;
pub mod key;
pub mod limit;
pub mod population;
pub mod pseudonym;
pub mod reach;
pub mod retention;
pub mod sar;
pub mod scan;
pub mod suppress;
pub mod withdraw;

pub use citation::{Known, citation, cited, cited_case, fits_enough, label_of, ladder};
pub use error::Error;
