//! The frame: cells with their summaries, the codings that they rest on, and what the record says of both.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, Row, params};

use super::door::new_uuid;
use super::{Result, Store, Tx, transcript_of};
use crate::domain::words::CellStatus;

/// A cell that somebody wrote: of a case and a theme, of a case over all themes, or of a theme over all cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    pub id: i64,
    pub uuid: [u8; 16],
    pub case: Option<i64>,
    pub theme: Option<i64>,
    pub status: CellStatus,
    pub text: Option<String>,
    /// What lay below it when it was written: how many, and their digest.
    pub below: i64,
    pub basis: Vec<u8>,
    pub coder: String,
    /// When it was last written or confirmed.
    pub event: i64,
    pub at: String,
}

/// A cell to be written.
#[derive(Clone, Debug)]
pub struct CellDraft<'a> {
    pub case: Option<i64>,
    pub theme: Option<i64>,
    pub status: CellStatus,
    pub text: Option<&'a str>,
    pub below: i64,
    pub basis: &'a [u8],
    pub coder: i64,
}

/// What of a coding decides whether a cell is still what it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SizedCoding {
    pub id: i64,
    pub uuid: [u8; 16],
    /// Length in code points.
    pub length: i64,
    pub theme: i64,
    /// The last event that changed its words.
    pub reworded: Option<i64>,
}

/// A coding that was touched since an event: how it was then. It may be gone now, or have come since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TouchedCoding {
    pub id: i64,
    /// The first event after which it was no longer as `before` says.
    pub event: i64,
    /// None: it was not there, or it waited, or what it was has been erased.
    pub before: Option<SizedCoding>,
}

/// What the record says of a cell as it stood at an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellThen {
    pub id: i64,
    pub uuid: Option<[u8; 16]>,
    pub case: Option<i64>,
    pub theme: Option<i64>,
    /// None: its words have been erased from the record.
    pub status: Option<CellStatus>,
    pub text: Option<String>,
    pub event: i64,
}

const CELL: &str =
    "SELECT f.id, f.uuid, f.case_id, f.theme, f.status, f.text, f.below, f.basis, k.name, f.event, e.at
    FROM frame_cells f JOIN coders k ON k.id = f.coder JOIN events e ON e.id = f.event";

fn cell(r: &Row) -> rusqlite::Result<Cell> {
    Ok(Cell {
        id: r.get(0)?,
        uuid: r.get(1)?,
        case: r.get(2)?,
        theme: r.get(3)?,
        status: status(&r.get::<_, String>(4)?),
        text: r.get(5)?,
        below: r.get(6)?,
        basis: r.get(7)?,
        coder: r.get(8)?,
        event: r.get(9)?,
        at: r.get(10)?,
    })
}

/// The schema admits no other words; one that came from elsewhere says nothing.
fn status(word: &str) -> CellStatus {
    word.parse().unwrap_or(CellStatus::Withheld)
}

const SIZED: &str = "id, uuid, end - start, theme, reworded";

fn sized(r: &Row) -> rusqlite::Result<SizedCoding> {
    Ok(SizedCoding {
        id: r.get(0)?,
        uuid: r.get(1)?,
        length: r.get(2)?,
        theme: r.get(3)?,
        reworded: r.get(4)?,
    })
}

impl Store {
    /// All cells, in the order in which they were first written.
    pub fn cells(&self) -> Result<Vec<Cell>> {
        let mut all = self.conn.prepare_cached(&format!("{CELL} ORDER BY f.id"))?;
        Ok(all.query_map([], cell)?.collect::<rusqlite::Result<_>>()?)
    }

    pub fn cell(&self, case: Option<i64>, theme: Option<i64>) -> Result<Option<Cell>> {
        Ok(self
            .conn
            .prepare_cached(&format!(
                "{CELL} WHERE ifnull(f.case_id, 0) = ifnull(?1, 0) AND ifnull(f.theme, 0) = ifnull(?2, 0)"
            ))?
            .query_row([case, theme], cell)
            .optional()?)
    }

    /// The codings that a cell names, in its order.
    pub fn cell_links(&self, cell: i64) -> Result<Vec<i64>> {
        self.frame_ids(
            "SELECT coding FROM frame_links WHERE cell = ?1 ORDER BY id",
            cell,
        )
    }

    /// The codings that each cell names, in its order.
    pub fn all_cell_links(&self) -> Result<HashMap<i64, Vec<i64>>> {
        let mut all = self
            .conn
            .prepare_cached("SELECT cell, coding FROM frame_links ORDER BY id")?;
        let mut rows = all.query([])?;
        let mut found: HashMap<i64, Vec<i64>> = HashMap::new();
        while let Some(r) = rows.next()? {
            found.entry(r.get(0)?).or_default().push(r.get(1)?);
        }
        Ok(found)
    }

    /// How many passages each cell names; a cell that names none has 0. Codings of one coder on the same words are one
    /// passage, so that joining two takes none away.
    pub fn passages_of_cells(&self) -> Result<Vec<(i64, i64)>> {
        let mut all = self.conn.prepare_cached(
            "SELECT c.id, (SELECT count(*) FROM (SELECT DISTINCT k.revision, k.start, k.end, k.coder
                FROM frame_links l JOIN codings k ON k.id = l.coding WHERE l.cell = c.id)) FROM frame_cells c",
        )?;
        Ok(all
            .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// How often findings name a cell as evidence.
    pub fn evidence_on_cell(&self, cell: i64) -> Result<i64> {
        Ok(self
            .conn
            .prepare_cached("SELECT count(*) FROM evidence WHERE cell_id = ?1")?
            .query_row([cell], |r| r.get(0))?)
    }

    /// How many cells stand in a theme's column.
    pub fn cells_of_theme(&self, theme: i64) -> Result<i64> {
        Ok(self
            .conn
            .prepare_cached("SELECT count(*) FROM frame_cells WHERE theme = ?1")?
            .query_row([theme], |r| r.get(0))?)
    }

    /// How many cells stand in a case's row.
    pub fn cells_of_case(&self, case: i64) -> Result<i64> {
        Ok(self
            .conn
            .prepare_cached("SELECT count(*) FROM frame_cells WHERE case_id = ?1")?
            .query_row([case], |r| r.get(0))?)
    }

    /// The case of each transcript.
    pub fn transcript_cases(&self) -> Result<Vec<(i64, Option<i64>)>> {
        let mut all = self
            .conn
            .prepare_cached("SELECT id, case_id FROM transcripts ORDER BY id")?;
        Ok(all
            .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// Runs `each` over all codings that have their place, transcript by transcript: one scan.
    pub fn each_sized_coding(&self, mut each: impl FnMut(SizedCoding)) -> Result<()> {
        let mut all = self.conn.prepare_cached(&format!(
            "SELECT {SIZED} FROM codings WHERE pending IS NULL ORDER BY id"
        ))?;
        let mut rows = all.query([])?;
        while let Some(r) = rows.next()? {
            each(sized(r)?);
        }
        Ok(())
    }

    /// The codings of one theme in those transcripts that `wanted` takes, that have their place. Which they are is read
    /// off the index alone.
    pub fn sized_codings_in(
        &self,
        theme: i64,
        wanted: impl Fn(i64) -> bool,
    ) -> Result<Vec<SizedCoding>> {
        let mut ids = self.conn.prepare_cached(
            "SELECT id FROM codings INDEXED BY codings_theme WHERE theme = ?1 ORDER BY id",
        )?;
        let mut one = self.conn.prepare_cached(&format!(
            "SELECT {SIZED} FROM codings WHERE id = ?1 AND pending IS NULL"
        ))?;
        let mut found = Vec::new();
        let mut rows = ids.query([theme])?;
        while let Some(r) = rows.next()? {
            let id: i64 = r.get(0)?;
            if wanted(transcript_of(id)) {
                found.extend(one.query_row([id], sized).optional()?);
            }
        }
        Ok(found)
    }

    /// A coding that has its place, as it counts below a cell.
    pub fn sized_coding(&self, id: i64) -> Result<Option<SizedCoding>> {
        Ok(self
            .conn
            .prepare_cached(&format!(
                "SELECT {SIZED} FROM codings WHERE id = ?1 AND pending IS NULL"
            ))?
            .query_row([id], sized)
            .optional()?)
    }

    /// Every change of a coding after an event, oldest first: how the coding was before it.
    pub fn codings_touched_since(&self, event: i64) -> Result<Vec<TouchedCoding>> {
        let mut all = self.conn.prepare_cached(
            "SELECT c.row, c.event, json_extract(c.before, '$.uuid'), json_extract(c.before, '$.start'), json_extract(c.before, '$.end'),
                    json_extract(c.before, '$.theme'), json_extract(c.before, '$.pending'), json_extract(c.before, '$.reworded')
             FROM changes c WHERE c.id >= (SELECT min(first_change) FROM events WHERE id > ?1)
               AND c.tab = (SELECT id FROM recorded WHERE name = 'codings') ORDER BY c.id",
        )?;
        let rows = all.query_map([event], |r| {
            let (uuid, start, end): (Option<String>, Option<i64>, Option<i64>) =
                (r.get(2)?, r.get(3)?, r.get(4)?);
            let (theme, pending): (Option<i64>, Option<String>) = (r.get(5)?, r.get(6)?);
            let reworded: Option<i64> = r.get(7)?;
            let id = r.get(0)?;
            let before = match (uuid.as_deref().and_then(bytes16), start, end, theme) {
                (Some(uuid), Some(start), Some(end), Some(theme)) if pending.is_none() => {
                    Some(SizedCoding {
                        id,
                        uuid,
                        length: end - start,
                        theme,
                        reworded,
                    })
                }
                _ => None,
            };
            Ok(TouchedCoding {
                id,
                event: r.get(1)?,
                before,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The cells as they stood when an event was done, in no order.
    pub fn cells_at(&self, event: i64) -> Result<Vec<CellThen>> {
        let mut then: HashMap<i64, CellThen> = HashMap::new();
        let mut now = self.conn.prepare_cached(
            "SELECT id, uuid, case_id, theme, status, text, event FROM frame_cells",
        )?;
        let mut rows = now.query([])?;
        while let Some(r) = rows.next()? {
            let cell = CellThen {
                id: r.get(0)?,
                uuid: Some(r.get(1)?),
                case: r.get(2)?,
                theme: r.get(3)?,
                status: Some(status(&r.get::<_, String>(4)?)),
                text: r.get(5)?,
                event: r.get(6)?,
            };
            then.insert(cell.id, cell);
        }
        // Backwards, so that the oldest change is the last to say how it was.
        let mut changes = self.conn.prepare_cached(
            "SELECT c.row, c.op, c.before FROM changes c WHERE c.id >= (SELECT min(first_change) FROM events WHERE id > ?1)
               AND c.tab = (SELECT id FROM recorded WHERE name = 'frame_cells') ORDER BY c.id DESC",
        )?;
        let mut rows = changes.query([event])?;
        while let Some(r) = rows.next()? {
            let (id, op): (i64, i64) = (r.get(0)?, r.get(1)?);
            if op == 1 {
                then.remove(&id);
                continue;
            }
            let before: Option<String> = r.get(2)?;
            let row: Option<serde_json::Map<String, serde_json::Value>> =
                before.and_then(|json| serde_json::from_str(&json).ok());
            let (was, erased) =
                row.map_or_else(|| (serde_json::Map::new(), true), |row| (row, false));
            let word = |name: &str| was.get(name).and_then(|v| v.as_str());
            let number = |name: &str| was.get(name).and_then(serde_json::Value::as_i64);
            let there = then.get(&id);
            let cell = CellThen {
                id,
                uuid: word("uuid")
                    .and_then(bytes16)
                    .or_else(|| there.and_then(|c| c.uuid)),
                case: if erased {
                    there.and_then(|c| c.case)
                } else {
                    number("case_id")
                },
                theme: if erased {
                    there.and_then(|c| c.theme)
                } else {
                    number("theme")
                },
                status: word("status").map(status),
                text: word("text").map(str::to_owned),
                event: number("event").unwrap_or_default(),
            };
            then.insert(id, cell);
        }
        Ok(then.into_values().collect())
    }

    /// The rows of a table that were touched after an event: each with the row as it was when that was done, as the
    /// record has it. Nothing: it was not there yet, or its contents have been erased.
    pub fn rows_then(
        &self,
        table: &str,
        event: i64,
    ) -> Result<HashMap<i64, Option<serde_json::Map<String, serde_json::Value>>>> {
        let mut all = self.conn.prepare_cached(
            "SELECT c.row, c.before FROM changes c WHERE c.id >= (SELECT min(first_change) FROM events WHERE id > ?1)
               AND c.tab = (SELECT id FROM recorded WHERE name = ?2) ORDER BY c.id",
        )?;
        let mut rows = all.query(params![event, table])?;
        let mut found = HashMap::new();
        while let Some(r) = rows.next()? {
            let before: Option<String> = r.get(1)?;
            found
                .entry(r.get(0)?)
                .or_insert_with(|| before.and_then(|json| serde_json::from_str(&json).ok()));
        }
        Ok(found)
    }

    fn frame_ids(&self, sql: &str, of: i64) -> Result<Vec<i64>> {
        let mut all = self.conn.prepare_cached(sql)?;
        Ok(all
            .query_map([of], |r| r.get(0))?
            .collect::<rusqlite::Result<_>>()?)
    }
}

/// 16 bytes as the history writes them.
fn bytes16(hex: &str) -> Option<[u8; 16]> {
    if hex.len() != 32 || !hex.is_ascii() {
        return None;
    }
    let mut out = [0; 16];
    for (n, byte) in out.iter_mut().enumerate() {
        *byte = u8::from_str_radix(hex.get(n * 2..n * 2 + 2)?, 16).ok()?;
    }
    Some(out)
}

impl Tx<'_> {
    /// Writes a cell, or writes it anew where it is there: by this event. Gives its id.
    pub fn put_cell(&self, draft: &CellDraft) -> Result<i64> {
        let there = self.cell(draft.case, draft.theme)?.map(|c| c.id);
        if let Some(id) = there {
            self.conn
                .prepare_cached("UPDATE frame_cells SET status = ?2, text = ?3, below = ?4, basis = ?5, coder = ?6, event = ?7 WHERE id = ?1")?
                .execute(params![id, draft.status.word(), draft.text, draft.below, draft.basis, draft.coder, self.event])?;
            return Ok(id);
        }
        self.conn
            .prepare_cached("INSERT INTO frame_cells (uuid, case_id, theme, status, text, below, basis, coder, event) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?
            .execute(params![new_uuid(), draft.case, draft.theme, draft.status.word(), draft.text, draft.below, draft.basis, draft.coder, self.event])?;
        Ok(self.last_id())
    }

    /// Writes a cell anew, by this event, for whoever wrote it last.
    pub fn rewrite_cell(
        &self,
        cell: i64,
        status: CellStatus,
        text: Option<&str>,
        below: i64,
        basis: &[u8],
    ) -> Result<()> {
        self.conn
            .prepare_cached("UPDATE frame_cells SET status = ?2, text = ?3, below = ?4, basis = ?5, event = ?6 WHERE id = ?1")?
            .execute(params![cell, status.word(), text, below, basis, self.event])?;
        Ok(())
    }

    /// Makes these the codings that a cell names, in this order. Those that are there keep their rows where the order
    /// allows it.
    pub fn set_cell_links(&self, cell: i64, codings: &[i64]) -> Result<()> {
        let there = self.cell_links(cell)?;
        if there == codings {
            return Ok(());
        }
        let same = there
            .iter()
            .zip(codings)
            .take_while(|(a, b)| a == b)
            .count();
        for coding in &there[same..] {
            self.conn
                .prepare_cached("DELETE FROM frame_links WHERE cell = ?1 AND coding = ?2")?
                .execute([cell, *coding])?;
        }
        for coding in &codings[same..] {
            self.conn
                .prepare_cached("INSERT INTO frame_links (cell, coding) VALUES (?1, ?2)")?
                .execute([cell, *coding])?;
        }
        Ok(())
    }

    /// Removes a cell with its links; what rests on it as evidence goes too.
    pub fn remove_cell(&self, cell: i64) -> Result<()> {
        for sql in [
            "DELETE FROM frame_links WHERE cell = ?1",
            "DELETE FROM evidence WHERE cell_id = ?1",
            "DELETE FROM frame_cells WHERE id = ?1",
        ] {
            self.conn.prepare_cached(sql)?.execute([cell])?;
        }
        Ok(())
    }

    /// Puts a cell into another theme's column, where there is none for its case yet: by this event, as what lies below
    /// it is compared with what lay below it there.
    pub fn move_cell(&self, cell: i64, theme: i64) -> Result<()> {
        self.conn
            .prepare_cached("UPDATE frame_cells SET theme = ?2, event = ?3 WHERE id = ?1")?
            .execute([cell, theme, self.event])?;
        Ok(())
    }
}
