//! The record of erasures carried along with a study that is brought back from a backup: whoever was erased since is in that
//! backup again, and the record beside the restored file is what tells it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::erase::record::{append, path_of, read};
use crate::error::Result;

/// Looks in these folders for records of erasures, and puts what they say of this study (its uuid, in hex) beside `to`,
/// where it is not yet. Gives how many erasures are on record there.
///
/// # Errors
/// A record that can't be read or written: without it nobody would be told who must not come back.
pub fn carry(uuid: &str, folders: &[PathBuf], to: &Path) -> Result<usize> {
    let target = path_of(to);
    let mut known: BTreeSet<String> = read(&target)?.into_iter().map(|e| e.participant).collect();
    let mut records: BTreeSet<PathBuf> = BTreeSet::new();
    for folder in folders {
        let folder = if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        };
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.extension().is_some_and(|e| e == "casebook-erased") {
                records.insert(std::fs::canonicalize(&path).unwrap_or(path));
            }
        }
    }
    for path in records {
        for erasure in read(&path)? {
            if erasure.study == uuid && known.insert(erasure.participant.clone()) {
                append(&target, &erasure)?;
            }
        }
    }
    Ok(known.len())
}
