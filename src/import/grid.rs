//! Tables of figures as they stand in a file: every cell as it was written, where it stood, and which cells are merged.
//!
//! Unlike [`sheet`](super::sheet), blanks around a text are kept, as they may be what is wrong with it, and rows of a text
//! file are read one after the other, however many there are.

use super::encoding;
use super::sheet::SheetError;
use super::tables::{self, Parted, TableError};
use super::{Format, limits};

pub use super::tables::{column, letters};

/// Bytes of a text file of figures; it is read row by row.
const BYTES: usize = 1 << 29;

/// One table of a file.
#[derive(Debug)]
pub struct Grid {
    /// The sheet's name; a text file has none.
    pub sheet: Option<String>,
    /// Cells that were merged into one.
    pub merged: Vec<Range>,
    /// The first cell that holds an error (`#REF!`) in the place of a value: row and column.
    pub error: Option<(u64, usize)>,
    /// Formulas whose value was not saved with them: they are empty.
    pub unsaved: usize,
    rows: Rows,
}

/// Cells from one corner to the other; rows from 1, columns from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    pub first: (u64, usize),
    pub last: (u64, usize),
}

impl std::fmt::Display for Range {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let corner = |at: (u64, usize)| format!("{}{}", letters(at.1), at.0);
        write!(f, "{}:{}", corner(self.first), corner(self.last))
    }
}

#[derive(Debug)]
enum Rows {
    Text {
        text: String,
        parted: Parted,
    },
    /// Each with its number.
    Cells(Vec<(u64, Vec<String>)>),
}

/// A row while it is read.
#[derive(Clone, Copy, Debug)]
pub enum Row<'a> {
    Parted(&'a csv::StringRecord),
    Cells(&'a [String]),
}

impl<'a> Row<'a> {
    /// What stands in a column, blanks and all; nothing where the row ends before it.
    pub fn cell(self, column: usize) -> &'a str {
        match self {
            Self::Parted(record) => record.get(column).unwrap_or_default(),
            Self::Cells(cells) => cells.get(column).map_or("", String::as_str),
        }
    }

    /// How many cells it has.
    pub fn len(self) -> usize {
        match self {
            Self::Parted(record) => record.len(),
            Self::Cells(cells) => cells.len(),
        }
    }

    pub fn is_empty(self) -> bool {
        self.filled() == 0
    }

    /// How many of them hold something.
    pub fn filled(self) -> usize {
        (0..self.len())
            .filter(|n| !self.cell(*n).trim().is_empty())
            .count()
    }
}

/// What the ending of a file's name says that it is, of the kinds that hold tables.
fn format(file_name: &str) -> Result<Format, SheetError> {
    let extension = std::path::Path::new(file_name)
        .extension()
        .map(|e| e.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    match extension.as_str() {
        "csv" | "txt" => Ok(Format::Csv),
        "tsv" | "tab" => Ok(Format::Tsv),
        "xlsx" => Ok(Format::Xlsx),
        "ods" => Ok(Format::Ods),
        _ => Err(SheetError::NotOne {
            extension: crate::domain::span::printable(&extension).into_owned(),
        }),
    }
}

/// The tables of a file that hold something: one of a text file, each sheet of a workbook, the hidden ones last.
pub fn read(file_name: &str, bytes: Vec<u8>) -> Result<Vec<Grid>, SheetError> {
    let format = format(file_name)?;
    if matches!(format, Format::Xlsx | Format::Ods) {
        limits::file(bytes.len())?;
        let sheets = tables::sheets(&bytes, format)?;
        let filled: Vec<Grid> = sheets
            .into_iter()
            .filter(|table| !table.rows.is_empty())
            .map(of_sheet)
            .collect();
        if filled.is_empty() {
            return Err(super::Error::from(TableError::NoSheet).into());
        }
        return Ok(filled);
    }
    if bytes.len() > BYTES {
        return Err(super::Error::FileTooLarge {
            megabytes: bytes.len() >> 20,
        }
        .into());
    }
    // What is plain UTF-8 is taken as it is: a file of figures may be large.
    let text = match String::from_utf8(bytes) {
        Ok(text) if !text.starts_with('\u{feff}') && !text.contains(['\0', '\r']) => text,
        Ok(text) => encoding::decode(text.as_bytes(), None)?.text,
        Err(other) => encoding::decode(other.as_bytes(), None)?.text,
    };
    if text.trim_start().is_empty() {
        return Err(SheetError::NoFigures);
    }
    let parted = tables::parted(&text, format);
    if let Some(row) = parted.open_quote {
        return Err(super::Error::from(TableError::OpenQuote { row }).into());
    }
    Ok(vec![Grid {
        sheet: None,
        merged: Vec::new(),
        error: None,
        unsaved: 0,
        rows: Rows::Text { text, parted },
    }])
}

fn of_sheet(table: tables::Table) -> Grid {
    let mut rows: Vec<(u64, Vec<String>)> = table
        .rows
        .into_iter()
        .map(|row| (row.number, row.cells))
        .collect();
    rows.sort_by_key(|(number, _)| *number);
    // The reader takes blanks away and says where; one is put back, so that whoever looks at the text sees it.
    for (number, column) in table.blanks {
        if let Ok(at) = rows.binary_search_by_key(&number, |(n, _)| *n)
            && let Some(cell) = rows[at].1.get_mut(column)
        {
            cell.push(' ');
        }
    }
    Grid {
        sheet: table.name,
        merged: table
            .ranges
            .into_iter()
            .map(|(first, last)| Range { first, last })
            .collect(),
        error: table.first_error,
        unsaved: table.unsaved,
        rows: Rows::Cells(rows),
    }
}

impl Grid {
    /// What a row's number counts.
    pub fn unit(&self) -> &'static str {
        if self.sheet.is_some() { "row" } else { "line" }
    }

    /// Hands every row to `each`, with its number, until it says that it has seen enough.
    pub fn rows<E>(&self, mut each: impl FnMut(u64, Row) -> Result<bool, E>) -> Result<(), E> {
        match &self.rows {
            Rows::Cells(rows) => {
                for (number, cells) in rows {
                    if !each(*number, Row::Cells(cells))? {
                        break;
                    }
                }
            }
            Rows::Text { text, parted } => {
                let bytes = &text.as_bytes()[parted.bytes..];
                let mut reader = csv::ReaderBuilder::new()
                    .has_headers(false)
                    .flexible(true)
                    .delimiter(parted.delimiter)
                    .from_reader(bytes);
                let mut record = csv::StringRecord::new();
                // The text is UTF-8 and any number of cells is taken, so nothing is left that could fail.
                while reader.read_record(&mut record).unwrap_or(false) {
                    let line = record.position().map_or(0, |at| {
                        // A record is said to begin where the one before ended: empty lines in between are before it.
                        let rest = usize::try_from(at.byte()).ok().and_then(|n| bytes.get(n..));
                        let empty = rest
                            .unwrap_or_default()
                            .iter()
                            .take_while(|b| matches!(b, b'\n' | b'\r'))
                            .filter(|b| **b == b'\n')
                            .count() as u64;
                        at.line() + empty
                    }) + parted.lines;
                    if !each(line, Row::Parted(&record))? {
                        break;
                    }
                }
            }
        }
        Ok(())
    }

    /// Writes what stands in the first cell of each merged range into all of its cells.
    pub fn spread(&mut self) {
        let Rows::Cells(rows) = &mut self.rows else {
            return;
        };
        for range in &self.merged {
            let Ok(at) = rows.binary_search_by_key(&range.first.0, |(n, _)| *n) else {
                continue;
            };
            let text = rows[at].1.get(range.first.1).cloned().unwrap_or_default();
            if text.is_empty() {
                continue;
            }
            for (number, cells) in rows.iter_mut().skip(at) {
                if *number > range.last.0 {
                    break;
                }
                // A row is not made longer than it is by much: a range may reach over whole columns.
                let last = range.last.1.min(cells.len().max(64));
                if cells.len() <= last {
                    cells.resize(last + 1, String::new());
                }
                for cell in &mut cells[range.first.1.min(last)..=last] {
                    cell.clone_from(&text);
                }
            }
        }
    }

    /// About how many bytes a row takes, to say how far reading is; 0 of a workbook.
    pub fn bytes(&self) -> usize {
        match &self.rows {
            Rows::Text { text, .. } => text.len(),
            Rows::Cells(_) => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cells(grid: &Grid) -> Vec<(u64, Vec<String>)> {
        let mut out = Vec::new();
        grid.rows(|line, row| -> Result<bool, ()> {
            out.push((
                line,
                (0..row.len()).map(|n| row.cell(n).to_owned()).collect(),
            ));
            Ok(true)
        })
        .expect("rows");
        out
    }

    #[test]
    fn blanks_are_kept_and_lines_counted() {
        let grids = read(
            "a.csv",
            b"\xef\xbb\xbfcode,name\r\nA1,\"North \"\r\n\r\nA2,b\r\n".to_vec(),
        )
        .expect("a table");
        let expected = [
            (1, vec!["code", "name"]),
            (2, vec!["A1", "North "]),
            (4, vec!["A2", "b"]),
        ];
        let expected: Vec<(u64, Vec<String>)> = expected
            .into_iter()
            .map(|(n, c)| (n, c.into_iter().map(str::to_owned).collect()))
            .collect();
        assert_eq!(cells(&grids[0]), expected);
        let told = read("a.csv", b"sep=;\na;b\n1;2\n".to_vec()).expect("a table");
        assert_eq!(cells(&told[0])[1].0, 3);
    }

    #[test]
    fn an_open_quotation_mark_is_refused() {
        assert!(read("a.csv", b"a,b\n1,\"2\n3,4\n".to_vec()).is_err());
        assert!(read("a.docx", b"x".to_vec()).is_err());
        assert!(read("a.csv", b" \n".to_vec()).is_err());
    }

    #[test]
    fn ranges_are_named_as_spreadsheets_do() {
        let range = Range {
            first: (3, 0),
            last: (5, 27),
        };
        assert_eq!(range.to_string(), "A3:AB5");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            for name in ["a.csv", "a.tsv", "a.xlsx", "a.ods"] {
                if let Ok(grids) = read(name, bytes.clone()) {
                    for mut grid in grids {
                        grid.spread();
                        cells(&grid);
                    }
                }
            }
        }
    }
}
