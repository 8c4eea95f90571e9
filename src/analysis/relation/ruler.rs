//! How much lies between two passages, in characters, words, sentences, turns or seconds.
//!
//! Every ruler turns a passage into two numbers, where it begins and where it ends, so that what lies between A and a
//! later B is `B's beginning − A's end`, and 0 where that is less. The numbers never fall along a text, so a sorted list
//! of passages is sorted by them too.

use unicode_segmentation::UnicodeSegmentation;

use super::{Distance, Step};
use crate::domain::span::{Codepoints, Span};

/// What distances in one transcript are read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ruler {
    Characters,
    /// Whole turns.
    Turns,
    /// Whole words or sentences: where they begin and end, in code points, ascending.
    Units {
        starts: Vec<u32>,
        ends: Vec<u32>,
    },
    /// Milliseconds at which each turn begins, from this turn on. A turn without a time has that of the turn before it;
    /// one that says an earlier time than a turn before it, the latest so far.
    Times {
        first: i64,
        at: Vec<Option<i64>>,
    },
}

impl Ruler {
    /// Words are what stands between blanks with a letter or digit in it, inside of turns: labels are no words.
    pub fn words(text: &str, turns: &[Span]) -> Self {
        Self::units(text, turns, |said, found| {
            let mut word: Option<(u32, bool)> = None;
            for (at, c) in (0..).zip(said.chars().chain([' '])) {
                if c.is_whitespace() {
                    if let Some((from, true)) = word {
                        found(from, at);
                    }
                    word = None;
                } else {
                    let (from, spoken) = word.unwrap_or((at, false));
                    word = Some((from, spoken || c.is_alphanumeric()));
                }
            }
        })
    }

    /// Sentences by the Unicode rule (UAX #29), inside of turns, without the blanks around them.
    pub fn sentences(text: &str, turns: &[Span]) -> Self {
        let length = |s: &str| u32::try_from(s.chars().count()).unwrap_or(u32::MAX);
        Self::units(text, turns, |said, found| {
            let mut at = 0;
            for sentence in said.split_sentence_bounds() {
                let end = at + length(sentence.trim_end());
                let start = at + length(sentence) - length(sentence.trim_start());
                if start < end {
                    found(start, end);
                }
                at += length(sentence);
            }
        })
    }

    fn units(text: &str, turns: &[Span], each: impl Fn(&str, &mut dyn FnMut(u32, u32))) -> Self {
        let points = Codepoints::new(text);
        let (mut starts, mut ends) = (Vec::new(), Vec::new());
        for turn in turns {
            each(points.slice(*turn), &mut |from, to| {
                starts.push(turn.start + from);
                ends.push(turn.start + to);
            });
        }
        Self::Units { starts, ends }
    }

    pub fn times(first: i64, said: impl IntoIterator<Item = Option<i64>>) -> Self {
        let mut latest = None;
        let at = said
            .into_iter()
            .map(|time| {
                latest = latest.max(time);
                latest
            })
            .collect();
        Self::Times { first, at }
    }

    /// Where a passage begins and ends; none where no time is known.
    pub fn measure(&self, span: Span, turns: (i64, i64)) -> Option<(i64, i64)> {
        match self {
            Self::Characters => Some((i64::from(span.start), i64::from(span.end))),
            Self::Turns => Some((turns.0 - 1, turns.1)),
            Self::Units { starts, ends } => {
                let over = ends.partition_point(|end| *end <= span.start);
                let begun = starts.partition_point(|start| *start < span.end);
                Some((i64::try_from(over).ok()?, i64::try_from(begun).ok()?))
            }
            Self::Times { first, at } => {
                let of = |turn: i64| *at.get(usize::try_from(turn - first).ok()?)?;
                Some((of(turns.0)?, of(turns.1)?))
            }
        }
    }
}

/// What may lie between two passages, on the ruler for that distance; without one, anything.
pub fn most(distance: Option<Distance>) -> i64 {
    match distance {
        None => i64::MAX,
        Some(d) if d.step == Step::Seconds => i64::from(d.most) * 1_000,
        Some(d) => i64::from(d.most),
    }
}
