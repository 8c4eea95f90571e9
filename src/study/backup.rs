//! Backups: a copy of the whole study, made while others work on it, checked before it takes its name, and the older
//! ones of it that may go.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::copies::{hex, sha256_of};
use super::import::Progress;
use super::part::part_folder;
use super::{Error, Study};
use crate::error::Result;
use crate::store::{Head, Store};

/// A backup that was made and found sound.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Backup {
    /// The file.
    pub backup: String,
    pub bytes: u64,
    /// The last event in it.
    pub event: i64,
    pub at: String,
    /// The head of its record: `412:` and the hash of that event.
    pub head: String,
    /// Of the file, in hex.
    pub sha256: String,
    pub transcripts: i64,
    pub codings: i64,
    /// Older backups that went for it.
    pub removed: Vec<String>,
    /// Whether the study has it on its register of copies.
    pub registered: bool,
}

/// What a folder for backups beside a study is called: `NAME.casebook-backups`.
pub fn backup_folder(study: &Path) -> PathBuf {
    let mut name = study.as_os_str().to_owned();
    name.push("-backups");
    PathBuf::from(name)
}

/// A free name in a folder: `NAME-2026-11-22T1015Z.casebook`. `now` is RFC 3339.
pub fn free_name(folder: &Path, study: &Path, now: &str) -> PathBuf {
    let stem = study.file_stem().unwrap_or_default().to_string_lossy();
    let stem = unstamped(&stem);
    let stamp: String = now
        .chars()
        .take(16)
        .filter(|c| *c != ':')
        .chain(['Z'])
        .collect();
    // A number that became free when an older backup went is not given again: names go up as what is in them does.
    let last = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|e| self::stamp(Path::new(&e.file_name()).file_stem()?.to_str()?))
        .filter(|(at, _)| *at == stamp)
        .map(|(_, n)| n)
        .max();
    match last {
        None => folder.join(format!("{stem}-{stamp}.casebook")),
        Some(n) => folder.join(format!("{stem}-{stamp}-{}.casebook", n.saturating_add(1))),
    }
}

/// When a backup with such a name was made and its number among those of that minute: what they are sorted by. `None`
/// for any other name. `stem` is the file's name without its ending.
pub fn stamp(stem: &str) -> Option<(String, u32)> {
    let shape = |s: &str| {
        s.len() == 16
            && s.bytes().enumerate().all(|(n, b)| match n {
                4 | 7 => b == b'-',
                10 => b == b'T',
                15 => b == b'Z',
                _ => b.is_ascii_digit(),
            })
    };
    let ends = |s: &str| {
        let at = s.len().checked_sub(17)?;
        let tail = s.get(at..)?.strip_prefix('-')?;
        shape(tail).then(|| tail.to_owned())
    };
    if let Some(stamp) = ends(stem) {
        return Some((stamp, 1));
    }
    let (rest, number) = stem.rsplit_once('-')?;
    let number = number.parse().ok().filter(|n| *n >= 2)?;
    Some((ends(rest)?, number))
}

/// A stem without what [`free_name`] put at its end.
fn unstamped(stem: &str) -> &str {
    match stamp(stem) {
        None => stem,
        Some((stamp, _)) => stem
            .rfind(&stamp)
            .and_then(|at| stem.get(..at.saturating_sub(1)))
            .filter(|rest| !rest.is_empty())
            .unwrap_or(stem),
    }
}

/// Gives a finished file its name. A file that has it is never replaced.
pub(super) fn put_in_place(from: &Path, to: &Path) -> Result<()> {
    let exists = || crate::error::Failure::from(crate::store::Error::Exists(to.to_owned()));
    let part = tempfile::TempPath::try_from_path(from.to_owned()).map_err(|source| {
        crate::store::Error::Io {
            path: from.to_owned(),
            source,
        }
    })?;
    part.persist_noclobber(to).or_else(|e| {
        if to.exists() {
            return Err(exists());
        }
        // A drive that can't do both at once.
        std::fs::rename(&e.path, to).map_err(|source| {
            crate::store::Error::Io {
                path: to.to_owned(),
                source,
            }
            .into()
        })
    })
}

/// What is wrong with a copy, in a line; nothing where it is sound.
pub(super) fn wrong(copy: &Store, progress: &dyn Progress) -> Result<Option<String>> {
    let damage = copy.damage(|| progress.step())?;
    Ok(damage.first().map(|first| {
        let more = match damage.len() {
            1 => String::new(),
            n => format!(" and {} more", n - 1),
        };
        format!("{}: {}{more}", first.area, first.what)
    }))
}

/// What backups are sorted by: whether it is the one just made; when the last event in it was, and which; its name.
type Age = (bool, String, i64, (String, u32));

impl Study {
    /// Copies the study to a file that must not exist, and checks the copy: SQLite's own check, texts, turns and
    /// codings, the record with its chain, and that each table has as many rows as the study had at that moment. Only
    /// then it takes its name. Others may work on the study meanwhile.
    ///
    /// # Errors
    /// A file that exists, a folder that is not there or not to be written to, a copy that is not sound.
    ///
    /// `register` is given the SHA-256 of the checked copy before it has its name, and tells whether the study has it on
    /// its register: a program that is killed leaves no copy that nobody knows of.
    pub fn back_up(
        &self,
        to: &Path,
        progress: &dyn Progress,
        register: impl FnOnce([u8; 32]) -> bool,
    ) -> Result<Backup> {
        if to.exists() {
            return Err(crate::store::Error::Exists(to.to_owned()).into());
        }
        let folder = part_folder(to, Some(self.path()))?;
        let part = folder.path().join("copy.casebook");
        let (head, counts) = self
            .store
            .at_one_moment::<(Option<Head>, _), crate::error::Failure>(|| {
                self.store.copy_to(&part)?;
                Ok((self.store.head()?, self.store.row_counts()?))
            })?;
        let copy = Store::open_as_it_is(&part)?;
        progress.total(
            counts
                .get("transcripts")
                .copied()
                .unwrap_or_default()
                .cast_unsigned(),
        );
        let unsound = |what: String| {
            Error::refused(
                format!("the copy is not sound, so it was not kept ({what})"),
                "look at the study itself with: casebook check",
            )
        };
        if let Some(what) = wrong(&copy, progress)? {
            return Err(unsound(what).into());
        }
        let found = copy.row_counts()?;
        if let Some((table, n)) = counts.iter().find(|(t, n)| found.get(*t) != Some(n)) {
            return Err(unsound(format!("`{table}` had {n} rows")).into());
        }
        if copy.head()? != head {
            return Err(unsound("its record ends elsewhere".into()).into());
        }
        let bytes = std::fs::metadata(&part).map_or(0, |m| m.len());
        drop(copy);
        let sha256 = sha256_of(&part)?;
        let registered = register(sha256);
        put_in_place(&part, to)?;
        let (event, at) = head
            .as_ref()
            .map_or((0, String::new()), |h| (h.event, h.at.clone()));
        Ok(Backup {
            backup: to.display().to_string(),
            bytes,
            event,
            at,
            head: head.map(|h| h.whole()).unwrap_or_default(),
            sha256: hex(&sha256),
            transcripts: counts.get("transcripts").copied().unwrap_or_default(),
            codings: counts.get("codings").copied().unwrap_or_default(),
            removed: Vec::new(),
            registered,
        })
    }

    /// Removes the oldest backups of this study from a folder until `keep` are left, `made` being one of them. Only files
    /// that a backup into a folder named, and that hold this study (by its uuid), are counted or touched. Which is older
    /// goes by the last event in them. Gives those that went.
    pub fn rotate(&self, folder: &Path, keep: usize, made: &Path) -> Result<Vec<PathBuf>> {
        let uuid = self.store.uuid()?;
        let own = std::fs::canonicalize(self.path()).ok();
        let made = std::fs::canonicalize(made).ok();
        let mut backups: Vec<(Age, PathBuf)> = Vec::new();
        let unreadable = |source| Error::Unreadable {
            path: folder.to_owned(),
            source,
        };
        for entry in std::fs::read_dir(folder).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            let Some(stamp) = path
                .extension()
                .is_some_and(|e| e == "casebook")
                .then(|| path.file_stem())
                .flatten()
                .and_then(|stem| stamp(&stem.to_string_lossy()))
            else {
                continue;
            };
            let found = std::fs::canonicalize(&path).ok();
            if !path.is_file() || found == own {
                continue;
            }
            let Ok(copy) = Store::open_as_it_is(&path) else {
                continue;
            };
            if copy.uuid().is_ok_and(|found| found == uuid) {
                let (at, event) = copy.last_moment().unwrap_or_default();
                // The one just made is the newest, whatever a clock says.
                backups.push(((found == made, at, event, stamp), path));
            }
        }
        backups.sort();
        let spare = backups.len().saturating_sub(keep.max(1));
        let mut removed = Vec::new();
        for (_, path) in backups.into_iter().take(spare) {
            std::fs::remove_file(&path).map_err(|source| crate::store::Error::Io {
                path: path.clone(),
                source,
            })?;
            removed.push(path);
        }
        Ok(removed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_backups_are_told_apart() {
        let day = |n| Some(("2026-11-22T1015Z".to_owned(), n));
        assert_eq!(stamp("study-2026-11-22T1015Z"), day(1));
        assert_eq!(stamp("study-2026-11-22T1015Z-2"), day(2));
        assert_eq!(stamp("a-b-2026-11-22T1015Z-12"), day(12));
        for other in [
            "study",
            "study-2026-11-22",
            "study-2026-11-22T1015",
            "study-2026-11-22T10:15Z",
            "study-2026-11-22T1015Z-1",
            "study-2026-11-22T1015Z-x",
            "2026-11-22T1015Z",
            "studié2026-11-22T1015Z",
            "",
        ] {
            assert_eq!(stamp(other), None, "{other}");
        }
        assert_eq!(unstamped("study-2026-11-22T1015Z-2"), "study");
        assert_eq!(unstamped("study"), "study");
        let folder = tempfile::tempdir().expect("a folder");
        let name = |at: &str| {
            free_name(folder.path(), Path::new("x/study.casebook"), at)
                .file_name()
                .map(|n| n.to_string_lossy().into_owned())
                .unwrap_or_default()
        };
        let first = name("2026-11-22T10:15:30Z");
        assert_eq!(first, "study-2026-11-22T1015Z.casebook");
        std::fs::write(folder.path().join(&first), "").expect("written");
        assert_eq!(
            name("2026-11-22T10:15:59Z"),
            "study-2026-11-22T1015Z-2.casebook"
        );
        // A number that became free is not given again.
        std::fs::rename(
            folder.path().join(&first),
            folder.path().join("study-2026-11-22T1015Z-7.casebook"),
        )
        .expect("renamed");
        assert_eq!(
            name("2026-11-22T10:15:59Z"),
            "study-2026-11-22T1015Z-8.casebook"
        );
    }
}
