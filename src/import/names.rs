//! A name at the start of a text: how far it goes, and what ends it.

use super::clock;

/// A label is at most as long as this, in characters and in words.
const CHARACTERS: usize = 60;
const WORDS: usize = 5;

/// What ends a plain label.
#[derive(Clone, Copy)]
pub(super) enum End {
    Colon,
    TimeColon,
    TimeAlone,
    TimeInline,
    Tab,
    Line,
}

/// A name from the start of a text, and what ended it.
pub(super) struct Plain {
    /// Bytes of the label, from the start of what was read.
    pub label: usize,
    pub body: usize,
    pub time: Option<i64>,
    pub end: End,
}

/// Reads a name from the start of `text`. A comma stands only in a name with a time (`Berg, Ada   0:03`, as Teams writes
/// it); with a colon it would be a clause.
pub(super) fn plain(text: &str) -> Option<Plain> {
    let found = name(text)?;
    let timed = matches!(found.end, End::TimeColon | End::TimeAlone | End::TimeInline);
    (timed || !text[..found.label].contains(',')).then_some(found)
}

/// Reads until what ends a name, or gives up at the first sign that this is a sentence.
fn name(text: &str) -> Option<Plain> {
    let bytes = text.as_bytes();
    if !text.starts_with(|c: char| c.is_alphabetic()) {
        return None;
    }
    let mut words = 1;
    let mut token = 0;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        // Bytes, not characters: no label takes more than four bytes a character and a time behind.
        if at > CHARACTERS * 4 {
            return None;
        }
        match byte {
            b':' => return colon(text, at, token),
            b'\t' if clock::clock(text[at..].trim_start()).is_none() => {
                let end = if text[at..].trim().is_empty() {
                    End::Line
                } else {
                    End::Tab
                };
                return Some(Plain {
                    label: at,
                    body: at,
                    time: None,
                    end,
                });
            }
            b' ' | b'\t' => {
                if bytes
                    .get(at + 1)
                    .is_some_and(|next| !next.is_ascii_whitespace())
                {
                    words += 1;
                    token = at + 1;
                    // One more than the label's may be the time.
                    if words > WORDS + 1 {
                        return None;
                    }
                }
                at += 1;
            }
            b'(' | b'[' | b'\\' => match clock::mark(&text[at..]) {
                Some((ms, length)) => return Some(timed(text, at, at + length, ms)),
                None if byte == b'(' => at += 1,
                None => return None,
            },
            // A full stop belongs to an abbreviation or an initial, never to a sentence.
            b',' if bytes.get(at + 1) == Some(&b' ') => at += 1,
            b'.' if abbreviates(&text[token..at], bytes.get(at + 1).copied()) => at += 1,
            b'.' | b',' | b';' | b'?' | b'!' | b'"' | b'<' | b'>' | b'=' | b'{' | b'}' | b'|'
            | b'@' | b'*' | b']' | b'$' | b'%' | b'^' | b'~' | b'`' => return None,
            0..=0x7f => at += 1,
            _ => {
                let c = text[at..].chars().next()?;
                if c == '：' {
                    return Some(Plain {
                        label: at,
                        body: at + c.len_utf8(),
                        time: None,
                        end: End::Colon,
                    });
                }
                if matches!(
                    c,
                    '“' | '”'
                        | '„'
                        | '«'
                        | '»'
                        | '…'
                        | '—'
                        | '。'
                        | '，'
                        | '、'
                        | '！'
                        | '？'
                        | '；'
                        | '؟'
                        | '،'
                ) {
                    return None;
                }
                at += c.len_utf8();
            }
        }
    }
    Some(Plain {
        label: text.len(),
        body: text.len(),
        time: None,
        end: End::Line,
    })
}

/// Whether a full stop between these belongs to the word: `Int.:`, `A. Berg`, `Dr. Berg`.
fn abbreviates(word: &str, next: Option<u8>) -> bool {
    match next {
        Some(b':' | b'-' | b')') => word.len() <= 5,
        Some(b' ') => {
            word.chars().nth(1).is_none()
                || matches!(
                    word,
                    "Dr" | "Mr"
                        | "Mrs"
                        | "Ms"
                        | "Prof"
                        | "St"
                        | "Sr"
                        | "Sra"
                        | "Mme"
                        | "Jr"
                        | "Int"
                )
        }
        _ => false,
    }
}

/// A colon ends a label, or stands inside a time, or inside an address.
fn colon(text: &str, at: usize, token: usize) -> Option<Plain> {
    let bytes = text.as_bytes();
    let digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
    if token > 0
        && digit(at + 1)
        && digit(token)
        && let Some((ms, length)) = clock::clock(&text[token..])
    {
        return Some(timed(text, token, token + length, ms));
    }
    match bytes.get(at + 1) {
        Some(b':') => None,
        Some(b'/') if bytes.get(at + 2) == Some(&b'/') => None,
        Some(b'0'..=b'9') if at > 0 && digit(at - 1) => None,
        _ => Some(Plain {
            label: at,
            body: at + 1,
            time: None,
            end: End::Colon,
        }),
    }
}

/// A name, a time, and what follows them.
fn timed(text: &str, label: usize, behind: usize, ms: i64) -> Plain {
    let rest = text[behind..].trim_start();
    let time = Some(ms);
    if let Some(rest) = rest.strip_prefix(':') {
        Plain {
            label,
            body: text.len() - rest.len(),
            time,
            end: End::TimeColon,
        }
    } else if rest.is_empty() {
        Plain {
            label,
            body: text.len(),
            time,
            end: End::TimeAlone,
        }
    } else {
        Plain {
            label,
            body: text.len() - rest.len(),
            time,
            end: End::TimeInline,
        }
    }
}

/// The label trimmed, if it is short enough.
pub(super) fn label(raw: &str) -> Option<&str> {
    let label = raw.trim().trim_end_matches(['-', '–']).trim_end();
    let fits =
        label.chars().nth(CHARACTERS).is_none() && label.split_whitespace().nth(WORDS).is_none();
    // `http` and the like end in no blank; `s/he` and `a/b` do no harm.
    (fits && !label.is_empty()).then_some(label)
}
