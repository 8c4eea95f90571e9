//! From the study to the bars of a ranking.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::banded::{Banded, banded};
use super::quantity::{Bands, Quantity};
use super::ranked::{Bar, Ranked, Without, ranked};
use super::{Chart, figures_words};
use crate::domain::Date;
use crate::domain::figure::{Rule, Scale};
use crate::error::Result;
use crate::indicator::Error;
use crate::indicator::column::{Column, columns};
use crate::indicator::figures::{FigureTable, Head, Question, Row, Which, table};
use crate::indicator::shown::Shown;
use crate::store::CaseLink;
use crate::study::Study;

/// What is asked of a ranking: a figure, bands, or both.
#[derive(Clone, Debug, Default)]
pub struct RankedAsked {
    /// `I@P`: what the bars are long by.
    pub figure: Option<String>,
    /// `I@P` of an indicator of bands: what they are drawn in.
    pub bands: Option<String>,
    pub which: Which,
    pub as_of: Option<Date>,
}

/// Reads the figures, and draws them.
pub fn ranked_of(study: &Study, asked: &RankedAsked) -> Result<Chart> {
    let typed: Vec<String> = asked.figure.iter().chain(&asked.bands).cloned().collect();
    if typed.is_empty() {
        return Err(Error::refused(
            "nothing is named that cases are ranked by",
            "name a figure, as in: casebook chart ranked four-hour@2017/18, or bands: --bands rating@2017",
        )
        .into());
    }
    let columns = columns(study, &typed, None)?;
    let (first, second) = (columns.first(), columns.get(1));
    if asked.bands.is_some()
        && let Some(of) = columns.last().map(|c| &c.indicator)
        && of.scale != Scale::Bands
    {
        return Err(Error::refused(
            format!("`{}` is no indicator of bands", of.slug),
            format!(
                "draw its figures as bars: casebook chart ranked {}",
                of.slug
            ),
        )
        .into());
    }
    if let (Some(first), Some(second)) = (first, second)
        && first.indicator.scale == Scale::Bands
    {
        return Err(Error::refused(
            format!(
                "`{}` is an indicator of bands itself, and can't be drawn in those of `{}`",
                first.indicator.slug, second.indicator.slug
            ),
            format!("draw it alone: casebook chart ranked {}", first.name()),
        )
        .into());
    }
    let read = Read::of(study, &columns, &asked.which, asked.as_of)?;
    let Some(head) = read.table.columns.first() else {
        return Ok(banded(&Banded {
            bands: Bands {
                name: String::new(),
                bands: Vec::new(),
            },
            period: String::new(),
            cases: Vec::new(),
            without: Vec::new(),
            notes: Vec::new(),
        }));
    };
    let is_score = head.rule == Some(Rule::MeanScore)
        && read
            .table
            .rows
            .iter()
            .any(|r| r.figures.first().is_some_and(is_number));
    if head.scale == Scale::Bands && !is_score {
        return Ok(banded(&read.banded(&columns[0])));
    }
    Ok(ranked(&read.ranked(&columns, head)))
}

fn is_number(shown: &Shown) -> bool {
    shown
        .value
        .as_ref()
        .is_some_and(|v| v.parse::<Decimal>().is_ok())
}

/// An indicator's figures as pictures name them.
pub(super) fn quantity(head: &Head, with_period: bool) -> Quantity {
    let unit = match (head.scale, head.rule) {
        (Scale::Percentage, _) => "%".to_owned(),
        (Scale::Bands, Some(Rule::MeanScore)) => "score".to_owned(),
        (Scale::Bands, _) => String::new(),
        (Scale::Number, _) => head.unit.clone(),
    };
    Quantity {
        name: head.name.clone(),
        unit,
        decimals: head.decimals,
        better: head.better,
        period: with_period.then(|| head.period.clone()),
    }
}

/// The figures, without the one that all are compared with.
struct Read {
    table: FigureTable,
    national: Option<Row>,
}

impl Read {
    fn of(study: &Study, columns: &[Column], which: &Which, as_of: Option<Date>) -> Result<Self> {
        let which = level(study, columns, which, as_of)?;
        let question = Question {
            columns: columns.to_vec(),
            which,
            as_of,
            order: None,
            improved: false,
        };
        let mut table = table(study, &question)?;
        let national = national(study, columns, as_of)?;
        if question.which.cases.is_empty()
            && let Some(row) = &national
        {
            table.rows.retain(|r| r.id != row.id);
        }
        let national = national.filter(|row| table.rows.iter().all(|r| r.id != row.id));
        Ok(Self { table, national })
    }

    fn without(&self, takes: impl Fn(&Shown) -> bool) -> Vec<Without> {
        let rows = self.table.rows.iter();
        rows.filter_map(|row| {
            let shown = row.figures.first()?;
            (!takes(shown)).then(|| without(row, shown))
        })
        .collect()
    }

    fn banded(&self, column: &Column) -> Banded {
        let of = &column.indicator;
        let band = |shown: &Shown| {
            let word = shown.value.as_ref()?;
            of.bands.iter().position(|b| b == word)
        };
        let rows = self.table.rows.iter().chain(&self.national);
        Banded {
            bands: Bands {
                name: of.name.clone(),
                bands: of.bands.clone(),
            },
            period: column.period.to_string(),
            cases: rows
                .filter_map(|row| {
                    let shown = row.figures.first()?;
                    Some((row.name.clone(), band(shown)?, shown.provisional))
                })
                .collect(),
            without: self.without(|s| band(s).is_some()),
            notes: figures_words::notes(&self.table, 0),
        }
    }

    fn ranked(&self, columns: &[Column], head: &Head) -> Ranked {
        let bands = columns.get(1).map(|c| &c.indicator);
        let value = |shown: &Shown| shown.number.filter(|_| is_number(shown));
        let rows = self.table.rows.iter();
        let bars = rows.filter_map(|row| {
            let shown = row.figures.first()?;
            Some(Bar {
                case: row.name.clone(),
                value: value(shown)?,
                band: row
                    .figures
                    .get(1)
                    .and_then(|b| b.value.as_ref())
                    .zip(bands)
                    .and_then(|(word, of)| of.bands.iter().position(|b| b == word)),
                provisional: shown.provisional,
            })
        });
        let mut notes = figures_words::notes(&self.table, 0);
        if let Some(shown) = self.national.as_ref().and_then(|r| r.figures.first())
            && shown.rests_on.is_some()
        {
            notes.push("The line is itself rolled up from parts.".to_owned());
        }
        if let Some(column) = columns.get(1) {
            let disagree: Vec<&str> = self
                .table
                .rows
                .iter()
                .filter(|r| r.figures.get(1).is_some_and(|s| !s.conflict.is_empty()))
                .map(|r| r.name.as_str())
                .collect();
            if !disagree.is_empty() {
                notes.push(format!(
                    "Sources disagree on {}: {}.",
                    column.indicator.name,
                    disagree.join(", ")
                ));
            }
        }
        Ranked {
            of: quantity(head, true),
            bars: bars.collect(),
            reference: self.national.as_ref().and_then(|row| {
                let shown = row.figures.first()?;
                Some((row.name.clone(), value(shown)?))
            }),
            bands: columns.get(1).map(|c| Bands {
                name: format!("{}, {}", c.indicator.name, c.period),
                bands: c.indicator.bands.clone(),
            }),
            without: self.without(|s| value(s).is_some()),
            notes,
        }
    }
}

fn without(row: &Row, shown: &Shown) -> Without {
    let conflict = !shown.conflict.is_empty();
    let why = if conflict {
        let values: Vec<&str> = shown.conflict.iter().map(|s| s.value.as_str()).collect();
        values.join(" | ")
    } else {
        match (&shown.reason, &shown.value) {
            (Some(reason), _) => reason.clone(),
            (None, Some(value)) => format!("{value} is on another scale"),
            (None, None) => "not known".to_owned(),
        }
    };
    Without {
        case: row.name.clone(),
        why,
        conflict,
    }
}

/// Cases that have parts and are part of nothing, at any time.
pub(super) fn roots(study: &Study) -> Result<Vec<String>> {
    let links: Vec<CaseLink> = study
        .store
        .case_links()?
        .into_iter()
        .filter(|l| l.kind == "part-of")
        .collect();
    let wholes: BTreeSet<i64> = links.iter().map(|l| l.other).collect();
    let parts: BTreeSet<i64> = links.iter().map(|l| l.case).collect();
    let cases = study.store.cases()?.into_iter();
    Ok(cases
        .filter(|c| wholes.contains(&c.id) && !parts.contains(&c.id))
        .map(|c| c.slug)
        .collect())
}

/// The figures of the one case above all others, if there is just one that has any.
pub(super) fn national(
    study: &Study,
    columns: &[Column],
    as_of: Option<Date>,
) -> Result<Option<Row>> {
    let roots = roots(study)?;
    if roots.is_empty() {
        return Ok(None);
    }
    let found = table(
        study,
        &Question {
            columns: columns.to_vec(),
            which: Which {
                cases: roots,
                ..Which::default()
            },
            as_of,
            ..Question::default()
        },
    )?;
    let mut with = found
        .rows
        .into_iter()
        .filter(|r| r.figures.iter().any(|f| f.value.is_some()));
    let first = with.next();
    // Several wholes are cases like others.
    Ok(first.filter(|_| with.next().is_none()))
}

/// Which cases are drawn where nobody said: all of the one kind that has figures, so that those without are known too.
pub(super) fn level(
    study: &Study,
    columns: &[Column],
    which: &Which,
    as_of: Option<Date>,
) -> Result<Which> {
    if !which.cases.is_empty() || which.level.is_some() || which.cohort.is_some() {
        return Ok(which.clone());
    }
    let Some(of) = columns.first().map(|c| &c.indicator) else {
        return Ok(which.clone());
    };
    let there: Vec<String> = study.store.cases()?.into_iter().map(|c| c.kind).collect();
    let declared = of.level.as_ref().filter(|l| there.contains(l));
    if let Some(level) = declared {
        return Ok(Which {
            level: Some(level.clone()),
            ..Which::default()
        });
    }
    let found = table(
        study,
        &Question {
            columns: columns.to_vec(),
            as_of,
            ..Question::default()
        },
    )?;
    let roots = roots(study)?;
    let mut kinds: Vec<&str> = found
        .rows
        .iter()
        .filter(|r| !roots.contains(&r.case))
        .map(|r| r.kind.as_str())
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    match kinds[..] {
        [] => Ok(which.clone()),
        [one] => Ok(Which {
            level: Some(one.to_owned()),
            ..Which::default()
        }),
        [first, ..] => Err(Error::refused(
            format!(
                "cases of {} kinds have figures of `{}`: {}",
                kinds.len(),
                of.slug,
                kinds.join(", ")
            ),
            format!("a part can't stand beside its whole; say which, as in: --level {first}"),
        )
        .into()),
    }
}
