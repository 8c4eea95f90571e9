//! A CSV table as ratings: one row per unit and a column per coder, or a table of counts.

use std::collections::BTreeMap;

use super::ratings::Ratings;
use super::{Level, Scale};
use crate::domain::span::printable;
use crate::domain::words::words;
use crate::error::Problem;

words! {
    /// What a row and a column of a table are.
    Shape, "shape of a table" {
        /// A row is a unit, a column a coder, a cell the value that the coder gave.
        Ratings = "ratings",
        /// A row is a value of the first coder, a column one of the second, a cell how many units had both.
        Contingency = "contingency",
        /// A row is a unit, a column a value, a cell how many coders gave it.
        Counts = "counts",
    }
}

/// What can be wrong with a table.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    #[error("the table is not UTF-8 text")]
    Encoding,
    #[error("line {0} of the table has another number of cells than its head")]
    Ragged(u64),
    #[error("the table can't be read as CSV: {0}")]
    Csv(String),
    #[error("the table has no units")]
    Empty,
    #[error("the table has fewer than two coders")]
    OneCoder,
    #[error("line {0} of the table holds something that is no count")]
    NoCount(u64),
    #[error("the rows and the columns of the table don't name the same values")]
    NotSquare,
    #[error("line {0} of the table holds a value that is not among those of --values")]
    UnknownValue(u64),
}

impl Problem for TableError {
    fn hint(&self) -> Option<String> {
        Some(
            match self {
                Self::Encoding => "save it as UTF-8",
                Self::Ragged(_) | Self::Csv(_) => {
                    "each line has as many cells as the first one, which names the columns"
                }
                Self::Empty | Self::OneCoder => {
                    "give a row per unit and a column per coder, with a first line that names the columns"
                }
                Self::NoCount(_) => "counts are whole numbers from 0 up, as in: 12",
                Self::NotSquare => {
                    "give the first coder's values in the first column and the second's, in the same order, in the first line"
                }
                Self::UnknownValue(_) => "name each value that a coder could give: --values low,medium,high",
            }
            .to_owned(),
        )
    }
}

/// A table of ratings as it was read.
#[derive(Clone, Debug)]
pub struct Table {
    pub shape: Shape,
    /// The columns' heads; none where the table doesn't tell coders apart.
    pub coders: Vec<String>,
    /// The values that were given, or could be.
    pub values: Vec<String>,
    /// What each value stands for, where all are numbers or `--values` says their order.
    numbers: Vec<f64>,
    ordered: bool,
    pub ratings: Ratings,
    /// Cells that had blanks around their value, which were taken off.
    pub trimmed: usize,
}

impl Table {
    /// The values at a level of measurement.
    pub fn scale(&self, level: Level) -> Scale {
        let values = match level {
            Level::Nominal => Vec::new(),
            // Names have an order if one was given; how far apart they are can't be said.
            Level::Ordinal if self.ordered => {
                (0_u32..).map(f64::from).take(self.values.len()).collect()
            }
            Level::Ordinal | Level::Interval | Level::Ratio => self.numbers.clone(),
        };
        Scale { level, values }
    }
}

/// Heads of a first column that names units and is no coder.
const UNIT_HEADS: &[&str] = &["", "unit", "units", "item", "id", "subject", "segment"];

/// Reads a table. `values` are those that a coder could give, in their order; where it is empty, those that occur.
pub fn read(bytes: &[u8], shape: Shape, values: &[String]) -> Result<Table, TableError> {
    let text = std::str::from_utf8(bytes).map_err(|_| TableError::Encoding)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let heads: Vec<String> = reader
        .headers()
        .map_err(|e| fault(&e))?
        .iter()
        .map(|head| printable(head.trim()).into_owned())
        .collect();
    let mut rows = Vec::new();
    let mut trimmed = 0;
    for row in reader.records() {
        let row = row.map_err(|e| fault(&e))?;
        let line = row.position().map_or(0, csv::Position::line);
        let cells: Vec<String> = row
            .iter()
            .map(|cell| {
                let plain = cell.trim();
                trimmed += usize::from(plain.len() < cell.len() && !plain.is_empty());
                plain.to_owned()
            })
            .collect();
        rows.push((line, cells));
    }
    let named = shape == Shape::Contingency
        || heads
            .first()
            .is_some_and(|head| UNIT_HEADS.iter().any(|u| head.eq_ignore_ascii_case(u)));
    let skip = usize::from(named);
    if rows.is_empty() {
        return Err(TableError::Empty);
    }
    let mut table = match shape {
        Shape::Ratings => ratings(&heads[skip..], skip, &rows, values)?,
        Shape::Contingency | Shape::Counts => {
            let counts = counts(skip, &rows)?;
            let columns = &heads[skip.min(heads.len())..];
            if shape == Shape::Contingency
                && (rows.len() != columns.len() || rows.iter().map(|r| &r.1[0]).ne(columns))
            {
                return Err(TableError::NotSquare);
            }
            let (coders, ratings) = if shape == Shape::Contingency {
                let (first, second) = heads[0].split_once('\\').unwrap_or(("first", "second"));
                (
                    vec![first.trim().to_owned(), second.trim().to_owned()],
                    Ratings::from_contingency(&counts),
                )
            } else {
                (Vec::new(), Ratings::from_counts(&counts))
            };
            if ratings.coders() < 2 {
                return Err(TableError::OneCoder);
            }
            Table {
                shape,
                coders,
                numbers: numbers(columns),
                values: columns.to_vec(),
                ordered: false,
                ratings,
                trimmed: 0,
            }
        }
    };
    table.trimmed = trimmed;
    Ok(table)
}

fn fault(error: &csv::Error) -> TableError {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { pos, .. } => {
            TableError::Ragged(pos.as_ref().map_or(0, csv::Position::line))
        }
        csv::ErrorKind::Utf8 { .. } => TableError::Encoding,
        _ => TableError::Csv("a quotation mark is left open or misplaced".into()),
    }
}

/// Spreadsheets of half of Europe write `;`.
fn delimiter(text: &str) -> u8 {
    let head = text.lines().next().unwrap_or_default();
    let often = |c: char| head.matches(c).count();
    *[(often(','), b','), (often(';'), b';'), (often('\t'), b'\t')]
        .iter()
        .rev()
        .max_by_key(|(n, _)| *n)
        .map_or(&b',', |(_, c)| c)
}

fn ratings(
    coders: &[String],
    skip: usize,
    rows: &[(u64, Vec<String>)],
    listed: &[String],
) -> Result<Table, TableError> {
    if coders.len() < 2 {
        return Err(TableError::OneCoder);
    }
    let missing = |cell: &str| cell.is_empty() || cell == "NA";
    let given = || {
        rows.iter()
            .flat_map(|(_, cells)| &cells[skip..])
            .filter(|c| !missing(c))
    };
    let all_numbers = given().chain(listed).all(|cell| number(cell).is_some());
    // `1` and `1.0` are one number, and one value.
    let key = |cell: &str| match number(cell) {
        Some(n) if all_numbers => Key::Number(n),
        _ => Key::Name(cell.to_owned()),
    };
    let mut known: BTreeMap<Key, (u32, String)> = BTreeMap::new();
    if listed.is_empty() {
        for cell in given() {
            known
                .entry(key(cell))
                .or_insert_with(|| (0, printable(cell).into_owned()));
        }
        for (n, (_, place)) in (0..).zip(&mut known) {
            place.0 = n;
        }
    } else {
        for value in listed {
            let n = u32::try_from(known.len()).unwrap_or(u32::MAX);
            known
                .entry(key(value.trim()))
                .or_insert_with(|| (n, printable(value.trim()).into_owned()));
        }
    }
    let mut found = Ratings::new(coders.len(), known.len());
    let mut row = Vec::new();
    for (line, cells) in rows {
        row.clear();
        for cell in &cells[skip..] {
            row.push(if missing(cell) {
                None
            } else {
                let place = known
                    .get(&key(cell))
                    .ok_or(TableError::UnknownValue(*line))?;
                Some(place.0)
            });
        }
        found.push(&row, 1.0);
    }
    let mut values: Vec<(u32, String)> = known.into_values().collect();
    values.sort();
    let values: Vec<String> = values.into_iter().map(|(_, value)| value).collect();
    Ok(Table {
        shape: Shape::Ratings,
        coders: coders.to_vec(),
        numbers: numbers(&values),
        values,
        ordered: !listed.is_empty(),
        ratings: found,
        trimmed: 0,
    })
}

#[derive(Clone, Debug, PartialEq)]
enum Key {
    Number(f64),
    Name(String),
}

impl Eq for Key {}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::Name(a), Self::Name(b)) => a.cmp(b),
            (Self::Number(_), Self::Name(_)) => std::cmp::Ordering::Less,
            (Self::Name(_), Self::Number(_)) => std::cmp::Ordering::Greater,
        }
    }
}

/// A finite number; -0 is 0.
fn number(cell: &str) -> Option<f64> {
    let starts_plain =
        cell.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
    let found: f64 = cell.parse().ok().filter(|_| starts_plain)?;
    found.is_finite().then_some(found + 0.0)
}

fn numbers(values: &[String]) -> Vec<f64> {
    values
        .iter()
        .map(|value| number(value))
        .collect::<Option<_>>()
        .unwrap_or_default()
}

fn counts(skip: usize, rows: &[(u64, Vec<String>)]) -> Result<Vec<Vec<u64>>, TableError> {
    /// Far more coders than any table has; beyond it, a row of single values would take the memory.
    const MOST: u64 = 1_000_000;
    rows.iter()
        .map(|(line, cells)| {
            let row = cells[skip..]
                .iter()
                .map(|cell| cell.parse().ok().filter(|n: &u64| *n <= MOST))
                .collect::<Option<Vec<u64>>>();
            row.ok_or(TableError::NoCount(*line))
        })
        .collect()
}
