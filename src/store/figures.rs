//! Figures as they are read for tables and roll-ups: all measures of an indicator in one stream, in the order of the
//! index, with no query for any of them. What is handed on is borrowed from the row.

use rusqlite::types::ValueRef;

use super::{Error, Result, Store};
use crate::domain::figure::State;

/// A measure while it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FigureRow<'r> {
    pub id: i64,
    pub case: i64,
    pub period: i64,
    pub state: State,
    pub value: Option<&'r str>,
    pub numerator: Option<&'r str>,
    pub denominator: Option<&'r str>,
    /// Where it differs from the reading's.
    pub as_of: Option<&'r str>,
}

/// What was settled for a case in a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettledRow {
    pub case: i64,
    pub period: i64,
    pub measure: i64,
    pub among: [u8; 32],
}

fn words(value: ValueRef<'_>) -> rusqlite::Result<Option<&str>> {
    Ok(value.as_str_or_null()?)
}

fn state(word: &str) -> rusqlite::Result<State> {
    // Every row asks: the most frequent first, and no list of words is built for it.
    Ok(match word {
        "final" => State::Final,
        "provisional" => State::Provisional,
        "suppressed" => State::Suppressed,
        "missing" => State::Missing,
        _ => {
            return Err(rusqlite::Error::FromSqlConversionFailure(
                3,
                rusqlite::types::Type::Text,
                "a state that there is not".into(),
            ));
        }
    })
}

impl Store {
    /// Hands the measures of an indicator to `each`, by case, period and then as they were read. `cases`: only of these;
    /// `None`: of all.
    pub fn each_figure_row<E: From<Error>>(
        &self,
        indicator: i64,
        cases: Option<&[i64]>,
        mut each: impl FnMut(FigureRow) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut sql = "SELECT id, case_id, period, state, value, numerator, denominator, as_of FROM measures WHERE indicator = ?1".to_owned();
        if let Some(cases) = cases {
            // Numbers of our own, so that nothing that was typed stands in the statement.
            let list: Vec<String> = cases.iter().map(ToString::to_string).collect();
            sql.push_str(&format!(" AND case_id IN ({})", list.join(", ")));
        }
        sql.push_str(" ORDER BY case_id, period, id");
        let mut all = self.conn.prepare(&sql).map_err(Error::from)?;
        let mut rows = all.query([indicator]).map_err(Error::from)?;
        while let Some(r) = rows.next().map_err(Error::from)? {
            let row = || {
                Ok(FigureRow {
                    id: r.get(0)?,
                    case: r.get(1)?,
                    period: r.get(2)?,
                    state: state(r.get_ref(3)?.as_str()?)?,
                    value: words(r.get_ref(4)?)?,
                    numerator: words(r.get_ref(5)?)?,
                    denominator: words(r.get_ref(6)?)?,
                    as_of: words(r.get_ref(7)?)?,
                })
            };
            each(row().map_err(|e: rusqlite::Error| Error::from(e))?)?;
        }
        Ok(())
    }

    /// The periods that an indicator has measures of, by their ids.
    pub fn measured_periods(&self, indicator: i64) -> Result<Vec<i64>> {
        let mut all = self.conn.prepare_cached(
            "SELECT DISTINCT period FROM measures WHERE indicator = ?1 ORDER BY period",
        )?;
        Ok(all
            .query_map([indicator], |r| r.get(0))?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// What was settled for an indicator, by case and period.
    pub fn settled_figures_of(&self, indicator: i64) -> Result<Vec<SettledRow>> {
        let mut all = self.conn.prepare_cached(
            "SELECT case_id, period, measure, among FROM settled_figures WHERE indicator = ?1 ORDER BY case_id, period",
        )?;
        Ok(all
            .query_map([indicator], |r| {
                Ok(SettledRow {
                    case: r.get(0)?,
                    period: r.get(1)?,
                    measure: r.get(2)?,
                    among: r.get(3)?,
                })
            })?
            .collect::<rusqlite::Result<_>>()?)
    }
}
