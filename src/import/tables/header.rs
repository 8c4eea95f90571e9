//! Which row names the columns, and what their names say.
//!
//! | a column called | is |
//! |---|---|
//! | `text`, `utterance`, `words`, `transcript`, `content`, `quote` … ([`TEXT`]) | the words of a turn |
//! | `speaker`, `name`, `who` … ([`SPEAKER`]) | who speaks, beside a text |
//! | `time`, `start`, `timestamp`, `start_ms` … ([`TIME`]) | when a turn begins, beside a text |
//! | `participant`, `respondent`, `id` … ([`ID`]) | who answered, in a survey |
//! | `name`, `email`, `phone`, `ip address` … ([`PERSON`]) | somebody's own, in a survey: left out |
//!
//! Names are compared without capitals; `_`, `-`, `.` and blanks are one. Where several fit, the first in the list wins.

use super::error::TableError;
use super::table::{Row, Table};
use crate::import::words::on_one_line;

/// The words of a turn.
pub(super) const TEXT: [&str; 22] = [
    "text",
    "utterance",
    "words",
    "transcript",
    "transcription",
    "content",
    "quote",
    "turn text",
    "transcript text",
    "speech",
    "dialogue",
    "message",
    "segment",
    "sentence",
    "said",
    "what was said",
    "spoken words",
    "caption",
    "texte",
    "texto",
    "testo",
    "tekst",
];

/// Who speaks.
pub(super) const SPEAKER: [&str; 17] = [
    "speaker",
    "speaker name",
    "speaker label",
    "name",
    "who",
    "participant",
    "role",
    "person",
    "actor",
    "voice",
    "author",
    "sprecher",
    "locuteur",
    "hablante",
    "falante",
    "parlante",
    "from",
];

/// When a turn begins.
pub(super) const TIME: [&str; 16] = [
    "start",
    "start time",
    "start ms",
    "start s",
    "start seconds",
    "start milliseconds",
    "time",
    "timestamp",
    "time ms",
    "time s",
    "timecode",
    "time code",
    "begin",
    "begin time",
    "offset",
    "zeit",
];

/// Who answered.
pub(super) const ID: [&str; 16] = [
    "participant",
    "participant id",
    "participantid",
    "respondent",
    "respondent id",
    "respondentid",
    "pseudonym",
    "code",
    "participant code",
    "response id",
    "responseid",
    "submission id",
    "case id",
    "record id",
    "id",
    "no",
];

/// Names among these that lists of anything have.
pub(super) const WEAK: [&str; 4] = ["code", "case id", "id", "no"];

/// What would name somebody in the study.
pub(super) const PERSON: [&str; 24] = [
    "name",
    "full name",
    "first name",
    "last name",
    "firstname",
    "lastname",
    "surname",
    "family name",
    "given name",
    "your name",
    "recipient first name",
    "recipient last name",
    "recipientfirstname",
    "recipientlastname",
    "recipientemail",
    "email",
    "e mail",
    "email address",
    "e mail address",
    "phone",
    "phone number",
    "address",
    "ip address",
    "ipaddress",
];

/// Rows in which the header is looked for: titles and notes may stand above it.
const SEARCHED: usize = 20;

/// Whether a column would name somebody: it is called so, or has a word in its name that says so.
pub fn is_person(name: &str) -> bool {
    let key = key(name);
    let words = format!(" {key} ");
    PERSON.contains(&key.as_str())
        || [
            " email ",
            " e mail ",
            " phone ",
            " ip address ",
            " full name ",
        ]
        .iter()
        .any(|word| words.contains(word))
}

/// What a name is compared as.
pub(super) fn key(name: &str) -> String {
    name.split(|c: char| c.is_whitespace() || matches!(c, '_' | '-' | '.' | ':'))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect::<Vec<_>>()
        .join(" ")
}

/// The first name of a list that a column has, and that column.
pub(super) fn find(names: &[String], list: &[&str]) -> Option<usize> {
    list.iter()
        .find_map(|wanted| names.iter().position(|name| key(name) == *wanted))
}

/// The place of the header among the rows: the first row with a column for words; else the first that fills at least half
/// as many cells as the fullest one, and not just one of several, so that a title is none.
pub(super) fn place(table: &Table) -> Result<usize, TableError> {
    let first = &table.rows[..table.rows.len().min(SEARCHED)];
    let spoken = |row: &Row| row.cells.iter().any(|cell| is_text(cell));
    if let Some(at) = first.iter().position(spoken) {
        return Ok(at);
    }
    let fullest = table.rows.iter().map(Row::filled).max().unwrap_or(0);
    if fullest == 0 {
        return Err(TableError::NoHeader {
            reason: "it is empty",
        });
    }
    first
        .iter()
        .position(|row| row.filled() * 2 >= fullest && row.filled() >= fullest.min(2))
        .ok_or(TableError::NoHeader {
            reason: "the first rows have far fewer cells than the others",
        })
}

pub(super) fn is_text(name: &str) -> bool {
    // Cells of words are long; only short ones can be a name.
    name.len() <= 40 && TEXT.contains(&key(name).as_str())
}

/// The columns' names, on one line each; a column without a name is called by its letter.
pub(super) fn names(header: &Row, width: usize) -> Vec<String> {
    (0..width)
        .map(|column| {
            let name = on_one_line(header.cell(column));
            if name.is_empty() {
                super::table::letters(column)
            } else {
                name
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[&[&str]]) -> Table {
        let mut table = Table::default();
        for (n, row) in (1..).zip(rows) {
            for (column, cell) in row.iter().enumerate() {
                table.put(n, column, cell).expect("room");
            }
        }
        table
    }

    #[test]
    fn names_are_compared_loosely() {
        for (name, same) in [
            ("Start_ms", "start ms"),
            (" Speaker Name ", "speaker name"),
            ("E-Mail", "e mail"),
            ("TEXT:", "text"),
        ] {
            assert_eq!(key(name), same);
        }
        let names: Vec<String> = ["Name", "Speaker", "Text"].map(str::to_owned).into();
        assert_eq!(find(&names, &SPEAKER), Some(1));
        assert_eq!(find(&names, &TIME), None);
        assert!(
            is_person("Contact e-mail (work)") && is_person("Name") && !is_person("Named place")
        );
    }

    #[test]
    fn titles_are_no_header() {
        let rows: &[&[&str]] = &[&["Survey 2021"], &["id", "Why?"], &["1", "so"]];
        assert_eq!(place(&table(rows)), Ok(1));
        let rows: &[&[&str]] = &[&["Talk", "of May"], &["", "who", "Text"], &["", "A", "b"]];
        assert_eq!(place(&table(rows)), Ok(1));
        assert!(place(&Table::default()).is_err());
    }
}
