//! Sections of texts, over all transcripts.

use super::{Result, Section, Store};
use crate::domain::span::Span;

impl Store {
    /// The sections of all transcripts' present texts, each with its transcript's id, in the order of transcripts as
    /// they are listed and of their texts.
    pub fn all_sections(&self) -> Result<Vec<(i64, Section)>> {
        let mut all = self.conn.prepare_cached(
            "SELECT t.id, s.revision, s.number, s.level, s.kind, s.title, s.key, s.start, s.end, s.first_turn, s.last_turn
             FROM transcripts t JOIN revisions r ON r.transcript = t.id AND r.number = t.revision JOIN sections s ON s.revision = r.id
             ORDER BY length(t.slug), t.slug, s.number",
        )?;
        Ok(all
            .query_map([], |r| {
                let first: Option<i64> = r.get(9)?;
                Ok((
                    r.get(0)?,
                    Section {
                        revision: r.get(1)?,
                        number: r.get(2)?,
                        level: r.get(3)?,
                        kind: r.get(4)?,
                        title: r.get(5)?,
                        key: r.get(6)?,
                        span: Span::new(r.get(7)?, r.get(8)?),
                        turns: first.zip(r.get(10)?),
                    },
                ))
            })?
            .collect::<rusqlite::Result<_>>()?)
    }
}
