//! Goals: what cases are to become or to do, and the days on which they did.

use rusqlite::{OptionalExtension, Row, params};

use super::cases::taken;
use super::door::new_uuid;
use super::{Error, Result, Store, Tx};
use crate::error::did_you_mean;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Goal {
    pub id: i64,
    pub slug: String,
    pub name: String,
    /// The last day by which cases are to reach it.
    pub deadline: Option<String>,
    pub source: Option<String>,
}

/// The day on which a case reached a goal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reached {
    pub id: i64,
    pub goal: i64,
    pub case: i64,
    pub date: String,
    pub source: Option<String>,
}

const GOAL: &str = "SELECT id, slug, name, deadline, source FROM goals";

fn goal(r: &Row) -> rusqlite::Result<Goal> {
    Ok(Goal {
        id: r.get(0)?,
        slug: r.get(1)?,
        name: r.get(2)?,
        deadline: r.get(3)?,
        source: r.get(4)?,
    })
}

impl Store {
    pub fn goals(&self) -> Result<Vec<Goal>> {
        let mut all = self.conn.prepare_cached(&format!("{GOAL} ORDER BY slug"))?;
        Ok(all.query_map([], goal)?.collect::<rusqlite::Result<_>>()?)
    }

    pub fn find_goal(&self, slug: &str) -> Result<Option<Goal>> {
        Ok(self
            .conn
            .prepare_cached(&format!("{GOAL} WHERE slug = ?1"))?
            .query_row([slug], goal)
            .optional()?)
    }

    pub fn goal(&self, slug: &str) -> Result<Goal> {
        if let Some(found) = self.find_goal(slug)? {
            return Ok(found);
        }
        let all = self.goals()?;
        Err(Error::Unknown {
            what: "goal",
            name: crate::domain::span::printable(slug).into_owned(),
            near: did_you_mean(slug, all.iter().map(|g| g.slug.as_str())),
            list: "goal list",
        })
    }

    /// When cases reached a goal, or any, by goal, date and slug.
    pub fn goals_reached(&self, goal: Option<i64>) -> Result<Vec<Reached>> {
        let mut all = self.conn.prepare_cached(
            "SELECT r.id, r.goal, r.case_id, r.date, r.source FROM goals_reached r JOIN cases c ON c.id = r.case_id
             WHERE ?1 IS NULL OR r.goal = ?1 ORDER BY r.goal, r.date, c.slug",
        )?;
        let rows = all.query_map([goal], |r| {
            Ok(Reached {
                id: r.get(0)?,
                goal: r.get(1)?,
                case: r.get(2)?,
                date: r.get(3)?,
                source: r.get(4)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

impl Tx<'_> {
    /// Adds a goal, or writes it anew where its id is set. Gives the id.
    pub fn put_goal(&self, g: &Goal) -> Result<i64> {
        let taken = |e: rusqlite::Error| taken(e, "goal", &g.slug);
        if g.id == 0 {
            self.conn
                .prepare_cached("INSERT INTO goals (uuid, slug, name, deadline, source) VALUES (?1, ?2, ?3, ?4, ?5)")?
                .execute(params![new_uuid(), g.slug, g.name, g.deadline, g.source])
                .map_err(taken)?;
            return Ok(self.last_id());
        }
        self.conn
            .prepare_cached(
                "UPDATE goals SET slug = ?2, name = ?3, deadline = ?4, source = ?5 WHERE id = ?1",
            )?
            .execute(params![g.id, g.slug, g.name, g.deadline, g.source])
            .map_err(taken)?;
        Ok(g.id)
    }

    /// Removes a goal with the claims about it and the days on which it was reached.
    pub fn remove_goal(&self, id: i64) -> Result<()> {
        for sql in [
            "DELETE FROM claims WHERE goal = ?1",
            "DELETE FROM goals_reached WHERE goal = ?1",
            "DELETE FROM goals WHERE id = ?1",
        ] {
            self.conn.execute(sql, [id])?;
        }
        Ok(())
    }

    /// Puts down when a case reached a goal, in the place of what stood there.
    pub fn put_reached(&self, r: &Reached) -> Result<()> {
        if r.id == 0 {
            self.conn
                .prepare_cached("INSERT INTO goals_reached (uuid, goal, case_id, date, source, event) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
                .execute(params![new_uuid(), r.goal, r.case, r.date, r.source, self.event])?;
        } else {
            self.conn
                .prepare_cached(
                    "UPDATE goals_reached SET date = ?2, source = ?3, event = ?4 WHERE id = ?1",
                )?
                .execute(params![r.id, r.date, r.source, self.event])?;
        }
        Ok(())
    }

    pub fn remove_reached(&self, id: i64) -> Result<()> {
        self.conn
            .execute("DELETE FROM goals_reached WHERE id = ?1", [id])?;
        Ok(())
    }
}
