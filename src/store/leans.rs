//! What leans on a row and goes with it when it is removed: the frame, findings' evidence, samples, settlements,
//! fieldwork, answers. Each row that goes is in the history, so undo puts it back.

use rusqlite::params;

use super::{Evidence, EvidenceOn, Result, Tx};

impl Tx<'_> {
    /// Removes what leans on codings with these ids, first and last included.
    pub(super) fn drop_leaning_on_codings(&self, first: i64, last: i64) -> Result<()> {
        for sql in [
            "DELETE FROM frame_links WHERE coding BETWEEN ?1 AND ?2",
            "DELETE FROM evidence WHERE coding_id BETWEEN ?1 AND ?2",
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

    /// Removes the cells of a case's row, with what rests on them; predictions, quotas and populations.
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
        self.hand_over_settlements(from, to)
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
