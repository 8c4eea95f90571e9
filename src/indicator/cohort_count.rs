//! How many systems are in cohorts on a day. Mergers are followed: members that had become one count once, and a part
//! counts with its whole where that is a member itself.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::cohort::is_member;
use super::systems::Systems;
use crate::error::Result;
use crate::store::{Cohort, Member, Store};

/// A member that a system is counted for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct For {
    pub cohort: String,
    pub case: String,
    /// Which part of it is covered; null: the whole.
    pub part: Option<String>,
    /// `member`: it is itself a member; `became`: the member had become it; `part`: the member is part of it.
    pub how: &'static str,
}

/// A system that counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct System {
    pub case: String,
    /// What it was called on that day.
    pub name: String,
    #[serde(rename = "for")]
    pub stands_for: Vec<For>,
}

/// The count on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Count {
    pub as_of: String,
    /// How many systems.
    pub systems: usize,
    /// How many memberships stood on that day.
    pub memberships: usize,
    /// Those that count with a successor or a whole.
    pub followed: usize,
    /// Members that had ended without a successor, which count nowhere.
    pub ended: Vec<String>,
    pub list: Vec<System>,
}

/// Counts the systems that are in any of the cohorts on each day.
pub fn count(store: &Store, cohorts: &[String], days: &[String]) -> Result<Vec<Count>> {
    let systems = Systems::read(store)?;
    let cohorts: Vec<(Cohort, Vec<Member>)> = cohorts
        .iter()
        .map(|slug| {
            let cohort = store.cohort(slug)?;
            let members = store.cohort_members(Some(cohort.id))?;
            Ok((cohort, members))
        })
        .collect::<Result<_>>()?;
    Ok(days
        .iter()
        .map(|day| on_day(&systems, &cohorts, day))
        .collect())
}

fn on_day(systems: &Systems, cohorts: &[(Cohort, Vec<Member>)], day: &str) -> Count {
    let mut standing: BTreeMap<i64, Vec<For>> = BTreeMap::new();
    let mut ended = BTreeSet::new();
    let mut memberships: BTreeSet<(i64, i64)> = BTreeSet::new();
    let mut followed: BTreeSet<(i64, i64)> = BTreeSet::new();
    for (cohort, members) in cohorts {
        for m in members.iter().filter(|m| is_member(cohort, m, day)) {
            if !memberships.insert((cohort.id, m.case)) {
                continue;
            }
            let stands = systems.stands_for(m.case, day);
            if stands.is_empty() {
                ended.insert(systems.slug(m.case).to_owned());
            }
            for id in stands {
                let how = if id == m.case { "member" } else { "became" };
                if how == "became" {
                    followed.insert((cohort.id, m.case));
                }
                standing.entry(id).or_default().push(For {
                    cohort: cohort.slug.clone(),
                    case: systems.slug(m.case).to_owned(),
                    part: m.part.clone(),
                    how,
                });
            }
        }
    }
    // A part counts with its whole, if that counts.
    let all: BTreeSet<i64> = standing.keys().copied().collect();
    for id in &all {
        let wholes: BTreeSet<i64> = systems
            .wholes(*id, day)
            .into_iter()
            // A whole that had merged is what it had become.
            .flat_map(|w| systems.stands_for(w, day))
            .filter(|w| w != id && all.contains(w))
            .collect();
        if wholes.is_empty() {
            continue;
        }
        let parts = standing.remove(id).unwrap_or_default();
        for whole in wholes {
            // The whole may itself have gone into another that is above both.
            if let Some(at) = standing.get_mut(&whole) {
                at.extend(parts.iter().cloned().map(|f| For { how: "part", ..f }));
            }
        }
        for f in &parts {
            for (cohort, members) in cohorts {
                if cohort.slug == f.cohort {
                    followed.extend(
                        members
                            .iter()
                            .filter(|m| systems.slug(m.case) == f.case)
                            .map(|m| (cohort.id, m.case)),
                    );
                }
            }
        }
    }
    let mut list: Vec<System> = standing
        .into_iter()
        .map(|(id, mut stands_for)| {
            stands_for.sort_by(|a, b| (&a.cohort, &a.case).cmp(&(&b.cohort, &b.case)));
            System {
                case: systems.slug(id).to_owned(),
                name: systems.name_on(id, day).to_owned(),
                stands_for,
            }
        })
        .collect();
    list.sort_by(|a, b| a.case.cmp(&b.case));
    Count {
        as_of: day.to_owned(),
        systems: list.len(),
        memberships: memberships.len(),
        followed: followed.len(),
        ended: ended.into_iter().collect(),
        list,
    }
}
