//! Tables as a workbook: a tab for each, and a last one with what stands beneath them.
//!
//! Words are written as words (a cell that begins with `=` is not run), numbers as numbers. The workbook is dated from
//! the study and names no author: the same tables give the same bytes.

use std::io::{self, Write};

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};
use unicode_width::UnicodeWidthStr;

use super::sheet::{Book, Cell, Sheet};
use super::{Error, text};

/// What a tab takes, its heads not counted among the rows.
const ROWS: usize = 1_048_575;
const COLUMNS: usize = 16_384;
/// UTF-16 units in a cell.
const LONGEST: usize = 32_767;
/// UTF-16 units in the name of a tab.
const TAB: usize = 31;
/// Columns are so wide, in digits.
const NARROW: usize = 6;
const WIDE: usize = 60;
/// So many columns fit on an upright page.
const UPRIGHT: usize = 6;

pub(super) fn write(book: &Book, out: &mut dyn Write) -> Result<(), Error> {
    for sheet in book.sheets {
        let columns = sheet.rows.iter().map(Vec::len).max().unwrap_or(0);
        if sheet.rows.len() > ROWS || columns.max(sheet.heads.len()) > COLUMNS {
            return Err(Error::TooLarge);
        }
    }
    let bytes = workbook(book).map_err(|error| match error {
        XlsxError::IoError(error) => error,
        error => io::Error::other(error.to_string()),
    })?;
    Ok(out.write_all(&bytes)?)
}

fn workbook(book: &Book) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // Without a date, one that says so by being round.
    let (year, month, day) = book
        .date
        .map_or((2000, 1, 1), |d| (d.year(), d.month(), d.day()));
    let number = |n: i8| u8::try_from(n).unwrap_or(1);
    let created = u16::try_from(year)
        .ok()
        .and_then(|year| ExcelDateTime::from_ymd(year, number(month), number(day)).ok())
        .map_or_else(|| ExcelDateTime::from_ymd(2000, 1, 1), Ok)?;
    workbook.set_properties(
        &DocProperties::new()
            .set_title(words(book.title()).0)
            .set_author("casebook")
            .set_creation_datetime(&created),
    );
    let mut tabs: Vec<String> = Vec::new();
    let mut notes = Sheet::new("Notes", ["about", "note"]);
    for (key, value) in book.facts() {
        notes.row([key.into(), value.into()]);
    }
    for sheet in book.sheets {
        let tab = tab(&sheet.title, &tabs);
        let cut = fill(workbook.add_worksheet(), &tab, sheet)?;
        for note in &sheet.notes {
            notes.row([sheet.title.as_str().into(), note.as_str().into()]);
        }
        if cut > 0 {
            notes.row([
                sheet.title.as_str().into(),
                format!("{cut} cells hold more than a spreadsheet takes ({LONGEST} characters); the rest of them is left out").into(),
            ]);
        }
        tabs.push(tab);
    }
    fill(workbook.add_worksheet(), &tab("Notes", &tabs), &notes)?;
    workbook.save_to_buffer()
}

/// Writes a table into its tab, and says how many cells had to be cut.
fn fill(to: &mut Worksheet, tab: &str, sheet: &Sheet) -> Result<usize, XlsxError> {
    let mut cut = 0;
    let mut clean = |text: &str| {
        let (words, whole) = words(text);
        cut += usize::from(!whole);
        words
    };
    let numeric = sheet.numeric();
    let top = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_border_bottom(FormatBorder::Thin);
    let body = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let right = body.clone().set_align(FormatAlign::Right);
    to.set_name(tab)?;
    let mut widths = vec![NARROW; numeric.len()];
    for (head, column) in sheet.heads.iter().zip(0u16..) {
        let head = clean(head);
        let at = usize::from(column);
        // A head over numbers may stand on several lines; its longest word may not.
        let room = if numeric[at] {
            head.split_whitespace().map(UnicodeWidthStr::width).max()
        } else {
            Some(head.width())
        };
        widths[at] = widths[at].max(room.unwrap_or(0));
        let format = if numeric[at] {
            top.clone().set_align(FormatAlign::Right)
        } else {
            top.clone()
        };
        to.write_string_with_format(0, column, head, &format)?;
    }
    for (cells, row) in sheet.rows.iter().zip(1u32..) {
        for (cell, column) in cells.iter().zip(0u16..) {
            match cell {
                Cell::Text(text) if text.is_empty() => continue,
                Cell::Text(text) => {
                    to.write_string_with_format(row, column, clean(text), &body)?;
                }
                Cell::Whole(n) => {
                    #[expect(
                        clippy::cast_precision_loss,
                        reason = "a spreadsheet has no other numbers"
                    )]
                    to.write_number_with_format(row, column, *n as f64, &right)?;
                }
                Cell::Decimal { value, digits } => {
                    let format = right.clone().set_num_format(decimals(*digits));
                    to.write_number_with_format(row, column, *value, &format)?;
                }
                Cell::Undefined => {
                    to.write_string_with_format(row, column, cell.shown(), &right)?;
                }
                Cell::Empty => continue,
            }
            let shown = cell.shown();
            let room = shown.lines().map(UnicodeWidthStr::width).max();
            let widest = &mut widths[usize::from(column)];
            *widest = (*widest).max(room.unwrap_or(0));
        }
    }
    for (width, column) in widths.iter().zip(0u16..) {
        let width = u16::try_from((*width).min(WIDE) + 2).unwrap_or(u16::MAX);
        to.set_column_width(column, width)?;
    }
    // The names of the rows stay in sight where there is much to the right of them.
    let named = widths.len() > UPRIGHT && numeric.first() == Some(&false);
    to.set_freeze_panes(1, u16::from(named))?;
    to.set_repeat_rows(0, 0)?;
    if widths.len() > UPRIGHT {
        to.set_landscape();
    }
    to.set_paper_size(9);
    to.set_print_fit_to_pages(1, 0);
    Ok(cut)
}

/// `0.00`.
fn decimals(digits: u8) -> String {
    if digits == 0 {
        "0".to_owned()
    } else {
        format!("0.{}", "0".repeat(usize::from(digits)))
    }
}

/// Clean words that a cell takes, and whether it took all of them.
fn words(text: &str) -> (String, bool) {
    let mut left = LONGEST;
    let clean = text::clean(text);
    // Two characters that XML has no way to write.
    let clean = clean.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
    let end = clean.char_indices().find_map(|(at, c)| {
        let fits = left >= c.len_utf16();
        left = left.saturating_sub(c.len_utf16());
        (!fits).then_some(at)
    });
    match end {
        None => (clean, true),
        Some(end) => (clean[..end].to_owned(), false),
    }
}

/// The name of a tab: what may stand in one, no longer than it may be, and no other tab's.
fn tab(title: &str, taken: &[String]) -> String {
    let allowed: String = text::one_line(title)
        .chars()
        .map(|c| match c {
            '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\u{fffe}' | '\u{ffff}' => ' ',
            c => c,
        })
        .collect();
    let plain: Vec<&str> = allowed
        .split([' ', '\''])
        .filter(|w| !w.is_empty())
        .collect();
    let plain = match plain.join(" ") {
        empty if empty.is_empty() => "Table".to_owned(),
        // Excel keeps this name for itself.
        history if history.eq_ignore_ascii_case("history") => "History of".to_owned(),
        plain => plain,
    };
    for n in 1usize.. {
        let end = if n == 1 {
            String::new()
        } else {
            format!(" {n}")
        };
        let mut room = TAB - end.len();
        let mut name: String = plain
            .chars()
            .take_while(|c| {
                let fits = room >= c.len_utf16();
                room = room.saturating_sub(c.len_utf16());
                fits
            })
            .collect();
        name.truncate(name.trim_end().len());
        name.push_str(&end);
        let lower = name.to_lowercase();
        if !taken.iter().any(|other| other.to_lowercase() == lower) {
            return name;
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tabs_have_names_that_a_spreadsheet_takes() {
        let mut taken = Vec::new();
        for (title, name) in [
            ("Codings: case × theme", "Codings case × theme"),
            ("codings [case] × theme", "codings case × theme 2"),
            ("'a'/b\\c*?", "a b c"),
            ("", "Table"),
            ("History", "History of"),
            (
                "What was it like to be told on the day itself",
                "What was it like to be told on",
            ),
            (
                "What was it like to be told on the day before",
                "What was it like to be told o 2",
            ),
            (
                "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀",
                "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀",
            ),
        ] {
            let found = tab(title, &taken);
            assert_eq!(found, name, "{title}");
            Worksheet::new()
                .set_name(&found)
                .expect("a name that a tab may have");
            taken.push(found);
        }
    }

    #[test]
    fn a_cell_takes_no_more_than_it_can() {
        assert_eq!(
            words("a\u{ffff}\0b"),
            ("a\u{fffd}\u{fffd}b".to_owned(), true)
        );
        let long = "😀".repeat(20_000);
        let (kept, whole) = words(&long);
        assert_eq!((kept.encode_utf16().count(), whole), (LONGEST - 1, false));
    }
}
