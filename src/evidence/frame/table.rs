//! The frame as plain rows of cells, for files that come back: a first row of themes, a first column of cases, and in
//! the corner the event that the file is of. The last column and the last row, `/`, hold the summaries of rows and
//! columns.

use std::path::Path;

use super::grid::{CellView, Frame};
use super::place::ALL;
use super::{markdown, words};
use crate::domain::words::CellStatus;
use crate::error::{Problem, Result};
use crate::evidence::Error;
use crate::import::sheet::rows_and_error;
use crate::store::CellThen;

/// Files that hold the frame and can be read back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameFormat {
    Xlsx,
    Markdown,
    Csv,
}

impl FrameFormat {
    /// The format that a file's name asks for; none for any other ending.
    pub fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_string_lossy().to_lowercase();
        match &*ending {
            "xlsx" => Some(Self::Xlsx),
            "md" | "markdown" => Some(Self::Markdown),
            "csv" => Some(Self::Csv),
            _ => None,
        }
    }
}

/// Over the column that says which cells were stale when the file was written. It is nothing to be brought back,
/// unless a theme is called so.
pub(super) const STALE: &str = "[stale]";

/// UTF-16 units that a cell of a spreadsheet takes.
const LONGEST: usize = 32_767;

/// The rows of a file, the header first. All have the same length.
///
/// # Errors
/// A summary that no cell of a spreadsheet takes, with its place.
pub fn rows(frame: &Frame, format: FrameFormat) -> Result<Vec<Vec<String>>> {
    let all = |what: &str| format!("{ALL} (all {what})");
    let mut header = vec![format!("case (event {}, {})", frame.event, frame.mark)];
    header.extend(frame.cols.iter().map(|c| c.name.clone()));
    header.push(all("themes"));
    let any_stale = frame.all().any(|c| c.stale.is_some());
    if any_stale {
        header.push(STALE.to_owned());
    }
    let mut out = vec![header];
    let written = |status: CellStatus, text: Option<&str>| words::written(status, text);
    for ((head, cells), summary) in frame
        .rows
        .iter()
        .zip(&frame.cells)
        .zip(&frame.row_summaries)
    {
        let mut row = vec![head.name.clone()];
        row.extend(
            cells
                .iter()
                .chain([summary])
                .map(|c| written(c.status, c.text.as_deref())),
        );
        if any_stale {
            row.push(stale(cells.iter().chain([summary])));
        }
        out.push(row);
    }
    let mut last = vec![all("cases")];
    last.extend(
        frame
            .col_summaries
            .iter()
            .map(|c| written(c.status, c.text.as_deref())),
    );
    last.push(String::new());
    if any_stale {
        last.push(stale(&frame.col_summaries));
    }
    out.push(last);
    match format {
        FrameFormat::Xlsx => {
            for row in &out {
                for (cell, head) in row.iter().zip(&out[0]).skip(1) {
                    if cell.encode_utf16().count() > LONGEST {
                        return Err(Error::refused(
                            format!("the summary of {} × {head} is longer than a cell of a spreadsheet takes ({LONGEST} characters)", row[0]),
                            "write the frame as .md or .csv",
                        )
                        .into());
                    }
                }
            }
        }
        FrameFormat::Csv => {
            for cell in out.iter_mut().flatten() {
                *cell = words::guarded(cell);
            }
        }
        FrameFormat::Markdown => {}
    }
    Ok(out)
}

/// Which of these cells are stale, each with what came and went.
fn stale<'c>(cells: impl IntoIterator<Item = &'c CellView>) -> String {
    let all: Vec<String> = cells
        .into_iter()
        .filter_map(|c| {
            let theme = c.theme.as_deref().unwrap_or(ALL);
            c.stale.map(|since| format!("{theme}: {}", since.signs()))
        })
        .collect();
    all.join("; ")
}

/// The same as a table in Markdown.
pub fn to_markdown(rows: &[Vec<String>]) -> String {
    markdown::write(rows)
}

/// A file's rows with their numbers, the header first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    pub rows: Vec<(u64, Vec<String>)>,
}

/// Reads the rows of a file.
///
/// # Errors
/// Another kind of file, or one that can't be read as a table.
pub fn read(path: &Path, bytes: &[u8]) -> Result<Sheet> {
    let name = path
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    let rows = match FrameFormat::of(path) {
        Some(FrameFormat::Markdown) => {
            let text = std::str::from_utf8(bytes).map_err(|_| {
                Error::refused(
                    format!("`{}` is not in UTF-8", path.display()),
                    "save it as UTF-8, or as .xlsx",
                )
            })?;
            if let Some(line) = markdown::second(text) {
                return Err(Error::refused(
                    format!(
                        "`{}` holds another table, which begins on line {line}",
                        path.display()
                    ),
                    "keep one table in it, the frame's; an empty line within a table parts it in two",
                )
                .into());
            }
            markdown::read(text.strip_prefix('\u{feff}').unwrap_or(text))
        }
        Some(format) => {
            let (rows, error) = rows_and_error(&name, bytes)
                .map_err(|e| Error::Refused(format!("`{}`: {e}", path.display()), e.hint()))?;
            // It would be taken for a summary that was cleared.
            if let Some(cell) = error {
                return Err(Error::refused(
                    format!(
                        "`{}`: the cell {cell} holds an error (such as #NAME?) in the place of a summary",
                        path.display()
                    ),
                    "type its words again as text, with an apostrophe in front of a - or =, and import the file again",
                )
                .into());
            }
            rows.into_iter()
                .map(|row| {
                    let cells = row.cells.into_iter().map(|cell| match format {
                        FrameFormat::Csv => words::unguarded(&cell).to_owned(),
                        _ => cell,
                    });
                    (row.number, cells.collect())
                })
                .collect()
        }
        None => {
            return Err(Error::refused(
                format!("`{}` is no file that the frame is read from", path.display()),
                "it may end in .xlsx, .md or .csv; write one with: casebook frame export -o FILE.xlsx",
            )
            .into());
        }
    };
    Ok(Sheet { rows })
}

/// What a cell of a file says: a status, and a summary where it is charted; nothing where it is empty.
///
/// # Errors
/// Why it can't be understood, without its words.
pub fn said(cell: &str) -> Result<Option<(CellStatus, Option<String>)>, String> {
    words::read(cell)
}

/// A short mark of what the frame said: two studies that had the same event number but other summaries have other marks.
pub(super) fn mark(cells: &[CellThen]) -> String {
    let mut said: Vec<_> = cells
        .iter()
        .map(|c| {
            (
                c.case,
                c.theme,
                c.status.map(CellStatus::word),
                c.text.as_deref(),
            )
        })
        .collect();
    said.sort_unstable();
    let hash = blake3::hash(format!("{said:?}").as_bytes());
    hash.to_hex()[..6].to_owned()
}

/// The mark behind the event in the corner of a table; files that were written by an earlier version have none.
pub(super) fn mark_of(corner: &str) -> Option<&str> {
    let (_, rest) = corner.split_once("event ")?;
    let (_, mark) = rest.split_once(", ")?;
    let mark = mark.strip_suffix(')')?;
    (mark.len() == 6 && mark.bytes().all(|b| b.is_ascii_hexdigit())).then_some(mark)
}

/// The event that the corner of a table names: `case (event 57, 3f2a9c)`.
pub(super) fn event_of(corner: &str) -> Option<i64> {
    let (_, rest) = corner.split_once("event ")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}
