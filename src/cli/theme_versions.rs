//! `theme version`, `theme diff`, and themes as they were: the codebook over time.

use clap::{Args, Subcommand};
use serde::Serialize;

use super::output::{Exit, Mode, Table, count};
use super::theme_diff_view::{head, named_moment, table, text};
use super::{Context, filled, io_error};
use crate::coding::Error;
use crate::coding::codebook_diff::{codebook_diff, fields};
use crate::domain::span::printable;
use crate::error::Result;
use crate::store::{Store, Theme};
use crate::study::Codebook;
use crate::study::codebook_then::{Moment, between, codebook_at, moment, reads_as_a_moment};

#[derive(Subcommand)]
pub(super) enum VersionCommand {
    /// Name the codebook as it stands now
    Add {
        /// A short name, as in v2
        #[arg(value_parser = filled)]
        name: String,
        /// What this version is, and why it was named
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
    },
    /// List the versions, with what changed since the one before
    List,
    /// Change a version's name or note; what it stands for stays
    Edit {
        /// The version's name
        version: String,
        /// Another name
        #[arg(long, value_name = "NAME", value_parser = filled)]
        name: Option<String>,
        /// Another note; an empty one takes it away
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
    },
    /// Forget a version's name; the record keeps the codebook as it was
    Remove {
        /// The version's name
        version: String,
    },
}

#[derive(Args)]
pub(super) struct DiffArgs {
    /// From when: a version's name, an event's number or a date (the end of that day, UTC)
    #[arg(value_name = "FROM")]
    from: String,
    /// Until when, likewise
    #[arg(value_name = "TO", default_value = "now")]
    to: String,
}

#[derive(Serialize)]
struct VersionView {
    version: String,
    event: i64,
    at: String,
    coder: String,
    note: Option<String>,
    /// Themes in it.
    themes: usize,
    /// Themes of which anything changed since the version before; null for the first.
    changed: Option<usize>,
}

#[derive(Serialize)]
struct VersionList {
    versions: Vec<VersionView>,
    /// Themes of which anything changed since the last version.
    changed_since: Option<usize>,
}

/// How many codings of a theme were made under a version of the codebook.
#[derive(Serialize)]
pub(super) struct CodedUnder {
    /// The version that had been named last when they were made; null before the first.
    version: Option<String>,
    codings: i64,
}

/// A theme as it was.
#[derive(Serialize)]
struct ThemeThen {
    theme: String,
    definition: Option<String>,
    full_definition: Option<String>,
    include: Option<String>,
    exclude: Option<String>,
    example: Option<String>,
    kind: Option<String>,
    colour: Option<String>,
    /// Of the theme itself, then.
    codings: i64,
    /// Its path now; null where it is gone.
    now: Option<String>,
}

#[derive(Serialize)]
struct ShownThen {
    as_of: Moment,
    #[serde(flatten)]
    theme: ThemeThen,
}

#[derive(Serialize)]
struct ListThen {
    as_of: Moment,
    themes: Vec<ThemeThen>,
}

impl Context {
    pub(super) fn theme_version(&self, command: VersionCommand) -> Result<Exit> {
        match command {
            VersionCommand::Add { name, note } => {
                named(&name)?;
                let note = note.filter(|n| !n.trim().is_empty());
                let ((), event) = self.write()?.change("theme version add", |tx| {
                    tx.add_version(&name, note.as_deref())?;
                    tx.summary(format!("name the codebook {name}"));
                    Ok(())
                })?;
                self.done(&format!("The codebook as it stands is {name}."), event);
            }
            VersionCommand::List => {
                let study = self.read()?;
                let list = versions(&study.store)?;
                self.out
                    .table(
                        &list,
                        || {
                            let mut table = Table::new(&[
                                "version", ">event", "at", "coder", ">themes", ">changed", "note",
                            ]);
                            for v in &list.versions {
                                table.row([
                                    v.version.clone(),
                                    v.event.to_string(),
                                    v.at.clone(),
                                    v.coder.clone(),
                                    v.themes.to_string(),
                                    v.changed.map_or_else(|| "-".to_owned(), |n| n.to_string()),
                                    v.note.clone().unwrap_or_default(),
                                ]);
                            }
                            table
                        },
                        "No versions yet. Name the codebook as it stands with: casebook theme version add v1",
                    )
                    .map_err(io_error)?;
                if let (Some(n), Some(last)) = (list.changed_since, list.versions.last()) {
                    self.out.say(&format!(
                        "{} since {}; see with: casebook theme diff \"{}\"",
                        changed(n),
                        last.version,
                        last.version
                    ));
                }
            }
            VersionCommand::Edit {
                version,
                name,
                note,
            } => {
                if let Some(name) = &name {
                    named(name)?;
                }
                let (name, event) = self.write()?.change("theme version edit", |tx| {
                    let before = tx.version(&version)?;
                    let name = name.unwrap_or_else(|| before.name.clone());
                    let note = match note {
                        Some(text) if text.trim().is_empty() => None,
                        Some(text) => Some(text),
                        None => before.note,
                    };
                    tx.edit_version(before.id, &name, note.as_deref())?;
                    tx.summary(format!("edit version {}", before.name));
                    Ok(name)
                })?;
                self.done(&format!("Edited version {name}."), event);
            }
            VersionCommand::Remove { version } => {
                let (name, event) = self.write()?.change("theme version remove", |tx| {
                    let found = tx.version(&version)?;
                    tx.remove_version(found.id)?;
                    tx.summary(format!("forget version {}", found.name));
                    Ok(found.name)
                })?;
                self.done(&format!("Forgot version {name}."), event);
            }
        }
        Ok(Exit::Done)
    }

    pub(super) fn theme_diff(&self, args: &DiffArgs) -> Result<Exit> {
        let study = self.read()?;
        let (from, to) = (
            moment(&study.store, &args.from)?,
            moment(&study.store, &args.to)?,
        );
        if from.event > to.event {
            return Err(Error::refused(
                format!(
                    "{} comes after {}",
                    printable(&args.from),
                    printable(&args.to)
                ),
                format!(
                    "write the earlier one first: casebook theme diff \"{}\" \"{}\"",
                    args.to, args.from
                ),
            )
            .into());
        }
        let diff = codebook_diff(&study.store, from, to)?;
        match self.out.mode {
            Mode::Csv => self.out.table(&diff, || table(&diff), ""),
            _ => self.out.styled(&diff, || text(&diff)),
        }
        .map_err(io_error)?;
        self.say_erased(diff.erased);
        Ok(Exit::Done)
    }

    /// A theme as it was, found by its path of then or of now.
    pub(super) fn theme_then(&self, path: &str, as_of: &str) -> Result<Exit> {
        let study = self.read()?;
        let store = &study.store;
        let as_of = moment(store, as_of)?;
        let (then, erased, counts, now) = at(store, &as_of)?;
        let by_now = || now.find(path).ok().filter(|id| then.theme(*id).is_some());
        let id = match then.find(path) {
            Ok(id) => id,
            Err(unknown) => by_now().ok_or(unknown)?,
        };
        let Some(theme) = then.theme(id) else {
            return Ok(Exit::Done);
        };
        let shown = ShownThen {
            theme: theme_then(theme, &then, &now, &counts),
            as_of,
        };
        self.out
            .text(&shown, || {
                let mut text = format!(
                    "{}\nas of {}: {}\n",
                    shown.theme.theme,
                    named_moment(&shown.as_of),
                    count(shown.theme.codings, "coding")
                );
                match &shown.theme.now {
                    None => text.push_str("gone now\n"),
                    Some(now) if *now != shown.theme.theme => {
                        text.push_str(&format!("now {now}\n"));
                    }
                    Some(_) => {}
                }
                for (field, value) in fields(theme) {
                    if let Some(value) = value {
                        text.push_str(&format!("{:15}  {}\n", head(field), value.trim()));
                    }
                }
                text
            })
            .map_err(io_error)?;
        self.say_erased(erased);
        Ok(Exit::Done)
    }

    /// The codebook as it was.
    pub(super) fn themes_then(&self, as_of: &str) -> Result<Exit> {
        let study = self.read()?;
        let as_of = moment(&study.store, as_of)?;
        let (then, erased, counts, now) = at(&study.store, &as_of)?;
        let list = ListThen {
            themes: then
                .themes()
                .iter()
                .map(|t| theme_then(t, &then, &now, &counts))
                .collect(),
            as_of,
        };
        self.out
            .table(
                &list,
                || {
                    let mut table = Table::new(&["theme", ">codings", "now", "definition"]);
                    for t in &list.themes {
                        let now = match &t.now {
                            Some(now) if *now == t.theme => String::new(),
                            Some(now) => now.clone(),
                            None => "(gone)".to_owned(),
                        };
                        table.row([
                            t.theme.clone(),
                            t.codings.to_string(),
                            now,
                            t.definition.clone().unwrap_or_default(),
                        ]);
                    }
                    table
                },
                "There were no themes then.",
            )
            .map_err(io_error)?;
        self.say_erased(erased);
        Ok(Exit::Done)
    }

    fn say_erased(&self, erased: usize) {
        if erased > 0 {
            self.out.warn(&format!(
                "what {} said then was erased since; it is shown as it stood next, or not at all",
                count(erased as u64, "theme")
            ));
        }
    }
}

/// A name that can't be mistaken for another way of saying when.
fn named(name: &str) -> Result<()> {
    if reads_as_a_moment(name) {
        return Err(Error::refused(
            format!("`{name}` can't be the name of a version: numbers are events, dates are days, and now is now"),
            format!("put a letter before it: casebook theme version add \"v{name}\""),
        )
        .into());
    }
    if name.chars().count() > 60 {
        return Err(Error::refused(
            "the name is longer than 60 characters",
            "give a short name, and say the rest with --note",
        )
        .into());
    }
    Ok(())
}

fn versions(store: &Store) -> Result<VersionList> {
    let mut views = Vec::new();
    let mut before: Option<Codebook> = None;
    for v in store.versions()? {
        let book = codebook_at(store, v.event)?.book;
        views.push(VersionView {
            version: v.name,
            event: v.event,
            at: v.at,
            coder: v.coder,
            note: v.note,
            themes: book.themes().len(),
            changed: before.as_ref().map(|b| differing(b, &book)),
        });
        before = Some(book);
    }
    let now = Codebook::read(store)?;
    Ok(VersionList {
        changed_since: before.map(|b| differing(&b, &now)),
        versions: views,
    })
}

/// Themes that one codebook has otherwise than the other, or that only one of them has.
fn differing(a: &Codebook, b: &Codebook) -> usize {
    let all = |book: &Codebook| -> std::collections::HashMap<i64, Theme> {
        book.themes().iter().map(|t| (t.id, t.clone())).collect()
    };
    let (a, b) = (all(a), all(b));
    let only_b = b.keys().filter(|id| !a.contains_key(id)).count();
    a.iter().filter(|(id, t)| b.get(id) != Some(t)).count() + only_b
}

fn changed(n: usize) -> String {
    match n {
        0 => "No theme changed".to_owned(),
        n => format!("{} changed", count(n as u64, "theme")),
    }
}

/// Under which versions a theme's codings were made; nothing where no version was named.
pub(super) fn coded_under(store: &Store, theme: i64) -> Result<Vec<CodedUnder>> {
    let versions = store.versions()?;
    if versions.is_empty() {
        return Ok(Vec::new());
    }
    let mut found: Vec<CodedUnder> = std::iter::once(None)
        .chain(versions.iter().map(|v| Some(v.name.clone())))
        .map(|version| CodedUnder {
            version,
            codings: 0,
        })
        .collect();
    for (event, codings) in store.codings_by_event(theme)? {
        let under = versions.partition_point(|v| v.event < event);
        found[under].codings += codings;
    }
    found.retain(|u| u.codings > 0);
    Ok(found)
}

/// The same for people; empty where there is nothing to say.
pub(super) fn coded_under_text(under: &[CodedUnder]) -> String {
    if under.is_empty() {
        return String::new();
    }
    let parts: Vec<String> = under
        .iter()
        .map(|u| match &u.version {
            Some(version) => format!("{} under {version}", u.codings),
            None => format!("{} before the first version", u.codings),
        })
        .collect();
    format!("made: {}\n", parts.join(", "))
}

type Then = (
    Codebook,
    usize,
    std::collections::BTreeMap<i64, i64>,
    Codebook,
);

fn at(store: &Store, as_of: &Moment) -> Result<Then> {
    let then = codebook_at(store, as_of.event)?;
    let counts = between(store, as_of.event, store.last_event()?)?.then;
    Ok((then.book, then.erased, counts, Codebook::read(store)?))
}

fn theme_then(
    t: &Theme,
    then: &Codebook,
    now: &Codebook,
    counts: &std::collections::BTreeMap<i64, i64>,
) -> ThemeThen {
    ThemeThen {
        theme: then.path(t.id),
        definition: t.definition.clone(),
        full_definition: t.full_definition.clone(),
        include: t.include.clone(),
        exclude: t.exclude.clone(),
        example: t.example.clone(),
        kind: t.kind.clone(),
        colour: t.colour.clone(),
        codings: counts.get(&t.id).copied().unwrap_or_default(),
        now: now.theme(t.id).map(|t| now.path(t.id)),
    }
}
