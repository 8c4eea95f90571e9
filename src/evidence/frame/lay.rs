//! What stands below what: the tree of themes, the graph of cases, and whose case a transcript is; as they are now, or
//! as they were when an event was done.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use crate::error::Result;
use crate::store::Store;

/// Everything is asked upwards: from a coding to the cells that it stands below.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Lay {
    /// The parent of each theme.
    themes: HashMap<i64, Option<i64>>,
    /// What each link between cases says: (id, (this case, is part of or became that one)).
    links: HashMap<i64, (i64, i64)>,
    /// The case of each transcript.
    transcripts: HashMap<i64, Option<i64>>,
}

impl Lay {
    /// As it is now.
    pub(super) fn now(store: &Store) -> Result<Self> {
        Ok(Self {
            themes: store
                .themes()?
                .into_iter()
                .map(|t| (t.id, t.parent))
                .collect(),
            links: store
                .case_links()?
                .into_iter()
                .filter(|l| l.kind != "partner-of")
                .map(|l| (l.id, (l.case, l.other)))
                .collect(),
            transcripts: store.transcript_cases()?.into_iter().collect(),
        })
    }

    /// As it was when `event` was done. What the record has erased is taken as it is now.
    pub(super) fn then(&self, store: &Store, event: i64) -> Result<Self> {
        type Before = Map<String, Value>;
        fn put_back<T>(
            rows: &mut HashMap<i64, T>,
            before: HashMap<i64, Option<Before>>,
            read: impl Fn(&Before) -> Option<T>,
        ) {
            for (id, row) in before {
                match row {
                    None => {
                        rows.remove(&id);
                    }
                    Some(row) => {
                        if let Some(value) = read(&row) {
                            rows.insert(id, value);
                        }
                    }
                }
            }
        }
        let number = |row: &Before, name: &str| row.get(name).and_then(Value::as_i64);
        let mut then = self.clone();
        put_back(&mut then.themes, store.rows_then("themes", event)?, |row| {
            Some(number(row, "parent"))
        });
        put_back(
            &mut then.links,
            store.rows_then("case_links", event)?,
            |row| {
                let follows = row.get("kind").and_then(Value::as_str) != Some("partner-of");
                follows.then_some(())?;
                Some((number(row, "case_id")?, number(row, "other_id")?))
            },
        );
        put_back(
            &mut then.transcripts,
            store.rows_then("transcripts", event)?,
            |row| Some(number(row, "case_id")),
        );
        Ok(then)
    }

    /// The theme and those above it.
    pub(super) fn above_theme(&self, theme: i64) -> Vec<i64> {
        let mut found = vec![theme];
        let mut at = theme;
        while let Some(Some(parent)) = self.themes.get(&at) {
            if found.contains(parent) {
                break;
            }
            found.push(*parent);
            at = *parent;
        }
        found
    }

    /// For each case, itself and what it is part of or became, directly or through others.
    pub(super) fn above_cases(&self) -> HashMap<i64, Vec<i64>> {
        let mut direct: HashMap<i64, Vec<i64>> = HashMap::new();
        for (case, other) in self.links.values() {
            direct.entry(*case).or_default().push(*other);
        }
        let cases: HashSet<i64> = self
            .links
            .values()
            .flat_map(|(a, b)| [*a, *b])
            .chain(self.transcripts.values().flatten().copied())
            .collect();
        cases
            .into_iter()
            .map(|case| {
                let mut found = Vec::new();
                let mut next = vec![case];
                while let Some(at) = next.pop() {
                    if !found.contains(&at) {
                        found.push(at);
                        next.extend(direct.get(&at).into_iter().flatten());
                    }
                }
                (case, found)
            })
            .collect()
    }

    pub(super) fn case_of(&self, transcript: i64) -> Option<i64> {
        self.transcripts.get(&transcript).copied().flatten()
    }

    /// The transcripts of a case with all that is part of it.
    pub(super) fn transcripts_of(&self, case: i64) -> HashSet<i64> {
        let above = self.above_cases();
        self.transcripts
            .iter()
            .filter(|(_, of)| {
                of.and_then(|of| above.get(&of))
                    .is_some_and(|all| all.contains(&case))
            })
            .map(|(id, _)| *id)
            .collect()
    }
}
