//! Files that hold a person's data: what the study knows of having written, and copies that it set aside itself.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::error::Result;
use crate::store::Store;

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
}

/// The files that a person's data went into. `codings` are those that go or are blanked, ascending; `code` is theirs.
pub fn doomed(store: &Store, code: &str, codings: &BTreeSet<i64>) -> Result<Vec<Doomed>> {
    let sorted: Vec<i64> = codings.iter().copied().collect();
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
            });
            continue;
        };
        found.push(look(kind, path, &release.sha256, false));
    }
    for (kind, path, sha256) in store.copies_written()? {
        let backup = kind == "backup";
        found.push(look(kind, path, &sha256, backup));
    }
    for path in beside(store.path()) {
        found.push(Doomed {
            kind: "copy".into(),
            path: path.display().to_string(),
            there: true,
            goes: true,
            why: "set aside by this program",
        });
    }
    // What was written twice to one place is one file: what holds of the last is what holds.
    let mut seen = BTreeSet::new();
    found.reverse();
    found.retain(|d| d.path.is_empty() || seen.insert(d.path.clone()));
    found.reverse();
    Ok(found)
}

/// Looks at one file.
fn look(kind: String, path: String, sha256: &[u8; 32], backup: bool) -> Doomed {
    let mut found = Doomed {
        kind,
        path,
        there: false,
        goes: false,
        why: "it is not there any more",
    };
    let file = Path::new(&found.path);
    if !file.is_file() {
        return found;
    }
    found.there = true;
    if backup {
        let is_study = std::fs::File::open(file).is_ok_and(|mut f| {
            let mut head = [0_u8; 16];
            std::io::Read::read_exact(&mut f, &mut head).is_ok() && &head == b"SQLite format 3\0"
        });
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
        found.why = "it was changed since it was written: delete it yourself, if it holds them";
        return found;
    }
    // A table of statistics holds nobody's words; anything else may.
    (found.goes, found.why) = if matches!(found.kind.as_str(), "agreement" | "saturation") {
        (false, "it holds statistics alone")
    } else {
        (true, "it holds their data, or may")
    };
    found
}

/// Copies that the program set aside itself: by an update (`NAME.before-format-4.casebook`), and backups in their own
/// folder that are on no register.
fn beside(study: &Path) -> Vec<PathBuf> {
    let Ok(study) = std::path::absolute(study) else {
        return Vec::new();
    };
    let stem = study.file_stem().unwrap_or_default().to_string_lossy();
    let head = format!("{stem}.before-format-");
    let mut backups = study.as_os_str().to_owned();
    backups.push("-backups");
    let listed = |folder: &Path, wanted: &dyn Fn(&str) -> bool| -> Vec<PathBuf> {
        std::fs::read_dir(folder)
            .into_iter()
            .flatten()
            .flatten()
            .filter(|e| wanted(&e.file_name().to_string_lossy()))
            .map(|e| e.path())
            .collect()
    };
    let folder = study.parent().unwrap_or(Path::new("."));
    let mut found = listed(folder, &|name| name.starts_with(&head));
    found.extend(listed(Path::new(&backups), &|name| {
        name.ends_with(".casebook")
    }));
    found.sort();
    found
}
