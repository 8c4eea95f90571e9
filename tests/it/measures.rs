//! Figures of files: long and wide tables, words for what is not known, and everything that stops a row or a file, each
//! with a place and a hint.

use rust_xlsxwriter::{Format, Workbook};
use serde_json::Value;
use snapbox::str;

use crate::harness::{Folder, whole};
use crate::indicators::{defined, typed};

const LONG: &str = "\
month,org,kind,seen,late
2017-03-01,RN1,1,1000,100
2017-03-01,RN1,2,500,0
2017-03-01,RS1,1,2000,300
2017-04-01,RN1,1,1100,90
2017-04-01,RS1,1,*,*
";

const LINE: &str = "measure import long.csv --case org --period month --period-as month --indicator within-4h --shortfall late --denominator seen --add-over kind --source \"Monthly figures\"";

fn with(name: &str, text: &str) -> Folder {
    let folder = defined();
    folder.write(name, text);
    folder
}

#[test]
fn a_long_table_is_shown_and_read() {
    let folder = with("long.csv", LONG);
    whole!(
        typed(&folder, &format!("{LINE} --dry-run")),
        str![[r#"
--- stderr
long.csv: 5 rows read so
  case:
    column: org
    by: code
  period:
    column: month
    as: month
  indicator:
    all: within-4h
  denominator: seen
  shortfall: late
  add-over:
  - kind
indicator  case   period             value  state       read at
within-4h  north  2017-03  93.333333333333  final       E2
within-4h  south  2017-03               85  final       E4
within-4h  north  2017-04  91.818181818182  final       E5
within-4h  south  2017-04                   suppressed  E6
4 measures (3 final, 1 suppressed): 1 indicator, 2 cases, 2017-03 to 2017-04 (2 periods)
1 figure added up from several rows
Nothing was written (--dry-run).

"#]]
    );
    assert!(typed(&folder, "reading list").stdout.is_empty());
    whole!(
        typed(
            &folder,
            &format!("{LINE} --save monthly --as-of 2017-05-31")
        ),
        str![[r#"
reading  file      indicators  cases  periods                         measures  refused
      1  long.csv  within-4h       2  2017-03 to 2017-04 (2 periods)         4        0
--- stderr
long.csv: 5 rows read so
  case:
    column: org
    by: code
  period:
    column: month
    as: month
  indicator:
    all: within-4h
  denominator: seen
  shortfall: late
  add-over:
  - kind
indicator  case   period             value  state       read at
within-4h  north  2017-03  93.333333333333  final       E2
within-4h  south  2017-03               85  final       E4
within-4h  north  2017-04  91.818181818182  final       E5
within-4h  south  2017-04                   suppressed  E6
4 measures (3 final, 1 suppressed): 1 indicator, 2 cases, 2017-03 to 2017-04 (2 periods)
1 figure added up from several rows
Read long.csv as reading 1.  (event 9; to take it back: casebook undo)

"#]]
    );
    whole!(
        typed(&folder, "measure list"),
        str![[r#"
indicator  case   period   value            state       numerator  denominator  as of       reading  line
within-4h  north  2017-03  93.333333333333  final       1400       1500         2017-05-31        1     2
within-4h  north  2017-04  91.818181818182  final       1010       1100         2017-05-31        1     5
within-4h  south  2017-03  85               final       1700       2000         2017-05-31        1     4
within-4h  south  2017-04                   suppressed                          2017-05-31        1     6

"#]]
    );
    whole!(
        typed(&folder, "reading show 1"),
        str![[r#"
reading 1  Monthly figures
  as of: 2017-05-31
  file: long.csv
  sha256: fd7a79213725cc2cf381191e75d5a6d16669dc093248de1007a8286f8a484ad4
  indicators: within-4h
  periods: 2017-03 to 2017-04 (2 periods)
  cases: 2
  measures: 3 final, 1 suppressed
  read: 2021-05-01T09:00:00Z by mara
  mapping:
    case:
      column: org
      by: code
    period:
      column: month
      as: month
    indicator:
      all: within-4h
    denominator: seen
    shortfall: late
    add-over:
    - kind

"#]]
    );
    whole!(
        typed(&folder, "mapping list"),
        str![[r#"
mapping  kept at               lines
monthly  2021-05-01T09:00:00Z     12

"#]]
    );
    // The same file once more is a slip; the mapping that was kept reads the next one.
    whole!(
        typed(
            &folder,
            "--quiet measure import long.csv --mapping monthly --source \"Monthly figures\""
        ),
        str![[r#"
--- stderr
error: the file was read in the same way already, as reading 1
hint: to read it once more, add --again; to see it: casebook reading show N
--- status 1

"#]]
    );
    folder.write(
        "next.csv",
        "month,org,kind,seen,late\n2017-05-01,RN1,1,900,9\n",
    );
    whole!(
        typed(
            &folder,
            "--quiet measure import next.csv --mapping monthly --source \"Monthly figures\""
        ),
        str![[r#"
reading  file      indicators  cases  periods  measures  refused
      2  next.csv  within-4h       1  2017-05         1        0

"#]]
    );
    folder.sound();
    let before = folder.dump();
    typed(&folder, "undo").done();
    typed(&folder, "undo 11").done();
    assert_eq!(folder.dump(), before);
}

#[test]
fn a_mapping_is_kept_shown_and_removed() {
    let folder = with(
        "m.yaml",
        "case: {column: org, by: code}\nperiod: {column: month, as: month}\nindicator: {all: visits}\nvalue: seen\nwhere: {kind: 1}\n",
    );
    folder.write("long.csv", LONG);
    typed(&folder, "mapping add m m.yaml").done();
    whole!(
        typed(&folder, "mapping show m"),
        str![[r#"
case:
  column: org
  by: code
period:
  column: month
  as: month
indicator:
  all: visits
value: seen
where:
  kind: "1"

"#]]
    );
    whole!(
        typed(
            &folder,
            "--json --quiet measure import long.csv --mapping m --source S"
        ),
        str![[r#"
{
  "files": [
    {
      "file": "long.csv",
      "sheet": null,
      "reading": 1,
      "event": 10,
      "mapping": "case:\n  column: org\n  by: code\nperiod:\n  column: month\n  as: month\nindicator:\n  all: visits\nvalue: seen\nwhere:\n  kind: \"1\"\n",
      "guessed": [],
      "rows": 5,
      "left_out": 1,
      "measures": 4,
      "states": {
        "final": 3,
        "suppressed": 1
      },
      "indicators": [
        "visits"
      ],
      "cases": 2,
      "periods": [
        "2017-03",
        "2017-04"
      ],
      "first": [
        {
          "measure": {
            "indicator": "visits",
            "case": "north",
            "period": "2017-03",
            "value": "1000",
            "numerator": null,
            "denominator": null,
            "state": "final"
          },
          "line": 2,
          "column": "D"
        },
        {
          "measure": {
            "indicator": "visits",
            "case": "south",
            "period": "2017-03",
            "value": "2000",
            "numerator": null,
            "denominator": null,
            "state": "final"
          },
          "line": 4,
          "column": "D"
        },
        {
          "measure": {
            "indicator": "visits",
            "case": "north",
            "period": "2017-04",
            "value": "1100",
            "numerator": null,
            "denominator": null,
            "state": "final"
          },
          "line": 5,
          "column": "D"
        },
        {
          "measure": {
            "indicator": "visits",
            "case": "south",
            "period": "2017-04",
            "value": null,
            "numerator": null,
            "denominator": null,
            "state": "suppressed"
          },
          "line": 6,
          "column": "D"
        }
      ],
      "notes": [],
      "refused": 0,
      "conflicts": 0,
      "found": []
    }
  ],
  "dry_run": false
}

"#]]
    );
    typed(
        &folder,
        "measure import long.csv --mapping m.yaml --where kind=2 --source S",
    )
    .done();
    typed(&folder, "mapping remove m").done();
    for (text, message) in [
        ("case: {column: org}\nvalu: seen\n", "valu"),
        (
            "case: {column: org}\nperiod: {column: a, all: 2018}\n",
            "two ways",
        ),
        ("case: [", "can't be read"),
    ] {
        folder.write("bad.yaml", text);
        let run = typed(&folder, "mapping add b bad.yaml").refused();
        assert!(run.stderr.contains(message), "{}", run.whole());
    }
    typed(&folder, "mapping add b none.yaml").refused();
    typed(&folder, "mapping add b m.txt").refused();
}

#[test]
fn wide_tables_are_read() {
    let folder = with(
        "years.csv",
        "trust,2016/17,2017/18\nNorth Trust,\"1,200\",1300\nSouth Trust,..,1 400\n",
    );
    whole!(
        typed(
            &folder,
            "--quiet measure import years.csv --case trust --period-column 2016/17 --period-column 2017/18 --indicator visits --source S"
        ),
        str![[r#"
--- stderr
warning: line 3, column C: `1 400` is no number
hint: numbers have a point and commas at thousands; a word for what is not known is declared with --missing WORD or --suppressed WORD, a mark of provisional figures with --provisional WORD
error: nothing of years.csv was read: something stands in the way of 1 value
hint: settle it as said above, or leave such rows out with --skip-refused
--- status 1

"#]]
    );
    whole!(
        typed(
            &folder,
            "--quiet measure import years.csv --indicator visits --yes --thousands \" \" --source S"
        ),
        str![[r#"
--- stderr
warning: line 2, column B: `1,200` is no number
hint: numbers have a point and commas at thousands; a word for what is not known is declared with --missing WORD or --suppressed WORD, a mark of provisional figures with --provisional WORD
error: nothing of years.csv was read: something stands in the way of 1 value
hint: settle it as said above, or leave such rows out with --skip-refused
--- status 1

"#]]
    );
    folder.write(
        "both.csv",
        "code,visits,pct 2017/18,Overall\nRN1,1200,88.3p,good\nRS1,n/a,*,Inadequate\n",
    );
    whole!(
        typed(
            &folder,
            "--quiet measure import both.csv --case code --period 2017/18 --indicator-column visits=visits --indicator-column \"pct 2017/18=within-4h\" --indicator-column Overall=rating --source S"
        ),
        str![[r#"
reading  file      indicators                 cases  periods  measures  refused
      1  both.csv  rating, visits, within-4h      2  2017/18         6        0

"#]]
    );
    whole!(
        typed(&folder, "measure list --reading 1"),
        str![[r#"
indicator  case   period   value       state        numerator  denominator  as of  reading  line
within-4h  north  2017/18  88.3        provisional                                       1     2
within-4h  south  2017/18              suppressed                                        1     3
rating     north  2017/18  good        final                                             1     2
rating     south  2017/18  inadequate  final                                             1     3
visits     north  2017/18  1200        final                                             1     2
visits     south  2017/18              missing                                           1     3

"#]]
    );
}

#[test]
fn indicators_stand_in_a_column_or_a_pattern() {
    let folder = with(
        "many.csv",
        "case,period,what,value\nnorth,2018,visits,5\nnorth,2018,rating,good\nnorth,2018,money,1200\nsouth,2018,vists,5\n",
    );
    folder.write("m.yaml", "case: {column: case}\nperiod: {column: period}\nindicator: {column: what, words: {money: surplus}}\nvalue: value\n");
    whole!(
        typed(
            &folder,
            "--quiet measure import many.csv --mapping m.yaml --source S"
        ),
        str![[r#"
--- stderr
warning: line 5, column C: no indicator `vists`
hint: did you mean `visits`? What the column says can be given its indicator in a mapping: words: {vists: visits}
error: nothing of many.csv was read: something stands in the way of 1 value
hint: settle it as said above, or leave such rows out with --skip-refused
--- status 1

"#]]
    );
    whole!(
        typed(
            &folder,
            "--quiet measure import many.csv --mapping m.yaml --skip-refused --source S"
        ),
        str![[r#"
reading  file      indicators               cases  periods  measures  refused
      1  many.csv  rating, surplus, visits      1  2018            3        1
--- stderr
warning: line 5, column C: no indicator `vists`
hint: did you mean `visits`? What the column says can be given its indicator in a mapping: words: {vists: visits}
error: 1 value left out of many.csv
hint: each is said above with what may be typed
--- status 1

"#]]
    );
    for kind in ["1", "2"] {
        typed(&folder, &format!("indicator add seen-{kind} --name \"Seen {kind}\" --unit attendances --scale number --better neither")).done();
    }
    folder.write("long.csv", LONG);
    whole!(
        typed(
            &folder,
            "--quiet measure import long.csv --case org --period month --period-as month --indicator seen-{kind} --value seen --source S"
        ),
        str![[r#"
reading  file      indicators      cases  periods                         measures  refused
      2  long.csv  seen-1, seen-2      2  2017-03 to 2017-04 (2 periods)         5        0

"#]]
    );
}

#[test]
fn a_guess_must_be_confirmed() {
    let folder = with(
        "plain.csv",
        "case,period,indicator,value\nnorth,2018,visits,5\n",
    );
    whole!(
        typed(&folder, "measure import plain.csv --source S"),
        str![[r#"
--- stderr
plain.csv: 1 row read so
  case:
    column: case
    by: slug
  period:
    column: period
  indicator:
    column: indicator
  value: value
guessed: `case` names the cases, by slug
guessed: `period` holds the periods
guessed: `indicator` names the indicators
guessed: `value` holds the values
indicator  case   period  value  state  read at
visits     north  2018        5  final  D2
1 measure (1 final): 1 indicator, 1 case, 2018
error: parts of the mapping are a guess (`case` names the cases, by slug; `period` holds the periods; `indicator` names the indicators; `value` holds the values): not done, as nobody was there to confirm it
hint: add --yes to confirm, or --dry-run to see what it would do
--- status 1

"#]]
    );
    typed(&folder, "measure import plain.csv --source S --yes").done();
    let folder = with("none.csv", "a,b\n1,2\n");
    whole!(
        typed(&folder, "measure import none.csv --source S"),
        str![[r#"
--- stderr
error: the mapping does not say which column names the cases
hint: say it with --case COLUMN
--- status 1

"#]]
    );
}

#[test]
fn money_has_units_and_signs() {
    let folder = with(
        "money.csv",
        "code,Surplus/(deficit) £000\nRN1,\"1,250\"\nRS1,\"(3,500)\"\n",
    );
    typed(&folder, "measure import money.csv --case code --period 2017/18 --indicator surplus --value B --factor 0.001 --source S").done();
    folder.write("deficit.csv", "code,Deficit\nRN1,4\nRS1,-2\n");
    whole!(
        typed(
            &folder,
            "--quiet measure import deficit.csv --case code --period 2016/17 --indicator surplus --value Deficit --source S"
        ),
        str![[r#"
--- stderr
warning: line 1, column B: the column `Deficit` holds deficits: whether 12.3 is one of 12.3, or a surplus, is not said
hint: say --sign deficit-positive where 12.3 is a deficit (it is kept as -12.3), or --sign as-written
error: nothing of deficit.csv was read: one thing is to decide first
hint: each is said above with what may be typed
--- status 1

"#]]
    );
    typed(&folder, "measure import deficit.csv --case code --period 2016/17 --indicator surplus --value Deficit --sign deficit-positive --source S").done();
    whole!(
        typed(&folder, "--csv measure list --indicator surplus"),
        str![[r#"
indicator,case,period,value,state,numerator,denominator,as of,reading,line
surplus,north,2017/18,1.25,final,,,,1,2
surplus,north,2016/17,-4,final,,,,2,2
surplus,south,2017/18,-3.5,final,,,,1,3
surplus,south,2016/17,2,final,,,,2,3

"#]]
    );
    for (text, message) in [
        ("code,value\nRN1,4 deficit\n", "has the sign of a surplus"),
        (
            "code,value,position\nRN1,4,deficit\n",
            "has the sign of a surplus",
        ),
    ] {
        folder.write("cells.csv", text);
        let run = typed(&folder, "measure import cells.csv --case code --period 2015/16 --indicator surplus --value value --source S").refused();
        assert!(run.stderr.contains(message), "{}", run.whole());
    }
    folder.write("cells.csv", "code,value\nRN1,(4)\n");
    let run = typed(&folder, "measure import cells.csv --case code --period 2015/16 --indicator surplus --value value --sign deficit-positive --source S").refused();
    assert!(
        run.stderr.contains("parentheses are a minus"),
        "{}",
        run.whole()
    );
}

/// Files in which one thing is wrong: what is typed behind `measure import f.csv --source S`, and what is said, with its place.
const WRONG: &[(&str, &str, &str)] = &[
    (
        "code,v\nRN1,104\n",
        "--case code --period 2018 --indicator within-4h --value v",
        "line 2, column B: within-4h of north in 2018: 104 is more than the 100",
    ),
    (
        "code,v\nRN1,0.883\nRS1,0.5\n",
        "--case code --period 2018 --indicator within-4h --value v",
        "column B: every value of `v` lies between 0 and 1",
    ),
    (
        "code,v\nRN1,0.9\nRS1,88.3\n",
        "--case code --period 2018 --indicator within-4h --value v --as fraction",
        "line 3, column B: 88.3 is no fraction",
    ),
    (
        "code,v\nRN1,5\nRX9,5\n",
        "--case code --period 2018 --indicator visits --value v",
        "line 3, column A: `RX9` means no case",
    ),
    (
        "code,v\nRN1 ,5\n",
        "--case code --case-by code --period 2018 --indicator visits --value v",
        "line 2, column A: `RN1 ` has blanks around it",
    ),
    (
        "code,name,v\nRN1,Northern Trust,5\n",
        "--case code --case-name name --period 2018 --indicator visits --value v",
        "line 2, column B: `Northern Trust` is no name that `north` is known by",
    ),
    (
        "code,name,v\nRN1,North Trust ,5\n",
        "--case code --case-name name --period 2018 --indicator visits --value v",
        "line 2, column B: `North Trust ` has blanks around it",
    ),
    (
        "code,y,v\nRN1,2017/18,5\nRS1,2018,5\n",
        "--case code --period y --indicator visits --value v",
        "periods of several lengths stand in one column: 2017/18 is a financial year (line 2), 2018 is a calendar year (line 3)",
    ),
    (
        "code,y,v\nRN1,spring,5\n",
        "--case code --period y --indicator visits --value v",
        "line 2, column B: `spring` is no period",
    ),
    (
        "code,2016/17 and 2017/18\nRN1,5\n",
        "--case code --period 2016/17 --indicator visits --value B",
        "names two periods",
    ),
    (
        "code,v 2016/17\nRN1,5\n",
        "--case code --period 2017/18 --indicator visits --value B",
        "names 2016/17, and the figures are said to be of 2017/18",
    ),
    (
        "code,v\nRN1,5\nRS1,6\nSource: the board,\nRevised in May,\n",
        "--case code --period 2018 --indicator visits --value v",
        "what stands from line 4 on looks like notes",
    ),
    (
        "code,v\nRN1,5\nRN1,6\n",
        "--case code --period 2018 --indicator visits --value v",
        "line 3, column B: visits of north in 2018 stands in the file twice with different values (lines 2 and 3)",
    ),
    (
        "code,v,basis:types\nRN1,88,type 1\n",
        "--case code --period 2018 --indicator within-4h --value v",
        "line 2, column C: the row is on another basis: types is `type 1`, and of `within-4h` it is `all`",
    ),
    (
        "code,v\nRN1,5x\n",
        "--case code --period 2018 --indicator visits --value v",
        "line 2, column B: `5x` is no number",
    ),
    (
        "code,v\nRN1,fine\n",
        "--case code --period 2018 --indicator rating --value v",
        "`fine` is no band",
    ),
    (
        "code,v\n,5\n",
        "--case code --period 2018 --indicator visits --value v",
        "line 2, column A: the row has a value and names no case",
    ),
    (
        "code,v\nE1,50\n",
        "--case code --period 2018 --indicator within-4h --value v",
        "`within-4h` is measured at cases of the kind trust",
    ),
    (
        "code,v,n,d\nRN1,88,5,10\n",
        "--case code --period 2018 --indicator within-4h --value v --numerator n --denominator d",
        "5 of 10 is 50 %, and the file says 88",
    ),
    (
        "code,v,d\nRN1,88,2018-13-01\n",
        "--case code --period 2018 --indicator visits --value v --as-of-column d",
        "`2018-13-01` is no day",
    ),
    (
        "code,k,v\nRN1,a,8\nRN1,b,8\n",
        "--case code --period 2018 --indicator within-4h --value v --add-over k",
        "percentages are not added up",
    ),
    (
        "code,k,v\nRN1,a,good\nRN1,b,good\n",
        "--case code --period 2018 --indicator rating --value v --add-over k",
        "bands are not added up",
    ),
    (
        "code,v\nRN1,3%\n",
        "--case code --period 2018 --indicator visits --value v",
        "`visits` is no percentage",
    ),
    (
        "code,region,v,y\nRN1,N,1,2016\nRN1,S,1,2017\nRS1,S,1,2016\nRS1,S,1,2017\n",
        "--case code --period y --indicator visits --value v --constant region",
        "column `region` says different things of one case, at 1 of 2 cases: of `north` first `N` (line 2), then `S` (line 3)",
    ),
    (
        "code,v\nRN1,5\n",
        "--case cod --period 2018 --indicator visits --value v",
        "did you mean `code`?",
    ),
    (
        "code,v,v\nRN1,5,6\n",
        "--case code --period 2018 --indicator visits --value v",
        "two columns are called `v`: B and C",
    ),
    (
        "code,v\nRN1,5\n",
        "--case code --period 2018 --indicator vists --value v",
        "no indicator `vists`",
    ),
    (
        "code,v\nRN1,5\n",
        "--case code --period 2018 --indicator visits --value v --sheet One",
        "no sheet `One`",
    ),
    (
        "code,v\nRN1,5\n",
        "--case code --period 2018 --indicator visits --value v --where v=6",
        "holds no figure that is read so",
    ),
    (
        "code,v\nRN1,5\n",
        "--case code --period 2018 --indicator visits --value v --factor x",
        "is no factor",
    ),
    (
        "code,v\nRN1,\"5\n",
        "--case code --period 2018 --indicator visits --value v",
        "is not closed",
    ),
    (
        "",
        "--case code --period 2018 --indicator visits --value v",
        "no figures in it",
    ),
];

#[test]
fn what_is_wrong_with_a_file_is_said_with_its_place_and_nothing_is_written() {
    let folder = defined();
    let before = folder.dump();
    for (text, options, message) in WRONG {
        folder.write("f.csv", text);
        let run = typed(
            &folder,
            &format!("measure import f.csv --source S {options}"),
        )
        .refused();
        assert!(
            run.stderr.contains(message),
            "{text}{options}: {}",
            run.whole()
        );
        assert_eq!(folder.dump(), before, "{text}");
    }
}

#[test]
fn what_was_found_can_be_settled() {
    let folder = defined();
    typed(&folder, "case name add north \"Northern Trust\"").done();
    for (text, options, measures) in [
        (
            "code,name,v\nRN1,Northern Trust,5\n",
            "--case code --case-name name --period 2018 --indicator visits --value v",
            1,
        ),
        (
            "code,v\nRN1 ,5\n",
            "--case code --trim --period 2017 --indicator visits --value v",
            1,
        ),
        (
            "code,v\nRN1,5\nRS1,6\nSource: the board,\n",
            "--case code --period 2016 --indicator visits --value v --last-row 3",
            2,
        ),
        (
            "code,region,v,y\nRN1,N,1,2014\nRN1,S,1,2015\n",
            "--case code --period y --indicator visits --value v --varies region",
            2,
        ),
        (
            "code,v\nRN1,0.883\n",
            "--case code --period 2014 --indicator within-4h --value v --as percent",
            1,
        ),
        (
            "code,v\nRN1,5\nRN1,5\n",
            "--case code --period 2013 --indicator visits --value v",
            1,
        ),
        (
            "Figures of trusts,\ncode,v\nRN1,5\n",
            "--case code --header-row 2 --period 2012 --indicator visits --value v",
            1,
        ),
        (
            "code;v;note\nRN1;5;p\nRS1;6;\n",
            "--case code --period 2011 --indicator visits --value v --provisional-column note",
            2,
        ),
        (
            "code,v,d\nRN1,88,2018-05-01\n",
            "--case code --period 2010 --indicator visits --value v --as-of-column d",
            1,
        ),
        (
            "code,a,n,d\nRN1,x,0,0\nRS1,x,5,10\n",
            "--case code --period 2009 --indicator within-4h --numerator n --denominator d",
            1,
        ),
    ] {
        folder.write("f.csv", text);
        let run = typed(
            &folder,
            &format!("--json measure import f.csv --source S {options}"),
        )
        .done();
        let json: Value = run.json();
        assert_eq!(
            json["files"][0]["measures"],
            measures,
            "{text}: {}",
            run.whole()
        );
    }
    let list: Value = typed(&folder, "--json measure list --period 2010 --period 2011").json();
    let list = list["measures"].as_array().expect("measures");
    let of = |case: &str, period: &str| {
        list.iter()
            .find(|m| m["case"] == case && m["period"] == period)
            .expect("a measure")
    };
    assert_eq!(of("north", "2010")["as_of"], "2018-05-01");
    assert_eq!(of("north", "2011")["state"], "provisional");
    assert_eq!(of("south", "2011")["state"], "final");
    folder.sound();
}

#[test]
fn a_scrambled_column_is_found_unasked() {
    let mut text = "code,region,v,y\n".to_owned();
    for (n, region) in ["East", "West", "East", "West"].iter().enumerate() {
        for y in 2015..=2017 {
            let said = if n == 1 && y == 2016 { "East" } else { region };
            text.push_str(&format!("T{n},{said},{y},{y}\n"));
        }
    }
    let folder = with("f.csv", &text);
    for n in 0..4 {
        typed(&folder, &format!("case add t{n} --code T{n}")).done();
    }
    whole!(
        typed(
            &folder,
            "--quiet measure import f.csv --case code --case-by code --period y --indicator visits --value v --source S"
        ),
        str![[r#"
--- stderr
warning: line 6, column B: the column `region` says different things of one case, at 1 of 4 cases: of `t1` first `West` (line 5), then `East` (line 6)
hint: where it may, say --varies "region"; where it may not, the file is scrambled: look at its rows before anything is read from it
error: nothing of f.csv was read: one thing is to decide first
hint: each is said above with what may be typed
--- status 1

"#]]
    );
}

#[test]
fn codes_mean_a_case_on_their_days() {
    let folder = with("f.csv", "code,fy,v\nE9,2017/18,5\nE9,2019/20,6\n");
    typed(&folder, "case code add north ONS E9 --to 2018-04-01").done();
    whole!(
        typed(
            &folder,
            "--quiet measure import f.csv --case code --period fy --indicator visits --value v --source S"
        ),
        str![[r#"
--- stderr
warning: line 3, column A: `E9` meant no case in 2019/20: it meant `north` until 2018-04-01
hint: look at its days with: casebook case at E9 --as-of 2019-04-01; a code of another time is added with: casebook case code add
error: nothing of f.csv was read: something stands in the way of 1 value
hint: settle it as said above, or leave such rows out with --skip-refused
--- status 1

"#]]
    );
    typed(&folder, "case code add south ONS E9 --from 2018-04-01").done();
    typed(
        &folder,
        "measure import f.csv --case code --period fy --indicator visits --value v --source S",
    )
    .done();
    whole!(
        typed(&folder, "--csv measure list"),
        str![[r#"
indicator,case,period,value,state,numerator,denominator,as of,reading,line
visits,north,2017/18,5,final,,,,1,2
visits,south,2019/20,6,final,,,,1,3

"#]]
    );
}

#[test]
fn rows_that_were_refused_are_counted() {
    let folder = with("f.csv", "code,v\nRN1,5\nRX9,6\nRS1,seven\n");
    whole!(
        typed(
            &folder,
            "--quiet measure import f.csv --case code --period 2018 --indicator visits --value v --source S --skip-refused"
        ),
        str![[r#"
reading  file   indicators  cases  periods  measures  refused
      1  f.csv  visits          1  2018            1        2
--- stderr
warning: line 3, column A: `RX9` means no case
hint: say whose code it is: casebook case code add CASE SCHEME RX9; or add the case first
warning: line 4, column B: `seven` is no number
hint: numbers have a point and commas at thousands; a word for what is not known is declared with --missing WORD or --suppressed WORD, a mark of provisional figures with --provisional WORD
error: 2 values left out of f.csv
hint: each is said above with what may be typed
--- status 1

"#]]
    );
    assert_eq!(
        typed(&folder, "--csv measure list").stdout.lines().count(),
        2
    );
}

#[test]
fn sources_that_disagree_are_said_when_they_come() {
    let folder = with("f.csv", "code,v\nRN1,5\nRS1,6\n");
    typed(&folder, "measure add visits north 2018 4 --source T").done();
    typed(&folder, "measure add visits south 2018 6 --source T").done();
    whole!(
        typed(
            &folder,
            "--quiet measure import f.csv --case code --period 2018 --indicator visits --value v --source S"
        ),
        str![[r#"
reading  file   indicators  cases  periods  measures  refused
      3  f.csv  visits          2  2018            2        0
--- stderr
warning: sources disagree on 1 figure of f.csv; see them with: casebook conflict list

"#]]
    );
}

/// A workbook with a title, merged cells, a note under the table, and a second sheet.
fn workbook(folder: &Folder) {
    let mut book = Workbook::new();
    let plain = Format::new();
    let sheet = book.add_worksheet().set_name("Trusts").expect("a name");
    sheet.write(0, 0, "Figures of trusts").expect("a cell");
    for (n, head) in ["system", "trust", "visits"].iter().enumerate() {
        sheet
            .write(2, u16::try_from(n).expect("few"), *head)
            .expect("a cell");
    }
    sheet
        .merge_range(3, 0, 4, 0, "E1", &plain)
        .expect("a range");
    sheet.write(3, 1, "North Trust").expect("a cell");
    sheet.write(3, 2, 5).expect("a cell");
    sheet.write(4, 1, "South Trust ").expect("a cell");
    sheet.write(4, 2, 6.5).expect("a cell");
    sheet
        .merge_range(6, 0, 6, 2, "Source: the board", &plain)
        .expect("a range");
    let other = book.add_worksheet().set_name("Notes").expect("a name");
    other.write(0, 0, "nothing").expect("a cell");
    folder.write("f.xlsx", book.save_to_buffer().expect("a workbook"));
}

#[test]
fn workbooks_have_sheets_and_merged_cells() {
    let folder = defined();
    workbook(&folder);
    let line =
        "--quiet measure import f.xlsx --period 2018 --indicator visits --value visits --source S";
    whole!(
        typed(&folder, &format!("{line} --case trust")),
        str![[r#"
--- stderr
error: the workbook has 2 sheets: Trusts, Notes
hint: say which: --sheet "Trusts"
--- status 1

"#]]
    );
    whole!(
        typed(&folder, &format!("{line} --case trust --sheet Trusts")),
        str![[r#"
--- stderr
warning: row 7: what stands from row 7 on looks like notes under the table
hint: end the table above them: --last-row 5
warning: row 7, column A: the cells A7:C7 are merged: which rows their value is of is not said
hint: add --spread where it is of all of them, or --last-row N where they stand under the table
warning: row 5, column B: `South Trust ` has blanks around it
hint: where they mean nothing, add --trim
error: nothing of f.xlsx was read: 2 things are to decide first
hint: each is said above with what may be typed
--- status 1

"#]]
    );
    whole!(
        typed(
            &folder,
            &format!("{line} --case trust --sheet Trusts --last-row 5 --trim")
        ),
        str![[r#"
reading  file    indicators  cases  periods  measures  refused
      1  f.xlsx  visits          2  2018            2        0

"#]]
    );
    whole!(
        typed(
            &folder,
            &format!("{line} --case system --sheet Trusts --last-row 5")
        ),
        str![[r#"
--- stderr
warning: row 4, column A: the cells A4:A5 are merged: which rows their value is of is not said
hint: add --spread where it is of all of them, or --last-row N where they stand under the table
warning: row 5, column A: the row has a value and names no case
hint: take the row out of the file, or end the table above it with --last-row N
error: nothing of f.xlsx was read: one thing is to decide first
hint: each is said above with what may be typed
--- status 1

"#]]
    );
    whole!(
        typed(
            &folder,
            &format!("{line} --case system --sheet Trusts --last-row 5 --spread --add-over trust")
        ),
        str![[r#"
reading  file    indicators  cases  periods  measures  refused
      2  f.xlsx  visits          1  2018            1        0

"#]]
    );
    whole!(
        typed(&folder, "--csv measure list"),
        str![[r#"
indicator,case,period,value,state,numerator,denominator,as of,reading,line
visits,alder,2018,11.5,final,,,,2,4
visits,north,2018,5,final,,,,1,4
visits,south,2018,6.5,final,,,,1,5

"#]]
    );
}

#[test]
fn the_same_days_are_one_period_however_they_are_written() {
    let folder = defined();
    for line in [
        "measure add surplus north 2018-Q1 10 --source Here",
        "measure add surplus north 2017/18-Q4 20 --source There",
    ] {
        folder.line(line).done();
    }
    let found: Value = folder.line("--json conflict list").done().json();
    assert_eq!(found["open"], 1, "{found}");
    let found: Value = folder
        .line("--json figures surplus@2017/18-Q4")
        .done()
        .json();
    assert_eq!(found["rows"][0]["figures"][0]["value"], Value::Null);
}

#[test]
fn what_only_a_part_has_wrong_is_refused_too() {
    let line = |file: &str| {
        format!(
            "measure import {file} --case org --period 2018-03 --shortfall late --denominator seen --indicator within-4h --source S --yes"
        )
    };
    let folder = with(
        "parts.csv",
        "org,kind,late,seen\nnorth,1,60,50\nnorth,2,0,100\nsouth,1,1,4\n",
    );
    let refused = typed(&folder, &format!("{} --add-over kind", line("parts.csv"))).refused();
    assert!(refused.stderr.contains("line 2, "), "{}", refused.stderr);
    // Something of nothing, and of less than nothing.
    for row in ["-1,0", "-5,-10"] {
        folder.write(
            "odd.csv",
            format!("org,late,seen\nnorth,{row}\nsouth,1,4\n"),
        );
        let refused = typed(&folder, &line("odd.csv")).refused();
        assert!(refused.stderr.contains("share of"), "{}", refused.stderr);
    }
    let add = "measure add within-4h north 2018-03 --source S";
    for typed_so in [
        "--numerator -5 --denominator -10",
        "--numerator 5 --denominator 0",
    ] {
        typed(&folder, &format!("{add} {typed_so}")).refused();
    }
    // More digits than are kept, and numbers as machines print them.
    for value in ["0.12345678901234567890123456789", "1e1"] {
        let refused = typed(
            &folder,
            &format!("measure add surplus north 2018 {value} --source S"),
        );
        assert!(refused.refused().stderr.contains("is no number"));
    }
    assert!(typed(&folder, "reading list").stdout.is_empty());
}

#[test]
fn a_column_that_may_be_of_fractions_is_asked_about() {
    let folder = defined();
    for (rows, asks) in [
        ("1\nsouth,0", true),
        ("0.883\nsouth,1.02", true),
        ("88.3\nsouth,0.9\nnorth2,0.95", true),
        ("88.3\nsouth,0.9\nnorth2,95", false),
    ] {
        typed(&folder, "case add north2 --name North-2 --kind trust");
        folder.write("share.csv", format!("org,share\nnorth,{rows}\n"));
        let run = typed(
            &folder,
            "measure import share.csv --case org --period 2018-03 --value share --indicator within-4h --source S --dry-run",
        );
        assert_eq!(
            run.stderr.contains("0.883 may be 88.3 %"),
            asks,
            "{rows}: {}",
            run.stderr
        );
    }
}

#[test]
fn a_deficit_with_a_minus_is_asked_about() {
    let folder = with(
        "money.csv",
        "org,money\nnorth,deficit -5\nsouth,deficit 5\n",
    );
    let line = "measure import money.csv --case org --period 2018 --value money --indicator surplus --sign deficit-positive --source S --yes";
    let refused = typed(&folder, line).refused();
    assert!(refused.stderr.contains("has a minus"), "{}", refused.stderr);
}
