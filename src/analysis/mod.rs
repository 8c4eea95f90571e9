//! Calculations: values in, values out.

pub mod matrix;
