//! Tables whose totals count everybody once: a total is no smaller than its largest cell and no larger than their sum.
//!
//! There the largest that a hidden cell can be is the smallest printed total above it. The smallest is what its total
//! leaves when the other hidden ones beside it are as large as they can be, which they can be all at once.

use super::{Hidden, Place, Table, at, flag, is_hidden, wide_enough};

/// What has no printed number above it.
const ANY: u64 = u64::MAX / 1_000_000;

/// Hides cells beside, then totals, until every small number is safe.
pub(super) fn protect(table: &Table, hidden: &mut Hidden, small: &[Place], k: u64) {
    let (rows, cols) = (table.row_totals.len(), table.col_totals.len());
    for (i, j) in small {
        // A total that is small: what it could be is bounded by its cells, which are small themselves, and by the whole.
        let own = [(*i < rows).then_some(*i), (*j < cols).then_some(*j)];
        if own != [Some(*i), Some(*j)] {
            continue;
        }
        while !is_safe(table, hidden, (*i, *j), k) {
            let row = (0..cols).map(|other| (*i, other));
            let col = (0..rows).map(|other| (other, *j));
            let beside = row
                .chain(col)
                .filter(|p| at(table, *p) > 0 && !is_hidden(hidden, *p))
                .min_by_key(|p| (at(table, *p), *p));
            let totals = [(*i, cols), (rows, *j), (rows, cols)];
            let next = beside.or_else(|| totals.into_iter().find(|p| !is_hidden(hidden, *p)));
            match next {
                Some(place) => *flag(hidden, place) = true,
                None => break,
            }
        }
    }
    // A hidden total of few people is as safe as the cells beneath it only if the whole does not bound it.
    let totals_hidden = hidden.row_totals.iter().chain(&hidden.col_totals);
    if totals_hidden.into_iter().any(|is| *is) {
        protect_totals(table, hidden, k);
    }
}

/// Totals of rows lie between the largest of their printed cells and the sum of the largest that their cells can be.
fn protect_totals(table: &Table, hidden: &mut Hidden, k: u64) {
    let (rows, cols) = (table.row_totals.len(), table.col_totals.len());
    let lines = (0..rows)
        .map(|i| (i, cols))
        .chain((0..cols).map(|j| (rows, j)));
    for place in lines {
        let n = at(table, place);
        if n == 0 || n >= k || !is_hidden(hidden, place) {
            continue;
        }
        if total_is_safe(table, hidden, place, k) {
            continue;
        }
        // All its cells, and the whole: then nothing bounds it.
        let (i, j) = place;
        let cells: Vec<Place> = if i < rows {
            (0..cols).map(|j| (i, j)).collect()
        } else {
            (0..rows).map(|i| (i, j)).collect()
        };
        for cell in cells {
            if at(table, cell) > 0 {
                *flag(hidden, cell) = true;
            }
        }
        if !total_is_safe(table, hidden, place, k) {
            hidden.total = true;
            for i in 0..rows {
                hidden.row_totals[i] |= table.row_totals[i] > 0;
            }
            for j in 0..cols {
                hidden.col_totals[j] |= table.col_totals[j] > 0;
            }
        }
    }
}

fn total_is_safe(table: &Table, hidden: &Hidden, (i, j): Place, k: u64) -> bool {
    let (rows, cols) = (table.row_totals.len(), table.col_totals.len());
    let cells: Vec<Place> = if i < rows {
        (0..cols).map(|j| (i, j)).collect()
    } else {
        (0..rows).map(|i| (i, j)).collect()
    };
    let whole = if hidden.total { ANY } else { table.total };
    let most: u64 = cells.iter().map(|c| highest(table, hidden, *c)).sum();
    let least = cells
        .iter()
        .filter(|c| !is_hidden(hidden, **c))
        .map(|c| at(table, *c))
        .max();
    let others: u64 = if i < rows {
        (0..rows)
            .filter(|r| *r != i)
            .map(|r| (r, cols))
            .collect::<Vec<_>>()
    } else {
        (0..cols).filter(|c| *c != j).map(|c| (rows, c)).collect()
    }
    .into_iter()
    .map(|p| total_highest(table, hidden, p))
    .sum();
    let left = if hidden.total {
        0
    } else {
        table.total.saturating_sub(others)
    };
    wide_enough(least.unwrap_or_default().max(left), most.min(whole), k)
}

/// The largest that a total can be.
fn total_highest(table: &Table, hidden: &Hidden, place: Place) -> u64 {
    if is_hidden(hidden, place) {
        if hidden.total { ANY } else { table.total }
    } else {
        at(table, place)
    }
}

/// The largest that a cell can be.
fn highest(table: &Table, hidden: &Hidden, (i, j): Place) -> u64 {
    if !is_hidden(hidden, (i, j)) {
        return at(table, (i, j));
    }
    let (rows, cols) = (table.row_totals.len(), table.col_totals.len());
    [(i, cols), (rows, j), (rows, cols)]
        .into_iter()
        .filter(|p| !is_hidden(hidden, *p))
        .map(|p| at(table, p))
        .min()
        .unwrap_or(ANY)
}

fn is_safe(table: &Table, hidden: &Hidden, (i, j): Place, k: u64) -> bool {
    let (rows, cols) = (table.row_totals.len(), table.col_totals.len());
    let row = (0..cols).filter(|o| *o != j).map(|o| (i, o));
    let col = (0..rows).filter(|o| *o != i).map(|o| (o, j));
    let left = |total: Place, beside: &mut dyn Iterator<Item = Place>| {
        let beside: u64 = beside.map(|p| highest(table, hidden, p)).sum();
        lowest_total(table, hidden, total).saturating_sub(beside)
    };
    let lowest = left((i, cols), &mut { row }).max(left((rows, j), &mut { col }));
    wide_enough(lowest, highest(table, hidden, (i, j)), k)
}

/// The smallest that the total of a row or column can be: what is printed, or what its printed cells and the whole leave.
fn lowest_total(table: &Table, hidden: &Hidden, place: Place) -> u64 {
    if !is_hidden(hidden, place) {
        return at(table, place);
    }
    if hidden.total {
        // Its printed cells bound it too, and ask nothing of the hidden ones.
        return 0;
    }
    let (i, j) = place;
    let (rows, cols) = (table.row_totals.len(), table.col_totals.len());
    let others: u64 = if i < rows {
        (0..rows)
            .filter(|o| *o != i)
            .map(|o| (o, cols))
            .map(|p| total_highest(table, hidden, p))
            .sum()
    } else {
        (0..cols)
            .filter(|o| *o != j)
            .map(|o| (rows, o))
            .map(|p| total_highest(table, hidden, p))
            .sum()
    };
    table.total.saturating_sub(others)
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
            let others = printed.saturating_add(total.saturating_mul(beside));
            wide_enough(total.saturating_sub(others), total, k)
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
