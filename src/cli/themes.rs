//! `theme`: the codebook.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::output::{Exit, Table, count};
use super::theme_lint::LintArgs;
use super::theme_versions::{CodedUnder, DiffArgs, VersionCommand, coded_under, coded_under_text};
use super::{CliError, Context, io_error};
use crate::coding::codebook::{add, colour};
use crate::coding::codebook_file::{CodebookReport, FileFormat, entries, import, parse, write};
use crate::coding::reshape::{Moved, merge, move_to, remove, rename, split};
use crate::domain::words::ThemeKind;
use crate::error::Result;
use crate::evidence::loss::{Loss, watch, watch_joining};
use crate::store::{Store, Theme, Tx};
use crate::study::Codebook;

#[derive(Subcommand)]
pub(super) enum ThemeCommand {
    /// Add a theme; the ones above it are added where they are missing
    Add(AddArgs),
    /// List the codebook as a tree, with counts
    List {
        /// As it stood then: a version's name, an event's number or a date (the end of that day, UTC)
        #[arg(long, value_name = "WHEN")]
        as_of: Option<String>,
    },
    /// Show a theme with all its fields
    Show {
        /// The theme's path
        path: String,
        /// As it stood then: a version's name, an event's number or a date (the end of that day, UTC)
        #[arg(long, value_name = "WHEN")]
        as_of: Option<String>,
    },
    /// Change a theme's fields
    Edit(AddArgs),
    /// Give a theme another name
    Rename {
        /// The theme's path
        path: String,
        /// The new name
        name: String,
    },
    /// Put a theme under another parent
    Move {
        /// The theme's path
        path: String,
        /// The new parent's path; `/` for none
        new_parent: String,
    },
    /// Merge themes into one; codings and memos go over
    Merge {
        /// The themes to merge, and last the one that stays
        #[arg(required = true, num_args = 2.., value_name = "FROM… INTO")]
        paths: Vec<String>,
    },
    /// Split codings off a theme into another
    Split(SplitArgs),
    /// Remove a theme
    Remove(RemoveArgs),
    /// Look the codebook through: empty fields, examples that stand nowhere, themes unused or hard to tell apart
    Lint(LintArgs),
    /// Manage named versions of the codebook
    #[command(subcommand)]
    Version(VersionCommand),
    /// Show what became of the codebook between two moments
    Diff(DiffArgs),
    /// Import a codebook from CSV or YAML: new themes are added, others edited, none removed
    Import {
        /// The file: codebook.csv or codebook.yaml
        file: PathBuf,
    },
    /// Export the codebook as CSV or YAML
    Export {
        /// The file to write; without it, YAML on stdout
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

#[derive(Args)]
pub(super) struct AddArgs {
    /// The theme's path, as in governance/clarity
    path: String,
    /// What it is, in a sentence
    #[arg(long, value_name = "TEXT")]
    define: Option<String>,
    /// What it is, in full
    #[arg(long, value_name = "TEXT")]
    full: Option<String>,
    /// When to use it
    #[arg(long, value_name = "TEXT")]
    include: Option<String>,
    /// When not to use it
    #[arg(long, value_name = "TEXT")]
    exclude: Option<String>,
    /// An example
    #[arg(long, value_name = "TEXT")]
    example: Option<String>,
    /// Where it came from: deductive, inductive, structural or in-vivo
    #[arg(long, value_name = "KIND")]
    kind: Option<ThemeKind>,
    /// A colour, as in #4477aa
    #[arg(long, value_name = "COLOUR")]
    colour: Option<String>,
}

#[derive(Args)]
pub(super) struct SplitArgs {
    /// The theme's path
    path: String,
    /// The theme that takes them; it is added where it is missing
    #[arg(long, value_name = "PATH")]
    into: String,
    /// The codings to take, by number
    #[arg(required = true, value_name = "CODING")]
    codings: Vec<i64>,
}

#[derive(Args)]
pub(super) struct RemoveArgs {
    /// The theme's path
    path: String,
    /// Also its codings and sub-themes
    #[arg(long)]
    with_codings: bool,
    /// Only say what would go
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

#[derive(Serialize)]
struct ThemeView {
    theme: String,
    definition: Option<String>,
    full_definition: Option<String>,
    include: Option<String>,
    exclude: Option<String>,
    example: Option<String>,
    kind: Option<String>,
    colour: Option<String>,
    /// Of the theme itself, without sub-themes.
    codings: i64,
    transcripts: i64,
}

#[derive(Serialize)]
struct ThemeShown {
    #[serde(flatten)]
    theme: ThemeView,
    /// Where versions of the codebook were named: under which its codings were made.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    coded_under: Vec<CodedUnder>,
}

/// What a reshaping did, or would do.
#[derive(Serialize)]
struct Reshaped {
    #[serde(flatten)]
    moved: Moved,
    #[serde(flatten)]
    loss: Loss,
    event: Option<i64>,
}

#[derive(Serialize)]
struct ThemeList {
    themes: Vec<ThemeView>,
}

impl Context {
    fn theme_remove(&self, args: &RemoveArgs) -> Result<Exit> {
        let study = self.write()?;
        let take = |tx: &Tx| watch(&study, || remove(tx, &args.path, args.with_codings));
        let with = |moved: Moved| {
            let cells = match moved.cells_removed {
                0 => String::new(),
                n => format!(" and {} of the frame", count(n as u64, "cell")),
            };
            format!(
                "theme {} with {}{cells}",
                args.path,
                count(moved.removed as u64, "coding")
            )
        };
        if args.dry_run || (args.with_codings && !args.yes) {
            // What can't be removed as it is asked is refused here, before anybody is asked.
            let (moved, loss) = study.rehearse("theme remove", take)?;
            if args.dry_run {
                let event = None;
                let view = Reshaped { moved, loss, event };
                self.out.text(&view, String::new).map_err(io_error)?;
                self.out.say(&format!("Would remove {}.", with(moved)));
                self.say_loss(&view.loss, false);
                return Ok(Exit::Done);
            }
            let what = format!(
                "Removing theme {} takes its codings, its sub-themes and their cells of the frame with it",
                args.path
            );
            self.confirm(false, &Self::with_loss(&what, &loss))?;
        }
        let ((moved, loss), event) = study.change("theme remove", |tx| {
            let done = take(tx)?;
            tx.summary(format!(
                "remove theme {} with {}",
                args.path,
                count(done.0.removed as u64, "coding")
            ));
            Ok(done)
        })?;
        let view = Reshaped { moved, loss, event };
        self.out.text(&view, String::new).map_err(io_error)?;
        self.done(&format!("Removed {}.", with(moved)), event);
        self.say_loss(&view.loss, true);
        Ok(Exit::Done)
    }

    pub(super) fn theme(&self, command: ThemeCommand) -> Result<Exit> {
        match command {
            ThemeCommand::Add(args) => {
                let fields = fields(&args, Theme::default())?;
                let (path, event) = self.write()?.change("theme add", |tx| {
                    let id = add(tx, &args.path, fields)?;
                    let path = Codebook::read(tx)?.path(id);
                    tx.summary(format!("add theme {path}"));
                    Ok(path)
                })?;
                self.done(&format!("Added theme {path}."), event);
            }
            ThemeCommand::Edit(args) => {
                let (path, event) = self.write()?.change("theme edit", |tx| {
                    let book = Codebook::read(tx)?;
                    let id = book.find(&args.path)?;
                    let before = book.theme(id).cloned().unwrap_or_default();
                    let after = fields(&args, before.clone())?;
                    if after != before {
                        tx.put_theme(&after)?;
                    }
                    tx.summary(format!("edit theme {}", book.path(id)));
                    Ok(book.path(id))
                })?;
                self.done(&format!("Edited theme {path}."), event);
            }
            ThemeCommand::Lint(args) => return self.theme_lint(&args),
            ThemeCommand::Version(command) => return self.theme_version(command),
            ThemeCommand::Diff(args) => return self.theme_diff(&args),
            ThemeCommand::List { as_of: Some(when) } => return self.themes_then(&when),
            ThemeCommand::Show {
                path,
                as_of: Some(when),
            } => return self.theme_then(&path, &when),
            ThemeCommand::List { as_of: None } => {
                let study = self.read()?;
                let list = ThemeList {
                    themes: views(&study.store)?,
                };
                self.out
                    .table(
                        &list,
                        || {
                            let csv = self.out.mode == super::output::Mode::Csv;
                            let mut table =
                                Table::new(&["theme", ">codings", ">transcripts", "definition"]);
                            for t in &list.themes {
                                let depth = t.theme.matches('/').count();
                                let name = t.theme.rsplit('/').next().unwrap_or_default();
                                let shown = if csv {
                                    t.theme.clone()
                                } else {
                                    format!("{}{name}", "  ".repeat(depth))
                                };
                                table.row([
                                    shown,
                                    t.codings.to_string(),
                                    t.transcripts.to_string(),
                                    t.definition.clone().unwrap_or_default(),
                                ]);
                            }
                            table
                        },
                        "No themes yet. Add one with: casebook theme add PATH --define TEXT",
                    )
                    .map_err(io_error)?;
            }
            ThemeCommand::Show { path, as_of: None } => {
                let study = self.read()?;
                let book = Codebook::read(&study.store)?;
                let id = book.find(&path)?;
                let path = book.path(id);
                let Some(view) = views(&study.store)?.into_iter().find(|v| v.theme == path) else {
                    return Ok(Exit::Done);
                };
                let shown = ThemeShown {
                    coded_under: coded_under(&study.store, id)?,
                    theme: view,
                };
                let view = &shown.theme;
                self.out
                    .text(&shown, || {
                        let mut text = format!(
                            "{}\n{}\n{}",
                            view.theme,
                            count(view.codings, "coding"),
                            coded_under_text(&shown.coded_under)
                        );
                        for (head, value) in [
                            ("definition", &view.definition),
                            ("in full", &view.full_definition),
                            ("when to use", &view.include),
                            ("when not to use", &view.exclude),
                            ("example", &view.example),
                            ("kind", &view.kind),
                            ("colour", &view.colour),
                        ] {
                            if let Some(value) = value {
                                text.push_str(&format!("{head:15}  {}\n", value.trim()));
                            }
                        }
                        text
                    })
                    .map_err(io_error)?;
            }
            ThemeCommand::Rename { path, name } => {
                let (new, event) = self.write()?.change("theme rename", |tx| {
                    let new = rename(tx, &path, &name)?;
                    tx.summary(format!("rename theme {path} to {new}"));
                    Ok(new)
                })?;
                self.done(&format!("It is {new} now."), event);
            }
            ThemeCommand::Move { path, new_parent } => {
                let (new, event) = self.write()?.change("theme move", |tx| {
                    let new = move_to(tx, &path, &new_parent)?;
                    tx.summary(format!("move theme {path} to {new}"));
                    Ok(new)
                })?;
                self.done(&format!("It is {new} now."), event);
            }
            ThemeCommand::Merge { paths } => {
                let Some((into, from)) = paths.split_last() else {
                    return Ok(Exit::Usage);
                };
                let study = self.write()?;
                let ((moved, loss), event) = study.change("theme merge", |tx| {
                    let done = watch_joining(&study, || merge(tx, from, into))?;
                    tx.summary(format!(
                        "merge theme {} into {into}: {}",
                        from.join(", "),
                        told(done.0)
                    ));
                    Ok(done)
                })?;
                let view = Reshaped { moved, loss, event };
                self.out
                    .text(&view, || format!("{}\n", told(moved)))
                    .map_err(io_error)?;
                self.done(&format!("Merged into {into}."), event);
                self.say_loss(&view.loss, true);
            }
            ThemeCommand::Split(args) => {
                let study = self.write()?;
                let (((moved, path), loss), event) = study.change("theme split", |tx| {
                    let done =
                        watch_joining(&study, || split(tx, &args.path, &args.into, &args.codings))?;
                    tx.summary(format!(
                        "split {} off theme {} into {}",
                        count(args.codings.len() as u64, "coding"),
                        args.path,
                        done.0.1
                    ));
                    Ok(done)
                })?;
                let view = Reshaped { moved, loss, event };
                self.out
                    .text(&view, || format!("{}\n", told(moved)))
                    .map_err(io_error)?;
                self.done(&format!("They are under {path} now."), event);
                self.say_loss(&view.loss, true);
            }
            ThemeCommand::Remove(args) => return self.theme_remove(&args),
            ThemeCommand::Import { file } => {
                let format = FileFormat::of(&file)?;
                let text = std::fs::read_to_string(&file).map_err(|source| CliError::Io {
                    what: format!("`{}`", file.display()),
                    source,
                })?;
                let entries = parse(&text, format)?;
                let (mut report, event) = self
                    .write()?
                    .change("theme import", |tx| import(tx, &entries))?;
                report.event = event;
                let CodebookReport {
                    added,
                    edited,
                    unchanged,
                    ..
                } = &report;
                self.out
                    .text(&report, || {
                        format!(
                            "{} added, {} edited, {unchanged} unchanged\n",
                            count(added.len() as u64, "theme"),
                            edited.len()
                        )
                    })
                    .map_err(io_error)?;
                self.done("Imported the codebook.", event);
            }
            ThemeCommand::Export { output } => {
                let study = self.read()?;
                let all = entries(&Codebook::read(&study.store)?);
                let format = match &output {
                    Some(path) => FileFormat::of(path)?,
                    None if self.out.mode == super::output::Mode::Csv => FileFormat::Csv,
                    None => FileFormat::Yaml,
                };
                match &output {
                    None if self.out.mode == super::output::Mode::Json => {
                        self.out.text(&all, String::new).map_err(io_error)?;
                    }
                    None => self
                        .out
                        .write(write(&all, format)?.as_bytes())
                        .map_err(io_error)?,
                    Some(path) => {
                        self.write_copy(
                            &study,
                            "codebook",
                            path,
                            &super::release::Readers::Team,
                            |out| {
                                out.write_all(write(&all, format)?.as_bytes())
                                    .map_err(io_error)
                            },
                        )?;
                        self.out.say(&format!(
                            "Wrote {} to {}.",
                            count(all.len() as u64, "theme"),
                            path.display()
                        ));
                    }
                }
            }
        }
        Ok(Exit::Done)
    }
}

fn told(moved: Moved) -> String {
    let mut parts = vec![format!("{} moved", count(moved.moved as u64, "coding"))];
    if moved.joined > 0 {
        parts.push(format!("{} joined with one that was there", moved.joined));
    }
    if moved.cells_moved > 0 {
        parts.push(format!(
            "{} of the frame moved",
            count(moved.cells_moved as u64, "cell")
        ));
    }
    if moved.cells_joined > 0 {
        parts.push(format!(
            "{} of the frame joined with the one that was there for the same case",
            count(moved.cells_joined as u64, "cell")
        ));
    }
    parts.join(", ")
}

/// A theme with what the arguments say; what they leave out stays.
fn fields(args: &AddArgs, t: Theme) -> Result<Theme> {
    let or = |new: &Option<String>, old: Option<String>| match new {
        Some(text) if text.trim().is_empty() => None,
        Some(text) => Some(text.clone()),
        None => old,
    };
    Ok(Theme {
        definition: or(&args.define, t.definition),
        full_definition: or(&args.full, t.full_definition),
        include: or(&args.include, t.include),
        exclude: or(&args.exclude, t.exclude),
        example: or(&args.example, t.example),
        kind: args.kind.map(|k| k.word().to_owned()).or(t.kind),
        colour: match &args.colour {
            Some(c) => Some(colour(c)?),
            None => t.colour,
        },
        id: t.id,
        parent: t.parent,
        name: t.name,
    })
}

fn views(store: &Store) -> Result<Vec<ThemeView>> {
    let counts: std::collections::HashMap<i64, (i64, i64)> = store
        .theme_counts()?
        .into_iter()
        .map(|(id, codings, transcripts)| (id, (codings, transcripts)))
        .collect();
    let book = Codebook::read(store)?;
    Ok(book
        .themes()
        .iter()
        .map(|t| {
            let (codings, transcripts) = counts.get(&t.id).copied().unwrap_or_default();
            ThemeView {
                theme: book.path(t.id),
                definition: t.definition.clone(),
                full_definition: t.full_definition.clone(),
                include: t.include.clone(),
                exclude: t.exclude.clone(),
                example: t.example.clone(),
                kind: t.kind.clone(),
                colour: t.colour.clone(),
                codings,
                transcripts,
            }
        })
        .collect())
}
