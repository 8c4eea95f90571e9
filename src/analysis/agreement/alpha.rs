//! Krippendorff's alpha over units.
//!
//! Krippendorff, Content Analysis (4th ed. 2019), ch. 12; Computing Krippendorff's Alpha-Reliability (2011). Any number
//! of coders, missing values, four levels of measurement.

use super::ratings::size;
use super::{Ratings, Reason, Value};
use crate::domain::words::words;

words! {
    /// What may be said of two values: whether they are the same, which is more, how much more, how many times more.
    Level, "level of measurement" {
        Nominal = "nominal",
        Ordinal = "ordinal",
        Interval = "interval",
        Ratio = "ratio",
    }
}

/// What the categories of ratings mean.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    pub level: Level,
    /// The number that each category stands for; for the ordinal level only their order counts. Empty where categories
    /// are names.
    pub values: Vec<f64>,
}

impl Scale {
    /// Categories that are names.
    pub const fn nominal() -> Self {
        Self {
            level: Level::Nominal,
            values: Vec::new(),
        }
    }
}

impl Ratings {
    /// `alpha = 1 - Do / De`. A unit with one value can't be paired, and is left out of both.
    ///
    /// Do = Σ over units of Σ of δ² over ordered pairs of values of different coders / (values of the unit - 1), / n.
    /// De = Σ of n(c) n(k) δ²(c, k) / (n (n - 1)), n the number of values that can be paired.
    /// δ² is 1 for different values (nominal), (c - k)² (interval), ((c - k) / (c + k))² (ratio), and for the ordinal
    /// level (Σ from c to k of n(g) - (n(c) + n(k)) / 2)², which is the distance of the two mid-ranks, squared.
    pub fn alpha(&self, scale: &Scale) -> Value {
        let mut counts = vec![0.0; self.categories()];
        for (row, weight) in self.rows() {
            if row.iter().flatten().count() > 1 {
                for value in row.iter().flatten() {
                    counts[*value as usize] += weight;
                }
            }
        }
        let n: f64 = counts.iter().sum();
        if n <= 0.0 {
            return Value::Undefined(Reason::NoUnits);
        }
        if counts.iter().filter(|count| **count > 0.0).count() < 2 {
            return Value::Undefined(Reason::OneCategory);
        }
        let metric = match Metric::of(scale, &counts) {
            Ok(metric) => metric,
            Err(reason) => return Value::Undefined(reason),
        };
        let mut observed = 0.0;
        for (row, weight) in self.rows() {
            let values = row.iter().flatten().count();
            if values < 2 {
                continue;
            }
            let mut apart = 0.0;
            for (at, a) in row.iter().enumerate() {
                let Some(a) = a else { continue };
                for b in row[at + 1..].iter().flatten() {
                    apart += metric.between(*a as usize, *b as usize);
                }
            }
            observed += weight * 2.0 * apart / (size(values) - 1.0);
        }
        let expected = metric.expected(&counts) / (n - 1.0);
        // Values that differ may still be the same by their meaning: two names for one number.
        if expected <= 0.0 {
            return Value::Undefined(Reason::OneCategory);
        }
        Value::of(1.0 - observed / expected, Reason::OneCategory)
    }
}

/// How far two values are apart, squared.
enum Metric<'s> {
    Nominal,
    /// On a line: the values themselves, or their mid-ranks.
    Line(Vec<f64>),
    Ratio(&'s [f64]),
}

impl<'s> Metric<'s> {
    fn of(scale: &'s Scale, counts: &[f64]) -> Result<Self, Reason> {
        if scale.level == Level::Nominal {
            return Ok(Self::Nominal);
        }
        if scale.values.len() != counts.len() || !scale.values.iter().all(|v| v.is_finite()) {
            return Err(Reason::NotNumbers);
        }
        Ok(match scale.level {
            Level::Ordinal => {
                let mut order: Vec<usize> = (0..counts.len()).collect();
                order.sort_by(|a, b| scale.values[*a].total_cmp(&scale.values[*b]));
                let mut ranks = vec![0.0; counts.len()];
                let mut below = 0.0;
                for category in order {
                    ranks[category] = below + counts[category] / 2.0;
                    below += counts[category];
                }
                Self::Line(ranks)
            }
            Level::Ratio if scale.values.iter().any(|v| *v < 0.0) => return Err(Reason::BelowZero),
            Level::Ratio => Self::Ratio(&scale.values),
            Level::Interval | Level::Nominal => Self::Line(scale.values.clone()),
        })
    }

    fn between(&self, a: usize, b: usize) -> f64 {
        match self {
            Self::Nominal => f64::from(u8::from(a != b)),
            Self::Line(places) => {
                let apart = places[a] - places[b];
                apart * apart
            }
            Self::Ratio(values) => {
                let sum = values[a] + values[b];
                if sum > 0.0 {
                    let share = (values[a] - values[b]) / sum;
                    share * share
                } else {
                    0.0
                }
            }
        }
    }

    /// Σ over c, k of n(c) n(k) δ²(c, k). Only the ratio level needs to look at all pairs.
    fn expected(&self, counts: &[f64]) -> f64 {
        let n: f64 = counts.iter().sum();
        match self {
            Self::Nominal => counts.iter().map(|count| count * (n - count)).sum(),
            Self::Line(places) => {
                // About the mean, so that large numbers far from 0 lose nothing.
                let both = || counts.iter().zip(places);
                let mean = both().map(|(count, place)| count * place).sum::<f64>() / n;
                let spread = |(count, place): (&f64, &f64)| count * (place - mean) * (place - mean);
                2.0 * n * both().map(spread).sum::<f64>()
            }
            Self::Ratio(_) => {
                let used: Vec<usize> = (0..counts.len()).filter(|c| counts[*c] > 0.0).collect();
                let mut sum = 0.0;
                for (at, a) in used.iter().enumerate() {
                    for b in &used[at + 1..] {
                        sum += 2.0 * counts[*a] * counts[*b] * self.between(*a, *b);
                    }
                }
                sum
            }
        }
    }
}
