//! `population` and `disclosure`: how many people fit what is printed of a person.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::output::{Exit, count};
use super::table_file::TableFile;
use super::{CliError, Context, filled};
use crate::error::Result;
use crate::governance::disclosure::{Checked, check_labels, import_populations, people};
use crate::governance::gate::Audience;
use crate::report::sheet::{Cell, Sheet};
use crate::store::Population;
use crate::study::{People, Study};

#[derive(Subcommand)]
pub(super) enum PopulationCommand {
    /// Declare how many people in the world fit a role in a case, in the place of what was declared
    Set(SetArgs),
    /// List the declared populations
    List(TableFile),
    /// Take back declared populations
    Remove {
        /// Their numbers
        #[arg(required = true)]
        population: Vec<i64>,
    },
    /// Take populations from a CSV: case, role, people, source
    Import {
        /// The file
        file: PathBuf,
    },
}

#[derive(Args)]
pub(super) struct SetArgs {
    /// CASE ROLE N, or with --each-case ROLE N, or with --any-role CASE N; N is a number or `unique`
    #[arg(required = true, num_args = 2..=3, value_name = "CASE ROLE N", value_parser = filled)]
    what: Vec<String>,
    /// In each case alike
    #[arg(long, conflicts_with = "any_role")]
    each_case: bool,
    /// Of whatever role
    #[arg(long)]
    any_role: bool,
    /// How that is known
    #[arg(long, value_name = "TEXT", value_parser = filled)]
    source: Option<String>,
}

#[derive(Subcommand)]
pub(super) enum DisclosureCommand {
    /// Show how many people fit each label that citations would print, and what is printed instead
    Check(CheckArgs),
}

#[derive(Args)]
pub(super) struct CheckArgs {
    /// Who will read it: public, case, participant or team
    #[arg(long, value_name = "AUDIENCE", default_value = "public")]
    audience: Audience,
    #[command(flatten)]
    file: TableFile,
}

#[derive(Serialize)]
struct PopulationView {
    population: i64,
    /// Null: in each case.
    case: Option<String>,
    /// Null: of any role.
    role: Option<String>,
    people: i64,
    source: Option<String>,
}

#[derive(Serialize)]
struct PopulationList {
    populations: Vec<PopulationView>,
}

impl Context {
    pub(super) fn population(&self, command: PopulationCommand) -> Result<Exit> {
        match command {
            PopulationCommand::Set(args) => self.population_set(&args),
            PopulationCommand::List(file) => self.population_list(&file),
            PopulationCommand::Remove { population } => {
                let ((), event) = self.write()?.change("population remove", |tx| {
                    let there = tx.populations()?;
                    for id in &population {
                        if !there.iter().any(|p| p.id == *id) {
                            return Err(unknown(*id).into());
                        }
                        tx.remove_population(*id)?;
                    }
                    let numbers: Vec<String> = population.iter().map(ToString::to_string).collect();
                    tx.summary(format!("remove population {}", numbers.join(", ")));
                    Ok(())
                })?;
                let what = count(population.len() as u64, "population");
                self.done(&format!("Removed {what}."), event);
                Ok(Exit::Done)
            }
            PopulationCommand::Import { file } => {
                let report = import_populations(&self.write()?, &file)?;
                self.table_report(&report, "population")
            }
        }
    }

    fn population_set(&self, args: &SetArgs) -> Result<Exit> {
        let wrong = || {
            CliError::refused(
                "that is no case, role and number of people",
                "as in: casebook population set alder \"finance director\" 4, or: casebook population set --each-case chair unique",
            )
        };
        let (case, role, n) = match (args.each_case, args.any_role, args.what.as_slice()) {
            (false, false, [case, role, n]) => (Some(case), Some(role), n),
            (true, false, [role, n]) => (None, Some(role), n),
            (false, true, [case, n]) => (Some(case), None, n),
            _ => return Err(wrong().into()),
        };
        let people = people(n).map_err(|hint| {
            CliError::refused(
                format!(
                    "`{}` is no number of people",
                    crate::domain::span::printable(n)
                ),
                hint,
            )
        })?;
        let study = self.write()?;
        let (case, event) = study.change("population set", |tx| {
            let case = case.map(|slug| tx.case(slug)).transpose()?;
            tx.put_population(&Population {
                id: 0,
                case: case.as_ref().map(|c| c.id),
                role: role.cloned(),
                people,
                source: args.source.clone(),
            })?;
            let place = case.as_ref().map_or("each case", |c| c.slug.as_str());
            tx.summary(format!("set population in {place}: {people}"));
            Ok(case)
        })?;
        if let Some(role) = role
            && !role_is_known(&study, role)?
        {
            self.out.say("No participant has that role yet.");
        }
        self.done(
            &format!(
                "Declared {} in {}.",
                match people {
                    1 => "1 person".to_owned(),
                    n => format!("{n} people"),
                },
                case.map_or_else(|| "each case".to_owned(), |c| c.slug)
            ),
            event,
        );
        Ok(Exit::Done)
    }

    fn population_list(&self, file: &TableFile) -> Result<Exit> {
        let study = self.read()?;
        file.check(&study)?;
        let names = People::without_participants(&study.store)?;
        let list = PopulationList {
            populations: study
                .store
                .populations()?
                .into_iter()
                .map(|p| PopulationView {
                    population: p.id,
                    case: names.case_slug(p.case).map(str::to_owned),
                    role: p.role,
                    people: p.people,
                    source: p.source,
                })
                .collect(),
        };
        let mut sheet = Sheet::new(
            "Declared populations",
            ["population", "case", "role", "people", "source"],
        );
        for p in &list.populations {
            let or =
                |value: &Option<String>, none: &str| Cell::from(value.as_deref().unwrap_or(none));
            sheet.row([
                p.population.into(),
                or(&p.case, "each"),
                or(&p.role, "any"),
                p.people.into(),
                p.source.clone().into(),
            ]);
        }
        self.tables(
            &study,
            file,
            &list,
            &[sheet],
            "No populations are declared. Declare one with: casebook population set --each-case ROLE N",
        )?;
        Ok(Exit::Done)
    }

    pub(super) fn disclosure(&self, command: &DisclosureCommand) -> Result<Exit> {
        let DisclosureCommand::Check(args) = command;
        let study = self.read()?;
        args.file.check(&study)?;
        let found = check_labels(&study, args.audience)?;
        self.tables(
            &study,
            &args.file,
            &found,
            &[sheet(&found)],
            "No participant could be cited yet. Add one with: casebook participant add ID",
        )?;
        Ok(Exit::Done)
    }
}

fn sheet(found: &Checked) -> Sheet {
    let mut sheet = Sheet::new(
        format!("Labels in citations, for audience {}", found.audience),
        [
            "label",
            "tells",
            "participants",
            "declared",
            "k",
            "passes",
            "printed",
        ],
    );
    for l in &found.labels {
        sheet.row([
            l.label.as_str().into(),
            l.tells.into(),
            l.participants.into(),
            l.declared.into(),
            l.k.into(),
            if l.passes { "yes" } else { "no" }.into(),
            l.used
                .iter()
                .map(String::as_str)
                .collect::<Vec<_>>()
                .join("; ")
                .into(),
        ]);
    }
    if !found.labels.is_empty() {
        sheet.note(format!(
            "k is the smaller of the participants who fit and the people who fit as far as declared; a label passes from {}.",
            found.k_labels
        ));
        if found.undeclared > 0 {
            sheet.note(format!(
                "{} judged by the participants alone, as nothing was declared: casebook population set says how many there are.",
                match found.undeclared {
                    1 => "1 label was".to_owned(),
                    n => format!("{n} labels were"),
                }
            ));
        }
        if found.audience == Audience::Team {
            sheet.note("For the team no label is lowered.");
        }
    }
    sheet
}

fn role_is_known(study: &Study, role: &str) -> Result<bool> {
    let role = role.trim().to_lowercase();
    Ok(study.store.participants()?.iter().any(|p| {
        p.role
            .as_ref()
            .is_some_and(|r| r.trim().to_lowercase() == role)
    }))
}

fn unknown(id: i64) -> CliError {
    CliError::refused(
        format!("there is no population {id}"),
        "see them with: casebook population list",
    )
}
