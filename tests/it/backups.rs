//! Backups, what is restored from them, the register of copies, and the record's head, which shows tampering.

use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, params};
use serde::Deserialize;
use snapbox::str;

use crate::harness::{Folder, STUDY, whole};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Backup {
    backup: String,
    bytes: u64,
    event: i64,
    at: String,
    head: String,
    sha256: String,
    transcripts: i64,
    codings: i64,
    removed: Vec<String>,
    registered: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Restored {
    restored: String,
    from: String,
    event: i64,
    at: String,
    head: String,
    transcripts: i64,
    codings: i64,
    older_format: Option<i64>,
    come_back: Vec<String>,
    forgotten: Vec<serde_json::Value>,
    differs: Option<Differs>,
}

#[derive(Deserialize, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
struct Differs {
    study: String,
    common: i64,
    missing: usize,
    missing_until: Option<String>,
    more: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    event: i64,
    at: String,
    hash: String,
    short: String,
    head: String,
}

#[derive(Deserialize)]
struct Verified {
    sound: bool,
    wrong: Vec<serde_json::Value>,
    head: String,
    compared: Vec<Compared>,
}

#[derive(Deserialize)]
struct Compared {
    event: i64,
    characters: usize,
    same: bool,
    what: Option<String>,
}

#[derive(Deserialize)]
struct Copies {
    copies: Vec<Copy>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Copy {
    copy: i64,
    kind: String,
    path: String,
    state: String,
    at: String,
    coder: String,
    event: i64,
    sha256: String,
}

fn hash_of(path: &Path) -> String {
    use sha2::Digest;
    hex(&sha2::Sha256::digest(std::fs::read(path).expect("a file")))
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::new(), |hex, b| hex + &format!("{b:02x}"))
}

/// The invented study with a folder `k` for what must not lie beside it: there it would be taken for another study.
fn study_and_folder() -> Folder {
    let folder = Folder::invented();
    std::fs::create_dir(folder.join("k")).expect("a folder");
    folder
}

fn head(folder: &Folder) -> Head {
    folder.line("log head --json").done().json()
}

#[test]
fn a_backup_is_checked_and_on_the_register() {
    let folder = study_and_folder();
    let before = folder.dump();
    let made: Backup = folder.line("backup k/copy --json").done().json();
    let file = folder.join("k/copy.casebook");
    assert_eq!(made.backup, "k/copy.casebook");
    assert_eq!(made.bytes, std::fs::metadata(&file).expect("a file").len());
    assert_eq!((made.event, made.transcripts, made.codings), (10, 15, 520));
    assert_eq!(made.at, "2021-05-01T09:00:00Z");
    assert_eq!(made.sha256, hash_of(&file));
    assert!(made.registered && made.removed.is_empty());
    assert_eq!(crate::harness::dump(&file), before);
    // Reading it has made its log; the copy itself was one file.
    let copies: Copies = folder.line("copy list --json").done().json();
    let [copy] = &copies.copies[..] else {
        panic!("one copy");
    };
    assert_eq!(
        (copy.copy, &*copy.kind, &*copy.coder),
        (1, "backup", "mara")
    );
    assert_eq!((copy.event, &*copy.at), (11, "2021-05-01T09:00:00Z"));
    assert_eq!(copy.sha256, made.sha256);
    assert_eq!(copy.path, "[FOLDER]/k/copy.casebook");
    // Undo passes it over, and can't take it back.
    whole!(
        folder.line("undo 11"),
        str![[r#"
--- stderr
error: event 11 wrote a copy: what was copied can't be taken back
hint: delete the file, if it is to go
--- status 1

"#]]
    );
    folder.line("undo").done();
    let head = head(&folder);
    assert_eq!(head.event, 12);
    assert!(made.head.starts_with("10:") && made.head.len() == 67);
    folder
        .line(&format!("log verify --head {}", made.head))
        .done();
    folder.line("log verify --against k/copy.casebook").done();
}

#[test]
fn backups_into_a_folder_are_named_and_rotated() {
    let folder = Folder::with_study();
    let other = Folder::with_study();
    std::fs::create_dir(folder.join("kept")).expect("a folder");
    // What is no backup of this study stays, whatever it is called.
    let foreign = folder.join("kept/study-2001-01-01T0000Z.casebook");
    std::fs::copy(other.join(STUDY), &foreign).expect("a copy");
    std::fs::copy(folder.join(STUDY), folder.join("kept/older.casebook")).expect("a copy");
    folder.write("kept/study-2001-01-01T0001Z.casebook", "no study");
    let at = |clock: &str, more: &[&str]| -> Backup {
        let mut command = folder.command();
        command
            .env("CASEBOOK_CLOCK", clock)
            .args(["backup", "kept", "--json"])
            .args(more);
        folder.finish(&mut command).done().json()
    };
    let first = at("2021-05-01T09:00:00Z", &[]);
    assert_eq!(first.backup, "kept/study-2021-05-01T0900Z.casebook");
    assert_eq!(
        at("2021-05-01T09:00:30Z", &[]).backup,
        "kept/study-2021-05-01T0900Z-2.casebook"
    );
    let third = at("2021-06-01T09:00:00Z", &["--keep", "2"]);
    assert_eq!(third.removed, ["kept/study-2021-05-01T0900Z.casebook"]);
    let mut names: Vec<String> = std::fs::read_dir(folder.join("kept"))
        .expect("a folder")
        .map(|e| e.expect("an entry").file_name().to_string_lossy().into())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "older.casebook",
            "study-2001-01-01T0000Z.casebook",
            "study-2001-01-01T0001Z.casebook",
            "study-2021-05-01T0900Z-2.casebook",
            "study-2021-06-01T0900Z.casebook",
        ]
    );
    whole!(
        folder.line("copy list"),
        str![[r#"
copy  kind    state  at                    coder  file
   1  backup  gone   2021-05-01T09:00:00Z  mara   [FOLDER]/kept/study-2021-05-01T0900Z.casebook
   2  backup  there  2021-05-01T09:00:30Z  mara   [FOLDER]/kept/study-2021-05-01T0900Z-2.casebook
   3  backup  there  2021-06-01T09:00:00Z  mara   [FOLDER]/kept/study-2021-06-01T0900Z.casebook
--- stderr
What is gone was removed, moved, or written over; where it went is not on record.

"#]]
    );
    whole!(
        folder.line("backup one.casebook --keep 3"),
        str![[r#"
--- stderr
error: `--keep` counts the backups in a folder, and a file was named
hint: name a folder that is there, as in: casebook backup backups --keep 10
--- status 1

"#]]
    );
    // Without a name: into a folder beside the study. No backup is ever taken for the study.
    folder.line("backup").done();
    assert!(
        folder
            .join("study.casebook-backups/study-2021-05-01T0900Z.casebook")
            .exists()
    );
    folder.line("backup .").done();
    folder.line("status").done();
    folder.line("backup nowhere/x").refused();
}

/// Within one minute names tell the order by their number alone, and one that became free is not given again.
#[test]
fn the_newest_backup_is_never_the_one_that_goes() {
    let folder = study_and_folder();
    let mut last = String::new();
    for n in 1..=5 {
        folder.line(&format!("memo add --on study n{n}")).done();
        let made: Backup = folder.line("backup k --keep 2 --json").done().json();
        assert!(folder.join(&made.backup).exists(), "{}", made.backup);
        assert!(!made.removed.contains(&made.backup));
        assert!(last.is_empty() || folder.join(&last).exists(), "{last}");
        last = made.backup;
    }
    let made: Backup = folder.line("backup k --keep 1 --json").done().json();
    assert_eq!(made.backup, "k/study-2021-05-01T0900Z-6.casebook");
    let left: Vec<_> = std::fs::read_dir(folder.join("k"))
        .expect("a folder")
        .map(|e| e.expect("an entry").file_name())
        .collect();
    assert_eq!(left, ["study-2021-05-01T0900Z-6.casebook"]);
    folder.line("theme list").done();
    folder.line("backup study.casebook-index").refused();
}

/// Copies go with an erase where they are what was written, wherever the folder was moved to; another study stays.
#[test]
fn an_erase_reaches_what_moved_and_leaves_another_study() {
    let folder = study_and_folder();
    folder.line("backup k/b.casebook").done();
    folder.line("backup").done();
    folder.line("quotes --theme governance -o q.md").done();
    std::fs::remove_file(folder.join("k/b.casebook")).expect("removed");
    let other = Folder::with_study();
    std::fs::copy(other.join(STUDY), folder.join("k/b.casebook")).expect("a copy");
    // A killed backup's folder, which nobody holds.
    let part = folder.join("k/.casebook-part-killed");
    std::fs::create_dir(&part).expect("a folder");
    std::fs::write(part.join("held"), "").expect("written");
    std::fs::copy(folder.join(STUDY), part.join("copy.casebook")).expect("a copy");
    // The whole folder, copied: the first stays as it is.
    let moved = Folder::empty();
    for name in [STUDY, "q.md"] {
        std::fs::copy(folder.join(name), moved.join(name)).expect("a copy");
    }
    std::fs::create_dir(moved.join("sub")).expect("a folder");
    std::fs::copy(folder.join("q.md"), moved.join("sub/other.md")).expect("a copy");
    moved.line("withdraw P07 --mode erase --yes --unassigned others");
    assert!(!moved.join("q.md").exists() && !moved.join("sub/other.md").exists());
    assert!(folder.join("q.md").exists());
    let backups = "study.casebook-backups/study-2021-05-01T0900Z.casebook";
    assert!(folder.join(backups).exists());
    folder.line("withdraw P07 --mode erase --yes --unassigned others");
    assert!(!folder.join("q.md").exists() && !folder.join(backups).exists());
    assert!(!part.join("copy.casebook").exists());
    assert!(folder.join("k/b.casebook").exists());
}

/// A backup from before a withdrawal brings the person back: it is said.
#[test]
fn restoring_names_withdrawals_that_are_lost() {
    let folder = study_and_folder();
    folder.line("backup k/b").done();
    folder
        .line("withdraw P07 --mode exclude --asked 2021-04-30 --yes")
        .done();
    let run = folder.line("restore k/b.casebook --to k/r --json");
    assert!(
        run.stderr.contains("P07 withdrew (exclude)"),
        "{}",
        run.whole()
    );
    let restored: Restored = run.done().json();
    assert_eq!(restored.forgotten[0]["participant"], "P07");
    // Nothing more is collected from them.
    folder.line("respond P07 --whole hello").refused();
    folder.line("progress mark P07 interviewed").refused();
    folder
        .line("consent add P07 --signed 2021-05-01 --take-part yes --attribution role")
        .refused();
    folder.run(&["undo", "--why", "a slip of mine"]).done();
    let restored: Restored = folder
        .line("restore k/b.casebook --to k/s --json")
        .done()
        .json();
    assert!(restored.forgotten.is_empty());
}

/// Nothing is removed where the new backup is not sound, and nothing of it is left.
#[test]
fn a_copy_that_is_not_sound_is_not_kept() {
    let folder = Folder::invented();
    std::fs::create_dir(folder.join("kept")).expect("a folder");
    folder.line("backup kept").done();
    tamper(&folder.join(STUDY), |db| {
        db.execute("UPDATE themes SET definition = 'other' WHERE id = 1", [])
            .expect("edited");
    });
    let run = folder.line("backup kept --keep 1").refused();
    assert!(run.stderr.contains("not sound"), "{}", run.whole());
    assert_eq!(
        std::fs::read_dir(folder.join("kept"))
            .expect("a folder")
            .count(),
        1
    );
}

#[test]
fn what_is_written_to_a_file_is_on_the_register() {
    let folder = Folder::invented();
    folder.line("quotes --theme governance -o q.md").done();
    folder
        .line("matrix --rows case --cols theme -o m.csv")
        .done();
    folder.line("theme export -o book.yaml").done();
    folder.line("frame export -o f.xlsx").done();
    folder.line("chart network -o n.svg").done();
    let list: Copies = folder.line("copy list --json").done().json();
    let told: Vec<(&str, &str)> = list.copies.iter().map(|c| (&*c.kind, &*c.state)).collect();
    assert_eq!(
        told,
        [
            ("quotes", "there"),
            ("table", "there"),
            ("codebook", "there"),
            ("frame", "there"),
            ("chart", "there")
        ]
    );
    // The same again is the same to the byte, and no second copy.
    let before = (folder.read("q.md"), std::fs::read(folder.join("f.xlsx")));
    folder.line("quotes --theme governance -o q.md").done();
    folder.line("frame export -o f.xlsx").done();
    assert_eq!(
        (before.0, before.1.expect("a file")),
        (
            folder.read("q.md"),
            std::fs::read(folder.join("f.xlsx")).expect("a file")
        )
    );
    assert_eq!(head(&folder).event, 15);
    // What was changed since is seen.
    folder.write("q.md", "other words");
    std::fs::remove_file(folder.join("m.csv")).expect("removed");
    let list: Copies = folder.line("copy list --json").done().json();
    assert_eq!(
        (&*list.copies[0].state, &*list.copies[1].state),
        ("changed", "gone")
    );
    folder.line("log verify").done();
}

/// Where the study can't be written to, what is asked for is written all the same, and it is said.
#[cfg(unix)]
#[test]
fn a_read_only_study_is_backed_up_and_says_so() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::with_study();
    let mode = |path: &Path, mode: u32| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("a mode");
    };
    let shut = folder.join("shut");
    std::fs::create_dir(&shut).expect("a folder");
    std::fs::copy(folder.join(STUDY), shut.join(STUDY)).expect("a copy");
    mode(&shut.join(STUDY), 0o444);
    mode(&shut, 0o555);
    if std::fs::write(shut.join("x"), "").is_ok() {
        // Whoever may do everything can't be kept from writing.
        mode(&shut, 0o755);
        return;
    }
    let made = folder.line("backup copy.casebook --json --study shut/study.casebook");
    mode(&shut, 0o755);
    assert!(
        made.stderr.contains("not on the register of copies"),
        "{}",
        made.whole()
    );
    assert!(!made.done().json::<Backup>().registered);
}

#[test]
fn restoring_takes_a_name_of_its_own_and_says_what_is_missing() {
    let folder = study_and_folder();
    folder.line("backup k/b").done();
    folder
        .run(&["memo", "add", "--on", "study", "written since"])
        .done();
    let sum = hash_of(&folder.join("k/b.casebook"));
    let done: Restored = folder.line("restore k/b.casebook --json").done().json();
    assert_eq!(done.restored, "[FOLDER]/study.restored-2021-05-01.casebook");
    assert_eq!(
        (
            &*done.from,
            done.event,
            &*done.at,
            done.transcripts,
            done.codings
        ),
        ("k/b.casebook", 10, "2021-05-01T09:00:00Z", 15, 520)
    );
    assert_eq!((done.older_format, done.come_back), (None, vec![]));
    assert!(done.head.starts_with("10:"));
    assert_eq!(
        done.differs,
        Some(Differs {
            study: "[FOLDER]/study.casebook".into(),
            common: 10,
            missing: 2,
            missing_until: Some("2021-05-01T09:00:00Z".into()),
            more: 0,
        })
    );
    assert_eq!(
        hash_of(&folder.join("k/b.casebook")),
        sum,
        "the backup stays as it is"
    );
    // Beside the study it is not taken for it; its index is made when it is asked for.
    folder.line("status").done();
    let found = "search trust --limit 1 --study study.restored-2021-05-01.casebook";
    folder.line(found).done();
    folder
        .line("check --study study.restored-2021-05-01.casebook")
        .done();
    assert!(
        folder
            .join("study.restored-2021-05-01.casebook-index")
            .is_dir()
    );
    // A second one has a name of its own too.
    let again: Restored = folder.line("restore k/b.casebook --json").done().json();
    assert_eq!(
        again.restored,
        "[FOLDER]/study.restored-2021-05-01-2.casebook"
    );
    whole!(
        folder.line("restore k/b.casebook --to study.casebook"),
        str![[r#"
--- stderr
error: `study.casebook` exists already
hint: choose another name with --to; restoring never replaces a file
--- status 1

"#]]
    );
    // Each went on by itself.
    folder
        .line("theme add apart --study study.restored-2021-05-01-2.casebook")
        .done();
    let copied = "backup k/c --study study.restored-2021-05-01-2.casebook";
    folder.line(copied).done();
    let apart: Restored = folder
        .line("restore k/c.casebook --to k/d --json")
        .done()
        .json();
    let differs = apart.differs.expect("the same study");
    assert_eq!((differs.common, differs.more), (10, 1));
    assert!(differs.missing >= 2);
}

#[test]
fn what_can_not_be_restored_is_refused() {
    let folder = study_and_folder();
    folder.write("k/words.casebook", "no study at all");
    folder
        .line("restore k/words.casebook --study study.casebook")
        .refused();
    folder.line("restore k/nothing.casebook").refused();
    folder.line("backup k/b").done();
    tamper(&folder.join("k/b.casebook"), |db| {
        db.execute("UPDATE themes SET definition = 'other' WHERE id = 1", [])
            .expect("edited");
    });
    let run = folder
        .line("restore k/b.casebook --to k/e --study study.casebook")
        .refused();
    assert!(run.stderr.contains("is not sound"), "{}", run.whole());
    // A file that was cut short.
    let bytes = std::fs::read(folder.join(STUDY)).expect("a file");
    folder.write("k/cut.casebook", &bytes[..bytes.len() / 2]);
    let run = folder.line("restore k/cut.casebook --to k/e --study study.casebook");
    assert_ne!(run.status, Some(0), "{}", run.whole());
    assert!(!folder.join("k/e.casebook").exists());
    // Without any study at hand, beside the backup.
    let alone = Folder::empty();
    std::fs::copy(
        folder.join(STUDY),
        alone.join("a-2021-05-01T0900Z.casebook"),
    )
    .expect("a copy");
    whole!(
        alone.line("restore a-2021-05-01T0900Z.casebook"),
        str![[r#"
Restored to a-2021-05-01T0900Z.restored-2021-05-01.casebook
--- stderr
It is sound, with 15 transcripts and 520 codings, as of event 11 of 2021-05-01.
There is no other copy of this study here to compare it with.
To work on it: casebook --study "a-2021-05-01T0900Z.restored-2021-05-01.casebook" status

"#]]
    );
}

#[test]
fn a_backup_of_an_older_format_is_taken_up() {
    let folder = Folder::empty();
    let old = Connection::open(folder.join("old.casebook")).expect("a file");
    old.execute_batch(include_str!("../../fixtures/stores/format-2.sql"))
        .expect("the dump runs");
    old.pragma_update(None, "application_id", casebook::store::APPLICATION_ID)
        .and_then(|()| old.pragma_update(None, "user_version", 2))
        .expect("marked");
    drop(old);
    let sum = hash_of(&folder.join("old.casebook"));
    let done: Restored = folder
        .line("restore old.casebook --to new --json")
        .done()
        .json();
    assert_eq!(done.older_format, Some(2));
    assert_eq!(hash_of(&folder.join("old.casebook")), sum);
    folder.line("log verify --study new.casebook").done();
    let files: Vec<_> = std::fs::read_dir(folder.path())
        .expect("a folder")
        .map(|e| e.expect("an entry").file_name())
        .collect();
    assert_eq!(files.len(), 2, "{files:?}");
}

#[test]
fn the_head_stands_in_every_report_and_says_the_same_twice() {
    let folder = Folder::invented();
    let head = head(&folder);
    assert_eq!((head.event, &*head.at), (10, "2021-05-01T09:00:00Z"));
    assert_eq!(head.hash.len(), 64);
    assert_eq!(head.short, head.hash[..12]);
    assert_eq!(head.head, format!("10:{}", head.hash));
    for (line, holds) in [
        ("report summary -o a.md", head.head.clone()),
        (
            "report summary --audience team -o a.html",
            head.head.clone(),
        ),
        (
            "report case alder --audience team -o b.md",
            head.head.clone(),
        ),
        ("report theme governance -o c.html", head.head.clone()),
        ("report codebook -o d.md", head.head.clone()),
        ("debrief P01 -o e.md", format!("10:{}", head.short)),
    ] {
        folder.line(line).done();
        let file = line.rsplit(' ').next().expect("a file");
        let once = folder.read(file);
        assert!(once.contains(&holds), "{line}");
        folder.line(line).done();
        assert_eq!(once, folder.read(file), "{line}");
        let verified: Verified = folder
            .line(&format!("log verify --against {file} --json"))
            .done()
            .json();
        assert!(verified.sound);
        assert_eq!(verified.compared[0].event, 10);
    }
    assert!(!folder.read("e.md").contains(&head.hash));
    // What `log head` printed is understood in each of its forms.
    folder.write("kept.txt", folder.line("log head").done().stdout);
    folder.write("kept.json", folder.line("log head --json").done().stdout);
    for file in ["kept.txt", "kept.json"] {
        let run = folder.line(&format!("log verify --against {file} --json"));
        assert_eq!(run.done().json::<Verified>().compared[0].characters, 64);
    }
    folder.write("none.txt", "nothing at 09:00:00\n");
    whole!(
        folder.line("log verify --against none.txt"),
        str![[r#"
--- stderr
error: no head of a record stands in `none.txt`
hint: name what `casebook log head` printed, a report, or a backup; or type the head: casebook log verify --head NUMBER:HASH
--- status 1

"#]]
    );
    let run = folder.line("log verify --head 10:abc").calm();
    assert_eq!(run.status, Some(2), "{}", run.whole());
}

/// Opens a study's file by hand, past its triggers.
fn tamper(study: &Path, work: impl FnOnce(&Connection)) {
    let db = Connection::open(study).expect("a file");
    let triggers: Vec<(String, String)> = db
        .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
        .expect("a query")
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))
        .expect("rows")
        .collect::<rusqlite::Result<_>>()
        .expect("rows");
    for (name, _) in &triggers {
        db.execute_batch(&format!("DROP TRIGGER \"{name}\""))
            .expect("dropped");
    }
    work(&db);
    for (_, sql) in &triggers {
        db.execute_batch(sql).expect("made again");
    }
    drop(db);
}

fn field(hasher: &mut blake3::Hasher, name: &str, kind: u8, value: &[u8]) {
    hasher.update(&(name.len() as u64).to_le_bytes());
    hasher.update(name.as_bytes());
    hasher.update(&[kind]);
    hasher.update(&(value.len() as u64).to_le_bytes());
    hasher.update(value);
}

fn put(hasher: &mut blake3::Hasher, name: &str, value: ValueRef, row: bool) {
    match value {
        ValueRef::Null if row => {}
        ValueRef::Null => {
            hasher.update(b"-");
        }
        ValueRef::Integer(n) => field(hasher, name, b'i', n.to_string().as_bytes()),
        ValueRef::Text(t) => field(hasher, name, b't', t),
        ValueRef::Blob(b) if row => {
            field(hasher, name, b't', hex(b).to_uppercase().as_bytes());
        }
        ValueRef::Blob(b) => field(hasher, name, b'b', b),
        ValueRef::Real(_) => unreachable!("the schema has none"),
    }
}

/// The forger: edits the one row that the last event added, makes the digest of that event anew, and then the whole
/// chain from the first event on.
fn forge(study: &Path, table: &str, column: &str, words: &str, first_coder: Option<&str>) {
    tamper(study, |db| {
        if let Some(name) = first_coder {
            db.execute("UPDATE events SET coder = ?1", [name])
                .expect("edited");
        }
        db.execute(
            &format!("UPDATE {table} SET {column} = ?1 WHERE id = (SELECT max(id) FROM {table})"),
            [words],
        )
        .expect("edited");
        let (event, first, changes): (i64, i64, i64) = db
            .query_row(
                "SELECT id, first_change, changes FROM events ORDER BY id DESC LIMIT 1",
                [],
                |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)),
            )
            .expect("an event");
        let mut digest = blake3::Hasher::new();
        for change in first..first + changes {
            let (tab, row, op, name): (i64, i64, i64, String) = db
                .query_row(
                    "SELECT c.tab, c.row, c.op, r.name FROM changes c JOIN recorded r ON r.id = c.tab WHERE c.id = ?1",
                    [change],
                    |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)),
                )
                .expect("a change");
            assert_eq!(op, 1, "the last event only added rows");
            for n in [tab, row, op] {
                digest.update(&n.to_le_bytes());
            }
            digest.update(&[0; 32]);
            let mut after = blake3::Hasher::new();
            let mut one = db
                .prepare(&format!("SELECT * FROM {name} WHERE id = ?1"))
                .expect("a query");
            let names: Vec<String> = one.column_names().map(ToString::to_string).collect();
            one.query_row([row], |r| {
                for (n, name) in names.iter().enumerate() {
                    put(&mut after, name, r.get_ref(n)?, true);
                }
                Ok(())
            })
            .expect("a row");
            digest.update(after.finalize().as_bytes());
        }
        db.execute(
            "UPDATE events SET digest = ?2 WHERE id = ?1",
            params![event, digest.finalize().as_bytes()],
        )
        .expect("edited");
        let mut before: Vec<u8> = Vec::new();
        for id in 1..=event {
            let mut hasher = blake3::Hasher::new();
            hasher.update(&before);
            db.query_row(
                "SELECT id, at, coder, op, summary, ifnull(why_hash, why), undoes, first_change, changes, digest FROM events WHERE id = ?1",
                [id],
                |r| {
                    for n in 0..10 {
                        put(&mut hasher, "", r.get_ref(n)?, false);
                    }
                    Ok(())
                },
            )
            .expect("an event");
            before = hasher.finalize().as_bytes().to_vec();
            db.execute(
                "UPDATE events SET hash = ?2 WHERE id = ?1",
                params![id, before],
            )
            .expect("edited");
        }
    });
}

#[test]
fn a_chain_that_was_made_anew_is_caught_by_a_head_kept_outside() {
    let folder = study_and_folder();
    folder.line("report codebook -o book.md").done();
    folder
        .run(&["memo", "add", "--on", "study", "what was thought at first"])
        .done();
    folder.write("kept.txt", folder.line("log head").done().stdout);
    let kept = head(&folder);
    folder.line("backup k/b").done();
    std::fs::copy(folder.join(STUDY), folder.join("k/true.casebook")).expect("a copy");
    // The backup's own event came after the memo: the forger works on the copy that ends with the memo.
    std::fs::copy(
        folder.join("k/b.casebook"),
        folder.join("k/forged.casebook"),
    )
    .expect("a copy");
    let forged = folder.join("k/forged.casebook");

    // Someone who changes only what was written is caught by the chain itself.
    tamper(&forged, |db| {
        db.execute(
            "UPDATE memos SET text = 'clumsy' WHERE id = (SELECT max(id) FROM memos)",
            [],
        )
        .expect("edited");
    });
    folder
        .line("log verify --study k/forged.casebook")
        .refusal_of_damage();

    // Someone who makes the whole chain anew is not …
    forge(
        &forged,
        "memos",
        "text",
        "what they wish they had thought",
        None,
    );
    folder.line("log verify --study k/forged.casebook").done();
    folder.line("check --study k/forged.casebook").done();
    // … but by a head that was kept, in any of its forms.
    for against in ["--against kept.txt", "--against k/b.casebook"] {
        let run = folder.line(&format!(
            "log verify {against} --study k/forged.casebook --json"
        ));
        assert_eq!(run.status, Some(3), "{}", run.whole());
        let verified: Verified = run.json();
        assert!(!verified.sound && verified.wrong.is_empty());
        assert!(!verified.compared[0].same && verified.compared[0].what.is_some());
        assert!(verified.head.starts_with(&format!("{}:", kept.event)));
    }
    let typed = format!(
        "log verify --head {}:{} --study k/forged.casebook",
        kept.event, kept.short
    );
    let run = folder.line(&typed);
    assert_eq!(run.status, Some(3));
    assert!(
        run.stdout.contains("It is not the record that was kept"),
        "{}",
        run.whole()
    );
    // The codebook's report is older than the memo: its head still agrees, as what it covers was not touched.
    folder
        .line("log verify --against book.md --study k/forged.casebook")
        .done();
    // Whoever puts another name on all of it changes every hash.
    forge(&forged, "memos", "text", "again", Some("someone-else"));
    folder.line("log verify --study k/forged.casebook").done();
    let run = folder.line("log verify --against book.md --study k/forged.casebook");
    assert_eq!(run.status, Some(3), "{}", run.whole());
    // Events taken off the end are missed.
    let run = folder.line("log verify --against k/true.casebook --study k/b.casebook");
    assert_eq!(run.status, Some(3), "{}", run.whole());
    assert!(
        run.stdout.contains("the copy has 1 more"),
        "{}",
        run.whole()
    );
    folder.line("log verify --against kept.txt").done();
}

impl crate::harness::Run {
    /// The run, which must have found damage.
    #[track_caller]
    fn refusal_of_damage(self) {
        assert_eq!(self.status, Some(3), "{}", self.whole());
    }
}

/// Writers go on while a backup is made: it is of one moment.
#[test]
fn a_backup_is_of_one_moment_while_others_write() {
    let folder = study_and_folder();
    let writers: Vec<_> = (0..3)
        .map(|n| folder.start(&["memo", "add", "--on", "study", &format!("memo {n}")]))
        .collect();
    let made: Backup = folder.line("backup k/b --json").done().json();
    for mut writer in writers {
        writer.wait().expect("it ends");
    }
    assert!((10..=13).contains(&made.event));
    folder.line("check --study k/b.casebook").done();
    folder.line("log verify --against k/b.casebook").done();
}

/// Whoever was erased since a backup was made is in it again: the record of erasures says so, wherever it lies around.
#[test]
fn who_was_erased_does_not_come_back_unseen() {
    use casebook::governance::erase::record::{Erasure, append, path_of, read};
    use casebook::store::{Access, Store};
    let folder = study_and_folder();
    folder.line("backup k").done();
    let backup = "k/study-2021-05-01T0900Z.casebook";
    let store = Store::open(&folder.join(STUDY), Access::Read).expect("it opens");
    let erased = |study: String| Erasure {
        study,
        participant: hex(&store
            .participant_uuid(store.participant("P07").expect("a person").id)
            .expect("a uuid")),
        code: "P07".into(),
        at: "2021-05-02T09:00:00Z".into(),
        event: 12,
    };
    let uuid = store.uuid().expect("a uuid");
    // Of another study: nobody's business here.
    append(&folder.join("other.casebook-erased"), &erased("00".into())).expect("written");
    let unharmed: Restored = folder
        .line(&format!("restore {backup} --to k/one --json"))
        .done()
        .json();
    assert!(unharmed.come_back.is_empty());
    assert!(!folder.join("k/one.casebook-erased").exists());
    append(&path_of(&folder.join(STUDY)), &erased(uuid.clone())).expect("written");
    drop(store);
    // The study itself is lost; its record is not.
    std::fs::rename(folder.join(STUDY), folder.join("k/lost.casebook")).expect("moved");
    let run = folder.line(&format!("restore {backup} --to k/two --json"));
    assert!(
        run.stderr
            .contains("P07 was erased since this backup was made"),
        "{}",
        run.whole()
    );
    let restored: Restored = run.done().json();
    assert_eq!(restored.come_back, ["P07"]);
    let beside = read(&folder.join("k/two.casebook-erased")).expect("a record");
    assert_eq!(beside, [erased_again(&uuid, &beside[0])]);
}

/// The same erasure, of the study with this uuid.
fn erased_again(
    uuid: &str,
    found: &casebook::governance::erase::record::Erasure,
) -> casebook::governance::erase::record::Erasure {
    casebook::governance::erase::record::Erasure {
        study: uuid.to_owned(),
        code: "P07".into(),
        event: 12,
        ..found.clone()
    }
}

/// A file with contents of the study that is on no register is one that no erase finds.
#[test]
fn nothing_is_written_past_the_registers() {
    let mut wrong = Vec::new();
    for entry in std::fs::read_dir(crate::harness::root().join("src/cli")).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let text = std::fs::read_to_string(&path).expect("a source file");
        // These write the registers' files, or what is no study's: an invented one, manual pages. What holds names is
        // its owner's alone to read, and is registered where it is written.
        if [
            "copy.rs",
            "report.rs",
            "demo.rs",
            "manual.rs",
            "pseudonym_key.rs",
        ]
        .contains(&name.as_str())
        {
            continue;
        }
        for sign in ["write_through(", "fs::write(", "File::create(", ".persist("] {
            if text.contains(sign) {
                wrong.push(format!("{name}: {sign}"));
            }
        }
    }
    assert!(wrong.is_empty(), "write with `write_copy`: {wrong:?}");
}
