//! Creating and opening a study file: what it must be, how it is set, how it is brought up to date.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::error::meaning;
use super::schema::{self, APPLICATION_ID, STEPS, Step, VERSION};
use super::{Error, Result, Store};

/// What the command is going to do with the study.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Read,
    Write,
}

/// How long a second writer waits before it says who holds the study.
const WAIT: Duration = Duration::from_secs(5);

impl Store {
    /// Makes an empty study file. The path must be free and its folder there.
    pub fn create(path: &Path) -> Result<Self> {
        if path.exists() {
            return Err(Error::Exists(path.to_owned()));
        }
        let conn = connect(
            path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        )
        .map_err(|e| meaning(e, path))?;
        let made = (|| {
            settings(&conn, path)?;
            conn.execute_batch("BEGIN IMMEDIATE")?;
            schema::create(&conn)?;
            conn.pragma_update(None, "application_id", APPLICATION_ID)?;
            conn.pragma_update(None, "user_version", VERSION)?;
            conn.execute_batch("COMMIT")?;
            Ok(())
        })();
        match made {
            Ok(()) => Ok(Self {
                conn,
                path: path.to_owned(),
                today: String::new(),
            }),
            Err(error) => {
                drop(conn);
                fs::remove_file(path).ok();
                Err(said(error, path))
            }
        }
    }

    /// Opens a study; an older format is brought up to date first, after a copy was set aside.
    pub fn open(path: &Path, access: Access) -> Result<Self> {
        Self::open_with(path, access, VERSION, STEPS)
    }

    fn open_with(path: &Path, access: Access, version: i64, steps: &[Step]) -> Result<Self> {
        if !path.is_file() {
            return Err(if path.exists() {
                Error::NotAStudy(path.to_owned())
            } else {
                Error::Missing(path.to_owned())
            });
        }
        looks_like_a_study(path)?;
        let conn = match open_connection(path, access) {
            Ok(conn) => conn,
            Err(error) => return Err(said(error, path)),
        };
        let store = Self {
            conn,
            path: path.to_owned(),
            today: String::new(),
        };
        let found: i64 = store.read_pragma("user_version")?;
        if found > version {
            return Err(Error::Newer {
                path: path.to_owned(),
                found,
                known: version,
            });
        }
        if found < version {
            store.upgrade(found, version, steps)?;
        }
        Ok(store)
    }

    /// Opens a study that nobody writes to, of any format, without writing a byte to it or beside it.
    pub fn open_as_it_is(path: &Path) -> Result<Self> {
        looks_like_a_study(path)?;
        Ok(Self {
            conn: immutable(path).map_err(|error| said(error, path))?,
            path: path.to_owned(),
            today: String::new(),
        })
    }

    /// The format of the study's file.
    pub fn format(&self) -> Result<i64> {
        self.read_pragma("user_version")
    }

    fn read_pragma(&self, name: &str) -> Result<i64> {
        self.conn
            .pragma_query_value(None, name, |r| r.get(0))
            .map_err(|e| meaning(e, &self.path))
    }

    /// Takes the file up step by step in one transaction. A copy stands beside it before the first step.
    fn upgrade(&self, from: i64, to: i64, steps: &[Step]) -> Result<()> {
        let aside = beside(&self.path, &format!("before-format-{to}"));
        if !aside.exists() {
            self.copy_to(&aside)?;
        }
        let run = || -> Result<()> {
            self.conn.execute_batch("BEGIN IMMEDIATE")?;
            // Another program may have been quicker while this one waited for the lock.
            if self.read_pragma("user_version")? == from {
                // Steps change tables, not what people did: they run unrecorded, and the triggers are made anew
                // from the tables as they are then.
                schema::record_none(&self.conn)?;
                for step in &steps
                    [usize::try_from(from - 1).unwrap_or(0)..usize::try_from(to - 1).unwrap_or(0)]
                {
                    step(&self.conn)?;
                }
                schema::record_all(&self.conn)?;
                self.conn.pragma_update(None, "user_version", to)?;
            }
            self.conn.execute_batch("COMMIT")?;
            Ok(())
        };
        run().inspect_err(|_| {
            self.conn.execute_batch("ROLLBACK").ok();
        })
    }

    /// A whole, consistent copy of the study at `to`, which must not exist. Writers may go on meanwhile.
    pub fn copy_to(&self, to: &Path) -> Result<()> {
        if to.exists() {
            return Err(Error::Exists(to.to_owned()));
        }
        let copy = || -> rusqlite::Result<()> {
            let mut target = connect(
                to,
                OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
            )?;
            rusqlite::backup::Backup::new(&self.conn, &mut target)?.run_to_completion(
                4096,
                Duration::ZERO,
                None,
            )?;
            // A copy is one file: nothing of it may stay in a log beside it.
            target.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))?;
            target
                .query_row("PRAGMA quick_check(1)", [], |r| r.get::<_, String>(0))
                .map(drop)
        };
        copy().map_err(|e| {
            fs::remove_file(to).ok();
            meaning(e, to)
        })
    }
}

/// `study.casebook` → `study.before-format-2.casebook`.
fn beside(path: &Path, what: &str) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{stem}.{what}.casebook"))
}

/// Reads the first bytes: a file that is no SQLite database, or another program's, is told apart before SQLite opens it
/// (and before a log is made beside it).
fn looks_like_a_study(path: &Path) -> Result<()> {
    use std::io::Read;
    let mut head = [0u8; 72];
    let mut file = fs::File::open(path).map_err(|source| Error::Io {
        path: path.to_owned(),
        source,
    })?;
    let ours = file.read_exact(&mut head).is_ok()
        && head.starts_with(b"SQLite format 3\0")
        && i64::from(u32::from_be_bytes([head[68], head[69], head[70], head[71]]))
            == APPLICATION_ID;
    if ours {
        Ok(())
    } else {
        Err(Error::NotAStudy(path.to_owned()))
    }
}

fn open_connection(path: &Path, access: Access) -> Result<Connection> {
    match connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
        .and_then(|conn| touch(&conn).map(|()| conn))
    {
        Ok(conn) => {
            settings(&conn, path)?;
            if access == Access::Read {
                // Pages are read where the system has them, without a copy and a call for each; not all of a large
                // file, so that memory does not grow with it.
                conn.execute_batch("PRAGMA mmap_size = 50000000")?;
            }
            if access == Access::Write && conn.is_readonly(rusqlite::MAIN_DB)? {
                return Err(Error::ReadOnly {
                    path: path.to_owned(),
                    why: "the file is read-only",
                });
            }
            Ok(conn)
        }
        // In a folder that can't be written there is no place for the log that readers share. Where no log is left
        // from before, the file is all there is and can be read as it stands.
        Err(error) if access == Access::Read && !log_of(path).exists() && unwritable(&error) => {
            immutable(path)
        }
        Err(error) => Err(Error::Sqlite(error)),
    }
}

/// The uuid of the study that a file holds, in hex; none where it holds none or can't be read. Nothing is written.
pub fn study_in(path: &Path) -> Option<String> {
    immutable(path)
        .ok()?
        .query_row("SELECT lower(hex(uuid)) FROM study", [], |r| r.get(0))
        .ok()
}

/// Reads the file as it stands: nothing is written to it or beside it.
fn immutable(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let escaped = path
        .to_string_lossy()
        .replace('%', "%25")
        .replace('?', "%3f")
        .replace('#', "%23");
    let absolute = if path.is_absolute() {
        escaped
    } else {
        format!("./{escaped}")
    };
    let conn = Connection::open_with_flags(format!("file:{absolute}?immutable=1"), flags)?;
    per_connection(&conn)?;
    touch(&conn)?;
    Ok(conn)
}

fn log_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    PathBuf::from(name)
}

fn unwritable(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(
            rusqlite::ErrorCode::CannotOpen
                | rusqlite::ErrorCode::ReadOnly
                | rusqlite::ErrorCode::PermissionDenied
        )
    )
}

/// The first read of the file: this is where SQLite notices what it can't do.
fn touch(conn: &Connection) -> rusqlite::Result<()> {
    conn.busy_timeout(WAIT)?;
    conn.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))
}

fn connect(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    // A path such as `file:x?mode=memory` must stay a path: URIs are on in the bundled SQLite.
    let path = if path.is_absolute() {
        path.to_owned()
    } else {
        Path::new(".").join(path)
    };
    Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
}

fn per_connection(conn: &Connection) -> rusqlite::Result<()> {
    conn.busy_timeout(WAIT)?;
    conn.set_prepared_statement_cache_capacity(64);
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    // Without this a statement is planned anew for each value bound to it, wherever a partial index comes into question.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.execute_batch("PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32000;")
}

fn settings(conn: &Connection, path: &Path) -> Result<()> {
    per_connection(conn)?;
    let mode: String = conn.pragma_update_and_check(None, "journal_mode", "WAL", |r| r.get(0))?;
    if mode != "wal" {
        return Err(Error::NoLocks(path.to_owned()));
    }
    // In WAL, NORMAL may lose the last commits at a power cut; research data may not.
    conn.execute_batch("PRAGMA synchronous = FULL")?;
    Ok(())
}

fn said(error: Error, path: &Path) -> Error {
    match error {
        Error::Sqlite(e) => meaning(e, path),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_file_is_stepped_up_and_a_copy_set_aside() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.casebook");
        drop(Store::create(&path).expect("a study"));
        let steps: &[Step] = &[STEPS[0], STEPS[1], STEPS[2], STEPS[3], |conn| {
            Ok(conn
                .execute_batch("CREATE TABLE extra (id INTEGER PRIMARY KEY, note TEXT) STRICT")?)
        }];
        let store = Store::open_with(&path, Access::Write, 6, steps).expect("upgraded");
        assert_eq!(store.read_pragma("user_version").expect("a version"), 6);
        let triggers: i64 = store
            .conn
            .query_row(
                "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'extra'",
                [],
                |r| r.get(0),
            )
            .expect("a count");
        assert_eq!(triggers, 3, "the new table is recorded too");
        let aside = Store::open(
            &folder.path().join("a.before-format-6.casebook"),
            Access::Read,
        )
        .expect("the copy opens");
        assert_eq!(aside.read_pragma("user_version").expect("a version"), 5);
        assert!(matches!(
            Store::open(&path, Access::Read),
            Err(Error::Newer {
                found: 6,
                known: 5,
                ..
            })
        ));
    }

    /// A study as an older format wrote it, opened: the same tables, columns, triggers and views as a new one, the record
    /// still verifies, and what people did is still there.
    fn becomes_one_of_today(format: i64, dump: &str, codings: usize, pending: usize) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("old.casebook");
        let old = Connection::open(&path).expect("a file");
        old.execute_batch(dump).expect("the dump runs");
        old.pragma_update(None, "application_id", APPLICATION_ID)
            .and_then(|()| old.pragma_update(None, "user_version", format))
            .expect("marked");
        drop(old);
        let store = Store::open(&path, Access::Write).expect("stepped up");
        let made = Store::create(&folder.path().join("new.casebook")).expect("a study");
        let shape = |store: &Store| {
            let mut all = store
                .conn
                .prepare("SELECT type, name, sql FROM sqlite_schema WHERE type <> 'table' AND sql IS NOT NULL ORDER BY 1, 2")
                .expect("a query");
            let rest: Vec<(String, String, String)> = all
                .query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
                .expect("rows")
                .collect::<rusqlite::Result<_>>()
                .expect("rows");
            let mut tables = store
                .conn
                .prepare("SELECT t.name, c.name, c.type, c.\"notnull\", c.dflt_value FROM sqlite_schema t, pragma_table_xinfo(t.name) c WHERE t.type = 'table' ORDER BY t.name, c.cid")
                .expect("a query");
            let tables: Vec<(String, String, String, i64, Option<String>)> = tables
                .query_map([], |r| {
                    Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?))
                })
                .expect("rows")
                .collect::<rusqlite::Result<_>>()
                .expect("rows");
            (rest, tables)
        };
        let ((old_rest, old_tables), (new_rest, new_tables)) = (shape(&store), shape(&made));
        assert_eq!(old_tables, new_tables);
        assert_eq!(old_rest, new_rest);
        assert_eq!(store.damage(|| {}).expect("checked"), []);
        assert_eq!(store.codings_of(1).expect("codings").len(), codings);
        assert_eq!(store.pending_codings(None).expect("codings").len(), pending);
    }

    #[test]
    fn studies_of_older_formats_become_ones_of_today() {
        becomes_one_of_today(1, include_str!("../../fixtures/stores/format-1.sql"), 1, 0);
        becomes_one_of_today(2, include_str!("../../fixtures/stores/format-2.sql"), 2, 1);
        becomes_one_of_today(3, include_str!("../../fixtures/stores/format-3.sql"), 2, 1);
        becomes_one_of_today(4, include_str!("../../fixtures/stores/format-4.sql"), 2, 1);
    }

    #[test]
    fn a_step_that_fails_leaves_the_file_as_it_was() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.casebook");
        drop(Store::create(&path).expect("a study"));
        let steps: &[Step] = &[STEPS[0], STEPS[1], STEPS[2], STEPS[3], |conn| {
            Ok(conn.execute_batch(
                "CREATE TABLE half (id INTEGER PRIMARY KEY) STRICT; SELECT * FROM nothing",
            )?)
        }];
        assert!(Store::open_with(&path, Access::Write, 6, steps).is_err());
        let store = Store::open(&path, Access::Write).expect("still opens");
        let half: i64 = store
            .conn
            .query_row(
                "SELECT count(*) FROM sqlite_schema WHERE name = 'half'",
                [],
                |r| r.get(0),
            )
            .expect("a count");
        assert_eq!(half, 0);
    }

    #[test]
    fn settings_are_as_promised() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.casebook");
        drop(Store::create(&path).expect("a study"));
        let store = Store::open(&path, Access::Write).expect("opens");
        for (pragma, value) in [
            ("foreign_keys", 1),
            ("secure_delete", 1),
            ("synchronous", 2),
            ("trusted_schema", 0),
            ("application_id", APPLICATION_ID),
            ("busy_timeout", 5000),
        ] {
            assert_eq!(
                store.read_pragma(pragma).expect("a value"),
                value,
                "{pragma}"
            );
        }
    }
}
