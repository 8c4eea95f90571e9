//! Withdrawing without erasing: stopping, being left out, and taking either back.

use serde_json::Value;
use snapbox::str;

use crate::erasing::consent;
use crate::harness::{Folder, whole};

fn study() -> Folder {
    let folder = Folder::with_study();
    folder.write(
        "in/a.txt",
        "Int: Well?\n\nAnn: Apples are green and trusted.\n\nBo: Apples are red, I say.\n",
    );
    folder.write(
        "in/b.txt",
        "Int: And?\n\nP7: More apples, trusted by all of us.\n",
    );
    for args in [
        &["case", "add", "valley", "--name", "Valley"][..],
        &["participant", "add", "P7", "--case", "valley"],
        &["participant", "add", "P1", "--case", "valley"],
        &[
            "import",
            "in/a.txt",
            "--case",
            "valley",
            "--kind",
            "focus-group",
            "--speaker",
            "Int=interviewer",
            "--speaker",
            "Ann=P7",
            "--speaker",
            "Bo=P1",
        ],
        &["theme", "add", "trust"],
        &["code", "T01:2", "trust"],
        &["code", "T01:3", "trust"],
        &[
            "frame",
            "set",
            "valley",
            "trust",
            "They are trusted.",
            "--coding",
            "1000001",
            "--coding",
            "1000002",
        ],
        &["finding", "add", "Apples are trusted."],
        &["finding", "support", "1", "--coding", "1000001"],
    ] {
        folder.run(args).done();
    }
    folder
}

fn total(folder: &Folder) -> Value {
    let quotes: Value = folder
        .run(&["quotes", "--theme", "trust", "--json"])
        .done()
        .json();
    quotes["total"].clone()
}

#[test]
fn stopping_ends_collecting_and_leaves_what_is_there() {
    let folder = study();
    let before = folder.dump();
    whole!(
        folder.run(&[
            "withdraw",
            "P7",
            "--mode",
            "stop",
            "--asked",
            "2021-04-30",
            "--yes"
        ]),
        str![[r#"
P7 · stop · asked for on 2021-04-30
  T01  shared; 1 turn: 2
codings       1
memos         0
and           0 consents, 0 responses, 0 values, 0 milestones
--- stderr
P7 withdrew: stop.  (event 12; to take it back: casebook undo)

"#]]
    );
    assert_eq!(total(&folder), 2);
    whole!(
        folder.run(&["import", "in/b.txt", "--participant", "P7"]),
        str![[r#"
--- stderr
error: `in/b.txt` is with P7, who withdrew on 2021-04-30 (stop)
hint: leave it out of the import; if the withdrawal was a mistake: casebook undo 12 --why "a slip of mine"
--- status 1

"#]]
    );
    whole!(
        folder.run(&["import", "in/b.txt"]),
        str![[r#"
--- stderr
error: `in/b.txt` is with P7, who withdrew on 2021-04-30 (stop)
hint: leave it out of the import; if the withdrawal was a mistake: casebook undo 12 --why "a slip of mine"
--- status 1

"#]]
    );
    whole!(
        folder.run(&["withdraw"]),
        str![[r#"
participant  mode  asked       at                    event
P7           stop  2021-04-30  2021-05-01T09:00:00Z     12

"#]]
    );
    whole!(
        folder.run(&["undo"]),
        str![[r#"
--- stderr
error: event 12 is a promise to somebody (withdraw P7: stop): it is not taken back without a reason
hint: say who agreed, or that it was a slip: casebook undo 12 --why "a slip of mine"
--- status 1

"#]]
    );
    folder
        .run(&["undo", "12", "--why", "a slip of mine"])
        .done();
    assert_eq!(folder.dump(), before);
    folder
        .run(&["import", "in/b.txt", "--participant", "P7"])
        .done();
}

#[test]
fn who_is_left_out_is_in_no_output_and_what_leans_on_them_says_so() {
    let folder = study();
    let before = folder.dump();
    let stale = |folder: &Folder| {
        folder
            .run(&["frame", "show", "valley", "trust", "--json"])
            .json::<Value>()["stale"]
            .clone()
    };
    assert!(stale(&folder).is_null());
    whole!(
        folder.run(&["withdraw", "P7", "--mode", "exclude", "--dry-run"]),
        str![[r#"
P7 · exclude · asked for on 2021-05-01
  T01  shared; 1 turn: 2
codings       1
memos         0
cell          valley,trust  1 of its 2 codings
finding       1  support 1, 0 left
and           0 consents, 0 responses, 0 values, 0 milestones
out of reach  the files that transcripts were imported from; copies, backups and printed reports that the study does not know of; what others say about the person in their own words; names that were given to themes, phases, attributes and cases, and lines of the record that hold them; recordings and signed forms

"#]]
    );
    assert_eq!(folder.dump(), before);
    folder
        .run(&["withdraw", "P7", "--mode", "exclude", "--yes"])
        .done();
    assert_eq!(total(&folder), 1);
    assert!(
        !stale(&folder).is_null(),
        "the cell is as if nothing had happened"
    );
    whole!(
        folder.run(&["check", "--evidence"]),
        str![[r#"
1 problem found:
  finding 1  support-gone: nothing that is named as its support counts any more
--- stderr
error: the chain of evidence is broken in 1 place
hint: begin with: casebook finding show 1
--- status 1

"#]]
    );
    folder.run(&["undo", "--why", "a slip of mine"]).done();
    assert_eq!(folder.dump(), before);
    assert_eq!(total(&folder), 2);
    folder.run(&["check", "--evidence"]).done();
}

#[test]
fn what_cannot_be_is_refused() {
    let folder = study();
    let before = folder.dump();
    whole!(
        folder.run(&["withdraw", "P9", "--mode", "stop", "--yes"]),
        str![[r#"
--- stderr
error: no participant `P9`
hint: see what there is with: casebook participant list
--- status 1

"#]]
    );
    whole!(
        folder.run(&["withdraw", "P7", "--yes"]),
        str![[r#"
--- stderr
error: it is not said how far the withdrawal reaches
hint: see what each reaches with: casebook withdraw P7 --mode stop|exclude|erase --dry-run
--- status 1

"#]]
    );
    whole!(
        folder.run(&[
            "withdraw",
            "P7",
            "--mode",
            "stop",
            "--asked",
            "2021-05-02",
            "--yes"
        ]),
        str![[r#"
--- stderr
error: 2021-05-02 is in the future
hint: give the day on which the participant asked for it, as in: --asked 2021-04-30
--- status 1

"#]]
    );
    whole!(
        folder.run(&["withdraw", "P7", "--mode", "stop"]),
        str![[r#"
--- stderr
P7 · stop · asked for on 2021-05-01
  T01  shared; 1 turn: 2
codings       1
memos         0
and           0 consents, 0 responses, 0 values, 0 milestones
out of reach  the files that transcripts were imported from; copies, backups and printed reports that the study does not know of; what others say about the person in their own words; names that were given to themes, phases, attributes and cases, and lines of the record that hold them; recordings and signed forms

error: nothing more is collected from P7: not done, as nobody was there to confirm it
hint: add --yes to confirm, or --dry-run to see what it would do
--- status 1

"#]]
    );
    assert_eq!(folder.dump(), before);
    consent(&folder, "P7", "2021-02-01", None);
    whole!(
        folder.run(&[
            "withdraw",
            "P7",
            "--mode",
            "stop",
            "--asked",
            "2021-01-31",
            "--yes"
        ]),
        str![[r#"
--- stderr
error: P7 withdrew before the first consent was signed (2021-02-01)
hint: see the dates with: casebook consent show P7
--- status 1

"#]]
    );
    folder
        .run(&["withdraw", "P7", "--mode", "exclude", "--yes"])
        .done();
    whole!(
        folder.run(&["withdraw", "P7", "--mode", "exclude", "--yes"]),
        str![[r#"
--- stderr
error: P7 withdrew already: exclude (event 13)
hint: to take that back: casebook undo 13 --why "a slip of mine"
--- status 1

"#]]
    );
    whole!(
        folder.run(&["withdraw", "P7", "--mode", "stop", "--yes"]),
        str![[r#"
--- stderr
error: P7 withdrew already: exclude (event 13)
hint: to take that back: casebook undo 13 --why "a slip of mine"
--- status 1

"#]]
    );
    folder
        .run(&["withdraw", "P7", "--mode", "erase", "--yes"])
        .done();
    whole!(
        folder.run(&["withdraw", "P7", "--mode", "stop", "--yes"]),
        str![[r#"
--- stderr
error: P7 was erased (event 14)
hint: look for what may be left with: casebook erase verify P7
--- status 1

"#]]
    );
    whole!(
        folder.run(&["erase", "verify", "P1"]),
        str![[r#"
--- stderr
error: `P1` was not erased
hint: see what was done with: casebook log
--- status 1

"#]]
    );
}
