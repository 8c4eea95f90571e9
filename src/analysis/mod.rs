//! Calculations: values in, values out.

pub mod agreement;
pub mod chance;
pub mod disagreement;
pub mod matrix;
pub mod order;
pub mod sampling;
