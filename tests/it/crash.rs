//! `kill -9` at many moments: what was acknowledged is there, what was not is absent whole, and the study is sound.

use std::io::Read;
use std::path::Path;
use std::time::{Duration, Instant};

use casebook::store::{Access, Store};
use serde::Deserialize;

use crate::harness::{Folder, STUDY, Seeded};

/// How often each kind of work is killed.
const KILLS: u32 = 24;

#[derive(Deserialize)]
struct Total {
    total: u64,
}

/// A text of a few hundred words with one word that no other has.
fn interview(n: usize, random: &mut Seeded) -> String {
    const WORDS: &[&str] = &[
        "the", "board", "meets", "money", "nobody", "trust", "winter", "beds", "and", "council",
        "decides", "late", "partners", "agree", "slowly", "is",
    ];
    let mut text = format!("INTERVIEWER: What about number{n}?\n\n");
    for _ in 0..12 {
        text.push_str("P1: ");
        for _ in 0..25 {
            let word: &str = random.pick::<&str>(WORDS);
            text.push_str(word);
            text.push(' ');
        }
        text.push_str(".\n\n");
    }
    text
}

fn folder_of_interviews(folder: &Folder, count: usize) {
    let mut random = Seeded::new(7);
    for n in 0..count {
        folder.write(&format!("in/{n:04}.txt"), interview(n, &mut random));
    }
}

/// (transcripts, codings, last event) as the study file has them.
fn counts(folder: &Folder) -> (usize, i64, i64) {
    let store =
        Store::open(&folder.join(STUDY), Access::Read).expect("the study opens after a crash");
    (
        store.transcripts().expect("transcripts").len(),
        store.count("codings").expect("codings"),
        store.last_event().expect("an event"),
    )
}

/// Runs a command and kills it after `moment`. Tells whether it had ended well before that.
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
    let status = child.wait().expect("an end");
    let mut stderr = String::new();
    child
        .stderr
        .take()
        .expect("piped")
        .read_to_string(&mut stderr)
        .expect("text");
    assert!(!stderr.contains("error: "), "{stderr}");
    status.success()
}

/// How long a command takes here and now, on a copy of the folder.
fn duration(folder: &Folder, args: &[&str]) -> Duration {
    let copy = Folder::empty();
    crate::harness::copy(folder.path(), copy.path());
    let began = Instant::now();
    copy.run(args).done();
    began.elapsed()
}

/// The study is sound, and the search finds just what is in it.
fn agrees(folder: &Folder, transcripts: usize) {
    // Searching comes first: it has to bring the index into step itself.
    let found: Total = folder
        .run(&[
            "search",
            "number*",
            "--speaker",
            "all",
            "--limit",
            "1",
            "--json",
        ])
        .done()
        .json();
    assert_eq!(
        found.total, transcripts as u64,
        "the search does not agree with the study"
    );
    folder.sound();
}

#[test]
fn an_import_is_whole_or_not_there() {
    let folder = Folder::with_study();
    folder_of_interviews(&folder, 300);
    let import = ["import", "in"];
    let whole = duration(&folder, &import);
    let (mut done, mut lost) = (0, 0);
    for kill in 0..KILLS {
        // Beyond the end too: there the answer is on its way, or the index is being written.
        let ended = killed(&folder, &import, whole * kill * 5 / 4 / KILLS);
        let (transcripts, _, event) = counts(&folder);
        assert!(
            transcripts == 0 || transcripts == 300,
            "{transcripts} of 300 are in"
        );
        assert!(
            !ended || transcripts == 300,
            "an import that was acknowledged is not there"
        );
        assert_eq!(
            event,
            1 + i64::from(transcripts > 0),
            "the record does not tell what is in"
        );
        agrees(&folder, transcripts);
        if transcripts == 300 {
            done += 1;
            // Begin again, where the next one is killed at its moment.
            remove_study(folder.path());
            folder
                .run(&["init", "study", "--title", "A small study"])
                .done();
        } else {
            lost += 1;
        }
    }
    assert!(
        lost > 3,
        "no moment was early enough: {done} done, {lost} lost"
    );
    // After all that, it still works.
    folder.run(&import).done();
    agrees(&folder, 300);
}

fn remove_study(folder: &Path) {
    for entry in std::fs::read_dir(folder).expect("the folder") {
        let path = entry.expect("an entry").path();
        if path
            .file_name()
            .is_some_and(|n| n.to_string_lossy().starts_with("study."))
        {
            if path.is_dir() {
                std::fs::remove_dir_all(path)
            } else {
                std::fs::remove_file(path)
            }
            .expect("removed");
        }
    }
}

#[test]
fn an_import_into_a_study_that_has_some_leaves_those() {
    let folder = Folder::with_study();
    folder_of_interviews(&folder, 60);
    folder.run(&["import", "in"]).done();
    std::fs::remove_dir_all(folder.join("in")).expect("removed");
    let mut random = Seeded::new(8);
    for n in 60..200 {
        folder.write(&format!("in/{n:04}.txt"), interview(n, &mut random));
    }
    let before = folder.dump();
    let whole = duration(&folder, &["import", "in"]);
    for kill in 0..KILLS / 2 {
        killed(&folder, &["import", "in"], whole * kill / (KILLS / 2));
        let (transcripts, ..) = counts(&folder);
        assert!(
            transcripts == 60 || transcripts == 200,
            "{transcripts} are in"
        );
        agrees(&folder, transcripts);
        if transcripts == 200 {
            folder.run(&["undo"]).done();
            assert_eq!(folder.dump(), before);
            agrees(&folder, 60);
        } else {
            assert_eq!(folder.dump(), before);
        }
    }
}

#[test]
fn codings_from_a_file_are_whole_or_not_there() {
    let folder = Folder::with_study();
    folder_of_interviews(&folder, 40);
    folder.run(&["import", "in"]).done();
    folder.line("theme add trust").done();
    let mut csv = String::from("place,theme,memo\n");
    for n in 1..=40 {
        for turn in 2..=13 {
            csv.push_str(&format!("T{n:02}:{turn},trust,a note\n"));
        }
    }
    folder.write("codings.csv", csv);
    let args = ["code", "--from", "codings.csv"];
    let whole = duration(&folder, &args);
    let mut lost = 0;
    for kill in 0..KILLS {
        let ended = killed(&folder, &args, whole * kill * 5 / 4 / KILLS);
        let (_, codings, event) = counts(&folder);
        assert!(codings == 0 || codings == 480, "{codings} of 480 are in");
        assert!(
            !ended || codings == 480,
            "codings that were acknowledged are not there"
        );
        let found: Total = folder
            .run(&[
                "search",
                "trust OR nobody OR the OR is",
                "--theme",
                "trust",
                "--limit",
                "1",
                "--json",
            ])
            .done()
            .json();
        assert_eq!(
            found.total > 0,
            codings > 0,
            "the sets of turns do not agree with the study"
        );
        folder.sound();
        if codings > 0 {
            folder.run(&["undo"]).done();
            assert_eq!(counts(&folder), (40, 0, event + 1));
        } else {
            lost += 1;
        }
    }
    assert!(lost > 3, "no moment was early enough");
}

#[test]
fn single_codings_stay_once_they_were_acknowledged() {
    let folder = Folder::with_study();
    folder_of_interviews(&folder, 1);
    folder.run(&["import", "in"]).done();
    folder.line("theme add trust").done();
    let whole = duration(&folder, &["code", "T01:2", "trust"]);
    let mut acknowledged = 0;
    for kill in 0..2 * KILLS {
        let place = format!("T01@{}-{}", 40 + kill, 80 + kill);
        let (_, before, _) = counts(&folder);
        let ended = killed(
            &folder,
            &["code", &place, "trust", "--memo", "a note"],
            whole * kill * 3 / 2 / (2 * KILLS),
        );
        let (_, after, _) = counts(&folder);
        assert!(
            after == before || after == before + 1,
            "half a coding: {before} before, {after} after"
        );
        assert!(
            !ended || after == before + 1,
            "a coding that was acknowledged is not there"
        );
        acknowledged += u32::from(ended);
        if kill % 6 == 0 {
            folder.sound();
        }
    }
    folder.sound();
    let (_, codings, _) = counts(&folder);
    let found: Total = folder
        .run(&["quotes", "--theme", "trust", "--speaker", "all", "--json"])
        .done()
        .json();
    assert_eq!(i64::try_from(found.total).expect("a count"), codings);
    assert!(
        acknowledged < 2 * KILLS && acknowledged > 0,
        "{acknowledged} of {} were acknowledged",
        2 * KILLS
    );
}
