//! Lines → cues, whatever is wrong with the file.
//!
//! `WebVTT`, `SubRip` and what Whisper writes differ in little: a line with an arrow, and words under it or behind it. One
//! reader takes all of them, and notes each thing that it had to overlook.

use super::clock;
use super::repairs::Repairs;

/// Words on the screen for a while.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cue {
    /// Milliseconds, where the time could be read.
    pub start: Option<i64>,
    /// Lines as they stand in the file, with their tags.
    pub lines: Vec<String>,
}

/// The cues of a file and what was wrong with it.
#[derive(Debug, Default)]
pub(super) struct Cues {
    pub list: Vec<Cue>,
    pub has_header: bool,
    pub repairs: Repairs,
}

/// What a line with an arrow says.
struct Timing<'t> {
    start: Option<i64>,
    end: Option<i64>,
    /// Whether both times are as they should be.
    whole: bool,
    commas: bool,
    points: bool,
    /// Words behind the bracket, in Whisper's form.
    words: Option<&'t str>,
}

/// Reads `00:01.000 --> 00:02.000`, and `[00:01.000 --> 00:02.000]  words`.
fn timing(line: &str) -> Option<Timing<'_>> {
    let (left, right) = line.split_once("-->")?;
    let left = left.trim();
    let (left, right, words) = match left.strip_prefix('[') {
        Some(left) => {
            let (right, words) = right.split_once(']')?;
            (left, right, Some(words.trim()))
        }
        None => (left, right, None),
    };
    // Words with an arrow in them are words.
    let like_time =
        |text: &str| text.starts_with(|c: char| c.is_ascii_digit()) && text.contains(':');
    let right = right.split_whitespace().next().unwrap_or_default();
    if left.contains(char::is_whitespace) || !(like_time(left) || like_time(right)) {
        return None;
    }
    let (start, end) = (time(left), time(right));
    let either = |sign: char| left.contains(sign) || right.contains(sign);
    Some(Timing {
        start,
        end,
        whole: start.is_some() && end.is_some(),
        commas: either(','),
        points: either('.'),
        words,
    })
}

/// `SBV` parts its two times by a comma; with an arrow in its place it is read as the others are. Lines stay where they are.
pub(super) fn with_arrows(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for line in text.split_inclusive('\n') {
        let bare = line.trim();
        match bare.split_once(',') {
            Some((from, to))
                if from.contains(':')
                    && to.contains(':')
                    && bare
                        .bytes()
                        .all(|b| b.is_ascii_digit() || b":.,".contains(&b)) =>
            {
                out.push_str(from);
                out.push_str(" --> ");
                out.push_str(to);
                out.push('\n');
            }
            _ => out.push_str(&line.replace("[br]", "\u{20}")),
        }
    }
    out
}

/// A time as captions write it; Teams drops leading zeros (`0:0:7.5`).
fn time(text: &str) -> Option<i64> {
    if let Some((ms, length)) = clock::clock(text)
        && length == text.len()
    {
        return Some(ms);
    }
    let (clock, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let digits =
        |part: &str| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    if !fraction.is_empty() && !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let mut seconds = 0_i64;
    let mut parts = 0;
    for part in clock.split(':') {
        if !digits(part) {
            return None;
        }
        seconds = seconds * 60 + part.parse::<i64>().ok()?;
        parts += 1;
    }
    let ms = fraction
        .bytes()
        .chain([b'0'; 3])
        .take(3)
        .fold(0, |sum, b| sum * 10 + i64::from(b - b'0'));
    (parts == 2 || parts == 3).then_some(seconds * 1000 + ms)
}

/// Whether a text under another name consists of cues: it begins with one, and arrows come back all the way.
pub(super) fn look_like_cues(text: &str) -> bool {
    const SAMPLE: usize = 400;
    if !text.contains("-->") {
        return false;
    }
    if text.starts_with("WEBVTT") {
        return true;
    }
    let mut filled = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .take(SAMPLE);
    let (mut lines, mut arrows, mut first) = (0, 0, None);
    for line in filled.by_ref() {
        lines += 1;
        if timing(line).is_some_and(|timing| timing.start.is_some()) {
            arrows += 1;
            first.get_or_insert(lines);
        }
    }
    // A title and a number may stand above the first cue; a cue is seldom longer than four lines.
    first.is_some_and(|first| first <= 4) && arrows * 6 >= lines
}

/// Reads all cues of a text whose line breaks are LF. `points` is the decimal sign that the format asks for, if it does.
pub(super) fn read(text: &str, points: Option<bool>) -> Cues {
    let mut out = Cues::default();
    let lines: Vec<&str> = text.lines().collect();
    let mut at = 0;
    if lines.first().is_some_and(|line| line.starts_with("WEBVTT")) {
        out.has_header = true;
        // The head goes on to the first blank line, or to a cue that was put directly under it.
        at = 1;
        while lines
            .get(at)
            .is_some_and(|line| !line.trim().is_empty() && timing(line).is_none())
        {
            at += 1;
        }
        // The number of such a cue is not part of the head.
    }
    let mut last = Last::default();
    while at < lines.len() {
        if lines[at].trim().is_empty() {
            at += 1;
            continue;
        }
        let end = lines[at..]
            .iter()
            .position(|line| line.trim().is_empty())
            .map_or(lines.len(), |n| at + n);
        block(&lines[at..end], at + 1, points, &mut last, &mut out);
        at = end;
    }
    out.repairs.silent.sort_unstable();
    out
}

/// Lines between blank ones: usually one cue, sometimes several, sometimes none.
fn block(lines: &[&str], number: usize, points: Option<bool>, last: &mut Last, out: &mut Cues) {
    let first = lines[0].trim_end();
    let arrow = lines.iter().position(|line| timing(line).is_some());
    let keyword = |word: &str| {
        first
            .strip_prefix(word)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', ':']))
    };
    if keyword("NOTE") && arrow != Some(1) {
        out.repairs.comments.push((number, None));
        return;
    }
    if (keyword("STYLE") || keyword("REGION")) && arrow.is_none() {
        return;
    }
    let Some(arrow) = arrow else {
        let lines = if lines.len() > 1 && is_number(first) {
            &lines[1..]
        } else {
            lines
        };
        // A number alone belongs to a cue whose time and words are missing.
        if lines.len() > 1 || !is_number(first) {
            out.repairs.untimed.push((number, None));
            out.list.push(Cue {
                start: None,
                lines: lines.iter().map(|&line| line.to_owned()).collect(),
            });
        }
        return;
    };
    // One line above the arrow is the cue's name; more are words that lost their time.
    if arrow > 1 {
        out.repairs.untimed.push((number, None));
        let end = if is_number(lines[arrow - 1].trim()) {
            arrow - 1
        } else {
            arrow
        };
        out.list.push(Cue {
            start: None,
            lines: lines[..end].iter().map(|&line| line.to_owned()).collect(),
        });
    }
    let mut at = arrow;
    while at < lines.len() {
        let Some(timing) = timing(lines[at]) else {
            break;
        };
        let next = lines[at + 1..]
            .iter()
            .position(|line| self::timing(line).is_some())
            .map_or(lines.len(), |n| at + 1 + n);
        // A missing blank line leaves the next cue's number among the words of this one.
        let end = if next < lines.len() && next > at + 1 && is_number(lines[next - 1].trim()) {
            next - 1
        } else {
            next
        };
        cue(&timing, &lines[at + 1..end], number + at, points, last, out);
        at = next;
    }
}

/// The cue before: how many there were, and its times.
#[derive(Default)]
struct Last {
    cues: usize,
    start: Option<i64>,
    end: Option<i64>,
}

fn cue(
    timing: &Timing<'_>,
    lines: &[&str],
    number: usize,
    points: Option<bool>,
    last: &mut Last,
    out: &mut Cues,
) {
    last.cues += 1;
    let place = (number, Some(last.cues));
    let repairs = &mut out.repairs;
    if !timing.whole {
        repairs.times.push(place);
    } else if points.is_some_and(|points| if points { timing.commas } else { timing.points }) {
        repairs.signs.push(place);
    }
    if timing.start.is_some() && timing.start < last.start {
        repairs.backwards.push(place);
    } else if timing.start.is_some() && timing.start < last.end {
        repairs.overlaps.push(place);
    }
    if timing.end.is_some() && timing.end < timing.start {
        repairs.endings.push(place);
    }
    last.start = timing.start.or(last.start);
    last.end = timing.end.or(last.end);
    let lines: Vec<String> = timing
        .words
        .into_iter()
        .chain(lines.iter().copied())
        .map(ToOwned::to_owned)
        .collect();
    if lines.iter().all(|line| line.trim().is_empty()) {
        out.repairs.silent.push(place);
        return;
    }
    out.list.push(Cue {
        start: timing.start,
        lines,
    });
}

fn is_number(line: &str) -> bool {
    !line.is_empty() && line.len() <= 6 && line.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(Option<i64>, &str)], warnings: &[&str]) {
        let cues = read(text, Some(true));
        let found: Vec<(Option<i64>, String)> = cues
            .list
            .iter()
            .map(|cue| (cue.start, cue.lines.join("|")))
            .collect();
        let found: Vec<(Option<i64>, &str)> = found
            .iter()
            .map(|(start, lines)| (*start, lines.as_str()))
            .collect();
        assert_eq!(found, expected, "{text}");
        assert_eq!(cues.repairs.warnings(false), warnings, "{text}");
    }

    #[test]
    fn times() {
        for (text, expected) in [
            ("00:00:07,000", Some(7_000)),
            ("00:07.500", Some(7_500)),
            ("0:0:7.5", Some(7_500)),
            ("1:02:03.0000", Some(3_723_000)),
            ("00:00:1d.890", None),
            ("7", None),
            ("1:2:3:4", None),
            (":", None),
        ] {
            assert_eq!(time(text), expected, "{text}");
        }
    }

    #[test]
    fn blocks() {
        check(
            "WEBVTT\n\n1\n00:01.000 --> 00:02.000 align:start\none\ntwo\n",
            &[(Some(1_000), "one|two")],
            &[],
        );
        check(
            "WEBVTT\nKind: captions\n00:01.000 --> 00:02.000\none",
            &[(Some(1_000), "one")],
            &[],
        );
        check(
            "[00:01.000 --> 00:02.000]  one\n[00:02.000 --> 00:03.000]  two",
            &[(Some(1_000), "one"), (Some(2_000), "two")],
            &[],
        );
        check(
            "00:01.000 --> 00:02.000\none\n2\n00:02.000 --> 00:03.000\ntwo",
            &[(Some(1_000), "one"), (Some(2_000), "two")],
            &[],
        );
        check(
            "NOTE by A.\nB\n\n00:01.000 --> 00:02.000\none\n\nSTYLE\n::cue {}\n",
            &[(Some(1_000), "one")],
            &["1 comment left out (line 1)"],
        );
    }

    #[test]
    fn repairs_are_named() {
        check(
            "00:01.000 --> 00:0x.000\none",
            &[(Some(1_000), "one")],
            &["1 time could not be read (cue 1 on line 1)"],
        );
        check(
            "00:0x.000 --> 00:01.000\none",
            &[(None, "one")],
            &["1 time could not be read (cue 1 on line 1)"],
        );
        check(
            "00:00:01,000 --> 00:00:02.000\none",
            &[(Some(1_000), "one")],
            &["1 time with the other format's decimal sign read all the same (cue 1 on line 1)"],
        );
        check(
            "one\n\n00:01.000 --> 00:02.000\ntwo",
            &[(None, "one"), (Some(1_000), "two")],
            &["1 block of words without a time (line 1)"],
        );
        check(
            "00:01.000 --> 00:02.000\n\n2\n00:02.000 --> 00:03.000\ntwo",
            &[(Some(2_000), "two")],
            &["1 cue without words left out (cue 1 on line 1)"],
        );
        check(
            "00:05.000 --> 00:06.000\none\n\n00:01.000 --> 00:02.000\ntwo",
            &[(Some(5_000), "one"), (Some(1_000), "two")],
            &["1 cue earlier than the one before kept in the order of the file (cue 2 on line 4)"],
        );
        check(
            "00:01.000 --> 00:03.000\none\n\n00:02.000 --> 00:01.500\ntwo",
            &[(Some(1_000), "one"), (Some(2_000), "two")],
            &[
                "1 cue that overlaps the one before kept as read (cue 2 on line 4)",
                "1 cue that ends before it begins kept as read (cue 2 on line 4)",
            ],
        );
        let many: String = (0..23).map(|_| "00:01.000 --> 00:02,000\nx\n\n").collect();
        let warnings = read(&many, Some(true)).repairs.warnings(true);
        assert!(
            warnings[0].starts_with("23 times")
                && warnings[0].ends_with("cue 20 on line 58 and 3 more)"),
            "{}",
            warnings[0]
        );
        check(
            "an arrow --> is no cue",
            &[(None, "an arrow --> is no cue")],
            &["1 block of words without a time (line 1)"],
        );
    }

    #[test]
    fn texts_that_are_captions() {
        for text in [
            "WEBVTT\n\n00:01.000 --> 00:02.000\none",
            "00:00.000 --> 00:27.640\none\n\n00:28.000 --> 00:35.280\ntwo",
            "[00:43.810 --> 00:47.850]  one\n[00:48.350 --> 00:54.570]  two\n",
            "1\n00:00:00,500 --> 00:00:07,000\none\n",
        ] {
            assert!(look_like_cues(text), "{text}");
        }
        for text in [
            "Ada: a --> b",
            "one\ntwo\nthree\nfour\nfive\n00:00.000 --> 00:27.640\nsix",
            "-->",
            "",
        ] {
            assert!(!look_like_cues(text), "{text}");
        }
    }
}
