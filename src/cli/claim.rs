//! `claim`: what was said about when a case reaches a goal, and what became of it.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::output::{Exit, count};
use super::table_file::TableFile;
use super::{Context, date, filled, io_error};
use crate::domain::Date;
use crate::error::Result;
use crate::indicator::claim::{
    ClaimView, Claims, Counts, Draft, Wanted, add, claims, import, remove,
};
use crate::indicator::claim_outcome::{Deadline, Stance};
use crate::report::sheet::{Cell, Sheet};
use crate::study::Study;

#[derive(Subcommand)]
pub(super) enum ClaimCommand {
    /// Add what was said about when a case reaches a goal
    Add(Box<AddArgs>),
    /// List claims with what became of them, as of a day, and count the cases
    List(ListArgs),
    /// Show a claim with what became of it
    Show {
        /// Its number
        claim: i64,
        /// As of this day; without it, today
        #[arg(long, value_name = "DATE", value_parser = date)]
        as_of: Option<Date>,
    },
    /// Remove claims
    Remove {
        /// Their numbers
        #[arg(required = true)]
        claim: Vec<i64>,
    },
    /// Import claims from a CSV: case, goal, said, stance, planned, words, reason, source, coding, document
    Import {
        /// The CSV file
        file: PathBuf,
    },
}

#[derive(Args)]
pub(super) struct AddArgs {
    /// The case
    case: String,
    /// The goal
    goal: String,
    /// The day on which it was said
    #[arg(long, value_name = "DATE", value_parser = date)]
    said: Date,
    /// What was said: plans, waits, undecided or doubts
    #[arg(long, value_name = "STANCE")]
    stance: Stance,
    /// The planned time: 2020-04, 2020-06..2020-08-31, 2020 or a day
    #[arg(long, value_name = "TIME")]
    planned: Option<String>,
    /// The planned time in the source's words, as in: by summer
    #[arg(long, value_name = "TEXT", value_parser = filled)]
    words: Option<String>,
    /// The reason that was given
    #[arg(long, value_name = "TEXT", value_parser = filled)]
    reason: Option<String>,
    /// Who says so: a publication, title, date
    #[arg(long, value_name = "TEXT", value_parser = filled)]
    source: Option<String>,
    /// The coding of the passage that says so
    #[arg(long, value_name = "N")]
    coding: Option<i64>,
    /// The document of the study that says so
    #[arg(long, value_name = "TRANSCRIPT")]
    document: Option<String>,
}

#[derive(Args)]
pub(super) struct ListArgs {
    /// Only about this goal (can be repeated)
    #[arg(long, value_name = "SLUG")]
    goal: Vec<String>,
    /// Only of this case, with what it became and what became it (can be repeated)
    #[arg(long, value_name = "SLUG")]
    case: Vec<String>,
    /// What had been said by this day, and what had become of it; without it, today
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_of: Option<Date>,
    #[command(flatten)]
    file: TableFile,
}

impl Context {
    pub(super) fn claim(&self, command: ClaimCommand) -> Result<Exit> {
        match command {
            ClaimCommand::Add(args) => {
                let (id, event) = add(
                    &self.write()?,
                    &Draft {
                        case: args.case,
                        goal: args.goal,
                        said: args.said.to_string(),
                        stance: args.stance.word().to_owned(),
                        planned: args.planned,
                        words: args.words,
                        reason: args.reason,
                        source: args.source,
                        coding: args.coding,
                        document: args.document,
                    },
                )?;
                self.done(&format!("Added claim {id}."), event);
            }
            ClaimCommand::List(args) => self.claim_list(&args)?,
            ClaimCommand::Show { claim, as_of } => self.claim_show(claim, as_of)?,
            ClaimCommand::Remove { claim } => {
                let event = remove(&self.write()?, &claim)?;
                self.done(&format!("Removed {}.", count(claim.len(), "claim")), event);
            }
            ClaimCommand::Import { file } => {
                let report = import(&self.write()?, &file)?;
                return self.table_report(&report, "claim");
            }
        }
        Ok(Exit::Done)
    }

    fn claim_list(&self, args: &ListArgs) -> Result<()> {
        let study = self.read()?;
        args.file.check(&study)?;
        let wanted = Wanted {
            goals: args
                .goal
                .iter()
                .map(|slug| Ok(study.store.goal(slug)?.id))
                .collect::<Result<_>>()?,
            cases: args
                .case
                .iter()
                .map(|slug| Ok(study.store.case(slug)?.id))
                .collect::<Result<_>>()?,
        };
        let found = claims(&study.store, &wanted, day(&study, args.as_of)?)?;
        let sheet = sheet(&found);
        self.tables(
            &study,
            &args.file,
            &found,
            &[sheet],
            "No claims. Add one with: casebook claim add CASE GOAL --said DATE --stance plans --planned 2020-04 --source TEXT",
        )
    }

    fn claim_show(&self, id: i64, as_of: Option<Date>) -> Result<()> {
        let study = self.read()?;
        let claim = study.store.claim(id)?;
        let wanted = Wanted {
            goals: vec![claim.goal],
            cases: Vec::new(),
        };
        let found = claims(&study.store, &wanted, day(&study, as_of)?)?;
        let Some(view) = found.claims.into_iter().find(|c| c.claim == id) else {
            let (why, hint) = if claim.said > found.as_of {
                (
                    format!("claim {id} had not been made by {}", found.as_of),
                    format!("it was said on {}", claim.said),
                )
            } else {
                (
                    format!("claim {id} rests on what was said off the record"),
                    "it is neither shown nor counted".to_owned(),
                )
            };
            return Err(super::CliError::refused(why, hint).into());
        };
        self.out
            .text(&view, || {
                let mut out = format!(
                    "claim {}  {} · {}\nsaid on {}: {}",
                    view.claim,
                    case(&view),
                    view.goal,
                    view.said,
                    view.stance
                );
                if let Some(planned) = view.planned() {
                    out.push_str(&format!(", {planned}"));
                }
                out.push('\n');
                for (what, said) in [("words", &view.words), ("reason", &view.reason)] {
                    if let Some(said) = said {
                        out.push_str(&format!("  {what}: {said}\n"));
                    }
                }
                out.push_str(&format!("  from: {}\n", view.from()));
                out.push_str(&format!("on {}: {}", found.as_of, became(&view)));
                if let Some(deadline) = view.seen.deadline {
                    out.push_str(&format!("; deadline {deadline}"));
                }
                out.push('\n');
                out
            })
            .map_err(io_error)
    }
}

/// The day as of which things are seen: the one that was asked for, otherwise that of the session.
fn day(study: &Study, as_of: Option<Date>) -> Result<Date> {
    if let Some(day) = as_of {
        return Ok(day);
    }
    study.store.today().parse().map_err(|_| {
        super::CliError::refused(
            "it is not known what day it is",
            "say it, as in: --as-of 2020-04-30",
        )
        .into()
    })
}

/// The case, and what stands for it.
fn case(c: &ClaimView) -> String {
    if c.now == [c.case.clone()] {
        return c.case.clone();
    }
    if c.now.is_empty() {
        return format!("{} (ended)", c.case);
    }
    format!("{} (now {})", c.case, c.now.join(", "))
}

fn became(c: &ClaimView) -> String {
    let mut said = c.seen.said();
    if let Some(reached) = &c.reached {
        said.push_str(&format!(", reached {reached}"));
        if let Some(by) = &c.reached_as {
            said.push_str(&format!(" as {by}"));
        }
    }
    said
}

/// `3 plans, 7 waits`.
fn tally<K: std::fmt::Display>(counts: &std::collections::BTreeMap<K, usize>) -> String {
    counts
        .iter()
        .map(|(what, n)| {
            format!(
                "{n} {}",
                what.to_string().replace("no-date", "no date said")
            )
        })
        .collect::<Vec<_>>()
        .join(", ")
}

fn counted(c: &Counts) -> String {
    let mut parts = Vec::new();
    if !c.stances.is_empty() {
        parts.push(tally(&c.stances));
        parts.push(tally(&c.outcomes));
    }
    if !c.deadline.is_empty() {
        parts.push(format!("deadline: {}", tally(&c.deadline)));
    }
    if c.differ > 0 {
        parts.push(format!(
            "{} of which the newest claims differ",
            count(c.differ, "case")
        ));
    }
    format!(
        "{}: {}, each by its newest claim: {}.",
        c.goal,
        count(c.cases, "case"),
        parts.join("; ")
    )
}

fn sheet(found: &Claims) -> Sheet {
    let mut sheet = Sheet::new(
        "Claims",
        [
            "claim", "case", "goal", "said", "stance", "planned", "words", "moved", "outcome",
            "deadline", "reason", "from",
        ],
    );
    for c in &found.claims {
        let moved = c.moved_months.map(|m| match m {
            0 => "not moved".to_owned(),
            m if m > 0 => format!("{} later", count(m, "month")),
            m => format!("{} earlier", count(-m, "month")),
        });
        sheet.row([
            Cell::from(c.claim),
            Cell::from(case(c)),
            Cell::from(c.goal.as_str()),
            Cell::from(c.said.as_str()),
            Cell::from(c.stance.word()),
            Cell::from(c.planned()),
            Cell::from(c.words.clone()),
            Cell::from(moved),
            Cell::from(became(c)),
            Cell::from(c.seen.deadline.map(Deadline::word)),
            Cell::from(c.reason.clone()),
            Cell::from(c.from()),
        ]);
    }
    if !found.claims.is_empty() {
        sheet.note(format!(
            "As of {}. Slipped and overdue are counted in months from the month in which the planned time ended, and in days where they are fewer than 28.",
            found.as_of
        ));
    }
    for c in &found.counts {
        sheet.note(counted(c));
    }
    if found.held_back > 0 {
        sheet.note(format!(
            "{} rest{} on what was said off the record: neither shown nor counted.",
            count(found.held_back, "claim"),
            if found.held_back == 1 { "s" } else { "" }
        ));
    }
    sheet
}
