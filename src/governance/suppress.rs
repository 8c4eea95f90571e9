//! Tables of counts that leave the house: what is small is hidden, with as much besides as keeps it from being worked
//! out from what stays.
//!
//! What can be worked out is an interval: the smallest and the largest number that a hidden cell can be in any table with
//! the printed ones, where a reader knows that a hidden one is not 0. It must reach from 1 to the threshold, or be as
//! wide as the threshold. Where cells add up to their totals, tables with one margin are flows in a network and the ends of an
//! interval are largest flows (`flow`); where a total counts everybody once, no total of a hidden number is printed (`once`).

mod flow;
mod once;

pub use once::line;

/// A table of counts with its totals.
#[derive(Clone, Copy, Debug)]
pub struct Table<'a> {
    pub cells: &'a [Vec<u64>],
    pub row_totals: &'a [u64],
    pub col_totals: &'a [u64],
    pub total: u64,
}

impl Table<'_> {
    /// Whether the cells of each row add up to its total. Otherwise a total counts once what stands in several cells. It
    /// is read from the numbers: a reader who knows that nobody stands in two cells knows it too.
    fn rows_add_up(&self) -> bool {
        let rows = self.cells.iter().zip(self.row_totals);
        let mut all = rows.map(|(row, total)| row.iter().sum::<u64>() == *total);
        all.all(|is| is) && self.col_totals.iter().sum::<u64>() == self.total
    }

    fn cols_add_up(&self) -> bool {
        let mut all = (0..self.col_totals.len()).map(|j| {
            let cells = self.cells.iter().map(|row| row[j]);
            cells.sum::<u64>() == self.col_totals[j]
        });
        all.all(|is| is) && self.row_totals.iter().sum::<u64>() == self.total
    }
}

/// Which numbers of a table are hidden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hidden {
    pub cells: Vec<Vec<bool>>,
    pub row_totals: Vec<bool>,
    pub col_totals: Vec<bool>,
    pub total: bool,
    /// How many are hidden as they are small.
    pub small: usize,
}

impl Hidden {
    fn nothing(table: &Table) -> Self {
        Self {
            cells: table
                .cells
                .iter()
                .map(|row| vec![false; row.len()])
                .collect(),
            row_totals: vec![false; table.row_totals.len()],
            col_totals: vec![false; table.col_totals.len()],
            total: false,
            small: 0,
        }
    }

    /// How many numbers are hidden.
    pub fn count(&self) -> usize {
        let cells = self.cells.iter().flatten();
        cells
            .chain(&self.row_totals)
            .chain(&self.col_totals)
            .chain([&self.total])
            .filter(|hidden| **hidden)
            .count()
    }
}

/// A place in a table; a row or column past the last is the totals'.
type Place = (usize, usize);

/// Hides what is below `k` and not 0, and what would give it away. A 0 stays: it is about nobody. `people`, where a table
/// counts something else, says how many people stand behind each number: then these decide what is small.
pub fn suppress(table: &Table, people: Option<&Table>, k: u64) -> Hidden {
    let mut hidden = Hidden::nothing(table);
    let small: Vec<Place> = places(table)
        .filter(|place| at(table, *place) > 0)
        .filter(|place| {
            let n = at(people.unwrap_or(table), *place);
            n > 0 && n < k
        })
        .collect();
    for place in &small {
        *flag(&mut hidden, *place) = true;
    }
    hidden.small = small.len();
    if small.is_empty() {
        return hidden;
    }
    match (table.rows_add_up(), table.cols_add_up()) {
        (true, true) => flow::protect(table, &mut hidden, &small, k),
        (false, false) => once::protect(table, &mut hidden, &small),
        (rows, _) => once::protect_mixed(table, &mut hidden, k, rows),
    }
    hidden
}

fn places(table: &Table) -> impl Iterator<Item = Place> + use<> {
    let (rows, cols) = (table.row_totals.len(), table.col_totals.len());
    (0..=rows).flat_map(move |i| (0..=cols).map(move |j| (i, j)))
}

fn at(table: &Table, (i, j): Place) -> u64 {
    match (table.cells.get(i), table.col_totals.get(j)) {
        (Some(row), Some(_)) => row[j],
        (Some(_), None) => table.row_totals[i],
        (None, Some(n)) => *n,
        (None, None) => table.total,
    }
}

fn is_hidden(hidden: &Hidden, (i, j): Place) -> bool {
    match (hidden.cells.get(i), hidden.col_totals.get(j)) {
        (Some(row), Some(_)) => row[j],
        (Some(_), None) => hidden.row_totals[i],
        (None, Some(is)) => *is,
        (None, None) => hidden.total,
    }
}

fn flag(hidden: &mut Hidden, (i, j): Place) -> &mut bool {
    let (rows, cols) = (hidden.row_totals.len(), hidden.col_totals.len());
    match (i < rows, j < cols) {
        (true, true) => &mut hidden.cells[i][j],
        (true, false) => &mut hidden.row_totals[i],
        (false, true) => &mut hidden.col_totals[j],
        (false, false) => &mut hidden.total,
    }
}

/// Whether an interval hides a number below `k`.
fn wide_enough(lowest: u64, highest: u64, k: u64) -> bool {
    (lowest <= 1 && highest >= k) || highest.saturating_sub(lowest) >= k
}

#[cfg(test)]
mod tests;
