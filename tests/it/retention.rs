//! Retention: rules, what is due on a day, and deleting it.

use serde_json::Value;
use snapbox::str;

use casebook::governance::key::{Entity, EntityKind, Key, path_of};
use casebook::store::{Access, Store};

use crate::harness::{Folder, Run, STUDY, whole};

const PASSPHRASE: &str = "a long enough passphrase";

fn set(folder: &Folder, class: &str, months: &str, since: &str) {
    folder
        .run(&[
            "retention",
            "set",
            class,
            "--months",
            months,
            "--since",
            since,
            "--basis",
            "protocol v2",
        ])
        .done();
}

fn due(folder: &Folder, on: &str) -> Value {
    folder
        .run(&["retention", "due", "--on", on, "--json"])
        .done()
        .json()
}

/// Of a class: due, later, day unknown, not begun, and the next day.
fn counts(list: &Value, class: &str) -> (u64, u64, u64, u64, Option<String>) {
    let found = list["classes"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|c| c["record"] == class)
        .expect("the class");
    let n = |name: &str| found[name].as_u64().expect("a count");
    (
        n("due"),
        n("later"),
        n("unknown"),
        n("not_begun"),
        found["next"].as_str().map(str::to_owned),
    )
}

#[test]
fn what_is_due_is_counted_from_days_on_record() {
    let folder = Folder::invented();
    set(&folder, "transcript", "120", "study-end");
    set(&folder, "contact", "6", "debrief");
    set(&folder, "study", "12", "interview");
    let list = due(&folder, "2040-01-01");
    assert_eq!(counts(&list, "transcript"), (0, 0, 0, 15, None));
    assert_eq!(counts(&list, "contact"), (0, 0, 0, 16, None));
    assert_eq!(counts(&list, "study"), (1, 0, 0, 0, None));
    assert_eq!(list["without"], serde_json::json!(["consent", "response"]));
    folder.line("study edit --ended 2022-01-31").done();
    let list = due(&folder, "2032-01-30");
    assert_eq!(
        counts(&list, "transcript"),
        (0, 15, 0, 0, Some("2032-01-31".into()))
    );
    assert_eq!(
        counts(&due(&folder, "2032-01-31"), "transcript"),
        (15, 0, 0, 0, None)
    );
    // Each by its own interview; one without a day is said to be unknown.
    set(&folder, "transcript", "12", "interview");
    folder.write("undated.txt", "P01: Yes.\n");
    folder
        .line("import undated.txt --id T99 --participant P01")
        .done();
    let list = due(&folder, "2021-02-04");
    let items: Vec<(&str, &str)> = list["items"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|i| i["record"] == "transcript")
        .map(|i| {
            (
                i["what"].as_str().expect("a name"),
                i["standing"].as_str().expect("a word"),
            )
        })
        .filter(|(_, standing)| *standing != "later")
        .collect();
    assert!(
        items.contains(&("T01", "due")) && items.contains(&("T03", "due")),
        "{items:?}"
    );
    assert!(!items.contains(&("T09", "due")), "{items:?}");
    assert!(items.contains(&("T99", "unknown")), "{items:?}");
}

#[test]
fn rules_are_listed_changed_and_taken_away() {
    let folder = Folder::with_study();
    whole!(
        folder.line("retention list"),
        str![[r#"
--- stderr
No rule is set. Set one with: casebook retention set transcript --months 120 --since study-end --basis TEXT

"#]]
    );
    set(&folder, "transcript", "120", "study-end");
    set(&folder, "consent", "60", "withdrawal");
    set(&folder, "transcript", "96", "study-end");
    let again = folder.run(&[
        "retention",
        "set",
        "transcript",
        "--months",
        "96",
        "--since",
        "study-end",
        "--basis",
        "protocol v2",
    ]);
    assert!(again.done().stderr.contains("Nothing to change."));
    whole!(
        folder.line("retention list"),
        str![[r#"
record      months  since       basis        event
consent         60  withdrawal  protocol v2      3
transcript      96  study-end   protocol v2      4

"#]]
    );
    whole!(
        folder.line("retention due"),
        str![[r#"
record      months  since       due  later  day unknown  not begun  next
consent         60  withdrawal    0      0            0          0
transcript      96  study-end     0      0            0          0
--- stderr
Counted are transcripts, signed forms (consent), responses, participants (contact), the study. `day unknown`: it began on a day that is on no record; nothing is guessed. `not begun`: what the months are counted from has not been.
No rule is set for contact, response, study.

"#]]
    );
    folder.line("retention remove consent").done();
    whole!(
        folder.line("retention remove consent"),
        str![[r#"
--- stderr
error: no rule is set for consent
hint: set one with: casebook retention set consent --months N --since study-end --basis TEXT
--- status 1

"#]]
    );
    folder.line("retention delete consent").refused();
    let odd = folder
        .line("retention set contact --months -1 --since debrief --basis x")
        .calm();
    assert_eq!(odd.status, Some(2));
    let odd = folder
        .line("retention set everything --months 1 --since debrief --basis x")
        .calm();
    assert_eq!(odd.status, Some(2));
    // As a table in a file, on the register.
    folder.line("retention due -o due.csv").done();
    assert!(folder.read("due.csv").starts_with("record,months,since"));
}

#[test]
fn contacts_that_are_due_go_from_the_key_and_nothing_brings_them_back() {
    let folder = Folder::with_study();
    for code in ["P1", "P2", "P3"] {
        folder.run(&["participant", "add", code]).done();
    }
    let run = |args: &[&str]| -> Run {
        folder.finish(
            folder
                .command()
                .env("CASEBOOK_PASSPHRASE", PASSPHRASE)
                .args(args),
        )
    };
    set(&folder, "contact", "6", "study-end");
    let deleted = run(&["retention", "delete", "contact", "--yes"]).done();
    assert_eq!(deleted.stdout, "Nothing of contact is due.\n");
    folder.line("study edit --ended 2020-11-01").done();
    whole!(
        run(&["retention", "delete", "contact", "--yes"]),
        str![[r#"
--- stderr
error: there is no key file `[FOLDER]/study.casebook-key`
hint: if it was lost, bring it back from a copy; to begin one: casebook pseudonym add NAME REPLACEMENT
--- status 1

"#]]
    );
    let uuid = Store::open(&folder.join(STUDY), Access::Read)
        .expect("it opens")
        .uuid()
        .expect("a uuid");
    let path = path_of(&folder.join(STUDY));
    let entity = |number: u32, contact: Option<&str>| Entity {
        number,
        kind: EntityKind::Person,
        real: format!("Person Number{number}"),
        aliases: Vec::new(),
        replacement: format!("P{number}"),
        participant: Some(format!("P{number}")),
        case: None,
        contact: contact.map(str::to_owned),
    };
    Key {
        study: uuid.clone(),
        entities: vec![
            entity(1, Some("one@example.org")),
            entity(2, None),
            entity(3, Some("three@example.org")),
        ],
        ..Key::default()
    }
    .save(&path, &PASSPHRASE.to_owned().into(), 2)
    .expect("written");
    let before = std::fs::read(&path).expect("a file");
    let dry = run(&["retention", "delete", "contact", "--dry-run"]).done();
    assert_eq!(dry.stdout, "Would delete contact: P1, P3\n");
    run(&["retention", "delete", "contact"]).refused();
    assert_eq!(std::fs::read(&path).expect("a file"), before);
    let done: Value = run(&["retention", "delete", "contact", "--yes", "--json"])
        .done()
        .json();
    assert_eq!(done["deleted"], serde_json::json!(["P1", "P3"]));
    let event = done["event"].as_i64().expect("an event");
    let key = Key::open(&path, &PASSPHRASE.to_owned().into(), &uuid).expect("opens");
    assert!(key.entities.iter().all(|e| e.contact.is_none()));
    assert_eq!(key.entities.len(), 3);
    assert_eq!(key.entities[0].real, "Person Number1");
    let log = folder.line("log --limit 1").done().stdout;
    assert!(log.contains("delete what was due: 2 contact"), "{log}");
    whole!(
        folder.run(&["undo", &event.to_string()]),
        str![[r#"
--- stderr
error: event 7 deleted what was due: nothing can bring it back
hint: see the rules with: casebook retention list
--- status 1

"#]]
    );
    let undone: Value = folder.line("undo --json").done().json();
    assert_eq!(
        undone["undone"],
        event - 1,
        "the last one that can be undone"
    );
    folder.line("log verify").done();
}

/// The study's file and its index, byte by byte.
fn bytes_hold(folder: &Folder, words: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.path().to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).expect("a file");
            if bytes
                .windows(words.len())
                .any(|w| w.eq_ignore_ascii_case(words.as_bytes()))
            {
                found.push(path.display().to_string());
            }
        }
    }
    found
}

const SENTINEL: &str = "quizzaciously-perched-heliotrope";

#[test]
fn transcripts_that_are_due_are_erased_and_the_rest_stays() {
    let folder = Folder::with_study();
    folder.line("participant add P1").done();
    folder.line("theme add t").done();
    folder.write(
        "old.txt",
        format!("I: Well?\nP1: It was {SENTINEL} for all of us.\n"),
    );
    folder.write("new.txt", "I: Well?\nP1: Nothing of the kind.\n");
    folder
        .line("import old.txt --id T1 --participant P1 --speaker I=interviewer --date 2000-01-01")
        .done();
    folder
        .line("import new.txt --id T2 --participant P1 --speaker I=interviewer --date 2021-01-01")
        .done();
    folder
        .line("import new.txt --again --id T3 --participant P1 --speaker I=interviewer")
        .done();
    folder.line("code T1:2 t").done();
    folder.line("code T2:2 t").done();
    // In a note on a coding that is gone, and in one that stays.
    folder
        .run(&[
            "memo",
            "add",
            "--on",
            "coding:1000001",
            &format!("see {SENTINEL}"),
        ])
        .done();
    folder.line("code T1:2 t --coder jo").calm();
    folder.line("uncode 1000001").calm();
    folder.line("search heliotrope").done();
    std::fs::remove_file(folder.join("old.txt")).expect("removed");
    assert!(!bytes_hold(&folder, SENTINEL).is_empty());
    set(&folder, "transcript", "120", "interview");
    let list = due(&folder, "2021-05-01");
    assert_eq!(
        counts(&list, "transcript"),
        (1, 1, 1, 0, Some("2031-01-01".into()))
    );
    let before = folder.dump();
    whole!(
        folder.line("retention delete transcript --dry-run"),
        str![[r#"
Would delete transcript: T1

"#]]
    );
    folder.line("retention delete transcript").refused();
    assert_eq!(before, folder.dump());
    folder.line("retention delete transcript --yes").done();
    let left = bytes_hold(&folder, SENTINEL);
    assert!(left.is_empty(), "{left:?}");
    let transcripts = folder.line("transcript list --csv").done().stdout;
    assert!(
        !transcripts.contains("T1") && transcripts.contains("T2") && transcripts.contains("T3"),
        "{transcripts}"
    );
    let quotes = folder.line("quotes").done().stdout;
    assert!(quotes.contains("Nothing of the kind"), "{quotes}");
    folder.line("log verify").done();
    folder.sound();
    let done = folder.line("retention delete transcript --yes").done();
    assert_eq!(done.stdout, "Nothing of transcript is due.\n");
    let log: Value = folder.line("log --limit 1 --json").done().json();
    let event = log["events"][0]["event"].as_i64().expect("an event");
    folder.run(&["undo", &event.to_string()]).refused();
}

/// A form says what may be done with words: while these are there, it stays.
#[test]
fn forms_stay_while_they_bind_words() {
    let folder = Folder::with_study();
    for code in ["P1", "P2"] {
        folder.run(&["participant", "add", code]).done();
    }
    let study = casebook::study::Study::open(
        &folder.join(STUDY),
        Access::Write,
        casebook::study::Session {
            coder: "mara".into(),
            now: "2021-05-01T09:00:00Z".into(),
            why: None,
        },
    )
    .expect("it opens");
    for code in ["P1", "P2"] {
        let person = study.store.participant(code).expect("a person").id;
        study
            .change("consent add", |tx| {
                let coder = tx.coder("mara")?;
                let items = casebook::store::Items {
                    take_part: true,
                    record: None,
                    quote: Some(false),
                    attribution: casebook::domain::words::Attribution::Background,
                    share: None,
                    archive: None,
                    contact: None,
                    until: None,
                };
                Ok(tx.add_consent(
                    coder,
                    &casebook::store::NewConsent {
                        participant: person,
                        version: 1,
                        signed: "2000-01-01",
                        form: Some(&format!("{SENTINEL} {code}")),
                        items: &items,
                        approval: None,
                    },
                )?)
            })
            .expect("written");
    }
    drop(study);
    folder.write("talk.txt", "I: Well?\nP1: Yes.\n");
    folder
        .line("import talk.txt --id T1 --participant P1 --speaker I=interviewer")
        .done();
    folder.line("study edit --ended 2001-01-01").done();
    set(&folder, "consent", "12", "study-end");
    let run = folder.line("retention delete consent --yes").done();
    assert!(
        run.stderr.contains(
            "Due, and kept while the words that they bind are in the study: P1 version 1."
        ),
        "{}",
        run.whole()
    );
    assert_eq!(run.stdout, "Deleted consent: P2 version 1\n");
    assert!(bytes_hold(&folder, &format!("{SENTINEL} P2")).is_empty());
    assert!(!bytes_hold(&folder, &format!("{SENTINEL} P1")).is_empty());
    folder.line("log verify").done();
    folder.sound();
}

#[test]
fn the_study_as_a_whole_is_not_deleted_from_within() {
    let folder = Folder::invented();
    folder.line("study edit --ended 2010-01-01").done();
    set(&folder, "study", "1", "study-end");
    let before = folder.dump();
    whole!(
        folder.line("retention delete study --yes"),
        str![[r#"
--- stderr
error: the study as a whole is deleted by deleting its files
hint: delete the study, its index, its key and its copies; see where these are: casebook copy list
--- status 1

"#]]
    );
    assert_eq!(before, folder.dump());
}
