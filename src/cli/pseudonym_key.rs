//! The key, opened with its passphrase and written again.

use std::io::Write;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::passphrase::Passphrase;
use super::{CliError, Context};
use crate::error::Result;
use crate::governance::key::{Key, WORK_FACTOR, path_of};
use crate::store::EventFilter;
use crate::study::Study;

/// An open key, with what is needed to write it again.
pub(super) struct OpenKey {
    pub(super) key: Key,
    path: PathBuf,
    passphrase: Passphrase,
    /// Of the file as it was read; none: there is no file yet.
    file: Option<[u8; 32]>,
}

impl OpenKey {
    pub(super) fn is_new(&self) -> bool {
        self.file.is_none()
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes the key, unless somebody else did since it was opened.
    pub(super) fn save(&self) -> Result<()> {
        if digest(&self.path) != self.file {
            return Err(CliError::refused(
                format!("`{}` changed while it was open here", self.path.display()),
                "run the same command again; nothing was written",
            )
            .into());
        }
        Ok(self.key.save(&self.path, &self.passphrase, WORK_FACTOR)?)
    }

    pub(super) fn set_passphrase(&mut self, passphrase: Passphrase) {
        self.passphrase = passphrase;
    }
}

/// Writes a file with real names, which nobody else on this machine reads: whole or not at all. Gives its SHA-256.
pub(super) fn write_private(path: &Path, contents: &[u8]) -> Result<[u8; 32]> {
    let fail = |source| CliError::Io {
        what: format!("`{}`", path.display()),
        source,
    };
    let folder = path
        .parent()
        .filter(|f| !f.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    // A temporary file is its owner's alone, and stays so.
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(fail)?;
    file.write_all(contents).map_err(fail)?;
    file.persist(path).map_err(|e| fail(e.error))?;
    Ok(Sha256::digest(contents).into())
}

fn digest(path: &Path) -> Option<[u8; 32]> {
    std::fs::read(path).ok().map(|b| Sha256::digest(b).into())
}

impl Context {
    /// Opens the study's key.
    pub(super) fn open_key(&self, study: &Study) -> Result<OpenKey> {
        let path = path_of(study.path());
        let uuid = study.store.study()?.uuid;
        let file = digest(&path);
        // Who has no key need not think of a passphrase.
        let passphrase = if path.exists() {
            self.passphrase(&path, false)?
        } else {
            Passphrase::default()
        };
        Ok(OpenKey {
            key: Key::open(&path, &passphrase, &uuid)?,
            path,
            passphrase,
            file,
        })
    }

    /// Opens the study's key, or begins one.
    pub(super) fn open_or_begin_key(&self, study: &Study, begin: bool) -> Result<OpenKey> {
        let path = path_of(study.path());
        if path.exists() {
            return self.open_key(study);
        }
        if was_replaced(study)? && !begin {
            return Err(CliError::refused(
                format!(
                    "there is no key file `{}`, though names of this study were replaced with one",
                    path.display()
                ),
                "bring it back from a copy; if it is lost, the names in the texts can't be had back: --begin begins another",
            )
            .into());
        }
        Ok(OpenKey {
            key: Key::of(&study.store.study()?.uuid),
            passphrase: self.first_passphrase(&path)?,
            path,
            file: None,
        })
    }

    /// Says what a new key asks of whoever has it.
    pub(super) fn say_begun(&self, open: &OpenKey) {
        if open.is_new() {
            self.out.say(&format!(
                "Began the key {}. Without it and its passphrase nobody has the names back: keep a copy of both, apart from the study and from each other.",
                open.path().display()
            ));
        }
    }
}

/// Whether names in the texts were replaced with a key, as far as the record tells.
pub(super) fn was_replaced(study: &Study) -> Result<bool> {
    let events = study.store.events(&EventFilter::default())?;
    Ok(events
        .iter()
        .any(|e| e.op == "pseudonym apply" && e.undone_by.is_none()))
}
