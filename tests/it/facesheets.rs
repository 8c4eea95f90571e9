//! Attributes from a table: looked through, matched by id, written whole or not at all.

use snapbox::str;

use crate::harness::{Folder, whole};

const SHEET: &str = "ID;Age;Sector;Since;Clinical;Role;Grade;\nP1;41;acute;2019-01-01;yes;nurse;8a;x\np2;39;mental health;2020-02-01;no;chair;;\n";

fn people() -> Folder {
    let folder = Folder::with_study();
    for id in ["P1", "P2", "P3"] {
        folder.run(&["participant", "add", id]).done();
    }
    folder
}

#[test]
fn a_table_is_looked_through_and_then_written() {
    let folder = people();
    let before = folder.dump();
    folder.write("f.csv", SHEET);
    whole!(
        folder.line("attribute import f.csv --of participant --dry-run"),
        str![[r#"
attribute  type     new  values  different
Age        integer  yes       2          2
Sector     text     yes       2          2
Since      date     yes       2          2
Clinical   yes-no   yes       2          2
Grade      text     yes       1          1
--- stderr
warning: 1 participant without a row: P3
warning: left out, as they are no attributes: Role, column 8 (without a name)
Nothing was written.

"#]]
    );
    assert_eq!(folder.dump(), before, "a dry run writes nothing");
    whole!(
        folder.line("attribute import f.csv --of participant"),
        str![[r#"
attribute  type     new  values  different
Age        integer  yes       2          2
Sector     text     yes       2          2
Since      date     yes       2          2
Clinical   yes-no   yes       2          2
Grade      text     yes       1          1
--- stderr
warning: 1 participant without a row: P3
warning: left out, as they are no attributes: Role, column 8 (without a name)
Took 5 attributes of 2 participants.  (event 5; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("attribute list"),
        str![[r#"
attribute  of           type     levels  values
Age        participant  integer               2
Clinical   participant  yes-no                2
Grade      participant  text                  1
Sector     participant  text                  2
Since      participant  date                  2

"#]]
    );
    whole!(
        folder.line("participant show P2"),
        str![[r#"
P2
role          -
organisation  -
cases         
attribution   role
quotable      yes
transcripts   
Age = 39
Clinical = no
Sector = mental health
Since = 2020-02-01

"#]]
    );
    // The same once more is no change; an empty cell leaves the value that there is.
    folder.write("f.csv", SHEET.replace("41", ""));
    whole!(
        folder.line("attribute import f.csv --of participant --yes --quiet"),
        str![[r#"
attribute  type     new  values  different
Age        integer  no        1          1
Sector     text     no        2          2
Since      date     no        2          2
Clinical   yes-no   no        2          2
Grade      text     no        1          1
--- stderr
warning: 1 participant without a row: P3
warning: left out, as they are no attributes: Role, column 8 (without a name)

"#]]
    );
    whole!(
        folder.line("participant show P1"),
        str![[r#"
P1
role          -
organisation  -
cases         
attribution   role
quotable      yes
transcripts   
Age = 41
Clinical = yes
Grade = 8a
Sector = acute
Since = 2019-01-01

"#]]
    );
    folder.line("undo").done();
    assert_eq!(folder.dump(), before, "one event, taken back whole");
}

#[test]
fn cases_and_transcripts_too_by_any_column() {
    let folder = people();
    folder.line("case add north").done();
    folder.write("cases.tsv", "Place\tBeds\nNORTH\t120\n");
    whole!(
        folder.line("attribute import cases.tsv --of case --id place --json"),
        str![[r#"
{
  "of": "case",
  "id": "Place",
  "rows": 1,
  "matched": 1,
  "attributes": [
    {
      "attribute": "Beds",
      "type": "integer",
      "new": true,
      "values": 1,
      "different": 1
    }
  ],
  "left_out": [],
  "personal": [],
  "unknown": [],
  "missing": [],
  "doubled": [],
  "unfit": [],
  "event": 6
}
--- stderr
Took 1 attribute of 1 case.  (event 6; to take it back: casebook undo)

"#]]
    );
    folder.write("t.txt", "INT: How?\n\nP1: So.\n");
    folder.line("import t.txt").done();
    folder.write("t.csv", "transcript,quality\nT01,good\n");
    whole!(
        folder.line("attribute import t.csv --of transcript"),
        str![[r#"
attribute  type  new  values  different
quality    text  yes       1          1
--- stderr
Took 1 attribute of 1 transcript.  (event 8; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.run(&["search", "so", "--attr", "quality=good"]),
        str![[r#"
T01:2  P1
So.

--- stderr
1 turn.

"#]]
    );
}

#[test]
fn one_thing_in_the_way_and_nothing_is_written() {
    let folder = people();
    folder
        .line("attribute add Age --of participant --type integer")
        .done();
    let before = folder.dump();
    folder.write(
        "unfit.csv",
        "id,age,sector\nP1,Wilhelmina Okonkwo,acute\nP2,4,acute\nP3,old,acute\n",
    );
    whole!(
        folder.line("attribute import unfit.csv --of participant"),
        str![[r#"
--- stderr
error: 2 values of the table can't be taken: row 2, column `Age` is no whole number
hint: mend the values, or the attribute's type; see them all with: --dry-run
--- status 1

"#]]
    );
    whole!(
        folder.line("attribute import unfit.csv --of participant --dry-run"),
        str![[r#"
attribute  type     new  values  different
Age        integer  no        3          1
sector     text     yes       3          1
--- stderr
warning: 2 values that can't be taken: row 2, column Age is no whole number, row 4, column Age is no whole number
Nothing was written.
error: 2 values of the table can't be taken: row 2, column `Age` is no whole number
hint: mend the values, or the attribute's type; see them all with: --dry-run
--- status 1

"#]]
    );
    folder.write("doubled.csv", "id,age\nP1,3\nP1,4\n");
    whole!(
        folder.line("attribute import doubled.csv --of participant"),
        str![[r#"
--- stderr
error: an id stands in several rows: again in row 3
hint: keep one row per participant
--- status 1

"#]]
    );
    folder.write(
        "unknown.csv",
        "id,age\nP1,3\nP9,4\nWilhelmina Okonkwo,5\n,6\n",
    );
    whole!(
        folder.line("attribute import unknown.csv --of participant"),
        str![[r#"
--- stderr
error: no participant of the study is named in rows 3, 4, 5
hint: see what there is with: casebook participant list   or leave such rows out with: --skip-unknown
--- status 1

"#]]
    );
    assert_eq!(folder.dump(), before);
    // A person who is named in the place of an id is never said.
    whole!(
        folder.line("attribute import unknown.csv --of participant --skip-unknown"),
        str![[r#"
attribute  type     new  values  different
Age        integer  no        1          1
--- stderr
warning: 3 rows with an id that no participant has: row 3 (P9), row 4, row 5
warning: 2 participants without a row: P2, P3
Took 1 attribute of 1 participant.  (event 6; to take it back: casebook undo)

"#]]
    );
}

#[test]
fn what_is_no_facesheet() {
    let folder = people();
    for (name, contents) in [
        ("a.csv", ""),
        ("b.csv", "id\nP1\n"),
        ("c.csv", "age,sector\n3,acute\n"),
        ("d.csv", "id,age,Age\nP1,3,4\n"),
        ("e.csv", "id,a=b\nP1,3\n"),
        ("f.docx", "PK"),
        ("g.csv", "id,role\nP1,chair\n"),
    ] {
        folder.write(name, contents);
        folder
            .run(&["attribute", "import", name, "--of", "participant"])
            .refused();
    }
    whole!(
        folder.line("attribute import c.csv --of participant"),
        str![[r#"
--- stderr
error: the table has no column with the ids of participants
hint: its first row names the columns; say which holds the ids with --id COLUMN, or call it `id`
--- status 1

"#]]
    );
    whole!(
        folder.line("attribute import f.docx --of participant"),
        str![[r#"
--- stderr
error: files that end in `.docx` are not read as tables
hint: save the table as .csv, .xlsx or .ods, with a first row of column names
--- status 1

"#]]
    );
    whole!(
        folder.line("attribute import g.csv --of participant"),
        str![[r#"
--- stderr
error: the table has no column but ids that could be an attribute
hint: facts such as a role or a date are set with: casebook participant edit
--- status 1

"#]]
    );
    whole!(
        folder.line("attribute import nowhere.csv --of participant"),
        str![[r#"
--- stderr
error: `nowhere.csv` can't be read: No such file or directory (os error 2)
hint: check that the file is there and may be read
--- status 1

"#]]
    );
}
