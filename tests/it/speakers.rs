//! Who speaks under a label, in one transcript, in several, in all.

use snapbox::str;

use crate::harness::{Folder, whole};

fn spoken() -> Folder {
    let folder = Folder::with_study();
    folder.line("participant add P01").done();
    folder.line("participant add P02").done();
    for n in 1..=3 {
        folder.write(
            &format!("{n}.txt"),
            format!("Speaker 1: How? {n}\n\nSpeaker 2: So.\n\nSpeaker 1: And?\n"),
        );
    }
    folder.write(
        "4.txt",
        "Wilhelmina: We met.\n\nBen: Late.\n\nWilhelmina: Yes.\n",
    );
    folder.line("import 1.txt 2.txt 3.txt 4.txt").done();
    folder
}

#[test]
fn a_label_is_mended_in_all_transcripts_at_once() {
    let folder = spoken();
    let before = folder.dump();
    let edit: &[&str] = &[
        "transcript",
        "edit",
        "--all",
        "--speaker",
        "Speaker 1=interviewer",
        "--speaker",
        "speaker 2=P01",
    ];
    whole!(
        folder.run(&[edit, &["--dry-run"]].concat()),
        str![[r#"
--- stderr
Speaker 1 stands in 3 of 4 transcripts: an interviewer, which is new in 3.
speaker 2 stands in 3 of 4 transcripts: P01, which is new in 3.
Would edit 4 transcripts.

"#]]
    );
    assert_eq!(folder.dump(), before, "a dry run writes nothing");
    whole!(
        folder.run(edit),
        str![[r#"
--- stderr
Speaker 1 stands in 3 of 4 transcripts: an interviewer, which is new in 3.
speaker 2 stands in 3 of 4 transcripts: P01, which is new in 3.
Edited 4 transcripts.  (event 5; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.run(edit),
        str![[r#"
--- stderr
Nothing to change.

"#]]
    );
    whole!(
        folder.line("search how"),
        str![[r#"
--- stderr
Nothing found.

"#]]
    );
    whole!(
        folder.line("search so --participant P01 --count-by transcript"),
        str![[r#"
transcript  turns
T01             1
T02             1
T03             1
--- stderr
3 turns in all.

"#]]
    );
    folder.line("undo").done();
    assert_eq!(folder.dump(), before, "one event, taken back whole");
    whole!(
        folder.line("search how --count-by transcript"),
        str![[r#"
transcript  turns
T01             1
T02             1
T03             1
--- stderr
3 turns in all.

"#]]
    );
}

#[test]
fn some_transcripts_and_other_roles() {
    let folder = spoken();
    whole!(
        folder.run(&[
            "transcript",
            "edit",
            "T01",
            "T04",
            "T01",
            "--speaker",
            "Speaker 2=P02"
        ]),
        str![[r#"
--- stderr
Speaker 2 stands in 1 of 2 transcripts: P02, which is new in 1.
Edited 2 transcripts.  (event 5; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.run(&[
            "transcript",
            "edit",
            "T01",
            "--speaker",
            "Speaker 2=participant"
        ]),
        str![[r#"
--- stderr
Edited transcript T01.  (event 6; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.run(&[
            "transcript",
            "edit",
            "T01",
            "--speaker",
            "Speaker 2=Unknown"
        ]),
        str![[r#"
--- stderr
Edited transcript T01.  (event 7; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.run(&[
            "transcript",
            "edit",
            "T02",
            "T03",
            "--kind",
            "focus-group",
            "--date",
            "2021-01-02"
        ]),
        str![[r#"
--- stderr
Edited 2 transcripts.  (event 8; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("transcript list"),
        str![[r#"
id   case  kind         phase  date        participants  turns  words  codings
T01        interview                                         3      4        0
T02        focus-group         2021-01-02                    3      4        0
T03        focus-group         2021-01-02                    3      4        0
T04        interview                                         3      4        0

"#]]
    );
}

#[test]
fn what_can_t_be_mended() {
    let folder = spoken();
    let before = folder.dump();
    whole!(
        folder.run(&["transcript", "edit", "--all", "--speaker", "Speker 1=P01"]),
        str![[r#"
--- stderr
error: nobody speaks under that label in these 4 transcripts
hint: did you mean `Speaker 1`? Or see the labels with: casebook transcript show T01 --json
--- status 1

"#]]
    );
    // A label that may be a name is not said.
    whole!(
        folder.run(&["transcript", "edit", "T04", "--speaker", "Wilhelmine=P01"]),
        str![[r#"
--- stderr
error: nobody speaks under that label in T04
hint: see the labels with: casebook transcript show T04 --json
--- status 1

"#]]
    );
    whole!(
        folder.line("transcript edit T01 T02 --id T09"),
        str![[r#"
--- stderr
error: several transcripts can't have one id
hint: leave --id out, or edit one transcript
--- status 1

"#]]
    );
    folder
        .run(&["transcript", "edit", "--all", "--speaker", "Speaker 1=P77"])
        .refused();
    folder
        .line("transcript edit T01 T77 --kind document")
        .refused();
    folder.line("transcript edit").calm();
    assert_eq!(folder.dump(), before);
}
