//! Cases by figures: what holds for each, what their parts make by the declared rule, how it changed between two periods and
//! whether that is better.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use serde::Serialize;

use super::Error;
use super::column::Column;
use super::held::Source;
use super::membership::Graph;
use super::roll::{self, Asked, Reckoner};
use super::shown::{Shown, digits, is_better, larger_is_more, rounded};
use crate::domain::Date;
use crate::domain::figure::{Basis, Better, OverTime, Rule, Scale, canonical};
use crate::domain::words::words;
use crate::error::Result;
use crate::store::{Case, Indicator};
use crate::study::Study;

/// Which cases stand in the table; with nothing said, those that have figures of their own.
#[derive(Clone, Debug, Default)]
pub struct Which {
    /// By their slugs.
    pub cases: Vec<String>,
    /// Of this kind.
    pub level: Option<String>,
    pub cohort: Option<String>,
}

impl Which {
    fn is_said(&self) -> bool {
        !self.cases.is_empty() || self.level.is_some() || self.cohort.is_some()
    }
}

/// What is asked of the table.
#[derive(Clone, Debug, Default)]
pub struct Question {
    pub columns: Vec<Column>,
    pub which: Which,
    /// The day on which links and cohorts are read.
    pub as_of: Option<Date>,
    /// The place of the column that the rows are ordered by.
    pub order: Option<usize>,
    /// Only cases that improved in all indicators that have two periods.
    pub improved: bool,
}

words! {
    /// What became of a figure between two periods.
    Movement, "movement" {
        Better = "better",
        Worse = "worse",
        Same = "same",
        /// It changed, and its indicator has no direction.
        Changed = "changed",
        /// One of the two is not known.
        Unknown = "unknown",
    }
}

/// An indicator's figure from one period to the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    pub indicator: String,
    pub from: String,
    pub to: String,
    /// The later less the earlier; of bands how many places towards the last. Null where one of them is not known.
    pub change: Option<String>,
    pub movement: Movement,
    #[serde(skip)]
    pub number: Option<Decimal>,
}

/// A case with its figures, one for each column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    pub case: String,
    pub name: String,
    pub kind: String,
    pub figures: Vec<Shown>,
    pub changes: Vec<Change>,
    #[serde(skip)]
    pub id: i64,
}

/// What a column is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Head {
    pub figure: String,
    pub indicator: String,
    pub period: String,
    pub name: String,
    pub unit: String,
    pub scale: Scale,
    pub better: Better,
    pub basis: Basis,
    /// The rule by which parts' figures are rolled up; null: they are not.
    pub rule: Option<Rule>,
    /// Digits behind the point, as shown.
    pub decimals: u32,
    /// How many cases have a figure, and how many in the table have none.
    pub known: usize,
    pub unknown: usize,
    #[serde(skip)]
    pub scores: Vec<(String, String)>,
}

/// How many cases improved in all indicators that have two periods.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Improved {
    pub improved: usize,
    pub not: usize,
    pub unknown: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FigureTable {
    pub columns: Vec<Head>,
    pub as_of: Option<String>,
    pub rows: Vec<Row>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub improved: Option<Improved>,
    /// Indicators that have no direction, or no rule over time for a period that has shorter figures: what a reader is told.
    pub notes: Vec<String>,
}

/// Reads the table.
pub fn table(study: &Study, question: &Question) -> Result<FigureTable> {
    let graph = Graph::read(study)?;
    let chosen = chosen(study, &graph, question)?;
    let targets: Vec<i64> = chosen.iter().map(|c| c.id).collect();
    let mut shown: Vec<Vec<Shown>> =
        vec![vec![Shown::default(); question.columns.len()]; targets.len()];
    let mut heads: Vec<Option<Head>> = vec![None; question.columns.len()];
    let mut notes = Vec::new();
    let mut larger = BTreeMap::new();
    let mut sums = BTreeSet::new();
    let mut done = BTreeSet::new();
    for column in &question.columns {
        let of = &column.indicator;
        if !done.insert(of.id) {
            continue;
        }
        // One stream for all periods of an indicator.
        let places: Vec<usize> = (0..question.columns.len())
            .filter(|n| question.columns[*n].indicator.id == of.id)
            .collect();
        let periods: Vec<_> = places
            .iter()
            .map(|n| question.columns[*n].period.clone())
            .collect();
        let source = Source::open(study, of.clone())?;
        let by = Reckoner::of(study, of)?;
        let asked = Asked {
            targets: &targets,
            periods: &periods,
            as_of: question.as_of,
            roll: question.which.is_said(),
            parts: false,
        };
        let found = roll::figures(&source, by.as_ref(), &graph, &asked)?;
        for (row, cells) in shown.iter_mut().zip(&found.cells) {
            for (n, figure) in places.iter().zip(cells) {
                row[*n] = Shown::of(of, &graph, figure);
            }
        }
        for n in &places {
            heads[*n] = Some(head(&question.columns[*n], by.as_ref()));
        }
        notes.extend(silent_over_time(&source, by.as_ref(), &periods));
        larger.insert(of.id, larger_is_more(of, by.as_ref()));
        if by.is_some_and(|b| b.rule.rule == Rule::Sum) {
            sums.insert(of.id);
        }
    }
    let pairs = pairs(&question.columns);
    let mut rows: Vec<Row> = chosen
        .into_iter()
        .zip(shown)
        .map(|(case, figures)| Row {
            changes: pairs
                .iter()
                .map(|(from, to)| change(&question.columns, (*from, *to), &figures, &larger, &sums))
                .collect(),
            id: case.id,
            case: case.slug,
            name: case.name,
            kind: case.kind,
            figures,
        })
        .collect();
    if !question.which.is_said() {
        rows.retain(|row| {
            row.figures
                .iter()
                .any(|f| !f.is_unknown() && f.rests_on.is_none())
        });
    }
    let improved = question
        .improved
        .then(|| only_improved(question, &pairs, &mut rows))
        .transpose()?;
    if let Some(n) = question.order {
        let of = &question.columns[n].indicator;
        in_order(&mut rows, n, best_is_larger(of, larger[&of.id]));
    }
    let mut columns: Vec<Head> = heads.into_iter().flatten().collect();
    for (n, head) in columns.iter_mut().enumerate() {
        head.known = rows.iter().filter(|r| r.figures[n].value.is_some()).count();
        head.unknown = rows.len() - head.known;
    }
    Ok(FigureTable {
        columns,
        as_of: question.as_of.map(|d| d.to_string()),
        rows,
        improved,
        notes,
    })
}

/// The rows by a column, the best first; what has no figure stands behind them.
pub fn in_order(rows: &mut [Row], column: usize, descending: bool) {
    rows.sort_by(|a, b| {
        match (a.figures[column].number, b.figures[column].number) {
            (Some(a), Some(b)) if descending => b.cmp(&a),
            (Some(a), Some(b)) => a.cmp(&b),
            (a, b) => b.is_some().cmp(&a.is_some()),
        }
        .then_with(|| a.case.cmp(&b.case))
    });
}

/// Whether the best has the largest number; without a direction the largest stands first.
pub fn best_is_larger(of: &Indicator, larger_is_more: bool) -> bool {
    match of.better {
        Better::More | Better::Neither => larger_is_more,
        Better::Less => !larger_is_more,
    }
}

fn head(column: &Column, by: Option<&Reckoner>) -> Head {
    let of = &column.indicator;
    Head {
        figure: column.name(),
        indicator: of.slug.clone(),
        period: column.period.to_string(),
        name: of.name.clone(),
        unit: of.unit.clone(),
        scale: of.scale,
        better: of.better,
        basis: of.basis.clone(),
        rule: by.map(|b| b.rule.rule),
        decimals: digits(of, by),
        known: 0,
        unknown: 0,
        scores: by.map_or_else(Vec::new, |b| declared(of, b)),
    }
}

/// Scores that were declared for bands, in the order of the bands.
pub(super) fn declared(of: &Indicator, by: &Reckoner) -> Vec<(String, String)> {
    if by.rule.rule != Rule::MeanScore {
        return Vec::new();
    }
    let score =
        |(band, score): (&String, &Option<Decimal>)| Some((band.clone(), canonical((*score)?)));
    of.bands.iter().zip(&by.scores).filter_map(score).collect()
}

/// What a reader must know where there are figures of shorter periods and no rule that puts them together.
fn silent_over_time(
    source: &Source,
    by: Option<&Reckoner>,
    periods: &[crate::domain::period::Period],
) -> Option<String> {
    if by.is_some_and(|b| b.rule.over_time != OverTime::Refuse) {
        return None;
    }
    let slug = &source.indicator.slug;
    let shorter = source.measured_in(periods).next()?;
    Some(format!(
        "There are figures of `{slug}` for shorter periods, as {shorter}, and no rule puts them together: casebook indicator rule {slug} RULE --over-time sum|last"
    ))
}

/// The cases that stand in the table, by their slugs.
fn chosen(study: &Study, graph: &Graph, question: &Question) -> Result<Vec<Case>> {
    let which = &question.which;
    let mut wanted: Option<BTreeSet<i64>> = None;
    let mut narrow = |found: BTreeSet<i64>| {
        wanted = Some(match wanted.take() {
            Some(before) => before.intersection(&found).copied().collect(),
            None => found,
        });
    };
    if !which.cases.is_empty() {
        let ids = which.cases.iter().map(|c| Ok(study.store.case(c)?.id));
        narrow(ids.collect::<Result<_>>()?);
    }
    if let Some(level) = &which.level {
        narrow(of_level(graph, level, question)?);
    }
    if let Some(slug) = &which.cohort {
        narrow(members(study, slug, question.as_of)?);
    }
    let mut found: Vec<Case> = graph
        .cases
        .values()
        .filter(|c| wanted.as_ref().is_none_or(|w| w.contains(&c.id)))
        .cloned()
        .collect();
    found.sort_by(|a, b| a.slug.cmp(&b.slug));
    Ok(found)
}

/// Cases of a kind that were there on the day, or at any time in the periods.
fn of_level(graph: &Graph, level: &str, question: &Question) -> Result<BTreeSet<i64>> {
    let kinds: BTreeSet<&str> = graph.cases.values().map(|c| c.kind.as_str()).collect();
    if !kinds.contains(level) {
        let near = crate::error::did_you_mean(level, kinds.iter().copied());
        return Err(Error::refused(
            format!("no case is a `{}`", crate::domain::span::printable(level)),
            match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => "see the kinds of cases with: casebook case list".to_owned(),
            },
        )
        .into());
    }
    let there = |id: i64| match question.as_of {
        Some(day) => {
            graph.was_there(id, day, day.tomorrow().unwrap_or(day)) && !graph.is_gone(id, day)
        }
        None => question.columns.iter().any(|c| {
            graph.was_there(id, c.period.from(), c.period.to())
                && !graph.is_gone(id, c.period.from())
        }),
    };
    let of_kind = graph.cases.values().filter(|c| c.kind == level);
    Ok(of_kind.map(|c| c.id).filter(|id| there(*id)).collect())
}

/// The members of a cohort: on a day, or at any time.
pub fn members(study: &Study, slug: &str, as_of: Option<Date>) -> Result<BTreeSet<i64>> {
    let cohort = study.store.cohort(slug)?;
    let day = as_of.map(|d| d.to_string());
    let since = cohort.date;
    Ok(study
        .store
        .cohort_members(Some(cohort.id))?
        .into_iter()
        .filter(|m| {
            let Some(day) = day.as_deref() else {
                return true;
            };
            let from = m.from.as_deref().or(since.as_deref());
            from.is_none_or(|from| from <= day) && m.to.as_deref().is_none_or(|to| day < to)
        })
        .map(|m| m.case)
        .collect())
}

/// Columns of one indicator in two periods: the earlier and the later, for each indicator that has just two.
fn pairs(columns: &[Column]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut done = BTreeSet::new();
    for column in columns {
        if !done.insert(column.indicator.id) {
            continue;
        }
        let of: Vec<usize> = (0..columns.len())
            .filter(|n| columns[*n].indicator.id == column.indicator.id)
            .collect();
        if let [a, b] = of[..] {
            let earlier = columns[a].period.from() <= columns[b].period.from();
            found.push(if earlier { (a, b) } else { (b, a) });
        }
    }
    found
}

fn change(
    columns: &[Column],
    (from, to): (usize, usize),
    figures: &[Shown],
    larger: &BTreeMap<i64, bool>,
    sums: &BTreeSet<i64>,
) -> Change {
    let of = &columns[from].indicator;
    let both = figures[from].number.zip(figures[to].number);
    // A sum that lacks something is smaller than the whole: how it changed is not known.
    // Where a band stands beside a score, there is no difference.
    let is_sum = sums.contains(&of.id);
    let partial = |s: &Shown| is_sum && s.is_partial();
    let both = both.filter(|_| !partial(&figures[from]) && !partial(&figures[to]));
    let one_scale = |s: &Shown| {
        s.value
            .as_ref()
            .is_some_and(|v| v.parse::<Decimal>().is_ok())
    };
    let both = both.filter(|_| one_scale(&figures[from]) == one_scale(&figures[to]));
    let number = both.and_then(|(before, now)| now.checked_sub(before));
    let movement = match both {
        None => Movement::Unknown,
        Some((before, now)) if before == now => Movement::Same,
        Some((before, now)) => match is_better(of, larger[&of.id], before, now) {
            Some(true) => Movement::Better,
            Some(false) => Movement::Worse,
            None => Movement::Changed,
        },
    };
    Change {
        indicator: of.slug.clone(),
        from: columns[from].period.to_string(),
        to: columns[to].period.to_string(),
        change: number.map(|n| canonical(rounded(n, 10))),
        movement,
        number,
    }
}

/// Keeps the cases that improved in all.
fn only_improved(
    question: &Question,
    pairs: &[(usize, usize)],
    rows: &mut Vec<Row>,
) -> Result<Improved> {
    let indicators: BTreeMap<i64, &Indicator> = question
        .columns
        .iter()
        .map(|c| (c.indicator.id, &c.indicator))
        .collect();
    for of in indicators.values() {
        if !pairs
            .iter()
            .any(|(n, _)| question.columns[*n].indicator.id == of.id)
        {
            return Err(Error::refused(
                format!("`{}` is not asked for in two periods", of.slug),
                format!(
                    "name two, as in: casebook figures {0}@2017/18 {0}@2018/19 --improved",
                    of.slug
                ),
            )
            .into());
        }
        if of.better == Better::Neither {
            return Err(Error::refused(
                format!(
                    "`{}` has no direction: nothing says what is better",
                    of.slug
                ),
                format!(
                    "say it with: casebook indicator edit {} --better more",
                    of.slug
                ),
            )
            .into());
        }
    }
    let mut counts = Improved::default();
    rows.retain(|row| {
        let verdict = improved(row);
        match verdict {
            Some(true) => counts.improved += 1,
            Some(false) => counts.not += 1,
            None => counts.unknown += 1,
        }
        verdict == Some(true)
    });
    Ok(counts)
}

/// Whether a case improved in all; `None` where that is not known.
pub fn improved(row: &Row) -> Option<bool> {
    let moved = |m: Movement| row.changes.iter().any(|c| c.movement == m);
    if moved(Movement::Worse) || moved(Movement::Same) {
        return Some(false);
    }
    (!row.changes.is_empty() && row.changes.iter().all(|c| c.movement == Movement::Better))
        .then_some(true)
}
