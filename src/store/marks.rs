//! Codings as comparing coders needs them: what is read millions of times is read without what it doesn't ask for.

use super::codings::{range, transcript_of};
use super::{Error, Result, Store};
use crate::domain::span::Span;

/// A coding that has its place: where, what and by whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub transcript: i64,
    pub span: Span,
    /// First and last turn that the span touches.
    pub turn: i64,
    pub last_turn: i64,
    pub theme: i64,
    pub coder: i64,
}

impl Store {
    /// Runs `each` over the marks of one transcript or of all, in the order of their ids, so transcript by transcript.
    pub fn each_mark<E: From<Error>>(
        &self,
        transcript: Option<i64>,
        mut each: impl FnMut(Mark) -> Result<(), E>,
    ) -> Result<(), E> {
        let fail = |e: rusqlite::Error| E::from(Error::from(e));
        let (from, to) = transcript.map_or((0, i64::MAX), range);
        let mut all = self
            .conn
            .prepare_cached("SELECT id, start, end, turn, last_turn, theme, coder FROM codings WHERE id BETWEEN ?1 AND ?2 AND pending IS NULL ORDER BY id")
            .map_err(fail)?;
        let mut rows = all.query([from, to]).map_err(fail)?;
        while let Some(r) = rows.next().map_err(fail)? {
            let mark = || {
                let turn = r.get(3)?;
                let last_turn: Option<i64> = r.get(4)?;
                Ok(Mark {
                    transcript: transcript_of(r.get(0)?),
                    span: Span::new(r.get(1)?, r.get(2)?),
                    turn,
                    last_turn: last_turn.unwrap_or(turn),
                    theme: r.get(5)?,
                    coder: r.get(6)?,
                })
            };
            each(mark().map_err(fail)?)?;
        }
        Ok(())
    }

    /// Runs `each` over the turns from one on: (id, span), in order.
    pub fn each_turn_span(
        &self,
        first: i64,
        count: i64,
        mut each: impl FnMut(i64, Span),
    ) -> Result<()> {
        let mut all = self.conn.prepare_cached(
            "SELECT id, start, end FROM turns WHERE id >= ?1 AND id < ?2 ORDER BY id",
        )?;
        let mut rows = all.query([first, first + count])?;
        while let Some(r) = rows.next()? {
            each(r.get(0)?, Span::new(r.get(1)?, r.get(2)?));
        }
        Ok(())
    }
}
