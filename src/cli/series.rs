//! `series`: a case's figures in the order of time.

use clap::Args;

use super::figures::{cell, direction, marks, unit};
use super::indicator::word;
use super::output::Exit;
use super::table_file::TableFile;
use super::{Context, date};
use crate::analysis::series::Across;
use crate::domain::Date;
use crate::error::Result;
use crate::indicator::column::By;
use crate::indicator::series::{Other, Question, Series, SeriesLine, series};
use crate::indicator::shown::Origin;
use crate::report::sheet::{Cell, Sheet};

#[derive(Args)]
pub(super) struct SeriesArgs {
    /// The indicator's short name
    indicator: String,
    /// Of this case (can be repeated)
    #[arg(long, value_name = "SLUG", required = true)]
    case: Vec<String>,
    /// Across mergers and renamings: broken (each case in its own life), mapped (the one case before it stands in front)
    /// or rebuilt (earlier figures rolled up from the cases before it)
    #[arg(long, value_name = "WAY", value_parser = word::<Across>)]
    across: Option<Across>,
    /// Put together by month, quarter, year, financial-quarter or financial-year
    #[arg(long, value_name = "STRETCH", value_parser = word::<By>)]
    by: Option<By>,
    /// Read what is part of what as it stood on this day; without it, on the last day of each period
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_of: Option<Date>,
    #[command(flatten)]
    file: TableFile,
}

impl Context {
    pub(super) fn series(&self, args: &SeriesArgs) -> Result<Exit> {
        let study = self.read()?;
        args.file.check(&study)?;
        let question = Question {
            indicator: args.indicator.clone(),
            cases: args.case.clone(),
            across: args.across,
            by: args.by,
            as_of: args.as_of,
        };
        let found = series(&study, &question)?;
        let sheets = [sheet(&found)];
        self.tables(
            &study,
            &args.file,
            &found,
            &sheets,
            "There are no such figures.",
        )?;
        Ok(Exit::Done)
    }
}

fn sheet(found: &Series) -> Sheet {
    let heads = ["case", "period", found.indicator.as_str(), "marks"];
    let mut sheet = Sheet::new(format!("Series of {}", found.indicator), heads);
    for line in &found.lines {
        let last = line.points.len().saturating_sub(1);
        for (n, point) in line.points.iter().enumerate() {
            let mut marks = marks(&point.figure, found.decimals);
            if point.figure.origin == Some(Origin::Composed) {
                marks.insert(0, "from shorter periods".to_owned());
            }
            if n == 0 && found.across.is_none_or(|a| a == Across::Broken) {
                marks.extend(came(line));
            }
            if n == last {
                marks.extend(went(line));
            }
            sheet.row([
                line.case.as_str().into(),
                point.period.as_str().into(),
                cell(&point.figure, found.decimals),
                Cell::from(marks.join("; ")),
            ]);
        }
    }
    sheet.note(format!(
        "{}: {}, {}; {}.",
        found.indicator,
        found.name,
        unit(found.scale, &found.unit),
        direction(found.better, found.scale)
    ));
    match found.across {
        Some(Across::Broken) => sheet.note("Each case stands in its own life: where one came out of another, the series breaks."),
        Some(Across::Mapped) => sheet.note("Figures marked as those of another case stand for the one that it became: what it covers may have changed."),
        Some(Across::Rebuilt) => sheet.note("Figures marked as rebuilt are no figures of the case: they were rolled up from the cases before it by the indicator's rule."),
        None => {}
    }
    sheet
}

fn others(all: &[Other]) -> String {
    let one = |o: &Other| match &o.on {
        Some(on) => format!("{} ({on})", o.case),
        None => o.case.clone(),
    };
    all.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn came(line: &SeriesLine) -> Option<String> {
    (!line.came_out_of.is_empty())
        .then(|| format!("breaks here: came out of {}", others(&line.came_out_of)))
}

fn went(line: &SeriesLine) -> Option<String> {
    (!line.became.is_empty()).then(|| {
        let how = if line.became.iter().all(|o| o.renamed) {
            "renamed to"
        } else {
            "merged into"
        };
        format!("ends here: {how} {}", others(&line.became))
    })
}
