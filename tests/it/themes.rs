//! The codebook.

#![expect(
    dead_code,
    reason = "the types say what the JSON holds; that it reads back is the test"
)]

use serde::Deserialize;
use snapbox::str;

use crate::harness::{Folder, invented, whole};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Theme {
    theme: String,
    definition: Option<String>,
    full_definition: Option<String>,
    include: Option<String>,
    exclude: Option<String>,
    example: Option<String>,
    kind: Option<String>,
    colour: Option<String>,
    codings: i64,
    transcripts: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Themes {
    themes: Vec<Theme>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Moved {
    moved: usize,
    joined: usize,
    removed: usize,
    cells_moved: usize,
    cells_joined: usize,
    cells_removed: usize,
    cells: i64,
    evidence: Vec<serde_json::Value>,
    unsupported: Vec<i64>,
    contradictory: Vec<serde_json::Value>,
    sources: Vec<serde_json::Value>,
    event: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Imported {
    added: Vec<String>,
    edited: Vec<String>,
    unchanged: usize,
    event: Option<i64>,
}

fn themes(folder: &Folder) -> Vec<Theme> {
    folder
        .line("theme list --json")
        .done()
        .json::<Themes>()
        .themes
}

#[test]
fn a_theme_from_its_making_to_its_end() {
    let folder = Folder::with_study();
    whole!(
        folder.line("theme list"),
        str![[r#"
--- stderr
No themes yet. Add one with: casebook theme add PATH --define TEXT

"#]]
    );
    whole!(
        folder.run(&[
            "theme",
            "add",
            "governance/clarity",
            "--define",
            "Who decides",
            "--include",
            "talk of who decides",
            "--colour",
            "#4477AA",
            "--kind",
            "inductive"
        ]),
        str![[r#"
--- stderr
Added theme governance/clarity.  (event 2; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("theme show governance/clarity"),
        str![[r#"
governance/clarity
0 codings
definition       Who decides
when to use      talk of who decides
kind             inductive
colour           #4477aa

"#]]
    );
    whole!(
        folder.line("theme show clarity"),
        str![[r#"
--- stderr
error: no theme `clarity`
hint: did you mean `governance/clarity`?
--- status 1

"#]]
    );
    whole!(
        folder.run(&[
            "theme",
            "edit",
            "governance/clarity",
            "--example",
            "Nobody knows."
        ]),
        str![[r#"
--- stderr
Edited theme governance/clarity.  (event 3; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("theme rename governance/clarity plainness"),
        str![[r#"
--- stderr
It is governance/plainness now.  (event 4; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("theme move governance/plainness /"),
        str![[r#"
--- stderr
It is plainness now.  (event 5; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("theme list"),
        str![[r#"
theme       codings  transcripts  definition
governance        0            0
plainness         0            0  Who decides

"#]]
    );
    whole!(
        folder.line("theme export"),
        str![[r##"
- path: governance
- path: plainness
  definition: Who decides
  include: talk of who decides
  example: Nobody knows.
  kind: inductive
  colour: "#4477aa"

"##]]
    );
    whole!(
        folder.line("theme remove plainness --yes"),
        str![[r#"
--- stderr
Removed theme plainness with 0 codings.  (event 6; to take it back: casebook undo)

"#]]
    );
    let left = themes(&folder);
    assert_eq!(
        left.iter().map(|t| &*t.theme).collect::<Vec<_>>(),
        ["governance"]
    );
}

#[test]
fn merging_keeps_every_coding() {
    let folder = Folder::invented();
    let before: i64 = themes(&folder).iter().map(|t| t.codings).sum();
    let moved: Moved = folder
        .line("theme merge consensus/veto consensus/difficult-decisions consensus --json")
        .done()
        .json();
    let after: i64 = themes(&folder).iter().map(|t| t.codings).sum();
    assert_eq!(
        after,
        before - i64::try_from(moved.joined).expect("a count")
    );
    assert_eq!(moved.removed, 0);
    folder.sound();
    let quotes = folder.line("theme remove consensus").refused();
    assert!(quotes.stderr.contains("--with-codings"));
}

#[test]
fn the_codebook_goes_out_and_comes_back() {
    for name in ["book.yaml", "book.csv"] {
        let folder = Folder::invented();
        folder.run(&["theme", "export", "-o", name]).done();
        let before = folder.dump();
        let imported: Imported = folder
            .run(&["theme", "import", name, "--json"])
            .done()
            .json();
        assert_eq!(
            (
                imported.added.len(),
                imported.edited.len(),
                imported.unchanged,
                imported.event
            ),
            (0, 0, 29, None),
            "{name}"
        );
        assert_eq!(folder.dump(), before);
        let other = Folder::with_study();
        std::fs::copy(folder.join(name), other.join(name)).expect("a copy");
        let imported: Imported = other
            .run(&["theme", "import", name, "--json"])
            .done()
            .json();
        assert_eq!(imported.added.len(), 29, "{name}");
        other.run(&["theme", "export", "-o", "again.yaml"]).done();
        folder.run(&["theme", "export", "-o", "first.yaml"]).done();
        assert_eq!(
            other.read("again.yaml"),
            folder.read("first.yaml"),
            "{name}"
        );
    }
}

#[test]
fn the_invented_codebook() {
    whole!(
        invented().line("theme show consensus/veto"),
        str![[r#"
consensus/veto
29 codings
definition       A single partner can stop a decision.
in full          Open or tacit refusal that ends a matter, whether it is used, threatened or merely expected. It includes phrases that work as a refusal.
when to use      One partner's no, or the prospect of it, decides the outcome.
when not to use  A decision that all of them put off together (consensus/difficult-decisions).
example          One raised eyebrow from the trust and the item was withdrawn.
kind             deductive
colour           #006f50

"#]]
    );
    let all = themes(invented());
    assert_eq!(all.len(), 29);
    assert!(
        all.iter().all(
            |t| t.definition.is_some() && t.colour.as_ref().is_some_and(|c| c.starts_with('#'))
        )
    );
}
