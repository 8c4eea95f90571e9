//! `progress` and `plan`: who is recruited, interviewed, transcribed, coded and debriefed, against what was planned.

use serde_json::Value;
use snapbox::str;

use crate::harness::{Folder, invented, whole};

/// Two cases (one with a part), two phases, seven participants: three interviewed, one of them in both phases.
fn small() -> Folder {
    let folder = Folder::with_study();
    for line in [
        "case add north",
        "case add south",
        "case add town --part-of south",
        "case add trust --partner-of south",
        "phase add one --from 2020-01-01",
        "phase add two --from 2021-01-01",
        "participant add P1 --case north --role chair",
        "participant add P2 --case north --role nurse",
        "participant add P3 --case town --role Nurse",
        "participant add P4 --case south",
        "participant add P5 --case south --role chair",
        "participant add P6 --role nurse",
        "participant add P10 --case trust --role chair",
    ] {
        folder.line(line).done();
    }
    for (name, options) in [
        ("a", "--participant P1 --phase one --case north"),
        ("b", "--participant P1 --phase two --case north"),
        (
            "c",
            "--participant P2 --phase one --case north --date 2020-02-03",
        ),
        ("d", "--participant P3 --phase two --case town"),
        ("e", "--participant P6 --kind document"),
    ] {
        folder.write(
            &format!("{name}.txt"),
            format!("Q: Why is that, {name}?\n\nA: Because it is so.\n"),
        );
        folder
            .line(&format!(
                "import {name}.txt --speaker Q=interviewer {options}"
            ))
            .done();
    }
    folder.line("theme add reason").done();
    for (place, coder) in [
        ("T01:2", "mara"),
        ("T02:2", "mara"),
        ("T01:2", "jo"),
        ("T03:2", "jo"),
        ("T03:2", "mara"),
    ] {
        folder
            .line(&format!("code {place} reason --coder {coder}"))
            .done();
    }
    folder.line("autocode so reason --name so").done();
    folder
}

#[test]
fn what_data_and_marks_show() {
    let folder = small();
    whole!(
        folder.line("progress"),
        str![[r#"
stage          participants  percent
invited                   0      0.0
recruited                 3     42.9  ████████████▉
interviewed               3     42.9  ████████████▉
transcribed               3     42.9  ████████████▉
coded                     2     28.6  ████████▋
coded twice               1     14.3  ████▎
debriefed                 0      0.0
declined                  0      0.0
dropped out               0      0.0
nothing known             4     57.1  █████████████████▏
--- stderr
Percentages are of 7 participants.
A participant is counted at every stage that is known to be reached.
No sampling plan yet. Add to it with: casebook plan add --case SLUG --wanted N

"#]]
    );
    whole!(
        folder.line("progress mark P4 p5 invited --date 2020-01-10"),
        str![[r#"
--- stderr
Marked 2 participants as invited.  (event 27; to take it back: casebook undo)

"#]]
    );
    folder.line("progress mark P4 recruited").done();
    folder.line("progress mark P5 declined").done();
    folder
        .line("progress mark P2 dropped-out --phase two --date 2021-02-01")
        .done();
    folder
        .line("progress mark P6 interviewed --phase two")
        .done();
    folder
        .line("progress mark P1 debriefed --date 2021-04-30")
        .done();
    whole!(
        folder.line("progress list"),
        str![[r#"
id   role   cases  invited  recruited  interviewed  transcribed  coded  coded twice  debriefed  left
P1   chair  north  ?        yes        yes          yes          yes    no           yes
P2   nurse  north  ?        yes        yes          yes          yes    yes          ?          dropped out
P3   Nurse  town   ?        yes        yes          yes          no     no           ?
P4          south  yes      yes        ?            ?            ?      ?            ?
P5   chair  south  yes      no         no           no           no     no           ?          declined
P6   nurse         ?        yes        yes          no           no     no           ?
P10  chair  trust  ?        ?          ?            ?            ?      ?            ?
--- stderr
7 participants. `?`: neither a transcript nor a mark says so.

"#]]
    );
    whole!(
        folder.line("progress list --without coded-twice --case south"),
        str![[r#"
id  role   cases  invited  recruited  interviewed  transcribed  coded  coded twice  debriefed  left
P3  Nurse  town   ?        yes        yes          yes          no     no           ?
P4         south  yes      yes        ?            ?            ?      ?            ?
--- stderr
2 participants. `?`: neither a transcript nor a mark says so.

"#]]
    );
    whole!(
        folder.line("progress show P2"),
        str![[r#"
P2  nurse  north
invited      ?
recruited    yes
interviewed  yes
transcribed  yes
coded        yes
coded twice  yes
debriefed    ?

transcript T03  interview  one  2020-02-03  coded by jo, mara
mark dropped-out  two  2021-02-01

"#]]
    );
    whole!(
        folder.line("progress show P10"),
        str![[r#"
P10  chair  trust
invited      ?
recruited    ?
interviewed  ?
transcribed  ?
coded        ?
coded twice  ?
debriefed    ?

"#]]
    );
    whole!(
        folder.line("progress show P2 --json"),
        str![[r#"
{
  "participant": "P2",
  "role": "nurse",
  "cases": [
    "north"
  ],
  "stages": {
    "invited": null,
    "recruited": true,
    "interviewed": true,
    "transcribed": true,
    "coded": true,
    "coded_twice": true,
    "debriefed": null,
    "declined": false,
    "dropped_out": true
  },
  "marks": [
    {
      "stage": "dropped-out",
      "phase": "two",
      "date": "2021-02-01"
    }
  ],
  "transcripts": [
    {
      "transcript": "T03",
      "kind": "interview",
      "phase": "one",
      "date": "2020-02-03",
      "coders": [
        "jo",
        "mara"
      ]
    }
  ]
}

"#]]
    );
    whole!(
        folder.line("progress"),
        str![[r#"
stage          participants  percent
invited                   2     28.6  ████████▋
recruited                 5     71.4  █████████████████████▍
interviewed               4     57.1  █████████████████▏
transcribed               3     42.9  ████████████▉
coded                     2     28.6  ████████▋
coded twice               1     14.3  ████▎
debriefed                 1     14.3  ████▎
declined                  1     14.3  ████▎
dropped out               1     14.3  ████▎
nothing known             1     14.3  ████▎
--- stderr
Percentages are of 7 participants.
A participant is counted at every stage that is known to be reached.
No sampling plan yet. Add to it with: casebook plan add --case SLUG --wanted N

"#]]
    );
    whole!(
        folder.line("progress --by phase"),
        str![[r#"
phase   participants  invited  recruited  interviewed  transcribed  coded  coded twice  debriefed  declined  dropped out  nothing known
one                2        0          2            2            2      2            2          0         0            0              0
two                4        0          3            3            2      1            0          0         0            1              0
(none)             4        2          1            0            0      0            0          1         1            0              1
total              7        2          5            4            3      2            1          1         1            1              1
--- stderr
The total counts each participant once.
A participant is counted at every stage that is known to be reached.
No sampling plan yet. Add to it with: casebook plan add --case SLUG --wanted N

"#]]
    );
    whole!(
        folder.line("progress --by case"),
        str![[r#"
case    participants  invited  recruited  interviewed  transcribed  coded  coded twice  debriefed  declined  dropped out  nothing known
north              2        0          2            2            2      2            1          1         0            1              0
south              3        2          2            1            1      0            0          0         1            0              0
town               1        0          1            1            1      0            0          0         0            0              0
trust              1        0          0            0            0      0            0          0         0            0              1
(none)             1        0          1            1            0      0            0          0         0            0              0
total              7        2          5            4            3      2            1          1         1            1              1
--- stderr
The total counts each participant once.
A participant is counted at every stage that is known to be reached.
No sampling plan yet. Add to it with: casebook plan add --case SLUG --wanted N

"#]]
    );
    whole!(
        folder.line("progress --by role --phase two --csv"),
        str![[r#"
role,participants,invited,recruited,interviewed,transcribed,coded,coded twice,debriefed,declined,dropped out,nothing known,wanted,to recruit,to interview,percent
chair,1,0,1,1,1,1,0,0,0,0,0,n/a,n/a,n/a,n/a
nurse,3,0,2,2,1,0,0,0,0,1,0,n/a,n/a,n/a,n/a
total,4,0,3,3,2,1,0,0,0,1,0,n/a,n/a,n/a,n/a
--- stderr
The total counts each participant once.
Percentages are of participants interviewed, of those wanted; n/a: the plan has no line for this group alone.
A participant is counted at every stage that is known to be reached.

"#]]
    );
    folder.sound();
}

#[test]
fn a_plan_and_what_is_missing() {
    let folder = small();
    whole!(
        folder.line("plan list"),
        str![[r#"
--- stderr
No sampling plan yet. Add to it with: casebook plan add --case SLUG --wanted N

"#]]
    );
    whole!(
        folder.line("plan add --case south --wanted 4"),
        str![[r#"
--- stderr
Added quota 1.  (event 27; to take it back: casebook undo)

"#]]
    );
    folder
        .line("plan add --case north --phase two --role nurse --wanted 1")
        .done();
    folder.line("plan add --role NURSE --wanted 2").done();
    whole!(
        folder.line("plan add --role bishop --wanted 1"),
        str![[r#"
--- stderr
Added quota 4.  (event 30; to take it back: casebook undo)
No participant has that role yet.

"#]]
    );
    folder.line("progress mark P4 recruited").done();
    whole!(
        folder.line("plan list"),
        str![[r#"
quota  case        phase  role    wanted  recruited  interviewed  to recruit  to interview  percent
    1  south       any    any          4          2            1           2             3     25.0  █████
    2  north       two    nurse        1          0            0           1             1      0.0
    3  any         any    NURSE        2          2            2           0             0    100.0  ████████████████████
    4  any         any    bishop       1          0            0           1             1      0.0
       all places                      8          4            3           4             5     37.5  ███████▌
--- stderr
Who fills places of two lines is counted in both; what one line has too many fills no other.
The plan's percentages are of participants interviewed, of those wanted.

"#]]
    );
    whole!(
        folder.line("plan show 1"),
        str![[r#"
quota  case   phase  role  wanted  recruited  interviewed  to recruit  to interview  percent
    1  south  any    any        4          2            1           2             3     25.0  █████
interviewed: P3
recruited only: P4

"#]]
    );
    whole!(
        folder.line("plan add --role nurse --wanted 5"),
        str![[r#"
--- stderr
error: quota 3 is for the same participants
hint: change how many are wanted: casebook plan edit 3 --wanted 5
--- status 1

"#]]
    );
    whole!(
        folder.line("plan edit 4 --role nurse"),
        str![[r#"
--- stderr
error: quota 3 is for the same participants
hint: change how many are wanted: casebook plan edit 3 --wanted 1
--- status 1

"#]]
    );
    folder.line("plan edit 3 --wanted 3").done();
    whole!(
        folder.line("plan edit 3 --wanted 3"),
        str![[r#"
--- stderr
Nothing to change.

"#]]
    );
    whole!(
        folder.line("plan edit 3"),
        str![[r#"
--- stderr
error: nothing to change was named
hint: as in: casebook plan edit 3 --wanted 6
--- status 1

"#]]
    );
    whole!(
        folder.line("plan remove 4 2"),
        str![[r#"
--- stderr
Removed 2 quotas.  (event 33; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("plan remove 4"),
        str![[r#"
--- stderr
error: no quota `4`
hint: see what there is with: casebook plan list
--- status 1

"#]]
    );
    whole!(
        folder.line("progress --by role"),
        str![[r#"
Progress by role
role    participants  invited  recruited  interviewed  transcribed  coded  coded twice  debriefed  declined  dropped out  nothing known  wanted  to recruit  to interview  percent
chair              3        0          1            1            1      1            0          0         0            0              2     n/a         n/a           n/a      n/a
nurse              3        0          2            2            2      1            1          0         0            0              1       3           1             1     66.7  ██████▋
(none)             1        0          1            0            0      0            0          0         0            0              0     n/a         n/a           n/a      n/a
total              7        0          4            3            3      2            1          0         0            0              3     n/a         n/a           n/a      n/a

Sampling plan
quota  case        phase  role   wanted  recruited  interviewed  to recruit  to interview  percent
    1  south       any    any         4          2            1           2             3     25.0  █████
    3  any         any    NURSE       3          2            2           1             1     66.7  █████████████▍
       all places                     7          4            3           3             4     42.9  ████████▋
--- stderr
The total counts each participant once.
Percentages are of participants interviewed, of those wanted; n/a: the plan has no line for this group alone.
A participant is counted at every stage that is known to be reached.
Who fills places of two lines is counted in both; what one line has too many fills no other.
The plan's percentages are of participants interviewed, of those wanted.

"#]]
    );
    let view: Value = folder.line("progress --json").done().json();
    assert_eq!(view["plan"]["quotas"][0]["to_interview"], 3);
    assert_eq!(view["plan"]["places"]["wanted"], 7);
    let some: Value = folder.line("progress --case north --json").done().json();
    assert!(some["plan"].is_null(), "a plan is for all");
    whole!(
        folder.line("log --limit 4"),
        str![[r#"
event  at                    coder  what                   rows  note
   33  2021-05-01T09:00:00Z  mara   remove quota 4, 2         2
   32  2021-05-01T09:00:00Z  mara   edit quota 3              1
   31  2021-05-01T09:00:00Z  mara   mark P4 recruited         1
   30  2021-05-01T09:00:00Z  mara   add quota 4: 1 wanted     1

"#]]
    );
}

#[test]
fn marks_are_made_and_taken_away() {
    let folder = small();
    folder.line("progress mark P1 P2 P1 recruited").done();
    whole!(
        folder.line("progress mark P1 recruited"),
        str![[r#"
--- stderr
Nothing to change.

"#]]
    );
    whole!(
        folder.line("progress mark P1 recruited --date 2020-01-05"),
        str![[r#"
--- stderr
Marked 1 participant as recruited.  (event 28; to take it back: casebook undo)

"#]]
    );
    // Without a day, the day that is there stays.
    whole!(
        folder.line("progress mark P1 recruited"),
        str![[r#"
--- stderr
Nothing to change.

"#]]
    );
    let before = folder.dump();
    whole!(
        folder.line("progress unmark P1 P3 recruited"),
        str![[r#"
--- stderr
error: `P3` has no mark `recruited` without a phase
hint: see the marks with: casebook progress show P3
--- status 1

"#]]
    );
    whole!(
        folder.line("progress unmark P1 recruited --phase one"),
        str![[r#"
--- stderr
error: `P1` has no mark `recruited` in phase `one`
hint: see the marks with: casebook progress show P1
--- status 1

"#]]
    );
    whole!(
        folder.line("progress mark P1 hired"),
        str![[r#"
--- stderr
error: `hired` is no stage of fieldwork
hint: it may be one of: invited, recruited, declined, dropped-out, interviewed, debriefed
--- status 1

"#]]
    );
    whole!(
        folder.line("progress mark P99 recruited"),
        str![[r#"
--- stderr
error: no participant `P99`
hint: see what there is with: casebook participant list
--- status 1

"#]]
    );
    whole!(
        folder.line("progress mark recruited"),
        str![[r#"
--- stderr
error: 2 values required by '<ID… STAGE> <ID… STAGE>...'; only 1 was provided

Usage: casebook progress mark [OPTIONS] <ID… STAGE> <ID… STAGE>...

For more information, try '--help'.
--- status 2

"#]]
    );
    assert_eq!(before, folder.dump(), "what is refused changes nothing");
    whole!(
        folder.line("progress unmark P2 p1 recruited"),
        str![[r#"
--- stderr
Took the mark recruited from 2 participants.  (event 29; to take it back: casebook undo)

"#]]
    );
    folder.line("undo").done();
    assert_eq!(
        folder.line("progress list --json").done().json::<Value>()["participants"][0]["marks"][0]["date"],
        "2020-01-05"
    );
    folder.sound();
}

/// What leans on a participant, a case or a phase goes with it, and comes back with it.
#[test]
fn marks_and_quotas_go_with_what_they_name() {
    let folder = small();
    folder.line("case add west").done();
    folder.line("progress mark P2 recruited --phase one").done();
    folder.line("plan add --case west --wanted 3").done();
    folder.line("plan add --phase one --wanted 3").done();
    let before = folder.dump();
    folder.line("participant remove P2 --yes").done();
    folder.line("case remove west --yes").done();
    folder.line("phase remove one --yes").done();
    let view: Value = folder.line("plan list --json").done().json();
    assert_eq!(view["quotas"].as_array().map(Vec::len), Some(0));
    for _ in 0..3 {
        folder.line("undo").done();
    }
    assert_eq!(before, folder.dump());
    folder.sound();
}

#[test]
fn a_study_with_nobody_in_it() {
    let folder = Folder::with_study();
    whole!(
        folder.line("progress"),
        str![[r#"
--- stderr
No participants here. Add one with: casebook participant add P01 --role ROLE --case SLUG
A participant is counted at every stage that is known to be reached.
No sampling plan yet. Add to it with: casebook plan add --case SLUG --wanted N

"#]]
    );
    whole!(
        folder.line("progress --by case --case nowhere"),
        str![[r#"
--- stderr
error: no case `nowhere`
hint: see what there is with: casebook case list
--- status 1

"#]]
    );
    whole!(
        folder.line("progress list"),
        str![[r#"
--- stderr
Nobody here.
0 participants. `?`: neither a transcript nor a mark says so.

"#]]
    );
    whole!(
        folder.line("plan add --wanted 0"),
        str![[r#"
--- stderr
error: invalid value '0' for '--wanted <N>': write a whole number from 1 to 1,000,000

For more information, try '--help'.
--- status 2

"#]]
    );
}

/// The invented study: everybody was interviewed, and two people coded all of it.
#[test]
fn the_invented_study() {
    whole!(
        invented().line("progress --by case"),
        str![[r#"
case         participants  invited  recruited  interviewed  transcribed  coded  coded twice  debriefed  declined  dropped out  nothing known
alder                   5        0          5            5            5      5            5          0         0            0              0
birch                   5        0          5            5            5      5            5          0         0            0              0
birch-coast             1        0          1            1            1      1            1          0         0            0              0
cedar                   6        0          6            6            6      6            6          0         0            0              0
cedar-east              3        0          3            3            3      3            3          0         0            0              0
total                  16        0         16           16           16     16           16          0         0            0              0
--- stderr
The total counts each participant once.
A participant is counted at every stage that is known to be reached.
No sampling plan yet. Add to it with: casebook plan add --case SLUG --wanted N

"#]]
    );
    let folder = Folder::invented();
    folder.line("plan add --case alder --wanted 6").done();
    whole!(
        folder.line("progress --by case -o progress.csv"),
        str![[r#"
--- stderr
error: a .csv file holds one table, and there are 2
hint: end the file's name in `.xlsx`, `.md`, `.html` or `.json`
--- status 1

"#]]
    );
    folder.line("plan list -o plan.csv").done();
    folder.line("saturation -o saturation.xlsx").done();
    whole!(
        folder.line("progress --by case -o progress.md"),
        str![[r#"
--- stderr
Wrote 2 tables with 7 rows to progress.md.

"#]]
    );
    assert_eq!(
        folder.read("plan.csv").lines().last(),
        Some("1,alder,any,any,6,5,5,1,1,83.3")
    );
    let page = folder.read("progress.md");
    assert!(page.contains("| alder") && page.contains("83.3"), "{page}");
}
