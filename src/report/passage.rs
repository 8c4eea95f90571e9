//! Passages as a report prints them: what several coders coded with one theme is one passage, and only the words of
//! the one who speaks are in it.

use std::collections::HashMap;

use super::source::Voice;
use crate::coding::quotes::QuoteRef;
use crate::domain::span::{Codepoints, Span};
use crate::error::Result;
use crate::store::{Coding, Transcript, Turn};
use crate::study::passage::Reader;
use crate::study::{Selection, Shut, Study};

/// Stands where somebody else's words are left out of a passage.
const LEFT_OUT: &str = "[…]";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Passage {
    /// Place of its theme.
    pub(super) theme: usize,
    pub(super) voice: Voice,
    pub(super) span: Span,
    /// The turn that it stands for.
    pub(super) turn: i64,
    /// The words of that turn.
    words: Span,
    first_turn: i64,
    last_turn: i64,
    /// The coding that it began with; [`Passages::also`] has those that were joined to it.
    pub(super) coding: i64,
}

impl Passage {
    /// The part of a coding that one voice speaks, first in the turn `at`, whose words are `words`.
    fn new(theme: usize, coding: &Coding, voice: Voice, at: i64, words: Span) -> Self {
        Self {
            theme,
            voice,
            span: coding.span,
            turn: at,
            words,
            first_turn: coding.turn,
            last_turn: coding.last_turn,
            coding: coding.id,
        }
    }

    /// First and last turn of the codings that it comes from.
    pub(super) fn turns(&self) -> (i64, i64) {
        (self.first_turn, self.last_turn)
    }

    fn over_turns(&self) -> bool {
        self.last_turn > self.first_turn
    }

    /// Takes in a later passage, if both are one: the same voice and theme, and words in common.
    fn join(&mut self, later: &Self) -> bool {
        let one = self.theme == later.theme
            && self.voice == later.voice
            && self.span.overlaps(later.span)
            && self.turn == later.turn;
        if one {
            self.span = Span::new(
                self.span.start.min(later.span.start),
                self.span.end.max(later.span.end),
            );
            self.first_turn = self.first_turn.min(later.first_turn);
            self.last_turn = self.last_turn.max(later.last_turn);
        }
        one
    }

    /// Its length in code points, others' words between counted.
    pub(super) fn length(&self) -> usize {
        let span = if self.over_turns() {
            self.span
        } else {
            within(self.span, self.words)
        };
        usize::try_from(span.len()).unwrap_or(usize::MAX)
    }
}

/// Passages of one transcript, in the order of the text.
#[derive(Default)]
pub(super) struct Passages {
    pub(super) all: Vec<Passage>,
    /// The last one of each theme and voice.
    last: HashMap<(usize, Voice), usize>,
    /// Codings that were joined to a passage, by the coding that it began with and its voice.
    joined: HashMap<(i64, Voice), Vec<i64>>,
}

impl Passages {
    pub(super) fn clear(&mut self) {
        self.all.clear();
        self.last.clear();
        self.joined.clear();
    }

    /// The codings that a passage comes from, but the one that it began with.
    pub(super) fn also(&self, passage: &Passage) -> &[i64] {
        if self.joined.is_empty() {
            return &[];
        }
        let key = (passage.coding, passage.voice);
        self.joined.get(&key).map_or(&[], Vec::as_slice)
    }

    /// Adds a coding. They must come in the order of their spans.
    pub(super) fn add(&mut self, passage: Passage) {
        if let Some(last) = self.last.get(&(passage.theme, passage.voice))
            && self.all[*last].join(&passage)
        {
            let began = self.all[*last].coding;
            self.joined
                .entry((began, passage.voice))
                .or_default()
                .push(passage.coding);
            return;
        }
        self.last
            .insert((passage.theme, passage.voice), self.all.len());
        self.all.push(passage);
    }
}

/// The turns of one transcript that codings run over, with who speaks; read only where one runs over several.
pub(super) struct Turns {
    first: i64,
    /// With whether a limit has put it off the record.
    turns: Vec<(Turn, Voice, bool)>,
}

impl Turns {
    /// `ranges` are the first and last turns of codings or passages.
    pub(super) fn read(
        study: &Study,
        reader: &mut Reader,
        transcript: &Transcript,
        sealed: &Shut,
        ranges: impl Iterator<Item = (i64, i64)>,
    ) -> Result<Self> {
        let all = ranges
            .filter(|(first, last)| last > first)
            .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        let mut turns = Vec::new();
        let Some((first, last)) = all else {
            return Ok(Self { first: 0, turns });
        };
        for turn in study.store.turns(first, last - first + 1)? {
            let interviewer = reader
                .speaker(turn.speaker)?
                .is_some_and(|s| s.role == "interviewer");
            let participant = reader.participant_of(transcript.id, &turn)?;
            let shut = sealed.has_turn(turn.id);
            turns.push((turn, Voice::new(participant, interviewer), shut));
        }
        Ok(Self { first, turns })
    }

    /// Gives `each` the passages that a coding is: one for every voice in it that the selection takes.
    pub(super) fn passages(
        &self,
        theme: usize,
        found: &QuoteRef,
        selection: &Selection,
        mut each: impl FnMut(Passage),
    ) {
        let coding = &found.coding;
        let voice = Voice::new(found.participant, found.interviewer);
        // A coding on an older text has no turns here; it stands for whom it began with.
        if coding.last_turn <= coding.turn || self.at(coding.turn).is_none() {
            each(Passage::new(theme, coding, voice, found.turn, found.words));
            return;
        }
        let mut heard: Vec<Voice> = Vec::new();
        for id in coding.turn..=coding.last_turn {
            let Some((turn, voice)) = self.get(id) else {
                continue;
            };
            let role = if *voice == Voice::Interviewer {
                "interviewer"
            } else {
                "participant"
            };
            if selection.takes(role, voice.participant()) && !heard.contains(voice) {
                heard.push(*voice);
                each(Passage::new(theme, coding, *voice, id, turn.span));
            }
        }
    }

    /// One that is not off the record.
    fn get(&self, id: i64) -> Option<(&Turn, &Voice)> {
        let (turn, voice, shut) = self.at(id)?;
        (!shut).then_some((turn, voice))
    }

    fn at(&self, id: i64) -> Option<&(Turn, Voice, bool)> {
        self.turns
            .get(usize::try_from(id - self.first).ok()?)
            .filter(|(turn, ..)| turn.id == id)
    }

    /// Writes the passage's words: those of its voice alone, never a label, with a mark where others are left out.
    pub(super) fn words(&self, passage: &Passage, points: &Codepoints, out: &mut String) {
        out.clear();
        if !passage.over_turns() {
            out.push_str(points.slice(within(passage.span, passage.words)));
            return;
        }
        let of = self.get(passage.turn).and_then(|(turn, _)| turn.speaker);
        let mut left_out = false;
        for id in passage.first_turn..=passage.last_turn {
            let Some((turn, voice)) = self.get(id) else {
                continue;
            };
            // Two labels that nobody has assigned may be two people.
            let same =
                *voice == passage.voice && (voice.participant().is_some() || turn.speaker == of);
            let words = points.slice(within(passage.span, turn.span)).trim();
            if words.is_empty() {
                continue;
            }
            if !same {
                left_out = !out.is_empty();
                continue;
            }
            if !out.is_empty() {
                out.push_str("\n\n");
            }
            if std::mem::take(&mut left_out) {
                out.push_str(LEFT_OUT);
                out.push(' ');
            }
            out.push_str(words);
        }
    }
}

/// What both spans cover.
fn within(span: Span, turn: Span) -> Span {
    let start = span.start.max(turn.start);
    Span::new(start, span.end.min(turn.end).max(start))
}
