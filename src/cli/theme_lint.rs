//! `theme lint`: what could be better in the codebook.

use clap::Args;

use super::output::{Exit, Table, count};
use super::{Context, io_error};
use crate::coding::lint::{Kind, lint};
use crate::error::Result;

#[derive(Args)]
pub(super) struct LintArgs {
    /// Only advice of this kind, as in empty-fields, unused or same-name (can be repeated)
    #[arg(long, value_name = "KIND")]
    only: Vec<Kind>,
    /// End with exit status 1 if there is any advice
    #[arg(long)]
    strict: bool,
}

impl Context {
    pub(super) fn theme_lint(&self, args: &LintArgs) -> Result<Exit> {
        let study = self.read()?;
        let mut found = lint(&study)?;
        // An example may be composed, as a definition is: that it was never said is told in one line, and listed if asked for.
        found.advice.retain(|a| {
            if args.only.is_empty() {
                a.advice != Kind::ExampleNotFound
            } else {
                args.only.contains(&a.advice)
            }
        });
        self.out
            .table(
                &found,
                || {
                    let mut table = Table::new(&["theme", "advice", "what", "hint"]);
                    for a in &found.advice {
                        table.row([
                            a.theme.clone(),
                            a.advice.to_string(),
                            a.what.clone(),
                            a.hint.clone(),
                        ]);
                    }
                    table
                },
                "",
            )
            .map_err(io_error)?;
        self.out.say(&match found.advice.len() {
            0 => format!(
                "Nothing to better in {}.",
                count(found.themes as u64, "theme")
            ),
            n => format!(
                "{} on {}, from {}.",
                match n {
                    1 => "1 piece of advice".to_owned(),
                    n => format!("{n} pieces of advice"),
                },
                count(found.themes as u64, "theme"),
                count(found.codings as u64, "coding")
            ),
        });
        if found.composed > 0 && args.only.is_empty() {
            self.out.say(&format!(
                "{} in no transcript: composed, it seems. They are listed with --only example-not-found.",
                if found.composed == 1 {
                    "1 example stands".to_owned()
                } else {
                    format!("{} examples stand", found.composed)
                }
            ));
        }
        self.say_pending(found.pending);
        Ok(if args.strict && !found.advice.is_empty() {
            Exit::Refused
        } else {
            Exit::Done
        })
    }
}
