//! What was said off the record leaves by no door: every command that shows passages, run on a study in which such words
//! stand in the midst of what was coded.

use std::fs;

use serde_json::Value;

use crate::harness::Folder;

/// In every turn that is off the record, and nowhere else.
const SECRET: &str = "SECRETWORD";
/// In every turn that may be shown to the team.
const OPEN: &str = "openly";

const GROUP: &str = "\
Int: Who openly decides?

P1: The nurse says openly: apples are green.

P2: SECRETWORD the chair says zebras zebras zebras.

P3: The doctor says openly: yes to apples.

P1: The nurse says openly: no.
";

/// Nobody has said whose labels these are: they may be P2's, with whom the talk is.
const ALONE: &str = "\
Int: And openly alone?

Speaker 2: SECRETWORD says zebras again.

Speaker 3: SECRETWORD says zebras, too.
";

const NOTES: &str = "SECRETWORD the chair says zebras on the stairs.\n";

fn study() -> Folder {
    let folder = Folder::with_study();
    for (name, text) in [
        ("group.txt", GROUP),
        ("alone.txt", ALONE),
        ("notes.txt", NOTES),
    ] {
        folder.write(name, text);
    }
    for line in [
        "case add alder --name Alder",
        "participant add P1 --case alder --role nurse",
        "participant add P2 --case alder --role chair --attribution off-record",
        "participant add P3 --case alder --role doctor",
        "import group.txt --case alder --kind focus-group --speaker Int=interviewer --speaker P1=P1 --speaker P2=P2 --speaker P3=P3",
        "import alone.txt --case alder --participant P2 --speaker Int=interviewer",
        "import notes.txt --case alder --participant P2 --kind field-notes",
        "theme add x",
        "theme add y",
        "theme add z",
        "code T01:2-4 x",
        "code T01:1-5 y",
        "code T01:3-4 z",
        "code T01:2-3 z",
        "code T01:3 x",
        "code T02:1-3 x",
        "code T02:2 y",
        "code T03:1 x",
        "--coder jo code T01:2-5 x",
        "--coder jo code T01:3-5 y",
        "--coder jo code T02:2 z",
    ] {
        folder.line(line).done();
    }
    for args in [
        &[
            "frame", "set", "alder", "x", "Apples.", "--coding", "1000001",
        ] as &[&str],
        &["finding", "add", "Apples are green."],
        &["finding", "support", "1", "--coding", "1000001"],
        &["finding", "support", "1", "--coding", "1000003"],
    ] {
        folder.run(args).done();
    }
    folder
}

/// Every command that could show a passage; `-o` stands at the end of those that write a file.
const COMMANDS: &[&str] = &[
    "status",
    "log",
    "check",
    "check --evidence",
    "transcript list",
    "section list",
    "participant show P2",
    "case show alder",
    "theme list",
    "theme show x",
    "theme lint",
    "theme export",
    "memo list",
    "search says --speaker all",
    "search says --kwic --speaker all",
    "search zebras --speaker all",
    "search says --theme x --kwic",
    "search says --count-by participant",
    "autocode says z --dry-run",
    "autocode says z --spread sentence --speaker all --dry-run",
    "quotes",
    "quotes --speaker all",
    "quotes --theme x",
    "quotes --theme x --overlap-part y",
    "quotes --theme z --participant P3",
    "quotes --theme y --near z --distance 1turn",
    "quotes -o q.md",
    "quotes -o q.html",
    "quotes --speaker all -o q.md",
    "matrix --rows participant --cols theme",
    "matrix --rows participant --cols theme --cell P1,x",
    "matrix --rows participant --cols theme --count turns --cell P3,x",
    "matrix --rows role --cols theme --count words --speaker all",
    "matrix --rows case --cols theme --speaker all --cell alder,z",
    "matrix --rows case --cols theme -o m.csv",
    "cooccur",
    "cooccur --cell x,y",
    "cooccur --cell x,z --relation same-turn --count turns",
    "cooccur --cell y,z --relation near --distance 1turn",
    "frequency",
    "frequency --speaker all",
    "frequency --by jo",
    "frequency --group-by theme",
    "frequency --group-by participant -o w.csv",
    "frequency --word says",
    "frequency --word zebras",
    "agreement",
    "agreement --disagreements 20",
    "agreement --coders mara,jo --unit sentence",
    "agreement disagreements",
    "agreement disagreements -o d.md",
    "agreement disagreements -o d.csv",
    "agreement disagreements -o d.html",
    "agreement settled",
    "agreement sample a --share 50% --seed 1 --dry-run",
    "saturation",
    "finding list",
    "finding show 1",
    "trace finding 1",
    "trace coding:1000001",
    "trace coding:1000005",
    "trace T01:3",
    "trace T01:2-4",
    "trace T02:2",
    "trace cell:alder,x",
    "frame show",
    "frame show alder",
    "frame show alder x",
    "frame list",
    "frame export --quotes 9 -o f.html",
    "frame export --quotes 9 --audience team -o f.html",
    "frame export -o f.json",
    "frame export -o f.md",
    "report summary --quotes all",
    "report summary --quotes all --audience team",
    "report summary --quotes all -o r.html",
    "report case alder --quotes all --audience team",
    "report theme x --quotes all --audience team",
    "report codebook --quotes all --audience team",
    "report list",
    "debrief P1",
    "debrief P3 -o b.html",
    "chart heat -o c.svg",
    "chart network -o c.svg",
    "chart accumulation -o c.svg",
    "chart agreement -o c.svg",
    "chart timeline -o c.svg",
    "checklist coreq",
    "progress",
];

#[test]
fn no_command_prints_what_was_off_the_record() {
    let folder = study();
    let mut shown = 0;
    for command in COMMANDS {
        for form in ["", " --json", " --csv"] {
            let file = command.split(" -o ").nth(1);
            if file.is_some() && !form.is_empty() {
                continue;
            }
            let run = folder.line(&format!("{command}{form}"));
            // What a command can't say as a table it refuses; in words it must be able to say it.
            if form != " --csv" && run.status != Some(0) {
                assert_ne!(form, "", "{command}: {}", run.whole());
            }
            let mut said = run.whole();
            if let Some(file) = file {
                said += &fs::read_to_string(folder.join(file)).expect("a file of text");
                fs::remove_file(folder.join(file)).expect("it was written");
            }
            assert!(!said.contains(SECRET), "{command}{form}: {said}");
            assert!(!said.contains("zebras zebras"), "{command}{form}: {said}");
            shown += usize::from(said.contains(OPEN));
        }
    }
    // The test would say nothing if nothing were shown.
    assert!(shown > 90, "{shown}");
    // The text itself is the team's to read.
    let text = folder.line("transcript show T01").done();
    assert!(text.stdout.contains(SECRET));
}

#[test]
fn a_mark_stands_in_the_place_of_the_turn() {
    let folder = study();
    let quotes: Value = folder.line("quotes --by mara --json").done().json();
    let texts: Vec<(&str, &str)> = quotes["quotes"]
        .as_array()
        .expect("quotes")
        .iter()
        .map(|q| {
            let of = |key: &str| q[key].as_str().expect("words");
            (of("theme"), of("text"))
        })
        .collect();
    let nurse = "The nurse says openly: apples are green.";
    let doctor = "P3: The doctor says openly: yes to apples.";
    let whole = format!(
        "Who openly decides?\n\nP1: {nurse}\n\n[…]\n\n{doctor}\n\nP1: The nurse says openly: no."
    );
    assert_eq!(
        texts,
        [
            ("y", &*whole),
            ("z", &*format!("{nurse}\n\n[…]")),
            ("x", &*format!("{nurse}\n\n[…]\n\n{doctor}")),
            ("z", &*format!("[…]\n\n{doctor}")),
        ]
    );
    // The same words wherever the passage is shown.
    let shown = folder.line("finding show 1 --json").done().stdout;
    let mark = format!("{nurse}\\n\\n[…]\\n\\n{doctor}");
    assert!(shown.contains(&mark), "{shown}");
    let cell = folder.line("frame show alder x --json").done().stdout;
    assert!(cell.contains(&mark), "{cell}");
    let apart = folder.line("agreement disagreements --json").done().stdout;
    assert!(apart.contains(&mark), "{apart}");
    // What nobody else says is in no count either.
    let found: Value = folder.line("quotes --theme x --json").done().json();
    assert_eq!(found["total"], 2);
    let words = folder.line("agreement --json").done().json::<Value>();
    // Those of the group, and the question of the other talk.
    assert_eq!(words["double_coded"]["words"], 3 + 7 + 7 + 5);
    assert_eq!(words["double_coded"]["of_words"], 3 + 7 + 7 + 5 + 3);
    let report = folder.line("report summary").done().stdout;
    assert!(report.contains("**Words:** 22"), "{report}");
}

/// A page leaves the house as a report does: by what each person agreed to, unless it is for the team.
#[test]
fn the_frames_quotes_are_for_the_public_unless_it_is_said() {
    let folder = study();
    for line in [
        "participant edit P3 --attribution background",
        "code T01:4 y",
        // So that one nurse is enough to be cited as one.
        "study edit --k-labels 1",
        "frame export --quotes 9 -o public.html",
        "frame export --quotes 9 --audience team -o team.html",
    ] {
        folder.line(line).done();
    }
    let public = folder.read("public.html");
    let team = folder.read("team.html");
    assert!(!public.contains("doctor"), "{public}");
    assert!(!public.contains("T01:"), "{public}");
    assert!(!public.contains("P1"), "{public}");
    assert!(!public.contains("For the team only"), "{public}");
    assert!(public.contains("Nurse, Alder"), "{public}");
    assert!(public.contains("held back"), "{public}");
    assert!(team.contains("doctor"), "{team}");
    assert!(team.contains("T01:2, P1"), "{team}");
    assert_eq!(
        team.matches("For the team only: its quotes may not be cited outside")
            .count(),
        2
    );
}
