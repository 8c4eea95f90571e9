//! Named versions of the codebook, and how themes and codings stood after an earlier event: read from the record, as
//! nothing of it is stored.

use std::collections::{BTreeMap, HashMap, HashSet};

use rusqlite::{OptionalExtension, Row, params};
use serde_json::{Map, Value};

use super::cases::taken;
use super::door::new_uuid;
use super::{Error, Result, Store, Theme, Tx};
use crate::error::did_you_mean;

/// A version of the codebook that somebody named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    pub id: i64,
    pub name: String,
    pub note: Option<String>,
    /// The codebook as it stood when this event was done.
    pub event: i64,
    pub coder: String,
    pub at: String,
}

/// Themes as they stood once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ThemesThen {
    /// In the order in which they were made.
    pub themes: Vec<Theme>,
    /// Themes whose row of that time was erased: they are shown as they stood next, or not at all.
    pub erased: usize,
}

/// One row of the record about a coding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodingChange {
    pub event: i64,
    pub coding: i64,
    /// Whether the coding was there before.
    pub there: bool,
    /// Its theme before, unless that was erased, and whether it waited for its place.
    pub before: Option<(i64, bool)>,
}

/// An event that took in, took out or undid, as a walk over events needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventOp {
    pub event: i64,
    pub op: String,
    pub summary: String,
    pub undoes: Option<i64>,
}

fn version(r: &Row) -> rusqlite::Result<Version> {
    Ok(Version {
        id: r.get(0)?,
        name: r.get(1)?,
        note: r.get(2)?,
        event: r.get(3)?,
        coder: r.get(4)?,
        at: r.get(5)?,
    })
}

/// A theme from its before-image.
fn theme_of(row: i64, image: &Map<String, Value>) -> Theme {
    let text = |key: &str| image.get(key).and_then(Value::as_str).map(str::to_owned);
    Theme {
        id: row,
        parent: image.get("parent").and_then(Value::as_i64),
        name: text("name").unwrap_or_default(),
        definition: text("definition"),
        full_definition: text("full_definition"),
        include: text("include"),
        exclude: text("exclude"),
        example: text("example"),
        kind: text("kind"),
        colour: text("colour"),
    }
}

impl Store {
    /// All versions, the oldest first.
    pub fn versions(&self) -> Result<Vec<Version>> {
        let mut all = self.conn.prepare_cached(
            "SELECT v.id, v.name, v.note, v.event, e.coder, e.at FROM codebook_versions v
             JOIN events e ON e.id = v.event ORDER BY v.event, v.id",
        )?;
        Ok(all
            .query_map([], version)?
            .collect::<rusqlite::Result<_>>()?)
    }

    pub fn version(&self, name: &str) -> Result<Version> {
        let all = self.versions()?;
        let near = did_you_mean(name, all.iter().map(|v| v.name.as_str()));
        all.into_iter()
            .find(|v| v.name.eq_ignore_ascii_case(name))
            .ok_or_else(|| Error::Unknown {
                what: "version of the codebook",
                name: crate::domain::span::printable(name).into_owned(),
                near,
                list: "theme version list",
            })
    }

    /// The last event up to the end of that day (UTC); none before the study began.
    pub fn last_event_until(&self, day: &str) -> Result<Option<i64>> {
        Ok(self.conn.query_row(
            "SELECT max(id) FROM events WHERE date(at) <= ?1",
            [day],
            |r| r.get(0),
        )?)
    }

    /// The first row of the record after an event; none where nothing came after it.
    fn first_change_after(&self, event: i64) -> Result<Option<i64>> {
        Ok(self
            .conn
            .query_row(
                "SELECT first_change FROM events WHERE id > ?1 ORDER BY id LIMIT 1",
                [event],
                |r| r.get(0),
            )
            .optional()?)
    }

    /// The themes as they stood when `event` was done. The first change of a row after it holds the row as it was.
    pub fn themes_at(&self, event: i64) -> Result<ThemesThen> {
        let mut then: BTreeMap<i64, Theme> =
            self.themes()?.into_iter().map(|t| (t.id, t)).collect();
        let mut erased = 0;
        if let Some(first) = self.first_change_after(event)? {
            let mut later = self.conn.prepare_cached(
                "SELECT row, op, before, min(id) FROM changes
                 WHERE id >= ?1 AND tab = (SELECT id FROM recorded WHERE name = 'themes') GROUP BY row",
            )?;
            let mut rows = later.query([first])?;
            while let Some(r) = rows.next()? {
                let (row, op): (i64, i64) = (r.get(0)?, r.get(1)?);
                let before: Option<String> = r.get(2)?;
                match (
                    op,
                    before.and_then(|json| serde_json::from_str::<Map<_, _>>(&json).ok()),
                ) {
                    (1, _) => {
                        then.remove(&row);
                    }
                    (_, Some(image)) => {
                        then.insert(row, theme_of(row, &image));
                    }
                    (_, None) => erased += 1,
                }
            }
        }
        Ok(ThemesThen {
            themes: then.into_values().collect(),
            erased,
        })
    }

    /// Runs `each` over what happened to codings after an event, the latest first.
    pub fn each_coding_change_after<E: From<Error>>(
        &self,
        event: i64,
        mut each: impl FnMut(CodingChange) -> Result<(), E>,
    ) -> Result<(), E> {
        let fail = |e: rusqlite::Error| E::from(Error::from(e));
        let Some(first) = self.first_change_after(event)? else {
            return Ok(());
        };
        let mut later = self
            .conn
            .prepare_cached(
                "SELECT event, row, op, json_extract(before, '$.theme'), json_extract(before, '$.pending') IS NOT NULL
                 FROM changes WHERE id >= ?1 AND tab = (SELECT id FROM recorded WHERE name = 'codings') ORDER BY id DESC",
            )
            .map_err(fail)?;
        let mut rows = later.query([first]).map_err(fail)?;
        let read = |r: &Row| {
            let theme: Option<i64> = r.get(3)?;
            let waits: bool = r.get(4)?;
            Ok(CodingChange {
                event: r.get(0)?,
                coding: r.get(1)?,
                there: r.get::<_, i64>(2)? != 1,
                before: theme.map(|t| (t, waits)),
            })
        };
        while let Some(r) = rows.next().map_err(fail)? {
            each(read(r).map_err(fail)?)?;
        }
        Ok(())
    }

    /// Events from the one after `from` up to `to`, oldest first.
    pub fn events_between(&self, from: i64, to: i64) -> Result<Vec<EventOp>> {
        let mut all = self.conn.prepare_cached(
            "SELECT id, op, summary, undoes FROM events WHERE id > ?1 AND id <= ?2 ORDER BY id",
        )?;
        Ok(all
            .query_map([from, to], |r| {
                Ok(EventOp {
                    event: r.get(0)?,
                    op: r.get(1)?,
                    summary: r.get(2)?,
                    undoes: r.get(3)?,
                })
            })?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// The themes that each of these events removed: (event, theme).
    pub fn themes_removed_in(&self, events: &HashSet<i64>) -> Result<Vec<(i64, i64)>> {
        let mut gone = self.conn.prepare_cached(
            "SELECT c.row FROM events e JOIN changes c ON c.id BETWEEN e.first_change AND e.first_change + e.changes - 1
             WHERE e.id = ?1 AND c.op = 3 AND c.tab = (SELECT id FROM recorded WHERE name = 'themes')",
        )?;
        let mut events: Vec<i64> = events.iter().copied().collect();
        events.sort_unstable();
        let mut found = Vec::new();
        for event in events {
            for row in gone
                .query_map([event], |r| r.get(0))?
                .collect::<rusqlite::Result<Vec<i64>>>()?
            {
                found.push((event, row));
            }
        }
        Ok(found)
    }

    /// How many codings of a theme, that have their place, were made by each event.
    pub fn codings_by_event(&self, theme: i64) -> Result<BTreeMap<i64, i64>> {
        let mut found: HashMap<i64, i64> = HashMap::new();
        self.each_coding::<Error>(Some(theme), |c| {
            *found.entry(c.event).or_default() += 1;
            Ok(())
        })?;
        Ok(found.into_iter().collect())
    }
}

impl Tx<'_> {
    /// Names the codebook as it stands now.
    pub fn add_version(&self, name: &str, note: Option<&str>) -> Result<i64> {
        self.conn
            .execute(
                "INSERT INTO codebook_versions (uuid, name, note, event) VALUES (?1, ?2, ?3, ?4)",
                params![new_uuid(), name, note, self.event],
            )
            .map_err(|e| taken(e, "version", name))?;
        Ok(self.last_id())
    }

    /// Gives a version another name or note; what it stands for stays.
    pub fn edit_version(&self, id: i64, name: &str, note: Option<&str>) -> Result<()> {
        self.conn
            .execute(
                "UPDATE codebook_versions SET name = ?2, note = ?3 WHERE id = ?1",
                params![id, name, note],
            )
            .map_err(|e| taken(e, "version", name))?;
        Ok(())
    }

    /// Forgets a version's name. The record keeps the codebook as it was all the same.
    pub fn remove_version(&self, id: i64) -> Result<()> {
        self.conn
            .execute("DELETE FROM codebook_versions WHERE id = ?1", [id])?;
        Ok(())
    }
}
