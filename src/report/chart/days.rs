//! Days as places on an axis.

use jiff::ToSpan as _;

use crate::domain::Date;

/// Days since some day; only differences matter.
pub(super) fn place(date: Date) -> f64 {
    f64::from((date - Date::constant(1900, 1, 1)).get_days())
}

/// The first days of months from one place to another, at most `most`: every month, quarter, half year, year …
pub(super) fn months(from: Date, to: Date, most: usize) -> Vec<(f64, String)> {
    for every in [1i32, 3, 6, 12, 24, 60, 120, 600] {
        let mut found = Vec::new();
        let Ok(mut day) = Date::new(from.year(), 1, 1) else {
            return Vec::new();
        };
        while day <= to {
            let month = i32::from(day.year()) * 12 + i32::from(day.month()) - 1;
            if day >= from && month % every == 0 {
                let words = if every >= 12 { "%Y" } else { "%b %Y" };
                found.push((place(day), day.strftime(words).to_string()));
            }
            let Ok(next) = day.checked_add(1.month()) else {
                break;
            };
            day = next;
        }
        if found.len() <= most {
            return found;
        }
    }
    Vec::new()
}
