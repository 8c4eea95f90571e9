//! Files that hold a person's data: what the study knows of having written, and copies that it set aside itself.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::around::around;
use super::probes::Probes;
use super::quoted::Said;
use crate::error::Result;
use crate::import::parts_of_package;
use crate::store::{FileToGo, Store, study_in};
use crate::study::copies::place_of;
use crate::study::part::noted_folders;

/// A file that was written with contents of the study.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Doomed {
    /// `report`, `backup`, `quotes` …
    pub kind: String,
    pub path: String,
    /// Whether it still stands there.
    pub there: bool,
    /// Whether it goes with the erase.
    pub goes: bool,
    /// Why it does not, or why it does.
    pub why: &'static str,
    /// As it was written, in hex, where that is on record.
    #[serde(skip)]
    pub(super) sha256: Option<String>,
    /// Whether it is a copy of the whole study.
    #[serde(skip)]
    pub(super) copy: bool,
}

impl Doomed {
    /// What is kept of it until it is gone.
    pub fn to_go(&self) -> FileToGo {
        FileToGo {
            path: self.path.clone(),
            sha256: self.sha256.clone(),
            copy: self.copy,
        }
    }
}

/// Those of the files that go, as they are kept until they are gone.
pub fn to_go(files: &[Doomed]) -> Vec<FileToGo> {
    files
        .iter()
        .filter(|f| f.goes && f.there)
        .map(Doomed::to_go)
        .collect()
}

/// Whether what stands at the place of a file is still the file that is meant: of the same bytes, or a copy of this study.
pub(super) fn is_still(file: &FileToGo, study: &str) -> bool {
    if file.copy && study_in(Path::new(&file.path)).is_some_and(|uuid| uuid == study) {
        return true;
    }
    let Some(sha256) = &file.sha256 else {
        return false;
    };
    std::fs::read(&file.path).is_ok_and(|bytes| hex(&Sha256::digest(&bytes)) == *sha256)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, b| {
        out.push_str(&format!("{b:02x}"));
        out
    })
}

/// Files on the registers in whose bytes something stands that is erased, but those that are `known` to go; office files
/// are looked into.
pub(super) fn holding(
    store: &Store,
    known: &[FileToGo],
    probes: &Probes,
    said: &Said,
) -> Result<Vec<Doomed>> {
    let mut written: Vec<(String, String, [u8; 32])> = Vec::new();
    for release in store.releases_with(&[])? {
        if let Some(path) = release.path {
            written.push((format!("report {}", release.id), path, release.sha256));
        }
    }
    written.extend(
        store
            .copies_written()?
            .into_iter()
            .filter(|c| c.0 != "backup"),
    );
    let mut seen: BTreeSet<String> = known.iter().map(|k| k.path.clone()).collect();
    let mut found = Vec::new();
    for (_, path, _) in &mut written {
        *path = place_of(store.path(), path).display().to_string();
    }
    // What was written last is what stands there.
    for (kind, path, sha256) in written.into_iter().rev() {
        if !seen.insert(path.clone()) || !Path::new(&path).is_file() {
            continue;
        }
        let Ok(bytes) = std::fs::read(&path) else {
            continue;
        };
        let holds =
            |part: &[u8]| probes.count(part) > 0 || said.count(&String::from_utf8_lossy(part)) > 0;
        let within = match parts_of_package(&bytes) {
            Ok(parts) => parts.iter().any(|(_, part)| holds(part)),
            Err(_) => holds(&bytes),
        };
        if within {
            let same = Sha256::digest(&bytes)[..] == sha256[..];
            found.push(Doomed {
                kind,
                path,
                there: true,
                goes: same,
                why: if same {
                    "their words stand in it"
                } else {
                    CHANGED
                },
                sha256: Some(hex(&sha256)),
                copy: false,
            });
        }
    }
    found.reverse();
    Ok(found)
}

const CHANGED: &str = "it was changed since it was written: delete it yourself, if it holds them";

/// The files that a person's data went into. `codings` are those that go or are blanked, ascending; `code` is theirs.
pub fn doomed(store: &Store, code: &str, codings: &BTreeSet<i64>) -> Result<Vec<Doomed>> {
    let sorted: Vec<i64> = codings.iter().copied().collect();
    let own = store.study()?.uuid;
    let here = |path: String| place_of(store.path(), &path).display().to_string();
    let mut by_hash: BTreeMap<[u8; 32], String> = BTreeMap::new();
    let mut found = Vec::new();
    for release in store.releases_with(&sorted)? {
        let own = release
            .subject
            .as_deref()
            .is_some_and(|s| s.eq_ignore_ascii_case(code));
        if release.codings.is_empty() && !own {
            continue;
        }
        let kind = format!("report {}", release.id);
        let Some(path) = store.release_path(release.id)? else {
            found.push(Doomed {
                kind,
                path: String::new(),
                there: false,
                goes: false,
                why: "where it was written to is not on record",
                sha256: None,
                copy: false,
            });
            continue;
        };
        let path = here(path);
        if !holds_nobody(&kind) {
            by_hash.insert(release.sha256, kind.clone());
        }
        found.push(look(kind, path, &release.sha256, None));
    }
    for (kind, path, sha256) in store.copies_written()? {
        let backup = kind == "backup";
        let path = here(path);
        if !holds_nobody(&kind) {
            by_hash.insert(sha256, kind.clone());
        }
        found.push(look(kind, path, &sha256, backup.then_some(own.as_str())));
    }
    // What was written twice to one place is one file: what holds of the last is what holds.
    let mut seen = BTreeSet::new();
    found.reverse();
    found.retain(|d| d.path.is_empty() || seen.insert(d.path.clone()));
    found.reverse();
    let mut folders: BTreeSet<PathBuf> = noted_folders(store.path());
    folders.extend(
        seen.iter()
            .filter_map(|path| Path::new(path).parent().map(Path::to_owned)),
    );
    for copy in around(store.path(), &own, &by_hash, &mut folders) {
        // What the program set aside goes, whatever its register says of it.
        if copy.copy && copy.goes {
            found.retain(|d| d.path != copy.path);
            found.push(copy);
        } else if seen.insert(copy.path.clone()) {
            found.push(copy);
        }
    }
    // A backup may have been put in the study's place.
    let itself = std::fs::canonicalize(store.path()).ok();
    for file in &mut found {
        if file.goes && itself.is_some() && std::fs::canonicalize(&file.path).ok() == itself {
            (file.goes, file.why) = (false, "it is this study itself");
        }
    }
    Ok(found)
}

/// Looks at one file; of a backup, with the uuid that the study in it has.
fn look(kind: String, path: String, sha256: &[u8; 32], backup_of: Option<&str>) -> Doomed {
    let mut found = Doomed {
        kind,
        path,
        there: false,
        goes: false,
        why: "it is not there any more",
        sha256: Some(hex(sha256)),
        copy: backup_of.is_some(),
    };
    let file = Path::new(&found.path);
    if !file.is_file() {
        return found;
    }
    found.there = true;
    if let Some(study) = backup_of {
        let is_study = is_still(&found.to_go(), study);
        (found.goes, found.why) = if is_study {
            (true, "a backup holds everybody")
        } else {
            (false, "another file stands there now: look at it yourself")
        };
        return found;
    }
    let Ok(bytes) = std::fs::read(file) else {
        found.why = "it can't be read: delete it yourself";
        return found;
    };
    if Sha256::digest(&bytes)[..] != sha256[..] {
        found.why = CHANGED;
        return found;
    }
    // A table of statistics holds nobody's words; anything else may.
    (found.goes, found.why) = if holds_nobody(&found.kind) {
        (false, "it holds statistics alone")
    } else {
        (true, "it holds their data, or may")
    };
    found
}

/// A table of statistics holds nobody's words; anything else may.
fn holds_nobody(kind: &str) -> bool {
    matches!(kind, "agreement" | "saturation")
}
