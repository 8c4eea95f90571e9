//! A case's figures in the order of time, across what it came out of: broken, mapped or rebuilt, as somebody chose.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Error;
use super::column::{By, measured, stretches};
use super::held::Source;
use super::membership::Graph;
use super::roll::{self, Asked, Figure, Reckoner};
use super::shown::{Lacks, Origin, Rests, Shown, digits};
use crate::analysis::rollup::{Amount, Rolled, Tally, Why};
use crate::analysis::series::{Across, Became, From, Known, Line, Not, lines};
use crate::domain::Date;
use crate::domain::figure::{Basis, Better, Rule, Scale};
use crate::domain::period::Period;
use crate::error::Result;
use crate::store::Indicator;
use crate::study::Study;

#[derive(Clone, Debug, Default)]
pub struct Question {
    pub indicator: String,
    pub cases: Vec<String>,
    pub across: Option<Across>,
    pub by: Option<By>,
    pub as_of: Option<Date>,
}

/// One of the cases that a case came out of, or that it became.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Other {
    pub case: String,
    pub on: Option<String>,
    /// Whether it was renamed; else merged.
    pub renamed: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Point {
    pub period: String,
    pub figure: Shown,
}

/// A stretch of a series without a break.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SeriesLine {
    pub case: String,
    pub name: String,
    /// The case that was asked for; another where the series is broken.
    pub of: String,
    pub came_out_of: Vec<Other>,
    pub became: Vec<Other>,
    pub points: Vec<Point>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Series {
    pub indicator: String,
    pub name: String,
    pub unit: String,
    pub scale: Scale,
    pub better: Better,
    pub basis: Basis,
    pub rule: Option<Rule>,
    pub decimals: u32,
    pub across: Option<Across>,
    pub lines: Vec<SeriesLine>,
}

pub fn series(study: &Study, question: &Question) -> Result<Series> {
    let of = study.store.indicator(&question.indicator)?;
    let graph = Graph::read(study)?;
    let links = became(&graph);
    let asked: Vec<i64> = question
        .cases
        .iter()
        .map(|c| Ok(study.store.case(c)?.id))
        .collect::<Result<_>>()?;
    let mut targets = asked.clone();
    let mut n = 0;
    while n < targets.len() {
        let at = targets[n];
        for link in links.iter().filter(|l| l.after == at) {
            if !targets.contains(&link.before) {
                targets.push(link.before);
            }
        }
        n += 1;
    }
    let all = measured(study, &of)?;
    let periods = question.by.map_or(all.clone(), |by| stretches(&all, by));
    let by = Reckoner::of(study, &of)?;
    let source = Source::open(study, of.clone())?;
    let found = roll::figures(
        &source,
        by.as_ref(),
        &graph,
        &Asked {
            targets: &targets,
            periods: &periods,
            as_of: question.as_of,
            roll: true,
            parts: false,
        },
    )?;
    let cells: BTreeMap<i64, &Vec<Figure>> = targets.iter().copied().zip(&found.cells).collect();
    let mut known = Known::new();
    for (case, row) in &cells {
        let places = (0i64..).zip(&periods).zip(row.iter());
        let there = places
            .filter(|(_, figure)| !Shown::of(&of, &graph, figure).is_unknown())
            .map(|((n, p), _)| (n, (p.from(), p.to())));
        known.insert(*case, there.collect());
    }
    let whole = Whole {
        of: &of,
        by: by.as_ref(),
        graph: &graph,
        periods: &periods,
        cells: &cells,
    };
    let mut drawn = Vec::new();
    for case in &asked {
        let found = lines(*case, &links, &known, question.across)
            .map_err(|not| refused(&graph, &of.slug, *case, not))?;
        for line in found {
            drawn.push(whole.line(*case, &line)?);
        }
    }
    Ok(Series {
        decimals: digits(&of, by.as_ref()),
        indicator: of.slug,
        name: of.name,
        unit: of.unit,
        scale: of.scale,
        better: of.better,
        basis: of.basis,
        rule: by.map(|b| b.rule.rule),
        across: question.across,
        lines: drawn,
    })
}

/// Who became whom, from the links between cases.
fn became(graph: &Graph) -> Vec<Became> {
    let mut found: Vec<Became> = graph
        .successions()
        .map(|l| Became {
            before: l.case,
            after: l.other,
            on: l.from.as_deref().and_then(|d| d.parse().ok()),
            renamed: l.kind == "renamed-to",
        })
        .collect();
    found.sort_by_key(|l| (l.on, l.after, graph.slug(l.before).to_owned()));
    found.dedup();
    found
}

fn refused(graph: &Graph, indicator: &str, case: i64, not: Not) -> Error {
    match not {
        Not::Undecided(links) => {
            let mut before: Vec<i64> = links.iter().map(|l| l.before).collect();
            before.dedup();
            let on = links.iter().find_map(|l| l.on);
            Error::refused(
                format!(
                    "`{}` came out of {}{}: the series of `{indicator}` goes across that",
                    graph.slug(case),
                    graph.slugs(&before).join(", "),
                    on.map_or(String::new(), |on| format!(" on {on}"))
                ),
                "choose what becomes of it: --across broken (each case in its own life), mapped (the one case before it stands in front) or rebuilt (earlier figures rolled up from the cases before it)",
            )
        }
        Not::Several { case, before } => Error::refused(
            format!(
                "`{}` came out of {} cases ({}): none of them stands for it",
                graph.slug(case),
                before.len(),
                graph.slugs(&before).join(", ")
            ),
            "choose --across broken or --across rebuilt",
        ),
        Not::Split { before, after } => Error::refused(
            format!(
                "`{}` became {}: its figures are of none of them alone",
                graph.slug(before),
                graph.slugs(&after).join(" and ")
            ),
            "choose --across broken",
        ),
    }
}

/// What lines are filled from.
struct Whole<'a> {
    of: &'a Indicator,
    by: Option<&'a Reckoner>,
    graph: &'a Graph,
    periods: &'a [Period],
    cells: &'a BTreeMap<i64, &'a Vec<Figure>>,
}

impl Whole<'_> {
    fn line(&self, asked: i64, line: &Line) -> Result<SeriesLine> {
        let other = |case: i64, link: &Became| Other {
            case: self.graph.slug(case).to_owned(),
            on: link.on.map(|d| d.to_string()),
            renamed: link.renamed,
        };
        let points = line.points.iter().map(|(place, from)| {
            let place = usize::try_from(*place).unwrap_or_default();
            Ok(Point {
                period: self.periods[place].to_string(),
                figure: self.figure(line.case, place, from)?,
            })
        });
        Ok(SeriesLine {
            points: points.collect::<Result<_>>()?,
            case: self.graph.slug(line.case).to_owned(),
            name: self
                .graph
                .cases
                .get(&line.case)
                .map_or(String::new(), |c| c.name.clone()),
            of: self.graph.slug(asked).to_owned(),
            came_out_of: line.began.iter().map(|l| other(l.before, l)).collect(),
            became: line.ended.iter().map(|l| other(l.after, l)).collect(),
        })
    }

    fn figure(&self, case: i64, place: usize, from: &From) -> Result<Shown> {
        let shown = |case: i64| Shown::of(self.of, self.graph, &self.cells[&case][place]);
        Ok(match from {
            From::Own => shown(case),
            From::Mapped(before) => Shown {
                origin: Some(Origin::Mapped),
                of: vec![self.graph.slug(*before).to_owned()],
                ..shown(*before)
            },
            From::Rebuilt { of, without, never } => self.rebuilt(place, (of, without, never))?,
        })
    }

    fn rebuilt(
        &self,
        place: usize,
        (of, without, never): (&[i64], &[i64], &[i64]),
    ) -> Result<Shown> {
        let Some(by) = self.by else {
            let slug = &self.of.slug;
            return Err(Error::refused(
                format!("no rule says how figures of `{slug}` are rolled up, so nothing can be rebuilt"),
                format!("declare one with: casebook indicator rule {slug} RULE --why W; or choose --across broken"),
            )
            .into());
        };
        let mut tally = Tally::default();
        let mut rests = Rests {
            never_measured: self.graph.slugs(never),
            ..Rests::default()
        };
        for case in of {
            let figure = &self.cells[case][place];
            tally.add(*case, amount(by, *case, &self.periods[place], figure));
            let shown = Shown::of(self.of, self.graph, figure);
            tally.provisional |= shown.provisional;
            // What it lacks, the whole lacks, too.
            if !shown.lacking.is_empty() {
                rests.lacking.push(Lacks {
                    case: self.graph.slug(*case).to_owned(),
                    periods: shown.lacking,
                });
            }
            if let Some(parts) = shown.rests_on {
                rests.lacking.extend(parts.lacking);
                rests.no_record.extend(parts.no_record);
                rests.never_measured.extend(parts.never_measured);
            }
        }
        for case in without {
            tally.add(*case, Err(Why::NoRecord));
        }
        let result = tally.rolled(by.rule.rule, by.times, &by.scores);
        let mut shown = Shown::made(self.of, &result, Origin::Rebuilt);
        shown.of = self.graph.slugs(of);
        shown.provisional = tally.provisional;
        rests.with = tally.with;
        rests.complete = result.is_ok() && rests.lacking.is_empty() && rests.no_record.is_empty();
        if !rests.complete || !rests.never_measured.is_empty() {
            shown.rests_on = Some(rests);
        }
        if let Some(reason) = &mut shown.reason {
            let lacks: Vec<i64> = tally.without.iter().map(|(case, _)| *case).collect();
            reason.push_str(&format!(": {}", self.graph.slugs(&lacks).join(", ")));
        }
        Ok(shown)
    }
}

/// What a figure brings to a roll-up, wherever it is from.
fn amount(by: &Reckoner, case: i64, period: &Period, figure: &Figure) -> Result<Amount, Why> {
    let made = |result: Result<Rolled, Why>| {
        result.map(|r| match r {
            Rolled::Number { amount, .. } => amount,
            Rolled::Band(place) => Amount::Band(place),
        })
    };
    match (&figure.own, &figure.composed, &figure.rolled) {
        (Some(held), ..) => by.amount(case, period, held),
        (None, Some((result, ..)), _) => made(*result),
        (None, None, Some(rolled)) => made(rolled.result),
        (None, None, None) => Err(Why::NoRecord),
    }
}
