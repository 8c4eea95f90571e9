//! What can go wrong with the study file, in words that a researcher understands.

use std::path::PathBuf;

use rusqlite::ErrorCode;

use crate::error::{Kind, Problem};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no study at `{}`", .0.display())]
    Missing(PathBuf),
    #[error("`{}` exists already", .0.display())]
    Exists(PathBuf),
    #[error("`{}` is not a casebook study", .0.display())]
    NotAStudy(PathBuf),
    #[error("`{}` was written by a newer casebook (format {found}; this one knows up to {known})", .path.display())]
    Newer {
        path: PathBuf,
        found: i64,
        known: i64,
    },
    #[error("the study is in use: {holder}")]
    Held { holder: String },
    #[error("`{}` can't be written: {why}", .path.display())]
    ReadOnly { path: PathBuf, why: &'static str },
    #[error("the disk is full; nothing was changed")]
    DiskFull,
    #[error("`{}` is damaged: {what}", .path.display())]
    Damaged { path: PathBuf, what: String },
    #[error("the drive of `{}` can't lock files as a study needs it", .0.display())]
    NoLocks(PathBuf),
    #[error("no {what} `{name}`")]
    Unknown {
        what: &'static str,
        name: String,
        near: Option<String>,
        list: &'static str,
    },
    #[error("{what} `{name}` exists already")]
    Taken { what: &'static str, name: String },
    #[error("{0}")]
    Refused(String, Option<String>),
    #[error("the file `{}` can't be written: {source}", .path.display())]
    Io {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("the study file answered: {0}")]
    Sqlite(#[from] rusqlite::Error),
}

impl Error {
    pub fn refused(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Refused(message.into(), Some(hint.into()))
    }
}

/// Turns SQLite's codes that have a meaning for the user into it; the rest stays what it was.
pub(super) fn meaning(error: rusqlite::Error, path: &std::path::Path) -> Error {
    let rusqlite::Error::SqliteFailure(failure, _) = &error else {
        return Error::Sqlite(error);
    };
    match failure.code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Error::Held {
            holder: super::hold::holder(path),
        },
        ErrorCode::DiskFull => Error::DiskFull,
        ErrorCode::NotADatabase => Error::NotAStudy(path.to_owned()),
        ErrorCode::DatabaseCorrupt => Error::Damaged {
            path: path.to_owned(),
            what: "SQLite finds its pages broken".into(),
        },
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied => Error::ReadOnly {
            path: path.to_owned(),
            why: "the file or its folder is read-only",
        },
        // The same code for "no such folder" and "not allowed": which of them it is was looked up before opening.
        ErrorCode::CannotOpen => Error::ReadOnly {
            path: path.to_owned(),
            why: "the file or its folder can't be opened for writing",
        },
        ErrorCode::FileLockingProtocolFailed => Error::NoLocks(path.to_owned()),
        _ => Error::Sqlite(error),
    }
}

impl Problem for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Damaged { .. } => Kind::Damage,
            Self::Sqlite(_) => Kind::Internal,
            _ => Kind::User,
        }
    }

    fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Missing(_) => "start one with: casebook init NAME   or name it with: --study FILE".into(),
            Self::Exists(_) => "choose another name, or work on it with: --study FILE".into(),
            Self::NotAStudy(_) => "a study is a file that `casebook init` made; name it with: --study FILE".into(),
            Self::Newer { .. } => "update casebook, or open a backup that was made with this version".into(),
            Self::Held { .. } => "wait until it has finished, then try again; reading works meanwhile".into(),
            Self::ReadOnly { .. } => "copy the study to a folder of your own, or make a copy with: casebook backup FILE".into(),
            Self::DiskFull => "make room on the disk, then try again".into(),
            Self::Damaged { .. } => "keep this file as it is, and go on with a backup: casebook --study BACKUP status".into(),
            Self::NoLocks(_) => "keep the study on this computer's own disk and copy a backup to the network drive: casebook backup FILE".into(),
            Self::Unknown { near: Some(near), .. } => format!("did you mean `{near}`?"),
            Self::Unknown { near: None, list, .. } => format!("see what there is with: casebook {list}"),
            Self::Taken { what, .. } => {
                // Some things are listed by a verb of another noun.
                let above = match *what {
                    "version" => "theme ",
                    "sample" => "agreement ",
                    _ => "",
                };
                format!("choose another, or see what there is with: casebook {above}{what} list")
            }
            Self::Refused(_, hint) => return hint.clone(),
            Self::Io { .. } => "check that the folder exists and can be written".into(),
            Self::Sqlite(_) => "this should not happen: please report it with the command that you typed".into(),
        })
    }
}
