//! Reports and the debrief: where they go, what they hold back, and that they come out the same twice.

use snapbox::str;

use crate::harness::{Folder, invented, whole};

#[test]
fn reports_come_out_the_same_twice() {
    let folder = Folder::invented();
    for args in [
        &["report", "summary"][..],
        &["report", "case", "alder"],
        &["report", "theme", "consensus"],
        &["report", "codebook"],
        &["debrief", "P09"],
    ] {
        for ending in ["md", "html"] {
            let (one, two) = (format!("one.{ending}"), format!("two.{ending}"));
            folder.run(&[args, &["-o", &one]].concat()).done();
            folder.run(&[args, &["-o", &two]].concat()).done();
            assert_eq!(folder.read(&one), folder.read(&two), "{args:?}");
            assert!(
                !folder
                    .read(&one)
                    .contains(&*folder.path().to_string_lossy()),
                "{args:?} tells where it was made"
            );
            assert_eq!(folder.read(&one).contains("</html>"), ending == "html");
        }
        let printed = folder.run(args).done().stdout;
        folder.run(&[args, &["-o", "one.md"]].concat()).done();
        assert_eq!(printed, folder.read("one.md"), "{args:?}");
    }
}

#[test]
fn what_is_written_is_told() {
    let folder = Folder::invented();
    whole!(
        folder.line("report summary -o summary.html"),
        str![[r#"
--- stderr
Held back: 36 quotes (9 may not be quoted, 27 background only).
Wrote the summary report to summary.html with 137 quotes.

"#]]
    );
    whole!(
        folder.line("report case birch -o birch.md --quotes none"),
        str![[r#"
--- stderr
Wrote the case report to birch.md with 0 quotes.

"#]]
    );
    whole!(
        folder.line("report codebook -o codebook.md"),
        str![[r#"
--- stderr
Wrote the codebook to codebook.md with 0 quotes.

"#]]
    );
    whole!(
        folder.line("debrief P09 -o debrief.html"),
        str![[r#"
--- stderr
Wrote the debrief to debrief.html with 27 quotes.

"#]]
    );
    whole!(
        folder.line("debrief P15 -o debrief.md"),
        str![[r#"
--- stderr
Held back: 9 quotes (9 may not be quoted).
Wrote the debrief to debrief.md with 0 quotes.

"#]]
    );
}

/// Whoever may not be quoted is in no report for the public, whose words are background is not quoted, and a debrief
/// names nobody else.
#[test]
fn nobody_is_quoted_against_their_word() {
    let folder = invented();
    let summary = folder.line("report summary --quotes all").done().stdout;
    let quotes: serde_json::Value = folder
        .line("quotes --participant P15 --participant P12 --json")
        .done()
        .json();
    let sealed = quotes["quotes"].as_array().expect("quotes");
    assert!(sealed.len() > 5);
    for quote in sealed {
        let words = quote["text"].as_str().expect("words");
        let some: String = words.chars().take(40).collect();
        assert!(
            !summary.contains(&some),
            "coding {} is quoted",
            quote["coding"]
        );
    }
    let debrief = folder.line("debrief P09").done().stdout;
    for n in (1..=16).filter(|n| *n != 9) {
        assert!(
            !debrief.contains(&format!("P{n:02}")),
            "P{n:02} is in the debrief of P09"
        );
    }
    for memo in folder
        .line("memo list --json")
        .done()
        .json::<serde_json::Value>()["memos"]
        .as_array()
        .expect("memos")
    {
        let text = memo["text"].as_str().expect("a text");
        assert!(!debrief.contains(text), "a memo is in a debrief: {text}");
        assert!(!summary.contains(text), "a memo is in the summary: {text}");
    }
}

#[test]
fn the_demo_runs() {
    let folder = Folder::empty();
    let run = folder.line("demo").done();
    assert!(
        run.stdout.contains("$ casebook init working-as-one"),
        "{}",
        run.stdout
    );
    for file in [
        "summary-report.html",
        "summary-report.md",
        "report-birch.html",
        "debrief-P09.html",
        "debriefs/debrief-P01.docx",
    ] {
        assert!(folder.join("casebook-demo").join(file).exists(), "{file}");
    }
    // Who said so on the form is not written to again.
    assert!(
        !folder
            .join("casebook-demo/debriefs/debrief-P14.docx")
            .exists()
    );
    folder.line("demo").done();
    assert!(folder.join("casebook-demo-2").exists());
    whole!(
        folder.line("demo casebook-demo"),
        str![[r#"
--- stderr
error: `casebook-demo` is there already and not empty
hint: name a new folder: casebook demo NEW_FOLDER
--- status 1

"#]]
    );
}
