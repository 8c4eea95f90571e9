//! What an axis, a colour or a size stands for, how its values are printed, and where the marks of an axis stand.

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

use super::svg::{Drawing, INK, STEPS, STRONG, Side};
use crate::domain::figure::Better;
use crate::report::phrase::capital;

/// An indicator in its period, as pictures name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity {
    pub name: String,
    /// As it is printed behind a number: `%`, `GBP million`.
    pub unit: String,
    pub decimals: u32,
    pub better: Better,
    /// `2017/18`; none where a picture has several.
    pub period: Option<String>,
}

impl Quantity {
    /// A value without its unit, as tables have it.
    pub(super) fn plain(&self, value: Decimal) -> String {
        let rounded =
            value.round_dp_with_strategy(self.decimals, RoundingStrategy::MidpointAwayFromZero);
        let rounded = if rounded.is_zero() {
            Decimal::ZERO
        } else {
            rounded
        };
        format!("{rounded:.*}", self.decimals as usize)
    }

    /// A value with a sign that is one, as pictures have it.
    pub(super) fn bare(&self, value: Decimal) -> String {
        self.plain(value).replace('-', "\u{2212}")
    }

    /// A value with its unit.
    pub(super) fn shown(&self, value: Decimal) -> String {
        let value = self.bare(value);
        if self.unit.is_empty() {
            value
        } else {
            format!("{value}\u{a0}{}", self.unit)
        }
    }

    /// Its name with its period, for axes: `4-hour performance, 2017/18 (%)`.
    pub(super) fn axis(&self) -> String {
        let mut words = capital(&self.name);
        if let Some(period) = &self.period {
            words.push_str(&format!(", {period}"));
        }
        if !self.unit.is_empty() {
            words.push_str(&format!(" ({})", self.unit));
        }
        words
    }

    /// A head of a table.
    pub(super) fn head(&self) -> String {
        let mut words = self.name.clone();
        if !self.unit.is_empty() {
            words.push_str(&format!(", {}", self.unit));
        }
        words
    }

    /// Which way is better, as a sentence.
    pub(super) fn direction(&self) -> Option<String> {
        let way = match self.better {
            Better::More => "more",
            Better::Less => "less",
            Better::Neither => return None,
        };
        Some(format!("{}: {way} is better.", capital(&self.name)))
    }

    /// Whether a change is for the better; none where nothing changed or no way is better.
    pub(super) fn improved(&self, from: Decimal, to: Decimal) -> Option<bool> {
        match self.better {
            _ if from == to => None,
            Better::More => Some(to > from),
            Better::Less => Some(to < from),
            Better::Neither => None,
        }
    }
}

/// A number for drawing. What a picture can't show stands at nought; decimals have no such values.
pub(super) fn at(value: Decimal) -> f64 {
    value.to_f64().unwrap_or_default()
}

/// How many, for reckoning places.
pub(super) fn many(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

/// From values to places, along an axis.
#[derive(Clone, Debug)]
pub(super) struct Scale {
    pub(super) from: f64,
    pub(super) to: f64,
    start: f64,
    end: f64,
    step: f64,
}

impl Scale {
    /// An axis from place `start` to place `end` that has room for all values, with round ends and about `many` steps.
    pub(super) fn of(values: impl Iterator<Item = f64>, many: u32, start: f64, end: f64) -> Self {
        let (mut least, mut most) = (f64::MAX, f64::MIN);
        for value in values.filter(|v| v.is_finite()) {
            least = least.min(value);
            most = most.max(value);
        }
        if least > most {
            (least, most) = (0.0, 1.0);
        }
        if most - least <= f64::EPSILON * most.abs().max(1.0) {
            let beyond = (most.abs() * 0.1).max(1.0);
            (least, most) = (least - beyond, most + beyond);
        }
        let rough = (most - least) / f64::from(many.max(1));
        let power = 10f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0]
            .iter()
            .map(|n| n * power)
            .find(|step| *step >= rough * 0.999)
            .unwrap_or(10.0 * power);
        Self {
            from: (least / step).floor() * step,
            to: (most / step).ceil() * step,
            start,
            end,
            step,
        }
    }

    /// The same values at other places.
    pub(super) fn moved(&self, start: f64, end: f64) -> Self {
        Self {
            start,
            end,
            ..self.clone()
        }
    }

    pub(super) fn place(&self, value: f64) -> f64 {
        self.start + (value - self.from) / (self.to - self.from) * (self.end - self.start)
    }

    /// Values with what is printed at them.
    pub(super) fn ticks(&self) -> Vec<(f64, String)> {
        let digits = (0..6u8)
            .find(|d| {
                let n = self.step * 10f64.powi(i32::from(*d));
                (n - n.round()).abs() < 1e-6
            })
            .unwrap_or(6);
        let mut all = Vec::new();
        let mut n = 0.0;
        loop {
            let value = self.from + n * self.step;
            if value > self.to + self.step / 2.0 || all.len() > 100 {
                break;
            }
            all.push((
                value,
                super::decimal(value, digits).replace('-', "\u{2212}"),
            ));
            n += 1.0;
        }
        all
    }
}

/// Ordered bands, the best first, with what tells them apart: a shade, a letter and how densely they are hatched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bands {
    pub name: String,
    pub bands: Vec<String>,
}

impl Bands {
    /// The sign of each band: its first letter, or its number where letters would be the same.
    pub(super) fn signs(&self) -> Vec<String> {
        let letters: Vec<String> = self
            .bands
            .iter()
            .map(|b| {
                b.chars()
                    .find(|c| c.is_alphanumeric())
                    .map(|c| c.to_uppercase().collect())
                    .unwrap_or_default()
            })
            .collect();
        let mut once = letters.clone();
        once.sort_unstable();
        once.dedup();
        if once.len() == letters.len() && !letters.iter().any(String::is_empty) {
            return letters;
        }
        (1..=self.bands.len()).map(|n| n.to_string()).collect()
    }

    /// The shade of a band: the best is the darkest, and each is clearly lighter than the one before.
    pub(super) fn shade(&self, band: usize) -> &'static str {
        let last = STEPS.len() - 1;
        let most = self.bands.len().saturating_sub(1).max(1);
        STEPS[last - (band.min(most) * last / most)]
    }

    /// The colour of words on that shade.
    pub(super) fn on(&self, band: usize) -> &'static str {
        if self.shade(band) == STEPS[4] || self.shade(band) == STEPS[3] {
            "#ffffff"
        } else {
            INK
        }
    }

    pub(super) fn word(&self, band: usize) -> &str {
        self.bands.get(band).map_or("not known", String::as_str)
    }
}

/// Sentences over a picture: its title and what stands beneath it.
pub(super) fn heading(d: &mut Drawing, title: &str) {
    d.text(
        (16.0, 22.0),
        Side::Start,
        super::svg::Face {
            size: 15.0,
            ..STRONG
        },
        title,
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money() -> Quantity {
        Quantity {
            name: "surplus or deficit".into(),
            unit: "%".into(),
            decimals: 1,
            better: Better::More,
            period: Some("2017/18".into()),
        }
    }

    fn d(text: &str) -> Decimal {
        text.parse().expect("a decimal")
    }

    #[test]
    fn values_are_rounded_and_have_their_unit() {
        for (value, plain, shown) in [
            ("86.45", "86.5", "86.5\u{a0}%"),
            ("-3.25", "-3.3", "\u{2212}3.3\u{a0}%"),
            ("-0.04", "0.0", "0.0\u{a0}%"),
            ("100", "100.0", "100.0\u{a0}%"),
        ] {
            assert_eq!(money().plain(d(value)), plain);
            assert_eq!(money().shown(d(value)), shown);
        }
    }

    #[test]
    fn marks_of_an_axis_are_round_on_both_sides_of_nought() {
        let ticks = |values: &[f64], many| {
            Scale::of(values.iter().copied(), many, 0.0, 100.0)
                .ticks()
                .into_iter()
                .map(|t| t.1)
                .collect::<Vec<_>>()
        };
        assert_eq!(ticks(&[-7.3, 4.0], 5), ["−10", "−5", "0", "5"]);
        assert_eq!(
            ticks(&[82.1, 93.9], 6),
            ["82", "84", "86", "88", "90", "92", "94"]
        );
        assert_eq!(
            ticks(&[0.11, 0.19], 4),
            ["0.10", "0.12", "0.14", "0.16", "0.18", "0.20"]
        );
        assert_eq!(ticks(&[], 2), ["0.0", "0.5", "1.0"]);
        assert_eq!(ticks(&[5.0], 2).first().map(String::as_str), Some("4"));
    }

    #[test]
    fn bands_have_letters_or_numbers() {
        let bands = |all: &[&str]| Bands {
            name: "rating".into(),
            bands: all.iter().map(ToString::to_string).collect(),
        };
        assert_eq!(
            bands(&["outstanding", "good", "requires improvement", "inadequate"]).signs(),
            ["O", "G", "R", "I"]
        );
        assert_eq!(bands(&["most", "many", "few"]).signs(), ["1", "2", "3"]);
        let four = bands(&["a", "b", "c", "d"]);
        let shades: std::collections::BTreeSet<&str> = (0..4).map(|b| four.shade(b)).collect();
        assert_eq!(shades.len(), 4);
    }
}
