//! How much a word belongs to one group of texts: its rate there against its rate in the rest.
//!
//! - G2 is the log-likelihood of Rayson and Garside (2000, "Comparing corpora using frequency profiling"): with a word
//!   said a times among c words here and b times among d words in the rest, E1 = c(a+b)/(c+d), E2 = d(a+b)/(c+d) and
//!   G2 = 2(a ln(a/E1) + b ln(b/E2)), where a count of 0 adds nothing. It says how sure one may be of a difference and
//!   grows with the size of the texts. A minus in front says that the word is rarer here.
//! - The log ratio of Hardie (2014, "Log Ratio: an informal introduction") is the binary logarithm of the one rate over
//!   the other: 1 is twice as often, 2 four times, -1 half as often. It says how large the difference is. A count of 0 is
//!   taken as 0.5, as he does, so that the ratio stays defined; where both are 0 there is none.
//!
//! Neither is defined where one side has no words.

use serde::Serialize;

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Keyness {
    /// Below 0 where the word is rarer here than in the rest.
    pub g2: Option<f64>,
    pub log_ratio: Option<f64>,
}

/// A word's count among so many words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    pub count: u64,
    pub words: u64,
}

pub fn keyness(here: Rate, rest: Rate) -> Keyness {
    if here.words == 0 || rest.words == 0 || here.count + rest.count == 0 {
        return Keyness::default();
    }
    let number = |n: u64| {
        #[expect(
            clippy::cast_precision_loss,
            reason = "no study has more than 2^53 words"
        )]
        let n = n as f64;
        n
    };
    let (a, b, c, d) = (
        number(here.count),
        number(rest.count),
        number(here.words),
        number(rest.words),
    );
    let part = |observed: f64, words: f64| {
        let expected = words * (a + b) / (c + d);
        if observed > 0.0 {
            observed * (observed / expected).ln()
        } else {
            0.0
        }
    };
    // What is left of rounding where both rates are the same is no difference.
    let g2 = (2.0 * (part(a, c) + part(b, d))).max(0.0);
    let rarer = u128::from(here.count) * u128::from(rest.words)
        < u128::from(rest.count) * u128::from(here.words);
    let some = |n: f64| if n > 0.0 { n } else { 0.5 };
    Keyness {
        g2: Some(if rarer { -g2 } else { g2 }),
        log_ratio: Some(((some(a) / c) / (some(b) / d)).log2()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(a: u64, c: u64, b: u64, d: u64) -> Keyness {
        keyness(Rate { count: a, words: c }, Rate { count: b, words: d })
    }

    #[test]
    fn published_figures_come_out() {
        // Lancaster University's example for its log-likelihood calculator: 52 in 50,000 and 57 in 75,000 are +2.65.
        let g2 = of(52, 50_000, 57, 75_000).g2.expect("defined");
        assert!((g2 - 2.65).abs() < 0.005, "{g2}");
        let g2 = of(57, 75_000, 52, 50_000).g2.expect("defined");
        assert!((g2 + 2.65).abs() < 0.005, "{g2}");
        // Hardie: as often is 0, twice as often 1, four times 2, eight times 3; half as often -1.
        for (a, expected) in [(10, 0.0), (20, 1.0), (40, 2.0), (80, 3.0), (5, -1.0)] {
            let found = of(a, 1000, 10, 1000).log_ratio.expect("defined");
            assert!((found - expected).abs() < 1e-12, "{found}");
        }
    }

    #[test]
    fn nothing_is_said_where_nothing_can_be() {
        assert_eq!(of(0, 0, 3, 100), Keyness::default());
        assert_eq!(of(3, 100, 0, 0), Keyness::default());
        assert_eq!(of(0, 100, 0, 100), Keyness::default());
        // A word that the rest never says: 8 in 100 against half a time in 100.
        let found = of(8, 100, 0, 100);
        assert_eq!(found.log_ratio, Some(4.0));
        let expected = 2.0 * 8.0 * 2f64.ln();
        assert!((found.g2.expect("defined") - expected).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn the_two_sides_mirror_each_other(a in 0u64..500, b in 0u64..500, c in 500u64..9000, d in 500u64..9000) {
            let (one, other) = (of(a, c, b, d), of(b, d, a, c));
            match (one.g2, other.g2) {
                (Some(x), Some(y)) => {
                    prop_assert!((x + y).abs() < 1e-9 || (a * d == b * c && x.abs() < 1e-9));
                    // The same rate is no difference.
                    if a * d == b * c { prop_assert!(x.abs() < 1e-9); }
                }
                (None, None) => prop_assert_eq!(a + b, 0),
                _ => prop_assert!(false),
            }
            if let (Some(x), Some(y)) = (one.log_ratio, other.log_ratio) {
                prop_assert!((x + y).abs() < 1e-9);
            }
        }
    }
}
