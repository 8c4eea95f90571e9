//! `case link` and `case unlink`: how cases belong together, and from when to when.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::output::Exit;
use super::{CliError, Context, date};
use crate::domain::Date;
use crate::domain::words::LinkKind;
use crate::error::Result;
use crate::indicator::systems_change::import_links;
use crate::study::records::link;

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct LinkArgs {
    #[command(subcommand)]
    command: Option<LinkCommand>,
    /// The case …
    #[arg(required = true)]
    case: Option<String>,
    /// … stands so: part-of, partner-of, merged-into or renamed-to …
    #[arg(required = true)]
    kind: Option<LinkKind>,
    /// … to this one
    #[arg(required = true)]
    other: Option<String>,
    /// The first day of the link
    #[arg(long, value_name = "DATE", value_parser = date)]
    from: Option<Date>,
    /// The first day on which it no longer stands
    #[arg(long, value_name = "DATE", value_parser = date)]
    to: Option<Date>,
}

#[derive(Subcommand)]
enum LinkCommand {
    /// Import links from a CSV: case, link, other, from, to
    Import {
        /// The CSV file
        file: PathBuf,
    },
}

#[derive(Args)]
pub(super) struct UnlinkArgs {
    /// The case …
    case: String,
    /// … that stands so: part-of, partner-of, merged-into or renamed-to …
    kind: LinkKind,
    /// … to this one
    other: String,
}

impl Context {
    pub(super) fn case_link(&self, args: LinkArgs) -> Result<Exit> {
        if let Some(LinkCommand::Import { file }) = args.command {
            let report = import_links(&self.write()?, &file)?;
            return self.table_report(&report, "link");
        }
        let (Some(case), Some(kind), Some(other)) = (args.case, args.kind, args.other) else {
            return Err(CliError::refused(
                "a link needs two cases and how they stand",
                "as in: casebook case link NORTH merged-into WHOLE --from 2021-04-01",
            )
            .into());
        };
        let ((), event) = self.write()?.change("case link", |tx| {
            link(tx, &case, kind, &other, args.from, args.to)?;
            tx.summary(format!("link case {case} {kind} {other}"));
            Ok(())
        })?;
        self.done(&format!("{case} is {kind} {other}."), event);
        Ok(Exit::Done)
    }

    pub(super) fn case_unlink(&self, args: &UnlinkArgs) -> Result<Exit> {
        let (n, event) = self.write()?.change("case unlink", |tx| {
            let (a, b) = (tx.case(&args.case)?.id, tx.case(&args.other)?.id);
            let found: Vec<_> = tx
                .case_links()?
                .into_iter()
                .filter(|l| (l.case, l.other) == (a, b) && l.kind == args.kind.word())
                .collect();
            for l in &found {
                tx.remove_case_link(l.id)?;
            }
            tx.summary(format!(
                "unlink case {} {} {}",
                args.case, args.kind, args.other
            ));
            Ok(found.len())
        })?;
        if n == 0 {
            return Err(CliError::refused(
                format!("`{}` is not {} `{}`", args.case, args.kind, args.other),
                format!("see the links with: casebook case show {}", args.case),
            )
            .into());
        }
        self.done(
            &format!("{} is no longer {} {}.", args.case, args.kind, args.other),
            event,
        );
        Ok(Exit::Done)
    }
}
