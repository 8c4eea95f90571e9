//! What must hold where the spans of a text are looked for in another: `tests/fuzz/corpus/revised.txt`.

use casebook::anchor::{self, Alignment, Grade};
use casebook::domain::span::{Codepoints, Span};

/// Between the text that was coded and its revision.
const MARK: &str = "\n=====\n";
/// So many spans are looked for, spread over the old text.
const SPANS: u32 = 12;

/// Reads two texts, and panics where something does not hold. Without a mark the text is its own revision, cut short.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (old, new) = text.split_once(MARK).unwrap_or_else(|| {
        let half = text.len() / 2;
        let cut = (0..=half).rev().find(|at| text.is_char_boundary(*at));
        (&text, &text[cut.unwrap_or_default()..])
    });
    let alignment = anchor::align(old, new);
    matched(&alignment, old, new);
    spans(&alignment, old, new);
    let same = anchor::align(old, old);
    assert!(same.same_words() && same.changes().is_empty());
    for span in some_spans(old) {
        let placed = anchor::place(&same, span);
        // A span of blanks holds no word that could be found.
        if placed.grade != Grade::Lost {
            assert_eq!(placed.grade, Grade::Same, "nothing has changed");
        }
    }
}

/// Each word stands for one word, with the same letters; what changed is in order and inside the texts.
fn matched(alignment: &Alignment<'_>, old: &str, new: &str) {
    let (old, new) = (Codepoints::new(old), Codepoints::new(new));
    let mut taken = Vec::new();
    for (was, is) in alignment.pairs() {
        assert_eq!(old.slice(was), new.slice(is), "another word");
        taken.push(is);
    }
    taken.sort_unstable();
    assert!(
        taken.windows(2).all(|pair| pair[0].end <= pair[1].start),
        "a word is taken twice"
    );
    let (mut was, mut is) = (0, 0);
    for change in alignment.changes() {
        assert!(
            was <= change.old.start && is <= change.new.start,
            "out of order"
        );
        assert!(change.old.start <= change.old.end && change.old.end <= old.len());
        assert!(change.new.start <= change.new.end && change.new.end <= new.len());
        (was, is) = (change.old.end, change.new.end);
    }
}

/// A span that was found stands in the new text; one that was found as it was has the same words.
fn spans(alignment: &Alignment<'_>, old: &str, new: &str) {
    let (from, to) = (Codepoints::new(old), Codepoints::new(new));
    for span in some_spans(old) {
        let placed = anchor::place(alignment, span);
        let found = matches!(placed.grade, Grade::Same | Grade::Moved | Grade::Reworded);
        assert_eq!(found, placed.span.is_some(), "found, and nowhere");
        // What is lost may have something in its stead.
        assert!(
            placed.candidates.is_empty() || !found,
            "found, and candidates besides"
        );
        assert!(
            placed.grade != Grade::Unsure || !placed.candidates.is_empty(),
            "unsure, and no candidate"
        );
        for at in placed.span.iter().chain(&placed.candidates) {
            assert!(at.start < at.end && at.end <= to.len(), "beyond the text");
        }
        if let (Grade::Same | Grade::Moved, Some(at)) = (placed.grade, placed.span) {
            assert_eq!(
                squeezed(from.slice(span)),
                squeezed(to.slice(at)),
                "the same words, and others"
            );
        }
    }
}

/// A text without its blanks.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

/// Spans of many lengths, the same for the same text.
fn some_spans(text: &str) -> impl Iterator<Item = Span> {
    let length = Codepoints::new(text).len();
    (0..SPANS).filter_map(move |n| {
        let start = length.checked_mul(n)? / SPANS;
        let end = length.min(start + 1 + n * n);
        (start < end).then_some(Span::new(start, end))
    })
}
