//! Tables whose totals count everybody once: a total is no smaller than its largest cell and no larger than their sum.
//!
//! Who knows how tables are hidden knows that a star alone in its line is small, and a printed total then says how small:
//! of 6, 5 and * with 14 in all the star is 3 or 4. So whatever has a star has none of its totals printed: then nothing
//! printed holds the cell but 0 and the threshold.

use super::{Hidden, Place, Table, at, flag, is_hidden, wide_enough};

/// Hides all totals that a small number stands in.
pub(super) fn protect(table: &Table, hidden: &mut Hidden, small: &[Place]) {
    let (rows, cols) = (table.row_totals.len(), table.col_totals.len());
    for (i, j) in small {
        for total in [(*i, cols), (rows, *j), (rows, cols)] {
            *flag(hidden, total) |= at(table, total) > 0;
        }
    }
}

/// A table that adds up in one direction only. All totals of the other direction go, with the whole: what is left are
/// lines that don't know of one another. `rows` tells whether it is the rows that add up.
pub(super) fn protect_mixed(table: &Table, hidden: &mut Hidden, k: u64, rows: bool) {
    let (n_rows, n_cols) = (table.row_totals.len(), table.col_totals.len());
    hidden.total = table.total > 0;
    let once = if rows { n_cols } else { n_rows };
    for n in 0..once {
        let place = if rows { (n_rows, n) } else { (n, n_cols) };
        *flag(hidden, place) |= at(table, place) > 0;
    }
    let (lines, width) = if rows {
        (n_rows, n_cols)
    } else {
        (n_cols, n_rows)
    };
    for n in 0..lines {
        let place = |m| if rows { (n, m) } else { (m, n) };
        let values: Vec<u64> = (0..width).map(|m| at(table, place(m))).collect();
        let known: Vec<bool> = (0..width).map(|m| is_hidden(hidden, place(m))).collect();
        let total = place(width);
        if !known.iter().any(|is| *is) && !is_hidden(hidden, total) {
            continue;
        }
        let printed = (!is_hidden(hidden, total)).then(|| at(table, total));
        let (cells, whole) = line(&values, &known, printed, true, k);
        for (m, is) in cells.into_iter().enumerate() {
            *flag(hidden, place(m)) |= is;
        }
        *flag(hidden, total) |= whole;
        if is_hidden(hidden, total) {
            // The total of printed cells would be their sum.
            for (m, n) in values.iter().enumerate() {
                *flag(hidden, place(m)) |= *n > 0;
            }
        }
    }
}

/// Hides more of one line of numbers, until those that are hidden can't be worked out; and whether its total must go
/// too. `total`: what is printed as the total of all, wherever; `adds_up`: whether they add up to it.
pub fn line(
    values: &[u64],
    hidden: &[bool],
    total: Option<u64>,
    adds_up: bool,
    k: u64,
) -> (Vec<bool>, bool) {
    let mut hidden = hidden.to_vec();
    let Some(total) = total.filter(|_| hidden.contains(&true)) else {
        return (hidden, false);
    };
    let is_safe = |hidden: &[bool]| {
        let printed = values.iter().zip(hidden).filter(|(_, is)| !**is);
        let printed: u64 = printed.map(|(n, _)| n).sum();
        let beside = hidden.iter().filter(|is| **is).count() as u64 - 1;
        if adds_up {
            let left = total.saturating_sub(printed);
            let lowest = if beside == 0 { left } else { 1 };
            wide_enough(lowest, left.saturating_sub(beside), k)
        } else {
            // One alone is known to be small; of several any may be the small one.
            let others = printed.saturating_add(total.saturating_mul(beside));
            total.saturating_sub(others) <= 1
        }
    };
    while !is_safe(&hidden) {
        let next = (0..values.len())
            .filter(|m| !hidden[*m] && values[*m] > 0)
            .min_by_key(|m| (values[*m], *m));
        match next {
            Some(m) => hidden[m] = true,
            None => return (hidden, true),
        }
    }
    (hidden, false)
}
