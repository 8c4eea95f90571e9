//! `figures`: what holds for each case, how it changed, and what a system's figure is made of.

use clap::{Args, Subcommand};

use super::figures_roll::{parts_sheet, rolled_sheet};
use super::indicator::word;
use super::measure::period;
use super::output::{Exit, count};
use super::table_file::TableFile;
use super::{CliError, Context, date};
use crate::analysis::rollup::Why;
use crate::domain::Date;
use crate::domain::figure::{Better, Rule, Scale};
use crate::domain::period::Period;
use crate::error::Result;
use crate::indicator::column::{By, Column, columns, split};
use crate::indicator::figures::{self, FigureTable, Head, Movement, Question, Row, Which};
use crate::indicator::rolled;
use crate::indicator::shown::{Origin, Rests, Shown, rounded};
use crate::report::sheet::{Cell, Sheet};
use crate::study::Study;

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct FiguresArgs {
    #[command(subcommand)]
    command: Option<FiguresCommand>,
    /// Indicators, each with a period as in four-hour@2017/18; without one, the newest that has figures
    #[arg(value_name = "INDICATOR[@PERIOD]", required = true)]
    figures: Vec<String>,
    #[command(flatten)]
    which: WhichArgs,
    /// Read links between cases and cohorts as they stood on this day; without it links on the last day of each period
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_of: Option<Date>,
    /// Show every month, quarter, year, financial-quarter or financial-year that has figures
    #[arg(long, value_name = "STRETCH", value_parser = word::<By>)]
    by: Option<By>,
    /// Put the rows in the order of a figure, the best first
    #[arg(long, value_name = "INDICATOR@PERIOD")]
    order: Option<String>,
    /// Only cases that improved in all the indicators, each named with two periods
    #[arg(long)]
    improved: bool,
    #[command(flatten)]
    file: TableFile,
}

/// Which cases are shown.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct WhichArgs {
    /// Only this case (can be repeated)
    #[arg(long, value_name = "SLUG")]
    case: Vec<String>,
    /// All cases of this kind: where they have no figures of their own, those that their parts make
    #[arg(long, value_name = "KIND")]
    level: Option<String>,
    /// Only members of this cohort
    #[arg(long, value_name = "COHORT")]
    cohort: Option<String>,
}

impl WhichArgs {
    pub(super) fn which(&self) -> Which {
        Which {
            cases: self.case.clone(),
            level: self.level.clone(),
            cohort: self.cohort.clone(),
        }
    }
}

#[derive(Subcommand)]
enum FiguresCommand {
    /// Roll figures of parts up to their systems, and show what they are made of
    Roll(RollArgs),
}

#[derive(Args)]
struct RollArgs {
    /// The indicator's short name
    indicator: String,
    /// To all cases of this kind, or to this case (can be repeated)
    #[arg(long, value_name = "KIND|SLUG", required = true)]
    to: Vec<String>,
    /// For this period (can be repeated); without it, for each that has figures
    #[arg(long, value_name = "PERIOD", value_parser = period, conflicts_with = "by")]
    period: Vec<Period>,
    /// For every month, quarter, year, financial-quarter or financial-year that has figures
    #[arg(long, value_name = "STRETCH", value_parser = word::<By>)]
    by: Option<By>,
    /// Read what is part of what as it stood on this day; without it, on the last day of each period
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_of: Option<Date>,
    /// Show each part with what it brings, as is done for one system in one period
    #[arg(long)]
    parts: bool,
    #[command(flatten)]
    file: TableFile,
}

impl Context {
    pub(super) fn figures(&self, args: &FiguresArgs) -> Result<Exit> {
        if let Some(FiguresCommand::Roll(args)) = &args.command {
            return self.figures_roll(args);
        }
        let study = self.read()?;
        args.file.check(&study)?;
        let mut columns = columns(&study, &args.figures, args.by)?;
        let order = args
            .order
            .as_deref()
            .map(|typed| ordered_by(&study, typed, &mut columns))
            .transpose()?;
        let question = Question {
            columns,
            which: args.which.which(),
            as_of: args.as_of,
            order,
            improved: args.improved,
        };
        let found = figures::table(&study, &question)?;
        let sheets = [sheet(&found, "Figures")];
        let empty = if args.improved {
            "No case improved in all of them."
        } else {
            "No case has such figures."
        };
        self.tables(&study, &args.file, &found, &sheets, empty)?;
        Ok(Exit::Done)
    }

    fn figures_roll(&self, args: &RollArgs) -> Result<Exit> {
        let study = self.read()?;
        args.file.check(&study)?;
        let question = rolled::Question {
            indicator: args.indicator.clone(),
            to: args.to.clone(),
            periods: args.period.clone(),
            by: args.by,
            as_of: args.as_of,
            parts: args.parts,
        };
        let found = rolled::rolled(&study, &question)?;
        let mut sheets = vec![rolled_sheet(&found)];
        if found.rows.iter().any(|r| !r.parts.is_empty()) {
            sheets.push(parts_sheet(&found));
        }
        self.tables(
            &study,
            &args.file,
            &found,
            &sheets,
            "Nothing there has such figures.",
        )?;
        Ok(Exit::Done)
    }
}

/// The place of the column that rows are put in the order of; one that is not shown yet is added.
pub(super) fn ordered_by(study: &Study, typed: &str, all: &mut Vec<Column>) -> Result<usize> {
    let (slug, period) = split(typed)?;
    if period.is_none() {
        let of: Vec<usize> = (0..all.len())
            .filter(|n| all[*n].indicator.slug.eq_ignore_ascii_case(slug))
            .collect();
        match of[..] {
            [one] => return Ok(one),
            [] => {}
            _ => {
                return Err(CliError::refused(
                    format!(
                        "`{}` is shown in several periods",
                        all[of[0]].indicator.slug
                    ),
                    format!(
                        "say which orders the rows, as in: --order {}",
                        all[of[0]].name()
                    ),
                )
                .into());
            }
        }
    }
    let wanted = columns(study, &[typed.to_owned()], None)?;
    let Some(column) = wanted.into_iter().next() else {
        return Ok(0);
    };
    if let Some(at) = all.iter().position(|c| *c == column) {
        return Ok(at);
    }
    all.push(column);
    crate::indicator::column::one_basis(all.iter().map(|c| &c.indicator))?;
    Ok(all.len() - 1)
}

/// A figure in a cell of a table: rounded as it is shown, a band as its word.
pub(super) fn cell(shown: &Shown, digits: u32) -> Cell {
    use rust_decimal::prelude::ToPrimitive;
    let is_number = shown
        .value
        .as_ref()
        .is_some_and(|v| v.parse::<rust_decimal::Decimal>().is_ok());
    match shown.number {
        Some(number) if is_number => Cell::decimal(
            rounded(number, digits).to_f64(),
            u8::try_from(digits).unwrap_or(0),
        ),
        _ if shown.value.is_none() && shown.conflict.is_empty() => Cell::Undefined,
        _ => shown.text(digits).into(),
    }
}

/// Names, of many only the first.
pub(super) fn some(names: &[String]) -> String {
    const SHOWN: usize = 5;
    if names.len() <= SHOWN {
        return names.join(", ");
    }
    format!(
        "{} and {} more",
        names[..SHOWN].join(", "),
        names.len() - SHOWN
    )
}

/// Times that follow on each other as one: `2017-04 to 2017-08`.
pub(super) fn joined(times: &[String]) -> Vec<String> {
    let mut found: Vec<(String, String, Option<Date>)> = Vec::new();
    for time in times {
        let days = time.parse::<Period>().ok();
        let from = days.as_ref().map(Period::from);
        let to = days.as_ref().map(Period::to);
        match found.last_mut() {
            Some((_, last, until)) if until.is_some() && *until == from => {
                last.clone_from(time);
                *until = to;
            }
            _ => found.push((time.clone(), time.clone(), to)),
        }
    }
    let words = |(first, last, _): (String, String, _)| {
        if first == last {
            first
        } else {
            format!("{first} to {last}")
        }
    };
    found.into_iter().map(words).collect()
}

/// What must be known of a figure beside its value.
pub(super) fn marks(shown: &Shown, digits: u32) -> Vec<String> {
    let mut marks = Vec::new();
    if let Some(reason) = shown.reason.as_ref().filter(|_| shown.conflict.is_empty())
        && shown.origin.is_some()
        && !told_by_parts(shown)
    {
        marks.push(reason.clone());
    }
    if shown.provisional {
        marks.push("provisional".to_owned());
    }
    if shown.settled {
        marks.push("settled".to_owned());
    }
    match shown.origin {
        Some(Origin::Mapped) => marks.push(format!("that of {}", some(&shown.of))),
        Some(Origin::Rebuilt) => marks.push(format!("rebuilt from {}", some(&shown.of))),
        _ => {}
    }
    if !shown.lacking.is_empty() {
        marks.push(format!("without {}", some(&joined(&shown.lacking))));
    }
    if let Some(rests) = &shown.rests_on {
        marks.extend(gaps(rests));
    }
    if let Some(parts) = &shown.parts_give {
        marks.push(format!("its parts give {}", parts.text(digits)));
        marks.extend(parts.rests_on.iter().flat_map(gaps));
    }
    marks
}

/// Whether the parts that have no figure say why there is none.
pub(super) fn told_by_parts(shown: &Shown) -> bool {
    let rests = shown.rests_on.as_ref();
    rests.is_some_and(|r| !r.without.is_empty())
}

/// What is not in a rolled-up figure.
pub(super) fn gaps(rests: &Rests) -> Vec<String> {
    let mut gaps = Vec::new();
    if !rests.without.is_empty() {
        let parts: Vec<String> = rests
            .without
            .iter()
            .map(|w| format!("{} {}", w.case, w.reason))
            .collect();
        gaps.push(some(&parts));
    }
    if !rests.lacking.is_empty() {
        let parts: Vec<String> = rests
            .lacking
            .iter()
            .map(|l| format!("{} without {}", l.case, some(&joined(&l.periods))))
            .collect();
        gaps.push(some(&parts));
    }
    if !rests.no_record.is_empty() {
        gaps.push(format!("no record of {}", some(&rests.no_record)));
    }
    if !rests.never_measured.is_empty() {
        gaps.push(format!("{} never measured", rests.never_measured.len()));
    }
    let shared = |w: &crate::indicator::shown::Without| w.reason == Why::Shared;
    if !rests.shared.is_empty() && !rests.without.iter().any(shared) {
        gaps.push(format!("{} in several at once", some(&rests.shared)));
    }
    gaps
}

/// The marks of a row, each with its figure where there are several.
pub(super) fn row_marks(row: &Row, heads: &[Head]) -> String {
    let mut all = Vec::new();
    for (shown, head) in row.figures.iter().zip(heads) {
        let marks = marks(shown, head.decimals);
        if marks.is_empty() {
            continue;
        }
        let marks = marks.join("; ");
        all.push(if heads.len() > 1 {
            format!("{}: {marks}", head.figure)
        } else {
            marks
        });
    }
    all.join(". ")
}

/// Of how many parts the figures of a row were rolled up, if any was: one number where it is the same for all, else one for
/// each figure.
pub(super) fn parts_cell(row: &Row) -> Option<Cell> {
    let of = |f: &Shown| f.rests_on.as_ref().map(|r| r.with);
    let mut all: Vec<Option<u32>> = row.figures.iter().map(of).collect();
    if all.iter().all(Option::is_none) {
        return None;
    }
    all.dedup();
    if let [Some(one)] = all[..] {
        return Some(one.into());
    }
    let words = row
        .figures
        .iter()
        .map(|f| of(f).map_or_else(|| "-".to_owned(), |n| n.to_string()));
    Some(words.collect::<Vec<_>>().join(", ").into())
}

/// Cases by figures.
pub(super) fn sheet(found: &FigureTable, title: &str) -> Sheet {
    use rust_decimal::prelude::ToPrimitive;
    let changes = found.rows.first().map_or(&[][..], |r| r.changes.as_slice());
    let all_marks: Vec<String> = found
        .rows
        .iter()
        .map(|r| row_marks(r, &found.columns))
        .collect();
    let has_marks = all_marks.iter().any(|m| !m.is_empty());
    let mut heads = vec!["case".to_owned()];
    heads.extend(found.columns.iter().map(|c| c.figure.clone()));
    for change in changes {
        heads.push(format!("change {}", change.indicator));
        heads.push(format!("{} is", change.indicator));
    }
    let has_parts = found.rows.iter().any(|r| parts_cell(r).is_some());
    heads.extend(has_parts.then(|| "parts".to_owned()));
    if has_marks {
        heads.push("marks".to_owned());
    }
    let mut sheet = Sheet::new(title, heads);
    for (row, marks) in found.rows.iter().zip(all_marks) {
        let mut cells: Vec<Cell> = vec![row.case.as_str().into()];
        let figures = row.figures.iter().zip(&found.columns);
        cells.extend(figures.map(|(shown, head)| cell(shown, head.decimals)));
        for change in &row.changes {
            let digits = found
                .columns
                .iter()
                .find(|c| c.indicator == change.indicator)
                .map_or(0, |c| c.decimals);
            let number = change.number.and_then(|n| rounded(n, digits).to_f64());
            cells.push(Cell::decimal(number, u8::try_from(digits).unwrap_or(0)));
            cells.push(change.movement.word().into());
        }
        cells.extend(has_parts.then(|| parts_cell(row).unwrap_or(Cell::Empty)));
        if has_marks {
            cells.push(marks.into());
        }
        sheet.row(cells);
    }
    sheet.notes = notes(found);
    sheet
}

pub(super) fn direction(better: Better, scale: Scale) -> &'static str {
    match (better, scale) {
        (Better::More, Scale::Bands) => "the first band is best",
        (Better::More, _) => "more is better",
        (Better::Less, Scale::Bands) => "the last band is best",
        (Better::Less, _) => "less is better",
        (Better::Neither, _) => "neither way is better",
    }
}

pub(super) fn unit(scale: Scale, unit: &str) -> String {
    match scale {
        Scale::Percentage if matches!(unit.trim(), "%" | "per cent" | "percent") => "%".to_owned(),
        Scale::Percentage => format!("% of {unit}"),
        _ => unit.to_owned(),
    }
}

/// What the figures are, how many cases they know, and by which rules they came about.
pub(super) fn notes(found: &FigureTable) -> Vec<String> {
    let mut notes: Vec<String> = Vec::new();
    let mut said: Vec<&str> = Vec::new();
    for head in &found.columns {
        if !said.contains(&head.indicator.as_str()) {
            said.push(&head.indicator);
            let basis: Vec<String> = head
                .basis
                .iter()
                .map(|(a, v)| format!("{a}: {v}"))
                .collect();
            let basis = if basis.is_empty() {
                String::new()
            } else {
                format!(" ({})", basis.join(", "))
            };
            notes.push(format!(
                "{}: {}, {}{basis}; {}.",
                head.indicator,
                head.name,
                unit(head.scale, &head.unit),
                direction(head.better, head.scale)
            ));
            notes.extend(composed(found, head));
            notes.extend(by_rule(found, head));
        }
    }
    for (n, head) in found.columns.iter().enumerate() {
        if head.unknown == 0 {
            continue;
        }
        let open = |r: &&Row| !r.figures[n].conflict.is_empty();
        let open = found.rows.iter().filter(open).count();
        let mut said = format!(
            "{}: known of {} of {}",
            head.figure,
            head.known,
            count(found.rows.len(), "case")
        );
        if open > 0 {
            said.push_str(&format!(", in conflict of {open}"));
        }
        said.push_str(if open < head.unknown {
            "; n/a is not known, and not 0."
        } else {
            "."
        });
        notes.push(said);
    }
    if found
        .rows
        .iter()
        .any(|r| r.changes.iter().any(|c| c.movement != Movement::Unknown))
    {
        notes.push("A change is the later figure less the earlier; of bands, how many places it went towards the last.".to_owned());
    }
    if let Some(improved) = &found.improved {
        notes.push(format!(
            "{} improved in all, {} did not, of {} it is not known.",
            count(improved.improved, "case"),
            improved.not,
            improved.unknown
        ));
    }
    notes.extend(found.notes.iter().cloned());
    notes
}

/// Whether figures of shorter periods were put together.
fn composed(found: &FigureTable, head: &Head) -> Option<String> {
    let any = found
        .rows
        .iter()
        .flat_map(|r| r.figures.iter().zip(&found.columns))
        .any(|(f, c)| c.indicator == head.indicator && f.origin == Some(Origin::Composed));
    any.then(|| {
        format!(
            "{}: put together from shorter periods where a case has none of the whole.",
            head.indicator
        )
    })
}

/// By which rule figures of parts were rolled up, if any were.
fn by_rule(found: &FigureTable, head: &Head) -> Option<String> {
    let rule = head.rule?;
    let rolled = found
        .rows
        .iter()
        .flat_map(|r| r.figures.iter().zip(&found.columns))
        .any(|(f, c)| {
            c.indicator == head.indicator && (f.rests_on.is_some() || f.parts_give.is_some())
        });
    rolled.then(|| {
        let day = match &found.as_of {
            Some(day) => format!("on {day}"),
            None => "on the last day of each period".to_owned(),
        };
        format!(
            "{}: where there are parts, rolled up from them ({}), as they stood {day}.",
            head.indicator,
            rule_in_words(rule, &head.scores)
        )
    })
}

pub(super) fn rule_in_words(rule: Rule, scores: &[(String, String)]) -> String {
    match rule {
        Rule::Sum => "their sum".to_owned(),
        Rule::Ratio => "the sum of numerators over the sum of denominators".to_owned(),
        Rule::WeightedMean => "their weighted mean".to_owned(),
        Rule::WorstBand => "their worst band".to_owned(),
        Rule::MedianBand => "their middle band, of two the worse".to_owned(),
        Rule::MeanScore => {
            let scores: Vec<String> = scores.iter().map(|(b, s)| format!("{b} = {s}")).collect();
            format!(
                "bands were averaged by scores that the researchers declared: {}",
                scores.join(", ")
            )
        }
    }
}
