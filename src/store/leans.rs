//! What leans on a row and goes with it when it is removed: the frame, findings' evidence, samples, settlements,
//! fieldwork, answers, cohorts, assessments and claims. Each row that goes is in the history, so undo puts it back.

use rusqlite::params;

use super::{Evidence, EvidenceOn, Result, Store, Tx};

impl Store {
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
