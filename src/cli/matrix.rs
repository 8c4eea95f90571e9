//! `matrix`: how much was coded, by two dimensions.

use clap::Args;

use super::filters::FilterArgs;
use super::output::{Exit, Table, count};
use super::relations::RelationArgs;
use super::{CliError, Context, io_error};
use crate::analysis::matrix::{Matrix, Unit};
use crate::coding::crosstab::{Dimension, crosstab, shortened};
use crate::domain::span::printable;
use crate::error::Result;

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
    filters: FilterArgs,
    #[command(flatten)]
    relations: RelationArgs,
}

impl Context {
    pub(super) fn matrix(&self, args: &MatrixArgs) -> Result<Exit> {
        let study = self.read()?;
        let rows: Dimension = args.rows.parse()?;
        let cols: Dimension = args.cols.parse()?;
        if args.depth == Some(0) {
            return Err(CliError::refused("depth counts from 1", "as in: --depth 1").into());
        }
        let filter = self.related(&args.filters, &args.relations)?;
        let tab = crosstab(&study, &filter, &rows, &cols, args.depth)?;
        if let Some(cell) = &args.cell {
            let found = tab.cell(&study, cell)?;
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
        self.out
            .table(
                &matrix,
                || {
                    let short = self.out.mode == super::output::Mode::Text;
                    table(&matrix, &args.rows, short && cols == Dimension::Section)
                },
                "Nothing is coded there.",
            )
            .map_err(io_error)?;
        let note = if args.count == Unit::Codings {
            ""
        } else {
            "; a total counts each once, so it can be less than the sum"
        };
        self.out.say(&format!("Cells count {}{note}.", args.count));
        self.say_pending(matrix.pending);
        self.say_untimed(&study, &filter)?;
        Ok(Exit::Done)
    }
}

/// Questions are too long for the heads of columns; CSV and JSON have them whole.
fn table(matrix: &Matrix, rows: &str, short: bool) -> Table {
    let mut heads = vec![rows.to_owned()];
    heads.extend(matrix.cols.iter().map(|c| {
        if short {
            format!(">{}", shortened(&printable(c)))
        } else {
            format!(">{c}")
        }
    }));
    heads.push(">total".into());
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let mut table = Table::new(&heads);
    if matrix.rows.is_empty() {
        return table;
    }
    for (n, name) in matrix.rows.iter().enumerate() {
        let cells = matrix.cells[n]
            .iter()
            .chain([&matrix.row_totals[n]])
            .map(ToString::to_string);
        table.row(std::iter::once(name.clone()).chain(cells));
    }
    let totals = matrix
        .col_totals
        .iter()
        .chain([&matrix.total])
        .map(ToString::to_string);
    table.row(std::iter::once("total".to_owned()).chain(totals));
    table
}
