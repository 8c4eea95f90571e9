//! Defined figures, figures that were typed, and what sources disagree on.

use serde_json::Value;
use snapbox::str;

use crate::harness::{Folder, Run, STUDY, whole};

/// A line as one types it: what stands in double quotation marks is one word.
pub(crate) fn typed(folder: &Folder, line: &str) -> Run {
    let mut words: Vec<String> = Vec::new();
    for (n, part) in line.split('"').enumerate() {
        if n % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    folder.run(&words)
}

/// Two trusts in a system, and an indicator of each scale.
pub(crate) fn defined() -> Folder {
    let folder = Folder::with_study();
    for line in [
        "case add alder --name \"System Alder\" --kind system --code E1",
        "case add north --name \"North Trust\" --kind trust --code RN1 --part-of alder",
        "case add south --name \"South Trust\" --kind trust --code RS1 --part-of alder",
        "indicator add within-4h --name \"Seen within four hours\" --unit attendances --scale percentage --better more --basis types=all --level trust",
        "indicator add surplus --name \"Surplus or deficit\" --unit \"GBP million\" --scale number --better more --basis funding=without --decimals 1",
        "indicator add rating --name Rating --unit rating --scale bands --bands \"outstanding;good;requires improvement;inadequate\" --better more",
        "indicator add visits --name Visits --unit attendances --scale number --better neither",
    ] {
        typed(&folder, line).done();
    }
    folder
}

#[test]
fn indicators_are_added_listed_shown_and_edited() {
    let folder = defined();
    whole!(
        typed(&folder, "indicator list"),
        str![[r#"
indicator  name                    scale       unit         better   basis            level  rule  readings
rating     Rating                  bands       rating       more                                          0
surplus    Surplus or deficit      number      GBP million  more     funding=without                      0
visits     Visits                  number      attendances  neither                                       0
within-4h  Seen within four hours  percentage  attendances  more     types=all        trust               0

"#]]
    );
    typed(&folder, "indicator rule rating mean-score --scores \"Outstanding=4;good=3;requires improvement=2;inadequate=1\" --over-time last --why \"as the board does\"").done();
    whole!(
        typed(&folder, "indicator show rating"),
        str![[r#"
rating  Rating
bands · rating · better: more
  bands: outstanding; good; requires improvement; inadequate
  decimals: 0
  rule: mean-score (good=3; inadequate=1; outstanding=4; requires improvement=2); over time: last
  why: as the board does
0 readings

"#]]
    );
    whole!(
        typed(
            &folder,
            "indicator rule within-4h ratio --over-time sum --shared each --why \"as England's is reckoned\""
        ),
        str![[r#"
--- stderr
within-4h is rolled up by ratio.  (event 10; to take it back: casebook undo)

"#]]
    );
    whole!(
        typed(&folder, "--json indicator show within-4h"),
        str![[r#"
{
  "indicator": "within-4h",
  "name": "Seen within four hours",
  "scale": "percentage",
  "unit": "attendances",
  "better": "more",
  "bands": [],
  "basis": {
    "types": "all"
  },
  "level": "trust",
  "decimals": 1,
  "least": "0",
  "most": "100",
  "definition": null,
  "source": null,
  "rule": {
    "rule": "ratio",
    "by": null,
    "scores": {},
    "shared": "each",
    "over_time": "sum",
    "why": "as England's is reckoned"
  },
  "readings": 0
}

"#]]
    );
    whole!(
        typed(
            &folder,
            "indicator edit surplus --define \"As in the annual accounts\" --least -500 --most 500 --source \"the regulator\""
        ),
        str![[r#"
--- stderr
Edited indicator surplus.  (event 11; to take it back: casebook undo)

"#]]
    );
    whole!(
        typed(&folder, "indicator show surplus"),
        str![[r#"
surplus  Surplus or deficit
number · GBP million · better: more
  basis: funding=without
  least: -500
  most: 500
  decimals: 1
  definition: As in the annual accounts
  source: the regulator
  rule: none: it is never rolled up
0 readings

"#]]
    );
    typed(&folder, "indicator rule within-4h --none").done();
    let shown: Value = typed(&folder, "--json indicator show within-4h").json();
    assert_eq!(shown["rule"], Value::Null);
    typed(&folder, "indicator remove visits").done();
    let list = typed(&folder, "--csv indicator list");
    assert_eq!(list.stdout.lines().count(), 4, "{}", list.whole());
}

#[test]
fn what_contradicts_itself_is_refused() {
    let folder = defined();
    for (line, message) in [
        (
            "indicator add within-4h --name A --unit b --scale number --better more",
            "exists already",
        ),
        (
            "indicator add a@b --name A --unit b --scale number --better more",
            "can't name",
        ),
        (
            "indicator add a --name A --unit b --scale bands --better more",
            "fewer than two",
        ),
        (
            "indicator add a --name A --unit b --scale bands --bands \"good;Good\" --better more",
            "named twice",
        ),
        (
            "indicator add a --name A --unit b --scale number --bands \"good;bad\" --better more",
            "has bands",
        ),
        (
            "indicator add a --name A --unit b --scale number --better more --least 3 --most 2",
            "more than the most",
        ),
        (
            "indicator add a --name A --unit b --scale number --better more --decimals 9",
            "decimals",
        ),
        ("indicator rule visits ratio --why w", "is no rule"),
        ("indicator rule rating sum --why w", "is no rule"),
        ("indicator rule visits sum", "say why"),
        (
            "indicator rule surplus weighted-mean --why w",
            "needs an indicator",
        ),
        (
            "indicator rule surplus weighted-mean --by rating --why w",
            "what weighs",
        ),
        (
            "indicator rule surplus weighted-mean --by surplus --why w",
            "what weighs",
        ),
        (
            "indicator rule visits sum --by surplus --why w",
            "not weighted",
        ),
        (
            "indicator rule rating mean-score --scores \"good=3\" --why w",
            "has no score",
        ),
        (
            "indicator rule rating mean-score --scores \"goodish=3\" --why w",
            "no band",
        ),
        (
            "indicator rule rating worst-band --scores \"good=3\" --why w",
            "has no scores",
        ),
        (
            "indicator rule rating worst-band --over-time sum --why w",
            "can't be added up",
        ),
        ("indicator show visit", "no indicator"),
        (
            "measure add within-4h north 2017/18 104 --source s",
            "more than the 100",
        ),
        (
            "measure add within-4h north 2017/18 88.3 --numerator 1 --denominator 2 --source s",
            "is 50 %",
        ),
        (
            "measure add within-4h north 2017/18 --numerator 1 --source s",
            "without a denominator",
        ),
        (
            "measure add within-4h north 2017/18 --numerator 1 --denominator 0 --source s",
            "fraction of nothing",
        ),
        (
            "measure add within-4h north 2017/18 --source s",
            "there is no value",
        ),
        (
            "measure add within-4h north 2017/18 88.3% --source s",
            "is no number",
        ),
        (
            "measure add within-4h alder 2017/18 88.3 --source s",
            "measured at",
        ),
        (
            "measure add visits north 2017/18 3 --numerator 1 --denominator 2 --source s",
            "is no percentage",
        ),
        (
            "measure add rating alder 2017/18 fine --source s",
            "no band",
        ),
        (
            "measure add rating alder 2017/18 good --state suppressed --source s",
            "has no value",
        ),
        ("conflict show visits north 2017/18", "do not disagree"),
        (
            "conflict settle visits north 2017/18 --take 1 --why w",
            "do not disagree",
        ),
        (
            "conflict reopen visits north 2017/18",
            "nothing was decided",
        ),
        ("reading show 1", "no reading"),
        ("reading remove 1", "no reading"),
        ("mapping show a", "no mapping"),
    ] {
        let run = typed(&folder, line).refused();
        assert!(run.stderr.contains(message), "{line}: {}", run.whole());
    }
    for line in [
        "measure add visits north 2017/19 3 --source s",
        "indicator add a --name A --unit b --scale ordinal --better more",
        "indicator rule visits",
        "measure add visits north 2017/18 3",
    ] {
        assert_eq!(typed(&folder, line).calm().status, Some(2), "{line}");
    }
}

#[test]
fn indicators_come_from_a_table() {
    let folder = Folder::with_study();
    folder.write(
        "indicators.csv",
        "slug,name,scale,unit,better,bands,decimals,least,most,basis:kind,definition\n\
         a,An A,number,GBP million,more,,1,,,outturn,As it is\n\
         b,A B,bands,rating,more,good;bad,,,,,\n\
         c,A C,percentage,people,less,,,-20,,plan,\n\
         d,A D,ordinal,people,less,,,,,,\n\
         e,,number,people,less,,,,,,\n",
    );
    whole!(
        typed(&folder, "indicator import indicators.csv"),
        str![[r#"
3 indicators added, 0 edited, 0 unchanged
  line 5 did not fit: `ordinal` is no scale
  line 6 did not fit: indicator `e` has no name
--- stderr
(event 2; to take it back: casebook undo)
error: 2 rows did not fit; the rest is in
hint: it may be one of: number, percentage, bands
--- status 1

"#]]
    );
    whole!(
        typed(&folder, "--csv indicator list"),
        str![[r#"
indicator,name,scale,unit,better,basis,level,rule,readings
a,An A,number,GBP million,more,kind=outturn,,,0
b,A B,bands,rating,more,,,,0
c,A C,percentage,people,less,kind=plan,,,0

"#]]
    );
    folder.write("again.csv", "slug,unit\na,GBP million\nb,mark\n");
    whole!(
        typed(&folder, "indicator import again.csv"),
        str![[r#"
0 indicators added, 1 edited, 1 unchanged
--- stderr
(event 3; to take it back: casebook undo)

"#]]
    );
    folder.write("bad.csv", "slug,colour\na,red\n");
    whole!(
        typed(&folder, "indicator import bad.csv"),
        str![[r#"
--- stderr
error: indicators have no column `colour`
hint: the columns are: slug, name, scale, unit, better, bands, level, decimals, least, most, definition, source, and basis:ASPECT for each aspect of the basis
--- status 1

"#]]
    );
}

#[test]
fn figures_that_were_typed_are_readings() {
    let folder = defined();
    for line in [
        "measure add within-4h north 2017/18 88.3 --source \"Board paper, May 2018\" --as-of 2018-05-01",
        "measure add within-4h south 2017/18 --numerator 1755 --denominator 2000 --source \"Board paper, May 2018\"",
        "measure add surplus north 2017/18 -3.50 --source \"Annual accounts\"",
        "measure add rating alder 2017-07 \"Requires  Improvement\" --source \"The regulator, July 2017\"",
        "measure add within-4h south 2018/19 --state suppressed --source \"Board paper, May 2019\"",
        "measure add visits south 2018-03 12 --state provisional --source \"Board paper, May 2019\"",
    ] {
        typed(&folder, line).done();
    }
    whole!(
        typed(&folder, "measure list"),
        str![[r#"
indicator  case   period   value                 state        numerator  denominator  as of       reading  line
within-4h  north  2017/18  88.3                  final                                2018-05-01        1
within-4h  south  2017/18  87.75                 final        1755       2000                           2
within-4h  south  2018/19                        suppressed                                             5
surplus    north  2017/18  -3.5                  final                                                  3
rating     alder  2017-07  requires improvement  final                                                  4
visits     south  2018-03  12                    provisional                                            6

"#]]
    );
    whole!(
        typed(
            &folder,
            "--json measure list --indicator surplus --case north --period 2017/18"
        ),
        str![[r#"
{
  "measures": [
    {
      "indicator": "surplus",
      "case": "north",
      "period": "2017/18",
      "state": "final",
      "value": "-3.5",
      "numerator": null,
      "denominator": null,
      "as_of": null,
      "reading": 3,
      "source": "Annual accounts",
      "line": null,
      "column": null
    }
  ]
}

"#]]
    );
    assert_eq!(
        typed(&folder, "--csv measure list --period 1999")
            .stdout
            .lines()
            .count(),
        1
    );
    whole!(
        typed(&folder, "reading list"),
        str![[r#"
reading  source                    as of       file  indicators  cases  periods  measures
      1  Board paper, May 2018     2018-05-01        within-4h       1  2017/18         1
      2  Board paper, May 2018                       within-4h       1  2017/18         1
      3  Annual accounts                             surplus         1  2017/18         1
      4  The regulator, July 2017                    rating          1  2017-07         1
      5  Board paper, May 2019                       within-4h       1  2018/19         1
      6  Board paper, May 2019                       visits          1  2018-03         1

"#]]
    );
    whole!(
        typed(&folder, "reading show 2"),
        str![[r#"
reading 2  Board paper, May 2018
  indicators: within-4h
  periods: 2017/18
  cases: 1
  measures: 1 final
  read: 2021-05-01T09:00:00Z by mara

"#]]
    );
    // What figures speak of stays.
    for (line, message) in [
        ("case remove north --yes", "has figures in 2 readings"),
        ("indicator remove rating", "has figures in 1 reading"),
        (
            "indicator edit surplus --basis funding=with",
            "its basis is part",
        ),
        (
            "indicator edit rating --bands \"good;bad\"",
            "its bands is part",
        ),
        ("indicator edit visits --unit people", "its unit is part"),
    ] {
        let run = typed(&folder, line).refused();
        assert!(run.stderr.contains(message), "{line}: {}", run.whole());
    }
    typed(&folder, "reading remove 4").done();
    typed(&folder, "indicator remove rating").done();
    folder.sound();
}

#[test]
fn what_sources_disagree_on_is_listed_and_decided() {
    let folder = defined();
    for line in [
        "measure add rating alder 2017-07 good --source \"Trade page\"",
        "measure add rating alder 2017-07 outstanding --source \"The regulator\"",
        // The same value is no conflict; a provisional one gives way; a later one of the same source goes before.
        "measure add rating north 2017-07 good --source \"Trade page\"",
        "measure add rating north 2017-07 good --source \"The regulator\"",
        "measure add visits north 2018 10 --state provisional --source \"Trade page\"",
        "measure add visits north 2018 12 --source \"The regulator\"",
        "measure add visits south 2018 10 --source \"The regulator\" --as-of 2019-01-01",
        "measure add visits south 2018 12 --source \"The regulator\" --as-of 2019-05-01",
    ] {
        typed(&folder, line).done();
    }
    whole!(
        typed(&folder, "conflict list"),
        str![[r#"
indicator  case   period   values                                      decided  why
rating     alder  2017-07  good (reading 1) | outstanding (reading 2)  open

"#]]
    );
    whole!(
        typed(&folder, "conflict show rating alder 2017-07"),
        str![[r#"
reading        value  state  as of  source         line  stands
      1         good  final         Trade page           yes
      2  outstanding  final         The regulator        yes
--- stderr
Nothing is decided. Decide with: casebook conflict settle rating alder 2017-07 --take READING --why "…"

"#]]
    );
    let refused = typed(&folder, "conflict settle rating alder 2017-07 --take 2").refused();
    assert!(refused.stderr.contains("--why"), "{}", refused.whole());
    let refused = typed(
        &folder,
        "conflict settle rating alder 2017-07 --take 3 --why w",
    )
    .refused();
    assert!(
        refused.stderr.contains("those that have one are: 1, 2"),
        "{}",
        refused.whole()
    );
    whole!(
        typed(
            &folder,
            "conflict settle rating alder 2017-07 --take 2 --why \"The regulator gave it\""
        ),
        str![[r#"
--- stderr
rating of alder in 2017-07 is outstanding, as reading 2 has it.  (event 17; to take it back: casebook undo)

"#]]
    );
    whole!(
        typed(&folder, "conflict list"),
        str![[r#"
--- stderr
No conflict is open. Those that were decided: casebook conflict list --settled

"#]]
    );
    whole!(
        typed(&folder, "--json conflict list --settled"),
        str![[r#"
{
  "open": 0,
  "conflicts": [
    {
      "indicator": "rating",
      "case": "alder",
      "period": "2017-07",
      "sides": [
        {
          "reading": 1,
          "source": "Trade page",
          "as_of": null,
          "state": "final",
          "value": "good",
          "line": null,
          "stands": true
        },
        {
          "reading": 2,
          "source": "The regulator",
          "as_of": null,
          "state": "final",
          "value": "outstanding",
          "line": null,
          "stands": true
        }
      ],
      "settled": {
        "reading": 2,
        "value": "outstanding",
        "why": "The regulator gave it",
        "coder": "mara",
        "at": "2021-05-01T09:00:00Z",
        "holds": true
      }
    }
  ]
}

"#]]
    );
    // What holds is not removed from under the decision.
    let refused = typed(&folder, "reading remove 2").refused();
    assert!(
        refused.stderr.contains("conflict reopen"),
        "{}",
        refused.whole()
    );
    // Another figure opens it again; without it the decision holds.
    typed(
        &folder,
        "measure add rating alder 2017-07 inadequate --source \"A third\"",
    )
    .done();
    whole!(
        typed(&folder, "conflict list"),
        str![[r#"
indicator  case   period   values                                                               decided     why
rating     alder  2017-07  good (reading 1) | outstanding (reading 2) | inadequate (reading 9)  open again  The regulator gave it

"#]]
    );
    typed(&folder, "undo").done();
    assert!(typed(&folder, "conflict list").stdout.is_empty());
    typed(&folder, "conflict reopen rating alder 2017-07").done();
    let open: Value = typed(&folder, "--json conflict list").json();
    assert_eq!(open["open"], 1);
    folder.sound();
}

#[test]
fn readings_come_back_as_they_were() {
    let folder = defined();
    typed(&folder, "measure add visits north 2017/18 10 --source A").done();
    typed(
        &folder,
        "measure add visits south 2018/19 12.5 --source B --as-of 2019-05-01",
    )
    .done();
    let both = folder.dump();
    // The second, then the first too, and both back.
    let second = newest(&folder);
    typed(&folder, "undo").done();
    let one = folder.dump();
    assert_ne!(both, one);
    typed(&folder, "undo").done();
    assert!(!folder.dump().contains("measures|"));
    folder.sound();
    typed(&folder, &format!("undo {}", second + 2)).done();
    assert_eq!(folder.dump(), one);
    typed(&folder, &format!("undo {}", second + 1)).done();
    assert_eq!(folder.dump(), both);
    // Removed and brought back, with another reading written in between: nobody gets its numbers.
    typed(&folder, "reading remove 1").done();
    let removed = newest(&folder);
    typed(&folder, "measure add visits north 2019/20 14 --source C").done();
    typed(&folder, &format!("undo {removed}")).done();
    whole!(
        typed(&folder, "measure list"),
        str![[r#"
indicator  case   period   value  state  numerator  denominator  as of       reading  line
visits     north  2017/18  10     final                                            1
visits     north  2019/20  14     final                                            3
visits     south  2018/19  12.5   final                          2019-05-01        2

"#]]
    );
    folder.sound();
    typed(&folder, "log verify").done();
}

fn newest(folder: &Folder) -> i64 {
    let log: Value = folder.line("--json log --limit 1").json();
    log["events"][0]["event"].as_i64().expect("a number")
}

#[test]
fn figures_that_somebody_changed_are_found() {
    for (what, sql, verified) in [
        (
            "a value changed",
            "UPDATE measures SET value = '11' WHERE id = 1",
            true,
        ),
        (
            "a measure removed",
            "DELETE FROM measures WHERE id = 2",
            true,
        ),
        (
            "a measure added",
            "INSERT INTO measures (id, indicator, case_id, period, state, value) VALUES (9, 1, 1, 1, 'final', '1')",
            true,
        ),
        (
            "what was removed",
            "UPDATE changes SET before = replace(before, '\"14\"', '\"15\"') WHERE before LIKE '%\"14\"%'",
            true,
        ),
    ] {
        let folder = defined();
        typed(&folder, "measure add visits north 2017/18 10 --source A").done();
        typed(&folder, "measure add visits south 2018/19 12.5 --source B").done();
        typed(&folder, "measure add visits south 2019/20 14 --source C").done();
        typed(&folder, "reading remove 3").done();
        folder.sound();
        let raw = rusqlite::Connection::open(folder.join(STUDY)).expect("it opens");
        raw.execute_batch("DROP TRIGGER measures_immutable")
            .expect("dropped");
        assert!(raw.execute_batch(sql).is_ok(), "{what}");
        drop(raw);
        let checked = folder.line("check").calm();
        assert_eq!(checked.status, Some(3), "{what}: {}", checked.whole());
        assert!(
            checked.stdout.contains("measures"),
            "{what}: {}",
            checked.whole()
        );
        let record = folder.line("log verify").calm();
        assert_eq!(
            record.status == Some(3),
            verified,
            "{what}: {}",
            record.whole()
        );
    }
}
