//! Words as Markdown, written directly: the shortcut that quotes and tables take.
//!
//! comrak's writer looks at every character by itself and a report is mostly quotes, so these are written here, byte
//! for byte as comrak writes the same tree; the tests of [`mod@super::markdown`] hold the two together. Words that are not
//! clean yet are declined and go through the tree.

use super::text::hostile;

/// Where words stand, which decides what could be read as markup there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// At the beginning of a line.
    Line,
    /// Within a line, after something else.
    Inner,
    /// In the cell of a table.
    Cell,
}

const PLAIN: u8 = 0;
const ESCAPE: u8 = 1;
const LOOK: u8 = 2;

/// What to do at a byte: nothing, a backslash before it, or a closer look.
const CLASS: [u8; 256] = {
    let mut table = [PLAIN; 256];
    let mut b = 0;
    while b < 0x20 {
        table[b] = LOOK;
        b += 1;
    }
    let mut i = 0;
    let always = b"*_[]#<>\\`~!@|$^";
    while i < always.len() {
        table[always[i] as usize] = ESCAPE;
        i += 1;
    }
    let mut i = 0;
    let sometimes = b"&:.%=\x7f\xc2\xd8\xe2\xef";
    while i < sometimes.len() {
        table[sometimes[i] as usize] = LOOK;
        i += 1;
    }
    table
};

/// Writes clean words of one line as Markdown that reads as these words. Declines, leaving `out` as it was, where a
/// character has to be cleaned first.
pub(super) fn line(out: &mut String, words: &str, place: Place) -> bool {
    let bytes = words.as_bytes();
    let before = out.len();
    let mut written = 0;
    if place == Place::Line
        && let Some(at) = list_marker(bytes)
    {
        out.push_str(&words[..at]);
        out.push('\\');
        out.push_str(&words[at..=at]);
        written = at + 1;
    }
    for (i, &byte) in bytes.iter().enumerate().skip(written) {
        match CLASS[byte as usize] {
            PLAIN => continue,
            ESCAPE => {}
            _ if hostile(bytes, i) || byte == b'\n' => {
                out.truncate(before);
                return false;
            }
            _ if byte == b'&' && bytes.get(i + 1).is_some_and(u8::is_ascii_alphabetic) => {}
            _ if guarded(bytes, i, place) => {}
            _ => continue,
        }
        out.push_str(&words[written..i]);
        out.push('\\');
        written = i;
    }
    out.push_str(&words[written..]);
    true
}

/// Where a line that begins like a list, or like the rule under a heading, takes its backslash.
fn list_marker(bytes: &[u8]) -> Option<usize> {
    let digits = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    let marker = *bytes.get(digits)?;
    if digits == 0 {
        return matches!(marker, b'-' | b'+' | b'=').then_some(0);
    }
    // comrak's writer sees the text only up to the next character that is guarded.
    let alone = match bytes.get(digits + 1) {
        None => true,
        Some(next) => next.is_ascii_whitespace() || guarded(bytes, digits + 1, Place::Line),
    };
    (matches!(marker, b'.' | b')') && alone).then_some(digits)
}

/// Whether the ASCII character at `at` needs a backslash that comrak's writer would not give it: readers find links,
/// tables, formulas, emoji and comments in plain text that the writer knows nothing of.
pub(super) fn guarded(bytes: &[u8], at: usize, place: Place) -> bool {
    let next = bytes.get(at + 1).copied();
    let doubled = |b| next == Some(b) || (at > 0 && bytes[at - 1] == b);
    let after =
        |word: &[u8]| at >= word.len() && bytes[at - word.len()..at].eq_ignore_ascii_case(word);
    let first = at == 0 && place == Place::Line;
    match bytes[at] {
        // Tables; inside one, comrak escapes its bars itself.
        b'|' => place != Place::Cell,
        // Formulas; superscripts and footnotes.
        b'$' | b'^' => true,
        // Definitions and the rule under a table's head; links; emoji.
        b':' => {
            first
                || bytes[at + 1..].starts_with(b"//")
                || after(b"mailto")
                || after(b"xmpp")
                || emoji(&bytes[at + 1..])
        }
        b'.' => after(b"www"),
        // Comments and highlighting of some readers, and the title lines of pandoc.
        b'%' => first || doubled(b'%'),
        b'=' => doubled(b'='),
        _ => false,
    }
}

/// Whether what follows a colon could make it an emoji: `smile:`, `+1:`.
fn emoji(after: &[u8]) -> bool {
    let name = after
        .iter()
        .take(64)
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'+' | b'-'))
        .count();
    name > 0 && after.get(name) == Some(&b':')
}
