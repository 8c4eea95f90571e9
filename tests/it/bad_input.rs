//! What is not as it should be: files that are no study, texts that are none, words that are unknown. Always an error, a
//! hint, the right exit status, and the study as it was.

use std::fs::{self, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use serde::Deserialize;
use snapbox::str;

use crate::harness::{Folder, Run, STUDY, compare, whole};

/// A study with one transcript, a theme, a case and a participant.
fn small() -> Folder {
    let folder = Folder::with_study();
    folder.line("case add alder --name Alder").done();
    folder.line("case add birch --part-of alder").done();
    folder
        .line("participant add P07 --role nurse --case alder")
        .done();
    folder.line("phase add first").done();
    folder.line("theme add governance/accountability").done();
    folder.line("theme add governance/clarity").done();
    folder.write(
        "one.txt",
        "INTERVIEWER: And the board?\n\nP07: The board decides, and the board forgets.\n",
    );
    folder
        .run(&["import", "one.txt", "--case", "alder", "--phase", "first"])
        .done();
    folder.run(&["code", "T01:2", "governance/clarity"]).done();
    folder
}

/// Runs what must be refused, and sees that the study is as it was.
#[track_caller]
fn refused(folder: &Folder, args: &[&str]) -> Run {
    let before = folder.dump();
    let run = folder.run(args).refused();
    assert!(run.stdout.is_empty(), "{}", run.whole());
    assert_eq!(folder.dump(), before, "{args:?} changed the study");
    run
}

/// A file that can't be imported: refused with a reason, and nothing is in.
#[track_caller]
fn unreadable(name: &str, bytes: &[u8]) -> Run {
    let folder = small();
    folder.write(name, bytes);
    refused(&folder, &["import", name])
}

#[test]
fn a_study_file_that_is_none() {
    let folder = Folder::empty();
    folder.write("text.casebook", "Dear diary, this is a text and no study at all. It is long enough to be looked at, though.");
    whole!(
        folder.line("status").refused(),
        str![[r#"
--- stderr
error: `[FOLDER]/text.casebook` is not a casebook study
hint: a study is a file that `casebook init` made; name it with: --study FILE
--- status 1

"#]]
    );
    folder.write("text.casebook", "");
    whole!(
        folder.line("status").refused(),
        str![[r#"
--- stderr
error: `[FOLDER]/text.casebook` is not a casebook study
hint: a study is a file that `casebook init` made; name it with: --study FILE
--- status 1

"#]]
    );
    fs::remove_file(folder.join("text.casebook")).expect("removed");
    Connection::open(folder.join("foreign.casebook"))
        .and_then(|c| c.execute_batch("CREATE TABLE a (b); INSERT INTO a VALUES (1)"))
        .expect("a database");
    let before = fs::read(folder.join("foreign.casebook")).expect("bytes");
    for line in ["status", "theme add trust", "search trust", "check"] {
        whole!(
            folder.line(line).refused(),
            str![[r#"
--- stderr
error: `[FOLDER]/foreign.casebook` is not a casebook study
hint: a study is a file that `casebook init` made; name it with: --study FILE
--- status 1

"#]]
        );
    }
    assert_eq!(
        fs::read(folder.join("foreign.casebook")).expect("bytes"),
        before,
        "a foreign file was touched"
    );
    assert_eq!(
        fs::read_dir(folder.path()).expect("a folder").count(),
        1,
        "something was left beside a foreign file"
    );
    whole!(
        folder.line("status --study nowhere.casebook").refused(),
        str![[r#"
--- stderr
error: there is no study at `nowhere.casebook`
hint: start one with: casebook init NAME   or name it with: --study FILE
--- status 1

"#]]
    );
    let nowhere = Folder::empty();
    // Somebody may keep a study in a folder above this one: then it is that one that is meant.
    let study_above = nowhere
        .path()
        .ancestors()
        .flat_map(fs::read_dir)
        .flatten()
        .flatten()
        .any(|e| e.path().extension().is_some_and(|e| e == "casebook"));
    if study_above {
        return;
    }
    whole!(
        nowhere.line("status").refused(),
        str![[r#"
--- stderr
error: there is no study in this folder or above it
hint: start one with: casebook init NAME   or name it with: --study FILE
--- status 1

"#]]
    );
}

#[test]
fn a_study_of_a_newer_program() {
    let folder = small();
    Connection::open(folder.join(STUDY))
        .and_then(|c| c.pragma_update(None, "user_version", 99))
        .expect("a newer one");
    let before = fs::read(folder.join(STUDY)).expect("bytes");
    for line in ["status", "theme add trust"] {
        whole!(
            folder.line(line).refused(),
            str![[r#"
--- stderr
error: `[FOLDER]/study.casebook` was written by a newer casebook (format 99; this one knows up to 5)
hint: update casebook, or open a backup that was made with this version
--- status 1

"#]]
        );
    }
    assert_eq!(fs::read(folder.join(STUDY)).expect("bytes"), before);
}

#[test]
fn a_study_that_is_damaged() {
    let folder = small();
    Connection::open(folder.join(STUDY))
        .and_then(|c| c.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)"))
        .expect("one file");
    let mut file = OpenOptions::new()
        .write(true)
        .open(folder.join(STUDY))
        .expect("the file");
    for page in 2..30 {
        file.seek(SeekFrom::Start(page * 4096 + 8))
            .expect("a place");
        file.write_all(&[0xa5; 600]).expect("damage");
    }
    drop(file);
    for line in [
        "status",
        "check",
        "search board",
        "quotes",
        "theme add trust",
    ] {
        let run = folder.line(line).calm();
        assert_eq!(run.status, Some(3), "{line}: {}", run.whole());
    }
}

#[test]
fn a_study_cut_short() {
    let folder = small();
    Connection::open(folder.join(STUDY))
        .and_then(|c| c.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)"))
        .expect("one file");
    let length = fs::metadata(folder.join(STUDY)).expect("a size").len();
    OpenOptions::new()
        .write(true)
        .open(folder.join(STUDY))
        .and_then(|f| f.set_len(length / 2))
        .expect("cut");
    for line in ["status", "check", "search board"] {
        let run = folder.line(line).calm();
        assert_eq!(run.status, Some(3), "{line}: {}", run.whole());
    }
}

#[test]
fn an_index_that_is_damaged_or_lost_mends_itself_or_says_how() {
    let folder = small();
    folder.line("search board").done();
    let index = folder.join("study.casebook-index");
    for entry in fs::read_dir(&index).expect("the index") {
        let path = entry.expect("an entry").path();
        if path.is_file() {
            fs::write(path, "nonsense").expect("damage");
        }
    }
    let run = folder.line("search board").calm();
    assert!(
        run.status == Some(0) || run.stderr.contains("hint: "),
        "{}",
        run.whole()
    );
    folder.line("check --repair").done();
    folder.line("search board").done();
    fs::remove_dir_all(&index).expect("removed");
    fs::write(&index, "a file where the folder was").expect("in its place");
    let run = folder.line("search board").calm();
    assert!(
        run.status == Some(0) || run.stderr.contains("hint: "),
        "{}",
        run.whole()
    );
}

/// A folder that can't be written: root may write anywhere, so the test makes it so only where it is not root; the way
/// that a study in such a folder is read (as it stands, without a log) is tested with the store.
#[cfg(unix)]
#[test]
fn a_study_in_a_read_only_folder() {
    use std::os::unix::fs::PermissionsExt;
    let folder = small();
    Connection::open(folder.join(STUDY))
        .and_then(|c| c.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)"))
        .expect("one file");
    folder.line("search board").done();
    let set = |folder_mode, file_mode| {
        fs::set_permissions(folder.join(STUDY), fs::Permissions::from_mode(file_mode))
            .expect("set");
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(folder_mode)).expect("set");
    };
    set(0o555, 0o444);
    let root = fs::write(folder.join("probe"), "").is_ok();
    if !root {
        folder.line("status").done();
        folder.line("quotes").done();
        whole!(
            folder.line("theme add trust").refused(),
            str![[r#"
--- stderr
error: [..]
hint: copy the study to a folder of your own, or make a copy with: casebook backup FILE
--- status 1

"#]]
        );
    }
    set(0o755, 0o644);
    folder.sound();
}

/// The device that is always full stands for a full disk.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk() {
    let folder = small();
    for args in [
        &["transcript", "show", "T01"][..],
        &["search", "board", "--json"],
        &["report", "summary"],
        &["theme", "export"],
        &["reference"],
    ] {
        let full = OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .expect("/dev/full");
        let run = folder.finish_quietly(folder.command().args(args).stdout(Stdio::from(full)));
        assert_eq!(run.status, Some(1), "{args:?}: {}", run.whole());
        run.refused();
    }
    folder.sound();
}

#[test]
fn output_that_nobody_reads_to_its_end() {
    let folder = crate::harness::invented();
    for args in [
        &["transcript", "show", "T01"][..],
        &["quotes", "--json"],
        &["reference"],
    ] {
        let mut child = folder
            .command()
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("an end");
        assert!(
            output.stderr.is_empty(),
            "{args:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert_eq!(output.status.code(), Some(0), "{args:?}");
    }
}

#[test]
fn texts_that_are_none() {
    whole!(
        unreadable("empty.txt", b""),
        str![[r#"
--- stderr
error: empty.txt: the file is empty
hint: nothing can be coded in it; look whether the right file was saved
--- status 1

"#]]
    );
    whole!(
        unreadable("blank.txt", b" \n\n\t \n"),
        str![[r#"
--- stderr
error: blank.txt: the file holds no text
hint: nothing can be coded in it; look whether the right file was saved
--- status 1

"#]]
    );
    whole!(
        unreadable(
            "binary.txt",
            &(0..4000u32)
                .map(|n| (n * 7919).to_le_bytes()[0])
                .collect::<Vec<_>>()
        ),
        str![[r#"
--- stderr
error: binary.txt: the file is not text: it holds control characters that no text has
hint: save it as plain text (.txt) or as .docx; if it is text, name its encoding with --encoding
--- status 1

"#]]
    );
    whole!(
        unreadable("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on"),
        str![[r#"
--- stderr
error: old.doc: this is an old Word file (`.doc`)
hint: open it in Word or LibreOffice and save it as .docx
--- status 1

"#]]
    );
    whole!(
        unreadable(
            "renamed.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on"
        ),
        str![[r#"
--- stderr
error: renamed.docx: this is an old Word file (`.doc`)
hint: open it in Word or LibreOffice and save it as .docx
--- status 1

"#]]
    );
    whole!(
        unreadable("picture.png", b"\x89PNG\r\n\x1a\n and so on"),
        str![[r#"
--- stderr
error: picture.png: pictures are not read
hint: import its transcript (.vtt, .srt, .docx or .txt)
--- status 1

"#]]
    );
    whole!(
        unreadable("renamed.txt", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n and so on"),
        str![[r#"
--- stderr
error: renamed.txt: the PDF is damaged
hint: open it in a PDF reader, save its text as .txt or .docx, and import that
--- status 1

"#]]
    );
    whole!(
        unreadable("torn.docx", b"PK\x03\x04 and no more"),
        str![[r#"
--- stderr
error: torn.docx: the file is called `.docx` but is no Word file
hint: open it in Word or LibreOffice and save it as .docx again
--- status 1

"#]]
    );
}

#[test]
fn files_that_are_not_there() {
    let folder = small();
    whole!(
        refused(&folder, &["import", "nowhere.txt"]),
        str![[r#"
--- stderr
error: nowhere.txt: it can't be read: No such file or directory (os error 2)
hint: check that the file is there and may be read
--- status 1

"#]]
    );
    fs::create_dir(folder.join("hollow")).expect("a folder");
    whole!(
        refused(&folder, &["import", "hollow"]),
        str![[r#"
--- stderr
error: there are no files to import
hint: name files, or a folder that holds some
--- status 1

"#]]
    );
    whole!(
        refused(&folder, &["case", "import", "nowhere.csv"]),
        str![[r#"
--- stderr
error: `nowhere.csv` can't be read: No such file or directory (os error 2)
hint: check that the file is there and may be read
--- status 1

"#]]
    );
    whole!(
        refused(&folder, &["theme", "import", "nowhere.yaml"]),
        str![[r#"
--- stderr
error: `nowhere.yaml` can't be read or written: No such file or directory (os error 2)
hint: check that the file or its folder is there
--- status 1

"#]]
    );
    whole!(
        refused(&folder, &["code", "--from", "nowhere.csv"]),
        str![[r#"
--- stderr
error: `nowhere.csv` can't be read: No such file or directory (os error 2)
hint: check that the file is there and may be read
--- status 1

"#]]
    );
}

/// A docx whose document unpacks to hundreds of megabytes.
fn bomb() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    zip.start_file("[Content_Types].xml", options)
        .expect("a file");
    zip.write_all(b"<?xml version=\"1.0\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>")
        .expect("written");
    zip.start_file("word/document.xml", options)
        .expect("a file");
    zip.write_all(b"<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>").expect("written");
    let paragraph = b"<w:p><w:r><w:t>boom</w:t></w:r></w:p>".repeat(30_000);
    for _ in 0..400 {
        zip.write_all(&paragraph).expect("written");
    }
    zip.write_all(b"</w:body></w:document>").expect("written");
    zip.finish().expect("a zip").into_inner()
}

#[test]
fn a_zip_bomb_named_docx() {
    let bytes = bomb();
    assert!(bytes.len() < 5_000_000, "{} bytes", bytes.len());
    let began = Instant::now();
    whole!(
        unreadable("bomb.docx", &bytes),
        str![[r#"
--- stderr
error: bomb.docx: the Word file unpacks to more than 128 MB
hint: if you trust where it comes from, open it in Word or LibreOffice and save its text as .txt
--- status 1

"#]]
    );
    assert!(
        began.elapsed() < Duration::from_secs(30),
        "it took {:?}",
        began.elapsed()
    );
}

#[test]
fn a_file_of_200_megabytes() {
    let folder = small();
    let file = fs::File::create(folder.join("huge.txt")).expect("a file");
    file.set_len(200 * 1024 * 1024).expect("a long one");
    let began = Instant::now();
    whole!(
        refused(&folder, &["import", "huge.txt"]),
        str![[r#"
--- stderr
error: huge.txt: the file has 200 MB; 64 MB is the most that is read
hint: split it, or take pictures out, and import the parts
--- status 1

"#]]
    );
    assert!(
        began.elapsed() < Duration::from_secs(10),
        "it took {:?}",
        began.elapsed()
    );
}

#[derive(Deserialize)]
struct Shown {
    text: String,
    turns: Vec<serde::de::IgnoredAny>,
}

#[test]
fn a_line_of_a_megabyte_is_a_text_like_any_other() {
    let folder = small();
    let line = format!("P07: {}", "and the board decided that ".repeat(40_000));
    folder.write("long.txt", format!("INTERVIEWER: Well?\n\n{line}\n"));
    folder.line("import long.txt").done();
    let shown: Shown = folder.line("transcript show T02 --json").done().json();
    assert_eq!(
        (shown.turns.len(), shown.text.len()),
        (2, line.len() + "INTERVIEWER: Well?\n\n\n".len())
    );
    let run = folder.line("search decided --kwic --limit 3").done();
    assert!(
        run.stdout.lines().all(|l| l.len() < 400),
        "a line of {} bytes",
        run.stdout.lines().map(str::len).max().unwrap_or_default()
    );
    folder.sound();
}

/// At a terminal, where our own colours are let through, nothing of the text's comes with them.
#[track_caller]
fn harmless(folder: &Folder, line: &str) {
    let mut command = folder.command();
    command
        .env_remove("NO_COLOR")
        .env("CLICOLOR_FORCE", "1")
        .args(line.split(' '));
    let run = folder.finish(&mut command);
    let said = run.whole();
    for hostile in [
        "\u{1b}[35m",
        "\u{1b}[5m",
        "\u{1b}[2J",
        "\u{1b}]",
        "\u{7}",
        "\u{8}",
        "\u{202e}",
        "\u{202c}",
    ] {
        assert!(!said.contains(hostile), "{hostile:?} in {line}: {said:?}");
    }
}

/// What would steer a terminal or turn the direction of writing is kept in the study and never printed as it is.
#[test]
fn controls_in_a_text_never_reach_the_terminal() {
    let folder = small();
    let hostile = "P07: See \u{1b}[35mred\u{1b}[0m and \u{1b}]0;title\u{7} and \u{202e}backwards\u{202c} and \u{8}\u{8}\u{8}gone, said the board.\n";
    // Few enough among the words that it is a text and not a program.
    let filler = "The board decides, and then it decides again. ".repeat(400);
    folder.write(
        "hostile.txt",
        format!("Evil\u{1b}[2J: What?\n\n{hostile}\n{filler}\n\n{hostile}"),
    );
    folder.line("import hostile.txt").done().calm();
    folder
        .run(&[
            "memo",
            "add",
            "--on",
            "transcript:T02",
            "a \u{1b}[5mmemo\u{202e}",
        ])
        .done()
        .calm();
    folder
        .run(&[
            "theme",
            "edit",
            "governance",
            "--define",
            "what \u{1b}[5mis\u{202e}",
        ])
        .done()
        .calm();
    folder
        .run(&[
            "code",
            "T02:2",
            "governance",
            "--memo",
            "so \u{1b}[5mis\u{202e} this",
        ])
        .calm();
    for line in [
        "transcript show T02",
        "transcript show T02 --codings",
        "search board",
        "search board --kwic",
        "search title --memos",
        "quotes",
        "quotes --theme governance",
        "matrix --rows theme --cols case --cell governance,(none)",
        "memo list",
        "memo show 1",
        "theme show governance",
        "theme list",
        "log",
        "transcript list",
        "report codebook",
        "report summary",
    ] {
        folder.line(line).calm();
        harmless(&folder, line);
    }
    // JSON escapes what it must; reading it back gives the text as it was said.
    let shown: Shown = folder.line("transcript show T02 --json").calm().json();
    assert!(
        shown.text.contains("\u{1b}[35mred"),
        "the text is not as it was said"
    );
    // Nor through what was typed.
    for args in [
        &["theme", "show", "\u{1b}[35mred"][..],
        &["case", "show", "\u{202e}evil"],
        &["transcript", "show", "\u{7}"],
        &["search", "a AND \u{1b}[35m("],
        &["code", "T01\u{1b}:2", "governance"],
        &["import", "\u{1b}[35m.txt"],
        &["debrief", "\u{1b}[35m"],
        &["matrix", "--rows", "\u{1b}[35m"],
        &["--study", "\u{1b}[35m.casebook", "status"],
        &["memo", "add", "--on", "case:\u{1b}[35m", "x"],
        &["quotes", "--attr", "\u{1b}[35m=x"],
    ] {
        folder.run(args).refused();
    }
}

#[test]
fn unknown_names_are_answered_with_the_nearest() {
    let folder = small();
    let mut said = String::new();
    for args in [
        &["case", "show", "aldr"][..],
        &["case", "show", "zzz"],
        &["search", "board", "--case", "adler"],
        &["theme", "show", "governance/acountability"],
        &["theme", "show", "accountability"],
        &["quotes", "--theme", "goverance"],
        &["code", "T01:2", "clarty"],
        &["participant", "show", "P7"],
        &["quotes", "--participant", "P08"],
        &["transcript", "show", "T1"],
        &["transcript", "show", "one.txt"],
        &["quotes", "--phase", "frist"],
        &["quotes", "--by", "maria"],
        &["quotes", "--attr", "sector=acute"],
        &["uncode", "12"],
        &["memo", "show", "12"],
        &["undo", "99"],
        &["memo", "add", "--on", "cases:alder", "x"],
        &["memo", "add", "--on", "case:aldr", "x"],
        &["matrix", "--rows", "themes"],
        &["import", "one.txt", "--again", "--case", "aldr"],
        &["debrief", "P77"],
        &["report", "case", "aldr"],
        &["report", "theme", "clarty"],
    ] {
        let run = refused(&folder, args);
        said.push_str(&format!("$ casebook {}\n{}", args.join(" "), run.stderr));
    }
    compare(
        &said,
        str![[r#"
$ casebook case show aldr
error: no case `aldr`
hint: did you mean `alder`?
$ casebook case show zzz
error: no case `zzz`
hint: see what there is with: casebook case list
$ casebook search board --case adler
error: no case `adler`
hint: did you mean `alder`?
$ casebook theme show governance/acountability
error: no theme `governance/acountability`
hint: did you mean `governance/accountability`?
$ casebook theme show accountability
error: no theme `accountability`
hint: did you mean `governance/accountability`?
$ casebook quotes --theme goverance
error: no theme `goverance`
hint: did you mean `governance`?
$ casebook code T01:2 clarty
error: no theme `clarty`
hint: did you mean `governance/clarity`?
$ casebook participant show P7
error: no participant `P7`
hint: did you mean `P07`?
$ casebook quotes --participant P08
error: no participant `P08`
hint: see what there is with: casebook participant list
$ casebook transcript show T1
error: no transcript `T1`
hint: did you mean `T01`?
$ casebook transcript show one.txt
error: no transcript `one.txt`
hint: see what there is with: casebook transcript list
$ casebook quotes --phase frist
error: no phase `frist`
hint: did you mean `first`?
$ casebook quotes --by maria
error: no coder `maria`
hint: did you mean `mara`?
$ casebook quotes --attr sector=acute
error: no attribute `sector`
hint: see what there is with: casebook attribute list
$ casebook uncode 12
error: no coding `12`
hint: see codings and their numbers with: casebook quotes
$ casebook memo show 12
error: no memo `12`
hint: see memos and their numbers with: casebook memo list
$ casebook undo 99
error: no event `99`
hint: see what there is with: casebook log
$ casebook memo add --on cases:alder x
error: `cases:alder` names nothing that can have a memo
hint: write study, case:SLUG, participant:ID, transcript:ID, theme:PATH, coding:N or finding:N
$ casebook memo add --on case:aldr x
error: no case `aldr`
hint: did you mean `alder`?
$ casebook matrix --rows themes
error: `themes` is nothing that a table can be made by
hint: it may be: case, participant, transcript, phase, role, theme, coder, section or attr:KEY
$ casebook import one.txt --again --case aldr
error: no case `aldr`
hint: did you mean `alder`?
$ casebook debrief P77
warning: the debrief names nobody to write to; set it with: casebook study edit --contact TEXT
error: no participant `P77`
hint: did you mean `P07`?
$ casebook report case aldr
error: no case `aldr`
hint: did you mean `alder`?
$ casebook report theme clarty
error: no theme `clarty`
hint: did you mean `governance/clarity`?

"#]],
    );
}

#[test]
fn places_that_are_not_there() {
    let folder = small();
    let mut said = String::new();
    for args in [
        &["code", "T01:9", "governance/clarity"][..],
        &["code", "T01:0", "governance/clarity"],
        &["code", "T01:2-9", "governance/clarity"],
        &["code", "T01:2-1", "governance/clarity"],
        &["code", "T01@10-9999", "governance/clarity"],
        &["code", "T01@20-10", "governance/clarity"],
        &["code", "T01@10-10", "governance/clarity"],
        &["code", "T01:2@0-999", "governance/clarity"],
        &["code", "T01@99999999999999999999-5", "governance/clarity"],
        &["code", "T01:", "governance/clarity"],
        &["code", "governance", "governance/clarity"],
        &[
            "code",
            "T01:2",
            "governance/clarity",
            "--quote",
            "not in there",
        ],
        &["code", "T01:2", "governance/clarity", "--quote", "board"],
        &["code", "T01:2", "governance/clarity", "--quote", ""],
    ] {
        let run = refused(&folder, args);
        said.push_str(&format!("$ casebook {}\n{}", args.join(" "), run.stderr));
    }
    compare(
        &said,
        str![[r#"
$ casebook code T01:9 governance/clarity
error: `T01:9` is not in the text: T01 has 2 turns
hint: see the turns with: casebook transcript show ID
$ casebook code T01:0 governance/clarity
error: `T01:0` is no place: turns are numbered from 1
hint: places are written T01, T01:12 (a turn), T01:12-15 (turns), T01:12@5-40 (characters of a turn) or T01@100-250
$ casebook code T01:2-9 governance/clarity
error: `T01:2-9` is not in the text: T01 has 2 turns
hint: see the turns with: casebook transcript show ID
$ casebook code T01:2-1 governance/clarity
error: `T01:2-1` is no place: the last turn stands before the first
hint: places are written T01, T01:12 (a turn), T01:12-15 (turns), T01:12@5-40 (characters of a turn) or T01@100-250
$ casebook code T01@10-9999 governance/clarity
error: `T01@10-9999` is not in the text: T01 has 76 characters
hint: see the turns with: casebook transcript show ID
$ casebook code T01@20-10 governance/clarity
error: `T01@20-10` is no place: the span ends before it begins
hint: places are written T01, T01:12 (a turn), T01:12-15 (turns), T01:12@5-40 (characters of a turn) or T01@100-250
$ casebook code T01@10-10 governance/clarity
error: `T01@10-10` is no place: the span ends before it begins
hint: places are written T01, T01:12 (a turn), T01:12-15 (turns), T01:12@5-40 (characters of a turn) or T01@100-250
$ casebook code T01:2@0-999 governance/clarity
error: `T01:2@0-999` is not in the text: turn 2 has 41 characters
hint: see the turns with: casebook transcript show ID
$ casebook code T01@99999999999999999999-5 governance/clarity
error: `T01@99999999999999999999-5` is no place: after `@` stand two numbers, as in @5-40
hint: places are written T01, T01:12 (a turn), T01:12-15 (turns), T01:12@5-40 (characters of a turn) or T01@100-250
$ casebook code T01: governance/clarity
error: `T01:` is no place: after `:` stands a turn's number
hint: places are written T01, T01:12 (a turn), T01:12-15 (turns), T01:12@5-40 (characters of a turn) or T01@100-250
$ casebook code governance governance/clarity
error: no transcript `governance`
hint: see what there is with: casebook transcript list
$ casebook code T01:2 governance/clarity --quote not in there
error: the quote stands nowhere in T01:2
hint: copy the words exactly as the transcript has them; see it with: casebook transcript show ID
$ casebook code T01:2 governance/clarity --quote board
error: the quote stands 2 times in T01:2: at T01:2, T01:2
hint: name the turn, as in T01:12, or give a longer quote
$ casebook code T01:2 governance/clarity --quote 
error: the quote is empty
hint: copy the words from the transcript: casebook transcript show ID

"#]],
    );
}

#[test]
fn queries_that_cannot_be_read() {
    let folder = small();
    let mut said = String::new();
    for query in [
        "",
        "  ",
        "\"open",
        "(a OR b",
        "a OR",
        "AND b",
        "NOT a",
        "a NEAR/ b",
        "a NEAR/x b",
        "a NEAR/3 (b OR c)",
        "*",
        "a*b",
        "*a",
        "a~9",
        "~2",
        "\"a b\"~x",
        "()",
        "a )",
        "=",
        "!!!",
        "\"a\" NEAR/3",
        "a NEAR/99999999999 b",
    ] {
        let run = refused(&folder, &["search", query]);
        said.push_str(&format!("{}\n", run.stderr.trim_end()));
    }
    compare(
        &said,
        str![[r#"
error: the query is empty
  
  ^
hint: give a word, such as trust, or a phrase in quotes
error: the query is empty
    
  ^^
hint: give a word, such as trust, or a phrase in quotes
error: this quote is not closed
  "open
  ^
hint: add `"` where the phrase ends
error: this `(` is not closed
  (a OR b
  ^
hint: add `)`
error: `OR` needs something to look for after it
  a OR
    ^^
hint: to search for the word itself, put it in quotes: "OR"
error: `AND` needs something to look for before it
  AND b
  ^^^
hint: to search for the word itself, put it in quotes: "AND"
error: `NOT` alone would find nearly everything; say also what to look for
  NOT a
  ^^^
hint: trust NOT money
error: `NEAR` needs a distance in words, from 1 to 1000
  a NEAR/ b
    ^^^^^
hint: a NEAR/5 b; to search for the word itself, put it in quotes: "NEAR"
error: `NEAR` needs a distance in words, from 1 to 1000
  a NEAR/x b
    ^^^^^^
hint: a NEAR/5 b; to search for the word itself, put it in quotes: "NEAR"
error: `NEAR` stands between words or phrases, not between groups
  a NEAR/3 (b OR c)
    ^^^^^^
hint: (a NEAR/5 b) OR (a NEAR/5 c)
error: `*` needs the beginning of a word before it
  *
  ^
hint: govern*
error: `*` stands at the end of a word, not inside it
  a*b
   ^
hint: govern*
error: `*` needs the beginning of a word before it
  *a
  ^
hint: govern*
error: a word may be one or two slips away: `~1` or `~2`
  a~9
   ^^
hint: acountable~1
error: `~` needs a word directly before it
  ~2
  ^
hint: acountable~1
error: `~` after a phrase needs a number: how many words may stand in between
  "a b"~x
       ^^
hint: "…"~3 (at most 1000)
error: there is nothing between these parentheses
  ()
   ^
hint: remove them
error: this `)` closes nothing
  a )
    ^
hint: remove it, or open it with `(`
error: `=` needs a word directly after it
  =
  ^
hint: =trusted
error: there is no letter or digit in `!!!`
  !!!
  ^^^
hint: see the query language with: casebook search --help
error: `NEAR` needs something to look for after it
  "a" NEAR/3
      ^^^^^^
hint: to search for the word itself, put it in quotes: "NEAR"
error: `NEAR` needs a distance in words, from 1 to 1000
  a NEAR/99999999999 b
    ^^^^^^^^^^^^^^^^
hint: a NEAR/5 b; to search for the word itself, put it in quotes: "NEAR"

"#]],
    );
}

#[test]
fn things_that_cannot_be() {
    let folder = small();
    let mut said = String::new();
    for args in [
        &["theme", "move", "governance", "governance/clarity"][..],
        &["theme", "move", "governance", "governance"],
        &["theme", "merge", "governance", "governance/clarity"],
        &["theme", "merge", "governance", "governance"],
        &["theme", "rename", "governance/clarity", "accountability"],
        &["theme", "rename", "governance/clarity", "a/b"],
        &["theme", "add", "governance//x"],
        &["theme", "add", "governance/clarity"],
        &["theme", "add", "x", "--colour", "blue"],
        &["theme", "remove", "governance"],
        &["case", "add", "alder"],
        &["case", "add", "two words"],
        &[
            "case",
            "add",
            "later",
            "--from",
            "2021-01-01",
            "--to",
            "2020-01-01",
        ],
        &["case", "link", "alder", "part-of", "birch"],
        &["case", "link", "alder", "part-of", "alder"],
        &["case", "remove", "alder"],
        &["case", "edit", "birch", "--slug", "alder"],
        &["participant", "add", "P07"],
        &["participant", "edit", "P07", "--attr", "shoe=43"],
        &["phase", "add", "first"],
        &[
            "phase",
            "add",
            "x",
            "--from",
            "2021-01-01",
            "--to",
            "2020-01-01",
        ],
        &["transcript", "remove", "T01"],
        &["transcript", "edit", "T01", "--language", "tlh"],
        &["import", "one.txt"],
        &["import", "one.txt", "--again", "--encoding", "klingon"],
        &["import", "one.txt", "--again", "--id", "T01"],
        &["memo", "add", "--on", "study", "  "],
        &[
            "attribute",
            "add",
            "size",
            "--of",
            "case",
            "--type",
            "ordered",
        ],
        &["report", "summary", "-o", "report.pdf"],
        &["report", "summary", "-o", "nowhere/report.md"],
        &["report", "summary", "--quotes", "many"],
        &["backup", "study.casebook"],
        &["init", "study"],
        &["init", "nowhere/study"],
        &["matrix", "--depth", "0"],
        &["matrix", "--cell", "alder"],
        &[
            "matrix",
            "--rows",
            "case",
            "--cols",
            "theme",
            "--cell",
            "alder,nothing",
        ],
        &["--coder", "", "theme", "add", "x"],
        &["undo", "0"],
        &["demo", "."],
    ] {
        let run = refused(&folder, args);
        said.push_str(&format!("$ casebook {}\n{}", args.join(" "), run.stderr));
    }
    compare(
        &said,
        str![[r#"
$ casebook theme move governance governance/clarity
error: theme `governance` can't be put under `governance/clarity`: it would be its own ancestor
hint: choose a parent that does not stand below it; see the tree with: casebook theme list
$ casebook theme move governance governance
error: theme `governance` can't be put under `governance`: it would be its own ancestor
hint: choose a parent that does not stand below it; see the tree with: casebook theme list
$ casebook theme merge governance governance/clarity
error: `governance` can't be merged into a theme that stands below it
hint: move that out first: casebook theme move "governance/clarity" /
$ casebook theme merge governance governance
error: a theme can't be merged into itself
hint: name another theme to merge into
$ casebook theme rename governance/clarity accountability
error: theme `governance/accountability` exists already
hint: see it with: casebook theme show "governance/accountability"
$ casebook theme rename governance/clarity a/b
error: a name can't hold `/`
hint: to put it elsewhere: casebook theme move "governance/clarity" NEW_PARENT
$ casebook theme add governance//x
error: `governance//x` is no theme path: a step between two `/` is empty
hint: write it as names joined by `/`, for example `governance/clarity`
$ casebook theme add governance/clarity
error: theme `governance/clarity` exists already
hint: see it with: casebook theme show "governance/clarity"
$ casebook theme add x --colour blue
error: `blue` is no colour
hint: write it as #rrggbb, for example #4477aa
$ casebook theme remove governance
error: theme `governance` has 1 coding and 2 sub-themes
hint: merge it into another: casebook theme merge "governance" INTO   or remove all of it: casebook theme remove "governance" --with-codings
$ casebook case add alder
error: case `alder` exists already
hint: change it with: casebook case edit alder
$ casebook case add two words
error: `two words` can't name a case
hint: use letters, digits, `-`, `_` and `.`, without blanks, at most 64, as in north-trust
$ casebook case add later --from 2021-01-01 --to 2020-01-01
error: it would end before it begins
hint: give --to a later day than --from
$ casebook case link alder part-of birch
error: `alder` can't be part of `birch`: that is part of it already
hint: see the links with: casebook case show birch
$ casebook case link alder part-of alder
error: `alder` can't be linked to itself
hint: name two different cases
$ casebook case remove alder
error: case `alder` has 1 transcript
hint: give them another case first: casebook transcript edit ID --case SLUG   (see them with: casebook transcript list --case alder)
$ casebook case edit birch --slug alder
error: case `alder` exists already
hint: choose another, or see what there is with: casebook case list
$ casebook participant add P07
error: participant `P07` exists already
hint: change it with: casebook participant edit P07
$ casebook participant edit P07 --attr shoe=43
error: no attribute of participants `shoe`
hint: see what there is with: casebook attribute list
$ casebook phase add first
error: phase `first` exists already
hint: choose another, or see what there is with: casebook phase list
$ casebook phase add x --from 2021-01-01 --to 2020-01-01
error: the phase would end before it begins
hint: give --to a later day than --from
$ casebook transcript remove T01
error: removing transcript T01 takes 1 coding and 0 memos with it: not done, as nobody was there to confirm it
hint: add --yes to confirm, or --dry-run to see what it would do
$ casebook transcript edit T01 --language tlh
error: no stemmer for language `tlh`; there is one for ar, da, nl, en, fi, fr, de, el, hu, it, no, pt, ro, ru, es, sv, ta, tr
hint: use `none` for a language without a stemmer
$ casebook import one.txt
error: one.txt: it is in already, as T01
hint: to import it once more all the same: --again
$ casebook import one.txt --again --encoding klingon
error: one.txt: unknown encoding `klingon`
hint: try --encoding utf-8, windows-1252, macintosh, utf-16le or utf-16be
$ casebook import one.txt --again --id T01
error: transcript `T01` exists already
hint: choose another, or see what there is with: casebook transcript list
$ casebook memo add --on study   
error: the memo is empty
hint: write its text after the object, in quotation marks
$ casebook attribute add size --of case --type ordered
error: an ordered attribute needs levels, and only an ordered one has them
hint: as in: --type ordered --level emerging --level maturing
$ casebook report summary -o report.pdf
error: a report cannot be written as `.pdf`
hint: end the file's name in `.md`, `.html` or `.docx`
$ casebook report summary -o nowhere/report.md
error: there is no folder `nowhere`
hint: make it first: mkdir "nowhere"
$ casebook report summary --quotes many
error: `many` is no number of quotes
hint: give a number, all or none
$ casebook backup study.casebook
error: `study.casebook` exists already
hint: choose another name; a backup never replaces a file
$ casebook init study
error: `study.casebook` exists already
hint: choose another name, or work on it with: --study FILE
$ casebook init nowhere/study
error: there is no folder `nowhere`
hint: make it first: mkdir "nowhere"
$ casebook matrix --depth 0
error: depth counts from 1
hint: as in: --depth 1
$ casebook matrix --cell alder
error: `alder` names no cell
hint: write ROW,COLUMN with a row of: alder and a column of: governance, governance/accountabili…, governance/clarity
$ casebook matrix --rows case --cols theme --cell alder,nothing
error: `alder,nothing` names no cell
hint: write ROW,COLUMN with a row of: alder and a column of: governance, governance/accountabili…, governance/clarity
$ casebook --coder  theme add x
error: that can't be a coder's name
hint: give a short name, as in: --coder mara
$ casebook undo 0
error: events are numbered from 1
hint: see them with: casebook log
$ casebook demo .
error: `.` is there already and not empty
hint: name a new folder: casebook demo NEW_FOLDER

"#]],
    );
}

#[test]
fn command_lines_that_cannot_be_read() {
    let folder = small();
    for args in [
        &["nonsense"][..],
        &["theme"],
        &["search"],
        &["import"],
        &["code", "T01:2"],
        &["search", "x", "--limit", "many"],
        &["search", "x", "--speaker", "nobody"],
        &["case", "add", "x", "--from", "yesterday"],
        &["quotes", "--attr", "sector"],
        &["search", "x", "--json", "--csv"],
        &["undo", "last"],
    ] {
        let before = folder.dump();
        let run = folder.run(args).calm();
        assert_eq!(run.status, Some(2), "{args:?}: {}", run.whole());
        assert!(
            run.stderr.contains("error: ") || run.stderr.contains("Usage: "),
            "{}",
            run.whole()
        );
        assert_eq!(folder.dump(), before);
    }
}

/// One bad file among good ones: the rest is in, and the exit status says so.
#[test]
fn a_folder_with_one_unreadable_file() {
    let folder = small();
    folder.write(
        "in/a.txt",
        "A: One thing.\n\nB: Another thing.\n\nA: A third.\n\nB: No more.\n",
    );
    folder.write("in/b.txt", b"\x00\x01\x02\x03\x00\x00\xff\xfe\x00binary");
    folder.write(
        "in/c.md",
        "Notes on what was seen.\n\nAnd on what was not.\n",
    );
    whole!(
        folder.line("import in"),
        str![[r#"
id   file   format  encoding  turns  words  speakers
T02  a.txt  txt     UTF-8         4      8  A (unknown) 2, B (unknown) 2
T03  c.md   md      UTF-8         2     10
--- stderr
Imported 2 transcripts.  (event 10; to take it back: casebook undo)
error: in/b.txt: the file is not text: it holds control characters that no text has
hint: save it as plain text (.txt) or as .docx; if it is text, name its encoding with --encoding
--- status 1

"#]]
    );
    folder.sound();
}

#[test]
fn tables_of_which_some_rows_do_not_fit() {
    let folder = small();
    folder.write("cases.csv", "slug,name,part_of,from\ncedar,Cedar,alder,2020-01-01\ncedar,Again,,\nbad slug,Bad,,\nelm,Elm,nowhere,\noak,Oak,,last year\n");
    whole!(
        folder.line("case import cases.csv"),
        str![[r#"
2 cases added, 0 edited, 0 unchanged
  line 3 did not fit: `cedar` stands in line 2 already
  line 4 did not fit: `bad slug` can't name a case
  line 5 did not fit: `elm` is in without this link: no case `nowhere`
  line 6 did not fit: `last year` is no date
--- stderr
(event 10; to take it back: casebook undo)
error: 4 rows did not fit; the rest is in
hint: keep one row per case
--- status 1

"#]]
    );
    folder.write("people.csv", "id,role,case,attribution,quotable\nP08,chair,alder,role,yes\nP09,chair,nowhere,role,yes\nP10,chair,,everywhere,yes\nP11,chair,,role,perhaps\n");
    whole!(
        folder.line("participant import people.csv"),
        str![[r#"
1 participant added, 0 edited, 0 unchanged
  line 3 did not fit: no case `nowhere`
  line 4 did not fit: `everywhere` is no attribution level
  line 5 did not fit: `perhaps` is no yes or no
--- stderr
(event 11; to take it back: casebook undo)
error: 3 rows did not fit; the rest is in
hint: see what there is with: casebook case list
--- status 1

"#]]
    );
    folder.write("no-head.csv", "a,b\n1,2\n");
    whole!(
        refused(&folder, &["case", "import", "no-head.csv"]),
        str![[r#"
--- stderr
error: `no-head.csv` has no column `slug`
hint: its first row names the columns; one of them must be `slug`
--- status 1

"#]]
    );
    folder.write(
        "codings.csv",
        "place,theme\nT01:2,governance\nT01:9,governance\n",
    );
    whole!(
        refused(&folder, &["code", "--from", "codings.csv"]),
        str![[r#"
--- stderr
error: line 3 of `codings.csv`: `T01:9` is not in the text: T01 has 2 turns
hint: see the turns with: casebook transcript show ID
--- status 1

"#]]
    );
    folder.write("codebook.yaml", "- path: [oh\n");
    whole!(
        refused(&folder, &["theme", "import", "codebook.yaml"]),
        str![[r#"
--- stderr
error: the codebook can't be read: line 1 column 9: expected string scalar
hint: it is a list of themes with the keys: path, definition, full_definition, include, exclude, example, kind, colour
--- status 1

"#]]
    );
    folder.sound();
}

#[test]
fn a_folder_that_a_service_syncs_gets_a_warning() {
    let folder = Folder::empty();
    fs::create_dir(folder.join("Dropbox")).expect("a folder");
    folder.run(&["init", "Dropbox/study"]).done();
    let run = folder
        .run(&["--study", "Dropbox/study.casebook", "theme", "add", "trust"])
        .done();
    assert!(
        run.stderr
            .contains("warning: this folder is copied by Dropbox"),
        "{}",
        run.whole()
    );
    assert!(Path::new(&folder.join("Dropbox/study.casebook")).exists());
}
