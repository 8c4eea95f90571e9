//! The key of real names: kept, opened, applied to texts and had back; and what an audit finds. Every name is invented.

use std::io::Write;
use std::process::Stdio;

use serde_json::Value;
use snapbox::str;

use crate::harness::{Folder, Run, whole};

const PASSPHRASE: &str = "four words for it";

/// A talk in which people and places are named in every way.
const TALK: &str = "# Talk at Quill Vale Hospital\n\n\
INTERVIEWER: Thank you, Tamsin. How did it begin at Quill Vale?\n\n\
Tamsin Orrery: I came with Dr Bo Sample. Will you believe it, will Sample’s plan last? Tamsin\nOrrery, I said, the Annual report is yours.\n\n\
INTERVIEWER: And TAMSIN ORRERY’S answer?\n\n\
Tamsin Orrery: T. Orrery never answers. Write to tamsin@quill.example.org or ring 01632 960 123.\n";

fn with_key(folder: &Folder, args: &[&str]) -> Run {
    folder.finish(
        folder
            .command()
            .env("CASEBOOK_PASSPHRASE", PASSPHRASE)
            .args(args),
    )
}

/// A study with that talk, and a key of three entities.
fn talked() -> Folder {
    let folder = Folder::with_study();
    folder.write("in/talk.md", TALK);
    for args in [
        &["case", "add", "alder", "--name", "System Alder"][..],
        &[
            "participant",
            "add",
            "P07",
            "--case",
            "alder",
            "--role",
            "medical director",
        ],
        &["import", "in/talk.md", "--case", "alder"],
        &["theme", "add", "beginning"],
        &[
            "code",
            "T01:2",
            "beginning",
            "--quote",
            "I came with Dr Bo Sample",
        ],
        &[
            "code",
            "T01:2",
            "beginning",
            "--quote",
            "the Annual report is yours",
        ],
        &["memo", "add", "--on", "study", "Ask Tamsin Orrery again."],
    ] {
        folder.run(args).done();
    }
    folder.write(
        "names.csv",
        "real,replacement,kind,aliases,participant,case,contact\n\
         Tamsin Orrery,P07,person,Tamsin,P07,,tamsin@quill.example.org\n\
         Bo Sample,[Doctor A],,Sample,,,\n\
         Quill Vale Hospital,Hospital A,organisation,Quill Vale,,alder,\n",
    );
    with_key(&folder, &["pseudonym", "import", "names.csv"]).done();
    folder
}

#[test]
fn names_are_shown_where_they_stand_then_replaced_and_had_back() {
    let folder = talked();
    whole!(
        with_key(&folder, &["pseudonym", "apply", "T01", "--dry-run"]).done(),
        str![[r#"
n  place      left                       hit                  becomes       right                             how
   T01@10     # Talk at                  Quill Vale Hospital  [Hospital A]    INTERVIEWER: Thank you, Tamsin  sure
   T01:1      …INTERVIEWER: Thank you,   Tamsin               [P07]         . How did it begin at Quill Vale  sure
   T01:1      …in. How did it begin at   Quill Vale           [Hospital A]  ?  Tamsin Orrery: I came with Dr  sure
   T01 label  …t begin at Quill Vale?    Tamsin Orrery        P07           : I came with Dr Bo Sample. Will  2 places
   T01:2      … Orrery: I came with Dr   Bo Sample            [Doctor A]    . Will you believe it, will Samp  sure
   T01:2      …ll you believe it, will   Sample               [Doctor A]    ’s plan last? Tamsin Orrery, I s  sure
   T01:2      …ill Sample’s plan last?   Tamsin Orrery        [P07]         , I said, the Annual report is y  sure
   T01:3      …ours.  INTERVIEWER: And   TAMSIN ORRERY        [P07]         ’S answer?  Tamsin Orrery: T. Or  sure
1  T01:4      …answer?  Tamsin Orrery:   T. Orrery            [P07]          never answers. Write to tamsin@  left: initials
2  T01:4      …never answers. Write to   tamsin               [P07]         @quill.example.org or ring 01632  left: lower-case
   memo 1     Ask                        Tamsin Orrery        [P07]          again.                           left
--- stderr
2 doubtful hits are left as they stand: look at them, and name those that are meant with --accept N,… (and the same transcripts).
Names stand in 1 place of what was written about the texts too; --notes replaces them there.
Nothing was written.

"#]]
    );
    let refused = with_key(&folder, &["pseudonym", "apply", "T01"]).refused();
    assert!(refused.stderr.contains("nobody was there to confirm it"));
    let shown: Value = with_key(&folder, &["transcript", "show", "T01", "--json"]).json();
    let before = shown["text"].as_str().expect("a text").to_owned();
    with_key(
        &folder,
        &[
            "pseudonym",
            "apply",
            "T01",
            "--notes",
            "--accept",
            "1",
            "--yes",
            "--json",
        ],
    )
    .done();
    whole!(
        folder.line("transcript show T01").done(),
        str![[r#"
T01  interview

# Talk at [Hospital A]

T01:1  INTERVIEWER
Thank you, [P07]. How did it begin at [Hospital A]?

T01:2  P07
I came with Dr [Doctor A]. Will you believe it, will [Doctor A]’s plan last? [P07], I said, the Annual report is yours.

T01:3  INTERVIEWER
And [P07]’S answer?

T01:4  P07
[P07] never answers. Write to tamsin@quill.example.org or ring 01632 960 123.

"#]]
    );
    whole!(
        folder.line("memo list").done(),
        str![[r#"
memo  on     coder  at                    text
   1  study  mara   2021-05-01T09:00:00Z  Ask [P07] again.

"#]]
    );
    whole!(
        folder.line("quotes --theme beginning").done(),
        str![[r#"
T01:2  alder  beginning  mara  coding 1000001
I came with Dr [Doctor A]

T01:2  alder  beginning  mara  coding 1000002
the Annual report is yours

--- stderr
2 quotes.

"#]]
    );
    whole!(
        folder.line("log").done(),
        str![[r#"
event  at                    coder  what                                                                                                          rows  note
    9  2021-05-01T09:00:00Z  mara   pseudonymise T01 to revision 2 and 1 note; places: entity 1: 7, entity 2: 2, entity 3: 2; codings pending: 0     6
    8  2021-05-01T09:00:00Z  mara   add memo 1 on study                                                                                              1
    7  2021-05-01T09:00:00Z  mara   code T01@206-232 with beginning                                                                                  1
    6  2021-05-01T09:00:00Z  mara   code T01@111-135 with beginning                                                                                  2
    5  2021-05-01T09:00:00Z  mara   add theme beginning                                                                                              1
    4  2021-05-01T09:00:00Z  mara   import T01                                                                                                       4
    3  2021-05-01T09:00:00Z  mara   add participant P07                                                                                              2
    2  2021-05-01T09:00:00Z  mara   add case alder                                                                                                   1
    1  2021-05-01T09:00:00Z  mara   init the study                                                                                                   1

"#]]
    );
    folder.sound();
    // A second time there is nothing to do, and the first form of each name is had back.
    let again = with_key(&folder, &["pseudonym", "apply", "--all", "--yes"]).done();
    assert!(
        again.stderr.contains("Nothing to change."),
        "{}",
        again.whole()
    );
    let back: Value = with_key(&folder, &["pseudonym", "reveal", "T01", "--json"]).json();
    assert_eq!(back["text"].as_str(), Some(&*before));
    // Also of a text that was corrected since.
    folder
        .run(&[
            "transcript",
            "edit",
            "T01",
            "--replace",
            "never",
            "--with",
            "seldom",
            "--yes",
        ])
        .done();
    with_key(&folder, &["pseudonym", "reveal", "T01", "-o", "names.txt"]).done();
    assert_eq!(folder.read("names.txt"), before.replace("never", "seldom"));
    // Nothing of the names is in the record, and the key shows nothing to who has no passphrase.
    let log = folder.run(&["log", "--json"]).done().stdout;
    for name in ["Tamsin", "Orrery", "Sample", "Quill"] {
        assert!(!log.contains(name), "{log}");
        let key = std::fs::read(folder.join("study.casebook-key")).expect("a key");
        assert!(!key.windows(name.len()).any(|w| w == name.as_bytes()));
    }
}

#[test]
fn the_key_shows_names_on_demand_only() {
    let folder = talked();
    whole!(
        with_key(&folder, &["pseudonym", "list"]).done(),
        str![[r#"
entity  kind          replacement  aliases  participant  case   places
     1  person        P07                1  P07                      0
     2  person        Doctor A           1                           0
     3  organisation  Hospital A         1               alder       0

"#]]
    );
    whole!(
        with_key(&folder, &["pseudonym", "who", "alder", "--reveal"]).done(),
        str![[r#"
entity  kind          replacement  aliases  participant  case   places  real                 names       contact
     3  organisation  Hospital A         1               alder       0  Quill Vale Hospital  Quill Vale

"#]]
    );
    for typed in ["P07", "1"] {
        let hidden = with_key(&folder, &["pseudonym", "who", typed])
            .done()
            .whole();
        assert!(
            hidden.contains("P07") && !hidden.contains("Tamsin"),
            "{hidden}"
        );
    }
    // A name may come by standard input.
    let mut child = folder
        .command()
        .env("CASEBOOK_PASSPHRASE", PASSPHRASE)
        .args(["pseudonym", "add", "-", "Village A", "--kind", "place"])
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let mut input = child.stdin.take().expect("its input");
    input
        .write_all("Nether Quill\n".as_bytes())
        .expect("a name");
    drop(input);
    assert!(child.wait().expect("it ends").success());
    with_key(
        &folder,
        &[
            "pseudonym",
            "edit",
            "village a",
            "--alias",
            "Nether",
            "--replacement",
            "Village B",
        ],
    )
    .done();
    with_key(&folder, &["pseudonym", "remove", "2", "--yes"]).done();
    with_key(&folder, &["pseudonym", "export", "out.csv", "--yes"]).done();
    snapbox::assert_data_eq!(
        folder.read("out.csv"),
        str![[r#"
real,replacement,kind,aliases,participant,case,contact
Tamsin Orrery,P07,person,Tamsin,P07,,tamsin@quill.example.org
Quill Vale Hospital,Hospital A,organisation,Quill Vale,,alder,
Nether Quill,Village B,place,Nether,,,

"#]]
    );
    // The passphrase is changed; the old one opens it no more.
    let changed = folder.finish(
        folder
            .command()
            .env("CASEBOOK_PASSPHRASE", PASSPHRASE)
            .env("CASEBOOK_NEW_PASSPHRASE", "other words altogether")
            .args(["pseudonym", "passphrase"]),
    );
    changed.done();
    whole!(
        with_key(&folder, &["pseudonym", "list"]).refused(),
        str![[r#"
--- stderr
error: the passphrase does not open `[FOLDER]/study.casebook-key`
hint: each try takes about a second, on purpose; without the passphrase nobody can open it
--- status 1

"#]]
    );
}

#[test]
fn what_can_not_be_is_refused_without_a_name() {
    let folder = talked();
    let key = std::fs::read(folder.join("study.casebook-key")).expect("a key");
    for (args, why) in [
        (
            &["add", "Tamsin", "P09"][..],
            "a name is one of entity 1 already",
        ),
        (&["add", "Cy Trial", "Tamsin"], "real name (of entity 1)"),
        (
            &["add", "Cy Trial", "P07"],
            "the replacement is the code of the participant P07",
        ),
        (
            &["add", "Cy Trial", "report"],
            "stands as a word in 1 transcript already",
        ),
        (
            &["add", "Cy Trial", "P09", "--participant", "P07"],
            "`P07` is entity 1 already",
        ),
        (&["add", "Cy Trial", "P09", "--participant", "P08"], "P08"),
        (&["add", "C", "P09"], "only one letter"),
        (&["add", "", "P09"], "a name is empty"),
        (&["add", "Cy Trial", ""], "the replacement is empty"),
        (
            &["edit", "2", "--no-alias", "Cy"],
            "entity 2 has no such alias",
        ),
        (
            &["edit", "Bo Sample", "--alias", "Bob"],
            "no entity of that number",
        ),
        (&["import", "twice.csv"], "row 3"),
        (&["apply", "T01", "--accept", "99"], "no doubtful hit 99"),
        (&["apply", "T01", "--accept", "x"], "no number of a hit"),
        (&["apply", "T77"], "T77"),
    ] {
        folder.write(
            "twice.csv",
            "real,replacement\nDi Trial,P20\nCy Trial,p20\n",
        );
        let mut all = vec!["pseudonym"];
        all.extend(args);
        let run = with_key(&folder, &all).refused();
        assert!(run.stderr.contains(why), "{}", run.whole());
        for name in ["Trial", "Tamsin", "Sample"] {
            assert!(
                !run.stderr.contains(name) || args[2] == name,
                "{}",
                run.whole()
            );
        }
    }
    // A word that stands in the texts may be taken all the same; nothing else changed the key.
    assert_eq!(
        std::fs::read(folder.join("study.casebook-key")).expect("a key"),
        key
    );
    with_key(
        &folder,
        &["pseudonym", "add", "Cy Trial", "report", "--anyway"],
    )
    .done();
}

#[test]
fn without_the_key_or_its_passphrase_nothing_is_shown() {
    let folder = talked();
    whole!(
        folder.line("pseudonym list").refused(),
        str![[r#"
--- stderr
error: `[FOLDER]/study.casebook-key` needs its passphrase
hint: run it at a terminal, or set CASEBOOK_PASSPHRASE
--- status 1

"#]]
    );
    let wrong = folder.finish(
        folder
            .command()
            .env("CASEBOOK_PASSPHRASE", "four words for me")
            .args(["pseudonym", "list"]),
    );
    whole!(
        wrong.refused(),
        str![[r#"
--- stderr
error: the passphrase does not open `[FOLDER]/study.casebook-key`
hint: each try takes about a second, on purpose; without the passphrase nobody can open it
--- status 1

"#]]
    );
    let short = folder.finish(
        folder
            .command()
            .env("CASEBOOK_PASSPHRASE", PASSPHRASE)
            .env("CASEBOOK_NEW_PASSPHRASE", "short")
            .args(["pseudonym", "passphrase"]),
    );
    assert!(short.refused().stderr.contains("fewer than 8 characters"));
    // Another study's key, and a lost one.
    let other = Folder::with_study();
    let key = std::fs::read(folder.join("study.casebook-key")).expect("a key");
    other.write("study.casebook-key", key);
    let run = with_key(&other, &["pseudonym", "list"]).refused();
    assert!(
        run.stderr.contains("belongs to another study"),
        "{}",
        run.whole()
    );
    with_key(&folder, &["pseudonym", "apply", "T01", "--yes"]).done();
    std::fs::remove_file(folder.join("study.casebook-key")).expect("it goes");
    whole!(
        with_key(&folder, &["pseudonym", "apply", "T01"]).refused(),
        str![[r#"
--- stderr
error: there is no key file `[FOLDER]/study.casebook-key`
hint: if it was lost, bring it back from a copy; to begin one: casebook pseudonym add NAME REPLACEMENT
--- status 1

"#]]
    );
    whole!(
        with_key(&folder, &["pseudonym", "add", "Cy Trial", "P09"]).refused(),
        str![[r#"
--- stderr
error: there is no key file `[FOLDER]/study.casebook-key`, though names of this study were replaced with one
hint: bring it back from a copy; if it is lost, the names in the texts can't be had back: --begin begins another
--- status 1

"#]]
    );
    with_key(&folder, &["pseudonym", "add", "Cy Trial", "P09", "--begin"]).done();
}

#[test]
fn names_are_replaced_while_files_are_read() {
    let folder = talked();
    folder.write(
        "in/second.txt",
        "INTERVIEWER: Where is Bo Sample?\n\nTAMSIN ORRERY: At Quill Vale, with Tamsin's keys.\n\nBo Sample: Here.\n",
    );
    let tried = with_key(
        &folder,
        &["import", "in/second.txt", "--pseudonyms", "--dry-run"],
    )
    .done();
    assert!(
        tried.stderr.contains("would be replaced in 5 places"),
        "{}",
        tried.whole()
    );
    whole!(
        with_key(
            &folder,
            &[
                "import",
                "in/second.txt",
                "--pseudonyms",
                "--case",
                "alder",
                "--speaker",
                "Bo Sample=participant"
            ]
        )
        .done(),
        str![[r#"
id   file        format  encoding  turns  words  speakers
T02  second.txt  txt     UTF-8         3     11  INTERVIEWER (interviewer) 1, P07 1, Doctor A (participant) 1
--- stderr
Names were replaced in 5 places; the files still hold them. What may be left: casebook pseudonym audit
Imported 1 transcript.  (event 9; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("transcript show T02").done(),
        str![[r#"
T02  interview

T02:1  INTERVIEWER
Where is [Doctor A]?

T02:2  P07
At [Hospital A], with [P07]'s keys.

T02:3  Doctor A
Here.

"#]]
    );
    let back: Value = with_key(&folder, &["pseudonym", "reveal", "T02", "--json"]).json();
    assert_eq!(back["text"].as_str(), Some(&*folder.read("in/second.txt")));
    assert_eq!(back["likely"], 0);
    // The file is known again by its own hash.
    let again = with_key(&folder, &["import", "in/second.txt", "--pseudonyms"]).refused();
    assert!(
        again.stderr.contains("it is in already, as T02"),
        "{}",
        again.whole()
    );
    folder.sound();
}

#[test]
fn an_audit_lists_what_is_left() {
    let folder = talked();
    whole!(
        with_key(&folder, &["pseudonym", "audit", "--no-key"]).done(),
        str![[r#"
sure    kind           words                     count  places        left                       right
high    person         Bo Sample                     1  T01:2         … Orrery: I came with Dr   . Will you believe it, will Samp
high    speaker-label  Tamsin Orrery                 1  T01 label
high    organisation   Quill Vale Hospital           1  T01@10-29     # Talk at                    INTERVIEWER: Thank you, Tamsin
high    e-mail         tamsin@quill.example.org      1  T01:4         …never answers. Write to    or ring 01632 960 123.
high    phone          01632 960 123                 1  T01:4         …ill.example.org or ring   .
medium  capitalised    Orrery                        2  T01:2, T01:4  …ple’s plan last? Tamsin   , I said, the Annual report is y
medium  capitalised    Sample                        1  T01:2         …ll you believe it, will   ’s plan last? Tamsin Orrery, I s
medium  capitalised    Annual                        1  T01:2         …sin Orrery, I said, the    report is yours.  INTERVIEWER:
low     abbreviation   TAMSIN ORRERY                 1  T01:3         …ours.  INTERVIEWER: And   ’S answer?  Tamsin Orrery: T. Or
--- stderr
9 suspects in 10 places of 1 transcript: 5 high, 3 medium, 1 low.
The key was not asked; with it, its names are found in every form.
To put a name into the key: casebook pseudonym add NAME REPLACEMENT; what is none is passed over with --ignore WORD.

"#]]
    );
    with_key(&folder, &["pseudonym", "apply", "T01", "--notes", "--yes"]).done();
    whole!(
        with_key(&folder, &["pseudonym", "audit", "T01"]).done(),
        str![[r#"
sure    kind         words                     count  places  left                       right
high    e-mail       tamsin@quill.example.org      1  T01:4   …never answers. Write to    or ring 01632 960 123.
high    phone        01632 960 123                 1  T01:4   …ill.example.org or ring   .
medium  name-in-key  T. Orrery                     1  T01:4   …d [P07]’S answer?  P07:    never answers. Write to tamsin@
medium  capitalised  Annual                        1  T01:2   …ast? [P07], I said, the    report is yours.  INTERVIEWER:
--- stderr
4 suspects in 4 places of 1 transcript: 2 high, 2 medium, 0 low.
To put a name into the key: casebook pseudonym add NAME REPLACEMENT; what is none is passed over with --ignore WORD.

"#]]
    );
    let left: Value = with_key(
        &folder,
        &[
            "pseudonym",
            "audit",
            "--case",
            "alder",
            "--at-least",
            "medium",
            "--ignore",
            "T. Orrery",
            "--ignore",
            "tamsin@quill.example.org",
            "--ignore",
            "Annual",
            "--json",
        ],
    )
    .json();
    let words: Vec<&str> = left["suspects"]
        .as_array()
        .expect("suspects")
        .iter()
        .filter_map(|s| s["words"].as_str())
        .collect();
    assert_eq!(words, ["01632 960 123"]);
    std::fs::remove_file(folder.join("study.casebook-key")).expect("it goes");
    let refused = folder
        .run(&["pseudonym", "audit", "--ignore", "Quill"])
        .refused();
    assert!(
        refused.stderr.contains("kept in the key"),
        "{}",
        refused.whole()
    );
    folder.run(&["pseudonym", "audit", "--csv"]).done();
}

/// In the texts, a code stands for the participant who has it.
#[test]
fn nobody_is_called_by_the_code_of_somebody_else() {
    let folder = Folder::with_study();
    folder.line("participant add P05").done();
    folder.line("participant add P06").done();
    let add = |more: &[&str]| {
        let line = [&["pseudonym", "add", "Zed Nobody"][..], more].concat();
        with_key(&folder, &line)
    };
    add(&["[p05]"]).refused();
    add(&["P06", "--participant", "P05"]).refused();
    add(&["P05", "--participant", "P05"]).done();
}
