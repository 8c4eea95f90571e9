//! Indicators, how they are rolled up, and the periods that figures are of.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Row, params};
use rust_decimal::Decimal;

use super::cases::taken;
use super::door::new_uuid;
use super::{Error, Result, Store, Tx};
use crate::domain::figure::{Basis, Better, OverTime, Rule, Scale, Shared, canonical};
use crate::domain::period::Period;
use crate::error::did_you_mean;

/// A defined figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Indicator {
    /// 0 of one that is not written yet.
    pub id: i64,
    pub slug: String,
    pub name: String,
    pub scale: Scale,
    pub unit: String,
    pub better: Better,
    /// Of bands: in order, the best first. Otherwise none.
    pub bands: Vec<String>,
    pub basis: Basis,
    /// The kind of case that it is measured at; none: any.
    pub level: Option<String>,
    /// Digits behind the point, as shown.
    pub decimals: u32,
    pub least: Option<Decimal>,
    pub most: Option<Decimal>,
    pub definition: Option<String>,
    /// Who defines it.
    pub source: Option<String>,
}

/// How figures of parts become the figure of their system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rollup {
    pub indicator: i64,
    pub rule: Rule,
    /// The indicator that weighs.
    pub weight: Option<i64>,
    /// Of `mean-score`: band to score.
    pub scores: BTreeMap<String, Decimal>,
    pub shared: Shared,
    pub over_time: OverTime,
    pub why: String,
}

const INDICATOR: &str = "SELECT id, slug, name, scale, unit, better, bands, basis, level, decimals, least, most, definition, source FROM indicators";

/// A text of the file that can't be read as what it must be: somebody else wrote it.
fn unread(column: usize, what: &'static str) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, what.into())
}

fn parsed<T: std::str::FromStr>(r: &Row, column: usize) -> rusqlite::Result<T> {
    let text: String = r.get(column)?;
    text.parse()
        .map_err(|_| unread(column, "a word or number that is none"))
}

fn json<T: serde::de::DeserializeOwned>(r: &Row, column: usize) -> rusqlite::Result<Option<T>> {
    let text: Option<String> = r.get(column)?;
    text.map(|t| serde_json::from_str(&t).map_err(|_| unread(column, "no JSON of its kind")))
        .transpose()
}

fn decimal(r: &Row, column: usize) -> rusqlite::Result<Option<Decimal>> {
    let text: Option<String> = r.get(column)?;
    text.map(|t| t.parse().map_err(|_| unread(column, "no decimal")))
        .transpose()
}

fn indicator(r: &Row) -> rusqlite::Result<Indicator> {
    Ok(Indicator {
        id: r.get(0)?,
        slug: r.get(1)?,
        name: r.get(2)?,
        scale: parsed(r, 3)?,
        unit: r.get(4)?,
        better: parsed(r, 5)?,
        bands: json(r, 6)?.unwrap_or_default(),
        basis: json(r, 7)?.unwrap_or_default(),
        level: r.get(8)?,
        decimals: r.get(9)?,
        least: decimal(r, 10)?,
        most: decimal(r, 11)?,
        definition: r.get(12)?,
        source: r.get(13)?,
    })
}

fn rollup(r: &Row) -> rusqlite::Result<Rollup> {
    let scores: BTreeMap<String, String> = json(r, 3)?.unwrap_or_default();
    Ok(Rollup {
        indicator: r.get(0)?,
        rule: parsed(r, 1)?,
        weight: r.get(2)?,
        scores: scores
            .into_iter()
            .map(|(band, score)| {
                let score = score.parse().map_err(|_| unread(3, "no decimal"))?;
                Ok((band, score))
            })
            .collect::<rusqlite::Result<_>>()?,
        shared: parsed(r, 4)?,
        over_time: parsed(r, 5)?,
        why: r.get(6)?,
    })
}

impl Store {
    pub fn indicators(&self) -> Result<Vec<Indicator>> {
        let mut all = self
            .conn
            .prepare_cached(&format!("{INDICATOR} ORDER BY slug"))?;
        Ok(all
            .query_map([], indicator)?
            .collect::<rusqlite::Result<_>>()?)
    }

    pub fn find_indicator(&self, slug: &str) -> Result<Option<Indicator>> {
        Ok(self
            .conn
            .prepare_cached(&format!("{INDICATOR} WHERE slug = ?1"))?
            .query_row([slug], indicator)
            .optional()?)
    }

    pub fn indicator(&self, slug: &str) -> Result<Indicator> {
        if let Some(found) = self.find_indicator(slug)? {
            return Ok(found);
        }
        let all = self.indicators()?;
        Err(Error::Unknown {
            what: "indicator",
            name: crate::domain::span::printable(slug).into_owned(),
            near: did_you_mean(slug, all.iter().map(|i| i.slug.as_str())),
            list: "indicator list",
        })
    }

    /// Every rule, by the indicator that it is of.
    pub fn rollups(&self) -> Result<Vec<Rollup>> {
        let mut all = self.conn.prepare_cached(
            "SELECT indicator, rule, weight, scores, shared, over_time, why FROM rollups ORDER BY indicator",
        )?;
        Ok(all
            .query_map([], rollup)?
            .collect::<rusqlite::Result<_>>()?)
    }

    pub fn rollup(&self, indicator: i64) -> Result<Option<Rollup>> {
        Ok(self
            .conn
            .prepare_cached("SELECT indicator, rule, weight, scores, shared, over_time, why FROM rollups WHERE indicator = ?1")?
            .query_row([indicator], rollup)
            .optional()?)
    }

    /// What leans on an indicator: (readings that have measures of it, roll-ups that are weighted by it).
    pub fn indicator_uses(&self, id: i64) -> Result<[i64; 2]> {
        Ok(self.conn.query_row(
            "SELECT (SELECT count(*) FROM reading_scopes WHERE indicator = ?1), (SELECT count(*) FROM rollups WHERE weight = ?1)",
            [id],
            |r| Ok([r.get(0)?, r.get(1)?]),
        )?)
    }

    /// Every period that figures are of, with its id, the earliest first; of those that begin together the shorter first.
    pub fn periods(&self) -> Result<Vec<(i64, Period)>> {
        let mut all = self
            .conn
            .prepare_cached("SELECT id, label FROM periods ORDER BY from_date, to_date, label")?;
        Ok(all
            .query_map([], |r| Ok((r.get(0)?, parsed(r, 1)?)))?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// The id of a period, if figures were of it.
    pub fn find_period(&self, period: &Period) -> Result<Option<i64>> {
        Ok(self
            .conn
            .prepare_cached("SELECT id FROM periods WHERE from_date = ?1 AND to_date = ?2 ORDER BY label <> ?3, id LIMIT 1")?
            .query_row([period.from().to_string(), period.to().to_string(), period.label().to_owned()], |r| r.get(0))
            .optional()?)
    }
}

impl Tx<'_> {
    /// Adds an indicator, or writes it anew where its id is set. Gives the id.
    pub fn put_indicator(&self, i: &Indicator) -> Result<i64> {
        let bands = (i.scale == Scale::Bands).then(|| as_json(&i.bands));
        let decimal = |d: Option<Decimal>| d.map(canonical);
        let values = params![
            i.id,
            i.slug,
            i.name,
            i.scale.word(),
            i.unit,
            i.better.word(),
            bands,
            as_json(&i.basis),
            i.level,
            i.decimals,
            decimal(i.least),
            decimal(i.most),
            i.definition,
            i.source,
            new_uuid(),
        ];
        let sql = if i.id == 0 {
            "INSERT INTO indicators (id, slug, name, scale, unit, better, bands, basis, level, decimals, least, most, definition, source, uuid)
             VALUES (nullif(?1, 0), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)"
        } else {
            "UPDATE indicators SET slug = ?2, name = ?3, scale = ?4, unit = ?5, better = ?6, bands = ?7, basis = ?8, level = ?9, decimals = ?10,
             least = ?11, most = ?12, definition = ?13, source = ?14 WHERE id = ?1 AND ?15 IS NOT NULL"
        };
        self.conn
            .prepare_cached(sql)?
            .execute(values)
            .map_err(|e| taken(e, "indicator", &i.slug))?;
        Ok(if i.id == 0 { self.last_id() } else { i.id })
    }

    /// Removes an indicator with its rule. Whether measures or other rules need it is the caller's question.
    pub fn remove_indicator(&self, id: i64) -> Result<()> {
        self.conn
            .execute("DELETE FROM rollups WHERE indicator = ?1", [id])?;
        self.conn
            .execute("DELETE FROM indicators WHERE id = ?1", [id])?;
        Ok(())
    }

    /// Writes the rule of an indicator in the place of the one that it had.
    pub fn put_rollup(&self, r: &Rollup) -> Result<()> {
        if self.rollup(r.indicator)?.as_ref() == Some(r) {
            return Ok(());
        }
        let scores = (r.rule == Rule::MeanScore).then(|| {
            let plain: BTreeMap<&str, String> = r
                .scores
                .iter()
                .map(|(band, score)| (band.as_str(), canonical(*score)))
                .collect();
            as_json(&plain)
        });
        self.conn
            .prepare_cached(
                "INSERT INTO rollups (uuid, indicator, rule, weight, scores, shared, over_time, why, event) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
                 ON CONFLICT (indicator) DO UPDATE SET rule = excluded.rule, weight = excluded.weight, scores = excluded.scores,
                 shared = excluded.shared, over_time = excluded.over_time, why = excluded.why, event = excluded.event",
            )?
            .execute(params![
                new_uuid(),
                r.indicator,
                r.rule.word(),
                r.weight,
                scores,
                r.shared.word(),
                r.over_time.word(),
                r.why,
                self.event
            ])?;
        Ok(())
    }

    /// Takes the rule of an indicator away. Whether there was one.
    pub fn remove_rollup(&self, indicator: i64) -> Result<bool> {
        Ok(self
            .conn
            .execute("DELETE FROM rollups WHERE indicator = ?1", [indicator])?
            > 0)
    }

    /// The id of a period, which is written if it is not there yet.
    pub fn period(&self, period: &Period) -> Result<i64> {
        if let Some(id) = self.find_period(period)? {
            return Ok(id);
        }
        self.conn
            .prepare_cached("INSERT INTO periods (label, from_date, to_date) VALUES (?1, ?2, ?3)")?
            .execute(params![
                period.label(),
                period.from().to_string(),
                period.to().to_string()
            ])?;
        Ok(self.last_id())
    }
}

fn as_json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
