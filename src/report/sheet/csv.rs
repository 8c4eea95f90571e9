//! A table as CSV: the heads and the rows, nothing above or beneath, so that any program reads it.
//!
//! Spreadsheet programs take a cell for a formula if it begins with `=`, `+`, `-`, `@`, a tab or a carriage return, and
//! would run what somebody said or typed. Such words get an apostrophe in front, as those programs write it themselves.
//! Numbers are left as they are, also where they are kept as words (`-5`). The other kinds of file need no such mark.

use std::io;

use super::{Cell, Sheet};

pub(super) fn csv(sheet: &Sheet) -> io::Result<Vec<u8>> {
    let width = sheet.width();
    let mut out = ::csv::Writer::from_writer(Vec::new());
    let mut record = |cells: &mut dyn Iterator<Item = String>| -> io::Result<()> {
        let mut cells: Vec<String> = cells.collect();
        cells.resize(width, String::new());
        out.write_record(&cells)?;
        Ok(())
    };
    record(&mut sheet.heads.iter().map(|h| harmless(h)))?;
    for row in &sheet.rows {
        record(&mut row.iter().map(|cell| match cell {
            Cell::Text(text) => harmless(text),
            other => other.shown(),
        }))?;
    }
    out.into_inner()
        .map_err(|e| io::Error::other(e.to_string()))
}

/// Words that no program takes for a formula.
pub(crate) fn harmless(text: &str) -> String {
    let formula =
        text.starts_with(['\t', '\r']) || text.trim_start().starts_with(['=', '+', '-', '@']);
    if formula && !is_number(text.trim()) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// A sign, digits, and at most one point between digits.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    [whole, part]
        .iter()
        .all(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_words_and_numbers_are_numbers() {
        for (typed, written) in [
            ("=1+1", "'=1+1"),
            ("  =1", "'  =1"),
            ("+44 20", "'+44 20"),
            ("- yes", "'- yes"),
            ("@sum(a1)", "'@sum(a1)"),
            ("\t1", "\t1"),
            ("\tx", "'\tx"),
            ("\n+", "'\n+"),
            ("\r=1", "'\r=1"),
            ("-5", "-5"),
            ("+3.25", "+3.25"),
            ("-5.", "'-5."),
            ("-", "'-"),
            ("-1-1", "'-1-1"),
            ("a=b", "a=b"),
            ("", ""),
        ] {
            assert_eq!(harmless(typed), written);
        }
    }
}
