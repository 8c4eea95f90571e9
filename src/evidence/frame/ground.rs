//! The codings below cells: for the whole frame in one scan, for one cell only its own. Codings that wait for their
//! place don't count, nor do those of words that were said off the record.

use std::collections::{HashMap, HashSet};

use super::lay::Lay;
use crate::analysis::frame::Basis;
use crate::coding::quotes::each_ref;
use crate::domain::filter::{Filter, Speakers};
use crate::error::Result;
use crate::store::{SizedCoding, transcript_of};
use crate::study::passage::Reader;
use crate::study::{Shut, Study};

/// Codings in transcripts of which something is off the record: only these of them count.
#[derive(Default)]
pub(super) struct Sealed {
    transcripts: HashSet<i64>,
    open: HashSet<i64>,
}

impl Sealed {
    pub(super) fn read(study: &Study) -> Result<Self> {
        Self::of(study, &Shut::read(&study.store)?)
    }

    /// The same were this what is off the record.
    pub(super) fn of(study: &Study, shut: &Shut) -> Result<Self> {
        if shut.is_empty() {
            return Ok(Self::default());
        }
        let with = study.store.transcript_participants(None)?;
        let mut transcripts: HashSet<i64> = with
            .into_iter()
            .filter(|(_, who)| who.iter().any(|p| shut.contains(p)))
            .map(|(id, _)| id)
            .collect();
        for speaker in study.store.speakers(None)? {
            if speaker.participant.is_some_and(|p| shut.contains(&p)) {
                transcripts.insert(speaker.transcript);
            }
        }
        if !shut.turns().is_empty() {
            let all = study.store.transcripts()?;
            let limited = all.into_iter().filter(|t| shut.touches(&t.revision));
            transcripts.extend(limited.map(|t| t.id));
        }
        let mut selection = study.select(&Filter {
            speakers: Speakers::All,
            ..Filter::default()
        })?;
        let mut ids: Vec<i64> = transcripts.iter().copied().collect();
        ids.sort_unstable();
        selection.transcripts = Some(ids);
        selection.sealed = shut.clone();
        let mut open = HashSet::new();
        let mut reader = Reader::new(&study.store)?;
        each_ref(study, &selection, &mut reader, |_, _, found| {
            open.extend(found.iter().map(|q| q.coding.id));
            Ok(())
        })?;
        Ok(Self { transcripts, open })
    }

    /// The transcripts of either, in order.
    pub(super) fn transcripts_or(&self, other: &Self) -> Vec<i64> {
        let mut all: Vec<i64> = self
            .transcripts
            .union(&other.transcripts)
            .copied()
            .collect();
        all.sort_unstable();
        all
    }

    pub(super) fn counts(&self, coding: i64) -> bool {
        !self.transcripts.contains(&transcript_of(coding)) || self.open.contains(&coding)
    }
}

/// What lies below every pair of a case and a theme, without what is part of either.
#[derive(Default)]
pub(super) struct Ground {
    own: HashMap<(i64, i64), Basis>,
    /// Codings in transcripts of no case: they are below no row.
    pub(super) outside: usize,
}

impl Ground {
    /// One scan of all codings.
    pub(super) fn read(study: &Study, lay: &Lay, sealed: &Sealed) -> Result<Self> {
        let mut ground = Self::default();
        // A transcript's codings come together.
        let mut last: (i64, Option<i64>) = (0, None);
        study.store.each_sized_coding(|c| {
            let transcript = transcript_of(c.id);
            if last.0 != transcript {
                last = (transcript, lay.case_of(transcript));
            }
            if !sealed.counts(c.id) {
                return;
            }
            match last.1 {
                Some(case) => ground
                    .own
                    .entry((case, c.theme))
                    .or_default()
                    .add(c.uuid, c.length, c.reworded),
                None => ground.outside += 1,
            }
        })?;
        Ok(ground)
    }

    /// Whether something is coded with the theme itself, not with one below it.
    pub(super) fn has_theme(&self, theme: i64) -> bool {
        self.own.keys().any(|(_, t)| *t == theme)
    }

    /// The same rolled up: for each case and each theme with all that stands below them.
    pub(super) fn rolled_up(&self, lay: &Lay) -> HashMap<(i64, i64), Basis> {
        let above = lay.above_cases();
        let mut themes: HashMap<i64, Vec<i64>> = HashMap::new();
        let mut all: HashMap<(i64, i64), Basis> = HashMap::new();
        for ((case, theme), basis) in &self.own {
            let themes = themes
                .entry(*theme)
                .or_insert_with(|| lay.above_theme(*theme));
            for case in above.get(case).into_iter().flatten() {
                for theme in themes.iter() {
                    all.entry((*case, *theme)).or_default().join(*basis);
                }
            }
        }
        all
    }
}

/// The codings of a case with all that is part of it, with any of these themes, in order of their ids: only they are
/// read.
pub(super) fn below(
    study: &Study,
    lay: &Lay,
    sealed: &Sealed,
    case: i64,
    themes: &[i64],
) -> Result<Vec<SizedCoding>> {
    let transcripts = lay.transcripts_of(case);
    let mut found = Vec::new();
    for theme in themes {
        found.extend(
            study
                .store
                .sized_codings_in(*theme, |t| transcripts.contains(&t))?
                .into_iter()
                .filter(|c| sealed.counts(c.id)),
        );
    }
    found.sort_unstable_by_key(|c| c.id);
    Ok(found)
}

/// The basis of codings.
pub(super) fn basis(codings: &[SizedCoding]) -> Basis {
    let mut basis = Basis::default();
    for c in codings {
        basis.add(c.uuid, c.length, c.reworded);
    }
    basis
}
