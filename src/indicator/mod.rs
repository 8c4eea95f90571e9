//! Systems and their figures: indicators and measures, what becomes of figures that disagree, roll-ups and series;
//! cohorts, maturity, goals and what was claimed of them.

pub mod define;
mod error;
pub mod typed;
pub mod value;
pub mod rows;
pub mod systems;
pub mod systems_change;

pub use error::Error;
