//! `frame`: the framework matrix: summaries of what each case says on each theme.

use std::io::Read;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::frame_file::{ExportArgs, ImportArgs};
use super::output::{Exit, count};
use super::table_file::TableFile;
use super::{CliError, Context, io_error, pair};
use crate::domain::words::CellStatus;
use crate::error::Result;
use crate::evidence::frame::write::{CellWritten, Say, clear, confirm, set};
use crate::evidence::frame::{CellPlace, CellView, FrameFilter, frame, place};
use crate::report::frame::signs;
use crate::report::sheet::Sheet;

#[derive(Subcommand)]
pub(super) enum FrameCommand {
    /// Write the summary of a case and a theme, or say why there is none
    Set(SetArgs),
    /// Show the matrix, a row of it, or one cell whole
    Show(ShowArgs),
    /// Say that a summary is still right although codings came or went
    Confirm(PlaceArgs),
    /// Take a summary away
    Clear(PlaceArgs),
    /// List cells: all that are written, or those that need work
    List(ListArgs),
    /// Write the matrix to a file: to read and print, or to edit and bring back
    Export(ExportArgs),
    /// Import an edited file of the matrix
    Import(ImportArgs),
}

#[derive(Args)]
pub(super) struct PlaceArgs {
    /// The case; `/` for all cases: what the theme comes to
    case: String,
    /// The theme's path; `/` for all themes: what the case comes to
    theme: String,
}

#[derive(Args)]
pub(super) struct SetArgs {
    #[command(flatten)]
    place: PlaceArgs,
    /// The summary; `-` reads it from standard input
    #[arg(conflicts_with_all = ["file", "status"])]
    text: Option<String>,
    /// Read the summary from a text file
    #[arg(long, value_name = "FILE", conflicts_with = "status")]
    file: Option<PathBuf>,
    /// Why there is no summary: not-asked, asked-no-data, not-applicable or withheld
    #[arg(long, value_name = "STATUS")]
    status: Option<CellStatus>,
    /// A coding that it rests on: these and no others; without it, those it has stay (can be repeated)
    #[arg(long, value_name = "N")]
    coding: Vec<i64>,
    /// It rests on no coding that could be named
    #[arg(long, conflicts_with = "coding")]
    no_coding: bool,
}

/// The rows and columns that are asked for.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Filters (the same kind widens, different kinds narrow)")]
pub(super) struct FrameFilterArgs {
    /// Only this case, with all that is part of it (can be repeated)
    #[arg(long = "case", value_name = "SLUG")]
    cases: Vec<String>,
    /// Only cases of this kind (can be repeated)
    #[arg(long, value_name = "KIND")]
    kind: Vec<String>,
    /// Only cases where an attribute has this value (can be repeated)
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    attr: Vec<(String, String)>,
    /// Only this theme, with its sub-themes (can be repeated)
    #[arg(long = "theme", value_name = "PATH")]
    themes: Vec<String>,
    /// Themes at this depth of the tree: 1 for the first step of their paths
    #[arg(long, value_name = "DEPTH")]
    depth: Option<usize>,
}

impl FrameFilterArgs {
    pub(super) fn filter(&self) -> FrameFilter {
        FrameFilter {
            cases: self.cases.clone(),
            kinds: self.kind.clone(),
            attributes: self.attr.clone(),
            themes: self.themes.clone(),
            depth: self.depth,
        }
    }
}

#[derive(Args)]
pub(super) struct ShowArgs {
    /// A case: its row, each cell with its whole summary; `/`: what the themes come to over all cases
    #[arg(value_name = "CASE")]
    of: Option<String>,
    /// A theme's path: that one cell, with the passages that it names; `/`: what the case comes to
    #[arg(value_name = "THEME")]
    on: Option<String>,
    #[command(flatten)]
    filters: FrameFilterArgs,
}

#[derive(Args)]
pub(super) struct ListArgs {
    /// Cells below which codings came or went since they were written
    #[arg(long)]
    stale: bool,
    /// Cells that nobody has charted, with the number of codings that wait there
    #[arg(long)]
    uncharted: bool,
    /// Summaries that name no coding
    #[arg(long)]
    unsupported: bool,
    #[command(flatten)]
    file: TableFile,
    #[command(flatten)]
    filters: FrameFilterArgs,
}

#[derive(Serialize)]
struct WrittenView {
    case: String,
    theme: String,
    status: Option<CellStatus>,
    /// Codings below it; of a row or column, cells.
    below: i64,
    links: Vec<i64>,
    event: Option<i64>,
}

#[derive(Serialize)]
struct CellList {
    cells: Vec<CellView>,
}

impl Context {
    pub(super) fn frame(&self, command: FrameCommand) -> Result<Exit> {
        match command {
            FrameCommand::Set(args) => self.frame_set(&args),
            FrameCommand::Show(args) => self.frame_show(
                args.of.as_deref(),
                args.on.as_deref(),
                &args.filters.filter(),
            ),
            FrameCommand::Confirm(args) => self.frame_confirm(&args),
            FrameCommand::Clear(args) => self.frame_clear(&args),
            FrameCommand::List(args) => self.frame_list(&args),
            FrameCommand::Export(args) => self.frame_export(&args),
            FrameCommand::Import(args) => self.frame_import(&args),
        }
    }

    fn frame_set(&self, args: &SetArgs) -> Result<Exit> {
        let say = match (&args.text, &args.file, args.status) {
            (None, None, Some(status)) => Say::Status(status),
            (Some(text), ..) if text == "-" => Say::Text(standard_input()?),
            (Some(text), ..) => Say::Text(text.clone()),
            (None, Some(path), _) => Say::Text(std::fs::read_to_string(path).map_err(
                |source| CliError::Io {
                    what: format!("`{}`", path.display()),
                    source,
                },
            )?),
            (None, None, None) if !args.coding.is_empty() || args.no_coding => Say::Same,
            (None, None, None) => {
                return Err(CliError::refused(
                    "there is nothing to write",
                    "give the summary in quotation marks, with --file FILE, or say why there is none: --status not-asked",
                )
                .into());
            }
        };
        let links = (args.no_coding || !args.coding.is_empty()).then_some(&*args.coding);
        let study = self.write()?;
        let place = CellPlace::find(&study.store, &args.place.case, &args.place.theme)?;
        let written = set(&study, &place, &say, links)?;
        let status = match say {
            Say::Text(_) => Some(CellStatus::Charted),
            Say::Status(status) => Some(status),
            Say::Same => None,
        };
        self.frame_written(&place, status, &written)?;
        let what = match status {
            Some(CellStatus::Charted) => format!("Charted {}.", place.said()),
            Some(status) => format!("{}: {status}.", place.said()),
            None => format!("Linked {}.", place.said()),
        };
        self.done(&what, written.event);
        if status == Some(CellStatus::Charted)
            && written.links.is_empty()
            && place.case.is_some()
            && place.theme.is_some()
            && written.below > 0
        {
            let (case, theme) = place.typed();
            self.out.say(&format!(
                "It names no passage yet: casebook frame set {case} \"{theme}\" --coding N   (see them with: casebook quotes --case {case} --theme \"{theme}\")"
            ));
        }
        Ok(Exit::Done)
    }

    fn frame_written(
        &self,
        place: &CellPlace,
        status: Option<CellStatus>,
        written: &CellWritten,
    ) -> Result<()> {
        let (case, theme) = place.typed();
        let view = WrittenView {
            case: case.to_owned(),
            theme: theme.to_owned(),
            status,
            below: written.below,
            links: written.links.clone(),
            event: written.event,
        };
        self.out
            .text(&view, || {
                format!(
                    "{}  {} below, {} named\n",
                    place.said(),
                    below(place.case.is_some() && place.theme.is_some(), written.below),
                    written.links.len()
                )
            })
            .map_err(io_error)
    }

    fn frame_confirm(&self, args: &PlaceArgs) -> Result<Exit> {
        let study = self.write()?;
        let place = CellPlace::find(&study.store, &args.case, &args.theme)?;
        let written = confirm(&study, &place)?;
        self.frame_written(&place, None, &written)?;
        self.done(&format!("Confirmed {}.", place.said()), written.event);
        Ok(Exit::Done)
    }

    fn frame_clear(&self, args: &PlaceArgs) -> Result<Exit> {
        let study = self.write()?;
        let place = CellPlace::find(&study.store, &args.case, &args.theme)?;
        let (evidence, event) = clear(&study, &place)?;
        self.done(&format!("Cleared {}.", place.said()), event);
        self.say_evidence(evidence);
        Ok(Exit::Done)
    }

    /// Says that findings named cells that are gone.
    pub(super) fn say_evidence(&self, evidence: i64) {
        if evidence > 0 {
            self.out.say(&format!(
                "Findings named this as evidence ({}), which went too: casebook finding list",
                if evidence == 1 {
                    "once".to_owned()
                } else {
                    format!("{evidence} times")
                }
            ));
        }
    }

    fn frame_list(&self, args: &ListArgs) -> Result<Exit> {
        let study = self.read()?;
        args.file.check(&study)?;
        let frame = frame(&study, &args.filters.filter())?;
        let any = args.stale || args.uncharted || args.unsupported;
        let wanted = |c: &CellView| {
            let inner = c.case.is_some() && c.theme.is_some();
            let charted = c.status != CellStatus::NotCharted;
            (!any && charted)
                || (args.stale && c.stale.is_some())
                || (args.uncharted && inner && !charted)
                || (args.unsupported && inner && c.unsupported())
        };
        let list = CellList {
            cells: frame.all().filter(|c| wanted(c)).cloned().collect(),
        };
        let mut sheet = Sheet::new(
            "Cells of the frame",
            [
                "case", "theme", "status", "below", "named", "since", "coder", "at",
            ],
        );
        for c in &list.cells {
            let or = |name: &Option<String>| name.clone().unwrap_or_else(|| place::ALL.to_owned());
            sheet.row([
                or(&c.case).into(),
                or(&c.theme).into(),
                status_said(c).into(),
                c.below.into(),
                c.links.len().into(),
                c.stale.as_ref().map(signs).into(),
                c.coder.clone().into(),
                c.at.clone().into(),
            ]);
        }
        if list.cells.iter().any(|c| c.stale.is_some()) {
            sheet.note("+ came, − went, ~ reworded, longer or shorter (of a row or column: written anew), ⊘ went off the record or came back, ⇄ moved with a theme or a case.");
        }
        for note in crate::report::frame::notes(&frame) {
            sheet.note(note);
        }
        self.tables(
            &study,
            &args.file,
            &list,
            &[sheet],
            if any {
                "No cell is so."
            } else {
                "Nothing is charted yet. Write a summary with: casebook frame set CASE THEME TEXT"
            },
        )?;
        Ok(Exit::Done)
    }
}

/// The status of a cell as tables have it: nothing coded is another thing than not charted.
pub(super) fn status_said(cell: &CellView) -> String {
    match cell.status {
        CellStatus::NotCharted if cell.below == 0 => "nothing coded".to_owned(),
        status => status.to_string(),
    }
}

/// `12 codings`; of the summary of a row or column, `3 cells`.
pub(super) fn below(inner: bool, n: i64) -> String {
    count(n, if inner { "coding" } else { "cell" })
}

fn standard_input() -> Result<String> {
    let mut text = String::new();
    std::io::stdin()
        .lock()
        .read_to_string(&mut text)
        .map_err(|source| CliError::Io {
            what: "standard input".into(),
            source,
        })?;
    Ok(text)
}
