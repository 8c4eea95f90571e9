//! Subject access: a person is given all that is held about them, and nothing of anybody else.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;
use snapbox::str;

use casebook::governance::key::{Entity, EntityKind, Key, path_of};
use casebook::store::{Access, Items, NewConsent};
use casebook::study::{Session, Study};

use crate::harness::{Folder, STUDY, whole};

const PASSPHRASE: &str = "a long enough passphrase";

#[derive(Deserialize)]
struct Shown {
    turns: Vec<Turn>,
}

#[derive(Deserialize)]
struct Turn {
    participant: Option<String>,
    text: String,
}

fn sar(folder: &Folder, code: &str) -> Value {
    folder.run(&["sar", code, "--json"]).done().json::<Value>()
}

/// The turns of a transcript: this person's, and everybody else's.
fn turns(folder: &Folder, transcript: &str, code: &str) -> (Vec<String>, Vec<String>) {
    let shown: Shown = folder
        .run(&["transcript", "show", transcript, "--json"])
        .done()
        .json();
    let (own, others): (Vec<_>, Vec<_>) = shown
        .turns
        .into_iter()
        .partition(|t| t.participant.as_deref() == Some(code));
    let text = |turns: Vec<Turn>| turns.into_iter().map(|t| t.text).collect();
    (text(own), text(others))
}

/// All that was written to a folder, file by file.
fn files(folder: &Path) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|e| {
            let path = e.expect("an entry").path();
            let text = std::fs::read_to_string(&path).expect("words");
            let name = path.file_name().expect("a name").to_string_lossy();
            (name.into_owned(), text)
        })
        .collect();
    all.sort();
    all
}

fn withheld(held: &Value) -> BTreeSet<(String, u64)> {
    held["withheld"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|w| {
            assert!(!w["why"].as_str().unwrap_or_default().is_empty());
            (
                w["what"].as_str().expect("words").to_owned(),
                w["count"].as_u64().expect("a count"),
            )
        })
        .collect()
}

#[test]
fn of_a_group_a_person_is_given_their_own_words_alone() {
    let folder = Folder::invented();
    let (own, others) = turns(&folder, "T15", "P14");
    assert!(own.len() > 5 && others.len() > 20);
    folder.line("sar P14 -o given").done();
    let given = files(&folder.join("given"));
    let names: Vec<&str> = given.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["P14.html", "P14.json", "T15.md"]);
    let held = sar(&folder, "P14");
    let texts = held["transcripts"][0]["texts"][0]["turns"]
        .as_array()
        .expect("turns");
    let told: Vec<&str> = texts.iter().filter_map(|t| t["text"].as_str()).collect();
    assert_eq!(told, own.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(held["codings"].as_array().is_some_and(|c| !c.is_empty()));
    // Words that the person said too are no sign of anybody else's.
    let whole_own = own.join("\n");
    for (name, text) in &given {
        for turn in others
            .iter()
            .filter(|t| t.len() > 30 && !whole_own.contains(*t))
        {
            assert!(!text.contains(turn.as_str()), "{name} has another's turn");
        }
        for code in ["P13", "P15", "P16"] {
            assert!(!text.contains(code), "{name} names {code}");
        }
        for coder in ["\"mara\"", "\"jo\"", ">mara<", ">jo<"] {
            assert!(!text.contains(coder), "{name} names a coder");
        }
    }
    assert!(given[2].1.contains("withheld"));
    let kept = withheld(&held);
    let count = |what: &str| {
        kept.iter()
            .find(|(w, _)| w.contains(what))
            .map_or(0, |(_, n)| *n)
    };
    assert_eq!(
        count("turns of other participants")
            + count("turns of interviewers")
            + count("nobody has said"),
        others.len() as u64
    );
    // The register knows of it; asked again, the answer is the same to the byte.
    folder.line("sar P14 -o again").done();
    assert_eq!(files(&folder.join("again")), given);
    let list = folder.line("copy list --csv").done().stdout;
    assert_eq!(list.matches("subject-access").count(), 6, "{list}");
    whole!(
        folder.line("sar P14 -o given"),
        str![[r#"
--- stderr
error: there is something in `given` already
hint: name a folder that is new or empty, so that nothing of somebody else is handed over with it
--- status 1

"#]]
    );
}

#[test]
fn no_level_holds_back_ones_own_words() {
    let folder = Folder::invented();
    let (own, _) = turns(&folder, "T01", "P01");
    for level in ["background", "off-record"] {
        folder
            .run(&["participant", "edit", "P01", "--attribution", level])
            .done();
        let held = sar(&folder, "P01");
        let given = held["transcripts"][0]["texts"][0]["turns"]
            .as_array()
            .expect("turns")
            .len();
        assert_eq!(given, own.len(), "{level}");
        assert_eq!(held["attribution"], level);
        assert!(held["codings"].as_array().is_some_and(|c| !c.is_empty()));
    }
    // How it was before is told too.
    let earlier = folder.line("sar P01 --json").done().stdout;
    let earlier: Value = serde_json::from_str(&earlier).expect("JSON");
    let was: Vec<&str> = earlier["earlier"]
        .as_array()
        .expect("a list")
        .iter()
        .flat_map(|e| e["was"].as_array().expect("values"))
        .filter(|v| v["name"] == "attribution")
        .filter_map(|v| v["value"].as_str())
        .collect();
    assert_eq!(was, ["case", "background"]);
    let events: Vec<&str> = earlier["events"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|e| e["op"].as_str())
        .collect();
    assert!(events.contains(&"participant edit"), "{events:?}");
    assert!(events.contains(&"participant import"), "{events:?}");
}

#[test]
fn notes_are_given_unless_they_are_about_others_too() {
    let folder = Folder::invented();
    let add = |on: &str, text: &str| {
        folder.run(&["memo", "add", "--on", on, text]).done();
    };
    let before = sar(&folder, "P14");
    add("participant:P14", "note A, on the person alone");
    add("participant:P14", "note B, who disagrees with P15");
    add("study", "note C, see what p14 said");
    add("study", "note D, P14 and P16 know each other");
    add("study", "note E, about nobody");
    add("transcript:T15", "note F, on the whole group");
    add("participant:P15", "note G, on somebody else");
    let held = sar(&folder, "P14");
    let mut told: Vec<&str> = held["memos"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|m| m["text"].as_str())
        .filter_map(|t| t.strip_prefix("note "))
        .filter_map(|t| t.get(..1))
        .collect();
    told.sort_unstable();
    assert_eq!(told, ["A", "C"]);
    let count = |held: &Value, what: &str| -> u64 {
        withheld(held)
            .iter()
            .filter(|(w, _)| w.starts_with(what))
            .map(|(_, n)| n)
            .sum()
    };
    for what in ["notes about the person", "notes on transcripts"] {
        let more = count(&held, what) - count(&before, what);
        assert_eq!(more, if what.contains("person") { 2 } else { 1 }, "{what}");
    }
}

#[test]
fn what_was_promised_reported_and_concluded_is_told() {
    let folder = Folder::invented();
    let study = Study::open(
        &folder.join(STUDY),
        Access::Write,
        Session {
            coder: "mara".into(),
            now: "2021-05-01T09:00:00Z".into(),
            why: None,
        },
    )
    .expect("it opens");
    let person = study.store.participant("P01").expect("a person").id;
    study
        .change("consent add", |tx| {
            let coder = tx.coder("mara")?;
            let items = Items {
                take_part: true,
                record: Some(true),
                quote: Some(true),
                attribution: casebook::domain::words::Attribution::Case,
                share: Some(false),
                archive: None,
                contact: Some(true),
                until: Some("2030-12-31".into()),
            };
            Ok(tx.add_consent(
                coder,
                &NewConsent {
                    participant: person,
                    version: 1,
                    signed: "2019-12-01",
                    form: Some("cabinet 2, form 17"),
                    items: &items,
                    approval: None,
                },
            )?)
        })
        .expect("written");
    drop(study);
    folder
        .line("participant mark P01 debriefed --date 2021-04-30")
        .calm();
    folder.line("report summary --quotes all -o s.md").done();
    folder.line("debrief P01 -o d.md").done();
    let codings: Value = folder.line("quotes --participant P01 --json").done().json();
    let coding = codings["quotes"][0]["coding"].as_i64().expect("a coding");
    folder
        .run(&["finding", "add", "Claims are made, also by P02"])
        .done();
    folder
        .run(&["finding", "support", "1", "--coding", &coding.to_string()])
        .done();
    folder
        .run(&[
            "respond",
            "P01",
            "1",
            "disagree",
            "I did not say it; P02 may have",
        ])
        .done();
    let held = sar(&folder, "P01");
    let answer = &held["responses"][0];
    assert_eq!(
        (&answer["finding"], &answer["kind"]),
        (&Value::from(1), &Value::from("disagree"))
    );
    assert_eq!(answer["outcome"], Value::Null);
    assert_eq!(
        answer["text"],
        "I did not say it; [another participant] may have"
    );
    assert_eq!(held["consents"][0]["form"], "cabinet 2, form 17");
    assert_eq!(held["consents"][0]["archive"], Value::Null);
    assert_eq!(held["cases"][0], "alder");
    assert_eq!(held["attributes"][0]["value"], "system");
    assert_eq!(
        held["findings"][0]["claim"],
        "Claims are made, also by [another participant]"
    );
    assert_eq!(held["findings"][0]["supports"], 1);
    let reports: Vec<&str> = held["reports"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|r| r["kind"].as_str())
        .collect();
    assert_eq!(reports, ["summary", "debrief"]);
    assert!(held["reports"][0]["quoted"].as_u64() > Some(0));
    // As a page of each kind, and on the screen.
    for file in ["p.md", "p.html", "p.docx"] {
        folder.line(&format!("sar P01 -o {file}")).done();
        assert!(folder.join(file).exists());
    }
    let page = folder.read("p.md");
    for words in [
        "What is held about P01",
        "cabinet 2, form 17",
        "What was withheld, and why",
        "not asked",
    ] {
        assert!(page.contains(words), "{words}");
    }
    assert_eq!(folder.line("sar P01").done().stdout, page);
    whole!(
        folder.line("sar P99"),
        str![[r#"
--- stderr
error: no participant `P99`
hint: did you mean `P09`?
--- status 1

"#]]
    );
    folder.line("sar P01 -o p.xyz").refused();
}

/// With the key open, names of others go too, and the person's own entry in it is told.
#[test]
fn names_of_others_are_taken_out_with_the_key() {
    let folder = Folder::with_study();
    for code in ["P1", "P2", "P3"] {
        folder.run(&["participant", "add", code]).done();
    }
    folder.write(
        "talk.txt",
        "I: Who was there?\nP1: Zebedee Quill was, and P3. I told Zebedee's sister at the mill.\nI: And you?\nP1: They call me Ottoline Marsh.\nX: I never said so.\n",
    );
    folder
        .line("import talk.txt --id T1 --participant P1 --speaker I=interviewer --speaker P1=P1 --speaker X=unknown")
        .calm();
    let uuid = casebook::store::Store::open(&folder.join(STUDY), Access::Read)
        .expect("it opens")
        .uuid()
        .expect("a uuid");
    let entity = |number, real: &str, code: &str, contact: Option<&str>| Entity {
        number,
        kind: EntityKind::Person,
        real: real.to_owned(),
        aliases: real.split(' ').take(1).map(str::to_owned).collect(),
        replacement: code.to_owned(),
        participant: Some(code.to_owned()),
        case: None,
        contact: contact.map(str::to_owned),
    };
    let key = Key {
        study: uuid,
        entities: vec![
            entity(1, "Ottoline Marsh", "P1", Some("ottoline@example.org")),
            entity(2, "Zebedee Quill", "P2", Some("zebedee@example.org")),
        ],
        ..Key::default()
    };
    key.save(
        &path_of(&folder.join(STUDY)),
        &PASSPHRASE.to_owned().into(),
        2,
    )
    .expect("written");
    let shut = folder.line("sar P1 --without-key");
    assert!(
        shut.stderr.contains("the key was not opened"),
        "{}",
        shut.whole()
    );
    assert!(shut.stdout.contains("Quill") && !shut.stdout.contains("P3"));
    folder.line("sar P1").refused();
    let run = folder.finish(
        folder
            .command()
            .env("CASEBOOK_PASSPHRASE", PASSPHRASE)
            .args(["sar", "P1", "--json"]),
    );
    let held: Value = run.clone().done().json();
    for name in ["Quill", "Zebedee", "zebedee", "P2", "P3"] {
        assert!(!run.stdout.contains(name), "{name} in {}", run.stdout);
    }
    assert!(run.stdout.contains("They call me Ottoline Marsh."));
    assert_eq!(held["key"]["name"], "Ottoline Marsh");
    assert_eq!(held["key"]["contact"], "ottoline@example.org");
    // The study itself holds nothing of it.
    let bytes = std::fs::read(folder.join(STUDY)).expect("a file");
    assert!(!bytes.windows(20).any(|w| w == b"ottoline@example.org"));
}

/// What was corrected is kept with its text of before, and so it is told.
#[test]
fn earlier_texts_are_told_too() {
    let folder = Folder::invented();
    folder
        .run(&[
            "transcript",
            "revise",
            "T01",
            "alder-01-chair-corrected.txt",
            "--yes",
        ])
        .done();
    let held = sar(&folder, "P01");
    let texts = held["transcripts"][0]["texts"].as_array().expect("texts");
    assert_eq!(texts.len(), 2);
    assert!(
        texts
            .iter()
            .all(|t| !t["turns"].as_array().expect("turns").is_empty())
    );
    folder.line("sar P01 -o given").done();
    let page = std::fs::read_to_string(folder.join("given/T01.md")).expect("words");
    assert!(page.contains("An earlier text (revision 1)"), "{page}");
}
