//! Passages on a line: how long each pattern of coders lasts.
//!
//! The line is whatever is counted: turns, sentences or characters, numbered from 0. Nothing walks over it: the work
//! grows with the passages, not with the text.

/// From where to where a coder's passage goes on the line, the end exclusive, and which coder, as one bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stretch {
    pub start: u32,
    pub end: u32,
    pub coder: u64,
}

/// Runs `each` over the parts of the line on which some coder has a passage: start, end, who. Neighbours differ in who.
/// `stretches` is sorted on the way; `open` is room that is used again.
pub fn patterns(
    stretches: &mut [Stretch],
    open: &mut Vec<(u32, u64)>,
    mut each: impl FnMut(u32, u32, u64),
) {
    stretches.sort_unstable();
    open.clear();
    let mut last = (0, 0, 0);
    let mut give = |from: u32, to: u32, who: u64| {
        if from == to || who == 0 {
            return;
        }
        if last.2 == who && last.1 == from {
            last.1 = to;
        } else {
            if last.2 != 0 {
                each(last.0, last.1, last.2);
            }
            last = (from, to, who);
        }
    };
    let mut at = 0;
    for stretch in stretches.iter().filter(|s| s.start < s.end) {
        // What ends before it begins.
        at = until(open, at, stretch.start, &mut give);
        let who = open.iter().fold(0, |who, (_, coder)| who | coder);
        give(at, stretch.start, who);
        at = stretch.start;
        open.push((stretch.end, stretch.coder));
    }
    until(open, at, u32::MAX, &mut give);
    if last.2 != 0 {
        each(last.0, last.1, last.2);
    }
}

/// Closes what ends up to `limit`, in order, and gives the parts in between.
fn until(
    open: &mut Vec<(u32, u64)>,
    mut at: u32,
    limit: u32,
    give: &mut impl FnMut(u32, u32, u64),
) -> u32 {
    while let Some(end) = open.iter().map(|(end, _)| *end).min() {
        if end > limit {
            break;
        }
        let who = open.iter().fold(0, |who, (_, coder)| who | coder);
        give(at, end, who);
        at = end;
        open.retain(|(ends, _)| *ends > end);
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn as_a_walk_over_every_place_would_have_it(
            passages in proptest::collection::vec((0u32..40, 0u32..12, 0u32..4), 0..14)
        ) {
            let mut stretches: Vec<Stretch> = passages
                .iter()
                .map(|(start, long, coder)| Stretch { start: *start, end: start + long, coder: 1 << coder })
                .collect();
            let plain = stretches.clone();
            let mut found = vec![0; 60];
            let mut before = (0, 0);
            patterns(&mut stretches, &mut Vec::new(), |from, to, who| {
                assert!(from < to && who != 0);
                assert!(from > before.0 || (from == before.0 && who != before.1), "neighbours differ");
                before = (to, who);
                for place in from..to {
                    assert_eq!(std::mem::replace(&mut found[place as usize], who), 0);
                }
            });
            for (place, who) in (0..).zip(&found) {
                let expected = plain
                    .iter()
                    .filter(|s| s.start <= place && place < s.end)
                    .fold(0, |who, s| who | s.coder);
                prop_assert_eq!(*who, expected);
            }
        }
    }
}
