//! Which quotes stand in a report, and how much of each.

mod cut;
mod spread;

pub use cut::{CUT, cut};
pub use spread::{Candidate, spread};
