//! The frame: what it shows, when it is stale and why, what merging and removing do to it, and files that come back.

use serde_json::Value;
use snapbox::str;

use crate::harness::{Folder, compare, invented, whole};

const INTERVIEW: &str = "INTERVIEWER: How is it going?\n\nA: Slowly. Nobody trusts the board, and the board trusts nobody.\n\n\
    B: That is unfair. We trust it with the beds, if not with the money.\n\nINTERVIEWER: And the winter?\n\nA: The winter comes every year. It is not a surprise.\n";

/// Two cases, one with a part; three themes; codings 1000001 to 1000003 on T01 (of the part), 2000001 on T02.
fn small() -> Folder {
    let folder = Folder::with_study();
    folder.write("a.txt", INTERVIEW);
    folder.write("b.txt", INTERVIEW.replace("winter", "summer"));
    for line in [
        "case add alder",
        "case add vale --part-of alder",
        "case add birch",
        "participant add P1 --case vale",
        "import a.txt --case vale --speaker A=P1",
        "import b.txt --case birch",
        "theme add trust",
        "theme add trust/board",
        "theme add money",
    ] {
        folder.line(line).done();
    }
    for (place, quote, theme) in [
        ("T01:2", "Nobody trusts the board", "trust/board"),
        ("T01:3", "We trust it with the beds", "trust"),
        ("T01:3", "not with the money", "money"),
        ("T02:3", "That is unfair", "trust"),
    ] {
        folder.run(&["code", place, theme, "--quote", quote]).done();
    }
    folder
}

fn set(folder: &Folder, case: &str, theme: &str, text: &str) {
    folder.run(&["frame", "set", case, theme, text]).done();
}

/// A cell as JSON.
fn cell(folder: &Folder, case: &str, theme: &str) -> Value {
    folder
        .run(&["frame", "show", case, theme, "--json"])
        .done()
        .json()
}

/// Why a cell is stale: added, removed, changed, moved; nothing where it is fresh. Asked of the cell and of the matrix,
/// which must agree.
#[track_caller]
fn stale(folder: &Folder, case: &str, theme: &str) -> Option<[i64; 4]> {
    let numbers = |since: &Value| {
        let n = |key: &str| since[key].as_i64().expect("a number");
        (!since.is_null()).then(|| [n("added"), n("removed"), n("changed"), n("moved")])
    };
    let one = numbers(&cell(folder, case, theme)["stale"]);
    let list: Value = folder.line("frame list --json").done().json();
    let name = |v: &Value| v.as_str().unwrap_or("/").to_owned();
    let all = list["cells"].as_array().expect("cells");
    let same = all
        .iter()
        .find(|c| name(&c["case"]) == case && name(&c["theme"]) == theme)
        .expect("the cell is listed");
    assert_eq!(numbers(&same["stale"]), one, "{case} × {theme}");
    one
}

#[test]
fn a_frame_from_its_first_cell_to_its_page() {
    let folder = small();
    whole!(
        folder.line("frame show"),
        str![[r#"
case   trust  money
alder  (2)    (1)
birch  (1)    -
--- stderr
(N) not charted, with N codings · - nothing coded · ! codings came or went since it was written

"#]]
    );
    whole!(
        folder.run(&[
            "frame",
            "set",
            "alder",
            "trust",
            "  Trusted with beds.\r\nNot with money.\n",
            "--coding",
            "1000002",
            "--coding",
            "1000001",
        ]),
        str![[r#"
alder × trust  2 codings below, 2 named
--- stderr
Charted alder × trust.  (event 15; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("frame set birch trust --status asked-no-data"),
        str![[r#"
birch × trust  1 coding below, 0 named
--- stderr
birch × trust: asked-no-data.  (event 16; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.run(&["frame", "set", "alder", "money", "Short."]),
        str![[r#"
alder × money  1 coding below, 0 named
--- stderr
Charted alder × money.  (event 17; to take it back: casebook undo)
It names no passage yet: casebook frame set alder "money" --coding N   (see them with: casebook quotes --case alder --theme "money")

"#]]
    );
    set(&folder, "alder", "/", "Slow all round.");
    set(&folder, "/", "trust", "Trust is for beds.");
    whole!(
        folder.line("frame show"),
        str![[r#"
case       trust                        money   all themes
alder      Trusted with beds. Not wit…  Short.  Slow all round.
birch      [asked-no-data]              -
all cases  Trust is for beds.
--- stderr
(N) not charted, with N codings · - nothing coded · ! codings came or went since it was written

"#]]
    );
    whole!(
        folder.line("frame show alder"),
        str![[r#"
alder

trust  charted · 2 codings, 2 named
    Trusted with beds.
    Not with money.

money  charted · 1 coding
    Short.

over all themes  charted · 2 cells
    Slow all round.

"#]]
    );
    whole!(
        folder.line("frame show alder trust"),
        str![[r#"
alder × trust
charted · mara · 2021-05-01T09:00:00Z · event 15
2 codings below it

Trusted with beds.
Not with money.

rests on
T01:3  trust  coding 1000002
    We trust it with the beds
T01:2  P1  trust/board  coding 1000001
    Nobody trusts the board

"#]]
    );
    whole!(
        folder.line("frame show / trust"),
        str![[r#"
trust over all cases
charted · mara · 2021-05-01T09:00:00Z · event 19
2 cells below it

Trust is for beds.

"#]]
    );
    whole!(
        folder.line("frame show alder trust --json"),
        str![[r#"
{
  "case": "alder",
  "theme": "trust",
  "status": "charted",
  "text": "Trusted with beds.\nNot with money.",
  "below": 2,
  "stale": null,
  "links": [
    1000002,
    1000001
  ],
  "coder": "mara",
  "at": "2021-05-01T09:00:00Z",
  "event": 15,
  "passages": [
    {
      "coding": 1000002,
      "transcript": "T01",
      "turn": 3,
      "start": 116,
      "end": 141,
      "text": "We trust it with the beds",
      "theme": "trust",
      "participant": null,
      "pending": false
    },
    {
      "coding": 1000001,
      "transcript": "T01",
      "turn": 2,
      "start": 42,
      "end": 65,
      "text": "Nobody trusts the board",
      "theme": "trust/board",
      "participant": "P1",
      "pending": false
    }
  ],
  "elsewhere": [],
  "pending": 0,
  "held_back": {}
}

"#]]
    );
    whole!(
        folder.line("frame list"),
        str![[r#"
case   theme  status         below  named  since  coder  at
alder  trust  charted            2      2         mara   2021-05-01T09:00:00Z
alder  money  charted            1      0         mara   2021-05-01T09:00:00Z
alder  /      charted            2      0         mara   2021-05-01T09:00:00Z
birch  trust  asked-no-data      1      0         mara   2021-05-01T09:00:00Z
/      trust  charted            2      0         mara   2021-05-01T09:00:00Z

"#]]
    );
    whole!(
        folder.line("frame list --uncharted"),
        str![[r#"
case   theme  status         below  named  since  coder  at
birch  money  nothing coded      0      0

"#]]
    );
    whole!(
        folder.line("frame list --unsupported"),
        str![[r#"
case   theme  status   below  named  since  coder  at
alder  money  charted      1      0         mara   2021-05-01T09:00:00Z

"#]]
    );
    whole!(
        folder.line("frame list --stale --csv"),
        str![[r#"
case,theme,status,below,named,since,coder,at

"#]]
    );
    whole!(
        folder.line("frame show --csv"),
        str![[r#"
"case (event 19, 33a4fb)",trust,money,/ (all themes)
alder,"Trusted with beds.
Not with money.",Short.,Slow all round.
birch,[asked-no-data],,
/ (all cases),Trust is for beds.,,

"#]]
    );
    whole!(
        folder.line("frame clear birch trust"),
        str![[r#"
--- stderr
Cleared birch × trust.  (event 20; to take it back: casebook undo)

"#]]
    );
    folder.sound();
    folder.line("log verify").done();
}

#[test]
fn what_cannot_be_written_is_refused() {
    let folder = small();
    set(&folder, "alder", "trust", "So.");
    let before = folder.dump();
    for (args, expected) in [
        (vec!["set", "aldr", "trust", "x"], "no case `aldr`"),
        (vec!["set", "alder", "trst", "x"], "no theme `trst`"),
        (
            vec!["set", "/", "/", "x"],
            "the whole frame has no summary of its own",
        ),
        (vec!["set", "alder", "trust"], "there is nothing to write"),
        (
            vec!["set", "alder", "trust", " \n "],
            "the summary is empty",
        ),
        (
            vec!["set", "alder", "trust", "a\u{7}b"],
            "the summary holds control characters",
        ),
        (
            vec!["set", "alder", "trust", "x", "--coding", "2000001"],
            "coding 2000001 is not below alder × trust",
        ),
        (
            vec!["set", "alder", "trust", "x", "--coding", "7"],
            "coding 7 is not below alder × trust",
        ),
        (
            vec!["set", "alder", "/", "x", "--coding", "1000001"],
            "alder over all themes rests on its cells",
        ),
        (
            vec!["set", "birch", "trust", "--coding", "2000001"],
            "nothing is written for birch × trust",
        ),
        (
            vec!["set", "alder", "trust", "--status", "charted"],
            "`charted` is nothing that can be set",
        ),
        (
            vec!["set", "alder", "trust", "--status", "not-charted"],
            "`not-charted` is nothing that can be set",
        ),
        (
            vec!["set", "alder", "trust", "--file", "none.txt"],
            "`none.txt` can't be read",
        ),
        (
            vec!["confirm", "birch", "trust"],
            "nothing is written for birch × trust",
        ),
        (
            vec!["clear", "birch", "trust"],
            "nothing is written for birch × trust",
        ),
        (vec!["show", "--depth", "0"], "depth counts from 1"),
        (
            vec!["show", "--attr", "size=1"],
            "no attribute of cases `size`",
        ),
        (
            vec!["show", "alder", "--case", "birch"],
            "a case was named twice",
        ),
        (vec!["export", "-o", "frame.docx"], "docx"),
        (
            vec!["export", "-o", "frame.csv", "--quotes", "2"],
            "quotes are drawn only into .html",
        ),
        (vec!["import", "none.xlsx"], "`none.xlsx` can't be read"),
        (
            vec!["import", "a.txt"],
            "`a.txt` is no file that the frame is read from",
        ),
    ] {
        let args: Vec<&str> = std::iter::once("frame").chain(args).collect();
        let run = folder.run(&args).refused();
        assert!(run.stderr.contains(expected), "{args:?}: {}", run.whole());
    }
    assert_eq!(folder.dump(), before);
    // Written twice the same, it is written once.
    let run = folder
        .run(&["frame", "set", "alder", "trust", "So."])
        .done();
    assert!(run.stderr.contains("Nothing to change."), "{}", run.whole());
}

#[test]
fn a_summary_is_read_from_a_file_and_from_standard_input() {
    use std::io::Write;
    let folder = small();
    folder.write("s.txt", "From a file.\n");
    folder.line("frame set alder trust --file s.txt").done();
    assert_eq!(cell(&folder, "alder", "trust")["text"], "From a file.");
    let mut child = folder
        .command()
        .args(["frame", "set", "alder", "trust", "-"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("it starts");
    let mut pipe = child.stdin.take().expect("a pipe");
    pipe.write_all("From a pipe: \u{201c}so\u{201d}\n".as_bytes())
        .expect("it reads");
    drop(pipe);
    assert!(child.wait().expect("it ends").success());
    assert_eq!(
        cell(&folder, "alder", "trust")["text"],
        "From a pipe: \u{201c}so\u{201d}"
    );
}

/// A cell is stale when other codings, or others of their words, lie below it than when it was written; and fresh again
/// when that is undone.
#[test]
fn a_cell_is_stale_while_other_codings_lie_below_it() {
    let folder = small();
    folder
        .run(&[
            "frame", "set", "alder", "trust", "So.", "--coding", "1000001",
        ])
        .done();
    set(&folder, "alder", "/", "All in all.");
    let fresh = |why: &str| {
        assert_eq!(stale(&folder, "alder", "trust"), None, "{why}");
    };
    let try_and_undo = |args: &[&str], expected: Option<[i64; 4]>| {
        folder.run(args).done();
        assert_eq!(stale(&folder, "alder", "trust"), expected, "{args:?}");
        folder.line("undo").done();
        fresh(&format!("{args:?} was undone"));
    };
    fresh("just written");
    // Of the part, of a sub-theme.
    try_and_undo(&["code", "T01:5", "trust/board"], Some([1, 0, 0, 0]));
    // Elsewhere.
    try_and_undo(&["code", "T01:5", "money"], None);
    try_and_undo(&["code", "T02:5", "trust"], None);
    try_and_undo(&["uncode", "1000002"], Some([0, 1, 0, 0]));
    try_and_undo(&["uncode", "1000003"], None);
    try_and_undo(
        &["transcript", "remove", "T01", "--yes"],
        Some([0, 2, 0, 0]),
    );
    // A word more in a coded passage; and words before it, which only move it.
    try_and_undo(
        &[
            "transcript",
            "edit",
            "T01",
            "--replace",
            "trust it with",
            "--with",
            "do trust it with",
            "--yes",
        ],
        Some([0, 0, 1, 0]),
    );
    // As many letters, and the contrary.
    try_and_undo(
        &[
            "transcript",
            "edit",
            "T01",
            "--replace",
            "We trust",
            "--with",
            "We doubt",
            "--yes",
        ],
        Some([0, 0, 1, 0]),
    );
    folder.write("now.txt", INTERVIEW.replace("Nobody", "Nearly"));
    try_and_undo(
        &["transcript", "revise", "T01", "now.txt", "--yes"],
        Some([0, 0, 1, 0]),
    );
    try_and_undo(
        &[
            "transcript",
            "edit",
            "T01",
            "--replace",
            "Slowly.",
            "--with",
            "Very slowly, if at all.",
            "--yes",
        ],
        None,
    );
    // What stands above and below.
    try_and_undo(
        &["theme", "move", "trust/board", "money"],
        Some([0, 0, 0, -1]),
    );
    try_and_undo(&["theme", "move", "money", "trust"], Some([0, 0, 0, 1]));
    try_and_undo(
        &["theme", "merge", "money", "trust/board"],
        Some([1, 0, 0, 0]),
    );
    try_and_undo(&["theme", "merge", "trust/board", "trust"], None);
    try_and_undo(
        &["theme", "split", "trust", "--into", "other", "1000002"],
        Some([0, 1, 0, 0]),
    );
    try_and_undo(&["theme", "rename", "trust/board", "chair"], None);
    try_and_undo(
        &["case", "unlink", "vale", "part-of", "alder"],
        Some([0, 0, 0, -2]),
    );
    try_and_undo(
        &["case", "link", "birch", "part-of", "alder"],
        Some([0, 0, 0, 1]),
    );
    try_and_undo(
        &["transcript", "edit", "T02", "--case", "vale"],
        Some([0, 0, 0, 1]),
    );
    try_and_undo(&["transcript", "split", "T01", "--at", "T01:3"], None);
    try_and_undo(&["case", "edit", "vale", "--slug", "valley"], None);
    // Off the record is off the frame: coding 1000001 is P1's, and 1000002 stands under a label that may be P1's.
    try_and_undo(
        &["participant", "edit", "P1", "--attribution", "off-record"],
        Some([0, 0, 0, 0]),
    );
    // Several things at once, then said to be right still.
    folder.line("code T01:5 trust").done();
    folder.line("uncode 1000002").done();
    folder.line("theme move money trust").done();
    assert_eq!(stale(&folder, "alder", "trust"), Some([1, 1, 0, 1]));
    assert_eq!(stale(&folder, "alder", "/"), None);
    whole!(
        folder.line("frame show alder trust"),
        str![[r#"
alder × trust
charted · mara · 2021-05-01T09:00:00Z · event 15
3 codings below it
stale: 1 came, 1 went, 1 came without being touched (a theme, a case or a transcript moved, or the summary comes from a file and is older) since it was written

So.

rests on
T01:2  P1  trust/board  coding 1000001
    Nobody trusts the board

"#]]
    );
    whole!(
        folder.line("frame confirm alder trust"),
        str![[r#"
alder × trust  3 codings below, 1 named
--- stderr
Confirmed alder × trust.  (event 64; to take it back: casebook undo)

"#]]
    );
    fresh("confirmed");
    // What is over the row is older than the cell now.
    assert_eq!(stale(&folder, "alder", "/"), Some([0, 0, 1, 0]));
    folder.line("undo").done();
    assert_eq!(stale(&folder, "alder", "trust"), Some([1, 1, 0, 1]));
    assert_eq!(stale(&folder, "alder", "/"), None);
    set(&folder, "alder", "trust/money", "Short.");
    assert_eq!(stale(&folder, "alder", "/"), Some([1, 0, 0, 0]));
    folder.line("frame clear alder trust").done();
    assert_eq!(stale(&folder, "alder", "/"), Some([1, 1, 0, 0]));
    folder.sound();
}

/// Codings that wait for their place count nowhere, and are said.
/// A correction of equal length is told with its cause, stays with the coding into another transcript, and is over when
/// somebody confirms the cell.
#[test]
fn reworded_codings_are_told() {
    let folder = small();
    folder
        .run(&[
            "frame", "set", "alder", "trust", "So.", "--coding", "1000002",
        ])
        .done();
    folder
        .run(&[
            "transcript",
            "edit",
            "T01",
            "--replace",
            "We trust",
            "--with",
            "We doubt",
            "--yes",
        ])
        .done();
    whole!(
        folder.line("frame show alder trust"),
        str![[r#"
alder × trust
charted · mara · 2021-05-01T09:00:00Z · event 15
2 codings below it
stale: 1 reworded by a corrected text since it was written

So.

rests on
T01:3  trust  coding 1000002
    We doubt it with the beds

"#]]
    );
    whole!(
        folder.line("frame list --stale --csv"),
        str![[r#"
case,theme,status,below,named,since,coder,at
alder,trust,charted,2,1,~1,mara,2021-05-01T09:00:00Z
--- stderr
+ came, − went, ~ reworded, longer or shorter (of a row or column: written anew), ⊘ went off the record or came back, ⇄ moved with a theme or a case.

"#]]
    );
    folder.line("frame confirm alder trust").done();
    assert_eq!(stale(&folder, "alder", "trust"), None);
    // Other texts around it are no other words.
    folder
        .run(&[
            "transcript",
            "edit",
            "T01",
            "--replace",
            "Slowly.",
            "--with",
            "Not quickly.",
            "--yes",
        ])
        .done();
    assert_eq!(stale(&folder, "alder", "trust"), None);
    folder
        .line("transcript split T01 --at T01:3 --id T09")
        .done();
    assert_eq!(stale(&folder, "alder", "trust"), None);
    folder.line("undo").done();
    // One that waited comes back with other words.
    folder.write(
        "gone.txt",
        INTERVIEW.replace(
            "We trust it with the beds, if not with the money.",
            "Perhaps.",
        ),
    );
    folder.line("transcript revise T01 gone.txt --yes").done();
    assert_eq!(stale(&folder, "alder", "trust"), Some([0, 1, 0, 0]));
    folder
        .line("transcript pending T01 --coding 1000002 --at T01:3")
        .done();
    assert_eq!(stale(&folder, "alder", "trust"), Some([0, 0, 1, 0]));
}

/// Words that go off the record are named as the cause, for those codings alone that stood there before.
#[test]
fn what_went_off_the_record_is_told() {
    let folder = small();
    // Else B's words may be P1's.
    folder.line("participant add P2 --case vale").done();
    folder.line("transcript edit T01 --speaker B=P2").done();
    set(&folder, "alder", "trust", "So.");
    set(&folder, "alder", "money", "So too.");
    folder
        .line("participant edit P1 --attribution off-record")
        .done();
    whole!(
        folder.line("frame show alder trust"),
        str![[r#"
alder × trust
charted · mara · 2021-05-01T09:00:00Z · event 17
1 coding below it
stale: 1 went off the record since it was written

So.

It names no passage.

"#]]
    );
    assert_eq!(stale(&folder, "alder", "trust"), Some([0, 0, 0, 0]));
    assert_eq!(cell(&folder, "alder", "trust")["stale"]["record"], -1);
    assert_eq!(stale(&folder, "alder", "money"), None);
    // What was coded only since then has not gone.
    folder.line("code T01:2 money").done();
    folder.line("code T01:3 trust").done();
    assert_eq!(stale(&folder, "alder", "trust"), Some([1, 0, 0, 0]));
    assert_eq!(cell(&folder, "alder", "trust")["stale"]["record"], -1);
    assert_eq!(stale(&folder, "alder", "money"), None);
    folder.line("undo").done();
    folder.line("undo").done();
    folder.line("frame confirm alder trust").done();
    assert_eq!(stale(&folder, "alder", "trust"), None);
    folder.line("participant edit P1 --attribution role").done();
    assert_eq!(cell(&folder, "alder", "trust")["stale"]["record"], 1);
    assert_eq!(stale(&folder, "alder", "money"), None);
}

/// A file says which of its cells are stale, and comes back without that.
#[test]
fn a_file_says_what_is_stale() {
    let folder = small();
    set(&folder, "alder", "trust", "So.");
    set(&folder, "alder", "/", "Slow.");
    set(&folder, "birch", "trust", "Not there.");
    for ending in ["csv", "md", "xlsx"] {
        let export = format!("frame export -o fresh.{ending}");
        folder.line(&export).done();
    }
    assert!(!folder.read("fresh.csv").contains("stale"));
    folder.line("uncode 1000001").done();
    folder.line("frame set alder money Short.").done();
    folder.line("frame export -o f.csv").done();
    compare(
        &folder.read("f.csv"),
        str![[r#"
"case (event 22, 879f63)",trust,money,/ (all themes),[stale]
alder,So.,Short.,Slow.,trust: −1; /: +1
birch,Not there.,,,
/ (all cases),,,,

"#]],
    );
    for ending in ["csv", "md", "xlsx"] {
        folder.line(&format!("frame export -o f.{ending}")).done();
        let import = folder.line(&format!("frame import f.{ending} --json"));
        let done: Value = import.done().json();
        for key in ["added", "edited", "cleared", "emptied", "conflicts"] {
            assert_eq!(done[key], serde_json::json!([]), "{ending}: {key}");
        }
        assert_eq!(done["newer"], 0);
    }
}

/// A terminal is not flooded by what one cell holds; the study gets all of it.
#[test]
fn long_cells_are_cut_where_they_are_shown() {
    let folder = small();
    let long = "Trust and more trust. ".repeat(5_000);
    folder.write("f.csv", format!("case,trust\nalder,{long}\n"));
    let run = folder.line("frame import f.csv --dry-run").done();
    assert!(run.stdout.len() < 1_000, "{} bytes", run.stdout.len());
    assert!(
        run.stdout.contains("… (109999 characters in all)"),
        "{}",
        run.whole()
    );
    folder.line("frame import f.csv").done();
    assert_eq!(cell(&folder, "alder", "trust")["text"], long.trim());
}

#[test]
fn what_waits_counts_nowhere() {
    let folder = small();
    folder
        .run(&[
            "frame", "set", "alder", "trust", "So.", "--coding", "1000002",
        ])
        .done();
    folder.write(
        "new.txt",
        INTERVIEW.replace("We trust it with the beds, if not with the money.", "No."),
    );
    folder
        .run(&["transcript", "revise", "T01", "new.txt", "--yes"])
        .done();
    assert_eq!(stale(&folder, "alder", "trust"), Some([0, 1, 0, 0]));
    whole!(
        folder.line("frame show alder trust"),
        str![[r#"
alder × trust
charted · mara · 2021-05-01T09:00:00Z · event 15
1 coding below it
stale: 1 went since it was written

So.

rests on
T01:3  trust  coding 1000002
    (waits for its place in a corrected text)
--- stderr
1 coding waits for a place in a corrected text and is not among them: casebook transcript pending

"#]]
    );
    whole!(
        folder.line("frame show"),
        str![[r#"
case   trust  money
alder  ! So.  -
birch  (1)    -
--- stderr
(N) not charted, with N codings · - nothing coded · ! codings came or went since it was written
2 codings wait for their place in a corrected text, and count nowhere.

"#]]
    );
    folder.line("undo").done();
    assert_eq!(stale(&folder, "alder", "trust"), None);
}

/// Every number of the matrix is what `quotes` counts for that case and theme.
#[test]
fn the_matrix_counts_what_quotes_count() {
    let folder = invented();
    for filter in [
        "",
        " --case alder --theme governance --theme consensus",
        " --kind place --depth 2 --theme enablers",
    ] {
        let found: Value = folder
            .line(&format!("frame show --json{filter}"))
            .done()
            .json();
        let rows = found["rows"].as_array().expect("rows");
        let cols = found["cols"].as_array().expect("columns");
        assert!(!rows.is_empty() && cols.len() >= 3, "{filter}");
        for (r, row) in rows.iter().enumerate() {
            for (c, col) in cols.iter().enumerate() {
                let (case, theme) = (
                    row["name"].as_str().expect("a slug"),
                    col["name"].as_str().expect("a path"),
                );
                let quotes: Value = folder
                    .run(&[
                        "quotes",
                        "--case",
                        case,
                        "--theme",
                        theme,
                        "--speaker",
                        "all",
                        "--limit",
                        "1",
                        "--json",
                    ])
                    .done()
                    .json();
                assert_eq!(
                    found["cells"][r][c]["below"], quotes["total"],
                    "{case} × {theme}"
                );
            }
        }
    }
}

#[test]
fn themes_are_merged_with_their_cells() {
    let folder = small();
    folder
        .run(&[
            "frame", "set", "alder", "trust", "Trusted.", "--coding", "1000002",
        ])
        .done();
    folder
        .run(&[
            "frame",
            "set",
            "alder",
            "money",
            "Poor.\n\nVery.",
            "--coding",
            "1000003",
        ])
        .done();
    set(&folder, "vale", "money", "Poorer.");
    folder
        .line("frame set birch money --status not-asked")
        .done();
    folder
        .line("frame set birch trust --status asked-no-data")
        .done();
    set(&folder, "/", "money", "Poor all.");
    let before = folder.dump();
    whole!(
        folder.line("theme merge money trust"),
        str![[r#"
1 coding moved, 2 cells of the frame moved, 2 cells of the frame joined with the one that was there for the same case
--- stderr
Merged into trust.  (event 21; to take it back: casebook undo)

"#]]
    );
    let joined = cell(&folder, "alder", "trust");
    assert_eq!(joined["text"], "Trusted.\n\nPoor.\n\nVery.");
    assert_eq!(joined["links"], serde_json::json!([1_000_002, 1_000_003]));
    // Both were fresh and nothing was doubled: so is what they are together.
    assert_eq!(stale(&folder, "alder", "trust"), None);
    // Vale's money was not written of its trust.
    assert_eq!(cell(&folder, "vale", "trust")["text"], "Poorer.");
    assert_eq!(stale(&folder, "vale", "trust"), Some([0, 0, 0, 2]));
    assert_eq!(cell(&folder, "birch", "trust")["status"], "asked-no-data");
    assert_eq!(cell(&folder, "/", "trust")["text"], "Poor all.");
    folder.sound();
    folder.line("undo").done();
    assert_eq!(folder.dump(), before);
    // Into the one above, whose cell rests on these codings already.
    set(&folder, "alder", "trust/board", "Not the board.");
    folder.line("theme merge trust/board trust").done();
    assert_eq!(
        cell(&folder, "alder", "trust")["text"],
        "Trusted.\n\nNot the board."
    );
    assert_eq!(stale(&folder, "alder", "trust"), None);
}

/// A coding that the same coder has under both themes becomes one, and the cells that named either name it once.
#[test]
fn doubled_codings_leave_no_cell_without_its_passage() {
    let folder = small();
    folder
        .run(&[
            "code",
            "T01:3",
            "money",
            "--quote",
            "We trust it with the beds",
        ])
        .done();
    folder
        .run(&[
            "frame", "set", "alder", "money", "Both.", "--coding", "1000004", "--coding", "1000003",
        ])
        .done();
    folder
        .run(&[
            "frame", "set", "alder", "trust", "Trusted.", "--coding", "1000002",
        ])
        .done();
    folder.line("theme merge money trust").done();
    let joined = cell(&folder, "alder", "trust");
    assert_eq!(joined["links"], serde_json::json!([1_000_002, 1_000_003]));
    folder.sound();
}

#[test]
fn removing_says_what_of_the_frame_goes() {
    let folder = small();
    folder.line("theme add empty").done();
    folder.line("case add gone").done();
    folder
        .run(&[
            "frame", "set", "alder", "trust", "So.", "--coding", "1000001", "--coding", "1000002",
        ])
        .done();
    folder
        .line("frame set gone trust --status not-applicable")
        .done();
    folder
        .line("frame set alder empty --status not-asked")
        .done();
    let before = folder.dump();
    whole!(
        folder.line("theme remove empty"),
        str![[r#"
--- stderr
error: theme `empty` has 0 codings, 0 sub-themes and 1 cell of the frame
hint: merge it into another: casebook theme merge "empty" INTO   or remove all of it: casebook theme remove "empty" --with-codings
--- status 1

"#]]
    );
    whole!(
        folder.line("case remove gone"),
        str![[r#"
--- stderr
error: removing case gone takes 0 links, 0 values and 0 memos with it; 0 participants lose it; 1 cell of the frame goes: not done, as nobody was there to confirm it
hint: add --yes to confirm, or --dry-run to see what it would do
--- status 1

"#]]
    );
    assert_eq!(folder.dump(), before);
    whole!(
        folder.line("theme remove empty --with-codings --yes"),
        str![[r#"
--- stderr
Removed theme empty with 0 codings and 1 cell of the frame.  (event 20; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("case remove gone --yes"),
        str![[r#"
--- stderr
Removed case gone with 1 cell of the frame.  (event 21; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("uncode 1000001 --dry-run"),
        str![[r#"
--- stderr
1 coding would be taken away.
The frame named 1 passage of this in its cells: see casebook frame list --stale

"#]]
    );
    whole!(
        folder.line("uncode 1000001"),
        str![[r#"
--- stderr
Took 1 coding away.  (event 22; to take it back: casebook undo)
The frame named 1 passage of this in its cells: see casebook frame list --stale

"#]]
    );
    assert_eq!(
        cell(&folder, "alder", "trust")["links"],
        serde_json::json!([1_000_002])
    );
    whole!(
        folder.line("transcript remove T01 --yes"),
        str![[r#"
--- stderr
Removed transcript T01.  (event 23; to take it back: casebook undo)
The frame named 1 passage of this in its cells: see casebook frame list --stale

"#]]
    );
    for _ in 0..4 {
        folder.line("undo").done();
    }
    assert_eq!(folder.dump(), before);
    folder.sound();
}

/// A finding that names a cell as evidence loses it with the cell, and that is said; merging hands it over.
#[test]
fn findings_that_name_a_cell_are_told() {
    let folder = small();
    set(&folder, "alder", "trust", "So.");
    set(&folder, "alder", "money", "Poor.");
    folder.run(&["finding", "add", "Trust is short."]).done();
    folder
        .line("finding support 1 --cell alder,money --cell alder,trust")
        .done();
    folder.line("theme merge money trust").done();
    whole!(
        folder.line("frame clear alder trust"),
        str![[r#"
--- stderr
Cleared alder × trust.  (event 20; to take it back: casebook undo)
Findings named this as evidence (once), which went too: casebook finding list

"#]]
    );
    folder.line("undo").done();
    folder.sound();
}

/// Exported, edited elsewhere, and brought back: as one event, with the links kept.
#[test]
fn an_edited_file_comes_back() {
    let folder = small();
    folder
        .run(&[
            "frame",
            "set",
            "alder",
            "trust",
            "=cmd|'/c calc'!A1 | two\nlines",
            "--coding",
            "1000001",
        ])
        .done();
    set(&folder, "birch", "trust", "[not-asked]");
    set(&folder, "alder", "money", "'-1 beds");
    folder
        .line("frame set birch money --status withheld")
        .done();
    for name in ["f.csv", "f.md", "f.xlsx"] {
        folder.run(&["frame", "export", "-o", name]).done();
        let before = folder.dump();
        let run = folder.run(&["frame", "import", name]).done();
        assert!(run.stderr.contains("Nothing to change."), "{}", run.whole());
        assert_eq!(folder.dump(), before, "{name}");
        // The same state, the same bytes.
        let first = std::fs::read(folder.join(name)).expect("the file");
        folder.run(&["frame", "export", "-o", name]).done();
        assert_eq!(
            std::fs::read(folder.join(name)).expect("the file"),
            first,
            "{name}"
        );
    }
    whole!(
        folder.run(&["frame", "export", "-o", "f.csv"]),
        str![[r#"
--- stderr
Wrote 2 cases × 2 themes to f.csv.

"#]]
    );
    compare(
        &folder.read("f.csv"),
        str![[r#"
"case (event 18, 9bff64)",trust,money,/ (all themes)
alder,"'=cmd|'/c calc'!A1 | two
lines",''-1 beds,
birch,\[not-asked],[withheld],
/ (all cases),,,

"#]],
    );
    compare(
        &folder.read("f.md"),
        str![[r#"
# Frame: A small study

| case (event 18, 9bff64) | trust | money | / (all themes) |
| --- | --- | --- | --- |
| alder | =cmd\|'/c calc'\!A1 \| two<br>lines | '-1 beds |  |
| birch | \\\[not-asked\] | \[withheld\] |  |
| / (all cases) |  |  |  |

- A cell holds the summary for the case of its row and the theme of its column; the row and the column that begin with / hold what a theme comes to over all cases, and a case over all themes.
- Why there is no summary is written as \[not-asked\], \[asked-no-data\], \[not-applicable\] or \[withheld\].
- Leave the first row, the first column and the event in the first cell as they are: casebook frame import FILE --dry-run shows what the file would change.

"#]],
    );
    let edited = folder
        .read("f.csv")
        .replace("| two", "| three")
        .replace("\\[not-asked]", "[not-applicable]")
        .replace("''-1 beds", "")
        .replace("/ (all cases),", "/ (all cases),\"Money, always money.\"");
    folder.write("f.csv", edited);
    whole!(
        folder.line("frame import f.csv --dry-run"),
        str![[r#"
added  / × trust
  + Money, always money.
edited  alder × trust
  - =cmd|'/c calc'!A1 | two
    lines
  + =cmd|'/c calc'!A1 | three
    lines
edited  birch × trust
  - \[not-asked]
  + [not-applicable]
emptied  alder × money
  - '-1 beds
--- stderr
1 cell added, 2 edited, 0 cleared; 4 unchanged. Nothing was written.
1 cell emptied in the file and left as the study has it; to clear: --clear

"#]]
    );
    // Meanwhile in the study: one cell that the file changes too, one that it doesn't, and a coding.
    set(&folder, "birch", "trust", "Birch trusts.");
    folder
        .line("frame set birch money --status not-asked")
        .done();
    folder.line("code T01:5 trust").done();
    whole!(
        folder.line("frame import f.csv"),
        str![[r#"
added  / × trust
  + Money, always money.
edited  alder × trust
  - =cmd|'/c calc'!A1 | two
    lines
  + =cmd|'/c calc'!A1 | three
    lines
conflict  birch × trust  (changed by mara at 2021-05-01T09:00:00Z, event 22)
  - Birch trusts.
  + [not-applicable]
emptied  alder × money
  - '-1 beds
--- stderr
1 cell added, 1 edited, 0 cleared; 3 unchanged.
Brought the frame back.  (event 25; to take it back: casebook undo)
1 cell changed in the study since the export and not in the file: left as the study has it.
1 cell emptied in the file and left as the study has it; to clear: --clear
error: 1 cell changed in the file and in the study: left as the study has it
hint: to take the file's words: casebook frame import FILE --theirs   or write what is right with: casebook frame set CASE THEME TEXT
--- status 1

"#]]
    );
    let written = cell(&folder, "alder", "trust");
    assert_eq!(written["text"], "=cmd|'/c calc'!A1 | three\nlines");
    assert_eq!(written["links"], serde_json::json!([1_000_001]));
    // Whoever wrote that had not seen the coding made since the export.
    assert_eq!(written["stale"]["moved"], 1);
    assert_eq!(cell(&folder, "birch", "trust")["text"], "Birch trusts.");
    assert_eq!(cell(&folder, "birch", "money")["status"], "not-asked");
    assert_eq!(cell(&folder, "alder", "money")["text"], "'-1 beds");
    whole!(
        folder.line("frame import f.csv --theirs --clear"),
        str![[r#"
edited  birch × trust  (changed by mara at 2021-05-01T09:00:00Z, event 22)
  - Birch trusts.
  + [not-applicable]
cleared  alder × money
  - '-1 beds
--- stderr
0 cells added, 1 edited, 1 cleared; 5 unchanged.
Brought the frame back.  (event 26; to take it back: casebook undo)
1 cell changed in the study since the export and not in the file: left as the study has it.

"#]]
    );
    assert_eq!(cell(&folder, "birch", "trust")["status"], "not-applicable");
    assert_eq!(cell(&folder, "alder", "money")["status"], "not-charted");
    folder.line("undo").done();
    assert_eq!(cell(&folder, "alder", "money")["text"], "'-1 beds");
    folder.sound();
}

#[test]
fn a_file_that_is_not_understood_changes_nothing() {
    let folder = small();
    set(&folder, "alder", "trust", "So.");
    let before = folder.dump();
    for (text, expected) in [
        (
            "case (event 3)\n",
            "holds no table with a header and rows under it",
        ),
        (
            "case,trst\nalder,x\n",
            "column 2: no theme `trst`: did you mean `trust`?",
        ),
        (
            "case,trust,Trust\nalder,x,y\n",
            "column 3: `Trust` stands there twice",
        ),
        (
            "case,trust\naldr,x\n",
            "row 2: no case `aldr`: did you mean `alder`?",
        ),
        (
            "case,trust\nalder,x\nalder,y\n",
            "row 3: `alder` stands there twice",
        ),
        (
            "case,trust\nalder,x\nalder,y\n",
            "hint: mend the file: each case has one row and each theme one column",
        ),
        (
            "case,trust\naldr,x\n",
            "hint: mend the file, or make what is missing",
        ),
        (
            "case (event 3),trust\nalder,\"unclosed\nbirch,x\n",
            "`f.csv`: a quotation mark that is opened in row 2 is not closed",
        ),
        ("case,trust\n,x\n", "row 2: its first cell names no case"),
        (
            "case,trust\nalder,x,y\n",
            "row 2, column 3: no theme stands over it",
        ),
        (
            "case,trust\nalder,[not-askd]\n",
            "row 2, column 2: `[not-askd]` is no status: did you mean `[not-asked]`?",
        ),
        (
            "case,trust\nalder,[todo]\n",
            "row 2, column 2: `[todo]` is no status; as a summary write `\\[todo]`",
        ),
        (
            "case,/\n/,x\n",
            "row 2, column 2: the whole frame has no summary of its own",
        ),
        ("case (event 999),trust\nalder,x\n", "is of event 999"),
        (
            "case,trst\naldr,x\nbirch,\n",
            "column 2: no theme `trst`: did you mean `trust`?; row 2: no case `aldr`",
        ),
    ] {
        folder.write("f.csv", text);
        for args in [
            &["frame", "import", "f.csv"][..],
            &["frame", "import", "f.csv", "--dry-run"],
        ] {
            let run = folder.run(args).refused();
            assert!(run.stderr.contains(expected), "{text:?}: {}", run.whole());
        }
    }
    // An empty line within a table parts it: what stands below would be left out without a word.
    folder.write(
        "f.md",
        "| case | trust |\n|---|---|\n| alder | x |\n\n| birch | y |\n",
    );
    let run = folder.line("frame import f.md").refused();
    assert!(
        run.stderr
            .contains("`f.md` holds another table, which begins on line 5"),
        "{}",
        run.whole()
    );
    folder.write("f.md", b"| case | trust |\n|---|---|\n| alder | \xff |\n");
    let run = folder.line("frame import f.md").refused();
    assert!(run.stderr.contains("is not in UTF-8"), "{}", run.whole());
    assert_eq!(folder.dump(), before);
    // Without an event nothing tells what was changed meanwhile: what is written stays.
    folder.write("f.csv", "case,trust\nalder,Other.\nbirch,New.\n");
    let run = folder.line("frame import f.csv").refused();
    assert!(
        run.stdout.contains("conflict  alder × trust"),
        "{}",
        run.whole()
    );
    assert_eq!(cell(&folder, "alder", "trust")["text"], "So.");
    assert_eq!(cell(&folder, "birch", "trust")["text"], "New.");
}

#[test]
fn the_page_holds_summaries_marks_and_quotes_that_may_be_shown() {
    let folder = small();
    folder
        .run(&[
            "frame",
            "set",
            "alder",
            "trust",
            "<b>So</b> & so.\n\nAnd so.",
            "--coding",
            "1000001",
        ])
        .done();
    folder
        .line("frame set birch trust --status withheld")
        .done();
    set(&folder, "alder", "/", "All.");
    folder.line("code T01:5 trust").done();
    whole!(
        folder.line("frame export -o f.html --quotes 3 --audience team"),
        str![[r#"
--- stderr
For the team only: its quotes may not be cited outside.
Wrote 2 cases × 2 themes with 2 quotes to f.html.

"#]]
    );
    let page = folder.read("f.html");
    let body = page.split("<tbody>").nth(1).expect("a table");
    compare(
        body,
        str![[r#"

<tr><th scope="row">alder</th><td><p dir="auto">&lt;b&gt;So&lt;/b&gt; &amp; so.</p>
<p dir="auto">And so.</p><p class="mark">▲ +1 since</p><p class="said" dir="auto">“Nobody trusts the board” <span>T01:2, P1</span></p></td><td><p class="none">○ not charted, 1 coding</p><p class="said" dir="auto">“not with the money” <span>T01:3</span></p></td><td class="sum"><p dir="auto">All.</p></td></tr>
<tr><th scope="row">birch</th><td><p class="why">withheld</p></td><td><p class="none">–</p></td><td class="sum"><p class="none">○ not charted, 1 cell</p></td></tr>
</tbody>
</table>
</div>
<div class="foot">
<p>For the team only: its quotes may not be cited outside.</p>
</div>
</main>
</body>
</html>

"#]],
    );
    // What is off the record stands in no cell.
    folder
        .line("participant edit P1 --attribution off-record")
        .done();
    folder.line("frame export -o f.html --quotes 3").done();
    let page = folder.read("f.html");
    assert!(!page.contains("Nobody trusts the board"), "{page}");
    assert!(
        !cell(&folder, "alder", "trust")
            .to_string()
            .contains("Nobody trusts the board")
    );
}

#[test]
fn reports_say_what_was_found() {
    let folder = small();
    folder
        .line("report summary --audience team -o before.md")
        .done();
    set(&folder, "alder", "trust", "Trusted with *beds*.");
    set(&folder, "vale", "money", "Poor.");
    set(&folder, "alder", "/", "Slow all round.");
    set(&folder, "/", "trust", "Trust is for beds.");
    folder
        .line("frame set birch trust --status withheld")
        .done();
    folder.line("code T01:5 trust").done();
    folder
        .line("report summary --audience team -o after.md")
        .done();
    let part = |name: &str, head: &str| {
        let text = folder.read(name);
        let at = text
            .find(head)
            .unwrap_or_else(|| panic!("no {head} in {text}"));
        let rest = &text[at + head.len()..];
        rest[..rest.find("\n## ").unwrap_or(rest.len())].to_owned()
    };
    assert!(!folder.read("before.md").contains("What was found"));
    compare(
        &part("after.md", "## What was found"),
        str![[r#"
, by case and theme

| Case | Theme | Summary |
| --- | --- | --- |
| alder | Trust | Trusted with \*beds\*. ▲ written before 1 coding changed |
| alder | All themes | Slow all round. |
| vale | Money | Poor. |
| All cases | Trust | Trust is for beds. ▲ written before 1 cell changed |

*▲ 2 of 4 were written before coded passages came or went, and have not been looked at again.*

"#]],
    );
    folder
        .line("report case alder --audience team -o case.md")
        .done();
    compare(
        &part("case.md", "## What was found"),
        str![[r#"
, by theme

| Case | Theme | Summary |
| --- | --- | --- |
| alder | Trust | Trusted with \*beds\*. ▲ written before 1 coding changed |
| alder | All themes | Slow all round. |
| vale | Money | Poor. |

*▲ 1 of 3 was written before coded passages came or went, and has not been looked at again.*

"#]],
    );
    // A summary is over all that was coded, so a report on some of it has none.
    folder
        .line("report case alder --participant P1 --audience team -o some.md")
        .done();
    assert!(!folder.read("some.md").contains("What was found"));
}

/// Two copies of a study that went on by themselves: a file of the one is no file of the other, though event numbers fit.
#[test]
fn a_file_from_a_copy_that_went_on_is_refused() {
    let (one, other) = (small(), small());
    set(&one, "alder", "trust", "A long and careful summary.");
    set(&other, "alder", "trust", "Another one.");
    other.line("frame export -o ours.csv").done();
    one.write("theirs.csv", other.read("ours.csv"));
    let run = one.line("frame import theirs.csv --clear").refused();
    assert!(
        run.stderr
            .contains("from a copy of this study that went on by itself"),
        "{}",
        run.stderr
    );
    assert_eq!(
        cell(&one, "alder", "trust")["text"],
        "A long and careful summary."
    );
    // One's own file comes back, also after the frame has changed.
    one.line("frame export -o own.csv").done();
    set(&one, "birch", "trust", "Meanwhile.");
    one.line("frame import own.csv").done();
    assert_eq!(cell(&one, "birch", "trust")["text"], "Meanwhile.");
}
