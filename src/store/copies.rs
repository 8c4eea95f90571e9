//! The register of files with contents of the study that are no reports: exports and backups. It is never taken back:
//! what was copied stays copied.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, params};

use super::door::new_uuid;
use super::{Result, Store, Tx};

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenCopy {
    pub id: i64,
    /// backup, quotes, codebook, frame, table …
    pub kind: String,
    /// As it was written to, absolute.
    pub path: String,
    /// Of the file.
    pub sha256: [u8; 32],
    pub event: i64,
    pub at: String,
    pub coder: String,
}

impl Store {
    /// All copies on the register, oldest first.
    pub fn copies(&self) -> Result<Vec<WrittenCopy>> {
        let mut all = self.conn.prepare_cached(
            "SELECT c.id, c.kind, c.path, c.sha256, c.event, e.at, e.coder FROM copies c JOIN events e ON e.id = c.event ORDER BY c.id",
        )?;
        Ok(all
            .query_map([], |r| {
                Ok(WrittenCopy {
                    id: r.get(0)?,
                    kind: r.get(1)?,
                    path: r.get(2)?,
                    sha256: r.get(3)?,
                    event: r.get(4)?,
                    at: r.get(5)?,
                    coder: r.get(6)?,
                })
            })?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// Whether what was last written there is on the register already, the same to the byte.
    pub fn is_registered(&self, path: &str, sha256: &[u8; 32]) -> Result<bool> {
        let last: Option<[u8; 32]> = self
            .conn
            .prepare_cached("SELECT sha256 FROM copies WHERE path = ?1 ORDER BY id DESC LIMIT 1")?
            .query_row([path], |r| r.get(0))
            .optional()?;
        Ok(last.as_ref() == Some(sha256))
    }

    /// The study's uuid in hex, in a study of any format.
    pub fn uuid(&self) -> Result<String> {
        Ok(self
            .conn
            .query_row("SELECT lower(hex(uuid)) FROM study", [], |r| r.get(0))?)
    }

    /// How many rows each table has but those of the record: what a copy must have too.
    pub fn row_counts(&self) -> Result<BTreeMap<String, i64>> {
        let mut counts = BTreeMap::new();
        let tables = super::schema::recorded_tables(&self.conn)?;
        for table in tables
            .iter()
            .map(String::as_str)
            .chain(["turns", "sections", "reflows", "events", "changes"])
        {
            counts.insert(table.to_owned(), self.count(table)?);
        }
        Ok(counts)
    }

    /// Runs `work` on the study as it is at this moment, whoever writes meanwhile.
    pub fn at_one_moment<T, E: From<super::Error>>(
        &self,
        work: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        let run = |sql: &str| {
            self.conn
                .execute_batch(sql)
                .map_err(|e| E::from(super::Error::from(e)))
        };
        // The first reading is what settles the moment.
        run("BEGIN; SELECT count(*) FROM study")?;
        let given = work();
        run("COMMIT")?;
        given
    }
}

impl Tx<'_> {
    /// Puts a copy on the register.
    pub fn add_copy(&self, kind: &str, path: &str, sha256: [u8; 32]) -> Result<i64> {
        self.conn.execute(
            "INSERT INTO copies (uuid, kind, path, sha256, event) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![new_uuid(), kind, path, sha256, self.event],
        )?;
        Ok(self.last_id())
    }
}
