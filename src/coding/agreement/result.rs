//! From what the pass found to figures with their bases.

use std::collections::BTreeMap;

use super::scan::{Blocks, Plan, Scan};
use super::{
    Agreement, Asked, Bootstrap, Columns, Disagreement, DoubleCoded, Figure, OfPair, OfTheme,
    Pooled, Threshold, Unit, View,
};
use crate::analysis::agreement::bootstrap::{Draws, Parts};
use crate::analysis::agreement::unitizing::Unitizing;
use crate::analysis::agreement::{Ratings, Reason, Scale, Statistic, Value};
use crate::error::Result;
use crate::store::{Coder, Transcript};
use crate::study::Study;

/// Everything that figures are made of.
pub(super) struct Found<'a> {
    pub(super) asked: &'a Asked,
    pub(super) coders: &'a [Coder],
    /// Whether the coders were named, and so stay even where they share nothing.
    pub(super) named: bool,
    pub(super) columns: &'a Columns,
    /// Whether the themes were named, and so stay even where nobody coded them.
    pub(super) wanted: bool,
    pub(super) plan: &'a Plan<'a>,
    pub(super) scan: &'a Scan,
}

/// A table of who coded, as ratings, with where each of its rows comes from.
struct Coded {
    ratings: Ratings,
    /// Group and pattern of each row.
    rows: Vec<(usize, u64)>,
}

type Interval = Option<(f64, f64)>;

impl Found<'_> {
    pub(super) fn agreement(
        &self,
        study: &Study,
        all: &[Transcript],
        pending: usize,
    ) -> Result<Agreement> {
        let (scan, plan) = (self.scan, self.plan);
        let met = scan.groups.iter().fold(0, |met, group| met | group.present);
        let shown: Vec<usize> = (0..self.coders.len())
            .filter(|bit| self.named || met >> bit & 1 == 1)
            .collect();
        let columns: Vec<usize> = (0..self.columns.names.len())
            .filter(|c| self.wanted || scan.patterns[*c].iter().any(|group| !group.is_empty()))
            .collect();
        let statistics = self.statistics(shown.len());
        let draws = (plan.blocks != Blocks::None && !scan.blocks.is_empty())
            .then(|| Draws::new(scan.blocks.len(), self.asked.draws, self.asked.seed));

        // Where themes exclude each other, which one it was is a question to all of them together.
        let of_one = |s: &Statistic| !(self.asked.exclusive && *s == Statistic::CuAlpha);
        let by_theme: Vec<Statistic> = statistics.iter().copied().filter(of_one).collect();
        let mut themes = Vec::new();
        for column in &columns {
            let figures = self.figures(&[*column], 0, &shown, &by_theme, draws.as_ref());
            for (statistic, result) in by_theme.iter().zip(figures) {
                themes.push(OfTheme {
                    theme: self.columns.names[*column].clone(),
                    statistic: *statistic,
                    result,
                });
            }
        }
        let mut pooled = Vec::new();
        let over_tables: Vec<Statistic> = statistics
            .iter()
            .copied()
            .filter(|s| of_one(s) && !(self.asked.exclusive && *s == Statistic::KuAlpha))
            .collect();
        let figures = self.figures(&columns, 0, &shown, &over_tables, draws.as_ref());
        for (statistic, result) in over_tables.iter().zip(figures) {
            pooled.push(Pooled {
                statistic: *statistic,
                view: View::Tables,
                result,
            });
        }
        if self.asked.exclusive {
            self.exclusive(&shown, &statistics, draws.as_ref(), &mut pooled);
        }
        let mut pairs = Vec::new();
        for (team, mask) in plan.teams.iter().enumerate().skip(1) {
            let two: Vec<usize> = shown
                .iter()
                .copied()
                .filter(|bit| mask >> bit & 1 == 1)
                .collect();
            let [first, second] = two[..] else { continue };
            let of_two = self.statistics(2);
            let names = || {
                [
                    self.coders[first].name.clone(),
                    self.coders[second].name.clone(),
                ]
            };
            let each = columns
                .iter()
                .map(|c| (Some(*c), vec![*c]))
                .chain([(None, columns.clone())]);
            for (theme, over) in each {
                let figures = self.figures(&over, team, &two, &of_two, None);
                for (statistic, result) in of_two.iter().zip(figures) {
                    pairs.push(OfPair {
                        coders: names(),
                        theme: theme.map(|c| self.columns.names[c].clone()),
                        statistic: *statistic,
                        result,
                    });
                }
            }
        }
        let slug = |id: i64| {
            let at = plan.transcripts.binary_search_by_key(&id, |t| t.id);
            at.map_or("?", |at| plan.transcripts[at].slug.as_str())
                .to_owned()
        };
        let name = |mask: u64| {
            let bits = shown.iter().filter(|bit| mask >> **bit & 1 == 1);
            bits.map(|bit| self.coders[*bit].name.clone())
                .collect::<Vec<_>>()
        };
        let disagreements = scan
            .apart
            .iter()
            .map(|apart| Disagreement {
                transcript: slug(apart.transcript),
                turn: apart.turns.0,
                last_turn: apart.turns.1,
                theme: self.columns.names[apart.column].clone(),
                coded_by: name(apart.coded),
                not_coded_by: name(apart.present & !apart.coded),
                n: apart.places,
            })
            .collect();
        // In the order in which transcripts are listed everywhere.
        let counted = all
            .iter()
            .filter(|t| scan.transcripts.binary_search(&t.id).is_ok());
        Ok(Agreement {
            coders: name(u64::MAX),
            unit: self.asked.unit,
            transcripts: counted.clone().map(|t| t.slug.clone()).collect(),
            themes,
            pooled,
            pairs,
            disagreements,
            disagreements_total: scan.apart_total,
            double_coded: DoubleCoded {
                transcripts: scan.transcripts.len(),
                of_transcripts: plan.transcripts.len(),
                words: counted.map(|t| t.revision.words).sum(),
                of_words: plan.transcripts.iter().map(|t| t.revision.words).sum(),
            },
            bootstrap: (self.asked.draws > 0).then_some(Bootstrap {
                draws: self.asked.draws,
                seed: self.asked.seed,
                of: match plan.blocks {
                    Blocks::None => None,
                    Blocks::Transcripts => Some("transcripts"),
                    Blocks::Turns => Some("turns"),
                },
            }),
            thresholds: study
                .store
                .thresholds()?
                .into_iter()
                .map(|t| Threshold {
                    statistic: t.statistic,
                    at_least: t.at_least,
                    meaning: t.meaning,
                    source: t.source,
                })
                .collect(),
            pending,
        })
    }

    /// What is computed: what was asked for, or what fits.
    fn statistics(&self, coders: usize) -> Vec<Statistic> {
        let asked = &self.asked.statistics;
        if !asked.is_empty() {
            return asked.clone();
        }
        match (self.asked.unit, self.asked.exclusive) {
            (Unit::Span, false) => vec![Statistic::UAlpha],
            (Unit::Span, true) => vec![
                Statistic::UAlpha,
                Statistic::BarUAlpha,
                Statistic::CuAlpha,
                Statistic::KuAlpha,
            ],
            _ => vec![
                Statistic::Percent,
                if coders > 2 {
                    Statistic::Fleiss
                } else {
                    Statistic::Kappa
                },
                Statistic::Alpha,
                Statistic::Ac1,
            ],
        }
    }

    /// The coefficients of some themes together, of one team.
    fn figures(
        &self,
        columns: &[usize],
        team: usize,
        coders: &[usize],
        statistics: &[Statistic],
        draws: Option<&Draws>,
    ) -> Vec<Figure> {
        let coded = self.coded(columns, self.plan.teams[team], coders);
        let n = whole(coded.ratings.units_with(2));
        let prevalence: Vec<Option<f64>> = (0..coders.len())
            .map(|coder| coded.ratings.share(coder, 1))
            .collect();
        let span = self.asked.unit == Unit::Span;
        let sums = span.then(|| {
            let mut sums = Unitizing::new(1);
            for column in columns {
                accumulate(sums.sums_mut(), self.scan.spans[*column][team].sums());
            }
            sums
        });
        let value = |statistic: Statistic| match &sums {
            Some(sums) => self.of_spans(statistic, columns, team, sums),
            None => coded.ratings.coefficient(statistic, &Scale::nominal()),
        };
        let values: Vec<Value> = statistics.iter().map(|s| value(*s)).collect();
        let intervals = match draws {
            None => vec![None; statistics.len()],
            Some(draws) if span => self.span_intervals(columns, statistics, draws),
            Some(draws) => self.intervals(columns, &coded, statistics, draws),
        };
        let coverage = |statistic| match (statistic, columns) {
            (Statistic::KuAlpha, [column]) if self.asked.exclusive && self.excluded(team) => {
                self.scan.whole[team].coverage_of(*column)
            }
            _ => None,
        };
        statistics
            .iter()
            .zip(values)
            .zip(intervals)
            .map(|((statistic, value), interval)| Figure {
                value,
                n,
                reason: value.reason(),
                ci_low: interval.map(|i| i.0),
                ci_high: interval.map(|i| i.1),
                prevalence: prevalence.clone(),
                coverage: coverage(*statistic),
            })
            .collect()
    }

    /// Who coded these themes, as ratings: each unit × theme is coded or not by each coder.
    fn coded(&self, columns: &[usize], team: u64, coders: &[usize]) -> Coded {
        let mut counts: BTreeMap<(usize, u64), u64> = BTreeMap::new();
        for (number, group) in self.scan.groups.iter().enumerate() {
            if (group.present & team).count_ones() < 2 {
                continue;
            }
            let mut left = group.length * columns.len() as u64;
            for column in columns {
                for (coded, places) in &self.scan.patterns[*column][number] {
                    if coded & team != 0 {
                        *counts.entry((number, coded & team)).or_default() += places;
                        left -= places;
                    }
                }
            }
            *counts.entry((number, 0)).or_default() += left;
        }
        let mut ratings = Ratings::new(coders.len(), 2);
        let mut rows = Vec::new();
        for ((group, coded), places) in counts {
            let present = self.scan.groups[group].present & team;
            let row: Vec<Option<u32>> = coders
                .iter()
                .map(|bit| (present >> bit & 1 == 1).then(|| u32::from(coded >> bit & 1 == 1)))
                .collect();
            ratings.push(&row, float(places));
            rows.push((group, coded));
        }
        Coded { ratings, rows }
    }

    fn intervals(
        &self,
        columns: &[usize],
        coded: &Coded,
        statistics: &[Statistic],
        draws: &Draws,
    ) -> Vec<Interval> {
        let place = |group: usize, pattern: u64| {
            let at = coded.rows.binary_search(&(group, pattern)).ok()?;
            u32::try_from(at).ok()
        };
        let mut parts = Parts::default();
        for (block, (group, length)) in (0_u32..).zip(&self.scan.blocks) {
            if let Some(nobody) = place(*group, 0) {
                parts.add(
                    block,
                    nobody,
                    f64::from(*length) * float(columns.len() as u64),
                );
            }
        }
        for part in self
            .scan
            .parts
            .iter()
            .filter(|p| columns.contains(&p.column))
        {
            if let (Some(nobody), Some(row)) = (place(part.group, 0), place(part.group, part.coded))
            {
                parts.add(part.block, row, f64::from(part.places));
                parts.add(part.block, nobody, -f64::from(part.places));
            }
        }
        let mut ratings = coded.ratings.clone();
        draws.intervals(&parts, coded.rows.len(), statistics.len(), |sums, row| {
            ratings.weights_mut().copy_from_slice(sums);
            row.extend(
                statistics
                    .iter()
                    .map(|s| ratings.coefficient(*s, &Scale::nominal())),
            );
        })
    }

    /// A coefficient of spans.
    fn of_spans(
        &self,
        statistic: Statistic,
        columns: &[usize],
        team: usize,
        sums: &Unitizing,
    ) -> Value {
        match (statistic, columns) {
            (Statistic::UAlpha, _) => sums.u(),
            (Statistic::BarUAlpha, _) => sums.bar_u(),
            (Statistic::CuAlpha | Statistic::KuAlpha, _) if !self.asked.exclusive => {
                Value::Undefined(Reason::NeedsExclusive)
            }
            (Statistic::KuAlpha, _) if !self.excluded(team) => Value::Undefined(Reason::Overlap),
            (Statistic::KuAlpha, [column]) => self.scan.whole[team].ku(*column),
            // One theme has no other that it could be taken for.
            (Statistic::CuAlpha | Statistic::KuAlpha, _) => Value::Undefined(Reason::OneCode),
            _ => Value::Undefined(Reason::NeedsUnits),
        }
    }

    /// Whether no coder of a team gave one place two themes.
    fn excluded(&self, team: usize) -> bool {
        self.scan.overlapping & self.plan.teams[team] == 0
    }

    fn span_intervals(
        &self,
        columns: &[usize],
        statistics: &[Statistic],
        draws: &Draws,
    ) -> Vec<Interval> {
        let mut parts = Parts::default();
        for (block, column, sums) in &self.scan.span_parts {
            if columns.contains(column) {
                put(&mut parts, *block, sums.sums());
            }
        }
        let mut sums = Unitizing::new(1);
        let places = sums.sums().len();
        draws.intervals(&parts, places, statistics.len(), |drawn, row| {
            sums.sums_mut().copy_from_slice(drawn);
            row.extend(statistics.iter().map(|s| match s {
                Statistic::UAlpha => sums.u(),
                Statistic::BarUAlpha => sums.bar_u(),
                _ => Value::Undefined(Reason::NeedsExclusive),
            }));
        })
    }

    /// The coefficients over themes as values.
    fn exclusive(
        &self,
        coders: &[usize],
        statistics: &[Statistic],
        draws: Option<&Draws>,
        pooled: &mut Vec<Pooled>,
    ) {
        let length: u64 = self.scan.groups.iter().map(|g| g.length).sum();
        let ratings = self.ratings_of_values(coders);
        let span = self.asked.unit == Unit::Span;
        let statistics: Vec<Statistic> = statistics
            .iter()
            .copied()
            .filter(|s| *s != Statistic::KuAlpha)
            .collect();
        let whole = self.scan.whole.first();
        let of = |statistic: Statistic, sums: &Unitizing| match statistic {
            Statistic::UAlpha => sums.u(),
            Statistic::BarUAlpha => sums.bar_u(),
            Statistic::CuAlpha => sums.cu(),
            _ => Value::Undefined(Reason::NeedsUnits),
        };
        let intervals = match (draws, whole) {
            (Some(draws), Some(whole)) if span && self.excluded(0) => {
                let mut parts = Parts::default();
                for (block, sums) in &self.scan.whole_parts {
                    put(&mut parts, *block, sums.sums());
                }
                let mut sums = whole.clone();
                let places = sums.sums().len();
                draws.intervals(&parts, places, statistics.len(), |drawn, row| {
                    sums.sums_mut().copy_from_slice(drawn);
                    row.extend(statistics.iter().map(|s| of(*s, &sums)));
                })
            }
            _ => vec![None; statistics.len()],
        };
        for (statistic, interval) in statistics.iter().zip(intervals) {
            let value = match whole {
                _ if !self.excluded(0) => Value::Undefined(Reason::Overlap),
                Some(whole) if span => of(*statistic, whole),
                _ => ratings.coefficient(*statistic, &Scale::nominal()),
            };
            let coverage = (*statistic == Statistic::CuAlpha && self.excluded(0))
                .then(|| whole.and_then(Unitizing::coverage))
                .flatten();
            pooled.push(Pooled {
                statistic: *statistic,
                view: View::Themes,
                result: Figure {
                    value,
                    n: length,
                    reason: value.reason(),
                    ci_low: interval.map(|i| i.0),
                    ci_high: interval.map(|i| i.1),
                    prevalence: Vec::new(),
                    coverage,
                },
            });
        }
    }

    /// Units by the theme that each coder gave them, 0 where none.
    fn ratings_of_values(&self, coders: &[usize]) -> Ratings {
        let mut ratings = Ratings::new(coders.len(), self.columns.names.len() + 1);
        for ((group, labels), places) in &self.scan.values {
            let present = self.scan.groups[*group].present;
            // Labels stand in the order of the bits of those who are present.
            let row: Vec<Option<u32>> = coders
                .iter()
                .map(|bit| {
                    let before = (present & ((1_u64 << bit) - 1)).count_ones() as usize;
                    (present >> bit & 1 == 1)
                        .then(|| labels.get(before).copied())
                        .flatten()
                })
                .collect();
            ratings.push(&row, float(*places));
        }
        ratings
    }
}

fn put(parts: &mut Parts, block: u32, sums: &[f64]) {
    for (place, much) in (0_u32..).zip(sums) {
        if *much != 0.0 {
            parts.add(block, place, *much);
        }
    }
}

fn accumulate(to: &mut [f64], from: &[f64]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to += from;
    }
}

#[expect(clippy::cast_precision_loss, reason = "places are far below 2^53")]
fn float(places: u64) -> f64 {
    places as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a sum of counts: whole and not below 0"
)]
fn whole(units: f64) -> u64 {
    units as u64
}
