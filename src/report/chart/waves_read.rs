//! From the study to the lanes of its cohorts.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan as _;

use super::waves::{Day, Joins, Lane, Level, Stay, Waves, waves};
use super::{Chart, days};
use crate::domain::Date;
use crate::domain::words::words;
use crate::error::Result;
use crate::indicator::cohort::{is_member, since};
use crate::indicator::cohort_count::count;
use crate::indicator::systems::Systems;
use crate::store::{Cohort, Member};
use crate::study::Study;

words! {
    /// What has a lane.
    Lanes, "kind of lane" {
        Case = "case",
        Cohort = "cohort",
    }
}

/// More lanes than these are hard to read on a page.
const MOST: usize = 60;

/// Reads the cohorts, all unless some are named, and draws them. Without `lanes` each case has one, as far as they fit.
pub fn waves_of(study: &Study, only: &[String], lanes: Option<Lanes>) -> Result<Chart> {
    let mut cohorts: Vec<Cohort> = if only.is_empty() {
        study.store.cohorts()?
    } else {
        let named = only.iter().map(|slug| Ok(study.store.cohort(slug)?));
        named.collect::<Result<_>>()?
    };
    cohorts.sort_by(|a, b| {
        let undated = |c: &Cohort| c.date.is_none();
        (undated(a), &a.date, &a.slug).cmp(&(undated(b), &b.date, &b.slug))
    });
    cohorts.dedup_by_key(|c| c.id);
    let with: Vec<(Cohort, Vec<Member>)> = cohorts
        .into_iter()
        .map(|cohort| {
            let members = study.store.cohort_members(Some(cohort.id))?;
            Ok((cohort, members))
        })
        .collect::<Result<_>>()?;
    Read {
        systems: Systems::read(&study.store)?,
        cohorts: with,
    }
    .drawn(study, lanes)
}

struct Read {
    systems: Systems,
    cohorts: Vec<(Cohort, Vec<Member>)>,
}

/// A case with its memberships, before lanes have places.
struct Draft {
    case: i64,
    stays: Vec<Stay>,
    /// The first day on which it is in the picture, as it sorts.
    first: Option<String>,
    stands_for: Option<String>,
}

impl Read {
    fn drawn(&self, study: &Study, lanes: Option<Lanes>) -> Result<Chart> {
        let days = self.days();
        let (Some(first), Some(last)) = (day(days.first()), day(days.last())) else {
            return Ok(waves(&self.empty()));
        };
        // A little room before the first day and behind the last, for bars that begin then.
        let room = ((days::place(last) - days::place(first)) * 0.07).max(20.0);
        let (from, to) = (
            days::place(first) - (room * 0.3).round(),
            days::place(last) + room.round(),
        );
        let slugs: Vec<String> = self.cohorts.iter().map(|c| c.0.slug.clone()).collect();
        let of_days: Vec<String> = days.iter().cloned().collect();
        let mut counts: Vec<(Day, usize)> = Vec::new();
        for (one, on) in count(&study.store, &slugs, &of_days)?.iter().zip(&of_days) {
            if counts.last().is_some_and(|c| c.1 == one.systems) {
                continue;
            }
            counts.extend(written(Some(on)).map(|day| (day, one.systems)));
        }
        let drafts = self.drafts();
        let per = lanes.unwrap_or(if drafts.len() > MOST {
            Lanes::Cohort
        } else {
            Lanes::Case
        });
        let mut notes = Vec::new();
        if lanes.is_none() && per == Lanes::Cohort {
            notes.push(format!(
                "There are {} cases: each cohort has a lane; for one each: --lanes case.",
                drafts.len()
            ));
        }
        let levels = (per == Lanes::Cohort)
            .then(|| self.levels(study, &slugs, &of_days))
            .transpose()?;
        let end = last.checked_add(1.month()).unwrap_or(last);
        Ok(waves(&Waves {
            cohorts: self.cohorts.iter().map(|c| c.0.name.clone()).collect(),
            lanes: self.lanes(drafts),
            levels,
            counts,
            from,
            to,
            ticks: days::months(first, end, 10),
            notes,
        }))
    }

    fn empty(&self) -> Waves {
        let drafts = self.drafts();
        let notes = if drafts.is_empty() {
            Vec::new()
        } else {
            vec!["No cohort and no member has a day.".to_owned()]
        };
        Waves {
            cohorts: self.cohorts.iter().map(|c| c.0.name.clone()).collect(),
            lanes: self.lanes(drafts),
            levels: None,
            counts: Vec::new(),
            from: 0.0,
            to: 1.0,
            ticks: Vec::new(),
            notes,
        }
    }

    /// Days on which something changes.
    fn days(&self) -> BTreeSet<String> {
        let mut days = BTreeSet::new();
        for (cohort, members) in &self.cohorts {
            for m in members {
                days.extend(since(cohort, m).map(str::to_owned));
                days.extend(m.to.clone());
                let became = self.chain(m.case);
                days.extend(became.iter().filter_map(|id| self.systems.end(*id)));
            }
        }
        days
    }

    /// A case and all that it became.
    fn chain(&self, case: i64) -> Vec<i64> {
        let mut found = vec![case];
        let mut n = 0;
        while n < found.len() {
            for b in self.systems.became(found[n]) {
                if !found.contains(&b.other) {
                    found.push(b.other);
                }
            }
            n += 1;
        }
        found
    }

    fn drafts(&self) -> Vec<Draft> {
        let mut drafts: BTreeMap<i64, Draft> = BTreeMap::new();
        let new = |case: i64| Draft {
            case,
            stays: Vec::new(),
            first: None,
            stands_for: None,
        };
        for (n, (cohort, members)) in self.cohorts.iter().enumerate() {
            for m in members {
                let end = self.systems.end(m.case);
                let left = match (&m.to, &end) {
                    (Some(a), Some(b)) => Some(a.min(b).clone()),
                    (a, b) => a.clone().or_else(|| b.clone()),
                };
                // Only where it became another while it was a member does that one stand for it.
                let became: Vec<_> = self
                    .systems
                    .became(m.case)
                    .into_iter()
                    .filter(|b| b.day.as_deref().is_some_and(|d| is_member(cohort, m, d)))
                    .collect();
                let names: Vec<&str> = became.iter().map(|b| self.name(b.other)).collect();
                let draft = drafts.entry(m.case).or_insert_with(|| new(m.case));
                let from = since(cohort, m).map(str::to_owned);
                let earlier = draft.first.is_none() || from < draft.first;
                if from.is_some() && earlier {
                    draft.first.clone_from(&from);
                }
                draft.stays.push(Stay {
                    cohort: n,
                    from: written(from.as_ref()),
                    to: written(left.as_ref()),
                    part: m.part.clone(),
                    became: (!names.is_empty()).then(|| names.join(", ")),
                });
                for id in self.chain(m.case).into_iter().skip(1) {
                    let on = became.iter().filter_map(|b| b.day.clone()).min();
                    if on.is_none() {
                        break;
                    }
                    let draft = drafts.entry(id).or_insert_with(|| new(id));
                    if draft.stands_for.is_none() || on < draft.stands_for {
                        draft.stands_for = on;
                    }
                }
            }
        }
        drafts.into_values().collect()
    }

    fn name(&self, case: i64) -> &str {
        self.systems.case(case).map_or("?", |c| c.name.as_str())
    }

    /// Lanes in the order in which cases joined; those that became one stand before it.
    fn lanes(&self, mut drafts: Vec<Draft>) -> Vec<Lane> {
        let last = |case: i64| self.chain(case).last().copied().unwrap_or(case);
        let firsts: BTreeMap<i64, Option<String>> =
            drafts.iter().map(|d| (d.case, d.first.clone())).collect();
        let mut of_group: BTreeMap<i64, String> = BTreeMap::new();
        for (case, first) in &firsts {
            let group = last(*case);
            let first = first.clone().unwrap_or_else(|| "9999".to_owned());
            let there = of_group.entry(group).or_insert_with(|| first.clone());
            if first < *there {
                *there = first;
            }
        }
        drafts.sort_by_cached_key(|d| {
            let group = last(d.case);
            (
                of_group.get(&group).cloned(),
                self.systems.slug(group).to_owned(),
                std::cmp::Reverse(self.chain(d.case).len()),
                self.systems.slug(d.case).to_owned(),
            )
        });
        let places: BTreeMap<i64, usize> = drafts
            .iter()
            .enumerate()
            .map(|(n, d)| (d.case, n))
            .collect();
        let firsts: BTreeMap<i64, Option<String>> = drafts
            .iter()
            .map(|d| (d.case, d.first.clone().or_else(|| d.stands_for.clone())))
            .collect();
        drafts
            .into_iter()
            .map(|d| Lane {
                case: self.name(d.case).to_owned(),
                joins: self.joins(&d, &places, &firsts),
                stays: d.stays,
                stands_for: written(d.stands_for.as_ref()).map(|d| d.at),
            })
            .collect()
    }

    fn joins(
        &self,
        draft: &Draft,
        places: &BTreeMap<i64, usize>,
        firsts: &BTreeMap<i64, Option<String>>,
    ) -> Vec<Joins> {
        let mut joins = Vec::new();
        for b in self.systems.became(draft.case) {
            let (Some(lane), Some(on)) = (places.get(&b.other), written(b.day.as_ref())) else {
                continue;
            };
            joins.push(Joins {
                lane: *lane,
                on: on.at,
                ends: true,
            });
        }
        let own = firsts.get(&draft.case).and_then(Option::as_ref);
        for (other, lane) in places {
            let there = firsts.get(other).and_then(Option::as_ref);
            let Some(both) = own.zip(there).map(|(a, b)| a.max(b)) else {
                continue;
            };
            let in_time = self.systems.is_there(draft.case, both);
            if in_time && self.systems.wholes(draft.case, both).contains(other) {
                joins.extend(written(Some(both)).map(|on| Joins {
                    lane: *lane,
                    on: on.at,
                    ends: false,
                }));
            }
        }
        joins
    }

    /// How many members each cohort has, from each day on which that changes.
    fn levels(
        &self,
        study: &Study,
        slugs: &[String],
        of_days: &[String],
    ) -> Result<Vec<Vec<Level>>> {
        let mut all = Vec::new();
        for ((cohort, members), slug) in self.cohorts.iter().zip(slugs) {
            let one = count(&study.store, std::slice::from_ref(slug), of_days)?;
            let mut levels: Vec<Level> = Vec::new();
            for (found, on) in one.iter().zip(of_days) {
                let in_part = members
                    .iter()
                    .filter(|m| m.part.is_some() && is_member(cohort, m, on))
                    .count();
                let same = levels
                    .last()
                    .is_some_and(|l| l.members == found.systems && l.in_part == in_part);
                if let Some(day) = written(Some(on)).filter(|_| !same) {
                    levels.push(Level {
                        from: day.at,
                        members: found.systems,
                        in_part: in_part.min(found.systems),
                    });
                }
            }
            all.push(levels);
        }
        Ok(all)
    }
}

fn day(text: Option<&String>) -> Option<Date> {
    text?.parse().ok()
}

fn written(text: Option<&String>) -> Option<Day> {
    let date: Date = text?.parse().ok()?;
    Some(Day {
        at: days::place(date),
        words: date.to_string(),
    })
}
