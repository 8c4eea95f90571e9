//! `consent`: what participants agreed to, form by form.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::output::{Exit, count};
use super::table_file::TableFile;
use super::{CliError, Context, date, filled, io_error};
use crate::domain::Date;
use crate::domain::words::Attribution;
use crate::error::Result;
use crate::evidence::loss::{Loss, watch};
use crate::governance::consent::{
    self, Changed, Gap, Given, Holds, Imported, add, changes, gaps, holds, leave, next,
};
use crate::governance::withdraw::refuse_more;
use crate::report::sheet::{Cell, Sheet};
use crate::store::{Consent, Participant};
use crate::study::Study;

#[derive(Subcommand)]
pub(super) enum ConsentCommand {
    /// Put a signed form on record, as the newest version of a participant's consent
    Add(Box<AddArgs>),
    /// List what each participant agreed to, and what is missing
    List(ListArgs),
    /// Show all versions of a participant's consent, and what holds today
    Show {
        /// The participant's pseudonym
        participant: String,
    },
    /// Put the forms of a CSV on record: its columns are participant and the options of `add`
    Import {
        /// The CSV file
        file: PathBuf,
        /// Only say what it would put on record
        #[arg(long)]
        dry_run: bool,
    },
    /// Say where a signed form is found; what was signed can't be edited
    Edit {
        /// The participant's pseudonym
        participant: String,
        /// Where the form is found; empty takes it away
        #[arg(long, value_name = "REF")]
        form: String,
        /// Of this version; without it, of the newest
        #[arg(long, value_name = "N")]
        version: Option<i64>,
    },
}

#[derive(Args)]
pub(super) struct AddArgs {
    /// The participant's pseudonym
    participant: String,
    /// The day on which the form was signed
    #[arg(long, value_name = "DATE", value_parser = date)]
    signed: Date,
    /// Where the signed form is found: a reference, never a name
    #[arg(long, value_name = "REF", value_parser = filled)]
    form: Option<String>,
    /// To take part: yes or no
    #[arg(long, value_name = "YES|NO")]
    take_part: Option<String>,
    /// That the talk is recorded: yes or no
    #[arg(long, value_name = "YES|NO")]
    record: Option<String>,
    /// That words are quoted: yes or no
    #[arg(long, value_name = "YES|NO")]
    quote: Option<String>,
    /// How far a quote may be attributed at most: named, role-org, role, case, non-attributable, background or off-record
    #[arg(long, value_name = "LEVEL")]
    attribution: Option<Attribution>,
    /// That the own system reads what is quoted: yes or no
    #[arg(long, value_name = "YES|NO")]
    share: Option<String>,
    /// That the transcript is kept for others' research: yes or no
    #[arg(long, value_name = "YES|NO")]
    archive: Option<String>,
    /// That the participant is written to again: yes or no
    #[arg(long, value_name = "YES|NO")]
    contact: Option<String>,
    /// The last day on which it holds; none: it runs out on no day
    #[arg(long, value_name = "DATE|none")]
    until: Option<String>,
    /// How the participant approved what is looser than before
    #[arg(long, value_name = "TEXT", value_parser = filled)]
    approval: Option<String>,
}

#[derive(Args)]
pub(super) struct ListArgs {
    /// Only this participant (can be repeated)
    #[arg(long, value_name = "ID")]
    participant: Vec<String>,
    /// Only where something is missing: no consent, one that ran out or does within 90 days, no form named
    #[arg(long)]
    gaps: bool,
    #[command(flatten)]
    file: TableFile,
}

#[derive(Serialize)]
struct ConsentView {
    version: i64,
    signed: String,
    form: Option<String>,
    take_part: bool,
    record: Option<bool>,
    quote: Option<bool>,
    attribution: &'static str,
    share: Option<bool>,
    archive: Option<bool>,
    contact: Option<bool>,
    until: Option<String>,
    approval: Option<String>,
    coder: String,
    at: String,
    /// Against the version before.
    changed: Vec<Changed>,
}

#[derive(Serialize)]
struct Added {
    participant: String,
    #[serde(flatten)]
    consent: ConsentView,
    holds: Vec<Holds>,
    #[serde(flatten)]
    loss: Loss,
    event: Option<i64>,
}

#[derive(Serialize)]
struct Row {
    participant: String,
    consent: Option<ConsentView>,
    /// The level that holds, the strictest of what was set, agreed to and withdrawn.
    attribution: String,
    quotable: bool,
    gaps: Vec<Gap>,
}

#[derive(Serialize)]
struct List {
    /// The day against which consents run out.
    day: String,
    participants: Vec<Row>,
}

#[derive(Serialize)]
struct Shown {
    participant: String,
    /// What holds today, and why.
    holds: Vec<Holds>,
    gaps: Vec<Gap>,
    versions: Vec<ConsentView>,
}

fn view(c: &Consent, before: Option<&Consent>) -> ConsentView {
    ConsentView {
        version: c.version,
        signed: c.signed.clone(),
        form: c.form.clone(),
        take_part: c.items.take_part,
        record: c.items.record,
        quote: c.items.quote,
        attribution: c.items.attribution.word(),
        share: c.items.share,
        archive: c.items.archive,
        contact: c.items.contact,
        until: c.items.until.clone(),
        approval: c.approval.clone(),
        coder: c.coder.clone(),
        at: c.at.clone(),
        changed: before.map_or_else(Vec::new, |b| changes(&b.items, &c.items)),
    }
}

fn given(args: &AddArgs) -> Result<Given> {
    let yes_no = |item: &str, typed: &Option<String>| {
        typed
            .as_deref()
            .map(|word| consent::yes_no(item, word))
            .transpose()
    };
    Ok(Given {
        signed: args.signed.to_string(),
        form: args.form.clone(),
        take_part: yes_no("take-part", &args.take_part)?,
        record: yes_no("record", &args.record)?,
        quote: yes_no("quote", &args.quote)?,
        attribution: args.attribution,
        share: yes_no("share", &args.share)?,
        archive: yes_no("archive", &args.archive)?,
        contact: yes_no("contact", &args.contact)?,
        until: args.until.as_deref().map(consent::until).transpose()?,
        approval: args.approval.clone(),
    })
}

impl Context {
    pub(super) fn consent(&self, command: ConsentCommand) -> Result<Exit> {
        match command {
            ConsentCommand::Add(args) => self.consent_add(&args),
            ConsentCommand::List(args) => self.consent_list(&args),
            ConsentCommand::Show { participant } => self.consent_show(&participant),
            ConsentCommand::Import { file, dry_run } => self.consent_import(&file, dry_run),
            ConsentCommand::Edit {
                participant,
                form,
                version,
            } => self.consent_edit(&participant, &form, version),
        }
    }

    fn consent_add(&self, args: &AddArgs) -> Result<Exit> {
        let given = given(args)?;
        let study = self.write()?;
        let (((code, version), event), loss) = watch(&study, || {
            study.change("consent add", |tx| {
                let person = tx.participant(&args.participant)?;
                refuse_more(tx, person.id, "a consent")?;
                let next = next(tx, &person, &given, &study.session.now)?;
                let coder = tx.coder(&study.session.coder)?;
                add(tx, coder, &person, &given, &next)?;
                tx.summary(format!(
                    "add consent of {}, version {}",
                    person.code, next.version
                ));
                Ok((person.code, next.version))
            })
        })?;
        let person = study.store.participant(&code)?;
        let versions = study.store.consents_of(person.id)?;
        let Some(at) = versions.iter().position(|c| c.version == version) else {
            return Ok(Exit::Done);
        };
        let before = at.checked_sub(1).and_then(|n| versions.get(n));
        let view = Added {
            consent: view(&versions[at], before),
            holds: holds(&study.store, &person)?,
            participant: code,
            loss,
            event,
        };
        self.out
            .text(&view, || {
                let mut text = format!(
                    "{}, version {}, signed {}\n",
                    view.participant, view.consent.version, view.consent.signed
                );
                text.push_str(&said_changes(&view.consent.changed));
                text.push_str(&said_holds(&view.holds));
                text
            })
            .map_err(io_error)?;
        self.done(
            &format!("Put the consent of {} on record.", view.participant),
            event,
        );
        self.say_loss(&view.loss, true);
        Ok(Exit::Done)
    }

    fn consent_list(&self, args: &ListArgs) -> Result<Exit> {
        let study = self.read()?;
        args.file.check(&study)?;
        let wanted: Vec<i64> = args
            .participant
            .iter()
            .map(|code| Ok(study.store.participant(code)?.id))
            .collect::<Result<_>>()?;
        let mut list = List {
            day: study.store.today().to_owned(),
            participants: Vec::new(),
        };
        let all = study.store.consents()?;
        for p in study.store.participants()? {
            if !wanted.is_empty() && !wanted.contains(&p.id) {
                continue;
            }
            let from = all.partition_point(|c| c.participant < p.id);
            let to = all.partition_point(|c| c.participant <= p.id);
            let versions = &all[from..to];
            let newest = versions.last();
            let gaps = gaps(newest, &list.day);
            if args.gaps && gaps.is_empty() {
                continue;
            }
            let before = versions.len().checked_sub(2).and_then(|n| versions.get(n));
            list.participants.push(Row {
                consent: newest.map(|c| view(c, before)),
                participant: p.code,
                attribution: p.attribution,
                quotable: p.quotable,
                gaps,
            });
        }
        let sheet = sheet(&list);
        self.tables(
            &study,
            &args.file,
            &list,
            &[sheet],
            if args.gaps {
                "Nothing is missing."
            } else {
                "No participants yet. Add one with: casebook participant add P01 --role ROLE --case SLUG"
            },
        )?;
        Ok(Exit::Done)
    }

    fn consent_show(&self, code: &str) -> Result<Exit> {
        let study = self.read()?;
        let person = study.store.participant(code)?;
        let shown = shown(&study, &person)?;
        self.out
            .text(&shown, || {
                let mut text = format!("{}\n", shown.participant);
                text.push_str(&said_holds(&shown.holds));
                for gap in &shown.gaps {
                    text.push_str(&format!("  missing: {}\n", gap.said()));
                }
                for v in shown.versions.iter().rev() {
                    text.push_str(&format!(
                        "\nversion {}, signed {}, form: {} ({}, {})\n",
                        v.version,
                        v.signed,
                        v.form.as_deref().unwrap_or("none named"),
                        v.coder,
                        v.at
                    ));
                    let of = study_items(v);
                    text.push_str(&format!("  {of}\n"));
                    text.push_str(&said_changes(&v.changed));
                    if let Some(approval) = &v.approval {
                        text.push_str(&format!(
                            "  approved: {}\n",
                            crate::domain::span::printable(approval)
                        ));
                    }
                }
                text
            })
            .map_err(io_error)?;
        if shown.versions.is_empty() {
            self.out.say(&format!(
                "No consent is on record. Put a form there with: casebook consent add {} --signed DATE",
                shown.participant
            ));
        }
        Ok(Exit::Done)
    }

    fn consent_import(&self, file: &std::path::Path, dry_run: bool) -> Result<Exit> {
        let study = if dry_run { self.read()? } else { self.write()? };
        let (found, loss) = if dry_run {
            (consent::import(&study, file, true)?, None)
        } else {
            let (found, loss) = watch(&study, || consent::import(&study, file, false))?;
            (found, Some(loss))
        };
        self.out
            .text(&found, || said_import(&found))
            .map_err(io_error)?;
        match found.report.event {
            Some(event) => self.done("Put the forms on record.", Some(event)),
            None if dry_run => self
                .out
                .say("Nothing is written yet: leave out --dry-run to put them on record."),
            None => {}
        }
        if let Some(loss) = loss {
            self.say_loss(&loss, true);
        }
        if found.report.refused.is_empty() {
            return Ok(Exit::Done);
        }
        super::complain(
            &format!(
                "{} did not fit{}",
                count(found.report.refused.len(), "row"),
                if dry_run { "" } else { "; the rest is in" }
            ),
            found.report.refused.iter().find_map(|r| r.hint.as_deref()),
        );
        Ok(Exit::Refused)
    }

    fn consent_edit(&self, code: &str, form: &str, version: Option<i64>) -> Result<Exit> {
        let form = form.trim();
        let study = self.write()?;
        let (done, event) = study.change("consent edit", |tx| {
            let person = tx.participant(code)?;
            let versions = tx.consents_of(person.id)?;
            let found = match version {
                Some(n) => versions.iter().find(|c| c.version == n),
                None => versions.last(),
            };
            let Some(found) = found else {
                return Err(CliError::refused(
                    match version {
                        Some(n) => format!("the consent of {} has no version {n}", person.code),
                        None => format!("no consent of {} is on record", person.code),
                    },
                    format!("see what is with: casebook consent show {}", person.code),
                )
                .into());
            };
            let after = Some(form).filter(|f| !f.is_empty());
            if found.form.as_deref() != after {
                tx.set_form(found.id, after)?;
            }
            tx.summary(format!(
                "edit the form of the consent of {}, version {}",
                person.code, found.version
            ));
            Ok(format!("{}, version {}", person.code, found.version))
        })?;
        self.done(&format!("Edited the form of {done}."), event);
        Ok(Exit::Done)
    }
}

fn shown(study: &Study, person: &Participant) -> Result<Shown> {
    let versions = study.store.consents_of(person.id)?;
    Ok(Shown {
        participant: person.code.clone(),
        holds: holds(&study.store, person)?,
        gaps: gaps(versions.last(), study.store.today()),
        versions: versions
            .iter()
            .enumerate()
            .map(|(n, c)| view(c, n.checked_sub(1).map(|n| &versions[n])))
            .collect(),
    })
}

fn study_items(v: &ConsentView) -> String {
    let yes = |item: Option<bool>| leave(item);
    format!(
        "take part {} · record {} · quote {} · attribution {} · share {} · archive {} · contact {} · until {}",
        yes(Some(v.take_part)),
        yes(v.record),
        yes(v.quote),
        v.attribution,
        yes(v.share),
        yes(v.archive),
        yes(v.contact),
        v.until.as_deref().unwrap_or("no such day")
    )
}

fn said_changes(changed: &[Changed]) -> String {
    let mut text = String::new();
    for c in changed {
        let looser = if c.looser { " (looser)" } else { "" };
        text.push_str(&format!("  {}: {} → {}{looser}\n", c.item, c.was, c.is));
    }
    text
}

fn said_holds(holds: &[Holds]) -> String {
    let mut text = String::from("holds today\n");
    for h in holds {
        text.push_str(&format!("  {:<12} {}  ({})\n", h.item, h.value, h.why));
    }
    text
}

fn said_import(found: &Imported) -> String {
    let mut text = format!(
        "{}, {} on record already\n",
        count(found.rows.len(), "version"),
        found.report.unchanged
    );
    for row in &found.rows {
        text.push_str(&format!(
            "  line {}: {}, version {}, signed {}\n",
            row.line, row.participant, row.version, row.signed
        ));
        for line in said_changes(&row.changed).lines() {
            text.push_str(&format!("  {line}\n"));
        }
    }
    for row in &found.report.refused {
        text.push_str(&format!(
            "  line {} did not fit: {}\n",
            row.line, row.reason
        ));
    }
    text
}

fn sheet(list: &List) -> Sheet {
    let mut sheet = Sheet::new(
        "Consents",
        [
            "participant",
            "version",
            "signed",
            "form",
            "take part",
            "record",
            "quote",
            "attribution",
            "share",
            "archive",
            "contact",
            "until",
            "holds",
            "quotable",
            "missing",
        ],
    );
    for row in &list.participants {
        let c = row.consent.as_ref();
        let yes = |item: Option<bool>| Cell::from(c.map(|_| leave(item)));
        let gaps: Vec<&str> = row.gaps.iter().map(|g| g.said()).collect();
        sheet.row([
            Cell::from(row.participant.as_str()),
            Cell::from(c.map(|c| c.version)),
            Cell::from(c.map(|c| c.signed.as_str())),
            Cell::from(c.and_then(|c| c.form.as_deref())),
            yes(c.map(|c| c.take_part)),
            yes(c.and_then(|c| c.record)),
            yes(c.and_then(|c| c.quote)),
            Cell::from(c.map(|c| c.attribution)),
            yes(c.and_then(|c| c.share)),
            yes(c.and_then(|c| c.archive)),
            yes(c.and_then(|c| c.contact)),
            Cell::from(c.and_then(|c| c.until.as_deref())),
            Cell::from(row.attribution.as_str()),
            Cell::from(if row.quotable { "yes" } else { "no" }),
            Cell::from(gaps.join(", ").as_str()),
        ]);
    }
    sheet
}
