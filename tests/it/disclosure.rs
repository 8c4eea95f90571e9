//! What leaves the house: labels that fit enough people, counts of enough people, and files that are read again before
//! they are given out.

use std::fmt::Write;

use casebook::governance::gate::{Audience, To};
use casebook::governance::key::{Entity, EntityKind, Key, path_of};
use casebook::governance::scan::{Rule, Said, read};
use casebook::study::{Session, Study};
use serde_json::Value;
use snapbox::str;

use crate::harness::{CLOCK, CODER, Folder, STUDY, whole};

/// Six nurses and a chair of one case, each with a talk of their own; the last nurse may not be quoted.
fn seven() -> Folder {
    let folder = Folder::with_study();
    folder
        .run(&["case", "add", "alder", "--name", "System Alder"])
        .done();
    folder.line("theme add trust").done();
    for n in 1..=7 {
        let role = if n == 7 { "chair" } else { "nurse" };
        folder
            .line(&format!("participant add P{n} --case alder --role {role}"))
            .done();
        let word = ["one", "two", "three", "four", "five", "six", "seven"][n - 1];
        let said = format!(
            "I: Well?\n\nP{n}: Nobody on ward {word} would ever have told them what the night shift really knew.\n"
        );
        folder.write(&format!("T{n}.txt"), said);
        folder
            .line(&format!(
                "import T{n}.txt --id T{n} --case alder --speaker I=interviewer --speaker P{n}=P{n}"
            ))
            .done();
        folder.line(&format!("code T{n}:2 trust")).done();
    }
    folder.line("participant edit P6 --quotable no").done();
    folder
}

#[test]
fn populations_are_declared_listed_and_taken_back() {
    let folder = seven();
    whole!(
        folder.run(&[
            "population",
            "set",
            "--each-case",
            "chair",
            "unique",
            "--source",
            "the board's page"
        ]),
        str![[r#"
--- stderr
Declared 1 person in each case.  (event 26; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("population set alder nurse 40"),
        str![[r#"
--- stderr
Declared 40 people in alder.  (event 27; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("population list"),
        str![[r#"
population  case   role   people  source
         1  each   chair       1  the board's page
         2  alder  nurse      40

"#]]
    );
    folder.write(
        "more.csv",
        "case,role,people,source\nalder,nurse,41,the rota\nelder,nurse,2,\n,,3,\n,doctor,none,\n",
    );
    whole!(
        folder.line("population import more.csv"),
        str![[r#"
0 populations added, 1 edited, 0 unchanged
  line 3 did not fit: no case `elder`
  line 4 did not fit: a row names neither a case nor a role
  line 5 did not fit: `none` is no number of people
--- stderr
(event 28; to take it back: casebook undo)
error: 3 rows did not fit; the rest is in
hint: did you mean `alder`?
--- status 1

"#]]
    );
    whole!(
        folder.line("population remove 1"),
        str![[r#"
--- stderr
Removed 1 population.  (event 29; to take it back: casebook undo)

"#]]
    );
    for line in [
        "population remove 9",
        "population set alder nurse 0",
        "population set nurse 4",
        "population set elder nurse 4",
        "population import nothing.csv",
    ] {
        folder.line(line).refused();
    }
}

#[test]
fn a_label_that_fits_too_few_is_not_printed() {
    let folder = seven();
    whole!(
        folder.line("disclosure check"),
        str![[r#"
label                      tells          participants  declared  k  passes  printed
Chair, System Alder        role and case             1            1  no      Interviewee, System Alder
Nurse, System Alder        role and case             6            6  yes     Nurse, System Alder
Chair                      role                      1            1  no
Nurse                      role                      6            6  yes
Interviewee, System Alder  case                      7            7  yes     Interviewee, System Alder
--- stderr
k is the smaller of the participants who fit and the people who fit as far as declared; a label passes from 3.
5 labels were judged by the participants alone, as nothing was declared: casebook population set says how many there are.

"#]]
    );
    // Whoever knows that there is one chair in each case knows who is meant by it, and who by the nurses of a small ward.
    folder.line("population set alder nurse 2").done();
    let found: Value = folder.line("disclosure check --json").done().json();
    let line = |label: &str| {
        let lines = found["labels"].as_array().expect("labels");
        lines
            .iter()
            .find(|l| l["label"] == label)
            .expect("it is there")
            .clone()
    };
    assert_eq!(line("Nurse, System Alder")["k"], 2);
    assert_eq!(
        line("Nurse, System Alder")["used"][0],
        "Interviewee, System Alder"
    );
    let report = folder.line("report summary --quotes all").done().stdout;
    assert!(report.contains("— Interviewee, System Alder"), "{report}");
    assert!(
        !report.contains("— Nurse") && !report.contains("— Chair"),
        "{report}"
    );
    let team = folder
        .line("report summary --quotes all --audience team")
        .done()
        .stdout;
    assert!(team.contains("— Chair, System Alder · T7:2"), "{team}");
    folder.line("population remove 1").done();
    let report = folder.line("report summary --quotes all").done().stdout;
    assert!(report.contains("— Nurse, System Alder"), "{report}");
    // The label is the same in what is about the case.
    folder.line("study edit --k-labels 7").done();
    let case = folder.line("report case alder --quotes all").done().stdout;
    assert!(
        case.contains("— Interviewee, System Alder") && !case.contains("— Nurse"),
        "{case}"
    );
    assert_eq!(folder.line("study edit --k-labels 0").status, Some(2));
}

#[test]
fn what_is_found_is_listed_and_no_file_is_written() {
    let folder = seven();
    folder
        .run(&["finding", "add", "P3 and the only chair agree."])
        .done();
    whole!(
        folder.line("report summary -o out.md"),
        str![[r#"
rule              what        words       place
participant-code  P3          P3          paragraph 22, under “P3 and the only chair agree”
single-out        only chair  only chair  paragraph 22, under “P3 and the only chair agree”
--- stderr
error: the summary report may not leave the house: 2 things found, and nothing was written
hint: mend what is found; where it is no matter: --allow "P3" --why "REASON"
--- status 1

"#]]
    );
    assert!(!folder.join("out.md").exists());
    assert_eq!(
        folder
            .line("report summary")
            .refused()
            .stdout
            .matches("trust")
            .count(),
        0
    );
    let found: Value = serde_json::from_str(
        &folder
            .line("report summary -o out.md --json")
            .refused()
            .stdout,
    )
    .expect("a list");
    assert_eq!(found["written"], false);
    assert_eq!(found["findings"][0]["rule"], "participant-code");
    // The team may read it.
    folder
        .line("report summary --audience team -o team.md")
        .done();
    folder
        .run(&["report", "summary", "-o", "out.md", "--allow", "P3"])
        .refused();
    folder
        .run(&[
            "report",
            "summary",
            "-o",
            "out.md",
            "--allow",
            "P3",
            "--allow",
            "only chair",
            "--why",
            "P3 is a place",
        ])
        .done();
    let log = folder.line("log --limit 1").done().stdout;
    assert!(
        log.contains("2 allowed") && log.contains("P3 is a place"),
        "{log}"
    );
}

#[test]
fn words_of_who_may_not_be_quoted_stand_nowhere() {
    let folder = seven();
    folder
        .run(&[
            "finding",
            "add",
            "As one put it, nobody on ward six would ever have told them.",
        ])
        .done();
    let run = folder.line("report summary -o out.html").refused();
    assert!(
        run.stdout.contains("words-held-back  words from T6:2"),
        "{}",
        run.whole()
    );
    assert!(!folder.join("out.html").exists());
    // Not even where somebody says that it is no matter.
    folder
        .run(&[
            "report",
            "summary",
            "-o",
            "out.html",
            "--allow",
            "nobody on ward six would ever have told",
            "--why",
            "x",
        ])
        .refused();
}

/// A quote that the gate has not cleared is found by whoever reads the file, whatever made it.
#[test]
fn a_quote_that_nobody_cleared_is_found() {
    let folder = seven();
    folder.line("report summary --quotes all -o out.md").done();
    let session = Session {
        coder: CODER.into(),
        now: CLOCK.into(),
        why: None,
    };
    let study =
        Study::open(&folder.join(STUDY), casebook::store::Access::Read, session).expect("it opens");
    let public = To::anyone(Audience::Public);
    let quoted = study.store.releases().expect("the register")[0]
        .codings
        .clone();
    let rules = |text: &str, quoted: &[i64]| -> Vec<Rule> {
        let document = read(text.as_bytes());
        let found = Said::new(&document).hold(&study, &public, quoted, false, None);
        found
            .expect("it is read")
            .into_iter()
            .map(|f| f.rule)
            .collect()
    };
    let text = folder.read("out.md");
    assert_eq!(rules(&text, &quoted), []);
    // A word is another.
    assert_eq!(
        rules(&text.replace("ward four", "ward nine"), &quoted),
        [Rule::NotCleared]
    );
    // Words that may be quoted, but are not among what is said to be.
    assert_eq!(rules(&text, &quoted[1..]), [Rule::NotCleared]);
    // Words that may not.
    let mut more = text.clone();
    write!(
        more,
        "\n> Nobody on ward six would ever have told them what the night shift really knew.\n"
    )
    .expect("written");
    assert_eq!(rules(&more, &quoted), [Rule::NotCleared, Rule::HeldBack]);
}

#[test]
fn real_names_are_found_and_without_the_passphrase_nothing_leaves() {
    let folder = seven();
    let session = Session {
        coder: CODER.into(),
        now: CLOCK.into(),
        why: None,
    };
    let path = folder.join(STUDY);
    let study = Study::open(&path, casebook::store::Access::Read, session).expect("it opens");
    let key = Key {
        study: study.store.study().expect("facts").uuid,
        entities: vec![Entity {
            number: 3,
            kind: EntityKind::Organisation,
            real: "Saltmarsh Infirmary".into(),
            aliases: vec!["the Marsh".into()],
            replacement: "Hospital A".into(),
            participant: None,
            case: None,
            contact: None,
        }],
        ..Key::default()
    };
    key.save(&path_of(&path), &"open sesame".to_owned().into(), 2)
        .expect("saved");
    drop(study);
    folder
        .run(&["finding", "add", "At Saltmarsh\u{a0}Infirmary they agree."])
        .done();
    // Nobody to ask for it.
    let run = folder.line("report summary -o out.md").refused();
    assert!(
        run.stderr.contains("CASEBOOK_PASSPHRASE"),
        "{}",
        run.whole()
    );
    assert!(!folder.join("out.md").exists());
    folder
        .line("report summary --audience team -o team.md")
        .done();
    let run = folder.finish(
        folder
            .command()
            .args(["report", "summary", "-o", "out.html"])
            .env("CASEBOOK_PASSPHRASE", "open sesame"),
    );
    let run = run.refused();
    assert!(
        run.stdout.contains("real-name     entity 3"),
        "{}",
        run.whole()
    );
    assert!(!run.whole().contains("Saltmarsh"), "{}", run.whole());
    assert!(!folder.join("out.html").exists());
}

/// One fewer than the week before is that one.
#[test]
fn a_count_that_moved_by_few_is_not_given_out_again() {
    let folder = seven();
    folder.line("report summary -o first.md").done();
    folder.line("report summary -o again.md").done();
    folder
        .line("participant edit P5 --attribution off-record")
        .done();
    let run = folder.line("report summary -o second.md").refused();
    assert!(
        run.stdout.contains("7 in report 2, 6 now"),
        "{}",
        run.whole()
    );
    assert!(!folder.join("second.md").exists());
    // A participant is told nothing that differs from what anybody was told either; the team may see it.
    folder
        .line("report summary --audience team -o team.md")
        .done();
    // Suppressed, there is nothing to compare.
    folder.line("study edit --k-counts 8").done();
    folder.line("report summary -o third.md").done();
    let list: Value = folder.line("report list --json").done().json();
    let reports = list["reports"].as_array().expect("reports");
    assert_eq!(reports[0]["audience"], "public");
    assert_eq!(reports[0]["counts"]["participants"], 7);
    assert_eq!(reports[3]["counts"], serde_json::json!({}));
    assert!(
        reports[0]["path"]
            .as_str()
            .expect("a path")
            .ends_with("first.md")
    );
}

#[test]
fn tables_for_others_hide_few_people() {
    let folder = seven();
    whole!(
        folder.line("matrix --rows role --cols theme --count participants --audience public"),
        str![[r#"
role   trust  total
chair  *      *
nurse  *      *
total  7      7
--- stderr
Cells count participants; a total counts each once, so it can be less than the sum.
* stands for fewer than 5 people, or for a number from which such a one could be worked out. 0 is nobody, and stays.

"#]]
    );
    // The one chair's codings would be the chair's.
    whole!(
        folder.line("matrix --rows role --cols theme --audience public --json"),
        str![[r#"
{
  "rows": [
    "chair",
    "nurse"
  ],
  "cols": [
    "trust"
  ],
  "count": "codings",
  "cells": [
    [
      null
    ],
    [
      null
    ]
  ],
  "row_totals": [
    null,
    null
  ],
  "col_totals": [
    7
  ],
  "total": 7,
  "pending": 0,
  "k_counts": 5,
  "suppressed": 4
}
--- stderr
Cells count codings.
* stands for fewer than 5 people, or for a number from which such a one could be worked out. 0 is nobody, and stays.

"#]]
    );
    let open = folder
        .line("matrix --rows case --cols theme --audience public")
        .done()
        .stdout;
    assert!(!open.contains('*'), "{open}");
    for line in [
        "matrix --rows participant --audience public",
        "matrix --rows role --cols theme --percent row --audience public",
        "matrix --rows role --cols theme --order-by total --audience case",
    ] {
        folder.line(line).refused();
    }
}

/// A role in one file and a case in the other, of the same words, would be a name.
#[test]
fn one_persons_words_have_one_label_everywhere() {
    let folder = Folder::with_study();
    folder.line("theme add trust").done();
    for (n, (case, role)) in [
        ("alder", "chair"),
        ("alder", "nurse"),
        ("alder", "nurse"),
        ("birch", "chair"),
        ("birch", "nurse"),
        ("birch", "nurse"),
        ("cedar", "chair"),
    ]
    .into_iter()
    .enumerate()
    {
        if !matches!(n, 1 | 2 | 4 | 5) {
            folder
                .run(&["case", "add", case, "--name", &format!("System {case}")])
                .done();
        }
        let word = ["one", "two", "three", "four", "five", "six", "seven"][n];
        folder
            .line(&format!("participant add P{n} --case {case} --role {role}"))
            .done();
        folder.write(
            &format!("T{n}.txt"),
            format!("P{n}: What they told us of ward {word} came late.\n"),
        );
        folder
            .line(&format!(
                "import T{n}.txt --id T{n} --case {case} --speaker P{n}=P{n}"
            ))
            .done();
        folder.line(&format!("code T{n}:1 trust")).done();
    }
    let labels_of = |line: &str| {
        let run = folder.line(line);
        let run = run.done();
        let found: Value = run.json();
        let quotes = found["quotes"].as_array().expect("quotes").clone();
        quotes
            .iter()
            .map(|q| {
                let field = |of: &str| q[of].as_str().expect("words").to_owned();
                (field("text"), field("citation"))
            })
            .collect::<std::collections::BTreeMap<_, _>>()
    };
    let all = labels_of("quotes --audience public --json");
    let said = |word: &str| format!("What they told us of ward {word} came late.");
    // The case before the role; the role alone where the case fits too few.
    assert_eq!(all[&said("one")], "Interviewee, System alder");
    assert_eq!(all[&said("four")], "Interviewee, System birch");
    assert_eq!(all[&said("seven")], "Chair");
    for line in [
        "quotes --audience public --case alder --json",
        "quotes --audience public --case alder --case birch --json",
        "quotes --audience public --role chair --json",
        "quotes --audience case --case birch --json",
        "matrix --rows role --cols theme --cell chair,trust --audience public --json",
    ] {
        for (text, label) in labels_of(line) {
            assert_eq!(all[&text], label, "{line}");
        }
    }
    // Of one person alone nothing is written.
    folder
        .line("quotes --audience public --case cedar --json")
        .refused();
    // By the role, they would be the chair of that case.
    let chairs = labels_of("quotes --audience public --role chair --json");
    assert_eq!(chairs.into_values().collect::<Vec<_>>(), ["Chair"]);
    let summary = folder.line("report summary --quotes all").done().stdout;
    assert!(summary.contains("— Chair"), "{summary}");
    folder.line("report case cedar --quotes all").refused();
    let case = folder.line("report case alder --quotes all").done().stdout;
    assert!(
        case.contains("— Interviewee, System alder") && !case.contains("— Chair"),
        "{case}"
    );
}

/// Whatever others than the team read is read again: tables, workbooks, the frame and quotes as well as reports.
#[test]
fn no_file_for_others_holds_a_real_name() {
    let folder = seven();
    let session = Session {
        coder: CODER.into(),
        now: CLOCK.into(),
        why: None,
    };
    let path = folder.join(STUDY);
    let study = Study::open(&path, casebook::store::Access::Read, session).expect("it opens");
    let key = Key {
        study: study.store.study().expect("facts").uuid,
        entities: vec![Entity {
            number: 3,
            kind: EntityKind::Person,
            real: "Saltmarsh".into(),
            aliases: Vec::new(),
            replacement: "the manager".into(),
            participant: None,
            case: None,
            contact: None,
        }],
        ..Key::default()
    };
    key.save(&path_of(&path), &"open sesame".to_owned().into(), 2)
        .expect("saved");
    drop(study);
    folder.line("theme add saltmarsh").done();
    folder.line("code T1:2 saltmarsh").done();
    folder.line("frame set alder trust Saltmarsh").done();
    let files = [
        ("quotes", "q.md"),
        ("quotes", "q.html"),
        (
            "matrix --rows case --cols theme --audience public",
            "m.xlsx",
        ),
        ("matrix --rows case --cols theme --audience public", "m.csv"),
        (
            "matrix --rows case --cols theme --audience public",
            "m.json",
        ),
        (
            "matrix --rows case --cols theme --cell alder,saltmarsh",
            "c.md",
        ),
        ("cooccur saltmarsh trust --cell saltmarsh,trust", "o.csv"),
        ("frame export", "f.html"),
        ("frame export --audience public", "f.json"),
    ];
    for (line, file) in files {
        let run = folder.line(&format!("{line} -o {file}")).refused();
        assert!(
            run.stderr.contains("CASEBOOK_PASSPHRASE"),
            "{line} {file}: {}",
            run.whole()
        );
        let run = folder.finish(
            folder
                .command()
                .args(line.split(' '))
                .args(["-o", file])
                .env("CASEBOOK_PASSPHRASE", "open sesame"),
        );
        let run = run.refused();
        assert!(
            run.stdout.contains("entity 3"),
            "{line} {file}: {}",
            run.whole()
        );
        assert!(!folder.join(file).exists(), "{line} {file}");
    }
    // Without a name in it, each is written.
    folder.line("theme rename saltmarsh doubt").done();
    folder.line("frame set alder trust Quiet").done();
    for (line, file) in files {
        let line = line.replace("saltmarsh", "doubt");
        let run = folder.finish(
            folder
                .command()
                .args(line.split(' '))
                .args(["-o", file])
                .env("CASEBOOK_PASSPHRASE", "open sesame"),
        );
        run.done();
        assert!(folder.join(file).exists(), "{line} {file}");
    }
    let told = std::fs::read_to_string(folder.join("f.json")).expect("it is text");
    for word in ["links", "coder", "\"at\"", "below", "event"] {
        assert!(!told.contains(word), "{word}: {told}");
    }
    // A key that was used and is not there looks for nothing: nothing leaves.
    std::fs::write(folder.join("T9.txt"), "P1: Saltmarsh came.\n").expect("written");
    folder.line("import T9.txt --id T9 --case alder").done();
    folder
        .finish(
            folder
                .command()
                .args(["pseudonym", "apply", "--all", "--yes"])
                .env("CASEBOOK_PASSPHRASE", "open sesame"),
        )
        .done();
    std::fs::rename(path_of(&path), folder.join("elsewhere")).expect("moved");
    for line in ["report summary -o out.md", "quotes -o out.md"] {
        let run = folder.line(line).refused();
        assert!(run.stderr.contains("--without-key"), "{}", run.whole());
        folder.line(&format!("{line} --without-key")).refused();
        assert!(!folder.join("out.md").exists());
    }
    folder
        .line("report summary --audience team -o team.md")
        .done();
    folder
        .line("report summary -o out.md --without-key --why lost")
        .done();
}
