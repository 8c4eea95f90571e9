//! The framework matrix as a file: a page to read and print, or a table that comes back edited.

use std::io::Write;

use super::html::{STYLE, escape};
use super::phrase::{count, day, number};
use super::sheet::{Book, Kind, Sheet, write};
use super::{Error, text};
use crate::domain::words::CellStatus;
use crate::error::Result;
use crate::evidence::frame::quotes::Drawn;
use crate::evidence::frame::table::{FrameFormat, rows, to_markdown};
use crate::evidence::frame::{CellView, Frame, Since};
use crate::study::Study;

const FRAME_STYLE: &str = include_str!("frame.css");
/// From so many columns on, a page is a large one.
const LARGE: usize = 7;

/// Writes the frame as a file that can be edited and read back: the same frame gives the same bytes.
pub fn frame_table(
    study: &Study,
    frame: &Frame,
    format: FrameFormat,
    out: &mut dyn Write,
) -> Result<()> {
    let rows = rows(frame, format)?;
    let kind = match format {
        FrameFormat::Markdown => {
            return Ok(markdown(study, frame, &rows, out).map_err(Error::from)?);
        }
        FrameFormat::Xlsx => Kind::Xlsx,
        FrameFormat::Csv => Kind::Csv,
    };
    let sheet = sheet(frame, &rows);
    Ok(write(
        &Book::of(study, std::slice::from_ref(&sheet))?,
        kind,
        out,
    )?)
}

/// The rows of a file as a table.
pub fn sheet(frame: &Frame, rows: &[Vec<String>]) -> Sheet {
    let mut rows = rows.iter();
    let heads = rows.next().cloned().unwrap_or_default();
    let mut sheet = Sheet::new("Frame", heads);
    for row in rows {
        sheet.row(row.iter().map(|cell| cell.as_str().into()));
    }
    for note in HOW {
        sheet.note(*note);
    }
    for note in notes(frame) {
        sheet.note(note);
    }
    sheet
}

/// How such a file is edited, so that it can be read back.
const HOW: &[&str] = &[
    "A cell holds the summary for the case of its row and the theme of its column; the row and the column that begin with / hold what a theme comes to over all cases, and a case over all themes.",
    "Why there is no summary is written as [not-asked], [asked-no-data], [not-applicable] or [withheld].",
    "Leave the first row, the first column and the event in the first cell as they are: casebook frame import FILE --dry-run shows what the file would change.",
];

fn markdown(
    study: &Study,
    frame: &Frame,
    rows: &[Vec<String>],
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let title = study.store.study().map_err(std::io::Error::other)?.title;
    let mut head = String::new();
    super::escape::line(
        &mut head,
        &text::one_line(&title),
        super::escape::Place::Inner,
    );
    write!(out, "# Frame: {head}\n\n{}\n", to_markdown(rows))?;
    for note in HOW {
        writeln!(out, "- {}", note.replace('[', "\\[").replace(']', "\\]"))?;
    }
    for note in notes(frame) {
        writeln!(out, "- {note}")?;
    }
    out.flush()
}

/// What stands beneath a frame: what is not in it.
pub fn notes(frame: &Frame) -> Vec<String> {
    let mut notes = Vec::new();
    let mut add = |n: usize, one: &str, many: &str, rest: (&str, &str)| {
        if n > 0 {
            let rest = if n == 1 { rest.0 } else { rest.1 };
            notes.push(format!("{} {rest}.", count(n, one, many)));
        }
    };
    add(
        frame.hidden,
        "cell",
        "cells",
        (
            "of these cases stands in a column that is not shown",
            "of these cases stand in columns that are not shown",
        ),
    );
    add(
        frame.outside,
        "coding",
        "codings",
        (
            "is in a transcript of no case, and so below no row",
            "are in transcripts of no case, and so below no row",
        ),
    );
    add(
        frame.pending,
        "coding",
        "codings",
        (
            "waits for its place in a corrected text, and counts nowhere",
            "wait for their place in a corrected text, and count nowhere",
        ),
    );
    notes
}

/// What came and went, in signs: `+3 −1`. `~` is changed, `⇄` moved with a theme or a case.
pub fn signs(since: &Since) -> String {
    let mut parts = Vec::new();
    for (sign, n) in [
        ("+", since.added),
        ("−", since.removed),
        ("~", since.changed),
    ] {
        if n > 0 {
            parts.push(format!("{sign}{n}"));
        }
    }
    match since.moved {
        0 => {}
        n if n > 0 => parts.push(format!("⇄+{n}")),
        n => parts.push(format!("⇄−{}", n.unsigned_abs())),
    }
    if parts.is_empty() {
        parts.push("others now".to_owned());
    }
    parts.join(" ")
}

/// Writes the frame as a page of HTML.
pub fn frame_page(
    study: &Study,
    frame: &Frame,
    drawn: &Drawn,
    held_back: usize,
    out: &mut dyn Write,
) -> Result<()> {
    let row = study.store.study()?;
    let mut page = String::new();
    page.push_str("<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
    words(&mut page, &format!("Frame – {}", row.title));
    page.push_str("</title>\n<style>\n");
    page.push_str(STYLE);
    page.push_str(FRAME_STYLE);
    page.push_str("</style>\n</head>\n<body>\n");
    let columns = frame.cols.len() + usize::from(frame.has_row_summaries());
    page.push_str(if columns >= LARGE {
        "<main class=\"large\">\n<header class=\"title\">\n<h1>"
    } else {
        "<main>\n<header class=\"title\">\n<h1>"
    });
    words(&mut page, &row.title);
    page.push_str("</h1>\n<p class=\"subtitle\">The frame: what each case says on each theme</p>\n<dl class=\"facts\">\n");
    let charted = |status: CellStatus| {
        frame
            .cells
            .iter()
            .flatten()
            .filter(|c| c.status == status)
            .count()
    };
    let all = frame.rows.len() * frame.cols.len();
    let date = study.store.last_change()?;
    for (key, value) in [
        ("As of", date.as_deref().map(day).unwrap_or_default()),
        ("Cases", number(frame.rows.len())),
        ("Themes", number(frame.cols.len())),
        (
            "Charted",
            format!(
                "{} of {}",
                number(charted(CellStatus::Charted)),
                count(all, "cell", "cells")
            ),
        ),
        ("Event", frame.event.to_string()),
    ] {
        page.push_str("<div><dt>");
        words(&mut page, key);
        page.push_str("</dt><dd>");
        words(&mut page, &value);
        page.push_str("</dd></div>\n");
    }
    page.push_str("</dl>\n</header>\n<p class=\"key\">A cell holds the researchers’ summary. ▲ stands where codings came or went since it was written (+ more, − fewer, ~ longer or shorter, ⇄ moved with a theme or a case); ◇ where it names no passage. ○ is not charted yet, – has nothing coded below it; a word in a dashed box says why there is no summary.</p>\n");
    table(&mut page, frame, drawn);
    if frame.rows.is_empty() || frame.cols.is_empty() {
        page.push_str("<p>No case with transcripts, or no theme, is in this selection.</p>\n");
    }
    page.push_str("<div class=\"foot\">\n");
    let mut foot = notes(frame);
    if held_back > 0 {
        foot.push(format!(
            "{} held back.",
            count(held_back, "quote is", "quotes are")
        ));
    }
    for note in foot {
        page.push_str("<p>");
        words(&mut page, &note);
        page.push_str("</p>\n");
    }
    page.push_str("</div>\n</main>\n</body>\n</html>\n");
    out.write_all(page.as_bytes()).map_err(Error::from)?;
    Ok(())
}

fn table(page: &mut String, frame: &Frame, drawn: &Drawn) {
    if frame.rows.is_empty() || frame.cols.is_empty() {
        return;
    }
    let sums = frame.has_row_summaries();
    page.push_str("<div class=\"frame\">\n<table>\n<thead>\n<tr><th scope=\"col\">Case</th>");
    for col in &frame.cols {
        page.push_str("<th scope=\"col\">");
        if let Some((above, name)) = col.name.rsplit_once('/') {
            page.push_str("<span>");
            words(page, &format!("{above} /"));
            page.push_str("</span>");
            words(page, name);
        } else {
            words(page, &col.name);
        }
        page.push_str("</th>");
    }
    if sums {
        page.push_str("<th scope=\"col\" class=\"sum\">All themes</th>");
    }
    page.push_str("</tr>\n</thead>\n<tbody>\n");
    for (r, head) in frame.rows.iter().enumerate() {
        page.push_str("<tr><th scope=\"row\">");
        words(page, &head.title);
        if head.title != head.name {
            page.push_str("<span>");
            words(page, &head.name);
            page.push_str("</span>");
        }
        page.push_str("</th>");
        for (c, cell) in frame.cells[r].iter().enumerate() {
            page.push_str("<td>");
            fill(page, cell, "coding", "codings");
            for passage in drawn.get(&(r, c)).into_iter().flatten() {
                page.push_str("<p class=\"said\" dir=\"auto\">“");
                words(page, passage.text.as_deref().unwrap_or_default());
                page.push_str("” <span>");
                words(page, &passage.place());
                if let Some(person) = &passage.participant {
                    page.push_str(", ");
                    words(page, person);
                }
                page.push_str("</span></p>");
            }
            page.push_str("</td>");
        }
        if sums {
            page.push_str("<td class=\"sum\">");
            fill(page, &frame.row_summaries[r], "cell", "cells");
            page.push_str("</td>");
        }
        page.push_str("</tr>\n");
    }
    if frame.has_col_summaries() {
        page.push_str("<tr class=\"sum\"><th scope=\"row\">All cases</th>");
        for cell in &frame.col_summaries {
            page.push_str("<td>");
            fill(page, cell, "cell", "cells");
            page.push_str("</td>");
        }
        if sums {
            page.push_str("<td class=\"sum\"></td>");
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody>\n</table>\n</div>\n");
}

/// What a cell says; `one` and `many` are what lies below it.
fn fill(page: &mut String, cell: &CellView, one: &str, many: &str) {
    let n = usize::try_from(cell.below).unwrap_or_default();
    match cell.status {
        CellStatus::Charted => {
            let said = text::clean(cell.text.as_deref().unwrap_or_default());
            page.push_str("<p dir=\"auto\">");
            for (before, line) in text::lines(&said) {
                page.push_str(match before {
                    text::Before::Start => "",
                    text::Before::Line => "<br>\n",
                    text::Before::Paragraph => "</p>\n<p dir=\"auto\">",
                });
                escape(page, line);
            }
            page.push_str("</p>");
            if cell.unsupported() && one == "coding" {
                page.push_str("<p class=\"none\">◇ names no passage</p>");
            }
        }
        CellStatus::NotCharted if n == 0 => {
            page.push_str("<p class=\"none\">–</p>");
        }
        CellStatus::NotCharted => {
            page.push_str("<p class=\"none\">○ not charted, ");
            words(page, &count(n, one, many));
            page.push_str("</p>");
        }
        status => {
            page.push_str("<p class=\"why\">");
            words(page, &status.word().replace('-', " "));
            page.push_str("</p>");
        }
    }
    if let Some(since) = &cell.stale {
        page.push_str("<p class=\"mark\">▲ ");
        words(page, &signs(since));
        page.push_str(" since</p>");
    }
}

fn words(page: &mut String, text: &str) {
    escape(page, &text::one_line(text));
}
