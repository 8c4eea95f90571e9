//! Why a file was refused, and what to do about it.

use std::fmt;

use thiserror::Error;

use crate::error::Problem;

use super::limits;

/// What a file is that is made of parts, or of groups within groups, as errors call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Word,
    OpenDocument,
    Excel,
    OpenSpreadsheet,
    Ebook,
    WebPage,
    Rtf,
}

impl What {
    /// The ending under which it is read.
    const fn ending(self) -> &'static str {
        match self {
            Self::Word => "docx",
            Self::OpenDocument => "odt",
            Self::Excel => "xlsx",
            Self::OpenSpreadsheet => "ods",
            Self::Ebook => "epub",
            Self::WebPage => "html",
            Self::Rtf => "rtf",
        }
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Word => "Word file",
            Self::OpenDocument => "OpenDocument text",
            Self::Excel => "Excel file",
            Self::OpenSpreadsheet => "OpenDocument spreadsheet",
            Self::Ebook => "e-book",
            Self::WebPage => "web page",
            Self::Rtf => "RTF file",
        })
    }
}

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
    #[error("the {file} is protected by {}", if *file == What::Ebook { "copy protection" } else { "a password" })]
    Encrypted { file: What },
    #[error("the file is called `.{}` but is no {file}", file.ending())]
    NotOne { file: What },
    #[error("the {file} has no text part (`{part}`)")]
    NoText { file: What, part: &'static str },
    #[error("the {file} is damaged: `{part}` cannot be read")]
    Damaged { file: What, part: &'static str },
    #[error("the {file} declares a document type with entities, which none needs")]
    DocType { file: What },
    #[error("the {file} is nested more than {most} levels deep")]
    TooDeep { file: What, most: usize },
    #[error("the {file} holds more than {} files", limits::ZIP_ENTRIES)]
    TooManyEntries { file: What },
    #[error("the {file} unpacks to more than {} MB", limits::TOTAL_BYTES >> 20)]
    Bomb { file: What },
    #[error("files inside the {file} overlap, as in a zip bomb")]
    Overlapping { file: What },
    #[error("the {file} has more than {} million elements", limits::ELEMENTS / 1_000_000)]
    TooManyElements { file: What },
    #[error("the file has {megabytes} MB; {} MB is the most that is read", limits::FILE_BYTES >> 20)]
    FileTooLarge { megabytes: usize },
    #[error("the text has more than {} million characters", limits::TEXT_CHARACTERS / 1_000_000)]
    TextTooLong,
    #[error("the text has more than {} million lines", limits::LINES / 1_000_000)]
    TooManyLines,
    #[error("the caption file holds no cue")]
    NoCues,
    #[error("the file holds no line with a time")]
    NoStamps,
    #[error("the JSON holds no transcript that is known")]
    NotTranscript,
    #[error("the JSON is damaged at line {line}, column {column}")]
    DamagedJson { line: usize, column: usize },
    #[error(transparent)]
    Table(#[from] super::TableError),
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
            Self::Empty | Self::Blank | Self::PdfNoPages => {
                "nothing can be coded in it; look whether the right file was saved"
            }
            Self::Binary => {
                "save it as plain text (.txt) or as .docx; if it is text, name its encoding with --encoding"
            }
            Self::NotRead { instead, .. } => instead,
            Self::UnknownExtension { .. } | Self::NoExtension => {
                "txt, md, docx, odt, rtf, epub, html, pdf, csv, tsv, xlsx, ods, vtt, srt, sbv, lrc and json are read; if it is plain text, rename it to end in .txt"
            }
            Self::LegacyDoc => "open it in Word or LibreOffice and save it as .docx",
            Self::Encrypted { file: What::Ebook } => {
                "ask its publisher for a copy without protection (.docx, .txt or an open .epub)"
            }
            Self::Encrypted {
                file: What::Excel | What::OpenSpreadsheet,
            } => "open it in Excel or LibreOffice, remove the password, and save it again",
            Self::Encrypted {
                file: What::OpenDocument,
            } => "open it in LibreOffice, save it again without a password, and import that",
            Self::Encrypted { .. } => "open it in Word, remove the password, and save it again",
            Self::NotOne { file }
            | Self::NoText { file, .. }
            | Self::Damaged { file, .. }
            | Self::DocType { file } => match file {
                What::Word | What::Rtf => {
                    "open it in Word or LibreOffice and save it as .docx again"
                }
                What::Excel | What::OpenSpreadsheet => {
                    "open it in Excel or LibreOffice and save it again as .xlsx or .csv"
                }
                What::OpenDocument => "open it in LibreOffice and save it as .odt or .docx again",
                What::Ebook => {
                    "open it in an e-book program such as Calibre and convert it to .docx"
                }
                What::WebPage => {
                    "open it in a browser, copy its text into a .docx or .txt file, and import that"
                }
            },
            Self::TooDeep { file, .. } | Self::TooManyElements { file }
                if *file == What::WebPage =>
            {
                "open it in a browser, copy its text into a .docx or .txt file, and import that"
            }
            Self::TooDeep { file, .. }
            | Self::TooManyEntries { file }
            | Self::Bomb { file }
            | Self::Overlapping { file }
                if matches!(file, What::Excel | What::OpenSpreadsheet) =>
            {
                "if you trust where it comes from, open it in Excel or LibreOffice and save it as .csv"
            }
            Self::TooDeep { .. }
            | Self::TooManyEntries { .. }
            | Self::Bomb { .. }
            | Self::Overlapping { .. }
            | Self::TooManyElements { .. } => {
                "if you trust where it comes from, open it in Word or LibreOffice and save its text as .txt"
            }
            Self::FileTooLarge { .. } | Self::TextTooLong | Self::TooManyLines => {
                "split it, or take pictures out, and import the parts"
            }
            Self::NoCues => {
                "a cue has a line such as 00:00:01.000 --> 00:00:04.000; if it is plain text, rename it to end in .txt"
            }
            Self::NoStamps => {
                "a line begins with a time such as [01:23.45]; if it is plain text, rename it to end in .txt"
            }
            Self::NotTranscript => {
                "Whisper, WhisperX, AssemblyAI, Deepgram, Amazon Transcribe and Rev are known; others also write .vtt, .srt or .txt: import that"
            }
            Self::DamagedJson { .. } => {
                "save it again from the program that made it, or import the .vtt, .srt or .txt that it also writes"
            }
            Self::Table(error) => return error.hint(),
            Self::NotPdf => "look whether the right file was saved, and rename it to what it is",
            Self::PdfEncrypted => {
                "open it with its password, print it to a new PDF or save its text as .txt, and import that"
            }
            Self::PdfDamaged | Self::PdfTooHard => {
                "open it in a PDF reader, save its text as .txt or .docx, and import that"
            }
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
