//! Systems and their figures: indicators and measures, what becomes of figures that disagree, roll-ups and series;
//! cohorts, maturity, goals and what was claimed of them.

pub mod cited;
pub mod cohort;
pub mod cohort_count;
mod error;
pub mod rows;
pub mod systems;
pub mod systems_change;

pub use error::Error;
