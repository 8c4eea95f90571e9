//! The study's own row, its questions, its coders and its counters.

use rusqlite::{OptionalExtension, params};
use serde::Serialize;

use super::door::new_uuid;
use super::{Result, Store, Tx};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct StudyRow {
    #[serde(skip)]
    pub uuid: String,
    pub title: String,
    pub method: String,
    pub language: String,
    pub contact: Option<String>,
    pub withdraw_by: Option<String>,
    pub started: String,
    /// To how many people a citation must fit; none: [`K_LABELS`].
    pub k_labels: Option<i64>,
    /// How many people a printed count must have; none: [`K_COUNTS`].
    pub k_counts: Option<i64>,
    /// The day on which the study was over, from which retention counts.
    pub ended: Option<String>,
    pub questions: Vec<String>,
}

/// To how many people a citation must fit, where the study does not say it.
pub const K_LABELS: i64 = 3;

/// How many people a printed count must have, where the study does not say it.
pub const K_COUNTS: i64 = 5;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coder {
    pub id: i64,
    pub name: String,
}

impl Store {
    pub fn study(&self) -> Result<StudyRow> {
        let mut study = self.conn.query_row("SELECT lower(hex(uuid)), title, method, language, contact, withdraw_by, started, k_labels, k_counts, ended FROM study", [], |r| {
            Ok(StudyRow {
                uuid: r.get(0)?,
                title: r.get(1)?,
                method: r.get(2)?,
                language: r.get(3)?,
                contact: r.get(4)?,
                withdraw_by: r.get(5)?,
                started: r.get(6)?,
                k_labels: r.get(7)?,
                k_counts: r.get(8)?,
                ended: r.get(9)?,
                questions: Vec::new(),
            })
        })?;
        let mut questions = self
            .conn
            .prepare("SELECT text FROM questions ORDER BY position, id")?;
        study.questions = questions
            .query_map([], |r| r.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        Ok(study)
    }

    pub fn coders(&self) -> Result<Vec<Coder>> {
        let mut all = self
            .conn
            .prepare_cached("SELECT id, name FROM coders ORDER BY name")?;
        Ok(all
            .query_map([], |r| {
                Ok(Coder {
                    id: r.get(0)?,
                    name: r.get(1)?,
                })
            })?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// One number kept at hand; see the table `counters`.
    pub fn counter(&self, name: &str) -> Result<i64> {
        Ok(self
            .conn
            .query_row("SELECT n FROM counters WHERE name = ?1", [name], |r| {
                r.get(0)
            })?)
    }

    /// Rows in each of the small tables, for `status`.
    pub fn count(&self, table: &str) -> Result<i64> {
        Ok(self
            .conn
            .query_row(&format!("SELECT count(*) FROM {table}"), [], |r| r.get(0))?)
    }

    /// Turns and words in the present revisions; an index has them all, so that no text is touched.
    pub fn totals(&self) -> Result<(i64, i64)> {
        let sql = "SELECT ifnull(sum(r.turns), 0), ifnull(sum(r.words), 0) FROM transcripts t
             JOIN revisions r INDEXED BY revisions_counts ON r.transcript = t.id AND r.number = t.revision";
        Ok(self
            .conn
            .query_row(sql, [], |r| Ok((r.get(0)?, r.get(1)?)))?)
    }
}

impl Tx<'_> {
    pub fn put_study(&self, study: &StudyRow) -> Result<()> {
        let there: bool = self
            .conn
            .query_row("SELECT EXISTS (SELECT 1 FROM study)", [], |r| r.get(0))?;
        if there {
            self.conn.execute(
                "UPDATE study SET title = ?1, method = ?2, language = ?3, contact = ?4, withdraw_by = ?5, k_labels = ?6, k_counts = ?7, ended = ?8 WHERE id = 1",
                params![study.title, study.method, study.language, study.contact, study.withdraw_by, study.k_labels, study.k_counts, study.ended],
            )?;
        } else {
            self.conn.execute(
                "INSERT INTO study (id, uuid, title, method, language, contact, withdraw_by, started, k_labels, k_counts) VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![new_uuid(), study.title, study.method, study.language, study.contact, study.withdraw_by, study.started, study.k_labels, study.k_counts],
            )?;
        }
        if self.study()?.questions != study.questions {
            self.conn.execute("DELETE FROM questions", [])?;
            for (n, text) in (1_i64..).zip(&study.questions) {
                self.conn.execute(
                    "INSERT INTO questions (position, text) VALUES (?1, ?2)",
                    params![n, text],
                )?;
            }
        }
        Ok(())
    }

    /// The coder of that name, added if new.
    pub fn coder(&self, name: &str) -> Result<i64> {
        let there: Option<i64> = self
            .conn
            .prepare_cached("SELECT id FROM coders WHERE name = ?1")?
            .query_row([name], |r| r.get(0))
            .optional()?;
        if let Some(id) = there {
            return Ok(id);
        }
        self.conn.execute(
            "INSERT INTO coders (uuid, name) VALUES (?1, ?2)",
            params![new_uuid(), name],
        )?;
        Ok(self.last_id())
    }

    /// Keeps what a rule was asked. A rule of that name must ask the same again.
    pub fn put_rule(&self, coder: i64, query: &str, theme: i64, spread: &str) -> Result<()> {
        self.conn.execute(
            "INSERT INTO rules (coder, query, theme, spread) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (coder) DO UPDATE SET query = excluded.query, theme = excluded.theme, spread = excluded.spread",
            params![coder, query, theme, spread],
        )?;
        Ok(())
    }

    /// Sets `n` numbers of a counter aside and gives the first.
    pub(super) fn reserve(&self, counter: &str, n: i64) -> Result<i64> {
        let last: i64 = self
            .conn
            .prepare_cached("UPDATE counters SET n = n + ?2 WHERE name = ?1 RETURNING n")?
            .query_row(params![counter, n], |r| r.get(0))?;
        Ok(last - n + 1)
    }
}
