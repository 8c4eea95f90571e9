//! A value as somebody wrote it, as its indicator takes it.

use rust_decimal::Decimal;

use super::Error;
use super::define::same;
use crate::domain::figure::{Scale, canonical};
use crate::domain::span::printable;
use crate::error::did_you_mean;
use crate::store::Indicator;

/// The band that is meant, as the indicator has it.
pub fn band<'a>(of: &'a Indicator, typed: &str) -> Result<&'a str, Error> {
    if let Some(found) = of.bands.iter().find(|b| same(b, typed)) {
        return Ok(found);
    }
    let near = did_you_mean(typed, of.bands.iter().map(String::as_str));
    let all = of.bands.join("; ");
    Err(Error::refused(
        format!("`{}` is no band of `{}`", printable(typed), of.slug),
        match near {
            Some(near) => format!("did you mean `{near}`? The bands are: {all}"),
            None => format!("the bands are: {all}"),
        },
    ))
}

/// Whether a number may be a value of the indicator.
pub fn within(of: &Indicator, value: Decimal) -> Result<(), Error> {
    let out = |side: &str, bound: Decimal| {
        Error::refused(
            format!(
                "{} is {side} than the {} that `{}` may be",
                canonical(value),
                canonical(bound),
                of.slug
            ),
            format!(
                "look whether it was read right; if it may be so: casebook indicator edit {} --{} {}",
                of.slug,
                if side == "less" { "least" } else { "most" },
                canonical(value)
            ),
        )
    };
    match (of.least, of.most) {
        (Some(least), _) if value < least => Err(out("less", least)),
        (_, Some(most)) if value > most => Err(out("more", most)),
        _ => Ok(()),
    }
}

/// What a fraction is in per cent; none of nothing.
pub fn percent(numerator: Decimal, denominator: Decimal) -> Option<Decimal> {
    if denominator.is_zero() {
        return None;
    }
    let exact = numerator
        .checked_mul(Decimal::ONE_HUNDRED)?
        .checked_div(denominator)?;
    // A third has no end; the fraction is kept beside it, so nothing is lost.
    Some(exact.round_dp(12))
}

/// The same, or why there is none: something of nothing, and shares of what is less than nothing.
pub fn share(numerator: Decimal, denominator: Decimal) -> Result<Decimal, Error> {
    let refused = |why: &str| {
        Error::refused(
            format!(
                "{} of {} {why}",
                canonical(numerator),
                canonical(denominator)
            ),
            "look whether both were read right; where the share is not known, leave such rows out with --where COLUMN=VALUE or say --state missing",
        )
    };
    if denominator < Decimal::ZERO {
        return Err(refused("is a share of less than nothing"));
    }
    if denominator.is_zero() {
        return Err(refused("is a share of nothing"));
    }
    percent(numerator, denominator).ok_or_else(|| refused("has too many digits"))
}

/// Whether a printed percentage is the one that its fraction gives, as far as it was printed: half a unit of its last
/// digit away at most.
pub fn agrees(printed: Decimal, reckoned: Decimal) -> bool {
    let half = Decimal::new(5, (printed.scale() + 1).min(28));
    printed
        .checked_sub(reckoned)
        .is_some_and(|apart| apart.abs() <= half)
}

/// Refuses what a percentage alone has.
pub fn takes_fraction(of: &Indicator) -> Result<(), Error> {
    if of.scale == Scale::Percentage {
        return Ok(());
    }
    Err(Error::refused(
        format!(
            "`{}` is no percentage: it has no numerator and denominator",
            of.slug
        ),
        "give its value alone",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Decimal {
        text.parse().expect("a decimal")
    }

    #[test]
    fn a_percentage_agrees_as_far_as_it_was_printed() {
        let reckoned = percent(d("1755"), d("2000")).expect("a percentage");
        assert_eq!(reckoned, d("87.75"));
        for (printed, fits) in [
            ("87.8", true),
            ("87.75", true),
            ("88", true),
            ("87.7", true),
            ("87.6", false),
            ("89", false),
        ] {
            assert_eq!(agrees(d(printed), reckoned), fits, "{printed}");
        }
        assert_eq!(percent(d("1"), d("0")), None);
        assert!(share(d("5"), d("0")).is_err() && share(d("-5"), d("-10")).is_err());
    }
}
