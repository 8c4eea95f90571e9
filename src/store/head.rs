//! The head of the record: the number and the hash of an event. The hash covers all that went before, so a copy of a
//! head that is kept outside the study shows later whether the record, up to there, is still the one it was.

use rusqlite::{OptionalExtension, Row};

use super::releases::HANDED_OUT;
use super::{Result, Store};

/// Where the record stood after an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub event: i64,
    /// UTC, RFC 3339.
    pub at: String,
    pub hash: [u8; 32],
}

/// How many characters of a hash people read out to each other.
pub const SHORT: usize = 12;

impl Head {
    /// The hash in hex, 64 characters.
    pub fn hex(&self) -> String {
        use std::fmt::Write;
        self.hash
            .iter()
            .fold(String::with_capacity(64), |mut hex, b| {
                write!(hex, "{b:02x}").ok();
                hex
            })
    }

    /// `412:` and the hash, as `log verify --head` takes it.
    pub fn whole(&self) -> String {
        format!("{}:{}", self.event, self.hex())
    }

    /// `412:` and the first [`SHORT`] characters of the hash.
    pub fn short(&self) -> String {
        format!("{}:{}", self.event, &self.hex()[..SHORT])
    }
}

fn head(r: &Row) -> rusqlite::Result<Head> {
    let hash: Vec<u8> = r.get(2)?;
    Ok(Head {
        event: r.get(0)?,
        at: r.get(1)?,
        // A hash that somebody cut short is no event's.
        hash: hash.try_into().unwrap_or_default(),
    })
}

impl Store {
    /// The head of the record as it is.
    pub fn head(&self) -> Result<Option<Head>> {
        self.one_head(
            "SELECT id, at, hash FROM events ORDER BY id DESC LIMIT 1",
            &[],
        )
    }

    /// When the last event was, and its number, in a study of any format.
    pub fn last_moment(&self) -> Result<(String, i64)> {
        Ok(self.conn.query_row(
            "SELECT at, id FROM events ORDER BY id DESC LIMIT 1",
            [],
            |r| Ok((r.get(0)?, r.get(1)?)),
        )?)
    }

    /// The head after one event, if there is such an event.
    pub fn head_at(&self, event: i64) -> Result<Option<Head>> {
        self.one_head("SELECT id, at, hash FROM events WHERE id = ?1", &[&event])
    }

    /// The head after the last event that changed what reports are made of: that one was written changes none, so the
    /// same study prints the same head.
    pub fn report_head(&self) -> Result<Option<Head>> {
        let [report, copy] = HANDED_OUT;
        self.one_head(
            "SELECT id, at, hash FROM events WHERE op NOT IN (?1, ?2) ORDER BY id DESC LIMIT 1",
            &[&report, &copy],
        )
    }

    fn one_head(&self, sql: &str, values: &[&dyn rusqlite::ToSql]) -> Result<Option<Head>> {
        Ok(self
            .conn
            .prepare_cached(sql)?
            .query_row(values, head)
            .optional()?)
    }

    /// All heads, the oldest first.
    pub fn heads(&self) -> Result<Vec<Head>> {
        let mut all = self
            .conn
            .prepare_cached("SELECT id, at, hash FROM events ORDER BY id")?;
        Ok(all.query_map([], head)?.collect::<rusqlite::Result<_>>()?)
    }
}
