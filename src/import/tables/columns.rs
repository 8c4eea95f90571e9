//! What each column of a survey is, and why.
//!
//! | in this order | becomes |
//! |---|---|
//! | named with `--question` or `--attribute` | what was said |
//! | no value in any row | left out |
//! | the first column that is called like an id (`participant`, `respondent`, `id` …) | the respondent, and an attribute |
//! | called like somebody's own (`name`, `email` …) | left out |
//! | every value is a number, a date, a time or a yes or no | an attribute |
//! | the name has several words and a question mark | a question |
//! | values come back (half as many different ones as values) | an attribute |
//! | values have six words or more on average, or one has several lines | a question |
//! | anything else | an attribute |
//!
//! Lists of places and people are tables too, so a survey needs a sign that it is one: a question mark in a name, a column
//! named with `--question`, or answers beside a column that says who answered (more than `id` or `code` does).

use std::collections::HashSet;

use serde::Serialize;

use super::error::TableError;
use super::header;
use super::table::{self, Row};
use crate::import::words::words;

/// What a column is taken as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Use {
    Text,
    Speaker,
    Time,
    Respondent,
    Question,
    Attribute,
    LeftOut,
}

impl Use {
    /// As people read it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Speaker => "speaker",
            Self::Time => "time",
            Self::Respondent => "respondent",
            Self::Question => "question",
            Self::Attribute => "attribute",
            Self::LeftOut => "left out",
        }
    }
}

/// A column of a table, what it was taken as, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its letters, as spreadsheets show them.
    pub column: String,
    pub name: String,
    #[serde(rename = "as")]
    pub taken_as: Use,
    pub why: &'static str,
}

/// Why a column is taken as a question though its name is none.
const OWN_WORDS: &str = "answers in own words";

/// Why a column without a name and without values is left out: it is not there.
const NOTHING: &str = "it has neither a name nor a value";

impl Column {
    pub(super) fn is_there(&self) -> bool {
        self.why != NOTHING
    }
}

/// The columns that the user named, by place.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub questions: HashSet<usize>,
    pub attributes: HashSet<usize>,
}

impl Said {
    pub(super) fn is_empty(&self) -> bool {
        self.questions.is_empty() && self.attributes.is_empty()
    }
}

/// Finds the columns that the user named: by the whole name, by its beginning where only one column begins so, or by letter.
pub(super) fn said(
    names: &[String],
    questions: &[String],
    attributes: &[String],
) -> Result<Said, TableError> {
    let mut said = Said::default();
    for wanted in questions {
        said.questions.extend(named(names, wanted)?);
    }
    for wanted in attributes {
        let columns = named(names, wanted)?;
        if columns.iter().any(|column| said.questions.contains(column)) {
            let name = wanted.clone();
            return Err(TableError::TwiceNamed { name });
        }
        said.attributes.extend(columns);
    }
    Ok(said)
}

fn named(names: &[String], wanted: &str) -> Result<Vec<usize>, TableError> {
    let lower = header::key(wanted);
    let places = |fits: &dyn Fn(&str) -> bool| -> Vec<usize> {
        let all = names.iter().enumerate();
        all.filter(|(_, name)| fits(&header::key(name)))
            .map(|(column, _)| column)
            .collect()
    };
    let whole = places(&|name| name == lower);
    if !whole.is_empty() {
        return Ok(whole);
    }
    if let Some(column) = table::column(wanted.trim())
        && column < names.len()
    {
        return Ok(vec![column]);
    }
    let beginning = places(&|name| !lower.is_empty() && name.starts_with(&lower));
    if beginning.len() == 1 {
        return Ok(beginning);
    }
    let suggestion = names
        .iter()
        .map(|name| (strsim::jaro_winkler(&header::key(name), &lower), name))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name.clone());
    Err(TableError::UnknownColumn {
        name: wanted.to_owned(),
        suggestion,
    })
}

/// Tells the columns of a survey apart.
pub(super) fn tell(names: &[String], rows: &[Row], said: &Said) -> Vec<Column> {
    // An id stands for itself; a column that the user named is what the user says.
    let free =
        |column: usize| !said.questions.contains(&column) && !said.attributes.contains(&column);
    let respondent = header::ID.iter().find_map(|wanted| {
        (0..names.len()).find(|&c| {
            free(c)
                && header::key(&names[c]) == *wanted
                && rows.iter().any(|r| !r.cell(c).is_empty())
        })
    });
    names
        .iter()
        .enumerate()
        .map(|(column, name)| {
            let (taken_as, why) = if respondent == Some(column) {
                (Use::Respondent, "its name says who answered")
            } else {
                one(column, name, rows, said)
            };
            Column {
                column: table::letters(column),
                name: name.clone(),
                taken_as,
                why,
            }
        })
        .collect()
}

fn one(column: usize, name: &str, rows: &[Row], said: &Said) -> (Use, &'static str) {
    /// Words of an answer, on average.
    const LONG: usize = 6;
    if said.questions.contains(&column) {
        return (Use::Question, "named with --question");
    }
    if said.attributes.contains(&column) {
        return (Use::Attribute, "named with --attribute");
    }
    let values = || {
        rows.iter()
            .map(|row| row.cell(column))
            .filter(|value| !value.is_empty())
    };
    let count = values().count();
    if count == 0 && name == table::letters(column) {
        return (Use::LeftOut, NOTHING);
    }
    if count == 0 {
        return (Use::LeftOut, "no row has a value");
    }
    let question = name.contains(['?', '？', '؟']) && name.split_whitespace().nth(1).is_some();
    if !question && header::is_person(name) {
        return (Use::LeftOut, "it may say who somebody is");
    }
    if values().all(is_measure) {
        return (Use::Attribute, "numbers, dates, or yes and no");
    }
    if question {
        return (Use::Question, "its name is a question");
    }
    let different: HashSet<&str> = values().collect();
    if different.len() * 2 <= count {
        return (Use::Attribute, "few values that come back");
    }
    let total: usize = values().map(|value| words(value) as usize).sum();
    if total >= count * LONG || values().any(|value| value.contains('\n')) {
        return (Use::Question, OWN_WORDS);
    }
    (Use::Attribute, "short values")
}

/// Whether there is a sign that the table is a survey at all.
pub(super) fn is_survey(columns: &[Column]) -> bool {
    let asked = |c: &Column| c.taken_as == Use::Question && c.why != OWN_WORDS;
    let answered = |c: &Column| c.taken_as == Use::Question;
    let who = |c: &Column| {
        c.taken_as == Use::Respondent && !header::WEAK.contains(&header::key(&c.name).as_str())
    };
    columns.iter().any(asked) || (columns.iter().any(answered) && columns.iter().any(who))
}

/// A number, a date, a time, or a yes or no.
fn is_measure(value: &str) -> bool {
    let number = value.trim_end_matches('%').trim_end().replace(',', ".");
    let dated = value.len() >= 8
        && value.bytes().filter(u8::is_ascii_digit).count() >= 4
        && value.bytes().all(|b| {
            b.is_ascii_digit() || matches!(b, b'-' | b'/' | b'.' | b':' | b' ' | b'T' | b'Z' | b'+')
        });
    number.parse::<f64>().is_ok_and(f64::is_finite)
        || dated
        || crate::import::clock::clock(value).is_some_and(|(_, length)| length == value.len())
        || ["yes", "no", "true", "false", "y", "n"]
            .iter()
            .any(|word| value.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(columns: &[&[&str]]) -> Vec<Row> {
        let most = columns.iter().map(|c| c.len()).max().unwrap_or(0);
        (0..most)
            .map(|n| Row {
                number: n as u64 + 2,
                cells: columns
                    .iter()
                    .map(|c| c.get(n).copied().unwrap_or_default().to_owned())
                    .collect(),
            })
            .collect()
    }

    fn uses(
        names: &[&str],
        columns: &[&[&str]],
        questions: &[&str],
        attributes: &[&str],
    ) -> Vec<Use> {
        let own = |list: &[&str]| list.iter().map(|&s| s.to_owned()).collect::<Vec<_>>();
        let names = own(names);
        let said = said(&names, &own(questions), &own(attributes)).expect("known columns");
        tell(&names, &rows(columns), &said)
            .iter()
            .map(|column| column.taken_as)
            .collect()
    }

    #[test]
    fn columns_are_told_apart() {
        use Use::{Attribute, LeftOut, Question, Respondent};
        let names = [
            "ID",
            "Email",
            "Age",
            "Role",
            "What helps?",
            "Comments",
            "Date",
            "Agree",
            "Nothing",
            "How old?",
        ];
        let columns: [&[&str]; 10] = [
            &["P1", "P2", "P3"],
            &["a@b", "c@d", "e@f"],
            &["31", "45", "58.5"],
            &["nurse", "lead nurse", "chair"],
            &["staff", "time", "none"],
            &[
                "More of us who can stay.",
                "I would not know what to say",
                "Nothing much, I am quite content",
            ],
            &["2021-04-30", "30/04/2021", "2021-04-30T10:00:00"],
            &["yes", "No", "yes"],
            &[],
            &["31", "45", ""],
        ];
        assert_eq!(
            uses(&names, &columns, &[], &[]),
            [
                Respondent, LeftOut, Attribute, Attribute, Question, Question, Attribute,
                Attribute, LeftOut, Attribute
            ]
        );
        let said = uses(&names, &columns, &["role"], &["What", "B"]);
        assert_eq!(
            (said[3], said[4], said[1]),
            (Question, Attribute, Attribute)
        );
    }

    #[test]
    fn values_that_come_back_are_attributes() {
        let agree = "Neither agree nor disagree with it";
        let columns: [&[&str]; 2] = [&["P1", "P2", "P3", "P4"], &[agree, agree, "Agree", agree]];
        assert_eq!(
            uses(&["id", "Trust"], &columns, &[], &[]),
            [Use::Respondent, Use::Attribute]
        );
    }

    #[test]
    fn lists_are_no_surveys() {
        let long = "a place that serves many people of the county";
        let told = |name: &str, other: &str| {
            let names = [name.to_owned(), other.to_owned()];
            let rows = rows(&[&["N1", "N2"], &[long, "and one more of the same kind"]]);
            is_survey(&tell(&names, &rows, &Said::default()))
        };
        assert!(!told("code", "definition"));
        assert!(!told("place", "definition"));
        assert!(told("respondent", "remarks"));
        assert!(told("code", "What is it?"));
        assert!(!told("code", "Open?"));
    }

    #[test]
    fn columns_are_named_in_three_ways() {
        let names: Vec<String> = ["What helps you?", "What hinders you?", "b"]
            .map(str::to_owned)
            .into();
        assert_eq!(named(&names, "what helps"), Ok(vec![0]));
        assert_eq!(named(&names, "B"), Ok(vec![2]));
        assert_eq!(named(&names, "C"), Ok(vec![2]));
        assert_eq!(
            named(&names, "What hinder yuo?"),
            Err(TableError::UnknownColumn {
                name: "What hinder yuo?".to_owned(),
                suggestion: Some("What hinders you?".to_owned())
            })
        );
        assert!(named(&names, "what").is_err());
        assert!(said(&names, &["b".to_owned()], &["C".to_owned()]).is_err());
    }
}
