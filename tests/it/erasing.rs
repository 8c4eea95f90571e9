//! Gone means gone: words that stand in every state a study can hold them in are in no byte of it afterwards, everybody
//! else's data are as they were to the byte, and whatever stops an erase, the next command goes on with it.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use casebook::domain::words::Attribution;
use casebook::store::{Access, Items, NewConsent, Store, Who};
use serde_json::Value;
use snapbox::str;

use crate::harness::{Folder, STUDY, copy, whole};

/// In every text of the person who goes, and in nobody else's.
const SENTINEL: &str = "sentinel";

const SOLO: &str = "\
INTERVIEWER: How is it going at the board this year?

P7: Slowly, sentinelaa we had eleven sentinelab beds and no nurse at all. Nobody sentinelac trusts the board.

INTERVIEWER: And the winter?

P7: The winter sentinelad comes every year and surprises nobody here.
";
const GROUP: &str = "\
# The valley

Moderator: Who decides in the valley when money is short?

Sentinella: I sentinelba decide sentinelbb when all the others have gone home early.

Bo: That is unfair. We trust the board with the beds, if not with the money.

Sentinella: You never sentinelbc trusted anybody with anything at all, Bo.

Moderator: And the winter?

Bo: The winter is a surprise to those who do not look at the calendar.
";
const OTHER: &str = "\
INTERVIEWER: How is it going at the board this year?

P1: Quite well, thank you. We meet each month and decide what has to be decided.
";

/// A study in which the words stand in every state: coded, revised, in memos, in states of the record by edits, undone
/// imports, removed copies that nobody linked with them, split and merged transcripts, quoted by others, in reasons,
/// attributes, consents, limits, answers, exports, backups.
fn planted() -> Folder {
    let folder = Folder::with_study();
    folder.write("in/solo.txt", SOLO);
    folder.write("in/group.txt", GROUP);
    folder.write("in/other.txt", OTHER);
    folder.write("in/undone.txt", SOLO.replace("sentinela", "sentinelc"));
    folder.write("in/removed.txt", GROUP.replace("sentinelb", "sentineld"));
    folder.write(
        "in/corrected.txt",
        SOLO.replace("Slowly, sentinelaa", "Slowly, sentinelae"),
    );
    fs::create_dir_all(folder.join("kept")).expect("a folder");
    for args in PLANT {
        if args[0] == "backup" {
            consent(&folder, "P7", "2020-12-01", Some("drawer sentinelem"));
        }
        folder.run(args).done();
    }
    folder
}

/// Puts a signed form on record.
pub(crate) fn consent(folder: &Folder, code: &str, signed: &str, form: Option<&str>) {
    let store = Store::open(&folder.join(STUDY), Access::Write).expect("it opens");
    let who = Who {
        coder: "mara".into(),
        at: "2021-05-01T09:00:00Z".into(),
        why: None,
    };
    let items = Items {
        take_part: true,
        record: None,
        quote: Some(true),
        attribution: Attribution::Role,
        share: None,
        archive: None,
        contact: None,
        until: None,
    };
    store
        .change(&who, "consent add", |tx| {
            let coder = tx.coder("mara")?;
            let participant = tx.participant(code)?.id;
            Ok(tx.add_consent(
                coder,
                &NewConsent {
                    participant,
                    version: 1,
                    signed,
                    form,
                    items: &items,
                    approval: None,
                },
            )?)
        })
        .expect("written");
}

const PLANT: &[&[&str]] = &[
    &["case", "add", "valley", "--name", "Valley"],
    &[
        "attribute",
        "add",
        "note",
        "--of",
        "participant",
        "--type",
        "text",
    ],
    &[
        "participant",
        "add",
        "P7",
        "--case",
        "valley",
        "--role",
        "sentinelea",
        "--attr",
        "note=sentineleb is it",
    ],
    &[
        "participant",
        "add",
        "P1",
        "--case",
        "valley",
        "--role",
        "nurse",
        "--attr",
        "note=long in the valley",
    ],
    &[
        "participant",
        "edit",
        "P7",
        "--role",
        "chair",
        "--attr",
        "note=sentinelec now",
        "--why",
        "sentineled asked for it",
    ],
    &[
        "import",
        "in/solo.txt",
        "--participant",
        "P7",
        "--case",
        "valley",
        "--date",
        "2021-01-01",
        "--speaker",
        "INTERVIEWER=interviewer",
        "--speaker",
        "P7=P7",
    ],
    &[
        "import",
        "in/group.txt",
        "--case",
        "valley",
        "--kind",
        "focus-group",
        "--speaker",
        "Moderator=interviewer",
        "--speaker",
        "Sentinella=P7",
        "--speaker",
        "Bo=P1",
    ],
    &[
        "import",
        "in/other.txt",
        "--case",
        "valley",
        "--speaker",
        "INTERVIEWER=interviewer",
        "--speaker",
        "P1=P1",
    ],
    // Undone; and in again under a number that nobody linked with the person, and removed.
    &[
        "import",
        "in/undone.txt",
        "--participant",
        "P7",
        "--speaker",
        "INTERVIEWER=interviewer",
        "--speaker",
        "P7=P7",
    ],
    &["undo"],
    &["import", "in/solo.txt", "--again", "--id", "D1"],
    &["transcript", "remove", "D1", "--yes"],
    &[
        "import",
        "in/removed.txt",
        "--id",
        "D2",
        "--speaker",
        "Moderator=interviewer",
        "--speaker",
        "Sentinella=P7",
        "--speaker",
        "Bo=P1",
    ],
    &["theme", "add", "money"],
    &["code", "D2:2", "money", "--memo", "sentinelef on what goes"],
    &["transcript", "remove", "D2", "--yes"],
    &[
        "theme",
        "add",
        "trust",
        "--example",
        "we had eleven sentinelab beds and no nurse",
    ],
    &["code", "T01:2", "money", "--memo", "sentineleg a memo"],
    &["code", "T02:2", "money", "--memo", "sentineleh a memo"],
    &[
        "code",
        "T02:2-3",
        "trust",
        "--memo",
        "she says: never sentinelbc trusted anybody with anything at all, so",
    ],
    &["code", "T02:3", "money", "--memo", "he trusts"],
    &["code", "T03:2", "money"],
    &["memo", "add", "--on", "participant:P7", "sentinelei first"],
    &["memo", "edit", "6", "sentinelej then"],
    &[
        "memo",
        "add",
        "--on",
        "transcript:T01",
        "sentinelek",
        "--why",
        "sentinelel",
    ],
    &["memo", "remove", "7"],
    &[
        "memo",
        "add",
        "--on",
        "case:valley",
        "quoted: I sentinelba decide sentinelbb when all the others left",
    ],
    &[
        "memo",
        "edit",
        "8",
        "quoted again: I sentinelba decide sentinelbb when all the others left",
        "--why",
        "because I sentinelba decide sentinelbb when all was said",
    ],
    &["transcript", "revise", "T01", "in/corrected.txt", "--yes"],
    &[
        "transcript",
        "split",
        "T02",
        "--at",
        "T02:4",
        "--id",
        "T02-late",
    ],
    &["transcript", "merge", "T02", "T02-late", "--yes"],
    &[
        "frame",
        "set",
        "valley",
        "money",
        "They decide sentinelbb when all the others have gone.",
        "--coding",
        "1000001",
    ],
    &["frame", "set", "valley", "trust", "Nobody is trusted."],
    &[
        "finding",
        "add",
        "I sentinelba decide sentinelbb when all the others",
        "--detail",
        "so never sentinelbc trusted anybody with anything said",
    ],
    &["finding", "support", "1", "--coding", "1000001", "2000003"],
    &["finding", "add", "The board meets.", "--why", "it does"],
    &[
        "finding",
        "looked",
        "2",
        "we had eleven sentinelab beds, was read again",
    ],
    &[
        "progress",
        "mark",
        "P7",
        "recruited",
        "--date",
        "2020-12-01",
    ],
    &[
        "respond",
        "P7",
        "2",
        "disagree",
        "sentinelen it never meets",
    ],
    &[
        "quotes",
        "--theme",
        "money",
        "--speaker",
        "all",
        "-o",
        "quotes.md",
    ],
    &["backup", "kept/backup"],
    &["search", "sentinel*", "--speaker", "all"],
];

/// Files of the folder in which the words stand; the researcher's own source files left out.
fn holding(folder: &Path) -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                if !path.ends_with("in") {
                    walk(&path, found);
                }
                continue;
            }
            let bytes = fs::read(&path).expect("a file").to_ascii_lowercase();
            if bytes
                .windows(SENTINEL.len())
                .any(|w| w == SENTINEL.as_bytes())
            {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(folder, &mut found);
    found.sort();
    found
}

/// The rows of a dump by table and id.
fn rows(dump: &str) -> BTreeSet<&str> {
    dump.lines().collect()
}

/// What stands in one dump and not in the other, as `table id`.
fn only_in(one: &str, other: &str) -> String {
    let other = rows(other);
    let mut found: Vec<String> = rows(one)
        .into_iter()
        .filter(|row| !other.contains(row))
        .map(|row| row.split('|').take(2).collect::<Vec<_>>().join(" "))
        .collect();
    found.sort();
    found.join("\n") + "\n"
}

/// What others said, as it is quoted.
fn others(folder: &Folder) -> (Value, Value) {
    let quotes: Value = folder
        .run(&[
            "quotes",
            "--participant",
            "P1",
            "--theme",
            "money",
            "--json",
        ])
        .done()
        .json();
    let show: Value = folder
        .run(&["transcript", "show", "T03", "--json"])
        .done()
        .json();
    (quotes, show)
}

#[test]
fn nothing_is_left_in_any_byte_and_everybody_else_is_as_they_were() {
    let folder = planted();
    assert!(holding(folder.path()).len() >= 3, "nothing was planted");
    let before = folder.dump();
    let others_before = others(&folder);
    let erased = folder
        .run(&["withdraw", "P7", "--mode", "erase", "--yes", "--json"])
        .done();
    let said: Value = erased.json();
    assert_eq!(
        said["finished"]["verified"]["clean"],
        true,
        "{}",
        erased.whole()
    );
    assert_eq!(holding(folder.path()), Vec::<PathBuf>::new());
    let after = folder.dump();
    assert!(!after.contains(SENTINEL));
    // What is gone: the person's rows. What is other than it was: the shared text and its label, the texts that quoted,
    // and the withdrawal.
    snapbox::assert_data_eq!(
        only_in(&before, &after),
        snapbox::str![[r#"
attribute_values 1
codings 1000001
codings 2000001
consents 1
decisions 1
evidence 1
findings 1
findings 2
frame_cells 1
frame_links 1
memos 2
memos 3
memos 4
memos 6
memos 8
milestones 1
milestones 2
participant_cases 1
participants 1
responses 1
revisions 1
revisions 10
revisions 2
revisions 7
revisions 8
speakers 1
speakers 2
speakers 4
themes 2
transcript_participants 1
transcript_participants 2
transcripts 1
turns 1
turns 2
turns 27
turns 28
turns 29
turns 3
turns 30
turns 4

"#]]
    );
    snapbox::assert_data_eq!(
        only_in(&after, &before),
        snapbox::str![[r#"
findings 1
findings 2
frame_cells 1
memos 4
memos 8
revisions 10
revisions 2
revisions 8
speakers 4
themes 2
withdrawals 1

"#]]
    );
    assert_eq!(others(&folder), others_before);
    folder.run(&["log", "verify"]).done();
    folder.sound();
    folder.run(&["erase", "verify", "P7"]).done();
    let found: Value = folder
        .run(&["search", "sentinel*", "--speaker", "all", "--json"])
        .done()
        .json();
    assert_eq!(found["total"], 0);
    assert!(!folder.join(format!("{STUDY}-erasing")).exists());
}

#[test]
fn what_was_erased_is_not_brought_back() {
    let folder = planted();
    folder
        .run(&["withdraw", "P7", "--mode", "erase", "--yes"])
        .done();
    let after = folder.dump();
    let log: Value = folder
        .run(&["log", "--limit", "1000", "--json"])
        .done()
        .json();
    let events = log["events"].as_array().expect("events").clone();
    for event in events {
        let number = event["event"].to_string();
        let run = folder.run(&["undo", &number, "--why", "a slip"]);
        if run.status == Some(0) {
            // What only others are concerned by can be taken back still.
            assert!(!folder.dump().contains(SENTINEL), "undo of {event}");
            folder.run(&["undo", "--why", "a slip"]).calm();
        } else {
            run.refused();
        }
    }
    assert!(!after.contains(SENTINEL));
    assert_eq!(holding(folder.path()), Vec::<PathBuf>::new());
    folder.run(&["log", "verify"]).done();
    folder.sound();
}

#[test]
fn the_plan_says_what_goes_and_changes_nothing() {
    let folder = planted();
    let before = (
        folder.dump(),
        fs::read(folder.join(STUDY)).expect("a file").len(),
    );
    whole!(
        folder.run(&["withdraw", "P7", "--mode", "erase", "--dry-run"]),
        str![[r#"
P7 · erase · asked for on 2021-05-01
  T01 (2 texts)  theirs alone
  T02 (3 texts)  shared; 2 turns: 2, 4
codings       2, and 1 that touch others' words too
memos         3
cell          valley,money  1 of its 1 coding
finding       1  support 2, 1 left
and           1 consent, 1 response, 1 value, 2 milestones
file          quotes  quotes.md  goes: it holds their data, or may
file          backup  kept/backup.casebook  goes: a backup holds everybody
quoted in     cell 1 of the frame (1 place)
quoted in     finding 1 (claim) (1 place)
quoted in     finding 1 (detail) (1 place)
quoted in     finding 2 (looked) (1 place)
quoted in     memo 4 (1 place)
quoted in     memo 8 (1 place)
quoted in     theme trust (example) (1 place)
record        47 states erased, 13 redacted, 3 reasons, 2 lines
out of reach  the files that transcripts were imported from; copies, backups and printed reports that the study does not know of; what others say about the person in their own words; names that were given to themes, phases, attributes and cases, and lines of the record that hold them; recordings and signed forms

"#]]
    );
    assert_eq!(folder.dump(), before.0);
    assert!(folder.join("kept/backup.casebook").exists());
    assert!(!folder.join(format!("{STUDY}-erased")).exists());
    // Nobody is asked, so nothing is done.
    folder.run(&["withdraw", "P7", "--mode", "erase"]).refused();
    assert_eq!(folder.dump(), before.0);
}

#[test]
fn labels_that_may_be_theirs_are_assigned_first() {
    let folder = Folder::with_study();
    folder.write("in/a.txt", "Int: Well?\n\nAnn: One sentinel said.\n\nSpeaker 2: And two sentinel more.\n\nBo: Three.\n\nInt: And?\n\nAnn: Four sentinel.\n\nSpeaker 2: Five sentinel.\n\nBo: Six.\n");
    for line in [
        "participant add P7",
        "participant add P1",
        "import in/a.txt --kind focus-group --speaker Int=interviewer --speaker Ann=P7 --speaker Bo=P1",
    ] {
        folder.line(line).done();
    }
    whole!(
        folder.run(&["withdraw", "P7", "--mode", "erase", "--yes"]),
        str![[r#"
--- stderr
error: nobody is assigned to 1 label in T01: the words may be theirs
hint: say who speaks: casebook transcript edit T01 --speaker LABEL=PERSON   or add: --unassigned theirs|others
--- status 1

"#]]
    );
    folder
        .run(&[
            "withdraw",
            "P7",
            "--mode",
            "erase",
            "--yes",
            "--unassigned",
            "theirs",
        ])
        .done();
    assert_eq!(holding(folder.path()), Vec::<PathBuf>::new());
    whole!(
        folder.run(&["transcript", "show", "T01"]),
        str![[r#"
T01  focus-group

T01:1  Int
Well?

T01:2  ███
██████████████████

T01:3  █████████
██████████████████████

T01:4  P1
Three.

T01:5  Int
And?

T01:6  ███
██████████████

T01:7  █████████
██████████████

T01:8  P1
Six.

"#]]
    );
    folder.sound();
}

/// Runs a command and kills it after `moment`. Tells whether it had ended before that.
fn killed(folder: &Folder, args: &[&str], moment: Duration) -> bool {
    let mut child = folder.start(args);
    let began = Instant::now();
    while began.elapsed() < moment {
        if child.try_wait().expect("a child").is_some() {
            break;
        }
        std::thread::sleep(Duration::from_micros(200));
    }
    child.kill().expect("a child to kill");
    let ended = child.wait().expect("an end").success();
    let mut stderr = String::new();
    child
        .stderr
        .take()
        .expect("piped")
        .read_to_string(&mut stderr)
        .expect("text");
    assert!(!stderr.contains("error: "), "{stderr}");
    ended
}

#[test]
fn killed_at_any_moment_it_is_not_begun_or_finished_by_the_next_command() {
    const KILLS: u32 = 24;
    let planted = planted();
    let before = planted.dump();
    let args = ["withdraw", "P7", "--mode", "erase", "--yes"];
    let mut went_on = 0;
    let mut untouched = 0;
    let whole = {
        let folder = Folder::empty();
        copy(planted.path(), folder.path());
        let began = Instant::now();
        folder.run(&args).done();
        began.elapsed()
    };
    for kill in 0..KILLS {
        let folder = Folder::empty();
        copy(planted.path(), folder.path());
        let ended = killed(&folder, &args, whole * kill * 11 / 10 / KILLS);
        // A command that only reads goes on with it.
        let status = folder.run(&["status"]).done();
        let again = status.stderr.contains("erase again");
        went_on += u32::from(status.stderr.contains("An erase was interrupted"));
        if again {
            folder.run(&["search", "board"]).refused();
            folder.run(&["erase", "again", "--yes"]).done();
        } else if folder.dump() == before {
            assert!(!ended, "an erase that was acknowledged was not done");
            untouched += 1;
            folder.sound();
            folder.run(&args).done();
        }
        folder.run(&["erase", "verify", "P7"]).done();
        // Not of this folder: the register names the files of the study that was copied.
        let left: Vec<PathBuf> = holding(folder.path())
            .into_iter()
            .filter(|p| !p.ends_with("quotes.md") && !p.ends_with("backup.casebook"))
            .collect();
        assert_eq!(left, Vec::<PathBuf>::new(), "kill {kill} of {KILLS}");
        folder.run(&["log", "verify"]).done();
        folder.sound();
    }
    assert!(
        untouched > 0 && went_on > 0,
        "{untouched} before, {went_on} amid"
    );
}

#[test]
fn an_older_copy_that_brings_somebody_back_is_refused_until_they_are_erased_again() {
    let folder = planted();
    let older = fs::read(folder.join("kept/backup.casebook")).expect("a backup");
    folder
        .run(&["withdraw", "P7", "--mode", "erase", "--yes"])
        .done();
    for name in ["-wal", "-shm"] {
        fs::remove_file(folder.join(format!("{STUDY}{name}"))).ok();
    }
    fs::write(folder.join(STUDY), older).expect("written");
    for line in ["quotes", "search board", "check", "theme add winter", "log"] {
        let run = folder.line(line).refused();
        assert!(
            run.stderr.contains("casebook erase again"),
            "{}",
            run.whole()
        );
    }
    let status = folder.line("status").done();
    assert!(
        status.stderr.contains("casebook erase again"),
        "{}",
        status.whole()
    );
    folder.run(&["erase", "again"]).refused();
    folder.run(&["erase", "again", "--yes"]).done();
    assert_eq!(holding(folder.path()), Vec::<PathBuf>::new());
    folder.line("quotes").done();
    folder.sound();
    folder.run(&["erase", "verify", "P7"]).done();
    whole!(
        folder.run(&["erase", "again", "--yes"]),
        str![[r#"
--- stderr
Nobody who was erased is in the study: nothing to do.

"#]]
    );
}

#[test]
fn earlier_texts_go_and_the_present_one_stays() {
    let folder = Folder::with_study();
    folder.write(
        "in/a.txt",
        "Int: Well?\n\nP1: Sentinel Hospital is where I work, and it is large.\n",
    );
    folder.write(
        "in/b.txt",
        "Int: Well?\n\nP1: [Hospital A] is where I work, and it is large.\n",
    );
    for line in [
        "participant add P1",
        "import in/a.txt --speaker Int=interviewer",
        "theme add work",
        "code T01:2 work",
        "transcript revise T01 in/b.txt --yes",
    ] {
        folder.line(line).done();
    }
    let present: Value = folder
        .run(&["transcript", "show", "T01", "--json"])
        .done()
        .json();
    let quotes: Value = folder.run(&["quotes", "--json"]).done().json();
    whole!(
        folder.run(&["erase", "revisions", "T01", "--dry-run"]),
        str![[r#"
T01  texts 1; 0 states of the record

"#]]
    );
    folder.run(&["erase", "revisions", "--all", "--yes"]).done();
    assert_eq!(holding(folder.path()), Vec::<PathBuf>::new());
    assert_eq!(
        folder
            .run(&["transcript", "show", "T01", "--json"])
            .done()
            .json::<Value>(),
        present
    );
    assert_eq!(
        folder.run(&["quotes", "--json"]).done().json::<Value>(),
        quotes
    );
    // The revising can't be taken back any more.
    whole!(
        folder.run(&["undo", "6"]),
        str![[r#"
--- stderr
error: event 6 can't be undone: what it changed was erased since
hint: nothing can bring back what was erased; see what was done with: casebook log
--- status 1

"#]]
    );
    folder.run(&["log", "verify"]).done();
    folder.sound();
    whole!(
        folder.run(&["erase", "revisions", "T01", "--yes"]),
        str![[r#"
--- stderr
There are no earlier texts: nothing to do.

"#]]
    );
    // A second correction goes on from there.
    folder
        .run(&[
            "transcript",
            "edit",
            "T01",
            "--replace",
            "large",
            "--with",
            "small",
            "--yes",
        ])
        .done();
    folder.sound();
}

#[test]
fn earlier_texts_on_which_codings_wait_stay() {
    let folder = Folder::with_study();
    folder.write(
        "in/a.txt",
        "Int: Well?\n\nP1: It is large. And it is old.\n",
    );
    folder.write(
        "in/b.txt",
        "Int: Well?\n\nP1: Nothing of the kind was ever said.\n",
    );
    for args in [
        &["import", "in/a.txt", "--speaker", "Int=interviewer"][..],
        &["theme", "add", "work"],
        &["code", "T01:2", "work", "--quote", "It is large"],
        &["transcript", "revise", "T01", "in/b.txt", "--yes"],
    ] {
        folder.run(args).done();
    }
    whole!(
        folder.run(&["erase", "revisions", "T01", "--yes"]),
        str![[r#"
--- stderr
error: codings wait on earlier texts for their place: T01 (1)
hint: place them or let them go: casebook transcript pending T01
--- status 1

"#]]
    );
}
