//! Bytes of a file → a text with its turns. Knows no store.
//!
//! [`read_all`] tells the format by the file's name, refuses by its first bytes what is something else, and hands the
//! bytes to the reader of that format. Prose formats keep their text as it was read (but for wrapped lines, which
//! `reflow` joins and has back) and look for speakers in it
//! (`speakers`); caption formats have no running text, so theirs is made from the cues. Whatever is left out,
//! repaired or guessed on the way is counted in [`Imported::warnings`]; neither warnings nor errors repeat words of
//! the text, since they end up in logs.

use std::fmt;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::domain::span::Span;

mod blocks;
mod captions;
mod clock;
mod conventions;
mod cues;
mod document;
mod docx;
mod encoding;
mod encoding_names;
mod epub;
mod error;
mod explain;
mod front_matter;
pub mod grid;
mod html;
mod kind;
mod labels;
mod latin;
mod limits;
mod lyrics;
mod made;
mod manifest;
mod markdown;
mod names;
mod numerals;
mod odt;
mod package;
mod pdf;
mod recognised;
pub mod reflow;
mod relations;
mod repairs;
mod roles;
mod rtf;
mod sections;
pub mod sheet;
mod signs;
mod speakers;
mod spoken;
mod symbols;
mod tables;
mod tags;
mod text;
mod titles;
mod verdict;
mod whisper;
mod words;
mod xml;

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod properties;

pub use conventions::Convention;
pub use error::Error;
pub use explain::{EncodingBy, Explained, FormatBy, Label};
pub use kind::looks_importable;
pub use limits::file as check_size;
pub use package::parts_of_package;
pub use pdf::{Extractor as PdfExtractor, PdfReader, extract as extract_pdf};
pub use roles::{interviewer_word, is_interviewer, is_role};
pub use sections::Section;
pub use tables::{Column, TableError, Use, is_person as may_name_somebody};
pub use verdict::Reason;
pub use words::words as count_words;

/// A file as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The text that every span points into: line breaks are LF, there is no BOM and no front matter.
    pub text: String,
    /// In the order of the text; they never overlap.
    pub turns: Vec<Turn>,
    /// Headings and interview-guide questions with what stands under them, in the order of their titles.
    pub sections: Vec<Section>,
    /// The speakers' labels, in the order in which they first speak; trimmed, without `**`, colon and time.
    pub labels: Vec<String>,
    /// What the front matter says, or a survey's columns, in their order.
    pub attributes: Vec<(String, String)>,
    /// Which part of its file it is, where a file holds several transcripts: a respondent's id, or `row 7`.
    pub part: Option<String>,
    /// What each column of a table was taken as; with the first part of the file.
    pub columns: Vec<Column>,
    pub format: Format,
    /// The name of the file's encoding in the WHATWG's list (`UTF-8`, `windows-1252`, `macintosh` …).
    pub encoding: String,
    /// Hex of the raw bytes' SHA-256.
    pub sha256: String,
    /// Where wrapped lines were joined, in the order of the text.
    pub reflow: Vec<reflow::Join>,
    /// How it was read, if that was asked.
    pub explained: Option<Explained>,
    /// What was left out, repaired or guessed: whole sentences without full stop, without words of the text.
    pub warnings: Vec<String>,
    /// Words in all turns together (labels and text outside turns are not counted).
    pub words: u32,
}

/// What stands under one speaker label, or a paragraph where nobody speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The body without the label, in code points; begins and ends on a character that is not blank.
    pub span: Span,
    /// Place in [`Imported::labels`].
    pub label: Option<u16>,
    /// When the turn begins in the recording, in milliseconds.
    pub time_ms: Option<i64>,
    /// Tokens between blanks that hold at least one letter or digit.
    pub words: u32,
}

/// The formats that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Format {
    #[serde(rename = "txt")]
    Text,
    #[serde(rename = "md")]
    Markdown,
    #[serde(rename = "docx")]
    Docx,
    #[serde(rename = "odt")]
    Odt,
    #[serde(rename = "rtf")]
    Rtf,
    #[serde(rename = "epub")]
    Epub,
    #[serde(rename = "html")]
    Html,
    #[serde(rename = "vtt")]
    WebVtt,
    #[serde(rename = "srt")]
    SubRip,
    #[serde(rename = "sbv")]
    Sbv,
    #[serde(rename = "lrc")]
    Lrc,
    #[serde(rename = "json")]
    Json,
    #[serde(rename = "csv")]
    Csv,
    #[serde(rename = "tsv")]
    Tsv,
    #[serde(rename = "xlsx")]
    Xlsx,
    #[serde(rename = "ods")]
    Ods,
    #[serde(rename = "pdf")]
    Pdf,
}

impl Format {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "txt",
            Self::Markdown => "md",
            Self::Docx => "docx",
            Self::Odt => "odt",
            Self::Rtf => "rtf",
            Self::Epub => "epub",
            Self::Html => "html",
            Self::WebVtt => "vtt",
            Self::SubRip => "srt",
            Self::Sbv => "sbv",
            Self::Lrc => "lrc",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Xlsx => "xlsx",
            Self::Ods => "ods",
            Self::Pdf => "pdf",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What the user may decide about reading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// A label of the WHATWG's list (`windows-1252`, `macintosh`, `utf-16le` …), for files that do not say it themselves.
    pub encoding: Option<String>,
    /// Columns of a table that hold answers: by name, by the beginning of it, or by letter.
    pub questions: Vec<String>,
    /// Columns of a table that become attributes, named in the same way.
    pub attributes: Vec<String>,
    /// What reads PDF files; without it they are refused.
    pub pdf: Option<PdfReader>,
    /// Whether to tell how the file was read.
    pub explain: bool,
    /// Whether wrapped lines stay as they stand ([`reflow`]).
    pub no_reflow: bool,
}

/// Reads one file: one transcript, or several from a table with a respondent in each row, never none. The name decides
/// the format by its extension; nothing is opened, the bytes are all there is (but
/// a PDF is handed to a process of its own).
pub fn read_all(file_name: &str, bytes: &[u8], options: &Options) -> Result<Vec<Imported>, Error> {
    limits::file(bytes.len())?;
    let format = kind::of(file_name, bytes)?;
    let mut drafts = match format {
        Format::Text | Format::Markdown => vec![text::read(bytes, options)?],
        Format::Docx => vec![docx::read(bytes)?],
        Format::Odt => vec![odt::read(bytes)?],
        Format::Rtf => vec![rtf::read(bytes)?],
        Format::Epub => vec![epub::read(bytes)?],
        Format::Html => vec![html::read(bytes, options)?],
        Format::Pdf => vec![pdf::read(bytes, options)?],
        Format::WebVtt | Format::SubRip | Format::Sbv => {
            vec![captions::read(bytes, format, options)?]
        }
        Format::Lrc => vec![lyrics::read(bytes, options)?],
        Format::Json => vec![whisper::read(bytes, options)?],
        Format::Csv | Format::Tsv | Format::Xlsx | Format::Ods => {
            tables::read(bytes, format, options)?
        }
    };
    // Whatever was left out on the way, an empty transcript is no transcript.
    if drafts
        .iter()
        .all(|draft| draft.text.trim_start().is_empty())
    {
        return Err(Error::Blank);
    }
    if let (Some(first), Some(other)) = (
        drafts.first_mut(),
        kind::other_than_named(file_name, format),
    ) {
        first.warnings.insert(0, other);
    }
    let sha256 = hex(&Sha256::digest(bytes));
    Ok(drafts
        .into_iter()
        .map(|draft| {
            let explained = options
                .explain
                .then(|| explain::explain(file_name, bytes, format, options, &draft));
            Imported {
                explained,
                ..imported(draft, format, &sha256)
            }
        })
        .collect())
}

/// Reads the lines of a PDF's pages as [`extract_pdf`] gives them; [`read_all`] has them taken from the file first.
pub fn read_pdf_lines(laid_out: &str) -> Result<Imported, Error> {
    let sha256 = hex(&Sha256::digest(laid_out));
    Ok(imported(pdf::from_layout(laid_out)?, Format::Pdf, &sha256))
}

fn imported(draft: Draft, format: Format, sha256: &str) -> Imported {
    Imported {
        explained: None,
        reflow: draft.joins,
        words: draft
            .turns
            .iter()
            .fold(0, |sum, turn| sum.saturating_add(turn.words)),
        text: draft.text,
        turns: draft.turns,
        sections: draft.sections,
        labels: draft.labels,
        attributes: draft.attributes,
        part: draft.part,
        columns: draft.columns,
        format,
        encoding: draft.encoding,
        sha256: sha256.to_owned(),
        warnings: draft.warnings,
    }
}

/// Reads a file that holds one transcript.
#[cfg(test)]
fn read(file_name: &str, bytes: &[u8], options: &Options) -> Result<Imported, Error> {
    let mut all = read_all(file_name, bytes, options)?;
    assert_eq!(all.len(), 1, "one transcript");
    Ok(all.remove(0))
}

/// The tables of a Word file (docx), cell by cell: rows of words.
///
/// # Errors
/// [`Error`] where it is no Word file, is damaged or encrypted, or would fill the memory.
pub fn docx_tables(bytes: &[u8]) -> Result<Vec<Vec<Vec<String>>>, Error> {
    limits::file(bytes.len())?;
    docx::tables::tables(bytes)
}

/// What a format's reader hands back.
#[derive(Default)]
struct Draft {
    text: String,
    turns: Vec<Turn>,
    sections: Vec<Section>,
    labels: Vec<String>,
    attributes: Vec<(String, String)>,
    part: Option<String>,
    columns: Vec<Column>,
    encoding: String,
    warnings: Vec<String>,
    /// Where lines were joined, and what was decided of them.
    joins: Vec<reflow::Join>,
    reflow: reflow::Decision,
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        out.push(char::from(DIGITS[usize::from(byte >> 4)]));
        out.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    out
}

/// "1 line", "2 lines": every counted warning is worded by this one function.
fn count(n: usize, one: &str, many: &str) -> String {
    if n == 1 {
        format!("1 {one}")
    } else {
        format!("{n} {many}")
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn importable(name: &str) -> bool {
        looks_importable(Path::new(name))
    }

    #[test]
    fn formats_are_written_the_same_everywhere() {
        for format in [
            Format::Text,
            Format::Markdown,
            Format::Docx,
            Format::Odt,
            Format::Rtf,
            Format::Epub,
            Format::Html,
            Format::WebVtt,
            Format::SubRip,
            Format::Sbv,
            Format::Lrc,
            Format::Json,
            Format::Csv,
            Format::Tsv,
            Format::Xlsx,
            Format::Ods,
            Format::Pdf,
        ] {
            let json = serde_json::to_string(&format).expect("a unit variant serializes");
            assert_eq!(json, format!("\"{format}\""));
        }
    }

    #[test]
    fn the_hash_is_of_the_raw_bytes() {
        let with_bom = read(
            "a.txt",
            b"\xef\xbb\xbfA: b\r\n\r\nB: c",
            &Options::default(),
        )
        .expect("plain text");
        assert_eq!(with_bom.text, "A: b\n\nB: c");
        assert_eq!(
            with_bom.sha256,
            hex(&Sha256::digest(b"\xef\xbb\xbfA: b\r\n\r\nB: c"))
        );
    }

    #[test]
    fn folders_are_walked_by_extension_and_hidden_files_skipped() {
        for name in [
            "a.txt",
            "a.TXT",
            "b.text",
            "c.md",
            "d.markdown",
            "e.docx",
            "f.vtt",
            "g.srt",
            "h.sbv",
            "i.csv",
            "j.XLSX",
            "h.pdf",
        ] {
            assert!(importable(name), "{name}");
        }
        for name in [".a.txt", "~$a.docx", "a", "a.doc", "a.txt.bak", "._a.txt"] {
            assert!(!importable(name), "{name}");
        }
    }
}
