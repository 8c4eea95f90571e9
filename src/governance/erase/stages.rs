//! What is left of an erase once its change is in the study: files, index, log, free pages, and the search for what may
//! have stayed. Each stage can be done again, and which one was done last is on record: whatever stops it, the next
//! command goes on.

use std::fs::File;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::files::is_still;
use super::probes::Probes;
use super::verify::{Clean, search};
use crate::error::Result;
use crate::governance::Error;
use crate::store::{Access, FileToGo, Store};
use crate::study::{Session, Study};

/// What was done after the change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finished {
    /// Files that are gone now.
    pub files: Vec<String>,
    /// Files that could not be removed, and why.
    pub left: Vec<String>,
    pub verified: Clean,
}

/// Held while an erase is under way, so that no two programs go on with the same one.
pub struct Lock {
    file: Option<File>,
    path: PathBuf,
}

impl Lock {
    /// # Errors
    /// Refused while another program is at it.
    pub fn take(study: &Path) -> Result<Self, Error> {
        let mut name = study.as_os_str().to_owned();
        name.push("-erasing");
        let path = PathBuf::from(name);
        let file = File::create(&path).map_err(|source| Error::Io {
            path: path.clone(),
            source,
        })?;
        match file.try_lock() {
            Ok(()) => Ok(Self {
                file: Some(file),
                path,
            }),
            Err(std::fs::TryLockError::WouldBlock) => Err(Error::refused(
                "another program is erasing somebody from this study at this moment",
                "wait until it has finished, then try again",
            )),
            Err(std::fs::TryLockError::Error(source)) => Err(Error::Io { path, source }),
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        std::fs::remove_file(&self.path).ok();
        self.file.take();
    }
}

/// Goes on with what an earlier program left undone. `say` is told what is being done. None where nothing was, or where
/// all was done and something was found: looking again is asked for with [`super::verify_person`].
///
/// # Errors
/// Refused where the study can't be written, or another program is at it.
pub fn resume(path: &Path, session: &Session, say: &dyn Fn(&str)) -> Result<Option<Finished>> {
    let study = Study {
        store: Store::open(path, Access::Write)?,
        session: session.clone(),
    };
    let _lock = Lock::take(path)?;
    if study.store.erasing()?.iter().all(|e| e.stage == FOUND) {
        return Ok(None);
    }
    say("An erase was interrupted: going on with it.");
    finish(&study, say).map(Some)
}

/// The stage of an erase of which everything was done, and of which the search found something all the same.
pub const FOUND: &str = "found";

/// Does what is left of every erase, but of those of which something was found before.
pub fn finish(study: &Study, say: &dyn Fn(&str)) -> Result<Finished> {
    go_on(study, false, say)
}

/// Does what is left of every erase; `again` also what was done before without its search having come out clean.
pub(super) fn go_on(study: &Study, again: bool, say: &dyn Fn(&str)) -> Result<Finished> {
    let store = &study.store;
    let mut done = Finished {
        files: Vec::new(),
        left: Vec::new(),
        verified: Clean {
            clean: true,
            ..Clean::default()
        },
    };
    for erasing in store.erasing()? {
        let event = erasing.event;
        let mut stays = !erasing.files.is_empty();
        let at = match erasing.stage.as_str() {
            "files" => 1,
            "index" => 2,
            "file" => 3,
            FOUND if again => 0,
            FOUND => continue,
            _ => 0,
        };
        if at < 1 {
            say("Removing files that hold them …");
            let left = remove_files(study, &erasing.files, &mut done)?;
            store.files_are_gone(event, &left)?;
            stays = !left.is_empty();
        }
        if at < 2 {
            say("Taking their words out of the index …");
            study.purge_index()?;
            store.set_stage(event, "index")?;
        }
        if at < 3 {
            say("Writing the study's file anew …");
            store.empty_log()?;
            store.write_anew()?;
            store.empty_log()?;
            store.set_stage(event, "file")?;
            store.empty_log()?;
        }
        say("Searching the bytes for what was erased …");
        let probes = Probes::from_bytes(&erasing.probes);
        let mut found = search(study, probes.as_ref())?;
        found.clean &= !stays;
        if found.clean {
            store.end_erasing(event)?;
        } else {
            // It stays to be looked at, and no command does all of this again unasked.
            store.set_stage(event, FOUND)?;
        }
        done.verified = found.and(done.verified);
    }
    Ok(done)
}

/// Removes files, each only if it is still the one that is meant. Gives those that could not be removed.
fn remove_files(study: &Study, files: &[FileToGo], done: &mut Finished) -> Result<Vec<FileToGo>> {
    let mut stay = Vec::new();
    let own = study.store.study()?.uuid;
    for file in files {
        let path = &file.path;
        if !Path::new(path).exists() {
            continue;
        }
        if !is_still(file, &own) {
            done.left.push(format!(
                "{path}: another file stands there now: look at it yourself"
            ));
            continue;
        }
        // A copy that somebody opened has a log and an index of its own beside it.
        if file.copy {
            for end in ["-wal", "-shm", "-writing"] {
                std::fs::remove_file(format!("{path}{end}")).ok();
            }
            std::fs::remove_dir_all(format!("{path}-index")).ok();
        }
        match std::fs::remove_file(path) {
            Ok(()) => done.files.push(path.clone()),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
            Err(e) => {
                done.left.push(format!("{path}: {e}"));
                stay.push(file.clone());
            }
        }
    }
    let mut writing = study.path().as_os_str().to_owned();
    writing.push("-writing");
    std::fs::remove_file(PathBuf::from(writing)).ok();
    Ok(stay)
}
