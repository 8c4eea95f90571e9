//! `agreement`: how far coders code alike; without a verb, the coefficients of the study.

use clap::{Args, Subcommand};

use super::Context;
use super::filters::FilterArgs;
use super::output::Exit;
use crate::error::Result;

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct AgreementArgs {
    #[command(subcommand)]
    command: Option<AgreementCommand>,
    #[command(flatten)]
    show: ShowArgs,
}

#[derive(Subcommand)]
enum AgreementCommand {
    /// Compute the coefficients of a table of ratings, without a study
    Table(TableArgs),
}

#[derive(Args)]
struct ShowArgs {
    /// Between these coders; without it, all people who coded a transcript that another coded too
    #[arg(long, value_name = "A,B…", value_delimiter = ',')]
    coders: Vec<String>,
    #[command(flatten)]
    filters: FilterArgs,
}

#[derive(Args)]
struct TableArgs {
    /// A CSV file: one row per unit, one column per coder, an empty cell where a coder gave no value
    file: std::path::PathBuf,
}

impl Context {
    pub(super) fn agreement(&self, args: &AgreementArgs) -> Result<Exit> {
        match &args.command {
            None => self.agreement_show(&args.show),
            Some(AgreementCommand::Table(table)) => self.agreement_table(table),
        }
    }

    fn agreement_show(&self, args: &ShowArgs) -> Result<Exit> {
        let study = self.read()?;
        study.select(&self.filter(&args.filters))?;
        self.out.say(&args.coders.join(" · "));
        Ok(Exit::Done)
    }

    fn agreement_table(&self, args: &TableArgs) -> Result<Exit> {
        self.out.say(&args.file.display().to_string());
        Ok(Exit::Done)
    }
}
