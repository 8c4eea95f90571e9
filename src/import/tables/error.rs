//! Why a table was refused, and what to do about it.

use thiserror::Error;

use super::table::{CELLS, COLUMNS, RESPONDENTS};
use crate::error::Problem;
use crate::import::limits;

/// A refusal of a table. None of them quotes a cell; what the user typed is repeated.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TableError {
    #[error("no row of the table can be its header: {reason}")]
    NoHeader { reason: &'static str },
    #[error("the table has a header and no rows under it")]
    NoRows,
    #[error(
        "the table is neither a transcript nor a survey: no column is called {looked_for}; none has a question mark in its name; and no `participant` or `respondent` stands beside answers"
    )]
    NoShape { looked_for: String },
    #[error("the table holds no words: its {column} is empty in every row")]
    NoWords { column: &'static str },
    #[error("the table has no column `{name}`")]
    UnknownColumn {
        name: String,
        suggestion: Option<String>,
    },
    #[error("the column `{name}` was named both with --question and with --attribute")]
    TwiceNamed { name: String },
    #[error("the table has more than {COLUMNS} columns")]
    TooManyColumns,
    #[error("the table has more than {} million cells", CELLS / 1_000_000)]
    TooManyCells,
    #[error("the cells of the table hold too much text")]
    TooLong,
    #[error("the table has more than {RESPONDENTS} respondents")]
    TooManyRespondents,
    #[error("the file is called `.{ending}` but is no spreadsheet of that kind")]
    NotOne { ending: &'static str },
    #[error("the spreadsheet is protected by a password")]
    Encrypted,
    #[error("the spreadsheet is damaged: `{part}` cannot be read")]
    Damaged { part: &'static str },
    #[error("the spreadsheet declares a document type, which no spreadsheet program does")]
    DocType,
    #[error(
        "the spreadsheet is nested more than {} elements deep",
        limits::XML_DEPTH
    )]
    TooDeep,
    #[error("the spreadsheet holds more than {} files", limits::ZIP_ENTRIES)]
    TooManyEntries,
    #[error("the spreadsheet unpacks to more than {} MB", limits::TOTAL_BYTES >> 20)]
    Bomb,
    #[error("files inside the spreadsheet overlap, as in a zip bomb")]
    Overlapping,
    #[error("the spreadsheet has no sheet with anything in it")]
    NoSheet,
}

impl Problem for TableError {
    fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::NoHeader { .. } | Self::NoRows => {
                "the first row names the columns: text, and if known speaker and time; or id and one column per question"
            }
            Self::NoShape { .. } => {
                "call the column with the words `text`, or name the columns that hold answers with --question COLUMN"
            }
            Self::NoWords { .. } => {
                "nothing can be coded in it; look whether the right sheet was saved"
            }
            Self::UnknownColumn {
                suggestion: Some(name),
                ..
            } => return Some(format!("did you mean `{name}`?")),
            Self::UnknownColumn { .. } => {
                "name a column by its header, the beginning of it, or its letter, as in C"
            }
            Self::TwiceNamed { .. } => "name it once",
            Self::TooManyColumns
            | Self::TooManyCells
            | Self::TooLong
            | Self::TooManyRespondents => {
                "split it, or take out what is not needed, and import the parts"
            }
            Self::Encrypted => "open it, remove the password, and save it again",
            Self::NotOne { .. } | Self::Damaged { .. } | Self::DocType => {
                "open it in Excel or LibreOffice and save it again as .xlsx or .csv"
            }
            Self::TooDeep | Self::TooManyEntries | Self::Bomb | Self::Overlapping => {
                "if you trust where it comes from, open it in Excel or LibreOffice and save it as .csv"
            }
            Self::NoSheet => "nothing can be coded in it; look whether the right file was saved",
        };
        Some(hint.to_owned())
    }
}
