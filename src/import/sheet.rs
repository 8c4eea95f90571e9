//! A table's cells as text, for attributes and the like: rows with their numbers, nothing made of them.

use super::error::Error;
use super::{Format, limits, tables};

/// A row that holds something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetRow {
    /// From 1: a sheet's row, or the line of a text file on which it begins.
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
    #[error("the file holds nothing, or only white space")]
    NoFigures,
}

impl crate::error::Problem for SheetError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::File(error) => error.hint(),
            Self::NoFigures => {
                Some("there are no figures in it: look whether it was saved with its table".into())
            }
            Self::NotOne { .. } => Some(
                "save the table as .csv, .xlsx or .ods, with a first row of column names".into(),
            ),
        }
    }
}

/// Reads a table: `.csv` and `.tsv` (what parts the columns and the encoding are told by the file), `.xlsx` and `.ods`
/// (the first sheet that has a header and rows under it). Dates come as in 2021-04-30, numbers with a point. Rows without any content
/// are left out.
pub fn rows(file_name: &str, bytes: &[u8]) -> Result<Vec<SheetRow>, SheetError> {
    Ok(rows_and_error(file_name, bytes)?.0)
}

/// The same with the name (`B2`) of the first cell of an `.xlsx` that holds an error (`#NAME?`) in the place of a value;
/// it is read as empty.
pub fn rows_and_error(
    file_name: &str,
    bytes: &[u8],
) -> Result<(Vec<SheetRow>, Option<String>), SheetError> {
    limits::file(bytes.len())?;
    let extension = std::path::Path::new(file_name)
        .extension()
        .map(|e| e.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    let format = match extension.as_str() {
        "csv" | "txt" => Format::Csv,
        "tsv" | "tab" => Format::Tsv,
        "xlsx" => Format::Xlsx,
        "ods" => Format::Ods,
        _ => {
            return Err(SheetError::NotOne {
                extension: crate::domain::span::printable(&extension).into_owned(),
            });
        }
    };
    Ok(tables::first_sheet(bytes, format)?)
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
        let wide = format!("a{}b", ",".repeat(20_000));
        assert!(matches!(
            rows("a.csv", wide.as_bytes()),
            Err(SheetError::File(_))
        ));
        assert!(matches!(rows("a.xlsx", b"PK"), Err(SheetError::File(_))));
    }

    #[test]
    fn spreadsheets_are_read_as_they_stand() {
        let fixtures = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/import");
        for name in ["survey.xlsx", "survey.ods"] {
            let bytes = crate::import::fixtures::zipped(&fixtures.join(name));
            let rows = rows(name, &bytes).expect("a table");
            assert!(rows.iter().any(|row| row.cells.len() > 1), "{name}");
            assert!(rows.windows(2).all(|w| w[0].number < w[1].number), "{name}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            for name in ["a.csv", "a.tsv", "a.xlsx", "a.ods"] {
                rows(name, &bytes).ok();
            }
        }

        #[test]
        fn what_a_writer_wrote_is_read(table in proptest::collection::vec(proptest::collection::vec("[a-zé\"\n ]{1,6}x", 2..5), 1..5)) {
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
