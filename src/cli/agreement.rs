//! `agreement`: how far coders code alike; without a verb, the coefficients of the study.

use clap::{Args, Subcommand};

use super::agreement_disagreements::DisagreementsArgs;
use super::agreement_sample::SampleArgs;
use super::agreement_settle::{ConsensusArgs, SettleArgs, SettledArgs};
use super::agreement_show::ShowArgs;
use super::agreement_table::TableArgs;
use super::agreement_threshold::ThresholdCommand;
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
    /// List where two coders coded differently
    Disagreements(Box<DisagreementsArgs>),
    /// Settle a disagreement: what is agreed is coded by `consensus`, the codings at stake stay
    Settle(Box<SettleArgs>),
    /// List how disagreements were settled
    Settled(SettledArgs),
    /// Code as `consensus` what two coders agree on, and say what is still open
    Consensus(ConsensusArgs),
    /// Draw transcripts to be coded twice, and see how far their coding has come
    Sample(Box<SampleArgs>),
    /// Manage what the study asks of a statistic, and who says so
    #[command(subcommand)]
    Threshold(ThresholdCommand),
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
            Some(AgreementCommand::Disagreements(args)) => self.agreement_disagreements(args),
            Some(AgreementCommand::Settle(args)) => self.agreement_settle(args),
            Some(AgreementCommand::Settled(args)) => self.agreement_settled(args),
            Some(AgreementCommand::Consensus(args)) => self.agreement_consensus(args),
            Some(AgreementCommand::Sample(args)) => self.agreement_sample(args),
            Some(AgreementCommand::Threshold(command)) => self.agreement_threshold(command),
        }
    }
}
