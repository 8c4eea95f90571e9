//! A table's cells as text, for attributes and the like: rows with their numbers, nothing made of them.

use super::encoding;
use super::error::Error;
use super::limits;

/// Columns that are read of one row.
const COLUMNS: usize = 16_384;
/// Cells of a table.
const CELLS: usize = 4_000_000;

/// A row that holds something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetRow {
    /// From 1: the line of the file on which it begins.
    pub number: u64,
    /// Without blanks around them, in the order of the columns; rows may differ in length.
    pub cells: Vec<String>,
}

/// What can't be read as a table. None of them quotes a cell.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    #[error(transparent)]
    File(#[from] Error),
    #[error("files that end in `.{extension}` are not read as tables")]
    NotOne { extension: String },
    #[error("the table can't be read on from line {line}")]
    Broken { line: u64 },
    #[error("row {row} has more than {COLUMNS} columns")]
    TooWide { row: u64 },
    #[error("the table has more than {} million cells", CELLS / 1_000_000)]
    TooLarge,
}

impl crate::error::Problem for SheetError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::File(error) => error.hint(),
            Self::NotOne { .. } | Self::Broken { .. } => {
                Some("save the table as CSV, with a first row of column names".into())
            }
            Self::TooWide { .. } | Self::TooLarge => Some(
                "keep one row per case, participant or transcript, and the columns that you need"
                    .into(),
            ),
        }
    }
}

/// Reads a table: `.csv` (parted by commas, semicolons or tabs: whichever its first line has most of), `.tsv`. The
/// encoding is told as for texts. Rows without any content are left out.
pub fn rows(file_name: &str, bytes: &[u8]) -> Result<Vec<SheetRow>, SheetError> {
    limits::file(bytes.len())?;
    let extension = std::path::Path::new(file_name)
        .extension()
        .map(|e| e.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    let tabs = match extension.as_str() {
        "csv" | "txt" => false,
        "tsv" | "tab" => true,
        _ => {
            return Err(SheetError::NotOne {
                extension: crate::domain::span::printable(&extension).into_owned(),
            });
        }
    };
    let decoded = encoding::decode(bytes, None)?;
    limits::text(&decoded.text)?;
    let delimiter = if tabs {
        b'\t'
    } else {
        delimiter(&decoded.text)
    };
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .trim(csv::Trim::All)
        .delimiter(delimiter)
        .from_reader(decoded.text.as_bytes());
    let mut found = Vec::new();
    let mut cells = 0;
    let mut record = csv::StringRecord::new();
    loop {
        let line = reader.position().line();
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return Ok(found),
            Err(_) => return Err(SheetError::Broken { line }),
        }
        let number = record.position().map_or(line, csv::Position::line);
        if record.len() > COLUMNS {
            return Err(SheetError::TooWide { row: number });
        }
        cells += record.len();
        if cells > CELLS {
            return Err(SheetError::TooLarge);
        }
        if record.iter().any(|cell| !cell.is_empty()) {
            found.push(SheetRow {
                number,
                cells: record.iter().map(str::to_owned).collect(),
            });
        }
    }
}

/// The sign that parts columns: the one that the first line has most of outside quotes; a comma where it has none.
fn delimiter(text: &str) -> u8 {
    let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in text.trim_start().bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            _ if quoted => {}
            _ => {
                for (sign, n) in &mut counts {
                    *n += usize::from(*sign == byte);
                }
            }
        }
    }
    let most = counts.iter().map(|(_, n)| *n).max().unwrap_or(0);
    counts
        .iter()
        .find(|(_, n)| *n == most)
        .map_or(b',', |(sign, _)| *sign)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(name: &str, text: &str) -> Vec<(u64, Vec<String>)> {
        rows(name, text.as_bytes())
            .expect("a table")
            .into_iter()
            .map(|row| (row.number, row.cells))
            .collect()
    }

    fn row(number: u64, cells: &[&str]) -> (u64, Vec<String>) {
        (number, cells.iter().map(|c| (*c).to_owned()).collect())
    }

    #[test]
    fn columns_are_parted_as_the_first_line_is() {
        let expected = [
            row(1, &["id", "beds, all", "x"]),
            row(2, &["north", "1;2", "3"]),
        ];
        assert_eq!(read("a.csv", "id,\"beds, all\",x\nnorth,1;2,3\n"), expected);
        assert_eq!(
            read("a.csv", "\u{feff}id;beds, all;x\r\nnorth;\"1;2\";3\r\n"),
            expected
        );
        assert_eq!(read("a.tsv", "id\tbeds, all\tx\nnorth\t1;2\t3"), expected);
    }

    #[test]
    fn rows_keep_their_numbers_and_lengths() {
        assert_eq!(
            read("a.csv", "id,a\n\n,,\nP1,\"two\nlines\"\nP2\n"),
            [
                row(1, &["id", "a"]),
                row(4, &["P1", "two\nlines"]),
                row(6, &["P2"])
            ]
        );
    }

    #[test]
    fn another_encoding_is_told() {
        let found = rows("a.csv", b"id,place\nP1,K\xf6ln und Z\xfcrich\n").expect("a table");
        assert_eq!(found[1].cells[1], "Köln und Zürich");
    }

    #[test]
    fn what_is_no_table() {
        assert!(matches!(
            rows("a.docx", b"x"),
            Err(SheetError::NotOne { .. })
        ));
        assert!(matches!(rows("a.csv", b""), Err(SheetError::File(_))));
        let wide = ",".repeat(COLUMNS);
        assert_eq!(
            rows("a.csv", format!("a{wide}").as_bytes()),
            Err(SheetError::TooWide { row: 1 })
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            rows("a.csv", &bytes).ok();
        }

        #[test]
        fn what_a_writer_wrote_is_read(table in proptest::collection::vec(proptest::collection::vec("[a-zé,;\"\n]{1,6}x", 2..5), 1..5)) {
            let mut out = csv::WriterBuilder::new().flexible(true).quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
            for row in &table {
                out.write_record(row).expect("memory");
            }
            let bytes = out.into_inner().expect("memory");
            let cells: Vec<Vec<String>> = rows("a.csv", &bytes).expect("a table").into_iter().map(|row| row.cells).collect();
            let trimmed: Vec<Vec<String>> = table.iter().map(|row| row.iter().map(|c| c.trim().to_owned()).collect()).collect();
            prop_assert_eq!(cells, trimmed);
        }
    }
}
