//! What the study asks of a statistic of agreement, and who says so.

use serde::Serialize;

use super::{Result, Store};

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Threshold {
    pub statistic: String,
    /// A decimal, as it was typed.
    pub at_least: String,
    /// What may be done from there on.
    pub meaning: String,
    pub source: String,
}

impl Store {
    /// All thresholds, by statistic, the lowest first.
    pub fn thresholds(&self) -> Result<Vec<Threshold>> {
        let mut all = self.conn.prepare_cached(
            "SELECT statistic, at_least, meaning, source FROM thresholds ORDER BY statistic, CAST(at_least AS REAL), at_least",
        )?;
        Ok(all
            .query_map([], |r| {
                Ok(Threshold {
                    statistic: r.get(0)?,
                    at_least: r.get(1)?,
                    meaning: r.get(2)?,
                    source: r.get(3)?,
                })
            })?
            .collect::<rusqlite::Result<_>>()?)
    }
}
