//! Systems and their figures: indicators and measures, what becomes of figures that disagree, roll-ups and series;
//! cohorts, maturity, goals and what was claimed of them.

pub mod assessment;
pub mod assessment_compare;
pub mod assessment_movement;
pub mod cited;
pub mod claim;
pub mod claim_outcome;
pub mod cohort;
pub mod cohort_count;
pub mod column;
pub mod define;
mod error;
pub mod figures;
pub mod goal;
pub mod held;
pub mod maturity;
pub mod membership;
pub mod roll;
pub mod rolled;
pub mod rows;
pub mod shown;
pub mod systems;
pub mod systems_change;
pub mod typed;
pub mod value;

pub use error::Error;
