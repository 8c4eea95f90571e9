//! Lyrics with times (`.lrc`), as Whisper and others write them: `[01:23.45]words`.
//!
//! A time without words ends the line before. Lines such as `[ar:…]` say something of the file; `[offset:±ms]` moves all
//! times. Times of single words (`<01:23.45>`) are taken off.

use super::captions::name_by_colon;
use super::made::{self, Piece};
use super::tags::plain;
use super::{Draft, Error, Options, clock, count, encoding, limits};

pub(super) fn read(bytes: &[u8], options: &Options) -> Result<Draft, Error> {
    let decoded = encoding::decode(bytes, options.encoding.as_deref())?;
    limits::text(&decoded.text)?;
    let mut draft = from_text(&decoded.text)?;
    draft.encoding = decoded.encoding;
    draft.warnings.splice(0..0, decoded.warnings);
    Ok(draft)
}

fn from_text(text: &str) -> Result<Draft, Error> {
    let mut pieces: Vec<Piece> = Vec::new();
    let (mut stamps, mut about, mut untimed, mut sung, mut backwards) = (0, 0, 0, 0, 0);
    let mut offset = 0;
    let mut before = None;
    for line in text.lines() {
        let line = line.trim();
        let (first, more, words) = leading(line);
        stamps += usize::from(first.is_some()) + more;
        sung += more;
        if first.is_none()
            && let Some((key, value)) = tag(words)
        {
            about += 1;
            if key.eq_ignore_ascii_case("offset") {
                offset = value.trim().parse::<i32>().map_or(0, i64::from);
            }
            continue;
        }
        let words = plain(words).text;
        if words.is_empty() {
            continue;
        }
        untimed += usize::from(first.is_none());
        // A positive offset shows the words earlier.
        let start = first.map(|ms| ms.saturating_sub(offset).max(0));
        backwards += usize::from(start.is_some() && start < before);
        before = start.or(before);
        pieces.push(Piece {
            speaker: None,
            start,
            words,
            follows: false,
        });
    }
    if stamps == 0 || pieces.is_empty() {
        return Err(Error::NoStamps);
    }
    name_by_colon(&mut pieces);
    let mut draft = made::of_pieces(&pieces);
    let mut warnings = Vec::new();
    for (n, one, many, what) in [
        (about, "line", "lines", "about the file left out"),
        (untimed, "line", "lines", "without a time"),
        (
            sung,
            "further time",
            "further times",
            "of lines that come again left out",
        ),
        (backwards, "line", "lines", "earlier than the one before"),
    ] {
        if n > 0 {
            warnings.push(format!("{} {what}", count(n, one, many)));
        }
    }
    warnings.append(&mut draft.warnings);
    Ok(Draft { warnings, ..draft })
}

/// The first of the times in front of a line, how many more there are, and what follows them.
fn leading(line: &str) -> (Option<i64>, usize, &str) {
    let (mut first, mut more, mut rest) = (None, 0, line);
    while let Some((ms, length)) = clock::mark(rest)
        && rest.starts_with('[')
    {
        if first.is_none() {
            first = Some(ms);
        } else {
            more += 1;
        }
        rest = rest[length..].trim_start();
    }
    (first, more, rest)
}

/// `[key:value]`, alone on a line.
fn tag(line: &str) -> Option<(&str, &str)> {
    let inside = line.strip_prefix('[')?.strip_suffix(']')?;
    let (key, value) = inside.split_once(':')?;
    let fits = !key.is_empty()
        && key.len() <= 12
        && key.bytes().all(|b| b.is_ascii_alphabetic() || b == b'#');
    fits.then_some((key, value))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expected: &str, times: &[Option<i64>], warnings: &[&str]) {
        let draft = from_text(text).expect("lyrics");
        assert_eq!(draft.text, expected, "{text}");
        let found: Vec<Option<i64>> = draft.turns.iter().map(|turn| turn.time_ms).collect();
        assert_eq!(found, times, "{text}");
        assert_eq!(draft.warnings, warnings, "{text}");
    }

    #[test]
    fn lines_have_times() {
        check(
            "[00:43.810]one\n[00:47.850]\n\n[01:48.35] two <01:49.00>three\n",
            "one\ntwo three",
            &[Some(43_810), Some(108_350)],
            &[],
        );
        check(
            "[ar:somebody]\n[offset:+500]\n[00:01.00][00:09.00]one\nmore\n[00:00.50]two",
            "one\nmore\ntwo",
            &[Some(500), None, Some(0)],
            &[
                "2 lines about the file left out",
                "1 line without a time",
                "1 further time of lines that come again left out",
                "1 line earlier than the one before",
            ],
        );
    }

    #[test]
    fn names_make_turns() {
        check(
            "[00:01.00]Ada: one\n[00:02.00]two\n[00:03.00]Ben: three\n[00:04.00]Ada: four",
            "Ada: one two\n\nBen: three\n\nAda: four",
            &[Some(1000), Some(3000), Some(4000)],
            &[],
        );
    }

    #[test]
    fn a_file_without_times_is_refused() {
        for text in ["one\ntwo", "[ar:somebody]", "[00:01.00]\n[00:02.00]\n"] {
            assert!(matches!(from_text(text), Err(Error::NoStamps)), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_lines(text in "([\\[\\]0-9:.<>a-zé +-]{0,20}\n){0,8}") {
            let _ = from_text(&text);
        }
    }
}
