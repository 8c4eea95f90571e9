//! What is held about one person: which rows are theirs, which events touched them and how they were before, for whoever
//! asks what is kept of them.

use rusqlite::params;

use super::{Result, Store};

/// The tables with rows about one person, and how those are found. A test compares the list with the schema.
pub(super) const ABOUT: &[(&str, &str)] = &[
    ("participants", "SELECT id FROM participants WHERE id = ?1"),
    (
        "participant_cases",
        "SELECT id FROM participant_cases WHERE participant = ?1",
    ),
    (
        "attribute_values",
        "SELECT id FROM attribute_values WHERE participant_id = ?1",
    ),
    ("speakers", "SELECT id FROM speakers WHERE participant = ?1"),
    (
        "transcript_participants",
        "SELECT id FROM transcript_participants WHERE participant = ?1",
    ),
    ("memos", "SELECT id FROM memos WHERE participant_id = ?1"),
    (
        "milestones",
        "SELECT id FROM milestones WHERE participant = ?1",
    ),
    ("consents", "SELECT id FROM consents WHERE participant = ?1"),
    (
        "withdrawals",
        "SELECT id FROM withdrawals WHERE participant = ?1",
    ),
    (
        "responses",
        "SELECT id FROM responses WHERE participant = ?1",
    ),
    (
        "decisions",
        "SELECT id FROM decisions WHERE response IN (SELECT id FROM responses WHERE participant = ?1)",
    ),
];

/// A row: its table and its id.
pub type RowOf = (String, i64);

/// An event that touched rows about a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touch {
    pub event: i64,
    pub at: String,
    pub op: String,
    /// How many of these rows.
    pub rows: i64,
}

/// How a row about a person stood before an event changed or removed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Former {
    pub event: i64,
    pub at: String,
    pub table: String,
    pub before: serde_json::Map<String, serde_json::Value>,
}

/// A response with what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldResponse {
    /// None: to the debrief as a whole.
    pub finding: Option<i64>,
    pub kind: String,
    pub text: Option<String>,
    pub received: String,
    pub outcome: Option<String>,
    pub why: Option<String>,
}

/// The changes of rows that are a person's now, or that belonged to them before they were removed.
const THEIRS: &str =
    "FROM changes c JOIN recorded r ON r.id = c.tab JOIN events e ON e.id = c.event
    WHERE (r.name, c.row) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?1))
       OR (c.before IS NOT NULL AND r.name IN (SELECT value FROM json_each(?2))
           AND coalesce(c.before ->> 'participant', c.before ->> 'participant_id') = ?3)";

impl Store {
    /// The rows about a person.
    pub fn rows_about(&self, person: i64) -> Result<Vec<RowOf>> {
        let mut rows = Vec::new();
        for (table, sql) in ABOUT {
            let mut ids = self.conn.prepare_cached(sql)?;
            for id in ids
                .query_map([person], |r| r.get(0))?
                .collect::<rusqlite::Result<Vec<i64>>>()?
            {
                rows.push(((*table).to_owned(), id));
            }
        }
        Ok(rows)
    }

    /// The events that touched these rows, or rows of this person that are gone; oldest first.
    pub fn touches(&self, rows: &[RowOf], person: i64) -> Result<Vec<Touch>> {
        let mut all = self.conn.prepare(&format!(
            "SELECT e.id, e.at, e.op, count(DISTINCT c.tab * 1000000007 + c.row) {THEIRS} GROUP BY e.id ORDER BY e.id"
        ))?;
        let (rows, tables) = as_json(rows);
        Ok(all
            .query_map(params![rows, tables, person], |r| {
                Ok(Touch {
                    event: r.get(0)?,
                    at: r.get(1)?,
                    op: r.get(2)?,
                    rows: r.get(3)?,
                })
            })?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// How those rows stood before they were changed or removed, where that was not erased; oldest first.
    pub fn former(&self, rows: &[RowOf], person: i64) -> Result<Vec<Former>> {
        let mut all = self.conn.prepare(&format!(
            "SELECT e.id, e.at, r.name, c.before {THEIRS} ORDER BY c.id"
        ))?;
        let (rows, tables) = as_json(rows);
        let found = all
            .query_map(params![rows, tables, person], |r| {
                Ok((
                    r.get(0)?,
                    r.get(1)?,
                    r.get(2)?,
                    r.get::<_, Option<String>>(3)?,
                ))
            })?
            .collect::<rusqlite::Result<Vec<(i64, String, String, Option<String>)>>>()?;
        Ok(found
            .into_iter()
            .filter_map(|(event, at, table, before)| {
                Some(Former {
                    event,
                    at,
                    table,
                    before: serde_json::from_str(&before?).ok()?,
                })
            })
            .collect())
    }

    /// What a person answered in the debrief, in the order in which it was received.
    pub fn responses_held(&self, person: i64) -> Result<Vec<HeldResponse>> {
        let mut all = self.conn.prepare_cached(
            "SELECT r.finding, r.kind, r.text, r.received, d.outcome, d.why FROM responses r
             LEFT JOIN decisions d ON d.response = r.id WHERE r.participant = ?1 ORDER BY r.received, r.id",
        )?;
        Ok(all
            .query_map([person], |r| {
                Ok(HeldResponse {
                    finding: r.get(0)?,
                    kind: r.get(1)?,
                    text: r.get(2)?,
                    received: r.get(3)?,
                    outcome: r.get(4)?,
                    why: r.get(5)?,
                })
            })?
            .collect::<rusqlite::Result<_>>()?)
    }
}

fn as_json(rows: &[RowOf]) -> (String, String) {
    let tables: Vec<&str> = ABOUT.iter().map(|(table, _)| *table).collect();
    (
        serde_json::Value::from(
            rows.iter()
                .map(|(table, id)| serde_json::json!([table, id]))
                .collect::<Vec<_>>(),
        )
        .to_string(),
        serde_json::Value::from(tables).to_string(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever table points to a participant is told to the participant.
    #[test]
    fn no_table_about_people_is_forgotten() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::create(&folder.path().join("a.casebook")).expect("a study");
        let mut pointing: Vec<String> = store
            .conn
            .prepare("SELECT DISTINCT t.name FROM sqlite_schema t, pragma_foreign_key_list(t.name) k WHERE t.type = 'table' AND k.\"table\" = 'participants'")
            .expect("a query")
            .query_map([], |r| r.get(0))
            .expect("rows")
            .collect::<rusqlite::Result<_>>()
            .expect("rows");
        // No keys point from these: a withdrawal outlives its person, a decision hangs on a response.
        pointing.extend(["participants", "withdrawals", "decisions"].map(str::to_owned));
        pointing.sort();
        let mut told: Vec<&str> = ABOUT.iter().map(|(table, _)| *table).collect();
        told.sort_unstable();
        assert_eq!(told, pointing);
    }
}
