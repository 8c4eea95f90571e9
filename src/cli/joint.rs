//! `joint`: cases by themes, with figures beside them.

use clap::Args;

use super::figures::{cell, notes, ordered_by, parts_cell, row_marks};
use super::filters::FilterArgs;
use super::output::Exit;
use super::quotes::pending_note;
use super::table_file::TableFile;
use super::{CliError, Context};
use crate::analysis::matrix::{Unit, adds_up};
use crate::error::Result;
use crate::indicator::column::columns;
use crate::indicator::joint::{Joint, Question, joint};
use crate::report::sheet::{Cell, Sheet};

#[derive(Args)]
pub(super) struct JointArgs {
    /// Themes, each with its sub-themes; without any, those at the root of the codebook
    #[arg(value_name = "THEME")]
    themes: Vec<String>,
    /// A figure as a column, as in four-hour@2018/19; without a period the newest (can be repeated)
    #[arg(long, value_name = "INDICATOR[@PERIOD]", required = true)]
    figure: Vec<String>,
    /// Put the cases in the order of a figure, the best first; those without it stand last
    #[arg(long, value_name = "INDICATOR[@PERIOD]")]
    order: Option<String>,
    /// What a cell counts: codings, turns, words, transcripts, participants or cases
    #[arg(long, value_name = "UNIT", default_value = "codings")]
    count: Unit,
    /// An attribute of cases as a column (can be repeated)
    #[arg(long, value_name = "KEY")]
    context: Vec<String>,
    #[command(flatten)]
    file: TableFile,
    #[command(flatten)]
    filters: FilterArgs,
}

impl Context {
    pub(super) fn joint(&self, args: &JointArgs) -> Result<Exit> {
        let study = self.read()?;
        args.file.check(&study)?;
        let mut filter = self.filter(&args.filters);
        if !filter.themes.is_empty() && !args.themes.is_empty() {
            return Err(CliError::refused(
                "themes are named twice",
                "name them as in: casebook joint THEME --figure INDICATOR@PERIOD",
            )
            .into());
        }
        let mut themes = args.themes.clone();
        themes.append(&mut filter.themes);
        let mut columns = columns(&study, &args.figure, None)?;
        let order = args
            .order
            .as_deref()
            .map(|typed| ordered_by(&study, typed, &mut columns))
            .transpose()?;
        let question = Question {
            themes,
            columns,
            order,
            count: Some(args.count),
            context: args.context.clone(),
        };
        let found = joint(&study, &filter, &question)?;
        let sheets = [sheet(&found)];
        self.tables(
            &study,
            &args.file,
            &found,
            &sheets,
            "No case has transcripts there.",
        )?;
        Ok(Exit::Done)
    }
}

fn sheet(found: &Joint) -> Sheet {
    let all_marks: Vec<String> = found
        .table
        .rows
        .iter()
        .map(|row| row_marks(row, &found.columns))
        .collect();
    let has_marks = all_marks.iter().any(|m| !m.is_empty());
    let mut heads = vec!["case".to_owned()];
    heads.extend(found.context.iter().cloned());
    heads.extend(found.columns.iter().map(|c| c.figure.clone()));
    heads.extend(found.themes.iter().cloned());
    let rows = &found.table.rows;
    let has_parts = rows.iter().any(|r| parts_cell(r).is_some());
    heads.extend(has_parts.then(|| "parts".to_owned()));
    heads.extend(has_marks.then(|| "marks".to_owned()));
    let mut sheet = Sheet::new(format!("Themes ({}) beside figures", found.count), heads);
    for ((row, of), marks) in found.rows.iter().zip(rows).zip(all_marks) {
        let mut cells: Vec<Cell> = vec![row.case.as_str().into()];
        cells.extend(row.context.iter().map(|v| Cell::from(v.clone())));
        let figures = row.figures.iter().zip(&found.columns);
        cells.extend(figures.map(|(shown, head)| cell(shown, head.decimals)));
        cells.extend(
            row.counts
                .iter()
                .map(|n| n.map_or(Cell::Undefined, Cell::from)),
        );
        cells.extend(has_parts.then(|| parts_cell(of).unwrap_or(Cell::Empty)));
        cells.extend(has_marks.then(|| marks.into()));
        sheet.row(cells);
    }
    let overlap = if adds_up(found.count) {
        ""
    } else {
        " (what has several of these counts once)"
    };
    sheet.note(format!(
        "Themes count {}, each with its sub-themes{overlap}, in transcripts of the case itself.",
        found.count
    ));
    if found.rows.iter().any(|r| r.counts.contains(&None)) {
        sheet.note("A count is n/a where all that was said in a case is off the record.");
    }
    if let Some(order) = &found.order {
        sheet.note(format!(
            "Cases stand in the order of {order}, the best first; those of which it is not known stand last."
        ));
    }
    sheet.notes.extend(notes(&found.table));
    if found.without_case.iter().any(|n| *n > 0) {
        let without: Vec<String> = found
            .themes
            .iter()
            .zip(&found.without_case)
            .filter(|(_, n)| **n > 0)
            .map(|(theme, n)| format!("{theme} {n}"))
            .collect();
        sheet.note(format!(
            "In no row, as their transcripts belong to no case: {}.",
            without.join(", ")
        ));
    }
    sheet.notes.extend(pending_note(found.pending));
    sheet
}
