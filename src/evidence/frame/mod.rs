//! The frame (framework matrix): one written summary for a case and a theme, what it rests on, and whether it is still
//! right.
//!
//! Reading order: [`place`] (which cell is meant), `lay` (what stands below what, now or as it was), `ground` (the
//! codings below each cell, in one scan), `since` (what came and went since a cell was written), [`grid`] (the matrix),
//! `shown` (which summaries whom may be shown to), [`cell`] (one cell whole), [`mod@write`] (changing them), `words` and [`table`] (cells as a file has them), `markdown`,
//! [`import`] (an edited file compared with what is there).

pub mod cell;
pub mod grid;
mod ground;
pub mod import;
mod lay;
mod markdown;
pub mod passage;
pub mod place;
pub mod quotes;
mod shown;
mod since;
pub mod table;
mod words;
pub mod write;

pub use cell::{CellWhole, whole};
pub use grid::{CellView, Frame, FrameFilter, Head, frame, frame_for};
pub use place::CellPlace;
pub use since::Since;
