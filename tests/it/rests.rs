//! What claims, assessments and cohorts rest on: what goes with it, what is held back with it, and what is counted where
//! cases merge.

use snapbox::str;

use crate::harness::{Folder, STUDY, whole};

/// A study in which P1 alone is heard in T01, and a claim, an assessment, a member and a cohort that rest on it.
fn study() -> Folder {
    let folder = Folder::with_study();
    folder.write(
        "t.txt",
        "P1: We said sentinelaa by summer.\n\nP2: And why?\n",
    );
    folder.write("solo.txt", "P1: Because of the sentinelbb.\n");
    folder.write(
        "ladder.yaml",
        "slug: ladder\nname: Ladder\nsource: us\nstages: [bottom, middle, top]\ndomains: []\n",
    );
    for line in [
        "case add c --kind system",
        "participant add P1 --case c",
        "participant add P2 --case c",
        "import t.txt --case c --speaker P1=P1 --speaker P2=P2",
        "import solo.txt --case c --speaker P1=P1",
        "theme add said",
        "code T01:1 said",
        "code T02:1 said",
        "goal add ready --name Ready",
        "maturity import ladder.yaml",
        "claim add c ready --said 2020-01-01 --stance plans --words sentinelcc --reason sentineldd --coding 1000001",
        "assessment add c ladder bottom --date 2020-01-01 --by self --coding 2000001 --why sentinelee",
        "cohort add first --name First --document T02 --why sentinelff",
        "cohort member first c --coding 1000001 --why sentinelgg",
    ] {
        folder.line(line).done();
    }
    folder
}

fn left(folder: &Folder) -> Vec<String> {
    let bytes = std::fs::read(folder.join(STUDY)).expect("the study");
    let all = String::from_utf8_lossy(&bytes);
    all.match_indices("sentinel")
        .map(|(at, _)| all.get(at..at + 10).unwrap_or_default().to_owned())
        .collect()
}

/// A passage that was taken away before, and one that was brought back, take what was written because of them along.
#[test]
fn an_erase_takes_what_rested_on_it_once() {
    for before in [
        vec!["uncode 1000001 2000001"],
        vec!["uncode 1000001 2000001", "undo"],
        vec![],
    ] {
        let folder = study();
        for line in &before {
            folder.line(line).done();
        }
        for file in ["t.txt", "solo.txt"] {
            std::fs::remove_file(folder.join(file)).expect("it was there");
        }
        folder.line("withdraw P1 --mode erase --yes").done();
        assert!(left(&folder).is_empty(), "{before:?}: {:?}", left(&folder));
        folder.line("log verify").done();
        folder.sound();
    }
}

/// A document of somebody who is left out holds back what rests on it, as a passage does.
#[test]
fn a_document_off_the_record_holds_back() {
    let folder = study();
    for line in [
        "claim add c ready --said 2020-02-01 --stance waits --words sentinelhh --document T02",
        "assessment add c ladder top --date 2021-01-01 --by self --document T02 --why sentinelii",
        // What falls back on its document is no freer for that.
        "uncode 1000001 2000001",
        "participant edit P1 --attribution off-record",
    ] {
        folder.line(line).done();
    }
    for line in ["claim list", "assessment list"] {
        let run = folder.line(&format!("{line} --json")).done();
        assert!(!run.stdout.contains("sentinel"), "{line}: {}", run.stdout);
    }
    let run = folder.line("cohort list --json").done();
    assert!(!run.stdout.contains("sentinelff"), "{}", run.stdout);
    whole!(
        folder.line("claim list"),
        str![[r#"
--- stderr
No claims. Add one with: casebook claim add CASE GOAL --said DATE --stance plans --planned 2020-04 --source TEXT
2 claims rest on what was said off the record: neither shown nor counted.

"#]]
    );
    for line in ["claim show 2", "assessment show 1", "assessment show 2"] {
        let run = folder.line(line);
        assert!(!run.stdout.contains("sentinel"), "{line}: {}", run.stdout);
    }
}

/// What one of several said that merged is not gone because another said something later.
#[test]
fn claims_of_what_merged_are_not_dropped() {
    let folder = Folder::with_study();
    for line in [
        "case add a --kind system",
        "case add b --kind system",
        "case add e --kind system",
        "case link a merged-into e --from 2018-06-07",
        "case link b merged-into e --from 2018-06-07",
        "goal add ready --name Ready --deadline 2019-06-01",
        "claim add a ready --said 2018-01-01 --stance plans --planned 2018-12 --source us",
        "claim add b ready --said 2018-02-01 --stance doubts --source us",
    ] {
        folder.line(line).done();
    }
    whole!(
        folder.line("claim list --as-of 2019-03-01"),
        str![[r#"
claim  case       goal   said        stance  planned  words  moved  outcome              deadline  reason  from
    1  a (now e)  ready  2018-01-01  plans   2018-12                overdue by 3 months  ahead             us
    2  b (now e)  ready  2018-02-01  doubts                         no date said         ahead             us
--- stderr
As of 2019-03-01. Slipped and overdue are counted in months from the month in which the planned time ended, and in days where they are fewer than 28.
ready: 1 case, each by its newest claim: 1 case of which the newest claims differ.

"#]]
    );
    // What the merged one says itself is its word.
    folder
        .line("claim add e ready --said 2018-07-01 --stance waits --source us")
        .done();
    whole!(
        folder.line("claim list --as-of 2019-03-01"),
        str![[r#"
claim  case       goal   said        stance  planned  words  moved  outcome              deadline  reason  from
    1  a (now e)  ready  2018-01-01  plans   2018-12                overdue by 3 months  ahead             us
    2  b (now e)  ready  2018-02-01  doubts                         no date said         ahead             us
    3  e          ready  2018-07-01  waits                          no date said         ahead             us
--- stderr
As of 2019-03-01. Slipped and overdue are counted in months from the month in which the planned time ended, and in days where they are fewer than 28.
ready: 1 case, each by its newest claim: 1 waits; 1 no date said; deadline: 1 ahead.

"#]]
    );
}

/// A part of what merged is in what it became.
#[test]
fn a_part_of_what_merged_counts_with_what_it_became() {
    let folder = Folder::with_study();
    for line in [
        "case add a --kind system",
        "case add b --kind system",
        "case add e --kind system",
        "case add p --kind place",
        "case link a merged-into e --from 2018-06-07",
        "case link b merged-into e --from 2018-06-07",
        "case link p part-of a",
        "cohort add w --name W --date 2017-01-01",
        "cohort member w a",
        "cohort member w b",
        "cohort member w p",
    ] {
        folder.line(line).done();
    }
    whole!(
        folder.line("cohort count w --as-of 2018-06-06 --as-of 2018-06-07"),
        str![[r#"
as of       systems  memberships  counted with another
2018-06-06        2            3                     1
2018-06-07        1            3                     3
--- stderr
Systems that are in any of the cohorts on the day. A member that had merged or was renamed counts as what it became, a part counts with its whole where that is a member, and each system once.

"#]]
    );
}

/// Up and back is said, also where it was the same at both ends.
#[test]
fn a_movement_says_what_was_between() {
    let folder = Folder::with_study();
    folder.write(
        "ladder.yaml",
        "slug: ladder\nname: Ladder\nsource: us\nstages: [bottom, middle, top]\ndomains: []\n",
    );
    for line in [
        "case add d",
        "maturity import ladder.yaml",
        "assessment add d ladder bottom --date 2018-01-01 --by researcher --assessor eve",
        "assessment add d ladder top --date 2019-01-01 --by researcher --assessor bob",
        "assessment add d ladder bottom --date 2020-01-01 --by researcher --assessor bob",
    ] {
        folder.line(line).done();
    }
    whole!(
        folder.line("assessment movement ladder"),
        str![[r#"
case  domain   by          from                 to                   movement
d     overall  researcher  bottom (2018-01-01)  bottom (2020-01-01)  same (another assessor); between: top (2019-01-01)
--- stderr
Of 1 pair of a case in a domain or overall, each by one kind of assessor: 0 forward, 0 back, 1 the same, 0 not known.

"#]]
    );
}

/// Who of the others is in another cohort is said; a cohort that has not begun is, too; and of nothing known no band has none.
#[test]
fn the_others_are_not_all_untouched() {
    let folder = Folder::with_study();
    folder.write(
        "cases.csv",
        "slug,kind,part_of\na,system,\nb,system,\nc,system,\nplace,place,c\n",
    );
    folder.line("case import cases.csv").done();
    folder.write(
        "waves.csv",
        "cohort,date,case\none,2017-06-01,a\ntwo,2017-06-01,b\ntwo,2017-06-01,place\nlate,2019-01-01,a\n",
    );
    folder.line("cohort import waves.csv").done();
    folder
        .line("indicator add waits --name Waits --unit weeks --scale number --better less --level system")
        .done();
    for case in ["a", "b", "c"] {
        folder
            .line(&format!("measure add waits {case} 2017/18 4 --source us"))
            .done();
    }
    whole!(
        folder.line("cohort compare one --figure waits@2017/18"),
        str![[r#"
one compared with rest
group  cases  left out  in part  joined later  median  mean  least  most
one        1         0        0             0  4       4     4      4
rest       2         0        0             0  4       4     4      4

Cases
group  case  figure  left out  part  joins later
one    a     4                       late (2019-01-01)
rest   b     4
rest   c     4
--- stderr
Waits (weeks), 2017/18, as of 2018-03-31; cases of kind system.
Each case counts once, whatever its size: the mean is of cases, not of what they count.
The median of one less that of rest: 0. A difference of groups is no effect of being in one.
1 case of one joined within 2017/18: the figure is from before that, too.
Of rest, 2 cases are in another cohort by then, whole or in part: 2 two (2017-06-01). What being in a cohort does, they may have had, too.

"#]]
    );
    whole!(
        folder.line("cohort compare late --figure waits@2017/18"),
        str![[r#"
late compared with rest
group  cases  left out  in part  joined later  median  mean  least  most
late       0         0        0             0  n/a     n/a   n/a    n/a
rest       3         0        0             1  4       4     4      4

Cases
group  case  figure  left out  part  joins later
rest   a     4                       late (2019-01-01)
rest   b     4
rest   c     4
--- stderr
Waits (weeks), 2017/18, as of 2018-03-31; cases of kind system.
Each case counts once, whatever its size: the mean is of cases, not of what they count.
Of rest, 3 cases are in another cohort by then, whole or in part: 1 one (2017-06-01), 2 two (2017-06-01). What being in a cohort does, they may have had, too.
Of rest, some join a cohort later: 1 late (2019-01-01). They may already have been on the way.
late begins on 2019-01-01, after 2018-03-31: none of its members is in it yet. With them: --as-of 2019-01-01

"#]]
    );
    folder
        .line("indicator add rating --name Rating --unit band --scale bands --bands good;poor --better more --level system")
        .done();
    folder
        .line("measure add rating a 2017/18 good --source us")
        .done();
    whole!(
        folder.line("cohort compare one --figure rating@2017/18"),
        str![[r#"
one compared with rest
group  cases  left out  in part  joined later  good  poor
one        1         0        0             0     1     0
rest       0         2        0             0   n/a   n/a

Cases
group  case  figure  left out            part  joins later
one    a     good                              late (2019-01-01)
rest   b             without any record
rest   c             without any record
--- stderr
Rating (band), 2017/18, as of 2018-03-31; cases of kind system.
Cases by band; bands are not averaged.
1 case of one joined within 2017/18: the figure is from before that, too.

"#]]
    );
}
