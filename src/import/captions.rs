//! `WebVTT` and `SubRip`: a text made from cues.
//!
//! Cues are cut for the screen, not for reading. Where speakers are named, each run of cues of one speaker becomes one
//! turn, written `Label: words`, with a blank line between turns; where nobody is named, every cue is a line and a turn.

use std::collections::HashMap;

use super::cues::{self, Cue};
use super::limits::{self, narrow};
use super::speakers::TOO_MANY_LABELS;
use super::tags::{Line, plain};
use super::{Draft, Error, Format, Options, Turn, count, encoding, speakers, words};
use crate::domain::span::Span;

pub(super) fn read(bytes: &[u8], format: Format, options: &Options) -> Result<Draft, Error> {
    let decoded = encoding::decode(bytes, options.encoding.as_deref())?;
    limits::text(&decoded.text)?;
    let mut draft = from_text(&decoded.text, Some(format))?;
    draft.encoding = decoded.encoding;
    draft.warnings.splice(0..0, decoded.warnings);
    Ok(draft)
}

/// Makes the text. `format` is what the file calls itself; a text that merely consists of cues has none.
pub(super) fn from_text(text: &str, format: Option<Format>) -> Result<Draft, Error> {
    let points = format.map(|format| format == Format::WebVtt);
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
    warnings.extend(cues.repairs.warnings());
    let mut pieces = pieces(&cues.list, &mut warnings);
    if pieces.iter().all(|piece| piece.speaker.is_none()) {
        name_by_colon(&mut pieces);
    }
    if pieces.is_empty() {
        return Err(Error::NoCues);
    }
    let mut draft = if pieces.iter().any(|piece| piece.speaker.is_some()) {
        runs(&pieces)
    } else {
        cue_by_cue(&pieces)
    };
    warnings.append(&mut draft.warnings);
    Ok(Draft { warnings, ..draft })
}

/// Words of one speaker in one cue, on one line and without tags.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    speaker: Option<String>,
    start: Option<i64>,
    words: String,
    /// Goes on with the speaker before, as cues do where only the first one names them.
    follows: bool,
}

/// Takes tags off, and leaves out what only scrolls.
fn pieces(cues: &[Cue], warnings: &mut Vec<String>) -> Vec<Piece> {
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
    if repeated > 0 {
        warnings.push(format!(
            "{} of rolling captions left out",
            count(repeated, "repeated line", "repeated lines")
        ));
    }
    out
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
fn name_by_colon(pieces: &mut [Piece]) {
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

/// One turn for each run of one speaker.
fn runs(pieces: &[Piece]) -> Draft {
    let mut draft = Draft::default();
    let mut made = Made::default();
    let mut places: HashMap<&str, Option<u16>> = HashMap::new();
    let mut empty = 0;
    let mut at = 0;
    while at < pieces.len() {
        let speaker = pieces[at].speaker.as_deref();
        let end = pieces[at..]
            .iter()
            .position(|piece| piece.speaker.as_deref() != speaker)
            .map_or(pieces.len(), |n| at + n);
        let run = &pieces[at..end];
        let words: Vec<&str> = run
            .iter()
            .map(|piece| piece.words.as_str())
            .filter(|words| !words.is_empty())
            .collect();
        if words.is_empty() {
            empty += 1;
        } else {
            let label = speaker.and_then(|name| {
                *places
                    .entry(name)
                    .or_insert_with(|| place(&mut draft.labels, name))
            });
            made.paragraph(
                speaker,
                &words.join(" "),
                label,
                run[0].start,
                &mut draft.turns,
            );
        }
        at = end;
    }
    if empty > 0 {
        draft.warnings.push(format!(
            "left out: {} without words",
            count(empty, "speaker label", "speaker labels")
        ));
    }
    if places.values().any(Option::is_none) {
        draft.warnings.push(TOO_MANY_LABELS.to_owned());
    }
    draft.text = made.text;
    draft
}

/// One line and one turn for each cue.
fn cue_by_cue(pieces: &[Piece]) -> Draft {
    let mut draft = Draft::default();
    let mut made = Made::default();
    for piece in pieces {
        made.line(&piece.words, piece.start, &mut draft.turns);
    }
    draft.text = made.text;
    draft
}

/// Gives a new name its place among the labels, as long as there are numbers for it.
fn place(labels: &mut Vec<String>, name: &str) -> Option<u16> {
    let place = u16::try_from(labels.len()).ok()?;
    labels.push(name.to_owned());
    Some(place)
}

/// A text that grows, and its length in code points.
#[derive(Default)]
struct Made {
    text: String,
    points: u32,
}

impl Made {
    fn push(&mut self, words: &str) {
        self.text.push_str(words);
        self.points += narrow(words.chars().count());
    }
    fn paragraph(
        &mut self,
        speaker: Option<&str>,
        words: &str,
        label: Option<u16>,
        time_ms: Option<i64>,
        turns: &mut Vec<Turn>,
    ) {
        if !self.text.is_empty() {
            self.push("\n\n");
        }
        if let Some(speaker) = speaker {
            self.push(speaker);
            self.push(": ");
        }
        self.turn(words, label, time_ms, turns);
    }
    fn line(&mut self, words: &str, time_ms: Option<i64>, turns: &mut Vec<Turn>) {
        if !self.text.is_empty() {
            self.push("\n");
        }
        self.turn(words, None, time_ms, turns);
    }
    fn turn(
        &mut self,
        words: &str,
        label: Option<u16>,
        time_ms: Option<i64>,
        turns: &mut Vec<Turn>,
    ) {
        let start = self.points;
        self.push(words);
        turns.push(Turn {
            span: Span::new(start, self.points),
            label,
            time_ms,
            words: words::words(words),
        });
    }
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
