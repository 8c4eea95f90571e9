//! What can go wrong with promises.

use std::path::PathBuf;

use crate::error::{Kind, Problem};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("`{}` can't be read or written: {source}", path.display())]
    Io {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("there is no key file `{}`", .0.display())]
    NoKey(PathBuf),
    #[error("the passphrase does not open `{}`", .0.display())]
    WrongPassphrase(PathBuf),
    #[error("`{}` is no key file, or it is damaged", .0.display())]
    NotAKey(PathBuf),
    #[error("`{}` belongs to another study", .0.display())]
    OtherStudy(PathBuf),
    #[error("{0}")]
    Refused(String, Option<String>),
}

impl Error {
    pub(crate) fn refused(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Refused(message.into(), Some(hint.into()))
    }
}

impl Problem for Error {
    fn kind(&self) -> Kind {
        Kind::User
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Io { .. } => Some("check that the folder exists and may be written".into()),
            Self::NoKey(_) => Some(
                "if it was lost, bring it back from a copy; to begin one: casebook pseudonym add NAME REPLACEMENT"
                    .into(),
            ),
            Self::WrongPassphrase(_) => Some(
                "each try takes about a second, on purpose; without the passphrase nobody can open it"
                    .into(),
            ),
            Self::NotAKey(_) => Some("bring the key back from a copy of it".into()),
            Self::OtherStudy(_) => {
                Some("the key of a study stands beside it: STUDY.casebook-key".into())
            }
            Self::Refused(_, hint) => hint.clone(),
        }
    }
}
