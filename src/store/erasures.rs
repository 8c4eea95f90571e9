//! Who erased which before-image, and what was left in its place: so that a state of the record is taken for an erased one
//! only where an erase on record accounts for it.
//!
//! `changes.erased` is the hash of what the image was (32 bytes), and behind it for each erase that reached it the number of
//! its event (8 bytes, lowest first) and the hash of what it left (32 bytes, zeros where nothing). The digest of that event
//! covers both hashes.

use std::collections::HashMap;

use rusqlite::types::ValueRef;

use super::door::{NO_ROW, RowHash};
use super::{Result, Store};

/// Bytes that one erase adds.
const ENTRY: usize = 8 + 32;

/// What one event did to one before-image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Erasure {
    /// Id of the row of the record.
    pub(super) change: i64,
    pub(super) was: RowHash,
    pub(super) left: RowHash,
}

/// All of a study.
#[derive(Default)]
pub(super) struct Erasures {
    /// By event, in the order of the changes.
    pub(super) of: HashMap<i64, Vec<Erasure>>,
    /// Events of changes that are marked as erased and for which nothing accounts.
    pub(super) strays: Vec<i64>,
}

/// Hash of what stands in the place of a before-image.
pub(super) fn left_hash(image: Option<&[u8]>) -> RowHash {
    image.map_or(NO_ROW, |json| *blake3::hash(json).as_bytes())
}

/// What `changes.erased` becomes when `event` leaves `image`; `before` is what it was until then, `was` the hash of the image.
pub(super) fn marked(
    before: Option<&[u8]>,
    was: RowHash,
    event: i64,
    image: Option<&str>,
) -> Vec<u8> {
    let mut out = before.map_or_else(|| was.to_vec(), <[u8]>::to_vec);
    out.extend(event.to_le_bytes());
    out.extend(left_hash(image.map(str::as_bytes)));
    out
}

impl Store {
    /// Reads who erased what.
    pub(super) fn erasures(&self) -> Result<Erasures> {
        let mut found = Erasures::default();
        let mut all = self.conn.prepare(
            "SELECT id, event, before, erased FROM changes WHERE erased IS NOT NULL ORDER BY id",
        )?;
        let mut rows = all.query([])?;
        while let Some(r) = rows.next()? {
            let (change, event): (i64, i64) = (r.get(0)?, r.get(1)?);
            let now = match r.get_ref(2)? {
                ValueRef::Text(json) => left_hash(Some(json)),
                _ => NO_ROW,
            };
            let entries = match r.get_ref(3)? {
                ValueRef::Blob(mark) => entries(change, mark),
                _ => None,
            };
            match entries {
                Some(entries) if entries.last().is_some_and(|(_, e)| e.left == now) => {
                    for (by, erasure) in entries {
                        found.of.entry(by).or_default().push(erasure);
                    }
                }
                _ => found.strays.push(event),
            }
        }
        Ok(found)
    }
}

/// The events of a mark, each with what it did; none where it is no mark.
fn entries(change: i64, mark: &[u8]) -> Option<Vec<(i64, Erasure)>> {
    let (was, rest) = mark.split_first_chunk::<32>()?;
    if !rest.len().is_multiple_of(ENTRY) {
        return None;
    }
    let mut found = Vec::new();
    for entry in rest.chunks_exact(ENTRY) {
        let (by, left) = entry.split_first_chunk::<8>()?;
        let erasure = Erasure {
            change,
            was: *was,
            left: left.try_into().ok()?,
        };
        found.push((i64::from_le_bytes(*by), erasure));
    }
    Some(found)
}
