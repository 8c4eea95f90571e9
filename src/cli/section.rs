//! `section`: headings and interview-guide questions over all transcripts.

use clap::Subcommand;

use super::filters::FilterArgs;
use super::output::{Exit, Table};
use super::{Context, io_error};
use crate::coding::sections::list;
use crate::error::Result;

#[derive(Subcommand)]
pub(super) enum SectionCommand {
    /// List headings and questions, in the order of the interviews, with what stands under each
    List(Box<FilterArgs>),
}

impl Context {
    pub(super) fn section(&self, command: &SectionCommand) -> Result<Exit> {
        let SectionCommand::List(filters) = command;
        let study = self.read()?;
        let found = list(&study, &self.filter(filters))?;
        self.out
            .table(
                &found,
                || {
                    let mut table = Table::new(&[
                        "section",
                        "kind",
                        ">transcripts",
                        ">turns",
                        ">words",
                        ">codings",
                    ]);
                    for row in &found.sections {
                        table.row([
                            row.section.clone(),
                            row.kind.clone(),
                            row.transcripts.to_string(),
                            row.turns.to_string(),
                            row.words.to_string(),
                            row.codings.to_string(),
                        ]);
                    }
                    table
                },
                "No sections here. Headings (# Setting) and numbered questions (Question 3: …) become sections at import.",
            )
            .map_err(io_error)?;
        Ok(Exit::Done)
    }
}
