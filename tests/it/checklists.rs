//! Reporting checklists: what the study fills by itself, what its authors say, and what each method is asked for.

#![expect(
    dead_code,
    reason = "the types say what the JSON holds; that it reads back is the test"
)]

use serde::Deserialize;
use snapbox::str;

use crate::harness::{Folder, invented, whole};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Missing {
    what: String,
    command: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    item: usize,
    part: String,
    topic: String,
    asks: String,
    by: String,
    status: String,
    reason: Option<String>,
    evidence: Vec<String>,
    text: Option<String>,
    place: Option<String>,
    missing: Vec<Missing>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Filling {
    checklist: String,
    source: String,
    method: String,
    met: usize,
    not_met: usize,
    not_applicable: usize,
    to_write: usize,
    off_record: usize,
    pending: usize,
    items: Vec<Row>,
}

fn filling(folder: &Folder, list: &str) -> Filling {
    folder.run(&["checklist", list, "--json"]).done().json()
}

#[test]
fn exactly_32_and_21_rows() {
    for (list, rows) in [("coreq", 32), ("srqr", 21)] {
        let filling = filling(invented(), list);
        let numbers: Vec<usize> = filling.items.iter().map(|r| r.item).collect();
        assert_eq!(numbers, (1..=rows).collect::<Vec<_>>());
        assert_eq!(
            filling.met + filling.not_met + filling.not_applicable + filling.to_write,
            rows
        );
        let csv = invented().run(&["checklist", list, "--csv"]).done().stdout;
        let read = csv::Reader::from_reader(csv.as_bytes())
            .into_records()
            .count();
        assert_eq!(read, rows);
    }
}

/// A study in which everything is noted that COREQ asks of one.
fn noted() -> Folder {
    let folder = Folder::with_study();
    let captions = "WEBVTT\n\n00:00:01.000 --> 00:00:04.000\n<v Ann>How is it going?\n\n00:30:00.000 --> 00:30:09.000\n<v Bea>Slowly, as nobody decides.\n";
    folder.write("T01.vtt", captions);
    folder.write(
        "T02.vtt",
        captions.replace("Slowly", "Well").replace("00:30", "00:45"),
    );
    folder.write("N01.md", "The meeting began late.\n");
    for args in [
        &[
            "case",
            "add",
            "alder",
            "--name",
            "System Alder",
            "--kind",
            "system",
        ][..],
        &[
            "participant",
            "add",
            "P1",
            "--role",
            "chair",
            "--case",
            "alder",
        ],
        &[
            "participant",
            "add",
            "P2",
            "--role",
            "nurse",
            "--case",
            "alder",
        ],
        &[
            "participant",
            "add",
            "P3",
            "--role",
            "nurse",
            "--attribution",
            "off-record",
        ],
        &[
            "import",
            "T01.vtt",
            "--case",
            "alder",
            "--date",
            "2021-03-01",
            "--speaker",
            "Ann=interviewer",
            "--speaker",
            "Bea=P1",
        ],
        &[
            "import",
            "T02.vtt",
            "--case",
            "alder",
            "--date",
            "2021-03-05",
            "--speaker",
            "Ann=interviewer",
            "--speaker",
            "Bea=P2",
        ],
        &[
            "import",
            "N01.md",
            "--kind",
            "field-notes",
            "--case",
            "alder",
            "--date",
            "2021-03-02",
        ],
        &[
            "theme",
            "add",
            "pace",
            "--define",
            "How fast it goes.",
            "--kind",
            "inductive",
        ],
        &["code", "T01:2", "pace"],
        &["--coder", "jo", "code", "T01:2", "pace"],
        &["code", "T02:2", "pace"],
    ] {
        folder.run(args).done();
    }
    for attribute in [
        "interviewer=AB",
        "mode=by video",
        "setting=at work",
        "others-present=none",
        "guide=v2",
        "guide-piloted=yes",
        "recorded=video",
        "field-notes=yes",
        "returned=no",
        "approach=by letter",
    ] {
        let name = attribute.split('=').next().expect("a name");
        folder
            .run(&["attribute", "add", name, "--of", "transcript"])
            .done();
        for transcript in ["T01", "T02"] {
            folder
                .run(&["transcript", "edit", transcript, "--attr", attribute])
                .done();
        }
    }
    folder
}

#[test]
fn every_item_of_the_study_is_filled_from_it() {
    let empty = Folder::with_study();
    let noted = noted();
    for stage in [&["P2", "invited"][..], &["P1", "P2", "debriefed"]] {
        noted
            .run(&[&["progress", "mark"][..], stage].concat())
            .done();
    }
    let (before, after) = (filling(&empty, "coreq"), filling(&noted, "coreq"));
    for (before, after) in before.items.iter().zip(&after.items) {
        if after.by != "study" {
            continue;
        }
        let topic = &after.topic;
        assert_eq!(after.status, "met", "{topic}: {:?}", after.evidence);
        assert!(!after.evidence.is_empty(), "{topic}");
        assert!(after.missing.is_empty(), "{topic}");
        // Without it, what is missing is named, with the command that supplies it. The software is there always.
        if after.item != 27 {
            assert_eq!(before.status, "to-write", "{topic}: {:?}", before.evidence);
            assert!(before.evidence.is_empty(), "{topic}: {:?}", before.evidence);
            assert!(
                before
                    .missing
                    .iter()
                    .any(|m| m.command.starts_with("casebook ")),
                "{topic}"
            );
        }
    }
    assert_eq!(after.off_record, 1);
    whole!(
        noted.line("checklist coreq --status met"),
        str![[r#"
COREQ  32 items: 18 met, 14 to write
after COREQ: Tong, Sainsbury & Craig 2007, International Journal for Quality in Health Care; items in our own words

Who did it
   1  who held the interviews           met
      the study says: held by: AB 2 (of 2 interviews)

How it was done
  11  how people were approached        met
      the study says: approached by: by letter 2 (of 2 interviews)
  12  how many took part                met
      the study says: 2 participants, 2 of them in a transcript
  13  who did not take part             met
      the study says: 0 declined, 0 dropped out, of 1 participant marked as invited
  14  where it took place               met
      the study says: where: at work 2 (of 2 interviews)
      the study says: how: by video 2 (of 2 interviews)
  15  who else was there                met
      the study says: others present: none 2 (of 2 interviews)
  16  who the participants are          met
      the study says: roles of 2 participants: chair 1, nurse 1
      the study says: 1 case: system 1
      the study says: heard from 2021-03-01 to 2021-03-05
  18  talking again                     met
      the study says: talked with more than once: 0 of 2 participants who are in a transcript
  19  recording                         met
      the study says: recorded: video 2 (of 2 interviews)
      the study says: 2 of 2 interviews have the times of a recording in their text
  20  notes in the field                met
      the study says: field notes made: yes 2 (of 2 interviews)
      the study says: 1 field note kept as transcripts
  21  how long it took                  met
      the study says: 30 to 45 minutes, median 37.5 (at least, by the last turn's time, for 2 of 2 interviews)
  23  transcripts given back            met
      the study says: given back: no 2 (of 2 interviews)

What was made of it
  24  how many coded                    met
      the study says: 2 people coded; 1 of 2 coded transcripts were coded by two or more
  25  the coding tree                   met
      the study says: 1 theme on 1 level, 1 at the top; 1 defined
  26  where themes came from            met
      the study says: of 1 theme: inductive 1
  27  the software                      met
      the study says: casebook 0.1.0
  28  findings given back               met
      the study says: 2 of 2 participants debriefed on the findings
      the study says: It was put to a few participants; nobody has answered.
  29  quotes and whose they are         met
      the study says: 3 coded passages, 3 of them by a participant of the study, 3 free to be quoted
      the study says: each quote is cited by its participant's attribution level: role 2

1 participant off the record: in no count.

"#]]
    );
}

#[test]
fn what_is_told_of_some_only_is_not_met() {
    let folder = noted();
    folder
        .run(&["transcript", "edit", "T02", "--attr", "setting="])
        .done();
    let setting = &filling(&folder, "coreq").items[13];
    assert_eq!(setting.status, "to-write");
    assert_eq!(setting.evidence[0], "where: at work 1 (of 2 interviews)");
    assert_eq!(
        setting.missing[0].what,
        "the attribute `setting` of 1 of 2 interviews"
    );
}

#[test]
fn the_authors_word_stands_beside_what_the_study_says() {
    let folder = noted();
    whole!(
        folder.run(&[
            "checklist",
            "set",
            "coreq",
            "24",
            "The first author and a student coded.",
            "--place",
            "p. 7"
        ]),
        str![[r#"
--- stderr
Item 24 of coreq is met.  (event 43; to take it back: casebook undo)

"#]]
    );
    let row = &filling(&folder, "coreq").items[23];
    assert_eq!(
        (row.status.as_str(), row.place.as_deref()),
        ("met", Some("p. 7"))
    );
    assert_eq!(
        row.text.as_deref(),
        Some("The first author and a student coded.")
    );
    assert_eq!(
        row.evidence[0],
        "2 people coded; 1 of 2 coded transcripts were coded by two or more"
    );
    // One thing is changed, the rest stays; the same again is no change.
    folder
        .run(&["checklist", "set", "coreq", "24", "--place", "p. 8"])
        .done();
    whole!(
        folder.run(&["checklist", "set", "coreq", "24", "--place", "p. 8"]),
        str![[r#"
--- stderr
Nothing to change.

"#]]
    );
    whole!(
        folder.run(&[
            "checklist",
            "set",
            "coreq",
            "23",
            "They were not asked.",
            "--status",
            "not-met"
        ]),
        str![[r#"
--- stderr
Item 23 of coreq is not-met.  (event 45; to take it back: casebook undo)

"#]]
    );
    let row = &filling(&folder, "coreq").items[22];
    assert_eq!(
        (row.status.as_str(), row.reason.as_deref()),
        ("not-met", Some("They were not asked."))
    );
    whole!(
        folder.line("checklist clear coreq 23"),
        str![[r#"
--- stderr
Cleared item 23 of coreq.  (event 46; to take it back: casebook undo)

"#]]
    );
    assert_eq!(filling(&folder, "coreq").items[22].status, "met");
    whole!(
        folder.line("checklist set coreq 7 --status not-applicable"),
        str![[r#"
--- stderr
error: `not-applicable` needs a reason
hint: give it: casebook checklist set coreq 7 "the reason" --status not-applicable
--- status 1

"#]]
    );
    whole!(
        folder.line("checklist set coreq 7 words --status to-write"),
        str![[r#"
--- stderr
error: what is to be written is not said yet
hint: to take back what was said: casebook checklist clear coreq 7
--- status 1

"#]]
    );
    whole!(
        folder.line("checklist set coreq 33 words"),
        str![[r#"
--- stderr
error: coreq has no item `33`
hint: its items are numbered from 1 to 32: casebook checklist coreq
--- status 1

"#]]
    );
    whole!(
        folder.line("checklist set srqr 22 words"),
        str![[r#"
--- stderr
error: srqr has no item `22`
hint: its items are numbered from 1 to 21: casebook checklist srqr
--- status 1

"#]]
    );
    whole!(
        folder.line("checklist set coreq 7"),
        str![[r#"
--- stderr
error: there is nothing to say
hint: write it after the number: casebook checklist set coreq 7 TEXT
--- status 1

"#]]
    );
    whole!(
        folder.line("checklist clear coreq 0"),
        str![[r#"
--- stderr
error: coreq has no item `0`
hint: its items are numbered from 1 to 32: casebook checklist coreq
--- status 1

"#]]
    );
    folder.sound();
}

#[test]
fn a_reflexive_study_is_not_asked_for_agreement_or_saturation() {
    let folder = noted();
    folder.line("study edit --method reflexive").done();
    whole!(
        folder.line("checklist coreq --status not-applicable"),
        str![[r#"
COREQ  32 items: 15 met, 2 not applicable, 15 to write
after COREQ: Tong, Sainsbury & Craig 2007, International Journal for Quality in Health Care; items in our own words

How it was done
  22  saturation                        not applicable
      not used: in reflexive thematic analysis meaning is made by the researchers, and nothing is held to run out

What was made of it
  24  how many coded                    not applicable
      not used: in reflexive thematic analysis a second coder is no measure of quality
      the study says: 2 people coded; 1 of 2 coded transcripts were coded by two or more

1 participant off the record: in no count.

"#]]
    );
    // The authors may say otherwise.
    folder
        .run(&[
            "checklist",
            "set",
            "coreq",
            "22",
            "We stopped when nothing new came.",
        ])
        .done();
    assert_eq!(filling(&folder, "coreq").items[21].status, "met");
}

#[test]
fn a_checklist_is_written_to_a_file() {
    let folder = Folder::with_study();
    whole!(
        folder.line("checklist srqr -o srqr.csv"),
        str![[r#"
--- stderr
21 items: 21 to write.
Items after SRQR: O'Brien et al. 2014, Academic Medicine; items in our own words.
Wrote 21 rows to srqr.csv.

"#]]
    );
    let file = folder.read("srqr.csv");
    let rows = csv::Reader::from_reader(file.as_bytes()).into_records();
    assert_eq!(rows.count(), 21);
    folder.line("checklist coreq -o coreq.md").done();
    assert!(folder.read("coreq.md").contains("the software"));
}

#[test]
fn status_says_what_is_open_by_method() {
    let folder = noted();
    folder.line("theme add trust").done();
    let open = |folder: &Folder| -> String {
        let stdout = folder.line("status").done().stdout;
        stdout
            .lines()
            .filter(|l| l.starts_with("open"))
            .fold(String::new(), |all, l| all + l + "\n")
    };
    let mut said = String::new();
    for method in ["codebook", "framework", "coding-reliability", "reflexive"] {
        folder.run(&["study", "edit", "--method", method]);
        said += &format!("{method}\n{}", open(&folder));
    }
    crate::harness::compare(
        &said,
        str![[r#"
codebook
open: 1 of 3 transcripts not coded  (casebook transcript list)
open: 1 of 2 themes not defined  (casebook theme lint --only empty-fields)
framework
open: 1 of 3 transcripts not coded  (casebook transcript list)
open: 1 of 2 themes not defined  (casebook theme lint --only empty-fields)
open: 2 of 2 cells of the frame not charted  (casebook frame)
coding-reliability
open: 1 of 3 transcripts not coded  (casebook transcript list)
open: 1 of 2 themes not defined  (casebook theme lint --only empty-fields)
open: 1 of 2 coded transcripts coded by one person only  (casebook agreement --coders A,B)
reflexive
open: 1 of 3 transcripts not coded  (casebook transcript list)
open: 2 of 2 themes without a memo  (casebook memo add --on theme:PATH TEXT)

"#]],
    );
    // Without a second coder, agreement can't be measured: that is told.
    let alone = Folder::with_study();
    alone.write("T01.txt", "A: Slowly.\n");
    for args in [
        &["study", "edit", "--method", "coding-reliability"][..],
        &["import", "T01.txt"],
        &["theme", "add", "pace", "--define", "How fast."],
        &["code", "T01:1", "pace"],
    ] {
        alone.run(args).done();
    }
    crate::harness::compare(
        &open(&alone),
        str![[r#"
open: no transcript is coded by two people, so agreement can't be measured  (casebook agreement sample NAME --share 20% --seed 1)

"#]],
    );
    alone
        .run(&["--coder", "jo", "code", "T01:1", "pace"])
        .done();
    assert_eq!(open(&alone), "");
    // Nothing is asked of a study that has nothing yet.
    assert_eq!(open(&Folder::with_study()), "");
}
