//! `saturation`: how much that is new the last interviews brought.

use serde_json::Value;
use snapbox::str;

use crate::harness::{Folder, invented, whole};

/// A study of interviews that bring so many new codes each, one turn and one coding for each code; every interview
/// also repeats the first code, which is new only once. The days run backwards against the import from the sixth on.
fn bringing(new: &[usize]) -> Folder {
    let folder = Folder::with_study();
    let codes: usize = new.iter().sum();
    let mut book = String::new();
    for n in 1..=codes {
        book.push_str(&format!("- path: c{n:02}\n"));
    }
    folder.write("book.yaml", book);
    folder.line("theme import book.yaml").done();
    let mut codings = String::from("place,theme\n");
    let mut next = 1;
    for (t, n) in (1..).zip(new) {
        let mut text = String::new();
        let mut these = vec![1];
        these.extend((next..next + n).filter(|c| *c != 1));
        next += n;
        for (turn, code) in (1..).zip(&these) {
            text.push_str(&format!(
                "A: This is what I say, for the {turn}. time in {t}.\n\n"
            ));
            codings.push_str(&format!("T{t:02}:{turn},c{code:02}\n"));
        }
        folder.write(&format!("in/{t:02}.txt"), text);
    }
    folder.write("codings.csv", codings);
    folder
        .line("import in --kind interview --speaker A=participant")
        .done();
    folder.line("code --from codings.csv").done();
    folder
}

/// The worked run, through the whole program: 16, 9, 5, 3, 2, 1, 1, 0, 0, 0 new codes.
#[test]
fn the_worked_run() {
    let folder = bringing(&[16, 9, 5, 3, 2, 1, 1, 0, 0, 0]);
    whole!(
        folder.line("saturation --base 4 --run 2 --order import"),
        str![[r#"
10 interviews, 37 codes, in the order of their import

    interview  date  codes  new  in all
 1  T01                 16   16      16  █████████████
 2  T02                 10    9      25  ████████████████████▎
 3  T03                  6    5      30  ████████████████████████▍
 4  T04                  4    3      33  ██████████████████████████▊
 5  T05                  3    2      35  ████████████████████████████▍
 6  T06                  2    1      36  █████████████████████████████▎
 7  T07                  2    1      37  ██████████████████████████████
 8  T08                  1    0      37  ██████████████████████████████
 9  T09                  1    0      37  ██████████████████████████████
10  T10                  1    0      37  ██████████████████████████████

New codes in each run, of the codes in the base (N/B):

after  base 4, run 2
    4   3/33   9.1 %
    5   2/33   6.1 %
    6   1/33   3.0 %
    7   0/33   0.0 %
    8   0/33   0.0 %

base  run   B  ≤5 %  ≤0 %
   4    2  33  6+2   7+2

"#]]
    );
    whole!(
        folder.line("saturation --base 4 --run 2 --order import --csv"),
        str![[r#"
group,base,run,base codes,after,first,last,new,ratio,meets,reason
,4,2,33,4,5,6,3,0.0909,,
,4,2,33,5,6,7,2,0.0606,,
,4,2,33,6,7,8,1,0.0303,≤5 %,
,4,2,33,7,8,9,0,0.0000,≤0 %,
,4,2,33,8,9,10,0,0.0000,,
--- stderr
2 tables more: -o FILE.xlsx writes all of them.
After Guest, Namey & Chen (2020): the ratio is new codes in the run by different codes in the base, which stays the same.
Interviews are taken in the order of their import.

"#]]
    );
    let view: Value = folder
        .line("saturation --base 4 --run 2 --order import --json")
        .done()
        .json();
    let found = &view["groups"][0]["assessments"][0];
    assert_eq!(found["base_codes"], 33);
    let ratios: Vec<String> = found["runs"]
        .as_array()
        .expect("the runs")
        .iter()
        .map(|r| format!("{:.3}", r["ratio"].as_f64().expect("a ratio")))
        .collect();
    assert_eq!(ratios, ["0.091", "0.061", "0.030", "0.000", "0.000"]);
    assert_eq!(
        (&found["points"][0]["point"], &found["points"][1]["point"]),
        (&"6+2".into(), &"7+2".into())
    );
    let curve: Vec<i64> = view["groups"][0]["curve"]
        .as_array()
        .expect("the curve")
        .iter()
        .map(|i| i["total"].as_i64().expect("a number"))
        .collect();
    assert_eq!(curve, [16, 25, 30, 33, 35, 36, 37, 37, 37, 37]);
}

#[test]
fn the_order_is_that_of_the_dates_or_as_told() {
    let folder = bringing(&[3, 2, 1, 1]);
    for (id, date) in [
        ("T01", "2020-04-01"),
        ("T02", "2020-03-01"),
        ("T04", "2020-03-01"),
    ] {
        folder
            .run(&["transcript", "edit", id, "--date", date])
            .done();
    }
    whole!(
        folder.line("saturation --base 2 --run 1"),
        str![[r#"
4 interviews, 7 codes, in the order of their dates

   interview  date        codes  new  in all
1  T02        2020-03-01      3    3       3  ████████████▉
2  T04        2020-03-01      2    1       4  █████████████████▏
3  T01        2020-04-01      3    2       6  █████████████████████████▊
4  T03                        2    1       7  ██████████████████████████████

New codes in each run, of the codes in the base (N/B):

after  base 2, run 1
    2    2/4  50.0 %
    3    1/4  25.0 %

base  run  B  ≤5 %         ≤0 %
   2    1  4  not reached  not reached
--- stderr
warning: 1 interview has no date and stands last, in the order of import: T03

"#]]
    );
    let order = |typed: &str| -> Vec<String> {
        let view: Value = folder
            .run(&[
                "saturation",
                "--base",
                "2",
                "--run",
                "1",
                "--order",
                typed,
                "--json",
            ])
            .done()
            .json();
        view["groups"][0]["curve"]
            .as_array()
            .expect("the curve")
            .iter()
            .map(|i| i["transcript"].as_str().expect("a slug").to_owned())
            .collect()
    };
    assert_eq!(order("import"), ["T01", "T02", "T03", "T04"]);
    assert_eq!(order("T03, T01,t04,T02"), ["T03", "T01", "T04", "T02"]);
    whole!(
        folder.line("saturation --order T03,T01,T03,T02"),
        str![[r#"
--- stderr
error: `T03` stands twice in the order
hint: name each interview once
--- status 1

"#]]
    );
    whole!(
        folder.line("saturation --order T03,T01"),
        str![[r#"
--- stderr
error: the order leaves out 2 of 4 interviews
hint: name all of them (not there: T02, T04), or say which count with --transcript
--- status 1

"#]]
    );
    whole!(
        folder.line("saturation --order T03,T1"),
        str![[r#"
--- stderr
error: no transcript `T1`
hint: did you mean `T01`?
--- status 1

"#]]
    );
    folder.line("transcript edit T02 --kind document").done();
    whole!(
        folder.line("saturation --order T01,T02,T03,T04"),
        str![[r#"
--- stderr
error: `T02` is not among the interviews
hint: leave it out of --order, or widen --kind or the filters so that it is among them
--- status 1

"#]]
    );
}

/// The orders that are tried hang on the seed alone, and not on the order that is asked about.
#[test]
fn other_orders_are_tried() {
    let folder = bringing(&[6, 3, 0, 2, 1, 0, 0, 1]);
    folder.line("transcript edit T08 --date 2020-01-01").done();
    let line = "saturation --base 3,4 --run 2 --threshold 12.5,0 --shuffle 500 --seed 11";
    whole!(
        folder.line(line),
        str![[r#"
8 interviews, 13 codes, in the order of their dates

   interview  date        codes  new  in all
1  T08        2020-01-01      2    2       2  ████▋
2  T01                        6    5       7  ████████████████▏
3  T02                        4    3      10  ███████████████████████▏
4  T03                        1    0      10  ███████████████████████▏
5  T04                        3    2      12  ███████████████████████████▊
6  T05                        2    1      13  ██████████████████████████████
7  T06                        1    0      13  ██████████████████████████████
8  T07                        1    0      13  ██████████████████████████████

New codes in each run, of the codes in the base (N/B):

after  base 3, run 2  base 4, run 2
    3   2/10  20.0 %
    4   3/10  30.0 %   3/10  30.0 %
    5   1/10  10.0 %   1/10  10.0 %
    6   0/10   0.0 %   0/10   0.0 %

base  run   B  ≤12.5 %  in 500 orders         ≤0 %  in 500 orders
   3    2  10  5+2      n/a (3–6), 271 never  6+2   n/a (3–6), 304 never
   4    2  10  5+2      n/a (4–6), 270 never  6+2   n/a (4–6), 344 never
--- stderr
warning: 7 interviews have no date and stand last, in the order of import: T01, T02, T03, T04, T05, T06, T07

"#]]
    );
    let tried = |order: &str| -> Vec<Value> {
        let view: Value = folder
            .line(&format!("{line} --order {order} --json"))
            .done()
            .json();
        view["groups"][0]["assessments"]
            .as_array()
            .expect("all")
            .iter()
            .flat_map(|a| a["points"].as_array().expect("points").clone())
            .map(|p| p["shuffled"].clone())
            .collect()
    };
    assert_eq!(tried("import"), tried("T08,T02,T03,T07,T05,T06,T04,T01"));
    assert_eq!(tried("import")[0]["orders"], 500);
}

/// What nobody has coded says nothing of what is new; rules are no people; what waits counts nowhere.
#[test]
fn who_coded_and_what_counts() {
    let folder = bringing(&[2, 1, 1]);
    folder.line("uncode 3000001 3000002").done();
    folder.line("autocode time c01 --name times").done();
    whole!(
        folder.line("saturation --base 1 --run 1"),
        str![[r#"
2 interviews, 3 codes, in the order of their dates

   interview  date  codes  new  in all
1  T01                  2    2       2  ████████████████████
2  T02                  2    1       3  ██████████████████████████████

New codes in each run, of the codes in the base (N/B):

after  base 1, run 1
    1    1/2  50.0 %

base  run  B  ≤5 %         ≤0 %
   1    1  2  not reached  not reached
--- stderr
warning: 2 interviews have no date and stand last, in the order of import: T01, T02
warning: 1 interview is left out, as not coded yet: T03

"#]]
    );
    whole!(
        folder.line("saturation --base 1 --run 1 --by auto:times"),
        str![[r#"
3 interviews, 1 code, in the order of their dates

   interview  date  codes  new  in all
1  T01                  1    1       1  ██████████████████████████████
2  T02                  1    0       1  ██████████████████████████████
3  T03                  1    0       1  ██████████████████████████████

New codes in each run, of the codes in the base (N/B):

after  base 1, run 1
    1    0/1   0.0 %
    2    0/1   0.0 %

base  run  B  ≤5 %  ≤0 %
   1    1  1  1+1   1+1
--- stderr
warning: 3 interviews have no date and stand last, in the order of import: T01, T02, T03

"#]]
    );
    whole!(
        folder.line("saturation --base 1 --run 1 --by nobody"),
        str![[r#"
--- stderr
error: no coder `nobody`
hint: see what there is with: casebook coder list
--- status 1

"#]]
    );
    whole!(
        folder.line("saturation --base 1 --run 1 --by case"),
        str![[r#"
--- stderr
error: no coder `case`
hint: `--by` takes a coder; for groups write: --per case
--- status 1

"#]]
    );
}

#[test]
fn groups_of_their_own() {
    let folder = invented();
    whole!(
        folder.line(
            "saturation --per role --base 2 --run 1 --threshold 0 --role chair --role councillor"
        ),
        str![[r#"
chair: 2 interviews, 23 codes, in the order of their dates

   interview  date        codes  new  in all
1  T01        2019-12-10     17   17      17  ██████████████████████▏
2  T12        2020-01-30     21    6      23  ██████████████████████████████

base 2, run 1: n/a, 2 of the 3 interviews that it needs

councillor: 1 interview, 18 codes, in the order of their dates

   interview  date        codes  new  in all
1  T08        2020-01-21     18   18      18  ██████████████████████████████

base 2, run 1: n/a, 1 of the 3 interviews that it needs

"#]]
    );
    whole!(
        folder.line("saturation --per case --base 2 --run 1 --threshold 5 --case birch --depth 1"),
        str![[r#"
birch: 4 interviews, 8 codes, in the order of their dates

   interview  date        codes  new  in all
1  T07        2019-12-17      8    8       8  ██████████████████████████████
2  T08        2020-01-21      8    0       8  ██████████████████████████████
3  T09        2020-02-25      8    0       8  ██████████████████████████████
4  T10        2021-03-09      8    0       8  ██████████████████████████████

New codes in each run, of the codes in the base (N/B):

after  base 2, run 1
    2    0/8   0.0 %
    3    0/8   0.0 %

base  run  B  ≤5 %
   2    1  8  2+1

birch-coast: 1 interview, 8 codes, in the order of their dates

   interview  date        codes  new  in all
1  T11        2021-06-15      8    8       8  ██████████████████████████████

base 2, run 1: n/a, 1 of the 3 interviews that it needs

"#]]
    );
    // Somebody off the record is in no count.
    let folder = Folder::invented();
    folder
        .line("participant edit P10 --attribution off-record")
        .done();
    let view: Value = folder.line("saturation --json").done().json();
    assert_eq!(view["groups"][0]["interviews"], 13);
}

#[test]
fn a_reflexive_study_is_told_and_served() {
    let folder = bringing(&[2, 1]);
    folder.line("study edit --method reflexive").done();
    whole!(
        folder.line("saturation --base 1 --run 1"),
        str![[r#"
2 interviews, 3 codes, in the order of their dates

   interview  date  codes  new  in all
1  T01                  2    2       2  ████████████████████
2  T02                  2    1       3  ██████████████████████████████

New codes in each run, of the codes in the base (N/B):

after  base 1, run 1
    1    1/2  50.0 %

base  run  B  ≤5 %         ≤0 %
   1    1  2  not reached  not reached
--- stderr
This study is reflexive: reflexive analysis does not use saturation as a mark of quality.
warning: 2 interviews have no date and stand last, in the order of import: T01, T02

"#]]
    );
}

#[test]
fn a_study_without_interviews_and_bad_options() {
    let folder = Folder::with_study();
    whole!(
        folder.line("saturation"),
        str![[r#"
--- stderr
No coded interviews here. Code some first: casebook code PLACE THEME

"#]]
    );
    whole!(
        folder.line("saturation --base 0"),
        str![[r#"
--- stderr
error: a base and a run have at least one interview
hint: as in: --base 4,5,6 --run 2,3
--- status 1

"#]]
    );
    whole!(
        folder.line("saturation --shuffle 0"),
        str![[r#"
--- stderr
error: between 1 and 100,000 orders can be tried
hint: as in: --shuffle 1000 --seed 1
--- status 1

"#]]
    );
    whole!(
        folder.line("saturation --depth 0"),
        str![[r#"
--- stderr
error: depth counts from 1
hint: as in: --depth 1
--- status 1

"#]]
    );
    whole!(
        folder.line("saturation --threshold 101"),
        str![[r#"
--- stderr
error: invalid value '101' for '--threshold <PERCENT,…>': write a percentage from 0 to 100, as 5 or 2.5

For more information, try '--help'.
--- status 2

"#]]
    );
    whole!(
        folder.line("saturation --kind chat"),
        str![[r#"
--- stderr
error: invalid value 'chat' for '--kind <KIND,…>': `chat` is no kind of transcript

For more information, try '--help'.
hint: it may be one of: interview, focus-group, field-notes, document
--- status 2

"#]]
    );
    whole!(
        folder.line("saturation --seed 3"),
        str![[r#"
--- stderr
error: the following required arguments were not provided:
  --shuffle <N>

Usage: casebook saturation --shuffle <N> --seed <N> --coder <NAME>

For more information, try '--help'.
--- status 2

"#]]
    );
}
