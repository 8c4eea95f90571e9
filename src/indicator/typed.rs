//! One figure that was typed: a reading of its own.

use rust_decimal::Decimal;

use super::{Error, value};
use crate::domain::figure::{Scale, State, canonical};
use crate::domain::period::Period;
use crate::error::Result;
use crate::store::{Case, Indicator, NewMeasure, NewReading, Tx};

/// What was typed.
#[derive(Clone, Debug)]
pub struct Typed {
    pub indicator: String,
    pub case: String,
    pub period: Period,
    pub value: Option<String>,
    pub numerator: Option<Decimal>,
    pub denominator: Option<Decimal>,
    pub state: State,
}

/// Writes it. Gives the number of the reading, and the value as it is kept.
pub fn add(
    tx: &Tx,
    coder: i64,
    typed: &Typed,
    reading: &NewReading,
) -> Result<(i64, Option<String>)> {
    let of = tx.indicator(&typed.indicator)?;
    let case = tx.case(&typed.case)?;
    at_level(&of, &case)?;
    let kept = kept(&of, typed)?;
    let period = tx.period(&typed.period)?;
    let text = |d: Option<Decimal>| d.map(canonical);
    let (numerator, denominator) = (text(typed.numerator), text(typed.denominator));
    let mut writer = tx.begin_reading()?;
    writer.add(&NewMeasure {
        indicator: of.id,
        case: case.id,
        period,
        state: typed.state,
        value: kept.as_deref(),
        numerator: numerator.as_deref(),
        denominator: denominator.as_deref(),
        as_of: None,
        line: None,
        col: None,
    })?;
    Ok((writer.finish(coder, reading)?, kept))
}

/// Whether the case is of the kind that the indicator is measured at.
pub fn at_level(of: &Indicator, case: &Case) -> Result<(), Error> {
    match &of.level {
        Some(level) if *level != case.kind => Err(Error::refused(
            format!(
                "`{}` is measured at cases of the kind {level}, and `{}` is of the kind {}",
                of.slug, case.slug, case.kind
            ),
            format!(
                "name another case (casebook case list), or change the kind: casebook case edit {} --kind {level}",
                case.slug
            ),
        )),
        _ => Ok(()),
    }
}

/// The value as it is kept: of a percentage from 0 to 100.
fn kept(of: &Indicator, typed: &Typed) -> Result<Option<String>, Error> {
    let fraction = typed.numerator.zip(typed.denominator);
    if typed.numerator.is_some() || typed.denominator.is_some() {
        value::takes_fraction(of)?;
        if fraction.is_none() {
            return Err(Error::refused(
                "a numerator without a denominator is no fraction",
                "give both: --numerator N --denominator N",
            ));
        }
    }
    if matches!(typed.state, State::Suppressed | State::Missing) {
        if typed.value.is_some() || fraction.is_some() {
            return Err(Error::refused(
                format!("a {} figure has no value", typed.state),
                "leave the value out, or --state",
            ));
        }
        return Ok(None);
    }
    let Some(text) = &typed.value else {
        let Some((n, d)) = fraction else {
            return Err(Error::refused(
                "there is no value",
                "type it behind the period; of a figure that is not known, say why not: --state suppressed, or --state missing",
            ));
        };
        let reckoned = share(n, d)?;
        value::within(of, reckoned)?;
        return Ok(Some(canonical(reckoned)));
    };
    if of.scale == Scale::Bands {
        return Ok(Some(value::band(of, text)?.to_owned()));
    }
    let number = exactly(text).ok_or_else(|| {
        Error::refused(
            format!("`{}` is no number", crate::domain::span::printable(text)),
            "write it with digits and a point, 28 of them at most, without signs of money or per cent, as in 88.3",
        )
    })?;
    value::within(of, number)?;
    if let Some((n, d)) = fraction {
        let reckoned = share(n, d)?;
        if !value::agrees(number, reckoned) {
            return Err(Error::refused(
                format!(
                    "{} of {} is {} %, not {}",
                    canonical(n),
                    canonical(d),
                    reckoned.round_dp(4).normalize(),
                    canonical(number)
                ),
                "look which of the three was read wrong",
            ));
        }
    }
    Ok(Some(canonical(number)))
}

/// The number as it is written, or nothing where digits would be lost.
fn exactly(text: &str) -> Option<Decimal> {
    let text = text.trim();
    let plain = text
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+'));
    let number = Decimal::from_str_exact(text).ok().filter(|_| plain)?;
    Some(number)
}

fn share(n: Decimal, d: Decimal) -> Result<Decimal, Error> {
    if d.is_zero() {
        return Err(Error::refused(
            "a fraction of nothing is no figure: the denominator is 0",
            "say so with: --state missing",
        ));
    }
    value::share(n, d)
}
