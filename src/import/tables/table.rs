//! A table as every reader hands it over: rows of texts, whatever the cells were.

use super::error::TableError;
use crate::import::limits;

/// Columns of a table; a spreadsheet program has no more.
pub(super) const COLUMNS: usize = 16_384;
/// Rows of a spreadsheet; no program has more.
pub(super) const ROWS: u64 = 1_048_576;
/// Cells of a table, the empty ones between filled ones counted; each takes memory.
pub(super) const CELLS: usize = 4_000_000;
/// Rows that become transcripts of their own.
pub(super) const RESPONDENTS: usize = 50_000;

/// Bytes of all cells together, as many as of a file: one text of a spreadsheet may stand in any number of them.
const BYTES: usize = limits::FILE_BYTES;
/// Merged cells that are kept.
const MERGES: usize = 100_000;

/// One sheet, or the whole of a text file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::import) struct Table {
    /// The sheet's name; a text file has none.
    pub name: Option<String>,
    /// Rows with something in them, in their order.
    pub rows: Vec<Row>,
    /// Cells that say `#REF!` and the like; they are read as empty.
    pub errors: usize,
    /// The row and the column of the first of them in a spreadsheet of Excel's.
    pub first_error: Option<(u64, usize)>,
    /// Formulas whose value was not saved with them; they are read as empty.
    pub unsaved: usize,
    /// The line on which a cell begins whose quotation mark is not closed: the rest of the file went into it.
    pub open_quote: Option<u64>,
    /// What else the reader has to say.
    pub warnings: Vec<String>,
    /// Cells that go on below: column, first row and last.
    merges: Vec<(usize, u64, u64)>,
    /// Cells that go on below or to the right: the first row and column, the last row and column.
    pub ranges: Vec<((u64, usize), (u64, usize))>,
    /// Where blanks stood around a text.
    pub blanks: Vec<(u64, usize)>,
    cells: usize,
    bytes: usize,
}

/// A row: its number in the file, and its cells without blanks around them, the last one not empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::import) struct Row {
    /// From 1: a sheet's row, or the line of a text file on which it begins.
    pub number: u64,
    pub cells: Vec<String>,
}

impl Row {
    pub(super) fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }
    pub(super) fn filled(&self) -> usize {
        self.cells.iter().filter(|cell| !cell.is_empty()).count()
    }
}

impl Table {
    pub(super) fn of_sheet(name: String) -> Self {
        Self {
            name: Some(name),
            ..Self::default()
        }
    }

    /// Puts a text into a cell of a row. Rows are taken as they come; empty cells are not kept.
    pub(super) fn put(&mut self, number: u64, column: usize, text: &str) -> Result<(), TableError> {
        let written = text;
        let text = if text.is_empty() {
            String::new()
        } else {
            clean(text)
        };
        if text.is_empty() {
            return Ok(());
        }
        if written.trim().len() != written.len() && self.blanks.len() < MERGES {
            self.blanks.push((number, column));
        }
        if column >= COLUMNS {
            return Err(TableError::TooManyColumns);
        }
        if self.rows.last().is_none_or(|row| row.number != number) {
            self.rows.push(Row {
                number,
                cells: Vec::new(),
            });
        }
        let Some(row) = self.rows.last_mut() else {
            return Ok(());
        };
        self.bytes += text.len();
        self.cells += (column + 1).saturating_sub(row.cells.len());
        if self.cells > CELLS {
            return Err(TableError::TooManyCells);
        }
        if self.bytes > BYTES {
            return Err(TableError::TooLong);
        }
        if row.cells.len() <= column {
            row.cells.resize(column + 1, String::new());
        }
        row.cells[column] = text;
        Ok(())
    }

    /// What a row's number counts.
    pub(super) fn unit(&self) -> &'static str {
        if self.name.is_some() { "row" } else { "line" }
    }

    /// Notes that a cell goes on over the rows below it, or the columns beside it.
    pub(super) fn merge(&mut self, first: (u64, usize), last: (u64, usize)) {
        if last.0 > first.0 && self.merges.len() < MERGES {
            self.merges.push((first.1, first.0, last.0));
        }
        if last.0 >= first.0 && last.1 >= first.1 && last != first && self.ranges.len() < MERGES {
            self.ranges.push((first, last));
        }
    }

    /// What stands in the merged cells of a column, by the numbers of the rows that they go over.
    pub(super) fn merged(&self, column: usize) -> Vec<(u64, u64, &str)> {
        let mut merges: Vec<_> = self.merges.iter().filter(|m| m.0 == column).collect();
        merges.sort_unstable();
        let mut rows = self.rows.iter().peekable();
        let mut out = Vec::new();
        for (_, first, last) in merges {
            while rows.next_if(|row| row.number < *first).is_some() {}
            if let Some(row) = rows.peek().filter(|row| row.number == *first) {
                out.push((*first, *last, row.cell(column)));
            }
        }
        out
    }
}

/// A cell's text: no blanks and no marks of byte order around it, LF as the only line break.
pub(super) fn clean(text: &str) -> String {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n")
    } else {
        text.to_owned()
    }
}

/// A column's letters, as spreadsheets show them: `A`, `Z`, `AA`.
pub fn letters(column: usize) -> String {
    let mut out = Vec::new();
    let mut n = column + 1;
    while n > 0 {
        n -= 1;
        out.push(b'A' + u8::try_from(n % 26).unwrap_or(0));
        n /= 26;
    }
    out.reverse();
    out.into_iter().map(char::from).collect()
}

/// The column that letters mean.
pub fn column(letters: &str) -> Option<usize> {
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    letters
        .bytes()
        .try_fold(0_usize, |sum, b| {
            b.is_ascii_alphabetic()
                .then(|| sum * 26 + usize::from(b.to_ascii_uppercase() - b'A') + 1)
        })
        .map(|n| n - 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn columns_have_letters() {
        for (n, text) in [
            (0, "A"),
            (25, "Z"),
            (26, "AA"),
            (701, "ZZ"),
            (702, "AAA"),
            (16_383, "XFD"),
        ] {
            assert_eq!(letters(n), text);
            assert_eq!(column(text), Some(n));
        }
        for text in ["", "A1", "é", "ABCD", "-"] {
            assert_eq!(column(text), None, "{text}");
        }
    }

    #[test]
    fn limits_hold() {
        let mut table = Table::default();
        assert_eq!(table.put(1, COLUMNS, "x"), Err(TableError::TooManyColumns));
        let result = (1..).try_for_each(|n| table.put(n, COLUMNS - 1, "x"));
        assert_eq!(result, Err(TableError::TooManyCells));
        assert!(table.rows.len() <= CELLS / COLUMNS + 1);
        let long = "x".repeat(BYTES / 10);
        let result = (1..20).try_for_each(|n| Table::put(&mut table, n, 0, &long));
        assert!(result.is_err());
    }

    #[test]
    fn merged_cells_go_on_below() {
        let mut table = Table::default();
        for (n, text) in [(1, "speaker"), (2, "A"), (5, "B")] {
            table.put(n, 0, text).expect("room");
        }
        table.merge((5, 0), (6, 0));
        table.merge((2, 0), (4, 0));
        table.merge((2, 1), (4, 1));
        table.merge((9, 0), (9, 0));
        assert_eq!(table.merged(0), [(2, 4, "A"), (5, 6, "B")]);
    }

    proptest! {
        #[test]
        fn letters_and_back(n in 0_usize..18_278) {
            prop_assert_eq!(column(&letters(n)), Some(n));
        }
    }
}
