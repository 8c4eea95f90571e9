//! Calculations: values in, values out.

pub mod chance;
pub mod matrix;
pub mod order;
pub mod word_changes;
pub mod saturation;
