//! Times of day and of recordings, as transcripts write them: `0:22`, `01:02:03`, `00:12.340`, in brackets or bare.

/// A time at the start of a text: milliseconds, and how many bytes it takes. A digit or colon directly after it
/// means that it is something else.
pub(super) fn clock(text: &str) -> Option<(i64, usize)> {
    let bytes = text.as_bytes();
    let (first, mut at) = number(bytes, 0, 5)?;
    let mut parts = [first, 0, 0];
    let mut n = 1;
    while n < 3 && bytes.get(at) == Some(&b':') {
        let (part, end) = number(bytes, at + 1, 2)?;
        if end - at != 3 || part > 59 {
            return None;
        }
        parts[n] = part;
        n += 1;
        at = end;
    }
    let (seconds, hours_known) = match n {
        2 => (parts[0] * 60 + parts[1], false),
        3 => ((parts[0] * 60 + parts[1]) * 60 + parts[2], true),
        _ => return None,
    };
    // Minutes go beyond 59 where no hours are written, yet a year and a month (`2019:12`) is no time.
    if !hours_known && parts[0] > 999 {
        return None;
    }
    let mut ms = 0;
    if let Some(b'.' | b',') = bytes.get(at)
        && let Some((_, end)) = number(bytes, at + 1, 3)
    {
        let digits = &bytes[at + 1..end];
        ms = (0..3).fold(0, |sum, i| {
            sum * 10 + digits.get(i).map_or(0, |d| i64::from(d - b'0'))
        });
        at = end;
    }
    match bytes.get(at) {
        Some(b) if b.is_ascii_digit() || *b == b':' => None,
        _ => Some((seconds * 1000 + ms, at)),
    }
}

/// A time in brackets: `[0:22]`, `(00:12:03)`, and `\[04:07\]` as Markdown escapes it.
pub(super) fn mark(text: &str) -> Option<(i64, usize)> {
    let (open, close) = if text.starts_with("\\[") {
        ("\\[", "\\]")
    } else if text.starts_with('[') {
        ("[", "]")
    } else if text.starts_with('(') {
        ("(", ")")
    } else {
        return None;
    };
    let (ms, length) = clock(&text[open.len()..])?;
    let end = open.len() + length;
    text[end..]
        .starts_with(close)
        .then_some((ms, end + close.len()))
}

/// A line that holds nothing but when something begins and ends: `00:00:22.030 --> 00:00:25.100`, and `0:0:2.5 --> 0:0:3.1`
/// as Teams wrote it for a while. The answer is the beginning, in milliseconds.
pub(super) fn range(line: &str) -> Option<i64> {
    let (from, to) = line.split_once("-->")?;
    loose(to.trim())?;
    loose(from.trim())
}

/// A time whose parts may lack their zeros.
fn loose(text: &str) -> Option<i64> {
    let parse = |part: &str| {
        let digits = (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| part.parse::<i64>().ok()).flatten()
    };
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let parts = whole.split(':').count();
    let seconds = whole
        .split(':')
        .try_fold(0, |sum, part| Some(sum * 60 + parse(part)?))?;
    let length = u32::try_from(fraction.len()).ok()?;
    let ms = parse(fraction)? * 10_i64.pow(3_u32.checked_sub(length)?);
    (2..=3).contains(&parts).then_some(seconds * 1000 + ms)
}

fn number(bytes: &[u8], from: usize, most: usize) -> Option<(i64, usize)> {
    let mut value = 0;
    let mut at = from;
    while let Some(digit) = bytes
        .get(at)
        .filter(|b| b.is_ascii_digit() && at - from < most)
    {
        value = value * 10 + i64::from(digit - b'0');
        at += 1;
    }
    (at > from).then_some((value, at))
}

#[cfg(test)]
mod tests {
    use super::{clock, mark};

    #[test]
    fn times() {
        for (text, expected) in [
            ("0:22", Some((22_000, 4))),
            ("1:02:03 and", Some((3_723_000, 7))),
            ("00:43.810 -->", Some((43_810, 9))),
            ("00:00:07,5", Some((7_500, 10))),
            ("75:00", Some((4_500_000, 5))),
            ("10", None),
            ("10:7", None),
            ("10:61", None),
            ("10:300", None),
            ("1:2:3", None),
            ("00:00:01:12", None),
            ("2019:12", None),
            ("00:00:1d.890", None),
            ("0:22.", Some((22_000, 4))),
        ] {
            assert_eq!(clock(text), expected, "{text}");
        }
    }

    #[test]
    fn marks() {
        assert_eq!(mark("[00:12:03] x"), Some((723_000, 10)));
        assert_eq!(mark("\\[04:07\\] x"), Some((247_000, 9)));
        assert_eq!(mark("(1:00)"), Some((60_000, 6)));
        for text in ["[1:00", "[1:00)", "[x]", "1:00", "[", "\\[", "[é]"] {
            assert_eq!(mark(text), None, "{text}");
        }
    }
}
