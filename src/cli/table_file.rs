//! Tables as every command shows them: on the screen, as CSV or JSON on stdout, or in a file whose ending says what kind.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::output::{Mode, Table, count};
use super::report::spare;
use super::{Context, io_error};
use crate::error::Result;
use crate::report::sheet::{Book, Kind, Sheet, csv, write};
use crate::study::Study;

#[derive(Args, Clone, Debug, Default)]
pub(super) struct TableFile {
    /// Write it to a file: .xlsx, .csv, .md, .html or .json; without it, to the screen
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl TableFile {
    pub(super) fn path(&self) -> Option<&Path> {
        self.output.as_deref()
    }

    pub(super) fn is_given(&self) -> bool {
        self.output.is_some()
    }

    /// Refuses a name that can't be written to before any work is done for it.
    pub(super) fn check(&self, study: &Study) -> Result<()> {
        if let Some(path) = &self.output {
            Kind::of(path)?;
            spare(study, path)?;
        }
        Ok(())
    }
}

impl Context {
    /// Shows tables, or writes them to the file that was named. `value` is what they were made of: it is what JSON
    /// holds. What stands beneath a table is said on stderr where the form has no room for it. On stdout, CSV is the
    /// first table. `empty` is said for a first table without rows.
    pub(super) fn tables<T: Serialize>(
        &self,
        study: &Study,
        file: &TableFile,
        value: &T,
        sheets: &[Sheet],
        empty: &str,
    ) -> Result<()> {
        if let Some(path) = &file.output {
            file.check(study)?;
            let kind = Kind::of(path)?;
            let book = Book::of(study, sheets)?;
            self.write_copy(study, "table", path, |out| {
                if kind == Kind::Json {
                    super::output::write_json(value, out).map_err(io_error)
                } else {
                    Ok(write(&book, kind, out)?)
                }
            })?;
            if kind == Kind::Csv {
                self.say_notes(sheets);
            }
            let rows: usize = sheets.iter().map(|s| s.rows.len()).sum();
            let tables = if sheets.len() == 1 {
                String::new()
            } else {
                format!("{} with ", count(sheets.len(), "table"))
            };
            self.out.say(&format!(
                "Wrote {tables}{} to {}.",
                count(rows, "row"),
                path.display()
            ));
            return Ok(());
        }
        match self.out.mode {
            Mode::Csv => {
                if let Some(first) = sheets.first() {
                    self.out.write(&csv(first)?).map_err(io_error)?;
                }
                let more = sheets.len().saturating_sub(1);
                if more > 0 {
                    self.out.say(&format!(
                        "{} more: -o FILE.xlsx writes all of them.",
                        count(more, "table")
                    ));
                }
            }
            Mode::Json => self.out.text(value, String::new).map_err(io_error)?,
            Mode::Text => self.show(sheets, empty).map_err(io_error)?,
        }
        self.say_notes(sheets);
        Ok(())
    }

    /// The tables on the screen, each under its title if there are several.
    fn show(&self, sheets: &[Sheet], empty: &str) -> std::io::Result<()> {
        for (n, sheet) in sheets.iter().enumerate() {
            if n == 0 && sheet.rows.is_empty() && !empty.is_empty() {
                self.out.say(empty);
                continue;
            }
            let title = if sheets.len() > 1 {
                format!(
                    "{}{}\n",
                    if n == 0 { "" } else { "\n" },
                    crate::domain::span::printable(&sheet.title)
                )
            } else {
                String::new()
            };
            let table = Table::of(sheet).to_text(super::output::terminal_width());
            self.out.write(format!("{title}{table}").as_bytes())?;
        }
        Ok(())
    }

    /// What stands beneath the tables, each once.
    fn say_notes(&self, sheets: &[Sheet]) {
        let mut said: Vec<&str> = Vec::new();
        for note in sheets.iter().flat_map(|s| &s.notes) {
            if !said.contains(&note.as_str()) {
                said.push(note);
                self.out.say(note);
            }
        }
    }
}
