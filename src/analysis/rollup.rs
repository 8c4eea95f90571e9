//! Figures of parts as the figure of their whole, by a declared rule: over parts, and over time. Pure, and exact: decimals
//! are added as they were read. What can't be had is never left out of a sum in silence.

use rust_decimal::Decimal;

use crate::domain::Date;
use crate::domain::figure::{OverTime, Rule};
use crate::domain::words::words;

/// What a part brings to a roll-up, as its rule needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    Number(Decimal),
    /// Numerator and denominator; of a weighted mean the value times its weight, and the weight.
    Quotient {
        over: Decimal,
        under: Decimal,
    },
    /// The place of a band among its indicator's, 0 for the best.
    Band(usize),
}

words! {
    /// Why a part, or a whole, has no figure that could be reckoned with. In the order in which they are told where
    /// several hold.
    Why, "reason" {
        /// Sources disagree, and nothing is decided.
        Conflict = "in conflict",
        Suppressed = "suppressed",
        Missing = "missing",
        NoQuotient = "without numerator and denominator",
        NoWeight = "without a weight",
        /// Sources disagree on its weight, and nothing is decided.
        WeightConflict = "with a weight in conflict",
        /// A mean by such weights may lie beyond all that it is a mean of.
        NegativeWeight = "with a weight below 0",
        NoScore = "without a score for its band",
        /// In several wholes at once, and the rule says that nothing is rolled up before that is decided.
        Shared = "in several at once",
        /// None of the parts has a record.
        NoRecord = "without any record",
        ZeroBase = "on a base of 0",
        TooLarge = "too large to be reckoned exactly",
    }
}

/// A stretch of days: its first, and the first after it.
pub type Stretch = (Date, Date);

/// A figure of a shorter period in a longer one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Within {
    pub days: Stretch,
    pub brings: Result<Amount, Why>,
}

/// Figures of shorter periods as that of a longer one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composed {
    pub brings: Result<Amount, Why>,
    /// Which of the figures it is made of, in the order of their days.
    pub of: Vec<usize>,
    /// Days of the longer period that nothing is known of.
    pub lacking: Vec<Stretch>,
}

/// Composes the figure of a longer period, or `None` where there is nothing to compose. Where periods overlap, the longer
/// stand and the shorter only fill what they leave: a quarter and its months are not added up twice. Bands have no sum:
/// whoever declares one is refused before.
pub fn over_time(target: Stretch, how: OverTime, all: &[Within]) -> Option<Composed> {
    let days = |s: Stretch| s.0.until(s.1).map_or(i32::MAX, |span| span.get_days());
    let mut order: Vec<usize> = (0..all.len())
        .filter(|n| target.0 <= all[*n].days.0 && all[*n].days.1 <= target.1)
        .collect();
    order.sort_by_key(|n| (-days(all[*n].days), all[*n].days.0));
    let mut of: Vec<usize> = Vec::new();
    for n in order {
        let (from, to) = all[n].days;
        if of
            .iter()
            .all(|m| to <= all[*m].days.0 || all[*m].days.1 <= from)
        {
            of.push(n);
        }
    }
    of.sort_by_key(|n| all[*n].days.0);
    let mut lacking = Vec::new();
    let mut known = target.0;
    for n in &of {
        let (from, to) = all[*n].days;
        if known < from {
            lacking.push((known, from));
        }
        known = to;
    }
    if known < target.1 {
        lacking.push((known, target.1));
    }
    let last = *of.last()?;
    if how == OverTime::Last {
        // What came before it does not matter; what comes after it does.
        lacking.retain(|(from, _)| *from >= all[last].days.1);
        return Some(Composed {
            brings: all[last].brings,
            of: vec![last],
            lacking,
        });
    }
    let brings = of
        .iter()
        .map(|n| all[*n].brings)
        .reduce(|sum, next| match (sum, next) {
            (Ok(a), Ok(b)) => plus(a, b),
            (Err(a), Err(b)) => Err(a.min(b)),
            (Err(why), _) | (_, Err(why)) => Err(why),
        })?;
    Some(Composed {
        brings,
        of,
        lacking,
    })
}

fn plus(a: Amount, b: Amount) -> Result<Amount, Why> {
    let add = |a: Decimal, b: Decimal| exact_sum(a, b).ok_or(Why::TooLarge);
    match (a, b) {
        (Amount::Number(a), Amount::Number(b)) => Ok(Amount::Number(add(a, b)?)),
        (Amount::Quotient { over, under }, Amount::Quotient { over: o, under: u }) => {
            Ok(Amount::Quotient {
                over: add(over, o)?,
                under: add(under, u)?,
            })
        }
        // A band and another: the worse.
        (Amount::Band(a), Amount::Band(b)) => Ok(Amount::Band(a.max(b))),
        _ => Err(Why::NoQuotient),
    }
}

/// The sum, unless digits had to be dropped for it.
fn exact_sum(a: Decimal, b: Decimal) -> Option<Decimal> {
    let sum = a.checked_add(b)?;
    let back = |one: Decimal, other: Decimal| sum.checked_sub(one).is_some_and(|d| d == other);
    (sum.scale() >= a.scale().max(b.scale()) || back(a, b) && back(b, a)).then_some(sum)
}

/// A weight and the value that it weighs, as an amount.
pub fn weighted(value: Decimal, weight: Decimal) -> Result<Amount, Why> {
    if weight < Decimal::ZERO {
        return Err(Why::NegativeWeight);
    }
    Ok(Amount::Quotient {
        over: value.checked_mul(weight).ok_or(Why::TooLarge)?,
        under: weight,
    })
}

/// What the rule makes of the parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rolled {
    /// With the sums that it is a quotient of, so that it can be rolled up further.
    Number {
        value: Decimal,
        amount: Amount,
    },
    Band(usize),
}

/// Parts of one whole, added one by one.
#[derive(Clone, Debug)]
pub struct Tally {
    over: Decimal,
    under: Decimal,
    /// How many parts are in each band.
    bands: Vec<u32>,
    too_large: bool,
    /// How many parts brought a figure.
    pub with: u32,
    /// Parts that are there and bring none.
    pub without: Vec<(i64, Why)>,
    /// Parts that bring a figure of less than the whole time.
    pub lacking: Vec<(i64, Vec<Stretch>)>,
    /// Whether any figure of it may still change.
    pub provisional: bool,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            over: Decimal::ZERO,
            under: Decimal::ZERO,
            bands: Vec::new(),
            too_large: false,
            with: 0,
            without: Vec::new(),
            lacking: Vec::new(),
            provisional: false,
        }
    }
}

impl Tally {
    pub fn add(&mut self, part: i64, brings: Result<Amount, Why>) {
        let amount = match brings {
            Ok(amount) => amount,
            Err(why) => {
                self.without.push((part, why));
                return;
            }
        };
        self.with += 1;
        let mut put = |over, under| match (exact_sum(self.over, over), exact_sum(self.under, under))
        {
            (Some(over), Some(under)) => (self.over, self.under) = (over, under),
            _ => self.too_large = true,
        };
        match amount {
            Amount::Number(value) => put(value, Decimal::ONE),
            Amount::Quotient { over, under } => put(over, under),
            Amount::Band(place) => {
                if self.bands.len() <= place {
                    self.bands.resize(place + 1, 0);
                }
                self.bands[place] += 1;
            }
        }
    }

    /// Whether all that is known of is in the figure.
    pub fn is_complete(&self) -> bool {
        self.without.is_empty() && self.lacking.is_empty()
    }

    /// The figure of the whole. `times`: what a quotient is multiplied by, 100 for a percentage. `scores` are of
    /// `mean-score`, by the place of the band.
    pub fn rolled(
        &self,
        rule: Rule,
        times: Decimal,
        scores: &[Option<Decimal>],
    ) -> Result<Rolled, Why> {
        if let Some((_, why)) = self.without.iter().min_by_key(|(_, why)| *why) {
            return Err(*why);
        }
        if self.too_large {
            return Err(Why::TooLarge);
        }
        if self.with == 0 {
            return Err(Why::NoRecord);
        }
        let (over, under) = (self.over, self.under);
        match rule {
            Rule::Sum => Ok(Rolled::Number {
                value: over,
                amount: Amount::Number(over),
            }),
            Rule::Ratio | Rule::WeightedMean => {
                if under.is_zero() {
                    return Err(Why::ZeroBase);
                }
                let value = over.checked_mul(times).and_then(|o| o.checked_div(under));
                Ok(Rolled::Number {
                    value: value.ok_or(Why::TooLarge)?,
                    amount: Amount::Quotient { over, under },
                })
            }
            Rule::WorstBand => {
                let worst = self.bands.iter().rposition(|n| *n > 0);
                worst.map(Rolled::Band).ok_or(Why::NoRecord)
            }
            Rule::MedianBand => {
                // Of an even number the two in the middle count, and of these the worse: the one further down.
                let middle = self.with / 2;
                let mut seen = 0;
                let found = self.bands.iter().position(|n| {
                    seen += n;
                    seen > middle
                });
                found.map(Rolled::Band).ok_or(Why::NoRecord)
            }
            Rule::MeanScore => {
                let mut sum = Decimal::ZERO;
                for (place, n) in self.bands.iter().enumerate().filter(|(_, n)| **n > 0) {
                    let score = scores.get(place).copied().flatten().ok_or(Why::NoScore)?;
                    let all = score.checked_mul(Decimal::from(*n));
                    sum = all
                        .and_then(|all| sum.checked_add(all))
                        .ok_or(Why::TooLarge)?;
                }
                let under = Decimal::from(self.with);
                Ok(Rolled::Number {
                    value: sum.checked_div(under).ok_or(Why::TooLarge)?,
                    amount: Amount::Quotient { over: sum, under },
                })
            }
        }
    }
}

/// What an amount alone says, by the rule: the figure of a period that was composed of shorter ones.
pub fn alone(amount: Amount, times: Decimal) -> Result<Rolled, Why> {
    match amount {
        Amount::Number(value) => Ok(Rolled::Number { value, amount }),
        Amount::Band(place) => Ok(Rolled::Band(place)),
        Amount::Quotient { over, under } => {
            if under.is_zero() {
                return Err(Why::ZeroBase);
            }
            let value = over.checked_mul(times).and_then(|o| o.checked_div(under));
            Ok(Rolled::Number {
                value: value.ok_or(Why::TooLarge)?,
                amount,
            })
        }
    }
}

#[cfg(test)]
mod tests;
