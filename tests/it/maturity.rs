//! Maturity frameworks and assessments: stages side by side and over time, never summed.

use snapbox::str;

use crate::harness::{Folder, whole};

const FRAMEWORK: &str = "slug: ladder
name: The ladder
version: '2'
source: An invented body, Ladders, 2019
stages: [bottom, middle, top]
domains:
  - slug: leading
    name: Leading together
    statements:
      bottom: no shared plan
      top: [one plan, one voice]
  - slug: money
    name: Money
    statements:
      middle: [the gap is known]
";

/// Two cases, a framework, a coded passage and a document.
pub(crate) fn framework() -> Folder {
    let folder = Folder::with_study();
    folder.line("case add alder --kind system").done();
    folder.line("case add birch --kind system").done();
    folder.write("ladder.yaml", FRAMEWORK);
    folder.write(
        "in/a.txt",
        "INTERVIEWER: Where are you?\n\nA: In the middle, I should say. We have one plan.\n",
    );
    folder.line("import in --kind document").done();
    folder.line("theme add stage").done();
    folder.line("code T01:2 stage").done();
    folder.line("maturity import ladder.yaml").done();
    folder
}

#[test]
fn a_framework_is_data() {
    let folder = framework();
    whole!(
        folder.line("maturity list"),
        str![[r#"
framework  name        version  stages               domains  assessments  source
ladder     The ladder  2        bottom, middle, top        2            0  An invented body, Ladders, 2019

"#]]
    );
    whole!(
        folder.line("maturity show ladder"),
        str![[r#"
domain   name              bottom          middle            top
leading  Leading together  no shared plan                    one plan; one voice
money    Money                             the gap is known
--- stderr
The ladder (2).
Source: An invented body, Ladders, 2019
Stages, the first first: bottom, middle, top.
0 assessments by it.

"#]]
    );
    whole!(
        folder.line("maturity show ladder --json"),
        str![[r#"
{
  "maturity": "ladder",
  "name": "The ladder",
  "version": "2",
  "source": "An invented body, Ladders, 2019",
  "stages": [
    "bottom",
    "middle",
    "top"
  ],
  "domains": [
    {
      "domain": "leading",
      "name": "Leading together",
      "statements": [
        {
          "stage": "bottom",
          "text": "no shared plan"
        },
        {
          "stage": "top",
          "text": "one plan"
        },
        {
          "stage": "top",
          "text": "one voice"
        }
      ]
    },
    {
      "domain": "money",
      "name": "Money",
      "statements": [
        {
          "stage": "middle",
          "text": "the gap is known"
        }
      ]
    }
  ],
  "assessments": 0
}
--- stderr
The ladder (2).
Source: An invented body, Ladders, 2019
Stages, the first first: bottom, middle, top.
0 assessments by it.

"#]]
    );
    // The same again changes nothing; another of its slug takes its place until somebody is assessed by it.
    whole!(
        folder.line("maturity import ladder.yaml"),
        str![[r#"
ladder: 2 domains, 3 stages
--- stderr
Nothing to change.

"#]]
    );
    folder.write(
        "ladder.yaml",
        FRAMEWORK.replace("no shared plan", "no plan"),
    );
    whole!(
        folder.line("maturity import ladder.yaml"),
        str![[r#"
ladder: 2 domains, 3 stages
--- stderr
Imported ladder.  (event 8; to take it back: casebook undo)

"#]]
    );
    folder
        .line("assessment add alder ladder middle --date 2019-06-01 --by self")
        .done();
    folder.write("ladder.yaml", FRAMEWORK);
    whole!(
        folder.line("maturity import ladder.yaml"),
        str![[r#"
--- stderr
error: `ladder` is there with other contents, and 1 assessment is by it
hint: give the new version a slug of its own in the file, as in ics-2021: assessments stay with the framework that they were made by
--- status 1

"#]]
    );
    whole!(
        folder.line("maturity remove ladder"),
        str![[r#"
--- stderr
error: removing maturity framework ladder takes 1 assessment with it: not done, as nobody was there to confirm it
hint: add --yes to confirm, or --dry-run to see what it would do
--- status 1

"#]]
    );
    whole!(
        folder.line("maturity remove ladder --yes"),
        str![[r#"
--- stderr
Removed maturity framework ladder.  (event 10; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("maturity show ladder"),
        str![[r#"
--- stderr
error: no maturity framework `ladder`
hint: see what there is with: casebook maturity list
--- status 1

"#]]
    );
    folder.sound();
}

#[test]
fn a_file_that_is_no_framework() {
    let folder = framework();
    for (text, run) in [
        (
            FRAMEWORK.replace("money\n", "leading\n"),
            str![[r#"
--- stderr
error: domain `leading` stands there twice
hint: give each domain a slug of its own
--- status 1

"#]],
        ),
        (
            FRAMEWORK.replace("      middle:", "      medium:"),
            str![[r#"
--- stderr
error: `medium` is no stage of `ladder`
hint: the stages are: bottom, middle, top
--- status 1

"#]],
        ),
        (
            FRAMEWORK.replace("[bottom, middle, top]", "[bottom]"),
            str![[r#"
--- stderr
error: a maturity framework needs two stages at least
hint: list them, the first stage first, as in: stages: [emerging, developing, maturing, thriving]
--- status 1

"#]],
        ),
        (
            FRAMEWORK.replace("[bottom, middle, top]", "[bottom, middle, Bottom]"),
            str![[r#"
--- stderr
error: stage `Bottom` stands there twice
hint: give each stage a name of its own, the first stage first
--- status 1

"#]],
        ),
        (
            FRAMEWORK.replace("slug: ladder", "slug: the ladder"),
            str![[r#"
--- stderr
error: `the ladder` can't name a maturity framework
hint: use letters, digits, `-`, `_` and `.`, without blanks, at most 64, as in north-trust
--- status 1

"#]],
        ),
        (
            FRAMEWORK.replace("source:", "origin:"),
            str![[r#"
--- stderr
error: `bad.yaml` is no maturity framework: line 4 column 1: unknown field `origin`, expected one of slug, name, version, source, stages, domains
hint: its keys are slug, name, version, source, stages (a list) and domains (a list of slug, name and statements by stage)
--- status 1

"#]],
        ),
        (
            "stages".to_owned(),
            str![[r#"
--- stderr
error: `bad.yaml` is no maturity framework: line 1 column 1: expected mapping start
hint: its keys are slug, name, version, source, stages (a list) and domains (a list of slug, name and statements by stage)
--- status 1

"#]],
        ),
    ] {
        folder.write("bad.yaml", text);
        whole!(folder.line("maturity import bad.yaml"), run);
    }
    whole!(
        folder.line("maturity import none.yaml"),
        str![[r#"
--- stderr
error: `none.yaml` can't be read: No such file or directory (os error 2)
hint: check that the file is there and may be read
--- status 1

"#]]
    );
}

#[test]
fn who_saw_a_case_where() {
    let folder = framework();
    whole!(
        folder.run(&[
            "assessment",
            "add",
            "alder",
            "ladder",
            "top",
            "--domain",
            "leading",
            "--date",
            "2019-06-01",
            "--by",
            "self",
            "--confidence",
            "low",
            "--source",
            "its own board",
            "--why",
            "one plan, they say",
            "--coding",
            "1000001",
            "--document",
            "T01",
        ]),
        str![[r#"
--- stderr
Added assessment 1.  (event 8; to take it back: casebook undo)

"#]]
    );
    folder.write(
        "seen.csv",
        "case,maturity,domain,stage,date,by,assessor,confidence,why,source,coding,document\n\
         alder,ladder,leading,middle,2019-07-01,researcher,mara,high,,,1000001,\n\
         alder,ladder,leading,bottom,2018-07-01,researcher,mara,,,,,\n\
         alder,ladder,,middle,2019-07-01,regulator,A body,,,A letter,,T01\n\
         alder,ladder,money,middle,2018-07-01,researcher,mara,,,,,\n\
         alder,ladder,money,bottom,2019-07-01,researcher,jo,,,,,\n\
         birch,ladder,,bottom,2018-07-01,self,,,,,,\n\
         birch,ladder,,bottom,2019-07-01,self,,,,,,\n\
         birch,ladder,money,top,2019-07-01,researcher,mara,,,,,\n\
         birch,ladder,money,middle,2019-07-01,researcher,jo,,,,,\n\
         birch,ladder,leading,medium,2019-07-01,researcher,,,,,,\n\
         birch,ladder,luck,top,2019-07-01,researcher,,,,,,\n\
         birch,ladder,,top,2022-07-01,researcher,,,,,,\n\
         birch,ladder,,top,2019-07-01,friend,,,,,,\n",
    );
    whole!(
        folder.line("assessment import seen.csv"),
        str![[r#"
9 assessments added, 0 edited, 0 unchanged
  line 11 did not fit: `medium` is no stage of `ladder`
  line 12 did not fit: `luck` is no domain of `ladder`
  line 13 did not fit: 2022-07-01 is still to come
  line 14 did not fit: `friend` is no kind of assessor
--- stderr
(event 9; to take it back: casebook undo)
error: 4 rows did not fit; the rest is in
hint: the stages are: bottom, middle, top
--- status 1

"#]]
    );
    let before = folder.dump();
    folder.line("assessment import seen.csv");
    assert_eq!(folder.dump(), before);
    whole!(
        folder.line("assessment list"),
        str![[r#"
assessment  case   framework  domain   stage   date        by          assessor  confidence  rests on    source
         4  alder  ladder     overall  middle  2019-07-01  regulator   A body                T01         A letter
         3  alder  ladder     leading  bottom  2018-07-01  researcher  mara
         1  alder  ladder     leading  top     2019-06-01  self                  low         T01:2, T01  its own board
         2  alder  ladder     leading  middle  2019-07-01  researcher  mara      high        T01:2
         5  alder  ladder     money    middle  2018-07-01  researcher  mara
         6  alder  ladder     money    bottom  2019-07-01  researcher  jo
         7  birch  ladder     overall  bottom  2018-07-01  self
         8  birch  ladder     overall  bottom  2019-07-01  self
         9  birch  ladder     money    top     2019-07-01  researcher  mara
        10  birch  ladder     money    middle  2019-07-01  researcher  jo

"#]]
    );
    whole!(
        folder.line("assessment list --by self --case birch --csv"),
        str![[r#"
assessment,case,framework,domain,stage,date,by,assessor,confidence,rests on,source
7,birch,ladder,overall,bottom,2018-07-01,self,,,,
8,birch,ladder,overall,bottom,2019-07-01,self,,,,

"#]]
    );
    whole!(
        folder.line("assessment show 1"),
        str![[r#"
assessment 1  alder
ladder, leading: top (stage 3 of 3)
2019-06-01 by self · confidence low
  why: one plan, they say
  source: its own board
  rests on T01:2, T01

"#]]
    );
    whole!(
        folder.line("assessment show 1 --json"),
        str![[r#"
{
  "assessment": 1,
  "case": "alder",
  "maturity": "ladder",
  "domain": "leading",
  "stage": "top",
  "stage_number": 3,
  "stages": 3,
  "date": "2019-06-01",
  "by": "self",
  "assessor": null,
  "confidence": "low",
  "why": "one plan, they say",
  "source": "its own board",
  "passages": [
    {
      "coding": 1000001,
      "place": "T01:2",
      "held_back": null
    }
  ],
  "documents": [
    "T01"
  ]
}

"#]]
    );
    // The latest of each, side by side.
    whole!(
        folder.line("assessment compare ladder"),
        str![[r#"
case   domain   self                 researcher           regulator            difference
alder  overall                                            middle (2019-07-01)
alder  leading  top (2019-06-01)     middle (2019-07-01)                       self 1 stage further than researcher
alder  money                         bottom (2019-07-01)
birch  overall  bottom (2019-07-01)
birch  money                         they differ
--- stderr
The latest of each kind of assessor, and how many stages they differ by; the stages are bottom, middle, top. Nothing is summed: an overall stage is one that an assessor gave.

"#]]
    );
    whole!(
        folder.line("assessment compare ladder --case alder --as-of 2018-12-31"),
        str![[r#"
case   domain   researcher           difference
alder  leading  bottom (2018-07-01)
alder  money    middle (2018-07-01)
--- stderr
The latest of each kind of assessor until 2018-12-31, and how many stages they differ by; the stages are bottom, middle, top. Nothing is summed: an overall stage is one that an assessor gave.

"#]]
    );
    whole!(
        folder.line("assessment compare ladder --case alder --as-of 2019-06-30 --json"),
        str![[r#"
{
  "maturity": "ladder",
  "stages": [
    "bottom",
    "middle",
    "top"
  ],
  "as_of": "2019-06-30",
  "cases": [
    {
      "case": "alder",
      "domain": "leading",
      "seen": [
        {
          "assessment": 1,
          "by": "self",
          "stage": "top",
          "stage_number": 3,
          "date": "2019-06-01",
          "assessor": null,
          "confidence": "low"
        },
        {
          "assessment": 3,
          "by": "researcher",
          "stage": "bottom",
          "stage_number": 1,
          "date": "2018-07-01",
          "assessor": "mara",
          "confidence": null
        }
      ],
      "differences": [
        {
          "of": "self",
          "from": "researcher",
          "stages": 2,
          "days_apart": 335,
          "months_apart": 11
        }
      ],
      "disagree": []
    },
    {
      "case": "alder",
      "domain": "money",
      "seen": [
        {
          "assessment": 5,
          "by": "researcher",
          "stage": "middle",
          "stage_number": 2,
          "date": "2018-07-01",
          "assessor": "mara",
          "confidence": null
        }
      ],
      "differences": [],
      "disagree": []
    }
  ]
}
--- stderr
The latest of each kind of assessor until 2019-06-30, and how many stages they differ by; the stages are bottom, middle, top. Nothing is summed: an overall stage is one that an assessor gave.
Where two were made more than six months apart, it is said: the case may have moved in between.

"#]]
    );
    // Only one kind of assessor is compared with itself.
    whole!(
        folder.line("assessment movement ladder"),
        str![[r#"
case   domain   by          from                 to                   movement
alder  overall  regulator   middle (2019-07-01)  middle (2019-07-01)  n/a: assessed once only
alder  leading  researcher  bottom (2018-07-01)  middle (2019-07-01)  forward by 1 stage
alder  leading  self        top (2019-06-01)     top (2019-06-01)     n/a: assessed once only
alder  money    researcher  middle (2018-07-01)  bottom (2019-07-01)  back by 1 stage (another assessor)
birch  overall  self        bottom (2018-07-01)  bottom (2019-07-01)  same
birch  money    researcher                                            n/a: assessors of one day differ
--- stderr
Of 6 pairs of a case in a domain or overall, each by one kind of assessor: 1 forward, 1 back, 1 the same, 3 not known.

"#]]
    );
    whole!(
        folder.line(
            "assessment movement ladder --case birch --from 2018-12-31 --to 2019-12-31 --json"
        ),
        str![[r#"
{
  "maturity": "ladder",
  "stages": [
    "bottom",
    "middle",
    "top"
  ],
  "from": "2018-12-31",
  "to": "2019-12-31",
  "forward": 0,
  "back": 0,
  "same": 1,
  "not_known": 1,
  "movements": [
    {
      "case": "birch",
      "domain": null,
      "by": "self",
      "from": {
        "assessment": 7,
        "stage": "bottom",
        "stage_number": 1,
        "date": "2018-07-01",
        "assessor": null
      },
      "to": {
        "assessment": 8,
        "stage": "bottom",
        "stage_number": 1,
        "date": "2019-07-01",
        "assessor": null
      },
      "way": "same",
      "stages": 0,
      "reason": null,
      "other_assessor": false,
      "between": []
    },
    {
      "case": "birch",
      "domain": "money",
      "by": "researcher",
      "from": null,
      "to": null,
      "way": null,
      "stages": null,
      "reason": "assessors of one day differ",
      "other_assessor": false,
      "between": []
    }
  ]
}
--- stderr
Of 2 pairs of a case in a domain or overall, each by one kind of assessor: 0 forward, 0 back, 1 the same, 1 not known.

"#]]
    );
    whole!(
        folder.line("assessment movement ladder --from 2017-01-01 --to 2018-12-31 --csv"),
        str![[r#"
case,domain,by,from,to,movement
alder,overall,regulator,,,n/a: not assessed by the first day
alder,leading,researcher,,bottom (2018-07-01),n/a: not assessed by the first day
alder,leading,self,,,n/a: not assessed by the first day
alder,money,researcher,,middle (2018-07-01),n/a: not assessed by the first day
birch,overall,self,,bottom (2018-07-01),n/a: not assessed by the first day
birch,money,researcher,,,n/a: not assessed by the first day
--- stderr
Of 6 pairs of a case in a domain or overall, each by one kind of assessor: 0 forward, 0 back, 0 the same, 6 not known.

"#]]
    );
    whole!(
        folder.line("assessment movement ladder --from 2019-01-01 --to 2019-01-01"),
        str![[r#"
--- stderr
error: the second day is not after the first
hint: give --to a later day than --from
--- status 1

"#]]
    );
    // Two assessments of one day and assessor.
    whole!(
        folder.line("assessment add birch ladder top --date 2019-07-01 --by self"),
        str![[r#"
--- stderr
error: assessment 8 is of the same case, day and assessor
hint: change it with: casebook assessment edit 8   or say who assessed: --assessor NAME
--- status 1

"#]]
    );
    whole!(
        folder.line("assessment edit 1 --stage middle --no-evidence --document T01"),
        str![[r#"
--- stderr
Edited assessment 1.  (event 10; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("assessment show 1"),
        str![[r#"
assessment 1  alder
ladder, leading: middle (stage 2 of 3)
2019-06-01 by self · confidence low
  why: one plan, they say
  source: its own board
  rests on T01

"#]]
    );
    whole!(
        folder.line("assessment remove 1 2"),
        str![[r#"
--- stderr
Removed 2 assessments.  (event 11; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("assessment remove 99"),
        str![[r#"
--- stderr
error: no assessment `99`
hint: see what there is with: casebook assessment list
--- status 1

"#]]
    );
    whole!(
        folder.line("case remove birch --dry-run"),
        str![[r#"
--- stderr
Removing case birch takes 0 links, 0 values and 0 memos with it; 0 participants lose it; it takes 4 assessments too

"#]]
    );
    folder.line("case remove birch --yes").done();
    folder.sound();
    folder.line("undo").done();
    folder.sound();
}

#[test]
fn what_an_assessment_rests_on_goes_or_is_handed_over() {
    let folder = framework();
    folder
        .line("assessment add alder ladder top --date 2019-06-01 --by self --coding 1000001 --document T01")
        .done();
    folder.line("uncode 1000001").done();
    whole!(
        folder.line("assessment show 1"),
        str![[r#"
assessment 1  alder
ladder, overall: top (stage 3 of 3)
2019-06-01 by self
  rests on T01

"#]]
    );
    folder.line("undo").done();
    folder.line("theme add place").done();
    folder.line("code T01:2 place").done();
    folder.line("assessment edit 1 --coding 1000002").done();
    // Two codings become one: what rested on both rests on the one that stays.
    folder.line("theme merge stage place").done();
    whole!(
        folder.line("assessment show 1"),
        str![[r#"
assessment 1  alder
ladder, overall: top (stage 3 of 3)
2019-06-01 by self
  rests on T01:2, T01

"#]]
    );
    folder.line("transcript remove T01 --yes").done();
    whole!(
        folder.line("assessment show 1"),
        str![[r#"
assessment 1  alder
ladder, overall: top (stage 3 of 3)
2019-06-01 by self

"#]]
    );
    folder.sound();
}
