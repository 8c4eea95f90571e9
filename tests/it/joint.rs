//! Figures beside themes: joint displays, and themes that set cases apart.

use serde_json::Value;
use snapbox::str;

use crate::harness::{Folder, whole};

/// The invented study with a figure of its three systems in two years: one improved.
fn with_figures() -> Folder {
    let folder = Folder::invented();
    for line in [
        "indicator add four-hour --name Four-hour --unit attendances --scale percentage --better more --decimals 1",
        "measure add four-hour alder 2019/20 88.1 --source Returns",
        "measure add four-hour birch 2019/20 84.5 --source Returns",
        "measure add four-hour alder 2020/21 87.4 --source Returns",
        "measure add four-hour birch 2020/21 86.2 --source Returns",
        "measure add four-hour cedar 2020/21 90 --source Returns",
    ] {
        folder.line(line).done();
    }
    folder
}

#[test]
fn cases_stand_in_the_order_of_a_figure() {
    let folder = with_figures();
    whole!(
        folder.line("joint --figure four-hour@2019/20 --figure four-hour@2020/21 --order four-hour@2019/20 --context maturity"),
        str![[r#"
case         maturity    four-hour@2019/20  four-hour@2020/21  competition  context  governance  consensus  accountability  conflicts-of-interest  enablers  inhibitors
alder        maturing                 88.1               87.4           16       23          22         28              24                     18        17          23
birch        developing               84.5               86.2           18       14          11         27              23                     16        16          15
alder-vale                             n/a                n/a            0        4           4          6               7                      3         6           5
birch-coast                            n/a                n/a            3        3           3          8               4                      5         6           3
cedar        emerging                  n/a               90.0           12        8           8         20              20                     12        11          13
cedar-east                             n/a                n/a            3        3           4          3               4                      6         7           5
--- stderr
Themes count codings, each with its sub-themes, in transcripts of the case itself.
Cases stand in the order of four-hour@2019/20, the best first; those of which it is not known stand last.
four-hour: Four-hour, % of attendances; more is better.
four-hour@2019/20: known of 2 of 6 cases; n/a is not known, and not 0.
four-hour@2020/21: known of 3 of 6 cases; n/a is not known, and not 0.

"#]]
    );
    whole!(
        folder.line(
            "--csv joint governance --figure four-hour@2020/21 --count participants --phase phase-1"
        ),
        str![[r#"
case,four-hour@2020/21,governance
alder,87.4,3
birch,86.2,3
cedar,90.0,2
--- stderr
Themes count participants, each with its sub-themes (what has several of these counts once), in transcripts of the case itself.
four-hour: Four-hour, % of attendances; more is better.

"#]]
    );
    let found: Value = folder
        .line("--json joint governance competition --figure four-hour@2020/21 --order four-hour")
        .done()
        .json();
    assert_eq!(found["rows"][0]["case"], "cedar");
    assert_eq!(found["rows"][0]["figures"][0]["value"], "90");
    // As many as the matrix counts.
    let matrix: Value = folder
        .line("--json matrix --theme governance --case cedar")
        .done()
        .json();
    assert_eq!(matrix["rows"][0], "cedar");
    assert_eq!(found["rows"][0]["counts"][0], matrix["row_totals"][0]);
    whole!(
        folder.line("joint governence --figure four-hour").refused(),
        str![[r#"
--- stderr
error: no theme `governence`
hint: did you mean `governance`?
--- status 1

"#]]
    );
    whole!(
        folder
            .line("joint governance --theme competition --figure four-hour")
            .refused(),
        str![[r#"
--- stderr
error: themes are named twice
hint: name them as in: casebook joint THEME --figure INDICATOR@PERIOD
--- status 1

"#]]
    );
}

#[test]
fn themes_set_cases_apart_with_an_exact_test() {
    let folder = with_figures();
    whole!(
        folder.line("contrast --improved four-hour --from 2019/20 --to 2020/21 --theme governance --theme context/geography --theme competition/legacy-of-tendering --quotes 1"),
        str![[r#"
Themes by group of cases
theme                            improved (n = 1)  not improved (n = 1)    p  Holm  cases: improved  cases: not improved
competition/legacy-of-tendering                 1                     1  n/a   n/a  birch            alder
context/geography                               1                     1  n/a   n/a  birch            alder
governance                                      1                     1  n/a   n/a  birch            alder

Quotes
theme                            group         who                 text
competition/legacy-of-tendering  improved      P06, birch, T07:10  For fifteen years each was told that the other was the enemy. They were rewarded for taking each other's patients. They both bid for the musculoskeletal contract in 2015, the South won by two points, the North went to lawyers, and the people who wrote those witness statements are still in post on both sides.
competition/legacy-of-tendering  not improved  P01, alder, T01:34  In 2014 community services were put out to tender, and a private firm won them, and they handed the keys back after twenty-two months, and the community trust had to take on four hundred staff with no pay records. You say the word "procurement" in front of certain people and the temperature falls.
context/geography                improved      P06, birch, T07:8   Thirty-eight miles between the two hospitals, one road, and it floods at the estuary about three times a winter. People in Ossenmouth will not go to Marrowby to buy a sofa, never mind for an operation.
context/geography                not improved  P01, alder, T01:22  put an urgent treatment centre at Thrapwell, which is eleven miles away and has a bus.
governance                       improved      P06, birch, T07:6   Four commissioners meant four sets of thresholds, four governing bodies, four letters to the North hospital about the same cataract. There was a year, I promise you, when a patient's hip depended on which side of the river they lived.
governance                       not improved  P01, alder, T01:8   I do see that "come to breakfast" isn't a constitution.
--- stderr
Counted are cases in whose transcripts the theme, or a sub-theme of it, is coded at least once.
p: Fisher's exact test, two-sided, of 2 cases; n/a where the theme is in every case or in none. Holm: for 0 themes read together.
2 cases prove little. The smallest p that these groups can give is 1.0000. Of several themes that are tested, some differ by chance; none of this says what caused what.
In neither group, as it is not known: alder-vale, birch-coast, cedar, cedar-east.
competition/legacy-of-tendering, improved: 1 of 7 quotes shown.
competition/legacy-of-tendering, not improved: 1 of 5 quotes shown.
context/geography, improved: 1 of 5 quotes shown.
context/geography, not improved: 1 of 4 quotes shown.
governance, improved: 1 of 11 quotes shown.
governance, not improved: 1 of 22 quotes shown.

"#]]
    );
    for line in [
        "cohort add first --name First --date 2019-01-01",
        "cohort member first cedar",
        "cohort member first birch-coast",
    ] {
        folder.line(line).done();
    }
    whole!(
        folder.line("contrast --cohort first --quotes 0"),
        str![[r#"
theme                                     first (n = 2)  the others (n = 4)       p    Holm  cases: first        cases: the others
context/history-of-relationships                      1                   4  0.3333  1.0000  cedar               alder, alder-vale, birch, cedar-east
context/geography                                     1                   2  1.0000  1.0000  cedar               alder, birch
accountability/peer                                   2                   3  1.0000  1.0000  birch-coast, cedar  alder, alder-vale, birch
accountability/to-the-centre                          1                   3  1.0000  1.0000  cedar               alder, alder-vale, birch
competition                                           2                   3  1.0000  1.0000  birch-coast, cedar  alder, birch, cedar-east
competition/hospital-income                           2                   3  1.0000  1.0000  birch-coast, cedar  alder, birch, cedar-east
competition/legacy-of-tendering                       1                   3  1.0000  1.0000  cedar               alder, birch, cedar-east
consensus/veto                                        2                   3  1.0000  1.0000  birch-coast, cedar  alder, birch, cedar-east
enablers/leadership                                   2                   3  1.0000  1.0000  birch-coast, cedar  alder, alder-vale, birch
inhibitors/workforce                                  1                   3  1.0000  1.0000  cedar               alder, alder-vale, birch
accountability                                        2                   4     n/a     n/a  birch-coast, cedar  alder, alder-vale, birch, cedar-east
accountability/to-the-public                          2                   4     n/a     n/a  birch-coast, cedar  alder, alder-vale, birch, cedar-east
conflicts-of-interest                                 2                   4     n/a     n/a  birch-coast, cedar  alder, alder-vale, birch, cedar-east
conflicts-of-interest/provider-influence              2                   4     n/a     n/a  birch-coast, cedar  alder, alder-vale, birch, cedar-east
conflicts-of-interest/two-hats                        2                   4     n/a     n/a  birch-coast, cedar  alder, alder-vale, birch, cedar-east
consensus                                             2                   4     n/a     n/a  birch-coast, cedar  alder, alder-vale, birch, cedar-east
consensus/difficult-decisions                         2                   4     n/a     n/a  birch-coast, cedar  alder, alder-vale, birch, cedar-east
consensus/trust                                       2                   4     n/a     n/a  birch-coast, cedar  alder, alder-vale, birch, cedar-east
context                                               2                   4     n/a     n/a  birch-coast, cedar  alder, alder-vale, birch, cedar-east
context/pandemic                                      2                   4     n/a     n/a  birch-coast, cedar  alder, alder-vale, birch, cedar-east
enablers                                              2                   4     n/a     n/a  birch-coast, cedar  alder, alder-vale, birch, cedar-east
enablers/place-teams                                  2                   4     n/a     n/a  birch-coast, cedar  alder, alder-vale, birch, cedar-east
enablers/shared-data                                  2                   4     n/a     n/a  birch-coast, cedar  alder, alder-vale, birch, cedar-east
governance                                            2                   4     n/a     n/a  birch-coast, cedar  alder, alder-vale, birch, cedar-east
governance/clarity                                    2                   4     n/a     n/a  birch-coast, cedar  alder, alder-vale, birch, cedar-east
governance/layers                                     2                   4     n/a     n/a  birch-coast, cedar  alder, alder-vale, birch, cedar-east
inhibitors                                            2                   4     n/a     n/a  birch-coast, cedar  alder, alder-vale, birch, cedar-east
inhibitors/capacity-to-change                         2                   4     n/a     n/a  birch-coast, cedar  alder, alder-vale, birch, cedar-east
inhibitors/short-term-money                           2                   4     n/a     n/a  birch-coast, cedar  alder, alder-vale, birch, cedar-east
--- stderr
Counted are cases in whose transcripts the theme, or a sub-theme of it, is coded at least once.
p: Fisher's exact test, two-sided, of 6 cases; n/a where the theme is in every case or in none. Holm: for 10 themes read together.
6 cases prove little. The smallest p that these groups can give is 0.0667. Of several themes that are tested, some differ by chance; none of this says what caused what.

"#]]
    );
    whole!(
        folder
            .line("contrast --improved four-hour --from 2020/21 --to 2020/21")
            .refused(),
        str![[r#"
--- stderr
error: from 2020/21 to 2020/21 nothing can change
hint: name two periods, as in: --from 2017/18 --to 2018/19
--- status 1

"#]]
    );
}

#[test]
fn a_file_of_a_contrast_is_for_the_public() {
    let folder = with_figures();
    folder
        .line("contrast --improved four-hour --from 2019/20 --to 2020/21 --theme governance -o contrast.md")
        .done();
    let file = folder.read("contrast.md");
    assert!(file.contains("## Quotes"), "{file}");
    // No place and no pseudonym goes with a quote.
    for told in ["P0", "P1", "T0", "T1"] {
        assert!(!file.contains(told), "`{told}` in {file}");
    }
    let team = folder
        .line("contrast --improved four-hour --from 2019/20 --to 2020/21 --theme governance")
        .done();
    assert!(team.stdout.contains("P0"), "{}", team.stdout);
    whole!(
        folder
            .line("contrast --cohort first --audience case")
            .refused(),
        str![[r#"
--- stderr
error: a contrast is for the team or for the public: it puts cases beside each other
hint: choose --audience team or --audience public
--- status 1

"#]]
    );
}

/// Three systems that improved and one that did not, each with one person's interview.
fn interviewed() -> Folder {
    let folder = Folder::with_study();
    folder
        .line("indicator add f --name F --unit points --scale number --better more")
        .done();
    for (n, (case, later)) in [("c1", 2), ("c2", 2), ("c3", 2), ("c4", 0)]
        .into_iter()
        .enumerate()
    {
        folder.write(
            &format!("{case}.txt"),
            format!("Int: Well?\n\nSpeaker 1: In {case} they trust each other and say so.\n"),
        );
        for line in [
            format!("case add {case} --name {case}"),
            format!("participant add P{n} --case {case} --role chair"),
            format!("import {case}.txt --case {case} --participant P{n}"),
            format!("measure add f {case} 2017 1 --source S"),
            format!("measure add f {case} 2018 {later} --source S"),
        ] {
            folder.line(&line).done();
        }
    }
    folder.line("case add c5 --name c5").done();
    folder.line("measure add f c5 2017 1 --source S").done();
    folder.line("measure add f c5 2018 2 --source S").done();
    folder.line("theme add trust").done();
    folder
}

#[test]
fn what_nobody_may_tell_is_no_absence() {
    let folder = interviewed();
    let line = "--json contrast --improved f --from 2017 --to 2018 --quotes 0";
    let before: Value = folder.line(line).done().json();
    assert_eq!(
        before["groups"][0]["cases"].as_array().map(Vec::len),
        Some(3)
    );
    assert_eq!(before["without_transcripts"][0], "c5");
    folder
        .line("participant edit P1 --attribution off-record")
        .done();
    let after: Value = folder.line(line).done().json();
    assert_eq!(after["groups"][0]["cases"], serde_json::json!(["c1", "c3"]));
    assert_eq!(after["off_record"], serde_json::json!(["c2"]));
    let joint: Value = folder.line("--json joint --figure f@2018").done().json();
    assert_eq!(joint["rows"][0]["counts"][0], 0);
    assert_eq!(joint["rows"][1]["case"], "c2");
    assert_eq!(joint["rows"][1]["counts"][0], Value::Null);
    // Nobody asked for what is left out.
    let few = folder.line(&format!("{line} --case c1 --case c4")).done();
    let few: Value = few.json();
    assert_eq!(few["without_transcripts"], serde_json::json!([]));
    assert_eq!(few["off_record"], serde_json::json!([]));
    folder
        .line("contrast --improved f --from 2018 --to 2017")
        .refused();
}

#[test]
fn the_public_is_not_told_which_cases_hold_a_theme() {
    let folder = with_figures();
    let found: Value = folder
        .line("--json contrast --improved four-hour --from 2019/20 --to 2020/21 --theme governance --audience public")
        .done()
        .json();
    assert_eq!(found["themes"][0]["first"], 1);
    assert_eq!(found["themes"][0]["first_cases"], serde_json::json!([]));
    assert!(found["held_back"].is_u64(), "{found}");
}
