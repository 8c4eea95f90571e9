//! The study itself: init, status, study, check, backup, log, undo.

#![expect(
    dead_code,
    reason = "the types say what the JSON holds; that it reads back is the test"
)]

use serde::Deserialize;
use snapbox::str;

use crate::harness::{Folder, invented, whole};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Made {
    study: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Status {
    study: String,
    title: String,
    method: String,
    cases: i64,
    phases: i64,
    participants: i64,
    transcripts: i64,
    turns: i64,
    words: i64,
    themes: i64,
    codings: i64,
    pending: i64,
    coders: i64,
    memos: i64,
    events: i64,
    last_change: Option<String>,
    open: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Facts {
    title: String,
    method: String,
    language: String,
    contact: Option<String>,
    withdraw_by: Option<String>,
    started: String,
    k_labels: Option<i64>,
    k_counts: Option<i64>,
    ended: Option<String>,
    questions: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Health {
    sound: bool,
    transcripts: i64,
    codings: i64,
    events: i64,
    damage: Vec<Damage>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Damage {
    area: String,
    what: String,
}

// The rest of it is tried in `backups`.
#[derive(Deserialize)]
struct Backup {
    backup: String,
    bytes: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Log {
    events: Vec<Event>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Event {
    event: i64,
    at: String,
    coder: String,
    op: String,
    summary: String,
    why: Option<String>,
    undoes: Option<i64>,
    undone_by: Option<i64>,
    changes: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Verified {
    sound: bool,
    events: i64,
    wrong: Vec<Wrong>,
    head: String,
    compared: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wrong {
    event: i64,
    what: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Undone {
    undone: i64,
    what: String,
    event: i64,
}

#[test]
fn init_makes_one_file() {
    let folder = Folder::empty();
    whole!(
        folder.line("init one"),
        str![[r#"
Made one.casebook
--- stderr
Next: casebook case add SLUG --name NAME, or casebook import FOLDER

"#]]
    );
    whole!(
        folder.line("init one"),
        str![[r#"
--- stderr
error: `one.casebook` exists already
hint: choose another name, or work on it with: --study FILE
--- status 1

"#]]
    );
    let made: Made = folder.line("init two.casebook --json").done().json();
    assert_eq!(made.study, "two.casebook");
    whole!(
        folder.line("status --study two"),
        str![[r#"
--- stderr
error: there is no study at `two`
hint: start one with: casebook init NAME   or name it with: --study FILE
--- status 1

"#]]
    );
    whole!(
        folder.line("init three --language tlh"),
        str![[r#"
--- stderr
error: no stemmer for language `tlh`; there is one for ar, da, nl, en, fi, fr, de, el, hu, it, no, pt, ro, ru, es, sv, ta, tr
hint: use `none` for a language without a stemmer
--- status 1

"#]]
    );
}

#[test]
fn status_counts() {
    whole!(
        invented().line("status"),
        str![[r#"
Working as one
study.casebook · codebook study

       20  cases
        2  phases
       16  participants
       15  transcripts  (832 turns, 33,993 words)
       29  themes
      520  codings  (by 2 coders)
       54  memos

10 events, the last on 2021-05-01T09:00:00Z

"#]]
    );
    let status: Status = invented().line("status --json").done().json();
    assert_eq!(
        (
            status.transcripts,
            status.participants,
            status.themes,
            status.coders
        ),
        (15, 16, 29, 2)
    );
    assert!(
        Folder::with_study()
            .line("status --quiet")
            .done()
            .stderr
            .is_empty()
    );
}

#[test]
fn the_studys_facts() {
    let folder = Folder::with_study();
    whole!(
        folder.run(&[
            "study",
            "edit",
            "--question",
            "How?",
            "--question",
            "Why?",
            "--contact",
            "us@example.org",
            "--withdraw-by",
            "2022-03-31",
            "--why",
            "asked by the committee"
        ]),
        str![[r#"
--- stderr
Edited the study.  (event 2; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("study show"),
        str![[r#"
A small study

  1. How?
  2. Why?

method       codebook
language     en
contact      us@example.org
withdraw by  2022-03-31
labels fit   3 people at least
counts have  5 people at least
started      2021-05-01T09:00:00Z
ended        -

"#]]
    );
    let facts: Facts = folder.line("study show --json").done().json();
    assert_eq!(facts.questions, ["How?", "Why?"]);
    whole!(
        folder.line("study edit --language tlh"),
        str![[r#"
--- stderr
error: no stemmer for language `tlh`; there is one for ar, da, nl, en, fi, fr, de, el, hu, it, no, pt, ro, ru, es, sv, ta, tr
hint: use `none` for a language without a stemmer
--- status 1

"#]]
    );
    whole!(
        folder.line("log"),
        str![[r#"
event  at                    coder  what                    rows  note
    2  2021-05-01T09:00:00Z  mara   edit the study's facts     3  asked by the committee
    1  2021-05-01T09:00:00Z  mara   init the study             1

"#]]
    );
}

#[test]
fn check_says_what_it_looked_at() {
    whole!(
        invented().line("check"),
        str![[r#"
Sound: 15 transcripts, 520 codings, 10 events; the record holds and the index agrees.

"#]]
    );
    let health: Health = invented().line("check --json").done().json();
    assert!(health.sound && health.damage.is_empty());
    let folder = Folder::invented();
    std::fs::remove_dir_all(folder.join("study.casebook-index")).expect("the index");
    whole!(
        folder.line("check --repair"),
        str![[r#"
Sound: 15 transcripts, 520 codings, 10 events; the record holds and the index agrees.

"#]]
    );
}

#[test]
fn a_backup_is_a_study() {
    let folder = Folder::invented();
    let before = folder.dump();
    let backup: Backup = folder.line("backup copy.casebook --json").done().json();
    assert!(backup.bytes > 100_000);
    assert_eq!(crate::harness::dump(&folder.join("copy.casebook")), before);
    folder.line("check --study copy.casebook").done();
    whole!(
        folder.line("backup copy.casebook --study study.casebook"),
        str![[r#"
--- stderr
error: `copy.casebook` exists already
hint: choose another name; a backup never replaces a file
--- status 1

"#]]
    );
}

#[test]
fn the_log_and_its_filters() {
    let folder = Folder::invented();
    whole!(
        folder.line("log --limit 3"),
        str![[r#"
event  at                    coder  what                           rows  note
   10  2021-05-01T09:00:00Z  mara   code 139 passages from a file   154
    9  2021-05-01T09:00:00Z  mara   code 175 passages from a file   191
    8  2021-05-01T09:00:00Z  mara   code 206 passages from a file   231

"#]]
    );
    whole!(
        folder.line("log --object transcript:T01"),
        str![[r#"
event  at                    coder  what                                rows  note
    8  2021-05-01T09:00:00Z  mara   code 206 passages from a file        231
    6  2021-05-01T09:00:00Z  mara   import 15 transcripts (T01 to T15)    85

"#]]
    );
    whole!(
        folder.line("log --by jo"),
        str![[r#"
--- stderr
Nothing on record fits.

"#]]
    );
    whole!(
        folder.line("log --object case:nowhere"),
        str![[r#"
--- stderr
error: no case `nowhere`
hint: see what there is with: casebook case list
--- status 1

"#]]
    );
    let log: Log = folder.line("log --json").done().json();
    assert_eq!(log.events.len(), 10);
    let verified: Verified = folder.line("log verify --json").done().json();
    assert!(verified.sound && verified.wrong.is_empty() && verified.compared.is_empty());
    assert!(verified.head.starts_with("10:"));
    let undone: Undone = folder.line("undo --json").done().json();
    assert_eq!((undone.undone, undone.event), (10, 11));
}
