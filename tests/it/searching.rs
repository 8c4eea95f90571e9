//! Searching, concordance, counts, and the matrix.

#![expect(
    dead_code,
    reason = "the types say what the JSON holds; that it reads back is the test"
)]

use serde::Deserialize;
use snapbox::str;

use crate::harness::{Folder, invented, whole};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Found {
    query: String,
    total: u64,
    hits: Vec<Hit>,
    memos: Option<Vec<Memo>>,
    counted_by: Option<String>,
    counts: Option<Vec<Count>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Hit {
    transcript: String,
    revision: i64,
    turn: i64,
    speaker: Option<String>,
    role: String,
    participant: Option<String>,
    case: Option<String>,
    start: u32,
    end: u32,
    text: String,
    time_ms: Option<i64>,
    score: f64,
    highlights: Vec<(u32, u32)>,
    section: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Memo {
    memo: i64,
    on: String,
    coder: String,
    text: String,
    score: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Count {
    name: String,
    turns: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Matrix {
    rows: Vec<String>,
    cols: Vec<String>,
    count: String,
    cells: Vec<Vec<u64>>,
    row_totals: Vec<u64>,
    col_totals: Vec<u64>,
    total: u64,
    pending: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cell {
    total: u64,
    pending: usize,
    quotes: Vec<serde::de::IgnoredAny>,
}

#[test]
fn a_search_shows_its_hits() {
    whole!(
        invented().line("search outvote* --limit 1"),
        str![[r#"
T01:22  P01  alder
So, there's a minor injuries unit there, in a cottage hospital built by public subscription, with a clock on it. It sees on a good day nineteen people. It can't be staffed safely at weekends, the clinicians all say so, in private they say it with some heat. The sensible thing is to close it and put an urgent treatment centre at Thrapwell, which is eleven miles away and has a bus. We had the paper ready in the February. We had the options, 1 to 5, with the scores. And it came to the board and I could feel that if I called a vote it would go through seven to two, and the two would be the county council, and the council would then be outvoted in public on a building with a clock on it. So I didn't call it. I said, we're not ready. It's been to the board three times since and I have still not called it.

--- stderr
3 turns, 1 shown.

"#]]
    );
    whole!(
        invented().line("search outvote* --kwic"),
        str![[r#"
place   who                                                left  keyword   right
T01:22  P01  the county council, and the council would then be   outvoted   in public on a building with a clock on it. So I
T05:18  P05  gets me. I've told the chair, put it to the vote,   outvote    us. My members would put out a furious press rele
T08:18  P07  t’s a scandal. I’m in favour of it. If they could   outvote    me I’d not go. I’d be one of twenty-three, and I’
--- stderr
3 turns.

"#]]
    );
    whole!(
        invented().line("search outvote* --csv"),
        str![[r#"
place,who,left,keyword,right
T01:22,P01," to two, and the two would be the county council, and the council would then be ",outvoted," in public on a building with a clock on it. So I didn't call it. I said, we're "
T05:18,P05,"us to vote on it! That's what gets me. I've told the chair, put it to the vote, ",outvote," us. My members would put out a furious press release, and there'd be a march, a"
T08:18,P07,use I think you’ve been told it’s a scandal. I’m in favour of it. If they could ,outvote," me I’d not go. I’d be one of twenty-three, and I’d be carrying home a decision "
--- stderr
3 turns.

"#]]
    );
    whole!(
        invented().line("search money --count-by case"),
        str![[r#"
case         turns
alder           17
cedar           13
birch            8
birch-coast      5
alder-vale       3
cedar-east       2
--- stderr
48 turns in all.

"#]]
    );
    whole!(
        invented().line("search xylophone"),
        str![[r#"
--- stderr
Nothing found.

"#]]
    );
    whole!(
        invented().line("search xylophone --kwic"),
        str![[r#"
--- stderr
Nothing found.

"#]]
    );
    let found: Found = invented().line("search outvote* --json").done().json();
    assert_eq!(
        (found.total, found.hits.len(), found.memos.is_none()),
        (3, 3, true)
    );
    let memos: Found = invented()
        .line("search envelope --memos --json")
        .done()
        .json();
    assert!(
        memos
            .memos
            .is_some_and(|m| m.iter().any(|m| m.on.starts_with("coding:")))
    );
    let counted: Found = invented()
        .line("search money --count-by role --json")
        .done()
        .json();
    assert_eq!(counted.counted_by.as_deref(), Some("role"));
}

/// In a terminal that shows colours, the words that matched are marked.
#[test]
fn hits_are_marked_where_colours_are() {
    let folder = invented();
    let mut command = folder.command();
    command
        .env_remove("NO_COLOR")
        .env("CLICOLOR_FORCE", "1")
        .args(["search", "outvote*", "--limit", "1"]);
    let run = folder.finish(&mut command).done();
    assert!(
        run.stdout.contains("\u{1b}[1m\u{1b}[4moutvote"),
        "{:?}",
        run.stdout
    );
}

#[test]
fn a_matrix_adds_up() {
    whole!(
        invented().line("matrix --rows theme --cols phase --depth 1"),
        str![[r#"
theme                  phase-1  phase-2  total
competition                 33       19     52
context                     26       29     55
governance                  28       24     52
consensus                   52       40     92
accountability              45       37     82
conflicts-of-interest       34       26     60
enablers                    26       37     63
inhibitors                  32       32     64
total                      276      244    520
--- stderr
Cells count codings.

"#]]
    );
    whole!(
        invented()
            .line("matrix --rows theme --cols attr:maturity --depth 1 --count participants --csv"),
        str![[r#"
theme,developing,emerging,maturing,(none),total
competition,4,3,4,3,14
context,4,3,5,4,16
governance,4,3,5,3,15
consensus,4,3,5,3,15
accountability,4,3,5,4,16
conflicts-of-interest,4,3,5,3,15
enablers,4,3,4,4,15
inhibitors,4,3,5,4,16
total,4,3,5,4,16
--- stderr
Cells count participants; a total counts each once, so it can be less than the sum.

"#]]
    );
    whole!(
        invented().line("matrix --rows theme --cols attr:nothing"),
        str![[r#"
--- stderr
error: no attribute of participants `nothing`
hint: see what there is with: casebook attribute list
--- status 1

"#]]
    );
    for rows in [
        "case",
        "theme",
        "participant",
        "transcript",
        "phase",
        "role",
        "coder",
        "attr:sector",
    ] {
        let cols = if rows == "phase" { "role" } else { "phase" };
        let matrix: Matrix = invented()
            .run(&["matrix", "--rows", rows, "--cols", cols, "--json"])
            .done()
            .json();
        assert_eq!(matrix.cells.len(), matrix.rows.len());
        for (row, total) in matrix.cells.iter().zip(&matrix.row_totals) {
            assert_eq!(row.iter().sum::<u64>(), *total, "{rows}");
        }
        assert_eq!(
            matrix.row_totals.iter().sum::<u64>(),
            matrix.total,
            "{rows}"
        );
        assert_eq!(
            matrix.col_totals.iter().sum::<u64>(),
            matrix.total,
            "{rows}"
        );
    }
}

/// Every cell opens into as many quotes as it counts.
#[test]
fn every_cell_opens() {
    let matrix: Matrix = invented()
        .line("matrix --rows case --cols theme --depth 1 --json")
        .done()
        .json();
    for (row, cells) in matrix.rows.iter().zip(&matrix.cells).take(3) {
        for (col, n) in matrix.cols.iter().zip(cells) {
            let cell: Cell = invented()
                .run(&[
                    "matrix",
                    "--rows",
                    "case",
                    "--cols",
                    "theme",
                    "--depth",
                    "1",
                    "--cell",
                    &format!("{row},{col}"),
                    "--json",
                ])
                .done()
                .json();
            assert_eq!(
                (cell.total, cell.quotes.len() as u64),
                (*n, *n),
                "{row},{col}"
            );
        }
    }
}

#[test]
fn nothing_is_counted_in_an_empty_study() {
    let folder = Folder::with_study();
    whole!(
        folder.line("search trust"),
        str![[r#"
--- stderr
Nothing found.

"#]]
    );
    whole!(
        folder.line("quotes"),
        str![[r#"
--- stderr
Nothing is coded there. Code with: casebook code PLACE THEME

"#]]
    );
    whole!(
        folder.line("matrix"),
        str![[r#"
--- stderr
Nothing is coded there.
Cells count codings.

"#]]
    );
}
