//! `code`, `uncode`, `coder`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::output::{Exit, Table, count};
use super::{Context, io_error};
use crate::coding::bulk::code_from;
use crate::coding::code::{code, uncode};
use crate::domain::place::Place;
use crate::error::Result;
use crate::evidence::loss::{Loss, watch};
use crate::store::MemoOn;
use crate::study::Codebook;

#[derive(Args)]
pub(super) struct CodeArgs {
    /// Where: T01, T01:12, T01:12-15, T01:12@5-40 or T01@100-250
    #[arg(required_unless_present = "from", value_name = "PLACE")]
    place: Option<String>,
    /// The themes' paths
    #[arg(required_unless_present = "from", value_name = "THEME")]
    themes: Vec<String>,
    /// The one place within it where exactly these words stand
    #[arg(long, value_name = "WORDS")]
    quote: Option<String>,
    /// A note on the codings
    #[arg(long, value_name = "TEXT")]
    memo: Option<String>,
    /// Many codings from a CSV: place, quote, theme, coder, memo
    #[arg(long, value_name = "FILE.csv", conflicts_with_all = ["place", "themes", "quote", "memo"])]
    from: Option<PathBuf>,
}

#[derive(Args)]
pub(super) struct UncodeArgs {
    /// The codings' numbers
    #[arg(required = true, value_name = "CODING")]
    codings: Vec<i64>,
    /// Only say what would go
    #[arg(long)]
    dry_run: bool,
}

#[derive(Subcommand)]
pub(super) enum CoderCommand {
    /// List coders with their codings
    List,
}

#[derive(Serialize)]
struct Coded {
    codings: Vec<i64>,
    /// Themes that this coder had on exactly this span already.
    known: usize,
    transcript: String,
    start: u32,
    end: u32,
    text: String,
    themes: Vec<String>,
    coder: String,
    event: Option<i64>,
}

#[derive(Serialize)]
struct Uncoded {
    removed: Vec<i64>,
    #[serde(flatten)]
    loss: Loss,
    event: Option<i64>,
}

#[derive(Serialize)]
struct CoderView {
    coder: String,
    codings: i64,
    first: Option<String>,
    last: Option<String>,
}

#[derive(Serialize)]
struct CoderList {
    coders: Vec<CoderView>,
}

impl Context {
    pub(super) fn code(&self, args: &CodeArgs) -> Result<Exit> {
        let study = self.write()?;
        if let Some(file) = &args.from {
            let result = code_from(&study, file)?;
            self.out
                .text(&result, || {
                    let known = if result.known > 0 {
                        format!(", {} there already", result.known)
                    } else {
                        String::new()
                    };
                    format!(
                        "{} coded{known}, {}\n",
                        count(result.coded as u64, "passage"),
                        count(result.memos as u64, "memo")
                    )
                })
                .map_err(io_error)?;
            self.done("Coded from the file.", result.event);
            return Ok(Exit::Done);
        }
        let place: Place = args.place.as_deref().unwrap_or_default().parse()?;
        let found = study.locate(&place, args.quote.as_deref())?;
        let book = Codebook::read(&study.store)?;
        let themes = args
            .themes
            .iter()
            .map(|t| book.find(t))
            .collect::<Result<Vec<_>>>()?;
        let ((ids, known), event) = study.change("code", |tx| {
            let coder = tx.coder(&study.session.coder)?;
            let (ids, known) = code(tx, &found, &themes, coder)?;
            if let Some(text) = args.memo.as_deref().filter(|t| !t.trim().is_empty()) {
                for id in &ids {
                    tx.add_memo(coder, MemoOn::Coding(*id), text)?;
                }
            }
            let named: Vec<String> = themes.iter().map(|t| book.path(*t)).collect();
            tx.summary(format!(
                "code {}@{} with {}",
                found.transcript.slug,
                found.span,
                named.join(", ")
            ));
            Ok((ids, known))
        })?;
        let text = study
            .store
            .with_text(found.transcript.revision.id, |text| {
                crate::domain::span::Codepoints::new(text)
                    .slice(found.span)
                    .to_owned()
            })?;
        let coded = Coded {
            codings: ids,
            known,
            transcript: found.transcript.slug.clone(),
            start: found.span.start,
            end: found.span.end,
            text,
            themes: themes.iter().map(|t| book.path(*t)).collect(),
            coder: study.session.coder.clone(),
            event,
        };
        self.out
            .text(&coded, || {
                let shown = super::output::cut(
                    &crate::domain::span::printable(&coded.text).replace('\n', " "),
                    100,
                );
                let numbers: Vec<String> = coded.codings.iter().map(ToString::to_string).collect();
                format!(
                    "{}@{}-{}  “{shown}”\n{}  coding {}\n",
                    coded.transcript,
                    coded.start,
                    coded.end,
                    coded.themes.join(", "),
                    if numbers.is_empty() {
                        "-".into()
                    } else {
                        numbers.join(", ")
                    }
                )
            })
            .map_err(io_error)?;
        if known > 0 {
            self.out.say(&format!(
                "{} you had there already; nothing is coded twice.",
                count(known as u64, "theme")
            ));
        }
        if event.is_some() {
            self.done("Coded.", event);
        }
        Ok(Exit::Done)
    }

    pub(super) fn uncode(&self, args: &UncodeArgs) -> Result<Exit> {
        let study = self.write()?;
        let mut wanted = args.codings.clone();
        wanted.sort_unstable();
        wanted.dedup();
        if args.dry_run {
            let (gone, loss) =
                study.rehearse("uncode", |tx| watch(&study, || uncode(tx, &wanted)))?;
            let view = Uncoded {
                removed: gone.iter().map(|c| c.id).collect(),
                loss,
                event: None,
            };
            self.out.text(&view, String::new).map_err(io_error)?;
            self.out.say(&format!(
                "{} would be taken away.",
                count(wanted.len() as u64, "coding")
            ));
            self.say_loss(&view.loss, false);
            return Ok(Exit::Done);
        }
        let ((gone, loss), event) = study.change("uncode", |tx| {
            let done = watch(&study, || uncode(tx, &wanted))?;
            tx.summary(format!("uncode {}", count(done.0.len() as u64, "coding")));
            Ok(done)
        })?;
        let uncoded = Uncoded {
            removed: gone.iter().map(|c| c.id).collect(),
            loss,
            event,
        };
        self.out.text(&uncoded, String::new).map_err(io_error)?;
        self.done(
            &format!("Took {} away.", count(gone.len() as u64, "coding")),
            event,
        );
        self.say_loss(&uncoded.loss, true);
        Ok(Exit::Done)
    }

    /// Says what a change takes from the frame and from findings, or took once it is `done`.
    pub(super) fn say_loss(&self, loss: &Loss, done: bool) {
        if loss.cells > 0 {
            self.out.say(&format!(
                "The frame named {} of this in its cells: see casebook frame list --stale",
                count(loss.cells, "passage")
            ));
        }
        let said = loss.said(done);
        if !said.is_empty() {
            self.out.say(&sentence(&said));
        }
    }

    /// A question with what findings would lose.
    pub(super) fn with_loss(what: &str, loss: &Loss) -> String {
        let mut all = vec![what.to_owned()];
        all.extend(loss.said(false));
        all.join("; ")
    }

    pub(super) fn coder(&self, command: &CoderCommand) -> Result<Exit> {
        let CoderCommand::List = command;
        let study = self.read()?;
        let mut counts: std::collections::HashMap<i64, (i64, String, String)> = study
            .store
            .codings_by_coder()?
            .into_iter()
            .map(|(id, n, a, b)| (id, (n, a, b)))
            .collect();
        let mut list = CoderList { coders: Vec::new() };
        for coder in study.store.coders()? {
            let (codings, first, last) = match counts.remove(&coder.id) {
                Some((n, a, b)) => (n, Some(a), Some(b)),
                None => (0, None, None),
            };
            list.coders.push(CoderView {
                coder: coder.name,
                codings,
                first,
                last,
            });
        }
        self.out
            .table(
                &list,
                || {
                    let mut table = Table::new(&["coder", ">codings", "first", "last"]);
                    for c in &list.coders {
                        table.row([
                            c.coder.clone(),
                            c.codings.to_string(),
                            c.first.clone().unwrap_or_default(),
                            c.last.clone().unwrap_or_default(),
                        ]);
                    }
                    table
                },
                "Nobody has coded yet.",
            )
            .map_err(io_error)?;
        Ok(Exit::Done)
    }
}

/// Clauses as one sentence.
fn sentence(clauses: &[String]) -> String {
    let all = clauses.join("; ");
    let mut letters = all.chars();
    let first: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    format!("{first}{}.", letters.as_str())
}
