//! Cases, phases, participants and attributes.

#![expect(
    dead_code,
    reason = "the types say what the JSON holds; that it reads back is the test"
)]

use std::collections::HashMap;

use serde::Deserialize;
use snapbox::str;

use crate::harness::{Folder, invented, whole};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    case: String,
    name: String,
    kind: String,
    code: Option<String>,
    from: Option<String>,
    to: Option<String>,
    links: Vec<Link>,
    attributes: HashMap<String, String>,
    transcripts: i64,
    participants: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Link {
    case: String,
    link: String,
    other: String,
    from: Option<String>,
    to: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Phase {
    phase: String,
    name: String,
    from: Option<String>,
    to: Option<String>,
    transcripts: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Phases {
    phases: Vec<Phase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Participant {
    participant: String,
    role: Option<String>,
    organisation: Option<String>,
    attribution: String,
    quotable: bool,
    set: Setting,
    consent: Option<i64>,
    cases: Vec<String>,
    transcripts: Vec<String>,
    attributes: HashMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Setting {
    attribution: String,
    quotable: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Participants {
    participants: Vec<Participant>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Attribute {
    attribute: String,
    of: String,
    #[serde(rename = "type")]
    kind: String,
    levels: Vec<String>,
    values: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Attributes {
    attributes: Vec<Attribute>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    added: Vec<String>,
    edited: Vec<String>,
    unchanged: usize,
    attributes: Vec<(String, String)>,
    refused: Vec<Row>,
    event: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    line: u64,
    reason: String,
    hint: Option<String>,
}

#[test]
fn cases_and_their_graph() {
    let folder = Folder::with_study();
    whole!(
        folder.line("case list"),
        str![[r#"
--- stderr
No cases yet. Add one with: casebook case add SLUG --name NAME

"#]]
    );
    folder
        .line("attribute add maturity --of case --type ordered --level low --level high")
        .done();
    whole!(
        folder.run(&[
            "case",
            "add",
            "north",
            "--name",
            "The North",
            "--kind",
            "system",
            "--attr",
            "maturity=low",
            "--to",
            "2021-04-01"
        ]),
        str![[r#"
--- stderr
Added case north.  (event 3; to take it back: casebook undo)

"#]]
    );
    folder.line("case add south --to 2021-04-01").done();
    folder
        .line("case add trust --part-of north --partner-of south")
        .done();
    folder.line("case add whole --from 2021-04-01").done();
    whole!(
        folder.line("case link north merged-into whole --from 2021-04-01"),
        str![[r#"
--- stderr
north is merged-into whole.  (event 7; to take it back: casebook undo)

"#]]
    );
    folder
        .line("case link south merged-into whole --from 2021-04-01")
        .done();
    whole!(
        folder.line("case list"),
        str![[r#"
case   name       kind    links                            transcripts  participants
north  The North  system  merged-into whole                          0             0
south  south      case    merged-into whole                          0             0
trust  trust      case    part-of north, partner-of south            0             0
whole  whole      case                                               0             0

"#]]
    );
    whole!(
        folder.line("case list --as-of 2020-01-01"),
        str![[r#"
case   name       kind    links                            transcripts  participants
north  The North  system                                             0             0
south  south      case                                               0             0
trust  trust      case    part-of north, partner-of south            0             0

"#]]
    );
    whole!(
        folder.line("case list --as-of 2021-04-01"),
        str![[r#"
case   name   kind  links                            transcripts  participants
trust  trust  case  part-of north, partner-of south            0             0
whole  whole  case                                             0             0

"#]]
    );
    whole!(
        folder.line("case show trust"),
        str![[r#"
trust  trust
case
  trust part-of north
  trust partner-of south
0 transcripts, 0 participants

"#]]
    );
    whole!(
        folder.line("case show whole --as-of 2020-01-01"),
        str![[r#"
--- stderr
error: `whole` did not exist on that day
hint: see its dates with: casebook case show whole
--- status 1

"#]]
    );
    whole!(
        folder.line("case edit north --attr maturity=middling"),
        str![[r#"
--- stderr
error: attribute `maturity`: `middling` is no level of: low, high
hint: see its type with: casebook attribute list
--- status 1

"#]]
    );
    whole!(
        folder.line("case unlink trust part-of south"),
        str![[r#"
--- stderr
error: `trust` is not part-of `south`
hint: see the links with: casebook case show trust
--- status 1

"#]]
    );
    whole!(
        folder.line("case unlink trust part-of north"),
        str![[r#"
--- stderr
trust is no longer part-of north.  (event 9; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("case remove trust"),
        str![[r#"
--- stderr
error: removing case trust takes 1 link, 0 values and 0 memos with it; 0 participants lose it: not done, as nobody was there to confirm it
hint: add --yes to confirm, or --dry-run to see what it would do
--- status 1

"#]]
    );
    whole!(
        folder.line("case remove trust --dry-run"),
        str![[r#"
--- stderr
Removing case trust takes 1 link, 0 values and 0 memos with it; 0 participants lose it

"#]]
    );
    whole!(
        folder.line("case remove trust --yes"),
        str![[r#"
--- stderr
Removed case trust.  (event 10; to take it back: casebook undo)

"#]]
    );
    let cases: Cases = folder.line("case list --json").done().json();
    assert_eq!(cases.cases.len(), 3);
    let case: Case = folder.line("case show north --json").done().json();
    assert_eq!(case.attributes["maturity"], "low");
    folder.sound();
}

#[test]
fn editing_to_the_same_is_no_event() {
    let folder = Folder::invented();
    let before = folder.dump();
    for line in [
        "case edit alder --kind system",
        "case import cases.csv",
        "participant edit P01 --role chair --case alder",
        "participant import participants.csv",
        "phase edit phase-1",
        "theme import codebook.yaml",
        "transcript edit T01 --case alder --participant P01 --speaker P01=P01",
        "code --from codings-alder.csv",
    ] {
        let run = folder.line(line).done();
        assert!(!run.stderr.contains("event 11"), "{line}: {}", run.whole());
    }
    assert_eq!(folder.dump(), before);
}

#[test]
fn phases() {
    let folder = Folder::with_study();
    whole!(
        folder.line("phase list"),
        str![[r#"
--- stderr
No phases yet. Add one with: casebook phase add SLUG --from DATE --to DATE

"#]]
    );
    whole!(
        folder.line("phase add first --from 2020-01-01 --to 2020-06-30"),
        str![[r#"
--- stderr
Added phase first.  (event 2; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("phase edit first --to 2020-07-31"),
        str![[r#"
--- stderr
Edited phase first.  (event 3; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("phase show first"),
        str![[r#"
phase  name   from        to          transcripts
first  first  2020-01-01  2020-07-31            0

"#]]
    );
    whole!(
        folder.line("phase show second"),
        str![[r#"
--- stderr
error: no phase `second`
hint: see what there is with: casebook phase list
--- status 1

"#]]
    );
    let phases: Phases = folder.line("phase list --json").done().json();
    assert_eq!(phases.phases[0].to.as_deref(), Some("2020-07-31"));
    let _: Phase = folder.line("phase show first --json").done().json();
    whole!(
        invented().line("phase list"),
        str![[r#"
phase    name     from        to          transcripts
phase-1  Phase 1  2019-12-01  2020-03-31            8
phase-2  Phase 2  2021-01-01  2021-09-30            7

"#]]
    );
    whole!(
        invented().line("phase list --csv"),
        str![[r#"
phase,name,from,to,transcripts
phase-1,Phase 1,2019-12-01,2020-03-31,8
phase-2,Phase 2,2021-01-01,2021-09-30,7

"#]]
    );
}

#[test]
fn a_case_that_is_named_twice_is_meant_once() {
    let folder = Folder::with_study();
    folder.line("case add alpha --name Alpha").done();
    folder
        .line("participant add P02 --case alpha --case alpha")
        .done();
    folder
        .line("participant edit P02 --case alpha --case alpha")
        .done();
    let shown: serde_json::Value = folder.line("participant show P02 --json").done().json();
    assert_eq!(shown["cases"], serde_json::json!(["alpha"]));
    folder.sound();
}

#[test]
fn participants() {
    let folder = Folder::invented();
    whole!(
        folder.line("participant show P06"),
        str![[r#"
P06
role          system lead
organisation  birch-commissioner
cases         birch
attribution   case
quotable      yes
transcripts   T07
sector = system

"#]]
    );
    whole!(
        folder.line("participant add P99 --attribution everywhere"),
        str![[r#"
--- stderr
error: invalid value 'everywhere' for '--attribution <LEVEL>': `everywhere` is no attribution level

For more information, try '--help'.
hint: it may be one of: named, role-org, role, case, non-attributable, background, off-record
--- status 2

"#]]
    );
    whole!(
        folder.line("participant add P99 --quotable maybe"),
        str![[r#"
--- stderr
error: `maybe` is no yes or no
hint: write it as in: --quotable no
--- status 1

"#]]
    );
    whole!(
        folder.line("participant edit P06 --quotable no"),
        str![[r#"
--- stderr
Edited participant P06.  (event 11; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("participant remove P06 --dry-run"),
        str![[r#"
--- stderr
Removing participant P06 leaves 1 transcript and 1 label unassigned and takes 1 value and 0 memos with it

"#]]
    );
    let people: Participants = folder.line("participant list --json").done().json();
    assert_eq!(people.participants.len(), 16);
    let person: Participant = folder.line("participant show P06 --json").done().json();
    assert!(!person.quotable);
    let table: Table = folder
        .line("participant import participants.csv --json")
        .done()
        .json();
    assert_eq!(table.edited, ["P06"]);
    folder.line("participant remove P06 --yes").done();
    folder.sound();
}

#[test]
fn attributes() {
    let folder = Folder::invented();
    whole!(
        folder.line("attribute list"),
        str![[r#"
attribute    of           type     levels  values
maturity     case         text                  3
population   case         integer               3
sector       participant  text                 16
interviewer  transcript   text                  1
mode         transcript   text                  1
setting      transcript   text                  1
title        transcript   text                  2

"#]]
    );
    whole!(
        folder.line("attribute add size --of case --type huge"),
        str![[r#"
--- stderr
error: invalid value 'huge' for '--type <TYPE>': `huge` is no attribute type

For more information, try '--help'.
hint: it may be one of: text, integer, decimal, date, yes-no, ordered
--- status 2

"#]]
    );
    whole!(
        folder.line("attribute add population --of case"),
        str![[r#"
--- stderr
error: attribute `population` exists already
hint: choose another, or see what there is with: casebook attribute list
--- status 1

"#]]
    );
    whole!(
        folder.line("case edit alder --attr population=many"),
        str![[r#"
--- stderr
error: attribute `population`: `many` is no whole number
hint: see its type with: casebook attribute list
--- status 1

"#]]
    );
    whole!(
        folder.line("attribute remove population --of case"),
        str![[r#"
--- stderr
error: removing attribute population takes 3 values with it: not done, as nobody was there to confirm it
hint: add --yes to confirm, or --dry-run to see what it would do
--- status 1

"#]]
    );
    whole!(
        folder.line("attribute remove population --of case --yes"),
        str![[r#"
--- stderr
Removed attribute population.  (event 11; to take it back: casebook undo)

"#]]
    );
    let all: Attributes = folder.line("attribute list --json").done().json();
    assert!(!all.attributes.iter().any(|a| a.attribute == "population"));
}
