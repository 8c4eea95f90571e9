//! Taking an event back: the inverse of its changes, as a new event.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use rusqlite::types::Value;
use rusqlite::{OptionalExtension, params_from_iter};
use serde_json::Value as Json;

use super::history::ChangeOp;
use super::releases::{COPY_WRITE, REPORT_WRITE};
use super::retention::RETENTION_DELETE;
use super::schema::{PARTS, TURNS_KEY, columns};
use super::withdrawals::{ERASE, ERASE_REVISIONS};
use super::{Change, Error, Event, Result, Store, Tx};

/// The event with which a study begins. Without it there is no study, so it always stands.
const START: i64 = 1;

impl Store {
    /// The newest event that still stands: not undone, not itself an undoing, and none that only registered a report.
    pub fn last_standing(&self) -> Result<Option<Event>> {
        let sql = format!(
            "SELECT {} FROM events e WHERE e.undoes IS NULL AND e.id > {START} AND e.op NOT IN ('{REPORT_WRITE}', '{COPY_WRITE}', '{RETENTION_DELETE}') AND NOT EXISTS (SELECT 1 FROM events u WHERE u.undoes = e.id AND NOT EXISTS (SELECT 1 FROM events v WHERE v.undoes = u.id))
             ORDER BY e.id DESC LIMIT 1",
            super::history::EVENT
        );
        Ok(self
            .conn
            .query_row(&sql, [], super::history::event)
            .optional()?)
    }

    /// Events after `event` that still stand in its way: they touched one of its rows, or made something that points to
    /// a row that undoing would remove. Oldest first.
    fn in_the_way(&self, event: i64) -> Result<Vec<Event>> {
        // An event and its undoing cancel out, and so does the undoing of an undoing: only what is left counts.
        let mut standing: BTreeSet<i64> = BTreeSet::new();
        let mut all = self
            .conn
            .prepare("SELECT id, undoes FROM events WHERE id > ?1 ORDER BY id")?;
        let mut undone: HashSet<i64> = HashSet::new();
        for pair in all
            .query_map([event], |r| {
                Ok((r.get::<_, i64>(0)?, r.get::<_, Option<i64>>(1)?))
            })?
            .collect::<rusqlite::Result<Vec<_>>>()?
            .into_iter()
            .rev()
        {
            if undone.contains(&pair.0) {
                continue;
            }
            match pair.1 {
                Some(target) if target > event => {
                    undone.insert(target);
                }
                _ => {
                    standing.insert(pair.0);
                }
            }
        }
        if standing.is_empty() {
            return Ok(Vec::new());
        }
        let mut found: BTreeSet<i64> = BTreeSet::new();
        let mut later = self.conn.prepare(
            "SELECT DISTINCT c.event FROM changes c WHERE c.event > ?1 AND EXISTS
             (SELECT 1 FROM temp.touched t WHERE t.tab = c.tab AND t.row = c.row)",
        )?;
        for id in later
            .query_map([event], |r| r.get::<_, i64>(0))?
            .collect::<rusqlite::Result<Vec<_>>>()?
        {
            if standing.contains(&id) {
                found.insert(id);
            }
        }
        let mut events = Vec::new();
        for id in found {
            events.extend(self.find_event(id)?);
        }
        Ok(events)
    }

    /// Rows that point to rows that would go: (child table, child row). The file's own keys say where to look. Rows that
    /// the event touched itself are put back with it.
    fn pointing_to(&self, gone: &BTreeMap<String, Vec<i64>>) -> Result<Vec<(String, i64)>> {
        let mut found = Vec::new();
        for child in super::schema::recorded_tables(&self.conn)? {
            let mut keys = self
                .conn
                .prepare("SELECT \"table\", \"from\" FROM pragma_foreign_key_list(?1)")?;
            let keys = keys
                .query_map([&child], |r| {
                    Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?))
                })?
                .collect::<rusqlite::Result<Vec<_>>>()?;
            for (parent, column) in keys
                .into_iter()
                .filter(|(parent, _)| gone.contains_key(parent))
            {
                let sql = format!(
                    "SELECT c.id FROM {child} c WHERE c.\"{column}\" IN (SELECT row FROM temp.removed WHERE tab = '{parent}')
                     AND c.id NOT IN (SELECT row FROM temp.removed WHERE tab = '{child}')
                     AND c.id NOT IN (SELECT t.row FROM temp.touched t JOIN recorded r ON r.id = t.tab WHERE r.name = '{child}') LIMIT 50"
                );
                let mut rows = self.conn.prepare(&sql)?;
                for id in rows
                    .query_map([], |r| r.get::<_, i64>(0))?
                    .collect::<rusqlite::Result<Vec<_>>>()?
                {
                    found.push((child.clone(), id));
                }
            }
        }
        Ok(found)
    }

    /// Switches the checking of keys off for an undo, which checks them itself: row by row, a transcript's codings
    /// would be searched once for each row of it that goes.
    pub fn without_key_checks<T, E: From<Error>>(
        &self,
        work: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        let set = |on: bool| {
            self.conn
                .pragma_update(None, "foreign_keys", on)
                .map_err(|e| E::from(Error::from(e)))
        };
        set(false)?;
        let given = work();
        set(true)?;
        given
    }
}

impl Tx<'_> {
    /// Takes `event` back. The caller runs this within [`Store::without_key_checks`].
    pub fn undo(&self, event: i64) -> Result<Event> {
        let Some(target) = self.find_event(event)? else {
            return Err(Error::Unknown {
                what: "event",
                name: event.to_string(),
                near: None,
                list: "log",
            });
        };
        if event == START {
            return Err(Error::refused(
                "event 1 is the beginning of the study: it can't be undone",
                "to start anew, make another study: casebook init NAME",
            ));
        }
        if target.op == REPORT_WRITE {
            return Err(Error::refused(
                format!("event {event} wrote a report: what was handed out can't be taken back"),
                "see what was written with: casebook report list",
            ));
        }
        if target.op == COPY_WRITE {
            return Err(Error::refused(
                format!("event {event} wrote a copy: what was copied can't be taken back"),
                "delete the file, if it is to go",
            ));
        }
        if target.op == RETENTION_DELETE {
            return Err(Error::refused(
                format!("event {event} deleted what was due: nothing can bring it back"),
                "see the rules with: casebook retention list",
            ));
        }
        if is_erase(&target) {
            return Err(Error::refused(
                format!(
                    "event {event} can't be undone: it erased ({})",
                    target.summary
                ),
                NOTHING_BRINGS_BACK,
            ));
        }
        if let Some(by) = target.undone_by {
            return Err(Error::refused(
                format!("event {event} was undone already, by event {by}"),
                format!("to bring it back: casebook undo {by}"),
            ));
        }
        // What brought an event back is not undone itself: the event is. So a chain never grows longer than two.
        if let Some(undone) = target.undoes {
            let origin: Option<i64> =
                self.conn
                    .query_row("SELECT undoes FROM events WHERE id = ?1", [undone], |r| {
                        r.get(0)
                    })?;
            if let Some(origin) = origin {
                return Err(Error::refused(
                    format!("event {event} only brought event {origin} back"),
                    format!("to take it back again: casebook undo {origin}"),
                ));
            }
        }
        let changes = self.changes_of(event)?;
        if changes.iter().any(|c| c.erased) || self.names_erased_text(&changes)? {
            return Err(Error::refused(
                format!("event {event} can't be undone: what it changed was erased since"),
                NOTHING_BRINGS_BACK,
            ));
        }
        self.conn.execute_batch(
            "CREATE TEMP TABLE IF NOT EXISTS touched (tab INTEGER, row INTEGER, PRIMARY KEY (tab, row)) WITHOUT ROWID; DELETE FROM temp.touched;
             CREATE TEMP TABLE IF NOT EXISTS removed (tab TEXT, row INTEGER, PRIMARY KEY (tab, row)) WITHOUT ROWID; DELETE FROM temp.removed;",
        )?;
        self.conn.execute(
            "INSERT OR IGNORE INTO temp.touched SELECT c.tab, c.row FROM events e JOIN changes c ON c.id BETWEEN e.first_change AND e.first_change + e.changes - 1 WHERE e.id = ?1",
            [event],
        )?;
        let way = self.in_the_way(event)?;
        if let Some(erase) = way.iter().find(|e| is_erase(e)) {
            return Err(Error::refused(
                format!(
                    "event {event} can't be undone: event {} erased what it made or changed",
                    erase.event
                ),
                NOTHING_BRINGS_BACK,
            ));
        }
        if let Some(first) = way.first() {
            return Err(depends(event, &way, first.event));
        }
        let mut gone: BTreeMap<String, Vec<i64>> = BTreeMap::new();
        {
            let mut put = self
                .conn
                .prepare("INSERT OR IGNORE INTO temp.removed VALUES (?1, ?2)")?;
            for change in changes.iter().filter(|c| c.op == ChangeOp::Added) {
                gone.entry(change.table.clone())
                    .or_default()
                    .push(change.row);
                put.execute((&change.table, change.row))?;
            }
        }
        let mut makers = Vec::new();
        for (table, row) in self.pointing_to(&gone)? {
            let maker: Option<i64> = self.conn.query_row(
                "SELECT max(c.event) FROM changes c JOIN recorded r ON r.id = c.tab WHERE r.name = ?1 AND c.row = ?2 AND c.event > ?3",
                (&table, row, event),
                |r| r.get(0),
            )?;
            // What only brought an event back is not undone itself: the event is.
            makers.extend(
                maker
                    .map(|id| self.brought_back(id))
                    .transpose()?
                    .flatten()
                    .or(maker),
            );
        }
        makers.sort_unstable();
        makers.dedup();
        if let Some(&first) = makers.first() {
            let mut events = Vec::new();
            for id in &makers {
                events.extend(self.find_event(*id)?);
            }
            return Err(depends(event, &events, first));
        }
        for change in changes.iter().rev() {
            match (change.op, &change.before) {
                (ChangeOp::Added, _) => {
                    self.conn
                        .prepare_cached(&format!("DELETE FROM {} WHERE id = ?1", change.table))?
                        .execute([change.row])?;
                }
                (_, None) => {
                    return Err(Error::refused(
                        format!("event {event} can't be undone: what it changed was erased since"),
                        NOTHING_BRINGS_BACK,
                    ));
                }
                (ChangeOp::Edited, Some(before)) => self.put_back(&change.table, before, false)?,
                (ChangeOp::Removed, Some(before)) => self.put_back(&change.table, before, true)?,
            }
        }
        *self.undoes.borrow_mut() = Some(event);
        self.summary(format!("undo {event}: {}", target.summary));
        Ok(target)
    }

    /// Whether undoing would make something point into a text that was erased: one that is not there and that the
    /// event itself does not bring back.
    fn names_erased_text(&self, changes: &[Change]) -> Result<bool> {
        let erased: bool = self.conn.query_row(
            "SELECT EXISTS (SELECT 1 FROM events WHERE op IN (?1, ?2))",
            [ERASE, ERASE_REVISIONS],
            |r| r.get(0),
        )?;
        if !erased {
            return Ok(false);
        }
        let returns = |wanted: &dyn Fn(&serde_json::Map<String, Json>) -> bool| {
            changes.iter().any(|c| {
                c.table == "revisions"
                    && c.op == ChangeOp::Removed
                    && c.before.as_ref().is_some_and(wanted)
            })
        };
        let number = |row: &serde_json::Map<String, Json>, name: &str| {
            row.get(name).and_then(Json::as_i64).unwrap_or_default()
        };
        for change in changes {
            let Some(row) = &change.before else { continue };
            let there = match change.table.as_str() {
                "codings" => {
                    let id = number(row, "revision");
                    self.revision(id)?.is_some() || returns(&|r| number(r, "id") == id)
                }
                "transcripts" => {
                    let (id, n) = (number(row, "id"), number(row, "revision"));
                    self.revisions(id)?.iter().any(|r| r.number == n)
                        || returns(&|r| number(r, "transcript") == id && number(r, "number") == n)
                }
                _ => true,
            };
            if !there {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The event that `event` brought back by undoing its undoing.
    fn brought_back(&self, event: i64) -> Result<Option<i64>> {
        let sql = "SELECT b.undoes FROM events a JOIN events b ON b.id = a.undoes WHERE a.id = ?1";
        Ok(self
            .conn
            .query_row(sql, [event], |r| r.get(0))
            .optional()?
            .flatten())
    }

    fn put_back(
        &self,
        table: &str,
        before: &serde_json::Map<String, Json>,
        insert: bool,
    ) -> Result<()> {
        let columns = columns(&self.conn, table)?;
        let values: Vec<Value> = columns
            .iter()
            .map(|(name, bytes)| value(before.get(name), *bytes))
            .collect();
        let names = columns
            .iter()
            .map(|(name, _)| format!("\"{name}\""))
            .collect::<Vec<_>>();
        let sql = if insert {
            format!(
                "INSERT INTO {table} ({}) VALUES ({})",
                names.join(", "),
                vec!["?"; names.len()].join(", ")
            )
        } else {
            format!(
                "UPDATE {table} SET {} WHERE id = ?1",
                names
                    .iter()
                    .enumerate()
                    .map(|(n, name)| format!("{name} = ?{}", n + 1))
                    .collect::<Vec<_>>()
                    .join(", ")
            )
        };
        let taken = |e: rusqlite::Error| match e.sqlite_error_code() {
            Some(rusqlite::ErrorCode::ConstraintViolation) => Error::refused(
                "it can't be undone: something made since stands in its place",
                "see what was done since with: casebook log",
            ),
            _ => Error::Sqlite(e),
        };
        self.conn
            .prepare_cached(&sql)?
            .execute(params_from_iter(values))
            .map_err(taken)?;
        self.check_keys(table, before)?;
        if insert {
            self.put_back_parts(table, before)?;
        }
        Ok(())
    }

    /// Brings back what exists only as part of an immutable row, from that row's before-image.
    fn put_back_parts(&self, table: &str, before: &serde_json::Map<String, Json>) -> Result<()> {
        let first_turn = before.get("first_turn").and_then(Json::as_i64);
        for (_, key, part, kept, _) in PARTS.into_iter().filter(|p| p.0 == table) {
            let Some(Json::Array(rows)) = before.get(key) else {
                continue;
            };
            let numbered = key == TURNS_KEY;
            let names = if numbered {
                format!("id, {kept}")
            } else {
                kept.to_owned()
            };
            let places = vec!["?"; names.split(',').count()].join(", ");
            let mut put = self
                .conn
                .prepare_cached(&format!("INSERT INTO {part} ({names}) VALUES ({places})"))?;
            for (n, row) in (first_turn.unwrap_or_default()..).zip(rows) {
                let id = numbered.then_some(Value::Integer(n));
                let fields = row.as_array().into_iter().flatten();
                put.execute(params_from_iter(
                    id.into_iter().chain(fields.map(|v| value(Some(v), false))),
                ))?;
            }
        }
        Ok(())
    }

    /// What a row that comes back points to must be there still (or come back in the same event: then it is by now,
    /// as changes are taken back last first).
    fn check_keys(&self, table: &str, row: &serde_json::Map<String, Json>) -> Result<()> {
        let mut keys = self
            .conn
            .prepare_cached("SELECT \"table\", \"from\" FROM pragma_foreign_key_list(?1)")?;
        for (parent, column) in keys
            .query_map([table], |r| {
                Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?))
            })?
            .collect::<rusqlite::Result<Vec<_>>>()?
        {
            let Some(id) = row.get(&column).and_then(Json::as_i64) else {
                continue;
            };
            let there: bool = self
                .conn
                .prepare_cached(&format!(
                    "SELECT EXISTS (SELECT 1 FROM {parent} WHERE id = ?1)"
                ))?
                .query_row([id], |r| r.get(0))?;
            if !there {
                return Err(Error::refused(
                    format!(
                        "it can't be undone: what a row of `{table}` belonged to (in `{parent}`) was removed since"
                    ),
                    "undo that first; see it with: casebook log",
                ));
            }
        }
        Ok(())
    }
}

const NOTHING_BRINGS_BACK: &str =
    "nothing can bring back what was erased; see what was done with: casebook log";

fn is_erase(event: &Event) -> bool {
    event.op == ERASE || event.op == ERASE_REVISIONS
}

fn depends(event: i64, way: &[Event], first: i64) -> Error {
    let listed: Vec<String> = way
        .iter()
        .take(5)
        .map(|e| format!("{} ({})", e.event, e.summary))
        .collect();
    let more = if way.len() > 5 {
        format!(" and {} more", way.len() - 5)
    } else {
        String::new()
    };
    let newest = way.last().map_or(first, |e| e.event);
    Error::refused(
        format!(
            "event {event} can't be undone: {} later depend{} on it: {}{more}",
            way.len(),
            if way.len() == 1 { "s" } else { "" },
            listed.join("; ")
        ),
        format!("undo the later ones first, newest first: casebook undo {newest}"),
    )
}

fn value(json: Option<&Json>, bytes: bool) -> Value {
    match json {
        Some(Json::Number(n)) => n.as_i64().map_or(Value::Null, Value::Integer),
        Some(Json::String(s)) if bytes => Value::Blob(unhex(s)),
        Some(Json::String(s)) => Value::Text(s.clone()),
        _ => Value::Null,
    }
}

fn unhex(hex: &str) -> Vec<u8> {
    hex.as_bytes()
        .chunks_exact(2)
        .filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}
