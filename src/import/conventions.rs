//! The ways of writing who speaks, as one table. `docs/speakers.md` has its twin for readers.

use std::fmt;

use serde::{Serialize, Serializer};

use super::labels::{self, Form, Head};

/// A way of writing who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Convention {
    NameColon,
    BoldName,
    NameTimeLine,
    BoldNameTime,
    NameTimeColon,
    TimeFirst,
    NameAlone,
    NameTab,
}

impl Convention {
    /// Every convention: what it is called, how it looks, and where it comes from.
    pub const TABLE: [(Self, &'static str, &'static str, &'static str); 8] = [
        (
            Self::NameColon,
            "name and colon",
            "`Ada: …`, `INTERVIEWER: …`, `INT: …`, `Q: …`",
            "typed transcripts",
        ),
        (
            Self::BoldName,
            "bold name",
            "`**Ada:** …`, `**Ada**: …`",
            "Markdown",
        ),
        (
            Self::NameTimeLine,
            "name and time on a line",
            "`Ada Berg  0:22`, the words on the next line",
            "Otter, Teams",
        ),
        (
            Self::BoldNameTime,
            "bold name, then a time",
            "`**Ada:** [00:01:00] …`",
            "Descript",
        ),
        (
            Self::NameTimeColon,
            "name, time, colon",
            "`Ada [00:01:00]: …`",
            "Rev, Trint",
        ),
        (
            Self::TimeFirst,
            "time first",
            "`[00:12:03] Speaker 1`, `[00:12:03] Ada: …`",
            "Sonix, Happy Scribe",
        ),
        (
            Self::NameAlone,
            "name alone on a line",
            "`Ada Berg␣␣` (two blanks at the end), or in bold",
            "Otter without times",
        ),
        (
            Self::NameTab,
            "name and tab",
            "`Ada⇥…`, one row a turn",
            "transcripts in tables",
        ),
    ];

    /// The convention that a label is written in, at the start of its line.
    pub(super) fn of(line: &str, head: &Head<'_>) -> Self {
        if labels::begins_with_time(line.trim_start_matches(['*', '_', '-', '•', '>', ' '])) {
            return Self::TimeFirst;
        }
        match head.form {
            Form::Colon => Self::NameColon,
            Form::Bold if head.time.is_some() => Self::BoldNameTime,
            Form::Bold => Self::BoldName,
            Form::Timed if line[..head.body].trim_end().ends_with(':') => Self::NameTimeColon,
            Form::Timed | Form::Inline => Self::NameTimeLine,
            Form::Clocked => Self::TimeFirst,
            Form::Alone => Self::NameAlone,
            Form::Tab => Self::NameTab,
        }
    }

    /// What it is called in the table.
    pub fn name(self) -> &'static str {
        Self::TABLE
            .iter()
            .find(|(one, ..)| *one == self)
            .map_or("", |(_, name, ..)| name)
    }
}

impl fmt::Display for Convention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Convention {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_convention_is_known_by_its_example() {
        for (line, expected) in [
            ("Ada: yes", Convention::NameColon),
            ("- INT: yes", Convention::NameColon),
            ("Ada: [00:01:00] yes", Convention::NameColon),
            ("**Ada:** yes", Convention::BoldName),
            ("**Ada**: yes", Convention::BoldName),
            ("**Ada:** [00:01:00] yes", Convention::BoldNameTime),
            ("Ada Berg  0:22", Convention::NameTimeLine),
            ("Ada Berg 0:22 yes", Convention::NameTimeLine),
            ("Ada [00:01:00]: yes", Convention::NameTimeColon),
            ("[00:12:03] Speaker 1", Convention::TimeFirst),
            ("[00:12:03] Ada: yes", Convention::TimeFirst),
            ("Ada Berg  ", Convention::NameAlone),
            ("**Ada Berg**", Convention::NameAlone),
            ("Ada\tyes", Convention::NameTab),
        ] {
            let head = labels::head(line).expect(line);
            assert_eq!(Convention::of(line, &head), expected, "{line}");
        }
    }

    #[test]
    fn the_document_has_the_same_table() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/speakers.md");
        let document = std::fs::read_to_string(path).expect("the document");
        let mut rows = String::new();
        for (convention, name, example, source) in Convention::TABLE {
            assert_eq!(convention.name(), name);
            rows += &format!("| {name} | {example} | {source} |\n");
        }
        assert!(document.contains(&rows), "docs/speakers.md lacks:\n{rows}");
    }

    #[test]
    fn the_document_has_every_reason() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/speakers.md");
        let document = std::fs::read_to_string(path).expect("the document");
        for reason in super::super::verdict::Reason::ALL {
            let line = format!("- `{reason}`");
            assert!(document.contains(&line), "docs/speakers.md lacks: {line}");
        }
    }
}
