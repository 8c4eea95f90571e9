//! Who withdrew, how and when they asked for it; and what of the study is a person's, counted.

use rusqlite::{OptionalExtension, Row, params};

use super::door::new_uuid;
use super::{Result, Store, Tx};

/// The operation that erases a person. Nothing takes it back.
pub const ERASE: &str = "withdraw erase";
/// The operation that erases earlier texts. Nothing takes it back.
pub const ERASE_REVISIONS: &str = "erase revisions";

/// A withdrawal on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdrawal {
    pub id: i64,
    /// The participant's id; after an erase there is no such row any more.
    pub participant: i64,
    /// By which a copy is known to hold an erased person.
    pub uuid: [u8; 16],
    pub code: String,
    /// `stop`, `exclude` or `erase`.
    pub mode: String,
    /// The day on which the participant asked for it.
    pub asked: String,
    /// What it reached: JSON of counts.
    pub reached: String,
    pub event: i64,
    /// When it was done. UTC.
    pub at: String,
}

/// A withdrawal to be written.
#[derive(Clone, Copy, Debug)]
pub struct NewWithdrawal<'a> {
    pub participant: i64,
    pub uuid: [u8; 16],
    pub code: &'a str,
    pub mode: &'a str,
    pub asked: &'a str,
    pub reached: &'a str,
}

const WITHDRAWAL: &str =
    "SELECT w.id, w.participant, w.participant_uuid, w.code, w.mode, w.asked, w.reached, w.event, e.at
    FROM withdrawals w JOIN events e ON e.id = w.event";

fn withdrawal(r: &Row) -> rusqlite::Result<Withdrawal> {
    Ok(Withdrawal {
        id: r.get(0)?,
        participant: r.get(1)?,
        uuid: r.get(2)?,
        code: r.get(3)?,
        mode: r.get(4)?,
        asked: r.get(5)?,
        reached: r.get(6)?,
        event: r.get(7)?,
        at: r.get(8)?,
    })
}

/// What of the study is a person's, but transcripts and codings: rows in each table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PersonsRows {
    pub consents: i64,
    pub responses: i64,
    pub values: i64,
    pub memos: i64,
    pub milestones: i64,
}

impl Store {
    /// All withdrawals, oldest first.
    pub fn withdrawals(&self) -> Result<Vec<Withdrawal>> {
        let mut all = self
            .conn
            .prepare_cached(&format!("{WITHDRAWAL} ORDER BY w.id"))?;
        Ok(all
            .query_map([], withdrawal)?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// How a participant withdrew, the furthest-reaching first; none who did not.
    pub fn withdrawal_of(&self, participant: i64) -> Result<Option<Withdrawal>> {
        let mut one = self.conn.prepare_cached(&format!(
            "{WITHDRAWAL} WHERE w.participant = ?1
             ORDER BY CASE w.mode WHEN 'erase' THEN 0 WHEN 'exclude' THEN 1 ELSE 2 END, w.id LIMIT 1"
        ))?;
        Ok(one.query_row([participant], withdrawal).optional()?)
    }

    /// The participant's lasting id.
    pub fn participant_uuid(&self, id: i64) -> Result<[u8; 16]> {
        let mut one = self
            .conn
            .prepare_cached("SELECT uuid FROM participants WHERE id = ?1")?;
        Ok(one.query_row([id], |r| r.get(0))?)
    }

    /// The code of the participant with that lasting id, if the study holds them.
    pub fn code_of_uuid(&self, uuid: &[u8; 16]) -> Result<Option<String>> {
        let mut one = self
            .conn
            .prepare_cached("SELECT code FROM participants WHERE uuid = ?1")?;
        Ok(one.query_row([&uuid[..]], |r| r.get(0)).optional()?)
    }

    /// The day on which a participant first signed.
    pub fn first_consent(&self, participant: i64) -> Result<Option<String>> {
        let mut one = self
            .conn
            .prepare_cached("SELECT min(signed) FROM consents WHERE participant = ?1")?;
        Ok(one.query_row([participant], |r| r.get(0))?)
    }

    /// What of the study is this person's, but transcripts and codings.
    pub fn rows_of_person(&self, id: i64) -> Result<PersonsRows> {
        let sql = "SELECT (SELECT count(*) FROM consents WHERE participant = ?1), (SELECT count(*) FROM responses WHERE participant = ?1),
            (SELECT count(*) FROM attribute_values WHERE participant_id = ?1), (SELECT count(*) FROM memos WHERE participant_id = ?1),
            (SELECT count(*) FROM milestones WHERE participant = ?1)";
        Ok(self.conn.query_row(sql, [id], |r| {
            Ok(PersonsRows {
                consents: r.get(0)?,
                responses: r.get(1)?,
                values: r.get(2)?,
                memos: r.get(3)?,
                milestones: r.get(4)?,
            })
        })?)
    }

    /// Files that were written with contents of the study: exports and backups, oldest first: kind, path, SHA-256.
    pub fn copies_written(&self) -> Result<Vec<(String, String, [u8; 32])>> {
        let mut all = self
            .conn
            .prepare_cached("SELECT kind, path, sha256 FROM copies ORDER BY id")?;
        Ok(all
            .query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// Where reports, exports and backups were written to, each path once.
    pub fn paths_written(&self) -> Result<Vec<String>> {
        let mut all = self.conn.prepare(
            "SELECT path FROM copies UNION SELECT path FROM releases WHERE path IS NOT NULL",
        )?;
        Ok(all
            .query_map([], |r| r.get(0))?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// Where a report on the register was written to, where that is known.
    pub fn release_path(&self, id: i64) -> Result<Option<String>> {
        let mut one = self
            .conn
            .prepare_cached("SELECT path FROM releases WHERE id = ?1")?;
        Ok(one.query_row([id], |r| r.get(0)).optional()?.flatten())
    }
}

impl Tx<'_> {
    pub fn add_withdrawal(&self, new: &NewWithdrawal) -> Result<i64> {
        self.conn.execute(
            "INSERT INTO withdrawals (uuid, participant, participant_uuid, code, mode, asked, reached, event) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                new_uuid(),
                new.participant,
                &new.uuid[..],
                new.code,
                new.mode,
                new.asked,
                new.reached,
                self.event
            ],
        )?;
        Ok(self.last_id())
    }
}
