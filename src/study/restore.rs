//! Restoring: a study brought back from a backup, under a name of its own; and how it differs from the one there is.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::Error;
use super::backup::{put_in_place, wrong};
use super::copies::sha256_of;
use super::import::Progress;
use super::part::part_folder;
use crate::error::Result;
use crate::store::{Access, Head, Store, VERSION};

/// A study that was brought back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Restored {
    /// The file that was made.
    pub restored: String,
    pub from: String,
    /// The last event in it.
    pub event: i64,
    pub at: String,
    pub head: String,
    pub transcripts: i64,
    pub codings: i64,
    /// The format that the backup had, where it was an older one.
    pub older_format: Option<i64>,
    /// People who were erased since the backup was made, and are in it: their codes. They are to be erased again.
    pub come_back: Vec<String>,
    /// Withdrawals of the study that there is, erasures aside, that are not in it: these people would be asked, counted
    /// and quoted as before.
    pub forgotten: Vec<Forgotten>,
    /// How it differs from the study that there is; none where there is no other copy of it.
    pub differs: Option<Differs>,
}

/// A withdrawal that a backup was made before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Forgotten {
    pub participant: String,
    /// `stop` or `exclude`.
    pub mode: String,
    /// The day on which they asked.
    pub asked: String,
}

/// How two copies of one study differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Differs {
    /// The other file.
    pub study: String,
    /// The last event that both have.
    pub common: i64,
    /// Events that only the other has: what restoring would lose.
    pub missing: usize,
    /// When the last of them was.
    pub missing_until: Option<String>,
    /// Events that only the restored one has.
    pub more: usize,
}

/// A free name for a restored study: `NAME.restored-2026-11-22.casebook`, beside `beside`. `now` is RFC 3339.
pub fn restored_name(beside: &Path, now: &str) -> PathBuf {
    let stem = beside
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let day = now.get(..10).unwrap_or(now);
    let named = |n: u32| match n {
        1 => beside.with_file_name(format!("{stem}.restored-{day}.casebook")),
        n => beside.with_file_name(format!("{stem}.restored-{day}-{n}.casebook")),
    };
    let mut n = 1;
    while named(n).exists() {
        n += 1;
    }
    named(n)
}

/// Brings a study back from a backup to a file that must not exist. It is copied, taken up to the present format if it
/// has an older one, and checked as [`super::Study::back_up`] checks, before it takes its name. The backup stays as it
/// is. `before` is called with the checked study before it has its name, for what has to lie beside it by then;
/// `register` with the SHA-256 of the file, so that it is on the register of `present`, the study it is of, by then.
///
/// # Errors
/// What is no study or not sound; a name that is taken; what `before` says.
pub fn restore(
    backup: &Path,
    to: &Path,
    present: Option<&Path>,
    progress: &dyn Progress,
    before: impl FnOnce(&Store) -> Result<()>,
    register: impl FnOnce([u8; 32]),
) -> Result<Restored> {
    if to.exists() {
        return Err(crate::store::Error::Exists(to.to_owned()).into());
    }
    if !backup.is_file() {
        return Err(crate::store::Error::Missing(backup.to_owned()).into());
    }
    let older_format = Some(Store::open_as_it_is(backup)?.format()?).filter(|f| *f < VERSION);
    let folder = part_folder(to, present)?;
    let part = folder.path().join("copy.casebook");
    copied(backup, &part)?;
    // A copy that was made of an open study by other means may have its last changes in a log beside it.
    let beside = |path: &Path| {
        let mut name = path.as_os_str().to_owned();
        name.push("-wal");
        PathBuf::from(name)
    };
    if beside(backup).is_file() {
        copied(&beside(backup), &beside(&part))?;
    }
    let store = Store::open(&part, Access::Write)?;
    let (transcripts, codings) = (store.count("transcripts")?, store.count("codings")?);
    progress.total(transcripts.cast_unsigned());
    if let Some(what) = wrong(&store, progress)? {
        return Err(Error::refused(
            format!("`{}` is not sound, so nothing was restored ({what})", backup.display()),
            format!("try another backup; to see all that is wrong with this one: casebook --study \"{}\" check", backup.display()),
        )
        .into());
    }
    before(&store)?;
    let head = store.head()?;
    // Closing it leaves one file.
    drop(store);
    register(sha256_of(&part)?);
    put_in_place(&part, to)?;
    let (event, at) = head
        .as_ref()
        .map_or((0, String::new()), |h| (h.event, h.at.clone()));
    Ok(Restored {
        restored: to.display().to_string(),
        from: backup.display().to_string(),
        event,
        at,
        head: head.map(|h| h.whole()).unwrap_or_default(),
        transcripts,
        codings,
        older_format,
        come_back: Vec::new(),
        forgotten: Vec::new(),
        differs: None,
    })
}

fn copied(from: &Path, to: &Path) -> Result<()> {
    std::fs::copy(from, to).map(drop).map_err(|source| {
        // Which of the two it is that fails, one error tells for both.
        let full = matches!(
            source.kind(),
            std::io::ErrorKind::StorageFull
                | std::io::ErrorKind::QuotaExceeded
                | std::io::ErrorKind::ReadOnlyFilesystem
        );
        if full {
            crate::error::Failure::from(crate::store::Error::Io {
                path: to.to_owned(),
                source,
            })
        } else {
            Error::Unreadable {
                path: from.to_owned(),
                source,
            }
            .into()
        }
    })?;
    // A backup may have been made read-only to be safe; what is restored is to be worked on.
    let mut may = std::fs::metadata(to)
        .map_err(|source| Error::Unreadable {
            path: to.to_owned(),
            source,
        })?
        .permissions();
    if may.readonly() {
        writable(&mut may);
        std::fs::set_permissions(to, may).ok();
    }
    Ok(())
}

#[cfg(unix)]
fn writable(may: &mut std::fs::Permissions) {
    use std::os::unix::fs::PermissionsExt;
    may.set_mode(may.mode() | 0o600);
}

#[cfg(not(unix))]
#[expect(
    clippy::permissions_set_readonly_false,
    reason = "there are no others to open it to on such a system"
)]
fn writable(may: &mut std::fs::Permissions) {
    may.set_readonly(false);
}

/// Where two copies of one record part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parting {
    /// The last event that both have.
    pub common: i64,
    /// How many events only the first has, and only the second.
    pub first: usize,
    pub second: usize,
}

/// Compares two records by their hashes, each of which covers all before it.
pub fn parting(first: &[Head], second: &[Head]) -> Parting {
    let same = first
        .iter()
        .zip(second)
        .take_while(|(a, b)| a.event == b.event && a.hash == b.hash)
        .count();
    Parting {
        common: same
            .checked_sub(1)
            .and_then(|n| first.get(n))
            .map_or(0, |h| h.event),
        first: first.len() - same,
        second: second.len() - same,
    }
}

/// Withdrawals that stand in `present` and not in the restored study, of people whom that holds, by their codes there.
/// Of those who were erased the record of erasures tells.
pub fn forgotten(restored: &Store, present: &Store) -> Result<Vec<Forgotten>> {
    let there = restored.withdrawals()?;
    let mut found: Vec<Forgotten> = Vec::new();
    for w in present.withdrawals()? {
        let known = there
            .iter()
            .any(|r| r.uuid == w.uuid && (r.mode == w.mode || r.mode != "stop"));
        if w.mode == "erase" || known {
            continue;
        }
        let Some(participant) = restored.code_of_uuid(&w.uuid)? else {
            continue;
        };
        // One who stopped first and was left out then is left out.
        if let Some(earlier) = found.iter_mut().find(|f| f.participant == participant) {
            if earlier.mode == "stop" {
                (earlier.mode, earlier.asked) = (w.mode, w.asked);
            }
            continue;
        }
        found.push(Forgotten {
            participant,
            mode: w.mode,
            asked: w.asked,
        });
    }
    Ok(found)
}

/// How a restored study differs from `other`; none where that is another study.
pub fn differs(store: &Store, other: &Store) -> Result<Option<Differs>> {
    if store.uuid()? != other.uuid()? {
        return Ok(None);
    }
    let theirs = other.heads()?;
    let parted = parting(&store.heads()?, &theirs);
    Ok(Some(Differs {
        study: other.path().display().to_string(),
        common: parted.common,
        missing: parted.second,
        missing_until: theirs
            .last()
            .filter(|_| parted.second > 0)
            .map(|h| h.at.clone()),
        more: parted.first,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_records_part() {
        let record = |hashes: &[u8]| -> Vec<Head> {
            (1..)
                .zip(hashes)
                .map(|(event, b)| Head {
                    event,
                    at: String::new(),
                    hash: [*b; 32],
                })
                .collect()
        };
        let told = |a: &[u8], b: &[u8]| {
            let p = parting(&record(a), &record(b));
            (p.common, p.first, p.second)
        };
        assert_eq!(told(&[1, 2, 3], &[1, 2, 3]), (3, 0, 0));
        assert_eq!(told(&[1, 2], &[1, 2, 3, 4]), (2, 0, 2));
        assert_eq!(told(&[1, 2, 9], &[1, 2, 3, 4]), (2, 1, 2));
        assert_eq!(told(&[9], &[1]), (0, 1, 1));
        assert_eq!(told(&[], &[1]), (0, 0, 1));
    }
}
