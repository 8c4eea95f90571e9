//! A cohort's figures beside those of the rest, or of another cohort: each group by itself, with who is covered in part, who
//! joined later, and who is left out and why.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use serde::Serialize;

use super::Error;
use super::cohort::{is_member, joined_later, since};
use super::column::Column;
use super::figures::{Head, Question, Which, table};
use super::shown::{Shown, rounded};
use super::systems::Systems;
use crate::domain::Date;
use crate::domain::figure::{Scale, canonical};
use crate::domain::words::words;
use crate::error::Result;
use crate::store::{Case, Cohort, Member};
use crate::study::Study;

words! {
    /// Where a case stands in a comparison.
    Group, "group" {
        Cohort = "cohort",
        With = "with",
    }
}

/// What is compared.
pub struct Asked<'a> {
    pub cohort: &'a str,
    /// Another cohort; none: the rest.
    pub with: Option<&'a str>,
    pub column: Column,
    /// The kind of case that is compared; none: the one that the indicator is measured at, or those of the members.
    pub level: Option<&'a str>,
    /// The day on which cohorts and systems are read; none: the last of the period.
    pub as_of: Option<Date>,
}

/// A membership that begins after the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Joins {
    pub cohort: String,
    pub date: String,
}

/// A case in one of the groups.
#[derive(Clone, Debug, Serialize)]
pub struct Compared {
    pub case: String,
    pub group: Group,
    /// Null where it is left out.
    pub value: Option<String>,
    /// As a table has it.
    #[serde(skip)]
    pub text: String,
    /// Why it is left out of the group's figures.
    pub excluded: Option<String>,
    /// Which part of it the cohort covers; null: the whole.
    pub part: Option<String>,
    /// The members that had become it.
    pub was: Vec<String>,
    /// Whether it joined after the cohort's date.
    pub joined_later: bool,
    /// Whether it joined within the period of the figure.
    pub joined_within: bool,
    /// Whether it joined after the period of the figure.
    pub joined_after: bool,
    /// The cohorts of the study that it joins after the day.
    pub joins: Vec<Joins>,
    /// The cohorts of the study, beside those that are compared, that it or a part of it is in on the day.
    pub is_in: Vec<Joins>,
    #[serde(skip)]
    number: Option<Decimal>,
}

/// What a group comes to.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    pub group: Group,
    pub name: String,
    /// Cases with a figure.
    pub cases: usize,
    pub left_out: usize,
    pub in_part: usize,
    pub joined_later: usize,
    pub joins_later: usize,
    /// Of numbers; each case counts once. Null of bands, and where no case has a figure.
    pub median: Option<String>,
    pub mean: Option<String>,
    pub least: Option<String>,
    pub most: Option<String>,
    /// Of bands, the best first: how many cases. Never a mean.
    pub bands: Vec<(String, usize)>,
    #[serde(skip)]
    pub numbers: Option<Numbers>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbers {
    pub median: Decimal,
    pub mean: Decimal,
    pub least: Decimal,
    pub most: Decimal,
}

#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    pub cohort: String,
    pub with: String,
    pub as_of: String,
    pub figure: Head,
    pub levels: Vec<String>,
    pub groups: Vec<Summary>,
    /// The cohort's less the other's; null where one has none.
    pub difference_of_medians: Option<String>,
    pub cases: Vec<Compared>,
    pub notes: Vec<String>,
}

/// Median, mean, least and most; none of nothing.
pub fn numbers(values: &[Decimal]) -> Option<Numbers> {
    let mut sorted = values.to_vec();
    sorted.sort();
    let (least, most) = (*sorted.first()?, *sorted.last()?);
    let half = sorted.len() / 2;
    let median = if sorted.len() % 2 == 1 {
        sorted[half]
    } else {
        mean_of(&sorted[half - 1..=half])
    };
    let mean = mean_of(&sorted);
    Some(Numbers {
        median,
        mean,
        least,
        most,
    })
}

/// The mean of values in their order, of which there is one at least. Where their sum is no decimal that fits, each is
/// divided first; what that rounds does not lead out of the values.
fn mean_of(sorted: &[Decimal]) -> Decimal {
    let n = Decimal::from(sorted.len());
    let sum = sorted
        .iter()
        .try_fold(Decimal::ZERO, |sum, v| sum.checked_add(*v));
    let parts = || {
        sorted
            .iter()
            .try_fold(Decimal::ZERO, |sum, v| sum.checked_add(v / n))
    };
    let most = sorted.last().copied().unwrap_or_default();
    let least = sorted.first().copied().unwrap_or_default();
    sum.map(|s| s / n)
        .or_else(parts)
        .unwrap_or(most)
        .clamp(least, most)
}

/// Who is in a group on the day: the case that stands for a member, and what is said of it.
struct Place {
    part: Option<String>,
    was: Vec<String>,
    joined_later: bool,
    joined_within: bool,
    joined_after: bool,
    excluded: Option<String>,
}

/// Compares.
pub fn compare(study: &Study, asked: &Asked) -> Result<Comparison> {
    let store = &study.store;
    let systems = Systems::read(store)?;
    let period = asked.column.period.clone();
    let day = asked.as_of.unwrap_or_else(|| period.last_day());
    let today = day.to_string();
    let (began, ended) = (period.from().to_string(), period.last_day().to_string());
    let all: Vec<(Cohort, Vec<Member>)> = store
        .cohorts()?
        .into_iter()
        .map(|c| {
            let members = store.cohort_members(Some(c.id))?;
            Ok((c, members))
        })
        .collect::<Result<_>>()?;
    let of = |slug: &str| -> Result<usize> {
        let id = store.cohort(slug)?.id;
        Ok(all.iter().position(|(c, _)| c.id == id).unwrap_or_default())
    };
    let first = of(asked.cohort)?;
    let second = asked.with.map(of).transpose()?;
    if second == Some(first) {
        return Err(Error::refused(
            "a cohort is not compared with itself",
            "name another with --with, or `rest`",
        )
        .into());
    }
    let levels = levels(&systems, asked, &all[first].1)?;
    let read = |at: usize| places(&systems, &all[at], &levels, &today, (&began, &ended));
    let own = read(first);
    let mut other: BTreeMap<i64, Place> = match second {
        Some(second) => read(second),
        None => rest(&systems, &own, &levels, &today),
    };
    for (id, place) in &mut other {
        if own.get(id).is_some_and(|p| p.excluded.is_none()) {
            place.excluded = Some(format!("it is in {} too", all[first].0.slug));
        }
    }
    // Figures of all at once, with what their parts make.
    let wanted: BTreeSet<i64> = own.keys().chain(other.keys()).copied().collect();
    if wanted.is_empty() {
        return Err(Error::refused(
            format!("no case is in the two groups on {today}"),
            format!(
                "see who is in the cohort with: casebook cohort show {}",
                all[first].0.slug
            ),
        )
        .into());
    }
    let figures = table(
        study,
        &Question {
            columns: vec![asked.column.clone()],
            which: Which {
                cases: wanted
                    .iter()
                    .map(|id| systems.slug(*id).to_owned())
                    .collect(),
                ..Which::default()
            },
            as_of: Some(day),
            ..Question::default()
        },
    )?;
    let Some(mut head) = figures.columns.first().cloned() else {
        return Err(Error::refused("no figure was named", "as in: --figure I@2017/18").into());
    };
    let shown: BTreeMap<i64, &Shown> = figures
        .rows
        .iter()
        .filter_map(|r| r.figures.first().map(|f| (r.id, f)))
        .collect();
    let mut cases = Vec::new();
    for (group, places) in [(Group::Cohort, own), (Group::With, other)] {
        for (id, place) in places {
            cases.push(compared(
                &systems,
                (group, id, place),
                shown.get(&id).copied(),
                &head,
                joins(&all, &systems, id, &today),
                is_in(&all, &systems, id, &today, &[Some(first), second]),
            ));
        }
    }
    cases.sort_by(|a, b| (a.group, &a.case).cmp(&(b.group, &b.case)));
    head.known = cases.iter().filter(|c| c.value.is_some()).count();
    head.unknown = cases.len() - head.known;
    let mut notes = figures.notes;
    for (cohort, members) in [Some(first), second].into_iter().flatten().map(|n| &all[n]) {
        let begins = members.iter().filter_map(|m| since(cohort, m)).min();
        if let Some(begins) = begins.filter(|begins| *begins > today.as_str()) {
            notes.push(format!(
                "{} begins on {begins}, after {today}: none of its members is in it yet. With them: --as-of {begins}",
                cohort.slug
            ));
        }
    }
    let with = asked.with.unwrap_or("rest").to_owned();
    let bands = &asked.column.indicator.bands;
    let groups = vec![
        summary(Group::Cohort, all[first].0.slug.clone(), &cases, bands),
        summary(Group::With, with.clone(), &cases, bands),
    ];
    let medians: Vec<Option<Decimal>> =
        groups.iter().map(|g| g.numbers.map(|n| n.median)).collect();
    Ok(Comparison {
        cohort: all[first].0.slug.clone(),
        with,
        as_of: today,
        levels: levels.into_iter().collect(),
        difference_of_medians: match medians.as_slice() {
            [Some(a), Some(b)] => Some(canonical(rounded(a - b, 10))),
            _ => None,
        },
        groups,
        figure: head,
        cases,
        notes,
    })
}

/// The kinds of case that are compared.
fn levels(systems: &Systems, asked: &Asked, members: &[Member]) -> Result<BTreeSet<String>> {
    let kinds: BTreeSet<&str> = systems.cases().iter().map(|c| c.kind.as_str()).collect();
    if let Some(level) = asked.level {
        if !kinds.contains(level) {
            let all: Vec<&str> = kinds.into_iter().collect();
            return Err(Error::refused(
                format!(
                    "no case is of kind `{}`",
                    crate::domain::span::printable(level)
                ),
                format!("the kinds are: {}", all.join(", ")),
            )
            .into());
        }
        return Ok(BTreeSet::from([level.to_owned()]));
    }
    if let Some(level) = &asked.column.indicator.level {
        return Ok(BTreeSet::from([level.clone()]));
    }
    Ok(members
        .iter()
        .filter_map(|m| systems.case(m.case))
        .map(|c| c.kind.clone())
        .collect())
}

/// The members of a cohort on a day, as what they had become by then.
fn places(
    systems: &Systems,
    (cohort, members): &(Cohort, Vec<Member>),
    levels: &BTreeSet<String>,
    today: &str,
    (first_day, last_day): (&str, &str),
) -> BTreeMap<i64, Place> {
    let mut found: BTreeMap<i64, Place> = BTreeMap::new();
    for m in members.iter().filter(|m| is_member(cohort, m, today)) {
        let mut stands = systems.stands_for(m.case, today);
        let ended = stands.is_empty();
        if ended {
            stands.insert(m.case);
        }
        for id in stands {
            let place = found.entry(id).or_insert_with(|| Place {
                part: None,
                was: Vec::new(),
                joined_later: false,
                joined_within: false,
                joined_after: false,
                excluded: None,
            });
            place.joined_later |= joined_later(cohort, m);
            let from = since(cohort, m).unwrap_or_default();
            place.joined_within |= from > first_day && from <= last_day;
            place.joined_after |= from > last_day;
            if let Some(part) = &m.part {
                place.part = Some(part.clone());
            }
            if id != m.case {
                place.was.push(systems.slug(m.case).to_owned());
            }
            place.excluded = if ended {
                Some("it had ended without a successor".to_owned())
            } else {
                other_kind(systems, id, levels, today)
            };
        }
    }
    found
}

/// Why a case of another kind is not compared.
fn other_kind(
    systems: &Systems,
    id: i64,
    levels: &BTreeSet<String>,
    today: &str,
) -> Option<String> {
    let case = systems.case(id)?;
    if levels.contains(&case.kind) {
        return None;
    }
    let wholes: Vec<&str> = systems
        .wholes(id, today)
        .into_iter()
        .filter_map(|w| systems.case(w))
        .filter(|w| levels.contains(&w.kind))
        .map(|w| w.slug.as_str())
        .collect();
    let of = if wholes.is_empty() {
        String::new()
    } else {
        format!(", part of {}", wholes.join(" and "))
    };
    Some(format!("it is a {}{of}", case.kind))
}

/// All others of the kinds that were there on the day. One of which a part is in the cohort belongs to neither.
fn rest(
    systems: &Systems,
    own: &BTreeMap<i64, Place>,
    levels: &BTreeSet<String>,
    today: &str,
) -> BTreeMap<i64, Place> {
    let is_rest = |c: &&Case| {
        levels.contains(&c.kind) && systems.is_there(c.id, today) && !own.contains_key(&c.id)
    };
    let mut found = BTreeMap::new();
    for case in systems.cases().iter().filter(is_rest) {
        let parts: Vec<&str> = own
            .keys()
            .filter(|id| systems.wholes(**id, today).contains(&case.id))
            .map(|id| systems.slug(*id))
            .collect();
        found.insert(
            case.id,
            Place {
                part: None,
                was: Vec::new(),
                joined_later: false,
                joined_within: false,
                joined_after: false,
                excluded: (!parts.is_empty())
                    .then(|| format!("its part {} is in the cohort", parts.join(" and "))),
            },
        );
    }
    found
}

/// The cohorts that a case, or what it becomes, joins after the day.
fn joins(all: &[(Cohort, Vec<Member>)], systems: &Systems, id: i64, today: &str) -> Vec<Joins> {
    let mut found = Vec::new();
    for (cohort, members) in all {
        for m in members {
            let date = since(cohort, m).unwrap_or_default();
            let same = m.case == id || systems.stands_for(id, date).contains(&m.case);
            if date > today && same {
                found.push(Joins {
                    cohort: cohort.slug.clone(),
                    date: date.to_owned(),
                });
            }
        }
    }
    found.sort_by(|a, b| (&a.date, &a.cohort).cmp(&(&b.date, &b.cohort)));
    found
}

/// The cohorts but those that are compared in which a case is on the day: as a member, as what members had become, or with
/// a part.
fn is_in(
    all: &[(Cohort, Vec<Member>)],
    systems: &Systems,
    id: i64,
    today: &str,
    compared: &[Option<usize>],
) -> Vec<Joins> {
    let mut found = Vec::new();
    for (n, (cohort, members)) in all.iter().enumerate() {
        if compared.contains(&Some(n)) {
            continue;
        }
        let of_case = members.iter().filter(|m| {
            is_member(cohort, m, today)
                && (systems.stands_for(m.case, today).contains(&id)
                    || systems.wholes(m.case, today).contains(&id))
        });
        if let Some(date) = of_case.filter_map(|m| since(cohort, m)).min() {
            found.push(Joins {
                cohort: cohort.slug.clone(),
                date: date.to_owned(),
            });
        }
    }
    found
}

fn compared(
    systems: &Systems,
    (group, id, place): (Group, i64, Place),
    figure: Option<&Shown>,
    head: &Head,
    joins: Vec<Joins>,
    is_in: Vec<Joins>,
) -> Compared {
    let text = figure.map_or(String::new(), |f| f.text(head.decimals));
    // A score stands for a band only by declaration: it is not counted among bands.
    let is_score = head.scale == Scale::Bands
        && figure.is_some_and(|f| {
            f.value
                .as_ref()
                .is_some_and(|v| v.parse::<Decimal>().is_ok())
        });
    let excluded = place.excluded.or_else(|| {
        if is_score {
            return Some("a score of its parts, and no band".to_owned());
        }
        match figure {
            Some(f) if f.value.is_some() => None,
            Some(f) if !f.conflict.is_empty() => Some(f.text(head.decimals)),
            Some(f) => Some(f.reason.clone().unwrap_or_else(|| "no figure".to_owned())),
            None => Some("no figure".to_owned()),
        }
    });
    let counts = excluded.is_none();
    Compared {
        case: systems.slug(id).to_owned(),
        group,
        value: figure.and_then(|f| f.value.clone()).filter(|_| counts),
        number: figure.and_then(|f| f.number).filter(|_| counts),
        text: if counts { text } else { String::new() },
        excluded,
        part: place.part,
        was: place.was,
        joined_later: place.joined_later,
        joined_within: place.joined_within,
        joined_after: place.joined_after,
        joins,
        is_in,
    }
}

fn summary(group: Group, name: String, cases: &[Compared], bands: &[String]) -> Summary {
    let all: Vec<&Compared> = cases.iter().filter(|c| c.group == group).collect();
    let counted: Vec<&&Compared> = all.iter().filter(|c| c.excluded.is_none()).collect();
    let values: Vec<Decimal> = counted.iter().filter_map(|c| c.number).collect();
    let numbers = if bands.is_empty() {
        numbers(&values)
    } else {
        None
    };
    let told = |get: fn(Numbers) -> Decimal| numbers.map(|n| canonical(rounded(get(n), 10)));
    Summary {
        group,
        name,
        cases: counted.len(),
        left_out: all.len() - counted.len(),
        in_part: counted.iter().filter(|c| c.part.is_some()).count(),
        joined_later: counted.iter().filter(|c| c.joined_later).count(),
        joins_later: counted.iter().filter(|c| !c.joins.is_empty()).count(),
        median: told(|n| n.median),
        mean: told(|n| n.mean),
        least: told(|n| n.least),
        most: told(|n| n.most),
        bands: bands
            .iter()
            .map(|band| {
                let n = counted
                    .iter()
                    .filter(|c| c.value.as_ref() == Some(band))
                    .count();
                (band.clone(), n)
            })
            .collect(),
        numbers,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn middles_and_means() {
        let of = |all: &[&str]| {
            let values: Vec<Decimal> = all.iter().map(|v| v.parse().expect("a decimal")).collect();
            numbers(&values)
        };
        assert_eq!(of(&[]), None);
        let one = of(&["-3.5"]).expect("numbers");
        assert_eq!(one.median, one.mean);
        let four = of(&["4", "1", "2.5", "10"]).expect("numbers");
        assert_eq!(four.median.normalize().to_string(), "3.25");
        assert_eq!(four.mean.normalize().to_string(), "4.375");
        assert_eq!((four.least, four.most), (Decimal::ONE, Decimal::TEN));
        let greatest = [Decimal::MAX, Decimal::MAX];
        let two = numbers(&greatest).expect("numbers");
        assert!(two.least == Decimal::MAX && two.median <= Decimal::MAX);
    }

    proptest! {
        #[test]
        fn nothing_lies_outside(all in proptest::collection::vec(-1_000_000i64..1_000_000, 1..40)) {
            let values: Vec<Decimal> = all.iter().map(|v| Decimal::new(*v, 2)).collect();
            let found = numbers(&values).expect("numbers");
            prop_assert!(found.least <= found.median && found.median <= found.most);
            let near = Decimal::new(1, 9);
            prop_assert!(found.least - near <= found.mean && found.mean <= found.most + near);
            let below = values.iter().filter(|v| **v < found.median).count();
            let above = values.iter().filter(|v| **v > found.median).count();
            prop_assert!(below * 2 <= values.len() && above * 2 <= values.len());
        }
    }
}
