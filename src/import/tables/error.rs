//! Why a table was refused, and what to do about it.

use thiserror::Error;

use super::table::{CELLS, COLUMNS, RESPONDENTS};
use crate::error::Problem;

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
    #[error("a quotation mark that is opened in row {row} is not closed")]
    OpenQuote { row: u64 },
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
            Self::OpenQuote { .. } => {
                "close it, or double it where it belongs to the words: all that follows would be one cell"
            }
            Self::NoSheet => "nothing can be coded in it; look whether the right file was saved",
        };
        Some(hint.to_owned())
    }
}
