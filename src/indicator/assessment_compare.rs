//! Who saw a case where: the latest assessment of each kind of assessor by a day, side by side. Differences are said in
//! stages; nothing is summed and nothing averaged.

use std::collections::BTreeMap;

use jiff::{ToSpan, Unit};
use serde::Serialize;

use super::assessment::{AssessmentView, By, views};
use crate::domain::Date;
use crate::error::Result;
use crate::store::{Maturity, Store};

/// The newest of one kind of assessor.
#[derive(Clone, Debug, Serialize)]
pub struct Seen {
    pub assessment: i64,
    pub by: By,
    pub stage: String,
    pub stage_number: i64,
    pub date: String,
    pub assessor: Option<String>,
    pub confidence: Option<String>,
}

/// By how many stages two kinds of assessor differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    pub of: By,
    pub from: By,
    /// Above zero: `of` saw it further than `from` did.
    pub stages: i64,
    /// The days from the older of the two assessments to the newer: where they are long, the case may have changed.
    pub days_apart: Option<i32>,
    /// Those days in whole months, where there are more than six of them.
    pub months_apart: Option<i32>,
}

/// The days between two assessments, and the whole months, where they are more than six months apart.
fn apart(a: &str, b: &str) -> (Option<i32>, Option<i32>) {
    let (Ok(a), Ok(b)) = (a.parse::<Date>(), b.parse::<Date>()) else {
        return (None, None);
    };
    let (first, last) = (a.min(b), a.max(b));
    let days = first.until(last).ok().map(|span| span.get_days());
    let is_long = first
        .checked_add(6.months())
        .is_ok_and(|half_a_year| half_a_year < last);
    let months = first
        .until((Unit::Month, last))
        .ok()
        .map(|span| span.get_months())
        .filter(|_| is_long);
    (days, months)
}

/// A case in one domain.
#[derive(Clone, Debug, Serialize)]
pub struct Compared {
    pub case: String,
    /// Null: overall.
    pub domain: Option<String>,
    pub seen: Vec<Seen>,
    pub differences: Vec<Difference>,
    /// Kinds of assessor of whom there are several on the newest day, who differ: none of them is taken.
    pub disagree: Vec<By>,
}

/// The latest of each kind of assessor by `as_of`, case by case and domain by domain.
pub fn compare(
    store: &Store,
    maturity: &Maturity,
    cases: &[i64],
    as_of: Option<&str>,
) -> Result<Vec<Compared>> {
    let all = views(store, Some(maturity.id), |a| {
        (cases.is_empty() || cases.contains(&a.case)) && as_of.is_none_or(|d| a.date.as_str() <= d)
    })?;
    // In the order in which they come: by case, then by the framework's domains, overall first.
    let mut places: Vec<(String, Option<String>)> = Vec::new();
    let mut found: BTreeMap<usize, BTreeMap<By, Vec<AssessmentView>>> = BTreeMap::new();
    for a in all {
        let place = (a.case.clone(), a.domain.clone());
        let at = places.iter().position(|p| *p == place).unwrap_or_else(|| {
            places.push(place);
            places.len() - 1
        });
        let by = a.by.parse::<By>()?;
        found.entry(at).or_default().entry(by).or_default().push(a);
    }
    let mut compared = Vec::new();
    for (at, kinds) in found {
        let (case, domain) = places.get(at).cloned().unwrap_or_default();
        let (mut seen, mut disagree) = (Vec::new(), Vec::new());
        for (by, assessments) in kinds {
            let Some(newest) = assessments.iter().map(|a| a.date.clone()).max() else {
                continue;
            };
            let mut last = assessments.into_iter().filter(|a| a.date == newest);
            let Some(first) = last.next() else { continue };
            if last.any(|a| a.stage_number != first.stage_number) {
                disagree.push(by);
                continue;
            }
            seen.push(Seen {
                assessment: first.assessment,
                by,
                stage: first.stage,
                stage_number: first.stage_number,
                date: first.date,
                assessor: first.assessor,
                confidence: first.confidence,
            });
        }
        let mut differences = Vec::new();
        for (n, a) in seen.iter().enumerate() {
            for b in &seen[n + 1..] {
                let (days_apart, months_apart) = apart(&a.date, &b.date);
                differences.push(Difference {
                    of: a.by,
                    from: b.by,
                    stages: a.stage_number - b.stage_number,
                    days_apart,
                    months_apart,
                });
            }
        }
        compared.push(Compared {
            case,
            domain,
            seen,
            differences,
            disagree,
        });
    }
    Ok(compared)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_six_months_are_said() {
        assert_eq!(apart("2020-01-15", "2020-01-15"), (Some(0), None));
        assert_eq!(apart("2020-01-15", "2020-07-15"), (Some(182), None));
        assert_eq!(apart("2020-07-16", "2020-01-15"), (Some(183), Some(6)));
        assert_eq!(apart("2019-12-02", "2021-09-20"), (Some(658), Some(21)));
        assert_eq!(apart("soon", "2021-09-20"), (None, None));
    }
}
