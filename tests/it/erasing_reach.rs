//! What an erase must reach, in whatever form it is written, and what it must leave: whose everybody else's words are, and
//! what the record says they were.

use casebook::store::{Access, Store};
use serde_json::Value;

use crate::harness::{Folder, Run, STUDY};

fn lines(folder: &Folder, all: &[&str]) {
    for line in all {
        folder.line(line).done();
    }
}

fn erase(folder: &Folder, person: &str, more: &[&str]) {
    let mut args = vec!["withdraw", person, "--mode", "erase", "--yes"];
    if !more.contains(&"--unassigned") {
        args.extend(["--unassigned", "others"]);
    }
    args.extend(more);
    folder.run(&args).done();
}

/// Notes with two people in which nobody is named.
fn noted() -> Folder {
    let folder = Folder::with_study();
    folder.write(
        "in/n.txt",
        "The chair said little.\n\nThe room was cold.\n\nNobody stayed long.\n",
    );
    lines(
        &folder,
        &[
            "participant add P7",
            "participant add P1",
            "theme add cold",
            "import in/n.txt --id N --kind field-notes --participant P7 --participant P1",
            "code N:2 cold",
        ],
    );
    folder
}

/// What the words of a person are said to be.
fn of_p1(folder: &Folder) -> Vec<String> {
    [
        "quotes --participant P1",
        "search cold --participant P1",
        "matrix --rows theme --cols participant",
        "transcript show N",
    ]
    .into_iter()
    .map(|line| folder.line(line).calm().whole())
    .collect()
}

#[test]
fn words_without_a_label_become_nobodys_when_one_of_two_goes() {
    let folder = noted();
    let before = of_p1(&folder);
    erase(&folder, "P7", &[]);
    assert_eq!(of_p1(&folder), before);
    folder.sound();
    // They are not theirs alone for the next either.
    let plan = folder
        .line("withdraw P1 --mode erase --unassigned others --dry-run")
        .done();
    assert!(!plan.whole().contains("theirs alone"), "{}", plan.whole());
    erase(&folder, "P1", &[]);
    assert!(
        folder
            .line("transcript show N")
            .done()
            .whole()
            .contains("The room was cold.")
    );
    folder.sound();

    let folder = noted();
    lines(&folder, &["participant remove P7 --yes"]);
    assert_eq!(of_p1(&folder), before);
    folder.sound();
    lines(&folder, &["undo"]);
    assert_eq!(of_p1(&folder), before);
    // Who says whom it is with says whose they are.
    lines(
        &folder,
        &[
            "participant remove P7 --yes",
            "transcript edit N --participant P1",
        ],
    );
    assert_ne!(of_p1(&folder), before);
    folder.sound();
}

#[test]
fn words_that_are_said_to_be_anothers_stay() {
    let folder = Folder::with_study();
    folder.write(
        "in/g.txt",
        "Int: Well?\n\nCy: I keep the bees in the valley.\n",
    );
    lines(
        &folder,
        &[
            "participant add P7",
            "import in/g.txt --id G --participant P7 --speaker Int=interviewer",
            "transcript edit G --speaker Cy=unknown",
            "transcript edit G --participant P7",
        ],
    );
    erase(&folder, "P7", &["--unassigned", "others"]);
    assert!(
        folder
            .line("transcript show G")
            .done()
            .whole()
            .contains("I keep the bees in the valley.")
    );
    folder.sound();
}

#[test]
fn quotes_in_another_form_of_unicode_go() {
    let composed = "le caf\u{e9} \u{e9}tait ferm\u{e9} et nous \u{e9}tions d\u{e9}sol\u{e9}s";
    let decomposed =
        "le cafe\u{301} e\u{301}tait ferme\u{301} et nous e\u{301}tions de\u{301}sole\u{301}s";
    for (said, quoted) in [(composed, decomposed), (decomposed, composed)] {
        let folder = Folder::with_study();
        folder.write("in/a.txt", format!("Int: Alors?\n\nP7: Oui, {said}.\n"));
        lines(
            &folder,
            &[
                "participant add P7",
                "import in/a.txt --participant P7 --speaker Int=interviewer --speaker P7=P7",
            ],
        );
        folder
            .run(&["memo", "add", "--on", "study", &format!("elle: {quoted} !")])
            .done();
        erase(&folder, "P7", &[]);
        let memos: Value = folder.run(&["memo", "list", "--json"]).done().json();
        assert!(memos.to_string().contains("elle: [erased] !"), "{memos}");
        folder.sound();
    }
}

/// Puts another content under the hash of what a memo was, as an erase leaves it.
fn forge(folder: &Folder, mark: &str) -> Run {
    let raw = rusqlite::Connection::open(folder.join(STUDY)).expect("it opens");
    let triggers: Vec<String> = raw
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
        .and_then(|mut s| s.query_map([], |r| r.get(0))?.collect())
        .expect("the triggers");
    for trigger in triggers {
        raw.execute_batch(&format!("DROP TRIGGER \"{trigger}\""))
            .expect("dropped");
    }
    let done = raw
        .execute(
            &format!("UPDATE changes SET before = json_set(before, '$.text', 'FORGED'), erased = {mark} WHERE before IS NOT NULL AND tab = (SELECT id FROM recorded WHERE name = 'memos')"),
            [],
        )
        .expect("tampered with");
    assert!(done > 0, "there is a state of a memo");
    drop(raw);
    folder.line("log verify").calm()
}

#[test]
fn a_state_that_no_erase_left_is_named() {
    let begun = || {
        let folder = Folder::with_study();
        folder.write(
            "in/a.txt",
            "Int: Well?\n\nP7: We had eleven beds and no nurse at all.\n",
        );
        lines(
            &folder,
            &[
                "participant add P7",
                "import in/a.txt --participant P7 --speaker Int=interviewer --speaker P7=P7",
            ],
        );
        let quoting = "they said: we had eleven beds and no nurse at all, twice";
        folder
            .run(&["memo", "add", "--on", "study", quoting])
            .done();
        folder.run(&["memo", "edit", "1", "nothing"]).done();
        folder
    };
    let named = |run: Run| {
        assert_eq!(run.status, Some(3), "{}", run.whole());
        run.whole()
    };
    // No erase at all: any hash.
    assert!(named(forge(&begun(), "randomblob(32)")).contains("no erase on record did that"));
    // An erase that is not there, and one that is and left something else.
    let folder = begun();
    erase(&folder, "P7", &[]);
    folder.line("log verify").done();
    assert!(named(forge(&folder, "erased")).contains("no erase on record did that"));
    named(forge(&begun(), "zeroblob(72)"));
    // Two erases that reached the same state both account for it.
    let folder = begun();
    folder.write(
        "in/b.txt",
        "Int: Well?\n\nP8: It was twice as cold up there that winter.\n",
    );
    lines(
        &folder,
        &[
            "participant add P8",
            "import in/b.txt --participant P8 --speaker Int=interviewer --speaker P8=P8",
        ],
    );
    let quoting = "we had eleven beds and no nurse at all; it was twice as cold up there";
    folder
        .run(&["memo", "add", "--on", "study", quoting])
        .done();
    folder.run(&["memo", "edit", "2", "nothing"]).done();
    erase(&folder, "P7", &[]);
    erase(&folder, "P8", &[]);
    folder.line("log verify").done();
    folder.sound();
}

#[test]
fn earlier_notes_labels_and_reasons_go_with_earlier_texts() {
    let folder = Folder::with_study();
    folder.write(
        "in/a.txt",
        "Int: Well?\n\nWilhelmina Quarr: I work at Quarrfield.\n",
    );
    folder.write(
        "in/b.txt",
        "Int: Well?\n\nWilhelmina Quarr: I left Quarrfield.\n",
    );
    lines(
        &folder,
        &[
            "import in/a.txt --speaker Int=interviewer",
            "import in/b.txt --speaker Int=interviewer",
            "theme add work",
        ],
    );
    for args in [
        &[
            "memo",
            "add",
            "--on",
            "study",
            "Quarrfield is large",
            "--why",
            "Wilhelmina asked",
        ][..],
        &["memo", "add", "--on", "theme:work", "Wilhelmina Quarr left"],
        // By hand, before the names were replaced.
        &["memo", "add", "--on", "theme:work", "Quarrfield again"],
        &["memo", "edit", "3", "that place again"],
    ] {
        folder.run(args).done();
    }
    let with_key = |args: &[&str]| {
        folder.finish(
            folder
                .command()
                .args(args)
                .env("CASEBOOK_PASSPHRASE", "four words for it"),
        )
    };
    folder.write(
        "names.csv",
"real,replacement,kind,aliases,participant,case,contact\nWilhelmina Quarr,[Ann],,Wilhelmina,,,\nQuarrfield,[Hospital A],,,,,\n",
    );
    with_key(&["pseudonym", "import", "names.csv"]).done();
    std::fs::remove_file(folder.join("names.csv")).expect("removed");
    let applied = with_key(&["pseudonym", "apply", "--all", "--notes", "--yes"]).done();
    assert!(
        applied.whole().contains("casebook erase revisions --all"),
        "{}",
        applied.whole()
    );
    let plan = folder.line("erase revisions --all --dry-run").done();
    assert!(plan.whole().contains("(notes)"), "{}", plan.whole());
    folder.line("erase revisions --all --yes").done();
    Store::open(&folder.join(STUDY), Access::Read)
        .expect("it opens")
        .each_string(|_, _, text| {
            let text = text.to_lowercase();
            assert!(
                !text.contains("quarr") && !text.contains("wilhelmina"),
                "{text}"
            );
        })
        .expect("read");
    folder.line("log verify").done();
    folder.sound();
    // Nothing is left to do.
    let again = folder.line("erase revisions --all --yes").calm();
    assert!(again.whole().contains("nothing to do"), "{}", again.whole());
}

#[test]
fn the_record_of_erasures_is_made_anew_and_found_under_any_name() {
    let folder = noted();
    let before = std::fs::read(folder.join(STUDY)).expect("a study");
    erase(&folder, "P7", &[]);
    let record = folder.join(format!("{STUDY}-erased"));
    let whole = std::fs::read(&record).expect("a record");
    std::fs::remove_file(&record).expect("removed");
    let status = folder.line("status").done();
    assert!(
        status.stderr.contains("was made anew"),
        "{}",
        status.whole()
    );
    assert_eq!(std::fs::read(&record).expect("a record"), whole);
    assert!(!folder.line("status").done().stderr.contains("made anew"));
    // Cut off in its only line.
    std::fs::write(&record, &whole[..whole.len() / 2]).expect("written");
    let status = folder.line("status").done();
    assert!(status.stderr.contains("is cut off"), "{}", status.whole());
    assert_eq!(std::fs::read(&record).expect("a record"), whole);
    // Left behind under another name, beside a copy from before.
    std::fs::rename(&record, folder.join("old.casebook-erased")).expect("renamed");
    for name in ["-wal", "-shm"] {
        std::fs::remove_file(folder.join(format!("{STUDY}{name}"))).ok();
    }
    std::fs::write(folder.join(STUDY), before).expect("written");
    let refused = folder.line("quotes").refused();
    assert!(
        refused.stderr.contains("announced and not done"),
        "{}",
        refused.whole()
    );
    folder
        .run(&["erase", "again", "--yes", "--unassigned", "others"])
        .done();
    folder.sound();
}

#[test]
fn names_that_repeat_somebody_are_named() {
    let folder = Folder::with_study();
    folder.write(
        "in/a.txt",
        "Int: Well?\n\nP7: We had eleven beds and no nurse at all.\n",
    );
    lines(
        &folder,
        &[
            "participant add P7",
            "import in/a.txt --participant P7 --speaker Int=interviewer --speaker P7=P7",
            "theme add we-had-eleven-beds-and-no-nurse",
            "case add beds --name Beds --kind we-had-eleven-beds-and-no-nurse",
        ],
    );
    let plan = folder.line("withdraw P7 --mode erase --dry-run").done();
    assert!(
        plan.stdout
            .contains("quoted in     case 1 (1 place)\nquoted in     theme we-had-eleven-beds-and-no-nurse (name) (1 place)"),
        "{}",
        plan.whole()
    );
    assert!(
        plan.stdout.contains("0 reasons, 1 line"),
        "{}",
        plan.whole()
    );
}
