//! `frame show`: the matrix as it fits a terminal, a row of it, or one cell with the words that it rests on.

use super::frame::{below, status_said};
use super::output::{Exit, Mode, Table, cut, terminal_width};
use super::{CliError, Context, io_error};
use crate::domain::words::CellStatus;
use crate::error::Result;
use crate::evidence::frame::table::{FrameFormat, rows};
use crate::evidence::frame::{
    CellPlace, CellView, CellWhole, Frame, FrameFilter, Since, frame, place, whole,
};
use crate::report::frame::{notes, sheet, signs};

/// Where no terminal says how wide it is.
const WIDTH: usize = 100;
/// So wide is a column of the matrix at least.
const COLUMN: usize = 20;

impl Context {
    pub(super) fn frame_show(
        &self,
        case: Option<&str>,
        theme: Option<&str>,
        filter: &FrameFilter,
    ) -> Result<Exit> {
        let study = self.read()?;
        if let (Some(case), Some(theme)) = (case, theme) {
            let place = CellPlace::find(&study.store, case, theme)?;
            let found = whole(&study, &place)?;
            self.out
                .text(&found, || cell_text(&place, &found))
                .map_err(io_error)?;
            self.say_pending(found.pending);
            return Ok(Exit::Done);
        }
        let mut filter = filter.clone();
        let all_cases = case == Some(place::ALL);
        if let Some(slug) = case.filter(|c| *c != place::ALL) {
            if !filter.cases.is_empty() {
                return Err(CliError::refused(
                    "a case was named twice",
                    "leave out --case: casebook frame show CASE",
                )
                .into());
            }
            filter.cases = vec![study.store.case(slug)?.slug];
        }
        let mut found = frame(&study, &filter)?;
        if case.is_some() {
            only_row(&mut found, all_cases);
        }
        match self.out.mode {
            Mode::Json => self.out.text(&found, String::new),
            Mode::Csv => {
                let sheet = sheet(&found, &rows(&found, FrameFormat::Csv)?);
                self.out.write(&crate::report::sheet::csv(&sheet)?)
            }
            Mode::Text if case.is_some() => self.out.text(&found, || row_text(&found, all_cases)),
            Mode::Text if found.rows.is_empty() || found.cols.is_empty() => {
                self.out
                    .say("There is no case with transcripts, or no theme, to make a matrix of.");
                Ok(())
            }
            Mode::Text => self.out.styled(&found, || {
                matrix_text(&found, terminal_width().unwrap_or(WIDTH))
            }),
        }
        .map_err(io_error)?;
        if self.out.mode == Mode::Text && case.is_none() && !found.rows.is_empty() {
            self.out.say("(N) not charted, with N codings · - nothing coded · ! codings came or went since it was written");
        }
        for note in notes(&found) {
            self.out.say(&note);
        }
        Ok(Exit::Done)
    }
}

/// Keeps the row of the case that was named, which is the first; or only what the themes come to.
fn only_row(frame: &mut Frame, all_cases: bool) {
    let rows = usize::from(!all_cases);
    frame.rows.truncate(rows);
    frame.cells.truncate(rows);
    frame.row_summaries.truncate(rows);
}

/// The matrix in as many parts, one below the other, as its columns need.
fn matrix_text(frame: &Frame, width: usize) -> String {
    let names = frame.rows.iter().map(|r| r.name.chars().count());
    let first = names.max().unwrap_or(0).clamp(9, 24) + 2;
    let fit = (width.saturating_sub(first) / (COLUMN + 2)).max(1);
    let sums = frame.has_row_summaries();
    let mut columns: Vec<usize> = (0..frame.cols.len() + usize::from(sums)).collect();
    let mut out = String::new();
    while !columns.is_empty() {
        let rest = columns.split_off(fit.min(columns.len()));
        let room = (width.saturating_sub(first) / columns.len()).saturating_sub(2);
        let head = |n: &usize| {
            let name = frame.cols.get(*n).map_or("all themes", |c| &c.name);
            cut_path(name, room)
        };
        let heads: Vec<String> = std::iter::once("case".to_owned())
            .chain(columns.iter().map(head))
            .collect();
        let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
        let mut table = Table::new(&heads);
        for (r, row) in frame.rows.iter().enumerate() {
            let cells = columns.iter().map(|n| {
                let cell = frame.cells[r].get(*n).unwrap_or(&frame.row_summaries[r]);
                cut(&short(cell), room)
            });
            table.row(std::iter::once(row.name.clone()).chain(cells));
        }
        if frame.has_col_summaries() {
            let cells = columns.iter().map(|n| {
                frame
                    .col_summaries
                    .get(*n)
                    .map_or_else(String::new, |c| cut(&short(c), room))
            });
            table.row(std::iter::once("all cases".to_owned()).chain(cells));
        }
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&table.to_text(Some(width)));
        columns = rest;
    }
    out
}

/// A path that is too long keeps its end, which tells it apart.
fn cut_path(path: &str, room: usize) -> String {
    let path = crate::domain::span::printable(path);
    let length = path.chars().count();
    if length <= room {
        return path.into_owned();
    }
    let rest: String = path.chars().skip(length + 1 - room.max(2)).collect();
    format!("…{rest}")
}

fn short(cell: &CellView) -> String {
    let said = match cell.status {
        CellStatus::Charted => cell.text.as_deref().unwrap_or_default().replace('\n', " "),
        CellStatus::NotCharted if cell.case.is_none() || cell.theme.is_none() => String::new(),
        CellStatus::NotCharted if cell.below == 0 => "-".to_owned(),
        CellStatus::NotCharted => format!("({})", cell.below),
        status => format!("[{status}]"),
    };
    if cell.stale.is_some() {
        format!("! {said}")
    } else {
        said
    }
}

/// A row: cell after cell, each summary whole.
fn row_text(frame: &Frame, all_cases: bool) -> String {
    let mut out = String::new();
    let cells: Vec<&CellView> = if all_cases {
        frame.col_summaries.iter().collect()
    } else {
        frame
            .cells
            .iter()
            .flatten()
            .chain(&frame.row_summaries)
            .collect()
    };
    out.push_str(frame.rows.first().map_or("all cases", |r| &r.name));
    out.push('\n');
    for cell in cells {
        let inner = cell.case.is_some() && cell.theme.is_some();
        if !inner && cell.status == CellStatus::NotCharted {
            continue;
        }
        out.push_str(&format!(
            "\n{}  {} · {}{}{}\n",
            cell.theme.as_deref().unwrap_or("over all themes"),
            status_said(cell),
            below(inner, cell.below),
            if inner && !cell.links.is_empty() {
                format!(", {} named", cell.links.len())
            } else {
                String::new()
            },
            cell.stale
                .as_ref()
                .map_or_else(String::new, |s| format!(" · stale: {}", signs(s)))
        ));
        if let Some(text) = &cell.text {
            out.push_str(&format!("    {}\n", text.replace('\n', "\n    ")));
        }
    }
    out
}

fn cell_text(place: &CellPlace, found: &CellWhole) -> String {
    let cell = &found.cell;
    let inner = place.case.is_some() && place.theme.is_some();
    let mut out = format!("{}\n{}", place.said(), status_said(cell));
    if let (Some(coder), Some(at), Some(event)) = (&cell.coder, &cell.at, cell.event) {
        out.push_str(&format!(" · {coder} · {at} · event {event}"));
    }
    out.push_str(&format!("\n{} below it\n", below(inner, cell.below)));
    if let Some(since) = &cell.stale {
        out.push_str(&format!("stale: {}\n", told(since, inner)));
    }
    if let Some(text) = &cell.text {
        out.push_str(&format!("\n{text}\n"));
    }
    if !found.passages.is_empty() {
        out.push_str("\nrests on\n");
    }
    for p in &found.passages {
        let who = p
            .participant
            .as_ref()
            .map_or_else(String::new, |p| format!("  {p}"));
        let gone = if found.elsewhere.contains(&p.coding) && !p.pending {
            "  (no longer below this cell)"
        } else {
            ""
        };
        out.push_str(&format!(
            "{}{who}  {}  coding {}{gone}\n",
            p.place(),
            p.theme,
            p.coding
        ));
        match &p.text {
            Some(text) => out.push_str(&format!("    {}\n", text.replace('\n', "\n    "))),
            None if p.pending => out.push_str("    (waits for its place in a corrected text)\n"),
            None => out.push_str("    (held back)\n"),
        }
    }
    if inner && cell.unsupported() {
        out.push_str("\nIt names no passage.\n");
    }
    out
}

/// What came and went, in words.
fn told(since: &Since, inner: bool) -> String {
    let mut parts = Vec::new();
    for (n, what) in [
        (since.added, "came"),
        (since.removed, "went"),
        (since.reworded, "reworded by a corrected text"),
        (
            since.changed - since.reworded,
            if inner {
                "longer or shorter now"
            } else {
                "written anew"
            },
        ),
    ] {
        if n > 0 {
            parts.push(format!("{n} {what}"));
        }
    }
    match since.record {
        0 => {}
        n if n < 0 => parts.push(format!("{} went off the record", n.unsigned_abs())),
        n => parts.push(format!("{n} came back on the record")),
    }
    if since.moved != 0 {
        parts.push(format!(
            "{} {} without being touched (a theme, a case or a transcript moved, or the summary comes from a file and is older)",
            since.moved.unsigned_abs(),
            if since.moved > 0 { "came" } else { "went" }
        ));
    }
    if parts.is_empty() {
        parts.push("others are below it now".to_owned());
    }
    format!("{} since it was written", parts.join(", "))
}
