//! What is typed after `finding`.

use clap::{Args, Subcommand};

use super::{date, filled};
use crate::domain::Date;
use crate::domain::words::{Outcome, Verdict};

#[derive(Subcommand)]
pub(super) enum FindingCommand {
    /// Add a finding: one sentence that the study claims
    Add(AddArgs),
    /// List findings with how much stands behind them
    List,
    /// Show a finding with what speaks for and against it, its rivals and its predictions
    Show {
        /// The finding's number
        finding: i64,
    },
    /// Change a finding's words, its place, or whether reports print it
    Edit(EditArgs),
    /// Remove a finding with its evidence, rivals, predictions and memos
    Remove(RemoveArgs),
    /// Name what supports a finding, or one of its rivals
    Support(EvidenceArgs),
    /// Name what contradicts a finding, or one of its rivals
    Contradict(EvidenceArgs),
    /// Take evidence off a finding; what it was stays in the study
    Withdraw {
        /// The finding's number
        finding: i64,
        /// The evidence's numbers, as `finding show` has them
        #[arg(long, required = true, num_args = 1.., value_name = "NUMBER")]
        evidence: Vec<i64>,
    },
    /// Say that evidence still holds although its words were changed since
    Confirm {
        /// The finding's number
        finding: i64,
        /// The evidence's numbers; without them, all whose words were changed
        #[arg(long, num_args = 1.., value_name = "NUMBER")]
        evidence: Vec<i64>,
    },
    /// Add a rival explanation, or say what became of one
    Rival(RivalArgs),
    /// Say where and how disconfirming evidence was looked for
    Looked {
        /// The finding's number
        finding: i64,
        /// Where and how; "" takes it back
        text: String,
    },
    /// Say what a finding lets expect in a case
    Predict(PredictArgs),
    /// Say what was found in a case for which something was predicted
    Result {
        /// The finding's number
        finding: i64,
        /// The case
        case: String,
        /// as-predicted, partly, contrary or not-known
        result: Outcome,
        /// What was found there
        #[arg(value_parser = filled)]
        text: String,
    },
}

#[derive(Args)]
pub(super) struct AddArgs {
    /// The claim, in one sentence
    #[arg(value_parser = filled)]
    pub(super) claim: String,
    /// What is to be said about it beneath
    #[arg(long, value_name = "TEXT")]
    pub(super) detail: Option<String>,
    /// Leave it out of reports for now
    #[arg(long)]
    pub(super) not_reported: bool,
    /// Its place among the findings, from 1; without it, the last
    #[arg(long, value_name = "PLACE")]
    pub(super) at: Option<usize>,
}

#[derive(Args)]
pub(super) struct EditArgs {
    /// The finding's number
    pub(super) finding: i64,
    /// Another claim
    #[arg(long, value_name = "TEXT", value_parser = filled)]
    pub(super) claim: Option<String>,
    /// What is to be said about it beneath; "" takes it away
    #[arg(long, value_name = "TEXT")]
    pub(super) detail: Option<String>,
    /// Print it in reports
    #[arg(long, conflicts_with = "not_reported")]
    pub(super) reported: bool,
    /// Leave it out of reports
    #[arg(long)]
    pub(super) not_reported: bool,
    /// Another place among the findings, from 1
    #[arg(long, value_name = "PLACE")]
    pub(super) at: Option<usize>,
}

#[derive(Args)]
pub(super) struct RemoveArgs {
    /// The finding's number
    pub(super) finding: i64,
    /// Only say what would go
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Do not ask
    #[arg(long, short)]
    pub(super) yes: bool,
}

#[derive(Args)]
pub(super) struct EvidenceArgs {
    /// The finding's number
    pub(super) finding: i64,
    /// Only what is coded is evidence: for a place, the codings there are named
    #[arg(value_name = "PLACE")]
    pub(super) place: Option<String>,
    /// With a place: the one place within it where exactly these words stand
    #[arg(long, value_name = "WORDS", requires = "place")]
    pub(super) quote: Option<String>,
    /// Codings, by their numbers (can be repeated)
    #[arg(long, num_args = 1.., value_name = "NUMBER")]
    pub(super) coding: Vec<i64>,
    /// A cell of the frame, with the codings that it rests on; / stands for all (can be repeated)
    #[arg(long, value_name = "CASE,THEME")]
    pub(super) cell: Vec<String>,
    /// A transcript as a whole (can be repeated)
    #[arg(long, value_name = "ID")]
    pub(super) transcript: Vec<String>,
    /// It bears on this rival of the finding, not on its claim
    #[arg(long, value_name = "NUMBER")]
    pub(super) rival: Option<i64>,
    /// Why it bears on it
    #[arg(long, value_name = "TEXT", value_parser = filled)]
    pub(super) note: Option<String>,
}

#[derive(Args)]
pub(super) struct RivalArgs {
    /// The finding's number
    pub(super) finding: i64,
    /// The rival explanation; with --rival, other words for that one
    #[arg(value_name = "TEXT", value_parser = filled)]
    pub(super) text: Option<String>,
    /// Which rival, by its number; it may be left out where there is only one
    #[arg(long, value_name = "NUMBER")]
    pub(super) rival: Option<i64>,
    /// What became of it: rejected, holds, holds-partly or open; its reason is given with --why
    #[arg(long, value_name = "VERDICT")]
    pub(super) verdict: Option<Verdict>,
    /// Remove it with its evidence
    #[arg(long, conflicts_with_all = ["verdict", "text"])]
    pub(super) remove: bool,
}

#[derive(Args)]
pub(super) struct PredictArgs {
    /// The finding's number
    pub(super) finding: i64,
    /// The case
    pub(super) case: String,
    /// What is expected there, and why
    #[arg(value_name = "TEXT", value_parser = filled, required_unless_present = "remove")]
    pub(super) text: Option<String>,
    /// The same result is expected
    #[arg(long, conflicts_with = "theoretical", required_unless_present_any = ["theoretical", "remove"])]
    pub(super) literal: bool,
    /// Another result is expected, for a reason
    #[arg(long)]
    pub(super) theoretical: bool,
    /// The day on which it was written down; without it, today
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(super) made: Option<Date>,
    /// Take the prediction away
    #[arg(long, conflicts_with_all = ["text", "literal", "theoretical", "made"])]
    pub(super) remove: bool,
}
