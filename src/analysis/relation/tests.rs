//! The relations as a table of cases, and the index beside the definition over generated codings.

use std::cell::Cell;

use proptest::prelude::*;

use super::index::Index;
use super::ruler::{Ruler, most};
use super::*;

thread_local! {
    static STEPS: Cell<u64> = const { Cell::new(0) };
}

/// One look at one passage.
pub(crate) fn step() {
    STEPS.with(|steps| steps.set(steps.get() + 1));
}

pub(crate) fn steps_of(work: impl FnOnce()) -> u64 {
    let before = STEPS.with(Cell::get);
    work();
    STEPS.with(Cell::get) - before
}

fn segment(id: i64, theme: i64, start: u32, end: u32) -> Segment {
    let span = Span::new(start, end);
    // Turns of ten characters.
    let turns = (i64::from(start / 10) + 1, i64::from((end - 1) / 10) + 1);
    Segment {
        id,
        theme,
        span,
        turns,
        measured: Ruler::Characters.measure(span, turns),
    }
}

/// The relations that hold between [10, 20) and each of these, with at most five characters between.
#[test]
fn each_relation_as_a_table() {
    use Relation as R;
    let a = segment(1, 1, 10, 20);
    // Every B lies in one transcript with A; that they share a case follows.
    for (b, holds) in [
        (
            (10, 20),
            &[
                R::SameSpan,
                R::OverlapPart,
                R::OverlapWhole,
                R::Within,
                R::Encloses,
                R::Near,
                R::SameTurn,
            ][..],
        ),
        // Larger on one side or both.
        (
            (10, 25),
            &[
                R::OverlapPart,
                R::OverlapWhole,
                R::Within,
                R::Near,
                R::SameTurn,
            ],
        ),
        (
            (5, 20),
            &[
                R::OverlapPart,
                R::OverlapWhole,
                R::Within,
                R::Near,
                R::SameTurn,
            ],
        ),
        (
            (0, 40),
            &[
                R::OverlapPart,
                R::OverlapWhole,
                R::Within,
                R::Near,
                R::SameTurn,
            ],
        ),
        // Smaller.
        (
            (10, 15),
            &[
                R::OverlapPart,
                R::OverlapWhole,
                R::Encloses,
                R::Near,
                R::SameTurn,
            ],
        ),
        (
            (15, 20),
            &[
                R::OverlapPart,
                R::OverlapWhole,
                R::Encloses,
                R::Near,
                R::SameTurn,
            ],
        ),
        (
            (12, 18),
            &[
                R::OverlapPart,
                R::OverlapWhole,
                R::Encloses,
                R::Near,
                R::SameTurn,
            ],
        ),
        // Crossing.
        (
            (15, 25),
            &[
                R::OverlapPart,
                R::OverlapWhole,
                R::Overlaps,
                R::Near,
                R::SameTurn,
            ],
        ),
        (
            (5, 15),
            &[
                R::OverlapPart,
                R::OverlapWhole,
                R::OverlappedBy,
                R::Near,
                R::SameTurn,
            ],
        ),
        // Touching is no overlap.
        ((20, 25), &[R::Precedes, R::Near]),
        ((5, 10), &[R::Follows, R::Near]),
        // Five characters between, and six.
        ((25, 30), &[R::Precedes, R::Near]),
        ((26, 30), &[]),
        ((0, 5), &[R::Follows, R::Near]),
        ((0, 4), &[]),
    ] {
        let b = segment(2, 2, b.0, b.1);
        for relation in R::ALL {
            let expected = match relation {
                R::SameTranscript | R::SameCase => true,
                // Of this, what breaks it.
                R::Alone => holds.contains(&R::OverlapWhole),
                other => holds.contains(other),
            };
            assert_eq!(
                stands(*relation, 5, &a, &b),
                expected,
                "{relation} {}",
                b.span
            );
            assert!(
                !stands(*relation, 5, &a, &Segment { id: 1, ..b }),
                "{relation} to itself"
            );
        }
    }
    // Another coding of A's own theme leaves it alone.
    assert!(!stands(R::Alone, 0, &a, &segment(2, 1, 10, 20)));
    assert_eq!(
        Index::new(R::OverlapPart, 0, &[segment(2, 2, 15, 25)]).parts(&a),
        [Span::new(15, 20)]
    );
}

#[test]
fn what_lies_between_is_whole_units() {
    //          0         1         2         3         4
    //          0123456789012345678901234567890123456789012
    let text = "P1: One two. Three — four. P2: Five, six seven.";
    let turns = [Span::new(4, 26), Span::new(31, 47)];
    let ruler = |step| match step {
        Step::Characters => Ruler::Characters,
        Step::Words => Ruler::words(text, &turns),
        Step::Sentences => Ruler::sentences(text, &turns),
        Step::Turns => Ruler::Turns,
        Step::Seconds => Ruler::times(7, [Some(4_000), Some(9_500)]),
    };
    let of = |ruler: &Ruler, a: (u32, u32)| {
        let turn = |at: u32| if at < 27 { 7 } else { 8 };
        ruler
            .measure(Span::new(a.0, a.1), (turn(a.0), turn(a.1 - 1)))
            .expect("measured")
    };
    for (step, a, b, expected) in [
        // `One`, and `two.`, `Three`, `four.`
        (Step::Characters, (4, 7), (8, 12), 1),
        (Step::Words, (4, 7), (8, 12), 0),
        (Step::Words, (4, 7), (13, 18), 1),
        // A dash is no word, and a label is none.
        (Step::Words, (13, 18), (21, 26), 0),
        (Step::Words, (21, 26), (31, 36), 0),
        (Step::Words, (4, 12), (37, 40), 3),
        // In the middle of a word: what is cut is not whole.
        (Step::Words, (4, 6), (9, 12), 0),
        (Step::Sentences, (4, 7), (8, 12), 0),
        (Step::Sentences, (4, 12), (13, 18), 0),
        (Step::Sentences, (4, 7), (31, 36), 1),
        (Step::Turns, (4, 7), (31, 36), 0),
        (Step::Turns, (4, 7), (8, 12), 0),
        (Step::Seconds, (4, 7), (31, 36), 5_500),
        (Step::Seconds, (4, 7), (8, 12), 0),
    ] {
        let ruler = ruler(step);
        let (first, then) = (of(&ruler, a), of(&ruler, b));
        assert_eq!((then.0 - first.1).max(0), expected, "{step} {a:?} {b:?}");
    }
    assert_eq!(most(Some("5seconds".parse().expect("a distance"))), 5_000);
}

#[test]
fn times_are_carried_on_and_never_fall() {
    let ruler = Ruler::times(3, [None, Some(5), None, Some(2), Some(9)]);
    let at = |turn| ruler.measure(Span::new(0, 1), (turn, turn)).map(|m| m.0);
    assert_eq!(
        (3..=8).map(at).collect::<Vec<_>>(),
        [None, Some(5), Some(5), Some(5), Some(9), None]
    );
    assert_eq!(ruler.measure(Span::new(0, 9), (3, 4)), None);
}

/// Turns of a made-up text: their spans, and a time for some.
const TURN: u32 = 12;

fn text() -> String {
    // Words of one to five letters, a full stop now and then, a label before each turn.
    "A: ab c. Dé f\nB: g h. — I\nA: jklm. nö.\nB: o. p q r\nA: stu vwxy\n".repeat(4)
}

fn rulers() -> Vec<(Step, Ruler)> {
    let text = text();
    let length = u32::try_from(text.chars().count()).expect("short");
    let turns: Vec<Span> = (0..length / TURN)
        .map(|n| Span::new(n * TURN + 2, n * TURN + TURN))
        .collect();
    let times = (0..i64::from(length / TURN)).map(|n| match n % 5 {
        0 => None,
        4 => Some(n * 900),
        _ => Some(n * 1_000),
    });
    vec![
        (Step::Characters, Ruler::Characters),
        (Step::Words, Ruler::words(&text, &turns)),
        (Step::Sentences, Ruler::sentences(&text, &turns)),
        (Step::Turns, Ruler::Turns),
        (Step::Seconds, Ruler::times(1, times)),
    ]
}

fn laid(ruler: &Ruler, raw: &[(u32, u32, i64)]) -> Vec<Segment> {
    raw.iter()
        .enumerate()
        .map(|(n, (start, length, theme))| {
            let span = Span::new(*start, start + length);
            let turns = (
                i64::from(span.start / TURN) + 1,
                i64::from((span.end - 1) / TURN) + 1,
            );
            Segment {
                id: i64::try_from(n).expect("few"),
                theme: *theme,
                span,
                turns,
                measured: ruler.measure(span, turns),
            }
        })
        .collect()
}

proptest! {
    /// Every relation in every unit; some of A's passages are among B's.
    #[test]
    fn the_index_says_what_the_definition_says(
        raw in prop::collection::vec((0u32..120, prop_oneof![1u32..6, 1u32..60], 0i64..4), 1..24),
        most in prop_oneof![0i64..4, 0i64..40, 0i64..20_000, Just(i64::MAX)],
        from in 0usize..10,
    ) {
        for (step, ruler) in rulers() {
            let all = laid(&ruler, &raw);
            let others = &all[from.min(all.len())..];
            for relation in Relation::ALL {
                let index = Index::new(*relation, most, others);
                for a in &all {
                    let some = others.iter().any(|b| stands(*relation, most, a, b));
                    let expected = if *relation == Relation::Alone { !some } else { some };
                    prop_assert_eq!(index.holds(a), expected, "{} {} {:?} {:?}", relation, step, a, others);
                }
            }
        }
    }

    /// The shared parts hold exactly the characters that another passage holds too, and touching parts are one.
    #[test]
    fn parts_are_what_is_shared(raw in prop::collection::vec((0u32..40, 1u32..20, 0i64..2), 1..12), from in 0usize..6) {
        let all = laid(&Ruler::Characters, &raw);
        let others = &all[from.min(all.len())..];
        let index = Index::new(Relation::OverlapPart, 0, others);
        for a in &all {
            let parts = index.parts(a);
            for at in 0..70 {
                let expected = (a.span.start..a.span.end).contains(&at)
                    && others.iter().any(|b| b.id != a.id && (b.span.start..b.span.end).contains(&at));
                let found = parts.iter().filter(|p| (p.start..p.end).contains(&at)).count();
                prop_assert_eq!(found, usize::from(expected), "{} {:?} {:?}", at, a, others);
            }
            prop_assert!(parts.windows(2).all(|p| p[0].end < p[1].start));
        }
    }

    /// Units never fall along a text, whatever stands in it; the index's searches rest on that.
    #[test]
    fn rulers_never_fall(text in "[a-c .?!é\\n—]{0,60}", cuts in prop::collection::vec(0u32..60, 0..8), times in prop::collection::vec(prop::option::of(0i64..50), 9)) {
        let length = u32::try_from(text.chars().count()).expect("short");
        let mut cuts: Vec<u32> = cuts.into_iter().map(|c| c.min(length)).chain([0, length]).collect();
        cuts.sort_unstable();
        cuts.dedup();
        let turns: Vec<Span> = cuts.windows(2).map(|w| Span::new(w[0], w[1])).collect();
        let turn_at = |at: u32| i64::try_from(turns.partition_point(|t| t.end <= at)).expect("few");
        for ruler in [Ruler::words(&text, &turns), Ruler::sentences(&text, &turns), Ruler::Turns, Ruler::times(0, times)] {
            let mut before = (None, None);
            for at in 0..length {
                let measured = ruler.measure(Span::new(at, at + 1), (turn_at(at), turn_at(at)));
                let now = (measured.map(|m| m.0), measured.map(|m| m.1));
                prop_assert!(before.0 <= now.0 && before.1 <= now.1);
                before = now;
            }
        }
    }
}

/// Ten times the codings, all upon each other, take about ten times the looks: pairs would take a hundred times as many.
#[test]
fn work_grows_with_the_codings() {
    let dense = |n: u32| -> Vec<Segment> {
        (0..n)
            .map(|k| {
                segment(
                    i64::from(k),
                    i64::from(k % 7),
                    k % 500,
                    k % 500 + 600 + k / 500,
                )
            })
            .collect()
    };
    for relation in Relation::ALL {
        let looks = |n: u32| {
            let all = dense(n);
            steps_of(|| {
                let index = Index::new(*relation, 50, &all);
                assert!(all.iter().filter(|a| index.holds(a)).count() <= all.len());
            })
        };
        let (few, many) = (looks(1_000).max(1), looks(10_000));
        assert!(many < few * 20, "{relation}: {few} looks, then {many}");
        assert!(many <= 10_000 * 100, "{relation}: {many} looks");
    }
}
