//! `conflict`: figures on which sources disagree, and what was decided.

use clap::{Args, Subcommand};
use serde::Serialize;

use super::measure::period;
use super::output::{Exit, Table};
use super::table_file::TableFile;
use super::{Context, io_error};
use crate::domain::period::Period;
use crate::error::Result;
use crate::indicator::conflict::{Conflict, conflict, conflicts, reopen, settle};
use crate::report::sheet::{Cell, Sheet};

#[derive(Subcommand)]
pub(super) enum ConflictCommand {
    /// List figures on which sources disagree and nothing is decided
    List(ListArgs),
    /// Show what each source says
    Show(PlaceArgs),
    /// Decide which reading's figure holds, with --why
    Settle {
        #[command(flatten)]
        place: PlaceArgs,
        /// The reading whose figure holds
        #[arg(long, value_name = "READING")]
        take: i64,
    },
    /// Take a decision back
    Reopen(PlaceArgs),
}

#[derive(Args)]
pub(super) struct ListArgs {
    /// Only of this indicator (can be repeated)
    #[arg(long, value_name = "INDICATOR")]
    indicator: Vec<String>,
    /// Also those that were decided
    #[arg(long)]
    settled: bool,
    #[command(flatten)]
    file: TableFile,
}

#[derive(Args)]
pub(super) struct PlaceArgs {
    /// The indicator's short name
    indicator: String,
    /// The case's short name
    case: String,
    /// The period
    #[arg(value_parser = period)]
    period: Period,
}

#[derive(Serialize)]
struct ConflictList {
    /// How many are not decided.
    open: usize,
    conflicts: Vec<Conflict>,
}

fn standing(c: &Conflict) -> String {
    match &c.settled {
        None => "open".into(),
        Some(s) if s.holds => format!(
            "{} (reading {})",
            s.value.as_deref().unwrap_or("no value"),
            s.reading
        ),
        Some(_) => "open again".into(),
    }
}

impl Context {
    pub(super) fn conflict(&self, command: &ConflictCommand) -> Result<Exit> {
        match command {
            ConflictCommand::List(args) => self.conflict_list(args),
            ConflictCommand::Show(place) => self.conflict_show(place),
            ConflictCommand::Settle { place, take } => {
                let why = self.reason(
                    "which source holds is a decision: say why",
                    &format!(
                        "casebook conflict settle {} {} {} --take {take} --why \"…\"",
                        place.indicator, place.case, place.period
                    ),
                )?;
                let study = self.write()?;
                let (value, event) = study.change("conflict settle", |tx| {
                    let found = conflict(tx, &place.indicator, &place.case, &place.period)?;
                    let coder = tx.coder(&study.session.coder)?;
                    let value = settle(tx, coder, &found, *take, &why)?;
                    tx.summary(format!(
                        "settle {} of {} in {}: reading {take}",
                        found.indicator, found.case, found.period
                    ));
                    Ok(value)
                })?;
                self.done(
                    &format!(
                        "{} of {} in {} is {}, as reading {take} has it.",
                        place.indicator,
                        place.case,
                        place.period,
                        value.as_deref().unwrap_or("not known")
                    ),
                    event,
                );
                Ok(Exit::Done)
            }
            ConflictCommand::Reopen(place) => {
                let ((), event) = self.write()?.change("conflict reopen", |tx| {
                    reopen(tx, &place.indicator, &place.case, &place.period)?;
                    tx.summary(format!(
                        "reopen {} of {} in {}",
                        place.indicator, place.case, place.period
                    ));
                    Ok(())
                })?;
                self.done(
                    &format!(
                        "{} of {} in {} is open again.",
                        place.indicator, place.case, place.period
                    ),
                    event,
                );
                Ok(Exit::Done)
            }
        }
    }

    fn conflict_list(&self, args: &ListArgs) -> Result<Exit> {
        let study = self.read()?;
        args.file.check(&study)?;
        let mut only = Vec::new();
        for slug in &args.indicator {
            only.push(study.store.indicator(slug)?.id);
        }
        let all = conflicts(&study.store, &only)?;
        let open = all.iter().filter(|c| c.is_open()).count();
        let list = ConflictList {
            open,
            conflicts: all
                .into_iter()
                .filter(|c| args.settled || c.is_open())
                .collect(),
        };
        let mut sheet = Sheet::new(
            "Conflicts",
            ["indicator", "case", "period", "values", "decided", "why"],
        );
        for c in &list.conflicts {
            sheet.rows.push(vec![
                c.indicator.as_str().into(),
                c.case.as_str().into(),
                c.period.as_str().into(),
                c.values().into(),
                standing(c).into(),
                c.settled
                    .as_ref()
                    .map_or(Cell::Empty, |s| s.why.as_str().into()),
            ]);
        }
        let empty = if args.settled {
            "Sources disagree on nothing."
        } else {
            "No conflict is open. Those that were decided: casebook conflict list --settled"
        };
        self.tables(&study, &args.file, &list, &[sheet], empty)?;
        Ok(Exit::Done)
    }

    fn conflict_show(&self, place: &PlaceArgs) -> Result<Exit> {
        let study = self.read()?;
        let found = conflict(&study.store, &place.indicator, &place.case, &place.period)?;
        self.out
            .table(
                &found,
                || {
                    let mut table = Table::new(&[
                        ">reading", ">value", "state", "as of", "source", ">line", "stands",
                    ]);
                    for s in &found.sides {
                        table.row([
                            s.reading.to_string(),
                            s.value.clone().unwrap_or_default(),
                            s.state.to_owned(),
                            s.as_of.clone().unwrap_or_default(),
                            s.source.clone(),
                            s.line.map_or_else(String::new, |n| n.to_string()),
                            if s.stands { "yes" } else { "no" }.to_owned(),
                        ]);
                    }
                    table
                },
                "",
            )
            .map_err(io_error)?;
        match &found.settled {
            Some(s) if s.holds => self.out.say(&format!(
                "Settled by {}: reading {} holds. {}",
                s.coder, s.reading, s.why
            )),
            Some(s) => self.out.say(&format!(
                "Open again: {} settled it for reading {}, and figures have come or gone since.",
                s.coder, s.reading
            )),
            None => self.out.say(&format!(
                "Nothing is decided. Decide with: casebook conflict settle {} {} {} --take READING --why \"…\"",
                found.indicator, found.case, found.period
            )),
        }
        Ok(Exit::Done)
    }
}
