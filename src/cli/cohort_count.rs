//! `cohort count`: how many systems are in cohorts on a day.

use clap::Args;
use serde::Serialize;

use super::output::count;
use super::table_file::TableFile;
use super::{Context, date};
use crate::domain::Date;
use crate::error::Result;
use crate::indicator::cohort_count::{Count, count as counted};
use crate::report::sheet::{Cell, Sheet};

#[derive(Args)]
pub(super) struct CountArgs {
    /// The cohorts
    #[arg(required = true, value_name = "SLUG")]
    cohorts: Vec<String>,
    /// On these days; without it, today
    #[arg(long, value_name = "DATE", value_parser = date, num_args = 1..)]
    as_of: Vec<Date>,
    /// List the systems that count, with the members that each counts for
    #[arg(long)]
    list: bool,
    #[command(flatten)]
    file: TableFile,
}

#[derive(Serialize)]
struct Counts {
    cohorts: Vec<String>,
    counts: Vec<Count>,
}

impl Context {
    pub(super) fn cohort_count(&self, args: &CountArgs) -> Result<()> {
        let study = self.read()?;
        args.file.check(&study)?;
        let mut days: Vec<String> = args.as_of.iter().map(ToString::to_string).collect();
        if days.is_empty() {
            days.push(study.store.today().to_owned());
        }
        let found = Counts {
            counts: counted(&study.store, &args.cohorts, &days)?,
            cohorts: args.cohorts.clone(),
        };
        let sheet = if args.list {
            listed(&found.counts)
        } else {
            table(&found.counts)
        };
        self.tables(
            &study,
            &args.file,
            &found,
            &[sheet],
            "No system is in them on that day.",
        )
    }
}

fn table(counts: &[Count]) -> Sheet {
    let mut sheet = Sheet::new(
        "Systems in cohorts",
        ["as of", "systems", "memberships", "counted with another"],
    );
    for c in counts {
        sheet.row([
            Cell::from(c.as_of.as_str()),
            Cell::from(c.systems),
            Cell::from(c.memberships),
            Cell::from(c.followed),
        ]);
    }
    for c in counts.iter().filter(|c| !c.ended.is_empty()) {
        sheet.note(format!(
            "On {}, {} had ended without a successor and count{} nowhere.",
            c.as_of,
            c.ended.join(", "),
            if c.ended.len() == 1 { "s" } else { "" }
        ));
    }
    sheet.note(
        "Systems that are in any of the cohorts on the day. A member that had merged or was renamed counts as what it became, a part counts with its whole where that is a member, and each system once.",
    );
    sheet
}

fn listed(counts: &[Count]) -> Sheet {
    let mut sheet = Sheet::new(
        "Systems in cohorts",
        ["as of", "system", "name", "cohorts", "counts for"],
    );
    for c in counts {
        for s in &c.list {
            let mut cohorts: Vec<&str> = s.stands_for.iter().map(|f| f.cohort.as_str()).collect();
            cohorts.sort_unstable();
            cohorts.dedup();
            let members: Vec<String> = s
                .stands_for
                .iter()
                .filter(|f| f.how != "member" || f.part.is_some())
                .map(|f| match (f.how, &f.part) {
                    ("member", Some(part)) => format!("its part {part}"),
                    ("became", _) => format!("{}, which became it", f.case),
                    _ => format!("{}, part of it", f.case),
                })
                .collect();
            sheet.row([
                Cell::from(c.as_of.as_str()),
                Cell::from(s.case.as_str()),
                Cell::from(s.name.as_str()),
                Cell::from(cohorts.join(", ")),
                Cell::from(members.join("; ")),
            ]);
        }
        sheet.note(format!("{} on {}.", count(c.systems, "system"), c.as_of));
    }
    sheet
}
