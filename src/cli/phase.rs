//! `phase`: periods of fieldwork.

use clap::{Args, Subcommand};
use serde::Serialize;

use super::output::{Exit, Table, count};
use super::{CliError, Context, date, filled, io_error};
use crate::domain::Date;
use crate::error::Result;
use crate::store::Phase;
use crate::study::records::check_name;

#[derive(Subcommand)]
pub(super) enum PhaseCommand {
    /// Add a phase
    Add(PhaseArgs),
    /// List phases
    List,
    /// Show a phase
    Show {
        /// The phase
        slug: String,
    },
    /// Change a phase
    Edit(PhaseArgs),
    /// Remove a phase; its transcripts stay, without one
    Remove {
        /// The phase
        slug: String,
        /// Only say what would go
        #[arg(long)]
        dry_run: bool,
        /// Do not ask
        #[arg(long, short)]
        yes: bool,
    },
}

#[derive(Args)]
pub(super) struct PhaseArgs {
    /// The short name that you will type
    slug: String,
    /// The name that reports print; without it, the slug
    #[arg(long, value_name = "NAME", value_parser = filled)]
    name: Option<String>,
    /// Its first day
    #[arg(long, value_name = "DATE", value_parser = date)]
    from: Option<Date>,
    /// Its last day
    #[arg(long, value_name = "DATE", value_parser = date)]
    to: Option<Date>,
}

#[derive(Serialize)]
struct PhaseView {
    phase: String,
    name: String,
    from: Option<String>,
    to: Option<String>,
    transcripts: i64,
}

#[derive(Serialize)]
struct PhaseList {
    phases: Vec<PhaseView>,
}

impl Context {
    pub(super) fn phase(&self, command: PhaseCommand) -> Result<Exit> {
        match command {
            PhaseCommand::Add(args) => {
                check_name("phase", &args.slug)?;
                order(&args)?;
                let ((), event) = self.write()?.change("phase add", |tx| {
                    let name = args.name.clone().unwrap_or_else(|| args.slug.clone());
                    tx.put_phase(&Phase {
                        id: 0,
                        slug: args.slug.clone(),
                        name,
                        from: args.from.map(|d| d.to_string()),
                        to: args.to.map(|d| d.to_string()),
                    })?;
                    tx.summary(format!("add phase {}", args.slug));
                    Ok(())
                })?;
                self.done(&format!("Added phase {}.", args.slug), event);
            }
            PhaseCommand::Edit(args) => {
                order(&args)?;
                let ((), event) = self.write()?.change("phase edit", |tx| {
                    let before = tx.phase(&args.slug)?;
                    let after = Phase {
                        name: args.name.clone().unwrap_or_else(|| before.name.clone()),
                        from: args
                            .from
                            .map(|d| d.to_string())
                            .or_else(|| before.from.clone()),
                        to: args.to.map(|d| d.to_string()).or_else(|| before.to.clone()),
                        ..before.clone()
                    };
                    if after != before {
                        tx.put_phase(&after)?;
                    }
                    tx.summary(format!("edit phase {}", after.slug));
                    Ok(())
                })?;
                self.done(&format!("Edited phase {}.", args.slug), event);
            }
            PhaseCommand::List => {
                let study = self.read()?;
                let mut list = PhaseList { phases: Vec::new() };
                for p in study.store.phases()? {
                    let transcripts = study.store.phase_uses(p.id)?;
                    list.phases.push(PhaseView {
                        phase: p.slug,
                        name: p.name,
                        from: p.from,
                        to: p.to,
                        transcripts,
                    });
                }
                self.out.table(&list, || table(&list.phases), "No phases yet. Add one with: casebook phase add SLUG --from DATE --to DATE").map_err(io_error)?;
            }
            PhaseCommand::Show { slug } => {
                let study = self.read()?;
                let p = study.store.phase(&slug)?;
                let view = PhaseView {
                    transcripts: study.store.phase_uses(p.id)?,
                    phase: p.slug,
                    name: p.name,
                    from: p.from,
                    to: p.to,
                };
                self.out
                    .table(&view, || table(std::slice::from_ref(&view)), "")
                    .map_err(io_error)?;
            }
            PhaseCommand::Remove { slug, dry_run, yes } => {
                let study = self.write()?;
                let phase = study.store.phase(&slug)?;
                let uses = study.store.phase_uses(phase.id)?;
                let what = format!(
                    "Removing phase {} leaves {} without one",
                    phase.slug,
                    count(uses, "transcript")
                );
                if dry_run {
                    self.out.say(&what);
                    return Ok(Exit::Done);
                }
                self.confirm(yes || uses == 0, &what)?;
                let ((), event) = study.change("phase remove", |tx| {
                    tx.remove_phase(phase.id)?;
                    tx.summary(format!("remove phase {}", phase.slug));
                    Ok(())
                })?;
                self.done(&format!("Removed phase {}.", phase.slug), event);
            }
        }
        Ok(Exit::Done)
    }
}

fn order(args: &PhaseArgs) -> Result<()> {
    match (args.from, args.to) {
        (Some(from), Some(to)) if to < from => Err(CliError::refused(
            "the phase would end before it begins",
            "give --to a later day than --from",
        )
        .into()),
        _ => Ok(()),
    }
}

fn table(phases: &[PhaseView]) -> Table {
    let mut table = Table::new(&["phase", "name", "from", "to", ">transcripts"]);
    for p in phases {
        table.row([
            p.phase.clone(),
            p.name.clone(),
            p.from.clone().unwrap_or_default(),
            p.to.clone().unwrap_or_default(),
            p.transcripts.to_string(),
        ]);
    }
    table
}
