//! What an indicator is, in words and numbers: its scale, its direction, its basis; and whether figures may stand beside
//! each other.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::words::words;

words! {
    /// How values of an indicator are written.
    Scale, "scale" {
        Number = "number",
        /// From 0 to 100, where the source has them with numerator and denominator.
        Percentage = "percentage",
        /// Ordered words, the best first; never averaged unless a rule declares their scores.
        Bands = "bands",
    }
}

words! {
    /// Which way is better.
    Better, "direction" {
        /// Of bands: towards the first.
        More = "more",
        Less = "less",
        Neither = "neither",
    }
}

words! {
    /// What is known of a value.
    State, "state" {
        Final = "final",
        Provisional = "provisional",
        /// The source has one and does not print it.
        Suppressed = "suppressed",
        /// The source says that there is none.
        Missing = "missing",
    }
}

words! {
    /// How figures of parts become the figure of their system.
    Rule, "rule" {
        Sum = "sum",
        /// The sum of numerators over the sum of denominators.
        Ratio = "ratio",
        /// The mean, weighted by another indicator.
        WeightedMean = "weighted-mean",
        WorstBand = "worst-band",
        /// The band in the middle; between two, the worse.
        MedianBand = "median-band",
        /// The mean of scores that the researchers declared for the bands.
        MeanScore = "mean-score",
    }
}

words! {
    /// What becomes of a part that is in several systems at once.
    Shared, "way with shared parts" {
        /// Nothing is rolled up before it is decided.
        Refuse = "refuse",
        /// It counts whole in each.
        Each = "each",
        /// It counts in none.
        LeaveOut = "leave-out",
    }
}

words! {
    /// How figures of shorter periods become the figure of a longer one.
    OverTime, "way over time" {
        Refuse = "refuse",
        Sum = "sum",
        /// The last one in it.
        Last = "last",
    }
}

/// What figures are measured on: aspect to value, as `funding` to `without`, `kind` to `outturn`, `types` to `all`.
pub type Basis = BTreeMap<String, String>;

/// Aspects that two bases both name and see differently. With any, the figures don't belong in one table.
pub fn mixed<'a>(one: &'a Basis, other: &'a Basis) -> Vec<(&'a str, &'a str, &'a str)> {
    one.iter()
        .filter_map(|(aspect, value)| {
            other
                .get(aspect)
                .filter(|there| *there != value)
                .map(|there| (aspect.as_str(), value.as_str(), there.as_str()))
        })
        .collect()
}

/// A decimal as it is stored: no sign of nought, no digits that say nothing.
pub fn canonical(value: Decimal) -> String {
    value.normalize().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn basis(pairs: &[(&str, &str)]) -> Basis {
        pairs
            .iter()
            .map(|(a, v)| ((*a).to_owned(), (*v).to_owned()))
            .collect()
    }

    #[test]
    fn bases_mix_only_where_both_speak_and_differ() {
        let plan = basis(&[("kind", "plan"), ("funding", "without")]);
        let outturn = basis(&[("kind", "outturn"), ("funding", "without")]);
        let types = basis(&[("types", "all")]);
        assert_eq!(mixed(&plan, &outturn), [("kind", "plan", "outturn")]);
        assert!(mixed(&plan, &types).is_empty());
        assert!(mixed(&plan, &plan).is_empty());
    }

    #[test]
    fn decimals_are_stored_in_one_way() {
        for (read, kept) in [
            ("1.50", "1.5"),
            ("-0.0", "0"),
            ("21289.0", "21289"),
            ("100", "100"),
            ("0.10", "0.1"),
        ] {
            assert_eq!(canonical(read.parse().expect("a decimal")), kept);
        }
    }
}
