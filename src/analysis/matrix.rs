//! A table of how much was coded, by two dimensions. Pure: it is given passages with their row and column, and counts.

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;

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
#[derive(Clone, Debug)]
pub struct Passage {
    pub row: usize,
    pub col: usize,
    pub coding: i64,
    pub transcript: i64,
    pub first_turn: i64,
    pub last_turn: i64,
    pub span: Span,
    pub participant: Option<i64>,
    pub case: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
}

/// Counts passages into a table. `words` tells how many words stand in a span of a transcript; only asked for that unit.
pub fn matrix(
    rows: Vec<String>,
    cols: Vec<String>,
    count: Unit,
    passages: &[Passage],
    pending: usize,
    words: &mut dyn FnMut(i64, Span) -> u64,
) -> Matrix {
    let mut cells = vec![vec![Vec::new(); cols.len()]; rows.len()];
    let mut by_row = vec![Vec::new(); rows.len()];
    let mut by_col = vec![Vec::new(); cols.len()];
    for (n, p) in passages.iter().enumerate() {
        cells[p.row][p.col].push(n);
        by_row[p.row].push(n);
        by_col[p.col].push(n);
    }
    let everything: Vec<usize> = (0..passages.len()).collect();
    let mut measure =
        |which: &Vec<usize>| measure(count, &mut which.iter().map(|n| &passages[*n]), words);
    Matrix {
        cells: cells
            .iter()
            .map(|row| row.iter().map(&mut measure).collect())
            .collect(),
        row_totals: by_row.iter().map(&mut measure).collect(),
        col_totals: by_col.iter().map(&mut measure).collect(),
        total: measure(&everything),
        rows,
        cols,
        count,
        pending,
    }
}

fn measure(
    unit: Unit,
    passages: &mut dyn Iterator<Item = &Passage>,
    words: &mut dyn FnMut(i64, Span) -> u64,
) -> u64 {
    match unit {
        Unit::Codings => passages.map(|p| p.coding).collect::<BTreeSet<_>>().len() as u64,
        Unit::Turns => passages
            .flat_map(|p| p.first_turn..=p.last_turn)
            .collect::<BTreeSet<_>>()
            .len() as u64,
        Unit::Transcripts => passages
            .map(|p| p.transcript)
            .collect::<BTreeSet<_>>()
            .len() as u64,
        Unit::Participants => passages
            .filter_map(|p| p.participant)
            .collect::<BTreeSet<_>>()
            .len() as u64,
        Unit::Cases => passages
            .filter_map(|p| p.case)
            .collect::<BTreeSet<_>>()
            .len() as u64,
        Unit::Words => {
            let mut spans: HashMap<i64, Vec<Span>> = HashMap::new();
            for p in passages {
                spans.entry(p.transcript).or_default().push(p.span);
            }
            spans
                .into_iter()
                .flat_map(|(transcript, spans)| {
                    union(spans).into_iter().map(move |s| (transcript, s))
                })
                .map(|(t, s)| words(t, s))
                .sum()
        }
    }
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
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn passage(
        row: usize,
        col: usize,
        coding: i64,
        turns: (i64, i64),
        span: (u32, u32),
        participant: i64,
    ) -> Passage {
        Passage {
            row,
            col,
            coding,
            transcript: 1,
            first_turn: turns.0,
            last_turn: turns.1,
            span: Span::new(span.0, span.1),
            participant: Some(participant),
            case: Some(7),
        }
    }

    #[test]
    fn each_unit_counts_its_own() {
        let passages = [
            passage(0, 0, 1, (1, 1), (0, 10), 5),
            passage(0, 0, 2, (1, 2), (5, 20), 5),
            passage(0, 1, 3, (2, 2), (12, 20), 6),
        ];
        let two = || vec!["a".to_owned(), "b".to_owned()];
        for (unit, cells, row, total) in [
            (Unit::Codings, [2, 1], 3, 3),
            (Unit::Turns, [2, 1], 2, 2),
            (Unit::Words, [20, 8], 20, 20),
            (Unit::Transcripts, [1, 1], 1, 1),
            (Unit::Participants, [1, 1], 2, 2),
            (Unit::Cases, [1, 1], 1, 1),
        ] {
            let m = matrix(
                vec!["r".into()],
                two(),
                unit,
                &passages,
                0,
                &mut |_, s: Span| u64::from(s.len()),
            );
            assert_eq!(
                (m.cells[0].as_slice(), m.row_totals[0], m.total),
                (cells.as_slice(), row, total),
                "{unit}"
            );
        }
    }

    proptest! {
        #[test]
        fn union_covers_the_same_positions(spans in proptest::collection::vec((0u32..50, 1u32..9), 0..12)) {
            let spans: Vec<Span> = spans.into_iter().map(|(a, n)| Span::new(a, a + n)).collect();
            let merged = union(spans.clone());
            for at in 0..60 {
                let inside = |all: &[Span]| all.iter().any(|s| s.start <= at && at < s.end);
                prop_assert_eq!(inside(&spans), inside(&merged));
            }
            prop_assert!(merged.windows(2).all(|w| w[0].end < w[1].start));
        }
    }
}
