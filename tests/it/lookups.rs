//! A published lookup of parts and wholes: what is scrambled in it is found before anything is written.

use snapbox::str;

use crate::harness::{Folder, compare};

const SCRAMBLED: &str = "\u{feff}Region,Trust,code,System,System code\n\
    South,Ashby Hospital,RA1,\"Ashby, Brook and Calder\",E1\n\
    North,Brook Hospital,RA2,\"Ashby, Brook and Calder \",E1\n\
    North,Dene Hospital,RA3,Dene,E2\n\
    North,Dene Community,RA4,Deneside,E2\n\
    North,Dene Community,RA4,\"Ashby, Brook and Calder\",E1\n\
    ,Nobody's,,Dene,E2\n";

#[test]
fn a_scrambled_lookup_is_shown_and_not_read() {
    let folder = Folder::with_study();
    folder.write("lookup.csv", SCRAMBLED);
    let before = folder.dump();
    let run = folder.line("case lookup lookup.csv --part code --part-name Trust --whole E --whole-name System --of-whole Region");
    assert_eq!(run.status, Some(1));
    compare(
        &run.stderr,
        str![[r#"
part: organisation by its code in C (`code`), its name in B (`Trust`)
whole: system by its code in E (`System code`), its name in D (`System`), of it A (`Region`)
warning: line 3, column A: `Region` says different things of one case, at 1 of 2 cases: of `e1` first `South`, then `North`
hint: the file is scrambled there: mend it, or say --leave-out "Region" in the place of --of-whole
warning: line 3, column D: `Ashby, Brook and Calder ` has blanks around it
hint: where they mean nothing, add --trim
warning: line 5, column D: `E2` is called `Deneside` here, and `Dene` in line 4
hint: mend the file: one code has one name in it
warning: line 7, column C: nothing stands in `code`
hint: give the row its code, or take it out of the file
error: nothing of the lookup was written: 4 things to decide first
hint: each is said above with what may be typed

"#]],
    );
    assert_eq!(folder.dump(), before);
}

#[test]
fn a_lookup_makes_cases_and_dated_links_once() {
    let folder = Folder::with_study();
    folder.write(
        "lookup.csv",
        "Region,Trust,code,System,System code\nSouth,Ashby Hospital,RA1,Ashby,E1\nSouth,Brook Hospital,RA2,Ashby,E1\nNorth,Dene Hospital,RA3,Dene,E2\nNorth,Brook Hospital,RA2,Dene,E2\n",
    );
    let line = "case lookup lookup.csv --part code --part-name Trust --whole E --whole-name System --of-whole Region --from 2017-04-01";
    let dry = folder.line(&format!("{line} --dry-run")).done();
    let done = folder.line(line).done();
    assert_eq!(dry.stdout, done.stdout);
    compare(
        &done.stdout,
        str![[r#"
4 rows: 3 organisations, 2 systems; 5 cases added, 4 links added, 0 there already
in several: ra2

"#]],
    );
    compare(
        &folder.line("case show ra2").done().stdout,
        str![[r#"
ra2  Brook Hospital
organisation · RA2
  ra2 part-of e1  (from 2017-04-01)
  ra2 part-of e2  (from 2017-04-01)
0 transcripts, 0 participants

"#]],
    );
    assert!(
        folder
            .line("case show e2")
            .done()
            .stdout
            .contains("Region = North")
    );
    let before = folder.dump();
    assert!(
        folder
            .line(line)
            .done()
            .stderr
            .contains("Nothing to change")
    );
    assert_eq!(folder.dump(), before);
}

/// A part that a later list has in another system has moved, or is in both; neither is guessed.
#[test]
fn a_part_that_is_elsewhere_is_decided() {
    let folder = Folder::with_study();
    folder.write("first.csv", "part,whole\nT1,S1\nT2,S1\n");
    folder.write("second.csv", "part,whole\nT1,S2\nT2,S1\n");
    let line = |file: &str, more: &str| {
        format!("case lookup {file}.csv --part part --whole whole --from {more}")
    };
    folder.line(&line("first", "2018-04-01")).done();
    let before = folder.dump();
    let asked = folder.line(&line("second", "2019-04-01"));
    assert_eq!(asked.status, Some(1));
    assert!(
        asked.stderr.contains("warning: line 2, column B: `t1` is part of `s1` on 2019-04-01, and of another here\nhint: where such parts moved on --from, add --moved; where they are in both, add --also\n"),
        "{}",
        asked.stderr
    );
    assert_eq!(folder.dump(), before);
    let moved = folder.line(&line("second", "2019-04-01 --moved")).done();
    compare(
        &moved.stdout,
        str![[r#"
2 rows: 2 organisations, 2 systems; 1 case added, 1 link added, 1 there already
1 link to other cases of kind system ended

"#]],
    );
    let shown = folder.line("case show t1").done().stdout;
    assert!(
        shown.contains("t1 part-of s1  (from 2018-04-01 until 2019-04-01)"),
        "{shown}"
    );
    assert!(
        shown.contains("t1 part-of s2  (from 2019-04-01)"),
        "{shown}"
    );
    folder.line("undo").done();
    assert_eq!(folder.dump(), before);
    folder.line(&line("second", "2019-04-01 --also")).done();
    let shown = folder.line("case show t1").done().stdout;
    assert!(
        shown.contains("t1 part-of s1  (from 2018-04-01)"),
        "{shown}"
    );
    assert_eq!(shown.matches("part-of").count(), 2, "{shown}");
}

/// A name that differs from the one that a case is known by, a code that no longer holds, a column of which nothing is
/// said, and a whole that would be part of its own part.
#[test]
fn what_differs_from_the_study_is_decided_by_somebody() {
    let folder = Folder::with_study();
    folder
        .line("case add dene --name Dene --code E2 --to 2018-08-01")
        .done();
    folder.write("lookup.csv", "code,System,System code\nRA3,East Dene,E2\n");
    let line = "case lookup lookup.csv --part code --whole C --whole-name System --from";
    let named = folder.line(&format!("{line} 2017-04-01"));
    assert!(named.stderr.contains(
        "warning: line 2, column B: `E2` is `dene`, which is not known as `East Dene` but as `Dene`\nhint: where both are the same: casebook case name add dene \"East Dene\"\n"
    ), "{}", named.stderr);
    let late = folder.line(&format!("{line} 2019-04-01"));
    assert!(
        late.stderr.contains(
            "line 2, column C: `E2` did not hold on 2019-04-01: it was dene's until 2018-08-01"
        ),
        "{}",
        late.stderr
    );
    let unsaid = folder.line("case lookup lookup.csv --part code --whole C");
    compare(
        &unsaid.stderr,
        str![[r#"
error: nothing is said of the column `System`
hint: say what it is: --of-part "System", --of-whole "System" or --leave-out "System"

"#]],
    );
    folder.write("turned.csv", "a,b\nE9,E8\nE8,E9\n");
    let turned = folder.line("case lookup turned.csv --part a --whole b");
    compare(
        &turned.stderr,
        str![[r#"
part: organisation by its code in A (`a`)
whole: system by its code in B (`b`)
error: `e8` can't be part of `e9`: that is part of it already
hint: see the links with: casebook case show e9

"#]],
    );
    folder.write("empty.csv", "a,b\n");
    let empty = folder.line("case lookup empty.csv --part a --whole b");
    assert_eq!(empty.status, Some(1));
    assert!(
        empty.stderr.contains("no row beneath its heads"),
        "{}",
        empty.stderr
    );
}
