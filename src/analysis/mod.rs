//! Calculations: values in, values out.

pub mod agreement;
pub mod chance;
pub mod cooccur;
pub mod disagreement;
pub mod exact;
pub mod frame;
pub mod keyness;
pub mod matrix;
pub mod order;
pub mod progress;
pub mod relation;
pub mod rollup;
pub mod sampling;
pub mod saturation;
pub mod series;
pub mod word_changes;
