//! How cases moved between two days: per domain and overall, and only where one kind of assessor saw them on both.

use serde::Serialize;

use super::assessment::{AssessmentView, By, views};
use crate::domain::words::words;
use crate::error::Result;
use crate::store::{Maturity, Store};

words! {
    /// Which way a case went.
    Way, "movement" {
        Forward = "forward",
        Back = "back",
        Same = "same",
    }
}

/// Where a case was seen.
#[derive(Clone, Debug, Serialize)]
pub struct At {
    pub assessment: i64,
    pub stage: String,
    pub stage_number: i64,
    pub date: String,
    pub assessor: Option<String>,
}

/// One case in one domain, by one kind of assessor.
#[derive(Clone, Debug, Serialize)]
pub struct Moved {
    pub case: String,
    /// Null: overall.
    pub domain: Option<String>,
    pub by: By,
    pub from: Option<At>,
    pub to: Option<At>,
    /// Null where there is no movement to tell.
    pub way: Option<Way>,
    pub stages: Option<i64>,
    /// Why there is none.
    pub reason: Option<&'static str>,
    /// Whether another assessor of the same kind saw it the second time.
    pub other_assessor: bool,
    /// Where it was seen between the two, beyond the one or the other: a way up and back is no standing still.
    pub between: Vec<At>,
}

/// A case, a domain and a kind of assessor.
type Key = (String, Option<String>, By);

/// The newest by a day; where several of that day differ, none.
fn newest(all: &[AssessmentView], until: Option<&str>) -> Result<Option<At>, &'static str> {
    let in_time = |a: &&AssessmentView| until.is_none_or(|d| a.date.as_str() <= d);
    let Some(date) = all.iter().filter(in_time).map(|a| a.date.clone()).max() else {
        return Ok(None);
    };
    one(all.iter().filter(|a| a.date == date))
}

/// The oldest of all; where several of that day differ, none.
fn oldest(all: &[AssessmentView]) -> Result<Option<At>, &'static str> {
    let date = all.iter().map(|a| a.date.clone()).min();
    one(all.iter().filter(|a| Some(&a.date) == date.as_ref()))
}

fn one<'a>(
    mut of_a_day: impl Iterator<Item = &'a AssessmentView>,
) -> Result<Option<At>, &'static str> {
    let Some(first) = of_a_day.next() else {
        return Ok(None);
    };
    if of_a_day.any(|a| a.stage_number != first.stage_number) {
        return Err("assessors of one day differ");
    }
    Ok(Some(At {
        assessment: first.assessment,
        stage: first.stage.clone(),
        stage_number: first.stage_number,
        date: first.date.clone(),
        assessor: first.assessor.clone(),
    }))
}

/// The movement from what was known by `from` (without it, the first assessment) to what was known by `to` (without it,
/// the last).
pub fn movement(
    store: &Store,
    maturity: &Maturity,
    cases: &[i64],
    (from, to): (Option<&str>, Option<&str>),
) -> Result<Vec<Moved>> {
    let all = views(store, Some(maturity.id), |a| {
        cases.is_empty() || cases.contains(&a.case)
    })?;
    let mut groups: Vec<(Key, Vec<AssessmentView>)> = Vec::new();
    for a in all {
        let key = (a.case.clone(), a.domain.clone(), a.by.parse::<By>()?);
        match groups.iter_mut().find(|(k, _)| *k == key) {
            Some((_, of_key)) => of_key.push(a),
            None => groups.push((key, vec![a])),
        }
    }
    Ok(groups
        .into_iter()
        .map(|((case, domain, by), all)| {
            let before = match from {
                Some(_) => newest(&all, from),
                None => oldest(&all),
            };
            let after = newest(&all, to);
            let mut found = moved(case, domain, by, before, after);
            found.between = between(&all, &found);
            found
        })
        .collect())
}

/// What was seen between the two days of a movement, below both or above both.
fn between(all: &[AssessmentView], m: &Moved) -> Vec<At> {
    let (Some(from), Some(to), Some(_)) = (&m.from, &m.to, m.way) else {
        return Vec::new();
    };
    let least = from.stage_number.min(to.stage_number);
    let most = from.stage_number.max(to.stage_number);
    let mut found: Vec<At> = all
        .iter()
        .filter(|a| a.date > from.date && a.date < to.date)
        .filter(|a| a.stage_number < least || a.stage_number > most)
        .filter_map(|a| one(std::iter::once(a)).ok().flatten())
        .collect();
    found.sort_by(|a, b| (&a.date, a.assessment).cmp(&(&b.date, b.assessment)));
    found
}

fn moved(
    case: String,
    domain: Option<String>,
    by: By,
    before: Result<Option<At>, &'static str>,
    after: Result<Option<At>, &'static str>,
) -> Moved {
    let mut found = Moved {
        case,
        domain,
        by,
        from: None,
        to: None,
        way: None,
        stages: None,
        reason: None,
        other_assessor: false,
        between: Vec::new(),
    };
    match (before, after) {
        (Err(why), _) | (_, Err(why)) => found.reason = Some(why),
        (Ok(None), Ok(to)) => {
            found.reason = Some("not assessed by the first day");
            found.to = to;
        }
        (Ok(from), Ok(None)) => {
            found.reason = Some("not assessed by the second day");
            found.from = from;
        }
        (Ok(Some(from)), Ok(Some(to))) => {
            if from.assessment == to.assessment || from.date >= to.date {
                found.reason = Some("assessed once only");
            } else {
                let stages = to.stage_number - from.stage_number;
                found.way = Some(match stages {
                    1.. => Way::Forward,
                    0 => Way::Same,
                    _ => Way::Back,
                });
                found.stages = Some(stages);
                found.other_assessor = from.assessor != to.assessor;
            }
            found.from = Some(from);
            found.to = Some(to);
        }
    }
    found
}
