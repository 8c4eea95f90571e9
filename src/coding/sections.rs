//! Sections over all transcripts: in what order interviews have them, and how much stands under each.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::quotes::each_ref;
use crate::analysis::order::merged;
use crate::domain::filter::Filter;
use crate::domain::span::Codepoints;
use crate::error::Result;
use crate::store::Section;
use crate::study::passage::Reader;
use crate::study::{Selection, Study, holds};

/// A heading or question, over all transcripts that have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SectionRow {
    /// As the first transcript has it.
    pub section: String,
    /// heading or question.
    pub kind: String,
    pub transcripts: usize,
    /// Turns under it that the filters leave.
    pub turns: u64,
    /// Words in those turns.
    pub words: u64,
    /// Codings that begin under it and that the filters leave.
    pub codings: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SectionList {
    pub sections: Vec<SectionRow>,
}

/// The sections of the transcripts that a selection leaves: by key, each with its places among `all`, in the order in
/// which interviews have them.
pub(super) struct Ordered {
    pub all: Vec<(i64, Section)>,
    /// Title, and places in `all`.
    pub titles: Vec<(String, Vec<usize>)>,
}

impl Ordered {
    /// Reads those sections that `takes` takes, which is given the sections of one transcript and a place among them.
    pub(super) fn read(
        study: &Study,
        selection: &Selection,
        takes: impl Fn(&[(i64, Section)], usize) -> bool,
    ) -> Result<Self> {
        let mut all = study.store.all_sections()?;
        if let Some(ids) = &selection.transcripts {
            all.retain(|(transcript, _)| ids.binary_search(transcript).is_ok());
        }
        let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut sequences = Vec::new();
        let mut start = 0;
        for part in all.chunk_by(|a, b| a.0 == b.0) {
            let mut sequence = Vec::new();
            for n in (0..part.len()).filter(|n| takes(part, *n)) {
                let key = part[n].1.key.as_str();
                places.entry(key).or_default().push(start + n);
                sequence.push(key);
            }
            sequences.push(sequence);
            start += part.len();
        }
        let titles = merged(sequences)
            .into_iter()
            .filter_map(|key| {
                let places = places.remove(key)?;
                Some((all[*places.first()?].1.title.clone(), places))
            })
            .collect();
        Ok(Self { all, titles })
    }
}

/// Whether turns that the selection takes lie in a section, and in none within it.
pub(super) fn holds_turns_itself(
    selection: &Selection,
    sections: &[(i64, Section)],
    n: usize,
) -> bool {
    let section = &sections[n].1;
    let Some((first, last)) = section.turns else {
        return false;
    };
    let within: Vec<(i64, i64)> = sections[n + 1..]
        .iter()
        .take_while(|(_, s)| s.level > section.level)
        .filter_map(|(_, s)| s.turns)
        .collect();
    (first..=last).any(|turn| {
        selection.takes_turn(turn) && !within.iter().any(|(a, b)| (*a..=*b).contains(&turn))
    })
}

/// Every section that a filter leaves something of, with how much that is.
pub fn list(study: &Study, filter: &Filter) -> Result<SectionList> {
    let selection = study.select(filter)?;
    let taken = |section: &Section| match (&selection.sections, section.turns) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(_), Some((first, last))) => (first..=last).any(|turn| selection.takes_turn(turn)),
    };
    let ordered = Ordered::read(study, &selection, |part, n| taken(&part[n].1))?;
    let counts = counts(study, &selection, &ordered.all)?;
    let rows = ordered.titles.iter().map(|(title, places)| {
        let sum = |count: fn(&Count) -> u64| places.iter().map(|n| count(&counts[*n])).sum();
        let transcripts: HashSet<i64> = places.iter().map(|n| ordered.all[*n].0).collect();
        SectionRow {
            section: title.clone(),
            kind: ordered.all[places[0]].1.kind.clone(),
            transcripts: transcripts.len(),
            turns: sum(|c| c.turns),
            words: sum(|c| c.words),
            codings: sum(|c| c.codings),
        }
    });
    Ok(SectionList {
        sections: rows.collect(),
    })
}

#[derive(Clone, Copy, Default)]
struct Count {
    turns: u64,
    words: u64,
    codings: u64,
}

fn counts(study: &Study, selection: &Selection, all: &[(i64, Section)]) -> Result<Vec<Count>> {
    let mut counts = vec![Count::default(); all.len()];
    // Places of each transcript's sections.
    let mut of: HashMap<i64, std::ops::Range<usize>> = HashMap::new();
    let mut start = 0;
    for part in all.chunk_by(|a, b| a.0 == b.0) {
        of.insert(part[0].0, start..start + part.len());
        start += part.len();
    }
    let wanted = study.turns_of(selection, &study.sets()?)?;
    for places in of.values() {
        let sections = &all[places.clone()];
        let turns = || sections.iter().filter_map(|(_, s)| s.turns);
        let (Some(first), Some(last)) = (
            turns().map(|(first, _)| first).min(),
            turns().map(|(_, last)| last).max(),
        ) else {
            continue;
        };
        let mut turns = study.store.turns(first, last - first + 1)?;
        turns.retain(|turn| {
            let id = u32::try_from(turn.id).unwrap_or(u32::MAX);
            wanted.as_ref().is_none_or(|set| set.contains(id))
        });
        if turns.is_empty() {
            continue;
        }
        study.store.with_text(sections[0].1.revision, |text| {
            let points = Codepoints::new(text);
            for turn in &turns {
                let said = points
                    .slice(turn.span)
                    .split_whitespace()
                    .filter(|word| word.contains(char::is_alphanumeric))
                    .count() as u64;
                for n in places.clone().filter(|n| holds(&all[*n].1, turn.id)) {
                    counts[n].turns += 1;
                    counts[n].words += said;
                }
            }
        })?;
    }
    let mut reader = Reader::new(&study.store)?;
    each_ref(study, selection, &mut reader, |_, transcript, found| {
        let places = of.get(&transcript.id).cloned().unwrap_or_default();
        for q in found {
            for n in places.clone().filter(|n| holds(&all[*n].1, q.coding.turn)) {
                counts[n].codings += 1;
            }
        }
        Ok(())
    })?;
    Ok(counts)
}
