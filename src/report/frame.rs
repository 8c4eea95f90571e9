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
use crate::governance::gate::{Audience, Reason};
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

/// What came and went, in signs.
pub fn signs(since: &Since) -> String {
    since.signs()
}

/// Said on a page whose quotes are for the team.
pub const TEAM_ONLY: &str = "For the team only: its quotes may not be cited outside";
/// The same of a page without quotes.
const TEAM_SUMMARIES: &str = "For the team only: its summaries may not be cited outside";

/// Writes the frame as a page of HTML, with quotes as the audience may see them.
pub fn frame_page(
    study: &Study,
    frame: &Frame,
    (drawn, audience): (&Drawn, Audience),
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
    page.push_str("</dl>\n");
    let team_only = if audience != Audience::Team {
        None
    } else if drawn.values().any(|q| !q.is_empty()) {
        Some(TEAM_ONLY)
    } else {
        frame
            .all()
            .any(|c| c.text.is_some())
            .then_some(TEAM_SUMMARIES)
    };
    if let Some(said) = team_only {
        page.push_str("<p class=\"why\">");
        words(&mut page, said);
        page.push_str("</p>\n");
    }
    page.push_str("</header>\n<p class=\"key\">A cell holds the researchers’ summary. ▲ stands where codings came or went since it was written (+ more, − fewer, ~ reworded, longer or shorter, ⊘ off the record or back, ⇄ moved with a theme or a case); ◇ where it names no passage. ○ is not charted yet, – has nothing coded below it; a word in a dashed box says why there is no summary.</p>\n");
    table(&mut page, frame, drawn);
    if frame.rows.is_empty() || frame.cols.is_empty() {
        page.push_str("<p>No case with transcripts, or no theme, is in this selection.</p>\n");
    }
    page.push_str("<div class=\"foot\">\n");
    let mut foot = notes(frame);
    foot.extend(team_only.map(|said| format!("{said}.")));
    if held_back > 0 {
        foot.push(format!(
            "{} held back.",
            count(held_back, "quote is", "quotes are")
        ));
    }
    let summaries = frame.held_back().total();
    if summaries > 0 {
        foot.push(format!(
            "{} held back.",
            count(summaries, "summary is", "summaries are")
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
                words(page, &passage.source());
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
    match (cell.status, cell.held_back) {
        (CellStatus::Charted, Some(reason)) => {
            page.push_str("<p class=\"why\">held back");
            // That something was said off the record is told to nobody.
            if reason != Reason::OffRecord {
                words(page, &format!(": {reason}"));
            }
            page.push_str("</p>");
        }
        (CellStatus::Charted, None) => {
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
        (CellStatus::NotCharted, _) if n == 0 => {
            page.push_str("<p class=\"none\">–</p>");
        }
        (CellStatus::NotCharted, _) => {
            page.push_str("<p class=\"none\">○ not charted, ");
            words(page, &count(n, one, many));
            page.push_str("</p>");
        }
        (status, _) => {
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::*;
    use crate::evidence::frame::write::summary_text;
    use crate::evidence::frame::{Head, table};

    fn head(name: &str) -> Head {
        Head {
            id: 0,
            name: name.to_owned(),
            title: name.to_owned(),
        }
    }

    fn cell(text: Option<String>, status: CellStatus) -> CellView {
        CellView {
            case: None,
            theme: None,
            status: if text.is_some() {
                CellStatus::Charted
            } else {
                status
            },
            text,
            below: 0,
            held_back: None,
            stale: None,
            links: Vec::new(),
            coder: None,
            at: None,
            event: None,
        }
    }

    /// A frame of two cases and two themes.
    fn small(themes: [&str; 2], cells: [CellView; 8]) -> Frame {
        let mut cells = cells.into_iter();
        let mut two = || cells.by_ref().take(2).collect::<Vec<CellView>>();
        Frame {
            mark: "3f2a9c".to_owned(),
            event: 57,
            rows: vec![head("alder"), head("-b.1")],
            cols: vec![head(themes[0]), head(themes[1])],
            cells: vec![two(), two()],
            row_summaries: two(),
            col_summaries: two(),
            hidden: 0,
            outside: 0,
            pending: 0,
        }
    }

    fn bytes(frame: &Frame, format: FrameFormat) -> Vec<u8> {
        let rows = rows(frame, format).expect("short summaries");
        let kind = match format {
            FrameFormat::Markdown => return to_markdown(&rows).into_bytes(),
            FrameFormat::Xlsx => Kind::Xlsx,
            FrameFormat::Csv => Kind::Csv,
        };
        let sheet = sheet(frame, &rows);
        let book = Book {
            study: "=A study".to_owned(),
            language: "en".to_owned(),
            date: None,
            event: 57,
            sheets: std::slice::from_ref(&sheet),
        };
        let mut out = Vec::new();
        write(&book, kind, &mut out).expect("memory");
        out
    }

    const ALL: [(FrameFormat, &str); 3] = [
        (FrameFormat::Xlsx, "f.xlsx"),
        (FrameFormat::Markdown, "f.md"),
        (FrameFormat::Csv, "f.csv"),
    ];

    fn words_of() -> impl Strategy<Value = String> {
        prop_oneof![
            r"['=+@|\\\[\]<>&`*_#a-c\n -]{1,16}",
            r"\\{0,2}\[(not-asked|withheld|[a-z-]{1,6})\]",
            r"_x00[0-9A-F]{2}_(br)?<br ?/?>",
            r"'{0,2}[=+@-][a-z(]{0,4}",
            ".{1,24}",
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        #[test]
        fn every_file_comes_back_as_it_was(
            texts in proptest::collection::vec(proptest::option::of(words_of()), 8),
            statuses in proptest::collection::vec(0usize..5, 8),
            themes in proptest::collection::vec(r"[a-c=|'*\[\]_<>+-][a-c=|'* <>&/_-]{0,8}[a-z]", 2),
        ) {
            let all = [CellStatus::NotCharted, CellStatus::NotAsked, CellStatus::AskedNoData, CellStatus::NotApplicable, CellStatus::Withheld];
            let cells: Vec<CellView> = texts.iter().zip(statuses).map(|(text, status)| {
                cell(text.as_deref().and_then(|t| summary_text(t).ok()), all[status])
            }).collect();
            let cells: [CellView; 8] = cells.try_into().expect("eight");
            let frame = small([&themes[0], &themes[1]], cells);
            for (format, name) in ALL {
                let sheet = table::read(Path::new(name), &bytes(&frame, format)).expect(name);
                let header = &sheet.rows[0].1;
                prop_assert_eq!(&header[0], "case (event 57, 3f2a9c)");
                prop_assert_eq!(&header[1..3], &[themes[0].clone(), themes[1].clone()], "{}", name);
                let shown = frame.cells.iter().zip(&frame.row_summaries).map(|(row, sum)| row.iter().chain([sum]).collect::<Vec<_>>()).chain([frame.col_summaries.iter().collect()]);
                for ((_, row), expected) in sheet.rows[1..].iter().zip(shown) {
                    for (n, cell) in expected.iter().enumerate() {
                        let file = row.get(n + 1).map_or("", String::as_str);
                        let said = (cell.status != CellStatus::NotCharted).then(|| (cell.status, cell.text.clone()));
                        prop_assert_eq!(table::said(file), Ok(said), "{}: {:?}", name, file);
                    }
                }
                prop_assert_eq!(sheet.rows.len(), 4, "{}", name);
            }
        }
    }

    #[test]
    fn a_summary_that_no_spreadsheet_takes_is_named() {
        let long = cell(Some("x".repeat(40_000)), CellStatus::Charted);
        let empty = || cell(None, CellStatus::NotCharted);
        let cells = [
            empty(),
            empty(),
            long,
            empty(),
            empty(),
            empty(),
            empty(),
            empty(),
        ];
        let frame = small(["a", "b"], cells);
        let refused = rows(&frame, FrameFormat::Xlsx).expect_err("too long");
        assert_eq!(
            refused.to_string(),
            "the summary of -b.1 × a is longer than a cell of a spreadsheet takes (32767 characters)"
        );
        assert!(rows(&frame, FrameFormat::Csv).is_ok());
    }
}
