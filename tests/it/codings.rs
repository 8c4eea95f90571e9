//! Coding, quotes, memos, and what a rule codes.

#![expect(
    dead_code,
    reason = "the types say what the JSON holds; that it reads back is the test"
)]

use serde::Deserialize;
use snapbox::str;

use crate::harness::{Folder, invented, whole};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Coded {
    codings: Vec<i64>,
    known: usize,
    transcript: String,
    start: u32,
    end: u32,
    text: String,
    themes: Vec<String>,
    coder: String,
    event: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bulk {
    coded: usize,
    known: usize,
    memos: usize,
    event: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Uncoded {
    removed: Vec<i64>,
    cells: i64,
    evidence: Vec<serde_json::Value>,
    unsupported: Vec<i64>,
    contradictory: Vec<serde_json::Value>,
    sources: Vec<serde_json::Value>,
    event: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    rule: String,
    theme: String,
    spread: String,
    turns: u64,
    codings: usize,
    known: usize,
    event: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Quotes {
    total: usize,
    pending: usize,
    quotes: Vec<Quote>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Quote {
    coding: i64,
    transcript: String,
    revision: i64,
    turn: i64,
    start: u32,
    end: u32,
    text: String,
    theme: String,
    coder: String,
    case: Option<String>,
    participant: Option<String>,
    memo: Option<String>,
    section: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Coders {
    coders: Vec<Coder>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Coder {
    coder: String,
    codings: i64,
    first: Option<String>,
    last: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Memo {
    memo: i64,
    on: String,
    coder: String,
    at: String,
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Memos {
    memos: Vec<Memo>,
}

#[test]
fn a_passage_is_coded_once() {
    let folder = Folder::invented();
    whole!(
        folder.run(&[
            "code",
            "T07:4",
            "context",
            "trust",
            "--quote",
            "half the room"
        ]),
        str![[r#"
--- stderr
error: no theme `trust`
hint: did you mean `consensus/trust`?
--- status 1

"#]]
    );
    whole!(
        folder.run(&["code", "T07:4", "context", "--memo", "Compare with alder."]),
        str![[r#"
T07@542-921  “It matters enormously to everybody else. To me less than it should, probably. If I say the stroke w…”
context  coding 7000036
--- stderr
Coded.  (event 11; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.run(&["code", "T07:4", "context"]),
        str![[r#"
T07@542-921  “It matters enormously to everybody else. To me less than it should, probably. If I say the stroke w…”
context  coding -
--- stderr
1 theme you had there already; nothing is coded twice.

"#]]
    );
    let coded: Coded = folder
        .run(&["code", "T07:6", "context", "--json", "--coder", "jo"])
        .done()
        .json();
    assert_eq!(
        (coded.codings.len(), coded.known, &*coded.coder),
        (1, 0, "jo")
    );
    let number = coded.codings[0].to_string();
    whole!(
        folder.run(&["uncode", &number, "--dry-run"]),
        str![[r#"
--- stderr
1 coding would be taken away.

"#]]
    );
    let gone: Uncoded = folder
        .run(&["uncode", &number, &number, "--json"])
        .done()
        .json();
    assert_eq!(gone.removed, coded.codings);
    folder.run(&["uncode", &number]).refused();
    folder.sound();
}

#[test]
fn coding_from_a_file_twice_changes_nothing() {
    let folder = Folder::invented();
    let before = folder.dump();
    let bulk: Bulk = folder
        .line("code --from codings-birch.csv --json")
        .done()
        .json();
    assert_eq!(
        (bulk.coded, bulk.known, bulk.memos, bulk.event),
        (0, 175, 0, None)
    );
    assert_eq!(folder.dump(), before);
}

#[test]
fn quotes_as_text_and_as_a_table() {
    whole!(
        invented().line("quotes --theme consensus/veto --role councillor"),
        str![[r#"
T08:18  P07  birch  consensus/veto  mara  coding 8000010
I’m in favour of it. If they could outvote me I’d not go. I’d be one of twenty-three, and I’d be carrying home a decision on the cottage hospital that my residents didn’t make and couldn’t undo.

T08:20  P07  birch  consensus/veto  mara  coding 8000011
When you’ve no say in where the money goes and no say in who’s appointed, the one thing that you’ve left is to say no, and to be believed when you say it.
    memo: veto defended as the weaker party's only power

T08:20  P07  birch  consensus/veto  jo  coding 8000012
When you’ve no say in where the money goes and no say in who’s appointed, the one thing that you’ve left is to say no, and to be believed when you say it.

--- stderr
3 quotes.

"#]]
    );
    whole!(
        invented().line("quotes --theme consensus/veto --role councillor --csv"),
        str![[r#"
coding,transcript,revision,turn,start,end,text,theme,coder,case,participant,memo,section
8000010,T08,1,18,3126,3320,"I’m in favour of it. If they could outvote me I’d not go. I’d be one of twenty-three, and I’d be carrying home a decision on the cottage hospital that my residents didn’t make and couldn’t undo.",consensus/veto,mara,birch,P07,,
8000011,T08,1,20,3412,3566,"When you’ve no say in where the money goes and no say in who’s appointed, the one thing that you’ve left is to say no, and to be believed when you say it.",consensus/veto,mara,birch,P07,veto defended as the weaker party's only power,
8000012,T08,1,20,3412,3566,"When you’ve no say in where the money goes and no say in who’s appointed, the one thing that you’ve left is to say no, and to be believed when you say it.",consensus/veto,jo,birch,P07,,
--- stderr
3 quotes.

"#]]
    );
    whole!(
        invented().line("quotes --theme consensus/veto --participant P01 --by nobody"),
        str![[r#"
--- stderr
error: no coder `nobody`
hint: see what there is with: casebook coder list
--- status 1

"#]]
    );
    let all: Quotes = invented().line("quotes --speaker all --json").done().json();
    assert_eq!((all.total, all.quotes.len()), (520, 520));
    let few: Quotes = invented()
        .line("quotes --limit 3 --speaker all --json")
        .done()
        .json();
    assert_eq!((few.total, few.quotes.len()), (520, 3));
    for q in &all.quotes {
        assert_eq!(
            q.text.chars().count(),
            usize::try_from(q.end - q.start).expect("a length"),
            "coding {}",
            q.coding
        );
    }
}

#[test]
fn quotes_go_into_a_file() {
    let folder = Folder::invented();
    whole!(
        folder.line("quotes --theme consensus/veto -o veto.md"),
        str![[r#"
--- stderr
Held back: 2 quotes (2 background only).
Wrote 21 quotes to veto.md.

"#]]
    );
    whole!(
        folder.line("quotes --theme consensus/veto -o veto.pdf"),
        str![[r#"
--- stderr
error: a report cannot be written as `.pdf`
hint: end the file's name in `.md`, `.html` or `.docx`
--- status 1

"#]]
    );
    assert!(folder.read("veto.md").contains("veto"));
    whole!(
        folder.line("quotes --theme consensus/veto --audience team -o team.md"),
        str![[r#"
--- stderr
Wrote 29 quotes to team.md.

"#]]
    );
    folder
        .line("quotes --theme consensus/veto -o veto.html")
        .done();
    assert!(folder.read("veto.html").contains("</html>"));
}

#[test]
fn a_rule_codes_what_a_search_finds() {
    let folder = Folder::invented();
    let dry: Rule = folder
        .run(&[
            "autocode",
            "\"data sharing\"",
            "enablers/shared-data",
            "--dry-run",
            "--json",
        ])
        .done()
        .json();
    whole!(
        folder.run(&[
            "autocode",
            "\"data sharing\"",
            "enablers/shared-data",
            "--name",
            "sharing"
        ]),
        str![[r#"
2 turns found; 2 passages coded with enablers/shared-data as auto:sharing
--- stderr
(event 11; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.run(&[
            "autocode",
            "\"data sharing\"",
            "enablers/shared-data",
            "--name",
            "sharing"
        ]),
        str![[r#"
2 turns found; 0 passages coded with enablers/shared-data as auto:sharing, 2 coded by this rule already

"#]]
    );
    whole!(
        folder.run(&["autocode", "\"data sharing", "enablers/shared-data"]),
        str![[r#"
--- stderr
error: this quote is not closed
  "data sharing
  ^
hint: add `"` where the phrase ends
--- status 1

"#]]
    );
    assert!(dry.event.is_none() && dry.codings == 2);
    let coders: Coders = folder.line("coder list --json").done().json();
    assert!(
        coders
            .coders
            .iter()
            .any(|c| c.coder == "auto:sharing" && c.codings == 2)
    );
    whole!(
        folder.line("coder list"),
        str![[r#"
coder         codings  first       last
auto:sharing        2  2021-05-01  2021-05-01
jo                246  2021-05-01  2021-05-01
mara              274  2021-05-01  2021-05-01

"#]]
    );
    folder.sound();
}

#[test]
fn memos_on_anything() {
    let folder = Folder::invented();
    for on in [
        "study",
        "case:alder",
        "participant:P01",
        "transcript:T01",
        "theme:consensus/veto",
        "coding:1000001",
    ] {
        let memo: Memo = folder
            .run(&["memo", "add", "--on", on, "A thought.", "--json"])
            .done()
            .json();
        assert_eq!(memo.on, on);
        let found: Memos = folder
            .run(&["memo", "list", "--on", on, "--json"])
            .done()
            .json();
        assert!(found.memos.iter().any(|m| m.memo == memo.memo));
    }
    whole!(
        folder.line("memo list --on case:alder"),
        str![[r#"
memo  on          coder  at                    text
  56  case:alder  mara   2021-05-01T09:00:00Z  A thought.

"#]]
    );
    whole!(
        folder.run(&["memo", "edit", "55", "Another thought."]),
        str![[r#"
--- stderr
Edited memo 55.  (event 17; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("memo show 55"),
        str![[r#"
memo 55 on study
mara · 2021-05-01T09:00:00Z

Another thought.

"#]]
    );
    whole!(
        folder.line("memo remove 55"),
        str![[r#"
--- stderr
Removed memo 55.  (event 18; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("memo show 55"),
        str![[r#"
--- stderr
error: no memo `55`
hint: see memos and their numbers with: casebook memo list
--- status 1

"#]]
    );
    folder.sound();
}
