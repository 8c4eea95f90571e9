//! Figures as they come out: roll-ups by a declared rule as things stood on a day, cases by figures, series across mergers.

use serde_json::Value;
use snapbox::str;

use crate::harness::{Folder, whole};

/// Runs lines as one types them, for options without blanks in their values.
fn lines(folder: &Folder, all: &str) {
    for line in all.lines().map(str::trim).filter(|l| !l.is_empty()) {
        folder.line(line).done();
    }
}

/// Two systems of one country. Trust b moves from the north to the south at New Year of 2018; trust a belongs to a place in
/// the north; trust d has no emergency department.
fn systems() -> Folder {
    let folder = Folder::with_study();
    lines(
        &folder,
        "case add land --name Land --kind country
        case add north --name North --kind system --part-of land
        case add south --name South --kind system --part-of land
        case add vale --name Vale --kind place --part-of north
        case add a --name Trust-A --kind trust --part-of vale
        case add b --name Trust-B --kind trust
        case link b part-of north --to 2018-01-01
        case link b part-of south --from 2018-01-01
        case add c --name Trust-C --kind trust --part-of south
        case add d --name Trust-D --kind trust --part-of south
        indicator add four-hour --name Four-hour --unit attendances --scale percentage --better more --level trust --decimals 1
        indicator rule four-hour ratio --over-time sum --why published-so",
    );
    folder.write(
        "quarters.csv",
        "trust,quarter,within,all\n\
         a,2017/18-Q1,80,100\na,2017/18-Q2,90,100\na,2017/18-Q3,70,100\na,2017/18-Q4,60,100\n\
         b,2017/18-Q1,95,100\nb,2017/18-Q2,95,100\nb,2017/18-Q3,95,100\n\
         c,2017/18-Q1,160,200\nc,2017/18-Q2,150,200\nc,2017/18-Q3,140,200\nc,2017/18-Q4,150,200\n\
         a,2018/19-Q1,90,100\nb,2018/19-Q1,90,100\nc,2018/19-Q1,140,200\n",
    );
    folder
        .line("measure import quarters.csv --source Quarterly --case trust --period quarter --indicator four-hour --numerator within --denominator all --yes")
        .done();
    folder
}

#[test]
fn quarters_of_trusts_make_a_systems_year_as_it_stood() {
    let folder = systems();
    // North: 300 of 400. South: b's 285 of 300 and c's 600 of 800. Land: 1185 of 1500.
    whole!(
        folder.line("figures roll four-hour --to system --to land --by financial-year"),
        str![[r#"
case   period   four-hour  parts  marks
land   2017/18       79.0      3  b without 2018-01 to 2018-03; 1 never measured
land   2018/19       80.0      3  a without 2018-07 to 2019-03, b without 2018-07 to 2019-03, c without 2018-07 to 2019-03; 1 never measured
north  2017/18       75.0      1
north  2018/19       90.0      1  a without 2018-07 to 2019-03
south  2017/18       80.5      2  b without 2018-01 to 2018-03; 1 never measured
south  2018/19       76.7      2  b without 2018-07 to 2019-03, c without 2018-07 to 2019-03; 1 never measured
--- stderr
four-hour: Four-hour, % of attendances; more is better. Rolled up from parts (the sum of numerators over the sum of denominators), as they stood on the last day of each period. Why so: published-so

"#]]
    );
    // In June 2017 b was in the north: 585 of 700, and 600 of 800.
    whole!(
        folder.line("figures roll four-hour --to system --period 2017/18 --as-of 2017-06-30"),
        str![[r#"
case   period   four-hour  parts  marks
north  2017/18       83.6      2  b without 2018-01 to 2018-03
south  2017/18       75.0      1  1 never measured
--- stderr
four-hour: Four-hour, % of attendances; more is better. Rolled up from parts (the sum of numerators over the sum of denominators), as they stood on 2017-06-30. Why so: published-so

"#]]
    );
    whole!(
        folder.line("--csv figures roll four-hour --to south --period 2017/18"),
        str![[r#"
case,period,four-hour,parts,marks
south,2017/18,80.5,2,b without 2018-01 to 2018-03; 1 never measured
--- stderr
1 table more: -o FILE.xlsx writes all of them.
four-hour: Four-hour, % of attendances; more is better. Rolled up from parts (the sum of numerators over the sum of denominators), as they stood on the last day of each period. Why so: published-so

"#]]
    );
    let found: Value = folder
        .line("--json figures roll four-hour --to south --period 2017/18")
        .done()
        .json();
    let figure = &found["rows"][0]["figure"];
    assert_eq!(figure["value"], "80.4545454545");
    assert_eq!(figure["rests_on"]["lacking"][0]["periods"][0], "2018-01");
    assert_eq!(figure["rests_on"]["never_measured"][0], "d");
    assert_eq!(figure["rests_on"]["complete"], false);
    assert_eq!(found["rows"][0]["parts"][0]["numerator"], "285");
}

#[test]
fn without_a_rule_nothing_is_rolled_up() {
    let folder = systems();
    lines(
        &folder,
        "indicator rule four-hour ratio --over-time refuse --why one-quarter-is-no-year",
    );
    whole!(
        folder
            .line("figures roll four-hour --to system --by financial-year")
            .refused(),
        str![[r#"
--- stderr
error: the rule of `four-hour` does not say how figures of shorter periods become that of 2017/18
hint: say it with: casebook indicator rule four-hour ratio --over-time sum (they are added up) or last (the last one counts) --why W
--- status 1

"#]]
    );
    whole!(
        folder.line("figures roll four-hour --to sistem").refused(),
        str![[r#"
--- stderr
error: `sistem` is neither a case nor a kind of case
hint: did you mean `system`? See the cases with: casebook case list
--- status 1

"#]]
    );
    lines(&folder, "indicator rule four-hour --none");
    whole!(
        folder.line("figures roll four-hour --to system").refused(),
        str![[r#"
--- stderr
error: no rule says how figures of `four-hour` are rolled up
hint: declare one, as in: casebook indicator rule four-hour ratio --why W
--- status 1

"#]]
    );
    // Nor shown as if it were.
    whole!(
        folder.line("figures four-hour@2017/18-Q4 --level system"),
        str![[r#"
case   four-hour@2017/18-Q4
north                   n/a
south                   n/a
--- stderr
four-hour: Four-hour, % of attendances; more is better.
four-hour@2017/18-Q4: known of 0 of 2 cases; n/a is not known, and not 0.

"#]]
    );
}

#[test]
fn a_sum_is_never_smaller_in_silence() {
    let folder = systems();
    lines(
        &folder,
        "indicator add deficit --name Deficit --unit GBP-million --scale number --better less --level trust --decimals 1
        indicator rule deficit sum --why they-add-up
        measure add deficit a 2017/18 1.5 --source Accounts
        measure add deficit b 2017/18 --state suppressed --source Accounts
        measure add deficit c 2017/18 2.25 --source Accounts
        measure add deficit a 2018/19 1 --source Accounts
        measure add deficit c 2018/19 2.25 --source Accounts
        measure add deficit c 2018/19 2.5 --source Board
        measure add deficit a 2019/20 0.1 --source Accounts
        measure add deficit b 2019/20 0.2 --source Accounts --state provisional
        measure add deficit c 2019/20 2.5 --source Accounts",
    );
    whole!(
        folder.line("figures roll deficit --to system --to land"),
        str![[r#"
case   period   deficit  parts  marks
land   2017/18      n/a      2  b suppressed; 1 never measured
land   2018/19      n/a      1  c in conflict; no record of b; 1 never measured
land   2019/20      2.8      3  provisional; 1 never measured
north  2017/18      1.5      1
north  2018/19      1.0      1
north  2019/20      0.1      1
south  2017/18      n/a      1  b suppressed; 1 never measured
south  2018/19      n/a      0  c in conflict; no record of b; 1 never measured
south  2019/20      2.7      2  provisional; 1 never measured
--- stderr
deficit: Deficit, GBP-million; less is better. Rolled up from parts (their sum), as they stood on the last day of each period. Why so: they-add-up

"#]]
    );
    whole!(
        folder.line("figures deficit@2018/19 deficit@2019/20"),
        str![[r#"
case  deficit@2018/19           deficit@2019/20  change deficit  deficit is  marks
a     1.0                                   0.1            -0.9  better
b     n/a                                   0.2             n/a  unknown     deficit@2019/20: provisional
c     2.25 | 2.5 (in conflict)              2.5             n/a  unknown
--- stderr
deficit: Deficit, GBP-million; less is better.
deficit@2018/19: known of 1 of 3 cases, in conflict of 1; n/a is not known, and not 0.
A change is the later figure less the earlier; of bands, how many places it went towards the last.

"#]]
    );
}

#[test]
fn what_was_settled_holds_until_another_figure_comes() {
    let folder = systems();
    lines(
        &folder,
        "indicator add deficit --name Deficit --unit GBP-million --scale number --better less --level trust --decimals 1
        indicator rule deficit sum --why they-add-up
        measure add deficit b 2018 1 --source Accounts
        measure add deficit c 2018 2 --source Accounts
        measure add deficit c 2018 3 --source Board
        conflict settle deficit c 2018 --take 4 --why audited",
    );
    whole!(
        folder.line("figures deficit@2018"),
        str![[r#"
case  deficit@2018  marks
b              1.0
c              3.0  settled
--- stderr
deficit: Deficit, GBP-million; less is better.

"#]]
    );
    whole!(
        folder.line("figures roll deficit --to south"),
        str![[r#"
deficit rolled up
case   period  deficit  parts  marks
south  2018        4.0      2  1 never measured

Parts
case   period  part  deficit  marks
south  2018    b         1.0
south  2018    c         3.0
--- stderr
deficit: Deficit, GBP-million; less is better. Rolled up from parts (their sum), as they stood on the last day of each period. Why so: they-add-up

"#]]
    );
    lines(&folder, "measure add deficit c 2018 4 --source Press");
    whole!(
        folder.line("figures deficit@2018"),
        str![[r#"
case  deficit@2018
b     1.0
c     2 | 3 | 4 (in conflict)
--- stderr
deficit: Deficit, GBP-million; less is better.
deficit@2018: known of 1 of 2 cases, in conflict of 1.

"#]]
    );
    whole!(
        folder.line("figures roll deficit --to south"),
        str![[r#"
deficit rolled up
case   period  deficit  parts  marks
south  2018        n/a      1  c in conflict; 1 never measured

Parts
case   period  part  deficit  marks
south  2018    b         1.0
south  2018    c         n/a  in conflict
--- stderr
deficit: Deficit, GBP-million; less is better. Rolled up from parts (their sum), as they stood on the last day of each period. Why so: they-add-up

"#]]
    );
}

#[test]
fn a_part_of_two_systems_must_be_decided() {
    let folder = systems();
    lines(&folder, "case link a part-of south --from 2017-04-01");
    whole!(
        folder
            .line("figures roll four-hour --to system --period 2018/19-Q1")
            .refused(),
        str![[r#"
--- stderr
error: the rule of `four-hour` does not say what becomes of parts that are in several systems at once: a (north, south)
hint: decide with: casebook indicator rule four-hour ratio --shared each (they count in each) or leave-out (in none) --why W
--- status 1

"#]]
    );
    // In a table it is not known, and says so.
    whole!(
        folder.line("figures four-hour@2018/19-Q1 --case north"),
        str![[r#"
case   four-hour@2018/19-Q1  parts  marks
north                   n/a      0  a in several at once
--- stderr
four-hour: Four-hour, % of attendances; more is better.
four-hour: where there are parts, rolled up from them (the sum of numerators over the sum of denominators), as they stood on the last day of each period.
four-hour@2018/19-Q1: known of 0 of 1 case; n/a is not known, and not 0.

"#]]
    );
    lines(
        &folder,
        "indicator rule four-hour ratio --over-time sum --shared each --why whole-in-each",
    );
    whole!(
        folder.line("figures roll four-hour --to system --to land --period 2018/19-Q1"),
        str![[r#"
case   period      four-hour  parts  marks
land   2018/19-Q1       80.0      3  1 never measured
north  2018/19-Q1       90.0      1  a in several at once
south  2018/19-Q1       80.0      3  1 never measured; a in several at once
--- stderr
four-hour: Four-hour, % of attendances; more is better. Rolled up from parts (the sum of numerators over the sum of denominators), as they stood on the last day of each period. Why so: whole-in-each

"#]]
    );
    lines(
        &folder,
        "indicator rule four-hour ratio --over-time sum --shared leave-out --why in-none",
    );
    whole!(
        folder.line("figures roll four-hour --to system --to land --period 2018/19-Q1"),
        str![[r#"
case   period      four-hour  parts  marks
land   2018/19-Q1       80.0      3  1 never measured
north  2018/19-Q1        n/a      0  without any record; a in several at once
south  2018/19-Q1       76.7      2  1 never measured; a in several at once
--- stderr
four-hour: Four-hour, % of attendances; more is better. Rolled up from parts (the sum of numerators over the sum of denominators), as they stood on the last day of each period. Why so: in-none

"#]]
    );
}

#[test]
fn what_is_measured_of_a_place_and_of_its_trusts_does_not_count_twice() {
    let folder = systems();
    lines(
        &folder,
        "indicator add beds --name Beds --unit beds --scale number --better neither
        indicator rule beds sum --why they-add-up
        measure add beds vale 2018 50 --source Census
        measure add beds a 2018 40 --source Census",
    );
    whole!(
        folder.line("figures roll beds --to system").refused(),
        str![[r#"
--- stderr
error: `beds` is measured of `vale` and of `a`, which is part of it: both would count
hint: say at which kind of case it is measured: casebook indicator edit beds --level trust
--- status 1

"#]]
    );
}

#[test]
fn means_are_weighted_by_another_indicator() {
    let folder = systems();
    lines(
        &folder,
        "indicator add people --name People --unit people --scale number --better neither --level trust
        indicator add wait --name Wait --unit days --scale number --better less --level trust --decimals 2
        indicator rule wait weighted-mean --by people --why by-people-served
        measure add people a 2018 100 --source Census
        measure add people b 2018 100 --source Census
        measure add people c 2018 300 --source Census
        measure add wait a 2018-03 10 --source Returns
        measure add wait b 2018-03 20 --source Returns
        measure add wait c 2018-03 10 --source Returns
        measure add wait d 2018-03 99 --source Returns",
    );
    // South: b and c would be 12.5; d has no people to weigh it.
    whole!(
        folder.line("figures roll wait --to system"),
        str![[r#"
case   period    wait  parts  marks
north  2018-03  10.00      1
south  2018-03    n/a      2  d without a weight
--- stderr
wait: Wait, days; less is better. Rolled up from parts (their weighted mean), as they stood on the last day of each period. Why so: by-people-served

"#]]
    );
    lines(&folder, "measure add people d 2018 100 --source Census");
    whole!(
        folder.line("figures roll wait --to system"),
        str![[r#"
case   period    wait  parts  marks
north  2018-03  10.00      1
south  2018-03  29.80      3
--- stderr
wait: Wait, days; less is better. Rolled up from parts (their weighted mean), as they stood on the last day of each period. Why so: by-people-served

"#]]
    );
}

/// Ratings of trusts, with the middle between two.
fn ratings() -> Folder {
    let folder = systems();
    folder
        .run(&[
            "indicator",
            "add",
            "rating",
            "--name",
            "Rating",
            "--unit",
            "band",
            "--scale",
            "bands",
            "--bands",
            "outstanding;good;requires improvement;inadequate",
            "--better",
            "more",
            "--level",
            "trust",
        ])
        .done();
    for (trust, band) in [
        ("b", "good"),
        ("c", "requires improvement"),
        ("a", "outstanding"),
    ] {
        folder
            .run(&[
                "measure",
                "add",
                "rating",
                trust,
                "2018",
                band,
                "--source",
                "Regulator",
            ])
            .done();
    }
    folder
}

#[test]
fn bands_are_never_averaged_unless_scores_are_declared() {
    let folder = ratings();
    lines(
        &folder,
        "indicator rule rating worst-band --why as-strong-as-the-weakest",
    );
    whole!(
        folder.line("figures rating@2018 --level system --order rating@2018"),
        str![[r#"
case   rating@2018           parts  marks
north  outstanding               1
south  requires improvement      2  1 never measured
--- stderr
rating: Rating, band; the first band is best.
rating: where there are parts, rolled up from them (their worst band), as they stood on the last day of each period.

"#]]
    );
    lines(
        &folder,
        "indicator rule rating median-band --why the-middle",
    );
    whole!(
        folder.line("figures roll rating --to south --period 2018"),
        str![[r#"
rating rolled up
case   period  rating                parts  marks
south  2018    requires improvement      2  1 never measured

Parts
case   period  part  rating                marks
south  2018    b     good
south  2018    c     requires improvement
--- stderr
rating: Rating, band; the first band is best. Rolled up from parts (their middle band, of two the worse), as they stood on the last day of each period. Why so: the-middle

"#]]
    );
    folder
        .run(&[
            "indicator",
            "rule",
            "rating",
            "mean-score",
            "--scores",
            "outstanding=4;good=3;requires improvement=2;inadequate=1",
            "--why",
            "asked for by the steering group",
        ])
        .done();
    whole!(
        folder.line("figures rating@2018 --level system"),
        str![[r#"
case   rating@2018  parts  marks
north         4.00      1
south         2.50      2  1 never measured
--- stderr
rating: Rating, band; the first band is best.
rating: where there are parts, rolled up from them (bands were averaged by scores that the researchers declared: outstanding = 4, good = 3, requires improvement = 2, inadequate = 1), as they stood on the last day of each period.

"#]]
    );
}

#[test]
fn cases_by_figures_say_who_improved() {
    let folder = systems();
    whole!(
        folder
            .line("figures four-hour@2017/18-Q1 four-hour@2018/19-Q1 --order four-hour@2018/19-Q1"),
        str![[r#"
case  four-hour@2017/18-Q1  four-hour@2018/19-Q1  change four-hour  four-hour is
a                     80.0                  90.0              10.0  better
b                     95.0                  90.0              -5.0  worse
c                     80.0                  70.0             -10.0  worse
--- stderr
four-hour: Four-hour, % of attendances; more is better.
A change is the later figure less the earlier; of bands, how many places it went towards the last.

"#]]
    );
    whole!(
        folder.line("figures four-hour@2017/18 four-hour@2018/19-Q1 --level system"),
        str![[r#"
case   four-hour@2017/18  four-hour@2018/19-Q1  change four-hour  four-hour is  parts  marks
north               75.0                  90.0              15.0  better            1
south               80.5                  76.7              -3.8  worse             2  four-hour@2017/18: b without 2018-01 to 2018-03; 1 never measured. four-hour@2018/19-Q1: 1 never measured
--- stderr
four-hour: Four-hour, % of attendances; more is better.
four-hour: where there are parts, rolled up from them (the sum of numerators over the sum of denominators), as they stood on the last day of each period.
A change is the later figure less the earlier; of bands, how many places it went towards the last.

"#]]
    );
    whole!(
        folder.line("figures four-hour@2017/18-Q1 four-hour@2018/19-Q1 --improved"),
        str![[r#"
case  four-hour@2017/18-Q1  four-hour@2018/19-Q1  change four-hour  four-hour is
a                     80.0                  90.0              10.0  better
--- stderr
four-hour: Four-hour, % of attendances; more is better.
A change is the later figure less the earlier; of bands, how many places it went towards the last.
1 case improved in all, 2 did not, of 0 it is not known.

"#]]
    );
    whole!(
        folder
            .line("figures four-hour@2017/18-Q1 --improved")
            .refused(),
        str![[r#"
--- stderr
error: `four-hour` is not asked for in two periods
hint: name two, as in: casebook figures four-hour@2017/18 four-hour@2018/19 --improved
--- status 1

"#]]
    );
    whole!(
        folder.line("--csv figures four-hour --by financial-quarter --case a"),
        str![[r#"
case,four-hour@2017/18-Q1,four-hour@2017/18-Q2,four-hour@2017/18-Q3,four-hour@2017/18-Q4,four-hour@2018/19-Q1
a,80.0,90.0,70.0,60.0,90.0
--- stderr
four-hour: Four-hour, % of attendances; more is better.

"#]]
    );
    whole!(
        folder
            .line("figures four-hour@2017/18 --level sistem")
            .refused(),
        str![[r#"
--- stderr
error: no case is a `sistem`
hint: did you mean `system`?
--- status 1

"#]]
    );
    whole!(
        folder.line("figures fourhour").refused(),
        str![[r#"
--- stderr
error: no indicator `fourhour`
hint: did you mean `four-hour`?
--- status 1

"#]]
    );
}

#[test]
fn a_figure_of_its_own_stands_and_what_its_parts_give_is_said_beside_it() {
    let folder = systems();
    lines(
        &folder,
        "indicator edit four-hour --decimals 1
        indicator add share --name Share --unit beds --scale percentage --better more
        indicator rule share ratio --why parts-make-it
        measure add share b 2019 --numerator 1 --denominator 2 --source Census
        measure add share c 2019 --numerator 1 --denominator 4 --source Census
        measure add share south 2019 33.3 --source Report
        measure add share north 2019 12 --source Report
        measure add share b 2020 --numerator 1 --denominator 2 --source Census
        measure add share south 2020 49 --source Report",
    );
    whole!(
        folder.line("figures share@2019 share@2020 --level system"),
        str![[r#"
case   share@2019  share@2020  change share  share is  marks
north        12.0         n/a           n/a  unknown
south        33.3        49.0          15.7  better    share@2020: its parts give 50.0; no record of c; 1 never measured
--- stderr
share: Share, % of beds; more is better.
share: where there are parts, rolled up from them (the sum of numerators over the sum of denominators), as they stood on the last day of each period.
share@2020: known of 1 of 2 cases; n/a is not known, and not 0.
A change is the later figure less the earlier; of bands, how many places it went towards the last.

"#]]
    );
}

#[test]
fn bases_are_not_mixed() {
    let folder = systems();
    lines(
        &folder,
        "indicator add plan --name Plan --unit GBP-million --scale number --better less --basis kind=plan
        indicator add outturn --name Outturn --unit GBP-million --scale number --better less --basis kind=outturn
        measure add plan a 2018 1 --source Accounts
        measure add outturn a 2018 2 --source Accounts",
    );
    whole!(
        folder.line("figures plan@2018 outturn@2018").refused(),
        str![[r#"
--- stderr
error: `plan` and `outturn` are measured on different bases: `kind` is `plan` of the one and `outturn` of the other
hint: show each in a table of its own
--- status 1

"#]]
    );
    whole!(
        folder
            .line("figures plan@2018 --order outturn@2018")
            .refused(),
        str![[r#"
--- stderr
error: `plan` and `outturn` are measured on different bases: `kind` is `plan` of the one and `outturn` of the other
hint: show each in a table of its own
--- status 1

"#]]
    );
    whole!(
        folder.line("figures plan outturn").refused(),
        str![[r#"
--- stderr
error: `plan` and `outturn` are measured on different bases: `kind` is `plan` of the one and `outturn` of the other
hint: show each in a table of its own
--- status 1

"#]]
    );
}

#[test]
fn only_members_of_a_cohort() {
    let folder = systems();
    lines(
        &folder,
        "cohort add first --name First --date 2017-06-01
        cohort member first north --from 2017-06-01 --to 2018-04-01
        cohort member first south",
    );
    whole!(
        folder.line("figures four-hour@2018/19-Q1 --cohort first --as-of 2018-06-30"),
        str![[r#"
case   four-hour@2018/19-Q1  parts  marks
south                  76.7      2  1 never measured
--- stderr
four-hour: Four-hour, % of attendances; more is better.
four-hour: where there are parts, rolled up from them (the sum of numerators over the sum of denominators), as they stood on 2018-06-30.

"#]]
    );
}

/// East and west become one in August 2018; it is called middle from 2020 on.
fn merged() -> Folder {
    let folder = Folder::with_study();
    lines(
        &folder,
        "case add east --name East --kind system --to 2018-08-01
        case add west --name West --kind system --to 2018-08-01
        case add centre --name Centre --kind system --from 2018-08-01
        case add middle --name Middle --kind system --from 2020-04-01
        case link east merged-into centre --from 2018-08-01
        case link west merged-into centre --from 2018-08-01
        case link centre renamed-to middle --from 2020-04-01
        indicator add visits --name Visits --unit visits --scale number --better less
        measure add visits east 2016/17 10 --source Returns
        measure add visits west 2016/17 20 --source Returns
        measure add visits east 2017/18 11 --source Returns
        measure add visits centre 2018/19 35 --source Returns
        measure add visits centre 2019/20 36 --source Returns
        measure add visits middle 2020/21 37 --source Returns",
    );
    folder
}

#[test]
fn a_series_across_a_merger_is_what_somebody_chose() {
    let folder = merged();
    whole!(
        folder.line("series visits --case middle").refused(),
        str![[r#"
--- stderr
error: `middle` came out of centre on 2020-04-01: the series of `visits` goes across that
hint: choose what becomes of it: --across broken (each case in its own life), mapped (the one case before it stands in front) or rebuilt (earlier figures rolled up from the cases before it)
--- status 1

"#]]
    );
    whole!(
        folder.line("series visits --case middle --across broken"),
        str![[r#"
case    period   visits  marks
east    2016/17      10
east    2017/18      11  ends here: merged into centre (2018-08-01)
west    2016/17      20  ends here: merged into centre (2018-08-01)
centre  2018/19      35  breaks here: came out of east (2018-08-01), west (2018-08-01)
centre  2019/20      36  ends here: renamed to middle (2020-04-01)
middle  2020/21      37  breaks here: came out of centre (2020-04-01)
--- stderr
visits: Visits, visits; less is better.
Each case stands in its own life: where one came out of another, the series breaks.

"#]]
    );
    whole!(
        folder
            .line("series visits --case middle --across mapped")
            .refused(),
        str![[r#"
--- stderr
error: `centre` came out of 2 cases (east, west): none of them stands for it
hint: choose --across broken or --across rebuilt
--- status 1

"#]]
    );
    // No rule, nothing rebuilt.
    whole!(
        folder
            .line("series visits --case middle --across rebuilt")
            .refused(),
        str![[r#"
--- stderr
error: no rule says how figures of `visits` are rolled up, so nothing can be rebuilt
hint: declare one with: casebook indicator rule visits RULE --why W; or choose --across broken
--- status 1

"#]]
    );
    lines(&folder, "indicator rule visits sum --why they-add-up");
    // In 2017/18 the west is lacking: nothing is rebuilt of the east alone.
    whole!(
        folder.line("series visits --case middle --across rebuilt"),
        str![[r#"
case    period   visits  marks
middle  2016/17      30  rebuilt from east, west
middle  2017/18     n/a  without any record: west; rebuilt from east
middle  2018/19      35  rebuilt from centre
middle  2019/20      36  rebuilt from centre
middle  2020/21      37
--- stderr
visits: Visits, visits; less is better.
Figures marked as rebuilt are no figures of the case: they were rolled up from the cases before it by the indicator's rule.

"#]]
    );
    lines(
        &folder,
        "case unlink east merged-into centre
        case unlink west merged-into centre",
    );
    whole!(
        folder.line("series visits --case middle --across mapped"),
        str![[r#"
case    period   visits  marks
middle  2018/19      35  that of centre
middle  2019/20      36  that of centre
middle  2020/21      37
--- stderr
visits: Visits, visits; less is better.
Figures marked as those of another case stand for the one that it became: what it covers may have changed.

"#]]
    );
    whole!(
        folder.line("--csv series visits --case east"),
        str![[r#"
case,period,visits,marks
east,2016/17,10,
east,2017/18,11,
--- stderr
visits: Visits, visits; less is better.

"#]]
    );
}

#[test]
fn how_a_partial_sum_changed_is_not_known() {
    let folder = Folder::with_study();
    lines(
        &folder,
        "case add a --name A --kind trust
        indicator add n --name N --unit % --scale percentage --better more
        indicator add z --name Z --unit visits --scale number --better more
        indicator rule z sum --over-time sum --why W
        measure add z a 2017-Q1 10 --source S
        measure add z a 2017-Q2 10 --source S
        measure add z a 2018 25 --source S
        measure add n a 2018 25 --source S",
    );
    let found: Value = folder.line("--json figures z@2017 z@2018").done().json();
    assert_eq!(found["rows"][0]["changes"][0]["movement"], "unknown");
    whole!(
        folder.line("figures z@2017 z@2018 --improved"),
        str![[r#"
--- stderr
No case improved in all of them.
z: Z, visits; more is better.
0 cases improved in all, 0 did not, of 1 it is not known.

"#]]
    );
    // A unit of per cent is said once, and what is in conflict is called so.
    lines(
        &folder,
        "measure add n a 2018 30 --source T
        measure add z a 2019 1 --source A --as-of 2019-05-01
        measure add z a 2019 2 --source A --as-of 2019-06-01
        measure add z a 2019 3 --source B",
    );
    whole!(
        folder.line("figures n@2018"),
        str![[r#"
case  n@2018
a     25 | 30 (in conflict)
--- stderr
n: N, %; more is better.
n@2018: known of 0 of 1 case, in conflict of 1.

"#]]
    );
    // The first of the two that one source said does not stand.
    let sides: Value = folder
        .line("--json conflict list --indicator z")
        .done()
        .json();
    let gone = sides["conflicts"][0]["sides"]
        .as_array()
        .and_then(|all| all.iter().find(|s| s["stands"] == false))
        .expect("one that was superseded");
    folder
        .line(&format!(
            "conflict settle z a 2019 --take {} --why W",
            gone["reading"]
        ))
        .refused();
}

#[test]
fn weights_below_nought_make_no_mean() {
    let folder = Folder::with_study();
    lines(
        &folder,
        "case add s --name S --kind system
        case add a --name A --kind trust --part-of s
        case add b --name B --kind trust --part-of s
        indicator add m --name M --unit points --scale number --better more --level trust
        indicator add w --name W --unit people --scale number --better neither --level trust
        indicator rule m weighted-mean --by w --why W
        measure add m a 2018 10 --source S
        measure add m b 2018 40 --source S
        measure add w a 2018 2 --source S
        measure add w b 2018 -1 --source S",
    );
    whole!(
        folder.line("figures roll m --to s --period 2018"),
        str![[r#"
m rolled up
case  period    m  parts  marks
s     2018    n/a      1  b with a weight below 0

Parts
case  period  part    m  numerator  denominator  marks
s     2018    a      10         20            2
s     2018    b     n/a                          with a weight below 0
--- stderr
m: M, points; more is better. Rolled up from parts (their weighted mean), as they stood on the last day of each period. Why so: W

"#]]
    );
}

#[test]
fn what_a_rebuilt_figure_lacks_is_said() {
    let folder = Folder::with_study();
    lines(
        &folder,
        "case add a --name A --kind trust
        case add b --name B --kind trust
        case add c --name C --kind trust
        case link a merged-into c --from 2018-01-01
        case link b merged-into c --from 2018-01-01
        indicator add q --name Q --unit visits --scale number --better more
        indicator rule q sum --over-time sum --why W
        measure add q a 2017 12 --source S
        measure add q b 2017-Q1 3 --source S
        measure add q b 2017-Q2 3 --source S
        measure add q c 2018 30 --source S",
    );
    whole!(
        folder.line("series q --case c --across rebuilt --by year"),
        str![[r#"
case  period   q  marks
c     2017    18  rebuilt from a, b; b without 2017-07 to 2017-12
c     2018    30
--- stderr
q: Q, visits; more is better.
Figures marked as rebuilt are no figures of the case: they were rolled up from the cases before it by the indicator's rule.

"#]]
    );
    lines(
        &folder,
        "case add d --name D --kind trust
        case link a merged-into d --from 2018-01-01",
    );
    whole!(
        folder
            .line("series q --case c --across rebuilt --by year")
            .refused(),
        str![[r#"
--- stderr
error: `a` became c and d: its figures are of none of them alone
hint: choose --across broken
--- status 1

"#]]
    );
}
