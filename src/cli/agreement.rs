//! `agreement`: how far coders code alike; without a verb, the coefficients of the study.

use clap::{Args, Subcommand};

use super::agreement_show::ShowArgs;
use super::agreement_table::TableArgs;
use super::output::Exit;
use super::{CliError, Context};
use crate::error::Result;

#[derive(Args)]
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

impl Context {
    pub(super) fn agreement(&self, args: &AgreementArgs) -> Result<Exit> {
        // Not clap's own check: to it `--json` before the noun would be an option of the noun.
        if args.command.is_some() && !args.show.is_plain() {
            return Err(CliError::refused(
                "options of `agreement` can't stand before its verb",
                "put the verb's own options behind it; see them with: casebook agreement --help",
            )
            .into());
        }
        match &args.command {
            None => self.agreement_show(&args.show),
            Some(AgreementCommand::Table(table)) => self.agreement_table(table),
        }
    }
}
