//! The reply form that goes out with a debrief, and what it says when it comes back: filled in Word, or as a table.
//!
//! Its labels are the ones that are printed ([`LABELS`]), so that what is read is what was written. Anything in it that
//! could mean two things is refused with its place: nobody's answer is guessed.

use std::collections::BTreeMap;

use super::response::NewAnswer;
use crate::domain::words::Answer;
use crate::import::sheet::SheetRow;

/// The first words of a form's first table, before its own name.
pub const FORM: &str = "Form";
/// Beside it, in the form of a case: who answers, if they like to say.
pub const WHO: &str = "Your code, if you have one";
/// Before the number of a finding.
pub const FINDING: &str = "Finding";
/// What stands over the words to the whole.
pub const ELSE: &str = "Anything else";
pub const IN_WORDS: &str = "In your words";

/// The boxes of a finding, each with what is printed beside it.
pub const LABELS: [(Answer, &str); 5] = [
    (Answer::Confirm, "Confirm: that is how I see it"),
    (Answer::Disagree, "Disagree: I see it otherwise"),
    (Answer::Add, "Add: something is missing"),
    (Answer::Correct, "Correct: something is wrong"),
    (
        Answer::Remove,
        "Ask to remove: something should be taken out",
    ),
];

/// What a form is of: `3f9a2c41 / P09 / 87`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormName {
    /// The end of the study's id.
    pub study: String,
    /// Whose it is.
    pub reader: Reader,
    /// The state of the study that the debrief is of.
    pub version: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reader {
    /// By code.
    Participant(String),
    /// The people of a case, by its slug.
    Case(String),
}

/// Of the study's id, what a form names: its end, which says nothing of when the study began.
pub fn study_name(uuid: &str) -> String {
    uuid.get(uuid.len().saturating_sub(8)..)
        .unwrap_or(uuid)
        .to_owned()
}

impl std::fmt::Display for FormName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.reader {
            Reader::Participant(code) => write!(f, "{} / {code} / {}", self.study, self.version),
            Reader::Case(slug) => write!(f, "{} / case {slug} / {}", self.study, self.version),
        }
    }
}

impl std::str::FromStr for FormName {
    type Err = Unclear;

    fn from_str(typed: &str) -> Result<Self, Unclear> {
        let parts: Vec<&str> = typed.split('/').map(str::trim).collect();
        let [study, reader, version] = parts[..] else {
            return Err(Unclear::NoName);
        };
        let version = version.parse().map_err(|_| Unclear::NoName)?;
        let reader = match reader.strip_prefix("case ") {
            Some(slug) => Reader::Case(slug.trim().to_owned()),
            None => Reader::Participant(reader.to_owned()),
        };
        Ok(Self {
            study: study.to_lowercase(),
            reader,
            version,
        })
    }
}

/// What can't be read in a form. Never with words of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unclear {
    #[error("it is no reply form of this program: no table begins with `{FORM}`")]
    NoForm,
    #[error("the name of the form, beside `{FORM}`, can't be read")]
    NoName,
    #[error("{place} is not known: a form has `{FINDING} N` and `{ELSE}`")]
    NoFinding { place: String },
    #[error("{place} stands in the form twice")]
    Twice { place: String },
    #[error("{place} has two boxes ticked that do not go together: {first} and {second}")]
    TwoBoxes {
        place: String,
        first: Answer,
        second: Answer,
    },
    #[error("{place} has words, and no box is ticked")]
    NoBox { place: String },
    #[error("{place} has `{answer}` ticked, and no words that say what")]
    NoWords { place: String, answer: Answer },
    #[error("in {place}, what stands beside `{answer}` is neither a tick nor nothing")]
    NoTick { place: String, answer: Answer },
    #[error("{place} has an answer that is none of: {}", Answer::WORDS.join(", "))]
    NoAnswer { place: String },
    #[error("{place} has a date that is not written as in 2021-04-30")]
    NoDate { place: String },
    #[error("the table has no column `{0}`")]
    NoColumn(&'static str),
    #[error("{place} names no participant")]
    NoParticipant { place: String },
}

/// A form as it came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// None where a table doesn't say it.
    pub name: Option<FormName>,
    /// The code of who answered, where a line says it.
    pub who: Option<String>,
    pub received: Option<String>,
    pub answers: Vec<NewAnswer>,
    /// The claims that stand beside answers in a table: where, of which finding, and the words.
    pub claims: Vec<(String, i64, String)>,
}

/// Whether a box is ticked; none where what stands there is neither.
fn ticked(cell: &str) -> Option<bool> {
    let marks: String = cell.chars().filter(|c| !c.is_whitespace()).collect();
    match marks.to_lowercase().as_str() {
        "" | "☐" | "□" | "◻" | "[]" | "()" | "no" | "n" | "-" | "–" | "0" | "false" => {
            Some(false)
        }
        "x" | "×" | "✗" | "✘" | "✕" | "✓" | "✔" | "✔️" | "☒" | "☑" | "☑️" | "🗹" | "🗷" | "■"
        | "[x]" | "(x)" | "☐x" | "x☐" | "☐✓" | "✓☐" | "☐✔" | "yes" | "y" | "1" | "true" | "ja"
        | "oui" => Some(true),
        _ => None,
    }
}

/// What the ticks and the words of one finding come to.
fn answers(
    place: &str,
    finding: Option<i64>,
    ticks: &[(Answer, bool)],
    words: &str,
) -> Result<Vec<NewAnswer>, Unclear> {
    let mut on: Vec<Answer> = ticks
        .iter()
        .filter(|(_, on)| *on)
        .map(|(answer, _)| *answer)
        .collect();
    on.sort_unstable();
    on.dedup();
    let text = Some(words.trim().to_owned()).filter(|words| !words.is_empty());
    let place = || place.to_owned();
    let one = |kind, text| NewAnswer {
        finding,
        kind,
        text,
    };
    match on[..] {
        [] if text.is_some() => Err(Unclear::NoBox { place: place() }),
        [] => Ok(Vec::new()),
        [answer @ (Answer::Add | Answer::Correct | Answer::Remove)] if text.is_none() => {
            Err(Unclear::NoWords {
                place: place(),
                answer,
            })
        }
        [answer] => Ok(vec![one(answer, text)]),
        // Whoever agrees may have more to say.
        [Answer::Confirm, Answer::Add] => match text {
            None => Err(Unclear::NoWords {
                place: place(),
                answer: Answer::Add,
            }),
            text => Ok(vec![one(Answer::Confirm, None), one(Answer::Add, text)]),
        },
        [first, second, ..] => Err(Unclear::TwoBoxes {
            place: place(),
            first,
            second,
        }),
    }
}

/// Reads a form from the tables of a Word file.
pub fn read_tables(tables: &[Vec<Vec<String>>]) -> Result<Filled, Unclear> {
    let cell = |row: &[String], n: usize| row.get(n).map_or("", |c| c.trim()).to_owned();
    let first = tables
        .iter()
        .position(|t| t.first().is_some_and(|row| cell(row, 0) == FORM))
        .ok_or(Unclear::NoForm)?;
    let head = &tables[first];
    let name: FormName = cell(&head[0], 1).parse()?;
    let who = head
        .iter()
        .find(|row| cell(row, 0) == WHO)
        .map(|row| cell(row, 1))
        .filter(|code| !code.is_empty());
    let mut found: BTreeMap<Option<i64>, Vec<NewAnswer>> = BTreeMap::new();
    for table in &tables[first + 1..] {
        let Some(title) = table.first().map(|row| cell(row, 0)) else {
            continue;
        };
        let finding = match title.strip_prefix(FINDING) {
            Some(number) => {
                let number = number.trim().trim_end_matches(['.', ':']).parse();
                Some(number.map_err(|_| Unclear::NoFinding {
                    place: "a table of the form".to_owned(),
                })?)
            }
            None if title == ELSE => None,
            None => continue,
        };
        let place = finding.map_or(format!("`{ELSE}`"), |n: i64| format!("finding {n}"));
        let mut ticks = Vec::new();
        let mut words = String::new();
        for row in &table[1..] {
            let label = cell(row, 0);
            if label == IN_WORDS {
                words = cell(row, 1);
            } else if let Some((answer, _)) = LABELS.iter().find(|(_, l)| starts(&label, l)) {
                let on = ticked(&cell(row, 1)).ok_or_else(|| Unclear::NoTick {
                    place: place.clone(),
                    answer: *answer,
                })?;
                ticks.push((*answer, on));
            }
        }
        if finding.is_none() && !words.trim().is_empty() {
            ticks = vec![(Answer::Add, true)];
        }
        let read = answers(&place, finding, &ticks, &words)?;
        if found.insert(finding, read).is_some() {
            return Err(Unclear::Twice { place });
        }
    }
    Ok(Filled {
        name: Some(name),
        who,
        received: None,
        answers: found.into_values().flatten().collect(),
        claims: Vec::new(),
    })
}

/// Whether a label is the one that was printed, as far as its colon.
fn starts(label: &str, printed: &str) -> bool {
    let head = |text: &str| {
        text.split(':')
            .next()
            .unwrap_or_default()
            .trim()
            .to_lowercase()
    };
    head(label) == head(printed)
}

/// The columns of a form as a table: what it is of, the boxes, and the words. `answer` may stand for the boxes.
pub const COLUMNS: [&str; 11] = [
    "form",
    "participant",
    "finding",
    "claim",
    "confirm",
    "disagree",
    "add",
    "correct",
    "remove",
    "text",
    "received",
];

/// Reads forms from a table: a row for each finding that somebody answers to, of one participant or many.
pub fn read_rows(rows: &[SheetRow]) -> Result<Vec<Filled>, Unclear> {
    let heads: Vec<String> = rows
        .first()
        .map(|row| row.cells.iter().map(|c| c.to_lowercase()).collect())
        .unwrap_or_default();
    let column = |name: &str| heads.iter().position(|head| head == name);
    let finding_at = column("finding").ok_or(Unclear::NoColumn("finding"))?;
    let boxes: Vec<(Answer, usize)> = LABELS
        .iter()
        .filter_map(|(answer, _)| Some((*answer, column(answer.word())?)))
        .collect();
    let answer_at = column("answer");
    if boxes.is_empty() && answer_at.is_none() {
        return Err(Unclear::NoColumn("answer"));
    }
    let (form_at, who_at) = (column("form"), column("participant"));
    let (text_at, received_at) = (column("text"), column("received"));
    let mut found: Vec<Filled> = Vec::new();
    let mut seen: Vec<(Option<String>, Option<String>, Option<i64>)> = Vec::new();
    for row in rows.get(1..).unwrap_or_default() {
        let cell = |at: Option<usize>| {
            at.and_then(|at| row.cells.get(at))
                .map(|cell| cell.trim().to_owned())
                .filter(|cell| !cell.is_empty())
        };
        let mut place = format!("row {}", row.number);
        let finding = match cell(Some(finding_at)) {
            None => None,
            Some(whole) if whole.eq_ignore_ascii_case("whole") => None,
            Some(number) => {
                let number = number.trim_start_matches(FINDING).trim();
                Some(number.parse::<i64>().map_err(|_| Unclear::NoFinding {
                    place: place.clone(),
                })?)
            }
        };
        if let Some(n) = finding {
            place.push_str(&format!(" (finding {n})"));
        }
        let words = cell(text_at).unwrap_or_default();
        let mut ticks = Vec::new();
        for (answer, at) in &boxes {
            let on = ticked(&cell(Some(*at)).unwrap_or_default());
            ticks.push((
                *answer,
                on.ok_or_else(|| Unclear::NoTick {
                    place: place.clone(),
                    answer: *answer,
                })?,
            ));
        }
        if let Some(typed) = cell(answer_at) {
            let typed = typed.to_lowercase().replace(' ', "-");
            let answer: Answer = typed.parse().map_err(|_| Unclear::NoAnswer {
                place: place.clone(),
            })?;
            ticks.retain(|(_, on)| *on);
            if !ticks.iter().any(|(known, _)| *known == answer) {
                ticks.push((answer, true));
            }
        }
        if finding.is_none() && !words.is_empty() && !ticks.iter().any(|(_, on)| *on) {
            ticks = vec![(Answer::Add, true)];
        }
        let read = answers(&place, finding, &ticks, &words)?;
        let claim = finding
            .filter(|_| !read.is_empty())
            .zip(cell(column("claim")))
            .map(|(finding, claim)| (place.clone(), finding, claim));
        let name: Option<FormName> = cell(form_at).map(|name| name.parse()).transpose()?;
        let who = cell(who_at);
        let received = cell(received_at)
            .map(|day| {
                day.parse::<crate::domain::Date>()
                    .map(|day| day.to_string())
                    .map_err(|_| Unclear::NoDate {
                        place: place.clone(),
                    })
            })
            .transpose()?;
        let of_participant = matches!(&name, Some(n) if matches!(n.reader, Reader::Participant(_)));
        if who.is_none() && !of_participant && form_at.is_none() {
            return Err(Unclear::NoParticipant { place });
        }
        let key = (name.as_ref().map(ToString::to_string), who.clone(), finding);
        if seen.contains(&key) && !read.is_empty() && finding.is_some() {
            return Err(Unclear::Twice { place });
        }
        seen.push(key);
        match found
            .iter_mut()
            .find(|f| f.name == name && f.who == who && f.received == received)
        {
            Some(known) => {
                known.answers.extend(read);
                known.claims.extend(claim);
            }
            None => found.push(Filled {
                name,
                who,
                received,
                answers: read,
                claims: claim.into_iter().collect(),
            }),
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
