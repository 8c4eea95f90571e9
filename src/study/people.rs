//! Cases, phases, participants and speakers at hand by id, for outputs that show many passages.

use std::collections::HashMap;

use crate::error::Result;
use crate::store::{Case, Participant, Phase, Speaker, Store};

/// The small tables, read once. Speakers are read as they come up: a large study has tens of thousands.
#[derive(Default)]
pub struct People {
    pub cases: HashMap<i64, Case>,
    pub phases: HashMap<i64, Phase>,
    pub participants: HashMap<i64, Participant>,
}

impl People {
    pub fn read(store: &Store) -> Result<Self> {
        Ok(Self {
            cases: store.cases()?.into_iter().map(|c| (c.id, c)).collect(),
            phases: store.phases()?.into_iter().map(|p| (p.id, p)).collect(),
            participants: store
                .participants()?
                .into_iter()
                .map(|p| (p.id, p))
                .collect(),
        })
    }

    /// Without the participants, for outputs that show a few: [`super::passage::Reader`] asks for them one by one.
    pub fn without_participants(store: &Store) -> Result<Self> {
        Ok(Self {
            cases: store.cases()?.into_iter().map(|c| (c.id, c)).collect(),
            phases: store.phases()?.into_iter().map(|p| (p.id, p)).collect(),
            participants: HashMap::new(),
        })
    }

    pub fn case_slug(&self, id: Option<i64>) -> Option<&str> {
        self.cases.get(&id?).map(|c| c.slug.as_str())
    }

    pub fn phase_slug(&self, id: Option<i64>) -> Option<&str> {
        self.phases.get(&id?).map(|p| p.slug.as_str())
    }

    pub fn code(&self, participant: Option<i64>) -> Option<&str> {
        self.participants
            .get(&participant?)
            .map(|p| p.code.as_str())
    }

    /// Who speaks a turn: the label's participant, or, where no label stands, the only one whom the transcript is with.
    pub fn speaker_of(speaker: Option<&Speaker>, with: &[i64]) -> Option<i64> {
        match (speaker, with) {
            (Some(speaker), _) => speaker.participant,
            (None, [only]) => Some(*only),
            (None, _) => None,
        }
    }
}
