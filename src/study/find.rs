//! Which study is meant when none is named: the one `*.casebook` in this folder, or in the nearest folder above.

use std::path::{Path, PathBuf};

use super::Error;
use crate::store::{Access, Store, study_in};

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
        if found.len() > 1 {
            found = without_backups(found);
        }
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

/// Those that no other of them has on its register as a backup of its own.
fn without_backups(found: Vec<PathBuf>) -> Vec<PathBuf> {
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    let mut backups = Vec::new();
    for path in &found {
        let Ok(store) = Store::open(path, Access::Read) else {
            continue;
        };
        let (Ok(study), Ok(copies)) = (store.study(), store.copies_written()) else {
            continue;
        };
        for (kind, copy, _) in copies {
            let copy = Path::new(&copy);
            if kind == "backup" && study_in(copy).is_some_and(|uuid| uuid == study.uuid) {
                backups.extend(real(copy).filter(|c| real(path).as_ref() != Some(c)));
            }
        }
    }
    found
        .into_iter()
        .filter(|path| real(path).is_none_or(|p| !backups.contains(&p)))
        .collect()
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
