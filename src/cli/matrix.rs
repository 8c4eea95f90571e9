//! `matrix`: how much was coded, by two dimensions.

use clap::Args;

use super::filters::FilterArgs;
use super::output::{Exit, Mode, count};
use super::quotes::pending_note;
use super::relations::{RelationArgs, untimed_note};
use super::table_file::TableFile;
use super::{CliError, Context, io_error};
use crate::analysis::matrix::{Matrix, Unit};
use crate::coding::crosstab::{Dimension, crosstab, shortened};
use crate::coding::relations::untimed;
use crate::domain::span::printable;
use crate::error::Result;
use crate::report::sheet::{Cell, Sheet};

#[derive(Args)]
pub(super) struct MatrixArgs {
    /// What stands in the rows: case, participant, transcript, phase, role, theme, coder, section or attr:KEY
    #[arg(long, value_name = "WHAT", default_value = "case")]
    rows: String,
    /// What stands in the columns, likewise
    #[arg(long, value_name = "WHAT", default_value = "theme")]
    cols: String,
    /// What a cell counts: codings, turns, words, transcripts, participants or cases
    #[arg(long, value_name = "UNIT", default_value = "codings")]
    count: Unit,
    /// Put themes together at this depth of the tree: 1 for the first step of their paths
    #[arg(long, value_name = "DEPTH")]
    depth: Option<usize>,
    /// Show the quotes behind one cell, by its row and column
    #[arg(long, value_name = "ROW,COLUMN")]
    cell: Option<String>,
    #[command(flatten)]
    file: TableFile,
    #[command(flatten)]
    filters: FilterArgs,
    #[command(flatten)]
    relations: RelationArgs,
}

impl Context {
    pub(super) fn matrix(&self, args: &MatrixArgs) -> Result<Exit> {
        let study = self.read()?;
        args.file.check(&study)?;
        let rows: Dimension = args.rows.parse()?;
        let cols: Dimension = args.cols.parse()?;
        if args.depth == Some(0) {
            return Err(CliError::refused("depth counts from 1", "as in: --depth 1").into());
        }
        let filter = self.related(&args.filters, &args.relations)?;
        let tab = crosstab(&study, &filter, &rows, &cols, args.depth)?;
        if let Some(cell) = &args.cell {
            let found = tab.cell(&study, cell)?;
            if args.file.is_given() {
                let sheet = super::quotes::sheet(&found, &format!("Quotes of the cell {cell}"));
                self.tables(&study, &args.file, &found, &[sheet], "")?;
                return Ok(Exit::Done);
            }
            match self.out.mode {
                super::output::Mode::Csv => {
                    self.out.table(&found, || super::quotes::table(&found), "")
                }
                _ => self.out.text(&found, || super::quotes::text(&found)),
            }
            .map_err(io_error)?;
            self.out
                .say(&format!("{}.", count(found.total as u64, "quote")));
            return Ok(Exit::Done);
        }
        let matrix = tab.count(&study, args.count)?;
        let on_screen = self.out.mode == Mode::Text && !args.file.is_given();
        let mut sheet = sheet(&matrix, args, on_screen && cols == Dimension::Section);
        let untimed = untimed(&study, &study.select(&filter)?, filter.distance)?;
        sheet.notes.extend(untimed.and_then(untimed_note));
        self.tables(
            &study,
            &args.file,
            &matrix,
            &[sheet],
            "Nothing is coded there.",
        )?;
        Ok(Exit::Done)
    }
}

fn title(args: &MatrixArgs) -> String {
    let mut title = format!("{} by {} and {}", args.count, args.rows, args.cols);
    title[..1].make_ascii_uppercase();
    title
}

/// Questions are too long for the heads of columns on a screen; files have them whole.
fn sheet(matrix: &Matrix, args: &MatrixArgs, short: bool) -> Sheet {
    let heads = matrix.cols.iter().map(|c| {
        if short {
            shortened(&printable(c))
        } else {
            c.clone()
        }
    });
    let heads = std::iter::once(args.rows.clone())
        .chain(heads)
        .chain(["total".to_owned()]);
    let mut sheet = Sheet::new(title(args), heads);
    let row = |name: &str, cells: &[u64], total: u64| {
        let cells = cells.iter().chain([&total]).map(|n| Cell::from(*n));
        std::iter::once(name.into()).chain(cells).collect()
    };
    for (n, name) in matrix.rows.iter().enumerate() {
        sheet
            .rows
            .push(row(name, &matrix.cells[n], matrix.row_totals[n]));
    }
    if !matrix.rows.is_empty() {
        sheet
            .rows
            .push(row("total", &matrix.col_totals, matrix.total));
    }
    let note = if args.count == Unit::Codings {
        ""
    } else {
        "; a total counts each once, so it can be less than the sum"
    };
    sheet.note(format!("Cells count {}{note}.", args.count));
    sheet.notes.extend(pending_note(matrix.pending));
    sheet
}
