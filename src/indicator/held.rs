//! The figure that holds for a case in a period, of all that sources say of it: final before provisional, the later day of
//! one source before the earlier, what was settled; else the sources disagree, and none holds.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::Error;
use crate::domain::figure::{Scale, State};
use crate::domain::period::Period;
use crate::error::{Failure, Result};
use crate::store::{FigureRow, Indicator};
use crate::study::Study;

/// What holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Says {
    Number(Decimal),
    /// The place of a band among the indicator's, 0 for the best.
    Band(usize),
    /// The source has one and does not print it.
    Suppressed,
    /// The source says that there is none.
    Missing,
    /// Sources disagree and nothing is decided: each reading with what it has.
    Conflict(Vec<(i64, String)>),
}

/// The figure of a case in a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub says: Says,
    /// Numerator and denominator.
    pub over: Option<(Decimal, Decimal)>,
    pub provisional: bool,
    /// Whether it holds because somebody decided so.
    pub settled: bool,
    /// The reading that it is from; of a conflict the first.
    pub reading: i64,
}

/// A measure among those for one case and period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub measure: i64,
    pub reading: i64,
    /// Readings of one source have one number.
    pub source: usize,
    pub as_of: Option<String>,
    pub state: State,
    pub value: Option<String>,
    pub numerator: Option<String>,
    pub denominator: Option<String>,
}

impl Candidate {
    fn same_value(&self, other: &Self) -> bool {
        self.value == other.value && (self.value.is_some() || self.state == other.state)
    }
}

/// The places of those that stand, one of each value: one holds, several disagree. Of equal ones the first that has its
/// numerator stands.
pub fn standing(all: &[Candidate]) -> Vec<usize> {
    let has_final = all.iter().any(|c| c.state == State::Final);
    let mut left: Vec<usize> = (0..all.len())
        .filter(|n| !(has_final && all[*n].state == State::Provisional))
        .collect();
    let later = |c: &Candidate, than: &Candidate| {
        c.source == than.source
            && matches!((&c.as_of, &than.as_of), (Some(c), Some(than)) if c > than)
    };
    let superseded = |n: &usize| left.iter().any(|m| later(&all[*m], &all[*n]));
    let gone: Vec<usize> = left.iter().copied().filter(superseded).collect();
    left.retain(|n| !gone.contains(n));
    // One source that prints nothing does not contradict another that does.
    if left.iter().any(|n| all[*n].value.is_some()) {
        left.retain(|n| all[*n].value.is_some());
    } else if left.iter().any(|n| all[*n].state == State::Suppressed) {
        left.retain(|n| all[*n].state == State::Suppressed);
    }
    let mut standing: Vec<usize> = Vec::new();
    for n in left {
        match standing.iter_mut().find(|m| all[**m].same_value(&all[n])) {
            Some(m) if all[*m].numerator.is_none() && all[n].numerator.is_some() => *m = n,
            Some(_) => {}
            None => standing.push(n),
        }
    }
    standing
}

/// A reading's number and its measures.
struct ReadingSpan {
    first: i64,
    id: i64,
    source: usize,
    as_of: Option<String>,
}

/// An indicator's figures, ready to be read case by case.
pub struct Source<'a> {
    study: &'a Study,
    pub indicator: Indicator,
    /// Every period of the study, by its id.
    pub periods: HashMap<i64, Period>,
    /// Ids of periods that the indicator has measures of.
    measured: Vec<i64>,
    readings: Vec<ReadingSpan>,
    bands: HashMap<String, usize>,
    /// What was settled, by case and period: the measure, and a digest of those that it was decided among.
    settled: HashMap<(i64, i64), (i64, [u8; 32])>,
}

impl<'a> Source<'a> {
    pub fn open(study: &'a Study, indicator: Indicator) -> Result<Self> {
        let mut sources: HashMap<String, usize> = HashMap::new();
        let mut readings: Vec<ReadingSpan> = study
            .store
            .readings()?
            .into_iter()
            .map(|r| {
                let next = sources.len();
                ReadingSpan {
                    first: r.first_measure,
                    id: r.id,
                    source: *sources.entry(r.source).or_insert(next),
                    as_of: r.as_of,
                }
            })
            .collect();
        readings.sort_unstable_by_key(|r| r.first);
        let bands = indicator.bands.iter().cloned().zip(0..).collect();
        let settled = study
            .store
            .settled_figures_of(indicator.id)?
            .into_iter()
            .map(|s| ((s.case, s.period), (s.measure, s.among)))
            .collect();
        Ok(Self {
            periods: study.store.periods()?.into_iter().collect(),
            measured: study.store.measured_periods(indicator.id)?,
            study,
            indicator,
            readings,
            bands,
            settled,
        })
    }

    /// Periods of the study that lie in one of these and are shorter: as far as the indicator was measured then.
    pub fn measured_in<'s>(&'s self, periods: &'s [Period]) -> impl Iterator<Item = &'s Period> {
        let mut inside: Vec<&Period> = self
            .measured
            .iter()
            .filter_map(|id| self.periods.get(id))
            .filter(|p| periods.iter().any(|t| t.holds(p) && !t.same_days(p)))
            .collect();
        inside.sort_by_key(|p| (p.from(), p.to()));
        inside.into_iter()
    }

    fn reading(&self, measure: i64) -> Option<&ReadingSpan> {
        let at = self.readings.partition_point(|r| r.first <= measure);
        self.readings.get(at.checked_sub(1)?)
    }

    /// Hands each case's figures to `each`: the period's id and what holds. One stream over all of them.
    pub fn each_case(
        &self,
        cases: Option<&[i64]>,
        mut each: impl FnMut(i64, &[(i64, Held)]) -> Result<()>,
    ) -> Result<()> {
        let mut here: Vec<(i64, Held)> = Vec::new();
        let mut case = 0;
        // Nearly every place has one measure: it is kept in hand until a second one comes.
        let mut last = InHand::default();
        let mut several: Vec<Candidate> = Vec::new();
        self.study
            .store
            .each_figure_row::<Failure>(self.indicator.id, cases, |row| {
                if row.case == case && here.last().is_some_and(|(period, _)| *period == row.period)
                {
                    if several.is_empty() {
                        several.push(self.candidate(&last.row()));
                    }
                    several.push(self.candidate(&row));
                    return Ok(());
                }
                self.close(case, &mut here, &mut several)?;
                if row.case != case {
                    if !here.is_empty() {
                        each(case, &here)?;
                        here.clear();
                    }
                    case = row.case;
                }
                here.push((row.period, self.held(&row)?));
                last.keep(&row);
                Ok(())
            })?;
        self.close(case, &mut here, &mut several)?;
        if !here.is_empty() {
            each(case, &here)?;
        }
        Ok(())
    }

    /// Decides between several measures of the last place, if there were several.
    fn close(
        &self,
        case: i64,
        here: &mut [(i64, Held)],
        several: &mut Vec<Candidate>,
    ) -> Result<()> {
        if several.is_empty() {
            return Ok(());
        }
        if let Some((period, held)) = here.last_mut() {
            *held = self.decide((case, *period), several)?;
        }
        several.clear();
        Ok(())
    }

    fn decide(&self, place: (i64, i64), all: &[Candidate]) -> Result<Held> {
        let standing = standing(all);
        let of = |n: usize| self.held(&all[n].row(place));
        if let [one] = standing[..] {
            return of(one);
        }
        if let Some((measure, among)) = self.settled.get(&place)
            && *among == digest_of(all.iter().map(|c| c.measure))
            && let Some(n) = all.iter().position(|c| c.measure == *measure)
        {
            return Ok(Held {
                settled: true,
                ..of(n)?
            });
        }
        let shown = |n: &usize| {
            let c = &all[*n];
            let value = c.value.clone().unwrap_or_else(|| c.state.word().to_owned());
            (c.reading, value)
        };
        Ok(Held {
            says: Says::Conflict(standing.iter().map(shown).collect()),
            over: None,
            provisional: false,
            settled: false,
            reading: all.first().map_or(0, |c| c.reading),
        })
    }

    fn candidate(&self, row: &FigureRow) -> Candidate {
        let of = self.reading(row.id);
        let text = |t: Option<&str>| t.map(str::to_owned);
        Candidate {
            measure: row.id,
            reading: of.map_or(0, |r| r.id),
            source: of.map_or(usize::MAX, |r| r.source),
            as_of: text(row.as_of).or_else(|| of.and_then(|r| r.as_of.clone())),
            state: row.state,
            value: text(row.value),
            numerator: text(row.numerator),
            denominator: text(row.denominator),
        }
    }

    /// What one measure says.
    fn held(&self, row: &FigureRow) -> Result<Held> {
        let damaged = || {
            Error::refused(
                format!(
                    "measure {} is no value of `{}`",
                    row.id, self.indicator.slug
                ),
                "look for damage with: casebook check",
            )
        };
        let number = |text: &str| text.parse::<Decimal>().map_err(|_| damaged());
        let says = match (row.state, row.value) {
            (State::Suppressed, _) => Says::Suppressed,
            (State::Missing, _) | (_, None) => Says::Missing,
            (_, Some(value)) if self.indicator.scale == Scale::Bands => {
                Says::Band(*self.bands.get(value).ok_or_else(damaged)?)
            }
            (_, Some(value)) => Says::Number(number(value)?),
        };
        let over = match (row.numerator, row.denominator) {
            (Some(over), Some(under)) => Some((number(over)?, number(under)?)),
            _ => None,
        };
        Ok(Held {
            says,
            over,
            provisional: row.state == State::Provisional,
            settled: false,
            reading: self.reading(row.id).map_or(0, |r| r.id),
        })
    }
}

/// What a decision was made among.
pub fn digest_of(measures: impl Iterator<Item = i64>) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    for id in measures {
        hasher.update(&id.to_le_bytes());
    }
    *hasher.finalize().as_bytes()
}

impl Candidate {
    fn row(&self, (case, period): (i64, i64)) -> FigureRow<'_> {
        FigureRow {
            id: self.measure,
            case,
            period,
            state: self.state,
            value: self.value.as_deref(),
            numerator: self.numerator.as_deref(),
            denominator: self.denominator.as_deref(),
            as_of: self.as_of.as_deref(),
        }
    }
}

/// The measure that was read last, in memory that is used again and again.
#[derive(Default)]
struct InHand {
    ids: [i64; 3],
    state: Option<State>,
    words: [(bool, String); 4],
}

impl InHand {
    fn keep(&mut self, row: &FigureRow) {
        self.ids = [row.id, row.case, row.period];
        self.state = Some(row.state);
        let words = [row.value, row.numerator, row.denominator, row.as_of];
        for ((there, kept), text) in self.words.iter_mut().zip(words) {
            *there = text.is_some();
            kept.clear();
            kept.push_str(text.unwrap_or_default());
        }
    }

    fn row(&self) -> FigureRow<'_> {
        let word = |n: usize| {
            let (there, text) = &self.words[n];
            there.then_some(text.as_str())
        };
        FigureRow {
            id: self.ids[0],
            case: self.ids[1],
            period: self.ids[2],
            state: self.state.unwrap_or(State::Missing),
            value: word(0),
            numerator: word(1),
            denominator: word(2),
            as_of: word(3),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(source: usize, as_of: &str, state: State, value: &str) -> Candidate {
        let some = |t: &str| (!t.is_empty()).then(|| t.to_owned());
        Candidate {
            measure: 0,
            reading: 0,
            source,
            as_of: some(as_of),
            state,
            value: some(value),
            numerator: None,
            denominator: None,
        }
    }

    fn values(all: &[Candidate]) -> Vec<&str> {
        let value = |n: usize| all[n].value.as_deref().unwrap_or(all[n].state.word());
        standing(all).into_iter().map(value).collect()
    }

    #[test]
    fn which_measures_stand() {
        use State::{Final, Missing, Provisional, Suppressed};
        let m = candidate;
        for (all, expected) in [
            (vec![m(0, "", Final, "5")], vec!["5"]),
            // Two sources.
            (vec![m(0, "", Final, "5"), m(1, "", Final, "5")], vec!["5"]),
            (
                vec![m(0, "", Final, "5"), m(1, "", Final, "6")],
                vec!["5", "6"],
            ),
            // Final before provisional, whatever their days.
            (
                vec![
                    m(0, "2018-01-01", Final, "5"),
                    m(0, "2018-02-01", Provisional, "6"),
                ],
                vec!["5"],
            ),
            (
                vec![m(0, "", Provisional, "5"), m(1, "", Provisional, "6")],
                vec!["5", "6"],
            ),
            // A later day of the same source, and of another.
            (
                vec![
                    m(0, "2018-02-01", Final, "6"),
                    m(0, "2018-01-01", Final, "5"),
                ],
                vec!["6"],
            ),
            (
                vec![
                    m(0, "2018-02-01", Final, "6"),
                    m(1, "2018-01-01", Final, "5"),
                ],
                vec!["6", "5"],
            ),
            // Without a day nothing is earlier.
            (
                vec![m(0, "", Final, "5"), m(0, "2018-01-01", Final, "6")],
                vec!["5", "6"],
            ),
            // What is not printed contradicts nobody else, but a later one of the same source takes its word back.
            (
                vec![m(0, "", Final, "5"), m(1, "", Suppressed, "")],
                vec!["5"],
            ),
            (
                vec![
                    m(0, "2018-01-01", Final, "5"),
                    m(0, "2018-02-01", Suppressed, ""),
                ],
                vec!["suppressed"],
            ),
            (
                vec![m(0, "", Missing, ""), m(1, "", Suppressed, "")],
                vec!["suppressed"],
            ),
        ] {
            assert_eq!(values(&all), expected, "{all:?}");
        }
    }
}
