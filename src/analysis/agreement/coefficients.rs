//! Percent agreement and the coefficients that set it against chance.

use super::ratings::size;
use super::{Ratings, Reason, Scale, Statistic, Value, chance_corrected};

impl Ratings {
    /// The coefficient of that name. `scale` is what the values mean; only alpha asks.
    pub fn coefficient(&self, statistic: Statistic, scale: &Scale) -> Value {
        match statistic {
            Statistic::Percent => self.percent(),
            Statistic::Holsti => self.holsti(),
            Statistic::Kappa => self.kappa(),
            Statistic::ScottPi => self.scott_pi(),
            Statistic::BrennanPrediger => self.brennan_prediger(),
            Statistic::Fleiss => self.fleiss(),
            Statistic::Conger => self.conger(),
            Statistic::Ac1 => self.ac1(),
            Statistic::Alpha => self.alpha(scale),
            Statistic::UAlpha | Statistic::BarUAlpha | Statistic::CuAlpha | Statistic::KuAlpha => {
                Value::Undefined(Reason::NeedsSpans)
            }
        }
    }

    /// The share of pairs of values of one unit that are the same, as the mean over the units with at least two values.
    ///
    /// With two coders: units on which they agree / units. With missing values: Gwet, Handbook of Inter-Rater
    /// Reliability (4th ed. 2014), ch. 2.
    pub fn percent(&self) -> Value {
        let (mut agreed, mut units) = (0.0, 0.0);
        for (row, weight) in self.rows() {
            if let Some(share) = agreement_of(row) {
                agreed += weight * share;
                units += weight;
            }
        }
        Value::of(agreed / units, Reason::NoUnits)
    }

    /// 2M / (N1 + N2): decisions in which both agree, and the decisions of each; the mean over pairs of coders.
    ///
    /// Holsti, Content Analysis for the Social Sciences and Humanities (1969), p. 140.
    pub fn holsti(&self) -> Value {
        if !self.coders_known() {
            // With as many values for each unit every pair counts alike, whoever they were.
            return self.percent();
        }
        let (mut sum, mut pairs) = (0.0, 0.0);
        for first in 0..self.coders() {
            for second in first + 1..self.coders() {
                let (mut same, mut decisions, mut shared) = (0.0, 0.0, false);
                for (row, weight) in self.rows() {
                    let (a, b) = (row[first], row[second]);
                    decisions += weight * size(usize::from(a.is_some()) + usize::from(b.is_some()));
                    shared |= a.is_some() && b.is_some();
                    if a.is_some() && a == b {
                        same += weight;
                    }
                }
                if shared {
                    sum += 2.0 * same / decisions;
                    pairs += 1.0;
                }
            }
        }
        Value::of(sum / pairs, Reason::NoUnits)
    }

    /// Chance: each coder keeps to their own distribution.
    ///
    /// Cohen, A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20 (1960) 37-46.
    /// Units that only one coder judged are left out.
    pub fn kappa(&self) -> Value {
        let two = match self.two() {
            Ok(two) => two,
            Err(reason) => return Value::Undefined(reason),
        };
        let expected: f64 = two.first.iter().zip(&two.second).map(|(a, b)| a * b).sum();
        two.corrected(expected)
    }

    /// Chance: both share one distribution, the mean of the two.
    ///
    /// Scott, Reliability of content analysis, Public Opinion Quarterly 19 (1955) 321-325.
    pub fn scott_pi(&self) -> Value {
        let two = match self.two() {
            Ok(two) => two,
            Err(reason) => return Value::Undefined(reason),
        };
        let means = two
            .first
            .iter()
            .zip(&two.second)
            .map(|(a, b)| f64::midpoint(*a, *b));
        let expected = means.map(|mean| mean * mean).sum();
        two.corrected(expected)
    }

    /// Chance: every category as likely, so 1 / categories.
    ///
    /// Bennett, Alpert & Goldstein 1954 (S); Brennan & Prediger, Educational and Psychological Measurement 41 (1981)
    /// 687-699; for more than two coders Randolph 2005 (free-marginal kappa).
    pub fn brennan_prediger(&self) -> Value {
        if self.categories() < 2 {
            return Value::Undefined(Reason::OneCategory);
        }
        self.percent().above(1.0 / size(self.categories()))
    }

    /// Chance: all share one distribution.
    ///
    /// Fleiss, Measuring nominal scale agreement among many raters, Psychological Bulletin 76 (1971) 378-382. With
    /// missing values as Gwet has it (Handbook, 2014, ch. 2): a unit with one value counts for what is expected, not
    /// for what is observed.
    pub fn fleiss(&self) -> Value {
        let shares = self.shares();
        if one_category(&shares) {
            return Value::Undefined(Reason::OneCategory);
        }
        self.percent().above(shares.iter().map(|p| p * p).sum())
    }

    /// Chance: each coder keeps to their own distribution, for any number of coders; Cohen's kappa where they are two.
    ///
    /// Conger, Psychological Bulletin 88 (1980) 322-328; with missing values as Gwet has it (Handbook, 2014, ch. 2).
    pub fn conger(&self) -> Value {
        if !self.coders_known() {
            return Value::Undefined(Reason::CodersNotKnown);
        }
        let by_coder: Vec<Vec<f64>> = (0..self.coders())
            .filter_map(|coder| {
                let mut counts = vec![0.0; self.categories()];
                let mut all = 0.0;
                for (row, weight) in self.rows() {
                    if let Some(value) = row[coder] {
                        counts[value as usize] += weight;
                        all += weight;
                    }
                }
                (all > 0.0).then(|| counts.iter().map(|n| n / all).collect())
            })
            .collect();
        let coders = size(by_coder.len());
        if by_coder.len() < 2 {
            return Value::Undefined(Reason::NoUnits);
        }
        let mut expected = 0.0;
        let mut used = 0;
        for category in 0..self.categories() {
            let shares = by_coder.iter().map(|shares| shares[category]);
            let mean = shares.clone().sum::<f64>() / coders;
            let spread = shares.map(|p| (p - mean) * (p - mean)).sum::<f64>() / (coders - 1.0);
            expected += mean * mean - spread / coders;
            used += usize::from(mean > 0.0);
        }
        if used < 2 {
            return Value::Undefined(Reason::OneCategory);
        }
        self.percent().above(expected)
    }

    /// Chance: only the units that are hard to judge are judged by chance.
    ///
    /// Gwet, Computing inter-rater reliability and its variance in the presence of high agreement, British Journal of
    /// Mathematical and Statistical Psychology 61 (2008) 29-48; with missing values as in his Handbook (2014, ch. 2).
    pub fn ac1(&self) -> Value {
        if self.categories() < 2 {
            return Value::Undefined(Reason::OneCategory);
        }
        let expected = self.shares().iter().map(|p| p * (1.0 - p)).sum::<f64>()
            / (size(self.categories()) - 1.0);
        self.percent().above(expected)
    }

    /// Each category's share: the mean over units of its share in the unit's values.
    pub(super) fn shares(&self) -> Vec<f64> {
        let mut shares = vec![0.0; self.categories()];
        let mut units = 0.0;
        for (row, weight) in self.rows() {
            let values = row.iter().flatten().count();
            if values > 0 {
                units += weight;
                for value in row.iter().flatten() {
                    shares[*value as usize] += weight / size(values);
                }
            }
        }
        for share in &mut shares {
            *share /= units;
        }
        shares
    }

    /// The two coders over the units that both judged.
    fn two(&self) -> Result<Two, Reason> {
        if !self.coders_known() {
            return Err(Reason::CodersNotKnown);
        }
        if self.coders() != 2 {
            return Err(Reason::NotTwoCoders);
        }
        let mut two = Two {
            first: vec![0.0; self.categories()],
            second: vec![0.0; self.categories()],
            observed: 0.0,
        };
        let mut units = 0.0;
        for (row, weight) in self.rows() {
            if let [Some(a), Some(b)] = row {
                two.first[*a as usize] += weight;
                two.second[*b as usize] += weight;
                units += weight;
                if a == b {
                    two.observed += weight;
                }
            }
        }
        if units <= 0.0 {
            return Err(Reason::NoUnits);
        }
        let all = two.first.iter_mut().chain(&mut two.second);
        all.chain([&mut two.observed]).for_each(|n| *n /= units);
        Ok(two)
    }
}

/// Two coders' distributions, and the share of units on which they agree.
struct Two {
    first: Vec<f64>,
    second: Vec<f64>,
    observed: f64,
}

impl Two {
    fn corrected(&self, expected: f64) -> Value {
        let used = self
            .first
            .iter()
            .zip(&self.second)
            .filter(|(a, b)| **a + **b > 0.0);
        if used.count() < 2 {
            return Value::Undefined(Reason::OneCategory);
        }
        Value::of(
            chance_corrected(self.observed, expected),
            Reason::OneCategory,
        )
    }
}

impl Value {
    /// Set against what chance would give.
    fn above(self, expected: f64) -> Self {
        match self {
            Self::Defined(observed) => {
                Self::of(chance_corrected(observed, expected), Reason::OneCategory)
            }
            undefined @ Self::Undefined(_) => undefined,
        }
    }
}

/// Whether only one share is above nothing, exactly: sums of shares round, nothing doesn't.
fn one_category(shares: &[f64]) -> bool {
    shares.iter().filter(|p| **p > 0.0).count() == 1
}

/// The share of pairs of a unit's values that are the same; none where it has fewer than two.
pub(super) fn agreement_of(row: &[Option<u32>]) -> Option<f64> {
    let (mut same, mut pairs) = (0.0, 0.0);
    for (n, value) in row.iter().enumerate() {
        let Some(value) = value else { continue };
        for other in row[n + 1..].iter().flatten() {
            pairs += 1.0;
            if value == other {
                same += 1.0;
            }
        }
    }
    (pairs > 0.0).then(|| same / pairs)
}
