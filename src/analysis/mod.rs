//! Calculations: values in, values out.

pub mod matrix;
pub mod order;
