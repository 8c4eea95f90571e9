//! Wrapped lines: joined at import, and had back.

use std::fs;

use serde_json::Value;

use crate::harness::{Folder, root};

fn wrapped() -> String {
    fs::read_to_string(root().join("fixtures/import/wrapped.txt")).expect("the fixture")
}

#[test]
fn wrapped_lines_are_joined_and_the_original_is_had_back() {
    let folder = Folder::with_study();
    folder.write("wrapped.txt", wrapped());
    let run = folder.line("import wrapped.txt").done();
    assert!(run.stderr.contains("--no-reflow"), "{}", run.whole());
    let shown: Value = folder.line("transcript show T01 --json").json();
    let text = shown["text"].as_str().expect("a text");
    assert!(text.contains("when the list went up on the door"), "{text}");
    // A list stays a list.
    assert!(text.contains("of our own:\n- who was there\n- who was asked\n"));
    let original: Value = folder.line("transcript show T01 --original --json").json();
    assert_eq!(original["text"], Value::from(wrapped()));
    assert_eq!(original["joined"], true);
    let plain = folder.line("transcript show T01 --original").done();
    assert_eq!(plain.stdout, wrapped());
    folder.line("transcript show T01:2 --original").refused();
    // What hangs over a line break in the file is found as a phrase, and can be quoted.
    let found = folder
        .run(&["search", "\"list went up\"", "--speaker", "all"])
        .done();
    assert!(found.stdout.contains("T01:1"), "{}", found.whole());
    folder.sound();
}

#[test]
fn lines_can_be_kept() {
    let folder = Folder::with_study();
    folder.write("wrapped.txt", wrapped());
    let run = folder
        .line("import wrapped.txt --no-reflow --explain")
        .done();
    assert!(
        run.stdout.contains("as --no-reflow says"),
        "{}",
        run.whole()
    );
    let shown: Value = folder.line("transcript show T01 --json").json();
    assert_eq!(shown["text"], Value::from(wrapped()));
    let run = folder.line("transcript show T01 --original").done();
    assert_eq!(run.stdout, wrapped());
    assert!(
        run.stderr.contains("No lines were joined"),
        "{}",
        run.whole()
    );
}
