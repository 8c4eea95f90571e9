//! What is off the record: whose words, and which turns. It is in no output and in no count.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::error::Result;
use crate::store::{Revision, Store};

/// People whose words are off the record, and turns that a limit has put there. A passage puts the whole of its turns
/// there, as a search works by turn.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shut {
    people: BTreeSet<i64>,
    /// First and last turn (ids), in order; none overlaps another.
    turns: Vec<(i64, i64)>,
}

impl Shut {
    pub fn read(store: &Store) -> Result<Self> {
        let turns = store.shut_turns()?;
        Ok(Self::new(
            store.sealed()?.into_iter().collect(),
            turns.into_iter().map(|(_, first, last)| (first, last)),
        ))
    }

    /// `turns` in the order of their first ones.
    fn new(people: BTreeSet<i64>, turns: impl Iterator<Item = (i64, i64)>) -> Self {
        let mut joined: Vec<(i64, i64)> = Vec::new();
        for (first, last) in turns {
            match joined.last_mut() {
                Some(before) if first <= before.1 + 1 => before.1 = before.1.max(last),
                _ => joined.push((first, last)),
            }
        }
        Self {
            people,
            turns: joined,
        }
    }

    /// What was off the record when an event was done, among the turns of today: of a limit that stands, wherever its
    /// passage is now.
    pub fn then(store: &Store, event: i64) -> Result<Self> {
        let limits = store.rows_then("limits", event)?;
        let shut = |row: &Row| said(row, "level") == Some("off-record");
        let mut turns: Vec<(i64, i64)> = store
            .shut_turns()?
            .into_iter()
            .filter(|(id, ..)| {
                limits
                    .get(id)
                    .is_none_or(|then| then.as_ref().is_some_and(shut))
            })
            .map(|(_, first, last)| (first, last))
            .collect();
        // Of one that is gone, the turns that it had, where the text still has them.
        for (id, row) in &limits {
            let Some(row) = row.as_ref().filter(|row| shut(row)) else {
                continue;
            };
            if store.limit(*id)?.is_some() {
                continue;
            }
            let transcript = number(row, "transcript");
            let Some(present) = transcript
                .map(|id| store.transcript_by_id(id))
                .transpose()?
                .flatten()
            else {
                continue;
            };
            let revision = &present.revision;
            let whole = (
                revision.first_turn,
                revision.first_turn + revision.turns - 1,
            );
            turns.push(match (number(row, "turn"), number(row, "last_turn")) {
                (Some(first), Some(last)) if revision.has(first) && revision.has(last) => {
                    (first, last)
                }
                _ => whole,
            });
        }
        turns.sort_unstable();
        Ok(Self::new(people_then(store, event)?, turns.into_iter()))
    }

    pub fn is_empty(&self) -> bool {
        self.people.is_empty() && self.turns.is_empty()
    }

    /// Whether all that this person says is off the record.
    pub fn contains(&self, participant: &i64) -> bool {
        self.people.contains(participant)
    }

    pub fn people(&self) -> &BTreeSet<i64> {
        &self.people
    }

    /// First and last turns that a limit has put off the record, in order.
    pub fn turns(&self) -> &[(i64, i64)] {
        &self.turns
    }

    /// Whether a limit has put this turn off the record.
    pub fn has_turn(&self, turn: i64) -> bool {
        let after = self.turns.partition_point(|(_, last)| *last < turn);
        self.turns
            .get(after)
            .is_some_and(|(first, _)| *first <= turn)
    }

    /// Whether a limit has put some of a text off the record.
    pub fn touches(&self, revision: &Revision) -> bool {
        let end = revision.first_turn + revision.turns;
        let after = self
            .turns
            .partition_point(|(_, last)| *last < revision.first_turn);
        self.turns.get(after).is_some_and(|(first, _)| *first < end)
    }

    /// Whether all of a text is off the record, which is with these people: by a limit, or as all of them are.
    pub fn covers(&self, revision: &Revision, with: &[i64]) -> bool {
        let end = revision.first_turn + revision.turns;
        let after = self
            .turns
            .partition_point(|(_, last)| *last < revision.first_turn);
        let by_limit = revision.turns > 0
            && self
                .turns
                .get(after)
                .is_some_and(|(first, last)| *first <= revision.first_turn && *last + 1 >= end);
        by_limit || (!with.is_empty() && with.iter().all(|p| self.contains(p)))
    }
}

type Row = serde_json::Map<String, serde_json::Value>;

fn said<'r>(row: &'r Row, key: &str) -> Option<&'r str> {
    row.get(key)?.as_str()
}

fn number(row: &Row, key: &str) -> Option<i64> {
    row.get(key)?.as_i64()
}

/// Whose words were off the record when an event was done.
fn people_then(store: &Store, event: i64) -> Result<BTreeSet<i64>> {
    let set = store.rows_then("participants", event)?;
    let consents = store.rows_then("consents", event)?;
    let withdrawals = store.rows_then("withdrawals", event)?;
    let mut then: BTreeSet<i64> = store.sealed()?.into_iter().collect();
    if set.is_empty() && consents.is_empty() && withdrawals.is_empty() {
        return Ok(then);
    }
    let now = then.clone();
    // Those of whom anything was touched are asked anew.
    let mut touched: HashSet<i64> = set.keys().copied().collect();
    let rows = consents.values().chain(withdrawals.values()).flatten();
    touched.extend(rows.filter_map(|row| number(row, "participant")));
    for c in store.consents()? {
        if consents.contains_key(&c.id) {
            touched.insert(c.participant);
        }
    }
    for w in store.withdrawn()? {
        if withdrawals.contains_key(&w.id) {
            touched.insert(w.participant);
        }
    }
    // The newest of each person then: whether it shuts their words.
    let mut newest: HashMap<i64, BTreeMap<i64, bool>> = HashMap::new();
    for c in store.consents()? {
        if !consents.contains_key(&c.id) {
            let shuts = !c.items.take_part || c.items.attribution.word() == "off-record";
            newest
                .entry(c.participant)
                .or_default()
                .insert(c.version, shuts);
        }
    }
    for row in consents.values().flatten() {
        if let (Some(person), Some(version)) = (number(row, "participant"), number(row, "version"))
        {
            let shuts = number(row, "take_part") == Some(0)
                || said(row, "attribution") == Some("off-record");
            newest.entry(person).or_default().insert(version, shuts);
        }
    }
    let mut left: HashMap<i64, BTreeMap<i64, bool>> = HashMap::new();
    for w in store.withdrawn()? {
        if !withdrawals.contains_key(&w.id) {
            left.entry(w.participant)
                .or_default()
                .insert(w.id, w.mode != "stop");
        }
    }
    for (id, row) in &withdrawals {
        if let Some(row) = row
            && let Some(person) = number(row, "participant")
        {
            left.entry(person)
                .or_default()
                .insert(*id, said(row, "mode") != Some("stop"));
        }
    }
    let of = |all: &HashMap<i64, BTreeMap<i64, bool>>, person: i64| {
        all.get(&person)
            .and_then(|all| all.last_key_value())
            .is_some_and(|(_, shuts)| *shuts)
    };
    for person in touched {
        let by_setting = match set.get(&person) {
            Some(Some(row)) => said(row, "attribution") == Some("off-record"),
            // New since, or its contents have been erased: as it is now.
            Some(None) => now.contains(&person),
            None => store
                .participant_by_id(person)?
                .is_some_and(|p| p.set.attribution == "off-record"),
        };
        if by_setting || of(&newest, person) || of(&left, person) {
            then.insert(person);
        } else {
            then.remove(&person);
        }
    }
    Ok(then)
}
