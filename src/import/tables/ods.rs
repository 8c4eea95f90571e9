//! LibreOffice's sheets: cells that repeat, and text in paragraphs.

use quick_xml::events::BytesStart;

use super::error::TableError;
use super::serial;
use super::table::Table;
use super::xml::{self, Step, attribute};
use super::{package, table};

const PART: &str = "content.xml";

pub(super) fn read(bytes: &[u8]) -> Result<Vec<Table>, TableError> {
    let mut package = package::open(bytes, "ods")?;
    if let Some(manifest) = package.text("META-INF/manifest.xml", "META-INF/manifest.xml")? {
        xml::walk(&manifest, "META-INF/manifest.xml", |step| match step {
            Step::Open("encryption-data", _) => Err(TableError::Encrypted),
            _ => Ok(()),
        })?;
    }
    let Some(content) = package.text(PART, PART)? else {
        return Err(TableError::NotOne { ending: "ods" });
    };
    let mut reader = Reader::default();
    xml::walk(&content, PART, |step| reader.take(&step))?;
    Ok(reader.tables)
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
    rows: u64,
}

#[derive(Default)]
struct Reader {
    tables: Vec<Table>,
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
    /// Within a comment on a cell.
    annotation: bool,
}

impl Reader {
    fn take(&mut self, step: &Step<'_>) -> Result<(), TableError> {
        match *step {
            Step::Open("table", tag) => {
                self.depth += 1;
                if self.depth == 1 {
                    let name = attribute(tag, "table:name").unwrap_or_default();
                    self.tables.push(Table::of_sheet(name));
                    self.row = 0;
                }
            }
            Step::Close("table") => self.depth = self.depth.saturating_sub(1),
            _ if self.depth != 1 => {}
            Step::Open("annotation", _) => self.annotation = true,
            Step::Close("annotation") => self.annotation = false,
            _ if self.annotation => {}
            Step::Open("table-row", tag) => {
                self.repeat = xml::number(tag, "table:number-rows-repeated")
                    .unwrap_or(1)
                    .max(1);
                self.column = 0;
            }
            Step::Close("table-row") => self.end_row()?,
            Step::Open("table-cell" | "covered-table-cell", tag) => self.cell = Some(begin(tag)),
            Step::Close("table-cell" | "covered-table-cell") => self.end_cell()?,
            ref step => self.words(step),
        }
        Ok(())
    }

    fn words(&mut self, step: &Step<'_>) {
        let Some(cell) = &mut self.cell else {
            return;
        };
        match *step {
            Step::Open("p" | "h", _) => {
                if cell.paragraphs > 0 {
                    cell.text.push('\n');
                }
                cell.paragraphs += 1;
                self.paragraph = true;
            }
            Step::Close("p" | "h") => self.paragraph = false,
            Step::Open("s", tag) => {
                let n = xml::number(tag, "text:c").unwrap_or(1_usize).min(1_000);
                cell.text.extend(std::iter::repeat_n(' ', n));
            }
            Step::Open("tab", _) => cell.text.push('\t'),
            Step::Open("line-break", _) => cell.text.push('\n'),
            Step::Text(text) if self.paragraph => cell.text.push_str(text),
            _ => {}
        }
    }

    fn end_cell(&mut self) -> Result<(), TableError> {
        let (Some(cell), Some(table)) = (self.cell.take(), self.tables.last_mut()) else {
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
            first,
            self.row.saturating_add(1),
            self.row.saturating_add(cell.rows),
        );
        self.cells
            .extend((first..first + repeat).map(|column| (column, text.clone())));
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), TableError> {
        let cells = std::mem::take(&mut self.cells);
        self.bytes = 0;
        if let Some(table) = self.tables.last_mut()
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
        "float" => attribute(tag, "office:value"),
        "date" => attribute(tag, "office:date-value")
            .map(|date| date.strip_suffix("T00:00:00").unwrap_or(&date).to_owned()),
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
        kind,
        value,
        ..Cell::default()
    }
}

impl Cell {
    fn shown(&self) -> String {
        match &self.value {
            Some(value) if self.kind != "string" || self.text.is_empty() => value.clone(),
            _ => self.text.clone(),
        }
    }
}
