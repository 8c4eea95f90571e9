//! What lies around a study and is of it, on a register or not: copies that the program set aside itself, what a killed
//! program left, and files that were written, wherever beneath the study's folder they were moved to.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::files::Doomed;
use crate::store::study_in;
use crate::study::backup::{backup_folder, stamp};
use crate::study::copies::{hex, place_of, sha256_of};
use crate::study::part::left_by_killed;

/// How deep beneath the study's folder files are looked for, and how many at most.
const DEEP: usize = 6;
const MANY: usize = 50_000;

/// Only what ends as a file that is written is read.
const ENDINGS: [&str; 13] = [
    "md", "html", "docx", "xlsx", "csv", "json", "yaml", "yml", "txt", "svg", "png", "tsv", "qdc",
];

/// Looks around a study with the uuid `own`. `by_hash` are the files on the registers that may hold somebody's words;
/// `folders` those in which copies were written, and are told of the study's own.
pub(super) fn around(
    study: &Path,
    own: &str,
    by_hash: &BTreeMap<[u8; 32], String>,
    folders: &mut BTreeSet<PathBuf>,
) -> Vec<Doomed> {
    let home = place_of(study, "");
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    let itself = real(study);
    let doom = |kind: &str, path: &Path, goes, why, sha256, copy| Doomed {
        kind: kind.to_owned(),
        path: path.display().to_string(),
        there: true,
        goes,
        why,
        sha256,
        copy,
    };
    let mut found = Vec::new();
    for path in files_beneath(&home) {
        let Some(ending) = path.extension().and_then(|e| e.to_str()) else {
            continue;
        };
        if ending == "casebook" {
            if study_in(&path).is_none_or(|uuid| uuid != own) || real(&path) == itself {
                continue;
            }
            found.push(if set_aside(&path) {
                doom("copy", &path, true, "set aside by this program", None, true)
            } else {
                let why = "a copy of this study that is on no register: erase them there too, or delete it yourself";
                doom("copy", &path, false, why, None, true)
            });
        } else if !by_hash.is_empty()
            && ENDINGS.contains(&ending)
            && let Ok(hash) = sha256_of(&path)
            && let Some(kind) = by_hash.get(&hash)
        {
            let why = "a file that was written, at another place";
            found.push(doom(kind, &path, true, why, Some(hex(&hash)), false));
        }
    }
    folders.insert(backup_folder(study));
    folders.insert(home);
    for file in folders.iter().flat_map(|folder| left_by_killed(folder)) {
        if let Ok(hash) = sha256_of(&file) {
            let why = "left by a backup or a restoring that was killed";
            found.push(doom("copy", &file, true, why, Some(hex(&hash)), true));
        }
    }
    found
}

/// By its name: what an update kept, and backups.
fn set_aside(path: &Path) -> bool {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let in_backups = path
        .parent()
        .and_then(Path::extension)
        .is_some_and(|e| e == "casebook-backups");
    in_backups || stem.contains(".before-format-") || stamp(&stem).is_some()
}

/// The files beneath a folder but hidden ones and those of indexes, sorted.
fn files_beneath(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![(folder.to_owned(), 0)];
    while let Some((folder, deep)) = open.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let Ok(kind) = entry.file_type() else {
                continue;
            };
            if name.starts_with('.') || found.len() >= MANY {
                continue;
            }
            if kind.is_dir() {
                if deep < DEEP && !name.ends_with(".casebook-index") {
                    open.push((entry.path(), deep + 1));
                }
            } else if kind.is_file() {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    found
}
