//! What goes back to participants and what comes back from them: what a debrief says and what it must not, whom it is
//! written for, the form that is filled and read, and what answers do to findings, checks and reports.

use std::io::{Cursor, Read, Write};

use serde_json::Value;
use snapbox::str;

use crate::harness::{Folder, Run, whole};

/// Words that no reader of System Alder may come across, each with what it is.
const NEVER: &[(&str, &str)] = &[
    ("zebulon", "a coder"),
    ("memocase", "a memo on the case"),
    ("memoperson", "a memo on the reader"),
    ("memocoding", "a memo on a coding"),
    ("memofinding", "a memo on a finding"),
    ("memotheme", "a memo on a theme"),
    ("detailword", "a finding's detail"),
    ("noteword", "a note on evidence"),
    ("rivalword", "a rival"),
    ("lookedword", "where it was looked for"),
    ("unreportedword", "a finding that is not reported"),
    ("otherswords", "another's words"),
    ("backgroundwords", "what was said for background"),
    ("offwords", "what was said off the record"),
    ("silentwords", "what may not be quoted"),
    ("harbour", "a role that one person holds"),
    ("P02", "another's code"),
    ("P03", "another's code"),
    ("P04", "another's code"),
    ("P88", "another's code"),
    ("birch", "another case"),
    ("Southern", "another's organisation"),
    ("birchprediction", "what was predicted for another case"),
    ("birchsummary", "a summary of another case"),
    ("namingsummary", "a summary that names somebody"),
    ("rowsummary", "a summary over one that names somebody"),
    ("answerwords", "what another answered"),
    ("decisionwords", "why something was decided"),
];

/// A study of two systems in which each of these words stands where it must not come out from.
fn hostile() -> Folder {
    let folder = Folder::with_study();
    let talk = |words: &str, other: &str| {
        format!(
            "INTERVIEWER: And then?\n\nA: We {words} every Monday.\n\nB: {other} is what I say.\n"
        )
    };
    folder.write(
        "sentinelfile-1.txt",
        talk("meet with ownwords", "silentwords"),
    );
    folder.write("sentinelfile-2.txt", talk("otherswords", "otherswords"));
    folder.write("sentinelfile-3.txt", talk("backgroundwords", "nothing"));
    folder.write("sentinelfile-4.txt", talk("offwords", "nothing"));
    for args in [
        &[
            "study",
            "edit",
            "--question",
            "Who decides?",
            "--question",
            "What of Birch?",
            "--contact",
            "the team, team@example.org",
            "--withdraw-by",
            "2021-09-30",
        ][..],
        &[
            "case",
            "add",
            "alder",
            "--name",
            "System Alder",
            "--kind",
            "system",
        ],
        &[
            "case",
            "add",
            "birch",
            "--name",
            "System Birch",
            "--kind",
            "system",
        ],
        &[
            "case",
            "add",
            "south",
            "--name",
            "Southern Trust",
            "--part-of",
            "birch",
        ],
        &[
            "participant",
            "add",
            "P01",
            "--role",
            "clerk",
            "--case",
            "alder",
        ],
        &[
            "participant",
            "add",
            "P02",
            "--role",
            "harbour master",
            "--case",
            "birch",
            "--organisation",
            "south",
        ],
        &[
            "participant",
            "add",
            "P03",
            "--role",
            "clerk",
            "--case",
            "alder",
            "--attribution",
            "background",
        ],
        &[
            "participant",
            "add",
            "P04",
            "--role",
            "clerk",
            "--case",
            "alder",
            "--attribution",
            "off-record",
        ],
        &[
            "participant",
            "add",
            "P88",
            "--role",
            "clerk",
            "--case",
            "alder",
            "--quotable",
            "no",
        ],
        &[
            "import",
            "sentinelfile-1.txt",
            "--case",
            "alder",
            "--speaker",
            "A=P01",
            "--speaker",
            "B=P88",
        ],
        &[
            "import",
            "sentinelfile-2.txt",
            "--case",
            "birch",
            "--speaker",
            "A=P02",
            "--speaker",
            "B=P02",
        ],
        &[
            "import",
            "sentinelfile-3.txt",
            "--case",
            "alder",
            "--speaker",
            "A=P03",
        ],
        &[
            "import",
            "sentinelfile-4.txt",
            "--case",
            "alder",
            "--speaker",
            "A=P04",
        ],
        &["theme", "add", "deciding", "--define", "How it is decided"],
        &[
            "theme",
            "add",
            "meeting",
            "--define",
            "As they meet in Birch",
        ],
        &["code", "T01:2", "deciding", "--memo", "memocoding"],
        &["code", "T01:2", "meeting", "--coder", "zebulon"],
        &["code", "T01:3", "deciding"],
        &["code", "T02:2", "deciding", "--coder", "zebulon"],
        &["code", "T03:2", "deciding"],
        &["code", "T04:2", "deciding"],
        &[
            "finding",
            "add",
            "Nobody decides.",
            "--detail",
            "detailword",
        ],
        &["finding", "add", "In Birch they do decide."],
        &["finding", "add", "P02 decides."],
        &["finding", "add", "The harbour master decides."],
        &["finding", "add", "Unreportedword.", "--not-reported"],
        &[
            "finding", "support", "1", "--coding", "1000001", "--note", "noteword",
        ],
        &["finding", "support", "1", "--coding", "2000001"],
        &["finding", "contradict", "1", "--coding", "1000003"],
        &["finding", "rival", "1", "rivalword"],
        &["finding", "looked", "1", "lookedword"],
        &[
            "finding",
            "predict",
            "1",
            "alder",
            "--literal",
            "alderprediction",
            "--made",
            "2021-01-01",
        ],
        &[
            "finding",
            "predict",
            "1",
            "birch",
            "--literal",
            "birchprediction",
            "--made",
            "2021-01-01",
        ],
        &[
            "finding",
            "result",
            "1",
            "alder",
            "partly",
            "Not as in Birch.",
        ],
        &[
            "frame",
            "set",
            "alder",
            "deciding",
            "aldersummary",
            "--coding",
            "1000001",
        ],
        &[
            "frame",
            "set",
            "alder",
            "meeting",
            "namingsummary of P02",
            "--coding",
            "1000002",
        ],
        &[
            "frame",
            "set",
            "birch",
            "deciding",
            "birchsummary",
            "--coding",
            "2000001",
        ],
        &["frame", "set", "alder", "/", "rowsummary"],
        &["memo", "add", "--on", "case:alder", "memocase"],
        &["memo", "add", "--on", "participant:P01", "memoperson"],
        &["memo", "add", "--on", "finding:1", "memofinding"],
        &["memo", "add", "--on", "theme:deciding", "memotheme"],
        &["respond", "P02", "1", "disagree", "answerwords"],
        &["decision", "take", "1", "kept", "--why", "decisionwords"],
    ] {
        folder.run(args).done();
    }
    folder
}

/// All that is in a file, as a reader sees it and as it lies in its parts.
fn everything(folder: &Folder, file: &str) -> String {
    let bytes = std::fs::read(folder.join(file)).expect("the debrief");
    let Ok(mut zip) = zip::ZipArchive::new(Cursor::new(&bytes)) else {
        return String::from_utf8(bytes).expect("text");
    };
    let mut all = String::new();
    for n in 0..zip.len() {
        let mut part = zip.by_index(n).expect("a part");
        all.push_str(&part.name().expect("a name"));
        part.read_to_string(&mut all).expect("text");
    }
    all
}

#[test]
fn a_debrief_tells_nothing_of_anybody_else() {
    let folder = hostile();
    let dump = folder.dump().to_lowercase();
    for (word, what) in NEVER {
        assert!(
            dump.contains(&word.to_lowercase()),
            "{word} ({what}) is not in the study"
        );
    }
    for ending in ["md", "html", "docx"] {
        let file = format!("out.{ending}");
        folder.run(&["debrief", "P01", "-o", &file]).done();
        let found = everything(&folder, &file).to_lowercase();
        for (word, what) in NEVER {
            assert!(
                !found.contains(&word.to_lowercase()),
                "{word} ({what}) is in the participant's debrief ({ending})"
            );
        }
        assert!(
            !found.contains("sentinelfile"),
            "a file is named ({ending})"
        );
        for own in ["ownwords", "p01", "nobody decides", "how it is decided"] {
            assert!(found.contains(own), "{own} is missing ({ending})");
        }
        folder
            .run(&["debrief", "--case", "alder", "-o", &file, "--quotes", "all"])
            .done();
        let found = everything(&folder, &file).to_lowercase();
        // Nobody of the system is named, nor is it said who took part.
        for (word, what) in NEVER
            .iter()
            .chain(&[("P01", "who took part"), ("clerk", "a role that few hold")])
        {
            // A citation by role is by leave of the person, and by the gate.
            assert!(
                !found.contains(&word.to_lowercase())
                    || (*word == "clerk" && found.contains("ownwords")),
                "{word} ({what}) is in the case's debrief ({ending})"
            );
        }
        for own in [
            "system alder",
            "nobody decides",
            "alderprediction",
            "aldersummary",
        ] {
            assert!(found.contains(own), "{own} is missing ({ending})");
        }
    }
}

#[test]
fn what_is_left_out_is_told_to_whoever_writes_it() {
    let folder = hostile();
    let run = folder
        .run(&["debrief", "--case", "alder", "-o", "out.md"])
        .done();
    whole!(
        Run {
            stdout: String::new(),
            ..run
        },
        str![[r#"
--- stderr
warning: question 2 names another case or participant, or a role that only a few hold, so it is left out
warning: the definition of meeting names another case or participant, or a role that only a few hold, so it is left out
warning: finding 2 names another case or participant, or a role that only a few hold, so it is left out
warning: finding 3 names another case or participant, or a role that only a few hold, so it is left out
warning: finding 4 names another case or participant, or a role that only a few hold, so it is left out
warning: what was found of finding 1 in alder names another case or participant, or a role that only a few hold, so it is left out
warning: the summary of alder,meeting names another case or participant, or a role that only a few hold, so it is left out
Held back: 1 summary (1 over a summary that is held back).
Wrote the debrief to out.md with 0 quotes and 1 finding.

"#]]
    );
    let text = folder.read("out.md");
    let (_, about) = text.split_once("## What the study found").expect("a part");
    let (about, _) = about
        .split_once("## What you can still do")
        .expect("a part");
    whole!(
        Run {
            stdout: about.to_owned(),
            stderr: String::new(),
            status: Some(0)
        },
        str![[r#"


This is what we conclude so far from all that we heard and read. The numbers are those of the reply form at the end.

- **Finding 1.** Nobody decides.

## What this means for System Alder

These findings are about you, or rest on what was said by you:

- **Finding 1.** What was said in your system supports it. What was said in your system also speaks against it. We expected the same there: alderprediction. We found it in part.

### Theme by theme

| Theme | What we understood |
| --- | --- |
| Deciding | aldersummary |


"#]]
    );
}

/// Whoever few agree or disagree with is not pointed at: no number of people below five stands in a debrief.
#[test]
fn no_small_number_of_people_is_told() {
    let folder = hostile();
    for args in [&["debrief", "P01"][..], &["debrief", "--case", "alder"]] {
        let text = folder.run(args).done().stdout;
        assert!(text.contains("a few people"), "{text}");
        for n in [
            "1 person",
            "2 people",
            "3 people",
            "4 people",
            "one of",
            "nobody else",
        ] {
            assert!(!text.contains(n), "{n} in {text}");
        }
    }
}

/// Fills a Word form: what stands at each place is put there, the first time from the beginning on.
fn fill(folder: &Folder, from: &str, to: &str, places: &[(&str, &str, &str)]) {
    let bytes = std::fs::read(folder.join(from)).expect("the form");
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a Word file");
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for n in 0..zip.len() {
        let mut part = zip.by_index(n).expect("a part");
        let (name, mut text) = (part.name().expect("a name").into_owned(), String::new());
        part.read_to_string(&mut text).expect("text");
        if name == "word/document.xml" {
            for (after, what, with) in places {
                let at = text.find(after).expect("the place") + after.len();
                let found = text[at..].find(what).expect("what stands there") + at;
                text.replace_range(found..found + what.len(), with);
            }
        }
        out.start_file(name, zip::write::SimpleFileOptions::default())
            .expect("a part");
        out.write_all(text.as_bytes()).expect("memory");
    }
    let bytes = out.finish().expect("a Word file").into_inner();
    folder.write(to, bytes);
}

const TICK: (&str, &str) = ("<w:t>☐</w:t>", "<w:t>☒</w:t>");

/// The cell for words is the first empty one behind its label.
fn words(said: &str) -> (&'static str, String) {
    (
        "</w:pPr></w:p>",
        format!("</w:pPr><w:r><w:t>{said}</w:t></w:r></w:p>"),
    )
}

fn with_findings() -> Folder {
    let folder = Folder::invented();
    for args in [
        &[
            "finding",
            "add",
            "Every partner holds a no that nobody has to cast.",
        ][..],
        &[
            "finding",
            "add",
            "Teams with one list decide by themselves.",
        ],
        &["finding", "support", "1", "--coding", "2000007", "9000008"],
    ] {
        folder.run(args).done();
    }
    folder
}

#[test]
fn a_filled_form_comes_back() {
    let folder = with_findings();
    folder.run(&["debrief", "P09", "-o", "p09.docx"]).done();
    let (empty, said) = words("It is cast every week.");
    let (_, thanks) = words("Thank you &amp; all.");
    fill(
        &folder,
        "p09.docx",
        "back/p09.docx",
        &[
            ("Finding 1</w:t>", "Disagree:", "Disagree:"),
            ("Disagree: I see it otherwise", TICK.0, TICK.1),
            ("In your words</w:t></w:r></w:p></w:tc>", empty, &said),
            ("Anything else", "In your words", "In your words"),
        ],
    );
    // The words to the whole, behind the last label.
    let _ = thanks;
    folder.write("back/~$p09.docx", "a lock");
    folder.write("back/notes.txt", "no form");
    let dry = folder
        .run(&["response", "import", "back", "--dry-run"])
        .done();
    whole!(
        dry,
        str![[r#"
file      participant  finding  answer    words  received
p09.docx  P09                1  disagree      5  2021-05-01
--- stderr
1 answer would be imported; nothing was written.

"#]]
    );
    whole!(
        folder.run(&["response", "import", "back"]).done(),
        str![[r#"
file      participant  finding  answer    words  received
p09.docx  P09                1  disagree      5  2021-05-01
--- stderr
Imported 1 answer.
1 decision to take: casebook decision list --open

"#]]
    );
    whole!(
        folder.run(&["response", "import", "back"]).done(),
        str![[r#"
--- stderr
p09.docx was read before, with 1 answer.

"#]]
    );
    whole!(
        folder.run(&["response", "list"]).done(),
        str![[r#"
response  participant  finding  answer    received    text                    decision  outcome  why
       1  P09                1  disagree  2021-05-01  It is cast every week.         1  open
--- stderr
Of all participants who were sent a debrief, in participants: 1 of 1: 1 disagree; 1 open.

"#]]
    );
    whole!(
        folder.run(&["decision", "list", "--open"]).done(),
        str![[r#"
decision  outcome  finding  participant  answer    text                    why
       1  open           1  P09          disagree  It is cast every week.
--- stderr
1 open.

"#]]
    );
    folder.sound();
}

#[test]
fn nobody_answers_both_yes_and_no() {
    let folder = with_findings();
    folder.write("yes.csv", "participant,finding,confirm\nP09,2,x\n");
    folder.write("same.csv", "participant,finding,confirm\nP09,2,X\n");
    folder.write("no.csv", "participant,finding,disagree\nP09,2,x\n");
    folder.write(
        "claim.csv",
        "participant,finding,claim,confirm\nP09,1,Other words altogether,x\n",
    );
    folder.run(&["response", "import", "yes.csv"]).done();
    let count = || {
        let list: Value = folder.line("response list --json").done().json();
        list["responses"].as_array().expect("answers").len()
    };
    assert_eq!(count(), 1);
    // The same answer in another dress.
    let again = folder.run(&["response", "import", "same.csv"]).calm();
    assert!(
        again
            .stderr
            .contains("same.csv was read before, with 1 answer.")
    );
    assert_eq!(count(), 1);
    whole!(
        folder.run(&["response", "import", "no.csv"]).refused(),
        str![[r#"
--- stderr
error: no.csv: P09 said `confirm` to finding 2 (response 1), and now `disagree`
hint: let the newer take the older's place with --replace, or take the older away with: casebook response remove 1
--- status 1

"#]]
    );
    folder.run(&["respond", "P09", "2", "disagree"]).refused();
    folder
        .run(&["response", "import", "no.csv", "--replace"])
        .done();
    assert_eq!(count(), 1);
    whole!(
        folder.run(&["response", "import", "claim.csv"]).refused(),
        str![[r#"
--- stderr
error: claim.csv: row 2 (finding 1): the claim beside the answer is not that of finding 1
hint: see which finding is meant: casebook finding show 1
--- status 1

"#]]
    );
    // Of whoever withdrew so that their words go, nothing is taken up.
    folder
        .run(&["withdraw", "P09", "--mode", "exclude", "--yes"])
        .done();
    let refused = folder.run(&["respond", "P09", "1", "confirm"]).refused();
    assert!(
        refused.stderr.contains("who withdrew on"),
        "{}",
        refused.whole()
    );
    folder.sound();
}

#[test]
fn a_form_that_does_not_fit_is_refused_with_its_place() {
    let folder = with_findings();
    folder.run(&["debrief", "P09", "-o", "p09.docx"]).done();
    let refused = |file: &str| folder.run(&["response", "import", file]).refused();
    // Nothing in it.
    whole!(
        refused("p09.docx"),
        str![[r#"
--- stderr
error: p09.docx: nothing is filled in
hint: if that is the answer, write it down: casebook respond P09 --no-reply
--- status 1

"#]]
    );
    // Two boxes that contradict each other.
    fill(
        &folder,
        "p09.docx",
        "two.docx",
        &[
            ("Finding 2</w:t>", TICK.0, TICK.1),
            ("Finding 2</w:t>", TICK.0, TICK.1),
        ],
    );
    whole!(
        refused("two.docx"),
        str![[r#"
--- stderr
error: two.docx: finding 2 has two boxes ticked that do not go together: confirm and disagree
hint: mend it in the form, or write the answer down by hand: casebook respond P09 2 disagree TEXT
--- status 1

"#]]
    );
    // A form of another study.
    let other = Folder::with_study();
    other
        .run(&["participant", "add", "P09", "--role", "chair"])
        .done();
    fill(
        &folder,
        "p09.docx",
        "one.docx",
        &[("Finding 2</w:t>", TICK.0, TICK.1)],
    );
    std::fs::copy(folder.join("one.docx"), other.join("one.docx")).expect("a copy");
    whole!(
        other.run(&["response", "import", "one.docx"]).refused(),
        str![[r#"
--- stderr
error: one.docx: it is a form of another study
hint: open that study with: --study FILE
--- status 1

"#]]
    );
    // A finding that is gone, and what is no form at all.
    folder.run(&["finding", "remove", "2", "--yes"]).done();
    whole!(
        refused("one.docx"),
        str![[r#"
--- stderr
error: one.docx: it answers to finding 2, and there is none of that number
hint: see: casebook finding list
--- status 1

"#]]
    );
    folder.write("no.docx", "PK");
    folder.write("no.csv", "a,b\n1,2\n");
    whole!(
        refused("no.docx"),
        str![[r#"
--- stderr
error: no.docx: the file is called `.docx` but is no Word file
hint: open it in Word or LibreOffice and save it as .docx again
--- status 1

"#]]
    );
    whole!(
        refused("no.csv"),
        str![[r#"
--- stderr
error: no.csv: the table has no column `finding`
hint: mend it in the form, or write the answer down by hand: casebook respond PARTICIPANT FINDING disagree TEXT
--- status 1

"#]]
    );
    // One that can't be read does not keep the others out.
    folder.write(
        "answers.csv",
        "participant,finding,answer,text\nP07,1,confirm,\n",
    );
    let run = folder
        .run(&["response", "import", "no.csv", "answers.csv"])
        .refused();
    assert!(run.stdout.contains("P07"), "{}", run.whole());
}

#[test]
fn a_table_of_answers_comes_in_and_a_changed_finding_is_told() {
    let folder = with_findings();
    folder.run(&["debrief", "P07", "--form", "form.csv"]).done();
    let form = folder.read("form.csv");
    whole!(
        Run {
            stdout: form.replace(
                form.lines()
                    .nth(1)
                    .expect("a row")
                    .split(' ')
                    .next()
                    .expect("a study"),
                "[STUDY]"
            ),
            stderr: String::new(),
            status: Some(0)
        },
        str![[r#"
form,participant,finding,claim,confirm,disagree,add,correct,remove,text,received
[STUDY] / P07 / 13,,1,Every partner holds a no that nobody has to cast.,,,,,,,
[STUDY] / P07 / 13,,2,Teams with one list decide by themselves.,,,,,,,
[STUDY] / P07 / 13,,whole,,,,,,,,

"#]]
    );
    folder
        .run(&[
            "finding",
            "edit",
            "1",
            "--claim",
            "Every partner holds a no.",
        ])
        .done();
    let filled: Vec<String> = form
        .lines()
        .map(|line| match line.split(',').nth(2) {
            Some("1") => format!(
                "{},,,x,,,and it is cast,2021-04-20",
                line.trim_end_matches(',')
            ),
            _ => line.to_owned(),
        })
        .collect();
    folder.write("filled.csv", filled.join("\n"));
    let run = folder
        .run(&["response", "import", "filled.csv", "--json"])
        .done();
    let found: Value = run.json();
    assert_eq!(found["imported"][0]["participant"], "P07");
    assert_eq!(found["imported"][0]["received"], "2021-04-20");
    assert_eq!(found["imported"][0]["answers"][0]["answer"], "add");
    assert_eq!(
        found["imported"][0]["warnings"][0],
        "finding 1 was changed after the debrief that it answers was written"
    );
}

#[test]
fn answers_stand_beside_the_finding_until_they_are_decided() {
    let folder = with_findings();
    folder.run(&["debrief", "P09", "-o", "p09.html"]).done();
    folder
        .run(&["debrief", "--sent", "2021-04-01", "P09", "P07"])
        .done();
    whole!(
        folder
            .run(&[
                "respond",
                "P09",
                "1",
                "disagree",
                "It is cast every week.",
                "--received",
                "2021-04-20"
            ])
            .done(),
        str![[r#"
response 1
decision 1  open
--- stderr
Wrote the answer down.  (event 16; to take it back: casebook undo)
It asks for a decision; take it with: casebook decision take 1 changed|kept|noted|removed --why TEXT

"#]]
    );
    folder.run(&["respond", "P07", "1", "confirm"]).done();
    folder.run(&["respond", "P08", "--no-reply"]).done();
    folder
        .run(&["respond", "P07", "--whole", "Well put."])
        .done();
    whole!(
        folder.run(&["check", "--evidence"]),
        str![[r#"
1 problem found:
  finding 2  unsupported: is reported and nothing supports it
1 warning:
  finding 1  undecided: 1 answer of participants waits for a decision: casebook decision list --finding 1
--- stderr
error: the chain of evidence is broken in 1 place
hint: begin with: casebook finding show 2
--- status 1

"#]]
    );
    let status = folder.run(&["status"]).done().stdout;
    assert!(
        status.contains("1 of 1 decisions on participants' answers not taken"),
        "{status}"
    );
    let show = folder.run(&["finding", "show", "1"]).done().stdout;
    let (_, answers) = show.split_once("Answers of participants").expect("answers");
    whole!(
        Run {
            stdout: answers.to_owned(),
            stderr: String::new(),
            status: Some(0)
        },
        str![[r#"

  2 of 2: 1 confirm, 1 disagree; 1 open
  response 1  P09  disagree  2021-04-20
    It is cast every week.
    ! decision 1 is open
  response 2  P07  confirm  2021-05-01

"#]]
    );
    folder.run(&["decision", "take", "1", "noted"]).refused();
    folder
        .run(&[
            "decision",
            "take",
            "1",
            "noted",
            "--why",
            "it is told beside it",
        ])
        .done();
    assert!(
        !folder
            .run(&["status"])
            .done()
            .stdout
            .contains("decisions on")
    );
    let list = folder.run(&["finding", "list"]).done().stdout;
    assert!(list.contains("2 of 2: 1 confirm, 1 disagree"), "{list}");
    // A report for anyone tells it without small numbers, and without anybody's words.
    let report = folder.run(&["report", "summary"]).done().stdout;
    assert!(
        report.contains("**What participants said to it.** It was put to a few participants; a few answered: a few confirmed it and a few disagreed. What was said against it is noted beside it."),
        "{report}"
    );
    assert!(!report.contains("It is cast every week"));
    let team = folder
        .run(&["report", "summary", "--audience", "team"])
        .done()
        .stdout;
    assert!(
        team.contains("It was put to 2 participants; 2 answered: 1 confirmed it and 1 disagreed."),
        "{team}"
    );
    let coreq = folder.run(&["checklist", "coreq", "--json"]).done().stdout;
    assert!(coreq.contains("debriefed on the findings"), "{coreq}");
    let progress = folder.run(&["progress", "list", "--json"]).done().stdout;
    assert!(progress.contains("debriefed"), "{progress}");
}

/// What off-record people answer is shown to nobody, and counted nowhere.
#[test]
fn answers_go_through_the_gate() {
    let folder = with_findings();
    folder
        .run(&["respond", "P09", "1", "disagree", "sealedwords"])
        .done();
    folder
        .run(&["participant", "edit", "P09", "--attribution", "off-record"])
        .done();
    for args in [
        &["response", "list"][..],
        &["response", "list", "--json"],
        &["decision", "list"],
        &["finding", "show", "1"],
        &["finding", "list", "--json"],
        &["report", "summary", "--audience", "team"],
    ] {
        let run = folder.run(args).done();
        assert!(!run.stdout.contains("sealedwords"), "{}", run.whole());
    }
    let list: Value = folder.run(&["response", "list", "--json"]).done().json();
    assert_eq!(list["responses"][0]["held_back"], "off the record");
    assert_eq!(list["overall"]["answered"], 0);
}

#[test]
fn those_who_are_not_to_be_written_to_are_left_out_and_said() {
    let folder = with_findings();
    folder
        .run(&[
            "consent",
            "add",
            "P03",
            "--signed",
            "2020-01-10",
            "--contact",
            "no",
        ])
        .done();
    folder
        .run(&["consent", "add", "P04", "--signed", "2020-01-10"])
        .done();
    folder
        .run(&[
            "participant",
            "add",
            "P99",
            "--role",
            "chair",
            "--case",
            "alder",
        ])
        .done();
    whole!(
        folder.run(&["debrief", "P03", "-o", "p03.docx"]).refused(),
        str![[r#"
--- stderr
error: P03 does not want to be written to again
hint: if a newer form says otherwise: casebook consent add P03 --signed DATE --contact yes
--- status 1

"#]]
    );
    assert!(!folder.join("p03.docx").exists());
    let run = folder
        .run(&[
            "debrief", "--all", "-o", "letters", "--format", "html", "--json",
        ])
        .done();
    let found: Value = run.json();
    assert_eq!(
        found["left_out"],
        serde_json::json!([
            {"participant": "P03", "why": "does not want to be written to again"},
            {"participant": "P04", "why": "was not asked, on the consent form, whether they may be written to again"},
            {"participant": "P99", "why": "is in no transcript"},
        ])
    );
    assert_eq!(found["written"].as_array().expect("those").len(), 14);
    assert!(folder.join("letters/debrief-P09.html").exists());
    assert!(!folder.join("letters/debrief-P03.html").exists());
    assert!(
        run.stderr
            .contains("Left out: P03 does not want to be written to again."),
        "{}",
        run.stderr
    );
}

#[test]
fn the_same_state_gives_the_same_bytes() {
    let folder = with_findings();
    for file in ["a.docx", "b.docx"] {
        folder.run(&["debrief", "P09", "-o", file]).done();
    }
    let read = |file: &str| std::fs::read(folder.join(file)).expect("a file");
    assert_eq!(read("a.docx"), read("b.docx"));
}

#[test]
fn what_was_answered_goes_with_who_answered_and_with_what() {
    let folder = with_findings();
    folder
        .run(&["respond", "P09", "1", "disagree", "gonewords"])
        .done();
    folder.run(&["respond", "P07", "2", "confirm"]).done();
    let run = folder.run(&["finding", "remove", "2"]).refused();
    assert!(
        run.stderr.contains("and 1 answer with it"),
        "{}",
        run.stderr
    );
    folder.run(&["finding", "remove", "2", "--yes"]).done();
    folder
        .run(&["participant", "remove", "P09", "--yes"])
        .done();
    let list: Value = folder.run(&["response", "list", "--json"]).done().json();
    assert_eq!(list["responses"], serde_json::json!([]));
    folder.sound();
}

#[test]
fn what_can_not_be_an_answer() {
    let folder = with_findings();
    folder.write("none/notes.txt", "no form");
    for (args, said) in [
        (&["respond", "P09", "9", "confirm"][..], "no finding `9`"),
        (&["respond", "P77", "1", "confirm"], "P77"),
        (
            &["respond", "P09"],
            "it is not said what the participant answered",
        ),
        (
            &["respond", "P09", "1", "add"],
            "`add` says nothing without words",
        ),
        (
            &["respond", "P09", "1", "no-reply"],
            "no reply is none to finding 1",
        ),
        (
            &["respond", "P09", "1", "confirm", "--received", "2031-01-01"],
            "2031-01-01 is still to come",
        ),
        (
            &["debrief", "--sent", "2031-01-01", "P09"],
            "2031-01-01 is still to come",
        ),
        (
            &["debrief", "P09", "P07"],
            "a debrief is for one participant",
        ),
        (
            &["debrief", "P09", "--form", "form.docx"],
            "the form alone is a table",
        ),
        (&["response", "remove", "4"], "no response `4`"),
        (
            &["decision", "take", "4", "kept", "--why", "so"],
            "no decision `4`",
        ),
        (&["response", "import", "none"], "there is no form in"),
    ] {
        let run = folder.run(args).refused();
        assert!(run.stderr.contains(said), "{}", run.whole());
    }
}

/// The nearest word by its letters is the contrary.
#[test]
fn who_agrees_is_not_told_to_disagree() {
    let folder = Folder::with_study();
    let run = folder.line("respond P01 1 agree yes");
    assert!(
        run.stderr.contains("`confirm`") && !run.stderr.contains("mean `disagree`"),
        "{}",
        run.whole()
    );
}

/// Who takes no part is not thanked for it.
#[test]
fn nobody_is_debriefed_who_takes_no_part() {
    let folder = Folder::with_study();
    folder.line("participant add P01").done();
    folder
        .line("consent add P01 --signed 2021-01-05 --take-part no --contact yes")
        .done();
    let run = folder.line("debrief P01 -o out.md").refused();
    assert!(run.stderr.contains("takes no part"), "{}", run.whole());
    assert!(!folder.join("out.md").exists());
}
