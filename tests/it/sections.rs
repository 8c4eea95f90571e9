//! Headings and questions: found at import, met over transcripts, filtered, counted and shown.

use snapbox::str;

use crate::harness::{Folder, whole};

/// Two interviews by one guide, numbered in two ways and not in one order, and field notes.
fn guided() -> Folder {
    let folder = Folder::with_study();
    folder.line("participant add P01").done();
    folder.line("participant add P02").done();
    folder.write(
        "a.txt",
        "The mill\n========\n\nQuestion 1: How did it begin?\n\nINT: How did it begin?\n\nP01: With a meeting about money.\n\nQuestion 3: And the money?\n\nP01: There was money, and no trust.\n\nP01: It went.\n",
    );
    folder.write(
        "b.md",
        "# 1. How did it BEGIN\n\n**P02:** With a fire.\n\n# 2. Who was there?\n\n**P02:** Everyone with money.\n\n# 3. And the money?\n\n**P02:** None.\n",
    );
    folder.write(
        "c.md",
        "# Notes\n\n## A walk\n\nThe mill is empty.\n\n## Closing\n",
    );
    folder.line("import a.txt b.md c.md").done();
    for theme in ["money", "trust"] {
        folder.run(&["theme", "add", theme]).done();
    }
    folder.line("code T01:2 money").done();
    folder.line("code T01:3-4 money trust").done();
    folder.line("code T02:2 money").done();
    folder.line("code T03:1 trust").done();
    folder
}

#[test]
fn sections_are_listed_in_the_order_of_the_interviews() {
    let folder = guided();
    whole!(
        folder.line("section list"),
        str![[r#"
section                        kind      transcripts  turns  words  codings
The mill                       heading             1      3     13        3
Question 1: How did it begin?  question            2      2      8        1
2. Who was there?              question            1      1      3        1
Question 3: And the money?     question            2      3      9        2
Notes                          heading             1      1      4        1
A walk                         heading             1      1      4        1
Closing                        heading             1      0      0        0

"#]]
    );
    whole!(
        folder.line("section list --speaker all --transcript T01 --csv"),
        str![[r#"
section,kind,transcripts,turns,words,codings
The mill,heading,1,4,17,3
Question 1: How did it begin?,question,1,2,9,1
Question 3: And the money?,question,1,2,8,2

"#]]
    );
    whole!(
        folder.line("section list --section 3 --theme money --json"),
        str![[r#"
{
  "sections": [
    {
      "section": "The mill",
      "kind": "heading",
      "transcripts": 1,
      "turns": 2,
      "words": 8,
      "codings": 1
    },
    {
      "section": "Question 3: And the money?",
      "kind": "question",
      "transcripts": 2,
      "turns": 2,
      "words": 8,
      "codings": 1
    }
  ]
}

"#]]
    );
    whole!(
        Folder::with_study().line("section list"),
        str![[r#"
--- stderr
No sections here. Headings (# Setting) and numbered questions (Question 3: …) become sections at import.

"#]]
    );
}

#[test]
fn a_transcript_shows_its_headings() {
    let folder = guided();
    whole!(
        folder.line("transcript show T01"),
        str![[r#"
T01  interview

# The mill

## Question 1: How did it begin?

T01:1  INT
How did it begin?

T01:2  P01
With a meeting about money.

## Question 3: And the money?

T01:3  P01
There was money, and no trust.

T01:4  P01
It went.

"#]]
    );
    whole!(
        folder.line("transcript show T01:3"),
        str![[r#"
T01  interview

## Question 3: And the money?

T01:3  P01
There was money, and no trust.

"#]]
    );
    whole!(
        folder.line("transcript show T03 --sections"),
        str![[r#"
number  kind     section    turns
     1  heading  Notes      T03:1
     2  heading    A walk   T03:1
     3  heading    Closing

"#]]
    );
    whole!(
        folder.line("transcript show T02 --sections --json"),
        str![[r#"
{
  "transcript": "T02",
  "revision": 1,
  "sections": [
    {
      "number": 1,
      "level": 1,
      "kind": "heading",
      "title": "1. How did it BEGIN",
      "start": 0,
      "end": 44,
      "first_turn": 1,
      "last_turn": 1
    },
    {
      "number": 2,
      "level": 1,
      "kind": "question",
      "title": "2. Who was there?",
      "start": 46,
      "end": 96,
      "first_turn": 2,
      "last_turn": 2
    },
    {
      "number": 3,
      "level": 1,
      "kind": "question",
      "title": "3. And the money?",
      "start": 98,
      "end": 133,
      "first_turn": 3,
      "last_turn": 3
    }
  ]
}

"#]]
    );
}

#[test]
fn passages_are_taken_by_section() {
    let folder = guided();
    whole!(
        folder.run(&["search", "money", "--section", "how did it begin"]),
        str![[r#"
T01:2  P01
With a meeting about money.

--- stderr
1 turn.

"#]]
    );
    whole!(
        folder.line("quotes --section 3"),
        str![[r#"
T01:3  P01  money  mara  coding 1000002
There was money, and no trust.

P01: It went.

T01:3  P01  trust  mara  coding 1000003
There was money, and no trust.

P01: It went.

--- stderr
2 quotes.

"#]]
    );
    whole!(
        folder.run(&[
            "quotes",
            "--section",
            "who was",
            "--section",
            "A walk",
            "--csv"
        ]),
        str![[r#"
coding,transcript,revision,turn,start,end,text,theme,coder,case,participant,memo,section
2000001,T02,1,2,76,96,Everyone with money.,money,mara,,P02,,2. Who was there?
3000001,T03,1,1,20,38,The mill is empty.,trust,mara,,,,A walk
--- stderr
2 quotes.

"#]]
    );
    whole!(
        folder.line("matrix --section money --rows theme --cols transcript"),
        str![[r#"
theme  T01  total
money    1      1
trust    1      1
total    2      2
--- stderr
Cells count codings.

"#]]
    );
    // A report on one question says so, and counts only what stands under it.
    folder
        .run(&[
            "report",
            "summary",
            "--section",
            "3",
            "--audience",
            "team",
            "-o",
            "r.md",
        ])
        .done();
    let report = folder.read("r.md");
    assert!(
        report.contains("This report is limited to headings and questions: 3."),
        "{report}"
    );
}

#[test]
fn a_matrix_has_a_column_for_each_question() {
    let folder = guided();
    whole!(
        folder.line("matrix --rows transcript --cols section"),
        str![[r#"
transcript  Question 1: How did it…  2. Who was there?  Question 3: And the…  A walk  total
T01                               1                  0                     2       0      3
T02                               0                  1                     0       0      1
T03                               0                  0                     0       1      1
total                             1                  1                     2       1      5
--- stderr
Cells count codings.

"#]]
    );
    whole!(
        folder.line("matrix --rows section --cols theme --count turns"),
        str![[r#"
section                        money  trust  total
Question 1: How did it begin?      1      0      1
2. Who was there?                  1      0      1
Question 3: And the money?         2      2      2
A walk                             0      1      1
total                              4      3      5
--- stderr
Cells count turns; a total counts each once, so it can be less than the sum.

"#]]
    );
    whole!(
        folder.line("matrix --rows theme --cols section --csv"),
        str![[r#"
theme,Question 1: How did it begin?,2. Who was there?,Question 3: And the money?,A walk,total
money,1,1,1,0,3
trust,0,0,1,1,2
total,1,1,2,1,5
--- stderr
Cells count codings.

"#]]
    );
    whole!(
        folder.line("matrix --rows theme --cols section --cell trust,3"),
        str![[r#"
T01:3  P01  trust  mara  coding 1000003
There was money, and no trust.

P01: It went.

--- stderr
1 quote.

"#]]
    );
    whole!(
        folder.run(&[
            "matrix",
            "--cols",
            "section",
            "--rows",
            "theme",
            "--cell",
            "trust,who was there"
        ]),
        str![[r#"
--- stderr
0 quotes.

"#]]
    );
}

#[test]
fn what_is_no_section_is_refused() {
    let folder = guided();
    for typed in ["how did it beginn", "9", "mill walk", "?"] {
        folder
            .run(&["search", "money", "--section", typed])
            .refused();
    }
    whole!(
        folder.run(&["quotes", "--section", "who wos there"]),
        str![[r#"
--- stderr
error: no section `who wos there`
hint: did you mean `who was there`? Or see the sections with: casebook section list
--- status 1

"#]]
    );
    whole!(
        folder.run(&["quotes", "--section", "9"]),
        str![[r#"
--- stderr
error: no section `9`
hint: see the sections with: casebook section list, or of one text: casebook transcript show T01 --sections
--- status 1

"#]]
    );
    // A heading that stands in one transcript may name a person: it is not said.
    whole!(
        folder.run(&["quotes", "--section", "A wolk"]),
        str![[r#"
--- stderr
error: no section `A wolk`
hint: see the sections with: casebook section list, or of one text: casebook transcript show T01 --sections
--- status 1

"#]]
    );
    whole!(
        folder.run(&["quotes", "--section", "the"]),
        str![[r#"
--- stderr
error: `the` stands in 2 different titles
hint: type more of the title, or a question's number; see the sections with: casebook section list
--- status 1

"#]]
    );
    let empty = Folder::with_study();
    whole!(
        empty.line("quotes --section 1"),
        str![[r#"
--- stderr
error: no transcript has sections
hint: headings (`# Setting`) and numbered questions (`Question 3: …`) become sections when a text is imported
--- status 1

"#]]
    );
}

#[test]
fn sections_go_and_come_with_their_transcript() {
    let folder = guided();
    let before = folder.line("section list --json").done().stdout;
    folder.line("transcript remove T01 --yes").done();
    assert_ne!(folder.line("section list --json").done().stdout, before);
    folder.line("undo").done();
    assert_eq!(folder.line("section list --json").done().stdout, before);
    folder.sound();
}
