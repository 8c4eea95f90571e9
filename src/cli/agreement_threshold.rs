//! `agreement threshold`: what the study asks of a statistic, with who says so.

use clap::{Args, Subcommand};
use serde::Serialize;

use super::output::{Exit, Table, count};
use super::{CliError, Context, filled, io_error};
use crate::analysis::agreement::Statistic;
use crate::domain::span::printable;
use crate::error::Result;
use crate::store::Threshold;

#[derive(Subcommand)]
pub(super) enum ThresholdCommand {
    /// Ask something of a statistic
    Add(AddArgs),
    /// List what the study asks
    List,
    /// Ask it no longer
    Remove {
        /// The statistic
        statistic: Statistic,
        /// The value
        #[arg(allow_negative_numbers = true)]
        at_least: String,
    },
}

#[derive(Args)]
pub(super) struct AddArgs {
    /// The statistic: percent, kappa, alpha …
    statistic: Statistic,
    /// The value from which on it holds, from -1 to 1: 0.800
    #[arg(value_name = "AT_LEAST", allow_negative_numbers = true)]
    at_least: String,
    /// What may be done from there on
    #[arg(long, value_name = "TEXT", value_parser = filled)]
    meaning: String,
    /// Who says so
    #[arg(long, value_name = "TEXT", value_parser = filled)]
    source: String,
}

#[derive(Serialize)]
struct ThresholdView {
    statistic: String,
    at_least: String,
    meaning: String,
    source: String,
}

#[derive(Serialize)]
struct ThresholdList {
    thresholds: Vec<ThresholdView>,
}

/// A decimal from -1 to 1 as people write it, and its value in millionths.
fn value(typed: &str) -> Result<(String, i64)> {
    let fail = || {
        CliError::refused(
            format!(
                "`{}` is no value that a statistic can take",
                printable(typed)
            ),
            "write a decimal from -1 to 1, with at most six places, as in: 0.800",
        )
    };
    let trimmed = typed.trim();
    let digits = trimmed.strip_prefix('-').unwrap_or(trimmed);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let number = |s: &str, most: usize| {
        !s.is_empty() && s.len() <= most && s.bytes().all(|b| b.is_ascii_digit())
    };
    if !number(whole, 1) || !number(part, 6) {
        return Err(fail().into());
    }
    let parsed = format!("{whole}{part:0<6}").parse::<i64>();
    let millionths = parsed.map_err(|_| fail())?;
    if millionths > 1_000_000 {
        return Err(fail().into());
    }
    let signed = if trimmed.starts_with('-') {
        -millionths
    } else {
        millionths
    };
    Ok((trimmed.to_owned(), signed))
}

impl Context {
    pub(super) fn agreement_threshold(&self, command: &ThresholdCommand) -> Result<Exit> {
        match command {
            ThresholdCommand::Add(args) => {
                let (at_least, millionths) = value(&args.at_least)?;
                let study = self.write()?;
                let ((), event) = study.change("agreement threshold add", |tx| {
                    for there in tx.thresholds()? {
                        if there.statistic == args.statistic.word()
                            && value(&there.at_least)?.1 == millionths
                        {
                            return Err(CliError::refused(
                                format!("{} has a threshold at {} already", there.statistic, there.at_least),
                                format!(
                                    "take that away first: casebook agreement threshold remove {} {}",
                                    there.statistic, there.at_least
                                ),
                            )
                            .into());
                        }
                    }
                    tx.add_threshold(&Threshold {
                        id: 0,
                        statistic: args.statistic.word().to_owned(),
                        at_least: at_least.clone(),
                        meaning: args.meaning.clone(),
                        source: args.source.clone(),
                    })?;
                    tx.summary(format!("add threshold {} {at_least}", args.statistic));
                    Ok(())
                })?;
                self.done(
                    &format!("Added the threshold {} {at_least}.", args.statistic),
                    event,
                );
            }
            ThresholdCommand::List => self.threshold_list()?,
            ThresholdCommand::Remove {
                statistic,
                at_least,
            } => {
                let (typed, millionths) = value(at_least)?;
                let ((), event) = self.write()?.change("agreement threshold remove", |tx| {
                    let mut found = None;
                    for there in tx.thresholds()? {
                        if there.statistic == statistic.word()
                            && value(&there.at_least)?.1 == millionths
                        {
                            found = Some(there);
                        }
                    }
                    let Some(found) = found else {
                        return Err(CliError::refused(
                            format!("{statistic} has no threshold at {typed}"),
                            "see what there is with: casebook agreement threshold list",
                        )
                        .into());
                    };
                    tx.remove_threshold(found.id)?;
                    tx.summary(format!("remove threshold {statistic} {}", found.at_least));
                    Ok(())
                })?;
                self.done(
                    &format!("Removed the threshold {statistic} {typed}."),
                    event,
                );
            }
        }
        Ok(Exit::Done)
    }

    fn threshold_list(&self) -> Result<()> {
        let study = self.read()?;
        let list = ThresholdList {
            thresholds: study
                .store
                .thresholds()?
                .into_iter()
                .map(|t| ThresholdView {
                    statistic: t.statistic,
                    at_least: t.at_least,
                    meaning: t.meaning,
                    source: t.source,
                })
                .collect(),
        };
        self.out
            .table(
                &list,
                || {
                    let mut table = Table::new(&["statistic", ">at least", "meaning", "source"]);
                    for t in &list.thresholds {
                        table.row([
                            t.statistic.clone(),
                            t.at_least.clone(),
                            t.meaning.clone(),
                            t.source.clone(),
                        ]);
                    }
                    table
                },
                "The study asks nothing of a statistic. Add what it asks with: casebook agreement threshold add STATISTIC AT_LEAST --meaning TEXT --source TEXT",
            )
            .map_err(io_error)?;
        if !list.thresholds.is_empty() {
            self.out
                .say(&format!("{}.", count(list.thresholds.len(), "threshold")));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_decimals_from_minus_one_to_one() {
        for (typed, expected) in [
            ("0.800", Some(800_000)),
            (" 1 ", Some(1_000_000)),
            ("-0.25", Some(-250_000)),
            ("0.000001", Some(1)),
            ("1.01", None),
            ("80%", None),
            ("0.", None),
            (".8", None),
            ("2", None),
            ("0.1234567", None),
            ("", None),
            ("NaN", None),
        ] {
            assert_eq!(value(typed).ok().map(|v| v.1), expected, "{typed}");
        }
    }
}
