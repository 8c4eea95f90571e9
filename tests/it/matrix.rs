//! Every matrix against the quotes: counting reads less than quoting does, and must come to the same.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use snapbox::str;

use crate::harness::{Folder, Seeded, invented, whole};

#[derive(Deserialize)]
struct Matrix {
    rows: Vec<String>,
    cols: Vec<String>,
    cells: Vec<Vec<u64>>,
    row_totals: Vec<u64>,
    col_totals: Vec<u64>,
    total: u64,
}

#[derive(Deserialize)]
struct Quotes {
    quotes: Vec<Quote>,
}

#[derive(Deserialize)]
struct Quote {
    coding: i64,
    transcript: String,
    theme: String,
    coder: String,
    case: Option<String>,
    participant: Option<String>,
    section: Option<String>,
}

#[derive(Deserialize)]
struct Shown {
    turns: Vec<Turn>,
}

#[derive(Deserialize)]
struct Turn {
    turn: i64,
}

/// Turns of each transcript, as `transcript show` has them.
type Turns = BTreeMap<String, Vec<Turn>>;

fn turns(folder: &Folder) -> Turns {
    let list: serde_json::Value = folder.line("transcript list --json").done().json();
    list["transcripts"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|t| {
            let slug = t["transcript"].as_str().expect("a slug").to_owned();
            let shown: Shown = folder
                .line(&format!("transcript show {slug} --json"))
                .done()
                .json();
            (slug, shown.turns)
        })
        .collect()
}

fn named(q: &Quote, by: &str) -> String {
    let or = |name: &Option<String>| name.clone().unwrap_or_else(|| "(none)".into());
    match by {
        "case" => or(&q.case),
        "participant" => or(&q.participant),
        "transcript" => q.transcript.clone(),
        "theme" => q.theme.clone(),
        "coder" => q.coder.clone(),
        "section" => or(&q.section),
        _ => unreachable!("one of the list below"),
    }
}

/// What a unit counts among quotes, each once.
fn counted(unit: &str, quotes: &[&Quote]) -> u64 {
    let mut found: BTreeSet<(String, i64)> = BTreeSet::new();
    for q in quotes {
        match unit {
            "codings" => found.extend([(String::new(), q.coding)]),
            "transcripts" => found.extend([(q.transcript.clone(), 0)]),
            "participants" => found.extend(q.participant.clone().map(|p| (p, 0))),
            "cases" => found.extend(q.case.clone().map(|c| (c, 0))),
            _ => unreachable!("one of the list below"),
        }
    }
    found.len() as u64
}

const BY: [&str; 6] = [
    "case",
    "participant",
    "transcript",
    "theme",
    "coder",
    "section",
];
/// Of turns and words, `turn_counts` tells whether they are right.
const UNITS: [&str; 4] = ["codings", "transcripts", "participants", "cases"];

/// Compares the matrix of a filter with what its quotes say, by dimensions and units drawn.
fn compare(folder: &Folder, filter: &[&str], quotes: &Quotes, random: &mut Seeded) {
    let (rows, cols, unit) = (*random.pick(&BY), *random.pick(&BY), *random.pick(&UNITS));
    let mut args = vec![
        "matrix", "--rows", rows, "--cols", cols, "--count", unit, "--json",
    ];
    args.extend(filter);
    let m: Matrix = folder.run(&args).done().json();
    let of = |row: Option<&String>, col: Option<&String>| {
        let those: Vec<&Quote> = quotes
            .quotes
            .iter()
            .filter(|q| {
                row.is_none_or(|r| named(q, rows) == *r) && col.is_none_or(|c| named(q, cols) == *c)
            })
            .collect();
        counted(unit, &those)
    };
    let what = format!("{args:?}");
    assert_eq!(m.total, of(None, None), "{what}");
    for (r, row) in m.rows.iter().enumerate() {
        assert_eq!(m.row_totals[r], of(Some(row), None), "{row}: {what}");
        for (c, col) in m.cols.iter().enumerate() {
            assert_eq!(
                m.cells[r][c],
                of(Some(row), Some(col)),
                "{row}, {col}: {what}"
            );
        }
    }
    for (c, col) in m.cols.iter().enumerate() {
        assert_eq!(m.col_totals[c], of(None, Some(col)), "{col}: {what}");
    }
    // Nothing is in a quote that has no row or column.
    for q in &quotes.quotes {
        assert!(m.rows.contains(&named(q, rows)), "{}: {what}", q.coding);
        assert!(m.cols.contains(&named(q, cols)), "{}: {what}", q.coding);
    }
}

/// The invented study with what makes counting hard: codings over several turns and on interviewers' words, a transcript
/// with several people, labels that nobody has, paragraphs without a speaker, somebody off the record, codings that wait.
fn hard(random: &mut Seeded) -> Folder {
    let folder = Folder::invented();
    folder.write(
        "group.txt",
        "Moderator: Who hears of it first?\nMina: I do.\nJoss: Not me, I never hear.\n\nSomebody laughed in the corridor.\n\nMina: As I said.\nStranger: Nor do I.\nJoss: There.\nStranger: Still not.\n",
    );
    folder
        .line("import group.txt --id G1 --kind focus-group --case alder --speaker Moderator=interviewer --speaker Mina=P02 --speaker Joss=P09")
        .done();
    folder.write(
        "alone.txt",
        "We met on the ward.\n\nNobody asked anything.\n",
    );
    folder
        .line("import alone.txt --id F1 --kind field-notes --participant P02")
        .done();
    folder
        .line("participant edit P09 --attribution off-record")
        .done();
    let themes: Vec<String> = {
        let list: serde_json::Value = folder.line("theme list --json").done().json();
        let all = list["themes"].as_array().expect("themes");
        all.iter()
            .map(|t| t["theme"].as_str().expect("a path").to_owned())
            .collect()
    };
    let turns = turns(&folder);
    let slugs: Vec<&String> = turns.keys().collect();
    let mut csv = String::from("place,quote,theme,coder,memo\n");
    for _ in 0..120 {
        let slug = if random.below(3) == 0 {
            "G1"
        } else {
            random.pick(&slugs)
        };
        let of = &turns[slug];
        let first = random.below(of.len());
        let last = (first + [0, 0, 0, 1, 2][random.below(5)]).min(of.len() - 1);
        csv.push_str(&format!(
            "{slug}:{}-{},,{},{},\n",
            of[first].turn,
            of[last].turn,
            random.pick(&themes),
            random.pick(&["mara", "noor", "olu"]),
        ));
    }
    folder.write("more.csv", csv);
    folder.line("code --from more.csv").done();
    // Some of them lose their place.
    folder
        .line("transcript revise T01 alder-01-chair-corrected.txt --yes")
        .done();
    folder
}

#[test]
fn counting_comes_to_what_quoting_says() {
    let mut random = Seeded::new(20_261_122);
    for _ in 0..2 {
        let folder = hard(&mut random);
        let filters: [&[&str]; 12] = [
            &[],
            &["--speaker", "all"],
            &["--speaker", "interviewer"],
            &["--case", "alder"],
            &["--theme", "governance"],
            &[
                "--theme",
                "governance",
                "--case",
                "alder",
                "--speaker",
                "all",
            ],
            &["--participant", "P02"],
            &["--participant", "P02", "--theme", "governance"],
            &["--by", "mara"],
            &["--by", "noor", "--by", "olu", "--transcript", "G1"],
            &["--phase", "phase-1", "--speaker", "all"],
            &["--transcript", "G1", "--speaker", "all"],
        ];
        for filter in filters {
            let mut args = vec!["quotes", "--json"];
            args.extend(filter);
            let quotes: Quotes = folder.run(&args).done().json();
            for _ in 0..4 {
                compare(&folder, filter, &quotes, &mut random);
            }
        }
    }
}

#[test]
fn shares_name_their_base() {
    let folder = invented();
    let line = "matrix --rows phase --cols case --theme governance";
    whole!(
        folder.line(&format!("{line} --percent row")),
        str![[r#"
phase    alder  alder-vale  birch  birch-coast  cedar  cedar-east  total   n
phase-1   39.3         0.0   35.7          0.0   25.0         0.0  100.0  28
phase-2   45.8        16.7    4.2         12.5    4.2        16.7  100.0  24
total     42.3         7.7   21.2          5.8   15.4         7.7  100.0  52
--- stderr
Cells are % of the codings of their row (n); the last row is % of all 52 codings.
One decimal is shown, so that shown shares may add up to a little more or less than 100.

"#]]
    );
    whole!(
        folder.line(&format!("{line} --percent column")),
        str![[r#"
phase    alder  alder-vale  birch  birch-coast  cedar  cedar-east  total
phase-1   50.0         0.0   90.9          0.0   87.5         0.0   53.8
phase-2   50.0       100.0    9.1        100.0   12.5       100.0   46.2
total    100.0       100.0  100.0        100.0  100.0       100.0  100.0
n           22           4     11            3      8           4     52
--- stderr
Cells are % of the codings of their column (n); the column of totals is % of all 52 codings.
One decimal is shown, so that shown shares may add up to a little more or less than 100.

"#]]
    );
    whole!(
        folder.line(&format!("{line} --percent total --count participants")),
        str![[r#"
phase    alder  alder-vale  birch  birch-coast  cedar  cedar-east  total
phase-1   20.0         0.0   20.0          0.0   13.3         0.0   53.3
phase-2   13.3         0.0    6.7          6.7    6.7        13.3   46.7
total     33.3         0.0   26.7          6.7   20.0        13.3  100.0
--- stderr
Cells are % of all 15 participants.
One decimal is shown. One of these can stand in several cells, so that shares can add up to more than 100.

"#]]
    );
    whole!(
        folder.line(&format!("{line} --presence")),
        str![[r#"
phase    alder  alder-vale  birch  birch-coast  cedar  cedar-east  present
phase-1      1           0      1            0      1           0        3
phase-2      1           1      1            1      1           1        6
present      2           1      2            1      2           1        9
--- stderr
1: at least one of the codings counted stands there. The margins count cells that are 1: of 6 in each row, of 2 in each column.

"#]]
    );
    whole!(
        folder.line(&format!("{line} --per-1000-words")),
        str![[r#"
phase    alder  alder-vale  birch  birch-coast  cedar  cedar-east  total  words
phase-1   2.02         n/a   1.81          n/a   1.59         n/a   1.82  15382
phase-2   2.74        1.84   0.51         1.49   0.45        1.67   1.62  14777
total     2.32        1.84   1.47         1.49   1.21        1.67   1.72  30159
words     9472        2178   7472         2018   6624        2395  30159
--- stderr
Cells are codings for each 1,000 words that everyone but the interviewers said in the transcripts which the filters take: 30,159 words. The base of a cell are those of its row and column, as far as these say whose words (themes and coders do not).
n/a: the base is 0.

"#]]
    );
    whole!(
        folder.line("matrix --rows case --cols theme --depth 1 --per-1000-words --order-by total"),
        str![[r#"
case         competition  context  governance  consensus  accountability  conflicts-of-interest  enablers  inhibitors  total  words
alder               1.69     2.43        2.32       2.96            2.53                   1.90      1.79        2.43  18.05   9472
birch               2.41     1.87        1.47       3.61            3.08                   2.14      2.14        2.01  18.74   7472
cedar               1.81     1.21        1.21       3.02            3.02                   1.81      1.66        1.96  15.70   6624
alder-vale          0.00     1.84        1.84       2.75            3.21                   1.38      2.75        2.30  16.07   2178
birch-coast         1.49     1.49        1.49       3.96            1.98                   2.48      2.97        1.49  17.34   2018
cedar-east          1.25     1.25        1.67       1.25            1.67                   2.51      2.92        2.09  14.61   2395
total               1.72     1.82        1.72       3.05            2.72                   1.99      2.09        2.12  17.24  30159
--- stderr
Cells are codings for each 1,000 words that everyone but the interviewers said in the transcripts which the filters take: 30,159 words. The base of a cell are those of its row and column, as far as these say whose words (themes and coders do not).

"#]]
    );
    whole!(
        folder.line(&format!("{line} --percent row --json")),
        str![[r#"
{
  "rows": [
    "phase-1",
    "phase-2"
  ],
  "cols": [
    "alder",
    "alder-vale",
    "birch",
    "birch-coast",
    "cedar",
    "cedar-east"
  ],
  "count": "codings",
  "cells": [
    [
      11,
      0,
      10,
      0,
      7,
      0
    ],
    [
      11,
      4,
      1,
      3,
      1,
      4
    ]
  ],
  "row_totals": [
    28,
    24
  ],
  "col_totals": [
    22,
    4,
    11,
    3,
    8,
    4
  ],
  "total": 52,
  "pending": 0,
  "figures": {
    "measure": "percent-of-row",
    "cells": [
      [
        39.285714285714285,
        0.0,
        35.714285714285715,
        0.0,
        25.0,
        0.0
      ],
      [
        45.833333333333336,
        16.666666666666668,
        4.166666666666667,
        12.5,
        4.166666666666667,
        16.666666666666668
      ]
    ],
    "row_totals": [
      100.0,
      100.0
    ],
    "col_totals": [
      42.30769230769231,
      7.6923076923076925,
      21.153846153846153,
      5.769230769230769,
      15.384615384615385,
      7.6923076923076925
    ],
    "total": 100.0,
    "bases": {
      "cells": [
        [
          28,
          28,
          28,
          28,
          28,
          28
        ],
        [
          24,
          24,
          24,
          24,
          24,
          24
        ]
      ],
      "row_totals": [
        28,
        24
      ],
      "col_totals": [
        52,
        52,
        52,
        52,
        52,
        52
      ],
      "total": 52
    }
  }
}
--- stderr
Cells are % of the codings of their row (n); the last row is % of all 52 codings.
One decimal is shown, so that shown shares may add up to a little more or less than 100.

"#]]
    );
}

#[test]
fn what_can_t_be_asked_is_refused() {
    let folder = invented();
    whole!(
        folder.line("matrix --order-by name").refused(),
        str![[r#"
--- stderr
error: `name` is nothing that a table can be made by
hint: it may be: case, participant, transcript, phase, role, theme, coder, section or attr:KEY
--- status 1

"#]]
    );
    whole!(
        folder
            .line("matrix --rows theme --cols case --order-by attr:size")
            .refused(),
        str![[r#"
--- stderr
error: what stands in these rows has no attributes
hint: put cases, participants or transcripts into the rows, as in: --rows case
--- status 1

"#]]
    );
    whole!(
        folder.line("matrix --order-by attr:nothing").refused(),
        str![[r#"
--- stderr
error: no attribute of cases `nothing`
hint: see what there is with: casebook attribute list
--- status 1

"#]]
    );
    assert_eq!(
        folder.line("matrix --percent row --presence").status,
        Some(2)
    );
    assert_eq!(folder.line("matrix --percent rows").status, Some(2));
}
