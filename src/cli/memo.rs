//! `memo`: notes on anything.

use clap::{Args, Subcommand};
use serde::Serialize;

use super::output::{Exit, Table};
use super::{CliError, Context, io_error};
use crate::coding::Error;
use crate::coding::memo::object;
use crate::error::Result;
use crate::store::Memo;
use crate::study::Study;

#[derive(Subcommand)]
pub(super) enum MemoCommand {
    /// Add a memo
    Add(AddArgs),
    /// List memos
    List {
        /// Only on this: study, case:SLUG, participant:ID, transcript:ID, theme:PATH, coding:N or finding:N
        #[arg(long, value_name = "OBJECT")]
        on: Option<String>,
    },
    /// Show a memo
    Show {
        /// The memo's number
        memo: i64,
    },
    /// Change a memo's text
    Edit {
        /// The memo's number
        memo: i64,
        /// The new text
        text: String,
    },
    /// Remove a memo
    Remove {
        /// The memo's number
        memo: i64,
    },
}

#[derive(Args)]
pub(super) struct AddArgs {
    /// What it is on: study, case:SLUG, participant:ID, transcript:ID, theme:PATH, coding:N or finding:N
    #[arg(long, value_name = "OBJECT")]
    on: String,
    /// The text
    text: String,
}

#[derive(Serialize)]
struct MemoView {
    memo: i64,
    on: String,
    coder: String,
    at: String,
    text: String,
}

#[derive(Serialize)]
struct MemoList {
    memos: Vec<MemoView>,
}

impl Context {
    pub(super) fn memo(&self, command: MemoCommand) -> Result<Exit> {
        match command {
            MemoCommand::Add(args) => {
                let text = filled(&args.text)?;
                let study = self.write()?;
                let on = object(&study.store, &args.on)?;
                let (id, event) = study.change("memo add", |tx| {
                    let coder = tx.coder(&study.session.coder)?;
                    let id = tx.add_memo(coder, on, text)?;
                    tx.summary(format!("add memo {id} on {}", args.on));
                    Ok(id)
                })?;
                let name = study.name_of(on)?;
                let view = MemoView {
                    memo: id,
                    on: name,
                    coder: study.session.coder.clone(),
                    at: study.session.now.clone(),
                    text: text.to_owned(),
                };
                self.out
                    .text(&view, || format!("memo {id} on {}\n", view.on))
                    .map_err(io_error)?;
                self.done("Added the memo.", event);
            }
            MemoCommand::List { on } => {
                let study = self.read()?;
                let on = on.map(|o| object(&study.store, &o)).transpose()?;
                let mut list = MemoList { memos: Vec::new() };
                for memo in study
                    .store
                    .memos()?
                    .into_iter()
                    .filter(|m| on.is_none_or(|o| o == m.on))
                {
                    list.memos.push(view(&study, memo)?);
                }
                self.out
                    .table(
                        &list,
                        || {
                            let mut table = Table::new(&[">memo", "on", "coder", "at", "text"]);
                            for m in &list.memos {
                                table.row([
                                    m.memo.to_string(),
                                    m.on.clone(),
                                    m.coder.clone(),
                                    m.at.clone(),
                                    m.text.clone(),
                                ]);
                            }
                            table
                        },
                        "No memos. Add one with: casebook memo add --on study TEXT",
                    )
                    .map_err(io_error)?;
            }
            MemoCommand::Show { memo } => {
                let study = self.read()?;
                let found = view(
                    &study,
                    study.store.memo(memo)?.ok_or(Error::UnknownMemo(memo))?,
                )?;
                self.out
                    .text(&found, || {
                        format!(
                            "memo {} on {}\n{} · {}\n\n{}\n",
                            found.memo,
                            found.on,
                            found.coder,
                            found.at,
                            crate::domain::span::printable(&found.text)
                        )
                    })
                    .map_err(io_error)?;
            }
            MemoCommand::Edit { memo, text } => {
                let text = filled(&text)?;
                let ((), event) = self.write()?.change("memo edit", |tx| {
                    let before = tx.memo(memo)?.ok_or(Error::UnknownMemo(memo))?;
                    if before.text != text {
                        tx.edit_memo(memo, text)?;
                    }
                    tx.summary(format!("edit memo {memo}"));
                    Ok(())
                })?;
                self.done(&format!("Edited memo {memo}."), event);
            }
            MemoCommand::Remove { memo } => {
                let ((), event) = self.write()?.change("memo remove", |tx| {
                    tx.memo(memo)?.ok_or(Error::UnknownMemo(memo))?;
                    tx.remove_memo(memo)?;
                    tx.summary(format!("remove memo {memo}"));
                    Ok(())
                })?;
                self.done(&format!("Removed memo {memo}."), event);
            }
        }
        Ok(Exit::Done)
    }
}

fn filled(text: &str) -> Result<&str> {
    let text = text.trim();
    if text.is_empty() {
        Err(CliError::refused(
            "the memo is empty",
            "write its text after the object, in quotation marks",
        )
        .into())
    } else {
        Ok(text)
    }
}

fn view(study: &Study, memo: Memo) -> Result<MemoView> {
    Ok(MemoView {
        memo: memo.id,
        on: study.name_of(memo.on)?,
        coder: memo.coder,
        at: memo.at,
        text: memo.text,
    })
}
