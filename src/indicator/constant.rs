//! Columns that should say the same of a case in each of its rows: a region, a type. Those that were named, and those
//! that look so.

use std::collections::HashMap;

use super::found::Findings;
use super::layout::Layout;
use super::which_case::Cases;
use crate::domain::period::Period;
use crate::domain::span::printable;
use crate::error::Result;
use crate::import::grid::{Grid, Row};

#[derive(Default)]
pub(super) struct Constants {
    columns: Vec<Column>,
}

struct Column {
    at: usize,
    /// Whether somebody said that it is constant.
    named: bool,
    texts: HashMap<String, u32>,
    /// Of each case: what it said first, and in which row; how many rows; another text and its row.
    cases: HashMap<u32, Said>,
}

#[derive(Clone, Copy)]
struct Said {
    text: u32,
    line: u64,
    rows: u32,
    other: Option<(u32, u64)>,
}

/// Texts of a column that is looked at: one that has more is no attribute.
const TEXTS: usize = 2_000;

impl Constants {
    pub(super) fn of(grid: &Grid, layout: &Layout) -> Result<Self> {
        let mut columns: Vec<Column> = Vec::new();
        for at in 0..layout.heads.len() {
            let named = layout.constant.contains(&at);
            let open =
                !layout.used[at] && !layout.varies.contains(&at) && !layout.heads[at].is_empty();
            if named || open && looks_like_words(grid, layout, at)? {
                columns.push(Column {
                    at,
                    named,
                    texts: HashMap::new(),
                    cases: HashMap::new(),
                });
            }
        }
        Ok(Self { columns })
    }

    pub(super) fn note(&mut self, case: u32, line: u64, row: Row) {
        for column in &mut self.columns {
            if !column.named && column.texts.len() > TEXTS {
                continue;
            }
            let cell = row.cell(column.at).trim();
            if cell.is_empty() {
                continue;
            }
            let next = u32::try_from(column.texts.len()).unwrap_or(u32::MAX);
            let text = match column.texts.get(cell) {
                Some(text) => *text,
                None => {
                    column.texts.insert(cell.to_owned(), next);
                    next
                }
            };
            let said = column.cases.entry(case).or_insert(Said {
                text,
                line,
                rows: 0,
                other: None,
            });
            said.rows += 1;
            if said.text != text && said.other.is_none() {
                said.other = Some((text, line));
            }
        }
    }

    /// Says which cases have several values. Of a column that nobody named, where it is the same for most.
    pub(super) fn say(&self, cases: &Cases, layout: &Layout, unit: &str, findings: &mut Findings) {
        for column in &self.columns {
            let several: Vec<(&u32, &Said)> =
                column.cases.iter().filter(|(_, s)| s.rows > 1).collect();
            let mut differ: Vec<(&u32, &Said)> = several
                .iter()
                .filter(|(_, s)| s.other.is_some())
                .copied()
                .collect();
            if differ.is_empty() {
                continue;
            }
            if !column.named
                && (column.texts.len() > TEXTS
                    || several.len() < 3
                    || differ.len() * 2 > several.len())
            {
                continue;
            }
            differ.sort_by_key(|(_, s)| s.other.map(|(_, line)| line));
            let text = |of: u32| {
                column
                    .texts
                    .iter()
                    .find(|(_, n)| **n == of)
                    .map_or_else(String::new, |(t, _)| printable(t).into_owned())
            };
            let head = printable(&layout.heads[column.at]);
            let Some((case, said)) = differ.first() else {
                continue;
            };
            let (other, line) = said.other.unwrap_or_default();
            let n = differ.len();
            findings.whole(
                Some(line),
                Some(column.at),
                format!(
                    "the column `{head}` says different things of one case, at {n} of {} cases: of `{}` first `{}` ({unit} {}), then `{}` ({unit} {line})",
                    several.len(),
                    cases.slug(**case),
                    text(said.text),
                    said.line,
                    text(other)
                ),
                format!("where it may, say --varies \"{head}\"; where it may not, the file is scrambled: look at its rows before anything is read from it"),
            );
        }
    }
}

/// Whether the first rows hold words there, and neither numbers nor periods.
fn looks_like_words(grid: &Grid, layout: &Layout, at: usize) -> Result<bool> {
    let texts = super::read::sample(grid, layout, at, 200)?;
    let plain = |t: &String| {
        !t.chars().any(char::is_alphabetic)
            || t.parse::<f64>().is_ok()
            || t.parse::<Period>().is_ok()
    };
    Ok(!texts.is_empty() && !texts.iter().any(plain))
}
