//! How people's words are cleaned before they go into a report, the same for every format.
//!
//! - line breaks of any kind (CR LF, CR, U+0085, U+2028, U+2029) become LF, and a tab becomes a blank;
//! - other control characters, NUL among them, become U+FFFD, so that something is seen where something was;
//! - bidirectional controls and the byte order mark are dropped: they could make a line read other than it was said;
//! - lines are trimmed; an empty line parts paragraphs, several count as one;
//! - where only one line has room (headings, table cells, citations), runs of white space become one blank.
//!
//! Nothing else is changed, no letter is normalised.

use std::borrow::Cow;

/// Whether a character is dropped: it shows nothing itself, but moves what stands around it.
fn dropped(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Whether the character that begins at `at` is one that [`clean`] changes. `at` must be within `bytes`.
pub(super) fn hostile(bytes: &[u8], at: usize) -> bool {
    let after = |n: usize| bytes.get(at + n).copied().unwrap_or(0);
    match bytes[at] {
        b'\n' => false,
        0..=0x1f | 0x7f => true,
        // U+0080 to U+009F.
        0xc2 => after(1) < 0xa0,
        // U+061C.
        0xd8 => after(1) == 0x9c,
        // U+200E, U+200F, U+2028 to U+202E; U+2066 to U+2069.
        0xe2 => match after(1) {
            0x80 => matches!(after(2), 0x8e | 0x8f | 0xa8..=0xae),
            0x81 => matches!(after(2), 0xa6..=0xa9),
            _ => false,
        },
        // U+FEFF.
        0xef => after(1) == 0xbb && after(2) == 0xbf,
        _ => false,
    }
}

/// Bytes at which [`hostile`] has to look at all.
const SUSPECT: [bool; 256] = {
    let mut table = [false; 256];
    let mut b = 0;
    while b < 0x20 {
        table[b] = b != 0x0a;
        b += 1;
    }
    table[0x7f] = true;
    table[0xc2] = true;
    table[0xd8] = true;
    table[0xe2] = true;
    table[0xef] = true;
    table
};

/// Words without what could do harm; borrowed where nothing had to change.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let Some(first) = (0..bytes.len()).find(|&i| SUSPECT[bytes[i] as usize] && hostile(bytes, i))
    else {
        return Cow::Borrowed(text);
    };
    let mut clean = String::with_capacity(text.len());
    clean.push_str(&text[..first]);
    let mut rest = text[first..].chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\r' => {
                rest.next_if_eq(&'\n');
                clean.push('\n');
            }
            '\n' | '\u{85}' | '\u{2028}' | '\u{2029}' => clean.push('\n'),
            '\t' => clean.push(' '),
            c if c.is_control() => clean.push('\u{fffd}'),
            c if dropped(c) => {}
            c => clean.push(c),
        }
    }
    Cow::Owned(clean)
}

/// Clean words on one line: runs of white space with a line break or several blanks become one blank.
pub(super) fn one_line(text: &str) -> Cow<'_, str> {
    let narrow = |text: &str| {
        let mut line = String::with_capacity(text.len());
        for word in text.split([' ', '\n']).filter(|word| !word.is_empty()) {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        line
    };
    let wide =
        |text: &str| text.as_bytes().windows(2).any(|pair| pair == b"  ") || text.contains('\n');
    match clean(text) {
        Cow::Borrowed(text) => {
            let text = text.trim();
            if wide(text) {
                Cow::Owned(narrow(text))
            } else {
                Cow::Borrowed(text)
            }
        }
        Cow::Owned(text) => Cow::Owned(narrow(text.trim())),
    }
}

/// What stands before a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Before {
    /// Nothing: it is the first.
    Start,
    /// A line break.
    Line,
    /// At least one empty line.
    Paragraph,
}

/// White space that [`clean`] leaves within a line.
fn blank(c: char) -> bool {
    c.is_whitespace() && !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}')
}

/// The lines of a text, trimmed, without the empty ones. The text need not be clean: a hostile character stays where
/// it stands in its line, for whoever writes the line to see.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (Before, &str)> {
    let mut before = Before::Start;
    text.split('\n').filter_map(move |line| {
        let line = line.trim_matches(blank);
        if line.is_empty() {
            if before == Before::Line {
                before = Before::Paragraph;
            }
            return None;
        }
        Some((std::mem::replace(&mut before, Before::Line), line))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn harm_is_taken_out_and_seen() {
        assert_eq!(
            clean("a\r\nb\rc\u{2028}d\u{2029}e\u{85}f"),
            "a\nb\nc\nd\ne\nf"
        );
        assert_eq!(
            clean("a\0b\u{7f}c\u{9f}d\u{b}e\u{1b}[31m"),
            "a\u{fffd}b\u{fffd}c\u{fffd}d\u{fffd}e\u{fffd}[31m"
        );
        assert_eq!(
            clean("\u{feff}a\u{202e}b\u{2066}c\u{200f}d\u{61c}e"),
            "abcde"
        );
        assert_eq!(clean("a\tb"), "a b");
        assert!(matches!(
            clean("“so” – it’s… naïve\n\nيعني"),
            Cow::Borrowed(_)
        ));
    }

    #[test]
    fn one_line_is_one_line() {
        assert_eq!(one_line("  a \n\n b\t c  "), "a b c");
        assert_eq!(one_line("\u{202e} "), "");
        assert!(matches!(one_line(" as it is "), Cow::Borrowed("as it is")));
    }

    #[test]
    fn empty_lines_part_paragraphs() {
        let found: Vec<_> = lines("\n \n a \nb\n\n \n c\n").collect();
        assert_eq!(
            found,
            [
                (Before::Start, "a"),
                (Before::Line, "b"),
                (Before::Paragraph, "c")
            ]
        );
    }

    proptest! {
        #[test]
        fn bytes_and_characters_agree_on_what_is_hostile(text in "\\PC{0,8}[\\x00-\\x{a1}\u{2000}-\u{2070}\u{600}-\u{620}\u{fef0}-\u{ff00}]{0,8}") {
            let changed = |c: char| c != '\n' && (c.is_control() || dropped(c) || matches!(c, '\u{2028}' | '\u{2029}'));
            for (i, c) in text.char_indices() {
                prop_assert_eq!(hostile(text.as_bytes(), i), changed(c), "{:?}", c);
            }
            prop_assert!(!clean(&text).contains(changed));
            let once = clean(&text).into_owned();
            let twice = clean(&once).into_owned();
            prop_assert_eq!(twice, once);
        }
    }
}
