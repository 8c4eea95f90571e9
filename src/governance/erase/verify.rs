//! Looking for what was erased: in the bytes of every file of the study, in the index's dictionary, and in the record.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::probes::Probes;
use super::stages::{Lock, go_on};
use super::theirs::number;
use crate::error::Result;
use crate::governance::Error;
use crate::store::Withdrawal;
use crate::study::Study;

/// A file that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Looked {
    pub file: String,
    pub bytes: u64,
    /// In how many places something stands that was erased; null where nothing is kept to search for any more.
    pub found: Option<usize>,
}

/// Where something was found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    pub file: String,
    /// `table themes, name`; `pages that no table has`; `index`; `beside the study`.
    pub place: String,
    pub pieces: usize,
}

/// What the search found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Clean {
    pub clean: bool,
    pub files: Vec<Looked>,
    /// Where something was found, as closely as it can be told.
    pub places: Vec<Place>,
    /// Windows of sixteen bytes that were searched for.
    pub windows: usize,
    /// Terms of the index, and those that stand in no text of today.
    pub terms: u64,
    pub unfounded: u64,
    /// Rows and before-images that are still theirs.
    pub rows: usize,
}

impl Clean {
    /// Two searches as one: what the last one looked at, and whatever either found.
    pub(super) fn and(mut self, before: Self) -> Self {
        self.clean &= before.clean;
        self.windows += before.windows;
        self.unfounded = self.unfounded.max(before.unfounded);
        self.rows = self.rows.max(before.rows);
        self.places.extend(before.places);
        self.places.sort();
        self.places.dedup();
        for old in before.files {
            if let Some(new) = self.files.iter_mut().find(|f| f.file == old.file) {
                new.found = new.found.max(old.found);
            }
        }
        self
    }
}

/// Searches the study's files for the probes of an erase, and the index's dictionary for words that no text has.
pub(super) fn search(study: &Study, probes: Option<&Probes>) -> Result<Clean> {
    let mut found = Clean {
        windows: probes.map_or(0, Probes::len),
        ..Clean::default()
    };
    let terms = study.unfounded_terms()?;
    (found.terms, found.unfounded) = (terms.terms, terms.unfounded);
    let empty = Probes::new([0; 32]);
    let mut hits = 0;
    for path in files_of(study) {
        let fail = |source| Error::Io {
            path: path.clone(),
            source,
        };
        let file = match File::open(&path) {
            Ok(file) => file,
            // Another program may have tidied up meanwhile.
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => continue,
            Err(source) => return Err(fail(source).into()),
        };
        let (bytes, places) = probes.unwrap_or(&empty).search(file).map_err(fail)?;
        hits += places;
        if places > 0 {
            found
                .places
                .extend(where_in(study, &path, places, probes.unwrap_or(&empty))?);
        }
        found.files.push(Looked {
            file: path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            bytes,
            found: probes.map(|_| places),
        });
    }
    found.clean = hits == 0 && found.unfounded == 0;
    Ok(found)
}

/// Says more closely where in a file something was found.
fn where_in(study: &Study, path: &Path, pieces: usize, probes: &Probes) -> Result<Vec<Place>> {
    let file = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let at = |place: &str, pieces| Place {
        file: file.clone(),
        place: place.to_owned(),
        pieces,
    };
    if path.parent() == Some(study.index_folder().as_path()) {
        return Ok(vec![at("index", pieces)]);
    }
    if path.file_name() != study.path().file_name() {
        return Ok(vec![at("beside the study", pieces)]);
    }
    let mut tables: BTreeMap<String, usize> = BTreeMap::new();
    study.store.each_string(|table, column, text| {
        let n = probes.count(text.as_bytes());
        if n > 0 {
            *tables
                .entry(if table == "sqlite_schema" {
                    "the schema".to_owned()
                } else {
                    format!("table {table}, {column}")
                })
                .or_default() += n;
        }
    })?;
    if tables.is_empty() {
        return Ok(vec![at("pages that no table has", pieces)]);
    }
    Ok(tables.iter().map(|(place, n)| at(place, *n)).collect())
}

/// Looks for a person who was erased: no row, no before-image, no word of the index that no text has. While an erase is not
/// finished, what is left of it is tried again first: `say` is told what is being done.
///
/// # Errors
/// Refused where nobody of that code was erased, or while another program is at it.
pub fn verify_person(study: &Study, code: &str, say: &dyn Fn(&str)) -> Result<(Withdrawal, Clean)> {
    let store = &study.store;
    let erased: Vec<Withdrawal> = store
        .withdrawals()?
        .into_iter()
        .filter(|w| w.mode == "erase" && w.code.eq_ignore_ascii_case(code))
        .collect();
    let Some(last) = erased.last().cloned() else {
        return Err(Error::refused(
            format!("`{}` was not erased", crate::domain::span::printable(code)),
            "see what was done with: casebook log",
        )
        .into());
    };
    let mut found = if store.erasing()?.is_empty() {
        search(study, None)?
    } else {
        say("An erase is not finished: trying again.");
        let _lock = Lock::take(study.path())?;
        go_on(study, true, say)?.verified
    };
    let ids: BTreeSet<i64> = erased.iter().map(|w| w.participant).collect();
    let mut rows = 0;
    for one in &erased {
        rows += usize::from(store.code_of_uuid(&one.uuid)?.is_some());
    }
    store.each_image(|past| {
        let named = (past.table == "participants" && ids.contains(&past.row))
            || ["participant", "participant_id"]
                .iter()
                .any(|c| number(past.image, c).is_some_and(|id| ids.contains(&id)));
        rows += usize::from(named && past.table != "withdrawals");
        Ok::<(), crate::store::Error>(())
    })?;
    found.rows = rows;
    found.clean &= rows == 0;
    Ok((last, found))
}

/// The files of a study, in order: the file itself, its log, what stands beside it under its name, and the index. Not
/// the key, which holds nobody's words.
fn files_of(study: &Study) -> Vec<PathBuf> {
    let path = study.path();
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let stem = path
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let other = entry.file_name().to_string_lossy().into_owned();
        let ours = other == name
            || (other.starts_with(&format!("{name}-"))
                && !other.ends_with("-key")
                && !other.ends_with("-erasing"))
            || other.starts_with(&format!("{stem}.before-format-"));
        if ours && entry.path().is_file() {
            found.push(entry.path());
        }
    }
    let mut backups = path.as_os_str().to_owned();
    backups.push("-backups");
    for folder in [study.index_folder(), PathBuf::from(backups)] {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.path().is_file() {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    found
}
