//! `chart ranked`, `multiples`, `waves` and `stages`: the whole of what a terminal shows, and that files are written,
//! well-formed and the same twice.

use snapbox::str;

use crate::harness::{Folder, whole};

fn lines(folder: &Folder, all: &str) {
    for line in all.lines().map(str::trim).filter(|l| !l.is_empty()) {
        folder.line(line).done();
    }
}

/// Five systems of one country; east and west merged into coast in 2018; sources disagree on the south; nobody knows of the
/// moor. A rating in bands, three waves, and a framework of two domains.
fn study() -> Folder {
    let folder = Folder::with_study();
    lines(
        &folder,
        "case add land --name Land --kind country
        case add north --name North --kind system --part-of land
        case add south --name South --kind system --part-of land
        case add moor --name Moor --kind system --part-of land
        case add east --name East --kind system --to 2018-04-01
        case add west --name West --kind system --to 2018-04-01
        case add coast --name Coast --kind system --from 2018-04-01 --part-of land
        case link east merged-into coast --from 2018-04-01
        case link west merged-into coast --from 2018-04-01
        indicator add surplus --name Surplus --unit million --scale number --better more --decimals 1
        indicator add rating --name Rating --unit band --scale bands --bands good;fair;poor --better more
        cohort add first --name First --date 2017-06-01
        cohort add second --name Second --date 2018-01-01
        cohort member first east
        cohort member first north --part its-towns
        cohort member second west
        cohort member second south --from 2018-09-01",
    );
    folder.write(
        "surplus.csv",
        "case,year,value,rating\n\
         land,2017/18,1.5,\nnorth,2017/18,4.25,good\nsouth,2017/18,2,fair\neast,2017/18,-3.5,poor\nwest,2017/18,4.25,fair\n\
         north,2018/19,5,good\ncoast,2018/19,-1,fair\nsouth,2018/19,-2,fair\nland,2018/19,2,\n",
    );
    folder
        .line("measure import surplus.csv --source Returns --case case --period year --value value --indicator surplus --yes")
        .done();
    for (case, band) in [("north", "good"), ("south", "fair"), ("east", "poor")] {
        folder
            .line(&format!(
                "measure add rating {case} 2017 {band} --source Raters"
            ))
            .done();
    }
    folder
        .line("measure add surplus south 2018/19 -2.5 --source Another")
        .done();
    folder.write(
        "ladder.yaml",
        "slug: ladder
name: The ladder
source: An invented body
stages: [bottom, low, high, top]
domains:
  - slug: leading
    name: Leading together
  - slug: money
    name: Money
",
    );
    lines(
        &folder,
        "maturity import ladder.yaml
        assessment add north ladder low --domain leading --date 2018-01-01 --by self
        assessment add north ladder top --domain leading --date 2019-01-01 --by self
        assessment add north ladder high --domain leading --date 2019-02-01 --by researcher
        assessment add south ladder high --domain money --date 2018-01-01 --by researcher
        assessment add south ladder bottom --domain money --date 2019-01-01 --by researcher",
    );
    folder
}

#[test]
fn cases_stand_in_the_order_of_a_figure() {
    let folder = study();
    whole!(
        folder.line("chart ranked surplus@2017/18 --bands rating@2017 --as-of 2018-01-01"),
        str![[r#"
Surplus, 2017/18, in order

1  North  G                      │████████████████████ 4.3
1  West   ?                      │████████████████████ 4.3
3  South  F                      │█████████▍ 2.0
4  East   P      ████████████████│ −3.5
   Land: 1.5 million
--- stderr
Surplus, in million, 2017/18.
Surplus: more is better. The best stands first; cases with the same figure share a rank.
The line is Land: 1.5 million.
Of 1 the Rating, 2017 is not known (?).
Without a figure, and not drawn: Moor (without any record).
Which case is part of which, as it stood on 2018-01-01.

"#]]
    );
    // Sources disagree on one, nobody knows of another: neither is drawn, both are named.
    whole!(
        folder.line("chart ranked surplus@2018/19"),
        str![[r#"
Surplus, 2018/19, in order

1  North                      │████████████████████ 5.0
2  Coast                  ████│ −1.0
   Land: 2.0 million
--- stderr
Surplus, in million, 2018/19.
Surplus: more is better. The best stands first; cases with the same figure share a rank.
The line is Land: 2.0 million.
Sources disagree, so that no figure stands: South (-2 | -2.5).
Without a figure, and not drawn: Moor (without any record).

"#]]
    );
    whole!(
        folder.line("chart ranked surplus@2018/19 --csv"),
        str![[r#"
rank,case,"Surplus, million",marks
1,North,5.0,
2,Coast,-1.0,
,Land,2.0,reference
,Moor,n/a,without any record
,South,n/a,'-2 | -2.5
--- stderr
Surplus, in million, 2018/19.
Surplus: more is better. The best stands first; cases with the same figure share a rank.
The line is Land: 2.0 million.
Sources disagree, so that no figure stands: South (-2 | -2.5).
Without a figure, and not drawn: Moor (without any record).

"#]]
    );
}

#[test]
fn bands_alone_have_no_ranks() {
    let folder = study();
    whole!(
        folder.line("chart ranked --bands rating@2017 --as-of 2018-01-01"),
        str![[r#"
Rating, 2017

G  good  ██████████████████████████████ 1
   North
F  fair  ██████████████████████████████ 1
   South
P  poor  ██████████████████████████████ 1
   East
--- stderr
Counted are cases: good 1, fair 1, poor 1. Known of 3, not known of 2.
The best band stands first. Within a band there is no rank: cases stand by their names.
Without a figure, and not drawn: Moor (without any record), West (without any record).
Which case is part of which, as it stood on 2018-01-01.

"#]]
    );
    let alone = folder
        .line("chart ranked rating@2017 --as-of 2018-01-01")
        .done();
    let bands = folder
        .line("chart ranked --bands rating@2017 --as-of 2018-01-01")
        .done();
    assert_eq!(alone.stdout, bands.stdout);
}

#[test]
fn each_case_has_a_panel() {
    let folder = study();
    whole!(
        folder.line("chart multiples surplus"),
        str![[r#"
Surplus, case by case

  Ea…  ▁   −3.5 million
  We…  ▇   4.3 million
Coast   ▃  −1.0 million
East   ▁   −3.5 million
North  ▇█  4.3 million … 5.0 million
South  ▆×  2.0 million
West   ▇   4.3 million
Land   ▅▆  1.5 million … 2.0 million
       2017/18 to 2018/19
--- stderr
Surplus, in million.
Surplus: more is better.
All panels have one scale. A line breaks where nothing is known; what is not known is not drawn, and is not nought.
The grey line in each is Land.
Series break at upright broken lines, and figures on both sides are not of the same whole: Coast came out of east, west on 2018-04-01; East became coast on 2018-04-01; West became coast on 2018-04-01.
Where sources disagree no figure stands; a cross marks the period: 1, listed in the table.
Without any figure, and so without a panel: Moor.

"#]]
    );
    whole!(
        folder.line("chart multiples surplus --case coast --csv"),
        str![[r#"
case,period,"Surplus, million",marks
Coast,2017/18,-3.5,that of East
Coast,2017/18,4.3,that of West
Coast,2018/19,-1.0,
Land,2017/18,1.5,the grey line
Land,2018/19,2.0,the grey line
--- stderr
Surplus, in million.
Surplus: more is better.
All panels have one scale. A line breaks where nothing is known; what is not known is not drawn, and is not nought.
The grey line in each is Land.
Series break at upright broken lines, and figures on both sides are not of the same whole: Coast came out of east, west on 2018-04-01.

"#]]
    );
}

#[test]
fn cases_join_in_waves() {
    let folder = study();
    whole!(
        folder.line("chart waves"),
        str![[r#"
Who joined when

systems   2                    3        2              3
East     ·FFFFFFFFFFFFFFFFFFFFFFFFFFFFFF···················  → Coast
West     ······················SSSSSSSSS···················  → Coast
Coast    ·······························───────────────────
North    ·F░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░
South    ··············································SSSS
         Jul 2017 to Oct 2018
F = First
S = Second
--- stderr
A bar runs from the day on which a case joined a cohort.
Systems in any of the cohorts, from each day on: 2017-06-01 2, 2018-01-01 3, 2018-04-01 2, 2018-09-01 3. What merged counts once, a part counts with its whole where that is a member.
Hollow: only a part is covered, of 1.
The picture ends soon after the last day that is on record: a bar that reaches its edge goes on.

"#]]
    );
    whole!(
        folder.line("chart waves --lanes cohort"),
        str![[r#"
Who joined when

systems   2                    3        2              3
First    ·FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF
Second   ······················SSSSSSSSSSSSSSSSSSSSSSSSSSSS
         Jul 2017 to Oct 2018
F = First
S = Second
--- stderr
A bar runs from the day on which a case joined a cohort.
Systems in any of the cohorts, from each day on: 2017-06-01 2, 2018-01-01 3, 2018-04-01 2, 2018-09-01 3. What merged counts once, a part counts with its whole where that is a member.
Hollow: only a part is covered, of 1.
The picture ends soon after the last day that is on record: a bar that reaches its edge goes on.

"#]]
    );
    whole!(
        folder.line("chart waves --cohort first --csv"),
        str![[r#"
case,cohort,from,until,part,became
East,First,2017-06-01,2018-04-01,,Coast
North,First,2017-06-01,,its-towns,
--- stderr
A bar runs from the day on which a case joined a cohort.
Systems in any of the cohorts, from each day on: 2017-06-01 2. What merged counts once, a part counts with its whole where that is a member.
Hollow: only a part is covered, of 1.
The picture ends soon after the last day that is on record: a bar that reaches its edge goes on.

"#]]
    );
}

#[test]
fn stages_stand_side_by_side() {
    let folder = study();
    whole!(
        folder.line("chart stages ladder"),
        str![[r#"
The ladder: stages

       Leading together  Money
North  ●4↑ ◕3            –
South  –                 – ◔1↓
--- stderr
The latest stage of each case in each domain: 1 bottom, 2 low, 3 high, 4 top.
In each cell from left to right: self, researcher. Of 1 cells that more than one of them saw, they differ in 1.
A stage is a place in an order: the step from one to the next is not everywhere the same, and nothing is averaged.
An arrow is the movement since the first assessment by the same kind of assessor; a bar is none.
An empty cell was not assessed, which is not the first stage.
Framework: The ladder, An invented body.

"#]]
    );
    whole!(
        folder.line("chart stages ladder --as-of 2018-06-01 --csv"),
        str![[r#"
case,domain,self,moved (self),researcher,moved (researcher)
North,Leading together,2 low,,,
South,Money,,,3 high,
--- stderr
The latest stage of each case in each domain: 1 bottom, 2 low, 3 high, 4 top.
In each cell from left to right: self, researcher. Of 0 cells that more than one of them saw, they differ in 0.
A stage is a place in an order: the step from one to the next is not everywhere the same, and nothing is averaged.
An empty cell was not assessed, which is not the first stage.
Framework: The ladder, An invented body.

"#]]
    );
}

#[test]
fn what_cant_be_drawn_is_refused() {
    let folder = study();
    folder
        .line("case add trust --name Trust --kind trust --part-of north")
        .done();
    folder
        .line("measure add surplus trust 2017/18 1 --source Returns")
        .done();
    for (line, expected) in [
        (
            "chart ranked",
            str![[r#"
--- stderr
error: the following required arguments were not provided:
  <INDICATOR[@PERIOD]>

Usage: casebook chart ranked --coder <NAME> <INDICATOR[@PERIOD]>

For more information, try '--help'.
--- status 2

"#]],
        ),
        (
            "chart ranked surplus@2017/18",
            str![[r#"
--- stderr
error: cases of 2 kinds have figures of `surplus`: system, trust
hint: a part can't stand beside its whole; say which, as in: --level system
--- status 1

"#]],
        ),
        (
            "chart ranked surplus@2017/18 --bands surplus@2018/19",
            str![[r#"
--- stderr
error: `surplus` is no indicator of bands
hint: draw its figures as bars: casebook chart ranked surplus
--- status 1

"#]],
        ),
        (
            "chart ranked rating@2017 --bands rating@2017",
            str![[r#"
Rating, 2017

G  good  ██████████████████████████████ 1
   North
F  fair  ██████████████████████████████ 1
   South
P  poor  ██████████████████████████████ 1
   East
--- stderr
Counted are cases: good 1, fair 1, poor 1. Known of 3, not known of 2.
The best band stands first. Within a band there is no rank: cases stand by their names.
Without a figure, and not drawn: Moor (without any record), West (without any record).

"#]],
        ),
        (
            "chart ranked surplos",
            str![[r#"
--- stderr
error: no indicator `surplos`
hint: did you mean `surplus`?
--- status 1

"#]],
        ),
        (
            "chart multiples surplus --by month",
            str![[r#"
--- stderr
error: no figure of `surplus` lies in a month
hint: see its measures with: casebook measure list --indicator surplus
--- status 1

"#]],
        ),
        (
            "chart waves --cohort third",
            str![[r#"
--- stderr
error: no cohort `third`
hint: see what there is with: casebook cohort list
--- status 1

"#]],
        ),
        (
            "chart waves --lanes country",
            str![[r#"
--- stderr
error: invalid value 'country' for '--lanes <WHAT>': `country` is no kind of lane

For more information, try '--help'.
hint: it may be one of: case, cohort
--- status 2

"#]],
        ),
        (
            "chart stages leader",
            str![[r#"
--- stderr
error: no maturity framework `leader`
hint: did you mean `ladder`?
--- status 1

"#]],
        ),
        (
            "chart stages ladder --case nobody",
            str![[r#"
--- stderr
error: no case `nobody`
hint: see what there is with: casebook case list
--- status 1

"#]],
        ),
    ] {
        whole!(folder.line(line), expected);
    }
}

#[test]
fn files_are_well_formed_and_the_same_twice() {
    let folder = study();
    for (name, line) in [
        ("ranked", "chart ranked surplus@2018/19"),
        ("banded", "chart ranked rating@2017"),
        ("multiples", "chart multiples surplus"),
        ("waves", "chart waves"),
        ("cohorts", "chart waves --lanes cohort"),
        ("stages", "chart stages ladder"),
    ] {
        for ending in ["svg", "html", "md"] {
            let (one, two) = (format!("{name}-1.{ending}"), format!("{name}-2.{ending}"));
            folder.line(&format!("{line} -o {one}")).done();
            folder.line(&format!("{line} -o {two}")).done();
            let first = folder.read(&one);
            assert_eq!(first, folder.read(&two), "{name}.{ending}");
            assert!(
                first.contains("North") || name == "cohorts" && first.contains("Second"),
                "{name}.{ending} has neither label nor table"
            );
            if ending != "svg" {
                continue;
            }
            let mut reader = quick_xml::Reader::from_str(&first);
            while !matches!(
                reader.read_event().expect("well-formed"),
                quick_xml::events::Event::Eof
            ) {}
            for forbidden in ["<script", "href", "url(", "onload", "<image"] {
                assert!(!first.contains(forbidden), "{forbidden} in {name}");
            }
        }
    }
}

/// Nothing there is no failure.
#[test]
fn an_empty_study_draws_an_empty_picture() {
    let folder = Folder::with_study();
    folder.write(
        "ladder.yaml",
        "slug: ladder\nname: The ladder\nsource: Nobody\nstages: [a, b]\ndomains:\n  - slug: d\n    name: D\n",
    );
    folder.line("maturity import ladder.yaml").done();
    for line in ["chart waves", "chart stages ladder"] {
        folder.line(line).done().calm();
        folder.line(&format!("{line} -o empty.svg")).done();
        assert!(folder.read("empty.svg").contains("</svg>"));
    }
}
