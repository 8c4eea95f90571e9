//! `checklist`: what a report of a qualitative study ought to say, and how it stands with each item.

use clap::{Args, Subcommand};

use super::output::{Exit, Mode, count};
use super::table_file::TableFile;
use super::{Context, filled, io_error};
use crate::domain::span::printable;
use crate::error::Result;
use crate::evidence::Error;
use crate::evidence::checklist::{By, Checklist, Filling, Row, Status, fill};
use crate::report::sheet::{Cell, Sheet};
use crate::store::ChecklistItem;

#[derive(Subcommand)]
pub(super) enum ChecklistCommand {
    /// Show COREQ's 32 items, filled from the study
    Coreq(ShowArgs),
    /// Show SRQR's 21 items, filled from the study
    Srqr(ShowArgs),
    /// Say something to an item, or how it stands
    Set(SetArgs),
    /// Take back what was said to an item; the study's own word stands again
    Clear {
        /// coreq or srqr
        checklist: Checklist,
        /// The item's number
        item: usize,
    },
}

#[derive(Args)]
pub(super) struct ShowArgs {
    /// Only items that stand so: met, not-met, not-applicable or to-write (can be repeated)
    #[arg(long, value_name = "STATUS")]
    status: Vec<Status>,
    #[command(flatten)]
    file: TableFile,
}

#[derive(Args)]
pub(super) struct SetArgs {
    /// coreq or srqr
    checklist: Checklist,
    /// The item's number
    item: usize,
    /// What is to be reported, or why it is not met or not applicable
    #[arg(value_name = "TEXT", value_parser = filled)]
    text: Option<String>,
    /// How it stands: met, not-met or not-applicable; without it, met
    #[arg(long, value_name = "STATUS")]
    status: Option<Status>,
    /// Where in the report it stands, as in "p. 7"
    #[arg(long, value_name = "PLACE", value_parser = filled)]
    place: Option<String>,
}

impl Context {
    pub(super) fn checklist(&self, command: ChecklistCommand) -> Result<Exit> {
        match command {
            ChecklistCommand::Coreq(args) => self.checklist_show(Checklist::Coreq, &args),
            ChecklistCommand::Srqr(args) => self.checklist_show(Checklist::Srqr, &args),
            ChecklistCommand::Set(args) => self.checklist_set(args),
            ChecklistCommand::Clear { checklist, item } => {
                let number = number(checklist, item)?;
                let ((), event) = self.write()?.change("checklist clear", |tx| {
                    tx.clear_checklist_item(checklist.word(), number)?;
                    tx.summary(format!("clear item {item} of {checklist}"));
                    Ok(())
                })?;
                self.done(&format!("Cleared item {item} of {checklist}."), event);
                Ok(Exit::Done)
            }
        }
    }

    fn checklist_show(&self, checklist: Checklist, args: &ShowArgs) -> Result<Exit> {
        let study = self.read()?;
        args.file.check(&study)?;
        let mut filling = fill(&study, checklist)?;
        if !args.status.is_empty() {
            filling.items.retain(|r| args.status.contains(&r.status));
        }
        if self.out.mode == Mode::Text && !args.file.is_given() {
            self.out
                .styled(&filling, || text(&filling))
                .map_err(io_error)?;
        } else {
            self.tables(&study, &args.file, &filling, &[sheet(&filling)], "")?;
        }
        Ok(Exit::Done)
    }

    fn checklist_set(&self, args: SetArgs) -> Result<Exit> {
        let number = number(args.checklist, args.item)?;
        let (list, item) = (args.checklist, args.item);
        let study = self.write()?;
        let before = study.store.checklist_item(list.word(), number)?;
        let (old_text, old_place, old_status) = match before {
            Some(b) => (b.text, b.place, b.status.parse().ok()),
            None => (None, None, None),
        };
        if args.text.is_none() && args.status.is_none() && args.place.is_none() {
            return Err(Error::refused(
                "there is nothing to say",
                format!("write it after the number: casebook checklist set {list} {item} TEXT"),
            )
            .into());
        }
        let status = args.status.or(old_status).unwrap_or(Status::Met);
        let text = args.text.or(old_text);
        match status {
            Status::ToWrite => {
                return Err(Error::refused(
                    "what is to be written is not said yet",
                    format!("to take back what was said: casebook checklist clear {list} {item}"),
                )
                .into());
            }
            Status::NotMet | Status::NotApplicable if text.is_none() => {
                return Err(Error::refused(
                    format!("`{status}` needs a reason"),
                    format!(
                        "give it: casebook checklist set {list} {item} \"the reason\" --status {status}"
                    ),
                )
                .into());
            }
            _ => {}
        }
        let new = ChecklistItem {
            item: number,
            status: status.word().to_owned(),
            text,
            place: args.place.or(old_place),
        };
        let ((), event) = study.change("checklist set", |tx| {
            tx.put_checklist_item(list.word(), &new)?;
            tx.summary(format!("say item {item} of {list}: {status}"));
            Ok(())
        })?;
        self.done(&format!("Item {item} of {list} is {status}."), event);
        Ok(Exit::Done)
    }
}

/// An item's number, if the list has it.
fn number(checklist: Checklist, item: usize) -> Result<i64> {
    let all = checklist.items().len();
    if item == 0 || item > all {
        return Err(Error::refused(
            format!("{checklist} has no item `{item}`"),
            format!("its items are numbered from 1 to {all}: casebook checklist {checklist}"),
        )
        .into());
    }
    Ok(i64::try_from(item).unwrap_or_default())
}

/// `14 met, 1 not met, 17 to write`.
fn totals(filling: &Filling) -> String {
    [
        (filling.met, "met"),
        (filling.not_met, "not met"),
        (filling.not_applicable, "not applicable"),
        (filling.to_write, "to write"),
    ]
    .into_iter()
    .filter(|(n, _)| *n > 0)
    .map(|(n, what)| format!("{n} {what}"))
    .collect::<Vec<_>>()
    .join(", ")
}

/// What counts leave out.
fn left_out(filling: &Filling) -> Vec<String> {
    let mut said = Vec::new();
    if filling.off_record > 0 {
        said.push(format!(
            "{} off the record: in no count.",
            count(filling.off_record as u64, "participant")
        ));
    }
    if filling.pending > 0 {
        said.push(format!(
            "{} for a place in a corrected text: in no count.",
            match filling.pending {
                1 => "1 coding waits".to_owned(),
                n => format!("{n} codings wait"),
            }
        ));
    }
    said
}

fn text(filling: &Filling) -> String {
    let bold = anstyle::Style::new().bold();
    let all = filling.checklist.items().len();
    let mut out = format!(
        "{bold}{}{bold:#}  {all} items: {}\n{}\n",
        filling.checklist.word().to_uppercase(),
        totals(filling),
        filling.source
    );
    let mut part = "";
    for row in &filling.items {
        if row.part != part {
            part = row.part;
            out.push_str(&format!("\n{bold}{part}{bold:#}\n"));
        }
        out.push_str(&format!(
            "{:>4}  {:32}  {}\n",
            row.item,
            row.topic,
            state(row)
        ));
        let mut line = |head: &str, words: &str| {
            out.push_str(&format!(
                "      {head}{}\n",
                printable(words).replace(['\n', '\t'], " ")
            ));
        };
        if let Some(words) = row.reason.as_deref().or(row.text.as_deref()) {
            line("", words);
        }
        for words in &row.evidence {
            line(
                if row.by == By::Confirm {
                    "the study proposes: "
                } else {
                    "the study says: "
                },
                words,
            );
        }
        for m in &row.missing {
            line("missing: ", &format!("{}  ({})", m.what, m.command));
        }
    }
    for words in left_out(filling) {
        out.push_str(&format!("\n{words}\n"));
    }
    out
}

fn state(row: &Row) -> String {
    let words = row.status.word().replace('-', " ");
    match &row.place {
        Some(place) => format!("{words}, {}", printable(place)),
        None => words,
    }
}

fn sheet(filling: &Filling) -> Sheet {
    let lines = |all: &[String]| match all {
        [] => Cell::Empty,
        all => Cell::from(all.join("\n")),
    };
    let rows = filling
        .items
        .iter()
        .map(|r| {
            let what: Vec<String> = r.missing.iter().map(|m| m.what.clone()).collect();
            let how: Vec<String> = r.missing.iter().map(|m| m.command.clone()).collect();
            vec![
                Cell::from(r.item),
                Cell::from(r.topic),
                Cell::from(r.asks),
                Cell::from(r.status.word()),
                Cell::from(r.reason.clone()),
                Cell::from(r.text.clone()),
                Cell::from(r.place.clone()),
                lines(&r.evidence),
                lines(&what),
                lines(&how),
            ]
        })
        .collect();
    let mut notes = vec![format!(
        "{} items: {}.",
        filling.checklist.items().len(),
        totals(filling)
    )];
    notes.push(format!("Items {}.", filling.source));
    notes.extend(left_out(filling));
    Sheet {
        title: filling.checklist.word().to_uppercase(),
        heads: [
            "item",
            "topic",
            "asks",
            "status",
            "reason",
            "text",
            "place",
            "the study says",
            "missing",
            "command",
        ]
        .map(str::to_owned)
        .to_vec(),
        rows,
        notes,
    }
}
