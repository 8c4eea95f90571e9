//! Tables that come in as CSV with named columns: every row is fitted, or listed with why it does not fit.

use std::path::Path;

use super::Error;
use crate::domain::Date;
use crate::domain::span::printable;
use crate::error::Result;
use crate::study::records::{Sheet, TableReport, note, put};

/// What a row did.
pub(super) struct Row {
    /// What it is about, as the report lists it.
    pub name: String,
    /// Whether all was so already.
    pub same: bool,
    /// Whether there was something under that name.
    pub there: bool,
}

/// Reads a table. A column that none of this reads is refused: nothing is dropped without a word.
pub(super) fn read(path: &Path, columns: &[&str], needed: &[&str]) -> Result<Sheet> {
    let sheet = Sheet::read(path, needed.first().copied().unwrap_or_default())?;
    for need in needed.iter().skip(1) {
        if !sheet.has(need) {
            return Err(Error::refused(
                format!("`{}` has no column `{need}`", path.display()),
                format!("its columns are: {}", columns.join(", ")),
            )
            .into());
        }
    }
    if let Some((_, other)) = sheet.others(columns).first() {
        return Err(Error::refused(
            format!(
                "column `{}` of `{}` is none that is read",
                printable(other),
                path.display()
            ),
            format!(
                "take it out, or rename it; the columns are: {}",
                columns.join(", ")
            ),
        )
        .into());
    }
    Ok(sheet)
}

/// Runs `fit` over the rows; those that don't fit are listed, the others are in. `fit` writes nothing where it fails.
pub(super) fn each(sheet: &Sheet, mut fit: impl FnMut(&[String]) -> Result<Row>) -> TableReport {
    let mut report = TableReport::default();
    for (line, row) in &sheet.rows {
        let done = fit(row).map(|done| {
            put(&mut report, done.same, done.there, &done.name);
        });
        note(&mut report, *line, done);
    }
    report
}

/// The value of a column that each row must have.
pub(super) fn needed<'a>(sheet: &'a Sheet, row: &'a [String], name: &str) -> Result<&'a str> {
    sheet.get(row, name).ok_or_else(|| {
        Error::refused(
            format!("`{name}` is empty"),
            format!("every row needs: {name}"),
        )
        .into()
    })
}

/// From a day until a later one, or an error.
pub fn days(from: Option<&str>, to: Option<&str>) -> Result<()> {
    match (from, to) {
        (Some(from), Some(to)) if to <= from => Err(Error::refused(
            "it would end before it begins",
            "give as its end a later day than it begins: the first day on which it no longer holds",
        )
        .into()),
        _ => Ok(()),
    }
}

/// Whether two stretches of days have a day in common; an end that is none has no bound.
pub(super) fn overlap(
    (a_from, a_to): (Option<&str>, Option<&str>),
    (b_from, b_to): (Option<&str>, Option<&str>),
) -> bool {
    let before = |to: Option<&str>, from: Option<&str>| matches!((to, from), (Some(to), Some(from)) if to <= from);
    !before(a_to, b_from) && !before(b_to, a_from)
}

/// `from … until …`, as people read it.
pub fn said_days(from: Option<&str>, to: Option<&str>) -> String {
    match (from, to) {
        (Some(from), Some(to)) => format!("from {from} until {to}"),
        (Some(from), None) => format!("from {from}"),
        (None, Some(to)) => format!("until {to}"),
        (None, None) => "at any time".to_owned(),
    }
}

/// A day as it is stored.
pub fn text(day: Option<Date>) -> Option<String> {
    day.map(|d| d.to_string())
}
