//! Taking words out of a text in place: as many code points as before, so that every other place in it stays where it is.

use std::ops::Range;

use crate::domain::span::{Codepoints, Span};

/// Stands for each character that was taken out. Line breaks stay, so that lines are where they were.
pub(super) const BLOCK: char = '\u{2588}';

/// Blocks of other shapes, for labels that must be told apart.
const SHAPES: std::ops::RangeInclusive<char> = '\u{2580}'..='\u{259f}';

/// A turn of a text: where its words stand, and whose they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SpokenTurn {
    pub(super) span: Span,
    pub(super) theirs: bool,
}

/// The places to blank, in bytes and in order: the words of turns that are theirs, and the label before each. A label is
/// looked for between the turn before and its own.
pub(super) fn places(text: &str, turns: &[SpokenTurn], labels: &[String]) -> Vec<Range<usize>> {
    let points = Codepoints::new(text);
    let mut found = Vec::new();
    let mut last = 0;
    for turn in turns {
        let words = points.bytes(turn.span);
        if turn.theirs {
            let gap = text.get(last..words.start).unwrap_or_default();
            let label = labels
                .iter()
                .filter(|l| !l.is_empty())
                .filter_map(|l| gap.rfind(l.as_str()).map(|at| (at, l.len())))
                .max();
            if let Some((at, len)) = label {
                found.push(last + at..last + at + len);
            }
            found.push(words.clone());
        }
        last = words.end;
    }
    found
}

/// The text with blocks in these places (in bytes, ascending, on boundaries of characters).
pub(super) fn blanked(
    text: &str,
    places: &[Range<usize>],
    label: impl Fn(&str) -> Option<String>,
) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for place in places {
        let (Some(before), Some(words)) = (text.get(at..place.start), text.get(place.clone()))
        else {
            continue;
        };
        out.push_str(before);
        match label(words) {
            Some(label) => out.push_str(&label),
            None => out.push_str(&blocks(words)),
        }
        at = place.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// Whether the title of a section that begins at this byte is made of words that are blanked. One that a text only goes
/// on with stands elsewhere.
pub(super) fn is_title(text: &str, places: &[Range<usize>], at: usize, title: &str) -> bool {
    let words = |t: &str| -> Vec<String> {
        t.split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty())
            .map(str::to_lowercase)
            .collect()
    };
    places.iter().filter(|p| p.contains(&at)).any(|p| {
        let there = words(text.get(p.clone()).unwrap_or_default());
        words(title).iter().all(|w| there.contains(w))
    })
}

/// As many blocks as the text has characters; line breaks stay.
pub(super) fn blocks(text: &str) -> String {
    text.chars()
        .map(|c| if c == '\n' { c } else { BLOCK })
        .collect()
}

/// Whether this is a label from which a name was taken.
pub(super) fn is_blank(label: &str) -> bool {
    !label.is_empty() && label.chars().all(|c| SHAPES.contains(&c))
}

/// A label of the same length that says nothing and that no other has.
pub(super) fn blank_label(label: &str, taken: &[String]) -> String {
    let long = |c: char, n: usize| c.to_string().repeat(n);
    let length = label.chars().count().max(1);
    let free = |l: &String| !taken.contains(l);
    std::iter::once(BLOCK)
        .chain(SHAPES)
        .map(|c| long(c, length))
        .find(free)
        .or_else(|| {
            (length + 1..length + 10_000)
                .map(|n| long(BLOCK, n))
                .find(free)
        })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_and_label_go_and_the_rest_stays() {
        let text = "Ann: One.\nTwo.\n\nBo: Ann said so.\n";
        let points = |s: &str| {
            let at = text.find(s).expect("there");
            let from = u32::try_from(text[..at].chars().count()).expect("short");
            Span::new(
                from,
                from + u32::try_from(s.chars().count()).expect("short"),
            )
        };
        let turns = [
            SpokenTurn {
                span: points("One.\nTwo."),
                theirs: true,
            },
            SpokenTurn {
                span: points("Ann said so."),
                theirs: false,
            },
        ];
        let places = places(text, &turns, &["Ann".into()]);
        assert_eq!(
            blanked(text, &places, |_| None),
            "███: ████\n████\n\nBo: Ann said so.\n"
        );
    }

    #[test]
    fn labels_stay_apart() {
        let first = blank_label("P1", &[]);
        let second = blank_label("P2", std::slice::from_ref(&first));
        assert_ne!(first, second);
        assert_eq!((first.chars().count(), second.chars().count()), (2, 2));
        assert!(is_blank(&first) && is_blank(&second) && !is_blank("P1") && !is_blank(""));
    }

    proptest! {
        #[test]
        fn every_other_place_stays(pieces in prop::collection::vec(("[a-zé漢🙂\n ]{1,9}", any::<bool>()), 1..12)) {
            let text: String = pieces.iter().map(|p| p.0.as_str()).collect();
            let (mut at, mut turns) = (0, Vec::new());
            for (piece, theirs) in &pieces {
                let end = at + u32::try_from(piece.chars().count()).expect("short");
                turns.push(SpokenTurn { span: Span::new(at, end), theirs: *theirs });
                at = end;
            }
            let after = blanked(&text, &places(&text, &turns, &[]), |_| None);
            prop_assert_eq!(after.chars().count(), text.chars().count());
            let (was, is) = (Codepoints::new(&text), Codepoints::new(&after));
            for turn in &turns {
                if turn.theirs {
                    prop_assert!(is.slice(turn.span).chars().all(|c| c == BLOCK || c == '\n'));
                } else {
                    prop_assert_eq!(was.slice(turn.span), is.slice(turn.span));
                }
            }
        }
    }
}
