//! Goals and claims: what was said, what became of it as of any day, and how many cases that is.

use snapbox::str;

use crate::harness::{Folder, whole};
use crate::systems::systems;

/// Systems with a goal, claims from a coded document and from sources, and those who reached it.
fn claims() -> Folder {
    let folder = systems();
    folder
        .run(&[
            "goal",
            "add",
            "ics",
            "--name",
            "is an integrated care system",
            "--deadline",
            "2021-04-01",
            "--source",
            "the long-term plan",
        ])
        .done();
    folder.write(
        "in/a.txt",
        "Ten will be there by summer 2020, the chair hopes.\n\nEleven will stay at the back of the queue.\n",
    );
    folder.line("import in --kind document").done();
    folder.line("theme add claims").done();
    folder.line("code T01:1 claims").done();
    folder.line("code T01:2 claims").done();
    folder.write(
        "claims.csv",
        "case,goal,said,stance,planned,words,reason,source,coding,document\n\
         s10,ics,2019-10-15,plans,2020-06..2020-08-31,by summer 2020,,,1000001,\n\
         s10,ics,2020-09-01,plans,2021-01,,winter comes first,a board paper,,\n\
         s11,ics,2019-10-15,waits,,at the back of the queue,,,1000002,\n\
         s12,ics,2019-10-15,plans,2020-04,,,a journal,,T01\n\
         s13,ics,2019-10-15,plans,2021-06,,,a journal,,\n\
         s14,ics,2019-10-15,undecided,2019-10-15..2021-03-31,before April 2021,,a journal,,\n\
         s01,ics,2018-01-01,plans,2019-04,,,a plan,,\n\
         s02,ics,2018-01-01,doubts,,,money,a plan,,\n",
    );
    folder.line("claim import claims.csv").done();
    folder
        .line("goal reached ics s12 2020-12-01 --source list")
        .done();
    folder.line("goal reached ics s14 2021-04-01").done();
    folder.line("goal reached ics whole 2019-04-30").done();
    folder
}

#[test]
fn what_became_of_what_was_said() {
    let folder = claims();
    whole!(
        folder.line("claim list --as-of 2019-12-31"),
        str![[r#"
claim  case             goal  said        stance     planned                 words                     moved  outcome                                    deadline       reason  from
    7  s01 (now whole)  ics   2018-01-01  plans      2019-04                                                  kept, reached 2019-04-30 as whole          met                    a plan
    8  s02 (now whole)  ics   2018-01-01  doubts                                                              no date said, reached 2019-04-30 as whole  met            money   a plan
    1  s10              ics   2019-10-15  plans      2020-06..2020-08        by summer 2020                   open                                       ahead                  T01:1
    3  s11              ics   2019-10-15  waits                              at the back of the queue         no date said                               ahead                  T01:2
    4  s12              ics   2019-10-15  plans      2020-04                                                  open                                       ahead                  T01; a journal
    5  s13              ics   2019-10-15  plans      2021-06                                                  open                                       planned-later          a journal
    6  s14              ics   2019-10-15  undecided  2019-10-15..2021-03-31  before April 2021                open                                       ahead                  a journal
--- stderr
As of 2019-12-31. Slipped and overdue are counted in months from the month in which the planned time ended, and in days where they are fewer than 28.
ics: 6 cases, each by its newest claim: 3 plans, 1 waits, 1 undecided; 4 open, 1 no date said; deadline: 4 ahead, 1 planned-later; 1 case of which the newest claims differ.

"#]]
    );
    whole!(
        folder.line("claim list --as-of 2020-12-31"),
        str![[r#"
claim  case             goal  said        stance     planned                 words                     moved           outcome                                    deadline       reason              from
    7  s01 (now whole)  ics   2018-01-01  plans      2019-04                                                           kept, reached 2019-04-30 as whole          met                                a plan
    8  s02 (now whole)  ics   2018-01-01  doubts                                                                       no date said, reached 2019-04-30 as whole  met            money               a plan
    1  s10              ics   2019-10-15  plans      2020-06..2020-08        by summer 2020                            overdue by 4 months                        ahead                              T01:1
    2  s10              ics   2020-09-01  plans      2021-01                                           5 months later  open                                       ahead          winter comes first  a board paper
    3  s11              ics   2019-10-15  waits                              at the back of the queue                  no date said                               ahead                              T01:2
    4  s12              ics   2019-10-15  plans      2020-04                                                           slipped by 8 months, reached 2020-12-01    met                                T01; a journal
    5  s13              ics   2019-10-15  plans      2021-06                                                           open                                       planned-later                      a journal
    6  s14              ics   2019-10-15  undecided  2019-10-15..2021-03-31  before April 2021                         open                                       ahead                              a journal
--- stderr
As of 2020-12-31. Slipped and overdue are counted in months from the month in which the planned time ended, and in days where they are fewer than 28.
ics: 6 cases, each by its newest claim: 3 plans, 1 waits, 1 undecided; 1 slipped, 3 open, 1 no date said; deadline: 1 met, 3 ahead, 1 planned-later; 1 case of which the newest claims differ.

"#]]
    );
    whole!(
        folder.line("claim list"),
        str![[r#"
claim  case             goal  said        stance     planned                 words                     moved           outcome                                    deadline  reason              from
    7  s01 (now whole)  ics   2018-01-01  plans      2019-04                                                           kept, reached 2019-04-30 as whole          met                           a plan
    8  s02 (now whole)  ics   2018-01-01  doubts                                                                       no date said, reached 2019-04-30 as whole  met       money               a plan
    1  s10              ics   2019-10-15  plans      2020-06..2020-08        by summer 2020                            overdue by 9 months                        missed                        T01:1
    2  s10              ics   2020-09-01  plans      2021-01                                           5 months later  overdue by 4 months                        missed    winter comes first  a board paper
    3  s11              ics   2019-10-15  waits                              at the back of the queue                  no date said                               missed                        T01:2
    4  s12              ics   2019-10-15  plans      2020-04                                                           slipped by 8 months, reached 2020-12-01    met                           T01; a journal
    5  s13              ics   2019-10-15  plans      2021-06                                                           open                                       missed                        a journal
    6  s14              ics   2019-10-15  undecided  2019-10-15..2021-03-31  before April 2021                         slipped by 1 day, reached 2021-04-01       met                           a journal
--- stderr
As of 2021-05-01. Slipped and overdue are counted in months from the month in which the planned time ended, and in days where they are fewer than 28.
ics: 6 cases, each by its newest claim: 3 plans, 1 waits, 1 undecided; 2 slipped, 1 overdue, 1 open, 1 no date said; deadline: 2 met, 3 missed; 1 case of which the newest claims differ.

"#]]
    );
    whole!(
        folder.line("claim list --goal ics --case s10 --as-of 2021-03-01 --json"),
        str![[r#"
{
  "as_of": "2021-03-01",
  "claims": [
    {
      "claim": 1,
      "goal": "ics",
      "case": "s10",
      "now": [
        "s10"
      ],
      "said": "2019-10-15",
      "stance": "plans",
      "planned_from": "2020-06-01",
      "planned_to": "2020-08-31",
      "words": "by summer 2020",
      "reason": null,
      "source": null,
      "passage": {
        "coding": 1000001,
        "place": "T01:1",
        "held_back": null
      },
      "document": null,
      "outcome": "overdue",
      "months": 7,
      "days": 182,
      "deadline": "ahead",
      "reached": null,
      "reached_as": null,
      "moved_months": null,
      "newest": false
    },
    {
      "claim": 2,
      "goal": "ics",
      "case": "s10",
      "now": [
        "s10"
      ],
      "said": "2020-09-01",
      "stance": "plans",
      "planned_from": "2021-01-01",
      "planned_to": "2021-01-31",
      "words": null,
      "reason": "winter comes first",
      "source": "a board paper",
      "passage": null,
      "document": null,
      "outcome": "overdue",
      "months": 2,
      "days": 29,
      "deadline": "ahead",
      "reached": null,
      "reached_as": null,
      "moved_months": 5,
      "newest": true
    }
  ],
  "counts": [
    {
      "goal": "ics",
      "cases": 1,
      "stances": {
        "plans": 1
      },
      "outcomes": {
        "overdue": 1
      },
      "deadline": {
        "ahead": 1
      },
      "differ": 0
    }
  ],
  "held_back": 0
}
--- stderr
As of 2021-03-01. Slipped and overdue are counted in months from the month in which the planned time ended, and in days where they are fewer than 28.
ics: 1 case, each by its newest claim: 1 plans; 1 overdue; deadline: 1 ahead.

"#]]
    );
    // Who asks for what three became sees what they said.
    whole!(
        folder.line("claim list --case whole --as-of 2018-08-01 --csv"),
        str![[r#"
claim,case,goal,said,stance,planned,words,moved,outcome,deadline,reason,from
7,s01 (now whole),ics,2018-01-01,plans,2019-04,,,open,ahead,,a plan
8,s02 (now whole),ics,2018-01-01,doubts,,,,no date said,ahead,money,a plan
--- stderr
As of 2018-08-01. Slipped and overdue are counted in months from the month in which the planned time ended, and in days where they are fewer than 28.
ics: 1 case, each by its newest claim: 1 case of which the newest claims differ.

"#]]
    );
    whole!(
        folder.line("claim show 7 --as-of 2018-07-31"),
        str![[r#"
claim 7  s01 · ics
said on 2018-01-01: plans, 2019-04
  from: a plan
on 2018-07-31: open; deadline ahead

"#]]
    );
    whole!(
        folder.line("claim show 7 --as-of 2019-04-30"),
        str![[r#"
claim 7  s01 (now whole) · ics
said on 2018-01-01: plans, 2019-04
  from: a plan
on 2019-04-30: kept, reached 2019-04-30 as whole; deadline met

"#]]
    );
    whole!(
        folder.line("claim show 7 --as-of 2017-07-31"),
        str![[r#"
--- stderr
error: claim 7 had not been made by 2017-07-31
hint: it was said on 2018-01-01
--- status 1

"#]]
    );
    whole!(
        folder.line("claim show 99"),
        str![[r#"
--- stderr
error: no claim `99`
hint: see what there is with: casebook claim list
--- status 1

"#]]
    );
    whole!(
        folder.line("goal list --as-of 2020-12-31"),
        str![[r#"
goal  name                          deadline    claims  reached  source
ics   is an integrated care system  2021-04-01       8        2  the long-term plan
--- stderr
Reached: by how many cases, as they were when they reached it.

"#]]
    );
    whole!(
        folder.line("goal show ics"),
        str![[r#"
case   reached     deadline  source
whole  2019-04-30  met
s12    2020-12-01  met       list
s14    2021-04-01  met
--- stderr
is an integrated care system, by 2021-04-01. Source: the long-term plan
Reached by 3 cases; 8 claims about it.

"#]]
    );
    whole!(
        folder.line("goal show ics --json"),
        str![[r#"
{
  "goal": "ics",
  "name": "is an integrated care system",
  "deadline": "2021-04-01",
  "source": "the long-term plan",
  "claims": 8,
  "reached": [
    {
      "case": "whole",
      "date": "2019-04-30",
      "source": null,
      "by_deadline": true
    },
    {
      "case": "s12",
      "date": "2020-12-01",
      "source": "list",
      "by_deadline": true
    },
    {
      "case": "s14",
      "date": "2021-04-01",
      "source": null,
      "by_deadline": true
    }
  ]
}
--- stderr
is an integrated care system, by 2021-04-01. Source: the long-term plan
Reached by 3 cases; 8 claims about it.

"#]]
    );
    whole!(
        folder.line("case remove whole --dry-run"),
        str![[r#"
--- stderr
Removing case whole takes 4 links, 0 values and 0 memos with it; 0 participants lose it; it takes 3 dated codes, 1 day of reaching a goal too

"#]]
    );
    folder.sound();
}

#[test]
fn claims_and_goals_are_refused_with_reasons() {
    let folder = claims();
    for (line, run) in [
        (
            "goal add ics",
            str![[r#"
--- stderr
error: goal `ics` exists already
hint: change it with: casebook goal edit ics
--- status 1

"#]],
        ),
        (
            "goal add later --deadline soon",
            str![[r#"
--- stderr
error: invalid value 'soon' for '--deadline <DATE>': dates are written as in 2021-04-30

For more information, try '--help'.
--- status 2

"#]],
        ),
        (
            "goal show icf",
            str![[r#"
--- stderr
error: no goal `icf`
hint: did you mean `ics`?
--- status 1

"#]],
        ),
        (
            "goal reached ics s13",
            str![[r#"
--- stderr
error: the following required arguments were not provided:
  <DATE>

Usage: casebook goal reached --coder <NAME> <GOAL> <CASE> <DATE>

For more information, try '--help'.
--- status 2

"#]],
        ),
        (
            "goal reached ics s13 2022-01-01",
            str![[r#"
--- stderr
error: it would be reached on 2022-01-01, which is still to come
hint: put down what has been; what is planned is a claim: casebook claim add
--- status 1

"#]],
        ),
        (
            "goal reached ics s13 --not",
            str![[r#"
--- stderr
error: `s13` has not reached `ics`
hint: see who has with: casebook goal show ics
--- status 1

"#]],
        ),
        (
            "goal edit ics --deadline never",
            str![[r#"
--- stderr
error: dates are written as in 2021-04-30
hint: an empty one takes it away
--- status 1

"#]],
        ),
        (
            "goal remove ics",
            str![[r#"
--- stderr
error: removing goal ics takes 8 claims and 3 days of reaching it with it: not done, as nobody was there to confirm it
hint: add --yes to confirm, or --dry-run to see what it would do
--- status 1

"#]],
        ),
        (
            "claim add s20 ics --said 2020-01-01 --stance plans",
            str![[r#"
--- stderr
error: the claim has no source
hint: say who says so (--source), which coded passage (--coding N) or which document of the study (--document ID)
--- status 1

"#]],
        ),
        (
            "claim add s20 ics --said 2022-01-01 --stance plans --source x",
            str![[r#"
--- stderr
error: it would be said on 2022-01-01, which is still to come
hint: put down what has been; what is planned is a claim: casebook claim add
--- status 1

"#]],
        ),
        (
            "claim add s20 ics --said 2020-01-01 --stance hopes --source x",
            str![[r#"
--- stderr
error: invalid value 'hopes' for '--stance <STANCE>': `hopes` is no stance

For more information, try '--help'.
hint: it may be one of: plans, waits, undecided, doubts
--- status 2

"#]],
        ),
        (
            "claim add s20 ics --said 2020-01-01 --stance plans --planned soon --source x",
            str![[r#"
--- stderr
error: `soon` is no planned time
hint: it is written as a month (2020-04), a year, a quarter (2020-Q2), a day, or from one to another: 2020-06..2020-08-31
--- status 1

"#]],
        ),
        (
            "claim add s20 ics --said 2020-01-01 --stance plans --planned 2019 --source x",
            str![[r#"
--- stderr
error: the planned time ended on 2019-12-31, before it was said on 2020-01-01
hint: mend the one or the other; what was reached is put down with: casebook goal reached
--- status 1

"#]],
        ),
        (
            "claim add s20 ics --said 2020-01-01 --stance plans --coding 3",
            str![[r#"
--- stderr
error: no coding `3`
hint: see codings and their numbers with: casebook quotes
--- status 1

"#]],
        ),
        (
            "claim add s20 iks --said 2020-01-01 --stance plans --source x",
            str![[r#"
--- stderr
error: no goal `iks`
hint: see what there is with: casebook goal list
--- status 1

"#]],
        ),
        (
            "claim remove 99",
            str![[r#"
--- stderr
error: no claim `99`
hint: see what there is with: casebook claim list
--- status 1

"#]],
        ),
    ] {
        whole!(folder.line(line), run);
    }
    folder.write(
        "bad.csv",
        "case,goal,said,stance,planned,source,coding\n\
         s20,ics,2020-01-01,plans,2020-13,x,\n\
         s20,ics,soon,plans,,x,\n\
         s20,ics,2020-01-01,plans,,,one\n\
         s20,ics,,plans,,x,\n\
         nobody,ics,2020-01-01,plans,,x,\n\
         s20,ics,2020-01-01,plans,2021,x,\n",
    );
    whole!(
        folder.line("claim import bad.csv"),
        str![[r#"
1 claim added, 0 edited, 0 unchanged
  line 2 did not fit: `2020-13` is no planned time
  line 3 did not fit: `soon` is no date
  line 4 did not fit: `one` is no coding's number
  line 5 did not fit: `said` is empty
  line 6 did not fit: no case `nobody`
--- stderr
(event 14; to take it back: casebook undo)
error: 5 rows did not fit; the rest is in
hint: it is written as a month (2020-04), a year, a quarter (2020-Q2), a day, or from one to another: 2020-06..2020-08-31
--- status 1

"#]]
    );
    let before = folder.dump();
    folder.line("claim import claims.csv").done();
    assert_eq!(folder.dump(), before);
    folder.sound();
}

#[test]
fn goals_are_changed_and_taken_back() {
    let folder = claims();
    folder
        .run(&[
            "goal",
            "edit",
            "ics",
            "--deadline",
            "",
            "--name",
            "is a system",
        ])
        .done();
    folder.line("goal reached ics s12 2020-04-15").done();
    whole!(
        folder.line("claim show 4"),
        str![[r#"
claim 4  s12 · ics
said on 2019-10-15: plans, 2020-04
  from: T01; a journal
on 2021-05-01: kept, reached 2020-04-15

"#]]
    );
    whole!(
        folder.line("goal reached ics s12 --not"),
        str![[r#"
--- stderr
s12 has not reached ics.  (event 16; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("claim show 4"),
        str![[r#"
claim 4  s12 · ics
said on 2019-10-15: plans, 2020-04
  from: T01; a journal
on 2021-05-01: overdue by 13 months

"#]]
    );
    whole!(
        folder.line("claim remove 4 5"),
        str![[r#"
--- stderr
Removed 2 claims.  (event 17; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("goal remove ics --yes"),
        str![[r#"
--- stderr
Removed goal ics.  (event 18; to take it back: casebook undo)

"#]]
    );
    folder.line("undo").done();
    whole!(
        folder.line("goal show ics"),
        str![[r#"
case   reached     deadline  source
whole  2019-04-30
s14    2021-04-01
--- stderr
is a system. Source: the long-term plan
Reached by 2 cases; 6 claims about it.

"#]]
    );
    folder.sound();
}

/// A passage that goes leaves the document as a claim's source; a document that goes takes claims that had no other.
#[test]
fn a_claim_keeps_its_source() {
    let folder = claims();
    whole!(
        folder.line("claim show 1 --as-of 2019-12-31"),
        str![[r#"
claim 1  s10 · ics
said on 2019-10-15: plans, 2020-06..2020-08
  words: by summer 2020
  from: T01:1
on 2019-12-31: open; deadline ahead

"#]]
    );
    folder.line("uncode 1000001").done();
    whole!(
        folder.line("claim show 1 --as-of 2019-12-31"),
        str![[r#"
claim 1  s10 · ics
said on 2019-10-15: plans, 2020-06..2020-08
  words: by summer 2020
  from: T01
on 2019-12-31: open; deadline ahead

"#]]
    );
    folder.line("transcript remove T01 --yes").done();
    whole!(
        folder.line("claim show 1"),
        str![[r#"
--- stderr
error: no claim `1`
hint: see what there is with: casebook claim list
--- status 1

"#]]
    );
    whole!(
        folder.line("claim show 4"),
        str![[r#"
claim 4  s12 · ics
said on 2019-10-15: plans, 2020-04
  from: a journal
on 2021-05-01: slipped by 8 months, reached 2020-12-01; deadline met

"#]]
    );
    folder.sound();
    folder.line("undo").done();
    folder.line("claim show 1").done();
    folder.sound();
}

/// What was written down of an erased person's words keeps none of them, in the file or in the record; what others said
/// stays.
#[test]
fn an_erase_takes_the_words_that_rest_on_it() {
    let folder = Folder::with_study();
    folder.line("case add north").done();
    folder.line("case add south").done();
    folder.line("participant add P7 --case north").done();
    folder.line("participant add P1 --case north").done();
    folder.write(
        "in/solo.txt",
        "INTERVIEWER: When?\n\nP7: Next spring, if the money comes, as I told them.\n",
    );
    folder.write(
        "in/group.txt",
        "Seven: We shall be there by autumn, whatever they say of us.\n\nOne: We shall wait until the others have done it.\n",
    );
    folder
        .line("import in/group.txt --id T01 --speaker Seven=P7 --speaker One=P1")
        .done();
    folder
        .line("import in/solo.txt --id T02 --participant P7 --speaker P7=P7")
        .done();
    folder.line("theme add claims").done();
    for place in ["T01:1", "T01:2", "T02:2"] {
        folder.line(&format!("code {place} claims")).done();
    }
    folder.line("goal add ready").done();
    folder.write(
        "claims.csv",
        "case,goal,said,stance,words,reason,source,coding,document\n\
         north,ready,2020-01-01,plans,sentinelaa,sentinelab,,1000001,\n\
         north,ready,2020-01-02,waits,after others,they wait,,1000002,\n\
         north,ready,2020-01-03,plans,sentinelac,sentinelad,,2000001,\n\
         north,ready,2020-01-04,plans,sentinelae,sentinelaf,a list,2000001,\n\
         north,ready,2020-01-05,plans,sentinelag,,a list,,T02\n",
    );
    folder.line("claim import claims.csv").done();
    folder
        .run(&[
            "cohort",
            "add",
            "first",
            "--document",
            "T02",
            "--why",
            "sentinelba of all",
        ])
        .done();
    folder
        .run(&[
            "cohort",
            "member",
            "first",
            "north",
            "--coding",
            "1000001",
            "--why",
            "sentinelbb there",
        ])
        .done();
    folder
        .run(&[
            "cohort",
            "member",
            "first",
            "south",
            "--coding",
            "1000002",
            "--why",
            "others wait",
        ])
        .done();
    folder.write(
        "ladder.yaml",
        "slug: ladder\nname: Ladder\nsource: us\nstages: [bottom, top]\ndomains: []\n",
    );
    folder.line("maturity import ladder.yaml").done();
    folder.write(
        "seen.csv",
        "case,maturity,stage,date,by,why,coding,document\n\
         north,ladder,top,2020-01-01,self,sentinelca here,1000001,\n\
         south,ladder,top,2020-01-01,self,sentinelcb here,,T02\n\
         south,ladder,top,2020-02-01,other,one said so,1000002,\n",
    );
    folder.line("assessment import seen.csv").done();
    // One that was edited and one that is gone are in the record only.
    folder
        .run(&["assessment", "edit", "1", "--why", "sentinelcc then"])
        .done();
    folder.line("claim remove 1").done();
    for file in ["claims.csv", "seen.csv", "in/solo.txt", "in/group.txt"] {
        std::fs::remove_file(folder.join(file)).expect("it was there");
    }
    folder
        .line("withdraw P7 --mode erase --yes --unassigned others")
        .done();
    let bytes = std::fs::read(folder.join(crate::harness::STUDY)).expect("the study");
    let whole = String::from_utf8_lossy(&bytes);
    let left: Vec<&str> = whole
        .match_indices("sentinel")
        .map(|(at, _)| whole.get(at..at + 10).unwrap_or_default())
        .collect();
    assert!(left.is_empty(), "{left:?}");
    whole!(
        folder.line("claim list"),
        str![[r#"
claim  case   goal   said        stance  planned  words         moved  outcome       deadline  reason     from
    2  north  ready  2020-01-02  waits            after others         no date said            they wait  T01:2
    4  north  ready  2020-01-04  plans                                 no date said                       a list
    5  north  ready  2020-01-05  plans                                 no date said                       a list
--- stderr
As of 2021-05-01. Slipped and overdue are counted in months from the month in which the planned time ended, and in days where they are fewer than 28.
ready: 1 case, each by its newest claim: 1 plans; 1 no date said.

"#]]
    );
    whole!(
        folder.line("cohort show first"),
        str![[r#"
case   name   from  until  part  became  why          source  passage
north  north
south  south                             others wait          T01:2
--- stderr
first.
2 cases named; 0 in part, 0 joined later.

"#]]
    );
    whole!(
        folder.line("assessment list"),
        str![[r#"
assessment  case   framework  domain   stage  date        by     assessor  confidence  rests on  source
         1  north  ladder     overall  top    2020-01-01  self                         T01
         2  south  ladder     overall  top    2020-01-01  self
         3  south  ladder     overall  top    2020-02-01  other                        T01:2

"#]]
    );
    whole!(
        folder.line("assessment show 3"),
        str![[r#"
assessment 3  south
ladder, overall: top (stage 2 of 2)
2020-02-01 by other
  why: one said so
  rests on T01:2

"#]]
    );
    folder.line("erase verify P7").done();
    folder.line("log verify").done();
    folder.sound();
}
