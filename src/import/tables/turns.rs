//! One turn per row: words, and if known who speaks and when.

use std::collections::HashMap;

use super::columns::{Column, Use};
use super::error::TableError;
use super::table::{Row, Table, letters};
use super::{header, rows_named};
use crate::import::made::{self, Made};
use crate::import::speakers::TOO_MANY_LABELS;
use crate::import::words::on_one_line;
use crate::import::{Draft, clock, count};

/// Which column is what.
pub(super) struct Shape {
    text: usize,
    speaker: Option<usize>,
    time: Option<usize>,
}

/// Whether the names are those of a transcript, and which column is which.
pub(super) fn shape(names: &[String], rows: &[Row]) -> Option<Shape> {
    // A column without any words is not the one; a table may have `text` and `transcript`.
    let text = header::TEXT.iter().find_map(|wanted| {
        (0..names.len()).find(|&c| {
            header::key(&names[c]) == *wanted && rows.iter().any(|row| !row.cell(c).is_empty())
        })
    })?;
    let other = |list: &[&str]| header::find(names, list).filter(|&column| column != text);
    Some(Shape {
        text,
        speaker: other(&header::SPEAKER),
        time: other(&header::TIME),
    })
}

pub(super) fn columns(names: &[String], named: usize, shape: &Shape) -> Vec<Column> {
    names
        .iter()
        .enumerate()
        .take(named)
        .map(|(column, name)| {
            let (taken_as, why) = if column == shape.text {
                (Use::Text, "its name says that it holds the words")
            } else if Some(column) == shape.speaker {
                (Use::Speaker, "its name says who speaks")
            } else if Some(column) == shape.time {
                (Use::Time, "its name says when a turn begins")
            } else {
                (Use::LeftOut, "a transcript has text, speaker and time")
            };
            Column {
                column: letters(column),
                name: name.clone(),
                taken_as,
                why,
            }
        })
        .collect()
}

pub(super) fn read(
    table: &Table,
    rows: &[Row],
    names: &[String],
    named: usize,
    shape: &Shape,
) -> Result<Draft, TableError> {
    let mut draft = Draft::default();
    let mut made = Made::default();
    let mut places: HashMap<&str, Option<u16>> = HashMap::new();
    let times = shape.time.map(|column| times(rows, column, names));
    let speakers = shape.speaker.map(|column| speakers(table, rows, column));
    // A cell with several lines is one turn, so turns need more between them than a line break.
    let paragraphs =
        speakers.is_some() || rows.iter().any(|row| row.cell(shape.text).contains('\n'));
    let (mut empty, mut nobody, mut beyond) = (Vec::new(), Vec::new(), Vec::new());
    for (n, row) in rows.iter().enumerate() {
        // Words with a delimiter in them and no quotation marks around them run on into cells that the header does not name.
        if row.cells.len() > named {
            beyond.push(row.number);
        }
        let words = row.cell(shape.text);
        if words.is_empty() {
            empty.push(row.number);
            continue;
        }
        let time = times.as_ref().and_then(|times| times.list[n]);
        let speaker = speakers
            .as_ref()
            .and_then(|speakers| speakers[n].as_deref());
        if speakers.is_some() && speaker.is_none() {
            nobody.push(row.number);
        }
        if paragraphs {
            let label = speaker.and_then(|name| {
                *places
                    .entry(name)
                    .or_insert_with(|| made::place(&mut draft.labels, name))
            });
            made.paragraph(speaker, words, label, time, &mut draft.turns);
        } else {
            made.line(words, time, &mut draft.turns);
        }
    }
    if draft.turns.is_empty() {
        return Err(TableError::NoWords {
            column: "column for words",
        });
    }
    draft.text = made.text;
    let mut say = |rows: &[u64], one: &str, many: &str, what: &str| {
        if !rows.is_empty() {
            let named = rows_named(rows, table);
            draft
                .warnings
                .push(format!("{} {what} ({named})", count(rows.len(), one, many)));
        }
    };
    say(&empty, "row", "rows", "without words left out");
    say(
        &beyond,
        "row",
        "rows",
        "with more cells than the header, what is beyond it left out",
    );
    say(&nobody, "row", "rows", "without a speaker");
    if let Some(times) = times {
        say(&times.unread, "time", "times", "could not be read");
        say(
            &times.backwards,
            "row",
            "rows",
            "earlier than the one before",
        );
        draft.warnings.extend(times.unit.map(ToOwned::to_owned));
    }
    let left = (0..named.min(names.len()))
        .filter(|&c| c != shape.text && Some(c) != shape.speaker && Some(c) != shape.time)
        .filter(|&c| rows.iter().any(|row| !row.cell(c).is_empty()))
        .count();
    if left > 0 {
        draft.warnings.push(format!(
            "{} left out",
            count(left, "other column", "other columns")
        ));
    }
    if places.values().any(Option::is_none) {
        draft.warnings.push(TOO_MANY_LABELS.to_owned());
    }
    Ok(draft)
}

/// Who speaks in each row, on one line; cells that are merged speak for all their rows.
fn speakers(table: &Table, rows: &[Row], column: usize) -> Vec<Option<String>> {
    let merged = table.merged(column);
    let mut at = 0;
    rows.iter()
        .map(|row| {
            while merged
                .get(at)
                .is_some_and(|(_, last, _)| *last < row.number)
            {
                at += 1;
            }
            let own = row.cell(column);
            let above = merged
                .get(at)
                .filter(|(first, ..)| *first <= row.number)
                .map_or("", |(.., name)| name);
            let name = if own.is_empty() { above } else { own };
            let name = on_one_line(name.trim_end_matches(':'));
            (!name.is_empty()).then_some(name)
        })
        .collect()
}

/// When each row begins.
struct Times {
    list: Vec<Option<i64>>,
    unread: Vec<u64>,
    backwards: Vec<u64>,
    /// What was decided where the numbers do not say what they are.
    unit: Option<&'static str>,
}

/// Milliseconds on average between rows from which on numbers are no seconds: nobody's turns last a quarter of an hour each.
const STEP: f64 = 900.0;

fn times(rows: &[Row], column: usize, names: &[String]) -> Times {
    let name = header::key(&names[column]);
    let ends = |units: &[&str]| units.iter().any(|unit| name.ends_with(unit));
    let numbers: Vec<f64> = rows
        .iter()
        .filter_map(|row| number(row.cell(column)))
        .collect();
    let (unit, said) = if ends(&[" ms", " milliseconds"]) {
        (1.0, None)
    } else if ends(&[" s", " sec", " seconds"]) {
        (1000.0, None)
    } else {
        #[expect(clippy::cast_precision_loss, reason = "a number of rows")]
        let step = match (numbers.first(), numbers.last()) {
            (Some(first), Some(last)) if numbers.len() > 1 => {
                (last - first) / (numbers.len() - 1) as f64
            }
            (Some(only), _) => *only,
            _ => 0.0,
        };
        let whole = numbers.iter().all(|n| n.fract() == 0.0);
        // Whisper's own table has these names, and milliseconds.
        let whisper = names == ["start", "end", "text"] && whole;
        if whisper || (whole && step >= STEP) {
            let said = (!whisper && !numbers.is_empty()).then_some("times read as milliseconds");
            (1.0, said)
        } else {
            let said = (!numbers.is_empty()).then_some("times read as seconds");
            (1000.0, said)
        }
    };
    let mut out = Times {
        list: Vec::with_capacity(rows.len()),
        unread: Vec::new(),
        backwards: Vec::new(),
        unit: said,
    };
    let mut before = None;
    for row in rows {
        let cell = row.cell(column);
        let time = time(cell, unit);
        if time.is_none() && !cell.is_empty() {
            out.unread.push(row.number);
        }
        if time.is_some() && time < before {
            out.backwards.push(row.number);
        }
        before = time.or(before);
        out.list.push(time);
    }
    out
}

fn number(cell: &str) -> Option<f64> {
    cell.replace(',', ".")
        .parse::<f64>()
        .ok()
        .filter(|n| n.is_finite())
}

/// Milliseconds of a cell: `1:02:03`, `02:03.5`, or a number of `unit` milliseconds each.
fn time(cell: &str, unit: f64) -> Option<i64> {
    if let Some((ms, length)) = clock::clock(cell)
        && length == cell.len()
    {
        return Some(ms);
    }
    if let Some((ms, length)) = clock::mark(cell)
        && length == cell.len()
    {
        return Some(ms);
    }
    crate::import::recognised::milliseconds(number(cell)? * unit)
}
