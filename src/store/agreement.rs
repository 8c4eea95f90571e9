//! Double coding: samples drawn for it, settlements of what two coded differently, and the thresholds that a study asks
//! of a statistic.

use rusqlite::types::Type;
use rusqlite::{Row, params};

use super::cases::taken;
use super::codings::range;
use super::door::new_uuid;
use super::{Error, Result, Store, Tx};
use crate::error::did_you_mean;

/// A sample of transcripts to be coded twice, as it was drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    pub id: i64,
    pub name: String,
    /// Planned share of the words, as it was typed: `20%`.
    pub share: String,
    pub seed: i64,
    /// The dimensions that it is spread over: `case`, `attr:sector`.
    pub strata: Vec<String>,
    /// What narrowed the transcripts that it was drawn from: `case=alder`.
    pub filters: Vec<String>,
    /// How many transcripts it was drawn from, and how many words they had then.
    pub eligible: i64,
    pub words: i64,
    /// Who drew it, and when.
    pub coder: String,
    pub at: String,
}

/// A transcript of a sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sampled {
    pub transcript: i64,
    /// Its value along each of the sample's dimensions, when it was drawn.
    pub stratum: Vec<String>,
}

/// How a disagreement was settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    pub id: i64,
    pub transcript: i64,
    /// boundary, theme or presence.
    pub kind: String,
    pub first_coder: i64,
    pub second_coder: i64,
    /// The codings at stake, the first coder's first: two, or one where the other coded nothing.
    pub codings: Vec<i64>,
    /// Digest of their themes and words when it was settled.
    pub basis: [u8; 32],
    /// first, second, both, neither or other.
    pub keeps: String,
    pub why: String,
    /// Who settled it, and when, as which event.
    pub coder: String,
    pub at: String,
    pub event: i64,
}

/// A settlement to be written.
#[derive(Clone, Debug)]
pub struct NewSettlement<'a> {
    pub transcript: i64,
    pub kind: &'a str,
    pub first_coder: i64,
    pub second_coder: i64,
    pub codings: &'a [i64],
    pub basis: [u8; 32],
    pub keeps: &'a str,
    pub why: &'a str,
    pub coder: i64,
}

/// What the study asks of a statistic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Threshold {
    pub id: i64,
    pub statistic: String,
    /// A decimal, as it was typed: `0.800`.
    pub at_least: String,
    /// What may be done from there on.
    pub meaning: String,
    /// Who says so.
    pub source: String,
}

/// A column that holds a JSON array.
fn list<T: serde::de::DeserializeOwned>(r: &Row, column: usize) -> rusqlite::Result<Vec<T>> {
    serde_json::from_str(&r.get::<_, String>(column)?)
        .map_err(|e| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(e)))
}

/// Words and numbers as a JSON array.
fn json<T: serde::Serialize>(all: &[T]) -> String {
    serde_json::to_string(all).unwrap_or_default()
}

fn sample(r: &Row) -> rusqlite::Result<Sample> {
    Ok(Sample {
        id: r.get(0)?,
        name: r.get(1)?,
        share: r.get(2)?,
        seed: r.get(3)?,
        strata: list(r, 4)?,
        filters: list(r, 5)?,
        eligible: r.get(6)?,
        words: r.get(7)?,
        coder: r.get(8)?,
        at: r.get(9)?,
    })
}

const SETTLEMENT: &str = "SELECT s.id, s.transcript, s.kind, s.first_coder, s.second_coder, s.codings, s.basis, s.keeps, s.why, k.name, e.at, s.event
    FROM settlements s JOIN coders k ON k.id = s.coder JOIN events e ON e.id = s.event";

fn settlement(r: &Row) -> rusqlite::Result<Settlement> {
    Ok(Settlement {
        id: r.get(0)?,
        transcript: r.get(1)?,
        kind: r.get(2)?,
        first_coder: r.get(3)?,
        second_coder: r.get(4)?,
        codings: list(r, 5)?,
        basis: r.get(6)?,
        keeps: r.get(7)?,
        why: r.get(8)?,
        coder: r.get(9)?,
        at: r.get(10)?,
        event: r.get(11)?,
    })
}

impl Store {
    /// All samples, by name.
    pub fn samples(&self) -> Result<Vec<Sample>> {
        let mut all = self.conn.prepare_cached("SELECT s.id, s.name, s.share, s.seed, s.strata, s.filters, s.eligible, s.words, e.coder, e.at FROM samples s JOIN events e ON e.id = s.event ORDER BY s.name")?;
        Ok(all
            .query_map([], sample)?
            .collect::<rusqlite::Result<_>>()?)
    }

    pub fn sample(&self, name: &str) -> Result<Sample> {
        let all = self.samples()?;
        let near = did_you_mean(name, all.iter().map(|s| s.name.as_str()));
        all.into_iter()
            .find(|s| s.name.eq_ignore_ascii_case(name))
            .ok_or_else(|| Error::Unknown {
                what: "sample",
                name: crate::domain::span::printable(name).into_owned(),
                near,
                list: "agreement sample list",
            })
    }

    /// The transcripts of a sample, in the order of their slugs.
    pub fn sampled(&self, sample: i64) -> Result<Vec<Sampled>> {
        let mut all = self.conn.prepare_cached("SELECT d.transcript, d.stratum FROM sampled d JOIN transcripts t ON t.id = d.transcript WHERE d.sample = ?1 ORDER BY length(t.slug), t.slug")?;
        Ok(all
            .query_map([sample], |r| {
                Ok(Sampled {
                    transcript: r.get(0)?,
                    stratum: list(r, 1)?,
                })
            })?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// Who coded a transcript: ids of coders with a coding that has its place, and how many they have there.
    pub fn coders_of(&self, transcript: i64) -> Result<Vec<(i64, i64)>> {
        let (from, to) = range(transcript);
        let mut all = self.conn.prepare_cached("SELECT coder, count(*) FROM codings WHERE id BETWEEN ?1 AND ?2 AND pending IS NULL GROUP BY coder ORDER BY coder")?;
        Ok(all
            .query_map([from, to], |r| Ok((r.get(0)?, r.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// The settlements of one transcript, or of all, oldest first.
    pub fn settlements(&self, transcript: Option<i64>) -> Result<Vec<Settlement>> {
        let of_one = "WHERE s.transcript = ?1";
        let every = "WHERE ?1 IS NULL";
        let which = if transcript.is_some() { of_one } else { every };
        let mut all = self
            .conn
            .prepare_cached(&format!("{SETTLEMENT} {which} ORDER BY s.id"))?;
        Ok(all
            .query_map([transcript], settlement)?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// What the study asks of statistics: by statistic, the highest value first.
    pub fn thresholds(&self) -> Result<Vec<Threshold>> {
        let mut all = self.conn.prepare_cached("SELECT id, statistic, at_least, meaning, source FROM thresholds ORDER BY statistic, CAST(at_least AS REAL) DESC, id")?;
        Ok(all
            .query_map([], |r| {
                Ok(Threshold {
                    id: r.get(0)?,
                    statistic: r.get(1)?,
                    at_least: r.get(2)?,
                    meaning: r.get(3)?,
                    source: r.get(4)?,
                })
            })?
            .collect::<rusqlite::Result<_>>()?)
    }
}

impl Tx<'_> {
    /// Keeps a sample with its transcripts. `new.id`, `new.coder` and `new.at` are not read: the event says them.
    pub fn add_sample(&self, new: &Sample, transcripts: &[Sampled]) -> Result<i64> {
        self.conn
            .prepare_cached("INSERT INTO samples (uuid, name, share, seed, strata, filters, eligible, words, event) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?
            .execute(params![
                new_uuid(),
                new.name,
                new.share,
                new.seed,
                json(&new.strata),
                json(&new.filters),
                new.eligible,
                new.words,
                self.event
            ])
            .map_err(|e| taken(e, "sample", &new.name))?;
        let id = self.last_id();
        let mut put = self.conn.prepare_cached(
            "INSERT INTO sampled (sample, transcript, stratum) VALUES (?1, ?2, ?3)",
        )?;
        for one in transcripts {
            put.execute(params![id, one.transcript, json(&one.stratum)])?;
        }
        Ok(id)
    }

    /// Forgets a sample. Its transcripts and their codings stay.
    pub fn remove_sample(&self, id: i64) -> Result<()> {
        self.conn
            .execute("DELETE FROM sampled WHERE sample = ?1", [id])?;
        self.conn
            .execute("DELETE FROM samples WHERE id = ?1", [id])?;
        Ok(())
    }

    pub fn add_settlement(&self, new: &NewSettlement) -> Result<i64> {
        self.conn
            .prepare_cached("INSERT INTO settlements (uuid, transcript, kind, first_coder, second_coder, codings, basis, keeps, why, coder, event) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")?
            .execute(params![
                new_uuid(),
                new.transcript,
                new.kind,
                new.first_coder,
                new.second_coder,
                json(new.codings),
                new.basis,
                new.keeps,
                new.why,
                new.coder,
                self.event
            ])?;
        Ok(self.last_id())
    }

    pub fn remove_settlement(&self, id: i64) -> Result<()> {
        self.conn
            .prepare_cached("DELETE FROM settlements WHERE id = ?1")?
            .execute([id])?;
        Ok(())
    }

    pub fn add_threshold(&self, new: &Threshold) -> Result<i64> {
        self.conn.execute(
            "INSERT INTO thresholds (statistic, at_least, meaning, source) VALUES (?1, ?2, ?3, ?4)",
            params![new.statistic, new.at_least, new.meaning, new.source],
        )?;
        Ok(self.last_id())
    }

    pub fn remove_threshold(&self, id: i64) -> Result<()> {
        self.conn
            .execute("DELETE FROM thresholds WHERE id = ?1", [id])?;
        Ok(())
    }

    /// Settlements follow a coding that is taken over into another transcript under another id.
    pub(super) fn hand_over_settlements(&self, from: i64, to: i64) -> Result<()> {
        let (before, after) = (super::transcript_of(from), super::transcript_of(to));
        // One that holds two codings went along with the first of them.
        for transcript in [before, after] {
            for old in self.settlements(Some(transcript))? {
                if !old.codings.contains(&from) {
                    continue;
                }
                let now: Vec<i64> = old
                    .codings
                    .iter()
                    .map(|c| if *c == from { to } else { *c })
                    .collect();
                self.conn
                    .prepare_cached(
                        "UPDATE settlements SET codings = ?2, transcript = ?3 WHERE id = ?1",
                    )?
                    .execute(params![old.id, json(&now), after])?;
            }
        }
        Ok(())
    }
}
