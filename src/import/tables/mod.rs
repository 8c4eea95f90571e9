//! Tables: csv, tsv, xlsx, ods, in one of two shapes, told by the names in the header (`header`).
//!
//! | the header has | then | becomes |
//! |---|---|---|
//! | a column for words (`text`, `utterance` …) | each row is a turn, with its speaker and time where there are columns for them | one transcript |
//! | none, but questions (a question mark, `--question`), or a respondent beside answers in own words | each row is a respondent | a transcript for each: the questions are headings, the other columns attributes (`columns`) |
//!
//! Of several sheets the first is taken that has either shape.

use super::sheet::SheetRow;
use super::{Draft, Error, Format, Options, count, encoding, limits, signs};

mod answers;
mod columns;
mod delimited;
mod error;
mod header;
mod ods;
mod serial;
mod table;
mod turns;
mod xlsx;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod values;

pub use columns::{Column, Use};
pub(super) use delimited::{Parted, parted};
pub use error::TableError;
pub use header::is_person;
pub(super) use table::Table;
pub use table::{column, letters};

pub(super) fn read(bytes: &[u8], format: Format, options: &Options) -> Result<Vec<Draft>, Error> {
    let Read {
        tables,
        encoding,
        warnings,
    } = tables(bytes, format, options.encoding.as_deref())?;
    let mut drafts = first_that_fits(tables, options)?;
    for draft in &mut drafts {
        draft.encoding.clone_from(&encoding);
        // A text file was looked through as a whole.
        if matches!(format, Format::Xlsx | Format::Ods) {
            signs::check(&draft.text, &mut draft.warnings)?;
        }
    }
    if let Some(first) = drafts.first_mut() {
        first.warnings.splice(0..0, warnings);
    }
    Ok(drafts)
}

/// What a file holds.
struct Read {
    tables: Vec<Table>,
    encoding: String,
    warnings: Vec<String>,
}

fn tables(bytes: &[u8], format: Format, named: Option<&str>) -> Result<Read, Error> {
    let tables = match format {
        Format::Xlsx => xlsx::read(bytes)?,
        Format::Ods => ods::read(bytes)?,
        _ => {
            let decoded = encoding::decode(bytes, named)?;
            limits::text(&decoded.text)?;
            return Ok(Read {
                tables: vec![delimited::read(&decoded.text, format)?],
                encoding: decoded.encoding,
                warnings: decoded.warnings,
            });
        }
    };
    Ok(Read {
        tables,
        encoding: "UTF-8".to_owned(),
        warnings: Vec::new(),
    })
}

/// All sheets of a workbook, whatever they hold; the hidden ones last.
pub(super) fn sheets(bytes: &[u8], format: Format) -> Result<Vec<Table>, Error> {
    match format {
        Format::Ods => ods::read(bytes),
        _ => xlsx::read(bytes),
    }
}

/// The rows of the first sheet that is a table: a header and rows under it, in columns. A sheet with a note is passed
/// over, unless there is nothing else.
pub(super) fn first_sheet(
    bytes: &[u8],
    format: Format,
) -> Result<(Vec<SheetRow>, Option<String>), Error> {
    let tables = tables(bytes, format, None)?.tables;
    let mut filled: Vec<Table> = tables
        .into_iter()
        .filter(|table| !table.rows.is_empty())
        .collect();
    let is_table = |t: &Table| t.rows.len() > 1 && t.rows.iter().any(|row| row.cells.len() > 1);
    let first = filled.iter().position(is_table).unwrap_or(0);
    if filled.is_empty() {
        return Err(TableError::NoSheet.into());
    }
    let table = filled.swap_remove(first);
    if let Some(row) = table.open_quote {
        return Err(TableError::OpenQuote { row }.into());
    }
    let error = table
        .first_error
        .map(|(row, column)| format!("{}{row}", table::letters(column)));
    let rows = table
        .rows
        .into_iter()
        .map(|row| SheetRow {
            number: row.number,
            cells: row.cells,
        })
        .collect();
    Ok((rows, error))
}

fn first_that_fits(tables: Vec<Table>, options: &Options) -> Result<Vec<Draft>, Error> {
    let tables: Vec<Table> = tables
        .into_iter()
        .filter(|table| !table.rows.is_empty())
        .collect();
    let mut refusal = None;
    for table in &tables {
        match fit(table, options) {
            Ok(mut drafts) => {
                if let (Some(first), true) = (drafts.first_mut(), tables.len() > 1) {
                    let others = count(tables.len() - 1, "other sheet", "other sheets");
                    first.warnings.insert(0, format!("{others} left out"));
                }
                return Ok(drafts);
            }
            // The first sheet is the one that people look at.
            Err(error) => {
                refusal.get_or_insert(error);
            }
        }
    }
    Err(refusal.unwrap_or_else(|| TableError::NoSheet.into()))
}

fn fit(table: &Table, options: &Options) -> Result<Vec<Draft>, Error> {
    let place = header::place(table)?;
    let (above, rows) = table.rows.split_at(place);
    let (header, rows) = rows.split_first().ok_or(TableError::NoRows)?;
    if rows.is_empty() {
        return Err(TableError::NoRows.into());
    }
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let names = header::names(header, width.max(header.cells.len()));
    let said = columns::said(&names, &options.questions, &options.attributes)?;
    let mut drafts = match turns::shape(&names, rows).filter(|_| said.is_empty()) {
        Some(shape) => {
            let mut draft = turns::read(table, rows, &names, header.cells.len(), &shape)?;
            draft.columns = turns::columns(&names, header.cells.len(), &shape);
            vec![draft]
        }
        None => {
            let columns = columns::tell(&names, rows, &said);
            if !columns::is_survey(&columns) {
                return Err(TableError::NoShape {
                    looked_for: looked_for(),
                }
                .into());
            }
            let mut drafts = answers::read(table, rows, &columns)?;
            if let Some(first) = drafts.first_mut() {
                first.columns = columns.into_iter().filter(Column::is_there).collect();
            }
            drafts
        }
    };
    if let Some(first) = drafts.first_mut() {
        let mut said = table.warnings.clone();
        for (n, one, many, what) in [
            (above.len(), "line", "lines", "above the header left out"),
            (
                table.errors,
                "cell",
                "cells",
                "with an error (such as #REF!) read as empty",
            ),
            (
                table.unsaved,
                "formula",
                "formulas",
                "saved without a value read as empty",
            ),
        ] {
            if n > 0 {
                said.push(format!("{} {what}", count(n, one, many)));
            }
        }
        first.warnings.splice(0..0, said);
    }
    Ok(drafts)
}

/// The names that a refusal mentions: the commonest ones.
fn looked_for() -> String {
    let shown: Vec<String> = header::TEXT
        .iter()
        .take(6)
        .map(|name| format!("`{name}`"))
        .collect();
    shown.join(", ")
}

/// Where rows stand, for a warning: the first twenty.
fn rows_named(rows: &[u64], table: &Table) -> String {
    const SHOWN: usize = 20;
    let shown: Vec<String> = rows.iter().take(SHOWN).map(ToString::to_string).collect();
    let unit = table.unit();
    let unit = if rows.len() == 1 {
        unit.to_owned()
    } else {
        format!("{unit}s")
    };
    let more = if rows.len() > SHOWN {
        format!(" and {} more", rows.len() - SHOWN)
    } else {
        String::new()
    };
    format!("{unit} {}{more}", shown.join(", "))
}
