//! Importing, and transcripts.

#![expect(
    dead_code,
    reason = "the types say what the JSON holds; that it reads back is the test"
)]

use std::collections::HashMap;

use serde::Deserialize;
use snapbox::str;

use crate::harness::{Folder, invented, whole};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Report {
    imported: Vec<Imported>,
    refused: Vec<Refused>,
    event: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Imported {
    transcript: String,
    file: String,
    part: Option<String>,
    format: String,
    encoding: String,
    turns: usize,
    words: usize,
    characters: usize,
    speakers: Vec<Speaker>,
    sections: usize,
    sha256: String,
    warnings: Vec<String>,
    columns: Option<Vec<Column>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Column {
    column: String,
    name: String,
    #[serde(rename = "as")]
    taken_as: String,
    why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Speaker {
    label: String,
    role: String,
    participant: Option<String>,
    turns: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Refused {
    file: String,
    reason: String,
    hint: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    transcripts: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    transcript: String,
    case: Option<String>,
    kind: String,
    phase: Option<String>,
    date: Option<String>,
    revision: i64,
    turns: i64,
    words: i64,
    codings: i64,
    participants: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shown {
    transcript: String,
    revision: i64,
    case: Option<String>,
    attributes: HashMap<String, String>,
    text: String,
    turns: Vec<Turn>,
    sections: Vec<serde_json::Value>,
    codings: Option<Vec<Coding>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Turn {
    transcript: String,
    revision: i64,
    turn: i64,
    speaker: Option<String>,
    role: String,
    participant: Option<String>,
    case: Option<String>,
    start: usize,
    end: usize,
    text: String,
    time_ms: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Coding {
    coding: i64,
    start: usize,
    end: usize,
    turn: i64,
    theme: String,
    coder: String,
}

const CAPTIONS: &str = "WEBVTT\n\n00:00:01.000 --> 00:00:03.000\n<v Interviewer>How is it going?\n\n00:00:03.500 --> 00:00:05.000\n<v P07>Slowly.\n\n00:00:05.000 --> 00:00:07.000\n<v P07>And not well.\n";

#[test]
fn importing_one_file() {
    let folder = Folder::with_study();
    folder.line("participant add P07 --role nurse").done();
    folder.line("case add alder").done();
    folder.write("talk.vtt", CAPTIONS);
    whole!(
        folder.line("import talk.vtt --case alder --dry-run"),
        str![[r#"
id   file      format  encoding  turns  words  speakers
T01  talk.vtt  vtt     UTF-8         2      8  Interviewer (interviewer) 1, P07 1
--- stderr
1 transcript would be imported; nothing was written.

"#]]
    );
    whole!(
        folder.line("import talk.vtt --case alder --date 2021-03-04"),
        str![[r#"
id   file      format  encoding  turns  words  speakers
T01  talk.vtt  vtt     UTF-8         2      8  Interviewer (interviewer) 1, P07 1
--- stderr
Imported 1 transcript.  (event 4; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("import talk.vtt"),
        str![[r#"
--- stderr
error: talk.vtt: it is in already, as T01
hint: to import it once more all the same: --again
--- status 1

"#]]
    );
    let report: Report = folder
        .line("import talk.vtt --again --id TALK --json")
        .done()
        .json();
    assert_eq!(
        (report.imported[0].turns, &*report.imported[0].transcript),
        (2, "TALK")
    );
    assert_eq!(
        report.imported[0].speakers[1].participant.as_deref(),
        Some("P07")
    );
    let refused: Report = folder.line("import talk.vtt --json").json();
    assert!(refused.imported.is_empty() && refused.refused[0].hint.is_some());
    whole!(
        folder.line("transcript show T01"),
        str![[r#"
T01  interview · 2021-03-04

T01:1  Interviewer  0:01
How is it going?

T01:2  P07  0:03
Slowly. And not well.

"#]]
    );
    whole!(
        folder.line("transcript edit T01 --speaker Nobody=P07"),
        str![[r#"
--- stderr
error: nobody speaks under that label in T01
hint: see the labels with: casebook transcript show T01 --json
--- status 1

"#]]
    );
    whole!(
        folder.line("transcript edit T01 --kind focus-group --phase nowhere"),
        str![[r#"
--- stderr
error: no phase `nowhere`
hint: see what there is with: casebook phase list
--- status 1

"#]]
    );
    whole!(
        folder.line("transcript edit T01 --id T07"),
        str![[r#"
--- stderr
Edited transcript T07.  (event 6; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("transcript remove T07 --dry-run"),
        str![[r#"
--- stderr
Removing transcript T07 takes 0 codings and 0 memos with it

"#]]
    );
    whole!(
        folder.line("transcript remove T07 --yes"),
        str![[r#"
--- stderr
Removed transcript T07.  (event 7; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("transcript list"),
        str![[r#"
id    case  kind       phase  date  participants  turns  words  codings
TALK        interview               P07               2      8        0

"#]]
    );
    folder.sound();
}

#[test]
fn the_invented_interviews() {
    whole!(
        invented().line("transcript list"),
        str![[r#"
id   case         kind         phase    date        participants   turns  words  codings
T01  alder        interview    phase-1  2019-12-10  P01               56   2012       33
T02  alder        interview    phase-1  2020-01-16  P02               58   2093       34
T03  alder        interview    phase-1  2020-02-04  P03               56   2099       34
T04  alder        interview    phase-2  2021-02-18  P04               58   2520       35
T05  alder        interview    phase-2  2021-04-22  P05               56   2148       35
T06  alder-vale   field-notes  phase-2  2021-05-12                    22   2178       35
T07  birch        interview    phase-1  2019-12-17  P06               58   2227       35
T08  birch        interview    phase-1  2020-01-21  P07               58   1964       35
T09  birch        interview    phase-1  2020-02-25  P08               58   2097       35
T10  birch        interview    phase-2  2021-03-09  P09               58   2190       35
T11  birch-coast  interview    phase-2  2021-06-15  P10               60   2272       35
T12  cedar        interview    phase-1  2020-01-30  P11               58   2537       35
T13  cedar        interview    phase-1  2020-03-03  P12               58   2467       35
T14  cedar        interview    phase-2  2021-02-02  P13               58   2549       34
T15  cedar-east   focus-group  phase-2  2021-07-08  P14, P15, P16     60   2640       35

"#]]
    );
    whole!(
        invented().line("transcript list --case cedar --phase phase-2 --csv"),
        str![[r#"
id,case,kind,phase,date,participants,turns,words,codings
T14,cedar,interview,phase-2,2021-02-02,P13,58,2549,34
T15,cedar-east,focus-group,phase-2,2021-07-08,"P14, P15, P16",60,2640,35

"#]]
    );
    let list: List = invented().line("transcript list --json").done().json();
    for row in list.transcripts {
        let shown: Shown = invented()
            .run(&["transcript", "show", &row.transcript, "--codings", "--json"])
            .done()
            .json();
        let letters: Vec<char> = shown.text.chars().collect();
        assert_eq!(
            i64::try_from(shown.turns.len()).expect("a count"),
            row.turns
        );
        let codings = shown.codings.expect("they were asked for");
        assert_eq!(i64::try_from(codings.len()).expect("a count"), row.codings);
        let mut last = 0;
        for turn in &shown.turns {
            assert!(last <= turn.start && turn.start < turn.end && turn.end <= letters.len());
            assert_eq!(
                letters[turn.start..turn.end].iter().collect::<String>(),
                turn.text
            );
            last = turn.end;
        }
        for coding in &codings {
            let turn = &shown.turns[usize::try_from(coding.turn - 1).expect("a turn")];
            assert!(
                coding.start < turn.end && turn.start < coding.end,
                "coding {} stands elsewhere",
                coding.coding
            );
        }
    }
}

/// A file that changed between two readings is another text; its bytes are what counts, not its name.
#[test]
fn the_same_bytes_under_another_name_are_known() {
    let folder = Folder::with_study();
    folder.write("a.txt", "A: One.\n\nB: Two.\n");
    folder.write("sub/b.txt", "A: One.\n\nB: Two.\n");
    whole!(
        folder.line("import a.txt sub"),
        str![[r#"
id   file   format  encoding  turns  words  speakers
T01  a.txt  txt     UTF-8         2      2  A (unknown) 1, B (unknown) 1
--- stderr
Imported 1 transcript.  (event 2; to take it back: casebook undo)
error: sub/b.txt: it is in already, as T01
hint: to import it once more all the same: --again
--- status 1

"#]]
    );
    whole!(
        folder.line("import sub"),
        str![[r#"
--- stderr
error: sub/b.txt: it is in already, as T01
hint: to import it once more all the same: --again
--- status 1

"#]]
    );
}
