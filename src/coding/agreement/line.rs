//! The turns of a transcript that count, laid end to end: the line on which coders are compared.

use unicode_segmentation::UnicodeSegmentation;

use super::Unit;
use crate::domain::span::{Codepoints, Span};
use crate::error::Result;
use crate::search::TurnSet;
use crate::store::{Mark, Store, Transcript};

/// The line of one transcript. Its places are turns, sentences or characters, from 0; turns that don't count, and what
/// stands between turns (labels, headings, blank lines), are not on it. Made anew for each transcript in the same room.
#[derive(Default)]
pub(super) struct Line {
    unit: Option<Unit>,
    first_turn: i64,
    /// Where each turn begins in the text; of characters and sentences only.
    starts: Vec<u32>,
    /// Where each turn begins on the line, in turns or characters, and where the last one ends. One that doesn't count is empty.
    places: Vec<u32>,
    /// Each sentence without outer blanks, in characters of the line, and its turn.
    sentences: Vec<(u32, u32, usize)>,
    length: u32,
}

impl Line {
    /// Lays out a transcript. `counted` are the turns that count; none: all.
    pub(super) fn lay(
        &mut self,
        store: &Store,
        transcript: &Transcript,
        counted: Option<&TurnSet>,
        unit: Unit,
    ) -> Result<()> {
        let revision = &transcript.revision;
        let counts = |turn: i64| {
            counted.is_none_or(|set| u32::try_from(turn).is_ok_and(|turn| set.contains(turn)))
        };
        self.unit = Some(unit);
        self.first_turn = revision.first_turn;
        self.starts.clear();
        self.sentences.clear();
        self.places.clear();
        self.places.push(0);
        let mut at = 0;
        if unit == Unit::Turn {
            for turn in revision.first_turn..revision.first_turn + revision.turns {
                at += u32::from(counts(turn));
                self.places.push(at);
            }
        } else {
            let (starts, places) = (&mut self.starts, &mut self.places);
            store.each_turn_span(revision.first_turn, revision.turns, |turn, span| {
                starts.push(span.start);
                if counts(turn) {
                    at += span.len();
                }
                places.push(at);
            })?;
        }
        self.length = at;
        if unit == Unit::Sentence {
            store.with_text(revision.id, |text| self.cut(text))?;
            self.length = u32::try_from(self.sentences.len()).unwrap_or(u32::MAX);
        }
        Ok(())
    }

    /// Cuts turns into sentences, by the Unicode rule (UAX #29).
    fn cut(&mut self, text: &str) {
        let points = Codepoints::new(text);
        for turn in 0..self.starts.len() {
            let (from, to) = (self.places[turn], self.places[turn + 1]);
            if from == to {
                continue;
            }
            let start = self.starts[turn];
            let words = points.slice(Span::new(start, start + (to - from)));
            let mut at = from;
            for sentence in words.split_sentence_bounds() {
                let long = length(sentence);
                let body = sentence.trim();
                if !body.is_empty() {
                    let before = length(sentence) - length(sentence.trim_start());
                    self.sentences
                        .push((at + before, at + before + length(body), turn));
                }
                at += long;
            }
        }
    }

    /// How many places there are.
    pub(super) fn length(&self) -> u32 {
        self.length
    }

    /// From where to where a coding goes on the line; none where it lies in turns that don't count.
    pub(super) fn stretch(&self, mark: &Mark) -> Option<(u32, u32)> {
        let first = usize::try_from(mark.turn - self.first_turn).ok()?;
        let last = usize::try_from(mark.last_turn - self.first_turn).ok()?;
        if self.unit == Some(Unit::Turn) {
            let (from, to) = (*self.places.get(first)?, *self.places.get(last + 1)?);
            return (from < to).then_some((from, to));
        }
        let (from, to) = (
            self.place(mark.span.start, first)?,
            self.place(mark.span.end, last)?,
        );
        if self.unit != Some(Unit::Sentence) {
            return (from < to).then_some((from, to));
        }
        let first = self.sentences.partition_point(|(_, end, _)| *end <= from);
        let past = self.sentences.partition_point(|(start, ..)| *start < to);
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        (from < to && first < past).then(|| (number(first), number(past)))
    }

    /// Where a place of the text lies on the line, in characters, given its turn.
    fn place(&self, point: u32, turn: usize) -> Option<u32> {
        let (from, to) = (*self.places.get(turn)?, *self.places.get(turn + 1)?);
        Some((from + point.saturating_sub(*self.starts.get(turn)?)).min(to))
    }

    /// The place of the turn that a place of the line lies in, from 0.
    pub(super) fn turn_at(&self, place: u32) -> usize {
        if self.unit == Some(Unit::Sentence) {
            return self.sentences.get(place as usize).map_or(0, |s| s.2);
        }
        // Of turns that begin there, all but the last are empty.
        self.places
            .partition_point(|begins| *begins <= place)
            .saturating_sub(1)
    }

    /// How many turns there are, whether or not they count.
    pub(super) fn turns(&self) -> usize {
        self.places.len() - 1
    }

    /// Runs `each` over the parts of a stretch by turn: the turn's place, and how much of the stretch lies in it.
    pub(super) fn each_turn(&self, from: u32, to: u32, mut each: impl FnMut(usize, u32)) {
        let mut at = from;
        while at < to {
            let turn = self.turn_at(at);
            let end = if self.unit == Some(Unit::Sentence) {
                let past = self.sentences.partition_point(|s| s.2 <= turn);
                u32::try_from(past).unwrap_or(u32::MAX)
            } else {
                self.places[turn + 1]
            };
            let end = end.min(to).max(at + 1);
            each(turn, end - at);
            at = end;
        }
    }
}

fn length(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}
