//! What limits say of a passage: one interview, one passage or one quote may be bound more strictly than its speaker.

use std::collections::HashMap;

use super::Error;
use super::gate::level_of;
use crate::domain::place::{Place, Within};
use crate::domain::span::{Span, printable};
use crate::domain::words::Attribution;
use crate::error::Result;
use crate::store::{Limit, LimitOn, LimitedPassage, Store, Transcript, Tx, transcript_of};
use crate::study::Study;
use crate::study::passage::Reader;

/// What holds for a passage whoever speaks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bound {
    /// The loosest that it may be cited at.
    pub level: Attribution,
    pub quotable: bool,
}

impl Default for Bound {
    /// Nothing.
    fn default() -> Self {
        Self {
            level: Attribution::Named,
            quotable: true,
        }
    }
}

impl Bound {
    /// What a limit says.
    pub fn of(limit: &Limit) -> Self {
        Self {
            level: limit.level.unwrap_or(Attribution::Named),
            quotable: limit.quotable,
        }
    }

    /// The stricter of two in each.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            level: self.level.max(other.level),
            quotable: self.quotable && other.quotable,
        }
    }
}

/// All limits of a study, by transcript.
#[derive(Clone, Debug, Default)]
pub struct Limits(HashMap<i64, Vec<Limit>>);

impl Limits {
    pub fn read(store: &Store) -> Result<Self> {
        let mut of: HashMap<i64, Vec<Limit>> = HashMap::new();
        for limit in store.limits()? {
            of.entry(limit.transcript).or_default().push(limit);
        }
        Ok(Self(of))
    }

    /// What holds for a span of a transcript's present text that is quoted by these codings. A quote that shares a
    /// character with a limited passage is bound by it; a passage without a certain place in the text binds all of it.
    pub fn on(
        &self,
        transcript: &Transcript,
        span: Span,
        codings: impl IntoIterator<Item = i64>,
    ) -> Bound {
        let Some(here) = self.0.get(&transcript.id) else {
            return Bound::default();
        };
        let codings: Vec<i64> = codings.into_iter().collect();
        here.iter()
            .filter(|limit| match limit.on {
                LimitOn::Transcript => true,
                LimitOn::Passage(p) => {
                    limit.lost || p.revision != transcript.revision.id || p.span.overlaps(span)
                }
                LimitOn::Coding(id) => codings.contains(&id),
            })
            .fold(Bound::default(), |bound, limit| bound.and(Bound::of(limit)))
    }

    /// What holds for all of a transcript: as far as it goes, no passage of it is bound less.
    pub fn on_whole(&self, transcript: &Transcript) -> Bound {
        let here = self.0.get(&transcript.id).map_or(&[][..], Vec::as_slice);
        here.iter()
            .filter(|limit| match limit.on {
                LimitOn::Transcript => true,
                LimitOn::Passage(p) => limit.lost || p.revision != transcript.revision.id,
                LimitOn::Coding(_) => false,
            })
            .fold(Bound::default(), |bound, limit| bound.and(Bound::of(limit)))
    }
}

/// What somebody asks to be limited.
#[derive(Clone, Debug)]
pub struct Ask {
    pub transcript: Transcript,
    pub on: LimitOn,
    pub bound: Bound,
    /// What is said to whoever asked: that turns are sealed whole, that a quote became a passage.
    pub notes: Vec<String>,
}

/// Reads a place as typed (`T01` an interview, `T01:12@5-40` a passage, `coding:N` one quote), and checks that the limit
/// would make anything stricter.
pub fn asked(
    study: &Study,
    typed: &str,
    quote: Option<&str>,
    level: Option<Attribution>,
    not_quotable: bool,
) -> Result<Ask> {
    let store = &study.store;
    let level = level.unwrap_or(Attribution::Named);
    let bound = Bound {
        level,
        quotable: !not_quotable,
    };
    if bound == Bound::default() {
        return Err(Error::refused(
            "that limits nothing",
            "give a level stricter than `named`, or --not-quotable",
        )
        .into());
    }
    let (transcript, on, span) = place(study, typed, quote)?;
    let mut ask = Ask {
        on,
        bound,
        notes: Vec::new(),
        transcript,
    };
    let transcript = &ask.transcript;
    if level == Attribution::OffRecord
        && let LimitOn::Coding(id) = on
        && let Some(coding) = store.coding(id)?
    {
        // What is off the record is so however it is coded.
        ask.on = LimitOn::Passage(LimitedPassage {
            revision: coding.revision,
            span: coding.span,
            turn: coding.turn,
            last_turn: coding.last_turn,
        });
        ask.notes.push(format!(
            "Off the record are the words of coding {id}, however they are coded."
        ));
    }
    if level == Attribution::OffRecord
        && let LimitOn::Passage(p) = ask.on
    {
        let (first, last) = (
            transcript.revision.number_of(p.turn),
            transcript.revision.number_of(p.last_turn),
        );
        let turns = store.turns(p.turn, p.last_turn - p.turn + 1)?;
        let whole = turns.first().is_some_and(|t| t.span.start >= p.span.start)
            && turns.last().is_some_and(|t| t.span.end <= p.span.end);
        if !whole {
            ask.notes.push(if first == last {
                format!(
                    "All of {}:{first} is off the record, as a search works by turn.",
                    transcript.slug
                )
            } else {
                format!(
                    "All of {}:{first}-{last} is off the record, as a search works by turn.",
                    transcript.slug
                )
            });
        }
    }
    if !has_effect(study, transcript, ask.on, span, bound)? {
        return Err(Error::refused(
            "that limit has no effect: what holds there is as strict already".to_string(),
            format!(
                "see what holds with: casebook limit list --transcript {}   and: casebook participant list",
                transcript.slug
            ),
        )
        .into());
    }
    Ok(ask)
}

/// The transcript, what of it, and its characters where it is not all.
fn place(
    study: &Study,
    typed: &str,
    quote: Option<&str>,
) -> Result<(Transcript, LimitOn, Option<Span>)> {
    let store = &study.store;
    if let Some(number) = typed.strip_prefix("coding:") {
        if quote.is_some() {
            return Err(Error::refused(
                "the words of a coding are known",
                "leave --quote out, or give a place: T01:12",
            )
            .into());
        }
        let unknown = || {
            Error::refused(
                format!("there is no coding `{}`", printable(number)),
                "see their numbers with: casebook quotes",
            )
        };
        let id: i64 = number.parse().map_err(|_| unknown())?;
        let coding = store.coding(id)?.ok_or_else(unknown)?;
        if coding.pending.is_some() {
            return Err(Error::refused(
                format!("coding {id} waits for its place in a corrected text"),
                "place it first with: casebook transcript pending",
            )
            .into());
        }
        let transcript = store
            .transcript_by_id(transcript_of(id))?
            .ok_or_else(unknown)?;
        return Ok((transcript, LimitOn::Coding(id), Some(coding.span)));
    }
    let place: Place = typed.parse()?;
    if place.within == Within::Whole && quote.is_none() {
        let transcript = store.transcript(&place.transcript)?;
        return Ok((transcript, LimitOn::Transcript, None));
    }
    let found = study.locate(&place, quote)?;
    let passage = LimitedPassage {
        revision: found.transcript.revision.id,
        span: found.span,
        turn: found.turn,
        last_turn: found.last_turn,
    };
    Ok((
        found.transcript,
        LimitOn::Passage(passage),
        Some(found.span),
    ))
}

/// Whether anybody who speaks there is bound less by now.
fn has_effect(
    study: &Study,
    transcript: &Transcript,
    on: LimitOn,
    span: Option<Span>,
    new: Bound,
) -> Result<bool> {
    let store = &study.store;
    // What binds all of the place already.
    let there = store
        .limits_of(transcript.id)?
        .iter()
        .filter(|limit| match (limit.on, on) {
            (LimitOn::Transcript, _) => true,
            (LimitOn::Passage(p), _) => {
                limit.lost
                    || p.revision != transcript.revision.id
                    || span.is_some_and(|s| p.span.start <= s.start && s.end <= p.span.end)
            }
            (LimitOn::Coding(a), LimitOn::Coding(b)) => a == b,
            (LimitOn::Coding(_), _) => false,
        })
        .fold(Bound::default(), |bound, limit| bound.and(Bound::of(limit)));
    let (first, last) = match on {
        LimitOn::Passage(p) => (p.turn, p.last_turn),
        LimitOn::Coding(id) => match store.coding(id)? {
            Some(c) => (c.turn, c.last_turn),
            None => return Ok(false),
        },
        LimitOn::Transcript => (
            transcript.revision.first_turn,
            transcript.revision.first_turn + transcript.revision.turns - 1,
        ),
    };
    let mut reader = Reader::new(store)?;
    let mut known: HashMap<Option<i64>, bool> = HashMap::new();
    for turn in store.turns(first, last - first + 1)? {
        if let Some(stricter) = known.get(&turn.speaker) {
            if *stricter {
                return Ok(true);
            }
            continue;
        }
        let who = reader.participant_of(transcript.id, &turn)?;
        let person = who.and_then(|p| reader.people.participants.get(&p));
        let quotable = there.quotable && person.is_none_or(|p| p.quotable);
        let stricter = new.level > level_of(person, there) || (!new.quotable && quotable);
        known.insert(turn.speaker, stricter);
        if stricter {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Places a limit that lost its place in a corrected text.
pub fn place_lost(study: &Study, tx: &Tx, id: i64, typed: &str, quote: Option<&str>) -> Result<()> {
    let limit = the_limit(tx, id)?;
    if !limit.lost {
        return Err(Error::refused(
            format!("limit {id} has its place"),
            "put another there with: casebook limit add PLACE LEVEL   and take this one away with: casebook limit remove",
        )
        .into());
    }
    let (transcript, on, _) = place(study, typed, quote)?;
    if transcript.id != limit.transcript {
        return Err(Error::refused(
            format!("limit {id} is not on {}", transcript.slug),
            "a limit stays in its transcript; make another with: casebook limit add PLACE LEVEL",
        )
        .into());
    }
    match on {
        LimitOn::Passage(passage) => Ok(tx.place_limit(id, transcript.id, passage)?),
        LimitOn::Transcript | LimitOn::Coding(_) => Err(Error::refused(
            format!("limit {id} is on a passage"),
            "say which it is now, as in: T01:12@5-40, or T01 --quote WORDS",
        )
        .into()),
    }
}

/// The limit of that number.
pub fn the_limit(store: &Store, id: i64) -> Result<Limit> {
    Ok(store.limit(id)?.ok_or_else(|| {
        Error::refused(
            format!("there is no limit {id}"),
            "see what there is with: casebook limit list",
        )
    })?)
}

/// Where a limit holds, as people type it.
pub fn place_of(limit: &Limit, transcript: &Transcript) -> String {
    match limit.on {
        LimitOn::Transcript => transcript.slug.clone(),
        LimitOn::Coding(id) => format!("coding:{id}"),
        LimitOn::Passage(p) if limit.lost || p.revision != transcript.revision.id => {
            transcript.slug.clone()
        }
        LimitOn::Passage(p) => format!("{}@{}", transcript.slug, p.span),
    }
}
