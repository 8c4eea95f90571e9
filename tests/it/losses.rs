//! What a change takes from findings and from the frame is said: before it is confirmed, when it is done, and as JSON.

use serde_json::{Value, json};
use snapbox::str;

use crate::harness::{Folder, whole};

const TALK: &str = "INTERVIEWER: How is it going?\n\nA: Slowly. Nobody trusts the board.\n\nB: We trust it with the beds, if not with the money.\n";

/// Two transcripts, and two findings. Finding 1 rests on coding 1000001 (evidence 1), on a cell that names 1000001 and
/// 1000002 (evidence 2), and on T02 as a whole (evidence 3); its rival on 1000002 (evidence 4). Finding 2 rests on
/// 1000003 alone (evidence 5).
fn study() -> Folder {
    let folder = Folder::with_study();
    folder.write("a.txt", TALK);
    folder.write("b.txt", TALK.replace("beds", "wards"));
    for line in [
        "case add alder",
        "participant add P1 --case alder",
        "participant add P2 --case alder",
        "import a.txt --case alder --speaker A=P1 --speaker B=P2",
        "import b.txt --case alder",
        "theme add trust",
        "theme add trust/board",
        "theme add money",
        "code T01:2 trust",
        "code T01:3 trust",
        "code T01:3 money",
    ] {
        folder.line(line).done();
    }
    folder
        .run(&[
            "frame", "set", "alder", "trust", "Little.", "--coding", "1000001", "--coding",
            "1000002",
        ])
        .done();
    for claim in ["Trust is slow.", "Money is apart."] {
        folder.run(&["finding", "add", claim]).done();
    }
    for line in [
        "finding support 1 --coding 1000001",
        "finding support 1 --cell alder,trust",
        "finding support 1 --transcript T02",
        "finding rival 1 Winter",
        "finding support 1 --rival 1 --coding 1000002",
        "finding support 2 --coding 1000003",
    ] {
        folder.line(line).done();
    }
    folder
}

/// What findings lose, as JSON has it: evidence with its finding, its fate and its passages, and who has no support.
fn lost(folder: &Folder, line: &str) -> Value {
    let found: Value = folder.line(&format!("{line} --json")).done().json();
    let evidence: Vec<Value> = found["evidence"]
        .as_array()
        .expect("evidence")
        .iter()
        .map(|e| json!([e["evidence"], e["finding"], e["fate"], e["passages"]]))
        .collect();
    json!([found["cells"], evidence, found["unsupported"]])
}

#[test]
fn taking_codings_away_says_which_findings_lose_what() {
    let folder = study();
    whole!(
        folder.line("uncode 1000001 1000003 --dry-run"),
        str![[r#"
--- stderr
2 codings would be taken away.
The frame named 1 passage of this in its cells: see casebook frame list --stale
Evidence 1 of finding 1 goes; evidence 2 of finding 1 keeps 1 of 2 passages; evidence 5 of finding 2 goes; finding 2 has nothing left that supports it.

"#]]
    );
    let would = lost(&folder, "uncode 1000001 1000003 --dry-run");
    assert_eq!(
        would,
        json!([
            1,
            [[1, 1, "gone", 0], [2, 1, "less", 1], [5, 2, "gone", 0]],
            [2]
        ])
    );
    // A rehearsal leaves nothing behind.
    let log = folder.line("log --json").done().stdout;
    assert!(!log.contains("\"uncode\""), "{log}");
    whole!(
        folder.line("uncode 1000001 1000003"),
        str![[r#"
--- stderr
Took 2 codings away.  (event 22; to take it back: casebook undo)
The frame named 1 passage of this in its cells: see casebook frame list --stale
Evidence 1 of finding 1 went; evidence 2 of finding 1 keeps 1 of 2 passages; evidence 5 of finding 2 went; finding 2 has nothing left that supports it.

"#]]
    );
    folder.line("undo").done();
    assert_eq!(lost(&folder, "uncode 1000001 1000003"), would);
    // Where nothing is lost, nothing is said.
    folder.line("code T02:2 money").done();
    whole!(
        folder.line("uncode 2000001"),
        str![[r#"
--- stderr
Took 1 coding away.  (event 26; to take it back: casebook undo)

"#]]
    );
}

#[test]
fn removing_a_theme_says_it_before_it_is_confirmed_and_after() {
    let folder = study();
    let line = "theme remove trust --with-codings";
    whole!(
        folder.line(&format!("{line} --dry-run")),
        str![[r#"
--- stderr
Would remove theme trust with 2 codings and 1 cell of the frame.
Evidence 1 and 2 of finding 1 go; evidence 4 of rival 1 of finding 1 goes.

"#]]
    );
    whole!(
        folder.line(line),
        str![[r#"
--- stderr
error: removing theme trust takes its codings, its sub-themes and their cells of the frame with it; evidence 1 and 2 of finding 1 go; evidence 4 of rival 1 of finding 1 goes: not done, as nobody was there to confirm it
hint: add --yes to confirm, or --dry-run to see what it would do
--- status 1

"#]]
    );
    let would = lost(&folder, &format!("{line} --dry-run"));
    whole!(
        folder.line(&format!("{line} --yes")),
        str![[r#"
--- stderr
Removed theme trust with 2 codings and 1 cell of the frame.  (event 22; to take it back: casebook undo)
Evidence 1 and 2 of finding 1 went; evidence 4 of rival 1 of finding 1 went.

"#]]
    );
    folder.line("undo").done();
    assert_eq!(lost(&folder, &format!("{line} --yes")), would);
    // What it refuses, it refuses in the dry run too.
    folder.line("theme remove money --dry-run").refused();
    assert_eq!(
        lost(&folder, "theme remove money --with-codings --dry-run"),
        json!([0, [[5, 2, "gone", 0]], [2]])
    );
}

#[test]
fn themes_that_are_merged_and_split_take_nothing_from_findings() {
    let folder = study();
    // Coding 1000002 goes into 1000003, on the same words: what rested on it rests on that.
    assert_eq!(lost(&folder, "theme merge trust money"), json!([0, [], []]));
    assert_eq!(
        lost(&folder, "theme split money --into trust 1000001"),
        json!([0, [], []])
    );
}

/// A merge makes one of two codings, and one of two cells: what named both names one, and what stood on either side is
/// said.
#[test]
fn a_merge_joins_evidence_that_came_to_be_the_same() {
    let folder = study();
    folder
        .run(&[
            "frame", "set", "alder", "money", "Apart.", "--coding", "1000003",
        ])
        .done();
    for line in [
        "finding support 2 --coding 1000002 --note twice",
        "finding support 2 --cell alder,money",
        "finding contradict 2 --cell alder,trust",
    ] {
        folder.line(line).done();
    }
    whole!(
        folder.line("theme merge trust money"),
        str![[r#"
1 coding moved, 1 joined with one that was there, 1 cell of the frame joined with the one that was there for the same case
--- stderr
Merged into money.  (event 26; to take it back: casebook undo)
Evidence 6 of finding 2 is one with another now; the same stands for finding 2 (evidence 7) and against it (evidence 8).

"#]]
    );
    let shown: Value = folder.line("finding show 2 --json").done().json();
    let evidence: Vec<Value> = shown["evidence"]
        .as_array()
        .expect("evidence")
        .iter()
        .map(|e| json!([e["evidence"], e["bears"], e["note"]]))
        .collect();
    assert_eq!(
        evidence,
        [
            json!([5, "supports", "twice"]),
            json!([7, "supports", null]),
            json!([8, "contradicts", null])
        ]
    );
    folder.line("undo").done();
    folder.sound();
}

#[test]
fn removing_a_transcript_says_it() {
    let folder = study();
    whole!(
        folder.line("transcript remove T01 --dry-run"),
        str![[r#"
--- stderr
Removing transcript T01 takes 3 codings and 0 memos with it
The frame named 2 passages of this in its cells: see casebook frame list --stale
Evidence 1 of finding 1 goes; evidence 2 of finding 1 no longer counts; evidence 4 of rival 1 of finding 1 goes; evidence 5 of finding 2 goes; finding 2 has nothing left that supports it.

"#]]
    );
    whole!(
        folder.line("transcript remove T02"),
        str![[r#"
--- stderr
error: removing transcript T02 takes 0 codings and 0 memos with it; evidence 3 of finding 1 goes: not done, as nobody was there to confirm it
hint: add --yes to confirm, or --dry-run to see what it would do
--- status 1

"#]]
    );
    assert_eq!(
        lost(&folder, "transcript remove T02 --yes"),
        json!([0, [[3, 1, "gone", 0]], []])
    );
    whole!(
        folder.line("transcript remove T01 --yes"),
        str![[r#"
--- stderr
Removed transcript T01.  (event 23; to take it back: casebook undo)
The frame named 2 passages of this in its cells: see casebook frame list --stale
Evidence 1 of finding 1 went; evidence 2 of finding 1 no longer counts; evidence 4 of rival 1 of finding 1 went; evidence 5 of finding 2 went; finding 1 has nothing left that supports it; finding 2 has nothing left that supports it.

"#]]
    );
}

/// The study, and what else rests on its passages: claims 1 (a passage only), 2 (a passage and a source), 3 (T01 only) and
/// 4 (a passage and T02), assessment 1 (two passages and T01), a member of two cohorts, and a cohort that T01 names.
fn systems() -> Folder {
    let folder = study();
    folder.write("ladder.yaml", LADDER);
    for line in [
        "case add birch",
        "goal add ready --name Ready",
        "claim add alder ready --said 2020-01-01 --stance waits --coding 1000001",
        "claim add alder ready --said 2020-01-02 --stance waits --coding 1000001 --source us",
        "claim add alder ready --said 2020-01-03 --stance waits --document T01",
        "claim add alder ready --said 2020-01-04 --stance waits --coding 1000001 --document T02",
        "maturity import ladder.yaml",
        "assessment add alder ladder top --date 2020-01-01 --by self --coding 1000001 --coding 1000003 --document T01",
        "cohort add first --name First --document T01",
        "cohort member first alder --coding 1000001",
        "cohort member first birch --coding 1000001",
    ] {
        folder.line(line).done();
    }
    folder
}

const LADDER: &str = "slug: ladder\nname: Ladder\nsource: us\nstages: [bottom, top]\ndomains:\n  - {slug: lead, name: Leading, statements: {}}\n";

#[test]
fn what_claims_assessments_and_cohorts_lose_is_said() {
    let folder = systems();
    whole!(
        folder.line("uncode 1000001 --dry-run"),
        str![[r#"
--- stderr
1 coding would be taken away.
The frame named 1 passage of this in its cells: see casebook frame list --stale
Evidence 1 of finding 1 goes; evidence 2 of finding 1 keeps 1 of 2 passages; claims 1, 2 and 4 lose the passage that says so; assessment 1 loses 1 of 2 passages; 2 members of cohort first lose the passage that says so.

"#]]
    );
    let lost: Value = folder.line("uncode 1000001 --dry-run --json").done().json();
    assert_eq!(
        lost["sources"][0],
        json!({
            "what": "claim", "number": 1, "cohort": null, "case": null, "gone": false,
            "passages_before": 1, "passages": 0, "documents_before": 0, "documents": 1
        })
    );
    whole!(
        folder.line("theme remove trust --with-codings --yes"),
        str![[r#"
--- stderr
Removed theme trust with 2 codings and 1 cell of the frame.  (event 33; to take it back: casebook undo)
Evidence 1 and 2 of finding 1 went; evidence 4 of rival 1 of finding 1 went; claims 1, 2 and 4 lost the passage that says so; assessment 1 lost 1 of 2 passages; 2 members of cohort first lost the passage that says so.

"#]]
    );
    folder.line("undo").done();
    whole!(
        folder.line("transcript remove T01 --dry-run"),
        str![[r#"
--- stderr
Removing transcript T01 takes 3 codings and 0 memos with it
The frame named 2 passages of this in its cells: see casebook frame list --stale
Evidence 1 of finding 1 goes; evidence 2 of finding 1 no longer counts; evidence 4 of rival 1 of finding 1 goes; evidence 5 of finding 2 goes; finding 2 has nothing left that supports it; claims 1 and 3 go with the only source; claims 2 and 4 lose the passage that says so; assessment 1 loses 2 of 2 passages and the document that says so; 2 members of cohort first lose the passage that says so; cohort first loses the document that says so.

"#]]
    );
    whole!(
        folder.line("transcript remove T01 --yes"),
        str![[r#"
--- stderr
Removed transcript T01.  (event 35; to take it back: casebook undo)
The frame named 2 passages of this in its cells: see casebook frame list --stale
Evidence 1 of finding 1 went; evidence 2 of finding 1 no longer counts; evidence 4 of rival 1 of finding 1 went; evidence 5 of finding 2 went; finding 2 has nothing left that supports it; claims 1 and 3 went with the only source; claims 2 and 4 lost the passage that says so; assessment 1 lost 2 of 2 passages and the document that says so; 2 members of cohort first lost the passage that says so; cohort first lost the document that says so.

"#]]
    );
    folder.line("undo").done();
    // What is handed over is not lost.
    folder.line("theme add mistrust").done();
    let merged: Value = folder
        .line("theme merge trust mistrust --json")
        .done()
        .json();
    assert_eq!(merged["sources"], json!([]));
    folder.sound();
}

#[test]
fn going_off_the_record_says_what_no_longer_counts() {
    let folder = study();
    whole!(
        folder.line("participant edit P2 --attribution off-record"),
        str![[r#"
--- stderr
Edited participant P2.  (event 22; to take it back: casebook undo)
Evidence 2 of finding 1 keeps 1 of 2 passages; evidence 4 of rival 1 of finding 1 no longer counts; evidence 5 of finding 2 no longer counts; finding 2 has nothing left that supports it.

"#]]
    );
    folder.line("undo").done();
    folder.write("p.csv", "id,attribution\nP1,off-record\n");
    whole!(
        folder.line("participant import p.csv"),
        str![[r#"
0 participants added, 1 edited, 0 unchanged
--- stderr
(event 24; to take it back: casebook undo)
Evidence 1 of finding 1 no longer counts; evidence 2 of finding 1 keeps 1 of 2 passages.

"#]]
    );
    folder.line("undo").done();
    assert_eq!(
        lost(&folder, "participant edit P2 --attribution off-record"),
        json!([
            0,
            [
                [2, 1, "less", 1],
                [4, 1, "not-counting", 0],
                [5, 2, "not-counting", 0]
            ],
            [2]
        ])
    );
    // And what counts again is no loss.
    assert_eq!(
        lost(&folder, "participant edit P2 --attribution role"),
        json!([0, [], []])
    );
}

/// Commands that ask are there to be looked at first, whatever they remove.
#[test]
fn a_dry_run_writes_nothing() {
    let folder = study();
    for line in ["phase add spring", "attribute add age --of participant"] {
        folder.line(line).done();
    }
    let before = folder.line("log --json").done().stdout;
    whole!(
        folder.line("phase remove spring --dry-run"),
        str![[r#"
--- stderr
Removing phase spring leaves 0 transcripts without one

"#]]
    );
    whole!(
        folder.line("attribute remove age --of participant --dry-run"),
        str![[r#"
--- stderr
Removing attribute age takes 0 values with it

"#]]
    );
    assert_eq!(folder.line("log --json").done().stdout, before);
}

/// Hints name what is typed where the mistake was made.
#[test]
fn hints_are_of_the_command_that_was_typed() {
    let folder = study();
    folder.line("theme version add v1").done();
    for (line, hint) in [
        ("theme version add v1", "casebook theme version list"),
        ("trace cell:alder", "as in: casebook trace cell:alder,"),
        ("finding support 1 --cell alder", "as in: --cell alder,"),
    ] {
        let run = folder.line(line).refused();
        assert!(run.stderr.contains(hint), "{line}: {}", run.whole());
    }
}

/// A table that is cut to nothing doesn't say that there is nothing.
#[test]
fn a_limit_of_nothing_is_not_nothing() {
    let folder = study();
    whole!(
        folder.line("cooccur --limit 0"),
        str![[r#"
--- stderr
No pair is shown, as --limit says.
1 pair, 0 shown.
n1 and n2 count codings, n12 pairs of them that overlap.

"#]]
    );
    whole!(
        folder.line("frequency --limit 0"),
        str![[r#"
--- stderr
No word is listed, as --limit says.
Rates are for each 1,000 words said by everyone but the interviewers: 32 words, 14 different, in 2 transcripts by 2 participants.
4 different stop words are left out of the table, not of the rates: --stop-words none shows all.
0 of 10 rows: --limit N shows more.

"#]]
    );
}

#[test]
fn agreement_says_whether_nobody_or_one_has_coded() {
    let folder = Folder::with_study();
    whole!(
        folder.line("agreement"),
        str![[r#"
--- stderr
error: nobody has coded, so there is nothing to compare
hint: code with: casebook code PLACE THEME   and then as another coder: casebook --coder NAME code PLACE THEME
--- status 1

"#]]
    );
    let folder = study();
    let run = folder.line("agreement").refused();
    assert!(
        run.stderr.contains("only one person has coded"),
        "{}",
        run.whole()
    );
}
