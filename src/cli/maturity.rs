//! `maturity`: frameworks of domains and stages, read from files.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::output::{Exit, count};
use super::table_file::TableFile;
use super::{Context, io_error};
use crate::error::Result;
use crate::indicator::maturity::{MaturityView, import, remove, view};
use crate::report::sheet::{Cell, Sheet};

#[derive(Subcommand)]
pub(super) enum MaturityCommand {
    /// Import a framework from a YAML file: slug, name, version, source, stages, domains with their statements
    Import {
        /// The YAML file
        file: PathBuf,
    },
    /// List frameworks
    List(TableFile),
    /// Show a framework: its domains, stages and statements
    Show {
        /// The framework
        slug: String,
        #[command(flatten)]
        file: TableFile,
    },
    /// Remove a framework with all assessments by it
    Remove(RemoveArgs),
}

#[derive(Args)]
pub(super) struct RemoveArgs {
    /// The framework
    slug: String,
    /// Only say what would go
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

#[derive(Serialize)]
struct MaturityList {
    maturities: Vec<MaturityView>,
}

impl Context {
    pub(super) fn maturity(&self, command: MaturityCommand) -> Result<Exit> {
        match command {
            MaturityCommand::Import { file } => {
                let (found, event) = import(&self.write()?, &file)?;
                self.out
                    .text(&found, || {
                        format!(
                            "{}: {}, {}\n",
                            found.maturity,
                            count(found.domains.len(), "domain"),
                            count(found.stages.len(), "stage")
                        )
                    })
                    .map_err(io_error)?;
                self.done(&format!("Imported {}.", found.maturity), event);
            }
            MaturityCommand::List(file) => self.maturity_list(&file)?,
            MaturityCommand::Show { slug, file } => self.maturity_show(&slug, &file)?,
            MaturityCommand::Remove(args) => self.maturity_remove(&args)?,
        }
        Ok(Exit::Done)
    }

    fn maturity_list(&self, file: &TableFile) -> Result<()> {
        let study = self.read()?;
        file.check(&study)?;
        let list = MaturityList {
            maturities: study
                .store
                .maturities()?
                .into_iter()
                .map(|m| view(&study.store, m))
                .collect::<Result<_>>()?,
        };
        let mut sheet = Sheet::new(
            "Maturity frameworks",
            [
                "framework",
                "name",
                "version",
                "stages",
                "domains",
                "assessments",
                "source",
            ],
        );
        for m in &list.maturities {
            sheet.row([
                Cell::from(m.maturity.as_str()),
                Cell::from(m.name.as_str()),
                Cell::from(m.version.clone()),
                Cell::from(m.stages.join(", ")),
                Cell::from(m.domains.len()),
                Cell::from(m.assessments),
                Cell::from(m.source.as_str()),
            ]);
        }
        self.tables(
            &study,
            file,
            &list,
            &[sheet],
            "No maturity frameworks yet. Import one with: casebook maturity import FILE.yaml",
        )
    }

    fn maturity_show(&self, slug: &str, file: &TableFile) -> Result<()> {
        let study = self.read()?;
        file.check(&study)?;
        let found = view(&study.store, study.store.maturity(slug)?)?;
        let mut heads = vec!["domain".to_owned(), "name".to_owned()];
        heads.extend(found.stages.iter().cloned());
        let mut sheet = Sheet::new(found.name.clone(), heads);
        for d in &found.domains {
            let mut row = vec![Cell::from(d.domain.as_str()), Cell::from(d.name.as_str())];
            for stage in &found.stages {
                let said: Vec<&str> = d
                    .statements
                    .iter()
                    .filter(|s| s.stage == *stage)
                    .map(|s| s.text.as_str())
                    .collect();
                row.push(Cell::from(said.join("; ")));
            }
            sheet.row(row);
        }
        let version = found
            .version
            .as_ref()
            .map_or(String::new(), |v| format!(" ({v})"));
        sheet.note(format!("{}{version}.", found.name));
        sheet.note(format!("Source: {}", found.source));
        sheet.note(format!(
            "Stages, the first first: {}.",
            found.stages.join(", ")
        ));
        sheet.note(format!("{} by it.", count(found.assessments, "assessment")));
        self.tables(
            &study,
            file,
            &found,
            &[sheet],
            "It has no domains: cases are assessed overall.",
        )
    }

    fn maturity_remove(&self, args: &RemoveArgs) -> Result<()> {
        let study = self.write()?;
        let m = study.store.maturity(&args.slug)?;
        let n = study.store.assessments_by(m.id)?;
        let what = format!(
            "Removing maturity framework {} takes {} with it",
            m.slug,
            count(n, "assessment")
        );
        if args.dry_run {
            self.out.say(&what);
            return Ok(());
        }
        self.confirm(args.yes || n == 0, &what)?;
        let event = remove(&study, &m)?;
        self.done(&format!("Removed maturity framework {}.", m.slug), event);
        Ok(())
    }
}
