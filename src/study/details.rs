//! What is known of each file before it is imported, in a CSV: one row per file.

use std::collections::HashMap;
use std::path::Path;

use super::Error;
use super::speakers::{Assignment, parse_assignment};

/// One row. Every column but `file` may be missing or empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    pub id: Option<String>,
    pub case: Option<String>,
    pub participants: Vec<String>,
    pub phase: Option<String>,
    pub date: Option<String>,
    pub kind: Option<String>,
    pub language: Option<String>,
    pub speakers: Vec<Assignment>,
}

const COLUMNS: &[&str] = &[
    "file",
    "id",
    "case",
    "participant",
    "phase",
    "date",
    "kind",
    "language",
    "speakers",
];

/// File name → its details. Several participants or speakers are parted by `;`.
pub fn read_details(path: &Path) -> Result<HashMap<String, Details>, Error> {
    let bytes = std::fs::read(path).map_err(|source| Error::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes));
    let bad = |e: csv::Error| {
        Error::refused(
            format!("`{}` is no CSV that can be read: {e}", path.display()),
            "save it as CSV, in UTF-8, with a first row of column names",
        )
    };
    let heads: Vec<String> = reader
        .headers()
        .map_err(bad)?
        .iter()
        .map(str::to_lowercase)
        .collect();
    if let Some(odd) = heads.iter().find(|h| !COLUMNS.contains(&h.as_str())) {
        return Err(Error::refused(
            format!("`{}` has an unknown column `{odd}`", path.display()),
            format!("columns may be: {}", COLUMNS.join(", ")),
        ));
    }
    let Some(file_column) = heads.iter().position(|h| h == "file") else {
        return Err(Error::refused(
            format!("`{}` has no column `file`", path.display()),
            format!("columns may be: {}", COLUMNS.join(", ")),
        ));
    };
    let mut found = HashMap::new();
    for (n, row) in reader.records().enumerate() {
        let row = row.map_err(bad)?;
        let get = |name: &str| {
            heads
                .iter()
                .position(|h| h == name)
                .and_then(|c| row.get(c))
                .filter(|v| !v.is_empty())
                .map(str::to_owned)
        };
        let list = |name: &str| {
            get(name)
                .map(|v| {
                    v.split(';')
                        .map(|s| s.trim().to_owned())
                        .filter(|s| !s.is_empty())
                        .collect::<Vec<_>>()
                })
                .unwrap_or_default()
        };
        let file = row.get(file_column).unwrap_or_default();
        if file.is_empty() {
            return Err(Error::refused(
                format!("row {} of `{}` names no file", n + 2, path.display()),
                "fill the column `file` with the file's name",
            ));
        }
        let details = Details {
            id: get("id"),
            case: get("case"),
            participants: list("participant"),
            phase: get("phase"),
            date: get("date"),
            kind: get("kind"),
            language: get("language"),
            speakers: list("speakers")
                .iter()
                .map(|s| parse_assignment(s))
                .collect::<Result<_, _>>()?,
        };
        if found.insert(file.to_owned(), details).is_some() {
            return Err(Error::refused(
                format!("`{}` names the file of row {} twice", path.display(), n + 2),
                "keep one row per file",
            ));
        }
    }
    Ok(found)
}
