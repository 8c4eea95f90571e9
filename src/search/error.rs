//! What can go wrong with searching.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use tantivy::TantivyError;
use tantivy::directory::error::{LockError, OpenDirectoryError, OpenReadError};
use unicode_width::UnicodeWidthStr;

use crate::domain::span::printable;
use crate::error::{Kind, Problem};

/// What can go wrong with the index or the turn sets. Nothing here loses anything: both are derived.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no index in the folder. The caller builds one.
    #[error("there is no index in `{0}`")]
    Missing(PathBuf),
    /// The index was made by another version. The caller rebuilds it.
    #[error("the index in `{0}` was made by another version")]
    Outdated(PathBuf),
    /// Another process is writing to the index.
    #[error("the index is being written to by another casebook")]
    Busy,
    /// The index or a set in it cannot be read. Rebuilding heals it.
    #[error("the search index in `{path}` is damaged: {reason}")]
    Damaged { path: PathBuf, reason: String },
    /// The system refused to read or write.
    #[error("cannot use the search index in `{path}`: {source}")]
    Io {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    /// The search library refused what we asked of it.
    #[error("the search library failed: {0}")]
    Library(String),
}

impl Error {
    /// Whether building the index anew is the answer.
    pub fn asks_for_rebuild(&self) -> bool {
        matches!(
            self,
            Self::Missing(_) | Self::Outdated(_) | Self::Damaged { .. }
        )
    }

    pub(super) fn io(path: &Path, source: io::Error) -> Self {
        Self::Io {
            path: path.to_owned(),
            source,
        }
    }

    pub(super) fn damaged(path: &Path, reason: impl fmt::Display) -> Self {
        Self::Damaged {
            path: path.to_owned(),
            reason: reason.to_string(),
        }
    }

    /// An error of the library, about the index in that folder.
    pub(super) fn from_library(path: &Path, error: TantivyError) -> Self {
        let io =
            |source: &io::Error| Self::io(path, io::Error::new(source.kind(), source.to_string()));
        match error {
            TantivyError::LockFailure(LockError::LockBusy, _) => Self::Busy,
            TantivyError::LockFailure(LockError::IoError(source), _) => io(&source),
            TantivyError::IoError(source)
            | TantivyError::OpenReadError(OpenReadError::IoError {
                io_error: source, ..
            })
            | TantivyError::OpenDirectoryError(OpenDirectoryError::IoError {
                io_error: source,
                ..
            }) if source.kind() != io::ErrorKind::UnexpectedEof
                && source.kind() != io::ErrorKind::InvalidData =>
            {
                io(&source)
            }
            TantivyError::OpenDirectoryError(_) => Self::Missing(path.to_owned()),
            TantivyError::OpenReadError(OpenReadError::FileDoesNotExist(file))
                if file.ends_with("meta.json") =>
            {
                Self::Missing(path.to_owned())
            }
            TantivyError::IncompatibleIndex(_)
            | TantivyError::SchemaError(_)
            | TantivyError::OpenReadError(OpenReadError::IncompatibleIndex(_)) => {
                Self::Outdated(path.to_owned())
            }
            TantivyError::DataCorruption(_)
            | TantivyError::OpenReadError(_)
            | TantivyError::IoError(_)
            | TantivyError::DeserializeError(_) => Self::damaged(path, error),
            other => Self::Library(other.to_string()),
        }
    }
}

impl Problem for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Damaged { .. } => Kind::Damage,
            Self::Library(_) => Kind::Internal,
            Self::Missing(_) | Self::Outdated(_) | Self::Busy | Self::Io { .. } => Kind::User,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Busy => Some("wait until the other one has finished, and try again".into()),
            Self::Damaged { .. } | Self::Missing(_) | Self::Outdated(_) => {
                Some("casebook check --repair".into())
            }
            Self::Io { .. } => {
                Some("check that the folder beside the study can be read and written; or copy the study to a folder of your own: casebook backup FILE".into())
            }
            Self::Library(_) => Some("make the index anew, as it is derived: casebook check --repair".into()),
        }
    }
}

/// A query that cannot be read: what is wrong, and where. Shown in three lines, with a caret under the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// The query as it was typed.
    pub query: String,
    /// Where in it, in code points from 0.
    pub at: usize,
    /// How many code points; 0 only at the very end.
    pub len: usize,
    /// One line, lower case, no full stop.
    pub message: String,
    pub hint: Option<String>,
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A long query is shown around the place, so that the caret stands in sight.
        const AROUND: usize = 40;
        let end = self.query.chars().count();
        let from = if self.at > 2 * AROUND {
            self.at - AROUND
        } else {
            0
        };
        let to = (self.at + self.len.min(AROUND) + AROUND).min(end).max(from);
        let piece = |from: usize, to: usize| -> String {
            let piece: String = self.query.chars().skip(from).take(to - from).collect();
            // A tab or a line break is one cell, so that the caret stands where it should.
            printable(&piece).replace(['\t', '\n'], " ")
        };
        let (left, right) = (
            if from > 0 { "…" } else { "" },
            if to < end { "…" } else { "" },
        );
        let before = left.width() + piece(from, self.at.clamp(from, to)).width();
        let under = piece(
            self.at.clamp(from, to),
            (self.at + self.len).clamp(from, to),
        )
        .width()
        .max(1);
        writeln!(f, "{}", self.message)?;
        writeln!(f, "  {left}{}{right}", piece(from, to))?;
        write!(f, "  {}{}", " ".repeat(before), "^".repeat(under))
    }
}

impl std::error::Error for QueryError {}

impl Problem for QueryError {
    fn hint(&self) -> Option<String> {
        let language = || "see the query language with: casebook search --help".into();
        Some(self.hint.clone().unwrap_or_else(language))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(query: &str, at: usize, len: usize) -> String {
        let message = "no".to_owned();
        QueryError {
            query: query.into(),
            at,
            len,
            message,
            hint: None,
        }
        .to_string()
    }

    #[test]
    fn the_caret_stands_under_the_place() {
        assert_eq!(shown("trust *", 6, 1), "no\n  trust *\n        ^");
        assert_eq!(shown("信頼 AND", 3, 3), "no\n  信頼 AND\n       ^^^");
        assert_eq!(shown("", 0, 0), "no\n  \n  ^");
        assert_eq!(
            shown("a\tb\u{1b}[2J *", 8, 1),
            "no\n  a b\u{fffd}[2J *\n          ^"
        );
    }

    #[test]
    fn kinds_and_hints() {
        let damaged = Error::damaged(Path::new("x"), "short");
        assert_eq!(damaged.kind(), Kind::Damage);
        assert_eq!(damaged.hint().as_deref(), Some("casebook check --repair"));
        assert!(damaged.asks_for_rebuild());
        let busy = TantivyError::LockFailure(LockError::LockBusy, None);
        assert!(matches!(
            Error::from_library(Path::new("x"), busy),
            Error::Busy
        ));
    }
}
