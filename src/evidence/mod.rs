//! What the study's claims rest on: the frame's summaries, findings with what speaks for and against them, and the way
//! from a report's sentence down to a turn and back.

pub mod checklist;
mod error;
pub mod finding;
pub mod finding_change;
pub mod finding_check;
pub mod finding_passage;
pub mod finding_strength;
pub mod frame;
pub mod loss;
pub mod loss_sources;
pub mod open_work;
pub mod released;
pub mod response;
pub mod response_form;
pub mod response_import;
pub mod study_facts;
pub mod trace;

pub use error::Error;
