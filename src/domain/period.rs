//! Periods that figures are of: a day, a month, a quarter, a year; or from one day to another.

use std::fmt;
use std::str::FromStr;

use jiff::ToSpan;

use super::Date;
use crate::error::Problem;

/// A stretch of days, known by how it is written. Two that are written differently but have the same days are equal to
/// nobody but [`Period::same_days`]: a calendar year and a financial year never are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Period {
    label: String,
    from: Date,
    /// The first day after it.
    to: Date,
}

#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no period")]
pub struct NoPeriod(String);

impl Problem for NoPeriod {
    fn hint(&self) -> Option<String> {
        Some("periods are written 2018 (a calendar year), 2017/18 (a financial year, from April), 2018-Q1, 2017/18-Q4, 2018-03, 2018-03-31, or 2018-03-01..2018-05-31".into())
    }
}

impl Period {
    /// As it is written: `2017/18`, `2018-Q1`, `2018-03` …
    pub fn label(&self) -> &str {
        &self.label
    }

    pub fn from(&self) -> Date {
        self.from
    }

    /// The first day after it.
    pub fn to(&self) -> Date {
        self.to
    }

    /// Its last day.
    pub fn last_day(&self) -> Date {
        self.to.saturating_sub(1.day())
    }

    pub fn same_days(&self, other: &Self) -> bool {
        (self.from, self.to) == (other.from, other.to)
    }

    /// Whether all of `other` lies in it.
    pub fn holds(&self, other: &Self) -> bool {
        self.from <= other.from && other.to <= self.to
    }

    pub fn overlaps(&self, other: &Self) -> bool {
        self.from < other.to && other.from < self.to
    }

    /// The financial year, from April, that all of it lies in.
    pub fn financial_year(&self) -> Option<Self> {
        let year = if self.from.month() >= 4 {
            self.from.year()
        } else {
            self.from.year() - 1
        };
        financial(year).filter(|y| y.holds(self))
    }

    /// The calendar year that all of it lies in.
    pub fn calendar_year(&self) -> Option<Self> {
        days(
            format!("{:04}", self.from.year()),
            (self.from.year(), 1, 1),
            (self.from.year() + 1, 1, 1),
        )
        .filter(|y| y.holds(self))
    }
}

fn days(label: String, from: (i16, i8, i8), to: (i16, i8, i8)) -> Option<Period> {
    let from = Date::new(from.0, from.1, from.2).ok()?;
    let to = Date::new(to.0, to.1, to.2).ok()?;
    (from < to).then_some(Period { label, from, to })
}

fn financial(year: i16) -> Option<Period> {
    let next = year.checked_add(1)?;
    days(
        format!("{year:04}/{:02}", next.rem_euclid(100)),
        (year, 4, 1),
        (next, 4, 1),
    )
}

/// Digits and nothing else, so many of them.
fn number<T: FromStr>(text: &str, digits: usize) -> Option<T> {
    (text.len() == digits && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

/// `2017/18`, or as it stands in many files `2017-18` and `2017/2018`. What could be a month (`2017-08`) is one.
fn financial_year(text: &str) -> Option<i16> {
    let (first, second) = text.split_once(['/', '-'])?;
    let year: i16 = number(first, 4)?;
    let next = year.checked_add(1)?;
    let same_century = number::<i16>(second, 2) == Some(next.rem_euclid(100));
    let is_month =
        text.contains('-') && number::<i8>(second, 2).is_some_and(|m| (1..=12).contains(&m));
    (same_century && !is_month || number::<i16>(second, 4) == Some(next)).then_some(year)
}

fn quarter(text: &str) -> Option<i8> {
    number::<i8>(text.strip_prefix(['Q', 'q'])?, 1).filter(|q| (1..=4).contains(q))
}

/// `months` from the first of a month on.
fn months(label: String, year: i16, month: i8, months: i8) -> Option<Period> {
    let from = Date::new(year, month, 1).ok()?;
    let to = from.checked_add(i64::from(months).months()).ok()?;
    Some(Period { label, from, to })
}

fn read(text: &str) -> Option<Period> {
    if let Some((from, to)) = text.split_once("..") {
        let (from, last): (Date, Date) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
        let to = last.checked_add(1.day()).ok()?;
        return (from < to).then(|| Period {
            label: format!("{from}..{last}"),
            from,
            to,
        });
    }
    if let Some(year) = number::<i16>(text, 4) {
        return days(text.to_owned(), (year, 1, 1), (year.checked_add(1)?, 1, 1));
    }
    if let Some(year) = financial_year(text) {
        return financial(year);
    }
    if let Some((year, rest)) = text.rsplit_once(['-', ' '])
        && let Some(q) = quarter(rest)
    {
        if let Some(year) = number::<i16>(year, 4) {
            return months(format!("{year:04}-Q{q}"), year, 3 * q - 2, 3);
        }
        let start = financial(financial_year(year)?)?;
        let from = start.from.checked_add(i64::from(3 * q - 3).months()).ok()?;
        return months(
            format!("{}-Q{q}", start.label),
            from.year(),
            from.month(),
            3,
        );
    }
    if let Some((year, month)) = text.split_once('-')
        && let (Some(year), Some(month)) = (number::<i16>(year, 4), number::<i8>(month, 2))
    {
        return months(format!("{year:04}-{month:02}"), year, month, 1);
    }
    (text.len() == 10).then_some(())?;
    let day: Date = text.parse().ok()?;
    let to = day.checked_add(1.day()).ok()?;
    Some(Period {
        label: day.to_string(),
        from: day,
        to,
    })
}

impl FromStr for Period {
    type Err = NoPeriod;

    fn from_str(text: &str) -> Result<Self, NoPeriod> {
        read(text.trim()).ok_or_else(|| NoPeriod(super::span::printable(text).into_owned()))
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.label)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn periods_are_read_as_files_write_them() {
        for (text, label, from, to) in [
            ("2018", "2018", "2018-01-01", "2019-01-01"),
            ("2017/18", "2017/18", "2017-04-01", "2018-04-01"),
            ("2017-18", "2017/18", "2017-04-01", "2018-04-01"),
            ("2017/2018", "2017/18", "2017-04-01", "2018-04-01"),
            ("1999/00", "1999/00", "1999-04-01", "2000-04-01"),
            ("2018-Q1", "2018-Q1", "2018-01-01", "2018-04-01"),
            ("2017/18-Q4", "2017/18-Q4", "2018-01-01", "2018-04-01"),
            ("2017/18 Q1", "2017/18-Q1", "2017-04-01", "2017-07-01"),
            ("2018-03", "2018-03", "2018-03-01", "2018-04-01"),
            ("2011-12", "2011-12", "2011-12-01", "2012-01-01"),
            ("2018-03-31", "2018-03-31", "2018-03-31", "2018-04-01"),
            (
                "2018-03-01..2018-05-31",
                "2018-03-01..2018-05-31",
                "2018-03-01",
                "2018-06-01",
            ),
        ] {
            let period: Period = text.parse().expect(text);
            assert_eq!(period.label(), label);
            assert_eq!(period.from().to_string(), from, "{text}");
            assert_eq!(period.to().to_string(), to, "{text}");
        }
    }

    #[test]
    fn what_is_no_period_is_refused() {
        for text in [
            "",
            "18",
            "2017/19",
            "2017/8",
            "2018-13",
            "2018-Q5",
            "March 2018",
            "2018-02-30",
            "2018-05-31..2018-03-01",
            "+018",
            "２０１８",
            "9999",
            "9999/00",
        ] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_month_lies_in_its_years() {
        let march: Period = "2018-03".parse().expect("a month");
        assert_eq!(march.financial_year().expect("one").label(), "2017/18");
        assert_eq!(march.calendar_year().expect("one").label(), "2018");
        let both: Period = "2018-03-01..2018-05-31".parse().expect("days");
        assert_eq!(both.financial_year(), None);
        assert_eq!(march.last_day().to_string(), "2018-03-31");
    }

    proptest! {
        #[test]
        fn nothing_panics_and_a_label_reads_as_itself(text in "\\PC{0,14}") {
            if let Ok(period) = text.parse::<Period>() {
                let again: Period = period.label().parse().expect("its own label");
                prop_assert_eq!(again, period);
            }
        }

        #[test]
        fn digits_too(text in "[0-9/Qq. -]{0,22}") {
            if let Ok(period) = text.parse::<Period>() {
                prop_assert!(period.from() < period.to());
                let again: Period = period.label().parse().expect("its own label");
                prop_assert_eq!(again, period);
            }
        }
    }
}
