//! What the study's claims rest on: the frame's summaries, findings with what speaks for and against them, and the way
//! from a report's sentence down to a turn and back.

mod error;
pub mod frame;

pub use error::Error;
