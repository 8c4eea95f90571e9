//! What can go wrong with themes and codings.

use crate::error::Problem;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("theme `{0}` exists already")]
    ThemeTaken(String),
    #[error("theme `{theme}` can't be put under `{parent}`: it would be its own ancestor")]
    OwnAncestor { theme: String, parent: String },
    #[error("no coding `{0}`")]
    UnknownCoding(i64),
    #[error("no memo `{0}`")]
    UnknownMemo(i64),
    #[error("`{0}` names nothing that can have a memo")]
    UnknownObject(String),
    #[error("{0}")]
    Refused(String, Option<String>),
}

impl Error {
    pub fn refused(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Refused(message.into(), Some(hint.into()))
    }
}

impl Problem for Error {
    fn hint(&self) -> Option<String> {
        Some(match self {
            Self::ThemeTaken(path) => format!("see it with: casebook theme show \"{path}\""),
            Self::OwnAncestor { .. } => "choose a parent that does not stand below it; see the tree with: casebook theme list".into(),
            Self::UnknownCoding(_) => "see codings and their numbers with: casebook quotes".into(),
            Self::UnknownMemo(_) => "see memos and their numbers with: casebook memo list".into(),
            Self::UnknownObject(_) => "write study, case:SLUG, participant:ID, transcript:ID, theme:PATH, coding:N or finding:N".into(),
            Self::Refused(_, hint) => return hint.clone(),
        })
    }
}
