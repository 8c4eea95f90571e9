//! Standard errors without drawing: how much a coefficient would vary with other units.
//!
//! Gwet, Handbook of Inter-Rater Reliability (4th ed. 2014), ch. 5: each coefficient is a mean over units of what the unit
//! contributes, its error that of a mean. Units are taken as drawn independently from very many, which sentences of one
//! interview are not: for a study, draw whole transcripts again (`super::bootstrap`).

use super::coefficients::agreement_of;
use super::ratings::size;
use super::{Ratings, Scale, Statistic};

impl Ratings {
    /// The standard error of a coefficient over nominal values; none where the coefficient is not defined. None for
    /// alpha either: the published forms of it contradict each other.
    pub fn standard_error(&self, statistic: Statistic) -> Option<f64> {
        let value = self.coefficient(statistic, &Scale::nominal()).number()?;
        let parts = match statistic {
            Statistic::Percent => self.parts(value, |_| (0.0, 0.0))?,
            Statistic::BrennanPrediger => {
                let expected = 1.0 / size(self.categories());
                self.parts(value, |_| (expected, expected))?
            }
            Statistic::Fleiss => {
                let shares = self.shares();
                let expected: f64 = shares.iter().map(|p| p * p).sum();
                self.parts(value, |row| (expected, mean_of(row, |v| shares[v])))?
            }
            Statistic::Ac1 => {
                let shares = self.shares();
                let others = size(self.categories()) - 1.0;
                let expected = shares.iter().map(|p| p * (1.0 - p)).sum::<f64>() / others;
                self.parts(value, |row| {
                    (expected, mean_of(row, |v| 1.0 - shares[v]) / others)
                })?
            }
            Statistic::Conger => self.conger_parts(value)?,
            _ => return None,
        };
        let units: f64 = parts.iter().map(|(_, weight)| weight).sum();
        let spread: f64 = parts
            .iter()
            .map(|(part, weight)| weight * (part - value) * (part - value))
            .sum();
        (units > 1.0).then(|| (spread / (units * (units - 1.0))).sqrt())
    }

    /// What each unit contributes, given what is expected in all and of the unit.
    fn parts(
        &self,
        value: f64,
        mut expected: impl FnMut(&[Option<u32>]) -> (f64, f64),
    ) -> Option<Vec<(f64, f64)>> {
        let (all, paired) = (self.units_with(1), self.units_with(2));
        if paired <= 0.0 {
            return None;
        }
        Some(
            self.rows()
                .filter(|(row, _)| row.iter().flatten().next().is_some())
                .map(|(row, weight)| {
                    let (chance, of_unit) = expected(row);
                    let above = agreement_of(row).map_or(0.0, |agreed| agreed - chance);
                    let part = all / paired * above / (1.0 - chance)
                        - 2.0 * (1.0 - value) * (of_unit - chance) / (1.0 - chance);
                    (part, weight)
                })
                .collect(),
        )
    }

    fn conger_parts(&self, value: f64) -> Option<Vec<(f64, f64)>> {
        let units = self.units_with(1);
        let (coders, categories) = (self.coders(), self.categories());
        let mut judged = vec![0.0; coders];
        let mut shares = vec![vec![0.0; categories]; coders];
        for (row, weight) in self.rows() {
            for (coder, value) in row.iter().enumerate() {
                if let Some(value) = value {
                    judged[coder] += weight;
                    shares[coder][*value as usize] += weight;
                }
            }
        }
        if judged.iter().any(|n| *n <= 0.0) {
            return None;
        }
        for (shares, judged) in shares.iter_mut().zip(&judged) {
            for share in shares.iter_mut() {
                *share /= judged;
            }
        }
        let m = size(coders);
        let sums: Vec<f64> = (0..categories)
            .map(|k| shares.iter().map(|shares| shares[k]).sum())
            .collect();
        // Pairs of different coders, each by their own distribution.
        let alone: f64 = shares.iter().flatten().map(|p| p * p).sum();
        let chance = (sums.iter().map(|sum| sum * sum).sum::<f64>() - alone) / (m * (m - 1.0));
        self.parts(value, |row| {
            let mut sum = 0.0;
            for coder in 0..coders {
                let there = f64::from(u8::from(row[coder].is_some()));
                for (k, all) in sums.iter().enumerate() {
                    let own = shares[coder][k];
                    let is = f64::from(u8::from(row[coder].is_some_and(|v| v as usize == k)));
                    let part = (is - (there - judged[coder] / units) * own) * units / judged[coder];
                    sum += part * (all - own);
                }
            }
            (chance, sum / (m * (m - 1.0)))
        })
    }

    /// One category against all others, each as a kappa of its own: Fleiss 1971, p. 380. For units that all have as many
    /// values.
    pub fn fleiss_of_category(&self, category: u32) -> Option<f64> {
        let coders = size(self.coders());
        let (mut mixed, mut units, mut those) = (0.0, 0.0, 0.0);
        for (row, weight) in self.rows() {
            if row.iter().any(Option::is_none) {
                return None;
            }
            let n = size(row.iter().flatten().filter(|v| **v == category).count());
            mixed += weight * n * (coders - n);
            those += weight * n;
            units += weight;
        }
        let share = those / (units * coders);
        (share > 0.0 && share < 1.0 && coders > 1.0)
            .then(|| 1.0 - mixed / (units * coders * (coders - 1.0) * share * (1.0 - share)))
    }

    /// Fleiss's kappa over its standard error by chance: Fleiss, Nee & Landis, Psychological Bulletin 86 (1979) 974-977.
    /// For units that all have as many values.
    pub fn fleiss_z(&self) -> Option<f64> {
        let value = self.fleiss().number()?;
        if self.rows().any(|(row, _)| row.iter().any(Option::is_none)) {
            return None;
        }
        let shares = self.shares();
        let both: f64 = shares.iter().map(|p| p * (1.0 - p)).sum();
        let uneven: f64 = shares.iter().map(|p| p * (1.0 - p) * (1.0 - 2.0 * p)).sum();
        let coders = size(self.coders());
        let pairs = self.units_with(1) * coders * (coders - 1.0);
        let variance = 2.0 / pairs * (both * both - uneven) / (both * both);
        (variance > 0.0).then(|| value / variance.sqrt())
    }
}

fn mean_of(row: &[Option<u32>], of: impl Fn(usize) -> f64) -> f64 {
    let values = size(row.iter().flatten().count());
    row.iter().flatten().map(|v| of(*v as usize)).sum::<f64>() / values
}

/// The 95 % interval of a value with that standard error over so many units, by Student's t; not beyond 1.
pub fn interval(value: f64, error: f64, units: f64) -> (f64, f64) {
    let wide = error * student(units - 1.0);
    (value - wide, (value + wide).min(1.0))
}

/// The 97.5th percentile of Student's t: where the integral of its density from 0 is 0.475. Simpson's rule and halving
/// are exact far beyond what is printed.
fn student(freedom: f64) -> f64 {
    let density = |x: f64| (1.0 + x * x / freedom).powf(-f64::midpoint(freedom, 1.0));
    // With x = tan(u) the whole half line is a short one.
    let turned = |u: f64| {
        let x = u.tan();
        density(x) * (1.0 + x * x)
    };
    let integral = |to: f64| {
        const STEPS: u32 = 400;
        let step = to / f64::from(STEPS);
        let mut sum = turned(0.0) + turned(to);
        for n in 1..STEPS {
            sum += turned(step * f64::from(n)) * if n % 2 == 1 { 4.0 } else { 2.0 };
        }
        sum * step / 3.0
    };
    if freedom < 1.0 {
        return f64::INFINITY;
    }
    let edge = std::f64::consts::FRAC_PI_2 - 1e-9;
    let half = integral(edge);
    let (mut low, mut high) = (0.0, edge);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if integral(middle) < 0.95 * half {
            low = middle;
        } else {
            high = middle;
        }
    }
    low.tan()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn student_has_the_tabled_percentiles() {
        for (freedom, tabled) in [
            (1.0, 12.706),
            (2.0, 4.303),
            (5.0, 2.571),
            (11.0, 2.201),
            (30.0, 2.042),
            (99.0, 1.984),
            (1e6, 1.960),
        ] {
            let found = student(freedom);
            assert!((found - tabled).abs() < 0.0006, "{freedom}: {found}");
        }
    }
}
