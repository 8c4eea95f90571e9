//! What is asked for as `INDICATOR@PERIOD`, and which figures may stand in one table.

use super::Error;
use crate::domain::figure::mixed;
use crate::domain::period::Period;
use crate::domain::span::printable;
use crate::domain::words::words;
use crate::error::Result;
use crate::store::Indicator;
use crate::study::Study;

words! {
    /// What figures of shorter periods are put together by.
    By, "stretch of time" {
        Month = "month",
        Quarter = "quarter",
        Year = "year",
        FinancialQuarter = "financial-quarter",
        FinancialYear = "financial-year",
    }
}

impl By {
    /// The stretch that all of a period lies in.
    pub fn around(self, period: &Period) -> Option<Period> {
        let day = period.from();
        let label = match self {
            Self::Year => return period.calendar_year(),
            Self::FinancialYear => return period.financial_year(),
            Self::Month => format!("{:04}-{:02}", day.year(), day.month()),
            Self::Quarter => format!("{:04}-Q{}", day.year(), (day.month() + 2) / 3),
            Self::FinancialQuarter => {
                let year = if day.month() >= 4 {
                    day.year()
                } else {
                    day.year() - 1
                };
                let quarter = (day.month() + 8) % 12 / 3 + 1;
                format!("{year:04}/{:02}-Q{quarter}", (year + 1).rem_euclid(100))
            }
        };
        label.parse().ok().filter(|p: &Period| p.holds(period))
    }
}

/// A figure that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub indicator: Indicator,
    pub period: Period,
}

impl Column {
    /// As it is typed: `four-hour@2017/18`.
    pub fn name(&self) -> String {
        format!("{}@{}", self.indicator.slug, self.period)
    }
}

/// `I@P`; without `@P` the newest period that has figures, or with `by` every stretch that has.
pub fn columns(study: &Study, typed: &[String], by: Option<By>) -> Result<Vec<Column>> {
    let mut found: Vec<Column> = Vec::new();
    for one in typed {
        let (slug, period) = split(one)?;
        let indicator = study.store.indicator(slug)?;
        let periods = match period {
            Some(period) => vec![period],
            None => {
                let all = measured(study, &indicator)?;
                match by {
                    Some(by) => stretches(&all, by),
                    None => newest(&all).into_iter().collect(),
                }
            }
        };
        if periods.is_empty() {
            return Err(Error::refused(
                format!("`{}` has no figures yet", indicator.slug),
                format!(
                    "add some with: casebook measure import FILE, or: casebook measure add {} CASE PERIOD VALUE --source S",
                    indicator.slug
                ),
            )
            .into());
        }
        for period in periods {
            let column = Column {
                indicator: indicator.clone(),
                period,
            };
            if !found.contains(&column) {
                found.push(column);
            }
        }
    }
    one_basis(found.iter().map(|c| &c.indicator))?;
    Ok(found)
}

/// The indicator's slug, and the period if one is named.
pub fn split(typed: &str) -> Result<(&str, Option<Period>)> {
    Ok(match typed.split_once('@') {
        Some((slug, period)) => (slug, Some(period.parse()?)),
        None => (typed, None),
    })
}

/// The periods that an indicator has measures of, the earliest first.
pub fn measured(study: &Study, indicator: &Indicator) -> Result<Vec<Period>> {
    let ids = study.store.measured_periods(indicator.id)?;
    let all = study.store.periods()?.into_iter();
    Ok(all
        .filter(|(id, _)| ids.binary_search(id).is_ok())
        .map(|(_, period)| period)
        .collect())
}

/// The stretches that figures lie in, each once, the earliest first.
pub fn stretches(all: &[Period], by: By) -> Vec<Period> {
    let mut found: Vec<Period> = all.iter().filter_map(|p| by.around(p)).collect();
    found.sort_by_key(|p| (p.from(), p.to()));
    found.dedup();
    found
}

fn newest(all: &[Period]) -> Option<Period> {
    // Of those that end together the longest says most.
    let longest_first = |p: &&Period| (p.to(), std::cmp::Reverse(p.from()));
    all.iter().max_by_key(longest_first).cloned()
}

/// Refuses figures of different bases in one table.
pub fn one_basis<'a>(indicators: impl Iterator<Item = &'a Indicator>) -> Result<()> {
    let all: Vec<&Indicator> = indicators.collect();
    for (n, one) in all.iter().enumerate() {
        for other in &all[n + 1..] {
            if let Some((aspect, here, there)) = mixed(&one.basis, &other.basis).first() {
                return Err(Error::refused(
                    format!(
                        "`{}` and `{}` are measured on different bases: `{}` is `{}` of the one and `{}` of the other",
                        one.slug,
                        other.slug,
                        printable(aspect),
                        printable(here),
                        printable(there)
                    ),
                    "show each in a table of its own",
                )
                .into());
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_lies_in_its_stretches() {
        let month: Period = "2018-03".parse().expect("a month");
        for (by, label) in [
            (By::Month, "2018-03"),
            (By::Quarter, "2018-Q1"),
            (By::Year, "2018"),
            (By::FinancialQuarter, "2017/18-Q4"),
            (By::FinancialYear, "2017/18"),
        ] {
            assert_eq!(by.around(&month).expect("one").label(), label);
        }
        for (month, quarter) in [
            ("2017-04", "2017/18-Q1"),
            ("2017-07", "2017/18-Q2"),
            ("2017-12", "2017/18-Q3"),
            ("2018-01", "2017/18-Q4"),
        ] {
            let month: Period = month.parse().expect("a month");
            assert_eq!(
                By::FinancialQuarter.around(&month).expect("one").label(),
                quarter
            );
        }
        let year: Period = "2017/18".parse().expect("a year");
        assert_eq!(By::Month.around(&year), None);
        assert_eq!(By::Year.around(&year), None);
    }
}
