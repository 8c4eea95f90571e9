//! Memos: notes on anything.

use rusqlite::{OptionalExtension, Row, params};

use super::door::new_uuid;
use super::{Result, Store, Tx};

/// What a memo is on: the row's id in its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MemoOn {
    Study,
    Case(i64),
    Participant(i64),
    Transcript(i64),
    Theme(i64),
    Coding(i64),
    Finding(i64),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Memo {
    pub id: i64,
    pub on: MemoOn,
    pub coder: String,
    pub at: String,
    pub text: String,
}

const MEMO: &str = "SELECT m.id, m.case_id, m.participant_id, m.transcript_id, m.theme_id, m.coding_id, k.name, e.at, m.text, m.finding_id
    FROM memos m JOIN coders k ON k.id = m.coder JOIN events e ON e.id = m.event";

fn memo(r: &Row) -> rusqlite::Result<Memo> {
    let target = |n: usize| r.get::<_, Option<i64>>(n);
    let on = match (target(1)?, target(2)?, target(3)?, target(4)?, target(5)?) {
        (Some(id), ..) => MemoOn::Case(id),
        (_, Some(id), ..) => MemoOn::Participant(id),
        (_, _, Some(id), ..) => MemoOn::Transcript(id),
        (_, _, _, Some(id), _) => MemoOn::Theme(id),
        (.., Some(id)) => MemoOn::Coding(id),
        _ => target(9)?.map_or(MemoOn::Study, MemoOn::Finding),
    };
    Ok(Memo {
        id: r.get(0)?,
        on,
        coder: r.get(6)?,
        at: r.get(7)?,
        text: r.get(8)?,
    })
}

impl Store {
    pub fn memos(&self) -> Result<Vec<Memo>> {
        let mut all = self.conn.prepare_cached(&format!("{MEMO} ORDER BY m.id"))?;
        Ok(all.query_map([], memo)?.collect::<rusqlite::Result<_>>()?)
    }

    pub fn memo(&self, id: i64) -> Result<Option<Memo>> {
        Ok(self
            .conn
            .prepare_cached(&format!("{MEMO} WHERE m.id = ?1"))?
            .query_row([id], memo)
            .optional()?)
    }

    /// The notes on one coding, oldest first, joined by a line break.
    pub fn memo_of_coding(&self, coding: i64) -> Result<Option<String>> {
        let mut all = self
            .conn
            .prepare_cached("SELECT text FROM memos WHERE coding_id = ?1 ORDER BY id")?;
        let texts = all
            .query_map([coding], |r| r.get::<_, String>(0))?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        Ok(if texts.is_empty() {
            None
        } else {
            Some(texts.join("\n"))
        })
    }
}

impl Tx<'_> {
    pub fn add_memo(&self, coder: i64, on: MemoOn, text: &str) -> Result<i64> {
        let of = |wanted: fn(MemoOn) -> Option<i64>| wanted(on);
        self.conn
            .prepare_cached("INSERT INTO memos (uuid, coder, event, case_id, participant_id, transcript_id, theme_id, coding_id, text, finding_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")?
            .execute(params![
                new_uuid(),
                coder,
                self.event,
                of(|o| if let MemoOn::Case(id) = o { Some(id) } else { None }),
                of(|o| if let MemoOn::Participant(id) = o { Some(id) } else { None }),
                of(|o| if let MemoOn::Transcript(id) = o { Some(id) } else { None }),
                of(|o| if let MemoOn::Theme(id) = o { Some(id) } else { None }),
                of(|o| if let MemoOn::Coding(id) = o { Some(id) } else { None }),
                text,
                of(|o| if let MemoOn::Finding(id) = o { Some(id) } else { None }),
            ])?;
        Ok(self.last_id())
    }

    pub fn edit_memo(&self, id: i64, text: &str) -> Result<()> {
        self.conn.execute(
            "UPDATE memos SET text = ?2 WHERE id = ?1",
            params![id, text],
        )?;
        Ok(())
    }

    pub fn remove_memo(&self, id: i64) -> Result<()> {
        self.conn.execute("DELETE FROM memos WHERE id = ?1", [id])?;
        Ok(())
    }
}
