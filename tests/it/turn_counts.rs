//! Turns and words are counted turn by turn: only in turns that the filters take, each with whoever speaks it. Held to
//! the definition, on codings over several turns of interviewers, several people, somebody off the record and labels that
//! nobody has assigned.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::harness::{Folder, Seeded};

struct Turn {
    transcript: usize,
    /// Its words, in characters of the transcript.
    span: (usize, usize),
    interviewer: bool,
    participant: Option<String>,
    sealed: bool,
    section: Option<usize>,
}

struct Coded {
    transcript: usize,
    span: (usize, usize),
    theme: &'static str,
    coder: &'static str,
    /// Whether it begins under the heading.
    money: bool,
}

struct Corpus {
    texts: Vec<Vec<char>>,
    turns: Vec<Turn>,
    codings: Vec<Coded>,
}

const THEMES: [&str; 3] = ["x", "y", "z"];
/// Transcript, case, and its labels with whose they are.
const TALKS: [(&str, &str, &[&str]); 3] = [
    ("T01", "alder", &["Int=interviewer", "A=P1", "B=P2", "C=P3"]),
    ("T02", "birch", &["Int=interviewer", "C=P3", "D=P4", "E="]),
    ("T03", "birch", &["Int=interviewer", "A=P1", "B=P2", "E="]),
];

fn role_of(participant: Option<&str>) -> &'static str {
    match participant {
        Some("P1") => "nurse",
        Some("P3" | "P4") => "doctor",
        _ => "(none)",
    }
}

/// A study with random talks and codings over parts of up to four turns.
fn study(seed: u64) -> (Folder, Corpus) {
    let folder = Folder::with_study();
    let mut seeded = Seeded::new(seed);
    for line in [
        "case add alder --name Alder",
        "case add birch --name Birch",
        "participant add P1 --role nurse",
        "participant add P2 --role chair --attribution off-record",
        "participant add P3 --role doctor",
        "participant add P4 --role doctor",
        "theme add x",
        "theme add y",
        "theme add z",
        "theme add unused",
    ] {
        folder.line(line).done();
    }
    let mut corpus = Corpus {
        texts: Vec::new(),
        turns: Vec::new(),
        codings: Vec::new(),
    };
    for (n, (id, case, labels)) in TALKS.iter().enumerate() {
        let mut text = String::new();
        for turn in 0..14 {
            if turn == 3 {
                // Nobody says it.
                text += "Somebody laughed.\n\n";
            }
            if turn == 5 {
                text += "# Money\n\n";
            }
            let label = seeded.pick(labels).split('=').next().expect("a label");
            text += label;
            text += ":";
            for _ in 0..=seeded.below(6) {
                text += seeded.pick::<&str>(&[" so", " é", " we – said", " it", " 3 times"]);
            }
            text += ".\n\n";
        }
        folder.write(&format!("{id}.txt"), &text);
        let mut import = format!("import {id}.txt --id {id} --case {case} --kind focus-group");
        for label in labels.iter().filter(|l| !l.ends_with('=')) {
            let (name, _) = label.split_once('=').expect("label and person");
            if text.starts_with(&format!("{name}:")) || text.contains(&format!("\n{name}:")) {
                import += &format!(" --speaker {label}");
            }
        }
        folder.line(&import).done();
        let shown: Value = folder
            .line(&format!("transcript show {id} --json"))
            .done()
            .json();
        let here: Vec<char> = shown["text"].as_str().expect("text").chars().collect();
        let money = text.find("# Money").map(|at| text[..at].chars().count());
        let turns = shown["turns"].as_array().expect("turns");
        let with_p2 = turns.iter().any(|t| t["participant"] == "P2");
        let at = |t: &Value, key: &str| {
            usize::try_from(t[key].as_u64().expect("a place")).expect("small")
        };
        for t in turns {
            let participant = t["participant"].as_str().map(str::to_owned);
            let interviewer = t["role"] == "interviewer";
            let unknown = participant.is_none() && !interviewer;
            corpus.turns.push(Turn {
                transcript: n,
                span: (at(t, "start"), at(t, "end")),
                interviewer,
                sealed: participant.as_deref() == Some("P2") || (unknown && with_p2),
                participant,
                section: money.filter(|from| *from <= at(t, "start")),
            });
        }
        assert!(corpus.turns.iter().any(|t| t.section.is_some()));
        corpus.texts.push(here);
    }
    for coder in ["mara", "jo", "mara"] {
        for theme in THEMES {
            for (n, (id, ..)) in TALKS.iter().enumerate() {
                let turns: Vec<&Turn> = corpus.turns.iter().filter(|t| t.transcript == n).collect();
                let first = seeded.below(turns.len());
                let last = (first + seeded.below(4)).min(turns.len() - 1);
                let start =
                    turns[first].span.0 + seeded.below(turns[first].span.1 - turns[first].span.0);
                let end = turns[last].span.1 - seeded.below(2);
                if start >= end {
                    continue;
                }
                folder
                    .line(&format!("--coder {coder} code {id}@{start}-{end} {theme}"))
                    .done();
                let money = turns[first].section.is_some();
                corpus.codings.push(Coded {
                    money,
                    transcript: n,
                    span: (start, end),
                    theme,
                    coder,
                });
            }
        }
    }
    (folder, corpus)
}

/// A filter, and what it takes.
type Ask = (&'static str, fn(&Turn) -> bool, fn(&Coded) -> bool);

const ASKS: [Ask; 9] = [
    ("", |t| !t.interviewer, |_| true),
    ("--speaker all", |_| true, |_| true),
    ("--speaker interviewer", |t| t.interviewer, |_| true),
    (
        "--participant P3",
        |t| t.participant.as_deref() == Some("P3"),
        |_| true,
    ),
    (
        "--role doctor --role chair",
        |t| role_of(t.participant.as_deref()) == "doctor",
        |_| true,
    ),
    ("--by jo", |t| !t.interviewer, |c| c.coder == "jo"),
    (
        "--case birch",
        |t| !t.interviewer && t.transcript > 0,
        |_| true,
    ),
    (
        "--section money",
        |t| !t.interviewer && t.section.is_some(),
        |c| c.money,
    ),
    // Which is so of all: codings are read whole to tell it.
    ("--not-same-case unused", |t| !t.interviewer, |_| true),
];

impl Corpus {
    fn touches(turn: &Turn, coding: &Coded) -> bool {
        turn.transcript == coding.transcript
            && turn.span.0 < coding.span.1
            && coding.span.0 < turn.span.1
    }

    /// Turns and words of these codings in the turns that are taken.
    fn measured(&self, turns: &[&Turn], codings: &[&Coded]) -> (u64, u64) {
        let (mut touched, mut words) = (0, 0);
        for turn in turns {
            let those: Vec<&&Coded> = codings.iter().filter(|c| Self::touches(turn, c)).collect();
            touched += u64::from(!those.is_empty());
            let shown: String = (turn.span.0..turn.span.1)
                .map(|at| {
                    let coded = those.iter().any(|c| (c.span.0..c.span.1).contains(&at));
                    if coded {
                        self.texts[turn.transcript][at]
                    } else {
                        ' '
                    }
                })
                .collect();
            words += count(&shown);
        }
        (touched, words)
    }
}

fn count(text: &str) -> u64 {
    let words = text.split_whitespace();
    words.filter(|w| w.contains(char::is_alphanumeric)).count() as u64
}

fn row_of(by: &str, turn: &Turn) -> String {
    match by {
        "participant" => turn.participant.clone().unwrap_or("(none)".into()),
        "role" => role_of(turn.participant.as_deref()).to_owned(),
        "section" => turn.section.map_or("(none)", |_| "Money").to_owned(),
        _ => TALKS[turn.transcript].1.to_owned(),
    }
}

#[test]
fn turns_and_words_are_those_that_the_filters_take() {
    for seed in 0..2 {
        let (folder, corpus) = study(seed);
        for (filter, taken, of) in ASKS {
            let turns: Vec<&Turn> = corpus
                .turns
                .iter()
                .filter(|t| !t.sealed && taken(t))
                .collect();
            let codings: Vec<&Coded> = corpus.codings.iter().filter(|c| of(c)).collect();
            for by in ["participant", "role", "case", "section"] {
                for unit in ["turns", "words"] {
                    let line = format!(
                        "matrix --rows {by} --cols theme --count {unit} --per-1000-words --json {filter}"
                    );
                    check_matrix(&folder, &corpus, &line, (by, unit), &turns, &codings);
                }
            }
            check_pairs(
                &folder,
                &format!("cooccur --count turns --square --json {filter}"),
                &turns,
                &codings,
            );
        }
    }
}

fn check_matrix(
    folder: &Folder,
    corpus: &Corpus,
    line: &str,
    (by, unit): (&str, &str),
    turns: &[&Turn],
    codings: &[&Coded],
) {
    let found: Value = folder.line(line).done().json();
    let measured = |row: Option<&str>, theme: Option<&str>| {
        let turns: Vec<&Turn> = turns
            .iter()
            .copied()
            .filter(|t| row.is_none_or(|row| row_of(by, t) == row))
            .collect();
        let codings: Vec<&Coded> = codings
            .iter()
            .copied()
            .filter(|c| theme.is_none_or(|theme| c.theme == theme))
            .collect();
        let (touched, words) = corpus.measured(&turns, &codings);
        if unit == "turns" { touched } else { words }
    };
    let names = |key: &str| -> Vec<String> {
        let all = found[key].as_array().expect("names").iter();
        all.map(|n| n.as_str().expect("a name").to_owned())
            .collect()
    };
    let (rows, cols) = (names("rows"), names("cols"));
    let mut seen = BTreeSet::new();
    for (r, row) in rows.iter().enumerate() {
        seen.insert(row.clone());
        for (c, col) in cols.iter().enumerate() {
            let expected = measured(Some(row), Some(col));
            assert_eq!(found["cells"][r][c], expected, "{line}: {row} × {col}");
        }
        assert_eq!(
            found["row_totals"][r],
            measured(Some(row), None),
            "{line}: {row}"
        );
        let said: u64 = turns
            .iter()
            .filter(|t| row_of(by, t) == *row)
            .map(|t| {
                let text: String = corpus.texts[t.transcript][t.span.0..t.span.1]
                    .iter()
                    .collect();
                count(&text)
            })
            .sum();
        assert_eq!(
            found["figures"]["bases"]["row_totals"][r], said,
            "{line}: {row}"
        );
        if unit == "words" {
            let coded = found["row_totals"][r].as_u64().expect("a count");
            assert!(coded <= said, "{line}: {row} {coded} of {said}");
        }
    }
    for (c, col) in cols.iter().enumerate() {
        assert_eq!(
            found["col_totals"][c],
            measured(None, Some(col)),
            "{line}: {col}"
        );
    }
    assert_eq!(found["total"], measured(None, None), "{line}");
    // Nothing is in a row that is not there.
    for turn in turns {
        if codings.iter().any(|c| Corpus::touches(turn, c)) {
            assert!(
                seen.contains(&row_of(by, turn)),
                "{line}: {}",
                row_of(by, turn)
            );
        }
    }
}

fn check_pairs(folder: &Folder, line: &str, turns: &[&Turn], codings: &[&Coded]) {
    let found: Value = folder.line(line).done().json();
    let mut uses: BTreeMap<&str, u64> = BTreeMap::new();
    let mut both: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for turn in turns {
        let here: Vec<&&Coded> = codings
            .iter()
            .filter(|c| Corpus::touches(turn, c))
            .collect();
        for theme in THEMES {
            *uses.entry(theme).or_default() += u64::from(here.iter().any(|c| c.theme == theme));
            for other in THEMES {
                let pair = here.iter().any(|a| {
                    here.iter().any(|b| {
                        (a.theme, b.theme) == (theme, other)
                            && a.span.0 < b.span.1
                            && b.span.0 < a.span.1
                    })
                });
                *both.entry((theme, other)).or_default() += u64::from(pair);
            }
        }
    }
    let themes = found["themes"].as_array().expect("themes");
    for (a, theme) in themes.iter().enumerate() {
        let theme = theme.as_str().expect("a theme");
        assert_eq!(
            found["n"][a],
            uses.get(theme).copied().unwrap_or(0),
            "{line}: {theme}"
        );
        for (b, other) in themes.iter().enumerate() {
            let other = other.as_str().expect("a theme");
            if a != b {
                assert_eq!(
                    found["cells"][a][b],
                    both.get(&(theme, other)).copied().unwrap_or(0),
                    "{line}: {theme} {other}"
                );
            }
        }
    }
}

/// A cell of turns or words shows the codings in which they stand, also under somebody who speaks in the midst of one.
#[test]
fn a_cell_shows_what_it_counts() {
    let folder = Folder::with_study();
    folder.write(
        "t.txt",
        "Int: Who?\n\nP1: We do.\n\nP3: They do so.\n\nP1: Yes.\n",
    );
    for line in [
        "participant add P1",
        "participant add P3",
        "import t.txt --kind focus-group --speaker Int=interviewer --speaker P1=P1 --speaker P3=P3",
        "theme add x",
        "code T01:1-4 x",
    ] {
        folder.line(line).done();
    }
    for (count, person, total) in [
        ("codings", "P1", 1),
        ("turns", "P1", 2),
        ("turns", "P3", 1),
        ("words", "P1", 3),
        ("words", "P3", 3),
    ] {
        let line = format!("matrix --rows participant --cols theme --count {count} --json");
        let found: Value = folder.line(&line).done().json();
        let rows = found["rows"].as_array().expect("rows");
        let row = rows.iter().position(|r| r == person).expect("a row");
        assert_eq!(found["cells"][row][0], total, "{line}");
        let cell: Value = folder
            .line(&format!("{line} --cell {person},x"))
            .done()
            .json();
        assert_eq!(cell["total"], 1, "{line}");
        assert_eq!(cell["quotes"][0]["coding"], 1_000_001, "{line}");
    }
    // Codings are counted with the first who speaks.
    let found: Value = folder
        .line("matrix --rows participant --cols theme --json")
        .done()
        .json();
    assert_eq!(found["rows"].as_array().expect("rows").len(), 1);
}
