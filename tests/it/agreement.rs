//! Agreement between coders: on the invented study against a walk over every character, on small ones against published
//! figures, and tables of ratings.

use std::collections::BTreeMap;

use serde::Deserialize;
use snapbox::str;
use unicode_segmentation::UnicodeSegmentation;

use crate::harness::{Folder, root, whole};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Agreement {
    coders: Vec<String>,
    unit: String,
    transcripts: Vec<String>,
    themes: Vec<Figure>,
    pooled: Vec<Figure>,
    #[serde(default)]
    pairs: Vec<Figure>,
    disagreements: Vec<Disagreement>,
    disagreements_total: u64,
    double_coded: DoubleCoded,
    bootstrap: Option<Bootstrap>,
    thresholds: Vec<Threshold>,
    pending: usize,
}

#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Figure {
    theme: Option<String>,
    #[serde(default)]
    view: Option<String>,
    #[serde(default)]
    coders: Vec<String>,
    statistic: String,
    value: Option<f64>,
    n: u64,
    reason: Option<String>,
    ci_low: Option<f64>,
    ci_high: Option<f64>,
    prevalence: Vec<Option<f64>>,
    coverage: Option<f64>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Disagreement {
    transcript: String,
    turn: i64,
    last_turn: i64,
    theme: String,
    coded_by: Vec<String>,
    not_coded_by: Vec<String>,
    n: u32,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct DoubleCoded {
    transcripts: usize,
    of_transcripts: usize,
    words: i64,
    of_words: i64,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Bootstrap {
    draws: usize,
    seed: u64,
    of: Option<String>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Threshold {
    statistic: String,
    at_least: String,
    meaning: String,
    source: String,
}

impl Agreement {
    #[track_caller]
    fn figure(&self, theme: &str, statistic: &str) -> &Figure {
        let found = self
            .themes
            .iter()
            .find(|f| f.theme.as_deref() == Some(theme) && f.statistic == statistic);
        found.expect("a figure of that theme")
    }

    #[track_caller]
    fn value(&self, theme: &str, statistic: &str) -> f64 {
        let figure = self.figure(theme, statistic);
        figure.value.unwrap_or_else(|| panic!("{figure:?}"))
    }

    #[track_caller]
    fn pooled(&self, view: &str, statistic: &str) -> &Figure {
        let found = self
            .pooled
            .iter()
            .find(|f| f.view.as_deref() == Some(view) && f.statistic == statistic);
        found.expect("a pooled figure")
    }
}

#[track_caller]
fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
}

// ---------------------------------------------------------------------------------------------------------------
// The same by a walk over every character
// ---------------------------------------------------------------------------------------------------------------

#[derive(Deserialize)]
struct Shown {
    text: String,
    turns: Vec<Turn>,
}

#[derive(Deserialize)]
struct Turn {
    start: usize,
    end: usize,
    role: String,
}

#[derive(Deserialize)]
struct Quotes {
    quotes: Vec<Quote>,
}

#[derive(Deserialize)]
struct Quote {
    transcript: String,
    start: usize,
    end: usize,
    theme: String,
    coder: String,
}

/// For each theme what two coders gave each unit, one after the other, and the same cut by transcript.
type Rows = BTreeMap<String, Vec<Vec<(bool, bool)>>>;

/// Marks each unit of each transcript by looking at each of its characters.
fn walked(folder: &Folder, unit: &str, speaker: &str) -> Rows {
    let quotes: Quotes = folder
        .run(&["quotes", "--json", "--speaker", "all"])
        .done()
        .json();
    let themes: Vec<&str> = quotes.quotes.iter().map(|q| q.theme.as_str()).collect();
    let mut rows = Rows::new();
    let mut transcripts: Vec<&str> = quotes
        .quotes
        .iter()
        .map(|q| q.transcript.as_str())
        .collect();
    transcripts.sort_unstable();
    transcripts.dedup();
    for transcript in transcripts {
        let shown: Shown = folder
            .run(&["transcript", "show", transcript, "--json"])
            .done()
            .json();
        let text: Vec<char> = shown.text.chars().collect();
        // Each character's coders, one bit each, by theme.
        let mut painted: BTreeMap<&str, Vec<u8>> = BTreeMap::new();
        for q in quotes.quotes.iter().filter(|q| q.transcript == transcript) {
            let here = painted
                .entry(&q.theme)
                .or_insert_with(|| vec![0; text.len()]);
            for at in &mut here[q.start..q.end] {
                *at |= if q.coder == "jo" { 1 } else { 2 };
            }
        }
        let mut here: BTreeMap<&str, Vec<(bool, bool)>> = BTreeMap::new();
        for theme in &themes {
            here.entry(theme).or_default();
        }
        let taken = |t: &&Turn| match speaker {
            "participant" => t.role != "interviewer",
            "interviewer" => t.role == "interviewer",
            _ => true,
        };
        for turn in shown.turns.iter().filter(taken) {
            // Units of this turn, as ranges of the text.
            let mut units = Vec::new();
            match unit {
                "turn" => units.push(turn.start..turn.end),
                "sentence" => {
                    let words: String = text[turn.start..turn.end].iter().collect();
                    let mut at = turn.start;
                    for sentence in words.split_sentence_bounds() {
                        let long = sentence.chars().count();
                        let first = sentence.chars().take_while(|c| c.is_whitespace()).count();
                        let body = sentence.trim().chars().count();
                        if body > 0 {
                            units.push(at + first..at + first + body);
                        }
                        at += long;
                    }
                }
                _ => units.extend((turn.start..turn.end).map(|at| at..at + 1)),
            }
            for (theme, rows) in &mut here {
                let painted = painted.get(theme);
                rows.extend(units.iter().map(|range| {
                    let who = painted.map_or(0, |p| p[range.clone()].iter().fold(0, |a, b| a | b));
                    (who & 1 != 0, who & 2 != 0)
                }));
            }
        }
        for (theme, units) in here {
            rows.entry(theme.to_owned()).or_default().push(units);
        }
    }
    rows
}

/// Percent, kappa and alpha as they are taught, from the two-by-two table.
fn taught(units: impl Iterator<Item = (bool, bool)>) -> [f64; 3] {
    let mut cells = [0.0_f64; 4];
    for (a, b) in units {
        cells[usize::from(a) * 2 + usize::from(b)] += 1.0;
    }
    let n: f64 = cells.iter().sum();
    let agreed = (cells[0] + cells[3]) / n;
    let (a, b) = ((cells[2] + cells[3]) / n, (cells[1] + cells[3]) / n);
    let chance = a * b + (1.0 - a) * (1.0 - b);
    let ones = (a + b) * n;
    let apart = (cells[1] + cells[2]) * (2.0 * n - 1.0);
    [
        agreed,
        (agreed - chance) / (1.0 - chance),
        1.0 - apart / (ones * (2.0 * n - ones)),
    ]
}

/// uα of one code between two coders, place by place; `units` are the lengths of all units of both.
fn unitized(texts: &[Vec<(bool, bool)>], units: &[usize]) -> f64 {
    let float = |n: usize| f64::from(u32::try_from(n).expect("a length"));
    let (mut apart, mut ones, mut total) = (0.0, 0.0, 0.0);
    for (a, b) in texts.iter().flatten() {
        apart += f64::from(u8::from(a != b));
        ones += f64::from(u8::from(*a)) + f64::from(u8::from(*b));
        total += 2.0;
    }
    let own: f64 = units.iter().map(|n| float(*n) * float(*n)).sum();
    // Gaps pair with themselves character by character.
    let pairs = total - (own + (total - ones)) / total;
    1.0 - 2.0 * apart * pairs / (2.0 * ones * (total - ones))
}

/// How many characters of participants' turns each coding of a theme holds.
fn lengths(folder: &Folder) -> BTreeMap<String, Vec<usize>> {
    let quotes: Quotes = folder
        .run(&["quotes", "--json", "--speaker", "all"])
        .done()
        .json();
    let mut shown: BTreeMap<String, Shown> = BTreeMap::new();
    let mut found: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for q in &quotes.quotes {
        let shown = shown.entry(q.transcript.clone()).or_insert_with(|| {
            let run = folder.run(&["transcript", "show", &q.transcript, "--json"]);
            run.done().json()
        });
        let within = |t: &Turn| q.end.min(t.end).saturating_sub(q.start.max(t.start));
        let counted = shown.turns.iter().filter(|t| t.role != "interviewer");
        found
            .entry(q.theme.clone())
            .or_default()
            .push(counted.map(within).sum());
        // One unit each, then: overlapping ones of one coder would be one.
        let twice = quotes.quotes.iter().any(|other| {
            (&other.transcript, &other.theme, &other.coder) == (&q.transcript, &q.theme, &q.coder)
                && other.start < q.end
                && q.start < other.end
                && (other.start, other.end) != (q.start, q.end)
        });
        assert!(!twice, "a coder's passages with one theme overlap");
    }
    found
}

#[test]
fn as_a_walk_over_every_character_has_it() {
    let folder = Folder::invented();
    // A passage of several turns, with an interviewer's among them.
    folder
        .run(&["code", "T03:2-6", "governance/clarity", "--coder", "jo"])
        .done();
    folder
        .run(&["code", "T03:4-9", "governance/clarity", "--coder", "mara"])
        .done();
    for (unit, speaker) in [
        ("turn", "participant"),
        ("turn", "all"),
        ("sentence", "participant"),
        ("character", "participant"),
        ("character", "interviewer"),
    ] {
        let found: Agreement = folder
            .line(&format!(
                "agreement --json --unit {unit} --speaker {speaker} --statistic percent,kappa,alpha"
            ))
            .done()
            .json();
        assert_eq!(found.coders, ["jo", "mara"]);
        assert_eq!(found.unit, unit);
        let rows = walked(&folder, unit, speaker);
        let mut compared = 0;
        for theme in found.themes.iter().filter_map(|f| f.theme.clone()) {
            let units = rows[&theme].iter().flatten().copied();
            assert_eq!(
                found.figure(&theme, "percent").n,
                units.clone().count() as u64
            );
            for (statistic, expected) in ["percent", "kappa", "alpha"].iter().zip(taught(units)) {
                match found.figure(&theme, statistic).value {
                    Some(value) => close(value, expected),
                    None => assert!(expected.is_nan(), "{theme} {statistic}: {expected}"),
                }
                compared += 1;
            }
        }
        assert!(speaker == "interviewer" || compared > 100, "{compared}");
        // Pooled is the same over all of these themes' rows.
        let all = || {
            let named =
                |theme: &String| found.themes.iter().any(|f| f.theme.as_ref() == Some(theme));
            rows.iter()
                .filter(move |(theme, _)| named(theme))
                .flat_map(|(_, texts)| texts.iter().flatten().copied())
        };
        for (statistic, expected) in ["percent", "kappa", "alpha"].iter().zip(taught(all())) {
            close(
                found.pooled("tables", statistic).value.expect("a value"),
                expected,
            );
        }
    }
}

#[test]
fn spans_as_a_walk_over_every_character_has_them() {
    let folder = Folder::invented();
    let found: Agreement = folder.line("agreement --json --unit span").done().json();
    let rows = walked(&folder, "character", "participant");
    let lengths = lengths(&folder);
    let mut compared = 0;
    for (theme, texts) in &rows {
        close(
            found.value(theme, "u-alpha"),
            unitized(texts, &lengths[theme]),
        );
        compared += 1;
    }
    assert!(compared > 20, "{compared}");
}

// ---------------------------------------------------------------------------------------------------------------
// Small studies
// ---------------------------------------------------------------------------------------------------------------

/// A study with a transcript of ten turns, coded by turn: for each coder and theme, `1` where the turn is coded.
fn ten_turns(coded: &[(&str, &str, &str)]) -> Folder {
    let folder = Folder::with_study();
    let turns: Vec<String> = (1..=10)
        .map(|n| {
            let who = if n % 2 == 1 { "Ada" } else { "Ben" };
            format!("{who}: What was said as number {n}, which is enough.\n")
        })
        .collect();
    let text = turns.concat();
    folder.write("t.txt", text);
    folder.run(&["import", "t.txt", "--id", "T01"]).done();
    for theme in coded.iter().map(|c| c.1) {
        let added = folder.run(&["theme", "add", theme]);
        assert!(
            added.status == Some(0) || added.stderr.contains("exists"),
            "{}",
            added.whole()
        );
    }
    for (coder, theme, turns) in coded {
        for (n, _) in (1..).zip(turns.chars()).filter(|(_, c)| *c == '1') {
            folder
                .run(&["code", &format!("T01:{n}"), theme, "--coder", coder])
                .done();
        }
    }
    folder
}

/// The example of ATLAS.ti's manual, as ten turns of a study.
const ATLAS: &[(&str, &str, &str)] = &[
    ("ada", "trust", "1100000000"),
    ("ben", "trust", "0110010100"),
];

#[test]
fn the_published_ten_segments_on_a_study() {
    let folder = ten_turns(ATLAS);
    whole!(
        folder.line("agreement --coders ada,ben --unit turn --statistic percent,holsti,kappa,scott-pi,alpha,ac1 --disagreements 3"),
        str![[r#"
Agreement by turn
theme        n    ada    ben  percent  holsti  kappa  scott-pi  alpha    ac1
trust       10  0.200  0.400    0.600   0.600  0.091     0.048  0.095  0.310
all themes  10  0.200  0.400    0.600   0.600  0.091     0.048  0.095  0.310

Disagreements
place  theme  coded by  not by  turns
T01:1  trust  ada       ben         1
T01:3  trust  ben       ada         1
T01:6  trust  ben       ada         1
--- stderr
Between ada, ben on 1 of 1 transcript (90 of 90 words, 100.0 %). n counts turns; under a coder's name stands the share of them that the coder coded.
4 places of disagreement.
3 of 4 disagreements; neighbouring turns on which the same coders differ are one.

"#]]
    );
}

#[test]
fn rules_and_the_consensus_are_left_out_unless_named() {
    let mut coded = ATLAS.to_vec();
    coded.push(("consensus", "trust", "1111111111"));
    let folder = ten_turns(&coded);
    folder
        .run(&["autocode", "number", "trust", "--name", "all"])
        .done();
    let found: Agreement = folder.line("agreement --json").done().json();
    assert_eq!(found.coders, ["ada", "ben"]);
    close(found.value("trust", "percent"), 0.6);
    assert_eq!(
        (found.disagreements_total, found.disagreements.len()),
        (4, 4)
    );
    let only = |name: &str| vec![name.to_owned()];
    assert_eq!(
        found.disagreements[1],
        Disagreement {
            transcript: "T01".into(),
            turn: 3,
            last_turn: 3,
            theme: "trust".into(),
            coded_by: only("ben"),
            not_coded_by: only("ada"),
            n: 1,
        }
    );
    assert_eq!(found.thresholds, []);
    let found: Agreement = folder
        .line("agreement --json --coders auto:all,consensus --statistic percent,kappa,ac1")
        .done()
        .json();
    assert_eq!(found.coders, ["auto:all", "consensus"]);
    close(found.value("trust", "percent"), 1.0);
    let kappa = found.figure("trust", "kappa");
    assert_eq!(kappa.value, None);
    assert_eq!(
        kappa.reason.as_deref(),
        Some("all values are the same: no disagreement was to be expected")
    );
}

#[test]
fn three_coders_of_whom_one_left_early() {
    let folder = ten_turns(&[
        ("ada", "trust", "1100000000"),
        ("ben", "trust", "0110010100"),
        ("cem", "trust", "1110000000"),
    ]);
    folder.write(
        "u.txt",
        "Ada: One more, which is the second.\nBen: And an answer to it.\n",
    );
    folder.run(&["import", "u.txt", "--id", "T02"]).done();
    for coder in ["ada", "ben"] {
        folder
            .run(&["code", "T02:1", "trust", "--coder", coder])
            .done();
    }
    let found: Agreement = folder
        .line("agreement --json --pairs --statistic percent,fleiss,conger,alpha,kappa")
        .done()
        .json();
    assert_eq!(found.coders, ["ada", "ben", "cem"]);
    assert_eq!(found.transcripts, ["T01", "T02"]);
    assert_eq!(found.figure("trust", "alpha").n, 12);
    // By hand: of ten units with three values, six agree fully and four have one pair of three; two more units agree.
    close(
        found.value("trust", "percent"),
        (6.0 + 4.0 / 3.0 + 2.0) / 12.0,
    );
    // Alpha: 34 values, 11 of them 1; four units of three are split, with four ordered pairs apart each.
    close(
        found.value("trust", "alpha"),
        1.0 - (4.0 * 4.0 / 2.0) / (2.0 * 11.0 * 23.0 / 33.0),
    );
    assert_eq!(
        found.figure("trust", "kappa").reason.as_deref(),
        Some("it is defined for two coders")
    );
    // Who judged nothing there has no share of it.
    let shares: Vec<f64> = found
        .figure("trust", "alpha")
        .prevalence
        .iter()
        .map(|p| p.expect("a share"))
        .collect();
    close(shares[0], 3.0 / 12.0);
    close(shares[2], 3.0 / 10.0);
    let pair = |coders: [&str; 2], theme: Option<&str>, statistic: &str| {
        let found = found.pairs.iter().find(|p| {
            p.coders == coders && p.theme.as_deref() == theme && p.statistic == statistic
        });
        found.expect("a pair").clone()
    };
    assert_eq!(pair(["ada", "ben"], Some("trust"), "kappa").n, 12);
    assert_eq!(pair(["ada", "cem"], None, "kappa").n, 10);
    close(
        pair(["ada", "cem"], Some("trust"), "percent")
            .value
            .expect("a value"),
        0.9,
    );

    let found: Agreement = folder
        .line("agreement --json --complete --statistic alpha")
        .done()
        .json();
    assert_eq!(
        (found.transcripts.len(), found.figure("trust", "alpha").n),
        (1, 10)
    );
    assert_eq!(
        found.double_coded,
        DoubleCoded {
            transcripts: 1,
            of_transcripts: 2,
            words: 90,
            of_words: 101
        }
    );
}

#[test]
fn themes_that_exclude_each_other_are_values() {
    let folder = ten_turns(&[
        ("ada", "trust", "1110000000"),
        ("ada", "doubt", "0001110000"),
        ("ben", "trust", "1100000000"),
        ("ben", "doubt", "0011110000"),
    ]);
    let found: Agreement = folder
        .line("agreement --json --exclusive --statistic percent,kappa")
        .done()
        .json();
    // Nine of ten; chance .3 × .2 + .3 × .4 + .4 × .4.
    close(
        found.pooled("themes", "percent").value.expect("a value"),
        0.9,
    );
    close(
        found.pooled("themes", "kappa").value.expect("a value"),
        (0.9 - 0.34) / 0.66,
    );
    // As spans: what two coded is where they were both, and there they differ on one turn of six.
    let found: Agreement = folder
        .line("agreement --json --exclusive --unit span")
        .done()
        .json();
    let names: Vec<&str> = found
        .pooled
        .iter()
        .filter(|f| f.view.as_deref() == Some("themes"))
        .map(|f| f.statistic.as_str())
        .collect();
    assert_eq!(names, ["u-alpha", "bar-u-alpha", "cu-alpha"]);
    close(
        found
            .pooled("themes", "bar-u-alpha")
            .value
            .expect("a value"),
        1.0,
    );
    let cu = found.pooled("themes", "cu-alpha");
    assert!(cu.value.is_some_and(|v| v > 0.5 && v < 0.9), "{cu:?}");
    assert!(found.figure("doubt", "ku-alpha").value.is_some());
    // One coder gives one turn both.
    folder.line("code T01:1 doubt --coder ada").done();
    for unit in ["turn", "span"] {
        let found: Agreement = folder
            .line(&format!("agreement --json --exclusive --unit {unit}"))
            .done()
            .json();
        let themes = found
            .pooled
            .iter()
            .filter(|f| f.view.as_deref() == Some("themes"));
        for figure in themes {
            assert_eq!(figure.value, None);
            let reason = figure.reason.as_deref().expect("a reason");
            assert!(reason.contains("don't exclude each other"), "{reason}");
        }
    }
}

#[test]
fn intervals_come_from_a_seed() {
    let folder = Folder::invented();
    let line = "agreement --json --theme consensus/trust --statistic alpha --bootstrap 500";
    let drawn = |line: &str| -> Agreement { folder.line(line).done().json() };
    let (one, again) = (drawn(line), drawn(&format!("{line} --seed 1")));
    let of = |a: &Agreement| {
        let f = a.figure("consensus/trust", "alpha");
        (f.ci_low.expect("a low end"), f.ci_high.expect("a high end"))
    };
    assert_eq!(of(&one), of(&again));
    assert_ne!(of(&one), of(&drawn(&format!("{line} --seed 2"))));
    let (low, high) = of(&one);
    let value = one.value("consensus/trust", "alpha");
    assert!(low < value && value < high, "{low} {value} {high}");
    let way = |a: &Agreement| a.bootstrap.as_ref().and_then(|b| b.of.clone());
    assert_eq!(way(&one).as_deref(), Some("transcripts"));
    // Of few transcripts turns are drawn; the value is the same.
    let few = drawn(&format!("{line} --transcript T01 --transcript T02"));
    assert_eq!(way(&few).as_deref(), Some("turns"));
    assert!(few.figure("consensus/trust", "alpha").ci_low.is_some());
    for unit in ["sentence", "character"] {
        let few = drawn(&format!("{line} --transcript T01 --unit {unit}"));
        let plain = drawn(&format!(
            "agreement --json --theme consensus/trust --statistic alpha --transcript T01 --unit {unit}"
        ));
        assert_eq!(
            few.figure("consensus/trust", "alpha").value,
            plain.figure("consensus/trust", "alpha").value
        );
    }
    // Spans have no turns.
    let few = drawn("agreement --json --unit span --bootstrap 500 --transcript T01");
    assert_eq!((way(&few), few.themes[0].ci_low), (None, None));
    folder.line("agreement --bootstrap 5").refused();
}

#[test]
fn what_is_off_the_record_is_in_no_unit() {
    let folder = Folder::invented();
    let n = || -> u64 {
        let found: Agreement = folder
            .line("agreement --json --statistic percent")
            .done()
            .json();
        assert_eq!(found.pending, 0);
        found.themes[0].n
    };
    let before = n();
    folder
        .run(&["participant", "edit", "P07", "--attribution", "off-record"])
        .done();
    assert!(n() < before, "{before}");
}

#[test]
fn who_and_what_can_be_compared() {
    let folder = ten_turns(&[("ada", "trust", "1000000000")]);
    whole!(
        folder.line("agreement"),
        str![[r#"
--- stderr
error: only one person has coded, so there is nothing to compare
hint: a second coder codes as: casebook --coder NAME code PLACE THEME
--- status 1

"#]]
    );
    whole!(
        folder.line("agreement --coders ada"),
        str![[r#"
--- stderr
error: agreement is between at least two coders
hint: name them, as in: --coders A,B (see who they are with: casebook coder list)
--- status 1

"#]]
    );
    whole!(
        folder.line("agreement --coders ada,bem"),
        str![[r#"
--- stderr
error: no coder `bem`
hint: see what there is with: casebook coder list
--- status 1

"#]]
    );
    whole!(
        folder.line("agreement --unit span table t.csv"),
        str![[r#"
--- stderr
error: options of `agreement` can't stand before its verb
hint: put the verb's own options behind it; see them with: casebook agreement --help
--- status 1

"#]]
    );
    // Named coders who share nothing have no value, with the reason.
    folder.line("coder list").done();
    folder.write(
        "u.txt",
        "Ada: One more, which is the second.\nBen: And an answer.\n",
    );
    folder.run(&["import", "u.txt", "--id", "T02"]).done();
    folder.line("code T02:1 trust --coder ben").done();
    whole!(
        folder.line("agreement --coders ada,ben --statistic alpha"),
        str![[r#"
theme       n  ada  ben  alpha
all themes  0  n/a  n/a    n/a
--- stderr
Between ada, ben on 0 of 2 transcripts (0 of 99 words, 0.0 %). n counts turns; under a coder's name stands the share of them that the coder coded.
n/a for alpha of all themes: no unit was coded by two coders.
0 places of disagreement.

"#]]
    );
    folder.line("agreement").refused();
    folder.line("agreement --depth 0").refused();
}

#[test]
fn a_reflexive_study_is_told_that_nobody_asks() {
    let folder = ten_turns(ATLAS);
    folder.line("study edit --method reflexive").done();
    let run = folder.line("agreement --statistic alpha").done();
    assert!(
        run.stderr
            .contains("reflexive: agreement between coders is not asked of it"),
        "{}",
        run.stderr
    );
    let table = folder
        .line("agreement --statistic alpha --csv")
        .done()
        .stdout;
    assert_eq!(table.lines().count(), 3, "{table}");
}

// ---------------------------------------------------------------------------------------------------------------
// Tables without a study
// ---------------------------------------------------------------------------------------------------------------

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    dead_code,
    reason = "the type says what the JSON holds; that it reads back is the test"
)]
struct Table {
    coders: Vec<String>,
    coder_count: usize,
    units: u64,
    paired: u64,
    values: Vec<String>,
    level: String,
    statistics: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "as above")]
struct Row {
    statistic: String,
    value: Option<f64>,
    reason: Option<String>,
    se: Option<f64>,
    ci_low: Option<f64>,
    ci_high: Option<f64>,
}

fn fixture(name: &str) -> String {
    let path = root().join(format!("fixtures/agreement/{name}.csv"));
    path.to_str().expect("a path in UTF-8").to_owned()
}

#[test]
fn a_table_needs_no_study() {
    let folder = Folder::empty();
    whole!(
        folder.run(&[
            "agreement",
            "table",
            &fixture("krippendorff-2011-C"),
            "--level",
            "ordinal"
        ]),
        str![[r#"
4 coders, 11 of 12 units with at least two values, 5 values.

statistic         value     se            95 %  reason
percent           0.818  0.126  0.542 to 1.000
holsti            0.701
kappa               n/a                         it is defined for two coders
scott-pi            n/a                         it is defined for two coders
brennan-prediger  0.773  0.145  0.454 to 1.000
fleiss            0.761  0.153  0.424 to 1.000
conger            0.763  0.149  0.435 to 1.000
ac1               0.775  0.143  0.461 to 1.000
alpha (ordinal)   0.815

"#]]
    );
    whole!(
        folder.run(&[
            "agreement",
            "table",
            &fixture("cohen-1960-ex2"),
            "--shape",
            "contingency"
        ]),
        str![[r#"
2 coders, 200 of 200 units with at least two values, 3 values.

statistic         value     se            95 %  reason
percent           0.700  0.032  0.636 to 0.764
holsti            0.700
kappa             0.492  0.051  0.391 to 0.592
scott-pi          0.487  0.052  0.384 to 0.591
brennan-prediger  0.550  0.049  0.454 to 0.646
fleiss            0.487  0.052  0.384 to 0.591
conger            0.492  0.051  0.391 to 0.592
ac1               0.576  0.048  0.481 to 0.671
alpha (nominal)   0.488
kappa-max         0.831

"#]]
    );
    whole!(
        folder.run(&[
            "agreement",
            "table",
            &fixture("fleiss-wikipedia"),
            "--shape",
            "counts",
            "--csv"
        ]),
        str![[r#"
statistic,value,reason,se,ci_low,ci_high
percent,0.378021978021978,,0.0743183634749365,0.20990215979359658,0.5461417962503594
holsti,0.378021978021978,,,,
kappa,,the table doesn't say which coder gave a value,,,
scott-pi,,the table doesn't say which coder gave a value,,,
brennan-prediger,0.2225274725274725,,0.09289795434367062,0.012377699741995707,0.43267724531294927
fleiss,0.20993070442195522,,0.09237111160600824,0.0009727327089094073,0.418888676135001
conger,,the table doesn't say which coder gave a value,,,
ac1,0.2256141508166282,,0.09332407447138075,0.014500427332233778,0.4367278743010226
alpha,0.21557405653322703,,,,

"#]]
    );
    let table: Table = folder
        .run(&["--json", "agreement", "table", &fixture("nltk-dress")])
        .done()
        .json();
    assert_eq!((table.units, table.paired, table.coder_count), (3, 2, 3));
    let alpha = table.statistics.iter().find(|s| s.statistic == "alpha");
    close(alpha.and_then(|a| a.value).expect("a value"), -1.0 / 3.0);
}

#[test]
fn a_table_is_read_as_people_write_it() {
    let folder = Folder::empty();
    folder.write(
        "t.csv",
        "\u{feff}unit;first;second\n1; low ;low\n2;high;mid\n3;mid;mid\n4;;high\n5;NA;low\n6;low;mid\n7;high;high\n",
    );
    let ordinal = ["agreement", "table", "t.csv", "--level", "ordinal"];
    let run = folder.run(&ordinal).done();
    assert!(
        run.stdout
            .contains("this level of measurement needs numbers"),
        "{}",
        run.stdout
    );
    assert!(
        run.stderr.contains("1 cell had blanks around the value"),
        "{}",
        run.stderr
    );
    let values = [&ordinal[..], &["--values", "low,mid,high"]].concat();
    let table: Table = folder
        .run(&[&values[..], &["--json"]].concat())
        .done()
        .json();
    assert_eq!(table.values, ["low", "mid", "high"]);
    let alpha = table.statistics.iter().find(|s| s.statistic == "alpha");
    assert!(alpha.and_then(|a| a.value).is_some());
    for (text, fault) in [
        ("", "the table has no units"),
        ("unit,a,b\n", "the table has no units"),
        ("unit,a\n1,x\n", "fewer than two coders"),
        (
            "unit,a,b\n1,x\n",
            "line 2 of the table has another number of cells",
        ),
        (
            "unit,a,b\n1,x,odd\n",
            "line 2 of the table holds a value that is not among",
        ),
    ] {
        folder.write("bad.csv", text);
        let run = folder
            .run(&["agreement", "table", "bad.csv", "--values", "x,y"])
            .refused();
        assert!(run.stderr.contains(fault), "{}", run.stderr);
    }
    folder.write("bad.csv", "A \\ B,1,2\n1,3,x\n2,1,4\n");
    folder
        .run(&["agreement", "table", "bad.csv", "--shape", "contingency"])
        .refused();
    folder.write("bad.csv", [b'a', b',', 0xff, b'\n']);
    folder.run(&["agreement", "table", "bad.csv"]).refused();
    folder.run(&["agreement", "table", "none.csv"]).refused();
}
