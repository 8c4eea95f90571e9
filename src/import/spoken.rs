//! Turns cut from the lines of a text, once it is decided which of them begin with a speaker.

use std::collections::HashMap;

use super::speakers::{Kind, Line, Spoken, TOO_MANY_LABELS, points};
use super::verdict::{Seen, Verdict};
use super::{Turn, count, labels, sections, words};
use crate::domain::span::Span;

/// A turn that is being gathered.
#[derive(Clone, Copy)]
struct Open {
    label: Option<u16>,
    time_ms: Option<i64>,
    /// Where its words begin; unknown until there are some.
    start: Option<u32>,
    end: u32,
    words: u32,
    /// Words of headings that belong to it only if it goes on behind them.
    pending: u32,
}

impl Open {
    fn new(label: Option<u16>, time_ms: Option<i64>) -> Self {
        Self {
            label,
            time_ms,
            start: None,
            end: 0,
            words: 0,
            pending: 0,
        }
    }
    /// Takes the bytes of a line from `from` on.
    fn take(&mut self, text: &str, line: &Line, from: usize) {
        // A label's body may begin behind the last word, at the end of the blanks.
        let body = text[(line.start + from).min(line.end)..line.end].trim_start();
        if body.is_empty() {
            return;
        }
        let from = line.end - body.len();
        if self.start.is_none() {
            self.start = Some(line.point + points(&text[line.start..from], line.ascii));
            self.pending = 0;
        }
        self.end = line.point + points(&text[line.start..line.end], line.ascii);
        let words = if from == line.start {
            line.words
        } else {
            line.words_from(text, from)
        };
        self.words = self
            .words
            .saturating_add(self.pending)
            .saturating_add(words);
        self.pending = 0;
    }
    fn close(self) -> Option<Turn> {
        let start = self.start?;
        Some(Turn {
            span: Span::new(start, self.end),
            label: self.label,
            time_ms: self.time_ms,
            words: self.words,
        })
    }
}

impl Line {
    /// Words from a byte on. The part in front is short (a label), so it is counted and taken off, unless it cuts a token.
    fn words_from(&self, text: &str, from: usize) -> u32 {
        if text[..from].ends_with(char::is_whitespace) {
            self.words
                .saturating_sub(words::words(&text[self.start..from]))
        } else {
            words::words(&text[from..self.end])
        }
    }
}

/// Cuts at the labels.
pub(super) fn by_labels(
    text: &str,
    lines: &[Line],
    seen: &[Seen<'_>],
    verdicts: &[Verdict<'_>],
    notes: usize,
) -> Spoken {
    let mut out = Spoken::default();
    let mut names: Vec<&str> = Vec::new();
    let mut places = HashMap::new();
    let mut open: Option<Open> = None;
    let (mut before, mut between, mut empty) = (0, 0, 0);
    let (mut begun, mut asked) = (false, false);
    let close = |open: &mut Option<Open>, turns: &mut Vec<Turn>, empty: &mut usize| match open
        .take()
        .map(Open::close)
    {
        Some(Some(turn)) => turns.push(turn),
        Some(None) => *empty += 1,
        None => {}
    };
    for (line, verdict) in lines.iter().zip(verdicts) {
        if line.start >= notes {
            break;
        }
        match (line.kind, verdict) {
            (Kind::Head(n), Verdict::Speaker(name)) => {
                close(&mut open, &mut out.turns, &mut empty);
                begun = true;
                asked = false;
                let place = *places.entry(*name).or_insert_with(|| {
                    names.push(name);
                    names.len() - 1
                });
                let head = seen[n].head;
                let mut next = Open::new(u16::try_from(place).ok(), head.time);
                next.take(text, line, head.body);
                open = Some(next);
            }
            (_, Verdict::Structure) => {
                close(&mut open, &mut out.turns, &mut empty);
                between += usize::from(begun);
                asked = false;
            }
            (_, Verdict::Question) => {
                close(&mut open, &mut out.turns, &mut empty);
                asked = true;
                open = beside(text, line);
            }
            (Kind::Heading, _) => {
                if let Some(open) = &mut open {
                    open.pending = open.pending.saturating_add(line.words);
                }
            }
            _ => match &mut open {
                Some(open) => open.take(text, line, 0),
                // An answer without a label.
                None if asked => {
                    let mut next = Open::new(None, None);
                    next.take(text, line, 0);
                    open = Some(next);
                }
                None if begun => between += 1,
                None => before += 1,
            },
        }
    }
    close(&mut open, &mut out.turns, &mut empty);
    keep_speaking(&mut out, &names);
    if before > 0 {
        out.warnings.push(format!(
            "in no turn: {} before the first speaker",
            count(before, "line", "lines")
        ));
    }
    if between > 0 {
        let lines = count(between, "line", "lines");
        out.warnings.push(format!(
            "in no turn: {lines} of breaks and what follows them"
        ));
    }
    if empty > 0 {
        out.warnings.push(format!(
            "left out: {} without words",
            count(empty, "speaker label", "speaker labels")
        ));
    }
    out
}

/// The answer that stands in the line of its question.
fn beside(text: &str, line: &Line) -> Option<Open> {
    let whole = &text[line.start..line.end];
    let answer = sections::answer(whole);
    (line.level == 0 && answer < whole.len()).then(|| {
        let mut open = Open::new(None, None);
        open.take(text, line, answer);
        open
    })
}

/// Labels whose every turn was empty go; the others are numbered anew, in the order of their first turn.
fn keep_speaking(out: &mut Spoken, names: &[&str]) {
    let mut place = vec![None; names.len()];
    for turn in &mut out.turns {
        let Some(old) = turn.label.map(usize::from) else {
            continue;
        };
        let new = *place[old].get_or_insert_with(|| {
            out.labels.push(names[old].to_owned());
            out.labels.len() - 1
        });
        turn.label = u16::try_from(new).ok();
    }
    if names.len() > usize::from(u16::MAX) {
        out.warnings.push(TOO_MANY_LABELS.to_owned());
    }
}

/// Where nobody speaks, every paragraph is a turn; every line, if no blank line parts them.
pub(super) fn prose(text: &str, lines: &[Line], verdicts: &[Verdict<'_>]) -> Spoken {
    let by_line = lines.iter().skip(1).all(|line| !line.opens);
    let mut out = Spoken::default();
    let mut open: Option<Open> = None;
    let mut structure = 0;
    for (line, verdict) in lines.iter().zip(verdicts) {
        if line.opens || by_line {
            out.turns.extend(open.take().and_then(Open::close));
        }
        if line.kind == Kind::Heading || matches!(verdict, Verdict::Structure | Verdict::Question) {
            out.turns.extend(open.take().and_then(Open::close));
            structure += usize::from(*verdict == Verdict::Structure);
            if *verdict == Verdict::Question {
                open = beside(text, line);
            }
            continue;
        }
        if let Some(open) = &mut open {
            open.take(text, line, 0);
        } else {
            let (time, body) = time_in_front(&text[line.start..line.end]);
            let mut next = Open::new(None, time);
            next.take(text, line, body);
            open = Some(next);
        }
    }
    out.turns.extend(open.take().and_then(Open::close));
    if structure > 0 {
        let marks = count(structure, "mark of an answer", "marks of answers");
        out.warnings.push(format!("in no turn: {marks}"));
    }
    out
}

/// The time in brackets that a paragraph may begin with, if words follow it.
fn time_in_front(line: &str) -> (Option<i64>, usize) {
    let (time, body) = labels::time_in_front(line, 0);
    if time.is_some() && body < line.len() {
        (time, body)
    } else {
        (None, 0)
    }
}
