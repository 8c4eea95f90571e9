//! Where the words of a text are, by the word boundaries of UAX #29.
//!
//! Most of a transcript is plain ASCII, where a few rules give the same answer many times faster. The text is cut
//! into stretches at white space before an ASCII character, where no rule of the standard joins anything; each
//! stretch takes the quick way if it can and the standard's own if it cannot.

use std::ops::Range;

use unicode_segmentation::{UnicodeSegmentation, UnicodeWordIndices};

/// The byte ranges of the words of a text, in order.
pub(super) struct Words<'a> {
    text: &'a str,
    /// Where the next stretch begins.
    next: usize,
    /// The rest of the present stretch.
    stretch: Stretch<'a>,
}

enum Stretch<'a> {
    Quick {
        at: usize,
        end: usize,
    },
    General {
        base: usize,
        words: UnicodeWordIndices<'a>,
    },
}

/// What a character is to the quick way.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    /// `_`, which joins anything.
    Joiner,
    /// Between two letters or two digits: `.` `'` `’` `‘`.
    MidBoth,
    /// Between two letters: `:`.
    MidLetter,
    /// Between two digits: `,` `;`.
    MidDigit,
    Other,
    /// Not for the quick way.
    Foreign,
}

pub(super) fn words(text: &str) -> Words<'_> {
    Words {
        text,
        next: 0,
        stretch: Stretch::Quick { at: 0, end: 0 },
    }
}

impl Iterator for Words<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        loop {
            let found = match &mut self.stretch {
                Stretch::Quick { at, end } => quick_word(self.text.as_bytes(), at, *end),
                Stretch::General { base, words } => {
                    words.next().map(|(at, word)| bare(word, *base + at))
                }
            };
            if found.is_some() {
                return found;
            }
            if self.next >= self.text.len() {
                return None;
            }
            self.enter_stretch();
        }
    }
}

impl Words<'_> {
    fn enter_stretch(&mut self) {
        let bytes = self.text.as_bytes();
        let start = self.next;
        let mut quick = true;
        let mut at = start;
        while at < bytes.len() {
            let byte = bytes[at];
            if byte < 0x80 {
                at += 1;
                let before_ascii = bytes.get(at).is_none_or(u8::is_ascii);
                if matches!(byte, b' ' | b'\n' | b'\t' | b'\r') && before_ascii {
                    break;
                }
            } else {
                let (class, len) = class(bytes, at);
                quick &= class != Class::Foreign;
                at += len;
            }
        }
        self.next = at;
        self.stretch = if quick {
            Stretch::Quick { at: start, end: at }
        } else {
            let words = self.text[start..at].unicode_word_indices();
            Stretch::General { base: start, words }
        };
    }
}

/// A word without the white space or joiners that a combining character can glue to its front.
fn bare(word: &str, at: usize) -> Range<usize> {
    let trimmed = word.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '_');
    at + word.len() - trimmed.len()..at + word.len()
}

/// The class of the character at a byte, and its length. Length is right for ASCII and for what is not foreign;
/// a foreign character's is that of its encoding.
fn class(bytes: &[u8], at: usize) -> (Class, usize) {
    match bytes[at] {
        b'a'..=b'z' | b'A'..=b'Z' => (Class::Letter, 1),
        b'0'..=b'9' => (Class::Digit, 1),
        b'_' => (Class::Joiner, 1),
        b'.' | b'\'' => (Class::MidBoth, 1),
        b':' => (Class::MidLetter, 1),
        b',' | b';' => (Class::MidDigit, 1),
        0..=0x7f => (Class::Other, 1),
        0xe2 if bytes.get(at + 1) == Some(&0x80) => match bytes.get(at + 2) {
            Some(0x98 | 0x99) => (Class::MidBoth, 3),
            // En dash, em dash, the curly double quotes, the ellipsis.
            Some(0x93 | 0x94 | 0x9c | 0x9d | 0xa6) => (Class::Other, 3),
            _ => (Class::Foreign, 3),
        },
        0xc0..=0xdf => (Class::Foreign, 2),
        0xe0..=0xef => (Class::Foreign, 3),
        _ => (Class::Foreign, 4),
    }
}

fn quick_word(bytes: &[u8], at: &mut usize, end: usize) -> Option<Range<usize>> {
    while *at < end {
        let start = *at;
        let (mut last, len) = class(bytes, start);
        *at += len;
        if !matches!(last, Class::Letter | Class::Digit | Class::Joiner) {
            continue;
        }
        let mut is_word = last != Class::Joiner;
        while *at < end {
            let (here, len) = class(bytes, *at);
            match here {
                Class::Letter | Class::Digit | Class::Joiner => {
                    is_word |= here != Class::Joiner;
                    last = here;
                    *at += len;
                }
                Class::MidBoth | Class::MidLetter | Class::MidDigit => {
                    let joins = match last {
                        Class::Letter => here != Class::MidDigit,
                        Class::Digit => here != Class::MidLetter,
                        _ => false,
                    };
                    let after = *at + len;
                    if !joins || after >= end || class(bytes, after).0 != last {
                        break;
                    }
                    *at = after;
                }
                Class::Other | Class::Foreign => break,
            }
        }
        if is_word {
            return Some(start..*at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn quick(text: &str) -> Vec<&str> {
        words(text).map(|range| &text[range]).collect()
    }

    fn standard(text: &str) -> Vec<&str> {
        text.unicode_word_indices()
            .map(|(at, word)| &text[bare(word, at)])
            .filter(|word| !word.is_empty())
            .collect()
    }

    #[test]
    fn examples() {
        assert_eq!(
            quick("I don't know, work-life"),
            ["I", "don't", "know", "work", "life"]
        );
        assert_eq!(quick("it’s “ours” … 10:30"), ["it’s", "ours", "10", "30"]);
        assert_eq!(
            quick("3.5% of £1,200 e.g. a_b _ 'quoted'"),
            ["3.5", "of", "1,200", "e.g", "a_b", "quoted"]
        );
        assert_eq!(quick("l’été  déjà vu"), ["l’été", "déjà", "vu"]);
        assert_eq!(
            quick("A&E and/or (s)he"),
            ["A", "E", "and", "or", "s", "he"]
        );
        assert!(quick(" .,; — ").is_empty());
        assert!(quick("").is_empty());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn ascii_is_as_the_standard_says(text in "[ a-cA-B01_.':;,’‘“”–—…\"\\-\n\t()]{0,24}") {
            prop_assert_eq!(quick(&text), standard(&text));
        }

        #[test]
        fn any_text_is_as_the_standard_says(
            text in "[ a1_.':é\u{301}\u{200d}\u{ad}字かカא\"\u{1}\u{2}\r\n\t🅰🎉’]{0,16}"
        ) {
            prop_assert_eq!(quick(&text), standard(&text));
        }

        #[test]
        fn arbitrary_text_is_as_the_standard_says(text in ".{0,40}") {
            prop_assert_eq!(quick(&text), standard(&text));
        }
    }
}
