//! `pseudonym`: the key's entities. What changes the texts is in `pseudonym_apply.rs`, what looks through them in
//! `pseudonym_audit.rs`.

use std::io::BufRead;

use serde::Serialize;

use super::output::{Exit, Table, count};
use super::pseudonym_args::{AddArgs, EditArgs, ExportArgs, ImportArgs, PseudonymCommand};
use super::pseudonym_key::write_private;
use super::report::spare;
use super::{CliError, Context, io_error};
use crate::domain::span::printable;
use crate::error::Result;
use crate::governance::key::{Entity, EntityKind, HEADS, Key, NewEntity, read_table};
use crate::governance::pseudonym::stands_as_word;
use crate::report::sheet::harmless;
use crate::study::Study;

/// An entity as it is shown.
#[derive(Serialize)]
struct EntityView<'a> {
    entity: u32,
    kind: EntityKind,
    replacement: &'a str,
    aliases: usize,
    participant: Option<&'a str>,
    case: Option<&'a str>,
    /// In how many places of texts it was put, as far as the key knows.
    places: usize,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    revealed: Option<RevealedView<'a>>,
}

/// What is shown only on demand.
#[derive(Serialize)]
struct RevealedView<'a> {
    real: &'a str,
    names: &'a [String],
    contact: Option<&'a str>,
}

#[derive(Serialize)]
struct ListView<'a> {
    entities: Vec<EntityView<'a>>,
    /// How many words `audit` passes over.
    ignored: usize,
}

impl Context {
    pub(super) fn pseudonym(&self, command: &PseudonymCommand) -> Result<Exit> {
        match command {
            PseudonymCommand::Add(args) => self.pseudonym_add(args),
            PseudonymCommand::Import(args) => self.pseudonym_import(args),
            PseudonymCommand::Export(args) => self.pseudonym_export(args),
            PseudonymCommand::List { reveal } => self.pseudonym_list(*reveal),
            PseudonymCommand::Who { entity, reveal } => self.pseudonym_who(entity, *reveal),
            PseudonymCommand::Edit(args) => self.pseudonym_edit(args),
            PseudonymCommand::Remove {
                entity,
                dry_run,
                yes,
            } => self.pseudonym_remove(entity, *dry_run, *yes),
            PseudonymCommand::Passphrase => self.pseudonym_passphrase(),
            PseudonymCommand::Apply(args) => self.pseudonym_apply(args),
            PseudonymCommand::Reveal(args) => self.pseudonym_reveal(args),
            PseudonymCommand::Audit(args) => self.pseudonym_audit(args),
        }
    }

    fn pseudonym_add(&self, args: &AddArgs) -> Result<Exit> {
        let study = self.read()?;
        let mut open = self.open_or_begin_key(&study, args.begin)?;
        let typed = NewEntity {
            kind: args.kind,
            real: from_input(&args.real)?,
            aliases: args.alias.clone(),
            replacement: args.replacement.clone(),
            participant: args.participant.clone(),
            case: args.case.clone(),
            contact: args.contact.clone(),
        };
        let new = linked(&study, typed)?;
        let number = open.key.add(new)?;
        check_words(&study, &open.key, number, args.anyway)?;
        open.save()?;
        self.say_begun(&open);
        self.out.say(&format!("Added entity {number} to the key."));
        if args.real != "-" {
            self.out.say("The name may stand in your shell's history now; - instead of it reads it from standard input.");
        }
        Ok(Exit::Done)
    }

    fn pseudonym_import(&self, args: &ImportArgs) -> Result<Exit> {
        let study = self.read()?;
        let bytes = std::fs::read(&args.file).map_err(|source| CliError::Io {
            what: format!("`{}`", args.file.display()),
            source,
        })?;
        let name = args.file.file_name().unwrap_or_default().to_string_lossy();
        let rows = read_table(&crate::import::sheet::rows(&name, &bytes)?)?;
        let mut open = self.open_or_begin_key(&study, args.begin)?;
        let mut added = Vec::with_capacity(rows.len());
        for row in rows {
            let at = row.row;
            let number = linked(&study, row.entity)
                .and_then(|new| {
                    let number = open.key.add(new)?;
                    check_words(&study, &open.key, number, args.anyway)?;
                    Ok(number)
                })
                .map_err(|e| {
                    CliError::Refused(format!("row {at}: {e}; nothing was added"), e.hint())
                })?;
            added.push(number);
        }
        if !args.dry_run && !added.is_empty() {
            open.save()?;
            self.say_begun(&open);
        }
        let view = list_view(&open.key, false, |e| added.contains(&e.number));
        self.out
            .table(&view, || table(&view, false), "The table has no rows.")
            .map_err(io_error)?;
        if args.dry_run {
            self.out.say(&format!(
                "Would add {} to the key; nothing was written.",
                entities(added.len())
            ));
        } else if !added.is_empty() {
            self.out.say(&format!(
                "Added {} to the key. The file {} still holds the names: delete it, or keep it where the key is kept.",
                entities(added.len()),
                args.file.display()
            ));
        }
        Ok(Exit::Done)
    }

    fn pseudonym_export(&self, args: &ExportArgs) -> Result<Exit> {
        let study = self.read()?;
        spare(&study, &args.file)?;
        let open = self.open_key(&study)?;
        if args.dry_run {
            self.out.say(&format!(
                "Would write {} with their real names, unencrypted, to {}. Nothing was written.",
                entities(open.key.entities.len()),
                args.file.display()
            ));
            return Ok(Exit::Done);
        }
        self.confirm(
            args.yes,
            &format!(
                "Writing {} with their real names, unencrypted, to {}",
                entities(open.key.entities.len()),
                args.file.display()
            ),
        )?;
        let failed = |e: csv::Error| io_error(std::io::Error::other(e));
        let mut table = csv::Writer::from_writer(Vec::new());
        table.write_record(HEADS).map_err(failed)?;
        for entity in &open.key.entities {
            let cells = entity.cells();
            table
                .write_record(cells.iter().map(|c| harmless(c)))
                .map_err(failed)?;
        }
        let bytes = table
            .into_inner()
            .map_err(|e| io_error(std::io::Error::other(e.to_string())))?;
        let sha256 = write_private(&args.file, &bytes)?;
        self.register_copy(&study, "key", &args.file, sha256);
        self.out.say(&format!(
            "Wrote {} to {}. Whoever reads that file knows who everybody is.",
            entities(open.key.entities.len()),
            args.file.display()
        ));
        Ok(Exit::Done)
    }

    fn pseudonym_list(&self, reveal: bool) -> Result<Exit> {
        let study = self.read()?;
        let open = self.open_key(&study)?;
        let view = list_view(&open.key, reveal, |_| true);
        self.out
            .table(
                &view,
                || table(&view, reveal),
                "The key holds nothing yet. Add to it with: casebook pseudonym add NAME REPLACEMENT",
            )
            .map_err(io_error)?;
        Ok(Exit::Done)
    }

    fn pseudonym_who(&self, typed: &str, reveal: bool) -> Result<Exit> {
        let study = self.read()?;
        let open = self.open_key(&study)?;
        let number = open.key.entity(typed)?.number;
        let view = list_view(&open.key, reveal, |e| e.number == number);
        self.out
            .table(&view, || table(&view, reveal), "")
            .map_err(io_error)?;
        if !reveal {
            self.out.say("The real name is shown with --reveal.");
        }
        Ok(Exit::Done)
    }

    fn pseudonym_edit(&self, args: &EditArgs) -> Result<Exit> {
        let study = self.read()?;
        let mut open = self.open_key(&study)?;
        let before = open.key.entity(&args.entity)?.clone();
        let mut after = before.clone();
        if let Some(real) = &args.real {
            after.real = from_input(real)?;
        }
        if let Some(replacement) = &args.replacement {
            after.replacement.clone_from(replacement);
        }
        after.kind = args.kind.unwrap_or(after.kind);
        for gone in &args.no_alias {
            let there = after.aliases.len();
            after.aliases.retain(|a| !a.eq_ignore_ascii_case(gone));
            if after.aliases.len() == there {
                return Err(CliError::refused(
                    format!("entity {} has no such alias", before.number),
                    format!(
                        "see them with: casebook pseudonym who {} --reveal",
                        before.number
                    ),
                )
                .into());
            }
        }
        after.aliases.extend(args.alias.iter().cloned());
        for (typed, value) in [
            (&args.participant, &mut after.participant),
            (&args.case, &mut after.case),
            (&args.contact, &mut after.contact),
        ] {
            if let Some(typed) = typed {
                *value = Some(typed.clone()).filter(|t| !t.trim().is_empty());
            }
        }
        let after = {
            let number = after.number;
            let new = linked(
                &study,
                NewEntity {
                    kind: after.kind,
                    real: after.real,
                    aliases: after.aliases,
                    replacement: after.replacement,
                    participant: after.participant,
                    case: after.case,
                    contact: after.contact,
                },
            )?;
            open.key.replace(number, new)?;
            open.key.entity(&number.to_string())?.clone()
        };
        if after == before {
            self.out.say("Nothing to change.");
            return Ok(Exit::Done);
        }
        if after.replacement != before.replacement {
            check_words(&study, &open.key, after.number, args.anyway)?;
        }
        open.save()?;
        self.out
            .say(&format!("Changed entity {} in the key.", after.number));
        let places = open.key.places_of(after.number);
        if after.replacement != before.replacement && places > 0 {
            self.out.warn(&format!(
                "[{}] still stands in {} of the texts; replace it there with: casebook transcript edit ID --replace OLD --with NEW --everywhere",
                printable(&before.replacement),
                count(places, "place")
            ));
        }
        Ok(Exit::Done)
    }

    fn pseudonym_remove(&self, typed: &str, dry_run: bool, yes: bool) -> Result<Exit> {
        let study = self.read()?;
        let mut open = self.open_key(&study)?;
        let entity = open.key.entity(typed)?.clone();
        let places = open.key.places_of(entity.number);
        let lost = if places > 0 {
            format!(
                "; {} where [{}] stands for it can't be had back then",
                count(places, "place"),
                printable(&entity.replacement)
            )
        } else {
            String::new()
        };
        if dry_run {
            self.out.say(&format!(
                "Would remove entity {} from the key{lost}. Nothing was written.",
                entity.number
            ));
            return Ok(Exit::Done);
        }
        self.confirm(
            yes,
            &format!("Removing entity {} from the key{lost}", entity.number),
        )?;
        open.key.remove(entity.number);
        open.save()?;
        self.out
            .say(&format!("Removed entity {} from the key.", entity.number));
        Ok(Exit::Done)
    }

    fn pseudonym_passphrase(&self) -> Result<Exit> {
        let study = self.read()?;
        let mut open = self.open_key(&study)?;
        let new = self.new_passphrase(open.path())?;
        open.set_passphrase(new);
        open.save()?;
        self.out.say(
            "Changed the key's passphrase. Copies of the key that were made before open with the old one.",
        );
        Ok(Exit::Done)
    }
}

/// What was typed, or for `-` a line of standard input.
fn from_input(typed: &str) -> Result<String> {
    if typed != "-" {
        return Ok(typed.to_owned());
    }
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .map_err(io_error)?;
    Ok(line.trim().to_owned())
}

/// A new entity with the participant's code and the case's slug as the study has them.
fn linked(study: &Study, mut new: NewEntity) -> Result<NewEntity> {
    if let Some(code) = &new.participant {
        new.participant = Some(study.store.participant(code)?.code);
    }
    if let Some(slug) = &new.case {
        new.case = Some(study.store.case(slug)?.slug);
    }
    // In the texts, a participant's code stands for that participant.
    let bare = new
        .replacement
        .trim()
        .trim_start_matches('[')
        .trim_end_matches(']')
        .trim();
    let people = study.store.participants()?;
    let whose = people
        .iter()
        .find(|p| p.code.to_lowercase() == bare.to_lowercase());
    if let Some(other) = whose.filter(|p| new.participant.as_ref() != Some(&p.code)) {
        return Err(CliError::refused(
            format!(
                "the replacement is the code of the participant {}",
                other.code
            ),
            format!(
                "if it is that person's name: --participant {}; if not, choose another replacement",
                other.code
            ),
        )
        .into());
    }
    Ok(new)
}

/// A replacement that is a word of the texts already would not be told from it.
fn check_words(study: &Study, key: &Key, number: u32, anyway: bool) -> Result<()> {
    let entity = key.entity(&number.to_string())?;
    if anyway {
        return Ok(());
    }
    let there = stands_as_word(&study.store, &entity.replacement)?;
    match &there[..] {
        [] => Ok(()),
        [first, ..] => Err(CliError::refused(
            format!(
                "the replacement `{}` stands as a word in {} already, first in {first}",
                printable(&entity.replacement),
                count(there.len(), "transcript")
            ),
            "choose another; or, as it will stand in brackets, take it all the same: --anyway",
        )
        .into()),
    }
}

fn list_view(key: &Key, reveal: bool, wanted: impl Fn(&Entity) -> bool) -> ListView<'_> {
    let mut entities: Vec<EntityView> = key
        .entities
        .iter()
        .filter(|e| wanted(e))
        .map(|e| EntityView {
            entity: e.number,
            kind: e.kind,
            replacement: &e.replacement,
            aliases: e.aliases.len(),
            participant: e.participant.as_deref(),
            case: e.case.as_deref(),
            places: key.places_of(e.number),
            revealed: reveal.then(|| RevealedView {
                real: &e.real,
                names: &e.aliases,
                contact: e.contact.as_deref(),
            }),
        })
        .collect();
    entities.sort_by_key(|e| e.entity);
    ListView {
        entities,
        ignored: key.ignored.len(),
    }
}

fn table(view: &ListView, reveal: bool) -> Table {
    let heads = [
        ">entity",
        "kind",
        "replacement",
        ">aliases",
        "participant",
        "case",
        ">places",
        "real",
        "names",
        "contact",
    ];
    let shown = if reveal { heads.len() } else { 7 };
    let mut table = Table::new(&heads[..shown]);
    for e in &view.entities {
        let mut cells = vec![
            e.entity.to_string(),
            e.kind.word().to_owned(),
            e.replacement.to_owned(),
            e.aliases.to_string(),
            e.participant.unwrap_or_default().to_owned(),
            e.case.unwrap_or_default().to_owned(),
            e.places.to_string(),
        ];
        if let Some(r) = &e.revealed {
            cells.extend([
                r.real.to_owned(),
                r.names.join("; "),
                r.contact.unwrap_or_default().to_owned(),
            ]);
        }
        table.row(cells);
    }
    table
}

fn entities(n: usize) -> String {
    match n {
        1 => "1 entity".into(),
        n => format!("{} entities", super::output::thousands(n as u64)),
    }
}
