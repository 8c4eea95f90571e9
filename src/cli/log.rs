//! `log` and `undo`: the record, and taking back.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::output::{Exit, Table, count};
use super::{CliError, Context, date, io_error};
use crate::coding::memo::object;
use crate::domain::Date;
use crate::error::Result;
use crate::store::{Event, EventFilter, MemoOn};
use crate::study::Study;
use crate::study::head::{Compared, KeptHead};

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct LogArgs {
    #[command(subcommand)]
    verb: Option<LogCommand>,
    /// Only what touched this: study, case:SLUG, participant:ID, transcript:ID, theme:PATH, coding:N or finding:N
    #[arg(long, value_name = "OBJECT")]
    object: Option<String>,
    /// Only what this coder did
    #[arg(long = "by", value_name = "CODER")]
    by: Option<String>,
    /// Only from this day on
    #[arg(long, value_name = "DATE", value_parser = date)]
    from: Option<Date>,
    /// Only up to this day
    #[arg(long, value_name = "DATE", value_parser = date)]
    to: Option<Date>,
    /// How many, the newest first
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
}

#[derive(Subcommand)]
enum LogCommand {
    /// Show the head of the record: a hash that covers all of it, to be kept outside the study
    Head,
    /// Check that nothing on record, and nothing it describes, was changed behind its back
    Verify(VerifyArgs),
}

#[derive(Args)]
struct VerifyArgs {
    /// Compare with a head that was kept: the event's number and at least 12 characters of its hash
    #[arg(long, value_name = "N:HASH")]
    head: Option<KeptHead>,
    /// Compare with the heads in a file: what `log head` printed, a report, or a backup of the study
    #[arg(long, value_name = "FILE", conflicts_with = "head")]
    against: Option<PathBuf>,
}

#[derive(Args)]
pub(super) struct UndoArgs {
    /// The event; without it, the last one that stands
    event: Option<i64>,
}

#[derive(Serialize)]
struct LogView {
    events: Vec<Event>,
}

#[derive(Serialize)]
struct Verified {
    /// Whether nothing is wrong, and what was compared is the same.
    sound: bool,
    events: i64,
    wrong: Vec<Wrong>,
    /// The head of the record: `412:` and the hash.
    head: Option<String>,
    compared: Vec<Compared>,
}

#[derive(Serialize)]
struct HeadView {
    event: i64,
    at: String,
    /// In hex.
    hash: String,
    /// Its first 12 characters.
    short: String,
    /// `412:` and the hash, as `log verify --head` takes it.
    head: String,
}

#[derive(Serialize)]
struct Wrong {
    event: i64,
    what: &'static str,
}

#[derive(Serialize)]
struct Undone {
    undone: i64,
    what: String,
    event: i64,
}

impl Context {
    pub(super) fn log(&self, args: &LogArgs) -> Result<Exit> {
        let study = self.read()?;
        match &args.verb {
            Some(LogCommand::Head) => return self.log_head(&study),
            Some(LogCommand::Verify(args)) => return self.log_verify(&study, args),
            None => {}
        }
        let mut filter = EventFilter {
            coder: args.by.clone(),
            from: args.from.map(|d| d.to_string()),
            to: args.to.map(|d| d.to_string()),
            limit: Some(args.limit),
            ..EventFilter::default()
        };
        if let Some(typed) = &args.object {
            let one = |table: &str, id: i64| Some(vec![(table.to_owned(), id)]);
            match object(&study.store, typed)? {
                MemoOn::Study => filter.object = one("study", 1),
                MemoOn::Case(id) => filter.object = one("cases", id),
                MemoOn::Participant(id) => filter.object = one("participants", id),
                MemoOn::Theme(id) => filter.object = one("themes", id),
                MemoOn::Coding(id) => filter.object = one("codings", id),
                MemoOn::Finding(id) => filter.object = one("findings", id),
                MemoOn::Transcript(id) => {
                    filter.object = one("transcripts", id);
                    filter.codings = Some((
                        id * crate::store::CODINGS_PER_TRANSCRIPT,
                        (id + 1) * crate::store::CODINGS_PER_TRANSCRIPT - 1,
                    ));
                }
            }
        }
        let view = LogView {
            events: study.store.events(&filter)?,
        };
        self.out
            .table(
                &view,
                || {
                    let mut table = Table::new(&[">event", "at", "coder", "what", ">rows", "note"]);
                    for e in &view.events {
                        let note = match (e.undone_by, &e.why) {
                            (Some(by), _) => format!("undone by {by}"),
                            (None, Some(why)) => why.clone(),
                            (None, None) => String::new(),
                        };
                        table.row([
                            e.event.to_string(),
                            e.at.clone(),
                            e.coder.clone(),
                            e.summary.clone(),
                            e.changes.to_string(),
                            note,
                        ]);
                    }
                    table
                },
                "Nothing on record fits.",
            )
            .map_err(io_error)?;
        Ok(Exit::Done)
    }

    fn log_head(&self, study: &Study) -> Result<Exit> {
        let Some(head) = study.store.head()? else {
            return Err(CliError::refused(
                "nothing is on record",
                "look at the study with: casebook check",
            )
            .into());
        };
        let view = HeadView {
            event: head.event,
            hash: head.hex(),
            short: head.hex()[..crate::store::SHORT].to_owned(),
            head: head.whole(),
            at: head.at,
        };
        self.out
            .text(&view, || {
                let spaced = [&view.short[..4], &view.short[4..8], &view.short[8..]].join(" ");
                format!(
                    "event  {}\nat     {}\nshort  {spaced}\nhead   {}\n",
                    view.event, view.at, view.head
                )
            })
            .map_err(io_error)?;
        self.out.say(&format!(
            "Keep it where nobody can change it; later: casebook log verify --head {}:{}",
            view.event, view.short
        ));
        Ok(Exit::Done)
    }

    fn log_verify(&self, study: &Study, args: &VerifyArgs) -> Result<Exit> {
        let compared = match (&args.head, &args.against) {
            (Some(head), _) => vec![study.compare_head(head)?],
            (None, Some(path)) => study.compare_file(path)?,
            (None, None) => Vec::new(),
        };
        let mut wrong: Vec<Wrong> = study
            .store
            .verify_chain()?
            .into_iter()
            .map(|(event, what)| Wrong { event, what })
            .collect();
        // The chain covers the digest of a reading; the digest covers its measures.
        let readings = study.store.damaged_readings()?;
        wrong.extend(readings.into_iter().map(|(reading, event, what)| Wrong {
            event,
            what: if reading.is_some() { MEASURES } else { what },
        }));
        let verified = Verified {
            sound: wrong.is_empty() && compared.iter().all(|c| c.same),
            events: study.store.last_event()?,
            wrong,
            head: study.store.head()?.map(|head| head.whole()),
            compared,
        };
        self.out
            .text(&verified, || said(&verified))
            .map_err(io_error)?;
        Ok(if verified.sound {
            Exit::Done
        } else {
            Exit::Damaged
        })
    }

    pub(super) fn undo(&self, args: &UndoArgs) -> Result<Exit> {
        if args.event.is_some_and(|e| e < 1) {
            return Err(CliError::refused(
                "events are numbered from 1",
                "see them with: casebook log",
            )
            .into());
        }
        let study = self.write()?;
        let (undone, event) = study.undo(args.event)?;
        let result = Undone {
            undone: undone.event,
            what: undone.summary,
            event,
        };
        self.out
            .text(&result, || {
                format!("Took back event {}: {}\n", result.undone, result.what)
            })
            .map_err(io_error)?;
        self.out.say(&format!(
            "(event {event}; to bring it back: casebook undo {event})"
        ));
        Ok(Exit::Done)
    }
}

/// What is said of an event whose reading is damaged.
const MEASURES: &str = "the measures of its reading are not as it left them";

fn said(verified: &Verified) -> String {
    let mut lines: Vec<String> = verified
        .wrong
        .iter()
        .map(|w| format!("event {}: {}", w.event, w.what))
        .collect();
    if lines.is_empty() {
        lines.push(format!(
            "The record holds: {}, each as it was written.",
            count(verified.events, "event")
        ));
    }
    for c in &verified.compared {
        lines.push(match &c.what {
            None if c.characters == 64 => format!(
                "It agrees with what was kept, up to event {}.",
                c.event
            ),
            None => format!(
                "It agrees with what was kept, up to event {} ({} characters of the hash compared).",
                c.event, c.characters
            ),
            Some(what) => format!("It is not the record that was kept: {what}."),
        });
    }
    lines.join("\n") + "\n"
}
