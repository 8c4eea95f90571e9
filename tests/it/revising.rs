//! Corrected texts: what is shown, where codings go, what waits, and how it is undone.

use serde_json::Value;
use snapbox::str;

use crate::harness::{Folder, whole};

pub(crate) const TALK: &str = "Interviewer: What has changed since the merger?

Anna: The money is one pot now. Nobody trusts the forecast, and I recieve three of them a week from three different people.

Interviewer: And before?

Anna: Before, every board kept its own books. We met twice a year, and that was that.

Interviewer: Thank you.

Anna: Yes. Thank you too; I have not talked like this with anybody for years.
";

/// A study with one coded talk. Codings: one pot (1), a phrase with a slip in it (2), a whole turn (3), `Yes.` (4), a
/// sentence (5), the slip itself (6), a passage over three turns (7).
pub(crate) fn coded() -> Folder {
    let folder = Folder::with_study();
    folder.write("talk.txt", TALK);
    folder
        .run(&["participant", "add", "P01", "--role", "treasurer"])
        .done();
    folder
        .run(&["import", "talk.txt", "--speaker", "Anna=P01"])
        .done();
    for theme in ["money", "trust", "pace"] {
        folder.run(&["theme", "add", theme]).done();
    }
    for (place, theme, quote) in [
        ("T01:2", "money", Some("one pot")),
        ("T01:2", "trust", Some("I recieve three of them a week")),
        ("T01:4", "money", None),
        ("T01:6", "pace", Some("Yes.")),
        ("T01:4", "pace", Some("We met twice a year")),
        ("T01:2", "pace", Some("recieve")),
        ("T01:4-6", "trust", None),
    ] {
        let mut line = vec!["code", place, theme];
        if let Some(quote) = quote {
            line.extend(["--quote", quote]);
        }
        folder.run(&line).done();
    }
    folder
}

/// The talk with a slip mended, a label renamed, a sentence gone and a beginning put before it.
fn corrected() -> String {
    let talk = TALK
        .replace("recieve", "receive")
        .replace("Interviewer:", "Jo:")
        .replace(" We met twice a year, and that was that.", "");
    format!("Jo: Please say who you are.\n\nAnna: I am the one who keeps the books here.\n\n{talk}")
}

fn texts(folder: &Folder) -> Vec<(i64, String)> {
    let found: Value = folder
        .run(&["quotes", "--speaker", "all", "--json"])
        .done()
        .json();
    found["quotes"]
        .as_array()
        .expect("quotes")
        .iter()
        .map(|q| {
            (
                q["coding"].as_i64().expect("a number"),
                q["text"].as_str().expect("words").to_owned(),
            )
        })
        .collect()
}

#[test]
fn a_corrected_text_is_shown_before_it_is_written() {
    let folder = coded();
    folder.write("corrected.txt", corrected());
    let before = folder.dump();
    whole!(
        folder.line("transcript revise T01 corrected.txt --dry-run"),
        str![[r#"
T01  revision 1 → 2  8 turns, 67 words

  T01:1  [-Interviewer-]{+Jo: Please say who you are.¶¶An…+}: What has changed
  T01:4  forecast, and I [-recieve-]{+receive+} three of them a
  T01:5  [-Interviewer-]{+Jo+}: And before?
  T01:7  [-We met twice a year, and that was …-]{+Jo+}: Thank you.

speaker Jo (interviewer) was Interviewer
7 codings: 2 same, 0 moved, 4 reworded, 0 unsure, 1 lost

 coding  theme  grade     from  to  words
1000002  trust  reworded  :2    :4  I [-recieve-]{+receive+} three of them a…
1000003  money  reworded  :4    :6  …rd kept its own [-books. We met twice a year,…-]{+books.+}
1000005  pace   lost      :4    –   We met twice a year
1000006  pace   reworded  :2    :4  [-recieve-]{+receive+}
1000007  trust  reworded  :4    :6  … its own books. [-We met twice a year, and th…-]{+Jo:+} Thank you.  Ann…
--- stderr
Nothing was written.

"#]]
    );
    assert_eq!(folder.dump(), before, "it was only shown");
    // Nobody is there to confirm it.
    let refused = folder
        .line("transcript revise T01 corrected.txt")
        .refused_with(1);
    assert!(refused.stderr.contains("--yes"), "{}", refused.whole());
    assert_eq!(folder.dump(), before);
    whole!(
        folder.line("transcript revise T01 corrected.txt --yes --quiet --json"),
        str![[r#"
{
  "transcript": "T01",
  "from": 1,
  "to": 2,
  "turns": 8,
  "words": 67,
  "characters": 398,
  "speakers": [
    {
      "label": "Jo",
      "role": "interviewer",
      "participant": null,
      "was": "Interviewer",
      "turns": 4
    },
    {
      "label": "Anna",
      "role": "participant",
      "participant": "P01",
      "was": null,
      "turns": 4
    }
  ],
  "changes": [
    {
      "turn": 1,
      "old": "Interviewer",
      "old_start": 0,
      "old_end": 11,
      "new": "Jo: Please say who you are.\n\nAnna: I am the one who keeps the books here.\n\nJo",
      "new_start": 0,
      "new_end": 77
    },
    {
      "turn": 4,
      "old": "recieve",
      "old_start": 115,
      "old_end": 122,
      "new": "receive",
      "new_start": 181,
      "new_end": 188
    },
    {
      "turn": 5,
      "old": "Interviewer",
      "old_start": 174,
      "old_end": 185,
      "new": "Jo",
      "new_start": 240,
      "new_end": 242
    },
    {
      "turn": 7,
      "old": "We met twice a year, and that was that.\n\nInterviewer",
      "old_start": 246,
      "old_end": 298,
      "new": "Jo",
      "new_start": 304,
      "new_end": 306
    }
  ],
  "grades": {
    "same": 2,
    "moved": 0,
    "reworded": 4,
    "unsure": 0,
    "lost": 1
  },
  "codings": [
    {
      "coding": 1000001,
      "theme": "money",
      "coder": "mara",
      "grade": "same",
      "revision": 1,
      "from": {
        "start": 68,
        "end": 75,
        "turn": 2,
        "text": "one pot"
      },
      "to": {
        "start": 134,
        "end": 141,
        "turn": 4,
        "text": "one pot"
      },
      "candidates": []
    },
    {
      "coding": 1000002,
      "theme": "trust",
      "coder": "mara",
      "grade": "reworded",
      "revision": 1,
      "from": {
        "start": 113,
        "end": 143,
        "turn": 2,
        "text": "I recieve three of them a week"
      },
      "to": {
        "start": 179,
        "end": 209,
        "turn": 4,
        "text": "I receive three of them a week"
      },
      "candidates": []
    },
    {
      "coding": 1000003,
      "theme": "money",
      "coder": "mara",
      "grade": "reworded",
      "revision": 1,
      "from": {
        "start": 206,
        "end": 285,
        "turn": 4,
        "text": "Before, every board kept its own books. We met twice a year, and that was that."
      },
      "to": {
        "start": 263,
        "end": 302,
        "turn": 6,
        "text": "Before, every board kept its own books."
      },
      "candidates": []
    },
    {
      "coding": 1000004,
      "theme": "pace",
      "coder": "mara",
      "grade": "same",
      "revision": 1,
      "from": {
        "start": 318,
        "end": 322,
        "turn": 6,
        "text": "Yes."
      },
      "to": {
        "start": 326,
        "end": 330,
        "turn": 8,
        "text": "Yes."
      },
      "candidates": []
    },
    {
      "coding": 1000005,
      "theme": "pace",
      "coder": "mara",
      "grade": "lost",
      "revision": 1,
      "from": {
        "start": 246,
        "end": 265,
        "turn": 4,
        "text": "We met twice a year"
      },
      "to": null,
      "candidates": []
    },
    {
      "coding": 1000006,
      "theme": "pace",
      "coder": "mara",
      "grade": "reworded",
      "revision": 1,
      "from": {
        "start": 115,
        "end": 122,
        "turn": 2,
        "text": "recieve"
      },
      "to": {
        "start": 181,
        "end": 188,
        "turn": 4,
        "text": "receive"
      },
      "candidates": []
    },
    {
      "coding": 1000007,
      "theme": "trust",
      "coder": "mara",
      "grade": "reworded",
      "revision": 1,
      "from": {
        "start": 206,
        "end": 389,
        "turn": 4,
        "text": "Before, every board kept its own books. We met twice a year, and that was that.\n\nInterviewer: Thank you.\n\nAnna: Yes. Thank you too; I have not talked like this with anybody for years."
      },
      "to": {
        "start": 263,
        "end": 397,
        "turn": 6,
        "text": "Before, every board kept its own books.\n\nJo: Thank you.\n\nAnna: Yes. Thank you too; I have not talked like this with anybody for years."
      },
      "candidates": []
    }
  ],
  "warnings": [],
  "event": 14
}

"#]]
    );
    folder.sound();
    whole!(
        folder.line("transcript pending"),
        str![[r#"
 coding  theme  coder  grade  was at              words                may stand at
1000005  pace   mara   lost   T01:4 (revision 1)  We met twice a year
--- stderr
Place one: casebook transcript pending T01 --coding 1000005 --at PLACE; let it go: --let-go

"#]]
    );
    whole!(
        folder.line("status"),
        str![[r#"
A small study
study.casebook · codebook study

        0  cases
        0  phases
        1  participant
        1  transcript  (8 turns, 67 words)
        3  themes
        7  codings  (by 1 coder; 1 waits for a place in a corrected text)
        0  memos

14 events, the last on 2021-05-01T09:00:00Z
open: 3 of 3 themes not defined  (casebook theme lint --only empty-fields)

"#]]
    );
    whole!(
        folder.line("quotes --theme money --speaker all"),
        str![[r#"
T01:4  P01  money  mara  coding 1000001
one pot

T01:6  P01  money  mara  coding 1000003
Before, every board kept its own books.

--- stderr
2 quotes.

"#]]
    );
    whole!(
        folder.line("matrix --rows theme --cols transcript"),
        str![[r#"
theme  T01  total
money    2      2
trust    2      2
pace     2      2
total    6      6
--- stderr
Cells count codings.
1 coding waits for a place in a corrected text and is not among them: casebook transcript pending

"#]]
    );
    whole!(
        folder.line("search books --speaker all --count-by transcript"),
        str![[r#"
transcript  turns
T01             2
--- stderr
2 turns in all.

"#]]
    );
    whole!(
        folder.line("transcript list"),
        str![[r#"
id   case  kind       phase  date  participants  turns  words  codings
T01        interview               P01               8     67        6

"#]]
    );
}

#[test]
fn what_waits_is_placed_or_let_go_one_by_one() {
    let folder = coded();
    folder.write("corrected.txt", corrected());
    folder
        .line("transcript revise T01 corrected.txt --yes")
        .done();
    let pending = folder.dump();
    whole!(
        folder
            .line("transcript pending T01 --coding 1000005 --accept")
            .refused(),
        str![[r#"
--- stderr
error: nothing says where coding 1000005 may stand
hint: say it: casebook transcript pending T01 --coding 1000005 --at T01:12 --quote "WORDS"
--- status 1

"#]]
    );
    whole!(
        folder
            .line("transcript pending T01 --coding 1000001 --let-go")
            .refused(),
        str![[r#"
--- stderr
error: coding 1000001 has its place: it is not pending
hint: see those that wait with: casebook transcript pending
--- status 1

"#]]
    );
    whole!(
        folder
            .line("transcript pending T01 --coding 77 --let-go")
            .refused(),
        str![[r#"
--- stderr
error: there is no coding 77
hint: see those that wait with: casebook transcript pending
--- status 1

"#]]
    );
    folder
        .line("transcript pending T01 --coding 1000005 --at T02:1")
        .refused();
    assert_eq!(folder.dump(), pending);
    whole!(
        folder.run(&[
            "transcript",
            "pending",
            "T01",
            "--coding",
            "1000005",
            "--at",
            "T01:6",
            "--quote",
            "every board"
        ]),
        str![[r#"
coding 1000005 stands at T01@271-282
--- stderr
0 codings left pending in T01.  (event 15; to take it back: casebook undo)

"#]]
    );
    assert!(texts(&folder).contains(&(1_000_005, "every board".into())));
    folder.line("undo").done();
    assert_eq!(folder.dump(), pending);
    whole!(
        folder.line("transcript pending --coding 1000005 --let-go"),
        str![[r#"
coding 1000005 is gone
--- stderr
0 codings left pending in T01.  (event 17; to take it back: casebook undo)

"#]]
    );
    assert!(!texts(&folder).iter().any(|(id, _)| *id == 1_000_005));
    folder.sound();
}

#[test]
fn undo_takes_the_whole_revision_back() {
    let folder = coded();
    let before = (folder.dump(), texts(&folder));
    folder.write("corrected.txt", corrected());
    folder
        .line("transcript revise T01 corrected.txt --yes")
        .done();
    folder.line("search books").done();
    folder.line("undo").done();
    assert_eq!((folder.dump(), texts(&folder)), before);
    let hits: Value = folder.line("search recieve --json").done().json();
    assert_eq!(hits["total"], 1);
    folder.sound();
}

/// A wrong file loses nothing: with the right one after it, codings that waited have their places again.
#[test]
fn codings_that_wait_come_back_with_their_words() {
    let folder = coded();
    let before = texts(&folder);
    folder.write(
        "wrong.txt",
        "Jo: Something else altogether.\n\nBo: I see.\n",
    );
    folder.line("transcript revise T01 wrong.txt --yes").done();
    assert!(texts(&folder).is_empty());
    let waiting: Value = folder.line("transcript pending --json").done().json();
    assert_eq!(waiting["total"], 7);
    folder.sound();
    folder.write("again.txt", format!("{TALK}\n"));
    folder.line("transcript revise T01 again.txt --yes").done();
    assert_eq!(texts(&folder), before);
    folder.sound();
}

#[test]
fn words_are_replaced_in_the_text() {
    let folder = coded();
    whole!(
        folder.run(&[
            "transcript",
            "edit",
            "T01",
            "--replace",
            "recieve",
            "--with",
            "receive",
            "--yes"
        ]),
        str![[r#"
T01  revision 1 → 2  6 turns, 62 words

  T01:2  forecast, and I [-recieve-]{+receive+} three of them a

7 codings: 5 same, 0 moved, 2 reworded, 0 unsure, 0 lost

 coding  theme  grade     from  to  words
1000002  trust  reworded  :2    :2  I [-recieve-]{+receive+} three of them a…
1000006  pace   reworded  :2    :2  [-recieve-]{+receive+}
--- stderr
Replaced in 1 place.
T01 is at revision 2.  (event 14; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder
            .run(&[
                "transcript",
                "edit",
                "T01",
                "--replace",
                "three",
                "--with",
                "four",
                "--yes"
            ])
            .refused(),
        str![[r#"
--- stderr
error: the words stand 2 times in T01: T01:2
hint: name the turn, as in T01:12, or replace them everywhere: --everywhere
--- status 1

"#]]
    );
    whole!(
        folder
            .run(&[
                "transcript",
                "edit",
                "T01:6",
                "--replace",
                "Ann",
                "--with",
                "X",
                "--yes"
            ])
            .refused(),
        str![[r#"
--- stderr
error: the words to be replaced do not stand in T01
hint: copy them from: casebook transcript show T01
--- status 1

"#]]
    );
    whole!(
        folder
            .run(&[
                "transcript",
                "edit",
                "T01",
                "--replace",
                "hang",
                "--with",
                "X",
                "--yes"
            ])
            .refused(),
        str![[r#"
--- stderr
error: the words stand in T01 only inside longer ones (1 times)
hint: to replace them there too: --inside-words
--- status 1

"#]]
    );
    whole!(
        folder.run(&[
            "transcript",
            "edit",
            "T01",
            "--replace",
            "Anna",
            "--with",
            "P01",
            "--everywhere",
            "--yes"
        ]),
        str![[r#"
T01  revision 2 → 3  6 turns, 62 words

  T01:2  [-Anna-]{+P01+}: The money is one
  T01:4  [-Anna-]{+P01+}: Before, every
  T01:6  [-Anna-]{+P01+}: Yes. Thank you

7 codings: 6 same, 0 moved, 1 reworded, 0 unsure, 0 lost

 coding  theme  grade     from  to  words
1000007  trust  reworded  :4    :4  …er: Thank you.  [-Anna:-]{+P01:+} Yes. Thank you …
--- stderr
Replaced in 3 places.
T01 is at revision 3.  (event 15; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("transcript show T01:2"),
        str![[r#"
T01  interview

T01:2  P01
The money is one pot now. Nobody trusts the forecast, and I receive three of them a week from three different people.

"#]]
    );
    whole!(
        folder.run(&["transcript", "edit", "T01", "--replace", "a", "--yes"]),
        str![[r#"
--- stderr
error: the following required arguments were not provided:
  --with <WORDS>

Usage: casebook transcript edit --replace <WORDS> --with <WORDS> --yes --coder <NAME> <ID>...

For more information, try '--help'.
--- status 2

"#]]
    );
    folder.sound();
}

#[test]
fn a_text_that_is_the_same_is_no_revision() {
    let folder = coded();
    whole!(
        folder
            .line("transcript revise T01 talk.txt --yes")
            .refused(),
        str![[r#"
--- stderr
error: the text is the one that T01 has already
hint: see it with: casebook transcript show T01
--- status 1

"#]]
    );
    whole!(
        folder
            .line("transcript revise T01 nothing.txt --yes")
            .refused(),
        str![[r#"
--- stderr
error: `nothing.txt` can't be read: No such file or directory (os error 2)
hint: check that the file is there and may be read
--- status 1

"#]]
    );
    whole!(
        folder
            .line("transcript revise T09 talk.txt --yes")
            .refused(),
        str![[r#"
--- stderr
error: no transcript `T09`
hint: see what there is with: casebook transcript list
--- status 1

"#]]
    );
    folder.write("empty.txt", "\n");
    folder
        .line("transcript revise T01 empty.txt --yes")
        .refused();
    whole!(
        folder
            .line("transcript revise T01 talk.txt --speaker Nobody=P01 --yes")
            .refused(),
        str![[r#"
--- stderr
error: a label named with --speaker stands nowhere in the new text
hint: see the labels with --dry-run
--- status 1

"#]]
    );
}

#[test]
fn a_report_says_which_revision_it_quotes() {
    let folder = coded();
    folder.write("corrected.txt", corrected());
    folder
        .line("transcript revise T01 corrected.txt --yes")
        .done();
    folder.line("report summary -o summary.md").done();
    let report = folder.read("summary.md");
    let lines: Vec<&str> = report
        .lines()
        .filter(|l| l.contains("revision") || l.contains("waits"))
        .collect();
    assert_eq!(
        lines,
        [
            "- Transcripts are counted and quoted as they stand now; corrected since they came in: T01 (revision 2).",
            "- 1 coding waits for a place in a transcript that was corrected after it was coded, and is neither counted nor quoted here.",
        ]
    );
    assert!(!report.contains("We met twice a year"));
}

/// A coding that waits is not put on another person's equal answer when the text changes once more; it is listed again.
#[test]
fn what_waits_is_not_guessed_later() {
    let folder = Folder::with_study();
    let answer = "P01: I think that the money was never there for us.";
    let talk = |parts: &[&str]| parts.join("\n\n") + "\n";
    let (one, two) = (
        "INT: What did you make of the first plan?",
        "INT: And how was the second winter for all of you?",
    );
    folder.write("y1.txt", talk(&[one, answer, two, answer]));
    folder.write("y2.txt", talk(&[one, "P01: Nothing.", two, answer]));
    folder.write(
        "y3.txt",
        talk(&[
            "INT: Was there anything else that mattered?",
            answer,
            "INT: Thank you very much.",
        ]),
    );
    folder.line("import y1.txt").done();
    folder.line("theme add money").done();
    folder.line("code T01:2 money").done();
    folder.line("transcript revise T01 y2.txt --yes").done();
    whole!(
        folder.line("transcript pending"),
        str![[r#"
 coding  theme  coder  grade   was at              words                                           may stand at
1000001  money  mara   unsure  T01:2 (revision 1)  I think that the money was never there for us.  T01@48-56 “Nothing.”
--- stderr
Place one: casebook transcript pending T01 --coding 1000001 --accept, or --at PLACE; let it go: --let-go

"#]]
    );
    whole!(
        folder.line("transcript revise T01 y3.txt --yes"),
        str![[r#"
T01  revision 2 → 3  3 turns, 20 words

  T01:1  [-INT: What did you make of the first plan…-]{+INT: Was there anything else that matter…+}?
  T01:3  {+INT: Thank you very much.+}

not known who speaks: P01 (say it with --speaker LABEL=ID)
1 coding: 0 same, 0 moved, 0 reworded, 1 unsure, 0 lost

 coding  theme  grade   from  to   words
1000001  money  unsure  :2    :2?  I think that the money was never there for us.
--- stderr
T01 is at revision 3.  (event 6; to take it back: casebook undo)
1 coding waits for a place: casebook transcript pending T01

"#]]
    );
    assert!(texts(&folder).is_empty());
    // Where its words are in the very place again, it is there again, and that is listed.
    whole!(
        folder.line("transcript revise T01 y1.txt --yes"),
        str![[r#"
T01  revision 3 → 4  4 turns, 38 words

  T01:1  INT: [-Was there anything else that mattered-]{+What did you make of the first plan+}?
  T01:3  INT: [-Thank you very much.-]{+And how was the second winter for all …+}

not known who speaks: P01 (say it with --speaker LABEL=ID)
1 coding: 1 same, 0 moved, 0 reworded, 0 unsure, 0 lost

 coding  theme  grade  from  to  words
1000001  money  same   :2    :2  I think that the money was never there for us.
--- stderr
T01 is at revision 4.  (event 7; to take it back: casebook undo)

"#]]
    );
    assert_eq!(texts(&folder).len(), 1);
    folder.sound();
}

/// The edit itself says which of several equal words went.
#[test]
fn one_of_several_equal_words_is_taken_out() {
    let folder = Folder::with_study();
    folder.write("j.txt", "P01: Yes. Yes. Yes. No.\n\nINT: Fine.\n");
    folder.line("import j.txt").done();
    for (theme, place) in [("a", "T01@5-9"), ("b", "T01@10-14"), ("c", "T01@15-19")] {
        folder.run(&["theme", "add", theme]).done();
        folder.run(&["code", place, theme]).done();
    }
    whole!(
        folder.run(&[
            "transcript",
            "edit",
            "T01@10-14",
            "--replace",
            "Yes.",
            "--with",
            "",
            "--yes"
        ]),
        str![[r#"
T01  revision 1 → 2  2 turns, 4 words

  T01:1  P01: Yes.  [-Yes.-]Yes. No.

not known who speaks: P01 (say it with --speaker LABEL=ID)
3 codings: 2 same, 0 moved, 0 reworded, 0 unsure, 1 lost

 coding  theme  grade  from  to  words
1000002  b      lost   :1    –   Yes.
--- stderr
Replaced in 1 place.
T01 is at revision 2.  (event 9; to take it back: casebook undo)
1 coding waits for a place: casebook transcript pending T01

"#]]
    );
    folder.sound();
}

/// A name that is taken out is taken out of labels and titles too, and nowhere half.
#[test]
fn a_name_is_taken_out_of_labels_and_titles() {
    let folder = Folder::with_study();
    folder.write(
        "talk.md",
        "---\ninterviewee: Ann Berg\n---\n# What Ann Berg thinks\n\nAnn Berg: I am Ann Berg.\n\nINT: I see.\n\nAnn Berg: Yes.\n\nINT: Good.\n",
    );
    folder.line("import talk.md").done();
    whole!(
        folder
            .run(&[
                "transcript",
                "edit",
                "T01",
                "--replace",
                "Ann Berg:",
                "--with",
                "P07:",
                "--everywhere",
                "--yes"
            ])
            .refused(),
        str![[r#"
--- stderr
error: the words reach over a speaker's label in T01, or stand in one that is written in several ways
hint: name the label alone, without its colon; or write the corrected text to a file and: casebook transcript revise
--- status 1

"#]]
    );
    whole!(
        folder
            .run(&[
                "transcript",
                "edit",
                "T01",
                "--replace",
                "Ann Berg",
                "--with",
                "INT",
                "--everywhere",
                "--yes"
            ])
            .refused(),
        str![[r#"
--- stderr
error: a speaker's label would be that of another speaker in T01
hint: two people would become one; choose another label
--- status 1

"#]]
    );
    whole!(
        folder.run(&[
            "transcript",
            "edit",
            "T01",
            "--replace",
            "Ann Berg",
            "--with",
            "P07",
            "--everywhere",
            "--yes"
        ]),
        str![[r#"
T01  revision 1 → 2  4 turns, 7 words

  T01:1  # What [-Ann Berg-]{+P07+} thinks  (and 3 more times)

not known who speaks: P07 (say it with --speaker LABEL=ID)
no codings
--- stderr
Replaced in 4 places.
warning: T01: 1 attribute with these words not changed; take one away with: casebook transcript edit T01 --attr interviewee=
T01 is at revision 2.  (event 3; to take it back: casebook undo)

"#]]
    );
    folder
        .line("transcript edit T01 --attr interviewee=")
        .done();
    for line in [
        "transcript show T01",
        "transcript show T01 --json",
        "section list",
        "search P07 --json",
        "transcript list --json",
    ] {
        let run = folder.line(line).done();
        assert!(!run.stdout.contains("Ann"), "{}", run.whole());
    }
    assert!(
        folder
            .line("transcript show T01 --revision 1")
            .done()
            .stdout
            .contains("Ann Berg")
    );
    folder.line("transcript show T01 --revision 3").refused();
}
