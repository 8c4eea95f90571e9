//! How an imported file was read, and what its speakers' roles were told by.

use std::fmt;

use serde::Serialize;

use crate::import::Explained;

/// How a file was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExplainedFile {
    #[serde(flatten)]
    pub read: Explained,
    pub roles: Vec<ExplainedRole>,
}

/// The role of one who speaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExplainedRole {
    pub label: String,
    pub role: &'static str,
    #[serde(flatten)]
    pub by: RoleBy,
}

/// What a role was told by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "by", content = "word", rename_all = "kebab-case")]
pub enum RoleBy {
    /// `--speaker`, or the details of the file.
    Assignment,
    /// The label is a participant's id.
    ParticipantId,
    /// The label is a word for those who ask: this one.
    InterviewerWord(&'static str),
    /// It is the only label left for the one participant who was named.
    OnlyOneLeft,
    /// Nothing: it counts as a participant's until somebody says more.
    Nothing,
}

impl fmt::Display for RoleBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Assignment => f.write_str("as --speaker or the details say"),
            Self::ParticipantId => f.write_str("the label is a participant's id"),
            Self::InterviewerWord(word) => write!(f, "`{word}` is a word for those who ask"),
            Self::OnlyOneLeft => {
                f.write_str("the only label left for the participant who was named")
            }
            Self::Nothing => f.write_str("counts as a participant's until --speaker says more"),
        }
    }
}
