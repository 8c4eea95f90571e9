//! The database of the floors: the product's tables as `schema.sql` has them, without triggers, keys checked or record.

use std::path::Path;

use rusqlite::Connection;

use crate::Fallible;

/// What the floors write and read.
const TABLES: [&str; 11] = [
    "cases",
    "participants",
    "participant_cases",
    "coders",
    "transcripts",
    "revisions",
    "speakers",
    "transcript_participants",
    "turns",
    "themes",
    "codings",
];

/// Codings of transcript `t` have the ids from `t` times this.
pub(crate) const CODINGS: i64 = 1_000_000;

/// Opens, or makes, the database in a folder.
pub(crate) fn open(dir: &Path) -> Fallible<Connection> {
    let conn = Connection::open(dir.join("floor.db"))?;
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -64000; PRAGMA temp_store = MEMORY;",
    )?;
    Ok(conn)
}

/// Makes the tables and their indexes.
pub(crate) fn create(conn: &Connection) -> Fallible<()> {
    create_of(conn, &TABLES)
}

/// Makes some of them.
pub(crate) fn create_of(conn: &Connection, tables: &[&str]) -> Fallible<()> {
    let schema: String = include_str!("../../../schema.sql")
        .lines()
        .map(|line| line.split("--").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n");
    for statement in schema.split(';').map(str::trim) {
        let words: Vec<&str> = statement.split([' ', '(', '\n']).collect();
        let (["CREATE", "TABLE", of, ..]
        | ["CREATE", "INDEX", _, "ON", of, ..]
        | ["CREATE", "UNIQUE", "INDEX", _, "ON", of, ..]) = words[..]
        else {
            continue;
        };
        if tables.contains(&of) {
            conn.execute_batch(statement)?;
        }
    }
    Ok(())
}

pub(crate) fn uuid() -> [u8; 16] {
    *uuid::Uuid::now_v7().as_bytes()
}

/// A number out of a CSV or a count, as the database has it.
pub(crate) fn int(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// A position out of the database.
pub(crate) fn place(n: i64) -> usize {
    usize::try_from(n).unwrap_or_default()
}
