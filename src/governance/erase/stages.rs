//! What is left of an erase once its change is in the study: files, index, log, free pages, and the search for what may
//! have stayed. Each stage can be done again, and which one was done last is on record: whatever stops it, the next
//! command goes on.

use std::fs::File;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::probes::Probes;
use super::verify::{Clean, search};
use crate::error::Result;
use crate::governance::Error;
use crate::store::{Access, Store};
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

/// Goes on with what an earlier program left undone. `say` is told what is being done. None where nothing was.
///
/// # Errors
/// Refused where the study can't be written, or another program is at it.
pub fn resume(path: &Path, session: &Session, say: &dyn Fn(&str)) -> Result<Option<Finished>> {
    let study = Study {
        store: Store::open(path, Access::Write)?,
        session: session.clone(),
    };
    let _lock = Lock::take(path)?;
    if study.store.erasing()?.is_none() {
        return Ok(None);
    }
    say("An erase was interrupted: going on with it.");
    finish(&study, say).map(Some)
}

/// Does what is left of every erase.
pub fn finish(study: &Study, say: &dyn Fn(&str)) -> Result<Finished> {
    let store = &study.store;
    let mut done = Finished {
        files: Vec::new(),
        left: Vec::new(),
        verified: Clean::default(),
    };
    while let Some(erasing) = store.erasing()? {
        let event = erasing.event;
        let reached = |stage: &str| {
            ["written", "files", "index", "file"]
                .iter()
                .position(|s| *s == stage)
        };
        let at = reached(&erasing.stage).unwrap_or_default();
        if at < 1 {
            say("Removing files that hold them …");
            for file in &erasing.files {
                // A copy that somebody opened has a log and an index of its own beside it.
                if file.ends_with(".casebook") {
                    for end in ["-wal", "-shm", "-writing"] {
                        std::fs::remove_file(format!("{file}{end}")).ok();
                    }
                    std::fs::remove_dir_all(format!("{file}-index")).ok();
                }
                match std::fs::remove_file(file) {
                    Ok(()) => done.files.push(file.clone()),
                    Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
                    Err(e) => done.left.push(format!("{file}: {e}")),
                }
            }
            let mut writing = study.path().as_os_str().to_owned();
            writing.push("-writing");
            std::fs::remove_file(PathBuf::from(writing)).ok();
            store.set_stage(event, "files")?;
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
        done.verified = search(study, probes.as_ref())?;
        if !done.verified.clean {
            // What was found stays to be looked at: the next command tries again.
            store.set_stage(event, "written")?;
            return Ok(done);
        }
        store.end_erasing(event)?;
    }
    Ok(done)
}
