//! From the study to the panels of small multiples.

use std::collections::{BTreeMap, BTreeSet};

use super::multiples::{Break, Known, Multiples, Panel, Strand, Time, multiples};
use super::ranked_read::{level, national, quantity};
use super::{Chart, days, figures_words};
use crate::domain::Date;
use crate::domain::figure::Scale;
use crate::domain::period::Period;
use crate::error::Result;
use crate::indicator::Error;
use crate::indicator::column::{By, Column, measured, stretches};
use crate::indicator::figures::{Question, Row, Which, table};
use crate::store::Indicator;
use crate::study::Study;

/// What is asked of small multiples.
#[derive(Clone, Debug, Default)]
pub struct MultiplesAsked {
    pub indicator: String,
    pub which: Which,
    pub by: Option<By>,
    pub as_of: Option<Date>,
}

/// Reads the series, and draws them.
pub fn multiples_of(study: &Study, asked: &MultiplesAsked) -> Result<Chart> {
    let of = study.store.indicator(&asked.indicator)?;
    let periods = periods(study, &of, asked.by)?;
    let columns: Vec<Column> = periods
        .iter()
        .map(|period| Column {
            indicator: of.clone(),
            period: period.clone(),
        })
        .collect();
    let which = level(study, &columns, &asked.which, asked.as_of)?;
    let question = |which: Which| Question {
        columns: columns.clone(),
        which,
        as_of: asked.as_of,
        ..Question::default()
    };
    let mut found = table(study, &question(which))?;
    let national = national(study, &columns, asked.as_of)?;
    if asked.which.cases.is_empty()
        && let Some(row) = &national
    {
        found.rows.retain(|r| r.id != row.id);
    }
    let Some(head) = found.columns.first().cloned() else {
        return Err(Error::refused(
            format!("`{}` has no figures yet", of.slug),
            "add some with: casebook measure import FILE",
        )
        .into());
    };
    let before = Before::read(study)?;
    let others: BTreeSet<i64> = found.rows.iter().flat_map(|r| before.all(r.id)).collect();
    let mut earlier: BTreeMap<i64, Row> = BTreeMap::new();
    if !others.is_empty() {
        let cases = others.iter().map(|id| before.slug(*id)).collect();
        let rows = table(
            study,
            &question(Which {
                cases,
                ..Which::default()
            }),
        )?
        .rows;
        earlier.extend(rows.into_iter().map(|r| (r.id, r)));
    }
    let has_any = |row: &Row| {
        row.figures
            .iter()
            .any(|f| f.value.is_some() || !f.conflict.is_empty())
    };
    let scored = has_scores(&found.rows);
    let known = |row: &Row| known(&of, row, scored);
    let mut panels = Vec::new();
    let mut without = Vec::new();
    let ends = periods.iter().map(Period::from).min();
    let ends = ends.zip(periods.iter().map(Period::to).max());
    for row in &found.rows {
        let mut strands: Vec<Strand> = before
            .all(row.id)
            .iter()
            .filter_map(|id| earlier.get(id))
            .filter(|r| has_any(r))
            .map(|r| Strand {
                before: Some(r.name.clone()),
                known: known(r),
            })
            .collect();
        if !has_any(row) && strands.is_empty() {
            without.push(row.name.clone());
            continue;
        }
        strands.push(Strand {
            before: None,
            known: known(row),
        });
        panels.push(Panel {
            case: row.name.clone(),
            strands,
            breaks: ends.map_or(Vec::new(), |ends| before.breaks(row.id, ends)),
            conflicts: conflicts(row),
        });
    }
    let mut notes = figures_words::notes(&found, 0);
    if let Some(by) = asked.by {
        notes.push(format!("By {}.", by.word().replace('-', " ")));
    }
    Ok(multiples(&Multiples {
        of: quantity(&head, false),
        bands: match head.scale {
            Scale::Bands if !scored => of.bands.clone(),
            _ => Vec::new(),
        },
        times: periods
            .iter()
            .map(|p| Time {
                label: p.to_string(),
                from: days::place(p.from()),
                to: days::place(p.to()),
            })
            .collect(),
        panels,
        national: national
            .filter(|row| asked.which.cases.is_empty() || !asked.which.cases.contains(&row.case))
            .map(|row| (row.name.clone(), known(&row))),
        without,
        notes,
    }))
}

/// Whether bands were averaged, so that the axis has scores.
fn has_scores(rows: &[Row]) -> bool {
    rows.iter()
        .flat_map(|r| &r.figures)
        .filter_map(|f| f.value.as_ref())
        .any(|v| v.parse::<rust_decimal::Decimal>().is_ok())
}

/// The periods on the axis, which may not lie in each other.
fn periods(study: &Study, of: &Indicator, by: Option<By>) -> Result<Vec<Period>> {
    let mut all = measured(study, of)?;
    if let Some(by) = by {
        all = stretches(&all, by);
    }
    all.sort_by_key(|p| (p.from(), p.to()));
    let overlap = all.windows(2).find(|w| w[0].overlaps(&w[1]));
    if let Some([one, other]) = overlap.map(|w| [&w[0], &w[1]]) {
        return Err(Error::refused(
            format!(
                "figures of `{}` are of periods that overlap, as {one} and {other}",
                of.slug
            ),
            "say which are drawn, as in: --by financial-year",
        )
        .into());
    }
    if all.is_empty() {
        return Err(Error::refused(
            match by {
                Some(by) => format!("no figure of `{}` lies in a {}", of.slug, by.word()),
                None => format!("`{}` has no figures yet", of.slug),
            },
            format!(
                "see its measures with: casebook measure list --indicator {}",
                of.slug
            ),
        )
        .into());
    }
    Ok(all)
}

fn known(of: &Indicator, row: &Row, scored: bool) -> Vec<Known> {
    let figures = row.figures.iter().enumerate();
    figures
        .filter_map(|(time, shown)| {
            let value = shown.number?;
            // A score beside bands, or a band beside scores, is on no common scale.
            let is_band = shown.value.as_ref().is_some_and(|v| of.bands.contains(v));
            (of.bands.is_empty() || is_band != scored).then_some(Known {
                time,
                value,
                provisional: shown.provisional,
            })
        })
        .collect()
}

fn conflicts(row: &Row) -> Vec<(usize, String)> {
    let figures = row.figures.iter().enumerate();
    figures
        .filter(|(_, shown)| !shown.conflict.is_empty())
        .map(|(time, shown)| {
            let values: Vec<&str> = shown.conflict.iter().map(|s| s.value.as_str()).collect();
            (time, format!("sources disagree: {}", values.join(" | ")))
        })
        .collect()
}

/// Who was before whom.
struct Before {
    /// The case, what it became, and from which day.
    links: Vec<(i64, i64, Option<Date>)>,
    slugs: BTreeMap<i64, String>,
}

impl Before {
    fn read(study: &Study) -> Result<Self> {
        let systems = crate::indicator::systems::Systems::read(&study.store)?;
        let mut links = Vec::new();
        for case in systems.cases() {
            for b in systems.became(case.id) {
                let day = b.day.as_deref().and_then(|d| d.parse().ok());
                links.push((case.id, b.other, day));
            }
        }
        Ok(Self {
            links,
            slugs: systems
                .cases()
                .iter()
                .map(|c| (c.id, c.slug.clone()))
                .collect(),
        })
    }

    fn slug(&self, id: i64) -> String {
        self.slugs.get(&id).cloned().unwrap_or_default()
    }

    /// All that a case came out of, directly or through others.
    fn all(&self, case: i64) -> Vec<i64> {
        let mut found: Vec<i64> = Vec::new();
        let mut next = vec![case];
        while let Some(at) = next.pop() {
            for (before, after, _) in &self.links {
                if *after == at && *before != case && !found.contains(before) {
                    found.push(*before);
                    next.push(*before);
                }
            }
        }
        found.sort_by_key(|id| self.slug(*id));
        found
    }

    /// The days in between two on which a case came out of others, or became another.
    fn breaks(&self, case: i64, (from, to): (Date, Date)) -> Vec<Break> {
        let mut found: BTreeMap<Date, (Vec<String>, Vec<String>)> = BTreeMap::new();
        for (before, after, day) in &self.links {
            let Some(day) = day.filter(|d| *d >= from && *d <= to) else {
                continue;
            };
            if *after == case {
                found.entry(day).or_default().0.push(self.slug(*before));
            }
            if *before == case {
                found.entry(day).or_default().1.push(self.slug(*after));
            }
        }
        found
            .into_iter()
            .flat_map(|(day, (came, went))| {
                let words = |how: &str, all: Vec<String>| {
                    (!all.is_empty()).then(|| Break {
                        day: days::place(day),
                        words: format!("{how} {} on {day}", all.join(", ")),
                    })
                };
                [words("came out of", came), words("became", went)]
            })
            .flatten()
            .collect()
    }
}
