//! Which study is meant when none is named: the one `*.casebook` in this folder, or in the nearest folder above.

use std::path::{Path, PathBuf};

use super::Error;

pub fn find_study(from: &Path) -> Result<PathBuf, Error> {
    for folder in from.ancestors() {
        let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| {
                path.extension().is_some_and(|e| e == "casebook")
                    && !is_set_aside(path)
                    && path.is_file()
            })
            .collect();
        found.sort();
        match found.len() {
            0 => {}
            1 => return Ok(found.remove(0)),
            _ => {
                let names = found
                    .iter()
                    .filter_map(|p| p.file_name())
                    .map(|n| n.to_string_lossy().into_owned())
                    .collect::<Vec<_>>()
                    .join(", ");
                return Err(Error::SeveralStudies {
                    folder: folder.to_owned(),
                    names,
                });
            }
        }
    }
    Err(Error::NoStudy)
}

/// Copies that an upgrade set aside, backups by their names, and what was restored are not what anyone means.
fn is_set_aside(path: &Path) -> bool {
    path.file_stem().is_some_and(|stem| {
        let stem = stem.to_string_lossy();
        stem.contains(".before-format-")
            || stem.contains(".restored-")
            || super::backup::stamp(&stem).is_some()
    })
}
