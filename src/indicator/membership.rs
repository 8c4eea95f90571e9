//! What is part of what on a day, through places in between and through mergers.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::domain::Date;
use crate::error::Result;
use crate::store::{Case, CaseLink};
use crate::study::Study;

/// The cases of a study and how they stand to each other.
pub struct Graph {
    pub cases: BTreeMap<i64, Case>,
    /// Upwards, by the case that is part of another or became one.
    up: HashMap<i64, Vec<CaseLink>>,
    /// Days on which a link begins or ends, in order: between two of them nothing changes.
    turns: Vec<String>,
}

/// The wholes that a case is part of on a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wholes {
    /// Targets by their places in the list of them, in order; each with whether the case is at the same time in another
    /// whole of that kind, neither of which holds the other.
    pub targets: Vec<(usize, bool)>,
    /// Everything that it is part of, targets or not.
    pub above: BTreeSet<i64>,
}

impl Graph {
    pub fn read(study: &Study) -> Result<Self> {
        let mut up: HashMap<i64, Vec<CaseLink>> = HashMap::new();
        let mut turns = BTreeSet::new();
        for link in study.store.case_links()? {
            if link.kind == "partner-of" {
                continue;
            }
            turns.extend(link.from.clone());
            turns.extend(link.to.clone());
            up.entry(link.case).or_default().push(link);
        }
        Ok(Self {
            cases: study
                .store
                .cases()?
                .into_iter()
                .map(|c| (c.id, c))
                .collect(),
            up,
            turns: turns.into_iter().collect(),
        })
    }

    pub fn slug(&self, case: i64) -> &str {
        self.cases.get(&case).map_or("", |c| c.slug.as_str())
    }

    pub fn slugs(&self, cases: &[i64]) -> Vec<String> {
        let mut slugs: Vec<String> = cases.iter().map(|c| self.slug(*c).to_owned()).collect();
        slugs.sort_unstable();
        slugs
    }

    /// The links by which cases became others.
    pub fn successions(&self) -> impl Iterator<Item = &CaseLink> {
        self.up.values().flatten().filter(|l| l.kind != "part-of")
    }

    /// Days between which nothing changes have one number.
    pub fn stretch(&self, day: Date) -> usize {
        let day = day.to_string();
        self.turns.partition_point(|turn| *turn <= day)
    }

    /// What a case became by a day, if it is no more itself: merged into others, or renamed.
    fn became(&self, case: i64, day: &str) -> Vec<i64> {
        let links = self.up.get(&case).into_iter().flatten();
        links
            .filter(|l| l.kind != "part-of" && l.from.as_deref().is_none_or(|from| from <= day))
            .map(|l| l.other)
            .collect()
    }

    /// Everything that a case is part of on a day. What it was merged into stands in its place.
    pub fn above(&self, case: i64, day: &str) -> BTreeSet<i64> {
        let mut found = BTreeSet::new();
        let mut seen = BTreeSet::from([(case, false)]);
        // Each with whether it was reached by being part of something: its successors alone are no wholes of it.
        let mut next = vec![(case, false)];
        while let Some((at, part)) = next.pop() {
            let became = self.became(at, day);
            let steps: Vec<(i64, bool)> = if became.is_empty() {
                if part {
                    found.insert(at);
                }
                let links = self.up.get(&at).into_iter().flatten();
                links
                    .filter(|l| l.kind == "part-of" && l.stands(Some(day)))
                    .map(|l| (l.other, true))
                    .collect()
            } else {
                became.into_iter().map(|other| (other, part)).collect()
            };
            next.extend(steps.into_iter().filter(|step| seen.insert(*step)));
        }
        found.remove(&case);
        found
    }

    /// The targets that each case is part of on a day.
    pub fn wholes(&self, targets: &[i64], day: Date) -> HashMap<i64, Wholes> {
        let day = day.to_string();
        let places: HashMap<i64, usize> = targets.iter().copied().zip(0..).collect();
        let above: HashMap<i64, BTreeSet<i64>> = self
            .cases
            .keys()
            .map(|case| (*case, self.above(*case, &day)))
            .collect();
        let holds = |whole: i64, part: i64| above.get(&part).is_some_and(|a| a.contains(&whole));
        let kind = |case: i64| self.cases.get(&case).map(|c| &c.kind);
        let apart = |a: i64, b: i64| a != b && kind(a) == kind(b) && !holds(a, b) && !holds(b, a);
        above
            .iter()
            .map(|(case, all)| {
                let mut targets: Vec<(usize, bool)> = all
                    .iter()
                    .filter_map(|c| {
                        Some((*places.get(c)?, all.iter().any(|other| apart(*c, *other))))
                    })
                    .collect();
                targets.sort_unstable();
                let above = all.clone();
                (*case, Wholes { targets, above })
            })
            .collect()
    }

    /// Whether a case has become another by a day.
    pub fn is_gone(&self, case: i64, day: Date) -> bool {
        !self.became(case, &day.to_string()).is_empty()
    }

    /// Whether a case was there at any time in these days, as far as is known.
    pub fn was_there(&self, case: i64, from: Date, to: Date) -> bool {
        let (from, to) = (from.to_string(), to.to_string());
        self.cases.get(&case).is_some_and(|c| {
            c.from.as_deref().is_none_or(|began| began < to.as_str())
                && c.to.as_deref().is_none_or(|ended| from.as_str() < ended)
        })
    }
}
