//! The coefficient's published example, and every count beside its definition over generated codings.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::pairs::{Counter, Piece};
use super::*;
use crate::analysis::relation::{Segment, stands};
use crate::domain::span::Span;

thread_local! {
    static STEPS: Cell<u64> = const { Cell::new(0) };
}

/// One look at one theme or passage.
pub(crate) fn step() {
    STEPS.with(|steps| steps.set(steps.get() + 1));
}

#[test]
fn the_manuals_example() {
    let found = coefficient(100, 10, 5);
    assert_eq!(found.c, Some(5.0 / 105.0));
    assert_eq!(format!("{:.4}", found.c.expect("a coefficient")), "0.0476");
    assert_eq!((found.share1, found.share2), (Some(0.05), Some(0.5)));
    assert_eq!(found.flags, [Flag::Unequal]);
    // Five times as often is not yet unequal.
    assert_eq!(coefficient(50, 10, 5).flags, []);
}

#[test]
fn what_is_not_defined_says_why() {
    for (n1, n2, n12, reason) in [
        (0, 0, 0, "neither theme is used"),
        (
            2,
            2,
            4,
            "there are as many pairs as uses of both themes together, or more",
        ),
        (
            2,
            3,
            6,
            "there are as many pairs as uses of both themes together, or more",
        ),
    ] {
        let found = coefficient(n1, n2, n12);
        assert_eq!((found.c, found.reason), (None, Some(reason)));
    }
    let crowded = coefficient(4, 3, 5);
    assert_eq!(
        (crowded.c, &crowded.flags[..]),
        (Some(2.5), &[Flag::OutOfRange][..])
    );
    let unused = coefficient(0, 3, 0);
    assert_eq!(
        (unused.c, unused.share1, unused.share2),
        (Some(0.0), None, Some(0.0))
    );
}

/// (where, length, theme, whose words), each with the transcript that it stands in.
type Raw = (usize, u32, u32, u32, i64);

const TURN: u32 = 8;
/// A turn that no filter takes.
const SKIPPED: i64 = 2;
/// Four transcripts in two cases and none.
const CASES: [Option<i64>; 4] = [Some(1), Some(1), Some(2), None];

fn piece(raw: &Raw) -> Piece {
    let (_, start, length, theme, _) = *raw;
    let end = start + length;
    // A transcript without measures for what begins late, to see that it is left out.
    let measured = (start < 36).then_some((i64::from(start) / 2, i64::from(end + 1) / 2));
    Piece {
        theme,
        start,
        end,
        turns: (i64::from(start / TURN) + 1, i64::from((end - 1) / TURN) + 1),
        measured,
    }
}

fn segment(n: usize, p: &Piece) -> Segment {
    Segment {
        id: i64::try_from(n).expect("few"),
        theme: i64::from(p.theme),
        span: Span::new(p.start, p.end),
        turns: p.turns,
        measured: p.measured,
    }
}

/// Whether two passages make a pair: the definition.
fn tied(tie: Tie, most: i64, all: &[Raw], a: usize, b: usize) -> bool {
    let (first, second) = (&all[a], &all[b]);
    if first.3 == second.3 {
        return false;
    }
    if tie == Tie::SameCase {
        return CASES[first.0].is_some() && CASES[first.0] == CASES[second.0];
    }
    let of = |n: usize| segment(n, &piece(&all[n]));
    first.0 == second.0 && stands(tie.relation(), most, &of(a), &of(b))
}

/// The things of a unit in which a passage stands.
fn places(count: Count, raw: &Raw) -> BTreeSet<(usize, i64)> {
    let turns = piece(raw).turns;
    match count {
        Count::Codings => BTreeSet::new(),
        Count::Turns => (turns.0..=turns.1)
            .filter(|turn| *turn != SKIPPED)
            .map(|t| (raw.0, t))
            .collect(),
        Count::Transcripts => [(raw.0, 0)].into(),
        Count::Participants => (raw.4 > 0).then_some((9, raw.4)).into_iter().collect(),
        Count::Cases => CASES[raw.0].map(|case| (9, case)).into_iter().collect(),
    }
}

proptest! {
    #[test]
    fn every_count_is_what_its_definition_says(
        all in prop::collection::vec((0usize..4, 0u32..40, prop_oneof![1u32..5, 1u32..20], 0u32..4, 0i64..3), 1..22),
        most in prop_oneof![0i64..4, 0i64..15, Just(i64::MAX)],
    ) {
        for (tie, count) in Tie::ALL.iter().flat_map(|t| Count::ALL.iter().map(move |c| (*t, *c))) {
            let mut tally = Tally::new(tie, most, count, 4);
            for (transcript, case) in CASES.iter().enumerate() {
                let there: Vec<&Raw> = all.iter().filter(|r| r.0 == transcript).collect();
                let pieces: Vec<Piece> = there.iter().map(|r| piece(r)).collect();
                let who: Vec<Option<i64>> = there.iter().map(|r| (r.4 > 0).then_some(r.4)).collect();
                tally.transcript(*case, &pieces, &who, &|turn| turn != SKIPPED);
            }
            let counts = tally.finish();
            let mut uses: BTreeMap<u32, BTreeSet<(usize, i64)>> = BTreeMap::new();
            let mut both: BTreeMap<(u32, u32), BTreeSet<(usize, i64)>> = BTreeMap::new();
            let mut pairs: BTreeMap<(u32, u32), u64> = BTreeMap::new();
            for (n, a) in all.iter().enumerate() {
                uses.entry(a.3).or_default().extend(places(count, a));
                for m in 0..all.len() {
                    // A pair without a direction is one pair.
                    if tied(tie, most, &all, n, m) && (tie.is_directed() || a.3 < all[m].3) {
                        let themes = (a.3, all[m].3);
                        *pairs.entry(themes).or_default() += 1;
                        let shared: Vec<_> = places(count, a).intersection(&places(count, &all[m])).copied().collect();
                        both.entry(themes).or_default().extend(shared);
                    }
                }
            }
            for a in 0..4 {
                let expected = if count == Count::Codings { all.iter().filter(|r| r.3 == a).count() } else { uses.get(&a).map_or(0, BTreeSet::len) };
                prop_assert_eq!(counts.uses[a as usize], expected as u64, "{} {} {}", tie, count, a);
                for b in (0..4).filter(|b| *b != a && (tie.is_directed() || a < *b)) {
                    let expected = if count == Count::Codings { pairs.get(&(a, b)).copied().unwrap_or_default() } else { both.get(&(a, b)).map_or(0, BTreeSet::len) as u64 };
                    prop_assert_eq!(counts.pairs(a, b), expected, "{} {} {} {}", tie, count, a, b);
                    if matches!(count, Count::Cases | Count::Participants) {
                        let named: Vec<i64> = both.get(&(a, b)).into_iter().flatten().map(|p| p.1).collect();
                        prop_assert_eq!(counts.having(a, b).collect::<Vec<_>>(), named);
                    }
                    if count != Count::Codings {
                        prop_assert!(counts.pairs(a, b) <= counts.uses[a as usize].min(counts.uses[b as usize]));
                    }
                }
            }
        }
    }
}

/// Ten times the codings, all upon each other, take about ten times the looks.
#[test]
fn work_grows_with_the_codings() {
    let dense = |n: u32| -> Vec<Piece> {
        (0..n)
            .map(|k| piece(&(0, k % 30, 40 + k / 30, k % 7, 1)))
            .collect()
    };
    for tie in Tie::ALL {
        let looks = |n: u32| {
            let before = STEPS.with(Cell::get);
            let mut counter = Counter::new(*tie, 50, 7);
            let mut pairs = 0;
            counter.pairs(&dense(n), |_, _, n| pairs += n);
            STEPS.with(Cell::get) - before
        };
        let (few, many) = (looks(1_000).max(1), looks(10_000));
        assert!(many < few * 20, "{tie}: {few} looks, then {many}");
        assert!(many <= 10_000 * 7 * 60, "{tie}: {many} looks");
    }
}
