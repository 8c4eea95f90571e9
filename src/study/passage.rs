//! Turns and quotes as every output shows them.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::Serialize;

use super::{Error, People, Sections, Shut, Study};
use crate::domain::place::{Place, Within};
use crate::domain::span::{Codepoints, Span};
use crate::error::Result;
use crate::store::{Coding, Section, Speaker, Store, Transcript, Turn};

/// A turn with everything that names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TurnView {
    pub transcript: String,
    /// The revision that the text is of.
    pub revision: i64,
    pub turn: i64,
    pub speaker: Option<String>,
    /// participant, interviewer or unknown.
    pub role: String,
    pub participant: Option<String>,
    pub case: Option<String>,
    pub start: u32,
    pub end: u32,
    pub text: String,
    pub time_ms: Option<i64>,
}

/// A place found in a text.
#[derive(Clone, Debug)]
pub struct Found {
    pub transcript: Transcript,
    pub span: Span,
    /// Ids of the first and last turn touched.
    pub turn: i64,
    pub last_turn: i64,
}

/// Stands where words that were said off the record are left out of a passage.
pub const LEFT_OUT: &str = "[…]";

/// Turns of one text, of which some were spoken off the record.
#[derive(Debug, Default)]
pub struct Open {
    /// In the order of the text, each with whether its words stay in the house. Empty where none has to.
    turns: Vec<(Span, bool)>,
}

impl Open {
    /// The words of a span. In the place of a turn that was spoken off the record, with its label, stands a mark; there,
    /// what follows the last turn goes too: it may be such a label.
    pub fn words<'t>(&self, points: &Codepoints<'t>, span: Span) -> Cow<'t, str> {
        if self.turns.is_empty() {
            return Cow::Borrowed(points.slice(span));
        }
        let from = self
            .turns
            .partition_point(|(turn, _)| turn.end <= span.start);
        let touched = self.turns[from..]
            .iter()
            .take_while(|(turn, _)| turn.start < span.end);
        let mut words = String::new();
        let mut at = span.start;
        let mut left_out = false;
        for (turn, shut) in touched {
            let end = turn.end.min(span.end);
            if !shut {
                words.push_str(points.slice(Span::new(at, end)));
            } else if !left_out {
                if at > span.start {
                    let gap = points.slice(Span::new(at, turn.start.max(at)));
                    words.push_str(&gap[..gap.len() - gap.trim_start().len()]);
                }
                words.push_str(LEFT_OUT);
            }
            left_out = *shut;
            at = end;
        }
        Cow::Owned(words)
    }
}

/// Reads transcripts, speakers and texts as passages ask for them, keeping what was read last at hand.
pub struct Reader<'a> {
    store: &'a Store,
    pub people: People,
    transcripts: HashMap<i64, Transcript>,
    speakers: HashMap<i64, Speaker>,
    with: HashMap<i64, Vec<i64>>,
    sections: HashMap<i64, Sections>,
    text: (i64, String),
}

impl<'a> Reader<'a> {
    pub fn new(store: &'a Store) -> Result<Self> {
        Ok(Self {
            people: People::read(store)?,
            ..Self::over(store)
        })
    }

    fn over(store: &'a Store) -> Self {
        Self {
            store,
            people: People::default(),
            transcripts: HashMap::new(),
            speakers: HashMap::new(),
            with: HashMap::new(),
            sections: HashMap::new(),
            text: (0, String::new()),
        }
    }

    /// A reader for a few passages of a study with any number of participants.
    pub fn of_few(store: &'a Store) -> Result<Self> {
        Ok(Self {
            people: People::without_participants(store)?,
            ..Self::over(store)
        })
    }

    pub fn transcript(&mut self, id: i64) -> Result<&Transcript> {
        if !self.transcripts.contains_key(&id) {
            let found = self.store.transcript_by_id(id)?.ok_or_else(|| {
                Error::Refused(
                    "a transcript is gone".into(),
                    Some("look with: casebook check".into()),
                )
            })?;
            self.transcripts.insert(id, found);
        }
        Ok(&self.transcripts[&id])
    }

    /// The transcript that a turn of a present revision stands in.
    pub fn transcript_of_turn(&mut self, turn: i64) -> Result<Option<Transcript>> {
        if let Some(known) = self.transcripts.values().find(|t| t.revision.has(turn)) {
            return Ok(Some(known.clone()));
        }
        let found = self.store.transcript_of_turn(turn)?;
        if let Some(t) = &found {
            self.transcripts.insert(t.id, t.clone());
        }
        Ok(found)
    }

    pub fn speaker(&mut self, id: Option<i64>) -> Result<Option<&Speaker>> {
        let Some(id) = id else { return Ok(None) };
        if !self.speakers.contains_key(&id)
            && let Some(found) = self.store.speaker(id)?
        {
            self.speakers.insert(id, found);
        }
        Ok(self.speakers.get(&id))
    }

    /// Whom a transcript is with.
    pub fn with(&mut self, transcript: i64) -> Result<&[i64]> {
        if !self.with.contains_key(&transcript) {
            let found = self
                .store
                .transcript_participants(Some(transcript))?
                .remove(&transcript)
                .unwrap_or_default();
            self.with.insert(transcript, found);
        }
        Ok(&self.with[&transcript])
    }

    /// The participant whose turn it is.
    pub fn participant_of(&mut self, transcript: i64, turn: &Turn) -> Result<Option<i64>> {
        if turn.speaker.is_none() {
            return Ok(People::speaker_of(None, self.with(transcript)?));
        }
        Ok(self.speaker(turn.speaker)?.and_then(|s| s.participant))
    }

    /// Whether a turn is off the record: as a limit says so, or as it was spoken by somebody all of whose words are. Where
    /// nobody has said who speaks, it may be anyone whom the transcript is with.
    pub fn is_sealed(&mut self, sealed: &Shut, transcript: i64, turn: &Turn) -> Result<bool> {
        if sealed.is_empty() {
            return Ok(false);
        }
        if sealed.has_turn(turn.id) {
            return Ok(true);
        }
        if let Some(person) = self.participant_of(transcript, turn)? {
            return Ok(sealed.contains(&person));
        }
        let interviewer = self
            .speaker(turn.speaker)?
            .is_some_and(|s| s.role == "interviewer");
        Ok(!interviewer && self.with(transcript)?.iter().any(|p| sealed.contains(p)))
    }

    /// What may be shown of these turns of a transcript's present text, from the first to the last.
    pub fn open(
        &mut self,
        sealed: &Shut,
        transcript: i64,
        (first, last): (i64, i64),
    ) -> Result<Open> {
        let mut open = Open::default();
        let limited = || (first..=last).any(|turn| sealed.has_turn(turn));
        if sealed.is_empty() || !(limited() || self.has_one_of(sealed, transcript)?) {
            return Ok(open);
        }
        for turn in self.store.turns(first, last - first + 1)? {
            let shut = self.is_sealed(sealed, transcript, &turn)?;
            open.turns.push((turn.span, shut));
        }
        Ok(open)
    }

    /// Whether a transcript is with one of these people, or has a label of one.
    fn has_one_of(&mut self, people: &Shut, transcript: i64) -> Result<bool> {
        if self.with(transcript)?.iter().any(|p| people.contains(p)) {
            return Ok(true);
        }
        let speakers = self.store.speakers(Some(transcript))?;
        let mut theirs = speakers.iter().filter_map(|s| s.participant);
        Ok(theirs.any(|p| people.contains(&p)))
    }

    /// The innermost heading or question that a turn of a revision stands under.
    pub fn section(&mut self, revision: i64, turn: i64) -> Result<Option<&Section>> {
        if !self.sections.contains_key(&revision) {
            let found = Sections::new(self.store.sections(revision)?);
            self.sections.insert(revision, found);
        }
        Ok(self.sections[&revision].of(turn))
    }

    /// The turns of a text, in its order.
    pub fn turns(&self, revision: &crate::store::Revision) -> Result<Vec<Turn>> {
        Ok(self.store.turns(revision.first_turn, revision.turns)?)
    }

    pub fn text(&mut self, revision: i64) -> Result<&str> {
        if self.text.0 != revision {
            self.text = (revision, self.store.text(revision)?);
        }
        Ok(&self.text.1)
    }

    /// The words of spans of one revision.
    pub fn slices(&mut self, revision: i64, spans: &[Span]) -> Result<Vec<String>> {
        let points = Codepoints::new(self.text(revision)?);
        Ok(spans.iter().map(|s| points.slice(*s).to_owned()).collect())
    }

    /// The words of some of a transcript's codings in its present text, without what was said off the record.
    pub fn open_slices<'c>(
        &mut self,
        sealed: &Shut,
        transcript: &Transcript,
        codings: impl Iterator<Item = &'c Coding> + Clone,
    ) -> Result<Vec<String>> {
        let open = match turns(codings.clone()) {
            Some(turns) => self.open(sealed, transcript.id, turns)?,
            None => Open::default(),
        };
        let points = Codepoints::new(self.text(transcript.revision.id)?);
        Ok(codings
            .map(|c| open.words(&points, c.span).into_owned())
            .collect())
    }

    fn code(&self, participant: Option<i64>) -> Result<Option<String>> {
        match (self.people.code(participant), participant) {
            (Some(known), _) => Ok(Some(known.to_owned())),
            (None, Some(id)) => Ok(self.store.code_of(id)?),
            (None, None) => Ok(None),
        }
    }

    pub fn view(&mut self, transcript: &Transcript, turn: &Turn) -> Result<TurnView> {
        let text = self
            .slices(transcript.revision.id, &[turn.span])?
            .pop()
            .unwrap_or_default();
        self.view_with(transcript, turn, text)
    }

    pub fn view_with(
        &mut self,
        transcript: &Transcript,
        turn: &Turn,
        text: String,
    ) -> Result<TurnView> {
        let participant = self.participant_of(transcript.id, turn)?;
        let (speaker, role) = match self.speaker(turn.speaker)? {
            Some(s) => (Some(s.label.clone()), s.role.clone()),
            None => (
                None,
                if participant.is_some() {
                    "participant".to_owned()
                } else {
                    "unknown".to_owned()
                },
            ),
        };
        Ok(TurnView {
            transcript: transcript.slug.clone(),
            revision: transcript.revision.number,
            turn: transcript.revision.number_of(turn.id),
            speaker,
            role,
            participant: self.code(participant)?,
            case: self.people.case_slug(transcript.case).map(str::to_owned),
            start: turn.span.start,
            end: turn.span.end,
            text,
            time_ms: turn.time_ms,
        })
    }
}

/// The first and the last turn of codings on one text; `None` of none.
pub fn turns<'c>(codings: impl Iterator<Item = &'c Coding>) -> Option<(i64, i64)> {
    codings
        .map(|c| (c.turn, c.last_turn))
        .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
}

impl Study {
    /// Finds a place, or the one place within it where exactly `quote` stands.
    pub fn locate(&self, place: &Place, quote: Option<&str>) -> Result<Found> {
        let transcript = self.store.transcript(&place.transcript)?;
        let turns = self
            .store
            .turns(transcript.revision.first_turn, transcript.revision.turns)?;
        let text = self.store.text(transcript.revision.id)?;
        locate_in(
            transcript,
            &turns,
            &text,
            &Codepoints::new(&text),
            place,
            quote,
        )
        .map_err(Into::into)
    }
}

/// Finds a place in a transcript that was read.
pub fn locate_in(
    transcript: Transcript,
    turns: &[Turn],
    text: &str,
    points: &Codepoints,
    place: &Place,
    quote: Option<&str>,
) -> Result<Found, Error> {
    let fail = |why: String| Error::NoSuchPlace {
        place: place.to_string(),
        why,
    };
    let nth = |n: u32| {
        turns
            .get(n as usize - 1)
            .ok_or_else(|| fail(format!("{} has {} turns", transcript.slug, turns.len())))
    };
    let span = match place.within {
        Within::Whole => match (turns.first(), turns.last()) {
            (Some(first), Some(last)) => Span::new(first.span.start, last.span.end),
            _ => return Err(fail(format!("{} has no turns", transcript.slug))),
        },
        Within::Turns(a, b) => Span::new(nth(a)?.span.start, nth(b)?.span.end),
        Within::TurnSpan(n, span) => {
            let turn = nth(n)?.span;
            if span.end > turn.len() {
                return Err(fail(format!("turn {n} has {} characters", turn.len())));
            }
            Span::new(turn.start + span.start, turn.start + span.end)
        }
        Within::Span(span) => {
            if span.end > points.len() {
                return Err(fail(format!(
                    "{} has {} characters",
                    transcript.slug,
                    points.len()
                )));
            }
            span
        }
    };
    let span = match quote {
        None => span,
        Some(quote) => the_one(place, points, text, span, quote, turns)?,
    };
    // A coding stands on what is said: where the span begins or ends between turns, the turns it touches decide.
    let touched = |t: &&Turn| t.span.overlaps(span);
    let from = turns.partition_point(|t| t.span.end <= span.start);
    let first = turns[from..]
        .iter()
        .find(touched)
        .ok_or_else(|| fail("no turn stands there".into()))?
        .id;
    let upto = turns.partition_point(|t| t.span.start < span.end);
    let last = turns[..upto]
        .iter()
        .rev()
        .find(touched)
        .map_or(first, |t| t.id);
    Ok(Found {
        span,
        turn: first,
        last_turn: last,
        transcript,
    })
}

fn the_one(
    place: &Place,
    points: &Codepoints,
    text: &str,
    within: Span,
    quote: &str,
    turns: &[Turn],
) -> Result<Span, Error> {
    let quote = quote.trim();
    if quote.is_empty() {
        return Err(Error::refused(
            "the quote is empty",
            "copy the words from the transcript: casebook transcript show ID",
        ));
    }
    let bytes = points.bytes(within);
    let inside = &text[bytes.clone()];
    let mut found: Vec<usize> = inside
        .match_indices(quote)
        .map(|(at, _)| bytes.start + at)
        .collect();
    let mut length = quote.len();
    if found.is_empty() {
        // Word processors turn ' into ’ and a line's end into a blank: the same words all the same.
        let (loose, offsets) = loosen(inside);
        let (wanted, _) = loosen(quote);
        let hits: Vec<usize> = loose.match_indices(&wanted).map(|(at, _)| at).collect();
        if let [one] = hits[..] {
            length = offsets[one + wanted.len()] - offsets[one];
        }
        found = hits
            .into_iter()
            .map(|at| bytes.start + offsets[at])
            .collect();
    }
    match found[..] {
        [] => Err(Error::QuoteNotFound {
            place: place.to_string(),
        }),
        [at] => Ok(Span::new(points.point(at), points.point(at + length))),
        _ => {
            let at_turn = |at: &usize| {
                let point = points.point(*at);
                turns
                    .iter()
                    .position(|t| t.span.start <= point && point < t.span.end)
                    .map_or_else(|| format!("@{point}"), |n| format!(":{}", n + 1))
            };
            let mut places: Vec<String> = found
                .iter()
                .take(6)
                .map(|at| format!("{}{}", place.transcript, at_turn(at)))
                .collect();
            if found.len() > 6 {
                places.push("…".into());
            }
            Err(Error::QuoteAmbiguous {
                place: place.to_string(),
                count: found.len(),
                places: places.join(", "),
            })
        }
    }
}

/// The text with typographic quotation marks made plain and runs of white space made one blank, and for each of its
/// bytes (and its end) where that stood.
fn loosen(text: &str) -> (String, Vec<usize>) {
    let mut loose = String::with_capacity(text.len());
    let mut offsets = Vec::with_capacity(text.len() + 1);
    let mut blank = false;
    for (at, c) in text.char_indices() {
        let c = match c {
            '\u{2018}' | '\u{2019}' => '\'',
            '\u{201c}' | '\u{201d}' => '"',
            c if c.is_whitespace() => ' ',
            c => c,
        };
        if c == ' ' && blank {
            continue;
        }
        blank = c == ' ';
        for _ in 0..c.len_utf8() {
            offsets.push(at);
        }
        loose.push(c);
    }
    offsets.push(text.len());
    (loose, offsets)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_mark_stands_where_words_were_off_the_record() {
        let text = "I: Well?\nP1: Éach one.\n\nP2: SECRET words.\nP2: SECRET more.\nP3: Yes. \nP2: SECRET.";
        let points = Codepoints::new(text);
        let at = |words: &str| {
            let start = text.find(words).expect("the words stand there");
            Span::new(points.point(start), points.point(start + words.len()))
        };
        let open = Open {
            turns: vec![
                (at("Well?"), false),
                (at("Éach one."), false),
                (at("SECRET words."), true),
                (at("SECRET more."), true),
                (at("Yes."), false),
                (at("SECRET."), true),
            ],
        };
        let words = |from: &str, to: &str| {
            let span = Span::new(at(from).start, at(to).end);
            open.words(&points, span).into_owned()
        };
        for (from, to, shown) in [
            ("Well?", "Éach", "Well?\nP1: Éach"),
            ("Éach", "Yes", "Éach one.\n\n[…]\nP3: Yes"),
            ("one", "P2", "one."),
            ("one", "SECRET", "one.\n\n[…]"),
            ("words", "more", "[…]"),
            ("P2", "Yes.", "[…]\nP3: Yes."),
            ("ET more", "SECRET.", "[…]\nP3: Yes. \n[…]"),
        ] {
            assert_eq!(words(from, to), shown, "{from} to {to}");
        }
        let whole = Open::default();
        assert_eq!(whole.words(&points, at("SECRET words.")), "SECRET words.");
    }

    proptest! {
        /// Of any turns and any span, nothing of a shut turn is shown, and everything of an open one.
        #[test]
        fn what_is_shut_is_never_shown(
            turns in proptest::collection::vec((0u32..4, 1u32..6, any::<bool>()), 1..8),
            start in 0u32..40,
            length in 1u32..40,
        ) {
            let mut text = String::new();
            let mut spans = Vec::new();
            let mut at = 0;
            for (n, (gap, len, shut)) in turns.iter().enumerate() {
                text.extend((0..*gap).map(|_| if n % 2 == 0 { '\n' } else { 'é' }));
                text.extend((0..*len).map(|_| if *shut { 'X' } else { 'o' }));
                spans.push((Span::new(at + gap, at + gap + len), *shut));
                at += gap + len;
            }
            let any_shut = spans.iter().any(|(_, shut)| *shut);
            let span = Span::new(start.min(at), (start + length).min(at));
            let said = |shut: bool| -> usize {
                spans.iter().filter(|(_, s)| *s == shut)
                    .map(|(turn, _)| (turn.end.min(span.end) as usize).saturating_sub(turn.start.max(span.start) as usize))
                    .sum()
            };
            let open = Open { turns: if any_shut { spans.clone() } else { Vec::new() } };
            let points = Codepoints::new(&text);
            let words = open.words(&points, span);
            prop_assert!(!words.contains('X'), "{words:?}");
            prop_assert_eq!(words.matches('o').count(), said(false));
            prop_assert_eq!(words.contains(LEFT_OUT), said(true) > 0);
        }
    }
}
