//! How far an erase reaches, and where it ends: files by their bytes, lines and reasons of the record, words that are fixed,
//! and what is done when something is found.

use std::fs;

use crate::harness::{Folder, STUDY};

const WORDS: &str = "Slowly the beds were gone and nobody told us anything about it at all";

/// Two people with an interview each; the second one said [`WORDS`].
fn two(slug: &str) -> Folder {
    let folder = Folder::with_study();
    folder.write(
        "in/1.txt",
        "INTERVIEWER: How?\n\nP1: Quite well, we meet each month and decide.\n",
    );
    folder.write("in/2.txt", format!("INTERVIEWER: How?\n\nP2: {WORDS}.\n"));
    for line in [
        "case add a --name A",
        "participant add P1 --case a --role nurse",
        "participant add P2 --case a --attribution non-attributable",
        "import in/1.txt --participant P1 --case a --speaker INTERVIEWER=interviewer --speaker P1=P1",
        &format!(
            "import in/2.txt --id {slug} --participant P2 --case a --speaker INTERVIEWER=interviewer --speaker P2=P2 --why smithson"
        ),
        &format!("transcript edit {slug} --source direct-observation"),
        "theme add t",
        "code T01:2 t",
        &format!("code {slug}:2 t"),
    ] {
        folder.line(line).done();
    }
    folder
}

const ERASE: &[&str] = &["withdraw", "P2", "--mode", "erase", "--yes"];

fn holds(folder: &Folder, words: &str) -> bool {
    let bytes = fs::read(folder.join(STUDY)).expect("a study");
    bytes.windows(words.len()).any(|w| w == words.as_bytes())
}

#[test]
fn words_that_stand_in_the_schema_are_no_trace_of_anybody() {
    let folder = two("T02");
    folder.line("quotes -o q.md").done();
    let run = folder.run(ERASE).done();
    assert!(run.whole().contains("clean: nothing"), "{}", run.whole());
    assert!(!folder.join("q.md").exists());
    folder.line("quotes -o q.md").done();
    let status = folder.line("status").done();
    assert!(!status.stderr.contains("erase"), "{}", status.whole());
    assert!(folder.join("q.md").exists());
}

#[test]
fn what_is_found_is_said_and_tried_again_only_when_asked() {
    let folder = two("T02");
    folder.line("quotes -o q.md").done();
    let beside = format!("{STUDY}-notes");
    folder.write(&beside, format!("I wrote down that {WORDS}, as she said."));
    let run = folder.run(ERASE);
    assert_eq!(run.status, Some(3), "{}", run.whole());
    let said = run.whole();
    assert!(
        said.contains(&format!("in {beside} (beside the study)")),
        "{said}"
    );
    assert!(said.contains("NOT clean"), "{said}");
    // Another file at the place of one that went, and a second erase: neither is held up, nothing is removed again.
    folder.line("quotes -o q.md").done();
    for line in ["status", "log verify", "check"] {
        let run = folder.line(line).done();
        assert!(
            run.stderr.contains("casebook erase verify P2"),
            "{}",
            run.whole()
        );
        assert!(!run.stderr.contains("going on"), "{}", run.whole());
    }
    assert!(folder.join("q.md").exists());
    let verify = folder.run(&["erase", "verify", "P2"]);
    assert_eq!(verify.status, Some(3), "{}", verify.whole());
    let second = folder.line("withdraw P1 --mode erase --yes").done();
    assert!(
        second.whole().contains("clean: nothing"),
        "{}",
        second.whole()
    );
    assert!(!folder.join("q.md").exists());
    assert_eq!(folder.run(&["erase", "verify", "P1"]).status, Some(3));
    fs::remove_file(folder.join(beside)).expect("it is there");
    folder.run(&["erase", "verify", "P2"]).done();
    let status = folder.line("status").done();
    assert!(
        !status.stderr.contains("not finished"),
        "{}",
        status.whole()
    );
}

#[test]
fn another_study_at_the_place_of_a_backup_stays() {
    let folder = two("T02");
    fs::create_dir(folder.join("out")).expect("a folder");
    folder.line("backup out/b").done();
    fs::remove_file(folder.join("out/b.casebook")).expect("a backup");
    folder.line("init out/b").done();
    let run = folder.run(ERASE).done();
    assert!(
        run.whole().contains("stays: another file stands there now"),
        "{}",
        run.whole()
    );
    assert!(folder.join("out/b.casebook").exists());
    folder.run(&["--study", "out/b.casebook", "status"]).done();
}

#[test]
fn a_report_goes_by_what_stands_in_it() {
    let folder = two("T02");
    folder
        .run(&[
            "theme",
            "edit",
            "t",
            "--define",
            &format!("As one said: {WORDS}"),
        ])
        .done();
    for line in [
        "report codebook -o out.md",
        "report codebook -o out.docx",
        "report codebook -o changed.md",
        "report codebook --theme t -o out.html",
    ] {
        let run = folder.line(line);
        if run.status != Some(0) {
            assert!(line.contains("--theme"), "{}", run.whole());
        }
    }
    fs::write(folder.join("changed.md"), format!("My own: {WORDS}")).expect("written");
    folder.line("theme add other --define nothing").done();
    let plan = folder
        .run(&["withdraw", "P2", "--mode", "erase", "--dry-run"])
        .done();
    assert!(
        plan.whole()
            .contains("out.md  goes: their words stand in it"),
        "{}",
        plan.whole()
    );
    assert!(folder.join("out.md").exists());
    let run = folder.run(ERASE).done();
    assert!(
        run.whole().contains("changed.md  stays: it was changed"),
        "{}",
        run.whole()
    );
    for gone in ["out.md", "out.docx", "out.html"] {
        assert!(!folder.join(gone).exists(), "{gone}");
    }
    assert!(folder.join("changed.md").exists());
    // One that holds nothing of theirs stays.
    let folder = two("T02");
    folder.line("report codebook -o out.md").done();
    folder.run(ERASE).done();
    assert!(folder.join("out.md").exists());
}

#[test]
fn slugs_reasons_and_names_go_from_the_record_and_its_chain_holds() {
    let folder = two("smithson");
    for args in [
        &[
            "theme",
            "add",
            "in-vivo/the-beds-were-gone-and-nobody-told-us",
        ][..],
        &[
            "theme",
            "rename",
            "in-vivo/the-beds-were-gone-and-nobody-told-us",
            "nobody-told-us-anything-about-it",
        ],
        &[
            "memo",
            "add",
            "--on",
            "transcript:smithson",
            "short",
            "--why",
            "smithson's wish",
        ],
        &[
            "participant",
            "edit",
            "P2",
            "--role",
            "chair",
            "--why",
            "smithson asked",
        ],
    ] {
        folder.run(args).done();
    }
    assert!(holds(&folder, "smithson"));
    folder
        .line("quotes --transcript smithson --audience team -o smithson.md")
        .done();
    let head = folder.line("log head").done().stdout;
    let head = head
        .lines()
        .find_map(|l| l.strip_prefix("head "))
        .expect("a head")
        .trim();
    folder.run(ERASE).done();
    for words in ["smithson", "nobody-told-us", "beds were gone"] {
        assert!(!holds(&folder, words), "{words}");
    }
    let log = folder.line("log --limit 100").done().whole();
    assert!(log.contains("import [erased]"), "{log}");
    folder.line("log verify").done();
    folder.sound();
    let themes = folder.line("theme list").done().whole();
    assert!(themes.contains("erased-"), "{themes}");
    folder.run(&["log", "verify", "--head", head]).done();
}

#[test]
fn a_label_that_is_said_to_be_anothers_stays() {
    let folder = Folder::with_study();
    folder.write(
        "in/1.txt",
        "INTERVIEWER: How?\n\nCy: I was only passing by that day.\n",
    );
    for line in [
        "participant add P2",
        "import in/1.txt --participant P2 --speaker INTERVIEWER=interviewer",
        "transcript edit T01 --speaker Cy=participant",
        "withdraw P2 --mode erase --yes --unassigned others",
    ] {
        folder.line(line).done();
    }
    let show = folder.line("transcript show T01").done().whole();
    assert!(show.contains("passing by"), "{show}");
}

#[test]
fn a_backup_beside_the_study_is_not_taken_for_it() {
    let folder = two("T02");
    folder.line("backup b.casebook").done();
    folder.line("status").done();
    folder.line("backup c.casebook").done();
    folder.line("case list").done();
    // Another study is another matter.
    fs::remove_file(folder.join("b.casebook")).expect("a backup");
    folder.line("init b").done();
    let run = folder.line("status").refused();
    assert!(run.stderr.contains("several studies"), "{}", run.whole());
    assert!(!run.stderr.contains("c.casebook"), "{}", run.whole());
}

#[test]
fn words_without_a_label_are_nobodys_until_it_is_said_whose() {
    let folder = two("T02");
    folder.write("in/n.txt", "The chair said little and the nurse less.\n");
    folder
        .line("import in/n.txt --id N --kind field-notes --participant P1 --participant P2")
        .done();
    let run = folder.run(ERASE).refused();
    assert!(run.stderr.contains("--unassigned"), "{}", run.whole());
    folder
        .run(&[ERASE, &["--unassigned", "theirs"]].concat())
        .done();
    let show = folder.line("transcript show N").done().whole();
    assert!(!show.contains("nurse"), "{show}");
}

#[test]
fn entries_of_the_key_go_whether_linked_or_only_replaced_by_the_code() {
    let folder = two("T02");
    let keyed = |args: &[&str]| {
        let mut command = folder.command();
        folder.finish(
            command
                .env("CASEBOOK_PASSPHRASE", "four words for it")
                .args(args),
        )
    };
    keyed(&[
        "pseudonym",
        "add",
        "--anyway",
        "Bo Sample",
        "P1",
        "--participant",
        "P1",
    ])
    .done();
    keyed(&[
        "pseudonym",
        "add",
        "Tamsin Orrery",
        "P2",
        "--participant",
        "P2",
    ])
    .done();
    keyed(&["pseudonym", "add", "--anyway", "Tam Orry", "P2"]).calm();
    keyed(ERASE).done();
    let left = keyed(&["pseudonym", "list", "--reveal", "--yes"])
        .calm()
        .whole();
    assert!(!left.contains("Orr"), "{left}");
    let plain = keyed(&["pseudonym", "list"]).done().whole();
    assert!(plain.contains("P1") && !plain.contains("P2"), "{plain}");
}

#[test]
fn limits_on_their_words_go_and_those_on_others_stay() {
    let folder = two("T02");
    for args in [
        &[
            "limit",
            "add",
            "coding:1000001",
            "background",
            "--why",
            "one quote",
        ][..],
        &[
            "limit",
            "add",
            "T02",
            "background",
            "--why",
            "zzq as they asked",
        ],
        &[
            "limit",
            "add",
            "T01",
            "background",
            "--why",
            "kept as P1 asked",
        ],
    ] {
        folder.run(args).done();
    }
    assert!(holds(&folder, "zzq"));
    folder.run(ERASE).done();
    assert!(!holds(&folder, "zzq"));
    let limits = folder.line("limit list").done().whole();
    assert!(
        limits.contains("T01") && !limits.contains("T02"),
        "{limits}"
    );
}

#[test]
fn who_stopped_gets_no_debrief() {
    let folder = two("T02");
    folder.line("withdraw P2 --mode stop --yes").done();
    let run = folder.line("debrief P2 -o d.md").refused();
    assert!(run.stderr.contains("P2 has withdrawn"), "{}", run.whole());
    assert!(!folder.join("d.md").exists());
}
