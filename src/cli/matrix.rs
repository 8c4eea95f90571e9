//! `matrix`: how much was coded, by two dimensions.

use clap::Args;

use super::filters::FilterArgs;
use super::output::{Exit, Mode, count, thousands};
use super::quotes::pending_note;
use super::relations::{RelationArgs, untimed_note};
use super::released::AudienceArg;
use super::table_file::TableFile;
use super::{CliError, Context, io_error, narrowed, suppressed};
use crate::analysis::matrix::{Figures, Matrix, Measure, Percent, Unit, adds_up};
use crate::coding::crosstab::{Dimension, Dimensions, crosstab, shortened};
use crate::coding::relations::untimed;
use crate::domain::filter::Speakers;
use crate::domain::span::printable;
use crate::error::Result;
use crate::evidence::released::of_cell;
use crate::governance::gate::Audience;
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
    /// Show shares instead: each cell as a percentage of its row, its column or of everything
    #[arg(long, value_name = "row|column|total", conflicts_with_all = ["presence", "per_1000_words", "cell"])]
    percent: Option<Percent>,
    /// Show presence instead: 1 where there is anything, 0 where there is nothing, and how many are 1
    #[arg(long, conflicts_with_all = ["per_1000_words", "cell"])]
    presence: bool,
    /// Show cells for each 1,000 words said by whom the filters take
    #[arg(
        long = "per-1000-words",
        id = "per_1000_words",
        conflicts_with = "cell"
    )]
    per_1000_words: bool,
    /// Put the rows in the order of an attribute of theirs (attr:KEY), or by their totals (total)
    #[arg(long, value_name = "attr:KEY|total")]
    order_by: Option<String>,
    #[command(flatten)]
    audience: AudienceArg,
    #[command(flatten)]
    file: TableFile,
    #[command(flatten)]
    filters: FilterArgs,
    #[command(flatten)]
    relations: RelationArgs,
}

impl MatrixArgs {
    /// Whether it shows something made of the counts, other than whether there are any.
    pub(super) fn is_measured(&self) -> bool {
        self.percent.is_some()
            || self.presence
            || self.per_1000_words
            || self.cell.is_some()
            || self.order_by.as_deref() == Some("total")
    }

    fn measure(&self) -> Option<Measure> {
        match self.percent {
            Some(Percent::Row) => Some(Measure::PercentOfRow),
            Some(Percent::Column) => Some(Measure::PercentOfColumn),
            Some(Percent::Total) => Some(Measure::PercentOfTotal),
            None if self.presence => Some(Measure::Presence),
            None => self.per_1000_words.then_some(Measure::PerThousandWords),
        }
    }
}

impl Context {
    pub(super) fn matrix(&self, args: &MatrixArgs) -> Result<Exit> {
        let study = self.read()?;
        args.file.check(&study)?;
        let asked = Dimensions {
            rows: args.rows.parse()?,
            cols: args.cols.parse()?,
            count: args.count,
            depth: args.depth,
        };
        if args.depth == Some(0) {
            return Err(CliError::refused("depth counts from 1", "as in: --depth 1").into());
        }
        let for_team = args.audience.of_counts() == Audience::Team;
        if args.cell.is_none() && !for_team {
            suppressed::refuse(args, &asked)?;
        }
        let filter = self.related(&args.filters, &args.relations)?;
        if args.cell.is_none() {
            let audience = args.audience.of_counts();
            narrowed::refuse(&study, &filter, audience, "a table")?;
        }
        let mut tab = crosstab(&study, &filter, &asked)?;
        if let Some(cell) = &args.cell {
            let found = tab.cell(cell)?;
            let audience = args.audience.of(args.file.is_given());
            if audience != Audience::Team {
                narrowed::refuse(&study, &filter, audience, "a list of quotes")?;
                let ids: Vec<i64> = found.quotes.iter().map(|q| q.coding).collect();
                let found = of_cell(&study, &ids, &filter, audience)?;
                let title = format!("Quotes of the cell {cell}");
                self.released(&study, &args.file, &found, &title)?;
                return Ok(Exit::Done);
            }
            if args.file.is_given() {
                let sheet = super::quotes::sheet(&found, &format!("Quotes of the cell {cell}"));
                self.tables(&study, &args.file, &found, &[sheet], "")?;
                return Ok(Exit::Done);
            }
            match self.out.mode {
                Mode::Csv => self.out.table(&found, || super::quotes::table(&found), ""),
                _ => self.out.text(&found, || super::quotes::text(&found)),
            }
            .map_err(io_error)?;
            self.out
                .say(&format!("{}.", count(found.total as u64, "quote")));
            return Ok(Exit::Done);
        }
        if let Some(measure) = args.measure() {
            tab.measure(measure)?;
        }
        if let Some(by) = &args.order_by {
            tab.order_by(by)?;
        }
        let on_screen = self.out.mode == Mode::Text && !args.file.is_given();
        let short = on_screen && asked.cols == Dimension::Section;
        let mut sheet = sheet(&tab.matrix, args, filter.speakers, short);
        let untimed = untimed(&study, &study.select(&filter)?, filter.distance)?;
        sheet.notes.extend(untimed.and_then(untimed_note));
        if !for_team {
            let small = suppressed::of(&study, &filter, &asked, &tab.matrix)?;
            small.put(&mut sheet);
            let value = small.json(&tab.matrix);
            let counts = small.counts(&study, &filter, &asked, &tab.matrix)?;
            self.may_count(&study, args.audience.of_counts(), &counts)?;
            let empty = "Nothing is coded there.";
            self.tables(&study, &args.file, &value, &[sheet], empty)?;
            if let Some(path) = args.file.path() {
                self.register_table(&study, path, args.audience.of_counts(), counts);
            }
            return Ok(Exit::Done);
        }
        self.tables(
            &study,
            &args.file,
            &tab.matrix,
            &[sheet],
            "Nothing is coded there.",
        )?;
        Ok(Exit::Done)
    }
}

fn title(args: &MatrixArgs) -> String {
    let mut title = format!("{} by {} and {}", args.count, args.rows, args.cols);
    title[..1].make_ascii_uppercase();
    match args.measure() {
        None => {}
        Some(Measure::PercentOfRow) => title.push_str(", % of row"),
        Some(Measure::PercentOfColumn) => title.push_str(", % of column"),
        Some(Measure::PercentOfTotal) => title.push_str(", % of total"),
        Some(Measure::Presence) => title.push_str(", presence"),
        Some(Measure::PerThousandWords) => title.push_str(" for each 1,000 words"),
    }
    title
}

/// Questions are too long for the heads of columns on a screen; files have them whole.
fn sheet(matrix: &Matrix, args: &MatrixArgs, speakers: Speakers, short: bool) -> Sheet {
    let mut heads = vec![args.rows.clone()];
    heads.extend(matrix.cols.iter().map(|c| {
        if short {
            shortened(&printable(c))
        } else {
            c.clone()
        }
    }));
    let figures = matrix.figures.as_ref();
    heads.push(
        match figures.map(|f| f.measure) {
            Some(Measure::Presence) => "present",
            _ => "total",
        }
        .to_owned(),
    );
    let base = figures.and_then(|f| base_column(f, args));
    heads.extend(base.map(str::to_owned));
    let mut sheet = Sheet::new(title(args), heads);
    for (n, name) in matrix.rows.iter().enumerate() {
        let cells: Vec<Cell> = match figures {
            None => matrix.cells[n]
                .iter()
                .chain([&matrix.row_totals[n]])
                .map(|n| Cell::from(*n))
                .collect(),
            Some(f) => f.cells[n]
                .iter()
                .chain([&f.row_totals[n]])
                .map(|value| figure(f.measure, *value))
                .chain(base.map(|_| Cell::from(f.bases.row_totals[n])))
                .collect(),
        };
        sheet.row(std::iter::once(name.as_str().into()).chain(cells));
    }
    if !matrix.rows.is_empty() {
        match figures {
            None => {
                let totals = matrix.col_totals.iter().chain([&matrix.total]);
                let totals = totals.map(|n| Cell::from(*n));
                sheet.row(std::iter::once("total".into()).chain(totals));
            }
            Some(f) => {
                let name = if f.measure == Measure::Presence {
                    "present"
                } else {
                    "total"
                };
                let totals = f.col_totals.iter().chain([&f.total]);
                let totals = totals.map(|value| figure(f.measure, *value));
                let of = base.map(|_| Cell::from(f.bases.total));
                sheet.row(std::iter::once(name.into()).chain(totals).chain(of));
                if let Some(name) = base_row(f, args) {
                    let bases = f.bases.col_totals.iter().chain([&f.bases.total]);
                    let bases = bases.map(|n| Cell::from(*n));
                    let corner = base.map(|_| Cell::Empty);
                    sheet.row(std::iter::once(name.into()).chain(bases).chain(corner));
                }
            }
        }
    }
    sheet.notes = notes(matrix, args, speakers);
    sheet
}

pub(super) fn figure(measure: Measure, value: Option<f64>) -> Cell {
    match measure {
        Measure::Presence => Cell::decimal(value, 0),
        Measure::PerThousandWords => Cell::decimal(value, 2),
        _ => Cell::decimal(value, 1),
    }
}

/// The head of a column with the base of each row, where rows have bases of their own.
fn base_column(figures: &Figures, args: &MatrixArgs) -> Option<&'static str> {
    match figures.measure {
        Measure::PercentOfRow => Some("n"),
        Measure::PerThousandWords if args.rows != "theme" && args.rows != "coder" => Some("words"),
        _ => None,
    }
}

/// The name of a row with the base of each column, where columns have bases of their own.
fn base_row(figures: &Figures, args: &MatrixArgs) -> Option<&'static str> {
    match figures.measure {
        Measure::PercentOfColumn => Some("n"),
        Measure::PerThousandWords if args.cols != "theme" && args.cols != "coder" => Some("words"),
        _ => None,
    }
}

/// What the cells are, of which base, and what is not in them.
fn notes(matrix: &Matrix, args: &MatrixArgs, speakers: Speakers) -> Vec<String> {
    let unit = args.count;
    let mut notes = Vec::new();
    let overlap = "; a total counts each once, so it can be less than the sum";
    let Some(figures) = &matrix.figures else {
        let note = if adds_up(unit) { "" } else { overlap };
        notes.push(format!("Cells count {unit}{note}."));
        notes.extend(pending_note(matrix.pending));
        return notes;
    };
    let rounding = if adds_up(unit) {
        "One decimal is shown, so that shown shares may add up to a little more or less than 100."
    } else {
        "One decimal is shown. One of these can stand in several cells, so that shares can add up to more than 100."
    };
    match figures.measure {
        Measure::PercentOfRow => {
            notes.push(format!(
                "Cells are % of the {unit} of their row (n); the last row is % of all {} {unit}.",
                thousands(matrix.total)
            ));
            notes.push(rounding.to_owned());
        }
        Measure::PercentOfColumn => {
            notes.push(format!(
                "Cells are % of the {unit} of their column (n); the column of totals is % of all {} {unit}.",
                thousands(matrix.total)
            ));
            notes.push(rounding.to_owned());
        }
        Measure::PercentOfTotal => {
            notes.push(format!(
                "Cells are % of all {} {unit}.",
                thousands(matrix.total)
            ));
            notes.push(rounding.to_owned());
        }
        Measure::Presence => notes.push(format!(
            "1: at least one of the {unit} counted stands there. The margins count cells that are 1: of {} in each row, of {} in each column.",
            thousands(matrix.cols.len()),
            thousands(matrix.rows.len())
        )),
        Measure::PerThousandWords => {
            let whose = match speakers {
                Speakers::Participant => "everyone but the interviewers",
                Speakers::Interviewer => "interviewers",
                Speakers::All => "everyone",
            };
            notes.push(format!(
                "Cells are {unit} for each 1,000 words that {whose} said in the transcripts which the filters take: {} words. The base of a cell are those of its row and column, as far as these say whose words (themes and coders do not).",
                thousands(figures.bases.total)
            ));
        }
    }
    let undefined = figures
        .cells
        .iter()
        .flatten()
        .chain(&figures.row_totals)
        .chain(&figures.col_totals)
        .any(Option::is_none);
    if undefined {
        notes.push("n/a: the base is 0.".to_owned());
    }
    notes.extend(pending_note(matrix.pending));
    notes
}
