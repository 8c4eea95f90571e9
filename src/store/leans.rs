//! What leans on a row and goes with it when it is removed: the frame, findings' evidence, samples, settlements,
//! fieldwork, answers, cohorts, assessments and claims. Each row that goes is in the history, so undo puts it back.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row, params};

use super::{Evidence, EvidenceOn, Result, Store, Tx};

/// What claims, assessments, members of cohorts and cohorts rest on: how many passages and documents each names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resting {
    /// By number.
    pub claims: BTreeMap<i64, Sources>,
    pub assessments: BTreeMap<i64, Sources>,
    /// By cohort, then by case.
    pub members: BTreeMap<(String, String), Sources>,
    pub cohorts: BTreeMap<String, Sources>,
}

/// How many passages and how many documents as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    pub passages: usize,
    pub documents: usize,
}

impl Store {
    /// What claims, assessments, members and cohorts rest on now; a claim or an assessment that rests on none of these is
    /// there with none.
    pub fn resting(&self) -> Result<Resting> {
        fn read<K: Ord>(
            conn: &Connection,
            sql: &str,
            key: impl Fn(&Row) -> rusqlite::Result<K>,
        ) -> Result<BTreeMap<K, Sources>> {
            let mut found: BTreeMap<K, Sources> = BTreeMap::new();
            let mut statement = conn.prepare(sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let at = found.entry(key(row)?).or_default();
                at.passages += usize::from(row.get::<_, bool>("passage")?);
                at.documents += usize::from(row.get::<_, bool>("document")?);
            }
            Ok(found)
        }
        Ok(Resting {
            claims: read(
                &self.conn,
                "SELECT id, coding_id IS NOT NULL AS passage, transcript_id IS NOT NULL AS document FROM claims",
                |row| row.get(0),
            )?,
            assessments: read(
                &self.conn,
                "SELECT a.id, l.coding_id IS NOT NULL AS passage, l.transcript_id IS NOT NULL AS document
                 FROM assessments a LEFT JOIN assessment_links l ON l.assessment = a.id",
                |row| row.get(0),
            )?,
            members: read(
                &self.conn,
                "SELECT h.slug, c.slug, m.coding_id IS NOT NULL AS passage, 0 AS document
                 FROM cohort_members m JOIN cohorts h ON h.id = m.cohort JOIN cases c ON c.id = m.case_id",
                |row| Ok((row.get(0)?, row.get(1)?)),
            )?,
            cohorts: read(
                &self.conn,
                "SELECT slug, 0 AS passage, transcript_id IS NOT NULL AS document FROM cohorts",
                |row| row.get(0),
            )?,
        })
    }

    /// What leans on a case and goes with it, by what it is: only what there is any of.
    pub fn leaning_on_case(&self, id: i64) -> Result<Vec<(&'static str, i64)>> {
        let mut found = Vec::new();
        for (what, sql) in [
            (
                "other name",
                "SELECT count(*) FROM case_names WHERE case_id = ?1",
            ),
            (
                "dated code",
                "SELECT count(*) FROM case_codes WHERE case_id = ?1",
            ),
            (
                "membership of a cohort",
                "SELECT count(*) FROM cohort_members WHERE case_id = ?1",
            ),
            (
                "assessment",
                "SELECT count(*) FROM assessments WHERE case_id = ?1",
            ),
            (
                "day of a goal",
                "SELECT count(*) FROM goals_reached WHERE case_id = ?1",
            ),
            ("claim", "SELECT count(*) FROM claims WHERE case_id = ?1"),
        ] {
            let n: i64 = self.conn.query_row(sql, [id], |r| r.get(0))?;
            if n > 0 {
                found.push((what, n));
            }
        }
        Ok(found)
    }
}

impl Tx<'_> {
    /// Removes what leans on codings with these ids, first and last included.
    pub(super) fn drop_leaning_on_codings(&self, first: i64, last: i64) -> Result<()> {
        for sql in [
            "DELETE FROM frame_links WHERE coding BETWEEN ?1 AND ?2",
            "DELETE FROM evidence WHERE coding_id BETWEEN ?1 AND ?2",
            // Where a passage goes, an assessment still rests on the document that it was coded in, as a claim does.
            "INSERT INTO assessment_links (assessment, transcript_id)
             SELECT DISTINCT l.assessment, l.coding_id / 1000000 FROM assessment_links l
             WHERE l.coding_id BETWEEN ?1 AND ?2 AND NOT EXISTS (
                 SELECT 1 FROM assessment_links d WHERE d.assessment = l.assessment AND d.transcript_id = l.coding_id / 1000000)",
            "DELETE FROM assessment_links WHERE coding_id BETWEEN ?1 AND ?2",
            "UPDATE cohort_members SET coding_id = NULL WHERE coding_id BETWEEN ?1 AND ?2",
            // Where a claim has no other source, it is the document that it was coded in.
            "UPDATE claims SET coding_id = NULL, transcript_id = coalesce(transcript_id, coding_id / 1000000) WHERE coding_id BETWEEN ?1 AND ?2",
        ] {
            self.conn.prepare_cached(sql)?.execute([first, last])?;
        }
        Ok(())
    }

    /// Removes what leans on a transcript but its codings.
    pub(super) fn drop_leaning_on_transcript(&self, id: i64) -> Result<()> {
        self.drop_all(
            id,
            &[
                "DELETE FROM evidence WHERE transcript_id = ?1",
                "DELETE FROM sampled WHERE transcript = ?1",
                "DELETE FROM settlements WHERE transcript = ?1",
                "DELETE FROM assessment_links WHERE transcript_id = ?1",
                "UPDATE cohorts SET transcript_id = NULL WHERE transcript_id = ?1",
                // A claim whose only source it was goes with it.
                "DELETE FROM claims WHERE transcript_id = ?1 AND source IS NULL AND coding_id IS NULL",
                "UPDATE claims SET transcript_id = NULL WHERE transcript_id = ?1",
            ],
        )
    }

    /// Removes the cells of a theme's column, with what rests on them.
    pub(super) fn drop_leaning_on_theme(&self, id: i64) -> Result<()> {
        self.drop_all(
            id,
            &[
                "DELETE FROM frame_links WHERE cell IN (SELECT id FROM frame_cells WHERE theme = ?1)",
                "DELETE FROM evidence WHERE cell_id IN (SELECT id FROM frame_cells WHERE theme = ?1)",
                "DELETE FROM frame_cells WHERE theme = ?1",
            ],
        )
    }

    /// Removes the cells of a case's row, with what rests on them; predictions, quotas and populations; names, codes,
    /// memberships of cohorts, assessments, goals reached and claims.
    pub(super) fn drop_leaning_on_case(&self, id: i64) -> Result<()> {
        self.drop_all(
            id,
            &[
                "DELETE FROM frame_links WHERE cell IN (SELECT id FROM frame_cells WHERE case_id = ?1)",
                "DELETE FROM evidence WHERE cell_id IN (SELECT id FROM frame_cells WHERE case_id = ?1)",
                "DELETE FROM frame_cells WHERE case_id = ?1",
                "DELETE FROM predictions WHERE case_id = ?1",
                "DELETE FROM quotas WHERE case_id = ?1",
                "DELETE FROM populations WHERE case_id = ?1",
                "DELETE FROM case_names WHERE case_id = ?1",
                "DELETE FROM case_codes WHERE case_id = ?1",
                "DELETE FROM cohort_members WHERE case_id = ?1",
                "DELETE FROM assessment_links WHERE assessment IN (SELECT id FROM assessments WHERE case_id = ?1)",
                "DELETE FROM assessments WHERE case_id = ?1",
                "DELETE FROM goals_reached WHERE case_id = ?1",
                "DELETE FROM claims WHERE case_id = ?1",
            ],
        )
    }

    pub(super) fn drop_leaning_on_participant(&self, id: i64) -> Result<()> {
        self.drop_all(
            id,
            &[
                "DELETE FROM milestones WHERE participant = ?1",
                "DELETE FROM decisions WHERE response IN (SELECT id FROM responses WHERE participant = ?1)",
                "DELETE FROM responses WHERE participant = ?1",
            ],
        )
    }

    pub(super) fn drop_leaning_on_finding(&self, id: i64) -> Result<()> {
        self.drop_all(
            id,
            &[
                "DELETE FROM decisions WHERE response IN (SELECT id FROM responses WHERE finding = ?1)",
                "DELETE FROM responses WHERE finding = ?1",
            ],
        )
    }

    pub(super) fn drop_leaning_on_phase(&self, id: i64) -> Result<()> {
        self.drop_all(
            id,
            &[
                "DELETE FROM milestones WHERE phase = ?1",
                "DELETE FROM quotas WHERE phase = ?1",
            ],
        )
    }

    /// Hands what leans on one coding to another, before it goes. Where a cell of the frame names both, it names the
    /// other already.
    pub fn hand_over_leaning(&self, from: i64, to: i64) -> Result<()> {
        self.conn
            .prepare_cached("UPDATE frame_links SET coding = ?2 WHERE coding = ?1 AND cell NOT IN (SELECT cell FROM frame_links WHERE coding = ?2)")?
            .execute([from, to])?;
        let handed = self
            .conn
            .prepare_cached("UPDATE evidence SET coding_id = ?2 WHERE coding_id = ?1")?
            .execute([from, to])?;
        if handed > 0 {
            self.join_evidence(EvidenceOn::Coding(to))?;
        }
        for sql in [
            "UPDATE assessment_links SET coding_id = ?2 WHERE coding_id = ?1 AND assessment NOT IN (SELECT assessment FROM assessment_links WHERE coding_id = ?2)",
            "UPDATE cohort_members SET coding_id = ?2 WHERE coding_id = ?1",
            "UPDATE claims SET coding_id = ?2 WHERE coding_id = ?1",
        ] {
            self.conn.prepare_cached(sql)?.execute([from, to])?;
        }
        self.hand_over_settlements(from, to)
    }

    /// Hands what leans on a transcript as a whole, as the source of something, to another, before it goes.
    pub fn hand_over_source(&self, from: i64, to: i64) -> Result<()> {
        for sql in [
            "UPDATE cohorts SET transcript_id = ?2 WHERE transcript_id = ?1",
            "UPDATE assessment_links SET transcript_id = ?2 WHERE transcript_id = ?1 AND assessment NOT IN (SELECT assessment FROM assessment_links WHERE transcript_id = ?2)",
            "UPDATE claims SET transcript_id = ?2 WHERE transcript_id = ?1",
        ] {
            self.conn.prepare_cached(sql)?.execute([from, to])?;
        }
        Ok(())
    }

    /// Hands what leans on a cell to another, before it goes.
    pub fn hand_over_cell(&self, from: i64, to: i64) -> Result<()> {
        let handed = self
            .conn
            .prepare_cached("UPDATE evidence SET cell_id = ?2 WHERE cell_id = ?1")?
            .execute([from, to])?;
        if handed > 0 {
            self.join_evidence(EvidenceOn::Cell(to))?;
        }
        Ok(())
    }

    /// Where the same bears twice on a claim in the same way, the first stays, with both notes.
    fn join_evidence(&self, on: EvidenceOn) -> Result<()> {
        let mut kept: Vec<Evidence> = Vec::new();
        for one in self.evidence_on(on)? {
            let way = |e: &Evidence| (e.finding, e.rival, e.bears);
            let Some(first) = kept.iter_mut().find(|k| way(k) == way(&one)) else {
                kept.push(one);
                continue;
            };
            self.conn
                .prepare_cached("DELETE FROM evidence WHERE id = ?1")?
                .execute([one.id])?;
            let note = match (first.note.take(), one.note) {
                (Some(a), Some(b)) if a != b => Some(format!("{a}; {b}")),
                (a, b) => a.or(b),
            };
            self.conn
                .prepare_cached("UPDATE evidence SET note = ?2 WHERE id = ?1 AND note IS NOT ?2")?
                .execute(params![first.id, note])?;
            first.note = note;
        }
        Ok(())
    }

    fn drop_all(&self, id: i64, statements: &[&str]) -> Result<()> {
        for sql in statements {
            self.conn.execute(sql, [id])?;
        }
        Ok(())
    }
}
