//! `quotes`: coded passages across cases.

use std::path::PathBuf;

use clap::Args;

use super::filters::FilterArgs;
use super::output::{Exit, Mode, Table, count};
use super::relations::RelationArgs;
use super::released::AudienceArg;
use super::{Context, io_error, narrowed};
use crate::coding::quotes::{Quotes, quotes};
use crate::domain::span::printable;
use crate::error::Result;
use crate::evidence::released::of_filter;
use crate::governance::gate::Audience;
use crate::report::sheet::{Cell, Sheet};

#[derive(Args)]
pub(super) struct QuotesArgs {
    /// Write them to a file: .md or .html; without it, to the screen
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// How many to show; the total counts all
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    #[command(flatten)]
    audience: AudienceArg,
    #[command(flatten)]
    filters: FilterArgs,
    #[command(flatten)]
    relations: RelationArgs,
}

impl Context {
    pub(super) fn quotes(&self, args: &QuotesArgs) -> Result<Exit> {
        let study = self.read()?;
        let filter = self.related(&args.filters, &args.relations)?;
        let selection = study.select(&filter)?;
        let audience = args.audience.of(args.output.is_some());
        if audience != Audience::Team {
            narrowed::refuse(&study, &filter, audience, "a list of quotes")?;
            let found = of_filter(&study, &filter, audience, args.limit)?;
            match &args.output {
                Some(path) => {
                    let format = crate::report::Format::of(path)?;
                    super::report::spare(&study, path)?;
                    self.write_copy(&study, "quotes", path, |out| {
                        crate::report::quotes::released(&study, &found, format, out)
                    })?;
                    self.say_released(&found);
                    self.out.say(&format!(
                        "Wrote {} to {}.",
                        count(found.quotes.len(), "quote"),
                        path.display()
                    ));
                }
                None => self.show_released(&found)?,
            }
            self.say_untimed(&study, &filter)?;
            return Ok(Exit::Done);
        }
        if let Some(path) = &args.output {
            let format = crate::report::Format::of(path)?;
            super::report::spare(&study, path)?;
            let mut total = 0;
            self.write_copy(&study, "quotes", path, |out| {
                total = crate::report::quotes::quotes(&study, &selection, args.limit, format, out)?;
                Ok(())
            })?;
            self.out.say(&format!(
                "Wrote {} to {}.",
                count(total as u64, "quote"),
                path.display()
            ));
            self.say_untimed(&study, &filter)?;
            return Ok(Exit::Done);
        }
        let found = quotes(&study, &selection, args.limit)?;
        match self.out.mode {
            Mode::Csv => self.out.table(&found, || table(&found), ""),
            _ => self.out.text(&found, || text(&found)),
        }
        .map_err(io_error)?;
        if found.total == 0 {
            self.out.say(if filter.relations.is_empty() {
                "Nothing is coded there. Code with: casebook code PLACE THEME"
            } else {
                "No coded passage there stands so to the others."
            });
        } else {
            self.out.say(&format!(
                "{}{}.",
                count(found.total as u64, "quote"),
                if found.quotes.len() < found.total {
                    format!(", {} shown", found.quotes.len())
                } else {
                    String::new()
                }
            ));
        }
        self.say_pending(found.pending);
        self.say_untimed(&study, &filter)?;
        Ok(Exit::Done)
    }

    /// Codings that wait are in no table and no list of quotes: whoever looks at one is told.
    pub(super) fn say_pending(&self, pending: usize) {
        if let Some(words) = pending_note(pending) {
            self.out.say(&words);
        }
    }
}

/// What is said of codings that wait, wherever codings are counted or listed.
pub(super) fn pending_note(pending: usize) -> Option<String> {
    (pending > 0).then(|| {
        format!(
            "{} for a place in a corrected text and {} not among them: casebook transcript pending",
            if pending == 1 {
                "1 coding waits".to_owned()
            } else {
                format!("{pending} codings wait")
            },
            if pending == 1 { "is" } else { "are" }
        )
    })
}

pub(super) fn text(found: &Quotes) -> String {
    let mut out = String::new();
    for q in &found.quotes {
        let who = q
            .participant
            .as_ref()
            .map_or(String::new(), |p| format!("  {p}"));
        let case = q.case.as_ref().map_or(String::new(), |c| format!("  {c}"));
        out.push_str(&format!(
            "{}:{}{who}{case}  {}  {}  coding {}\n{}\n",
            q.transcript,
            q.turn,
            q.theme,
            q.coder,
            q.coding,
            printable(&q.text)
        ));
        if let Some(memo) = &q.memo {
            out.push_str(&format!(
                "    memo: {}\n",
                printable(memo).replace('\n', "\n          ")
            ));
        }
        out.push('\n');
    }
    out
}

/// Quotes as a table: a row for each, with its place in the text.
pub(super) fn sheet(found: &Quotes, title: &str) -> Sheet {
    let mut sheet = Sheet::new(
        title,
        [
            "coding",
            "transcript",
            "revision",
            "turn",
            "start",
            "end",
            "text",
            "theme",
            "coder",
            "case",
            "participant",
            "memo",
            "section",
        ],
    );
    for q in &found.quotes {
        let text = |words: &str| Cell::from(words);
        let or = |words: &Option<String>| Cell::from(words.as_deref());
        sheet.row([
            q.coding.into(),
            text(&q.transcript),
            q.revision.into(),
            q.turn.into(),
            q.start.into(),
            q.end.into(),
            text(&q.text),
            text(&q.theme),
            text(&q.coder),
            or(&q.case),
            or(&q.participant),
            or(&q.memo),
            or(&q.section),
        ]);
    }
    sheet.notes.extend(pending_note(found.pending));
    sheet
}

pub(super) fn table(found: &Quotes) -> Table {
    let mut table = Table::new(&[
        "coding",
        "transcript",
        "revision",
        "turn",
        "start",
        "end",
        "text",
        "theme",
        "coder",
        "case",
        "participant",
        "memo",
        "section",
    ]);
    for q in &found.quotes {
        let or = |v: &Option<String>| v.clone().unwrap_or_default();
        table.row([
            q.coding.to_string(),
            q.transcript.clone(),
            q.revision.to_string(),
            q.turn.to_string(),
            q.start.to_string(),
            q.end.to_string(),
            q.text.clone(),
            q.theme.clone(),
            q.coder.clone(),
            or(&q.case),
            or(&q.participant),
            or(&q.memo),
            or(&q.section),
        ]);
    }
    table
}
