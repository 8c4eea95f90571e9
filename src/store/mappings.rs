//! Mappings that were kept for the next file of their kind.

use rusqlite::{OptionalExtension, params};

use super::door::new_uuid;
use super::{Error, Result, Store, Tx};
use crate::error::did_you_mean;

/// How the columns of a file become measures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptMapping {
    pub id: i64,
    pub slug: String,
    /// YAML.
    pub text: String,
    /// When it was written: UTC, RFC 3339.
    pub at: String,
}

impl Store {
    /// All of them, by name.
    pub fn mappings(&self) -> Result<Vec<KeptMapping>> {
        let mut all = self.conn.prepare_cached(
            "SELECT m.id, m.slug, m.text, e.at FROM mappings m JOIN events e ON e.id = m.event ORDER BY m.slug",
        )?;
        let rows = all.query_map([], |r| {
            Ok(KeptMapping {
                id: r.get(0)?,
                slug: r.get(1)?,
                text: r.get(2)?,
                at: r.get(3)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    pub fn mapping(&self, slug: &str) -> Result<KeptMapping> {
        let mut all = self.mappings()?;
        let near = did_you_mean(slug, all.iter().map(|m| m.slug.as_str()));
        match all.iter().position(|m| m.slug.eq_ignore_ascii_case(slug)) {
            Some(at) => Ok(all.swap_remove(at)),
            None => Err(Error::Unknown {
                what: "mapping",
                name: crate::domain::span::printable(slug).into_owned(),
                near,
                list: "mapping list",
            }),
        }
    }
}

impl Tx<'_> {
    /// Keeps a mapping under a name, in the place of one of that name. Whether anything changed.
    pub fn put_mapping(&self, slug: &str, text: &str) -> Result<bool> {
        let there: Option<String> = self
            .conn
            .prepare_cached("SELECT text FROM mappings WHERE slug = ?1")?
            .query_row([slug], |r| r.get(0))
            .optional()?;
        if there.as_deref() == Some(text) {
            return Ok(false);
        }
        self.conn
            .prepare_cached(
                "INSERT INTO mappings (uuid, slug, text, event) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (slug) DO UPDATE SET text = excluded.text, event = excluded.event",
            )?
            .execute(params![new_uuid(), slug, text, self.event])?;
        Ok(true)
    }

    pub fn remove_mapping(&self, id: i64) -> Result<()> {
        self.conn
            .execute("DELETE FROM mappings WHERE id = ?1", [id])?;
        Ok(())
    }
}
