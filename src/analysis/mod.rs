//! Calculations: values in, values out.

pub mod chance;
pub mod disagreement;
pub mod cooccur;
pub mod matrix;
pub mod order;
pub mod word_changes;
pub mod relation;
pub mod sampling;
pub mod saturation;
