//! `goal`: what cases are to become or to do, by when, and when they did.

use clap::{Args, Subcommand};
use serde::Serialize;

use super::case_names::optional;
use super::cohort::no_date;
use super::output::{Exit, count};
use super::table_file::TableFile;
use super::{CliError, Context, date, filled};
use crate::domain::Date;
use crate::error::Result;
use crate::indicator::goal::{GoalView, add, edit, reached, remove, views};
use crate::indicator::rows::text;
use crate::report::sheet::{Cell, Sheet};
use crate::store::Goal;

#[derive(Subcommand)]
pub(super) enum GoalCommand {
    /// Add a goal
    Add(AddArgs),
    /// List goals, with how many cases have reached each
    List(ListArgs),
    /// Show a goal, and which cases reached it when
    Show {
        /// The goal
        slug: String,
        #[command(flatten)]
        list: ListArgs,
    },
    /// Change a goal
    Edit(EditArgs),
    /// Remove a goal with the claims about it
    Remove(RemoveArgs),
    /// Put down on which day a case reached a goal
    Reached(ReachedArgs),
}

#[derive(Args)]
pub(super) struct AddArgs {
    /// The short name that you will type
    slug: String,
    /// What is reached, as in: is an integrated care system; without it, the slug
    #[arg(long, value_name = "NAME", value_parser = filled)]
    name: Option<String>,
    /// The last day by which cases are to reach it
    #[arg(long, value_name = "DATE", value_parser = date)]
    deadline: Option<Date>,
    /// Who set it
    #[arg(long, value_name = "TEXT", value_parser = filled)]
    source: Option<String>,
}

#[derive(Args)]
pub(super) struct ListArgs {
    /// As things stood on this day
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_of: Option<Date>,
    #[command(flatten)]
    file: TableFile,
}

#[derive(Args)]
pub(super) struct EditArgs {
    /// The goal
    goal: String,
    /// Another slug
    #[arg(long = "slug", value_name = "SLUG")]
    new_slug: Option<String>,
    /// Another name
    #[arg(long, value_name = "NAME", value_parser = filled)]
    name: Option<String>,
    /// Another deadline; empty takes it away
    #[arg(long, value_name = "DATE")]
    deadline: Option<String>,
    /// Another source; empty takes it away
    #[arg(long, value_name = "TEXT")]
    source: Option<String>,
}

#[derive(Args)]
pub(super) struct RemoveArgs {
    /// The goal
    goal: String,
    /// Only say what would go
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

#[derive(Args)]
pub(super) struct ReachedArgs {
    /// The goal
    goal: String,
    /// The case
    case: String,
    /// The day on which it was reached
    #[arg(value_parser = date, required_unless_present = "not", conflicts_with = "not")]
    date: Option<Date>,
    /// Who says so
    #[arg(long, value_name = "TEXT", value_parser = filled)]
    source: Option<String>,
    /// Take it away: it was not reached
    #[arg(long)]
    not: bool,
}

#[derive(Serialize)]
struct GoalList {
    as_of: Option<String>,
    goals: Vec<GoalView>,
}

impl Context {
    pub(super) fn goal(&self, command: GoalCommand) -> Result<Exit> {
        match command {
            GoalCommand::Add(args) => {
                let event = add(
                    &self.write()?,
                    &Goal {
                        id: 0,
                        name: args.name.unwrap_or_else(|| args.slug.clone()),
                        slug: args.slug.clone(),
                        deadline: text(args.deadline),
                        source: args.source,
                    },
                )?;
                self.done(&format!("Added goal {}.", args.slug), event);
            }
            GoalCommand::List(args) => self.goal_list(&args)?,
            GoalCommand::Show { slug, list } => self.goal_show(&slug, &list)?,
            GoalCommand::Edit(args) => self.goal_edit(&args)?,
            GoalCommand::Remove(args) => self.goal_remove(&args)?,
            GoalCommand::Reached(args) => self.goal_reached(&args)?,
        }
        Ok(Exit::Done)
    }

    fn goal_edit(&self, args: &EditArgs) -> Result<()> {
        let event = edit(&self.write()?, &args.goal, |goal| {
            if let Some(slug) = &args.new_slug {
                goal.slug.clone_from(slug);
            }
            if let Some(name) = &args.name {
                goal.name.clone_from(name);
            }
            if let Some(typed) = &args.deadline {
                goal.deadline = match typed.trim() {
                    "" => None,
                    day => Some(date(day).map_err(no_date)?.to_string()),
                };
            }
            if let Some(source) = &args.source {
                goal.source = optional(source);
            }
            Ok(())
        })?;
        self.done(&format!("Edited goal {}.", args.goal), event);
        Ok(())
    }

    fn goal_remove(&self, args: &RemoveArgs) -> Result<()> {
        let study = self.write()?;
        let goal = study.store.goal(&args.goal)?;
        let claims = study.store.claims(Some(goal.id))?.len();
        let days = study.store.goals_reached(Some(goal.id))?.len();
        let what = format!(
            "Removing goal {} takes {} and {} of reaching it with it",
            goal.slug,
            count(claims, "claim"),
            count(days, "day")
        );
        if args.dry_run {
            self.out.say(&what);
            return Ok(());
        }
        self.confirm(args.yes || claims + days == 0, &what)?;
        let event = remove(&study, &goal)?;
        self.done(&format!("Removed goal {}.", goal.slug), event);
        Ok(())
    }

    fn goal_reached(&self, args: &ReachedArgs) -> Result<()> {
        if args.not && args.source.is_some() {
            return Err(CliError::refused(
                "what is taken away needs no source",
                "leave --source out; a reason is kept with --why",
            )
            .into());
        }
        let day = text(args.date);
        let event = reached(
            &self.write()?,
            &args.goal,
            &args.case,
            day.as_deref().map(|d| (d, args.source.as_deref())),
        )?;
        let said = match day {
            Some(day) => format!("{} reached {} on {day}.", args.case, args.goal),
            None => format!("{} has not reached {}.", args.case, args.goal),
        };
        self.done(&said, event);
        Ok(())
    }

    fn goal_list(&self, args: &ListArgs) -> Result<()> {
        let study = self.read()?;
        args.file.check(&study)?;
        let as_of = text(args.as_of);
        let list = GoalList {
            goals: views(&study.store, None, as_of.as_deref())?,
            as_of,
        };
        let mut sheet = Sheet::new(
            "Goals",
            ["goal", "name", "deadline", "claims", "reached", "source"],
        );
        for g in &list.goals {
            sheet.row([
                Cell::from(g.goal.as_str()),
                Cell::from(g.name.as_str()),
                Cell::from(g.deadline.clone()),
                Cell::from(g.claims),
                Cell::from(g.reached.len()),
                Cell::from(g.source.clone()),
            ]);
        }
        if !list.goals.is_empty() {
            sheet.note("Reached: by how many cases, as they were when they reached it.");
        }
        self.tables(
            &study,
            &args.file,
            &list,
            &[sheet],
            "No goals yet. Add one with: casebook goal add SLUG --name NAME --deadline DATE",
        )
    }

    fn goal_show(&self, slug: &str, args: &ListArgs) -> Result<()> {
        let study = self.read()?;
        args.file.check(&study)?;
        let as_of = text(args.as_of);
        let Some(goal) = views(&study.store, Some(slug), as_of.as_deref())?.pop() else {
            return Ok(());
        };
        let mut sheet = Sheet::new(goal.name.clone(), ["case", "reached", "deadline", "source"]);
        for r in &goal.reached {
            sheet.row([
                Cell::from(r.case.as_str()),
                Cell::from(r.date.as_str()),
                Cell::from(r.by_deadline.map(|by| if by { "met" } else { "missed" })),
                Cell::from(r.source.clone()),
            ]);
        }
        let deadline = goal
            .deadline
            .as_ref()
            .map_or(String::new(), |d| format!(", by {d}"));
        let source = goal
            .source
            .as_ref()
            .map_or(String::new(), |s| format!(" Source: {s}"));
        sheet.note(format!("{}{deadline}.{source}", goal.name));
        sheet.note(format!(
            "Reached by {}; {} about it.",
            count(goal.reached.len(), "case"),
            count(goal.claims, "claim")
        ));
        self.tables(
            &study,
            &args.file,
            &goal,
            &[sheet],
            "No case has reached it, as far as is known.",
        )
    }
}
