//! Systems and their figures: indicators and measures, what becomes of figures that disagree, roll-ups and series;
//! cohorts, maturity, goals and what was claimed of them.

pub mod bring;
mod cell;
mod constant;
pub mod define;
mod error;
mod found;
pub mod guess;
mod layout;
pub mod mapping;
mod periods;
pub mod read;
mod sums;
pub mod typed;
pub mod value;
mod which_case;

pub use error::Error;
pub use found::Finding;
