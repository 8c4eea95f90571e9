//! Files with contents of the study that this program wrote: putting them on the register, and whether they are still
//! there.

use std::io::Read;
use std::path::{Component, Path, PathBuf};

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{Error, Study};
use crate::domain::words::words;
use crate::error::Result;
use crate::store::COPY_WRITE;

words! {
    /// What became of a file that was written.
    CopyState, "state of a copy" {
        /// Where it was written, the same to the byte.
        There = "there",
        /// Something stands there, and it is not what was written.
        Changed = "changed",
        Gone = "gone",
    }
}

/// A copy on the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CopyView {
    pub copy: i64,
    /// backup, restored, quotes, codebook, frame, chart, table …
    pub kind: String,
    pub path: String,
    pub state: CopyState,
    pub at: String,
    pub coder: String,
    pub event: i64,
    /// Of the file as it was written, in hex.
    pub sha256: String,
}

/// SHA-256 of a file, read in pieces.
///
/// # Errors
/// A file that can't be read.
pub fn sha256_of(path: &Path) -> Result<[u8; 32]> {
    let fail = |source| Error::Unreadable {
        path: path.to_owned(),
        source,
    };
    let mut file = std::fs::File::open(path).map_err(fail)?;
    let mut hasher = Sha256::new();
    let mut piece = vec![0; 1 << 18];
    loop {
        match file.read(&mut piece).map_err(fail)? {
            0 => return Ok(hasher.finalize().into()),
            n => hasher.update(&piece[..n]),
        }
    }
}

/// Bytes in hex, as files are compared by eye.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut hex, b| {
            write!(hex, "{b:02x}").ok();
            hex
        })
}

/// How the registers keep where a file was written to: what is beneath the study's folder as it is seen from there, with
/// `/`, so that it is found after the folder was moved or copied; anything else absolute.
pub fn kept_path(study: &Path, file: &Path) -> String {
    let absolute = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let within = |folder: Option<PathBuf>, file: Option<PathBuf>| {
        let within = file?.strip_prefix(folder?).ok()?.to_owned();
        let parts: Option<Vec<&str>> = within
            .components()
            .map(|part| match part {
                Component::Normal(name) => name.to_str(),
                _ => None,
            })
            .collect();
        parts.filter(|p| !p.is_empty()).map(|p| p.join("/"))
    };
    // The file itself may not be there yet, and may be a link.
    let real = || {
        let folder = std::fs::canonicalize(absolute.parent()?).ok()?;
        Some(folder.join(absolute.file_name()?))
    };
    let folder = folder_of(study);
    within(std::fs::canonicalize(&folder).ok(), real())
        .or_else(|| within(Some(folder), Some(absolute.clone())))
        .unwrap_or_else(|| absolute.to_string_lossy().into_owned())
}

/// Where a file on a register is to be looked for, now that the study is where it is.
pub fn place_of(study: &Path, kept: &str) -> PathBuf {
    // An absolute path takes the place of the folder.
    folder_of(study).join(kept)
}

/// The study's folder.
fn folder_of(study: &Path) -> PathBuf {
    let study = std::path::absolute(study).unwrap_or_else(|_| study.to_owned());
    let folder = study.parent().unwrap_or(Path::new(".")).to_owned();
    if folder.components().any(|c| c == Component::ParentDir) {
        return std::fs::canonicalize(&folder).unwrap_or(folder);
    }
    folder
}

impl Study {
    /// Puts a file that was written on the register of copies, as an event that undo and the date of reports pass over.
    /// One that stands there already, the same to the byte, is not put there again. Gives the event.
    pub fn register_copy(&self, kind: &str, path: &Path, sha256: [u8; 32]) -> Result<Option<i64>> {
        let path = kept_path(self.path(), path);
        if self.store.is_registered(&path, &sha256)? {
            return Ok(None);
        }
        let (_, event) = self.change(COPY_WRITE, |tx| {
            tx.summary(format!("write {kind} to a file"));
            Ok(tx.add_copy(kind, &path, sha256)?)
        })?;
        Ok(event)
    }

    /// The register of copies, oldest first, with what became of each file. Where several were written to one place,
    /// the last one is there, and those before it are gone.
    pub fn copies(&self) -> Result<Vec<CopyView>> {
        let mut all = self.store.copies()?;
        for copy in &mut all {
            copy.path = place_of(self.path(), &copy.path).display().to_string();
        }
        let mut last: std::collections::HashMap<&str, i64> = std::collections::HashMap::new();
        for copy in &all {
            last.insert(&copy.path, copy.id);
        }
        Ok(all
            .iter()
            .map(|copy| {
                let path = Path::new(&copy.path);
                let state = if last.get(copy.path.as_str()) != Some(&copy.id) || !path.exists() {
                    CopyState::Gone
                } else if sha256_of(path).is_ok_and(|now| now == copy.sha256) {
                    CopyState::There
                } else {
                    CopyState::Changed
                };
                CopyView {
                    copy: copy.id,
                    kind: copy.kind.clone(),
                    path: copy.path.clone(),
                    state,
                    at: copy.at.clone(),
                    coder: copy.coder.clone(),
                    event: copy.event,
                    sha256: hex(&copy.sha256),
                }
            })
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_beneath_the_study_moves_with_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let (one, two) = (folder.path().join("one"), folder.path().join("two"));
        for folder in [&one, &two] {
            std::fs::create_dir_all(folder.join("out")).expect("a folder");
        }
        let study = one.join("s.casebook");
        for (file, kept) in [
            (one.join("q.md"), "q.md"),
            (one.join("out/q.md"), "out/q.md"),
            (one.join("out/../q.md"), "q.md"),
            (two.join("../one/out/q.md"), "out/q.md"),
        ] {
            assert_eq!(kept_path(&study, &file), kept);
            assert_eq!(place_of(&two.join("s.casebook"), kept), two.join(kept));
        }
        let elsewhere = two.join("q.md");
        let kept = kept_path(&study, &elsewhere);
        assert_eq!(place_of(&study, &kept), elsewhere);
    }
}
