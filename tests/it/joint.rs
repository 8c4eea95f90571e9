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
four-hour@2019/20: 2 of 6 cases have a figure; n/a is not known, and not 0.
four-hour@2020/21: 3 of 6 cases have a figure; n/a is not known, and not 0.
A change is the later figure less the earlier; of bands, how many places it went towards the last.

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
Themes count participants, each with its sub-themes; one that has several sub-themes counts once, in transcripts of the case itself.
four-hour: Four-hour, % of attendances; more is better.

"#]]
    );
    let found: Value = folder
        .line("--json joint governance finance --figure four-hour@2020/21 --order four-hour")
        .done()
        .json();
    assert_eq!(found["rows"][0]["case"], "cedar");
    assert_eq!(found["rows"][0]["figures"][0]["value"], "90");
    // As many as the matrix counts.
    let matrix: Value = folder
        .line("--json matrix --theme governance --case cedar")
        .done()
        .json();
    assert_eq!(found["rows"][0]["counts"][0], matrix["total"]);
    whole!(
        folder.line("joint governence --figure four-hour").refused(),
        str![]
    );
    whole!(
        folder
            .line("joint governance --theme finance --figure four-hour")
            .refused(),
        str![]
    );
}

#[test]
fn themes_set_cases_apart_with_an_exact_test() {
    let folder = with_figures();
    whole!(
        folder.line("contrast --improved four-hour --from 2019/20 --to 2020/21 --theme governance --theme finance --quotes 1"),
        str![[r#"
--- stderr
error: no theme `finance`
hint: see what there is with: casebook theme list
--- status 1

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
        folder.line("contrast --cohort first --quotes 0 --theme governance"),
        str![[r#"
theme       first (n = 2)  the others (n = 4)    p  Holm  cases that are in first  cases of the others
governance              2                   4  n/a   n/a  birch-coast, cedar       alder, alder-vale, birch, cedar-east
--- stderr
Counted are cases in whose transcripts the theme, or a sub-theme of it, is coded at least once.
p: Fisher's exact test, two-sided, of 6 cases; n/a where the theme is in every case or in none. Holm: for 0 themes read together.
6 cases prove little. The smallest p that these groups can give is 0.0667. Of several themes that are tested, some differ by chance; none of this says what caused what.

"#]]
    );
    whole!(
        folder
            .line("contrast --improved four-hour --from 2020/21 --to 2020/21")
            .refused(),
        str![[r#"
--- stderr
error: there is nothing to contrast: 0 of 6 cases with transcripts in `improved`, 0 in `not improved`
hint: see which cases are in which with: casebook figures INDICATOR@P INDICATOR@P, or: casebook cohort show SLUG
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
