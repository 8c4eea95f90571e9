//! `frame export` and `frame import`: the matrix as a file, and back.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::frame::FrameFilterArgs;
use super::output::{Exit, count};
use super::release::{Readers, ReleaseArgs};
use super::report::{About, spare};
use super::{CliError, Context, complain, io_error};
use crate::domain::words::CellStatus;
use crate::error::Result;
use crate::evidence::frame::import::{CellChange, FrameImport, FrameImportOptions, import};
use crate::evidence::frame::quotes::{Drawn, drawn};
use crate::evidence::frame::table::FrameFormat;
use crate::evidence::frame::{CellView, Frame, frame, frame_for};
use crate::governance::gate::{Audience, HeldBack, To};
use crate::report::frame::{TEAM_ONLY, frame_page, frame_table};
use crate::report::sheet::Kind;

#[derive(Args)]
pub(super) struct ExportArgs {
    /// The file: .html to read and print; .xlsx, .md or .csv to edit and bring back; .json
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
    /// Draw so many quotes into each cell: passages that it names, or the first below it (.html)
    #[arg(long, value_name = "N", default_value_t = 0)]
    quotes: usize,
    /// Who will read it: public (summaries and quotes as people agreed to be cited; so is .html without it) or team (all
    /// but what is off the record alone)
    #[arg(long, value_name = "AUDIENCE")]
    audience: Option<Audience>,
    #[command(flatten)]
    release: ReleaseArgs,
    #[command(flatten)]
    filters: FrameFilterArgs,
}

#[derive(Args)]
pub(super) struct ImportArgs {
    /// The edited file: .xlsx, .md or .csv, as `frame export` wrote it
    file: PathBuf,
    /// Only say what it would change
    #[arg(long)]
    dry_run: bool,
    /// Where a cell was changed both in the file and in the study, take the file's words
    #[arg(long)]
    theirs: bool,
    /// Clear the cells that were emptied in the file; without it they stay
    #[arg(long)]
    clear: bool,
}

/// A frame for others than the team: what it says, and not what it rests on, nor who wrote it when.
#[derive(Serialize)]
struct Told<'f> {
    audience: &'static str,
    rows: Vec<&'f str>,
    cols: Vec<&'f str>,
    /// By row, then column.
    cells: Vec<Vec<ToldCell<'f>>>,
    row_summaries: Vec<ToldCell<'f>>,
    col_summaries: Vec<ToldCell<'f>>,
}

#[derive(Serialize)]
struct ToldCell<'f> {
    case: Option<&'f str>,
    theme: Option<&'f str>,
    status: CellStatus,
    text: Option<&'f str>,
}

impl<'f> Told<'f> {
    fn of(frame: &'f Frame, audience: Audience) -> Self {
        let cell = |cell: &'f CellView| ToldCell {
            case: cell.case.as_deref(),
            theme: cell.theme.as_deref(),
            status: cell.status,
            text: cell.text.as_deref(),
        };
        let line = |cells: &'f [CellView]| cells.iter().map(cell).collect();
        Self {
            audience: audience.word(),
            rows: frame.rows.iter().map(|head| head.name.as_str()).collect(),
            cols: frame.cols.iter().map(|head| head.name.as_str()).collect(),
            cells: frame.cells.iter().map(|row| line(row)).collect(),
            row_summaries: line(&frame.row_summaries),
            col_summaries: line(&frame.col_summaries),
        }
    }
}

impl Context {
    pub(super) fn frame_export(&self, args: &ExportArgs) -> Result<Exit> {
        let kind = Kind::of(&args.output)?;
        if args.quotes > 0 && kind != Kind::Html {
            return Err(CliError::refused(
                "quotes are drawn only into .html: other files come back as summaries",
                "write it as: -o FILE.html",
            )
            .into());
        }
        let edited = FrameFormat::of(&args.output).is_some();
        if edited && args.audience.is_some_and(|a| a != Audience::Team) {
            return Err(CliError::refused(
                "a file to edit holds every summary: it is for the team only",
                "write it as: -o FILE.html",
            )
            .into());
        }
        let audience = args.audience.unwrap_or(match kind {
            Kind::Html => Audience::Public,
            _ => Audience::Team,
        });
        let study = self.read()?;
        spare(&study, &args.output)?;
        let filter = args.filters.filter();
        // What is edited comes back: a summary that is left out would come back as one that was cleared.
        let frame = if edited {
            frame(&study, &filter)?
        } else {
            frame_for(&study, &filter, audience)?
        };
        let to = To::named(&study.store, audience, &filter.cases, &[])?;
        let (quotes, held) = if args.quotes > 0 {
            drawn(&study, &frame, args.quotes, &to)?
        } else {
            (Drawn::new(), HeldBack::default())
        };
        // Whoever cuts a table short is told before it is written.
        let mut codings: Vec<i64> = quotes.values().flatten().map(|q| q.coding).collect();
        codings.sort_unstable();
        let about = About {
            what: "the frame",
            kind: "frame",
            subject: None,
            to,
            among_few: true,
            allow: &args.release.allow,
            without_key: args.release.without_key,
        };
        let readers = Readers::of(about, &codings);
        self.write_copy(&study, "frame", &args.output, &readers, |out| {
            match (kind, FrameFormat::of(&args.output)) {
                (Kind::Json, _) if audience == Audience::Team => {
                    super::output::write_json(&frame, out).map_err(io_error)
                }
                (Kind::Json, _) => {
                    super::output::write_json(&Told::of(&frame, audience), out).map_err(io_error)
                }
                (_, Some(format)) => frame_table(&study, &frame, format, out),
                (_, None) => frame_page(&study, &frame, (&quotes, audience), held.total(), out),
            }
        })?;
        for note in crate::report::frame::notes(&frame) {
            self.out.say(&note);
        }
        let shown: usize = quotes.values().map(Vec::len).sum();
        let with = if args.quotes > 0 {
            format!(" with {}", count(shown, "quote"))
        } else {
            String::new()
        };
        self.say_held_back(&held, &frame.held_back());
        if shown > 0 && audience == Audience::Team {
            self.out.say(&format!("{TEAM_ONLY}."));
        }
        self.out.say(&format!(
            "Wrote {} × {}{with} to {}.",
            count(frame.rows.len(), "case"),
            count(frame.cols.len(), "theme"),
            args.output.display()
        ));
        Ok(Exit::Done)
    }

    pub(super) fn frame_import(&self, args: &ImportArgs) -> Result<Exit> {
        let study = if args.dry_run {
            self.read()?
        } else {
            self.write()?
        };
        let done = import(
            &study,
            &args.file,
            FrameImportOptions {
                dry_run: args.dry_run,
                theirs: args.theirs,
                clear: args.clear,
            },
        )?;
        self.out.text(&done, || text(&done)).map_err(io_error)?;
        let summary = format!(
            "{} added, {} edited, {} cleared; {} unchanged",
            count(done.added.len(), "cell"),
            done.edited.len(),
            done.cleared.len(),
            done.unchanged
        );
        if args.dry_run {
            self.out.say(&format!("{summary}. Nothing was written."));
        } else {
            self.out.say(&format!("{summary}."));
            self.done("Brought the frame back.", done.event);
        }
        if done.exported.is_none() {
            self.out.warn("the first cell of the file names no event, so nothing tells what was changed in the study meanwhile: only empty cells are filled");
        }
        if done.newer > 0 {
            self.out.say(&format!(
                "{} changed in the study since the export and not in the file: left as the study has {}.",
                count(done.newer, "cell"),
                if done.newer == 1 { "it" } else { "them" }
            ));
        }
        if !done.emptied.is_empty() {
            self.out.say(&format!(
                "{} emptied in the file and left as the study has {}; to clear: --clear",
                count(done.emptied.len(), "cell"),
                if done.emptied.len() == 1 {
                    "it"
                } else {
                    "them"
                }
            ));
        }
        self.say_evidence(done.evidence);
        if done.conflicts.is_empty() {
            return Ok(Exit::Done);
        }
        complain(
            &format!(
                "{} changed in the file and in the study: left as the study has {}",
                count(done.conflicts.len(), "cell"),
                if done.conflicts.len() == 1 {
                    "it"
                } else {
                    "them"
                }
            ),
            Some(
                "to take the file's words: casebook frame import FILE --theirs   or write what is right with: casebook frame set CASE THEME TEXT",
            ),
        );
        Ok(Exit::Refused)
    }
}

/// What becomes of each cell, with the words before and after.
fn text(done: &FrameImport) -> String {
    let mut out = String::new();
    for (what, changes) in [
        ("added", &done.added),
        ("edited", &done.edited),
        ("cleared", &done.cleared),
        ("conflict", &done.conflicts),
        ("emptied", &done.emptied),
    ] {
        for change in changes {
            out.push_str(&one(what, change));
        }
    }
    out
}

/// So much of a cell's words is shown, in characters: the rest is in the study or the file.
const SHOWN: usize = 600;

/// Words as a terminal shows them.
fn cut(words: &str) -> String {
    match words.char_indices().nth(SHOWN) {
        None => words.to_owned(),
        Some((end, _)) => format!(
            "{}… ({} characters in all)",
            words[..end].trim_end(),
            words.chars().count()
        ),
    }
}

fn one(what: &str, change: &CellChange) -> String {
    let mut out = format!("{what}  {} × {}", change.case, change.theme);
    if let (Some(since), "conflict" | "edited" | "cleared") = (&change.since, what) {
        out.push_str(&format!(
            "  (changed by {} at {}, event {})",
            since.coder, since.at, since.event
        ));
    }
    out.push('\n');
    let mut side = |sign: &str, words: &Option<String>| {
        if let Some(words) = words {
            out.push_str(&format!(
                "  {sign} {}\n",
                cut(words).replace('\n', "\n    ")
            ));
        }
    };
    side("-", &change.before);
    side("+", &change.after);
    out
}
