//! The record of erasures beside the study, `NAME.casebook-erased`: who was erased, by lasting ids alone. It is written
//! before the erase is, and travels with the study's file, so that a copy from before is known for what it holds.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::governance::Error;
use crate::store::Store;

/// One erasure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// The study's uuid, in hex.
    pub study: String,
    /// The participant's uuid, in hex.
    pub participant: String,
    /// The pseudonym, so that people can read it.
    pub code: String,
    /// UTC.
    pub at: String,
    pub event: i64,
}

/// The record that belongs to a study's file.
pub fn path_of(study: &Path) -> PathBuf {
    let mut name = study.as_os_str().to_owned();
    name.push("-erased");
    PathBuf::from(name)
}

fn fail(path: &Path) -> impl Fn(std::io::Error) -> Error + '_ {
    |source| Error::Io {
        path: path.to_owned(),
        source,
    }
}

/// What is on the record, oldest first; nothing where there is none. A line that was cut off at the end is passed over:
/// what it announced was not done.
///
/// # Errors
/// [`Error::Io`]; [`Error::Refused`] where it holds something else.
pub fn read(path: &Path) -> Result<Vec<Erasure>, Error> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(fail(path)(source)),
    };
    let mut found = Vec::new();
    for (n, line) in text.split_inclusive('\n').enumerate() {
        match serde_json::from_str(line) {
            Ok(erasure) => found.push(erasure),
            Err(_) if !line.ends_with('\n') || line.trim().is_empty() => {}
            Err(_) => {
                return Err(Error::refused(
                    format!(
                        "line {} of `{}` is no record of an erasure",
                        n + 1,
                        path.display()
                    ),
                    "bring the file back from a copy: it says who must not come back",
                ));
            }
        }
    }
    Ok(found)
}

/// Puts an erasure on the record and waits until the disk has it.
///
/// # Errors
/// [`Error::Io`].
pub fn append(path: &Path, erasure: &Erasure) -> Result<(), Error> {
    let fail = fail(path);
    let line = serde_json::to_string(erasure).map_err(|e| fail(std::io::Error::other(e)))?;
    // A line that was cut off is ended first.
    let cut = std::fs::read(path).is_ok_and(|b| !b.is_empty() && !b.ends_with(b"\n"));
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .map_err(&fail)?;
    if cut {
        // What it announced was not done: it goes, so that every line can be read.
        let whole = std::fs::read(path).map_err(&fail)?;
        let keep = whole
            .iter()
            .rposition(|b| *b == b'\n')
            .map_or(0, |at| at + 1);
        file.set_len(keep as u64).map_err(&fail)?;
    }
    file.write_all(format!("{line}\n").as_bytes())
        .map_err(&fail)?;
    file.sync_all().map_err(&fail)?;
    // The name of a new file is on the disk when its folder is.
    if let Some(folder) = path.parent() {
        let folder = if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        };
        File::open(folder).and_then(|f| f.sync_all()).ok();
    }
    Ok(())
}

/// Everybody whom a record in the study's folder says was erased from this study, whatever the record is named for: files are
/// renamed and copied. A record of another name that can't be read says nothing.
fn of_study(store: &Store) -> crate::error::Result<Vec<Erasure>> {
    let own = path_of(store.path());
    let study = store.study()?.uuid;
    let mut found = read(&own)?;
    let folder = match own.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut others: Vec<PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == "casebook-erased"))
        .filter(|path| path.file_name() != own.file_name())
        .collect();
    others.sort();
    for other in others {
        found.extend(read(&other).unwrap_or_default());
    }
    found.retain(|e| e.study == study);
    Ok(found)
}

/// Puts on the record whom the study itself says were erased, where the record lacks them: it was lost, left behind or cut
/// off. Gives what is to be said of it.
///
/// # Errors
/// A record that holds something else.
pub fn mend(store: &Store) -> crate::error::Result<Vec<String>> {
    let own = path_of(store.path());
    let mut said = Vec::new();
    let torn = std::fs::read(&own).is_ok_and(|b| !b.is_empty() && !b.ends_with(b"\n"));
    if torn {
        said.push(format!(
            "the last line of `{}` is cut off: what it said is not known",
            own.display()
        ));
    }
    let withdrawals = store.withdrawals()?;
    if withdrawals.iter().all(|w| w.mode != "erase") {
        return Ok(said);
    }
    let known: Vec<String> = read(&own)?.into_iter().map(|e| e.participant).collect();
    let study = store.study()?.uuid;
    let mut added = Vec::new();
    for w in withdrawals.into_iter().filter(|w| w.mode == "erase") {
        let participant = uuid::Uuid::from_bytes(w.uuid).simple().to_string();
        if known.contains(&participant) {
            continue;
        }
        let erasure = Erasure {
            study: study.clone(),
            participant,
            code: w.code.clone(),
            at: w.at,
            event: w.event,
        };
        match append(&own, &erasure) {
            Ok(()) => added.push(w.code),
            Err(error) => {
                said.push(format!("the record of erasures lacks {}: {error}", w.code));
                return Ok(said);
            }
        }
    }
    if !added.is_empty() {
        said.push(format!(
            "the record of erasures lacked {}: `{}` was made anew from the study; it must travel with it",
            added.join(", "),
            own.display()
        ));
    }
    Ok(said)
}

/// Who is on the record of this study and in the study all the same: the codes that they have there, and the events that were
/// to erase them.
pub fn come_back(store: &Store) -> crate::error::Result<Vec<(String, i64)>> {
    let mut found = Vec::new();
    for erasure in of_study(store)? {
        if let Ok(uuid) = uuid::Uuid::try_parse(&erasure.participant)
            && let Some(code) = store.code_of_uuid(uuid.as_bytes())?
        {
            found.push((code, erasure.event));
        }
    }
    found.sort();
    found.dedup_by(|a, b| a.0 == b.0);
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(code: &str) -> Erasure {
        Erasure {
            study: "00".into(),
            participant: "11".into(),
            code: code.into(),
            at: "2021-05-01T09:00:00Z".into(),
            event: 7,
        }
    }

    #[test]
    fn a_line_that_was_cut_off_is_passed_over_and_then_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = path_of(&folder.path().join("a.casebook"));
        assert_eq!(read(&path).expect("nothing"), []);
        append(&path, &one("P1")).expect("written");
        let whole = std::fs::read(&path).expect("a file");
        let mut torn = whole.clone();
        torn.extend(&whole[..whole.len() / 2]);
        std::fs::write(&path, torn).expect("torn");
        assert_eq!(read(&path).expect("the first"), [one("P1")]);
        append(&path, &one("P2")).expect("written");
        assert_eq!(read(&path).expect("both"), [one("P1"), one("P2")]);
        std::fs::write(&path, "something else\n").expect("written");
        assert!(matches!(read(&path), Err(Error::Refused(..))));
    }
}
