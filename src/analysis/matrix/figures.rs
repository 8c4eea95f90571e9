//! The cells of a matrix as shares, as presence, or by how much was said: each figure with the base that it is of.

use serde::Serialize;

use super::{Matrix, Unit};
use crate::domain::words::words;

words! {
    /// What a percentage is of.
    Percent, "base of a percentage" {
        Row = "row",
        Column = "column",
        Total = "total",
    }
}

/// What a figure says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    PercentOfRow,
    PercentOfColumn,
    PercentOfTotal,
    /// 1 where there is anything, 0 where there is nothing.
    Presence,
    PerThousandWords,
}

impl Measure {
    pub const fn word(self) -> &'static str {
        match self {
            Self::PercentOfRow => "percent-of-row",
            Self::PercentOfColumn => "percent-of-column",
            Self::PercentOfTotal => "percent-of-total",
            Self::Presence => "presence",
            Self::PerThousandWords => "per-1000-words",
        }
    }
}

impl Serialize for Measure {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.word())
    }
}

/// Figures in the shape of a matrix; `null` where the base is nothing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figures {
    pub measure: Measure,
    pub cells: Vec<Vec<Option<f64>>>,
    pub row_totals: Vec<Option<f64>>,
    pub col_totals: Vec<Option<f64>>,
    pub total: Option<f64>,
    /// What each is of: a total in the matrix's unit, or words. For presence, how many cells might have been filled.
    pub bases: Bases,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Bases {
    pub cells: Vec<Vec<u64>>,
    pub row_totals: Vec<u64>,
    pub col_totals: Vec<u64>,
    pub total: u64,
}

/// The figures of a matrix. `words`: what was said in each row and column, which only [`Measure::PerThousandWords`] asks.
pub fn figures(matrix: &Matrix, measure: Measure, words: Option<Bases>) -> Figures {
    let (rows, cols) = (matrix.rows.len(), matrix.cols.len());
    let total = matrix.total;
    let bases = match measure {
        Measure::PercentOfRow => Bases {
            cells: matrix.row_totals.iter().map(|n| vec![*n; cols]).collect(),
            row_totals: matrix.row_totals.clone(),
            col_totals: vec![total; cols],
            total,
        },
        Measure::PercentOfColumn => Bases {
            cells: vec![matrix.col_totals.clone(); rows],
            row_totals: vec![total; rows],
            col_totals: matrix.col_totals.clone(),
            total,
        },
        Measure::PercentOfTotal => Bases {
            cells: vec![vec![total; cols]; rows],
            row_totals: vec![total; rows],
            col_totals: vec![total; cols],
            total,
        },
        Measure::Presence => Bases {
            cells: vec![vec![1; cols]; rows],
            row_totals: vec![cols as u64; rows],
            col_totals: vec![rows as u64; cols],
            total: (rows * cols) as u64,
        },
        Measure::PerThousandWords => words.unwrap_or_default(),
    };
    if measure == Measure::Presence {
        return presence(matrix, bases);
    }
    let times = if measure == Measure::PerThousandWords {
        1000.0
    } else {
        100.0
    };
    let line = |counts: &[u64], of: &[u64]| -> Vec<Option<f64>> {
        counts
            .iter()
            .enumerate()
            .map(|(n, count)| ratio(*count, of.get(n).copied().unwrap_or(0), times))
            .collect()
    };
    Figures {
        measure,
        cells: matrix
            .cells
            .iter()
            .enumerate()
            .map(|(n, row)| line(row, bases.cells.get(n).map_or(&[][..], Vec::as_slice)))
            .collect(),
        row_totals: line(&matrix.row_totals, &bases.row_totals),
        col_totals: line(&matrix.col_totals, &bases.col_totals),
        total: ratio(total, bases.total, times),
        bases,
    }
}

fn presence(matrix: &Matrix, bases: Bases) -> Figures {
    let filled = |n: &u64| f64::from(u8::from(*n > 0));
    let cells: Vec<Vec<f64>> = matrix
        .cells
        .iter()
        .map(|row| row.iter().map(filled).collect())
        .collect();
    let row_totals: Vec<f64> = cells.iter().map(|row| row.iter().sum()).collect();
    let col_totals = (0..matrix.cols.len())
        .map(|col| cells.iter().map(|row| row[col]).sum())
        .map(Some)
        .collect();
    Figures {
        measure: Measure::Presence,
        total: Some(row_totals.iter().sum()),
        row_totals: row_totals.into_iter().map(Some).collect(),
        col_totals,
        cells: cells
            .into_iter()
            .map(|row| row.into_iter().map(Some).collect())
            .collect(),
        bases,
    }
}

fn ratio(count: u64, base: u64, times: f64) -> Option<f64> {
    #[expect(
        clippy::cast_precision_loss,
        reason = "no study has more than 2^53 of anything"
    )]
    (base > 0).then(|| count as f64 * times / base as f64)
}

/// The matrix with its rows in another order.
#[must_use]
pub fn sorted(matrix: Matrix, order: &[usize]) -> Matrix {
    fn taken<T: Clone>(all: &[T], order: &[usize]) -> Vec<T> {
        order.iter().filter_map(|n| all.get(*n).cloned()).collect()
    }
    Matrix {
        rows: taken(&matrix.rows, order),
        cells: taken(&matrix.cells, order),
        row_totals: taken(&matrix.row_totals, order),
        figures: matrix.figures.map(|f| Figures {
            cells: taken(&f.cells, order),
            row_totals: taken(&f.row_totals, order),
            bases: Bases {
                cells: taken(&f.bases.cells, order),
                row_totals: taken(&f.bases.row_totals, order),
                ..f.bases
            },
            ..f
        }),
        ..matrix
    }
}

/// Whether cells of this unit add up to their totals: nothing of it stands in two cells.
pub const fn adds_up(unit: Unit) -> bool {
    matches!(unit, Unit::Codings)
}
