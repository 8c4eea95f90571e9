//! Periods as files write them: days that stand for their month, names of months, heads of columns.

use super::mapping::PeriodAs;
use crate::domain::period::Period;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// What length a period has, as people call it.
pub(super) fn length(period: &Period) -> &'static str {
    let label = period.label();
    if label.contains("..") {
        "stretch of days"
    } else if label.contains('Q') {
        if label.contains('/') {
            "quarter of a financial year"
        } else {
            "quarter"
        }
    } else if label.contains('/') {
        "financial year"
    } else {
        match label.len() {
            4 => "calendar year",
            7 => "month",
            _ => "day",
        }
    }
}

/// The period that a cell says, as it was declared that cells say it.
pub(super) fn read(cell: &str, read_as: Option<PeriodAs>) -> Option<Period> {
    let text = cell.trim();
    // A spreadsheet's day may have a time behind it.
    let text = match text.split_once('T') {
        Some((day, _)) if day.len() == 10 && day.starts_with(|c: char| c.is_ascii_digit()) => day,
        _ => text,
    };
    let Some(read_as) = read_as else {
        return text.parse().ok();
    };
    let found: Period = text
        .parse()
        .ok()
        .or_else(|| named_month(text))
        .or_else(|| short_year(text))?;
    let what = length(&found);
    match read_as {
        PeriodAs::Day => (what == "day").then_some(found),
        PeriodAs::Month => match what {
            "month" => Some(found),
            "day" => found.label().get(..7)?.parse().ok(),
            _ => None,
        },
        PeriodAs::Quarter => match what {
            "quarter" | "quarter of a financial year" => Some(found),
            "day" | "month" => {
                let year = found.label().get(..4)?;
                let month: u8 = found.label().get(5..7)?.parse().ok()?;
                format!("{year}-Q{}", month.div_ceil(3)).parse().ok()
            }
            _ => None,
        },
        PeriodAs::Year => match what {
            "calendar year" => Some(found),
            "day" | "month" | "quarter" => found.calendar_year(),
            _ => None,
        },
        PeriodAs::FinancialYear => match what {
            "financial year" => Some(found),
            "day" | "month" => found.financial_year(),
            _ => None,
        },
    }
}

/// `March 2018`, `Mar-18`, `MSitAE-MARCH-2018`.
fn named_month(text: &str) -> Option<Period> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|w| !w.is_empty())
        .collect();
    let at = words.iter().position(|w| {
        w.len() >= 3
            && MONTHS.iter().any(|m| {
                m == w || (w.len() == 3 && m.starts_with(w)) || (*w == "sept" && *m == "september")
            })
    })?;
    let month = MONTHS
        .iter()
        .position(|m| m.starts_with(words[at]) || (words[at] == "sept" && *m == "september"))?
        + 1;
    let year = words.get(at + 1)?;
    let year: u16 = match year.len() {
        4 => year.parse().ok()?,
        2 => 2000 + year.parse::<u16>().ok()?,
        _ => return None,
    };
    (words.len() == at + 2)
        .then(|| format!("{year:04}-{month:02}").parse().ok())
        .flatten()
}

/// `17/18`, `FY2017/18`.
fn short_year(text: &str) -> Option<Period> {
    let text = text.trim_start_matches(['F', 'Y', 'f', 'y', ' ']);
    if text.len() == 5 && text.as_bytes()[2] == b'/' {
        return format!("20{text}").parse().ok();
    }
    text.parse().ok().filter(|p| length(p) == "financial year")
}

/// The periods that a head of a column names: `Score 2017/18` names one.
pub(super) fn named_in(head: &str) -> Vec<Period> {
    if let Ok(whole) = head.trim().parse::<Period>() {
        return vec![whole];
    }
    let mut found: Vec<Period> = Vec::new();
    for word in head.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | ';' | '_'))
    {
        if let Ok(period) = word.parse::<Period>()
            && !found.contains(&period)
        {
            found.push(period);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn days_stand_for_what_was_declared() {
        for (text, read_as, label) in [
            ("2017-03-01", Some(PeriodAs::Month), Some("2017-03")),
            (
                "2017-03-01T00:00:00",
                Some(PeriodAs::Month),
                Some("2017-03"),
            ),
            ("2017-03-01", Some(PeriodAs::FinancialYear), Some("2016/17")),
            ("2017-03-01", Some(PeriodAs::Year), Some("2017")),
            ("2017-03-01", Some(PeriodAs::Quarter), Some("2017-Q1")),
            ("2017-03-01", None, Some("2017-03-01")),
            ("March 2017", Some(PeriodAs::Month), Some("2017-03")),
            ("Mar-17", Some(PeriodAs::Month), Some("2017-03")),
            ("MSitAE-MARCH-2017", Some(PeriodAs::Month), Some("2017-03")),
            ("March 2017", None, None),
            ("17/18", Some(PeriodAs::FinancialYear), Some("2017/18")),
            ("FY 2017/18", Some(PeriodAs::FinancialYear), Some("2017/18")),
            ("2018", Some(PeriodAs::FinancialYear), None),
            ("2017/18", Some(PeriodAs::Month), None),
            ("marching 2017", Some(PeriodAs::Month), None),
        ] {
            let read = read(text, read_as);
            assert_eq!(read.as_ref().map(Period::label), label, "{text}");
        }
    }

    #[test]
    fn heads_name_periods() {
        let labels = |head: &str| {
            named_in(head)
                .iter()
                .map(|p| p.label().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(labels("Score 2017/18"), ["2017/18"]);
        assert_eq!(labels("2017/18 and 2018/19"), ["2017/18", "2018/19"]);
        assert_eq!(labels("attendances"), Vec::<String>::new());
        assert_eq!(labels("2017-18"), ["2017/18"]);
    }

    proptest! {
        #[test]
        fn any_text(text in "\\PC{0,16}") {
            for read_as in [None, Some(PeriodAs::Month), Some(PeriodAs::Quarter), Some(PeriodAs::FinancialYear), Some(PeriodAs::Year)] {
                let _ = read(&text, read_as);
            }
            named_in(&text);
        }
    }
}
