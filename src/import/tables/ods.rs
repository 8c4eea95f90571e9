//! LibreOffice's sheets: cells that repeat, and text in paragraphs.

use std::collections::HashSet;

use quick_xml::events::BytesStart;

use super::error::TableError;
use super::serial;
use super::table::{self, Table};
use crate::import::blocks::is_blank;
use crate::import::error::{Error, What};
use crate::import::xml::{self, Part, Space, Step, attribute};
use crate::import::{manifest, package};

const FILE: What = What::OpenSpreadsheet;
const CONTENT: Part = Part::new(FILE, "content.xml");

/// All sheets, the hidden ones last.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Table>, Error> {
    let mut package = package::open(bytes, FILE)?;
    if manifest::is_locked(&mut package)? {
        return Err(Error::Encrypted { file: FILE });
    }
    let Some(content) = package.text(CONTENT.name, CONTENT.name)? else {
        return Err(Error::NotOne { file: FILE });
    };
    let mut reader = Reader::default();
    xml::try_walk(&content, CONTENT, |step| Ok(reader.take(&step)?))?;
    let mut tables = reader.tables;
    tables.sort_by_key(|(hidden, _)| *hidden);
    Ok(tables.into_iter().map(|(_, table)| table).collect())
}

/// A cell while it is read.
#[derive(Default)]
struct Cell {
    kind: String,
    /// Its value where that says more than what is shown.
    value: Option<String>,
    formula: bool,
    error: bool,
    text: String,
    paragraphs: usize,
    repeat: u64,
    /// How many rows and columns it goes over.
    rows: u64,
    columns: usize,
}

#[derive(Default)]
struct Reader {
    /// Whether each is hidden.
    tables: Vec<(bool, Table)>,
    /// The style that is being described, and those of hidden sheets.
    style: Option<String>,
    hidden: HashSet<String>,
    /// Tables within tables; what is in an inner one belongs to no row of ours.
    depth: usize,
    row: u64,
    column: usize,
    /// Rows like this one.
    repeat: u64,
    /// The row's cells so far, to be written once or often.
    cells: Vec<(usize, String)>,
    /// Bytes of these cells.
    bytes: usize,
    cell: Option<Cell>,
    paragraph: bool,
    /// Comments, pictures and drawings that lie over cells, one within the other; their words are not the cell's.
    over: usize,
}

impl Reader {
    fn take(&mut self, step: &Step<'_>) -> Result<(), TableError> {
        match *step {
            Step::Open(Space::Table, "table", tag) => {
                self.depth += 1;
                if self.depth == 1 {
                    let name = attribute(tag, "table:name").unwrap_or_default();
                    let hidden = attribute(tag, "table:style-name")
                        .is_some_and(|style| self.hidden.contains(&style));
                    self.tables.push((hidden, Table::of_sheet(name)));
                    self.row = 0;
                }
            }
            Step::Close(Space::Table, "table") => self.depth = self.depth.saturating_sub(1),
            Step::Open(_, "style", tag) if self.depth == 0 => {
                self.style = attribute(tag, "style:name");
            }
            Step::Open(_, "table-properties", tag) if self.depth == 0 => {
                let hides = attribute(tag, "table:display").is_some_and(|shown| shown == "false");
                self.hidden.extend(self.style.take().filter(|_| hides));
            }
            _ if self.depth != 1 => {}
            Step::Open(Space::Draw, ..) | Step::Open(Space::Office, "annotation", _) => {
                self.over += 1;
            }
            Step::Close(Space::Draw, _) | Step::Close(Space::Office, "annotation") => {
                self.over = self.over.saturating_sub(1);
            }
            _ if self.over > 0 => {}
            Step::Open(Space::Table, "table-row", tag) => {
                self.repeat = xml::number(tag, "table:number-rows-repeated")
                    .unwrap_or(1)
                    .max(1);
                self.column = 0;
            }
            Step::Close(Space::Table, "table-row") => self.end_row()?,
            Step::Open(Space::Table, "table-cell" | "covered-table-cell", tag) => {
                self.cell = Some(begin(tag));
            }
            Step::Close(Space::Table, "table-cell" | "covered-table-cell") => self.end_cell()?,
            ref step => self.words(step),
        }
        Ok(())
    }

    fn words(&mut self, step: &Step<'_>) {
        let Some(cell) = &mut self.cell else {
            return;
        };
        match *step {
            Step::Open(Space::Text, "p" | "h", _) => {
                if cell.paragraphs > 0 {
                    cell.text.push('\n');
                }
                cell.paragraphs += 1;
                self.paragraph = true;
            }
            Step::Close(Space::Text, "p" | "h") => self.paragraph = false,
            Step::Open(Space::Text, "s", tag) => {
                let n = xml::number(tag, "text:c").unwrap_or(1_usize).min(1_000);
                cell.text.extend(std::iter::repeat_n(' ', n));
            }
            Step::Open(Space::Text, "tab", _) => cell.text.push('\t'),
            Step::Open(Space::Text, "line-break", _) => cell.text.push('\n'),
            Step::Text(text) if self.paragraph => cell.words(text),
            _ => {}
        }
    }

    fn end_cell(&mut self) -> Result<(), TableError> {
        let (Some(cell), Some((_, table))) = (self.cell.take(), self.tables.last_mut()) else {
            return Ok(());
        };
        self.paragraph = false;
        let text = cell.shown();
        let first = self.column;
        let repeat = usize::try_from(cell.repeat).unwrap_or(usize::MAX);
        self.column = first.saturating_add(repeat);
        if cell.error {
            table.errors += 1;
            return Ok(());
        }
        if text.trim().is_empty() {
            table.unsaved += usize::from(cell.formula && cell.kind.is_empty());
            return Ok(());
        }
        if first >= table::COLUMNS || repeat > table::COLUMNS - first {
            return Err(TableError::TooManyColumns);
        }
        // The same words in many cells would fill the memory before the row is written.
        self.bytes = self.bytes.saturating_add(text.len().saturating_mul(repeat));
        if self.bytes > 1 << 26 {
            return Err(TableError::TooLong);
        }
        table.merge(
            (self.row.saturating_add(1), first),
            (
                self.row.saturating_add(cell.rows),
                first.saturating_add(cell.columns.saturating_sub(1)),
            ),
        );
        self.cells
            .extend((first..first + repeat).map(|column| (column, text.clone())));
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), TableError> {
        let cells = std::mem::take(&mut self.cells);
        self.bytes = 0;
        if let Some((_, table)) = self.tables.last_mut()
            && !cells.is_empty()
        {
            // One row of the file may stand for any number: none is made that no sheet could have.
            if self.row.saturating_add(self.repeat) > table::ROWS {
                return Err(TableError::TooManyCells);
            }
            for n in 0..self.repeat {
                for (column, text) in &cells {
                    table.put(self.row.saturating_add(n + 1), *column, text)?;
                }
            }
        }
        self.row = self.row.saturating_add(self.repeat);
        Ok(())
    }
}

fn begin(tag: &BytesStart<'_>) -> Cell {
    let kind = attribute(tag, "office:value-type").unwrap_or_default();
    let value = match kind.as_str() {
        // Shares and sums are numbers too, as they are in Excel's files, whatever is shown.
        "float" | "percentage" | "currency" => xml::number(tag, "office:value")
            .filter(|n: &f64| n.is_finite())
            .map(|n| serial::show(n, serial::Kind::Number, false)),
        "date" => attribute(tag, "office:date-value").map(|date| serial::iso(&date).to_owned()),
        "time" => attribute(tag, "office:time-value").and_then(|time| serial::duration(&time)),
        "boolean" => attribute(tag, "office:boolean-value"),
        "string" => attribute(tag, "office:string-value"),
        _ => None,
    };
    Cell {
        error: attribute(tag, "calcext:value-type").is_some_and(|kind| kind == "error"),
        formula: attribute(tag, "table:formula").is_some(),
        repeat: xml::number(tag, "table:number-columns-repeated")
            .unwrap_or(1)
            .max(1),
        rows: xml::number(tag, "table:number-rows-spanned").unwrap_or(1),
        columns: xml::number(tag, "table:number-columns-spanned").unwrap_or(1),
        kind,
        value,
        ..Cell::default()
    }
}

impl Cell {
    /// Words as they stand in the XML, where any blanks are one.
    fn words(&mut self, text: &str) {
        for sign in text.chars() {
            let blank = is_blank(sign);
            if !blank {
                self.text.push(sign);
            } else if !self.text.ends_with(is_blank) {
                self.text.push(' ');
            }
        }
    }
    fn shown(&self) -> String {
        match &self.value {
            Some(value) if self.kind != "string" || self.text.is_empty() => value.clone(),
            _ => self.text.clone(),
        }
    }
}
