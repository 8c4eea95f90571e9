//! The one door for change: one named operation, one IMMEDIATE transaction, one row in `events`, and by triggers one
//! row in `changes` for each row touched.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ops::Deref;

use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, OptionalExtension, params};

use super::erasures::Erasure;
use super::error::meaning;
use super::{Error, Result, Store, hold};
use crate::error::Failure;

/// Who acts, when, and why. The time comes from outside, so that tests have a clock of their own.
#[derive(Clone, Debug)]
pub struct Who {
    pub coder: String,
    /// UTC, RFC 3339.
    pub at: String,
    pub why: Option<String>,
}

/// A change under way. Reads go through to the store; writes are on this type alone.
pub struct Tx<'a> {
    store: &'a Store,
    pub(super) event: i64,
    summary: RefCell<String>,
    pub(super) undoes: RefCell<Option<i64>>,
    /// Whether before-images were erased: the digest covers what was left in their place.
    pub(super) sifted: Cell<bool>,
}

impl Deref for Tx<'_> {
    type Target = Store;
    fn deref(&self) -> &Store {
        self.store
    }
}

impl Tx<'_> {
    /// The one line that the record keeps: slugs and counts, never somebody's words.
    pub fn summary(&self, line: impl Into<String>) {
        *self.summary.borrow_mut() = line.into();
    }

    /// The event that this change is.
    pub fn event(&self) -> i64 {
        self.event
    }

    pub(super) fn last_id(&self) -> i64 {
        self.store.conn.last_insert_rowid()
    }
}

/// 16 bytes for a new row's lasting id.
pub(super) fn new_uuid() -> [u8; 16] {
    *uuid::Uuid::now_v7().as_bytes()
}

impl Store {
    /// Runs `work` as one event named `op`. Whatever fails takes everything back. An event that changed nothing is not
    /// recorded. Gives what `work` gave, and the number of the event (none if nothing changed).
    pub fn change<T>(
        &self,
        who: &Who,
        op: &str,
        work: impl FnOnce(&Tx) -> Result<T, Failure>,
    ) -> Result<(T, Option<i64>), Failure> {
        self.run(who, op, true, work)
    }

    /// Runs `work` as [`Store::change`] does and takes everything back: for what a change would do. Gives what `work`
    /// gave.
    pub fn rehearse<T>(
        &self,
        who: &Who,
        op: &str,
        work: impl FnOnce(&Tx) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        Ok(self.run(who, op, false, work)?.0)
    }

    fn run<T>(
        &self,
        who: &Who,
        op: &str,
        keep: bool,
        work: impl FnOnce(&Tx) -> Result<T, Failure>,
    ) -> Result<(T, Option<i64>), Failure> {
        self.begin()?;
        let guard = Rollback(Some(self));
        let _hold = hold::take(&self.path, &who.coder, op, &who.at);
        let (event, first_change) = self.next_event().map_err(Failure::from)?;
        let db = |e: rusqlite::Error| Failure::from(meaning(e, &self.path));
        self.conn
            .prepare_cached("INSERT INTO events (id, at, coder, op, summary, why, first_change, changes, digest, hash, why_hash) VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6, 0, x'', x'', ?7)")
            .and_then(|mut s| {
                let why_hash = who.why.as_ref().map(|why| *blake3::hash(why.as_bytes()).as_bytes());
                s.execute(params![event, who.at, who.coder, op, who.why, first_change, why_hash])
            })
            .map_err(db)?;
        self.conn
            .prepare_cached("INSERT INTO door VALUES (?1)")
            .and_then(|mut s| s.execute([event]))
            .map_err(db)?;
        let tx = Tx {
            store: self,
            event,
            summary: RefCell::new(op.to_owned()),
            undoes: RefCell::new(None),
            sifted: Cell::new(false),
        };
        let given = work(&tx)?;
        if !keep {
            return Ok((given, None)); // the guard takes it back
        }
        self.conn
            .prepare_cached("DELETE FROM door")
            .and_then(|mut s| s.execute([]))
            .map_err(db)?;
        let last: Option<i64> = self
            .conn
            .query_row("SELECT max(id) FROM changes", [], |r| r.get(0))
            .map_err(db)?;
        let changes = last.unwrap_or(0) + 1 - first_change;
        if changes == 0 {
            return Ok((given, None)); // the guard takes the empty event back
        }
        self.seal(event, first_change, changes, &tx)
            .map_err(Failure::from)?;
        self.conn.execute_batch("COMMIT").map_err(db)?;
        guard.done();
        Ok((given, Some(event)))
    }

    fn begin(&self) -> Result<()> {
        if self.conn.is_readonly(rusqlite::MAIN_DB)? {
            return Err(Error::ReadOnly {
                path: self.path.clone(),
                why: "the file or its folder is read-only",
            });
        }
        self.conn
            .execute_batch("BEGIN IMMEDIATE")
            .map_err(|e| meaning(e, &self.path))
    }

    fn next_event(&self) -> Result<(i64, i64)> {
        Ok(self.conn.query_row("SELECT ifnull((SELECT max(id) FROM events), 0) + 1, ifnull((SELECT max(id) FROM changes), 0) + 1", [], |r| Ok((r.get(0)?, r.get(1)?)))?)
    }

    fn seal(&self, event: i64, first_change: i64, changes: i64, tx: &Tx) -> Result<()> {
        let mut rows = Hashes::new(self)?;
        let erasures = if tx.sifted.get() {
            self.erasures()?.of.remove(&event).unwrap_or_default()
        } else {
            Vec::new()
        };
        let digest = self.digest(first_change, changes, &erasures, |tab, row| {
            rows.now(tab, row)
        })?;
        self.conn.execute(
            "UPDATE events SET summary = ?2, undoes = ?3, changes = ?4, digest = ?5 WHERE id = ?1",
            params![
                event,
                *tx.summary.borrow(),
                *tx.undoes.borrow(),
                changes,
                digest.as_bytes()
            ],
        )?;
        let before: Option<Vec<u8>> = self
            .conn
            .query_row(
                "SELECT hash FROM events WHERE id < ?1 ORDER BY id DESC LIMIT 1",
                [event],
                |r| r.get(0),
            )
            .optional()?;
        let hash = self.event_hash(event, before.as_deref().unwrap_or_default())?;
        self.conn.execute(
            "UPDATE events SET hash = ?2 WHERE id = ?1",
            params![event, hash.as_bytes()],
        )?;
        Ok(())
    }

    /// Hash of an event's own row (without `hash`) and of the event before it. Of a reason it covers the hash, so that the
    /// reason can be erased; in studies of formats before 4 it covers the reason itself.
    pub(super) fn event_hash(&self, event: i64, before: &[u8]) -> Result<blake3::Hash> {
        let mut hasher = blake3::Hasher::new();
        hasher.update(before);
        let mut row = self.conn.prepare_cached("SELECT id, at, coder, op, summary, ifnull(why_hash, why), undoes, first_change, changes, digest FROM events WHERE id = ?1")?;
        row.query_row([event], |r| {
            for column in 0..10 {
                hash_value(&mut hasher, "", r.get_ref(column)?, false);
            }
            Ok(())
        })?;
        Ok(hasher.finalize())
    }

    /// Digest over an event's changes: for each the row's hash before, and for the last change of each row its hash
    /// after, which `after` knows (now, or as the next change of that row found it). Where it erased before-images, the
    /// digest covers what they were and what it left in their place.
    pub(super) fn digest(
        &self,
        first_change: i64,
        changes: i64,
        erasures: &[Erasure],
        mut after: impl FnMut(i64, i64) -> Result<RowHash>,
    ) -> Result<blake3::Hash> {
        let of_event = "FROM changes WHERE id BETWEEN ?1 AND ?1 + ?2 - 1 ORDER BY id";
        let mut last: HashMap<(i64, i64), i64> = HashMap::new();
        let mut all = self
            .conn
            .prepare_cached(&format!("SELECT id, tab, row {of_event}"))?;
        let mut rows = all.query([first_change, changes])?;
        while let Some(r) = rows.next()? {
            last.insert((r.get(1)?, r.get(2)?), r.get(0)?);
        }
        let mut hasher = blake3::Hasher::new();
        let mut all = self.conn.prepare_cached(&format!(
            "SELECT id, tab, row, op, before, erased {of_event}"
        ))?;
        let mut rows = all.query([first_change, changes])?;
        while let Some(r) = rows.next()? {
            let (id, tab, row): (i64, i64, i64) = (r.get(0)?, r.get(1)?, r.get(2)?);
            for n in [tab, row, r.get(3)?] {
                hasher.update(&n.to_le_bytes());
            }
            hasher.update(&before_hash(r.get_ref(4)?, r.get_ref(5)?));
            if last.get(&(tab, row)) == Some(&id) {
                hasher.update(&after(tab, row)?);
            }
        }
        for erasure in erasures {
            hasher.update(b"erased");
            hasher.update(&erasure.change.to_le_bytes());
            hasher.update(&erasure.was);
            hasher.update(&erasure.left);
        }
        Ok(hasher.finalize())
    }
}

/// blake3 of a row's contents; all zeros where there is no row.
pub(super) type RowHash = [u8; 32];
pub(super) const NO_ROW: RowHash = [0; 32];

/// Hash of a before-image, or the one that was kept when it was erased.
pub(super) fn before_hash(before: ValueRef, erased: ValueRef) -> RowHash {
    if let ValueRef::Blob(kept) = erased {
        // Behind it stands who erased it: see [`Erasures`].
        return kept.first_chunk::<32>().copied().unwrap_or(NO_ROW);
    }
    let ValueRef::Text(json) = before else {
        return NO_ROW;
    };
    let Ok(serde_json::Value::Object(fields)) = serde_json::from_slice(json) else {
        return NO_ROW;
    };
    let covered = fields.contains_key(TEXT_HASH);
    let mut hasher = blake3::Hasher::new();
    for (name, value) in &fields {
        match value {
            serde_json::Value::String(_) if covered && name == "text" => {}
            serde_json::Value::String(s) => hash_field(&mut hasher, name, b't', s.as_bytes()),
            serde_json::Value::Number(n) => {
                hash_field(&mut hasher, name, b'i', n.to_string().as_bytes());
            }
            _ => {}
        }
    }
    *hasher.finalize().as_bytes()
}

/// Where a row has this column, its `text` is covered by it and not hashed again: sealing an import need not read
/// back every text.
const TEXT_HASH: &str = "text_sha256";

fn hash_field(hasher: &mut blake3::Hasher, name: &str, kind: u8, value: &[u8]) {
    hasher.update(&(name.len() as u64).to_le_bytes());
    hasher.update(name.as_bytes());
    hasher.update(&[kind]);
    hasher.update(&(value.len() as u64).to_le_bytes());
    hasher.update(value);
}

/// Nulls are left out, so that a column that a later format adds changes no hash.
fn hash_value(hasher: &mut blake3::Hasher, name: &str, value: ValueRef, hex: bool) {
    match value {
        ValueRef::Null => {
            if !hex {
                hasher.update(b"-");
            }
        }
        ValueRef::Integer(n) => hash_field(hasher, name, b'i', n.to_string().as_bytes()),
        ValueRef::Text(text) => hash_field(hasher, name, b't', text),
        ValueRef::Blob(bytes) if hex => hash_field(hasher, name, b't', upper_hex(bytes).as_bytes()),
        ValueRef::Blob(bytes) => hash_field(hasher, name, b'b', bytes),
        ValueRef::Real(_) => {} // the schema has none
    }
}

fn upper_hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut s, b| {
            write!(s, "{b:02X}").ok();
            s
        })
}

/// Hashes of rows as they are now, with one prepared statement per table.
pub(super) struct Hashes<'a> {
    tables: HashMap<i64, (CachedStatement<'a>, Vec<String>)>,
}

impl<'a> Hashes<'a> {
    pub(super) fn new(store: &'a Store) -> Result<Self> {
        let mut tables = HashMap::new();
        let mut all = store.conn.prepare_cached("SELECT id, name FROM recorded")?;
        for pair in all
            .query_map([], |r| Ok((r.get::<_, i64>(0)?, r.get::<_, String>(1)?)))?
            .collect::<rusqlite::Result<Vec<_>>>()?
        {
            let mut columns: Vec<String> = super::schema::columns(&store.conn, &pair.1)?
                .into_iter()
                .map(|c| c.0)
                .collect();
            if columns.iter().any(|c| c == TEXT_HASH) {
                columns.retain(|c| c != "text");
            }
            let list = columns
                .iter()
                .map(|c| format!("\"{c}\""))
                .collect::<Vec<_>>()
                .join(", ");
            let statement = store
                .conn
                .prepare_cached(&format!("SELECT {list} FROM {} WHERE id = ?1", pair.1))?;
            tables.insert(pair.0, (statement, columns));
        }
        Ok(Self { tables })
    }

    pub(super) fn now(&mut self, tab: i64, row: i64) -> Result<RowHash> {
        let Some((statement, columns)) = self.tables.get_mut(&tab) else {
            return Ok(NO_ROW);
        };
        let hash = statement
            .query_row([row], |r| {
                let mut hasher = blake3::Hasher::new();
                for (n, name) in columns.iter().enumerate() {
                    hash_value(&mut hasher, name, r.get_ref(n)?, true);
                }
                Ok(*hasher.finalize().as_bytes())
            })
            .optional()?;
        Ok(hash.unwrap_or(NO_ROW))
    }
}

/// Takes everything back unless told that it was committed.
struct Rollback<'a>(Option<&'a Store>);

impl Rollback<'_> {
    fn done(mut self) {
        self.0 = None;
    }
}

impl Drop for Rollback<'_> {
    fn drop(&mut self) {
        if let Some(store) = self.0 {
            store.conn.execute_batch("ROLLBACK").ok();
        }
    }
}
