//! The codebook over time: named versions, what became of it, themes as they were; and the advice of `theme lint`.

#![expect(
    dead_code,
    reason = "the types say what the JSON holds; that it reads back is the test"
)]

use serde::Deserialize;
use snapbox::str;

use crate::harness::{Folder, whole};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Moment {
    event: i64,
    at: String,
    version: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Went {
    event: i64,
    theme: String,
    codings: usize,
    joined: usize,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Run {
    Same(String),
    Went(String),
    Came(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Field {
    field: String,
    old: Option<String>,
    new: Option<String>,
    words: Vec<Run>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Theme {
    theme: String,
    was: Option<String>,
    became: Vec<String>,
    fields: Vec<Field>,
    merged_into: Option<Went>,
    took_in: Vec<Went>,
    split_into: Vec<Went>,
    split_off: Vec<Went>,
    codings_then: Option<i64>,
    codings_later: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Diff {
    from: Moment,
    to: Moment,
    themes: Vec<Theme>,
    unchanged: usize,
    erased: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advice {
    theme: String,
    advice: String,
    what: String,
    #[serde(default)]
    fields: Vec<String>,
    with: Option<String>,
    characters: Option<(u64, u64)>,
    hint: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lint {
    composed: usize,
    themes: usize,
    codings: usize,
    pending: usize,
    advice: Vec<Advice>,
}

const INTERVIEW: &str = "INTERVIEWER: How is it going?\n\nA: Slowly. Nobody knows who decides, and the board meets twice a year.\n\nB: That is unfair. The board doesn't lead, and there was no winter plan.\n";

/// A study with a codebook of four themes and six codings.
fn coded() -> Folder {
    let folder = Folder::with_study();
    folder.write("T01.txt", INTERVIEW);
    folder.run(&["import", "T01.txt"]).done();
    for args in [
        &[
            "theme",
            "add",
            "trust",
            "--define",
            "Whom one believes here.",
        ][..],
        &["theme", "add", "trust/board"],
        &["theme", "add", "belief", "--define", "What one believes."],
        &["theme", "add", "money", "--define", "Talk of money."],
        &["code", "T01:2", "trust"],
        &["code", "T01:3", "trust"],
        &["code", "T01:2", "belief"],
        &["code", "T01:3", "money", "--quote", "winter plan"],
    ] {
        folder.run(args).done();
    }
    folder
}

#[test]
fn a_version_from_its_naming_to_its_forgetting() {
    let folder = coded();
    whole!(
        folder.line("theme version list"),
        str![[r#"
--- stderr
No versions yet. Name the codebook as it stands with: casebook theme version add v1

"#]]
    );
    whole!(
        folder.run(&[
            "theme",
            "version",
            "add",
            "v1",
            "--note",
            "after the first round"
        ]),
        str![[r#"
--- stderr
The codebook as it stands is v1.  (event 11; to take it back: casebook undo)

"#]]
    );
    for (typed, why) in [
        ("now", "now is now"),
        ("12", "numbers are events"),
        ("2021-05-01", "dates are days"),
        ("V1", "exists already"),
    ] {
        let run = folder.run(&["theme", "version", "add", typed]).refused();
        assert!(run.stderr.contains(why), "{}", run.whole());
    }
    for args in [
        &[
            "theme",
            "edit",
            "money",
            "--define",
            "Talk of money and time.",
            "--kind",
            "inductive",
        ][..],
        &["theme", "rename", "trust/board", "boards"],
        &["theme", "move", "trust/boards", "money"],
        &["theme", "merge", "trust", "belief"],
        &["theme", "add", "pace"],
        &["code", "T01:1", "belief"],
    ] {
        folder.run(args).done();
    }
    whole!(
        folder.line("theme diff v1"),
        str![[r#"
v1 (event 11, 2021-05-01) → event 17 (2021-05-01)
1 added, 1 merged, 1 renamed, 1 moved, 1 redefined, 0 unchanged

~ belief  took in trust (2 codings, 1 of them joined with one that was there)  (1 → 3 codings)

~ money  redefined  (1 coding)
    definition       Talk of [-money.-]{+money and time.+}
    kind             {+inductive+}

~ money/boards  renamed; moved: was trust/board  (0 codings)

+ pace  added  (0 codings)

- trust  merged into belief (2 codings, 1 of them joined with one that was there)  (had 2 codings)

"#]]
    );
    whole!(
        folder.line("theme diff v1 --csv"),
        str![[r#"
theme,was,became,codings_then,codings_later,field,old,new
belief,,"took in trust (2 codings, 1 of them joined with one that was there)",1,3,,,
money,,redefined,1,1,definition,Talk of money.,Talk of money and time.
money,,redefined,1,1,kind,,inductive
money/boards,trust/board,renamed; moved: was trust/board,0,0,,,
pace,,added,,0,,,
trust,,"merged into belief (2 codings, 1 of them joined with one that was there)",2,,,,

"#]]
    );
    whole!(
        folder.line("theme version list"),
        str![[r#"
version  event  at                    coder  themes  changed  note
v1          11  2021-05-01T09:00:00Z  mara        4        -  after the first round
--- stderr
4 themes changed since v1; see with: casebook theme diff "v1"

"#]]
    );
    whole!(
        folder.line("theme show belief"),
        str![[r#"
belief
3 codings
made: 2 before the first version, 1 under v1
definition       What one believes.

"#]]
    );
    whole!(
        folder.line("theme show trust --as-of v1"),
        str![[r#"
trust
as of v1 (event 11, 2021-05-01): 2 codings
gone now
definition       Whom one believes here.

"#]]
    );
    // By its path of now, where it has another.
    whole!(
        folder.line("theme show money/boards --as-of 4"),
        str![[r#"
trust/board
as of event 4 (2021-05-01): 0 codings
now money/boards

"#]]
    );
    whole!(
        folder.line("theme list --as-of v1"),
        str![[r#"
theme        codings  now           definition
trust              2  (gone)        Whom one believes here.
trust/board        0  money/boards
belief             1                What one believes.
money              1                Talk of money.

"#]]
    );
    whole!(
        folder.run(&[
            "theme", "version", "edit", "v1", "--name", "first", "--note", ""
        ]),
        str![[r#"
--- stderr
Edited version first.  (event 18; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("theme version remove first"),
        str![[r#"
--- stderr
Forgot version first.  (event 19; to take it back: casebook undo)

"#]]
    );
    folder.sound();
}

#[test]
fn moments_are_events_days_and_versions() {
    let folder = coded();
    folder.line("theme version add v1").done();
    let diff: Diff = folder.line("theme diff 2 --json").done().json();
    assert_eq!((diff.from.event, diff.to.event), (2, 11));
    assert_eq!(diff.themes.len(), 4);
    assert!(diff.themes.iter().all(|t| t.became == ["added"]));
    assert_eq!(diff.themes[0].codings_later, Some(2));
    // The clock of tests stands still: the whole study is on one day.
    let diff: Diff = folder.line("theme diff 2021-05-01 v1 --json").done().json();
    assert_eq!((diff.themes.len(), diff.unchanged), (0, 4));
    assert_eq!(diff.to.version.as_deref(), Some("v1"));
    whole!(
        folder.line("theme diff 2020-01-01"),
        str![[r#"
--- stderr
error: the study had not begun on 2020-01-01
hint: see when what was done with: casebook log
--- status 1

"#]]
    );
    whole!(
        folder.line("theme diff 99"),
        str![[r#"
--- stderr
error: no event `99`
hint: events are numbered from 1 to 11; see them with: casebook log
--- status 1

"#]]
    );
    whole!(
        folder.line("theme diff now 3"),
        str![[r#"
--- stderr
error: now comes after 3
hint: write the earlier one first: casebook theme diff "3" "now"
--- status 1

"#]]
    );
    whole!(
        folder.line("theme diff v2"),
        str![[r#"
--- stderr
error: no version of the codebook `v2`
hint: see what there is with: casebook theme version list
--- status 1

"#]]
    );
    whole!(
        folder.line("theme show nothing --as-of 3"),
        str![[r#"
--- stderr
error: no theme `nothing`
hint: see what there is with: casebook theme list
--- status 1

"#]]
    );
}

#[test]
fn what_undo_took_back_is_no_change() {
    let folder = coded();
    folder.line("theme version add v1").done();
    folder.line("theme merge trust belief").done();
    folder.line("undo").done();
    let diff: Diff = folder.line("theme diff v1 --json").done().json();
    assert_eq!((diff.themes.len(), diff.unchanged), (0, 4));
}

/// A codebook with one of each fault.
fn faulty() -> Folder {
    let folder = Folder::with_study();
    folder.write("T01.txt", INTERVIEW);
    folder.run(&["import", "T01.txt"]).done();
    let full = |path: &'static str, define: &'static str, example: &'static str| {
        vec![
            "theme",
            "add",
            path,
            "--define",
            define,
            "--full",
            "In full.",
            "--include",
            "When.",
            "--exclude",
            "When not.",
            "--example",
            example,
        ]
    };
    for args in [
        full(
            "fine",
            "Everything is as it should be.",
            "Nobody knows who decides … twice a year",
        ),
        full(
            "gone",
            "An example that was corrected away.",
            "there was no winter plan",
        ),
        full(
            "nowhere",
            "An example that was never said.",
            "we never said that",
        ),
        full(
            "elsewhere",
            "An example coded with another theme only.",
            "the board doesn't lead",
        ),
        full(
            "boards",
            "What committees do and what they leave.",
            "That is unfair",
        ),
        full(
            "board",
            "What committees do and what they lack.",
            "That is unfair",
        ),
        full(
            "fine/board",
            "Another thing altogether, below.",
            "How is it going",
        ),
        vec!["theme", "add", "a/b/c/d/e", "--define", "Far down."],
    ] {
        folder.run(&args).done();
    }
    for (coder, place, themes) in [
        ("mara", "T01:2", &["fine", "elsewhere"][..]),
        ("jo", "T01:2", &["fine"]),
        ("mara", "T01:3", &["gone", "gone", "boards", "board"]),
        ("jo", "T01:3", &["boards", "board", "nowhere"]),
        ("mara", "T01:2", &["boards", "board", "gone"]),
        ("mara", "T01:1", &["fine/board", "nowhere"]),
        ("jo", "T01:1", &["fine/board"]),
    ] {
        let mut args = vec!["--coder", coder, "code", place];
        args.extend(themes);
        folder.run(&args).done();
    }
    folder
        .run(&[
            "transcript",
            "edit",
            "T01",
            "--replace",
            "winter plan",
            "--with",
            "summer plan",
            "--yes",
        ])
        .done();
    folder
}

#[test]
fn lint_finds_one_of_each_fault() {
    let folder = faulty();
    whole!(
        folder.line("theme lint"),
        str![[r#"
theme      advice             what                                                                    hint
gone       example-gone       its example stood in a text that was corrected since                    casebook theme edit "gone" --example TEXT
gone       one-coder          one of 2 people who code uses it                                        casebook matrix --rows coder --cols theme --theme "gone"
elsewhere  example-not-coded  its example stands in a transcript, but is not coded with it            casebook code T01@122-144 "elsewhere"
elsewhere  used-once          one passage is coded with it                                            casebook quotes --theme "elsewhere"
boards     alike-names        its name is nearly that of fine/board                                   casebook theme rename "boards" NAME   or: casebook theme merge "boards" "fine/board"
board      same-name          fine/board has the same name                                            casebook theme rename "board" NAME   or: casebook theme merge "board" "fine/board"
board      alike-names        its name is nearly that of boards                                       casebook theme rename "board" NAME   or: casebook theme merge "board" "boards"
board      alike-definitions  it is defined nearly as boards                                          casebook theme merge "board" "boards"
board      same-passages      136 of 136 characters coded with it or with boards are coded with both  casebook theme merge "board" "boards"
a          empty-fields       empty: definition, full definition, include, exclude, example           casebook theme edit "a" --define TEXT --full TEXT --include TEXT --exclude TEXT --example TEXT
a          unused             nothing is coded with it                                                casebook theme remove "a" --with-codings
a/b        empty-fields       empty: definition, full definition, include, exclude, example           casebook theme edit "a/b" --define TEXT --full TEXT --include TEXT --exclude TEXT --example TEXT
a/b        unused             nothing is coded with it                                                casebook theme remove "a/b" --with-codings
a/b/c      empty-fields       empty: definition, full definition, include, exclude, example           casebook theme edit "a/b/c" --define TEXT --full TEXT --include TEXT --exclude TEXT --example TEXT
a/b/c      unused             nothing is coded with it                                                casebook theme remove "a/b/c" --with-codings
a/b/c/d    empty-fields       empty: definition, full definition, include, exclude, example           casebook theme edit "a/b/c/d" --define TEXT --full TEXT --include TEXT --exclude TEXT --example TEXT
a/b/c/d    unused             nothing is coded with it                                                casebook theme remove "a/b/c/d" --with-codings
a/b/c/d/e  empty-fields       empty: full definition, include, exclude, example                       casebook theme edit "a/b/c/d/e" --full TEXT --include TEXT --exclude TEXT --example TEXT
a/b/c/d/e  unused             nothing is coded with it                                                casebook theme remove "a/b/c/d/e"
a/b/c/d/e  too-deep           it stands on level 5                                                    casebook theme move "a/b/c/d/e" NEW_PARENT
--- stderr
20 pieces of advice on 12 themes, from 15 codings.
1 example stands in no transcript: composed, it seems. They are listed with --only example-not-found.

"#]]
    );
    let lint: Lint = folder.line("theme lint --json").done().json();
    assert_eq!(lint.composed, 1);
    let kinds: std::collections::BTreeSet<&str> =
        lint.advice.iter().map(|a| a.advice.as_str()).collect();
    for kind in [
        "empty-fields",
        "example-gone",
        "example-not-coded",
        "unused",
        "used-once",
        "one-coder",
        "same-name",
        "alike-names",
        "alike-definitions",
        "same-passages",
        "too-deep",
    ] {
        assert!(kinds.contains(kind), "{kind} is not found");
    }
    let composed: Lint = folder
        .line("theme lint --only example-not-found --json")
        .done()
        .json();
    assert_eq!(composed.advice.len(), 1);
    assert!(lint.advice.iter().all(|a| a.theme != "fine"));
    whole!(
        folder.line("theme lint --only unused --strict"),
        str![[r#"
theme      advice  what                      hint
a          unused  nothing is coded with it  casebook theme remove "a" --with-codings
a/b        unused  nothing is coded with it  casebook theme remove "a/b" --with-codings
a/b/c      unused  nothing is coded with it  casebook theme remove "a/b/c" --with-codings
a/b/c/d    unused  nothing is coded with it  casebook theme remove "a/b/c/d" --with-codings
a/b/c/d/e  unused  nothing is coded with it  casebook theme remove "a/b/c/d/e"
--- stderr
5 pieces of advice on 12 themes, from 15 codings.
--- status 1

"#]]
    );
    whole!(
        folder.line("theme lint --only used"),
        str![[r#"
--- stderr
error: invalid value 'used' for '--only <KIND>': `used` is no kind of advice

For more information, try '--help'.
hint: did you mean `unused`? It may be one of: empty-fields, example-gone, example-not-found, example-not-coded, unused, used-once, one-coder, same-name, alike-names, alike-definitions, same-passages, too-deep
--- status 2

"#]]
    );
    let advised = lint.advice.iter().find(|a| a.advice == "example-not-coded");
    let hint = &advised.expect("it is there").hint;
    folder
        .line(&hint.trim_start_matches("casebook ").replace('"', ""))
        .done();
    let again: Lint = folder.line("theme lint --json").done().json();
    assert!(again.advice.iter().all(|a| a.advice != "example-not-coded"));
}

#[test]
fn a_codebook_without_fault_is_passed() {
    let folder = Folder::with_study();
    whole!(
        folder.line("theme lint --strict"),
        str![[r#"
--- stderr
Nothing to better in 0 themes.

"#]]
    );
}
