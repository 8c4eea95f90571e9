//! A figure as tables and JSON show it: its value or why there is none, and where it is from.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::Serialize;

use super::held::{Held, Says};
use super::membership::Graph;
use super::roll::{Figure, Reckoner, RolledUp};
use crate::analysis::rollup::{Rolled, Stretch, Why};
use crate::domain::figure::{Better, Rule, canonical};
use crate::domain::words::words;
use crate::store::Indicator;

/// Digits behind the point that a quotient is told with; it is reckoned with 28.
const DIGITS: u32 = 10;

words! {
    /// Where a figure is from.
    Origin, "origin" {
        /// A measure of the case itself.
        Own = "own",
        /// Its own measures of shorter periods, put together by the rule.
        Composed = "composed",
        /// Its parts' figures, by the rule.
        RolledUp = "rolled-up",
        /// Those of a case before it.
        Mapped = "mapped",
        /// Rolled up from the cases before it.
        Rebuilt = "rebuilt",
    }
}

/// One of several values that sources disagree on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Said {
    pub reading: i64,
    pub value: String,
}

/// A part of a roll-up and its time that is not known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lacks {
    pub case: String,
    /// Months, or days from one to another.
    pub periods: Vec<String>,
}

/// A part that has no figure, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Without {
    pub case: String,
    pub reason: Why,
}

/// What a rolled-up figure rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Rests {
    /// Parts with a figure.
    pub with: u32,
    pub without: Vec<Without>,
    pub lacking: Vec<Lacks>,
    pub no_record: Vec<String>,
    pub never_measured: Vec<String>,
    /// Parts in several systems at once.
    pub shared: Vec<String>,
    pub complete: bool,
}

/// A figure, or why there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// A decimal as text (of a percentage: 0 to 100), or the band; null where none holds.
    pub value: Option<String>,
    /// Why there is none.
    pub reason: Option<String>,
    pub origin: Option<Origin>,
    pub provisional: bool,
    /// Whether it holds because somebody settled a conflict.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub settled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reading: Option<i64>,
    /// All values, of an undecided conflict.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conflict: Vec<Said>,
    /// Of a composed one: times that are not known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lacking: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rests_on: Option<Rests>,
    /// The case that it was the figure of, of a mapped one; the cases that it was rebuilt from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub of: Vec<String>,
    /// What the parts give, where that is another value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parts_give: Option<Box<Self>>,
    /// The value as a number; of a band its place, 0 for the best.
    #[serde(skip)]
    pub number: Option<Decimal>,
}

/// Rounds as people do: a half goes away from nought.
pub fn rounded(value: Decimal, digits: u32) -> Decimal {
    value.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero)
}

impl Shown {
    fn none(reason: impl Into<String>) -> Self {
        Self {
            reason: Some(reason.into()),
            ..Self::default()
        }
    }

    fn number(value: Decimal, origin: Origin) -> Self {
        Self {
            value: Some(canonical(rounded(value, DIGITS))),
            number: Some(value),
            origin: Some(origin),
            ..Self::default()
        }
    }

    fn band(of: &Indicator, place: usize, origin: Origin) -> Self {
        Self {
            value: of.bands.get(place).cloned(),
            number: Some(Decimal::from(place)),
            origin: Some(origin),
            ..Self::default()
        }
    }

    /// A measure of the case itself.
    pub fn held(of: &Indicator, held: &Held) -> Self {
        let mut shown = match &held.says {
            Says::Number(value) => Self {
                value: Some(canonical(*value)),
                ..Self::number(*value, Origin::Own)
            },
            Says::Band(place) => Self::band(of, *place, Origin::Own),
            Says::Suppressed => Self::none(Why::Suppressed.word()),
            Says::Missing => Self::none(Why::Missing.word()),
            Says::Conflict(values) => Self {
                conflict: values
                    .iter()
                    .map(|(reading, value)| Said {
                        reading: *reading,
                        value: value.clone(),
                    })
                    .collect(),
                ..Self::none(Why::Conflict.word())
            },
        };
        shown.origin = Some(Origin::Own);
        shown.provisional = held.provisional;
        shown.settled = held.settled;
        shown.reading = Some(held.reading);
        shown
    }

    /// What a rule made.
    pub fn made(of: &Indicator, result: &Result<Rolled, Why>, origin: Origin) -> Self {
        match result {
            Ok(Rolled::Number { value, .. }) => Self::number(*value, origin),
            Ok(Rolled::Band(place)) => Self::band(of, *place, origin),
            Err(why) => Self {
                origin: Some(origin),
                ..Self::none(why.word())
            },
        }
    }

    pub fn rolled(of: &Indicator, graph: &Graph, rolled: &RolledUp) -> Self {
        Self {
            provisional: rolled.provisional,
            rests_on: Some(Rests {
                with: rolled.with,
                without: rolled
                    .without
                    .iter()
                    .map(|(case, reason)| Without {
                        case: graph.slug(*case).to_owned(),
                        reason: *reason,
                    })
                    .collect(),
                lacking: rolled
                    .lacking
                    .iter()
                    .map(|(case, times)| Lacks {
                        case: graph.slug(*case).to_owned(),
                        periods: in_words(times),
                    })
                    .collect(),
                no_record: graph.slugs(&rolled.no_record),
                never_measured: graph.slugs(&rolled.never),
                shared: graph.slugs(&rolled.shared),
                complete: rolled.is_complete(),
            }),
            ..Self::made(of, &rolled.result, Origin::RolledUp)
        }
    }

    /// What is known of a case in a period: its own measure first; what its parts give stands beside it where that is
    /// something else.
    pub fn of(of: &Indicator, graph: &Graph, figure: &Figure) -> Self {
        let rolled = figure.rolled.as_ref().map(|r| Self::rolled(of, graph, r));
        let own = match (&figure.own, &figure.composed) {
            (Some(held), _) => Some(Self::held(of, held)),
            (None, Some((result, lacking, provisional))) => Some(Self {
                provisional: *provisional,
                lacking: in_words(lacking),
                ..Self::made(of, result, Origin::Composed)
            }),
            (None, None) => None,
        };
        match (own, rolled) {
            (Some(mut own), Some(rolled)) => {
                if differ(of, &own, &rolled) {
                    own.parts_give = Some(Box::new(rolled));
                }
                own
            }
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => Self::none(Why::NoRecord.word()),
        }
    }

    /// Whether something of it is not known: times, or parts that are measured.
    pub fn is_partial(&self) -> bool {
        self.value.is_some()
            && (!self.lacking.is_empty() || self.rests_on.as_ref().is_some_and(|r| !r.complete))
    }

    /// Whether nothing was ever said of it.
    pub fn is_unknown(&self) -> bool {
        self.value.is_none() && self.origin.is_none()
    }

    /// As a table has it: rounded, where it is a number.
    pub fn text(&self, digits: u32) -> String {
        match (&self.value, self.number) {
            (Some(value), Some(number)) if value.parse::<Decimal>().is_ok() => {
                format!("{:.*}", digits as usize, rounded(number, digits))
            }
            (Some(value), _) => value.clone(),
            (None, _) if !self.conflict.is_empty() => {
                let values: Vec<&str> = self.conflict.iter().map(|s| s.value.as_str()).collect();
                format!("{} (in conflict)", values.join(" | "))
            }
            (None, _) => "n/a".to_owned(),
        }
    }
}

/// Whether a figure of its own and what the parts give are not the same, as far as its own is told.
fn differ(of: &Indicator, own: &Shown, rolled: &Shown) -> bool {
    let is_number = |s: &Shown| {
        s.value
            .as_ref()
            .is_some_and(|v| v.parse::<Decimal>().is_ok())
    };
    if own.value.is_some() && is_number(own) != is_number(rolled) {
        // A band of its own, and a score of its parts: they are not on one scale.
        return false;
    }
    match (own.number, rolled.number) {
        (Some(own), Some(rolled)) => {
            let digits = own.normalize().scale().max(of.decimals);
            rounded(own, digits) != rounded(rolled, digits)
        }
        (None, Some(_)) => true,
        _ => false,
    }
}

/// Digits that figures of an indicator are shown with; scores that stand for bands have two.
pub fn digits(of: &Indicator, by: Option<&Reckoner>) -> u32 {
    match by {
        Some(by) if by.rule.rule == Rule::MeanScore => of.decimals.max(2),
        _ => of.decimals,
    }
}

/// Whether a larger number stands for more of what an indicator says: not so of bands, whose places count from the best;
/// of scores as they were declared.
pub fn larger_is_more(of: &Indicator, by: Option<&Reckoner>) -> bool {
    match by {
        Some(by) if by.rule.rule == Rule::MeanScore => by.scores.first() > by.scores.last(),
        _ => of.bands.is_empty(),
    }
}

/// Whether `now` is better than `before`, by the direction of the indicator; `None` where it has none, or where they are
/// equal.
pub fn is_better(
    of: &Indicator,
    larger_is_more: bool,
    before: Decimal,
    now: Decimal,
) -> Option<bool> {
    if before == now {
        return None;
    }
    let more = (now > before) == larger_is_more;
    match of.better {
        Better::More => Some(more),
        Better::Less => Some(!more),
        Better::Neither => None,
    }
}

/// Stretches of days as months where they are whole months, else from one day to another.
pub fn in_words(stretches: &[Stretch]) -> Vec<String> {
    use jiff::ToSpan;
    let mut words = Vec::new();
    for (from, to) in stretches {
        if from.day() == 1 && to.day() == 1 {
            let mut month = *from;
            while month < *to {
                words.push(format!("{:04}-{:02}", month.year(), month.month()));
                month = month.saturating_add(1.month());
            }
        } else {
            words.push(format!("{from}..{}", to.saturating_sub(1.day())));
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_away_from_nought() {
        for (value, digits, shown) in [
            ("88.25", 1, "88.3"),
            ("-0.05", 1, "-0.1"),
            ("0.04", 1, "0.0"),
            ("12", 2, "12.00"),
        ] {
            let number: Decimal = value.parse().expect("a decimal");
            let shown_as = Shown::number(number, Origin::Own).text(digits);
            assert_eq!(shown_as, shown);
        }
    }

    #[test]
    fn months_that_lack_are_named() {
        let day = |d: &str| d.parse().expect("a day");
        assert_eq!(
            in_words(&[
                (day("2017-11-01"), day("2018-02-01")),
                (day("2018-03-05"), day("2018-03-08"))
            ]),
            ["2017-11", "2017-12", "2018-01", "2018-03-05..2018-03-07"]
        );
    }
}
