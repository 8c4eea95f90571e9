//! What things are: spans, places, dates, attribute values, theme paths. No SQL, no files, no terminal.

pub mod span;
