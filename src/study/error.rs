//! What can go wrong between the user's words and the study.

use std::path::PathBuf;

use crate::error::Problem;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no study in this folder or above it")]
    NoStudy,
    #[error("there are several studies in `{}`: {names}", .folder.display())]
    SeveralStudies { folder: PathBuf, names: String },
    #[error("there is nothing to undo")]
    NothingToUndo,
    #[error("`{place}` is not in the text: {why}")]
    NoSuchPlace { place: String, why: String },
    #[error("the quote stands nowhere in {place}")]
    QuoteNotFound { place: String },
    #[error("the quote stands {count} times in {place}: at {places}")]
    QuoteAmbiguous {
        place: String,
        count: usize,
        places: String,
    },
    #[error("`{}` can't be read: {source}", .path.display())]
    Unreadable {
        path: PathBuf,
        source: std::io::Error,
    },
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
            Self::NoStudy => "start one with: casebook init NAME   or name it with: --study FILE".into(),
            Self::SeveralStudies { .. } => "say which with: --study FILE".into(),
            Self::NothingToUndo => "see what was done with: casebook log".into(),
            Self::NoSuchPlace { .. } => "see the turns with: casebook transcript show ID".into(),
            Self::QuoteNotFound { .. } => "copy the words exactly as the transcript has them; see it with: casebook transcript show ID".into(),
            Self::QuoteAmbiguous { .. } => "name the turn, as in T01:12, or give a longer quote".into(),
            Self::Unreadable { .. } => "check that the file is there and may be read".into(),
            Self::Refused(_, hint) => return hint.clone(),
        })
    }
}
