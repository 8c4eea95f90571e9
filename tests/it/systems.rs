//! Dated systems: names, codes and links with their days, which case a code means, and how many there are on any day.

use std::fmt::Write;

use snapbox::str;

use crate::harness::{Folder, whole};

/// 44 systems, of which three merge into one on 2018-08-01, with trusts that are part of them.
pub(crate) fn systems() -> Folder {
    let folder = Folder::with_study();
    let mut cases = "slug,name,kind,from,to\n".to_owned();
    for n in 1..=44 {
        writeln!(cases, "s{n:02},System {n:02},system,2016-03-01,").expect("a line");
    }
    cases.push_str("whole,\"The Whole, North and East\",system,2018-08-01,\n");
    cases.push_str("trust-a,Trust A,organisation,,\ntrust-b,Trust B,organisation,,\n");
    folder.write("cases.csv", cases);
    folder.line("case import cases.csv").done();
    folder.write(
        "links.csv",
        "case,link,other,from,to\n\
         s01,merged-into,whole,2018-08-01,\n\
         s02,merged-into,whole,2018-08-01,\n\
         s03,merged-into,whole,2018-08-01,\n\
         trust-a,part-of,s01,,2018-08-01\n\
         trust-a,part-of,whole,2018-08-01,\n\
         trust-b,part-of,s04,,\n\
         trust-b,part-of,s05,2017-04-01,\n",
    );
    folder.line("case link import links.csv").done();
    folder.write(
        "codes.csv",
        "case,scheme,code,from,to,source\n\
         s01,ONS,E54000045,,2018-08-01,Code History Database\n\
         s02,ONS,E54000046,,2018-08-01,Code History Database\n\
         s03,ONS,E54000002,,2017-04-01,\n\
         s03,ONS,E54000047,2017-04-01,2018-08-01,\n\
         whole,ONS,E54000049,2018-08-01,2020-04-01,Code History Database\n\
         whole,ONS,E54000050,2020-04-01,,Code History Database\n\
         whole,ODS,QHM,2018-08-01,,\n\
         s04,ODS,QE1,,,\n",
    );
    folder.line("case code import codes.csv").done();
    folder
}

#[test]
fn three_of_44_merge_into_one() {
    let folder = systems();
    let count = |day: &str| {
        let shown: serde_json::Value = folder
            .line(&format!(
                "case list --kind system --count --as-of {day} --json"
            ))
            .done()
            .json();
        shown["count"].as_u64().expect("a count")
    };
    assert_eq!(count("2016-02-29"), 0);
    for before in ["2016-03-01", "2017-04-01", "2018-07-31"] {
        assert_eq!(count(before), 44, "{before}");
    }
    for after in ["2018-08-01", "2018-08-02", "2021-04-01"] {
        assert_eq!(count(after), 42, "{after}");
    }
    whole!(
        folder.line("case list --kind system --count --as-of 2018-08-02"),
        str![[r#"
42 cases of kind system on 2018-08-02

"#]]
    );
    whole!(
        folder.line("case list --kind SYSTEM --count --csv"),
        str![[r#"
cases,kind,as_of
45,SYSTEM,

"#]]
    );
    whole!(
        folder.line("case list --kind systems --count"),
        str![[r#"
--- stderr
error: no case is of kind `systems`
hint: did you mean `system`? the kinds are: organisation, system
--- status 1

"#]]
    );
    // Links as they stood.
    whole!(
        folder.line("case list --kind organisation --as-of 2017-03-31"),
        str![[r#"
case     name     kind          links        transcripts  participants
trust-a  Trust A  organisation  part-of s01            0             0
trust-b  Trust B  organisation  part-of s04            0             0

"#]]
    );
    whole!(
        folder.line("case list --kind organisation --as-of 2018-08-01"),
        str![[r#"
case     name     kind          links                     transcripts  participants
trust-a  Trust A  organisation  part-of whole                       0             0
trust-b  Trust B  organisation  part-of s04, part-of s05            0             0

"#]]
    );
    folder.sound();
}

#[test]
fn a_code_means_a_case_on_a_day() {
    let folder = systems();
    whole!(
        folder.line("case at E54000049 --as-of 2019-01-01"),
        str![[r#"
whole  The Whole, North and East
system · ONS E54000049, from 2018-08-01 until 2020-04-01

"#]]
    );
    whole!(
        folder.line("case at e54000050 --as-of 2021-01-01 --json"),
        str![[r#"
{
  "code": "E54000050",
  "scheme": "ONS",
  "as_of": "2021-01-01",
  "case": "whole",
  "name": "The Whole, North and East",
  "kind": "system",
  "from": "2020-04-01",
  "to": null
}

"#]]
    );
    // Outside its validity: when it held, and what followed.
    whole!(
        folder.line("case at E54000045 --as-of 2019-01-01"),
        str![[r#"
--- stderr
error: `E54000045` did not hold on 2019-01-01: it was s01's from 2016-03-01 until 2018-08-01
hint: what followed: s01 became whole: casebook case at E54000049 --as-of 2019-01-01
--- status 1

"#]]
    );
    whole!(
        folder.line("case at E54000045 --as-of 2021-01-01"),
        str![[r#"
--- stderr
error: `E54000045` did not hold on 2021-01-01: it was s01's from 2016-03-01 until 2018-08-01
hint: what followed: s01 became whole: casebook case at E54000050 --as-of 2021-01-01
--- status 1

"#]]
    );
    whole!(
        folder.line("case at E54000002 --as-of 2017-05-01"),
        str![[r#"
--- stderr
error: `E54000002` did not hold on 2017-05-01: it was s03's from 2016-03-01 until 2017-04-01
hint: what followed: s03 was recoded: casebook case at E54000047 --as-of 2017-05-01
--- status 1

"#]]
    );
    whole!(
        folder.line("case at E54000050 --as-of 2019-01-01"),
        str![[r#"
--- stderr
error: `E54000050` did not hold on 2019-01-01: it was whole's from 2020-04-01
hint: see the codes of that case with: casebook case code list whole
--- status 1

"#]]
    );
    // Before its case began.
    whole!(
        folder.line("case at QE1 --as-of 2015-01-01"),
        str![[r#"
--- stderr
error: `QE1` did not hold on 2015-01-01: it was s04's from 2016-03-01
hint: see the codes of that case with: casebook case code list s04
--- status 1

"#]]
    );
    whole!(
        folder.line("case at E54000405"),
        str![[r#"
--- stderr
error: no case has the code `E54000405`
hint: did you mean `E54000045`? See all with: casebook case code list
--- status 1

"#]]
    );
    // Two schemes may have the same code.
    folder
        .line("case code add s05 Local QHM --from 2019-01-01")
        .done();
    whole!(
        folder.line("case at QHM --as-of 2019-06-01"),
        str![[r#"
--- stderr
error: `QHM` means 2 cases on 2019-06-01: s05 (Local), whole (ODS)
hint: say whose code it is, as in: --scheme Local
--- status 1

"#]]
    );
    whole!(
        folder.line("case at QHM --as-of 2019-06-01 --scheme ods"),
        str![[r#"
whole  The Whole, North and East
system · ODS QHM, from 2018-08-01

"#]]
    );
    folder.sound();
}

#[test]
fn a_code_never_means_two_cases_on_a_day() {
    let folder = systems();
    whole!(
        folder.line("case code add s06 ONS E54000049 --from 2020-03-31"),
        str![[r#"
--- stderr
error: `E54000049` of ONS is the code of `whole` from 2018-08-01 until 2020-04-01: on one day it would mean two cases
hint: let one end where the other begins (--from, --to), or remove it: casebook case code remove whole ONS E54000049
--- status 1

"#]]
    );
    whole!(
        folder.line("case code add s06 ONS E54000049 --from 2020-04-01"),
        str![[r#"
--- stderr
Added a code of s06.  (event 5; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("case code add whole ONS E54000049 --from 2019-01-01 --to 2019-02-01"),
        str![[r#"
--- stderr
error: `E54000049` of ONS is the code of `whole` from 2018-08-01 until 2020-04-01: on one day it would be there twice
hint: let one end where the other begins (--from, --to), or remove it: casebook case code remove whole ONS E54000049
--- status 1

"#]]
    );
    whole!(
        folder.line("case code add s07 ONS X1 --from 2019-01-01 --to 2019-01-01"),
        str![[r#"
--- stderr
error: it would end before it begins
hint: give as its end a later day than it begins: the first day on which it no longer holds
--- status 1

"#]]
    );
    folder
        .line("case code add whole ONS E54000049 --from 2016-01-01 --to 2017-01-01")
        .done();
    whole!(
        folder.line("case code remove whole ONS E54000049"),
        str![[r#"
--- stderr
error: `E54000049` held 2 times
hint: say from which day, as in: --from 2016-01-01
--- status 1

"#]]
    );
    whole!(
        folder.line("case code remove whole ONS E54000049 --from 2016-01-01"),
        str![[r#"
--- stderr
Removed a code of whole.  (event 7; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("case code remove whole ONS E1"),
        str![[r#"
--- stderr
error: `whole` has no such code: ONS E1
hint: see its codes with: casebook case code list whole
--- status 1

"#]]
    );
    whole!(
        folder.line("case code list whole"),
        str![[r#"
case   scheme  code       from        until       source
whole  ODS     QHM        2018-08-01
whole  ONS     E54000049  2018-08-01  2020-04-01  Code History Database
whole  ONS     E54000050  2020-04-01              Code History Database

"#]]
    );
    whole!(
        folder.line("case code list --scheme ods --csv"),
        str![[r#"
case,scheme,code,from,until,source
s04,ODS,QE1,,,
whole,ODS,QHM,2018-08-01,,

"#]]
    );
    folder.write(
        "bad.csv",
        "case,scheme,code,from,to\ns09,ONS,E54000049,2019-01-01,\ns10,ONS,,,\nnowhere,ONS,A1,,\ns10,ONS,A2,soon,\ns10,ONS,A3,2019-01-01,\n",
    );
    whole!(
        folder.line("case code import bad.csv"),
        str![[r#"
1 code added, 0 edited, 0 unchanged
  line 2 did not fit: `E54000049` of ONS is the code of `s06` from 2020-04-01: on one day it would mean two cases
  line 3 did not fit: `code` is empty
  line 4 did not fit: no case `nowhere`
  line 5 did not fit: `soon` is no date
--- stderr
(event 8; to take it back: casebook undo)
error: 4 rows did not fit; the rest is in
hint: let one end where the other begins (--from, --to), or remove it: casebook case code remove s06 ONS E54000049
--- status 1

"#]]
    );
    folder.write("more.csv", "case,scheme,code,region\ns09,ONS,A1,North\n");
    whole!(
        folder.line("case code import more.csv"),
        str![[r#"
--- stderr
error: column `region` of `more.csv` is none that is read
hint: take it out, or rename it; the columns are: case, scheme, code, from, to, source
--- status 1

"#]]
    );
    // The same table again changes nothing.
    let before = folder.dump();
    folder.line("case link import links.csv").done();
    folder.write(
        "again.csv",
        "case,scheme,code,from,to\ns10,ONS,A3,2019-01-01,\n",
    );
    folder.line("case code import again.csv").done();
    assert_eq!(folder.dump(), before);
    folder.sound();
}

#[test]
fn a_case_is_called_as_it_was_on_the_day() {
    let folder = systems();
    whole!(
        folder.run(&[
            "case",
            "name",
            "add",
            "s06",
            "The Old Name",
            "--to",
            "2018-04-01",
            "--source",
            "the list of 2017",
        ]),
        str![[r#"
--- stderr
Added a name of s06.  (event 5; to take it back: casebook undo)

"#]]
    );
    folder
        .run(&["case", "name", "add", "s06", "Six", "--source", "a lookup"])
        .done();
    whole!(
        folder.run(&[
            "case",
            "name",
            "add",
            "s06",
            "Another",
            "--from",
            "2018-03-31",
            "--to",
            "2019-01-01"
        ]),
        str![[r#"
--- stderr
error: `s06` would be called `The Old Name` and `Another` on one day: the first holds until 2018-04-01
hint: give the days so that one ends where the other begins; what only a source calls it has no days
--- status 1

"#]]
    );
    whole!(
        folder.run(&["case", "name", "add", "s06", "Six"]),
        str![[r#"
--- stderr
error: `s06` has the name `Six` already
hint: see its names with: casebook case name list s06
--- status 1

"#]]
    );
    folder.write(
        "names.csv",
        "case,name,from,to,source\ns07,Seven as it was,,2018-01-01,a board paper\ns07,Seven then,2017-12-31,2019-01-01,\ns08,,,,\n",
    );
    whole!(
        folder.line("case name import names.csv"),
        str![[r#"
1 name added, 0 edited, 0 unchanged
  line 3 did not fit: `s07` would be called `Seven as it was` and `Seven then` on one day: the first holds until 2018-01-01
  line 4 did not fit: `name` is empty
--- stderr
(event 7; to take it back: casebook undo)
error: 2 rows did not fit; the rest is in
hint: give the days so that one ends where the other begins; what only a source calls it has no days
--- status 1

"#]]
    );
    whole!(
        folder.line("case name list"),
        str![[r#"
case  name             from  until       source
s06   The Old Name           2018-04-01  the list of 2017
s06   Six                                a lookup
s07   Seven as it was        2018-01-01  a board paper

"#]]
    );
    whole!(
        folder.line("case name list s07 --json"),
        str![[r#"
{
  "names": [
    {
      "case": "s07",
      "name": "Seven as it was",
      "from": null,
      "to": "2018-01-01",
      "source": "a board paper"
    }
  ]
}

"#]]
    );
    whole!(
        folder.line("case show s06 --as-of 2018-03-31"),
        str![[r#"
s06  The Old Name
system
from 2016-03-01
  was called The Old Name until 2018-04-01  [the list of 2017]
  also called Six  [a lookup]
0 transcripts, 0 participants

"#]]
    );
    whole!(
        folder.line("case show whole"),
        str![[r#"
whole  The Whole, North and East
system
from 2018-08-01
  s01 merged-into whole  (from 2018-08-01)
  s02 merged-into whole  (from 2018-08-01)
  s03 merged-into whole  (from 2018-08-01)
  trust-a part-of whole  (from 2018-08-01)
  ODS QHM  (from 2018-08-01)
  ONS E54000049  (from 2018-08-01 until 2020-04-01)
  ONS E54000050  (from 2020-04-01)
0 transcripts, 0 participants

"#]]
    );
    let name = |day: &str| {
        let shown: serde_json::Value = folder
            .line(&format!("case show s06 --as-of {day} --json"))
            .done()
            .json();
        shown["name"].as_str().expect("a name").to_owned()
    };
    assert_eq!(name("2018-03-31"), "The Old Name");
    assert_eq!(name("2018-04-01"), "System 06");
    whole!(
        folder.run(&["case", "name", "remove", "s06", "System 06"]),
        str![[r#"
--- stderr
error: `s06` has no name `System 06`
hint: see its names with: casebook case name list s06   (the one that it has now is changed with: casebook case edit s06 --name NAME)
--- status 1

"#]]
    );
    whole!(
        folder.run(&["case", "name", "remove", "s06", "Six"]),
        str![[r#"
--- stderr
Removed a name of s06.  (event 8; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("case remove whole --dry-run"),
        str![[r#"
--- stderr
Removing case whole takes 4 links, 0 values and 0 memos with it; 0 participants lose it; it takes 3 dated codes too

"#]]
    );
    folder.sound();
}

#[test]
fn links_from_a_table() {
    let folder = systems();
    folder.write(
        "bad.csv",
        "case,link,other,from,to\ns10,swallowed,s11,,\ns10,part-of,s10,,\ns10,merged-into,s11,2019-01-01,2018-01-01\ns10,partner-of,s11,2019-01-01,\n",
    );
    whole!(
        folder.line("case link import bad.csv"),
        str![[r#"
1 link added, 0 edited, 0 unchanged
  line 2 did not fit: `swallowed` is no kind of link
  line 3 did not fit: `s10` can't be linked to itself
  line 4 did not fit: the link would end before it begins
--- stderr
(event 5; to take it back: casebook undo)
error: 3 rows did not fit; the rest is in
hint: it may be one of: part-of, partner-of, merged-into, renamed-to
--- status 1

"#]]
    );
    whole!(
        folder.line("case link s10"),
        str![[r#"
--- stderr
error: the following required arguments were not provided:
  <KIND>
  <OTHER>

Usage: casebook case link --coder <NAME> <CASE> <KIND> <OTHER>

For more information, try '--help'.
--- status 2

"#]]
    );
    folder.sound();
}
