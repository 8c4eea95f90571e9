//! The codings that a selection leaves, transcript by transcript, with no more of each than counting pairs needs.

use std::collections::HashMap;

use super::Question;
use crate::analysis::cooccur::pairs::Piece;
use crate::analysis::cooccur::{Count, Tie};
use crate::analysis::relation::ruler::Ruler;
use crate::coding::quotes::each_ref;
use crate::coding::relations::ruler;
use crate::domain::filter::Speakers;
use crate::error::{Failure, Result};
use crate::search::TurnSet;
use crate::store::{Coded, transcript_of};
use crate::study::passage::Reader;
use crate::study::{Selection, Study};

/// Gives each transcript's passages to `each`, with its case and, where participants are counted, with whose words each
/// passage is.
pub(super) fn each_transcript(
    study: &Study,
    selection: &Selection,
    groups: &HashMap<i64, u32>,
    question: &Question,
    taken: &Taken,
    coders: &mut Vec<i64>,
    mut each: impl FnMut(Option<i64>, &[Piece], &[Option<i64>]),
) -> Result<()> {
    let cases: HashMap<i64, i64> =
        if question.count == Count::Cases || question.tie == Tie::SameCase {
            let all = study.store.transcripts()?.into_iter();
            all.filter_map(|t| Some((t.id, t.case?))).collect()
        } else {
            HashMap::new()
        };
    let mut reader = Reader::new(&study.store)?;
    // Whose words they are, and how they stand to others, is read turn by turn.
    if question.count == Count::Participants || selection.relations.is_some() {
        let mut pieces = Vec::new();
        let mut who = Vec::new();
        return each_ref(
            study,
            selection,
            &mut reader,
            |reader, transcript, found| {
                pieces.clear();
                who.clear();
                for q in found {
                    if let Some(theme) = groups.get(&q.coding.theme) {
                        let coded = Coded {
                            id: q.coding.id,
                            span: q.coding.span,
                            turn: q.coding.turn,
                            last_turn: q.coding.last_turn,
                            theme: q.coding.theme,
                            coder: q.coding.coder,
                        };
                        saw(coders, coded.coder);
                        pieces.push(piece(&coded, *theme));
                        who.push(q.participant);
                    }
                }
                measure(study, reader, question, transcript.id, &mut pieces)?;
                each(cases.get(&transcript.id).copied(), &pieces, &who);
                Ok(())
            },
        );
    }
    // Few themes have few codings, and the index by theme finds them.
    let groups = Themes::new(groups, selection);
    let mut here = 0;
    let mut pieces: Vec<Piece> = Vec::new();
    let mut take = |coded: Coded| -> Result<()> {
        let Some(theme) = groups.of(coded.theme) else {
            return Ok(());
        };
        if !taken.takes(&coded) {
            return Ok(());
        }
        let transcript = transcript_of(coded.id);
        if transcript != here {
            if !pieces.is_empty() {
                measure(study, &mut reader, question, here, &mut pieces)?;
                each(cases.get(&here).copied(), &pieces, &[]);
                pieces.clear();
            }
            here = transcript;
        }
        saw(coders, coded.coder);
        pieces.push(piece(&coded, theme));
        Ok(())
    };
    match (&selection.transcripts, &selection.themes) {
        (Some(transcripts), _) => {
            for id in transcripts {
                study.store.each_coded::<Failure>(Some(*id), &mut take)?;
            }
        }
        (None, Some(themes)) if themes.len() * FEW < study.store.themes()?.len() => {
            let mut all: Vec<Coded> = Vec::new();
            for theme in themes {
                study.store.each_coding::<Failure>(Some(*theme), |c| {
                    all.push(Coded {
                        id: c.id,
                        span: c.span,
                        turn: c.turn,
                        last_turn: c.last_turn,
                        theme: c.theme,
                        coder: c.coder,
                    });
                    Ok(())
                })?;
            }
            all.sort_unstable_by_key(|c| c.id);
            all.into_iter().try_for_each(&mut take)?;
        }
        _ => study.store.each_coded::<Failure>(None, &mut take)?,
    }
    if !pieces.is_empty() {
        measure(study, &mut reader, question, here, &mut pieces)?;
        each(cases.get(&here).copied(), &pieces, &[]);
    }
    Ok(())
}

/// Keeps in mind who coded what is counted; a study has few coders.
fn saw(coders: &mut Vec<i64>, coder: i64) {
    if !coders.contains(&coder) {
        coders.push(coder);
    }
}

/// Themes are looked for one by one where they are fewer than one in so many.
const FEW: usize = 4;

fn piece(c: &Coded, theme: u32) -> Piece {
    Piece {
        theme,
        start: c.span.start,
        end: c.span.end,
        turns: (c.turn, c.last_turn),
        measured: None,
    }
}

/// Puts passages on the ruler of the distance, where the relation has one.
fn measure(
    study: &Study,
    reader: &mut Reader,
    question: &Question,
    transcript: i64,
    pieces: &mut [Piece],
) -> Result<()> {
    if question.tie.relation().has_distance() {
        let ruler = ruler_of(study, reader, question, transcript)?;
        for p in pieces {
            let span = crate::domain::span::Span::new(p.start, p.end);
            p.measured = ruler.measure(span, p.turns);
        }
    }
    Ok(())
}

pub(super) fn ruler_of(
    study: &Study,
    reader: &mut Reader,
    question: &Question,
    transcript: i64,
) -> Result<Ruler> {
    let transcript = reader.transcript(transcript)?;
    let revision = &transcript.revision;
    let turns = study.store.turns(revision.first_turn, revision.turns)?;
    ruler(&study.store, transcript, &turns, question.filter.distance)
}

/// The group of a theme: ids are small numbers, so a list answers at once.
struct Themes(Vec<Option<u32>>);

impl Themes {
    fn new(groups: &HashMap<i64, u32>, selection: &Selection) -> Self {
        let place = |id: i64| usize::try_from(id).unwrap_or_default();
        let mut all = vec![None; groups.keys().max().map_or(0, |id| place(*id) + 1)];
        for (id, group) in groups {
            let asked = selection.themes.as_ref();
            if asked.is_none_or(|ids| ids.binary_search(id).is_ok()) {
                all[place(*id)] = Some(*group);
            }
        }
        Self(all)
    }

    fn of(&self, theme: i64) -> Option<u32> {
        *self.0.get(usize::try_from(theme).ok()?)?
    }
}

/// Which codings and turns a selection takes, whatever their theme.
pub(super) struct Taken<'a> {
    selection: &'a Selection,
    /// Turns of the speakers that count; `None`: all.
    turns: Option<TurnSet>,
}

impl<'a> Taken<'a> {
    pub(super) fn new(study: &Study, selection: &'a Selection) -> Result<Self> {
        let all_speak = !matches!(
            selection.speakers,
            Some(Speakers::Participant | Speakers::Interviewer)
        );
        let turns = if all_speak && selection.participants.is_none() && selection.sealed.is_empty()
        {
            None
        } else {
            // A coding begins under a heading, but may be spoken in any of its turns.
            let spoken = Selection {
                transcripts: selection.transcripts.clone(),
                participants: selection.participants.clone(),
                speakers: selection.speakers,
                sealed: selection.sealed.clone(),
                ..Selection::default()
            };
            study.turns_of(&spoken, &study.sets()?)?
        };
        Ok(Self { selection, turns })
    }

    fn is_spoken(&self, turn: i64) -> bool {
        let has = |turns: &TurnSet| u32::try_from(turn).is_ok_and(|t| turns.contains(t));
        self.turns.as_ref().is_none_or(has)
    }

    /// Whether a turn counts as one.
    pub(super) fn takes_turn(&self, turn: i64) -> bool {
        self.selection.takes_turn(turn) && self.is_spoken(turn)
    }

    fn takes(&self, c: &Coded) -> bool {
        (c.turn..=c.last_turn).any(|t| self.is_spoken(t))
            && self.selection.takes_turn(c.turn)
            && self
                .selection
                .coders
                .as_ref()
                .is_none_or(|k| k.contains(&c.coder))
    }
}
