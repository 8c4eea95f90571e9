//! The document layer: a report as plain values, and what turns them into Markdown or HTML.
//!
//! What stands in a report is written elsewhere, as [`Block`]s; this part knows how they look. It is apart because
//! people's words go through here into formats that read markup: whatever was said comes out as text, in every
//! format, and that is proved in one place.
//!
//! Reading order: [`document`] (the values), `text` (how words are cleaned), `tree` and `escape` (the two ways
//! to Markdown, equal to the byte), [`mod@markdown`], [`mod@html`], [`mod@docx`], [`quote`] (which quotes, and how long), [`sheet`] (tables as files).

mod anchor;
mod case;
pub mod chart;
mod cloak;
mod codebook;
mod compared;
mod debrief;
mod debrief_case;
mod debrief_form;
mod debrief_letter;
pub mod document;
pub mod docx;
mod draft;
mod error;
mod escape;
mod few;
mod figures;
mod figures_method;
mod findings;
mod found;
pub mod frame;
mod gather;
pub mod html;
pub mod markdown;
mod method;
mod names;
mod narrow;
mod options;
mod passage;
mod phrase;
mod pictures;
mod pool;
pub mod quote;
pub mod quotes;
mod runs;
#[cfg(test)]
mod sample;
mod section;
pub mod sheet;
mod source;
mod spill;
mod standing;
pub mod subject_access;
mod summary;
mod text;
mod theme;
mod tree;
mod xlsx;

use std::io::Write;
use std::path::Path;

pub use case::case;
pub use cloak::said as code_named;
pub use codebook::codebook;
pub use debrief::{Overall, debrief};
pub use debrief_case::debrief_case;
pub use debrief_form::{Asked, form_sheet};
pub use debrief_letter::debrief_gaps;
pub use document::{Block, Entry, Inline, Page, Renderer, contents};
pub use docx::docx;
pub use error::Error;
pub use html::html;
pub use markdown::markdown;
pub use narrow::{narrowed_to, people_left};
pub use options::{QuoteChoice, ReportOptions, Written};
pub use summary::summary;
pub use theme::theme;

/// What a report can be written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Markdown,
    Html,
    Docx,
}

impl Format {
    /// The format that a file's name asks for: `.md`, `.markdown`, `.html`, `.htm` or `.docx`.
    ///
    /// # Errors
    /// [`Error::Format`] for any other ending, or none.
    pub fn of(path: &Path) -> Result<Self, Error> {
        let ending = path
            .extension()
            .map(|e| e.to_string_lossy().to_lowercase())
            .unwrap_or_default();
        match ending.as_str() {
            "md" | "markdown" => Ok(Self::Markdown),
            "html" | "htm" => Ok(Self::Html),
            "docx" => Ok(Self::Docx),
            _ => Err(Error::Format { ending }),
        }
    }

    /// Its usual ending, without the dot.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Html => "html",
            Self::Docx => "docx",
        }
    }

    /// A renderer of this format. `page` says what HTML and Word files need to know before the first block; Markdown needs
    /// nothing of it.
    pub fn renderer<'a, W: Write + 'a>(self, out: W, page: &Page) -> Box<dyn Renderer + 'a> {
        match self {
            Self::Markdown => Box::new(markdown(out)),
            Self::Html => Box::new(html(out, page)),
            Self::Docx => Box::new(docx(out, page)),
        }
    }
}

#[cfg(test)]
mod tests;
