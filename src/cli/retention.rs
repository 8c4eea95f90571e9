//! `retention`: how long each class of record is kept, what is due, and deleting it.

use clap::{Args, Subcommand};
use serde::Serialize;

use super::output::{Exit, Table, count};
use super::table_file::TableFile;
use super::{CliError, Context, date, filled, io_error};
use crate::domain::Date;
use crate::error::Result;
use crate::governance::erase::{Lock, erase_records, finish};
use crate::governance::key::{Key, WORK_FACTOR, path_of};
use crate::governance::retention::{
    Class, DueList, Since, Standing, carried_out_with, doomed, due, remove, rules, set, without,
};
use crate::report::sheet::{Cell, Sheet};
use crate::study::Study;

#[derive(Subcommand)]
pub(super) enum RetentionCommand {
    /// Set how long a class of record is kept
    Set(SetArgs),
    /// List the rules
    List,
    /// Take the rule of a class away
    Remove {
        /// The class of record: contact, consent, transcript, response or study
        class: Class,
    },
    /// Show what is due to be deleted
    Due(DueArgs),
    /// Delete what is due of a class; nothing brings it back
    Delete(DeleteArgs),
}

#[derive(Args)]
pub(super) struct SetArgs {
    /// The class of record: contact, consent, transcript, response or study
    class: Class,
    /// For how many months it is kept
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(0..=12_000))]
    months: i64,
    /// What they are counted from: interview, debrief, withdrawal or study-end
    #[arg(long, value_name = "BEGINNING")]
    since: Since,
    /// Who asks for it: the protocol, the sponsor, the law
    #[arg(long, value_name = "TEXT", value_parser = filled)]
    basis: String,
}

#[derive(Args)]
pub(super) struct DueArgs {
    /// As seen from this day; without it, today
    #[arg(long, value_name = "DATE", value_parser = date)]
    on: Option<Date>,
    #[command(flatten)]
    file: TableFile,
}

#[derive(Args)]
pub(super) struct DeleteArgs {
    /// The class of record: contact, consent, transcript, response or study
    class: Class,
    /// Show what would be deleted
    #[arg(long)]
    dry_run: bool,
    /// Don't ask
    #[arg(long)]
    yes: bool,
}

#[derive(Serialize)]
struct RuleView {
    record: Class,
    months: i64,
    since: Since,
    basis: String,
    /// When it was last set or carried out.
    event: i64,
}

#[derive(Serialize)]
struct RuleList {
    rules: Vec<RuleView>,
}

#[derive(Serialize)]
struct Deleted {
    record: Class,
    /// What was due and is gone, or would go.
    deleted: Vec<String>,
    dry_run: bool,
    event: Option<i64>,
}

impl Context {
    pub(super) fn retention(&self, command: &RetentionCommand) -> Result<Exit> {
        match command {
            RetentionCommand::Set(args) => {
                let study = self.write()?;
                let event = set(&study, args.class, args.months, args.since, &args.basis)?;
                self.done(
                    &format!(
                        "Keep {} for {} since {}.",
                        args.class,
                        count(args.months, "month"),
                        args.since
                    ),
                    event,
                );
            }
            RetentionCommand::List => return self.retention_list(),
            RetentionCommand::Remove { class } => {
                let event = remove(&self.write()?, *class)?;
                self.done(&format!("Removed the rule for {class}."), event);
            }
            RetentionCommand::Due(args) => return self.retention_due(args),
            RetentionCommand::Delete(args) => return self.retention_delete(args),
        }
        Ok(Exit::Done)
    }

    fn retention_list(&self) -> Result<Exit> {
        let list = RuleList {
            rules: rules(&self.read()?)?
                .into_iter()
                .map(|(record, since, rule)| RuleView {
                    record,
                    months: rule.months,
                    since,
                    basis: rule.basis,
                    event: rule.event,
                })
                .collect(),
        };
        self.out
            .table(
                &list,
                || {
                    let mut table = Table::new(&["record", ">months", "since", "basis", ">event"]);
                    for r in &list.rules {
                        table.row([
                            r.record.to_string(),
                            r.months.to_string(),
                            r.since.to_string(),
                            r.basis.clone(),
                            r.event.to_string(),
                        ]);
                    }
                    table
                },
                "No rule is set. Set one with: casebook retention set transcript --months 120 --since study-end --basis TEXT",
            )
            .map_err(io_error)?;
        Ok(Exit::Done)
    }

    fn retention_due(&self, args: &DueArgs) -> Result<Exit> {
        let study = self.read()?;
        args.file.check(&study)?;
        let list = due(&study, args.on.map_or_else(|| today(&study), Ok)?)?;
        let mut sheets = vec![classes(&list)];
        let records = records(&list);
        if !records.rows.is_empty() {
            sheets.push(records);
        }
        self.tables(
            &study,
            &args.file,
            &list,
            &sheets,
            "No rule is set. Set one with: casebook retention set transcript --months 120 --since study-end --basis TEXT",
        )?;
        Ok(Exit::Done)
    }

    fn retention_delete(&self, args: &DeleteArgs) -> Result<Exit> {
        let study = if args.dry_run {
            self.read()?
        } else {
            self.write()?
        };
        if args.class == Class::Contact {
            return self.delete_contacts(&study, args);
        }
        let doomed = doomed(&study, args.class, today(&study)?)?;
        if !doomed.kept.is_empty() {
            self.out.say(&format!(
                "Due, and kept while the words that they bind are in the study: {}.",
                doomed.kept.join(", ")
            ));
        }
        if doomed.what.is_empty() || args.dry_run {
            return self.show_deleted(args.class, doomed.what, true, None);
        }
        self.confirm(
            args.yes,
            &format!("Delete {} for good: {}", args.class, doomed.what.join(", ")),
        )?;
        let lock = Lock::take(study.path())?;
        let event = erase_records(&study, args.class.word(), &doomed.records)?;
        let finished = finish(&study, &|line| self.out.say(line))?;
        drop(lock);
        let exit = self.show_deleted(args.class, doomed.what, false, event)?;
        self.out.say("Reports and copies that were written stay, and so does what researchers wrote: casebook report list, casebook copy list");
        if !finished.verified.clean {
            self.out.warn("something of it was found in the study's files all the same; the next command goes on with it");
            return Ok(Exit::Damaged);
        }
        Ok(exit)
    }

    /// Contacts stand in the key alone.
    fn delete_contacts(&self, study: &Study, args: &DeleteArgs) -> Result<Exit> {
        let class = args.class;
        let list = due(study, today(study)?)?;
        if list.without.contains(&class) {
            return Err(without(class));
        }
        let mut names: Vec<String> = list
            .items
            .iter()
            .filter(|i| i.record == class && i.standing == Standing::Due)
            .map(|i| i.what.clone())
            .collect();
        if names.is_empty() {
            return self.show_deleted(class, names, true, None);
        }
        let path = path_of(study.path());
        let passphrase = self.passphrase(&path, false)?;
        let mut key = Key::open(&path, &passphrase, &study.store.uuid()?)?;
        // Who has no contact in the key has nothing to be deleted.
        let is =
            |of: Option<&String>, code: &str| of.is_some_and(|of| of.eq_ignore_ascii_case(code));
        names.retain(|code| {
            key.entities
                .iter()
                .any(|e| e.contact.is_some() && is(e.participant.as_ref(), code))
        });
        if names.is_empty() || args.dry_run {
            return self.show_deleted(class, names, true, None);
        }
        self.confirm(
            args.yes,
            &format!("Delete the contacts of {} from the key", names.join(", ")),
        )?;
        for entity in &mut key.entities {
            if names
                .iter()
                .any(|code| is(entity.participant.as_ref(), code))
            {
                entity.contact = None;
            }
        }
        let event = carried_out_with(study, class, names.len(), || {
            Ok(key.save(&path, &passphrase, WORK_FACTOR)?)
        })?;
        let exit = self.show_deleted(class, names, false, event)?;
        self.out
            .say("Copies of the key that were made elsewhere still hold them.");
        Ok(exit)
    }

    fn show_deleted(
        &self,
        class: Class,
        names: Vec<String>,
        dry_run: bool,
        event: Option<i64>,
    ) -> Result<Exit> {
        let view = Deleted {
            record: class,
            deleted: names,
            dry_run,
            event,
        };
        self.out
            .text(&view, || {
                if view.deleted.is_empty() {
                    return format!("Nothing of {class} is due.\n");
                }
                let verb = if dry_run { "Would delete" } else { "Deleted" };
                format!("{verb} {class}: {}\n", view.deleted.join(", "))
            })
            .map_err(io_error)?;
        Ok(Exit::Done)
    }
}

/// The day of the session's clock.
fn today(study: &Study) -> Result<Date> {
    study
        .session
        .now
        .get(..10)
        .and_then(|day| day.parse().ok())
        .ok_or_else(|| CliError::refused("the clock shows no day", "set it right").into())
}

fn classes(list: &DueList) -> Sheet {
    let mut sheet = Sheet::new(
        format!("What is due on {}", list.on),
        [
            "record",
            "months",
            "since",
            "due",
            "later",
            "day unknown",
            "not begun",
            "next",
        ],
    );
    for class in &list.classes {
        sheet.row([
            class.record.word().into(),
            class.months.into(),
            class.since.word().into(),
            class.due.into(),
            class.later.into(),
            class.unknown.into(),
            class.not_begun.into(),
            class.next.map(|d| d.to_string()).into(),
        ]);
    }
    if list.classes.is_empty() {
        return sheet;
    }
    sheet.note("Counted are transcripts, signed forms (consent), responses, participants (contact), the study. `day unknown`: it began on a day that is on no record; nothing is guessed. `not begun`: what the months are counted from has not been.");
    if list
        .classes
        .iter()
        .any(|c| c.record == Class::Contact && c.due > 0)
    {
        sheet.note("Which participants have a contact stands in the key, and is seen when it is opened: casebook retention delete contact --dry-run");
    }
    if !list.without.is_empty() {
        let names: Vec<&str> = list.without.iter().map(|c| c.word()).collect();
        sheet.note(format!("No rule is set for {}.", names.join(", ")));
    }
    sheet
}

/// What is due or can't be told, one by one.
fn records(list: &DueList) -> Sheet {
    let mut sheet = Sheet::new(
        "Due, or of an unknown day",
        ["record", "what", "since", "due", "note"],
    );
    for item in &list.items {
        if matches!(item.standing, Standing::Due | Standing::Unknown) {
            sheet.row([
                item.record.word().into(),
                item.what.clone().into(),
                Cell::from(item.start.map(|d| d.to_string())),
                Cell::from(item.due.map(|d| d.to_string())),
                match item.standing {
                    Standing::Unknown => "day unknown".into(),
                    _ => Cell::Empty,
                },
            ]);
        }
    }
    sheet
}
