//! Cohorts: who is in them on a day, in part or later; and how many systems they come to, with mergers followed.

use std::fmt::Write;

use snapbox::str;

use crate::harness::{Folder, whole};
use crate::systems::systems;

/// Six waves over the 44 systems: in the first, two places of one system, and part of another; in the second, one of the
/// three that merge; in the third, the system of the two places and what the three became.
fn waves() -> Folder {
    let folder = systems();
    folder
        .line("case add berks --kind place --part-of s40")
        .done();
    folder
        .line("case add bucks --kind place --part-of s40")
        .done();
    let mut rows = "cohort,name,date,case,from,to,part,why,source\n".to_owned();
    let mut wave = |n: usize, date: &str, cases: &[&str]| {
        for case in cases {
            let part = match *case {
                "s13" => "the coast",
                _ => "",
            };
            writeln!(rows, "wave-{n},Wave {n},{date},{case},,,{part},,a list").expect("a row");
        }
    };
    wave(
        1,
        "2017-06-15",
        &[
            "s10", "s11", "s12", "s13", "s14", "s15", "s16", "s17", "berks", "bucks",
        ],
    );
    wave(2, "2018-05-24", &["s20", "s21", "s22", "s02"]);
    wave(3, "2019-06-01", &["s40", "whole", "s23"]);
    wave(4, "2020-05-01", &["s24", "s25", "s26", "s27"]);
    wave(
        5,
        "2020-12-01",
        &[
            "s28", "s29", "s30", "s31", "s32", "s33", "s34", "s35", "s36", "s37", "s38",
        ],
    );
    wave(
        6,
        "2021-04-01",
        &[
            "s04", "s05", "s06", "s07", "s08", "s09", "s18", "s19", "s39", "s41", "s42", "s43",
            "s44",
        ],
    );
    folder.write("waves.csv", rows);
    folder.line("cohort import waves.csv").done();
    folder
}

#[test]
fn the_ledger_of_the_waves() {
    let folder = waves();
    whole!(
        folder.line("cohort count wave-1 wave-2 wave-3 wave-4 wave-5 wave-6 --as-of 2017-06-14 2017-07-01 2018-05-24 2018-08-01 2019-05-31 2019-06-01 2020-05-01 2020-12-01 2021-04-01"),
        str![[r#"
as of       systems  memberships  counted with another
2017-06-14        0            0                     0
2017-07-01       10           10                     0
2018-05-24       14           14                     0
2018-08-01       14           14                     1
2019-05-31       14           14                     1
2019-06-01       14           17                     3
2020-05-01       18           21                     3
2020-12-01       29           32                     3
2021-04-01       42           45                     3
--- stderr
Systems that are in any of the cohorts on the day. A member that had merged or was renamed counts as what it became, a part counts with its whole where that is a member, and each system once.

"#]]
    );
    whole!(
        folder.line("cohort count wave-2 wave-3 --as-of 2019-06-01 --list"),
        str![[r#"
as of       system  name                       cohorts         counts for
2019-06-01  s20     System 20                  wave-2
2019-06-01  s21     System 21                  wave-2
2019-06-01  s22     System 22                  wave-2
2019-06-01  s23     System 23                  wave-3
2019-06-01  s40     System 40                  wave-3
2019-06-01  whole   The Whole, North and East  wave-2, wave-3  s02, which became it
--- stderr
6 systems on 2019-06-01.

"#]]
    );
    whole!(
        folder.line("cohort count wave-1 wave-3 --as-of 2019-06-01 --list --csv"),
        str![[r#"
as of,system,name,cohorts,counts for
2019-06-01,s10,System 10,wave-1,
2019-06-01,s11,System 11,wave-1,
2019-06-01,s12,System 12,wave-1,
2019-06-01,s13,System 13,wave-1,its part the coast
2019-06-01,s14,System 14,wave-1,
2019-06-01,s15,System 15,wave-1,
2019-06-01,s16,System 16,wave-1,
2019-06-01,s17,System 17,wave-1,
2019-06-01,s23,System 23,wave-3,
2019-06-01,s40,System 40,"wave-1, wave-3","berks, part of it; bucks, part of it"
2019-06-01,whole,"The Whole, North and East",wave-3,
--- stderr
11 systems on 2019-06-01.

"#]]
    );
    whole!(
        folder.line("cohort count wave-2 --as-of 2018-08-01 --json"),
        str![[r#"
{
  "cohorts": [
    "wave-2"
  ],
  "counts": [
    {
      "as_of": "2018-08-01",
      "systems": 4,
      "memberships": 4,
      "followed": 1,
      "ended": [],
      "list": [
        {
          "case": "s20",
          "name": "System 20",
          "for": [
            {
              "cohort": "wave-2",
              "case": "s20",
              "part": null,
              "how": "member"
            }
          ]
        },
        {
          "case": "s21",
          "name": "System 21",
          "for": [
            {
              "cohort": "wave-2",
              "case": "s21",
              "part": null,
              "how": "member"
            }
          ]
        },
        {
          "case": "s22",
          "name": "System 22",
          "for": [
            {
              "cohort": "wave-2",
              "case": "s22",
              "part": null,
              "how": "member"
            }
          ]
        },
        {
          "case": "whole",
          "name": "The Whole, North and East",
          "for": [
            {
              "cohort": "wave-2",
              "case": "s02",
              "part": null,
              "how": "became"
            }
          ]
        }
      ]
    }
  ]
}
--- stderr
Systems that are in any of the cohorts on the day. A member that had merged or was renamed counts as what it became, a part counts with its whole where that is a member, and each system once.

"#]]
    );
    whole!(
        folder.line("cohort count wave-9"),
        str![[r#"
--- stderr
error: no cohort `wave-9`
hint: did you mean `wave-1`?
--- status 1

"#]]
    );
    // Whoever ends without a successor counts nowhere, and that is said.
    folder.line("case edit s20 --to 2019-01-01").done();
    whole!(
        folder.line("cohort count wave-2 --as-of 2019-01-01"),
        str![[r#"
as of       systems  memberships  counted with another
2019-01-01        3            4                     1
--- stderr
On 2019-01-01, s20 had ended without a successor and counts nowhere.
Systems that are in any of the cohorts on the day. A member that had merged or was renamed counts as what it became, a part counts with its whole where that is a member, and each system once.

"#]]
    );
    folder.sound();
}

/// Whatever is merged into what: nobody counts twice, and nobody who is there is lost.
#[test]
fn mergers_never_count_twice() {
    let mut random = crate::harness::Seeded::new(6);
    for seed in 0..6 {
        let folder = Folder::with_study();
        let mut cases = "slug\n".to_owned();
        for n in 0..10 {
            writeln!(cases, "c{n}").expect("a row");
        }
        folder.write("cases.csv", cases);
        folder.line("case import cases.csv").done();
        // Each case merges at most once, into one with a greater number: what stands for it is followed by hand.
        let mut into: Vec<Option<(usize, String)>> = vec![None; 10];
        let mut links = "case,link,other,from\n".to_owned();
        for (n, slot) in into.iter_mut().enumerate().take(9) {
            if random.below(2) == 0 {
                let other = n + 1 + random.below(9 - n);
                let day = format!("20{:02}-01-01", 10 + random.below(10));
                writeln!(links, "c{n},merged-into,c{other},{day}").expect("a row");
                *slot = Some((other, day));
            }
        }
        folder.write("links.csv", links);
        folder.line("case link import links.csv").done();
        folder.line("cohort add all").done();
        let mut members = Vec::new();
        for n in 0..10 {
            if random.below(3) > 0 {
                folder.line(&format!("cohort member all c{n}")).done();
                members.push(n);
            }
        }
        for year in [2009, 2012, 2015, 2018, 2030] {
            let day = format!("{year}-06-01");
            let mut expected: Vec<String> = members
                .iter()
                .map(|n| {
                    let mut at = *n;
                    while let Some((other, from)) = &into[at]
                        && *from <= day
                    {
                        at = *other;
                    }
                    format!("c{at}")
                })
                .collect();
            expected.sort();
            expected.dedup();
            let shown: serde_json::Value = folder
                .line(&format!("cohort count all --as-of {day} --json"))
                .done()
                .json();
            let found: Vec<&str> = shown["counts"][0]["list"]
                .as_array()
                .expect("systems")
                .iter()
                .map(|s| s["case"].as_str().expect("a case"))
                .collect();
            assert_eq!(found, expected, "seed {seed}, {day}");
            assert_eq!(shown["counts"][0]["systems"], expected.len());
        }
    }
}

#[test]
fn members_in_part_and_later() {
    let folder = waves();
    whole!(
        folder.line("cohort list"),
        str![[r#"
cohort  name    date        cases  in part  later  source
wave-1  Wave 1  2017-06-15     10        1      0
wave-2  Wave 2  2018-05-24      4        0      0
wave-3  Wave 3  2019-06-01      3        0      0
wave-4  Wave 4  2020-05-01      4        0      0
wave-5  Wave 5  2020-12-01     11        0      0
wave-6  Wave 6  2021-04-01     13        0      0
--- stderr
Counted are cases that are named; in part: of which a part is covered; later: who joined after the cohort's date.

"#]]
    );
    whole!(
        folder.line("cohort list --as-of 2018-06-01 --csv"),
        str![[r#"
cohort,name,date,cases,in part,later,source
wave-1,Wave 1,2017-06-15,10,1,0,
wave-2,Wave 2,2018-05-24,4,0,0,
wave-3,Wave 3,2019-06-01,0,0,0,
wave-4,Wave 4,2020-05-01,0,0,0,
wave-5,Wave 5,2020-12-01,0,0,0,
wave-6,Wave 6,2021-04-01,0,0,0,
--- stderr
Counted are cases that are members on 2018-06-01; in part: of which a part is covered; later: who joined after the cohort's date.

"#]]
    );
    folder
        .run(&[
            "cohort",
            "member",
            "wave-1",
            "s44",
            "--from",
            "2018-01-01",
            "--why",
            "joined when a neighbour left",
        ])
        .done();
    whole!(
        folder.line("cohort member wave-1 s10 --to 2018-01-01"),
        str![[r#"
--- stderr
s10 is a member of wave-1 as said.  (event 9; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("cohort show wave-1 --as-of 2017-12-31"),
        str![[r#"
case   name       from  until       part       became  why  source  passage
berks  berks                                                a list
bucks  bucks                                                a list
s10    System 10        2018-01-01                          a list
s11    System 11                                            a list
s12    System 12                                            a list
s13    System 13                    the coast               a list
s14    System 14                                            a list
s15    System 15                                            a list
s16    System 16                                            a list
s17    System 17                                            a list
--- stderr
Wave 1, from 2017-06-15.
10 cases in it on 2017-12-31; 1 in part, 0 joined later.

"#]]
    );
    whole!(
        folder.line("cohort show wave-1 --as-of 2018-01-01"),
        str![[r#"
case   name       from                until  part       became  why                           source  passage
berks  berks                                                                                  a list
bucks  bucks                                                                                  a list
s11    System 11                                                                              a list
s12    System 12                                                                              a list
s13    System 13                             the coast                                        a list
s14    System 14                                                                              a list
s15    System 15                                                                              a list
s16    System 16                                                                              a list
s17    System 17                                                                              a list
s44    System 44  2018-01-01 (later)                            joined when a neighbour left
--- stderr
Wave 1, from 2017-06-15.
10 cases in it on 2018-01-01; 1 in part, 1 joined later.

"#]]
    );
    whole!(
        folder.line("cohort show wave-2 --json"),
        str![[r#"
{
  "cohort": "wave-2",
  "name": "Wave 2",
  "date": "2018-05-24",
  "why": null,
  "source": null,
  "document": null,
  "as_of": null,
  "cases": 4,
  "in_part": 0,
  "joined_later": 0,
  "members": [
    {
      "case": "s02",
      "name": "System 02",
      "from": null,
      "to": null,
      "part": null,
      "joined_later": false,
      "became": [
        "whole"
      ],
      "why": null,
      "source": "a list",
      "coding": null
    },
    {
      "case": "s20",
      "name": "System 20",
      "from": null,
      "to": null,
      "part": null,
      "joined_later": false,
      "became": [],
      "why": null,
      "source": "a list",
      "coding": null
    },
    {
      "case": "s21",
      "name": "System 21",
      "from": null,
      "to": null,
      "part": null,
      "joined_later": false,
      "became": [],
      "why": null,
      "source": "a list",
      "coding": null
    },
    {
      "case": "s22",
      "name": "System 22",
      "from": null,
      "to": null,
      "part": null,
      "joined_later": false,
      "became": [],
      "why": null,
      "source": "a list",
      "coding": null
    }
  ]
}
--- stderr
Wave 2, from 2018-05-24.
4 cases named; 0 in part, 0 joined later.

"#]]
    );
    whole!(
        folder.line("cohort member wave-1 s11 --to 2017-06-15"),
        str![[r#"
--- stderr
error: it would end before it begins
hint: give as its end a later day than it begins: the first day on which it no longer holds
--- status 1

"#]]
    );
    whole!(
        folder.line("cohort member wave-1 s99"),
        str![[r#"
--- stderr
error: no case `s99`
hint: did you mean `s09`?
--- status 1

"#]]
    );
    whole!(
        folder.line("cohort member wave-1 s11 --coding 7"),
        str![[r#"
--- stderr
error: no coding `7`
hint: see codings and their numbers with: casebook quotes
--- status 1

"#]]
    );
    whole!(
        folder.line("cohort leave wave-1 s20"),
        str![[r#"
--- stderr
error: `s20` is no member of `wave-1`
hint: see its members with: casebook cohort show wave-1
--- status 1

"#]]
    );
    whole!(
        folder.line("cohort leave wave-1 s11"),
        str![[r#"
--- stderr
s11 is no member of wave-1.  (event 10; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("cohort add wave-1"),
        str![[r#"
--- stderr
error: cohort `wave-1` exists already
hint: change it with: casebook cohort edit wave-1
--- status 1

"#]]
    );
    whole!(
        folder.line("cohort add a/b"),
        str![[r#"
--- stderr
error: `a/b` can't name a cohort
hint: use letters, digits, `-`, `_` and `.`, without blanks, at most 64, as in north-trust
--- status 1

"#]]
    );
    whole!(
        folder.run(&["cohort", "edit", "wave-1", "--date", "soon"]),
        str![[r#"
--- stderr
error: dates are written as in 2021-04-30
hint: an empty one takes it away
--- status 1

"#]]
    );
    whole!(
        folder.run(&[
            "cohort",
            "edit",
            "wave-1",
            "--chosen",
            "a strong appetite",
            "--date",
            "2017-06-01"
        ]),
        str![[r#"
--- stderr
Edited cohort wave-1.  (event 11; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("cohort remove wave-1"),
        str![[r#"
--- stderr
error: removing cohort wave-1 takes 10 memberships with it; the cases stay: not done, as nobody was there to confirm it
hint: add --yes to confirm, or --dry-run to see what it would do
--- status 1

"#]]
    );
    whole!(
        folder.line("cohort remove wave-1 --yes"),
        str![[r#"
--- stderr
Removed cohort wave-1.  (event 12; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("case remove s11 --dry-run"),
        str![[r#"
--- stderr
Removing case s11 takes 0 links, 0 values and 0 memos with it; 0 participants lose it

"#]]
    );
    whole!(
        folder.line("case remove s21 --dry-run"),
        str![[r#"
--- stderr
Removing case s21 takes 0 links, 0 values and 0 memos with it; 0 participants lose it; it takes 1 membership of cohorts too

"#]]
    );
    folder.sound();
}

#[test]
fn a_table_that_disagrees_with_itself() {
    let folder = waves();
    folder.write(
        "bad.csv",
        "cohort,name,date,case,from,to\n\
         wave-1,Wave One,,s11,,\n\
         wave-1,Wave 1,2017-01-01,s11,,\n\
         wave-1,,,s11,2017-07-01,2017-07-01\n\
         wave-1,,,nobody,,\n\
         ,,,s11,,\n\
         new,New,2017-06-01,,,\n",
    );
    whole!(
        folder.line("cohort import bad.csv"),
        str![[r#"
1 member added, 0 edited, 0 unchanged
  line 2 did not fit: the name of cohort `wave-1` is `Wave 1`, and this row says `Wave One`
  line 3 did not fit: the date of cohort `wave-1` is `2017-06-15`, and this row says `2017-01-01`
  line 4 did not fit: it would end before it begins
  line 5 did not fit: no case `nobody`
  line 6 did not fit: `cohort` is empty
--- stderr
(event 8; to take it back: casebook undo)
error: 5 rows did not fit; the rest is in
hint: mend the row, or the cohort: casebook cohort edit wave-1 --name …
--- status 1

"#]]
    );
    let before = folder.dump();
    folder.line("cohort import waves.csv").done();
    assert_eq!(folder.dump(), before);
    folder.write("odd.csv", "cohort,wave\nx,1\n");
    whole!(
        folder.line("cohort import odd.csv"),
        str![[r#"
--- stderr
error: column `wave` of `odd.csv` is none that is read
hint: take it out, or rename it; the columns are: cohort, name, date, case, from, to, part, why, source
--- status 1

"#]]
    );
    folder.sound();
}

/// Five systems and a place: a cohort of one whole, one in part, one that joined later and the place; figures that are known,
/// suppressed and in conflict.
fn compared() -> Folder {
    let folder = Folder::with_study();
    folder.write(
        "cases.csv",
        "slug,kind,part_of\na,system,\nb,system,\nc,system,\nd,system,\ne,system,\nf,system,\nplace,place,f\n",
    );
    folder.line("case import cases.csv").done();
    folder.write(
        "waves.csv",
        "cohort,date,case,from,part\none,2017-06-01,a,,\none,2017-06-01,b,,the coast\none,2017-06-01,c,2018-01-01,\none,2017-06-01,place,,\ntwo,2019-06-01,d,,\ntwo,2019-06-01,c,,\n",
    );
    folder.line("cohort import waves.csv").done();
    folder
        .line("indicator add waits --name Waits --unit weeks --scale number --better less --decimals 1 --level system")
        .done();
    for (case, value) in [("a", "4"), ("b", "6.5"), ("c", "7"), ("d", "9"), ("f", "3")] {
        folder
            .line(&format!(
                "measure add waits {case} 2017/18 {value} --source us"
            ))
            .done();
    }
    folder
        .line("measure add waits d 2017/18 11 --source them")
        .done();
    folder
        .line("measure add waits e 2017/18 --state suppressed --source us")
        .done();
    folder
}

#[test]
fn a_cohort_beside_the_rest() {
    let folder = compared();
    whole!(
        folder.line("cohort compare one --figure waits@2017/18"),
        str![[r#"
one compared with rest
group  cases  left out  in part  joined later  median  mean  least  most
one        3         1        1             1  6.5     5.8   4.0    7.0
rest       0         3        0             0  n/a     n/a   n/a    n/a

Cases
group  case   figure  left out                         part       joins later
one    a      4.0
one    b      6.5                                      the coast
one    c      7.0                                                 two (2019-06-01)
one    place          it is a place, part of f
rest   d              9 | 11 (in conflict)                        two (2019-06-01)
rest   e              suppressed
rest   f              its part place is in the cohort
--- stderr
Waits (weeks), 2017/18, as of 2018-03-31; cases of kind system.
Each case counts once, whatever its size: the mean is of cases, not of what they count.
b is in one with a part only (the coast); its figure is of the whole.
c joined one after it was named.
3 cases of one joined within 2017/18: the figure is from before that, too.

"#]]
    );
    folder
        .line("conflict settle waits d 2017/18 --take 4 --why ours")
        .done();
    whole!(
        folder.line("cohort compare one --figure waits --with two --as-of 2019-06-01"),
        str![[r#"
one compared with two
group  cases  left out  in part  joined later  median  mean  least  most
one        3         1        1             1  6.5     5.8   4.0    7.0
two        1         1        0             0  9.0     9.0   9.0    9.0

Cases
group  case   figure  left out                  part       joins later
one    a      4.0
one    b      6.5                               the coast
one    c      7.0
one    place          it is a place, part of f
two    c              it is in one too
two    d      9.0
--- stderr
Waits (weeks), 2017/18, as of 2019-06-01; cases of kind system.
Each case counts once, whatever its size: the mean is of cases, not of what they count.
The median of one less that of two: -2.5. A difference of groups is no effect of being in one.
b is in one with a part only (the coast); its figure is of the whole.
c joined one after it was named.
3 cases of one joined within 2017/18: the figure is from before that, too.
1 case of two joined after 2017/18: the figure is from before that.

"#]]
    );
    whole!(
        folder.line("cohort compare one --figure waits@2017/18 --json"),
        str![[r#"
{
  "cohort": "one",
  "with": "rest",
  "as_of": "2018-03-31",
  "figure": {
    "figure": "waits@2017/18",
    "indicator": "waits",
    "period": "2017/18",
    "name": "Waits",
    "unit": "weeks",
    "scale": "number",
    "better": "less",
    "basis": {},
    "rule": null,
    "decimals": 1,
    "known": 4,
    "unknown": 3
  },
  "levels": [
    "system"
  ],
  "groups": [
    {
      "group": "cohort",
      "name": "one",
      "cases": 3,
      "left_out": 1,
      "in_part": 1,
      "joined_later": 1,
      "joins_later": 1,
      "median": "6.5",
      "mean": "5.8333333333",
      "least": "4",
      "most": "7",
      "bands": []
    },
    {
      "group": "with",
      "name": "rest",
      "cases": 1,
      "left_out": 2,
      "in_part": 0,
      "joined_later": 0,
      "joins_later": 1,
      "median": "9",
      "mean": "9",
      "least": "9",
      "most": "9",
      "bands": []
    }
  ],
  "difference_of_medians": "-2.5",
  "cases": [
    {
      "case": "a",
      "group": "cohort",
      "value": "4",
      "excluded": null,
      "part": null,
      "was": [],
      "joined_later": false,
      "joined_within": true,
      "joined_after": false,
      "joins": [],
      "is_in": []
    },
    {
      "case": "b",
      "group": "cohort",
      "value": "6.5",
      "excluded": null,
      "part": "the coast",
      "was": [],
      "joined_later": false,
      "joined_within": true,
      "joined_after": false,
      "joins": [],
      "is_in": []
    },
    {
      "case": "c",
      "group": "cohort",
      "value": "7",
      "excluded": null,
      "part": null,
      "was": [],
      "joined_later": true,
      "joined_within": true,
      "joined_after": false,
      "joins": [
        {
          "cohort": "two",
          "date": "2019-06-01"
        }
      ],
      "is_in": []
    },
    {
      "case": "place",
      "group": "cohort",
      "value": null,
      "excluded": "it is a place, part of f",
      "part": null,
      "was": [],
      "joined_later": false,
      "joined_within": true,
      "joined_after": false,
      "joins": [],
      "is_in": []
    },
    {
      "case": "d",
      "group": "with",
      "value": "9",
      "excluded": null,
      "part": null,
      "was": [],
      "joined_later": false,
      "joined_within": false,
      "joined_after": false,
      "joins": [
        {
          "cohort": "two",
          "date": "2019-06-01"
        }
      ],
      "is_in": []
    },
    {
      "case": "e",
      "group": "with",
      "value": null,
      "excluded": "suppressed",
      "part": null,
      "was": [],
      "joined_later": false,
      "joined_within": false,
      "joined_after": false,
      "joins": [],
      "is_in": []
    },
    {
      "case": "f",
      "group": "with",
      "value": null,
      "excluded": "its part place is in the cohort",
      "part": null,
      "was": [],
      "joined_later": false,
      "joined_within": false,
      "joined_after": false,
      "joins": [],
      "is_in": []
    }
  ],
  "notes": []
}
--- stderr
Waits (weeks), 2017/18, as of 2018-03-31; cases of kind system.
Each case counts once, whatever its size: the mean is of cases, not of what they count.
The median of one less that of rest: -2.5. A difference of groups is no effect of being in one.
b is in one with a part only (the coast); its figure is of the whole.
c joined one after it was named.
3 cases of one joined within 2017/18: the figure is from before that, too.
Of rest, some join a cohort later: 1 two (2019-06-01). They may already have been on the way.

"#]]
    );
    whole!(
        folder.line("cohort compare one --figure waits@2017/18 --as-of 2017-06-01 --csv"),
        str![[r#"
group,cases,left out,in part,joined later,median,mean,least,most
one,2,1,1,0,5.3,5.3,4.0,6.5
rest,2,2,0,2,8.0,8.0,7.0,9.0
--- stderr
1 table more: -o FILE.xlsx writes all of them.
Waits (weeks), 2017/18, as of 2017-06-01; cases of kind system.
Each case counts once, whatever its size: the mean is of cases, not of what they count.
The median of one less that of rest: -2.8. A difference of groups is no effect of being in one.
b is in one with a part only (the coast); its figure is of the whole.
2 cases of one joined within 2017/18: the figure is from before that, too.
Of rest, some join a cohort later: 1 one (2018-01-01), 2 two (2019-06-01). They may already have been on the way.

"#]]
    );
    whole!(
        folder.line("cohort compare one --figure waits@2017/18 --with one"),
        str![[r#"
--- stderr
error: a cohort is not compared with itself
hint: name another with --with, or `rest`
--- status 1

"#]]
    );
    whole!(
        folder.line("cohort compare one --figure waits@2016/17"),
        str![[r#"
one compared with rest
group  cases  left out  in part  joined later  median  mean  least  most
one        0         0        0             0     n/a   n/a    n/a   n/a
rest       0         6        0             0     n/a   n/a    n/a   n/a

Cases
group  case  figure  left out            part  joins later
rest   a             without any record        one (2017-06-01)
rest   b             without any record        one (2017-06-01)
rest   c             without any record        one (2018-01-01), two (2019-06-01)
rest   d             without any record        two (2019-06-01)
rest   e             without any record
rest   f             without any record
--- stderr
Waits (weeks), 2016/17, as of 2017-03-31; cases of kind system.
Each case counts once, whatever its size: the mean is of cases, not of what they count.
one begins on 2017-06-01, after 2017-03-31: none of its members is in it yet. With them: --as-of 2017-06-01

"#]]
    );
    whole!(
        folder.line("cohort compare one --figure wait"),
        str![[r#"
--- stderr
error: no indicator `wait`
hint: did you mean `waits`?
--- status 1

"#]]
    );
    whole!(
        folder.line("cohort compare one --figure waits --level systems"),
        str![[r#"
--- stderr
error: no case is of kind `systems`
hint: the kinds are: place, system
--- status 1

"#]]
    );
    folder.sound();
}

#[test]
fn bands_are_counted_and_never_averaged() {
    let folder = compared();
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
            "outstanding;good;poor",
            "--better",
            "more",
            "--level",
            "system",
        ])
        .done();
    for (case, band) in [
        ("a", "good"),
        ("b", "outstanding"),
        ("d", "poor"),
        ("e", "good"),
    ] {
        folder
            .line(&format!(
                "measure add rating {case} 2017-07 {band} --source us"
            ))
            .done();
    }
    whole!(
        folder.line("cohort compare one --figure rating@2017-07"),
        str![[r#"
one compared with rest
group  cases  left out  in part  joined later  outstanding  good  poor
one        2         1        1             0            1     1     0
rest       2         2        0             1            0     1     1

Cases
group  case   figure       left out                         part       joins later
one    a      good
one    b      outstanding                                   the coast
one    place               it is a place, part of f
rest   c                   without any record                          one (2018-01-01), two (2019-06-01)
rest   d      poor                                                     two (2019-06-01)
rest   e      good
rest   f                   its part place is in the cohort
--- stderr
Rating (band), 2017-07, as of 2017-07-31; cases of kind system.
Cases by band; bands are not averaged.
b is in one with a part only (the coast); its figure is of the whole.
Of rest, some join a cohort later: 1 two (2019-06-01). They may already have been on the way.

"#]]
    );
    folder.sound();
}
