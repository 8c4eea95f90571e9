//! `import --explain`: how each file was read.

use serde_json::Value;
use snapbox::str;

use crate::harness::{Folder, whole};

const TALK: &str = "Date: 3 May 2021\nDuration: 40 minutes\n\nINT: How did it begin?\n\nP07: With a list on the door.\n\nINT: Whose list?\n\nBen Berg: Mine.\n\nP07: Note: he never said so.\n\nhttps://example.org/a\n\nINT: And now?\n\nP07: Now we ask.\n\nNote: the tape ends here.\n";

#[test]
fn a_file_says_how_it_was_read() {
    let folder = Folder::with_study();
    folder.line("participant add P07").done();
    folder.write("talk.txt", TALK);
    whole!(
        folder.line("import talk.txt --dry-run --explain").done(),
        str![[r#"
id   file      format  encoding  turns  words  speakers
T01  talk.txt  txt     UTF-8         7     29  INT (interviewer) 3, P07 3, Ben Berg (unknown) 1

T01
  format      txt, by the ending of its name
  encoding    UTF-8, all of it is valid UTF-8
  convention  name and colon: before 7 of 10 paragraphs
  lines       as they stand: they keep to no width
  head        2 lines, whose labels are no speakers
  note        in no turn: 2 lines before the first speaker
  label     lines  decision
  INT           3  speaker: a role word
  P07           3  speaker: a role word
  Ben Berg      1  speaker: stands amid others, written as they are
  Note          1  no speaker: a word that never speaks
  speaker   role         because
  INT       interviewer  `int` is a word for those who ask
  P07       participant  the label is a participant's id
  Ben Berg  unknown      counts as a participant's until --speaker says more
--- stderr
warning: T01: in no turn: 2 lines before the first speaker
1 transcript would be imported; nothing was written.

"#]]
    );
    // Not a word of it unless it is asked for, and the same values for programs.
    let plain: Value = folder.line("import talk.txt --dry-run --json").json();
    assert_eq!(plain["imported"][0].get("explained"), None);
    let told: Value = folder
        .line("import talk.txt --dry-run --explain --json")
        .json();
    let explained = &told["imported"][0]["explained"];
    assert_eq!(explained["format"], "name");
    assert_eq!(explained["encoding"], "valid-utf8");
    assert_eq!(explained["convention"], "name and colon");
    assert_eq!(explained["header_lines"], 2);
    assert_eq!(explained["labels"][0]["label"], "INT");
    assert_eq!(explained["labels"][0]["reason"], "role-word");
    assert_eq!(explained["roles"][0]["by"], "interviewer-word");
    assert_eq!(explained["roles"][0]["word"], "int");
    assert_eq!(explained["roles"][1]["by"], "participant-id");
    // It imports all the same, where it is no trial.
    folder
        .run(&[
            "import",
            "talk.txt",
            "--explain",
            "--speaker",
            "Ben Berg=interviewer",
        ])
        .done();
    folder.sound();
}
