//! Excel's sheets: shared texts, formats that make numbers dates, cells.

use std::collections::HashMap;

use quick_xml::events::BytesStart;

use super::serial::{self, Kind};
use super::table::{Table, column};
use crate::import::error::{Error, What};
use crate::import::xml::{self, Part, Step, attribute};
use crate::import::{package, relations};

const FILE: What = What::Excel;
const BOOK: Part = Part::new(FILE, "xl/workbook.xml");
const TEXTS: Part = Part::new(FILE, "xl/sharedStrings.xml");
const STYLES: Part = Part::new(FILE, "xl/styles.xml");
const SHEET: Part = Part::new(FILE, "a sheet");

/// All sheets, the hidden ones last.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Table>, Error> {
    let mut package = package::open(bytes, FILE)?;
    let main = relations::main_part(&mut package)?.unwrap_or_else(|| BOOK.name.to_owned());
    let Some(workbook) = package.text(&main, BOOK.name)? else {
        return Err(Error::NotOne { file: FILE });
    };
    let related = relations::of(&mut package, &main)?;
    let book = book(&workbook)?;
    let of_kind = |kind: &str| related.iter().find(|relation| relation.kind == kind);
    let mut shared = Shared::default();
    if let Some(relation) = of_kind("sharedStrings")
        && let Some(part) = package.text(&relation.path, TEXTS.name)?
    {
        shared.texts = texts(&part)?;
    }
    if let Some(relation) = of_kind("styles")
        && let Some(part) = package.text(&relation.path, STYLES.name)?
    {
        shared.kinds = kinds(&part)?;
    }
    shared.since_1904 = book.since_1904;
    let mut tables = Vec::new();
    for sheet in book.sheets {
        // A page with nothing but a chart is no worksheet.
        let path = related
            .iter()
            .find(|r| r.id == sheet.relation && r.kind == "worksheet");
        if let Some(relation) = path
            && let Some(part) = package.text(&relation.path, SHEET.name)?
        {
            let mut table = cells(&part, &shared)?;
            table.name = Some(sheet.name);
            tables.push((sheet.hidden, table));
        }
    }
    tables.sort_by_key(|(hidden, _)| *hidden);
    Ok(tables.into_iter().map(|(_, table)| table).collect())
}

#[derive(Default)]
struct Book {
    sheets: Vec<Sheet>,
    since_1904: bool,
}

struct Sheet {
    name: String,
    relation: String,
    hidden: bool,
}

fn book(part: &str) -> Result<Book, Error> {
    let mut book = Book::default();
    xml::walk(part, BOOK, |step| match step {
        Step::Open(_, "sheet", tag) => book.sheets.push(Sheet {
            name: attribute(tag, "name").unwrap_or_default(),
            relation: attribute(tag, "id").unwrap_or_default(),
            hidden: attribute(tag, "state").is_some_and(|state| state != "visible"),
        }),
        Step::Open(_, "workbookPr", tag) => {
            book.since_1904 = attribute(tag, "date1904").is_some_and(|v| v == "1" || v == "true");
        }
        _ => {}
    })?;
    Ok(book)
}

/// What all sheets refer to.
#[derive(Default)]
struct Shared {
    texts: Vec<String>,
    /// What a cell's style makes of its number.
    kinds: Vec<Kind>,
    since_1904: bool,
}

fn texts(part: &str) -> Result<Vec<String>, Error> {
    let mut out = Vec::new();
    let mut words = Words::default();
    xml::walk(part, TEXTS, |step| match step {
        Step::Open(_, "si", _) => words = Words::default(),
        Step::Close(_, "si") => out.push(unescape(&std::mem::take(&mut words.text))),
        step => words.take(&step),
    })?;
    Ok(out)
}

/// The text of a rich text: its pieces without how they are pronounced.
#[derive(Default)]
struct Words {
    text: String,
    inside: bool,
    phonetic: bool,
}

impl Words {
    fn take(&mut self, step: &Step<'_>) {
        match step {
            Step::Open(_, "rPh", _) => self.phonetic = true,
            Step::Close(_, "rPh") => self.phonetic = false,
            Step::Open(_, "t", _) => self.inside = true,
            Step::Close(_, "t") => self.inside = false,
            Step::Text(text) if self.inside && !self.phonetic => self.text.push_str(text),
            _ => {}
        }
    }
}

/// Excel writes signs that XML can't hold as `_x000D_`. Those that are no text stay as they are written.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let sign = rest
            .get(at + 2..at + 6)
            .filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()))
            .filter(|_| rest.as_bytes().get(at + 6) == Some(&b'_'))
            .and_then(|hex| u32::from_str_radix(hex, 16).ok())
            .and_then(char::from_u32)
            .filter(|c| !c.is_control() || matches!(c, '\t' | '\n' | '\r'));
        let end = match sign {
            Some(sign) => {
                out.push_str(&rest[..at]);
                out.push(sign);
                at + 7
            }
            None => {
                out.push_str(&rest[..at + 2]);
                at + 2
            }
        };
        rest = &rest[end..];
    }
    out + rest
}

fn kinds(part: &str) -> Result<Vec<Kind>, Error> {
    let mut codes: HashMap<u32, Kind> = HashMap::new();
    let mut out = Vec::new();
    let mut inside = false;
    xml::walk(part, STYLES, |step| match step {
        Step::Open(_, "numFmt", tag) => {
            if let (Some(id), Some(code)) =
                (xml::number(tag, "numFmtId"), attribute(tag, "formatCode"))
            {
                codes.insert(id, serial::of_code(&code));
            }
        }
        Step::Open(_, "cellXfs", _) => inside = true,
        Step::Close(_, "cellXfs") => inside = false,
        Step::Open(_, "xf", tag) if inside => {
            let id = xml::number(tag, "numFmtId").unwrap_or(0);
            out.push(
                codes
                    .get(&id)
                    .copied()
                    .unwrap_or_else(|| serial::built_in(id)),
            );
        }
        _ => {}
    })?;
    Ok(out)
}

/// A cell while it is read.
#[derive(Default)]
struct Cell {
    row: u64,
    column: usize,
    style: usize,
    kind: String,
    value: Option<String>,
    inside: bool,
    formula: bool,
    words: Words,
}

fn cells(part: &str, shared: &Shared) -> Result<Table, Error> {
    let mut table = Table::default();
    let (mut row, mut column) = (0_u64, 0_usize);
    let mut cell: Option<Cell> = None;
    xml::try_walk(part, SHEET, |step| {
        match (&mut cell, step) {
            (None, Step::Open(_, "row", tag)) => {
                row = xml::number(tag, "r").unwrap_or(row.saturating_add(1));
                column = 0;
            }
            (None, Step::Open(_, "c", tag)) => {
                let (at_row, at_column) = place(tag).unwrap_or((row, column));
                column = at_column + 1;
                cell = Some(Cell {
                    row: at_row,
                    column: at_column,
                    style: xml::number(tag, "s").unwrap_or(0),
                    kind: attribute(tag, "t").unwrap_or_default(),
                    ..Cell::default()
                });
            }
            (None, Step::Open(_, "mergeCell", tag)) => {
                if let Some(range) = attribute(tag, "ref")
                    && let Some((first, last)) = range.split_once(':')
                    && let (Some(first), Some(last)) = (reference(first), reference(last))
                {
                    table.merge(first, last);
                }
            }
            (Some(_), Step::Close(_, "c")) => {
                if let Some(done) = cell.take() {
                    put(&mut table, &done, shared)?;
                }
            }
            (Some(cell), Step::Open(_, "v", _)) => {
                cell.inside = true;
                cell.value.get_or_insert_default();
            }
            (Some(cell), Step::Close(_, "v")) => cell.inside = false,
            (Some(cell), Step::Open(_, "f", _)) => cell.formula = true,
            (Some(cell), Step::Text(text)) if cell.inside => {
                cell.value.get_or_insert_default().push_str(text);
            }
            (Some(cell), step) => cell.words.take(&step),
            _ => {}
        }
        Ok(())
    })?;
    Ok(table)
}

fn put(table: &mut Table, cell: &Cell, shared: &Shared) -> Result<(), Error> {
    let Some(value) = cell.value.as_deref() else {
        if cell.formula {
            table.unsaved += 1;
        }
        return Ok(table.put(cell.row, cell.column, &unescape(&cell.words.text))?);
    };
    let text = match cell.kind.as_str() {
        "s" => {
            let place = value.trim().parse::<usize>().ok();
            let text = place.and_then(|n| shared.texts.get(n));
            return Ok(table.put(cell.row, cell.column, text.ok_or(SHEET.damaged())?)?);
        }
        "str" | "inlineStr" => unescape(value),
        "d" => serial::iso(value).to_owned(),
        "b" => (if value.trim() == "1" { "true" } else { "false" }).to_owned(),
        "e" => {
            table.errors += 1;
            table.first_error.get_or_insert((cell.row, cell.column));
            return Ok(());
        }
        _ => match value.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => {
                let kind = shared.kinds.get(cell.style).copied().unwrap_or_default();
                serial::show(number, kind, shared.since_1904)
            }
            _ => value.to_owned(),
        },
    };
    Ok(table.put(cell.row, cell.column, &text)?)
}

fn place(tag: &BytesStart<'_>) -> Option<(u64, usize)> {
    reference(&attribute(tag, "r")?)
}

/// `C12` → row 12, column 2 (from 0).
fn reference(text: &str) -> Option<(u64, usize)> {
    let text = text.trim().replace('$', "");
    let digits = text.find(|c: char| c.is_ascii_digit())?;
    Some((text[digits..].parse().ok()?, column(&text[..digits])?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn signs_that_xml_cannot_hold() {
        for (text, plain) in [
            ("a_x000D_\nb", "a\r\nb"),
            ("_x005F_x000D_", "_x000D_"),
            ("_x0007_ _xD83D_ _x", "_x0007_ _xD83D_ _x"),
            ("_x00é", "_x00é"),
        ] {
            assert_eq!(unescape(text), plain, "{text}");
        }
    }

    #[test]
    fn places() {
        assert_eq!(reference("A1"), Some((1, 0)));
        assert_eq!(reference("$AB$12"), Some((12, 27)));
        for text in [
            "",
            "A",
            "1",
            "A1B",
            "ÄÖ1",
            "ABCDE1",
            "A99999999999999999999999",
        ] {
            assert_eq!(reference(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text(text in "[_x0-9A-Dé]{0,20}") {
            let _ = unescape(&text);
            let _ = reference(&text);
        }
    }
}
