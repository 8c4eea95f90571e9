//! Folders in which a copy of the study stands until it was checked, and what is done about those that a killed program
//! left: they hold the whole study.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::Error;
use crate::error::Result;

/// Such folders begin so.
const PART: &str = ".casebook-part-";
/// The file in it that is held while a program works there.
const HELD: &str = "held";
/// A folder without that file may be one that is being made at this moment.
const MADE: Duration = Duration::from_secs(60);

/// A folder for a copy that is under way; gone when this is dropped.
pub(super) struct Part {
    // Dropped in this order: what is held open can't be removed everywhere.
    _held: File,
    folder: tempfile::TempDir,
    _noted: Option<Noted>,
}

impl Part {
    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// The line in the study's note that says where a copy is under way: a folder that is on no register is found by it.
struct Noted {
    note: PathBuf,
    folder: PathBuf,
}

impl Drop for Noted {
    fn drop(&mut self) {
        let mut left = noted(&self.note);
        left.remove(&self.folder);
        keep(&self.note, &left).ok();
    }
}

/// `NAME.casebook-copying`: the folders in which copies of the study are under way.
fn note_of(study: &Path) -> PathBuf {
    let mut name = study.as_os_str().to_owned();
    name.push("-copying");
    PathBuf::from(name)
}

fn noted(note: &Path) -> BTreeSet<PathBuf> {
    std::fs::read_to_string(note)
        .unwrap_or_default()
        .lines()
        .filter(|line| !line.is_empty())
        .map(PathBuf::from)
        .collect()
}

fn keep(note: &Path, folders: &BTreeSet<PathBuf>) -> std::io::Result<()> {
    if folders.is_empty() {
        return std::fs::remove_file(note);
    }
    let mut out = File::create(note)?;
    for folder in folders {
        writeln!(out, "{}", folder.display())?;
    }
    out.sync_all()
}

/// A folder beside `to` for a copy that is under way. What killed programs left there goes first. `study` is the one that
/// is copied, where it is here: where the copy is under way is noted beside it.
pub(super) fn part_folder(to: &Path, study: Option<&Path>) -> Result<Part> {
    let folder = parent(to);
    if !folder.is_dir() {
        return Err(Error::refused(
            format!("there is no folder `{}`", folder.display()),
            format!("make it first: mkdir \"{}\"", folder.display()),
        )
        .into());
    }
    tidy(folder);
    if let Some(study) = study {
        tidy_noted(study);
    }
    let fail = |source| crate::store::Error::Io {
        path: to.to_owned(),
        source,
    };
    let noted = study.and_then(|study| {
        let noted_folder = std::path::absolute(folder).ok()?;
        let note = note_of(study);
        let mut all = noted(&note);
        all.insert(noted_folder.clone());
        // A study in a folder that is not to be written to is copied all the same.
        keep(&note, &all).ok()?;
        Some(Noted {
            note,
            folder: noted_folder,
        })
    });
    let part = tempfile::Builder::new()
        .prefix(PART)
        .tempdir_in(folder)
        .map_err(fail)?;
    let held = File::create(part.path().join(HELD)).map_err(fail)?;
    // On a drive without locks the folder's age is what tells.
    held.try_lock().ok();
    Ok(Part {
        _held: held,
        folder: part,
        _noted: noted,
    })
}

/// Removes what a killed program left in a folder: folders of copies under way that nobody holds. Gives how many.
pub fn tidy(folder: &Path) -> usize {
    left_in(folder)
        .iter()
        .filter(|path| std::fs::remove_dir_all(path).is_ok())
        .count()
}

/// The files in such folders: each may hold the whole study.
pub fn left_by_killed(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = left_in(folder)
        .iter()
        .flat_map(|part| std::fs::read_dir(part).into_iter().flatten().flatten())
        .map(|entry| entry.path())
        .filter(|path| path.file_name().is_some_and(|name| name != HELD))
        .collect();
    files.sort();
    files
}

/// Folders of copies under way that nobody holds.
fn left_in(folder: &Path) -> Vec<PathBuf> {
    let mut left = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if !entry.file_name().to_string_lossy().starts_with(PART) {
            continue;
        }
        let path = entry.path();
        let free = match File::open(path.join(HELD)) {
            Ok(held) => match held.try_lock() {
                Ok(()) => true,
                Err(std::fs::TryLockError::WouldBlock) => false,
                Err(std::fs::TryLockError::Error(_)) => older(&path, Duration::from_secs(3600)),
            },
            Err(_) => older(&path, MADE),
        };
        if free {
            left.push(path);
        }
    }
    left
}

/// The folders in which a copy of this study was under way, as noted beside it.
pub fn noted_folders(study: &Path) -> BTreeSet<PathBuf> {
    noted(&note_of(study))
}

/// Does so in the folders where copies of a study were under way when a program was killed.
pub fn tidy_noted(study: &Path) -> usize {
    let note = note_of(study);
    let folders = noted(&note);
    if folders.is_empty() {
        return 0;
    }
    let gone = folders.iter().map(|folder| tidy(folder)).sum();
    // A folder where something is still under way stays noted.
    let left: BTreeSet<PathBuf> = folders
        .into_iter()
        .filter(|folder| {
            std::fs::read_dir(folder)
                .into_iter()
                .flatten()
                .flatten()
                .any(|e| e.file_name().to_string_lossy().starts_with(PART))
        })
        .collect();
    keep(&note, &left).ok();
    gone
}

fn older(path: &Path, than: Duration) -> bool {
    let made = std::fs::metadata(path).and_then(|m| m.modified()).ok();
    made.and_then(|made| SystemTime::now().duration_since(made).ok())
        .is_some_and(|age| age > than)
}

fn parent(path: &Path) -> &Path {
    path.parent()
        .filter(|f| !f.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_program_left_goes_and_what_is_under_way_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let study = folder.path().join("s.casebook");
        let out = folder.path().join("out");
        std::fs::create_dir(&out).expect("a folder");
        let left = out.join(".casebook-part-killed");
        std::fs::create_dir(&left).expect("a folder");
        std::fs::write(left.join("copy.casebook"), "words").expect("written");
        std::fs::write(left.join(HELD), "").expect("written");
        let part = part_folder(&out.join("b.casebook"), Some(&study)).expect("a folder");
        assert!(!left.exists());
        let note = note_of(&study);
        assert_eq!(noted(&note), BTreeSet::from([out.clone()]));
        assert_eq!((tidy(&out), tidy_noted(&study)), (0, 0));
        assert!(part.path().exists() && note.exists());
        let path = part.path().to_owned();
        drop(part);
        assert!(!path.exists() && !note.exists());
        // Killed: nothing is dropped, and what was held is free.
        std::fs::create_dir(&left).expect("a folder");
        std::fs::write(left.join(HELD), "").expect("written");
        keep(&note, &BTreeSet::from([out])).expect("noted");
        assert_eq!(tidy_noted(&study), 1);
        assert!(!left.exists() && !note.exists());
    }
}
