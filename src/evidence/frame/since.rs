//! What came and went below a cell since it was written, read from the record.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::ground::Sealed;
use super::lay::Lay;
use crate::analysis::frame::Basis;
use crate::error::Result;
use crate::store::{Cell, CellThen, SizedCoding, Store, TouchedCoding, transcript_of};
use crate::study::{Shut, Study};

/// Why a cell is stale: codings (of a row or column: cells) that are there now and were not when it was written, and
/// the other way round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Since {
    pub added: usize,
    pub removed: usize,
    /// Those that hold other words than they did; of cells, those that were written anew.
    pub changed: usize,
    /// Of those that changed, the codings whose words were changed by a corrected text; the others are longer or shorter
    /// by blanks.
    pub reworded: usize,
    /// More (or fewer) as somebody's words may be used again, or went off the record.
    pub record: i64,
    /// More (or fewer) without having been touched themselves since then: a theme, a case or a transcript stands elsewhere
    /// now, a label was given to somebody else, or the summary came in with a file and is as old as that.
    pub moved: i64,
}

impl Since {
    /// In signs: `+3 −1`. `~` is changed, `⊘` went off the record or came back, `⇄` moved with a theme or a case.
    pub fn signs(&self) -> String {
        let mut parts = Vec::new();
        for (sign, n) in [("+", self.added), ("−", self.removed), ("~", self.changed)] {
            if n > 0 {
                parts.push(format!("{sign}{n}"));
            }
        }
        for (sign, n) in [("⊘", self.record), ("⇄", self.moved)] {
            match n {
                0 => {}
                n if n > 0 => parts.push(format!("{sign}+{n}")),
                n => parts.push(format!("{sign}−{}", n.unsigned_abs())),
            }
        }
        if parts.is_empty() {
            parts.push("others now".to_owned());
        }
        parts.join(" ")
    }
}

/// Codings touched since the oldest event that is asked for.
pub(super) struct History<'a> {
    study: &'a Study,
    store: &'a Store,
    now: &'a Lay,
    sealed: &'a Sealed,
    touched: BTreeMap<i64, Vec<TouchedCoding>>,
    /// How each coding that was touched is now.
    present: HashMap<i64, SizedCoding>,
}

/// A cell, and the event since which it is asked about.
pub(super) type Asked = ((i64, i64), i64);

/// What came and went, coding by coding.
#[derive(Clone, Debug, Default)]
pub(super) struct Difference {
    added: Vec<SizedCoding>,
    removed: Vec<SizedCoding>,
    /// As it was and as it is.
    changed: Vec<(SizedCoding, SizedCoding)>,
    /// So many more, or fewer, as somebody's words came back on the record or went off it.
    record: i64,
}

impl<'a> History<'a> {
    /// Reads what happened after `event`.
    pub(super) fn read(
        study: &'a Study,
        now: &'a Lay,
        sealed: &'a Sealed,
        event: i64,
    ) -> Result<Self> {
        /// From so many codings on, reading all of them is less work than asking for each.
        const MANY: usize = 500;
        let store = &study.store;
        let mut touched: BTreeMap<i64, Vec<TouchedCoding>> = BTreeMap::new();
        for change in store.codings_touched_since(event)? {
            touched.entry(change.id).or_default().push(change);
        }
        let mut present = HashMap::new();
        if touched.len() > MANY {
            store.each_sized_coding(|c| {
                if touched.contains_key(&c.id) {
                    present.insert(c.id, c);
                }
            })?;
        } else {
            for id in touched.keys() {
                present.extend(store.sized_coding(*id)?.map(|c| (*id, c)));
            }
        }
        present.retain(|id, _| sealed.counts(*id));
        Ok(Self {
            study,
            store,
            now,
            sealed,
            touched,
            present,
        })
    }

    /// What came and went below cells, each since its own event, among the codings that were touched.
    pub(super) fn differences(&self, asked: &[Asked]) -> Result<Vec<Difference>> {
        let mut found = vec![Difference::default(); asked.len()];
        // Themes and cases seldom move: most events had the same tree and the same graph, and are answered together.
        let mut lays: Vec<(Lay, Vec<usize>)> = Vec::new();
        let mut known: HashMap<i64, usize> = HashMap::new();
        for (n, (_, event)) in asked.iter().enumerate() {
            let at = match known.get(event) {
                Some(at) => *at,
                None => {
                    let then = self.now.then(self.store, *event)?;
                    let at = lays.iter().position(|(lay, _)| *lay == then);
                    let at = at.unwrap_or_else(|| {
                        lays.push((then, Vec::new()));
                        lays.len() - 1
                    });
                    known.insert(*event, at);
                    at
                }
            };
            lays[at].1.push(n);
        }
        let now = Above::of(self.now);
        for (lay, group) in &lays {
            self.of_group(&Above::of(lay), &now, asked, group, &mut found);
        }
        self.of_record(&now, asked, &mut found)?;
        Ok(found)
    }

    /// What counts no more, or counts again, as somebody's words went off the record or came back: among the codings
    /// that are themselves as they were.
    fn of_record(&self, now: &Above, asked: &[Asked], found: &mut [Difference]) -> Result<()> {
        let is = Shut::read(self.store)?;
        let mut known: HashMap<i64, Shut> = HashMap::new();
        let mut groups: BTreeMap<Shut, Vec<usize>> = BTreeMap::new();
        for (n, (_, event)) in asked.iter().enumerate() {
            let then = match known.get(event) {
                Some(then) => then.clone(),
                None => {
                    let then = Shut::then(self.store, *event)?;
                    known.insert(*event, then.clone());
                    then
                }
            };
            if then != is {
                groups.entry(then).or_default().push(n);
            }
        }
        for (then, group) in groups {
            let then = Sealed::of(self.study, &then)?;
            let mut places: HashMap<(i64, i64), Vec<usize>> = HashMap::new();
            for n in group {
                places.entry(asked[n].0).or_default().push(n);
            }
            for transcript in then.transcripts_or(self.sealed) {
                for c in self.store.codings_of(transcript)? {
                    let step = match (then.counts(c.id), self.sealed.counts(c.id)) {
                        (true, false) => -1,
                        (false, true) => 1,
                        _ => continue,
                    };
                    let changes = self.touched.get(&c.id);
                    let Some(is) = self.store.sized_coding(c.id)? else {
                        continue;
                    };
                    now.each_place(c.id, c.theme, |place| {
                        for n in places.get(&place).into_iter().flatten() {
                            let event = asked[*n].1;
                            // One that was touched and is again as it was stood there too.
                            let first =
                                changes.and_then(|all| all.iter().find(|c| c.event > event));
                            if first.is_none_or(|first| first.before == Some(is)) {
                                found[*n].record += step;
                            }
                        }
                    });
                }
            }
        }
        Ok(())
    }

    fn of_group(
        &self,
        then: &Above,
        now: &Above,
        asked: &[Asked],
        group: &[usize],
        found: &mut [Difference],
    ) {
        let places: HashMap<(i64, i64), usize> = group.iter().map(|n| (asked[*n].0, *n)).collect();
        // By their lasting ids: a coding that went over into another transcript has a new number.
        let mut was: HashMap<usize, BTreeMap<[u8; 16], SizedCoding>> = HashMap::new();
        let mut is: HashMap<usize, BTreeMap<[u8; 16], SizedCoding>> = HashMap::new();
        for (id, changes) in &self.touched {
            // One that is again as it was has not come or gone itself, whatever happened to it in between.
            let first = |n: usize| {
                changes
                    .iter()
                    .find(|c| c.event > asked[n].1)
                    .filter(|c| c.before.as_ref() != self.present.get(id))
            };
            let mut seen: Vec<SizedCoding> = Vec::new();
            for before in changes.iter().filter_map(|c| c.before) {
                if seen.contains(&before) || !self.sealed.counts(*id) {
                    continue;
                }
                seen.push(before);
                then.each_place(*id, before.theme, |place| {
                    if let Some(n) = places.get(&place)
                        && first(*n).is_some_and(|c| c.before == Some(before))
                    {
                        was.entry(*n).or_default().insert(before.uuid, before);
                    }
                });
            }
            if let Some(c) = self.present.get(id) {
                now.each_place(*id, c.theme, |place| {
                    if let Some(n) = places.get(&place)
                        && first(*n).is_some()
                    {
                        is.entry(*n).or_default().insert(c.uuid, *c);
                    }
                });
            }
        }
        for n in group {
            let was = was.remove(n).unwrap_or_default();
            let is = is.remove(n).unwrap_or_default();
            found[*n] = Difference::of(was, &is);
        }
    }
}

/// A lay with what stands above each case and theme at hand.
struct Above<'a> {
    lay: &'a Lay,
    cases: HashMap<i64, Vec<i64>>,
}

impl<'a> Above<'a> {
    fn of(lay: &'a Lay) -> Self {
        Self {
            lay,
            cases: lay.above_cases(),
        }
    }

    /// All cells that a coding with this theme stands below.
    fn each_place(&self, coding: i64, theme: i64, mut each: impl FnMut((i64, i64))) {
        let of = self.lay.case_of(transcript_of(coding));
        let Some(cases) = of.and_then(|of| self.cases.get(&of)) else {
            return;
        };
        for theme in self.lay.above_theme(theme) {
            for case in cases {
                each((*case, theme));
            }
        }
    }
}

impl Difference {
    fn of(was: BTreeMap<[u8; 16], SizedCoding>, is: &BTreeMap<[u8; 16], SizedCoding>) -> Self {
        let mut found = Self::default();
        for (uuid, c) in is {
            match was.get(uuid) {
                None => found.added.push(*c),
                Some(before) if (before.length, before.reworded) != (c.length, c.reworded) => {
                    found.changed.push((*before, *c));
                }
                Some(_) => {}
            }
        }
        found.removed = was
            .into_iter()
            .filter(|(uuid, _)| !is.contains_key(uuid))
            .map(|(_, c)| c)
            .collect();
        found
    }
}

impl Difference {
    /// In numbers. `then` is how many there were, `now` how many there are: what the codings themselves don't explain
    /// has moved.
    pub(super) fn counted(&self, then: i64, now: i64) -> Since {
        let net = i64::try_from(self.added.len()).unwrap_or_default()
            - i64::try_from(self.removed.len()).unwrap_or_default();
        Since {
            added: self.added.len(),
            removed: self.removed.len(),
            changed: self.changed.len(),
            reworded: self
                .changed
                .iter()
                .filter(|(was, is)| was.reworded != is.reworded)
                .count(),
            record: self.record,
            moved: now - then - net - self.record,
        }
    }

    /// The basis as it was, from the one that is.
    pub(super) fn before(&self, mut now: Basis) -> Basis {
        for c in &self.added {
            now.take(c.uuid, c.length, c.reworded);
        }
        for c in &self.removed {
            now.add(c.uuid, c.length, c.reworded);
        }
        for (was, is) in &self.changed {
            now.take(is.uuid, is.length, is.reworded);
            now.add(was.uuid, was.length, was.reworded);
        }
        now
    }
}

/// The same for the summary of a row or column: over its cells, as they were and as they are.
pub(super) fn of_cells(then: &[&CellThen], now: &[&Cell]) -> Since {
    let mut since = Since::default();
    for cell in now {
        match then.iter().find(|c| c.id == cell.id) {
            None => since.added += 1,
            Some(before) if before.event != cell.event => since.changed += 1,
            Some(_) => {}
        }
    }
    since.removed = then
        .iter()
        .filter(|c| now.iter().all(|n| n.id != c.id))
        .count();
    since
}
