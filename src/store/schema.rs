//! The schema, its triggers, and its upgrades.

use rusqlite::Connection;

use super::Result;

/// "CSBK": marks the file as a study for `file(1)` and for us.
pub const APPLICATION_ID: i64 = 0x4353_424b;
/// The format that this program writes (`PRAGMA user_version`).
pub const VERSION: i64 = 5;

/// The whole present schema, as it stands in `schema.sql`.
pub const SCHEMA: &str = include_str!("../../schema.sql");

/// A step from one format to the next. Released steps are never edited.
pub(super) type Step = fn(&Connection) -> Result<()>;

/// `STEPS[n]` takes a file of format `n + 1` to `n + 2`. The first format has none.
pub(super) const STEPS: &[Step] = &[
    pending_sections_and_reflows,
    frame_findings_agreement,
    promises,
    systems_and_figures,
];

/// 1 → 2: codings may wait for their place; revisions have sections and remember where lines were joined.
fn pending_sections_and_reflows(conn: &Connection) -> Result<()> {
    conn.execute_batch(include_str!("steps/2.sql"))?;
    Ok(())
}

/// 2 → 3: the frame, findings, agreement, fieldwork, checklists.
fn frame_findings_agreement(conn: &Connection) -> Result<()> {
    conn.execute_batch(include_str!("steps/3.sql"))?;
    Ok(())
}

/// 3 → 4: consent, limits, withdrawals, populations, responses, copies, retention.
fn promises(conn: &Connection) -> Result<()> {
    conn.execute_batch(include_str!("steps/4.sql"))?;
    Ok(())
}

/// 4 → 5: dated systems, indicators and measures, cohorts, maturity, goals and claims.
fn systems_and_figures(conn: &Connection) -> Result<()> {
    conn.execute_batch(include_str!("steps/5.sql"))?;
    Ok(())
}

/// Tables that are not recorded row by row; each says why in `schema.sql`.
pub(super) const NOT_RECORDED: &[&str] = &[
    "events", "changes", "recorded", "door", "counters", "turns", "sections", "reflows", "erasing",
    "measures",
];

/// Makes a new study's tables and triggers, inside the caller's transaction.
pub(super) fn create(conn: &Connection) -> Result<()> {
    conn.execute_batch(SCHEMA)?;
    conn.execute_batch("INSERT INTO counters VALUES ('turn', 0), ('codings', 0)")?;
    record_all(conn)
}

/// (Re)makes the recording triggers from the tables that are there, so that no table can be forgotten.
pub(super) fn record_all(conn: &Connection) -> Result<()> {
    for table in recorded_tables(conn)? {
        conn.execute(
            "INSERT OR IGNORE INTO recorded (name) VALUES (?1)",
            [&table],
        )?;
        let number: i64 =
            conn.query_row("SELECT id FROM recorded WHERE name = ?1", [&table], |r| {
                r.get(0)
            })?;
        conn.execute_batch(&triggers(conn, &table, number)?)?;
    }
    Ok(())
}

/// Drops the triggers, for an upgrade to work on the tables.
pub(super) fn record_none(conn: &Connection) -> Result<()> {
    let mut all = conn.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'")?;
    for trigger in all
        .query_map([], |r| r.get::<_, String>(0))?
        .collect::<rusqlite::Result<Vec<_>>>()?
    {
        conn.execute_batch(&format!("DROP TRIGGER \"{trigger}\""))?;
    }
    Ok(())
}

/// The names of the tables whose rows are recorded, in the order of the schema.
pub(super) fn recorded_tables(conn: &Connection) -> Result<Vec<String>> {
    let mut all = conn.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY rowid")?;
    let names = all
        .query_map([], |r| r.get::<_, String>(0))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(names
        .into_iter()
        .filter(|n| !NOT_RECORDED.contains(&n.as_str()))
        .collect())
}

/// Name and whether it holds bytes, in the order of the table.
pub(super) fn columns(conn: &Connection, table: &str) -> Result<Vec<(String, bool)>> {
    let mut info =
        conn.prepare("SELECT name, type = 'BLOB' FROM pragma_table_info(?1) ORDER BY cid")?;
    Ok(info
        .query_map([table], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?)
}

/// What exists only as part of an immutable row, and the key under which that row's before-image holds it once it is
/// removed: the owner's table, key, table, the columns kept, and which of its rows are the owner's (`R` stands for it).
pub(super) const PARTS: [(&str, &str, &str, &str, &str); 4] = [
    (
        "revisions",
        TURNS_KEY,
        "turns",
        "start, end, speaker, time_ms",
        "id BETWEEN R.first_turn AND R.first_turn + R.turns - 1",
    ),
    (
        "revisions",
        "@sections",
        "sections",
        "id, revision, number, level, kind, title, key, start, end, first_turn, last_turn",
        "revision = R.id",
    ),
    ("revisions", "@reflow", "reflows", "id, joins", "id = R.id"),
    (
        "readings",
        "@measures",
        "measures",
        "id, indicator, case_id, period, state, value, numerator, denominator, as_of, line, col",
        "id BETWEEN R.first_measure AND R.first_measure + R.measures - 1",
    ),
];
/// Turns are numbered densely, so their ids need not be kept.
pub(super) const TURNS_KEY: &str = "@turns";

fn triggers(conn: &Connection, table: &str, number: i64) -> Result<String> {
    let mut fields = Vec::new();
    // Writing a row as it is already is no change.
    let mut differs = Vec::new();
    let mut may_be_null =
        conn.prepare("SELECT \"notnull\" = 0 FROM pragma_table_info(?1) WHERE name = ?2")?;
    for (name, bytes) in columns(conn, table)? {
        let value = if bytes && may_be_null.query_row([table, &name], |r| r.get(0))? {
            // `hex` of nothing would be an empty text, and no longer nothing.
            format!("CASE WHEN OLD.\"{name}\" IS NOT NULL THEN hex(OLD.\"{name}\") END")
        } else if bytes {
            format!("hex(OLD.\"{name}\")")
        } else {
            format!("OLD.\"{name}\"")
        };
        fields.push(format!("'{name}', {value}"));
        differs.push(format!("OLD.\"{name}\" IS NOT NEW.\"{name}\""));
    }
    let differs = differs.join(" OR ");
    // What is part of an immutable row is covered by it: its before-image carries it, and it goes with it.
    let (when, cascade) = if PARTS.iter().any(|(owner, ..)| *owner == table) {
        let mut goes = String::new();
        for (_, key, part, kept, of) in PARTS.iter().filter(|(owner, ..)| *owner == table) {
            let of_old = of.replace("R.", "OLD.");
            fields.push(format!(
                // `json` around it: what comes out of a subquery is plain text to SQLite otherwise, and would be a string.
                "'{key}', json((SELECT json_group_array(json_array({kept})) FROM (SELECT * FROM {part} WHERE {of_old} ORDER BY id)))"
            ));
            goes.push_str(&format!("DELETE FROM {part} WHERE {of_old};"));
        }
        ("BEFORE", goes)
    } else {
        ("AFTER", String::new())
    };
    let before = format!("json_object({})", fields.join(", "));
    let count = |delta: &str| {
        if table == "codings" {
            format!("UPDATE counters SET n = n {delta} WHERE name = 'codings';")
        } else {
            String::new()
        }
    };
    let record = |row: &str, op: u8, before: &str| {
        format!(
            "INSERT INTO changes (event, tab, row, op, before) VALUES ((SELECT event FROM door), {number}, {row}.id, {op}, {before});"
        )
    };
    let immutable = if table == "revisions" {
        "CREATE TRIGGER IF NOT EXISTS revisions_immutable BEFORE UPDATE ON revisions BEGIN SELECT RAISE(ABORT, 'a revision is immutable'); END;
         CREATE TRIGGER IF NOT EXISTS turns_immutable BEFORE UPDATE ON turns BEGIN SELECT RAISE(ABORT, 'turns are immutable'); END;
         CREATE TRIGGER IF NOT EXISTS sections_immutable BEFORE UPDATE ON sections BEGIN SELECT RAISE(ABORT, 'sections are immutable'); END;
         CREATE TRIGGER IF NOT EXISTS reflows_immutable BEFORE UPDATE ON reflows BEGIN SELECT RAISE(ABORT, 'a revision is immutable'); END;"
    } else if table == "readings" {
        "CREATE TRIGGER IF NOT EXISTS readings_immutable BEFORE UPDATE ON readings BEGIN SELECT RAISE(ABORT, 'a reading is immutable'); END;
         CREATE TRIGGER IF NOT EXISTS measures_immutable BEFORE UPDATE ON measures BEGIN SELECT RAISE(ABORT, 'measures are immutable'); END;"
    } else {
        ""
    };
    Ok(format!(
        "CREATE TRIGGER IF NOT EXISTS {table}_added AFTER INSERT ON {table} BEGIN {} {} END;
         CREATE TRIGGER IF NOT EXISTS {table}_edited AFTER UPDATE ON {table} WHEN {differs} BEGIN {} END;
         CREATE TRIGGER IF NOT EXISTS {table}_removed {when} DELETE ON {table} BEGIN {} {} {cascade} END;
         {immutable}",
        record("NEW", 1, "NULL"),
        count("+ 1"),
        record("NEW", 2, &before),
        record("OLD", 3, &before),
        count("- 1"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_recorded_or_says_why_not() {
        let conn = Connection::open_in_memory().expect("memory");
        create(&conn).expect("the schema runs");
        let recorded = recorded_tables(&conn).expect("tables");
        assert!(recorded.len() > 15);
        for table in &recorded {
            for verb in ["added", "edited", "removed"] {
                let there: i64 = conn
                    .query_row("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?1 AND name = ?1 || '_' || ?2", [table.as_str(), verb], |r| r.get(0))
                    .expect("a count");
                assert_eq!(there, 1, "{table} has no trigger `{verb}`");
            }
            let columns = columns(&conn, table).expect("columns");
            assert_eq!(columns[0].0, "id", "{table}: changes name rows by id");
        }
        for table in NOT_RECORDED {
            let said = SCHEMA
                .split(&format!("CREATE TABLE {table} ("))
                .next()
                .expect("a part before")
                .lines()
                .rev()
                .take(9)
                .collect::<Vec<_>>()
                .join("\n");
            assert!(
                said.contains("Not recorded"),
                "{table} does not say why it is not recorded"
            );
        }
    }

    #[test]
    fn every_table_is_strict_and_explained() {
        let conn = Connection::open_in_memory().expect("memory");
        create(&conn).expect("the schema runs");
        let loose: i64 = conn.query_row("SELECT count(*) FROM pragma_table_list WHERE type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite%'", [], |r| r.get(0)).expect("a count");
        assert_eq!(loose, 0);
        for block in SCHEMA.split("\nCREATE TABLE ").skip(1) {
            let name = block.split([' ', '(']).next().expect("a name");
            let head = SCHEMA
                .split(&format!("\nCREATE TABLE {name} ("))
                .next()
                .expect("a part before");
            assert!(
                head.lines()
                    .next_back()
                    .is_some_and(|l| l.starts_with("--")),
                "{name} has no reason"
            );
        }
    }

    #[test]
    fn nothing_is_written_outside_an_event() {
        let conn = Connection::open_in_memory().expect("memory");
        create(&conn).expect("the schema runs");
        let refused = conn.execute(
            "INSERT INTO phases (uuid, slug, name) VALUES (zeroblob(16), 'a', 'A')",
            [],
        );
        assert!(refused.is_err_and(|e| e.to_string().contains("changes.event")));
    }
}
