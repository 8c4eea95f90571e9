//! Quotes for readers outside the team: on the screen, in a document or in a table.

use clap::Args;

use super::output::{Table, count};
use super::quotes::pending_note;
use super::table_file::TableFile;
use super::{CliError, Context, io_error};
use crate::domain::span::printable;
use crate::error::Result;
use crate::evidence::released::ReleasedQuotes;
use crate::governance::gate::{Audience, HeldBack};
use crate::report::sheet::Sheet;
use crate::study::Study;

#[derive(Args, Clone, Copy, Debug, Default)]
pub(super) struct AudienceArg {
    /// Who will read it: team, participant, case (its people, of those that --case names) or public; without it, quotes
    /// are for the team on the screen and for the public in a file, and counts are for the team
    #[arg(long, value_name = "AUDIENCE")]
    audience: Option<Audience>,
}

impl AudienceArg {
    /// Refuses an audience for counts: it says who reads quotes.
    pub(super) fn of_quotes_only(self) -> Result<()> {
        match self.audience {
            None | Some(Audience::Team) => Ok(()),
            Some(_) => Err(CliError::refused(
                "--audience is for the quotes behind a cell",
                "name one, as in: --cell ROW,COLUMN",
            )
            .into()),
        }
    }

    /// For whom counts are. Outside the team, small ones are hidden.
    pub(super) fn of_counts(self) -> Audience {
        self.audience.unwrap_or(Audience::Team)
    }

    /// For whom quotes are.
    pub(super) fn of(self, in_file: bool) -> Audience {
        self.audience.unwrap_or(if in_file {
            Audience::Public
        } else {
            Audience::Team
        })
    }
}

/// What was held back, in words; `None` where nothing was.
pub(super) fn held_back_note(held: &HeldBack) -> Option<String> {
    let reasons: Vec<String> = held
        .reasons()
        .map(|(reason, n)| format!("{n} {reason}"))
        .collect();
    (!reasons.is_empty()).then(|| {
        format!(
            "Held back: {} ({}).",
            count(held.total(), "quote"),
            reasons.join(", ")
        )
    })
}

impl Context {
    /// Shows quotes that were released, or writes them as a table to the file that was named.
    pub(super) fn released(
        &self,
        study: &Study,
        file: &TableFile,
        found: &ReleasedQuotes,
        title: &str,
    ) -> Result<()> {
        if file.is_given() {
            return self.tables(study, file, found, &[sheet(found, title)], "");
        }
        self.show_released(found)
    }

    /// Shows quotes that were released on the screen.
    pub(super) fn show_released(&self, found: &ReleasedQuotes) -> Result<()> {
        let sheet = sheet(found, "Quotes");
        match self.out.mode {
            super::Mode::Csv => self.out.table(found, || Table::of(&sheet), ""),
            _ => self.out.text(found, || text(found)),
        }
        .map_err(io_error)?;
        self.out.say(&format!("{}.", count(found.total, "quote")));
        self.say_released(found);
        Ok(())
    }

    /// What was held back, and what waits.
    pub(super) fn say_released(&self, found: &ReleasedQuotes) {
        if let Some(note) = held_back_note(&found.held_back) {
            self.out.say(&note);
        }
        self.say_pending(found.pending);
    }
}

fn text(found: &ReleasedQuotes) -> String {
    let one = |q: &crate::evidence::released::Released| {
        format!("{}  {}\n{}\n\n", q.theme, q.citation, printable(&q.text))
    };
    found.quotes.iter().map(one).collect()
}

fn sheet(found: &ReleasedQuotes, title: &str) -> Sheet {
    let mut sheet = Sheet::new(title, ["theme", "citation", "text"]);
    for q in &found.quotes {
        sheet.row([&q.theme, &q.citation, &q.text].map(|words| words.as_str().into()));
    }
    if !found.among_few {
        sheet.notes.extend(held_back_note(&found.held_back));
    } else if found.held_back.total() > 0 {
        let n = count(found.held_back.total(), "quote");
        sheet.notes.push(format!("Held back: {n}."));
    }
    sheet.notes.extend(pending_note(found.pending));
    sheet
}
