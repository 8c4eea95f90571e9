//! Names never leak: what a file is called and what labels stand in it may be a person's name, and stays out of the
//! record, of errors and of what is said on the way.

use crate::harness::{Folder, Run};

/// Words that must not be seen where only ids belong.
const NAMES: &[&str] = &[
    "Wilhelmina",
    "Okonkwo",
    "wilhelmina",
    "okonkwo",
    "Zebedee",
    "zebedee",
];

const TEXT: &str = "Zebedee Smith: How long have you been here?\n\nWilhelmina Okonkwo: Nine years in May.\n\nZebedee Smith: And before?\n\nWilhelmina Okonkwo: Elsewhere.\n";

#[track_caller]
fn nameless(text: &str, what: &str) {
    for name in NAMES {
        assert!(!text.contains(name), "`{name}` in {what}:\n{text}");
    }
}

#[track_caller]
fn silent(run: &Run, what: &str) {
    nameless(&run.stderr, what);
}

fn with_names() -> Folder {
    let folder = Folder::with_study();
    folder.line("participant add P7 --role nurse").done();
    folder.line("theme add pace").done();
    folder.write("in/Wilhelmina Okonkwo.txt", TEXT);
    folder
}

#[test]
fn the_record_holds_ids_and_no_names() {
    let folder = with_names();
    let imported = folder
        .run(&["import", "in", "--speaker", "Wilhelmina Okonkwo=P7"])
        .done();
    silent(&imported, "what import says");
    folder
        .run(&[
            "transcript",
            "edit",
            "T01",
            "--speaker",
            "Zebedee Smith=interviewer",
        ])
        .done();
    folder
        .run(&["code", "T01:2", "pace", "--quote", "Nine years"])
        .done();
    folder.run(&["undo"]).done();
    for args in [
        &["log"][..],
        &["log", "--json"],
        &["log", "--object", "transcript:T01"],
        &["log", "verify"],
        &["check"],
        &["status"],
        &["transcript", "list"],
    ] {
        let run = folder.run(args).done();
        nameless(&run.whole(), &args.join(" "));
    }
    // Nor is the file's name anywhere in the study.
    let dump = folder.dump();
    assert!(
        !dump.contains("Wilhelmina Okonkwo.txt"),
        "the file's name is in the study"
    );
}

#[test]
fn undoing_an_import_names_nobody() {
    let folder = with_names();
    folder.run(&["import", "in"]).done();
    let run = folder.run(&["undo"]).done();
    nameless(&run.whole(), "undo");
}

/// What goes wrong is said without repeating the label that somebody typed, or that stands in the file.
#[test]
fn errors_name_no_speaker() {
    let folder = with_names();
    folder.run(&["import", "in"]).done();
    silent(
        &folder
            .run(&["transcript", "edit", "T01", "--speaker", "Wilhelmina=P7"])
            .refused(),
        "an unknown label",
    );
    silent(
        &folder.run(&["import", "in", "--again", "--speaker", "Zebedee=P7"]),
        "a label that nobody has",
    );
    silent(
        &folder
            .run(&["code", "T01:2", "pace", "--quote", "Wilhelmina said so"])
            .refused(),
        "a quote that is not there",
    );
    silent(
        &folder
            .run(&["code", "T01", "pace", "--quote", "years in Okonkwo"])
            .refused(),
        "a quote that is not there",
    );
    folder.write(
        "codings.csv",
        "place,quote,theme\nT01,Wilhelmina said so,pace\n",
    );
    silent(
        &folder.run(&["code", "--from", "codings.csv"]).refused(),
        "a quote in a file that is not there",
    );
    folder.write(
        "details.csv",
        "file,id,speakers\nWilhelmina Okonkwo.txt,T09,Zebedee Smyth=P7\n",
    );
    silent(
        &folder.run(&["import", "in", "--again", "--details", "details.csv"]),
        "details that do not fit",
    );
}

/// The same file twice is refused by what it is called on the disk, which the person who typed it knows; what it holds
/// is not told, and another file's name is not: the transcript's id is.
#[test]
fn a_file_that_is_in_already_is_known_by_its_transcript() {
    let folder = with_names();
    folder.run(&["import", "in"]).done();
    folder.write("copy.txt", TEXT);
    let run = folder.run(&["import", "copy.txt"]).refused();
    silent(&run, "the same text under another name");
    assert!(run.stderr.contains("T01"), "{}", run.whole());
}
