//! Which codings stand to others as a filter asks: reads the others, transcript by transcript.

use std::collections::HashMap;

use crate::analysis::relation::index::{Index, shared};
use crate::analysis::relation::ruler::{Ruler, most};
use crate::analysis::relation::{Distance, Relation, Segment, Step};
use crate::domain::filter::Speakers;
use crate::domain::span::Span;
use crate::error::{Failure, Result};
use crate::search::TurnSet;
use crate::store::{Coding, Store, Transcript, Turn, transcript_of};
use crate::study::passage::Reader;
use crate::study::{Relations, Selection, Study};

/// What is asked of every transcript.
pub struct Related<'a> {
    study: &'a Study,
    asked: &'a Relations,
    coders: Option<&'a [i64]>,
    /// Turns of which something may be said; `None`: all.
    open: Option<TurnSet>,
    /// For each relation to passages of the same case: how many codings each case has.
    cases: Vec<HashMap<i64, usize>>,
}

impl<'a> Related<'a> {
    /// `None` where the selection asks for no relation.
    pub fn new(study: &'a Study, selection: &'a Selection) -> Result<Option<Self>> {
        let Some(asked) = &selection.relations else {
            return Ok(None);
        };
        let open = if selection.sealed.is_empty() {
            None
        } else {
            let unsealed = Selection {
                sealed: selection.sealed.clone(),
                speakers: Some(Speakers::All),
                ..Selection::default()
            };
            study.turns_of(&unsealed, &study.sets()?)?
        };
        let mut related = Self {
            study,
            asked,
            coders: selection.coders.as_deref(),
            open,
            cases: Vec::new(),
        };
        related.cases = related.of_cases()?;
        Ok(Some(related))
    }

    /// Whether a coding may be the other one.
    fn counts(&self, c: &Coding) -> bool {
        let said = |open: &TurnSet| {
            (c.turn..=c.last_turn).any(|t| u32::try_from(t).is_ok_and(|t| open.contains(t)))
        };
        self.coders.is_none_or(|k| k.contains(&c.coder)) && self.open.as_ref().is_none_or(said)
    }

    fn of_cases(&self) -> Result<Vec<HashMap<i64, usize>>> {
        let asked = &self.asked.all;
        if asked.iter().all(|to| to.relation != Relation::SameCase) {
            return Ok(vec![HashMap::new(); asked.len()]);
        }
        let store = &self.study.store;
        let places = self.asked.transcripts.as_ref();
        let case_of: HashMap<i64, i64> = store
            .transcripts()?
            .into_iter()
            .filter(|t| places.is_none_or(|ids| ids.binary_search(&t.id).is_ok()))
            .filter_map(|t| Some((t.id, t.case?)))
            .collect();
        let mut all = Vec::with_capacity(asked.len());
        for to in asked {
            let mut of: HashMap<i64, usize> = HashMap::new();
            if to.relation == Relation::SameCase {
                let themes: Vec<Option<i64>> = match &to.themes {
                    Some(themes) => themes.iter().copied().map(Some).collect(),
                    None => vec![None],
                };
                for theme in themes {
                    store.each_coding::<Failure>(theme, |c| {
                        if let Some(case) = case_of.get(&transcript_of(c.id))
                            && self.counts(&c)
                        {
                            *of.entry(*case).or_default() += 1;
                        }
                        Ok(())
                    })?;
                }
            }
            all.push(of);
        }
        Ok(all)
    }

    /// Those of a transcript's codings for which everything holds. Where only a shared part is wanted, a coding's span
    /// and turns are the part's, and a coding with several parts comes several times.
    pub fn leave(&self, reader: &mut Reader, codings: &[Coding]) -> Result<Vec<Coding>> {
        let Some(any) = codings.first() else {
            return Ok(Vec::new());
        };
        let transcript = reader.transcript(transcript_of(any.id))?.clone();
        let asked = &self.asked.all;
        let has = |ask: fn(Relation) -> bool| asked.iter().any(|to| ask(to.relation));
        let parts_wanted = has(|r| r == Relation::OverlapPart);
        let distance = has(Relation::has_distance).then_some(self.asked.distance);
        let turns = if parts_wanted || distance.flatten().is_some_and(|d| d.step != Step::Turns) {
            let revision = &transcript.revision;
            self.study
                .store
                .turns(revision.first_turn, revision.turns)?
        } else {
            Vec::new()
        };
        let ruler = match distance {
            Some(distance) => ruler(&self.study.store, &transcript, &turns, distance)?,
            None => Ruler::Characters,
        };
        let segment = |c: &Coding| Segment {
            id: c.id,
            theme: c.theme,
            span: c.span,
            turns: (c.turn, c.last_turn),
            measured: ruler.measure(c.span, (c.turn, c.last_turn)),
        };
        let others: Vec<Segment> = if has(|r| r != Relation::SameCase) {
            let there = self.study.store.codings_of(transcript.id)?;
            let counted = there.iter().filter(|c| self.counts(c));
            counted.map(segment).collect()
        } else {
            Vec::new()
        };
        let indexes: Vec<Index> = asked
            .iter()
            .map(|to| {
                let those: Vec<Segment> = others
                    .iter()
                    .filter(|b| to.takes(b.theme))
                    .copied()
                    .collect();
                Index::new(to.relation, most(self.asked.distance), &those)
            })
            .collect();
        let mut left = Vec::new();
        for coding in codings {
            let a = segment(coding);
            let all_hold =
                asked
                    .iter()
                    .zip(&indexes)
                    .zip(&self.cases)
                    .all(|((to, index), cases)| {
                        if to.relation.has_distance() && a.measured.is_none() {
                            return false;
                        }
                        let holds = match to.relation {
                            Relation::SameCase => transcript.case.is_some_and(|case| {
                                let itself = usize::from(to.takes(coding.theme));
                                cases.get(&case).is_some_and(|n| *n > itself)
                            }),
                            _ => index.holds(&a),
                        };
                        holds != to.not
                    });
            if !all_hold {
                continue;
            }
            if !parts_wanted {
                left.push(*coding);
                continue;
            }
            let mut parts = vec![coding.span];
            for index in asked
                .iter()
                .zip(&indexes)
                .filter(|(to, _)| to.relation == Relation::OverlapPart)
                .map(|(_, index)| index)
            {
                parts = shared(&parts, &index.parts(&a));
            }
            left.extend(
                parts
                    .into_iter()
                    .filter_map(|part| cut(coding, part, &turns)),
            );
        }
        Ok(left)
    }
}

/// The coding as if it were made on a part of its span; none where nothing is said in that part.
fn cut(coding: &Coding, part: Span, turns: &[Turn]) -> Option<Coding> {
    if part == coding.span {
        return Some(*coding);
    }
    let first = turns.get(turns.partition_point(|t| t.span.end <= part.start))?;
    let last = turns.get(
        turns
            .partition_point(|t| t.span.start < part.end)
            .checked_sub(1)?,
    )?;
    (first.id <= last.id).then_some(Coding {
        span: part,
        turn: first.id,
        last_turn: last.id,
        ..*coding
    })
}

/// What distances in a transcript are read from.
pub(super) fn ruler(
    store: &Store,
    transcript: &Transcript,
    turns: &[Turn],
    distance: Option<Distance>,
) -> Result<Ruler> {
    let revision = &transcript.revision;
    let spans = || turns.iter().map(|t| t.span).collect::<Vec<_>>();
    Ok(match distance.map_or(Step::Characters, |d| d.step) {
        Step::Characters => Ruler::Characters,
        Step::Turns => Ruler::Turns,
        Step::Words => store.with_text(revision.id, |text| Ruler::words(text, &spans()))?,
        Step::Sentences => store.with_text(revision.id, |text| Ruler::sentences(text, &spans()))?,
        Step::Seconds => Ruler::times(revision.first_turn, turns.iter().map(|t| t.time_ms)),
    })
}

/// Among the transcripts that a selection leaves, how many have no times; none where no distance is in seconds.
pub fn untimed(
    study: &Study,
    selection: &Selection,
    distance: Option<Distance>,
) -> Result<Option<usize>> {
    match distance {
        Some(d) if d.step == Step::Seconds => {
            Ok(Some(study.store.untimed(selection.transcripts.as_deref())?))
        }
        _ => Ok(None),
    }
}
