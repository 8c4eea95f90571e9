//! `assessment compare` and `assessment movement`: who saw a case where, and how cases moved.

use clap::Args;
use serde::Serialize;

use super::assessment::domain;
use super::output::count;
use super::table_file::TableFile;
use super::{CliError, Context, date};
use crate::domain::Date;
use crate::error::Result;
use crate::indicator::assessment::By;
use crate::indicator::assessment_compare::{Compared, Difference, compare};
use crate::indicator::assessment_movement::{Moved, Way, movement};
use crate::indicator::rows::text;
use crate::report::sheet::{Cell, Sheet};
use crate::study::Study;

#[derive(Args)]
pub(super) struct CompareArgs {
    /// The maturity framework
    maturity: String,
    /// Only this case (can be repeated)
    #[arg(long, value_name = "SLUG")]
    case: Vec<String>,
    /// The latest until this day
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_of: Option<Date>,
    #[command(flatten)]
    file: TableFile,
}

#[derive(Args)]
pub(super) struct MovementArgs {
    /// The maturity framework
    maturity: String,
    /// Only this case (can be repeated)
    #[arg(long, value_name = "SLUG")]
    case: Vec<String>,
    /// From what was known on this day; without it, from the first assessment
    #[arg(long, value_name = "DATE", value_parser = date)]
    from: Option<Date>,
    /// To what was known on this day; without it, to the last assessment
    #[arg(long, value_name = "DATE", value_parser = date)]
    to: Option<Date>,
    #[command(flatten)]
    file: TableFile,
}

#[derive(Serialize)]
struct Comparison {
    maturity: String,
    stages: Vec<String>,
    as_of: Option<String>,
    cases: Vec<Compared>,
}

#[derive(Serialize)]
struct Movement {
    maturity: String,
    stages: Vec<String>,
    from: Option<String>,
    to: Option<String>,
    /// Of cases in domains, by one kind of assessor each.
    forward: usize,
    back: usize,
    same: usize,
    not_known: usize,
    movements: Vec<Moved>,
}

/// `self 1 stage further than researcher`.
fn differs(d: &Difference) -> String {
    let mut said = match d.stages {
        0 => format!("{} and {} agree", d.of, d.from),
        n if n > 0 => format!("{} {} further than {}", d.of, count(n, "stage"), d.from),
        n => format!("{} {} behind {}", d.of, count(-n, "stage"), d.from),
    };
    if let Some(months) = d.months_apart {
        said.push_str(&format!(" ({} apart)", count(months, "month")));
    }
    said
}

fn ids(study: &Study, slugs: &[String]) -> Result<Vec<i64>> {
    slugs
        .iter()
        .map(|slug| Ok(study.store.case(slug)?.id))
        .collect()
}

impl Context {
    pub(super) fn assessment_compare(&self, args: &CompareArgs) -> Result<()> {
        let study = self.read()?;
        args.file.check(&study)?;
        let maturity = study.store.maturity(&args.maturity)?;
        let as_of = text(args.as_of);
        let found = Comparison {
            cases: compare(
                &study.store,
                &maturity,
                &ids(&study, &args.case)?,
                as_of.as_deref(),
            )?,
            maturity: maturity.slug,
            stages: maturity.stages,
            as_of,
        };
        // A column for each kind of assessor that there is.
        let kinds: Vec<By> = By::ALL
            .iter()
            .copied()
            .filter(|by| {
                found
                    .cases
                    .iter()
                    .any(|c| c.seen.iter().any(|s| s.by == *by) || c.disagree.contains(by))
            })
            .collect();
        let mut heads = vec!["case".to_owned(), "domain".to_owned()];
        heads.extend(kinds.iter().map(ToString::to_string));
        heads.push("difference".to_owned());
        let mut sheet = Sheet::new("Assessments side by side", heads);
        for c in &found.cases {
            let mut row = vec![
                Cell::from(c.case.as_str()),
                Cell::from(domain(c.domain.as_deref())),
            ];
            for by in &kinds {
                let seen = c.seen.iter().find(|s| s.by == *by);
                row.push(match seen {
                    Some(s) => Cell::from(format!("{} ({})", s.stage, s.date)),
                    None if c.disagree.contains(by) => Cell::from("they differ"),
                    None => Cell::Empty,
                });
            }
            let said: Vec<String> = c.differences.iter().map(differs).collect();
            row.push(Cell::from(said.join("; ")));
            sheet.row(row);
        }
        sheet.note(format!(
            "The latest of each kind of assessor{}, and how many stages they differ by; the stages are {}. Nothing is summed: an overall stage is one that an assessor gave.",
            found
                .as_of
                .as_ref()
                .map_or(String::new(), |d| format!(" until {d}")),
            found.stages.join(", ")
        ));
        let is_far = |d: &Difference| d.months_apart.is_some();
        if found.cases.iter().flat_map(|c| &c.differences).any(is_far) {
            sheet.note("Where two were made more than six months apart, it is said: the case may have moved in between.");
        }
        self.tables(
            &study,
            &args.file,
            &found,
            &[sheet],
            "No assessments by it. Add one with: casebook assessment add CASE MATURITY STAGE --date DATE --by researcher",
        )
    }

    pub(super) fn assessment_movement(&self, args: &MovementArgs) -> Result<()> {
        let study = self.read()?;
        args.file.check(&study)?;
        let (from, to) = (text(args.from), text(args.to));
        if let (Some(from), Some(to)) = (&from, &to)
            && to <= from
        {
            return Err(CliError::refused(
                "the second day is not after the first",
                "give --to a later day than --from",
            )
            .into());
        }
        let maturity = study.store.maturity(&args.maturity)?;
        let movements = movement(
            &study.store,
            &maturity,
            &ids(&study, &args.case)?,
            (from.as_deref(), to.as_deref()),
        )?;
        let way = |w: Option<Way>| movements.iter().filter(|m| m.way == w).count();
        let found = Movement {
            maturity: maturity.slug,
            stages: maturity.stages,
            from,
            to,
            forward: way(Some(Way::Forward)),
            back: way(Some(Way::Back)),
            same: way(Some(Way::Same)),
            not_known: way(None),
            movements,
        };
        let mut sheet = Sheet::new(
            "Movement",
            ["case", "domain", "by", "from", "to", "movement"],
        );
        for m in &found.movements {
            let at = |at: &Option<crate::indicator::assessment_movement::At>| {
                at.as_ref().map(|a| format!("{} ({})", a.stage, a.date))
            };
            let stages = m.stages.unwrap_or_default().abs();
            let mut said = match m.way {
                Some(Way::Same) => "same".to_owned(),
                Some(way) => format!("{way} by {}", count(stages, "stage")),
                None => format!("n/a: {}", m.reason.unwrap_or_default()),
            };
            if m.other_assessor {
                said.push_str(" (another assessor)");
            }
            if !m.between.is_empty() {
                let all: Vec<String> = m
                    .between
                    .iter()
                    .map(|a| format!("{} ({})", a.stage, a.date))
                    .collect();
                said.push_str(&format!("; between: {}", all.join(", ")));
            }
            sheet.row([
                Cell::from(m.case.as_str()),
                Cell::from(domain(m.domain.as_deref())),
                Cell::from(m.by.word()),
                Cell::from(at(&m.from)),
                Cell::from(at(&m.to)),
                Cell::from(said),
            ]);
        }
        if !found.movements.is_empty() {
            sheet.note(format!(
                "Of {} of a case in a domain or overall, each by one kind of assessor: {} forward, {} back, {} the same, {} not known.",
                count(found.movements.len(), "pair"),
                found.forward,
                found.back,
                found.same,
                found.not_known
            ));
        }
        self.tables(
            &study,
            &args.file,
            &found,
            &[sheet],
            "No assessments by it. Add one with: casebook assessment add CASE MATURITY STAGE --date DATE --by researcher",
        )
    }
}
