//! No passage leaves at a looser level than was promised: studies that hold every level, every item of a consent and
//! limits at each grain, with words of its own in each half of each turn; every command of the program, for every
//! audience; and a second, small telling of what may be seen where, which shares nothing with the program's.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use serde_json::Value;

use crate::harness::{Folder, Seeded};

/// From the loosest to the strictest.
const LEVELS: [&str; 7] = [
    "named",
    "role-org",
    "role",
    "case",
    "non-attributable",
    "background",
    "off-record",
];
const CASE: usize = 3;
const NON_ATTRIBUTABLE: usize = 4;
const BACKGROUND: usize = 5;
const OFF_RECORD: usize = 6;

/// What a form says.
#[derive(Clone, Copy)]
struct Form {
    take_part: bool,
    quote: Option<bool>,
    level: usize,
    share: Option<bool>,
    over: bool,
}

#[derive(Clone)]
struct Person {
    code: String,
    /// 0: alder; 1: birch.
    case: usize,
    level: usize,
    quotable: bool,
    form: Option<Form>,
}

impl Person {
    fn level(&self) -> usize {
        match self.form {
            Some(f) if !f.take_part => OFF_RECORD,
            Some(f) => self.level.max(f.level),
            None => self.level,
        }
    }
    fn role(&self) -> String {
        format!("rolezz{}", &self.code[1..])
    }
    fn organisation(&self) -> String {
        format!("Orgzz{}", &self.code[1..])
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Who {
    Interviewer,
    Person(usize),
    Nobody,
}

/// A half of a turn: the turn from 1, and 0 or 1.
type Half = (usize, usize);

struct Coding {
    /// Its number in the transcript, from 1.
    n: usize,
    theme: &'static str,
    halves: BTreeSet<Half>,
}

#[derive(Clone)]
enum On {
    All,
    Halves(BTreeSet<Half>),
    Coding(usize),
}

struct Limit {
    on: On,
    level: usize,
    not_quotable: bool,
}

struct Talk {
    id: usize,
    case: usize,
    turns: Vec<Who>,
    codings: Vec<Coding>,
    limits: Vec<Limit>,
}

struct Model {
    people: Vec<Person>,
    talks: Vec<Talk>,
}

/// Who reads.
#[derive(Clone, Copy)]
enum To {
    Team,
    /// Whether the output is narrowed to some.
    Public(bool),
    /// The people of alder (0) or birch (1).
    Case(usize),
    /// A participant, who reads their own words.
    Own(usize),
}

fn word(talk: usize, half: Half) -> String {
    format!("zq{talk:02}{:02}{}", half.0, ["a", "b"][half.1])
}

impl Talk {
    /// Who may have spoken a turn.
    fn voices(&self, turn: usize) -> Vec<usize> {
        match self.turns[turn - 1] {
            Who::Interviewer => Vec::new(),
            Who::Person(p) => vec![p],
            Who::Nobody => self
                .turns
                .iter()
                .filter_map(|who| match who {
                    Who::Person(p) => Some(*p),
                    _ => None,
                })
                .collect(),
        }
    }

    fn covered(&self, limit: &Limit) -> Option<BTreeSet<Half>> {
        match &limit.on {
            On::All => None,
            On::Halves(halves) => Some(halves.clone()),
            On::Coding(n) => Some(
                self.codings
                    .iter()
                    .find(|c| c.n == *n)
                    .expect("a coding")
                    .halves
                    .clone(),
            ),
        }
    }

    fn sealed(&self, people: &[Person], turn: usize) -> bool {
        let by_limit = self.limits.iter().any(|l| {
            l.level == OFF_RECORD
                && self
                    .covered(l)
                    .is_none_or(|halves| halves.iter().any(|h| h.0 == turn))
        });
        by_limit
            || self
                .voices(turn)
                .iter()
                .any(|p| people[*p].level() == OFF_RECORD)
    }

    fn bound(&self, coding: &Coding) -> (usize, bool) {
        let mut bound = (0, true);
        for l in &self.limits {
            let binds = match &l.on {
                On::All => true,
                On::Halves(halves) => !halves.is_disjoint(&coding.halves),
                // What is off the record is so however it is coded.
                On::Coding(n) if l.level < OFF_RECORD => *n == coding.n,
                On::Coding(_) => self
                    .covered(l)
                    .is_some_and(|h| !h.is_disjoint(&coding.halves)),
            };
            if binds {
                bound = (bound.0.max(l.level), bound.1 && !l.not_quotable);
            }
        }
        bound
    }

    /// Whether a half may be read in the quote of a coding.
    fn may(&self, people: &[Person], half: Half, coding: &Coding, to: To) -> bool {
        if self.sealed(people, half.0) || !coding.halves.contains(&half) {
            return false;
        }
        if matches!(to, To::Team) {
            return true;
        }
        if self.turns[half.0 - 1] == Who::Interviewer {
            return false;
        }
        let bound = self.bound(coding);
        let ok = |level: usize, quotable: bool, form: Option<Form>, own: bool, self_: bool| {
            let level = level.max(bound.0);
            let told = matches!(to, To::Case(_)) || matches!(to, To::Public(true));
            level < BACKGROUND
                && quotable
                && bound.1
                && form.is_none_or(|f| !f.over)
                && (self_
                    || !(told && level == NON_ATTRIBUTABLE
                        || own && form.is_some_and(|f| f.share != Some(true))))
        };
        if !ok(0, true, None, false, matches!(to, To::Own(_))) {
            return false;
        }
        self.voices(half.0).iter().all(|p| {
            let person = &people[*p];
            let quotable = person.quotable && person.form.is_none_or(|f| f.quote == Some(true));
            let own = matches!(to, To::Case(c) if c == person.case || c == self.case);
            match to {
                To::Own(reader) if reader != *p => false,
                To::Own(_) => ok(person.level(), quotable, person.form, own, true),
                _ => ok(person.level(), quotable, person.form, own, false),
            }
        })
    }
}

impl Model {
    /// The words that may be read by somebody, coded or not where the team reads.
    fn may(&self, to: To, coded: bool) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for talk in &self.talks {
            for turn in 1..=talk.turns.len() {
                for half in [(turn, 0), (turn, 1)] {
                    let open = matches!(to, To::Team) && !coded && !talk.sealed(&self.people, turn);
                    if open
                        || talk
                            .codings
                            .iter()
                            .any(|c| talk.may(&self.people, half, c, to))
                    {
                        found.insert(word(talk.id, half));
                    }
                }
            }
        }
        found
    }
}

/// The words of the study that stand in a text.
fn words_in(text: &str) -> BTreeSet<String> {
    text.match_indices("zq")
        .filter_map(|(at, _)| text.get(at..at + 7))
        .filter(|w| {
            w[2..6].bytes().all(|b| b.is_ascii_digit()) && matches!(w.as_bytes()[6], b'a' | b'b')
        })
        .map(str::to_owned)
        .collect()
}

const SLUGS: [&str; 2] = ["alder", "birch"];

/// A form for each item of a consent, beside none at all.
fn forms(level: usize, random: &mut Seeded) -> Vec<Option<Form>> {
    let yes = Form {
        take_part: true,
        quote: Some(true),
        level: level.min(random.below(7)),
        share: Some(true),
        over: false,
    };
    let stricter = Form {
        level: (level + 1 + random.below(3)).min(BACKGROUND),
        ..yes
    };
    vec![
        None,
        Some(yes),
        Some(stricter),
        Some(Form {
            quote: Some(false),
            ..yes
        }),
        Some(Form { quote: None, ..yes }),
        Some(Form {
            share: *random.pick(&[Some(false), None]),
            ..yes
        }),
        Some(Form { over: true, ..yes }),
        Some(Form {
            take_part: false,
            ..yes
        }),
    ]
}

fn turn_text(talk: usize, turn: usize) -> [String; 2] {
    [
        format!("Here {} commonly.", word(talk, (turn, 0))),
        format!("There {} commonly.", word(talk, (turn, 1))),
    ]
}

/// Makes a study from a seed, and what is known of it.
fn study(seed: u64) -> (Folder, Model) {
    let random = &mut Seeded::new(seed);
    let mut people = Vec::new();
    for level in 0..7 {
        for form in forms(level, random) {
            let n = people.len() + 1;
            people.push(Person {
                code: format!("P{n:02}"),
                case: random.below(2),
                level,
                quotable: random.below(8) > 0,
                form,
            });
        }
    }
    // In the order of their cases, as each case's texts are imported together.
    people.sort_by_key(|p| p.case);
    let mut talks: Vec<Talk> = Vec::new();
    for case in 0..2 {
        let own: Vec<usize> = (0..people.len())
            .filter(|p| people[*p].case == case)
            .collect();
        for p in &own {
            let mut turns = vec![Who::Interviewer];
            turns.extend([Who::Person(*p); 3]);
            talks.push(talk(talks.len() + 1, case, turns));
        }
        for _ in 0..2 {
            let mut turns = vec![Who::Interviewer];
            for _ in 0..3 {
                turns.push(Who::Person(*random.pick(&own)));
            }
            turns.push(Who::Nobody);
            talks.push(talk(talks.len() + 1, case, turns));
        }
    }
    let folder = write(&people, &talks);
    // What a second coder coded.
    let n = talks[0].codings.len() + 1;
    talks[0].codings.push(Coding {
        n,
        theme: "xa",
        halves: [(2, 0), (2, 1), (3, 0), (3, 1)].into(),
    });
    // A limit of each kind at each grain, in turn, and some more.
    let kinds: Vec<(usize, usize)> = (0..3)
        .flat_map(|grain| (1..=7).map(move |kind| (grain, kind)))
        .collect();
    let spared = random.below(3);
    for at in 0..talks.len() + 14 {
        let (talk_at, (grain, kind)) = if at < talks.len() {
            if at % 3 == spared {
                continue;
            }
            (at, kinds[at % kinds.len()])
        } else {
            (random.below(talks.len()), *random.pick(&kinds))
        };
        limit(&folder, &mut talks[talk_at], (grain, kind), random);
    }
    (folder, Model { people, talks })
}

fn talk(id: usize, case: usize, turns: Vec<Who>) -> Talk {
    let mut codings = Vec::new();
    let mut code = |theme, halves: Vec<Half>| {
        codings.push(Coding {
            n: codings.len() + 1,
            theme,
            halves: halves.into_iter().collect(),
        });
    };
    for turn in 2..=turns.len() {
        code("xa", vec![(turn, 0)]);
        code("xb", vec![(turn, 1)]);
        code("xc", vec![(turn, 0), (turn, 1)]);
    }
    code(
        "xd",
        (1..=turns.len()).flat_map(|t| [(t, 0), (t, 1)]).collect(),
    );
    Talk {
        id,
        case,
        turns,
        codings,
        limits: Vec::new(),
    }
}

/// Writes the study: people, forms, texts and codings.
fn write(people: &[Person], talks: &[Talk]) -> Folder {
    let folder = Folder::with_study();
    let mut cases = "slug,name,kind\nalder,Alderzz,system\nbirch,Birchzz,system\n".to_owned();
    let mut table = "id,role,organisation,attribution,quotable,case\n".to_owned();
    let mut forms = "participant,signed,take-part,quote,attribution,share,until\n".to_owned();
    let item = |v: Option<bool>| v.map_or("", |v| if v { "yes" } else { "no" });
    for p in people {
        let org = p.organisation();
        writeln!(cases, "{},{org},organisation", org.to_lowercase()).expect("memory");
        writeln!(
            table,
            "{},{},{},{},{},{}",
            p.code,
            p.role(),
            org.to_lowercase(),
            LEVELS[p.level],
            item(Some(p.quotable)),
            SLUGS[p.case]
        )
        .expect("memory");
        if let Some(f) = p.form {
            writeln!(
                forms,
                "{},2021-01-01,{},{},{},{},{}",
                p.code,
                item(Some(f.take_part)),
                item(f.quote),
                LEVELS[f.level],
                item(f.share),
                if f.over { "2021-02-01" } else { "2021-05-01" }
            )
            .expect("memory");
        }
    }
    folder.write("cases.csv", cases);
    folder.write("people.csv", table);
    folder.write("forms.csv", forms);
    let mut codings = "place,quote,theme,coder\n".to_owned();
    // What was written down of each passage, in its own words.
    let mut claims = "case,goal,said,stance,words,reason,coding\n".to_owned();
    let mut seen = "case,maturity,stage,date,by,assessor,why,coding\n".to_owned();
    for talk in talks {
        let mut text = String::new();
        for (n, who) in talk.turns.iter().enumerate() {
            let label = match who {
                Who::Interviewer => "Interviewer".to_owned(),
                Who::Person(p) => people[*p].code.clone(),
                Who::Nobody => "Speaker 9".to_owned(),
            };
            writeln!(text, "{label}: {}\n", turn_text(talk.id, n + 1).join(" ")).expect("memory");
        }
        folder.write(&format!("{}/t{:02}.txt", SLUGS[talk.case], talk.id), text);
        for c in &talk.codings {
            let first = c.halves.first().expect("one").0;
            let last = c.halves.last().expect("one").0;
            let quote = if c.halves.len() == 1 {
                turn_text(talk.id, first)[c.halves.first().expect("one").1].clone()
            } else {
                String::new()
            };
            let words: Vec<String> = c.halves.iter().map(|h| word(talk.id, *h)).collect();
            let (words, slug) = (words.join(" "), SLUGS[talk.case]);
            let id = talk.id * 1_000_000 + c.n;
            writeln!(claims, "{slug},ready,2020-01-01,plans,{words},{words},{id}").expect("memory");
            writeln!(
                seen,
                "{slug},ladder,top,2020-01-01,other,A{id},{words},{id}"
            )
            .expect("memory");
            writeln!(
                codings,
                "T{:02}:{first}{},{quote},{},",
                talk.id,
                if last > first {
                    format!("-{last}")
                } else {
                    String::new()
                },
                c.theme
            )
            .expect("memory");
        }
    }
    folder.write("codings.csv", codings);
    folder.write("claims.csv", claims);
    folder.write("seen.csv", seen);
    folder.write(
        "ladder.yaml",
        "slug: ladder\nname: Ladder\nsource: us\nstages: [bottom, top]\ndomains: []\n",
    );
    for line in [
        "study edit --k-labels 1 --k-counts 1 --contact us --withdraw-by 2022-01-01",
        "case import cases.csv",
        "participant import people.csv",
        "consent import forms.csv",
        "import alder --case alder",
        "import birch --case birch",
        "theme add xa",
        "theme add xb",
        "theme add xc",
        "theme add xd",
        "code --from codings.csv",
        "--coder jo code T01:2-3 xa",
        "finding add Claim",
        "indicator add q --name Q --unit points --scale number --better more",
        "measure add q alder 2020 1 --source Returns",
        "measure add q alder 2021 2 --source Returns",
        "measure add q birch 2020 2 --source Returns",
        "measure add q birch 2021 1 --source Returns",
        "goal add ready",
        "claim import claims.csv",
        "maturity import ladder.yaml",
        "assessment import seen.csv",
        "cohort add first --date 2020-01-01",
        "cohort member first alder --coding 1000001",
    ] {
        folder.line(line).done();
    }
    folder
}

/// Adds a limit of a kind: 1 to 6 is a level, 7 takes the leave to be quoted.
fn limit(folder: &Folder, talk: &mut Talk, (grain, kind): (usize, usize), random: &mut Seeded) {
    let id = talk.id;
    let turn = 2 + random.below(talk.turns.len() - 1);
    let half = (turn, random.below(2));
    let coding = random.pick(&talk.codings).n;
    let quote = turn_text(id, turn)[half.1].clone();
    let number = format!("coding:{}", id * 1_000_000 + coding);
    let (place, on) = match grain {
        0 => (vec![format!("T{id:02}")], On::All),
        1 => (
            vec![format!("T{id:02}:{turn}"), "--quote".into(), quote],
            On::Halves([half].into()),
        ),
        _ => (vec![number], On::Coding(coding)),
    };
    let mut args = vec!["limit".to_owned(), "add".to_owned()];
    args.extend(place);
    args.push(if kind == 7 {
        "--not-quotable".into()
    } else {
        LEVELS[kind].to_owned()
    });
    let run = folder.run(&args);
    if run.status == Some(0) {
        talk.limits.push(Limit {
            on,
            level: if kind == 7 { 0 } else { kind },
            not_quotable: kind == 7,
        });
    } else {
        assert!(run.stderr.contains("no effect"), "{args:?} {}", run.whole());
    }
}

/// Commands that show passages, for whom, and what they are made of. `{own}` is a participant who is quoted.
fn walk() -> Vec<(String, To)> {
    let mut all: Vec<(String, To)> = Vec::new();
    for line in [
        "status",
        "study show",
        "case list",
        "case show alder",
        "phase list",
        "participant list",
        "participant show P01",
        "consent list",
        "consent show P02",
        "limit list",
        "limit show 1",
        "plan list",
        "progress",
        "progress list",
        "attribute list",
        "transcript list",
        "section list",
        "theme list",
        "theme show xd",
        "theme lint",
        "theme export",
        "theme version list",
        "coder list",
        "memo list",
        "log",
        "log head",
        "check",
        "check --evidence",
        "copy list",
        "population list",
        "disclosure check",
        "response list",
        "decision list",
        "search commonly --speaker all --limit 999",
        "search commonly --kwic --speaker all --limit 999",
        "search commonly --theme xb --limit 999",
        "search commonly --count-by participant",
        "autocode commonly xa --dry-run",
        "autocode commonly xa --spread sentence --speaker all --dry-run",
        "quotes --speaker all",
        "quotes --theme xd --near xa --distance 1turn",
        "quotes --audience team -o q.md",
        "quotes --audience team --speaker all -o q.html",
        "matrix --rows participant --cols theme",
        "matrix --rows case --cols theme --cell alder,xd --speaker all",
        "matrix --rows case --cols theme --count words --cell birch,xa",
        "matrix --rows case --cols theme --cell alder,xa --audience team -o m.csv",
        "cooccur",
        "cooccur --cell xa,xd",
        "cooccur --cell xb,xd --audience team -o c.md",
        "frequency --speaker all",
        "frequency --word commonly",
        "frequency --group-by participant -o f.csv",
        "agreement",
        "agreement --disagreements 99",
        "agreement disagreements",
        "agreement disagreements -o d.md",
        "agreement settled",
        "agreement sample list",
        "agreement threshold list",
        "saturation",
        "case list --as-of 2020-01-01",
        "case name list",
        "case code list",
        "cohort list",
        "cohort show first",
        "cohort count first",
        "cohort compare first --figure waits@2020",
        "assessment list",
        "assessment show 1",
        "assessment show 2",
        "assessment list -o a.md",
        "assessment compare ladder",
        "assessment movement ladder",
        "goal list",
        "goal show ready",
        "claim list",
        "claim show 1",
        "claim show 2",
        "claim list -o c.html",
        "finding list",
        "finding show 1",
        "trace finding 1",
        "trace coding:1000001",
        "trace coding:1000010",
        "trace T02:2",
        "trace T03:2-4",
        "trace cell:alder,xd",
        "frame show",
        "frame show alder",
        "frame show alder xd",
        "frame show birch xa",
        "frame list",
        "frame export --quotes 99 --audience team -o f.html",
        "frame export -o f.json",
        "frame export -o f.md",
        "report summary --quotes all --audience team",
        "report theme xd --quotes all --audience team -o r.html",
        "report list",
        "chart heat -o c.svg",
        "chart network -o c.svg",
        "chart accumulation -o c.svg",
        "chart agreement -o c.svg",
        "chart timeline -o c.svg",
        "chart bubble --x q@2020 --y q@2021 -o c.svg",
        "chart slope q --from 2020 --to 2021 -o c.svg",
        "checklist coreq",
        "checklist srqr",
        "joint --figure q@2021 -o j.csv",
        "contrast --improved q --from 2020 --to 2021 --quotes 999",
        "contrast --improved q --from 2020 --to 2021 --quotes 999 --audience team -o c.html",
    ] {
        all.push((line.to_owned(), To::Team));
    }
    for line in [
        "quotes --audience public",
        "quotes -o q.md",
        "quotes -o q.html",
        "report summary --quotes all",
        "report summary --quotes all -o r.html",
        "report theme xd --quotes all",
        "report codebook --quotes all",
        // Themes narrow nobody: it is of the whole study.
        "cooccur --cell xa,xd -o c.md",
    ] {
        all.push((line.to_owned(), To::Public(false)));
    }
    for line in [
        "quotes --case birch -o q.md",
        "report case alder --quotes all",
        "matrix --rows case --cols theme --cell alder,xd -o m.csv",
        "matrix --rows case --cols theme --cell alder,xd --audience public",
        "frame export --quotes 999 -o f.html",
        "contrast --improved q --from 2020 --to 2021 --quotes 999 -o c.md",
        "contrast --improved q --from 2020 --to 2021 --theme xd --quotes 999 --audience public",
    ] {
        all.push((line.to_owned(), To::Public(true)));
    }
    for (n, slug) in SLUGS.iter().enumerate() {
        for line in [
            "quotes --case {} --audience case",
            "quotes --case {} --audience case -o q.md",
            "report case {} --quotes all --audience case",
            "report summary --case {} --quotes all --audience case",
            "frame export --case {} --quotes 999 --audience case -o f.html",
            "matrix --rows case --cols theme --case {} --cell {},xa --audience case",
        ] {
            all.push((line.replace("{}", slug), To::Case(n)));
        }
    }
    all
}

/// Commands that show no passage of anybody, or the text itself to whoever works on it, and why that is so: a noun with its
/// verbs, or, behind `|`, whole commands.
const SILENT: &[(&str, &str)] = &[
    ("| init", "makes an empty study"),
    ("| demo", "makes an invented study of its own"),
    ("study edit", "says which event it was"),
    (
        "case add edit remove link unlink import at",
        "say which event it was, or what a code means",
    ),
    ("case name add remove import", "say which event it was"),
    (
        "indicator add list show edit remove import rule",
        "say what a figure is",
    ),
    (
        "measure add import list",
        "say figures of cases, and what files of figures hold",
    ),
    ("mapping add list show remove", "say how columns are read"),
    ("reading list show remove", "say where figures are from"),
    (
        "conflict list show settle reopen",
        "say figures of cases on which sources disagree",
    ),
    ("case code add remove import", "say which event it was"),
    ("case link import", "says which event it was"),
    ("case lookup", "says codes and names of a public table"),
    (
        "cohort add edit remove member leave import",
        "say which event it was",
    ),
    (
        "maturity import list show remove",
        "say what a framework says, or which event it was",
    ),
    (
        "assessment add edit remove import",
        "say which event it was",
    ),
    ("goal add edit remove reached", "say which event it was"),
    ("claim add remove import", "say which event it was"),
    (
        "phase add show edit remove",
        "say which event it was, or a phase's days",
    ),
    (
        "participant add edit remove import",
        "say which event it was",
    ),
    ("consent add import edit", "say what a form says"),
    ("limit add edit remove", "say a place and a level"),
    (
        "plan add show edit remove",
        "say numbers of people who are wanted",
    ),
    ("progress show mark unmark", "say stages and days"),
    (
        "chart bubble slope ranked multiples waves stages",
        "show figures, days and stages of cases, and no words of anybody",
    ),
    ("attribute add import remove", "say names of attributes"),
    ("| import", "shows the text to whoever brings it in"),
    (
        "transcript show",
        "shows the text itself, for the team to read, mark and correct",
    ),
    (
        "transcript edit revise pending merge split remove",
        "show the text itself to whoever corrects it",
    ),
    (
        "theme add edit rename move merge split remove diff import",
        "say what becomes of themes",
    ),
    ("theme version add edit remove", "say which event it was"),
    (
        "| code uncode",
        "say what whoever coded has just typed the place of",
    ),
    ("memo add show edit remove", "show researchers' words"),
    (
        "agreement settle consensus table",
        "say which event it was, or numbers",
    ),
    (
        "agreement sample show remove",
        "say which transcripts were drawn, or which event it was",
    ),
    ("agreement threshold add remove", "say which event it was"),
    (
        "frame set confirm clear import",
        "say which event it was; the summaries are researchers' words",
    ),
    (
        "finding add edit remove support contradict withdraw confirm rival looked predict result",
        "say researchers' words",
    ),
    ("checklist set clear", "say researchers' words"),
    (
        "population set remove import",
        "say numbers of people in the world",
    ),
    (
        "| respond",
        "says what a participant has answered, to whoever types it in",
    ),
    ("response remove import", "say which event it was"),
    ("decision take", "says researchers' words"),
    ("log verify", "says whether the record holds"),
    ("| undo", "says which event it was"),
    ("| backup restore", "copy the study whole, for the team"),
    (
        "| completions man",
        "print what is the same for every study",
    ),
    (
        "| withdraw",
        "says what a withdrawal reaches, in counts and numbers",
    ),
    (
        "| sar",
        "gives one person all that is held about them, and keeps others' words back; tried by itself",
    ),
    (
        "erase verify again revisions",
        "say in which files something was found",
    ),
    (
        "retention set list remove due delete",
        "say classes of record and days",
    ),
    (
        "pseudonym add import export list who edit remove passphrase",
        "say what is in the key, to whoever has its passphrase",
    ),
    (
        "pseudonym apply reveal audit",
        "show the text itself to whoever takes the names out",
    ),
    ("| series", "shows figures of cases"),
    ("figures roll", "shows figures of cases"),
    ("withdraw list", "says who withdrew, by pseudonym, and when"),
    ("| debrief", "is walked by itself, for each of some readers"),
];

#[test]
fn every_command_is_walked_or_said_to_show_nothing() {
    let folder = Folder::empty();
    let reference = folder.line("reference").done().stdout;
    let all: Vec<&str> = reference
        .lines()
        .filter_map(|l| {
            l.strip_prefix("## `casebook ")
                .or(l.strip_prefix("## casebook "))
        })
        .map(|l| l.trim_end_matches('`'))
        .collect();
    assert!(all.len() > 100, "{all:?}");
    let walked = walk();
    let silent = |command: &str| {
        SILENT.iter().any(|(these, _)| {
            if let Some(whole) = these.strip_prefix("| ") {
                return whole.split(' ').any(|word| word == command);
            }
            let (noun, verbs) = these.split_once(' ').expect("a noun and verbs");
            let verbs: Vec<&str> = verbs.split(' ').collect();
            // `theme version add`: the verb may stand behind a second noun.
            verbs.iter().any(|v| command == format!("{noun} {v}"))
                || verbs[1..]
                    .iter()
                    .any(|v| command == format!("{noun} {} {v}", verbs[0]))
        })
    };
    let mut forgotten = Vec::new();
    for command in &all {
        let group = all.iter().any(|c| c.starts_with(&format!("{command} ")));
        let shown = walked
            .iter()
            .any(|(line, _)| line == command || line.starts_with(&format!("{command} ")));
        if !group && !shown && !silent(command) {
            forgotten.push(*command);
        }
    }
    assert!(
        forgotten.is_empty(),
        "neither walked nor said to show nothing: {forgotten:?}"
    );
}

/// Runs a command in one form, and gives all that it said and wrote.
fn said(folder: &Folder, line: &str, form: &str) -> String {
    let run = folder.line(&format!("{line}{form}"));
    if form.is_empty() {
        assert!(
            matches!(run.status, Some(0 | 1 | 3)),
            "{line}: {}",
            run.whole()
        );
    }
    let mut said = run.whole();
    if let Some(file) = line.split(" -o ").nth(1)
        && let Ok(text) = fs::read_to_string(folder.join(file))
    {
        said += &text;
        fs::remove_file(folder.join(file)).expect("it was written");
    }
    said
}

fn walk_all(seed: u64) {
    let (folder, model) = study(seed);
    let all = model.may(To::Team, false);
    let outside = model.may(To::Public(false), true);
    // The test would say nothing if all or none could be seen.
    assert!(
        outside.len() > 20 && outside.len() < all.len(),
        "{}",
        outside.len()
    );
    let mut seen = BTreeSet::new();
    for (line, to) in walk() {
        let may = model.may(to, false);
        for form in ["", " --json", " --csv"] {
            if line.contains(" -o ") && !form.is_empty() {
                continue;
            }
            let said = said(&folder, &line, form);
            let found = words_in(&said);
            let wrong: Vec<_> = found.difference(&may).collect();
            assert!(
                wrong.is_empty(),
                "seed {seed}, {line}{form} shows {wrong:?}"
            );
            if !matches!(to, To::Team) {
                outsiders_see_no_more(&model, &said, &format!("seed {seed}, {line}{form}"));
            }
            seen.extend(found);
        }
    }
    assert_eq!(
        seen, all,
        "seed {seed}: what is not off the record is seen by the team"
    );
    exactly(&folder, &model, seed);
    cited_as_promised(&folder, &model, seed);
    debriefs(&folder, &model, seed);
}

/// Outside the team nobody's pseudonym stands, nor the role of whoever did not agree to be known by it.
fn outsiders_see_no_more(model: &Model, said: &str, what: &str) {
    for p in &model.people {
        if p.level() >= CASE {
            assert!(
                !said.contains(&p.role()),
                "{what} names the role of {}",
                p.code
            );
            assert!(
                !said.to_lowercase().contains(&format!("{},", p.role())),
                "{what} cites {} by role",
                p.code
            );
        }
    }
}

/// What may be quoted is quoted: the oracle's set, no more and no less.
fn exactly(folder: &Folder, model: &Model, seed: u64) {
    for (line, to) in [
        ("quotes --speaker all", To::Team),
        ("quotes --audience public", To::Public(false)),
        ("report summary --quotes all", To::Public(false)),
        ("quotes --case alder --audience public", To::Public(true)),
        ("quotes --case alder --audience case", To::Case(0)),
        ("quotes --case birch --audience case", To::Case(1)),
    ] {
        let mut may = model.may(to, true);
        for (n, slug) in SLUGS.iter().enumerate() {
            if line.contains(&format!("--case {slug}")) {
                let other: BTreeSet<String> = model
                    .talks
                    .iter()
                    .filter(|t| t.case != n)
                    .flat_map(|t| (1..=t.turns.len()).map(|turn| (t.id, turn)))
                    .flat_map(|(id, turn)| [word(id, (turn, 0)), word(id, (turn, 1))])
                    .collect();
                may.retain(|w| !other.contains(w));
            }
        }
        let found = words_in(&folder.line(line).done().stdout);
        assert_eq!(found, may, "seed {seed}, {line}");
    }
}

/// Every quote outside the team is cited at its level or coarser, and some at each level that is quoted.
fn cited_as_promised(folder: &Folder, model: &Model, seed: u64) {
    let shown: Value = folder.line("quotes --audience public --json").done().json();
    let quotes = shown["quotes"].as_array().expect("quotes");
    let mut finest = [0; 3];
    for q in quotes {
        let (theme, citation) = (
            q["theme"].as_str().expect("a theme"),
            q["citation"].as_str().expect("a citation"),
        );
        let text = q["text"].as_str().expect("words");
        for w in words_in(text) {
            let id: usize = w[2..4].parse().expect("a number");
            let turn: usize = w[4..6].parse().expect("a number");
            let talk = &model.talks[id - 1];
            let half = (turn, usize::from(w.ends_with('b')));
            // What several coders coded alike is one quote; the loosest of its codings may have been cited.
            let level = talk
                .codings
                .iter()
                .filter(|c| c.theme == theme && c.halves.contains(&half))
                .map(|c| talk.bound(c).0)
                .min()
                .expect("a coding of that theme");
            for p in talk.voices(turn) {
                let person = &model.people[p];
                let level = level.max(person.level());
                let lower = citation.to_lowercase();
                let what = format!(
                    "seed {seed}: {} at {}: {citation}",
                    person.code, LEVELS[level]
                );
                assert!(!citation.contains(&person.code), "{what}");
                assert!(level <= 2 || !lower.contains("rolezz"), "{what}");
                assert!(level <= 1 || !citation.contains("Orgzz"), "{what}");
                assert!(
                    level < NON_ATTRIBUTABLE
                        || !(citation.contains("Alderzz") || citation.contains("Birchzz")),
                    "{what}"
                );
                finest[0] += usize::from(citation.contains("Orgzz"));
                finest[1] += usize::from(lower.contains("rolezz"));
                finest[2] += usize::from(citation.contains("Alderzz"));
            }
        }
    }
    // It could fail: quotes are cited at every level.
    assert!(finest.iter().all(|n| *n > 0), "{finest:?}");
    // What was held back is said by reason.
    let held = shown["held_back"].as_object().expect("held back");
    for reason in [
        "may not be quoted",
        "background only",
        "the consent has run out",
    ] {
        assert!(held.contains_key(reason), "{reason} is not said: {held:?}");
    }
    assert!(!held.contains_key("off the record"), "{held:?}");
    let said = folder.line("quotes --audience public").done().stderr;
    assert!(said.contains("Held back: "), "{said}");
}

/// A debrief holds the reader's own words, as they may be quoted, and nobody else's.
fn debriefs(folder: &Folder, model: &Model, seed: u64) {
    let mut shown = 0;
    for (n, person) in model.people.iter().enumerate().step_by(5) {
        let own = model.may(To::Own(n), true);
        for line in [
            format!("debrief {}", person.code),
            format!("debrief {} -o b.html", person.code),
            format!(
                "quotes --participant {} --audience participant",
                person.code
            ),
        ] {
            let found = words_in(&said(folder, &line, ""));
            let wrong: Vec<_> = found.difference(&own).collect();
            assert!(wrong.is_empty(), "seed {seed}, {line} shows {wrong:?}");
            shown += found.len();
        }
    }
    assert!(shown > 0, "seed {seed}: nobody's debrief holds a word");
}

#[test]
fn nothing_leaves_at_a_looser_level_than_was_promised() {
    for seed in 1..=2 {
        walk_all(seed);
    }
}
