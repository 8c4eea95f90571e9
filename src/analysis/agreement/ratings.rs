//! Units × coders: who gave which unit which value.

/// Ratings of units by coders. Rows that are the same stand once, with how often they occur, so that a text of a
/// million characters is a handful of rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Ratings {
    coders: usize,
    categories: usize,
    /// Whether a column is one coder throughout. In a table of counts it is not.
    known: bool,
    cells: Vec<Option<u32>>,
    weights: Vec<f64>,
}

impl Ratings {
    /// No units yet; `categories` is how many values there may be, whether or not each occurs.
    pub fn new(coders: usize, categories: usize) -> Self {
        Self {
            coders,
            categories,
            known: true,
            cells: Vec::new(),
            weights: Vec::new(),
        }
    }

    /// Adds `weight` units with these values, one per coder: numbers below `categories`, `None` where there is no value.
    pub fn push(&mut self, row: &[Option<u32>], weight: f64) {
        let known = self.categories;
        let values = (0..self.coders).map(|n| row.get(n).copied().flatten());
        self.cells
            .extend(values.map(|value| value.filter(|v| (*v as usize) < known)));
        self.weights.push(weight);
    }

    /// From a table of two coders: how many units the first gave the row's value and the second the column's.
    pub fn from_contingency(table: &[Vec<u64>]) -> Self {
        let mut found = Self::new(
            2,
            table
                .len()
                .max(table.iter().map(Vec::len).max().unwrap_or(0)),
        );
        for (a, row) in (0..).zip(table) {
            for (b, n) in (0..).zip(row) {
                if *n > 0 {
                    found.push(&[Some(a), Some(b)], to_f64(*n));
                }
            }
        }
        found
    }

    /// From a table of units × categories: how many coders gave the unit that value. Who they were is not known.
    pub fn from_counts(table: &[Vec<u64>]) -> Self {
        let coders = table.iter().map(|row| row.iter().sum::<u64>()).max();
        let mut found = Self::new(
            usize::try_from(coders.unwrap_or(0)).unwrap_or(usize::MAX),
            table.iter().map(Vec::len).max().unwrap_or(0),
        );
        found.known = false;
        let mut row = Vec::new();
        for counts in table {
            row.clear();
            for (value, n) in (0..).zip(counts) {
                row.extend(std::iter::repeat_n(
                    Some(value),
                    usize::try_from(*n).unwrap_or(0),
                ));
            }
            row.resize(found.coders, None);
            found.push(&row, 1.0);
        }
        found
    }

    pub fn coders(&self) -> usize {
        self.coders
    }

    pub fn categories(&self) -> usize {
        self.categories
    }

    pub fn coders_known(&self) -> bool {
        self.known
    }

    /// The rows with how often they occur; those that occur.
    pub fn rows(&self) -> impl Iterator<Item = (&[Option<u32>], f64)> {
        self.cells
            .chunks(self.coders.max(1))
            .zip(self.weights.iter().copied())
            .filter(|(_, weight)| *weight > 0.0)
    }

    /// How often each row occurs, in the order in which they were added.
    pub fn weights_mut(&mut self) -> &mut [f64] {
        &mut self.weights
    }

    /// Units that have at least so many values.
    pub fn units_with(&self, values: usize) -> f64 {
        self.rows()
            .filter(|(row, _)| row.iter().flatten().count() >= values)
            .map(|(_, weight)| weight)
            .sum()
    }

    /// The share of a coder's values that are `category`; none where the coder gave no value.
    pub fn share(&self, coder: usize, category: u32) -> Option<f64> {
        let (mut all, mut those) = (0.0, 0.0);
        for (row, weight) in self.rows() {
            if let Some(value) = row[coder] {
                all += weight;
                if value == category {
                    those += weight;
                }
            }
        }
        (all > 0.0).then(|| those / all)
    }
}

/// Counts of units are far below 2^53, up to which every whole number has its `f64`.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of units are far below 2^53"
)]
pub(super) fn to_f64(n: u64) -> f64 {
    n as f64
}

/// As [`to_f64`].
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of coders and categories are far below 2^53"
)]
pub(super) fn size(n: usize) -> f64 {
    n as f64
}
