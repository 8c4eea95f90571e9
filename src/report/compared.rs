//! An indicator over all cases of one kind, as reports compare them: the newest two periods, the change, the place in the
//! order.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::phrase::count;
use super::source::Source;
use crate::domain::Date;
use crate::domain::figure::{Better, OverTime, Rule};
use crate::domain::period::Period;
use crate::error::Result;
use crate::indicator::column::{By, Column, measured, stretches};
use crate::indicator::figures::{Change, Movement, Question, Row, Which, best_is_larger, table};
use crate::indicator::roll::Reckoner;
use crate::indicator::shown::{Shown, digits, larger_is_more, rounded};
use crate::store::Indicator;
use crate::study::Study;

/// Periods of nearly one length: months and leap years differ by a few days.
const NEARLY: i32 = 3;

pub(super) struct Compared {
    pub(super) of: Indicator,
    /// The earlier and the newest, or only that.
    pub(super) periods: Vec<Period>,
    pub(super) rows: Vec<Row>,
    pub(super) rule: Option<Rule>,
    pub(super) digits: u32,
    best_is_larger: bool,
}

/// A case's place among those that are measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// From 1, the best.
    pub(super) rank: usize,
    pub(super) of: usize,
    /// Whether others have the same.
    pub(super) joint: bool,
}

impl Compared {
    /// An indicator's figures of all cases of a kind; `None` where none of them has any.
    pub(super) fn read(source: &Source, of: &Indicator, kind: &str) -> Result<Option<Self>> {
        let study = source.study;
        let by = Reckoner::of(study, of)?;
        let periods = newest_two(study, of, by.as_ref())?;
        if periods.is_empty() {
            return Ok(None);
        }
        let columns = periods
            .iter()
            .map(|period| Column {
                indicator: of.clone(),
                period: period.clone(),
            })
            .collect();
        let found = table(
            study,
            &Question {
                columns,
                which: Which {
                    level: Some(kind.to_owned()),
                    ..Which::default()
                },
                as_of: source.as_of,
                ..Question::default()
            },
        )?;
        if found
            .rows
            .iter()
            .all(|row| row.figures.iter().all(Shown::is_unknown))
        {
            return Ok(None);
        }
        Ok(Some(Self {
            of: of.clone(),
            periods,
            rows: found.rows,
            rule: by.as_ref().map(|b| b.rule.rule),
            digits: digits(of, by.as_ref()),
            best_is_larger: best_is_larger(of, larger_is_more(of, by.as_ref())),
        }))
    }

    pub(super) fn row(&self, case: i64) -> Option<&Row> {
        self.rows.iter().find(|row| row.id == case)
    }

    /// The newest figure of a case.
    pub(super) fn newest(row: &Row) -> Option<&Shown> {
        row.figures.last()
    }

    pub(super) fn has_direction(&self) -> bool {
        self.of.better != Better::Neither && self.periods.len() == 2
    }

    /// Cases whose newest figure holds, in the order of the table.
    pub(super) fn measured(&self) -> impl Iterator<Item = &Row> {
        self.rows
            .iter()
            .filter(|row| Self::newest(row).is_some_and(|f| f.number.is_some()))
    }

    /// The places of those that are measured by the newest period, among those that `takes`.
    pub(super) fn places(&self, takes: impl Fn(i64) -> bool) -> HashMap<i64, Place> {
        let numbers: Vec<(i64, rust_decimal::Decimal)> = self
            .measured()
            .filter(|row| takes(row.id))
            .filter_map(|row| Some((row.id, Self::newest(row)?.number?)))
            .collect();
        let mut sorted: Vec<rust_decimal::Decimal> = numbers.iter().map(|(_, n)| *n).collect();
        sorted.sort_unstable();
        if self.best_is_larger {
            sorted.reverse();
        }
        let mut first: BTreeMap<rust_decimal::Decimal, (usize, usize)> = BTreeMap::new();
        for (at, n) in sorted.iter().enumerate() {
            first.entry(*n).or_insert((at + 1, 0)).1 += 1;
        }
        let place = |n| {
            let (rank, same): (usize, usize) = first.get(&n).copied().unwrap_or_default();
            Place {
                rank,
                of: numbers.len(),
                joint: same > 1,
            }
        };
        numbers.iter().map(|(id, n)| (*id, place(*n))).collect()
    }

    /// Cases in the same third of the order as this one, and which that is: 0 for the best.
    pub(super) fn third(&self, case: i64) -> Option<(usize, BTreeSet<i64>)> {
        let places = self.places(|_| true);
        let third = |p: &Place| (p.rank - 1) * 3 / p.of;
        let here = third(places.get(&case)?);
        let same = places.iter().filter(|(_, p)| third(p) == here);
        Some((here, same.map(|(id, _)| *id).collect()))
    }

    /// Cases whose figure moved the same way.
    pub(super) fn moved(&self, movement: Movement) -> BTreeSet<i64> {
        let same = |row: &&Row| row.changes.first().is_some_and(|c| c.movement == movement);
        self.rows.iter().filter(same).map(|row| row.id).collect()
    }

    /// `12th of 44`, or `joint 12th of 44`; of what has no direction, by size.
    pub(super) fn ranked(&self, place: Place) -> String {
        format!(
            "{}{} of {}{}",
            if place.joint { "joint " } else { "" },
            nth(place.rank),
            place.of,
            if self.of.better == Better::Neither {
                ", by size"
            } else {
                ""
            }
        )
    }

    /// What a third is called.
    pub(super) fn third_named(&self, third: usize) -> &'static str {
        match (self.of.better, third) {
            (Better::Neither, 0) => "third with the largest figures",
            (Better::Neither, 2) => "third with the smallest figures",
            (_, 0) => "upper third",
            (_, 2) => "lower third",
            _ => "middle third",
        }
    }

    /// A figure in words, with what a reader must know of it.
    pub(super) fn figure(&self, shown: &Shown) -> String {
        if shown.value.is_none() {
            return match shown.reason.as_deref() {
                _ if !shown.conflict.is_empty() => self.in_conflict(shown),
                Some("suppressed") => "suppressed by the source".to_owned(),
                Some("missing") => "not known (the source has none)".to_owned(),
                Some("without any record") | None => "not known".to_owned(),
                Some(why) => format!("not known ({why})"),
            };
        }
        let mut marks = Vec::new();
        if shown.provisional {
            marks.push("provisional".to_owned());
        }
        if shown.settled {
            marks.push("settled".to_owned());
        }
        if !shown.lacking.is_empty() {
            marks.push("of part of the period".to_owned());
        }
        if let Some(rests) = &shown.rests_on
            && !rests.complete
        {
            let n = rests.lacking.len() + rests.no_record.len();
            marks.push(if n == 0 {
                "incomplete".to_owned()
            } else {
                format!("incomplete: {}", count(n, "part lacks", "parts lack"))
            });
        }
        let text = shown.text(self.digits);
        if marks.is_empty() {
            text
        } else {
            format!("{text} ({})", marks.join(", "))
        }
    }

    fn in_conflict(&self, shown: &Shown) -> String {
        let of = |value: &str| match value.parse::<rust_decimal::Decimal>() {
            // What differs may differ beyond the digits that are shown.
            Ok(n) => {
                let digits = self.digits.max(n.normalize().scale());
                format!("{:.*}", digits as usize, rounded(n, digits))
            }
            Err(_) => value.to_owned(),
        };
        let values: Vec<String> = shown.conflict.iter().map(|s| of(&s.value)).collect();
        format!("in conflict: {}", values.join(" or "))
    }

    /// `+1.2 (better)`.
    pub(super) fn change(&self, change: &Change) -> String {
        let way = match change.movement {
            Movement::Unknown => return "not known".to_owned(),
            Movement::Same => return "same".to_owned(),
            Movement::Changed => String::new(),
            Movement::Better | Movement::Worse => format!(" ({})", change.movement),
        };
        let Some(number) = change.number else {
            return change.movement.to_string();
        };
        if !self.of.bands.is_empty() && self.rule != Some(Rule::MeanScore) {
            let bands = number.abs().normalize().to_string();
            let word = if bands == "1" { "band" } else { "bands" };
            return format!("{bands} {word}{way}");
        }
        // A change that is too small for the usual digits is told with more.
        let mut digits = self.digits;
        while rounded(number, digits).is_zero() && digits < 6 {
            digits += 1;
        }
        format!("{:+.*}{way}", digits as usize, rounded(number, digits))
    }

    /// Its name with the unit: `A&E within four hours (% of attendances)`.
    pub(super) fn title(&self) -> String {
        title(&self.of)
    }
}

pub(super) fn title(of: &Indicator) -> String {
    use crate::domain::figure::Scale;
    match of.scale {
        Scale::Percentage => format!("{} (% of {})", of.name, of.unit),
        Scale::Number => format!("{} ({})", of.name, of.unit),
        Scale::Bands => of.name.clone(),
    }
}

/// `kind: outturn; types: all`.
pub(super) fn basis(of: &Indicator) -> String {
    of.basis
        .iter()
        .map(|(aspect, value)| format!("{aspect}: {value}"))
        .collect::<Vec<_>>()
        .join("; ")
}

/// `1st`, `12th`, `23rd`.
fn nth(n: usize) -> String {
    let end = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{end}")
}

/// The newest period that an indicator has figures of and the one of its length before it. Where a rule puts shorter
/// periods together and the newest ends with a year, these are years.
fn newest_two(study: &Study, of: &Indicator, by: Option<&Reckoner>) -> Result<Vec<Period>> {
    let mut all = measured(study, of)?;
    if by.is_some_and(|b| b.rule.over_time != OverTime::Refuse) {
        let last = all.iter().map(Period::to).max();
        for by in [By::FinancialYear, By::Year] {
            let years = stretches(&all, by);
            if years.last().map(Period::to) == last {
                all.extend(years);
                break;
            }
        }
    }
    Ok(pick(&all))
}

fn pick(all: &[Period]) -> Vec<Period> {
    let longest_first = |p: &&Period| (p.to(), std::cmp::Reverse(p.from()));
    let Some(newest) = all.iter().max_by_key(longest_first) else {
        return Vec::new();
    };
    let days = |from: Date, to: Date| from.until(to).map_or(i32::MAX, |span| span.get_days());
    let length = |p: &Period| days(p.from(), p.to());
    let before = all
        .iter()
        .filter(|p| p.to() <= newest.from() && (length(p) - length(newest)).abs() <= NEARLY)
        .max_by_key(|p| p.to());
    before.into_iter().chain([newest]).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_said_as_people_say_them() {
        let said: Vec<String> = [1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 101, 111, 112]
            .into_iter()
            .map(nth)
            .collect();
        assert_eq!(
            said.join(" "),
            "1st 2nd 3rd 4th 11th 12th 13th 21st 22nd 23rd 101st 111th 112th"
        );
    }

    #[test]
    fn the_newest_two_are_of_one_length() {
        for (all, picked) in [
            (vec!["2018-01", "2018-02", "2018-03"], "2018-02 2018-03"),
            (vec!["2018-01", "2018-03", "2017/18"], "2017/18"),
            (vec!["2016/17", "2018-01", "2017/18"], "2016/17 2017/18"),
            // One year is missing: what was before it is compared, and says so.
            (vec!["2015/16", "2017/18"], "2015/16 2017/18"),
            (vec!["2017", "2017/18"], "2017/18"),
            (vec![], ""),
        ] {
            let all: Vec<Period> = all.iter().map(|p| p.parse().expect("a period")).collect();
            let labels: Vec<String> = pick(&all).iter().map(|p| p.label().to_owned()).collect();
            assert_eq!(labels.join(" "), picked);
        }
    }
}
