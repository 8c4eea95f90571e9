//! Positions in a transcript's text.
//!
//! A span counts Unicode code points from 0, its end exclusive: the rule of REFI-QDA and of SQL's `substr`.
//! Rust counts bytes, so [`Codepoints`] stands between the two.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::Serialize;

/// Start and end in a text, in code points, end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }
    pub const fn len(self) -> u32 {
        self.end.saturating_sub(self.start)
    }
    pub const fn is_empty(self) -> bool {
        self.end <= self.start
    }
    /// Whether the two share at least one code point.
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
    /// Whether `other` lies wholly inside.
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.start, self.end)
    }
}

/// Every how many code points the byte offset is kept; a lookup walks at most this many.
const STEP: usize = 256;

/// How many bytes are counted at a time.
const BLOCK: usize = 128;

/// A text with a map between its code points and its bytes. Pure ASCII needs no map at all.
pub struct Codepoints<'a> {
    text: &'a str,
    len: u32,
    /// Byte offset of every `STEP`th code point; empty for ASCII.
    marks: Vec<u32>,
}

impl<'a> Codepoints<'a> {
    pub fn new(text: &'a str) -> Self {
        if text.is_ascii() {
            return Self {
                text,
                len: narrow(text.len()),
                marks: Vec::new(),
            };
        }
        // Every byte but those that continue a character begins one. Blocks are counted whole, which the compiler does
        // many bytes at a time; only a block in which a mark falls is walked.
        let begins = |byte: &u8| (*byte).cast_signed() >= -0x40;
        let bytes = text.as_bytes();
        let mut marks = Vec::with_capacity(text.len() / STEP + 1);
        let mut len = 0;
        let mut next = 0;
        for (n, block) in bytes.chunks(BLOCK).enumerate() {
            let within = block.iter().filter(|byte| begins(byte)).count();
            if len + within > next {
                let starts = block.iter().enumerate().filter(|(_, byte)| begins(byte));
                for (point, (at, _)) in (len..).zip(starts) {
                    if point == next {
                        marks.push(narrow(n * BLOCK + at));
                        next += STEP;
                    }
                }
            }
            len += within;
        }
        Self {
            text,
            len: narrow(len),
            marks,
        }
    }

    /// Length in code points.
    pub fn len(&self) -> u32 {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Byte offset of a code point; the text's length for anything at or past its end.
    pub fn byte(&self, point: u32) -> usize {
        if point >= self.len {
            return self.text.len();
        }
        if self.marks.is_empty() {
            return point as usize;
        }
        let point = point as usize;
        let base = self.marks[point / STEP] as usize;
        self.text[base..]
            .char_indices()
            .nth(point % STEP)
            .map_or(self.text.len(), |(b, _)| base + b)
    }

    /// Code point at a byte offset (which must be a boundary; an offset inside a character counts as its start).
    pub fn point(&self, byte: usize) -> u32 {
        if self.marks.is_empty() {
            return narrow(byte.min(self.text.len()));
        }
        let mark = self
            .marks
            .partition_point(|&m| m as usize <= byte)
            .saturating_sub(1);
        let base = self.marks[mark] as usize;
        let within = self.text[base..]
            .char_indices()
            .take_while(|(b, _)| base + b < byte)
            .count();
        narrow(mark * STEP + within)
    }

    pub fn bytes(&self, span: Span) -> Range<usize> {
        self.byte(span.start)..self.byte(span.end)
    }

    /// The words of a span; shorter where the span reaches past the end.
    pub fn slice(&self, span: Span) -> &'a str {
        &self.text[self.bytes(span)]
    }
}

/// Texts are refused long before four thousand million code points (see `import::limits`).
fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// A text that is safe to print: no terminal escapes, no bidirectional overrides, no other control characters.
/// Line breaks and tabs stay.
pub fn printable(text: &str) -> Cow<'_, str> {
    let hostile = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if text.contains(hostile) {
        Cow::Owned(
            text.chars()
                .map(|c| if hostile(c) { '\u{fffd}' } else { c })
                .collect(),
        )
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn code_points_and_bytes_agree_with_a_plain_walk(text in "([a-c é’漢🙂]{0,40}[a-z ]{0,90}){0,12}", a in 0usize..1500, n in 0usize..600) {
            let points = Codepoints::new(&text);
            let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            prop_assert_eq!(points.len() as usize, starts.len() - 1);
            let (a, b) = (a.min(starts.len() - 1), (a + n).min(starts.len() - 1));
            let span = Span::new(narrow(a), narrow(b));
            prop_assert_eq!(points.bytes(span), starts[a]..starts[b]);
            prop_assert_eq!(points.slice(span), text.chars().skip(a).take(b - a).collect::<String>());
            prop_assert_eq!(points.point(starts[a]) as usize, a);
        }
    }
}
