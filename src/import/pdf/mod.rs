//! PDF: a drawing of pages, from which lines are read and paragraphs are made.
//!
//! The lines come from a process of its own (`process`), since programs that read PDF files fall over hostile ones.
//! It hands back a text that is laid out as the pages are: blanks for distances, a form feed behind each page. From
//! there on everything is done here: numbers in the margin and lines that two pages both show are taken off
//! (`furniture`), headers and footers too (`edges`), columns are read one after the other (`columns`), and lines become paragraphs
//! (`paragraphs`). Everything that is taken off or joined is counted in a warning.

mod columns;
mod edges;
mod extract;
mod furniture;
#[cfg(feature = "pdf")]
mod layout;
mod page;
mod paragraphs;
mod process;

use std::path::PathBuf;

pub use extract::{Extractor, extract};

use super::{Draft, Error, Options, count, limits, signs, speakers};

/// The program that takes the lines from a PDF: called with `arguments` and the word of an [`Extractor`], it reads the
/// file from its standard input and writes the lines to its standard output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PdfReader {
    pub program: PathBuf,
    pub arguments: Vec<String>,
}

pub(super) fn read(bytes: &[u8], options: &Options) -> Result<Draft, Error> {
    let reader = options.pdf.as_ref().ok_or(Error::PdfNoReader)?;
    let (laid_out, extractor) = process::run(reader, bytes)?;
    let mut draft = from_layout(&laid_out)?;
    draft.warnings.insert(
        0,
        format!(
            "the lines were taken from the pages by {extractor} and joined to paragraphs by their width; compare the text with the PDF before coding"
        ),
    );
    Ok(draft)
}

/// A text that is laid out as its pages are → paragraphs and turns.
pub(super) fn from_layout(laid_out: &str) -> Result<Draft, Error> {
    // A font may say of a glyph that it is a carriage return, a mark of the byte order, or nothing at all.
    let laid_out = laid_out.replace("\r\n", "\n");
    let laid_out = laid_out.replace(['\r', '\0', '\u{feff}'], " ");
    let mut pages = page::pages(&laid_out);
    if !laid_out.chars().any(char::is_alphanumeric) {
        return Err(if pages.is_empty() {
            Error::PdfNoPages
        } else {
            Error::PdfNoText
        });
    }
    let numbers = furniture::margin_numbers(&mut pages);
    let edges = edges::headers_and_footers(&mut pages);
    let split = columns::split(&mut pages);
    let twice = furniture::shown_twice(&mut pages);
    let joined = paragraphs::join(&pages);
    limits::text(&joined.text)?;
    let mut warnings = Vec::new();
    signs::check(&joined.text, &mut warnings)?;
    if numbers > 0 {
        let numbers = count(numbers, "number in the margin", "numbers in the margin");
        warnings.push(format!("left out: {numbers}"));
    }
    if edges.top + edges.foot > 0 {
        let lines = count(edges.top + edges.foot, "line", "lines");
        warnings.push(format!(
            "left out: {lines} of page headers, footers and page numbers ({} at the top of pages, {} at the foot)",
            edges.top, edges.foot
        ));
    }
    if edges.kept > 0 {
        let lines = count(edges.kept, "line comes", "lines come");
        warnings.push(format!(
            "{lines} back on most pages as headers and footers do, and were kept: they are most of the text"
        ));
    }
    if twice > 0 {
        let lines = count(
            twice,
            "line at the top of a page that the page before shows too",
            "lines at the top of a page that the page before shows too",
        );
        warnings.push(format!("left out: {lines}"));
    }
    if joined.hyphens > 0 {
        let words = count(
            joined.hyphens,
            "word that was divided",
            "words that were divided",
        );
        warnings.push(format!("joined: {words} at the end of a line"));
    }
    if split > 0 {
        let pages = count(split, "page has", "pages have");
        warnings.push(format!(
            "{pages} two columns, which were read one after the other; look whether the order is right"
        ));
    }
    let spoken = speakers::turns(&joined.text, joined.text.len());
    warnings.extend(spoken.warnings);
    Ok(Draft {
        text: joined.text,
        turns: spoken.turns,
        labels: spoken.labels,
        encoding: "UTF-8".to_owned(),
        warnings,
        ..Draft::default()
    })
}

#[cfg(test)]
mod tests;
