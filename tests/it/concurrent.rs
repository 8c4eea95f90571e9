//! Several programs at one study: reading goes on while one writes; a second writer waits, then works or says who
//! holds it.

use std::io::Read;
use std::process::Child;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use serde::Deserialize;
use snapbox::str;

use crate::harness::{Folder, Run, STUDY, whole};

#[derive(Deserialize)]
struct Status {
    transcripts: i64,
    codings: i64,
}

fn status(folder: &Folder) -> Status {
    folder.line("status --json").done().json()
}

/// Many texts, so that importing them lasts.
fn many(folder: &Folder, name: &str, count: usize) {
    let said = "A: The board meets late and decides slowly, and nobody is surprised by it. "
        .to_owned()
        + &"The winter is long. ".repeat(40);
    for n in 0..count {
        folder.write(
            &format!("{name}/{n:04}.txt"),
            format!("INTERVIEWER: What about {name}{n}?\n\n{said}\n\n").repeat(8),
        );
    }
}

fn end(mut child: Child) -> Run {
    let (mut stdout, mut stderr) = (String::new(), String::new());
    child
        .stdout
        .take()
        .expect("piped")
        .read_to_string(&mut stdout)
        .expect("text");
    child
        .stderr
        .take()
        .expect("piped")
        .read_to_string(&mut stderr)
        .expect("text");
    let status = child.wait().expect("an end").code();
    Run {
        stdout,
        stderr,
        status,
    }
}

#[test]
fn reading_goes_on_while_one_imports() {
    let folder = Folder::with_study();
    many(&folder, "first", 10);
    folder.line("import first").done();
    folder.line("theme add pace").done();
    folder.line("code T01:2 pace").done();
    many(&folder, "second", 400);
    let mut child = folder.start(&["import", "second"]);
    let mut read = 0;
    while child.try_wait().expect("a child").is_none() {
        let now = status(&folder);
        assert!(
            now.transcripts == 10 || now.transcripts == 410,
            "{} transcripts are seen in the middle",
            now.transcripts
        );
        assert_eq!(now.codings, 1);
        for line in [
            "search winter --limit 1",
            "quotes --theme pace",
            "transcript list",
            "matrix --rows theme --cols transcript",
            "log",
        ] {
            folder.line(line).done();
            read += 1;
        }
    }
    end(child).done();
    assert!(read >= 5, "the import was over before anything was read");
    assert_eq!(status(&folder).transcripts, 410);
    folder.sound();
}

#[test]
fn a_second_writer_waits_and_then_works() {
    let folder = Folder::with_study();
    many(&folder, "first", 300);
    let first = folder.start(&["import", "first"]);
    std::thread::sleep(Duration::from_millis(30));
    let others: Vec<Child> = (0..6)
        .map(|n| folder.start(&["theme", "add", &format!("theme{n}")]))
        .collect();
    for other in others {
        let run = end(other);
        // Only a machine that takes more than five seconds for the import may refuse, and then it says who.
        assert!(
            run.status == Some(0) || run.stderr.contains("coder `mara` is at `casebook import`"),
            "{}",
            run.whole()
        );
    }
    end(first).done();
    folder.sound();
    folder.line("log verify").done();
}

#[test]
fn many_writers_at_once_lose_nothing() {
    let folder = Folder::with_study();
    many(&folder, "in", 2);
    folder.line("import in").done();
    folder.line("theme add pace").done();
    let writers: Vec<Child> = (0..24u32)
        .map(|n| folder.start(&["code", &format!("T01@{}-{}", 30 + n, 60 + n), "pace"]))
        .collect();
    for writer in writers {
        end(writer).done();
    }
    assert_eq!(status(&folder).codings, 24);
    folder.sound();
}

/// Another program holds the write lock for longer than anyone waits.
#[test]
fn a_held_study_says_who_holds_it() {
    let folder = Folder::with_study();
    let before = folder.dump();
    let other = Connection::open(folder.join(STUDY)).expect("it opens");
    other.execute_batch("BEGIN IMMEDIATE").expect("the lock");
    let began = Instant::now();
    let run = folder.line("theme add pace").refused();
    assert!(began.elapsed() >= Duration::from_secs(4), "it did not wait");
    whole!(
        run,
        str![[r#"
--- stderr
error: the study is in use: another program is writing to it
hint: wait until it has finished, then try again; reading works meanwhile
--- status 1

"#]]
    );
    // Reading works meanwhile.
    folder.line("status").done();
    // A casebook that holds it is named, with what it does.
    folder.write(
        "study.casebook-writing",
        "jo\nimport\n2021-05-01T08:59:00Z\n4711\n",
    );
    whole!(
        folder.line("phase add first").refused(),
        str![[r#"
--- stderr
error: the study is in use: coder `jo` is at `casebook import` since 2021-05-01T08:59:00Z (process 4711)
hint: wait until it has finished, then try again; reading works meanwhile
--- status 1

"#]]
    );
    other.execute_batch("ROLLBACK").expect("let go");
    assert_eq!(folder.dump(), before);
    folder.line("theme add pace").done();
    folder.sound();
}

/// While one program is at the index, another finds what the index has so far, and nothing fails.
#[test]
fn searching_while_the_index_is_written_never_fails() {
    let folder = Folder::with_study();
    many(&folder, "first", 120);
    folder.line("import first").done();
    folder.line("search winter --limit 1").done();
    // The index is lost: the next searches have to make it anew, all at once.
    std::fs::remove_dir_all(folder.join("study.casebook-index")).expect("the index");
    let searches: Vec<Child> = (0..6)
        .map(|_| folder.start(&["search", "winter", "--limit", "1"]))
        .collect();
    for search in searches {
        end(search).calm().done();
    }
    let found = folder.line("search winter --limit 1").done();
    assert!(found.stderr.contains("960 turns"), "{}", found.whole());
    folder.sound();
}
