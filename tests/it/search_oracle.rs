//! The search against an oracle: what is found, and how many, is what a plain scan of every turn with the same analyser
//! finds; each filter is what a reader would work out by hand from the lists that the program shows.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::OnceLock;

use casebook::domain::filter::Filter;
use casebook::domain::span::{Codepoints, Span};
use casebook::search::{Language, Matcher, parse};
use casebook::store::Access;
use casebook::study::{Session, Study};
use serde::Deserialize;
use serde_json::Value;

use crate::harness::{CLOCK, CODER, STUDY, Seeded, invented};

#[derive(Clone, Deserialize)]
struct Turn {
    transcript: String,
    turn: i64,
    speaker: Option<String>,
    role: String,
    participant: Option<String>,
    start: u32,
    end: u32,
    text: String,
}

#[derive(Deserialize)]
struct Coding {
    start: u32,
    end: u32,
    theme: String,
    coder: String,
}

#[derive(Deserialize)]
struct Transcript {
    text: String,
    turns: Vec<Turn>,
    codings: Vec<Coding>,
}

/// What is known of a transcript outside its text.
struct About {
    case: Option<String>,
    phase: Option<String>,
    participants: Vec<String>,
}

/// The whole study as the command line tells it.
struct Told {
    transcripts: BTreeMap<String, (Transcript, About)>,
    /// Case to those that it is part of.
    part_of: HashMap<String, Vec<String>>,
    case_attributes: HashMap<String, HashMap<String, String>>,
    roles: HashMap<String, String>,
    person_attributes: HashMap<String, HashMap<String, String>>,
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn strings(value: &Value) -> HashMap<String, String> {
    let fields = value.as_object().expect("an object");
    fields
        .iter()
        .filter_map(|(k, v)| Some((k.clone(), text(v)?)))
        .collect()
}

fn told() -> &'static Told {
    static TOLD: OnceLock<Told> = OnceLock::new();
    TOLD.get_or_init(|| {
        let folder = invented();
        let list: Value = folder.line("transcript list --json").done().json();
        let cases: Value = folder.line("case list --json").done().json();
        let people: Value = folder.line("participant list --json").done().json();
        let mut transcripts = BTreeMap::new();
        for row in list["transcripts"].as_array().expect("rows") {
            let id = text(&row["transcript"]).expect("an id");
            let shown: Transcript = folder
                .run(&["transcript", "show", &id, "--codings", "--json"])
                .done()
                .json();
            let participants = row["participants"]
                .as_array()
                .expect("people")
                .iter()
                .filter_map(text)
                .collect();
            transcripts.insert(
                id,
                (
                    shown,
                    About {
                        case: text(&row["case"]),
                        phase: text(&row["phase"]),
                        participants,
                    },
                ),
            );
        }
        let mut part_of: HashMap<String, Vec<String>> = HashMap::new();
        let mut case_attributes = HashMap::new();
        for case in cases["cases"].as_array().expect("rows") {
            let slug = text(&case["case"]).expect("a slug");
            for link in case["links"].as_array().expect("links") {
                if link["link"] == "part-of" && link["case"] == case["case"] {
                    part_of
                        .entry(slug.clone())
                        .or_default()
                        .extend(text(&link["other"]));
                }
            }
            case_attributes.insert(slug, strings(&case["attributes"]));
        }
        let mut roles = HashMap::new();
        let mut person_attributes = HashMap::new();
        for person in people["participants"].as_array().expect("rows") {
            let id = text(&person["participant"]).expect("a pseudonym");
            roles.extend(text(&person["role"]).map(|r| (id.clone(), r)));
            person_attributes.insert(id, strings(&person["attributes"]));
        }
        assert_eq!(transcripts.len(), 15);
        Told {
            transcripts,
            part_of,
            case_attributes,
            roles,
            person_attributes,
        }
    })
}

fn study() -> Study {
    let session = Session {
        coder: CODER.into(),
        now: CLOCK.into(),
        why: None,
    };
    Study::open(&invented().join(STUDY), Access::Read, session).expect("the study opens")
}

/// Every turn that a query matches, with where.
fn scan(query: &str, keep: impl Fn(&Turn) -> bool) -> BTreeMap<(String, i64), Vec<(u32, u32)>> {
    let parsed = parse(query).unwrap_or_else(|e| panic!("`{query}` can't be read: {e}"));
    let mut matcher = Matcher::new(&parsed, &[Language::ENGLISH]);
    let mut found = BTreeMap::new();
    for (transcript, _) in told().transcripts.values() {
        for turn in transcript.turns.iter().filter(|t| keep(t)) {
            if let Some(spans) = matcher.find(&turn.text, Language::ENGLISH) {
                let spans = spans
                    .iter()
                    .map(|s| (s.start + turn.start, s.end + turn.start))
                    .collect();
                found.insert((turn.transcript.clone(), turn.turn), spans);
            }
        }
    }
    found
}

/// What the program finds, with where; checked for what every hit must be.
fn search(study: &Study, query: &str, filter: &Filter) -> BTreeMap<(String, i64), Vec<(u32, u32)>> {
    let result = study
        .search(query, filter, 2000, false)
        .unwrap_or_else(|e| panic!("`{query}`: {e}"));
    assert_eq!(result.total, result.hits.len() as u64, "`{query}`: total");
    let mut found = BTreeMap::new();
    let mut score = f32::INFINITY;
    for hit in &result.hits {
        assert!(
            hit.score <= score,
            "`{query}`: hits are not in the order of their scores"
        );
        score = hit.score;
        assert!(
            !hit.highlights.is_empty(),
            "`{query}`: a hit that shows nothing"
        );
        let mut last = hit.turn.start;
        for (start, end) in &hit.highlights {
            assert!(
                last <= *start && start < end && *end <= hit.turn.end,
                "`{query}`: a highlight outside its turn, or out of order"
            );
            last = *end;
        }
        let (transcript, _) = &told().transcripts[&hit.turn.transcript];
        assert_eq!(
            Codepoints::new(&transcript.text).slice(Span::new(hit.turn.start, hit.turn.end)),
            hit.turn.text,
            "`{query}`: the turn's words"
        );
        let key = (hit.turn.transcript.clone(), hit.turn.turn);
        assert!(
            found.insert(key, hit.highlights.clone()).is_none(),
            "`{query}`: a turn twice"
        );
    }
    found
}

/// The words of the fixtures, with how they stand beside each other.
fn sentences() -> Vec<Vec<String>> {
    let mut all = Vec::new();
    for (transcript, _) in told().transcripts.values() {
        for turn in &transcript.turns {
            let words: Vec<String> = turn
                .text
                .split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’')
                .filter(|w| w.chars().any(char::is_alphanumeric))
                .map(|w| w.trim_matches(['\'', '’']).to_owned())
                .filter(|w| !matches!(&**w, "AND" | "OR" | "NOT" | "NEAR"))
                .collect();
            if words.len() >= 4 {
                all.push(words);
            }
        }
    }
    all
}

/// A query of any form, made of words that stand in the texts, some of them bent a little.
fn random_query(random: &mut Seeded, sentences: &[Vec<String>]) -> String {
    let sentence = random.pick(sentences);
    let at = random.below(sentence.len() - 3);
    let word = sentence[at].as_str();
    let other = random.pick(sentences);
    let elsewhere = random.pick(other).clone();
    match random.below(14) {
        0 | 1 => word.to_owned(),
        2 => format!("\"{}\"", sentence[at..at + 2].join(" ")),
        3 => format!("\"{}\"", sentence[at..at + 3].join(" ")),
        4 => format!("\"{} {}\"~{}", word, sentence[at + 2], random.below(4)),
        5 => format!(
            "{word} NEAR/{} {}",
            1 + random.below(6),
            sentence[at + 1 + random.below(3)]
        ),
        6 => format!(
            "{} NEAR/{} {elsewhere}",
            sentence[at + 1],
            1 + random.below(10)
        ),
        7 => format!(
            "{}*",
            word.chars().take(2 + random.below(3)).collect::<String>()
        ),
        8 => {
            // One letter less, or another one.
            let mut letters: Vec<char> = word.chars().filter(|c| c.is_alphanumeric()).collect();
            if letters.len() < 4 {
                return word.to_owned();
            }
            let n = 1 + random.below(letters.len() - 1);
            if random.below(2) == 0 {
                letters.remove(n);
            } else {
                letters[n] = 'e';
            }
            format!(
                "{}~{}",
                letters.iter().collect::<String>(),
                1 + random.below(2)
            )
        }
        9 => format!("={word}"),
        10 => format!("{word} AND {elsewhere}"),
        11 => format!("{word} OR {elsewhere}"),
        12 => format!("{word} NOT {elsewhere}"),
        _ => format!(
            "({word} OR \"{}\") AND NOT {elsewhere}",
            sentence[at + 1..at + 3].join(" ")
        ),
    }
}

/// How many queries of one seed there are, and how many of them found something.
fn compare(seed: u64, queries: usize) -> usize {
    let study = study();
    let everybody = Filter {
        speakers: casebook::domain::filter::Speakers::All,
        ..Filter::default()
    };
    let sentences = sentences();
    let mut random = Seeded::new(seed);
    let (mut tried, mut found) = (0, 0);
    while tried < queries {
        let query = random_query(&mut random, &sentences);
        // An elision may leave nothing to look for: refused, and tested elsewhere.
        if parse(&query).is_err() {
            continue;
        }
        let want = scan(&query, |_| true);
        let got = search(&study, &query, &everybody);
        assert_eq!(got, want, "`{query}`");
        tried += 1;
        found += usize::from(!want.is_empty());
    }
    found
}

#[test]
fn hits_are_those_of_a_plain_scan() {
    let found: usize = std::thread::scope(|scope| {
        let halves: Vec<_> = (11..13)
            .map(|seed| scope.spawn(move || compare(seed, 150)))
            .collect();
        halves
            .into_iter()
            .map(|half| half.join().expect("a half that agrees"))
            .sum()
    });
    assert!(found > 200, "only {found} of 300 queries found anything");
}

/// A filter, and what it lets through as one would work it out by hand.
struct Choice {
    args: Vec<String>,
    keep: Box<dyn Fn(&Turn) -> bool>,
}

fn within(case: &str, above: &str) -> bool {
    case == above
        || told()
            .part_of
            .get(case)
            .into_iter()
            .flatten()
            .any(|c| within(c, above))
}

fn about(turn: &Turn) -> &'static About {
    &told().transcripts[&turn.transcript].1
}

fn below(theme: &str, above: &str) -> bool {
    theme == above
        || theme
            .strip_prefix(above)
            .is_some_and(|rest| rest.starts_with('/'))
}

/// Whose words a turn is: its speaker's; where nobody is named, the only participant's.
fn whose(turn: &Turn) -> Option<String> {
    turn.participant.clone().or_else(|| {
        match (&*about(turn).participants, turn.speaker.is_none()) {
            ([one], true) => Some(one.clone()),
            _ => None,
        }
    })
}

fn choices() -> Vec<Choice> {
    let mut all: Vec<Choice> = Vec::new();
    let mut add = |args: &[&str], keep: Box<dyn Fn(&Turn) -> bool>| {
        all.push(Choice {
            args: args.iter().map(|a| (*a).to_owned()).collect(),
            keep,
        });
    };
    for case in [
        "alder",
        "birch",
        "cedar",
        "alder-vale",
        "cedar-east",
        "birch-north-hospital",
    ] {
        add(
            &["--case", case],
            Box::new(move |t| about(t).case.as_deref().is_some_and(|c| within(c, case))),
        );
    }
    add(
        &["--case", "alder", "--case", "cedar-east"],
        Box::new(|t| {
            about(t)
                .case
                .as_deref()
                .is_some_and(|c| within(c, "alder") || within(c, "cedar-east"))
        }),
    );
    for theme in [
        "competition",
        "governance",
        "governance/clarity",
        "consensus/veto",
        "context",
    ] {
        let coded = move |t: &Turn| {
            told().transcripts[&t.transcript]
                .0
                .codings
                .iter()
                .any(|c| below(&c.theme, theme) && c.start < t.end && t.start < c.end)
        };
        add(&["--theme", theme], Box::new(coded));
        let by_jo = move |t: &Turn| {
            told().transcripts[&t.transcript].0.codings.iter().any(|c| {
                below(&c.theme, theme) && c.coder == "jo" && c.start < t.end && t.start < c.end
            })
        };
        add(&["--theme", theme, "--by", "jo"], Box::new(by_jo));
    }
    add(
        &["--by", "mara"],
        Box::new(|t| {
            told().transcripts[&t.transcript]
                .0
                .codings
                .iter()
                .any(|c| c.coder == "mara" && c.start < t.end && t.start < c.end)
        }),
    );
    for person in ["P01", "P09", "P14", "P15", "P04"] {
        add(
            &["--participant", person],
            Box::new(move |t| whose(t).as_deref() == Some(person)),
        );
    }
    for role in ["chair", "director of finance", "council officer"] {
        add(
            &["--role", role],
            Box::new(move |t| {
                whose(t).is_some_and(|p| told().roles.get(&p).is_some_and(|r| r == role))
            }),
        );
    }
    for phase in ["phase-1", "phase-2"] {
        add(
            &["--phase", phase],
            Box::new(move |t| about(t).phase.as_deref() == Some(phase)),
        );
    }
    for transcript in ["T01", "T06", "T15"] {
        add(
            &["--transcript", transcript],
            Box::new(move |t| t.transcript == transcript),
        );
    }
    for maturity in ["maturing", "emerging"] {
        let of_case = move |t: &Turn| {
            let case = about(t).case.as_deref();
            // What is part of a case counts with it, as it does for --case.
            case.is_some_and(|c| {
                told().case_attributes.iter().any(|(slug, a)| {
                    a.get("maturity").is_some_and(|m| m == maturity) && within(c, slug)
                })
            })
        };
        add(
            &["--attr", &format!("maturity={maturity}")],
            Box::new(of_case),
        );
    }
    for sector in ["acute", "voluntary", "local government"] {
        let of_person = move |t: &Turn| {
            whose(t).is_some_and(|p| {
                told()
                    .person_attributes
                    .get(&p)
                    .and_then(|a| a.get("sector"))
                    .is_some_and(|s| s == sector)
            })
        };
        add(
            &["--attr", &format!("sector={sector}")],
            Box::new(of_person),
        );
    }
    let of_either = |t: &Turn| {
        let sector = whose(t).and_then(|p| {
            told()
                .person_attributes
                .get(&p)
                .and_then(|a| a.get("sector"))
                .cloned()
        });
        sector.is_some_and(|s| s == "acute" || s == "voluntary")
    };
    add(
        &["--attr", "sector=acute", "--attr", "sector=voluntary"],
        Box::new(of_either),
    );
    all
}

#[derive(Deserialize)]
struct Hits {
    total: u64,
    hits: Vec<Turn>,
}

fn run(query: &str, args: &[String]) -> (u64, BTreeSet<(String, i64)>) {
    let mut line: Vec<&str> = vec!["search", query, "--json", "--limit", "2000"];
    line.extend(args.iter().map(String::as_str));
    let hits: Hits = invented().run(&line).done().json();
    (
        hits.total,
        hits.hits
            .into_iter()
            .map(|t| (t.transcript, t.turn))
            .collect(),
    )
}

#[test]
fn filters_are_as_one_would_work_them_out_by_hand() {
    let mut empty = Vec::new();
    for choice in choices() {
        for (speakers, keep_speaker) in [
            (
                "participant",
                (|t: &Turn| t.role != "interviewer") as fn(&Turn) -> bool,
            ),
            ("interviewer", |t| t.role == "interviewer"),
            ("all", |_| true),
        ] {
            let query = "the OR we OR you OR is OR not";
            let mut args = choice.args.clone();
            args.extend(["--speaker".to_owned(), speakers.to_owned()]);
            let want: BTreeSet<(String, i64)> =
                scan(query, |t| (choice.keep)(t) && keep_speaker(t))
                    .into_keys()
                    .collect();
            let (total, got) = run(query, &args);
            assert_eq!(got, want, "{args:?}");
            assert_eq!(total, want.len() as u64, "{args:?}: total");
            if want.is_empty() && speakers == "participant" {
                empty.push(args);
            }
        }
    }
    assert!(
        empty.len() <= 2,
        "these filters are tried on nothing: {empty:?}"
    );
}

#[test]
fn filters_narrow_together() {
    let all = choices();
    let mut random = Seeded::new(5);
    for _ in 0..40 {
        let (one, two) = (random.below(all.len()), random.below(all.len()));
        let (a, b) = (&all[one], &all[two]);
        // Two of one kind widen, and a coder narrows the themes' codings: those are tried above.
        if a.args
            .iter()
            .any(|x| x.starts_with("--") && b.args.contains(x))
            || [a, b].iter().any(|c| c.args.contains(&"--by".to_owned()))
        {
            continue;
        }
        let args: Vec<String> = a.args.iter().chain(&b.args).cloned().collect();
        let query = "and OR of OR they OR nobody OR trust";
        let want: BTreeSet<(String, i64)> = scan(query, |t| {
            (a.keep)(t) && (b.keep)(t) && t.role != "interviewer"
        })
        .into_keys()
        .collect();
        let (total, got) = run(query, &args);
        assert_eq!(got, want, "{args:?}");
        assert_eq!(total, want.len() as u64, "{args:?}");
    }
}

#[derive(Deserialize)]
struct Counts {
    total: u64,
    counts: Vec<Count>,
}

#[derive(Deserialize)]
struct Count {
    name: String,
    turns: u64,
}

#[test]
fn counts_are_those_of_a_plain_scan() {
    for query in ["trust", "money OR fund*", "\"the board\""] {
        let hits = scan(query, |t| t.role != "interviewer");
        let turns: Vec<&Turn> = told()
            .transcripts
            .values()
            .flat_map(|(t, _)| &t.turns)
            .filter(|t| hits.contains_key(&(t.transcript.clone(), t.turn)))
            .collect();
        let by = |name: &dyn Fn(&Turn) -> Option<String>| {
            let mut counts: BTreeMap<String, u64> = BTreeMap::new();
            for turn in &turns {
                if let Some(name) = name(turn) {
                    *counts.entry(name).or_default() += 1;
                }
            }
            counts
        };
        for (what, want) in [
            ("transcript", by(&|t| Some(t.transcript.clone()))),
            ("case", by(&|t| about(t).case.clone())),
            ("phase", by(&|t| about(t).phase.clone())),
            ("participant", by(&whose)),
            (
                "role",
                by(&|t| whose(t).and_then(|p| told().roles.get(&p).cloned())),
            ),
        ] {
            let got: Counts = invented()
                .run(&["search", query, "--count-by", what, "--json"])
                .done()
                .json();
            assert_eq!(got.total, turns.len() as u64, "{query} by {what}");
            let counts: BTreeMap<String, u64> = got
                .counts
                .into_iter()
                .filter(|c| !c.name.starts_with('(') && c.name != "-")
                .map(|c| (c.name, c.turns))
                .collect();
            assert_eq!(counts, want, "{query} by {what}");
        }
    }
}
