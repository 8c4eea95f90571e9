//! `autocode`: coding every hit of a search.

use clap::Args;

use super::filters::FilterArgs;
use super::output::{Exit, count};
use super::{Context, io_error};
use crate::coding::autocode::autocode;
use crate::domain::words::Spread;
use crate::error::Result;

#[derive(Args)]
pub(super) struct AutocodeArgs {
    /// What to look for, in the query language
    query: String,
    /// The theme to code with
    theme_path: String,
    /// How far around a hit to code: turn, sentence or match
    #[arg(long, value_name = "SPREAD", default_value = "sentence")]
    spread: Spread,
    /// The rule's name; the coder is auto:NAME
    #[arg(long, value_name = "RULE")]
    name: Option<String>,
    /// Only say what it would code
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    filters: FilterArgs,
}

impl Context {
    pub(super) fn autocode(&self, args: &AutocodeArgs) -> Result<Exit> {
        let study = if args.dry_run {
            self.read()?
        } else {
            self.write()?
        };
        let result = autocode(
            &study,
            &args.query,
            &args.theme_path,
            args.spread,
            args.name.as_deref(),
            &args.filters.filter(),
            args.dry_run,
        )?;
        self.out
            .text(&result, || {
                let known = if result.known > 0 {
                    format!(", {} coded by this rule already", result.known)
                } else {
                    String::new()
                };
                let verb = if args.dry_run {
                    "would be coded"
                } else {
                    "coded"
                };
                format!(
                    "{} found; {} {verb} with {} as {}{known}\n",
                    count(result.turns, "turn"),
                    count(result.codings as u64, "passage"),
                    result.theme,
                    result.rule
                )
            })
            .map_err(io_error)?;
        if let Some(event) = result.event {
            self.out
                .say(&format!("(event {event}; to take it back: casebook undo)"));
        }
        Ok(Exit::Done)
    }
}
