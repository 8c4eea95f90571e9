//! Figures of wholes against small oracles that know no roll-up.

use proptest::prelude::*;

use super::*;

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

fn number(text: &str) -> Decimal {
    text.parse().expect("a decimal")
}

fn month(n: i8) -> Stretch {
    let from = Date::new(2017, 4, 1).expect("a day");
    let first = from + jiff::Span::new().months(i64::from(n));
    (first, first + jiff::Span::new().months(1))
}

fn year() -> Stretch {
    (day("2017-04-01"), day("2018-04-01"))
}

fn sum_of(brings: &[Result<Amount, Why>]) -> Result<Rolled, Why> {
    let mut tally = Tally::default();
    for (part, brings) in (1..).zip(brings) {
        tally.add(part, *brings);
    }
    tally.rolled(Rule::Sum, Decimal::ONE, &[])
}

#[test]
fn what_is_suppressed_is_not_left_out_of_a_sum() {
    let known = Ok(Amount::Number(number("2.5")));
    assert_eq!(
        sum_of(&[known, known]),
        Ok(Rolled::Number {
            value: number("5.0"),
            amount: Amount::Number(number("5.0"))
        })
    );
    assert_eq!(sum_of(&[known, Err(Why::Suppressed)]), Err(Why::Suppressed));
    // Of several reasons, the one that somebody can do something about.
    assert_eq!(
        sum_of(&[Err(Why::Missing), known, Err(Why::Conflict)]),
        Err(Why::Conflict)
    );
    assert_eq!(sum_of(&[]), Err(Why::NoRecord));
}

#[test]
fn a_ratio_is_of_sums_and_no_mean_of_ratios() {
    let mut tally = Tally::default();
    // 100 of 100 and 0 of 300: a quarter, where the mean of both would be a half.
    for (part, over, under) in [(1, "100", "100"), (2, "0", "300")] {
        let (over, under) = (number(over), number(under));
        tally.add(part, Ok(Amount::Quotient { over, under }));
    }
    let Ok(Rolled::Number { value, .. }) = tally.rolled(Rule::Ratio, Decimal::ONE_HUNDRED, &[])
    else {
        panic!("a ratio");
    };
    assert_eq!(value, number("25"));
    let mut empty = Tally::default();
    let (over, under) = (Decimal::ZERO, Decimal::ZERO);
    empty.add(1, Ok(Amount::Quotient { over, under }));
    assert_eq!(
        empty.rolled(Rule::Ratio, Decimal::ONE, &[]),
        Err(Why::ZeroBase)
    );
}

#[test]
fn bands_have_a_worst_and_a_middle_and_scores_where_they_are_declared() {
    // outstanding, good, requires improvement, inadequate
    for (bands, worst, median) in [
        (&[1][..], 1, 1),
        (&[0, 3], 3, 3),
        (&[0, 1, 3], 3, 1),
        (&[0, 0, 1, 1], 1, 1),
        (&[0, 0, 0, 3], 3, 0),
    ] {
        let mut tally = Tally::default();
        for (part, band) in (1..).zip(bands) {
            tally.add(part, Ok(Amount::Band(*band)));
        }
        let by = |rule| tally.rolled(rule, Decimal::ONE, &[]);
        assert_eq!(by(Rule::WorstBand), Ok(Rolled::Band(worst)), "{bands:?}");
        assert_eq!(by(Rule::MedianBand), Ok(Rolled::Band(median)), "{bands:?}");
    }
    let mut tally = Tally::default();
    for (part, band) in [(1, 0), (2, 1), (3, 1)] {
        tally.add(part, Ok(Amount::Band(band)));
    }
    let scores = [Some(number("4")), Some(number("3"))];
    let Ok(Rolled::Number { value, .. }) = tally.rolled(Rule::MeanScore, Decimal::ONE, &scores)
    else {
        panic!("a score");
    };
    assert_eq!(value.round_dp(4), number("3.3333"));
    assert_eq!(
        tally.rolled(Rule::MeanScore, Decimal::ONE, &scores[..1]),
        Err(Why::NoScore)
    );
}

#[test]
fn months_make_a_year_and_what_lacks_is_known() {
    let of = |n: i8| Within {
        days: month(n),
        brings: Ok(Amount::Number(Decimal::from(i64::from(n)))),
    };
    let all: Vec<Within> = [0, 1, 3].into_iter().map(of).collect();
    let made = over_time(year(), OverTime::Sum, &all).expect("something");
    assert_eq!(made.brings, Ok(Amount::Number(number("4"))));
    assert_eq!(
        made.lacking,
        [
            (day("2017-06-01"), day("2017-07-01")),
            (day("2017-08-01"), day("2018-04-01"))
        ]
    );
    let last = over_time(year(), OverTime::Last, &all).expect("something");
    assert_eq!(
        (last.brings, last.of),
        (Ok(Amount::Number(number("3"))), vec![2])
    );
    assert_eq!(last.lacking, [(day("2017-08-01"), day("2018-04-01"))]);
    assert_eq!(over_time(month(7), OverTime::Sum, &all), None);
}

#[test]
fn a_quarter_and_its_months_are_not_added_twice() {
    let mut all: Vec<Within> = (0..12)
        .map(|n| Within {
            days: month(n),
            brings: Ok(Amount::Number(Decimal::ONE)),
        })
        .collect();
    all.push(Within {
        days: (day("2017-04-01"), day("2017-07-01")),
        brings: Ok(Amount::Number(number("3"))),
    });
    let made = over_time(year(), OverTime::Sum, &all).expect("something");
    assert_eq!(made.brings, Ok(Amount::Number(number("12"))));
    assert_eq!(made.of[0], 12);
    assert!(made.lacking.is_empty());
}

#[test]
fn one_month_in_conflict_leaves_no_year() {
    let mut all: Vec<Within> = (0..12)
        .map(|n| Within {
            days: month(n),
            brings: Ok(Amount::Number(Decimal::ONE)),
        })
        .collect();
    all[5].brings = Err(Why::Suppressed);
    all[7].brings = Err(Why::Conflict);
    let made = over_time(year(), OverTime::Sum, &all).expect("something");
    assert_eq!(made.brings, Err(Why::Conflict));
}

#[test]
fn no_digit_is_dropped_in_silence() {
    let large = Decimal::MAX;
    assert_eq!(exact_sum(large, number("0.1")), None);
    assert_eq!(exact_sum(large, Decimal::ONE), None);
    assert_eq!(
        sum_of(&[Ok(Amount::Number(large)), Ok(Amount::Number(number("0.4")))]),
        Err(Why::TooLarge)
    );
    assert_eq!(
        exact_sum(number("0.10"), number("0.2")),
        Some(number("0.3"))
    );
}

fn thousandth(n: i64) -> Decimal {
    Decimal::new(n, 3)
}

fn reasons() -> impl Strategy<Value = Why> {
    prop_oneof![
        Just(Why::Suppressed),
        Just(Why::Missing),
        Just(Why::Conflict)
    ]
}

/// What comes out, as a quotient of whole numbers.
fn is_quotient(value: Decimal, over: i128, under: i128) -> bool {
    // value = over / under, but for the last of 28 digits.
    let exact = Decimal::from_i128_with_scale(over, 0) / Decimal::from_i128_with_scale(under, 0);
    (value - exact).abs() <= Decimal::new(1, 20) * (Decimal::ONE + exact.abs())
}

proptest! {
    #[test]
    fn sums_are_those_of_whole_numbers(values in proptest::collection::vec(-1_000_000_000i64..1_000_000_000, 1..60)) {
        let brings: Vec<_> = values.iter().map(|v| Ok(Amount::Number(thousandth(*v)))).collect();
        let naive: i128 = values.iter().map(|v| i128::from(*v)).sum();
        let Ok(Rolled::Number { value, .. }) = sum_of(&brings) else { panic!("a sum") };
        prop_assert_eq!(value, Decimal::from_i128_with_scale(naive, 3));
    }

    #[test]
    fn ratios_and_weighted_means_are_those_of_whole_numbers(pairs in proptest::collection::vec((0i64..1_000_000, 1i64..1_000_000), 1..60)) {
        let mut ratio = Tally::default();
        let mut mean = Tally::default();
        for (part, (over, under)) in (1..).zip(&pairs) {
            ratio.add(part, Ok(Amount::Quotient { over: Decimal::from(*over), under: Decimal::from(*under) }));
            mean.add(part, weighted(Decimal::from(*over), Decimal::from(*under)));
        }
        let sum = |f: fn(&(i64, i64)) -> i128| pairs.iter().map(f).sum::<i128>();
        let under = sum(|p| i128::from(p.1));
        for (tally, rule, over) in [
            (&ratio, Rule::Ratio, sum(|p| i128::from(p.0))),
            (&mean, Rule::WeightedMean, sum(|p| i128::from(p.0) * i128::from(p.1))),
        ] {
            let Ok(Rolled::Number { value, .. }) = tally.rolled(rule, Decimal::ONE, &[]) else { panic!("a quotient") };
            prop_assert!(is_quotient(value, over, under), "{} {} {}", value, over, under);
        }
    }

    #[test]
    fn bands_are_those_of_a_sorted_list(bands in proptest::collection::vec(0usize..5, 1..40)) {
        let mut tally = Tally::default();
        for (part, band) in (1..).zip(&bands) {
            tally.add(part, Ok(Amount::Band(*band)));
        }
        let mut sorted = bands.clone();
        sorted.sort_unstable();
        prop_assert_eq!(tally.rolled(Rule::WorstBand, Decimal::ONE, &[]), Ok(Rolled::Band(sorted[sorted.len() - 1])));
        prop_assert_eq!(tally.rolled(Rule::MedianBand, Decimal::ONE, &[]), Ok(Rolled::Band(sorted[sorted.len() / 2])));
    }

    #[test]
    fn one_part_without_a_figure_leaves_none(values in proptest::collection::vec(prop_oneof![3 => (-9i64..9).prop_map(Ok), 1 => reasons().prop_map(Err)], 0..12)) {
        let brings: Vec<_> = values.iter().map(|v| v.map(|n| Amount::Number(Decimal::from(n)))).collect();
        let found = sum_of(&brings);
        let worst = values.iter().filter_map(|v| v.err()).min();
        match worst {
            Some(why) => prop_assert_eq!(found, Err(why)),
            None if values.is_empty() => prop_assert_eq!(found, Err(Why::NoRecord)),
            None => prop_assert!(found.is_ok()),
        }
    }

    #[test]
    fn a_year_is_its_months_in_any_order(months in proptest::sample::subsequence((0i8..12).collect::<Vec<_>>(), 1..12).prop_shuffle(), values in proptest::collection::vec(-999i64..999, 12)) {
        let all: Vec<Within> = months.iter().map(|m| Within {
            days: month(*m),
            brings: Ok(Amount::Number(Decimal::from(values[usize::from(m.unsigned_abs())]))),
        }).collect();
        let made = over_time(year(), OverTime::Sum, &all).expect("at least one month");
        let naive: i64 = months.iter().map(|m| values[usize::from(m.unsigned_abs())]).sum();
        prop_assert_eq!(made.brings, Ok(Amount::Number(Decimal::from(naive))));
        // Every month is either there or lacking, and none both.
        let lacks = |m: i8| made.lacking.iter().any(|(from, to)| *from <= month(m).0 && month(m).1 <= *to);
        for m in 0..12 {
            prop_assert_eq!(lacks(m), !months.contains(&m));
        }
        let last = over_time(year(), OverTime::Last, &all).expect("at least one month");
        let latest = months.iter().max().expect("one");
        prop_assert_eq!(last.brings, Ok(Amount::Number(Decimal::from(values[usize::from(latest.unsigned_abs())]))));
    }

    #[test]
    fn nothing_panics_on_any_decimal(mantissas in proptest::collection::vec((any::<i128>(), 0u32..28), 1..6)) {
        let mut sum = Tally::default();
        let mut ratio = Tally::default();
        for (part, (mantissa, scale)) in (1..).zip(mantissas) {
            let Ok(value) = Decimal::try_from_i128_with_scale(mantissa >> 33, scale) else { continue };
            sum.add(part, Ok(Amount::Number(value)));
            ratio.add(part, weighted(value, value));
        }
        let _ = sum.rolled(Rule::Sum, Decimal::ONE, &[]);
        let _ = ratio.rolled(Rule::Ratio, Decimal::ONE_HUNDRED, &[]);
    }
}
