//! Roll-ups: figures of parts as the figure of their system, by the rule that was declared for the indicator, with the
//! parts as they stood on a day. One stream over an indicator's measures, however many systems and periods are asked for.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rust_decimal::Decimal;

use super::Error;
use super::held::{Held, Says, Source};
use super::membership::{Graph, Wholes};
use crate::analysis::rollup::{
    Amount, Rolled, Stretch, Tally, Why, Within, alone, over_time, weighted,
};
use crate::domain::Date;
use crate::domain::figure::{OverTime, Rule, Scale, Shared};
use crate::domain::period::Period;
use crate::error::Result;
use crate::store::{Indicator, Rollup};
use crate::study::Study;

/// What is rolled up.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// The wholes.
    pub targets: &'a [i64],
    pub periods: &'a [Period],
    /// The day on which membership is read; `None`: the last day of each period.
    pub as_of: Option<Date>,
    /// Whether parts are rolled up; else only what the targets have themselves is read.
    pub roll: bool,
    /// Whether each part's own figure is kept.
    pub parts: bool,
}

/// A part with what it brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub case: i64,
    pub brings: Result<Amount, Why>,
    pub lacking: Vec<Stretch>,
}

/// The figure of a whole in a period, made by the rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RolledUp {
    pub result: Result<Rolled, Why>,
    /// How many parts brought a figure.
    pub with: u32,
    /// Parts that have a record and no figure, with the reason.
    pub without: Vec<(i64, Why)>,
    /// Parts with a figure of less than the whole period, and the days of which nothing is known.
    pub lacking: Vec<(i64, Vec<Stretch>)>,
    /// Parts that have figures of other periods and none of this.
    pub no_record: Vec<i64>,
    /// Parts of which no source says anything, in any period.
    pub never: Vec<i64>,
    /// Parts that are in several systems at once: they count in each or in none, as the rule says.
    pub shared: Vec<i64>,
    pub provisional: bool,
    /// Only where they were asked for.
    pub parts: Vec<Part>,
}

impl RolledUp {
    /// Whether every part that is measured is in it, with all of the period.
    pub fn is_complete(&self) -> bool {
        self.result.is_ok() && self.lacking.is_empty() && self.no_record.is_empty()
    }
}

/// What is known of a whole in a period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figure {
    /// A measure of its own.
    pub own: Option<Held>,
    /// Its own measures of shorter periods, composed: with the days that lack.
    pub composed: Option<(Result<Rolled, Why>, Vec<Stretch>, bool)>,
    pub rolled: Option<RolledUp>,
}

/// All figures that were asked for, by target and period.
#[derive(Clone, Debug)]
pub struct Figures {
    pub cells: Vec<Vec<Figure>>,
    /// Measured cases that are part of no target on the day, by period: those that a total would lack.
    pub outside: Vec<Vec<i64>>,
    /// Parts in several systems at once that have figures, where the rule refuses that.
    pub refused: BTreeSet<i64>,
}

/// One cell while the stream runs.
#[derive(Clone, Debug, Default)]
struct Growing {
    tally: Tally,
    /// Parts that were there, in the order of their ids.
    seen: Vec<i64>,
    shared: Vec<i64>,
    parts: Vec<Part>,
}

/// Which measured periods make which of those that were asked for.
struct Times {
    /// By the id of the measured period: places among those asked for, and whether it is that period itself.
    into: HashMap<i64, Vec<(usize, bool)>>,
}

impl Times {
    fn new(source: &Source, asked: &[Period], how: OverTime) -> Self {
        let into = source
            .periods
            .iter()
            .map(|(id, period)| {
                let places = asked.iter().enumerate().filter_map(|(n, target)| {
                    let same = target.same_days(period);
                    (same || how != OverTime::Refuse && target.holds(period)).then_some((n, same))
                });
                (*id, places.collect())
            })
            .collect();
        Self { into }
    }
}

/// What values of an indicator weigh, by case.
struct Weights {
    by_case: HashMap<i64, Vec<Weight>>,
}

/// What it is in a period, or why it is not known.
type Weight = (Period, Result<Decimal, Why>);

impl Weights {
    fn read(study: &Study, indicator: Indicator) -> Result<Self> {
        let source = Source::open(study, indicator)?;
        let mut by_case = HashMap::new();
        source.each_case(None, |case, all| {
            let weight = |held: &Held| match held.says {
                Says::Number(n) => Ok(n),
                Says::Conflict(_) => Err(Why::WeightConflict),
                _ => Err(Why::NoWeight),
            };
            let all = all
                .iter()
                .filter_map(|(p, held)| Some((source.periods.get(p)?.clone(), weight(held))));
            by_case.insert(case, all.collect());
            Ok(())
        })?;
        Ok(Self { by_case })
    }

    /// The weight in a period: its own, else that of the shortest period around it.
    fn of(&self, case: i64, period: &Period) -> Result<Decimal, Why> {
        let all = self.by_case.get(&case).ok_or(Why::NoWeight)?;
        let length = |p: &Period| p.from().until(p.to()).map_or(i32::MAX, |s| s.get_days());
        all.iter()
            .filter(|(p, _)| p.holds(period))
            .min_by_key(|(p, _)| (length(p), p.label() != period.label()))
            .ok_or(Why::NoWeight)?
            .1
    }
}

/// What makes amounts of what holds.
pub struct Reckoner {
    pub rule: Rollup,
    /// What a quotient is multiplied by.
    pub times: Decimal,
    /// Of `mean-score`, by the place of the band.
    pub scores: Vec<Option<Decimal>>,
    weights: Option<Weights>,
}

impl Reckoner {
    /// With the rule of the indicator; `None` where none is declared.
    pub fn of(study: &Study, indicator: &Indicator) -> Result<Option<Self>> {
        let Some(rule) = study.store.rollup(indicator.id)? else {
            return Ok(None);
        };
        let weights = match rule.weight {
            Some(id) => {
                let all = study.store.indicators()?;
                let of = all.into_iter().find(|i| i.id == id);
                of.map(|i| Weights::read(study, i)).transpose()?
            }
            None => None,
        };
        let score = |band: &String| rule.scores.get(band).copied();
        Ok(Some(Self {
            scores: indicator.bands.iter().map(score).collect(),
            times: times(indicator),
            rule,
            weights,
        }))
    }

    pub fn amount(&self, case: i64, period: &Period, held: &Held) -> Result<Amount, Why> {
        let value = match &held.says {
            Says::Suppressed => return Err(Why::Suppressed),
            Says::Missing => return Err(Why::Missing),
            Says::Conflict(_) => return Err(Why::Conflict),
            Says::Band(place) => return Ok(Amount::Band(*place)),
            Says::Number(value) => *value,
        };
        match self.rule.rule {
            Rule::Ratio => {
                let (over, under) = held.over.ok_or(Why::NoQuotient)?;
                Ok(Amount::Quotient { over, under })
            }
            Rule::WeightedMean => {
                let weights = self.weights.as_ref().ok_or(Why::NoWeight)?;
                weighted(value, weights.of(case, period)?)
            }
            _ => Ok(Amount::Number(value)),
        }
    }
}

/// What the quotient of an indicator is multiplied by: percentages are kept from 0 to 100.
pub fn times(indicator: &Indicator) -> Decimal {
    if indicator.scale == Scale::Percentage {
        Decimal::ONE_HUNDRED
    } else {
        Decimal::ONE
    }
}

/// Reads the figures of targets: their own, and by a rule those that their parts make.
pub fn figures(
    source: &Source,
    by: Option<&Reckoner>,
    graph: &Graph,
    asked: &Asked,
) -> Result<Figures> {
    let how = by.map_or(OverTime::Refuse, |b| b.rule.over_time);
    let times = Times::new(source, asked.periods, how);
    let days: Vec<Date> = asked
        .periods
        .iter()
        .map(|p| asked.as_of.unwrap_or_else(|| p.last_day()))
        .collect();
    let stretches: Vec<usize> = days.iter().map(|day| graph.stretch(*day)).collect();
    let mut wholes: BTreeMap<usize, HashMap<i64, Wholes>> = BTreeMap::new();
    for (stretch, day) in stretches.iter().zip(&days) {
        wholes
            .entry(*stretch)
            .or_insert_with(|| graph.wholes(asked.targets, *day));
    }
    let place_of: HashMap<i64, usize> = asked.targets.iter().copied().zip(0..).collect();
    let width = asked.periods.len();
    let mut cells = vec![vec![Figure::default(); width]; asked.targets.len()];
    let mut growing: Vec<Vec<Option<Box<Growing>>>> = asked
        .targets
        .iter()
        .map(|_| (0..width).map(|_| None).collect())
        .collect();
    let level = source.indicator.level.as_deref();
    let is_part = |case: i64| {
        let kind = graph.cases.get(&case).map(|c| c.kind.as_str());
        level.is_none_or(|level| kind == Some(level))
    };
    let mut measured: BTreeSet<i64> = BTreeSet::new();
    let mut outside: Vec<Vec<i64>> = vec![Vec::new(); width];
    let mut refused = BTreeSet::new();
    let rolls = by.is_some() && asked.roll;
    // Without a rule nobody's parts matter.
    let only = (!rolls).then_some(asked.targets);
    let mut at: Vec<(Option<usize>, Vec<usize>)> = vec![(None, Vec::new()); width];
    source.each_case(only, |case, all| {
        for (own, shorter) in &mut at {
            *own = None;
            shorter.clear();
        }
        for (n, (period, _)) in all.iter().enumerate() {
            for (place, same) in times.into.get(period).into_iter().flatten() {
                let here = &mut at[*place];
                if *same {
                    here.0.get_or_insert(n);
                } else {
                    here.1.push(n);
                }
            }
        }
        let target = place_of.get(&case);
        let part = rolls && is_part(case);
        if part {
            measured.insert(case);
        }
        for (place, (own, shorter)) in at.iter().enumerate() {
            if own.is_none() && shorter.is_empty() {
                continue;
            }
            if let (Some(target), Some(n)) = (target, own) {
                cells[*target][place].own = Some(all[*n].1.clone());
            }
            let Some(by) = by else { continue };
            let period_of = |n: usize| &source.periods[&all[n].0];
            let brought = |n: usize| by.amount(case, period_of(n), &all[n].1);
            let (brings, lacking, provisional) = match own {
                Some(n) => (brought(*n), Vec::new(), all[*n].1.provisional),
                None => {
                    let within: Vec<Within> = shorter
                        .iter()
                        .map(|n| Within {
                            days: (period_of(*n).from(), period_of(*n).to()),
                            brings: brought(*n),
                        })
                        .collect();
                    let target = &asked.periods[place];
                    let Some(made) = over_time((target.from(), target.to()), how, &within) else {
                        continue;
                    };
                    let provisional = made.of.iter().any(|n| all[shorter[*n]].1.provisional);
                    if let Some(target) = place_of.get(&case) {
                        let value = made.brings.and_then(|a| alone(a, by.times));
                        cells[*target][place].composed =
                            Some((value, made.lacking.clone(), provisional));
                    }
                    (made.brings, made.lacking, provisional)
                }
            };
            if !part {
                continue;
            }
            let in_wholes = wholes[&stretches[place]].get(&case);
            let targets = in_wholes.map_or(&[][..], |w| w.targets.as_slice());
            if targets.is_empty() && target.is_none() {
                outside[place].push(case);
            }
            for (whole, shared) in targets {
                let cell = growing[*whole][place].get_or_insert_with(Box::default);
                cell.seen.push(case);
                if *shared {
                    cell.shared.push(case);
                    match by.rule.shared {
                        Shared::LeaveOut => continue,
                        Shared::Refuse => {
                            refused.insert(case);
                            cell.tally.add(case, Err(Why::Shared));
                            continue;
                        }
                        Shared::Each => {}
                    }
                }
                cell.tally.add(case, brings);
                cell.tally.provisional |= provisional;
                if brings.is_ok() && !lacking.is_empty() {
                    cell.tally.lacking.push((case, lacking.clone()));
                }
                if asked.parts {
                    cell.parts.push(Part {
                        case,
                        brings,
                        lacking: lacking.clone(),
                    });
                }
            }
        }
        Ok(())
    })?;
    if let Some(by) = by.filter(|_| rolls) {
        not_nested(graph, source, &measured, &wholes)?;
        let kinds = kinds(graph, source, &measured);
        for (target, row) in growing.into_iter().enumerate() {
            for (place, cell) in row.into_iter().enumerate() {
                let Some(cell) = cell else { continue };
                let period = &asked.periods[place];
                let expected =
                    expected(graph, &wholes[&stretches[place]], (target, &kinds), period);
                cells[target][place].rolled = Some(close(*cell, by, &expected, &measured));
            }
        }
    }
    Ok(Figures {
        cells,
        outside,
        refused,
    })
}

/// The kinds of case that parts are of: what the indicator is measured at, or what it was measured of.
fn kinds(graph: &Graph, source: &Source, measured: &BTreeSet<i64>) -> BTreeSet<String> {
    match &source.indicator.level {
        Some(level) => BTreeSet::from([level.clone()]),
        None => measured
            .iter()
            .filter_map(|c| Some(graph.cases.get(c)?.kind.clone()))
            .collect(),
    }
}

/// All parts of a target that could have a figure, in the order of their ids.
fn expected(
    graph: &Graph,
    wholes: &HashMap<i64, Wholes>,
    (target, kinds): (usize, &BTreeSet<String>),
    period: &Period,
) -> Vec<i64> {
    graph
        .cases
        .values()
        .filter(|c| kinds.contains(&c.kind) && graph.was_there(c.id, period.from(), period.to()))
        .filter(|c| {
            let of = wholes.get(&c.id);
            of.is_some_and(|w| w.targets.iter().any(|(n, _)| *n == target))
        })
        .map(|c| c.id)
        .collect()
}

fn close(cell: Growing, by: &Reckoner, expected: &[i64], measured: &BTreeSet<i64>) -> RolledUp {
    let absent = |c: &&i64| cell.seen.binary_search(c).is_err();
    let (no_record, never) = expected
        .iter()
        .filter(absent)
        .partition(|c| measured.contains(c));
    let tally = cell.tally;
    RolledUp {
        result: tally.rolled(by.rule.rule, by.times, &by.scores),
        with: tally.with,
        without: tally.without,
        lacking: tally.lacking,
        no_record,
        never,
        shared: cell.shared,
        provisional: tally.provisional,
        parts: cell.parts,
    }
}

/// Refuses parts that hold each other: what is measured of a place and of the organisations in it would count twice.
fn not_nested(
    graph: &Graph,
    source: &Source,
    measured: &BTreeSet<i64>,
    wholes: &BTreeMap<usize, HashMap<i64, Wholes>>,
) -> Result<()> {
    for part in measured {
        for all in wholes.values() {
            let Some(of) = all.get(part).filter(|w| !w.targets.is_empty()) else {
                continue;
            };
            // A target's own figures are not among its parts.
            let between = of.above.iter().find(|above| {
                measured.contains(above)
                    && all.get(above).is_some_and(|w| {
                        w.targets
                            .iter()
                            .any(|(n, _)| of.targets.iter().any(|(m, _)| m == n))
                    })
            });
            if let Some(between) = between {
                let slug = &source.indicator.slug;
                return Err(Error::refused(
                    format!(
                        "`{slug}` is measured of `{}` and of `{}`, which is part of it: both would count",
                        graph.slug(*between),
                        graph.slug(*part)
                    ),
                    format!(
                        "say at which kind of case it is measured: casebook indicator edit {slug} --level {}",
                        graph.cases.get(part).map_or("KIND", |c| c.kind.as_str())
                    ),
                )
                .into());
            }
        }
    }
    Ok(())
}
