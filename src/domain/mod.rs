//! What things are: spans, places, dates, attribute values, coders, theme paths, filters. No SQL, no files, no terminal.

pub mod attribute;
pub mod coder;
pub mod figure;
pub mod filter;
pub mod path;
pub mod period;
pub mod place;
pub mod relation;
pub mod section;
pub mod span;
pub mod words;

pub use jiff::civil::Date;
