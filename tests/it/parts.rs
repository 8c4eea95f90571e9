//! One interview in several files, several in one: merged and split, with their codings and memos.

use snapbox::str;

use crate::harness::{Folder, whole};
use crate::revising::{TALK, coded};

#[test]
fn several_files_of_one_interview_become_one() {
    let folder = coded();
    let second = TALK.replace("Anna", "Bo").replace("merger", "audit");
    folder.write("second.txt", second);
    folder
        .run(&["import", "second.txt", "--speaker", "Bo=P01"])
        .done();
    folder
        .run(&[
            "code",
            "T02:4",
            "money",
            "--quote",
            "every board",
            "--memo",
            "a note",
        ])
        .done();
    folder
        .run(&["memo", "add", "--on", "transcript:T02", "recorded later"])
        .done();
    let before = folder.dump();
    whole!(
        folder.line("transcript merge T01 T02 --dry-run"),
        str![[r#"
T01 + T02: 12 turns, 1 coding came along
--- stderr
Nothing was written.

"#]]
    );
    assert_eq!(folder.dump(), before);
    folder.line("transcript merge T01 T02").refused();
    folder.line("transcript merge T01 T01 --yes").refused();
    whole!(
        folder.line("transcript merge T01 T02 --yes"),
        str![[r#"
T01 + T02: 12 turns, 1 coding came along
--- stderr
T01 is at revision 2.  (event 17; to take it back: casebook undo)

"#]]
    );
    folder.sound();
    whole!(
        folder.line("transcript list"),
        str![[r#"
id   case  kind       phase  date  participants  turns  words  codings
T01        interview               P01              12    124        8

"#]]
    );
    whole!(
        folder.line("quotes --theme money --transcript T01"),
        str![[r#"
T01:2  P01  money  mara  coding 1000001
one pot

T01:4  P01  money  mara  coding 1000003
Before, every board kept its own books. We met twice a year, and that was that.

T01:10  P01  money  mara  coding 1000008
every board
    memo: a note

--- stderr
3 quotes.

"#]]
    );
    whole!(
        folder.line("memo list"),
        str![[r#"
memo  on              coder  at                    text
   1  coding:1000008  mara   2021-05-01T09:00:00Z  a note
   2  transcript:T01  mara   2021-05-01T09:00:00Z  recorded later

"#]]
    );
    folder.line("undo").done();
    assert_eq!(folder.dump(), before);
    folder.sound();
}

#[test]
fn several_interviews_in_one_file_become_several() {
    let folder = coded();
    let before = folder.dump();
    whole!(
        folder.line("transcript split T01 --at T01:5 --dry-run"),
        str![[r#"
transcript  turns  codings
T01             4        5
T02             2        1
--- stderr
Nothing was written.

"#]]
    );
    whole!(
        folder.line("transcript split T01 --at T01:1").refused(),
        str![[r#"
--- stderr
error: T01 can't be cut before turn 1: it has 6 turns
hint: name the turn with which the second part begins, as in: casebook transcript split T01 --at T01:6
--- status 1

"#]]
    );
    whole!(
        folder.line("transcript split T01 --at T02:3").refused(),
        str![[r#"
--- stderr
error: `T02:3` is no turn of T01
hint: name the turn with which the next part begins, as in T01:40
--- status 1

"#]]
    );
    assert_eq!(folder.dump(), before);
    whole!(
        folder.line("transcript split T01 --at T01:5 --id T01-end"),
        str![[r#"
transcript  turns  codings
T01             4        5
T01-end         2        1
--- stderr
Split T01.  (event 14; to take it back: casebook undo)
1 coding reaches over a cut: casebook transcript pending T01

"#]]
    );
    folder.sound();
    // The passage over the cut waits on the undivided text; the others went with their words.
    whole!(
        folder.line("transcript pending"),
        str![[r#"
 coding  theme  coder  grade   was at              words                                                                                                                                                                                    may stand at
1000007  trust  mara   unsure  T01:4 (revision 1)  Before, every board kept its own books. We met twice a year, and that was that.  Interviewer: Thank you.  Anna: Yes. Thank you too; I have not talked like this with anybody for years.  T01@206-285 “Before, every board kept its own books. We met twice a year, and that was that.”
--- stderr
Place one: casebook transcript pending T01 --coding 1000007 --accept, or --at PLACE; let it go: --let-go

"#]]
    );
    whole!(
        folder.line("quotes --theme pace"),
        str![[r#"
T01:2  P01  pace  mara  coding 1000006
recieve

T01:4  P01  pace  mara  coding 1000005
We met twice a year

T01-end:2  P01  pace  mara  coding 2000001
Yes.

--- stderr
3 quotes.

"#]]
    );
    whole!(
        folder.line("transcript show T01-end"),
        str![[r#"
T01-end  interview

T01-end:1  Interviewer
Thank you.

T01-end:2  P01
Yes. Thank you too; I have not talked like this with anybody for years.

"#]]
    );
    folder.line("undo").done();
    assert_eq!(folder.dump(), before);
}

/// Joined lines can be had back from the parts of a text that was cut and put together again.
#[test]
fn joined_lines_are_had_back_after_a_cut() {
    let folder = Folder::with_study();
    let mut text = String::new();
    for n in 0..12 {
        let who = if n % 2 == 0 { "INT" } else { "P01" };
        text.push_str(&format!("{who}: This is the sentence number {n} of a talk whose lines were all\nwrapped at one width by the program in which somebody once typed it\nfor us to read, and it ends here.\n\n"));
    }
    folder.write("wrapped.txt", &text);
    folder.line("import wrapped.txt").done();
    let original = |id: &str| {
        folder
            .run(&["transcript", "show", id, "--original"])
            .done()
            .stdout
    };
    assert_eq!(original("T01").trim_end(), text.trim_end());
    folder
        .line("transcript split T01 --at T01:7 --id T02")
        .done();
    let parts = [original("T01"), original("T02")]
        .map(|p| p.trim_end().to_owned())
        .join("\n\n");
    assert_eq!(parts, text.trim_end());
    folder.line("transcript merge T01 T02 --yes").done();
    assert_eq!(original("T01").trim_end(), text.trim_end());
    folder.sound();
}
