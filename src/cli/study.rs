//! The study itself: init, status, study show|edit, check.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::output::{Exit, count, thousands};
use super::progress::Bar;
use super::{CliError, Context, date, filled, io_error};
use crate::domain::Date;
use crate::domain::words::Method;
use crate::error::Result;
use crate::evidence::open_work::{Open, open_work};
use crate::search::Language;
use crate::store::{K_COUNTS, K_LABELS, StudyRow};
use crate::study::Study;

#[derive(Args)]
pub(super) struct InitArgs {
    /// The study's file; `.casebook` is added where it is missing
    path: PathBuf,
    /// The study's title; without it, the file's name
    #[arg(long, value_name = "TITLE", value_parser = filled)]
    title: Option<String>,
    /// A question that the study asks (can be repeated)
    #[arg(long, value_name = "TEXT", value_parser = filled)]
    question: Vec<String>,
    /// What kind of study it is: framework, codebook, coding-reliability or reflexive
    #[arg(long, value_name = "METHOD", default_value = "codebook")]
    method: Method,
    /// The language of the transcripts, for searching by word stems
    #[arg(long, value_name = "LANGUAGE", default_value = "en")]
    language: String,
    /// Whom a participant writes to; printed in the debrief
    #[arg(long, value_name = "TEXT")]
    contact: Option<String>,
    /// Until when a contribution can be changed or withdrawn; printed in the debrief
    #[arg(long, value_name = "DATE", value_parser = date)]
    withdraw_by: Option<Date>,
}

#[derive(Subcommand)]
pub(super) enum StudyCommand {
    /// Show the study's facts
    Show,
    /// Change the study's facts
    Edit(EditArgs),
}

#[derive(Args)]
pub(super) struct EditArgs {
    /// Another title
    #[arg(long, value_name = "TITLE", value_parser = filled)]
    title: Option<String>,
    /// The questions, all of them anew (can be repeated)
    #[arg(long, value_name = "TEXT", value_parser = filled)]
    question: Vec<String>,
    /// What kind of study it is: framework, codebook, coding-reliability or reflexive
    #[arg(long, value_name = "METHOD")]
    method: Option<Method>,
    /// The language of the transcripts
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<String>,
    /// Whom a participant writes to
    #[arg(long, value_name = "TEXT")]
    contact: Option<String>,
    /// Until when a contribution can be changed or withdrawn
    #[arg(long, value_name = "DATE", value_parser = date)]
    withdraw_by: Option<Date>,
    /// To how many people a citation must fit, so that it is no name (3 unless said)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(1..=1000))]
    k_labels: Option<i64>,
    /// How many people a printed count must have (5 unless said)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(1..=1000))]
    k_counts: Option<i64>,
    /// The day on which the study was over, from which retention counts
    #[arg(long, value_name = "DATE", value_parser = date)]
    ended: Option<Date>,
}

#[derive(Args)]
pub(super) struct CheckArgs {
    /// Make the search index anew first; it is derived, so nothing can be lost
    #[arg(long)]
    repair: bool,
    /// Look instead whether every finding that is reported rests on something, and every cell of the frame on codings
    #[arg(long, conflicts_with = "repair")]
    evidence: bool,
}

#[derive(Serialize)]
struct Status {
    study: String,
    title: String,
    method: String,
    cases: i64,
    phases: i64,
    participants: i64,
    transcripts: i64,
    turns: i64,
    words: i64,
    themes: i64,
    /// All of them, those that wait for a place in a corrected text included.
    codings: i64,
    pending: usize,
    coders: i64,
    memos: i64,
    events: i64,
    last_change: Option<String>,
    /// What a study of this method asks for and has not got.
    open: Vec<Open>,
}

#[derive(Serialize)]
struct Made {
    study: String,
}

impl Context {
    pub(super) fn init(&self, args: InitArgs) -> Result<Exit> {
        let path = with_ending(args.path);
        if let Some(folder) = path
            .parent()
            .filter(|f| !f.as_os_str().is_empty() && !f.is_dir())
        {
            return Err(CliError::refused(
                format!("there is no folder `{}`", folder.display()),
                format!("make it first: mkdir \"{}\"", folder.display()),
            )
            .into());
        }
        args.language.parse::<Language>()?;
        let title = args.title.unwrap_or_else(|| {
            path.file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned()
        });
        if title.trim().is_empty() {
            return Err(CliError::refused(
                "the title is empty",
                "leave --title out to use the file's name",
            )
            .into());
        }
        let session = self.session()?;
        let started = session.now.clone();
        let study = Study::create(&path, session)?;
        let begun = study.change("init", |tx| {
            tx.put_study(&StudyRow {
                uuid: String::new(),
                title: title.clone(),
                method: args.method.word().into(),
                language: args.language.clone(),
                contact: args.contact.clone(),
                withdraw_by: args.withdraw_by.map(|d| d.to_string()),
                started,
                questions: args.question.clone(),
                ..StudyRow::default()
            })?;
            tx.summary("init the study");
            Ok(())
        });
        if let Err(failure) = begun {
            // Nothing is left behind of a study that did not begin.
            drop(study);
            std::fs::remove_file(&path).ok();
            return Err(failure);
        }
        for warning in crate::study::folder_warnings(&path) {
            self.out.warn(&warning);
        }
        let made = Made {
            study: path.display().to_string(),
        };
        self.out
            .text(&made, || format!("Made {}\n", made.study))
            .map_err(io_error)?;
        self.out
            .say("Next: casebook case add SLUG --name NAME, or casebook import FOLDER");
        Ok(Exit::Done)
    }

    pub(super) fn status(&self) -> Result<Exit> {
        // Also of a study that an older copy brought somebody back into: what is to be done is said.
        let study = self.open_with_anybody(crate::store::Access::Read)?;
        if let Err(error) = crate::governance::erase::refuse_come_back(&study.store) {
            self.out
                .warn(&format!("{error}; {}", error.hint().unwrap_or_default()));
        }
        let store = &study.store;
        let row = store.study()?;
        let (turns, words) = store.totals()?;
        let open = open_work(store, row.method.parse().unwrap_or(Method::Codebook))?;
        let status = Status {
            study: study
                .path()
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            title: row.title,
            method: row.method,
            cases: store.count("cases")?,
            phases: store.count("phases")?,
            participants: store.count("participants")?,
            transcripts: store.count("transcripts")?,
            turns,
            words,
            themes: store.count("themes")?,
            codings: store.counter("codings")?,
            pending: store.pending_codings(None)?.len(),
            coders: store.count("coders")?,
            memos: store.count("memos")?,
            events: store.last_event()?,
            last_change: store.last_event_at()?,
            open,
        };
        self.out
            .text(&status, || {
                let mut text = format!(
                    "{}\n{} · {} study\n\n",
                    status.title, status.study, status.method
                );
                for (n, one) in [
                    (status.cases, "case"),
                    (status.phases, "phase"),
                    (status.participants, "participant"),
                    (status.transcripts, "transcript"),
                    (status.themes, "theme"),
                    (status.codings, "coding"),
                    (status.memos, "memo"),
                ] {
                    let more = match one {
                        "transcript" => format!(
                            "  ({}, {})",
                            count(status.turns, "turn"),
                            count(status.words, "word")
                        ),
                        "coding" if status.pending > 0 => format!(
                            "  (by {}; {} for a place in a corrected text)",
                            count(status.coders, "coder"),
                            if status.pending == 1 {
                                "1 waits".to_owned()
                            } else {
                                format!("{} wait", thousands(status.pending))
                            }
                        ),
                        "coding" => format!("  (by {})", count(status.coders, "coder")),
                        _ => String::new(),
                    };
                    let noun = count(n, one);
                    let noun = noun.split_once(' ').map_or("", |(_, noun)| noun);
                    text.push_str(&format!("{:>9}  {noun}{more}\n", thousands(n)));
                }
                text.push_str(&format!(
                    "\n{}, the last on {}\n",
                    count(status.events, "event"),
                    status.last_change.as_deref().unwrap_or("-")
                ));
                for open in &status.open {
                    text.push_str(&format!("open: {}  ({})\n", open.what, open.command));
                }
                text
            })
            .map_err(io_error)?;
        Ok(Exit::Done)
    }

    pub(super) fn study_command(&self, command: StudyCommand) -> Result<Exit> {
        match command {
            StudyCommand::Show => {
                let row = self.read()?.store.study()?;
                self.out
                    .text(&row, || {
                        let mut text = format!("{}\n\n", row.title);
                        for (n, question) in row.questions.iter().enumerate() {
                            text.push_str(&format!("  {}. {question}\n", n + 1));
                        }
                        text.push_str(&format!(
                            "{}method       {}\nlanguage     {}\ncontact      {}\nwithdraw by  {}\nlabels fit   {} people at least\ncounts have  {} people at least\nstarted      {}\nended        {}\n",
                            if row.questions.is_empty() { "" } else { "\n" },
                            row.method,
                            row.language,
                            row.contact.as_deref().unwrap_or("-"),
                            row.withdraw_by.as_deref().unwrap_or("-"),
                            row.k_labels.unwrap_or(K_LABELS),
                            row.k_counts.unwrap_or(K_COUNTS),
                            row.started,
                            row.ended.as_deref().unwrap_or("-")
                        ));
                        text
                    })
                    .map_err(io_error)?;
            }
            StudyCommand::Edit(args) => {
                let study = self.write()?;
                let before = study.store.study()?;
                if let Some(language) = &args.language {
                    language.parse::<Language>()?;
                }
                let after = StudyRow {
                    title: args.title.unwrap_or_else(|| before.title.clone()),
                    questions: if args.question.is_empty() {
                        before.questions.clone()
                    } else {
                        args.question
                    },
                    method: args
                        .method
                        .map_or_else(|| before.method.clone(), |m| m.word().into()),
                    language: args.language.unwrap_or_else(|| before.language.clone()),
                    contact: args.contact.or_else(|| before.contact.clone()),
                    withdraw_by: args
                        .withdraw_by
                        .map(|d| d.to_string())
                        .or_else(|| before.withdraw_by.clone()),
                    k_labels: args.k_labels.or(before.k_labels),
                    k_counts: args.k_counts.or(before.k_counts),
                    ended: args
                        .ended
                        .map(|d| d.to_string())
                        .or_else(|| before.ended.clone()),
                    ..before.clone()
                };
                if after.title.trim().is_empty() {
                    return Err(CliError::refused(
                        "the title is empty",
                        "give one, as in: --title \"How systems develop\"",
                    )
                    .into());
                }
                let mut event = None;
                if after != before {
                    event = study
                        .change("study edit", |tx| {
                            tx.summary("edit the study's facts");
                            Ok(tx.put_study(&after)?)
                        })?
                        .1;
                }
                self.done("Edited the study.", event);
            }
        }
        Ok(Exit::Done)
    }

    pub(super) fn check(&self, args: &CheckArgs) -> Result<Exit> {
        if args.evidence {
            return self.check_evidence();
        }
        let study = if args.repair {
            self.write()?
        } else {
            self.read()?
        };
        let bar = Bar::new("checking", self.out.quiet);
        let health = study.check(args.repair, &bar)?;
        drop(bar);
        self.out
            .text(&health, || {
                if health.sound {
                    return format!(
                        "Sound: {}, {}, {}; the record holds and the index agrees.\n",
                        count(health.transcripts as u64, "transcript"),
                        count(health.codings, "coding"),
                        count(health.events, "event")
                    );
                }
                let mut text = format!("{} found:\n", count(health.damage.len() as u64, "problem"));
                for d in &health.damage {
                    text.push_str(&format!("  {:8}  {}\n", d.area, d.what));
                }
                text
            })
            .map_err(io_error)?;
        Ok(if health.sound {
            Exit::Done
        } else {
            Exit::Damaged
        })
    }
}

/// A study's file name ends in `.casebook`; it is added where it is missing.
pub(super) fn with_ending(path: PathBuf) -> PathBuf {
    if path.extension().is_some_and(|e| e == "casebook") {
        return path;
    }
    let mut name = path.into_os_string();
    name.push(".casebook");
    PathBuf::from(name)
}
