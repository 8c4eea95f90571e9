//! A study of any size, made from the sentences of the invented one: seeded, so that every machine measures the same.
//!
//! `text/DDD/iNNNNN.txt`: interviews of about 9,000 words, `Interviewer: …` and `P07: …` by turns, a blank line between;
//! each holds a word that no other has. `codings.csv`: doc,start,end,code,coder,para, in code points, about 250 for each
//! interview by two of five coders. `codes.csv`: code,parent,name. `cases.csv`: doc,case,age,gender,site,role,years.

use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::Fallible;
use crate::random::Random;

const THEMES: [&str; 8] = [
    "Access to care",
    "Trust",
    "Workload",
    "Communication",
    "Technology",
    "Family",
    "Money",
    "Identity",
];
const STEPS: [&str; 5] = [
    "barriers",
    "enablers",
    "turning points",
    "strategies",
    "unmet needs",
];
const CODERS: [&str; 5] = ["ana", "ben", "chi", "dee", "eli"];
const ROLES: [&str; 5] = ["nurse", "patient", "carer", "manager", "doctor"];
const PLACES: [&str; 10] = [
    "Aldermoor",
    "Brackenfold",
    "Coldharbour",
    "Dunmere",
    "Easterlow",
    "Fernley",
    "Gatehouse",
    "Hollowell",
    "Inverloch",
    "Jarrowby",
];
/// How many words an interview has.
pub(crate) const WORDS: usize = 9_000;
const CODINGS: usize = 139;
/// How many codes there are.
const CODES: usize = THEMES.len() * STEPS.len();

/// A study's texts and tables on disk.
pub(crate) struct Corpus {
    pub(crate) dir: PathBuf,
    pub(crate) interviews: u64,
    /// Of all texts together.
    pub(crate) bytes: u64,
}

impl Corpus {
    /// Takes a folder as it is.
    pub(crate) fn open(dir: &Path) -> Fallible<Self> {
        let files = files(&dir.join("text"))?;
        let mut bytes = 0;
        for file in &files {
            bytes += fs::metadata(file)?.len();
        }
        for name in ["codings.csv", "codes.csv", "cases.csv"] {
            if !dir.join(name).is_file() {
                return Err(format!("`{}` has no `{name}`", dir.display()).into());
            }
        }
        Ok(Self {
            dir: dir.to_owned(),
            interviews: files.len() as u64,
            bytes,
        })
    }

    /// Makes a corpus, unless it is there whole.
    pub(crate) fn make(dir: &Path, interviews: u64) -> Fallible<Self> {
        let done = dir.join("complete");
        if !done.is_file() {
            let sentences = Sentences::read()?;
            fs::create_dir_all(dir)?;
            let table = |name: &str, head: &str| -> Fallible<BufWriter<fs::File>> {
                let mut file = BufWriter::new(fs::File::create(dir.join(name))?);
                writeln!(file, "{head}")?;
                Ok(file)
            };
            let mut codes = table("codes.csv", "code,parent,name")?;
            for code in 0..CODES {
                let (theme, step) = (THEMES[code / STEPS.len()], STEPS[code % STEPS.len()]);
                writeln!(codes, "{code},{theme},{theme}: {step}")?;
            }
            codes.flush()?;
            let mut codings = table("codings.csv", "doc,start,end,code,coder,para")?;
            let mut cases = table("cases.csv", "doc,case,age,gender,site,role,years")?;
            for doc in 0..interviews {
                let mut random = Random::new(7 * 1_000_003 + doc);
                let interview = sentences.interview(doc, WORDS, &mut random);
                let folder = dir.join(format!("text/{:03}", doc / 1_000));
                fs::create_dir_all(&folder)?;
                fs::write(folder.join(format!("i{doc:05}.txt")), &interview.text)?;
                interview.code(doc, &mut random, &mut codings)?;
                let (age, years) = (18 + random.below(72), random.below(40));
                let (gender, site, role) = (
                    random.pick(&["F", "F", "M", "M", "X"]),
                    random.pick(&PLACES),
                    random.pick(&ROLES),
                );
                writeln!(
                    cases,
                    "{doc},P{:02}-{doc},{age},{gender},{site},{role},{years}",
                    doc % 97
                )?;
            }
            codings.flush()?;
            cases.flush()?;
            fs::write(&done, "")?;
        }
        Self::open(dir)
    }
}

/// The files below a folder, in the order of their names.
pub(crate) fn files(folder: &Path) -> Fallible<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(|e| format!("`{}`: {e}", folder.display()))? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// What people in the invented study say.
pub(crate) struct Sentences {
    all: Vec<String>,
    /// Places of short questions in `all`.
    questions: Vec<usize>,
}

/// A text with the place of each sentence, in code points, turn by turn.
pub(crate) struct Interview {
    pub(crate) text: String,
    pub(crate) turns: Vec<Vec<(usize, usize)>>,
}

impl Sentences {
    /// Reads the invented study. Its formats and encodings are the product's own matter, so the product reads them.
    pub(crate) fn read() -> Fallible<Self> {
        let mut all = Vec::new();
        for file in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/study/interviews"))?
        {
            let name = file
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let Ok(read) = casebook::import::read_all(
                &name,
                &fs::read(&file)?,
                &casebook::import::Options::default(),
            ) else {
                continue;
            };
            for part in &read {
                let points = casebook::domain::span::Codepoints::new(&part.text);
                for turn in &part.turns {
                    let words: Vec<&str> = points.slice(turn.span).split_whitespace().collect();
                    split(&words.join(" "), &mut all);
                }
            }
        }
        let questions: Vec<usize> = (0..all.len())
            .filter(|n| all[*n].ends_with('?') && all[*n].len() < 160)
            .collect();
        if questions.is_empty() {
            return Err("the invented study has no questions to make interviews of".into());
        }
        Ok(Self { all, questions })
    }

    /// One interview of so many words. Mostly people go on as they did in the study, so that phrases are found more than once.
    pub(crate) fn interview(&self, doc: u64, length: usize, random: &mut Random) -> Interview {
        let place = format!("{}{doc}", random.pick(&PLACES));
        let code = format!("P{:02}", doc % 97);
        let mut at = random.below(self.all.len());
        let (mut text, mut turns) = (String::new(), Vec::new());
        let (mut points, mut words) = (0, 0);
        while words < length {
            let mut said: Vec<String> = Vec::new();
            let who = if turns.len() % 2 == 0 {
                if random.chance(40) {
                    said.push(self.all[random.below(self.all.len())].clone());
                }
                said.push(self.all[*random.pick(&self.questions)].clone());
                "Interviewer"
            } else {
                if random.chance(15) {
                    at = random.below(self.all.len());
                }
                for _ in 0..*random.pick(&[1, 2, 3, 4, 5, 6, 7, 8, 10, 14]) {
                    said.push(self.all[at].clone());
                    at = (at + 1) % self.all.len();
                }
                if random.chance(5) {
                    said.push(format!("That was back in {place}, before we moved."));
                }
                if random.chance(2) {
                    said.push("I felt like nobody was listening to me at all.".to_owned());
                }
                &code
            };
            if !turns.is_empty() {
                text.push_str("\n\n");
                points += 2;
            }
            text.push_str(who);
            text.push(':');
            points += who.len() + 1;
            words += 1;
            let mut places = Vec::new();
            for sentence in &said {
                let length = sentence.chars().count();
                places.push((points + 1, points + 1 + length));
                text.push(' ');
                text.push_str(sentence);
                points += length + 1;
                words += sentence.split(' ').count();
            }
            turns.push(places);
        }
        text.push('\n');
        Interview { text, turns }
    }
}

impl Interview {
    /// Two coders find much the same passages: each keeps four in five, and now and then cuts short or says another code.
    fn code(&self, doc: u64, random: &mut Random, out: &mut impl Write) -> Fallible<()> {
        let number = usize::try_from(doc)?;
        let (first, mut second) = (number % 5, (number / 5 + number + 1) % 5);
        if second == first {
            second = (number + 2) % 5;
        }
        let mut favourites: Vec<usize> = (0..CODES).collect();
        random.shuffle(&mut favourites);
        for _ in 0..CODINGS {
            let mut turn = random.below(self.turns.len());
            if random.chance(90) {
                turn |= 1; // what participants say
            }
            let turn = turn.min(self.turns.len() - 1);
            let places = &self.turns[turn];
            let from = random.below(places.len());
            let to = (from + random.pick(&[0, 0, 1, 1, 2, 3])).min(places.len() - 1);
            let start = places[from].0;
            let end = match self.turns.get(turn + 1).and_then(|next| next.last()) {
                Some((_, end)) if random.chance(10) => *end,
                _ => places[to].1,
            };
            let code = if random.chance(70) {
                favourites[random.below(12)]
            } else {
                random.below(CODES)
            };
            for coder in [first, second] {
                let (end, code) = match random.below(100) {
                    0..80 => (end, code),
                    80..85 => (places[from].1, code),
                    85..90 => (end, (code + 1) % CODES),
                    _ => continue,
                };
                writeln!(out, "{doc},{start},{end},{code},{},{turn}", CODERS[coder])?;
            }
        }
        Ok(())
    }
}

/// Cuts what somebody says after a full stop, a question mark or an exclamation mark before a capital or a quotation mark.
fn split(said: &str, all: &mut Vec<String>) {
    let mut start = 0;
    let letters: Vec<(usize, char)> = said.char_indices().collect();
    for three in letters.windows(3) {
        let [(_, mark), (at, blank), (next, first)] = [three[0], three[1], three[2]];
        if matches!(mark, '.' | '!' | '?')
            && blank == ' '
            && (first.is_uppercase() || matches!(first, '"' | '“' | '\''))
        {
            keep(&said[start..at], all);
            start = next;
        }
    }
    keep(&said[start..], all);
}

fn keep(sentence: &str, all: &mut Vec<String>) {
    if (8..=600).contains(&sentence.len()) && sentence.ends_with(['.', '!', '?']) {
        all.push(sentence.to_owned());
    }
}
