//! What only an erase may do: take a person's rows away, change the words of an immutable text, and take the words out of
//! the record so that its chain still holds.

use std::collections::{BTreeSet, HashMap, HashSet};

use rusqlite::params;
use rusqlite::types::ValueRef;
use serde_json::{Map, Value as Json};

use super::door::before_hash;
use super::erasures::marked;
use super::history::ChangeOp;
use super::schema;
use super::{Result, Store, Tx};

/// Where people write in their own words, and may have written another's: table and column.
pub const FREE_TEXT: &[(&str, &str)] = &[
    ("memos", "text"),
    ("frame_cells", "text"),
    ("findings", "claim"),
    ("findings", "detail"),
    ("findings", "looked"),
    ("rivals", "text"),
    ("rivals", "why"),
    ("evidence", "note"),
    ("predictions", "text"),
    ("predictions", "result_text"),
    ("themes", "definition"),
    ("themes", "full_definition"),
    ("themes", "include"),
    ("themes", "exclude"),
    ("themes", "example"),
    ("codebook_versions", "note"),
    ("settlements", "why"),
    ("checklist_items", "text"),
    ("checklist_items", "place"),
    ("responses", "text"),
    ("decisions", "why"),
    ("limits", "why"),
    ("consents", "approval"),
    ("attribute_values", "value"),
    ("questions", "text"),
    ("rules", "query"),
    ("cases", "name"),
    ("cases", "kind"),
    ("cases", "code"),
    ("phases", "name"),
    ("retention", "basis"),
    ("case_names", "name"),
    ("case_names", "source"),
    ("case_codes", "source"),
    ("cohorts", "name"),
    ("cohorts", "why"),
    ("cohorts", "source"),
    ("cohort_members", "part"),
    ("cohort_members", "why"),
    ("cohort_members", "source"),
    ("maturity_statements", "text"),
    ("assessments", "assessor"),
    ("assessments", "why"),
    ("assessments", "source"),
    ("goals", "name"),
    ("goals", "source"),
    ("goals_reached", "source"),
    ("claims", "planned_words"),
    ("claims", "reason"),
    ("claims", "source"),
    // A theme may be called by what somebody said.
    ("themes", "name"),
    ("attributes", "name"),
];

/// A row as it was before a change, as the record keeps it.
pub struct Past<'a> {
    pub event: i64,
    pub table: &'a str,
    pub row: i64,
    pub op: ChangeOp,
    pub image: &'a Map<String, Json>,
}

/// What becomes of it.
pub enum Fate {
    Keep,
    /// Its contents go; their hash stays.
    Erase,
    /// These stand in its place; the hash of what it was stays.
    Redact(Map<String, Json>),
}

impl Store {
    /// Runs `each` over all before-images, oldest first.
    pub fn each_image<E: From<super::Error>>(
        &self,
        mut each: impl FnMut(&Past) -> Result<(), E>,
    ) -> Result<(), E> {
        self.walk_images(None, |_, past, _, _| each(past))
    }

    /// Runs `each` over the before-images of rows of these tables, oldest first.
    pub fn each_image_of<E: From<super::Error>>(
        &self,
        tables: &[&str],
        mut each: impl FnMut(&Past) -> Result<(), E>,
    ) -> Result<(), E> {
        self.walk_images(Some(tables), |_, past, _, _| each(past))
    }

    fn walk_images<E: From<super::Error>>(
        &self,
        tables: Option<&[&str]>,
        mut each: impl FnMut(i64, &Past, [u8; 32], Option<&[u8]>) -> Result<(), E>,
    ) -> Result<(), E> {
        let fail = |e: rusqlite::Error| E::from(super::Error::from(e));
        let names = self.recorded_names()?;
        let mut all = self
            .conn
            .prepare("SELECT id, event, tab, row, op, before, erased FROM changes WHERE before IS NOT NULL ORDER BY id")
            .map_err(fail)?;
        let wanted: HashSet<i64> = names
            .iter()
            .filter(|(_, name)| tables.is_none_or(|t| t.contains(&name.as_str())))
            .map(|(tab, _)| *tab)
            .collect();
        let mut rows = all.query([]).map_err(fail)?;
        while let Some(r) = rows.next().map_err(fail)? {
            if !wanted.contains(&r.get(2).map_err(fail)?) {
                continue;
            }
            let (before, erased) = (r.get_ref(5).map_err(fail)?, r.get_ref(6).map_err(fail)?);
            let ValueRef::Text(json) = before else {
                continue;
            };
            let Ok(image) = serde_json::from_slice::<Map<String, Json>>(json) else {
                continue;
            };
            let tab: i64 = r.get(2).map_err(fail)?;
            let past = Past {
                event: r.get(1).map_err(fail)?,
                table: names.get(&tab).map_or("", String::as_str),
                row: r.get(3).map_err(fail)?,
                op: match r.get::<_, i64>(4).map_err(fail)? {
                    1 => ChangeOp::Added,
                    2 => ChangeOp::Edited,
                    _ => ChangeOp::Removed,
                },
                image: &image,
            };
            let mark = match erased {
                ValueRef::Blob(mark) => Some(mark),
                _ => None,
            };
            each(
                r.get(0).map_err(fail)?,
                &past,
                before_hash(before, erased),
                mark,
            )?;
        }
        Ok(())
    }

    pub(super) fn recorded_names(&self) -> Result<HashMap<i64, String>> {
        let mut all = self.conn.prepare_cached("SELECT id, name FROM recorded")?;
        Ok(all
            .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// Runs `each` over what people wrote in their own words: table, column, row, text.
    pub fn each_free_text<E: From<super::Error>>(
        &self,
        mut each: impl FnMut(&'static str, &'static str, i64, &str) -> Result<(), E>,
    ) -> Result<(), E> {
        let fail = |e: rusqlite::Error| E::from(super::Error::from(e));
        for (table, column) in FREE_TEXT {
            let sql = format!("SELECT id, {column} FROM {table} WHERE {column} IS NOT NULL");
            let mut all = self.conn.prepare(&sql).map_err(fail)?;
            let mut rows = all.query([]).map_err(fail)?;
            while let Some(r) = rows.next().map_err(fail)? {
                let text = r
                    .get_ref(1)
                    .and_then(|v| v.as_str().map_err(rusqlite::Error::from))
                    .map_err(fail)?;
                each(table, column, r.get(0).map_err(fail)?, text)?;
            }
        }
        Ok(())
    }

    /// Runs `each` over the names that people gave to phases, cases, quotas and the study: what it is, and the name. They
    /// are not changed by an erase: other things hang on them.
    pub fn each_name(&self, mut each: impl FnMut(&'static str, &str)) -> Result<()> {
        for (what, sql) in [
            (
                "phase",
                "SELECT name FROM phases UNION ALL SELECT slug FROM phases",
            ),
            (
                "case",
                "SELECT slug FROM cases UNION ALL SELECT kind FROM cases UNION ALL SELECT code FROM cases WHERE code IS NOT NULL",
            ),
            ("quota", "SELECT role FROM quotas WHERE role IS NOT NULL"),
            ("study", "SELECT title FROM study"),
        ] {
            let mut all = self.conn.prepare_cached(sql)?;
            let mut rows = all.query([])?;
            while let Some(r) = rows.next()? {
                if let ValueRef::Text(text) = r.get_ref(0)?
                    && let Ok(text) = std::str::from_utf8(text)
                {
                    each(what, text);
                }
            }
        }
        Ok(())
    }

    /// Runs `each` over every text that the file holds, of every table, the record and the schema itself included: table,
    /// column and text.
    pub fn each_string(&self, mut each: impl FnMut(&str, &str, &str)) -> Result<()> {
        let mut schema = self
            .conn
            .prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")?;
        let mut rows = schema.query([])?;
        while let Some(r) = rows.next()? {
            each(
                "sqlite_schema",
                "sql",
                r.get_ref(0)?.as_str().unwrap_or_default(),
            );
        }
        let mut names = self.conn.prepare(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> 'erasing'",
        )?;
        for table in names
            .query_map([], |r| r.get::<_, String>(0))?
            .collect::<rusqlite::Result<Vec<_>>>()?
        {
            let mut columns = self
                .conn
                .prepare("SELECT name FROM pragma_table_info(?1) WHERE type = 'TEXT'")?;
            let columns = columns
                .query_map([&table], |r| r.get::<_, String>(0))?
                .collect::<rusqlite::Result<Vec<_>>>()?;
            if columns.is_empty() {
                continue;
            }
            let list: Vec<String> = columns.iter().map(|c| format!("\"{c}\"")).collect();
            let mut all = self
                .conn
                .prepare(&format!("SELECT {} FROM {table}", list.join(", ")))?;
            let mut rows = all.query([])?;
            while let Some(r) = rows.next()? {
                for (n, column) in columns.iter().enumerate() {
                    if let ValueRef::Text(text) = r.get_ref(n)?
                        && let Ok(text) = std::str::from_utf8(text)
                    {
                        each(&table, column, text);
                    }
                }
            }
        }
        Ok(())
    }

    /// Whether the chain covers the hash of an event's reason, so that the reason can go without a trace of it kept.
    pub fn has_hashed_reason(&self, event: i64) -> Result<bool> {
        Ok(self.conn.query_row(
            "SELECT why_hash IS NOT NULL FROM events WHERE id = ?1",
            [event],
            |r| r.get(0),
        )?)
    }

    /// Labels of a transcript under which nobody speaks in any of its texts: ids.
    pub fn labels_without_turns(&self, transcript: i64) -> Result<Vec<i64>> {
        let mut all = self.conn.prepare(
            "SELECT id FROM speakers WHERE transcript = ?1 AND id NOT IN
             (SELECT u.speaker FROM revisions r JOIN turns u ON u.id BETWEEN r.first_turn AND r.first_turn + r.turns - 1
              WHERE r.transcript = ?1 AND u.speaker IS NOT NULL) ORDER BY id",
        )?;
        Ok(all
            .query_map([transcript], |r| r.get(0))?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// The events of one operation.
    pub fn events_of(&self, op: &str) -> Result<HashSet<i64>> {
        let mut all = self.conn.prepare("SELECT id FROM events WHERE op = ?1")?;
        Ok(all
            .query_map([op], |r| r.get(0))?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// Rows that an event took away: (table, row).
    pub fn removed_by(&self, event: i64) -> Result<Vec<(String, i64)>> {
        let mut all = self.conn.prepare(
            "SELECT r.name, c.row FROM changes c JOIN recorded r ON r.id = c.tab WHERE c.event = ?1 AND c.op = 3",
        )?;
        Ok(all
            .query_map([event], |r| Ok((r.get(0)?, r.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?)
    }
}

impl Tx<'_> {
    /// Lets texts and their parts be changed until [`Tx::freeze`].
    pub fn thaw(&self) -> Result<()> {
        for trigger in ["revisions_immutable", "sections_immutable"] {
            self.conn
                .execute_batch(&format!("DROP TRIGGER IF EXISTS {trigger}"))?;
        }
        Ok(())
    }

    /// Makes texts immutable again.
    pub fn freeze(&self) -> Result<()> {
        schema::record_all(&self.conn)
    }

    /// Puts a text of the same length in the place of a revision's.
    pub fn put_blanked_text(
        &self,
        revision: i64,
        text: &str,
        sha256: [u8; 32],
        words: i64,
    ) -> Result<()> {
        self.conn.execute(
            "UPDATE revisions SET text = ?2, text_sha256 = ?3, words = ?4 WHERE id = ?1",
            params![revision, text, &sha256[..], words],
        )?;
        Ok(())
    }

    /// Puts a title of the same length in the place of a section's; its key becomes one that no other has.
    pub fn put_blanked_title(&self, revision: i64, number: i64, title: &str) -> Result<()> {
        self.conn.execute(
            "UPDATE sections SET title = ?3, key = 'erased ' || id WHERE revision = ?1 AND number = ?2",
            params![revision, number, title],
        )?;
        Ok(())
    }

    /// Nobody's any more, and called by another label.
    pub fn put_blanked_label(&self, speaker: i64, label: &str) -> Result<()> {
        self.conn.execute(
            "UPDATE speakers SET label = ?2, role = 'participant', participant = NULL WHERE id = ?1",
            params![speaker, label],
        )?;
        Ok(())
    }

    /// Removes codings with all that stands on them: memos, limits, links of the frame, evidence, settlements.
    pub fn drop_codings(&self, codings: &BTreeSet<i64>) -> Result<()> {
        for id in codings {
            for sql in [
                "DELETE FROM memos WHERE coding_id = ?1",
                "DELETE FROM limits WHERE coding_id = ?1",
            ] {
                self.conn.prepare_cached(sql)?.execute([id])?;
            }
            self.forget_words_on_codings(*id, *id)?;
            self.drop_leaning_on_codings(*id, *id)?;
            self.conn
                .prepare_cached("DELETE FROM codings WHERE id = ?1")?
                .execute([id])?;
        }
        let transcripts: BTreeSet<i64> = codings.iter().map(|c| super::transcript_of(*c)).collect();
        for transcript in transcripts {
            for settlement in self.settlements(Some(transcript))? {
                if settlement.codings.iter().any(|c| codings.contains(c)) {
                    self.remove_settlement(settlement.id)?;
                }
            }
        }
        Ok(())
    }

    /// Removes a transcript whole, with the limits on it.
    pub fn drop_transcript(&self, id: i64) -> Result<()> {
        self.conn
            .execute("DELETE FROM limits WHERE transcript = ?1", [id])?;
        let (first, last) = super::codings::range(id);
        self.forget_words_on_codings(first, last)?;
        for sql in [
            "UPDATE claims SET planned_words = NULL, reason = NULL WHERE transcript_id = ?1 AND coalesce(planned_words, reason) IS NOT NULL",
            "UPDATE cohorts SET why = NULL WHERE transcript_id = ?1 AND why IS NOT NULL",
            "UPDATE assessments SET why = NULL WHERE why IS NOT NULL AND id IN (SELECT assessment FROM assessment_links WHERE transcript_id = ?1)",
        ] {
            self.conn.execute(sql, [id])?;
        }
        self.remove_transcript(id)
    }

    /// What was written down because of codings with these ids, first and last included, keeps nothing of their words: why a
    /// case is in a cohort or at a stage, and what was planned and why.
    fn forget_words_on_codings(&self, first: i64, last: i64) -> Result<()> {
        for sql in [
            "UPDATE claims SET planned_words = NULL, reason = NULL WHERE coding_id BETWEEN ?1 AND ?2 AND coalesce(planned_words, reason) IS NOT NULL",
            "UPDATE cohort_members SET why = NULL WHERE coding_id BETWEEN ?1 AND ?2 AND why IS NOT NULL",
            "UPDATE assessments SET why = NULL WHERE why IS NOT NULL AND id IN (SELECT assessment FROM assessment_links WHERE coding_id BETWEEN ?1 AND ?2)",
        ] {
            self.conn.prepare_cached(sql)?.execute([first, last])?;
        }
        Ok(())
    }

    /// What one claim, assessment, member or cohort says in words goes, as it rested on what is erased once.
    pub fn forget_words_of(&self, table: &str, row: i64) -> Result<()> {
        let sql = match table {
            "claims" => {
                "UPDATE claims SET planned_words = NULL, reason = NULL WHERE id = ?1 AND coalesce(planned_words, reason) IS NOT NULL"
            }
            "cohort_members" => {
                "UPDATE cohort_members SET why = NULL WHERE id = ?1 AND why IS NOT NULL"
            }
            "cohorts" => "UPDATE cohorts SET why = NULL WHERE id = ?1 AND why IS NOT NULL",
            "assessments" => "UPDATE assessments SET why = NULL WHERE id = ?1 AND why IS NOT NULL",
            _ => return Ok(()),
        };
        self.conn.prepare_cached(sql)?.execute([row])?;
        Ok(())
    }

    /// Removes a label. Whom the transcript is with stays as it is.
    pub fn drop_label(&self, speaker: i64) -> Result<()> {
        self.conn.execute(
            "INSERT OR IGNORE INTO transcript_participants (transcript, participant)
             SELECT transcript, participant FROM speakers WHERE id = ?1 AND participant IS NOT NULL",
            [speaker],
        )?;
        self.conn
            .execute("DELETE FROM speakers WHERE id = ?1", [speaker])?;
        Ok(())
    }

    /// Removes a revision that is not the present one, with its turns and sections.
    pub fn drop_revision(&self, id: i64) -> Result<()> {
        self.conn
            .execute("DELETE FROM revisions WHERE id = ?1", [id])?;
        Ok(())
    }

    /// Removes a participant with all that is theirs alone: consents, responses and what was decided on them, values,
    /// memos, milestones, links.
    pub fn drop_person(&self, id: i64) -> Result<()> {
        for sql in [
            "DELETE FROM decisions WHERE response IN (SELECT id FROM responses WHERE participant = ?1)",
            "DELETE FROM responses WHERE participant = ?1",
            "DELETE FROM consents WHERE participant = ?1",
        ] {
            self.conn.execute(sql, [id])?;
        }
        self.remove_participant(id)
    }

    /// Puts other words into one text of [`FREE_TEXT`]. A cell of the frame is stale from then on.
    pub fn put_free_text(&self, table: &str, column: &str, row: i64, text: &str) -> Result<()> {
        if !FREE_TEXT.iter().any(|(t, c)| *t == table && *c == column) {
            return Ok(());
        }
        let basis = if table == "frame_cells" {
            ", basis = zeroblob(length(basis))"
        } else {
            ""
        };
        self.conn.execute(
            &format!("UPDATE {table} SET {column} = ?2{basis} WHERE id = ?1"),
            params![row, text],
        )?;
        Ok(())
    }

    /// Asks of every before-image what becomes of it, those of this event included. Gives how many were erased and how
    /// many redacted.
    pub fn sift_images<E: From<super::Error>>(
        &self,
        mut fate: impl FnMut(&Past) -> Result<Fate, E>,
    ) -> Result<(usize, usize), E> {
        let mut changed: Vec<(i64, Vec<u8>, Option<String>)> = Vec::new();
        self.walk_images(None, |id, past, hash, mark| {
            let image = match fate(past)? {
                Fate::Keep => return Ok(()),
                Fate::Erase => None,
                Fate::Redact(image) => Some(Json::Object(image).to_string()),
            };
            let mark = marked(mark, hash, self.event, image.as_deref());
            changed.push((id, mark, image));
            Ok::<(), E>(())
        })?;
        self.sifted.set(self.sifted.get() || !changed.is_empty());
        let fail = |e: rusqlite::Error| E::from(super::Error::from(e));
        let mut put = self
            .conn
            .prepare("UPDATE changes SET before = ?2, erased = ?3 WHERE id = ?1")
            .map_err(fail)?;
        let mut counts = (0, 0);
        for (id, mark, image) in &changed {
            put.execute(params![id, image, mark]).map_err(fail)?;
            if image.is_some() {
                counts.1 += 1;
            } else {
                counts.0 += 1;
            }
        }
        Ok(counts)
    }

    /// Puts another path in the place of one on the registers of reports and of copies.
    pub fn put_path(&self, path: &str, other: &str) -> Result<()> {
        for table in ["copies", "releases"] {
            self.conn.execute(
                &format!("UPDATE {table} SET path = ?2 WHERE path = ?1"),
                params![path, other],
            )?;
        }
        Ok(())
    }

    /// Limits on passages of a transcript: id, revision, first and last turn.
    pub fn limits_on_passages(&self, transcript: i64) -> Result<Vec<(i64, i64, i64, i64)>> {
        let mut all = self.conn.prepare(
            "SELECT id, revision, turn, last_turn FROM limits WHERE transcript = ?1 AND revision IS NOT NULL ORDER BY id",
        )?;
        Ok(all
            .query_map([transcript], |r| {
                Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?))
            })?
            .collect::<rusqlite::Result<_>>()?)
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, b| {
        out.push_str(&format!("{b:02x}"));
        out
    })
}
