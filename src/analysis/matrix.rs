//! A table of how much was coded, by two dimensions. Pure: it is given passages with their row and column, and counts.

use std::collections::HashSet;

use serde::Serialize;

mod figures;

pub use figures::{Bases, Figures, Measure, Percent, adds_up, figures, sorted};

use crate::domain::span::Span;
use crate::domain::words::words;

words! {
    /// The unit that a cell counts.
    Unit, "unit to count" {
        /// Coded passages; a passage that two coders coded counts twice.
        Codings = "codings",
        /// Different turns that hold a coding.
        Turns = "turns",
        /// Words in coded passages, each word once however often it is coded.
        Words = "words",
        Transcripts = "transcripts",
        Participants = "participants",
        Cases = "cases",
    }
}

/// One coded passage, with what any unit needs.
#[derive(Clone, Copy, Debug)]
pub struct Passage {
    pub row: usize,
    pub col: usize,
    pub coding: i64,
    pub first_turn: i64,
    pub last_turn: i64,
    /// Only asked for words.
    pub span: Span,
    pub participant: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Matrix {
    pub rows: Vec<String>,
    pub cols: Vec<String>,
    pub count: Unit,
    pub cells: Vec<Vec<u64>>,
    /// Of a unit that can stand in several cells (turns, transcripts, participants, cases, words), a total counts each
    /// once: it is then smaller than the sum.
    pub row_totals: Vec<u64>,
    pub col_totals: Vec<u64>,
    pub total: u64,
    /// Codings that wait for their place in a corrected text, and so are in no cell.
    pub pending: usize,
    /// The same cells as shares, as presence or by words, where that is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub figures: Option<Figures>,
}

/// Counts passages into a table, transcript by transcript. Nothing stands in two transcripts but participants and cases,
/// so that only these are kept in mind.
pub struct Tally {
    unit: Unit,
    cells: Vec<Vec<u64>>,
    rows: Vec<u64>,
    cols: Vec<u64>,
    total: u64,
    /// Participants or cases by row and column; [`ALL`] for a total.
    seen: HashSet<(usize, usize, i64)>,
    places: Vec<(usize, usize, i64)>,
}

/// Stands for every row, or every column.
const ALL: usize = usize::MAX;

impl Tally {
    pub fn new(unit: Unit) -> Self {
        Self {
            unit,
            cells: Vec::new(),
            rows: Vec::new(),
            cols: Vec::new(),
            total: 0,
            seen: HashSet::new(),
            places: Vec::new(),
        }
    }

    /// Counts the passages of one transcript, which is of `case`. `words` tells how many words stand in a span; it is
    /// only asked for that unit. `once`: whether each coding comes once.
    pub fn add(
        &mut self,
        transcript: i64,
        case: Option<i64>,
        passages: &[Passage],
        once: bool,
        words: &mut dyn FnMut(Span) -> u64,
    ) {
        match self.unit {
            Unit::Codings if once => {
                for p in passages {
                    self.put(p.row, p.col, 1);
                    self.put(p.row, ALL, 1);
                    self.put(ALL, p.col, 1);
                }
                self.total += passages.len() as u64;
            }
            Unit::Codings => self.each_once(passages, false, |p| Some(p.coding)),
            Unit::Transcripts => self.each_once(passages, false, |_| Some(transcript)),
            Unit::Participants => self.each_once(passages, true, |p| p.participant),
            Unit::Cases => self.each_once(passages, true, |_| case),
            Unit::Turns => self.measured(passages, |within| {
                union(within.iter().map(|p| turns_as_span(p)).collect())
                    .iter()
                    .map(|s| u64::from(s.len()))
                    .sum()
            }),
            Unit::Words => self.measured(passages, |within| {
                union(within.iter().map(|p| p.span).collect())
                    .into_iter()
                    .map(&mut *words)
                    .sum()
            }),
        }
    }

    fn put(&mut self, row: usize, col: usize, n: u64) {
        let to = match (row, col) {
            (ALL, ALL) => {
                self.total += n;
                return;
            }
            (ALL, col) => at(&mut self.cols, col),
            (row, ALL) => at(&mut self.rows, row),
            (row, col) => at(at(&mut self.cells, row), col),
        };
        *to += n;
    }

    /// Counts each thing once in each cell and total; `apart`: also where it comes in several transcripts.
    fn each_once(
        &mut self,
        passages: &[Passage],
        apart: bool,
        thing: impl Fn(&Passage) -> Option<i64>,
    ) {
        self.places.clear();
        for p in passages {
            if let Some(thing) = thing(p) {
                for (row, col) in [(p.row, p.col), (p.row, ALL), (ALL, p.col), (ALL, ALL)] {
                    self.places.push((row, col, thing));
                }
            }
        }
        self.places.sort_unstable();
        self.places.dedup();
        let mut places = std::mem::take(&mut self.places);
        if apart {
            places.retain(|place| self.seen.insert(*place));
        }
        for (row, col, _) in &places {
            self.put(*row, *col, 1);
        }
        self.places = places;
    }

    /// Counts what passages cover together, in each cell and total.
    fn measured(&mut self, passages: &[Passage], mut measure: impl FnMut(&[&Passage]) -> u64) {
        let mut within: Vec<&Passage> = passages.iter().collect();
        for of in [
            |p: &Passage| (p.row, p.col),
            |p: &Passage| (p.row, ALL),
            |p: &Passage| (ALL, p.col),
            |_: &Passage| (ALL, ALL),
        ] {
            within.sort_by_key(|p| of(p));
            for part in within.chunk_by(|a, b| of(a) == of(b)) {
                let (row, col) = of(part[0]);
                let n = measure(part);
                self.put(row, col, n);
            }
        }
    }

    /// The table, with its rows and columns in this order of their places.
    pub fn matrix(
        &self,
        (rows, row_order): (Vec<String>, &[usize]),
        (cols, col_order): (Vec<String>, &[usize]),
        pending: usize,
    ) -> Matrix {
        let of = |all: &[u64], n: &usize| all.get(*n).copied().unwrap_or(0);
        Matrix {
            cells: row_order
                .iter()
                .map(|row| {
                    let cells = self.cells.get(*row).map_or(&[][..], Vec::as_slice);
                    col_order.iter().map(|col| of(cells, col)).collect()
                })
                .collect(),
            row_totals: row_order.iter().map(|n| of(&self.rows, n)).collect(),
            col_totals: col_order.iter().map(|n| of(&self.cols, n)).collect(),
            total: self.total,
            rows,
            cols,
            count: self.unit,
            pending,
            figures: None,
        }
    }
}

/// The place `n` of a list that grows as it is asked.
fn at<T: Default + Clone>(all: &mut Vec<T>, n: usize) -> &mut T {
    if all.len() <= n {
        all.resize(n + 1, T::default());
    }
    &mut all[n]
}

/// Turns are numbered densely: those that a passage touches are a span of their numbers.
fn turns_as_span(p: &Passage) -> Span {
    let id = |turn: i64| u32::try_from(turn).unwrap_or(u32::MAX - 1);
    Span::new(id(p.first_turn), id(p.last_turn) + 1)
}

/// The same positions as spans that neither touch nor overlap, in order.
fn union(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut found: Vec<Span> = Vec::new();
    for span in spans {
        match found.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => found.push(span),
        }
    }
    found
}

#[cfg(test)]
mod tests;
