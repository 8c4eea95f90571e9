//! `agreement`: how far coders code alike; without a verb, the coefficients of the study.

use clap::{Args, Subcommand};

use super::Context;
use super::agreement_disagreements::DisagreementsArgs;
use super::agreement_sample::SampleArgs;
use super::agreement_settle::{ConsensusArgs, SettleArgs, SettledArgs};
use super::agreement_threshold::ThresholdCommand;
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
            Some(AgreementCommand::Disagreements(args)) => self.agreement_disagreements(args),
            Some(AgreementCommand::Settle(args)) => self.agreement_settle(args),
            Some(AgreementCommand::Settled(args)) => self.agreement_settled(args),
            Some(AgreementCommand::Consensus(args)) => self.agreement_consensus(args),
            Some(AgreementCommand::Sample(args)) => self.agreement_sample(args),
            Some(AgreementCommand::Threshold(command)) => self.agreement_threshold(command),
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
