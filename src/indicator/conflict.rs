//! Where sources disagree: found by the rule that says which figure holds, and decided with a reason.

use std::collections::HashMap;

use serde::Serialize;

use super::Error;
use super::held::{Candidate, digest_of, standing};
use crate::domain::period::Period;
use crate::error::Result;
use crate::store::{Indicator, Measure, Reading, SettledFigure, Store, Tx};

/// What one reading has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Side {
    pub reading: i64,
    pub source: String,
    pub as_of: Option<String>,
    pub state: &'static str,
    pub value: Option<String>,
    pub line: Option<i64>,
    /// Whether it is one of those that disagree; what a final or a later figure of one source goes before is not.
    pub stands: bool,
    #[serde(skip)]
    pub measure: i64,
}

/// What was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Decided {
    pub reading: i64,
    pub value: Option<String>,
    pub why: String,
    pub coder: String,
    pub at: String,
    /// Whether it still holds: no figure has come or gone since.
    pub holds: bool,
}

/// A place where sources disagree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Conflict {
    pub indicator: String,
    pub case: String,
    pub period: String,
    pub sides: Vec<Side>,
    /// Null where nothing was decided.
    pub settled: Option<Decided>,
    #[serde(skip)]
    place: (i64, i64, i64),
}

impl Conflict {
    /// Whether nothing decided holds.
    pub fn is_open(&self) -> bool {
        self.settled.as_ref().is_none_or(|s| !s.holds)
    }

    /// The values that disagree, each with its readings.
    pub fn values(&self) -> String {
        self.sides
            .iter()
            .filter(|s| s.stands)
            .map(|s| {
                format!(
                    "{} (reading {})",
                    s.value.as_deref().unwrap_or(s.state),
                    s.reading
                )
            })
            .collect::<Vec<_>>()
            .join(" | ")
    }
}

struct Around<'a> {
    indicators: HashMap<i64, &'a Indicator>,
    cases: HashMap<i64, String>,
    periods: HashMap<i64, Period>,
    readings: Vec<Reading>,
    sources: HashMap<String, usize>,
    settled: HashMap<(i64, i64, i64), SettledFigure>,
}

impl Around<'_> {
    fn candidate(&self, m: &Measure) -> (Candidate, Option<&Reading>) {
        let at = self.readings.partition_point(|r| r.first_measure <= m.id);
        let of = at.checked_sub(1).and_then(|n| self.readings.get(n));
        let candidate = Candidate {
            measure: m.id,
            reading: of.map_or(0, |r| r.id),
            source: of
                .and_then(|r| self.sources.get(&r.source))
                .copied()
                .unwrap_or(usize::MAX),
            as_of: m.as_of.clone().or_else(|| of.and_then(|r| r.as_of.clone())),
            state: m.state,
            value: m.value.clone(),
            numerator: m.numerator.clone(),
            denominator: m.denominator.clone(),
        };
        (candidate, of)
    }

    /// The conflict of one place, if its measures are one.
    fn conflict(&self, here: &[Measure]) -> Option<Conflict> {
        let first = here.first()?;
        let both: Vec<(Candidate, Option<&Reading>)> =
            here.iter().map(|m| self.candidate(m)).collect();
        let candidates: Vec<Candidate> = both.iter().map(|(c, _)| c.clone()).collect();
        let stand = standing(&candidates);
        if stand.len() < 2 {
            return None;
        }
        let place = (first.indicator, first.case, first.period);
        let settled = self.settled.get(&place);
        let among = digest_of(here.iter().map(|m| m.id));
        Some(Conflict {
            indicator: self
                .indicators
                .get(&place.0)
                .map_or_else(String::new, |i| i.slug.clone()),
            case: self.cases.get(&place.1).cloned().unwrap_or_default(),
            period: self
                .periods
                .get(&place.2)
                .map_or_else(String::new, |p| p.label().to_owned()),
            sides: both
                .iter()
                .zip(here)
                .enumerate()
                .map(|(n, ((c, of), m))| Side {
                    reading: c.reading,
                    source: of.map_or_else(String::new, |r| r.source.clone()),
                    as_of: c.as_of.clone(),
                    state: c.state.word(),
                    value: c.value.clone(),
                    line: m.line,
                    stands: stand.contains(&n),
                    measure: c.measure,
                })
                .collect(),
            settled: settled.map(|s| Decided {
                reading: s.reading,
                value: here
                    .iter()
                    .find(|m| m.id == s.measure)
                    .and_then(|m| m.value.clone()),
                why: s.why.clone(),
                coder: s.coder.clone(),
                at: s.at.clone(),
                holds: s.among == among && here.iter().any(|m| m.id == s.measure),
            }),
            place,
        })
    }
}

/// Every place where sources disagree, decided or not, by indicator, case and period. `only`: of these indicators; empty:
/// of all.
pub fn conflicts(store: &Store, only: &[i64]) -> Result<Vec<Conflict>> {
    let indicators = store.indicators()?;
    let mut readings = store.readings()?;
    readings.sort_by_key(|r| r.first_measure);
    let mut sources = HashMap::new();
    for r in &readings {
        let next = sources.len();
        sources.entry(r.source.clone()).or_insert(next);
    }
    let around = Around {
        indicators: indicators.iter().map(|i| (i.id, i)).collect(),
        cases: store.cases()?.into_iter().map(|c| (c.id, c.slug)).collect(),
        periods: store.periods()?.into_iter().collect(),
        readings,
        sources,
        settled: store
            .settled_figures()?
            .into_iter()
            .map(|s| ((s.indicator, s.case, s.period), s))
            .collect(),
    };
    let mut found = Vec::new();
    let mut here: Vec<Measure> = Vec::new();
    store.each_of_several(only, |m| -> Result<()> {
        let place = |m: &Measure| (m.indicator, m.case, m.period);
        if here.first().is_some_and(|first| place(first) != place(&m)) {
            found.extend(around.conflict(&here));
            here.clear();
        }
        here.push(m);
        Ok(())
    })?;
    found.extend(around.conflict(&here));
    let day = |c: &Conflict| around.periods.get(&c.place.2).map(|p| (p.from(), p.to()));
    found.sort_by_cached_key(|c| {
        (
            c.indicator.clone(),
            c.case.clone(),
            day(c),
            c.period.clone(),
        )
    });
    Ok(found)
}

/// The conflict of one place.
pub fn conflict(store: &Store, indicator: &str, case: &str, period: &Period) -> Result<Conflict> {
    let of = store.indicator(indicator)?;
    let case = store.case(case)?;
    let place = store.find_period(period)?.map(|p| (of.id, case.id, p));
    conflicts(store, &[of.id])?
        .into_iter()
        .find(|c| Some(c.place) == place)
        .ok_or_else(|| {
            Error::refused(
                format!(
                    "sources do not disagree on {} of {} in {period}",
                    of.slug, case.slug
                ),
                format!("see what they say with: casebook measure list --indicator {} --case {}; and all that is in conflict with: casebook conflict list", of.slug, case.slug),
            )
            .into()
        })
}

/// Decides which reading's figure holds. Gives its value.
pub fn settle(
    tx: &Tx,
    coder: i64,
    found: &Conflict,
    take: i64,
    why: &str,
) -> Result<Option<String>> {
    let Some(side) = found.sides.iter().find(|s| s.reading == take) else {
        let readings: Vec<String> = found.sides.iter().map(|s| s.reading.to_string()).collect();
        return Err(Error::refused(
            format!(
                "reading {take} has no figure of {} for {} in {}",
                found.indicator, found.case, found.period
            ),
            format!("those that have one are: {}", readings.join(", ")),
        )
        .into());
    };
    if !side.stands {
        let standing: Vec<String> = found
            .sides
            .iter()
            .filter(|s| s.stands)
            .map(|s| s.reading.to_string())
            .collect();
        return Err(Error::refused(
            format!("the figure of reading {take} does not stand: a final one, a later one of its source or one that says something goes before it"),
            format!("those that disagree are of readings {}", standing.join(", ")),
        )
        .into());
    }
    let (indicator, case, period) = found.place;
    tx.settle_figure(
        coder,
        &SettledFigure {
            id: 0,
            indicator,
            case,
            period,
            reading: side.reading,
            measure: side.measure,
            among: digest_of(found.sides.iter().map(|s| s.measure)),
            why: why.to_owned(),
            coder: String::new(),
            at: String::new(),
        },
    )?;
    Ok(side.value.clone())
}

/// Takes a decision back.
pub fn reopen(tx: &Tx, indicator: &str, case: &str, period: &Period) -> Result<()> {
    let of = tx.indicator(indicator)?;
    let case = tx.case(case)?;
    let place = tx.find_period(period)?;
    let found = tx
        .settled_figures()?
        .into_iter()
        .find(|s| (s.indicator, s.case, Some(s.period)) == (of.id, case.id, place));
    match found {
        Some(s) => Ok(tx.reopen_figure(s.id)?),
        None => Err(Error::refused(
            format!(
                "nothing was decided on {} of {} in {period}",
                of.slug, case.slug
            ),
            "see what was with: casebook conflict list --settled",
        )
        .into()),
    }
}
