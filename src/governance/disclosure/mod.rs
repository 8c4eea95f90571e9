//! What leaves the house and could tell who somebody is: labels that fit too few, files of declared populations.

mod labels;
mod populations;

pub use labels::{Checked, LabelLine, check_labels};
pub use populations::{import_populations, people};
