//! Where a sentence begins and ends, for coding and for cutting quotes.

use unicode_segmentation::UnicodeSegmentation;

use crate::domain::span::{Codepoints, Span};

/// The sentences that `span` touches, as one span without outer blanks, within `text`. By the Unicode rule (UAX #29),
/// in code points.
pub fn around(text: &str, span: Span) -> Span {
    let points = Codepoints::new(text);
    let bytes = points.bytes(span);
    let mut from = bytes.start;
    let mut to = bytes.end;
    for (at, sentence) in text.split_sentence_bound_indices() {
        let end = at + sentence.len();
        if at <= bytes.start && bytes.start < end {
            from = at + (sentence.len() - sentence.trim_start().len());
        }
        if at < bytes.end && bytes.end <= end {
            to = at + sentence.trim_end().len();
        }
    }
    Span::new(
        points.point(from.min(bytes.start)),
        points.point(to.max(bytes.end)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn takes_the_whole_sentence() {
        let text = "First one. Ünd the second one? Third.";
        let points = Codepoints::new(text);
        let found = around(text, Span::new(20, 26));
        assert_eq!(points.slice(found), "Ünd the second one?");
        assert_eq!(
            points.slice(around(text, Span::new(6, 14))),
            "First one. Ünd the second one?"
        );
    }

    proptest! {
        #[test]
        fn holds_what_it_was_given(text in "[a-zé .?!\\n]{1,60}", a in 0u32..60, n in 1u32..20) {
            let len = Codepoints::new(&text).len();
            let span = Span::new(a.min(len - 1), (a + n).min(len).max(a.min(len - 1) + 1));
            let found = around(&text, span);
            prop_assert!(found.contains(span) && found.end <= len);
        }
    }
}
