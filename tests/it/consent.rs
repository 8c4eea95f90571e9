//! Consents and limits: what a form may say, what holds by it, and where limits go when texts change.

use serde_json::Value;
use snapbox::str;

use crate::harness::{Folder, whole};

const TALK: &str = "Interviewer: Who decides?\n\nP1: The board decides. The north hates it.\n\nP2: Nobody decides at all.\n\nP1: And nobody minds.\n";
const OTHER: &str = "P1: A second talk, about the winter.\n\nP2: And the summer.\n";

fn study() -> Folder {
    let folder = Folder::with_study();
    folder.write("a.txt", TALK);
    folder.write("b.txt", OTHER);
    for line in [
        "case add alder --name Alder",
        "case add birch --name Birch",
        "participant add P1 --case alder --role chair",
        "participant add P2 --case alder --role nurse",
        "import a.txt --case alder",
        "import b.txt --case alder",
        "theme add x",
        "code T01:2 x",
        "code T01:3 x",
        "code T02:1 x",
    ] {
        folder.line(line).done();
    }
    folder
}

fn level(folder: &Folder, code: &str) -> (String, bool) {
    let shown: Value = folder
        .line(&format!("participant show {code} --json"))
        .done()
        .json();
    (
        shown["attribution"].as_str().expect("a level").to_owned(),
        shown["quotable"].as_bool().expect("yes or no"),
    )
}

fn quoted(folder: &Folder, args: &str) -> (u64, Value) {
    let shown: Value = folder.line(&format!("quotes {args} --json")).done().json();
    (
        shown["total"].as_u64().expect("a number"),
        shown["held_back"].clone(),
    )
}

#[test]
fn the_newest_form_holds_and_what_it_loosens_needs_an_approval() {
    let folder = study();
    folder
        .line("consent add P1 --signed 2021-03-01 --quote yes --attribution case --form box-1/7")
        .done();
    assert_eq!(level(&folder, "P1"), ("case".into(), true));
    whole!(
        folder.line("consent add P1 --signed 2021-04-01 --attribution role --share yes"),
        str![[r#"
--- stderr
error: this form of P1 is looser than the one before in: attribution, share
hint: say how the participant approved it, as in: --approval "e-mail of 3 May"
--- status 1

"#]]
    );
    // Stricter needs none; what is not given is as before; two on one day are two versions.
    folder
        .line("consent add P1 --signed 2021-03-01 --attribution background")
        .done();
    assert_eq!(level(&folder, "P1"), ("background".into(), true));
    folder
        .run(&[
            "consent",
            "add",
            "P1",
            "--signed",
            "2021-04-01",
            "--attribution",
            "role",
            "--share",
            "yes",
            "--approval",
            "e-mail of 3 May",
        ])
        .done();
    assert_eq!(level(&folder, "P1"), ("role".into(), true));
    whole!(
        folder.line("consent show P1"),
        str![[r#"
P1
holds today
  attribution  role  (as set for the person, and version 3 of the consent)
  quote        yes  (version 3 of the consent)
  record       no  (version 3 of the consent did not ask for it)
  share        yes  (version 3 of the consent)
  archive      no  (version 3 of the consent did not ask for it)
  contact      no  (version 3 of the consent did not ask for it)
  missing: no form named

version 3, signed 2021-04-01, form: none named (mara, 2021-05-01T09:00:00Z)
  take part yes · record not asked · quote yes · attribution role · share yes · archive not asked · contact not asked · until no such day
  attribution: background → role (looser)
  share: not asked → yes (looser)
  approved: e-mail of 3 May

version 2, signed 2021-03-01, form: none named (mara, 2021-05-01T09:00:00Z)
  take part yes · record not asked · quote yes · attribution background · share not asked · archive not asked · contact not asked · until no such day
  attribution: case → background

version 1, signed 2021-03-01, form: box-1/7 (mara, 2021-05-01T09:00:00Z)
  take part yes · record not asked · quote yes · attribution case · share not asked · archive not asked · contact not asked · until no such day

"#]]
    );
    // A wrong entry is taken back.
    folder.run(&["undo", "--why", "a slip of mine"]).done();
    assert_eq!(level(&folder, "P1"), ("background".into(), true));
    folder.sound();
}

#[test]
fn forms_that_cannot_be_are_refused() {
    let folder = study();
    folder
        .line("consent add P1 --signed 2021-03-01 --attribution case --quote no")
        .done();
    let before = folder.dump();
    for (line, why) in [
        ("consent add P9 --signed 2021-03-01", "no participant `P9`"),
        ("consent add P1 --signed 2021-05-02", "still to come"),
        ("consent add P1 --signed 2021-02-01", "was signed later"),
        (
            "consent add P1 --signed 2021-03-01 --until 2021-02-28",
            "before it was signed",
        ),
        (
            "consent add P1 --signed 2021-03-01 --quote maybe",
            "neither yes nor no",
        ),
        (
            "consent add P1 --signed 2021-03-01 --until soon",
            "no date for `until`",
        ),
        (
            "consent add P1 --signed 2021-03-01 --quote yes",
            "looser than the one before in: quote",
        ),
        (
            "participant edit P1 --attribution named",
            "agreed to `case` at most",
        ),
        (
            "participant edit P1 --attribution background --quotable yes",
            "",
        ),
        ("consent edit P2 --form x", "no consent of P2"),
        ("consent edit P1 --form x --version 7", "no version 7"),
        ("consent import none.csv", "can't be"),
    ] {
        if why.is_empty() {
            continue;
        }
        let said = folder.line(line).refused().stderr;
        assert!(said.contains(why), "{line}: {said}");
    }
    for (table, why) in [
        (
            "participant,signed,quotes\nP1,2021-04-01,no\n",
            "`quotes` is no item",
        ),
        ("who,signed\nP1,2021-04-01\n", "no column `participant`"),
    ] {
        folder.write("forms.csv", table);
        let said = folder.line("consent import forms.csv").refused().stderr;
        assert!(said.contains(why), "{said}");
    }
    folder.write("people.csv", "id,attribution\nP1,named\n");
    let said = folder.line("participant import people.csv").whole();
    assert!(said.contains("agreed to `case` at most"), "{said}");
    assert_eq!(before.len(), folder.dump().len());
    // Signed after a withdrawal of that person.
    let raw = rusqlite::Connection::open(folder.join(crate::harness::STUDY)).expect("it opens");
    let triggers: Vec<String> = raw
        .prepare(
            "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'withdrawals'",
        )
        .and_then(|mut s| s.query_map([], |r| r.get(0))?.collect())
        .expect("the triggers");
    for trigger in triggers {
        raw.execute_batch(&format!("DROP TRIGGER \"{trigger}\""))
            .expect("dropped");
    }
    raw.execute_batch(
        "INSERT INTO withdrawals (uuid, participant, participant_uuid, code, mode, asked, reached, event)
         SELECT randomblob(16), id, uuid, code, 'exclude', '2021-03-10', '{}', 1 FROM participants WHERE code = 'P1'",
    )
    .expect("a withdrawal");
    drop(raw);
    let said = folder
        .line("consent add P1 --signed 2021-03-11")
        .refused()
        .stderr;
    assert!(said.contains("who withdrew on 2021-03-10"), "{said}");
    // Withdrawn with what was said: in no output, as off the record.
    assert_eq!(level(&folder, "P1").0, "off-record");
    assert_eq!(quoted(&folder, "--speaker all").0, 1);
    assert!(!folder.line("search board").done().stdout.contains("board"));
    folder.line("consent show P1").done();
}

#[test]
fn forms_come_from_a_table_and_gaps_are_listed() {
    let folder = study();
    folder.line("participant add P3").done();
    folder.write(
        "forms.csv",
        "participant,signed,form,quote,until\nP1,2021-03-01,box 1,yes,2021-04-30\nP2,2021-03-01,,yes,2021-06-01\nP7,2021-03-01,,,\n",
    );
    let before = folder.dump();
    let dry = folder.line("consent import forms.csv --dry-run");
    assert_eq!(dry.status, Some(1));
    assert_eq!(before, folder.dump());
    whole!(
        folder.line("consent import forms.csv"),
        str![[r#"
2 versions, 0 on record already
  line 2: P1, version 1, signed 2021-03-01
  line 3: P2, version 1, signed 2021-03-01
  line 4 did not fit: no participant `P7`
--- stderr
Put the forms on record.  (event 13; to take it back: casebook undo)
error: 1 row did not fit; the rest is in
hint: see what there is with: casebook participant list
--- status 1

"#]]
    );
    whole!(
        folder.line("consent list --gaps"),
        str![[r#"
participant  version  signed      form   take part  record     quote  attribution  share      archive    contact    until       holds  quotable  missing
P1                 1  2021-03-01  box 1  yes        not asked  yes    role         not asked  not asked  not asked  2021-04-30  role   yes       ran out
P2                 1  2021-03-01         yes        not asked  yes    role         not asked  not asked  not asked  2021-06-01  role   yes       runs out soon, no form named
P3                                                                                                                              role   yes       no consent

"#]]
    );
    // The same file again changes nothing.
    let before = folder.dump();
    folder.line("consent import forms.csv");
    assert_eq!(before, folder.dump());
    // The day has passed: the team still sees it, nobody else does.
    assert_eq!(quoted(&folder, "").0, 3);
    let (total, held) = quoted(&folder, "--audience public");
    assert_eq!((total, &held["the consent has run out"]), (1, &2.into()));
}

#[test]
fn who_takes_no_part_is_in_no_output_and_the_own_system_needs_a_leave() {
    let folder = study();
    for line in [
        "study edit --k-labels 1",
        "consent add P1 --signed 2021-03-01 --quote yes --share no",
        "consent add P2 --signed 2021-03-01 --quote yes --share yes",
    ] {
        folder.line(line).done();
    }
    let (total, held) = quoted(&folder, "--case alder --audience case");
    let reason = "not to be shared with the own system";
    assert_eq!((total, &held[reason]), (1, &2.into()));
    // To nobody's people it is as to the public's; nobody named: anybody's people may read it.
    assert_eq!(quoted(&folder, "--audience public").0, 3);
    assert_eq!(quoted(&folder, "--audience case").0, 1);
    folder
        .line("consent add P1 --signed 2021-03-01 --take-part no")
        .done();
    assert_eq!(quoted(&folder, "").0, 1);
    let found = folder.line("search board --json").done().json::<Value>();
    assert_eq!(found["total"], 0);
}

#[test]
fn a_limit_only_makes_stricter_and_binds_what_it_touches() {
    let folder = study();
    whole!(
        folder.run(&[
            "limit",
            "add",
            "T01:2",
            "background",
            "--quote",
            "The north hates it"
        ]),
        str![[r#"
limit 1: T01@50-68 is at most background
--- stderr
Added the limit.  (event 12; to take it back: casebook undo)

"#]]
    );
    let (total, held) = quoted(&folder, "--audience public");
    assert_eq!((total, &held["background only"]), (2, &1.into()));
    for (args, why) in [
        (vec!["limit", "add", "T01:2@30-35", "role"], "no effect"),
        (
            vec!["limit", "add", "T01:2@30-35", "named"],
            "limits nothing",
        ),
        (vec!["limit", "add", "T01:2@5-9"], "limits nothing"),
        (vec!["limit", "add", "coding:77", "case"], "no coding `77`"),
        (vec!["limit", "add", "T09", "case"], "T09"),
        (vec!["limit", "edit", "1", "T01:3"], "has its place"),
        (vec!["limit", "show", "9"], "no limit 9"),
        (
            vec!["limit", "remove", "9", "--approval", "x"],
            "no limit 9",
        ),
    ] {
        let said = folder.run(&args).refused().stderr;
        assert!(said.contains(why), "{args:?}: {said}");
    }
    // Off the record are the turns whole, whoever searches.
    whole!(
        folder.run(&[
            "limit",
            "add",
            "T01:2",
            "off-record",
            "--quote",
            "The board decides"
        ]),
        str![[r#"
limit 2: T01@31-48 is off the record
--- stderr
All of T01:2 is off the record, as a search works by turn.
Added the limit.  (event 13; to take it back: casebook undo)

"#]]
    );
    assert!(!folder.line("search north").done().stdout.contains("north"));
    assert_eq!(quoted(&folder, "").0, 2);
    // With the participant's approval it is taken back, and that is the reason on record.
    folder
        .run(&["limit", "remove", "2", "--approval", "a letter of May"])
        .done();
    let log = folder.line("log").done().stdout;
    assert!(log.contains("a letter of May"), "{log}");
    assert_eq!(quoted(&folder, "").0, 3);
    folder.sound();
}

fn places(folder: &Folder) -> Vec<(i64, String, bool)> {
    let shown: Value = folder.line("limit list --json").done().json();
    let all = shown["limits"].as_array().expect("limits");
    all.iter()
        .map(|l| {
            (
                l["limit"].as_i64().expect("a number"),
                l["place"].as_str().expect("a place").to_owned(),
                l["lost"].as_bool().expect("yes or no"),
            )
        })
        .collect()
}

#[test]
fn limits_go_where_their_words_go() {
    let folder = study();
    for args in [
        vec![
            "limit",
            "add",
            "T01:3",
            "background",
            "--quote",
            "Nobody decides",
        ],
        vec!["limit", "add", "T02", "case"],
        vec!["limit", "add", "coding:2000001", "--not-quotable"],
    ] {
        folder.run(&args).done();
    }
    // A correction before it moves it; one of its words leaves it without a certain place.
    let start = |folder: &Folder| places(folder)[0].1.clone();
    assert_eq!(start(&folder), "T01@75-89");
    folder
        .run(&[
            "transcript",
            "edit",
            "T01",
            "--replace",
            "board",
            "--with",
            "council",
            "--yes",
        ])
        .done();
    assert_eq!(start(&folder), "T01@77-91");
    let revised = TALK
        .replace("board", "council")
        .replace("Nobody decides at all", "I would rather talk about gardens");
    folder.write("c.txt", revised);
    let said = folder
        .line("transcript revise T01 c.txt --yes")
        .done()
        .stderr;
    assert!(said.contains("limit 1 has no certain place"), "{said}");
    assert_eq!(places(&folder)[0], (1, "T01".into(), true));
    let waiting = folder.line("transcript pending").done();
    assert!(
        waiting.stderr.contains("Limit 1 has no certain place"),
        "{}",
        waiting.whole()
    );
    // Until it is placed it holds for all of the transcript.
    assert_eq!(quoted(&folder, "--audience public").0, 0);
    folder.line("limit edit 1 T01:3").done();
    assert_eq!(quoted(&folder, "--audience public").0, 1);
    // Merged, what was for all of a transcript is for what was that transcript.
    folder
        .line("transcript pending T01 --coding 1000002 --let-go")
        .done();
    folder.line("transcript merge T01 T02 --yes").done();
    let merged = places(&folder);
    assert_eq!(merged.len(), 3, "{merged:?}");
    assert!(merged.iter().all(|l| !l.2), "{merged:?}");
    assert!(merged[1].1.starts_with("T01@"), "{merged:?}");
    assert!(merged[2].1.starts_with("coding:1"), "{merged:?}");
    // Cut again, each part keeps what covers it.
    folder.line("transcript split T01 --at T01:5").done();
    let cut = places(&folder);
    assert!(cut[0].1.starts_with("T01@"), "{cut:?}");
    assert!(!cut[1].1.starts_with("T01@"), "{cut:?}");
    // The limit of a quote goes with it; a transcript's with the transcript.
    folder
        .line(&format!(
            "uncode {}",
            cut[2].1.trim_start_matches("coding:")
        ))
        .done();
    assert_eq!(places(&folder).len(), 2);
    folder.line("transcript remove T01 --yes").done();
    assert_eq!(places(&folder).len(), 1);
    folder.sound();
    folder.line("log verify").done();
}
