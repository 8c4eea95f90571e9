//! An erase that is under way: what is left to do of it, and the work on the file's own bytes.

use rusqlite::params;

use super::error::meaning;
use super::{Error, Result, Store, Tx};

/// A file that is to go, and how it is known for the one that is meant.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct FileToGo {
    pub path: String,
    /// SHA-256, in hex, as it was written; none where that is not on record.
    pub sha256: Option<String>,
    /// A copy of the study: known by the study's uuid in it too.
    pub copy: bool,
}

/// What is left to do of an erase after its change is in the study.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasing {
    /// The event that erased.
    pub event: i64,
    /// What was done last.
    pub stage: String,
    /// Files that are to go.
    pub files: Vec<FileToGo>,
    /// Keyed hashes of what was erased, to search the bytes for.
    pub probes: Vec<u8>,
}

impl Store {
    /// The erases that are not finished, oldest first.
    pub fn erasing(&self) -> Result<Vec<Erasing>> {
        let mut all = self
            .conn
            .prepare_cached("SELECT event, stage, files, probes FROM erasing ORDER BY event")?;
        Ok(all
            .query_map([], |r| {
                let files: String = r.get(2)?;
                Ok(Erasing {
                    event: r.get(0)?,
                    stage: r.get(1)?,
                    files: serde_json::from_str(&files).unwrap_or_default(),
                    probes: r.get(3)?,
                })
            })?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// The files of an erase were removed, but those that could not be: no other is removed again.
    pub fn files_are_gone(&self, event: i64, but: &[FileToGo]) -> Result<()> {
        self.conn
            .execute(
                "UPDATE erasing SET stage = 'files', files = ?2 WHERE event = ?1",
                params![event, serde_json::json!(but).to_string()],
            )
            .map_err(|e| meaning(e, &self.path))?;
        Ok(())
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
    pub fn add_erasing(&self, files: &[FileToGo], probes: &[u8]) -> Result<()> {
        self.conn.execute(
            "INSERT INTO erasing (event, stage, files, probes) VALUES (?1, 'written', ?2, ?3)",
            params![self.event, serde_json::json!(files).to_string(), probes],
        )?;
        Ok(())
    }
}
