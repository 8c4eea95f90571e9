//! What became of what was planned, as of a day: never stored, always seen from the day on which a goal was reached.

use jiff::ToSpan;
use serde::Serialize;

use super::Error;
use crate::domain::Date;
use crate::domain::period::Period;
use crate::domain::span::printable;
use crate::domain::words::words;
use crate::error::Result;

words! {
    /// What was said.
    Stance, "stance" {
        /// Names a time, or means to.
        Plans = "plans",
        /// Will wait, or is expected to be among the last.
        Waits = "waits",
        /// Has not decided, or does not say.
        Undecided = "undecided",
        /// Doubts that it will be.
        Doubts = "doubts",
    }
}

words! {
    /// What became of it.
    Outcome, "outcome of a claim" {
        /// Reached by the last day of the planned time.
        Kept = "kept",
        /// Reached after it.
        Slipped = "slipped",
        /// The planned time is over, and it is not reached.
        Overdue = "overdue",
        /// The planned time is not over.
        Open = "open",
        /// No time was said.
        NoDate = "no-date",
    }
}

words! {
    /// How it stands to the goal's deadline.
    Deadline, "standing to the deadline" {
        Met = "met",
        Missed = "missed",
        /// Neither reached nor over, and planned by it or without a time.
        Ahead = "ahead",
        /// Not over, and the planned time ends after it.
        PlannedLater = "planned-later",
    }
}

/// What is seen of a claim on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Seen {
    pub outcome: Outcome,
    /// How late it was (slipped), or is as of the day (overdue): months from the month in which the planned time ended (none
    /// where it is less than 28 days), and days from its last day.
    pub months: Option<i32>,
    pub days: Option<i32>,
    pub deadline: Option<Deadline>,
}

/// A planned time, its first and its last day: `2020-04`, `2020`, `2020-06..2020-08-31`, `2020-06..2020-08`, or a day.
///
/// # Errors
/// What is no time, or ends before it begins.
pub fn planned(typed: &str) -> Result<(Date, Date)> {
    let bad = || {
        Error::refused(
            format!("`{}` is no planned time", printable(typed)),
            "it is written as a month (2020-04), a year, a quarter (2020-Q2), a day, or from one to another: 2020-06..2020-08-31",
        )
    };
    let (from, to) = match typed.split_once("..") {
        Some((from, to)) => {
            let from: Period = from.trim().parse().map_err(|_| bad())?;
            let to: Period = to.trim().parse().map_err(|_| bad())?;
            (from.from(), to.last_day())
        }
        None => {
            let period: Period = typed.trim().parse().map_err(|_| bad())?;
            (period.from(), period.last_day())
        }
    };
    if to < from {
        return Err(bad().into());
    }
    Ok((from, to))
}

/// A planned time as it is read: a month as a month, a year as a year.
pub fn said_planned(from: Date, to: Date) -> String {
    let ends_month = to.checked_add(1.day()).is_ok_and(|after| after.day() == 1);
    if from == to {
        return from.to_string();
    }
    if from.day() != 1 || !ends_month {
        return format!("{from}..{to}");
    }
    let month = |d: Date| format!("{:04}-{:02}", d.year(), d.month());
    if (from.year(), from.month()) == (to.year(), to.month()) {
        return month(from);
    }
    if from.year() == to.year() && (from.month(), to.month()) == (1, 12) {
        return format!("{:04}", from.year());
    }
    format!("{}..{}", month(from), month(to))
}

/// Months from the month of one day to that of another.
pub fn months_between(from: Date, to: Date) -> i32 {
    let of = |d: Date| i32::from(d.year()) * 12 + i32::from(d.month());
    of(to) - of(from)
}

fn days_between(from: Date, to: Date) -> Option<i32> {
    from.until(to).ok().map(|span| span.get_days())
}

/// What became of a planned time, as of a day. `planned`: its last day. `reached`: the day on which the goal was reached,
/// which counts only if it had been by then.
pub fn seen(
    planned: Option<Date>,
    reached: Option<Date>,
    deadline: Option<Date>,
    as_of: Date,
) -> Seen {
    let reached = reached.filter(|r| *r <= as_of);
    let (outcome, late) = match (planned, reached) {
        (None, _) => (Outcome::NoDate, None),
        (Some(planned), Some(reached)) if reached <= planned => (Outcome::Kept, None),
        (Some(planned), Some(reached)) => (Outcome::Slipped, Some((planned, reached))),
        (Some(planned), None) if as_of > planned => (Outcome::Overdue, Some((planned, as_of))),
        (Some(_), None) => (Outcome::Open, None),
    };
    let deadline = deadline.map(|deadline| match (reached, planned) {
        (Some(reached), _) if reached <= deadline => Deadline::Met,
        (Some(_), _) => Deadline::Missed,
        (None, _) if as_of > deadline => Deadline::Missed,
        (None, Some(planned)) if planned > deadline => Deadline::PlannedLater,
        (None, _) => Deadline::Ahead,
    });
    let days = late.and_then(|(a, b)| days_between(a, b));
    Seen {
        outcome,
        months: late.map(|(a, b)| match days {
            Some(..28) => 0,
            _ => months_between(a, b),
        }),
        days,
        deadline,
    }
}

impl Seen {
    /// As people read it: `slipped by 12 months`.
    pub fn said(&self) -> String {
        let late = match (self.months, self.days) {
            (Some(0), Some(1)) => "by 1 day".to_owned(),
            (Some(0), Some(days)) => format!("by {days} days"),
            (Some(1), _) => "by 1 month".to_owned(),
            (Some(months), _) => format!("by {months} months"),
            (None, _) => String::new(),
        };
        match self.outcome {
            Outcome::Slipped | Outcome::Overdue => format!("{} {late}", self.outcome),
            Outcome::NoDate => "no date said".to_owned(),
            other => other.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    #[test]
    fn planned_times_are_read_and_said() {
        for (typed, from, to, said) in [
            ("2020-04", "2020-04-01", "2020-04-30", "2020-04"),
            ("2020", "2020-01-01", "2020-12-31", "2020"),
            (
                "2020-06..2020-08-31",
                "2020-06-01",
                "2020-08-31",
                "2020-06..2020-08",
            ),
            (
                "2020-06..2020-08",
                "2020-06-01",
                "2020-08-31",
                "2020-06..2020-08",
            ),
            ("2020-04-01", "2020-04-01", "2020-04-01", "2020-04-01"),
            (
                "2019-10-15..2021-03-31",
                "2019-10-15",
                "2021-03-31",
                "2019-10-15..2021-03-31",
            ),
            ("2020/21", "2020-04-01", "2021-03-31", "2020-04..2021-03"),
        ] {
            let (a, b) = planned(typed).expect(typed);
            assert_eq!((a, b), (day(from), day(to)), "{typed}");
            assert_eq!(said_planned(a, b), said, "{typed}");
        }
        for typed in ["soon", "", "2020-13", "2020-08..2020-06", "2020-04.."] {
            assert!(planned(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn every_outcome() {
        let planned = Some(day("2020-04-30"));
        let deadline = Some(day("2021-04-01"));
        let at = |reached: Option<&str>, as_of: &str| {
            let s = seen(planned, reached.map(day), deadline, day(as_of));
            (s.said(), s.deadline.map(Deadline::word))
        };
        assert_eq!(at(None, "2020-04-30"), ("open".into(), Some("ahead")));
        assert_eq!(
            at(None, "2020-05-01"),
            ("overdue by 1 day".into(), Some("ahead"))
        );
        assert_eq!(
            at(None, "2020-05-28"),
            ("overdue by 1 month".into(), Some("ahead"))
        );
        assert_eq!(
            at(None, "2021-04-02"),
            ("overdue by 12 months".into(), Some("missed"))
        );
        assert_eq!(
            at(Some("2020-04-30"), "2020-04-30"),
            ("kept".into(), Some("met"))
        );
        // Reached, but not by that day.
        assert_eq!(
            at(Some("2020-12-01"), "2020-05-03"),
            ("overdue by 3 days".into(), Some("ahead"))
        );
        assert_eq!(
            at(Some("2020-12-01"), "2021-01-01"),
            ("slipped by 8 months".into(), Some("met"))
        );
        assert_eq!(
            at(Some("2021-06-01"), "2021-07-01"),
            ("slipped by 14 months".into(), Some("missed"))
        );
        let later = seen(Some(day("2021-05-31")), None, deadline, day("2020-01-01"));
        assert_eq!(later.deadline, Some(Deadline::PlannedLater));
        let within = seen(
            Some(day("2020-04-10")),
            Some(day("2020-04-20")),
            None,
            day("2020-05-01"),
        );
        assert_eq!(within.said(), "slipped by 10 days");
        assert_eq!(
            seen(None, Some(day("2020-04-20")), None, day("2020-05-01")).said(),
            "no date said"
        );
    }

    proptest! {
        /// As time goes by, an outcome never turns back: open becomes kept, overdue or slipped, and kept stays kept.
        #[test]
        fn outcomes_only_go_forward(plan in 0i64..900, reach in proptest::option::of(0i64..900), a in 0i64..900, b in 0i64..900) {
            let start = day("2019-01-01");
            let at = |n: i64| start.checked_add(n.days()).expect("a day");
            let (first, second) = (a.min(b), a.max(b));
            let look = |as_of: i64| seen(Some(at(plan)), reach.map(at), None, at(as_of));
            let rank = |o: Outcome| match o {
                Outcome::Open => 0,
                Outcome::Overdue => 1,
                Outcome::Slipped | Outcome::Kept => 2,
                Outcome::NoDate => 9,
            };
            let (before, after) = (look(first), look(second));
            prop_assert!(rank(before.outcome) <= rank(after.outcome));
            if before.outcome == Outcome::Kept {
                prop_assert_eq!(&before, &after);
            }
            prop_assert_eq!(before.days.is_some_and(|d| d <= 0), false);
        }
    }
}
