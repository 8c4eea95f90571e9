//! Why a file was refused, and what to do about it.

use thiserror::Error;

use crate::error::Problem;

use super::limits;

/// A refusal. None of them names the file (the caller knows it, and a file name may be a person's) or quotes its text.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Error {
    #[error("the file is empty")]
    Empty,
    #[error("the file holds no text")]
    Blank,
    #[error("the file is not text: it holds control characters that no text has")]
    Binary,
    #[error("{what} are not read")]
    NotRead {
        what: &'static str,
        instead: &'static str,
    },
    #[error("files that end in `.{extension}` are not read")]
    UnknownExtension { extension: String },
    #[error("the file's name has no ending that says what it is")]
    NoExtension,
    #[error("this is an old Word file (`.doc`)")]
    LegacyDoc,
    #[error("the Word file is protected by a password")]
    Encrypted,
    #[error("the file is called `.docx` but is no Word file")]
    NotDocx,
    #[error("the Word file has no text part (`word/document.xml`)")]
    NoDocument,
    #[error("the Word file is damaged: `{part}` cannot be read")]
    Damaged { part: &'static str },
    #[error("the Word file declares a document type, which Word never does")]
    DocType,
    #[error(
        "the Word file is nested more than {} elements deep",
        limits::XML_DEPTH
    )]
    TooDeep,
    #[error("the Word file holds more than {} files", limits::ZIP_ENTRIES)]
    TooManyEntries,
    #[error("the Word file unpacks to more than {} MB", limits::TOTAL_BYTES >> 20)]
    Bomb,
    #[error("files inside the Word file overlap, as in a zip bomb")]
    Overlapping,
    #[error("the file has {megabytes} MB; {} MB is the most that is read", limits::FILE_BYTES >> 20)]
    FileTooLarge { megabytes: usize },
    #[error("the text has more than {} million characters", limits::TEXT_CHARACTERS / 1_000_000)]
    TextTooLong,
    #[error("the text has more than {} million lines", limits::LINES / 1_000_000)]
    TooManyLines,
    #[error("the caption file holds no cue")]
    NoCues,
    #[error("the file is called `.pdf` but is no PDF")]
    NotPdf,
    #[error("the PDF is protected by a password, or forbids to copy its text")]
    PdfEncrypted,
    #[error("the PDF is damaged")]
    PdfDamaged,
    #[error("the PDF has no pages")]
    PdfNoPages,
    #[error("the PDF holds pictures of its pages and no text")]
    PdfNoText,
    #[error("the PDF takes more time or memory than a text may")]
    PdfTooHard,
    #[error("PDF files cannot be read here")]
    PdfNoReader,
    #[error("unknown encoding `{name}`")]
    UnknownEncoding {
        name: String,
        suggestion: Option<String>,
    },
}

impl Problem for Error {
    fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Empty | Self::Blank => {
                "nothing can be coded in it; look whether the right file was saved"
            }
            Self::Binary => {
                "save it as plain text (.txt) or as .docx; if it is text, name its encoding with --encoding"
            }
            Self::NotRead { instead, .. } => instead,
            Self::UnknownExtension { .. } | Self::NoExtension => {
                "txt, md, docx, pdf, vtt and srt are read; if it is plain text, rename it to end in .txt"
            }
            Self::LegacyDoc => "open it in Word or LibreOffice and save it as .docx",
            Self::Encrypted => "open it in Word, remove the password, and save it again",
            Self::NotDocx | Self::NoDocument | Self::Damaged { .. } | Self::DocType => {
                "open it in Word or LibreOffice and save it as .docx again"
            }
            Self::TooDeep | Self::TooManyEntries | Self::Bomb | Self::Overlapping => {
                "if you trust where it comes from, open it in Word or LibreOffice and save its text as .txt"
            }
            Self::FileTooLarge { .. } | Self::TextTooLong | Self::TooManyLines => {
                "split it, or take pictures out, and import the parts"
            }
            Self::NoCues => {
                "a cue has a line such as 00:00:01.000 --> 00:00:04.000; if it is plain text, rename it to end in .txt"
            }
            Self::NotPdf => "look whether the right file was saved, and rename it to what it is",
            Self::PdfEncrypted => {
                "open it with its password, print it to a new PDF or save its text as .txt, and import that"
            }
            Self::PdfDamaged | Self::PdfTooHard => {
                "open it in a PDF reader, save its text as .txt or .docx, and import that"
            }
            Self::PdfNoPages => "nothing can be coded in it; look whether the right file was saved",
            Self::PdfNoText => {
                "let a program recognise the text, for instance: ocrmypdf SCAN.pdf TEXT.pdf; then import the result"
            }
            Self::PdfNoReader => {
                "install pdftotext (it comes with poppler), or save the text as .txt or .docx, and import that"
            }
            Self::UnknownEncoding {
                suggestion: Some(name),
                ..
            } => return Some(format!("did you mean --encoding {name}?")),
            Self::UnknownEncoding {
                suggestion: None, ..
            } => "try --encoding utf-8, windows-1252, macintosh, utf-16le or utf-16be",
        };
        Some(hint.to_owned())
    }
}
