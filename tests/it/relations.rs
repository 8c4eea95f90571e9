//! How passages stand to others, on `quotes`, `matrix` and `cooccur`, and which themes occur together.

#![expect(
    dead_code,
    reason = "the types say what the JSON holds; that it reads back is the test"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde::Deserialize;
use serde_json::Value;
use snapbox::str;

use crate::harness::{Folder, invented, whole};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cooccurrence {
    relation: String,
    distance: Option<String>,
    count: String,
    themes: Vec<Used>,
    total: usize,
    pairs: Vec<Pair>,
    pending: usize,
    coders: usize,
    untimed: Option<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Used {
    theme: String,
    n: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    a: String,
    b: String,
    n1: u64,
    n2: u64,
    n12: u64,
    c: Option<f64>,
    share1: Option<f64>,
    share2: Option<f64>,
    flags: Vec<String>,
    reason: Option<String>,
    cases: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Square {
    relation: String,
    distance: Option<String>,
    count: String,
    themes: Vec<String>,
    n: Vec<u64>,
    cells: Vec<Vec<Option<u64>>>,
    c: Vec<Vec<Option<f64>>>,
    pending: usize,
    coders: usize,
    untimed: Option<usize>,
}

/// Digits, so that a place can be counted off: turn 1 is 4-44 (`P07: ` is no part of it), and so on.
const TALK: &str = "P7: 0123 5678 012. Then 9012 4567 9012 4567.\n\nInterviewer: And then?\n\nP8: 0123 5678 0123. 8901 3456 8901 3456.\n\nP7: Words at last.\n";

/// Two transcripts of one case and one of another, with themes `a`, `b`, `b/sub` and `c`.
fn study() -> Folder {
    let folder = Folder::with_study();
    for line in [
        "case add alder",
        "case add birch",
        "participant add P7 --case alder --role nurse",
        "participant add P8 --case alder --role porter",
        "theme add a",
        "theme add b",
        "theme add b/sub",
        "theme add c",
    ] {
        folder.line(line).done();
    }
    for (id, case) in [("T1", "alder"), ("T2", "alder"), ("T3", "birch")] {
        folder.write(&format!("{id}.txt"), format!("{TALK}\nP7: This is {id}.\n"));
        folder
            .line(&format!("import {id}.txt --id {id} --case {case}"))
            .done();
    }
    // coding 1000001 on, in this order.
    let codings = "place,theme,coder\n\
        T1@10-20,a,mara\n\
        T1@10-20,b,mara\n\
        T1@4-30,b/sub,jo\n\
        T1@15-25,c,mara\n\
        T1@30-36,a,mara\n\
        T1@36-40,c,jo\n\
        T1:2,c,mara\n\
        T1:3,a,jo\n\
        T1:5,b,mara\n\
        T2:1,c,mara\n\
        T2:3,a,mara\n\
        T3:1,c,mara\n\
        T3:3,b,mara\n";
    folder.write("codings.csv", codings);
    folder.line("code --from codings.csv").done();
    folder
}

/// The codings of quotes, as the last digits of their ids, with their spans where those are asked for.
fn found(folder: &Folder, options: &str) -> String {
    let run = folder.line(&format!("quotes --json {options}")).done();
    let quotes: Value = run.json();
    let list = quotes["quotes"].as_array().expect("quotes");
    assert_eq!(quotes["total"], list.len());
    let mut all = String::new();
    for q in list {
        let id = q["coding"].as_i64().expect("an id");
        write!(all, "{}.{} ", id / 1_000_000, id % 1_000_000).expect("room");
    }
    all.trim_end().to_owned()
}

#[test]
fn every_relation_and_its_opposite() {
    let folder = study();
    let all_a = "1.1 1.5 1.8 2.2";
    assert_eq!(found(&folder, "--theme a"), all_a);
    for (options, expected) in [
        ("--same-span b", "1.1"),
        ("--same-span c", ""),
        ("--overlap-whole b", "1.1"),
        ("--overlap-whole c", "1.1"),
        ("--within b", "1.1"),
        ("--within b/sub", "1.1"),
        ("--within c", ""),
        ("--encloses b", "1.1"),
        ("--encloses b/sub", ""),
        ("--overlaps c", "1.1"),
        ("--overlapped-by c", ""),
        // Touching: 30-36 and 36-40.
        ("--precedes c --distance 0characters", "1.5"),
        ("--precedes c --distance 5words", "1.1 1.5"),
        ("--precedes c", "1.1 1.5"),
        ("--follows c", "1.5 1.8 2.2"),
        ("--follows c --distance 5characters", "1.5"),
        ("--follows c --distance 0turns", "1.5 1.8"),
        ("--follows c --distance 1turn", "1.5 1.8 2.2"),
        ("--near c --distance 0turns", "1.1 1.5 1.8"),
        ("--near b --distance 1turn", "1.1 1.5 1.8"),
        ("--near b --distance 0sentences", "1.1 1.5"),
        ("--same-turn b", "1.1 1.5"),
        ("--same-turn c", "1.1 1.5"),
        ("--same-transcript b", "1.1 1.5 1.8"),
        ("--same-case b", "1.1 1.5 1.8 2.2"),
        ("--same-case b --case birch", ""),
        ("--alone", "1.5 1.8 2.2"),
        ("--alone=c", "1.5 1.8 2.2"),
        ("--alone=b/sub", "1.5 1.8 2.2"),
        // Every one must hold.
        ("--same-turn b --precedes c --overlaps c", "1.1"),
        ("--follows c --same-transcript b", "1.5 1.8"),
        ("--follows c --follows b", "1.5 1.8"),
    ] {
        assert_eq!(
            found(&folder, &format!("--theme a {options}")),
            expected,
            "{options}"
        );
        // The opposite leaves the rest, where one relation is asked for.
        if options.matches("--").count() - options.matches("--distance").count() == 1 {
            let opposite = format!("--theme a --not-{}", options.trim_start_matches("--"));
            let mut both: Vec<String> = [expected.to_owned(), found(&folder, &opposite)]
                .iter()
                .flat_map(|s| s.split_whitespace().map(str::to_owned))
                .collect();
            both.sort();
            assert_eq!(both.join(" "), all_a, "{opposite}");
        }
        // The matrix counts what quotes show.
        let matrix: Value = folder
            .line(&format!("matrix --json --theme a {options}"))
            .done()
            .json();
        assert_eq!(
            matrix["total"],
            expected.split_whitespace().count(),
            "{options}"
        );
    }
    folder.sound();
}

#[test]
fn whose_codings_are_the_others() {
    let folder = study();
    // Of the theme itself, another coding.
    assert_eq!(found(&folder, "--theme a --follows a"), "1.5 1.8");
    assert_eq!(found(&folder, "--theme b --overlap-whole b"), "1.3 1.2");
    assert_eq!(found(&folder, "--theme a --same-case a"), "1.1 1.5 1.8 2.2");
    // By the same coders: `--by` is of both.
    assert_eq!(found(&folder, "--theme a --within b/sub"), "1.1");
    assert_eq!(found(&folder, "--theme a --within b/sub --by mara"), "");
    // Whoever speaks: the interviewer's turn 2 is coded `c`.
    assert_eq!(
        found(
            &folder,
            "--theme a --follows c --distance 0turns --participant P8"
        ),
        "1.8"
    );
    // Cases, phases and transcripts are of both, also where the others may be elsewhere.
    assert_eq!(
        found(&folder, "--theme a --same-case b --transcript T2"),
        ""
    );
    // What was said off the record counts nowhere, neither as the one nor as the other.
    assert_eq!(
        found(
            &folder,
            "--theme c --precedes a --distance 0turns --speaker all"
        ),
        "1.4 1.7"
    );
    folder
        .line("participant edit P8 --attribution off-record")
        .done();
    assert_eq!(
        found(
            &folder,
            "--theme c --precedes a --distance 0turns --speaker all"
        ),
        "1.4"
    );
    assert_eq!(
        found(&folder, "--theme c --same-case a --transcript T2"),
        ""
    );
}

#[test]
fn a_shared_part_is_shown_alone() {
    let folder = study();
    whole!(
        folder.line("quotes --theme a --overlap-part c"),
        str![[r#"
T1:1  P7  alder  a  mara  coding 1000001
12. T

--- stderr
1 quote.

"#]]
    );
    // The union of what b and b/sub cover; and of that only what c covers too.
    whole!(
        folder.line("quotes --transcript T1 --theme a --theme c --overlap-part b --csv"),
        str![[r#"
coding,transcript,revision,turn,start,end,text,theme,coder,case,participant,memo,section
1000001,T1,1,1,10,20,678 012. T,a,mara,alder,P7,,
1000004,T1,1,1,15,25,12. Then 9,c,mara,alder,P7,,
--- stderr
2 quotes.

"#]]
    );
    whole!(
        folder.line("quotes --theme a --overlap-part b --overlap-part c"),
        str![[r#"
T1:1  P7  alder  a  mara  coding 1000001
12. T

--- stderr
1 quote.

"#]]
    );
    whole!(
        folder
            .line("matrix --rows theme --cols transcript --theme a --overlap-part c --count words"),
        str![[r#"
theme  T1  total
a       2      2
total   2      2
--- stderr
Cells count words; a total counts each once, so it can be less than the sum.

"#]]
    );
    folder
        .line("quotes --theme a --overlap-part c --audience team -o part.md")
        .done();
    assert!(folder.read("part.md").contains("\n> 12\\. T\n"));
}

#[test]
fn a_distance_has_a_use_and_a_unit() {
    let folder = study();
    whole!(
        folder.line("quotes --near b"),
        str![[r#"
--- stderr
error: `near` has no distance
hint: say how far apart they may be, as in: --distance 2turns
--- status 1

"#]]
    );
    whole!(
        folder.line("quotes --distance 2turns"),
        str![[r#"
--- stderr
error: the distance is of nothing
hint: say what may be so far away, as in: --near PATH --distance 2turns; or --follows PATH, or --precedes PATH
--- status 1

"#]]
    );
    whole!(
        folder.line("matrix --near nothing --distance 2turns"),
        str![[r#"
--- stderr
error: no theme `nothing`
hint: see what there is with: casebook theme list
--- status 1

"#]]
    );
    whole!(
        folder.line("cooccur --relation near"),
        str![[r#"
--- stderr
error: `near` has no distance
hint: say how far apart they may be, as in: --distance 2turns
--- status 1

"#]]
    );
    whole!(
        folder.line("cooccur --distance 2turns"),
        str![[r#"
--- stderr
error: the distance is of nothing
hint: say what may be so far away, as in: --near PATH --distance 2turns; or --follows PATH, or --precedes PATH
--- status 1

"#]]
    );
    let odd = folder.line("quotes --near b --distance 2miles");
    assert_eq!(odd.status, Some(2));
    assert!(odd.stderr.contains("2turns"), "{}", odd.stderr);
}

#[test]
fn seconds_are_of_transcripts_with_times() {
    let folder = study();
    folder.write(
        "talk.vtt",
        "WEBVTT\n\n00:00:00.000 --> 00:00:04.000\n<v P7>One.\n\n00:00:05.000 --> 00:00:08.000\n<v P8>Two.\n\n00:00:09.500 --> 00:00:12.000\n<v P7>Three.\n",
    );
    folder.line("import talk.vtt --id V --case alder").done();
    for place in ["V:1 a", "V:2 b", "V:3 c"] {
        folder.line(&format!("code {place}")).done();
    }
    assert_eq!(
        found(&folder, "--theme a --precedes c --distance 9seconds"),
        ""
    );
    assert_eq!(
        found(&folder, "--theme a --precedes c --distance 10seconds"),
        "4.1"
    );
    assert_eq!(
        found(&folder, "--theme a --not-near c --distance 9seconds"),
        "4.1"
    );
    whole!(
        folder.line("matrix --theme a --near b --distance 5seconds"),
        str![[r#"
case   a  total
alder  1      1
birch  0      0
total  1      1
--- stderr
Cells count codings.
3 transcripts have no times, so nothing there is measured in seconds.

"#]]
    );
    whole!(
        folder.line("cooccur a b c --relation near --distance 5seconds"),
        str![[r#"
a  b  n1  n2  n12       c  n12/n1  n12/n2  flags
a  b   5   5    1  0.1111  0.2000  0.2000
b  c   5   5    1  0.1111  0.2000  0.2000
a  c   5   5    0  0.0000  0.0000  0.0000
--- stderr
n1 and n2 count codings, n12 pairs of them that are near each other (5 seconds between at most).
Codings of 2 coders are counted together: where they differ on a passage, that is a pair too. --by NAME counts one coder's.
3 transcripts have no times, so nothing there is measured in seconds.

"#]]
    );
}

#[test]
fn themes_that_occur_together() {
    let folder = study();
    whole!(
        folder.line("cooccur"),
        str![[r#"
a      b      n1  n2  n12       c  n12/n1  n12/n2  flags
b      b/sub   3   1    1  0.3333  0.3333  1.0000
a      b/sub   4   1    1  0.2500  0.2500  1.0000
b/sub  c       1   4    1  0.2500  1.0000  0.2500
a      b       4   3    1  0.1667  0.2500  0.3333
b      c       3   4    1  0.1667  0.3333  0.2500
a      c       4   4    1  0.1429  0.2500  0.2500
--- stderr
n1 and n2 count codings, n12 pairs of them that overlap.
Codings of 2 coders are counted together: where they differ on a passage, that is a pair too. --by NAME counts one coder's.

"#]]
    );
    whole!(
        folder.line("cooccur a b c --speaker all"),
        str![[r#"
a  b  n1  n2  n12       c  n12/n1  n12/n2  flags
a  b   4   4    2  0.3333  0.5000  0.5000
b  c   4   5    2  0.2857  0.5000  0.4000
a  c   4   5    1  0.1250  0.2500  0.2000
--- stderr
n1 and n2 count codings, n12 pairs of them that overlap.
Codings of 2 coders are counted together: where they differ on a passage, that is a pair too. --by NAME counts one coder's.

"#]]
    );
    whole!(
        folder.line("cooccur b --count turns"),
        str![[r#"
a  b  n1  n2  n12       c  n12/n1  n12/n2  flags
b  a   3   3    1  0.2000  0.3333  0.3333
b  c   3   3    1  0.2000  0.3333  0.3333
--- stderr
Counted are turns; n12 those with two codings that overlap.
Codings of 2 coders are counted together: where they differ on a passage, that is a pair too. --by NAME counts one coder's.

"#]]
    );
    whole!(
        folder.line("cooccur --depth 1 --relation within"),
        str![[r#"
a  b  n1  n2  n12       c  n12/n1  n12/n2  flags
a  b   4   4    2  0.3333  0.5000  0.5000
b  a   4   4    1  0.1429  0.2500  0.2500
c  b   4   4    1  0.1429  0.2500  0.2500
--- stderr
n1 and n2 count codings, n12 pairs of them that stand so that the first lies within the second.
Codings of 2 coders are counted together: where they differ on a passage, that is a pair too. --by NAME counts one coder's.

"#]]
    );
    whole!(
        folder.line("cooccur --square --depth 1"),
        str![[r#"
theme  n  a  b  c
a      4     2  1
b      4  2     2
c      4  1  2
--- stderr
n1 and n2 count codings, n12 pairs of them that overlap.
Codings of 2 coders are counted together: where they differ on a passage, that is a pair too. --by NAME counts one coder's.

"#]]
    );
    whole!(
        folder.line("cooccur a b --csv"),
        str![[r#"
a,b,n1,n2,n12,c,n12/n1,n12/n2,flags
a,b,4,4,2,0.3333,0.5000,0.5000,
--- stderr
n1 and n2 count codings, n12 pairs of them that overlap.
Codings of 2 coders are counted together: where they differ on a passage, that is a pair too. --by NAME counts one coder's.

"#]]
    );
    whole!(
        folder.line("cooccur a b --cell a,b"),
        str![[r#"
T1:1  P7  alder  b/sub  jo  coding 1000003
0123 5678 012. Then 9012 4

T1:1  P7  alder  a  mara  coding 1000001
678 012. T

T1:1  P7  alder  b  mara  coding 1000002
678 012. T

--- stderr
3 quotes.

"#]]
    );
    whole!(
        folder.line("cooccur --limit 1 --relation precedes --distance 1turn"),
        str![[r#"
a  b  n1  n2  n12       c  n12/n1  n12/n2  flags
c  a   4   4    4  1.0000  1.0000  1.0000
--- stderr
8 pairs, 1 shown.
n1 and n2 count codings, n12 pairs of them that stand so that the first precedes the second (1 turn between at most).
Codings of 2 coders are counted together: where they differ on a passage, that is a pair too. --by NAME counts one coder's.

"#]]
    );
    // Filters, and relations among them, are of both.
    whole!(
        folder.line("cooccur a b c --by mara"),
        str![[r#"
a  b  n1  n2  n12       c  n12/n1  n12/n2  flags
a  b   3   3    1  0.2000  0.3333  0.3333
a  c   3   3    1  0.2000  0.3333  0.3333
b  c   3   3    1  0.2000  0.3333  0.3333
--- stderr
n1 and n2 count codings, n12 pairs of them that overlap.

"#]]
    );
    whole!(
        folder.line("cooccur a b c --overlaps c"),
        str![[r#"
a  b  n1  n2  n12       c  n12/n1  n12/n2  flags
a  b   1   1    1  1.0000  1.0000  1.0000
a  c   1   0    0  0.0000  0.0000     n/a  unequal
b  c   1   0    0  0.0000  0.0000     n/a  unequal
--- stderr
n1 and n2 count codings, n12 pairs of them that overlap.

"#]]
    );
    whole!(
        folder.line("cooccur --theme a --theme b/sub"),
        str![[r#"
a  b      n1  n2  n12       c  n12/n1  n12/n2  flags
a  b/sub   4   1    1  0.2500  0.2500  1.0000
--- stderr
n1 and n2 count codings, n12 pairs of them that overlap.
Codings of 2 coders are counted together: where they differ on a passage, that is a pair too. --by NAME counts one coder's.

"#]]
    );
    whole!(
        folder.line("cooccur --case birch"),
        str![[r#"
--- stderr
No two themes occur together there.
n1 and n2 count codings, n12 pairs of them that overlap.

"#]]
    );
    folder.line("cooccur -o pairs.csv").done();
    assert!(
        folder
            .read("pairs.csv")
            .starts_with("a,b,n1,n2,n12,c,n12/n1,n12/n2,flags\n")
    );
}

#[test]
fn cases_in_which_both_are_said_anywhere() {
    let folder = study();
    whole!(
        folder.line("cooccur a b c --relation same-case --count cases"),
        str![[r#"
a  b  n1  n2  n12       c  n12/n1  n12/n2  flags  cases
b  c   2   2    2  1.0000  1.0000  1.0000         alder, birch
a  b   1   2    1  0.5000  1.0000  0.5000         alder
a  c   1   2    1  0.5000  1.0000  0.5000         alder
--- stderr
Counted are cases; n12 those with two codings that share a case.
Codings of 2 coders are counted together: where they differ on a passage, that is a pair too. --by NAME counts one coder's.

"#]]
    );
    whole!(
        folder
            .line("cooccur a b --relation same-case --count cases --transcript T2 --transcript T3"),
        str![[r#"
a  b  n1  n2  n12       c  n12/n1  n12/n2  flags  cases
a  b   1   1    0  0.0000  0.0000  0.0000
--- stderr
Counted are cases; n12 those with two codings that share a case.

"#]]
    );
    let json: Cooccurrence = folder
        .line("cooccur b c --relation same-case --count cases --json")
        .done()
        .json();
    assert_eq!(
        json.pairs[0].cases.as_deref(),
        Some(&["alder".to_owned(), "birch".to_owned()][..])
    );
    let cell = folder
        .line("cooccur a c --relation same-case --count cases --cell a,c --json")
        .done();
    assert_eq!(cell.json::<Value>()["total"], 7);
}

#[test]
fn what_can_not_be_counted_is_refused() {
    let folder = study();
    whole!(
        folder.line("cooccur b b/sub"),
        str![[r#"
--- stderr
error: `b/sub` and another of the themes are part of each other
hint: name themes of which none stands below another; a theme counts with all below it
--- status 1

"#]]
    );
    whole!(
        folder.line("cooccur a b --depth 1"),
        str![[r#"
--- stderr
error: the depth is of nothing: each theme that is named counts with all below it
hint: leave out --depth, or name one theme or none
--- status 1

"#]]
    );
    whole!(
        folder.line("cooccur --depth 0"),
        str![[r#"
--- stderr
error: depth counts from 1
hint: as in: --depth 1
--- status 1

"#]]
    );
    whole!(
        folder.line("cooccur a nothing"),
        str![[r#"
--- stderr
error: no theme `nothing`
hint: see what there is with: casebook theme list
--- status 1

"#]]
    );
    whole!(
        folder.line("cooccur --cell a,nothing"),
        str![[r#"
--- stderr
error: `a,nothing` names no two themes
hint: write A,B with two of: a, b, b/sub, c
--- status 1

"#]]
    );
    whole!(
        folder.line("cooccur a b --overlap-part c"),
        str![[r#"
--- stderr
error: what occurs together is codings, not parts of them
hint: write --overlap-whole for --overlap-part
--- status 1

"#]]
    );
    assert_eq!(folder.line("cooccur --relation alone").status, Some(2));
    assert_eq!(folder.line("cooccur --count words").status, Some(2));
}

/// The manual's worked example, as a study: 100 and 10 codings, 5 of each upon each other.
#[test]
fn a_hundred_and_ten_with_five_together() {
    let folder = Folder::with_study();
    let mut talk = String::new();
    for n in 0..105 {
        write!(talk, "P07: Sentence number {n} is here.\n\n").expect("room");
    }
    folder.write("talk.txt", talk);
    folder.line("import talk.txt --id T").done();
    folder.line("theme add a").done();
    folder.line("theme add b").done();
    let mut codings = "place,theme\n".to_owned();
    for turn in 1..=100 {
        writeln!(codings, "T:{turn},a").expect("room");
    }
    for turn in 96..=105 {
        writeln!(codings, "T:{turn}@3-9,b").expect("room");
    }
    folder.write("codings.csv", codings);
    folder.line("code --from codings.csv").done();
    whole!(
        folder.line("cooccur a b"),
        str![[r#"
a  b   n1  n2  n12       c  n12/n1  n12/n2  flags
a  b  100  10    5  0.0476  0.0500  0.5000  unequal
--- stderr
n1 and n2 count codings, n12 pairs of them that overlap.

"#]]
    );
    let json: Cooccurrence = folder.line("cooccur b a --json").done().json();
    let pair = &json.pairs[0];
    assert_eq!((pair.n1, pair.n2, pair.n12), (10, 100, 5));
    assert_eq!(pair.c, Some(5.0 / 105.0));
    // Each of the ten coded thrice more, upon themselves: more pairs than uses.
    for coder in ["jo", "kim", "lou"] {
        for turn in 96..=100 {
            folder
                .run(&["--coder", coder, "code", &format!("T:{turn}@3-9"), "b"])
                .done();
            folder
                .run(&["--coder", coder, "code", &format!("T:{turn}"), "a"])
                .done();
        }
    }
    whole!(
        folder.line("cooccur a b"),
        str![[r#"
a  b   n1  n2  n12       c  n12/n1  n12/n2  flags
a  b  115  25   80  1.3333  0.6957  3.2000  out-of-range
--- stderr
n1 and n2 count codings, n12 pairs of them that overlap.
Codings of 4 coders are counted together: where they differ on a passage, that is a pair too. --by NAME counts one coder's.

"#]]
    );
    whole!(
        folder.line("cooccur a b --count turns"),
        str![[r#"
a  b   n1  n2  n12       c  n12/n1  n12/n2  flags
a  b  100  10    5  0.0476  0.0500  0.5000  unequal
--- stderr
Counted are turns; n12 those with two codings that overlap.
Codings of 4 coders are counted together: where they differ on a passage, that is a pair too. --by NAME counts one coder's.

"#]]
    );
    whole!(
        folder.line("cooccur a b --by jo --by kim --by lou"),
        str![[r#"
a  b  n1  n2  n12    c  n12/n1  n12/n2  flags
a  b  15  15   45  n/a  3.0000  3.0000  out-of-range, there are as many pairs as uses of both themes together, or more
--- stderr
n1 and n2 count codings, n12 pairs of them that overlap.
Codings of 3 coders are counted together: where they differ on a passage, that is a pair too. --by NAME counts one coder's.

"#]]
    );
    folder.sound();
}

#[test]
fn what_waits_is_not_counted_and_is_said() {
    let folder = Folder::with_study();
    folder.write(
        "talk.txt",
        "P07: One two three. Four five six.\n\nP07: Seven eight nine.\n",
    );
    folder.line("import talk.txt --id T").done();
    folder.line("theme add a").done();
    folder.line("theme add b").done();
    for place in ["T:1@0-14", "T:2"] {
        folder.line(&format!("code {place} a b")).done();
    }
    folder.write(
        "talk.txt",
        "P07: Four five six.\n\nP07: Seven eight nine.\n",
    );
    folder.line("transcript revise T talk.txt --yes").done();
    whole!(
        folder.line("cooccur"),
        str![[r#"
a  b  n1  n2  n12       c  n12/n1  n12/n2  flags
a  b   1   1    1  1.0000  1.0000  1.0000
--- stderr
n1 and n2 count codings, n12 pairs of them that overlap.
2 codings wait for a place in a corrected text and are not among them: casebook transcript pending

"#]]
    );
    whole!(
        folder.line("quotes --theme a --same-span b --json"),
        str![[r#"
{
  "total": 1,
  "pending": 1,
  "quotes": [
    {
      "coding": 1000003,
      "transcript": "T",
      "revision": 2,
      "turn": 2,
      "start": 26,
      "end": 43,
      "text": "Seven eight nine.",
      "theme": "a",
      "coder": "mara",
      "case": null,
      "participant": null,
      "memo": null,
      "section": null
    }
  ]
}
--- stderr
1 quote.
1 coding waits for a place in a corrected text and is not among them: casebook transcript pending

"#]]
    );
}

#[derive(Deserialize)]
struct Listed {
    quotes: Vec<Quote>,
}

#[derive(Deserialize)]
struct Quote {
    transcript: String,
    start: u32,
    end: u32,
    theme: String,
    participant: Option<String>,
    case: Option<String>,
}

/// Whatever the filter, what is counted is what `quotes` lists, pair by pair.
#[test]
fn counts_are_of_what_quotes_list() {
    let folder = invented();
    for filter in [
        "",
        "--speaker all",
        "--speaker interviewer",
        "--case alder",
        "--by jo",
        "--phase phase-2 --speaker all",
        "--participant P08 --participant P12",
        "--transcript T09 --transcript T13",
        "--theme consensus --theme governance",
        "--same-turn consensus",
        "--near governance --distance 2turns --by mara",
        "--section money --speaker all",
    ] {
        let quotes: Listed = folder
            .line(&format!("quotes --json {filter}"))
            .done()
            .json();
        for count in ["codings", "transcripts", "participants", "cases"] {
            let counted: Cooccurrence = folder
                .line(&format!(
                    "cooccur --depth 1 --json --count {count} {filter}"
                ))
                .done()
                .json();
            let root = |q: &Quote| q.theme.split('/').next().unwrap_or_default().to_owned();
            let unit = |n: usize, q: &Quote| match count {
                "codings" => Some(n.to_string()),
                "transcripts" => Some(q.transcript.clone()),
                "participants" => q.participant.clone(),
                _ => q.case.clone(),
            };
            let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
            let mut pairs: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
            for (n, a) in quotes.quotes.iter().enumerate() {
                uses.entry(root(a)).or_default().extend(unit(n, a));
                for (m, b) in quotes.quotes.iter().enumerate() {
                    if a.transcript == b.transcript
                        && a.start < b.end
                        && b.start < a.end
                        && root(a) != root(b)
                    {
                        let key = (root(a), root(b));
                        match count {
                            "codings" => {
                                pairs.entry(key).or_default().insert(format!("{n} {m}"));
                            }
                            _ if unit(n, a) == unit(m, b) => {
                                pairs.entry(key).or_default().extend(unit(n, a));
                            }
                            _ => {}
                        }
                    }
                }
            }
            pairs.retain(|_, units| !units.is_empty());
            for used in &counted.themes {
                let expected = uses.get(&used.theme).map_or(0, BTreeSet::len) as u64;
                assert_eq!(used.n, expected, "{count} {filter} {}", used.theme);
            }
            assert_eq!(counted.pairs.len() * 2, pairs.len(), "{count} {filter}");
            for pair in &counted.pairs {
                let expected = pairs[&(pair.a.clone(), pair.b.clone())].len() as u64;
                assert_eq!(pair.n12, expected, "{count} {filter} {} {}", pair.a, pair.b);
            }
        }
    }
}

/// Behind every pair stand its passages, and each square cell is its pair.
#[test]
fn cells_open_and_squares_agree() {
    let folder = invented();
    for (relation, count) in [
        ("overlap", "codings"),
        ("within", "codings"),
        ("near --distance 2turns", "turns"),
        ("follows --distance 30words", "participants"),
        ("same-turn", "transcripts"),
        ("same-case", "cases"),
        ("same-case", "turns"),
        ("same-transcript", "participants"),
    ] {
        let options = format!("--depth 1 --relation {relation} --count {count} --json");
        let listed: Cooccurrence = folder.line(&format!("cooccur {options}")).done().json();
        let square: Square = folder
            .line(&format!("cooccur --square {options}"))
            .done()
            .json();
        let place = |name: &str| {
            square
                .themes
                .iter()
                .position(|t| t == name)
                .expect("a theme")
        };
        let mut some = 0;
        for pair in &listed.pairs {
            let (a, b) = (place(&pair.a), place(&pair.b));
            assert_eq!(square.cells[a][b], Some(pair.n12));
            assert_eq!(square.c[a][b], pair.c);
            assert_eq!((square.n[a], square.n[b]), (pair.n1, pair.n2));
            some += 1;
        }
        let directed = relation.starts_with("within") || relation.starts_with("follows");
        let filled = square
            .cells
            .iter()
            .flatten()
            .flatten()
            .filter(|n| **n > 0)
            .count();
        assert_eq!(filled, if directed { some } else { some * 2 }, "{relation}");
        if let Some(pair) = listed.pairs.first() {
            let cell = format!("{},{}", pair.a, pair.b);
            let run = folder
                .line(&format!("cooccur {options} --cell {cell}"))
                .done();
            let opened: Value = run.json();
            let themes: BTreeSet<String> = opened["quotes"]
                .as_array()
                .expect("quotes")
                .iter()
                .map(|q| {
                    q["theme"]
                        .as_str()
                        .expect("a theme")
                        .split('/')
                        .next()
                        .expect("a root")
                        .to_owned()
                })
                .collect();
            assert_eq!(
                themes,
                BTreeSet::from([pair.a.clone(), pair.b.clone()]),
                "{relation} {count}"
            );
        }
    }
}
