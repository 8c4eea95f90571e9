//! An erase that is under way: what is left to do of it, and the work on the file's own bytes.

use rusqlite::{OptionalExtension, params};

use super::error::meaning;
use super::{Error, Result, Store, Tx};

/// What is left to do of an erase after its change is in the study.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasing {
    /// The event that erased.
    pub event: i64,
    /// What was done last.
    pub stage: String,
    /// Paths of files that are to go.
    pub files: Vec<String>,
    /// Keyed hashes of what was erased, to search the bytes for.
    pub probes: Vec<u8>,
}

impl Store {
    /// The oldest erase that is not finished.
    pub fn erasing(&self) -> Result<Option<Erasing>> {
        let mut one = self.conn.prepare_cached(
            "SELECT event, stage, files, probes FROM erasing ORDER BY event LIMIT 1",
        )?;
        Ok(one
            .query_row([], |r| {
                let files: String = r.get(2)?;
                Ok(Erasing {
                    event: r.get(0)?,
                    stage: r.get(1)?,
                    files: serde_json::from_str(&files).unwrap_or_default(),
                    probes: r.get(3)?,
                })
            })
            .optional()?)
    }

    /// Says what was done last of an erase.
    pub fn set_stage(&self, event: i64, stage: &str) -> Result<()> {
        self.conn
            .execute(
                "UPDATE erasing SET stage = ?2 WHERE event = ?1",
                params![event, stage],
            )
            .map_err(|e| meaning(e, &self.path))?;
        Ok(())
    }

    /// Forgets what an erase had to search for: it is done.
    pub fn end_erasing(&self, event: i64) -> Result<()> {
        self.conn
            .execute("DELETE FROM erasing WHERE event = ?1", [event])
            .map_err(|e| meaning(e, &self.path))?;
        self.empty_log()
    }

    /// Brings all of the log into the file and empties it.
    ///
    /// # Errors
    /// Refused while another program reads or writes the study: what it looks at can't be taken away.
    pub fn empty_log(&self) -> Result<()> {
        let busy: bool = self
            .conn
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |r| r.get(0))
            .map_err(|e| meaning(e, &self.path))?;
        if busy {
            return Err(Error::refused(
                "another program has the study open, so its log can't be emptied",
                "close what reads the study, then go on with: casebook status",
            ));
        }
        Ok(())
    }

    /// Writes the whole file anew, with nothing in it but what it holds.
    pub fn write_anew(&self) -> Result<()> {
        // The copy that is made on the way holds no more than the file does; in memory a large one would not fit.
        self.conn.execute_batch("PRAGMA temp_store = FILE")?;
        let done = self.conn.execute_batch("VACUUM");
        self.conn.execute_batch("PRAGMA temp_store = MEMORY")?;
        done.map_err(|e| meaning(e, &self.path))
    }
}

impl Tx<'_> {
    pub fn add_erasing(&self, files: &[String], probes: &[u8]) -> Result<()> {
        self.conn.execute(
            "INSERT INTO erasing (event, stage, files, probes) VALUES (?1, 'written', ?2, ?3)",
            params![
                self.event,
                serde_json::Value::from(files).to_string(),
                probes
            ],
        )?;
        Ok(())
    }
}
