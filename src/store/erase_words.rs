//! Words of the record's own lines, taken out so that the chain still holds: the reason of an event and the line that says
//! what was done.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rusqlite::{OptionalExtension, params};

use super::erase::hex;
use super::{Result, Store, Tx};

/// Words of an event that its hash covers: the line that says what was done, and in older formats the reason. What shows
/// that the rest of the event is as it was.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ErasedReason {
    pub event: i64,
    /// The event's hash, as it was made with the words, in hex.
    pub hash: String,
    /// The hash that it has without, in hex.
    pub rest: String,
}

impl Store {
    /// Events with a reason: number and reason.
    pub fn reasons(&self) -> Result<Vec<(i64, String)>> {
        let mut all = self
            .conn
            .prepare("SELECT id, why FROM events WHERE why IS NOT NULL ORDER BY id")?;
        Ok(all
            .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// Events with a reason that touched any of these rows: (table, row).
    pub fn reasons_that_touched(&self, gone: &HashSet<(String, i64)>) -> Result<BTreeSet<i64>> {
        let names = self.recorded_names()?;
        let rows: HashMap<&str, HashSet<i64>> =
            gone.iter().fold(HashMap::new(), |mut by, (table, row)| {
                by.entry(table.as_str()).or_default().insert(*row);
                by
            });
        let of: HashMap<i64, &HashSet<i64>> = names
            .iter()
            .filter_map(|(tab, name)| Some((*tab, rows.get(name.as_str())?)))
            .collect();
        let mut all = self.conn.prepare(
            "SELECT e.id, c.tab, c.row FROM events e JOIN changes c ON c.id BETWEEN e.first_change AND e.first_change + e.changes - 1 WHERE e.why IS NOT NULL",
        )?;
        let mut found = BTreeSet::new();
        let mut rows = all.query([])?;
        while let Some(r) = rows.next()? {
            if of
                .get(&r.get(1)?)
                .is_some_and(|ids| r.get(2).is_ok_and(|row: i64| ids.contains(&row)))
            {
                found.insert(r.get(0)?);
            }
        }
        Ok(found)
    }

    /// What the events say in one line: number and line.
    pub fn summaries(&self) -> Result<Vec<(i64, String)>> {
        let mut all = self
            .conn
            .prepare("SELECT id, summary FROM events ORDER BY id")?;
        Ok(all
            .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// Events of which words that the chain covers were erased; see [`ErasedReason`].
    pub(super) fn erased_reasons(&self) -> Result<HashMap<i64, ErasedReason>> {
        #[derive(serde::Deserialize)]
        struct Reached {
            #[serde(default)]
            reasons: Vec<ErasedReason>,
        }
        let mut found = HashMap::new();
        let mut all = self
            .conn
            .prepare("SELECT reached FROM withdrawals WHERE mode = 'erase' ORDER BY id")?;
        for json in all
            .query_map([], |r| r.get::<_, String>(0))?
            .collect::<rusqlite::Result<Vec<_>>>()?
        {
            let reached: Reached = serde_json::from_str(&json).unwrap_or(Reached {
                reasons: Vec::new(),
            });
            found.extend(reached.reasons.into_iter().map(|r| (r.event, r)));
        }
        Ok(found)
    }
}

impl Tx<'_> {
    /// Erases the reasons of these events, and puts other lines in the place of those that say what was done. Gives what
    /// shows that events whose hash covers the words themselves are otherwise as they were.
    pub fn erase_words(
        &self,
        reasons: &BTreeSet<i64>,
        summaries: &BTreeMap<i64, String>,
    ) -> Result<Vec<ErasedReason>> {
        let mut kept = Vec::new();
        let mut one = self
            .conn
            .prepare("SELECT why IS NOT NULL, why_hash IS NULL, hash FROM events WHERE id = ?1")?;
        let mut before = self
            .conn
            .prepare("SELECT hash FROM events WHERE id < ?1 ORDER BY id DESC LIMIT 1")?;
        let events: BTreeSet<i64> = reasons.iter().chain(summaries.keys()).copied().collect();
        for event in events {
            let found: Option<(bool, bool, Vec<u8>)> = one
                .query_row([event], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
                .optional()?;
            let Some((has_why, covered, hash)) = found else {
                continue;
            };
            let summary = summaries.get(&event);
            let why = has_why && reasons.contains(&event);
            if let Some(summary) = summary {
                self.conn.execute(
                    "UPDATE events SET summary = ?2 WHERE id = ?1",
                    params![event, summary],
                )?;
            }
            if why {
                self.conn
                    .execute("UPDATE events SET why = NULL WHERE id = ?1", [event])?;
            }
            if summary.is_some() || (why && covered) {
                let before: Option<Vec<u8>> = before.query_row([event], |r| r.get(0)).optional()?;
                let rest = self.event_hash(event, before.as_deref().unwrap_or_default())?;
                kept.push(ErasedReason {
                    event,
                    hash: hex(&hash),
                    rest: hex(rest.as_bytes()),
                });
            }
        }
        Ok(kept)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Access, NewWithdrawal, Who};
    use super::*;

    /// In a study of an older format the chain covers the reason itself.
    #[test]
    fn a_reason_that_the_chain_covers_goes_and_the_chain_holds() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("old.casebook");
        let old = rusqlite::Connection::open(&path).expect("a file");
        old.execute_batch(include_str!("../../fixtures/stores/format-3.sql"))
            .expect("the dump runs");
        old.pragma_update(None, "application_id", super::super::APPLICATION_ID)
            .and_then(|()| old.pragma_update(None, "user_version", 3))
            .expect("marked");
        drop(old);
        let store = Store::open(&path, Access::Write).expect("stepped up");
        let who = Who {
            coder: "mara".into(),
            at: "2026-11-23T09:00:00Z".into(),
            why: Some("as she wished".into()),
        };
        let (_, event) = store
            .change(&who, "coder add", |tx| {
                tx.summary("add smith");
                Ok(tx.coder("another")?)
            })
            .expect("written");
        let event = event.expect("an event");
        // As formats before 4 wrote it.
        let put = |sql: &str, hash: &[u8]| {
            store
                .conn
                .execute(sql, params![event, hash])
                .expect("written");
        };
        put(
            "UPDATE events SET why_hash = NULL, hash = ?2 WHERE id = ?1",
            b"",
        );
        let before: Vec<u8> = store
            .conn
            .query_row("SELECT hash FROM events WHERE id = ?1 - 1", [event], |r| {
                r.get(0)
            })
            .expect("an event before");
        let hash = store.event_hash(event, &before).expect("a hash");
        put("UPDATE events SET hash = ?2 WHERE id = ?1", hash.as_bytes());
        assert_eq!(store.verify_chain().expect("walked"), []);

        let later = Who { why: None, ..who };
        store
            .change(&later, "withdraw erase", |tx| {
                let kept = tx.erase_words(
                    &BTreeSet::from([event]),
                    &BTreeMap::from([(event, "add [erased]".to_owned())]),
                )?;
                assert_eq!(kept.len(), 1);
                Ok(tx.add_withdrawal(&NewWithdrawal {
                    participant: 99,
                    uuid: [7; 16],
                    code: "P9",
                    mode: "erase",
                    asked: "2026-11-23",
                    reached: &serde_json::json!({ "reasons": kept }).to_string(),
                })?)
            })
            .expect("erased");
        assert_eq!(store.verify_chain().expect("walked"), []);
        let words = |column: &str| -> Option<String> {
            store
                .conn
                .query_row(
                    &format!("SELECT {column} FROM events WHERE id = ?1"),
                    [event],
                    |r| r.get(0),
                )
                .expect("the event")
        };
        assert_eq!(
            (words("why"), words("summary")),
            (None, Some("add [erased]".into()))
        );
        // Anything else of the event is still seen.
        store
            .conn
            .execute("UPDATE events SET coder = 'eve' WHERE id = ?1", [event])
            .expect("written");
        assert!(!store.verify_chain().expect("walked").is_empty());
    }
}
