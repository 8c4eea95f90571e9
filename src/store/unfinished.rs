//! What a study has not got yet, counted without reading more than is asked: for `status`.

use super::{Result, Store};
use crate::domain::coder::{CONSENSUS, RULE};

impl Store {
    /// Transcripts on which no coding has its place.
    pub fn transcripts_not_coded(&self) -> Result<i64> {
        // The ids of a transcript's codings lie together, so each transcript is one step into the table.
        self.number(
            "SELECT count(*) FROM transcripts t WHERE NOT EXISTS
             (SELECT 1 FROM codings c WHERE c.id BETWEEN t.id * 1000000 AND t.id * 1000000 + 999999 AND c.pending IS NULL)",
        )
    }

    /// Transcripts that one person or more coded, and those that two or more did.
    pub fn transcripts_coded_by_people(&self) -> Result<(i64, i64)> {
        let sql = "WITH people AS (SELECT id FROM coders WHERE substr(name, 1, length(?1)) <> ?1 AND lower(name) <> ?2),
             first AS (SELECT t.id, (SELECT c.coder FROM codings c WHERE c.id BETWEEN t.id * 1000000 AND t.id * 1000000 + 999999
                 AND c.pending IS NULL AND c.coder IN people LIMIT 1) AS coder FROM transcripts t)
             SELECT count(*), ifnull(sum(EXISTS (SELECT 1 FROM codings c WHERE c.id BETWEEN f.id * 1000000 AND f.id * 1000000 + 999999
                 AND c.pending IS NULL AND c.coder <> f.coder AND c.coder IN people)), 0) FROM first f WHERE f.coder IS NOT NULL";
        Ok(self
            .conn
            .query_row(sql, [RULE, CONSENSUS], |r| Ok((r.get(0)?, r.get(1)?)))?)
    }

    pub fn themes_not_defined(&self) -> Result<i64> {
        self.number("SELECT count(*) FROM themes WHERE definition IS NULL")
    }

    /// Themes on which nobody wrote a memo.
    pub fn themes_without_memo(&self) -> Result<i64> {
        self.number(
            "SELECT count(*) FROM themes WHERE id NOT IN (SELECT theme_id FROM memos WHERE theme_id IS NOT NULL)",
        )
    }

    /// Cells of the frame, rows and columns as a whole left out: those that stand for a case with a transcript, and how
    /// many there are in all of such cases and themes.
    pub fn frame_charted(&self) -> Result<(i64, i64)> {
        let charted = self.number(
            "SELECT count(*) FROM frame_cells WHERE theme IS NOT NULL
             AND case_id IN (SELECT case_id FROM transcripts WHERE case_id IS NOT NULL)",
        )?;
        let all = self.number(
            "SELECT (SELECT count(DISTINCT case_id) FROM transcripts) * (SELECT count(*) FROM themes)",
        )?;
        Ok((charted, all))
    }

    fn number(&self, sql: &str) -> Result<i64> {
        Ok(self.conn.query_row(sql, [], |r| r.get(0))?)
    }
}
