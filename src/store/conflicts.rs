//! Places where more than one reading has a measure, and what was decided there. Set-wise, over the index of places.

use rusqlite::{Row, params};

use super::door::new_uuid;
use super::{Error, Measure, Result, Store, Tx};

/// What was decided where sources disagree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettledFigure {
    pub id: i64,
    pub indicator: i64,
    pub case: i64,
    pub period: i64,
    /// Whose measure holds.
    pub reading: i64,
    pub measure: i64,
    /// Digest of the measures that it was decided among.
    pub among: [u8; 32],
    pub why: String,
    pub coder: String,
    pub at: String,
}

fn settled(r: &Row) -> rusqlite::Result<SettledFigure> {
    Ok(SettledFigure {
        id: r.get(0)?,
        indicator: r.get(1)?,
        case: r.get(2)?,
        period: r.get(3)?,
        reading: r.get(4)?,
        measure: r.get(5)?,
        among: r.get(6)?,
        why: r.get(7)?,
        coder: r.get(8)?,
        at: r.get(9)?,
    })
}

impl Store {
    /// Hands the measures of every place that has several to `each`, by indicator, case, period, and then as they were
    /// read. `indicators`: only of these; empty: of all.
    pub fn each_of_several<E: From<Error>>(
        &self,
        indicators: &[i64],
        mut each: impl FnMut(Measure) -> Result<(), E>,
    ) -> Result<(), E> {
        let only = if indicators.is_empty() {
            String::new()
        } else {
            // Numbers of our own, so that nothing that was typed stands in the statement.
            let list: Vec<String> = indicators.iter().map(ToString::to_string).collect();
            format!("WHERE indicator IN ({})", list.join(", "))
        };
        let mut all = self
            .conn
            .prepare(&format!(
                "WITH several AS MATERIALIZED (SELECT indicator, case_id, period FROM measures {only} GROUP BY indicator, case_id, period HAVING count(*) > 1)
                 SELECT {} FROM several s CROSS JOIN measures m ON m.indicator = s.indicator AND m.case_id = s.case_id AND m.period = s.period
                 ORDER BY m.indicator, m.case_id, m.period, m.id",
                super::readings::MEASURE
                    .split(", ")
                    .map(|c| format!("m.{c}"))
                    .collect::<Vec<_>>()
                    .join(", ")
            ))
            .map_err(Error::from)?;
        let mut rows = all.query([]).map_err(Error::from)?;
        while let Some(r) = rows.next().map_err(Error::from)? {
            each(super::readings::measure(r).map_err(Error::from)?)?;
        }
        Ok(())
    }

    /// Everything that was decided.
    pub fn settled_figures(&self) -> Result<Vec<SettledFigure>> {
        let mut all = self.conn.prepare_cached(
            "SELECT s.id, s.indicator, s.case_id, s.period, s.reading, s.measure, s.among, s.why, k.name, e.at
             FROM settled_figures s JOIN coders k ON k.id = s.coder JOIN events e ON e.id = s.event ORDER BY s.indicator, s.case_id, s.period",
        )?;
        Ok(all
            .query_map([], settled)?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// Whether other readings have measures of the same indicators as this one.
    pub fn has_company(&self, reading: i64) -> Result<bool> {
        Ok(self.conn.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM reading_scopes a JOIN reading_scopes b ON b.indicator = a.indicator AND b.reading <> a.reading WHERE a.reading = ?1 AND a.indicator IS NOT NULL)",
        )?
        .query_row([reading], |r| r.get(0))?)
    }
}

impl Tx<'_> {
    /// Writes which measure holds, in the place of what was decided there before.
    pub fn settle_figure(&self, coder: i64, new: &SettledFigure) -> Result<()> {
        self.conn
            .prepare_cached(
                "INSERT INTO settled_figures (uuid, indicator, case_id, period, reading, measure, among, why, coder, event) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
                 ON CONFLICT (indicator, case_id, period) DO UPDATE SET reading = excluded.reading, measure = excluded.measure, among = excluded.among,
                 why = excluded.why, coder = excluded.coder, event = excluded.event",
            )?
            .execute(params![
                new_uuid(),
                new.indicator,
                new.case,
                new.period,
                new.reading,
                new.measure,
                &new.among[..],
                new.why,
                coder,
                self.event
            ])?;
        Ok(())
    }

    pub fn reopen_figure(&self, id: i64) -> Result<()> {
        self.conn
            .execute("DELETE FROM settled_figures WHERE id = ?1", [id])?;
        Ok(())
    }
}
