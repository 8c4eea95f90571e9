//! `respond` and `response`: what participants answered to the findings.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde::Serialize;

use super::output::{Exit, Table, count};
use super::progress::Bar;
use super::table_file::TableFile;
use super::{CliError, Context, date, filled, io_error};
use crate::domain::Date;
use crate::domain::words::Answer;
use crate::error::Result;
use crate::evidence::response::{
    Answers, NewAnswer, ResponseView, Responses, known as answered_so, may_answer, record,
};
use crate::evidence::response_import::{ENDINGS, FormFile, Known, hash, read};
use crate::governance::withdraw::refuse_more;
use crate::report::sheet::{Cell, Sheet};
use crate::study::{Progress, Study};

#[derive(Args)]
pub(super) struct RespondArgs {
    /// The participant
    participant: String,
    /// The finding's number
    #[arg(requires = "answer")]
    finding: Option<i64>,
    /// What the participant says to it: confirm, disagree, add, correct or remove
    answer: Option<Answer>,
    /// In the participant's words
    #[arg(value_parser = words)]
    text: Option<String>,
    /// To the debrief as a whole: the participant's words
    #[arg(long, value_name = "TEXT", value_parser = words, conflicts_with_all = ["finding", "no_reply"])]
    whole: Option<String>,
    /// No answer came, and none is expected any more
    #[arg(long, conflicts_with = "finding")]
    no_reply: bool,
    /// The day on which it came; without it, today
    #[arg(long, value_name = "DATE", value_parser = date)]
    received: Option<Date>,
    /// Let it take the place of an earlier answer that says the contrary
    #[arg(long)]
    replace: bool,
}

#[derive(Subcommand)]
pub(super) enum ResponseCommand {
    /// List answers with what was decided about them
    List {
        /// Only to this finding
        #[arg(long, value_name = "N")]
        finding: Option<i64>,
        /// Only of this participant
        #[arg(long, value_name = "ID")]
        participant: Option<String>,
        #[command(flatten)]
        file: TableFile,
    },
    /// Remove an answer with what was decided about it
    Remove {
        /// The answer's number
        response: i64,
    },
    /// Import filled reply forms: Word files, or tables with a row for each answer
    Import(ImportArgs),
}

#[derive(Args)]
pub(super) struct ImportArgs {
    /// Forms, or folders of them: .docx, .csv, .tsv, .xlsx or .ods
    #[arg(required = true, value_name = "FILE|FOLDER")]
    paths: Vec<PathBuf>,
    /// Who answers, where the form of a case doesn't say it
    #[arg(long, value_name = "ID")]
    participant: Option<String>,
    /// The day on which they came; without it, what a table says, else today
    #[arg(long, value_name = "DATE", value_parser = date)]
    received: Option<Date>,
    /// Let answers take the place of earlier ones that say the same or the contrary
    #[arg(long)]
    replace: bool,
    /// Only show what would be read
    #[arg(long)]
    dry_run: bool,
}

#[derive(Serialize)]
struct Responded {
    participant: String,
    responses: Vec<i64>,
    /// What is to be decided.
    decisions: Vec<i64>,
    event: Option<i64>,
}

#[derive(Serialize)]
struct ResponseList {
    responses: Vec<ResponseView>,
    /// In participants.
    overall: Answers,
}

#[derive(Serialize)]
struct Import {
    imported: Vec<Imported>,
    /// Files that were read before.
    known: Vec<Known>,
    refused: Vec<Refused>,
    dry_run: bool,
}

#[derive(Serialize)]
struct Imported {
    file: String,
    participant: String,
    /// The state of the study that the debrief was of.
    version: Option<i64>,
    received: String,
    answers: Vec<ReadAnswer>,
    responses: Vec<i64>,
    decisions: Vec<i64>,
    warnings: Vec<String>,
    event: Option<i64>,
}

#[derive(Serialize)]
struct ReadAnswer {
    /// Null: to the whole.
    finding: Option<i64>,
    answer: Answer,
    /// How many words were said to it.
    words: usize,
}

#[derive(Serialize)]
struct Refused {
    file: String,
    reason: String,
    hint: Option<String>,
}

impl Context {
    pub(super) fn respond(&self, args: &RespondArgs) -> Result<Exit> {
        let answer = match (args.finding, args.answer, &args.whole, args.no_reply) {
            (Some(finding), Some(Answer::NoReply), ..) => {
                return Err(CliError::refused(
                    format!("no reply is none to finding {finding}, but to the whole"),
                    format!("say so: casebook respond {} --no-reply", args.participant),
                )
                .into());
            }
            (Some(finding), Some(kind), ..) => NewAnswer {
                finding: Some(finding),
                kind,
                text: args.text.clone(),
            },
            (_, _, Some(text), _) => NewAnswer {
                finding: None,
                kind: Answer::Add,
                text: Some(text.clone()),
            },
            (_, _, _, true) => NewAnswer {
                finding: None,
                kind: Answer::NoReply,
                text: None,
            },
            _ => {
                return Err(CliError::refused(
                    "it is not said what the participant answered",
                    format!(
                        "name a finding and an answer: casebook respond {} 1 confirm",
                        args.participant
                    ),
                )
                .into());
            }
        };
        let study = self.write()?;
        let person = study.store.participant(&args.participant)?;
        refuse_more(&study.store, person.id, "an answer")?;
        let received = self.received(&study, args.received, None)?;
        let answers = [answer];
        let warning = may_answer(&study.store, &person, &answers, args.replace)?;
        let ((responses, decisions), event) = study.change("respond", |tx| {
            let coder = tx.coder(&study.session.coder)?;
            let made = record(tx, &person, &answers, &received, None, coder, args.replace)?;
            tx.summary(match (answers[0].finding, answers[0].kind) {
                (Some(finding), kind) => format!("{} to finding {finding}: {kind}", person.code),
                (None, Answer::NoReply) => format!("{}: no reply", person.code),
                (None, _) => format!("{} to the debrief as a whole", person.code),
            });
            Ok(made)
        })?;
        let view = Responded {
            participant: person.code,
            responses,
            decisions,
            event,
        };
        self.out
            .text(&view, || {
                let mut out = format!("response {}\n", joined(&view.responses));
                if !view.decisions.is_empty() {
                    out.push_str(&format!("decision {}  open\n", joined(&view.decisions)));
                }
                out
            })
            .map_err(io_error)?;
        if let Some(warning) = warning {
            self.out.warn(&warning);
        }
        self.done("Wrote the answer down.", event);
        if let Some(decision) = view.decisions.first() {
            self.out.say(&format!(
                "It asks for a decision; take it with: casebook decision take {decision} changed|kept|noted|removed --why TEXT"
            ));
        }
        Ok(Exit::Done)
    }

    /// The day on which an answer came: no day to come.
    fn received(&self, study: &Study, typed: Option<Date>, said: Option<&str>) -> Result<String> {
        let today = study.session.now.get(..10).unwrap_or_default();
        let day = typed
            .map(|day| day.to_string())
            .or_else(|| said.map(str::to_owned))
            .unwrap_or_else(|| today.to_owned());
        if day.as_str() > today {
            return Err(CliError::refused(
                format!("{day} is still to come"),
                "give the day on which the answer came: --received DATE",
            )
            .into());
        }
        Ok(day)
    }

    pub(super) fn response(&self, command: &ResponseCommand) -> Result<Exit> {
        match command {
            ResponseCommand::List {
                finding,
                participant,
                file,
            } => self.response_list(*finding, participant.as_deref(), file),
            ResponseCommand::Remove { response } => {
                let study = self.write()?;
                let id = study.store.the_response(*response)?.id;
                let ((), event) = study.change("response remove", |tx| {
                    tx.remove_response(id)?;
                    tx.summary(format!("remove response {id}"));
                    Ok(())
                })?;
                self.done(&format!("Removed response {id}."), event);
                Ok(Exit::Done)
            }
            ResponseCommand::Import(args) => self.response_import(args),
        }
    }

    fn response_list(
        &self,
        finding: Option<i64>,
        participant: Option<&str>,
        file: &TableFile,
    ) -> Result<Exit> {
        let study = self.read()?;
        file.check(&study)?;
        if let Some(finding) = finding {
            study.store.the_finding(finding)?;
        }
        let person = participant
            .map(|id| study.store.participant(id))
            .transpose()?
            .map(|p| p.id);
        let all = Responses::read(&study.store)?;
        let list = ResponseList {
            responses: all.views(|r| {
                finding.is_none_or(|f| r.finding == Some(f))
                    && person.is_none_or(|p| r.participant == p)
            }),
            overall: all.overall(),
        };
        let mut sheet = Sheet::new(
            "Answers",
            [
                "response",
                "participant",
                "finding",
                "answer",
                "received",
                "text",
                "decision",
                "outcome",
                "why",
            ],
        );
        for r in &list.responses {
            let decision = r.decision.as_ref();
            sheet.row([
                Cell::Whole(r.response),
                r.participant.clone().into(),
                r.finding.map_or("whole".into(), Cell::Whole),
                r.answer.word().into(),
                r.received.clone().into(),
                r.held_back
                    .map_or_else(|| r.text.clone().into(), |why| format!("({why})").into()),
                decision.map(|d| d.decision).into(),
                decision
                    .map(|d| d.outcome.map_or("open", |o| o.word()))
                    .into(),
                decision.and_then(|d| d.why.clone()).into(),
            ]);
        }
        if !all.is_empty() {
            sheet.note(format!(
                "Of all participants who were sent a debrief, in participants: {}.",
                list.overall.said()
            ));
        }
        self.tables(
            &study,
            file,
            &list,
            &[sheet],
            "No answers. Write one down with: casebook respond P01 1 confirm",
        )?;
        Ok(Exit::Done)
    }

    fn response_import(&self, args: &ImportArgs) -> Result<Exit> {
        let study = if args.dry_run {
            self.read()?
        } else {
            self.write()?
        };
        let files = files(&args.paths)?;
        let mut done = Import {
            imported: Vec::new(),
            known: Vec::new(),
            refused: Vec::new(),
            dry_run: args.dry_run,
        };
        let bar = Bar::new("reading", self.out.quiet);
        bar.total(files.len() as u64);
        for path in &files {
            if let Err(failure) = self.form(&study, args, path, &mut done) {
                done.refused.push(Refused {
                    file: name(path),
                    reason: failure.to_string(),
                    hint: failure.hint(),
                });
            }
            bar.step();
        }
        drop(bar);
        self.forms_told(&done)
    }

    /// Reads one file, and writes down what is in it as one change: all of it or nothing.
    fn form(&self, study: &Study, args: &ImportArgs, path: &Path, done: &mut Import) -> Result<()> {
        let bytes = std::fs::read(path).map_err(|source| CliError::Io {
            what: format!("`{}`", path.display()),
            source,
        })?;
        let known = study.store.responses_of_form(&hash(&bytes))?;
        if known > 0 {
            done.known.push(Known {
                file: name(path),
                responses: known,
            });
            return Ok(());
        }
        let FormFile { sha256, mut forms } =
            read(study, &name(path), &bytes, args.participant.as_deref())?;
        let mut again = !args.replace;
        for form in &forms {
            again = again && answered_so(&study.store, &form.person, &form.answers)?;
        }
        if again {
            let answers: usize = forms.iter().map(|f| f.answers.len()).sum();
            done.known.push(Known {
                file: name(path),
                responses: i64::try_from(answers).unwrap_or(i64::MAX),
            });
            return Ok(());
        }
        for form in &mut forms {
            let warning = may_answer(&study.store, &form.person, &form.answers, args.replace)?;
            form.warnings.extend(warning);
        }
        let mut days = Vec::new();
        for form in &forms {
            days.push(self.received(study, args.received, form.received.as_deref())?);
        }
        let mut made = vec![(Vec::new(), Vec::new()); forms.len()];
        let mut event = None;
        if !args.dry_run {
            (made, event) = study.change("response import", |tx| {
                let coder = tx.coder(&study.session.coder)?;
                let mut made = Vec::new();
                for (form, day) in forms.iter().zip(&days) {
                    made.push(record(
                        tx,
                        &form.person,
                        &form.answers,
                        day,
                        Some(sha256),
                        coder,
                        args.replace,
                    )?);
                }
                let answers: usize = forms.iter().map(|f| f.answers.len()).sum();
                tx.summary(match &forms[..] {
                    [one] => format!(
                        "import {} of {} from a form{}",
                        count(answers as u64, "answer"),
                        one.person.code,
                        one.version
                            .map_or_else(String::new, |v| format!(" of version {v}"))
                    ),
                    many => format!(
                        "import {} of {} from a table",
                        count(answers as u64, "answer"),
                        count(many.len() as u64, "participant")
                    ),
                });
                Ok(made)
            })?;
        }
        for ((form, day), (responses, decisions)) in forms.into_iter().zip(days).zip(made) {
            let answers = form.answers.iter().map(|a| ReadAnswer {
                finding: a.finding,
                answer: a.kind,
                words: a
                    .text
                    .as_deref()
                    .map_or(0, |text| text.split_whitespace().count()),
            });
            done.imported.push(Imported {
                file: name(path),
                participant: form.person.code,
                version: form.version,
                received: day,
                answers: answers.collect(),
                responses,
                decisions,
                warnings: form.warnings,
                event,
            });
        }
        Ok(())
    }

    fn forms_told(&self, done: &Import) -> Result<Exit> {
        self.out
            .table(done, || import_table(done), "")
            .map_err(io_error)?;
        for one in &done.imported {
            for warning in &one.warnings {
                self.out.warn(&format!("{}: {warning}", one.file));
            }
        }
        for known in &done.known {
            self.out.say(&format!(
                "{} was read before, with {}.",
                known.file,
                count(known.responses, "answer")
            ));
        }
        let answers: usize = done.imported.iter().map(|i| i.answers.len()).sum();
        let open: usize = done.imported.iter().map(|i| i.decisions.len()).sum();
        let n = count(answers as u64, "answer");
        if done.dry_run {
            self.out
                .say(&format!("{n} would be imported; nothing was written."));
        } else if answers > 0 {
            self.out.say(&format!("Imported {n}."));
        }
        if open > 0 {
            self.out.say(&format!(
                "{} to take: casebook decision list --open",
                count(open as u64, "decision")
            ));
        }
        for refused in &done.refused {
            super::output::complain(
                &format!("{}: {}", refused.file, refused.reason),
                refused.hint.as_deref(),
            );
        }
        Ok(if done.refused.is_empty() {
            Exit::Done
        } else {
            Exit::Refused
        })
    }
}

fn import_table(done: &Import) -> Table {
    let mut table = Table::new(&[
        "file",
        "participant",
        ">finding",
        "answer",
        ">words",
        "received",
    ]);
    for one in &done.imported {
        for answer in &one.answers {
            table.row([
                one.file.clone(),
                one.participant.clone(),
                answer
                    .finding
                    .map_or_else(|| "whole".to_owned(), |n| n.to_string()),
                answer.answer.to_string(),
                answer.words.to_string(),
                one.received.clone(),
            ]);
        }
    }
    table
}

/// The forms that were named: files as they are, and of folders what may be a form, by name.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in paths {
        if !path.is_dir() {
            found.push(path.clone());
            continue;
        }
        let fail = |source| CliError::Io {
            what: format!("`{}`", path.display()),
            source,
        };
        let mut here = Vec::new();
        for entry in std::fs::read_dir(path).map_err(fail)? {
            let path = entry.map_err(fail)?.path();
            let ending = path
                .extension()
                .map(|e| e.to_string_lossy().to_lowercase())
                .unwrap_or_default();
            // What begins so is a lock of a program that has the form open.
            let open = name(&path).starts_with(['~', '.']);
            if path.is_file() && !open && ENDINGS.contains(&ending.as_str()) {
                here.push(path);
            }
        }
        if here.is_empty() {
            return Err(CliError::refused(
                format!("there is no form in `{}`", path.display()),
                format!("forms are files that end in .{}", ENDINGS.join(", .")),
            )
            .into());
        }
        here.sort();
        found.extend(here);
    }
    Ok(found)
}

fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    crate::domain::span::printable(&name).into_owned()
}

fn joined(ids: &[i64]) -> String {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    ids.join(", ")
}

/// Somebody's words: more than nothing; line breaks may be in them.
fn words(typed: &str) -> Result<String, String> {
    filled(&typed.replace(['\n', '\t'], " "))?;
    Ok(typed.trim().to_owned())
}
