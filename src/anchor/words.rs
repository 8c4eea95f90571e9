//! A text as a sequence of words.

use std::collections::HashMap;

use unicode_segmentation::UnicodeSegmentation as _;

use crate::domain::span::Span;

/// The words of two texts, numbered alike: the same letters are the same number.
#[derive(Default)]
pub(super) struct Numbers<'t> {
    known: HashMap<&'t str, u32>,
}

impl<'t> Numbers<'t> {
    fn of(&mut self, word: &'t str) -> u32 {
        let next = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
        *self.known.entry(word).or_insert(next)
    }
}

/// A text cut into words and punctuation marks as Unicode (UAX #29) cuts them; blanks are none.
pub struct Words<'t> {
    text: &'t str,
    all: Vec<Word>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    /// In code points.
    pub span: Span,
    /// Byte of its first character and the byte behind its last.
    from: usize,
    to: usize,
    /// The first one on its line.
    opens: bool,
}

impl<'t> Words<'t> {
    pub fn of(text: &'t str) -> Self {
        let mut all = Vec::with_capacity(text.len() / 5);
        let mut point = 0;
        let mut opens = true;
        for (from, piece) in text.split_word_bound_indices() {
            let length = u32::try_from(if piece.is_ascii() {
                piece.len()
            } else {
                piece.chars().count()
            })
            .unwrap_or(u32::MAX);
            if piece.trim_start().is_empty() {
                opens |= piece.contains('\n');
            } else {
                all.push(Word {
                    span: Span::new(point, point + length),
                    from,
                    to: from + piece.len(),
                    opens,
                });
                opens = false;
            }
            point += length;
        }
        Self { text, all }
    }

    pub fn len(&self) -> usize {
        self.all.len()
    }

    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub(super) fn all(&self) -> &[Word] {
        &self.all
    }

    /// Whether a word begins a line; so does what would follow the last one.
    pub(super) fn opens(&self, n: usize) -> bool {
        self.all.get(n).is_none_or(|w| w.opens)
    }

    pub(super) fn span(&self, n: usize) -> Span {
        self.all[n].span
    }

    /// From the first character of one word to the last one of another.
    pub(super) fn over(&self, first: usize, last: usize) -> Span {
        Span::new(self.all[first].span.start, self.all[last].span.end)
    }

    pub(super) fn word(&self, n: usize) -> &'t str {
        &self.text[self.all[n].from..self.all[n].to]
    }

    /// The text from the first character of one word to the last one of another.
    pub(super) fn slice(&self, first: usize, last: usize) -> &'t str {
        &self.text[self.all[first].from..self.all[last].to]
    }

    pub(super) fn numbered(&self, numbers: &mut Numbers<'t>) -> Vec<u32> {
        (0..self.len()).map(|n| numbers.of(self.word(n))).collect()
    }

    /// The words that a span touches, as places in the sequence: first, and the one behind the last.
    pub(super) fn touched(&self, span: Span) -> (usize, usize) {
        let first = self.all.partition_point(|w| w.span.end <= span.start);
        let behind = self.all.partition_point(|w| w.span.start < span.end);
        (first, behind.max(first))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_know_where_they_stand() {
        let words = Words::of("Ja,\n  das “Übel” 漢字 🙂!");
        let seen: Vec<(&str, u32, u32)> = (0..words.len())
            .map(|n| {
                let w = words.all()[n];
                (words.word(n), w.span.start, w.span.end)
            })
            .collect();
        assert_eq!(
            seen,
            [
                ("Ja", 0, 2),
                (",", 2, 3),
                ("das", 6, 9),
                ("“", 10, 11),
                ("Übel", 11, 15),
                ("”", 15, 16),
                ("漢", 17, 18),
                ("字", 18, 19),
                ("🙂", 20, 21),
                ("!", 21, 22),
            ]
        );
        assert_eq!(words.touched(Span::new(3, 6)), (2, 2), "only blanks");
        assert_eq!(words.touched(Span::new(1, 7)), (0, 3), "half words count");
        assert_eq!(words.touched(Span::new(30, 40)), (10, 10));
    }
}
