//! Texts that are made: from cues, from segments of a recording, from the rows of a table.
//!
//! Where speakers are named, a turn is a paragraph `Label: words`, with a blank line between turns; where nobody is named,
//! a turn is a line.

use std::collections::HashMap;

use super::limits::narrow;
use super::speakers::TOO_MANY_LABELS;
use super::{Draft, Turn, count, words};
use crate::domain::span::Span;

/// Words of one speaker in one cue, on one line and without tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub speaker: Option<String>,
    pub start: Option<i64>,
    pub words: String,
    /// Goes on with the speaker before, as cues do where only the first one names them.
    pub follows: bool,
}

/// One turn for each run of one speaker; for each piece where nobody is named.
pub(super) fn of_pieces(pieces: &[Piece]) -> Draft {
    if pieces.iter().any(|piece| piece.speaker.is_some()) {
        runs(pieces)
    } else {
        piece_by_piece(pieces)
    }
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

/// One line and one turn for each piece.
fn piece_by_piece(pieces: &[Piece]) -> Draft {
    let mut draft = Draft::default();
    let mut made = Made::default();
    for piece in pieces {
        made.line(&piece.words, piece.start, &mut draft.turns);
    }
    draft.text = made.text;
    draft
}

/// Gives a new name its place among the labels, as long as there are numbers for it.
pub(super) fn place(labels: &mut Vec<String>, name: &str) -> Option<u16> {
    let place = u16::try_from(labels.len()).ok()?;
    labels.push(name.to_owned());
    Some(place)
}

/// A text that grows, and its length in code points.
#[derive(Default)]
pub(super) struct Made {
    pub text: String,
    points: u32,
}

impl Made {
    pub(super) fn push(&mut self, words: &str) {
        // A text begins with no mark of the byte order.
        let words = if self.text.is_empty() {
            words.trim_start_matches(|c: char| c == '\u{feff}' || c.is_whitespace())
        } else {
            words
        };
        self.text.push_str(words);
        self.points += narrow(words.chars().count());
    }
    pub(super) fn paragraph(
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
    pub(super) fn line(&mut self, words: &str, time_ms: Option<i64>, turns: &mut Vec<Turn>) {
        if !self.text.is_empty() {
            self.push("\n");
        }
        self.turn(words, None, time_ms, turns);
    }
    pub(super) fn turn(
        &mut self,
        words: &str,
        label: Option<u16>,
        time_ms: Option<i64>,
        turns: &mut Vec<Turn>,
    ) {
        let start = self.points;
        self.push(words);
        if self.points == start {
            return;
        }
        turns.push(Turn {
            span: Span::new(start, self.points),
            label,
            time_ms,
            words: words::words(words),
        });
    }
}
