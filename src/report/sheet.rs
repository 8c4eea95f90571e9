//! Tables that leave the house as files: one value, and a writer for each kind of file.
//!
//! A [`Sheet`] holds what a table shows: heads, cells, and beneath it what its numbers count, from which base, what
//! waits and what else a reader must know. A [`Book`] is one file of them. JSON is not written from here: it is the
//! value itself that the table was made of.

mod csv;
mod page;

pub(crate) use self::csv::harmless;
use std::io::Write;
use std::path::Path;

use super::phrase::day;
use super::{Error, xlsx};
use crate::domain::Date;
use crate::error::Result;
use crate::study::Study;

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Text(String),
    /// A count.
    Whole(i64),
    /// A figure, with so many digits after its point wherever it is shown; a spreadsheet has the whole of it.
    Decimal {
        value: f64,
        digits: u8,
    },
    /// A figure that is not defined; a note says why.
    Undefined,
    Empty,
}

impl Cell {
    /// A figure; one that is no number is not defined.
    pub fn decimal(value: impl Into<Option<f64>>, digits: u8) -> Self {
        match value.into().filter(|v| v.is_finite()) {
            Some(value) => Self::Decimal { value, digits },
            None => Self::Undefined,
        }
    }

    /// As it is read: a figure that is not defined is `n/a`.
    pub fn shown(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Whole(n) => n.to_string(),
            Self::Decimal { value, digits } => {
                let shown = format!("{value:.*}", usize::from(*digits));
                // Rounded to nothing, it has no sign.
                match shown.strip_prefix('-') {
                    Some(rest) if rest.bytes().all(|b| matches!(b, b'0' | b'.')) => rest.to_owned(),
                    _ => shown,
                }
            }
            Self::Undefined => "n/a".to_owned(),
            Self::Empty => String::new(),
        }
    }

    fn is_number(&self) -> bool {
        matches!(self, Self::Whole(_) | Self::Decimal { .. })
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Cell {
    fn from(n: i64) -> Self {
        Self::Whole(n)
    }
}

impl From<u32> for Cell {
    fn from(n: u32) -> Self {
        Self::Whole(n.into())
    }
}

impl From<u64> for Cell {
    fn from(n: u64) -> Self {
        Self::Whole(i64::try_from(n).unwrap_or(i64::MAX))
    }
}

impl From<usize> for Cell {
    fn from(n: usize) -> Self {
        Self::Whole(i64::try_from(n).unwrap_or(i64::MAX))
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    /// What is not there leaves its cell empty.
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

/// One table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// What it is a table of; in a spreadsheet, as much of it as fits names the tab.
    pub title: String,
    pub heads: Vec<String>,
    /// A row may be shorter than the heads.
    pub rows: Vec<Vec<Cell>>,
    /// What stands beneath: the unit and base of its numbers, what waits, what was left out.
    pub notes: Vec<String>,
}

impl Sheet {
    pub fn new<S: Into<String>>(
        title: impl Into<String>,
        heads: impl IntoIterator<Item = S>,
    ) -> Self {
        Self {
            title: title.into(),
            heads: heads.into_iter().map(Into::into).collect(),
            rows: Vec::new(),
            notes: Vec::new(),
        }
    }

    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// Says something beneath the table.
    pub fn note(&mut self, words: impl Into<String>) {
        self.notes.push(words.into());
    }

    /// Columns of numbers, which stand on the right: a number in them, and no words.
    pub fn numeric(&self) -> Vec<bool> {
        let width = self.width();
        let mut numbers = vec![false; width];
        let mut words = vec![false; width];
        for row in &self.rows {
            for (column, cell) in row.iter().enumerate() {
                numbers[column] |= cell.is_number() || *cell == Cell::Undefined;
                words[column] |= matches!(cell, Cell::Text(t) if !t.is_empty());
            }
        }
        numbers.iter().zip(&words).map(|(n, w)| *n && !w).collect()
    }

    fn width(&self) -> usize {
        self.rows
            .iter()
            .map(Vec::len)
            .fold(self.heads.len(), usize::max)
    }

    fn shown(&self) -> Vec<Vec<String>> {
        self.rows
            .iter()
            .map(|row| row.iter().map(Cell::shown).collect())
            .collect()
    }
}

/// The tables of one file, and what they come from.
#[derive(Clone, Debug, PartialEq)]
pub struct Book<'a> {
    /// The study's title.
    pub study: String,
    /// The language of the text, as a BCP 47 tag.
    pub language: String,
    /// The day of the study's last event that changed it: files are dated from the study, never from a clock.
    pub date: Option<Date>,
    /// That event.
    pub event: i64,
    pub sheets: &'a [Sheet],
}

impl<'a> Book<'a> {
    pub fn of(study: &Study, sheets: &'a [Sheet]) -> Result<Self> {
        let row = study.store.study()?;
        let head = study.store.report_head()?;
        let date = head
            .as_ref()
            .and_then(|h| h.at.get(..10))
            .and_then(|day| day.parse().ok());
        Ok(Self {
            study: row.title,
            language: row.language,
            date,
            event: head.map_or(0, |h| h.event),
            sheets,
        })
    }

    /// What the tables come from, as lines of a key and its value.
    pub(super) fn facts(&self) -> Vec<(String, String)> {
        let mut state = format!("event {}", self.event);
        if let Some(date) = &self.date {
            state.push_str(&format!(", {}", day(&date.to_string())));
        }
        vec![
            ("Study".to_owned(), self.study.clone()),
            ("As it stood after".to_owned(), state),
        ]
    }

    /// The title of the file.
    pub(super) fn title(&self) -> &str {
        match self.sheets {
            [only] => &only.title,
            _ => &self.study,
        }
    }
}

/// What tables can be written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Markdown,
    Html,
    Csv,
    Xlsx,
    /// The value that the table was made of.
    Json,
}

impl Kind {
    /// The kind that a file's name asks for by its ending.
    ///
    /// # Errors
    /// [`Error::Table`] for any other ending, or none.
    pub fn of(path: &Path) -> Result<Self, Error> {
        let ending = path
            .extension()
            .map(|e| e.to_string_lossy().to_lowercase())
            .unwrap_or_default();
        match ending.as_str() {
            "md" | "markdown" => Ok(Self::Markdown),
            "html" | "htm" => Ok(Self::Html),
            "csv" => Ok(Self::Csv),
            "xlsx" => Ok(Self::Xlsx),
            "json" => Ok(Self::Json),
            _ => Err(Error::Table { ending }),
        }
    }
}

/// Writes tables as one file. The same tables of the same state of the study give the same bytes.
///
/// # Errors
/// [`Error::SeveralTables`] for a CSV of more than one; [`Error::TooLarge`] for what no spreadsheet takes;
/// [`Error::Write`] where `out` fails, and for JSON, which is written from the value itself.
pub fn write(book: &Book, kind: Kind, out: &mut dyn Write) -> Result<(), Error> {
    match (kind, book.sheets) {
        (Kind::Markdown, _) => page::write(book, super::Format::Markdown, out),
        (Kind::Html, _) => page::write(book, super::Format::Html, out),
        (Kind::Csv, [only]) => Ok(out.write_all(&csv(only)?)?),
        (Kind::Csv, several) => Err(Error::SeveralTables { n: several.len() }),
        (Kind::Xlsx, _) => xlsx::write(book, out),
        (Kind::Json, _) => Err(std::io::Error::other("JSON is written from the value").into()),
    }
}

/// A table alone as CSV: heads and rows, so that any program reads it. What is done about formulas stands in `sheet/csv.rs`.
pub fn csv(sheet: &Sheet) -> Result<Vec<u8>, Error> {
    Ok(csv::csv(sheet)?)
}

#[cfg(test)]
mod tests;
