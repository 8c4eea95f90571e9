//! Settling one disagreement: the codings at stake stay as they are, what was agreed is coded by `consensus`, and the
//! decision is kept.

use serde::Serialize;

use super::handle::Handle;
use super::{Both, Pair, Texts, by_transcript, each_both, stands};
use crate::analysis::disagreement::{Disagreement, Kind};
use crate::coding::Error;
use crate::domain::coder::{CONSENSUS, is_human};
use crate::domain::place::Place;
use crate::domain::span::Span;
use crate::domain::words::words;
use crate::error::Result;
use crate::store::{Coding, NewCoding, NewSettlement, Settlement, Transcript, Tx, transcript_of};
use crate::study::passage::Reader;
use crate::study::{Codebook, Study};

words! {
    /// Which of the codings at stake are kept.
    Choice, "choice" {
        First = "first",
        Second = "second",
        /// Both codings; of a boundary, all that either of them coded.
        Both = "both",
        Neither = "neither",
    }
}

/// What two coders decided to keep.
#[derive(Clone, Debug)]
pub enum Keep {
    Coded(Choice),
    /// Another place or theme. What is not said is as it was coded, where both coded it alike.
    Other {
        place: Option<Place>,
        quote: Option<String>,
        theme: Option<String>,
    },
}

impl Keep {
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Coded(choice) => choice.word(),
            Self::Other { .. } => "other",
        }
    }
}

/// A passage as the consensus has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Passage {
    pub span: Span,
    pub theme: i64,
    /// Ids of the first and last turn.
    pub turns: (i64, i64),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Settled {
    pub handle: String,
    pub kind: Kind,
    pub coders: [String; 2],
    pub transcript: String,
    pub keeps: &'static str,
    pub why: String,
    /// What `consensus` coded, or had coded already.
    pub consensus: Vec<SettledPassage>,
    /// Earlier settlements of the same codings, which this one replaces.
    pub replaced: usize,
    pub settlement: i64,
    pub event: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SettledPassage {
    pub coding: i64,
    pub theme: String,
    pub start: u32,
    pub end: u32,
}

/// A disagreement to be settled, as it was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Settling<'a> {
    pub handle: Handle,
    /// Between whom, where the handle does not say it.
    pub coders: &'a [String],
    pub keep: &'a Keep,
    pub why: &'a str,
    /// Whether one that is settled is settled anew.
    pub again: bool,
}

/// Settles a disagreement.
pub fn settle(study: &Study, asked: &Settling) -> Result<Settled> {
    let (mut settled, event) = study.change("agreement settle", |tx| {
        let codings = at_stake(tx, asked.handle)?;
        let transcript = transcript_of(codings[0].id);
        let pair = the_two(tx, asked.handle, &codings, asked.coders)?;
        let mut made = None;
        let mut reader = Reader::new(tx)?;
        each_both(
            study,
            &pair,
            Some(vec![transcript]),
            &mut reader,
            |reader, both| {
                made = Some(settle_one(study, tx, reader, &both, &pair, asked)?);
                Ok(())
            },
        )?;
        let Some(settled) = made else {
            return Err(none_such(asked.handle, &pair, None).into());
        };
        tx.summary(format!(
            "settle {} {} on {}: keep {}",
            settled.kind, settled.handle, settled.transcript, settled.keeps
        ));
        Ok(settled)
    })?;
    settled.event = event;
    Ok(settled)
}

fn settle_one(
    study: &Study,
    tx: &Tx,
    reader: &mut Reader,
    both: &Both,
    pair: &Pair,
    asked: &Settling,
) -> Result<Settled> {
    let Settling {
        handle,
        keep,
        why,
        again,
        ..
    } = *asked;
    let d = both
        .compared
        .disagreements
        .iter()
        .find(|d| Handle::of(d) == handle)
        .ok_or_else(|| none_such(handle, pair, Some(both)))?;
    let basis = Texts::read(reader, both.transcript, &[d])?
        .pop()
        .map(|t| t.basis(pair, d))
        .unwrap_or_default();
    let earlier = of_same_codings(tx, both.transcript.id, pair, d)?;
    if let Some(there) = earlier.iter().find(|s| stands(s, pair, d, &basis))
        && !again
    {
        return Err(Error::refused(
            format!(
                "`{handle}` was settled already, by {} as event {}",
                there.coder, there.event
            ),
            "see how with: casebook agreement settled   to settle it anew, add --again",
        )
        .into());
    }
    for old in &earlier {
        withdraw(tx, old)?;
    }
    let passages = outcome(study, both, d, keep)?;
    let book = Codebook::read(tx)?;
    let coder = tx.coder(CONSENSUS)?;
    let there: Vec<Coding> = tx
        .codings_of(both.transcript.id)?
        .into_iter()
        .filter(|c| c.coder == coder)
        .collect();
    let mut consensus = Vec::new();
    for passage in passages {
        let same = |c: &&Coding| (c.span, c.theme) == (passage.span, passage.theme);
        let coding = match there.iter().find(same) {
            Some(known) => known.id,
            None => {
                let new = [of_consensus(both.transcript, passage, coder)];
                tx.add_codings(both.transcript.id, &new)?.start
            }
        };
        consensus.push(SettledPassage {
            coding,
            theme: book.path(passage.theme),
            start: passage.span.start,
            end: passage.span.end,
        });
    }
    let settlement = tx.add_settlement(&NewSettlement {
        transcript: both.transcript.id,
        kind: d.kind.word(),
        first_coder: pair.first.id,
        second_coder: pair.second.id,
        codings: &d.codings(),
        basis,
        keeps: keep.word(),
        why,
        coder: tx.coder(&study.session.coder)?,
    })?;
    Ok(Settled {
        handle: handle.to_string(),
        kind: d.kind,
        coders: [pair.first.name.clone(), pair.second.name.clone()],
        transcript: both.transcript.slug.clone(),
        keeps: keep.word(),
        why: why.to_owned(),
        consensus,
        replaced: earlier.len(),
        settlement,
        event: None,
    })
}

/// The codings that a handle names, which must be there, in their place, on one transcript.
fn at_stake(tx: &Tx, handle: Handle) -> Result<Vec<Coding>> {
    let mut found: Vec<Coding> = Vec::new();
    for id in handle.codings() {
        let coding = tx.coding(id)?.ok_or(Error::UnknownCoding(id))?;
        if coding.pending.is_some() {
            return Err(Error::refused(
                format!("coding {id} waits for its place in a corrected text"),
                "give it one first: casebook transcript pending",
            )
            .into());
        }
        found.push(coding);
    }
    if found.is_empty() {
        return Err(Error::refused(
            "a handle names at least one coding",
            "copy it from: casebook agreement disagreements",
        )
        .into());
    }
    if let [a, b] = found[..]
        && transcript_of(a.id) != transcript_of(b.id)
    {
        return Err(Error::refused(
            format!("codings {} and {} are not on one transcript", a.id, b.id),
            "copy the handle from: casebook agreement disagreements",
        )
        .into());
    }
    Ok(found)
}

/// Between whom it is: the coders of the codings. Where only one coded, the other is named, or is the only other person
/// who coded the transcript.
fn the_two(tx: &Tx, handle: Handle, codings: &[Coding], typed: &[String]) -> Result<Pair> {
    let all = tx.coders()?;
    let by_id = |id: i64| {
        all.iter()
            .find(|c| c.id == id)
            .cloned()
            .ok_or_else(|| Error::refused("a coder is gone", "look with: casebook check"))
    };
    let pair = match codings {
        [a, b] => Pair {
            first: by_id(a.coder)?,
            second: by_id(b.coder)?,
        },
        _ if !typed.is_empty() => Pair::of(tx, typed)?,
        _ => {
            let mine = by_id(codings[0].coder)?;
            let others: Vec<_> = tx
                .coders_of(transcript_of(codings[0].id))?
                .into_iter()
                .filter_map(|(id, _)| all.iter().find(|c| c.id == id && c.id != mine.id))
                .filter(|c| is_human(&c.name))
                .cloned()
                .collect();
            let [other] = &others[..] else {
                return Err(Error::refused(
                    format!("`{handle}` does not say who the other coder is"),
                    format!("name both, as in: --coders {},OTHER", mine.name),
                )
                .into());
            };
            let (mine, other) = (mine, other.clone());
            match handle.first {
                Some(_) => Pair {
                    first: mine,
                    second: other,
                },
                None => Pair {
                    first: other,
                    second: mine,
                },
            }
        }
    };
    let fits = |side: Option<i64>, coder: i64| {
        side.is_none_or(|id| codings.iter().any(|c| c.id == id && c.coder == coder))
    };
    // Named the other way round, they are the same two.
    let pair = if fits(handle.first, pair.first.id) && fits(handle.second, pair.second.id) {
        pair
    } else {
        Pair {
            first: pair.second,
            second: pair.first,
        }
    };
    let named = typed.is_empty() || {
        let typed = Pair::of(tx, typed)?;
        pair.is(typed.first.id, typed.second.id)
    };
    if !named || !fits(handle.first, pair.first.id) || !fits(handle.second, pair.second.id) {
        return Err(Error::refused(
            format!("`{handle}` is not between these two coders"),
            format!(
                "see theirs with: casebook agreement disagreements --coders {}",
                pair.typed()
            ),
        )
        .into());
    }
    if [&pair.first, &pair.second]
        .iter()
        .any(|c| c.name.eq_ignore_ascii_case(CONSENSUS))
    {
        return Err(Error::refused(
            "`consensus` is what settling makes: nothing is settled with it",
            "settle what two coders coded: casebook agreement disagreements",
        )
        .into());
    }
    if pair.first.id == pair.second.id {
        return Err(Error::refused(
            format!("the codings of `{handle}` are by one and the same coder"),
            "copy the handle from: casebook agreement disagreements",
        )
        .into());
    }
    Ok(pair)
}

fn none_such(handle: Handle, pair: &Pair, both: Option<&Both>) -> Error {
    let agreed = both.is_some_and(|b| {
        b.compared
            .agreed
            .iter()
            .any(|a| handle.first == Some(a.first.coding) && handle.second == Some(a.second.coding))
    });
    if agreed {
        return Error::refused(
            format!("`{handle}` is no disagreement: both coded the same"),
            "what is agreed is coded with: casebook agreement consensus",
        );
    }
    let of = both.map_or(String::new(), |b| {
        format!(" --transcript {}", b.transcript.slug)
    });
    Error::refused(
        format!(
            "`{handle}` is no disagreement as things stand: a coding may have found another partner since"
        ),
        format!(
            "see what there is with: casebook agreement disagreements --coders {}{of}",
            pair.typed()
        ),
    )
}

/// Earlier settlements of codings that are at stake here too, between the same two.
fn of_same_codings(
    tx: &Tx,
    transcript: i64,
    pair: &Pair,
    d: &Disagreement,
) -> Result<Vec<Settlement>> {
    let now = d.codings();
    let mut found = by_transcript(tx.settlements(Some(transcript))?)
        .remove(&transcript)
        .unwrap_or_default();
    found.retain(|s| {
        pair.is(s.first_coder, s.second_coder) && s.codings.iter().any(|c| now.contains(c))
    });
    Ok(found)
}

/// Takes a settlement back with what the consensus coded by it: the codings that the same event made.
fn withdraw(tx: &Tx, old: &Settlement) -> Result<()> {
    let coder = tx.coder(CONSENSUS)?;
    for coding in tx.codings_of(old.transcript)? {
        if coding.coder == coder && coding.event == old.event {
            tx.remove_coding(coding.id)?;
        }
    }
    Ok(tx.remove_settlement(old.id)?)
}

pub(super) fn of_consensus(transcript: &Transcript, passage: Passage, coder: i64) -> NewCoding {
    NewCoding {
        transcript: transcript.id,
        revision: transcript.revision.id,
        span: passage.span,
        turn: passage.turns.0,
        last_turn: passage.turns.1,
        theme: passage.theme,
        coder,
    }
}

/// What the consensus codes where the first, the second, both or neither are kept; none for another passage, which
/// only its own coding says.
pub(super) fn implied(both: &Both, d: &Disagreement, keeps: &str) -> Option<Vec<Passage>> {
    let passage = |coding: i64| {
        both.reference(coding).map(|q| Passage {
            span: q.coding.span,
            theme: q.coding.theme,
            turns: (q.coding.turn, q.coding.last_turn),
        })
    };
    let first = d.first.and_then(|m| passage(m.coding));
    let second = d.second.and_then(|m| passage(m.coding));
    Some(match keeps {
        "first" => first.into_iter().collect(),
        "second" => second.into_iter().collect(),
        "both" => match (first, second) {
            (Some(a), Some(b)) if d.kind == Kind::Boundary => vec![Passage {
                span: d.span(),
                theme: a.theme,
                turns: (a.turns.0.min(b.turns.0), a.turns.1.max(b.turns.1)),
            }],
            _ => first.into_iter().chain(second).collect(),
        },
        "neither" => Vec::new(),
        _ => return None,
    })
}

fn outcome(study: &Study, both: &Both, d: &Disagreement, keep: &Keep) -> Result<Vec<Passage>> {
    if matches!(keep, Keep::Coded(Choice::Both)) && d.kind == Kind::Presence {
        return Err(Error::refused(
            "only one of the two coded this: there are no two codings to keep",
            "keep that one with --keep first (or second), or nothing with --keep neither",
        )
        .into());
    }
    let Keep::Other {
        place,
        quote,
        theme,
    } = keep
    else {
        return Ok(implied(both, d, keep.word()).unwrap_or_default());
    };
    let sides: Vec<_> = [d.first, d.second].into_iter().flatten().collect();
    let alike = |a: bool| sides.len() == 1 || a;
    let theme = match theme {
        Some(path) => Codebook::read(&study.store)?.find(path)?,
        None if alike(sides[0].theme == sides[sides.len() - 1].theme) => sides[0].theme,
        None => {
            return Err(Error::refused(
                "the two coded different themes: the place alone does not settle it",
                "say which theme is kept, as in: --at T01:12 --theme PATH",
            )
            .into());
        }
    };
    let (span, turns) = match place {
        Some(place) => {
            let found = study.locate(place, quote.as_deref())?;
            if found.transcript.id != both.transcript.id {
                return Err(Error::refused(
                    format!(
                        "`{place}` is not on {}, where the codings are",
                        both.transcript.slug
                    ),
                    format!("name a place there, as in: --at {}:1", both.transcript.slug),
                )
                .into());
            }
            (found.span, (found.turn, found.last_turn))
        }
        None if alike(sides[0].span == sides[sides.len() - 1].span) => {
            let q = both.reference(sides[0].coding);
            (
                sides[0].span,
                q.map_or((0, 0), |q| (q.coding.turn, q.coding.last_turn)),
            )
        }
        None => {
            return Err(Error::refused(
                "the two coded different spans: the theme alone does not settle it",
                format!(
                    "say where, as in: --at {}@{} --theme PATH",
                    both.transcript.slug,
                    d.span()
                ),
            )
            .into());
        }
    };
    Ok(vec![Passage { span, theme, turns }])
}
