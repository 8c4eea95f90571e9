//! Themes: the codebook's tree.

use rusqlite::{Row, params};

use super::cases::taken;
use super::door::new_uuid;
use super::{Result, Store, Tx};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Theme {
    pub id: i64,
    pub parent: Option<i64>,
    pub name: String,
    pub definition: Option<String>,
    pub full_definition: Option<String>,
    pub include: Option<String>,
    pub exclude: Option<String>,
    pub example: Option<String>,
    pub kind: Option<String>,
    pub colour: Option<String>,
}

fn theme(r: &Row) -> rusqlite::Result<Theme> {
    Ok(Theme {
        id: r.get(0)?,
        parent: r.get(1)?,
        name: r.get(2)?,
        definition: r.get(3)?,
        full_definition: r.get(4)?,
        include: r.get(5)?,
        exclude: r.get(6)?,
        example: r.get(7)?,
        kind: r.get(8)?,
        colour: r.get(9)?,
    })
}

impl Store {
    /// All themes in the order in which they were made.
    pub fn themes(&self) -> Result<Vec<Theme>> {
        let mut all = self.conn.prepare_cached("SELECT id, parent, name, definition, full_definition, include, exclude, example, kind, colour FROM themes ORDER BY id")?;
        Ok(all.query_map([], theme)?.collect::<rusqlite::Result<_>>()?)
    }

    /// Codings of each theme: (theme, codings, transcripts).
    pub fn theme_counts(&self) -> Result<Vec<(i64, i64, i64)>> {
        // The index by theme holds ids in order, and an id begins with its transcript's: one scan, no sorting.
        let mut scan = self.conn.prepare_cached(
            "SELECT theme, id / 1000000, id FROM codings INDEXED BY codings_theme ORDER BY theme, id",
        )?;
        let pending = self.pending_ids()?;
        let mut rows = scan.query([])?;
        let mut found: Vec<(i64, i64, i64)> = Vec::new();
        let mut last = (0, 0);
        while let Some(r) = rows.next()? {
            let (theme, transcript): (i64, i64) = (r.get(0)?, r.get(1)?);
            if !pending.is_empty() && pending.contains(&r.get(2)?) {
                continue;
            }
            if last.0 != theme || found.is_empty() {
                found.push((theme, 0, 0));
                last = (theme, 0);
            }
            if let Some(count) = found.last_mut() {
                count.1 += 1;
                if last.1 != transcript {
                    count.2 += 1;
                    last.1 = transcript;
                }
            }
        }
        Ok(found)
    }
}

impl Tx<'_> {
    /// Adds a theme, or writes it anew where its id is set. Gives the id.
    pub fn put_theme(&self, t: &Theme) -> Result<i64> {
        let taken = |e: rusqlite::Error| taken(e, "theme", &t.name);
        if t.id == 0 {
            self.conn
                .prepare_cached(
                    "INSERT INTO themes (uuid, parent, name, definition, full_definition, include, exclude, example, kind, colour) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                )?
                .execute(params![new_uuid(), t.parent, t.name, t.definition, t.full_definition, t.include, t.exclude, t.example, t.kind, t.colour])
                .map_err(taken)?;
            return Ok(self.last_id());
        }
        self.conn
            .execute(
                "UPDATE themes SET parent = ?2, name = ?3, definition = ?4, full_definition = ?5, include = ?6, exclude = ?7, example = ?8, kind = ?9, colour = ?10 WHERE id = ?1",
                params![t.id, t.parent, t.name, t.definition, t.full_definition, t.include, t.exclude, t.example, t.kind, t.colour],
            )
            .map_err(taken)?;
        Ok(t.id)
    }

    /// Removes a theme that has no codings, rules or sub-themes left; its memos and its column of the frame go with it.
    pub fn remove_theme(&self, id: i64) -> Result<()> {
        self.drop_leaning_on_theme(id)?;
        self.conn
            .execute("DELETE FROM memos WHERE theme_id = ?1", [id])?;
        self.conn
            .execute("DELETE FROM rules WHERE theme = ?1", [id])?;
        self.conn
            .execute("DELETE FROM themes WHERE id = ?1", [id])?;
        Ok(())
    }

    /// Hands the memos and rules of one theme to another, as when the two are merged.
    pub fn hand_over_theme(&self, from: i64, to: i64) -> Result<()> {
        self.conn.execute(
            "UPDATE memos SET theme_id = ?2 WHERE theme_id = ?1",
            [from, to],
        )?;
        self.conn
            .execute("UPDATE rules SET theme = ?2 WHERE theme = ?1", [from, to])?;
        Ok(())
    }
}
