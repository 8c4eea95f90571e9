//! `cohort`: named, dated sets of cases.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::case_names::optional;
use super::cohort_compare::CompareArgs;
use super::cohort_count::CountArgs;
use super::output::{Exit, count};
use super::table_file::TableFile;
use super::{Context, date, filled};
use crate::domain::Date;
use crate::error::Result;
use crate::indicator::cohort::{
    CohortView, Membership, add, edit, import, leave, put_member, remove, views,
};
use crate::indicator::rows::{said_days, text};
use crate::report::sheet::{Cell, Sheet};
use crate::store::Cohort;

#[derive(Subcommand)]
pub(super) enum CohortCommand {
    /// Add a cohort; --why says why these
    Add(AddArgs),
    /// List cohorts, with how many cases are in each
    List(ListArgs),
    /// Show a cohort with its members
    Show(ShowArgs),
    /// Change a cohort
    Edit(EditArgs),
    /// Remove a cohort with its members; the cases stay
    Remove(RemoveArgs),
    /// Put a case into a cohort, or say more of a member; --why says why this one
    Member(MemberArgs),
    /// Take a case out of a cohort, as if it had never been in it
    Leave {
        /// The cohort
        cohort: String,
        /// The case
        case: String,
    },
    /// Import members from a CSV: cohort, name, date, case, from, to, part, why, source
    Import {
        /// The CSV file
        file: PathBuf,
    },
    /// Count the systems that are in any of the cohorts on a day; what merged counts once
    Count(CountArgs),
    /// Compare a cohort's figures with those of the rest, or of another cohort
    Compare(CompareArgs),
}

#[derive(Args)]
pub(super) struct AddArgs {
    /// The short name that you will type
    slug: String,
    /// Its name, as reports print it; without it, the slug
    #[arg(long, value_name = "NAME", value_parser = filled)]
    name: Option<String>,
    /// The day on which it was named or announced: its members are members from then on
    #[arg(long, value_name = "DATE", value_parser = date)]
    date: Option<Date>,
    /// Who says so: a publication, title, date
    #[arg(long, value_name = "TEXT", value_parser = filled)]
    source: Option<String>,
    /// The source, where it is a document of the study
    #[arg(long, value_name = "TRANSCRIPT")]
    document: Option<String>,
}

#[derive(Args)]
pub(super) struct ListArgs {
    /// With those who are members on this day
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_of: Option<Date>,
    #[command(flatten)]
    file: TableFile,
}

#[derive(Args)]
pub(super) struct ShowArgs {
    /// The cohort
    slug: String,
    #[command(flatten)]
    list: ListArgs,
}

#[derive(Args)]
pub(super) struct EditArgs {
    /// The cohort
    cohort: String,
    /// Another slug
    #[arg(long = "slug", value_name = "SLUG")]
    new_slug: Option<String>,
    /// Another name
    #[arg(long, value_name = "NAME", value_parser = filled)]
    name: Option<String>,
    /// Another day; empty takes it away
    #[arg(long, value_name = "DATE")]
    date: Option<String>,
    /// Why these; empty takes it away
    #[arg(long, value_name = "TEXT")]
    chosen: Option<String>,
    /// Another source; empty takes it away
    #[arg(long, value_name = "TEXT")]
    source: Option<String>,
    /// Another document; empty takes it away
    #[arg(long, value_name = "TRANSCRIPT")]
    document: Option<String>,
}

#[derive(Args)]
pub(super) struct RemoveArgs {
    /// The cohort
    cohort: String,
    /// Only say what would go
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

#[derive(Args)]
pub(super) struct MemberArgs {
    /// The cohort
    cohort: String,
    /// The case
    case: String,
    /// The first day of its membership; without it, the cohort's
    #[arg(long, value_name = "DATE", value_parser = date)]
    from: Option<Date>,
    /// The first day on which it is a member no longer
    #[arg(long, value_name = "DATE", value_parser = date)]
    to: Option<Date>,
    /// Which part of the case is covered; without it, the whole
    #[arg(long, value_name = "TEXT", value_parser = filled)]
    part: Option<String>,
    /// Who says so
    #[arg(long, value_name = "TEXT", value_parser = filled)]
    source: Option<String>,
    /// The coding of the passage that says so
    #[arg(long, value_name = "N")]
    coding: Option<i64>,
}

#[derive(Serialize)]
struct CohortList {
    as_of: Option<String>,
    cohorts: Vec<CohortView>,
}

impl Context {
    pub(super) fn cohort(&self, command: CohortCommand) -> Result<Exit> {
        match command {
            CohortCommand::Add(args) => self.cohort_add(args)?,
            CohortCommand::List(args) => self.cohort_list(&args)?,
            CohortCommand::Show(args) => self.cohort_show(&args)?,
            CohortCommand::Edit(args) => self.cohort_edit(&args)?,
            CohortCommand::Remove(args) => self.cohort_remove(&args)?,
            CohortCommand::Member(args) => {
                let said = Membership {
                    from: text(args.from),
                    to: text(args.to),
                    part: args.part,
                    why: self.global.why.clone(),
                    source: args.source,
                    coding: args.coding,
                };
                let (there, event) = put_member(&self.write()?, &args.cohort, &args.case, said)?;
                let how = if there { "as said" } else { "now" };
                self.done(
                    &format!("{} is a member of {} {how}.", args.case, args.cohort),
                    event,
                );
            }
            CohortCommand::Leave { cohort, case } => {
                let event = leave(&self.write()?, &cohort, &case)?;
                self.done(&format!("{case} is no member of {cohort}."), event);
            }
            CohortCommand::Import { file } => {
                let report = import(&self.write()?, &file)?;
                return self.table_report(&report, "member");
            }
            CohortCommand::Count(args) => self.cohort_count(&args)?,
            CohortCommand::Compare(args) => self.cohort_compare(&args)?,
        }
        Ok(Exit::Done)
    }

    fn cohort_add(&self, args: AddArgs) -> Result<()> {
        let study = self.write()?;
        let transcript = args
            .document
            .map(|t| study.store.transcript(&t))
            .transpose()?
            .map(|t| t.id);
        let event = add(
            &study,
            &Cohort {
                id: 0,
                name: args.name.unwrap_or_else(|| args.slug.clone()),
                slug: args.slug.clone(),
                date: text(args.date),
                why: self.global.why.clone(),
                source: args.source,
                transcript,
            },
        )?;
        self.done(&format!("Added cohort {}.", args.slug), event);
        Ok(())
    }

    fn cohort_edit(&self, args: &EditArgs) -> Result<()> {
        let event = edit(&self.write()?, &args.cohort, |tx, cohort| {
            if let Some(slug) = &args.new_slug {
                cohort.slug.clone_from(slug);
            }
            if let Some(name) = &args.name {
                cohort.name.clone_from(name);
            }
            if let Some(typed) = &args.date {
                cohort.date = match typed.trim() {
                    "" => None,
                    day => Some(date(day).map_err(no_date)?.to_string()),
                };
            }
            if let Some(why) = &args.chosen {
                cohort.why = optional(why);
            }
            if let Some(source) = &args.source {
                cohort.source = optional(source);
            }
            if let Some(document) = &args.document {
                cohort.transcript = match optional(document) {
                    Some(slug) => Some(tx.transcript(&slug)?.id),
                    None => None,
                };
            }
            Ok(())
        })?;
        self.done(&format!("Edited cohort {}.", args.cohort), event);
        Ok(())
    }

    fn cohort_remove(&self, args: &RemoveArgs) -> Result<()> {
        let study = self.write()?;
        let cohort = study.store.cohort(&args.cohort)?;
        let members = study.store.cohort_members(Some(cohort.id))?.len();
        let what = format!(
            "Removing cohort {} takes {} with it; the cases stay",
            cohort.slug,
            count(members, "membership")
        );
        if args.dry_run {
            self.out.say(&what);
            return Ok(());
        }
        self.confirm(args.yes || members == 0, &what)?;
        let event = remove(&study, &cohort)?;
        self.done(&format!("Removed cohort {}.", cohort.slug), event);
        Ok(())
    }

    fn cohort_list(&self, args: &ListArgs) -> Result<()> {
        let study = self.read()?;
        args.file.check(&study)?;
        let as_of = text(args.as_of);
        let list = CohortList {
            cohorts: views(&study.store, None, as_of.as_deref())?,
            as_of,
        };
        let mut sheet = Sheet::new(
            "Cohorts",
            [
                "cohort", "name", "date", "cases", "in part", "later", "source",
            ],
        );
        for c in &list.cohorts {
            sheet.row([
                Cell::from(c.cohort.as_str()),
                Cell::from(c.name.as_str()),
                Cell::from(c.date.clone()),
                Cell::from(c.cases),
                Cell::from(c.in_part),
                Cell::from(c.joined_later),
                Cell::from(source(c)),
            ]);
        }
        if !list.cohorts.is_empty() {
            let when = list
                .as_of
                .as_ref()
                .map_or("that are named".to_owned(), |d| {
                    format!("that are members on {d}")
                });
            sheet.note(format!(
                "Counted are cases {when}; in part: of which a part is covered; later: who joined after the cohort's date."
            ));
        }
        self.tables(
            &study,
            &args.file,
            &list,
            &[sheet],
            "No cohorts yet. Add one with: casebook cohort add SLUG --name NAME --date DATE --why WHY",
        )
    }

    fn cohort_show(&self, args: &ShowArgs) -> Result<()> {
        let study = self.read()?;
        args.list.file.check(&study)?;
        let as_of = text(args.list.as_of);
        let mut found = views(&study.store, Some(&args.slug), as_of.as_deref())?;
        let Some(view) = found.pop() else {
            return Ok(());
        };
        let mut sheet = Sheet::new(
            view.name.clone(),
            [
                "case", "name", "from", "until", "part", "became", "why", "source", "passage",
            ],
        );
        for m in &view.members {
            let from = m.from.clone().map(|f| {
                if m.joined_later {
                    format!("{f} (later)")
                } else {
                    f
                }
            });
            sheet.row([
                Cell::from(m.case.as_str()),
                Cell::from(m.name.as_str()),
                Cell::from(from),
                Cell::from(m.to.clone()),
                Cell::from(m.part.clone()),
                Cell::from(m.became.join(", ")),
                Cell::from(m.why.clone()),
                Cell::from(m.source.clone()),
                Cell::from(m.coding.as_ref().map(crate::indicator::cited::Cited::said)),
            ]);
        }
        let mut facts = view.name.clone();
        if let Some(day) = &view.date {
            facts.push_str(&format!(", {}", said_days(Some(day), None)));
        }
        sheet.note(format!("{facts}."));
        if let Some(why) = &view.why {
            sheet.note(format!("Why these: {why}"));
        }
        if let Some(source) = source(&view) {
            sheet.note(format!("Source: {source}"));
        }
        let when = view
            .as_of
            .as_ref()
            .map_or("named".to_owned(), |d| format!("in it on {d}"));
        sheet.note(format!(
            "{} {when}; {} in part, {} joined later.",
            count(view.cases, "case"),
            view.in_part,
            view.joined_later
        ));
        self.tables(
            &study,
            &args.list.file,
            &view,
            &[sheet],
            "No members. Add one with: casebook cohort member COHORT CASE",
        )
    }
}

fn source(c: &CohortView) -> Option<String> {
    match (&c.source, &c.document) {
        (Some(source), Some(document)) => Some(format!("{source} ({document})")),
        (Some(source), None) => Some(source.clone()),
        (None, document) => document.clone(),
    }
}

pub(super) fn no_date(message: String) -> super::CliError {
    super::CliError::refused(message, "an empty one takes it away")
}
