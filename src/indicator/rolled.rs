//! One roll-up shown with its parts: what each whole's figure is made of, by which rule, and what is not in it.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde::Serialize;

use super::Error;
use super::column::{By, measured, one_basis, stretches};
use super::held::Source;
use super::membership::Graph;
use super::roll::{self, Asked, Part, Reckoner};
use super::shown::{Origin, Shown, digits, in_words};
use crate::analysis::rollup::{Amount, Why, alone};
use crate::domain::Date;
use crate::domain::figure::{Better, OverTime, Rule, Scale, Shared, canonical};
use crate::domain::period::Period;
use crate::domain::span::printable;
use crate::error::{Result, did_you_mean};
use crate::study::Study;

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Question {
    pub indicator: String,
    /// Kinds of case, or cases.
    pub to: Vec<String>,
    /// None: every period that has figures, or with `by` every stretch.
    pub periods: Vec<Period>,
    pub by: Option<By>,
    pub as_of: Option<Date>,
    /// Whether each part is shown with its own figure.
    pub parts: bool,
}

/// A part with what it brings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PartRow {
    pub case: String,
    pub value: Option<String>,
    pub reason: Option<Why>,
    /// Of a quotient what is divided …
    pub numerator: Option<String>,
    /// … by what.
    pub denominator: Option<String>,
    /// Times that are not known.
    pub lacking: Vec<String>,
    #[serde(skip)]
    pub number: Option<Decimal>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RolledRow {
    pub case: String,
    pub name: String,
    pub period: String,
    pub figure: Shown,
    /// A figure of its own, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own: Option<Shown>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<PartRow>,
}

/// Measured cases that are part of none of the wholes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outside {
    pub period: String,
    pub cases: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RolledTable {
    pub indicator: String,
    pub name: String,
    pub unit: String,
    pub scale: Scale,
    pub better: Better,
    pub rule: Rule,
    /// Why it is rolled up so.
    pub why: String,
    pub over_time: OverTime,
    pub shared: Shared,
    /// Of mean scores: what was declared for each band.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scores: Vec<(String, String)>,
    /// The day on which membership was read; null: the last day of each period.
    pub as_of: Option<String>,
    pub decimals: u32,
    pub rows: Vec<RolledRow>,
    pub outside: Vec<Outside>,
}

pub fn rolled(study: &Study, question: &Question) -> Result<RolledTable> {
    let of = study.store.indicator(&question.indicator)?;
    let Some(by) = Reckoner::of(study, &of)? else {
        return Err(Error::refused(
            format!("no rule says how figures of `{}` are rolled up", of.slug),
            format!(
                "declare one, as in: casebook indicator rule {} {} --why W",
                of.slug,
                match of.scale {
                    Scale::Number => "sum",
                    Scale::Percentage => "ratio",
                    Scale::Bands => "worst-band",
                }
            ),
        )
        .into());
    };
    one_basis(std::iter::once(&of))?;
    let graph = Graph::read(study)?;
    let source = Source::open(study, of.clone())?;
    let all = measured(study, &of)?;
    let periods = match question.by {
        _ if !question.periods.is_empty() => question.periods.clone(),
        Some(stretch) => stretches(&all, stretch),
        None => all.clone(),
    };
    over_time_is_declared(&by, &of.slug, &all, &periods)?;
    let targets = targets(&graph, &question.to)?;
    let by_slug = |one: &String| {
        graph
            .cases
            .values()
            .any(|c| c.slug.eq_ignore_ascii_case(one))
    };
    let whole = !question.to.iter().all(by_slug);
    let asked = Asked {
        targets: &targets,
        periods: &periods,
        as_of: question.as_of,
        roll: true,
        parts: question.parts || targets.len() * periods.len() == 1,
    };
    let mut found = roll::figures(&source, Some(&by), &graph, &asked)?;
    if by.rule.shared == Shared::Refuse && !found.refused.is_empty() {
        return Err(shared(
            &graph,
            &found.refused,
            (&targets, &periods, question.as_of),
            &of.slug,
            by.rule.rule,
        )
        .into());
    }
    let mut rows = Vec::new();
    for (place, period) in periods.iter().enumerate() {
        let day = question.as_of.unwrap_or_else(|| period.last_day());
        for (target, cells) in targets.iter().zip(&mut found.cells) {
            let figure = std::mem::take(&mut cells[place]);
            let there = graph.was_there(*target, period.from(), period.to())
                && !graph.is_gone(*target, day);
            if figure.rolled.is_none() && !there {
                continue;
            }
            let case = &graph.cases[target];
            let shown = match &figure.rolled {
                Some(rolled) => Shown::rolled(&of, &graph, rolled),
                None => Shown::made(&of, &Err(Why::NoRecord), Origin::RolledUp),
            };
            let own = Shown::of(
                &of,
                &graph,
                &roll::Figure {
                    rolled: None,
                    ..figure.clone()
                },
            );
            rows.push(RolledRow {
                case: case.slug.clone(),
                name: case.name.clone(),
                period: period.to_string(),
                figure: shown,
                own: (!own.is_unknown()).then_some(own),
                parts: figure
                    .rolled
                    .iter()
                    .flat_map(|r| &r.parts)
                    .map(|part| part_row(&of.bands, &graph, part, &by))
                    .collect(),
            });
        }
    }
    // By case, then in the order of time.
    rows.sort_by(|a, b| a.case.cmp(&b.case));
    let outside = periods
        .iter()
        .zip(&found.outside)
        // One system is not meant to hold everything.
        .filter(|(_, cases)| whole && !cases.is_empty())
        .map(|(period, cases)| Outside {
            period: period.to_string(),
            cases: graph.slugs(cases),
        })
        .collect();
    let scores = super::figures::declared(&of, &by);
    Ok(RolledTable {
        decimals: digits(&of, Some(&by)),
        indicator: of.slug,
        name: of.name,
        unit: of.unit,
        scale: of.scale,
        better: of.better,
        rule: by.rule.rule,
        why: by.rule.why.clone(),
        over_time: by.rule.over_time,
        shared: by.rule.shared,
        scores,
        as_of: question.as_of.map(|d| d.to_string()),
        rows,
        outside,
    })
}

/// Says which parts are in which systems at once.
fn shared(
    graph: &Graph,
    parts: &BTreeSet<i64>,
    (targets, periods, as_of): (&[i64], &[Period], Option<Date>),
    slug: &str,
    rule: Rule,
) -> Error {
    let kinds: BTreeSet<&str> = targets
        .iter()
        .filter_map(|t| Some(graph.cases.get(t)?.kind.as_str()))
        .collect();
    let mut named = Vec::new();
    for part in parts {
        let mut within: BTreeSet<String> = BTreeSet::new();
        for period in periods {
            let day = as_of.unwrap_or_else(|| period.last_day());
            let above = graph.above(*part, &day.to_string());
            let of_kind = above.into_iter().filter(|c| {
                let kind = graph.cases.get(c).map(|c| c.kind.as_str());
                kind.is_some_and(|k| kinds.contains(k))
            });
            within.extend(of_kind.map(|c| graph.slug(c).to_owned()));
        }
        let within: Vec<String> = within.into_iter().collect();
        named.push(format!("{} ({})", graph.slug(*part), within.join(", ")));
    }
    named.sort_unstable();
    Error::refused(
        format!(
            "the rule of `{slug}` does not say what becomes of parts that are in several systems at once: {}",
            named.join("; ")
        ),
        format!(
            "decide with: casebook indicator rule {slug} {rule} --shared each (they count in each) or leave-out (in none) --why W"
        ),
    )
}

fn part_row(bands: &[String], graph: &Graph, part: &Part, by: &Reckoner) -> PartRow {
    let quotient = match part.brings {
        Ok(Amount::Quotient { over, under }) => Some((over, under)),
        _ => None,
    };
    let value = part.brings.and_then(|amount| alone(amount, by.times));
    let (value, number) = match value {
        Ok(crate::analysis::rollup::Rolled::Number { value, .. }) => (
            Some(canonical(super::shown::rounded(value, 10))),
            Some(value),
        ),
        Ok(crate::analysis::rollup::Rolled::Band(place)) => (bands.get(place).cloned(), None),
        Err(_) => (None, None),
    };
    PartRow {
        case: graph.slug(part.case).to_owned(),
        value,
        number,
        reason: part.brings.err(),
        numerator: quotient.map(|q| canonical(q.0)),
        denominator: quotient.map(|q| canonical(q.1)),
        lacking: in_words(&part.lacking),
    }
}

/// Months make a year only where the rule says how.
fn over_time_is_declared(
    by: &Reckoner,
    slug: &str,
    measured: &[Period],
    asked: &[Period],
) -> Result<()> {
    if by.rule.over_time != OverTime::Refuse {
        return Ok(());
    }
    let lacks = asked.iter().find(|target| {
        !measured.iter().any(|p| p.same_days(target)) && measured.iter().any(|p| target.holds(p))
    });
    let Some(target) = lacks else { return Ok(()) };
    Err(Error::refused(
        format!("the rule of `{slug}` does not say how figures of shorter periods become that of {target}"),
        format!(
            "say it with: casebook indicator rule {slug} {} --over-time sum (they are added up) or last (the last one counts) --why W",
            by.rule.rule
        ),
    )
    .into())
}

/// The wholes that are meant: a case by its slug, or all of a kind.
fn targets(graph: &Graph, typed: &[String]) -> Result<Vec<i64>> {
    let mut found: BTreeSet<i64> = BTreeSet::new();
    for one in typed {
        let by_slug = graph
            .cases
            .values()
            .find(|c| c.slug.eq_ignore_ascii_case(one));
        if let Some(case) = by_slug {
            found.insert(case.id);
            continue;
        }
        let before = found.len();
        found.extend(
            graph
                .cases
                .values()
                .filter(|c| c.kind == *one)
                .map(|c| c.id),
        );
        if found.len() == before && !graph.cases.values().any(|c| c.kind == *one) {
            let names = graph
                .cases
                .values()
                .flat_map(|c| [c.slug.as_str(), c.kind.as_str()]);
            let near = did_you_mean(one, names);
            return Err(Error::refused(
                format!("`{}` is neither a case nor a kind of case", printable(one)),
                match near {
                    Some(near) => {
                        format!("did you mean `{near}`? See the cases with: casebook case list")
                    }
                    None => "see the cases with: casebook case list".to_owned(),
                },
            )
            .into());
        }
    }
    let mut found: Vec<i64> = found.into_iter().collect();
    found.sort_by(|a, b| graph.slug(*a).cmp(graph.slug(*b)));
    Ok(found)
}
