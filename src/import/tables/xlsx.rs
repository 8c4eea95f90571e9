//! Excel's sheets: shared texts, formats that make numbers dates, cells.

use std::collections::HashMap;

use quick_xml::events::BytesStart;

use super::error::TableError;
use super::package::{self, Package};
use super::serial::{self, Kind};
use super::table::{Table, column};
use super::xml::{self, Step, attribute};

/// All sheets, the hidden ones last.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Table>, TableError> {
    let mut package = package::open(bytes, "xlsx")?;
    let main = relations(&mut package, "_rels/.rels", "")?
        .into_iter()
        .find(|relation| relation.kind == "officeDocument")
        .map_or_else(|| "xl/workbook.xml".to_owned(), |relation| relation.path);
    let Some(workbook) = package.text(&main, "xl/workbook.xml")? else {
        return Err(TableError::NotOne { ending: "xlsx" });
    };
    let (folder, name) = main.rsplit_once('/').unwrap_or(("", &main));
    let list = format!("{folder}/_rels/{name}.rels");
    let related = relations(&mut package, list.trim_start_matches('/'), folder)?;
    let book = book(&workbook)?;
    let of_kind = |kind: &str| related.iter().find(|relation| relation.kind == kind);
    let mut shared = Shared::default();
    if let Some(relation) = of_kind("sharedStrings")
        && let Some(part) = package.text(&relation.path, "xl/sharedStrings.xml")?
    {
        shared.texts = texts(&part)?;
    }
    if let Some(relation) = of_kind("styles")
        && let Some(part) = package.text(&relation.path, "xl/styles.xml")?
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
            && let Some(part) = package.text(&relation.path, "a sheet")?
        {
            let mut table = cells(&part, &shared)?;
            table.name = Some(sheet.name);
            tables.push((sheet.hidden, table));
        }
    }
    tables.sort_by_key(|(hidden, _)| *hidden);
    Ok(tables.into_iter().map(|(_, table)| table).collect())
}

/// What one part says of another.
struct Relation {
    id: String,
    kind: String,
    path: String,
}

fn relations(
    package: &mut Package<'_>,
    path: &str,
    folder: &str,
) -> Result<Vec<Relation>, TableError> {
    const NAME: &str = "its list of parts";
    let mut out = Vec::new();
    let Some(part) = package.text(path, NAME)? else {
        return Ok(out);
    };
    xml::walk(&part, NAME, |step| {
        if let Step::Open("Relationship", tag) = step
            && let (Some(id), Some(kind), Some(target)) = (
                attribute(tag, "Id"),
                attribute(tag, "Type"),
                attribute(tag, "Target"),
            )
        {
            let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
            let path = resolve(folder, &target);
            out.push(Relation { id, kind, path });
        }
        Ok(())
    })?;
    Ok(out)
}

/// A target relative to a folder; a leading slash means the root.
fn resolve(folder: &str, target: &str) -> String {
    let (folder, target) = target
        .strip_prefix('/')
        .map_or((folder, target), |target| ("", target));
    let mut path: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            step => path.push(step),
        }
    }
    path.join("/")
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

fn book(part: &str) -> Result<Book, TableError> {
    let mut book = Book::default();
    xml::walk(part, "xl/workbook.xml", |step| {
        match step {
            Step::Open("sheet", tag) => book.sheets.push(Sheet {
                name: attribute(tag, "name").unwrap_or_default(),
                relation: attribute(tag, "id").unwrap_or_default(),
                hidden: attribute(tag, "state").is_some_and(|state| state != "visible"),
            }),
            Step::Open("workbookPr", tag) => {
                book.since_1904 =
                    attribute(tag, "date1904").is_some_and(|v| v == "1" || v == "true");
            }
            _ => {}
        }
        Ok(())
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

fn texts(part: &str) -> Result<Vec<String>, TableError> {
    let mut out = Vec::new();
    let mut words = Words::default();
    xml::walk(part, "xl/sharedStrings.xml", |step| {
        match step {
            Step::Open("si", _) => words = Words::default(),
            Step::Close("si") => out.push(unescape(&std::mem::take(&mut words.text))),
            step => words.take(&step),
        }
        Ok(())
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
            Step::Open("rPh", _) => self.phonetic = true,
            Step::Close("rPh") => self.phonetic = false,
            Step::Open("t", _) => self.inside = true,
            Step::Close("t") => self.inside = false,
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

fn kinds(part: &str) -> Result<Vec<Kind>, TableError> {
    let mut codes: HashMap<u32, Kind> = HashMap::new();
    let mut out = Vec::new();
    let mut inside = false;
    xml::walk(part, "xl/styles.xml", |step| {
        match step {
            Step::Open("numFmt", tag) => {
                if let (Some(id), Some(code)) =
                    (xml::number(tag, "numFmtId"), attribute(tag, "formatCode"))
                {
                    codes.insert(id, serial::of_code(&code));
                }
            }
            Step::Open("cellXfs", _) => inside = true,
            Step::Close("cellXfs") => inside = false,
            Step::Open("xf", tag) if inside => {
                let id = xml::number(tag, "numFmtId").unwrap_or(0);
                out.push(
                    codes
                        .get(&id)
                        .copied()
                        .unwrap_or_else(|| serial::built_in(id)),
                );
            }
            _ => {}
        }
        Ok(())
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

fn cells(part: &str, shared: &Shared) -> Result<Table, TableError> {
    let mut table = Table::default();
    let (mut row, mut column) = (0_u64, 0_usize);
    let mut cell: Option<Cell> = None;
    xml::walk(part, "a sheet", |step| {
        match (&mut cell, step) {
            (None, Step::Open("row", tag)) => {
                row = xml::number(tag, "r").unwrap_or(row.saturating_add(1));
                column = 0;
            }
            (None, Step::Open("c", tag)) => {
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
            (None, Step::Open("mergeCell", tag)) => {
                if let Some(range) = attribute(tag, "ref")
                    && let Some((first, last)) = range.split_once(':')
                    && let (Some(first), Some(last)) = (reference(first), reference(last))
                {
                    table.merge(first.1, first.0, last.0);
                }
            }
            (Some(_), Step::Close("c")) => {
                if let Some(done) = cell.take() {
                    put(&mut table, &done, shared)?;
                }
            }
            (Some(cell), Step::Open("v", _)) => {
                cell.inside = true;
                cell.value.get_or_insert_default();
            }
            (Some(cell), Step::Close("v")) => cell.inside = false,
            (Some(cell), Step::Open("f", _)) => cell.formula = true,
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

fn put(table: &mut Table, cell: &Cell, shared: &Shared) -> Result<(), TableError> {
    let Some(value) = cell.value.as_deref() else {
        if cell.formula {
            table.unsaved += 1;
        }
        return table.put(cell.row, cell.column, &unescape(&cell.words.text));
    };
    match cell.kind.as_str() {
        "s" => {
            let text = value
                .trim()
                .parse::<usize>()
                .ok()
                .and_then(|n| shared.texts.get(n));
            let text = text.ok_or(TableError::Damaged { part: "a sheet" })?;
            table.put(cell.row, cell.column, text)
        }
        "str" | "inlineStr" | "d" => table.put(cell.row, cell.column, &unescape(value)),
        "b" => {
            let text = if value.trim() == "1" { "true" } else { "false" };
            table.put(cell.row, cell.column, text)
        }
        "e" => {
            table.errors += 1;
            Ok(())
        }
        _ => match value.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => {
                let kind = shared.kinds.get(cell.style).copied().unwrap_or_default();
                let text = serial::show(number, kind, shared.since_1904);
                table.put(cell.row, cell.column, &text)
            }
            _ => table.put(cell.row, cell.column, value),
        },
    }
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
