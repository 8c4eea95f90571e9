//! `WebVTT`, `SubRip` and YouTube's `SBV`: a text made from cues.
//!
//! Cues are cut for the screen, not for reading. Where speakers are named, each run of cues of one speaker becomes one
//! turn, written `Label: words`, with a blank line between turns; where nobody is named, every cue is a line and a turn.

use super::cues::{self, Cue};
use super::made::{self, Piece};
use super::tags::{Line, plain};
use super::{Draft, Error, Format, Options, count, encoding, limits, speakers};

pub(super) fn read(bytes: &[u8], format: Format, options: &Options) -> Result<Draft, Error> {
    let decoded = encoding::decode(bytes, options.encoding.as_deref())?;
    limits::text(&decoded.text)?;
    let text = if format == Format::Sbv {
        std::borrow::Cow::Owned(cues::with_arrows(&decoded.text))
    } else {
        std::borrow::Cow::Borrowed(&decoded.text[..])
    };
    let mut draft = from_text(&text, Some(format))?;
    draft.encoding = decoded.encoding;
    draft.warnings.splice(0..0, decoded.warnings);
    Ok(draft)
}

/// Makes the text. `format` is what the file calls itself; a text that merely consists of cues has none.
pub(super) fn from_text(text: &str, format: Option<Format>) -> Result<Draft, Error> {
    let points = format.map(|format| format != Format::SubRip);
    let cues = cues::read(text, points);
    // Without one readable time or one arrow there is no caption file, only words.
    if !cues.list.iter().any(|cue| cue.start.is_some()) {
        return Err(Error::NoCues);
    }
    let mut warnings = Vec::new();
    match format {
        Some(Format::WebVtt) if !cues.has_header => {
            warnings.push("the `WEBVTT` line at the start is missing".to_owned());
        }
        None => warnings.push("read as captions: the text is made from its cues".to_owned()),
        _ => {}
    }
    let (mut pieces, repeated) = pieces(&cues.list);
    warnings.extend(cues.repairs.warnings(repeated > 0));
    if repeated > 0 {
        warnings.push(format!(
            "{} of rolling captions left out",
            count(repeated, "repeated line", "repeated lines")
        ));
    }
    if pieces.iter().all(|piece| piece.speaker.is_none()) {
        name_by_colon(&mut pieces);
    }
    if pieces.is_empty() {
        return Err(Error::NoCues);
    }
    let mut draft = made::of_pieces(&pieces);
    warnings.append(&mut draft.warnings);
    Ok(Draft { warnings, ..draft })
}

/// Takes tags off, and leaves out what only scrolls: so many lines.
fn pieces(cues: &[Cue]) -> (Vec<Piece>, usize) {
    let plain: Vec<Vec<Line>> = cues
        .iter()
        .map(|cue| cue.lines.iter().map(|line| plain(line)).collect())
        .collect();
    let rolling = is_rolling(cues, &plain);
    let mut out = Vec::with_capacity(cues.len());
    let mut repeated = 0;
    let mut before: Option<&str> = None;
    for (cue, lines) in cues.iter().zip(&plain) {
        let filled: Vec<&Line> = lines.iter().filter(|line| !line.text.is_empty()).collect();
        let again = rolling
            && filled
                .first()
                .is_some_and(|line| Some(line.text.as_str()) == before);
        repeated += usize::from(again);
        let first = out.len();
        let mut voice = None;
        for line in filled.iter().skip(usize::from(again)) {
            for (speaker, words) in line.parts() {
                voice = speaker.map(ToOwned::to_owned).or(voice);
                push(&mut out, first, voice.as_deref(), cue.start, words);
            }
        }
        before = filled.last().map(|line| line.text.as_str()).or(before);
    }
    (out, repeated)
}

/// Adds words to the cue that began at place `first`, or begins another piece where the speaker changes.
fn push(
    out: &mut Vec<Piece>,
    first: usize,
    speaker: Option<&str>,
    start: Option<i64>,
    words: &str,
) {
    let words = words.trim();
    if words.is_empty() {
        return;
    }
    if out.len() > first
        && let Some(last) = out.last_mut()
        && last.speaker.as_deref() == speaker
    {
        last.words.push(' ');
        last.words.push_str(words);
        return;
    }
    out.push(Piece {
        speaker: speaker.map(ToOwned::to_owned),
        start,
        words: words.to_owned(),
        follows: false,
    });
}

/// Rolling captions show each line twice: at the bottom, then above the next one. A speaker who says "Yes." twice is no
/// sign of that, so it takes the tags of single words, or lines that roll all the way.
fn is_rolling(cues: &[Cue], plain: &[Vec<Line>]) -> bool {
    let timed = cues.iter().any(|cue| {
        cue.lines
            .iter()
            .any(|line| line.contains("<c") && has_time_tag(line))
    });
    let filled: Vec<Vec<&str>> = plain
        .iter()
        .map(|lines| {
            lines
                .iter()
                .map(|line| line.text.as_str())
                .filter(|text| !text.is_empty())
                .collect()
        })
        .collect();
    let rolls = filled
        .windows(2)
        .filter(|pair| pair[1].len() > 1 && pair[0].last() == pair[1].first())
        .count();
    (timed && rolls > 0) || (rolls >= 3 && rolls * 3 >= cues.len())
}

fn has_time_tag(line: &str) -> bool {
    line.match_indices('<')
        .any(|(at, _)| line[at + 1..].starts_with(|c: char| c.is_ascii_digit()))
}

/// Zoom and others write `Name: words` into the cue. Cues without a name go on with the one before.
pub(super) fn name_by_colon(pieces: &mut [Piece]) {
    let lines: Vec<&str> = pieces
        .iter()
        .map(|piece| without_chevrons(&piece.words))
        .collect();
    let found: Vec<Option<(String, String)>> = speakers::of_paragraphs(&lines)
        .into_iter()
        .zip(&lines)
        .map(|(found, line)| found.map(|(name, body)| (name.to_owned(), line[body..].to_owned())))
        .collect();
    let mut speaker: Option<String> = None;
    for (piece, found) in pieces.iter_mut().zip(found) {
        if let Some((name, words)) = found {
            piece.words = words;
            speaker = Some(name);
        } else {
            piece.follows = true;
        }
        piece.speaker.clone_from(&speaker);
    }
}

/// Broadcasters put `>>` in front of a new speaker.
fn without_chevrons(words: &str) -> &str {
    words
        .strip_prefix(">>")
        .map_or(words, |rest| rest.trim_start_matches('>').trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str, labels: &[&str], turns: usize, warnings: &[&str]) {
        let draft = from_text(text, Some(Format::WebVtt)).expect("captions");
        assert_eq!(draft.text, expected);
        assert_eq!(draft.labels, labels, "{text}");
        assert_eq!(draft.turns.len(), turns, "{text}");
        assert_eq!(draft.warnings, warnings, "{text}");
    }

    #[test]
    fn voices_make_turns() {
        check(
            "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ada Berg>One\ntwo.</v>\n\n00:02.000 --> 00:03.000\n<v Ada Berg>Three.</v> <v.low Ben &amp; Co>Four</v>\n\n00:03.000 --> 00:04.000\nFive",
            "Ada Berg: One two. Three.\n\nBen & Co: Four\n\nFive",
            &["Ada Berg", "Ben & Co"],
            3,
            &[],
        );
    }

    #[test]
    fn names_in_the_words_make_turns() {
        check(
            "WEBVTT\n\n00:01.000 --> 00:02.000\nAda Berg: One\n\n00:02.000 --> 00:03.000\ntwo: that is it.\n\n00:03.000 --> 00:04.000\n>> Ben: Yes.\n\n00:04.000 --> 00:05.000\nAda Berg: Three",
            "Ada Berg: One two: that is it.\n\nBen: Yes.\n\nAda Berg: Three",
            &["Ada Berg", "Ben"],
            3,
            &[],
        );
    }

    #[test]
    fn without_names_every_cue_is_a_turn() {
        check(
            "WEBVTT\n\n00:01.000 --> 00:02.000\nOne <i>and</i>\n<00:01.500>two &lt; 3 < 4 &bogus; &#8217;\n\n00:02.000 --> 00:03.000\n{\\an8}Yes.\n\n00:03.000 --> 00:04.000\nYes.",
            "One and two < 3 < 4 &bogus; ’\nYes.\nYes.",
            &[],
            3,
            &[],
        );
    }

    #[test]
    fn rolling_lines_are_taken_once() {
        check(
            "WEBVTT\n\n00:01.000 --> 00:02.000\nyes\n\n00:02.000 --> 00:03.000\nyes\n<c>so</c><00:02.500><c> what</c>\n\n00:03.000 --> 00:04.000\nso what\n \n\n00:03.000 --> 00:04.000\nso what\nelse",
            "yes\nso what\nelse",
            &[],
            3,
            &["3 repeated lines of rolling captions left out"],
        );
    }

    #[test]
    fn a_file_without_cues_is_refused() {
        for text in [
            "WEBVTT\n",
            "WEBVTT\n\nNOTE nothing",
            "words",
            "00:0x --> 00:0y\nwords",
            "00:01.000 --> 00:02.000\n<v Ada></v>",
        ] {
            assert!(
                matches!(from_text(text, Some(Format::WebVtt)), Err(Error::NoCues)),
                "{text}"
            );
        }
    }
}
