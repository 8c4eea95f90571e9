//! Comparing two coders, beside a plain rule that lists all pairs and takes the best again and again.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

fn mark(coding: i64, theme: i64, start: u32, end: u32) -> Mark {
    Mark {
        span: Span::new(start, end),
        theme,
        coding,
    }
}

/// Kind and codings of each disagreement, as `theme 1/2`.
fn told(compared: &Compared) -> Vec<String> {
    let number = |m: Option<Mark>| m.map_or("-".to_owned(), |m| m.coding.to_string());
    compared
        .disagreements
        .iter()
        .map(|d| format!("{} {}/{}", d.kind, number(d.first), number(d.second)))
        .collect()
}

#[test]
fn each_kind_is_told() {
    let first = [
        mark(1, 7, 0, 10),
        mark(2, 7, 20, 30),
        mark(3, 7, 40, 50),
        mark(4, 7, 60, 70),
    ];
    let second = [
        mark(11, 7, 0, 10),
        mark(12, 7, 25, 35),
        mark(13, 8, 40, 50),
        mark(14, 8, 70, 80),
    ];
    let compared = compare(&first, &second);
    assert_eq!(
        compared.agreed,
        [Agreed {
            first: first[0],
            second: second[0]
        }]
    );
    assert_eq!(
        told(&compared),
        [
            "boundary 2/12",
            "theme 3/13",
            "presence 4/-",
            "presence -/14"
        ]
    );
    assert_eq!(compared.disagreements[0].span(), Span::new(20, 35));
}

#[test]
fn the_same_theme_is_looked_for_before_the_same_words() {
    // Coding 1 shares all its words with 11, but its theme with 12.
    let first = [mark(1, 7, 0, 10)];
    let second = [mark(11, 8, 0, 10), mark(12, 7, 9, 30)];
    assert_eq!(
        told(&compare(&first, &second)),
        ["presence -/11", "boundary 1/12"]
    );
    // And one who coded both themes has nothing to disagree on where the other coded both too.
    let both = [mark(1, 7, 0, 10), mark(2, 8, 0, 10)];
    let same = [mark(11, 8, 0, 10), mark(12, 7, 0, 10)];
    let compared = compare(&both, &same);
    assert_eq!(
        (compared.agreed.len(), compared.disagreements.len()),
        (2, 0)
    );
}

#[test]
fn the_larger_overlap_comes_first_and_then_the_tighter_span() {
    // 1 and 12 share 8 characters, 1 and 11 share 2.
    let compared = compare(
        &[mark(1, 7, 0, 10)],
        &[mark(11, 7, 0, 2), mark(12, 7, 2, 20)],
    );
    assert_eq!(told(&compared), ["presence -/11", "boundary 1/12"]);
    // Both hold all of 1; the shorter is nearer.
    let compared = compare(
        &[mark(1, 7, 10, 20)],
        &[mark(11, 7, 0, 90), mark(12, 7, 8, 22)],
    );
    assert_eq!(told(&compared), ["presence -/11", "boundary 1/12"]);
}

#[test]
fn a_passage_coded_twice_by_one_has_one_partner() {
    let compared = compare(
        &[mark(1, 7, 0, 10), mark(2, 7, 0, 10)],
        &[mark(11, 7, 0, 10)],
    );
    assert_eq!(compared.agreed.len(), 1);
    assert_eq!(told(&compared), ["presence 2/-"]);
    assert_eq!(compare(&[], &[]), Compared::default());
}

/// All pairs of a step, the best taken again and again.
fn plain(first: &mut Vec<Mark>, second: &mut Vec<Mark>, same_theme: bool) -> Vec<(Mark, Mark)> {
    let mut pairs = Vec::new();
    loop {
        let mut best: Option<(Mark, Mark)> = None;
        for a in first.iter() {
            for b in second.iter() {
                let fits = a.span.overlaps(b.span) && (!same_theme || a.theme == b.theme);
                let better = |(x, y): (Mark, Mark)| rank(*a, *b) < rank(x, y);
                if fits && best.is_none_or(better) {
                    best = Some((*a, *b));
                }
            }
        }
        let Some((a, b)) = best else { return pairs };
        first.retain(|m| m.coding != a.coding);
        second.retain(|m| m.coding != b.coding);
        pairs.push((a, b));
    }
}

fn oracle(first: &[Mark], second: &[Mark]) -> (BTreeSet<String>, usize) {
    let (mut first, mut second) = (first.to_vec(), second.to_vec());
    first.sort_unstable();
    second.sort_unstable();
    let mut agreed = 0;
    for a in first.clone() {
        let twin = |b: &Mark| (a.span, a.theme) == (b.span, b.theme);
        if let Some(n) = second.iter().position(twin) {
            second.remove(n);
            first.retain(|m| m.coding != a.coding);
            agreed += 1;
        }
    }
    let mut told = BTreeSet::new();
    for (kind, same_theme) in [("boundary", true), ("theme", false)] {
        for (a, b) in plain(&mut first, &mut second, same_theme) {
            told.insert(format!("{kind} {}/{}", a.coding, b.coding));
        }
    }
    told.extend(first.iter().map(|m| format!("presence {}/-", m.coding)));
    told.extend(second.iter().map(|m| format!("presence -/{}", m.coding)));
    (told, agreed)
}

fn marks(from: i64) -> impl Strategy<Value = Vec<Mark>> {
    let one = (0u32..40, 1u32..15, 0i64..3);
    proptest::collection::vec(one, 0..25).prop_map(move |all| {
        (from..)
            .zip(all)
            .map(|(n, (start, length, theme))| mark(n, theme, start, start + length))
            .collect()
    })
}

proptest! {
    #[test]
    fn the_plain_rule_finds_the_same(first in marks(1), second in marks(101)) {
        let compared = compare(&first, &second);
        let (expected, agreed) = oracle(&first, &second);
        prop_assert_eq!(told(&compared).into_iter().collect::<BTreeSet<_>>(), expected);
        prop_assert_eq!(compared.agreed.len(), agreed);
    }

    #[test]
    fn each_coding_is_in_exactly_one_place(first in marks(1), second in marks(101)) {
        let compared = compare(&first, &second);
        let mut seen: Vec<i64> = compared.agreed.iter().flat_map(|a| [a.first.coding, a.second.coding]).collect();
        seen.extend(compared.disagreements.iter().flat_map(Disagreement::codings));
        seen.sort_unstable();
        let mut there: Vec<i64> = first.iter().chain(&second).map(|m| m.coding).collect();
        there.sort_unstable();
        prop_assert_eq!(seen, there);
        for d in &compared.disagreements {
            match (d.kind, d.first, d.second) {
                (Kind::Boundary, Some(a), Some(b)) => prop_assert!(a.theme == b.theme && a.span != b.span && a.span.overlaps(b.span)),
                (Kind::Theme, Some(a), Some(b)) => prop_assert!(a.theme != b.theme && a.span.overlaps(b.span)),
                (kind, a, b) => prop_assert!(kind == Kind::Presence && a.is_some() != b.is_some()),
            }
        }
    }

    /// Neither the order in which codings are given nor that of the coders changes what is found.
    #[test]
    fn order_does_not_matter(first in marks(1), second in marks(101)) {
        let compared = compare(&first, &second);
        let (mut turned, mut other) = (first.clone(), second.clone());
        turned.reverse();
        other.reverse();
        prop_assert_eq!(&compare(&turned, &other), &compared);
        let swapped = compare(&second, &first);
        let turn = |d: &Disagreement| (d.kind, d.second.map(|m| m.coding), d.first.map(|m| m.coding));
        let one: BTreeSet<_> = swapped.disagreements.iter().map(turn).collect();
        let two: BTreeSet<_> = compared.disagreements.iter().map(|d| (d.kind, d.first.map(|m| m.coding), d.second.map(|m| m.coding))).collect();
        prop_assert_eq!(one, two);
    }
}

/// A hundred thousand codings each, a long one over all of them: nothing here may be quadratic.
#[test]
fn many_codings_take_moments() {
    let many = |from: i64, shift: u32| -> Vec<Mark> {
        let mut all: Vec<Mark> = (0..100_000u32)
            .map(|n| {
                mark(
                    from + i64::from(n),
                    i64::from(n % 30),
                    10 * n + shift,
                    10 * n + 9,
                )
            })
            .collect();
        all.push(mark(from + 100_000, 40, 0, 1_000_000));
        all
    };
    let began = std::time::Instant::now();
    let compared = compare(&many(1, 0), &many(1_000_001, 2));
    assert_eq!(
        (compared.agreed.len(), compared.disagreements.len()),
        (1, 100_000)
    );
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
}
