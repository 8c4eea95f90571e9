//! `case name`: what a case was called before, and what sources call it.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::output::Exit;
use super::table_file::TableFile;
use super::{Context, date, filled};
use crate::domain::Date;
use crate::error::Result;
use crate::indicator::rows::{days, text};
use crate::indicator::systems::Systems;
use crate::indicator::systems_change::{add_name, import_names, remove_name};
use crate::report::sheet::{Cell, Sheet};
use crate::store::CaseName;

#[derive(Subcommand)]
pub(super) enum CaseNameCommand {
    /// Add a name that a case had, or that a source uses for it
    Add(AddArgs),
    /// List other names of cases
    List(ListArgs),
    /// Take a name away
    Remove {
        /// The case
        case: String,
        /// The name, exactly
        name: String,
    },
    /// Import names from a CSV: case, name, from, to, source
    Import {
        /// The CSV file
        file: PathBuf,
    },
}

#[derive(Args)]
pub(super) struct AddArgs {
    /// The case
    case: String,
    /// What it was called; without days: what a source calls it, at any time
    #[arg(value_parser = filled)]
    name: String,
    /// The first day on which it was called so
    #[arg(long, value_name = "DATE", value_parser = date)]
    from: Option<Date>,
    /// The first day on which it was called so no longer
    #[arg(long, value_name = "DATE", value_parser = date)]
    to: Option<Date>,
    /// Who says so
    #[arg(long, value_name = "TEXT", value_parser = filled)]
    source: Option<String>,
}

#[derive(Args)]
pub(super) struct ListArgs {
    /// Only of this case
    case: Option<String>,
    #[command(flatten)]
    file: TableFile,
}

#[derive(Serialize)]
struct NameView {
    case: String,
    name: String,
    from: Option<String>,
    to: Option<String>,
    source: Option<String>,
}

#[derive(Serialize)]
struct NameList {
    names: Vec<NameView>,
}

impl Context {
    pub(super) fn case_name(&self, command: CaseNameCommand) -> Result<Exit> {
        match command {
            CaseNameCommand::Add(args) => {
                let name = CaseName {
                    id: 0,
                    case: 0,
                    name: args.name,
                    from: text(args.from),
                    to: text(args.to),
                    source: args.source,
                };
                days(name.from.as_deref(), name.to.as_deref())?;
                let event = add_name(&self.write()?, &args.case, &name)?;
                self.done(&format!("Added a name of {}.", args.case), event);
                Ok(Exit::Done)
            }
            CaseNameCommand::List(args) => self.case_name_list(&args),
            CaseNameCommand::Remove { case, name } => {
                let event = remove_name(&self.write()?, &case, &name)?;
                self.done(&format!("Removed a name of {case}."), event);
                Ok(Exit::Done)
            }
            CaseNameCommand::Import { file } => {
                let report = import_names(&self.write()?, &file)?;
                self.table_report(&report, "name")
            }
        }
    }

    fn case_name_list(&self, args: &ListArgs) -> Result<Exit> {
        let study = self.read()?;
        args.file.check(&study)?;
        let only = args
            .case
            .as_ref()
            .map(|slug| study.store.case(slug))
            .transpose()?;
        let systems = Systems::read(&study.store)?;
        let mut list = NameList { names: Vec::new() };
        for case in systems
            .cases()
            .iter()
            .filter(|c| only.as_ref().is_none_or(|o| o.id == c.id))
        {
            list.names
                .extend(systems.names_of(case.id).map(|n| NameView {
                    case: case.slug.clone(),
                    name: n.name.clone(),
                    from: n.from.clone(),
                    to: n.to.clone(),
                    source: n.source.clone(),
                }));
        }
        let mut sheet = Sheet::new("Other names", ["case", "name", "from", "until", "source"]);
        for n in &list.names {
            sheet.row([
                Cell::from(n.case.as_str()),
                Cell::from(n.name.as_str()),
                Cell::from(n.from.clone()),
                Cell::from(n.to.clone()),
                Cell::from(n.source.clone()),
            ]);
        }
        self.tables(
            &study,
            &args.file,
            &list,
            &[sheet],
            "No other names. Add one with: casebook case name add CASE NAME --to DATE",
        )?;
        Ok(Exit::Done)
    }
}

/// Words that were typed, or none where they are empty: what takes something away.
pub(super) fn optional(typed: &str) -> Option<String> {
    Some(typed.trim().to_owned()).filter(|t| !t.is_empty())
}
