//! A filter as the study has it: ids, and the turns that it leaves.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::Codebook;
use super::Relations;
use super::SectionTurns;
use super::Shut;
use super::Study;
use super::index::{TurnSets, narrow};
use crate::domain::filter::{Filter, Speakers};
use crate::domain::span::Codepoints;
use crate::error::Result;
use crate::import::count_words;
use crate::search::TurnSet;
use crate::store::Transcript;

/// What a filter means here. `None`: it says nothing of that.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Transcripts' ids, ascending.
    pub transcripts: Option<Vec<i64>>,
    pub participants: Option<HashSet<i64>>,
    /// Themes with their sub-themes.
    pub themes: Option<Vec<i64>>,
    pub coders: Option<Vec<i64>>,
    pub speakers: Option<Speakers>,
    pub sections: Option<SectionTurns>,
    /// What is off the record: in no output and no count, whatever was asked for.
    pub sealed: Shut,
    /// How a passage must stand to others.
    pub relations: Option<Relations>,
}

impl Selection {
    /// Whether what begins in this turn stands under a section that was asked for.
    pub fn takes_turn(&self, turn: i64) -> bool {
        self.sections.as_ref().is_none_or(|s| s.contains(turn))
    }

    /// Whether turns of this speaker count.
    pub fn takes(&self, role: &str, participant: Option<i64>) -> bool {
        let by_role = match self.speakers {
            Some(Speakers::Participant) => role != "interviewer",
            Some(Speakers::Interviewer) => role == "interviewer",
            Some(Speakers::All) | None => true,
        };
        let open = participant.is_none_or(|p| !self.sealed.contains(&p));
        open && by_role
            && self
                .participants
                .as_ref()
                .is_none_or(|wanted| participant.is_some_and(|p| wanted.contains(&p)))
    }
}

impl Study {
    pub fn select(&self, filter: &Filter) -> Result<Selection> {
        let resolved = self.store.resolve(filter)?;
        let themes = if filter.themes.is_empty() {
            None
        } else {
            let book = Codebook::read(&self.store)?;
            let mut found = BTreeSet::new();
            for path in &filter.themes {
                found.extend(book.with_below(book.find(path)?));
            }
            Some(found.into_iter().collect())
        };
        let mut selection = Selection {
            transcripts: resolved.transcripts,
            participants: resolved.participants.map(|p| p.into_iter().collect()),
            themes,
            coders: resolved.coders,
            speakers: Some(filter.speakers),
            sections: None,
            sealed: Shut::read(&self.store)?,
            relations: self.relations(filter)?,
        };
        if !filter.sections.is_empty() {
            let sections = self.turns_of_sections(&filter.sections)?;
            selection.transcripts = Some(match selection.transcripts.take() {
                Some(mut ids) => {
                    ids.retain(|id| sections.transcripts.binary_search(id).is_ok());
                    ids
                }
                None => sections.transcripts.clone(),
            });
            selection.sections = Some(sections);
        }
        // Only transcripts with these people can hold their turns.
        if let Some(people) = &selection.participants {
            let with = self.store.transcript_participants(None)?;
            let holds = |id: &i64| {
                with.get(id)
                    .is_some_and(|w| w.iter().any(|p| people.contains(p)))
            };
            selection.transcripts = Some(match selection.transcripts.take() {
                Some(ids) => ids.into_iter().filter(holds).collect(),
                None => {
                    let mut ids: Vec<i64> = with.keys().copied().filter(holds).collect();
                    ids.sort_unstable();
                    ids
                }
            });
        }
        Ok(selection)
    }

    /// The turns that a selection leaves; `None` where it leaves all.
    pub fn turns_of(&self, selection: &Selection, sets: &TurnSets) -> Result<Option<TurnSet>> {
        let mut found: Option<TurnSet> = None;
        let narrow_to = |found: &mut Option<TurnSet>, set: TurnSet| {
            *found = Some(match found.take() {
                Some(before) => before.and(&set),
                None => set,
            });
        };
        if let Some(people) = &selection.participants {
            narrow_to(
                &mut found,
                self.turns_by(
                    people,
                    selection.transcripts.as_deref().unwrap_or_default(),
                    sets,
                )?,
            );
        } else if let Some(transcripts) = &selection.transcripts {
            let ranges = self.store.turn_ranges(Some(transcripts))?;
            narrow_to(
                &mut found,
                TurnSet::from_ranges(
                    ranges
                        .into_iter()
                        .map(|(_, first, n)| narrow(first)..narrow(first + n)),
                ),
            );
        }
        if let Some(sections) = &selection.sections {
            let ranges = sections.ranges.iter();
            narrow_to(
                &mut found,
                TurnSet::from_ranges(ranges.map(|(first, last)| narrow(*first)..narrow(last + 1))),
            );
        }
        if selection.themes.is_some() || selection.coders.is_some() {
            narrow_to(
                &mut found,
                sets.coded(selection.themes.as_deref(), selection.coders.as_deref())?,
            );
        }
        match selection.speakers {
            Some(Speakers::Interviewer) => narrow_to(&mut found, sets.interviewer()?),
            Some(Speakers::Participant) => {
                let interviewer = sets.interviewer()?;
                if !interviewer.is_empty() {
                    let all = match found.take() {
                        Some(set) => set,
                        None => TurnSet::from_range(0..narrow(self.store.counter("turn")? + 1)),
                    };
                    found = Some(all.and_not(&interviewer));
                }
            }
            Some(Speakers::All) | None => {}
        }
        if !selection.sealed.is_empty() {
            let sealed = self.sealed_turns(&selection.sealed, sets)?;
            let all = match found.take() {
                Some(set) => set,
                None => TurnSet::from_range(0..narrow(self.store.counter("turn")? + 1)),
            };
            found = Some(all.and_not(&sealed));
        }
        Ok(found)
    }

    /// The turns that these people speak, in these transcripts. Where nobody else but interviewers speaks, the whole
    /// transcript but the interviewers' turns; elsewhere turn by turn.
    fn turns_by(
        &self,
        people: &HashSet<i64>,
        transcripts: &[i64],
        sets: &TurnSets,
    ) -> Result<TurnSet> {
        let with = self.store.transcript_participants(None)?;
        let mut others: HashSet<i64> = HashSet::new();
        let mut theirs: HashMap<i64, Vec<i64>> = HashMap::new();
        for s in self.store.speakers(None)? {
            match s.participant {
                Some(p) if people.contains(&p) => {
                    theirs.entry(s.transcript).or_default().push(s.id);
                }
                _ if s.role == "interviewer" => {}
                _ => {
                    others.insert(s.transcript);
                }
            }
        }
        let mut whole = Vec::new();
        let mut single: Vec<u32> = Vec::new();
        for (id, first, n) in self.store.turn_ranges(Some(transcripts))? {
            let alone = with
                .get(&id)
                .is_some_and(|w| w.len() == 1 && w.iter().all(|p| people.contains(p)));
            if alone && !others.contains(&id) {
                whole.push(narrow(first)..narrow(first + n));
                continue;
            }
            let labels = theirs.get(&id).map(Vec::as_slice).unwrap_or_default();
            self.store
                .each_turn_speaker(first, Some(n), |turn, speaker| {
                    if speaker.map_or(alone, |s| labels.contains(&s)) {
                        single.push(narrow(turn));
                    }
                })?;
        }
        Ok(TurnSet::from_ranges(whole)
            .and_not(&sets.interviewer()?)
            .or(&single.into_iter().collect()))
    }

    /// Of the transcripts that a selection takes, those in which anybody is left who may be heard. `None`: nothing is off
    /// the record, so that all are left. Where nobody is, that a theme is not there says nothing.
    pub fn heard(&self, selection: &Selection) -> Result<Option<Vec<i64>>> {
        if selection.sealed.is_empty() {
            return Ok(None);
        }
        let speakers = match selection.speakers {
            Some(Speakers::Interviewer) => Speakers::Interviewer,
            _ => Speakers::Participant,
        };
        let anybody = Selection {
            themes: None,
            coders: None,
            relations: None,
            speakers: Some(speakers),
            ..selection.clone()
        };
        let Some(turns) = self.turns_of(&anybody, &self.sets()?)? else {
            return Ok(None);
        };
        let ranges = self.store.turn_ranges(selection.transcripts.as_deref())?;
        let is_left = |first: i64, n: i64| {
            TurnSet::from_range(narrow(first)..narrow(first + n)).common(&turns) > 0
        };
        let mut found: Vec<i64> = ranges
            .into_iter()
            .filter(|(_, first, n)| is_left(*first, *n))
            .map(|(id, ..)| id)
            .collect();
        found.sort_unstable();
        Ok(Some(found))
    }

    /// Takes what was said off the record out of the number of words that each transcript has. Only texts in which that
    /// is so are read.
    pub fn leave_out_sealed_words(&self, transcripts: &mut [Transcript]) -> Result<()> {
        let shut = Shut::read(&self.store)?;
        if shut.is_empty() {
            return Ok(());
        }
        let sealed = self.sealed_turns(&shut, &self.sets()?)?;
        for transcript in transcripts {
            let revision = &mut transcript.revision;
            if !(revision.first_turn..revision.first_turn + revision.turns)
                .any(|turn| sealed.contains(narrow(turn)))
            {
                continue;
            }
            let turns = self.store.turns(revision.first_turn, revision.turns)?;
            let said: i64 = self.store.with_text(revision.id, |text| {
                let points = Codepoints::new(text);
                turns
                    .iter()
                    .filter(|t| sealed.contains(narrow(t.id)))
                    .map(|t| i64::from(count_words(points.slice(t.span))))
                    .sum()
            })?;
            revision.words -= said;
        }
        Ok(())
    }

    /// The turns that are off the record, as [`super::passage::Reader::is_sealed`] says it of one. Only texts with one of
    /// these people are looked into, and turn by turn only where somebody else speaks, too.
    fn sealed_turns(&self, sealed: &Shut, sets: &TurnSets) -> Result<TurnSet> {
        let limited = sealed.turns().iter();
        let limited =
            TurnSet::from_ranges(limited.map(|(first, last)| narrow(*first)..narrow(last + 1)));
        if sealed.people().is_empty() {
            return Ok(limited);
        }
        let with = self.store.transcript_participants(None)?;
        let mut theirs: BTreeSet<i64> = with
            .iter()
            .filter(|(_, people)| people.iter().any(|p| sealed.contains(p)))
            .map(|(id, _)| *id)
            .collect();
        let speakers = self.store.speakers(None)?;
        let is_one = |p: Option<i64>| p.is_some_and(|p| sealed.contains(&p));
        theirs.extend(
            speakers
                .iter()
                .filter(|s| is_one(s.participant))
                .map(|s| s.transcript),
        );
        let mut labels: HashMap<i64, bool> = HashMap::new();
        let mut others: HashSet<i64> = HashSet::new();
        for s in speakers.iter().filter(|s| theirs.contains(&s.transcript)) {
            let interviewer = s.role == "interviewer";
            let maybe = s.participant.is_none()
                && !interviewer
                && with
                    .get(&s.transcript)
                    .is_some_and(|people| people.iter().any(|p| sealed.contains(p)));
            let shut = maybe || is_one(s.participant);
            labels.insert(s.id, shut);
            if shut == interviewer {
                others.insert(s.transcript);
            }
        }
        let mut whole = Vec::new();
        let mut single: Vec<u32> = Vec::new();
        let theirs: Vec<i64> = theirs.into_iter().collect();
        for (id, first, n) in self.store.turn_ranges(Some(&theirs))? {
            // Without a label it is the only one whom the transcript is with, or it may be any of them.
            let unlabelled = with
                .get(&id)
                .is_some_and(|people| people.iter().any(|p| sealed.contains(p)));
            if unlabelled && !others.contains(&id) {
                whole.push(narrow(first)..narrow(first + n));
                continue;
            }
            self.store
                .each_turn_speaker(first, Some(n), |turn, speaker| {
                    if speaker.map_or(unlabelled, |s| labels.get(&s) == Some(&true)) {
                        single.push(narrow(turn));
                    }
                })?;
        }
        Ok(TurnSet::from_ranges(whole)
            .and_not(&sets.interviewer()?)
            .or(&single.into_iter().collect())
            .or(&limited))
    }
}
