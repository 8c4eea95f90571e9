//! The tally, transcript by transcript, against the definition of each unit over all passages at once; and figures.

use std::collections::{BTreeSet, HashMap};

use proptest::prelude::*;

use super::figures::{Bases, adds_up};
use super::*;

/// A passage with where it stands.
type Placed = (i64, Option<i64>, Passage);

/// What a unit counts, by definition: over all passages at once.
fn measure(unit: Unit, passages: &[&Placed], words: &dyn Fn(Span) -> u64) -> u64 {
    fn distinct(all: impl Iterator<Item = i64>) -> u64 {
        all.collect::<BTreeSet<_>>().len() as u64
    }
    let passages = passages.iter();
    match unit {
        Unit::Codings => distinct(passages.map(|(_, _, p)| p.coding)),
        Unit::Turns => distinct(passages.flat_map(|(_, _, p)| p.first_turn..=p.last_turn)),
        Unit::Transcripts => distinct(passages.map(|(t, ..)| *t)),
        Unit::Participants => distinct(passages.filter_map(|(_, _, p)| p.participant)),
        Unit::Cases => distinct(passages.filter_map(|(_, case, _)| *case)),
        Unit::Words => {
            let mut spans: HashMap<i64, Vec<Span>> = HashMap::new();
            for (transcript, _, p) in passages {
                spans.entry(*transcript).or_default().push(p.span);
            }
            spans.into_values().flat_map(union).map(words).sum()
        }
    }
}

fn by_definition(
    names: [Vec<String>; 2],
    unit: Unit,
    passages: &[Placed],
    words: &dyn Fn(Span) -> u64,
) -> Matrix {
    let of = |row: Option<usize>, col: Option<usize>| {
        let those: Vec<&Placed> = passages
            .iter()
            .filter(|(_, _, p)| row.is_none_or(|r| r == p.row) && col.is_none_or(|c| c == p.col))
            .collect();
        measure(unit, &those, words)
    };
    let [rows, cols] = names;
    let (height, width) = (rows.len(), cols.len());
    Matrix {
        rows,
        cols,
        count: unit,
        cells: (0..height)
            .map(|r| (0..width).map(|c| of(Some(r), Some(c))).collect())
            .collect(),
        row_totals: (0..height).map(|r| of(Some(r), None)).collect(),
        col_totals: (0..width).map(|c| of(None, Some(c))).collect(),
        total: of(None, None),
        pending: 0,
        figures: None,
    }
}

fn tallied(names: [Vec<String>; 2], unit: Unit, passages: &[Placed], once: bool) -> Matrix {
    let mut tally = Tally::new(unit);
    for part in passages.chunk_by(|a, b| a.0 == b.0) {
        let of_one: Vec<Passage> = part.iter().map(|(_, _, p)| *p).collect();
        tally.add(part[0].0, part[0].1, &of_one, once, &mut said);
    }
    let [rows, cols] = names;
    let order = |names: &[String]| (0..names.len()).collect::<Vec<_>>();
    let (by_row, by_col) = (order(&rows), order(&cols));
    tally.matrix((rows, &by_row), (cols, &by_col), 0)
}

/// So many words in a span as no sum of its parts would give by chance.
fn said(span: Span) -> u64 {
    u64::from(span.len()) * 1000 + u64::from(span.start)
}

fn names(rows: usize, cols: usize) -> [Vec<String>; 2] {
    [rows, cols].map(|n| (0..n).map(|n| n.to_string()).collect())
}

const UNITS: [Unit; 6] = [
    Unit::Codings,
    Unit::Turns,
    Unit::Words,
    Unit::Transcripts,
    Unit::Participants,
    Unit::Cases,
];

#[test]
fn each_unit_counts_its_own() {
    let passage = |col, coding, turns: (i64, i64), span: (u32, u32), participant| Passage {
        row: 0,
        col,
        coding,
        first_turn: turns.0,
        last_turn: turns.1,
        span: Span::new(span.0, span.1),
        participant: Some(participant),
    };
    let passages = [
        passage(0, 1, (1, 1), (0, 10), 5),
        passage(0, 2, (1, 2), (5, 20), 5),
        passage(1, 3, (2, 2), (12, 20), 6),
    ];
    for (unit, cells, row) in [
        (Unit::Codings, [2, 1], 3),
        (Unit::Turns, [2, 1], 2),
        (Unit::Words, [20, 8], 20),
        (Unit::Transcripts, [1, 1], 1),
        (Unit::Participants, [1, 1], 2),
        (Unit::Cases, [1, 1], 1),
    ] {
        let mut tally = Tally::new(unit);
        tally.add(1, Some(7), &passages, true, &mut |s| u64::from(s.len()));
        let m = tally.matrix(
            (vec!["r".into()], &[0]),
            (names(0, 2)[1].clone(), &[0, 1]),
            0,
        );
        assert_eq!(
            (m.cells[0].as_slice(), m.row_totals[0], m.total),
            (cells.as_slice(), row, row),
            "{unit}"
        );
    }
}

fn passages() -> impl Strategy<Value = Vec<Placed>> {
    let one = (
        (0usize..4, 0usize..5, 0i64..30),
        (1i64..4, 0i64..6, 0i64..3),
        (0u32..60, 1u32..20),
        proptest::option::of(0i64..4),
    );
    proptest::collection::vec(one, 0..40).prop_map(|found| {
        let mut all: Vec<Placed> = found
            .into_iter()
            .map(
                |((row, col, coding), (transcript, turn, more), span, participant)| {
                    let first_turn = transcript * 100 + turn;
                    let passage = Passage {
                        row,
                        col,
                        coding: transcript * 1000 + coding,
                        first_turn,
                        last_turn: first_turn + more,
                        span: Span::new(span.0, span.0 + span.1),
                        participant,
                    };
                    (
                        transcript,
                        (transcript > 1).then_some(transcript % 2),
                        passage,
                    )
                },
            )
            .collect();
        all.sort_by_key(|(transcript, ..)| *transcript);
        all
    })
}

proptest! {
    #[test]
    fn a_tally_by_transcript_is_the_definition(all in passages()) {
        for unit in UNITS {
            let expected = by_definition(names(4, 5), unit, &all, &said);
            prop_assert_eq!(&tallied(names(4, 5), unit, &all, false), &expected, "{}", unit);
            // Where each coding comes once, counting may rely on it.
            let mut known = BTreeSet::new();
            let once: Vec<Placed> = all.iter().filter(|(_, _, p)| known.insert(p.coding)).copied().collect();
            let expected = by_definition(names(4, 5), unit, &once, &said);
            prop_assert_eq!(&tallied(names(4, 5), unit, &once, true), &expected, "{}", unit);
        }
    }

    #[test]
    fn shares_add_up_to_their_base(all in passages()) {
        let close = |sum: f64, base: u64| (sum - if base == 0 { 0.0 } else { 100.0 }).abs() < 1e-9;
        let sum = |line: &mut dyn Iterator<Item = Option<f64>>| line.flatten().sum::<f64>();
        let mut known = BTreeSet::new();
        let all: Vec<Placed> = all.into_iter().filter(|(_, _, p)| known.insert(p.coding)).collect();
        for unit in UNITS {
            let m = tallied(names(4, 5), unit, &all, true);
            let rows = figures(&m, Measure::PercentOfRow, None);
            let cols = figures(&m, Measure::PercentOfColumn, None);
            let whole = figures(&m, Measure::PercentOfTotal, None);
            for (n, base) in m.row_totals.iter().enumerate() {
                let shares = sum(&mut rows.cells[n].iter().copied());
                let fits = if adds_up(unit) { close(shares, *base) } else { *base == 0 || shares > 100.0 - 1e-9 };
                prop_assert!(fits, "{}", unit);
                prop_assert_eq!(rows.row_totals[n], (*base > 0).then_some(100.0));
                prop_assert!(rows.cells[n].iter().flatten().all(|p| (0.0..=100.0).contains(p)));
                prop_assert_eq!(&rows.bases.cells[n], &vec![*base; 5]);
            }
            for (n, base) in m.col_totals.iter().enumerate() {
                let shares = sum(&mut cols.cells.iter().map(|row| row[n]));
                let fits = if adds_up(unit) { close(shares, *base) } else { *base == 0 || shares > 100.0 - 1e-9 };
                prop_assert!(fits, "{}", unit);
            }
            let shares = sum(&mut whole.cells.iter().flatten().copied());
            prop_assert!(!adds_up(unit) || close(shares, m.total));
            prop_assert!(!adds_up(unit) || close(sum(&mut whole.row_totals.iter().copied()), m.total));
            let there = figures(&m, Measure::Presence, None);
            prop_assert_eq!(there.total, Some(f64::from(u32::try_from(
                m.cells.iter().flatten().filter(|n| **n > 0).count()).expect("few"))));
        }
    }

    #[test]
    fn rows_keep_what_is_theirs_in_another_order(all in passages(), order in Just([3usize, 0, 2, 1])) {
        let mut m = tallied(names(4, 5), Unit::Turns, &all, false);
        m.figures = Some(figures(&m, Measure::PercentOfRow, None));
        let moved = sorted(m.clone(), &order);
        for (new, old) in order.iter().enumerate() {
            prop_assert_eq!(&moved.rows[new], &m.rows[*old]);
            prop_assert_eq!(&moved.cells[new], &m.cells[*old]);
            prop_assert_eq!(moved.row_totals[new], m.row_totals[*old]);
            let (a, b) = (moved.figures.as_ref().expect("there"), m.figures.as_ref().expect("there"));
            prop_assert_eq!(&a.cells[new], &b.cells[*old]);
            prop_assert_eq!(&a.bases.cells[new], &b.bases.cells[*old]);
        }
        prop_assert_eq!(&moved.col_totals, &m.col_totals);
    }

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

#[test]
fn words_are_a_base_of_their_own() {
    let m = tallied(names(1, 2), Unit::Codings, &[], true);
    let m = Matrix {
        cells: vec![vec![3, 0]],
        row_totals: vec![3],
        col_totals: vec![3, 0],
        total: 3,
        ..m
    };
    let said = Bases {
        cells: vec![vec![1500, 0]],
        row_totals: vec![1500],
        col_totals: vec![1500, 0],
        total: 1500,
    };
    let f = figures(&m, Measure::PerThousandWords, Some(said));
    assert_eq!(f.cells, [[Some(2.0), None]]);
    assert_eq!((f.row_totals[0], f.total), (Some(2.0), Some(2.0)));
}
