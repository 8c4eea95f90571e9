//! The open study: store, index, coder and clock together. Every change goes through [`Study::change`]; every reading
//! that needs the index goes through [`Study::search`] and the sets of turns, which catch up by themselves.

pub mod backup;
mod check;
mod codebook;
pub mod codebook_then;
pub mod copies;
mod details;
pub mod draft;
mod error;
mod explained;
mod facesheet;
mod files;
mod find;
mod folder;
pub mod head;
mod import;
mod index;
pub mod limits;
pub mod part;
pub mod parts;
pub mod passage;
pub mod pending;
mod people;
mod purge;
mod reading;
pub mod records;
mod relations;
pub mod replace;
pub mod restore;
pub mod revise;
pub mod rewrite;
pub mod search;
mod sections;
mod select;
mod shut;
mod speakers;

use std::path::{Path, PathBuf};

pub use check::Health;
pub use codebook::Codebook;
pub use details::{Details, read_details};
pub use error::Error;
pub use explained::{ExplainedFile, ExplainedRole, RoleBy};
pub use facesheet::{
    Facesheet, FacesheetColumn, FacesheetRow, Plan, UnfitCell, refuse as refuse_facesheet,
};
pub use find::find_study;
pub use folder::warnings as folder_warnings;
pub use import::{ImportOptions, ImportReport, ImportedFile, Progress, RefusedFile, SpeakerCount};
pub use people::People;
pub use relations::{RelationTo, Relations};
pub use sections::{SectionTurns, Sections, holds, new_sections};
pub use select::Selection;
pub use shut::Shut;
pub use speakers::{Assigned, Assignment, assign, parse_assignment, plan_assignments};

use crate::error::Result;
use crate::store::{Access, Store, Tx, Who};

/// Who is at work and what time it is.
#[derive(Clone, Debug)]
pub struct Session {
    pub coder: String,
    /// UTC, RFC 3339, to the second.
    pub now: String,
    /// A reason for the record, where one was given.
    pub why: Option<String>,
}

pub struct Study {
    pub store: Store,
    pub session: Session,
}

impl Study {
    pub fn create(path: &Path, session: Session) -> Result<Self> {
        Ok(Self {
            store: Store::create(path)?.on_day(&session.now),
            session,
        })
    }

    pub fn open(path: &Path, access: Access, session: Session) -> Result<Self> {
        Ok(Self {
            store: Store::open(path, access)?.on_day(&session.now),
            session,
        })
    }

    pub fn path(&self) -> &Path {
        self.store.path()
    }

    /// The index folder beside the study: `NAME.casebook-index`.
    pub fn index_folder(&self) -> PathBuf {
        let mut name = self.store.path().as_os_str().to_owned();
        name.push("-index");
        PathBuf::from(name)
    }

    pub fn who(&self) -> Who {
        Who {
            coder: self.session.coder.clone(),
            at: self.session.now.clone(),
            why: self.session.why.clone(),
        }
    }

    /// One named operation, whole or not at all. Gives what `work` gave and the event's number.
    pub fn change<T>(
        &self,
        op: &str,
        work: impl FnOnce(&Tx) -> Result<T>,
    ) -> Result<(T, Option<i64>)> {
        self.store.change(&self.who(), op, work)
    }

    /// Does as [`Study::change`] and takes it back: what a change would do.
    pub fn rehearse<T>(&self, op: &str, work: impl FnOnce(&Tx) -> Result<T>) -> Result<T> {
        self.store.rehearse(&self.who(), op, work)
    }

    /// Takes an event back, or the last one that still stands.
    pub fn undo(&self, event: Option<i64>) -> Result<(crate::store::Event, i64)> {
        let event = match event {
            Some(event) => event,
            None => self
                .store
                .last_standing()?
                .map(|e| e.event)
                .ok_or(Error::NothingToUndo)?,
        };
        let (undone, by) = self.store.without_key_checks(|| {
            self.change("undo", |tx| {
                let undone = tx.undo(event)?;
                self.may_loosen(&undone)?;
                Ok(undone)
            })
        })?;
        Ok((undone, by.unwrap_or_default()))
    }

    /// A promise is not taken back without a word: where an event held something back, or brings back what let it go,
    /// whoever undoes it says why.
    fn may_loosen(&self, target: &crate::store::Event) -> Result<()> {
        const STRICTER: [&str; 5] = [
            "limit add",
            "limit edit",
            "consent add",
            "consent import",
            "withdraw",
        ];
        const LOOSER: [&str; 2] = ["limit remove", "limit edit"];
        let event = target.event;
        let undone = match target.undoes {
            Some(undone) => self.store.find_event(undone)?,
            None => None,
        };
        let loosens = STRICTER.contains(&&*target.op)
            || undone.is_some_and(|undone| LOOSER.contains(&&*undone.op));
        let said = self
            .session
            .why
            .as_deref()
            .is_some_and(|why| !why.trim().is_empty());
        if !loosens || said {
            return Ok(());
        }
        Err(Error::refused(
            format!(
                "event {event} is a promise to somebody ({}): it is not taken back without a reason",
                target.summary
            ),
            format!("say who agreed, or that it was a slip: casebook undo {event} --why \"a slip of mine\""),
        )
        .into())
    }
}
