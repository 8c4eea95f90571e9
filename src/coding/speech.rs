//! Whose words codings stand on, told for millions of them: by sets of turns where that says enough, turn by turn only
//! in transcripts where several people speak.

use std::collections::HashMap;

use crate::domain::filter::Speakers;
use crate::error::Result;
use crate::search::Bits;
use crate::store::{Light, Transcript};
use crate::study::{Selection, Study};

/// Which turns a selection takes by their speakers, and who speaks them.
pub(super) struct Speech<'a> {
    study: &'a Study,
    /// Turns whose speaker is taken; `None`: all are.
    taken: Option<Bits>,
    people: Option<People>,
}

/// What it takes to tell who speaks a turn.
struct People {
    interviewer: Bits,
    /// Participant of each label.
    labels: HashMap<i64, Option<i64>>,
    /// Whom each transcript is with.
    with: HashMap<i64, Vec<i64>>,
    /// Whether all turns of a transcript but the interviewers' are the one participant's whom it is with. A transcript
    /// that is not here is with nobody.
    alone: HashMap<i64, bool>,
    /// Speakers of the transcript at hand: its first turn that was read, and the labels.
    turns: (i64, Vec<Option<i64>>),
}

impl<'a> Speech<'a> {
    /// `who`: whether participants are asked for.
    pub(super) fn new(study: &'a Study, selection: &Selection, who: bool) -> Result<Self> {
        let sets = study.sets()?;
        let all = matches!(selection.speakers, Some(Speakers::All) | None)
            && selection.participants.is_none()
            && selection.sealed.is_empty();
        let taken = if all {
            None
        } else {
            // By speakers alone: what is coded, and where, is asked elsewhere.
            let by_speaker = Selection {
                transcripts: selection
                    .participants
                    .as_ref()
                    .and(selection.transcripts.clone()),
                participants: selection.participants.clone(),
                speakers: selection.speakers,
                sealed: selection.sealed.clone(),
                ..Selection::default()
            };
            study
                .turns_of(&by_speaker, &sets)?
                .map(|set| Bits::new(&set))
        };
        let people = if who {
            let with = study.store.transcript_participants(None)?;
            let mut alone: HashMap<i64, bool> = with
                .iter()
                .map(|(id, people)| (*id, people.len() == 1))
                .collect();
            let mut labels = HashMap::new();
            for s in study.store.speakers(None)? {
                if s.role != "interviewer" && s.participant.is_none() {
                    alone.entry(s.transcript).and_modify(|a| *a = false);
                }
                labels.insert(s.id, s.participant);
            }
            Some(People {
                interviewer: Bits::new(&sets.interviewer()?),
                labels,
                with,
                alone,
                turns: (0, Vec::new()),
            })
        } else {
            None
        };
        Ok(Self {
            study,
            taken,
            people,
        })
    }

    /// Another transcript begins, with these codings in it.
    pub(super) fn begin(&mut self, transcript: &Transcript, codings: &[Light]) -> Result<()> {
        let Some(people) = &mut self.people else {
            return Ok(());
        };
        people.turns.1.clear();
        if people.alone.get(&transcript.id) != Some(&false) {
            return Ok(());
        }
        let (Some(first), Some(last)) = (
            codings.iter().map(|c| c.turn).min(),
            codings.iter().map(|c| c.last_turn).max(),
        ) else {
            return Ok(());
        };
        people.read(self.study, first, last - first + 1)
    }

    /// The same for all of a transcript's turns.
    pub(super) fn begin_whole(&mut self, transcript: &Transcript) -> Result<()> {
        let Some(people) = &mut self.people else {
            return Ok(());
        };
        people.turns.1.clear();
        if people.alone.get(&transcript.id) != Some(&false) {
            return Ok(());
        }
        let revision = &transcript.revision;
        people.read(self.study, revision.first_turn, revision.turns)
    }

    /// The first of a coding's turns that is taken; `None` if none is.
    #[inline]
    pub(super) fn first_taken(&self, coding: &Light) -> Option<i64> {
        match &self.taken {
            None => Some(coding.turn),
            Some(taken) => (coding.turn..=coding.last_turn)
                .find(|turn| u32::try_from(*turn).is_ok_and(|turn| taken.contains(turn))),
        }
    }

    pub(super) fn takes(&self, turn: i64) -> bool {
        self.taken
            .as_ref()
            .is_none_or(|taken| u32::try_from(turn).is_ok_and(|turn| taken.contains(turn)))
    }

    /// Who speaks a turn of the transcript at hand; nobody where participants are not asked for.
    #[inline]
    pub(super) fn participant(&self, transcript: i64, turn: i64) -> Option<i64> {
        let people = self.people.as_ref()?;
        let only = || match people.with.get(&transcript).map(Vec::as_slice) {
            Some([only]) => Some(*only),
            _ => None,
        };
        if people.turns.1.is_empty() {
            let asks = u32::try_from(turn).is_ok_and(|turn| people.interviewer.contains(turn));
            return if asks { None } else { only() };
        }
        let at = usize::try_from(turn - people.turns.0).ok()?;
        match people.turns.1.get(at)? {
            Some(label) => people.labels.get(label).copied().flatten(),
            None => only(),
        }
    }
}

impl People {
    fn read(&mut self, study: &Study, first: i64, count: i64) -> Result<()> {
        self.turns.0 = first;
        let speakers = &mut self.turns.1;
        study
            .store
            .each_turn_speaker(first, Some(count), |turn, speaker| {
                let at = usize::try_from(turn - first).unwrap_or_default();
                // Numbered densely, so that each stands at its number.
                speakers.resize(at, None);
                speakers.push(speaker);
            })?;
        Ok(())
    }
}
