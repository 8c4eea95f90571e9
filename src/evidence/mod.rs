//! What the study's claims rest on: the frame's summaries, findings with what speaks for and against them, and the way
//! from a report's sentence down to a turn and back.

pub mod checklist;
mod error;
pub mod frame;
pub mod study_facts;

pub use error::Error;
