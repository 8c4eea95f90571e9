//! Western one-byte encodings, told apart by what they make of the words.
//!
//! Detectors that learned from the web do not know Mac Roman. Yet in each wrong decoding of a western text capitals stand
//! inside words (`donÕt`), or signs of arithmetic do, while the right one has letters, quotes and apostrophes where
//! people put them.

use encoding_rs::{Encoding, MACINTOSH};

/// Whether bytes beyond ASCII are few and mostly single: a Latin script. In others every letter is one.
pub(super) fn is_sparse(bytes: &[u8]) -> bool {
    let (mut high, mut runs, mut letters) = (0_usize, 0_usize, 0_usize);
    let mut inside = false;
    for byte in bytes {
        if byte.is_ascii() {
            letters += usize::from(byte.is_ascii_alphabetic());
            inside = false;
        } else {
            high += 1;
            runs += usize::from(!inside);
            inside = true;
        }
    }
    high < runs * 2 && high * 2 < letters + high
}

/// The candidate whose reading looks most like words. At a tie the earlier one wins, yet a name that makes no
/// difference to the text gives way to a commoner one behind it.
pub(super) fn best(bytes: &[u8], candidates: &[&'static Encoding]) -> &'static Encoding {
    let mut best: Option<(&'static Encoding, i64, String)> = None;
    for candidate in candidates {
        let text = candidate.decode_without_bom_handling(bytes).0.into_owned();
        let score = score(&text)
            + if *candidate == MACINTOSH {
                old_mac(bytes)
            } else {
                0
            };
        let better = best
            .as_ref()
            .is_none_or(|(_, other, old)| score > *other || (score == *other && text == *old));
        if better {
            best = Some((candidate, score, text));
        }
    }
    best.map_or(encoding_rs::WINDOWS_1252, |(encoding, ..)| encoding)
}

/// Line breaks that are CR alone were written by a Macintosh.
fn old_mac(bytes: &[u8]) -> i64 {
    if bytes.contains(&b'\r') && !bytes.contains(&b'\n') {
        2
    } else {
        0
    }
}

fn score(text: &str) -> i64 {
    let mut sum = 0;
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if !c.is_ascii() {
            sum += place(before, c, chars.peek().copied().unwrap_or(' '));
        }
        before = c;
    }
    sum
}

/// How well a sign stands between its neighbours.
fn place(before: char, c: char, after: char) -> i64 {
    let closes = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '.' | ','
                    | ';'
                    | ':'
                    | '?'
                    | '!'
                    | ')'
                    | ']'
                    | '’'
                    | '”'
                    | '"'
                    | '*'
                    | '-'
                    | '–'
                    | '—'
            )
    };
    let opens = |c: char| {
        c.is_whitespace() || matches!(c, '(' | '[' | '“' | '‘' | '"' | '*' | '-' | '–' | '—')
    };
    match c {
        '’' if before.is_alphabetic() && after.is_alphabetic() => 4,
        '’' | '”' | '»' if !before.is_whitespace() && closes(after) => 3,
        '“' | '‘' | '„' | '«'
            if opens(before)
                && (after.is_alphanumeric()
                    || matches!(after, '…' | '\'' | '¿' | '¡' | '‘' | '\u{a0}')) =>
        {
            3
        }
        '“' if !before.is_whitespace() && closes(after) => 2,
        '»' | '’' if opens(before) && after.is_alphanumeric() => 2,
        '’' | '‘' | '“' | '”' | '«' | '»' | '„' | '‚' => -1,
        '…' if after.is_whitespace() || after.is_alphabetic() || closes(after) => 2,
        '–' | '—'
            if (before.is_whitespace() && after.is_whitespace())
                || (before.is_alphanumeric() && after.is_alphanumeric()) =>
        {
            2
        }
        '–' | '—' | '•' => 1,
        '€' | '£' | '¥' if after.is_ascii_digit() || before == ' ' => 1,
        '°' | 'º' | 'ª' | '½' | '¼' | '²' | '³' if before.is_ascii_digit() => 1,
        '¿' | '¡' if opens(before) => 2,
        '\u{a0}' => 0,
        'ﬁ' | 'ﬂ' | 'ı' | 'ˆ' | '˜' | 'ƒ' => -2,
        c if c.is_lowercase() => match (before.is_alphabetic(), after.is_alphabetic()) {
            // A small letter in front of a capital is half of a quote read wrongly.
            (_, true) if after.is_uppercase() => -2,
            (true, _) | (_, true) => 1,
            (false, false) => 0,
        },
        c if c.is_uppercase() => {
            if before.is_lowercase() {
                -3
            } else if after.is_alphabetic() || before.is_uppercase() {
                1
            } else {
                -1
            }
        }
        c if c.is_alphabetic() => 0,
        c if c.is_control() => -4,
        _ if before.is_alphabetic() || after.is_alphabetic() => -3,
        _ => -1,
    }
}
