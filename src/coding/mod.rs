//! Working with themes and codings: the codebook's tree, coding passages by hand, in bulk and by rule, and the codebook
//! as a file.

pub mod agreement;
pub mod autocode;
mod axis;
pub mod bulk;
mod cells;
pub mod code;
pub mod codebook;
pub mod codebook_diff;
pub mod codebook_file;
pub mod cooccur;
pub mod crosstab;
pub mod double;
mod error;
pub mod lint;
pub mod frequency;
pub mod memo;
pub mod progress;
pub mod quotes;
pub mod relations;
pub mod reshape;
pub mod saturation;
pub mod sections;
pub mod sentence;
mod speech;
mod stop_words;

pub use error::Error;
