//! Fisher's exact test for a table of two by two, and what becomes of several p-values read together. Pure.

/// Counts of a table of two by two: rows are groups, columns whether something is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TwoByTwo {
    pub with_one: u64,
    pub without_one: u64,
    pub with_other: u64,
    pub without_other: u64,
}

/// As probabilities are compared, two that differ by less are one: they came about by other roundings.
const SAME: f64 = 1.0 + 1e-7;

/// The two-sided p-value: how likely a table is that is no likelier than this one, with margins as they are, were the
/// groups alike. `None` where a margin is nought: then there is only one table, and nothing is tested.
pub fn fisher(table: TwoByTwo) -> Option<f64> {
    let TwoByTwo {
        with_one: a,
        without_one: b,
        with_other: c,
        without_other: d,
    } = table;
    let (one, other, with) = (a + b, c + d, a + c);
    if one == 0 || other == 0 || with == 0 || b + d == 0 {
        return None;
    }
    let all = one + other;
    let factorials = Factorials::up_to(all);
    let chosen = |n: u64, k: u64| factorials.of(n) - factorials.of(k) - factorials.of(n - k);
    let total = chosen(all, with);
    let probability = |x: u64| (chosen(one, x) + chosen(other, with - x) - total).exp();
    let observed = probability(a);
    let (least, most) = (with.saturating_sub(other), with.min(one));
    let sum: f64 = (least..=most)
        .map(probability)
        .filter(|p| *p <= observed * SAME)
        .sum();
    Some(sum.min(1.0))
}

/// Logarithms of factorials.
struct Factorials(Vec<f64>);

impl Factorials {
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of cases are far below what a double holds"
    )]
    fn up_to(n: u64) -> Self {
        let mut all = vec![0.0];
        let mut sum = 0.0;
        for k in 1..=n {
            sum += (k as f64).ln();
            all.push(sum);
        }
        Self(all)
    }

    fn of(&self, n: u64) -> f64 {
        usize::try_from(n).map_or(0.0, |n| self.0[n])
    }
}

/// Holm's adjustment: what each p-value comes to when all of them are read together. Those that are not defined are not
/// counted and stay so.
pub fn holm(values: &[Option<f64>]) -> Vec<Option<f64>> {
    let mut order: Vec<(usize, f64)> = values
        .iter()
        .enumerate()
        .filter_map(|(n, p)| Some((n, (*p)?)))
        .collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut adjusted = vec![None; values.len()];
    let mut least: f64 = 0.0;
    let mut left = f64::from(u32::try_from(order.len()).unwrap_or(u32::MAX));
    for (n, p) in order {
        least = least.max((p * left).min(1.0));
        adjusted[n] = Some(least);
        left -= 1.0;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn table(a: u64, b: u64, c: u64, d: u64) -> TwoByTwo {
        TwoByTwo {
            with_one: a,
            without_one: b,
            with_other: c,
            without_other: d,
        }
    }

    fn near(found: Option<f64>, expected: f64) {
        let found = found.expect("a p-value");
        assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
    }

    #[test]
    fn p_values_are_those_that_are_printed_elsewhere() {
        // Fisher's lady who tastes tea.
        near(fisher(table(3, 1, 1, 3)), 34.0 / 70.0);
        near(fisher(table(4, 0, 0, 4)), 2.0 / 70.0);
        // Convictions of like-sex twins (R's own example): 0.0005367.
        near(fisher(table(2, 15, 10, 3)), 0.000_536_724_119_143_435_8);
        // Dieting, in many textbooks: 0.002759.
        near(fisher(table(1, 9, 11, 3)), 0.002_759_456_185_220_083_6);
        // A table as likely as any other.
        near(fisher(table(5, 5, 5, 5)), 1.0);
    }

    #[test]
    fn with_a_margin_of_nought_nothing_is_tested() {
        for of in [
            table(0, 0, 2, 3),
            table(2, 3, 0, 0),
            table(0, 4, 0, 5),
            table(4, 0, 5, 0),
        ] {
            assert_eq!(fisher(of), None);
        }
    }

    #[test]
    fn several_are_adjusted_together() {
        // As p.adjust(c(0.01, 0.04, 0.03), "holm") has it.
        let adjusted = holm(&[Some(0.01), Some(0.04), None, Some(0.03)]);
        for (found, expected) in adjusted
            .iter()
            .zip([Some(0.03), Some(0.06), None, Some(0.06)])
        {
            match (found, expected) {
                (Some(f), Some(e)) => assert!((f - e).abs() < 1e-12, "{f} is not {e}"),
                (found, expected) => assert_eq!(*found, expected),
            }
        }
        assert_eq!(holm(&[Some(0.9), Some(0.8)]), [Some(1.0), Some(1.0)]);
    }

    fn choose(n: u64, k: u64) -> u128 {
        (0..k).fold(1, |c, i| c * u128::from(n - i) / u128::from(i + 1))
    }

    proptest! {
        #[test]
        fn it_is_the_sum_over_all_tables(a in 0u64..14, b in 0u64..14, c in 0u64..14, d in 0u64..14) {
            let found = fisher(table(a, b, c, d));
            let (one, other, with) = (a + b, c + d, a + c);
            if one == 0 || other == 0 || with == 0 || b + d == 0 {
                prop_assert_eq!(found, None);
                return Ok(());
            }
            // In whole numbers: ways to get a table.
            let ways = |x: u64| if with < x { 0 } else { choose(one, x) * choose(other, with - x) };
            let sum: u128 = (0..=one).filter(|x| with >= *x && with - x <= other).map(ways).filter(|w| *w <= ways(a)).sum();
            #[expect(clippy::cast_precision_loss, reason = "compared to nine digits")]
            let naive = sum as f64 / choose(one + other, with) as f64;
            let found = found.expect("a p-value");
            prop_assert!((found - naive).abs() < 1e-9, "{} {}", found, naive);
            // Neither the order of the groups nor what is called present matters.
            for same in [table(c, d, a, b), table(b, a, d, c)] {
                prop_assert!((fisher(same).expect("a p-value") - found).abs() < 1e-9);
            }
        }

        #[test]
        fn adjusted_values_keep_their_order_and_are_no_smaller(values in proptest::collection::vec(0.0f64..1.0, 1..12)) {
            let all: Vec<Option<f64>> = values.iter().copied().map(Some).collect();
            let adjusted: Vec<f64> = holm(&all).into_iter().map(|p| p.expect("defined")).collect();
            for (i, p) in values.iter().enumerate() {
                prop_assert!(adjusted[i] >= *p && adjusted[i] <= 1.0);
                for (j, q) in values.iter().enumerate() {
                    prop_assert!(p > q || adjusted[i] <= adjusted[j]);
                }
            }
        }
    }
}
